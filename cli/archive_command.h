// Owns: merit archive: the log's events in files of one's own, which merit audit reads.
// Promises: takes nothing from the server's log; adds to a folder only what verifies and follows.
// Thread: one.
#ifndef MERITBOOK_CLI_ARCHIVE_COMMAND_H_
#define MERITBOOK_CLI_ARCHIVE_COMMAND_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace meritbook::cli {

class Session;

inline constexpr uint64_t kPartMebibytes = 64;

struct ArchiveFlags {
  std::string folder;
  std::optional<uint64_t> through;  // the last sequence; as far as the log goes when absent
  uint64_t part_mebibytes = kPartMebibytes;
};
absl::StatusOr<int> ArchiveEvents(Session& session, const ArchiveFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ARCHIVE_COMMAND_H_
