// Owns: the check of the whole log at opening.
// Promises: Ok means that every record of every ledger verifies, that records follow each other
//           from sequence 0 by number and by hash, that nothing else is in the database, and that
//           nothing a guard has seen is missing. An error names ledger and sequence.
// Thread: one caller; it hashes on several threads of its own.
#ifndef MERITBOOK_STORAGE_LOG_CHECK_H_
#define MERITBOOK_STORAGE_LOG_CHECK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "storage/batch_record.h"
#include "storage/guard.h"

namespace meritbook {

using Guards = std::map<std::string, Guard, std::less<>>;

// Where a ledger of the log ends.
struct LedgerTail {
  uint64_t size = 0;
  Hash last_hash = {};      // FirstPreviousHash if empty
  uint64_t last_epoch = 0;  // of the last record's writer; 0 if empty
  WriterStamp writer = {};  // of the writer row: the newest who may write
};

using LedgerTails = std::map<std::string, LedgerTail, std::less<>>;

absl::StatusOr<LedgerTails> CheckLog(rocksdb::DB& database, const Guards& guards);

// Ok if the database ends as `tails` say: for opening it a second time, after CheckLog.
absl::Status CheckTails(rocksdb::DB& database, const LedgerTails& tails);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_CHECK_H_
