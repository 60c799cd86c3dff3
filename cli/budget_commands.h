// Owns: merit budget and merit period: the programme's money, and months whose books are closed.
// Promises: each returns the exit code, or why it could not.
// Thread: one.
#ifndef MERITBOOK_CLI_BUDGET_COMMANDS_H_
#define MERITBOOK_CLI_BUDGET_COMMANDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/globals.h"

namespace meritbook::cli {

class Session;

absl::StatusOr<int> ListBudgets(Session& session);

struct ClosePeriodFlags {
  std::string month;  // YYYY-MM
  WriteFlags write;
};

absl::StatusOr<int> ClosePeriod(Session& session, const ClosePeriodFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_BUDGET_COMMANDS_H_
