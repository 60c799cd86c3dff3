#include "cli/audit/merkle_proof.h"

#include <bit>

#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

// Where a node stands in its level, and where the level's last node does.
struct Place {
  uint64_t node;
  uint64_t last;

  void Up() {
    node >>= 1;
    last >>= 1;
  }
  // The node is a right child, or has no sibling and stands for its parent.
  bool TakesFromLeft() const { return node % 2 == 1 || node == last; }
  // Skips the levels in which the last node has no sibling.
  void UpToRightChild() {
    while (node % 2 == 0 && node != 0) Up();
  }
};

absl::Status Wrong(std::string_view what) { return absl::DataLossError(AbslView(what)); }

absl::Status TooLong() { return Wrong("the proof has more hashes than the tree has levels"); }
absl::Status TooShort() { return Wrong("the proof has fewer hashes than it needs"); }

absl::Status VerifyTrivialConsistency(const TreeHead& before, const TreeHead& now,
                                      const std::vector<Hash>& proof) {
  if (!proof.empty()) return Wrong("between these two sizes the proof has to be empty");
  if (before.size == 0 && before.root != EmptyTreeRoot()) {
    return Wrong("the empty tree has another root than the one given");
  }
  if (before.size == now.size && before.root != now.root) {
    return Wrong(Text("two trees of size ", now.size, " have different roots"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyInclusion(uint64_t index, const Hash& leaf, const TreeHead& tree,
                             const std::vector<Hash>& proof) {
  if (index >= tree.size) {
    return Wrong(Text("a tree of size ", tree.size, " has no leaf ", index));
  }
  Place place{index, tree.size - 1};
  Hash root = leaf;
  for (const Hash& sibling : proof) {
    if (place.last == 0) return TooLong();
    if (place.TakesFromLeft()) {
      root = HashNode(sibling, root);
      place.UpToRightChild();
    } else {
      root = HashNode(root, sibling);
    }
    place.Up();
  }
  if (place.last != 0) return TooShort();
  if (root != tree.root) return Wrong("the proof leads to another root than that of the tree");
  return absl::OkStatus();
}

absl::Status VerifyConsistency(const TreeHead& before, const TreeHead& now,
                               const std::vector<Hash>& proof) {
  if (before.size > now.size) {
    return Wrong(Text("a tree of size ", now.size, " can't begin with one of size ", before.size));
  }
  if (before.size == 0 || before.size == now.size) {
    return VerifyTrivialConsistency(before, now, proof);
  }
  if (proof.empty()) return TooShort();
  // A complete tree is a node of the larger one; its hash is known and left out of the proof.
  const bool complete = std::has_single_bit(before.size);
  Hash old_root = complete ? before.root : proof.front();
  Hash new_root = old_root;
  Place place{before.size - 1, now.size - 1};
  while (place.node % 2 == 1) place.Up();
  for (size_t i = complete ? 0 : 1; i < proof.size(); ++i) {
    if (place.last == 0) return TooLong();
    if (place.TakesFromLeft()) {
      old_root = HashNode(proof[i], old_root);
      new_root = HashNode(proof[i], new_root);
      place.UpToRightChild();
    } else {
      new_root = HashNode(new_root, proof[i]);
    }
    place.Up();
  }
  if (place.last != 0) return TooShort();
  if (old_root != before.root) return Wrong("the proof leads to another root for the older tree");
  if (new_root != now.root) return Wrong("the proof leads to another root for the newer tree");
  return absl::OkStatus();
}

}  // namespace meritbook::audit
