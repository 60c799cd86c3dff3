// Owns: rows of the mall as messages of the state store; a part of row_codec.cc.
// Promises: as storage/row_codec.h.
// Thread: any.
#ifndef MERITBOOK_STORAGE_MALL_CODEC_H_
#define MERITBOOK_STORAGE_MALL_CODEC_H_

#include <cstdint>

#include "ledger/mall_rows.h"
#include "meritbook/state/v1/row.pb.h"

namespace meritbook {

// An index in a row, where 0 says that there is none.
inline uint32_t Next(uint32_t index) { return index + 1; }  // kNoIndex + 1 == 0
inline uint32_t Index(uint32_t next) { return next - 1; }

state::v1::DayOrdersRow EncodeDayOrders(const DayOrders& orders);
DayOrders DecodeDayOrders(const state::v1::DayOrdersRow& row);

state::v1::MerchantRow Encode(const Merchant& row);
state::v1::ItemRow Encode(const Item& row);
state::v1::OrderRow Encode(const Order& row);
state::v1::BudgetRow Encode(const Budget& row);
state::v1::StatementRow Encode(const Statement& row);

Merchant Decode(const state::v1::MerchantRow& row);
Item Decode(const state::v1::ItemRow& row);
Order Decode(const state::v1::OrderRow& row);
Budget Decode(const state::v1::BudgetRow& row);
Statement Decode(const state::v1::StatementRow& row);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_MALL_CODEC_H_
