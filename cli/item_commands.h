// Owns: merit item and merit stock: the shelf, and the pieces on it.
// Promises: each returns the exit code, or why it could not.
// Thread: one.
#ifndef MERITBOOK_CLI_ITEM_COMMANDS_H_
#define MERITBOOK_CLI_ITEM_COMMANDS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "meritbook/v1/mall.pb.h"

namespace meritbook::cli {

class Session;

struct PublishItemFlags {
  std::string item_id;
  std::string merchant_id;
  uint32_t price_points = 0;
  uint32_t stock = 0;
  std::string settle_yuan;  // "12.50"; nothing is settled in money when empty
  std::string funding;      // "programme", "merchant" or "donor"; the merchant's own when empty
  std::string budget_source;
  std::string limit;  // "2/month"
  std::vector<std::string> age_bands;
  WriteFlags write;
};

absl::StatusOr<int> PublishItem(Session& session, const PublishItemFlags& flags);

// "2/month": so many pieces once, a day, a month or a year.
absl::StatusOr<v1::ItemLimit> ParseLimit(std::string_view text);

struct WithdrawItemFlags {
  std::string item_id;
  std::string reason_code;
  WriteFlags write;
};

absl::StatusOr<int> WithdrawItem(Session& session, const WithdrawItemFlags& flags);

absl::StatusOr<int> ShowItem(Session& session, const std::string& item_id);

struct ListItemsFlags {
  std::string merchant_id;  // all when empty
  bool withdrawn = false;   // these, too
};

absl::StatusOr<int> ListItems(Session& session, const ListItemsFlags& flags);

struct StockFlags {
  std::string item_id;
  uint32_t quantity = 0;
  std::string reason_code;  // of a return
  WriteFlags write;         // a random request id when none is given: two equal deliveries are two
};

absl::StatusOr<int> ReceiveStock(Session& session, const StockFlags& flags);
absl::StatusOr<int> ReturnStock(Session& session, const StockFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ITEM_COMMANDS_H_
