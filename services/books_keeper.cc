#include "services/books_keeper.h"

#include <algorithm>

#include "ledger/posting.h"
#include "ledger/text.h"

namespace meritbook::books {

absl::Status BooksKeeper::Add(std::string_view bytes) {
  if (books_.size % 64 == 0) arena_.Reset();
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(&arena_);
  if (!event->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      event->sequence() != books_.size || books_.size >= kNoRow || !Take(*event)) {
    return absl::DataLossError(Text("event ", books_.size, " can't be counted"));
  }
  ++books_.size;
  books_.last_recorded_us = event->recorded_us();
  return absl::OkStatus();
}

bool BooksKeeper::Take(const v1::Event& event) {
  concerned_.clear();
  subject_ = kNoRow;
  const bool founding = event.has_ledger_created();
  if (founding == books_.calendar.has_value()) return false;
  if (!TakeConcerned(event) || !TakeBody(event)) return false;
  NoteLate(event);
  MoveLots(event);
  Move(event);
  return true;
}

bool BooksKeeper::TakeConcerned(const v1::Event& event) {
  if (event.has_volunteer_registered()) return true;
  for (std::string_view id : VolunteersOf(event)) {
    const auto volunteer = books_.volunteer_ids.Of(id);
    if (!volunteer) return false;
    concerned_.push_back(*volunteer);
  }
  return true;
}

// Each event's own part. `subject_` is set for what its points are about.
bool BooksKeeper::TakeBody(const v1::Event& event) {
  using What = StatementWhat;
  const auto record = [&](const auto& body) {
    return BringIn(event, body.command().record(), body.has_credit() ? &body.credit() : nullptr,
                   body.wait_reasons());
  };
  const auto statement = [&](What what, v1::Amounts amounts = {}, bool settles = false) {
    StatementStep step;
    step.what = what;
    step.amount = {amounts.units(), amounts.fen()};
    step.settles = settles;
    return step;
  };
  switch (event.body_case()) {
    case v1::Event::kLedgerCreated:
      return Found(event.ledger_created());
    case v1::Event::kRulePublished:
      return Publish(event);
    case v1::Event::kPrincipalRegistered:
      return Bind(event.principal_registered().command());
    case v1::Event::kVolunteerRegistered:
      return Register(event, event.volunteer_registered().command());
    case v1::Event::kVolunteersMerged:
      return Merge();
    case v1::Event::kOrganisationRegistered:
      return Register(event, event.organisation_registered().command());
    case v1::Event::kRosterSet:
      return SetHeadcount(event, event.roster_set().command());
    case v1::Event::kActivityRegistered:
      return Register(event, event.activity_registered().command(), true);
    case v1::Event::kActivitySubmitted:
      return Register(event, event.activity_submitted().command(), false);
    case v1::Event::kActivityReviewed:
      return Review(event, event.activity_reviewed().command());
    case v1::Event::kSessionRegistered:
      return Register(event, event.session_registered().command());
    case v1::Event::kHoursCredited:
      return event.hours_credited().has_credit() &&
             BringIn(event, event.hours_credited().command().record(),
                     &event.hours_credited().credit(), {});
    case v1::Event::kHoursSubmitted:
      return record(event.hours_submitted());
    case v1::Event::kHoursBackfilled:
      return record(event.hours_backfilled());
    case v1::Event::kAwardSubmitted:
      return BringIn(event, event.award_submitted().command());
    case v1::Event::kHoursReviewed:
      return Review(event, event.hours_reviewed());
    case v1::Event::kHoursCorrected:
      return Correct(event, event.hours_corrected());
    case v1::Event::kHoursRevoked:
      return Revoke(event, event.hours_revoked());
    case v1::Event::kHoursDisputed:
      return Dispute(event, event.hours_disputed());
    case v1::Event::kPointsDonated: {
      const auto cause = books_.organisation_ids.Of(event.points_donated().command().cause_id());
      subject_ = cause.value_or(kNoRow);
      return cause.has_value();
    }
    case v1::Event::kOpeningBalanceLoaded: {
      const v1::OpeningBalance& balance = event.opening_balance_loaded().balance();
      books_.opening_minutes.Add({event.occurred_us(), concerned_[0], balance.credited_minutes(),
                                  balance.honorary_minutes()});
      return true;
    }
    case v1::Event::kChangeProposed:
      return Propose(event, event.change_proposed().command());
    case v1::Event::kChangeApproved:
      return Decide(event, event.change_approved().command().proposal_id(), true);
    case v1::Event::kChangeRejected:
      return Decide(event, event.change_rejected().command().proposal_id(), false);
    case v1::Event::kMerchantOnboarded: {
      const std::string& id = event.merchant_onboarded().command().merchant_id();
      if (books_.merchant_ids.Of(id)) return false;
      books_.merchant_ids.Intern(id);
      books_.merchants.push_back(event.occurred_us());
      return true;
    }
    case v1::Event::kItemPublished:
      return Publish(event, event.item_published().command());
    case v1::Event::kItemWithdrawn:
      return Withdraw(event, event.item_withdrawn().command().item_id());
    case v1::Event::kStockReceived:
      return StepItem(event, event.stock_received().command().item_id(),
                      event.stock_received().command().quantity());
    case v1::Event::kStockReturned:
      return StepItem(event, event.stock_returned().command().item_id(),
                      -int64_t{event.stock_returned().command().quantity()});
    case v1::Event::kOrderHeld: {
      const v1::OrderHeld& held = event.order_held();
      return Hold(event, held.command().order_id(), held.command().merchant_id(), held.hold(),
                  OrderWhat::kHeld);
    }
    case v1::Event::kVoucherIssued: {
      const v1::VoucherIssued& issued = event.voucher_issued();
      return Hold(event, issued.command().order_id(), issued.command().merchant_id(), issued.hold(),
                  OrderWhat::kVoucher);
    }
    case v1::Event::kOrderRedeemed:
      return Redeem(event, event.order_redeemed());
    case v1::Event::kOrderConfirmed:
      return HandOver(event, event.order_confirmed(), OrderWhat::kConfirmed);
    case v1::Event::kOrderRefunded:
      return HandOver(event, event.order_refunded(), OrderWhat::kRefunded);
    case v1::Event::kOrderCancelled:
      return EndHold(event, event.order_cancelled().hold(), OrderWhat::kCancelled);
    case v1::Event::kHoldTimedOut:
      return EndHold(event, event.hold_timed_out().hold(), OrderWhat::kTimedOut);
    case v1::Event::kBudgetAllocated:
      return Allocate(event, event.budget_allocated().command());
    case v1::Event::kStatementOpened:
      return Open(event, event.statement_opened());
    case v1::Event::kStatementObjected:
      return Step(event, event.statement_objected().command().statement_id(),
                  statement(What::kObjected));
    case v1::Event::kObjectionResolved:
      return Step(event, event.objection_resolved().command().statement_id(),
                  statement(What::kResolved));
    case v1::Event::kStatementClosed: {
      StatementStep step = statement(What::kClosed);
      step.figures = event.statement_closed().figures();
      return Step(event, event.statement_closed().statement_id(), std::move(step));
    }
    case v1::Event::kPaymentRecorded: {
      const v1::PaymentRecorded& paid = event.payment_recorded();
      return Step(event, paid.command().statement_id(), statement(What::kPaid, paid.amounts()),
                  paid.by_budget(), -1, 1);
    }
    case v1::Event::kPaymentReversed: {
      const v1::PaymentReversed& back = event.payment_reversed();
      return Step(event, back.command().statement_id(), statement(What::kReversed, back.amounts()),
                  back.by_budget(), 1, -1);
    }
    case v1::Event::kPayableWrittenOff: {
      const v1::PayableWrittenOff& off = event.payable_written_off();
      return Step(event, off.command().statement_id(),
                  statement(What::kWrittenOff, off.command().amounts(), off.settles()),
                  off.by_budget(), -1, 0);
    }
    case v1::Event::kPeriodClosed:
      books_.closed_months.push_back({event.occurred_us(), event.period_closed().month_number()});
      return true;
    case v1::Event::kMigrationFinished:
    case v1::Event::kLossDeclared:
    case v1::Event::kPrincipalRevoked:
    case v1::Event::kVolunteerFrozen:
    case v1::Event::kVolunteerUnfrozen:
    case v1::Event::kVolunteerClosed:
    case v1::Event::kActivityClosed:
    case v1::Event::kActivityCancelled:
    case v1::Event::kAttendanceRecorded:
    case v1::Event::kPointsMatured:
    case v1::Event::kPointsExpired:
    case v1::Event::kPointsAdjusted:
    case v1::Event::kPointsReinstated:
    case v1::Event::kMerchantSuspended:
    case v1::Event::kMerchantResumed:
    case v1::Event::kMerchantOffboarded:
    case v1::Event::kBudgetWarned:
      return true;
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return false;
}

void BooksKeeper::NoteLate(const v1::Event& event) {
  if (!event.has_booked_month_number()) return;
  const MonthNumber occurred = MonthOf(books_.DayOf(event.occurred_us()));
  books_.late_facts.push_back({static_cast<uint32_t>(event.sequence()), event.occurred_us(),
                               occurred, event.booked_month_number()});
}

// Takes units from the first account that gives to the first that takes, until all are placed.
void BooksKeeper::Move(const v1::Event& event) {
  Postings postings = PostingsOf(event);
  size_t giver = 0;
  size_t taker = 0;
  bool moved = false;
  while (true) {
    while (giver < postings.size() && postings[giver].units >= 0) ++giver;
    while (taker < postings.size() && postings[taker].units <= 0) ++taker;
    if (giver == postings.size() || taker == postings.size()) break;
    const int64_t units = std::min(-postings[giver].units, postings[taker].units);
    AddLeg(event, postings[giver], postings[taker], units);
    postings[giver].units += units;
    postings[taker].units -= units;
    moved = true;
  }
  if (moved) return;
  for (const uint32_t volunteer : concerned_) {
    books_.pages.Add({event.occurred_us(), static_cast<uint32_t>(event.sequence()), volunteer,
                      event.has_volunteers_merged() ? concerned_[1] : subject_,
                      static_cast<uint8_t>(event.body_case())});
    if (event.has_volunteers_merged()) break;  // one page: both registrations are one person
  }
}

void BooksKeeper::AddLeg(const v1::Event& event, const Posting& from, const Posting& to,
                         int64_t units) {
  Leg leg;
  leg.occurred_us = event.occurred_us();
  leg.units = units;
  leg.sequence = static_cast<uint32_t>(event.sequence());
  leg.volunteer = concerned_.empty() ? kNoRow : concerned_[0];
  leg.subject = subject_;
  if (event.has_volunteers_merged()) {
    leg.volunteer = *books_.volunteer_ids.Of(from.owner);
    leg.subject = *books_.volunteer_ids.Of(to.owner);
  }
  leg.from_account = static_cast<uint8_t>(from.account);
  leg.to_account = static_cast<uint8_t>(to.account);
  leg.event_kind = static_cast<uint8_t>(event.body_case());
  books_.legs.Add(leg);
}

}  // namespace meritbook::books
