// Owns: the verification of inclusion and consistency proofs.
// Promises: the iterative algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2; a proof with one
// hash too many or too few is refused. Thread: any.
#ifndef MERITBOOK_CLI_AUDIT_MERKLE_PROOF_H_
#define MERITBOOK_CLI_AUDIT_MERKLE_PROOF_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "cli/audit/merkle.h"

namespace meritbook::audit {

// A tree as a checkpoint states it.
struct TreeHead {
  uint64_t size = 0;
  Hash root = {};

  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

// The leaf with this index is in the tree. The proof goes from the leaf's sibling upwards.
absl::Status VerifyInclusion(uint64_t index, const Hash& leaf, const TreeHead& tree,
                             const std::vector<Hash>& proof);

// The tree `now` begins with all leaves of `before`, in their order.
absl::Status VerifyConsistency(const TreeHead& before, const TreeHead& now,
                               const std::vector<Hash>& proof);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_MERKLE_PROOF_H_
