// Owns: the days of a ledger's time zone, as numbers since 1970-01-01.
// Promises: days from 1970 to 2199 in a table, so that a look-up costs no time-zone search.
// Thread: any; immutable once loaded.
#ifndef MERITBOOK_CLI_AUDIT_ZONE_DAYS_H_
#define MERITBOOK_CLI_AUDIT_ZONE_DAYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace meritbook::audit {

// Instants that the auditor can count with: after 1970-01-01, before 2200-01-01, UTC.
inline constexpr int64_t kInstantUsMax = int64_t{7'258'118'400} * 1'000'000;
inline bool IsInstant(int64_t instant_us) { return instant_us > 0 && instant_us <= kInstantUsMax; }

inline constexpr int64_t kMinuteUs = 60'000'000;

class ZoneDays {
 public:
  static ZoneDays Utc();
  // Nothing for a zone that this machine's time-zone data doesn't know.
  static std::optional<ZoneDays> Load(const std::string& zone);

  // Instants outside of the table count as the table's nearest day.
  int32_t DayOf(int64_t instant_us) const;
  // The first instant of a day of the table.
  int64_t StartOf(int32_t day) const;

 private:
  using Starts = std::vector<int64_t>;
  explicit ZoneDays(const Starts& starts_us) : starts_us_(&starts_us) {}
  // The table of a zone, made once in the life of the program.
  static const Starts& StartsOf(const std::string& name, const absl::TimeZone& zone);

  const Starts* starts_us_;
};

// "2021-03-05" -> 18691; nothing for any other form or a day that isn't from 1970 to 2199.
std::optional<int32_t> DayFromText(std::string_view text);

// The last day of the month that lies `months` after the month of `day`.
int32_t MonthsLaterMonthEnd(int32_t day, uint32_t months);
// The first day of the month of `day`.
int32_t FirstOfMonth(int32_t day);
// The calendar year of `day`.
int32_t YearOf(int32_t day);
// 31 December of the year of `day`.
int32_t LastOfYear(int32_t day);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_ZONE_DAYS_H_
