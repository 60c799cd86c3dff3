#include "cli/audit/tile_path.h"

#include <cstring>

#include "absl/status/status.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

std::string ThreeDigits(uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(3 - digits.size(), '0') + digits;
}

// "x001/x234/067.p/5".
std::string Place(uint64_t index, uint64_t width) {
  std::string place = ThreeDigits(index % 1000);
  for (uint64_t rest = index / 1000; rest != 0; rest /= 1000) {
    place = Text("x", ThreeDigits(rest % 1000), "/", place);
  }
  return width == kTileWidth ? place : Text(place, ".p/", width);
}

}  // namespace

std::string TilePath(const TileId& tile) {
  return Text("tile/", tile.level, "/", Place(tile.index, tile.width));
}

std::string BundlePath(uint64_t index, uint64_t width) {
  return Text("tile/entries/", Place(index, width));
}

absl::StatusOr<std::vector<Hash>> SplitTile(std::string_view bytes, uint64_t width) {
  if (bytes.size() != width * sizeof(Hash)) {
    return absl::DataLossError(
        Text("it has ", bytes.size(), " bytes, ", width, " hashes have ", width * sizeof(Hash)));
  }
  std::vector<Hash> hashes(width);
  std::memcpy(hashes.data(), bytes.data(), bytes.size());
  return hashes;
}

absl::StatusOr<std::vector<std::string_view>> SplitBundle(std::string_view bytes, uint64_t width) {
  std::vector<std::string_view> entries;
  entries.reserve(width);
  while (entries.size() < width && bytes.size() >= 2) {
    const size_t length =
        size_t{static_cast<uint8_t>(bytes[0])} << 8 | static_cast<uint8_t>(bytes[1]);
    bytes.remove_prefix(2);
    if (bytes.size() < length) {
      return absl::DataLossError(Text("entry ", entries.size(), " of it is cut off"));
    }
    entries.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  if (entries.size() < width) {
    return absl::DataLossError(Text("it has ", entries.size(), " entries of ", width));
  }
  if (!bytes.empty()) {
    return absl::DataLossError(Text("it goes on for ", bytes.size(), " bytes after ", width,
                                    width == 1 ? " entry" : " entries"));
  }
  return entries;
}

}  // namespace meritbook::audit
