#include "cli/order_commands.h"

#include <utility>

#include "cli/order_table.h"
#include "cli/order_words.h"
#include "cli/quantity.h"
#include "cli/read_call.h"
#include "cli/show_write.h"
#include "meritbook/v1/mall.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Mall = v1::MallService::StubInterface;

constexpr const char* kTerminal = "merit";

NamedCell OrderCell(const Session& session, const std::string& id) {
  return {{session.Say("order", "订单"), "order_id"}, id};
}

NamedCell PointsNamed(const Session& session, const char* english, const char* chinese,
                      int64_t units) {
  return {{session.Say(english, chinese), "units"}, PointsCell(units)};
}

// Who pays: named, or by the code that she shows.
absl::Status CheckPayer(const PlaceFlags& flags) {
  if (flags.volunteer_id.empty() != flags.pay_code.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(flags.volunteer_id.empty()
                                        ? "who pays? Give --volunteer or --pay-code"
                                        : "--volunteer or --pay-code: not both");
}

template <typename Command>
absl::Status FillPlace(const PlaceFlags& flags, Command& command) {
  absl::Status payer = CheckPayer(flags);
  if (!payer.ok()) return payer;
  if (!flags.volunteer_id.empty()) command.set_volunteer_id(flags.volunteer_id);
  command.set_merchant_id(flags.merchant_id);
  auto lines = ParseLines(flags.lines);
  if (!lines.ok()) return lines.status();
  if (lines->empty()) return absl::InvalidArgumentError("what is bought? Give --item or --points");
  for (v1::OrderLine& line : *lines) *command.add_lines() = std::move(line);
  command.set_order_id(flags.order_id);
  if (!flags.order_id.empty()) return absl::OkStatus();
  auto order_id = RandomId("order-");
  if (!order_id.ok()) return order_id.status();
  command.set_order_id(*std::move(order_id));
  return absl::OkStatus();
}

// Sends the order and shows its positions, then the receipt.
template <typename Request, typename Response, typename Command, typename What>
absl::StatusOr<int> Place(Session& session,
                          grpc::Status (Mall::*method)(grpc::ClientContext*, const Request&,
                                                       Response*),
                          const PlaceFlags& flags, Command command, const What& what) {
  const std::string order_id = command.order_id();
  auto shown = WriteAndShow<v1::MallService>(
      session, method, flags.write, RequestId::Natural(order_id), std::move(command),
      [&](const Response& response) {
        if (session.globals().format == Format::kTable) {
          session.ShowTable(PricedTable(session, response.lines()), Shape::kRows);
        }
        return what(order_id, response);
      },
      {{"order_id", order_id}},
      [&flags](Request& request) {
        request.set_pay_code(flags.pay_code);
        if (flags.pay_code.empty()) return;
        request.set_terminal_id(flags.terminal_id.empty() ? kTerminal : flags.terminal_id);
      });
  if (!shown.ok() && flags.order_id.empty() && RetryCanHelp(shown.status().raw_code())) {
    session.Note(Text(session.Say("to repeat this order and not make another, add --order ",
                                  "如需重试而不产生新的订单，请加 --order "),
                      order_id));
  }
  return shown;
}

// Of a command or request about an order that somebody placed.
template <typename Message>
absl::Status FillOwner(const std::string& text, Message& message) {
  if (text.empty()) return absl::OkStatus();
  auto owner = ParseOwner(text);
  if (!owner.ok()) return owner.status();
  *message.mutable_owner() = *std::move(owner);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> Redeem(Session& session, const PlaceFlags& flags) {
  v1::RedeemNow command;
  const absl::Status filled = FillPlace(flags, command);
  if (!filled.ok()) return filled;
  return Place(session, &Mall::RedeemNow, flags, std::move(command),
               [&](const std::string& order_id, const v1::RedeemNowResponse& response) {
                 return std::vector<NamedCell>{
                     OrderCell(session, order_id),
                     PointsNamed(session, "points paid", "支付积分", response.units())};
               });
}

absl::StatusOr<int> Hold(Session& session, const PlaceFlags& flags) {
  v1::HoldOrder command;
  const absl::Status filled = FillPlace(flags, command);
  if (!filled.ok()) return filled;
  if (flags.hold_seconds) command.set_hold_seconds(*flags.hold_seconds);
  command.set_offline(flags.offline);
  return Place(session, &Mall::HoldOrder, flags, std::move(command),
               [&](const std::string& order_id, const v1::HoldOrderResponse& response) {
                 return std::vector<NamedCell>{
                     OrderCell(session, order_id),
                     PointsNamed(session, "points held", "预留积分", response.units()),
                     {{session.Say("confirm before", "确认期限"), "deadline_at"},
                      session.InstantCell(response.deadline_us())}};
               });
}

absl::StatusOr<int> Confirm(Session& session, const PlacedFlags& flags) {
  v1::ConfirmOrder command;
  command.set_order_id(flags.order_id);
  const absl::Status owner = FillOwner(flags.owner, command);
  if (!owner.ok()) return owner;
  auto lines = ParseLines(flags.lines);
  if (!lines.ok()) return lines.status();
  for (v1::OrderLine& line : *lines) *command.add_lines() = std::move(line);
  if (!flags.happened_at.empty()) {
    const auto happened_us = InstantFlag("--happened-at", flags.happened_at);
    if (!happened_us.ok()) return happened_us.status();
    command.set_happened_us(*happened_us);
  }
  // An order is confirmed once; the same words again are the same confirm.
  const std::string request_id = ContentId("confirm-", command.SerializeAsString());
  return WriteAndShow<v1::MallService>(
      session, &Mall::ConfirmOrder, flags.write, RequestId::Natural(request_id), std::move(command),
      [&](const v1::ConfirmOrderResponse& response) {
        if (session.globals().format == Format::kTable) {
          session.ShowTable(PricedTable(session, response.lines()), Shape::kRows);
        }
        return std::vector<NamedCell>{
            OrderCell(session, response.order().order_id()),
            PointsNamed(session, "points paid", "支付积分", response.units())};
      });
}

absl::StatusOr<int> Cancel(Session& session, const PlacedFlags& flags) {
  v1::CancelOrder command;
  command.set_order_id(flags.order_id);
  command.set_reason_code(flags.reason_code);
  const absl::Status owner = FillOwner(flags.owner, command);
  if (!owner.ok()) return owner;
  const std::string request_id = ContentId("cancel-", command.SerializeAsString());
  return WriteAndShow<v1::MallService>(
      session, &Mall::CancelOrder, flags.write, RequestId::Natural(request_id), std::move(command),
      [&](const v1::CancelOrderResponse& response) {
        return std::vector<NamedCell>{
            OrderCell(session, flags.order_id),
            PointsNamed(session, "points released", "释放积分", response.units())};
      });
}

absl::StatusOr<int> Refund(Session& session, const PlacedFlags& flags) {
  v1::RefundOrder command;
  command.set_order_id(flags.order_id);
  command.set_reason_code(flags.reason_code);
  const absl::Status owner = FillOwner(flags.owner, command);
  if (!owner.ok()) return owner;
  auto lines = ParseLines(flags.lines);
  if (!lines.ok()) return lines.status();
  if (lines->empty()) return absl::InvalidArgumentError("what comes back? Give --item or --points");
  for (v1::OrderLine& line : *lines) *command.add_lines() = std::move(line);
  return WriteAndShow<v1::MallService>(
      session, &Mall::RefundOrder, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::RefundOrderResponse& response) {
        return std::vector<NamedCell>{
            OrderCell(session, flags.order_id),
            PointsNamed(session, "points given back", "退回积分", response.units())};
      });
}

absl::StatusOr<int> ShowOrder(Session& session, const PlacedFlags& flags) {
  v1::GetOrderRequest request;
  request.set_order_id(flags.order_id);
  const absl::Status owner = FillOwner(flags.owner, request);
  if (!owner.ok()) return owner;
  const auto response = Read<v1::MallService>(session, &Mall::GetOrder, std::move(request));
  if (!response.ok()) return response.status();
  google::protobuf::RepeatedPtrField<v1::OrderView> one;
  *one.Add() = response->order();
  session.Show(*response, OrderTable(session, one), Shape::kDown);
  if (session.globals().format == Format::kTable) {
    session.ShowText("\n");
    session.ShowTable(OrderLineTable(session, response->order()), Shape::kRows);
  }
  return kExitOk;
}

absl::StatusOr<int> ListOrders(Session& session, const ListOrdersFlags& flags) {
  v1::ListOpenOrdersRequest request;
  request.set_merchant_id(flags.merchant_id);
  request.set_volunteer_id(flags.volunteer_id);
  const auto all = ReadPages<v1::MallService>(
      session, &Mall::ListOpenOrders, std::move(request),
      [](v1::ListOpenOrdersResponse& page) { return page.mutable_orders(); });
  if (!all.ok()) return all.status();
  session.Show(*all, OrderTable(session, all->orders()), Shape::kRows);
  return kExitOk;
}

absl::StatusOr<int> IssuePayCode(Session& session, const PayCodeFlags& flags) {
  v1::IssuePayCodeRequest request;
  request.set_volunteer_id(flags.volunteer_id);
  request.set_merchant_id(flags.merchant_id);
  request.set_lifetime_seconds(flags.seconds);
  const auto response = Read<v1::MallService>(session, &Mall::IssuePayCode, std::move(request));
  if (!response.ok()) return response.status();
  const std::string& code = response->pay_code();
  const std::string grouped =
      code.size() == 9 ? Text(code.substr(0, 3), " ", code.substr(3, 3), " ", code.substr(6))
                       : code;
  Table table({{session.Say("pay code", "付款码"), "pay_code"},
               {session.Say("valid until", "有效至"), "expires_at"},
               {session.Say("good at", "可用商户"), "merchant_id"}});
  table.Add({Cell(grouped, code), session.InstantCell(response->expires_us()),
             Cell(flags.merchant_id.empty() ? session.Say("any merchant", "任一商户")
                                            : flags.merchant_id.c_str(),
                  flags.merchant_id)});
  session.Show(*response, table, Shape::kDown);
  return kExitOk;
}

}  // namespace meritbook::cli
