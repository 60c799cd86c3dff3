// Owns: the audit of one ledger over the wire: fetches what is served, replays the log, compares.
// Promises: works while the ledger grows; a status only where the audit could not be carried out.
// Thread: any; each call is an audit of its own.
#ifndef MERITBOOK_CLI_AUDIT_RUN_H_
#define MERITBOOK_CLI_AUDIT_RUN_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/audit/finding.h"

namespace grpc {
class ChannelInterface;
class ClientContext;
}  // namespace grpc

namespace meritbook::audit {

// Sets the credentials of a call.
using ContextSetter = std::function<void(grpc::ClientContext&)>;
// Events replayed, events to replay. Called now and then, in the caller's thread.
using Progress = std::function<void(uint64_t done, uint64_t total)>;

struct AuditReport {
  uint64_t events = 0;
  uint64_t volunteers = 0;
  double seconds = 0;
  uint64_t balances_compared = 0;
  uint64_t merchants_compared = 0;
  // At most 2 x kFindingsMax of them: those of the log first, then those of the comparison.
  std::vector<Finding> findings;
  uint64_t findings_total = 0;

  bool ok() const { return findings_total == 0; }
};

// Needs the auditor role. The channel must take messages of 16 MiB. `set_context` and `progress`
// may be empty.
absl::StatusOr<AuditReport> RunAudit(const std::shared_ptr<grpc::ChannelInterface>& channel,
                                     const ContextSetter& set_context, const std::string& ledger_id,
                                     const Progress& progress);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_RUN_H_
