// Events of orders, changed: what a bug or a changed log could bring about is not taken for one.
#include <gtest/gtest.h>

#include "tests/ledger/mall_life.h"

namespace meritbook {
namespace {

using E = v1::Event;
constexpr int64_t kMinuteUs = 60'000'000;
constexpr int64_t kDayUs = 1'440 * kMinuteUs;

v1::Hold* HoldOf(E& e) { return e.mutable_order_held()->mutable_hold(); }
v1::HoldOrder* HeldBy(E& e) { return e.mutable_order_held()->mutable_command(); }
v1::HoldEnded* TimedOut(E& e) { return e.mutable_hold_timed_out()->mutable_hold(); }
v1::HoldEnded* Cancelled(E& e) { return e.mutable_order_cancelled()->mutable_hold(); }
void Take(v1::LotUnits* lot) { lot->set_units(lot->units() - 1); }

void Pieces(E& e, int line, uint32_t quantity) {
  HoldOf(e)->mutable_lines(line)->set_quantity(quantity);
  HeldBy(e)->mutable_lines(line)->set_quantity(quantity);
}

// Ann's first hold: two oil, two cakes and an open amount of five.
TEST(ApplyOrder, Holds) {
  ExpectRefusedInMall({
      {"the later lot first", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->mutable_lots()->SwapElements(0, 1); }, "first == LotsOf(taken)"},
      {"a lot spared", E::kOrderHeld, 0,
       [](E& e) {
         Take(HoldOf(e)->mutable_lots(0));
         HoldOf(e)->mutable_lots(1)->set_units(HoldOf(e)->lots(1).units() + 1);
       },
       "first == LotsOf(taken)"},
      {"other units", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->set_units(HoldOf(e)->units() + 6000); },
       "placed.units == sum.amount.units"},
      {"another deadline", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->set_deadline_us(HoldOf(e)->deadline_us() + 1); },
       "hold.deadline_us() == deadline_us"},
      {"another end", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->set_ends_us(HoldOf(e)->ends_us() + 1); },
       "hold.ends_us() == deadline_us + grace_us"},
      {"offline without a grace", E::kOrderHeld, 1,
       [](E& e) { HoldOf(e)->set_ends_us(HoldOf(e)->deadline_us()); },
       "hold.ends_us() == deadline_us + grace_us"},
      {"a grace without being offline", E::kOrderHeld, 1,
       [](E& e) { HeldBy(e)->set_offline(false); }, "hold.ends_us() == deadline_us + grace_us"},
      {"longer than the rule has it", E::kOrderHeld, 0,
       [](E& e) { HeldBy(e)->set_hold_seconds(1801); }, "seconds <= mall->hold_seconds_max()"},
      {"of no length", E::kOrderHeld, 0, [](E& e) { HeldBy(e)->set_hold_seconds(0); },
       "seconds >= 1"},
      {"other fen", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->mutable_lines(0)->set_settle_fen(299); },
       "item.settle_fen == line.settle_fen()"},
      {"another's money", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->mutable_lines(0)->set_budget_source("donor"); },
       "IsPriced(state_, *placed, line)"},
      {"another year's money", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->mutable_lines(0)->set_budget_year(2022); },
       "IsPriced(state_, *placed, line)"},
      {"a budget for what costs no money", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->mutable_lines(1)->set_budget_source("donor"); },
       "IsPriced(state_, *placed, line)"},
      {"an open amount at a price", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->mutable_lines(2)->set_price_points(2); }, "line.price_points() == 1"},
      {"an open amount for other fen", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->mutable_lines(2)->set_settle_fen(6); },
       "line.settle_fen() == mall->open_amount_fen_per_point()"},
      {"above the limit", E::kOrderHeld, 0, [](E& e) { Pieces(e, 1, 4); }, "item.limit.quantity()"},
      {"for another age", E::kOrderHeld, 0,
       [](E& e) {
         HoldOf(e)->mutable_lines(1)->set_item_id("toy");
         HeldBy(e)->mutable_lines(1)->set_item_id("toy");
       },
       "item.age_bands"},
      {"an item twice", E::kOrderHeld, 0,
       [](E& e) {
         *HoldOf(e)->mutable_lines(1) = HoldOf(e)->lines(0);
         *HeldBy(e)->mutable_lines(1) = HeldBy(e)->lines(0);
       },
       "other.item != line.item"},
      {"more than is free", E::kOrderHeld, 0, [](E& e) { Pieces(e, 0, 101); },
       "item.free() >= line.quantity()"},
      {"beyond the budget", E::kOrderHeld, 0,
       [](E& e) {
         Pieces(e, 0, 40);
         HoldOf(e)->set_units((400 + 2 + 5) * 6000);
       },
       "budget.left_fen() >= 0"},
      {"an order id that is taken", E::kOrderHeld, 1, [](E& e) { HeldBy(e)->set_order_id("h1"); },
       "state_.orders().Find(order.id) == nullptr"},
      {"without the warning that follows", E::kOrderHeld, 0,
       [](E& e) { e.set_command_event_count(1); }, "event_.command_event_count() == 1 + warnings"},
      {"with a warning too many", E::kOrderHeld, 1, [](E& e) { e.set_command_event_count(2); },
       "event_.command_event_count() == 1 + warnings"},
      {"a name and a code", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->set_pay_code_id(std::string(16, 'c')); },
       "placed.pay_code_id.size() == (named ? 0 : kCodeIdBytes)"},
      {"of another than it names", E::kOrderHeld, 0,
       [](E& e) { HoldOf(e)->set_volunteer_id("bob"); },
       "placed.named_volunteer_id == placed.volunteer_id"},
      {"without its code", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->clear_pay_code_id(); },
       "placed.pay_code_id.size() == (named ? 0 : kCodeIdBytes)"},
      {"with half a code", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->set_pay_code_id("cccccccc"); },
       "placed.pay_code_id.size() == (named ? 0 : kCodeIdBytes)"},
      {"another's code", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->set_volunteer_id("bob"); }, "item.age_bands"},

      {"a voucher of a known code", E::kVoucherIssued, 1,
       [](E& e) {
         e.mutable_voucher_issued()->mutable_command()->set_code_sha256(std::string(32, 'v'));
       },
       "!state_.OrderOfVoucher(command.code_sha256())"},
      {"of half a hash", E::kVoucherIssued, 0,
       [](E& e) { e.mutable_voucher_issued()->mutable_command()->set_code_sha256("v"); },
       "command.code_sha256().size() == 32"},
      {"of too many days", E::kVoucherIssued, 0,
       [](E& e) { e.mutable_voucher_issued()->mutable_command()->set_valid_days(31); },
       "days <= mall->voucher_days_max()"},
      {"of other days", E::kVoucherIssued, 0,
       [](E& e) { e.mutable_voucher_issued()->mutable_command()->set_valid_days(3); },
       "hold.deadline_us() == deadline_us"},
      {"for nobody", E::kVoucherIssued, 0,
       [](E& e) { e.mutable_voucher_issued()->mutable_command()->clear_volunteer_id(); },
       "!command.volunteer_id().empty()"},

      {"a warning of other use", E::kBudgetWarned, 0,
       [](E& e) { e.mutable_budget_warned()->set_used_fen(e.budget_warned().used_fen() + 1); },
       "warned.used_fen() == budget.used_fen()"},
      {"of another share", E::kBudgetWarned, 0,
       [](E& e) { e.mutable_budget_warned()->set_warn_percent(6); },
       "warned.warn_percent() == budget.warn_percent"},
      {"of another whole", E::kBudgetWarned, 0,
       [](E& e) { e.mutable_budget_warned()->set_allocated_fen(1); }, "warned.allocated_fen() =="},
      {"of a budget that needs none", E::kBudgetWarned, 0,
       [](E& e) { e.mutable_budget_warned()->mutable_budget()->set_source("donor"); },
       "NeedsWarning(budget)"},
      {"of a budget that there isn't", E::kBudgetWarned, 0,
       [](E& e) { e.mutable_budget_warned()->mutable_budget()->set_year(2020); },
       "index.has_value()"},
  });
}

