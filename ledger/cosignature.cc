// signature = time:u64, big-endian, then Ed25519 over
//   "cosignature/v1\ntime " time as decimal "\n" text of the note
#include "ledger/cosignature.h"

#include <algorithm>
#include <utility>

#include "ledger/check.h"
#include "ledger/note_text.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr size_t kTimeBytes = 8;
constexpr size_t kCosignatureBytes = kTimeBytes + sizeof(Ed25519Signature::bytes);
constexpr uint64_t kTimeMax_s = (uint64_t{1} << 63) - 1;

std::string CosignedMessage(std::string_view text, uint64_t time_s) {
  return Text("cosignature/v1\ntime ", time_s, "\n", text);
}

absl::Status DoesNotVerify(const VerifierKey& witness) {
  return absl::DataLossError(Text("the cosignature by witness ", witness.name, "+",
                                  KeyIdText(witness.id), " doesn't verify"));
}

// In place of what the note has by the same witness, unless that is younger and true.
void PutCosignature(Note& note, const NoteSignature& cosignature, const VerifierKey& witness) {
  std::erase_if(note.signatures, [&](const NoteSignature& earlier) {
    if (!earlier.IsBy(witness)) return false;
    if (!VerifyCosignature(witness, note.text, earlier.bytes)) return true;
    return CosignatureTime(earlier.bytes) <= CosignatureTime(cosignature.bytes);
  });
  const bool has_younger = std::ranges::any_of(
      note.signatures, [&](const NoteSignature& signature) { return signature.IsBy(witness); });
  if (!has_younger) note.signatures.push_back(cosignature);
}

}  // namespace

std::optional<uint64_t> CosignatureTime(std::string_view signature) {
  if (signature.size() != kCosignatureBytes) return std::nullopt;
  uint64_t time_s = 0;
  for (const char byte : signature.substr(0, kTimeBytes)) {
    time_s = time_s << 8 | static_cast<uint8_t>(byte);
  }
  if (time_s > kTimeMax_s) return std::nullopt;
  return time_s;
}

NoteSignature Cosign(std::string_view text, uint64_t time_s, const SignerKey& witness) {
  MB_CHECK(witness.verifier.type == KeyType::kCosignature);
  MB_CHECK(time_s <= kTimeMax_s);
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(time_s >> shift);
  bytes += witness.key.Sign(CosignedMessage(text, time_s)).view();
  return {.name = witness.verifier.name, .key_id = witness.verifier.id, .bytes = std::move(bytes)};
}

bool VerifyCosignature(const VerifierKey& witness, std::string_view text,
                       std::string_view signature) {
  MB_CHECK(witness.type == KeyType::kCosignature);
  const std::optional<uint64_t> time_s = CosignatureTime(signature);
  if (!time_s) return false;
  return VerifyEd25519(witness.public_key, CosignedMessage(text, *time_s),
                       signature.substr(kTimeBytes));
}

absl::Status CheckWitnessPolicy(const WitnessPolicy& policy) {
  if (policy.witnesses.size() > kWitnessesMax) {
    return absl::InvalidArgumentError(
        Text(policy.witnesses.size(), " witnesses, at most ", kWitnessesMax));
  }
  if (policy.quorum > policy.witnesses.size()) {
    return absl::InvalidArgumentError(Text("a quorum of ", policy.quorum, " out of ",
                                           policy.witnesses.size(), " witnesses can't be met"));
  }
  for (size_t i = 0; i < policy.witnesses.size(); ++i) {
    const VerifierKey& witness = policy.witnesses[i];
    if (witness.type != KeyType::kCosignature) {
      return absl::InvalidArgumentError(
          Text("witness ", witness.name, ": its key is not of type cosignature/v1"));
    }
    for (size_t j = 0; j < i; ++j) {
      if (policy.witnesses[j].public_key != witness.public_key) continue;
      return absl::InvalidArgumentError(Text("witness ", witness.name, " has the same key as ",
                                             policy.witnesses[j].name, ": it would count twice"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<VerifierKey>> CosignedBy(const Note& note, const WitnessPolicy& policy) {
  if (absl::Status s = CheckWitnessPolicy(policy); !s.ok()) return s;
  absl::StatusOr<std::vector<VerifierKey>> signers = VerifyNote(note, policy.witnesses);
  if (absl::IsPermissionDenied(signers.status())) return std::vector<VerifierKey>();
  return signers;
}

absl::Status CheckQuorum(const Note& note, const WitnessPolicy& policy) {
  const absl::StatusOr<std::vector<VerifierKey>> signers = CosignedBy(note, policy);
  if (!signers.ok()) return signers.status();
  if (signers->size() >= policy.quorum) return absl::OkStatus();
  std::string missing;
  for (const VerifierKey& witness : policy.witnesses) {
    if (std::ranges::find(*signers, witness) != signers->end()) continue;
    missing += Text(missing.empty() ? "" : ", ", witness.name);
  }
  return absl::FailedPreconditionError(Text("cosigned by ", signers->size(), " of ",
                                            policy.witnesses.size(), " witnesses, want ",
                                            policy.quorum, "; missing: ", missing));
}

absl::StatusOr<Note> MergeCosignatures(Note note, absl::Span<const NoteSignature> cosignatures,
                                       absl::Span<const VerifierKey> witnesses) {
  for (const NoteSignature& cosignature : cosignatures) {
    const auto witness = std::ranges::find_if(
        witnesses, [&](const VerifierKey& key) { return cosignature.IsBy(key); });
    if (witness == witnesses.end()) continue;
    if (!VerifyCosignature(*witness, note.text, cosignature.bytes)) return DoesNotVerify(*witness);
    PutCosignature(note, cosignature, *witness);
  }
  if (note.signatures.size() > kNoteSignaturesMax) {
    return absl::ResourceExhaustedError(Text("the note would have ", note.signatures.size(),
                                             " signatures, at most ", kNoteSignaturesMax));
  }
  return note;
}

}  // namespace meritbook
