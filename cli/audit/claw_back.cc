#include "cli/audit/claw_back.h"

#include <algorithm>
#include <string>

#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

// Takes up to `units` from the entries, the last first; what is taken keeps the entries' order.
template <typename Entry, typename UnitsOf>
std::vector<Entry> LastOf(const std::vector<Entry>& entries, int64_t& units, UnitsOf units_of) {
  std::vector<Entry> taken;
  for (auto entry = entries.rbegin(); entry != entries.rend() && units > 0; ++entry) {
    taken.push_back(*entry);
    int64_t& part_units = units_of(taken.back());
    part_units = std::min(part_units, units);
    units -= part_units;
  }
  std::reverse(taken.begin(), taken.end());
  return taken;
}

std::string TakenText(const TakenBack& taken) {
  return Text("pending ", PendingText(taken.pending), ", expired ", LotText(taken.expired),
              ", forfeited ", LotText(taken.forfeited), ", available ", LotText(taken.available),
              ", debt ", taken.debt_units);
}

}  // namespace

TakenBack ClawBackOf(const Volunteer& volunteer, const Record& record) {
  TakenBack taken;
  std::vector<Lot> own;  // what is still to be taken, by the record's lots
  for (const Segment& segment : record.segments) Join(own, segment.lot);

  int64_t pending_units = 0;
  for (const PendingUnits& entry : volunteer.pending) {
    if (entry.record != &record) continue;
    Join(taken.pending, PendingLot{entry.matures_day, entry.lot});
    pending_units += entry.lot.units;
  }
  const auto take = [](Lot& rest, int64_t there, std::vector<Lot>& list) {
    const int64_t units = std::min(rest.units, there);
    if (units <= 0) return;
    rest.units -= units;
    list.push_back({rest.last_day, rest.graced, units});
  };
  for (Lot& rest : own) {
    const int64_t matched_units = std::min(rest.units, pending_units);
    rest.units -= matched_units;
    pending_units -= matched_units;
    take(rest, ExpiredOf(volunteer, rest), taken.expired);
    take(rest, ForfeitedOf(volunteer, rest), taken.forfeited);
  }
  std::vector<Lot> left = volunteer.lots.lots();
  int64_t missing_units = 0;
  for (Lot& rest : own) {
    for (Lot& lot : left) {
      if (!IsSameLot(lot, rest)) continue;
      const int64_t before_units = rest.units;
      take(rest, lot.units, taken.available);
      lot.units -= before_units - rest.units;
    }
    missing_units += rest.units;
  }
  for (const Lot& lot : left) {
    const int64_t units = std::min(missing_units, lot.units);
    if (units <= 0) continue;
    taken.available.push_back({lot.last_day, lot.graced, units});
    missing_units -= units;
  }
  taken.debt_units = missing_units;
  return taken;
}

TakenBack LastUnits(const TakenBack& taken, int64_t units) {
  TakenBack last;
  last.debt_units = std::min(taken.debt_units, units);
  units -= last.debt_units;
  const auto of_lot = [](Lot& lot) -> int64_t& { return lot.units; };
  last.available = LastOf(taken.available, units, of_lot);
  last.forfeited = LastOf(taken.forfeited, units, of_lot);
  last.expired = LastOf(taken.expired, units, of_lot);
  last.pending =
      LastOf(taken.pending, units, [](PendingLot& entry) -> int64_t& { return entry.lot.units; });
  return last;
}

MaybeViolation CheckTakenBack(Invariant invariant, const TakenBack& want, bool present,
                              const v1::ClawBack& found) {
  const TakenBack recorded{PendingOf(found.pending()), LotsOf(found.expired()),
                           LotsOf(found.forfeited()), LotsOf(found.available()),
                           found.debt_units()};
  if (recorded == want && (present || want == TakenBack())) return std::nullopt;
  return Violation{invariant, Text("expected ", TakenText(want), "; found ",
                                   present ? TakenText(recorded) : "none")};
}

void EnterClawBack(Books& books, Volunteer& volunteer, const Record& record,
                   const TakenBack& taken) {
  Accounts& accounts = books.accounts;
  auto& pending = volunteer.pending;
  for (const PendingUnits& entry : pending) {
    if (entry.record != &record) continue;
    accounts.pending_units -= entry.lot.units;
    accounts.revoked_units += entry.lot.units;
  }
  pending.erase(std::remove_if(pending.begin(), pending.end(),
                               [&](const PendingUnits& entry) { return entry.record == &record; }),
                pending.end());
  for (const Lot& lot : taken.expired) {
    LostOf(volunteer, lot).expired_units -= lot.units;
    accounts.expired_units -= lot.units;
    accounts.revoked_units += lot.units;
  }
  for (const Lot& lot : taken.forfeited) {
    LostOf(volunteer, lot).forfeited_units -= lot.units;
    accounts.forfeited_units -= lot.units;
    accounts.revoked_units += lot.units;
  }
  TakeLots(books, volunteer, taken.available, accounts.revoked_units);
  volunteer.debt_units -= taken.debt_units;
  accounts.debt_units -= taken.debt_units;
  accounts.revoked_units += taken.debt_units;
}

bool EnterReturn(Books& books, Volunteer& volunteer, const Record& record,
                 const TakenBack& returned) {
  Accounts& accounts = books.accounts;
  for (const PendingLot& entry : returned.pending) {
    EnterPending(books, volunteer, {entry.matures_day, entry.lot, &record}, accounts.revoked_units);
  }
  for (const Lot& lot : returned.expired) {
    LostOf(volunteer, lot).expired_units += lot.units;
    accounts.revoked_units -= lot.units;
    accounts.expired_units += lot.units;
  }
  for (const Lot& lot : returned.forfeited) {
    EnterForfeited(books, volunteer, lot, accounts.revoked_units);
  }
  volunteer.debt_units += returned.debt_units;
  accounts.debt_units += returned.debt_units;
  accounts.revoked_units -= returned.debt_units;
  return EnterLots(books, volunteer, returned.available, accounts.revoked_units);
}

}  // namespace meritbook::audit
