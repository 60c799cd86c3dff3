#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "cli/audit/merkle.h"
#include "cli/audit/merkle_proof.h"
#include "tests/cli/audit_proof_kit.h"

namespace meritbook::audit {
namespace {

Hash RootOf(const std::vector<std::string>& entries) {
  CompactRange range;
  for (const std::string& entry : entries) range.Append(HashLeaf(entry));
  return range.Root();
}

// Those of the reference implementation of Certificate Transparency.
TEST(AuditMerkle, KnownRootsOfSmallTrees) {
  std::vector<std::string> entries;
  for (const char* hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"}) {
    entries.push_back(absl::HexStringToBytes(hex));
  }
  const std::pair<size_t, std::string> known[] = {
      {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
      {2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
      {3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
      {7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
      {8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};
  for (const auto& [size, root] : known) {
    EXPECT_EQ(Hex(RootOf({entries.begin(), entries.begin() + static_cast<long>(size)})), root)
        << size;
  }
}

TEST(AuditMerkle, KnownRootsOfNumbers) {
  EXPECT_EQ(Hex(RootOf(Numbers(1000))),
            "638afa98022925bacfddadb15ef22fd0199c1ac99c2973b6158243d13fce05c2");
  EXPECT_EQ(Hex(RootOf(Numbers(65537))),
            "dc8795a25fd4bd52a0b84f639fd3139ba160824023d188e428eb5db0f3ce221a");
}

TEST(AuditMerkle, ARangeHasTheRootByDefinitionAtEverySize) {
  const auto entries = Numbers(300);
  const NaiveTree tree(entries);
  CompactRange range;
  for (uint64_t size = 0; size <= 300; ++size) {
    ASSERT_EQ(range.size(), size);
    ASSERT_EQ(Hex(range.Root()), Hex(tree.Mth(0, size))) << size;
    ASSERT_EQ(range.subtrees().size(), static_cast<size_t>(std::popcount(size)));
    if (size < 300) range.Append(HashLeaf(entries[size]));
  }
}

// Every proof that is one hash away from a good one.
std::vector<std::vector<Hash>> Broken(const std::vector<Hash>& proof) {
  std::vector<std::vector<Hash>> broken;
  for (size_t i = 0; i < proof.size(); ++i) {
    broken.push_back(proof);
    broken.back()[i][i % 32] ^= 0x10;
    broken.push_back(proof);
    broken.back().erase(broken.back().begin() + static_cast<long>(i));
    if (i == 0) continue;
    broken.push_back(proof);
    std::swap(broken.back()[i - 1], broken.back()[i]);
  }
  for (size_t i = 0; i <= proof.size(); ++i) {
    broken.push_back(proof);
    broken.back().insert(broken.back().begin() + static_cast<long>(i), Hash{});
  }
  return broken;
}

TEST(AuditMerkleProof, InclusionAtEveryPlaceOfEverySize) {
  const NaiveTree tree(Numbers(70));
  for (uint64_t size = 1; size <= tree.size(); ++size) {
    const TreeHead head{size, tree.Mth(0, size)};
    for (uint64_t index = 0; index < size; ++index) {
      const auto path = tree.Path(index, 0, size);
      ASSERT_TRUE(VerifyInclusion(index, tree.leaf(index), head, path).ok())
          << index << "/" << size;
      for (const auto& broken : Broken(path)) {
        ASSERT_FALSE(VerifyInclusion(index, tree.leaf(index), head, broken).ok())
            << index << "/" << size;
      }
      const uint64_t other = (index + 1) % size;
      if (size == 1) continue;
      ASSERT_FALSE(VerifyInclusion(index, tree.leaf(other), head, path).ok());
      ASSERT_FALSE(VerifyInclusion(other, tree.leaf(index), head, path).ok());
    }
    EXPECT_FALSE(VerifyInclusion(size, tree.leaf(0), head, {}).ok());
  }
  EXPECT_FALSE(VerifyInclusion(0, tree.leaf(0), {0, EmptyTreeRoot()}, {}).ok());
}

TEST(AuditMerkleProof, ConsistencyBetweenEverySizes) {
  const NaiveTree tree(Numbers(70));
  for (uint64_t size = 1; size <= tree.size(); ++size) {
    const TreeHead now{size, tree.Mth(0, size)};
    for (uint64_t old_size = 1; old_size <= size; ++old_size) {
      const TreeHead before{old_size, tree.Mth(0, old_size)};
      const auto proof = tree.Consistency(old_size, size);
      ASSERT_TRUE(VerifyConsistency(before, now, proof).ok()) << old_size << "/" << size;
      for (const auto& broken : Broken(proof)) {
        ASSERT_FALSE(VerifyConsistency(before, now, broken).ok()) << old_size << "/" << size;
      }
      ASSERT_FALSE(VerifyConsistency({old_size, tree.leaf(69)}, now, proof).ok());
      ASSERT_FALSE(VerifyConsistency(before, {size, tree.leaf(69)}, proof).ok());
    }
  }
}

// The hashes are right, but for a tree of another height than the one that is claimed.
TEST(AuditMerkleProof, OfAnotherHeight) {
  const NaiveTree tree(Numbers(8));
  const auto head = [&tree](uint64_t claimed, uint64_t size) {
    return TreeHead{claimed, tree.Mth(0, size)};
  };
  EXPECT_TRUE(VerifyInclusion(3, tree.leaf(3), head(4, 4), tree.Path(3, 0, 4)).ok());
  EXPECT_FALSE(VerifyInclusion(3, tree.leaf(3), head(8, 4), tree.Path(3, 0, 4)).ok());
  EXPECT_FALSE(VerifyInclusion(3, tree.leaf(7), head(4, 8), tree.Path(7, 0, 8)).ok());
  EXPECT_TRUE(VerifyConsistency(head(7, 7), head(8, 8), tree.Consistency(7, 8)).ok());
  EXPECT_FALSE(VerifyConsistency(head(3, 7), head(4, 8), tree.Consistency(7, 8)).ok());
  EXPECT_FALSE(VerifyConsistency(head(3, 3), head(8, 4), tree.Consistency(3, 4)).ok());
}

TEST(AuditMerkleProof, ConsistencyAtTheEnds) {
  const NaiveTree tree(Numbers(8));
  const TreeHead empty{0, EmptyTreeRoot()};
  const TreeHead three{3, tree.Mth(0, 3)};
  const TreeHead eight{8, tree.Root()};
  EXPECT_TRUE(VerifyConsistency(empty, empty, {}).ok());
  EXPECT_TRUE(VerifyConsistency(empty, eight, {}).ok());
  EXPECT_FALSE(VerifyConsistency(empty, eight, {eight.root}).ok());
  EXPECT_FALSE(VerifyConsistency({0, eight.root}, eight, {}).ok());
  EXPECT_FALSE(VerifyConsistency(three, eight, {}).ok());
  EXPECT_FALSE(VerifyConsistency(eight, three, {}).ok());
  EXPECT_FALSE(VerifyConsistency(eight, {8, three.root}, {}).ok());
}

}  // namespace
}  // namespace meritbook::audit
