#include "cli/order_table.h"

#include "cli/order_words.h"
#include "cli/quantity.h"

namespace meritbook::cli {

Table PricedTable(const Session& session,
                  const google::protobuf::RepeatedPtrField<v1::PricedLine>& lines) {
  Table table({{session.Say("item", "商品"), "item_id"},
               {session.Say("quantity", "数量"), "quantity", Align::kRight},
               {session.Say("price in points", "积分价格"), "price_points", Align::kRight}});
  for (const v1::PricedLine& line : lines) {
    table.Add({Cell(ItemName(line.item_id()), line.item_id()), CountCell(line.quantity()),
               CountCell(line.price_points())});
  }
  return table;
}

Table OrderLineTable(const Session& session, const v1::OrderView& order) {
  Table table({{session.Say("item", "商品"), "item_id"},
               {session.Say("quantity", "数量"), "quantity", Align::kRight},
               {session.Say("price in points", "积分价格"), "price_points", Align::kRight},
               {session.Say("handed over", "已交付"), "delivered", Align::kRight},
               {session.Say("refunded", "已退回"), "refunded", Align::kRight}});
  for (const v1::OrderedLine& line : order.lines()) {
    table.Add({Cell(ItemName(line.line().item_id()), line.line().item_id()),
               CountCell(line.line().quantity()), CountCell(line.line().price_points()),
               CountCell(line.delivered()), CountCell(line.refunded())});
  }
  return table;
}

Table OrderTable(Session& session,
                 const google::protobuf::RepeatedPtrField<v1::OrderView>& orders) {
  Table table({{session.Say("order", "订单"), "order_id"},
               {session.Say("placed by", "下单方"), "owner"},
               {session.Say("state", "状态"), "state"},
               {session.Say("volunteer", "志愿者"), "volunteer_id"},
               {session.Say("merchant", "商户"), "merchant_id"},
               {session.Say("points", "积分"), "units", Align::kRight},
               {session.Say("what", "内容"), "lines"},
               {session.Say("voucher", "兑换券"), "voucher"},
               {session.Say("placed", "下单时间"), "placed_at"},
               {session.Say("can be redeemed until", "兑换期限"), "deadline_at"},
               {session.Say("handed over", "交付时间"), "delivered_at"}});
  const auto instant = [&session](int64_t us) {
    return us == 0 ? Cell("") : session.InstantCell(us);
  };
  for (const v1::OrderView& order : orders) {
    table.Add({order.order().order_id(), OwnerText(order.order()),
               Cell(WordsOf(order.state(), session.language()), v1::OrderState_Name(order.state())),
               order.volunteer_id(), order.merchant_id(), PointsCell(order.units()),
               LinesText(order.lines()),
               Cell(order.voucher() ? session.Say("yes", "是") : session.Say("no", "否"),
                    order.voucher() ? "true" : "false"),
               instant(order.placed_us()), instant(order.deadline_us()),
               instant(order.delivered_us())});
  }
  return table;
}

}  // namespace meritbook::cli
