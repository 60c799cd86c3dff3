// Owns: reading ranges of events out of the log's records.
// Promises: what is returned is what was verified when the log was opened, or written since: each
//           record by its hash, and by the chain from it to a mark. What was found damaged is
//           remembered, and warned of once.
// Thread: any, concurrently.
#ifndef MERITBOOK_STORAGE_LOG_READER_H_
#define MERITBOOK_STORAGE_LOG_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/batch_record.h"
#include "storage/event_log.h"
#include "storage/log_rows.h"
#include "storage/log_writer.h"
#include "storage/warn.h"

namespace meritbook {

struct ReadRange {
  std::string_view ledger;
  uint64_t from = 0;
  size_t max_events = 0;
  size_t max_bytes = 0;
};

class LogReader {
 public:
  // `rows` and `writer`, which knows what is durable, must outlive the reader. `warn` may be empty.
  LogReader(const LogRows* rows, const LogWriter* writer, Warn warn)
      : rows_(rows), writer_(writer), warn_(std::move(warn)) {}

  // As EventLog's Read, Verify and Damage.
  absl::StatusOr<EventRun> Read(const ReadRange& range) const;
  absl::StatusOr<Verified> Verify(std::string_view ledger, uint64_t from, size_t bytes_max) const;
  absl::Status Damage() const;

 private:
  // A verified record. The last few are kept, so that reading events one by one, which is what
  // proofs and counters do, does not fetch and hash 64 kB for each.
  struct KeptRecord {
    std::string ledger;
    uint64_t first_sequence = 0;
    EventRun events;
  };
  static constexpr size_t kKeptRecordsMax = 8;

  // Where a walk begins, and the end of the ledger as it was before the walk.
  struct Walk {
    std::string_view ledger;
    uint64_t from = 0;
    LogMark end;
    bool from_disk = false;
  };
  // A record, as stored; true to go on to the next one.
  using Visit = std::function<bool(const BatchRecordView& record, size_t bytes)>;

  std::shared_ptr<const KeptRecord> Kept(std::string_view ledger, uint64_t sequence) const;
  void Keep(std::shared_ptr<const KeptRecord> record) const;
  absl::Status ReadRecords(const ReadRange& range, const LogMark& end, EventRun& run) const;
  // Visits the records from the one that has `from` on, and then goes on to the next mark. What was
  // visited counts only if that is Ok.
  absl::Status VisitRecords(const Walk& walk, const Visit& visit) const;
  // Remembers damage.
  absl::Status Noted(absl::Status status) const;

  const LogRows* const rows_;
  const LogWriter* const writer_;
  const Warn warn_;
  mutable std::mutex mutex_;  // guards what follows
  mutable absl::Status damage_;
  mutable std::array<std::shared_ptr<const KeptRecord>, kKeptRecordsMax> kept_;
  mutable size_t oldest_ = 0;
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_READER_H_
