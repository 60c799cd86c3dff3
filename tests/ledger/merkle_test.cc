// The tree of RFC 6962: known roots, and every proof of every size up to 300 against a recursion
// that says what the RFC says.
#include "ledger/merkle.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr uint64_t kSizes = 300;

std::string Hex(const Hash& hash) { return absl::BytesToHexString(std::string(AsBytes(hash))); }

// §2.1, word by word.
struct Naive {
  std::vector<Hash> leaves = {};
  mutable std::map<std::pair<uint64_t, uint64_t>, Hash> roots = {};

  static uint64_t Split(uint64_t n) {
    uint64_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
  }
  Hash Root(uint64_t begin, uint64_t end) const {
    const uint64_t n = end - begin;
    if (n == 0) return Sha256("");
    if (n == 1) return leaves[begin];
    const auto [known, is_new] = roots.try_emplace({begin, end});
    if (!is_new) return known->second;
    const uint64_t k = Split(n);
    std::string node("\x01");
    node.append(AsBytes(Root(begin, begin + k)));
    node.append(AsBytes(Root(begin + k, end)));
    return known->second = Sha256(node);
  }
  std::vector<Hash> Path(uint64_t m, uint64_t begin, uint64_t end) const {
    const uint64_t n = end - begin;
    if (n == 1) return {};
    const uint64_t k = Split(n);
    std::vector<Hash> path = m < k ? Path(m, begin, begin + k) : Path(m - k, begin + k, end);
    path.push_back(m < k ? Root(begin + k, end) : Root(begin, begin + k));
    return path;
  }
  std::vector<Hash> SubProof(uint64_t m, uint64_t begin, uint64_t end, bool whole) const {
    const uint64_t n = end - begin;
    if (m == n) return whole ? std::vector<Hash>{} : std::vector<Hash>{Root(begin, end)};
    const uint64_t k = Split(n);
    std::vector<Hash> proof =
        m <= k ? SubProof(m, begin, begin + k, whole) : SubProof(m - k, begin + k, end, false);
    proof.push_back(m <= k ? Root(begin + k, end) : Root(begin, begin + k));
    return proof;
  }
};

class Merkle : public testing::Test {
 protected:
  static const Naive& Tree() {
    static const Naive tree = [] {
      Naive made;
      for (uint64_t i = 0; i < kSizes; ++i) made.leaves.push_back(LeafHash(Text("entry ", i)));
      return made;
    }();
    return tree;
  }
  // All roots, made once.
  static const Hash& RootAt(uint64_t size) {
    static const std::vector<Hash> roots = [] {
      std::vector<Hash> made;
      for (uint64_t n = 0; n <= kSizes; ++n) made.push_back(Tree().Root(0, n));
      return made;
    }();
    return roots[size];
  }
  // Complete subtrees that end within `size`; another one must not be asked for.
  static auto Within(uint64_t size) {
    return [size](int level, uint64_t index) -> absl::StatusOr<Hash> {
      const uint64_t begin = index << level;
      const uint64_t end = (index + 1) << level;
      EXPECT_LE(end, size);
      return Tree().Root(begin, end);
    };
  }
};

