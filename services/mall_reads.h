// Owns: what read RPCs copy out about merchants, their items and orders.
// Promises: changes nothing; short enough for the sequencer's thread; a caller who is bound to a
//           merchant reads what is that merchant's only.
// Thread: the sequencer's.
#ifndef MERITBOOK_SERVICES_MALL_READS_H_
#define MERITBOOK_SERVICES_MALL_READS_H_

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "ledger/command.h"
#include "ledger/refusal.h"
#include "ledger/state.h"
#include "meritbook/v1/mall.pb.h"

namespace meritbook {

std::optional<Refused> ReadItem(const State& state, const Caller& caller,
                                const v1::GetItemRequest& request, v1::GetItemResponse* response);
// A page token is "<items when the first page was read>:<next>": what is published later is left
// out.
std::optional<Refused> ReadItems(const State& state, const Caller& caller,
                                 const v1::ListItemsRequest& request,
                                 v1::ListItemsResponse* response);

std::optional<Refused> ReadMerchant(const State& state, const Caller& caller,
                                    const v1::GetMerchantRequest& request,
                                    v1::GetMerchantResponse* response);

std::optional<Refused> ReadOrder(const State& state, const Caller& caller,
                                 const v1::GetOrderRequest& request,
                                 v1::GetOrderResponse* response);
// A page token is "<ends_us>:<order>", the place where the next page begins: whatever is placed or
// ends meanwhile, no order that was held all the time is left out or comes twice.
std::optional<Refused> ReadOpenOrders(const State& state, const Caller& caller,
                                      const v1::ListOpenOrdersRequest& request,
                                      v1::ListOpenOrdersResponse* response);

// The only merchant whose rows a list has: the caller's, else the one asked for; nothing for all.
using MerchantFilter = std::variant<std::optional<uint32_t>, Refused>;
MerchantFilter FilterOf(const State& state, const Caller& caller, const std::string& asked);

// MERCHANT_NOT_YOURS for a caller who is bound to another merchant.
std::optional<Refused> CheckOwnMerchant(const Caller& caller, const std::string& merchant_id,
                                        std::string_view field);

// A page that has looked at so many rows of others ends there, however few it has.
inline constexpr size_t kPageRowsMax = 16'384;

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_MALL_READS_H_
