#include "cli/audit/flow.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

bool BeforeInPending(const PendingUnits& a, const PendingUnits& b) {
  return a.matures_day != b.matures_day ? a.matures_day < b.matures_day
                                        : LapsesBefore(a.lot, b.lot);
}

std::vector<LostLot>::iterator LostAt(std::vector<LostLot>& lost, const Lot& lot) {
  return std::lower_bound(lost.begin(), lost.end(), lot, [](const LostLot& own, const Lot& wanted) {
    return LapsesBefore(own.lot, wanted);
  });
}

const LostLot* FindLost(const Volunteer& volunteer, const Lot& lot) {
  for (const LostLot& lost : volunteer.lost) {
    if (IsSameLot(lost.lot, lot)) return &lost;
  }
  return nullptr;
}

std::string FlowText(const Flow& flow) {
  return Text("lots ", LotText(flow.lots), ", debt repaid ", flow.debt_repaid_units, ", forfeited ",
              LotText(flow.forfeited));
}

}  // namespace

Lot WithGrace(const Books& books, int32_t today, Lot lot) {
  if (lot.last_day >= today || lot.graced) return lot;
  const Rule* rule = books.rules.InForce(today);
  if (rule == nullptr || rule->grace_days == 0) return lot;
  return {lot.last_day + static_cast<int32_t>(rule->grace_days), true, lot.units};
}

std::vector<Lot> WithGrace(const Books& books, int32_t today, const std::vector<Lot>& lots) {
  std::vector<Lot> graced;
  for (const Lot& lot : lots) Join(graced, WithGrace(books, today, lot));
  return graced;
}

Flow FlowOf(const Volunteer& volunteer, const std::vector<Lot>& lots) {
  Flow flow;
  if (volunteer.closed) {
    flow.forfeited = lots;
    return flow;
  }
  int64_t owed_units = -volunteer.debt_units;
  for (Lot lot : lots) {
    const int64_t repaid_units = std::min(owed_units, lot.units);
    owed_units -= repaid_units;
    flow.debt_repaid_units += repaid_units;
    lot.units -= repaid_units;
    if (lot.units > 0) flow.lots.push_back(lot);
  }
  return flow;
}

MaybeViolation CheckFlow(const Flow& want, bool present, const v1::Inflow& found) {
  const bool empty = want.lots.empty() && want.debt_repaid_units == 0 && want.forfeited.empty();
  const Flow recorded{LotsOf(found.lots()), found.debt_repaid_units(), LotsOf(found.forfeited())};
  if (recorded.lots == want.lots && recorded.debt_repaid_units == want.debt_repaid_units &&
      recorded.forfeited == want.forfeited && (present || empty)) {
    return std::nullopt;
  }
  return Violation{Invariant::INFLOW_WRONG, Text("expected ", FlowText(want), "; found ",
                                                 present ? FlowText(recorded) : "none")};
}

bool EnterLots(Books& books, Volunteer& volunteer, const std::vector<Lot>& lots,
               absl::int128& from_units) {
  bool countable = true;
  for (const Lot& lot : lots) {
    if (lot.units <= 0 || !volunteer.lots.Add(lot)) {
      countable = false;
      continue;
    }
    from_units -= lot.units;
    books.accounts.available_units += lot.units;
  }
  return countable;
}

void EnterForfeited(Books& books, Volunteer& volunteer, const Lot& lot, absl::int128& from_units) {
  int64_t& forfeited_units = LostOf(volunteer, lot).forfeited_units;
  if (__builtin_add_overflow(forfeited_units, lot.units, &forfeited_units)) {
    forfeited_units = INT64_MAX;
  }
  from_units -= lot.units;
  books.accounts.forfeited_units += lot.units;
}

bool EnterFlow(Books& books, Volunteer& volunteer, const Flow& flow, absl::int128& from_units) {
  volunteer.debt_units += flow.debt_repaid_units;
  books.accounts.debt_units += flow.debt_repaid_units;
  from_units -= flow.debt_repaid_units;
  for (const Lot& lot : flow.forfeited) EnterForfeited(books, volunteer, lot, from_units);
  return EnterLots(books, volunteer, flow.lots, from_units);
}

void EnterPending(Books& books, Volunteer& volunteer, const PendingUnits& pending,
                  absl::int128& from_units) {
  if (pending.lot.units <= 0) return;
  const auto at = std::upper_bound(volunteer.pending.begin(), volunteer.pending.end(), pending,
                                   BeforeInPending);
  from_units -= pending.lot.units;
  books.accounts.pending_units += pending.lot.units;
  // Entries of one record, day and lot are one.
  for (auto same = at; same != volunteer.pending.begin() && !BeforeInPending(*(same - 1), pending);
       --same) {
    if ((same - 1)->record != pending.record) continue;
    (same - 1)->lot.units += pending.lot.units;
    return;
  }
  volunteer.pending.insert(at, pending);
}

