// Owns: a ledger's tree as tiles: the hashes of level 1 and above in memory, those of the leaves at
//       the right edge.
// Promises: the tiles and roots of RFC 6962 and c2sp.org/tlog-tiles at its own size and every
//           earlier one. An eighth of a byte an event.
// Thread: one at a time.
#ifndef MERITBOOK_LEDGER_TILE_TREE_H_
#define MERITBOOK_LEDGER_TILE_TREE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/merkle.h"
#include "ledger/tile.h"

namespace meritbook {

class TileTree {
 public:
  void Append(const Hash& leaf);

  uint64_t size() const { return size_; }
  // At its own size.
  Hash Root() const;

  // The leaf hashes of `count` leaves from `first` on, all below `size()`: read from the entries.
  using LeafHashes =
      absl::FunctionRef<absl::StatusOr<std::vector<Hash>>(uint64_t first, uint64_t count)>;

  // As SubtreeHashes wants it.
  absl::StatusOr<Hash> Subtree(int level, uint64_t index, LeafHashes leaves) const;

  // The bytes of a tile of level 1 or above that the tree has at least as wide (CHECK).
  std::string BytesOf(const Tile& tile) const;

  // Takes up a tree of which only the hashes of level 1 were kept, 32 bytes each, one for each 256
  // leaves. kInvalidArgument if that is no multiple of 32 bytes.
  static absl::StatusOr<TileTree> FromLevel1(std::string_view hashes);

 private:
  // A hash of this level is complete.
  void Add(size_t level, const Hash& hash);

  uint64_t size_ = 0;
  std::vector<Hash> edge_;                        // the leaves behind the last full tile
  std::array<std::vector<Hash>, 7> levels_ = {};  // [0] is level 1
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_TILE_TREE_H_
