// What becomes of orders: handed over, given up, timed out, taken back.
#include <algorithm>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

constexpr int64_t kStockMax = 1'000'000'000;

// Who placed it: scope and name.
std::string OwnerIn(const std::string& name) { return name.substr(0, name.rfind('|')); }

const Line* LineOf(const Order& order, const std::string& item) {
  for (const Line& line : order.lines) {
    if (line.item == item) return &line;
  }
  return nullptr;
}

}  // namespace

template <typename Command>
std::string Model::Named(const Ask& ask, const Command& c) const {
  const std::string name = OrderNamed(ask, c);
  return orders.count(name) != 0 ? name : "";
}
template std::string Model::Named(const Ask& ask, const v1::CancelOrder& c) const;
template std::string Model::Named(const Ask& ask, const v1::RefundOrder& c) const;

std::string Model::Named(const Ask& ask, const v1::ConfirmOrder& c) const {
  if (c.voucher_sha256().empty()) return Named<v1::ConfirmOrder>(ask, c);
  for (const auto& [name, order] : orders) {
    if (order.voucher == c.voucher_sha256()) return name;
  }
  return "";
}

Reasons Model::ReachFaults(const Ask& ask, const std::string& name, v1::Refusal unknown,
                           bool anybody) const {
  if (name.empty()) return {unknown};
  if (OwnerIn(name) == Owner(ask)) return {};
  if (!ask.merchant.empty()) {
    if (orders.at(name).merchant == ask.merchant) return {};
    return {v1::REFUSAL_ORDER_OF_OTHER_MERCHANT};
  }
  if (anybody && ask.source.empty()) return {};
  return {unknown};
}

Reasons Model::Do(const Context& at, const v1::ConfirmOrder& c) {
  const std::string name = Named(at.ask, c);
  const bool by_voucher = !c.voucher_sha256().empty();
  if (Reasons reasons =
          ReachFaults(at.ask, name,
                      by_voucher ? v1::REFUSAL_VOUCHER_UNKNOWN : v1::REFUSAL_ORDER_UNKNOWN, false);
      !reasons.empty()) {
    return reasons;
  }
  Order& order = orders.at(name);
  if (order.state == OrderState::kTimedOut) return {v1::REFUSAL_CONFIRM_TOO_LATE};
  if (order.state != OrderState::kHeld) return {v1::REFUSAL_ORDER_NOT_HELD};
  Reasons reasons;
  const int64_t happened_us = c.has_happened_us() ? c.happened_us() : at.now_us;
  if (c.has_happened_us() && (happened_us > at.now_us || happened_us < order.placed_us)) {
    reasons.insert(v1::REFUSAL_CONFIRM_TIME_INVALID);
  }
  if (happened_us >= order.deadline_us) reasons.insert(v1::REFUSAL_CONFIRM_TOO_LATE);
  Lines delivered = order.lines;
  if (!c.lines().empty()) delivered.clear();
  for (const v1::OrderLine& line : c.lines()) {
    const Line* held = LineOf(order, line.item_id());
    if (held == nullptr || held->quantity < line.quantity()) {
      reasons.insert(v1::REFUSAL_CONFIRM_TOO_LARGE);
      continue;
    }
    delivered.push_back(*held);
    delivered.back().quantity = line.quantity();
  }
  if (!reasons.empty()) return reasons;

  const Amount amount = SumOf(delivered);
  const LotList captured = TakeFirst(order.lots, amount.units);
  Lots rest;
  for (const auto& [lot, units] : order.lots) rest[Graced(lot, at.today)] += units;
  order.lots = Lots(captured.begin(), captured.end());
  order.state = OrderState::kConfirmed;
  order.delivered_us = happened_us;
  for (const Line& line : delivered) order.delivered[line.item] = line.quantity;
  const FenByBudget fen = FenOf(delivered);
  for (const auto& [key, part] : fen) budgets.at(key).owed += part;
  bookings.push_back({Booking::kConfirmed, order.merchant, BookedIn(happened_us), amount, fen, ""});
  const std::string volunteer = Survivor(order.volunteer);
  std::string amounts = name + Words(delivered) + Words(captured);
  if (!rest.empty()) amounts += Words(FlowIn(volunteer, rest));
  Emit(at, v1::Event::kOrderConfirmed, {volunteer}, amounts, happened_us);
  return {};
}

std::string Model::Release(const std::string& name, OrderState state, int today) {
  Order& order = orders.at(name);
  Lots back;
  for (const auto& [lot, units] : order.lots) back[Graced(lot, today)] += units;
  order.lots.clear();
  order.state = state;
  return name + " " + std::to_string(model::SumOf(back)) +
         Words(FlowIn(Survivor(order.volunteer), back));
}

