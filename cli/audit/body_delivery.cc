// What becomes of an order that was placed: handed over, given up, taken back.
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "cli/audit/body.h"
#include "cli/audit/flow.h"
#include "cli/audit/mall.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

// The first so many units of the lots, and what is left of them.
std::vector<Lot> Capture(std::vector<Lot>& lots, int64_t units) {
  std::vector<Lot> captured;
  std::vector<Lot> rest;
  for (Lot lot : lots) {
    const int64_t part = std::min(units, lot.units);
    if (part > 0) captured.push_back({lot.last_day, lot.graced, part});
    units -= part;
    lot.units -= part;
    if (lot.units > 0) rest.push_back(lot);
  }
  lots = std::move(rest);
  return captured;
}

// Pieces come off the limit of the period in which they were ordered.
void TakeBack(Taking& taking, const Order& order, const OrderedLine& line, int64_t quantity) {
  if (line.item == nullptr || quantity == 0 || line.item->limit.quantity() == 0) return;
  const int32_t placed_day = taking.books.days.DayOf(order.placed_us);
  AddPieces(Survivor(*order.volunteer), *line.item, PeriodOf(line.item->limit.period(), placed_day),
            -quantity);
}

// Ends a hold: pieces and fen are free again but for what the lines say was delivered.
void EndHold(Taking& taking, Order& order, OrderState becomes) {
  taking.books.timers.erase({order.ends_us, 1, order.row});
  auto& open = Survivor(*order.volunteer).open_orders;
  open.erase(std::remove(open.begin(), open.end(), order.row), open.end());
  order.state = becomes;
  if (order.merchant == nullptr) return;
  --order.merchant->open_orders;
  Money confirmed;
  FenByBudget fen;
  for (const OrderedLine& line : order.lines) {
    const Money delivered = WorthOf(line, line.delivered);
    confirmed += delivered;
    TakeBack(taking, order, line, int64_t{line.quantity} - line.delivered);
    if (line.budget != nullptr) {
      line.budget->reserved_fen -= WorthOf(line, line.quantity).fen;
      line.budget->owed_fen += delivered.fen;
      fen[line.budget] += delivered.fen;
    }
    if (line.item == nullptr) continue;
    line.item->reserved -= std::min(line.item->reserved, int64_t{line.quantity});
    line.item->on_hand -= std::min(line.item->on_hand, int64_t{line.delivered});
  }
  if (becomes == OrderState::kConfirmed) Book(taking, *order.merchant, confirmed, {}, fen);
}

// held -> the volunteer, as the flow says.
MaybeViolation Release(Taking& taking, Order& order, const Flow& flow, bool present,
                       const v1::Inflow& found) {
  Books& books = taking.books;
  Volunteer& volunteer = Survivor(*order.volunteer);
  auto violation = CheckFlow(flow, present, found);
  const absl::int128 before = books.accounts.held_units;
  EnterFlow(books, volunteer, flow, books.accounts.held_units);
  volunteer.held_units += books.accounts.held_units - before;
  return violation;
}

MaybeViolation CheckHappened(const Taking& taking, const Order& order,
                             const v1::ConfirmOrder& command) {
  const int64_t happened_us =
      command.has_happened_us() ? command.happened_us() : taking.event.recorded_us();
  if (auto violation = RequireOccurred(taking, happened_us)) return violation;
  if (happened_us >= order.placed_us && happened_us < order.deadline_us &&
      happened_us <= taking.event.recorded_us()) {
    return std::nullopt;
  }
  return Violation{Invariant::HOLD_WRONG,
                   Text("handed over at ", happened_us, " us, not from ", order.placed_us,
                        " us on and before ", order.deadline_us)};
}

