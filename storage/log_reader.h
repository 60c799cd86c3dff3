// Owns: reading ranges of events out of the log's records.
// Promises: bytes that don't verify are never returned.
// Thread: any, concurrently.
#ifndef MERITBOOK_STORAGE_LOG_READER_H_
#define MERITBOOK_STORAGE_LOG_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "storage/event_run.h"

namespace meritbook {

struct ReadRange {
  std::string_view ledger;
  uint64_t from = 0;
  uint64_t end = 0;  // not beyond what is durable
  size_t max_events = 0;
  size_t max_bytes = 0;
};

class LogReader {
 public:
  // `database` must outlive the reader.
  explicit LogReader(rocksdb::DB* database) : database_(database) {}

  // As EventLog::Read.
  absl::StatusOr<EventRun> Read(const ReadRange& range) const;

 private:
  // A verified record. The last few are kept, so that reading events one by one, which is what
  // proofs and counters do, does not fetch and hash 64 kB for each.
  struct KeptRecord {
    std::string ledger;
    uint64_t first_sequence = 0;
    EventRun events;
  };
  static constexpr size_t kKeptRecordsMax = 8;

  std::shared_ptr<const KeptRecord> Kept(std::string_view ledger, uint64_t sequence) const;
  void Keep(std::shared_ptr<const KeptRecord> record) const;
  absl::Status ReadRecords(const ReadRange& range, EventRun& run) const;

  rocksdb::DB* const database_;
  mutable std::mutex mutex_;
  mutable std::array<std::shared_ptr<const KeptRecord>, kKeptRecordsMax>
      kept_;                   // guarded by mutex_
  mutable size_t oldest_ = 0;  // likewise
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_READER_H_
