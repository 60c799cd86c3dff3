#include "ledger/flow.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace meritbook {
namespace {

template <typename Rows>
auto LowerBound(Rows& rows, const LotKey& key) {
  return std::lower_bound(rows.begin(), rows.end(), key,
                          [](const auto& row, const LotKey& at) { return row.key < at; });
}

// False if the lot has fewer.
bool TakeFromLot(std::vector<Lot>& lots, const LotKey& key, int64_t units) {
  const auto at = LowerBound(lots, key);
  if (at == lots.end() || at->key != key || units <= 0 || at->units < units) return false;
  at->units -= units;
  if (at->units == 0) lots.erase(at);
  return true;
}

// What of a record's units each of its own lots has, by lot.
std::vector<Lot> OwnLots(const Record& record) {
  std::vector<Lot> own;
  for (const Segment& segment : record.segments) AddToLots(own, segment.lot, segment.units);
  return own;
}

void Append(LotList* list, const LotKey& key, int64_t units) {
  if (units > 0) SetLot(key, units, list->Add());
}

// Of the entries from the last to the first, as much as `left` allows; in the list's own order.
void ReturnFrom(const LotList& taken, int64_t& left, LotList* returned) {
  std::vector<Lot> back;
  for (auto lot = taken.rbegin(); lot != taken.rend() && left > 0; ++lot) {
    const int64_t units = std::min(left, lot->units());
    back.push_back({KeyOf(*lot), units});
    left -= units;
  }
  for (auto lot = back.rbegin(); lot != back.rend(); ++lot) Append(returned, lot->key, lot->units);
}

}  // namespace

LotKey KeyOf(const v1::LotUnits& lot) {
  return {lot.has_expiry_day_number() ? lot.expiry_day_number() : kNeverExpires, lot.graced()};
}

LotKey KeyOf(const v1::CreditSegment& segment) {
  return {segment.has_expiry_day_number() ? segment.expiry_day_number() : kNeverExpires,
          segment.graced()};
}

void SetLot(const LotKey& key, int64_t units, v1::LotUnits* lot) {
  if (key.expiry != kNeverExpires) lot->set_expiry_day_number(key.expiry);
  lot->set_graced(key.graced);
  lot->set_units(units);
}

std::vector<Lot> LotsOf(const LotList& list) {
  std::vector<Lot> lots;
  lots.reserve(static_cast<size_t>(list.size()));
  for (const v1::LotUnits& lot : list) lots.push_back({KeyOf(lot), lot.units()});
  return lots;
}

int64_t SumOf(const LotList& list) {
  int64_t sum = 0;
  for (const v1::LotUnits& lot : list) sum += lot.units();
  return sum;
}

int64_t SumOf(const v1::ClawBack& claw_back) {
  int64_t sum = claw_back.debt_units() + SumOf(claw_back.expired()) + SumOf(claw_back.forfeited()) +
                SumOf(claw_back.available());
  for (const v1::PendingUnits& pending : claw_back.pending()) sum += pending.lot().units();
  return sum;
}

int64_t SumOf(const v1::Inflow& inflow) {
  return SumOf(inflow.lots()) + inflow.debt_repaid_units() + SumOf(inflow.forfeited());
}

int64_t UnitsOf(const v1::Credit& credit) {
  int64_t units = 0;
  for (const v1::CreditSegment& segment : credit.segments()) units += segment.units();
  return units;
}

std::vector<Lot> LotsAfter(const v1::Credit& credit, int64_t skipped) {
  std::vector<Lot> lots;
  for (const v1::CreditSegment& segment : credit.segments()) {
    const int64_t part = std::min(skipped, segment.units());
    skipped -= part;
    AddToLots(lots, KeyOf(segment), segment.units() - part);
  }
  return lots;
}

void AddToLots(std::vector<Lot>& lots, const LotKey& key, int64_t units) {
  if (units == 0) return;
  const auto at = LowerBound(lots, key);
  if (at != lots.end() && at->key == key) {
    at->units += units;
  } else {
    lots.insert(at, {key, units});
  }
}

