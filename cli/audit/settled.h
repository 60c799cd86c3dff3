// Owns: the finding of a record that a later command names.
// Promises: whose it is after all merges.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_SETTLED_H_
#define MERITBOOK_CLI_AUDIT_SETTLED_H_

#include <string_view>

#include "cli/audit/books.h"
#include "cli/audit/finding.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::audit {

struct Settled {
  Record* record = nullptr;  // nothing where it is unknown
  Volunteer* volunteer = nullptr;
};

// Nothing where there is no such record.
Record* FindRecord(Books& books, const v1::RecordRef& ref);
// The record, and whether the event names its volunteer and the caller may name the record.
MaybeViolation FindSettled(const Taking& taking, const v1::RecordRef& ref,
                           std::string_view volunteer_id, Settled& settled);
// Who posts for a platform names only its records.
MaybeViolation RequireOwnSource(const Taking& taking, const v1::RecordRef& ref);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_SETTLED_H_
