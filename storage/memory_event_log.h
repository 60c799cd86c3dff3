// Owns: an event log in memory, for tests and simulation.
// Promises: EventLog's contract, as far as memory is durable; and it can be made to fail.
// Thread: as EventLog; `done` runs within Append or CompleteOne.
#ifndef MERITBOOK_STORAGE_MEMORY_EVENT_LOG_H_
#define MERITBOOK_STORAGE_MEMORY_EVENT_LOG_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/event_log.h"

namespace meritbook {

// What a MemoryEventLog writes to: it outlives the log, as a disk outlives a process.
class MemoryDisk;
std::shared_ptr<MemoryDisk> NewMemoryDisk();

class MemoryEventLog : public EventLog {
 public:
  explicit MemoryEventLog(std::shared_ptr<MemoryDisk> disk = NewMemoryDisk());
  ~MemoryEventLog() override;

  absl::StatusOr<uint64_t> AcquireWriter(const std::vector<std::string>& ledgers) override;
  void Append(std::vector<LedgerAppend> group, std::function<void(AppendResult)> done) override;
  absl::StatusOr<EventRun> Read(std::string_view ledger, uint64_t from, size_t max_events,
                                size_t max_bytes) const override;
  absl::StatusOr<Verified> Verify(std::string_view ledger, uint64_t from,
                                  size_t bytes_max) const override;
  absl::Status PrepareVerify() const override { return absl::OkStatus(); }
  absl::Status Damage() const override;
  uint64_t Size(std::string_view ledger) const override;
  std::vector<std::string> Ledgers() const override;
  absl::Status CheckWritable() const override;
  absl::Status Close() override;

  // While held, an append stays in flight until CompleteOne.
  void set_hold(bool hold);
  bool in_flight() const;

  // Ends the append in flight. kDurable becomes kFenced where the group is fenced. `stored` says
  // whether a kUnknown group is there after reopening: MemoryEventLog(log.disk()).
  void CompleteOne(AppendResult result, bool stored = false);

  // Lets CheckWritable fail.
  void set_full(bool full);

  // Whatever reads this event from now on meets damage.
  void Rot(const std::string& ledger, uint64_t sequence);
  // While set, Verify fails so, as if the disk couldn't be read.
  void set_unreadable(absl::Status status);

  const std::shared_ptr<MemoryDisk>& disk() const { return disk_; }

 private:
  struct Job {
    std::vector<LedgerAppend> group;
    std::function<void(AppendResult)> done;
  };

  const std::shared_ptr<MemoryDisk> disk_;
  // Meets what is rotten of these events.
  absl::Status Meet(std::string_view ledger, uint64_t from, uint64_t end) const;

  mutable std::mutex mutex_;  // guards all below, and the disk
  std::map<std::string, uint64_t, std::less<>> rotten_;
  mutable absl::Status damage_;
  absl::Status unreadable_;
  std::map<std::string, uint64_t, std::less<>> visible_sizes_;
  std::optional<Job> held_;
  bool hold_ = false;
  bool full_ = false;
  bool broken_ = false;
  bool closed_ = false;
};

std::unique_ptr<EventLog> NewMemoryEventLog();

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_MEMORY_EVENT_LOG_H_
