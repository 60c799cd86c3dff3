// Hours: everything that an HoursCredited says beyond its command is recomputed from the command.
#include <algorithm>
#include <cstdint>

#include "cli/audit/body.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kDayMinutes = 1'440;
// A day at the highest rate and percentage.
constexpr int64_t kSegmentUnitsMax = kDayMinutes * 10'000 * 1'000;

// One record's service, in days of the ledger's zone.
struct Service {
  const v1::ServiceInterval* interval = nullptr;  // nothing for a bare duration
  int32_t first_day = 0;
  int32_t last_day = 0;
  int64_t minutes = 0;

  int64_t MinutesOn(const ZoneDays& days, int32_t day) const {
    if (interval == nullptr) return minutes;
    const int64_t from_us = std::max(interval->start_us(), days.StartOf(day));
    const int64_t to_us = std::min(interval->end_us(), days.StartOf(day + 1));
    return std::max<int64_t>(0, to_us - from_us) / kMinuteUs;
  }
};

MaybeViolation ReadService(const ZoneDays& days, const v1::CreditHours& command, Service& service) {
  if (command.service_case() == v1::CreditHours::kInterval) {
    const v1::ServiceInterval& interval = command.interval();
    if (auto violation = RequireInstant("start_us", interval.start_us())) return violation;
    if (auto violation = RequireInstant("end_us", interval.end_us())) return violation;
    if (interval.end_us() <= interval.start_us() || interval.start_us() % kMinuteUs != 0 ||
        interval.end_us() % kMinuteUs != 0) {
      return Violation{Invariant::SERVICE_TIMES_WRONG,
                       Text("expected whole minutes and an end after the start, found [",
                            interval.start_us(), ", ", interval.end_us(), ") us")};
    }
    service.interval = &interval;
    service.first_day = days.DayOf(interval.start_us());
    service.last_day = days.DayOf(interval.end_us() - 1);
    service.minutes = (interval.end_us() - interval.start_us()) / kMinuteUs;
    return std::nullopt;
  }
  const auto day = DayFromText(command.duration().service_day());
  if (!day) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     "service: expected clock times, or a day as "
                     "YYYY-MM-DD and its minutes"};
  }
  service.first_day = *day;
  service.last_day = *day;
  service.minutes = command.duration().minutes();
  return RequireRange("minutes", service.minutes, {1, kDayMinutes});
}

MaybeViolation CheckFuture(const ZoneDays& days, const Service& service, int64_t recorded_us) {
  const bool over = service.interval != nullptr ? service.interval->end_us() <= recorded_us
                                                : service.first_day <= days.DayOf(recorded_us);
  if (over) return std::nullopt;
  return Violation{Invariant::SERVICE_IN_FUTURE,
                   Text("service until ", DayText(service.last_day),
                        " was recorded before its end, at ", recorded_us, " us")};
}

