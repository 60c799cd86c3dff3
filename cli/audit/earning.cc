#include "cli/audit/earning.h"

#include <algorithm>

#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

int64_t MinutesIn(const Volunteer& volunteer, const Activity& activity) {
  for (const ActivityMinutes& counted : volunteer.activity_minutes) {
    if (counted.activity == &activity) return counted.minutes;
  }
  return 0;
}

// The parts of one record that came before the one at hand.
struct Before {
  int64_t in_activity = 0;  // under rules that have this cap
  const EarnedList& parts;
};

// How many of the part's minutes earn points.
int64_t Room(const Volunteer& volunteer, const Activity& activity, const Rule& rule, int32_t day,
             const DayMinutes& today, const Before& before) {
  int64_t room = int64_t{rule.cap_minutes_per_day} - today.credited;
  if (rule.cap_minutes_per_month) {
    const int32_t first_day = FirstOfMonth(day);
    int64_t counted = volunteer.service.CreditedBetween(first_day, MonthsLaterMonthEnd(day, 0));
    for (const EarnedSegment& part : before.parts) {
      if (part.segment.day >= first_day) counted += part.segment.credited;
    }
    room = std::min(room, int64_t{*rule.cap_minutes_per_month} - counted);
  }
  if (rule.cap_minutes_per_activity) {
    room = std::min(room, int64_t{*rule.cap_minutes_per_activity} - MinutesIn(volunteer, activity) -
                              before.in_activity);
  }
  return std::max<int64_t>(0, room);
}

Lot LotOn(const Taking& taking, const Rule& rule, int32_t day, int64_t units) {
  const int32_t last_day = rule.LastDayOf(rule.expiry_from_crediting ? taking.today : day);
  return WithGrace(taking.books, taking.today, {last_day, false, units});
}

bool CountsTowardsActivity(const RuleBook& rules, uint32_t version) {
  const Rule* rule = rules.Version(version);
  return rule != nullptr && rule->cap_minutes_per_activity.has_value();
}

void AddActivityMinutes(Volunteer& volunteer, const Activity* activity, int64_t minutes) {
  for (ActivityMinutes& counted : volunteer.activity_minutes) {
    if (counted.activity == activity) {
      counted.minutes += minutes;
      return;
    }
  }
  volunteer.activity_minutes.push_back({activity, minutes});
}

AwardCount& CountOf(Volunteer& volunteer, const Award* award, int32_t year) {
  for (AwardCount& count : volunteer.awards) {
    if (count.award == award && count.year == year) return count;
  }
  return volunteer.awards.emplace_back(AwardCount{award, year, 0});
}

}  // namespace

MaybeViolation Earn(const Taking& taking, const Volunteer& volunteer, const Activity& activity,
                    const Service& service, Minutes minutes, EarnedList& earned) {
  const Books& books = taking.books;
  Before before{0, earned};
  for (int32_t day = service.first_day; day <= service.last_day; ++day) {
    const int64_t day_minutes = service.MinutesOn(books.days, day);
    if (day_minutes == 0) continue;  // a day that the zone's clocks left out
    const Rule* rule = books.rules.InForce(day);
    if (rule == nullptr) {
      return Violation{Invariant::RULE_WRONG, Text("no rule is in force on ", DayText(day))};
    }
    const Rate rate = rule->RateOf(*activity.category);
    if (rate.points_per_hour == 0) {
      return Violation{Invariant::CATEGORY_WITHOUT_RATE,
                       Text("rule ", rule->version, " has no rate for ", activity.category->id)};
    }
    const DayMinutes counted = volunteer.service.MinutesOf(day);
    if (int64_t{counted.credited} + counted.honorary + day_minutes > kDayMinutes) {
      return Violation{Invariant::DAY_OVERFULL, Text(counted.credited + counted.honorary, " + ",
                                                     day_minutes, " minutes on ", DayText(day))};
    }
    int64_t credited = 0;
    if (minutes == Minutes::kEarn) {
      credited = std::min(day_minutes, Room(volunteer, activity, *rule, day, counted, before));
    }
    if (rule->cap_minutes_per_activity) before.in_activity += credited;
    const int64_t units = credited * rate.points_per_hour * rate.percentage;
    earned.push_back(
        {{day, rule->version, static_cast<uint32_t>(credited),
          static_cast<uint32_t>(day_minutes - credited), LotOn(taking, *rule, day, units)},
         rate});
  }
  return std::nullopt;
}

