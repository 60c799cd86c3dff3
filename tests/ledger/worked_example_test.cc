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

// ---- The mall.

const std::string kTill = "\nby till merchant=bakery\n";
const std::string kCommittee = "\nby committee\n";

// The town with holds of half an hour, vouchers, two hours for what happened offline, and 30 days
// of grace.
const std::string kMallTown =
    "use town\nby committee\n" +
    RuleFrom("2021-01-01", "", "rolling_months: 12 grace_days: 30", "",
             "hold_seconds_max: 1800 voucher_days_max: 30 offline_grace_minutes: 120") +
    "\nby app source=app\n";

TEST(WorkedExample, PartConfirmedIntoALapsedLot) {
  Script script;
  script.Given(kMallTown + Credit("feb", "ann", "2021-02-20", 60) + "at 2022-02-27 10:00" + kTill +
               Voucher("x", 'v', Line("bun", 4), "valid_days: 5"));
  EXPECT_EQ(Purse(script, "ann"), "5: 5 to 2022-02-28; held 20");
  script.Given("at 2022-03-01 00:00\nsweep");
  EXPECT_EQ(Purse(script, "ann"), "0; held 20; expired 5 to 2022-02-28");
  script.Given("at 2022-03-03 16:00\n" + ConfirmVoucher('v', Line("bun", 2)));
  const v1::OrderConfirmed confirmed = script.last_event().order_confirmed();
  EXPECT_EQ(Tell(confirmed.lots()), "10 to 2022-02-28");
  EXPECT_EQ(Tell(confirmed.released()), "lots 10 to 2022-03-30 graced");
  EXPECT_EQ(Purse(script, "ann"), "10: 10 to 2022-03-30 graced; expired 5 to 2022-02-28");
  EXPECT_EQ(Owed(script, "bakery"), "10/0");
  // One of the two comes back: its points lapsed before they were captured.
  script.Given("at 2022-03-10 09:00\n" + Refund("x", Line("bun", 1)));
  EXPECT_EQ(Purse(script, "ann"), "15: 15 to 2022-03-30 graced; expired 5 to 2022-02-28");
  script.Given("at 2022-03-31 00:00\nsweep");
  EXPECT_EQ(Purse(script, "ann"), "0; expired 5 to 2022-02-28; expired 15 to 2022-03-30 graced");
  EXPECT_EQ(Books(script), "issued -25, expired 20, payable 5");
  ExpectReplays(script);
}

TEST(WorkedExample, VoucherConfirmedAfterItsDeadline) {
  Script script;
  script.Given(kMallTown + Credit("mar", "ann", "2021-03-05", 120) + kTill);
  for (const char code : {'u', 'v', 'w'}) {
    script.Given(Voucher(std::string(1, code), code, Line("bun", 2), "valid_days: 2"));
  }
  EXPECT_EQ(Purse(script, "ann"), "20: 20 to 2022-03-31; held 30");
  // 11 March is the last day. The line is down from 15:00 on, and back on the 12th at 1:59.
  const std::string first =
      "ConfirmOrder #u voucher_sha256: \"u^32\" happened_us: "
      "@2021-03-11T16:00";
  script.Given("at 2021-03-12 01:59\n" + first);
  EXPECT_EQ(script.last_event().occurred_us(), script.Micros("2021-03-11 16:00"));
  EXPECT_EQ(script.last_event().recorded_us(), script.Micros("2021-03-12 01:59"));
  EXPECT_EQ(script.Run(first), "again");
  EXPECT_EQ(script.Run(ConfirmVoucher('v', "happened_us: @2021-03-12T00:10")), "CONFIRM_TOO_LATE");
  EXPECT_EQ(Purse(script, "ann"), "20: 20 to 2022-03-31; held 20");
  script.Given("at 2021-03-12 02:00");
  EXPECT_EQ(script.Run(ConfirmVoucher('w', "happened_us: @2021-03-11T16:00")), "CONFIRM_TOO_LATE");
  EXPECT_EQ(Purse(script, "ann"), "40: 40 to 2022-03-31");
  EXPECT_EQ(Owed(script, "bakery"), "10/0");
  EXPECT_EQ(Shelf(script, "bun"), "8-0");
  ExpectReplays(script);
}

TEST(WorkedExample, StatementCarriedForward) {
  Script script;
  script.Given("use mall\n" + Redeem("x1", Line("oil", 2) + " " + Line("bun", 3)) +
               "\nat 2021-04-01 09:00" + kCommittee + "ClosePeriod month: \"2021-03\"\n" +
               DrawUp("s3", "2021-03") + "\n" + OfStatement("CloseStatement", "s3") + "\n" +
               Pay("s3", 600));
  EXPECT_EQ(StatementOf(script, "s3"), "paid 35/600");
  EXPECT_EQ(Owed(script, "bakery"), "0/0");
  script.Given(kTill + "at 2021-04-10 09:00\n" + Refund("x1", Line("oil", 1)));
  EXPECT_EQ(Owed(script, "bakery"), "-10/-300");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed -300, paid 600");
  script.Given("at 2021-04-15 09:00\n" + Redeem("x2", Line("oil", 3)));
  EXPECT_EQ(Owed(script, "bakery"), "20/600");
  script.Given("at 2021-04-20 09:00" + kCommittee + OfStatement("ReversePayment", "s3"));
  EXPECT_EQ(StatementOf(script, "s3"), "closed 35/600");
  EXPECT_EQ(Owed(script, "bakery"), "55/1200");
  script.Given("at 2021-05-01 09:00\nClosePeriod month: \"2021-04\"\n" + DrawUp("s4", "2021-04"));
  EXPECT_EQ(Tell(script.last_event().statement_opened().figures()),
            "opening 35/600, confirmed 30/900, refunded 10/300, paid 35/600, reversed 35/600, "
            "closing 55/1200");
  EXPECT_EQ(StatementOf(script, "s3"), "carried forward 35/600");
  EXPECT_EQ(script.Run(Pay("s3", 600)), "STATEMENT_CARRIED_FORWARD");
  script.Given(OfStatement("CloseStatement", "s4") + "\n" + Pay("s4", 1200));
  EXPECT_EQ(Owed(script, "bakery"), "0/0");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, paid 1200");
  EXPECT_EQ(Books(script), "issued -200, available 145, settled 55");
  ExpectReplays(script);
}

