#include "cli/audit/service.h"

#include <algorithm>

#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

MaybeViolation CheckFuture(const Taking& taking, const Service& service) {
  const bool over = service.HasTimes() ? service.end_us <= taking.event.recorded_us()
                                       : service.first_day <= taking.today;
  if (over) return std::nullopt;
  return Violation{Invariant::SERVICE_IN_FUTURE,
                   Text("service until ", DayText(service.last_day),
                        " was recorded before its end, at ", taking.event.recorded_us(), " us")};
}

MaybeViolation CheckActivity(const ZoneDays& days, const Service& service,
                             const Activity& activity) {
  if (activity.state != ActivityState::kOpen && activity.state != ActivityState::kClosed) {
    return Violation{
        Invariant::ACTIVITY_STATE_WRONG,
        Text("activity ", activity.id, " takes no records: it waits, was rejected or called off")};
  }
  bool within = false;
  if (service.HasTimes()) {
    within = service.start_us >= activity.starts_us && service.end_us <= activity.ends_us;
  } else {
    within = service.first_day >= days.DayOf(activity.starts_us) &&
             service.first_day <= days.DayOf(activity.ends_us - 1);  // half-open
  }
  if (within) return std::nullopt;
  return Violation{Invariant::SERVICE_OUTSIDE_ACTIVITY,
                   Text("service from ", DayText(service.first_day),
                        " doesn't lie within activity ", activity.id)};
}

MaybeViolation CheckSession(const Service& service, const Session& session) {
  const bool within = service.HasTimes() ? service.start_us >= session.starts_us &&
                                               service.end_us <= session.ends_us
                                         : service.first_day == session.service_day;
  if (within) return std::nullopt;
  return Violation{Invariant::SERVICE_OUTSIDE_SESSION,
                   Text("service from ", DayText(service.first_day), " doesn't lie within session ",
                        session.id)};
}

// What the whole record must keep to: the rule of its first day.
MaybeViolation CheckRecord(const Service& service, const Rule* rule, int32_t today, Window window) {
  if (rule == nullptr) {
    return Violation{Invariant::RULE_WRONG,
                     Text("no rule is in force on ", DayText(service.first_day))};
  }
  if (window == Window::kKept && int64_t{service.first_day} + rule->backdating_days < today) {
    return Violation{Invariant::SERVICE_TOO_OLD,
                     Text("service of ", DayText(service.first_day), " recorded on ",
                          DayText(today), ", more than ", rule->backdating_days, " days later")};
  }
  if (rule->unit_minutes == 0 || service.minutes % rule->unit_minutes != 0) {
    return Violation{
        Invariant::MINUTES_OFF_UNIT,
        Text("expected a multiple of ", rule->unit_minutes, " minutes, found ", service.minutes)};
  }
  return std::nullopt;
}

}  // namespace

int64_t Service::MinutesOn(const ZoneDays& days, int32_t day) const {
  if (!HasTimes()) return minutes;
  const int64_t from_us = std::max(start_us, days.StartOf(day));
  const int64_t to_us = std::min(end_us, days.StartOf(day + 1));
  return std::max<int64_t>(0, to_us - from_us) / kMinuteUs;
}

MaybeViolation ReadService(const ZoneDays& days, const v1::ServiceRecord& record,
                           Service& service) {
  if (record.service_case() == v1::ServiceRecord::kInterval) {
    const v1::ServiceInterval& interval = record.interval();
    if (auto violation = RequireInstant("start_us", interval.start_us())) return violation;
    if (auto violation = RequireInstant("end_us", interval.end_us())) return violation;
    if (interval.end_us() <= interval.start_us() || interval.start_us() % kMinuteUs != 0 ||
        interval.end_us() % kMinuteUs != 0) {
      return Violation{Invariant::SERVICE_TIMES_WRONG,
                       Text("expected whole minutes and an end after the start, found [",
                            interval.start_us(), ", ", interval.end_us(), ") us")};
    }
    service.start_us = interval.start_us();
    service.end_us = interval.end_us();
    service.first_day = days.DayOf(interval.start_us());
    service.last_day = days.DayOf(interval.end_us() - 1);
    service.minutes = (interval.end_us() - interval.start_us()) / kMinuteUs;
    return std::nullopt;
  }
  const auto day = DayFromText(record.duration().service_day());
  if (!day) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     "service: expected clock times, or a day as YYYY-MM-DD and its minutes"};
  }
  service.first_day = *day;
  service.last_day = *day;
  service.minutes = record.duration().minutes();
  return RequireRange("minutes", service.minutes, {1, kDayMinutes});
}

Service ServiceOf(const ZoneDays& days, const Record& record) {
  Service service;
  service.first_day = record.first_day;
  service.last_day = record.first_day;
  service.minutes = record.minutes;
  if (record.start_us != 0) {
    service.start_us = record.start_us;
    service.end_us = record.start_us + int64_t{record.minutes} * kMinuteUs;
    service.last_day = days.DayOf(service.end_us - 1);
  }
  return service;
}

MaybeViolation CheckService(const Taking& taking, const Service& service, const Activity& activity,
                            const Session* session, Window window) {
  const Books& books = taking.books;
  if (auto violation = CheckFuture(taking, service)) return violation;
  if (auto violation = CheckActivity(books.days, service, activity)) return violation;
  if (session != nullptr) {
    if (auto violation = CheckSession(service, *session)) return violation;
  }
  return CheckRecord(service, books.rules.InForce(service.first_day), taking.today, window);
}

MaybeViolation FindNamed(Books& books, const v1::ServiceRecord& record, Named& named) {
  named.volunteer = books.volunteers.Find(record.volunteer_id());
  named.activity = books.activities.Find(record.activity_id());
  if (record.has_session_id()) named.session = books.sessions.Find(record.session_id());
  if (named.volunteer == nullptr) return Unknown("volunteer", record.volunteer_id());
  if (auto violation = RequireUnmerged(*named.volunteer)) return violation;
  if (named.activity == nullptr) return Unknown("activity", record.activity_id());
  if (!record.has_session_id()) return std::nullopt;
  if (named.session == nullptr) return Unknown("session", record.session_id());
  if (named.session->activity == named.activity) return std::nullopt;
  return Violation{
      Invariant::SESSION_OF_OTHER_ACTIVITY,
      Text("session ", named.session->id, " isn't one of activity ", named.activity->id)};
}

MaybeViolation RequireUnmerged(const Volunteer& volunteer) {
  if (volunteer.merged_into == nullptr) return std::nullopt;
  return Violation{Invariant::VOLUNTEER_MERGED,
                   Text("she was merged into ", Shown(Survivor(volunteer).id))};
}

MaybeViolation RequireNotClosed(const Volunteer& volunteer) {
  if (!volunteer.closed) return std::nullopt;
  return Violation{Invariant::VOLUNTEER_CLOSED, "her account was closed for ever"};
}

}  // namespace meritbook::audit
