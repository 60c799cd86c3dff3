// Owns: the reading of one tile or bundle of a tree of a given size, and its hashes.
// Promises: a full file stands in for a partial one that is gone; wrong bytes are told apart from
// missing ones and from those that could not be read. Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_TILE_READING_H_
#define MERITBOOK_CLI_AUDIT_TILE_READING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/audit/tile_path.h"
#include "cli/audit/tile_source.h"

namespace meritbook::audit {

// A bundle keeps the bytes that its entries point into.
struct Bundle {
  std::string bytes;
  std::vector<std::string_view> entries;
};

// kNotFound if it is missing, kDataLoss if it is no such tile or bundle; else it could not be read.
// On success it has exactly the width that was asked for.
absl::StatusOr<std::vector<Hash>> ReadTile(TileSource& source, const TileId& tile);
// Into `bundle`, whose entries point into its own bytes.
absl::Status ReadBundle(TileSource& source, uint64_t index, uint64_t width, Bundle& bundle);

// The root over a tile's hashes, or over those of a partial one.
Hash FoldTile(const std::vector<Hash>& hashes);

// Where two lists of hashes of one length first differ; nothing if they are the same.
std::optional<uint64_t> FirstDifference(const std::vector<Hash>& some,
                                        const std::vector<Hash>& others);

// The hashes of a full tile as the entries below it make them.
absl::StatusOr<std::vector<Hash>> RecomputeTile(TileSource& source, int level, uint64_t index);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_TILE_READING_H_
