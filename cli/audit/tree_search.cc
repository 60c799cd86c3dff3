#include "cli/audit/tree_search.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "cli/audit/text.h"
#include "cli/audit/tile_reading.h"

namespace meritbook::audit {
namespace {

// Where a difference has to be and there is none.
absl::Status Changed() {
  return absl::AbortedError("the log's files changed while they were read; audit them again");
}

class Search {
 public:
  Search(TileSource& source, const TreeHead& signed_tree)
      : source_(source), signed_tree_(signed_tree) {}

  absl::StatusOr<TreeFinding> Run(const RightEdge& recomputed) {
    RightEdge stored;
    for (size_t level = 0; level < recomputed.size(); ++level) {
      const TileId tile = EdgeTile(static_cast<int>(level));
      stored.emplace_back();
      if (tile.width == 0) continue;
      auto hashes = ReadTile(source_, tile);
      if (!hashes.ok()) return Unusable(tile, hashes.status());
      stored.back() = *std::move(hashes);
    }
    if (RootOfEdge(stored) != signed_tree_.root) return WrongEdge(stored, recomputed);
    // Higher levels stand for earlier entries.
    for (size_t level = stored.size(); level-- > 0;) {
      const auto at = FirstDifference(stored[level], recomputed[level]);
      if (!at) continue;
      return Descend(EdgeTile(static_cast<int>(level)), *at, stored[level][*at]);
    }
    return Changed();
  }

 private:
  TileId EdgeTile(int level) const {
    const uint64_t hashes = HashesAt(level, signed_tree_.size);
    return {level, hashes / kTileWidth, hashes % kTileWidth};
  }

  // The tiles that make the root don't make the signed one. So nothing below can be verified.
  TreeFinding WrongEdge(const RightEdge& stored, const RightEdge& recomputed) const {
    for (size_t level = stored.size(); level-- > 0;) {
      if (!FirstDifference(stored[level], recomputed[level])) continue;
      const std::string path = TilePath(EdgeTile(static_cast<int>(level)));
      return {TreeProblem::kBothDiffer, path, std::nullopt,
              Text("neither the entries nor the tiles give the signed root, and ", path,
                   " is not the tile that the entries make")};
    }
    return {TreeProblem::kRootDiffers, "", std::nullopt,
            Text("entries and tiles make one tree of size ", signed_tree_.size,
                 ", but its root is not the signed one")};
  }

  // Hash `at` of the tile is a signed one, and the entries make another.
  absl::StatusOr<TreeFinding> Descend(TileId tile, uint64_t at, Hash wanted) {
    while (tile.level > 0) {
      tile = {tile.level - 1, tile.index * kTileWidth + at, kTileWidth};
      const auto stored = ReadTile(source_, tile);
      if (!stored.ok()) return Unusable(tile, stored.status());
      if (FoldTile(*stored) != wanted) return BothDiffer(tile, "");
      const auto recomputed = RecomputeTile(source_, tile.level, tile.index);
      if (!recomputed.ok()) return recomputed.status();
      const auto difference = FirstDifference(*stored, *recomputed);
      if (!difference) return Changed();
      at = *difference;
      wanted = (*stored)[at];
    }
    const uint64_t sequence = tile.index * kTileWidth + at;
    const std::string bundle = BundlePath(tile.index, tile.width);
    return TreeFinding{TreeProblem::kEntryDiffers, bundle, sequence,
                       Text("entry ", sequence, " in ", bundle, " is not the signed one; the tile ",
                            TilePath(tile), " is")};
  }

  absl::StatusOr<TreeFinding> Unusable(const TileId& tile, const absl::Status& status) const {
    const std::string path = TilePath(tile);
    if (absl::IsNotFound(status)) {
      return TreeFinding{TreeProblem::kTileMissing, path, std::nullopt,
                         Text("the entries do not give the signed root, and the tile ", path,
                              ", which would tell where, is missing")};
    }
    if (absl::IsDataLoss(status)) return BothDiffer(tile, Text(" (", status.message(), ")"));
    return status;
  }

  static TreeFinding BothDiffer(const TileId& tile, std::string_view why) {
    const std::string path = TilePath(tile);
    const uint64_t leaves = uint64_t{1} << (tile.level * kTileHeight);
    const uint64_t first = tile.index * kTileWidth * leaves;
    return {TreeProblem::kBothDiffer, path, std::nullopt,
            Text("neither the tile ", path, why, " nor the entries below it, ", first, " to ",
                 first + tile.width * leaves - 1, ", are the signed ones")};
  }

  TileSource& source_;
  const TreeHead& signed_tree_;
};

}  // namespace

Hash RootOfEdge(const RightEdge& edge) {
  std::vector<Hash> subtrees;
  for (size_t level = edge.size(); level-- > 0;) {
    CompactRange range;
    for (const Hash& hash : edge[level]) range.Append(hash);
    subtrees.insert(subtrees.end(), range.subtrees().begin(), range.subtrees().end());
  }
  return FoldSubtrees(subtrees);
}

absl::StatusOr<TreeFinding> FindFirstDifference(TileSource& source, const TreeHead& signed_tree,
                                                const RightEdge& recomputed) {
  return Search(source, signed_tree).Run(recomputed);
}

}  // namespace meritbook::audit