v1::OrderConfirmed* Confirmed(E& e) { return e.mutable_order_confirmed(); }
v1::ConfirmOrder* ConfirmedBy(E& e) { return Confirmed(e)->mutable_command(); }

// A cake and an oil of the first hold; a voucher; on 1 April what happened on 31 March.
TEST(ApplyOrder, Confirms) {
  ExpectRefusedInMall({
      {"of no order", E::kOrderConfirmed, 0,
       [](E& e) { Confirmed(e)->mutable_order()->set_owner("teahouse"); }, "found.has_value()"},
      {"of another order than it names", E::kOrderConfirmed, 0,
       [](E& e) { ConfirmedBy(e)->set_order_id("h2"); }, "OrderNamed(asker, owner, *order_id)"},
      {"at another merchant", E::kOrderConfirmed, 0, [](E& e) { e.set_source("teahouse"); },
       "OrderNamed(asker, owner, *order_id)"},
      {"of a voucher at another merchant", E::kOrderConfirmed, 1,
       [](E& e) { e.set_source("teahouse"); }, "own || merchants"},
      {"by somebody bound to nothing", E::kOrderConfirmed, 1,
       [](E& e) {
         e.set_scope(v1::REQUEST_SCOPE_PRINCIPAL);
         e.clear_source();
       },
       "own || merchants"},
      {"of somebody else", E::kOrderConfirmed, 0,
       [](E& e) { Confirmed(e)->set_volunteer_id("bob"); },
       "state_.volunteers()[state_.Survivor(order.volunteer)].id == volunteer_id"},
      {"of another merchant", E::kOrderConfirmed, 0,
       [](E& e) { Confirmed(e)->set_merchant_id("teahouse"); },
       "state_.merchants()[order.merchant].id == merchant_id"},
      {"by id and by code", E::kOrderConfirmed, 0,
       [](E& e) { ConfirmedBy(e)->set_voucher_sha256(std::string(32, 'v')); },
       "command.order_id().empty() == !command.voucher_sha256().empty()"},
      {"by another's code", E::kOrderConfirmed, 1,
       [](E& e) { ConfirmedBy(e)->set_voucher_sha256(std::string(32, 'w')); },
       "command.voucher_sha256() == order.voucher_sha256"},
      {"at another time", E::kOrderConfirmed, 0,
       [](E& e) { e.set_occurred_us(e.occurred_us() - 1); },
       "command.has_happened_us() ? command.happened_us() : event_.recorded_us()"},
      {"before it was placed", E::kOrderConfirmed, 0,
       [](E& e) {
         e.set_occurred_us(e.occurred_us() - 6 * kMinuteUs);
         ConfirmedBy(e)->set_happened_us(e.occurred_us());
       },
       "event_.occurred_us() >= order.placed_us"},
      {"after its deadline", E::kOrderConfirmed, 2,
       [](E& e) {
         e.set_occurred_us(e.recorded_us() - 5 * kMinuteUs);
         ConfirmedBy(e)->set_happened_us(e.occurred_us());
         e.clear_booked_month_number();
       },
       "event_.occurred_us() < order.deadline_us"},
      {"more than was held", E::kOrderConfirmed, 0,
       [](E& e) {
         Confirmed(e)->mutable_lines(1)->set_quantity(3);
         ConfirmedBy(e)->mutable_lines(1)->set_quantity(3);
       },
       "line.quantity() <= held->quantity"},
      {"more than was asked", E::kOrderConfirmed, 0,
       [](E& e) { Confirmed(e)->mutable_lines(1)->set_quantity(2); },
       "command.lines(i).quantity()"},
      {"less than all of it", E::kOrderConfirmed, 1,
       [](E& e) { Confirmed(e)->mutable_lines(1)->set_quantity(1); }, "held->quantity"},
      {"not what was asked", E::kOrderConfirmed, 0,
       [](E& e) { ConfirmedBy(e)->mutable_lines(0)->set_item_id("oil"); },
       "line.item_id() == command.lines(i).item_id()"},
      {"a line twice", E::kOrderConfirmed, 0,
       [](E& e) {
         *Confirmed(e)->mutable_lines(0) = Confirmed(e)->lines(1);
         *ConfirmedBy(e)->mutable_lines(0) = ConfirmedBy(e)->lines(1);
       },
       "delivered[at] == 0"},
      {"at another price", E::kOrderConfirmed, 0,
       [](E& e) { Confirmed(e)->mutable_lines(0)->set_price_points(2); },
       "held != order.lines.end()"},
      {"for other fen", E::kOrderConfirmed, 0,
       [](E& e) { Confirmed(e)->mutable_lines(1)->set_settle_fen(301); },
       "held != order.lines.end()"},
      {"other units", E::kOrderConfirmed, 0,
       [](E& e) { Confirmed(e)->set_units(Confirmed(e)->units() + 1); },
       "confirmed.units() == UnitsOf(confirmed.lines())"},
      {"other lots", E::kOrderConfirmed, 0,
       [](E& e) { Confirmed(e)->mutable_lots(0)->set_expiry_day_number(18'717); },
       "captured == LotsOf(confirmed.lots())"},
      {"fewer units of a lot", E::kOrderConfirmed, 0,
       [](E& e) { Take(Confirmed(e)->mutable_lots(0)); }, "captured == LotsOf(confirmed.lots())"},
      {"nothing released", E::kOrderConfirmed, 0, [](E& e) { Confirmed(e)->clear_released(); },
       "confirmed.has_released() == !rest.empty()"},
      {"something released", E::kOrderConfirmed, 1, [](E& e) { Confirmed(e)->mutable_released(); },
       "confirmed.has_released() == !rest.empty()"},
      {"less released", E::kOrderConfirmed, 0,
       [](E& e) { Take(Confirmed(e)->mutable_released()->mutable_lots(0)); },
       "LotsOf(inflow.lots()) == lots"},
      {"released with a grace", E::kOrderConfirmed, 0,
       [](E& e) { Confirmed(e)->mutable_released()->mutable_lots(0)->set_graced(true); },
       "LotsOf(inflow.lots()) == lots"},
      {"not booked in the open month", E::kOrderConfirmed, 2,
       [](E& e) { e.clear_booked_month_number(); },
       "event_.has_booked_month_number() == month_closed"},
      {"booked in another", E::kOrderConfirmed, 2,
       [](E& e) { e.set_booked_month_number(e.booked_month_number() + 1); },
       "event_.booked_month_number() =="},
      {"booked elsewhere without need", E::kOrderConfirmed, 0,
       [](E& e) { e.set_booked_month_number(614); },
       "event_.has_booked_month_number() == month_closed"},
  });
}

TEST(ApplyOrder, HoldsThatEnd) {
  ExpectRefusedInMall({
      {"given up by nobody", E::kOrderCancelled, 0,
       [](E& e) { e.mutable_order_cancelled()->clear_command(); }, "!IsConsequence(event_)"},
      {"another than was named", E::kOrderCancelled, 0,
       [](E& e) { Cancelled(e)->mutable_order()->set_order_id("h4"); },
       "OrderNamed(asker, owner, *order_id)"},
      {"at another merchant", E::kOrderCancelled, 0, [](E& e) { e.set_source("teahouse"); },
       "OrderNamed(asker, owner, *order_id)"},
      {"for another's units", E::kOrderCancelled, 0,
       [](E& e) {
         Cancelled(e)->mutable_order()->set_order_id("h4");
         e.mutable_order_cancelled()->mutable_command()->set_order_id("h4");
       },
       "ended.units() == SumOfOrdered(order).amount.units"},
      {"less given back", E::kOrderCancelled, 0,
       [](E& e) { Take(Cancelled(e)->mutable_released()->mutable_lots(0)); },
       "LotsOf(inflow.lots()) == lots"},
      {"at an account's end, the second first", E::kOrderCancelled, 1,
       [](E& e) { Cancelled(e)->mutable_order()->set_order_id("h7"); },
       "open_orders.front() == *found"},
      {"at an account's end, another's", E::kOrderCancelled, 1,
       [](E& e) {
         Cancelled(e)->mutable_order()->set_scope(v1::REQUEST_SCOPE_SOURCE);
         Cancelled(e)->mutable_order()->set_owner("app");
         Cancelled(e)->mutable_order()->set_order_id("v2");
       },
       "open->closes"},
      {"at an account's end, by a command", E::kOrderCancelled, 1,
       [](E& e) { e.mutable_order_cancelled()->mutable_command()->set_order_id("h6"); },
       "MayFollow(*open, event_)"},
      {"at an account's end, given back", E::kOrderCancelled, 1,
       [](E& e) {
         auto* released = Cancelled(e)->mutable_released();
         released->mutable_lots()->Swap(released->mutable_forfeited());
       },
       "ended.released().lots().empty()"},
      {"at an account's end, less forfeited", E::kOrderCancelled, 1,
       [](E& e) { Take(Cancelled(e)->mutable_released()->mutable_forfeited(0)); },
       "LotsOf(ended.released().forfeited()) == lots"},
      {"at an account's end, for a debt that there isn't", E::kOrderCancelled, 1,
       [](E& e) { Cancelled(e)->mutable_released()->set_debt_repaid_units(1); },
       "ended.released().debt_repaid_units() == repaid"},
      {"an account's end without one of its holds", E::kVolunteerClosed, 0,
       [](E& e) { e.set_command_event_count(2); },
       "event_.command_event_count() == 1 + volunteer.open_orders.size()"},

      {"timed out too soon", E::kHoldTimedOut, 0,
       [](E& e) { e.set_occurred_us(e.occurred_us() - 1); },
       "event_.occurred_us() == order.ends_us"},
      {"noticed before it was over", E::kHoldTimedOut, 0,
       [](E& e) { e.set_recorded_us(e.occurred_us() - 1); },
       "event_.occurred_us() <= event_.recorded_us()"},
      {"timed out of turn", E::kHoldTimedOut, 0,
       [](E& e) { TimedOut(e)->mutable_order()->set_order_id("h2"); },
       "*state_.timers().begin() =="},
      {"one that had ended", E::kHoldTimedOut, 0,
       [](E& e) { TimedOut(e)->mutable_order()->set_order_id("h3"); },
       "order.state == OrderState::kHeld"},
      {"one that was confirmed", E::kHoldTimedOut, 0,
       [](E& e) { TimedOut(e)->mutable_order()->set_order_id("h1"); },
       "order.state == OrderState::kHeld"},
      {"one that there isn't", E::kHoldTimedOut, 0,
       [](E& e) { TimedOut(e)->mutable_order()->set_order_id("h9"); }, "index.has_value()"},
      {"by somebody", E::kHoldTimedOut, 0, [](E& e) { e.set_actor("till"); },
       "event_.actor().empty()"},
      {"of somebody else", E::kHoldTimedOut, 0, [](E& e) { TimedOut(e)->set_volunteer_id("bob"); },
       "state_.volunteers()[state_.Survivor(order.volunteer)].id == volunteer_id"},
      {"at another merchant", E::kHoldTimedOut, 0,
       [](E& e) { TimedOut(e)->set_merchant_id("teahouse"); },
       "state_.merchants()[order.merchant].id == merchant_id"},
      {"of other units", E::kHoldTimedOut, 0, [](E& e) { TimedOut(e)->set_units(6000); },
       "ended.units() == SumOfOrdered(order).amount.units"},
      {"with a grace that it hasn't", E::kHoldTimedOut, 0,
       [](E& e) { TimedOut(e)->mutable_released()->mutable_lots(0)->set_graced(true); },
       "LotsOf(inflow.lots()) == lots"},
      {"something else while a hold is overdue", E::kHoldTimedOut, 0,
       [](E& e) {
         e.mutable_merchant_onboarded()->mutable_command()->set_merchant_id("inn");
         e.set_occurred_us(e.recorded_us());
         e.set_actor("clerk");
         e.set_scope(v1::REQUEST_SCOPE_PRINCIPAL);
         e.set_request_id("q");
         e.set_kind(v1::COMMAND_KIND_ONBOARD_MERCHANT);
       },
       "state_.timers().begin()->due_us > event_.recorded_us()"},

      {"a refund of no order", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->mutable_order()->set_order_id("x9"); },
       "found.has_value()"},
      {"a refund of another order than it names", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->mutable_order()->set_order_id("x2"); },
       "OrderNamed(asker, owner, *order_id)"},
      {"a refund of no order named", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->mutable_command()->clear_order_id(); },
       "OrderNamed(asker, owner, *order_id)"},
      {"a refund for other fen", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->mutable_lines(0)->set_settle_fen(1); },
       "sold != lines.end()"},
      {"a refund out of another budget", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->mutable_lines(0)->set_budget_source("donor"); },
       "sold != lines.end()"},
      {"a refund too late", E::kOrderRefunded, 1,
       [](E& e) {
         e.set_recorded_us(e.recorded_us() + 100 * kDayUs);
         e.set_occurred_us(e.recorded_us());
       },
       "mall->refund_days()"},
  });
}

}  // namespace
}  // namespace meritbook
