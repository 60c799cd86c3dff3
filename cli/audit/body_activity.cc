// Activities and their sessions.
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "cli/audit/body.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kCapacityMax = 1'000'000;

MaybeViolation RequireOrder(std::string_view what, int64_t starts_us, int64_t ends_us) {
  if (ends_us > starts_us) return std::nullopt;
  return Violation{Invariant::VALUE_OUT_OF_RANGE,
                   Text(what, " ends at ", ends_us, ", not after its start ", starts_us)};
}

// Registered or submitted: the same fields.
template <typename Command>
MaybeViolation CheckActivity(const Books& books, const Command& command) {
  if (auto violation = RequireId("activity_id", command.activity_id())) return violation;
  if (books.activities.Find(command.activity_id()) != nullptr) {
    return Twice("activity", command.activity_id());
  }
  if (books.organisations.Find(command.organisation_id()) == nullptr) {
    return Unknown("organisation", command.organisation_id());
  }
  if (auto violation = RequireId("category", command.category())) return violation;
  if (command.has_site()) {
    if (auto violation = RequireId("site", command.site())) return violation;
  }
  if (auto violation = RequireInstant("starts_us", command.starts_us())) return violation;
  if (command.has_capacity()) {
    if (auto violation = RequireRange("capacity", command.capacity(), {1, kCapacityMax})) {
      return violation;
    }
  }
  if (!command.has_ends_us()) return std::nullopt;
  if (auto violation = RequireInstant("ends_us", command.ends_us())) return violation;
  return RequireOrder("the activity", command.starts_us(), command.ends_us());
}

MaybeViolation CheckSession(const Books& books, const v1::RegisterSession& command) {
  if (auto violation = RequireId("session_id", command.session_id())) return violation;
  if (books.sessions.Find(command.session_id()) != nullptr) {
    return Twice("session", command.session_id());
  }
  const Activity* activity = books.activities.Find(command.activity_id());
  if (activity == nullptr) return Unknown("activity", command.activity_id());
  if (activity->state != ActivityState::kOpen) {
    return Violation{Invariant::ACTIVITY_STATE_WRONG,
                     Text("a session of ", activity->id, ", which isn't open")};
  }
  if (!DayFromText(command.service_day())) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE, "service_day: expected a day as YYYY-MM-DD"};
  }
  if (command.has_slot()) {
    if (auto violation = RequireId("slot", command.slot())) return violation;
  }
  if (command.has_site()) {
    if (auto violation = RequireId("site", command.site())) return violation;
  }
  if (auto violation = RequireInstant("starts_us", command.starts_us())) return violation;
  if (auto violation = RequireInstant("ends_us", command.ends_us())) return violation;
  return RequireOrder("the session", command.starts_us(), command.ends_us());
}

template <typename Command>
void Enter(Taking& taking, const Command& command, ActivityState state) {
  Books& books = taking.books;
  if (books.activities.Find(command.activity_id()) != nullptr) return;
  Activity& activity = books.activities.FindOrAdd(command.activity_id());
  activity.category = &books.categories.FindOrAdd(command.category());
  activity.starts_us = command.starts_us();
  if (command.has_ends_us()) activity.ends_us = command.ends_us();
  activity.capacity = command.capacity();
  activity.state = state;
  activity.submitted_by = taking.actor;
}

MaybeViolation RequireState(const Activity& activity, std::initializer_list<ActivityState> states) {
  if (std::find(states.begin(), states.end(), activity.state) != states.end()) return std::nullopt;
  return Violation{Invariant::ACTIVITY_STATE_WRONG,
                   Text("activity ", activity.id, " is not in a state for this")};
}

}  // namespace

MaybeViolation TakeActivityRegistered(Taking& taking, const v1::RegisterActivity& command) {
  auto violation = CheckActivity(taking.books, command);
  Enter(taking, command, ActivityState::kOpen);
  return violation;
}

MaybeViolation TakeActivitySubmitted(Taking& taking, const v1::SubmitActivity& command) {
  auto violation = CheckActivity(taking.books, command);
  Enter(taking, command, ActivityState::kWaiting);
  return violation;
}

MaybeViolation TakeActivityReviewed(Taking& taking, const v1::ReviewActivity& command) {
  Activity* activity = taking.books.activities.Find(command.activity_id());
  if (activity == nullptr) return Unknown("activity", command.activity_id());
  auto first = RequireState(*activity, {ActivityState::kWaiting});
  activity->state =
      command.verdict() == v1::VERDICT_APPROVE ? ActivityState::kOpen : ActivityState::kRejected;
  if (first) return first;
  if (command.verdict() != v1::VERDICT_APPROVE && command.verdict() != v1::VERDICT_REJECT) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     Text("verdict: expected one, found ", static_cast<int>(command.verdict()))};
  }
  if (taking.actor == activity->submitted_by) {
    return Violation{Invariant::SELF_REVIEW, "the reviewer submitted the activity"};
  }
  return RequireId("reason_code", command.reason_code());
}

MaybeViolation TakeActivityClosed(Taking& taking, const v1::CloseActivity& command) {
  Activity* activity = taking.books.activities.Find(command.activity_id());
  if (activity == nullptr) return Unknown("activity", command.activity_id());
  auto violation = RequireState(*activity, {ActivityState::kOpen});
  activity->state = ActivityState::kClosed;
  activity->ends_us = std::min(activity->ends_us, taking.event.recorded_us());
  return violation;
}

MaybeViolation TakeActivityCancelled(Taking& taking, const v1::CancelActivity& command) {
  Activity* activity = taking.books.activities.Find(command.activity_id());
  if (activity == nullptr) return Unknown("activity", command.activity_id());
  auto first = RequireState(
      *activity, {ActivityState::kOpen, ActivityState::kClosed, ActivityState::kWaiting});
  activity->state = ActivityState::kCancelled;
  return first ? first : RequireId("reason_code", command.reason_code());
}

MaybeViolation TakeSessionRegistered(Taking& taking, const v1::RegisterSession& command) {
  Books& books = taking.books;
  auto violation = CheckSession(books, command);
  if (books.sessions.Find(command.session_id()) == nullptr) {
    Session& session = books.sessions.FindOrAdd(command.session_id());
    session.activity = books.activities.Find(command.activity_id());
    session.service_day = DayFromText(command.service_day()).value_or(0);
    session.starts_us = command.starts_us();
    session.ends_us = command.ends_us();
  }
  return violation;
}

}  // namespace meritbook::audit
