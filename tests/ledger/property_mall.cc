// Random commands: merchants, the shelf, orders and what becomes of them.
#include <algorithm>

#include "ledger/text.h"
#include "tests/ledger/property_world.h"

namespace meritbook::property {
namespace {

constexpr int64_t kUnitsPerPoint = 6000;

// A voucher's code is its order's id, spelt out.
std::string CodeHash(const std::string& code) {
  std::string hash(32, '.');
  std::copy(code.begin(), code.end(), hash.begin());
  return hash;
}

void SetOwner(const std::string& name, v1::OrderOwner* owner) {
  const size_t bar = name.find('|') + 1;
  const std::string who = name.substr(bar, name.rfind('|') - bar);
  if (name.starts_with("source")) owner->set_source(who);
  if (name.starts_with("merchant")) owner->set_merchant_id(who);
  if (name.starts_with("principal")) owner->set_principal_id(who);
}

}  // namespace

World::Made World::Merchant(const std::string& id) const {
  auto merchant = std::make_shared<v1::OnboardMerchant>();
  merchant->set_merchant_id(id);
  merchant->set_kind("shop");
  return merchant;
}

// Rather the one that founds nothing, so that the others go on.
std::string World::AnyMerchant() {
  if (chances_.Percent(60) && model_.merchants.count("m2") != 0) return "m2";
  return chances_.Percent(92) ? chances_.Id("m", 2) : chances_.Id("m", 4);
}

std::string World::AnyItem() {
  std::vector<std::string> ids;
  for (const auto& [id, item] : model_.items) ids.push_back(id);
  return !ids.empty() && chances_.Percent(92) ? chances_.From(ids) : chances_.Id("i", 9);
}

World::Made World::Suspend() {
  if (model_.merchants.count("m2") == 0 && chances_.Percent(70)) return Merchant("m2");
  auto suspend = std::make_shared<v1::SuspendMerchant>();
  suspend->set_merchant_id(AnyMerchant());
  suspend->set_reason_code("hygiene");
  return suspend;
}

World::Made World::Resume() {
  auto resume = std::make_shared<v1::ResumeMerchant>();
  std::vector<std::string> ids;
  for (const auto& [id, row] : model_.merchants) {
    if (row.suspended) ids.push_back(id);
  }
  if (ids.empty() && chances_.Percent(40)) return Suspend();
  resume->set_merchant_id(!ids.empty() && chances_.Percent(90) ? chances_.From(ids)
                                                               : AnyMerchant());
  resume->set_reason_code("clean");
  return resume;
}

World::Made World::Offboard() {
  if (model_.merchants.count("m2") == 0 && chances_.Percent(70)) return Merchant("m2");
  auto offboard = std::make_shared<v1::OffboardMerchant>();
  offboard->set_merchant_id(AnyMerchant());
  offboard->set_last_day(AnyDay(chances_.Percent(93) ? 0 : -2, 4));
  // Where holds outlive its last day.
  const std::string held =
      AnyOrder([](const model::Order& order) { return order.state == model::OrderState::kHeld; });
  if (!held.empty() && chances_.Percent(75)) {
    offboard->set_merchant_id(model_.orders.at(held).merchant);
    offboard->set_last_day(DayText(model_.DayOf(NowUs())));
  }
  offboard->set_reason_code("moved");
  return offboard;
}

void World::SetFunding(v1::PublishItem* item) {
  const uint32_t how = chances_.Below(100);
  if (how < 45) {
    item->set_funding(v1::FUNDING_PROGRAMME);
    item->set_settle_fen(chances_.Of({0u, 10u, 90u, 250u}));
    if (chances_.Percent(20)) item->set_budget_source("d1");
  } else if (how < 70) {
    item->set_funding(v1::FUNDING_DONOR);
    item->set_settle_fen(chances_.Of({10u, 90u, 250u}));
    if (chances_.Percent(95)) item->set_budget_source("d1");
  } else if (how < 85) {
    item->set_funding(v1::FUNDING_MERCHANT);
    if (chances_.Percent(4)) item->set_settle_fen(5);
  } else if (chances_.Percent(4)) {
    item->set_budget_source("d1");
  }
}

World::Made World::Item(const std::string& id, const std::string& merchant) {
  auto item = std::make_shared<v1::PublishItem>();
  item->set_item_id(id);
  item->set_merchant_id(merchant);
  item->set_price_points(1 + chances_.Below(30));
  item->set_stock(chances_.Below(20));
  SetFunding(item.get());
  if (chances_.Percent(25)) {
    item->mutable_limit()->set_quantity(1 + chances_.Below(4));
    item->mutable_limit()->set_period(chances_.Of({v1::LIMIT_PERIOD_ONCE, v1::LIMIT_PERIOD_DAY,
                                                   v1::LIMIT_PERIOD_MONTH, v1::LIMIT_PERIOD_YEAR}));
  }
  if (chances_.Percent(20)) {
    item->add_age_bands(v1::AGE_BAND_60_PLUS);
    if (chances_.Percent(70)) item->add_age_bands(v1::AGE_BAND_18_TO_59);
    if (chances_.Percent(3)) item->add_age_bands(v1::AGE_BAND_60_PLUS);
  }
  return item;
}

World::Made World::Receive() {
  auto receive = std::make_shared<v1::ReceiveStock>();
  receive->set_item_id(AnyItem());
  receive->set_quantity(chances_.Percent(10) ? 1'000'000'000 : 1 + chances_.Below(9));
  return receive;
}

World::Made World::ReturnStock() {
  auto back = std::make_shared<v1::ReturnStock>();
  back->set_item_id(AnyItem());
  back->set_quantity(1 + chances_.Below(chances_.Percent(80) ? 3 : 600));
  back->set_reason_code("stale");
  return back;
}

World::Made World::Withdraw() {
  auto withdraw = std::make_shared<v1::WithdrawItem>();
  const std::string item = AnyItem();
  const bool founding = item == "i0" || item == "i1";
  withdraw->set_item_id(founding && chances_.Percent(80) ? Text("i", 3 + chances_.Below(5)) : item);
  withdraw->set_reason_code("season");
  return withdraw;
}

// One who can spend, mostly.
std::string World::Shopper() {
  std::vector<std::string> ids;
  for (const auto& [id, row] : model_.volunteers) {
    if (!row.frozen && model::SumOf(row.lots) >= kUnitsPerPoint) ids.push_back(id);
  }
  return !ids.empty() && chances_.Percent(85) ? chances_.From(ids) : Owner();
}

// Who buys what, where; mostly what the merchant has and she can pay.
template <typename Order>
std::shared_ptr<Order> World::Purchase() {
  auto order = std::make_shared<Order>();
  order->set_order_id(chances_.Id("x", chances_.Percent(90) ? 300 : 20));
  order->set_volunteer_id(Shopper());
  order->set_merchant_id(chances_.Percent(85) ? chances_.Id("m", 2) : AnyMerchant());
  const auto row = model_.volunteers.find(order->volunteer_id());
  const int64_t has = row == model_.volunteers.end() ? 0 : model::SumOf(row->second.lots);
  const bool dear = chances_.Percent(12);  // whatever it costs
  std::vector<std::string> shelf;
  for (const auto& [id, item] : model_.items) {
    if (item.merchant != order->merchant_id()) continue;
    if (dear || item.price_points * kUnitsPerPoint <= has) shelf.push_back(id);
  }
  if (shelf.empty()) shelf.push_back(order->merchant_id() == "m1" ? "i1" : "i0");
  const uint32_t lines = chances_.Percent(70) ? 1 : 2;
  for (uint32_t i = 0; i < lines; ++i) {
    v1::OrderLine* line = order->add_lines();
    if (chances_.Percent(8)) {
      line->set_quantity(1 + chances_.Below(20));  // an open amount
      continue;
    }
    line->set_item_id(!shelf.empty() && chances_.Percent(92) ? chances_.From(shelf)
                                                             : chances_.Id("i", 9));
    line->set_quantity(1 + chances_.Below(dear ? 3 : 2));
  }
  if (lines == 2 && order->lines(0).item_id() == order->lines(1).item_id() &&
      chances_.Percent(95)) {
    order->mutable_lines()->RemoveLast();
  }
  // Often nearly all that she has, so that a claw-back finds less than it wants.
  const auto item = model_.items.find(order->lines(0).item_id());
  if (chances_.Percent(35) && item != model_.items.end()) {
    const int64_t most = has / (kUnitsPerPoint * item->second.price_points);
    order->mutable_lines(0)->set_quantity(
        static_cast<uint32_t>(std::clamp<int64_t>(most - chances_.Below(2), 1, 400)));
  }
  // More than the shelf has.
  if (chances_.Percent(3)) order->mutable_lines(0)->set_quantity(2000);
  return order;
}

World::Made World::Redeem() { return Purchase<v1::RedeemNow>(); }

World::Made World::Hold() {
  auto hold = Purchase<v1::HoldOrder>();
  const v1::MallRule* mall = model_.MallOf(model_.DayOf(NowUs()));
  if (chances_.Percent(40)) {
    const uint32_t seconds = chances_.Of({1u, 600u, 3600u, 86'400u, 604'800u});
    const bool above = chances_.Percent(4);
    hold->set_hold_seconds(mall == nullptr || above ? seconds
                                                    : std::min(seconds, mall->hold_seconds_max()));
  }
  hold->set_offline(chances_.Percent(50));
  return hold;
}

World::Made World::Voucher() {
  auto voucher = Purchase<v1::IssueVoucher>();
  const v1::MallRule* mall = model_.MallOf(model_.DayOf(NowUs()));
  if (chances_.Percent(50)) {
    const uint32_t days = chances_.Of({1u, 1u, 2u, 3u, 10u, 41u});
    const bool above = chances_.Percent(5);
    voucher->set_valid_days(mall == nullptr || !mall->has_voucher_days_max() || above
                                ? days
                                : std::min(days, mall->voucher_days_max()));
  }
  voucher->set_code_sha256(CodeHash(voucher->order_id()));
  const std::string other =
      AnyOrder([](const model::Order& order) { return !order.voucher.empty(); });
  if (!other.empty() && chances_.Percent(8)) {
    voucher->set_code_sha256(model_.orders.at(other).voucher);
  }
  if (chances_.Percent(1)) voucher->set_code_sha256("short");
  return voucher;
}

// Holds until she has as many as anybody may have.
std::vector<Ask> World::Hoard() {
  std::vector<Ask> asks;
  const std::string volunteer = Shopper();
  for (int i = 0; i < 33; ++i) {
    auto hold = std::make_shared<v1::HoldOrder>();
    hold->set_order_id(Text("h", i, ".", chances_.Below(1000)));
    hold->set_volunteer_id(volunteer);
    hold->set_merchant_id("m0");
    v1::OrderLine* line = hold->add_lines();
    line->set_item_id("i0");
    line->set_quantity(1);
    Ask ask;
    ask.message = hold;
    As(ask, "app");
    SetRecorded(ask);
    asks.push_back(ask);
  }
  return asks;
}

void World::ShowCode(Ask& ask) {
  if (!chances_.Percent(14) || model_.volunteers.empty()) return;
  std::shared_ptr<Message> message(ask.message->New());
  message->CopyFrom(*ask.message);
  auto* hold = dynamic_cast<v1::HoldOrder*>(message.get());
  auto* redeem = dynamic_cast<v1::RedeemNow*>(message.get());
  if (hold == nullptr && redeem == nullptr) return;
  if (chances_.Percent(97)) {
    if (hold != nullptr) hold->clear_volunteer_id();
    if (redeem != nullptr) redeem->clear_volunteer_id();
  }
  ask.message = message;
  if (chances_.Percent(3)) return;  // neither
  std::vector<std::string> known;
  for (const auto& [id, row] : model_.volunteers) known.push_back(id);
  const std::string owner = Owner();
  const bool is_known = model_.volunteers.count(owner) != 0;
  ask.pay_code.emplace();
  ask.pay_code->volunteer = is_known && chances_.Percent(80) ? owner : chances_.From(known);
  if (chances_.Percent(15)) {
    ask.pay_code->refused = chances_.Of(
        {v1::REFUSAL_PAY_CODE_UNKNOWN, v1::REFUSAL_PAY_CODE_EXPIRED, v1::REFUSAL_PAY_CODE_USED,
         v1::REFUSAL_PAY_CODE_OF_OTHER_MERCHANT, v1::REFUSAL_PAY_CODE_TRIES_EXCEEDED});
  }
}

// An order of this kind; empty if there is none.
std::string World::AnyOrder(const std::function<bool(const model::Order&)>& wanted) {
  std::vector<std::string> names;
  for (const auto& [name, order] : model_.orders) {
    if (wanted(order)) names.push_back(name);
  }
  return names.empty() ? "" : chances_.From(names);
}

World::Made World::Confirm() {
  auto confirm = std::make_shared<v1::ConfirmOrder>();
  const bool any = chances_.Percent(10);
  std::string name = AnyOrder(
      [any](const model::Order& order) { return any || order.state == model::OrderState::kHeld; });
  const int month = model::MonthNumberOf(model_.DayOf(NowUs()));
  const std::string old = AnyOrder([&](const model::Order& order) {
    return order.state == model::OrderState::kHeld &&
           model::MonthNumberOf(model_.DayOf(order.placed_us)) < month;
  });
  if (!old.empty() && chances_.Percent(60)) name = old;
  if (name.empty() && chances_.Percent(80)) return Hold();
  if (name.empty() || chances_.Percent(4)) {
    if (chances_.Percent(50)) {
      confirm->set_voucher_sha256(CodeHash(chances_.Id("x", 300)));
    } else {
      confirm->set_order_id(chances_.Id("x", 300));
    }
    return confirm;
  }
  const model::Order& order = model_.orders.at(name);
  if (!order.voucher.empty() && chances_.Percent(75)) {
    confirm->set_voucher_sha256(order.voucher);
    if (chances_.Percent(1)) confirm->set_order_id("x1");
  } else {
    confirm->set_order_id(name.substr(name.rfind('|') + 1));
    if (chances_.Percent(45)) SetOwner(name, confirm->mutable_owner());
    if (chances_.Percent(1)) confirm->mutable_owner();
  }
  if (chances_.Percent(55)) {
    const int64_t last_us = std::max(order.placed_us, std::min(NowUs(), order.deadline_us - 1));
    confirm->set_happened_us(
        chances_.Of<int64_t>({order.placed_us, last_us, last_us, (order.placed_us + last_us) / 2,
                              (order.placed_us + last_us) / 2}));
    const int64_t month_end_us = model_.StartOf(model::FirstDayOf(month)) - 1;
    if (month_end_us >= order.placed_us && month_end_us < order.deadline_us &&
        chances_.Percent(60)) {
      confirm->set_happened_us(month_end_us);
    }
    if (chances_.Percent(6)) {
      confirm->set_happened_us(
          chances_.Of<int64_t>({order.placed_us - 1, NowUs() + 1, order.deadline_us}));
    }
  }
  if (chances_.Percent(60)) return confirm;
  for (const model::Line& held : order.lines) {
    if (confirm->lines_size() > 0 && chances_.Percent(40)) continue;
    v1::OrderLine* line = confirm->add_lines();
    line->set_item_id(chances_.Percent(96) ? held.item : "i4");
    line->set_quantity(static_cast<uint32_t>(
        std::max<int64_t>(1, chances_.Of({held.quantity, held.quantity - 1, held.quantity / 2}))));
    if (chances_.Percent(4)) line->set_quantity(line->quantity() + 400);
  }
  if (confirm->lines_size() == 2 && chances_.Percent(50)) {
    confirm->mutable_lines()->SwapElements(0, 1);
  }
  return confirm;
}

World::Made World::Cancel() {
  auto cancel = std::make_shared<v1::CancelOrder>();
  cancel->set_reason_code("changed");
  const bool any = chances_.Percent(12);
  const std::string name = AnyOrder(
      [any](const model::Order& order) { return any || order.state == model::OrderState::kHeld; });
  if (name.empty() && chances_.Percent(80)) return Hold();
  if (name.empty() || chances_.Percent(5)) {
    cancel->set_order_id(chances_.Id("x", 300));
    return cancel;
  }
  cancel->set_order_id(name.substr(name.rfind('|') + 1));
  if (chances_.Percent(60)) SetOwner(name, cancel->mutable_owner());
  return cancel;
}

World::Made World::Refund() {
  auto refund = std::make_shared<v1::RefundOrder>();
  refund->set_reason_code("broken");
  const bool any = chances_.Percent(6);
  const std::string name = AnyOrder([any](const model::Order& order) {
    return any || order.state == model::OrderState::kConfirmed;
  });
  if (name.empty() && chances_.Percent(85)) return Redeem();
  if (name.empty() || chances_.Percent(5)) {
    refund->set_order_id(chances_.Id("x", 95));
    v1::OrderLine* line = refund->add_lines();
    line->set_item_id("i0");
    line->set_quantity(1);
    return refund;
  }
  refund->set_order_id(name.substr(name.rfind('|') + 1));
  if (chances_.Percent(40)) SetOwner(name, refund->mutable_owner());
  const model::Order& order = model_.orders.at(name);
  const auto of = [](const std::map<std::string, int64_t>& pieces, const std::string& item) {
    const auto found = pieces.find(item);
    return found == pieces.end() ? 0 : found->second;
  };
  for (const model::Line& sold : order.lines) {
    const int64_t left = of(order.delivered, sold.item) - of(order.refunded, sold.item);
    if (left == 0 && chances_.Percent(60)) continue;
    v1::OrderLine* line = refund->add_lines();
    line->set_item_id(chances_.Percent(97) ? sold.item : "i4");
    line->set_quantity(static_cast<uint32_t>(
        std::max<int64_t>(1, chances_.Of({left, left, (left + 1) / 2, left / 3, left + 1}))));
    if (chances_.Percent(50)) break;
  }
  if (refund->lines().empty() && chances_.Percent(90)) {
    v1::OrderLine* line = refund->add_lines();
    line->set_item_id(order.lines.front().item);
    line->set_quantity(1);
  }
  return refund;
}

}  // namespace meritbook::property
