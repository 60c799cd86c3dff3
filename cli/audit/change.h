// Owns: the tie between what was proposed and what came of it.
// Promises: an effect is compared word for word; what needs two people is not taken from one.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_CHANGE_H_
#define MERITBOOK_CLI_AUDIT_CHANGE_H_

#include "cli/audit/books.h"
#include "cli/audit/finding.h"
#include "google/protobuf/message_lite.h"
#include "meritbook/v1/command.pb.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

// The effect of an approval that is open, or a correction or revocation that one person sent.
MaybeViolation TakeChange(Taking& taking, v1::ProposeChange::ChangeCase kind,
                          const google::protobuf::MessageLite& command);
// The next row of opening balances.
MaybeViolation TakeRow(Taking& taking, const v1::OpeningBalanceLoaded& body);

// Forms of the commands that only ever come as changes.
MaybeViolation CheckAdjustForm(const v1::AdjustPoints& command);
MaybeViolation CheckReinstateForm(const v1::ReinstatePoints& command);
MaybeViolation CheckOpeningForm(const v1::OpeningBalance& balance);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_CHANGE_H_
