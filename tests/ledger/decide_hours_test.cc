// Hours into points: every rule as a row, and the worked examples of ledger/README.md.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "ledger/units.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

const RuleTable
    kRules(
        {
            {"clock times are credited", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 } })",
             "ok"},
            {"a length is credited", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } })",
             "ok"},
            {"at a session", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" session_id: "s1" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T12:00 } })",
             "ok"},

            // Who and what.
            {"no platform, no hours", "use town\nby clerk",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } })",
             "SOURCE_MISSING"},
            {"a merchant's till posts no hours", "use town\nby till merchant=bakery",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } })",
             "SOURCE_MISSING"},
            {"unknown volunteer", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "eve" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } })",
             "VOLUNTEER_UNKNOWN command.record.volunteer_id"},
            {"unknown activity", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "parade" duration { service_day: "2021-03-05" minutes: 120 } })",
             "ACTIVITY_UNKNOWN command.record.activity_id"},
            {"unknown session", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" session_id: "s9" duration { service_day: "2021-03-05" minutes: 120 } })",
             "SESSION_UNKNOWN command.record.session_id"},
            {"session of another activity", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" session_id: "s2" duration { service_day: "2021-03-03" minutes: 120 } })",
             "SESSION_NOT_OF_ACTIVITY command.record.session_id"},
            {"the same record under another request id",
             R"(use town
CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } })",
             R"(CreditHours #other record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } })",
             "RECORD_EXISTS command.record.record_id"},
            {"a frozen volunteer is still credited",
             R"(use town
FreezeVolunteer volunteer_id: "ann" reason_code: "audit")",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } })",
             "ok"},

            // The rule of the day of service.
            {"no rule yet on that day", "use old_town\nrecorded 2021-03-10 08:00",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2020-12-31" minutes: 60 } })",
             "RULE_MISSING command.record.duration"},
            {"no rule on the first of two days", "use town\nat 2021-01-02 08:00",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2020-12-31T23:00 end_us: @2021-01-01T01:00 } })",
             "RULE_MISSING command.record.interval"},
            {"no rate for the category", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "reading" duration { service_day: "2021-03-05" minutes: 60 } })",
             "CATEGORY_UNKNOWN command.record.activity_id"},

            // The length.
            {"a length off the unit is refused, not rounded", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 119 } })",
             "MINUTES_OFF_UNIT command.record.duration"},
            {"clock times off the unit", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T09:16 } })",
             "MINUTES_OFF_UNIT command.record.interval"},
            {"one unit", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:07 end_us: @2021-03-05T09:22 } })",
             "ok"},

            // The time of service and now, which is 2021-03-10 08:00.
            {"until this minute", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-10T07:00 end_us: @2021-03-10T08:00 } })",
             "ok"},
            {"until the next minute", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-10T07:01 end_us: @2021-03-10T08:01 } })",
             "SERVICE_IN_FUTURE command.record.interval"},
            {"a length today", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-10" minutes: 60 } })",
             "ok"},
            {"a length tomorrow", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-11" minutes: 60 } })",
             "SERVICE_IN_FUTURE command.record.duration"},
            {"the last day of the backdating window", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-08" minutes: 60 } })",
             "ok"},
            {"a day longer ago", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-07" minutes: 60 } })",
             "SERVICE_TOO_OLD command.record.duration"},
            {"the window counts from the first day of a night shift", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-02-07T23:00 end_us: @2021-02-08T01:00 } })",
             "SERVICE_TOO_OLD command.record.interval"},

            // The life of the activity, 2021-03-02 08:00 to 03-04 20:00.
            {"from the activity's first minute", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "fair" interval { start_us: @2021-03-02T08:00 end_us: @2021-03-02T09:00 } })",
             "ok"},
            {"a minute before", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "fair" interval { start_us: @2021-03-02T07:59 end_us: @2021-03-02T08:59 } })",
             "SERVICE_BEFORE_ACTIVITY command.record.interval"},
            {"until the activity's last minute", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "fair" interval { start_us: @2021-03-04T19:00 end_us: @2021-03-04T20:00 } })",
             "ok"},
            {"a minute longer", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "fair" interval { start_us: @2021-03-04T19:01 end_us: @2021-03-04T20:01 } })",
             "SERVICE_AFTER_ACTIVITY command.record.interval"},
            {"a length on its first day", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "fair" duration { service_day: "2021-03-02" minutes: 60 } })",
             "ok"},
            {"a length the day before", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "fair" duration { service_day: "2021-03-01" minutes: 60 } })",
             "SERVICE_BEFORE_ACTIVITY command.record.duration"},
            {"a length on its last day", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "fair" duration { service_day: "2021-03-04" minutes: 60 } })",
             "ok"},
            {"a length the day after", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "fair" duration { service_day: "2021-03-05" minutes: 60 } })",
             "SERVICE_AFTER_ACTIVITY command.record.duration"},
            {"an activity that ends at midnight ends the day before",
             R"(use town
RegisterActivity activity_id: "short" organisation_id: "o1" category: "traffic" starts_us: @2021-03-02T00:00 ends_us: @2021-03-03T00:00)",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "short" duration { service_day: "2021-03-03" minutes: 60 } })",
             "SERVICE_AFTER_ACTIVITY command.record.duration"},

            // The session, 2021-03-05 09:00 to 12:00.
            {"before the session", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" session_id: "s1" interval { start_us: @2021-03-05T08:59 end_us: @2021-03-05T11:59 } })",
             "SERVICE_OUTSIDE_SESSION command.record.interval"},
            {"after the session", "use town", R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" session_id: "s1" interval { start_us: @2021-03-05T11:01 end_us: @2021-03-05T12:01 } })",
             "SERVICE_OUTSIDE_SESSION command.record.interval"},
            {"a length on the session's day", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" session_id: "s1" duration { service_day: "2021-03-05" minutes: 60 } })",
             "ok"},
            {"a length on another day", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" session_id: "s1" duration { service_day: "2021-03-06" minutes: 60 } })",
             "SERVICE_OUTSIDE_SESSION command.record.duration"},

            // A day has 1,440 minutes.
            {"a day to its brim",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 1380 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T23:00 end_us: @2021-03-06T01:00 } })",
             "ok"},
            {"a day beyond its brim",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 1380 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 75 } })",
             "DAY_OVERFULL command.record.duration"},
            {"the second day of a night shift counts too",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-06" minutes: 1425 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T23:00 end_us: @2021-03-06T00:30 } })",
             "DAY_OVERFULL command.record.interval"},
            {"seven days on end", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-01T07:00 end_us: @2021-03-08T07:00 } })",
             "ok"},
            {"and a minute", "use town",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-01T07:00 end_us: @2021-03-08T07:01 } })",
             "FIELD_INVALID command.record.interval.minutes"},

            // Nobody is in two places; [09:00, 11:00) is taken.
            {"overlap at the start",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T08:01 end_us: @2021-03-05T09:01 } })",
             "INTERVAL_OVERLAPS command.record.interval"},
            {"overlap at the end",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T10:59 end_us: @2021-03-05T11:59 } })",
             "INTERVAL_OVERLAPS command.record.interval"},
            {"overlap within",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:30 end_us: @2021-03-05T10:00 } })",
             "INTERVAL_OVERLAPS command.record.interval"},
            {"overlap around",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T08:00 end_us: @2021-03-05T12:00 } })",
             "INTERVAL_OVERLAPS command.record.interval"},
            {"end to end before",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T08:00 end_us: @2021-03-05T09:00 } })",
             "ok"},
            {"end to end after",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T11:00 end_us: @2021-03-05T12:00 } })",
             "ok"},
            {"somebody else at that time",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "bob" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 } })",
             "ok"},
            {"overlap with the long one of two",
             R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T15:00 } }
