// What becomes of an order that was placed: handed over, given up, taken back.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ledger/deciding.h"
#include "ledger/flow.h"
#include "ledger/limits.h"
#include "ledger/mall.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

std::string_view WordOf(OrderState state) {
  switch (state) {
    case OrderState::kHeld:
      return "held";
    case OrderState::kConfirmed:
      return "confirmed";
    case OrderState::kCancelled:
      return "cancelled";
    case OrderState::kTimedOut:
      return "timed_out";
  }
  return "";
}

bool IsOwn(const Deciding& d, const Order& order) {
  return order.id == KeyOf(OrderNamed(*d.command.caller, nullptr, order.order_id));
}

// What a merchant gets to know of orders that aren't with it.
MaybeRefused CheckMerchant(const Deciding& d, const Order& order, std::string field) {
  const Caller& caller = *d.command.caller;
  if (d.state.merchants()[order.merchant].id == caller.merchant_id) return std::nullopt;
  return Refuse(v1::REFUSAL_ORDER_OF_OTHER_MERCHANT, std::move(field),
                "the order was placed with another merchant");
}

// The order that a command names, if the caller may act on it. `anybody`: who is bound to neither a
// platform nor a merchant may, too.
template <typename OrderCommand>
std::variant<uint32_t, Refused> FindOrder(const Deciding& d, const OrderCommand& c, bool anybody) {
  const Caller& caller = *d.command.caller;
  const auto* owner = c.has_owner() ? &c.owner() : nullptr;
  const auto index = d.state.orders().IndexOf(KeyOf(OrderNamed(caller, owner, c.order_id())));
  const Refused unknown = Unknown(v1::REFUSAL_ORDER_UNKNOWN, "order_id", c.order_id());
  if (!index) return unknown;
  const Order& order = d.state.orders()[*index];
  if (IsOwn(d, order)) return *index;
  if (!caller.merchant_id.empty()) {
    if (auto refused = CheckMerchant(d, order, "command.order_id")) return *std::move(refused);
    return *index;
  }
  if (anybody && caller.source.empty()) return *index;
  return unknown;
}

std::variant<uint32_t, Refused> FindVoucher(const Deciding& d, const std::string& code_sha256) {
  const auto index = d.state.OrderOfVoucher(code_sha256);
  const Refused unknown =
      Refuse(v1::REFUSAL_VOUCHER_UNKNOWN, "voucher_code", "there is no voucher with this code");
  if (!index) return unknown;
  const Order& order = d.state.orders()[*index];
  if (IsOwn(d, order)) return *index;
  if (d.command.caller->merchant_id.empty()) return unknown;
  if (auto refused = CheckMerchant(d, order, "voucher_code")) return *std::move(refused);
  return *index;
}

Refused NotHeld(const Order& order, std::string field) {
  return Refused{
      v1::REFUSAL_ORDER_NOT_HELD,
      std::move(field),
      Text("order ", order.order_id, " isn't held any more: it was ", WordOf(order.state)),
      {{"order_id", order.order_id}, {"state", std::string(WordOf(order.state))}}};
}

Refused TooLate(const Order& order, std::string field) {
  return Refused{v1::REFUSAL_CONFIRM_TOO_LATE,
                 std::move(field),
                 Text("the time of order ", order.order_id,
                      " is over: its points are the volunteer's again; place a new order with her"),
                 {{"order_id", order.order_id},
                  {"deadline_us", Text(order.deadline_us)},
                  {"ends_us", Text(order.ends_us)}}};
}

// What the client named the order by.
std::string FieldOf(const v1::ConfirmOrder& c) {
  return c.voucher_sha256().empty() ? "command.order_id" : "voucher_code";
}

MaybeRefused CheckTime(const Deciding& d, const v1::ConfirmOrder& c, const Order& order,
                       int64_t happened_us) {
  if (c.has_happened_us() && (happened_us > d.now_us || happened_us < order.placed_us)) {
    return Refused{
        v1::REFUSAL_CONFIRM_TIME_INVALID,
        "command.happened_us",
        "the goods can't have been handed over before the hold or in the future",
        {{"happened_us_min", Text(order.placed_us)}, {"happened_us_max", Text(d.now_us)}}};
  }
  if (happened_us >= order.deadline_us) return TooLate(order, FieldOf(c));
  return std::nullopt;
}

