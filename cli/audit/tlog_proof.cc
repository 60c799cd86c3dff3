#include "cli/audit/tlog_proof.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "cli/audit/merkle_proof.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtraStart = "extra ";
constexpr std::string_view kIndexStart = "index ";
constexpr size_t kHashesMax = 63;  // sizes are below 2^63

// Takes lines off the front, and says where it is.
class Lines {
 public:
  explicit Lines(std::string_view rest) : rest_(rest) {}

  // Nothing where no newline follows.
  std::optional<std::string_view> Take() {
    const size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    ++number_;
    return line;
  }
  bool NextStartsWith(std::string_view start) const { return rest_.starts_with(start); }
  std::string_view rest() const { return rest_; }
  absl::Status Wrong(std::string_view what) const {
    return absl::InvalidArgumentError(Text("line ", number_, " of the proof ", what));
  }

 private:
  std::string_view rest_;
  size_t number_ = 0;
};

absl::Status CutOff() { return absl::InvalidArgumentError("the proof is cut off"); }

absl::Status TakeHead(Lines& lines, TlogProof& proof) {
  const auto first = lines.Take();
  if (!first) return CutOff();
  if (*first != kFirstLine) return lines.Wrong(Text("is not ", kFirstLine));
  if (lines.NextStartsWith(kExtraStart)) {
    const auto extra = lines.Take();
    if (!extra) return CutOff();
    proof.extra = StrictBase64(extra->substr(kExtraStart.size()));
    if (!proof.extra) return lines.Wrong("has no base64 after extra");
  }
  const auto index_line = lines.Take();
  if (!index_line) return CutOff();
  if (!index_line->starts_with(kIndexStart)) return lines.Wrong("does not begin with index");
  const auto index = StrictDecimal(index_line->substr(kIndexStart.size()));
  if (!index) return lines.Wrong("has no number after index");
  proof.index = *index;
  return absl::OkStatus();
}

absl::Status TakeHashes(Lines& lines, TlogProof& proof) {
  while (true) {
    const auto line = lines.Take();
    if (!line) return CutOff();
    if (line->empty()) return absl::OkStatus();
    const auto bytes = StrictBase64(*line);
    if (!bytes || bytes->size() != sizeof(Hash)) return lines.Wrong("is no base64 of a hash");
    if (proof.hashes.size() == kHashesMax) return lines.Wrong("is one hash too many for any tree");
    std::copy(bytes->begin(), bytes->end(), proof.hashes.emplace_back().begin());
  }
}

}  // namespace

absl::StatusOr<TlogProof> ParseTlogProof(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) {
    return absl::InvalidArgumentError(Text("the proof has more than ", kNoteBytesMax, " bytes"));
  }
  TlogProof proof;
  Lines lines(bytes);
  if (absl::Status status = TakeHead(lines, proof); !status.ok()) return status;
  if (absl::Status status = TakeHashes(lines, proof); !status.ok()) return status;
  proof.checkpoint = lines.rest();
  return proof;
}

CheckedProof CheckTlogProof(std::string_view bytes, std::string_view entry,
                            const TrustPolicy& policy) {
  CheckedProof checked;
  const auto proof = ParseTlogProof(bytes);
  if (!proof.ok()) {
    checked.message = std::string(proof.status().message());
    return checked;
  }
  checked.index = proof->index;
  checked.checkpoint = CheckCheckpoint(proof->checkpoint, policy);
  checked.verdict = checked.checkpoint.verdict;
  checked.message = checked.checkpoint.message;
  if (checked.verdict != Verdict::kGood && checked.verdict != Verdict::kQuorumUnmet) return checked;
  const absl::Status included = VerifyInclusion(proof->index, HashLeaf(entry),
                                                checked.checkpoint.checkpoint.tree, proof->hashes);
  if (included.ok()) return checked;
  checked.verdict = Verdict::kNotIncluded;
  checked.message = Text("the entry is not event ", proof->index,
                         " of this log: ", std::string(included.message()));
  return checked;
}

}  // namespace meritbook::audit
