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
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "ledger/calendar.h"
#include "ledger/command.h"
#include "ledger/rule.h"
#include "ledger/table.h"
#include "meritbook/v1/audit.pb.h"

namespace meritbook {

// Units of one volunteer that share an expiry date.
struct Lot {
  DayNumber expiry = kNeverExpires;  // last day on which they can be spent
  int64_t units = 0;                 // > 0
  friend bool operator==(const Lot&, const Lot&) = default;
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

struct Volunteer {
  std::string id;
  int64_t pending_units = 0;
  int64_t available_units = 0;
  int64_t held_units = 0;
  int64_t debt_units = 0;
  std::vector<Lot> lots;                  // by expiry, each date once
  std::vector<ServedInterval> intervals;  // by start, disjoint
  std::vector<DayMinutes> days;           // by day, each once
  uint64_t credited_minutes = 0;
  uint64_t honorary_minutes = 0;
  uint64_t event_count = 0;
  uint64_t last_sequence = 0;  // of her newest event
  bool frozen = false;
};

struct Principal {
  std::string id;
  v1::RegisterPrincipal registered;
  bool revoked = false;
};

struct Organisation {
  std::string id;
  v1::OrganisationKind kind = v1::ORGANISATION_KIND_UNSPECIFIED;
};

struct Activity {
  std::string id;
  std::string category;
  int64_t starts_us = 0;
  std::optional<int64_t> ends_us;
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

struct RequestEntry {
  uint64_t sequence = 0;       // of the command's first event
  uint64_t content = 0;        // ContentOf what the client sent
  bool names_subject = false;  // the request id is the record or order id too
};

enum class TableKind : uint8_t {
  kPrincipal,
  kVolunteer,
  kOrganisation,
  kActivity,
  kSession,
  kMerchant,
  kItem,
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
  int64_t available_units = 0;  // of all volunteers
  int64_t payable_units = 0;    // of all merchants
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

struct DirtyRows {
  absl::flat_hash_set<RowRef> rows;
  std::vector<RequestKey> requests;
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

  const Table<Principal>& principals() const { return principals_; }
  const Table<Volunteer>& volunteers() const { return volunteers_; }
  const Table<Organisation>& organisations() const { return organisations_; }
  const Table<Activity>& activities() const { return activities_; }
  const Table<Session>& sessions() const { return sessions_; }
  const Table<Merchant>& merchants() const { return merchants_; }
  const Table<Item>& items() const { return items_; }
  const RequestEntry* FindRequest(const RequestKey& key) const;
  // True if there is a record or order, under whichever request id, of which this is the key as a
  // request id.
  bool SubjectExists(const RequestKey& subject_request_key) const;
  // (expiry, volunteer) of every lot that can lapse, the next one first.
  const absl::btree_set<std::pair<DayNumber, uint32_t>>& expiries() const { return expiries_; }

  // For Apply and for loading rows only.
  LedgerRow& MutableLedger();
  void SetTimeZone(const std::string& name);
  template <typename Row>
  uint32_t Add(Row row);
  template <typename Row>
  Row& Mutable(uint32_t index);
  void AddRequest(const RequestKey& key, const RequestEntry& entry);
  void SetLots(uint32_t volunteer, std::vector<Lot> lots);

  // From here on changes can be undone. Costs a copy of every row that changes, so for atomic
  // calls only.
  void SetSavepoint();
  // Keeps the changes, or undoes them; either way the savepoint is gone.
  void Release();
  void Rollback();

  // What changed since the last call.
  DirtyRows TakeDirty();

 private:
  template <typename Row>
  Table<Row>& TableOf();
  template <typename Row>
  static constexpr TableKind KindOf();

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
  absl::btree_set<std::pair<DayNumber, uint32_t>> expiries_;
  DirtyRows dirty_;
  bool savepoint_ = false;
  std::vector<std::function<void(State&)>> undo_;  // newest last
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_STATE_H_