const OrderedLine* FindLine(const State& state, const Order& order, const std::string& item_id) {
  const auto item = item_id.empty() ? std::optional(kNoIndex) : state.items().IndexOf(item_id);
  if (!item) return nullptr;
  const auto found = std::find_if(order.lines.begin(), order.lines.end(),
                                  [&](const OrderedLine& line) { return line.item == *item; });
  return found == order.lines.end() ? nullptr : &*found;
}

Refused TooMany(v1::Refusal reason, const v1::OrderLine& line, uint32_t most,
                std::string_view what) {
  return Refused{reason,
                 "command.lines.quantity",
                 Text(most, " pieces of ", line.item_id(), " ", what),
                 {{"item_id", line.item_id()}, {"quantity_max", Text(most)}}};
}

// What is handed over: what the command says, or everything.
MaybeRefused FillDelivered(const Deciding& d, const v1::ConfirmOrder& c, const Order& order,
                           PricedLines* delivered) {
  if (c.lines().empty()) {
    for (const OrderedLine& line : order.lines) {
      SetPriced(d.state, line, line.quantity, delivered->Add());
    }
    return std::nullopt;
  }
  for (const v1::OrderLine& line : c.lines()) {
    const OrderedLine* held = FindLine(d.state, order, line.item_id());
    const uint32_t most = held == nullptr ? 0 : held->quantity;
    if (line.quantity() > most) {
      return TooMany(v1::REFUSAL_CONFIRM_TOO_LARGE, line, most, "are held");
    }
    SetPriced(d.state, *held, line.quantity(), delivered->Add());
  }
  return std::nullopt;
}

}  // namespace

MaybeRefused Decide(Deciding& d, const v1::ConfirmOrder& c) {
  const auto found =
      c.voucher_sha256().empty() ? FindOrder(d, c, false) : FindVoucher(d, c.voucher_sha256());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Order& order = d.state.orders()[std::get<uint32_t>(found)];
  if (order.state == OrderState::kTimedOut) return TooLate(order, FieldOf(c));
  if (order.state != OrderState::kHeld) return NotHeld(order, FieldOf(c));
  const int64_t happened_us = c.has_happened_us() ? c.happened_us() : d.now_us;
  if (auto refused = CheckTime(d, c, order, happened_us)) return refused;
  v1::Event* event = d.NewEvent();
  event->set_occurred_us(happened_us);
  v1::OrderConfirmed* confirmed = event->mutable_order_confirmed();
  if (auto refused = FillDelivered(d, c, order, confirmed->mutable_lines())) return refused;
  const Volunteer& volunteer = d.state.volunteers()[d.state.Survivor(order.volunteer)];
  *confirmed->mutable_command() = c;
  *confirmed->mutable_order() = RefOf(d.state, order);
  confirmed->set_volunteer_id(volunteer.id);
  confirmed->set_merchant_id(d.state.merchants()[order.merchant].id);
  confirmed->set_units(UnitsOf(confirmed->lines()));
  std::vector<Lot> rest = order.lots;
  for (const Lot& lot : TakeFirst(rest, confirmed->units())) {
    SetLot(lot.key, lot.units, confirmed->add_lots());
  }
  if (!rest.empty()) {
    FillInflow(volunteer, LotsReturning(d.state, rest, d.today), confirmed->mutable_released());
  }
  return std::nullopt;
}

void FillHoldEnded(const State& state, const Order& order, DayNumber day, v1::HoldEnded* ended) {
  const Volunteer& volunteer = state.volunteers()[state.Survivor(order.volunteer)];
  *ended->mutable_order() = RefOf(state, order);
  ended->set_volunteer_id(volunteer.id);
  ended->set_merchant_id(state.merchants()[order.merchant].id);
  ended->set_units(SumOfOrdered(order).amount.units);
  FillInflow(volunteer, LotsReturning(state, order.lots, day), ended->mutable_released());
}

