// What becomes of a record later: reviewed, disputed, corrected, revoked.
#include <algorithm>
#include <string>
#include <utility>

#include "ledger/check.h"
#include "ledger/deciding.h"
#include "ledger/flow.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

constexpr Where kRecord{"record", -1, false};
constexpr Where kReplacement{"replacement"};

Refused SelfReview(std::string message) {
  return Refuse(v1::REFUSAL_SELF_REVIEW, "command.record", std::move(message));
}

// The volunteer as she would be if the record had never counted. Postings move the amounts; here
// debt is what later steps ask for.
Volunteer Without(const Deciding& d, uint32_t record_index, const v1::ClawBack& claw_back) {
  const Record& record = d.state.records()[record_index];
  Volunteer volunteer = d.state.volunteers()[d.state.Survivor(record.volunteer)];
  CountRecord(volunteer, record, d.state.ledger().rules, false);
  MB_CHECK(TakeBack(volunteer, record_index, claw_back));
  volunteer.debt_units -= claw_back.debt_units();
  return volunteer;
}

MaybeRefused CheckApproved(const Record& record) {
  if (record.state == v1::RECORD_STATE_APPROVED) return std::nullopt;
  return Refuse(v1::REFUSAL_RECORD_NOT_APPROVED, "command.record",
                Text("record ", record.record_id, " doesn't count now"));
}

// Whether one person may do it, by what it takes away and by the age of the record.
MaybeRefused CheckOnePerson(const Deciding& d, const Record& record, int64_t lost_units) {
  const Rule* rule = RuleOn(d.state.ledger().rules, d.today);
  if (rule == nullptr) return std::nullopt;
  const v1::ReviewRule& review = rule->published.review();
  const bool large = review.has_revocation_points_max() &&
                     lost_units > review.revocation_points_max() * kUnitsPerPoint;
  const bool late = review.has_late_correction_days() &&
                    int64_t{d.today} - record.credited_day > review.late_correction_days();
  if (!large && !late) return std::nullopt;
  return Refuse(v1::REFUSAL_TWO_PEOPLE_NEEDED, "command.record",
                large ? Text("more than ", review.revocation_points_max(),
                             " points are taken away by two people: propose it")
                      : Text("it was credited more than ", review.late_correction_days(),
                             " days ago: propose it"));
}

MaybeRefused CheckNotHerself(const Deciding& d, const Record& record) {
  if (!IsHerself(d.state, *d.command.caller, d.state.Survivor(record.volunteer))) {
    return std::nullopt;
  }
  return SelfReview("nobody decides on her own hours");
}

}  // namespace

std::variant<uint32_t, Refused> FindRecord(const Deciding& d, const v1::RecordRef& ref) {
  const Caller& caller = *d.command.caller;
  if (!caller.source.empty() && caller.source != ref.source()) {
    return Refused{v1::REFUSAL_SOURCE_NOT_YOURS,
                   "command.record.source",
                   Text("you post for ", caller.source, " only"),
                   {{"source", caller.source}}};
  }
  const auto index = d.state.records().IndexOf(RecordKey(ref.source(), ref.record_id()));
  if (index) return *index;
  return Refused{v1::REFUSAL_RECORD_UNKNOWN,
                 "command.record.record_id",
                 Text("there is no record ", ref.record_id(), " of ", ref.source()),
                 {{"record_id", ref.record_id()}, {"source", ref.source()}}};
}

MaybeRefused Decide(Deciding& d, const v1::ReviewHours& c) {
  const auto found = FindRecord(d, c.record());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const uint32_t index = std::get<uint32_t>(found);
  const Record& record = d.state.records()[index];
  if (!record.waits()) {
    return Refuse(v1::REFUSAL_RECORD_NOT_WAITING, "command.record",
                  Text("record ", record.record_id, " doesn't wait for a review"));
  }
  if (auto refused = CheckNotHerself(d, record)) return refused;
  // A dispute that is upheld takes points away: two people stand behind it, too.
  const std::string& reviewer = d.command.caller->principal_id;
  if (d.state.names()[record.submitted_by].id == reviewer ||
      (record.disputed && d.state.names()[record.disputed_by].id == reviewer)) {
    return SelfReview("nobody reviews what she brought in or disputes");
  }
  const uint32_t volunteer_index = d.state.Survivor(record.volunteer);
  const Volunteer& volunteer = d.state.volunteers()[volunteer_index];
  const bool counts = record.state == v1::RECORD_STATE_APPROVED;
  const bool shall_count = c.verdict() == v1::VERDICT_APPROVE;

  v1::HoursReviewed reviewed;
  if (shall_count && !counts) {
    auto assessed = Assess(d, volunteer, record, {.check_window = false}, kRecord);
    if (auto* refused = std::get_if<Refused>(&assessed)) return std::move(*refused);
    FillCredit(d, volunteer, record, std::get<Segments>(assessed), reviewed.mutable_credit());
  } else if (!shall_count && counts) {
    FillClawBack(volunteer, index, record, reviewed.mutable_claw_back());
  }
  *reviewed.mutable_command() = c;
  reviewed.set_volunteer_id(volunteer.id);
  *d.NewEvent()->mutable_hours_reviewed() = std::move(reviewed);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::DisputeHours& c) {
  const auto found = FindRecord(d, c.record());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Record& record = d.state.records()[std::get<uint32_t>(found)];
  const bool settled =
      record.state == v1::RECORD_STATE_APPROVED || record.state == v1::RECORD_STATE_REJECTED;
  if (!settled || record.disputed) {
    return Refuse(v1::REFUSAL_RECORD_NOT_SETTLED, "command.record",
                  Text("record ", record.record_id, " waits already, or was replaced or revoked"));
  }
  v1::HoursDisputed* disputed = d.NewEvent()->mutable_hours_disputed();
  *disputed->mutable_command() = c;
  disputed->set_volunteer_id(d.state.volunteers()[d.state.Survivor(record.volunteer)].id);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::RevokeHours& c) {
  if (auto refused = DecideChange(d, c)) return refused;
  const Record* record =
      d.state.records().Find(RecordKey(c.record().source(), c.record().record_id()));
  return CheckOnePerson(d, *record, record->units());
}