CreditHours record { record_id: "r2" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T15:00 end_us: @2021-03-05T16:00 } })",
             R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T14:45 end_us: @2021-03-05T15:00 } })",
             "INTERVAL_OVERLAPS command.record.interval"},
        });

TEST(DecideHours, Rules) { kRules.Run(); }

struct WantSegment {
  const char* day;
  uint32_t credited;
  uint32_t honorary;
  uint32_t rule_version;
  int64_t points;
  const char* expiry;  // null for never
};

void ExpectSegments(const v1::Event& event, const std::vector<WantSegment>& want) {
  const v1::Credit& credited = event.hours_credited().credit();
  ASSERT_EQ(credited.segments_size(), static_cast<int>(want.size()));
  for (size_t i = 0; i < want.size(); ++i) {
    SCOPED_TRACE(i);
    const v1::CreditSegment& segment = credited.segments(static_cast<int>(i));
    EXPECT_EQ(FormatDay(segment.service_day_number()), want[i].day);
    EXPECT_EQ(segment.credited_minutes(), want[i].credited);
    EXPECT_EQ(segment.honorary_minutes(), want[i].honorary);
    EXPECT_EQ(segment.rule_version(), want[i].rule_version);
    EXPECT_EQ(segment.units(), want[i].points * kUnitsPerPoint);
    EXPECT_EQ(segment.has_expiry_day_number(), want[i].expiry != nullptr);
    if (want[i].expiry != nullptr) {
      EXPECT_EQ(FormatDay(segment.expiry_day_number()), want[i].expiry);
    }
  }
}

