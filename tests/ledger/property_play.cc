#include "tests/ledger/property_play.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/text.h"
#include "tests/ledger/property_books.h"
#include "tests/ledger/property_command.h"
#include "tests/ledger/property_compare.h"
#include "tests/ledger/script.h"

namespace meritbook::property {
namespace {

using model::Reply;

Reply ReplyOf(const Answer& answer) {
  if (const auto* accepted = std::get_if<Accepted>(&answer)) {
    return {Reply::kAccepted, {}, accepted->sequence};
  }
  if (const auto* again = std::get_if<AlreadyApplied>(&answer)) {
    return {Reply::kAgain, {}, again->sequence};
  }
  return {Reply::kRefused, {std::get<Refused>(answer).reason}, 0};
}

std::string TextOf(const Reply& reply) {
  if (reply.kind == Reply::kAccepted) return Text("ok at ", reply.sequence);
  if (reply.kind == Reply::kAgain) return Text("again at ", reply.sequence);
  std::string out;
  for (const v1::Refusal reason : reply.reasons)
    out += Text(out.empty() ? "" : " or ", RefusalName(reason));
  return out;
}

// The ledger's answer is one that the model gives.
bool Agree(const Reply& got, const Reply& want) {
  if (got.kind != want.kind) return false;
  if (!got.refused()) return got.sequence == want.sequence;
  return want.reasons.count(*got.reasons.begin()) != 0;
}

// The ledger under test, asked in the model's words.
class Subject {
 public:
  explicit Subject(uint64_t first_salt) : salt_(first_salt) {}

  std::vector<Reply> Execute(const Turn& turn) {
    auto salt = [this] { return salt_ += 3; };
    const Inputs inputs{turn.wall_us, salt};
    const auto emit = [this](std::string_view event) { events_.emplace_back(event); };
    if (turn.asks.empty()) {
      ledger_.Sweep(inputs, 1000, emit);
      return {};
    }
    std::vector<Caller> callers;
    callers.reserve(turn.asks.size());
    std::vector<Command> commands;
    std::vector<Reply> replies;
    for (const Ask& ask : turn.asks) {
      callers.push_back(CallerOf(ask));
      auto prepared = CommandOf(ask, callers.back());
      if (const auto* refused = std::get_if<Refused>(&prepared)) {
        replies.push_back({Reply::kRefused, {refused->reason}, 0});
      } else {
        commands.push_back(std::get<Command>(prepared));
      }
    }
    // As the service does: an atomic call with a malformed item never reaches the ledger.
    if (!replies.empty()) return replies;
    if (!turn.atomic) return {ReplyOf(ledger_.Execute(commands.front(), inputs, emit))};
    for (const Answer& answer : ledger_.ExecuteAtomic(commands, inputs, emit)) {
      replies.push_back(ReplyOf(answer));
    }
    return replies;
  }

  const State& state() const { return ledger_.state(); }
  DirtyRows TakeDirty() { return ledger_.mutable_state().TakeDirty(); }
  const std::vector<std::string>& events() const { return events_; }

 private:
  Ledger ledger_{"linhai"};
  uint64_t salt_;
  std::vector<std::string> events_;
};

// The rows as a write-behind would know them from TakeDirty alone.
class Shadow {
 public:
  void Note(Subject& subject) {
    const DirtyRows dirty = subject.TakeDirty();
    for (const RowRef ref : dirty.rows) rows_[ref] = RowOf(subject.state(), ref);
    requests_ += dirty.requests.size();
  }
  // What it has missed; "" if nothing. `commands` that were accepted so far.
  std::string Missed(const State& state, size_t commands) const {
    if (requests_ != commands) return "  a request was not noted as new\n";
    const std::vector<RowRef> all = RowsOf(state);
    if (all.size() != rows_.size()) return "  a row was noted that there isn't\n";
    for (const RowRef ref : all) {
      const auto found = rows_.find(ref);
      const std::string row = RowOf(state, ref);
      if (found == rows_.end() || found->second != row) return "  not noted: " + row + "\n";
    }
    return "";
  }

 private:
  // Without what other rows say about it.
  static std::string RowOf(const State& state, RowRef ref) {
    std::string row = DescribeRow(state, ref);
    return row.substr(0, row.find(" person "));
  }

  std::map<RowRef, std::string> rows_;
  size_t requests_ = 0;
};

// One history on its way.
class Player {
 public:
  explicit Player(Tally* tally) : tally_(tally != nullptr ? *tally : own_tally_) {}

  Played Run(const Turns& turns) {
    ++tally_.histories;
    while (played_.failure.empty()) {
      const std::optional<Turn> turn = turns(model_);
      if (!turn) break;
      Take(*turn);
    }
    if (played_.failure.empty()) End();
    return std::move(played_);
  }

 private:
  void Fail(const std::string& what) { played_.failure += what; }

