#include "storage/rocks_event_log.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "ledger/check.h"
#include "ledger/text.h"
#include "storage/disk.h"
#include "storage/log_check.h"
#include "storage/log_database.h"
#include "storage/log_reader.h"
#include "storage/rocks_glue.h"
#include "storage/rocks_log_writer.h"

namespace meritbook {
namespace {

class RocksEventLog : public EventLog {
 public:
  RocksEventLog(RocksEventLogOptions options, OpenFile lock, std::unique_ptr<rocksdb::DB> database,
                std::string guard_folder, const LedgerTails& tails, Guards guards)
      : options_(std::move(options)),
        lock_(std::move(lock)),
        database_(std::move(database)),
        reader_(database_.get()),
        writer_(database_.get(), std::move(guard_folder), tails, std::move(guards), options_.warn) {
  }

  absl::StatusOr<uint64_t> AcquireWriter(const std::vector<std::string>& ledgers) override {
    return writer_.Acquire(ledgers);
  }

  void Append(std::vector<LedgerAppend> group, std::function<void(AppendResult)> done) override {
    writer_.Append(std::move(group), std::move(done));
  }

  absl::StatusOr<EventRun> Read(std::string_view ledger, uint64_t from, size_t max_events,
                                size_t max_bytes) const override {
    return reader_.Read({.ledger = ledger,
                         .from = from,
                         .end = writer_.SizeOf(ledger),
                         .max_events = max_events,
                         .max_bytes = max_bytes});
  }

  uint64_t Size(std::string_view ledger) const override { return writer_.SizeOf(ledger); }

  std::vector<std::string> Ledgers() const override { return writer_.Ledgers(); }

  absl::Status CheckSpace() const override {
    const absl::StatusOr<uint64_t> free_bytes = FreeBytes(options_.dir);
    if (!free_bytes.ok()) return free_bytes.status();
    if (*free_bytes >= options_.free_bytes_floor) return absl::OkStatus();
    return absl::ResourceExhaustedError(Text(options_.dir, ": ", *free_bytes,
                                             " bytes free, below the floor of ",
                                             options_.free_bytes_floor));
  }

  absl::Status Close() override {
    MB_CHECK(!closed_);
    closed_ = true;
    if (absl::Status s = writer_.Close(); !s.ok()) return s;
    // As a table, the newest records needn't be replayed at the next start.
    if (absl::Status s = FromRocks(database_->Flush(rocksdb::FlushOptions()), options_.dir);
        !s.ok()) {
      return s;
    }
    return FromRocks(database_->Close(), options_.dir);
  }

 private:
  const RocksEventLogOptions options_;
  const OpenFile lock_;
  const std::unique_ptr<rocksdb::DB> database_;
  const LogReader reader_;
  RocksLogWriter writer_;
  bool closed_ = false;
};

absl::StatusOr<Guards> OpenGuards(const std::string& folder, const Warn& warn) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  Guards guards;
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (name.ends_with("~")) continue;  // Guard::Create was cut off; it will start again
    absl::StatusOr<Guard> guard = Guard::Open(folder, name);
    if (!guard.ok()) return guard.status();
    if (guard->was_torn() && warn) {
      warn(Text("the guard ", guard->path(), " was torn; its older slot is used"));
    }
    guards.emplace(name, *std::move(guard));
  }
  if (error) return absl::ErrnoToStatus(error.value(), Text("reading ", folder));
  return guards;
}

// Makes what a new store needs, in an order in which a crash at any point leaves a store that
// opens: the empty log, then the guards' folder. So guards without a log are always damage.
absl::Status MakeMissing(const std::string& log, const std::string& guard_folder,
                         const std::shared_ptr<rocksdb::Logger>& logger) {
  const absl::StatusOr<bool> has_log = PathExists(log);
  if (!has_log.ok()) return has_log.status();
  const absl::StatusOr<bool> has_guards = PathExists(guard_folder);
  if (!has_guards.ok()) return has_guards.status();
  if (*has_log) return absl::OkStatus();
  if (*has_guards) {
    return absl::DataLossError(
        Text("there are guards in ", guard_folder, ", but the log ", log, " is missing"));
  }
  return CreateLogDatabase(log, logger);
}

}  // namespace

absl::StatusOr<std::unique_ptr<EventLog>> OpenRocksEventLog(RocksEventLogOptions options) {
  const std::string log = options.dir + "/log";
  const std::string guard_folder = options.dir + "/guard";
  const std::shared_ptr<rocksdb::Logger> logger = NewWarningLogger(options.warn);
  if (absl::Status s = MakeFolders(options.dir); !s.ok()) return s;
  absl::StatusOr<OpenFile> lock = LockFile(options.dir + "/log.lock");
  if (!lock.ok()) return lock.status();
  if (absl::Status s = MakeMissing(log, guard_folder, logger); !s.ok()) return s;

  Guards guards;
  const absl::StatusOr<bool> has_guards = PathExists(guard_folder);
  if (!has_guards.ok()) return has_guards.status();
  if (*has_guards) {
    absl::StatusOr<Guards> opened = OpenGuards(guard_folder, options.warn);
    if (!opened.ok()) return opened.status();
    guards = *std::move(opened);
  }

  LedgerTails tails;
  {
    const absl::StatusOr<std::unique_ptr<rocksdb::DB>> reading = OpenLogForReading(log, logger);
    if (!reading.ok()) return reading.status();
    absl::StatusOr<LedgerTails> checked = CheckLog(**reading, guards);
    if (!checked.ok()) {
      return absl::Status(checked.status().code(),
                          Text("the log ", log, " is refused: ", MessageOf(checked.status())));
    }
    tails = *std::move(checked);
  }
  absl::StatusOr<std::unique_ptr<rocksdb::DB>> database = OpenLogForWriting(log, logger);
  if (!database.ok()) return database.status();
  if (absl::Status s = CheckTails(**database, tails); !s.ok()) return s;

  if (!*has_guards) {
    if (absl::Status s = MakeFolders(guard_folder); !s.ok()) return s;
    if (absl::Status s = SyncFolder(options.dir); !s.ok()) return s;
  }
  // A kill between log and guard leaves guards behind. What lies beyond them was never answered,
  // but it is durable now: opening for writing has made it a table.
  for (const auto& [name, tail] : tails) {
    Guard& guard = guards.find(name)->second;
    const GuardMark mark{.size = tail.size, .last_hash = tail.last_hash, .epoch = tail.last_epoch};
    if (guard.mark() != mark) {
      if (absl::Status s = guard.Write(mark); !s.ok()) return s;
    }
    if (absl::Status s = guard.Settle(); !s.ok()) return s;
  }
  return std::make_unique<RocksEventLog>(std::move(options), *std::move(lock), *std::move(database),
                                         guard_folder, tails, std::move(guards));
}

}  // namespace meritbook
