// Hours into points: the rule of the day of service governs.
#include <algorithm>
#include <string>

#include "ledger/decide.h"
#include "ledger/hours.h"
#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

using MaybeRefused = std::optional<Refused>;
using Parts = absl::InlinedVector<DayPart, 2>;

Refused Refuse(v1::Refusal reason, std::string_view field, std::string message) {
  return Refused{reason, Text("command.", field), std::move(message), {}};
}

std::string_view TimeField(const v1::CreditHours& command) {
  return command.has_interval() ? "interval" : "duration";
}

// Not later than now, not longer ago than the rule's window.
MaybeRefused CheckWindow(const State& state, const v1::CreditHours& command, const Rule& rule,
                         const Parts& parts, int64_t now_us) {
  const DayNumber today = state.calendar().DayOf(now_us);
  const bool future =
      command.has_interval() ? command.interval().end_us() > now_us : parts.front().day > today;
  if (future) {
    return Refuse(v1::REFUSAL_SERVICE_IN_FUTURE, TimeField(command),
                  "the service ends after it is recorded");
  }
  const uint32_t days_max = rule.earning().backdating_days();
  if (int64_t{today} - parts.front().day > days_max) {
    Refused refused = Refuse(
        v1::REFUSAL_SERVICE_TOO_OLD, TimeField(command),
        Text("the service is ", today - parts.front().day, " days old, more than ", days_max));
    refused.metadata.emplace_back("backdating_days", Text(days_max));
    return refused;
  }
  return std::nullopt;
}

// Within the life of the activity.
MaybeRefused CheckActivity(const State& state, const v1::CreditHours& command,
                           const Activity& activity, const Parts& parts) {
  const Calendar& calendar = state.calendar();
  const bool before = command.has_interval()
                          ? command.interval().start_us() < activity.starts_us
                          : parts.front().day < calendar.DayOf(activity.starts_us);
  if (before) {
    return Refuse(v1::REFUSAL_SERVICE_BEFORE_ACTIVITY, TimeField(command),
                  Text("activity ", activity.id, " began later"));
  }
  const bool after =
      activity.ends_us &&
      (command.has_interval() ? command.interval().end_us() > *activity.ends_us
                              : parts.front().day > calendar.DayOf(*activity.ends_us - 1));
  if (after) {
    return Refuse(v1::REFUSAL_SERVICE_AFTER_ACTIVITY, TimeField(command),
                  Text("activity ", activity.id, " ended before"));
  }
  return std::nullopt;
}

// At the session's time, for clock times; on its day, for a mere duration.
MaybeRefused CheckSession(const v1::CreditHours& command, const Session& session,
                          const Parts& parts) {
  const bool within = command.has_interval() ? command.interval().start_us() >= session.starts_us &&
                                                   command.interval().end_us() <= session.ends_us
                                             : parts.front().day == session.day;
  if (within) return std::nullopt;
  return Refuse(v1::REFUSAL_SERVICE_OUTSIDE_SESSION, TimeField(command),
                Text("not within the times of session ", session.id));
}

}  // namespace