// Says in the order what is handed over.
MaybeViolation ReadDelivered(Order& order, const v1::OrderConfirmed& body) {
  const v1::ConfirmOrder& command = body.command();
  const bool whole = command.lines().empty();
  const int want = whole ? static_cast<int>(order.lines.size()) : command.lines_size();
  MaybeViolation first;
  const auto note = [&first](MaybeViolation violation) {
    if (violation && !first) first = std::move(violation);
  };
  if (body.lines_size() != want || want == 0) {
    note(Violation{Invariant::ORDER_LINES_WRONG,
                   Text("expected ", want, " lines, found ", body.lines_size())});
  }
  Money sum;
  for (int i = 0; i < std::min(want, body.lines_size()); ++i) {
    const v1::PricedLine& line = body.lines(i);
    OrderedLine* held =
        whole ? &order.lines[static_cast<size_t>(i)] : LineOf(order, command.lines(i).item_id());
    const std::string_view item_id =
        held == nullptr || held->item == nullptr ? std::string_view() : held->item->id;
    const uint32_t quantity = whole ? held->quantity : command.lines(i).quantity();
    if (held == nullptr || line.item_id() != item_id || line.quantity() != quantity ||
        quantity == 0 || quantity > held->quantity || held->delivered != 0) {
      note(Violation{Invariant::ORDER_LINES_WRONG,
                     Text(line.quantity(), " of ", Shown(line.item_id()), " are not as held")});
      continue;
    }
    note(CheckPriced(*held, line));
    held->delivered = quantity;
    sum += WorthOf(*held, quantity);
  }
  if (body.units() != sum.units) {
    note(Violation{Invariant::ORDER_UNITS_WRONG, Text("expected ", static_cast<int64_t>(sum.units),
                                                      " units, found ", body.units())});
  }
  return first;
}

MaybeViolation RequireHeld(const Order& order) {
  if (order.state == OrderState::kHeld) return std::nullopt;
  return Violation{Invariant::HOLD_WRONG,
                   Text("order ", Shown(order.ref.order_id()), " had ended before")};
}

// A hold that ends without effect; `day` counts for grace.
MaybeViolation GiveUp(Taking& taking, Order& order, const v1::HoldEnded& body, int32_t day,
                      OrderState becomes, bool closing) {
  auto first = CheckParties(order, body.volunteer_id(), body.merchant_id());
  if (auto violation = RequireHeld(order)) return first ? first : violation;
  const absl::int128 units = SumOf(order.lots);
  if (!first && body.units() != units) {
    first = Violation{Invariant::HOLD_WRONG, Text("expected ", static_cast<int64_t>(units),
                                                  " units, found ", body.units())};
  }
  Volunteer& volunteer = Survivor(*order.volunteer);
  const std::vector<Lot> lots = WithGrace(taking.books, day, order.lots);
  Flow flow;
  if (closing) {
    // Debt is repaid first; the rest goes with the account.
    volunteer.closed = false;
    flow = FlowOf(volunteer, lots);
    volunteer.closed = true;
    flow.forfeited = std::exchange(flow.lots, {});
  } else {
    flow = FlowOf(volunteer, lots);
  }
  EndHold(taking, order, becomes);
  order.lots.clear();
  auto released = Release(taking, order, flow, body.has_released(), body.released());
  return first ? first : released;
}

}  // namespace

MaybeViolation TakeOrderConfirmed(Taking& taking, const v1::OrderConfirmed& body) {
  Books& books = taking.books;
  const v1::ConfirmOrder& command = body.command();
  MaybeViolation first;
  const bool by_code = !command.voucher_sha256().empty();
  Order* found = ReachOrder(taking, body.order(), by_code ? nullptr : &command.order_id(),
                            command.has_owner() ? &command.owner() : nullptr, false, first);
  if (found == nullptr) return first;
  Order& order = *found;
  const auto note = [&first](MaybeViolation violation) {
    if (violation && !first) first = std::move(violation);
  };
  if (by_code && (order.voucher_sha256 != command.voucher_sha256() || command.has_owner() ||
                  !command.order_id().empty())) {
    note(Violation{Invariant::HOLD_WRONG, "the voucher's code is another one"});
  }
  note(CheckParties(order, body.volunteer_id(), body.merchant_id()));
  note(RequireNotHerself(taking, Survivor(*order.volunteer)));
  if (auto violation = RequireHeld(order)) return first ? first : violation;
  note(CheckHappened(taking, order, command));
  note(ReadDelivered(order, body));
  std::vector<Lot> rest = order.lots;
  const std::vector<Lot> captured = Capture(rest, body.units());
  if (LotsOf(body.lots()) != captured) {
    note(Violation{Invariant::LOT_ORDER_WRONG,
                   Text("expected ", LotText(captured), ", found ", LotText(LotsOf(body.lots())))});
  }
  if (body.has_released() == rest.empty()) {
    note(Violation{Invariant::HOLD_WRONG, "what wasn't handed over is released, and only that"});
  }
  Volunteer& volunteer = Survivor(*order.volunteer);
  EndHold(taking, order, OrderState::kConfirmed);
  order.lots = captured;
  order.delivered_us = taking.event.occurred_us();
  const absl::int128 units = SumOf(captured);
  books.accounts.held_units -= units;
  volunteer.held_units -= units;
  books.accounts.payable_units += units;
  if (order.merchant != nullptr) order.merchant->payable_units += units;
  if (!rest.empty()) {
    const Flow flow = FlowOf(volunteer, WithGrace(books, taking.today, rest));
    note(Release(taking, order, flow, body.has_released(), body.released()));
  }
  return first;
}

