// Orders that are placed: held, printed on a voucher, redeemed at once.
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

using Lines = google::protobuf::RepeatedPtrField<v1::OrderLine>;

constexpr std::string_view kProgramme = "programme";
constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kMinuteUs = 60 * kSecondUs;

// What of a budget an order takes.
struct Draw {
  std::string source;
  int64_t fen = 0;
};

// An order on its way.
struct Purchase {
  uint32_t volunteer = 0;
  uint32_t merchant = 0;
  const v1::MallRule* mall = nullptr;  // null where no rule has one
  PricedLines lines;
  int64_t points = 0;
  std::vector<Draw> draws;  // by source
  int64_t units() const { return points * kUnitsPerPoint; }
};

Refused ItemRefused(v1::Refusal reason, std::string_view field, const Item& item,
                    std::string message) {
  return Refused{reason, Text("command.lines.", field), std::move(message), {{"item_id", item.id}}};
}

// The volunteer who spends: named, or by the pay code that she shows.
std::variant<uint32_t, Refused> FindShopper(const Deciding& d, const std::string& volunteer_id) {
  if (!d.command.shown) return FindVolunteer(d.state, volunteer_id, "command.volunteer_id");
  const auto index = d.state.volunteers().IndexOf(d.command.shown->volunteer_id);
  if (!index) return FindVolunteer(d.state, d.command.shown->volunteer_id, "pay_code");
  const uint32_t volunteer = d.state.Survivor(*index);
  if (!IsHerself(d.state, *d.command.caller, volunteer)) return volunteer;
  return Refuse(v1::REFUSAL_SELF_REDEMPTION, "pay_code",
                "nobody redeems for herself; ask a colleague");
}

MaybeRefused CheckParties(const Deciding& d, const Purchase& purchase) {
  const Volunteer& volunteer = d.state.volunteers()[purchase.volunteer];
  const Merchant& merchant = d.state.merchants()[purchase.merchant];
  if (auto refused = RefuseClosed(volunteer, "command.volunteer_id")) return refused;
  if (auto refused = RefuseFrozen(volunteer, "command.volunteer_id")) return refused;
  if (merchant.suspended) {
    return Refused{v1::REFUSAL_MERCHANT_SUSPENDED,
                   "command.merchant_id",
                   Text("merchant ", merchant.id, " is suspended"),
                   {{"merchant_id", merchant.id}}};
  }
  if (IsOver(d.state, merchant, d.today)) return MerchantOver(merchant);
  return std::nullopt;
}

MaybeRefused CheckItem(const Deciding& d, const Purchase& purchase, uint32_t index,
                       uint32_t quantity) {
  const Item& item = d.state.items()[index];
  const Volunteer& volunteer = d.state.volunteers()[purchase.volunteer];
  if (item.merchant != purchase.merchant) {
    return ItemRefused(
        v1::REFUSAL_ITEM_NOT_OF_MERCHANT, "item_id", item,
        Text("merchant ", d.state.merchants()[purchase.merchant].id, " doesn't offer ", item.id));
  }
  if (item.withdrawn) {
    return ItemRefused(v1::REFUSAL_ITEM_WITHDRAWN, "item_id", item,
                       Text(item.id, " was taken off the shelf"));
  }
  if (item.age_bands != 0 && (item.age_bands >> volunteer.age_band & 1) == 0) {
    return ItemRefused(v1::REFUSAL_AGE_NOT_ALLOWED, "item_id", item,
                       Text(item.id, " is not for the volunteer's age"));
  }
  if (item.free() < quantity) {
    Refused refused = ItemRefused(v1::REFUSAL_STOCK_TOO_LOW, "quantity", item,
                                  Text(item.free(), " pieces of ", item.id, " are left"));
    refused.metadata.emplace_back("on_hand", Text(item.free()));
    return refused;
  }
  if (item.limit.quantity() == 0) return std::nullopt;
  const uint32_t had = BoughtIn(volunteer, index, PeriodKeyOf(item.limit.period(), d.today));
  if (had + quantity <= item.limit.quantity()) return std::nullopt;
  Refused refused = ItemRefused(v1::REFUSAL_ITEM_LIMIT_REACHED, "quantity", item,
                                Text("one person may have ", item.limit.quantity(), " pieces of ",
                                     item.id, " in the period"));
  refused.metadata.emplace_back("quantity_max", Text(item.limit.quantity()));
  return refused;
}

