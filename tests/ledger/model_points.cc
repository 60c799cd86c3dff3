// What becomes of units: flows, claw-backs, the clock, and changes of balances.
#include <algorithm>
#include <cstdlib>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

constexpr int64_t kUnitsPerPoint = 6000;

Lot LotUntil(const std::string& day, bool graced) {
  return {day.empty() ? kNever : *DayNumber(day), graced};
}

LotList ListOf(const Lots& lots) { return {lots.begin(), lots.end()}; }

// Of the list from its last to its first entry, as much as `left`; in the list's own order.
LotList LastOf(const LotList& list, int64_t& left) {
  LotList back;
  for (auto entry = list.rbegin(); entry != list.rend() && left > 0; ++entry) {
    back.emplace_back(entry->first, std::min(left, entry->second));
    left -= back.back().second;
  }
  std::reverse(back.begin(), back.end());
  return back;
}

}  // namespace

Lot Model::Graced(const Lot& lot, int today) const {
  const v1::PublishRule* rule = RuleOf(today);
  if (lot.last_day >= today || lot.graced || rule == nullptr) return lot;
  const int grace = static_cast<int>(rule->expiry().grace_days());
  return grace == 0 ? lot : Lot{lot.last_day + grace, true};
}

LotList Model::TakeFirst(Lots& lots, int64_t units) const {
  LotList taken;
  while (units > 0 && !lots.empty()) {
    auto& [lot, left] = *lots.begin();
    taken.emplace_back(lot, std::min(units, left));
    units -= taken.back().second;
    left -= taken.back().second;
    if (left == 0) lots.erase(lots.begin());
  }
  return taken;
}

Inflow Model::FlowIn(const std::string& id, const Lots& arriving) {
  Volunteer& row = volunteers.at(id);
  Inflow inflow;
  Lots lots = arriving;
  if (row.closed) {
    inflow.forfeited = ListOf(lots);
    for (const auto& [lot, units] : lots) row.lost[lot].forfeited += units;
    forfeited_units += SumOf(lots);
    return inflow;
  }
  inflow.debt_repaid_units = SumOf(TakeFirst(lots, row.debt_units));
  row.debt_units -= inflow.debt_repaid_units;
  inflow.lots = ListOf(lots);
  for (const auto& [lot, units] : lots) row.lots[lot] += units;
  return inflow;
}

std::string Model::Accrue(const Context& at, const RecordName& name, const Lots& lots,
                          int first_day, bool plain) {
  const std::string id = Survivor(records.at(name).volunteer);
  Volunteer& row = volunteers.at(id);
  const int64_t total = SumOf(lots);
  issued_units += total;
  if (plain && total == 0) return "";
  if (row.closed) return Words(FlowIn(id, lots));
  const int maturity = static_cast<int>(RuleOf(first_day)->earning().maturity_days());
  if (maturity > 0) {
    const int day = at.today + maturity;
    for (const auto& [lot, units] : lots) row.pending[{day, name, lot}] += units;
    return " matures " + std::to_string(day) + (plain ? "" : Words(Inflow{ListOf(lots), 0, {}}));
  }
  const bool debt = row.debt_units > 0;
  const std::string words = Words(FlowIn(id, lots));
  return plain && !debt ? "" : words;
}

ClawBack Model::TakeBack(const RecordName& name) {
  const Record& record = records.at(name);
  Volunteer& row = volunteers.at(Survivor(record.volunteer));
  ClawBack taken;
  int64_t missing = record.units();
  revoked_units += missing;
  Lots own;
  for (const Segment& segment : record.segments) {
    if (segment.units > 0) own[segment.lot] += segment.units;
  }
  // What has not matured.
  for (auto entry = row.pending.begin(); entry != row.pending.end();) {
    const auto& [matures, whose, lot] = entry->first;
    if (whose != name) {
      ++entry;
      continue;
    }
    taken.pending.emplace_back(matures, lot, entry->second);
    TakeFirst(own, entry->second);
    missing -= entry->second;
    entry = row.pending.erase(entry);
  }
  // What of its own lots is gone.
  for (auto& [lot, rest] : own) {
    Lost& lost = row.lost[lot];
    const int64_t expired = std::min(rest, lost.expired);
    const int64_t forfeited = std::min(rest - expired, lost.forfeited);
    lost.expired -= expired;
    lost.forfeited -= forfeited;
    expired_units -= expired;
    forfeited_units -= forfeited;
    if (expired > 0) taken.expired.emplace_back(lot, expired);
    if (forfeited > 0) taken.forfeited.emplace_back(lot, forfeited);
    rest -= expired + forfeited;
    missing -= expired + forfeited;
  }
  // What she has: of its own lots, then whatever lapses first.
  for (const auto& [lot, rest] : own) {
    const auto has = row.lots.find(lot);
    if (has == row.lots.end() || rest == 0) continue;
    const int64_t units = std::min(rest, has->second);
    taken.available.emplace_back(lot, units);
    has->second -= units;
    missing -= units;
    if (has->second == 0) row.lots.erase(has);
  }
  for (const auto& [lot, units] : TakeFirst(row.lots, missing)) {
    taken.available.emplace_back(lot, units);
    missing -= units;
  }
  taken.debt_units = missing;
  row.debt_units += missing;
  return taken;
}

