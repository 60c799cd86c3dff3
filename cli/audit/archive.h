// Owns: the reading of an archive: a folder of files, each of which follows on the one before.
// Promises: gives nothing that isn't verified; says which file is damaged, missing or another's.
// That
//           files at the end are missing can't be seen here: a server or the newest hash tells.
// Thread: one.
//
//   auto archive = Archive::Open("events-2026");
//   for (auto part = archive->Next(); part.ok() && *part; part = archive->Next()) ...
#ifndef MERITBOOK_CLI_AUDIT_ARCHIVE_H_
#define MERITBOOK_CLI_AUDIT_ARCHIVE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/audit/archive_part.h"

namespace meritbook::audit {

// The whole file. NotFound, or Unavailable with the system's words.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

class Archive {
 public:
  // InvalidArgument when there is no such folder; DataLoss for a file whose name none can have.
  // An archive of no files is one of no events.
  static absl::StatusOr<Archive> Open(const std::string& folder);

  // The next file, verified; nothing after the last. DataLoss naming the file.
  absl::StatusOr<std::optional<Part>> Next();

  // Of the files given so far.
  uint64_t size() const { return size_; }  // events
  uint64_t bytes_read() const { return bytes_read_; }
  const std::string& ledger_id() const { return ledger_id_; }  // empty before the first
  const std::string& last_hash() const { return last_hash_; }  // zeros before the first

  // Of all files.
  size_t files() const { return files_.size(); }
  uint64_t bytes() const { return bytes_; }

 private:
  explicit Archive(std::string folder) : folder_(std::move(folder)) {}
  // Why the part doesn't follow on those before.
  absl::Status CheckFit(const Part& part, uint64_t named_first) const;

  std::string folder_;
  std::vector<uint64_t> files_;  // by the first sequence that their names say
  uint64_t bytes_ = 0;
  size_t next_ = 0;
  uint64_t size_ = 0;
  uint64_t bytes_read_ = 0;
  std::string ledger_id_;
  std::string last_hash_ = std::string(kArchiveHashBytes, '\0');
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_ARCHIVE_H_
