// What the clock comes to: lapses.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "ledger/units.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

// Ann has 25 points until 2022-02-28 and 50 until 2022-03-31, Bob 25 until 2022-03-31.
constexpr std::string_view kSaved = R"(use town
CreditHours record { record_id: "feb" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 } }
CreditHours record { record_id: "mar" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } }
CreditHours record { record_id: "bob" volunteer_id: "bob" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 } }
)";

// ledger/README.md, third example.
TEST(WorkedExample, LapseAtAMonthsEnd) {
  Script script;
  script.Given(kSaved);
  script.Given("at 2022-02-28 23:59\nsweep");
  EXPECT_EQ(script.volunteer("ann").available_units, 75 * kUnitsPerPoint);
  script.Given("at 2022-03-01 00:00\nsweep");
  const v1::Event event = script.last_event();
  const v1::PointsExpired& expired = event.points_expired();
  EXPECT_EQ(expired.volunteer_id(), "ann");
  ASSERT_EQ(expired.lots_size(), 1);
  EXPECT_EQ(FormatDay(expired.lots(0).expiry_day_number()), "2022-02-28");
  EXPECT_EQ(expired.lots(0).units(), 25 * kUnitsPerPoint);
  EXPECT_EQ(event.occurred_us(), script.Micros("2022-03-01 00:00"));
  EXPECT_EQ(script.volunteer("ann").available_units, 50 * kUnitsPerPoint);
  EXPECT_EQ(script.state().ledger().expired_units, 25 * kUnitsPerPoint);
  EXPECT_EQ(script.volunteer("ann").credited_minutes, 180u);  // hours don't lapse
}

TEST(Due, OccurredIsWhenTheLastDayEndedRecordedWhenItWasNoticed) {
  Script script;
  script.Given(kSaved);
  script.Given("at 2022-07-07 12:00\nsweep");
  const size_t size = script.events().size();
  // The oldest day first; within a day, and for what she has besides, in the order of arrival.
  const std::pair<const char*, const char*> want[] = {
      {"ann", "2022-03-01 00:00"}, {"ann", "2022-04-01 00:00"}, {"bob", "2022-04-01 00:00"}};
  for (size_t i = 0; i < 3; ++i) {
    const v1::Event event = script.event(size - 3 + i);
    EXPECT_EQ(event.points_expired().volunteer_id(), want[i].first);
    EXPECT_EQ(event.occurred_us(), script.Micros(want[i].second));
    EXPECT_EQ(event.recorded_us(), script.Micros("2022-07-07 12:00"));
  }
  EXPECT_EQ(script.state().ledger().available_units, 0);
  EXPECT_TRUE(script.state().dues().empty());
  script.Given("sweep");
  EXPECT_EQ(script.events().size(), size);
}

TEST(Due, RunsBeforeADecisionAndStandsWhenItIsRefused) {
  Script script;
  script.Given(kSaved);
  script.Given("at 2022-03-01 00:00");
  EXPECT_EQ(
      script.Run(
          R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "loaf" quantity: 2 })"),
      "BALANCE_TOO_LOW");
  EXPECT_TRUE(script.last_event().has_points_expired());
  EXPECT_EQ(script.volunteer("ann").available_units, 50 * kUnitsPerPoint);
}

TEST(Due, TheAnswerDoesNotDependOnTheSweep) {
  for (const bool swept : {false, true}) {
    Script script;
    script.Given(kSaved);
    script.Given("at 2022-03-15 00:00");
    if (swept) script.Given("sweep");
    script.Given(
        R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "loaf" quantity: 1 })");
    EXPECT_EQ(script.volunteer("ann").available_units, 20 * kUnitsPerPoint);
    EXPECT_EQ(script.state().ledger().expired_units, 25 * kUnitsPerPoint);
  }
}

