#include "services/mall_reads.h"

#include <algorithm>
#include <vector>

#include "ledger/id.h"
#include "ledger/limits.h"
#include "ledger/mall.h"
#include "ledger/text.h"
#include "services/reads.h"

namespace meritbook {
namespace {

constexpr size_t kPage = 100;
constexpr size_t kPageMax = 1'024;

void FillItem(const State& state, const Item& item, v1::ShelfItem* out) {
  out->set_item_id(item.id);
  out->set_merchant_id(state.merchants()[item.merchant].id);
  out->set_price_points(item.price_points);
  out->set_on_hand(item.on_hand());
  out->set_reserved(item.reserved);
  out->set_received(item.received);
  out->set_delivered(item.delivered);
  out->set_returned(item.returned);
  out->set_sent_back(item.sent_back);
  out->set_settle_fen(item.settle_fen);
  out->set_funding(item.funding);
  out->set_budget_source(item.budget_source);
  out->set_withdrawn(item.withdrawn);
  if (item.limit.quantity() > 0) *out->mutable_limit() = item.limit;
}

v1::OrderState StateOf(OrderState state) {
  switch (state) {
    case OrderState::kHeld:
      return v1::ORDER_STATE_HELD;
    case OrderState::kConfirmed:
      return v1::ORDER_STATE_CONFIRMED;
    case OrderState::kCancelled:
      return v1::ORDER_STATE_CANCELLED;
    case OrderState::kTimedOut:
      return v1::ORDER_STATE_TIMED_OUT;
  }
  return v1::ORDER_STATE_UNSPECIFIED;
}

void FillOrder(const State& state, const Order& order, v1::OrderView* out) {
  *out->mutable_order() = RefOf(state, order);
  out->set_state(StateOf(order.state));
  out->set_volunteer_id(state.volunteers()[state.Survivor(order.volunteer)].id);
  out->set_merchant_id(state.merchants()[order.merchant].id);
  for (const OrderedLine& line : order.lines) {
    v1::OrderedLine* ordered = out->add_lines();
    SetPriced(state, line, line.quantity, ordered->mutable_line());
    ordered->set_delivered(line.delivered);
    ordered->set_refunded(line.refunded);
  }
  int64_t units = 0;
  for (const Lot& lot : order.lots) units += lot.units;
  out->set_units(units);
  out->set_voucher(!order.voucher_sha256.empty());
  out->set_placed_us(order.placed_us);
  out->set_deadline_us(order.deadline_us);
  out->set_ends_us(order.ends_us);
  out->set_delivered_us(order.delivered_us);
}

// In the form of v1::OrderRef; ids are checked before they are named in a refusal.
std::variant<v1::OrderRef, Refused> OrderAsked(const Caller& caller,
                                               const v1::GetOrderRequest& request) {
  v1::OrderRef ref =
      OrderNamed(caller, request.has_owner() ? &request.owner() : nullptr, request.order_id());
  if (request.has_owner() && request.owner().owner_case() == v1::OrderOwner::OWNER_NOT_SET) {
    return Refused{v1::REFUSAL_FIELD_MISSING, "owner", "owner names nobody", {}};
  }
  if (!IsId(ref.owner())) return NotFound(v1::REFUSAL_ORDER_UNKNOWN, "owner", ref.owner());
  if (!IsId(ref.order_id())) {
    return NotFound(v1::REFUSAL_ORDER_UNKNOWN, "order_id", ref.order_id());
  }
  return ref;
}

// Fills a page with open orders that the filter lets through.
class OrderPage {
 public:
  OrderPage(const State& state, size_t items, std::optional<uint32_t> merchant,
            v1::ListOpenOrdersResponse* response)
      : state_(state), items_(items), merchant_(merchant), response_(response) {}

