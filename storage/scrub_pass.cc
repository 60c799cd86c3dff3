#include "storage/scrub_pass.h"

#include <algorithm>

namespace meritbook {

ScrubPass::ScrubPass(const EventLog& log) {
  for (std::string& id : log.Ledgers()) {
    const uint64_t size = log.Size(id);
    if (size == 0) continue;
    events_total_ += size;
    ledgers_.push_back({.id = std::move(id), .size = size});
  }
}

absl::StatusOr<uint64_t> ScrubPass::Next(const EventLog& log, size_t bytes_max) {
  if (done()) return 0;
  const LedgerToDo& ledger = ledgers_[ledger_];
  const absl::StatusOr<Verified> verified = log.Verify(ledger.id, sequence_, bytes_max);
  if (!verified.ok()) return verified.status();
  // A log that was opened again may end earlier: its last write was never answered.
  const bool ended = verified->end == sequence_ || verified->end >= ledger.size;
  sequence_ = std::min(verified->end, ledger.size);
  if (ended) {
    events_before_ += ledger.size;
    sequence_ = 0;
    ++ledger_;
  }
  return verified->bytes;
}

}  // namespace meritbook
