// Owns: what each kind of event means: one function for each that checks it and enters it in the
// books. Promises: an event is entered as far as it can be even when it is wrong, so that one wrong
// event is told once. The first violation is returned.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_BODY_H_
#define MERITBOOK_CLI_AUDIT_BODY_H_

#include <cstdint>
#include <string_view>

#include "cli/audit/books.h"
#include "cli/audit/finding.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

// What can be said of an event by its body alone, and by whether it continues a command.
struct BodyTraits {
  bool complete = false;  // a body that the auditor knows, with its command
  v1::CommandKind kind = v1::COMMAND_KIND_UNSPECIFIED;
  std::string_view volunteer_id;  // whom it concerns; empty for nobody
  std::string_view survivor_id;   // whom a merge concerns, too
  std::string_view subject;       // the record or order that may give the request id; else empty
  bool timed_apart = false;       // it occurred when its body says
};
BodyTraits TraitsOf(const v1::Event& event, bool continues);

// How many events a command that starts with this one comes to; 0 where that can't be known.
uint32_t CommandEventsOf(const Books& books, const v1::Event& event);

// Any event; calls one of those below.
MaybeViolation TakeBody(Taking& taking);

// When the event occurred, by its body.
MaybeViolation RequireOccurred(const Taking& taking, int64_t want_us);

