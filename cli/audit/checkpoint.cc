#include "cli/audit/checkpoint.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(Text("the checkpoint ", what));
}

// The next line without its newline; nothing at the end.
std::optional<std::string_view> TakeLine(std::string_view& rest) {
  const size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

absl::StatusOr<std::vector<VerifierKey>> KeysOf(const std::vector<std::string>& vkeys,
                                                SignatureType type) {
  std::vector<VerifierKey> keys;
  for (const std::string& vkey : vkeys) {
    auto key = ParseVerifierKey(vkey);
    if (!key.ok()) {
      return absl::InvalidArgumentError(Text(vkey, ": ", std::string(key.status().message())));
    }
    if (key->type != type) {
      return absl::InvalidArgumentError(Text(vkey, ": a ",
                                             type == SignatureType::kEd25519
                                                 ? "log's key is of type 1"
                                                 : "witness's key is of type 4"));
    }
    keys.push_back(*std::move(key));
  }
  return keys;
}

bool Has(const std::vector<VerifierKey>& keys, const PublicKey& key) {
  return std::any_of(keys.begin(), keys.end(),
                     [&key](const VerifierKey& one) { return one.key == key; });
}

absl::Status CheckWitnesses(const TrustPolicy& policy) {
  std::vector<VerifierKey> before;
  for (const VerifierKey& witness : policy.witnesses) {
    // A cosignature doesn't name its witness, so that one key under two names would count twice.
    if (Has(before, witness.key)) {
      return absl::InvalidArgumentError(
          Text("the key of witness ", witness.name, " is given twice"));
    }
    if (Has(policy.log_keys, witness.key)) {
      return absl::InvalidArgumentError(Text("witness ", witness.name, " has the key of the log"));
    }
    before.push_back(witness);
  }
  if (policy.quorum > policy.witnesses.size()) {
    return absl::InvalidArgumentError(Text("a quorum of ", policy.quorum, " can't be met by ",
                                           policy.witnesses.size(), " witnesses"));
  }
  return absl::OkStatus();
}

CheckedCheckpoint& Judged(CheckedCheckpoint& checked, Verdict verdict, std::string message) {
  checked.verdict = verdict;
  checked.message = std::move(message);
  return checked;
}

// An empty sentence if at least one of the log's keys verifies the note, and none fails.
std::string CheckLogKeys(const Note& note, const TrustPolicy& policy) {
  uint64_t good = 0;
  for (const VerifierKey& key : policy.log_keys) {
    const KeySignatures found = CheckSignatures(note, key);
    if (found.bad > 0) {
      return Text("the checkpoint's signature by ", key.name, " does not verify");
    }
    good += found.good;
  }
  return good > 0 ? "" : "the checkpoint has no signature by a key of this log";
}

}  // namespace

absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view text) {
  if (text.empty() || text.back() != '\n') return Malformed("has a last line without a newline");
  const auto origin = TakeLine(text);
  const auto size_line = TakeLine(text);
  const auto root_line = TakeLine(text);
  if (!root_line) return Malformed("has fewer than three lines");
  Checkpoint checkpoint;
  checkpoint.origin = *origin;
  if (checkpoint.origin.empty()) return Malformed("has no origin");
  const auto size = StrictDecimal(*size_line);
  if (!size) return Malformed("has no size in its second line");
  checkpoint.tree.size = *size;
  const auto root = StrictBase64(*root_line);
  if (!root || root->size() != sizeof(Hash)) return Malformed("has no root in its third line");
  std::copy(root->begin(), root->end(), checkpoint.tree.root.begin());
  while (const auto line = TakeLine(text)) {
    if (line->empty()) return Malformed("has an empty line");
    checkpoint.extensions.emplace_back(*line);
  }
  return checkpoint;
}

absl::StatusOr<TrustPolicy> MakeTrustPolicy(const std::vector<std::string>& log_vkeys,
                                            const std::vector<std::string>& witness_vkeys,
                                            size_t quorum, std::string_view origin) {
  auto log_keys = KeysOf(log_vkeys, SignatureType::kEd25519);
  if (!log_keys.ok()) return log_keys.status();
  if (log_keys->empty()) return absl::InvalidArgumentError("no key of the log is given");
  auto witnesses = KeysOf(witness_vkeys, SignatureType::kCosignature);
  if (!witnesses.ok()) return witnesses.status();
  TrustPolicy policy;
  policy.origin = origin.empty() ? log_keys->front().name : std::string(origin);
  policy.log_keys = *std::move(log_keys);
  policy.witnesses = *std::move(witnesses);
  policy.quorum = quorum;
  if (origin.empty()) {
    for (const VerifierKey& key : policy.log_keys) {
      if (key.name == policy.origin) continue;
      return absl::InvalidArgumentError(
          Text("the keys of the log have different names, ", policy.origin, " and ", key.name));
    }
  }
  if (absl::Status status = CheckWitnesses(policy); !status.ok()) return status;
  return policy;
}

CheckedCheckpoint CheckCheckpoint(std::string_view bytes, const TrustPolicy& policy) {
  CheckedCheckpoint checked;
  checked.note = bytes;
  const auto note = ParseNote(bytes);
  if (!note.ok()) return Judged(checked, Verdict::kMalformed, std::string(note.status().message()));
  const std::string signed_badly = CheckLogKeys(*note, policy);
  if (!signed_badly.empty()) return Judged(checked, Verdict::kBadSignature, signed_badly);
  auto checkpoint = ParseCheckpoint(note->text);
  if (!checkpoint.ok()) {
    return Judged(checked, Verdict::kMalformed, std::string(checkpoint.status().message()));
  }
  if (checkpoint->origin != policy.origin) {
    return Judged(checked, Verdict::kBadSignature,
                  Text("the checkpoint is of ", checkpoint->origin, ", not of ", policy.origin));
  }
  for (const VerifierKey& witness : policy.witnesses) {
    const KeySignatures found = CheckSignatures(*note, witness);
    if (found.bad > 0) {
      return Judged(checked, Verdict::kBadSignature,
                    Text("the cosignature by ", witness.name, " does not verify"));
    }
    if (found.good > 0) checked.cosignatures.push_back({witness.name, found.cosigned_at});
  }
  checked.checkpoint = *std::move(checkpoint);
  if (checked.cosignatures.size() < policy.quorum) {
    return Judged(checked, Verdict::kQuorumUnmet,
                  Text("the checkpoint is cosigned by ", checked.cosignatures.size(), " of ",
                       policy.witnesses.size(), " witnesses, wanted ", policy.quorum));
  }
  return Judged(checked, Verdict::kGood, "");
}

}  // namespace meritbook::audit