MaybeViolation TakeOrderCancelled(Taking& taking, const v1::OrderCancelled& body) {
  MaybeViolation first;
  const v1::CancelOrder& command = body.command();
  const bool closing = !body.has_command();
  Order* order = nullptr;
  if (closing) {
    const uint32_t row = taking.books.ids.FindOrder(
        {body.hold().order().scope(), body.hold().order().owner()}, body.hold().order().order_id());
    if (row == kNoRow) return Unknown("order", body.hold().order().order_id());
    order = &taking.books.orders[row];
    const Volunteer& volunteer = Survivor(*order->volunteer);
    if (!taking.continues || taking.books.open_closing != &volunteer ||
        volunteer.open_orders.empty() || volunteer.open_orders.front() != row) {
      first = Violation{Invariant::HOLD_WRONG,
                        "cancelled by nobody, or not in the order in which it was placed"};
    }
  } else {
    order = ReachOrder(taking, body.hold().order(), &command.order_id(),
                       command.has_owner() ? &command.owner() : nullptr, true, first);
    if (order == nullptr) return first;
    if (!first) first = RequireId("reason_code", command.reason_code());
  }
  auto given_up =
      GiveUp(taking, *order, body.hold(), taking.today, OrderState::kCancelled, closing);
  return first ? first : given_up;
}

MaybeViolation TakeHoldTimedOut(Taking& taking, const v1::HoldTimedOut& body) {
  const v1::OrderRef& ref = body.hold().order();
  const uint32_t row = taking.books.ids.FindOrder({ref.scope(), ref.owner()}, ref.order_id());
  if (row == kNoRow) return Unknown("order", ref.order_id());
  Order& order = taking.books.orders[row];
  MaybeViolation first;
  const auto& timers = taking.books.timers;
  if (taking.event.recorded_us() < order.ends_us) {
    first = Violation{Invariant::HOLD_WRONG, "timed out before its time was over"};
  } else if (!timers.empty() && order.state == OrderState::kHeld &&
             *timers.begin() < Timer{order.ends_us, 1, order.row}) {
    first = Violation{Invariant::DUE_ORDER_WRONG, "another timer was due before"};
  }
  const Volunteer& volunteer = Survivor(*order.volunteer);
  const int32_t end_day = taking.books.days.DayOf(order.ends_us);
  const Lot* lot = volunteer.lots.First();
  if (!first &&
      ((lot != nullptr && lot->last_day < end_day) ||
       (!volunteer.pending.empty() && volunteer.pending.front().matures_day <= end_day))) {
    first = Violation{Invariant::DUE_ORDER_WRONG,
                      "her units were due to mature or to lapse before the hold ended"};
  }
  if (!first) first = RequireOccurred(taking, order.ends_us);
  auto given_up = GiveUp(taking, order, body.hold(), taking.books.days.DayOf(order.ends_us),
                         OrderState::kTimedOut, false);
  return first ? first : given_up;
}

namespace {

MaybeViolation CheckRefundDays(const Taking& taking, const Order& order) {
  const v1::MallRule* mall = MallOn(taking.books, taking.today);
  if (mall == nullptr || !mall->has_refund_days()) return std::nullopt;
  const int32_t last =
      taking.books.days.DayOf(order.delivered_us) + static_cast<int32_t>(mall->refund_days());
  if (last >= taking.today) return std::nullopt;
  return Violation{Invariant::REFUND_TOO_LARGE, Text("refunds were taken until ", DayText(last))};
}

MaybeViolation CheckRefundLine(const v1::RefundOrder& command, int index,
                               const v1::PricedLine& priced, const OrderedLine* sold) {
  const v1::OrderLine& line = command.lines(index);
  if (auto violation = RequireRange("quantity", line.quantity(), {1, kLineQuantityMax})) {
    return violation;
  }
  for (int before = 0; before < index; ++before) {
    if (command.lines(before).item_id() != line.item_id()) continue;
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     Text("lines: item ", Shown(line.item_id()), " stands twice")};
  }
  const uint32_t left = sold == nullptr ? 0 : sold->delivered - sold->refunded;
  if (line.quantity() > left) {
    return Violation{Invariant::REFUND_TOO_LARGE,
                     Text(line.quantity(), " of ", Shown(line.item_id()),
                          " refunded, sold and not refunded were ", left)};
  }
  if (priced.item_id() != line.item_id() || priced.quantity() != line.quantity()) {
    return Violation{Invariant::ORDER_LINES_WRONG,
                     Text("expected ", line.quantity(), " of ", Shown(line.item_id()), ", found ",
                          priced.quantity(), " of ", Shown(priced.item_id()))};
  }
  return CheckPriced(*sold, priced);
}