MaybeRefused DecideChange(Deciding& d, const v1::RevokeHours& c) {
  const auto found = FindRecord(d, c.record());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const uint32_t index = std::get<uint32_t>(found);
  const Record& record = d.state.records()[index];
  if (auto refused = CheckApproved(record)) return refused;
  if (auto refused = CheckNotHerself(d, record)) return refused;
  const Volunteer& volunteer = d.state.volunteers()[d.state.Survivor(record.volunteer)];
  v1::HoursRevoked* revoked = d.NewEvent()->mutable_hours_revoked();
  *revoked->mutable_command() = c;
  revoked->set_volunteer_id(volunteer.id);
  FillClawBack(volunteer, index, record, revoked->mutable_claw_back());
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::CorrectHours& c) {
  if (auto refused = DecideChange(d, c)) return refused;
  const v1::HoursCorrected& corrected = d.events.back()->hours_corrected();
  const Record* record =
      d.state.records().Find(RecordKey(c.record().source(), c.record().record_id()));
  // A correction to next to nothing is a revocation.
  return CheckOnePerson(d, *record, SumOf(corrected.claw_back()) - SumOf(corrected.returned()));
}

MaybeRefused DecideChange(Deciding& d, const v1::CorrectHours& c) {
  const auto found = FindRecord(d, c.record());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const uint32_t index = std::get<uint32_t>(found);
  const Record& old = d.state.records()[index];
  if (auto refused = CheckApproved(old)) return refused;
  if (old.is_award()) {
    return Refuse(v1::REFUSAL_RECORD_IS_AWARD, "command.record",
                  "an award has no hours to correct: revoke it");
  }
  if (auto refused = CheckNotHerself(d, old)) return refused;
  const std::string& new_id = c.replacement().record_id();
  if (d.state.records().Find(RecordKey(c.record().source(), new_id)) != nullptr) {
    return Exists(v1::REFUSAL_RECORD_EXISTS, "replacement.record_id", new_id);
  }
  auto service = FindService(d, c.replacement(), kReplacement);
  if (auto* refused = std::get_if<Refused>(&service)) return std::move(*refused);
  const Record& replacement = std::get<Record>(service);
  const uint32_t volunteer_index = d.state.Survivor(old.volunteer);
  if (replacement.volunteer != volunteer_index) {
    return Refuse(v1::REFUSAL_VOLUNTEER_DIFFERS, "command.replacement.volunteer_id",
                  "a correction can't move hours to somebody else: revoke the record");
  }

  const Volunteer& volunteer = d.state.volunteers()[volunteer_index];
  v1::HoursCorrected corrected;
  FillClawBack(volunteer, index, old, corrected.mutable_claw_back());
  Volunteer without = Without(d, index, corrected.claw_back());
  const bool honorary = old.backfilled && old.units() == 0;
  auto assessed = Assess(d, without, replacement,
                         {.check_window = false, .honorary_only = honorary}, kReplacement);
  if (auto* refused = std::get_if<Refused>(&assessed)) return std::move(*refused);
  const Segments& segments = std::get<Segments>(assessed);
  v1::Credit* credit = corrected.mutable_credit();
  FillSegments(d, replacement, segments, credit);

  const int64_t units = UnitsOf(*credit);
  const int64_t returned = std::min(units, old.units());
  FillReturn(corrected.claw_back(), returned, corrected.mutable_returned());
  without.debt_units += corrected.returned().debt_units();
  if (units > returned) {
    std::vector<Lot> excess = LotsAfter(*credit, returned);
    const DayNumber matures = MaturesOn(d, segments);
    if (!volunteer.closed && matures > d.today) {
      credit->set_matures_day_number(matures);
      for (const Lot& lot : excess)
        SetLot(lot.key, lot.units, credit->mutable_inflow()->add_lots());
    } else {
      FillInflow(without, std::move(excess), credit->mutable_inflow());
    }
  }
  *corrected.mutable_command() = c;
  corrected.set_volunteer_id(volunteer.id);
  v1::Event* event = d.NewEvent();
  event->set_occurred_us(OccurredUs(replacement, d.state.calendar()));
  *event->mutable_hours_corrected() = std::move(corrected);
  return std::nullopt;
}

}  // namespace meritbook