MaybeViolation CheckOverlap(const Volunteer& volunteer, const Service& service) {
  if (!service.HasTimes()) return std::nullopt;
  const ClockTimes* other = volunteer.service.Overlapping(service.Times());
  if (other == nullptr) return std::nullopt;
  return Violation{
      Invariant::INTERVALS_OVERLAP,
      Text("[", service.start_us, ", ", service.end_us, ") us overlaps [",
           other->start_minute * kMinuteUs, ", ", other->end_minute * kMinuteUs, ") us")};
}

MaybeViolation EarnAgain(const Taking& taking, const Volunteer& volunteer, const Record& record,
                         EarnedList& earned) {
  if (record.award != nullptr) {
    return EarnAward(taking, volunteer, record, Window::kIgnored, earned);
  }
  if (record.activity == nullptr) return std::nullopt;  // told when it came in
  const Service service = ServiceOf(taking.books.days, record);
  if (auto violation =
          CheckService(taking, service, *record.activity, record.session, Window::kIgnored)) {
    return violation;
  }
  if (auto violation = Earn(taking, volunteer, *record.activity, service, Minutes::kEarn, earned)) {
    return violation;
  }
  return CheckOverlap(volunteer, service);
}

MaybeViolation EarnAward(const Taking& taking, const Volunteer& volunteer, const Record& record,
                         Window window, EarnedList& earned) {
  const Rule* rule = taking.books.rules.InForce(record.first_day);
  if (rule == nullptr) {
    return Violation{Invariant::RULE_WRONG,
                     Text("no rule is in force on ", DayText(record.first_day))};
  }
  if (record.first_day > taking.today) {
    return Violation{Invariant::SERVICE_IN_FUTURE, Text("an award of ", DayText(record.first_day),
                                                        " on ", DayText(taking.today))};
  }
  if (window == Window::kKept && int64_t{record.first_day} + rule->backdating_days < taking.today) {
    return Violation{Invariant::SERVICE_TOO_OLD, Text("an award of ", DayText(record.first_day),
                                                      " on ", DayText(taking.today))};
  }
  const AwardTerms* terms = rule->TermsOf(*record.award);
  if (terms == nullptr || record.award_points == 0 || record.award_points > terms->points_max) {
    return Violation{
        Invariant::AWARD_WRONG,
        Text("rule ", rule->version, " allows ", terms == nullptr ? 0 : terms->points_max,
             " points for ", record.award->id, ", found ", record.award_points)};
  }
  const int32_t year = YearOf(record.first_day);
  for (const AwardCount& count : volunteer.awards) {
    if (count.award != record.award || count.year != year) continue;
    if (count.times < terms->times_per_year) continue;
    return Violation{Invariant::AWARD_WRONG, Text(record.award->id, " was awarded ", count.times,
                                                  " times in ", year, " already")};
  }
  const int64_t units = int64_t{record.award_points} * kUnitsPerPoint;
  earned.push_back(
      {{record.first_day, rule->version, 0, 0, LotOn(taking, *rule, record.first_day, units)}, {}});
  return std::nullopt;
}

