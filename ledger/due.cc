// What the clock has come to.
#include <set>

#include "ledger/deciding.h"
#include "ledger/flow.h"

namespace meritbook {
namespace {

// As of the day on which they matured, so that it doesn't matter when that is noticed.
v1::Event* Matured(const State& state, const Volunteer& volunteer, DayNumber day,
                   v1::Event* event) {
  event->set_occurred_us(state.calendar().StartOf(day));
  v1::PointsMatured* matured = event->mutable_points_matured();
  matured->set_volunteer_id(volunteer.id);
  matured->set_matures_day_number(day);
  std::vector<Lot> pending;
  std::vector<Lot> lots;
  for (const Pending& entry : volunteer.pending) {
    if (entry.matures != day) break;
    AddToLots(pending, entry.lot.key, entry.lot.units);
    AddToLots(lots, LotToday(state, entry.lot.key, day), entry.lot.units);
  }
  for (const Lot& lot : pending) SetLot(lot.key, lot.units, matured->add_pending());
  FillInflow(volunteer, std::move(lots), matured->mutable_inflow());
  return event;
}

v1::Event* Expired(const State& state, const Volunteer& volunteer, const Lot& lot,
                   v1::Event* event) {
  event->set_occurred_us(state.calendar().StartOf(lot.key.expiry + 1));
  v1::PointsExpired* expired = event->mutable_points_expired();
  expired->set_volunteer_id(volunteer.id);
  SetLot(lot.key, lot.units, expired->add_lots());
  return event;
}

// The order that a command is about, if there is one.
template <typename OrderCommand>
std::optional<uint32_t> OrderOf(const State& state, const Caller& caller, const OrderCommand& c) {
  if constexpr (std::is_same_v<OrderCommand, v1::ConfirmOrder>) {
    if (!c.voucher_sha256().empty()) return state.OrderOfVoucher(c.voucher_sha256());
  }
  const auto* owner = c.has_owner() ? &c.owner() : nullptr;
  return state.orders().IndexOf(KeyOf(OrderNamed(caller, owner, c.order_id())));
}

// The volunteer of each id, once, if she is there; where she was merged, the survivor.
class Concerned {
 public:
  explicit Concerned(const State& state) : state_(state) {}

  void Add(const std::string& volunteer_id) {
    if (const auto index = state_.volunteers().IndexOf(volunteer_id)) Add(*index);
  }
  void Add(uint32_t volunteer) {
    volunteer = state_.Survivor(volunteer);
    if (seen_.insert(volunteer).second) volunteers_.push_back(volunteer);
  }
  void Add(const v1::RecordRef& ref) {
    const Record* record = state_.records().Find(RecordKey(ref.source(), ref.record_id()));
    if (record != nullptr) Add(record->volunteer);
  }
  void Add(const v1::ProposeChange& proposed) {
    switch (proposed.change_case()) {
      case v1::ProposeChange::kAdjustPoints:
        return Add(proposed.adjust_points().volunteer_id());
      case v1::ProposeChange::kReinstatePoints:
        return Add(proposed.reinstate_points().volunteer_id());
      case v1::ProposeChange::kMergeVolunteers:
        Add(proposed.merge_volunteers().volunteer_id());
        return Add(proposed.merge_volunteers().survivor_id());
      case v1::ProposeChange::kLoadOpeningBalances:
        for (const v1::OpeningBalance& balance : proposed.load_opening_balances().balances()) {
          Add(balance.volunteer_id());
        }
        return;
      case v1::ProposeChange::kCorrectHours:
        return Add(proposed.correct_hours().record());
      case v1::ProposeChange::kRevokeHours:
        return Add(proposed.revoke_hours().record());
      case v1::ProposeChange::kAllocateBudget:
      case v1::ProposeChange::kWriteOff:
      case v1::ProposeChange::CHANGE_NOT_SET:
        return;
    }
  }
  absl::InlinedVector<uint32_t, 2> Take() { return std::move(volunteers_); }