  void Take(const Turn& turn) {
    played_.history.push_back(turn);
    Tell(turn);
    const std::vector<Reply> got = subject_.Execute(turn);
    std::vector<Reply> want;
    if (turn.asks.empty()) {
      model_.Sweep(turn.wall_us);
    } else if (turn.atomic) {
      want = model_.ExecuteAtomic(turn.asks, turn.wall_us);
    } else {
      want = {model_.Execute(turn.asks.front(), turn.wall_us)};
    }
    for (size_t i = 0; i < got.size(); ++i) {
      Count(turn.asks[i], got[i]);
      played_.story += Text("    -> ", TextOf(got[i]), "\n");
    }
    if (turn.atomic && !got.empty()) {
      ++tally_.met[got.front().refused() ? "atomic calls rolled back" : "atomic calls that hold"];
    }
    if (got.size() != want.size()) return Fail("  not as many answers\n");
    for (size_t i = 0; i < got.size(); ++i) {
      if (!Agree(got[i], want[i])) Fail(Text("  the model's answer is ", TextOf(want[i]), "\n"));
    }
    CompareEvents();
    Fail(Difference(model_, subject_.state()));
    Fail(books_.Check(subject_.state()));
    shadow_.Note(subject_);
  }

  void Tell(const Turn& turn) {
    played_.story += Text("  wall ", turn.wall_us, turn.asks.empty() ? " sweep" : "",
                          turn.atomic ? " all or nothing" : "", "\n");
    for (const Ask& ask : turn.asks) played_.story += Text("    ", Describe(ask), "\n");
  }

  void Count(const Ask& ask, const Reply& reply) {
    ++tally_.commands;
    const std::string answer = reply.refused() ? std::string(RefusalName(*reply.reasons.begin()))
                               : reply.kind == Reply::kAgain ? "again"
                                                             : "ok";
    ++tally_.answers[ask.message->GetDescriptor()->name()][answer];
  }

  void CompareEvents() {
    const std::vector<model::Emitted> foreseen = model_.TakeEmitted();
    const size_t emitted = subject_.events().size() - compared_;
    if (foreseen.size() != emitted) {
      Fail(Text("  the model foresaw ", foreseen.size(), " events, there are ", emitted, "\n"));
    }
    for (size_t i = 0; i < emitted; ++i) {
      v1::Event event;
      event.ParseFromString(subject_.events()[compared_ + i]);
      Meet(event, tally_);
      if (event.scope() != v1::REQUEST_SCOPE_UNSPECIFIED) {
        requests_ += event.sequence() == event.command_first_sequence() ? 1 : 0;
      }
      if (i < foreseen.size()) Fail(Difference(foreseen[i], event));
      Fail(books_.Post(event));
    }
    compared_ = subject_.events().size();
  }

  void End() {
    Fail(shadow_.Missed(subject_.state(), requests_));
    // A replay comes to the same, row by row.
    if (DescribeReplayed("linhai", subject_.events()) != meritbook::Describe(subject_.state())) {
      Fail("  a replay comes to another state\n");
    }
    // Another salt changes nothing but the salt.
    if (played_.history.size() % 4 != 0) return;
    Subject other(1'000'000);
    for (const Turn& turn : played_.history) other.Execute(turn);
    bool same = other.events().size() == subject_.events().size();
    for (size_t i = 0; same && i < other.events().size(); ++i) {
      v1::Event a;
      v1::Event b;
      a.ParseFromString(subject_.events()[i]);
      b.ParseFromString(other.events()[i]);
      same = a.salt() != b.salt();
      b.set_salt(a.salt());
      same = same && a.SerializeAsString() == b.SerializeAsString();
    }
    if (!same) Fail("  another salt changes more than the salt\n");
  }

  Tally own_tally_;
  Tally& tally_;
  Model model_;
  Subject subject_{1};
  Shadow shadow_;
  Books books_;
  size_t compared_ = 0;
  size_t requests_ = 0;
  Played played_;
};

}  // namespace

Played Play(const Turns& turns, Tally* tally) { return Player(tally).Run(turns); }

Turns Again(const History& history) {
  return [history, at = size_t{0}](const Model&) mutable -> std::optional<Turn> {
    if (at == history.size()) return std::nullopt;
    return history[at++];
  };
}

Turns Random(uint64_t seed) {
  auto world = std::make_shared<std::optional<World>>();
  std::mt19937_64 lengths(~seed);
  return [world, seed,
          left = 40 + lengths() % 240](const Model& model) mutable -> std::optional<Turn> {
    if (left-- == 0) return std::nullopt;
    if (!*world) world->emplace(model, Chances(seed));
    return (*world)->Next();
  };
}

Turns Driven(std::string bytes) {
  auto world = std::make_shared<std::optional<World>>();
  return [world, bytes = std::move(bytes)](const Model& model) -> std::optional<Turn> {
    if (!*world) world->emplace(model, Chances(bytes));
    if ((*world)->used_up()) return std::nullopt;
    return (*world)->Next();
  };
}

}  // namespace meritbook::property
