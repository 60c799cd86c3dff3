// Owns: cutting a ledger of a copied log off at the end of a command, and giving it a new writer.
// Promises: what is kept are the same events; the first records after it name what was kept.
// Thread: one; nobody else uses the log.
#ifndef MERITBOOK_STORAGE_LOG_CUT_H_
#define MERITBOOK_STORAGE_LOG_CUT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/log_check.h"
#include "storage/rocks_log_rows.h"

namespace meritbook {

// Writers' epochs go up by one with each start of a server. A restored log's first one is the next
// multiple of this, so that it is above any that the log it was copied from has come to since.
inline constexpr uint64_t kEpochsOfOneLog = uint64_t{1} << 20;

// Keeps `tail`'s first `size` events and stamps the ledger with `writer`; returns the new tail.
// kFailedPrecondition if `size` is no end of a command, naming the nearest two, or too large.
absl::StatusOr<LedgerTail> CutLedger(RocksLogRows& rows, const std::string& ledger,
                                     const LedgerTail& tail, uint64_t size,
                                     const WriterStamp& writer);

// The hash of the record that ends at `size`; none if no record ends there.
absl::StatusOr<std::optional<Hash>> HashOfRecordEnd(const LogRows& rows, const std::string& ledger,
                                                    uint64_t size);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_CUT_H_