// The lots that the units came from, the last first; they leave the order.
std::vector<Lot> TakeFromOrder(Order& order, int64_t units) {
  std::vector<Lot> lots;
  while (units > 0 && !order.lots.empty()) {
    Lot& last = order.lots.back();
    const int64_t part_units = std::min(units, last.units);
    lots.push_back({last.last_day, last.graced, part_units});
    units -= part_units;
    last.units -= part_units;
    if (last.units == 0) order.lots.pop_back();
  }
  return lots;
}

}  // namespace

MaybeViolation TakeOrderRefunded(Taking& taking, const v1::OrderRefunded& body) {
  Books& books = taking.books;
  const v1::RefundOrder& command = body.command();
  MaybeViolation first;
  Order* found = ReachOrder(taking, body.order(), &command.order_id(),
                            command.has_owner() ? &command.owner() : nullptr, false, first);
  if (found == nullptr) return first;
  Order& order = *found;
  Volunteer& volunteer = Survivor(*order.volunteer);
  const auto note = [&first](MaybeViolation violation) {
    if (violation && !first) first = std::move(violation);
  };
  note(CheckParties(order, body.volunteer_id(), body.merchant_id()));
  note(RequireNotHerself(taking, volunteer));
  note(RequireId("reason_code", command.reason_code()));
  note(CheckRefundDays(taking, order));
  if (order.merchant != nullptr && order.merchant->newest != nullptr &&
      !order.merchant->newest->through) {
    note(Violation{Invariant::SHELF_CLOSED, "refunded by a merchant who has left"});
  }
  note(RequireRange("lines", command.lines_size(), {1, kLinesMax}));
  if (body.lines_size() != command.lines_size()) {
    note(Violation{Invariant::ORDER_LINES_WRONG,
                   Text("expected ", command.lines_size(), " lines, found ", body.lines_size())});
  }
  Money sum;
  FenByBudget fen;
  for (int i = 0; i < std::min(command.lines_size(), body.lines_size()); ++i) {
    OrderedLine* sold = LineOf(order, command.lines(i).item_id());
    note(CheckRefundLine(command, i, body.lines(i), sold));
    if (sold == nullptr) continue;
    const uint32_t quantity =
        std::min(sold->delivered - sold->refunded, command.lines(i).quantity());
    sold->refunded += quantity;
    sum += WorthOf(*sold, quantity);
    TakeBack(taking, order, *sold, quantity);
    if (sold->budget != nullptr) {
      sold->budget->owed_fen -= WorthOf(*sold, quantity).fen;
      fen[sold->budget] -= WorthOf(*sold, quantity).fen;
    }
    if (sold->item != nullptr) sold->item->on_hand += quantity;
  }
  if (body.units() != sum.units) {
    note(Violation{Invariant::ORDER_UNITS_WRONG, Text("expected ", static_cast<int64_t>(sum.units),
                                                      " units, found ", body.units())});
  }
  const std::vector<Lot> lots = TakeFromOrder(order, static_cast<int64_t>(sum.units));
  if (LotsOf(body.lots()) != lots) {
    note(Violation{Invariant::REFUND_LOTS_WRONG,
                   Text("expected ", LotText(lots), ", found ", LotText(LotsOf(body.lots())))});
  }
  if (order.merchant != nullptr) Book(taking, *order.merchant, {}, sum, fen);
  const Flow flow = FlowOf(volunteer, WithGrace(books, taking.today, lots));
  note(CheckFlow(flow, body.has_inflow(), body.inflow()));
  const absl::int128 before_units = books.accounts.payable_units;
  if (!EnterFlow(books, volunteer, flow, books.accounts.payable_units)) {
    note(Violation{Invariant::VALUE_OUT_OF_RANGE,
                   "units: more than the volunteer's account can hold"});
  }
  if (order.merchant != nullptr) {
    order.merchant->payable_units += books.accounts.payable_units - before_units;
  }
  return first;
}

}  // namespace meritbook::audit
