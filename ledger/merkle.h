// Owns: the Merkle tree of RFC 6962 over a ledger's events: its root, its proofs, their checking.
// Promises: exactly the hashes and proofs of RFC 6962 §2.1, for every size; a proof that isn't one
//           is refused, whatever it holds.
// Thread: any; a CompactRange one at a time.
#ifndef MERITBOOK_LEDGER_MERKLE_H_
#define MERITBOOK_LEDGER_MERKLE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ledger/sha256.h"

namespace meritbook {

// SHA-256(0x00 ‖ entry), SHA-256(0x01 ‖ left ‖ right), SHA-256("").
Hash LeafHash(std::string_view entry);
Hash NodeHash(const Hash& left, const Hash& right);
Hash EmptyRoot();

// What is needed of a tree to add leaves to it: the hashes of its complete subtrees.
class CompactRange {
 public:
  CompactRange() = default;
  // `hashes` as hashes() gave them at this size.
  static absl::StatusOr<CompactRange> From(uint64_t size, std::vector<Hash> hashes);

  void Append(const Hash& leaf);

  uint64_t size() const { return size_; }
  // One for each bit that is set in size(), the largest subtree first.
  const std::vector<Hash>& hashes() const { return hashes_; }
  Hash Root() const;

 private:
  uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

// The hash of the complete subtree of 2^level leaves that begins at leaf index << level. It lies
// within the tree that is asked about.
using SubtreeHashes = absl::FunctionRef<absl::StatusOr<Hash>(int level, uint64_t index)>;

absl::StatusOr<Hash> RootOf(uint64_t size, SubtreeHashes subtrees);

// The leaf's sibling first, the root's child last. kInvalidArgument unless index < size.
absl::StatusOr<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size,
                                                 SubtreeHashes subtrees);
// Empty if the old size is 0 or the new one. kInvalidArgument unless old_size <= new_size.
absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t old_size, uint64_t new_size,
                                                   SubtreeHashes subtrees);

// kInvalidArgument, saying what is wrong, unless the proof proves it.
absl::Status VerifyInclusion(uint64_t index, uint64_t size, const Hash& leaf,
                             absl::Span<const Hash> proof, const Hash& root);
absl::Status VerifyConsistency(uint64_t old_size, const Hash& old_root, uint64_t new_size,
                               const Hash& new_root, absl::Span<const Hash> proof);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_MERKLE_H_
