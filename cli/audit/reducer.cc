#include "cli/audit/reducer.h"

#include <utility>

#include "cli/audit/body.h"
#include "cli/audit/flow.h"
#include "cli/audit/identifier.h"
#include "cli/audit/mall.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {
namespace {

// Fits the level-2 cache with some hundred events in it.
constexpr size_t kArenaBlockBytes = 128 * 1024;
constexpr uint32_t kArenaEvents = 64;

google::protobuf::ArenaOptions OptionsFor(char* block) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = kArenaBlockBytes;
  return options;
}

}  // namespace

Reducer::Reducer(std::string ledger_id)
    : ledger_id_(std::move(ledger_id)),
      arena_block_(std::make_unique<char[]>(kArenaBlockBytes)),
      arena_(OptionsFor(arena_block_.get())) {}

MaybeViolation Reducer::Take(uint64_t sequence, std::string_view bytes, std::string& volunteer_id) {
  const uint64_t index = size_++;
  if (++arena_events_ == kArenaEvents) {
    arena_.Reset();
    arena_events_ = 0;
  }
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(&arena_);
  // A wrong number is no reason not to parse, but nothing above INT_MAX can be.
  if (bytes.size() > kEventBytesMax * 1'024 ||
      !event->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Violation{Invariant::EVENT_MALFORMED,
                     Text(bytes.size(), " bytes don't parse as an event")};
  }
  MaybeViolation first;
  const auto note = [&first](MaybeViolation violation) {
    if (violation && !first) first = std::move(violation);
  };
  if (bytes.size() > kEventBytesMax) {
    note(Violation{Invariant::EVENT_TOO_LARGE, Text("found ", bytes.size(), " bytes")});
  }
  if (sequence != index) {
    note(Violation{Invariant::SEQUENCE_WRONG,
                   Text("expected event ", index, " of the log, was given ", sequence)});
  }
  const bool creates = event->body_case() == v1::Event::kLedgerCreated;
  if (index == 0 && !creates) {
    books_.created = true;  // told here, and not with every event from here on
    note(Violation{Invariant::LEDGER_CREATION_MISPLACED,
                   "the first event doesn't create the ledger"});
  }
  if (index == 0 && creates && !ledger_id_.empty() &&
      event->ledger_created().ledger_id() != ledger_id_) {
    note(Violation{Invariant::LEDGER_ID_WRONG, Text("expected ", ledger_id_, ", found ",
                                                    Shown(event->ledger_created().ledger_id()))});
  }
  note(TakeEvent(*event, index, volunteer_id));
  if (!first || IsPersonalNumber(volunteer_id)) volunteer_id.clear();
  return first;
}

MaybeViolation Reducer::TakeEvent(const v1::Event& event, uint64_t index,
                                  std::string& volunteer_id) {
  const bool continues = envelope_.Continues(event, index);
  const BodyTraits traits = TraitsOf(event, continues);
  if (!traits.complete) {
    return Violation{Invariant::EVENT_MALFORMED, "no body that this audit knows, or no command"};
  }
  if (!continues) {
    books_.open_sheet.reset();
    books_.open_change.reset();
    books_.open_closing = nullptr;
    books_.open_warnings.clear();
  }
  const Actor* actor = event.actor().empty() ? nullptr : ActorOf(event.actor());
  Taking taking{books_,
                event,
                books_.days.DayOf(event.recorded_us()),
                actor == nullptr ? nullptr : actor->principal,
                actor,
                continues};
  MaybeViolation first;
  const auto note = [&](MaybeViolation violation) {
    if (!violation || first) return;
    first = std::move(violation);
    volunteer_id = std::string(traits.volunteer_id);
  };
  note(envelope_.Take(taking, traits, index));
  note(CheckBookedMonth(taking));
  const bool loss = event.has_loss_declared();
  if (traits.kind != v1::COMMAND_KIND_UNSPECIFIED && !loss) note(CheckTimers(taking));
  auto due = CheckDue(taking, traits);
  if (auto violation = TakeBody(taking)) {
    // What it leaves overdue is not told once more.
    for (const std::string_view id : {traits.volunteer_id, traits.survivor_id}) {
      Volunteer* volunteer = id.empty() ? nullptr : books_.volunteers.Find(id);
      if (volunteer != nullptr) volunteer->overdue_told = true;
    }
    note(std::move(violation));
  }
  note(std::move(due));
  note(TakePassbook(books_, event, traits, index));
  return first;
}

