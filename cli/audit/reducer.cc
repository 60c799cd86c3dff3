#include "cli/audit/reducer.h"

#include <utility>

#include "cli/audit/body.h"
#include "cli/audit/identifier.h"
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
  const BodyTraits traits = TraitsOf(*event);
  if (!traits.complete) {
    return Violation{Invariant::EVENT_MALFORMED, "no body that this audit knows, or no command"};
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
  note(envelope_.Take(*event, traits, index, books_));
  note(TakeBody(books_, *event));
  note(TakePassbook(books_, *event, traits, index));
  if (first && !IsPersonalNumber(traits.volunteer_id)) {
    volunteer_id = std::string(traits.volunteer_id);
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
  for (const Volunteer& volunteer : books_.volunteers.rows()) {
    for (const Lot& lot : volunteer.lots.lots()) available_units += lot.units;
  }
  absl::int128 payable_units = 0;
  for (const Merchant& merchant : books_.merchants.rows()) payable_units += merchant.payable_units;
  const Accounts& accounts = books_.accounts;
  if (accounts.Sum() != 0 || available_units != accounts.available_units ||
      payable_units != accounts.payable_units) {
    findings_.Add(
        {size_, Invariant::ACCOUNTS_DONT_SUM, "", "the accounts replayed don't sum to zero"});
  }
}

}  // namespace meritbook::audit
