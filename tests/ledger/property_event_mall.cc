// What an event of the mall or of settlement says, in the model's words.
#include "ledger/text.h"
#include "tests/ledger/property_compare.h"

namespace meritbook::property {
namespace {

using google::protobuf::RepeatedPtrField;
using model::Words;

model::BudgetKey KeyOf(const v1::BudgetName& budget) {
  return {static_cast<int>(budget.year()), budget.source()};
}

// As they stand, so that an order of their own shows.
std::string InWords(const RepeatedPtrField<v1::PricedLine>& lines) {
  model::Lines list;
  for (const v1::PricedLine& line : lines) {
    list.push_back({line.item_id(), line.quantity(), line.price_points(), line.settle_fen(), {}});
    if (line.settle_fen() > 0) {
      list.back().budget = {static_cast<int>(line.budget_year()), line.budget_source()};
    } else if (line.budget_year() != 0 || !line.budget_source().empty()) {
      return "a budget that pays nothing";
    }
  }
  return Words(list);
}

std::string InWords(const RepeatedPtrField<v1::BudgetFen>& parts) {
  model::FenByBudget fen;
  model::BudgetKey last(0, "");
  for (const v1::BudgetFen& part : parts) {
    const model::BudgetKey key = KeyOf(part.budget());
    if (!(last < key) || part.fen() == 0) return "parts out of order, or of nothing";
    fen[key] = part.fen();
    last = key;
  }
  return Words(fen);
}

model::Amount AmountOf(const v1::Amounts& amounts) { return {amounts.units(), amounts.fen()}; }

std::string InWords(const v1::StatementFigures& figures) {
  return Words(model::Figures{
      AmountOf(figures.opening()),
      {AmountOf(figures.confirmed()), AmountOf(figures.refunded()), AmountOf(figures.paid()),
       AmountOf(figures.reversed()), AmountOf(figures.written_off())},
      AmountOf(figures.closing())});
}

std::string InWords(const v1::Hold& hold) {
  return Text(InWords(hold.lines()), Words(LotsOf(hold.lots())), " until ", hold.deadline_us(),
              "..", hold.ends_us(), hold.pay_code_id().empty() ? "" : " by code");
}

std::string InWords(const v1::HoldEnded& hold) {
  return Text(NameOf(hold.order()), " ", hold.units(), WordsOf(hold.released()));
}

std::string OrderWords(const v1::Event& event) {
  if (event.has_order_held()) return InWords(event.order_held().hold());
  if (event.has_voucher_issued()) return InWords(event.voucher_issued().hold());
  if (event.has_order_redeemed()) {
    const v1::OrderRedeemed& body = event.order_redeemed();
    return Text(InWords(body.lines()), Words(LotsOf(body.lots())), " until 0..0",
                body.pay_code_id().empty() ? "" : " by code");
  }
  if (event.has_order_confirmed()) {
    const v1::OrderConfirmed& body = event.order_confirmed();
    return Text(NameOf(body.order()), InWords(body.lines()), Words(LotsOf(body.lots())),
                body.has_released() ? WordsOf(body.released()) : "");
  }
  if (event.has_order_cancelled()) return InWords(event.order_cancelled().hold());
  if (event.has_hold_timed_out()) return InWords(event.hold_timed_out().hold());
  const v1::OrderRefunded& body = event.order_refunded();
  return Text(NameOf(body.order()), InWords(body.lines()), Words(LotsOf(body.lots())),
              WordsOf(body.inflow()));
}

std::string SettlementWords(const v1::Event& event) {
  if (event.has_statement_opened()) {
    const v1::StatementOpened& body = event.statement_opened();
    return Text(body.command().statement_id(), " ", InWords(body.figures()), " by ",
                InWords(body.by_budget()), " after ", body.previous_statement_id(), " closes ",
                body.closes_us());
  }
  if (event.has_statement_objected()) return event.statement_objected().merchant_id();
  if (event.has_objection_resolved()) {
    const v1::ObjectionResolved& body = event.objection_resolved();
    return Text(body.merchant_id(), " closes ", body.closes_us());
  }
  if (event.has_statement_closed()) {
    const v1::StatementClosed& body = event.statement_closed();
    return Text(body.statement_id(), " ", InWords(body.figures()), " by ",
                InWords(body.by_budget()));
  }
  if (event.has_payment_recorded()) {
    const v1::PaymentRecorded& body = event.payment_recorded();
    return Text(body.merchant_id(), Words(AmountOf(body.amounts())), InWords(body.by_budget()));
  }
  if (event.has_payment_reversed()) {
    const v1::PaymentReversed& body = event.payment_reversed();
    return Text(body.merchant_id(), Words(AmountOf(body.amounts())), InWords(body.by_budget()));
  }
  if (event.has_payable_written_off()) {
    const v1::PayableWrittenOff& body = event.payable_written_off();
    return Text(body.merchant_id(), InWords(body.by_budget()), body.settles() ? " settles" : "");
  }
  if (event.has_period_closed()) return Text(event.period_closed().month_number());
  if (event.has_budget_allocated()) return Text(event.budget_allocated().allocated_fen());
  if (!event.has_budget_warned()) return "";
  const v1::BudgetWarned& body = event.budget_warned();
  return Text(Words(model::FenByBudget{{KeyOf(body.budget()), body.used_fen()}}), " of ",
              body.allocated_fen(), " ", body.warn_percent(), "%");
}

}  // namespace

std::string NameOf(const v1::OrderRef& order) {
  const char* scope = order.scope() == v1::REQUEST_SCOPE_SOURCE     ? "source"
                      : order.scope() == v1::REQUEST_SCOPE_MERCHANT ? "merchant"
                                                                    : "principal";
  return Text(scope, "|", order.owner(), "|", order.order_id());
}

std::string MallAmountsOf(const v1::Event& event) {
  const bool order = event.has_order_held() || event.has_voucher_issued() ||
                     event.has_order_redeemed() || event.has_order_confirmed() ||
                     event.has_order_cancelled() || event.has_hold_timed_out() ||
                     event.has_order_refunded();
  return order ? OrderWords(event) : SettlementWords(event);
}

}  // namespace meritbook::property
