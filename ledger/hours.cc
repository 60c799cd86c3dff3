#include "ledger/hours.h"

#include <algorithm>

#include "ledger/units.h"

namespace meritbook {

absl::InlinedVector<DayPart, 2> PartsOf(const v1::CreditHours& command, const Calendar& calendar) {
  if (command.has_duration()) {
    return {{*ParseDay(command.duration().service_day()),
             static_cast<int>(command.duration().minutes())}};
  }
  absl::InlinedVector<DayPart, 2> parts;
  int64_t start_us = command.interval().start_us();
  const int64_t end_us = command.interval().end_us();
  DayNumber day = calendar.DayOf(start_us);
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

ServedInterval IntervalOf(const v1::ServiceInterval& interval) {
  return {static_cast<uint32_t>(interval.start_us() / kMicrosPerMinute),
          static_cast<uint32_t>((interval.end_us() - interval.start_us()) / kMicrosPerMinute)};
}

DayMinutes MinutesOn(const Volunteer& volunteer, DayNumber day) {
  const auto found =
      std::lower_bound(volunteer.days.begin(), volunteer.days.end(), day,
                       [](const DayMinutes& row, DayNumber number) { return row.day < number; });
  if (found != volunteer.days.end() && found->day == day) return *found;
  return {day, 0, 0};
}

bool Overlaps(const Volunteer& volunteer, const ServedInterval& interval) {
  // Disjoint and sorted by start, so ends ascend too: the first that ends after our start decides.
  const auto found = std::upper_bound(
      volunteer.intervals.begin(), volunteer.intervals.end(), interval.start_minute,
      [](uint32_t start, const ServedInterval& served) { return start < served.end_minute(); });
  return found != volunteer.intervals.end() && found->start_minute < interval.end_minute();
}

}  // namespace meritbook
