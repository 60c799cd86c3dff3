// What statements, payments and closed months come to.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

const std::string kCommittee = "\nby committee\n";
const std::string kTill = "\nby till merchant=bakery\n";
constexpr std::string_view kProgramme = R"(budget { source: "programme" year: 2021 })";
std::string Month(std::string_view month) { return Text(R"(ClosePeriod month: ")", month, "\"\n"); }
std::string Close(std::string_view id) { return OfStatement("CloseStatement", id) + "\n"; }

// 55 points and 1,100 fen of March, which is closed.
const std::string kMarch =
    "use mall\n" + Redeem("x", Line("oil", 2) + " " + Line("bun", 3) + " " + Line("rice", 1)) +
    "\nat 2021-04-01 00:00" + kCommittee + Month("2021-03");
const std::string kOpen = kMarch + DrawUp("s3", "2021-03") + "\n";
const std::string kClosed = kOpen + Close("s3");
const std::string kPaid = kClosed + Pay("s3", 1100) + "\n";

void ExpectReplays(const Script& script) {
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

// What a merchant is owed stands in its newest statement, in what was booked since, and in what was
// settled since; the same by budget.
void ExpectAddsUp(const Script& script, std::string_view id) {
  const Merchant& merchant = *script.state().merchants().Find(id);
  Amount sum;
  if (merchant.newest_statement != kNoIndex) {
    sum = script.state().statements()[merchant.newest_statement].amounts.closing();
  }
  for (const BookedMonth& month : merchant.booked) sum = sum + month.confirmed - month.refunded;
  sum = sum - merchant.since.paid + merchant.since.reversed - merchant.since.written_off;
  EXPECT_EQ(sum, (Amount{merchant.payable_units, merchant.payable_fen}));
}

TEST(SettlementEffect, AStatementHasWhatWasBooked) {
  Script script;
  script.Given(kOpen);
  const v1::Event event = script.last_event();
  const v1::StatementOpened& opened = event.statement_opened();
  EXPECT_EQ(Tell(opened.figures()), "confirmed 55/1100, closing 55/1100");
  EXPECT_EQ(Tell(opened.by_budget()), "donor/2021 500, programme/2021 600");
  EXPECT_EQ(opened.previous_statement_id(), "");
  EXPECT_FALSE(opened.has_closes_us());
  EXPECT_EQ(event.passbook_size(), 0);
  EXPECT_EQ(StatementOf(script, "s3"), "open 55/1100");
  EXPECT_TRUE(script.state().merchants().Find("bakery")->booked.empty());
  EXPECT_EQ(Owed(script, "bakery"), "55/1100");
  EXPECT_TRUE(script.state().timers().empty());
  ExpectAddsUp(script, "bakery");
  ExpectReplays(script);
}

TEST(SettlementEffect, WhatIsConfirmedMeanwhileIsTheNextOnes) {
  Script script;
  script.Given(kOpen + kTill + Redeem("y", Line("oil", 1)) + kCommittee + Close("s3"));
  EXPECT_EQ(Tell(script.last_event().statement_closed().figures()),
            "confirmed 55/1100, closing 55/1100");
  EXPECT_EQ(Owed(script, "bakery"), "65/1400");
  ExpectAddsUp(script, "bakery");
  script.Given("at 2021-05-01 00:00\n" + Month("2021-04") + DrawUp("s4", "2021-04"));
  EXPECT_EQ(Tell(script.last_event().statement_opened().figures()),
            "opening 55/1100, confirmed 10/300, closing 65/1400");
  EXPECT_EQ(Tell(script.last_event().statement_opened().by_budget()),
            "donor/2021 500, programme/2021 900");
  EXPECT_EQ(script.last_event().statement_opened().previous_statement_id(), "s3");
  EXPECT_EQ(StatementOf(script, "s3"), "carried forward 55/1100");
  ExpectAddsUp(script, "bakery");
  ExpectReplays(script);
}

TEST(SettlementEffect, AStatementTakesEveryMonthUpToItsOwn) {
  Script script;
  script.Given("use mall\n" + Redeem("x", Line("oil", 1)) + "\nat 2021-04-05 09:00\n" +
               Redeem("y", Line("oil", 2)) + "\nat 2021-05-05 09:00\n" +
               Redeem("z", Line("oil", 4)) + kCommittee + Month("2021-04") +
               DrawUp("s4", "2021-04"));
  EXPECT_EQ(Tell(script.last_event().statement_opened().figures()),
            "confirmed 30/900, closing 30/900");
  ASSERT_EQ(script.state().merchants().Find("bakery")->booked.size(), 1u);
  EXPECT_EQ(script.state().merchants().Find("bakery")->booked[0].month, ParseMonth("2021-05"));
  ExpectAddsUp(script, "bakery");
}

TEST(SettlementEffect, APaymentSettlesIt) {
  Script script;
  script.Given(kPaid);
  const v1::Event event = script.last_event();
  EXPECT_EQ(event.payment_recorded().merchant_id(), "bakery");
  EXPECT_EQ(Points(event.payment_recorded().amounts().units()), "55");
  EXPECT_EQ(event.payment_recorded().amounts().fen(), 1100);
  EXPECT_EQ(Tell(event.payment_recorded().by_budget()), "donor/2021 500, programme/2021 600");
  EXPECT_EQ(StatementOf(script, "s3"), "paid 55/1100");
  EXPECT_EQ(Owed(script, "bakery"), "0/0");
  EXPECT_EQ(Books(script), "issued -200, available 145, settled 55");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, paid 600");
  EXPECT_EQ(BudgetOf(script, "donor"), "allocated 5000, paid 500");
  EXPECT_EQ(script.state().statements().Find("s3")->payment_reference, "bank-1");
  ExpectAddsUp(script, "bakery");
  ExpectReplays(script);
}

TEST(SettlementEffect, APaymentThatComesBackIsOwedAgain) {
  Script script;
  script.Given(kPaid + OfStatement("ReversePayment", "s3"));
  const v1::PaymentReversed reversed = script.last_event().payment_reversed();
  EXPECT_EQ(Points(reversed.amounts().units()), "55");
  EXPECT_EQ(Tell(reversed.by_budget()), "donor/2021 500, programme/2021 600");
  EXPECT_EQ(StatementOf(script, "s3"), "closed 55/1100");
  EXPECT_EQ(Owed(script, "bakery"), "55/1100");
  EXPECT_EQ(Books(script), "issued -200, available 145, payable 55");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed 600");
  ExpectAddsUp(script, "bakery");
  // The next statement has both.
  script.Given("at 2021-05-01 00:00\n" + Month("2021-04") + DrawUp("s4", "2021-04"));
  EXPECT_EQ(Tell(script.last_event().statement_opened().figures()),
            "opening 55/1100, paid 55/1100, reversed 55/1100, closing 55/1100");
  ExpectAddsUp(script, "bakery");
  ExpectReplays(script);
}

TEST(SettlementEffect, APaymentThatComesBackLateIsCarriedForward) {
  Script script;
  script.Given(kPaid + "at 2021-05-01 00:00\n" + Month("2021-04") + DrawUp("s4", "2021-04") + "\n" +
               OfStatement("ReversePayment", "s3"));
  EXPECT_EQ(StatementOf(script, "s3"), "carried forward 55/1100");
  EXPECT_EQ(StatementOf(script, "s4"), "open 0/0");
  EXPECT_EQ(Owed(script, "bakery"), "55/1100");
  ExpectAddsUp(script, "bakery");
  script.Given(Close("s4") + "at 2021-06-01 00:00\n" + Month("2021-05") + DrawUp("s5", "2021-05"));
  EXPECT_EQ(Tell(script.last_event().statement_opened().figures()),
            "reversed 55/1100, closing 55/1100");
  EXPECT_EQ(Tell(script.last_event().statement_opened().by_budget()),
            "donor/2021 500, programme/2021 600");
  script.Given(Close("s5") + Pay("s5", 1100));
  EXPECT_EQ(Owed(script, "bakery"), "0/0");
  ExpectAddsUp(script, "bakery");
  ExpectReplays(script);
}

TEST(SettlementEffect, PointsAloneAreSettledByAPaymentOfNothing) {
  Script script;
  script.Given("use mall\n" + Redeem("x", Line("bun", 3)) + "\nat 2021-04-01 00:00" + kCommittee +
               Month("2021-03") + DrawUp("s3", "2021-03") + "\n" + Close("s3") + Pay("s3", 0));
  EXPECT_EQ(Books(script), "issued -200, available 185, settled 15");
  EXPECT_EQ(StatementOf(script, "s3"), "paid 15/0");
  ExpectReplays(script);
}

// ---- Write-offs.

TEST(SettlementEffect, ALineOfAnOpenStatement) {
  Script script;
  script.Given(kOpen + ByTwo("w", WrittenOff("s3", 30'000, 100, kProgramme)));
  const v1::PayableWrittenOff written = script.last_event().payable_written_off();
  EXPECT_EQ(written.merchant_id(), "bakery");
  EXPECT_EQ(Tell(written.by_budget()), "programme/2021 100");
  EXPECT_FALSE(written.settles());
  EXPECT_EQ(StatementOf(script, "s3"), "open 50/1000");
  EXPECT_EQ(Owed(script, "bakery"), "50/1000");
  EXPECT_EQ(Books(script), "issued -200, available 145, payable 50, written off 5");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed 500");
  ExpectAddsUp(script, "bakery");
  script.Given(kCommittee + Close("s3"));
  EXPECT_EQ(Tell(script.last_event().statement_closed().figures()),
            "confirmed 55/1100, written off 5/100, closing 50/1000");
  EXPECT_EQ(Tell(script.last_event().statement_closed().by_budget()),
            "donor/2021 500, programme/2021 500");
  script.Given(Pay("s3", 1000));
  EXPECT_EQ(BudgetOf(script), "allocated 10000, paid 500");
  ExpectReplays(script);
}

TEST(SettlementEffect, ALineMayAdd) {
  Script script;
  script.Given(kOpen + ByTwo("w", WrittenOff("s3", -30'000, -600, kProgramme)));
  EXPECT_EQ(StatementOf(script, "s3"), "open 60/1700");
  EXPECT_EQ(Books(script), "issued -200, available 145, payable 60, written off -5");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed 1200");
  ExpectAddsUp(script, "bakery");
  ExpectReplays(script);
}

TEST(SettlementEffect, AClosedStatementIsWrittenOffWhole) {
  Script script;
  script.Given(kClosed + ByTwo("w", WrittenOff("s3", 330'000, 1100)));
  EXPECT_TRUE(script.last_event().payable_written_off().settles());
  EXPECT_EQ(Tell(script.last_event().payable_written_off().by_budget()),
            "donor/2021 500, programme/2021 600");
  EXPECT_EQ(StatementOf(script, "s3"), "written off 55/1100");
  EXPECT_EQ(Owed(script, "bakery"), "0/0");
  EXPECT_EQ(Books(script), "issued -200, available 145, written off 55");
  EXPECT_EQ(BudgetOf(script), "allocated 10000");
  ExpectAddsUp(script, "bakery");
  script.Given(kCommittee + "at 2021-05-01 00:00\n" + Month("2021-04") + DrawUp("s4", "2021-04"));
  EXPECT_EQ(Tell(script.last_event().statement_opened().figures()),
            "opening 55/1100, written off 55/1100, closing 0/0");
  EXPECT_EQ(script.last_event().statement_opened().by_budget_size(), 0);
  ExpectAddsUp(script, "bakery");
  ExpectReplays(script);
}

TEST(SettlementEffect, WhatAMerchantOwesIsWrittenOffToo) {
  Script script;
  script.Given(kPaid + kTill + Refund("x", Line("oil", 1)) + kCommittee + "at 2021-05-01 00:00\n" +
               Month("2021-04") + DrawUp("s4", "2021-04") + "\n" + Close("s4"));
  EXPECT_EQ(Tell(script.last_event().statement_closed().figures()),
            "opening 55/1100, refunded 10/300, paid 55/1100, closing -10/-300");
  EXPECT_EQ(Owed(script, "bakery"), "-10/-300");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed -300, paid 600");
  script.Given(ByTwo("w", WrittenOff("s4", -60'000, -300)));
  EXPECT_EQ(Owed(script, "bakery"), "0/0");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, paid 600");
  EXPECT_EQ(StatementOf(script, "s4"), "written off -10/-300");
  EXPECT_EQ(Books(script), "issued -200, available 155, settled 55, written off -10");
  ExpectAddsUp(script, "bakery");
  ExpectReplays(script);
}

// ---- Objections, and statements that close by themselves.

const std::string kTenDays = "use mall\nby committee\n" +
                             RuleFrom("2021-01-01", "", "rolling_months: 12", "",
                                      "hold_seconds_max: 1800 statement_close_days: 10") +
                             kTill + Redeem("x", Line("oil", 2)) + "\nat 2021-04-01 09:30" +
                             kCommittee + Month("2021-03") + DrawUp("s3", "2021-03") + "\n";

TEST(SettlementEffect, AStatementClosesByItself) {
  Script script;
  script.Given(kTenDays);
  EXPECT_EQ(script.last_event().statement_opened().closes_us(), script.Micros("2021-04-11 00:00"));
  ASSERT_EQ(script.state().timers().size(), 1u);
  script.Given("at 2021-04-10 23:59\nsweep");
  EXPECT_EQ(StatementOf(script, "s3"), "open 20/600");
  script.Given("at 2021-04-12 15:00\nsweep");
  const v1::Event event = script.last_event();
  ASSERT_TRUE(event.has_statement_closed());
  EXPECT_FALSE(event.statement_closed().has_command());
  EXPECT_EQ(event.statement_closed().statement_id(), "s3");
  EXPECT_EQ(event.statement_closed().merchant_id(), "bakery");
  EXPECT_EQ(Tell(event.statement_closed().figures()), "confirmed 20/600, closing 20/600");
  EXPECT_EQ(event.occurred_us(), script.Micros("2021-04-11 00:00"));
  EXPECT_EQ(event.recorded_us(), script.Micros("2021-04-12 15:00"));
  EXPECT_EQ(event.scope(), v1::REQUEST_SCOPE_UNSPECIFIED);
  EXPECT_EQ(StatementOf(script, "s3"), "closed 20/600");
  EXPECT_TRUE(script.state().timers().empty());
  ExpectReplays(script);
}

TEST(SettlementEffect, ClosedByHandItClosesOnce) {
  Script script;
  script.Given(kTenDays + Close("s3"));
  EXPECT_TRUE(script.state().timers().empty());
  const size_t size = script.events().size();
  script.Given("at 2021-04-12 00:00\nsweep");
  EXPECT_EQ(script.events().size(), size);
}

TEST(SettlementEffect, AnObjectionStopsTheClock) {
  Script script;
  script.Given(kTenDays + kTill + OfStatement("ObjectStatement", "s3"));
  EXPECT_EQ(script.last_event().statement_objected().merchant_id(), "bakery");
  EXPECT_EQ(StatementOf(script, "s3"), "objected 20/600");
  EXPECT_TRUE(script.state().timers().empty());
  script.Given("at 2021-04-20 12:00\nsweep" + kCommittee + OfStatement("ResolveObjection", "s3") +
               " upheld: true");
  const v1::ObjectionResolved resolved = script.last_event().objection_resolved();
  EXPECT_EQ(resolved.merchant_id(), "bakery");
  EXPECT_EQ(resolved.closes_us(), script.Micros("2021-04-30 00:00"));
  EXPECT_EQ(StatementOf(script, "s3"), "open 20/600");
  script.Given("at 2021-04-30 00:00\nsweep");
  EXPECT_EQ(StatementOf(script, "s3"), "closed 20/600");
  ExpectReplays(script);
}

TEST(SettlementEffect, TooLateToObject) {
  Script script;
  script.Given(kTenDays + kTill + "at 2021-04-11 00:00");
  EXPECT_EQ(script.Run(OfStatement("ObjectStatement", "s3")), "STATEMENT_NOT_OPEN");
  EXPECT_EQ(StatementOf(script, "s3"), "closed 20/600");
}

// ---- The final statement.

TEST(SettlementEffect, TheFinalStatementHasEverything) {
  Script script;
  script.Given(kPaid + kTill + Redeem("y", Line("oil", 1)) + "\nat 2021-05-05 09:00\n" +
               Redeem("z", Line("oil", 2)) + kCommittee +
               "OffboardMerchant merchant_id: \"bakery\" last_day: \"2021-05-05\" reason_code: "
               "\"moved\"\nat 2021-05-06 00:00\nOpenStatement statement_id: \"sf\" merchant_id: "
               "\"bakery\" final: true");
  EXPECT_EQ(Tell(script.last_event().statement_opened().figures()),
            "opening 55/1100, confirmed 30/900, paid 55/1100, closing 30/900");
  EXPECT_TRUE(script.state().statements().Find("sf")->final());
  ExpectAddsUp(script, "bakery");
  script.Given(Close("sf") + Pay("sf", 900));
  EXPECT_EQ(Owed(script, "bakery"), "0/0");
  // It can still come back.
  script.Given(OfStatement("ReversePayment", "sf") + "\n" + Pay("sf", 900));
  EXPECT_EQ(Owed(script, "bakery"), "0/0");
  ExpectAddsUp(script, "bakery");
  ExpectReplays(script);
}

// ---- Budgets.

TEST(SettlementEffect, Allocations) {
  Script script;
  script.Given("use mall\n" + ByTwo("b3", Allocation("programme", 2021, 500, "warn_percent: 80")));
  const v1::Event event = script.last_event();
  EXPECT_EQ(event.budget_allocated().allocated_fen(), 10500u);
  EXPECT_EQ(event.budget_allocated().command().fen(), 500);
  EXPECT_TRUE(script.event(script.events().size() - 2).has_change_approved());
  EXPECT_EQ(event.command_event_count(), 2u);
  script.Given(ByTwo("b4", Allocation("programme", 2021, -10500)));
  EXPECT_EQ(script.last_event().budget_allocated().allocated_fen(), 0u);
  EXPECT_EQ(script.state().budgets().Find(BudgetId("programme", 2021))->warn_percent, 80u);
  ExpectReplays(script);
}

TEST(SettlementEffect, ABudgetHasAnEnd) {
  Script script;
  script.Given("use town");
  for (int i = 0; i < 1000; ++i) {
    script.Given(ByTwo(Text("b", i), Allocation("programme", 2021, 1'000'000'000'000)));
  }
  EXPECT_EQ(BudgetOf(script), "allocated 1000000000000000");
  EXPECT_EQ(script.Run(Propose("c", Allocation("programme", 2021, 1)), true),
            "AMOUNT_OVERFLOW command.fen");
  script.Given(Propose("d", Allocation("programme", 2022, 1)));
}

// ---- Closed months.

TEST(SettlementEffect, ALaterFactIsBookedInTheFirstOpenMonth) {
  Script script;
  script.Given("use mall" + kCommittee + Month("2021-02"));
  EXPECT_EQ(script.last_event().period_closed().month_number(), *ParseMonth("2021-02"));
  EXPECT_FALSE(script.last_event().has_booked_month_number());
  script.Given("by app source=app\nCreditHours " + Served("r1", "ann", "2021-02-20", 60));
  EXPECT_EQ(script.last_event().booked_month_number(), *ParseMonth("2021-03"));
  script.Given("CreditHours " + Served("r2", "ann", "2021-03-01", 60));
  EXPECT_FALSE(script.last_event().has_booked_month_number());
  ExpectReplays(script);
}

TEST(SettlementEffect, SoIsWhatTheClockComesToLate) {
  Script script;
  script.Given("use mall\nat 2022-05-01 00:00" + kCommittee + Month("2022-04") + "sweep");
  const v1::Event event = script.last_event();
  ASSERT_TRUE(event.has_points_expired());
  EXPECT_EQ(event.occurred_us(), script.Micros("2022-04-01 00:00"));
  EXPECT_EQ(event.booked_month_number(), *ParseMonth("2022-05"));
  ExpectReplays(script);
}

TEST(SettlementEffect, AMonthIsOneOfTheLedgersZone) {
  Script script;
  script.Given("use mall\nat 2021-03-31 23:59\n" + Redeem("x", Line("oil", 1)) +
               "\nat 2021-04-01 00:00\n" + Redeem("y", Line("oil", 1)));
  const std::vector<BookedMonth>& booked = script.state().merchants().Find("bakery")->booked;
  ASSERT_EQ(booked.size(), 2u);
  EXPECT_EQ(booked[0].month, *ParseMonth("2021-03"));
  EXPECT_EQ(booked[1].month, *ParseMonth("2021-04"));
}

TEST(SettlementEffect, ARefundIsBookedInItsOwnMonth) {
  Script script;
  script.Given(kMarch + kTill + Refund("x", Line("oil", 1)));
  EXPECT_FALSE(script.last_event().has_booked_month_number());
  const std::vector<BookedMonth>& booked = script.state().merchants().Find("bakery")->booked;
  ASSERT_EQ(booked.size(), 2u);
  EXPECT_EQ(booked[1].month, *ParseMonth("2021-04"));
  EXPECT_EQ(booked[1].refunded, (Amount{60'000, 300}));
  script.Given(kCommittee + DrawUp("s3", "2021-03"));
  EXPECT_EQ(Tell(script.last_event().statement_opened().figures()),
            "confirmed 55/1100, closing 55/1100");
  ExpectAddsUp(script, "bakery");
}

}  // namespace
}  // namespace meritbook
