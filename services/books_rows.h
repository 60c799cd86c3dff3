// Owns: the rows of the books: what happened, as far as a report tells it.
// Promises: plain values without the core's knowledge; ids are numbers of interned names.
// Thread: any.
//
// A row of something that happened has the time at which it happened (`occurred_us`) and the
// sequence of its event. Rows that come with every credit are kept small: a credit takes a Record,
// a Segment for each day and a Leg, 72 bytes, and an entry in the index of records.
#ifndef MERITBOOK_SERVICES_BOOKS_ROWS_H_
#define MERITBOOK_SERVICES_BOOKS_ROWS_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "ledger/calendar.h"
#include "ledger/posting.h"
#include "meritbook/v1/event.pb.h"
#include "services/books_table.h"

namespace meritbook::books {

inline constexpr int64_t kNotYet = std::numeric_limits<int64_t>::max();

// What an event was. Its number fits a byte: bodies are numbered from 16 to 127 (event.proto).
using EventKind = v1::Event::BodyCase;

// A registration; several may come to be one person.
struct Volunteer {
  int64_t registered_us = 0;
  uint32_t organisation = kNoRow;
  uint32_t merged_into = kNoRow;
  bool party = false;
  bool league = false;
};

// Minutes from before this ledger.
struct OpeningMinutes {
  int64_t occurred_us = 0;
  uint32_t volunteer = 0;
  uint32_t credited = 0;
  uint32_t honorary = 0;
};

struct Headcount {
  int64_t since_us = 0;
  uint32_t people = 0;
};

struct Organisation {
  v1::OrganisationKind kind = v1::ORGANISATION_KIND_UNSPECIFIED;
  int64_t registered_us = 0;
  std::vector<Headcount> headcounts;  // as they were set
};

struct Activity {
  uint32_t organisation = 0;
  uint32_t category = 0;         // word
  uint32_t site = kNoRow;        // word
  uint32_t campaign = kNoRow;    // word
  int64_t opened_us = kNotYet;   // approved, or registered as such
  int64_t settled_us = kNotYet;  // reviewed either way
  int64_t submitted_us = 0;
  uint32_t submitted_by = kNoRow;  // actor
  uint32_t sequence = 0;
};

// What person-times are counted by: a session, or an activity's day where there is none.
struct Place {
  uint32_t activity = 0;
  uint32_t session = kNoRow;
  DayNumber day = 0;  // the session's; kDayUnknown until a record is approved
};
inline constexpr DayNumber kDayUnknown = std::numeric_limits<DayNumber>::min();

struct Session {
  uint32_t place = 0;
  uint32_t slot = kNoRow;  // word
  uint32_t site = kNoRow;  // word
  int64_t registered_us = 0;
};

// A service record or an award, as it stands.
struct Record {
  uint32_t volunteer = 0;         // as posted
  uint32_t place = kNoRow;        // none for an award
  uint32_t sequence = 0;          // of the event that brought it in
  uint32_t approved_at = kNoRow;  // the newest event that made it count
  uint32_t first_segment = 0;
  uint16_t segments = 0;
  bool counts = false;  // approved
};

struct Segment {
  DayNumber day = 0;
  uint16_t credited_minutes = 0;
  uint16_t honorary_minutes = 0;
  int64_t units = 0;
};

// A record that waits for review, or a dispute.
struct Waiting {
  uint32_t source = 0;  // word
  std::string record_id;
  uint32_t submitted_by = kNoRow;  // actor
  int64_t since_us = 0;            // recorded
  uint32_t reasons = 0;            // a bit for each v1::WaitReason
  uint32_t sequence = 0;           // of the event since which it waits
  DayNumber day = 0;               // of service, as posted
};

// Units that went from one account to another; an event has as many as it takes. Accounts of a
// volunteer are `volunteer`'s; of a merge `volunteer` owns `from` and `subject` owns `to`. Else
// `subject` is the record, the order, the statement or the cause that it was about.
struct Leg {
  int64_t occurred_us = 0;
  int64_t units = 0;  // > 0
  uint32_t sequence = 0;
  uint32_t volunteer = kNoRow;
  uint32_t subject = kNoRow;
  uint8_t from_account = 0;
  uint8_t to_account = 0;
  uint8_t event_kind = 0;

  Account from() const { return static_cast<Account>(from_account); }
  Account to() const { return static_cast<Account>(to_account); }
  EventKind kind() const { return static_cast<EventKind>(event_kind); }
};

// An event of a volunteer that moved no units.
struct Page {
  int64_t occurred_us = 0;
  uint32_t sequence = 0;
  uint32_t volunteer = 0;
  uint32_t subject = kNoRow;  // as in Leg; of a merge the survivor
  uint8_t event_kind = 0;

