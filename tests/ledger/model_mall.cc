// Merchants, stock, orders and refunds.
#include <algorithm>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

constexpr int64_t kUnitsPerPoint = 6000;
constexpr int64_t kStockMax = 1'000'000'000;

}  // namespace

Reasons Model::Do(const Context& at, const v1::OnboardMerchant& c) {
  if (!merchants.emplace(c.merchant_id(), 0).second) return {v1::REFUSAL_MERCHANT_EXISTS};
  Emit(at, v1::Event::kMerchantOnboarded);
  return {};
}

Reasons Model::Do(const Context& at, const v1::PublishItem& c) {
  Reasons reasons;
  if (items.count(c.item_id()) != 0) reasons.insert(v1::REFUSAL_ITEM_EXISTS);
  if (merchants.count(c.merchant_id()) == 0) reasons.insert(v1::REFUSAL_MERCHANT_UNKNOWN);
  if (!reasons.empty()) return reasons;
  items[c.item_id()] = {c.merchant_id(), c.price_points(), c.stock(), 0};
  Emit(at, v1::Event::kItemPublished);
  return {};
}

Reasons Model::Do(const Context& at, const v1::ReceiveStock& c) {
  const auto found = items.find(c.item_id());
  if (found == items.end()) return {v1::REFUSAL_ITEM_UNKNOWN};
  Item& item = found->second;
  item.received += c.quantity();
  if (item.received - item.delivered > kStockMax) return {v1::REFUSAL_AMOUNT_OVERFLOW};
  Emit(at, v1::Event::kStockReceived);
  return {};
}

Reasons Model::Do(const Context& at, const v1::RedeemNow& c) {
  Reasons reasons = NameFaults(c.volunteer_id(), true);
  const std::string name = Owner(at.ask) + "|" + c.order_id();
  if (orders.count(name) != 0) reasons.insert(v1::REFUSAL_ORDER_EXISTS);
  if (merchants.count(c.merchant_id()) == 0) reasons.insert(v1::REFUSAL_MERCHANT_UNKNOWN);
  Order order{c.volunteer_id(), c.merchant_id(), {}, {}};
  int64_t units = 0;
  for (const v1::OrderLine& line : c.lines()) {
    const auto found = items.find(line.item_id());
    if (found == items.end()) {
      reasons.insert(v1::REFUSAL_ITEM_UNKNOWN);
      continue;
    }
    Item& item = found->second;
    if (item.merchant != c.merchant_id()) reasons.insert(v1::REFUSAL_ITEM_NOT_OF_MERCHANT);
    item.delivered += line.quantity();
    if (item.delivered > item.received) reasons.insert(v1::REFUSAL_STOCK_TOO_LOW);
    order.items[line.item_id()] = {item.price_points, line.quantity(), 0};
    units += item.price_points * line.quantity() * kUnitsPerPoint;
  }
  if (volunteers.count(c.volunteer_id()) != 0) {
    const Volunteer& row = volunteers[c.volunteer_id()];
    if (row.frozen) reasons.insert(v1::REFUSAL_VOLUNTEER_FROZEN);
    if (SumOf(row.lots) < units) reasons.insert(v1::REFUSAL_BALANCE_TOO_LOW);
  }
  if (!reasons.empty()) return reasons;
  const LotList taken = TakeFirst(volunteers[c.volunteer_id()].lots, units);
  order.unrefunded = Lots(taken.begin(), taken.end());
  orders[name] = order;
  merchants[c.merchant_id()] += units;
  Emit(at, v1::Event::kOrderRedeemed, {c.volunteer_id()}, Words(taken));
  return {};
}

Reasons Model::Do(const Context& at, const v1::RefundOrder& c) {
  const auto found = orders.find(Owner(at.ask) + "|" + c.order_id());
  if (found == orders.end()) return {v1::REFUSAL_ORDER_UNKNOWN};
  Order& order = found->second;
  Reasons reasons;
  int64_t units = 0;
  for (const v1::OrderLine& line : c.lines()) {
    const auto sold = order.items.find(line.item_id());
    if (sold == order.items.end()) {
      reasons.insert(v1::REFUSAL_REFUND_TOO_LARGE);
      continue;
    }
    OrderedItem& item = sold->second;
    item.refunded += line.quantity();
    if (item.refunded > item.sold) reasons.insert(v1::REFUSAL_REFUND_TOO_LARGE);
    Item& shelf = items[line.item_id()];
    shelf.delivered -= line.quantity();
    if (shelf.received - shelf.delivered > kStockMax) reasons.insert(v1::REFUSAL_AMOUNT_OVERFLOW);
    units += item.price_points * line.quantity() * kUnitsPerPoint;
  }
  if (!reasons.empty()) return reasons;
  // From the lot that lapses last.
  LotList back;
  Lots lots;
  for (int64_t left = units; left > 0;) {
    const auto last = std::prev(order.unrefunded.end());
    const int64_t part = std::min(left, last->second);
    back.emplace_back(last->first, part);
    lots[Graced(last->first, at.today)] += part;
    last->second -= part;
    left -= part;
    if (last->second == 0) order.unrefunded.erase(last);
  }
  const std::string volunteer = Survivor(order.volunteer);
  merchants[order.merchant] -= units;
  const Inflow inflow = FlowIn(volunteer, lots);
  Emit(at, v1::Event::kOrderRefunded, {volunteer}, Words(back) + Words(inflow));
  return {};
}

}  // namespace meritbook::model
