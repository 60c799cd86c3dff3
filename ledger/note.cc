#include "ledger/note.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

#include "ledger/check.h"
#include "ledger/cosignature.h"
#include "ledger/note_text.h"
#include "ledger/sha256.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // em dash, space
constexpr size_t kKeyIdBytes = 4;

absl::Status Malformed(std::string_view what, std::string_view why) {
  return absl::InvalidArgumentError(Text(what, ": ", why));
}

std::string BigEndian(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

// `bytes` has four at least.
uint32_t LoadBigEndian(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < kKeyIdBytes; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

struct KeyText {
  std::string_view name;
  std::string_view id;
  KeyType type = KeyType::kEd25519;
  std::array<uint8_t, 32> material = {};
};

// What vkey and skey have in common. Base64 has plus signs of its own; names have none.
absl::StatusOr<KeyText> SplitKey(std::string_view text, std::string_view what) {
  const size_t name_end = text.find('+');
  const size_t id_end =
      name_end == std::string_view::npos ? name_end : text.find('+', name_end + 1);
  if (id_end == std::string_view::npos) return Malformed(what, "not name+id+base64");
  KeyText key{.name = text.substr(0, name_end),
              .id = text.substr(name_end + 1, id_end - name_end - 1)};
  if (!IsKeyName(key.name)) return Malformed(what, "the name is empty or has spaces or controls");
  const std::optional<std::string> bytes = DecodeBase64(text.substr(id_end + 1));
  if (!bytes) return Malformed(what, "its last part is not base64 of the standard");
  if (bytes->size() != 1 + key.material.size()) return Malformed(what, "not 33 bytes of key");
  key.type = static_cast<KeyType>((*bytes)[0]);
  if (key.type != KeyType::kEd25519 && key.type != KeyType::kCosignature) {
    return Malformed(what, "its type is neither Ed25519 nor cosignature/v1");
  }
  std::memcpy(key.material.data(), bytes->data() + 1, key.material.size());
  return key;
}

absl::StatusOr<NoteSignature> ParseSignature(std::string_view line, size_t number) {
  const std::string what = Text("signature line ", number);
  if (!line.starts_with(kSignaturePrefix)) return Malformed(what, "no em dash and space in front");
  line.remove_prefix(kSignaturePrefix.size());
  const size_t name_end = line.find(' ');
  if (name_end == std::string_view::npos) return Malformed(what, "no space after the name");
  const std::string_view name = line.substr(0, name_end);
  if (!IsKeyName(name)) return Malformed(what, "the name is empty or has spaces or a plus");
  const std::optional<std::string> bytes = DecodeBase64(line.substr(name_end + 1));
  if (!bytes) return Malformed(what, "not base64 of the standard");
  if (bytes->size() <= kKeyIdBytes) return Malformed(what, "no signature after the key id");
  return NoteSignature{.name = std::string(name),
                       .key_id = LoadBigEndian(*bytes),
                       .bytes = bytes->substr(kKeyIdBytes)};
}

bool Verifies(const VerifierKey& key, std::string_view text, std::string_view signature) {
  switch (key.type) {
    case KeyType::kEd25519:
      return VerifyEd25519(key.public_key, text, signature);
    case KeyType::kCosignature:
      return VerifyCosignature(key, text, signature);
  }
  return false;
}

}  // namespace

std::string KeyIdText(uint32_t id) {
  char digits[9];
  std::snprintf(digits, sizeof(digits), "%08x", id);
  return digits;
}

uint32_t KeyId(std::string_view name, KeyType type, const Ed25519PublicKey& public_key) {
  const std::string type_byte(1, static_cast<char>(type));
  const Hash hash = Sha256(Text(name, "\n", type_byte, public_key.view()));
  return LoadBigEndian(AsBytes(hash));
}

std::string FormatVerifierKey(const VerifierKey& key) {
  std::string bytes(1, static_cast<char>(key.type));
  bytes += key.public_key.view();
  return Text(key.name, "+", KeyIdText(key.id), "+", EncodeBase64(bytes));
}

absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view vkey) {
  const absl::StatusOr<KeyText> text = SplitKey(vkey, "verifier key");
  if (!text.ok()) return text.status();
  VerifierKey key{
      .name = std::string(text->name), .type = text->type, .public_key = {.bytes = text->material}};
  key.id = KeyId(key.name, key.type, key.public_key);
  if (text->id != KeyIdText(key.id)) {
    return Malformed("verifier key", "its id is not that of its name and public key");
  }
  return key;
}