// ledger/README.md, first example.
TEST(WorkedExample, NightShiftOverMidnightWithADayCap) {
  Script script;
  script.Given(R"(use town
CreditHours record { record_id: "day" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-02-28T09:00 end_us: @2021-02-28T16:00 } }
CreditHours record { record_id: "night" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-02-28T22:00 end_us: @2021-03-01T06:00 } })");
  // 480 minutes a day earn: after 420 in the day, 60 of the 120 before midnight do.
  ExpectSegments(script.last_event(), {{"2021-02-28", 60, 60, 1, 25, "2022-02-28"},
                                       {"2021-03-01", 360, 0, 1, 150, "2022-03-31"}});
  const Volunteer& ann = script.volunteer("ann");
  EXPECT_EQ(ann.available_units, (175 + 25 + 150) * kUnitsPerPoint);
  EXPECT_EQ(ann.credited_minutes, 840u);
  EXPECT_EQ(ann.honorary_minutes, 60u);
  ASSERT_EQ(ann.lots.size(), 2u);
  EXPECT_EQ(ann.lots[0].units, 200 * kUnitsPerPoint);
}

TEST(DecideHours, WhatLiesAboveTheCapIsHonorary) {
  Script script;
  script.Given(R"(use town
CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 495 } })");
  ExpectSegments(script.last_event(), {{"2021-03-05", 480, 15, 1, 200, "2022-03-31"}});
  script.Given(
      R"(CreditHours record { record_id: "r2" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 } })");
  ExpectSegments(script.last_event(), {{"2021-03-05", 0, 60, 1, 0, "2022-03-31"}});
  EXPECT_EQ(script.volunteer("ann").lots.size(), 1u);
}

TEST(DecideHours, TheRuleOfTheDayOfServiceGoverns) {
  Script script;
  script.Given(R"(use town
by committee
PublishRule effective_from_day: "2021-03-05" earning { rates { category: "traffic" points_per_hour: 30 percentage: 200 } recording_unit_minutes: 1 credited_minutes_per_day: 60 backdating_days: 0 } expiry { never {} }
by app source=app
CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-04T22:00 end_us: @2021-03-05T01:30 } })");
  // The unit and the window are those of the first day; rate, cap and expiry are each day's own.
  ExpectSegments(script.last_event(), {{"2021-03-04", 120, 0, 1, 50, "2022-03-31"},
                                       {"2021-03-05", 60, 30, 2, 60, nullptr}});
}

