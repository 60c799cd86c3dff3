// Owns: what both databases need of RocksDB: its errors as absl::Status, its warnings as a call.
// Promises: RocksDB's info log never touches a disk (on a full one Debian's build aborts logging).
// Thread: any.
#ifndef MERITBOOK_STORAGE_ROCKS_GLUE_H_
#define MERITBOOK_STORAGE_ROCKS_GLUE_H_

#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "rocksdb/env.h"
#include "rocksdb/options.h"
#include "rocksdb/status.h"
#include "storage/warn.h"

namespace meritbook {

// Corruption and missing files are kDataLoss, a full disk is kResourceExhausted, a failing one
// kUnavailable; `where` opens the message.
absl::Status FromRocks(const rocksdb::Status& status, std::string_view where);

std::shared_ptr<rocksdb::Logger> NewWarningLogger(Warn warn);

// What a database of ours runs on.
struct RocksGround {
  std::shared_ptr<rocksdb::Logger> logger;
  std::shared_ptr<rocksdb::FileSystem> file_system = nullptr;  // null for the machine's
};

// What log and state have in common.
rocksdb::Options CommonRocksOptions(const RocksGround& ground);

inline std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_ROCKS_GLUE_H_