void AddDraw(Purchase& purchase, std::string_view source, int64_t fen) {
  auto& draws = purchase.draws;
  const auto at = std::find_if(draws.begin(), draws.end(),
                               [&](const Draw& draw) { return draw.source >= source; });
  if (at != draws.end() && at->source == source) {
    at->fen += fen;
  } else {
    draws.insert(at, {std::string(source), fen});
  }
}

void Price(const Deciding& d, Purchase& purchase, const v1::OrderLine& line, uint32_t price_points,
           uint32_t settle_fen, std::string_view budget_source) {
  v1::PricedLine* priced = purchase.lines.Add();
  priced->set_item_id(line.item_id());
  priced->set_quantity(line.quantity());
  priced->set_price_points(price_points);
  purchase.points += int64_t{price_points} * line.quantity();
  if (settle_fen == 0) return;
  priced->set_settle_fen(settle_fen);
  priced->set_budget_source(std::string(budget_source));
  priced->set_budget_year(static_cast<uint32_t>(YearOf(d.today)));
  AddDraw(purchase, budget_source, int64_t{settle_fen} * line.quantity());
}

MaybeRefused PriceLines(const Deciding& d, Purchase& purchase, const Lines& lines) {
  for (const v1::OrderLine& line : lines) {
    if (line.item_id().empty()) {
      if (purchase.mall == nullptr || !purchase.mall->has_open_amount_fen_per_point()) {
        return Refuse(v1::REFUSAL_OPEN_AMOUNT_OFF, "command.lines.item_id",
                      "the rule has no open amounts: name an item");
      }
      Price(d, purchase, line, 1, purchase.mall->open_amount_fen_per_point(), kProgramme);
      continue;
    }
    const auto index = d.state.items().IndexOf(line.item_id());
    if (!index) return Unknown(v1::REFUSAL_ITEM_UNKNOWN, "lines.item_id", line.item_id());
    if (auto refused = CheckItem(d, purchase, *index, line.quantity())) return refused;
    const Item& item = d.state.items()[*index];
    Price(d, purchase, line, item.price_points, item.settle_fen, item.budget_source);
  }
  return std::nullopt;
}

Refused TooFast(std::string_view limit, int64_t max, std::string_view field) {
  return Refused{v1::REFUSAL_VELOCITY_EXCEEDED,
                 Text("command.", field),
                 Text("no more than ", max, " by the rule's ", limit),
                 {{"limit", std::string(limit)}, {"max", Text(max)}}};
}

MaybeRefused CheckVelocity(const Deciding& d, const Purchase& purchase) {
  if (purchase.mall == nullptr) return std::nullopt;
  const v1::MallRule& mall = *purchase.mall;
  const DayOrders hers = OrdersOn(d.state.volunteers()[purchase.volunteer].day_orders, d.today);
  const DayOrders theirs = OrdersOn(d.state.merchants()[purchase.merchant].day_orders, d.today);
  if (mall.has_volunteer_orders_per_day() && hers.orders >= mall.volunteer_orders_per_day()) {
    return TooFast("volunteer_orders_per_day", mall.volunteer_orders_per_day(), "volunteer_id");
  }
  if (mall.has_volunteer_points_per_day() &&
      hers.points + static_cast<uint64_t>(purchase.points) > mall.volunteer_points_per_day()) {
    return TooFast("volunteer_points_per_day", mall.volunteer_points_per_day(), "volunteer_id");
  }
  if (mall.has_merchant_orders_per_day() && theirs.orders >= mall.merchant_orders_per_day()) {
    return TooFast("merchant_orders_per_day", mall.merchant_orders_per_day(), "merchant_id");
  }
  return std::nullopt;
}