TEST(DecideHours, TheNewestOfTwoRulesOfOneDayGoverns) {
  Script script;
  script.Given(R"(use town
by committee
PublishRule effective_from_day: "2021-01-01" earning { rates { category: "traffic" points_per_hour: 1 percentage: 1 } recording_unit_minutes: 1 credited_minutes_per_day: 480 backdating_days: 30 } expiry { year_end_grace_days: 31 }
by app source=app
CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T22:30 end_us: @2021-03-05T22:31 } })");
  const v1::CreditSegment segment = script.last_event().hours_credited().credit().segments(0);
  EXPECT_EQ(segment.rule_version(), 2u);
  EXPECT_EQ(segment.units(), 1);  // the smallest credit there is
  EXPECT_EQ(FormatDay(segment.expiry_day_number()), "2022-01-31");
}

TEST(DecideHours, OccurredIsTheStartOfService) {
  Script script;
  script.Given(R"(use town
CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T22:00 end_us: @2021-03-06T01:00 } })");
  EXPECT_EQ(script.last_event().occurred_us(), script.Micros("2021-03-05 22:00"));
  EXPECT_EQ(script.last_event().recorded_us(), script.Micros("2021-03-10 08:00"));
  script.Given(
      R"(CreditHours record { record_id: "r2" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 15 } })");
  EXPECT_EQ(script.last_event().occurred_us(), script.Micros("2021-03-05 00:00"));
}

struct CapRow {
  const char* name;
  std::string given;  // after `use town`
  std::string record;
  const char* want;
};