Actor* Reducer::ActorOf(std::string_view name) {
  if (last_actor_ == nullptr || last_actor_->id != name) {
    last_actor_ = &books_.actors.FindOrAdd(name);
  }
  return last_actor_;
}

namespace {

// What should have matured or lapsed by that day, told once until it is done.
MaybeViolation CheckDone(Volunteer& volunteer, int32_t today) {
  const Lot* first = volunteer.lots.First();
  const bool lapsed = first != nullptr && first->last_day < today;
  const bool matured = !volunteer.pending.empty() && volunteer.pending.front().matures_day <= today;
  if (!lapsed && !matured) {
    volunteer.overdue_told = false;
    return std::nullopt;
  }
  if (std::exchange(volunteer.overdue_told, true)) return std::nullopt;
  if (matured) {
    return Violation{Invariant::MATURITY_OVERDUE,
                     Text("units of ", DayText(volunteer.pending.front().matures_day),
                          " had not matured on ", DayText(today))};
  }
  return Violation{Invariant::LAPSE_OVERDUE, Text("units of ", DayText(first->last_day),
                                                  " had not expired on ", DayText(today))};
}

}  // namespace

MaybeViolation Reducer::CheckDue(const Taking& taking, const BodyTraits& traits) {
  if (traits.kind == v1::COMMAND_KIND_UNSPECIFIED) return std::nullopt;
  MaybeViolation first;
  const auto check = [&](Volunteer* volunteer, int32_t today) {
    if (volunteer == nullptr) return;
    auto violation = CheckDone(*volunteer, today);
    if (!first) first = std::move(violation);
  };
  // What was due after the command before may be part of what was lost.
  if (taking.event.has_loss_declared()) turned_.clear();
  if (!taking.continues) {
    for (Volunteer* volunteer : turned_) check(volunteer, turned_day_);
    turned_.clear();
    turned_day_ = taking.today;
  }
  for (const std::string_view id : {traits.volunteer_id, traits.survivor_id}) {
    if (id.empty()) continue;
    Volunteer* volunteer = books_.volunteers.Find(id);
    if (volunteer == nullptr) continue;
    check(volunteer, taking.today);
    turned_.push_back(volunteer);
  }
  return first;
}

void Reducer::Add(uint64_t sequence, std::string_view bytes) {
  std::string volunteer_id;
  auto violation = Take(sequence, bytes, volunteer_id);
  if (!violation) return;
  findings_.Add(
      {sequence, violation->invariant, std::move(volunteer_id), std::move(violation->message)});
}

void Reducer::Finish() {
  if (auto violation = envelope_.CheckEnd()) {
    findings_.Add({size_ == 0 ? 0 : size_ - 1, violation->invariant, "", violation->message});
  }
  // The totals were kept event by event; here they are added up again, account by account.
  absl::int128 available_units = 0;
  absl::int128 pending_units = 0;
  absl::int128 debt_units = 0;
  absl::int128 held_units = 0;
  for (const Volunteer& volunteer : books_.volunteers.rows()) {
    available_units += SumOf(volunteer.lots.lots());
    pending_units += PendingUnitsOf(volunteer);
    debt_units += volunteer.debt_units;
    held_units += volunteer.held_units;
  }
  // Open holds sum to what is held.
  absl::int128 in_holds_units = 0;
  for (const Order& order : books_.orders) {
    if (order.state == OrderState::kHeld) in_holds_units += SumOf(order.lots);
  }
  absl::int128 payable_units = 0;
  for (const Merchant& merchant : books_.merchants.rows()) payable_units += merchant.payable_units;
  const Accounts& accounts = books_.accounts;
  if (accounts.Sum() != 0 || available_units != accounts.available_units ||
      pending_units != accounts.pending_units || debt_units != accounts.debt_units ||
      payable_units != accounts.payable_units || held_units != accounts.held_units ||
      in_holds_units != accounts.held_units) {
    findings_.Add(
        {size_, Invariant::ACCOUNTS_DONT_SUM, "", "the accounts replayed don't sum to zero"});
  }
}

}  // namespace meritbook::audit
