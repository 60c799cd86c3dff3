#include "ledger/posting.h"

#include "ledger/flow.h"

namespace meritbook {
namespace {

// Collects the postings of one event: those of one account become one.
class Journal {
 public:
  explicit Journal(std::string_view volunteer = {}) : volunteer_(volunteer) {}

  Journal& Add(Account account, int64_t units) { return Add(account, {}, units); }
  Journal& OfVolunteer(Account account, int64_t units) { return Add(account, volunteer_, units); }
  // Not inlined: with sanitizers GCC 12 takes the vector's heap pointer for uninitialised then.
  [[gnu::noinline]] Journal& Add(Account account, std::string_view owner, int64_t units) {
    if (units == 0) return *this;
    for (Posting& posting : postings_) {
      if (posting.account != account || posting.owner != owner) continue;
      posting.units += units;
      return *this;
    }
    postings_.push_back({account, owner, units});
    return *this;
  }

  // Debt first, what a closed account can't keep is forfeited, the rest is available.
  Journal& Inflow(const v1::Inflow& inflow) {
    OfVolunteer(Account::kDebt, inflow.debt_repaid_units());
    OfVolunteer(Account::kAvailable, SumOf(inflow.lots()));
    return Add(Account::kForfeited, SumOf(inflow.forfeited()));
  }

  // issued -> pending or as an inflow; `units` that don't flow newly are not in it.
  Journal& Credit(const v1::Credit& credit, int64_t units) {
    Add(Account::kIssued, -units);
    if (credit.has_matures_day_number()) return OfVolunteer(Account::kPending, units);
    if (credit.has_inflow()) return Inflow(credit.inflow());
    return OfVolunteer(Account::kAvailable, units);
  }

  // `sign` 1 takes, -1 gives back.
  Journal& ClawBack(const v1::ClawBack& claw_back, int64_t sign) {
    for (const v1::PendingUnits& pending : claw_back.pending()) {
      OfVolunteer(Account::kPending, -sign * pending.lot().units());
    }
    Add(Account::kExpired, -sign * SumOf(claw_back.expired()));
    Add(Account::kForfeited, -sign * SumOf(claw_back.forfeited()));
    OfVolunteer(Account::kAvailable, -sign * SumOf(claw_back.available()));
    OfVolunteer(Account::kDebt, -sign * claw_back.debt_units());
    return Add(Account::kRevoked, sign * SumOf(claw_back));
  }

  Postings Take() {
    Postings postings;
    for (const Posting& posting : postings_) {
      if (posting.units != 0) postings.push_back(posting);
    }
    return postings;
  }

