// Owns: c2sp.org/tlog-proof@v1, the proof that an entry is in a log, and its verification offline.
// Promises: needs the entry, the keys and nothing else; each way to fail has a verdict of its own.
// Thread: any.
#ifndef MERITBOOK_CLI_AUDIT_TLOG_PROOF_H_
#define MERITBOOK_CLI_AUDIT_TLOG_PROOF_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/audit/checkpoint.h"
#include "cli/audit/merkle.h"

namespace meritbook::audit {

struct TlogProof {
  std::optional<std::string> extra;  // decoded; nobody signed it
  uint64_t index = 0;
  std::vector<Hash> hashes;  // from the leaf's sibling upwards
  std::string checkpoint;    // the signed note, not yet verified
};

absl::StatusOr<TlogProof> ParseTlogProof(std::string_view bytes);

struct CheckedProof {
  Verdict verdict = Verdict::kMalformed;
  std::string message;  // one sentence; empty if good
  uint64_t index = 0;   // of the entry in its log
  CheckedCheckpoint checkpoint;
};

// Whether the entry is in a log that the policy trusts. An entry that is not included is told
// before witnesses that are missing.
CheckedProof CheckTlogProof(std::string_view bytes, std::string_view entry,
                            const TrustPolicy& policy);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_TLOG_PROOF_H_
