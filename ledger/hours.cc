#include "ledger/hours.h"

#include <algorithm>

#include "ledger/check.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

auto DayAt(std::vector<DayMinutes>& days, DayNumber day) {
  return std::lower_bound(days.begin(), days.end(), day,
                          [](const DayMinutes& row, DayNumber number) { return row.day < number; });
}

void CountDay(Volunteer& volunteer, const DayMinutes& minutes, int sign) {
  if (minutes.credited + minutes.honorary == 0) return;
  auto at = DayAt(volunteer.days, minutes.day);
  if (at == volunteer.days.end() || at->day != minutes.day) {
    at = volunteer.days.insert(at, {minutes.day, 0, 0});
  }
  at->credited = static_cast<uint16_t>(at->credited + sign * minutes.credited);
  at->honorary = static_cast<uint16_t>(at->honorary + sign * minutes.honorary);
  if (at->credited + at->honorary == 0) volunteer.days.erase(at);
}

void CountInterval(Volunteer& volunteer, const ServedInterval& served, bool add) {
  const auto at = std::lower_bound(
      volunteer.intervals.begin(), volunteer.intervals.end(), served.start_minute,
      [](const ServedInterval& other, uint32_t start) { return other.start_minute < start; });
  if (add) {
    volunteer.intervals.insert(at, served);
  } else {
    MB_CHECK(at != volunteer.intervals.end() && *at == served);
    volunteer.intervals.erase(at);
  }
}

void CountActivity(Volunteer& volunteer, uint32_t activity, int64_t minutes) {
  if (minutes == 0) return;
  auto at = std::find_if(volunteer.activities.begin(), volunteer.activities.end(),
                         [&](const ActivityMinutes& row) { return row.activity == activity; });
  if (at == volunteer.activities.end()) {
    at = volunteer.activities.insert(at, {activity, 0});
  }
  at->minutes = static_cast<uint32_t>(at->minutes + minutes);
  if (at->minutes == 0) volunteer.activities.erase(at);
}

void CountAward(Volunteer& volunteer, const std::string& award, int32_t year, int64_t times) {
  auto at =
      std::find_if(volunteer.awards.begin(), volunteer.awards.end(),
                   [&](const AwardCount& row) { return row.award == award && row.year == year; });
  if (at == volunteer.awards.end()) at = volunteer.awards.insert(at, {award, year, 0});
  at->times = static_cast<uint32_t>(at->times + times);
  if (at->times == 0) volunteer.awards.erase(at);
}

}  // namespace

void SetService(const v1::ServiceRecord& service, const Calendar& calendar, Record& record) {
  if (service.has_duration()) {
    record.day = *ParseDay(service.duration().service_day());
    record.start_minute = 0;
    record.minutes = service.duration().minutes();
    return;
  }
  const int64_t start_us = service.interval().start_us();
  record.day = calendar.DayOf(start_us);
  record.start_minute = static_cast<uint32_t>(start_us / kMicrosPerMinute);
  record.minutes =
      static_cast<uint32_t>((service.interval().end_us() - start_us) / kMicrosPerMinute);
}

Parts PartsOf(const Record& record, const Calendar& calendar) {
  if (record.start_minute == 0) return {{record.day, static_cast<int>(record.minutes)}};
  Parts parts;
  int64_t start_us = int64_t{record.start_minute} * kMicrosPerMinute;
  const int64_t end_us = start_us + int64_t{record.minutes} * kMicrosPerMinute;
  DayNumber day = record.day;
  while (start_us < end_us) {
    const int64_t left_us = std::min(end_us, calendar.StartOf(day + 1)) - start_us;
    // A minute belongs to the day that it begins in; some zones' days once began within one.
    const int64_t minutes = (left_us + kMicrosPerMinute - 1) / kMicrosPerMinute;
    // Zones have skipped days over the date line.
    if (minutes > 0) parts.push_back({day, static_cast<int>(minutes)});
    start_us += minutes * kMicrosPerMinute;
    ++day;
  }
  return parts;
}

int64_t OccurredUs(const Record& record, const Calendar& calendar) {
  if (record.start_minute == 0) return calendar.StartOf(record.day);
  return int64_t{record.start_minute} * kMicrosPerMinute;
}

DayMinutes MinutesOn(const Volunteer& volunteer, DayNumber day) {
  const auto found =
      std::lower_bound(volunteer.days.begin(), volunteer.days.end(), day,
                       [](const DayMinutes& row, DayNumber number) { return row.day < number; });
  if (found != volunteer.days.end() && found->day == day) return *found;
  return {day, 0, 0};
}

uint32_t CreditedInMonth(const Volunteer& volunteer, DayNumber day) {
  const DayNumber last = MonthEndAfter(day, 0);
  const DayNumber first = MonthStart(day);
  uint32_t sum = 0;
  for (const DayMinutes& row : volunteer.days) {
    if (row.day >= first && row.day <= last) sum += row.credited;
  }
  return sum;
}

uint32_t CreditedInActivity(const Volunteer& volunteer, uint32_t activity) {
  for (const ActivityMinutes& row : volunteer.activities) {
    if (row.activity == activity) return row.minutes;
  }
  return 0;
}

uint32_t TimesAwarded(const Volunteer& volunteer, const std::string& award, int32_t year) {
  for (const AwardCount& row : volunteer.awards) {
    if (row.award == award && row.year == year) return row.times;
  }
  return 0;
}

bool Overlaps(const Volunteer& volunteer, const ServedInterval& interval) {
  // Disjoint and sorted by start, so ends ascend too: the first that ends after our start decides.
  const auto found = std::upper_bound(
      volunteer.intervals.begin(), volunteer.intervals.end(), interval.start_minute,
      [](uint32_t start, const ServedInterval& served) { return start < served.end_minute(); });
  return found != volunteer.intervals.end() && found->start_minute < interval.end_minute();
}

void CountRecord(Volunteer& volunteer, const Record& record, const std::vector<Rule>& rules,
                 bool add) {
  const int sign = add ? 1 : -1;
  if (record.is_award()) {
    CountAward(volunteer, record.award, YearOf(record.day), sign);
    return;
  }
  if (record.start_minute != 0) CountInterval(volunteer, IntervalOf(record), add);
  for (const Segment& segment : record.segments) {
    CountDay(volunteer, {segment.day, segment.credited, segment.honorary}, sign);
    volunteer.credited_minutes += static_cast<uint64_t>(int64_t{sign} * segment.credited);
    volunteer.honorary_minutes += static_cast<uint64_t>(int64_t{sign} * segment.honorary);
    const Rule& rule = rules[segment.rule_version - 1];
    if (rule.earning().has_credited_minutes_per_activity()) {
      CountActivity(volunteer, record.activity, int64_t{sign} * segment.credited);
    }
  }
}

void MergeService(Volunteer& survivor, const Volunteer& ending) {
  for (const ServedInterval& served : ending.intervals) CountInterval(survivor, served, true);
  for (const DayMinutes& day : ending.days) CountDay(survivor, day, 1);
  for (const ActivityMinutes& row : ending.activities) {
    CountActivity(survivor, row.activity, row.minutes);
  }
  for (const AwardCount& row : ending.awards) {
    CountAward(survivor, row.award, row.year, row.times);
  }
  survivor.credited_minutes += ending.credited_minutes;
  survivor.honorary_minutes += ending.honorary_minutes;
}

}  // namespace meritbook