 private:
  const State& state_;
  absl::InlinedVector<uint32_t, 2> volunteers_;
  std::set<uint32_t> seen_;
};

}  // namespace

v1::Event* NextDueOf(const State& state, int64_t now_us, uint32_t index,
                     google::protobuf::Arena* arena) {
  const Volunteer& volunteer = state.volunteers()[index];
  // The common case, without asking the calendar: nothing of hers can come due at all.
  const bool can_lapse =
      !volunteer.lots.empty() && volunteer.lots.front().key.expiry != kNeverExpires;
  if (!can_lapse && volunteer.pending.empty()) return nullptr;
  const DayNumber today = state.DayAt(now_us);
  const bool matures = !volunteer.pending.empty() && volunteer.pending.front().matures <= today;
  const bool lapses = can_lapse && volunteer.lots.front().key.expiry < today;
  if (!matures && !lapses) return nullptr;
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(arena);
  if (matures &&
      (!lapses || volunteer.pending.front().matures <= volunteer.lots.front().key.expiry + 1)) {
    return Matured(state, volunteer, volunteer.pending.front().matures, event);
  }
  return Expired(state, volunteer, volunteer.lots.front(), event);
}

std::optional<uint32_t> NextDue(const State& state, int64_t now_us) {
  if (state.dues().empty()) return std::nullopt;
  const auto& [day, volunteer] = *state.dues().begin();
  if (day > state.DayAt(now_us)) return std::nullopt;
  return volunteer;
}

std::optional<Timer> NextTimer(const State& state, int64_t now_us) {
  if (state.timers().empty() || state.timers().begin()->due_us > now_us) return std::nullopt;
  return *state.timers().begin();
}

v1::Event* TimerEvent(const State& state, const Timer& timer, google::protobuf::Arena* arena) {
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(arena);
  event->set_occurred_us(timer.due_us);
  switch (timer.kind) {
    case Timer::kHold:
      FillHoldEnded(state, state.orders()[timer.index], state.DayAt(timer.due_us),
                    event->mutable_hold_timed_out()->mutable_hold());
      break;
    case Timer::kStatement:
      FillClosed(state, state.statements()[timer.index], event->mutable_statement_closed());
      break;
  }
  return event;
}

absl::InlinedVector<uint32_t, 2> VolunteersOf(const State& state, const Command& command) {
  // The hot ones without a set.
  const auto one = [&](const std::string& id) -> absl::InlinedVector<uint32_t, 2> {
    const auto index = state.volunteers().IndexOf(id);
    if (!index) return {};
    return {state.Survivor(*index)};
  };
  const CommandBody& body = command.body;
  if (const auto* c = std::get_if<const v1::CreditHours*>(&body)) {
    return one((*c)->record().volunteer_id());
  }
  if (command.shown) return one(command.shown->volunteer_id);
  if (const auto* c = std::get_if<const v1::RedeemNow*>(&body)) return one((*c)->volunteer_id());
  Concerned concerned(state);
  std::visit(
      [&](const auto* c) {
        using Message = std::decay_t<decltype(*c)>;
        if constexpr (std::is_same_v<Message, v1::SubmitHours> ||
                      std::is_same_v<Message, v1::BackfillHours>) {
          concerned.Add(c->record().volunteer_id());
        } else if constexpr (std::is_same_v<Message, v1::RecordAttendance>) {
          for (const v1::Attendee& attendee : c->attendees()) {
            concerned.Add(attendee.volunteer_id());
          }
        } else if constexpr (std::is_same_v<Message, v1::ReviewHours> ||
                             std::is_same_v<Message, v1::DisputeHours> ||
                             std::is_same_v<Message, v1::CorrectHours> ||
                             std::is_same_v<Message, v1::RevokeHours>) {
          concerned.Add(c->record());
        } else if constexpr (std::is_same_v<Message, v1::ProposeChange>) {
          concerned.Add(*c);
        } else if constexpr (std::is_same_v<Message, v1::ApproveChange>) {
          const Proposal* proposal = state.proposals().Find(c->proposal_id());
          if (proposal != nullptr) concerned.Add(proposal->proposed);
        } else if constexpr (std::is_same_v<Message, v1::ConfirmOrder> ||
                             std::is_same_v<Message, v1::CancelOrder> ||
                             std::is_same_v<Message, v1::RefundOrder>) {
          if (const auto order = OrderOf(state, *command.caller, *c)) {
            concerned.Add(state.orders()[*order].volunteer);
          }
        } else if constexpr (std::is_same_v<Message, v1::FreezeVolunteer> ||
                             std::is_same_v<Message, v1::UnfreezeVolunteer> ||
                             std::is_same_v<Message, v1::CloseVolunteer> ||
                             std::is_same_v<Message, v1::DonatePoints> ||
                             std::is_same_v<Message, v1::HoldOrder> ||
                             std::is_same_v<Message, v1::IssueVoucher> ||
                             std::is_same_v<Message, v1::AwardPoints>) {
          concerned.Add(c->volunteer_id());
        }
      },
      body);
  return concerned.Take();
}

}  // namespace meritbook
