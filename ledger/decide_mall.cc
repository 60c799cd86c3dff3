// The mall: items, stock and spending.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ledger/deciding.h"
#include "ledger/flow.h"
#include "ledger/limits.h"
#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

Refused StockOverflow(std::string path) {
  return Refused{v1::REFUSAL_AMOUNT_OVERFLOW,
                 std::move(path),
                 Text("more than ", kStockMax, " pieces on hand"),
                 {{"stock_max", Text(kStockMax)}}};
}

}  // namespace

MaybeRefused Decide(Deciding& d, const v1::OnboardMerchant& c) {
  if (d.state.merchants().Find(c.merchant_id()) != nullptr) {
    return Exists(v1::REFUSAL_MERCHANT_EXISTS, "merchant_id", c.merchant_id());
  }
  *d.NewEvent()->mutable_merchant_onboarded()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::PublishItem& c) {
  if (d.state.items().Find(c.item_id()) != nullptr) {
    return Exists(v1::REFUSAL_ITEM_EXISTS, "item_id", c.item_id());
  }
  if (d.state.merchants().Find(c.merchant_id()) == nullptr) {
    return Unknown(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", c.merchant_id());
  }
  *d.NewEvent()->mutable_item_published()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::ReceiveStock& c) {
  const Item* item = d.state.items().Find(c.item_id());
  if (item == nullptr) return Unknown(v1::REFUSAL_ITEM_UNKNOWN, "item_id", c.item_id());
  if (item->on_hand() + c.quantity() > kStockMax) return StockOverflow("command.quantity");
  *d.NewEvent()->mutable_stock_received()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::RedeemNow& c) {
  const State& state = d.state;
  if (state.orders().Find(d.command.subject) != nullptr) {
    return Exists(v1::REFUSAL_ORDER_EXISTS, "order_id", c.order_id());
  }
  const auto found = FindVolunteer(state, c.volunteer_id(), "command.volunteer_id");
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Volunteer& volunteer = state.volunteers()[std::get<uint32_t>(found)];
  const auto merchant = state.merchants().IndexOf(c.merchant_id());
  if (!merchant) return Unknown(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", c.merchant_id());
  if (auto refused = RefuseClosed(volunteer, "command.volunteer_id")) return refused;
  if (auto refused = RefuseFrozen(volunteer, "command.volunteer_id")) return refused;
  v1::Event* event = d.NewEvent();
  v1::OrderRedeemed* order = event->mutable_order_redeemed();
  int64_t points = 0;
  for (const v1::OrderLine& line : c.lines()) {
    const Item* item = state.items().Find(line.item_id());
    if (item == nullptr) {
      return Unknown(v1::REFUSAL_ITEM_UNKNOWN, "lines.item_id", line.item_id());
    }
    if (item->merchant != *merchant) {
      return Refused{v1::REFUSAL_ITEM_NOT_OF_MERCHANT,
                     "command.lines.item_id",
                     Text("merchant ", c.merchant_id(), " doesn't offer ", item->id),
                     {{"item_id", item->id}}};
    }
    if (item->on_hand() < line.quantity()) {
      return Refused{v1::REFUSAL_STOCK_TOO_LOW,
                     "command.lines.quantity",
                     Text(item->on_hand(), " pieces of ", item->id, " are left"),
                     {{"item_id", item->id}, {"on_hand", Text(item->on_hand())}}};
    }
    v1::PricedLine* priced = order->add_lines();
    priced->set_item_id(item->id);
    priced->set_quantity(line.quantity());
    priced->set_price_points(item->price_points);
    points += int64_t{item->price_points} * line.quantity();
  }
  const int64_t units = points * kUnitsPerPoint;
  if (volunteer.available_units < units) {
    return BalanceTooLow("command.volunteer_id", points, "points");
  }
  *order->mutable_command() = c;
  order->set_units(units);
  int64_t left = units;
  for (const Lot& lot : volunteer.lots) {
    if (left == 0) break;
    const int64_t part = std::min(left, lot.units);
    SetLot(lot.key, part, order->add_lots());
    left -= part;
  }
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::RefundOrder& c) {
  const State& state = d.state;
  const Caller& caller = *d.command.caller;
  const Order* order = state.orders().Find(
      OrderKey(ScopeOf(caller), SourceOf(caller), caller.principal_id, c.order_id()));
  if (order == nullptr) return Unknown(v1::REFUSAL_ORDER_UNKNOWN, "order_id", c.order_id());
  v1::OrderRefunded* refunded = d.NewEvent()->mutable_order_refunded();
  int64_t points = 0;
  for (const v1::OrderLine& line : c.lines()) {
    const auto item = state.items().IndexOf(line.item_id());
    const auto sold =
        std::find_if(order->lines.begin(), order->lines.end(),
                     [&](const OrderedLine& row) { return item && row.item == *item; });
    const uint32_t left = sold == order->lines.end() ? 0 : sold->quantity - sold->refunded;
    if (line.quantity() > left) {
      return Refused{v1::REFUSAL_REFUND_TOO_LARGE,
                     "command.lines.quantity",
                     Text(left, " pieces of ", line.item_id(), " can still be refunded"),
                     {{"item_id", line.item_id()}, {"quantity_max", Text(left)}}};
    }
    if (state.items()[*item].on_hand() + line.quantity() > kStockMax) {
      return StockOverflow("command.lines.quantity");
    }
    v1::PricedLine* priced = refunded->add_lines();
    priced->set_item_id(line.item_id());
    priced->set_quantity(line.quantity());
    priced->set_price_points(sold->price_points);
    points += int64_t{sold->price_points} * line.quantity();
  }
  const Volunteer& volunteer = state.volunteers()[state.Survivor(order->volunteer)];
  *refunded->mutable_command() = c;
  refunded->set_volunteer_id(volunteer.id);
  refunded->set_merchant_id(state.merchants()[order->merchant].id);
  refunded->set_units(points * kUnitsPerPoint);
  // What was taken last returns first.
  int64_t left = refunded->units();
  std::vector<Lot> lots;
  for (auto lot = order->lots.rbegin(); lot != order->lots.rend() && left > 0; ++lot) {
    const int64_t part = std::min(left, lot->units);
    SetLot(lot->key, part, refunded->add_lots());
    AddToLots(lots, LotToday(state, lot->key, d.today), part);
    left -= part;
  }
  FillInflow(volunteer, std::move(lots), refunded->mutable_inflow());
  return std::nullopt;
}

}  // namespace meritbook
