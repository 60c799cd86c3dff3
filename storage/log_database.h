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

namespace meritbook {

// Makes an empty log at `path`, durable, in one step: a crash leaves all of it or nothing.
absl::Status CreateLogDatabase(const std::string& path, std::shared_ptr<rocksdb::Logger> logger);

// Both replay the write-ahead log; opening for writing then also rewrites it as a table and deletes
// it. A damaged log must therefore be refused before it is opened for writing.
absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenLogForReading(
    const std::string& path, std::shared_ptr<rocksdb::Logger> logger);
absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenLogForWriting(
    const std::string& path, std::shared_ptr<rocksdb::Logger> logger);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_DATABASE_H_
