// Orders that are placed: held, printed on a voucher, redeemed at once.
#include <algorithm>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr size_t kOpenOrdersMax = 32;

}  // namespace

void Model::PriceLine(const Context& at, const v1::OrderLine& line, Order* order,
                      Reasons* reasons) const {
  const auto need = [&](bool holds, v1::Refusal reason) {
    if (!holds) reasons->insert(reason);
  };
  Line priced{line.item_id(), line.quantity(), 1, 0, {}};
  std::string source = "programme";
  if (line.item_id().empty()) {
    const v1::MallRule* mall = MallOf(at.today);
    const bool open = mall != nullptr && mall->has_open_amount_fen_per_point();
    need(open, v1::REFUSAL_OPEN_AMOUNT_OFF);
    if (open) priced.fen = mall->open_amount_fen_per_point();
  } else if (items.count(line.item_id()) == 0) {
    need(false, v1::REFUSAL_ITEM_UNKNOWN);
    return;
  } else {
    const Item& item = items.at(line.item_id());
    need(item.merchant == order->merchant, v1::REFUSAL_ITEM_NOT_OF_MERCHANT);
    need(!item.withdrawn, v1::REFUSAL_ITEM_WITHDRAWN);
    need(Free(line.item_id()) >= line.quantity(), v1::REFUSAL_STOCK_TOO_LOW);
    const auto row = volunteers.find(order->volunteer);
    if (row != volunteers.end()) {
      need(item.age_bands.empty() || item.age_bands.count(row->second.age_band) != 0,
           v1::REFUSAL_AGE_NOT_ALLOWED);
    }
    if (item.limit) {
      const auto had = Bought(order->volunteer, line.item_id());
      const bool now = had && had->first == PeriodOf(item.limit->period(), at.today);
      need((now ? had->second : 0) + line.quantity() <= item.limit->quantity(),
           v1::REFUSAL_ITEM_LIMIT_REACHED);
    }
    priced.price_points = item.price_points;
    priced.fen = item.settle_fen;
    source = item.budget_source;
  }
  if (priced.fen > 0) priced.budget = {YearOf(at.today), source};
  order->lines.push_back(priced);
}

Reasons Model::PaceFaults(const Context& at, const Order& order) const {
  const v1::MallRule* mall = MallOf(at.today);
  if (mall == nullptr) return {};
  int64_t orders_of_hers = 1;
  int64_t units_of_hers = SumOf(order.lines).units;
  int64_t orders_of_theirs = 1;
  for (const auto& [name, other] : orders) {
    if (DayOf(other.placed_us) != at.today) continue;
    if (other.merchant == order.merchant) ++orders_of_theirs;
    if (Survivor(other.volunteer) != order.volunteer) continue;
    ++orders_of_hers;
    units_of_hers += SumOf(other.lines).units;
  }
  const bool too_fast =
      (mall->has_volunteer_orders_per_day() && orders_of_hers > mall->volunteer_orders_per_day()) ||
      (mall->has_volunteer_points_per_day() &&
       units_of_hers > int64_t{6000} * mall->volunteer_points_per_day()) ||
      (mall->has_merchant_orders_per_day() && orders_of_theirs > mall->merchant_orders_per_day());
  if (too_fast) return {v1::REFUSAL_VELOCITY_EXCEEDED};
  return {};
}

template <typename Command>
Reasons Model::Shop(const Context& at, const Command& c, bool holds, Order* order) const {
  Reasons reasons;
  const auto need = [&](bool is, v1::Refusal reason) {
    if (!is) reasons.insert(reason);
  };
  order->index = orders.size();
  order->volunteer = c.volunteer_id();
  if (at.ask.pay_code) {
    order->volunteer = Survivor(at.ask.pay_code->volunteer);
    need(!IsHerself(at.ask, order->volunteer), v1::REFUSAL_SELF_REDEMPTION);
  }
  order->merchant = c.merchant_id();
  order->placed_us = at.now_us;
  reasons.merge(NameFaults(order->volunteer, true));
  need(orders.count(Owner(at.ask) + "|" + c.order_id()) == 0, v1::REFUSAL_ORDER_EXISTS);
  const auto merchant = merchants.find(c.merchant_id());
  need(merchant != merchants.end(), v1::REFUSAL_MERCHANT_UNKNOWN);
  if (merchant != merchants.end()) {
    need(!merchant->second.suspended, v1::REFUSAL_MERCHANT_SUSPENDED);
    need(!IsOver(at, c.merchant_id()), v1::REFUSAL_MERCHANT_OFFBOARDED);
  }
  for (const v1::OrderLine& line : c.lines()) PriceLine(at, line, order, &reasons);
  reasons.merge(PaceFaults(at, *order));
  if (holds) {
    size_t open = 0;
    for (const auto& [name, other] : orders) {
      open += other.state == OrderState::kHeld && Survivor(other.volunteer) == order->volunteer;
    }
    need(open < kOpenOrdersMax, v1::REFUSAL_OPEN_ORDERS_TOO_MANY);
  }
  const auto row = volunteers.find(order->volunteer);
  if (row != volunteers.end()) {
    need(!row->second.frozen, v1::REFUSAL_VOLUNTEER_FROZEN);
    need(model::SumOf(row->second.lots) >= SumOf(order->lines).units, v1::REFUSAL_BALANCE_TOO_LOW);
  }
  for (const auto& [budget, fen] : FenOf(order->lines)) {
    need(LeftIn(budget) >= fen, v1::REFUSAL_BUDGET_EXHAUSTED);
  }
  return reasons;
}

