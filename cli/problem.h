// Owns: what went wrong, as one sentence and as an exit code.
// Promises: what the server refused carries its google.rpc.Status as a payload of the absl::Status,
// so that the tree has one kind of error. Thread: any.
#ifndef MERITBOOK_CLI_PROBLEM_H_
#define MERITBOOK_CLI_PROBLEM_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "cli/language.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace meritbook::cli {

enum ExitCode : int {
  kExitOk = 0,
  kExitRefused = 1,      // the server refused, or something differs
  kExitUsage = 2,        // the command line or a file of yours
  kExitUnreachable = 3,  // the server is away or too busy: the same again may work
};

std::optional<google::rpc::ErrorInfo> ErrorInfoOf(const google::rpc::Status& details);

// Keeps the details as a payload.
absl::Status RefusedBy(const google::rpc::Status& details);
// Of a status that RefusedBy made.
std::optional<google::rpc::Status> DetailsOf(const absl::Status& status);
// "BALANCE_TOO_LOW", or nothing.
std::string ReasonOf(const absl::Status& status);

// The same command may work a little later, and is harmless to repeat.
bool RetryCanHelp(int code);

// "the volunteer has too few points (BALANCE_TOO_LOW, needed_points 30); merit balance shows …".
std::string Sentence(const absl::Status& status, Language language);

ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_PROBLEM_H_
