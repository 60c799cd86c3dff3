#include "storage/log_database.h"

#include <filesystem>
#include <utility>

#include "ledger/text.h"
#include "rocksdb/table.h"
#include "storage/disk.h"
#include "storage/rocks_glue.h"
#include "storage/table_check.h"
#include "storage/wal_check.h"

namespace meritbook {
namespace {

// Two of them may wait to be flushed when the floor of free space is reached.
constexpr size_t kWriteBufferBytes = 32 << 20;
constexpr size_t kTableFileBytes = 64 << 20;

rocksdb::Options LogOptions(const RocksGround& ground) {
  rocksdb::Options options = CommonRocksOptions(ground);
  // It stops at the first thing broken; OpenReadOnly sees whether that was the end. (No setting
  // of RocksDB's own finds all damage, which is why there are guards as well.)
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.track_and_verify_wals_in_manifest = true;
  options.write_buffer_size = kWriteBufferBytes;
  options.max_write_buffer_number = 3;
  options.target_file_size_base = kTableFileBytes;
  options.max_bytes_for_level_base = 8 * kTableFileBytes;
  options.allow_concurrent_memtable_write = false;  // one writer

  rocksdb::BlockBasedTableOptions table;
  table.checksum = kTableChecksum;
  table.format_version = kTableFormatVersion;
  table.no_block_cache = true;  // the reader keeps decoded records instead
  table.block_size = 64 << 10;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenReadOnly(const std::string& path,
                                                          const rocksdb::Options& options) {
  const absl::StatusOr<WalGroups> groups = FindWalGroups(*options.env->GetFileSystem(), path);
  if (!groups.ok()) return groups.status();
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, path, &opened);
  if (!status.ok()) return FromRocks(status, Text("the log ", path, " does not open"));
  std::unique_ptr<rocksdb::DB> database(opened);
  const uint64_t rows_end = database->GetLatestSequenceNumber() + 1;
  if (rows_end >= groups->rows_end) return database;
  return absl::DataLossError(Text("the log ", path, " is damaged: its write-ahead log has whole ",
                                  "groups up to row ", groups->rows_end, ", but is broken before, ",
                                  "after row ", rows_end, ": see ", groups->broken));
}

}  // namespace

absl::Status CreateLogDatabase(const std::string& path, const RocksGround& ground) {
  Disk& disk = MachineDisk();
  const std::string unfinished = path + ".new";
  if (absl::Status s = disk.RemoveTree(unfinished); !s.ok()) return s;
  if (absl::Status s = disk.MakeFolders(unfinished); !s.ok()) return s;
  rocksdb::Options options = LogOptions(ground);
  options.create_if_missing = true;
  options.error_if_exists = true;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, unfinished, &opened);
  if (!status.ok()) return FromRocks(status, unfinished);
  const std::unique_ptr<rocksdb::DB> database(opened);
  if (absl::Status s = FromRocks(database->Close(), unfinished); !s.ok()) return s;
  if (absl::Status s = disk.SyncFolder(unfinished); !s.ok()) return s;
  if (absl::Status s = disk.Rename(unfinished, path); !s.ok()) return s;
  return disk.SyncFolder(std::filesystem::path(path).parent_path());
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenLogForReading(const std::string& path,
                                                               const RocksGround& ground) {
  return OpenReadOnly(path, LogOptions(ground));
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenBackedUpLog(const std::string& path,
                                                             rocksdb::Env& env,
                                                             const RocksGround& ground) {
  rocksdb::Options options = LogOptions(ground);
  options.env = &env;
  return OpenReadOnly(path, options);
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenLogForWriting(const std::string& path,
                                                               const RocksGround& ground) {
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(LogOptions(ground), path, &opened);
  if (!status.ok()) return FromRocks(status, Text("the log ", path, " does not open"));
  return std::unique_ptr<rocksdb::DB>(opened);
}

}  // namespace meritbook
