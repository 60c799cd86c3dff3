#include "storage/backup.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

#include "ledger/check.h"
#include "ledger/text.h"
#include "rocksdb/utilities/backup_engine.h"
#include "storage/log_database.h"
#include "storage/rocks_glue.h"
#include "storage/rocks_log_rows.h"
#include "storage/table_check.h"

namespace meritbook {
namespace {

// So that commands notice little: a disk does several times as much.
constexpr uint64_t kCopyBytesPerSecondMax = 64 << 20;
constexpr uint64_t kProgressBytes = 1 << 20;

rocksdb::BackupEngineOptions EngineOptions(const std::string& path, rocksdb::Logger* logger) {
  // To open a backup RocksDB needs whole paths.
  rocksdb::BackupEngineOptions options(std::filesystem::absolute(path).string());
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  options.sync = true;
  options.info_log = logger;
  options.backup_rate_limit = kCopyBytesPerSecondMax;
  options.callback_trigger_interval_size = kProgressBytes;
  return options;
}

// Tells how much was read through it, and stops when it is told to.
class CountedRows final : public LogRows {
 public:
  CountedRows(const LogRows& rows, std::function<bool(uint64_t)> count)
      : rows_(rows), count_(std::move(count)) {}

  absl::Status Write(const std::vector<LogRow>&) override {
    return absl::UnimplementedError("a backup is not written to");
  }
  std::unique_ptr<LogCursor> NewCursor(CursorRange range) const override {
    return std::make_unique<Cursor>(rows_.NewCursor(std::move(range)), count_);
  }
  std::vector<std::string> Divisions() const override { return rows_.Divisions(); }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::Status Close() override { return absl::OkStatus(); }

 private:
  class Cursor final : public LogCursor {
   public:
    Cursor(std::unique_ptr<LogCursor> cursor, const std::function<bool(uint64_t)>& count)
        : cursor_(std::move(cursor)), count_(count) {}
    void Seek(std::string_view key) override { cursor_->Seek(key); }
    void SeekForPrev(std::string_view key) override { cursor_->SeekForPrev(key); }
    void Next() override {
      stopped_ = !count_(cursor_->key().size() + cursor_->value().size());
      cursor_->Next();
    }
    bool Valid() const override { return !stopped_ && cursor_->Valid(); }
    std::string_view key() const override { return cursor_->key(); }
    std::string_view value() const override { return cursor_->value(); }
    absl::Status status() const override {
      if (stopped_) return absl::CancelledError("the backup was stopped");
      return cursor_->status();
    }

   private:
    const std::unique_ptr<LogCursor> cursor_;
    const std::function<bool(uint64_t)>& count_;
    bool stopped_ = false;
  };

