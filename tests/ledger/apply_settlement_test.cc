// Events of merchants, budgets and statements, changed.
#include <gtest/gtest.h>

#include "tests/ledger/mall_life.h"

namespace meritbook {
namespace {

using E = v1::Event;

void More(v1::Amounts* amounts) { amounts->set_fen(amounts->fen() + 1); }
v1::StatementOpened* Opened(E& e) { return e.mutable_statement_opened(); }
v1::StatementClosed* Closed(E& e) { return e.mutable_statement_closed(); }
v1::PaymentRecorded* Paid(E& e) { return e.mutable_payment_recorded(); }
v1::PaymentReversed* Reversed(E& e) { return e.mutable_payment_reversed(); }
v1::PayableWrittenOff* Written(E& e) { return e.mutable_payable_written_off(); }
v1::PublishItem* Item(E& e) { return e.mutable_item_published()->mutable_command(); }

TEST(ApplySettlement, MerchantsAndShelves) {
  ExpectRefusedInMall({
      {"nobody is suspended", E::kMerchantSuspended, 0,
       [](E& e) { e.mutable_merchant_suspended()->mutable_command()->set_merchant_id("inn"); },
       "found.has_value()"},
      {"resumed without need", E::kMerchantResumed, 0,
       [](E& e) { e.mutable_merchant_resumed()->mutable_command()->set_merchant_id("bakery"); },
       "state_.merchants()[index].suspended"},
      {"gone yesterday", E::kMerchantOffboarded, 0,
       [](E& e) { e.mutable_merchant_offboarded()->mutable_command()->set_last_day("2021-03-09"); },
       "*last_day >= Today()"},
      {"gone never", E::kMerchantOffboarded, 0,
       [](E& e) { e.mutable_merchant_offboarded()->mutable_command()->clear_last_day(); },
       "last_day.has_value()"},
      {"no item withdrawn", E::kItemWithdrawn, 0,
       [](E& e) { e.mutable_item_withdrawn()->mutable_command()->set_item_id("z"); },
       "found.has_value()"},
      {"withdrawn by another", E::kItemWithdrawn, 0,
       [](E& e) {
         e.set_scope(v1::REQUEST_SCOPE_MERCHANT);
         e.set_source("bakery");
       },
       "event_.source() == state_.merchants()"},
      {"more sent back than there is", E::kStockReturned, 0,
       [](E& e) { e.mutable_stock_returned()->mutable_command()->set_quantity(4); },
       "item.free() >= returned.command().quantity()"},
      {"nothing sent back", E::kStockReturned, 0,
       [](E& e) { e.mutable_stock_returned()->mutable_command()->set_quantity(0); },
       "returned.command().quantity() >= 1"},
      {"paid by nobody", E::kItemPublished, 5, [](E& e) { Item(e)->set_settle_fen(1); },
       "from_budget || command.settle_fen() == 0"},
      {"paid by a donor without a name", E::kItemPublished, 4,
       [](E& e) { Item(e)->clear_budget_source(); }, "command.has_budget_source()"},
      {"paid with too much", E::kItemPublished, 3,
       [](E& e) { Item(e)->set_settle_fen(100'000'001); }, "command.settle_fen() <= kSettleFenMax"},
      {"for an age that there isn't", E::kItemPublished, 5,
       [](E& e) { Item(e)->set_age_bands(0, static_cast<v1::AgeBand>(99)); },
       "v1::AgeBand_IsValid(band)"},
  });
}

TEST(ApplySettlement, BudgetsAndMonths) {
  ExpectRefusedInMall({
      {"another sum", E::kBudgetAllocated, 0,
       [](E& e) { e.mutable_budget_allocated()->set_allocated_fen(10'001); },
       "allocated.allocated_fen() =="},
      {"more than was proposed", E::kBudgetAllocated, 0,
       [](E& e) { e.mutable_budget_allocated()->mutable_command()->set_fen(10'001); },
       "Approved()->allocate_budget()"},
      {"to another than was proposed", E::kBudgetAllocated, 0,
       [](E& e) { e.mutable_budget_allocated()->mutable_command()->set_source("donor"); },
       "Approved()->allocate_budget()"},
      {"another month than it says", E::kPeriodClosed, 0,
       [](E& e) { e.mutable_period_closed()->set_month_number(613); },
       "closed.month_number() == *month"},
      {"a month that isn't over", E::kPeriodClosed, 0,
       [](E& e) {
         e.mutable_period_closed()->mutable_command()->set_month("2021-04");
         e.mutable_period_closed()->set_month_number(615);
       },
       "Today() >= FirstDayOf(*month + 1)"},
      {"a month twice", E::kPeriodClosed, 1,
       [](E& e) {
         e.mutable_period_closed()->mutable_command()->set_month("2021-03");
         e.mutable_period_closed()->set_month_number(614);
       },
       "*month > *ledger.closed_through"},
      {"no month", E::kPeriodClosed, 0,
       [](E& e) { e.mutable_period_closed()->mutable_command()->clear_month(); },
       "month.has_value()"},
  });
}

TEST(ApplySettlement, Statements) {
  ExpectRefusedInMall({
      {"an opening from nowhere", E::kStatementOpened, 0,
       [](E& e) { More(Opened(e)->mutable_figures()->mutable_opening()); },
       "SameFigures(draft.amounts, opened.figures())"},
      {"more confirmed", E::kStatementOpened, 0,
       [](E& e) { More(Opened(e)->mutable_figures()->mutable_confirmed()); },
       "SameFigures(draft.amounts, opened.figures())"},
      {"less refunded", E::kStatementOpened, 0,
       [](E& e) { Opened(e)->mutable_figures()->clear_refunded(); },
       "SameFigures(draft.amounts, opened.figures())"},
      {"a payment that there wasn't", E::kStatementOpened, 0,
       [](E& e) { More(Opened(e)->mutable_figures()->mutable_paid()); },
       "SameFigures(draft.amounts, opened.figures())"},
      {"a closing that doesn't add up", E::kStatementOpened, 0,
       [](E& e) { More(Opened(e)->mutable_figures()->mutable_closing()); },
       "SameFigures(draft.amounts, opened.figures())"},
      {"a payment left out", E::kStatementOpened, 1,
       [](E& e) { Opened(e)->mutable_figures()->clear_paid(); },
       "SameFigures(draft.amounts, opened.figures())"},
      {"other money", E::kStatementOpened, 0,
       [](E& e) { Opened(e)->mutable_by_budget(0)->set_fen(1); }, "SameByBudget(state_, draft"},
      {"another's money", E::kStatementOpened, 0,
       [](E& e) { Opened(e)->mutable_by_budget(0)->mutable_budget()->set_source("donor"); },
       "SameByBudget(state_, draft"},
      {"no money", E::kStatementOpened, 0, [](E& e) { Opened(e)->clear_by_budget(); },
       "SameByBudget(state_, draft"},
      {"after one that there wasn't", E::kStatementOpened, 0,
       [](E& e) { Opened(e)->set_previous_statement_id("s0"); },
       "opened.previous_statement_id().empty()"},
      {"after nothing", E::kStatementOpened, 1,
       [](E& e) { Opened(e)->clear_previous_statement_id(); },
       "opened.previous_statement_id() == previous.id"},
      {"closing on another day", E::kStatementOpened, 0,
       [](E& e) { Opened(e)->set_closes_us(Opened(e)->closes_us() + 1); }, "closes_us =="},
      {"never closing", E::kStatementOpened, 0, [](E& e) { Opened(e)->clear_closes_us(); },
       "has_closes == closes"},
      {"through an open month", E::kStatementOpened, 0,
       [](E& e) { Opened(e)->mutable_command()->set_through_month("2021-04"); },
       "<= *state_.ledger().closed_through"},
      {"a final one through a month", E::kStatementOpened, 0,
       [](E& e) { Opened(e)->mutable_command()->set_final(true); },
       "command.through_month().empty()"},
      {"a final one of who stays", E::kStatementOpened, 0,
       [](E& e) {
         Opened(e)->mutable_command()->set_final(true);
         Opened(e)->mutable_command()->clear_through_month();
       },
       "merchant.last_day.has_value()"},
      {"of nobody", E::kStatementOpened, 0,
       [](E& e) { Opened(e)->mutable_command()->set_merchant_id("inn"); },
       "merchant_index.has_value()"},
      {"of another merchant", E::kStatementOpened, 0,
       [](E& e) { Opened(e)->mutable_command()->set_merchant_id("teahouse"); },
       "SameFigures(draft.amounts, opened.figures())"},
      {"under an id that is taken", E::kStatementOpened, 1,
       [](E& e) { Opened(e)->mutable_command()->set_statement_id("s3"); },
       "!state_.statements().Find(command.statement_id())"},

      {"an objection of another's", E::kStatementObjected, 0,
       [](E& e) { e.set_source("teahouse"); }, "event_.source() == objected.merchant_id()"},
      {"an objection in another's name", E::kStatementObjected, 0,
       [](E& e) { e.mutable_statement_objected()->set_merchant_id("teahouse"); }, "== merchant_id"},
      {"an objection to nothing", E::kStatementObjected, 0,
       [](E& e) { e.mutable_statement_objected()->mutable_command()->set_statement_id("s9"); },
       "found.has_value()"},
      {"resolved, closing on another day", E::kObjectionResolved, 0,
       [](E& e) {
         e.mutable_objection_resolved()->set_closes_us(e.objection_resolved().closes_us() - 1);
       },
       "closes_us =="},
      {"closed with other figures", E::kStatementClosed, 0,
       [](E& e) { More(Closed(e)->mutable_figures()->mutable_closing()); },
       "SameFigures(statement.amounts, closed.figures())"},
      {"closed without what was written off", E::kStatementClosed, 0,
       [](E& e) { Closed(e)->mutable_figures()->clear_written_off(); },
       "SameFigures(statement.amounts, closed.figures())"},
      {"closed with other money", E::kStatementClosed, 0,
       [](E& e) { Closed(e)->mutable_by_budget(0)->set_fen(1); }, "SameByBudget(state_, statement"},
      {"closed, another than was named", E::kStatementClosed, 0,
       [](E& e) { Closed(e)->mutable_command()->set_statement_id("s9"); },
       "closed.command().statement_id() == closed.statement_id()"},
      {"closed by somebody without a command", E::kStatementClosed, 0,
       [](E& e) { Closed(e)->clear_command(); }, "!IsTheLedgersOwn(event_)"},
      {"closed by itself, too soon", E::kStatementClosed, 1,
       [](E& e) { e.set_occurred_us(e.occurred_us() - 1); },
       "event_.occurred_us() == statement.closes_us"},
      {"closed by itself, again", E::kStatementClosed, 1,
       [](E& e) { Closed(e)->set_statement_id("s3"); }, "statement.open()"},
  });
}

TEST(ApplySettlement, Payments) {
  ExpectRefusedInMall({
      {"paid with more", E::kPaymentRecorded, 0,
       [](E& e) { Paid(e)->mutable_command()->set_fen(1'101); }, "paid.command().fen()"},
      {"paid for more", E::kPaymentRecorded, 0, [](E& e) { More(Paid(e)->mutable_amounts()); },
       "AmountOf(paid.amounts()) == due"},
      {"paid for other points", E::kPaymentRecorded, 0,
       [](E& e) { Paid(e)->mutable_amounts()->set_units(6'000); },
       "AmountOf(paid.amounts()) == due"},
      {"paid out of another budget", E::kPaymentRecorded, 0,
       [](E& e) { Paid(e)->mutable_by_budget(0)->mutable_budget()->set_source("donor"); },
       "SameByBudget(state_, statement"},
      {"paid to another", E::kPaymentRecorded, 0,
       [](E& e) { Paid(e)->set_merchant_id("teahouse"); }, "== merchant_id"},
      {"paid once more", E::kPaymentRecorded, 1,
       [](E& e) { Paid(e)->mutable_command()->set_statement_id("s3"); },
       "statement.state == StatementState::kClosed"},
      {"less comes back", E::kPaymentReversed, 0,
       [](E& e) { More(Reversed(e)->mutable_amounts()); }, "AmountOf(reversed.amounts()) == due"},
      {"it comes back to another budget", E::kPaymentReversed, 0,
       [](E& e) { Reversed(e)->mutable_by_budget(0)->mutable_budget()->set_year(2020); },
       "SameByBudget(state_, statement"},
      {"it comes back from another", E::kPaymentReversed, 0,
       [](E& e) { Reversed(e)->set_merchant_id("teahouse"); }, "== merchant_id"},
      {"what was never paid comes back", E::kPaymentReversed, 0,
       [](E& e) { Reversed(e)->mutable_command()->set_statement_id("s9"); }, "found.has_value()"},
      {"more written off than was proposed", E::kPayableWrittenOff, 0,
       [](E& e) { More(Written(e)->mutable_command()->mutable_amounts()); },
       "Approved()->write_off()"},
      {"written off to another budget", E::kPayableWrittenOff, 0,
       [](E& e) { Written(e)->mutable_by_budget(0)->mutable_budget()->set_source("donor"); },
       "SameByBudget(state_, by_budget"},
      {"written off with other fen", E::kPayableWrittenOff, 0,
       [](E& e) { Written(e)->mutable_by_budget(0)->set_fen(1); },
       "SameByBudget(state_, by_budget"},
      {"an open one settled", E::kPayableWrittenOff, 0, [](E& e) { Written(e)->set_settles(true); },
       "statement.state == StatementState::kClosed"},
      {"written off of another", E::kPayableWrittenOff, 0,
       [](E& e) { Written(e)->set_merchant_id("teahouse"); }, "== merchant_id"},
  });
}

}  // namespace
}  // namespace meritbook
