// Owns: the check of the whole log at opening, and what is known of a log that passed.
// Promises: Ok means that every record of every ledger verifies, that records follow each other
//           from sequence 0 by number and by hash, that nothing else is among the rows, and that
//           nothing a guard has seen is missing. An error names ledger and sequence.
// Thread: one caller; CheckLog hashes on several threads of its own if it is told to.
#ifndef MERITBOOK_STORAGE_LOG_CHECK_H_
#define MERITBOOK_STORAGE_LOG_CHECK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/batch_record.h"
#include "storage/disk.h"
#include "storage/guard.h"
#include "storage/log_marks.h"
#include "storage/log_rows.h"
#include "storage/warn.h"

namespace meritbook {

using Guards = std::map<std::string, Guard, std::less<>>;

// Where a ledger of the log ends.
struct LedgerTail {
  uint64_t size = 0;
  Hash last_hash = {};      // FirstPreviousHash if empty
  uint64_t last_epoch = 0;  // of the last record's writer; 0 if empty
  WriterStamp writer = {};  // of the writer row: the newest who may write
  LogMarks marks = {};
};

using LedgerTails = std::map<std::string, LedgerTail, std::less<>>;

// All guards of the folder; none if it isn't there.
absl::StatusOr<Guards> OpenGuards(Disk& disk, const std::string& folder, const Warn& warn);

// `rows` in at most `threads_max` threads.
absl::StatusOr<LedgerTails> CheckLog(const LogRows& rows, const Guards& guards,
                                     unsigned threads_max);

// The same without guards, for a copy of the log, which has none.
absl::StatusOr<LedgerTails> CheckRecords(const LogRows& rows, unsigned threads_max);

// Ok if the rows end as `tails` say: for opening them a second time, after CheckLog.
absl::Status CheckTails(const LogRows& rows, const LedgerTails& tails);

// A log that was checked, ready to be written.
struct OpenedLog {
  LedgerTails tails;
  Guards guards;  // of each ledger of `tails`, at its tail
};

// Brings guards that a kill left behind to their ledgers' tails, durably. What lies beyond them was
// never answered, but it is durable now.
absl::StatusOr<OpenedLog> SettleGuards(LedgerTails tails, Guards guards);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_CHECK_H_
