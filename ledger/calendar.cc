#include "ledger/calendar.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr absl::CivilDay kEpoch(1970, 1, 1);

DayNumber NumberOf(absl::CivilDay day) { return static_cast<DayNumber>(day - kEpoch); }

// A name of the time-zone data, as opposed to what absl::LoadTimeZone takes besides: paths, the
// machine's own zone, fixed offsets. Zones under right/ count leap seconds.
bool IsZoneName(std::string_view name) {
  const bool spelt = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '_' || c == '-' ||
           c == '+';
  });
  return spelt && !name.empty() && name.front() != '/' && name != "localtime" &&
         name != "posixrules" && !name.starts_with("right/") && !name.starts_with("posix/");
}

}  // namespace

std::optional<Calendar> Calendar::ForZone(const std::string& name) {
  absl::TimeZone zone;
  if (!IsZoneName(name) || !absl::LoadTimeZone(name, &zone)) return std::nullopt;
  return Calendar(zone);
}

DayNumber Calendar::DayOf(int64_t instant_us) const {
  const absl::CivilHour hour = absl::ToCivilHour(absl::FromUnixMicros(instant_us), zone_);
  const DayNumber day = NumberOf(absl::CivilDay(hour));
  // Where clocks go back over midnight, a day's end comes once more after the next day began. Since
  // 1970 they have gone back by three hours at most.
  if (hour.hour() < 20) return day;
  return StartOf(day + 1) <= instant_us ? day + 1 : day;
}

int64_t Calendar::StartOf(DayNumber day) const {
  return absl::ToUnixMicros(absl::FromCivil(kEpoch + day, zone_));
}

std::optional<DayNumber> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int parts[3] = {0, 0, 0};
  int part = 0;
  for (char c : text) {
    if (c == '-') {
      if (++part == 3) return std::nullopt;
      continue;
    }
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return std::nullopt;
    parts[part] = parts[part] * 10 + (c - '0');
  }
  const absl::CivilDay day(parts[0], parts[1], parts[2]);
  if (day.year() != parts[0] || day.month() != parts[1] || day.day() != parts[2]) {
    return std::nullopt;
  }
  if (parts[0] < 1970 || parts[0] > 2199) return std::nullopt;
  return NumberOf(day);
}

std::string FormatDay(DayNumber day) {
  const absl::CivilDay civil = kEpoch + day;
  return absl::StrFormat("%04d-%02d-%02d", civil.year(), civil.month(), civil.day());
}

DayNumber MonthEndAfter(DayNumber day, uint32_t months) {
  const absl::CivilMonth month(kEpoch + day);
  return NumberOf(absl::CivilDay(month + static_cast<int>(months) + 1) - 1);
}

DayNumber MonthStart(DayNumber day) {
  return NumberOf(absl::CivilDay(absl::CivilMonth(kEpoch + day)));
}

int32_t YearOf(DayNumber day) { return static_cast<int32_t>((kEpoch + day).year()); }

MonthNumber MonthOf(DayNumber day) {
  return static_cast<MonthNumber>(absl::CivilMonth(kEpoch + day) - absl::CivilMonth(kEpoch));
}

DayNumber FirstDayOf(MonthNumber month) {
  return NumberOf(absl::CivilDay(absl::CivilMonth(kEpoch) + month));
}

std::optional<MonthNumber> ParseMonth(std::string_view text) {
  if (text.size() != 7) return std::nullopt;
  const auto day = ParseDay(Text(text, "-01"));
  if (!day) return std::nullopt;
  return MonthOf(*day);
}

std::string FormatMonth(MonthNumber month) { return FormatDay(FirstDayOf(month)).substr(0, 7); }

DayNumber YearEnd(DayNumber day) { return NumberOf(absl::CivilDay((kEpoch + day).year(), 12, 31)); }

}  // namespace meritbook