TEST(Due, OthersWaitForTheSweep) {
  Script script;
  script.Given(kSaved);
  script.Given(R"(at 2022-07-07 12:00
by app source=app
PublishRule effective_from_day: "2022-01-01" earning { rates { category: "traffic" points_per_hour: 25 percentage: 100 } recording_unit_minutes: 15 credited_minutes_per_day: 480 backdating_days: 30 } expiry { never {} }
CreditHours record { record_id: "r9" volunteer_id: "bob" activity_id: "patrol" duration { service_day: "2022-07-07" minutes: 60 } })");
  EXPECT_EQ(script.volunteer("ann").available_units, 75 * kUnitsPerPoint);
  EXPECT_EQ(script.volunteer("bob").available_units, 25 * kUnitsPerPoint);
  EXPECT_EQ(script.volunteer("bob").lots.front().key.expiry, kNeverExpires);
  script.Given("at 2199-01-01 00:00\nsweep");
  EXPECT_EQ(script.volunteer("bob").available_units, 25 * kUnitsPerPoint);
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(Due, NoSweepWhileMigrating) {
  Script script;
  script.Given(R"(use old_town
CreditHours record { record_id: "feb" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 } }
at 2023-01-01 00:00
sweep)");
  EXPECT_TRUE(script.last_event().has_hours_credited());
  // A command's own recorded time is the clock.
  script.Given(R"(recorded 2022-03-01 00:00
by till merchant=bakery)");
  EXPECT_EQ(
      script.Run(
          R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })"),
      "BALANCE_TOO_LOW");
  EXPECT_TRUE(script.last_event().has_points_expired());
  EXPECT_EQ(script.last_event().recorded_us(), script.Micros("2022-03-01 00:00"));
}

TEST(Due, ACommandOutOfOrderMovesNoClock) {
  Script script;
  script.Given(R"(use old_town
at 2023-01-01 00:00
CreditHours record { record_id: "feb" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 } }
recorded 2022-04-15 00:00
OnboardMerchant merchant_id: "inn" kind: "lodging"
recorded 2022-03-15 00:00)");
  EXPECT_EQ(
      script.Run(
          R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })"),
      "RECORDED_TIME_BACKWARDS");
  EXPECT_TRUE(script.last_event().has_merchant_onboarded());
}

TEST(Due, ACreditThatComesAfterItsLapseLapsesNext) {
  Script script;
  script.Given("use town\nby committee\n" +
               RuleFrom("2021-01-01", "backdating_days: 3660", "rolling_months: 1") +
               "\nby app source=app\nat 2021-06-01 00:00\nCreditHours " +
               Served("r1", "ann", "2021-03-05", 60));
  const size_t size = script.events().size();
  EXPECT_TRUE(script.event(size - 2).has_hours_credited());
  const v1::Event event = script.last_event();
  EXPECT_EQ(Tell(event.points_expired().lots()), "25 to 2021-04-30");
  EXPECT_EQ(event.occurred_us(), script.Micros("2021-05-01 00:00"));
  EXPECT_EQ(event.recorded_us(), script.Micros("2021-06-01 00:00"));
  EXPECT_EQ(event.scope(), v1::REQUEST_SCOPE_UNSPECIFIED);
  EXPECT_EQ(event.command_first_sequence(), size - 1);
  EXPECT_EQ(event.command_event_count(), 1u);
  EXPECT_EQ(Purse(script, "ann"), "0; expired 25 to 2021-04-30");
}

// What happened to her points since `size`, one line for each of the ledger's own events.
std::vector<std::string> OwnEvents(const Script& script, size_t size) {
  std::vector<std::string> told;
  for (size_t i = size; i < script.events().size(); ++i) {
    const v1::Event event = script.event(i);
    if (event.has_points_matured()) {
      told.push_back(Text(event.points_matured().volunteer_id(), " matured ",
                          Tell(event.points_matured().inflow())));
    } else if (event.has_points_expired()) {
      told.push_back(Text(event.points_expired().volunteer_id(), " expired ",
                          Tell(event.points_expired().lots())));
    } else {
      continue;
    }
    EXPECT_EQ(event.scope(), v1::REQUEST_SCOPE_UNSPECIFIED);
    EXPECT_EQ(event.command_event_count(), 1u);
  }
  return told;
}

