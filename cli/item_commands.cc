#include "cli/item_commands.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "cli/amount.h"
#include "cli/order_words.h"
#include "cli/quantity.h"
#include "cli/read_call.h"
#include "cli/show_write.h"
#include "meritbook/v1/mall.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Mall = v1::MallService::StubInterface;

NamedCell ItemCell(const Session& session, const std::string& id) {
  return {{session.Say("item", "商品"), "item_id"}, id};
}

Table ItemTable(const Session& session) {
  return Table({{session.Say("item", "商品"), "item_id"},
                {session.Say("merchant", "商户"), "merchant_id"},
                {session.Say("price in points", "积分价格"), "price_points", Align::kRight},
                {session.Say("pieces free", "可兑数量"), "free", Align::kRight},
                {session.Say("reserved", "已预留"), "reserved", Align::kRight},
                {session.Say("pieces sold", "已兑换"), "delivered", Align::kRight},
                {session.Say("yuan a piece", "结算单价（元）"), "settle_fen", Align::kRight},
                {session.Say("paid by", "出资方"), "funding"},
                {session.Say("limit", "每人限兑"), "limit"},
                {session.Say("on the shelf", "在架"), "withdrawn"}});
}

void Add(const Session& session, const v1::ShelfItem& item, Table& table) {
  const std::string payer =
      item.budget_source().empty()
          ? WordsOf(item.funding(), session.language())
          : Text(WordsOf(item.funding(), session.language()), " ", item.budget_source());
  table.Add({item.item_id(), item.merchant_id(), CountCell(item.price_points()),
             CountCell(item.on_hand() - item.reserved()), CountCell(item.reserved()),
             CountCell(item.delivered()), YuanCell(item.settle_fen()),
             Cell(payer, v1::Funding_Name(item.funding())),
             WordsOf(item.limit(), session.language()),
             Cell(item.withdrawn() ? session.Say("no, withdrawn", "否，已下架")
                                   : session.Say("yes", "是"),
                  item.withdrawn() ? "true" : "false")});
}

}  // namespace

absl::StatusOr<int> PublishItem(Session& session, const PublishItemFlags& flags) {
  v1::PublishItem command;
  command.set_item_id(flags.item_id);
  command.set_merchant_id(flags.merchant_id);
  command.set_price_points(flags.price_points);
  command.set_stock(flags.stock);
  if (!flags.settle_yuan.empty()) {
    constexpr int64_t kSettleFenMax = 100'000'000;
    const auto fen = ParseYuan(flags.settle_yuan);
    if (!fen.ok()) return fen.status();
    if (*fen < 0 || *fen > kSettleFenMax) {
      return absl::InvalidArgumentError("--settle is 0 to 1000000 yuan");
    }
    command.set_settle_fen(static_cast<uint32_t>(*fen));
  }
  v1::Funding funding = v1::FUNDING_UNSPECIFIED;
  if (!flags.funding.empty()) {
    v1::Funding_Parse("FUNDING_" + absl::AsciiStrToUpper(flags.funding), &funding);
  }
  command.set_funding(funding);
  if (!flags.budget_source.empty()) command.set_budget_source(flags.budget_source);
  if (!flags.limit.empty()) {
    auto limit = ParseLimit(flags.limit);
    if (!limit.ok()) return limit.status();
    *command.mutable_limit() = *std::move(limit);
  }
  for (const std::string& name : flags.age_bands) {
    v1::AgeBand band = v1::AGE_BAND_UNSPECIFIED;
    // "14_17" of the command line is AGE_BAND_14_TO_17 of the proto.
    const std::string full = name == "14_17" ? "14_TO_17" : name == "18_59" ? "18_TO_59" : name;
    v1::AgeBand_Parse("AGE_BAND_" + absl::AsciiStrToUpper(full), &band);
    command.add_age_bands(band);
  }
  return WriteAndShow<v1::MallService>(
      session, &Mall::PublishItem, flags.write, RequestId::Natural(flags.item_id),
      std::move(command), [&](const v1::PublishItemResponse&) {
        return std::vector<NamedCell>{
            ItemCell(session, flags.item_id),
            {{session.Say("merchant", "商户"), "merchant_id"}, flags.merchant_id},
            {{session.Say("price in points", "积分价格"), "price_points"},
             CountCell(flags.price_points)}};
      });
}

absl::StatusOr<int> WithdrawItem(Session& session, const WithdrawItemFlags& flags) {
  v1::WithdrawItem command;
  command.set_item_id(flags.item_id);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::MallService>(
      session, &Mall::WithdrawItem, flags.write, RequestId::Natural(flags.item_id),
      std::move(command), [&](const v1::WithdrawItemResponse&) {
        return std::vector<NamedCell>{ItemCell(session, flags.item_id),
                                      {{session.Say("now", "状态"), "state"},
                                       Cell(session.Say("withdrawn", "已下架"), "withdrawn")}};
      });
}

absl::StatusOr<int> ShowItem(Session& session, const std::string& item_id) {
  v1::GetItemRequest request;
  request.set_item_id(item_id);
  const auto response = Read<v1::MallService>(session, &Mall::GetItem, std::move(request));
  if (!response.ok()) return response.status();
  Table table = ItemTable(session);
  Add(session, response->item(), table);
  session.Show(*response, table, Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> ListItems(Session& session, const ListItemsFlags& flags) {
  v1::ListItemsRequest request;
  request.set_merchant_id(flags.merchant_id);
  auto all =
      ReadPages<v1::MallService>(session, &Mall::ListItems, std::move(request),
                                 [](v1::ListItemsResponse& page) { return page.mutable_items(); });
  if (!all.ok()) return all.status();
  v1::ListItemsResponse shown;
  shown.set_size(all->size());
  Table table = ItemTable(session);
  for (v1::ShelfItem& item : *all->mutable_items()) {
    if (item.withdrawn() && !flags.withdrawn) continue;
    Add(session, item, table);
    *shown.add_items() = std::move(item);
  }
  session.Show(shown, table, Shape::kRows);
  return kExitOk;
}

absl::StatusOr<int> ReceiveStock(Session& session, const StockFlags& flags) {
  v1::ReceiveStock command;
  command.set_item_id(flags.item_id);
  command.set_quantity(flags.quantity);
  return WriteAndShow<v1::MallService>(
      session, &Mall::ReceiveStock, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::ReceiveStockResponse&) {
        return std::vector<NamedCell>{
            ItemCell(session, flags.item_id),
            {{session.Say("pieces received", "入库数量"), "quantity"}, CountCell(flags.quantity)}};
      });
}

absl::StatusOr<int> ReturnStock(Session& session, const StockFlags& flags) {
  v1::ReturnStock command;
  command.set_item_id(flags.item_id);
  command.set_quantity(flags.quantity);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::MallService>(
      session, &Mall::ReturnStock, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::ReturnStockResponse&) {
        return std::vector<NamedCell>{ItemCell(session, flags.item_id),
                                      {{session.Say("pieces taken away", "退出数量"), "quantity"},
                                       CountCell(flags.quantity)}};
      });
}

}  // namespace meritbook::cli
