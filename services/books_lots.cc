// Lots: units by the last day on which they can be spent, added up over all volunteers.
#include <algorithm>

#include "services/books_keeper.h"

namespace meritbook::books {
namespace {

template <typename WithExpiry>
DayNumber ExpiryOf(const WithExpiry& lot) {
  return lot.has_expiry_day_number() ? lot.expiry_day_number() : kNeverExpires;
}

int64_t SumOf(const v1::ClawBack& claw_back) {
  int64_t units = claw_back.debt_units();
  for (const auto* lots : {&claw_back.expired(), &claw_back.forfeited(), &claw_back.available()}) {
    for (const v1::LotUnits& lot : *lots) units += lot.units();
  }
  for (const v1::PendingUnits& pending : claw_back.pending()) units += pending.lot().units();
  return units;
}

}  // namespace

void BooksKeeper::AddLot(const v1::Event& event, Account account, DayNumber expiry, int64_t units) {
  if (units == 0) return;
  books_.lots[{account, expiry, books_.DayOf(event.occurred_us())}] += units;
}

void BooksKeeper::AddLots(const v1::Event& event, Account account, const LotList& lots, int sign) {
  for (const v1::LotUnits& lot : lots) AddLot(event, account, ExpiryOf(lot), sign * lot.units());
}

// What a credit brings beyond its first units, which a correction returned.
void BooksKeeper::AddCredit(const v1::Event& event, const v1::Credit& credit,
                            int64_t skipped_units) {
  const bool pending = credit.has_matures_day_number();
  if (!pending && credit.has_inflow()) {
    AddLots(event, Account::kAvailable, credit.inflow().lots(), 1);
    return;
  }
  for (const v1::CreditSegment& segment : credit.segments()) {
    const int64_t skipped = std::min(skipped_units, segment.units());
    skipped_units -= skipped;
    AddLot(event, pending ? Account::kPending : Account::kAvailable, ExpiryOf(segment),
           segment.units() - skipped);
  }
}

void BooksKeeper::AddClawBack(const v1::Event& event, const v1::ClawBack& claw_back, int sign) {
  for (const v1::PendingUnits& pending : claw_back.pending()) {
    AddLot(event, Account::kPending, ExpiryOf(pending.lot()), sign * pending.lot().units());
  }
  AddLots(event, Account::kAvailable, claw_back.available(), sign);
}

// All that the order set aside leaves; what comes back is the event's own inflow.
void BooksKeeper::ReleaseHold(const v1::Event& event) {
  const auto held = held_lots_.find(subject_);
  if (held == held_lots_.end()) return;
  for (const auto& [expiry, units] : held->second) AddLot(event, Account::kHeld, expiry, -units);
  held_lots_.erase(held);
}

void BooksKeeper::MoveLots(const v1::Event& event) {
  constexpr Account kAvailable = Account::kAvailable;
  const auto hold = [&](const v1::Hold& body) {
    AddLots(event, kAvailable, body.lots(), -1);
    AddLots(event, Account::kHeld, body.lots(), 1);
    Lots& held = held_lots_[subject_];
    for (const v1::LotUnits& lot : body.lots()) held.emplace_back(ExpiryOf(lot), lot.units());
  };
  const auto inflow = [&](const v1::Inflow& body) { AddLots(event, kAvailable, body.lots(), 1); };
  const auto pending = [&](const auto& list, int sign) {
    for (const v1::PendingUnits& entry : list) {
      AddLot(event, Account::kPending, ExpiryOf(entry.lot()), sign * entry.lot().units());
    }
  };
  switch (event.body_case()) {
    case v1::Event::kHoursCredited:
      return AddCredit(event, event.hours_credited().credit(), 0);
    case v1::Event::kHoursSubmitted:
      return AddCredit(event, event.hours_submitted().credit(), 0);
    case v1::Event::kHoursBackfilled:
      return AddCredit(event, event.hours_backfilled().credit(), 0);
    case v1::Event::kHoursReviewed:
      AddCredit(event, event.hours_reviewed().credit(), 0);
      return AddClawBack(event, event.hours_reviewed().claw_back(), -1);
    case v1::Event::kHoursCorrected: {
      const v1::HoursCorrected& body = event.hours_corrected();
      AddClawBack(event, body.claw_back(), -1);
      AddClawBack(event, body.returned(), 1);
      return AddCredit(event, body.credit(), SumOf(body.returned()));
    }
    case v1::Event::kHoursRevoked:
      return AddClawBack(event, event.hours_revoked().claw_back(), -1);
    case v1::Event::kPointsMatured:
      AddLots(event, Account::kPending, event.points_matured().pending(), -1);
      return inflow(event.points_matured().inflow());
    case v1::Event::kPointsExpired:
      return AddLots(event, kAvailable, event.points_expired().lots(), -1);
    case v1::Event::kPointsAdjusted:
      inflow(event.points_adjusted().inflow());
      return AddLots(event, kAvailable, event.points_adjusted().taken(), -1);
    case v1::Event::kPointsReinstated:
      return inflow(event.points_reinstated().inflow());
    case v1::Event::kPointsDonated:
      return AddLots(event, kAvailable, event.points_donated().lots(), -1);
    case v1::Event::kOpeningBalanceLoaded:
      return inflow(event.opening_balance_loaded().inflow());
    case v1::Event::kVolunteerClosed:
      AddLots(event, kAvailable, event.volunteer_closed().available(), -1);
      return pending(event.volunteer_closed().pending(), -1);
    case v1::Event::kVolunteersMerged:
      return AddLots(event, kAvailable, event.volunteers_merged().debt_repaid(), -1);
    case v1::Event::kOrderHeld:
      return hold(event.order_held().hold());
    case v1::Event::kVoucherIssued:
      return hold(event.voucher_issued().hold());
    case v1::Event::kOrderConfirmed:
      ReleaseHold(event);
      return inflow(event.order_confirmed().released());
    case v1::Event::kOrderCancelled:
      ReleaseHold(event);
      return inflow(event.order_cancelled().hold().released());
    case v1::Event::kHoldTimedOut:
      ReleaseHold(event);
      return inflow(event.hold_timed_out().hold().released());
    case v1::Event::kOrderRedeemed:
      return AddLots(event, kAvailable, event.order_redeemed().lots(), -1);
    case v1::Event::kOrderRefunded:
      return inflow(event.order_refunded().inflow());
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
    case v1::Event::kMerchantSuspended:
    case v1::Event::kMerchantResumed:
    case v1::Event::kMerchantOffboarded:
    case v1::Event::kItemPublished:
    case v1::Event::kItemWithdrawn:
    case v1::Event::kStockReceived:
    case v1::Event::kStockReturned:
    case v1::Event::kBudgetAllocated:
    case v1::Event::kBudgetWarned:
    case v1::Event::kStatementOpened:
    case v1::Event::kStatementObjected:
    case v1::Event::kObjectionResolved:
    case v1::Event::kStatementClosed:
    case v1::Event::kPaymentRecorded:
    case v1::Event::kPaymentReversed:
    case v1::Event::kPayableWrittenOff:
    case v1::Event::kPeriodClosed:
    case v1::Event::kLossDeclared:
    case v1::Event::BODY_NOT_SET:
      return;
  }
}

}  // namespace meritbook::books
