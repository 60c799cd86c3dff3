// Owns: sound requests about orders, vouchers, pay codes and statements.
// Promises: as requests.h.
// Thread: any.
#ifndef MERITBOOK_TESTS_E2E_MALL_REQUESTS_H_
#define MERITBOOK_TESTS_E2E_MALL_REQUESTS_H_

#include <string>

#include "tests/e2e/requests.h"

namespace meritbook::e2e {

inline constexpr int64_t kUnitsPerPoint = 6'000;

// Rule(15) with holds of up to ten minutes, vouchers of up to 30 days, three hours of offline
// grace, refunds for 60 days and statements that close after 14. `more` goes into the mall's part.
v1::PublishRuleRequest MallRule(const std::string& request_id, const std::string& more = "");

// A line of a budget's: `settle_fen` each, paid by the programme or, named, by a donor.
v1::PublishItemRequest PaidOffer(const std::string& item, const std::string& merchant,
                                 int price_points, int stock, int settle_fen,
                                 const std::string& donor = "");

v1::HoldOrderRequest Hold(const std::string& order, const std::string& volunteer,
                          const std::string& merchant, const std::string& item, int quantity);
// The request ids of these are "<what>-<order>".
v1::ConfirmOrderRequest Confirm(const std::string& order);
v1::CancelOrderRequest Cancel(const std::string& order);
v1::GetOrderRequest OrderNamed(const std::string& order);

// 20 digits, made of a number.
std::string VoucherCode(int number);
v1::IssueVoucherRequest Voucher(const std::string& order, const std::string& volunteer,
                                const std::string& merchant, const std::string& item, int quantity,
                                const std::string& code);
v1::ConfirmOrderRequest Redeemed(const std::string& request_id, const std::string& code);

// `merchant` empty: good anywhere.
v1::IssuePayCodeRequest PayCodeFor(const std::string& volunteer, const std::string& merchant = "");
// The same order for whoever shows this code.
template <typename OrderRequest>
OrderRequest Showing(const std::string& pay_code, OrderRequest request) {
  request.mutable_command()->clear_volunteer_id();
  request.set_pay_code(pay_code);
  return request;
}

// For ProposeChange.
std::string Allocation(const std::string& source, int year, int64_t fen, int warn_percent = 0);

v1::ClosePeriodRequest CloseMonth(const std::string& month);
v1::OpenStatementRequest Statement(const std::string& id, const std::string& merchant,
                                   const std::string& through_month);
// The request ids of these are "<what>-<statement>".
v1::ObjectStatementRequest Object(const std::string& statement);
v1::ResolveObjectionRequest Resolve(const std::string& statement, bool upheld);
v1::CloseStatementRequest Close(const std::string& statement);
v1::RecordPaymentRequest Pay(const std::string& statement, int64_t fen);
v1::ReversePaymentRequest Reverse(const std::string& statement);
v1::GetStatementRequest StatementNamed(const std::string& statement);

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_MALL_REQUESTS_H_
