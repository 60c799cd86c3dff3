// Owns: the writing half of a log on rows: ledgers' tails, who may write, their guards.
// Promises: a group is durable in rows and guards (a guard against a kill at once, against a power
//           cut once synced) before Write returns kDurable. No thread and no clock of its own.
// Thread: Acquire, Write, SyncDueGuards and Close from one at a time; the const ones but for
//         NextGuardSyncUs from any.
#ifndef MERITBOOK_STORAGE_LOG_WRITER_H_
#define MERITBOOK_STORAGE_LOG_WRITER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/event_log.h"
#include "storage/log_check.h"
#include "storage/log_rows.h"
#include "storage/warn.h"

namespace meritbook {

struct LogWriterOptions {
  LogRows* rows = nullptr;
  Disk* disk = nullptr;
  std::string guard_folder;
  std::function<uint64_t()> nonce;  // random
  Warn warn = {};                   // may be empty
};

class LogWriter {
 public:
  // Every ledger of `log` has its guard, at the ledger's tail.
  LogWriter(LogWriterOptions options, OpenedLog log);

  // As EventLog's AcquireWriter.
  absl::StatusOr<uint64_t> Acquire(const std::vector<std::string>& ledgers);

  // As EventLog's Append, but done when it returns. `now_us` is monotonic.
  AppendResult Write(const std::vector<LedgerAppend>& group, int64_t now_us);

  // When the next guard is due to be synced; none: all are.
  std::optional<int64_t> NextGuardSyncUs() const;
  void SyncDueGuards(int64_t now_us);

  uint64_t SizeOf(std::string_view ledger) const;
  // Where the ledger ends; at 0 if it is unknown.
  LogMark EndOf(std::string_view ledger) const;
  // The first mark at or after a sequence that is not beyond the end; the end is one as well.
  LogMark MarkAt(std::string_view ledger, uint64_t sequence) const;
  std::vector<std::string> Ledgers() const;

  // Settles the guards.
  absl::Status Close();

 private:
  struct Ledger {
    LedgerTail tail;
    Guard guard;
  };
  struct UnsyncedGuard {
    int64_t due_us;
    Ledger* ledger;
  };
  struct WrittenRecord {
    LogMark mark;
    size_t bytes;
  };
  // A ledger's new tail, once the group is durable.
  struct Advance {
    Ledger* ledger;
    uint64_t size;
    Hash last_hash;
    std::vector<WrittenRecord> records = {};
  };

  absl::Status WriteDurably(const std::vector<LedgerAppend>& group, int64_t now_us,
                            std::vector<Advance>& advances);
  bool IsFenced(const std::vector<LedgerAppend>& group) const;
  void Break(const absl::Status& reason);

  const LogWriterOptions options_;
  bool broken_ = false;
  std::deque<UnsyncedGuard> unsynced_;  // the earliest due in front

  // Guards ledgers_ against SizeOf and Ledgers. Only the writing thread changes them, so it reads
  // without. Entries are never removed, so pointers to them stay good.
  mutable std::mutex mutex_;
  std::map<std::string, Ledger, std::less<>> ledgers_;
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_WRITER_H_
