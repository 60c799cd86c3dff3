// Records that are corrected or taken back, and changes that need two people.
#include <algorithm>
#include <cstdlib>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

constexpr int64_t kUnitsPerPoint = 6000;

// The lots of what a record earns beyond its first `skipped` units.
Lots Beyond(const std::vector<Segment>& segments, int64_t skipped) {
  Lots lots;
  for (const Segment& segment : segments) {
    const int64_t skips = std::min(skipped, segment.units);
    skipped -= skips;
    if (segment.units > skips) lots[segment.lot] += segment.units - skips;
  }
  return lots;
}

}  // namespace

bool Model::NeedsTwo(const Context& at, const Record& record, int64_t lost_units) const {
  const v1::PublishRule* rule = RuleOf(at.today);
  if (rule == nullptr) return false;
  const v1::ReviewRule& review = rule->review();
  const bool late =
      review.has_late_correction_days() &&
      at.today - record.credited_day > static_cast<int>(review.late_correction_days());
  const bool large = review.has_revocation_points_max() &&
                     lost_units > review.revocation_points_max() * kUnitsPerPoint;
  return late || large;
}

Reasons Model::Correct(const Context& at, const v1::CorrectHours& c, bool alone) {
  Reasons reasons = RefFaults(at, c.record());
  const RecordName name(c.record().source(), c.record().record_id());
  if (records.count(name) == 0) return reasons;
  const std::string volunteer = Survivor(records.at(name).volunteer);
  const v1::ServiceRecord& service = c.replacement();
  const RecordName new_name(name.first, service.record_id());
  {
    const Record& old = records.at(name);
    if (old.state != v1::RECORD_STATE_APPROVED) reasons.insert(v1::REFUSAL_RECORD_NOT_APPROVED);
    if (!old.award.empty()) reasons.insert(v1::REFUSAL_RECORD_IS_AWARD);
    if (IsHerself(at.ask, volunteer)) reasons.insert(v1::REFUSAL_SELF_REVIEW);
    // That it is too old for one person is known at once, that it takes too much only later.
    if (alone && old.state == v1::RECORD_STATE_APPROVED && NeedsTwo(at, old, 0)) {
      reasons.insert(v1::REFUSAL_TWO_PEOPLE_NEEDED);
    }
  }
  reasons.merge(NameFaults(service.volunteer_id(), false));
  if (Survivor(service.volunteer_id()) != volunteer) reasons.insert(v1::REFUSAL_VOLUNTEER_DIFFERS);
  Terms terms;
  terms.any_age = true;
  terms.without = &name;
  reasons.merge(ServiceFaults(at, new_name, service, volunteer, terms));
  if (!reasons.empty()) return reasons;

  {
    const Record& old = records.at(name);
    int credited = 0;
    for (const Segment& segment : old.segments) credited += segment.credited;
    terms.honorary = old.backfilled && credited == 0;
  }
  std::vector<Segment> segments = Earn(at, service, volunteer, terms);
  const int64_t old_units = records.at(name).units();
  int64_t new_units = 0;
  for (const Segment& segment : segments) new_units += segment.units;
  const int64_t lost_units = std::max(int64_t{0}, old_units - new_units);
  if (alone && NeedsTwo(at, records.at(name), lost_units)) {
    return {v1::REFUSAL_TWO_PEOPLE_NEEDED};
  }
  const ClawBack taken = TakeBack(name);
  Record& record = AddRecord(at, new_name, service);
  record.state = v1::RECORD_STATE_APPROVED;
  record.segments = segments;
  record.credited_day = at.today;
  record.backfilled = records.at(name).backfilled;
  record.corrects = name.second;
  records.at(name).state = v1::RECORD_STATE_CORRECTED;
  records.at(name).disputed = false;
  records.at(name).corrected_by = new_name.second;
  records.at(name).last_sequence = size;
  const int64_t returning = std::min(old_units, record.units());
  const ClawBack returned = GiveBack(taken, returning, new_name);
  std::string amounts = Words(taken) + " returned " + Words(returned);
  if (record.units() > returning) {
    amounts += Accrue(at, new_name, Beyond(segments, returning), segments.front().day, false);
  }
  Emit(at, v1::Event::kHoursCorrected, {volunteer}, amounts, OccurredOf(service));
  return {};
}

