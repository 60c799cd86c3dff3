// The mall's merchants and its shelf.
#include <string>
#include <utility>

#include "ledger/deciding.h"
#include "ledger/limits.h"
#include "ledger/mall.h"

namespace meritbook {
namespace {

// A merchant who is there, and whose last day isn't over.
std::variant<uint32_t, Refused> FindMerchant(const Deciding& d, const std::string& merchant_id) {
  const auto index = d.state.merchants().IndexOf(merchant_id);
  if (!index) return Unknown(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", merchant_id);
  if (IsOver(d.state, d.state.merchants()[*index], d.today)) {
    return MerchantOver(d.state.merchants()[*index]);
  }
  return *index;
}

Refused Withdrawn(const Item& item) {
  return Refused{v1::REFUSAL_ITEM_WITHDRAWN,
                 "command.item_id",
                 Text(item.id, " was taken off the shelf"),
                 {{"item_id", item.id}}};
}

}  // namespace

Refused StockOverflow(std::string path) {
  return Refused{v1::REFUSAL_AMOUNT_OVERFLOW,
                 std::move(path),
                 Text("more than ", kStockMax, " pieces on hand"),
                 {{"stock_max", Text(kStockMax)}}};
}

Refused MerchantOver(const Merchant& merchant) {
  return Refused{v1::REFUSAL_MERCHANT_OFFBOARDED,
                 "command.merchant_id",
                 Text("merchant ", merchant.id, " has left"),
                 {{"merchant_id", merchant.id}}};
}

MaybeRefused Decide(Deciding& d, const v1::OnboardMerchant& c) {
  if (d.state.merchants().Find(c.merchant_id()) != nullptr) {
    return Exists(v1::REFUSAL_MERCHANT_EXISTS, "merchant_id", c.merchant_id());
  }
  *d.NewEvent()->mutable_merchant_onboarded()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::SuspendMerchant& c) {
  const auto found = FindMerchant(d, c.merchant_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  if (d.state.merchants()[std::get<uint32_t>(found)].suspended) {
    return Refuse(v1::REFUSAL_MERCHANT_SUSPENDED, "command.merchant_id",
                  Text("merchant ", c.merchant_id(), " is suspended already"));
  }
  *d.NewEvent()->mutable_merchant_suspended()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::ResumeMerchant& c) {
  const auto found = FindMerchant(d, c.merchant_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  if (!d.state.merchants()[std::get<uint32_t>(found)].suspended) {
    return Refuse(v1::REFUSAL_MERCHANT_NOT_SUSPENDED, "command.merchant_id",
                  Text("merchant ", c.merchant_id(), " isn't suspended"));
  }
  *d.NewEvent()->mutable_merchant_resumed()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::OffboardMerchant& c) {
  const auto found = FindMerchant(d, c.merchant_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  if (*ParseDay(c.last_day()) < d.today) {
    return Refused{v1::REFUSAL_FIELD_INVALID,
                   "command.last_day",
                   "a merchant's last day isn't before today",
                   {{"last_day_min", FormatDay(d.today)}}};
  }
  *d.NewEvent()->mutable_merchant_offboarded()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::PublishItem& c) {
  if (d.state.items().Find(c.item_id()) != nullptr) {
    return Exists(v1::REFUSAL_ITEM_EXISTS, "item_id", c.item_id());
  }
  const auto found = FindMerchant(d, c.merchant_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  *d.NewEvent()->mutable_item_published()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::WithdrawItem& c) {
  const Item* item = d.state.items().Find(c.item_id());
  if (item == nullptr) return Unknown(v1::REFUSAL_ITEM_UNKNOWN, "item_id", c.item_id());
  if (item->withdrawn) return Withdrawn(*item);
  *d.NewEvent()->mutable_item_withdrawn()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::ReceiveStock& c) {
  const Item* item = d.state.items().Find(c.item_id());
  if (item == nullptr) return Unknown(v1::REFUSAL_ITEM_UNKNOWN, "item_id", c.item_id());
  if (item->withdrawn) return Withdrawn(*item);
  if (item->on_hand() + c.quantity() > kStockMax) return StockOverflow("command.quantity");
  *d.NewEvent()->mutable_stock_received()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::ReturnStock& c) {
  const Item* item = d.state.items().Find(c.item_id());
  if (item == nullptr) return Unknown(v1::REFUSAL_ITEM_UNKNOWN, "item_id", c.item_id());
  if (item->free() < c.quantity()) {
    return Refused{v1::REFUSAL_STOCK_TOO_LOW,
                   "command.quantity",
                   Text(item->free(), " pieces of ", item->id, " are left that nobody ordered"),
                   {{"item_id", item->id}, {"on_hand", Text(item->free())}}};
  }
  *d.NewEvent()->mutable_stock_returned()->mutable_command() = c;
  return std::nullopt;
}

}  // namespace meritbook
