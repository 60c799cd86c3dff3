// Days of the two zones that the model knows.
#include <chrono>
#include <cstdio>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

using std::chrono::Sunday;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kDayUs = int64_t{24} * 60 * kMinuteUs;
constexpr int64_t kHour = 3600;  // in seconds

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

int64_t SecondsOf(sys_days day) { return int64_t{day.time_since_epoch().count()} * 86'400; }

int NumberOf(sys_days day) { return static_cast<int>(day.time_since_epoch().count()); }

year_month_day DateOf(int day) { return sys_days(std::chrono::days(day)); }

// What a zone's clock is ahead of UTC, in seconds.
int64_t Ahead(const std::string& zone, int64_t us) {
  if (zone == "Asia/Shanghai") return 8 * kHour;
  // America/New_York since 2007: summer time from the second Sunday of March, 2:00, to the first
  // Sunday of November, 2:00.
  const int64_t seconds = FloorDivide(us, kSecondUs);
  const year y = DateOf(static_cast<int>(FloorDivide(seconds, 86'400))).year();
  const int64_t from = SecondsOf(sys_days(y / std::chrono::March / Sunday[2])) + 7 * kHour;
  const int64_t to = SecondsOf(sys_days(y / std::chrono::November / Sunday[1])) + 6 * kHour;
  return (seconds >= from && seconds < to ? -4 : -5) * kHour;
}

}  // namespace

std::optional<int> DayNumber(const std::string& text) {
  int y = 0;
  int m = 0;
  int d = 0;
  if (text.size() != 10 || std::sscanf(text.c_str(), "%4d-%2d-%2d", &y, &m, &d) != 3) {
    return std::nullopt;
  }
  const year_month_day day{year(y), std::chrono::month(static_cast<unsigned>(m)),
                           std::chrono::day(static_cast<unsigned>(d))};
  if (!day.ok()) return std::nullopt;
  return NumberOf(sys_days(day));
}

int DayIn(const std::string& zone, int64_t us) {
  return static_cast<int>(FloorDivide(us + Ahead(zone, us) * kSecondUs, kDayUs));
}

int64_t StartIn(const std::string& zone, int day) {
  // Neither zone's clock changes at midnight: what it is ahead then is what it was an hour before.
  const int64_t near_us = day * kDayUs + (zone == "Asia/Shanghai" ? -8 : 5) * kHour * kSecondUs;
  return day * kDayUs - Ahead(zone, near_us - 60 * kMinuteUs) * kSecondUs;
}

int LastDay(const v1::ExpiryRule& rule, int from) {
  const year_month_day day = DateOf(from);
  if (rule.has_rolling_months()) {
    // From month to month, one by one.
    auto month = day.year() / day.month();
    for (uint32_t i = 0; i < rule.rolling_months(); ++i) month += std::chrono::months(1);
    return NumberOf(sys_days(month / std::chrono::last));
  }
  if (rule.has_year_end_grace_days()) {
    return NumberOf(sys_days(day.year() / std::chrono::December / 31)) +
           static_cast<int>(rule.year_end_grace_days());
  }
  return kNever;
}

int YearOf(int day) { return static_cast<int>(DateOf(day).year()); }

std::pair<int, int> MonthOf(int day) {
  return {YearOf(day), static_cast<int>(static_cast<unsigned>(DateOf(day).month()))};
}

int MonthNumberOf(int day) {
  const auto [year, month] = MonthOf(day);
  return (year - 1970) * 12 + month - 1;
}

std::optional<int> MonthNumber(const std::string& text) {
  const std::optional<int> first = text.size() == 7 ? DayNumber(text + "-01") : std::nullopt;
  if (!first || YearOf(*first) < 1970 || YearOf(*first) > 2199) return std::nullopt;
  return MonthNumberOf(*first);
}

std::string MonthText(int month) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d", 1970 + month / 12, 1 + month % 12);
  return text;
}

int PeriodOf(v1::LimitPeriod period, int day) {
  if (period == v1::LIMIT_PERIOD_DAY) return day;
  if (period == v1::LIMIT_PERIOD_MONTH) return MonthNumberOf(day);
  if (period == v1::LIMIT_PERIOD_YEAR) return YearOf(day);
  return 0;
}

int FirstDayOf(int month) { return *DayNumber(MonthText(month) + "-01"); }

int Model::DayOf(int64_t us) const { return DayIn(zone, us); }
int64_t Model::StartOf(int day) const { return StartIn(zone, day); }

const v1::PublishRule* Model::RuleOf(int day) const {
  const v1::PublishRule* newest = nullptr;
  for (const v1::PublishRule& rule : rules) {
    if (*DayNumber(rule.effective_from_day()) <= day) newest = &rule;
  }
  return newest;
}

}  // namespace meritbook::model
