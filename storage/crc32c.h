// Owns: the checksum that RocksDB puts on its blocks and log records.
// Promises: CRC-32C, masked as RocksDB masks it.
// Thread: any.
#ifndef MERITBOOK_STORAGE_CRC32C_H_
#define MERITBOOK_STORAGE_CRC32C_H_

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace meritbook {

inline constexpr std::array<uint32_t, 256> kCrc32cTable = [] {
  std::array<uint32_t, 256> table = {};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
    table[i] = crc;
  }
  return table;
}();

inline uint32_t MaskedCrc32c(std::string_view bytes) {
  uint32_t crc = 0xffffffff;
  for (const char byte : bytes)
    crc = crc >> 8 ^ kCrc32cTable[(crc ^ static_cast<uint8_t>(byte)) & 0xff];
  return std::rotr(~crc, 15) + 0xa282ead8;
}

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_CRC32C_H_
