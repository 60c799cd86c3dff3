// Owns: backups: making and listing them by the running server, restoring one without it.
// Promises: `merit restore` is `meritd restore`: its output and its exit code, since only the
// server knows its store. Thread: one.
#ifndef MERITBOOK_CLI_BACKUP_COMMANDS_H_
#define MERITBOOK_CLI_BACKUP_COMMANDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace meritbook::cli {

class Session;

struct BackupFlags {
  uint32_t keep = 0;  // 0: all
};

struct RestoreFlags {
  std::string backup_dir;
  std::string data_dir;
  std::string backup_id;
  std::vector<std::string> sizes;
  std::string reason_code;
  std::string declared_by;
  bool replace = false;
};

absl::StatusOr<int> CreateBackup(Session& session, const BackupFlags& flags);
absl::StatusOr<int> ListBackups(Session& session);

// Doesn't return where it succeeds: this process becomes meritd.
absl::StatusOr<int> RestoreBackup(Session& session, const RestoreFlags& flags);

// What meritd is told: "restore DIR --data DIR …".
std::vector<std::string> RestoreArguments(const RestoreFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_BACKUP_COMMANDS_H_
