// Owns: merit import: the run, and its summary for people and programs.
// Promises: returns the exit code, or why it could not.
// Thread: one.
#ifndef MERITBOOK_CLI_IMPORT_IMPORT_COMMAND_H_
#define MERITBOOK_CLI_IMPORT_IMPORT_COMMAND_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace meritbook::cli {

class Session;

struct ImportFlags {
  std::string folder;
  std::string refused_file;  // refused.csv in the folder when empty
  size_t batch_items_max = 2'048;
  size_t in_flight_max = 6;
  bool strict = false;  // refused rows make the exit code 1
};

absl::StatusOr<int> Import(Session& session, const ImportFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_IMPORT_COMMAND_H_
