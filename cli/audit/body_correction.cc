// Records that are corrected or revoked after they counted.
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "cli/audit/body.h"
#include "cli/audit/change.h"
#include "cli/audit/claw_back.h"
#include "cli/audit/incoming.h"
#include "cli/audit/require.h"
#include "cli/audit/settled.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

// What needs two people by today's rule; `units_max` for revocations only.
MaybeViolation CheckAlone(const Taking& taking, const Record& record, bool revokes) {
  const Rule* rule = taking.books.rules.InForce(taking.today);
  if (rule == nullptr) return std::nullopt;
  if (revokes && rule->revocation_points_max &&
      record.Units() > int64_t{*rule->revocation_points_max} * kUnitsPerPoint) {
    return Violation{Invariant::TWO_PEOPLE_MISSING,
                     Text(record.Units(), " units were revoked by one person, allowed are ",
                          *rule->revocation_points_max, " points")};
  }
  if (rule->late_correction_days &&
      int64_t{taking.today} - record.credited_day > *rule->late_correction_days) {
    return Violation{Invariant::TWO_PEOPLE_MISSING,
                     Text("changed by one person on ", DayText(taking.today), ", credited on ",
                          DayText(record.credited_day))};
  }
  return std::nullopt;
}

MaybeViolation CheckUndo(const Taking& taking, const Settled& settled, bool revokes) {
  if (settled.record->state != RecordState::kApproved) {
    return Violation{Invariant::RECORD_STATE_WRONG, "a record was changed that doesn't count"};
  }
  if (taking.Self() == settled.volunteer) {
    return Violation{Invariant::SELF_REVIEW, "who changed the record is the volunteer herself"};
  }
  return taking.continues ? std::nullopt : CheckAlone(taking, *settled.record, revokes);
}

// The last units of the segments, by their lots: the first `skipped` are left out.
std::vector<Lot> UnitsAfter(const Record& record, int64_t skipped) {
  std::vector<Lot> lots;
  for (const Segment& segment : record.segments) {
    Lot lot = segment.lot;
    const int64_t left_out = std::min(skipped, lot.units);
    skipped -= left_out;
    lot.units -= left_out;
    Join(lots, lot);
  }
  return lots;
}

// What the new record earns beyond the old one: issued -> pending, available, debt or forfeited.
MaybeViolation TakeExcess(const Taking& taking, Volunteer& volunteer, const Record& record,
                          const std::vector<Lot>& excess, const v1::Credit& credit) {
  Books& books = taking.books;
  const int32_t matures_day =
      excess.empty() || volunteer.closed ? 0 : MaturesDay(taking, record.first_day);
  MaybeViolation first;
  if (credit.has_matures_day_number() != (matures_day != 0) ||
      credit.matures_day_number() != matures_day) {
    first = Violation{
        Invariant::MATURITY_WRONG,
        Text("expected ", matures_day == 0 ? "at once" : DayText(matures_day), ", found ",
             credit.has_matures_day_number() ? DayText(credit.matures_day_number()) : "at once")};
  }
  Flow flow;
  if (matures_day == 0) {
    flow = FlowOf(volunteer, excess);
  } else {
    flow.lots = excess;
  }
  if (!first) first = CheckFlow(flow, credit.has_inflow(), credit.inflow());
  if (!first && excess.empty() && credit.has_inflow()) {
    first =
        Violation{Invariant::INFLOW_WRONG, "nothing new was earned, and yet there is an inflow"};
  }
  if (matures_day == 0) {
    EnterFlow(books, volunteer, flow, books.accounts.issued_units);
  } else {
    for (const Lot& lot : excess) {
      EnterPending(books, volunteer, {matures_day, lot, &record}, books.accounts.issued_units);
    }
  }
  return first;
}

