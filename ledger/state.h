// Owns: all that a ledger knows at one size of its log.
// Promises: changed by Apply alone; every change is noted for the write-behind, and undone by
//           Rollback while a savepoint stands.
// Thread: one at a time, the sequencer's.
#ifndef MERITBOOK_LEDGER_STATE_H_
#define MERITBOOK_LEDGER_STATE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "ledger/calendar.h"
#include "ledger/command.h"
#include "ledger/rule.h"
#include "ledger/table.h"
#include "meritbook/v1/audit.pb.h"

namespace meritbook {

// What units of one volunteer have in common: the last day on which they can be spent, and whether
// it includes the grace that points get once. Sorts by what lapses first.
struct LotKey {
  DayNumber expiry = kNeverExpires;
  bool graced = false;
  friend bool operator==(const LotKey&, const LotKey&) = default;
  friend auto operator<=>(const LotKey&, const LotKey&) = default;
};

struct Lot {
  LotKey key;
  int64_t units = 0;  // > 0
  friend bool operator==(const Lot&, const Lot&) = default;
};

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

struct Merchant {
  std::string id;
  int64_t payable_units = 0;
};

struct Item {
  std::string id;
  uint32_t merchant = 0;  // index
  uint32_t price_points = 0;
  uint64_t received = 0;
  uint64_t delivered = 0;
  uint64_t on_hand() const { return received - delivered; }
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

inline constexpr uint32_t kNoIndex = 0xFFFFFFFF;

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

struct OrderedLine {
  uint32_t item = 0;  // index
  uint32_t quantity = 0;
  uint32_t price_points = 0;
  uint32_t refunded = 0;
};

struct Order {
  RequestKey id;  // OrderKey
  uint32_t volunteer = 0;
  uint32_t merchant = 0;
  std::vector<OrderedLine> lines;
  std::vector<Lot> lots;  // that paid for it and were not refunded, as taken
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
};

// The command whose events are coming in; between commands nothing.
struct OpenCommand {
  uint64_t first_sequence = 0;
  uint32_t event_count = 0;
  uint32_t events_seen = 0;
  RequestKey key;  // of the request
  std::string actor;
  uint32_t proposal = kNoIndex;  // that it approves, or …
  v1::AttendanceRecorded sheet;  // … that it records
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
  int64_t payable_units = 0;                // of all merchants
  std::optional<OpenCommand> open_command;  // of no stored state: states are cut between commands
};

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

struct DirtyRows {
  absl::flat_hash_set<RowRef> rows;
  std::vector<std::pair<RequestKey, RequestEntry>> requests;
};

class State {
 public:
  explicit State(std::string ledger_id) : ledger_id_(std::move(ledger_id)) {}
  State(State&&) = default;
  State& operator=(State&&) = default;

  const std::string& ledger_id() const { return ledger_id_; }
  const LedgerRow& ledger() const { return ledger_; }
  uint64_t size() const { return ledger_.size; }
  bool created() const { return ledger_.state != v1::LEDGER_STATE_UNSPECIFIED; }
  bool migrating() const { return ledger_.state == v1::LEDGER_STATE_MIGRATING; }
  // Of the ledger's zone; UTC until it is created.
  const Calendar& calendar() const { return calendar_; }
  // calendar().DayOf, which commands ask for again and again: the answer's day is remembered.
  DayNumber DayAt(int64_t instant_us) const;

