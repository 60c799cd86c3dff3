// Owns: merit server: what the server says of itself.
// Promises: returns the exit code: whether commands are taken; or why it could not tell.
// Thread: one.
#ifndef MERITBOOK_CLI_SERVER_COMMANDS_H_
#define MERITBOOK_CLI_SERVER_COMMANDS_H_

#include "absl/status/statusor.h"

namespace meritbook::cli {

class Session;

// Asks for nothing else, such as a ledger's time zone: that would wait while the disk hangs.
absl::StatusOr<int> ServerStatus(Session& session);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_SERVER_COMMANDS_H_
