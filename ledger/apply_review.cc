// What becomes of a record later: reviewed, disputed, revoked, corrected.
#include <algorithm>
#include <utility>

#include "ledger/applying.h"
#include "ledger/flow.h"

namespace meritbook {

absl::Status Application::Apply(const v1::HoursReviewed& reviewed) {
  uint32_t index;
  MB_RETURN_IF_ERROR(FindRecord(reviewed.command().record(), reviewed.volunteer_id(), &index));
  const Record& record = state_.records()[index];
  MB_REQUIRE(record.waits());
  MB_REQUIRE(state_.names()[record.submitted_by].id != event_.actor());
  MB_REQUIRE(!record.disputed || state_.names()[record.disputed_by].id != event_.actor());
  MB_REQUIRE(!ActorIs(state_.Survivor(record.volunteer)));
  const v1::Verdict verdict = reviewed.command().verdict();
  MB_REQUIRE(verdict == v1::VERDICT_APPROVE || verdict == v1::VERDICT_REJECT);
  const bool counts = record.state == v1::RECORD_STATE_APPROVED;
  const bool shall_count = verdict == v1::VERDICT_APPROVE;
  MB_REQUIRE(reviewed.has_credit() == (shall_count && !counts));
  MB_REQUIRE(reviewed.has_claw_back() == (!shall_count && counts));
  if (reviewed.has_credit()) return Approve(index, reviewed.credit());
  if (reviewed.has_claw_back()) {
    return TakeRecordBack(index, reviewed.claw_back(), v1::RECORD_STATE_REJECTED);
  }
  state_.Edit<Record>(index, [&](Record& row) {
    row.state = shall_count ? v1::RECORD_STATE_APPROVED : v1::RECORD_STATE_REJECTED;
    row.disputed = false;
    row.wait_reasons = 0;
    row.last_sequence = event_.sequence();
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::HoursDisputed& disputed) {
  uint32_t index;
  MB_RETURN_IF_ERROR(FindRecord(disputed.command().record(), disputed.volunteer_id(), &index));
  const Record& record = state_.records()[index];
  MB_REQUIRE(!record.disputed);
  MB_REQUIRE(record.state == v1::RECORD_STATE_APPROVED ||
             record.state == v1::RECORD_STATE_REJECTED);
  const uint32_t disputed_by = ActorName();
  state_.Edit<Record>(index, [&](Record& row) {
    row.disputed = true;
    row.disputed_by = disputed_by;
    row.wait_reasons = 1U << v1::WAIT_REASON_DISPUTED;
    row.last_sequence = event_.sequence();
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::HoursRevoked& revoked) {
  uint32_t index;
  if (const v1::ProposeChange* change = Approved()) {
    MB_REQUIRE(change->revoke_hours().SerializeAsString() == revoked.command().SerializeAsString());
  }
  MB_RETURN_IF_ERROR(FindRecord(revoked.command().record(), revoked.volunteer_id(), &index));
  MB_REQUIRE(!ActorIs(state_.Survivor(state_.records()[index].volunteer)));
  return TakeRecordBack(index, revoked.claw_back(), v1::RECORD_STATE_REVOKED);
}

absl::Status Application::Apply(const v1::HoursCorrected& corrected) {
  const v1::CorrectHours& command = corrected.command();
  if (const v1::ProposeChange* change = Approved()) {
    MB_REQUIRE(change->correct_hours().SerializeAsString() == command.SerializeAsString());
  }
  uint32_t old_index;
  MB_RETURN_IF_ERROR(FindRecord(command.record(), corrected.volunteer_id(), &old_index));
  const uint32_t volunteer_index = state_.Survivor(state_.records()[old_index].volunteer);
  MB_REQUIRE(!ActorIs(volunteer_index));
  MB_REQUIRE(!state_.records()[old_index].is_award());
  const bool backfilled = state_.records()[old_index].backfilled;
  const int64_t old_units = state_.records()[old_index].units();
  MB_RETURN_IF_ERROR(TakeRecordBack(old_index, corrected.claw_back(), v1::RECORD_STATE_CORRECTED));

  Record record;
  MB_RETURN_IF_ERROR(NewRecord(command.replacement(), command.record().source(), &record));
  MB_REQUIRE(record.volunteer == volunteer_index);
  record.state = v1::RECORD_STATE_WAITING;  // for the moment
  record.backfilled = backfilled;
  record.corrects = old_index;
  const uint32_t index = state_.records().size();
  MB_RETURN_IF_ERROR(
      AddRecord(std::move(record), command.replacement().record_id(), command.record().source()));
  state_.Edit<Record>(old_index, [&](Record& row) { row.corrected_by = index; });
  MB_RETURN_IF_ERROR(Approve(index, corrected.credit()));

  const v1::Credit& credit = corrected.credit();
  const int64_t returned = SumOf(corrected.returned());
  MB_REQUIRE(returned == std::min(old_units, UnitsOf(credit)));
  const int64_t excess = UnitsOf(credit) - returned;
  v1::ClawBack expected;
  FillReturn(corrected.claw_back(), returned, &expected);
  MB_REQUIRE(expected.SerializeAsString() == corrected.returned().SerializeAsString());
  state_.Edit<Volunteer>(volunteer_index,
                         [&](Volunteer& row) { GiveBack(row, index, corrected.returned()); });
  MB_REQUIRE(credit.has_inflow() == (excess > 0));
  if (excess == 0) {
    MB_REQUIRE(!credit.has_matures_day_number());
    return absl::OkStatus();
  }
  if (!credit.has_matures_day_number()) {
    const int64_t debt = corrected.returned().debt_units() - corrected.claw_back().debt_units();
    return ReceiveInto(volunteer_index, credit.inflow(), LotsAfter(credit, returned), debt);
  }
  MB_REQUIRE(credit.matures_day_number() > Today());
  MB_REQUIRE(!state_.volunteers()[volunteer_index].closed);
  MB_REQUIRE(credit.inflow().debt_repaid_units() == 0);
  MB_REQUIRE(credit.inflow().forfeited_size() == 0);
  MB_REQUIRE(LotsOf(credit.inflow().lots()) == LotsAfter(credit, returned));
  state_.Edit<Volunteer>(volunteer_index, [&](Volunteer& row) {
    for (const v1::LotUnits& lot : credit.inflow().lots()) {
      AddPending(row, credit.matures_day_number(), index, {KeyOf(lot), lot.units()});
    }
  });
  return absl::OkStatus();
}

}  // namespace meritbook
