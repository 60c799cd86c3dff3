#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "cli/audit/zone_days.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kHourUs = 60 * kMinuteUs;

TEST(AuditDays, SplitsAtTheZonesMidnight) {
  const auto days = ZoneDays::Load("Asia/Shanghai");
  ASSERT_TRUE(days.has_value());
  EXPECT_EQ(days->StartOf(0), -8 * kHourUs);
  EXPECT_EQ(days->DayOf(16 * kHourUs - 1), 0);
  EXPECT_EQ(days->DayOf(16 * kHourUs), 1);
  EXPECT_FALSE(ZoneDays::Load("Asia/Nowhere").has_value());
}

// China had summer time from 1986 to 1991: a day of 23 hours, one of 25.
TEST(AuditDays, KnowsDaysThatAreNot24Hours) {
  const auto days = ZoneDays::Load("Asia/Shanghai");
  ASSERT_TRUE(days.has_value());
  const int32_t spring = *DayFromText("1986-05-04");
  const int32_t autumn = *DayFromText("1986-09-14");
  EXPECT_EQ(days->StartOf(spring + 1) - days->StartOf(spring), 23 * kHourUs);
  EXPECT_EQ(days->StartOf(autumn + 1) - days->StartOf(autumn), 25 * kHourUs);
}

TEST(AuditDays, FindsTheDayOfEveryBoundary) {
  for (const char* zone : {"UTC", "Asia/Shanghai", "America/Sao_Paulo", "Pacific/Kiritimati"}) {
    const auto days = ZoneDays::Load(zone);
    ASSERT_TRUE(days.has_value()) << zone;
    for (int32_t day = 1; day < 84'000; ++day) {
      // Kiritimati went over the date line and had no 1 January 1995.
      if (days->StartOf(day) == days->StartOf(day + 1)) continue;
      if (days->StartOf(day) == days->StartOf(day - 1)) continue;
      ASSERT_EQ(days->DayOf(days->StartOf(day)), day) << zone;
      ASSERT_EQ(days->DayOf(days->StartOf(day) - 1), day - 1) << zone;
    }
  }
}

TEST(AuditDays, ReadsDays) {
  EXPECT_EQ(DayFromText("1970-01-01"), 0);
  EXPECT_EQ(DayFromText("2021-03-05"), 18'691);
  EXPECT_EQ(DayFromText("2199-12-31"), 84'005);
  for (const char* text : {"", "2021-3-05", "2021-02-29", "2021/03/05", "2021-03-05 ", "1969-12-31",
                           "2200-01-01", "2021-00-10", "2021-13-01", "+021-03-05"}) {
    EXPECT_FALSE(DayFromText(text).has_value()) << text;
  }
}

TEST(AuditDays, CountsMonthsToTheirEnd) {
  const struct {
    const char* day;
    uint32_t months;
    const char* want;
  } rows[] = {{"2021-01-31", 1, "2021-02-28"},
              {"2020-01-01", 1, "2020-02-29"},
              {"2021-12-31", 12, "2022-12-31"},
              {"2021-03-05", 1'200, "2121-03-31"}};
  for (const auto& row : rows) {
    EXPECT_EQ(MonthsLaterMonthEnd(*DayFromText(row.day), row.months), *DayFromText(row.want));
  }
  EXPECT_EQ(LastOfYear(*DayFromText("2020-02-29")), *DayFromText("2020-12-31"));
}

}  // namespace
}  // namespace meritbook::audit
