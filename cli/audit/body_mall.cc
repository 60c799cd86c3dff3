// Merchants, items, stock and orders.
#include <algorithm>
#include <cstdint>

#include "cli/audit/body.h"
#include "cli/audit/flow.h"
#include "cli/audit/mall.h"
#include "cli/audit/require.h"
#include "cli/audit/service.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kStockMax = 1'000'000'000;
constexpr int64_t kPricePointsMax = 1'000'000;

MaybeViolation CheckItem(const Books& books, const v1::PublishItem& command) {
  if (auto violation = RequireId("item_id", command.item_id())) return violation;
  if (books.items.Find(command.item_id()) != nullptr) return Twice("item", command.item_id());
  if (books.merchants.Find(command.merchant_id()) == nullptr) {
    return Unknown("merchant", command.merchant_id());
  }
  if (auto violation = RequireRange("price_points", command.price_points(), {1, kPricePointsMax})) {
    return violation;
  }
  return RequireRange("stock", command.stock(), {0, kStockMax});
}

MaybeViolation CheckWho(const Taking& taking, const Volunteer& volunteer,
                        const v1::RedeemNow& command) {
  if (auto violation = RequireId("order_id", command.order_id())) return violation;
  if (taking.books.merchants.Find(command.merchant_id()) == nullptr) {
    return Unknown("merchant", command.merchant_id());
  }
  if (auto violation = RequireUnmerged(volunteer)) return violation;
  if (auto violation = RequireNotClosed(volunteer)) return violation;
  if (volunteer.frozen) {
    return Violation{Invariant::FROZEN_REDEEMED, "redeemed after she was frozen"};
  }
  if (auto violation = RequireNotHerself(taking, volunteer)) return violation;
  return RequireBinding(taking, command.merchant_id());
}

MaybeViolation CheckLine(const Books& books, const v1::RedeemNow& command, int index,
                         const v1::PricedLine& priced) {
  const v1::OrderLine& line = command.lines(index);
  const Item* item = books.items.Find(line.item_id());
  if (item == nullptr) return Unknown("item", line.item_id());
  if (item->merchant == nullptr || item->merchant->id != command.merchant_id()) {
    return Violation{Invariant::ITEM_OF_OTHER_MERCHANT,
                     Text("item ", item->id, " isn't one of ", command.merchant_id())};
  }
  if (auto violation = RequireRange("quantity", line.quantity(), {1, kLineQuantityMax})) {
    return violation;
  }
  for (int before = 0; before < index; ++before) {
    if (command.lines(before).item_id() != line.item_id()) continue;
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     Text("lines: item ", item->id, " stands twice")};
  }
  if (priced.item_id() != line.item_id() || priced.quantity() != line.quantity()) {
    return Violation{Invariant::ORDER_LINES_WRONG,
                     Text("expected ", line.quantity(), " of ", item->id, ", found ",
                          priced.quantity(), " of ", Shown(priced.item_id()))};
  }
  if (priced.price_points() != item->price_points) {
    return Violation{Invariant::PRICE_WRONG, Text("expected ", item->price_points, " points for ",
                                                  item->id, ", found ", priced.price_points())};
  }
  if (item->on_hand < line.quantity()) {
    return Violation{Invariant::STOCK_NEGATIVE,
                     Text(line.quantity(), " of ", item->id, " sold, ", item->on_hand, " on hand")};
  }
  return std::nullopt;
}

MaybeViolation CheckLines(const Books& books, const v1::OrderRedeemed& order) {
  const v1::RedeemNow& command = order.command();
  if (auto violation = RequireRange("lines", command.lines_size(), {1, kLinesMax})) {
    return violation;
  }
  if (order.lines_size() != command.lines_size()) {
    return Violation{Invariant::ORDER_LINES_WRONG,
                     Text("expected ", command.lines_size(), " lines, found ", order.lines_size())};
  }
  int64_t units = 0;  // at most 64 x 10,000 x 1,000,000 x 6,000
  for (int i = 0; i < order.lines_size(); ++i) {
    const v1::PricedLine& line = order.lines(i);
    if (auto violation = CheckLine(books, command, i, line)) return violation;
    units += int64_t{line.price_points()} * line.quantity() * kUnitsPerPoint;
  }
  if (order.units() != units) {
    return Violation{Invariant::ORDER_UNITS_WRONG,
                     Text("expected ", units, " units, found ", order.units())};
  }
  return std::nullopt;
}

// available -> payable, as recorded, though never more than there is; kept for refunds.
void Enter(Books& books, Volunteer& volunteer, const v1::OrderRedeemed& body) {
  Order& order = books.orders.emplace_back();
  order.volunteer = &volunteer;
  order.merchant = books.merchants.Find(body.command().merchant_id());
  for (const v1::PricedLine& line : body.lines()) {
    Item* item = books.items.Find(line.item_id());
    if (item == nullptr) continue;
    item->on_hand -= std::min(item->on_hand, int64_t{line.quantity()});
    order.lines.push_back({item, line.price_points(), line.quantity()});
  }
  if (order.merchant == nullptr) return;
  order.lots = LotsOf(body.lots());
  const int64_t taken_units = TakeLots(books, volunteer, order.lots, books.accounts.payable_units);
  order.merchant->payable_units += taken_units;
}

}  // namespace

MaybeViolation TakeMerchantOnboarded(Taking& taking, const v1::OnboardMerchant& command) {
  Books& books = taking.books;
  if (books.merchants.Find(command.merchant_id()) != nullptr) {
    return Twice("merchant", command.merchant_id());
  }
  books.merchants.FindOrAdd(command.merchant_id());
  if (auto violation = RequireId("merchant_id", command.merchant_id())) return violation;
  return RequireId("kind", command.kind());
}

MaybeViolation TakeItemPublished(Taking& taking, const v1::PublishItem& command) {
  Books& books = taking.books;
  auto violation = CheckItem(books, command);
  if (books.items.Find(command.item_id()) == nullptr) {
    Item& item = books.items.FindOrAdd(command.item_id());
    item.merchant = books.merchants.Find(command.merchant_id());
    item.price_points = command.price_points();
    item.on_hand = command.stock();
  }
  return violation;
}

MaybeViolation TakeStockReceived(Taking& taking, const v1::ReceiveStock& command) {
  Books& books = taking.books;
  Item* item = books.items.Find(command.item_id());
  if (item == nullptr) return Unknown("item", command.item_id());
  item->on_hand += command.quantity();
  if (auto violation = RequireRange("quantity", command.quantity(), {1, kStockMax})) {
    return violation;
  }
  return RequireRange("on hand", item->on_hand, {0, kStockMax});
}

MaybeViolation TakeOrderRedeemed(Taking& taking, const v1::OrderRedeemed& body) {
  Books& books = taking.books;
  const v1::RedeemNow& command = body.command();
  Volunteer* volunteer = books.volunteers.Find(command.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
  auto first = CheckWho(taking, *volunteer, command);
  if (!first) first = CheckLines(books, body);
  if (!first) first = CheckTaken(taking, *volunteer, body.lots(), body.units());
  Enter(books, *volunteer, body);
  const auto row = static_cast<uint32_t>(books.orders.size() - 1);
  if (books.ids.NoteOrder(SpaceOf(taking.event), command.order_id(), row) && !first) {
    first = Violation{Invariant::ORDER_REPEATED,
                      Text(Shown(command.order_id()), " stands in the log before")};
  }
  return first;
}

}  // namespace meritbook::audit
