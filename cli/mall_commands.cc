#include "cli/mall_commands.h"

#include <utility>

#include "cli/json_text.h"
#include "cli/quantity.h"
#include "cli/receipt_table.h"
#include "cli/request_id.h"
#include "cli/show_write.h"
#include "cli/text.h"
#include "cli/write_call.h"
#include "meritbook/v1/mall.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Mall = v1::MallService::StubInterface;

}  // namespace

absl::StatusOr<int> ShowItem(Session& session, const std::string& item_id) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const auto stub = v1::MallService::NewStub((*client)->channel());
  v1::GetItemRequest request;
  request.set_ledger_id(*ledger_id);
  request.set_item_id(item_id);
  v1::GetItemResponse item;
  const absl::Status status =
      (*client)->Call(static_cast<Mall&>(*stub), &Mall::GetItem, request, &item);
  if (!status.ok()) return status;
  Table table({{session.Say("item", "商品"), "item_id"},
               {session.Say("merchant", "商户"), "merchant_id"},
               {session.Say("price in points", "积分价格"), "price_points", Align::kRight},
               {session.Say("pieces left", "库存"), "on_hand", Align::kRight},
               {session.Say("pieces sold", "已兑换"), "delivered", Align::kRight}});
  table.Add({item.item_id(), item.merchant_id(), CountCell(item.price_points()),
             CountCell(item.on_hand()), CountCell(item.delivered())});
  session.Show(item, table, Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> ReceiveStock(Session& session, const ReceiveStockFlags& flags) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto request_id = RandomId("stock-");
  if (!request_id.ok()) return request_id.status();
  v1::ReceiveStock command;
  command.set_item_id(flags.item_id);
  command.set_quantity(flags.quantity);
  const auto stub = v1::MallService::NewStub((*client)->channel());
  const auto response =
      Write<v1::ReceiveStockResponse>(session, static_cast<Mall&>(*stub), &Mall::ReceiveStock,
                                      flags.write, *request_id, std::move(command));
  if (!response.ok()) return response.status();
  session.Show(*response,
               ReceiptTable(session,
                            {{{session.Say("item", "商品"), "item_id"}, flags.item_id},
                             {{session.Say("pieces received", "入库数量"), "quantity"},
                              CountCell(flags.quantity)}},
                            response->receipt()),
               Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> Redeem(Session& session, const RedeemFlags& flags) {
  v1::RedeemNow command;
  command.set_order_id(flags.order_id);
  command.set_volunteer_id(flags.volunteer_id);
  command.set_merchant_id(flags.merchant_id);
  for (const std::string& item : flags.items) {
    auto line = ParseOrderLine(item);
    if (!line.ok()) return line.status();
    *command.add_lines() = *std::move(line);
  }
  if (flags.order_id.empty()) {
    auto order_id = RandomId("order-");
    if (!order_id.ok()) return order_id.status();
    command.set_order_id(*std::move(order_id));
  }
  const std::string order_id = command.order_id();
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::MallService::NewStub((*client)->channel());
  const auto response =
      Write<v1::RedeemNowResponse>(session, static_cast<Mall&>(*stub), &Mall::RedeemNow,
                                   flags.write, order_id, std::move(command));
  if (!response.ok()) {
    if (RetryCanHelp(response.status().raw_code()) && flags.order_id.empty()) {
      session.Note(Text("to repeat this order and not make another, add --order ", order_id));
    }
    return response.status();
  }
  if (session.globals().format == Format::kJson) {
    session.ShowText(JsonText(*response, {{"order_id", order_id}}));
    return kExitOk;
  }
  if (session.globals().format == Format::kTable) {
    Table lines({{session.Say("item", "商品"), "item_id"},
                 {session.Say("quantity", "数量"), "quantity", Align::kRight},
                 {session.Say("price in points", "积分价格"), "price_points", Align::kRight}});
    for (const v1::PricedLine& line : response->lines()) {
      lines.Add({line.item_id(), CountCell(line.quantity()), CountCell(line.price_points())});
    }
    session.ShowTable(lines, Shape::kRows);
  }
  session.ShowTable(ReceiptTable(session,
                                 {{{session.Say("order", "订单"), "order_id"}, order_id},
                                  {{session.Say("points paid", "支付积分"), "units"},
                                   PointsCell(response->units())}},
                                 response->receipt()),
                    Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> Refund(Session& session, const RefundFlags& flags) {
  v1::RefundOrder command;
  command.set_order_id(flags.order_id);
  command.set_reason_code(flags.reason_code);
  for (const std::string& item : flags.items) {
    auto line = ParseOrderLine(item);
    if (!line.ok()) return line.status();
    *command.add_lines() = *std::move(line);
  }
  return WriteAndShow<v1::MallService>(
      session, &Mall::RefundOrder, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::RefundOrderResponse& response) {
        return std::vector<NamedCell>{{{session.Say("order", "订单"), "order_id"}, flags.order_id},
                                      {{session.Say("points given back", "退回积分"), "units"},
                                       PointsCell(response.units())}};
      });
}

}  // namespace meritbook::cli
