// Points by hand: adjusted, reinstated, donated, brought in from the old system.
#include <cstdint>
#include <utility>
#include <vector>

#include "cli/audit/body.h"
#include "cli/audit/change.h"
#include "cli/audit/flow.h"
#include "cli/audit/require.h"
#include "cli/audit/service.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kDonatedPointsMax = 1'000'000'000;

MaybeViolation RequireSpendable(const Taking& taking, int32_t last_day) {
  if (last_day >= taking.today) return std::nullopt;
  return Violation{Invariant::EXPIRY_IN_PAST, Text("units until ", DayText(last_day),
                                                   " were given on ", DayText(taking.today))};
}

MaybeViolation RequireNoInflow(bool has_inflow) {
  if (!has_inflow) return std::nullopt;
  return Violation{Invariant::INFLOW_WRONG, "nothing flows in, and yet there is an inflow"};
}

// Whose points change: open, and not merged into another.
MaybeViolation CheckOwner(const Volunteer& volunteer) {
  if (auto violation = RequireUnmerged(volunteer)) return violation;
  return RequireNotClosed(volunteer);
}

Violation TooMuch() {
  return {Invariant::VALUE_OUT_OF_RANGE, "units: more than the volunteer's account can hold"};
}

MaybeViolation TakeAdded(Taking& taking, Volunteer& volunteer, const v1::PointsAdjusted& body) {
  Books& books = taking.books;
  const v1::AdjustPoints& command = body.command();
  Lot lot{kNeverLapses, false, command.units()};
  if (command.has_expiry_day()) {
    lot.last_day = DayFromText(command.expiry_day()).value_or(kNeverLapses);
  }
  auto first = RequireSpendable(taking, lot.last_day);
  const Flow flow = FlowOf(volunteer, {lot});
  if (!first) first = CheckFlow(flow, body.has_inflow(), body.inflow());
  if (!first && body.taken_size() != 0) {
    first = Violation{Invariant::POSTINGS_DONT_BALANCE, "units were added and taken at once"};
  }
  if (!EnterFlow(books, volunteer, flow, books.accounts.issued_units) && !first) first = TooMuch();
  return first;
}

MaybeViolation TakeTaken(Taking& taking, Volunteer& volunteer, const v1::PointsAdjusted& body) {
  Books& books = taking.books;
  const int64_t units = body.command().units();
  auto first = units == INT64_MIN ? MaybeViolation(TooMuch())
                                  : CheckTaken(taking, volunteer, body.taken(), -units);
  if (!first) first = RequireNoInflow(body.has_inflow());
  TakeLots(books, volunteer, LotsOf(body.taken()), books.accounts.issued_units);
  return first;
}

}  // namespace

MaybeViolation TakePointsAdjusted(Taking& taking, const v1::PointsAdjusted& body) {
  const v1::AdjustPoints& command = body.command();
  auto first = TakeChange(taking, v1::ProposeChange::kAdjustPoints, command);
  Volunteer* volunteer = taking.books.volunteers.Find(command.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
  if (!first) first = CheckOwner(*volunteer);
  if (!first) first = CheckAdjustForm(command);
  auto entered = command.units() > 0 ? TakeAdded(taking, *volunteer, body)
                                     : TakeTaken(taking, *volunteer, body);
  return first ? first : entered;
}

MaybeViolation TakePointsReinstated(Taking& taking, const v1::PointsReinstated& body) {
  Books& books = taking.books;
  const v1::ReinstatePoints& command = body.command();
  auto first = TakeChange(taking, v1::ProposeChange::kReinstatePoints, command);
  Volunteer* volunteer = books.volunteers.Find(command.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
  if (!first) first = CheckOwner(*volunteer);
  if (!first) first = CheckReinstateForm(command);
  const Lot lapsed{DayFromText(command.lapsed_day()).value_or(0), false, command.units()};
  const Lot lot{DayFromText(command.expiry_day()).value_or(0), true, command.units()};
  if (!first) first = RequireSpendable(taking, lot.last_day);
  const int64_t there = ExpiredOf(*volunteer, lapsed);
  if (lapsed.units <= 0 || lapsed.units > there) {
    if (first) return first;
    return Violation{Invariant::LAPSED_TOO_LOW, Text(lapsed.units, " units reinstated of ", there,
                                                     " that lapsed on ", command.lapsed_day())};
  }
  LostOf(*volunteer, lapsed).expired_units -= lapsed.units;
  const Flow flow = FlowOf(*volunteer, {lot});
  if (!first) first = CheckFlow(flow, body.has_inflow(), body.inflow());
  if (!EnterFlow(books, *volunteer, flow, books.accounts.expired_units) && !first) {
    first = TooMuch();
  }
  return first;
}

MaybeViolation TakePointsDonated(Taking& taking, const v1::PointsDonated& body) {
  Books& books = taking.books;
  const v1::DonatePoints& command = body.command();
  Volunteer* volunteer = books.volunteers.Find(command.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
  auto first = CheckOwner(*volunteer);
  if (!first && volunteer->frozen) {
    first = Violation{Invariant::FROZEN_REDEEMED, "donated after she was frozen"};
  }
  const Organisation* cause = books.organisations.Find(command.cause_id());
  if (!first && (cause == nullptr || !cause->is_cause)) {
    first = Violation{Invariant::CAUSE_WRONG,
                      Text(Shown(command.cause_id()), " is no registered cause")};
  }
  if (!first) first = RequireRange("points", command.points(), {1, kDonatedPointsMax});
  const int64_t units = int64_t{command.points()} * kUnitsPerPoint;
  if (!first && body.units() != units) {
    first = Violation{Invariant::ORDER_UNITS_WRONG,
                      Text("expected ", units, " units, found ", body.units())};
  }
  if (!first) first = CheckTaken(taking, *volunteer, body.lots(), units);
  TakeLots(books, *volunteer, LotsOf(body.lots()), books.accounts.donated_units);
  return first;
}

MaybeViolation TakeOpeningBalanceLoaded(Taking& taking, const v1::OpeningBalanceLoaded& body) {
  Books& books = taking.books;
  const v1::OpeningBalance& balance = body.balance();
  auto first = TakeRow(taking, body);
  Volunteer* volunteer = books.volunteers.Find(balance.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", balance.volunteer_id());
  if (!first) first = RequireUnmerged(*volunteer);
  if (!first && !books.migrating) {
    first =
        Violation{Invariant::OPENING_NOT_MIGRATING, "an old balance came in after the migration"};
  }
  if (!first && volunteer->opened) {
    first = Violation{Invariant::OPENING_TWICE, "her old balance had come in before"};
  }
  if (!first) first = CheckOpeningForm(balance);
  volunteer->opened = true;
  volunteer->credited_minutes += balance.credited_minutes();
  volunteer->honorary_minutes += balance.honorary_minutes();
  std::vector<Lot> lots;
  for (const v1::OpeningLot& lot : balance.lots()) {
    if (lot.units() <= 0) continue;
    const int32_t last_day =
        lot.has_expiry_day() ? DayFromText(lot.expiry_day()).value_or(kNeverLapses) : kNeverLapses;
    Join(lots, {last_day, false, lot.units()});
  }
  const Flow flow = FlowOf(*volunteer, lots);
  if (!first) first = CheckFlow(flow, body.has_inflow(), body.inflow());
  if (!EnterFlow(books, *volunteer, flow, books.accounts.issued_units) && !first) first = TooMuch();
  return first;
}

}  // namespace meritbook::audit
