// What the clock comes to: lapses.
#include <gtest/gtest.h>

#include "ledger/units.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

// Ann has 25 points until 2022-02-28 and 50 until 2022-03-31, Bob 25 until 2022-03-31.
constexpr std::string_view kSaved = R"(use town
CreditHours record_id: "feb" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 }
CreditHours record_id: "mar" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 }
CreditHours record_id: "bob" volunteer_id: "bob" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 }
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
  EXPECT_TRUE(script.state().expiries().empty());
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
CreditHours record_id: "r9" volunteer_id: "bob" activity_id: "patrol" duration { service_day: "2022-07-07" minutes: 60 })");
  EXPECT_EQ(script.volunteer("ann").available_units, 75 * kUnitsPerPoint);
  EXPECT_EQ(script.volunteer("bob").available_units, 25 * kUnitsPerPoint);
  EXPECT_EQ(script.volunteer("bob").lots.front().expiry, kNeverExpires);
  script.Given("at 2199-01-01 00:00\nsweep");
  EXPECT_EQ(script.volunteer("bob").available_units, 25 * kUnitsPerPoint);
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(Due, NoSweepWhileMigrating) {
  Script script;
  script.Given(R"(use old_town
CreditHours record_id: "feb" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 }
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
CreditHours record_id: "feb" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 }
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
  script.Given(R"(use town
by committee
PublishRule effective_from_day: "2021-01-01" earning { rates { category: "traffic" points_per_hour: 25 percentage: 100 } recording_unit_minutes: 15 credited_minutes_per_day: 480 backdating_days: 3660 } expiry { rolling_months: 1 }
by app source=app
at 2021-06-01 00:00
CreditHours record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 })");
  EXPECT_EQ(script.volunteer("ann").available_units, 25 * kUnitsPerPoint);
  EXPECT_EQ(
      script.Run(
          R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })"),
      "BALANCE_TOO_LOW");
  EXPECT_EQ(script.volunteer("ann").available_units, 0);
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
