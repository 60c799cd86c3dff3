// Owns: merit balance, merit entries and merit watch: what a volunteer owns, how it came about, and
// the ledger's events as they come. Promises: each returns the exit code, or why it could not.
// Thread: one.
#ifndef MERITBOOK_CLI_ACCOUNT_COMMANDS_H_
#define MERITBOOK_CLI_ACCOUNT_COMMANDS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace meritbook::cli {

class Session;

absl::StatusOr<int> ShowBalance(Session& session, const std::string& volunteer_id);

// Newest first; all of them when `limit` is 0.
absl::StatusOr<int> ShowEntries(Session& session, const std::string& volunteer_id, uint64_t limit);

struct WatchFlags {
  uint64_t from_sequence = 0;
  bool follow = true;
  uint64_t events_max = 0;  // 0: no limit
};

absl::StatusOr<int> Watch(Session& session, const WatchFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ACCOUNT_COMMANDS_H_
