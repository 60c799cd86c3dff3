#include "ledger/apply.h"

#include <cstddef>

#include "ledger/applying.h"
#include "ledger/command.h"
#include "ledger/limits.h"
#include "ledger/posting.h"
#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

// What follows from a sheet or from an approved change only; as the first event of a command it has
// no command to carry.
bool IsEffectOnly(const v1::Event& event) {
  return event.has_points_adjusted() || event.has_points_reinstated() ||
         event.has_volunteers_merged() || event.has_opening_balance_loaded() ||
         event.has_budget_allocated() || event.has_payable_written_off();
}

// What follows from an order, or from the end of an account.
bool IsConsequence(const v1::Event& event) {
  return event.has_budget_warned() ||
         (event.has_order_cancelled() && !event.order_cancelled().has_command());
}

bool IsTheLedgersOwn(const v1::Event& event) {
  return event.has_points_expired() || event.has_points_matured() || event.has_hold_timed_out() ||
         (event.has_statement_closed() && !event.statement_closed().has_command());
}

bool PlacesOrder(v1::CommandKind kind) {
  return kind == v1::COMMAND_KIND_HOLD_ORDER || kind == v1::COMMAND_KIND_ISSUE_VOUCHER ||
         kind == v1::COMMAND_KIND_REDEEM_NOW;
}

// Whether an event may follow, as part of the same command.
bool MayFollow(const OpenCommand& open, const v1::Event& event) {
  if (open.kind == v1::COMMAND_KIND_RECORD_ATTENDANCE) return event.has_hours_submitted();
  if (open.kind == v1::COMMAND_KIND_APPROVE_CHANGE) {
    return IsEffectOnly(event) || event.has_hours_corrected() || event.has_hours_revoked();
  }
  if (open.kind == v1::COMMAND_KIND_CLOSE_VOLUNTEER) {
    return event.has_order_cancelled() && !event.order_cancelled().has_command();
  }
  return PlacesOrder(open.kind) && event.has_budget_warned();
}

}  // namespace

absl::Status Application::Run() {
  MB_RETURN_IF_ERROR(CheckEnvelope());
  MB_RETURN_IF_ERROR(CheckPassbook());
  MB_RETURN_IF_ERROR(ApplyBody());
  MB_RETURN_IF_ERROR(Post());
  MB_RETURN_IF_ERROR(TurnPage());
  MB_RETURN_IF_ERROR(Remember());
  CountEvent();
  return absl::OkStatus();
}

absl::Status Application::CheckEnvelope() {
  MB_REQUIRE(event_.sequence() == state_.size());
  MB_REQUIRE(event_.recorded_us() >= state_.ledger().last_recorded_us);
  MB_REQUIRE(event_.recorded_us() <= kInstantUsMax);
  MB_REQUIRE(event_.occurred_us() <= event_.recorded_us());
  MB_REQUIRE(event_.has_ledger_created() == !state_.created());
  const LedgerRow& ledger = state_.ledger();
  const bool month_closed = event_.occurred_us() < ledger.open_from_us;
  MB_REQUIRE(event_.has_booked_month_number() == month_closed);
  MB_REQUIRE(!month_closed || event_.booked_month_number() == *ledger.closed_through + 1);
  // Holds and statements whose time is over end before anything else is done, but for what says
  // where the history was cut.
  MB_REQUIRE(IsTheLedgersOwn(event_) || event_.has_loss_declared() || state_.timers().empty() ||
             state_.timers().begin()->due_us > event_.recorded_us());
  MB_RETURN_IF_ERROR(CheckAsker());
  return CheckPlace();
}

