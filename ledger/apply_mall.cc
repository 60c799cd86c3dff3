// Merchants and the shelf.
#include "ledger/applying.h"
#include "ledger/limits.h"
#include "ledger/mall.h"

namespace meritbook {

absl::Status Application::Apply(const v1::MerchantOnboarded& onboarded) {
  MB_REQUIRE(!state_.merchants().Find(onboarded.command().merchant_id()));
  Merchant row;
  row.id = onboarded.command().merchant_id();
  state_.Add(std::move(row));
  return absl::OkStatus();
}

absl::Status Application::FindMerchant(const std::string& merchant_id, uint32_t* index) {
  const auto found = state_.merchants().IndexOf(merchant_id);
  MB_REQUIRE(found.has_value());
  MB_REQUIRE(!IsOver(state_, state_.merchants()[*found], Today()));
  *index = *found;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::MerchantSuspended& suspended) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(FindMerchant(suspended.command().merchant_id(), &index));
  MB_REQUIRE(!state_.merchants()[index].suspended);
  state_.Mutable<Merchant>(index).suspended = true;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::MerchantResumed& resumed) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(FindMerchant(resumed.command().merchant_id(), &index));
  MB_REQUIRE(state_.merchants()[index].suspended);
  state_.Mutable<Merchant>(index).suspended = false;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::MerchantOffboarded& offboarded) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(FindMerchant(offboarded.command().merchant_id(), &index));
  const auto last_day = ParseDay(offboarded.command().last_day());
  MB_REQUIRE(last_day.has_value());
  MB_REQUIRE(*last_day >= Today());
  state_.Mutable<Merchant>(index).last_day = *last_day;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::ItemPublished& published) {
  const v1::PublishItem& command = published.command();
  MB_REQUIRE(!state_.items().Find(command.item_id()));
  Item row;
  MB_RETURN_IF_ERROR(FindMerchant(command.merchant_id(), &row.merchant));
  MB_REQUIRE(command.price_points() >= 1);
  MB_REQUIRE(command.price_points() <= kPricePointsMax);
  MB_REQUIRE(command.stock() <= kStockMax);
  MB_REQUIRE(command.settle_fen() <= kSettleFenMax);
  const bool from_budget =
      command.funding() == v1::FUNDING_PROGRAMME || command.funding() == v1::FUNDING_DONOR;
  MB_REQUIRE(from_budget || command.settle_fen() == 0);
  MB_REQUIRE(command.funding() != v1::FUNDING_DONOR || command.has_budget_source());
  row.id = command.item_id();
  row.price_points = command.price_points();
  row.received = command.stock();
  row.settle_fen = command.settle_fen();
  row.funding = command.funding();
  if (from_budget) {
    row.budget_source = command.has_budget_source() ? command.budget_source() : "programme";
  }
  row.limit = command.limit();
  for (const int band : command.age_bands()) {
    MB_REQUIRE(v1::AgeBand_IsValid(band));
    row.age_bands = static_cast<uint8_t>(row.age_bands | 1 << band);
  }
  state_.Add(std::move(row));
  return absl::OkStatus();
}

// An item that is there, and of the merchant who asks.
absl::Status Application::FindItem(const std::string& item_id, uint32_t* index) {
  const auto found = state_.items().IndexOf(item_id);
  MB_REQUIRE(found.has_value());
  MB_REQUIRE(event_.scope() != v1::REQUEST_SCOPE_MERCHANT ||
             event_.source() == state_.merchants()[state_.items()[*found].merchant].id);
  *index = *found;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::ItemWithdrawn& withdrawn) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(FindItem(withdrawn.command().item_id(), &index));
  MB_REQUIRE(!state_.items()[index].withdrawn);
  state_.Mutable<Item>(index).withdrawn = true;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::StockReceived& received) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(FindItem(received.command().item_id(), &index));
  MB_REQUIRE(received.command().quantity() >= 1);
  Item& item = state_.Mutable<Item>(index);
  MB_REQUIRE(!item.withdrawn);
  item.received += received.command().quantity();
  MB_REQUIRE(item.on_hand() <= kStockMax);
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::StockReturned& returned) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(FindItem(returned.command().item_id(), &index));
  MB_REQUIRE(returned.command().quantity() >= 1);
  Item& item = state_.Mutable<Item>(index);
  MB_REQUIRE(item.free() >= returned.command().quantity());
  item.sent_back += returned.command().quantity();
  return absl::OkStatus();
}

}  // namespace meritbook
