// Owns: the event log on the simulated disk: the real rules, opened by the real steps.
// Promises: EventLog's contract; an append waits until the scheduler runs it.
// Thread: one.
#ifndef MERITBOOK_TESTS_SIM_SIMULATED_EVENT_LOG_H_
#define MERITBOOK_TESTS_SIM_SIMULATED_EVENT_LOG_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/clock.h"
#include "storage/event_log.h"
#include "storage/log_opening.h"
#include "storage/log_reader.h"
#include "storage/log_writer.h"
#include "tests/sim/simulated_disk.h"
#include "tests/sim/simulated_log_rows.h"

namespace meritbook::sim {

struct SimulatedEventLogOptions {
  SimulatedDisk* disk = nullptr;
  std::string dir;
  RowsHabits habits;
  const Clock* clock = nullptr;
  std::function<uint64_t()> nonce;
  uint64_t free_bytes_floor = 0;
  Warn warn;
  // Called when an append was carried out, before anybody is told.
  std::function<void(AppendResult)> on_written;
};

class SimulatedEventLog final : public EventLog {
 public:
  static absl::StatusOr<std::shared_ptr<SimulatedEventLog>> Open(
      const SimulatedEventLogOptions& options);
  SimulatedEventLog(const SimulatedEventLogOptions& options, LogOpening opening);

  absl::StatusOr<uint64_t> AcquireWriter(const std::vector<std::string>& ledgers) override;
  void Append(std::vector<LedgerAppend> group, std::function<void(AppendResult)> done) override;
  absl::StatusOr<EventRun> Read(std::string_view ledger, uint64_t from, size_t max_events,
                                size_t max_bytes) const override;
  absl::StatusOr<Verified> Verify(std::string_view ledger, uint64_t from,
                                  size_t bytes_max) const override {
    return reader_.Verify(ledger, from, bytes_max);
  }
  absl::Status PrepareVerify() const override { return rows_->Flush(); }
  absl::Status Damage() const override { return reader_.Damage(); }
  uint64_t Size(std::string_view ledger) const override { return writer_.SizeOf(ledger); }
  std::vector<std::string> Ledgers() const override { return writer_.Ledgers(); }
  absl::Status CheckWritable() const override;
  absl::Status Close() override;

  bool in_flight() const { return job_.has_value(); }
  // Carries the append in flight out.
  void RunJob();
  void SyncDueGuards() { writer_.SyncDueGuards(options_.clock->MonotonicUs()); }

 private:
  struct Job {
    std::vector<LedgerAppend> group;
    std::function<void(AppendResult)> done;
  };

  const SimulatedEventLogOptions options_;
  const std::unique_ptr<LogRows> rows_;
  LogWriter writer_;
  const LogReader reader_;
  std::optional<Job> job_;
};

}  // namespace meritbook::sim

#endif  // MERITBOOK_TESTS_SIM_SIMULATED_EVENT_LOG_H_
