// Owns: cosignature/v1 (c2sp.org/tlog-cosignature): what a witness signs, and a quorum of
// witnesses. Promises: a witness counts once, and only by a cosignature that verifies. Thread: any.
#ifndef MERITBOOK_LEDGER_COSIGNATURE_H_
#define MERITBOOK_LEDGER_COSIGNATURE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ledger/note.h"

namespace meritbook {

inline constexpr size_t kWitnessesMax = 32;

// Seconds since 1970 at which it was made; nullopt unless `signature` has the 72 bytes of a
// cosignature and the time is at most 2^63 - 1. Says nothing of its truth.
std::optional<uint64_t> CosignatureTime(std::string_view signature);

// `witness` is of type kCosignature (CHECK), `time_s` at most 2^63 - 1 (CHECK).
NoteSignature Cosign(std::string_view text, uint64_t time_s, const SignerKey& witness);

// `witness` is of type kCosignature (CHECK).
bool VerifyCosignature(const VerifierKey& witness, std::string_view text,
                       std::string_view signature);

struct WitnessPolicy {
  std::vector<VerifierKey> witnesses;
  size_t quorum = 0;  // so many of them
};

// Refuses a quorum above the number of witnesses, more than kWitnessesMax of them, a key of another
// type, and one public key under two names: it would count twice, as the message has no name in it.
absl::Status CheckWitnessPolicy(const WitnessPolicy& policy);

// The witnesses of `policy` that cosigned, in its order; perhaps none. kDataLoss if a signature by
// one of them doesn't verify.
absl::StatusOr<std::vector<VerifierKey>> CosignedBy(const Note& note, const WitnessPolicy& policy);

// Ok if so many cosigned; else kFailedPrecondition, naming both figures and who is missing.
absl::Status CheckQuorum(const Note& note, const WitnessPolicy& policy);

// The note with those of `cosignatures` that are by `witnesses`; others are ignored. A witness has
// one in the result, the youngest. kDataLoss, and nothing is merged, if one by a witness doesn't
// verify; kResourceExhausted above kNoteSignaturesMax.
absl::StatusOr<Note> MergeCosignatures(Note note, absl::Span<const NoteSignature> cosignatures,
                                       absl::Span<const VerifierKey> witnesses);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_COSIGNATURE_H_
