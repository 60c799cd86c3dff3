// Owns: merit redeem and merit order: spending points at once or in two steps, and taking back.
// Promises: an order that may be meant once only has its own id, so that the same line again is
// harmless; each returns the exit code, or why it could not. Thread: one.
#ifndef MERITBOOK_CLI_ORDER_COMMANDS_H_
#define MERITBOOK_CLI_ORDER_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "cli/order_line.h"

namespace meritbook::cli {

class Session;

struct PlaceFlags {
  std::string order_id;      // a random one when empty
  std::string volunteer_id;  // or a pay code that she shows
  std::string pay_code;
  std::string terminal_id;
  std::string merchant_id;
  LineFlags lines;
  // Of a hold.
  std::optional<uint32_t> hold_seconds;
  bool offline = false;
  WriteFlags write;
};

absl::StatusOr<int> Redeem(Session& session, const PlaceFlags& flags);
absl::StatusOr<int> Hold(Session& session, const PlaceFlags& flags);

// An order that was placed before.
struct PlacedFlags {
  std::string order_id;
  std::string owner;  // "platform/app"; the caller's own when empty
  LineFlags lines;    // what was handed over or comes back
  std::string happened_at;
  std::string reason_code;
  WriteFlags write;
};

absl::StatusOr<int> Confirm(Session& session, const PlacedFlags& flags);
absl::StatusOr<int> Cancel(Session& session, const PlacedFlags& flags);
absl::StatusOr<int> Refund(Session& session, const PlacedFlags& flags);
absl::StatusOr<int> ShowOrder(Session& session, const PlacedFlags& flags);

struct ListOrdersFlags {
  std::string merchant_id;
  std::string volunteer_id;
};

absl::StatusOr<int> ListOrders(Session& session, const ListOrdersFlags& flags);

struct PayCodeFlags {
  std::string volunteer_id;
  std::string merchant_id;  // any when empty
  uint32_t seconds = 0;     // the server's default when 0
};

// Shows the digits; they are nowhere else.
absl::StatusOr<int> IssuePayCode(Session& session, const PayCodeFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ORDER_COMMANDS_H_
