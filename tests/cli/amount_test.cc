// Amounts, records and sheets as people write them.
#include "cli/amount.h"

#include <gtest/gtest.h>

#include <string>

#include "cli/attendance_file.h"
#include "cli/request_id.h"

namespace meritbook::cli {
namespace {

TEST(Points, AreExactOrRefused) {
  struct {
    const char* text;
    int64_t units;
  } const kRows[] = {{"12.50", 75'000},
                     {"12.5", 75'000},
                     {"+3", 18'000},
                     {"0.01", 60},
                     {"-0.01", -60},
                     {"0.005", 30},
                     {"7.000000000", 42'000},
                     {"-2", -12'000},
                     {"1000000000", 6'000'000'000'000}};
  for (const auto& row : kRows) {
    const auto units = ParsePoints(row.text);
    ASSERT_TRUE(units.ok()) << row.text << " " << units.status();
    EXPECT_EQ(*units, row.units) << row.text;
  }
  for (const char* bad : {"", "-", "+", ".5", "5.", "1,5", "1e3", "0x1", " 1", "1 ", "--1", "1.2.3",
                          "1000000001", "1000000000.01", "99999999999999999999", "１２"}) {
    EXPECT_FALSE(ParsePoints(bad).ok()) << bad;
  }
  for (const char* rounded : {"0.0001", "0.3333", "1.00001", "0.0000001"}) {
    const auto units = ParsePoints(rounded);
    ASSERT_FALSE(units.ok()) << rounded;
    EXPECT_NE(units.status().message().find("rounded"), std::string::npos) << units.status();
  }
}

TEST(Yuan, AreExactFen) {
  struct {
    const char* text;
    int64_t fen;
  } const kRows[] = {
      {"12.50", 1'250}, {"12.5", 1'250},   {"+3", 300}, {"0.01", 1},
      {"-0.01", -1},    {"-500", -50'000}, {"0", 0},    {"10000000000", 1'000'000'000'000}};
  for (const auto& row : kRows) {
    const auto fen = ParseYuan(row.text);
    ASSERT_TRUE(fen.ok()) << row.text << " " << fen.status();
    EXPECT_EQ(*fen, row.fen) << row.text;
  }
  for (const char* bad :
       {"", "-", ".5", "5.", "1.234", "1.2.3", "1,5", "1e3", " 1", "10000000001"}) {
    EXPECT_FALSE(ParseYuan(bad).ok()) << bad;
  }
}

TEST(Whole, HasDigitsOnlyAndAMaximum) {
  EXPECT_EQ(*ParseWhole("0", 10), 0);
  EXPECT_EQ(*ParseWhole("10", 10), 10);
  for (const char* bad : {"", "-1", "+1", "11", "1.0", "99999999999999999999"}) {
    EXPECT_FALSE(ParseWhole(bad, 10).ok()) << bad;
  }
}

TEST(RecordRef, IsPlatformAndRecord) {
  const auto ref = ParseRecordRef("town-app/r:1.2");
  ASSERT_TRUE(ref.ok()) << ref.status();
  EXPECT_EQ(ref->source(), "town-app");
  EXPECT_EQ(ref->record_id(), "r:1.2");
  for (const char* bad : {"", "r-1", "/r-1", "app/", "app/r/1", "/"}) {
    EXPECT_FALSE(ParseRecordRef(bad).ok()) << bad;
  }
}

TEST(Service, HasClockTimesOrALength) {
  ServiceFlags flags;
  flags.record_id = "r-1";
  flags.volunteer_id = "v-1";
  flags.activity_id = "care";
  EXPECT_FALSE(ParseService(flags).ok());
  ServiceFlags clock = flags;
  clock.from = "2021-03-05T09:00:00+08:00";
  EXPECT_FALSE(ParseService(clock).ok());
  clock.to = "2021-03-05T11:00:00+08:00";
  const auto served = ParseService(clock);
  ASSERT_TRUE(served.ok()) << served.status();
  EXPECT_EQ(served->interval().end_us() - served->interval().start_us(), 7'200'000'000);
  EXPECT_FALSE(served->has_session_id());
  clock.minutes = 30;
  EXPECT_FALSE(ParseService(clock).ok());
  ServiceFlags length = flags;
  length.day = "2021-03-05";
  EXPECT_FALSE(ParseService(length).ok());
  length.minutes = 30;
  length.session_id = "s-1";
  const auto sheet = ParseService(length);
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  EXPECT_EQ(sheet->duration().minutes(), 30U);
  EXPECT_EQ(sheet->session_id(), "s-1");
  length.day = "";
  EXPECT_FALSE(ParseService(length).ok());
}

TEST(Attendance, NamesEachOnce) {
  const auto sheet = ParseAttendance("sheet.csv",
                                     "volunteer_id,record_id,ends_at\n"
                                     "v-1,r-1,\n"
                                     "v-2,r-2,2021-03-06T10:00:00+08:00\n");
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  ASSERT_EQ(sheet->size(), 2U);
  EXPECT_EQ((*sheet)[0].record_id(), "r-1");
  EXPECT_FALSE((*sheet)[0].has_end_us());
  EXPECT_FALSE((*sheet)[1].has_start_us());
  EXPECT_EQ((*sheet)[1].end_us(), 1'614'996'000'000'000);

  const std::string header = "record_id,volunteer_id,starts_at,ends_at\n";
  struct {
    std::string text;
    const char* names;
  } const kRows[] = {{"", "line 1"},
                     {"record_id\nr-1\n", "volunteer_id"},
                     {"record_id,volunteer_id,name\n", "'name' is unknown"},
                     {header, "nobody"},
                     {header + "r-1,v-1,,\nr-1,v-2,,\n", "line 3, column record_id"},
                     {header + "r-1,v-1,,\nr-2,v-1,,\n", "line 3, column volunteer_id"},
                     {header + ",v-1,,\n", "line 2, column record_id"},
                     {header + "r-1,v-1,9 o'clock,\n", "line 2, column starts_at"},
                     {header + "r-1,v-1\n", "line 2: 2 fields"},
                     {header + "r-1,\"v-1,,\n", "line 2: a quote"}};
  for (const auto& row : kRows) {
    const auto parsed = ParseAttendance("sheet.csv", row.text);
    ASSERT_FALSE(parsed.ok()) << row.text;
    EXPECT_NE(parsed.status().message().find(row.names), std::string::npos) << parsed.status();
  }
}

TEST(Attendance, HasAMaximum) {
  std::string text = "record_id,volunteer_id\n";
  for (size_t i = 0; i < kAttendeesMax; ++i) {
    text += "r-" + std::to_string(i) + ",v-" + std::to_string(i) + "\n";
  }
  EXPECT_TRUE(ParseAttendance("sheet.csv", text).ok());
  EXPECT_FALSE(ParseAttendance("sheet.csv", text + "r-x,v-x\n").ok());
}

TEST(RequestId, FollowsFromTheContentOrIsRandom) {
  EXPECT_EQ(ContentId("p-", "a"), ContentId("p-", "a"));
  EXPECT_NE(ContentId("p-", "a"), ContentId("p-", "b"));
  EXPECT_LE(ContentId("attendance-", "a").size(), 64U);
  EXPECT_NE(*RandomId("p-"), *RandomId("p-"));
}

}  // namespace
}  // namespace meritbook::cli
