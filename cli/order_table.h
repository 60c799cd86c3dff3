// Owns: how orders and their positions are shown.
// Promises: prices, and what was delivered and refunded of each position.
// Thread: one.
#ifndef MERITBOOK_CLI_ORDER_TABLE_H_
#define MERITBOOK_CLI_ORDER_TABLE_H_

#include "cli/session.h"
#include "cli/table.h"
#include "meritbook/v1/mall.pb.h"

namespace meritbook::cli {

Table PricedTable(const Session& session,
                  const google::protobuf::RepeatedPtrField<v1::PricedLine>& lines);
Table OrderLineTable(const Session& session, const v1::OrderView& order);
// One row an order.
Table OrderTable(Session& session, const google::protobuf::RepeatedPtrField<v1::OrderView>& orders);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ORDER_TABLE_H_
