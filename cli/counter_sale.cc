// The counter's sale: goods for a pay code.
#include <utility>

#include "cli/amount.h"
#include "cli/counter.h"
#include "cli/order_words.h"
#include "cli/problem.h"
#include "cli/quantity.h"
#include "cli/voucher_code.h"

namespace meritbook::cli {
namespace {

constexpr int64_t kPiecesMax = 10'000;
constexpr int64_t kPointsMax = 10'000;

uint64_t Free(const v1::ShelfItem& item) {
  return item.on_hand() > item.reserved() ? item.on_hand() - item.reserved() : 0;
}

v1::OrderLine* LineOf(v1::RedeemNow& order, const std::string& item_id) {
  for (v1::OrderLine& line : *order.mutable_lines()) {
    if (line.item_id() == item_id) return &line;
  }
  return nullptr;
}

void Remove(v1::RedeemNow& order, const std::string& item_id) {
  for (int i = 0; i < order.lines_size(); ++i) {
    if (order.lines(i).item_id() != item_id) continue;
    order.mutable_lines()->DeleteSubrange(i, 1);
    return;
  }
}

// Other goods may do: nothing is wrong with the code, and a refused order gives it back.
bool OtherGoodsMayDo(std::string_view reason) {
  return reason == "BALANCE_TOO_LOW" || reason == "STOCK_TOO_LOW" || reason == "ITEM_UNKNOWN" ||
         reason == "ITEM_WITHDRAWN" || reason == "ITEM_NOT_OF_MERCHANT" ||
         reason == "ITEM_LIMIT_REACHED" || reason == "AGE_NOT_ALLOWED" ||
         reason == "BUDGET_EXHAUSTED" || reason == "OPEN_AMOUNT_OFF" ||
         reason == "VELOCITY_EXCEEDED";
}

bool AnotherCodeMayDo(std::string_view reason) {
  return reason.starts_with("PAY_CODE_") && reason != "PAY_CODE_TRIES_EXCEEDED";
}

}  // namespace

void Counter::ShowShelf() const {
  Table table({{"", "", Align::kRight},
               {Say("item", "商品"), ""},
               {Say("points", "积分"), "", Align::kRight},
               {Say("left", "可兑"), "", Align::kRight}});
  for (size_t i = 0; i < shelf_.size(); ++i) {
    table.Add({std::to_string(i + 1), shelf_[i].item_id(), Grouped(shelf_[i].price_points()),
               Grouped(Free(shelf_[i]))});
  }
  if (!shelf_.empty()) show_(table.Text(settings_.colour));
}

const v1::ShelfItem* Counter::ItemOf(const std::string& typed) const {
  // A scanned id may be digits, too: ids go first.
  for (const v1::ShelfItem& item : shelf_) {
    if (item.item_id() == typed) return &item;
  }
  const auto number = ParseWhole(typed, static_cast<int64_t>(shelf_.size()));
  if (!number.ok() || *number == 0) return nullptr;
  return &shelf_[static_cast<size_t>(*number - 1)];
}

void Counter::Choose(const std::string& typed, v1::RedeemNow& order) const {
  const size_t cut = typed.find_first_of("=*");
  const std::string name = typed.substr(0, cut);
  const bool sets = cut != std::string::npos;
  const v1::ShelfItem* const item = ItemOf(name);
  const bool open_amount = item == nullptr && name == "p" && sets;
  if (item == nullptr && !open_amount) {
    Line(Text(name,
              Say(": not on this shelf; type its number or id", "：架上没有，请输入序号或编号")));
    return;
  }
  const auto quantity =
      sets ? ParseWhole(typed.substr(cut + 1), open_amount ? kPointsMax : kPiecesMax)
           : absl::StatusOr<int64_t>(1);
  if (!quantity.ok()) {
    Line(Text(typed, Say(": how many? Write bun=2", "：数量有误，请写成 bun=2")));
    return;
  }
  const std::string item_id = item == nullptr ? "" : item->item_id();
  v1::OrderLine* line = LineOf(order, item_id);
  if (*quantity == 0) {
    Remove(order, item_id);
    ShowBasket(order);
    return;
  }
  if (line == nullptr) {
    line = order.add_lines();
    line->set_item_id(item_id);
  }
  // The same scanned twice is two pieces; a number after = is what is meant in all.
  line->set_quantity((sets ? 0 : line->quantity()) + static_cast<uint32_t>(*quantity));
  if (item != nullptr && line->quantity() > Free(*item)) {
    Line(Text(Say("only ", "仅余 "), Grouped(Free(*item)), Say(" left of ", " 件："), item_id));
  }
  ShowBasket(order);
}

void Counter::ShowBasket(const v1::RedeemNow& order) const {
  uint64_t total = 0;
  for (const v1::OrderLine& line : order.lines()) {
    const v1::ShelfItem* const item = line.item_id().empty() ? nullptr : ItemOf(line.item_id());
    total += uint64_t{line.quantity()} * (item == nullptr ? 1 : item->price_points());
  }
  Line(Text("  ", LinesText(order.lines()), order.lines().empty() ? "" : "  ",
            Say("total ", "合计 "), Grouped(total), Say(" points", " 积分")));
}

bool Counter::Fill(v1::RedeemNow& order) {
  ShowShelf();
  for (;;) {
    const auto typed = Ask(order.lines().empty() ? Say("Goods (number or id, =pieces), x = leave: ",
                                                       "商品（序号或编号，=数量），x 放弃：")
                                                 : Say("More goods, Enter = she pays, x = leave: ",
                                                       "继续添加商品，回车扣分，x 放弃："));
    if (!typed || *typed == "x") return false;
    if (!typed->empty()) {
      Choose(*typed, order);
    } else if (!order.lines().empty()) {
      return true;
    }
  }
}

Counter::Next Counter::Sell(const std::string& pay_code) {
  if (const auto left = open_sales_.find(pay_code); left != open_sales_.end()) {
    Line(Say("this code's order had no answer before: asking for the same again",
             "此付款码的订单此前没有应答，现在原样重试"));
    return Redeem(left->second);
  }
  auto items = server_.Items();
  if (items.ok()) {
    server_answered_ = true;
    shelf_ = *std::move(items);
  } else if (!IsAway(items.status())) {
    Refused(items.status());
    return Next::kCustomer;
  } else if (shelf_.empty()) {
    Line(Text(Say("nothing can be sold for a pay code now: ", "暂不能用付款码兑换："),
              Why(items.status())));
    return Next::kCustomer;
  }
  const auto order_id = NewId();
  if (!order_id.ok()) {
    Refused(order_id.status());
    return Next::kCustomer;
  }
  v1::RedeemNowRequest request;
  request.mutable_command()->set_order_id(*order_id);
  request.mutable_command()->set_merchant_id(settings_.merchant_id);
  request.set_pay_code(pay_code);
  request.set_terminal_id(settings_.terminal_id);
  if (!Fill(*request.mutable_command())) {
    Line(Say("left: nothing was paid", "已放弃，未扣分"));
    return Next::kCustomer;
  }
  return Redeem(std::move(request));
}

bool Counter::Prepare(const absl::Status& refused, v1::RedeemNowRequest& request) {
  const std::string reason = ReasonOf(refused);
  if (AnotherCodeMayDo(reason)) {
    const auto typed = Ask(Say("New pay code, or Enter = leave: ", "新的付款码，或回车放弃："));
    if (!typed) return false;
    const std::string digits = DigitsOf(*typed);
    if (digits.size() != kPayCodeDigits) return false;
    request.set_pay_code(digits);
    return true;
  }
  if (!OtherGoodsMayDo(reason)) return false;
  Line(Say("choose again: bun=0 takes an item out", "请重新选择：bun=0 可去掉商品"));
  return Fill(*request.mutable_command());
}

Counter::Next Counter::Redeem(v1::RedeemNowRequest request) {
  for (;;) {
    const auto response = server_.Redeem(request);
    if (response.ok()) {
      server_answered_ = true;
      open_sales_.erase(request.pay_code());
      Done(Text(Say("hand over ", "请交付 "), LinesText(response->lines()),
                Say("; paid ", "；已扣 "), Points(response->units()),
                Say(" points, order ", " 积分，订单 "), request.command().order_id()));
      return Next::kCustomer;
    }
    if (!IsAway(response.status())) {
      server_answered_ = true;
      open_sales_.erase(request.pay_code());
      Refused(response.status());
      if (!Prepare(response.status(), request)) return Next::kCustomer;
      continue;
    }
    open_sales_[request.pay_code()] = request;
    const Reply reply = AskWhetherAgain(response.status(), false);
    if (reply == Reply::kAgain) continue;
    Line(Text(Say("not known whether she paid; scan the same code again to find out, or later: "
                  "merit order show ",
                  "不确定是否已扣分；可再次输入同一付款码确认，或稍后用 merit order show "),
              request.command().order_id()));
    return reply == Reply::kEnd ? Next::kQuit : Next::kCustomer;
  }
}

}  // namespace meritbook::cli
