// Owns: merit counter: a till for a clerk with a keyboard and a scan gun.
// Promises: returns the exit code, or why it could not begin.
// Thread: one.
#ifndef MERITBOOK_CLI_COUNTER_COMMAND_H_
#define MERITBOOK_CLI_COUNTER_COMMAND_H_

#include <string>

#include "absl/status/statusor.h"

namespace meritbook::cli {

class Session;

struct CounterFlags {
  std::string merchant_id;  // the key's own when empty
  std::string terminal_id;
  std::string journal_file;  // in the user's state folder when empty
  bool send = false;         // sends what waits in the journal, and ends
};

absl::StatusOr<int> RunCounter(Session& session, const CounterFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_COUNTER_COMMAND_H_
