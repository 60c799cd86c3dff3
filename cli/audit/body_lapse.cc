// Lots that lapse.
#include <cstdint>

#include "cli/audit/body.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

MaybeViolation CheckLapse(const LotBook& book, const v1::PointsExpired& expired,
                          int32_t recorded_day) {
  if (auto violation = RequireRange("lots", expired.lots_size(), {1, INT32_MAX})) return violation;
  const Lot* before = nullptr;
  Lot last;
  for (const v1::LotUnits& lapsed : expired.lots()) {
    const Lot lot = LotOf(lapsed);
    if (lot.last_day >= recorded_day) {
      return Violation{Invariant::LAPSE_TOO_EARLY, Text("units of ", DayText(lot.last_day),
                                                        " expired on ", DayText(recorded_day))};
    }
    if (lot.units != book.UnitsOf(lot.last_day) || lot.units == 0) {
      return Violation{Invariant::LAPSE_NOT_WHOLE,
                       Text("expected the ", book.UnitsOf(lot.last_day), " units of lot ",
                            DayText(lot.last_day), ", found ", lot.units)};
    }
    if (before != nullptr && lot.last_day <= before->last_day) {
      return Violation{
          Invariant::LOT_ORDER_WRONG,
          Text("lot ", DayText(lot.last_day), " expired after ", DayText(before->last_day))};
    }
    last = lot;
    before = &last;
  }
  return std::nullopt;
}

}  // namespace

MaybeViolation TakePointsExpired(Books& books, const v1::Event& event) {
  const v1::PointsExpired& expired = event.points_expired();
  Volunteer* volunteer = books.volunteers.Find(expired.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", expired.volunteer_id());
  auto violation = CheckLapse(volunteer->lots, expired, books.days.DayOf(event.recorded_us()));
  // available -> expired, as recorded, though never more than there is.
  for (const v1::LotUnits& lot : expired.lots()) {
    const int64_t taken_units = volunteer->lots.Take(LotOf(lot));
    books.accounts.expired_units += taken_units;
    books.accounts.available_units -= taken_units;
  }
  return violation;
}

}  // namespace meritbook::audit
