// Owns: commands of the mall for the tests of sequencer and rows.
// Promises: a ledger that was founded by World and has TheMallRule takes them, with stock and
// points. Thread: any.
#ifndef MERITBOOK_TESTS_SERVICES_MALL_MESSAGES_H_
#define MERITBOOK_TESTS_SERVICES_MALL_MESSAGES_H_

#include <optional>
#include <string>
#include <utility>

#include "ledger/sha256.h"
#include "tests/services/world.h"

namespace meritbook {

// TheRule, holds of up to an hour, vouchers of up to 30 days, an hour of offline grace, statements
// that close after 14 days.
inline v1::PublishRule TheMallRule(std::optional<uint32_t> year_end_grace_days = std::nullopt) {
  v1::PublishRule rule = TheRule(year_end_grace_days);
  v1::MallRule* mall = rule.mutable_mall();
  mall->set_hold_seconds_max(3'600);
  mall->set_voucher_days_max(30);
  mall->set_offline_grace_minutes(60);
  mall->set_statement_close_days(14);
  return rule;
}

inline v1::OnboardMerchant TheMerchant(const std::string& id) {
  v1::OnboardMerchant merchant;
  merchant.set_merchant_id(id);
  merchant.set_kind("bakery");
  return merchant;
}

// Paid by the programme where `settle_fen` is above 0.
inline v1::PublishItem TheItem(const std::string& id, const std::string& merchant,
                               uint32_t price_points, uint32_t stock, uint32_t settle_fen = 0) {
  v1::PublishItem item;
  item.set_item_id(id);
  item.set_merchant_id(merchant);
  item.set_price_points(price_points);
  item.set_stock(stock);
  item.set_settle_fen(settle_fen);
  if (settle_fen > 0) item.set_funding(v1::FUNDING_PROGRAMME);
  return item;
}

// HoldOrder, IssueVoucher or RedeemNow.
template <typename OrderCommand>
OrderCommand OrderOf(const std::string& order, const std::string& volunteer,
                     const std::string& merchant, const std::string& item, uint32_t quantity = 1) {
  OrderCommand command;
  command.set_order_id(order);
  if (!volunteer.empty()) command.set_volunteer_id(volunteer);
  command.set_merchant_id(merchant);
  v1::OrderLine* line = command.add_lines();
  line->set_item_id(item);
  line->set_quantity(quantity);
  return command;
}

inline v1::HoldOrder HoldFor(const std::string& order, const std::string& volunteer,
                             uint32_t seconds, const std::string& merchant = "bakery",
                             const std::string& item = "bun") {
  auto hold = OrderOf<v1::HoldOrder>(order, volunteer, merchant, item);
  hold.set_hold_seconds(seconds);
  return hold;
}

inline v1::IssueVoucher VoucherFor(const std::string& order, const std::string& volunteer,
                                   uint32_t days, const std::string& merchant = "bakery",
                                   const std::string& item = "bun") {
  auto voucher = OrderOf<v1::IssueVoucher>(order, volunteer, merchant, item);
  voucher.set_valid_days(days);
  voucher.set_code_sha256(std::string(AsBytes(Sha256(order))));
  return voucher;
}

inline v1::ConfirmOrder ConfirmOf(const std::string& order) {
  v1::ConfirmOrder confirm;
  confirm.set_order_id(order);
  return confirm;
}

inline v1::CancelOrder CancelOf(const std::string& order) {
  v1::CancelOrder cancel;
  cancel.set_order_id(order);
  cancel.set_reason_code("mind");
  return cancel;
}

inline v1::ProposeChange AllocationOf(const std::string& proposal, uint32_t year, int64_t fen) {
  v1::ProposeChange change;
  change.set_proposal_id(proposal);
  v1::AllocateBudget* budget = change.mutable_allocate_budget();
  budget->set_source("programme");
  budget->set_year(year);
  budget->set_fen(fen);
  return change;
}

inline v1::ApproveChange ApprovalOf(const std::string& proposal) {
  v1::ApproveChange approve;
  approve.set_proposal_id(proposal);
  return approve;
}

inline v1::ClosePeriod CloseMonth(const std::string& month) {
  v1::ClosePeriod close;
  close.set_month(month);
  return close;
}

inline v1::OpenStatement StatementOf(const std::string& id, const std::string& merchant,
                                     const std::string& through_month) {
  v1::OpenStatement open;
  open.set_statement_id(id);
  open.set_merchant_id(merchant);
  open.set_through_month(through_month);
  return open;
}

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_SERVICES_MALL_MESSAGES_H_
