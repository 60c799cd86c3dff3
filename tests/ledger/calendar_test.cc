#include "ledger/calendar.h"

#include <gtest/gtest.h>

#include <tuple>

#include "ledger/hours.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

constexpr int64_t kMinuteUs = 60'000'000;
constexpr int64_t kHourUs = 60 * kMinuteUs;

int64_t Utc(std::string_view text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, std::string(text), &time, &error)) << error;
  return absl::ToUnixMicros(time);
}

TEST(Day, Parses) {
  EXPECT_EQ(ParseDay("1970-01-01"), 0);
  EXPECT_EQ(ParseDay("2021-03-05"), 18691);
  EXPECT_EQ(ParseDay("2000-02-29"), 11016);
  EXPECT_EQ(FormatDay(*ParseDay("2199-12-31")), "2199-12-31");
  for (const char* text :
       {"",           "1969-12-31", "2200-01-01", "2021-02-29",  "2100-02-29",  "2021-04-31",
        "2021-00-01", "2021-13-01", "2021-01-00", "2021-1-01",   "2021-01-1",   "20210101",
        "2021/01/01", "021-01-01",  "-021-01-01", "2021-01-01 ", " 2021-01-01", "2021-01--1",
        "2o21-01-01", "20-1-01-01"}) {
    EXPECT_FALSE(ParseDay(text).has_value()) << text;
  }
}

TEST(Day, EveryDayComesBack) {
  for (DayNumber day = 0; day <= *ParseDay("2199-12-31"); ++day) {
    ASSERT_EQ(ParseDay(FormatDay(day)), day);
  }
}

TEST(Month, EndsAfter) {
  const std::tuple<const char*, uint32_t, const char*> rows[] = {
      {"2021-01-31", 1, "2021-02-28"},  {"2020-01-31", 1, "2020-02-29"},
      {"2021-01-01", 1, "2021-02-28"},  {"2021-12-15", 1, "2022-01-31"},
      {"2021-03-05", 12, "2022-03-31"}, {"2020-02-29", 48, "2024-02-29"},
      {"2021-11-30", 3, "2022-02-28"},  {"1999-12-31", 1200, "2099-12-31"},
      {"2096-02-01", 48, "2100-02-28"},  // no leap year
  };
  for (const auto& [day, months, want] : rows) {
    EXPECT_EQ(FormatDay(MonthEndAfter(*ParseDay(day), months)), want) << day << " + " << months;
  }
}

TEST(Year, Ends) {
  EXPECT_EQ(FormatDay(YearEnd(*ParseDay("2020-01-01"))), "2020-12-31");
  EXPECT_EQ(FormatDay(YearEnd(*ParseDay("2020-12-31"))), "2020-12-31");
}

TEST(Zone, Names) {
  for (const char* name : {"Asia/Shanghai", "UTC", "Etc/GMT-14", "America/Argentina/Ushuaia"}) {
    EXPECT_TRUE(Calendar::ForZone(name).has_value()) << name;
  }
  for (const char* name :
       {"", "Asia", "Nowhere/Town", "localtime", "libc:localtime", "file:Asia/Shanghai",
        "Fixed/UTC+08:00:00", "/usr/share/zoneinfo/Asia/Shanghai", "../zoneinfo/Asia/Shanghai",
        "right/Asia/Shanghai", "posix/Asia/Shanghai", "posixrules", "Asia/Shanghai "}) {
    EXPECT_FALSE(Calendar::ForZone(name).has_value()) << name;
  }
}

TEST(Zone, DaysChangeAtMidnight) {
  const Calendar shanghai = *Calendar::ForZone("Asia/Shanghai");
  const DayNumber day = *ParseDay("2021-03-05");
  EXPECT_EQ(shanghai.StartOf(day), Utc("2021-03-04T16:00:00Z"));
  EXPECT_EQ(shanghai.DayOf(Utc("2021-03-04T16:00:00Z")), day);
  EXPECT_EQ(shanghai.DayOf(Utc("2021-03-04T16:00:00Z") - 1), day - 1);
}

struct SplitRow {
  const char* name;
  const char* zone;
  const char* start;
  const char* end;
  std::vector<std::pair<const char*, int>> want;
};

