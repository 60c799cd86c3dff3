#include "storage/rocks_event_log.h"

#include <openssl/rand.h>

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"
#include "storage/backup.h"
#include "storage/log_database.h"
#include "storage/log_opening.h"
#include "storage/log_reader.h"
#include "storage/log_thread.h"
#include "storage/log_writer.h"
#include "storage/rocks_glue.h"
#include "storage/rocks_log_rows.h"

namespace meritbook {
namespace {

constexpr unsigned kCheckThreadsMax = 4;

uint64_t RandomNonce() {
  uint64_t nonce = 0;
  MB_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&nonce), sizeof(nonce)) == 1);
  return nonce;
}

class RocksEventLog final : public EventLog {
 public:
  RocksEventLog(RocksEventLogOptions options, OpenFile lock, LogOpening opening)
      : options_(std::move(options)),
        lock_(std::move(lock)),
        rows_(std::move(opening.rows)),
        writer_({.rows = rows_.get(),
                 .disk = options_.disk,
                 .guard_folder = GuardFolder(options_.dir),
                 .nonce = RandomNonce,
                 .warn = options_.warn},
                std::move(opening.log)),
        reader_(rows_.get(), &writer_, options_.warn),
        thread_(&writer_) {}

  absl::StatusOr<uint64_t> AcquireWriter(const std::vector<std::string>& ledgers) override {
    return thread_.Acquire(ledgers);
  }

  void Append(std::vector<LedgerAppend> group, std::function<void(AppendResult)> done) override {
    thread_.Append(std::move(group), std::move(done));
  }

  absl::StatusOr<EventRun> Read(std::string_view ledger, uint64_t from, size_t max_events,
                                size_t max_bytes) const override {
    return reader_.Read(
        {.ledger = ledger, .from = from, .max_events = max_events, .max_bytes = max_bytes});
  }

  absl::StatusOr<Verified> Verify(std::string_view ledger, uint64_t from,
                                  size_t bytes_max) const override {
    return reader_.Verify(ledger, from, bytes_max);
  }

  absl::Status PrepareVerify() const override {
    return CheckWritable().ok() ? rows_->Flush() : absl::OkStatus();
  }

  absl::Status Damage() const override { return reader_.Damage(); }

  uint64_t Size(std::string_view ledger) const override { return writer_.SizeOf(ledger); }

  std::vector<std::string> Ledgers() const override { return writer_.Ledgers(); }

  absl::Status CheckWritable() const override {
    if (absl::Status s = Damage(); !s.ok()) return s;
    return CheckRoom(*options_.disk, options_.dir, options_.free_bytes_floor);
  }

  absl::Status BackUp(BackupFolder& folder, const BackupProgress& progress) const override {
    std::map<std::string, uint64_t> durable;
    for (std::string& name : writer_.Ledgers()) {
      const uint64_t size = writer_.SizeOf(name);
      durable.emplace(std::move(name), size);
    }
    // OpenRocksEventLog made them.
    const auto& rows = static_cast<const RocksLogRows&>(*rows_);
    return folder.Copy(rows.database(), std::move(durable), progress);
  }

  absl::Status Close() override {
    MB_CHECK(!closed_);
    closed_ = true;
    thread_.Stop();
    if (absl::Status s = writer_.Close(); !s.ok()) return s;
    return rows_->Close();
  }

 private:
  const RocksEventLogOptions options_;
  const OpenFile lock_;
  const std::unique_ptr<LogRows> rows_;
  LogWriter writer_;
  const LogReader reader_;
  LogThread thread_;  // ends before what it uses
  bool closed_ = false;
};

using OpenDatabase = absl::StatusOr<std::unique_ptr<rocksdb::DB>> (*)(const std::string&,
                                                                      const RocksGround&);

}  // namespace

absl::StatusOr<std::unique_ptr<EventLog>> OpenRocksEventLog(RocksEventLogOptions options) {
  const std::string log = options.dir + "/log";
  const RocksGround ground{.logger = NewWarningLogger(options.warn),
                           .file_system = options.file_system};
  if (absl::Status s = options.disk->MakeFolders(options.dir); !s.ok()) return s;
  absl::StatusOr<OpenFile> lock = LockFile(options.dir + "/log.lock");
  if (!lock.ok()) return lock.status();
  const auto opens = [&](OpenDatabase open) {
    return [&log, &ground, open]() -> absl::StatusOr<std::unique_ptr<LogRows>> {
      absl::StatusOr<std::unique_ptr<rocksdb::DB>> database = open(log, ground);
      if (!database.ok()) return database.status();
      return std::make_unique<RocksLogRows>(*std::move(database));
    };
  };
  absl::StatusOr<LogOpening> opening =
      OpenLog({.disk = options.disk,
               .dir = options.dir,
               .create = [&] { return CreateLogDatabase(log, ground); },
               .open_for_reading = opens(OpenLogForReading),
               .open_for_writing = opens(OpenLogForWriting),
               .threads_max = std::clamp(std::thread::hardware_concurrency(), 1u, kCheckThreadsMax),
               .warn = options.warn});
  if (!opening.ok()) return opening.status();
  return std::make_unique<RocksEventLog>(std::move(options), *std::move(lock), *std::move(opening));
}

}  // namespace meritbook