// What several caps leave of a record. 60 minutes are 25 points.
TEST(DecideHours, Caps) {
  const auto rule = [](std::string_view day, std::string_view earning) {
    return "by committee\n" + RuleFrom(day, earning) + "\nby app source=app\n";
  };
  const auto credit = [](std::string_view record, std::string_view day, int minutes,
                         std::string_view activity = "patrol") {
    return "CreditHours " + Served(record, "ann", day, minutes, activity) + "\n";
  };
  const std::string month = rule("2021-01-01", "credited_minutes_per_month: 300");
  const std::string activity = rule("2021-01-01", "credited_minutes_per_activity: 150");
  const CapRow rows[] = {
      {"a month to its brim", month + credit("r0", "2021-03-05", 240),
       Served("r1", "ann", "2021-03-06", 60), "2021-03-06 60+0 v2 25 to 2022-03-31"},
      {"a month beyond its brim", month + credit("r0", "2021-03-05", 240),
       Served("r1", "ann", "2021-03-06", 120), "2021-03-06 60+60 v2 25 to 2022-03-31"},
      {"a full month", month + credit("r0", "2021-03-05", 300),
       Served("r1", "ann", "2021-03-06", 120), "2021-03-06 0+120 v2 0 to 2022-03-31"},
      {"a day before counts, too", month + credit("r0", "2021-03-06", 240),
       Served("r1", "ann", "2021-03-01", 120), "2021-03-01 60+60 v2 25 to 2022-03-31"},
      {"honorary minutes leave room",
       month + "BackfillHours " + Served("r0", "ann", "2021-03-05", 300),
       Served("r1", "ann", "2021-03-06", 120), "2021-03-06 120+0 v2 50 to 2022-03-31"},
      {"another month", month + credit("r0", "2021-03-05", 300) + "at 2021-04-02 00:00",
       Served("r1", "ann", "2021-04-01", 120), "2021-04-01 120+0 v2 50 to 2022-04-30"},
      {"a night over the end of a month",
       month + "at 2021-04-02 00:00\n" + credit("r0", "2021-03-30", 240),
       Clocked("r1", "ann", "2021-03-31T22:00", "2021-04-01T02:00"),
       "2021-03-31 60+60 v2 25 to 2022-03-31, 2021-04-01 120+0 v2 50 to 2022-04-30"},
      {"the parts of a record count one after the other", month + credit("r0", "2021-03-01", 120),
       Clocked("r1", "ann", "2021-03-05T22:00", "2021-03-06T02:00"),
       "2021-03-05 120+0 v2 50 to 2022-03-31, 2021-03-06 60+60 v2 25 to 2022-03-31"},
      {"a month that began without the cap",
       credit("r0", "2021-03-05", 240) + rule("2021-03-06", "credited_minutes_per_month: 300"),
       Served("r1", "ann", "2021-03-06", 120), "2021-03-06 60+60 v2 25 to 2022-03-31"},
      {"a month that stands above the cap",
       credit("r0", "2021-03-05", 480) + rule("2021-03-06", "credited_minutes_per_month: 300"),
       Served("r1", "ann", "2021-03-06", 120), "2021-03-06 0+120 v2 0 to 2022-03-31"},
      {"an activity beyond its cap", activity + credit("r0", "2021-03-05", 120),
       Served("r1", "ann", "2021-03-06", 60), "2021-03-06 30+30 v2 12.5 to 2022-03-31"},
      {"another activity", activity + credit("r0", "2021-03-05", 120),
       Served("r1", "ann", "2021-03-03", 60, "fair"), "2021-03-03 60+0 v2 25 to 2022-03-31"},
      {"for ever", activity + credit("r0", "2021-03-05", 150) + "at 2021-06-02 00:00",
       Served("r1", "ann", "2021-06-01", 60), "2021-06-01 0+60 v2 0 to 2022-06-30"},
      {"over the parts of a record", activity,
       Clocked("r1", "ann", "2021-03-05T22:00", "2021-03-06T02:00"),
       "2021-03-05 120+0 v2 50 to 2022-03-31, 2021-03-06 30+90 v2 12.5 to 2022-03-31"},
      {"service before the cap doesn't count towards it",
       credit("r0", "2021-03-05", 120) + rule("2021-03-06", "credited_minutes_per_activity: 150"),
       Served("r1", "ann", "2021-03-06", 120), "2021-03-06 120+0 v2 50 to 2022-03-31"},
      {"nor is it held by it",
       credit("r0", "2021-03-05", 120) + rule("2021-03-06", "credited_minutes_per_activity: 150") +
           credit("r2", "2021-03-06", 150),
       Served("r1", "ann", "2021-03-04", 120), "2021-03-04 120+0 v1 50 to 2022-03-31"},
      {"a night into a rule with more room in the month",
       month + rule("2021-03-06", "credited_minutes_per_month: 600") +
           credit("r0", "2021-03-01", 240),
       Clocked("r1", "ann", "2021-03-05T22:00", "2021-03-06T02:00"),
       "2021-03-05 60+60 v2 25 to 2022-03-31, 2021-03-06 120+0 v3 50 to 2022-03-31"},
      {"a night into a rule without such a cap",
       month + rule("2021-03-06", "") + credit("r0", "2021-03-01", 240),
       Clocked("r1", "ann", "2021-03-05T22:00", "2021-03-06T02:00"),
       "2021-03-05 60+60 v2 25 to 2022-03-31, 2021-03-06 120+0 v3 50 to 2022-03-31"},
      {"a night into a rule with less room in the month",
       month + rule("2021-03-06", "credited_minutes_per_month: 200"),
       Clocked("r1", "ann", "2021-03-05T22:00", "2021-03-06T02:00"),
       "2021-03-05 120+0 v2 50 to 2022-03-31, 2021-03-06 80+40 v3 33 and 2000 units to "
       "2022-03-31"},
      {"a night into a rule with more room in the activity",
       activity + rule("2021-03-06", "credited_minutes_per_activity: 600") +
           credit("r0", "2021-03-01", 120),
       Clocked("r1", "ann", "2021-03-05T22:00", "2021-03-06T02:00"),
       "2021-03-05 30+90 v2 12.5 to 2022-03-31, 2021-03-06 120+0 v3 50 to 2022-03-31"},
      {"a night into a rule with less room in the activity",
       activity + rule("2021-03-06", "credited_minutes_per_activity: 130"),
       Clocked("r1", "ann", "2021-03-05T22:00", "2021-03-06T02:00"),
       "2021-03-05 120+0 v2 50 to 2022-03-31, 2021-03-06 10+110 v3 4 and 1000 units to "
       "2022-03-31"},
      {"the least room of three",
       rule("2021-01-01",
            "credited_minutes_per_day: 90 credited_minutes_per_month: 75 "
            "credited_minutes_per_activity: 60"),
       Served("r1", "ann", "2021-03-05", 120), "2021-03-05 60+60 v2 25 to 2022-03-31"},
      {"now of the month",
       rule("2021-01-01",
            "credited_minutes_per_day: 90 credited_minutes_per_month: 60 "
            "credited_minutes_per_activity: 75"),
       Served("r1", "ann", "2021-03-05", 120), "2021-03-05 60+60 v2 25 to 2022-03-31"},
      {"now of the day",
       rule("2021-01-01",
            "credited_minutes_per_day: 60 credited_minutes_per_month: 90 "
            "credited_minutes_per_activity: 75"),
       Served("r1", "ann", "2021-03-05", 120), "2021-03-05 60+60 v2 25 to 2022-03-31"},
  };
  for (const CapRow& row : rows) {
    SCOPED_TRACE(row.name);
    Script script;
    script.Given("use town\n" + row.given);
    ASSERT_EQ(script.Run("CreditHours " + row.record), "ok") << script.refused().message;
    EXPECT_EQ(Tell(script.last_event().hours_credited().credit()), row.want);
    EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
  }
}