int64_t TakeLots(Books& books, Volunteer& volunteer, const std::vector<Lot>& lots,
                 absl::int128& to_units) {
  int64_t taken_units = 0;
  for (const Lot& lot : lots) taken_units += volunteer.lots.Take(lot);
  books.accounts.available_units -= taken_units;
  to_units += taken_units;
  return taken_units;
}

MaybeViolation CheckTaken(const Taking& taking, const Volunteer& volunteer, const LotList& taken,
                          int64_t units) {
  absl::int128 taken_units = 0;
  for (const v1::LotUnits& lot : taken) {
    if (lot.units() <= 0) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE,
                       Text("lots: expected units above 0, found ", lot.units())};
    }
    taken_units += lot.units();
  }
  if (taken_units != units) {
    return Violation{Invariant::POSTINGS_DONT_BALANCE,
                     Text("the lots taken don't sum to ", units, " units")};
  }
  if (units > volunteer.lots.units()) {
    return Violation{Invariant::BALANCE_TOO_LOW,
                     Text(units, " units taken of ", volunteer.lots.units())};
  }
  for (const v1::LotUnits& entry : taken) {
    const Lot lot = LotOf(entry);
    if (lot.last_day < taking.today) {
      return Violation{Invariant::LAPSED_LOT_SPENT, Text("units of ", DayText(lot.last_day),
                                                         " spent on ", DayText(taking.today))};
    }
    if (lot.units > volunteer.lots.UnitsOf(lot)) {
      return Violation{Invariant::LOT_OVERDRAWN,
                       Text(lot.units, " units taken from lot ", DayText(lot.last_day),
                            ", which has ", volunteer.lots.UnitsOf(lot))};
    }
  }
  const Lot* first = volunteer.lots.First();
  if (first != nullptr && first->last_day < taking.today) {
    return Violation{Invariant::LAPSE_OVERDUE, Text("units of ", DayText(first->last_day),
                                                    " had not expired on ", DayText(taking.today))};
  }
  if (!volunteer.lots.StartsWith(taken)) {
    return Violation{Invariant::LOT_ORDER_WRONG,
                     Text("the lots taken are not the first of ", LotText(volunteer.lots.lots()))};
  }
  return std::nullopt;
}

LostLot& LostOf(Volunteer& volunteer, const Lot& lot) {
  const auto at = LostAt(volunteer.lost, lot);
  if (at != volunteer.lost.end() && IsSameLot(at->lot, lot)) return *at;
  return *volunteer.lost.insert(at, {{lot.last_day, lot.graced, 0}, 0, 0});
}

int64_t ExpiredOf(const Volunteer& volunteer, const Lot& lot) {
  const LostLot* lost = FindLost(volunteer, lot);
  return lost == nullptr ? 0 : lost->expired_units;
}

int64_t ForfeitedOf(const Volunteer& volunteer, const Lot& lot) {
  const LostLot* lost = FindLost(volunteer, lot);
  return lost == nullptr ? 0 : lost->forfeited_units;
}

std::vector<PendingLot> PendingOf(const PendingList& pending) {
  std::vector<PendingLot> read;
  for (const v1::PendingUnits& entry : pending) {
    read.push_back({entry.matures_day_number(), LotOf(entry.lot())});
  }
  return read;
}

void Join(std::vector<PendingLot>& pending, const PendingLot& entry) {
  const auto at = std::lower_bound(
      pending.begin(), pending.end(), entry, [](const PendingLot& a, const PendingLot& b) {
        return a.matures_day != b.matures_day ? a.matures_day < b.matures_day
                                              : LapsesBefore(a.lot, b.lot);
      });
  if (at != pending.end() && at->matures_day == entry.matures_day &&
      IsSameLot(at->lot, entry.lot)) {
    if (__builtin_add_overflow(at->lot.units, entry.lot.units, &at->lot.units)) {
      at->lot.units = INT64_MAX;
    }
  } else {
    pending.insert(at, entry);
  }
}

std::string PendingText(const std::vector<PendingLot>& pending) {
  std::string text;
  for (const PendingLot& entry : pending) {
    absl::StrAppend(&text, text.empty() ? "" : " ", DayText(entry.matures_day), "->",
                    LotText({entry.lot}));
  }
  return text.empty() ? "none" : text;
}

absl::int128 PendingUnitsOf(const Volunteer& volunteer) {
  absl::int128 units = 0;
  for (const PendingUnits& entry : volunteer.pending) units += entry.lot.units;
  return units;
}

}  // namespace meritbook::audit
