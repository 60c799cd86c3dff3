// The worked examples of ledger/README.md: each figure of their tables.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

std::string Credit(std::string_view record, std::string_view volunteer, std::string_view day,
                   int minutes) {
  return Text("CreditHours ", Served(record, volunteer, day, minutes), "\n");
}

void ExpectReplays(const Script& script) {
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(WorkedExample, ClawBackWithDebt) {
  Script script;
  script.Given("use town\n" + Credit("feb", "ann", "2021-02-20", 60) +
               Credit("mar", "ann", "2021-03-05", 120) + Credit("walk", "ann", "2021-03-06", 60));
  EXPECT_EQ(Purse(script, "ann"), "100: 25 to 2022-02-28, 75 to 2022-03-31");
  script.Given(Buns("x1", "ann", 8) + R"(
RedeemNow order_id: "x2" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "loaf" quantity: 1 })");
  EXPECT_EQ(Purse(script, "ann"), "30: 30 to 2022-03-31");
  script.Given(Revoke("mar"));
  EXPECT_EQ(Tell(script.last_event().hours_revoked().claw_back()),
            "available 30 to 2022-03-31; debt 20");
  EXPECT_EQ(Purse(script, "ann"), "0; debt 20");
  EXPECT_EQ(Minutes(script, "ann"), "120+0");
  script.Given(Credit("more", "ann", "2021-03-07", 30));
  EXPECT_EQ(Purse(script, "ann"), "0; debt 7.5");
  script.Given(Credit("most", "ann", "2021-03-08", 60));
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit().inflow()),
            "debt repaid 7.5; lots 17.5 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "17.5: 17.5 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -137.5, revoked 50, available 17.5, payable 70");
  ExpectReplays(script);
}

TEST(WorkedExample, RefundIntoALapsedLot) {
  Script script;
  script.Given("use town\nby committee\n" +
               RuleFrom("2021-01-01", "", "rolling_months: 12 grace_days: 30") +
               "\nby app source=app\n" + Credit("feb", "ann", "2021-02-20", 60) +
               "by till merchant=bakery\nat 2022-02-20 10:00\n" + Buns("x1", "ann", 5));
  EXPECT_EQ(Purse(script, "ann"), "0");
  // The lot lapsed on 28 February: with the grace it lasts until 30 March.
  script.Given("at 2022-03-05 10:00\n" + Return("x1", 2));
  EXPECT_EQ(Tell(script.last_event().order_refunded().lots()), "10 to 2022-02-28");
  EXPECT_EQ(Tell(script.last_event().order_refunded().inflow()), "lots 10 to 2022-03-30 graced");
  EXPECT_EQ(Purse(script, "ann"), "10: 10 to 2022-03-30 graced");
  script.Given("at 2022-03-30 10:00\n" + Buns("x2", "ann", 1));
  EXPECT_EQ(Purse(script, "ann"), "5: 5 to 2022-03-30 graced");
  // The day after, what was left lapses, and what comes back had its grace.
  script.Given("at 2022-03-31 10:00\n" + Return("x2", 1));
  EXPECT_EQ(Tell(script.event(script.events().size() - 2).order_refunded().inflow()),
            "lots 5 to 2022-03-30 graced");
  EXPECT_TRUE(script.last_event().has_points_expired());
  EXPECT_EQ(Purse(script, "ann"), "0; expired 10 to 2022-03-30 graced");
  // Nor does the grace of the first order begin anew.
  script.Given("at 2022-04-02 10:00\n" + Return("x1", 3));
  EXPECT_EQ(Purse(script, "ann"), "0; expired 25 to 2022-03-30 graced");
  EXPECT_EQ(Books(script), "issued -25, expired 25");
  ExpectReplays(script);
}

