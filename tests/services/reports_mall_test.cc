// Goods, money and accounts in reports, by hand.
#include <gtest/gtest.h>

#include "services/reports.h"
#include "services/summary.h"
#include "tests/services/hand_log.h"

namespace meritbook {
namespace {

using Rows = std::vector<std::string>;

// ann has 100 points. A bun is 5 points and 300 fen, a cup 2 points and the bakery's own.
class MallReports : public testing::Test {
 protected:
  MallReports() {
    log_.Organisation("north", v1::ORGANISATION_KIND_COMMUNITY)
        .Activity("visit", "north", "care")
        .Volunteer("ann")
        .Volunteer("bob")
        .Hours("r1", "ann", "visit", "2023-12-31", 600, 100)
        .Merchant("bakery")
        .Merchant("grocer")
        .Item("bun", "bakery", 5, 40, 300)
        .Item("cup", "bakery", 2, 10)
        .Item("rice", "grocer", 10, 5, 800)
        .Allocate(20'000);
    // Three buns and a cup are held; two buns are handed over two days later.
    log_.At("2024-01-10 09:00").Hold("h1", "ann", "bakery", {{"bun", 3, 5, 300}, {"cup", 1, 2, 0}});
    log_.At("2024-01-12 09:00").Confirm("h1", "ann", "bakery", {{"bun", 2, 5, 300}}, 17);
    log_.At("2024-01-12 10:00").Redeem("o1", "ann", "grocer", {{"rice", 2, 10, 800}});
    log_.At("2024-01-15 10:00").Refund("h1", "ann", "bakery", {{"bun", 1, 5, 300}});
    log_.At("2024-01-20 10:00").Hold("h2", "ann", "bakery", {{"cup", 4, 2, 0}});
    log_.At("2024-01-21 10:00").Cancel("h2", "ann", "bakery", 8);
    log_.At("2024-02-02 10:00").Hold("h3", "ann", "grocer", {{"rice", 1, 10, 800}});
  }

  uint32_t Merchant(const std::string& id) { return *log_.books().merchant_ids.Of(id); }
  // One field of a statement's figures or of a payment.
  static v1::Amounts Amounts(int64_t points, int64_t fen) {
    v1::Amounts amounts;
    amounts.set_units(HandPoints(points));
    amounts.set_fen(fen);
    return amounts;
  }
  HandLog& OpenStatement(const std::string& id, const std::string& merchant,
                         const std::string& month, const v1::StatementFigures& figures) {
    v1::Event event = log_.Next();
    auto* opened = event.mutable_statement_opened();
    opened->mutable_command()->set_statement_id(id);
    opened->mutable_command()->set_merchant_id(merchant);
    opened->mutable_command()->set_through_month(month);
    *opened->mutable_figures() = figures;
    return log_.Add(event);
  }
  HandLog& Close(const std::string& id, const std::string& merchant,
                 const v1::StatementFigures& figures) {
    v1::Event event = log_.Next();
    event.mutable_statement_closed()->set_statement_id(id);
    event.mutable_statement_closed()->set_merchant_id(merchant);
    *event.mutable_statement_closed()->mutable_figures() = figures;
    return log_.Add(event);
  }
  template <typename Payment>
  void FillPayment(Payment* payment, const std::string& id, const v1::Amounts& amounts) {
    payment->mutable_command()->set_statement_id(id);
    payment->set_merchant_id("grocer");
    *payment->mutable_amounts() = amounts;
    v1::BudgetFen* part = payment->add_by_budget();
    part->mutable_budget()->set_source("programme");
    part->mutable_budget()->set_year(2024);
    part->set_fen(amounts.fen());
  }

  HandLog log_;
};

TEST_F(MallReports, TheDayBookHasDayTotals) {
  const Rows bakery = {"bakery|2024-01-12|2024-01-12|13|h1|ann|handed_over|bun|2|5|10|600",
                       "=bakery|2024-01-12|||||||2||10|600",
                       "bakery|2024-01-15|2024-01-15|15|h1|ann|refunded|bun|-1|5|-5|-300",
                       "=bakery|2024-01-15|||||||-1||-5|-300"};
  const Rows grocer = {"grocer|2024-01-12|2024-01-12|14|o1|ann|handed_over|rice|2|10|20|1600",
                       "=grocer|2024-01-12|||||||2||20|1600"};
  Rows all = bakery;
  all.insert(all.end(), grocer.begin(), grocer.end());
  all.push_back("=||||||||3||25|1900");
  EXPECT_EQ(Lines(Daybook(log_.books(), Window(), std::nullopt)), all);
  Rows of_grocer = grocer;
  of_grocer.push_back("=||||||||2||20|1600");
  EXPECT_EQ(Lines(Daybook(log_.books(), Window(), Merchant("grocer"))), of_grocer);
  EXPECT_EQ(Lines(Daybook(log_.books(), Days(log_, "2024-01-15", "2024-01-15"), std::nullopt)),
            (Rows{bakery[2], bakery[3], "=||||||||-1||-5|-300"}));
}

TEST_F(MallReports, StockOpenOrdersAndBudgetsOfEachDay) {
  const auto stock = [&](const std::string& until) {
    return Lines(Stock(log_.books(), Days(log_, "", until), std::nullopt));
  };
  // received, sent back, handed over, returned, on hand, reserved, free
  EXPECT_EQ(stock("2024-01-10"), (Rows{"bakery|bun|on_sale|5|300|40|0|0|0|40|3|37",
                                       "bakery|cup|on_sale|2|0|10|0|0|0|10|1|9",
                                       "grocer|rice|on_sale|10|800|5|0|0|0|5|0|5"}));
  EXPECT_EQ(stock(""), (Rows{"bakery|bun|on_sale|5|300|40|0|2|1|39|0|39",
                             "bakery|cup|on_sale|2|0|10|0|0|0|10|0|10",
                             "grocer|rice|on_sale|10|800|5|0|2|0|3|1|2"}));
  v1::Event back = log_.Next();
  back.mutable_stock_returned()->mutable_command()->set_item_id("cup");
  back.mutable_stock_returned()->mutable_command()->set_quantity(4);
  log_.Add(back);
  v1::Event withdrawn = log_.Next();
  withdrawn.mutable_item_withdrawn()->mutable_command()->set_item_id("cup");
  log_.Add(withdrawn);
  EXPECT_EQ(stock("")[1], "bakery|cup|withdrawn|2|0|10|4|0|0|6|0|6");
  EXPECT_EQ(stock("2024-02-01")[1], "bakery|cup|on_sale|2|0|10|0|0|0|10|0|10");

  const auto open = [&](const std::string& until) {
    return Lines(OpenOrders(log_.books(), Days(log_, "", until), std::nullopt));
  };
  EXPECT_EQ(open(""), (Rows{"grocer|h3|ann|hold|2024-02-02|2024-02-02|2024-02-02|1|10|800",
                            "=|||||||1|10|800"}));
  EXPECT_EQ(
      open("2024-01-11"),
      (Rows{"bakery|h1|ann|hold|2024-01-10|2024-01-10|2024-01-10|4|17|900", "=|||||||4|17|900"}));
  EXPECT_EQ(open("2024-01-31"), (Rows{"=|||||||0|0|0"}));

  // allocated, reserved, owed, paid, left, used
  const auto budget = [&](const std::string& until) {
    return Lines(Budgets(log_.books(), Days(log_, "", until))).front();
  };
  EXPECT_EQ(budget("2024-01-10"), "2024|programme|20000|900|0|0|19100|450");
  EXPECT_EQ(budget("2024-01-12"), "2024|programme|20000|0|2200|0|17800|1100");
  EXPECT_EQ(budget("2024-01-31"), "2024|programme|20000|0|1900|0|18100|950");
  EXPECT_EQ(budget(""), "2024|programme|20000|800|1900|0|17300|1350");
  EXPECT_EQ(SummaryOf(log_.books(), std::nullopt).budget_left_fen(), 17'300);
  EXPECT_EQ(SummaryOf(log_.books(), std::nullopt).orders(), 2u);
  EXPECT_EQ(SummaryOf(log_.books(), std::nullopt).redeemed_units(), HandPoints(25));
  EXPECT_EQ(SummaryOf(log_.books(), ParseDay("2024-01-12")).redeemed_units(), HandPoints(30));
}

TEST_F(MallReports, AStatementIsPaidComesBackAndIsCarriedForward) {
  const auto settlement = [&](const std::string& until) {
    return Lines(Settlement(log_.books(), Days(log_, "", until), Merchant("grocer")));
  };
  // opening, confirmed, refunded, paid, reversed, written off, closing: points and fen
  EXPECT_EQ(settlement(""), (Rows{"grocer|||not_stated||0|0|20|1600|0|0|0|0|0|0|0|0|20|1600",
                                  "=grocer|||||0|0|20|1600|0|0|0|0|0|0|0|0|20|1600",
                                  "=|||||0|0|20|1600|0|0|0|0|0|0|0|0|20|1600"}));
  log_.At("2024-02-03 10:00");
  v1::StatementFigures january;
  *january.mutable_confirmed() = Amounts(20, 1'600);
  *january.mutable_closing() = Amounts(20, 1'600);
  log_.By("lin");
  OpenStatement("s1", "grocer", "2024-01", january);
  EXPECT_EQ(settlement("")[0],
            "grocer|s1|2024-01|open|2024-02-03|0|0|20|1600|0|0|0|0|0|0|0|0|20|1600");
  Close("s1", "grocer", january);
  log_.At("2024-02-05 10:00");
  v1::Event paid = log_.Next();
  FillPayment(paid.mutable_payment_recorded(), "s1", Amounts(20, 1'600));
  log_.Add(paid);
  EXPECT_EQ(Lines(Budgets(log_.books(), Window())).front(),
            "2024|programme|20000|800|300|1600|17300|1350");
  // 100 less 10 and 20, and 5 again; what is held is hers.
  const v1::GetSummaryResponse figures = SummaryOf(log_.books(), std::nullopt);
  EXPECT_EQ(figures.outstanding_units(), HandPoints(75));
  EXPECT_EQ(figures.outstanding_fen(), 75 * 80);
  EXPECT_EQ(settlement(""),
            (Rows{"grocer|s1|2024-01|paid|2024-02-03|0|0|20|1600|0|0|0|0|0|0|0|0|20|1600",
                  "grocer|||not_stated||20|1600|0|0|0|0|20|1600|0|0|0|0|0|0",
                  "=grocer|||||0|0|20|1600|0|0|20|1600|0|0|0|0|0|0",
                  "=|||||0|0|20|1600|0|0|20|1600|0|0|0|0|0|0"}));
  // As of an earlier day it is to be paid.
  EXPECT_EQ(settlement("2024-02-04")[0].substr(0, 24), "grocer|s1|2024-01|closed");
  EXPECT_EQ(SummaryOf(log_.books(), ParseDay("2024-02-04")).outstanding_fen(), 0);
  log_.At("2024-02-06 10:00");
  v1::Event back = log_.Next();
  FillPayment(back.mutable_payment_reversed(), "s1", Amounts(20, 1'600));
  log_.Add(back);
  EXPECT_EQ(settlement("")[0].substr(0, 24), "grocer|s1|2024-01|closed");
  log_.At("2024-03-03 10:00").Confirm("h3", "ann", "grocer", {{"rice", 1, 10, 800}}, 10);
  v1::StatementFigures next;
  *next.mutable_opening() = Amounts(20, 1'600);
  *next.mutable_paid() = Amounts(20, 1'600);
  *next.mutable_reversed() = Amounts(20, 1'600);
  *next.mutable_closing() = Amounts(20, 1'600);
  OpenStatement("s2", "grocer", "2024-02", next);
  v1::Event off = log_.Next();
  auto* written = off.mutable_payable_written_off();
  written->mutable_command()->set_statement_id("s2");
  *written->mutable_command()->mutable_amounts() = Amounts(0, 100);
  written->set_merchant_id("grocer");
  log_.Add(off);
  EXPECT_EQ(
      settlement(""),
      (Rows{"grocer|s1|2024-01|carried_forward|2024-02-03|0|0|20|1600|0|0|0|0|0|0|0|0|20|1600",
            "grocer|s2|2024-02|open|2024-03-03|20|1600|0|0|0|0|20|1600|20|1600|0|100|20|1500",
            "grocer|||not_stated||20|1500|10|800|0|0|0|0|0|0|0|0|30|2300",
            "=grocer|||||0|0|30|2400|0|0|20|1600|20|1600|0|100|30|2300",
            "=|||||0|0|30|2400|0|0|20|1600|20|1600|0|100|30|2300"}));
  EXPECT_EQ(Lines(MerchantAccount(log_.books(), Days(log_, "2024-02-06", ""), Merchant("grocer"))),
            (Rows{"||opening||0|0|0|0", "22|2024-02-06|payment_reversed|s1|20|1600|20|1600",
                  "23|2024-03-03|handed_over|h3|10|800|30|2400",
                  "25|2024-03-03|written_off|s2|0|-100|30|2300", "=||||30|2300|30|2300"}));
}

TEST_F(MallReports, AnAccountWithARunningBalance) {
  const uint32_t ann = *log_.books().volunteer_ids.Of("ann");
  // pending, available, held, debt, balance, all she has
  EXPECT_EQ(Lines(VolunteerAccount(log_.books(), Window(), ann)),
            (Rows{"||opening||0|0|0|0|0|0", "5|2023-12-31|hours_credited|visit|0|100|0|0|100|100",
                  "12|2024-01-10|order_held|h1|0|-17|17|0|83|100",
                  "13|2024-01-12|order_confirmed|h1|0|7|-17|0|90|90",
                  "14|2024-01-12|order_redeemed|o1|0|-20|0|0|70|70",
                  "15|2024-01-15|order_refunded|h1|0|5|0|0|75|75",
                  "16|2024-01-20|order_held|h2|0|-8|8|0|67|75",
                  "17|2024-01-21|order_cancelled|h2|0|8|-8|0|75|75",
                  "18|2024-02-02|order_held|h3|0|-10|10|0|65|75", "=||||0|65|10|0|65|75"}));
  EXPECT_EQ(Lines(VolunteerAccount(log_.books(), Days(log_, "2024-01-13", "2024-01-20"), ann)),
            (Rows{"||opening||0|70|0|0|70|70", "15|2024-01-15|order_refunded|h1|0|5|0|0|75|75",
                  "16|2024-01-20|order_held|h2|0|-8|8|0|67|75", "=||||0|67|8|0|67|75"}));
  EXPECT_EQ(Lines(Passbook(log_.books(), Days(log_, "", "2024-01-10"), ann)),
            (Rows{"3|2024-01-01|ann|volunteer_registered|||||||0",
                  "5|2023-12-31|ann|hours_credited|visit|600||100|||100",
                  "12|2024-01-10|ann|order_held|h1|||-17|17||83", "=||||||0|83|17|0|83"}));
}

TEST_F(MallReports, TheBooksOfMonths) {
  // opening, earned, brought along, adjusted, revoked, expired, forfeited, donated, redeemed,
  // refunded, closing
  EXPECT_EQ(Lines(RollForward(log_.books(), Window())),
            (Rows{"2023-12|0|100|0|0|0|0|0|0|0|0|100", "2024-01|100|0|0|0|0|0|0|0|-30|5|75",
                  "=|0|100|0|0|0|0|0|0|-30|5|75"}));
  log_.At("2024-02-05 09:00");
  v1::Event close = log_.Next();
  close.mutable_period_closed()->set_month_number(*ParseMonth("2024-01"));
  log_.Add(close);
  // A service of January, brought in after January was closed: booked in February.
  log_.Late("2024-02").Hours("r2", "bob", "visit", "2024-01-30", 60, 10);
  // month, state, minutes, issued, redeemed, fen; later …; about closed …
  EXPECT_EQ(Lines(Months(log_.books(), Window())),
            (Rows{"2023-12|books_closed|600|100|0|0|0|0|0|0|0|0|0|0",
                  "2024-01|books_closed|60|0|25|1900|1|10|0|0|0|0|0|0",
                  "2024-02|books_open|0|10|0|0|0|0|0|0|1|10|0|0",
                  "=||660|110|25|1900|1|10|0|0|1|10|0|0"}));
  EXPECT_EQ(Lines(RollForward(log_.books(), Window()))[1], "2024-01|100|0|0|0|0|0|0|0|-30|5|75");
  EXPECT_EQ(Lines(RollForward(log_.books(), Window()))[2], "2024-02|75|10|0|0|0|0|0|0|0|0|85");
  // Goods handed over in January, confirmed when it was closed.
  v1::Event late = log_.Late("2024-02").Next();
  late.set_occurred_us(HandTime("2024-01-31 23:59"));
  v1::OrderRefunded* refunded = late.mutable_order_refunded();
  HandLog::SetRef("o1", refunded->mutable_order());
  refunded->set_volunteer_id("ann");
  refunded->set_merchant_id("grocer");
  refunded->mutable_inflow()->add_lots()->set_units(
      HandLog::SetLines({{"rice", 1, 10, 800}}, refunded));
  log_.Add(late);
  EXPECT_EQ(Lines(Months(log_.books(), Window()))[1],
            "2024-01|books_closed|60|0|25|1900|2|10|-10|-800|0|0|0|0");
  EXPECT_EQ(Lines(Months(log_.books(), Window()))[2],
            "2024-02|books_open|0|10|-10|-800|0|0|0|0|2|10|-10|-800");
}

TEST_F(MallReports, AllAccountsSumToZeroOnEveryDay) {
  for (const char* day : {"2023-12-30", "2024-01-10", "2024-01-12", "2024-02-02"}) {
    EXPECT_EQ(Lines(TrialBalance(log_.books(), Days(log_, "", day))).back(), "=|0") << day;
  }
  EXPECT_EQ(Lines(TrialBalance(log_.books(), Days(log_, "", "2024-01-10"))),
            (Rows{"issued|-100", "pending|0", "available|83", "held|17", "debt|0", "expired|0",
                  "revoked|0", "forfeited|0", "donated|0", "payable|0", "settled|0",
                  "written_off|0", "=|0"}));
}

TEST_F(MallReports, WhatLapsesWhen) {
  HandLog log;
  log.Organisation("north", v1::ORGANISATION_KIND_COMMUNITY)
      .Activity("visit", "north", "care")
      .Volunteer("ann")
      .At("2024-03-01 09:00")
      .Hours("r1", "ann", "visit", "2024-02-01", 60, 10, "", "2025-02-28")
      .Hours("r2", "ann", "visit", "2024-02-15", 60, 30, "", "2025-03-31")
      .Hours("r3", "ann", "visit", "2024-02-16", 60, 5);
  v1::Event pending = log.HoursEvent("r4", "ann", "visit", "2024-02-20", 60, 7, "", "2025-03-31");
  pending.mutable_hours_credited()->mutable_credit()->set_matures_day_number(
      *ParseDay("2024-03-10"));
  log.Add(pending).Revoke("r1", "ann", 4, "2025-02-28");
  EXPECT_EQ(Lines(ExpiryCalendar(log.books(), Window())),
            (Rows{"2025-02-28|6|0|0|6", "2025-03-31|30|7|0|37", "|5|0|0|5", "=|41|7|0|48"}));
  EXPECT_EQ(Lines(ExpiryCalendar(log.books(), Days(log, "", "2024-02-15"))),
            (Rows{"2025-02-28|10|0|0|10", "2025-03-31|30|0|0|30", "=|40|0|0|40"}));
  log.At("2024-03-10 09:00");
  v1::Event matured = log.Next();
  matured.mutable_points_matured()->set_volunteer_id("ann");
  v1::LotUnits* lot = matured.mutable_points_matured()->add_pending();
  lot->set_units(HandPoints(7));
  lot->set_expiry_day_number(*ParseDay("2025-03-31"));
  *matured.mutable_points_matured()->mutable_inflow()->add_lots() = *lot;
  log.Add(matured);
  EXPECT_EQ(Lines(ExpiryCalendar(log.books(), Window()))[1], "2025-03-31|37|0|0|37");
}

}  // namespace
}  // namespace meritbook
