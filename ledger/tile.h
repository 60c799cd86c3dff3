// Owns: the names of a tree's tiles and bundles of entries, and how entries are bundled, as
//       c2sp.org/tlog-tiles has them.
// Promises: a path has one spelling; every other one is refused.
// Thread: any.
#ifndef MERITBOOK_LEDGER_TILE_H_
#define MERITBOOK_LEDGER_TILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace meritbook {

// Hashes of a full tile; also the leaves below one hash of the next level.
inline constexpr uint64_t kTileWidth = 256;

// A stretch of up to 256 hashes of one level, or of the entries themselves.
struct Tile {
  // Not a level: the entries that the hashes of level 0 are of.
  static constexpr int kEntries = -1;

  int level = 0;       // 0 to 7: more than 2^63 leaves there can't be
  uint64_t index = 0;  // among the tiles of its level
  uint32_t width = kTileWidth;

  friend bool operator==(const Tile&, const Tile&) = default;
};

// "tile/0/x001/x234/067", "tile/entries/000.p/5".
std::string TilePath(const Tile& tile);
std::optional<Tile> ParseTilePath(std::string_view path);

// How many hashes level `level` of a tree has: of complete subtrees of 256^level leaves.
uint64_t HashesAt(int level, uint64_t size);

// The tile as a tree of this size has it, as wide as it can be; nothing if it has none there.
std::optional<Tile> TileAt(int level, uint64_t index, uint64_t size);

// All tiles of hashes of a tree: level by level, the full ones and the partial one behind them.
std::vector<Tile> TilesOf(uint64_t size);

// An entry has at most 65,535 bytes (CHECK).
void AppendToBundle(std::string& bundle, std::string_view entry);
// kInvalidArgument unless these are `count` entries and nothing else.
absl::StatusOr<std::vector<std::string_view>> EntriesOf(std::string_view bundle, uint32_t count);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_TILE_H_