// The events of one command are consecutive and have one envelope; most commands have one event.
absl::Status Application::CheckPlace() {
  if (const auto& open = state_.ledger().open_command) {
    MB_REQUIRE(event_.command_first_sequence() == open->first_sequence);
    MB_REQUIRE(event_.command_event_count() == open->event_count);
    MB_REQUIRE(event_.scope() != v1::REQUEST_SCOPE_UNSPECIFIED);
    MB_REQUIRE(Key() == open->key);
    MB_REQUIRE(event_.actor() == open->actor);
    MB_REQUIRE(event_.recorded_us() == state_.ledger().last_recorded_us);
    MB_REQUIRE(MayFollow(*open, event_));
    return absl::OkStatus();
  }
  MB_REQUIRE(event_.command_first_sequence() == event_.sequence());
  MB_REQUIRE(!IsEffectOnly(event_));
  MB_REQUIRE(!IsConsequence(event_));
  if (event_.has_attendance_recorded()) {
    const int lines = event_.attendance_recorded().command().attendees_size();
    MB_REQUIRE(lines > 0);
    MB_REQUIRE(event_.command_event_count() == static_cast<uint32_t>(1 + lines));
  } else if (!event_.has_change_approved() && !event_.has_volunteer_closed() &&
             !PlacesOrder(event_.kind())) {  // which know themselves what follows
    MB_REQUIRE(event_.command_event_count() == 1);
  }
  return absl::OkStatus();
}

// The ledger's own events have nobody who asked; all others have.
absl::Status Application::CheckAsker() {
  switch (event_.scope()) {
    case v1::REQUEST_SCOPE_UNSPECIFIED:
      MB_REQUIRE(IsTheLedgersOwn(event_));
      MB_REQUIRE(event_.actor().empty());
      MB_REQUIRE(event_.source().empty());
      MB_REQUIRE(event_.request_id().empty());
      MB_REQUIRE(event_.kind() == v1::COMMAND_KIND_UNSPECIFIED);
      return absl::OkStatus();
    case v1::REQUEST_SCOPE_PRINCIPAL:
      MB_REQUIRE(event_.source().empty());
      break;
    case v1::REQUEST_SCOPE_SOURCE:
    case v1::REQUEST_SCOPE_MERCHANT:
      MB_REQUIRE(!event_.source().empty());
      break;
    case v1::RequestScope_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::RequestScope_INT_MAX_SENTINEL_DO_NOT_USE_:
      return absl::DataLossError("broken: a known request scope");
  }
  MB_REQUIRE(!IsTheLedgersOwn(event_));
  MB_REQUIRE(!event_.actor().empty());
  MB_REQUIRE(!event_.request_id().empty());
  return absl::OkStatus();
}

// Each link continues the volunteer's own chain.
absl::Status Application::CheckPassbook() {
  const auto volunteers = VolunteersOf(event_);
  MB_REQUIRE(static_cast<size_t>(event_.passbook_size()) == volunteers.size());
  for (size_t i = 0; i < volunteers.size(); ++i) {
    const v1::PassbookLink& link = event_.passbook(static_cast<int>(i));
    MB_REQUIRE(link.volunteer_id() == volunteers[i]);
    const Volunteer* volunteer = state_.volunteers().Find(volunteers[i]);
    if (volunteer == nullptr) {
      MB_REQUIRE(event_.has_volunteer_registered());
      MB_REQUIRE(link.event_count() == 1);
      MB_REQUIRE(!link.has_previous_sequence());
    } else {
      MB_REQUIRE(!volunteer->merged_into);
      MB_REQUIRE(link.event_count() == volunteer->event_count + 1);
      MB_REQUIRE(link.has_previous_sequence());
      MB_REQUIRE(link.previous_sequence() == volunteer->last_sequence);
    }
  }
  return absl::OkStatus();
}

