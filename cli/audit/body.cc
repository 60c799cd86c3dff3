#include "cli/audit/body.h"

#include "cli/audit/mall.h"
#include "cli/audit/text.h"

namespace meritbook::audit {

BodyTraits TraitsOf(const v1::Event& event, bool continues) {
  switch (event.body_case()) {
    case v1::Event::kLedgerCreated:
      return {
          event.ledger_created().has_command(), v1::COMMAND_KIND_CREATE_LEDGER, {}, {}, {}, false};
    case v1::Event::kMigrationFinished:
      return {event.migration_finished().has_command(),
              v1::COMMAND_KIND_FINISH_MIGRATION,
              {},
              {},
              {},
              false};
    case v1::Event::kRulePublished:
      return {
          event.rule_published().has_command(), v1::COMMAND_KIND_PUBLISH_RULE, {}, {}, {}, false};
    case v1::Event::kPrincipalRegistered:
      return {event.principal_registered().has_command(),
              v1::COMMAND_KIND_REGISTER_PRINCIPAL,
              {},
              {},
              {},
              false};
    case v1::Event::kPrincipalRevoked:
      return {event.principal_revoked().has_command(),
              v1::COMMAND_KIND_REVOKE_PRINCIPAL,
              {},
              {},
              {},
              false};
    case v1::Event::kVolunteerRegistered:
      return {event.volunteer_registered().has_command(),
              v1::COMMAND_KIND_REGISTER_VOLUNTEER,
              event.volunteer_registered().command().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kVolunteerFrozen:
      return {event.volunteer_frozen().has_command(),
              v1::COMMAND_KIND_FREEZE_VOLUNTEER,
              event.volunteer_frozen().command().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kOrganisationRegistered:
      return {event.organisation_registered().has_command(),
              v1::COMMAND_KIND_REGISTER_ORGANISATION,
              {},
              {},
              {},
              false};
    case v1::Event::kActivityRegistered:
      return {event.activity_registered().has_command(),
              v1::COMMAND_KIND_REGISTER_ACTIVITY,
              {},
              {},
              {},
              false};
    case v1::Event::kSessionRegistered:
      return {event.session_registered().has_command(),
              v1::COMMAND_KIND_REGISTER_SESSION,
              {},
              {},
              {},
              false};
    case v1::Event::kHoursCredited:
      return {event.hours_credited().has_command() && event.hours_credited().command().has_record(),
              v1::COMMAND_KIND_CREDIT_HOURS,
              event.hours_credited().command().record().volunteer_id(),
              {},
              event.hours_credited().command().record().record_id(),
              true};
    case v1::Event::kPointsExpired:
      return {true, v1::COMMAND_KIND_UNSPECIFIED, event.points_expired().volunteer_id(), {}, {},
              true};
    case v1::Event::kMerchantOnboarded:
      return {event.merchant_onboarded().has_command(),
              v1::COMMAND_KIND_ONBOARD_MERCHANT,
              {},
              {},
              {},
              false};
    case v1::Event::kItemPublished:
      return {
          event.item_published().has_command(), v1::COMMAND_KIND_PUBLISH_ITEM, {}, {}, {}, false};
    case v1::Event::kStockReceived:
      return {
          event.stock_received().has_command(), v1::COMMAND_KIND_RECEIVE_STOCK, {}, {}, {}, false};
    case v1::Event::kOrderRedeemed:
      return {event.order_redeemed().has_command(),        v1::COMMAND_KIND_REDEEM_NOW,
              event.order_redeemed().volunteer_id(),       {},
              event.order_redeemed().command().order_id(), false};
    case v1::Event::kVolunteerUnfrozen:
      return {event.volunteer_unfrozen().has_command(),
              v1::COMMAND_KIND_UNFREEZE_VOLUNTEER,
              event.volunteer_unfrozen().command().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kVolunteerClosed:
      return {event.volunteer_closed().has_command(),
              v1::COMMAND_KIND_CLOSE_VOLUNTEER,
              event.volunteer_closed().command().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kVolunteersMerged:
      return {event.volunteers_merged().has_command(),
              v1::COMMAND_KIND_APPROVE_CHANGE,
              event.volunteers_merged().command().volunteer_id(),
              event.volunteers_merged().command().survivor_id(),
              {},
              false};
    case v1::Event::kRosterSet:
      return {event.roster_set().has_command(), v1::COMMAND_KIND_SET_ROSTER, {}, {}, {}, false};
    case v1::Event::kActivitySubmitted:
      return {event.activity_submitted().has_command(),
              v1::COMMAND_KIND_SUBMIT_ACTIVITY,
              {},
              {},
              {},
              false};
    case v1::Event::kActivityReviewed:
      return {event.activity_reviewed().has_command(),
              v1::COMMAND_KIND_REVIEW_ACTIVITY,
              {},
              {},
              {},
              false};
    case v1::Event::kActivityClosed:
      return {event.activity_closed().has_command(),
              v1::COMMAND_KIND_CLOSE_ACTIVITY,
              {},
              {},
              {},
              false};
    case v1::Event::kActivityCancelled:
      return {event.activity_cancelled().has_command(),
              v1::COMMAND_KIND_CANCEL_ACTIVITY,
              {},
              {},
              {},
              false};
    case v1::Event::kHoursSubmitted:
      return {
          event.hours_submitted().has_command() && event.hours_submitted().command().has_record(),
          continues ? v1::COMMAND_KIND_RECORD_ATTENDANCE : v1::COMMAND_KIND_SUBMIT_HOURS,
          event.hours_submitted().command().record().volunteer_id(),
          {},
          event.hours_submitted().command().record().record_id(),
          true};
    case v1::Event::kAttendanceRecorded:
      return {event.attendance_recorded().has_command(),
              v1::COMMAND_KIND_RECORD_ATTENDANCE,
              {},
              {},
              {},
              false};
    case v1::Event::kHoursBackfilled:
      return {
          event.hours_backfilled().has_command() && event.hours_backfilled().command().has_record(),
          v1::COMMAND_KIND_BACKFILL_HOURS,
          event.hours_backfilled().command().record().volunteer_id(),
          {},
          event.hours_backfilled().command().record().record_id(),
          true};
    case v1::Event::kHoursReviewed:
      return {event.hours_reviewed().has_command(),
              v1::COMMAND_KIND_REVIEW_HOURS,
              event.hours_reviewed().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kHoursCorrected:
      return {event.hours_corrected().has_command(),
              continues ? v1::COMMAND_KIND_APPROVE_CHANGE : v1::COMMAND_KIND_CORRECT_HOURS,
              event.hours_corrected().volunteer_id(),
              {},
              {},
              true};
    case v1::Event::kHoursRevoked:
      return {event.hours_revoked().has_command(),
              continues ? v1::COMMAND_KIND_APPROVE_CHANGE : v1::COMMAND_KIND_REVOKE_HOURS,
              event.hours_revoked().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kHoursDisputed:
      return {event.hours_disputed().has_command(),
              v1::COMMAND_KIND_DISPUTE_HOURS,
              event.hours_disputed().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kAwardSubmitted:
      return {event.award_submitted().has_command(),
              v1::COMMAND_KIND_AWARD_POINTS,
              event.award_submitted().command().volunteer_id(),
              {},
              {},
              true};
    case v1::Event::kPointsMatured:
      return {true, v1::COMMAND_KIND_UNSPECIFIED, event.points_matured().volunteer_id(), {}, {},
              true};
    case v1::Event::kPointsAdjusted:
      return {event.points_adjusted().has_command(),
              v1::COMMAND_KIND_APPROVE_CHANGE,
              event.points_adjusted().command().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kPointsReinstated:
      return {event.points_reinstated().has_command(),
              v1::COMMAND_KIND_APPROVE_CHANGE,
              event.points_reinstated().command().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kPointsDonated:
      return {event.points_donated().has_command(),
              v1::COMMAND_KIND_DONATE_POINTS,
              event.points_donated().command().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kOpeningBalanceLoaded:
      return {event.opening_balance_loaded().has_balance(),
              v1::COMMAND_KIND_APPROVE_CHANGE,
              event.opening_balance_loaded().balance().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kChangeProposed:
      return {event.change_proposed().has_command(),
              v1::COMMAND_KIND_PROPOSE_CHANGE,
              {},
              {},
              {},
              false};
    case v1::Event::kChangeApproved:
      return {event.change_approved().has_command(),
              v1::COMMAND_KIND_APPROVE_CHANGE,
              {},
              {},
              {},
              false};
    case v1::Event::kChangeRejected:
      return {
          event.change_rejected().has_command(), v1::COMMAND_KIND_REJECT_CHANGE, {}, {}, {}, false};
    case v1::Event::kOrderRefunded:
      return {event.order_refunded().has_command(),
              v1::COMMAND_KIND_REFUND_ORDER,
              event.order_refunded().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kMerchantSuspended:
      return {event.merchant_suspended().has_command(),
              v1::COMMAND_KIND_SUSPEND_MERCHANT,
              {},
              {},
              {},
              false};
    case v1::Event::kMerchantResumed:
      return {event.merchant_resumed().has_command(),
              v1::COMMAND_KIND_RESUME_MERCHANT,
              {},
              {},
              {},
              false};
    case v1::Event::kMerchantOffboarded:
      return {event.merchant_offboarded().has_command(),
              v1::COMMAND_KIND_OFFBOARD_MERCHANT,
              {},
              {},
              {},
              false};
    case v1::Event::kItemWithdrawn:
      return {
          event.item_withdrawn().has_command(), v1::COMMAND_KIND_WITHDRAW_ITEM, {}, {}, {}, false};
    case v1::Event::kStockReturned:
      return {
          event.stock_returned().has_command(), v1::COMMAND_KIND_RETURN_STOCK, {}, {}, {}, false};
    case v1::Event::kStatementOpened:
      return {event.statement_opened().has_command(),
              v1::COMMAND_KIND_OPEN_STATEMENT,
              {},
              {},
              {},
              false};
    case v1::Event::kStatementObjected:
      return {event.statement_objected().has_command(),
              v1::COMMAND_KIND_OBJECT_STATEMENT,
              {},
              {},
              {},
              false};
    case v1::Event::kObjectionResolved:
      return {event.objection_resolved().has_command(),
              v1::COMMAND_KIND_RESOLVE_OBJECTION,
              {},
              {},
              {},
              false};
    case v1::Event::kPaymentRecorded:
      return {event.payment_recorded().has_command(),
              v1::COMMAND_KIND_RECORD_PAYMENT,
              {},
              {},
              {},
              false};
    case v1::Event::kPaymentReversed:
      return {event.payment_reversed().has_command(),
              v1::COMMAND_KIND_REVERSE_PAYMENT,
              {},
              {},
              {},
              false};
    case v1::Event::kPeriodClosed:
      return {
          event.period_closed().has_command(), v1::COMMAND_KIND_CLOSE_PERIOD, {}, {}, {}, false};
    case v1::Event::kBudgetAllocated:
      return {event.budget_allocated().has_command(),
              v1::COMMAND_KIND_APPROVE_CHANGE,
              {},
              {},
              {},
              false};
    case v1::Event::kPayableWrittenOff:
      return {event.payable_written_off().has_command(),
              v1::COMMAND_KIND_APPROVE_CHANGE,
              {},
              {},
              {},
              false};
    case v1::Event::kBudgetWarned:
      return {true, event.kind(), {}, {}, {}, false};  // of an order: see TakeBudgetWarned
    case v1::Event::kOrderHeld:
      return {event.order_held().has_command(),         v1::COMMAND_KIND_HOLD_ORDER,
              event.order_held().hold().volunteer_id(), {},
              event.order_held().command().order_id(),  false};
    case v1::Event::kVoucherIssued:
      return {event.voucher_issued().has_command(),         v1::COMMAND_KIND_ISSUE_VOUCHER,
              event.voucher_issued().hold().volunteer_id(), {},
              event.voucher_issued().command().order_id(),  false};
    case v1::Event::kOrderConfirmed:
      return {event.order_confirmed().has_command(),
              v1::COMMAND_KIND_CONFIRM_ORDER,
              event.order_confirmed().volunteer_id(),
              {},
              {},
              true};
    case v1::Event::kOrderCancelled:
      return {event.order_cancelled().has_command() || continues,
              continues ? v1::COMMAND_KIND_CLOSE_VOLUNTEER : v1::COMMAND_KIND_CANCEL_ORDER,
              event.order_cancelled().hold().volunteer_id(),
              {},
              {},
              false};
    case v1::Event::kHoldTimedOut:
      return {
          true, v1::COMMAND_KIND_UNSPECIFIED, event.hold_timed_out().hold().volunteer_id(), {}, {},
          true};
    case v1::Event::kStatementClosed:
      return {true,
              event.statement_closed().has_command() ? v1::COMMAND_KIND_CLOSE_STATEMENT
                                                     : v1::COMMAND_KIND_UNSPECIFIED,
              {},
              {},
              {},
              !event.statement_closed().has_command()};
    case v1::Event::kLossDeclared:
      return {
          event.loss_declared().has_command(), v1::COMMAND_KIND_DECLARE_LOSS, {}, {}, {}, false};
    case v1::Event::BODY_NOT_SET:
      return {};
  }
  return {};
}

uint32_t CommandEventsOf(const Books& books, const v1::Event& event) {
  if (event.body_case() == v1::Event::kAttendanceRecorded) {
    return 1 + static_cast<uint32_t>(event.attendance_recorded().command().attendees_size());
  }
  if (event.has_order_held()) {
    return 1 + WarningsOf(books, event.order_held().hold().lines(), true);
  }
  if (event.has_voucher_issued()) {
    return 1 + WarningsOf(books, event.voucher_issued().hold().lines(), true);
  }
  if (event.has_order_redeemed()) {
    return 1 + WarningsOf(books, event.order_redeemed().lines(), false);
  }
  if (event.has_volunteer_closed()) {
    const Volunteer* volunteer =
        books.volunteers.Find(event.volunteer_closed().command().volunteer_id());
    return volunteer == nullptr ? 0 : 1 + static_cast<uint32_t>(volunteer->open_orders.size());
  }
  if (event.body_case() != v1::Event::kChangeApproved) return 1;
  const Proposal* proposal = books.proposals.Find(event.change_approved().command().proposal_id());
  if (proposal == nullptr) return 0;
  const bool rows = proposal->change.has_load_opening_balances();
  return 1 + (rows ? static_cast<uint32_t>(proposal->change.load_opening_balances().balances_size())
                   : 1);
}

MaybeViolation TakeBody(Taking& taking) {
  const v1::Event& event = taking.event;
  switch (event.body_case()) {
    case v1::Event::kLedgerCreated:
      return TakeLedgerCreated(taking, event.ledger_created());
    case v1::Event::kMigrationFinished:
      return TakeMigrationFinished(taking);
    case v1::Event::kRulePublished:
      return TakeRulePublished(taking, event.rule_published());
    case v1::Event::kPrincipalRegistered:
      return TakePrincipalRegistered(taking, event.principal_registered().command());
    case v1::Event::kPrincipalRevoked:
      return TakePrincipalRevoked(taking, event.principal_revoked().command());
    case v1::Event::kVolunteerRegistered:
      return TakeVolunteerRegistered(taking, event.volunteer_registered().command());
    case v1::Event::kVolunteerFrozen:
      return TakeVolunteerFrozen(taking, event.volunteer_frozen().command());
    case v1::Event::kOrganisationRegistered:
      return TakeOrganisationRegistered(taking, event.organisation_registered().command());
    case v1::Event::kActivityRegistered:
      return TakeActivityRegistered(taking, event.activity_registered().command());
    case v1::Event::kSessionRegistered:
      return TakeSessionRegistered(taking, event.session_registered().command());
    case v1::Event::kHoursCredited:
      return TakeHoursCredited(taking, event.hours_credited());
    case v1::Event::kPointsExpired:
      return TakePointsExpired(taking, event.points_expired());
    case v1::Event::kMerchantOnboarded:
      return TakeMerchantOnboarded(taking, event.merchant_onboarded().command());
    case v1::Event::kItemPublished:
      return TakeItemPublished(taking, event.item_published().command());
    case v1::Event::kStockReceived:
      return TakeStockReceived(taking, event.stock_received().command());
    case v1::Event::kOrderRedeemed:
      return TakeOrderRedeemed(taking, event.order_redeemed());
    case v1::Event::kVolunteerUnfrozen:
      return TakeVolunteerUnfrozen(taking, event.volunteer_unfrozen().command());
    case v1::Event::kVolunteerClosed:
      return TakeVolunteerClosed(taking, event.volunteer_closed());
    case v1::Event::kVolunteersMerged:
      return TakeVolunteersMerged(taking, event.volunteers_merged());
    case v1::Event::kRosterSet:
      return TakeRosterSet(taking, event.roster_set().command());
    case v1::Event::kActivitySubmitted:
      return TakeActivitySubmitted(taking, event.activity_submitted().command());
    case v1::Event::kActivityReviewed:
      return TakeActivityReviewed(taking, event.activity_reviewed().command());
    case v1::Event::kActivityClosed:
      return TakeActivityClosed(taking, event.activity_closed().command());
    case v1::Event::kActivityCancelled:
      return TakeActivityCancelled(taking, event.activity_cancelled().command());
    case v1::Event::kHoursSubmitted:
      return TakeHoursSubmitted(taking, event.hours_submitted());
    case v1::Event::kAttendanceRecorded:
      return TakeAttendanceRecorded(taking, event.attendance_recorded());
    case v1::Event::kHoursBackfilled:
      return TakeHoursBackfilled(taking, event.hours_backfilled());
    case v1::Event::kHoursReviewed:
      return TakeHoursReviewed(taking, event.hours_reviewed());
    case v1::Event::kHoursCorrected:
      return TakeHoursCorrected(taking, event.hours_corrected());
    case v1::Event::kHoursRevoked:
      return TakeHoursRevoked(taking, event.hours_revoked());
    case v1::Event::kHoursDisputed:
      return TakeHoursDisputed(taking, event.hours_disputed());
    case v1::Event::kAwardSubmitted:
      return TakeAwardSubmitted(taking, event.award_submitted());
    case v1::Event::kPointsMatured:
      return TakePointsMatured(taking, event.points_matured());
    case v1::Event::kPointsAdjusted:
      return TakePointsAdjusted(taking, event.points_adjusted());
    case v1::Event::kPointsReinstated:
      return TakePointsReinstated(taking, event.points_reinstated());
    case v1::Event::kPointsDonated:
      return TakePointsDonated(taking, event.points_donated());
    case v1::Event::kOpeningBalanceLoaded:
      return TakeOpeningBalanceLoaded(taking, event.opening_balance_loaded());
    case v1::Event::kChangeProposed:
      return TakeChangeProposed(taking, event.change_proposed().command());
    case v1::Event::kChangeApproved:
      return TakeChangeApproved(taking, event.change_approved());
    case v1::Event::kChangeRejected:
      return TakeChangeRejected(taking, event.change_rejected().command());
    case v1::Event::kOrderRefunded:
      return TakeOrderRefunded(taking, event.order_refunded());
    case v1::Event::kMerchantSuspended:
      return TakeMerchantSuspended(taking, event.merchant_suspended().command());
    case v1::Event::kMerchantResumed:
      return TakeMerchantResumed(taking, event.merchant_resumed().command());
    case v1::Event::kMerchantOffboarded:
      return TakeMerchantOffboarded(taking, event.merchant_offboarded().command());
    case v1::Event::kItemWithdrawn:
      return TakeItemWithdrawn(taking, event.item_withdrawn().command());
    case v1::Event::kStockReturned:
      return TakeStockReturned(taking, event.stock_returned().command());
    case v1::Event::kOrderHeld:
      return TakeOrderHeld(taking, event.order_held());
    case v1::Event::kVoucherIssued:
      return TakeVoucherIssued(taking, event.voucher_issued());
    case v1::Event::kBudgetWarned:
      return TakeBudgetWarned(taking, event.budget_warned());
    case v1::Event::kOrderConfirmed:
      return TakeOrderConfirmed(taking, event.order_confirmed());
    case v1::Event::kOrderCancelled:
      return TakeOrderCancelled(taking, event.order_cancelled());
    case v1::Event::kHoldTimedOut:
      return TakeHoldTimedOut(taking, event.hold_timed_out());
    case v1::Event::kBudgetAllocated:
      return TakeBudgetAllocated(taking, event.budget_allocated());
    case v1::Event::kPeriodClosed:
      return TakePeriodClosed(taking, event.period_closed());
    case v1::Event::kStatementOpened:
      return TakeStatementOpened(taking, event.statement_opened());
    case v1::Event::kStatementObjected:
      return TakeStatementObjected(taking, event.statement_objected());
    case v1::Event::kObjectionResolved:
      return TakeObjectionResolved(taking, event.objection_resolved());
    case v1::Event::kStatementClosed:
      return TakeStatementClosed(taking, event.statement_closed());
    case v1::Event::kPaymentRecorded:
      return TakePaymentRecorded(taking, event.payment_recorded());
    case v1::Event::kPaymentReversed:
      return TakePaymentReversed(taking, event.payment_reversed());
    case v1::Event::kPayableWrittenOff:
      return TakePayableWrittenOff(taking, event.payable_written_off());
    case v1::Event::kLossDeclared:
      return TakeLossDeclared(taking, event.loss_declared());
    case v1::Event::BODY_NOT_SET:
      return std::nullopt;  // told as malformed already
  }
  return std::nullopt;
}

MaybeViolation RequireOccurred(const Taking& taking, int64_t want_us) {
  if (taking.event.occurred_us() == want_us) return std::nullopt;
  return Violation{Invariant::OCCURRED_WRONG,
                   Text("expected ", want_us, " us, found ", taking.event.occurred_us())};
}

}  // namespace meritbook::audit