Decision DecideCreditHours(const State& state, const v1::CreditHours& command,
                           const Command& context, int64_t now_us, v1::Event* event) {
  if (state.SubjectExists(context.subject_request_key)) {
    return Exists(v1::REFUSAL_RECORD_EXISTS, "record_id", command.record_id());
  }
  const Volunteer* volunteer = state.volunteers().Find(command.volunteer_id());
  if (volunteer == nullptr) {
    return Unknown(v1::REFUSAL_VOLUNTEER_UNKNOWN, "volunteer_id", command.volunteer_id());
  }
  const auto activity_index = state.activities().IndexOf(command.activity_id());
  if (!activity_index) {
    return Unknown(v1::REFUSAL_ACTIVITY_UNKNOWN, "activity_id", command.activity_id());
  }
  const Activity& activity = state.activities()[*activity_index];
  const Session* session = nullptr;
  if (command.has_session_id()) {
    session = state.sessions().Find(command.session_id());
    if (session == nullptr) {
      return Unknown(v1::REFUSAL_SESSION_UNKNOWN, "session_id", command.session_id());
    }
    if (session->activity != *activity_index) {
      return Refuse(v1::REFUSAL_SESSION_NOT_OF_ACTIVITY, "session_id",
                    Text("session ", session->id, " belongs to another activity"));
    }
  }

  const Parts parts = PartsOf(command, state.calendar());
  absl::InlinedVector<const Rule*, 2> rules;
  int minutes = 0;
  for (const DayPart& part : parts) {
    const Rule* rule = RuleOn(state.ledger().rules, part.day);
    if (rule == nullptr) {
      return Refuse(v1::REFUSAL_RULE_MISSING, TimeField(command),
                    Text("no rule is in force on ", FormatDay(part.day)));
    }
    if (!rule->rates.contains(activity.category)) {
      Refused refused =
          Refuse(v1::REFUSAL_CATEGORY_UNKNOWN, "activity_id",
                 Text("rule ", rule->version, " has no rate for ", activity.category));
      refused.metadata.emplace_back("category", activity.category);
      return refused;
    }
    rules.push_back(rule);
    minutes += part.minutes;
  }
  const Rule& first_rule = *rules.front();
  const uint32_t unit = first_rule.earning().recording_unit_minutes();
  if (static_cast<uint32_t>(minutes) % unit != 0) {
    Refused refused = Refuse(v1::REFUSAL_MINUTES_OFF_UNIT, TimeField(command),
                             Text(minutes, " minutes are no multiple of ", unit));
    refused.metadata.emplace_back("recording_unit_minutes", Text(unit));
    return refused;
  }
  if (auto refused = CheckWindow(state, command, first_rule, parts, now_us)) {
    return *std::move(refused);
  }
  if (auto refused = CheckActivity(state, command, activity, parts)) return *std::move(refused);
  if (session != nullptr) {
    if (auto refused = CheckSession(command, *session, parts)) return *std::move(refused);
  }
  for (const DayPart& part : parts) {
    const DayMinutes served = MinutesOn(*volunteer, part.day);
    if (served.credited + served.honorary + part.minutes > kMinutesPerDay) {
      return Refuse(v1::REFUSAL_DAY_OVERFULL, TimeField(command),
                    Text("more than ", kMinutesPerDay, " minutes on ", FormatDay(part.day)));
    }
  }
  if (command.has_interval() && Overlaps(*volunteer, IntervalOf(command.interval()))) {
    return Refuse(v1::REFUSAL_INTERVAL_OVERLAPS, "interval",
                  Text("volunteer ", volunteer->id, " served elsewhere at that time"));
  }

  v1::HoursCredited* credited = event->mutable_hours_credited();
  *credited->mutable_command() = command;
  int64_t units = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const Rule& rule = *rules[i];
    const Rate& rate = rule.rates.find(activity.category)->second;
    const int cap = static_cast<int>(rule.earning().credited_minutes_per_day());
    const int room = std::max(0, cap - int{MinutesOn(*volunteer, parts[i].day).credited});
    const int earning = std::min(parts[i].minutes, room);
    v1::CreditSegment* segment = credited->add_segments();
    segment->set_service_day_number(parts[i].day);
    segment->set_credited_minutes(static_cast<uint32_t>(earning));
    segment->set_honorary_minutes(static_cast<uint32_t>(parts[i].minutes - earning));
    segment->set_rule_version(rule.version);
    segment->set_points_per_hour(rate.points_per_hour);
    segment->set_percentage(rate.percentage);
    segment->set_units(rate.UnitsFor(earning));
    const DayNumber expiry = rule.ExpiryOf(parts[i].day);
    if (expiry != kNeverExpires) segment->set_expiry_day_number(expiry);
    units += segment->units();
  }
  if (-state.ledger().issued_units > kIssuedUnitsMax - units) {
    return Refuse(v1::REFUSAL_AMOUNT_OVERFLOW, TimeField(command),
                  "the ledger can't issue that many points more");
  }
  event->set_occurred_us(command.has_interval() ? command.interval().start_us()
                                                : state.calendar().StartOf(parts.front().day));
  return event;
}

}  // namespace meritbook
