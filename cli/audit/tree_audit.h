// Owns: the audit of a log's tree: every leaf and every tile recomputed from the entries.
// Promises: memory for a few tiles and one bundle, whatever the log's size; whether it is the
// entries or a tile that is not the signed one is told by the root alone. Thread: one an audit.
#ifndef MERITBOOK_CLI_AUDIT_TREE_AUDIT_H_
#define MERITBOOK_CLI_AUDIT_TREE_AUDIT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "cli/audit/checkpoint.h"
#include "cli/audit/merkle_proof.h"
#include "cli/audit/tile_source.h"

namespace meritbook::audit {

enum class TreeProblem : uint8_t {
  kBundleMissing,
  kTileMissing,
  kEntryDiffers,  // the tile is the signed one, the entry isn't
  kTileDiffers,   // the entries are the signed ones, the tile isn't
  kBothDiffer,    // neither the tile nor the entries below it are the signed ones
  kRootDiffers,   // entries and tiles make one tree, but not the signed one
  kInconsistent,  // the signed tree doesn't begin with the one that was kept
};

struct TreeFinding {
  TreeProblem problem = TreeProblem::kRootDiffers;
  std::string path;                  // of the tile or bundle; empty if none is to blame
  std::optional<uint64_t> sequence;  // of the entry, where it is known
  std::string message;               // one sentence
};

struct TreeReport {
  std::optional<TreeFinding> finding;  // the first one; nothing if all is as signed
  uint64_t entries = 0;                // given to the sink
  uint64_t tiles = 0;                  // compared
  uint64_t tiles_wrong = 0;            // of these: missing, or other than the entries make them
};

// Takes each entry in its order. The bytes are gone after the call. Entries come as they are read:
// what follows from them counts only once the report is there.
using EntrySink = absl::FunctionRef<void(uint64_t sequence, std::string_view entry)>;

// `signed_tree` is that of a checkpoint that verifies; with a smaller tree in `kept` its
// consistency is shown too. A status only where something could not be read. A partial tile that is
// gone is read from the full one, which may take its place.
absl::StatusOr<TreeReport> AuditTree(TileSource& source, const TreeHead& signed_tree,
                                     const std::optional<TreeHead>& kept, EntrySink sink);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_TREE_AUDIT_H_