MaybeViolation CheckSegments(const EarnedList& want, const v1::Credit& credit) {
  if (credit.segments_size() != static_cast<int>(want.size())) {
    return Violation{Invariant::SEGMENTS_WRONG,
                     Text("expected ", want.size(), " segments, found ", credit.segments_size())};
  }
  for (int i = 0; i < credit.segments_size(); ++i) {
    const v1::CreditSegment& found = credit.segments(i);
    const EarnedSegment& earned = want[static_cast<size_t>(i)];
    const Segment& segment = earned.segment;
    if (found.service_day_number() != segment.day ||
        int64_t{found.credited_minutes()} + found.honorary_minutes() !=
            int64_t{segment.credited} + segment.honorary) {
      return Violation{Invariant::SEGMENTS_WRONG,
                       Text("expected ", segment.credited + segment.honorary, " minutes on ",
                            DayText(segment.day), ", found ", found.credited_minutes(), " + ",
                            found.honorary_minutes(), " on ", DayText(found.service_day_number()))};
    }
    if (found.rule_version() != segment.rule_version) {
      return Violation{Invariant::RULE_WRONG,
                       Text("expected rule ", segment.rule_version, " on ", DayText(segment.day),
                            ", found ", found.rule_version())};
    }
    if (found.points_per_hour() != earned.rate.points_per_hour ||
        found.percentage() != earned.rate.percentage) {
      return Violation{
          Invariant::RATE_WRONG,
          Text("expected ", earned.rate.points_per_hour, " points/h at ", earned.rate.percentage,
               " %, found ", found.points_per_hour(), " at ", found.percentage(), " %")};
    }
    if (found.credited_minutes() != segment.credited) {
      return Violation{Invariant::CAP_WRONG,
                       Text("expected ", segment.credited, " credited minutes on ",
                            DayText(segment.day), ", found ", found.credited_minutes())};
    }
    if (found.units() != segment.lot.units) {
      return Violation{Invariant::UNITS_WRONG,
                       Text("expected ", segment.lot.units, " units on ", DayText(segment.day),
                            ", found ", found.units())};
    }
    const int32_t last_day =
        found.has_expiry_day_number() ? found.expiry_day_number() : kNeverLapses;
    if (last_day != segment.lot.last_day || found.graced() != segment.lot.graced) {
      return Violation{Invariant::EXPIRY_WRONG,
                       Text("expected last day ", DayText(segment.lot.last_day),
                            segment.lot.graced ? " with" : " without", " grace, found ",
                            DayText(last_day), found.graced() ? " with" : " without")};
    }
  }
  return std::nullopt;
}

MaybeViolation EnterHours(const Taking& taking, Volunteer& volunteer, Record& record,
                          const v1::Credit& credit) {
  // A day at the highest rate and percentage.
  constexpr int64_t kSegmentUnitsMax = kDayMinutes * 10'000 * 1'000;
  Books& books = taking.books;
  record.state = RecordState::kApproved;
  record.credited_day = taking.today;
  bool countable = true;
  for (const v1::CreditSegment& found : credit.segments()) {
    Segment segment{found.service_day_number(),
                    found.rule_version(),
                    found.credited_minutes(),
                    found.honorary_minutes(),
                    {found.has_expiry_day_number() ? found.expiry_day_number() : kNeverLapses,
                     found.graced(), found.units()}};
    if (found.units() < 0 || found.units() > kSegmentUnitsMax) {
      segment.lot.units = 0;
      countable = false;
    }
    record.segments.push_back(segment);
    volunteer.credited_minutes += segment.credited;
    volunteer.honorary_minutes += segment.honorary;
    if (record.award != nullptr) continue;
    volunteer.service.AddMinutes({segment.day, segment.credited, segment.honorary});
    if (CountsTowardsActivity(books.rules, segment.rule_version)) {
      AddActivityMinutes(volunteer, record.activity, segment.credited);
    }
  }
  if (record.award != nullptr) {
    ++CountOf(volunteer, record.award, YearOf(record.first_day)).times;
  } else if (record.start_us != 0) {
    const auto start_minute = static_cast<uint32_t>(record.start_us / kMinuteUs);
    volunteer.service.AddTimes({start_minute, start_minute + record.minutes});
  }
  if (record.activity != nullptr && record.activity->capacity != 0) {
    AddAttended(books, volunteer, OccurrenceOf(*record.activity, record.session, record.first_day),
                1);
  }
  if (countable) return std::nullopt;
  return Violation{Invariant::VALUE_OUT_OF_RANGE, "units: more than a segment can come to"};
}

