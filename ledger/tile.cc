#include "ledger/tile.h"

#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr int kLevels = 8;
constexpr std::string_view kTilePrefix = "tile/";
constexpr std::string_view kEntriesPrefix = "entries/";

// Takes the prefix off if it is there.
bool Consume(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool IsDigits(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

std::string ThreeDigits(uint64_t part) {
  std::string digits = Text(part);
  return std::string(3 - digits.size(), '0') + digits;
}

// 1234067 is x001/x234/067.
std::string IndexPath(uint64_t index) {
  std::string path = ThreeDigits(index % 1000);
  while ((index /= 1000) != 0) path = Text("x", ThreeDigits(index % 1000), "/", path);
  return path;
}

std::optional<uint64_t> ParseIndexPath(std::string_view path) {
  uint64_t index = 0;
  bool first = true;
  while (true) {
    const bool more = Consume(path, "x");
    if (path.size() < 3 || !IsDigits(path.substr(0, 3))) return std::nullopt;
    const auto part =
        static_cast<uint64_t>((path[0] - '0') * 100 + (path[1] - '0') * 10 + (path[2] - '0'));
    // Another spelling of a shorter path.
    if (first && more && part == 0) return std::nullopt;
    if (index > (UINT64_MAX - part) / 1000) return std::nullopt;
    index = index * 1000 + part;
    first = false;
    path.remove_prefix(3);
    if (!more) break;
    if (!Consume(path, "/")) return std::nullopt;
  }
  if (!path.empty()) return std::nullopt;
  return index;
}

// 1 to 255.
std::optional<uint32_t> ParseWidth(std::string_view text) {
  if (!IsDigits(text) || text.size() > 3 || text[0] == '0') return std::nullopt;
  uint32_t width = 0;
  for (const char c : text) width = width * 10 + static_cast<uint32_t>(c - '0');
  if (width >= kTileWidth) return std::nullopt;
  return width;
}

}  // namespace

std::string TilePath(const Tile& tile) {
  const std::string level = tile.level == Tile::kEntries ? "entries" : Text(tile.level);
  std::string path = Text(kTilePrefix, level, "/", IndexPath(tile.index));
  if (tile.width != kTileWidth) path += Text(".p/", tile.width);
  return path;
}

std::optional<Tile> ParseTilePath(std::string_view path) {
  Tile tile;
  if (!Consume(path, kTilePrefix)) return std::nullopt;
  if (Consume(path, kEntriesPrefix)) {
    tile.level = Tile::kEntries;
  } else {
    if (path.size() < 2 || path[0] < '0' || path[0] >= '0' + kLevels || path[1] != '/') {
      return std::nullopt;
    }
    tile.level = path[0] - '0';
    path.remove_prefix(2);
  }
  if (const size_t dot = path.find(".p/"); dot != std::string_view::npos) {
    const std::optional<uint32_t> width = ParseWidth(path.substr(dot + 3));
    if (!width) return std::nullopt;
    tile.width = *width;
    path = path.substr(0, dot);
  }
  const std::optional<uint64_t> index = ParseIndexPath(path);
  if (!index) return std::nullopt;
  tile.index = *index;
  return tile;
}

uint64_t HashesAt(int level, uint64_t size) {
  MB_CHECK(level >= 0 && level < kLevels);
  return size >> (8 * level);
}

std::optional<Tile> TileAt(int level, uint64_t index, uint64_t size) {
  const uint64_t hashes = HashesAt(level == Tile::kEntries ? 0 : level, size);
  if (index >= hashes / kTileWidth + (hashes % kTileWidth != 0 ? 1 : 0)) return std::nullopt;
  const uint64_t left = hashes - index * kTileWidth;
  return Tile{.level = level,
              .index = index,
              .width = static_cast<uint32_t>(left < kTileWidth ? left : kTileWidth)};
}

std::vector<Tile> TilesOf(uint64_t size) {
  std::vector<Tile> tiles;
  for (int level = 0; level < kLevels && HashesAt(level, size) > 0; ++level) {
    for (uint64_t index = 0;; ++index) {
      const std::optional<Tile> tile = TileAt(level, index, size);
      if (!tile) break;
      tiles.push_back(*tile);
    }
  }
  return tiles;
}

void AppendToBundle(std::string& bundle, std::string_view entry) {
  MB_CHECK(entry.size() <= UINT16_MAX);
  bundle.push_back(static_cast<char>(entry.size() >> 8));
  bundle.push_back(static_cast<char>(entry.size() & 0xff));
  bundle.append(entry);
}

absl::StatusOr<std::vector<std::string_view>> EntriesOf(std::string_view bundle, uint32_t count) {
  std::vector<std::string_view> entries;
  entries.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    if (bundle.size() < 2) {
      return absl::InvalidArgumentError(Text("the bundle ends before entry ", i, " of ", count));
    }
    const size_t bytes =
        static_cast<size_t>(static_cast<uint8_t>(bundle[0])) << 8 | static_cast<uint8_t>(bundle[1]);
    bundle.remove_prefix(2);
    if (bundle.size() < bytes) {
      return absl::InvalidArgumentError(Text("the bundle ends within entry ", i, " of ", count));
    }
    entries.push_back(bundle.substr(0, bytes));
    bundle.remove_prefix(bytes);
  }
  if (!bundle.empty()) {
    return absl::InvalidArgumentError(
        Text("the bundle has ", bundle.size(), " bytes behind its ", count, " entries"));
  }
  return entries;
}

}  // namespace meritbook
