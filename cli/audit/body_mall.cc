// Merchants, items and stock.
#include <algorithm>
#include <cstdint>
#include <set>

#include "cli/audit/body.h"
#include "cli/audit/mall.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kPricePointsMax = 1'000'000;
constexpr int64_t kSettleFenMax = 100'000'000;
constexpr int64_t kLimitMax = 10'000;

MaybeViolation CheckFunding(const v1::PublishItem& command) {
  if (auto violation = RequireRange("settle_fen", command.settle_fen(), {0, kSettleFenMax})) {
    return violation;
  }
  const bool paid =
      command.funding() == v1::FUNDING_PROGRAMME || command.funding() == v1::FUNDING_DONOR;
  const bool known = v1::Funding_IsValid(static_cast<int>(command.funding()));
  if (known && (paid || (command.settle_fen() == 0 && !command.has_budget_source())) &&
      (command.funding() != v1::FUNDING_DONOR || command.has_budget_source())) {
    return command.has_budget_source() ? RequireId("budget_source", command.budget_source())
                                       : std::nullopt;
  }
  return Violation{Invariant::VALUE_OUT_OF_RANGE,
                   "funding: fen are settled by the programme or by a donor with a budget"};
}

MaybeViolation CheckBuyers(const v1::PublishItem& command) {
  if (command.has_limit()) {
    if (auto violation =
            RequireRange("limit.quantity", command.limit().quantity(), {1, kLimitMax})) {
      return violation;
    }
    if (auto violation = RequireRange("limit.period", command.limit().period(), {1, 4})) {
      return violation;
    }
  }
  std::set<int> bands;
  for (const int band : command.age_bands()) {
    if (auto violation = RequireRange("age_bands", band, {1, 4})) return violation;
    if (!bands.insert(band).second) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE, "age_bands: one stands twice"};
    }
  }
  return std::nullopt;
}

bool IsOver(const Merchant& merchant, int32_t today) {
  return (merchant.last_day && *merchant.last_day < today) ||
         (merchant.newest != nullptr && !merchant.newest->through);
}

MaybeViolation RequireHere(const Merchant& merchant, int32_t today) {
  if (!IsOver(merchant, today)) return std::nullopt;
  return Violation{Invariant::SHELF_CLOSED, Text("merchant ", merchant.id, " has left")};
}

MaybeViolation CheckItem(const Taking& taking, const v1::PublishItem& command) {
  const Books& books = taking.books;
  if (auto violation = RequireId("item_id", command.item_id())) return violation;
  if (books.items.Find(command.item_id()) != nullptr) return Twice("item", command.item_id());
  const Merchant* merchant = books.merchants.Find(command.merchant_id());
  if (merchant == nullptr) return Unknown("merchant", command.merchant_id());
  if (auto violation = RequireHere(*merchant, taking.today)) return violation;
  if (auto violation = RequireRange("price_points", command.price_points(), {1, kPricePointsMax})) {
    return violation;
  }
  if (auto violation = RequireRange("stock", command.stock(), {0, kStockMax})) return violation;
  if (auto violation = CheckFunding(command)) return violation;
  return CheckBuyers(command);
}

// The item of a command about the shelf, and what stands against it.
Item* FindItem(Taking& taking, std::string_view item_id, MaybeViolation& violation) {
  Item* item = taking.books.items.Find(item_id);
  if (item == nullptr) {
    violation = Unknown("item", item_id);
    return nullptr;
  }
  if (item->merchant != nullptr) violation = RequireBinding(taking, item->merchant->id);
  return item;
}

MaybeViolation RequireOnShelf(const Item& item) {
  if (!item.withdrawn) return std::nullopt;
  return Violation{Invariant::SHELF_CLOSED, Text("item ", item.id, " was withdrawn")};
}