// Ann has 25 points of February, and 25 of March that mature on 17 March. Bob's 25 mature then,
// too.
const std::string kMaturing =
    "use town\nCreditHours " + Served("r0", "ann", "2021-02-20", 60) + "\nby committee\n" +
    RuleFrom("2021-03-01", "maturity_days: 7", "rolling_months: 1") +
    "\nby app source=app\nCreditHours " + Served("r1", "ann", "2021-03-05", 60) + "\nCreditHours " +
    Served("r2", "bob", "2021-03-05", 60) + "\n";

TEST(Due, MaturityAndLapseInTheOrderOfTheirDays) {
  Script script;
  script.Given(kMaturing);
  const size_t size = script.events().size();
  script.Given("at 2022-07-07 12:00\nsweep");
  EXPECT_EQ(
      OwnEvents(script, size),
      (std::vector<std::string>{"ann matured lots 25 to 2021-04-30", "ann expired 25 to 2021-04-30",
                                "ann expired 25 to 2022-02-28", "bob matured lots 25 to 2021-04-30",
                                "bob expired 25 to 2021-04-30"}));
  EXPECT_EQ(script.event(size).occurred_us(), script.Micros("2021-03-17 00:00"));
  EXPECT_EQ(script.event(size + 1).occurred_us(), script.Micros("2021-05-01 00:00"));
  EXPECT_EQ(script.event(size + 2).occurred_us(), script.Micros("2022-03-01 00:00"));
  EXPECT_TRUE(script.state().dues().empty());
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

// A server that was down gives nobody a grace that a timely sweep would not have given.
TEST(Due, MaturityNoticedLateIsAsOfItsDay) {
  const std::string saved =
      "use town\nby committee\n" +
      RuleFrom("2021-03-01", "maturity_days: 7", "rolling_months: 1 grace_days: 20") +
      "\nby app source=app\nCreditHours " + Served("r1", "ann", "2021-03-05", 60) + "\n";
  Script timely;
  timely.Given(saved + "at 2021-03-17 00:00\nsweep\nat 2021-05-10 12:00\nsweep");
  Script late;
  late.Given(saved + "at 2021-05-10 12:00\nsweep");
  for (const Script* script : {&timely, &late}) {
    EXPECT_EQ(script->volunteer("ann").available_units, 0);
    EXPECT_EQ(script->state().ledger().expired_units, 25 * kUnitsPerPoint);
  }
  EXPECT_EQ(timely.volunteer("ann").lost, late.volunteer("ann").lost);
}

// What matures on the day on which its lot lapses comes first, so that it lapses with it.
TEST(Due, OnOneDayMaturityComesBeforeLapse) {
  Script script;
  script.Given(
      "use town\nby committee\n" +
      RuleFrom("2021-01-01", "maturity_days: 7 backdating_days: 365", "rolling_months: 1") +
      "\nby app source=app\nat 2021-04-20 08:00\nCreditHours " +
      Served("r1", "ann", "2021-03-05", 60) + "\nat 2021-04-24 08:00\nCreditHours " +
      Served("r2", "ann", "2021-03-06", 60));
  const size_t size = script.events().size();
  script.Given("at 2021-05-01 00:00\nsweep");
  EXPECT_EQ(OwnEvents(script, size), (std::vector<std::string>{"ann matured lots 25 to 2021-04-30",
                                                               "ann matured lots 25 to 2021-04-30",
                                                               "ann expired 50 to 2021-04-30"}));
}

TEST(Due, MaturityRunsBeforeADecisionAndStandsWhenItIsRefused) {
  Script script;
  script.Given(kMaturing + "at 2021-03-17 00:00");
  const size_t size = script.events().size();
  EXPECT_EQ(script.Run(Buns("x1", "ann", 11)), "STOCK_TOO_LOW");
  EXPECT_EQ(OwnEvents(script, size),
            (std::vector<std::string>{"ann matured lots 25 to 2021-04-30"}));
  script.Given(Buns("x2", "ann", 10));
  EXPECT_EQ(Purse(script, "ann"), "0");
}

// Of whom a record, an order or a change speaks, what is due comes before the decision.
TEST(Due, RunsForWhomACommandConcerns) {
  const std::string saved =
      "use town\nCreditHours " + Served("r1", "ann", "2021-03-05", 60) + "\nSubmitHours " +
      Served("r2", "ann", "2021-03-06", 60) + "\nCreditHours " +
      Served("r3", "bob", "2021-03-05", 60) +
      R"(
RegisterOrganisation organisation_id: "redcross" kind: ORGANISATION_KIND_CAUSE
by till merchant=bakery
)" + Buns("x1", "ann", 1) +
      "\nby lin\n" +
      Propose("p1", R"(merge_volunteers { volunteer_id: "bob" survivor_id: "ann" })") +
      "\nby mei\nat 2022-04-01 00:00\n";
  const std::pair<std::string, std::vector<std::string>> rows[] = {
      {Approve("r2"), {"ann"}},
      {Dispute("r1"), {"ann"}},
      {Revoke("r1"), {"ann"}},
      {Correct("r1", Served("r9", "ann", "2021-03-05", 30, "patrol", "replacement")), {"ann"}},
      {R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_MOVED)", {"ann"}},
      {Agree("p1"), {"bob", "ann"}},
      {"by till merchant=bakery\n" + Return("x1", 1), {"ann"}},
  };
  for (const auto& [command, want] : rows) {
    SCOPED_TRACE(command);
    Script script;
    script.Given(saved);
    const size_t size = script.events().size();
    script.Given(command);
    std::vector<std::string> got;
    for (size_t i = size; i < script.events().size(); ++i) {
      if (!script.event(i).has_points_expired()) break;
      got.push_back(script.event(i).points_expired().volunteer_id());
    }
    EXPECT_EQ(got, want);
    EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
  }
}