MaybeRefused CheckBudgets(const Deciding& d, const Purchase& purchase) {
  const auto year = static_cast<uint32_t>(YearOf(d.today));
  for (const Draw& draw : purchase.draws) {
    const Budget* budget = d.state.budgets().Find(BudgetId(draw.source, year));
    if (budget != nullptr && budget->left_fen() >= draw.fen) continue;
    return BudgetExhausted("command.lines", draw.source, year, draw.fen);
  }
  return std::nullopt;
}

// What all three kinds have in common; `holds`: not handed over at once.
template <typename OrderCommand>
std::variant<Purchase, Refused> Buy(const Deciding& d, const OrderCommand& c, bool holds) {
  Purchase purchase;
  purchase.mall = MallRuleOn(d.state, d.today);
  const auto shopper = FindShopper(d, c.volunteer_id());
  if (const auto* refused = std::get_if<Refused>(&shopper)) return *refused;
  purchase.volunteer = std::get<uint32_t>(shopper);
  const auto merchant = d.state.merchants().IndexOf(c.merchant_id());
  if (!merchant) return Unknown(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", c.merchant_id());
  purchase.merchant = *merchant;
  if (auto refused = CheckParties(d, purchase)) return *std::move(refused);
  if (auto refused = PriceLines(d, purchase, c.lines())) return *std::move(refused);
  if (auto refused = CheckVelocity(d, purchase)) return *std::move(refused);
  const Volunteer& volunteer = d.state.volunteers()[purchase.volunteer];
  if (holds && volunteer.open_orders.size() >= kOpenOrdersMax) {
    return Refused{v1::REFUSAL_OPEN_ORDERS_TOO_MANY,
                   "command.volunteer_id",
                   Text("the volunteer has ", kOpenOrdersMax, " open orders already"),
                   {{"open_orders_max", Text(kOpenOrdersMax)}}};
  }
  if (volunteer.available_units < purchase.units()) {
    return BalanceTooLow("command.volunteer_id", purchase.points, "points");
  }
  if (auto refused = CheckBudgets(d, purchase)) return *std::move(refused);
  return purchase;
}

void FillTaken(const Volunteer& volunteer, int64_t units,
               google::protobuf::RepeatedPtrField<v1::LotUnits>* taken) {
  for (const Lot& lot : volunteer.lots) {
    if (units == 0) break;
    const int64_t part = std::min(units, lot.units);
    SetLot(lot.key, part, taken->Add());
    units -= part;
  }
}

// The budgets of which this order uses the set share, as events of the same command.
void Warn(Deciding& d, const Purchase& purchase, bool holds) {
  for (const Draw& draw : purchase.draws) {
    const auto year = static_cast<uint32_t>(YearOf(d.today));
    Budget budget = *d.state.budgets().Find(BudgetId(draw.source, year));
    (holds ? budget.reserved_fen : budget.owed_fen) += draw.fen;
    if (!NeedsWarning(budget)) continue;
    v1::BudgetWarned* warned = d.NewEvent()->mutable_budget_warned();
    *warned->mutable_budget() = budget.name;
    warned->set_warn_percent(budget.warn_percent);
    warned->set_allocated_fen(static_cast<uint64_t>(budget.allocated_fen));
    warned->set_used_fen(budget.used_fen());
  }
}

void FillHold(const Deciding& d, const Purchase& purchase, int64_t deadline_us, bool offline,
              v1::Hold* hold) {
  const Volunteer& volunteer = d.state.volunteers()[purchase.volunteer];
  hold->set_volunteer_id(volunteer.id);
  *hold->mutable_lines() = purchase.lines;
  hold->set_units(purchase.units());
  FillTaken(volunteer, purchase.units(), hold->mutable_lots());
  hold->set_deadline_us(deadline_us);
  const int64_t grace_us =
      offline ? int64_t{purchase.mall->offline_grace_minutes()} * kMinuteUs : 0;
  hold->set_ends_us(deadline_us + grace_us);
  if (d.command.shown) hold->set_pay_code_id(d.command.shown->code_id);
}

MaybeRefused CheckNew(const Deciding& d, const std::string& order_id) {
  if (d.state.orders().Find(d.command.subject) == nullptr) return std::nullopt;
  return Exists(v1::REFUSAL_ORDER_EXISTS, "order_id", order_id);
}

Refused HoldsOff(std::string_view what) {
  return Refuse(v1::REFUSAL_HOLDS_OFF, "command", Text("the rule in force has no ", what));
}

Refused AboveTheRules(std::string_view field, uint32_t value, uint32_t max) {
  return Refused{v1::REFUSAL_FIELD_INVALID,
                 Text("command.", field),
                 Text(field, " is ", value, "; the rule has up to ", max),
                 {{Text(field, "_max"), Text(max)}}};
}

}  // namespace

