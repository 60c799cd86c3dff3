// The mall: items, stock and spending.
#include <algorithm>
#include <string>

#include "ledger/decide.h"
#include "ledger/limits.h"
#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

// Takes from the lots that lapse first; `lots` sum to at least `units`.
void Allocate(const std::vector<Lot>& lots, int64_t units,
              google::protobuf::RepeatedPtrField<v1::LotUnits>* taken) {
  for (const Lot& lot : lots) {
    if (units == 0) return;
    v1::LotUnits* part = taken->Add();
    if (lot.expiry != kNeverExpires) part->set_expiry_day_number(lot.expiry);
    part->set_units(std::min(units, lot.units));
    units -= part->units();
  }
}

}  // namespace

Decision DecidePublishItem(const State& state, const v1::PublishItem& command, v1::Event* event) {
  if (state.items().Find(command.item_id()) != nullptr) {
    return Exists(v1::REFUSAL_ITEM_EXISTS, "item_id", command.item_id());
  }
  if (state.merchants().Find(command.merchant_id()) == nullptr) {
    return Unknown(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", command.merchant_id());
  }
  *event->mutable_item_published()->mutable_command() = command;
  return event;
}

Decision DecideReceiveStock(const State& state, const v1::ReceiveStock& command, v1::Event* event) {
  const Item* item = state.items().Find(command.item_id());
  if (item == nullptr) return Unknown(v1::REFUSAL_ITEM_UNKNOWN, "item_id", command.item_id());
  if (item->on_hand() + command.quantity() > kStockMax) {
    return Refused{v1::REFUSAL_AMOUNT_OVERFLOW,
                   "command.quantity",
                   Text("more than ", kStockMax, " pieces on hand"),
                   {{"stock_max", Text(kStockMax)}}};
  }
  *event->mutable_stock_received()->mutable_command() = command;
  return event;
}

Decision DecideRedeemNow(const State& state, const v1::RedeemNow& command, const Command& context,
                         v1::Event* event) {
  if (state.SubjectExists(context.subject_request_key)) {
    return Exists(v1::REFUSAL_ORDER_EXISTS, "order_id", command.order_id());
  }
  const Volunteer* volunteer = state.volunteers().Find(command.volunteer_id());
  if (volunteer == nullptr) {
    return Unknown(v1::REFUSAL_VOLUNTEER_UNKNOWN, "volunteer_id", command.volunteer_id());
  }
  const auto merchant = state.merchants().IndexOf(command.merchant_id());
  if (!merchant) {
    return Unknown(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", command.merchant_id());
  }
  if (volunteer->frozen) {
    return Refused{v1::REFUSAL_VOLUNTEER_FROZEN,
                   "command.volunteer_id",
                   "the volunteer is frozen and can't redeem",
                   {{"volunteer_id", volunteer->id}}};
  }
  v1::OrderRedeemed* order = event->mutable_order_redeemed();
  int64_t points = 0;
  for (const v1::OrderLine& line : command.lines()) {
    const Item* item = state.items().Find(line.item_id());
    if (item == nullptr) {
      return Unknown(v1::REFUSAL_ITEM_UNKNOWN, "lines.item_id", line.item_id());
    }
    if (item->merchant != *merchant) {
      return Refused{v1::REFUSAL_ITEM_NOT_OF_MERCHANT,
                     "command.lines.item_id",
                     Text("merchant ", command.merchant_id(), " doesn't offer ", item->id),
                     {{"item_id", item->id}}};
    }
    if (item->on_hand() < line.quantity()) {
      return Refused{v1::REFUSAL_STOCK_TOO_LOW,
                     "command.lines.quantity",
                     Text(item->on_hand(), " pieces of ", item->id, " are left"),
                     {{"item_id", item->id}, {"on_hand", Text(item->on_hand())}}};
    }
    v1::PricedLine* priced = order->add_lines();
    priced->set_item_id(item->id);
    priced->set_quantity(line.quantity());
    priced->set_price_points(item->price_points);
    points += int64_t{item->price_points} * line.quantity();
  }
  const int64_t units = points * kUnitsPerPoint;
  if (volunteer->available_units < units) {
    // Says nothing of the balance: a till may not read it.
    return Refused{v1::REFUSAL_BALANCE_TOO_LOW,
                   "command.volunteer_id",
                   Text("the volunteer has fewer than ", points, " points"),
                   {{"needed_points", Text(points)}}};
  }
  *order->mutable_command() = command;
  order->set_units(units);
  Allocate(volunteer->lots, units, order->mutable_lots());
  if (order->lots_size() > kOrderLotsMax) {
    return Refused{v1::REFUSAL_AMOUNT_OVERFLOW,
                   "command.lines",
                   Text("the points needed expire on more than ", kOrderLotsMax,
                        " different days; redeem less at once"),
                   {{"lots_max", Text(kOrderLotsMax)}}};
  }
  return event;
}

}  // namespace meritbook
