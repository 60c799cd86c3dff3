// Owns: merit opening: bringing the balances of the old system in, by two people with a copy each.
// Promises: nothing is approved before every part was compared with the approver's own file.
// Thread: one.
#ifndef MERITBOOK_CLI_OPENING_COMMANDS_H_
#define MERITBOOK_CLI_OPENING_COMMANDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/globals.h"

namespace meritbook::cli {

class Session;

struct OpeningFlags {
  std::string file;  // see opening_file.h
  WriteFlags write;  // a given request id gets the part's number behind it
};

// Reads the file and tells what is in it; asks no server.
absl::StatusOr<int> CheckOpening(Session& session, const OpeningFlags& flags);
absl::StatusOr<int> ProposeOpening(Session& session, const OpeningFlags& flags);
absl::StatusOr<int> ApproveOpening(Session& session, const OpeningFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_OPENING_COMMANDS_H_
