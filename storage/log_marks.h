// Owns: the hashes that some of a ledger's records must have: of one in about 64 kB, as it was
//       verified at opening or written since.
// Promises: whoever follows the chain of records to a mark knows each one on the way to be what was
//           verified then; 40 bytes in memory for 64 kB of log.
// Thread: one.
#ifndef MERITBOOK_STORAGE_LOG_MARKS_H_
#define MERITBOOK_STORAGE_LOG_MARKS_H_

#include <cstddef>
#include <cstdint>
#include <deque>

#include "ledger/sha256.h"

namespace meritbook {

struct LogMark {
  uint64_t sequence = 0;  // where the record ends
  Hash hash = {};         // of that record

  friend bool operator==(const LogMark&, const LogMark&) = default;
};

class LogMarks {
 public:
  // The next record, of so many bytes.
  void Add(const LogMark& record, size_t bytes);
  // Those of the records that follow.
  void Join(LogMarks next);

  // The first mark at or after the sequence; null if there is none.
  const LogMark* At(uint64_t sequence) const;

 private:
  std::deque<LogMark> marks_;  // ascending
  size_t bytes_since_ = 0;     // of records since the last mark
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_MARKS_H_
