// Owns: days of a ledger's time zone, as numbers since 1970-01-01.
// Promises: the same answer on every machine with the same time-zone data; no clock is read.
// Thread: any; a Calendar is an immutable value.
#ifndef MERITBOOK_LEDGER_CALENDAR_H_
#define MERITBOOK_LEDGER_CALENDAR_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace meritbook {

// Days since 1970-01-01.
using DayNumber = int32_t;
// Months since 1970-01.
using MonthNumber = int32_t;

// The expiry of units that never lapse; sorts after every real day.
inline constexpr DayNumber kNeverExpires = std::numeric_limits<DayNumber>::max();

class Calendar {
 public:
  // Nothing for a zone that this machine's time-zone data doesn't know, or that isn't the same
  // everywhere, such as `localtime`.
  static std::optional<Calendar> ForZone(const std::string& name);

  // The last day that has begun; never decreases in time.
  DayNumber DayOf(int64_t instant_us) const;
  // The first instant of a day.
  int64_t StartOf(DayNumber day) const;

 private:
  explicit Calendar(absl::TimeZone zone) : zone_(zone) {}
  absl::TimeZone zone_;
};

// "2021-03-05" -> 18691; nothing for any other form, for 30 February, before 1970, after 2199.
std::optional<DayNumber> ParseDay(std::string_view text);
std::string FormatDay(DayNumber day);

// The last day of the month that lies `months` after the month of `day`.
DayNumber MonthEndAfter(DayNumber day, uint32_t months);
// The first day of the month of `day`.
DayNumber MonthStart(DayNumber day);
int32_t YearOf(DayNumber day);
MonthNumber MonthOf(DayNumber day);
// The first day of a month.
DayNumber FirstDayOf(MonthNumber month);
// "2021-03" -> 614; nothing for any other form, before 1970, after 2199.
std::optional<MonthNumber> ParseMonth(std::string_view text);
std::string FormatMonth(MonthNumber month);
// 31 December of the year of `day`.
DayNumber YearEnd(DayNumber day);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_CALENDAR_H_
