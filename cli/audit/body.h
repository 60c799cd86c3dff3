// Owns: what each kind of event means: one function for each that checks it and enters it in the
// books. Promises: an event is entered as far as it can be even when it is wrong, so that one wrong
// event is
//   told once. The first violation is returned.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_BODY_H_
#define MERITBOOK_CLI_AUDIT_BODY_H_

#include <string_view>

#include "cli/audit/books.h"
#include "cli/audit/finding.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

// What can be said of an event by its body alone.
struct BodyTraits {
  bool complete = false;  // a body that the auditor knows, with its command
  v1::CommandKind kind = v1::COMMAND_KIND_UNSPECIFIED;
  std::string_view volunteer_id;  // whom it concerns; empty for nobody
  std::string_view subject;       // the record or order; empty for other kinds
};
BodyTraits TraitsOf(const v1::Event& event);

// Any event; calls one of those below.
MaybeViolation TakeBody(Books& books, const v1::Event& event);

// body_party.cc
MaybeViolation TakeLedgerCreated(Books& books, const v1::LedgerCreated& created);
MaybeViolation TakeMigrationFinished(Books& books);
MaybeViolation TakePrincipalRegistered(Books& books, const v1::RegisterPrincipal& command);
MaybeViolation TakePrincipalRevoked(Books& books, const v1::RevokePrincipal& command);
MaybeViolation TakeVolunteerRegistered(Books& books, const v1::RegisterVolunteer& command);
MaybeViolation TakeVolunteerFrozen(Books& books, const v1::FreezeVolunteer& command);
MaybeViolation TakeOrganisationRegistered(Books& books, const v1::RegisterOrganisation& command);
MaybeViolation TakeActivityRegistered(Books& books, const v1::RegisterActivity& command);
MaybeViolation TakeSessionRegistered(Books& books, const v1::RegisterSession& command);
// body_rule.cc
MaybeViolation TakeRulePublished(Books& books, const v1::RulePublished& published);
// body_credit.cc
MaybeViolation TakeHoursCredited(Books& books, const v1::Event& event);
// body_mall.cc
MaybeViolation TakeMerchantOnboarded(Books& books, const v1::OnboardMerchant& command);
MaybeViolation TakeItemPublished(Books& books, const v1::PublishItem& command);
MaybeViolation TakeStockReceived(Books& books, const v1::ReceiveStock& command);
MaybeViolation TakeOrderRedeemed(Books& books, const v1::Event& event);
// body_lapse.cc
MaybeViolation TakePointsExpired(Books& books, const v1::Event& event);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_BODY_H_
