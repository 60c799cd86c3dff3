// Owns: `meritd restore`: a store out of a backup, while no server runs on it.
// Promises: storage/restore.h's, told in words; nothing else of the server is started.
// Thread: one.
#ifndef MERITBOOK_SERVICES_RESTORE_MODE_H_
#define MERITBOOK_SERVICES_RESTORE_MODE_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace meritbook {

struct RestoreFlags {
  std::string backup_dir;
  std::string data_dir;
  uint32_t backup_id = 0;  // 0: the newest
  std::vector<std::string> sizes;
  std::string reason_code;
  std::string declared_by;
  bool replace = false;
};

// The subcommand; `flags` is filled when it is parsed, and outlives the app.
CLI::App* AddRestoreMode(CLI::App& app, RestoreFlags& flags);

// Returns the exit code: 0 restored, 1 refused or failed, 2 flags that can't be meant.
int RunRestore(const RestoreFlags& flags);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_RESTORE_MODE_H_
