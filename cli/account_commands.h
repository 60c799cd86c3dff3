// Owns: merit balance, merit entries, merit donate and merit watch: what a volunteer owns, how it
// came about, giving it to a cause, and the ledger's events as they come. Promises: each returns
// the exit code, or why it could not. Thread: one.
#ifndef MERITBOOK_CLI_ACCOUNT_COMMANDS_H_
#define MERITBOOK_CLI_ACCOUNT_COMMANDS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "cli/globals.h"

namespace meritbook::cli {

class Session;

absl::StatusOr<int> ShowBalance(Session& session, const std::string& volunteer_id);

// Newest first; all of them when `limit` is 0.
absl::StatusOr<int> ShowEntries(Session& session, const std::string& volunteer_id, uint64_t limit);

struct DonateFlags {
  std::string volunteer_id;
  std::string cause_id;
  uint32_t points = 0;
  WriteFlags write;
};

// A random request id when none is given: two equal donations are two.
absl::StatusOr<int> Donate(Session& session, const DonateFlags& flags);

struct WatchFlags {
  uint64_t from_sequence = 0;
  bool follow = true;
  uint64_t events_max = 0;  // 0: no limit
};

absl::StatusOr<int> Watch(Session& session, const WatchFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ACCOUNT_COMMANDS_H_
