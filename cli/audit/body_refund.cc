// Goods taken back, and what holds for every order.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "cli/audit/body.h"
#include "cli/audit/flow.h"
#include "cli/audit/mall.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

OrderedLine* LineOf(Order& order, std::string_view item_id) {
  for (OrderedLine& line : order.lines) {
    if (line.item->id == item_id) return &line;
  }
  return nullptr;
}

MaybeViolation CheckLine(Order& order, const v1::RefundOrder& command, int index,
                         const v1::PricedLine& priced) {
  const v1::OrderLine& line = command.lines(index);
  if (auto violation = RequireRange("quantity", line.quantity(), {1, kLineQuantityMax})) {
    return violation;
  }
  for (int before = 0; before < index; ++before) {
    if (command.lines(before).item_id() != line.item_id()) continue;
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     Text("lines: item ", Shown(line.item_id()), " stands twice")};
  }
  const OrderedLine* sold = LineOf(order, line.item_id());
  const uint32_t left = sold == nullptr ? 0 : sold->left;
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
  if (priced.price_points() == sold->price_points) return std::nullopt;
  return Violation{Invariant::PRICE_WRONG,
                   Text("expected ", sold->price_points, " points for ", sold->item->id,
                        " as sold, found ", priced.price_points())};
}

MaybeViolation CheckLines(Order& order, const v1::OrderRefunded& body) {
  const v1::RefundOrder& command = body.command();
  if (auto violation = RequireRange("lines", command.lines_size(), {1, kLinesMax})) {
    return violation;
  }
  if (body.lines_size() != command.lines_size()) {
    return Violation{Invariant::ORDER_LINES_WRONG,
                     Text("expected ", command.lines_size(), " lines, found ", body.lines_size())};
  }
  int64_t units = 0;
  for (int i = 0; i < body.lines_size(); ++i) {
    const v1::PricedLine& line = body.lines(i);
    if (auto violation = CheckLine(order, command, i, line)) return violation;
    units += int64_t{line.price_points()} * line.quantity() * kUnitsPerPoint;
  }
  if (body.units() == units) return std::nullopt;
  return Violation{Invariant::ORDER_UNITS_WRONG,
                   Text("expected ", units, " units, found ", body.units())};
}

MaybeViolation CheckWho(const Taking& taking, const Order& order, const Volunteer& volunteer,
                        const v1::OrderRefunded& body) {
  if (volunteer.id != body.volunteer_id()) {
    return Violation{Invariant::VOLUNTEER_WRONG, Text("the order is that of ", Shown(volunteer.id),
                                                      ", found ", Shown(body.volunteer_id()))};
  }
  if (order.merchant == nullptr || order.merchant->id != body.merchant_id()) {
    return Violation{Invariant::MERCHANT_BINDING_BROKEN,
                     Text("the order is one of another merchant than ", Shown(body.merchant_id()))};
  }
  if (auto violation = RequireNotHerself(taking, volunteer)) return violation;
  if (auto violation = RequireBinding(taking, body.merchant_id())) return violation;
  return RequireId("reason_code", body.command().reason_code());
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

MaybeViolation RequireBinding(const Taking& taking, std::string_view merchant_id) {
  const v1::Event& event = taking.event;
  std::string_view bound_id;
  if (taking.principal != nullptr) bound_id = taking.principal->merchant_id;
  if (bound_id.empty() && event.scope() == v1::REQUEST_SCOPE_MERCHANT) bound_id = event.source();
  if (bound_id.empty() || bound_id == merchant_id) return std::nullopt;
  return Violation{Invariant::MERCHANT_BINDING_BROKEN, Text(Shown(event.actor()), " of merchant ",
                                                            bound_id, " acted for ", merchant_id)};
}

MaybeViolation RequireNotHerself(const Taking& taking, const Volunteer& volunteer) {
  if (taking.Self() != &volunteer) return std::nullopt;
  return Violation{Invariant::SELF_REDEMPTION,
                   Text(Shown(taking.event.actor()), " is the volunteer herself")};
}

IdBook::Space SpaceOf(const v1::Event& event) {
  return {event.scope(),
          event.scope() == v1::REQUEST_SCOPE_PRINCIPAL ? event.actor() : event.source()};
}

MaybeViolation TakeOrderRefunded(Taking& taking, const v1::OrderRefunded& body) {
  Books& books = taking.books;
  const uint32_t row = books.ids.FindOrder(SpaceOf(taking.event), body.command().order_id());
  if (row == kNoRow) return Unknown("order", body.command().order_id());
  Order& order = books.orders[row];
  Volunteer& volunteer = Survivor(*order.volunteer);
  auto first = CheckWho(taking, order, volunteer, body);
  if (!first) first = CheckLines(order, body);
  const std::vector<Lot> lots = TakeFromOrder(order, body.units());
  if (!first && LotsOf(body.lots()) != lots) {
    first = Violation{Invariant::REFUND_LOTS_WRONG,
                      Text("expected ", LotText(lots), ", found ", LotText(LotsOf(body.lots())))};
  }
  for (const v1::OrderLine& line : body.command().lines()) {
    OrderedLine* sold = LineOf(order, line.item_id());
    if (sold == nullptr) continue;
    const uint32_t quantity = std::min(sold->left, line.quantity());
    sold->left -= quantity;
    sold->item->on_hand += quantity;
  }
  const Flow flow = FlowOf(volunteer, WithGrace(books, taking.today, lots));
  if (!first) first = CheckFlow(flow, body.has_inflow(), body.inflow());
  const absl::int128 before_units = books.accounts.payable_units;
  if (!EnterFlow(books, volunteer, flow, books.accounts.payable_units) && !first) {
    first = Violation{Invariant::VALUE_OUT_OF_RANGE,
                      "units: more than the volunteer's account can hold"};
  }
  if (order.merchant != nullptr) {
    order.merchant->payable_units += books.accounts.payable_units - before_units;
  }
  return first;
}

}  // namespace meritbook::audit
