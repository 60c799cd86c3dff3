#include "tests/e2e/mall_requests.h"

#include "ledger/sha256.h"
#include "ledger/text.h"

namespace meritbook::e2e {
namespace {

template <typename Request>
Request About(const std::string& what, const std::string& statement, const std::string& more = "") {
  return Parse<Request>(Text("request_id: '", what, "-", statement, "' command { statement_id: '",
                             statement, "' ", more, " }"));
}

}  // namespace

v1::PublishRuleRequest MallRule(const std::string& request_id, const std::string& more) {
  auto request = Rule(15);
  request.set_request_id(request_id);
  *request.mutable_command()->mutable_mall() = Parse<v1::MallRule>(
      Text("hold_seconds_max: 600 voucher_days_max: 30 offline_grace_minutes: 180 refund_days: 60 "
           "statement_close_days: 14 ",
           more));
  return request;
}

v1::PublishItemRequest PaidOffer(const std::string& item, const std::string& merchant,
                                 int price_points, int stock, int settle_fen,
                                 const std::string& donor) {
  auto request = Offer(item, merchant, price_points, stock);
  v1::PublishItem& command = *request.mutable_command();
  command.set_settle_fen(static_cast<uint32_t>(settle_fen));
  command.set_funding(donor.empty() ? v1::FUNDING_PROGRAMME : v1::FUNDING_DONOR);
  if (!donor.empty()) command.set_budget_source(donor);
  return request;
}

v1::HoldOrderRequest Hold(const std::string& order, const std::string& volunteer,
                          const std::string& merchant, const std::string& item, int quantity) {
  return Parse<v1::HoldOrderRequest>(
      Text("command { order_id: '", order, "' volunteer_id: '", volunteer, "' merchant_id: '",
           merchant, "' lines { item_id: '", item, "' quantity: ", quantity, " } }"));
}

v1::ConfirmOrderRequest Confirm(const std::string& order) {
  return Parse<v1::ConfirmOrderRequest>(
      Text("request_id: 'confirm-", order, "' command { order_id: '", order, "' }"));
}

v1::CancelOrderRequest Cancel(const std::string& order) {
  return Parse<v1::CancelOrderRequest>(Text(
      "request_id: 'cancel-", order, "' command { order_id: '", order, "' reason_code: 'mind' }"));
}

v1::GetOrderRequest OrderNamed(const std::string& order) {
  return Parse<v1::GetOrderRequest>(Text("order_id: '", order, "'"));
}

std::string VoucherCode(int number) {
  std::string digits = Text(number);
  digits.insert(0, 19 - digits.size(), '7');
  for (char check = '0';; ++check) {
    int sum = check - '0';
    for (size_t i = 0; i < digits.size(); ++i) {
      const int digit = digits[digits.size() - 1 - i] - '0';
      const int weighted = i % 2 == 0 ? 2 * digit : digit;
      sum += weighted / 10 + weighted % 10;
    }
    if (sum % 10 == 0) return digits + check;
  }
}

v1::IssueVoucherRequest Voucher(const std::string& order, const std::string& volunteer,
                                const std::string& merchant, const std::string& item, int quantity,
                                const std::string& code) {
  auto request = Parse<v1::IssueVoucherRequest>(
      Text("command { order_id: '", order, "' volunteer_id: '", volunteer, "' merchant_id: '",
           merchant, "' lines { item_id: '", item, "' quantity: ", quantity, " } }"));
  request.mutable_command()->set_code_sha256(std::string(AsBytes(Sha256(code))));
  return request;
}

v1::ConfirmOrderRequest Redeemed(const std::string& request_id, const std::string& code) {
  return Parse<v1::ConfirmOrderRequest>(
      Text("request_id: '", request_id, "' command {} voucher_code: '", code, "'"));
}

v1::IssuePayCodeRequest PayCodeFor(const std::string& volunteer, const std::string& merchant) {
  return Parse<v1::IssuePayCodeRequest>(
      Text("volunteer_id: '", volunteer, "' merchant_id: '", merchant, "'"));
}

std::string Allocation(const std::string& source, int year, int64_t fen, int warn_percent) {
  return Text("allocate_budget { source: '", source, "' year: ", year, " fen: ", fen,
              warn_percent == 0 ? "" : Text(" warn_percent: ", warn_percent), " }");
}

v1::ClosePeriodRequest CloseMonth(const std::string& month) {
  return Parse<v1::ClosePeriodRequest>(
      Text("request_id: 'close-", month, "' command { month: '", month, "' }"));
}

v1::OpenStatementRequest Statement(const std::string& id, const std::string& merchant,
                                   const std::string& through_month) {
  return About<v1::OpenStatementRequest>(
      "open", id,
      Text("merchant_id: '", merchant, "' ",
           through_month.empty() ? "final: true" : Text("through_month: '", through_month, "'")));
}

v1::ObjectStatementRequest Object(const std::string& statement) {
  return About<v1::ObjectStatementRequest>("object", statement, "reason_code: 'short'");
}

v1::ResolveObjectionRequest Resolve(const std::string& statement, bool upheld) {
  return About<v1::ResolveObjectionRequest>(
      "resolve", statement, Text("reason_code: 'seen' upheld: ", upheld ? "true" : "false"));
}

v1::CloseStatementRequest Close(const std::string& statement) {
  return About<v1::CloseStatementRequest>("close", statement);
}

v1::RecordPaymentRequest Pay(const std::string& statement, int64_t fen) {
  return About<v1::RecordPaymentRequest>("pay", statement,
                                         Text("fen: ", fen, " reference: 'bank-", statement, "'"));
}

v1::ReversePaymentRequest Reverse(const std::string& statement) {
  return About<v1::ReversePaymentRequest>("reverse", statement, "reason_code: 'account'");
}

v1::GetStatementRequest StatementNamed(const std::string& statement) {
  return Parse<v1::GetStatementRequest>(Text("statement_id: '", statement, "'"));
}

}  // namespace meritbook::e2e
