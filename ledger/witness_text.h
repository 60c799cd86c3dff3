// Owns: what a log says to a witness and hears from it (c2sp.org/tlog-witness, add-checkpoint).
// Promises: no answer, however malformed, does more than give an error. Nothing is verified here.
// Thread: any.
#ifndef MERITBOOK_LEDGER_WITNESS_TEXT_H_
#define MERITBOOK_LEDGER_WITNESS_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/note.h"
#include "ledger/sha256.h"

namespace meritbook {

inline constexpr size_t kConsistencyHashesMax = 63;
inline constexpr size_t kWitnessAnswerBytesMax = kNoteBytesMax;

struct AddCheckpoint {
  uint64_t old_size = 0;          // of the checkpoint that the witness cosigned last
  std::vector<Hash> consistency;  // from old_size to the checkpoint's; none from 0
  Note checkpoint;
};

// The body of the request. At most kConsistencyHashesMax hashes, none if old_size is 0 (CHECK).
std::string FormatAddCheckpoint(const AddCheckpoint& request);

// 200. For MergeCosignatures.
struct WitnessCosigned {
  std::vector<NoteSignature> cosignatures;
};

// 409 with a size: the witness cosigned this size last. If it is the old_size of the request, the
// witness has another root for it: two logs go by one origin.
struct WitnessAtSize {
  uint64_t size = 0;
};

// Any other: 404 unknown log, 403 unknown key, 422 wrong proof, 409 without a size (another root).
struct WitnessRefused {
  int http_status = 0;
  std::string reason;  // of the body's first line, what can be printed, cut at 200 bytes
};

using WitnessAnswer = std::variant<WitnessCosigned, WitnessAtSize, WitnessRefused>;

// kInvalidArgument for a 200 whose body is not signature lines.
absl::StatusOr<WitnessAnswer> ParseWitnessAnswer(int http_status, std::string_view body);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_WITNESS_TEXT_H_
