// request = "old " decimal "\n" (base64(hash) "\n")* "\n" checkpoint
// answer  = signature lines (200) | decimal "\n" (409) | anything
#include "ledger/witness_text.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/check.h"
#include "ledger/note_text.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr int kHttpOk = 200;
constexpr int kHttpConflict = 409;
constexpr size_t kReasonBytesMax = 200;

std::optional<uint64_t> ParseSizeLine(std::string_view body) {
  if (!body.ends_with('\n')) return std::nullopt;
  return ParseDecimal(body.substr(0, body.size() - 1));
}

// It goes to logs and terminals, and a stranger wrote it.
std::string Printable(std::string_view body) {
  std::string reason(body.substr(0, std::min(body.find('\n'), kReasonBytesMax)));
  std::ranges::replace_if(
      reason, [](char c) { return c < 0x20 || c > 0x7E; }, '?');
  return reason;
}

}  // namespace

std::string FormatAddCheckpoint(const AddCheckpoint& request) {
  MB_CHECK(request.old_size <= kTreeSizeMax);
  MB_CHECK(request.consistency.size() <= kConsistencyHashesMax);
  if (request.old_size == 0) MB_CHECK(request.consistency.empty());
  std::string body = Text("old ", request.old_size, "\n");
  for (const Hash& hash : request.consistency) body += Text(EncodeBase64(AsBytes(hash)), "\n");
  return Text(body, "\n", FormatNote(request.checkpoint));
}

absl::StatusOr<WitnessAnswer> ParseWitnessAnswer(int http_status, std::string_view body) {
  if (http_status == kHttpOk) {
    if (body.size() > kWitnessAnswerBytesMax) {
      return absl::InvalidArgumentError(
          Text("witness's answer: ", body.size(), " bytes, at most ", kWitnessAnswerBytesMax));
    }
    absl::StatusOr<std::vector<NoteSignature>> cosignatures = ParseSignatures(body);
    if (!cosignatures.ok()) {
      return absl::InvalidArgumentError(
          Text("witness's answer: ", MessageOf(cosignatures.status())));
    }
    return WitnessCosigned{.cosignatures = *std::move(cosignatures)};
  }
  if (http_status == kHttpConflict) {
    if (const std::optional<uint64_t> size = ParseSizeLine(body)) return WitnessAtSize{*size};
  }
  return WitnessRefused{.http_status = http_status, .reason = Printable(body)};
}

}  // namespace meritbook
