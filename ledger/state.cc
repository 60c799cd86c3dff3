#include "ledger/state.h"

#include <utility>

#include "ledger/check.h"

namespace meritbook {

template <>
Table<Principal>& State::TableOf() {
  return principals_;
}
template <>
Table<Volunteer>& State::TableOf() {
  return volunteers_;
}
template <>
Table<Organisation>& State::TableOf() {
  return organisations_;
}
template <>
Table<Activity>& State::TableOf() {
  return activities_;
}
template <>
Table<Session>& State::TableOf() {
  return sessions_;
}
template <>
Table<Merchant>& State::TableOf() {
  return merchants_;
}
template <>
Table<Item>& State::TableOf() {
  return items_;
}

template <>
constexpr TableKind State::KindOf<Principal>() {
  return TableKind::kPrincipal;
}
template <>
constexpr TableKind State::KindOf<Volunteer>() {
  return TableKind::kVolunteer;
}
template <>
constexpr TableKind State::KindOf<Organisation>() {
  return TableKind::kOrganisation;
}
template <>
constexpr TableKind State::KindOf<Activity>() {
  return TableKind::kActivity;
}
template <>
constexpr TableKind State::KindOf<Session>() {
  return TableKind::kSession;
}
template <>
constexpr TableKind State::KindOf<Merchant>() {
  return TableKind::kMerchant;
}
template <>
constexpr TableKind State::KindOf<Item>() {
  return TableKind::kItem;
}

const RequestEntry* State::FindRequest(const RequestKey& key) const {
  const auto found = requests_.find(key);
  return found == requests_.end() ? nullptr : &found->second;
}

bool State::SubjectExists(const RequestKey& subject_request_key) const {
  if (FindRequest(SubjectKeyOf(subject_request_key)) != nullptr) return true;
  const RequestEntry* entry = FindRequest(subject_request_key);
  return entry != nullptr && entry->names_subject;
}

LedgerRow& State::MutableLedger() { return ledger_; }

void State::SetTimeZone(const std::string& name) {
  auto calendar = Calendar::ForZone(name);
  MB_CHECK(calendar.has_value());
  ledger_.time_zone = name;
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
      std::string id = std::move(now.id);  // the index refers to this very string
      now = before;
      now.id = std::move(id);
    });
  }
  return row;
}

template uint32_t State::Add(Principal);
template uint32_t State::Add(Volunteer);
template uint32_t State::Add(Organisation);
template uint32_t State::Add(Activity);
template uint32_t State::Add(Session);
template uint32_t State::Add(Merchant);
template uint32_t State::Add(Item);
template Principal& State::Mutable(uint32_t);
template Volunteer& State::Mutable(uint32_t);
template Organisation& State::Mutable(uint32_t);
template Activity& State::Mutable(uint32_t);
template Session& State::Mutable(uint32_t);
template Merchant& State::Mutable(uint32_t);
template Item& State::Mutable(uint32_t);

void State::AddRequest(const RequestKey& key, const RequestEntry& entry) {
  MB_CHECK(requests_.emplace(key, entry).second);
  dirty_.requests.push_back(key);
  if (savepoint_) {
    undo_.push_back([key](State& state) {
      state.requests_.erase(key);
      state.dirty_.requests.pop_back();
    });
  }
}

void State::SetLots(uint32_t index, std::vector<Lot> lots) {
  Volunteer& volunteer = Mutable<Volunteer>(index);
  for (const Lot& lot : volunteer.lots) expiries_.erase({lot.expiry, index});
  for (const Lot& lot : lots) {
    if (lot.expiry != kNeverExpires) expiries_.insert({lot.expiry, index});
  }
  if (savepoint_) {
    undo_.push_back([index, before = volunteer.lots](State& state) {
      for (const Lot& lot : state.volunteers_[index].lots) {
        state.expiries_.erase({lot.expiry, index});
      }
      for (const Lot& lot : before) {
        if (lot.expiry != kNeverExpires) state.expiries_.insert({lot.expiry, index});
      }
    });
  }
  volunteer.lots = std::move(lots);
}

void State::SetSavepoint() {
  MB_CHECK(!savepoint_);
  savepoint_ = true;
  undo_.push_back([before = ledger_, calendar = calendar_](State& state) {
    state.ledger_ = before;
    state.calendar_ = calendar;
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