absl::Status Application::ApplyBody() {
  switch (event_.body_case()) {
    case v1::Event::kLedgerCreated:
      return Apply(event_.ledger_created());
    case v1::Event::kMigrationFinished:
      return Apply(event_.migration_finished());
    case v1::Event::kRulePublished:
      return Apply(event_.rule_published());
    case v1::Event::kPrincipalRegistered:
      return Apply(event_.principal_registered());
    case v1::Event::kPrincipalRevoked:
      return Apply(event_.principal_revoked());
    case v1::Event::kVolunteerRegistered:
      return Apply(event_.volunteer_registered());
    case v1::Event::kVolunteerFrozen:
      return Apply(event_.volunteer_frozen());
    case v1::Event::kOrganisationRegistered:
      return Apply(event_.organisation_registered());
    case v1::Event::kActivityRegistered:
      return Apply(event_.activity_registered());
    case v1::Event::kSessionRegistered:
      return Apply(event_.session_registered());
    case v1::Event::kHoursCredited:
      return Apply(event_.hours_credited());
    case v1::Event::kPointsExpired:
      return Apply(event_.points_expired());
    case v1::Event::kMerchantOnboarded:
      return Apply(event_.merchant_onboarded());
    case v1::Event::kItemPublished:
      return Apply(event_.item_published());
    case v1::Event::kStockReceived:
      return Apply(event_.stock_received());
    case v1::Event::kOrderRedeemed:
      return Apply(event_.order_redeemed());
    case v1::Event::kVolunteerUnfrozen:
      return Apply(event_.volunteer_unfrozen());
    case v1::Event::kVolunteerClosed:
      return Apply(event_.volunteer_closed());
    case v1::Event::kVolunteersMerged:
      return Apply(event_.volunteers_merged());
    case v1::Event::kRosterSet:
      return Apply(event_.roster_set());
    case v1::Event::kActivitySubmitted:
      return Apply(event_.activity_submitted());
    case v1::Event::kActivityReviewed:
      return Apply(event_.activity_reviewed());
    case v1::Event::kActivityClosed:
      return Apply(event_.activity_closed());
    case v1::Event::kActivityCancelled:
      return Apply(event_.activity_cancelled());
    case v1::Event::kHoursSubmitted:
      return Apply(event_.hours_submitted());
    case v1::Event::kAttendanceRecorded:
      return Apply(event_.attendance_recorded());
    case v1::Event::kHoursBackfilled:
      return Apply(event_.hours_backfilled());
    case v1::Event::kHoursReviewed:
      return Apply(event_.hours_reviewed());
    case v1::Event::kHoursCorrected:
      return Apply(event_.hours_corrected());
    case v1::Event::kHoursRevoked:
      return Apply(event_.hours_revoked());
    case v1::Event::kHoursDisputed:
      return Apply(event_.hours_disputed());
    case v1::Event::kAwardSubmitted:
      return Apply(event_.award_submitted());
    case v1::Event::kPointsMatured:
      return Apply(event_.points_matured());
    case v1::Event::kPointsAdjusted:
      return Apply(event_.points_adjusted());
    case v1::Event::kPointsReinstated:
      return Apply(event_.points_reinstated());
    case v1::Event::kPointsDonated:
      return Apply(event_.points_donated());
    case v1::Event::kOpeningBalanceLoaded:
      return Apply(event_.opening_balance_loaded());
    case v1::Event::kChangeProposed:
      return Apply(event_.change_proposed());
    case v1::Event::kChangeApproved:
      return Apply(event_.change_approved());
    case v1::Event::kChangeRejected:
      return Apply(event_.change_rejected());
    case v1::Event::kOrderRefunded:
      return Apply(event_.order_refunded());
    case v1::Event::kMerchantSuspended:
      return Apply(event_.merchant_suspended());
    case v1::Event::kMerchantResumed:
      return Apply(event_.merchant_resumed());
    case v1::Event::kMerchantOffboarded:
      return Apply(event_.merchant_offboarded());
    case v1::Event::kItemWithdrawn:
      return Apply(event_.item_withdrawn());
    case v1::Event::kStockReturned:
      return Apply(event_.stock_returned());
    case v1::Event::kBudgetAllocated:
      return Apply(event_.budget_allocated());
    case v1::Event::kBudgetWarned:
      return Apply(event_.budget_warned());
    case v1::Event::kOrderHeld:
      return Apply(event_.order_held());
    case v1::Event::kVoucherIssued:
      return Apply(event_.voucher_issued());
    case v1::Event::kOrderConfirmed:
      return Apply(event_.order_confirmed());
    case v1::Event::kOrderCancelled:
      return Apply(event_.order_cancelled());
    case v1::Event::kHoldTimedOut:
      return Apply(event_.hold_timed_out());
    case v1::Event::kStatementOpened:
      return Apply(event_.statement_opened());
    case v1::Event::kStatementObjected:
      return Apply(event_.statement_objected());
    case v1::Event::kObjectionResolved:
      return Apply(event_.objection_resolved());
    case v1::Event::kStatementClosed:
      return Apply(event_.statement_closed());
    case v1::Event::kPaymentRecorded:
      return Apply(event_.payment_recorded());
    case v1::Event::kPaymentReversed:
      return Apply(event_.payment_reversed());
    case v1::Event::kPayableWrittenOff:
      return Apply(event_.payable_written_off());
    case v1::Event::kPeriodClosed:
      return Apply(event_.period_closed());
    case v1::Event::kLossDeclared:
      return Apply(event_.loss_declared());
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return absl::DataLossError("an event of a kind that this version doesn't know");
}

// Moves the units between the accounts.
absl::Status Application::Post() {
  const Postings postings = PostingsOf(event_);
  if (postings.empty()) return absl::OkStatus();
  int64_t sum = 0;
  for (const Posting& posting : postings) sum += posting.units;
  MB_REQUIRE(sum == 0);
  LedgerRow& ledger = state_.MutableLedger();
  const auto volunteer_of = [&](const Posting& posting) -> Volunteer* {
    const auto index = state_.volunteers().IndexOf(posting.owner);
    return index ? &state_.Mutable<Volunteer>(*index) : nullptr;
  };
  for (const Posting& posting : postings) {
    switch (posting.account) {
      case Account::kIssued:
        ledger.issued_units += posting.units;
        MB_REQUIRE(ledger.issued_units <= 0);
        MB_REQUIRE(-ledger.issued_units <= kIssuedUnitsMax);
        break;
      case Account::kExpired:
        ledger.expired_units += posting.units;
        MB_REQUIRE(ledger.expired_units >= 0);
        break;
      case Account::kRevoked:
        ledger.revoked_units += posting.units;
        MB_REQUIRE(ledger.revoked_units >= 0);
        break;
      case Account::kForfeited:
        ledger.forfeited_units += posting.units;
        MB_REQUIRE(ledger.forfeited_units >= 0);
        break;
      case Account::kDonated:
        ledger.donated_units += posting.units;
        MB_REQUIRE(ledger.donated_units >= 0);
        break;
      case Account::kPending: {
        Volunteer* volunteer = volunteer_of(posting);
        MB_REQUIRE(volunteer != nullptr);
        volunteer->pending_units += posting.units;
        ledger.pending_units += posting.units;
        MB_REQUIRE(volunteer->pending_units >= 0);
        break;
      }
      case Account::kAvailable: {
        Volunteer* volunteer = volunteer_of(posting);
        MB_REQUIRE(volunteer != nullptr);
        volunteer->available_units += posting.units;
        ledger.available_units += posting.units;
        MB_REQUIRE(volunteer->available_units >= 0);
        break;
      }
      case Account::kHeld: {
        Volunteer* volunteer = volunteer_of(posting);
        MB_REQUIRE(volunteer != nullptr);
        volunteer->held_units += posting.units;
        ledger.held_units += posting.units;
        MB_REQUIRE(volunteer->held_units >= 0);
        break;
      }
      case Account::kDebt: {
        Volunteer* volunteer = volunteer_of(posting);
        MB_REQUIRE(volunteer != nullptr);
        volunteer->debt_units += posting.units;
        ledger.debt_units += posting.units;
        MB_REQUIRE(volunteer->debt_units <= 0);
        break;
      }
      case Account::kPayable: {
        const auto index = state_.merchants().IndexOf(posting.owner);
        MB_REQUIRE(index.has_value());
        state_.Mutable<Merchant>(*index).payable_units += posting.units;
        ledger.payable_units += posting.units;
        break;
      }
      case Account::kSettled:
        ledger.settled_units += posting.units;
        break;
      case Account::kWrittenOff:
        ledger.written_off_units += posting.units;
        break;
    }
  }
  // What each volunteer concerned has now is what her lots and pending entries say.
  for (const v1::PassbookLink& link : event_.passbook()) {
    const Volunteer& volunteer = *state_.volunteers().Find(link.volunteer_id());
    int64_t in_lots = 0;
    for (const Lot& lot : volunteer.lots) in_lots += lot.units;
    MB_REQUIRE(in_lots == volunteer.available_units);
    int64_t in_pending = 0;
    for (const Pending& pending : volunteer.pending) in_pending += pending.lot.units;
    MB_REQUIRE(in_pending == volunteer.pending_units);
    int64_t in_holds = 0;
    for (const uint32_t order : volunteer.open_orders) {
      for (const Lot& lot : state_.orders()[order].lots) in_holds += lot.units;
    }
    MB_REQUIRE(in_holds == volunteer.held_units);
    MB_REQUIRE(volunteer.available_units == 0 || volunteer.debt_units == 0);
  }
  MB_REQUIRE(ledger.issued_units + ledger.expired_units + ledger.revoked_units +
                 ledger.forfeited_units + ledger.donated_units + ledger.pending_units +
                 ledger.available_units + ledger.held_units + ledger.debt_units +
                 ledger.payable_units + ledger.settled_units + ledger.written_off_units ==
             0);
  return absl::OkStatus();
}

// The event becomes the newest page of its volunteers' passbooks.
absl::Status Application::TurnPage() {
  for (const v1::PassbookLink& link : event_.passbook()) {
    const auto index = state_.volunteers().IndexOf(link.volunteer_id());
    MB_REQUIRE(index.has_value());
    Volunteer& volunteer = state_.Mutable<Volunteer>(*index);
    volunteer.event_count = link.event_count();
    volunteer.last_sequence = event_.sequence();
  }
  return absl::OkStatus();
}

// One request id, one effect, for ever.
absl::Status Application::Remember() {
  const auto body = CarriedCommand(event_);
  if (!body) return absl::OkStatus();
  MB_REQUIRE(meritbook::KindOf(*body) == event_.kind());
  const RequestKey& key = Key();
  MB_REQUIRE(state_.FindRequest(key) == nullptr);
  state_.AddRequest(key, {event_.sequence(), ContentOf(MessageOf(*body))});
  return absl::OkStatus();
}

void Application::CountEvent() {
  LedgerRow& ledger = state_.MutableLedger();
  ++ledger.size;
  ledger.last_recorded_us = event_.recorded_us();
  if (event_.command_event_count() == 1) return;
  if (!ledger.open_command) {
    OpenCommand open;
    open.first_sequence = event_.sequence();
    open.event_count = event_.command_event_count();
    open.key = Key();
    open.actor = event_.actor();
    open.kind = event_.kind();
    if (event_.has_change_approved()) {
      open.proposal = *state_.proposals().IndexOf(event_.change_approved().command().proposal_id());
    } else if (event_.has_volunteer_closed()) {
      open.closes =
          *state_.volunteers().IndexOf(event_.volunteer_closed().command().volunteer_id());
    } else if (event_.has_attendance_recorded()) {
      open.sheet = event_.attendance_recorded();
    }
    ledger.open_command = std::move(open);
  }
  if (++ledger.open_command->events_seen == ledger.open_command->event_count) {
    ledger.open_command.reset();
  }
}

const RequestKey& Application::Key() {
  if (!key_) {
    key_ =
        KeyOf(event_.kind(), event_.scope(), event_.source(), event_.actor(), event_.request_id());
  }
  return *key_;
}

bool Application::ActorIs(uint32_t volunteer) const {
  const Principal* principal = state_.principals().Find(event_.actor());
  if (principal == nullptr || !principal->registered.has_volunteer_id()) return false;
  const auto bound = state_.volunteers().IndexOf(principal->registered.volunteer_id());
  return bound && state_.Survivor(*bound) == volunteer;
}

const v1::ProposeChange* Application::Approved() const {
  const auto& open = state_.ledger().open_command;
  if (!open || open->proposal == kNoIndex) return nullptr;
  return &state_.proposals()[open->proposal].proposed;
}

absl::Status Apply(State& state, const v1::Event& event) {
  const uint64_t sequence = state.size();
  absl::Status status = Application(state, event).Run();
  if (status.ok()) return status;
  return absl::DataLossError(
      Text("ledger ", state.ledger_id(), ", event ", sequence, ": ", MessageOf(status)));
}

}  // namespace meritbook
