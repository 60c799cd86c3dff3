// Owns: the growth of an archive: files of whole commands, each written, read again and only then
// named. Promises: a file that stands is never touched; a kill leaves at most a ".partial", which
// the next writer
//           replaces; one writer to a folder. Mode 0600: events are personal, if under pseudonyms.
// Thread: one.
#ifndef MERITBOOK_CLI_ARCHIVE_WRITER_H_
#define MERITBOOK_CLI_ARCHIVE_WRITER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/audit/archive_part.h"

namespace meritbook::cli {

class ArchiveWriter {
 public:
  // Bytes verified, bytes to verify.
  using Progress = std::function<void(uint64_t done, uint64_t total)>;

  // Makes the folder where there is none, and verifies all that is in it. InvalidArgument for a
  // folder that can't be had or is at work elsewhere, DataLoss naming a damaged file or one of
  // another ledger.
  static absl::StatusOr<std::unique_ptr<ArchiveWriter>> Open(const std::string& folder,
                                                             const std::string& ledger_id,
                                                             uint64_t part_bytes_max,
                                                             const Progress& progress);
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  // The next event, byte for byte. DataLoss for one that can't follow.
  absl::Status Add(std::string_view event);
  // Writes what is left of whole commands; the events of one that isn't are dropped. Once.
  absl::Status Finish();

  // Of the files that stand.
  uint64_t size() const { return size_; }  // events
  uint64_t files() const { return files_; }
  uint64_t bytes() const { return bytes_; }
  const std::string& last_hash() const { return last_hash_; }    // of the newest, zeros without one
  const std::string& last_event() const { return last_event_; }  // empty without one

  uint64_t files_written() const { return files_written_; }
  uint64_t events_written() const { return events_written_; }

 private:
  ArchiveWriter(std::string folder, std::string ledger_id, uint64_t part_bytes_max);
  absl::Status Lock();
  absl::Status Verify(const Progress& progress);
  // The command under way is complete: into a file with it.
  absl::Status EndCommand();
  absl::Status WritePart();

  const std::string folder_;
  const std::string ledger_id_;
  const uint64_t part_bytes_max_;
  int folder_fd_ = -1;  // locked while this object lives

  uint64_t size_ = 0;
  uint64_t files_ = 0;
  uint64_t bytes_ = 0;
  std::string last_hash_;
  std::string last_event_;
  uint64_t files_written_ = 0;
  uint64_t events_written_ = 0;

  std::unique_ptr<audit::PartBuilder> part_;  // nothing before a file's first command
  std::string part_last_event_;
  std::vector<std::string> command_;  // whose events are still to come
  uint64_t next_ = 0;                 // sequence of the next event
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ARCHIVE_WRITER_H_
