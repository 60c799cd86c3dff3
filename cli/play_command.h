// Owns: merit sample play: a script played into a ledger of its own, and its comparison.
// Promises: returns the exit code, or why it could not. Keys of the script's people are made here,
// are used here, and are forgotten. Thread: one.
#ifndef MERITBOOK_CLI_PLAY_COMMAND_H_
#define MERITBOOK_CLI_PLAY_COMMAND_H_

#include <string>

#include "absl/status/statusor.h"

namespace meritbook::cli {

class Session;

// The folder has script.jsonl (script_call.h) and, where something is expected of the ledger
// afterwards, expected.json (expected_ledger.h). The ledger is the session's; "operator" is the
// session's caller.
absl::StatusOr<int> PlaySample(Session& session, const std::string& folder);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_PLAY_COMMAND_H_
