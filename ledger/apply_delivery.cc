// What becomes of an order that was placed: handed over, given up, taken back.
#include <algorithm>

#include "ledger/applying.h"
#include "ledger/flow.h"
#include "ledger/limits.h"
#include "ledger/mall.h"

namespace meritbook {
namespace {

// Pieces of items come off the limits of the period in which they were ordered.
void TakeBackPieces(const State& state, const Order& order, const OrderedLine& line,
                    uint32_t quantity, Volunteer& volunteer) {
  if (line.item == kNoIndex || quantity == 0) return;
  const v1::ItemLimit& limit = state.items()[line.item].limit;
  if (limit.quantity() == 0) return;
  const int32_t period = PeriodKeyOf(limit.period(), state.DayAt(order.placed_us));
  AddBought(volunteer, line.item, period, -int64_t{quantity});
}

}  // namespace

// The order that an event is about, which its command names and its asker may reach. `order_id`
// null where a voucher's code names it, `owner` for the asker's own.
absl::Status Application::ReachOrder(const v1::OrderRef& ref, const std::string* order_id,
                                     const v1::OrderOwner* owner, bool anybody, uint32_t* index) {
  const auto found = state_.orders().IndexOf(meritbook::KeyOf(ref));
  MB_REQUIRE(found.has_value());
  const Order& order = state_.orders()[*found];
  MB_REQUIRE(RefOf(state_, order).SerializeAsString() == ref.SerializeAsString());
  Caller asker;
  asker.principal_id = event_.actor();
  if (event_.scope() == v1::REQUEST_SCOPE_SOURCE) asker.source = event_.source();
  if (event_.scope() == v1::REQUEST_SCOPE_MERCHANT) asker.merchant_id = event_.source();
  if (order_id != nullptr) {
    MB_REQUIRE(meritbook::KeyOf(OrderNamed(asker, owner, *order_id)) == order.id);
  }
  const bool own = meritbook::KeyOf(OrderNamed(asker, nullptr, order.order_id)) == order.id;
  const bool merchants = asker.merchant_id == state_.merchants()[order.merchant].id;
  MB_REQUIRE(own || merchants || (anybody && event_.scope() == v1::REQUEST_SCOPE_PRINCIPAL));
  *index = *found;
  return absl::OkStatus();
}

absl::Status Application::CheckParties(const Order& order, const std::string& volunteer_id,
                                       const std::string& merchant_id) {
  MB_REQUIRE(state_.volunteers()[state_.Survivor(order.volunteer)].id == volunteer_id);
  MB_REQUIRE(state_.merchants()[order.merchant].id == merchant_id);
  return absl::OkStatus();
}

// A hold is over: pieces and fen are free again but for what was delivered.
absl::Status Application::EndHold(uint32_t index, OrderState becomes,
                                  const std::vector<uint32_t>& delivered) {
  const Order order = state_.orders()[index];
  MB_REQUIRE(order.state == OrderState::kHeld);
  const uint32_t volunteer_index = state_.Survivor(order.volunteer);
  Volunteer& volunteer = state_.Mutable<Volunteer>(volunteer_index);
  const auto open = std::find(volunteer.open_orders.begin(), volunteer.open_orders.end(), index);
  MB_REQUIRE(open != volunteer.open_orders.end());
  volunteer.open_orders.erase(open);
  Merchant& merchant = state_.Mutable<Merchant>(order.merchant);
  MB_REQUIRE(merchant.open_orders > 0);
  --merchant.open_orders;
  LinesSum confirmed;
  for (size_t i = 0; i < order.lines.size(); ++i) {
    const OrderedLine& line = order.lines[i];
    confirmed.Add(line, delivered[i]);
    TakeBackPieces(state_, order, line, line.quantity - delivered[i], volunteer);
    if (line.item == kNoIndex) continue;
    Item& item = state_.Mutable<Item>(line.item);
    MB_REQUIRE(item.reserved >= line.quantity);
    item.reserved -= line.quantity;
    item.delivered += delivered[i];
    MB_REQUIRE(item.reserved <= item.on_hand());
  }
  for (const BudgetFen& part : SumOfOrdered(order).by_budget) {
    Budget& budget = state_.Mutable<Budget>(part.budget);
    budget.reserved_fen -= part.fen;
    MB_REQUIRE(budget.reserved_fen >= 0);
  }
  for (const BudgetFen& part : confirmed.by_budget) {
    Budget& budget = state_.Mutable<Budget>(part.budget);
    budget.owed_fen += part.fen;
    MB_REQUIRE(budget.left_fen() >= 0);
  }
  if (becomes == OrderState::kConfirmed) Book(order.merchant, confirmed, {});
  state_.Edit<Order>(index, [&](Order& row) {
    row.state = becomes;
    for (size_t i = 0; i < row.lines.size(); ++i) row.lines[i].delivered = delivered[i];
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::OrderConfirmed& confirmed) {
  const v1::ConfirmOrder& command = confirmed.command();
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(ReachOrder(confirmed.order(),
                                command.voucher_sha256().empty() ? &command.order_id() : nullptr,
                                command.has_owner() ? &command.owner() : nullptr, false, &index));
  const Order& order = state_.orders()[index];
  MB_RETURN_IF_ERROR(CheckParties(order, confirmed.volunteer_id(), confirmed.merchant_id()));
  MB_REQUIRE(command.order_id().empty() == !command.voucher_sha256().empty());
  MB_REQUIRE(command.voucher_sha256().empty() || command.voucher_sha256() == order.voucher_sha256);
  MB_REQUIRE(!ActorIs(state_.Survivor(order.volunteer)));
  MB_REQUIRE(order.state == OrderState::kHeld);
  MB_REQUIRE(event_.occurred_us() ==
             (command.has_happened_us() ? command.happened_us() : event_.recorded_us()));
  MB_REQUIRE(event_.occurred_us() >= order.placed_us);
  MB_REQUIRE(event_.occurred_us() < order.deadline_us);
  const bool whole = command.lines().empty();
  MB_REQUIRE(confirmed.lines_size() > 0);
  MB_REQUIRE(static_cast<size_t>(confirmed.lines_size()) ==
             (whole ? order.lines.size() : static_cast<size_t>(command.lines_size())));
  std::vector<uint32_t> delivered(order.lines.size(), 0);
  for (int i = 0; i < confirmed.lines_size(); ++i) {
    const v1::PricedLine& line = confirmed.lines(i);
    const auto held =
        std::find_if(order.lines.begin(), order.lines.end(),
                     [&](const OrderedLine& row) { return IsPriced(state_, row, line); });
    MB_REQUIRE(held != order.lines.end());
    const auto at = static_cast<size_t>(held - order.lines.begin());
    MB_REQUIRE(delivered[at] == 0);
    MB_REQUIRE(line.quantity() >= 1);
    MB_REQUIRE(line.quantity() <= held->quantity);
    MB_REQUIRE(line.quantity() == (whole ? held->quantity : command.lines(i).quantity()));
    MB_REQUIRE(whole || line.item_id() == command.lines(i).item_id());
    delivered[at] = line.quantity();
  }
  MB_REQUIRE(confirmed.units() == UnitsOf(confirmed.lines()));
  std::vector<Lot> rest = order.lots;
  const std::vector<Lot> captured = TakeFirst(rest, confirmed.units());
  MB_REQUIRE(captured == LotsOf(confirmed.lots()));
  MB_REQUIRE(SumOf(confirmed.lots()) == confirmed.units());
  MB_REQUIRE(confirmed.has_released() == !rest.empty());
  const uint32_t volunteer = state_.Survivor(order.volunteer);
  MB_RETURN_IF_ERROR(EndHold(index, OrderState::kConfirmed, delivered));
  state_.Edit<Order>(index, [&](Order& row) {
    row.lots = captured;
    row.delivered_us = event_.occurred_us();
  });
  if (rest.empty()) return absl::OkStatus();
  return ReceiveInto(volunteer, confirmed.released(), LotsReturning(state_, rest, Today()));
}

// The units of a hold go back; `day` is the one that counts for grace.
absl::Status Application::Release(const v1::HoldEnded& ended, uint32_t index, DayNumber day,
                                  OrderState becomes) {
  const Order& order = state_.orders()[index];
  MB_RETURN_IF_ERROR(CheckParties(order, ended.volunteer_id(), ended.merchant_id()));
  MB_REQUIRE(ended.units() == SumOfOrdered(order).amount.units);
  const uint32_t volunteer = state_.Survivor(order.volunteer);
  std::vector<Lot> lots = LotsReturning(state_, order.lots, day);
  MB_RETURN_IF_ERROR(EndHold(index, becomes, std::vector<uint32_t>(order.lines.size(), 0)));
  state_.Edit<Order>(index, [](Order& row) { row.lots.clear(); });
  if (!state_.volunteers()[volunteer].closed) {
    return ReceiveInto(volunteer, ended.released(), std::move(lots));
  }
  // Of an account that is being closed: debt first, the rest is forfeited.
  int64_t repaid = 0;
  for (const Lot& lot : TakeFirst(lots, -state_.volunteers()[volunteer].debt_units)) {
    repaid += lot.units;
  }
  MB_REQUIRE(ended.released().debt_repaid_units() == repaid);
  MB_REQUIRE(ended.released().lots().empty());
  MB_REQUIRE(LotsOf(ended.released().forfeited()) == lots);
  state_.Edit<Volunteer>(volunteer,
                         [&](Volunteer& row) { meritbook::Receive(row, ended.released()); });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::OrderCancelled& cancelled) {
  const v1::HoldEnded& hold = cancelled.hold();
  uint32_t index = 0;
  if (cancelled.has_command()) {
    const v1::CancelOrder& command = cancelled.command();
    MB_RETURN_IF_ERROR(ReachOrder(hold.order(), &command.order_id(),
                                  command.has_owner() ? &command.owner() : nullptr, true, &index));
    MB_REQUIRE(!state_.volunteers()[state_.Survivor(state_.orders()[index].volunteer)].closed);
  } else {
    const auto found = state_.orders().IndexOf(meritbook::KeyOf(hold.order()));
    MB_REQUIRE(found.has_value());
    const auto& open = state_.ledger().open_command;
    MB_REQUIRE(open.has_value());
    MB_REQUIRE(state_.Survivor(state_.orders()[*found].volunteer) == open->closes);
    // In the order in which they were placed.
    MB_REQUIRE(state_.volunteers()[open->closes].open_orders.front() == *found);
    index = *found;
  }
  return Release(hold, index, Today(), OrderState::kCancelled);
}

absl::Status Application::Apply(const v1::HoldTimedOut& timed_out) {
  const v1::HoldEnded& hold = timed_out.hold();
  const auto index = state_.orders().IndexOf(meritbook::KeyOf(hold.order()));
  MB_REQUIRE(index.has_value());
  const Order& order = state_.orders()[*index];
  MB_REQUIRE(order.state == OrderState::kHeld);
  MB_REQUIRE((*state_.timers().begin() == Timer{order.ends_us, Timer::kHold, *index}));
  MB_REQUIRE(event_.occurred_us() == order.ends_us);
  return Release(hold, *index, state_.DayAt(order.ends_us), OrderState::kTimedOut);
}

absl::Status Application::Apply(const v1::OrderRefunded& refunded) {
  const v1::RefundOrder& command = refunded.command();
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(ReachOrder(refunded.order(), &command.order_id(),
                                command.has_owner() ? &command.owner() : nullptr, false, &index));
  const Order& order = state_.orders()[index];
  MB_RETURN_IF_ERROR(CheckParties(order, refunded.volunteer_id(), refunded.merchant_id()));
  const uint32_t volunteer = state_.Survivor(order.volunteer);
  MB_REQUIRE(!ActorIs(volunteer));
  MB_REQUIRE(order.state == OrderState::kConfirmed);
  const v1::MallRule* mall = MallRuleOn(state_, Today());
  MB_REQUIRE(mall == nullptr || !mall->has_refund_days() ||
             state_.DayAt(order.delivered_us) + static_cast<DayNumber>(mall->refund_days()) >=
                 Today());
  MB_REQUIRE(!HasLeft(state_, state_.merchants()[order.merchant]));
  MB_REQUIRE(refunded.lines_size() > 0);
  MB_REQUIRE(refunded.lines_size() == command.lines_size());
  std::vector<OrderedLine> lines = order.lines;
  LinesSum sum;
  Volunteer& buyer = state_.Mutable<Volunteer>(volunteer);
  for (int i = 0; i < refunded.lines_size(); ++i) {
    const v1::PricedLine& line = refunded.lines(i);
    MB_REQUIRE(line.item_id() == command.lines(i).item_id());
    MB_REQUIRE(line.quantity() == command.lines(i).quantity());
    MB_REQUIRE(line.quantity() >= 1);
    const auto sold = std::find_if(lines.begin(), lines.end(), [&](const OrderedLine& row) {
      return IsPriced(state_, row, line);
    });
    MB_REQUIRE(sold != lines.end());
    MB_REQUIRE(line.quantity() <= sold->delivered - sold->refunded);
    sold->refunded += line.quantity();
    sum.Add(*sold, line.quantity());
    TakeBackPieces(state_, order, *sold, line.quantity(), buyer);
    if (sold->item == kNoIndex) continue;
    Item& item = state_.Mutable<Item>(sold->item);
    item.returned += line.quantity();
    MB_REQUIRE(item.on_hand() <= kStockMax);
  }
  for (const BudgetFen& part : sum.by_budget) {
    state_.Mutable<Budget>(part.budget).owed_fen -= part.fen;
  }
  Book(order.merchant, {}, sum);
  MB_REQUIRE(refunded.units() == sum.amount.units);
  // What was taken last returns first.
  int64_t left = refunded.units();
  std::vector<Lot> paid = order.lots;
  for (const v1::LotUnits& lot : refunded.lots()) {
    MB_REQUIRE(!paid.empty());
    Lot& last = paid.back();
    MB_REQUIRE(KeyOf(lot) == last.key);
    MB_REQUIRE(lot.units() == std::min(left, last.units));
    MB_REQUIRE(lot.units() > 0);
    left -= lot.units();
    last.units -= lot.units();
    if (last.units == 0) paid.pop_back();
  }
  MB_REQUIRE(left == 0);
  state_.Edit<Order>(index, [&](Order& row) {
    row.lines = lines;
    row.lots = paid;
  });
  return ReceiveInto(volunteer, refunded.inflow(),
                     LotsReturning(state_, LotsOf(refunded.lots()), Today()));
}

}  // namespace meritbook
