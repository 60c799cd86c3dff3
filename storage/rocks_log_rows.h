// Owns: the log's rows in RocksDB.
// Promises: LogRows' contract; a synced WriteBatch for each Write.
// Thread: as LogRows.
#ifndef MERITBOOK_STORAGE_ROCKS_LOG_ROWS_H_
#define MERITBOOK_STORAGE_ROCKS_LOG_ROWS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "rocksdb/db.h"
#include "storage/log_rows.h"

namespace meritbook {

class RocksLogRows final : public LogRows {
 public:
  // Of log_database.h.
  explicit RocksLogRows(std::unique_ptr<rocksdb::DB> database) : database_(std::move(database)) {}

  absl::Status Write(const std::vector<LogRow>& rows) override;
  std::unique_ptr<LogCursor> NewCursor(CursorRange range) const override;
  // Where table files begin.
  std::vector<std::string> Divisions() const override;
  // Makes the newest rows a table.
  absl::Status Flush() override;

  // Makes the newest rows a table, so that they needn't be replayed at the next start.
  absl::Status Close() override;

  rocksdb::DB& database() const { return *database_; }

 private:
  const std::unique_ptr<rocksdb::DB> database_;
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_ROCKS_LOG_ROWS_H_
