// Owns: signed notes (c2sp.org/signed-note) and their keys.
// Promises: what ParseNote accepts, FormatNote writes back byte for byte; a text is trusted only
//           after VerifyNote.
// Thread: any.
#ifndef MERITBOOK_LEDGER_NOTE_H_
#define MERITBOOK_LEDGER_NOTE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ledger/ed25519.h"

namespace meritbook {

inline constexpr size_t kNoteBytesMax = 1 << 20;
inline constexpr size_t kNoteSignaturesMax = 64;

// Of the signature, assigned by the specification. On disk. Never renumber.
enum class KeyType : uint8_t {
  kEd25519 = 0x01,      // over the text
  kCosignature = 0x04,  // cosignature/v1: over a time and the text
};

// Name and id tell which key made a signature.
struct VerifierKey {
  std::string name;
  uint32_t id = 0;  // KeyId of the rest
  KeyType type = KeyType::kEd25519;
  Ed25519PublicKey public_key = {};

  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};

// The first four bytes of SHA-256(name, newline, type, public key), big-endian.
uint32_t KeyId(std::string_view name, KeyType type, const Ed25519PublicKey& public_key);

// `name+id as 8 hex digits+base64(type, public key)`, as golang.org/x/mod/sumdb/note has it.
std::string FormatVerifierKey(const VerifierKey& key);
absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view vkey);

struct SignerKey {
  VerifierKey verifier;
  Ed25519Key key;
};

// kInvalidArgument for a name that IsKeyName refuses.
absl::StatusOr<SignerKey> MakeSignerKey(std::string_view name, KeyType type,
                                        const Ed25519Seed& seed);

// `PRIVATE+KEY+name+id+base64(type, seed)`: a secret. No error's message has any of it.
std::string FormatSignerKey(const VerifierKey& verifier, const Ed25519Seed& seed);
absl::StatusOr<SignerKey> ParseSignerKey(std::string_view skey);

struct NoteSignature {
  std::string name;
  uint32_t key_id = 0;
  std::string bytes;  // after the key id; what they are depends on the key's type

  bool IsBy(const VerifierKey& key) const { return name == key.name && key_id == key.id; }
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

struct Note {
  std::string text;  // ends in a newline
  std::vector<NoteSignature> signatures;

  friend bool operator==(const Note&, const Note&) = default;
};

absl::StatusOr<Note> ParseNote(std::string_view bytes);
std::string FormatNote(const Note& note);

// `— name base64(key id, bytes)` and a newline for each.
std::string FormatSignatures(absl::Span<const NoteSignature> signatures);
// One at least, kNoteSignaturesMax at most.
absl::StatusOr<std::vector<NoteSignature>> ParseSignatures(std::string_view lines);

// `signer` is of type kEd25519 (CHECK).
NoteSignature SignText(std::string_view text, const SignerKey& signer);

// The keys that signed, each once, in the order of `keys`; one at least. Signatures by others are
// ignored. One that names a key of `keys` and doesn't verify refuses the note (kDataLoss), also
// beside a good one by the same key. kPermissionDenied if none of the keys signed.
absl::StatusOr<std::vector<VerifierKey>> VerifyNote(const Note& note,
                                                    absl::Span<const VerifierKey> keys);

// The id as 8 hex digits.
std::string KeyIdText(uint32_t id);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_NOTE_H_