Reasons Model::Do(const Context& at, const v1::CancelOrder& c) {
  const std::string name = Named(at.ask, c);
  if (Reasons reasons = ReachFaults(at.ask, name, v1::REFUSAL_ORDER_UNKNOWN, true);
      !reasons.empty()) {
    return reasons;
  }
  if (orders.at(name).state != OrderState::kHeld) return {v1::REFUSAL_ORDER_NOT_HELD};
  const std::string amounts = Release(name, OrderState::kCancelled, at.today);
  Emit(at, v1::Event::kOrderCancelled, {Survivor(orders.at(name).volunteer)}, amounts);
  return {};
}

// What she owes is paid back first; the rest is lost with her account.
std::string Model::CloseWithHold(const Context& at, const std::string& name) {
  Order& order = orders.at(name);
  Volunteer& row = volunteers.at(Survivor(order.volunteer));
  Lots back;
  for (const auto& [lot, units] : order.lots) back[Graced(lot, at.today)] += units;
  order.lots.clear();
  order.state = OrderState::kCancelled;
  const int64_t total = model::SumOf(back);
  Inflow inflow;
  inflow.debt_repaid_units = model::SumOf(TakeFirst(back, row.debt_units));
  row.debt_units -= inflow.debt_repaid_units;
  inflow.forfeited = LotList(back.begin(), back.end());
  for (const auto& [lot, units] : back) row.lost[lot].forfeited += units;
  forfeited_units += model::SumOf(back);
  return name + " " + std::to_string(total) + Words(inflow);
}

void Model::TimeOut(const std::string& name, int64_t now_us) {
  static const Ask kNobody;
  const int64_t ends_us = orders.at(name).ends_us;
  const std::string volunteer = Survivor(orders.at(name).volunteer);
  Settle(volunteer, ends_us, now_us);
  const std::string amounts = Release(name, OrderState::kTimedOut, DayOf(ends_us));
  Emit({kNobody, now_us, DayOf(now_us)}, v1::Event::kHoldTimedOut, {volunteer}, amounts, ends_us);
}

Reasons Model::Do(const Context& at, const v1::RefundOrder& c) {
  const std::string name = Named(at.ask, c);
  Reasons reasons = ReachFaults(at.ask, name, v1::REFUSAL_ORDER_UNKNOWN, false);
  if (!reasons.empty()) return reasons;
  Order& order = orders.at(name);
  const v1::MallRule* mall = MallOf(at.today);
  if (order.state == OrderState::kConfirmed && mall != nullptr && mall->has_refund_days() &&
      DayOf(order.delivered_us) + static_cast<int>(mall->refund_days()) < at.today) {
    reasons.insert(v1::REFUSAL_REFUND_TOO_LATE);
  }
  const std::string newest = NewestOf(order.merchant);
  if (!newest.empty() && !statements.at(newest).through) {
    reasons.insert(v1::REFUSAL_MERCHANT_OFFBOARDED);
  }
  Lines lines;
  for (const v1::OrderLine& line : c.lines()) {
    const Line* sold = LineOf(order, line.item_id());
    if (sold == nullptr) {
      reasons.insert(v1::REFUSAL_REFUND_TOO_LARGE);
      continue;
    }
    lines.push_back(*sold);
    lines.back().quantity = line.quantity();
    int64_t& refunded = order.refunded[line.item_id()];
    refunded += line.quantity();
    if (refunded > order.delivered[line.item_id()]) {
      reasons.insert(v1::REFUSAL_REFUND_TOO_LARGE);
    }
    if (!line.item_id().empty() && OnHand(line.item_id()) > kStockMax) {
      reasons.insert(v1::REFUSAL_AMOUNT_OVERFLOW);
    }
  }
  if (!reasons.empty()) return reasons;
  // From the lot that lapses last.
  const Amount amount = SumOf(lines);
  LotList back;
  Lots arriving;
  for (int64_t left = amount.units; left > 0;) {
    const auto last = std::prev(order.lots.end());
    const int64_t part = std::min(left, last->second);
    back.emplace_back(last->first, part);
    arriving[Graced(last->first, at.today)] += part;
    last->second -= part;
    left -= part;
    if (last->second == 0) order.lots.erase(last);
  }
  FenByBudget fen;
  Add(fen, FenOf(lines), -1);
  for (const auto& [key, part] : fen) budgets.at(key).owed += part;
  bookings.push_back({Booking::kRefunded, order.merchant, BookedIn(at.now_us), amount, fen, ""});
  const std::string volunteer = Survivor(order.volunteer);
  const std::string amounts =
      name + Words(lines) + Words(back) + Words(FlowIn(volunteer, arriving));
  Emit(at, v1::Event::kOrderRefunded, {volunteer}, amounts);
  return {};
}

}  // namespace meritbook::model
