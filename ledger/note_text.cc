#include "ledger/note_text.h"

#include <charconv>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace meritbook {
namespace {

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

struct Point {
  char32_t value = 0;
  size_t bytes = 0;  // 0: not UTF-8
};

Point FirstPoint(std::string_view text) {
  const auto byte_at = [&text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte_at(0);
  if (lead < 0x80) return {.value = lead, .bytes = 1};
  const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  char32_t value = lead & (0x7F >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte_at(i) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte_at(i) & 0x3F);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[bytes] || value > 0x10FFFF) return {};
  if (value >= 0xD800 && value <= 0xDFFF) return {};  // surrogates
  return {.value = value, .bytes = bytes};
}

// Those with the property White_Space.
bool IsSpace(char32_t point) {
  switch (point) {
    case 0x0020:
    case 0x0085:
    case 0x00A0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
      return true;
    default:
      return (point >= 0x0009 && point <= 0x000D) || (point >= 0x2000 && point <= 0x200A);
  }
}

template <typename Allowed>
bool AllPoints(std::string_view text, Allowed allowed) {
  while (!text.empty()) {
    const Point point = FirstPoint(text);
    if (point.bytes == 0 || !allowed(point.value)) return false;
    text.remove_prefix(point.bytes);
  }
  return true;
}

}  // namespace

std::string EncodeBase64(std::string_view bytes) { return absl::Base64Escape(ToAbsl(bytes)); }

std::optional<std::string> DecodeBase64(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(ToAbsl(text), &bytes)) return std::nullopt;
  // Unescape takes spaces, missing padding, and bits that decode to nothing.
  if (EncodeBase64(bytes) != text) return std::nullopt;
  return bytes;
}

std::optional<Hash> DecodeBase64Hash(std::string_view text) {
  const std::optional<std::string> bytes = DecodeBase64(text);
  if (!bytes || bytes->size() != sizeof(Hash)) return std::nullopt;
  Hash hash;
  std::memcpy(hash.data(), bytes->data(), hash.size());
  return hash;
}

std::optional<uint64_t> ParseDecimal(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value > kTreeSizeMax) return std::nullopt;
  return value;
}

bool IsNoteUtf8(std::string_view text) {
  return AllPoints(text, [](char32_t point) { return point >= 0x20 || point == '\n'; });
}

bool IsKeyName(std::string_view text) {
  if (text.empty()) return false;
  return AllPoints(text,
                   [](char32_t point) { return point >= 0x20 && point != '+' && !IsSpace(point); });
}

}  // namespace meritbook