std::vector<Lot> TakeFirst(std::vector<Lot>& lots, int64_t units) {
  std::vector<Lot> taken;
  size_t emptied = 0;
  while (units > 0 && emptied < lots.size()) {
    Lot& lot = lots[emptied];
    const int64_t part = std::min(units, lot.units);
    taken.push_back({lot.key, part});
    units -= part;
    lot.units -= part;
    if (lot.units == 0) ++emptied;
  }
  lots.erase(lots.begin(), lots.begin() + static_cast<std::ptrdiff_t>(emptied));
  return taken;
}

LotKey LotToday(const State& state, const LotKey& key, DayNumber today) {
  if (key.expiry >= today || key.graced) return key;
  const Rule* rule = RuleOn(state.ledger().rules, today);
  const DayNumber grace =
      rule == nullptr ? 0 : static_cast<DayNumber>(rule->published.expiry().grace_days());
  if (grace == 0) return key;
  return {key.expiry + grace, true};
}

void FillInflow(const Volunteer& volunteer, std::vector<Lot> lots, v1::Inflow* inflow) {
  if (volunteer.closed) {
    for (const Lot& lot : lots) Append(inflow->mutable_forfeited(), lot.key, lot.units);
    return;
  }
  int64_t repaid = 0;
  for (const Lot& lot : TakeFirst(lots, -volunteer.debt_units)) repaid += lot.units;
  inflow->set_debt_repaid_units(repaid);
  for (const Lot& lot : lots) Append(inflow->mutable_lots(), lot.key, lot.units);
}

void Receive(Volunteer& volunteer, const v1::Inflow& inflow) {
  for (const v1::LotUnits& lot : inflow.lots()) {
    AddToLots(volunteer.lots, KeyOf(lot), lot.units());
  }
  for (const v1::LotUnits& lot : inflow.forfeited()) AddLost(volunteer, KeyOf(lot), 0, lot.units());
}

void FillClawBack(const Volunteer& volunteer, uint32_t record_index, const Record& record,
                  v1::ClawBack* claw_back) {
  std::vector<Lot> own = OwnLots(record);
  int64_t missing = record.units();
  for (const Pending& entry : volunteer.pending) {
    if (entry.record != record_index) continue;
    v1::PendingUnits* pending = claw_back->add_pending();
    pending->set_matures_day_number(entry.matures);
    SetLot(entry.lot.key, entry.lot.units, pending->mutable_lot());
    TakeFirst(own, entry.lot.units);
    missing -= entry.lot.units;
  }
  for (Lot& lot : own) {
    const LostLot* lost = FindLost(volunteer, lot.key);
    if (lost == nullptr) continue;
    const int64_t expired = std::min(lot.units, lost->expired_units);
    Append(claw_back->mutable_expired(), lot.key, expired);
    const int64_t forfeited = std::min(lot.units - expired, lost->forfeited_units);
    Append(claw_back->mutable_forfeited(), lot.key, forfeited);
    lot.units -= expired + forfeited;
    missing -= expired + forfeited;
  }
  std::vector<Lot> left = volunteer.lots;
  for (const Lot& lot : own) {
    const auto at = LowerBound(left, lot.key);
    if (at == left.end() || at->key != lot.key || lot.units == 0) continue;
    const int64_t units = std::min(lot.units, at->units);
    Append(claw_back->mutable_available(), lot.key, units);
    TakeFromLot(left, lot.key, units);
    missing -= units;
  }
  for (const Lot& lot : TakeFirst(left, missing)) {
    Append(claw_back->mutable_available(), lot.key, lot.units);
    missing -= lot.units;
  }
  claw_back->set_debt_units(missing);
}

