#include "storage/log_database.h"

#include <filesystem>
#include <utility>

#include "ledger/text.h"
#include "rocksdb/table.h"
#include "storage/disk.h"
#include "storage/rocks_glue.h"
#include "storage/table_check.h"

namespace meritbook {
namespace {

// Two of them may wait to be flushed when the floor of free space is reached.
constexpr size_t kWriteBufferBytes = 32 << 20;
constexpr size_t kTableFileBytes = 64 << 20;

rocksdb::Options LogOptions(std::shared_ptr<rocksdb::Logger> logger) {
  rocksdb::Options options = CommonRocksOptions(std::move(logger));
  // A torn tail is what a kill leaves; anything else is damage. Neither setting finds all of it
  // (7 of 220 flipped bits opened "OK" with rows missing), which is why there are guards.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
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

}  // namespace

absl::Status CreateLogDatabase(const std::string& path, std::shared_ptr<rocksdb::Logger> logger) {
  const std::string unfinished = path + ".new";
  if (absl::Status s = RemoveTree(unfinished); !s.ok()) return s;
  if (absl::Status s = MakeFolders(unfinished); !s.ok()) return s;
  rocksdb::Options options = LogOptions(std::move(logger));
  options.create_if_missing = true;
  options.error_if_exists = true;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, unfinished, &opened);
  if (!status.ok()) return FromRocks(status, unfinished);
  const std::unique_ptr<rocksdb::DB> database(opened);
  if (absl::Status s = FromRocks(database->Close(), unfinished); !s.ok()) return s;
  if (absl::Status s = SyncFolder(unfinished); !s.ok()) return s;
  if (absl::Status s = RenamePath(unfinished, path); !s.ok()) return s;
  return SyncFolder(std::filesystem::path(path).parent_path());
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenLogForReading(
    const std::string& path, std::shared_ptr<rocksdb::Logger> logger) {
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::OpenForReadOnly(LogOptions(std::move(logger)), path, &opened);
  if (!status.ok()) return FromRocks(status, Text("the log ", path, " does not open"));
  return std::unique_ptr<rocksdb::DB>(opened);
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenLogForWriting(
    const std::string& path, std::shared_ptr<rocksdb::Logger> logger) {
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(LogOptions(std::move(logger)), path, &opened);
  if (!status.ok()) return FromRocks(status, Text("the log ", path, " does not open"));
  return std::unique_ptr<rocksdb::DB>(opened);
}

}  // namespace meritbook
