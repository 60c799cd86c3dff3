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
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "ledger/calendar.h"
#include "ledger/rows.h"
#include "ledger/table.h"

namespace meritbook {

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
  const Table<Budget>& budgets() const { return budgets_; }
  const Table<Statement>& statements() const { return statements_; }
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
  // Open holds and statements that end by themselves, the next one first.
  const absl::btree_set<Timer>& timers() const { return timers_; }
  // The order of a voucher's code; nothing if there is none.
  std::optional<uint32_t> OrderOfVoucher(const std::string& code_sha256) const;
  // The month in which what happened then is booked: its own, or the first that is open.
  MonthNumber BookedIn(int64_t occurred_us) const;
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
  // of activities, records, proposals, orders and statements. Keeps the indexes right.
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
  void IndexOrder(uint32_t index, bool add);
  void IndexStatement(uint32_t index, bool add);
  void IndexTimer(const Timer& timer, bool add);

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
  Table<Budget> budgets_;
  Table<Statement> statements_;
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
  absl::btree_set<Timer> timers_;
  absl::flat_hash_map<std::string, uint32_t> vouchers_;  // orders by the hash of their code
  DirtyRows dirty_;
  bool savepoint_ = false;
  std::vector<std::function<void(State&)>> undo_;  // newest last
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_STATE_H_
