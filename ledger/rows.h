// Owns: the rows of a ledger's state: what it knows of each volunteer, record, order, merchant …
// Promises: plain values; changed through State alone (ledger/state.h).
// Thread: any.
#ifndef MERITBOOK_LEDGER_ROWS_H_
#define MERITBOOK_LEDGER_ROWS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "ledger/calendar.h"
#include "ledger/command.h"
#include "ledger/mall_rows.h"
#include "ledger/rule.h"
#include "meritbook/v1/audit.pb.h"

namespace meritbook {

// Units that were earned and have not matured.
struct Pending {
  DayNumber matures = 0;  // the first day on which they can be spent
  uint32_t record = 0;    // index of the record that earned them
  Lot lot;                // what they will belong to
  friend bool operator==(const Pending&, const Pending&) = default;
  friend bool operator<(const Pending& a, const Pending& b) {
    return std::tie(a.matures, a.record, a.lot.key) < std::tie(b.matures, b.record, b.lot.key);
  }
};

// What a volunteer lost of one lot, and a claw-back or a reinstatement may take from there.
struct LostLot {
  LotKey key;
  int64_t expired_units = 0;
  int64_t forfeited_units = 0;
  friend bool operator==(const LostLot&, const LostLot&) = default;
};

// Approved service with clock times, half-open, in minutes since 1970.
struct ServedInterval {
  uint32_t start_minute = 0;
  uint32_t minutes = 0;
  uint32_t end_minute() const { return start_minute + minutes; }
  friend bool operator==(const ServedInterval&, const ServedInterval&) = default;
};

// What a volunteer served on one day.
struct DayMinutes {
  DayNumber day = 0;
  uint16_t credited = 0;
  uint16_t honorary = 0;
  friend bool operator==(const DayMinutes&, const DayMinutes&) = default;
};

// Minutes that count towards an activity's cap.
struct ActivityMinutes {
  uint32_t activity = 0;  // index
  uint32_t minutes = 0;
  friend bool operator==(const ActivityMinutes&, const ActivityMinutes&) = default;
};

// How often a volunteer was honoured with one award in one calendar year.
struct AwardCount {
  std::string award;
  int32_t year = 0;
  uint32_t times = 0;
  friend bool operator==(const AwardCount&, const AwardCount&) = default;
};

struct Volunteer {
  std::string id;
  int64_t pending_units = 0;
  int64_t available_units = 0;
  int64_t held_units = 0;
  int64_t debt_units = 0;
  std::vector<Lot> lots;                  // by key, each once
  std::vector<Pending> pending;           // sorted; (matures, record, lot) each once
  std::vector<LostLot> lost;              // by key, each once, none empty
  std::vector<ServedInterval> intervals;  // by start, disjoint
  std::vector<DayMinutes> days;           // by day, each once
  std::vector<ActivityMinutes> activities;
  std::vector<AwardCount> awards;
  uint64_t credited_minutes = 0;
  uint64_t honorary_minutes = 0;
  uint64_t event_count = 0;
  uint64_t last_sequence = 0;           // of her newest event
  std::optional<uint32_t> merged_into;  // index
  std::vector<uint32_t> open_orders;    // indexes, as they were placed
  std::vector<Bought> bought;           // by item, each once
  DayOrders day_orders;
  v1::AgeBand age_band = v1::AGE_BAND_UNSPECIFIED;
  bool frozen = false;
  bool closed = false;
  bool has_opening_balance = false;
};

struct Principal {
  std::string id;
  v1::RegisterPrincipal registered;
  bool revoked = false;
};

struct Organisation {
  std::string id;
  v1::OrganisationKind kind = v1::ORGANISATION_KIND_UNSPECIFIED;
  std::optional<uint32_t> headcount;
};

enum class ActivityState : uint8_t { kWaiting = 1, kOpen, kRejected, kClosed, kCancelled };

struct Activity {
  std::string id;
  uint32_t organisation = 0;  // index
  std::string category;
  int64_t starts_us = 0;
  std::optional<int64_t> ends_us;
  std::optional<uint32_t> capacity;  // people at one occurrence
  ActivityState state = ActivityState::kOpen;
  uint32_t submitted_by = 0;  // index of a name; of a submitted one
  uint64_t sequence = 0;      // of the event that brought it in
};

struct Session {
  std::string id;
  uint32_t activity = 0;  // index
  DayNumber day = 0;
  int64_t starts_us = 0;
  int64_t ends_us = 0;
};

// A name that many rows refer to: of a source or of a principal.
struct Name {
  std::string id;
};

// The part of a record that falls on one day.
struct Segment {
  DayNumber day = 0;
  uint16_t credited = 0;
  uint16_t honorary = 0;
  uint32_t rule_version = 0;
  int64_t units = 0;
  LotKey lot;
};

// A service record or an award, whatever became of it.
struct Record {
  RequestKey id;  // RecordKey(source, record id)
  std::string record_id;
  uint32_t source = 0;        // index of a name
  uint32_t submitted_by = 0;  // index of a name
  uint32_t disputed_by = 0;   // index of a name, while disputed
  uint32_t volunteer = 0;     // index, as posted; see State::Survivor
  uint32_t activity = kNoIndex;
  uint32_t session = kNoIndex;
  DayNumber day = 0;          // the first; of an award its own
  uint32_t start_minute = 0;  // since 1970; 0 where only the length is known
  uint32_t minutes = 0;
  std::string award;  // empty for service
  uint32_t award_points = 0;
  absl::InlinedVector<Segment, 1> segments;  // while approved
  v1::RecordState state = v1::RECORD_STATE_UNSPECIFIED;
  bool backfilled = false;
  bool disputed = false;
  uint8_t wait_reasons = 0;          // a bit for each v1::WaitReason
  DayNumber credited_day = 0;        // the ledger's day on which it was approved
  uint32_t corrects = kNoIndex;      // the record that this one replaces …
  uint32_t corrected_by = kNoIndex;  // … and that replaces it
  uint64_t sequence = 0;             // of the event that brought it in
  uint64_t last_sequence = 0;        // of the newest that changed it

