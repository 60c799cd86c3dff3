// Owns: how the log's RocksDB is made and opened.
// Promises: a folder that holds a log was made whole; opening for reading changes no byte of it.
// Thread: one.
#ifndef MERITBOOK_STORAGE_LOG_DATABASE_H_
#define MERITBOOK_STORAGE_LOG_DATABASE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "storage/rocks_glue.h"

namespace meritbook {

// Makes an empty log at `path`, durable, in one step: a crash leaves all of it or nothing.
absl::Status CreateLogDatabase(const std::string& path, const RocksGround& ground);

// Both replay the write-ahead log; opening for writing then also rewrites it as a table and deletes
// it. A damaged log must therefore be refused before it is opened for writing.
absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenLogForReading(const std::string& path,
                                                               const RocksGround& ground);
// A backed-up log: RocksDB finds its files by the backup's own environment, which must outlive it.
// Its write-ahead log is only as long as it was when it was copied, so a group may be cut off.
absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenBackedUpLog(const std::string& path,
                                                             rocksdb::Env& env,
                                                             const RocksGround& ground);
absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenLogForWriting(const std::string& path,
                                                               const RocksGround& ground);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_DATABASE_H_
