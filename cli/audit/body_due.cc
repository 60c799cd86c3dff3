// What falls due by itself: units that mature, lots that lapse.
#include <cstdint>
#include <vector>

#include "cli/audit/body.h"
#include "cli/audit/flow.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

// Maturing before lapsing: her pending units of the earliest day, unless a lot lapsed before that.
bool MaturesNext(const Volunteer& volunteer, int32_t today) {
  if (volunteer.pending.empty() || volunteer.pending.front().matures_day > today) return false;
  const Lot* first = volunteer.lots.First();
  return first == nullptr || first->last_day >= today ||
         volunteer.pending.front().matures_day <= first->last_day + 1;
}

MaybeViolation CheckLapse(const Taking& taking, const Volunteer& volunteer,
                          const v1::PointsExpired& body) {
  if (auto violation = RequireRange("lots", body.lots_size(), {1, 1})) return violation;
  const Lot lot = LotOf(body.lots(0));
  if (lot.last_day >= taking.today) {
    return Violation{Invariant::LAPSE_TOO_EARLY, Text("units of ", DayText(lot.last_day),
                                                      " expired on ", DayText(taking.today))};
  }
  if (lot.units != volunteer.lots.UnitsOf(lot) || lot.units == 0) {
    return Violation{Invariant::LAPSE_NOT_WHOLE,
                     Text("expected the ", volunteer.lots.UnitsOf(lot), " units of lot ",
                          DayText(lot.last_day), ", found ", lot.units)};
  }
  if (!IsSameLot(*volunteer.lots.First(), lot) || MaturesNext(volunteer, taking.today)) {
    return Violation{Invariant::DUE_ORDER_WRONG,
                     Text("lot ", DayText(lot.last_day), " lapsed before what was due earlier")};
  }
  return RequireOccurred(taking, taking.books.days.StartOf(lot.last_day + 1));
}

}  // namespace

MaybeViolation TakePointsExpired(Taking& taking, const v1::PointsExpired& body) {
  Books& books = taking.books;
  Volunteer* volunteer = books.volunteers.Find(body.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", body.volunteer_id());
  auto violation = CheckLapse(taking, *volunteer, body);
  // available -> expired, as recorded, though never more than there is.
  for (const v1::LotUnits& lapsed : body.lots()) {
    const Lot lot = LotOf(lapsed);
    const int64_t units = TakeLots(books, *volunteer, {lot}, books.accounts.expired_units);
    if (units > 0) LostOf(*volunteer, lot).expired_units += units;
  }
  return violation;
}

MaybeViolation TakePointsMatured(Taking& taking, const v1::PointsMatured& body) {
  Books& books = taking.books;
  Volunteer* volunteer = books.volunteers.Find(body.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", body.volunteer_id());
  const int32_t day = body.matures_day_number();
  const bool next =
      MaturesNext(*volunteer, taking.today) && volunteer->pending.front().matures_day == day;
  std::vector<Lot> matured;
  auto& pending = volunteer->pending;
  for (auto entry = pending.begin(); entry != pending.end();) {
    if (entry->matures_day != day) {
      ++entry;
      continue;
    }
    Join(matured, entry->lot);
    entry = pending.erase(entry);
  }
  MaybeViolation first;
  if (day > taking.today) {
    first = Violation{Invariant::MATURE_TOO_EARLY,
                      Text("units of ", DayText(day), " matured on ", DayText(taking.today))};
  } else if (LotsOf(body.pending()) != matured || matured.empty()) {
    first = Violation{Invariant::MATURE_NOT_WHOLE, Text("expected ", LotText(matured), ", found ",
                                                        LotText(LotsOf(body.pending())))};
  } else if (!next) {
    first = Violation{Invariant::DUE_ORDER_WRONG,
                      Text("units of ", DayText(day), " matured before what was due earlier")};
  }
  if (!first) first = RequireOccurred(taking, books.days.StartOf(day));
  const Flow flow = FlowOf(*volunteer, WithGrace(books, day, matured));
  if (!first) first = CheckFlow(flow, body.has_inflow(), body.inflow());
  EnterFlow(books, *volunteer, flow, books.accounts.pending_units);
  return first;
}

}  // namespace meritbook::audit