TEST(WorkedExample, MergeOfTwoRegistrations) {
  Script script;
  script.Given("use town\n" + Credit("a1", "ann", "2021-02-20", 60) +
               Credit("a2", "ann", "2021-03-05", 120) + Credit("b1", "bob", "2021-03-06", 60) +
               Credit("b2", "bob", "2021-03-07", 60) + Buns("x1", "bob", 8) + "\n" + Revoke("b1"));
  EXPECT_EQ(Purse(script, "ann"), "75: 25 to 2022-02-28, 50 to 2022-03-31");
  EXPECT_EQ(Purse(script, "bob"), "0; debt 15");
  script.Given("by lin\n" +
               Propose("same", R"(merge_volunteers { volunteer_id: "bob" survivor_id: "ann" })") +
               "\nby mei\n" + Agree("same"));
  EXPECT_EQ(Tell(script.last_event().volunteers_merged().debt_repaid()), "15 to 2022-02-28");
  EXPECT_EQ(Purse(script, "ann"), "60: 10 to 2022-02-28, 50 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "240+0");
  EXPECT_EQ(Purse(script, "bob"), "0");
  EXPECT_EQ(Minutes(script, "bob"), "0+0");
  // Bob's records are Ann's from now on.
  script.Given(Revoke("b2"));
  EXPECT_EQ(Tell(script.last_event().hours_revoked().claw_back()), "available 25 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "35: 10 to 2022-02-28, 25 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "180+0");
  ExpectReplays(script);
}

TEST(WorkedExample, RuleChangeInMidYear) {
  Script script;
  script.Given(
      "use town\nby committee\n" +
      RuleFrom(
          "2021-07-01",
          R"(rates { category: "traffic" points_per_hour: 30 percentage: 200 } credited_minutes_per_day: 120)",
          "year_end_grace_days: 31") +
      "\nby app source=app\nat 2021-07-05 08:00\nCreditHours " +
      Clocked("night", "ann", "2021-06-30T22:00", "2021-07-01T03:00"));
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
            "2021-06-30 120+0 v1 50 to 2022-06-30, 2021-07-01 120+60 v2 120 to 2022-01-31");
  script.Given(Credit("late", "ann", "2021-06-20", 180));
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
            "2021-06-20 180+0 v1 75 to 2022-06-30");
  EXPECT_EQ(Purse(script, "ann"), "245: 120 to 2022-01-31, 125 to 2022-06-30");
  // A rule that comes later changes nothing that was credited.
  script.Given("by committee\n" +
               RuleFrom("2021-07-01",
                        R"(rates { category: "traffic" points_per_hour: 1 percentage: 100 })") +
               "\nby app source=app\n" + Credit("next", "ann", "2021-07-02", 60));
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
            "2021-07-02 60+0 v3 1 to 2022-07-31");
  EXPECT_EQ(Purse(script, "ann"), "246: 120 to 2022-01-31, 125 to 2022-06-30, 1 to 2022-07-31");
  ExpectReplays(script);
}

TEST(WorkedExample, CapWithHonoraryRest) {
  Script script;
  script.Given("use town\nby committee\n" +
               RuleFrom("2021-01-01", "credited_minutes_per_month: 720") + "\nby app source=app\n");
  const std::tuple<const char*, const char*, int, const char*> days[] = {
      {"r1", "2021-03-01", 540, "2021-03-01 480+60 v2 200 to 2022-03-31"},
      {"r2", "2021-03-02", 300, "2021-03-02 240+60 v2 100 to 2022-03-31"},
      {"r3", "2021-03-03", 120, "2021-03-03 0+120 v2 0 to 2022-03-31"},
      {"r4", "2021-02-28", 120, "2021-02-28 120+0 v2 50 to 2022-02-28"},
  };
  for (const auto& [record, day, minutes, want] : days) {
    script.Given(Credit(record, "ann", day, minutes));
    EXPECT_EQ(Tell(script.last_event().hours_credited().credit()), want);
  }
  EXPECT_EQ(Minutes(script, "ann"), "840+240");
  EXPECT_EQ(Purse(script, "ann"), "350: 50 to 2022-02-28, 300 to 2022-03-31");
  // What is revoked leaves room for what comes after it, not for what came before.
  script.Given(Revoke("r2") + "\n" + Credit("r5", "ann", "2021-03-04", 300));
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
            "2021-03-04 240+60 v2 100 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "840+240");
  ExpectReplays(script);
}

TEST(WorkedExample, CorrectionThatEarnsMore) {
  Script script;
  script.Given("use town\n" + Credit("r1", "ann", "2021-03-05", 120) + Buns("x1", "ann", 8));
  EXPECT_EQ(Purse(script, "ann"), "10: 10 to 2022-03-31");
  script.Given(Correct("r1", Served("r2", "ann", "2021-03-05", 180, "patrol", "replacement")));
  const v1::HoursCorrected corrected = script.last_event().hours_corrected();
  EXPECT_EQ(Tell(corrected.claw_back()), "available 10 to 2022-03-31; debt 40");
  EXPECT_EQ(Tell(corrected.returned()), "available 10 to 2022-03-31; debt 40");
  EXPECT_EQ(Tell(corrected.credit()),
            "2021-03-05 180+0 v1 75 to 2022-03-31; inflow [lots 25 to 2022-03-31]");
  EXPECT_EQ(Purse(script, "ann"), "35: 35 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "180+0");
  EXPECT_EQ(Books(script), "issued -75, available 35, payable 40");
  // And back again, to less than she has spent.
  script.Given(Correct("r2", Served("r3", "ann", "2021-03-05", 60, "patrol", "replacement")));
  EXPECT_EQ(Tell(script.last_event().hours_corrected().claw_back()),
            "available 35 to 2022-03-31; debt 40");
  EXPECT_EQ(Tell(script.last_event().hours_corrected().returned()), "debt 25");
  EXPECT_EQ(Purse(script, "ann"), "0; debt 15");
  EXPECT_EQ(Books(script), "issued -75, revoked 50, debt -15, payable 40");
  ExpectReplays(script);
}

}  // namespace
}  // namespace meritbook
