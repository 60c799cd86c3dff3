// Owns: the pieces of text that notes, checkpoints, proofs and witness messages are made of.
// Promises: one spelling for each value; every other is refused.
// Thread: any.
#ifndef MERITBOOK_LEDGER_NOTE_TEXT_H_
#define MERITBOOK_LEDGER_NOTE_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/sha256.h"

namespace meritbook {

// RFC 4648, section 4, with padding.
std::string EncodeBase64(std::string_view bytes);
// nullopt unless EncodeBase64 writes it so.
std::optional<std::string> DecodeBase64(std::string_view text);
std::optional<Hash> DecodeBase64Hash(std::string_view text);

inline constexpr uint64_t kTreeSizeMax = (uint64_t{1} << 63) - 1;

// ASCII digits without leading zeros, at most kTreeSizeMax.
std::optional<uint64_t> ParseDecimal(std::string_view text);

// UTF-8 (RFC 3629) without ASCII control characters but newline.
bool IsNoteUtf8(std::string_view text);

// Not empty, IsNoteUtf8, no Unicode space, no plus.
bool IsKeyName(std::string_view text);

class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}

  std::string_view rest() const { return rest_; }

  // The next line without its newline; nullopt if no newline is left.
  std::optional<std::string_view> Take() {
    const size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

 private:
  std::string_view rest_;
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_NOTE_TEXT_H_
