// Owns: the keys of the log database (grammar in storage/FORMAT.md).
// Promises: keys sort by ledger, the writer row of a ledger first, then its records by sequence.
// Thread: any.
#ifndef MERITBOOK_STORAGE_LOG_KEY_H_
#define MERITBOOK_STORAGE_LOG_KEY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace meritbook {

std::string WriterRowKey(std::string_view ledger);
std::string RecordKey(std::string_view ledger, uint64_t first_sequence);

// The first key after all of this ledger's.
std::string LedgerKeysEnd(std::string_view ledger);

struct LogKey {
  std::string_view ledger;                 // into the decoded bytes
  std::optional<uint64_t> first_sequence;  // none: the writer row
};

// kDataLoss for what is no key of the log.
absl::StatusOr<LogKey> DecodeLogKey(std::string_view key);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_KEY_H_
