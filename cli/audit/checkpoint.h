// Owns: checkpoints (c2sp.org/tlog-checkpoint), and whom an auditor trusts to sign and cosign them.
// Promises: nothing of a checkpoint counts before a log's key has verified it; a witness counts
// once. Thread: any.
#ifndef MERITBOOK_CLI_AUDIT_CHECKPOINT_H_
#define MERITBOOK_CLI_AUDIT_CHECKPOINT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/audit/merkle_proof.h"
#include "cli/audit/note.h"

namespace meritbook::audit {

struct Checkpoint {
  std::string origin;
  TreeHead tree;
  std::vector<std::string> extensions;  // of others' logs; they mean nothing here
};

// The text of a note: origin, size and root, each on its line.
absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view text);

struct TrustPolicy {
  std::string origin;
  std::vector<VerifierKey> log_keys;  // one is enough: while keys rotate, there are two
  std::vector<VerifierKey> witnesses;
  size_t quorum = 0;  // so many of the witnesses
};

// From vkeys. Without an origin it is the name of the log's keys. Refused: a key of the wrong type,
// a witness that comes twice or is the log itself, a quorum that all witnesses together don't
// reach.
absl::StatusOr<TrustPolicy> MakeTrustPolicy(const std::vector<std::string>& log_vkeys,
                                            const std::vector<std::string>& witness_vkeys = {},
                                            size_t quorum = 0, std::string_view origin = {});

// What came of checking something signed.
enum class Verdict : uint8_t {
  kGood,
  kMalformed,     // it is not what it should be at all
  kBadSignature,  // not of this origin, no log's key verifies it, or a trusted key's signature is
                  // bad
  kNotIncluded,   // signed, but the entry is not in that tree
  kQuorumUnmet,   // all is well but for the number of witnesses
};

struct Cosignature {
  std::string witness;
  uint64_t posix_seconds = 0;
};

struct CheckedCheckpoint {
  Verdict verdict = Verdict::kMalformed;
  std::string message;    // one sentence; empty if good
  Checkpoint checkpoint;  // signed by the log where the verdict is kGood or kQuorumUnmet
  std::string note;       // the bytes that were checked
  std::vector<Cosignature> cosignatures;
};

CheckedCheckpoint CheckCheckpoint(std::string_view bytes, const TrustPolicy& policy);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_CHECKPOINT_H_
