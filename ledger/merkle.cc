#include "ledger/merkle.h"

#include <bit>
#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr std::string_view kLeafPrefix("\x00", 1);
constexpr std::string_view kNodePrefix("\x01", 1);

// Where a tree of more than one leaf is divided: its left part is complete.
uint64_t LeftLeaves(uint64_t leaves) { return std::bit_floor(leaves - 1); }

// Hashes of subtrees that follow each other, each complete and larger than all behind it.
Hash Fold(absl::Span<const Hash> hashes) {
  MB_CHECK(!hashes.empty());
  Hash root = hashes.back();
  for (size_t i = hashes.size() - 1; i-- > 0;) root = NodeHash(hashes[i], root);
  return root;
}

// Of the leaves from `begin` on; begin is a multiple of a power of two that is at least `leaves`.
absl::StatusOr<Hash> RangeHash(uint64_t begin, uint64_t leaves, SubtreeHashes subtrees) {
  std::vector<Hash> hashes;
  while (leaves > 0) {
    const uint64_t complete = std::bit_floor(leaves);
    const int level = std::countr_zero(complete);
    absl::StatusOr<Hash> hash = subtrees(level, begin >> level);
    if (!hash.ok()) return hash.status();
    hashes.push_back(*hash);
    begin += complete;
    leaves -= complete;
  }
  return Fold(hashes);
}

// A step down a tree: which part is left aside, for a proof to name.
struct Step {
  uint64_t begin;   // of the part left aside
  uint64_t leaves;  // of it
  bool is_left;
};

// From the root down to a leaf.
std::vector<Step> StepsToLeaf(uint64_t index, uint64_t size) {
  std::vector<Step> steps;
  uint64_t begin = 0;
  while (size > 1) {
    const uint64_t left = LeftLeaves(size);
    if (index < left) {
      steps.push_back({begin + left, size - left, false});
      size = left;
    } else {
      steps.push_back({begin, left, true});
      begin += left;
      index -= left;
      size -= left;
    }
  }
  return steps;
}

// From the new tree's root down to the last subtree that the old tree has too.
struct Descent {
  std::vector<Step> steps = {};
  uint64_t begin = 0;   // of that subtree
  uint64_t leaves = 0;  // of it; all of the old tree if it begins at 0
};

Descent DescentTo(uint64_t old_size, uint64_t new_size) {
  Descent descent{.leaves = new_size};
  while (old_size < descent.leaves) {
    const uint64_t left = LeftLeaves(descent.leaves);
    if (old_size <= left) {
      descent.steps.push_back({descent.begin + left, descent.leaves - left, false});
      descent.leaves = left;
    } else {
      descent.steps.push_back({descent.begin, left, true});
      descent.begin += left;
      descent.leaves -= left;
      old_size -= left;
    }
  }
  return descent;
}

// Appends the hashes of what the steps left aside, the last step first.
absl::Status AppendUpwards(const std::vector<Step>& steps, SubtreeHashes subtrees,
                           std::vector<Hash>& proof) {
  for (size_t i = steps.size(); i-- > 0;) {
    absl::StatusOr<Hash> hash = RangeHash(steps[i].begin, steps[i].leaves, subtrees);
    if (!hash.ok()) return hash.status();
    proof.push_back(*hash);
  }
  return absl::OkStatus();
}

absl::Status WrongCount(std::string_view what, size_t got, size_t want) {
  return absl::InvalidArgumentError(Text(what, " has ", got, " hashes, want ", want));
}

}  // namespace

Hash LeafHash(std::string_view entry) {
  Sha256Stream stream;
  stream.Update(kLeafPrefix);
  stream.Update(entry);
  return stream.Finish();
}

Hash NodeHash(const Hash& left, const Hash& right) {
  Sha256Stream stream;
  stream.Update(kNodePrefix);
  stream.Update(AsBytes(left));
  stream.Update(AsBytes(right));
  return stream.Finish();
}

Hash EmptyRoot() { return Sha256(""); }

absl::StatusOr<CompactRange> CompactRange::From(uint64_t size, std::vector<Hash> hashes) {
  const auto want = static_cast<size_t>(std::popcount(size));
  if (hashes.size() != want) {
    return WrongCount(Text("a tree of ", size, " leaves"), hashes.size(), want);
  }
  CompactRange range;
  range.size_ = size;
  range.hashes_ = std::move(hashes);
  return range;
}