absl::StatusOr<SignerKey> MakeSignerKey(std::string_view name, KeyType type,
                                        const Ed25519Seed& seed) {
  if (!IsKeyName(name)) {
    return absl::InvalidArgumentError(
        Text("key name '", name, "': empty, not UTF-8, or has spaces, controls or a plus"));
  }
  const Ed25519Key key(seed);
  return SignerKey{.verifier = {.name = std::string(name),
                                .id = KeyId(name, type, key.public_key()),
                                .type = type,
                                .public_key = key.public_key()},
                   .key = key};
}

std::string FormatSignerKey(const VerifierKey& verifier, const Ed25519Seed& seed) {
  std::string bytes(1, static_cast<char>(verifier.type));
  bytes.append(reinterpret_cast<const char*>(seed.bytes.data()), seed.bytes.size());
  return Text("PRIVATE+KEY+", verifier.name, "+", KeyIdText(verifier.id), "+", EncodeBase64(bytes));
}

absl::StatusOr<SignerKey> ParseSignerKey(std::string_view skey) {
  constexpr std::string_view kPrefix = "PRIVATE+KEY+";
  if (!skey.starts_with(kPrefix)) return Malformed("signer key", "no PRIVATE+KEY+ in front");
  const absl::StatusOr<KeyText> text = SplitKey(skey.substr(kPrefix.size()), "signer key");
  if (!text.ok()) return text.status();
  absl::StatusOr<SignerKey> signer =
      MakeSignerKey(text->name, text->type, {.bytes = text->material});
  if (!signer.ok()) return signer.status();
  if (text->id != KeyIdText(signer->verifier.id)) {
    return Malformed("signer key", "its id is not that of its name and public key");
  }
  return signer;
}

absl::StatusOr<std::vector<NoteSignature>> ParseSignatures(std::string_view lines) {
  if (lines.empty()) return Malformed("signature lines", "none");
  if (lines.back() != '\n') return Malformed("signature lines", "no newline at the end");
  std::vector<NoteSignature> signatures;
  LineReader reader(lines);
  while (const std::optional<std::string_view> line = reader.Take()) {
    if (signatures.size() == kNoteSignaturesMax) {
      return Malformed("signature lines", Text("more than ", kNoteSignaturesMax));
    }
    absl::StatusOr<NoteSignature> signature = ParseSignature(*line, signatures.size() + 1);
    if (!signature.ok()) return signature.status();
    signatures.push_back(*std::move(signature));
  }
  return signatures;
}

absl::StatusOr<Note> ParseNote(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) {
    return Malformed("note", Text(bytes.size(), " bytes, at most ", kNoteBytesMax));
  }
  if (!IsNoteUtf8(bytes)) return Malformed("note", "not UTF-8, or control characters in it");
  const size_t split = bytes.rfind("\n\n");
  if (split == std::string_view::npos) {
    return Malformed("note", "no empty line between text and signatures");
  }
  absl::StatusOr<std::vector<NoteSignature>> signatures = ParseSignatures(bytes.substr(split + 2));
  if (!signatures.ok()) return signatures.status();
  return Note{.text = std::string(bytes.substr(0, split + 1)),
              .signatures = *std::move(signatures)};
}

std::string FormatSignatures(absl::Span<const NoteSignature> signatures) {
  std::string lines;
  for (const NoteSignature& signature : signatures) {
    lines += Text(kSignaturePrefix, signature.name, " ",
                  EncodeBase64(BigEndian(signature.key_id) + signature.bytes), "\n");
  }
  return lines;
}

std::string FormatNote(const Note& note) {
  MB_CHECK(note.text.ends_with('\n'));
  return Text(note.text, "\n", FormatSignatures(note.signatures));
}

NoteSignature SignText(std::string_view text, const SignerKey& signer) {
  MB_CHECK(signer.verifier.type == KeyType::kEd25519);
  MB_CHECK(text.ends_with('\n'));
  MB_CHECK(IsNoteUtf8(text));
  return {.name = signer.verifier.name,
          .key_id = signer.verifier.id,
          .bytes = std::string(signer.key.Sign(text).view())};
}

absl::StatusOr<std::vector<VerifierKey>> VerifyNote(const Note& note,
                                                    absl::Span<const VerifierKey> keys) {
  std::vector<VerifierKey> signers;
  for (const VerifierKey& key : keys) {
    if (std::ranges::find(signers, key) != signers.end()) continue;
    bool signed_by_key = false;
    for (const NoteSignature& signature : note.signatures) {
      if (!signature.IsBy(key)) continue;
      if (!Verifies(key, note.text, signature.bytes)) {
        return absl::DataLossError(
            Text("the note's signature by ", key.name, "+", KeyIdText(key.id), " doesn't verify"));
      }
      signed_by_key = true;
    }
    if (signed_by_key) signers.push_back(key);
  }
  if (signers.empty()) {
    return absl::PermissionDeniedError("the note has no signature by any of the known keys");
  }
  return signers;
}

}  // namespace meritbook
