#include "ledger/tile_tree.h"

#include <cstring>

#include "absl/types/span.h"
#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

// Of a power of two of hashes.
Hash CompleteRoot(absl::Span<const Hash> hashes) {
  if (hashes.size() == 1) return hashes[0];
  const size_t half = hashes.size() / 2;
  return NodeHash(CompleteRoot(hashes.first(half)), CompleteRoot(hashes.subspan(half)));
}

}  // namespace

void TileTree::Append(const Hash& leaf) {
  edge_.push_back(leaf);
  ++size_;
  if (edge_.size() < kTileWidth) return;
  Add(0, CompleteRoot(edge_));
  edge_.clear();
}

void TileTree::Add(size_t level, const Hash& hash) {
  std::vector<Hash>& hashes = levels_[level];
  hashes.push_back(hash);
  if (hashes.size() % kTileWidth != 0 || level + 1 == levels_.size()) return;
  Add(level + 1, CompleteRoot(absl::MakeSpan(hashes).last(kTileWidth)));
}

Hash TileTree::Root() const {
  absl::StatusOr<Hash> root = RootOf(size_, [this](int level, uint64_t index) {
    return Subtree(level, index, [this](uint64_t first, uint64_t count) {
      // At its own size none lies before the edge.
      const auto begin = edge_.begin() + static_cast<ptrdiff_t>(first - (size_ - edge_.size()));
      return absl::StatusOr<std::vector<Hash>>(
          std::vector<Hash>(begin, begin + static_cast<ptrdiff_t>(count)));
    });
  });
  MB_CHECK(root.ok());
  return *root;
}

absl::StatusOr<Hash> TileTree::Subtree(int level, uint64_t index, LeafHashes leaves) const {
  MB_CHECK(level >= 0 && level < 64 && index < (size_ >> level));
  const auto tile_level = static_cast<size_t>(level / 8);
  const uint64_t count = uint64_t{1} << (level % 8);
  const uint64_t first = index * count;
  if (tile_level > 0) {
    return CompleteRoot(absl::MakeConstSpan(levels_[tile_level - 1]).subspan(first, count));
  }
  absl::StatusOr<std::vector<Hash>> hashes = leaves(first, count);
  if (!hashes.ok()) return hashes.status();
  MB_CHECK(hashes->size() == count);
  return CompleteRoot(*hashes);
}

std::string TileTree::BytesOf(const Tile& tile) const {
  MB_CHECK(tile.level >= 1 && tile.width >= 1);
  const std::vector<Hash>& hashes = levels_[static_cast<size_t>(tile.level - 1)];
  const uint64_t first = tile.index * kTileWidth;
  MB_CHECK(first + tile.width <= hashes.size());
  std::string bytes;
  bytes.reserve(tile.width * sizeof(Hash));
  for (uint64_t i = first; i < first + tile.width; ++i) bytes.append(AsBytes(hashes[i]));
  return bytes;
}

absl::StatusOr<TileTree> TileTree::FromLevel1(std::string_view hashes) {
  if (hashes.size() % sizeof(Hash) != 0) {
    return absl::InvalidArgumentError(
        Text("hashes of level 1 of ", hashes.size(), " bytes, not a multiple of 32"));
  }
  TileTree tree;
  for (; !hashes.empty(); hashes.remove_prefix(sizeof(Hash))) {
    Hash hash;
    std::memcpy(hash.data(), hashes.data(), hash.size());
    tree.Add(0, hash);
    tree.size_ += kTileWidth;
  }
  return tree;
}

}  // namespace meritbook