void CompactRange::Append(const Hash& leaf) {
  Hash hash = leaf;
  for (uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    hash = NodeHash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  ++size_;
}

Hash CompactRange::Root() const { return size_ == 0 ? EmptyRoot() : Fold(hashes_); }

absl::StatusOr<Hash> RootOf(uint64_t size, SubtreeHashes subtrees) {
  if (size == 0) return EmptyRoot();
  return RangeHash(0, size, subtrees);
}

absl::StatusOr<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size,
                                                 SubtreeHashes subtrees) {
  if (index >= size) {
    return absl::InvalidArgumentError(Text("a tree of ", size, " leaves has no leaf ", index));
  }
  std::vector<Hash> proof;
  const std::vector<Step> steps = StepsToLeaf(index, size);
  if (absl::Status s = AppendUpwards(steps, subtrees, proof); !s.ok()) return s;
  return proof;
}

absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t old_size, uint64_t new_size,
                                                   SubtreeHashes subtrees) {
  if (old_size > new_size) {
    return absl::InvalidArgumentError(Text("a tree of ", new_size, " leaves never had ", old_size));
  }
  std::vector<Hash> proof;
  if (old_size == 0 || old_size == new_size) return proof;
  const Descent descent = DescentTo(old_size, new_size);
  if (descent.begin != 0) {
    absl::StatusOr<Hash> shared = RangeHash(descent.begin, descent.leaves, subtrees);
    if (!shared.ok()) return shared.status();
    proof.push_back(*shared);
  }
  if (absl::Status s = AppendUpwards(descent.steps, subtrees, proof); !s.ok()) return s;
  return proof;
}

absl::Status VerifyInclusion(uint64_t index, uint64_t size, const Hash& leaf,
                             absl::Span<const Hash> proof, const Hash& root) {
  if (index >= size) {
    return absl::InvalidArgumentError(Text("a tree of ", size, " leaves has no leaf ", index));
  }
  const std::vector<Step> steps = StepsToLeaf(index, size);
  if (proof.size() != steps.size()) {
    return WrongCount("the inclusion proof", proof.size(), steps.size());
  }
  Hash hash = leaf;
  for (size_t i = 0; i < proof.size(); ++i) {
    const Step& step = steps[steps.size() - 1 - i];
    hash = step.is_left ? NodeHash(proof[i], hash) : NodeHash(hash, proof[i]);
  }
  if (hash != root) {
    return absl::InvalidArgumentError(
        Text("the inclusion proof of leaf ", index, " leads to another root"));
  }
  return absl::OkStatus();
}

absl::Status VerifyConsistency(uint64_t old_size, const Hash& old_root, uint64_t new_size,
                               const Hash& new_root, absl::Span<const Hash> proof) {
  if (old_size > new_size) {
    return absl::InvalidArgumentError(Text("a tree of ", new_size, " leaves never had ", old_size));
  }
  if (old_size == 0 || old_size == new_size) {
    if (!proof.empty()) return WrongCount("the consistency proof", proof.size(), 0);
    if (old_root != (old_size == 0 ? EmptyRoot() : new_root)) {
      return absl::InvalidArgumentError(Text("the roots at size ", old_size, " differ"));
    }
    return absl::OkStatus();
  }
  const Descent descent = DescentTo(old_size, new_size);
  const size_t shared = descent.begin != 0 ? 1 : 0;
  if (proof.size() != shared + descent.steps.size()) {
    return WrongCount("the consistency proof", proof.size(), shared + descent.steps.size());
  }
  Hash of_old = shared != 0 ? proof[0] : old_root;
  Hash of_new = of_old;
  for (size_t i = shared; i < proof.size(); ++i) {
    const Step& step = descent.steps[descent.steps.size() - 1 - (i - shared)];
    if (step.is_left) {
      of_old = NodeHash(proof[i], of_old);
      of_new = NodeHash(proof[i], of_new);
    } else {
      of_new = NodeHash(of_new, proof[i]);
    }
  }
  if (of_old != old_root) {
    return absl::InvalidArgumentError(
        Text("the consistency proof leads to another root at size ", old_size));
  }
  if (of_new != new_root) {
    return absl::InvalidArgumentError(
        Text("the consistency proof leads to another root at size ", new_size));
  }
  return absl::OkStatus();
}

}  // namespace meritbook
