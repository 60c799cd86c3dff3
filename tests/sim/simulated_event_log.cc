#include "tests/sim/simulated_event_log.h"

#include "ledger/check.h"

namespace meritbook::sim {

absl::StatusOr<std::shared_ptr<SimulatedEventLog>> SimulatedEventLog::Open(
    const SimulatedEventLogOptions& options) {
  SimulatedDisk& disk = *options.disk;
  if (absl::Status s = disk.MakeFolders(options.dir); !s.ok()) return s;
  const auto open = [&](bool for_writing) {
    return SimulatedLogRows::Open(disk, options.dir, options.habits, for_writing);
  };
  absl::StatusOr<LogOpening> opening =
      OpenLog({.disk = &disk,
               .dir = options.dir,
               .create = [&] { return SimulatedLogRows::Create(disk, options.dir); },
               .open_for_reading = [&] { return open(false); },
               .open_for_writing = [&] { return open(true); },
               .threads_max = 1,
               .warn = options.warn});
  if (!opening.ok()) return opening.status();
  return std::make_shared<SimulatedEventLog>(options, *std::move(opening));
}

SimulatedEventLog::SimulatedEventLog(const SimulatedEventLogOptions& options, LogOpening opening)
    : options_(options),
      rows_(std::move(opening.rows)),
      writer_({.rows = rows_.get(),
               .disk = options_.disk,
               .guard_folder = GuardFolder(options_.dir),
               .nonce = options_.nonce,
               .warn = options_.warn},
              std::move(opening.log)),
      reader_(rows_.get(), &writer_, options_.warn) {}

absl::StatusOr<uint64_t> SimulatedEventLog::AcquireWriter(const std::vector<std::string>& ledgers) {
  if (job_) RunJob();  // as the real one: an append in flight is finished first
  return writer_.Acquire(ledgers);
}

void SimulatedEventLog::Append(std::vector<LedgerAppend> group,
                               std::function<void(AppendResult)> done) {
  CheckAppendGroup(group);
  MB_CHECK(!job_);
  job_ = {.group = std::move(group), .done = std::move(done)};
}

void SimulatedEventLog::RunJob() {
  MB_CHECK(job_);
  const Job job = *std::exchange(job_, std::nullopt);
  const AppendResult result = writer_.Write(job.group, options_.clock->MonotonicUs());
  options_.on_written(result);
  job.done(result);
}

absl::StatusOr<EventRun> SimulatedEventLog::Read(std::string_view ledger, uint64_t from,
                                                 size_t max_events, size_t max_bytes) const {
  return reader_.Read(
      {.ledger = ledger, .from = from, .max_events = max_events, .max_bytes = max_bytes});
}

absl::Status SimulatedEventLog::CheckWritable() const {
  if (absl::Status s = Damage(); !s.ok()) return s;
  return CheckRoom(*options_.disk, options_.dir, options_.free_bytes_floor);
}

absl::Status SimulatedEventLog::Close() {
  MB_CHECK(!job_);
  if (absl::Status s = writer_.Close(); !s.ok()) return s;
  return rows_->Close();
}

}  // namespace meritbook::sim
