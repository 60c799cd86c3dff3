#include "storage/mall_codec.h"

#include "ledger/flow.h"
#include "ledger/mall.h"
#include "storage/row_codec.h"

namespace meritbook {
namespace {

namespace rows = state::v1;
using Pairs = google::protobuf::RepeatedField<int64_t>;

void SetPairs(const std::vector<BudgetFen>& by_budget, Pairs* pairs) {
  for (const BudgetFen& entry : by_budget) {
    pairs->Add(entry.budget);
    pairs->Add(entry.fen);
  }
}

std::vector<BudgetFen> ByBudgetOf(const Pairs& pairs) {
  std::vector<BudgetFen> by_budget;
  for (int i = 0; i + 1 < pairs.size(); i += 2) {
    by_budget.push_back({static_cast<uint32_t>(pairs.Get(i)), pairs.Get(i + 1)});
  }
  return by_budget;
}

StatementAmounts AmountsOf(const v1::StatementFigures& figures) {
  StatementAmounts amounts;
  amounts.opening = AmountOf(figures.opening());
  amounts.confirmed = AmountOf(figures.confirmed());
  amounts.refunded = AmountOf(figures.refunded());
  amounts.paid = AmountOf(figures.paid());
  amounts.reversed = AmountOf(figures.reversed());
  amounts.written_off = AmountOf(figures.written_off());
  return amounts;
}

}  // namespace

rows::DayOrdersRow EncodeDayOrders(const DayOrders& orders) {
  rows::DayOrdersRow out;
  out.set_day_number(orders.day);
  out.set_orders(orders.orders);
  out.set_points(orders.points);
  return out;
}

DayOrders DecodeDayOrders(const rows::DayOrdersRow& row) {
  return {row.day_number(), row.orders(), row.points()};
}

rows::MerchantRow Encode(const Merchant& row) {
  rows::MerchantRow out;
  out.set_merchant_id(row.id);
  out.set_payable_units(row.payable_units);
  out.set_payable_fen(row.payable_fen);
  out.set_suspended(row.suspended);
  if (row.last_day) out.set_last_day_number(*row.last_day);
  out.set_open_orders(row.open_orders);
  *out.mutable_day_orders() = EncodeDayOrders(row.day_orders);
  for (const BookedMonth& booked : row.booked) {
    rows::PeriodRow* period = out.add_periods();
    period->set_month_number(booked.month);
    SetAmounts(booked.confirmed, period->mutable_figures()->mutable_confirmed());
    SetAmounts(booked.refunded, period->mutable_figures()->mutable_refunded());
    SetPairs(booked.by_budget, period->mutable_by_budget());
  }
  rows::PeriodRow* since = out.mutable_since();
  SetAmounts(row.since.paid, since->mutable_figures()->mutable_paid());
  SetAmounts(row.since.reversed, since->mutable_figures()->mutable_reversed());
  SetAmounts(row.since.written_off, since->mutable_figures()->mutable_written_off());
  SetPairs(row.since.by_budget, since->mutable_by_budget());
  out.set_newest_statement_next(Next(row.newest_statement));
  return out;
}

Merchant Decode(const rows::MerchantRow& row) {
  Merchant out;
  out.id = row.merchant_id();
  out.payable_units = row.payable_units();
  out.payable_fen = row.payable_fen();
  out.suspended = row.suspended();
  if (row.has_last_day_number()) out.last_day = row.last_day_number();
  out.open_orders = row.open_orders();
  out.day_orders = DecodeDayOrders(row.day_orders());
  for (const rows::PeriodRow& period : row.periods()) {
    out.booked.push_back({period.month_number(), AmountOf(period.figures().confirmed()),
                          AmountOf(period.figures().refunded()), ByBudgetOf(period.by_budget())});
  }
  const v1::StatementFigures& since = row.since().figures();
  out.since = {AmountOf(since.paid()), AmountOf(since.reversed()), AmountOf(since.written_off()),
               ByBudgetOf(row.since().by_budget())};
  out.newest_statement = Index(row.newest_statement_next());
  return out;
}

rows::ItemRow Encode(const Item& row) {
  rows::ItemRow out;
  out.set_item_id(row.id);
  out.set_merchant(row.merchant);
  out.set_price_points(row.price_points);
  out.set_received(row.received);
  out.set_delivered(row.delivered);
  out.set_returned(row.returned);
  out.set_sent_back(row.sent_back);
  out.set_reserved(row.reserved);
  out.set_withdrawn(row.withdrawn);
  out.set_settle_fen(row.settle_fen);
  out.set_funding(row.funding);
  out.set_budget_source(row.budget_source);
  if (row.limit.quantity() != 0) *out.mutable_limit() = row.limit;
  out.set_age_bands(row.age_bands);
  return out;
}

Item Decode(const rows::ItemRow& row) {
  Item out;
  out.id = row.item_id();
  out.merchant = row.merchant();
  out.price_points = row.price_points();
  out.received = row.received();
  out.delivered = row.delivered();
  out.returned = row.returned();
  out.sent_back = row.sent_back();
  out.reserved = row.reserved();
  out.withdrawn = row.withdrawn();
  out.settle_fen = row.settle_fen();
  out.funding = row.funding();
  out.budget_source = row.budget_source();
  out.limit = row.limit();
  out.age_bands = static_cast<uint8_t>(row.age_bands());
  return out;
}

rows::OrderRow Encode(const Order& row) {
  rows::OrderRow out;
  out.set_key(KeyBytes(row.id));
  out.set_order_id(row.order_id);
  out.set_scope(row.scope);
  out.set_owner(row.owner);
  out.set_volunteer(row.volunteer);
  out.set_merchant(row.merchant);
  out.set_state(static_cast<uint32_t>(row.state));
  for (const OrderedLine& line : row.lines) {
    rows::OrderedLineRow* entry = out.add_lines();
    entry->set_item_next(Next(line.item));
    entry->set_quantity(line.quantity);
    entry->set_price_points(line.price_points);
    entry->set_refunded(line.refunded);
    entry->set_delivered(line.delivered);
    entry->set_settle_fen(line.settle_fen);
    entry->set_budget_next(Next(line.budget));
  }
  for (const Lot& lot : row.lots) SetLot(lot.key, lot.units, out.add_lots());
  out.set_placed_us(row.placed_us);
  out.set_deadline_us(row.deadline_us);
  out.set_ends_us(row.ends_us);
  out.set_delivered_us(row.delivered_us);
  out.set_voucher_sha256(row.voucher_sha256);
  return out;
}

Order Decode(const rows::OrderRow& row) {
  Order out;
  out.id = KeyFromBytes(row.key());
  out.order_id = row.order_id();
  out.scope = row.scope();
  out.owner = row.owner();
  out.volunteer = row.volunteer();
  out.merchant = row.merchant();
  out.state = static_cast<OrderState>(row.state());
  for (const rows::OrderedLineRow& entry : row.lines()) {
    out.lines.push_back({Index(entry.item_next()), entry.quantity(), entry.price_points(),
                         entry.settle_fen(), Index(entry.budget_next()), entry.delivered(),
                         entry.refunded()});
  }
  out.lots = LotsOf(row.lots());
  out.placed_us = row.placed_us();
  out.deadline_us = row.deadline_us();
  out.ends_us = row.ends_us();
  out.delivered_us = row.delivered_us();
  out.voucher_sha256 = row.voucher_sha256();
  return out;
}

rows::BudgetRow Encode(const Budget& row) {
  rows::BudgetRow out;
  *out.mutable_name() = row.name;
  out.set_allocated_fen(static_cast<uint64_t>(row.allocated_fen));
  out.set_reserved_fen(static_cast<uint64_t>(row.reserved_fen));
  out.set_owed_fen(row.owed_fen);
  out.set_paid_fen(row.paid_fen);
  out.set_warn_percent(row.warn_percent);
  out.set_warned(row.warned);
  return out;
}

Budget Decode(const rows::BudgetRow& row) {
  Budget out;
  out.id = BudgetId(row.name().source(), row.name().year());
  out.name = row.name();
  out.allocated_fen = static_cast<int64_t>(row.allocated_fen());
  out.reserved_fen = static_cast<int64_t>(row.reserved_fen());
  out.owed_fen = row.owed_fen();
  out.paid_fen = row.paid_fen();
  out.warn_percent = row.warn_percent();
  out.warned = row.warned();
  return out;
}

rows::StatementRow Encode(const Statement& row) {
  rows::StatementRow out;
  out.set_statement_id(row.id);
  out.set_merchant(row.merchant);
  out.set_state(static_cast<uint32_t>(row.state));
  if (row.through) out.set_through_month_number(*row.through);
  SetFigures(row.amounts, out.mutable_figures());
  SetPairs(row.by_budget, out.mutable_by_budget());
  out.set_previous_next(Next(row.previous));
  out.set_opened_us(row.opened_us);
  out.set_closes_us(row.closes_us);
  out.set_sequence(row.sequence);
  out.set_payment_reference(row.payment_reference);
  return out;
}

Statement Decode(const rows::StatementRow& row) {
  Statement out;
  out.id = row.statement_id();
  out.merchant = row.merchant();
  out.state = static_cast<StatementState>(row.state());
  if (row.has_through_month_number()) out.through = row.through_month_number();
  out.amounts = AmountsOf(row.figures());
  out.by_budget = ByBudgetOf(row.by_budget());
  out.previous = Index(row.previous_next());
  out.opened_us = row.opened_us();
  out.closes_us = row.closes_us();
  out.sequence = row.sequence();
  out.payment_reference = row.payment_reference();
  return out;
}

}  // namespace meritbook
