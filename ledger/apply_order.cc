// Orders that are placed: held, on a voucher, redeemed at once.
#include <algorithm>

#include "ledger/applying.h"
#include "ledger/flow.h"
#include "ledger/limits.h"
#include "ledger/mall.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kMinuteUs = 60 * kSecondUs;
constexpr size_t kCodeIdBytes = 16;

}  // namespace

void Application::Book(uint32_t merchant, const LinesSum& confirmed, const LinesSum& refunded) {
  Merchant& row = state_.Mutable<Merchant>(merchant);
  const MonthNumber month = state_.BookedIn(event_.occurred_us());
  auto at = std::find_if(row.booked.begin(), row.booked.end(),
                         [month](const BookedMonth& booked) { return booked.month >= month; });
  if (at == row.booked.end() || at->month != month) {
    BookedMonth booked;
    booked.month = month;
    at = row.booked.insert(at, booked);
  }
  at->confirmed += confirmed.amount;
  at->refunded += refunded.amount;
  AddFen(at->by_budget, confirmed.by_budget);
  AddFen(at->by_budget, refunded.by_budget, -1);
  row.payable_fen += confirmed.amount.fen - refunded.amount.fen;
}

// One line as the order has it, checked against the shelf.
absl::Status Application::PlaceLine(const v1::PricedLine& line, const v1::OrderLine& asked,
                                    const Order& order, const Volunteer& volunteer,
                                    OrderedLine* placed) {
  MB_REQUIRE(line.item_id() == asked.item_id());
  MB_REQUIRE(line.quantity() == asked.quantity());
  MB_REQUIRE(line.quantity() >= 1);
  MB_REQUIRE(line.quantity() <= kLineQuantityMax);
  placed->quantity = line.quantity();
  placed->price_points = line.price_points();
  placed->settle_fen = line.settle_fen();
  std::string source = "programme";
  if (line.item_id().empty()) {
    const v1::MallRule* mall = MallRuleOn(state_, Today());
    MB_REQUIRE(mall != nullptr);
    MB_REQUIRE(mall->has_open_amount_fen_per_point());
    MB_REQUIRE(line.price_points() == 1);
    MB_REQUIRE(line.settle_fen() == mall->open_amount_fen_per_point());
  } else {
    const auto index = state_.items().IndexOf(line.item_id());
    MB_REQUIRE(index.has_value());
    const Item& item = state_.items()[*index];
    MB_REQUIRE(item.merchant == order.merchant);
    MB_REQUIRE(!item.withdrawn);
    MB_REQUIRE(item.price_points == line.price_points());
    MB_REQUIRE(item.settle_fen == line.settle_fen());
    MB_REQUIRE(item.free() >= line.quantity());
    MB_REQUIRE(item.age_bands == 0 || (item.age_bands >> volunteer.age_band & 1) != 0);
    MB_REQUIRE(item.limit.quantity() == 0 ||
               BoughtIn(volunteer, *index, PeriodKeyOf(item.limit.period(), Today())) +
                       line.quantity() <=
                   item.limit.quantity());
    placed->item = *index;
    source = item.budget_source;
  }
  if (line.settle_fen() != 0) {
    const auto year = static_cast<uint32_t>(YearOf(Today()));
    const auto budget = state_.budgets().IndexOf(BudgetId(source, year));
    MB_REQUIRE(budget.has_value());
    placed->budget = *budget;
  }
  MB_REQUIRE(IsPriced(state_, *placed, line));
  return absl::OkStatus();
}

absl::Status Application::CheckVelocity(const Volunteer& volunteer, const Merchant& merchant,
                                        uint64_t points) {
  const v1::MallRule* mall = MallRuleOn(state_, Today());
  if (mall == nullptr) return absl::OkStatus();
  const DayOrders hers = OrdersOn(volunteer.day_orders, Today());
  const DayOrders theirs = OrdersOn(merchant.day_orders, Today());
  MB_REQUIRE(!mall->has_volunteer_orders_per_day() ||
             hers.orders < mall->volunteer_orders_per_day());
  MB_REQUIRE(!mall->has_volunteer_points_per_day() ||
             hers.points + points <= mall->volunteer_points_per_day());
  MB_REQUIRE(!mall->has_merchant_orders_per_day() ||
             theirs.orders < mall->merchant_orders_per_day());
  return absl::OkStatus();
}

