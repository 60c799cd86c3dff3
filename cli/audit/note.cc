#include "cli/audit/note.h"

#include <openssl/evp.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "cli/audit/merkle.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr std::string_view kSignatureStart = "\xE2\x80\x94 ";  // an em dash and a space
constexpr size_t kKeyIdBytes = 4;
constexpr size_t kTimeBytes = 8;
constexpr size_t kSignatureBytes = 64;

absl::Status Malformed(std::string_view what) { return absl::InvalidArgumentError(AbslView(what)); }

uint64_t BigEndian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<uint8_t>(byte);
  return number;
}

// Takes one code point off the front; nothing if UTF-8 (RFC 3629) has no such bytes.
std::optional<char32_t> TakeCodePoint(std::string_view& rest) {
  const auto first = static_cast<uint8_t>(rest.front());
  const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || rest.size() < length) return std::nullopt;
  char32_t point = length == 1 ? first : first & (0xFF >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<uint8_t>(rest[i]);
    if ((byte & 0xC0) != 0x80) return std::nullopt;
    point = point << 6 | (byte & 0x3F);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kSmallest[length] || point > 0x10FFFF || surrogate) return std::nullopt;
  rest.remove_prefix(length);
  return point;
}

// Unicode's property White_Space.
bool IsSpace(char32_t point) {
  constexpr char32_t kSingle[] = {0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
  if ((point >= 0x09 && point <= 0x0D) || (point >= 0x2000 && point <= 0x200A)) return true;
  return std::find(std::begin(kSingle), std::end(kSingle), point) != std::end(kSingle);
}

bool IsKeyName(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const auto point = TakeCodePoint(name);
    if (!point || IsSpace(*point) || *point == '+') return false;
  }
  return true;
}

absl::Status CheckCharacters(std::string_view bytes) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const size_t at = bytes.size() - rest.size();
    const auto point = TakeCodePoint(rest);
    if (!point) return Malformed(Text("the note is no UTF-8 at byte ", at));
    if (*point < 0x20 && *point != '\n') {
      return Malformed(Text("the note has a control character at byte ", at));
    }
  }
  return absl::OkStatus();
}

uint32_t KeyIdOf(const VerifierKey& key) {
  std::string bytes = Text(key.name, "\n");
  bytes.push_back(static_cast<char>(key.type));
  bytes.append(key.key.begin(), key.key.end());
  const Hash hash = Sha256Of(bytes);
  return static_cast<uint32_t>(BigEndian(BytesOf(hash).substr(0, kKeyIdBytes)));
}

absl::StatusOr<NoteSignature> ParseSignatureLine(std::string_view line, size_t number) {
  const auto wrong = [number](std::string_view what) {
    return Malformed(Text("signature line ", number, " of the note ", what));
  };
  if (!line.starts_with(kSignatureStart)) return wrong("doesn't begin with an em dash and a space");
  line.remove_prefix(kSignatureStart.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return wrong("has no signature");
  NoteSignature signature;
  signature.name = line.substr(0, space);
  if (!IsKeyName(signature.name)) return wrong("names no key");
  const auto bytes = StrictBase64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyIdBytes) return wrong("has no base64 of a signature");
  signature.key_id = static_cast<uint32_t>(BigEndian(bytes->substr(0, kKeyIdBytes)));
  signature.bytes = bytes->substr(kKeyIdBytes);
  return signature;
}

bool VerifyCosignature(const Note& note, const VerifierKey& key, std::string_view bytes,
                       uint64_t& cosigned_at) {
  if (bytes.size() != kTimeBytes + kSignatureBytes) return false;
  const uint64_t time = BigEndian(bytes.substr(0, kTimeBytes));
  if (time > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return false;
  const std::string message = Text("cosignature/v1\ntime ", time, "\n", note.text);
  if (!VerifyEd25519(key.key, message, bytes.substr(kTimeBytes))) return false;
  cosigned_at = std::max(cosigned_at, time);
  return true;
}

}  // namespace

