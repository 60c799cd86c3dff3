// Owns: the writing half of the RocksDB event log: ledgers' tails, their guards, the writer thread.
// Promises: a group is durable in log and guard (the guard against a kill) before `done`.
// Thread: Acquire, Append and Close from one at a time; SizeOf and Ledgers from any.
#ifndef MERITBOOK_STORAGE_ROCKS_LOG_WRITER_H_
#define MERITBOOK_STORAGE_ROCKS_LOG_WRITER_H_

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "storage/event_log.h"
#include "storage/log_check.h"
#include "storage/warn.h"

namespace meritbook {

class RocksLogWriter {
 public:
  // Every ledger of `tails` has a guard in `guards`. `database` must outlive the writer.
  RocksLogWriter(rocksdb::DB* database, std::string guard_folder, const LedgerTails& tails,
                 Guards guards, Warn warn);
  ~RocksLogWriter();  // waits for the append in flight

  // As EventLog's; `done` is called on the writer's thread.
  absl::StatusOr<uint64_t> Acquire(const std::vector<std::string>& ledgers);
  void Append(std::vector<LedgerAppend> group, std::function<void(AppendResult)> done);
  uint64_t SizeOf(std::string_view ledger) const;
  std::vector<std::string> Ledgers() const;

  // Ends the thread and settles the guards.
  absl::Status Close();

 private:
  struct Ledger {
    LedgerTail tail;
    Guard guard;
  };
  struct Job {
    std::vector<LedgerAppend> group;
    std::function<void(AppendResult)> done;
  };
  struct UnsyncedGuard {
    std::chrono::steady_clock::time_point due;
    Ledger* ledger;
  };
  // A ledger's new tail, once the group is durable.
  struct Advance {
    Ledger* ledger;
    uint64_t size;
    Hash last_hash;
  };

  void Run();
  void Stop();
  AppendResult Write(const std::vector<LedgerAppend>& group);
  absl::Status WriteDurably(const std::vector<LedgerAppend>& group, std::vector<Advance>& advances);
  bool IsFenced(const std::vector<LedgerAppend>& group) const;
  void SyncDueGuards();
  void Break(const absl::Status& reason);

  rocksdb::DB* const database_;
  const std::string guard_folder_;
  const Warn warn_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;  // job_ or stopping_ was set
  std::condition_variable idle_;  // in_flight_ was cleared

  // Guarded by mutex_. While in_flight_, only the thread changes ledgers_, so it may read them
  // without the mutex. Entries are never removed, so pointers to them stay good.
  std::map<std::string, Ledger, std::less<>> ledgers_;
  std::optional<Job> job_;
  bool in_flight_ = false;
  bool stopping_ = false;
  bool broken_ = false;

  std::deque<UnsyncedGuard> unsynced_;  // the thread's own; the earliest due in front
  std::thread thread_;
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_ROCKS_LOG_WRITER_H_