bool TakeBack(Volunteer& volunteer, uint32_t record_index, const v1::ClawBack& claw_back) {
  for (const v1::PendingUnits& pending : claw_back.pending()) {
    const Pending wanted{
        pending.matures_day_number(), record_index, {KeyOf(pending.lot()), pending.lot().units()}};
    const auto at = std::lower_bound(volunteer.pending.begin(), volunteer.pending.end(), wanted);
    if (at == volunteer.pending.end() || !(*at == wanted)) return false;
    volunteer.pending.erase(at);
  }
  for (const auto& [list, expired] :
       {std::pair(&claw_back.expired(), true), std::pair(&claw_back.forfeited(), false)}) {
    for (const v1::LotUnits& lot : *list) {
      const LostLot* lost = FindLost(volunteer, KeyOf(lot));
      if (lost == nullptr || lot.units() <= 0) return false;
      if ((expired ? lost->expired_units : lost->forfeited_units) < lot.units()) return false;
      AddLost(volunteer, KeyOf(lot), expired ? -lot.units() : 0, expired ? 0 : -lot.units());
    }
  }
  for (const v1::LotUnits& lot : claw_back.available()) {
    if (!TakeFromLot(volunteer.lots, KeyOf(lot), lot.units())) return false;
  }
  // Nobody owes who still has something.
  return claw_back.debt_units() == 0 || (claw_back.debt_units() > 0 && volunteer.lots.empty());
}

void FillReturn(const v1::ClawBack& claw_back, int64_t units, v1::ClawBack* returned) {
  int64_t left = units;
  returned->set_debt_units(std::min(left, claw_back.debt_units()));
  left -= returned->debt_units();
  ReturnFrom(claw_back.available(), left, returned->mutable_available());
  ReturnFrom(claw_back.forfeited(), left, returned->mutable_forfeited());
  ReturnFrom(claw_back.expired(), left, returned->mutable_expired());
  std::vector<v1::PendingUnits> back;
  for (auto entry = claw_back.pending().rbegin(); entry != claw_back.pending().rend() && left > 0;
       ++entry) {
    back.push_back(*entry);
    back.back().mutable_lot()->set_units(std::min(left, entry->lot().units()));
    left -= back.back().lot().units();
  }
  for (auto entry = back.rbegin(); entry != back.rend(); ++entry) {
    *returned->add_pending() = *entry;
  }
}

void GiveBack(Volunteer& volunteer, uint32_t record_index, const v1::ClawBack& returned) {
  for (const v1::PendingUnits& pending : returned.pending()) {
    AddPending(volunteer, pending.matures_day_number(), record_index,
               {KeyOf(pending.lot()), pending.lot().units()});
  }
  for (const v1::LotUnits& lot : returned.expired()) {
    AddLost(volunteer, KeyOf(lot), lot.units(), 0);
  }
  for (const v1::LotUnits& lot : returned.forfeited()) {
    AddLost(volunteer, KeyOf(lot), 0, lot.units());
  }
  for (const v1::LotUnits& lot : returned.available()) {
    AddToLots(volunteer.lots, KeyOf(lot), lot.units());
  }
}

void AddPending(Volunteer& volunteer, DayNumber matures, uint32_t record_index, const Lot& lot) {
  if (lot.units == 0) return;
  const Pending entry{matures, record_index, lot};
  const auto at = std::lower_bound(volunteer.pending.begin(), volunteer.pending.end(), entry);
  if (at != volunteer.pending.end() && !(entry < *at)) {
    at->lot.units += lot.units;
  } else {
    volunteer.pending.insert(at, entry);
  }
}

void AddLost(Volunteer& volunteer, const LotKey& key, int64_t expired_units,
             int64_t forfeited_units) {
  if (expired_units == 0 && forfeited_units == 0) return;
  auto at = LowerBound(volunteer.lost, key);
  if (at == volunteer.lost.end() || at->key != key) at = volunteer.lost.insert(at, {key, 0, 0});
  at->expired_units += expired_units;
  at->forfeited_units += forfeited_units;
  if (at->expired_units == 0 && at->forfeited_units == 0) volunteer.lost.erase(at);
}

const LostLot* FindLost(const Volunteer& volunteer, const LotKey& key) {
  const auto at = LowerBound(volunteer.lost, key);
  return at == volunteer.lost.end() || at->key != key ? nullptr : &*at;
}

}  // namespace meritbook
