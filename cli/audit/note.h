// Owns: signed notes (c2sp.org/signed-note) as an auditor reads them, and the keys that verify
// them. Promises: a note has one spelling; what deviates from it is refused, not repaired. Thread:
// any.
#ifndef MERITBOOK_CLI_AUDIT_NOTE_H_
#define MERITBOOK_CLI_AUDIT_NOTE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace meritbook::audit {

// Assigned by c2sp.org/signed-note; those of other types are ignored.
enum class SignatureType : uint8_t {
  kEd25519 = 0x01,      // over the text
  kCosignature = 0x04,  // c2sp.org/tlog-cosignature: over a time and the text
};

using PublicKey = std::array<uint8_t, 32>;

struct VerifierKey {
  std::string name;
  uint32_t id = 0;
  SignatureType type = SignatureType::kEd25519;
  PublicKey key = {};
};

// "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k". The id has to be the one
// that follows from name, type and key.
absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view vkey);

struct NoteSignature {
  std::string name;
  uint32_t key_id = 0;
  std::string bytes;  // after the key id
};

struct Note {
  std::string text;  // ends in a newline
  std::vector<NoteSignature> signatures;
};

inline constexpr size_t kNoteBytesMax = 1'000'000;
inline constexpr size_t kNoteSignaturesMax = 100;

absl::StatusOr<Note> ParseNote(std::string_view bytes);

// What a note has from one key.
struct KeySignatures {
  uint64_t good = 0;
  uint64_t bad = 0;
  // Of the newest good cosignature: POSIX seconds.
  uint64_t cosigned_at = 0;
};
KeySignatures CheckSignatures(const Note& note, const VerifierKey& key);

// RFC 8032.
bool VerifyEd25519(const PublicKey& key, std::string_view message, std::string_view signature);

// Standard base64 (RFC 4648, section 4) in its one canonical spelling.
std::optional<std::string> StrictBase64(std::string_view text);
// ASCII decimal without leading zeros, up to 2^63 - 1.
std::optional<uint64_t> StrictDecimal(std::string_view text);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_NOTE_H_
