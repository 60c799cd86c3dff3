// Owns: merit item, merit stock, merit redeem and merit order: what is on the shelf, spending,
// refunds. Promises: each returns the exit code, or why it could not. Thread: one.
#ifndef MERITBOOK_CLI_MALL_COMMANDS_H_
#define MERITBOOK_CLI_MALL_COMMANDS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::cli {

class Session;

absl::StatusOr<int> ShowItem(Session& session, const std::string& item_id);

struct ReceiveStockFlags {
  std::string item_id;
  uint32_t quantity = 0;
  WriteFlags write;  // a random request id when none is given: two equal deliveries are two
};

absl::StatusOr<int> ReceiveStock(Session& session, const ReceiveStockFlags& flags);

struct RedeemFlags {
  std::string volunteer_id;
  std::string merchant_id;
  std::vector<std::string> items;  // "ID" or "ID=QUANTITY"
  std::string order_id;            // a random one when empty
  WriteFlags write;
};

absl::StatusOr<int> Redeem(Session& session, const RedeemFlags& flags);

struct RefundFlags {
  std::string order_id;
  std::vector<std::string> items;  // "ID" or "ID=QUANTITY"
  std::string reason_code;
  WriteFlags write;  // a random request id when none is given: two equal refunds are two
};

absl::StatusOr<int> Refund(Session& session, const RefundFlags& flags);

// "rice-5kg=2"; one piece when no quantity is given. InvalidArgument for anything else.
absl::StatusOr<v1::OrderLine> ParseOrderLine(std::string_view text);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_MALL_COMMANDS_H_
