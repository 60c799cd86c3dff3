// Events of the mall, changed.
#include <gtest/gtest.h>

#include "tests/ledger/mutation.h"

namespace meritbook {
namespace {

using E = v1::Event;

TEST(Apply, Mall) {
  ExpectRefused({
      {"no order", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_command()->clear_order_id(); },
       "!placed.order_id.empty()"},
      {"an item of nobody", E::kItemPublished, 0,
       [](E& e) { e.mutable_item_published()->mutable_command()->set_merchant_id("inn"); },
       "found.has_value()"},
      {"an item for nothing", E::kItemPublished, 0,
       [](E& e) { e.mutable_item_published()->mutable_command()->set_price_points(0); },
       "command.price_points() >= 1"},
      {"an item beyond price", E::kItemPublished, 0,
       [](E& e) { e.mutable_item_published()->mutable_command()->set_price_points(1'000'001); },
       "command.price_points() <= kPricePointsMax"},
      {"shelves too full", E::kItemPublished, 0,
       [](E& e) { e.mutable_item_published()->mutable_command()->set_stock(1'000'000'001); },
       "command.stock() <= kStockMax"},
      {"stock of no item", E::kStockReceived, 0,
       [](E& e) { e.mutable_stock_received()->mutable_command()->set_item_id("cake"); },
       "found.has_value()"},
      {"no stock", E::kStockReceived, 0,
       [](E& e) { e.mutable_stock_received()->mutable_command()->set_quantity(0); },
       "received.command().quantity() >= 1"},
      {"stock at another merchant's till", E::kStockReceived, 0,
       [](E& e) {
         e.set_scope(v1::REQUEST_SCOPE_MERCHANT);
         e.set_source("teahouse");
       },
       "event_.source() == state_.merchants()[state_.items()[*found].merchant].id"},
      {"too much stock", E::kStockReceived, 0,
       [](E& e) { e.mutable_stock_received()->mutable_command()->set_quantity(1'000'000'000); },
       "item.on_hand() <= kStockMax"},

      {"a lot too small", E::kOrderRedeemed, 0,
       [](E& e) {
         auto* order = e.mutable_order_redeemed();
         order->mutable_lots(0)->set_units(order->lots(0).units() + 1);
         order->mutable_lots(1)->set_units(order->lots(1).units() - 1);
       },
       "first == LotsOf(taken)"},
      {"a lot spared", E::kOrderRedeemed, 0,
       [](E& e) {
         auto* order = e.mutable_order_redeemed();
         order->mutable_lots(0)->set_units(order->lots(0).units() - 1);
         order->mutable_lots(1)->set_units(order->lots(1).units() + 1);
       },
       "first == LotsOf(taken)"},
      {"the later lot first", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_lots()->SwapElements(0, 1); },
       "first == LotsOf(taken)"},
      {"a lot that there isn't", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_lots(1)->set_expiry_day_number(99999); },
       "first == LotsOf(taken)"},
      {"a lot given to", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_lots(1)->set_units(-1); },
       "first == LotsOf(taken)"},
      {"fewer units than the price", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->set_units(e.order_redeemed().units() - 1); },
       "placed.units == sum.amount.units"},
      {"lots for another price", E::kOrderRedeemed, 0,
       [](E& e) {
         auto* order = e.mutable_order_redeemed();
         order->mutable_lots(1)->set_units(order->lots(1).units() - 1);
       },
       "first == LotsOf(taken)"},
      {"spent after it lapsed", E::kOrderRedeemed, 0,
       [](E& e) {
         e.set_recorded_us(e.recorded_us() + int64_t{400} * 86'400'000'000);
         e.set_occurred_us(e.recorded_us());
       },
       "volunteer.lots.front().key.expiry >= Today()"},
      {"spent by the frozen", E::kOrderRedeemed, 0,
       [](E& e) {
         e.mutable_order_redeemed()->mutable_command()->set_volunteer_id("eve");
         e.mutable_order_redeemed()->set_volunteer_id("eve");
       },
       "frozen"},
      {"spent by another than it says", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_command()->set_volunteer_id("bob"); },
       "placed.named_volunteer_id == placed.volunteer_id"},
      {"spent by nobody", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_command()->clear_volunteer_id(); },
       "placed.pay_code_id.size() == (named ? 0 : kCodeIdBytes)"},
      {"spent by a code and a name", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->set_pay_code_id(std::string(16, 'c')); },
       "placed.pay_code_id.size() == (named ? 0 : kCodeIdBytes)"},
      {"spent at another time", E::kOrderRedeemed, 0,
       [](E& e) { e.set_occurred_us(e.occurred_us() - 1); },
       "event_.occurred_us() == event_.recorded_us()"},
      {"spent by herself", E::kOrderRedeemed, 0,
       [](E& e) {
         e.mutable_order_redeemed()->mutable_command()->set_volunteer_id("bob");
         e.mutable_order_redeemed()->set_volunteer_id("bob");
       },
       "!ActorIs(*volunteer_index)"},
      {"at another merchant's till", E::kOrderRedeemed, 0, [](E& e) { e.set_source("teahouse"); },
       "event_.source() == merchant.id"},
      {"an unknown merchant", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_command()->set_merchant_id("inn"); },
       "merchant_index.has_value()"},
      {"another price", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_lines(0)->set_price_points(4); },
       "item.price_points == line.price_points()"},
      {"another item", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_lines(0)->set_item_id("tea"); },
       "line.item_id() == asked.item_id()"},
      {"another merchant's item", E::kOrderRedeemed, 0,
       [](E& e) {
         e.mutable_order_redeemed()->mutable_lines(0)->set_item_id("tea");
         e.mutable_order_redeemed()->mutable_command()->mutable_lines(0)->set_item_id("tea");
       },
       "item.merchant == order.merchant"},
      {"another quantity", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_lines(0)->set_quantity(5); },
       "line.quantity() == asked.quantity()"},
      {"more than on hand", E::kOrderRedeemed, 0,
       [](E& e) {
         e.mutable_order_redeemed()->mutable_lines(0)->set_quantity(16);
         e.mutable_order_redeemed()->mutable_command()->mutable_lines(0)->set_quantity(16);
       },
       "item.free() >= line.quantity()"},
      {"no pieces", E::kOrderRedeemed, 0,
       [](E& e) {
         e.mutable_order_redeemed()->mutable_lines(0)->set_quantity(0);
         e.mutable_order_redeemed()->mutable_command()->mutable_lines(0)->set_quantity(0);
       },
       "line.quantity() >= 1"},
      {"a line left out", E::kOrderRedeemed, 0,
       [](E& e) { e.mutable_order_redeemed()->mutable_lines()->RemoveLast(); },
       "placed.lines.size() == placed.asked.size()"},
      {"no lines", E::kOrderRedeemed, 0, [](E& e) { e.mutable_order_redeemed()->clear_lines(); },
       "placed.lines.size() > 0"},
      {"a refund of no order", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->mutable_command()->set_order_id("x9"); },
       "OrderNamed(asker, owner, *order_id)"},
      {"a refund of another merchant's order", E::kOrderRefunded, 0,
       [](E& e) { e.set_source("teahouse"); }, "OrderNamed(asker, owner, *order_id)"},
      {"a refund to somebody else", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->set_volunteer_id("bob"); },
       "state_.volunteers()[state_.Survivor(order.volunteer)].id == volunteer_id"},
      {"a refund by another merchant", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->set_merchant_id("teahouse"); },
       "state_.merchants()[order.merchant].id == merchant_id"},
      {"a refund of another line", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->mutable_lines(0)->set_item_id("loaf"); },
       "line.item_id() == command.lines(i).item_id()"},
      {"a refund of another quantity", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->mutable_lines(0)->set_quantity(3); },
       "line.quantity() == command.lines(i).quantity()"},
      {"a refund of no pieces", E::kOrderRefunded, 0,
       [](E& e) {
         e.mutable_order_refunded()->mutable_lines(0)->set_quantity(0);
         e.mutable_order_refunded()->mutable_command()->mutable_lines(0)->set_quantity(0);
       },
       "line.quantity() >= 1"},
      {"a refund of more than was sold", E::kOrderRefunded, 0,
       [](E& e) {
         e.mutable_order_refunded()->mutable_lines(0)->set_quantity(5);
         e.mutable_order_refunded()->mutable_command()->mutable_lines(0)->set_quantity(5);
       },
       "line.quantity() <= sold->delivered - sold->refunded"},
      {"a refund of more than is left of it", E::kOrderRefunded, 1,
       [](E& e) {
         e.mutable_order_refunded()->mutable_lines(0)->set_quantity(3);
         e.mutable_order_refunded()->mutable_command()->mutable_lines(0)->set_quantity(3);
       },
       "line.quantity() <= sold->delivered - sold->refunded"},
      {"a refund of what wasn't sold", E::kOrderRefunded, 0,
       [](E& e) {
         e.mutable_order_refunded()->mutable_lines(0)->set_item_id("tea");
         e.mutable_order_refunded()->mutable_command()->mutable_lines(0)->set_item_id("tea");
       },
       "sold != lines.end()"},
      {"a refund at another price", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->mutable_lines(0)->set_price_points(6); },
       "sold != lines.end()"},
      {"a refund of other units", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->set_units(e.order_refunded().units() + 1); },
       "refunded.units() == sum.amount.units"},
      {"a refund of fewer lots", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->clear_lots(); }, "left == 0"},
      {"a refund of another lot", E::kOrderRefunded, 0,
       [](E& e) { e.mutable_order_refunded()->mutable_lots(0)->set_expiry_day_number(99999); },
       "KeyOf(lot) == last.key"},
      {"a refund of a part of a lot", E::kOrderRefunded, 0,
       [](E& e) {
         auto* lot = e.mutable_order_refunded()->mutable_lots(0);
         lot->set_units(lot->units() - 1);
       },
       "lot.units() == std::min(left, last.units)"},
      {"a refund that flows elsewhere", E::kOrderRefunded, 0,
       [](E& e) {
         auto* lot = e.mutable_order_refunded()->mutable_inflow()->mutable_lots(0);
         lot->set_units(lot->units() - 1);
       },
       "LotsOf(inflow.lots()) == lots"},
      {"a refund without lines", E::kOrderRefunded, 0,
       [](E& e) {
         e.mutable_order_refunded()->clear_lines();
         e.mutable_order_refunded()->mutable_command()->clear_lines();
       },
       "refunded.lines_size() > 0"},
      {"a refund of a line more", E::kOrderRefunded, 0,
       [](E& e) { *e.mutable_order_refunded()->add_lines() = e.order_refunded().lines(0); },
       "refunded.lines_size() == command.lines_size()"},
  });
}

}  // namespace
}  // namespace meritbook
