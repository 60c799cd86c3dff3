// Owns: checkpoints (c2sp.org/tlog-checkpoint): the size and root of a log, as a signed note.
// Promises: those written have no extension lines; those of others may. What OpenCheckpoint gives
//           was signed by a key of the log.
// Thread: any.
#ifndef MERITBOOK_LEDGER_CHECKPOINT_H_
#define MERITBOOK_LEDGER_CHECKPOINT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ledger/note.h"
#include "ledger/sha256.h"

namespace meritbook {

struct Checkpoint {
  std::string origin;  // of the log, for ever
  uint64_t size = 0;   // at most kTreeSizeMax
  Hash root = {};

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// `origin\nsize\nbase64(root)\n`. The origin is a key name (IsKeyName) too (CHECK).
std::string CheckpointText(const Checkpoint& checkpoint);
absl::StatusOr<Checkpoint> ParseCheckpointText(std::string_view text);

// One signature by each; at least one signer, two while a rotation overlaps. Each is of type
// kEd25519 and has the origin for its name (CHECK).
Note SignCheckpoint(const Checkpoint& checkpoint, absl::Span<const SignerKey> signers);

struct KnownLog {
  std::string origin;
  std::vector<VerifierKey> keys;  // of the log, not of witnesses
};

struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;
};

// Verified by one of the log's keys at least (see VerifyNote for the errors) and of its origin;
// kInvalidArgument for text that is no checkpoint, another origin, or a key of another type.
// Cosignatures are CheckQuorum's.
absl::StatusOr<SignedCheckpoint> OpenCheckpoint(std::string_view bytes, const KnownLog& log);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_CHECKPOINT_H_
