// <dir>/state/db       RocksDB; it never sees a write, only files to ingest
// <dir>/state/runs     a file that is being built
// <dir>/state/damaged  exists once damage was found: the next Open wipes
//
// Each write is one table file, which RocksDB syncs and then adds by one synced entry in its
// MANIFEST: that entry is the atomic step. (IngestExternalFile syncs a linked file and its folder
// before that entry: seen on 7.8.3.)
#include "storage/rocks_state_store.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_writer.h"
#include "rocksdb/table.h"
#include "storage/byte_codec.h"
#include "storage/disk.h"
#include "storage/event_log.h"
#include "storage/rocks_glue.h"
#include "storage/table_check.h"

namespace meritbook {
namespace {

// On disk. Never renumber. (Grammar in storage/FORMAT.md.)
constexpr std::string_view kSchemaKey = std::string_view("\0schema", 7);
constexpr char kAppliedRow = '\0';
constexpr char kStateRow = '\1';

// Merging starts at so many sorted runs; writing waits at so many files, on top of full ones.
constexpr int kRunsMergeAt = 8;
constexpr size_t kTableFilesMax = 64;
constexpr size_t kTableFileBytes = 64 << 20;
constexpr std::chrono::milliseconds kMergePoll{5};
constexpr size_t kReadaheadBytes = 4 << 20;

std::string KeyPrefix(std::string_view ledger, char kind) {
  std::string key(ledger);
  key.push_back('\0');
  key.push_back(kind);
  return key;
}

rocksdb::Options StateOptions(const StateStoreOptions& store) {
  rocksdb::Options options = CommonRocksOptions(
      {.logger = NewWarningLogger(store.warn), .file_system = store.file_system});
  options.write_buffer_size = 1 << 20;  // unused
  options.max_background_jobs = 1;
  options.compression = rocksdb::kZSTD;  // 9 bytes a row instead of 16, at no more time
  options.compression_opts.level = 1;
  options.verify_sst_unique_id_in_manifest = false;  // ingested files have none
  // Universal, since keys are spread evenly: levelled merging would rewrite the large run for each
  // few small ones.
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.level0_file_num_compaction_trigger = kRunsMergeAt;
  options.level0_slowdown_writes_trigger = 1 << 20;  // WaitForMerging does it: these would only
  options.level0_stop_writes_trigger = 1 << 20;      // act on the memtable, which is unused
  options.target_file_size_base = kTableFileBytes;
  rocksdb::BlockBasedTableOptions table;
  table.checksum = kTableChecksum;
  table.format_version = kTableFormatVersion;
  table.no_block_cache = true;  // rows are only ever read all together
  table.block_size = 32 << 10;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

class RocksStateStore final : public StateStore {
 public:
  static absl::StatusOr<std::unique_ptr<StateStore>> Open(StateStoreOptions options);

  absl::Status Write(StateWrite write) override;
  uint64_t AppliedSize(std::string_view ledger) const override;
  absl::Status Load(std::string_view ledger,
                    absl::FunctionRef<absl::Status(std::string_view key, std::string_view value)>
                        visit) const override;
  absl::Status Discard(std::string_view ledger) override;

 private:
  class Run;
  using AppliedSizes = std::map<std::string, uint64_t, std::less<>>;

  RocksStateStore(StateStoreOptions options, OpenFile lock);

  absl::Status OpenExisting();
  absl::Status CreateEmpty();
  absl::Status CheckSchema() const;
  absl::StatusOr<AppliedSizes> ReadAppliedSizes() const;
  absl::Status Ingest(Run& run);
  absl::Status WaitForMerging() const;
  absl::Status Failed(absl::Status status) const;
  absl::Status CheckUndamaged() const;

  const StateStoreOptions options_;
  const OpenFile lock_;
  std::unique_ptr<rocksdb::DB> database_;
  uint64_t runs_written_ = 0;  // the writing thread's

  mutable std::mutex mutex_;
  AppliedSizes applied_sizes_;    // guarded by mutex_
  mutable bool damaged_ = false;  // likewise
};

// A table file that is being built.
class RocksStateStore::Run {
 public:
  Run(std::string path, const rocksdb::Options& options)
      : path_(std::move(path)), writer_(rocksdb::EnvOptions(), options) {
    status_ = writer_.Open(path_);
  }
  ~Run() { MachineDisk().RemoveTree(path_).IgnoreError(); }

  // In key order.
  void Put(std::string_view key, std::string_view value) {
    if (status_.ok()) status_ = writer_.Put(Slice(key), Slice(value));
  }
  void Delete(std::string_view key) {
    if (status_.ok()) status_ = writer_.Delete(Slice(key));
  }
  void DeleteRange(std::string_view begin, std::string_view end) {
    if (status_.ok()) status_ = writer_.DeleteRange(Slice(begin), Slice(end));
  }

  rocksdb::Status Finish() {
    if (status_.ok()) status_ = writer_.Finish();
    return status_;
  }
  const std::string& path() const { return path_; }

 private:
  static rocksdb::Slice Slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

  const std::string path_;
  rocksdb::SstFileWriter writer_;
  rocksdb::Status status_;
};

RocksStateStore::RocksStateStore(StateStoreOptions options, OpenFile lock)
    : options_(std::move(options)), lock_(std::move(lock)) {}

absl::StatusOr<std::unique_ptr<StateStore>> RocksStateStore::Open(StateStoreOptions options) {
  if (absl::Status s = MachineDisk().MakeFolders(options.dir); !s.ok()) return s;
  // Without a lock of our own a store that is open elsewhere would look like one that won't open.
  absl::StatusOr<OpenFile> lock = LockFile(options.dir + "/state.lock");
  if (!lock.ok()) return lock.status();
  const std::string folder = options.dir + "/state";
  const std::string wiped = options.dir + "/state.wiped";
  std::unique_ptr<RocksStateStore> store(new RocksStateStore(std::move(options), *std::move(lock)));
  if (absl::Status s = MachineDisk().RemoveTree(wiped); !s.ok()) return s;

  const absl::StatusOr<bool> exists = MachineDisk().Exists(folder);
  if (!exists.ok()) return exists.status();
  if (*exists) {
    const absl::Status opened = store->OpenExisting();
    if (opened.ok()) return store;
    store->database_.reset();
    if (!absl::IsDataLoss(opened) && !absl::IsFailedPrecondition(opened)) return opened;
    if (store->options_.warn) {
      store->options_.warn(
          Text("the state store starts empty and is rebuilt from the log: ", MessageOf(opened)));
    }
    // Renamed first: a store half removed must not be taken for one.
    if (absl::Status s = MachineDisk().Rename(folder, wiped); !s.ok()) return s;
    if (absl::Status s = MachineDisk().RemoveTree(wiped); !s.ok()) return s;
  }
  if (absl::Status s = store->CreateEmpty(); !s.ok()) return s;
  return store;
}

absl::Status RocksStateStore::OpenExisting() {
  const std::string folder = options_.dir + "/state";
  const absl::StatusOr<bool> damaged = MachineDisk().Exists(folder + "/damaged");
  if (!damaged.ok()) return damaged.status();
  if (*damaged) return absl::DataLossError(folder + " was found to be damaged");
  if (absl::Status s = MachineDisk().RemoveTree(folder + "/runs"); !s.ok()) return s;
  if (absl::Status s = MachineDisk().MakeFolders(folder + "/runs"); !s.ok()) return s;

  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(StateOptions(options_), folder + "/db", &opened);
  if (!status.ok()) return FromRocks(status, Text(folder, "/db does not open"));
  database_.reset(opened);
  if (absl::Status s = CheckSchema(); !s.ok()) return s;
  absl::StatusOr<AppliedSizes> applied_sizes = ReadAppliedSizes();
  if (!applied_sizes.ok()) return applied_sizes.status();
  applied_sizes_ = *std::move(applied_sizes);
  return absl::OkStatus();
}

absl::Status RocksStateStore::CreateEmpty() {
  const std::string folder = options_.dir + "/state";
  if (absl::Status s = MachineDisk().MakeFolders(folder + "/runs"); !s.ok()) return s;
  if (absl::Status s = MachineDisk().MakeFolders(folder + "/db"); !s.ok()) return s;
  rocksdb::Options options = StateOptions(options_);
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, folder + "/db", &opened);
  if (!status.ok()) return FromRocks(status, Text(folder, "/db can't be made"));
  database_.reset(opened);
  // Without this row, which comes last, the next Open starts over.
  Run run(folder + "/runs/schema.sst", StateOptions(options_));
  std::string value;
  AppendLittle(value, options_.schema_version);
  run.Put(kSchemaKey, value);
  return Ingest(run);
}

absl::Status RocksStateStore::CheckSchema() const {
  std::string value;
  const rocksdb::Status status = database_->Get(
      rocksdb::ReadOptions(), rocksdb::Slice(kSchemaKey.data(), kSchemaKey.size()), &value);
  const std::string where = Text("the schema row of ", options_.dir, "/state");
  if (!status.ok()) return FromRocks(status, where);
  const std::optional<uint32_t> version = ByteReader(value).TakeLittle<uint32_t>();
  if (!version || value.size() != sizeof(uint32_t)) return absl::DataLossError(where);
  if (*version == options_.schema_version) return absl::OkStatus();
  return absl::FailedPreconditionError(
      Text(options_.dir, "/state is of schema ", *version, ", want ", options_.schema_version));
}

absl::StatusOr<RocksStateStore::AppliedSizes> RocksStateStore::ReadAppliedSizes() const {
  AppliedSizes applied_sizes;
  const std::unique_ptr<rocksdb::Iterator> rows(database_->NewIterator(rocksdb::ReadOptions()));
  std::string next(1, '\1');  // beyond the schema row
  for (rows->Seek(next); rows->Valid(); rows->Seek(next)) {
    const std::string_view key = ToView(rows->key());
    const std::string_view ledger = key.substr(0, key.find('\0'));
    const std::optional<uint64_t> size = ByteReader(ToView(rows->value())).TakeLittle<uint64_t>();
    if (key != KeyPrefix(ledger, kAppliedRow) || !size || rows->value().size() != sizeof(*size)) {
      return absl::DataLossError(
          Text(options_.dir, "/state: ledger '", ledger, "' has rows, but no applied size"));
    }
    applied_sizes.emplace(ledger, *size);
    next = Text(ledger, "\1");
  }
  if (!rows->status().ok()) return FromRocks(rows->status(), options_.dir + "/state");
  return applied_sizes;
}

absl::Status RocksStateStore::Write(StateWrite write) {
  MB_CHECK(CheckLedgerId(write.ledger).ok());
  MB_CHECK(write.applied_size > 0);
  MB_CHECK(write.applied_size >= AppliedSize(write.ledger));
  if (absl::Status s = CheckUndamaged(); !s.ok()) return s;
  const auto by_key = [](const StateRow& a, const StateRow& b) { return a.key < b.key; };
  if (!std::is_sorted(write.rows.begin(), write.rows.end(), by_key)) {
    std::sort(write.rows.begin(), write.rows.end(), by_key);
  }
  const bool keys_differ =
      std::adjacent_find(write.rows.begin(), write.rows.end(), [](const auto& a, const auto& b) {
        return a.key == b.key;
      }) == write.rows.end();
  MB_CHECK(keys_differ);

  Run run(Text(options_.dir, "/state/runs/", ++runs_written_, ".sst"), StateOptions(options_));
  std::string applied_size;
  AppendLittle(applied_size, write.applied_size);
  run.Put(KeyPrefix(write.ledger, kAppliedRow), applied_size);
  std::string key = KeyPrefix(write.ledger, kStateRow);
  const size_t prefix_bytes = key.size();
  for (const StateRow& row : write.rows) {
    key.resize(prefix_bytes);
    key += row.key;
    if (row.value.empty()) {
      run.Delete(key);
    } else {
      run.Put(key, row.value);
    }
  }
  if (absl::Status s = Ingest(run); !s.ok()) return s;
  {
    const std::lock_guard lock(mutex_);
    applied_sizes_[write.ledger] = write.applied_size;
  }
  return WaitForMerging();
}

absl::Status RocksStateStore::Discard(std::string_view ledger) {
  if (absl::Status s = CheckUndamaged(); !s.ok()) return s;
  if (AppliedSize(ledger) == 0) return absl::OkStatus();
  Run run(Text(options_.dir, "/state/runs/", ++runs_written_, ".sst"), StateOptions(options_));
  run.DeleteRange(KeyPrefix(ledger, kAppliedRow), Text(ledger, "\1"));
  if (absl::Status s = Ingest(run); !s.ok()) return s;
  const std::lock_guard lock(mutex_);
  applied_sizes_.erase(applied_sizes_.find(ledger));
  return absl::OkStatus();
}

absl::Status RocksStateStore::Ingest(Run& run) {
  if (const rocksdb::Status status = run.Finish(); !status.ok()) {
    return FromRocks(status, run.path());
  }
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  return Failed(FromRocks(database_->IngestExternalFile({run.path()}, options),
                          Text("adding to ", options_.dir, "/state")));
}

absl::Status RocksStateStore::WaitForMerging() const {
  while (true) {
    rocksdb::ColumnFamilyMetaData files;
    database_->GetColumnFamilyMetaData(&files);
    if (files.file_count <= kTableFilesMax + files.size / kTableFileBytes) return absl::OkStatus();
    uint64_t errors = 0;
    database_->GetIntProperty("rocksdb.background-errors", &errors);
    if (errors > 0) return absl::UnavailableError("merging the state store's files failed");
    std::this_thread::sleep_for(kMergePoll);
  }
}

uint64_t RocksStateStore::AppliedSize(std::string_view ledger) const {
  const std::lock_guard lock(mutex_);
  const auto found = applied_sizes_.find(ledger);
  return found == applied_sizes_.end() ? 0 : found->second;
}

absl::Status RocksStateStore::Load(
    std::string_view ledger,
    absl::FunctionRef<absl::Status(std::string_view, std::string_view)> visit) const {
  if (absl::Status s = CheckUndamaged(); !s.ok()) return s;
  const std::string begin = KeyPrefix(ledger, kStateRow);
  const std::string end = Text(ledger, "\1");
  const rocksdb::Slice upper(end);
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.readahead_size = kReadaheadBytes;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> rows(database_->NewIterator(options));
  for (rows->Seek(begin); rows->Valid(); rows->Next()) {
    const std::string_view key = ToView(rows->key()).substr(begin.size());
    if (absl::Status s = visit(key, ToView(rows->value())); !s.ok()) return s;
  }
  return Failed(FromRocks(rows->status(), Text("state of ledger '", ledger, "'")));
}

absl::Status RocksStateStore::CheckUndamaged() const {
  const std::lock_guard lock(mutex_);
  if (!damaged_) return absl::OkStatus();
  return absl::DataLossError(
      Text(options_.dir, "/state is damaged: open it again, then it starts empty"));
}

// Remembers damage beyond this object's life.
absl::Status RocksStateStore::Failed(absl::Status status) const {
  if (!absl::IsDataLoss(status)) return status;
  const std::lock_guard lock(mutex_);
  damaged_ = true;
  const absl::StatusOr<std::unique_ptr<File>> mark =
      MachineDisk().Open(options_.dir + "/state/damaged", OpenMode::kMakeEmpty);
  if (!mark.ok() && options_.warn) options_.warn(MessageOf(mark.status()));
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<StateStore>> OpenStateStore(StateStoreOptions options) {
  return RocksStateStore::Open(std::move(options));
}

}  // namespace meritbook