// Several volunteers of one command, each with a lot that has lapsed.
TEST(Due, WhatACommandOfManyEventsMakesDueFollowsItsLastEvent) {
  Script script;
  script.Given("use town\nby committee\n" +
               RuleFrom("2021-01-01", "auto_minutes_per_day: 480 backdating_days: 365",
                        "rolling_months: 1") +
               R"(
by app source=app
at 2021-06-01 00:00
RecordAttendance activity_id: "patrol" start_us: @2021-03-05T09:00 end_us: @2021-03-05T10:00 attendees { record_id: "a1" volunteer_id: "ann" } attendees { record_id: "a2" volunteer_id: "bob" })");
  const size_t size = script.events().size();
  EXPECT_TRUE(script.event(size - 5).has_attendance_recorded());
  EXPECT_TRUE(script.event(size - 3).has_hours_submitted());
  EXPECT_EQ(
      OwnEvents(script, size - 2),
      (std::vector<std::string>{"ann expired 25 to 2021-04-30", "bob expired 25 to 2021-04-30"}));
}

TEST(Due, ASweepTakesSoManyVolunteersAtMost) {
  Script script;
  script.Given(kSaved);
  Ledger ledger("linhai");
  for (const std::string& event : script.events()) ASSERT_TRUE(ledger.Replay(event).ok());
  auto salt = [] { return uint64_t{1}; };
  const int64_t wall_us = script.Micros("2022-07-07 12:00");
  size_t emitted = 0;
  const auto count = [&](std::string_view) { ++emitted; };
  EXPECT_EQ(ledger.Sweep({wall_us, salt}, 0, count), 0u);
  EXPECT_EQ(ledger.Sweep({wall_us, salt}, 1, count), 1u);
  EXPECT_EQ(emitted, 2u);  // both lots of Ann's
  EXPECT_EQ(ledger.Sweep({wall_us, salt}, 5, count), 1u);
  EXPECT_EQ(ledger.Sweep({wall_us, salt}, 5, count), 0u);
}

}  // namespace
}  // namespace meritbook
