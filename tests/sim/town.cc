#include "tests/sim/town.h"

#include <algorithm>
#include <utility>

#include "ledger/text.h"
#include "tests/ledger/property_command.h"

namespace meritbook::sim {
namespace {

constexpr size_t kWishesOpenMax = 12;
constexpr size_t kBatchMax = 3;
constexpr int64_t kDeadlineUsMax = 20'000'000;

}  // namespace

Town::Town(std::string id, uint64_t seed, Surroundings surroundings)
    : id_(std::move(id)),
      s_(std::move(surroundings)),
      auditor_(s_.tally),
      world_(auditor_.model(), property::Chances(seed)) {}

bool Town::has_open_wishes() const { return !wishes_.empty(); }

bool Town::Wish(int64_t* wall_us) {
  // What founds the ledger comes one after the other.
  if (world_.founding() ? !wishes_.empty() : wishes_.size() >= kWishesOpenMax) return false;
  auto wished = std::make_shared<Wished>();
  const size_t turns = world_.founding() || !s_.chances->Percent(25) ? 1 : kBatchMax;
  for (size_t i = 0; i < turns; ++i) {
    property::Turn turn = world_.Next();
    *wall_us = turn.wall_us;
    if (turn.atomic && i > 0) break;
    wished->atomic |= turn.atomic;
    for (Ask& ask : turn.asks) wished->asks.push_back(std::move(ask));
    if (turn.atomic) break;
  }
  // As the service does: what is malformed never reaches the sequencer.
  wished->callers.reserve(wished->asks.size());
  std::erase_if(wished->asks, [&](const Ask& ask) {
    wished->callers.push_back(property::CallerOf(ask));
    return !std::holds_alternative<Command>(property::CommandOf(ask, wished->callers.back()));
  });
  // No RPC founds a ledger together with anything else.
  if (wished->asks.size() > 1) {
    std::erase_if(wished->asks, [](const Ask& ask) { return model::As<v1::CreateLedger>(ask); });
  }
  if (wished->asks.empty()) return true;
  wished->callers.clear();
  for (const Ask& ask : wished->asks) {
    wished->callers.push_back(property::CallerOf(ask));
    wished->commands.push_back(std::get<Command>(property::CommandOf(ask, wished->callers.back())));
    auditor_.Expect(ask);
    s_.tell(Text(id_, " wishes ", KeyOf(ask)));
  }
  wishes_.push_back(wished);
  Send(wished);
  return true;
}

void Town::Send(const std::shared_ptr<Wished>& wished) {
  if (Percent(s_.network.loses_request)) {
    ++(*s_.tally)["request lost"];
    return;
  }
  const int copies = Percent(s_.network.repeats) ? 2 : 1;
  if (copies > 1) ++(*s_.tally)["request repeated by the network"];
  for (int i = 0; i < copies; ++i) {
    ++wished->on_the_way;
    asked_at_.insert(auditor_.told_size());
    messages_.push_back({wished, "", auditor_.told_size(), s_.step_walls->size()});
  }
}

void Town::WishToRead() {
  asked_at_.insert(auditor_.told_size());
  messages_.push_back(
      {nullptr, Text("v", s_.chances->Below(4)), auditor_.told_size(), s_.step_walls->size()});
}

bool Town::Deliver(const std::function<void(Call)>& take) {
  if (messages_.empty()) return false;
  // Any of them: some are overtaken.
  const size_t i = s_.chances->Percent(50) ? 0 : s_.chances->Below(messages_.size());
  const Message message = messages_[i];
  messages_.erase(messages_.begin() + static_cast<std::ptrdiff_t>(i));
  take(message.wished ? CallOf(message) : ReadOf(message));
  return true;
}

Window Town::WindowOf(const Message& message) const {
  Window window{.first_size = message.told_size, .last_size = auditor_.size(), .wall_times_us = {}};
  for (size_t i = message.sent_at_step; i < s_.step_walls->size(); ++i) {
    window.wall_times_us.insert((*s_.step_walls)[i]);
  }
  return window;
}

Call Town::CallOf(const Message& message) {
  Call call;
  call.ledger_id = id_;
  call.lane = s_.chances->Percent(50) ? Lane::kCounter : Lane::kBulk;
  call.commands = message.wished->commands;
  call.atomic = message.wished->atomic;
  if (Percent(s_.network.has_deadline)) {
    call.deadline_us = s_.monotonic_us() + static_cast<int64_t>(s_.chances->Below(kDeadlineUsMax));
  }
  call.done = [this, message, life = life_](std::vector<Answer> answers) {
    // The dead say nothing, whatever their remains still do.
    if (life != life_ || !s_.server_lives()) return;
    Answered(message, answers);
  };
  return call;
}

Call Town::ReadOf(const Message& message) {
  auto seen = std::make_shared<Seen>();
  Call call;
  call.ledger_id = id_;
  call.read = [seen, id = message.volunteer_id](const Ledger& ledger) {
    const State& state = ledger.state();
    *seen = {.size = state.size(),
             .last_recorded_us = state.ledger().last_recorded_us,
             .volunteer_id = id};
    const Volunteer* volunteer = state.volunteers().Find(id);
    if (volunteer == nullptr) return;
    seen->available_units = volunteer->available_units;
    seen->held_units = volunteer->held_units;
    seen->debt_units = volunteer->debt_units;
  };
  call.done = [this, seen, message, life = life_](const std::vector<Answer>& answers) {
    if (life != life_ || !s_.server_lives()) return;
    if (answers.empty()) {
      s_.tell(Text(id_, " reads ", seen->size));
      auditor_.Check(*seen, WindowOf(message));
    }
    asked_at_.erase(asked_at_.find(message.told_size));
    ForgetTheOld();
  };
  return call;
}

void Town::Note(const Ask& ask, bool may_be_done) { may_be_done_[KeyOf(ask)] |= may_be_done; }

void Town::Answered(const Message& message, const std::vector<Answer>& answers) {
  Wished& wished = *message.wished;
  --wished.on_the_way;
  Window window = WindowOf(message);
  bool definite = true;
  std::string said;
  for (size_t i = 0; i < answers.size(); ++i) {
    const auto* refused = std::get_if<Refused>(&answers[i]);
    said += Text(" ", refused == nullptr ? "ok" : RefusalName(refused->reason));
    const bool unknown = refused != nullptr && refused->reason == v1::REFUSAL_OUTCOME_UNKNOWN;
    Note(wished.asks[i], refused == nullptr || unknown);
    if (refused != nullptr && IsOfTheServer(refused->reason)) {
      ++(*s_.tally)[Text("answered ", RefusalName(refused->reason))];
      definite = false;
    }
    if (wished.atomic) continue;
    auditor_.Check(wished.asks[i], answers[i], window);
    // The next command of the call was decided after this one.
    if (const auto* accepted = std::get_if<Accepted>(&answers[i])) {
      window.first_size = std::max(window.first_size, accepted->sequence + 1);
    }
  }
  s_.tell(Text(id_, " is told", said));
  if (wished.atomic) auditor_.CheckAtomic(wished.asks, answers, window);
  asked_at_.erase(asked_at_.find(message.told_size));
  ForgetTheOld();
  if (Percent(s_.network.loses_answer)) {
    ++(*s_.tally)["answer lost"];
    return;
  }
  if (definite) wished.open = false;
  if (!definite && Percent(s_.network.gives_up)) {
    ++(*s_.tally)["client gave up"];
    wished.open = false;
  }
  std::erase_if(wishes_, [&](const auto& wish) {
    // A copy that is still on its way may be done yet.
    for (const Ask& ask : wish->asks) {
      if (!wish->open && wish->on_the_way > 0) Note(ask, true);
    }
    return !wish->open;
  });
}

bool Town::AskAgain(bool all) {
  bool asked = false;
  for (const auto& wished : wishes_) {
    if (wished->on_the_way > 0 && !s_.chances->Percent(3)) continue;
    ++(*s_.tally)["asked again"];
    Send(wished);
    asked = true;
    if (!all) break;
  }
  return asked;
}

void Town::LoseAll() {
  ++life_;
  for (const auto& wished : wishes_) {
    // Whatever was under way may have been done, and nobody will ever say.
    if (wished->on_the_way > 0) {
      for (const Ask& ask : wished->asks) Note(ask, true);
    }
    wished->on_the_way = 0;
  }
  messages_.clear();
  asked_at_.clear();
  if (calm_ || !s_.chances->Percent(s_.network.gives_up)) return;
  // Some clients die with the server.
  if (!wishes_.empty() && !world_.founding()) wishes_.pop_front();
}

void Town::ForgetTheOld() {
  auditor_.Forget(asked_at_.empty() ? auditor_.told_size()
                                    : std::min(*asked_at_.begin(), auditor_.told_size()));
}

std::string Town::CheckEnd() const {
  for (const auto& [key, may_be_done] : may_be_done_) {
    if (!may_be_done && auditor_.HasKey(key)) {
      return Text(key, " was refused each time, and is in the log");
    }
  }
  return "";
}

}  // namespace meritbook::sim
