// What of an event the model foresaw otherwise.
#include "ledger/text.h"
#include "tests/ledger/property_compare.h"

namespace meritbook::property {
namespace {

using google::protobuf::RepeatedPtrField;
using model::Lot;
using model::Words;

Lot LotOf(const v1::LotUnits& lot) {
  return {lot.has_expiry_day_number() ? lot.expiry_day_number() : model::kNever, lot.graced()};
}

model::LotList ListOf(const RepeatedPtrField<v1::LotUnits>& lots) {
  model::LotList list;
  for (const v1::LotUnits& lot : lots) list.emplace_back(LotOf(lot), lot.units());
  return list;
}

std::string InWords(const v1::Inflow& inflow) {
  return Words(
      model::Inflow{ListOf(inflow.lots()), inflow.debt_repaid_units(), ListOf(inflow.forfeited())});
}

model::PendingList ListOf(const RepeatedPtrField<v1::PendingUnits>& pending) {
  model::PendingList list;
  for (const v1::PendingUnits& entry : pending) {
    list.emplace_back(entry.matures_day_number(), LotOf(entry.lot()), entry.lot().units());
  }
  return list;
}

std::string InWords(const v1::ClawBack& claw_back) {
  return Words(model::ClawBack{ListOf(claw_back.pending()), ListOf(claw_back.expired()),
                               ListOf(claw_back.forfeited()), ListOf(claw_back.available()),
                               claw_back.debt_units()});
}

std::string InWords(const v1::Credit& credit) {
  return Text(credit.has_matures_day_number() ? Text(" matures ", credit.matures_day_number()) : "",
              credit.has_inflow() ? InWords(credit.inflow()) : "");
}

// What went where, as the model says it.
std::string AmountsOf(const v1::Event& event) {
  if (event.has_hours_credited()) return InWords(event.hours_credited().credit());
  if (event.has_hours_submitted()) return InWords(event.hours_submitted().credit());
  if (event.has_hours_backfilled()) return InWords(event.hours_backfilled().credit());
  if (event.has_attendance_recorded()) {
    return std::to_string(event.attendance_recorded().credited_count());
  }
  if (event.has_hours_reviewed()) {
    const v1::HoursReviewed& body = event.hours_reviewed();
    return Text(body.has_credit() ? InWords(body.credit()) : "",
                body.has_claw_back() ? InWords(body.claw_back()) : "");
  }
  if (event.has_hours_corrected()) {
    const v1::HoursCorrected& body = event.hours_corrected();
    return Text(InWords(body.claw_back()), " returned ", InWords(body.returned()),
                InWords(body.credit()));
  }
  if (event.has_hours_revoked()) return InWords(event.hours_revoked().claw_back());
  if (event.has_points_matured()) {
    const v1::PointsMatured& body = event.points_matured();
    return Text(body.matures_day_number(), " ", Words(ListOf(body.pending())),
                InWords(body.inflow()));
  }
  if (event.has_points_expired()) return Words(ListOf(event.points_expired().lots()));
  if (event.has_points_adjusted()) {
    const v1::PointsAdjusted& body = event.points_adjusted();
    return body.has_inflow() ? InWords(body.inflow()) : Words(ListOf(body.taken()));
  }
  if (event.has_points_reinstated()) return InWords(event.points_reinstated().inflow());
  if (event.has_points_donated()) return Words(ListOf(event.points_donated().lots()));
  if (event.has_opening_balance_loaded()) return InWords(event.opening_balance_loaded().inflow());
  if (event.has_volunteer_closed()) {
    const v1::VolunteerClosed& body = event.volunteer_closed();
    return Text(Words(ListOf(body.available())), " pending ", Words(ListOf(body.pending())));
  }
  if (event.has_volunteers_merged()) {
    const v1::VolunteersMerged& body = event.volunteers_merged();
    return Text(body.pending_units(), " ", body.available_units(), " ", body.held_units(), " ",
                -body.debt_units(), Words(ListOf(body.debt_repaid())));
  }
  if (event.has_change_approved()) return event.change_approved().proposed_by();
  return MallAmountsOf(event);
}

}  // namespace

model::LotList LotsOf(const RepeatedPtrField<v1::LotUnits>& lots) { return ListOf(lots); }

std::string WordsOf(const v1::Inflow& inflow) { return InWords(inflow); }

std::string Difference(const model::Emitted& foreseen, const v1::Event& event) {
  std::string turned;
  for (const v1::PassbookLink& link : event.passbook()) turned += " " + link.volunteer_id();
  std::string foreseen_turned;
  for (const std::string& volunteer : foreseen.volunteers) foreseen_turned += " " + volunteer;
  const std::string want =
      Text("body ", int{foreseen.body}, " at ", foreseen.sequence, " recorded ",
           foreseen.recorded_us, " occurred ", foreseen.occurred_us, " booked ",
           foreseen.booked.value_or(-1), " of ", foreseen.first_sequence, "+", foreseen.count,
           " turns", foreseen_turned, " amounts ", foreseen.amounts);
  const std::string got =
      Text("body ", int{event.body_case()}, " at ", event.sequence(), " recorded ",
           event.recorded_us(), " occurred ", event.occurred_us(), " booked ",
           event.has_booked_month_number() ? event.booked_month_number() : -1, " of ",
           event.command_first_sequence(), "+", event.command_event_count(), " turns", turned,
           " amounts ", AmountsOf(event));
  if (want == got) return "";
  return Text("  an event\n    the model  ", want, "\n    the ledger ", got, "\n    ",
              event.ShortDebugString(), "\n");
}

}  // namespace meritbook::property
