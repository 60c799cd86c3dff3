// What the clock has come to.
#include "ledger/decide.h"

namespace meritbook {

std::vector<v1::Event*> Due(const State& state, int64_t now_us, uint32_t volunteer,
                            google::protobuf::Arena* arena) {
  std::vector<v1::Event*> events;
  const Volunteer& row = state.volunteers()[volunteer];
  // The common case, without asking the calendar: nothing of hers can lapse at all.
  if (row.lots.empty() || row.lots.front().expiry == kNeverExpires) return events;
  const DayNumber today = state.calendar().DayOf(now_us);
  for (const Lot& lot : row.lots) {
    if (lot.expiry >= today) break;
    v1::Event* event = google::protobuf::Arena::CreateMessage<v1::Event>(arena);
    event->set_occurred_us(state.calendar().StartOf(lot.expiry + 1));
    v1::PointsExpired* expired = event->mutable_points_expired();
    expired->set_volunteer_id(row.id);
    v1::LotUnits* units = expired->add_lots();
    units->set_expiry_day_number(lot.expiry);
    units->set_units(lot.units);
    events.push_back(event);
  }
  return events;
}

std::optional<uint32_t> NextDue(const State& state, int64_t now_us) {
  if (state.expiries().empty()) return std::nullopt;
  const auto& [expiry, volunteer] = *state.expiries().begin();
  if (expiry >= state.calendar().DayOf(now_us)) return std::nullopt;
  return volunteer;
}

std::optional<uint32_t> VolunteerOf(const State& state, const CommandBody& body) {
  if (const auto* credit = std::get_if<const v1::CreditHours*>(&body)) {
    return state.volunteers().IndexOf((*credit)->volunteer_id());
  }
  if (const auto* redeem = std::get_if<const v1::RedeemNow*>(&body)) {
    return state.volunteers().IndexOf((*redeem)->volunteer_id());
  }
  return std::nullopt;
}

}  // namespace meritbook