 private:
  std::string_view volunteer_;
  Postings postings_;
};

Postings OfCredit(std::string_view volunteer, const v1::Credit& credit) {
  return Journal(volunteer).Credit(credit, UnitsOf(credit)).Take();
}

Postings OfCorrection(const v1::HoursCorrected& corrected) {
  const int64_t excess = UnitsOf(corrected.credit()) - SumOf(corrected.returned());
  return Journal(corrected.volunteer_id())
      .ClawBack(corrected.claw_back(), 1)
      .ClawBack(corrected.returned(), -1)
      .Credit(corrected.credit(), excess)
      .Take();
}

Postings OfClosing(const v1::VolunteerClosed& closed) {
  int64_t pending = 0;
  for (const v1::PendingUnits& entry : closed.pending()) pending += entry.lot().units();
  const int64_t available = SumOf(closed.available());
  return Journal(closed.command().volunteer_id())
      .OfVolunteer(Account::kPending, -pending)
      .OfVolunteer(Account::kAvailable, -available)
      .Add(Account::kForfeited, pending + available)
      .Take();
}

Postings OfMerge(const v1::VolunteersMerged& merged) {
  const std::string_view ending = merged.command().volunteer_id();
  const std::string_view survivor = merged.command().survivor_id();
  const int64_t repaid = SumOf(merged.debt_repaid());
  Journal journal;
  for (const auto& [account, units] : {std::pair(Account::kPending, merged.pending_units()),
                                       std::pair(Account::kAvailable, merged.available_units()),
                                       std::pair(Account::kHeld, merged.held_units()),
                                       std::pair(Account::kDebt, merged.debt_units())}) {
    journal.Add(account, ending, -units).Add(account, survivor, units);
  }
  return journal.Add(Account::kAvailable, survivor, -repaid)
      .Add(Account::kDebt, survivor, repaid)
      .Take();
}

Postings OfAdjustment(const v1::PointsAdjusted& adjusted) {
  return Journal(adjusted.command().volunteer_id())
      .Add(Account::kIssued, -adjusted.command().units())
      .Inflow(adjusted.inflow())
      .OfVolunteer(Account::kAvailable, -SumOf(adjusted.taken()))
      .Take();
}

Postings OfHold(const v1::Hold& hold) {
  return Journal(hold.volunteer_id())
      .OfVolunteer(Account::kAvailable, -hold.units())
      .OfVolunteer(Account::kHeld, hold.units())
      .Take();
}

Postings OfHoldEnded(const v1::HoldEnded& hold) {
  return Journal(hold.volunteer_id())
      .OfVolunteer(Account::kHeld, -hold.units())
      .Inflow(hold.released())
      .Take();
}

// payable of a merchant -> an account of the ledger.
Postings OfPayable(std::string_view merchant, Account to, int64_t units) {
  return Journal().Add(Account::kPayable, merchant, -units).Add(to, units).Take();
}

}  // namespace

Postings PostingsOf(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kHoursCredited: {
      const v1::HoursCredited& body = event.hours_credited();
      return OfCredit(body.command().record().volunteer_id(), body.credit());
    }
    case v1::Event::kHoursSubmitted: {
      const v1::HoursSubmitted& body = event.hours_submitted();
      return OfCredit(body.command().record().volunteer_id(), body.credit());
    }
    case v1::Event::kHoursBackfilled: {
      const v1::HoursBackfilled& body = event.hours_backfilled();
      return OfCredit(body.command().record().volunteer_id(), body.credit());
    }
    case v1::Event::kHoursReviewed: {
      const v1::HoursReviewed& body = event.hours_reviewed();
      return Journal(body.volunteer_id())
          .Credit(body.credit(), UnitsOf(body.credit()))
          .ClawBack(body.claw_back(), 1)
          .Take();
    }
    case v1::Event::kHoursCorrected:
      return OfCorrection(event.hours_corrected());
    case v1::Event::kHoursRevoked:
      return Journal(event.hours_revoked().volunteer_id())
          .ClawBack(event.hours_revoked().claw_back(), 1)
          .Take();
    case v1::Event::kPointsMatured: {
      const v1::PointsMatured& body = event.points_matured();
      return Journal(body.volunteer_id())
          .OfVolunteer(Account::kPending, -SumOf(body.pending()))
          .Inflow(body.inflow())
          .Take();
    }
    case v1::Event::kPointsExpired: {
      const v1::PointsExpired& body = event.points_expired();
      return Journal(body.volunteer_id())
          .OfVolunteer(Account::kAvailable, -SumOf(body.lots()))
          .Add(Account::kExpired, SumOf(body.lots()))
          .Take();
    }
    case v1::Event::kPointsAdjusted:
      return OfAdjustment(event.points_adjusted());
    case v1::Event::kPointsReinstated: {
      const v1::PointsReinstated& body = event.points_reinstated();
      return Journal(body.command().volunteer_id())
          .Add(Account::kExpired, -body.command().units())
          .Inflow(body.inflow())
          .Take();
    }
    case v1::Event::kPointsDonated: {
      const v1::PointsDonated& body = event.points_donated();
      return Journal(body.command().volunteer_id())
          .OfVolunteer(Account::kAvailable, -body.units())
          .Add(Account::kDonated, body.units())
          .Take();
    }
    case v1::Event::kOpeningBalanceLoaded: {
      const v1::OpeningBalanceLoaded& body = event.opening_balance_loaded();
      int64_t units = 0;
      for (const v1::OpeningLot& lot : body.balance().lots()) units += lot.units();
      return Journal(body.balance().volunteer_id())
          .Add(Account::kIssued, -units)
          .Inflow(body.inflow())
          .Take();
    }
    case v1::Event::kVolunteerClosed:
      return OfClosing(event.volunteer_closed());
    case v1::Event::kVolunteersMerged:
      return OfMerge(event.volunteers_merged());
    case v1::Event::kOrderHeld:
      return OfHold(event.order_held().hold());
    case v1::Event::kVoucherIssued:
      return OfHold(event.voucher_issued().hold());
    case v1::Event::kOrderConfirmed: {
      const v1::OrderConfirmed& body = event.order_confirmed();
      return Journal(body.volunteer_id())
          .OfVolunteer(Account::kHeld, -body.units() - SumOf(body.released()))
          .Add(Account::kPayable, body.merchant_id(), body.units())
          .Inflow(body.released())
          .Take();
    }
    case v1::Event::kOrderCancelled:
      return OfHoldEnded(event.order_cancelled().hold());
    case v1::Event::kHoldTimedOut:
      return OfHoldEnded(event.hold_timed_out().hold());
    case v1::Event::kPaymentRecorded: {
      const v1::PaymentRecorded& body = event.payment_recorded();
      return OfPayable(body.merchant_id(), Account::kSettled, body.amounts().units());
    }
    case v1::Event::kPaymentReversed: {
      const v1::PaymentReversed& body = event.payment_reversed();
      return OfPayable(body.merchant_id(), Account::kSettled, -body.amounts().units());
    }
    case v1::Event::kPayableWrittenOff: {
      const v1::PayableWrittenOff& body = event.payable_written_off();
      return OfPayable(body.merchant_id(), Account::kWrittenOff, body.command().amounts().units());
    }
    case v1::Event::kOrderRedeemed: {
      const v1::OrderRedeemed& body = event.order_redeemed();
      return Journal(body.volunteer_id())
          .OfVolunteer(Account::kAvailable, -body.units())
          .Add(Account::kPayable, body.command().merchant_id(), body.units())
          .Take();
    }
    case v1::Event::kOrderRefunded: {
      const v1::OrderRefunded& body = event.order_refunded();
      return Journal(body.volunteer_id())
          .Add(Account::kPayable, body.merchant_id(), -body.units())
          .Inflow(body.inflow())
          .Take();
    }
    case v1::Event::kLedgerCreated:
    case v1::Event::kMigrationFinished:
    case v1::Event::kRulePublished:
    case v1::Event::kPrincipalRegistered:
    case v1::Event::kPrincipalRevoked:
    case v1::Event::kVolunteerRegistered:
    case v1::Event::kVolunteerFrozen:
    case v1::Event::kVolunteerUnfrozen:
    case v1::Event::kOrganisationRegistered:
    case v1::Event::kRosterSet:
    case v1::Event::kActivityRegistered:
    case v1::Event::kActivitySubmitted:
    case v1::Event::kActivityReviewed:
    case v1::Event::kActivityClosed:
    case v1::Event::kActivityCancelled:
    case v1::Event::kSessionRegistered:
    case v1::Event::kAttendanceRecorded:
    case v1::Event::kHoursDisputed:
    case v1::Event::kAwardSubmitted:
    case v1::Event::kChangeProposed:
    case v1::Event::kChangeApproved:
    case v1::Event::kChangeRejected:
    case v1::Event::kMerchantOnboarded:
    case v1::Event::kItemPublished:
    case v1::Event::kStockReceived:
    case v1::Event::kMerchantSuspended:
    case v1::Event::kMerchantResumed:
    case v1::Event::kMerchantOffboarded:
    case v1::Event::kItemWithdrawn:
    case v1::Event::kStockReturned:
    case v1::Event::kBudgetAllocated:
    case v1::Event::kBudgetWarned:
    case v1::Event::kStatementOpened:
    case v1::Event::kStatementObjected:
    case v1::Event::kObjectionResolved:
    case v1::Event::kStatementClosed:
    case v1::Event::kPeriodClosed:
    case v1::Event::kLossDeclared:
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return {};
}

absl::InlinedVector<std::string_view, 2> VolunteersOf(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kVolunteerRegistered:
      return {event.volunteer_registered().command().volunteer_id()};
    case v1::Event::kVolunteerFrozen:
      return {event.volunteer_frozen().command().volunteer_id()};
    case v1::Event::kVolunteerUnfrozen:
      return {event.volunteer_unfrozen().command().volunteer_id()};
    case v1::Event::kVolunteerClosed:
      return {event.volunteer_closed().command().volunteer_id()};
    case v1::Event::kVolunteersMerged:
      return {event.volunteers_merged().command().volunteer_id(),
              event.volunteers_merged().command().survivor_id()};
    case v1::Event::kHoursCredited:
      return {event.hours_credited().command().record().volunteer_id()};
    case v1::Event::kHoursSubmitted:
      return {event.hours_submitted().command().record().volunteer_id()};
    case v1::Event::kHoursBackfilled:
      return {event.hours_backfilled().command().record().volunteer_id()};
    case v1::Event::kHoursReviewed:
      return {event.hours_reviewed().volunteer_id()};
    case v1::Event::kHoursCorrected:
      return {event.hours_corrected().volunteer_id()};
    case v1::Event::kHoursRevoked:
      return {event.hours_revoked().volunteer_id()};
    case v1::Event::kHoursDisputed:
      return {event.hours_disputed().volunteer_id()};
    case v1::Event::kAwardSubmitted:
      return {event.award_submitted().command().volunteer_id()};
    case v1::Event::kPointsMatured:
      return {event.points_matured().volunteer_id()};
    case v1::Event::kPointsExpired:
      return {event.points_expired().volunteer_id()};
    case v1::Event::kPointsAdjusted:
      return {event.points_adjusted().command().volunteer_id()};
    case v1::Event::kPointsReinstated:
      return {event.points_reinstated().command().volunteer_id()};
    case v1::Event::kPointsDonated:
      return {event.points_donated().command().volunteer_id()};
    case v1::Event::kOpeningBalanceLoaded:
      return {event.opening_balance_loaded().balance().volunteer_id()};
    case v1::Event::kOrderRedeemed:
      return {event.order_redeemed().volunteer_id()};
    case v1::Event::kOrderHeld:
      return {event.order_held().hold().volunteer_id()};
    case v1::Event::kVoucherIssued:
      return {event.voucher_issued().hold().volunteer_id()};
    case v1::Event::kOrderConfirmed:
      return {event.order_confirmed().volunteer_id()};
    case v1::Event::kOrderCancelled:
      return {event.order_cancelled().hold().volunteer_id()};
    case v1::Event::kHoldTimedOut:
      return {event.hold_timed_out().hold().volunteer_id()};
    case v1::Event::kOrderRefunded:
      return {event.order_refunded().volunteer_id()};
    case v1::Event::kLedgerCreated:
    case v1::Event::kMigrationFinished:
    case v1::Event::kRulePublished:
    case v1::Event::kPrincipalRegistered:
    case v1::Event::kPrincipalRevoked:
    case v1::Event::kOrganisationRegistered:
    case v1::Event::kRosterSet:
    case v1::Event::kActivityRegistered:
    case v1::Event::kActivitySubmitted:
    case v1::Event::kActivityReviewed:
    case v1::Event::kActivityClosed:
    case v1::Event::kActivityCancelled:
    case v1::Event::kSessionRegistered:
    case v1::Event::kAttendanceRecorded:
    case v1::Event::kChangeProposed:
    case v1::Event::kChangeApproved:
    case v1::Event::kChangeRejected:
    case v1::Event::kMerchantOnboarded:
    case v1::Event::kItemPublished:
    case v1::Event::kStockReceived:
    case v1::Event::kMerchantSuspended:
    case v1::Event::kMerchantResumed:
    case v1::Event::kMerchantOffboarded:
    case v1::Event::kItemWithdrawn:
    case v1::Event::kStockReturned:
    case v1::Event::kBudgetAllocated:
    case v1::Event::kBudgetWarned:
    case v1::Event::kStatementOpened:
    case v1::Event::kStatementObjected:
    case v1::Event::kObjectionResolved:
    case v1::Event::kStatementClosed:
    case v1::Event::kPeriodClosed:
    case v1::Event::kLossDeclared:
    case v1::Event::kPaymentRecorded:
    case v1::Event::kPaymentReversed:
    case v1::Event::kPayableWrittenOff:
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return {};
}

}  // namespace meritbook
