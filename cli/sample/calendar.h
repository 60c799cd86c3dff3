// Owns the county's two years: days, minutes and seconds counted from 2021-01-01T00:00:00+08:00.
// Promises the texts of days and instants, and which days of the year draw how much service.
// Immutable after construction: any thread.
#ifndef MERITBOOK_CLI_SAMPLE_CALENDAR_H_
#define MERITBOOK_CLI_SAMPLE_CALENDAR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cli/sample/draw.h"

namespace meritbook::sample {

inline constexpr int kDays = 730;  // 2021 and 2022
inline constexpr int kDayMinutes = 24 * 60;
inline constexpr int64_t kDaySeconds = 24 * 60 * 60;
inline constexpr int64_t kLastSecond = kDays * kDaySeconds - 1;  // 2022-12-31T23:59:59+08:00

inline constexpr int64_t SecondOf(int64_t minute) { return minute * 60; }
inline constexpr int DayOf(int64_t minute) { return static_cast<int>(minute / kDayMinutes); }

bool IsWeekend(int day);
bool IsLeiFengDay(int day);

// Appends "2021-03-05".
void AppendDay(int day, std::string& text);
// Appends "2021-03-05T09:00:00+08:00".
void AppendInstant(int64_t second, std::string& text);

// Days by weight, for draws.
class DayWeights {
 public:
  // How the county serves: weekends, 5 March and 5 December stand out, the New Year's holidays
  // are quiet, and the platform grows.
  static DayWeights OfService();
  // Rush hours are on working days, but the crossings are watched on market days too.
  static DayWeights OfTraffic();

  // A day in first … last (both included, within the two years).
  int DrawDay(Draw& draw, int first, int last) const;

 private:
  explicit DayWeights(const std::vector<int>& weights);
  std::vector<int64_t> sums_;  // sums_[d] = the weight of all days before d
};

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_CALENDAR_H_
