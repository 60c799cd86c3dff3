// The counter's vouchers, online and off, and orders that wait for pick-up.
#include <sstream>
#include <utility>

#include "cli/counter.h"
#include "cli/order_line.h"
#include "cli/order_words.h"
#include "cli/problem.h"
#include "cli/quantity.h"
#include "cli/voucher_code.h"

namespace meritbook::cli {
void Counter::ShowOrder(const v1::OrderView& order) const {
  Line(Text("  ", LinesText(order.lines()), "  ", Points(order.units()),
            Say(" points, paid already; until ", " 积分，已预留；有效至 "),
            ShownTime(order.deadline_us())));
}

Counter::Next Counter::TakeVoucher(const std::string& code) {
  const TakenVoucher* const taken = journal_.Find(code);
  if (taken != nullptr && taken->state != TakenState::kRefused) {
    Line(Text(Say("REFUSED  this voucher was taken here on ", "拒绝  此券已于 "),
              ShownTime(taken->happened_us),
              Say("; don't hand anything over again", " 在本机收取，请勿重复交付")));
    return Next::kCustomer;
  }
  if (const auto left = open_confirms_.find(code); left != open_confirms_.end()) {
    // A copy: the entry goes when the answer is there.
    return Confirm(v1::ConfirmOrderRequest(left->second));
  }
  v1::ConfirmOrderRequest request;
  request.set_voucher_code(code);
  const auto request_id = NewId();
  if (!request_id.ok()) {
    Refused(request_id.status());
    return Next::kCustomer;
  }
  request.set_request_id(*request_id);
  const auto orders = server_.OpenOrders();
  if (!orders.ok() && IsAway(orders.status())) return TakeOffline(code, *request_id);
  if (!orders.ok()) {
    Refused(orders.status());
    return Next::kCustomer;
  }
  server_answered_ = true;
  const std::string order_id = VoucherOrderId(settings_.ledger_id, code);
  const v1::OrderView* found = nullptr;
  for (const v1::OrderView& order : *orders) {
    if (order.voucher() && order.order().order_id() == order_id) found = &order;
  }
  if (found != nullptr) {
    ShowOrder(*found);
  } else {
    Line(Say("  what is on it can't be read here: look at the slip",
             "  无法读取券面内容，请看纸券"));
  }
  return HandOver(std::move(request));
}

Counter::Next Counter::TakeOrder(const std::string& order_id) {
  if (const auto left = open_confirms_.find(order_id); left != open_confirms_.end()) {
    // A copy: the entry goes when the answer is there.
    return Confirm(v1::ConfirmOrderRequest(left->second));
  }
  const auto orders = server_.OpenOrders();
  if (!orders.ok()) {
    if (IsAway(orders.status())) {
      Line(Text(Say("no order can be looked up now: ", "暂不能查询订单："), Why(orders.status())));
    } else {
      Refused(orders.status());
    }
    return Next::kCustomer;
  }
  server_answered_ = true;
  const v1::OrderView* found = nullptr;
  int count = 0;
  for (const v1::OrderView& order : *orders) {
    // A slip is redeemed by its digits: who knows the order's id doesn't have it.
    if (order.order().order_id() != order_id || order.voucher()) continue;
    found = &order;
    ++count;
  }
  if (found == nullptr) {
    Line(Text(Say("REFUSED  no open order ", "拒绝  没有未完成的订单 "), order_id,
              Say(" here: check the id; it may be handed over, cancelled or timed out",
                  "：请检查编号，可能已交付、取消或超时")));
    return Next::kCustomer;
  }
  if (count > 1) {
    Line(Text(Say("REFUSED  several placed an order of this id; use merit order confirm ",
                  "拒绝  多方有同号订单，请用 merit order confirm "),
              order_id, " --owner"));
    return Next::kCustomer;
  }
  const auto request_id = NewId();
  if (!request_id.ok()) {
    Refused(request_id.status());
    return Next::kCustomer;
  }
  v1::ConfirmOrderRequest request;
  request.set_request_id(*request_id);
  request.mutable_command()->set_order_id(order_id);
  *request.mutable_command()->mutable_owner() = OwnerOf(found->order());
  ShowOrder(*found);
  return HandOver(std::move(request));
}

Counter::Next Counter::HandOver(v1::ConfirmOrderRequest request) {
  for (;;) {
    const auto typed = Ask(Say("Enter = hand over all of it, x = leave, or a part (bun=1 rice=2): ",
                               "回车全部交付，x 放弃，或输入部分（bun=1 rice=2）："));
    if (!typed || *typed == "x") {
      Line(Say("left: nothing was paid out", "已放弃，未办理"));
      return typed ? Next::kCustomer : Next::kQuit;
    }
    if (typed->empty()) return Confirm(request);
    std::istringstream words(*typed);
    bool fine = true;
    request.mutable_command()->clear_lines();
    for (std::string word; words >> word;) {
      auto line = ParseOrderLine(word);
      if (!line.ok()) Line(MessageOf(line.status()));
      fine = fine && line.ok();
      if (line.ok()) *request.mutable_command()->add_lines() = *std::move(line);
    }
    if (fine) return Confirm(request);
  }
}

Counter::Next Counter::Confirm(const v1::ConfirmOrderRequest& request) {
  const bool voucher = !request.voucher_code().empty();
  const std::string shown = voucher ? request.voucher_code() : request.command().order_id();
  for (;;) {
    const auto response = server_.Confirm(request);
    if (response.ok()) {
      server_answered_ = true;
      open_confirms_.erase(shown);
      Done(Text(Say("hand over ", "请交付 "), LinesText(response->lines()),
                Say("; paid ", "；已扣 "), Points(response->units()),
                Say(" points, order ", " 积分，订单 "), response->order().order_id()));
      return Next::kCustomer;
    }
    if (!IsAway(response.status())) {
      server_answered_ = true;
      open_confirms_.erase(shown);
      Refused(response.status());
      return Next::kCustomer;
    }
    open_confirms_[shown] = request;
    // A part that is handed over needs the server: the journal has whole vouchers only.
    const bool offline_possible = voucher && request.command().lines().empty();
    const Reply reply = AskWhetherAgain(response.status(), offline_possible);
    if (reply == Reply::kAgain) continue;
    if (reply == Reply::kOffline) {
      NoteOffline(request.voucher_code(), request.request_id());
      return Next::kCustomer;
    }
    Line(Say("not known whether it was paid; show the same again to find out",
             "不确定是否已办理；再次出示同一号码即可确认"));
    return reply == Reply::kEnd ? Next::kQuit : Next::kCustomer;
  }
}

Counter::Next Counter::TakeOffline(const std::string& code, const std::string& request_id) {
  Line(Text(
      Say("The server is away. Look at the slip: is it for ", "服务器无法连接。请核对纸券：商户 "),
      settings_.merchant_id, Say(", and its last day not over?", "，且未过有效期？")));
  const auto answer =
      Ask(Say("Enter = hand over all of it and send it later, r = try again, x = leave: ",
              "回车先交付稍后补报，r 重试，x 放弃："));
  if (!answer) return Next::kQuit;
  if (*answer == "r") return TakeVoucher(code);
  if (answer->empty()) {
    NoteOffline(code, request_id);
  } else {
    Line(Say("left: nothing was noted", "已放弃，未记录"));
  }
  return Next::kCustomer;
}

void Counter::NoteOffline(const std::string& code, const std::string& request_id) {
  TakenVoucher voucher;
  voucher.ledger_id = settings_.ledger_id;
  voucher.merchant_id = settings_.merchant_id;
  voucher.request_id = request_id;
  voucher.code = code;
  voucher.happened_us = now_us_();
  const absl::Status noted = journal_.Add(std::move(voucher));
  if (!noted.ok()) {
    Line(Text(Say("REFUSED  it can't be noted here, don't hand anything over: ",
                  "拒绝  无法在本机记录，请勿交付："),
              MessageOf(noted)));
    return;
  }
  open_confirms_.erase(code);
  Done(Text(Say("noted at ", "已记录 "), ShownTime(now_us_()),
            Say(": hand over what is on the slip; it is sent when the server is back",
                "：请按券面交付，恢复连接后补报")));
}

}  // namespace meritbook::cli