// What is taken back leaves its room.
TEST(DecideHours, RevokedMinutesLeaveRoomUnderEveryCap) {
  Script script;
  script.Given("use town\nby committee\n" +
               RuleFrom("2021-01-01",
                        "credited_minutes_per_day: 120 credited_minutes_per_month: 120 "
                        "credited_minutes_per_activity: 120") +
               "\nby app source=app\nCreditHours " + Served("r1", "ann", "2021-03-05", 120) + "\n" +
               Revoke("r1") + "\nCreditHours " + Served("r2", "ann", "2021-03-05", 120));
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
            "2021-03-05 120+0 v2 50 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "120+0");
}

struct ExpiryRow {
  const char* name;
  const char* expiry;
  const char* at;
  const char* day;
  const char* want;
};

// The last day of 60 minutes.
TEST(DecideHours, Expiry) {
  const ExpiryRow rows[] = {
      {"never", "never {}", "2021-03-10 08:00", "2021-03-05", "never"},
      {"the month's end a month later", "rolling_months: 1", "2021-03-10 08:00", "2021-03-05",
       "2021-04-30"},
      {"February's", "rolling_months: 12", "2021-03-10 08:00", "2021-02-20", "2022-02-28"},
      {"the year's end", "year_end_grace_days: 0", "2021-03-10 08:00", "2021-03-05", "2021-12-31"},
      {"and a month", "year_end_grace_days: 31", "2021-03-10 08:00", "2021-03-05", "2022-01-31"},
      {"counted from today", "rolling_months: 1 from_crediting: true", "2021-04-02 08:00",
       "2021-03-05", "2021-05-31"},
      {"the end of today's year", "year_end_grace_days: 0 from_crediting: true", "2022-01-02 08:00",
       "2021-12-31", "2022-12-31"},
      {"in time, so without grace", "rolling_months: 1 grace_days: 30", "2021-04-30 23:59",
       "2021-03-31", "2021-04-30"},
      {"too late, so with grace", "rolling_months: 1 grace_days: 30", "2021-05-01 00:00",
       "2021-03-31", "2021-05-30 graced"},
      {"the last day of grace", "rolling_months: 1 grace_days: 30", "2021-05-30 23:59",
       "2021-03-31", "2021-05-30 graced"},
  };
  for (const ExpiryRow& row : rows) {
    SCOPED_TRACE(row.name);
    Script script;
    script.Given(Text(
        "use town\nby committee\n", RuleFrom("2021-01-01", "backdating_days: 365", row.expiry),
        "\nby app source=app\nat ", row.at, "\nCreditHours ", Served("r1", "ann", row.day, 60)));
    EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
              Text(row.day, " 60+0 v2 25 to ", row.want));
    EXPECT_EQ(Purse(script, "ann"), Text("25: 25 to ", row.want));
    EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
  }
}

}  // namespace
}  // namespace meritbook