  EventKind kind() const { return static_cast<EventKind>(event_kind); }
};

struct Item {
  uint32_t merchant = 0;
  uint32_t price_points = 0;
  uint32_t settle_fen = 0;
  int64_t published_us = 0;
  int64_t withdrawn_us = kNotYet;
};

// Pieces that came (> 0) or were taken away (< 0) without an order.
struct ItemStep {
  int64_t occurred_us = 0;
  uint32_t item = 0;
  int64_t pieces = 0;
};

struct Line {
  uint32_t item = kNoRow;  // none for an open amount
  uint32_t quantity = 0;
  uint32_t price_points = 0;
  uint32_t settle_fen = 0;
  uint32_t budget = kNoRow;  // none where nothing is paid

  int64_t fen() const { return int64_t{settle_fen} * quantity; }
};

struct Order {
  uint32_t id = 0;         // word
  uint32_t volunteer = 0;  // as posted
  uint32_t merchant = 0;
  uint32_t first_step = 0;
  int64_t deadline_us = 0;  // of a hold
  int64_t ends_us = 0;      // of a hold
};

enum class OrderWhat : uint8_t {
  kHeld,
  kVoucher,
  kRedeemed,
  kConfirmed,
  kCancelled,
  kTimedOut,
  kRefunded
};

// What happened to an order. Lines are those held, handed over or refunded.
struct OrderStep {
  int64_t occurred_us = 0;
  int64_t units = 0;
  uint32_t sequence = 0;
  uint32_t order = 0;
  uint32_t first_line = 0;
  uint32_t lines = 0;
  OrderWhat what = OrderWhat::kHeld;
};

struct Amount {
  int64_t units = 0;
  int64_t fen = 0;
  Amount& operator+=(const Amount& other) {
    units += other.units;
    fen += other.fen;
    return *this;
  }
  friend Amount operator+(Amount a, const Amount& b) { return a += b; }
  Amount operator-() const { return {-units, -fen}; }
};

struct Statement {
  uint32_t merchant = 0;
  MonthNumber through_month = 0;  // of a final one none
  bool final = false;
};

enum class StatementWhat : uint8_t {
  kOpened,
  kObjected,
  kResolved,
  kClosed,
  kPaid,
  kReversed,
  kWrittenOff
};

struct StatementStep {
  int64_t occurred_us = 0;
  uint32_t sequence = 0;
  uint32_t statement = 0;
  uint32_t actor = kNoRow;
  StatementWhat what = StatementWhat::kOpened;
  bool settles = false;          // a write-off of a closed one
  Amount amount;                 // paid, reversed or written off
  v1::StatementFigures figures;  // when opened or closed
};

// Fen of a budget that moved without an order.
struct BudgetStep {
  int64_t occurred_us = 0;
  uint32_t budget = 0;
  int64_t allocated_fen = 0;
  int64_t owed_fen = 0;
  int64_t paid_fen = 0;
};

struct Budget {
  uint32_t source = 0;  // word
  uint32_t year = 0;
};

struct Proposal {
  uint32_t id = 0;  // word
  v1::ProposeChange::ChangeCase change = v1::ProposeChange::CHANGE_NOT_SET;
  uint32_t proposed_by = 0;  // actor
  uint32_t sequence = 0;
  int64_t proposed_us = 0;
  uint32_t decided_by = kNoRow;  // actor
  int64_t decided_us = kNotYet;
  bool approved = false;
  int64_t units = 0;            // of an adjustment or a reinstatement
  uint32_t volunteer = kNoRow;  // whom it is about, where it is one
};

// A record that was revoked or replaced.
struct TakenBack {
  int64_t occurred_us = 0;
  uint32_t sequence = 0;
  uint32_t actor = 0;
  uint32_t volunteer = 0;
  int64_t units = 0;  // clawed back, less what returned
  bool corrected = false;
  bool by_two = false;
};

// What one person brought in on one day about days long before.
struct Burst {
  uint32_t records = 0;
  uint64_t minutes = 0;
  DayNumber earliest_service = 0;
};

// What somebody did on one day about volunteers of her own organisation.
struct OwnTeam {
  uint32_t submitted = 0;
  uint32_t reviewed = 0;
};

// Where a rule names none.
inline constexpr uint32_t kStarHoursDefault[] = {100, 300, 600, 1'000, 1'500};

struct RuleStars {
  DayNumber effective = 0;
  int64_t published_us = 0;
  std::vector<uint32_t> hours;  // ascending; never empty
};

// A fact of a month whose books were closed.
struct LateFact {
  uint32_t sequence = 0;
  int64_t occurred_us = 0;
  MonthNumber occurred = 0;
  MonthNumber booked = 0;
};

struct ClosedMonth {
  int64_t occurred_us = 0;
  MonthNumber month = 0;
};

}  // namespace meritbook::books

#endif  // MERITBOOK_SERVICES_BOOKS_ROWS_H_
