// Owns: the last checkpoint that an auditor kept of each log: one file for each origin.
// Promises: a file is replaced as a whole and only by a tree that is no smaller; what was kept is
// read back verified, or not at all. Thread: any; two auditors may use one folder.
#ifndef MERITBOOK_CLI_AUDIT_KEPT_CHECKPOINT_H_
#define MERITBOOK_CLI_AUDIT_KEPT_CHECKPOINT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/audit/checkpoint.h"

namespace meritbook::audit {

// How a tree stands to the one that was kept.
enum class TreeRelation : uint8_t {
  kSame,
  kGrown,      // it has to be shown that it begins with the one kept
  kShorter,    // events are gone
  kOtherRoot,  // of the same size: history was rewritten
};
TreeRelation RelationOf(const TreeHead& kept, const TreeHead& now);

// Where the checkpoint of a log lies in the folder. Two origins never share a file.
std::string KeptCheckpointPath(const std::string& folder, std::string_view origin);

// Nothing if none was kept. kDataLoss if the file is no checkpoint of the policy's log that its
// keys verify; the witnesses were asked when it was kept.
absl::StatusOr<std::optional<CheckedCheckpoint>> ReadKeptCheckpoint(const std::string& folder,
                                                                    const TrustPolicy& policy);

// The folder has to be there. To be called only once everything has been verified, growth from the
// kept one included. Durable when it returns. kFailedPrecondition if a larger tree, or another of
// this size, was kept meanwhile.
absl::Status KeepCheckpoint(const std::string& folder, const CheckedCheckpoint& checked,
                            const TrustPolicy& policy);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_KEPT_CHECKPOINT_H_