ClawBack Model::GiveBack(const ClawBack& taken, int64_t units, const RecordName& name) {
  Volunteer& row = volunteers.at(Survivor(records.at(name).volunteer));
  revoked_units -= units;
  ClawBack back;
  back.debt_units = std::min(units, taken.debt_units);
  int64_t left = units - back.debt_units;
  back.available = LastOf(taken.available, left);
  back.forfeited = LastOf(taken.forfeited, left);
  back.expired = LastOf(taken.expired, left);
  for (auto entry = taken.pending.rbegin(); entry != taken.pending.rend() && left > 0; ++entry) {
    const auto& [matures, lot, most] = *entry;
    back.pending.emplace_back(matures, lot, std::min(left, most));
    left -= std::min(left, most);
  }
  std::reverse(back.pending.begin(), back.pending.end());

  row.debt_units -= back.debt_units;
  for (const auto& [lot, part] : back.available) row.lots[lot] += part;
  for (const auto& [lot, part] : back.forfeited) row.lost[lot].forfeited += part;
  for (const auto& [lot, part] : back.expired) row.lost[lot].expired += part;
  for (const auto& [matures, lot, part] : back.pending) row.pending[{matures, name, lot}] += part;
  forfeited_units += SumOf(back.forfeited);
  expired_units += SumOf(back.expired);
  return back;
}

void Model::Mature(const Context& at, const std::string& id, int day) {
  Volunteer& row = volunteers.at(id);
  Lots was;
  Lots becomes;
  for (auto entry = row.pending.begin(); entry != row.pending.end();) {
    const auto& [matures, record, lot] = entry->first;
    if (matures != day) {
      ++entry;
      continue;
    }
    was[lot] += entry->second;
    becomes[Graced(lot, day)] += entry->second;
    entry = row.pending.erase(entry);
  }
  const Inflow inflow = FlowIn(id, becomes);
  Emit(at, v1::Event::kPointsMatured, {id},
       std::to_string(day) + " " + Words(ListOf(was)) + Words(inflow), StartOf(day));
}

void Model::Expire(const Context& at, const std::string& id, const Lot& lapsed) {
  const Lot lot = lapsed;
  Volunteer& row = volunteers.at(id);
  const int64_t units = row.lots.at(lot);
  row.lots.erase(lot);
  row.lost[lot].expired += units;
  expired_units += units;
  Emit(at, v1::Event::kPointsExpired, {id}, Words(LotList{{lot, units}}),
       StartOf(lot.last_day + 1));
}

Reasons Model::Do(const Context& at, const v1::DonatePoints& c) {
  Reasons reasons = NameFaults(c.volunteer_id(), true);
  const auto cause = organisations.find(c.cause_id());
  if (cause == organisations.end() || cause->second.kind != v1::ORGANISATION_KIND_CAUSE) {
    reasons.insert(v1::REFUSAL_CAUSE_UNKNOWN);
  }
  const int64_t units = c.points() * kUnitsPerPoint;
  if (volunteers.count(c.volunteer_id()) != 0) {
    const Volunteer& row = volunteers[c.volunteer_id()];
    if (row.frozen) reasons.insert(v1::REFUSAL_VOLUNTEER_FROZEN);
    if (SumOf(row.lots) < units) reasons.insert(v1::REFUSAL_BALANCE_TOO_LOW);
  }
  if (!reasons.empty()) return reasons;
  donated_units += units;
  const LotList taken = TakeFirst(volunteers[c.volunteer_id()].lots, units);
  Emit(at, v1::Event::kPointsDonated, {c.volunteer_id()}, Words(taken));
  return {};
}

Reasons Model::Adjust(const Context& at, const v1::AdjustPoints& c) {
  Reasons reasons = NameFaults(c.volunteer_id(), true);
  const Lot lot = LotUntil(c.expiry_day(), false);
  if (lot.last_day < at.today) reasons.insert(v1::REFUSAL_EXPIRY_IN_PAST);
  if (volunteers.count(c.volunteer_id()) != 0 &&
      SumOf(volunteers[c.volunteer_id()].lots) < -c.units()) {
    reasons.insert(v1::REFUSAL_BALANCE_TOO_LOW);
  }
  if (!reasons.empty()) return reasons;
  issued_units += c.units();
  std::string amounts;
  if (c.units() > 0) {
    amounts = Words(FlowIn(c.volunteer_id(), {{lot, c.units()}}));
  } else {
    amounts = Words(TakeFirst(volunteers[c.volunteer_id()].lots, -c.units()));
  }
  Emit(at, v1::Event::kPointsAdjusted, {c.volunteer_id()}, amounts);
  return {};
}