// The new record, decided as if the old one had never been.
MaybeViolation EarnReplacement(Taking& taking, const Incoming& incoming, Minutes minutes,
                               const Volunteer& volunteer, const v1::Credit& credit) {
  if (incoming.named.volunteer != &volunteer) {
    return Violation{Invariant::VOLUNTEER_WRONG, "a correction names another volunteer"};
  }
  EarnedList earned;
  if (auto violation = EarnIncoming(taking, incoming, Window::kIgnored, minutes, earned)) {
    return violation;
  }
  if (auto violation = CheckSegments(earned, credit)) return violation;
  return CheckOverlap(volunteer, incoming.service);
}

}  // namespace

MaybeViolation TakeHoursCorrected(Taking& taking, const v1::HoursCorrected& body) {
  Books& books = taking.books;
  const v1::CorrectHours& command = body.command();
  auto change = TakeChange(taking, v1::ProposeChange::kCorrectHours, command);
  Settled settled;
  auto first = FindSettled(taking, command.record(), body.volunteer_id(), settled);
  if (settled.record == nullptr) return first;
  Record& old = *settled.record;
  Volunteer& volunteer = *settled.volunteer;
  if (!first) first = std::move(change);
  if (!first) first = CheckUndo(taking, settled, false);
  if (!first && old.award != nullptr) {
    first = Violation{Invariant::AWARD_WRONG, "an award can't be corrected"};
  }
  if (!first) first = RequireId("reason_code", command.reason_code());

  const int64_t old_units = old.Units();
  const bool counted = old.state == RecordState::kApproved;
  bool only_honorary = old.backfilled;
  for (const Segment& segment : old.segments) only_honorary &= segment.credited == 0;
  const TakenBack taken = ClawBackOf(volunteer, old);
  if (!first) {
    first =
        CheckTakenBack(Invariant::CLAW_BACK_WRONG, taken, body.has_claw_back(), body.claw_back());
  }
  if (counted) {
    EnterClawBack(books, volunteer, old, taken);
    RemoveHours(books, volunteer, old);
    old.state = RecordState::kCorrected;
    old.disputed = false;
  }

  Incoming incoming;
  auto read = ReadIncoming(taking, command.record().source(), command.replacement(), incoming);
  if (!first) first = std::move(read);
  if (incoming.record == nullptr) return first;
  Record& record = *incoming.record;
  record.backfilled = old.backfilled;
  if (incoming.readable && !first) {
    first = EarnReplacement(taking, incoming, only_honorary ? Minutes::kHonorary : Minutes::kEarn,
                            volunteer, body.credit());
  }
  auto entered = EnterHours(taking, volunteer, record, body.credit());
  if (!first) first = std::move(entered);

  const int64_t returned_units = counted ? std::min(old_units, record.Units()) : 0;
  const TakenBack returned = LastUnits(taken, returned_units);
  if (!first) {
    first = CheckTakenBack(Invariant::RETURN_WRONG, returned, body.has_returned(), body.returned());
  }
  EnterReturn(books, volunteer, record, returned);
  auto excess =
      TakeExcess(taking, volunteer, record, UnitsAfter(record, returned_units), body.credit());
  return first ? first : excess;
}

MaybeViolation TakeHoursRevoked(Taking& taking, const v1::HoursRevoked& body) {
  const v1::RevokeHours& command = body.command();
  auto change = TakeChange(taking, v1::ProposeChange::kRevokeHours, command);
  Settled settled;
  auto first = FindSettled(taking, command.record(), body.volunteer_id(), settled);
  if (settled.record == nullptr) return first;
  Record& record = *settled.record;
  Volunteer& volunteer = *settled.volunteer;
  if (!first) first = std::move(change);
  if (!first) first = CheckUndo(taking, settled, true);
  if (!first) first = RequireId("reason_code", command.reason_code());
  if (record.state != RecordState::kApproved) return first;
  const TakenBack taken = ClawBackOf(volunteer, record);
  if (!first) {
    first =
        CheckTakenBack(Invariant::CLAW_BACK_WRONG, taken, body.has_claw_back(), body.claw_back());
  }
  EnterClawBack(taking.books, volunteer, record, taken);
  RemoveHours(taking.books, volunteer, record);
  record.state = RecordState::kRevoked;
  record.disputed = false;
  return first;
}

}  // namespace meritbook::audit