// What a new order has whatever its kind: takes points and pieces, and says what it came to.
// `order` has its state.
absl::Status Application::Place(const Placed& placed, Order order) {
  const auto volunteer_index = state_.volunteers().IndexOf(placed.volunteer_id);
  MB_REQUIRE(volunteer_index.has_value());
  const Volunteer& volunteer = state_.volunteers()[*volunteer_index];
  MB_REQUIRE(!volunteer.frozen);
  MB_REQUIRE(!volunteer.closed);
  MB_REQUIRE(!volunteer.merged_into);
  MB_REQUIRE(!ActorIs(*volunteer_index));
  const auto merchant_index = state_.merchants().IndexOf(placed.merchant_id);
  MB_REQUIRE(merchant_index.has_value());
  const Merchant& merchant = state_.merchants()[*merchant_index];
  MB_REQUIRE(!merchant.suspended);
  MB_REQUIRE(!IsOver(state_, merchant, Today()));
  MB_REQUIRE(event_.scope() != v1::REQUEST_SCOPE_MERCHANT || event_.source() == merchant.id);
  MB_REQUIRE(!placed.order_id.empty());
  order.id = OrderKey(event_.scope(), event_.source(), event_.actor(), placed.order_id);
  MB_REQUIRE(state_.orders().Find(order.id) == nullptr);
  const bool named = !placed.named_volunteer_id.empty();
  MB_REQUIRE(!named || placed.named_volunteer_id == placed.volunteer_id);
  MB_REQUIRE(placed.pay_code_id.size() == (named ? 0 : kCodeIdBytes));
  order.order_id = placed.order_id;
  order.scope = event_.scope();
  order.owner = state_.NameIndex(event_.source().empty() ? event_.actor() : event_.source());
  order.volunteer = *volunteer_index;
  order.merchant = *merchant_index;
  order.placed_us = event_.recorded_us();
  MB_REQUIRE(placed.lines.size() > 0);
  MB_REQUIRE(placed.lines.size() <= static_cast<int>(kOrderLinesMax));
  MB_REQUIRE(placed.lines.size() == placed.asked.size());
  for (int i = 0; i < placed.lines.size(); ++i) {
    OrderedLine line;
    MB_RETURN_IF_ERROR(
        PlaceLine(placed.lines.Get(i), placed.asked.Get(i), order, volunteer, &line));
    for (const OrderedLine& other : order.lines) MB_REQUIRE(other.item != line.item);
    order.lines.push_back(line);
  }
  const LinesSum sum = SumOfOrdered(order);
  MB_REQUIRE(placed.units == sum.amount.units);
  const auto points = static_cast<uint64_t>(placed.units / kUnitsPerPoint);
  MB_RETURN_IF_ERROR(CheckVelocity(volunteer, merchant, points));
  MB_RETURN_IF_ERROR(Reserve(order, sum));
  // Nothing lapsed is spent, and what lapses first goes first.
  MB_REQUIRE(!volunteer.lots.empty());
  MB_REQUIRE(volunteer.lots.front().key.expiry >= Today());
  MB_RETURN_IF_ERROR(TakeFirstOf(*volunteer_index, placed.lots, placed.units));
  order.lots = LotsOf(placed.lots);
  const bool holds = order.state == OrderState::kHeld;
  Volunteer& buyer = state_.Mutable<Volunteer>(*volunteer_index);
  buyer.day_orders = OrdersOn(buyer.day_orders, Today());
  ++buyer.day_orders.orders;
  buyer.day_orders.points += points;
  Merchant& seller = state_.Mutable<Merchant>(*merchant_index);
  seller.day_orders = OrdersOn(seller.day_orders, Today());
  ++seller.day_orders.orders;
  if (holds) {
    MB_REQUIRE(buyer.open_orders.size() < kOpenOrdersMax);
    ++seller.open_orders;
    buyer.open_orders.push_back(state_.orders().size());
  } else {
    Book(*merchant_index, sum, {});
  }
  state_.Add(std::move(order));
  return absl::OkStatus();
}

// Pieces, limits and fen; and whether the budgets that need a warning are warned of.
absl::Status Application::Reserve(const Order& order, const LinesSum& sum) {
  const bool holds = order.state == OrderState::kHeld;
  for (const OrderedLine& line : order.lines) {
    if (line.item == kNoIndex) continue;
    Item& item = state_.Mutable<Item>(line.item);
    (holds ? item.reserved : item.delivered) += line.quantity;
    if (item.limit.quantity() == 0) continue;
    AddBought(state_.Mutable<Volunteer>(order.volunteer), line.item,
              PeriodKeyOf(item.limit.period(), Today()), line.quantity);
  }
  uint32_t warnings = 0;
  for (const BudgetFen& part : sum.by_budget) {
    Budget& budget = state_.Mutable<Budget>(part.budget);
    (holds ? budget.reserved_fen : budget.owed_fen) += part.fen;
    MB_REQUIRE(budget.left_fen() >= 0);
    if (NeedsWarning(budget)) ++warnings;
  }
  MB_REQUIRE(event_.command_event_count() == 1 + warnings);
  return absl::OkStatus();
}

