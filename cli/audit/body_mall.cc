// Merchants, items, stock and orders.
#include <algorithm>
#include <cstdint>

#include "absl/numeric/int128.h"
#include "cli/audit/body.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kStockMax = 1'000'000'000;
constexpr int64_t kPricePointsMax = 1'000'000;
constexpr int64_t kLinesMax = 64;
constexpr int64_t kLineQuantityMax = 10'000;

// A till redeems at its own merchant; so does whoever's request ids count at a merchant.
MaybeViolation CheckBinding(const Books& books, const v1::Event& event,
                            std::string_view merchant_id) {
  const Principal* actor = books.principals.Find(event.actor());
  std::string_view bound_id;
  if (actor != nullptr) bound_id = actor->merchant_id;
  if (bound_id.empty() && event.scope() == v1::REQUEST_SCOPE_MERCHANT) bound_id = event.source();
  if (bound_id.empty() || bound_id == merchant_id) return std::nullopt;
  return Violation{
      Invariant::MERCHANT_BINDING_BROKEN,
      Text(Shown(event.actor()), " of merchant ", bound_id, " redeemed for ", merchant_id)};
}

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

MaybeViolation CheckWho(const Books& books, const v1::Event& event, const Volunteer& volunteer) {
  const v1::RedeemNow& command = event.order_redeemed().command();
  if (auto violation = RequireId("order_id", command.order_id())) return violation;
  if (books.merchants.Find(command.merchant_id()) == nullptr) {
    return Unknown("merchant", command.merchant_id());
  }
  if (volunteer.frozen) {
    return Violation{Invariant::FROZEN_REDEEMED, "redeemed after she was frozen"};
  }
  const Principal* actor = books.principals.Find(event.actor());
  if (actor != nullptr && actor->volunteer == &volunteer) {
    return Violation{Invariant::SELF_REDEMPTION,
                     Text(Shown(event.actor()), " is the volunteer herself")};
  }
  return CheckBinding(books, event, command.merchant_id());
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

// Which lots were taken: whole, from the first on, none of them lapsed.
MaybeViolation CheckLots(const LotBook& book, const v1::OrderRedeemed& order,
                         int32_t recorded_day) {
  absl::int128 taken_units = 0;
  for (const v1::LotUnits& taken : order.lots()) {
    if (taken.units() <= 0) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE,
                       Text("lots: expected units above 0, found ", taken.units())};
    }
    taken_units += taken.units();
  }
  if (taken_units != order.units()) {
    return Violation{Invariant::POSTINGS_DONT_BALANCE,
                     Text("the lots taken don't sum to the order's ", order.units(), " units")};
  }
  for (const v1::LotUnits& taken : order.lots()) {
    const Lot lot = LotOf(taken);
    if (lot.last_day < recorded_day) {
      return Violation{Invariant::LAPSED_LOT_SPENT, Text("units of ", DayText(lot.last_day),
                                                         " spent on ", DayText(recorded_day))};
    }
    if (lot.units > book.UnitsOf(lot.last_day)) {
      return Violation{Invariant::LOT_OVERDRAWN,
                       Text(lot.units, " units taken from lot ", DayText(lot.last_day),
                            ", which has ", book.UnitsOf(lot.last_day))};
    }
  }
  if (book.First() != nullptr && book.First()->last_day < recorded_day) {
    return Violation{Invariant::LAPSE_OVERDUE, Text("units of ", DayText(book.First()->last_day),
                                                    " had not expired on ", DayText(recorded_day))};
  }
  if (!book.StartsWith(order.lots())) {
    return Violation{Invariant::LOT_ORDER_WRONG,
                     Text("the lots taken are not the first of ", LotText(book.lots()))};
  }
  return std::nullopt;
}

// available -> payable, as recorded, though never more than there is.
void Enter(Books& books, Volunteer& volunteer, const v1::OrderRedeemed& order) {
  for (const v1::PricedLine& line : order.lines()) {
    Item* item = books.items.Find(line.item_id());
    if (item != nullptr) item->on_hand -= std::min(item->on_hand, int64_t{line.quantity()});
  }
  Merchant* merchant = books.merchants.Find(order.command().merchant_id());
  if (merchant == nullptr) return;
  for (const v1::LotUnits& lot : order.lots()) {
    const int64_t taken_units = volunteer.lots.Take(LotOf(lot));
    merchant->payable_units += taken_units;
    books.accounts.payable_units += taken_units;
    books.accounts.available_units -= taken_units;
  }
}

}  // namespace

MaybeViolation TakeMerchantOnboarded(Books& books, const v1::OnboardMerchant& command) {
  if (books.merchants.Find(command.merchant_id()) != nullptr) {
    return Twice("merchant", command.merchant_id());
  }
  books.merchants.FindOrAdd(command.merchant_id());
  if (auto violation = RequireId("merchant_id", command.merchant_id())) return violation;
  return RequireId("kind", command.kind());
}

MaybeViolation TakeItemPublished(Books& books, const v1::PublishItem& command) {
  auto violation = CheckItem(books, command);
  if (books.items.Find(command.item_id()) == nullptr) {
    Item& item = books.items.FindOrAdd(command.item_id());
    item.merchant = books.merchants.Find(command.merchant_id());
    item.price_points = command.price_points();
    item.on_hand = command.stock();
  }
  return violation;
}

MaybeViolation TakeStockReceived(Books& books, const v1::ReceiveStock& command) {
  Item* item = books.items.Find(command.item_id());
  if (item == nullptr) return Unknown("item", command.item_id());
  item->on_hand += command.quantity();
  if (auto violation = RequireRange("quantity", command.quantity(), {1, kStockMax})) {
    return violation;
  }
  return RequireRange("on hand", item->on_hand, {0, kStockMax});
}

MaybeViolation TakeOrderRedeemed(Books& books, const v1::Event& event) {
  const v1::OrderRedeemed& order = event.order_redeemed();
  Volunteer* volunteer = books.volunteers.Find(order.command().volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", order.command().volunteer_id());
  auto violation = CheckWho(books, event, *volunteer);
  if (!violation) violation = CheckLines(books, order);
  if (!violation) {
    violation = CheckLots(volunteer->lots, order, books.days.DayOf(event.recorded_us()));
  }
  Enter(books, *volunteer, order);
  return violation;
}

}  // namespace meritbook::audit
