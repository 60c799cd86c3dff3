// Owns: the audit of one ledger over the wire: fetches what is served, replays the log, compares.
// Promises: works while the ledger grows; a status only where the audit could not be carried out.
// Thread: any; each call is an audit of its own.
#ifndef MERITBOOK_CLI_AUDIT_RUN_H_
#define MERITBOOK_CLI_AUDIT_RUN_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/audit/archive_audit.h"
#include "cli/audit/report.h"

namespace grpc {
class ChannelInterface;
class ClientContext;
}  // namespace grpc

namespace meritbook::audit {

// Sets the credentials of a call.
using ContextSetter = std::function<void(grpc::ClientContext&)>;
// Needs the auditor role. The channel must take messages of 16 MiB. `set_context` and `progress`
// may be empty; the latter counts events. With an archive, what is served must also have each of
// its events, byte for byte.
absl::StatusOr<AuditReport> RunAudit(const std::shared_ptr<grpc::ChannelInterface>& channel,
                                     const ContextSetter& set_context, const std::string& ledger_id,
                                     const Progress& progress,
                                     ArchiveComparison* archive = nullptr);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_RUN_H_
