// Owns: rows of the state store as bytes, one for each row of a ledger's tables.
// Promises: what is decoded is what was encoded; bytes that can't be a row are refused. A cache's
//           format: free to change with kStateSchemaVersion.
// Thread: any.
#ifndef MERITBOOK_STORAGE_ROW_CODEC_H_
#define MERITBOOK_STORAGE_ROW_CODEC_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "ledger/state.h"

namespace meritbook {

std::string EncodeRow(const State& state, RowRef ref);

// Adds the row at the end of its table; DataLoss if it isn't the next one or refers to rows that
// are not there.
absl::Status DecodeRow(RowRef ref, std::string_view bytes, State& state);

// 16 bytes, big-endian.
std::string KeyBytes(const RequestKey& key);
RequestKey KeyFromBytes(std::string_view bytes);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_ROW_CODEC_H_