  const LogRows& rows_;
  const std::function<bool(uint64_t)> count_;
};

// Files' checksums, then the log itself: all that opening it would check.
absl::StatusOr<LedgerTails> CheckCopy(const rocksdb::BackupEngineReadOnlyBase& engine, uint32_t id,
                                      const RocksGround& ground,
                                      const std::function<bool(uint64_t)>& count) {
  const std::string where = Text("backup ", id);
  if (absl::Status s = FromRocks(engine.VerifyBackup(id, true), where); !s.ok()) return s;
  rocksdb::BackupInfo info;
  if (absl::Status s = FromRocks(engine.GetBackupInfo(id, &info, true), where); !s.ok()) return s;
  auto database = OpenBackedUpLog(info.name_for_open, *info.env_for_open, ground);
  if (!database.ok()) return database.status();
  const RocksLogRows rows(*std::move(database));
  return CheckRecords(CountedRows(rows, count), 1);
}

absl::Status CompareWithMark(const BackupMark& mark, const LedgerTails& found) {
  for (const auto& [name, tail] : mark.ledgers) {
    const auto at = found.find(name);
    const uint64_t size = at == found.end() ? 0 : at->second.size;
    if (size == tail.size && (size == 0 || at->second.last_hash == tail.last_hash)) continue;
    return absl::DataLossError(Text("backup ", mark.id, ": ledger '", name, "' holds ", size,
                                    " events, or others than the ", tail.size,
                                    " that were verified when it was made"));
  }
  if (found.size() == mark.ledgers.size()) return absl::OkStatus();
  return absl::DataLossError(Text("backup ", mark.id, " holds ledgers that its mark doesn't name"));
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> OpenForReading(
    const std::string& folder, rocksdb::Logger* logger) {
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  const rocksdb::IOStatus status = rocksdb::BackupEngineReadOnly::Open(
      EngineOptions(folder, logger), TableCheckingEnv(nullptr), &opened);
  if (!status.ok()) return FromRocks(status, Text("the backups in ", folder, " can't be read"));
  return std::unique_ptr<rocksdb::BackupEngineReadOnly>(opened);
}

// Files and their bytes of all backups of an engine.
using Files = std::map<std::string, uint64_t>;

Files FilesOf(const rocksdb::BackupInfo& info) {
  Files files;
  for (const rocksdb::BackupFileInfo& file : info.file_details) {
    files[file.relative_filename] = file.size;
  }
  return files;
}

absl::Status SyncFiles(Disk& disk, const std::string& folder) {
  const absl::StatusOr<std::vector<std::string>> names = disk.List(folder);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    const auto file = disk.Open(Text(folder, "/", name), OpenMode::kReadWrite);
    if (!file.ok()) return file.status();
    if (absl::Status s = (*file)->SyncData(); !s.ok()) return s;
  }
  return disk.SyncFolder(folder);
}

}  // namespace

struct BackupFolder::Parts {
  std::string path;
  std::shared_ptr<rocksdb::Logger> logger;
  OpenFile lock;
  std::unique_ptr<rocksdb::BackupEngine> engine;
  std::map<std::string, uint64_t> durable = {};
  Files earlier_files = {};
  uint32_t id = 0;  // of the copy that has no mark yet; 0: none
};

BackupFolder::BackupFolder(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

BackupFolder::~BackupFolder() {
  if (parts_->id != 0) (void)parts_->engine->DeleteBackup(parts_->id);  // else at the next Open
}

absl::StatusOr<std::unique_ptr<BackupFolder>> BackupFolder::Open(std::string path, Warn warn) {
  Disk& disk = MachineDisk();
  if (absl::Status s = disk.MakeFolders(path); !s.ok()) return s;
  absl::StatusOr<OpenFile> lock = LockFile(path + "/backup.lock");
  if (absl::IsUnavailable(lock.status())) return absl::AbortedError(lock.status().message());
  if (!lock.ok()) return lock.status();
  const absl::StatusOr<std::vector<uint32_t>> marked = ListBackupIds(disk, path);
  if (!marked.ok()) return marked.status();

  auto parts = std::make_unique<Parts>();
  parts->logger = NewWarningLogger(std::move(warn));
  parts->lock = *std::move(lock);
  rocksdb::BackupEngine* engine = nullptr;
  if (absl::Status s =
          FromRocks(rocksdb::BackupEngine::Open(EngineOptions(path, parts->logger.get()),
                                                TableCheckingEnv(nullptr), &engine),
                    Text("the folder of backups ", path));
      !s.ok()) {
    return s;
  }
  parts->engine.reset(engine);
  parts->path = std::move(path);

  // What was cut off while it was made.
  std::vector<rocksdb::BackupInfo> infos;
  engine->GetBackupInfo(&infos, true);
  for (const rocksdb::BackupInfo& info : infos) {
    if (std::find(marked->begin(), marked->end(), info.backup_id) != marked->end()) {
      parts->earlier_files.merge(FilesOf(info));
      continue;
    }
    if (absl::Status s = FromRocks(engine->DeleteBackup(info.backup_id), "deleting half a backup");
        !s.ok()) {
      return s;
    }
  }
  // Not `new` in make_unique: the constructor is private.
  return std::unique_ptr<BackupFolder>(new BackupFolder(std::move(parts)));
}

absl::Status BackupFolder::Copy(rocksdb::DB& log, std::map<std::string, uint64_t> durable,
                                const BackupProgress& progress) {
  Parts& p = *parts_;
  MB_CHECK(p.id == 0);
  p.durable = std::move(durable);
  uint64_t table_bytes = 0;
  log.GetIntProperty(rocksdb::DB::Properties::kTotalSstFilesSize, &table_bytes);
  std::atomic<uint64_t> copied_bytes = 0;
  std::atomic<bool> stopped = false;
  rocksdb::CreateBackupOptions options;
  options.flush_before_backup = true;  // or the write-ahead log is copied whole, each time
  options.progress_callback = [&] {
    const uint64_t done = copied_bytes += kProgressBytes;
    if (progress(done, 3 * std::max(done, table_bytes)) || stopped.exchange(true)) return;
    p.engine->StopBackup();
  };
  const rocksdb::IOStatus status = p.engine->CreateNewBackup(options, &log, &p.id);
  if (stopped) return absl::CancelledError("the backup was stopped");
  return FromRocks(status, "copying the log");
}

absl::StatusOr<BackupMark> BackupFolder::Verify(int64_t made_us, const BackupProgress& progress) {
  Parts& p = *parts_;
  MB_CHECK(p.id != 0);
  absl::StatusOr<BackupMark> mark = ReadBack(made_us, progress);
  if (!mark.ok()) return mark;
  if (absl::Status s = WriteBackupMark(MachineDisk(), p.path, *mark); !s.ok()) return s;
  p.id = 0;
  return mark;
}

absl::StatusOr<BackupMark> BackupFolder::ReadBack(int64_t made_us, const BackupProgress& progress) {
  const Parts& p = *parts_;
  rocksdb::BackupInfo info;
  if (absl::Status s = FromRocks(p.engine->GetBackupInfo(p.id, &info, true), "reading the backup");
      !s.ok()) {
    return s;
  }
  BackupMark mark{.id = p.id, .made_us = made_us, .bytes = info.size};
  for (const auto& [name, bytes] : FilesOf(info)) {
    if (!p.earlier_files.contains(name)) mark.new_bytes += bytes;
  }
  if (!progress(mark.bytes, 3 * mark.bytes)) return absl::CancelledError("the backup was stopped");
  std::atomic<uint64_t> row_bytes = 0;
  auto tails = CheckCopy(*p.engine, p.id, {.logger = p.logger}, [&](uint64_t bytes) {
    const uint64_t done = row_bytes += bytes;
    if (done % kProgressBytes >= bytes) return true;
    return progress(2 * mark.bytes + std::min(done, mark.bytes), 3 * mark.bytes);
  });
  if (!tails.ok()) return tails.status();
  for (const auto& [name, size] : p.durable) {
    const auto found = tails->find(name);
    const uint64_t copied = found == tails->end() ? 0 : found->second.size;
    if (copied >= size) continue;
    return absl::DataLossError(Text("ledger '", name, "': the copy holds ", copied, " events, but ",
                                    size, " were durable before it was made"));
  }
  mark.ledgers = *std::move(tails);
  const absl::StatusOr<Hash> list_hash = HashOfFileList(MachineDisk(), p.path, p.id);
  if (!list_hash.ok()) return list_hash.status();
  mark.list_hash = *list_hash;
  (void)progress(3 * mark.bytes, 3 * mark.bytes);
  return mark;
}

absl::Status BackupFolder::KeepNewest(uint32_t keep) {
  const absl::StatusOr<std::vector<uint32_t>> ids = ListBackupIds(MachineDisk(), parts_->path);
  if (!ids.ok()) return ids.status();
  for (size_t i = 0; i + keep < ids->size(); ++i) {
    const uint32_t id = (*ids)[i];
    // The mark first: what has none is deleted later, should this be cut off.
    if (absl::Status s = RemoveBackupMark(MachineDisk(), parts_->path, id); !s.ok()) return s;
    if (absl::Status s = FromRocks(parts_->engine->DeleteBackup(id), Text("removing backup ", id));
        !s.ok()) {
      return s;
    }
  }
  return absl::OkStatus();
}

absl::Status CheckBackup(const std::string& folder, const BackupMark& mark, const Warn& warn) {
  const auto logger = NewWarningLogger(warn);
  const auto engine = OpenForReading(folder, logger.get());
  if (!engine.ok()) return engine.status();
  const auto tails =
      CheckCopy(**engine, mark.id, {.logger = logger}, [](uint64_t) { return true; });
  if (!tails.ok()) return tails.status();
  return CompareWithMark(mark, *tails);
}

absl::Status CopyBackup(const std::string& folder, uint32_t id, const std::string& log,
                        const Warn& warn) {
  const auto logger = NewWarningLogger(warn);
  const auto engine = OpenForReading(folder, logger.get());
  if (!engine.ok()) return engine.status();
  if (absl::Status s = MachineDisk().MakeFolders(log); !s.ok()) return s;
  if (absl::Status s =
          FromRocks((*engine)->RestoreDBFromBackup(id, log, log), Text("copying backup ", id));
      !s.ok()) {
    return s;
  }
  return SyncFiles(MachineDisk(), log);
}

}  // namespace meritbook
