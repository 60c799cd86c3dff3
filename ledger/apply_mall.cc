// Merchants, items, orders.
#include <algorithm>

#include "ledger/applying.h"
#include "ledger/flow.h"
#include "ledger/limits.h"
#include "ledger/units.h"

namespace meritbook {

absl::Status Application::Apply(const v1::MerchantOnboarded& onboarded) {
  MB_REQUIRE(!state_.merchants().Find(onboarded.command().merchant_id()));
  state_.Add(Merchant{onboarded.command().merchant_id(), 0});
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::ItemPublished& published) {
  const v1::PublishItem& command = published.command();
  MB_REQUIRE(!state_.items().Find(command.item_id()));
  const auto merchant = state_.merchants().IndexOf(command.merchant_id());
  MB_REQUIRE(merchant.has_value());
  MB_REQUIRE(command.price_points() >= 1);
  MB_REQUIRE(command.price_points() <= kPricePointsMax);
  MB_REQUIRE(command.stock() <= kStockMax);
  state_.Add(Item{command.item_id(), *merchant, command.price_points(), command.stock(), 0});
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::StockReceived& received) {
  const v1::ReceiveStock& command = received.command();
  const auto index = state_.items().IndexOf(command.item_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(command.quantity() >= 1);
  Item& item = state_.Mutable<Item>(*index);
  MB_REQUIRE(event_.scope() != v1::REQUEST_SCOPE_MERCHANT ||
             event_.source() == state_.merchants()[item.merchant].id);
  item.received += command.quantity();
  MB_REQUIRE(item.on_hand() <= kStockMax);
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::OrderRedeemed& redeemed) {
  const v1::RedeemNow& command = redeemed.command();
  MB_REQUIRE(!command.order_id().empty());
  const auto index = state_.volunteers().IndexOf(command.volunteer_id());
  MB_REQUIRE(index.has_value());
  const Volunteer& volunteer = state_.volunteers()[*index];
  MB_REQUIRE(!volunteer.frozen);
  MB_REQUIRE(!volunteer.closed);
  const auto merchant = state_.merchants().IndexOf(command.merchant_id());
  MB_REQUIRE(merchant.has_value());
  MB_REQUIRE(event_.scope() != v1::REQUEST_SCOPE_MERCHANT ||
             event_.source() == command.merchant_id());
  MB_REQUIRE(!ActorIs(*index));
  MB_REQUIRE(redeemed.lines_size() > 0);
  MB_REQUIRE(redeemed.lines_size() <= static_cast<int>(kOrderLinesMax));
  MB_REQUIRE(redeemed.lines_size() == command.lines_size());
  Order order;
  order.id = event_.request_id() == command.order_id()
                 ? Key()
                 : OrderKey(event_.scope(), event_.source(), event_.actor(), command.order_id());
  MB_REQUIRE(state_.orders().Find(order.id) == nullptr);
  order.volunteer = *index;
  order.merchant = *merchant;
  int64_t points = 0;
  for (int i = 0; i < redeemed.lines_size(); ++i) {
    const v1::PricedLine& line = redeemed.lines(i);
    MB_REQUIRE(line.item_id() == command.lines(i).item_id());
    MB_REQUIRE(line.quantity() == command.lines(i).quantity());
    MB_REQUIRE(line.quantity() >= 1);
    MB_REQUIRE(line.quantity() <= kLineQuantityMax);
    const auto item_index = state_.items().IndexOf(line.item_id());
    MB_REQUIRE(item_index.has_value());
    Item& item = state_.Mutable<Item>(*item_index);
    MB_REQUIRE(item.merchant == *merchant);
    MB_REQUIRE(item.price_points == line.price_points());
    MB_REQUIRE(item.on_hand() >= line.quantity());
    item.delivered += line.quantity();
    points += int64_t{line.price_points()} * line.quantity();
    order.lines.push_back({*item_index, line.quantity(), line.price_points(), 0});
  }
  MB_REQUIRE(redeemed.units() == points * kUnitsPerPoint);
  // Nothing lapsed is spent, and what lapses first goes first.
  MB_REQUIRE(!volunteer.lots.empty());
  MB_REQUIRE(volunteer.lots.front().key.expiry >= Today());
  MB_RETURN_IF_ERROR(TakeFirstOf(*index, redeemed.lots(), redeemed.units()));
  order.lots = LotsOf(redeemed.lots());
  state_.Add(std::move(order));
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::OrderRefunded& refunded) {
  const v1::RefundOrder& command = refunded.command();
  const auto index = state_.orders().IndexOf(
      OrderKey(event_.scope(), event_.source(), event_.actor(), command.order_id()));
  MB_REQUIRE(index.has_value());
  Order& order = state_.Mutable<Order>(*index);
  const uint32_t volunteer = state_.Survivor(order.volunteer);
  MB_REQUIRE(state_.volunteers()[volunteer].id == refunded.volunteer_id());
  MB_REQUIRE(state_.merchants()[order.merchant].id == refunded.merchant_id());
  MB_REQUIRE(!ActorIs(volunteer));
  MB_REQUIRE(refunded.lines_size() > 0);
  MB_REQUIRE(refunded.lines_size() == command.lines_size());
  int64_t points = 0;
  for (int i = 0; i < refunded.lines_size(); ++i) {
    const v1::PricedLine& line = refunded.lines(i);
    MB_REQUIRE(line.item_id() == command.lines(i).item_id());
    MB_REQUIRE(line.quantity() == command.lines(i).quantity());
    MB_REQUIRE(line.quantity() >= 1);
    const auto item_index = state_.items().IndexOf(line.item_id());
    MB_REQUIRE(item_index.has_value());
    const auto sold = std::find_if(order.lines.begin(), order.lines.end(),
                                   [&](const OrderedLine& row) { return row.item == *item_index; });
    MB_REQUIRE(sold != order.lines.end());
    MB_REQUIRE(line.price_points() == sold->price_points);
    MB_REQUIRE(line.quantity() <= sold->quantity - sold->refunded);
    sold->refunded += line.quantity();
    Item& item = state_.Mutable<Item>(*item_index);
    MB_REQUIRE(item.delivered >= line.quantity());
    item.delivered -= line.quantity();
    MB_REQUIRE(item.on_hand() <= kStockMax);
    points += int64_t{line.price_points()} * line.quantity();
  }
  MB_REQUIRE(refunded.units() == points * kUnitsPerPoint);
  // What was taken last returns first.
  int64_t left = refunded.units();
  for (const v1::LotUnits& lot : refunded.lots()) {
    MB_REQUIRE(!order.lots.empty());
    Lot& last = order.lots.back();
    MB_REQUIRE(KeyOf(lot) == last.key);
    MB_REQUIRE(lot.units() == std::min(left, last.units));
    MB_REQUIRE(lot.units() > 0);
    left -= lot.units();
    last.units -= lot.units();
    if (last.units == 0) order.lots.pop_back();
  }
  MB_REQUIRE(left == 0);
  return Receive(volunteer, refunded.inflow(), refunded.units());
}

}  // namespace meritbook
