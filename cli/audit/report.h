// Owns: what an audit comes to.
// Promises: plain values; the findings that are kept are the first ones.
// Thread: any.
#ifndef MERITBOOK_CLI_AUDIT_REPORT_H_
#define MERITBOOK_CLI_AUDIT_REPORT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/audit/books.h"
#include "cli/audit/finding.h"

namespace meritbook::audit {

// So much of so much. Called now and then, in the caller's thread.
using Progress = std::function<void(uint64_t done, uint64_t total)>;

// The archive that took part.
struct ArchiveFacts {
  uint64_t files = 0;
  uint64_t events = 0;
  std::string last_hash;  // of the newest file: 32 bytes
};

struct AuditReport {
  uint64_t events = 0;
  uint64_t volunteers = 0;
  double seconds = 0;
  uint64_t balances_compared = 0;
  uint64_t merchants_compared = 0;
  std::optional<ArchiveFacts> archive;
  // Where the log says that another history begins: no finding, but to be known.
  std::vector<Loss> losses;
  // At most 2 x kFindingsMax of them and one of an archive: those of the log first, then those of
  // the comparison.
  std::vector<Finding> findings;
  uint64_t findings_total = 0;

  bool ok() const { return findings_total == 0; }
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_REPORT_H_
