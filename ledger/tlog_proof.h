// Owns: the text of a proof that an entry is in a log (c2sp.org/tlog-proof@v1).
// Promises: the checkpoint stays byte for byte; what ParseTlogProof accepts, FormatTlogProof writes
//           back. Neither verifies anything.
// Thread: any.
#ifndef MERITBOOK_LEDGER_TLOG_PROOF_H_
#define MERITBOOK_LEDGER_TLOG_PROOF_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/sha256.h"

namespace meritbook {

inline constexpr size_t kTlogProofBytesMax = 2 << 20;
inline constexpr size_t kProofHashesMax = 63;  // a tree of 2^63 - 1 leaves has no longer proof

struct TlogProof {
  std::string extra;  // opaque, signed by nobody; empty if there is none
  uint64_t index = 0;
  std::vector<Hash> hashes;  // from the leaf's sibling up
  std::string checkpoint;    // a signed note
};

// The index is at most kTreeSizeMax, the hashes at most kProofHashesMax, and the whole at most
// kTlogProofBytesMax (CHECK).
std::string FormatTlogProof(const TlogProof& proof);

// Refuses also what is no checkpoint below, and an index not below its size.
absl::StatusOr<TlogProof> ParseTlogProof(std::string_view text);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_TLOG_PROOF_H_