std::string Model::Place(const Context& at, const std::string& id, Order order) {
  const LotList taken = TakeFirst(volunteers.at(order.volunteer).lots, SumOf(order.lines).units);
  order.lots = Lots(taken.begin(), taken.end());
  const std::string words = Words(order.lines) + Words(taken) + " until " +
                            std::to_string(order.deadline_us) + ".." +
                            std::to_string(order.ends_us) + (at.ask.pay_code ? " by code" : "");
  orders[Owner(at.ask) + "|" + id] = std::move(order);
  return words;
}

void Model::Warn(const Context& at, const Lines& lines) {
  for (const auto& [key, fen] : FenOf(lines)) {
    Budget& budget = budgets.at(key);
    const int64_t used = budget.allocated - LeftIn(key);
    if (budget.warned || budget.warn_percent == 0) continue;
    if (used * 100 < budget.allocated * budget.warn_percent) continue;
    budget.warned = true;
    Emit(at, v1::Event::kBudgetWarned, {},
         Words(FenByBudget{{key, used}}) + " of " + std::to_string(budget.allocated) + " " +
             std::to_string(budget.warn_percent) + "%");
  }
}

Reasons Model::Do(const Context& at, const v1::HoldOrder& c) {
  Order order;
  Reasons reasons = Shop(at, c, true, &order);
  const v1::MallRule* mall = MallOf(at.today);
  if (mall == nullptr) reasons.insert(v1::REFUSAL_HOLDS_OFF);
  if (mall != nullptr && c.hold_seconds() > mall->hold_seconds_max()) {
    reasons.insert(v1::REFUSAL_FIELD_INVALID);
  }
  if (!reasons.empty()) return reasons;
  const int64_t seconds = c.has_hold_seconds() ? c.hold_seconds() : mall->hold_seconds_max();
  order.deadline_us = order.ends_us = at.now_us + seconds * kSecondUs;
  if (c.offline()) order.ends_us += mall->offline_grace_minutes() * kMinuteUs;
  const std::string amounts = Place(at, c.order_id(), order);
  Emit(at, v1::Event::kOrderHeld, {order.volunteer}, amounts);
  Warn(at, order.lines);
  return {};
}

Reasons Model::Do(const Context& at, const v1::IssueVoucher& c) {
  Order order;
  Reasons reasons = Shop(at, c, true, &order);
  for (const auto& [name, other] : orders) {
    if (other.voucher == c.code_sha256()) reasons.insert(v1::REFUSAL_VOUCHER_EXISTS);
  }
  const v1::MallRule* mall = MallOf(at.today);
  if (mall == nullptr || !mall->has_voucher_days_max()) {
    reasons.insert(v1::REFUSAL_HOLDS_OFF);
  } else if (c.valid_days() > mall->voucher_days_max()) {
    reasons.insert(v1::REFUSAL_FIELD_INVALID);
  }
  if (!reasons.empty()) return reasons;
  const uint32_t days = c.has_valid_days() ? c.valid_days() : mall->voucher_days_max();
  order.deadline_us = StartOf(at.today + static_cast<int>(days));
  order.ends_us = order.deadline_us + mall->offline_grace_minutes() * kMinuteUs;
  order.voucher = c.code_sha256();
  const std::string amounts = Place(at, c.order_id(), order);
  Emit(at, v1::Event::kVoucherIssued, {order.volunteer}, amounts);
  Warn(at, order.lines);
  return {};
}

Reasons Model::Do(const Context& at, const v1::RedeemNow& c) {
  Order order;
  Reasons reasons = Shop(at, c, false, &order);
  if (!reasons.empty()) return reasons;
  order.state = OrderState::kConfirmed;
  order.delivered_us = at.now_us;
  for (const Line& line : order.lines) order.delivered[line.item] = line.quantity;
  const FenByBudget fen = FenOf(order.lines);
  for (const auto& [key, part] : fen) budgets.at(key).owed += part;
  bookings.push_back(
      {Booking::kConfirmed, order.merchant, BookedIn(at.now_us), SumOf(order.lines), fen, ""});
  const std::string amounts = Place(at, c.order_id(), order);
  Emit(at, v1::Event::kOrderRedeemed, {order.volunteer}, amounts);
  Warn(at, order.lines);
  return {};
}

}  // namespace meritbook::model