MaybeRefused Decide(Deciding& d, const v1::HoldOrder& c) {
  if (auto refused = CheckNew(d, c.order_id())) return refused;
  const v1::MallRule* mall = MallRuleOn(d.state, d.today);
  if (mall == nullptr) return HoldsOff("holds");
  const uint32_t seconds = c.has_hold_seconds() ? c.hold_seconds() : mall->hold_seconds_max();
  if (seconds > mall->hold_seconds_max()) {
    return AboveTheRules("hold_seconds", seconds, mall->hold_seconds_max());
  }
  const auto bought = Buy(d, c, true);
  if (const auto* refused = std::get_if<Refused>(&bought)) return *refused;
  const auto& purchase = std::get<Purchase>(bought);
  v1::OrderHeld* held = d.NewEvent()->mutable_order_held();
  *held->mutable_command() = c;
  FillHold(d, purchase, d.now_us + seconds * kSecondUs, c.offline(), held->mutable_hold());
  Warn(d, purchase, true);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::IssueVoucher& c) {
  if (auto refused = CheckNew(d, c.order_id())) return refused;
  if (d.state.OrderOfVoucher(c.code_sha256())) {
    return Refuse(v1::REFUSAL_VOUCHER_EXISTS, "command.code_sha256",
                  "another voucher has this code: make a new one");
  }
  const v1::MallRule* mall = MallRuleOn(d.state, d.today);
  if (mall == nullptr || !mall->has_voucher_days_max()) return HoldsOff("vouchers");
  const uint32_t days = c.has_valid_days() ? c.valid_days() : mall->voucher_days_max();
  if (days > mall->voucher_days_max()) {
    return AboveTheRules("valid_days", days, mall->voucher_days_max());
  }
  const auto bought = Buy(d, c, true);
  if (const auto* refused = std::get_if<Refused>(&bought)) return *refused;
  const auto& purchase = std::get<Purchase>(bought);
  v1::VoucherIssued* issued = d.NewEvent()->mutable_voucher_issued();
  *issued->mutable_command() = c;
  FillHold(d, purchase, d.state.calendar().StartOf(d.today + static_cast<DayNumber>(days)), true,
           issued->mutable_hold());
  Warn(d, purchase, true);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::RedeemNow& c) {
  if (auto refused = CheckNew(d, c.order_id())) return refused;
  const auto bought = Buy(d, c, false);
  if (const auto* refused = std::get_if<Refused>(&bought)) return *refused;
  const auto& purchase = std::get<Purchase>(bought);
  const Volunteer& volunteer = d.state.volunteers()[purchase.volunteer];
  v1::OrderRedeemed* order = d.NewEvent()->mutable_order_redeemed();
  *order->mutable_command() = c;
  order->set_volunteer_id(volunteer.id);
  *order->mutable_lines() = purchase.lines;
  order->set_units(purchase.units());
  FillTaken(volunteer, purchase.units(), order->mutable_lots());
  if (d.command.shown) order->set_pay_code_id(d.command.shown->code_id);
  Warn(d, purchase, false);
  return std::nullopt;
}

}  // namespace meritbook