absl::Status Application::PlaceHold(const Placed& placed, const v1::Hold& hold, int64_t deadline_us,
                                    bool offline, Order order) {
  const v1::MallRule* mall = MallRuleOn(state_, Today());
  MB_REQUIRE(mall != nullptr);
  MB_REQUIRE(hold.deadline_us() == deadline_us);
  const int64_t grace_us = offline ? int64_t{mall->offline_grace_minutes()} * kMinuteUs : 0;
  MB_REQUIRE(hold.ends_us() == deadline_us + grace_us);
  order.state = OrderState::kHeld;
  order.deadline_us = hold.deadline_us();
  order.ends_us = hold.ends_us();
  return Place(placed, std::move(order));
}

absl::Status Application::Apply(const v1::OrderHeld& held) {
  const v1::HoldOrder& command = held.command();
  const v1::MallRule* mall = MallRuleOn(state_, Today());
  MB_REQUIRE(mall != nullptr);
  const uint32_t seconds =
      command.has_hold_seconds() ? command.hold_seconds() : mall->hold_seconds_max();
  MB_REQUIRE(seconds >= 1);
  MB_REQUIRE(seconds <= mall->hold_seconds_max());
  const v1::Hold& hold = held.hold();
  return PlaceHold(
      {command.order_id(), command.volunteer_id(), hold.volunteer_id(), command.merchant_id(),
       hold.pay_code_id(), command.lines(), hold.lines(), hold.lots(), hold.units()},
      hold, event_.recorded_us() + seconds * kSecondUs, command.offline(), {});
}

absl::Status Application::Apply(const v1::VoucherIssued& issued) {
  const v1::IssueVoucher& command = issued.command();
  const v1::MallRule* mall = MallRuleOn(state_, Today());
  MB_REQUIRE(mall != nullptr);
  MB_REQUIRE(mall->has_voucher_days_max());
  const uint32_t days = command.has_valid_days() ? command.valid_days() : mall->voucher_days_max();
  MB_REQUIRE(days >= 1);
  MB_REQUIRE(days <= mall->voucher_days_max());
  MB_REQUIRE(command.code_sha256().size() == 32);
  MB_REQUIRE(!state_.OrderOfVoucher(command.code_sha256()));
  MB_REQUIRE(!command.volunteer_id().empty());
  const v1::Hold& hold = issued.hold();
  Order order;
  order.voucher_sha256 = command.code_sha256();
  return PlaceHold(
      {command.order_id(), command.volunteer_id(), hold.volunteer_id(), command.merchant_id(),
       hold.pay_code_id(), command.lines(), hold.lines(), hold.lots(), hold.units()},
      hold, state_.calendar().StartOf(Today() + static_cast<DayNumber>(days)), true,
      std::move(order));
}

absl::Status Application::Apply(const v1::OrderRedeemed& redeemed) {
  const v1::RedeemNow& command = redeemed.command();
  Order order;
  order.state = OrderState::kConfirmed;
  order.delivered_us = event_.occurred_us();
  MB_REQUIRE(event_.occurred_us() == event_.recorded_us());
  const Placed placed{command.order_id(),    command.volunteer_id(), redeemed.volunteer_id(),
                      command.merchant_id(), redeemed.pay_code_id(), command.lines(),
                      redeemed.lines(),      redeemed.lots(),        redeemed.units()};
  MB_RETURN_IF_ERROR(Place(placed, std::move(order)));
  state_.Edit<Order>(state_.orders().size() - 1, [](Order& row) {
    for (OrderedLine& line : row.lines) line.delivered = line.quantity;
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::BudgetWarned& warned) {
  const auto index =
      state_.budgets().IndexOf(BudgetId(warned.budget().source(), warned.budget().year()));
  MB_REQUIRE(index.has_value());
  Budget& budget = state_.Mutable<Budget>(*index);
  MB_REQUIRE(NeedsWarning(budget));
  MB_REQUIRE(warned.warn_percent() == budget.warn_percent);
  MB_REQUIRE(warned.allocated_fen() == static_cast<uint64_t>(budget.allocated_fen));
  MB_REQUIRE(warned.used_fen() == budget.used_fen());
  budget.warned = true;
  return absl::OkStatus();
}

}  // namespace meritbook