// Chosen for what their clocks do.
const SplitRow kSplits[] = {
    {"within a day",
     "Asia/Shanghai",
     "2021-03-05T01:00:00Z",
     "2021-03-05T03:00:00Z",
     {{"2021-03-05", 120}}},
    {"until midnight",
     "Asia/Shanghai",
     "2021-03-05T15:00:00Z",
     "2021-03-05T16:00:00Z",
     {{"2021-03-05", 60}}},
    {"from midnight",
     "Asia/Shanghai",
     "2021-03-05T16:00:00Z",
     "2021-03-05T17:00:00Z",
     {{"2021-03-06", 60}}},
    {"over midnight",
     "Asia/Shanghai",
     "2021-03-05T14:00:00Z",
     "2021-03-05T22:30:00Z",
     {{"2021-03-05", 120}, {"2021-03-06", 390}}},
    {"over a leap day",
     "Asia/Shanghai",
     "2024-02-28T15:59:00Z",
     "2024-02-29T16:01:00Z",
     {{"2024-02-28", 1}, {"2024-02-29", 1440}, {"2024-03-01", 1}}},
    {"over a year's end",
     "Asia/Shanghai",
     "2020-12-31T15:00:00Z",
     "2020-12-31T17:00:00Z",
     {{"2020-12-31", 60}, {"2021-01-01", 60}}},
    {"Shanghai had summer time until 1991",
     "Asia/Shanghai",
     "1991-04-13T15:00:00Z",
     "1991-04-14T16:00:00Z",
     {{"1991-04-13", 60}, {"1991-04-14", 1380}, {"1991-04-15", 60}}},
    {"an hour less in spring",
     "America/New_York",
     "2021-03-14T04:00:00Z",
     "2021-03-15T05:00:00Z",
     {{"2021-03-13", 60}, {"2021-03-14", 1380}, {"2021-03-15", 60}}},
    {"an hour more in autumn",
     "America/New_York",
     "2021-11-07T03:00:00Z",
     "2021-11-08T06:00:00Z",
     {{"2021-11-06", 60}, {"2021-11-07", 1500}, {"2021-11-08", 60}}},
    {"a midnight that there wasn't",
     "America/Sao_Paulo",
     "2018-11-04T02:00:00Z",
     "2018-11-05T03:00:00Z",
     {{"2018-11-03", 60}, {"2018-11-04", 1380}, {"2018-11-05", 60}}},
    {"a midnight that came twice",
     "America/Havana",
     "2021-11-07T03:30:00Z",
     "2021-11-07T06:30:00Z",
     {{"2021-11-06", 30}, {"2021-11-07", 150}}},
    // 00:01 became 23:01 of the day before; what had begun is not taken back.
    {"back over midnight",
     "America/St_Johns",
     "2006-10-29T02:00:00Z",
     "2006-10-29T05:00:00Z",
     {{"2006-10-28", 30}, {"2006-10-29", 150}}},
    {"from a minute that came twice",
     "America/St_Johns",
     "2006-10-29T02:45:00Z",
     "2006-10-29T03:45:00Z",
     {{"2006-10-29", 60}}},
    {"a day that there wasn't",
     "Pacific/Apia",
     "2011-12-30T09:00:00Z",
     "2011-12-30T11:00:00Z",
     {{"2011-12-29", 60}, {"2011-12-31", 60}}},
    // 44 minutes and 30 seconds behind UTC: the minute belongs to the day that it begins in.
    {"midnight within a minute",
     "Africa/Monrovia",
     "1971-01-01T00:30:00Z",
     "1971-01-01T01:00:00Z",
     {{"1970-12-31", 15}, {"1971-01-01", 15}}},
};

TEST(Zone, ShiftsAreSplitAtMidnight) {
  for (const SplitRow& row : kSplits) {
    SCOPED_TRACE(row.name);
    v1::ServiceRecord service;
    service.mutable_interval()->set_start_us(Utc(row.start));
    service.mutable_interval()->set_end_us(Utc(row.end));
    const Calendar calendar = *Calendar::ForZone(row.zone);
    Record record;
    SetService(service, calendar, record);
    std::vector<std::pair<std::string, int>> got;
    for (const DayPart& part : PartsOf(record, calendar)) {
      got.emplace_back(FormatDay(part.day), part.minutes);
    }
    const std::vector<std::pair<std::string, int>> want(row.want.begin(), row.want.end());
    EXPECT_EQ(got, want);
  }
}

// In zones with odd clocks, too: days follow each other, and each instant lies in its day.
TEST(Zone, DaysCoverTimeWithoutGapOrOverlap) {
  for (const char* name :
       {"Asia/Shanghai", "America/New_York", "America/St_Johns", "America/Havana", "Pacific/Apia",
        "Africa/Monrovia", "Antarctica/Casey", "Australia/Lord_Howe"}) {
    SCOPED_TRACE(name);
    const Calendar calendar = *Calendar::ForZone(name);
    for (DayNumber day = 1; day < *ParseDay("2022-01-01"); ++day) {
      const int64_t start_us = calendar.StartOf(day);
      const int64_t end_us = calendar.StartOf(day + 1);
      ASSERT_LE(start_us, end_us);
      if (start_us == end_us) continue;  // skipped at the date line
      ASSERT_EQ(calendar.DayOf(start_us), day);
      ASSERT_EQ(calendar.DayOf(end_us - 1), day) << FormatDay(day);
      ASSERT_EQ(calendar.DayOf(end_us - kHourUs / 2), day) << FormatDay(day);
      ASSERT_LT(calendar.DayOf(start_us - 1), day) << FormatDay(day);
    }
  }
}

TEST(Calendar, Months) {
  EXPECT_EQ(ParseMonth("1970-01"), 0);
  EXPECT_EQ(ParseMonth("1970-12"), 11);
  EXPECT_EQ(ParseMonth("2021-03"), 614);
  EXPECT_EQ(ParseMonth("2199-12"), 2759);
  for (const char* text :
       {"", "2021", "2021-3", "2021-003", "2021-00", "2021-13", "1969-12", "2200-01", "2021/03",
        "2021-03-01", " 2021-03", "2021-03 ", "2021-0x", "-021-03", "２021-03"}) {
    EXPECT_EQ(ParseMonth(text), std::nullopt) << text;
  }
  for (const MonthNumber month : {0, 11, 12, 613, 614, 2759}) {
    EXPECT_EQ(ParseMonth(FormatMonth(month)), month);
    EXPECT_EQ(MonthOf(FirstDayOf(month)), month);
    EXPECT_EQ(MonthOf(FirstDayOf(month + 1) - 1), month);
  }
  EXPECT_EQ(FormatMonth(614), "2021-03");
  EXPECT_EQ(FormatDay(FirstDayOf(614)), "2021-03-01");
  EXPECT_EQ(MonthOf(*ParseDay("2020-02-29")), ParseMonth("2020-02"));
  EXPECT_EQ(MonthOf(*ParseDay("2021-12-31")), ParseMonth("2021-12"));
}

}  // namespace
}  // namespace meritbook