void RemoveHours(Books& books, Volunteer& volunteer, Record& record) {
  for (const Segment& segment : record.segments) {
    volunteer.credited_minutes -= segment.credited;
    volunteer.honorary_minutes -= segment.honorary;
    if (record.award != nullptr) continue;
    volunteer.service.RemoveMinutes({segment.day, segment.credited, segment.honorary});
    if (CountsTowardsActivity(books.rules, segment.rule_version)) {
      AddActivityMinutes(volunteer, record.activity, -int64_t{segment.credited});
    }
  }
  record.segments.clear();
  if (record.award != nullptr) {
    uint32_t& times = CountOf(volunteer, record.award, YearOf(record.first_day)).times;
    if (times > 0) --times;
  } else if (record.start_us != 0) {
    const auto start_minute = static_cast<uint32_t>(record.start_us / kMinuteUs);
    volunteer.service.RemoveTimes({start_minute, start_minute + record.minutes});
  }
  if (record.activity == nullptr || record.activity->capacity == 0) return;
  auto& people = books.attendance[OccurrenceOf(*record.activity, record.session, record.first_day)];
  const auto her = people.find(&volunteer);
  if (her != people.end() && --her->second == 0) people.erase(her);
}

int32_t MaturesDay(const Taking& taking, int32_t first_day) {
  const Rule* rule = taking.books.rules.InForce(first_day);
  if (rule == nullptr || rule->maturity_days == 0) return 0;
  return taking.today + static_cast<int32_t>(rule->maturity_days);
}

MaybeViolation TakePoints(const Taking& taking, Volunteer& volunteer, const Record& record,
                          const v1::Credit& credit) {
  Books& books = taking.books;
  const int64_t units = record.Units();
  const int32_t matures_day =
      volunteer.closed || units == 0 ? 0 : MaturesDay(taking, record.first_day);
  MaybeViolation first;
  if (credit.has_matures_day_number() != (matures_day != 0) ||
      credit.matures_day_number() != matures_day) {
    first = Violation{
        Invariant::MATURITY_WRONG,
        Text("expected ", matures_day == 0 ? "at once" : DayText(matures_day), ", found ",
             credit.has_matures_day_number() ? DayText(credit.matures_day_number()) : "at once")};
  }
  const bool divided =
      matures_day == 0 && (volunteer.closed || (volunteer.debt_units < 0 && units > 0));
  if (!divided) {
    if (credit.has_inflow() && !first) {
      first =
          Violation{Invariant::INFLOW_WRONG,
                    "expected each segment's units in the lot of their expiry, found a division"};
    }
    for (const Segment& segment : record.segments) {
      if (segment.lot.units == 0) continue;
      if (matures_day != 0) {
        EnterPending(books, volunteer, {matures_day, segment.lot, &record},
                     books.accounts.issued_units);
      } else if (volunteer.lots.Add(segment.lot)) {
        books.accounts.issued_units -= segment.lot.units;
        books.accounts.available_units += segment.lot.units;
      } else if (!first) {
        first = Violation{Invariant::VALUE_OUT_OF_RANGE,
                          "units: more than the volunteer's account can hold"};
      }
    }
    return first;
  }
  std::vector<Lot> lots;
  for (const Segment& segment : record.segments) Join(lots, segment.lot);
  const Flow flow = FlowOf(volunteer, lots);
  if (!first) first = CheckFlow(flow, credit.has_inflow(), credit.inflow());
  EnterFlow(books, volunteer, flow, books.accounts.issued_units);
  return first;
}

Occurrence OccurrenceOf(const Activity& activity, const Session* session, int32_t first_day) {
  return {&activity, session, session == nullptr ? first_day : 0};
}

void AddAttended(Books& books, Volunteer& volunteer, const Occurrence& at, uint32_t records) {
  uint32_t& count = books.attendance[at][&volunteer];
  if (count == 0) volunteer.attended.push_back(at);
  count += records;
}

size_t OthersAt(const Books& books, const Volunteer& volunteer, const Occurrence& at) {
  const auto people = books.attendance.find(at);
  if (people == books.attendance.end()) return 0;
  return people->second.size() - people->second.count(&volunteer);
}

}  // namespace meritbook::audit