  const Table<Principal>& principals() const { return principals_; }
  const Table<Volunteer>& volunteers() const { return volunteers_; }
  const Table<Organisation>& organisations() const { return organisations_; }
  const Table<Activity>& activities() const { return activities_; }
  const Table<Session>& sessions() const { return sessions_; }
  const Table<Merchant>& merchants() const { return merchants_; }
  const Table<Item>& items() const { return items_; }
  const Table<Name>& names() const { return names_; }
  const Table<Record>& records() const { return records_; }
  const Table<Order>& orders() const { return orders_; }
  const Table<Proposal>& proposals() const { return proposals_; }
  const RequestEntry* FindRequest(const RequestKey& key) const;
  // The registration that counts for this one: itself, or what it was merged into.
  uint32_t Survivor(uint32_t volunteer) const;
  // Volunteers with approved records at an occurrence of an activity that has a capacity, and how
  // many records; null if nobody has.
  using People = absl::flat_hash_map<uint32_t, uint32_t>;
  const People* PeopleAt(const Occurrence& occurrence) const;
  // (day, volunteer) of everything that the clock will come to, the next one first: the first day
  // on which pending units can be spent, or the first on which a lot can't be any more.
  const absl::btree_set<std::pair<DayNumber, uint32_t>>& dues() const { return dues_; }
  // What waits for somebody, in the order in which it began to wait.
  const absl::btree_map<uint64_t, uint32_t>& waiting_records() const { return waiting_records_; }
  const absl::btree_map<uint64_t, uint32_t>& waiting_activities() const {
    return waiting_activities_;
  }
  const absl::btree_map<uint64_t, uint32_t>& open_proposals() const { return open_proposals_; }

  // For Apply and for loading rows only.
  LedgerRow& MutableLedger();
  void SetTimeZone(const std::string& name);
  template <typename Row>
  uint32_t Add(Row row);
  template <typename Row>
  Row& Mutable(uint32_t index);
  void AddRequest(const RequestKey& key, const RequestEntry& entry);
  uint32_t NameIndex(const std::string& name);
  // For changes of what the indexes are made of: a volunteer's lots and pending units; the states
  // of activities, records and proposals. Keeps the indexes right.
  template <typename Row>
  void Edit(uint32_t index, absl::FunctionRef<void(Row&)> edit);
  // The first one's people count as the second from now on.
  void MergePeople(uint32_t volunteer, uint32_t survivor);

  // From here on changes can be undone. Costs a copy of every row that changes, so for atomic
  // calls only.
  void SetSavepoint();
  // Keeps the changes, or undoes them; either way the savepoint is gone.
  void Release();
  void Rollback();

  // What changed since the last call.
  DirtyRows TakeDirty();
  size_t dirty_rows() const { return dirty_.rows.size() + dirty_.requests.size(); }

 private:
  template <typename Row>
  Table<Row>& TableOf();
  template <typename Row>
  static constexpr TableKind KindOf();
  using ReindexFunction = void (State::*)(uint32_t index, bool add);
  template <typename Row>
  static constexpr ReindexFunction Reindex();
  using DueDays = absl::InlinedVector<DayNumber, 24>;
  static DueDays DueDaysOf(const Volunteer& volunteer);
  void IndexVolunteer(uint32_t index, bool add);
  void IndexActivity(uint32_t index, bool add);
  void IndexRecord(uint32_t index, bool add);
  void IndexProposal(uint32_t index, bool add);

  std::string ledger_id_;
  LedgerRow ledger_;
  Calendar calendar_ = *Calendar::ForZone("UTC");
  Table<Principal> principals_;
  Table<Volunteer> volunteers_;
  Table<Organisation> organisations_;
  Table<Activity> activities_;
  Table<Session> sessions_;
  Table<Merchant> merchants_;
  Table<Item> items_;
  absl::flat_hash_map<RequestKey, RequestEntry> requests_;
  Table<Name> names_;
  Table<Record> records_;
  Table<Order> orders_;
  Table<Proposal> proposals_;
  struct KnownDay {
    int64_t start_us = 0;
    int64_t end_us = 0;
    DayNumber day = 0;
  };
  mutable KnownDay known_day_;
  absl::btree_set<std::pair<DayNumber, uint32_t>> dues_;
  absl::btree_map<uint64_t, uint32_t> waiting_records_;     // by sequence of the newest event
  absl::btree_map<uint64_t, uint32_t> waiting_activities_;  // by sequence
  absl::btree_map<uint64_t, uint32_t> open_proposals_;      // by sequence
  absl::flat_hash_map<Occurrence, People> people_;
  DirtyRows dirty_;
  bool savepoint_ = false;
  std::vector<std::function<void(State&)>> undo_;  // newest last
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_STATE_H_
