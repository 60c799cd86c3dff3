// Owns: merit rule try: what would have come of it under another rule.
// Promises: returns the exit code, or why it could not; changes nothing.
// Thread: one.
#ifndef MERITBOOK_CLI_TRY_RULE_COMMAND_H_
#define MERITBOOK_CLI_TRY_RULE_COMMAND_H_

#include <string>

#include "absl/status/statusor.h"

namespace meritbook::cli {

class Session;

struct TryRuleFlags {
  std::string file;       // as for rule publish
  std::string since_day;  // the file's own first day when empty
};

absl::StatusOr<int> TryRule(Session& session, const TryRuleFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_TRY_RULE_COMMAND_H_