Reasons Model::Revoke(const Context& at, const v1::RevokeHours& c, bool alone) {
  Reasons reasons = RefFaults(at, c.record());
  const RecordName name(c.record().source(), c.record().record_id());
  if (records.count(name) == 0) return reasons;
  Record& record = records.at(name);
  const std::string volunteer = Survivor(record.volunteer);
  if (IsHerself(at.ask, volunteer)) reasons.insert(v1::REFUSAL_SELF_REVIEW);
  if (record.state != v1::RECORD_STATE_APPROVED) {
    reasons.insert(v1::REFUSAL_RECORD_NOT_APPROVED);
  } else if (alone && NeedsTwo(at, record, record.units())) {
    reasons.insert(v1::REFUSAL_TWO_PEOPLE_NEEDED);
  }
  if (!reasons.empty()) return reasons;
  const ClawBack taken = TakeBack(name);
  record.state = v1::RECORD_STATE_REVOKED;
  record.disputed = false;
  record.last_sequence = size;
  Emit(at, v1::Event::kHoursRevoked, {volunteer}, Words(taken));
  return {};
}

Reasons Model::Change(const Context& at, const v1::ProposeChange& c) {
  switch (c.change_case()) {
    case v1::ProposeChange::kAdjustPoints:
      return Adjust(at, c.adjust_points());
    case v1::ProposeChange::kReinstatePoints:
      return Reinstate(at, c.reinstate_points());
    case v1::ProposeChange::kMergeVolunteers:
      return Merge(at, c.merge_volunteers());
    case v1::ProposeChange::kLoadOpeningBalances:
      return Load(at, c.load_opening_balances());
    case v1::ProposeChange::kCorrectHours:
      return Correct(at, c.correct_hours(), false);
    case v1::ProposeChange::kRevokeHours:
      return Revoke(at, c.revoke_hours(), false);
    case v1::ProposeChange::kAllocateBudget:
      return Allocate(at, c.allocate_budget());
    case v1::ProposeChange::kWriteOff:
      return WriteOff(at, c.write_off());
    case v1::ProposeChange::CHANGE_NOT_SET:
      break;
  }
  std::abort();
}

Reasons Model::Do(const Context& at, const v1::ProposeChange& c) {
  // On trial: what is hopeless is refused at once.
  const Model before = *this;
  Reasons reasons = Change(at, c);
  *this = before;
  if (proposals.count(c.proposal_id()) != 0) reasons.insert(v1::REFUSAL_PROPOSAL_EXISTS);
  if (!reasons.empty()) return reasons;
  proposals[c.proposal_id()] = {c, at.ask.principal, true};
  Emit(at, v1::Event::kChangeProposed);
  return {};
}

Reasons Model::Do(const Context& at, const v1::ApproveChange& c) {
  const auto found = proposals.find(c.proposal_id());
  if (found == proposals.end()) return {v1::REFUSAL_PROPOSAL_UNKNOWN};
  if (!found->second.open) return {v1::REFUSAL_PROPOSAL_CLOSED};
  const Proposal proposal = found->second;
  Reasons reasons;
  if (proposal.proposed_by == at.ask.principal) reasons.insert(v1::REFUSAL_SAME_PERSON);
  for (const std::string& self : SelvesOf(proposal.proposed_by)) {
    if (SelvesOf(at.ask).count(self) != 0) reasons.insert(v1::REFUSAL_SAME_PERSON);
  }
  for (const std::string& volunteer : Concerned(proposal.change)) {
    if (IsHerself(at.ask, volunteer)) reasons.insert(v1::REFUSAL_SELF_REVIEW);
  }
  found->second.open = false;
  Emit(at, v1::Event::kChangeApproved, {}, proposal.proposed_by);
  reasons.merge(Change(at, proposal.change));
  return reasons;
}

Reasons Model::Do(const Context& at, const v1::RejectChange& c) {
  const auto found = proposals.find(c.proposal_id());
  if (found == proposals.end()) return {v1::REFUSAL_PROPOSAL_UNKNOWN};
  if (!found->second.open) return {v1::REFUSAL_PROPOSAL_CLOSED};
  found->second.open = false;
  Emit(at, v1::Event::kChangeRejected);
  return {};
}

}  // namespace meritbook::model
