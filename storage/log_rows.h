// Owns: the contract of what a log is kept in: rows in the order of their keys, written by batches.
// Promises: all that the log's rules (writer, check at opening, reader) need of a database, so that
//           they run unchanged on RocksDB and on the simulated disk.
// Thread: Write from one at a time; the const methods from any, also during a Write.
#ifndef MERITBOOK_STORAGE_LOG_ROWS_H_
#define MERITBOOK_STORAGE_LOG_ROWS_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace meritbook {

struct LogRow {
  std::string key;
  std::string value;
};

// Walks over rows; sees what was written before it was made.
class LogCursor {
 public:
  virtual ~LogCursor();

  // To the first row at or after `key`, or the last one at or before it.
  virtual void Seek(std::string_view key) = 0;
  virtual void SeekForPrev(std::string_view key) = 0;
  virtual void Next() = 0;  // only where Valid

  // False at the end, and after an error: see status.
  virtual bool Valid() const = 0;
  // Good until the cursor moves.
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  // kDataLoss for damage that was seen, kUnavailable for a disk that fails.
  virtual absl::Status status() const = 0;
};

struct CursorRange {
  std::optional<std::string> end = {};  // key; none: to the last row
  bool reads_all = false;               // from front to back: read ahead
  bool from_disk = false;               // past every cache, as far as that is possible
};

class LogRows {
 public:
  virtual ~LogRows();

  // All rows or none, on disk before it returns. After an error nobody knows which.
  virtual absl::Status Write(const std::vector<LogRow>& rows) = 0;

  virtual std::unique_ptr<LogCursor> NewCursor(CursorRange range) const = 0;

  // Keys, ascending, that divide the rows into parts of like size for several threads; may be
  // empty.
  virtual std::vector<std::string> Divisions() const = 0;

  // Moves rows that are only in a journal to where cursors read them from the disk.
  virtual absl::Status Flush() = 0;

  // Leaves the rows so that they open fast. Nothing but destruction may follow.
  virtual absl::Status Close() = 0;
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_ROWS_H_