TEST(WorkedExample, LastFenOfABudget) {
  Script script;
  script.Given("use mall\nby app source=app\n" + Credit("b", "bob", "2021-03-05", 120) +
               ByTwo("b3", Allocation("programme", 2021, -9250, "warn_percent: 80")) + kTill);
  EXPECT_EQ(BudgetOf(script), "allocated 750");
  script.Given(Hold("x1", Line("oil", 1)));
  EXPECT_EQ(BudgetOf(script), "allocated 750, reserved 300");
  script.Given(Placed("RedeemNow", "x2", "bob", Line("oil", 1)));
  EXPECT_EQ(BudgetOf(script), "allocated 750, reserved 300, owed 300");
  EXPECT_EQ(script.last_event().budget_warned().used_fen(), 600);
  EXPECT_EQ(script.Run(Placed("HoldOrder", "x3", "bob", Line("oil", 1))), "BUDGET_EXHAUSTED");
  script.Given(Placed("RedeemNow", "x4", "bob", Line("bun", 1)));
  script.Given(Cancel("x1") + "\n" + Placed("HoldOrder", "x3", "bob", Line("oil", 1)));
  EXPECT_TRUE(script.last_event().has_order_held());  // the warning was given
  EXPECT_EQ(BudgetOf(script), "allocated 750, reserved 300, owed 300");
  script.Given(ByTwo("b4", Allocation("programme", 2021, -150)));
  EXPECT_EQ(BudgetOf(script), "allocated 600, reserved 300, owed 300");
  script.Given("by lin");
  EXPECT_EQ(script.Run(Propose("b5", Allocation("programme", 2021, -1))), "BUDGET_EXHAUSTED");
  script.Given(kTill + Confirm("x3"));
  EXPECT_EQ(BudgetOf(script), "allocated 600, owed 600");
  ExpectReplays(script);
}

TEST(WorkedExample, LateFactAboutAClosedMonth) {
  Script script;
  script.Given("use mall\nat 2021-03-20 09:00\n" + Redeem("x1", Line("oil", 2)) +
               "\nat 2021-03-31 23:30\n" + Hold("x2", Line("oil", 1), "offline: true") +
               "\nat 2021-04-01 00:10" + kCommittee + "ClosePeriod month: \"2021-03\"" + kTill +
               "at 2021-04-01 00:30\n" + Confirm("x2", "happened_us: @2021-03-31T23:40"));
  const v1::Event event = script.last_event();
  EXPECT_EQ(event.occurred_us(), script.Micros("2021-03-31 23:40"));
  EXPECT_EQ(FormatMonth(event.booked_month_number()), "2021-04");
  script.Given(kCommittee + DrawUp("s3", "2021-03"));
  EXPECT_EQ(Tell(script.last_event().statement_opened().figures()),
            "confirmed 20/600, closing 20/600");
  script.Given("by app source=app\nat 2021-04-05 09:00\n" + Credit("r1", "bob", "2021-03-30", 60));
  EXPECT_EQ(FormatMonth(script.last_event().booked_month_number()), "2021-04");
  script.Given(Credit("r2", "bob", "2021-04-02", 60));
  EXPECT_FALSE(script.last_event().has_booked_month_number());
  script.Given(kTill + Redeem("x3", Line("oil", 3)) + "\nat 2021-05-01 09:00" + kCommittee +
               OfStatement("CloseStatement", "s3") + "\nClosePeriod month: \"2021-04\"\n" +
               DrawUp("s4", "2021-04"));
  EXPECT_EQ(Tell(script.last_event().statement_opened().figures()),
            "opening 20/600, confirmed 40/1200, closing 60/1800");
  ExpectReplays(script);
}

TEST(WorkedExample, AccountClosedWithDebtAndAHold) {
  Script script;
  script.Given(kMallTown + Credit("feb", "ann", "2021-02-20", 60) +
               Credit("mar", "ann", "2021-03-05", 120) + kTill + Hold("x1", Line("loaf", 1)) +
               "\n" + Buns("x2", "ann", 4));
  EXPECT_EQ(Purse(script, "ann"), "25: 25 to 2022-03-31; held 30");
  script.Given("by app source=app\n" + Revoke("mar"));
  EXPECT_EQ(Purse(script, "ann"), "0; debt 25; held 30");
  script.Given(kCommittee + "CloseVolunteer volunteer_id: \"ann\" reason: CLOSE_REASON_MOVED");
  const v1::Event event = script.last_event();
  EXPECT_EQ(event.command_event_count(), 2u);
  EXPECT_EQ(Tell(event.order_cancelled().hold().released()),
            "debt repaid 25; forfeited 5 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "0; forfeited 5 to 2022-03-31");
  EXPECT_EQ(Shelf(script, "loaf"), "2-0");
  EXPECT_EQ(Books(script), "issued -75, revoked 50, forfeited 5, payable 20");
  // What comes back later is forfeited, too.
  script.Given(kTill + Return("x2", 1));
  EXPECT_EQ(Books(script), "issued -75, revoked 50, forfeited 10, payable 15");
  ExpectReplays(script);
}

}  // namespace
}  // namespace meritbook
