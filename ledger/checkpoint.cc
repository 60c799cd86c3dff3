#include "ledger/checkpoint.h"

#include <optional>
#include <utility>

#include "ledger/check.h"
#include "ledger/note_text.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

absl::Status Malformed(std::string_view why) {
  return absl::InvalidArgumentError(Text("checkpoint: ", why));
}

}  // namespace

std::string CheckpointText(const Checkpoint& checkpoint) {
  MB_CHECK(IsKeyName(checkpoint.origin));
  MB_CHECK(checkpoint.size <= kTreeSizeMax);
  return Text(checkpoint.origin, "\n", checkpoint.size, "\n",
              EncodeBase64(AsBytes(checkpoint.root)), "\n");
}

absl::StatusOr<Checkpoint> ParseCheckpointText(std::string_view text) {
  if (!IsNoteUtf8(text)) return Malformed("not UTF-8, or control characters in it");
  if (!text.ends_with('\n')) return Malformed("no newline at the end");
  LineReader lines(text);
  const std::optional<std::string_view> origin = lines.Take();
  const std::optional<std::string_view> size_text = lines.Take();
  const std::optional<std::string_view> root_text = lines.Take();
  if (!origin || !size_text || !root_text) return Malformed("fewer than three lines");
  if (origin->empty()) return Malformed("line 1, the origin, is empty");
  const std::optional<uint64_t> size = ParseDecimal(*size_text);
  if (!size) return Malformed("line 2 is no size: a decimal without leading zeros up to 2^63 - 1");
  const std::optional<Hash> root = DecodeBase64Hash(*root_text);
  if (!root) return Malformed("line 3 is no root: 32 bytes in base64 of the standard");
  for (size_t number = 4; const std::optional<std::string_view> line = lines.Take(); ++number) {
    if (line->empty()) return Malformed(Text("line ", number, " is empty"));
  }
  return Checkpoint{.origin = std::string(*origin), .size = *size, .root = *root};
}

Note SignCheckpoint(const Checkpoint& checkpoint, absl::Span<const SignerKey> signers) {
  MB_CHECK(!signers.empty());
  Note note{.text = CheckpointText(checkpoint), .signatures = {}};
  for (const SignerKey& signer : signers) {
    MB_CHECK(signer.verifier.name == checkpoint.origin);
    note.signatures.push_back(SignText(note.text, signer));
  }
  return note;
}

absl::StatusOr<SignedCheckpoint> OpenCheckpoint(std::string_view bytes, const KnownLog& log) {
  for (const VerifierKey& key : log.keys) {
    if (key.type == KeyType::kEd25519) continue;
    return Malformed(
        Text("key ", key.name, "+", KeyIdText(key.id), " is not a log's but a witness's"));
  }
  absl::StatusOr<Note> note = ParseNote(bytes);
  if (!note.ok()) return note.status();
  const absl::StatusOr<std::vector<VerifierKey>> signers = VerifyNote(*note, log.keys);
  if (!signers.ok()) return signers.status();
  absl::StatusOr<Checkpoint> checkpoint = ParseCheckpointText(note->text);
  if (!checkpoint.ok()) return checkpoint.status();
  if (checkpoint->origin != log.origin) {
    return Malformed(Text("of '", checkpoint->origin, "', want '", log.origin, "'"));
  }
  return SignedCheckpoint{.checkpoint = *std::move(checkpoint), .note = *std::move(note)};
}

}  // namespace meritbook
