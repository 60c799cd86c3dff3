// Owns: the audit of an archive by itself, and its comparison with what a server serves.
// Promises: shares the reducer and nothing else with the audit over the wire; needs no server and
// no key. Thread: any; each call is an audit of its own.
#ifndef MERITBOOK_CLI_AUDIT_ARCHIVE_AUDIT_H_
#define MERITBOOK_CLI_AUDIT_ARCHIVE_AUDIT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/audit/archive.h"
#include "cli/audit/finding.h"
#include "cli/audit/report.h"

namespace meritbook::audit {

// Replays all files. An empty id audits whichever ledger it is. `progress` counts bytes; may be
// empty.
absl::StatusOr<AuditReport> AuditArchive(const std::string& folder, const std::string& ledger_id,
                                         const Progress& progress);

// Follows a served log, event by event from the first on.
class ArchiveComparison {
 public:
  explicit ArchiveComparison(Archive archive) : archive_(std::move(archive)) {}

  // The next served event. A status where the archive itself can't be read.
  absl::Status Compare(std::string_view served);
  // Whether events of the archive are still to be compared.
  absl::StatusOr<bool> GoesOn();
  // The served log has ended, or enough of it was seen: reads what is left of the archive.
  absl::Status Finish();

  // Nothing if they agree; else the first event that differs. After Finish.
  const std::optional<Finding>& finding() const { return finding_; }
  ArchiveFacts facts() const;

 private:
  // Makes `part_` the one that has the next event, unless the archive has ended.
  absl::Status Load();

  Archive archive_;
  std::optional<Part> part_;
  size_t at_ = 0;  // in the part
  uint64_t compared_ = 0;
  bool ended_ = false;
  std::optional<Finding> finding_;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_ARCHIVE_AUDIT_H_
