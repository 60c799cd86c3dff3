// Owns: fixed-width little-endian integers and length-prefixed strings in byte strings.
// Promises: a reader never looks past its input; it answers nullopt instead.
// Thread: values.
#ifndef MERITBOOK_STORAGE_BYTE_CODEC_H_
#define MERITBOOK_STORAGE_BYTE_CODEC_H_

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/sha256.h"

namespace meritbook {

static_assert(std::endian::native == std::endian::little, "the formats are little-endian");

template <std::unsigned_integral Integer>
void AppendLittle(std::string& out, Integer value) {
  char bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  out.append(bytes, sizeof(value));
}

// `bytes` must be long enough.
template <std::unsigned_integral Integer>
Integer LoadLittle(const char* bytes) {
  Integer value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::string_view rest() const { return rest_; }

  std::optional<std::string_view> Take(size_t size) {
    if (size > rest_.size()) return std::nullopt;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  template <std::unsigned_integral Integer>
  std::optional<Integer> TakeLittle() {
    const std::optional<std::string_view> taken = Take(sizeof(Integer));
    if (!taken) return std::nullopt;
    return LoadLittle<Integer>(taken->data());
  }

  std::optional<Hash> TakeHash() {
    const std::optional<std::string_view> taken = Take(sizeof(Hash));
    if (!taken) return std::nullopt;
    Hash hash;
    std::memcpy(hash.data(), taken->data(), hash.size());
    return hash;
  }

 private:
  std::string_view rest_;
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_BYTE_CODEC_H_
