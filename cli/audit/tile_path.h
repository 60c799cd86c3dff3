// Owns: where the tiles of a log lie (c2sp.org/tlog-tiles) and how an entry bundle is taken apart.
// Promises: one spelling for each tile; a bundle is taken whole or not at all.
// Thread: any.
#ifndef MERITBOOK_CLI_AUDIT_TILE_PATH_H_
#define MERITBOOK_CLI_AUDIT_TILE_PATH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/audit/merkle.h"

namespace meritbook::audit {

inline constexpr char kCheckpointPath[] = "checkpoint";
inline constexpr int kTileHeight = 8;
inline constexpr uint64_t kTileWidth = 256;
inline constexpr size_t kTileBytesMax = kTileWidth * sizeof(Hash);
inline constexpr size_t kBundleBytesMax = kTileWidth * (2 + 65'535);

// Hash i of tile n at level l stands for the 256^l leaves from (256 n + i) 256^l on.
struct TileId {
  int level = 0;
  uint64_t index = 0;
  uint64_t width = kTileWidth;  // 1 to 256 hashes
};

// "tile/1/x001/x234/067", "tile/0/000.p/5".
std::string TilePath(const TileId& tile);
// "tile/entries/x001/x234/067", "tile/entries/000.p/5".
std::string BundlePath(uint64_t index, uint64_t width);

// How many complete subtrees of 256^level leaves a tree of this size has.
inline uint64_t HashesAt(int level, uint64_t size) {
  return level * kTileHeight < 64 ? size >> (level * kTileHeight) : 0;
}

// The hashes of a tile. kDataLoss if there are not exactly `width`.
absl::StatusOr<std::vector<Hash>> SplitTile(std::string_view bytes, uint64_t width);
// The entries, which point into `bytes`. kDataLoss if there are not exactly `width`.
absl::StatusOr<std::vector<std::string_view>> SplitBundle(std::string_view bytes, uint64_t width);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_TILE_PATH_H_