Reasons Model::Reinstate(const Context& at, const v1::ReinstatePoints& c) {
  Reasons reasons = NameFaults(c.volunteer_id(), true);
  const Lot lapsed = LotUntil(c.lapsed_day(), false);
  const Lot lot = LotUntil(c.expiry_day(), true);
  if (lot.last_day < at.today) reasons.insert(v1::REFUSAL_EXPIRY_IN_PAST);
  if (volunteers.count(c.volunteer_id()) != 0 &&
      volunteers[c.volunteer_id()].lost[lapsed].expired < c.units()) {
    reasons.insert(v1::REFUSAL_LAPSED_TOO_LOW);
  }
  if (!reasons.empty()) return reasons;
  volunteers[c.volunteer_id()].lost[lapsed].expired -= c.units();
  expired_units -= c.units();
  const Inflow inflow = FlowIn(c.volunteer_id(), {{lot, c.units()}});
  Emit(at, v1::Event::kPointsReinstated, {c.volunteer_id()}, Words(inflow));
  return {};
}

Reasons Model::Merge(const Context& at, const v1::MergeVolunteers& c) {
  Reasons reasons = NameFaults(c.volunteer_id(), true);
  reasons.merge(NameFaults(c.survivor_id(), true));
  if (!reasons.empty()) return reasons;
  for (const auto& [start_us, end_us] : ServedBy(c.volunteer_id())) {
    for (const auto& [other_start_us, other_end_us] : ServedBy(c.survivor_id())) {
      if (start_us < other_end_us && other_start_us < end_us) {
        reasons.insert(v1::REFUSAL_INTERVAL_OVERLAPS);
      }
    }
  }
  auto days = DaysOf(c.survivor_id());
  for (const auto& [day, minutes] : DaysOf(c.volunteer_id())) {
    const auto& other = days[day];
    if (minutes.first + minutes.second + other.first + other.second > 1440) {
      reasons.insert(v1::REFUSAL_DAY_OVERFULL);
    }
  }
  if (!reasons.empty()) return reasons;

  Volunteer& old = volunteers[c.volunteer_id()];
  Volunteer& row = volunteers[c.survivor_id()];
  const int64_t held = Reckon().held_units[c.volunteer_id()];
  int64_t pending = 0;
  for (const auto& [key, units] : old.pending) {
    row.pending[key] += units;
    pending += units;
  }
  const int64_t available = SumOf(old.lots);
  const int64_t debt = old.debt_units;
  for (const auto& [lot, units] : old.lots) row.lots[lot] += units;
  for (const auto& [lot, lost] : old.lost) {
    row.lost[lot].expired += lost.expired;
    row.lost[lot].forfeited += lost.forfeited;
  }
  row.debt_units += debt;
  row.opening_credited += old.opening_credited;
  row.opening_honorary += old.opening_honorary;
  row.opened |= old.opened;
  row.frozen |= old.frozen;
  if (row.age_band == v1::AGE_BAND_UNSPECIFIED) row.age_band = old.age_band;
  const LotList repaid = TakeFirst(row.lots, row.debt_units);
  row.debt_units -= SumOf(repaid);
  old.lots.clear();
  old.pending.clear();
  old.lost.clear();
  old.debt_units = old.opening_credited = old.opening_honorary = 0;
  old.merged_into = c.survivor_id();
  Emit(at, v1::Event::kVolunteersMerged, {c.volunteer_id(), c.survivor_id()},
       std::to_string(pending) + " " + std::to_string(available) + " " + std::to_string(held) +
           " " + std::to_string(debt) + Words(repaid));
  return {};
}

Reasons Model::Load(const Context& at, const v1::LoadOpeningBalances& c) {
  Reasons reasons;
  if (!migrating) reasons.insert(v1::REFUSAL_NOT_MIGRATING);
  for (const v1::OpeningBalance& balance : c.balances()) {
    reasons.merge(NameFaults(balance.volunteer_id(), false));
    const auto row = volunteers.find(balance.volunteer_id());
    if (row != volunteers.end() && row->second.opened) {
      reasons.insert(v1::REFUSAL_OPENING_BALANCE_EXISTS);
    }
  }
  if (!reasons.empty()) return reasons;
  for (const v1::OpeningBalance& balance : c.balances()) {
    Volunteer& row = volunteers[balance.volunteer_id()];
    Lots lots;
    for (const v1::OpeningLot& lot : balance.lots()) {
      lots[LotUntil(lot.expiry_day(), false)] += lot.units();
    }
    row.opened = true;
    row.opening_credited += balance.credited_minutes();
    row.opening_honorary += balance.honorary_minutes();
    issued_units += SumOf(lots);
    const Inflow inflow = FlowIn(balance.volunteer_id(), lots);
    Emit(at, v1::Event::kOpeningBalanceLoaded, {balance.volunteer_id()}, Words(inflow));
  }
  return {};
}

}  // namespace meritbook::model