// body_party.cc
MaybeViolation TakeLedgerCreated(Taking& taking, const v1::LedgerCreated& body);
MaybeViolation TakeMigrationFinished(Taking& taking);
MaybeViolation TakeLossDeclared(Taking& taking, const v1::LossDeclared& body);
MaybeViolation TakePrincipalRegistered(Taking& taking, const v1::RegisterPrincipal& command);
MaybeViolation TakePrincipalRevoked(Taking& taking, const v1::RevokePrincipal& command);
MaybeViolation TakeVolunteerRegistered(Taking& taking, const v1::RegisterVolunteer& command);
MaybeViolation TakeOrganisationRegistered(Taking& taking, const v1::RegisterOrganisation& command);
MaybeViolation TakeRosterSet(Taking& taking, const v1::SetRoster& command);
// body_activity.cc
MaybeViolation TakeActivityRegistered(Taking& taking, const v1::RegisterActivity& command);
MaybeViolation TakeActivitySubmitted(Taking& taking, const v1::SubmitActivity& command);
MaybeViolation TakeActivityReviewed(Taking& taking, const v1::ReviewActivity& command);
MaybeViolation TakeActivityClosed(Taking& taking, const v1::CloseActivity& command);
MaybeViolation TakeActivityCancelled(Taking& taking, const v1::CancelActivity& command);
MaybeViolation TakeSessionRegistered(Taking& taking, const v1::RegisterSession& command);
// body_rule.cc
MaybeViolation TakeRulePublished(Taking& taking, const v1::RulePublished& body);
// body_credit.cc
MaybeViolation TakeHoursCredited(Taking& taking, const v1::HoursCredited& body);
MaybeViolation TakeHoursSubmitted(Taking& taking, const v1::HoursSubmitted& body);
MaybeViolation TakeHoursBackfilled(Taking& taking, const v1::HoursBackfilled& body);
MaybeViolation TakeAttendanceRecorded(Taking& taking, const v1::AttendanceRecorded& body);
// body_review.cc
MaybeViolation TakeAwardSubmitted(Taking& taking, const v1::AwardSubmitted& body);
MaybeViolation TakeHoursReviewed(Taking& taking, const v1::HoursReviewed& body);
MaybeViolation TakeHoursDisputed(Taking& taking, const v1::HoursDisputed& body);
// body_correction.cc
MaybeViolation TakeHoursCorrected(Taking& taking, const v1::HoursCorrected& body);
MaybeViolation TakeHoursRevoked(Taking& taking, const v1::HoursRevoked& body);
// body_due.cc
MaybeViolation TakePointsMatured(Taking& taking, const v1::PointsMatured& body);
MaybeViolation TakePointsExpired(Taking& taking, const v1::PointsExpired& body);
// body_points.cc
MaybeViolation TakePointsAdjusted(Taking& taking, const v1::PointsAdjusted& body);
MaybeViolation TakePointsReinstated(Taking& taking, const v1::PointsReinstated& body);
MaybeViolation TakePointsDonated(Taking& taking, const v1::PointsDonated& body);
MaybeViolation TakeOpeningBalanceLoaded(Taking& taking, const v1::OpeningBalanceLoaded& body);
// body_account.cc
MaybeViolation TakeVolunteerFrozen(Taking& taking, const v1::FreezeVolunteer& command);
MaybeViolation TakeVolunteerUnfrozen(Taking& taking, const v1::UnfreezeVolunteer& command);
MaybeViolation TakeVolunteerClosed(Taking& taking, const v1::VolunteerClosed& body);
MaybeViolation TakeVolunteersMerged(Taking& taking, const v1::VolunteersMerged& body);
// body_change.cc
MaybeViolation TakeChangeProposed(Taking& taking, const v1::ProposeChange& command);
MaybeViolation TakeChangeApproved(Taking& taking, const v1::ChangeApproved& body);
MaybeViolation TakeChangeRejected(Taking& taking, const v1::RejectChange& command);
// body_mall.cc
MaybeViolation TakeMerchantOnboarded(Taking& taking, const v1::OnboardMerchant& command);
MaybeViolation TakeMerchantSuspended(Taking& taking, const v1::SuspendMerchant& command);
MaybeViolation TakeMerchantResumed(Taking& taking, const v1::ResumeMerchant& command);
MaybeViolation TakeMerchantOffboarded(Taking& taking, const v1::OffboardMerchant& command);
MaybeViolation TakeItemPublished(Taking& taking, const v1::PublishItem& command);
MaybeViolation TakeItemWithdrawn(Taking& taking, const v1::WithdrawItem& command);
MaybeViolation TakeStockReceived(Taking& taking, const v1::ReceiveStock& command);
MaybeViolation TakeStockReturned(Taking& taking, const v1::ReturnStock& command);
// body_order.cc
MaybeViolation TakeOrderHeld(Taking& taking, const v1::OrderHeld& body);
MaybeViolation TakeVoucherIssued(Taking& taking, const v1::VoucherIssued& body);
MaybeViolation TakeOrderRedeemed(Taking& taking, const v1::OrderRedeemed& body);
MaybeViolation TakeBudgetWarned(Taking& taking, const v1::BudgetWarned& body);
// body_delivery.cc
MaybeViolation TakeOrderConfirmed(Taking& taking, const v1::OrderConfirmed& body);
MaybeViolation TakeOrderCancelled(Taking& taking, const v1::OrderCancelled& body);
MaybeViolation TakeHoldTimedOut(Taking& taking, const v1::HoldTimedOut& body);
MaybeViolation TakeOrderRefunded(Taking& taking, const v1::OrderRefunded& body);
// body_settlement.cc
MaybeViolation TakeBudgetAllocated(Taking& taking, const v1::BudgetAllocated& body);
MaybeViolation TakePeriodClosed(Taking& taking, const v1::PeriodClosed& body);
MaybeViolation TakeStatementOpened(Taking& taking, const v1::StatementOpened& body);
MaybeViolation TakeStatementObjected(Taking& taking, const v1::StatementObjected& body);
MaybeViolation TakeObjectionResolved(Taking& taking, const v1::ObjectionResolved& body);
MaybeViolation TakeStatementClosed(Taking& taking, const v1::StatementClosed& body);
MaybeViolation TakePaymentRecorded(Taking& taking, const v1::PaymentRecorded& body);
MaybeViolation TakePaymentReversed(Taking& taking, const v1::PaymentReversed& body);
MaybeViolation TakePayableWrittenOff(Taking& taking, const v1::PayableWrittenOff& body);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_BODY_H_
