#include "cli/audit/zone_days.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <mutex>

#include "absl/time/civil_time.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kDayUs = 24 * 60 * kMinuteUs;
// A zone's clock may be a day away from UTC at either end of the table.
constexpr int32_t kFirstDay = -2;
constexpr int32_t kEndDay = 84'010;

constexpr absl::CivilDay kEpoch(1970, 1, 1);

}  // namespace

const ZoneDays::Starts& ZoneDays::StartsOf(const std::string& name, const absl::TimeZone& zone) {
  static std::mutex mutex;
  static std::map<std::string, Starts> tables;
  const std::lock_guard<std::mutex> lock(mutex);
  Starts& starts_us = tables[name];
  if (!starts_us.empty()) return starts_us;
  starts_us.reserve(kEndDay - kFirstDay);
  for (int32_t day = kFirstDay; day < kEndDay; ++day) {
    const absl::TimeZone::TimeInfo midnight = zone.At(absl::CivilSecond(kEpoch + day));
    // Where clocks jump over midnight, the day starts at the jump.
    const bool skipped = midnight.kind == absl::TimeZone::TimeInfo::SKIPPED;
    starts_us.push_back(absl::ToUnixMicros(skipped ? midnight.trans : midnight.pre));
  }
  return starts_us;
}

ZoneDays ZoneDays::Utc() { return ZoneDays(StartsOf("UTC", absl::UTCTimeZone())); }

std::optional<ZoneDays> ZoneDays::Load(const std::string& zone) {
  absl::TimeZone found;
  if (!absl::LoadTimeZone(zone, &found)) return std::nullopt;
  return ZoneDays(StartsOf(zone, found));
}

int32_t ZoneDays::DayOf(int64_t instant_us) const {
  const int64_t bounded_us =
      std::clamp(instant_us, starts_us_->front(), starts_us_->back() + kDayUs - 1);
  // Days are 24 hours but for a few, so the guess is at most one off.
  const auto last = static_cast<int64_t>(starts_us_->size()) - 1;
  int64_t index = std::min((bounded_us - starts_us_->front()) / kDayUs, last);
  while (index > 0 && bounded_us < (*starts_us_)[static_cast<size_t>(index)]) --index;
  while (index < last && bounded_us >= (*starts_us_)[static_cast<size_t>(index) + 1]) ++index;
  return static_cast<int32_t>(index) + kFirstDay;
}

int64_t ZoneDays::StartOf(int32_t day) const {
  const int32_t bounded = std::clamp(day, kFirstDay, kEndDay - 1);
  return (*starts_us_)[static_cast<size_t>(bounded - kFirstDay)];
}

std::optional<int32_t> DayFromText(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int fields[3] = {0, 0, 0};
  int field = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      ++field;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    fields[field] = fields[field] * 10 + (text[i] - '0');
  }
  if (fields[0] < 1970 || fields[0] > 2199) return std::nullopt;
  const absl::CivilDay day(fields[0], fields[1], fields[2]);
  // A day that isn't in the calendar comes back as another one.
  if (day.month() != fields[1] || day.day() != fields[2]) return std::nullopt;
  return static_cast<int32_t>(day - kEpoch);
}

int32_t MonthsLaterMonthEnd(int32_t day, uint32_t months) {
  const absl::CivilMonth following = absl::CivilMonth(kEpoch + day) + months + 1;
  return static_cast<int32_t>(absl::CivilDay(following) - kEpoch) - 1;
}

int32_t FirstOfMonth(int32_t day) {
  return static_cast<int32_t>(absl::CivilDay(absl::CivilMonth(kEpoch + day)) - kEpoch);
}

int32_t YearOf(int32_t day) { return static_cast<int32_t>((kEpoch + day).year()); }

int32_t LastOfYear(int32_t day) {
  const absl::CivilYear following = absl::CivilYear(kEpoch + day) + 1;
  return static_cast<int32_t>(absl::CivilDay(following) - kEpoch) - 1;
}

}  // namespace meritbook::audit
