#include "cli/instant.h"

#include <cstddef>

namespace meritbook::cli {
namespace {

constexpr const char* kShape = "not a time as 2021-03-05T09:00:00+08:00";
constexpr size_t kSecondsEnd = 19;  // of "2021-03-05T09:00:00"
constexpr size_t kFractionDigitsMax = 6;

// -1 when one of them is no digit.
template <size_t kCount>
int Digits(const char* at) {
  int value = 0;
  for (size_t i = 0; i < kCount; ++i) {
    const unsigned digit = static_cast<unsigned char>(at[i]) - unsigned{'0'};
    if (digit > 9) return -1;
    value = value * 10 + static_cast<int>(digit);
  }
  return value;
}

bool IsLeapYear(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[month - 1];
}

// Days since 1970-01-01, by years that begin in March so that the leap day comes last
// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
int64_t DayNumber(int year, int month, int day) {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

ParsedInstant Fault(const char* fault) { return {0, fault}; }

}  // namespace

ParsedInstant ParseInstant(std::string_view text) {
  if (text.size() <= kSecondsEnd) return Fault(kShape);
  const char* const at = text.data();
  if (at[4] != '-' || at[7] != '-' || at[10] != 'T' || at[13] != ':' || at[16] != ':') {
    return Fault(kShape);
  }
  const int year = Digits<4>(at);
  const int month = Digits<2>(at + 5);
  const int day = Digits<2>(at + 8);
  const int hour = Digits<2>(at + 11);
  const int minute = Digits<2>(at + 14);
  const int second = Digits<2>(at + 17);
  if ((year | month | day | hour | minute | second) < 0) return Fault(kShape);
  if (month < 1 || month > 12) return Fault("there is no such month");
  if (day < 1 || day > DaysInMonth(year, month)) return Fault("the month has no such day");
  if (hour > 23) return Fault("the hour is not 00 to 23");
  if (minute > 59) return Fault("the minute is not 00 to 59");
  if (second > 59) return Fault("the second is not 00 to 59");

  size_t next = kSecondsEnd;
  int64_t fraction_us = 0;
  if (at[next] == '.') {
    const size_t begin = ++next;
    int64_t scale_us = 100'000;
    for (; next < text.size() && at[next] >= '0' && at[next] <= '9'; ++next) {
      fraction_us += (at[next] - '0') * scale_us;
      scale_us /= 10;
    }
    if (next == begin) return Fault(kShape);
    if (next - begin > kFractionDigitsMax) return Fault("more digits than microseconds have");
  }

  const std::string_view offset = text.substr(next);
  int64_t offset_minutes = 0;
  if (offset != "Z") {
    if (offset.empty()) return Fault("the offset is missing, such as +08:00 or Z");
    if (offset.size() != 6 || (offset[0] != '+' && offset[0] != '-') || offset[3] != ':') {
      return Fault("the offset is not as +08:00 or Z");
    }
    const int hours = Digits<2>(offset.data() + 1);
    const int minutes = Digits<2>(offset.data() + 4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
      return Fault("the offset is not as +08:00 or Z");
    }
    offset_minutes = (offset[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
  }
  const int64_t seconds =
      DayNumber(year, month, day) * 86'400 + hour * 3'600 + (minute - offset_minutes) * 60 + second;
  return {seconds * 1'000'000 + fraction_us, nullptr};
}

}  // namespace meritbook::cli