std::optional<std::string> StrictBase64(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(AbslView(text), &bytes)) return std::nullopt;
  // Abseil takes more than one spelling; only what it writes itself is canonical.
  if (absl::Base64Escape(bytes) != AbslView(text)) return std::nullopt;
  return bytes;
}

std::optional<uint64_t> StrictDecimal(std::string_view text) {
  constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<uint64_t>(c - '0');
    if (number > (kMax - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
  }
  return number;
}

absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view vkey) {
  const auto wrong = [](std::string_view what) { return Malformed(Text("the vkey ", what)); };
  const size_t name_end = vkey.find('+');
  if (name_end == std::string_view::npos) return wrong("has no + after its name");
  const size_t id_end = vkey.find('+', name_end + 1);
  if (id_end == std::string_view::npos) return wrong("has no + after its key id");
  VerifierKey key;
  key.name = vkey.substr(0, name_end);
  // A vkey is one line; a name with a control character could never sign a note.
  if (!IsKeyName(key.name) || !CheckCharacters(key.name).ok()) return wrong("has no proper name");
  const auto bytes = StrictBase64(vkey.substr(id_end + 1));
  if (!bytes || bytes->size() != 1 + key.key.size()) {
    return wrong("has no base64 of a type and 32 bytes of key");
  }
  const auto type = static_cast<SignatureType>(bytes->front());
  if (type != SignatureType::kEd25519 && type != SignatureType::kCosignature) {
    return wrong(Text("is of type ", static_cast<uint8_t>(bytes->front()),
                      "; only 1 (Ed25519) and 4 (cosignature) are known"));
  }
  key.type = type;
  std::copy(bytes->begin() + 1, bytes->end(), key.key.begin());
  key.id = KeyIdOf(key);
  if (absl::StrFormat("%08x", key.id) !=
      AbslView(vkey.substr(name_end + 1, id_end - name_end - 1))) {
    return wrong("has another key id than the one that follows from its name and key");
  }
  return key;
}

absl::StatusOr<Note> ParseNote(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) {
    return Malformed(Text("the note has more than ", kNoteBytesMax, " bytes"));
  }
  if (absl::Status status = CheckCharacters(bytes); !status.ok()) return status;
  const size_t blank = bytes.rfind("\n\n");
  if (blank == std::string_view::npos) return Malformed("the note has no blank line");
  Note note;
  note.text = bytes.substr(0, blank + 1);
  std::string_view lines = bytes.substr(blank + 2);
  if (lines.empty()) return Malformed("the note has no signature");
  while (!lines.empty()) {
    const size_t number = note.signatures.size() + 1;
    if (number > kNoteSignaturesMax) {
      return Malformed(Text("the note has more than ", kNoteSignaturesMax, " signatures"));
    }
    const size_t end = lines.find('\n');
    if (end == std::string_view::npos) return Malformed("the note's last line has no newline");
    auto signature = ParseSignatureLine(lines.substr(0, end), number);
    if (!signature.ok()) return signature.status();
    note.signatures.push_back(*std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return note;
}

KeySignatures CheckSignatures(const Note& note, const VerifierKey& key) {
  KeySignatures found;
  for (const NoteSignature& signature : note.signatures) {
    if (signature.name != key.name || signature.key_id != key.id) continue;
    const bool good = key.type == SignatureType::kCosignature
                          ? VerifyCosignature(note, key, signature.bytes, found.cosigned_at)
                          : VerifyEd25519(key.key, note.text, signature.bytes);
    ++(good ? found.good : found.bad);
  }
  return found;
}

bool VerifyEd25519(const PublicKey& key, std::string_view message, std::string_view signature) {
  if (signature.size() != kSignatureBytes) return false;
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> public_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()),
      &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  if (!public_key || !context) return false;
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) != 1) {
    return false;
  }
  return EVP_DigestVerify(context.get(), reinterpret_cast<const uint8_t*>(signature.data()),
                          signature.size(), reinterpret_cast<const uint8_t*>(message.data()),
                          message.size()) == 1;
}

}  // namespace meritbook::audit