MaybeRefused Decide(Deciding& d, const v1::CancelOrder& c) {
  const auto found = FindOrder(d, c, true);
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Order& order = d.state.orders()[std::get<uint32_t>(found)];
  if (order.state != OrderState::kHeld) return NotHeld(order, "command.order_id");
  v1::OrderCancelled* cancelled = d.NewEvent()->mutable_order_cancelled();
  *cancelled->mutable_command() = c;
  FillHoldEnded(d.state, order, d.today, cancelled->mutable_hold());
  return std::nullopt;
}

// Debt is repaid first; what is left is forfeited with the account.
void CancelHoldsOf(Deciding& d, uint32_t volunteer) {
  int64_t debt_units = d.state.volunteers()[volunteer].debt_units;
  for (const uint32_t index : d.state.volunteers()[volunteer].open_orders) {
    v1::HoldEnded* ended = d.NewEvent()->mutable_order_cancelled()->mutable_hold();
    FillHoldEnded(d.state, d.state.orders()[index], d.today, ended);
    std::vector<Lot> lots = LotsReturning(d.state, d.state.orders()[index].lots, d.today);
    v1::Inflow* released = ended->mutable_released();
    released->Clear();
    int64_t repaid = 0;
    for (const Lot& lot : TakeFirst(lots, -debt_units)) repaid += lot.units;
    debt_units += repaid;
    released->set_debt_repaid_units(repaid);
    for (const Lot& lot : lots) SetLot(lot.key, lot.units, released->add_forfeited());
  }
}

MaybeRefused Decide(Deciding& d, const v1::RefundOrder& c) {
  const State& state = d.state;
  const auto found = FindOrder(d, c, false);
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Order& order = state.orders()[std::get<uint32_t>(found)];
  const v1::MallRule* mall = MallRuleOn(state, d.today);
  if (order.delivered_us != 0 && mall != nullptr && mall->has_refund_days()) {
    const DayNumber last =
        state.DayAt(order.delivered_us) + static_cast<DayNumber>(mall->refund_days());
    if (last < d.today) {
      return Refused{v1::REFUSAL_REFUND_TOO_LATE,
                     "command.order_id",
                     Text("what was handed over could be refunded until ", FormatDay(last)),
                     {{"last_day", FormatDay(last)}}};
    }
  }
  const Merchant& merchant = state.merchants()[order.merchant];
  if (HasLeft(state, merchant)) return MerchantOver(merchant);
  v1::OrderRefunded* refunded = d.NewEvent()->mutable_order_refunded();
  for (const v1::OrderLine& line : c.lines()) {
    const OrderedLine* sold = FindLine(state, order, line.item_id());
    const uint32_t left = sold == nullptr ? 0 : sold->delivered - sold->refunded;
    if (line.quantity() > left) {
      return TooMany(v1::REFUSAL_REFUND_TOO_LARGE, line, left, "can still be refunded");
    }
    if (sold->item != kNoIndex &&
        state.items()[sold->item].on_hand() + line.quantity() > kStockMax) {
      return StockOverflow("command.lines.quantity");
    }
    SetPriced(state, *sold, line.quantity(), refunded->add_lines());
  }
  const Volunteer& volunteer = state.volunteers()[state.Survivor(order.volunteer)];
  *refunded->mutable_command() = c;
  *refunded->mutable_order() = RefOf(state, order);
  refunded->set_volunteer_id(volunteer.id);
  refunded->set_merchant_id(merchant.id);
  refunded->set_units(UnitsOf(refunded->lines()));
  // What was taken last returns first.
  int64_t left = refunded->units();
  std::vector<Lot> lots;
  for (auto lot = order.lots.rbegin(); lot != order.lots.rend() && left > 0; ++lot) {
    const int64_t part = std::min(left, lot->units);
    SetLot(lot->key, part, refunded->add_lots());
    lots.push_back({lot->key, part});
    left -= part;
  }
  FillInflow(volunteer, LotsReturning(state, lots, d.today), refunded->mutable_inflow());
  return std::nullopt;
}

}  // namespace meritbook
