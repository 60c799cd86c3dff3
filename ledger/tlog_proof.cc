// proof = "c2sp.org/tlog-proof@v1\n" ["extra " base64 "\n"] "index " decimal "\n"
//         (base64(hash) "\n")* "\n" checkpoint
#include "ledger/tlog_proof.h"

#include <optional>

#include "ledger/check.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/note_text.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

absl::Status Malformed(std::string_view why) {
  return absl::InvalidArgumentError(Text("proof: ", why));
}

absl::Status CheckCheckpoint(std::string_view bytes, uint64_t index) {
  const absl::StatusOr<Note> note = ParseNote(bytes);
  if (!note.ok()) return Malformed(MessageOf(note.status()));
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpointText(note->text);
  if (!checkpoint.ok()) return Malformed(MessageOf(checkpoint.status()));
  if (index < checkpoint->size) return absl::OkStatus();
  return Malformed(Text("index ", index, " in a log of ", checkpoint->size, " entries"));
}

}  // namespace

std::string FormatTlogProof(const TlogProof& proof) {
  MB_CHECK(proof.index <= kTreeSizeMax);
  MB_CHECK(proof.hashes.size() <= kProofHashesMax);
  std::string text = Text(kHeader, "\n");
  if (!proof.extra.empty()) text += Text(kExtra, EncodeBase64(proof.extra), "\n");
  text += Text(kIndex, proof.index, "\n");
  for (const Hash& hash : proof.hashes) text += Text(EncodeBase64(AsBytes(hash)), "\n");
  text += Text("\n", proof.checkpoint);
  MB_CHECK(text.size() <= kTlogProofBytesMax);
  return text;
}

absl::StatusOr<TlogProof> ParseTlogProof(std::string_view text) {
  if (text.size() > kTlogProofBytesMax) {
    return Malformed(Text(text.size(), " bytes, at most ", kTlogProofBytesMax));
  }
  LineReader lines(text);
  if (lines.Take() != kHeader) return Malformed(Text("its first line is not ", kHeader));
  TlogProof proof;
  std::optional<std::string_view> line = lines.Take();
  if (line && line->starts_with(kExtra)) {
    const std::optional<std::string> extra = DecodeBase64(line->substr(kExtra.size()));
    if (!extra || extra->empty()) return Malformed("its extra data is not base64 of the standard");
    proof.extra = *extra;
    line = lines.Take();
  }
  if (!line || !line->starts_with(kIndex)) return Malformed("no index line");
  const std::optional<uint64_t> index = ParseDecimal(line->substr(kIndex.size()));
  if (!index) return Malformed("its index is no decimal without leading zeros up to 2^63 - 1");
  proof.index = *index;
  for (line = lines.Take(); line && !line->empty(); line = lines.Take()) {
    const size_t number = proof.hashes.size() + 1;
    if (number > kProofHashesMax) return Malformed(Text("more than ", kProofHashesMax, " hashes"));
    const std::optional<Hash> hash = DecodeBase64Hash(*line);
    if (!hash) return Malformed(Text("hash ", number, " is not 32 bytes in base64"));
    proof.hashes.push_back(*hash);
  }
  if (!line) return Malformed("no empty line after the hashes");
  if (absl::Status s = CheckCheckpoint(lines.rest(), proof.index); !s.ok()) return s;
  proof.checkpoint = std::string(lines.rest());
  return proof;
}

}  // namespace meritbook
