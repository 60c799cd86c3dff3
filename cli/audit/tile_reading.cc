#include "cli/audit/tile_reading.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

absl::Status Named(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(), Text(path, ": ", status.message()));
}

}  // namespace

absl::StatusOr<std::vector<Hash>> ReadTile(TileSource& source, const TileId& tile) {
  const std::string path = TilePath(tile);
  auto bytes = source.Read(path, kTileBytesMax);
  if (bytes.ok()) {
    auto hashes = SplitTile(*bytes, tile.width);
    if (!hashes.ok()) return Named(path, hashes.status());
    return hashes;
  }
  if (!absl::IsNotFound(bytes.status()) || tile.width == kTileWidth) return bytes.status();
  auto full = ReadTile(source, {tile.level, tile.index, kTileWidth});
  // That the full one is missing too would only confuse.
  if (absl::IsNotFound(full.status())) return bytes.status();
  if (full.ok()) full->resize(tile.width);
  return full;
}

absl::Status ReadBundle(TileSource& source, uint64_t index, uint64_t width, Bundle& bundle) {
  std::string path = BundlePath(index, width);
  uint64_t width_read = width;
  auto bytes = source.Read(path, kBundleBytesMax);
  if (absl::IsNotFound(bytes.status()) && width < kTileWidth) {
    auto full = source.Read(BundlePath(index, kTileWidth), kBundleBytesMax);
    if (!absl::IsNotFound(full.status())) {
      bytes = std::move(full);
      path = BundlePath(index, kTileWidth);
      width_read = kTileWidth;
    }
  }
  if (!bytes.ok()) return bytes.status();
  bundle.bytes = *std::move(bytes);
  auto entries = SplitBundle(bundle.bytes, width_read);
  if (!entries.ok()) return Named(path, entries.status());
  bundle.entries = *std::move(entries);
  bundle.entries.resize(width);
  return absl::OkStatus();
}

Hash FoldTile(const std::vector<Hash>& hashes) {
  CompactRange range;
  for (const Hash& hash : hashes) range.Append(hash);
  return range.Root();
}

std::optional<uint64_t> FirstDifference(const std::vector<Hash>& some,
                                        const std::vector<Hash>& others) {
  const auto at = std::mismatch(some.begin(), some.end(), others.begin(), others.end()).first;
  if (at == some.end()) return std::nullopt;
  return static_cast<uint64_t>(at - some.begin());
}

absl::StatusOr<std::vector<Hash>> RecomputeTile(TileSource& source, int level, uint64_t index) {
  const uint64_t leaves_a_hash = uint64_t{1} << (level * kTileHeight);
  const uint64_t bundles = leaves_a_hash;  // 256 hashes of so many leaves, 256 leaves a bundle
  std::vector<Hash> hashes;
  CompactRange range;
  Bundle bundle;
  for (uint64_t i = 0; i < bundles; ++i) {
    const absl::Status read = ReadBundle(source, index * bundles + i, kTileWidth, bundle);
    if (!read.ok()) return read;
    for (const std::string_view entry : bundle.entries) {
      range.Append(HashLeaf(entry));
      if (range.size() < leaves_a_hash) continue;
      hashes.push_back(range.Root());
      range = CompactRange();
    }
  }
  return hashes;
}

}  // namespace meritbook::audit
