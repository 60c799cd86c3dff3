#include "tests/sim/auditor.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>
#include <variant>

#include "ledger/refusal.h"
#include "ledger/text.h"
#include "tests/ledger/property_compare.h"

namespace meritbook::sim {
namespace {

using model::Model;
using model::Reply;

// "CreditHours" for COMMAND_KIND_CREDIT_HOURS.
std::string MessageNameOf(v1::CommandKind kind) {
  std::string name;
  bool upper = true;
  for (const char c : v1::CommandKind_Name(kind).substr(13)) {
    if (c != '_') name += upper ? c : static_cast<char>(std::tolower(c));
    upper = c == '_';
  }
  return name;
}

std::string KeyOf(const v1::Event& event) {
  std::string owner;
  switch (event.scope()) {
    case v1::REQUEST_SCOPE_SOURCE:
      owner = "source|" + event.source();
      break;
    case v1::REQUEST_SCOPE_MERCHANT:
      owner = "merchant|" + event.source();
      break;
    default:
      owner = "principal|" + event.actor();
      break;
  }
  return MessageNameOf(event.kind()) + "|" + owner + "|" + event.request_id();
}

bool IsOwn(const v1::Event& event) { return event.scope() == v1::REQUEST_SCOPE_UNSPECIFIED; }

// Whether the event keeps this command, as it was sent.
bool Carries(const v1::Event& event, const google::protobuf::Message& command) {
  const auto* body = event.GetReflection()->GetOneofFieldDescriptor(
      event, event.GetDescriptor()->FindOneofByName("body"));
  if (body == nullptr) return false;
  const auto& message = event.GetReflection()->GetMessage(event, body);
  const auto* field = message.GetDescriptor()->FindFieldByName("command");
  if (field == nullptr) return true;  // a kind that keeps no command
  const auto& kept = message.GetReflection()->GetMessage(message, field);
  return kept.GetDescriptor() == command.GetDescriptor() &&
         kept.SerializeAsString() == command.SerializeAsString();
}

bool IsDue(const v1::Event& event) {
  return event.has_points_matured() || event.has_points_expired();
}

// What is due before a hold ends is as of that instant, not of when it was noticed.
std::optional<int64_t> UntilOf(const std::vector<v1::Event>& events, size_t i) {
  const v1::Event& event = events[i];
  if (!IsDue(event)) return std::nullopt;
  const auto is_hers = [&](const v1::Event& other) {
    return other.recorded_us() == event.recorded_us() && other.passbook_size() > 0 &&
           other.passbook(0).volunteer_id() == event.passbook(0).volunteer_id();
  };
  while (++i < events.size() && IsDue(events[i]) && is_hers(events[i])) {
  }
  if (i == events.size() || !events[i].has_hold_timed_out() || !is_hers(events[i])) {
    return std::nullopt;
  }
  return events[i].occurred_us();
}

// Whether the model, asked at some place, answers so.
bool Agree(const Model& at, const Ask& ask, const Answer& answer, const Reply& reply) {
  if (const auto* refused = std::get_if<Refused>(&answer)) {
    if (!reply.refused()) return false;
    // What comes with an older time than the newest event's is refused in any case; of days long
    // past the ledger keeps less than the model, and may give another reason.
    if (ask.recorded_us && *ask.recorded_us < at.last_recorded_us) return true;
    return reply.reasons.count(refused->reason) != 0;
  }
  if (const auto* again = std::get_if<AlreadyApplied>(&answer)) {
    return reply.kind == Reply::kAgain && reply.sequence == again->sequence;
  }
  return reply.kind == Reply::kAccepted;
}

std::string TextOf(const Answer& answer) {
  if (const auto* accepted = std::get_if<Accepted>(&answer)) return Text("ok ", accepted->sequence);
  if (const auto* again = std::get_if<AlreadyApplied>(&answer)) {
    return Text("again ", again->sequence);
  }
  return std::string(RefusalName(std::get<Refused>(answer).reason));
}

std::string TextOf(const Reply& reply) {
  if (reply.kind != Reply::kRefused) return Text("ok ", reply.sequence);
  std::string reasons;
  for (const v1::Refusal reason : reply.reasons) reasons += Text(" ", RefusalName(reason));
  return reasons;
}

std::string TextOf(const Window& window) {
  return Text("within ", window.first_size, "..", window.last_size);
}

}  // namespace

std::string KeyOf(const Ask& ask) {
  const std::string id = ask.request_id ? *ask.request_id : model::SubjectOf(*ask.message);
  return ask.message->GetDescriptor()->name() + "|" + model::Owner(ask) + "|" + id;
}

bool IsOfTheServer(v1::Refusal reason) {
  switch (reason) {
    case v1::REFUSAL_OUTCOME_UNKNOWN:
    case v1::REFUSAL_STORAGE_LOW:
    case v1::REFUSAL_LOG_DAMAGED:
    case v1::REFUSAL_CLOCK_SUSPECT:
    case v1::REFUSAL_DEADLINE_EXCEEDED:
    case v1::REFUSAL_STOPPING:
      return true;
    default:
      return false;
  }
}

void Auditor::Fail(const std::string& what) {
  if (failure_.empty()) failure_ = what;
}

void Auditor::Expect(const Ask& ask) { entries_[KeyOf(ask)].asks.push_back(ask); }

bool Auditor::HasKey(const std::string& key) const {
  const auto found = entries_.find(key);
  return found != entries_.end() && found->second.sequence.has_value();
}

void Auditor::Take(const std::vector<std::string>& bytes) {
  std::vector<v1::Event> events(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (!events[i].ParseFromString(bytes[i])) return Fail("an event can't be read");
  }
  for (size_t i = 0; i < events.size() && failure_.empty(); ++i) {
    const v1::Event& event = events[i];
    if (event.sequence() != events_.size()) return Fail("an event has another's sequence");
    if (event.recorded_us() < last_recorded_us_) return Fail("recorded times decrease");
    last_recorded_us_ = event.recorded_us();
    if (foreseen_.empty()) Foresee(events, i);
    if (foreseen_.empty()) {
      return Fail(
          Text("the model foresaw nothing at ", event.sequence(), ": ", event.ShortDebugString()));
    }
    if (const std::string other = property::Difference(foreseen_.front(), event); !other.empty()) {
      return Fail(other);
    }
    foreseen_.pop_front();
    events_.push_back(bytes[i]);
    if (foreseen_.empty()) snaps_[events_.size()] = std::make_shared<const Model>(model_);
  }
  if (!foreseen_.empty()) Fail("the log ends in the midst of a command");
}

void Auditor::Foresee(const std::vector<v1::Event>& events, size_t i) {
  const v1::Event& event = events[i];
  if (IsOwn(event)) {
    model_.Notice(event, UntilOf(events, i));
    for (model::Emitted& emitted : model_.TakeEmitted()) foreseen_.push_back(std::move(emitted));
    ++tally_[Text("event of its own ", event.has_hold_timed_out() ? "hold timed out" : "")];
  } else {
    const auto found = entries_.find(KeyOf(event));
    if (found == entries_.end()) return Fail(Text("nobody asked for ", KeyOf(event)));
    Entry& entry = found->second;
    if (entry.sequence) {
      return Fail(
          Text("doubled: ", KeyOf(event), " at ", *entry.sequence, " and at ", event.sequence()));
    }
    entry.sequence = event.sequence();
    if (!ForeseeCommand(entry.asks, event)) {
      return Fail(Text("the model would not take ", KeyOf(event), " at ", event.sequence()));
    }
  }
}

// Under one id several contents may have been asked for; one of them is it.
bool Auditor::ForeseeCommand(const std::vector<Ask>& asks, const v1::Event& event) {
  for (const Ask& ask : asks) {
    Model model = model_;
    if (model.Execute(ask, event.recorded_us()).kind != Reply::kAccepted) continue;
    std::vector<model::Emitted> emitted = model.TakeEmitted();
    if (asks.size() > 1 &&
        (!Carries(event, *ask.message) || !property::Difference(emitted.front(), event).empty())) {
      continue;
    }
    model_ = std::move(model);
    foreseen_.assign(std::make_move_iterator(emitted.begin()),
                     std::make_move_iterator(emitted.end()));
    return true;
  }
  return false;
}

void Auditor::TakeAgain(const std::vector<std::string>& events) {
  if (events.size() < events_.size()) {
    return Fail(
        Text("lost: ", events_.size(), " events were durable, ", events.size(), " are there"));
  }
  for (size_t i = 0; i < events_.size(); ++i) {
    if (events[i] != events_[i]) return Fail(Text("event ", i, " is another one now"));
  }
  Take({events.begin() + static_cast<std::ptrdiff_t>(events_.size()), events.end()});
}

template <typename Holds>
bool Auditor::FindPlace(const Window& window, const Holds& holds) {
  // The model before the first event is a place, too.
  if (window.first_size == 0 && holds(Model())) return true;
  for (auto snap = snaps_.lower_bound(window.first_size);
       snap != snaps_.end() && snap->first <= window.last_size; ++snap) {
    if (!holds(*snap->second)) continue;
    // The first such place: a later one would only leave less room to what is asked afterwards.
    Tell(snap->first);
    return true;
  }
  return false;
}

void Auditor::Check(const Ask& ask, const Answer& answer, const Window& window) {
  const auto refused = std::get_if<Refused>(&answer);
  if (refused != nullptr && IsOfTheServer(refused->reason)) return;
  ++tally_[refused != nullptr                         ? "refused"
           : std::holds_alternative<Accepted>(answer) ? "accepted"
                                                      : "already applied"];
  const std::string asked = Text(KeyOf(ask), " answered ", TextOf(answer), " ", TextOf(window));
  if (refused == nullptr) {
    const auto* accepted = std::get_if<Accepted>(&answer);
    const uint64_t sequence =
        accepted != nullptr ? accepted->sequence : std::get<AlreadyApplied>(answer).sequence;
    const auto found = entries_.find(KeyOf(ask));
    if (sequence >= window.last_size) return Fail("answered before it was durable: " + asked);
    if (found == entries_.end() || found->second.sequence != sequence) {
      return Fail("acknowledged, and not in the log: " + asked);
    }
    if (accepted != nullptr && sequence < window.first_size) {
      return Fail("in the log before it was asked: " + asked);
    }
    return Tell(sequence + 1);
  }
  if (refused->reason == v1::REFUSAL_LEDGER_UNKNOWN) {
    // Said before anything else is looked at, and never again once it is founded.
    if (window.first_size > 0) Fail("there was a ledger: " + asked);
    return;
  }
  const bool found = FindPlace(window, [&](const Model& model) {
    for (auto wall = window.wall_times_us.rbegin(); wall != window.wall_times_us.rend(); ++wall) {
      Model copy = model;
      if (Agree(model, ask, answer, copy.Execute(ask, *wall))) return true;
    }
    return false;
  });
  if (found) return;
  std::string said = "no place in the order for: " + asked + ": " + refused->message;
  for (auto snap = snaps_.lower_bound(window.first_size);
       snap != snaps_.end() && snap->first <= window.last_size; ++snap) {
    Model copy = *snap->second;
    said += Text("\n  at ", snap->first, " the model says ",
                 TextOf(copy.Execute(ask, *window.wall_times_us.rbegin())));
  }
  Fail(said);
}

void Auditor::CheckAtomic(const std::vector<Ask>& asks, const std::vector<Answer>& answers,
                          const Window& window) {
  bool rolled_back = false;
  for (const Answer& answer : answers) {
    const auto* refused = std::get_if<Refused>(&answer);
    if (refused != nullptr && IsOfTheServer(refused->reason)) return;
    rolled_back |= refused != nullptr;
  }
  if (!rolled_back) {
    for (size_t i = 0; i < asks.size(); ++i) Check(asks[i], answers[i], window);
    return;
  }
  const auto* first = std::get_if<Refused>(&answers.front());
  // Then nothing of it was looked at.
  if (first != nullptr && first->reason == v1::REFUSAL_LEDGER_UNKNOWN) {
    return Check(asks.front(), answers.front(), window);
  }
  ++tally_["atomic call rolled back"];
  const bool found = FindPlace(window, [&](const Model& model) {
    for (auto wall = window.wall_times_us.rbegin(); wall != window.wall_times_us.rend(); ++wall) {
      Model copy = model;
      const std::vector<Reply> replies = copy.ExecuteAtomic(asks, *wall);
      bool all = replies.size() == answers.size();
      for (size_t i = 0; all && i < answers.size(); ++i)
        all = Agree(model, asks[i], answers[i], replies[i]);
      if (all) return true;
    }
    return false;
  });
  if (found) return;
  std::string asked = Text("no place in the order for an atomic call ", TextOf(window));
  for (size_t i = 0; i < asks.size(); ++i)
    asked += Text("; ", KeyOf(asks[i]), " ", TextOf(answers[i]));
  for (auto snap = snaps_.lower_bound(window.first_size);
       snap != snaps_.end() && snap->first <= window.last_size; ++snap) {
    Model copy = *snap->second;
    const std::vector<Reply> replies = copy.ExecuteAtomic(asks, *window.wall_times_us.rbegin());
    asked += Text("\n  at ", snap->first, " the model says");
    for (const Reply& reply : replies) asked += Text(" ", TextOf(reply));
  }
  Fail(asked);
}

void Auditor::Check(const Seen& seen, const Window& window) {
  ++tally_["read"];
  const std::string what = Text("a read at size ", seen.size, " ", TextOf(window));
  if (seen.size > window.last_size) return Fail("read before it was durable: " + what);
  if (seen.size < window.first_size) return Fail("read what was older than had been told: " + what);
  Tell(seen.size);
  const auto snap = snaps_.find(seen.size);
  if (snap == snaps_.end()) {
    if (seen.size != 0) Fail("read in the midst of a command: " + what);
    return;
  }
  const Model& model = *snap->second;
  const auto row = model.volunteers.find(seen.volunteer_id);
  int64_t available = 0;
  int64_t debt = 0;
  int64_t held = 0;
  if (row != model.volunteers.end()) {
    available = model::SumOf(row->second.lots);
    debt = -row->second.debt_units;
    const Model::Mall mall = model.Reckon();
    if (const auto found = mall.held_units.find(seen.volunteer_id);
        found != mall.held_units.end()) {
      held = found->second;
    }
  }
  if (model.last_recorded_us != seen.last_recorded_us || available != seen.available_units ||
      debt != seen.debt_units || held != seen.held_units) {
    Fail(Text("read another balance: ", what, " of ", seen.volunteer_id, ": ", seen.available_units,
              " ", seen.held_units, " ", seen.debt_units, ", the model has ", available, " ", held,
              " ", debt));
  }
}

std::string Auditor::Compare(const State& state) const {
  return property::Difference(model_, state);
}

void Auditor::Forget(uint64_t size) {
  auto end = snaps_.lower_bound(size);
  if (end != snaps_.begin()) snaps_.erase(snaps_.begin(), std::prev(end));
}

}  // namespace meritbook::sim