// Suspended or resumed.
MaybeViolation TakeSuspension(Taking& taking, const std::string& merchant_id,
                              const std::string& reason_code, bool suspended) {
  Merchant* merchant = taking.books.merchants.Find(merchant_id);
  if (merchant == nullptr) return Unknown("merchant", merchant_id);
  const bool before = std::exchange(merchant->suspended, suspended);
  if (auto violation = RequireHere(*merchant, taking.today)) return violation;
  if (before == suspended) {
    return Violation{Invariant::SHELF_CLOSED,
                     suspended ? "suspended once more" : "resumed without having been suspended"};
  }
  return RequireId("reason_code", reason_code);
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

MaybeViolation TakeMerchantSuspended(Taking& taking, const v1::SuspendMerchant& command) {
  return TakeSuspension(taking, command.merchant_id(), command.reason_code(), true);
}

MaybeViolation TakeMerchantResumed(Taking& taking, const v1::ResumeMerchant& command) {
  return TakeSuspension(taking, command.merchant_id(), command.reason_code(), false);
}

MaybeViolation TakeMerchantOffboarded(Taking& taking, const v1::OffboardMerchant& command) {
  Merchant* merchant = taking.books.merchants.Find(command.merchant_id());
  if (merchant == nullptr) return Unknown("merchant", command.merchant_id());
  auto first = RequireHere(*merchant, taking.today);
  const auto last_day = DayFromText(command.last_day());
  if (!first && (!last_day || *last_day < taking.today)) {
    first = Violation{Invariant::VALUE_OUT_OF_RANGE, "last_day: expected a day from today on"};
  }
  if (last_day) merchant->last_day = last_day;
  return first ? first : RequireId("reason_code", command.reason_code());
}

MaybeViolation TakeItemPublished(Taking& taking, const v1::PublishItem& command) {
  Books& books = taking.books;
  auto violation = CheckItem(taking, command);
  if (books.items.Find(command.item_id()) != nullptr) return violation;
  Item& item = books.items.FindOrAdd(command.item_id());
  item.merchant = books.merchants.Find(command.merchant_id());
  item.price_points = command.price_points();
  item.on_hand = command.stock();
  item.settle_fen = command.settle_fen();
  if (command.funding() == v1::FUNDING_PROGRAMME || command.funding() == v1::FUNDING_DONOR) {
    item.budget_source = command.has_budget_source() ? command.budget_source() : "programme";
  }
  item.limit = command.limit();
  for (const int band : command.age_bands()) {
    if (band >= 0 && band < 32) item.age_bands |= 1U << band;
  }
  return violation;
}

MaybeViolation TakeItemWithdrawn(Taking& taking, const v1::WithdrawItem& command) {
  MaybeViolation first;
  Item* item = FindItem(taking, command.item_id(), first);
  if (item == nullptr) return first;
  if (!first) first = RequireOnShelf(*item);
  item->withdrawn = true;
  return first ? first : RequireId("reason_code", command.reason_code());
}

MaybeViolation TakeStockReceived(Taking& taking, const v1::ReceiveStock& command) {
  MaybeViolation first;
  Item* item = FindItem(taking, command.item_id(), first);
  if (item == nullptr) return first;
  if (!first) first = RequireOnShelf(*item);
  item->on_hand += command.quantity();
  if (!first) first = RequireRange("quantity", command.quantity(), {1, kStockMax});
  return first ? first : RequireRange("on hand", item->on_hand, {0, kStockMax});
}

MaybeViolation TakeStockReturned(Taking& taking, const v1::ReturnStock& command) {
  MaybeViolation first;
  Item* item = FindItem(taking, command.item_id(), first);
  if (item == nullptr) return first;
  if (!first) first = RequireRange("quantity", command.quantity(), {1, kStockMax});
  const int64_t free = item->on_hand - item->reserved;
  if (!first && free < command.quantity()) {
    first = Violation{Invariant::STOCK_NEGATIVE, Text(command.quantity(), " of ", item->id,
                                                      " taken away, ", free, " were free")};
  }
  item->on_hand -= std::min(std::max<int64_t>(0, free), int64_t{command.quantity()});
  return first ? first : RequireId("reason_code", command.reason_code());
}

}  // namespace meritbook::audit