MaybeViolation CheckActivity(const ZoneDays& days, const Service& service,
                             const Activity& activity) {
  bool within = false;
  if (service.interval != nullptr) {
    within = service.interval->start_us() >= activity.starts_us &&
             service.interval->end_us() <= activity.ends_us;
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
  const bool within = service.interval != nullptr
                          ? service.interval->start_us() >= session.starts_us &&
                                service.interval->end_us() <= session.ends_us
                          : service.first_day == session.service_day;
  if (within) return std::nullopt;
  return Violation{Invariant::SERVICE_OUTSIDE_SESSION,
                   Text("service from ", DayText(service.first_day), " doesn't lie within session ",
                        session.id)};
}

// What the whole record must keep to: the rule of its first day.
MaybeViolation CheckRecord(const Service& service, const Rule* rule, int32_t recorded_day) {
  if (rule == nullptr) {
    return Violation{Invariant::RULE_WRONG,
                     Text("no rule is in force on ", DayText(service.first_day))};
  }
  if (int64_t{service.first_day} + rule->backdating_days < recorded_day) {
    return Violation{
        Invariant::SERVICE_TOO_OLD,
        Text("service of ", DayText(service.first_day), " recorded on ", DayText(recorded_day),
             ", more than ", rule->backdating_days, " days later")};
  }
  if (rule->unit_minutes == 0 || service.minutes % rule->unit_minutes != 0) {
    return Violation{
        Invariant::MINUTES_OFF_UNIT,
        Text("expected a multiple of ", rule->unit_minutes, " minutes, found ", service.minutes)};
  }
  return std::nullopt;
}

// Whose service of which category, for the segments of one record.
struct Credit {
  const Books& books;
  const Volunteer& volunteer;
  const Category& category;
};

MaybeViolation CheckMinutes(const Credit& credit, const Rule& rule, int64_t minutes,
                            const v1::CreditSegment& segment) {
  const int32_t day = segment.service_day_number();
  const DayMinutes before = credit.volunteer.service.MinutesOf(day);
  if (int64_t{before.credited} + before.honorary + minutes > kDayMinutes) {
    return Violation{Invariant::DAY_OVERFULL, Text(before.credited + before.honorary, " + ",
                                                   minutes, " minutes on ", DayText(day))};
  }
  const int64_t room = std::max<int64_t>(0, int64_t{rule.cap_minutes_per_day} - before.credited);
  const int64_t credited = std::min(minutes, room);
  if (segment.credited_minutes() != credited) {
    return Violation{Invariant::CAP_WRONG,
                     Text("expected ", credited, " credited minutes on ", DayText(day), ", found ",
                          segment.credited_minutes())};
  }
  return std::nullopt;
}

// `minutes` of the record fall on the segment's day.
MaybeViolation CheckSegment(const Credit& credit, int64_t minutes,
                            const v1::CreditSegment& segment) {
  const int32_t day = segment.service_day_number();
  const Rule* rule = credit.books.rules.InForce(day);
  if (rule == nullptr || segment.rule_version() != rule->version) {
    return Violation{Invariant::RULE_WRONG,
                     Text("expected rule ", rule == nullptr ? 0 : rule->version, " on ",
                          DayText(day), ", found ", segment.rule_version())};
  }
  const Rate rate = rule->RateOf(credit.category);
  if (rate.points_per_hour == 0) {
    return Violation{Invariant::CATEGORY_WITHOUT_RATE,
                     Text("rule ", rule->version, " has no rate for ", credit.category.id)};
  }
  if (segment.points_per_hour() != rate.points_per_hour ||
      segment.percentage() != rate.percentage) {
    return Violation{
        Invariant::RATE_WRONG,
        Text("expected ", rate.points_per_hour, " points/h at ", rate.percentage, " %, found ",
             segment.points_per_hour(), " at ", segment.percentage(), " %")};
  }
  if (auto violation = CheckMinutes(credit, *rule, minutes, segment)) return violation;
  const int64_t units =
      int64_t{segment.credited_minutes()} * rate.points_per_hour * rate.percentage;
  if (segment.units() != units) {
    return Violation{Invariant::UNITS_WRONG, Text("expected ", units, " units on ", DayText(day),
                                                  ", found ", segment.units())};
  }
  const int32_t last_day = rule->LastDayOf(day);
  const int32_t found_day =
      segment.has_expiry_day_number() ? segment.expiry_day_number() : kNeverLapses;
  if (found_day != last_day) {
    return Violation{Invariant::EXPIRY_WRONG,
                     Text("expected last day ", DayText(last_day), ", found ", DayText(found_day))};
  }
  return std::nullopt;
}

MaybeViolation CheckSegments(const Credit& credit, const Service& service,
                             const v1::HoursCredited& credited) {
  const auto wrong = [&](int32_t day) {
    return Violation{Invariant::SEGMENTS_WRONG,
                     Text("the segments don't say what ", service.minutes, " minutes from ",
                          DayText(service.first_day), " to ", DayText(service.last_day),
                          " come to on ", DayText(day))};
  };
  int next = 0;
  for (int32_t day = service.first_day; day <= service.last_day; ++day) {
    const int64_t minutes = service.MinutesOn(credit.books.days, day);
    if (minutes == 0) continue;  // a day that the zone's clocks left out
    if (next == credited.segments_size()) return wrong(day);
    const v1::CreditSegment& segment = credited.segments(next++);
    if (segment.service_day_number() != day ||
        int64_t{segment.credited_minutes()} + segment.honorary_minutes() != minutes) {
      return wrong(day);
    }
    if (auto violation = CheckSegment(credit, minutes, segment)) return violation;
  }
  if (next != credited.segments_size()) return wrong(service.last_day);
  return std::nullopt;
}

ClockTimes ClockTimesOf(const v1::ServiceInterval& interval) {
  return {static_cast<uint32_t>(interval.start_us() / kMinuteUs),
          static_cast<uint32_t>(interval.end_us() / kMinuteUs)};
}

MaybeViolation CheckOverlap(const Volunteer& volunteer, const Service& service) {
  if (service.interval == nullptr) return std::nullopt;
  const ClockTimes* other = volunteer.service.Overlapping(ClockTimesOf(*service.interval));
  if (other == nullptr) return std::nullopt;
  return Violation{
      Invariant::INTERVALS_OVERLAP,
      Text("[", service.interval->start_us(), ", ", service.interval->end_us(), ") us overlaps [",
           other->start_minute * kMinuteUs, ", ", other->end_minute * kMinuteUs, ") us")};
}

MaybeViolation CheckCredit(const Books& books, const v1::Event& event, const Volunteer& volunteer,
                           const Service& service) {
  const v1::CreditHours& command = event.hours_credited().command();
  const Activity* activity = books.activities.Find(command.activity_id());
  if (activity == nullptr) return Unknown("activity", command.activity_id());
  const Session* session = nullptr;
  if (command.has_session_id()) {
    session = books.sessions.Find(command.session_id());
    if (session == nullptr) return Unknown("session", command.session_id());
    if (session->activity != activity) {
      return Violation{Invariant::SESSION_OF_OTHER_ACTIVITY,
                       Text("session ", session->id, " isn't one of activity ", activity->id)};
    }
  }
  if (auto violation = RequireId("record_id", command.record_id())) return violation;
  if (auto violation = CheckFuture(books.days, service, event.recorded_us())) return violation;
  if (auto violation = CheckActivity(books.days, service, *activity)) return violation;
  if (session != nullptr) {
    if (auto violation = CheckSession(service, *session)) return violation;
  }
  if (auto violation = CheckRecord(service, books.rules.InForce(service.first_day),
                                   books.days.DayOf(event.recorded_us()))) {
    return violation;
  }
  if (auto violation =
          CheckSegments({books, volunteer, *activity->category}, service, event.hours_credited())) {
    return violation;
  }
  return CheckOverlap(volunteer, service);
}

// issued -> available, as recorded. False where an amount is beyond what a ledger can count.
bool Enter(Books& books, Volunteer& volunteer, const v1::HoursCredited& credited) {
  bool countable = true;
  for (const v1::CreditSegment& segment : credited.segments()) {
    volunteer.credited_minutes += segment.credited_minutes();
    volunteer.honorary_minutes += segment.honorary_minutes();
    volunteer.service.AddMinutes(
        {segment.service_day_number(), segment.credited_minutes(), segment.honorary_minutes()});
    if (segment.units() == 0) continue;
    const int32_t last_day =
        segment.has_expiry_day_number() ? segment.expiry_day_number() : kNeverLapses;
    if (segment.units() < 0 || segment.units() > kSegmentUnitsMax ||
        !volunteer.lots.Add({last_day, segment.units()})) {
      countable = false;
      continue;
    }
    books.accounts.issued_units -= segment.units();
    books.accounts.available_units += segment.units();
  }
  return countable;
}

}  // namespace

MaybeViolation TakeHoursCredited(Books& books, const v1::Event& event) {
  const v1::HoursCredited& credited = event.hours_credited();
  Volunteer* volunteer = books.volunteers.Find(credited.command().volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", credited.command().volunteer_id());
  Service service;
  auto violation = ReadService(books.days, credited.command(), service);
  if (!violation) violation = CheckCredit(books, event, *volunteer, service);
  if (service.interval != nullptr) volunteer->service.AddTimes(ClockTimesOf(*service.interval));
  if (!Enter(books, *volunteer, credited) && !violation) {
    violation = {Invariant::VALUE_OUT_OF_RANGE,
                 "units: more than the volunteer's account can hold"};
  }
  return violation;
}

}  // namespace meritbook::audit
