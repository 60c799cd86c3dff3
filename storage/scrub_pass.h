// Owns: one pass of verification over all that a log has when the pass begins.
// Promises: done means that every event of every ledger was read again from the disk and verified.
// Thread: one.
#ifndef MERITBOOK_STORAGE_SCRUB_PASS_H_
#define MERITBOOK_STORAGE_SCRUB_PASS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/event_log.h"

namespace meritbook {

class ScrubPass {
 public:
  explicit ScrubPass(const EventLog& log);

  bool done() const { return ledger_ == ledgers_.size(); }

  // Verifies the next part, about `bytes_max` bytes; returns how many. After an error the same part
  // is the next one. `log` may be another object over the same log than before.
  absl::StatusOr<uint64_t> Next(const EventLog& log, size_t bytes_max);

  uint64_t events_verified() const { return events_before_ + sequence_; }
  uint64_t events_total() const { return events_total_; }

 private:
  struct LedgerToDo {
    std::string id;
    uint64_t size = 0;
  };

  std::vector<LedgerToDo> ledgers_;
  uint64_t events_total_ = 0;
  size_t ledger_ = 0;           // the one under way
  uint64_t sequence_ = 0;       // in it
  uint64_t events_before_ = 0;  // of the ledgers before it
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_SCRUB_PASS_H_