  bool is_award() const { return !award.empty(); }
  bool waits() const { return state == v1::RECORD_STATE_WAITING || disputed; }
  int64_t units() const {
    int64_t sum = 0;
    for (const Segment& segment : segments) sum += segment.units;
    return sum;
  }
};

struct Proposal {
  std::string id;
  v1::ProposeChange proposed;
  uint32_t proposed_by = 0;  // index of a name
  bool open = true;
  uint64_t sequence = 0;  // of the event that brought it in
};

struct RequestEntry {
  uint64_t sequence = 0;  // of the command's first event
  uint64_t content = 0;   // ContentOf what the client sent
};

// On disk, as part of keys of the state store.
enum class TableKind : uint8_t {
  kPrincipal,
  kVolunteer,
  kOrganisation,
  kActivity,
  kSession,
  kMerchant,
  kItem,
  kName,
  kRecord,
  kOrder,
  kProposal,
  kBudget,
  kStatement,
};

// The command whose events are coming in; between commands nothing.
struct OpenCommand {
  uint64_t first_sequence = 0;
  uint32_t event_count = 0;
  uint32_t events_seen = 0;
  RequestKey key;  // of the request
  std::string actor;
  v1::CommandKind kind = v1::COMMAND_KIND_UNSPECIFIED;
  uint32_t proposal = kNoIndex;  // that it approves, or …
  v1::AttendanceRecorded sheet;  // … that it records, or …
  uint32_t closes = kNoIndex;    // … the volunteer whose account it closes
};

// The ledger's own row.
struct LedgerRow {
  std::string time_zone;
  v1::LedgerState state = v1::LEDGER_STATE_UNSPECIFIED;  // until LedgerCreated
  uint64_t size = 0;
  int64_t last_recorded_us = 0;
  std::vector<Rule> rules;   // by version
  int64_t issued_units = 0;  // <= 0
  int64_t expired_units = 0;
  int64_t revoked_units = 0;
  int64_t forfeited_units = 0;
  int64_t donated_units = 0;
  int64_t pending_units = 0;  // of all volunteers
  int64_t available_units = 0;
  int64_t held_units = 0;
  int64_t debt_units = 0;
  int64_t payable_units = 0;  // of all merchants
  int64_t settled_units = 0;
  int64_t written_off_units = 0;
  std::optional<MonthNumber> closed_through;  // the last month whose books are closed …
  int64_t open_from_us = 0;                   // … and when the next one begins; 0 without
  std::optional<OpenCommand> open_command;    // of no stored state: states are cut between commands
};

// One occurrence of an activity: a session, or a day where there is none.
struct Occurrence {
  uint32_t activity = 0;
  uint32_t session = kNoIndex;
  DayNumber day = 0;  // 0 with a session
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Occurrence& o) {
    return H::combine(std::move(state), o.activity, o.session, o.day);
  }
};
Occurrence OccurrenceOf(const Record& record);

// A row that changed since the last TakeDirty.
struct RowRef {
  TableKind table;
  uint32_t index;
  friend bool operator==(const RowRef&, const RowRef&) = default;
  friend auto operator<=>(const RowRef&, const RowRef&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const RowRef& ref) {
    return H::combine(std::move(state), ref.table, ref.index);
  }
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_ROWS_H_
