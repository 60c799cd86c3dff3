// Awards, reviews and disputes.
#include <utility>

#include "cli/audit/body.h"
#include "cli/audit/claw_back.h"
#include "cli/audit/incoming.h"
#include "cli/audit/require.h"
#include "cli/audit/settled.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

// Who decides about a record: neither its volunteer nor who brought it in.
MaybeViolation CheckReviewer(const Taking& taking, const Record& record,
                             const Volunteer& volunteer) {
  if (taking.Self() == &volunteer) {
    return Violation{Invariant::SELF_REVIEW, "the reviewer is the volunteer herself"};
  }
  if (taking.actor == record.submitted_by) {
    return Violation{Invariant::SELF_REVIEW, "the reviewer brought the record in"};
  }
  if (record.disputed && taking.actor == record.disputed_by) {
    return Violation{Invariant::SELF_REVIEW, "the reviewer disputed the record herself"};
  }
  return std::nullopt;
}

MaybeViolation CheckReview(const Taking& taking, const v1::ReviewHours& command,
                           const Record& record, const Volunteer& volunteer) {
  if (auto violation = RequireId("reason_code", command.reason_code())) return violation;
  if (command.verdict() != v1::VERDICT_APPROVE && command.verdict() != v1::VERDICT_REJECT) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     Text("verdict: expected one, found ", static_cast<int>(command.verdict()))};
  }
  const bool waits = record.state == RecordState::kWaiting || record.disputed;
  if (!waits) {
    return Violation{Invariant::RECORD_STATE_WRONG, "a record was reviewed that doesn't wait"};
  }
  return CheckReviewer(taking, record, volunteer);
}

}  // namespace

MaybeViolation TakeAwardSubmitted(Taking& taking, const v1::AwardSubmitted& body) {
  Books& books = taking.books;
  const v1::AwardPoints& command = body.command();
  Volunteer* volunteer = books.volunteers.Find(command.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
  Record& record = KeepRecord(taking, *volunteer);
  const auto day = DayFromText(command.award_day());
  // An award that no rule ever had is none that a review could find.
  record.award = &books.awards.FindOrAdd(command.award());
  record.award_points = command.points();
  record.first_day = day.value_or(0);
  auto first = NoteRecord(taking, taking.event.source(), command.record_id());
  if (!first) first = RequireId("award", command.award());
  if (!first) first = RequireUnmerged(*volunteer);
  if (!first && !day) {
    first = Violation{Invariant::VALUE_OUT_OF_RANGE, "award_day: expected a day as YYYY-MM-DD"};
  }
  EarnedList earned;
  if (!first) first = EarnAward(taking, *volunteer, record, Window::kKept, earned);
  if (!first) first = RequireOccurred(taking, books.days.StartOf(record.first_day));
  return first ? first : RequireSource(taking);
}

MaybeViolation TakeHoursReviewed(Taking& taking, const v1::HoursReviewed& body) {
  Settled settled;
  auto first = FindSettled(taking, body.command().record(), body.volunteer_id(), settled);
  if (settled.record == nullptr) return first;
  Record& record = *settled.record;
  Volunteer& volunteer = *settled.volunteer;
  if (!first) first = CheckReview(taking, body.command(), record, volunteer);

  const bool approves = body.command().verdict() == v1::VERDICT_APPROVE;
  const bool counted = record.state == RecordState::kApproved;
  record.disputed = false;
  if (!first && body.has_credit() != (approves && !counted)) {
    first = Violation{Invariant::CREDIT_MISPLACED,
                      "a record is credited when it counts from now on, and didn't before"};
  }
  if (!counted && body.has_credit()) {
    EarnedList earned;
    if (!first) first = EarnAgain(taking, volunteer, record, earned);
    if (!first) first = CheckSegments(earned, body.credit());
    auto entered = EnterHours(taking, volunteer, record, body.credit());
    auto points = TakePoints(taking, volunteer, record, body.credit());
    if (!first) first = std::move(entered);
    if (!first) first = std::move(points);
  }
  if (counted && !approves) {
    const TakenBack taken = ClawBackOf(volunteer, record);
    if (!first) {
      first =
          CheckTakenBack(Invariant::CLAW_BACK_WRONG, taken, body.has_claw_back(), body.claw_back());
    }
    EnterClawBack(taking.books, volunteer, record, taken);
    RemoveHours(taking.books, volunteer, record);
  } else if (!first && body.has_claw_back()) {
    first = Violation{Invariant::CREDIT_MISPLACED,
                      "a record is clawed back when it counted, and doesn't from now on"};
  }
  if (!approves) record.state = RecordState::kRejected;
  return first;
}

MaybeViolation TakeHoursDisputed(Taking& taking, const v1::HoursDisputed& body) {
  Settled settled;
  auto first = FindSettled(taking, body.command().record(), body.volunteer_id(), settled);
  if (settled.record == nullptr) return first;
  Record& record = *settled.record;
  const bool settles =
      record.state == RecordState::kApproved || record.state == RecordState::kRejected;
  if (!first && (!settles || record.disputed)) {
    first = Violation{Invariant::RECORD_STATE_WRONG,
                      "a record was disputed that isn't settled, or was disputed before"};
  }
  record.disputed = settles;
  record.disputed_by = taking.actor;
  return first ? first : RequireId("reason_code", body.command().reason_code());
}

}  // namespace meritbook::audit