  // False when the page ends before this order.
  bool Add(int64_t ends_us, uint32_t index) {
    if (static_cast<size_t>(response_->orders_size()) == items_ || bytes_ >= kPageBytesMax ||
        rows_ == kPageRowsMax) {
      response_->set_next_page_token(Text(ends_us, ":", index));
      return false;
    }
    ++rows_;
    const Order& order = state_.orders()[index];
    if (merchant_ && order.merchant != *merchant_) return true;
    v1::OrderView* view = response_->add_orders();
    FillOrder(state_, order, view);
    bytes_ += view->ByteSizeLong();
    return true;
  }

 private:
  const State& state_;
  const size_t items_;
  const std::optional<uint32_t> merchant_;
  v1::ListOpenOrdersResponse* const response_;
  size_t bytes_ = 0;
  size_t rows_ = 0;
};

using Place = std::pair<int64_t, uint32_t>;  // ends_us, order

void AddAll(const State& state, const Place& from, OrderPage& page) {
  const auto& timers = state.timers();
  for (auto timer = timers.lower_bound({from.first, Timer::kHold, from.second});
       timer != timers.end(); ++timer) {
    if (timer->kind == Timer::kHold && !page.Add(timer->due_us, timer->index)) return;
  }
}

void AddHers(const State& state, uint32_t volunteer, const Place& from, OrderPage& page) {
  std::vector<Place> places;
  for (const uint32_t index : state.volunteers()[volunteer].open_orders) {
    places.emplace_back(state.orders()[index].ends_us, index);
  }
  std::sort(places.begin(), places.end());
  for (const auto& [ends_us, index] : places) {
    if (Place(ends_us, index) >= from && !page.Add(ends_us, index)) return;
  }
}

}  // namespace

std::optional<Refused> CheckOwnMerchant(const Caller& caller, const std::string& merchant_id,
                                        std::string_view field) {
  if (caller.merchant_id.empty() || caller.merchant_id == merchant_id) return std::nullopt;
  return Refused{v1::REFUSAL_MERCHANT_NOT_YOURS,
                 std::string(field),
                 Text("you act for ", caller.merchant_id, " only"),
                 {{"merchant_id", caller.merchant_id}}};
}

MerchantFilter FilterOf(const State& state, const Caller& caller, const std::string& asked) {
  const std::string& id = caller.merchant_id.empty() ? asked : caller.merchant_id;
  if (id.empty()) return std::nullopt;
  const auto index = state.merchants().IndexOf(id);
  if (!index) return NotFound(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", id);
  return *index;
}

std::optional<Refused> ReadItem(const State& state, const Caller& caller,
                                const v1::GetItemRequest& request, v1::GetItemResponse* response) {
  if (auto refused = CheckMinSize(state, request.min_size())) return refused;
  const Item* item = state.items().Find(request.item_id());
  if (item == nullptr) {
    return NotFound(v1::REFUSAL_ITEM_UNKNOWN, "item_id", request.item_id());
  }
  if (auto refused = CheckOwnMerchant(caller, state.merchants()[item->merchant].id, "item_id")) {
    return refused;
  }
  FillItem(state, *item, response->mutable_item());
  response->set_size(state.size());
  return std::nullopt;
}

std::optional<Refused> ReadItems(const State& state, const Caller& caller,
                                 const v1::ListItemsRequest& request,
                                 v1::ListItemsResponse* response) {
  const PageSize page = PageSizeOf(request.page_size(), kPage, kPageMax);
  if (page.refused) return page.refused;
  auto filter = FilterOf(state, caller, request.merchant_id());
  if (auto* refused = std::get_if<Refused>(&filter)) return std::move(*refused);
  const auto merchant = std::get<std::optional<uint32_t>>(filter);

  uint64_t end = state.items().size();
  uint64_t next = 0;
  if (!request.page_token().empty()) {
    const auto token = ParsePageToken(request.page_token());
    if (!token || token->first > end || token->second > token->first) return BadPageToken();
    std::tie(end, next) = *token;
  }
  const uint64_t rows_end = std::min<uint64_t>(end, next + kPageRowsMax);
  for (size_t bytes = 0; next < rows_end && bytes < kPageBytesMax; ++next) {
    if (static_cast<size_t>(response->items_size()) == page.items) break;
    const Item& item = state.items()[static_cast<uint32_t>(next)];
    if (merchant && item.merchant != *merchant) continue;
    v1::ShelfItem* out = response->add_items();
    FillItem(state, item, out);
    bytes += out->ByteSizeLong();
  }
  if (next < end) response->set_next_page_token(Text(end, ":", next));
  response->set_size(state.size());
  return std::nullopt;
}

std::optional<Refused> ReadMerchant(const State& state, const Caller& caller,
                                    const v1::GetMerchantRequest& request,
                                    v1::GetMerchantResponse* response) {
  if (auto refused = CheckMinSize(state, request.min_size())) return refused;
  if (auto refused = CheckOwnMerchant(caller, request.merchant_id(), "merchant_id")) {
    return refused;
  }
  const Merchant* merchant = state.merchants().Find(request.merchant_id());
  if (merchant == nullptr) {
    return NotFound(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", request.merchant_id());
  }
  response->set_merchant_id(merchant->id);
  response->set_suspended(merchant->suspended);
  if (merchant->last_day) response->set_last_day(FormatDay(*merchant->last_day));
  response->set_payable_units(merchant->payable_units);
  response->set_payable_fen(merchant->payable_fen);
  response->set_open_orders(merchant->open_orders);
  if (merchant->newest_statement != kNoIndex) {
    response->set_newest_statement_id(state.statements()[merchant->newest_statement].id);
  }
  response->set_size(state.size());
  return std::nullopt;
}

std::optional<Refused> ReadOrder(const State& state, const Caller& caller,
                                 const v1::GetOrderRequest& request,
                                 v1::GetOrderResponse* response) {
  if (auto refused = CheckMinSize(state, request.min_size())) return refused;
  auto asked = OrderAsked(caller, request);
  if (auto* refused = std::get_if<Refused>(&asked)) return std::move(*refused);
  const auto& ref = std::get<v1::OrderRef>(asked);
  const Order* order = state.orders().Find(KeyOf(ref));
  if (order == nullptr) {
    return Refused{v1::REFUSAL_ORDER_UNKNOWN,
                   "order_id",
                   Text("there is no order ", ref.order_id(), " of ", ref.owner()),
                   {{"order_id", ref.order_id()}, {"owner", ref.owner()}}};
  }
  if (CheckOwnMerchant(caller, state.merchants()[order->merchant].id, "order_id")) {
    return Refused{v1::REFUSAL_ORDER_OF_OTHER_MERCHANT,
                   "order_id",
                   "the order was placed with another merchant",
                   {{"order_id", ref.order_id()}}};
  }
  FillOrder(state, *order, response->mutable_order());
  response->set_size(state.size());
  return std::nullopt;
}

std::optional<Refused> ReadOpenOrders(const State& state, const Caller& caller,
                                      const v1::ListOpenOrdersRequest& request,
                                      v1::ListOpenOrdersResponse* response) {
  const PageSize size = PageSizeOf(request.page_size(), kPage, kPageMax);
  if (size.refused) return size.refused;
  auto filter = FilterOf(state, caller, request.merchant_id());
  if (auto* refused = std::get_if<Refused>(&filter)) return std::move(*refused);
  Place from{0, 0};
  if (!request.page_token().empty()) {
    const auto token = ParsePageToken(request.page_token());
    if (!token || token->first > kInstantUsMax || token->second > kNoIndex) return BadPageToken();
    from = {static_cast<int64_t>(token->first), static_cast<uint32_t>(token->second)};
  }
  OrderPage page(state, size.items, std::get<std::optional<uint32_t>>(filter), response);
  response->set_size(state.size());
  if (request.volunteer_id().empty()) {
    AddAll(state, from, page);
    return std::nullopt;
  }
  const auto volunteer = state.volunteers().IndexOf(request.volunteer_id());
  if (!volunteer) {
    return NotFound(v1::REFUSAL_VOLUNTEER_UNKNOWN, "volunteer_id", request.volunteer_id());
  }
  AddHers(state, state.Survivor(*volunteer), from, page);
  return std::nullopt;
}

}  // namespace meritbook