TEST_F(Merkle, KnownRoots) {
  const std::vector<std::string> entries = {"",
                                            "00",
                                            "10",
                                            "2021",
                                            "3031",
                                            "40414243",
                                            "5051525354555657",
                                            "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::pair<uint64_t, std::string>> roots = {
      {1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
      {2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
      {3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
      {7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
      {8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};
  CompactRange range;
  EXPECT_EQ(Hex(range.Root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (const std::string& entry : entries) {
    range.Append(LeafHash(absl::HexStringToBytes(entry)));
    for (const auto& [size, root] : roots) {
      if (size == range.size()) {
        EXPECT_EQ(Hex(range.Root()), root) << size;
      }
    }
  }
}

TEST_F(Merkle, KnownRootsOfNumbers) {
  CompactRange range;
  for (uint64_t i = 0; i < 65'537; ++i) {
    if (i == 1'000) {
      EXPECT_EQ(Hex(range.Root()),
                "638afa98022925bacfddadb15ef22fd0199c1ac99c2973b6158243d13fce05c2");
    }
    range.Append(LeafHash(Text(i)));
  }
  EXPECT_EQ(Hex(range.Root()), "dc8795a25fd4bd52a0b84f639fd3139ba160824023d188e428eb5db0f3ce221a");
}

TEST_F(Merkle, RootsOfEverySize) {
  CompactRange range;
  for (uint64_t size = 0; size <= kSizes; ++size) {
    EXPECT_EQ(range.Root(), RootAt(size)) << size;
    EXPECT_EQ(RootOf(size, Within(size)).value(), RootAt(size)) << size;
    // Taken up where it was left.
    absl::StatusOr<CompactRange> again = CompactRange::From(size, range.hashes());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->Root(), RootAt(size)) << size;
    if (size == kSizes) break;
    again->Append(Tree().leaves[size]);
    range.Append(Tree().leaves[size]);
    EXPECT_EQ(again->hashes(), range.hashes()) << size;
  }
}

TEST_F(Merkle, ARangeNeedsItsHashes) {
  EXPECT_FALSE(CompactRange::From(0, {Hash{}}).ok());
  EXPECT_FALSE(CompactRange::From(3, {Hash{}}).ok());
  EXPECT_FALSE(CompactRange::From(4, {Hash{}, Hash{}}).ok());
}

TEST_F(Merkle, InclusionProofsOfEverySize) {
  for (uint64_t size = 1; size <= kSizes; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      const auto proof = InclusionProof(index, size, Within(size));
      ASSERT_TRUE(proof.ok());
      ASSERT_EQ(*proof, Tree().Path(index, 0, size)) << index << " of " << size;
      ASSERT_TRUE(VerifyInclusion(index, size, Tree().leaves[index], *proof, RootAt(size)).ok());
    }
    EXPECT_FALSE(InclusionProof(size, size, Within(size)).ok());
  }
}

TEST_F(Merkle, ConsistencyProofsOfEverySize) {
  for (uint64_t size = 0; size <= kSizes; ++size) {
    for (uint64_t old = 0; old <= size; ++old) {
      const auto proof = ConsistencyProof(old, size, Within(size));
      ASSERT_TRUE(proof.ok());
      const std::vector<Hash> want =
          old == 0 ? std::vector<Hash>{} : Tree().SubProof(old, 0, size, true);
      ASSERT_EQ(*proof, want) << old << " " << size;
      ASSERT_TRUE(VerifyConsistency(old, RootAt(old), size, RootAt(size), *proof).ok());
    }
    EXPECT_FALSE(ConsistencyProof(size + 1, size, Within(size)).ok());
  }
}

// Every way of spoiling a proof that keeps its hashes' number, and some that don't.
std::vector<std::vector<Hash>> Spoilt(const std::vector<Hash>& proof) {
  std::vector<std::vector<Hash>> all;
  for (size_t i = 0; i < proof.size(); ++i) {
    all.push_back(proof);
    all.back()[i][i % 32] ^= static_cast<uint8_t>(1 << (i % 8));
    all.push_back(proof);
    all.back().erase(all.back().begin() + static_cast<ptrdiff_t>(i));
    all.push_back(proof);
    all.back().insert(all.back().begin() + static_cast<ptrdiff_t>(i), proof[i]);
    if (i == 0) continue;
    all.push_back(proof);
    std::swap(all.back()[i - 1], all.back()[i]);
  }
  all.push_back(proof);
  all.back().push_back(Hash{});
  return all;
}

TEST_F(Merkle, SpoiltInclusionProofsAreRefused) {
  for (const uint64_t size : {1, 2, 3, 7, 8, 9, 64, 65, 255, 256, 257, 300}) {
    for (uint64_t index = 0; index < size; ++index) {
      const Hash& leaf = Tree().leaves[index];
      const Hash& root = RootAt(size);
      const std::vector<Hash> proof = Tree().Path(index, 0, size);
      for (const std::vector<Hash>& spoilt : Spoilt(proof)) {
        ASSERT_FALSE(VerifyInclusion(index, size, leaf, spoilt, root).ok()) << index << " " << size;
      }
      // A leaf of another place, another root, another size.
      EXPECT_FALSE(VerifyInclusion(index, size, Hash{}, proof, root).ok());
      EXPECT_FALSE(VerifyInclusion(index, size, leaf, proof, Hash{}).ok());
      const uint64_t other = (index + 1) % size;
      EXPECT_EQ(VerifyInclusion(other, size, leaf, proof, root).ok(), size == 1);
      EXPECT_EQ(VerifyInclusion(index, size, Tree().leaves[other], proof, root).ok(), size == 1);
      EXPECT_FALSE(VerifyInclusion(index, index, leaf, proof, root).ok());
    }
  }
  EXPECT_FALSE(VerifyInclusion(0, 0, Hash{}, {}, EmptyRoot()).ok());
}

TEST_F(Merkle, SpoiltConsistencyProofsAreRefused) {
  for (const uint64_t size : {2, 3, 7, 8, 9, 64, 65, 255, 256, 257, 300}) {
    for (uint64_t old = 1; old < size; ++old) {
      const std::vector<Hash> proof = Tree().SubProof(old, 0, size, true);
      for (const std::vector<Hash>& spoilt : Spoilt(proof)) {
        ASSERT_FALSE(VerifyConsistency(old, RootAt(old), size, RootAt(size), spoilt).ok());
      }
      EXPECT_FALSE(VerifyConsistency(old, Hash{}, size, RootAt(size), proof).ok());
      EXPECT_FALSE(VerifyConsistency(old, RootAt(old), size, Hash{}, proof).ok());
      EXPECT_FALSE(VerifyConsistency(old, RootAt(size), size, RootAt(old), proof).ok());
      EXPECT_FALSE(VerifyConsistency(size, RootAt(size), old, RootAt(old), proof).ok());
    }
    EXPECT_FALSE(VerifyConsistency(size, RootAt(size), size, RootAt(size - 1), {}).ok());
    EXPECT_FALSE(VerifyConsistency(0, RootAt(1), size, RootAt(size), {}).ok());
    EXPECT_FALSE(VerifyConsistency(0, RootAt(0), size, RootAt(size), {{Hash{}}}).ok());
  }
}

// No size is too large to be answered at once.
TEST_F(Merkle, SizesBeyondAllMeasure) {
  constexpr uint64_t kMax = UINT64_MAX;
  const std::vector<Hash> proof(64);
  EXPECT_FALSE(VerifyInclusion(kMax - 1, kMax, Hash{}, proof, Hash{}).ok());
  EXPECT_FALSE(VerifyInclusion(kMax, kMax, Hash{}, proof, Hash{}).ok());
  EXPECT_FALSE(VerifyConsistency(kMax - 1, Hash{}, kMax, Hash{1}, proof).ok());
  const auto none = [](int, uint64_t) { return absl::StatusOr<Hash>(Hash{}); };
  EXPECT_EQ(InclusionProof(kMax - 2, kMax, none)->size(), 64u);
  EXPECT_EQ(InclusionProof(0, uint64_t{1} << 63, none)->size(), 63u);
}

TEST_F(Merkle, AnErrorOfTheHashesIsHandedOn) {
  const auto lost = [](int, uint64_t) { return absl::StatusOr<Hash>(absl::DataLossError("gone")); };
  EXPECT_EQ(RootOf(5, lost).status().message(), "gone");
  EXPECT_EQ(InclusionProof(2, 5, lost).status().message(), "gone");
  EXPECT_EQ(ConsistencyProof(2, 5, lost).status().message(), "gone");
}

}  // namespace
}  // namespace meritbook
