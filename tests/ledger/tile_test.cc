// Tiles: their names, which there are, what is in them, bundles of entries.
#include "ledger/tile.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "ledger/text.h"
#include "ledger/tile_tree.h"

namespace meritbook {
namespace {

TEST(Tile, Paths) {
  const std::vector<std::pair<std::string, Tile>> paths = {
      {"tile/0/000", {0, 0, 256}},
      {"tile/0/x001/x234/067", {0, 1'234'067, 256}},
      {"tile/1/x001/000", {1, 1'000, 256}},
      {"tile/7/999.p/1", {7, 999, 1}},
      {"tile/2/000.p/255", {2, 0, 255}},
      {"tile/entries/x001/x234/067.p/112", {Tile::kEntries, 1'234'067, 112}},
      {"tile/entries/000", {Tile::kEntries, 0, 256}},
      {"tile/0/x018/x446/x744/x073/x709/x551/615", {0, UINT64_MAX, 256}}};
  for (const auto& [path, tile] : paths) {
    EXPECT_EQ(TilePath(tile), path);
    EXPECT_EQ(ParseTilePath(path), tile) << path;
  }
}

TEST(Tile, NoOtherSpelling) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/0/x000/001",
                           "tile/0/x000",
                           "tile/0/x001",
                           "tile/0/001/002",
                           "tile/0/x001/x002",
                           "tile/0/1000",
                           "tile/0/X001/000",
                           "tile/0/x1/000",
                           "tile/00/000",
                           "tile/8/000",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile/a/000",
                           "tile/0/-01",
                           "tile/0/+01",
                           "tile/0/ 01",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/",
                           "tile/0/000.p",
                           "tile/0/000.p/1/",
                           "tile/0/000.p/1.p/1",
                           "tile/0/x001.p/1/000",
                           "tile/0/000/",
                           "/tile/0/000",
                           "tile//000",
                           "tile/entries",
                           "tile/entries/",
                           "tile/entries/0",
                           "tile/entry/000",
                           "tile/0/x018/x446/x744/x073/x709/x551/616",
                           "tile/0/x999/x999/x999/x999/x999/x999/x999/999"}) {
    EXPECT_EQ(ParseTilePath(path), std::nullopt) << path;
  }
}

// The specification's example.
TEST(Tile, OfSeventyThousand) {
  std::map<std::pair<int, bool>, std::vector<Tile>> by_kind;
  for (const Tile& tile : TilesOf(70'000)) {
    by_kind[{tile.level, tile.width == kTileWidth}].push_back(tile);
  }
  EXPECT_EQ((by_kind[{0, true}].size()), 273u);
  EXPECT_EQ((by_kind[{0, false}]), (std::vector<Tile>{{0, 273, 112}}));
  EXPECT_EQ((by_kind[{1, true}]), (std::vector<Tile>{{1, 0, 256}}));
  EXPECT_EQ((by_kind[{1, false}]), (std::vector<Tile>{{1, 1, 17}}));
  EXPECT_EQ((by_kind[{2, false}]), (std::vector<Tile>{{2, 0, 1}}));
  EXPECT_EQ(by_kind.size(), 5u);
}

TEST(Tile, OfSmallTrees) {
  EXPECT_TRUE(TilesOf(0).empty());
  EXPECT_EQ(TilesOf(1), (std::vector<Tile>{{0, 0, 1}}));
  EXPECT_EQ(TilesOf(256), (std::vector<Tile>{{0, 0, 256}, {1, 0, 1}}));
  EXPECT_EQ(TilesOf(257), (std::vector<Tile>{{0, 0, 256}, {0, 1, 1}, {1, 0, 1}}));
  EXPECT_EQ(TileAt(0, 1, 256), std::nullopt);
  EXPECT_EQ(TileAt(Tile::kEntries, 1, 300), (Tile{Tile::kEntries, 1, 44}));
  EXPECT_EQ(TileAt(7, 0, 300), std::nullopt);
}

TEST(Tile, Bundles) {
  std::string bundle;
  const std::vector<std::string> entries = {"", "a", std::string(65'535, 'z'),
                                            std::string(256, 'b')};
  for (const std::string& entry : entries) AppendToBundle(bundle, entry);
  const auto read = EntriesOf(bundle, 4);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(std::equal(read->begin(), read->end(), entries.begin(), entries.end()));
  EXPECT_EQ(bundle.substr(0, 5), std::string("\0\0\0\1a", 5));

  EXPECT_FALSE(EntriesOf(bundle, 3).ok());
  EXPECT_FALSE(EntriesOf(bundle, 5).ok());
  for (const size_t cut : {size_t{0}, size_t{1}, size_t{3}, size_t{4}, bundle.size() - 1}) {
    EXPECT_FALSE(EntriesOf(std::string_view(bundle).substr(0, cut), 4).ok()) << cut;
  }
  EXPECT_TRUE(EntriesOf("", 0).ok());
}

// A tree of tiles against the compact range, and taken up again from what is stored of it.
class Tiles : public testing::Test {
 protected:
  static Hash Leaf(uint64_t i) { return LeafHash(Text("event ", i)); }
  static absl::StatusOr<std::vector<Hash>> Leaves(uint64_t first, uint64_t count) {
    std::vector<Hash> hashes;
    for (uint64_t i = first; i < first + count; ++i) hashes.push_back(Leaf(i));
    return hashes;
  }
};

TEST_F(Tiles, AreTheTree) {
  TileTree tree;
  CompactRange range;
  std::string level1;
  std::map<uint64_t, Hash> roots;
  EXPECT_EQ(tree.Root(), EmptyRoot());
  for (uint64_t i = 0; i < 140'000; ++i) {
    tree.Append(Leaf(i));
    range.Append(Leaf(i));
    const uint64_t size = i + 1;
    if (size % 7'919 != 0 && size % 65'536 > 1 && size > 600) continue;
    roots[size] = range.Root();
    ASSERT_EQ(tree.Root(), range.Root()) << size;
  }
  const auto subtrees = [&](int level, uint64_t index) {
    return tree.Subtree(level, index, Leaves);
  };
  // Every earlier root too, and proofs between them.
  uint64_t old = 0;
  Hash old_root = EmptyRoot();
  for (const auto& [size, root] : roots) {
    ASSERT_EQ(RootOf(size, subtrees).value(), root) << size;
    const auto grown = ConsistencyProof(old, size, subtrees);
    ASSERT_TRUE(grown.ok());
    EXPECT_TRUE(VerifyConsistency(old, old_root, size, root, *grown).ok()) << old << " " << size;
    const auto held = InclusionProof(old, size, subtrees);
    ASSERT_TRUE(held.ok());
    EXPECT_TRUE(VerifyInclusion(old, size, Leaf(old), *held, root).ok());
    old = size;
    old_root = root;
  }

  // A hash of a tile is the root of the tile below.
  const std::string low = tree.BytesOf({1, 1, 256});
  CompactRange of_low;
  for (size_t at = 0; at < low.size(); at += 32) {
    Hash hash;
    std::copy_n(low.begin() + static_cast<ptrdiff_t>(at), 32, hash.begin());
    of_low.Append(hash);
  }
  EXPECT_EQ(tree.BytesOf({2, 0, 2}).substr(32), AsBytes(of_low.Root()));
  EXPECT_EQ(tree.BytesOf({1, 1, 17}), low.substr(0, 17 * 32));

  for (uint64_t index = 0; const auto tile = TileAt(1, index, tree.size()); ++index) {
    level1 += tree.BytesOf(*tile);
  }
  absl::StatusOr<TileTree> again = TileTree::FromLevel1(level1);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->size(), tree.size() - tree.size() % 256);
  for (uint64_t i = again->size(); i < tree.size(); ++i) again->Append(Leaf(i));
  EXPECT_EQ(again->Root(), tree.Root());
  EXPECT_EQ(again->BytesOf({2, 0, 2}), tree.BytesOf({2, 0, 2}));
  EXPECT_FALSE(TileTree::FromLevel1(level1.substr(1)).ok());
}

}  // namespace
}  // namespace meritbook
