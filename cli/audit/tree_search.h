// Owns: the search for the first place at which a log's entries are not those that were signed.
// Promises: goes down from the signed root by tiles that it has verified itself, and blames nothing
// without the root. Thread: one a search.
#ifndef MERITBOOK_CLI_AUDIT_TREE_SEARCH_H_
#define MERITBOOK_CLI_AUDIT_TREE_SEARCH_H_

#include <vector>

#include "absl/status/statusor.h"
#include "cli/audit/merkle_proof.h"
#include "cli/audit/tile_source.h"
#include "cli/audit/tree_audit.h"

namespace meritbook::audit {

// By level: the hashes of the tree's last, partial tile; empty where there is none.
using RightEdge = std::vector<std::vector<Hash>>;

// The root of the tree whose partial tiles these are.
Hash RootOfEdge(const RightEdge& edge);

// To be called once the entries are known to give another root than `signed_tree`'s; `recomputed`
// is the edge that they do give. Reads the entries again where tiles lead to.
absl::StatusOr<TreeFinding> FindFirstDifference(TileSource& source, const TreeHead& signed_tree,
                                                const RightEdge& recomputed);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_TREE_SEARCH_H_
