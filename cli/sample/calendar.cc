#include "cli/sample/calendar.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace meritbook::sample {
namespace {

constexpr int kFirstSaturday = 1;                   // 2021-01-01 was a Friday
constexpr int kLeiFengDays[] = {63, 365 + 63};      // 5 March
constexpr int kVolunteerDays[] = {338, 365 + 338};  // 5 December, the UN's volunteer day
constexpr int kSpringFestivals[] = {41, 365 + 30};  // 2021-02-11, 2022-01-31: a week from each
constexpr int kTextDays = kDays + 400;              // an activity may end after the two years

const std::vector<std::string>& DayTexts() {
  static const std::vector<std::string>* const texts = [] {
    auto* all = new std::vector<std::string>;
    all->reserve(kTextDays);
    const absl::CivilDay first(2021, 1, 1);
    for (int day = 0; day < kTextDays; ++day) {
      all->push_back(absl::FormatCivilTime(first + day));
    }
    return all;
  }();
  return *texts;
}

void AppendTwoDigits(int64_t value, std::string& text) {
  text.push_back(static_cast<char>('0' + value / 10));
  text.push_back(static_cast<char>('0' + value % 10));
}

}  // namespace

bool IsWeekend(int day) {
  const int weekday = day % 7;
  return weekday == kFirstSaturday || weekday == kFirstSaturday + 1;
}

bool IsLeiFengDay(int day) { return day == kLeiFengDays[0] || day == kLeiFengDays[1]; }

void AppendDay(int day, std::string& text) { text += DayTexts()[static_cast<size_t>(day)]; }

void AppendInstant(int64_t second, std::string& text) {
  AppendDay(static_cast<int>(second / kDaySeconds), text);
  const int64_t of_day = second % kDaySeconds;
  text.push_back('T');
  AppendTwoDigits(of_day / 3600, text);
  text.push_back(':');
  AppendTwoDigits(of_day / 60 % 60, text);
  text.push_back(':');
  AppendTwoDigits(of_day % 60, text);
  text += "+08:00";
}

DayWeights::DayWeights(const std::vector<int>& weights) {
  sums_.reserve(weights.size() + 1);
  sums_.push_back(0);
  for (int weight : weights) sums_.push_back(sums_.back() + weight);
}

DayWeights DayWeights::OfService() {
  std::vector<int> weights;
  for (int day = 0; day < kDays; ++day) {
    int weight = IsWeekend(day) ? 26 : 10;
    for (int feng : kLeiFengDays) {
      if (day >= feng - 4 && day <= feng + 9) weight += 8;
    }
    if (IsLeiFengDay(day)) weight = 170;
    if (day == kVolunteerDays[0] || day == kVolunteerDays[1]) weight = 60;
    for (int festival : kSpringFestivals) {
      if (day >= festival && day < festival + 7) weight = 5;
    }
    weights.push_back(weight * (80 * kDays + 40 * day) / kDays);
  }
  return DayWeights(weights);
}

DayWeights DayWeights::OfTraffic() {
  std::vector<int> weights;
  for (int day = 0; day < kDays; ++day) weights.push_back(IsWeekend(day) ? 2 : 3);
  return DayWeights(weights);
}

int DayWeights::DrawDay(Draw& draw, int first, int last) const {
  const int64_t low = sums_[static_cast<size_t>(first)];
  const int64_t high = sums_[static_cast<size_t>(last) + 1];
  const int64_t at = low + draw.Below(high - low);
  const auto behind = std::upper_bound(sums_.begin(), sums_.end(), at);
  return static_cast<int>(behind - sums_.begin()) - 1;
}

}  // namespace meritbook::sample
