// Owns: merit audit: the auditor's findings for people and programs.
// Promises: exit code 0 only when every event and every balance was checked and nothing was found.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_COMMAND_H_
#define MERITBOOK_CLI_AUDIT_COMMAND_H_

#include <string>

#include "absl/status/statusor.h"

namespace meritbook::cli {

class Session;

struct AuditFlags {
  std::string archive;  // a folder; the server's log alone when empty
};
absl::StatusOr<int> Audit(Session& session, const AuditFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_AUDIT_COMMAND_H_
