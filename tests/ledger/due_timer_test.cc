// What the clock comes to in the mall: holds that time out, statements that close by themselves.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

const std::string kTill = "\nby till merchant=bakery\n";
const std::string kOil = Line("oil", 1);

void ExpectReplays(const Script& script) {
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

// The ledger's own events since `size`, and what the commands came to.
std::vector<std::string> EventsSince(const Script& script, size_t size) {
  std::vector<std::string> told;
  for (size_t i = size; i < script.events().size(); ++i) {
    const v1::Event event = script.event(i);
    if (event.has_hold_timed_out()) {
      told.push_back("timed out " + event.hold_timed_out().hold().order().order_id());
    } else if (event.has_statement_closed()) {
      told.push_back("closed " + event.statement_closed().statement_id());
    } else if (event.has_points_expired()) {
      told.push_back(Text(event.points_expired().volunteer_id(), " expired ",
                          Tell(event.points_expired().lots())));
    } else if (event.has_points_matured()) {
      told.push_back(Text(event.points_matured().volunteer_id(), " matured ",
                          Tell(event.points_matured().inflow())));
    } else {
      told.push_back("a command's");
      continue;
    }
    EXPECT_EQ(event.scope(), v1::REQUEST_SCOPE_UNSPECIFIED);
    EXPECT_EQ(event.kind(), v1::COMMAND_KIND_UNSPECIFIED);
    EXPECT_EQ(event.command_event_count(), 1u);
    EXPECT_EQ(event.command_first_sequence(), i);
  }
  return told;
}
using Told = std::vector<std::string>;

TEST(DueTimer, AHoldEndsAtItsInstant) {
  Script script;
  script.Given("use mall\n" + Hold("x", Line("oil", 2), "hold_seconds: 120"));
  const size_t size = script.events().size();
  script.Given("at 2021-03-10 08:01\nsweep");
  EXPECT_EQ(script.events().size(), size);
  script.Given("at 2021-03-10 08:02\nsweep");
  const v1::Event event = script.last_event();
  ASSERT_TRUE(event.has_hold_timed_out());
  const v1::HoldEnded& hold = event.hold_timed_out().hold();
  EXPECT_EQ(hold.order().scope(), v1::REQUEST_SCOPE_MERCHANT);
  EXPECT_EQ(hold.order().owner(), "bakery");
  EXPECT_EQ(hold.order().order_id(), "x");
  EXPECT_EQ(hold.volunteer_id(), "ann");
  EXPECT_EQ(hold.merchant_id(), "bakery");
  EXPECT_EQ(Points(hold.units()), "20");
  EXPECT_EQ(Tell(hold.released()), "lots 20 to 2022-03-31");
  EXPECT_EQ(event.passbook(0).volunteer_id(), "ann");
  EXPECT_EQ(event.actor(), "");
  EXPECT_EQ(Purse(script, "ann"), "200: 200 to 2022-03-31");
  EXPECT_EQ(Shelf(script, "oil"), "100-0");
  EXPECT_EQ(BudgetOf(script), "allocated 10000");
  EXPECT_EQ(script.state().orders()[0].state, OrderState::kTimedOut);
  EXPECT_TRUE(script.state().timers().empty());
  EXPECT_EQ(script.state().merchants().Find("bakery")->open_orders, 0u);
  ExpectReplays(script);
}

TEST(DueTimer, OccurredIsItsInstantRecordedWhenItWasNoticed) {
  Script script;
  script.Given("use mall\n" + Hold("x", kOil) + "\nat 2021-03-12 12:00\nsweep");
  EXPECT_EQ(script.last_event().occurred_us(), script.Micros("2021-03-10 08:30"));
  EXPECT_EQ(script.last_event().recorded_us(), script.Micros("2021-03-12 12:00"));
}

// Whoever asks for whatever.
TEST(DueTimer, RunsBeforeEveryCommandAndStandsWhenItIsRefused) {
  Script script;
  script.Given("use mall\n" + Hold("x", Line("loaf", 2)) + "\nat 2021-03-10 08:30");
  const size_t size = script.events().size();
  EXPECT_EQ(script.Run(R"(OnboardMerchant merchant_id: "bakery" kind: "food")"), "MERCHANT_EXISTS");
  EXPECT_EQ(EventsSince(script, size), (Told{"timed out x"}));
  ExpectReplays(script);
}

TEST(DueTimer, WhatItReleasesCanBeHadAtOnce) {
  Script script;
  script.Given("use mall\nby app source=app\nCreditHours " + Served("b", "bob", "2021-03-05", 120) +
               kTill + Hold("x", Line("loaf", 2)) + "\n");
  script.Given("at 2021-03-10 08:29");
  EXPECT_EQ(script.Run(Placed("HoldOrder", "y", "bob", Line("loaf", 1))), "STOCK_TOO_LOW");
  script.Given("at 2021-03-10 08:30\n" + Placed("HoldOrder", "y", "bob", Line("loaf", 1)));
  ExpectReplays(script);
}

TEST(DueTimer, ARepetitionMovesNoClock) {
  Script script;
  script.Given("use mall\n" + Hold("x", kOil) + "\nat 2021-03-10 09:00");
  const size_t size = script.events().size();
  EXPECT_EQ(script.Run(Hold("x", kOil)), "again");
  EXPECT_EQ(script.events().size(), size);
}

TEST(DueTimer, InTheOrderOfTheirInstants) {
  Script script;
  script.Given("use mall\n" + Hold("a", kOil, "hold_seconds: 1200") + "\n" +
               Hold("b", kOil, "hold_seconds: 600") + "\n" + Hold("c", kOil, "hold_seconds: 600") +
               "\n" + Hold("d", kOil, "hold_seconds: 60 offline: true"));
  const size_t size = script.events().size();
  script.Given("at 2021-03-10 12:00\nsweep");
  EXPECT_EQ(EventsSince(script, size),
            (Told{"timed out b", "timed out c", "timed out a", "timed out d"}));
  ExpectReplays(script);
}

// Of one instant holds come before statements.
TEST(DueTimer, HoldsComeBeforeStatements) {
  const std::string given =
      "use mall\nby committee\n" +
      RuleFrom("2021-01-01", "", "rolling_months: 12", "",
               "hold_seconds_max: 1800 voucher_days_max: 366 statement_close_days: 10") +
      kTill + Redeem("w", kOil) + "\nat 2021-04-01 09:30\nClosePeriod month: \"2021-03\"\n" +
      DrawUp("s3", "2021-03") + "\n" + DrawUp("t3", "2021-03", "teahouse") + "\n" +
      Voucher("x", 'v', kOil, "valid_days: 10") + "\n" + Voucher("y", 'w', kOil, "valid_days: 9") +
      "\nat 2021-04-20 00:00\n";
  const Told want = {"timed out y", "timed out x", "closed s3", "closed t3"};
  for (const char* how : {"sweep",
                          "by clerk\nFreezeVolunteer volunteer_id: \"ann\" "
                          "reason_code: \"a\""}) {
    Script script;
    script.Given(given);
    const size_t size = script.events().size();
    script.Given(how);
    Told told = EventsSince(script, size);
    if (std::string_view(how) != "sweep") {
      EXPECT_EQ(told.back(), "a command's");
      told.pop_back();
    }
    EXPECT_EQ(told, want);
    ExpectReplays(script);
  }
}

// ---- What is due of hers comes before.

// A voucher that ends on 5 March 2022, of 10 of the 25 points that lapse with February. Others of
// hers lapse with March.
const std::string kLapsing =
    "use mall\nby committee\n" +
    RuleFrom("2021-01-01", "", "rolling_months: 12 grace_days: 30", "",
             "hold_seconds_max: 1800 voucher_days_max: 30") +
    "\nby app source=app\nCreditHours " + Served("feb", "ann", "2021-02-20", 60) + kTill +
    ByTwo("b9", Allocation("programme", 2022, 1000)) + kTill + "at 2022-02-20 10:00\n" +
    Voucher("x", 'v', kOil, "valid_days: 13") + "\n";

TEST(DueTimer, HerOwnLapsesComeBefore) {
  Script script;
  script.Given(kLapsing);
  const size_t size = script.events().size();
  script.Given("at 2022-04-10 12:00\nsweep");
  EXPECT_EQ(EventsSince(script, size),
            (Told{"ann expired 15 to 2022-02-28", "timed out x",
                  "ann expired 10 to 2022-03-30 graced", "ann expired 200 to 2022-03-31"}));
  EXPECT_EQ(script.event(size + 1).occurred_us(), script.Micros("2022-03-05 00:00"));
  EXPECT_EQ(Tell(script.event(size + 1).hold_timed_out().hold().released()),
            "lots 10 to 2022-03-30 graced");
  ExpectReplays(script);
}

TEST(DueTimer, TheGraceIsThatOfItsDay) {
  Script timely;
  timely.Given(kLapsing + "at 2022-03-01 00:00\nsweep\nat 2022-03-05 00:00\nsweep");
  EXPECT_EQ(Purse(timely, "ann"),
            "210: 10 to 2022-03-30 graced, 200 to 2022-03-31; expired 15 to 2022-02-28");
  timely.Given("at 2022-04-10 12:00\nsweep");
  Script late;
  late.Given(kLapsing + "at 2022-04-10 12:00\nsweep");
  EXPECT_EQ(Purse(timely, "ann"), Purse(late, "ann"));
  EXPECT_EQ(Books(timely), Books(late));
}

// A rule that was published meanwhile doesn't reach back.
TEST(DueTimer, TheGraceIsThatOfTheRuleOfItsDay) {
  Script script;
  script.Given(kLapsing + "by committee\nat 2022-03-10 00:00\n" +
               RuleFrom("2022-03-06", "", "rolling_months: 12 grace_days: 366"));
  EXPECT_EQ(Purse(script, "ann"),
            "210: 10 to 2022-03-30 graced, 200 to 2022-03-31; expired 15 to 2022-02-28");
}

// Ann owes 40, has 20 and 20 in two holds, and 25 that mature a week after both have ended.
const std::string kOwing =
    "use mall\nby committee\n" +
    RuleFrom("2021-03-01", "maturity_days: 7", "rolling_months: 24", "", "hold_seconds_max: 1800") +
    "\nby app source=app\nCreditHours " + Served("late", "ann", "2021-03-06", 60) + kTill +
    Hold("x", Line("oil", 2), "hold_seconds: 600") + "\n" +
    Hold("y", Line("oil", 2), "hold_seconds: 1200") + "\nby app source=app\n" + Revoke("r0") + "\n";

TEST(DueTimer, TwoHoldsOfOneWhoOwesEndBeforeWhatMaturesLater) {
  Script timely;
  timely.Given(kOwing + "at 2021-03-10 08:10\nsweep\nat 2021-03-10 08:20\nsweep\n" +
               "at 2021-03-17 00:00\nsweep");
  Script late;
  late.Given(kOwing + "at 2021-03-18 12:00\nsweep");
  Script asked;
  asked.Given(kOwing + "at 2021-03-18 12:00" + kTill + Redeem("z", Line("bun", 1)) + "\n" +
              Refund("z", Line("bun", 1)));
  for (const Script* script : {&timely, &late, &asked}) {
    EXPECT_EQ(Purse(*script, "ann"), "25: 25 to 2023-03-31");
    ExpectReplays(*script);
  }
  Script of_others;
  of_others.Given(kOwing +
                  "at 2021-03-18 12:00\nby committee\nSuspendMerchant merchant_id: "
                  "\"teahouse\" reason_code: \"a\"\nsweep");
  EXPECT_EQ(Purse(of_others, "ann"), "25: 25 to 2023-03-31");
}

// ---- Not depending on when a sweep ran.

TEST(DueTimer, TheAnswerDoesNotDependOnTheSweep) {
  const std::string given = kLapsing + "at 2022-03-04 23:59\nsweep\n";
  const std::pair<const char*, std::string> rows[] = {
      {"2022-03-05 00:00", ConfirmVoucher('v', "happened_us: @2022-03-04T12:00")},
      {"2022-03-05 00:00", Redeem("z", Line("oil", 1))},
      {"2022-03-31 00:00", Redeem("z", Line("oil", 20))},
      {"2022-03-30 23:59", Redeem("z", Line("oil", 20) + " " + Line("bun", 2))},
  };
  for (const auto& [at, line] : rows) {
    SCOPED_TRACE(line);
    std::vector<std::string> told;
    std::vector<std::string> purses;
    for (const bool swept : {false, true}) {
      Script script;
      script.Given(given + "at " + at);
      if (swept) script.Given("sweep");
      told.push_back(script.Run(line));
      script.Given("sweep");
      purses.push_back(Purse(script, "ann") + Books(script) + BudgetOf(script));
      ExpectReplays(script);
    }
    EXPECT_EQ(told[0], told[1]);
    EXPECT_EQ(purses[0], purses[1]);
  }
}

// ---- Sweeps and calls of several.

TEST(DueTimer, ASweepTakesSoManyAtMost) {
  Script script;
  script.Given("use mall\n" + Hold("a", kOil) + "\n" + Hold("b", kOil) + "\n" + Hold("c", kOil));
  Ledger ledger("linhai");
  for (const std::string& event : script.events()) ASSERT_TRUE(ledger.Replay(event).ok());
  auto salt = [] { return uint64_t{1}; };
  const int64_t wall_us = script.Micros("2021-03-10 12:00");
  size_t emitted = 0;
  const auto count = [&](std::string_view) { ++emitted; };
  EXPECT_EQ(ledger.Sweep({wall_us, salt}, 0, count), 0u);
  EXPECT_EQ(ledger.Sweep({wall_us, salt}, 2, count), 2u);
  EXPECT_EQ(emitted, 2u);
  EXPECT_EQ(ledger.Sweep({wall_us, salt}, 5, count), 1u);
  EXPECT_EQ(ledger.Sweep({wall_us, salt}, 5, count), 0u);
}

TEST(DueTimer, ATimeOutStandsThoughTheCallIsRolledBack) {
  Script script;
  script.Given("use mall\n" + Hold("x", Line("loaf", 2)) + "\nat 2021-03-10 08:30");
  const size_t size = script.events().size();
  EXPECT_EQ(script.Atomic({Redeem("y", Line("loaf", 2)), Redeem("z", Line("loaf", 1))}),
            (Told{"ATOMIC_ABORTED", "STOCK_TOO_LOW"}));
  EXPECT_EQ(EventsSince(script, size), (Told{"timed out x"}));
  EXPECT_EQ(Shelf(script, "loaf"), "2-0");
  ExpectReplays(script);
}

TEST(DueTimer, AHoldAndItsEndAreUndoneTogether) {
  Script script;
  script.Given("use mall\n" + Voucher("v", 'v', kOil));
  const std::string before = Describe(script.state());
  const Told told = script.Atomic({Hold("x", Line("oil", 2)), Confirm("x", kOil), Hold("y", kOil),
                                   Cancel("y"), Voucher("z", 'w', kOil), ConfirmVoucher('v'),
                                   Refund("x", kOil), Redeem("w", Line("cake", 1))});
  ASSERT_EQ(told.size(), 8u);
  EXPECT_EQ(told.back(), "ITEM_UNKNOWN");
  EXPECT_EQ(Describe(script.state()), before);
  EXPECT_EQ(script.state().OrderOfVoucher(std::string(32, 'w')), std::nullopt);
  ExpectReplays(script);
}

TEST(DueTimer, WhileMigratingACommandsOwnTimeEndsHolds) {
  Script script;
  script.Given("use old_town\nby committee\n" +
               RuleFrom("2021-01-01", "", "rolling_months: 12", "", "hold_seconds_max: 1800") +
               "\nby app source=app\nCreditHours " + Served("r0", "ann", "2021-03-05", 480) +
               kTill + Hold("x", Line("loaf", 2)));
  const size_t size = script.events().size();
  script.Given("at 2023-01-01 00:00\nsweep");
  EXPECT_EQ(script.events().size(), size);
  script.Given("recorded 2021-03-10 08:29\n");
  EXPECT_EQ(script.Run(Redeem("y", Line("loaf", 1))), "STOCK_TOO_LOW");
  script.Given("recorded 2021-03-10 08:30\n" + Redeem("y", Line("loaf", 1)));
  EXPECT_EQ(script.event(size).recorded_us(), script.Micros("2021-03-10 08:30"));
  EXPECT_EQ(EventsSince(script, size), (Told{"timed out x", "a command's"}));
  ExpectReplays(script);
}

}  // namespace
}  // namespace meritbook
