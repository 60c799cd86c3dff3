#include "ledger/state.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "ledger/check.h"

namespace meritbook {

// The table of a kind of rows, and its number on disk.
#define MB_TABLE(Row, rows)                  \
  template <>                                \
  Table<Row>& State::TableOf() {             \
    return rows;                             \
  }                                          \
  template <>                                \
  constexpr TableKind State::KindOf<Row>() { \
    return TableKind::k##Row;                \
  }
MB_TABLE(Principal, principals_)
MB_TABLE(Volunteer, volunteers_)
MB_TABLE(Organisation, organisations_)
MB_TABLE(Activity, activities_)
MB_TABLE(Session, sessions_)
MB_TABLE(Merchant, merchants_)
MB_TABLE(Item, items_)
MB_TABLE(Name, names_)
MB_TABLE(Record, records_)
MB_TABLE(Order, orders_)
MB_TABLE(Proposal, proposals_)
MB_TABLE(Budget, budgets_)
MB_TABLE(Statement, statements_)
#undef MB_TABLE

// What keeps the indexes of a kind of rows; null where there are none.
template <typename Row>
constexpr State::ReindexFunction State::Reindex() {
  if constexpr (std::is_same_v<Row, Volunteer>) return &State::IndexVolunteer;
  if constexpr (std::is_same_v<Row, Activity>) return &State::IndexActivity;
  if constexpr (std::is_same_v<Row, Record>) return &State::IndexRecord;
  if constexpr (std::is_same_v<Row, Proposal>) return &State::IndexProposal;
  if constexpr (std::is_same_v<Row, Order>) return &State::IndexOrder;
  if constexpr (std::is_same_v<Row, Statement>) return &State::IndexStatement;
  return nullptr;
}

DayNumber State::DayAt(int64_t instant_us) const {
  if (instant_us < known_day_.start_us || instant_us >= known_day_.end_us) {
    const DayNumber day = calendar_.DayOf(instant_us);
    known_day_ = {calendar_.StartOf(day), calendar_.StartOf(day + 1), day};
  }
  return known_day_.day;
}

const RequestEntry* State::FindRequest(const RequestKey& key) const {
  const auto found = requests_.find(key);
  return found == requests_.end() ? nullptr : &found->second;
}

uint32_t State::Survivor(uint32_t volunteer) const {
  while (const auto& into = volunteers_[volunteer].merged_into) volunteer = *into;
  return volunteer;
}

const State::People* State::PeopleAt(const Occurrence& occurrence) const {
  const auto found = people_.find(occurrence);
  return found == people_.end() ? nullptr : &found->second;
}

std::optional<uint32_t> State::OrderOfVoucher(const std::string& code_sha256) const {
  const auto found = vouchers_.find(code_sha256);
  if (found == vouchers_.end()) return std::nullopt;
  return found->second;
}

MonthNumber State::BookedIn(int64_t occurred_us) const {
  if (occurred_us < ledger_.open_from_us) return *ledger_.closed_through + 1;
  return MonthOf(DayAt(occurred_us));
}

LedgerRow& State::MutableLedger() { return ledger_; }

void State::SetTimeZone(const std::string& name) {
  auto calendar = Calendar::ForZone(name);
  MB_CHECK(calendar.has_value());
  ledger_.time_zone = name;
  known_day_ = {};
  calendar_ = *calendar;
}

template <typename Row>
uint32_t State::Add(Row row) {
  const uint32_t index = TableOf<Row>().Add(std::move(row));
  dirty_.rows.insert({KindOf<Row>(), index});
  if (savepoint_) {
    undo_.push_back([index](State& state) {
      state.TableOf<Row>().RemoveLast();
      state.dirty_.rows.erase({KindOf<Row>(), index});
    });
  }
  if constexpr (constexpr auto reindex = Reindex<Row>(); reindex != nullptr) {
    (this->*reindex)(index, true);
    if (savepoint_) {
      undo_.push_back([index](State& state) { (state.*Reindex<Row>())(index, false); });
    }
  }
  return index;
}

template <typename Row>
Row& State::Mutable(uint32_t index) {
  Row& row = TableOf<Row>()[index];
  dirty_.rows.insert({KindOf<Row>(), index});
  if (savepoint_) {
    // The row stays noted as changed after a rollback: writing it once more does no harm.
    undo_.push_back([index, before = row](State& state) {
      Row& now = state.TableOf<Row>()[index];
      auto id = std::move(now.id);  // the index refers to this very string
      now = before;
      now.id = std::move(id);
    });
  }
  return row;
}

// The days on which something of hers comes due.
State::DueDays State::DueDaysOf(const Volunteer& volunteer) {
  DueDays days;
  for (const Lot& lot : volunteer.lots) {
    if (lot.key.expiry != kNeverExpires) days.push_back(lot.key.expiry + 1);
  }
  for (const Pending& pending : volunteer.pending) {
    if (days.empty() || days.back() != pending.matures) days.push_back(pending.matures);
  }
  return days;
}

// The row's entries in the indexes are taken out before the edit and put in after it; when it is
// undone, newest first, the same happens around the row's own return.
template <typename Row>
void State::Edit(uint32_t index, absl::FunctionRef<void(Row&)> edit) {
  constexpr auto reindex = Reindex<Row>();
  if constexpr (std::is_same_v<Row, Volunteer>) {
    if (!savepoint_) {
      // Most credits go to a lot that is there already.
      const DueDays before = DueDaysOf(volunteers_[index]);
      edit(Mutable<Row>(index));
      const DueDays after = DueDaysOf(volunteers_[index]);
      if (before == after) return;
      const auto has = [](const DueDays& days, DayNumber day) {
        return std::find(days.begin(), days.end(), day) != days.end();
      };
      for (const DayNumber day : before) {
        if (!has(after, day)) dues_.erase({day, index});
      }
      for (const DayNumber day : after) {
        if (!has(before, day)) dues_.insert({day, index});
      }
      return;
    }
  }
  if (savepoint_) {
    undo_.push_back([index](State& state) { (state.*Reindex<Row>())(index, true); });
  }
  (this->*reindex)(index, false);
  edit(Mutable<Row>(index));
  (this->*reindex)(index, true);
  if (savepoint_) {
    undo_.push_back([index](State& state) { (state.*Reindex<Row>())(index, false); });
  }
}

template uint32_t State::Add(Principal);
template uint32_t State::Add(Volunteer);
template uint32_t State::Add(Organisation);
template uint32_t State::Add(Activity);
template uint32_t State::Add(Session);
template uint32_t State::Add(Merchant);
template uint32_t State::Add(Item);
template uint32_t State::Add(Name);
template uint32_t State::Add(Record);
template uint32_t State::Add(Order);
template uint32_t State::Add(Proposal);
template uint32_t State::Add(Budget);
template uint32_t State::Add(Statement);
template void State::Edit(uint32_t, absl::FunctionRef<void(Volunteer&)>);
template void State::Edit(uint32_t, absl::FunctionRef<void(Activity&)>);
template void State::Edit(uint32_t, absl::FunctionRef<void(Record&)>);
template void State::Edit(uint32_t, absl::FunctionRef<void(Proposal&)>);
template void State::Edit(uint32_t, absl::FunctionRef<void(Order&)>);
template void State::Edit(uint32_t, absl::FunctionRef<void(Statement&)>);
template Principal& State::Mutable(uint32_t);
template Volunteer& State::Mutable(uint32_t);
template Organisation& State::Mutable(uint32_t);
template Activity& State::Mutable(uint32_t);
template Session& State::Mutable(uint32_t);
template Merchant& State::Mutable(uint32_t);
template Item& State::Mutable(uint32_t);
template Name& State::Mutable(uint32_t);
template Record& State::Mutable(uint32_t);
template Order& State::Mutable(uint32_t);
template Proposal& State::Mutable(uint32_t);
template Budget& State::Mutable(uint32_t);
template Statement& State::Mutable(uint32_t);

void State::AddRequest(const RequestKey& key, const RequestEntry& entry) {
  MB_CHECK(requests_.emplace(key, entry).second);
  dirty_.requests.emplace_back(key, entry);
  if (savepoint_) {
    undo_.push_back([key](State& state) {
      state.requests_.erase(key);
      state.dirty_.requests.pop_back();
    });
  }
}

uint32_t State::NameIndex(const std::string& name) {
  if (const auto index = names_.IndexOf(name)) return *index;
  return Add(Name{name});
}

void State::IndexVolunteer(uint32_t index, bool add) {
  for (const DayNumber day : DueDaysOf(volunteers_[index])) {
    if (add) {
      dues_.insert({day, index});
    } else {
      dues_.erase({day, index});
    }
  }
}

void State::IndexRecord(uint32_t index, bool add) {
  const Record& record = records_[index];
  if (record.waits()) {
    if (add) {
      waiting_records_.emplace(record.last_sequence, index);
    } else {
      waiting_records_.erase(record.last_sequence);
    }
  }
  if (record.state != v1::RECORD_STATE_APPROVED || record.activity == kNoIndex ||
      !activities_[record.activity].capacity) {
    return;
  }
  const Occurrence occurrence = OccurrenceOf(record);
  auto& people = people_[occurrence];
  const uint32_t volunteer = Survivor(record.volunteer);
  if (add) {
    ++people[volunteer];
  } else if (--people[volunteer] == 0) {
    people.erase(volunteer);
    if (people.empty()) people_.erase(occurrence);
  }
}

void State::IndexActivity(uint32_t index, bool add) {
  const Activity& activity = activities_[index];
  if (activity.state != ActivityState::kWaiting) return;
  if (add) {
    waiting_activities_.emplace(activity.sequence, index);
  } else {
    waiting_activities_.erase(activity.sequence);
  }
}

void State::IndexProposal(uint32_t index, bool add) {
  const Proposal& proposal = proposals_[index];
  if (!proposal.open) return;
  if (add) {
    open_proposals_.emplace(proposal.sequence, index);
  } else {
    open_proposals_.erase(proposal.sequence);
  }
}

void State::IndexTimer(const Timer& timer, bool add) {
  if (add) {
    timers_.insert(timer);
  } else {
    timers_.erase(timer);
  }
}

void State::IndexOrder(uint32_t index, bool add) {
  const Order& order = orders_[index];
  if (!order.voucher_sha256.empty()) {
    if (add) {
      vouchers_.emplace(order.voucher_sha256, index);
    } else {
      vouchers_.erase(order.voucher_sha256);
    }
  }
  if (order.state == OrderState::kHeld) IndexTimer({order.ends_us, Timer::kHold, index}, add);
}

void State::IndexStatement(uint32_t index, bool add) {
  const Statement& statement = statements_[index];
  if (!statement.open() || statement.closes_us == 0) return;
  IndexTimer({statement.closes_us, Timer::kStatement, index}, add);
}

void State::MergePeople(uint32_t volunteer, uint32_t survivor) {
  for (auto& [occurrence, people] : people_) {
    const auto found = people.find(volunteer);
    if (found == people.end()) continue;
    if (savepoint_) {
      undo_.push_back([occurrence = occurrence, before = people](State& state) {
        state.people_[occurrence] = before;
      });
    }
    const uint32_t records = found->second;
    people.erase(found);
    people[survivor] += records;
  }
}

Occurrence OccurrenceOf(const Record& record) {
  return {record.activity, record.session, record.session == kNoIndex ? record.day : 0};
}

void State::SetSavepoint() {
  MB_CHECK(!savepoint_);
  savepoint_ = true;
  undo_.push_back([before = ledger_, calendar = calendar_](State& state) {
    state.ledger_ = before;
    state.calendar_ = calendar;
    state.known_day_ = {};
  });
}

void State::Release() {
  MB_CHECK(savepoint_);
  savepoint_ = false;
  undo_.clear();
}

void State::Rollback() {
  MB_CHECK(savepoint_);
  savepoint_ = false;
  while (!undo_.empty()) {
    undo_.back()(*this);
    undo_.pop_back();
  }
}

DirtyRows State::TakeDirty() { return std::exchange(dirty_, {}); }

}  // namespace meritbook
