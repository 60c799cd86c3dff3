// Hours and awards on their way in: credited at once, or waiting for a reviewer.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ledger/deciding.h"

namespace meritbook {
namespace {

constexpr Where kRecord{"record"};
constexpr Where kCommand{""};  // the fields are the command's own

Refused RecordExists(const Where& where, const std::string& record_id) {
  return Refused{v1::REFUSAL_RECORD_EXISTS,
                 where.Path("record_id"),
                 Text("record_id ", record_id, " is taken already"),
                 {{"record_id", record_id}}};
}

uint8_t Bit(v1::WaitReason reason) { return static_cast<uint8_t>(1U << reason); }

// Who came to an occurrence by earlier lines of the same sheet.
using Comers = std::vector<std::pair<Occurrence, uint32_t>>;

// True if the activity has a capacity, and others take all of its places.
bool IsFull(const State& state, const Record& record, const Comers& comers) {
  const auto& capacity = state.activities()[record.activity].capacity;
  if (!capacity) return false;
  const Occurrence occurrence = OccurrenceOf(record);
  const State::People* people = state.PeopleAt(occurrence);
  size_t others = people == nullptr ? 0 : people->size() - people->count(record.volunteer);
  for (const auto& [where, who] : comers) {
    if (where == occurrence && (people == nullptr || !people->contains(who))) ++others;
  }
  return others >= *capacity;
}

// Why a record that nobody has reviewed waits; 0 if it doesn't.
uint8_t ReasonsToWait(const Deciding& d, const Record& record, const Comers& comers) {
  const State& state = d.state;
  const Volunteer& volunteer = state.volunteers()[record.volunteer];
  uint8_t reasons = 0;
  for (const DayPart& part : PartsOf(record, state.calendar())) {
    const Rule& rule = *RuleOn(state.ledger().rules, part.day);
    const DayMinutes served = MinutesOn(volunteer, part.day);
    if (static_cast<uint32_t>(served.credited + served.honorary + part.minutes) >
        rule.earning().auto_minutes_per_day()) {
      reasons |= Bit(v1::WAIT_REASON_ABOVE_AUTO_MINUTES);
    }
  }
  const Rule* rule = RuleOn(state.ledger().rules, d.today);
  if (rule != nullptr && rule->published.review().has_late_submission_days() &&
      int64_t{d.today} - record.day > rule->published.review().late_submission_days()) {
    reasons |= Bit(v1::WAIT_REASON_LATE);
  }
  if (IsFull(state, record, comers)) reasons |= Bit(v1::WAIT_REASON_OVER_CAPACITY);
  if (IsHerself(state, *d.command.caller, record.volunteer)) {
    reasons |= Bit(v1::WAIT_REASON_OWN_HOURS);
  }
  return reasons;
}

template <typename Body>
void SetReasons(uint8_t reasons, Body* body) {
  for (int reason = 1; reason < 8; ++reason) {
    if ((reasons >> reason & 1) != 0) body->add_wait_reasons(static_cast<v1::WaitReason>(reason));
  }
}

// One submitted record: an event of its own, credited or waiting.
MaybeRefused Submit(Deciding& d, const v1::ServiceRecord& service, const RequestKey& key,
                    const Where& where, Comers& comers) {
  if (d.state.records().Find(key) != nullptr) return RecordExists(where, service.record_id());
  auto found = FindService(d, service, where);
  if (auto* refused = std::get_if<Refused>(&found)) return std::move(*refused);
  const Record& record = std::get<Record>(found);
  const Volunteer& volunteer = d.state.volunteers()[record.volunteer];
  auto assessed = Assess(d, volunteer, record, {}, where);
  if (auto* refused = std::get_if<Refused>(&assessed)) return std::move(*refused);
  v1::Event* event = d.NewEvent();
  event->set_occurred_us(OccurredUs(record, d.state.calendar()));
  v1::HoursSubmitted* submitted = event->mutable_hours_submitted();
  *submitted->mutable_command()->mutable_record() = service;
  if (const uint8_t reasons = ReasonsToWait(d, record, comers); reasons != 0) {
    SetReasons(reasons, submitted);
  } else {
    FillCredit(d, volunteer, record, std::get<Segments>(assessed), submitted->mutable_credit());
    comers.emplace_back(OccurrenceOf(record), record.volunteer);
  }
  return std::nullopt;
}

}  // namespace

MaybeRefused Decide(Deciding& d, const v1::CreditHours& c) {
  if (d.state.records().Find(d.command.subject) != nullptr) {
    return RecordExists(kRecord, c.record().record_id());
  }
  auto found = FindService(d, c.record(), kRecord);
  if (auto* refused = std::get_if<Refused>(&found)) return std::move(*refused);
  const Record& record = std::get<Record>(found);
  const Volunteer& volunteer = d.state.volunteers()[record.volunteer];
  auto assessed = Assess(d, volunteer, record, {}, kRecord);
  if (auto* refused = std::get_if<Refused>(&assessed)) return std::move(*refused);
  v1::Event* event = d.NewEvent();
  event->set_occurred_us(OccurredUs(record, d.state.calendar()));
  v1::HoursCredited* credited = event->mutable_hours_credited();
  *credited->mutable_command() = c;
  FillCredit(d, volunteer, record, std::get<Segments>(assessed), credited->mutable_credit());
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::SubmitHours& c) {
  Comers nobody;
  return Submit(d, c.record(), d.command.subject, kRecord, nobody);
}

MaybeRefused Decide(Deciding& d, const v1::RecordAttendance& c) {
  v1::AttendanceRecorded* recorded = d.NewEvent()->mutable_attendance_recorded();
  *recorded->mutable_command() = c;
  Comers comers;
  for (int i = 0; i < c.attendees_size(); ++i) {
    const v1::Attendee& attendee = c.attendees(i);
    v1::ServiceRecord service;
    service.set_record_id(attendee.record_id());
    service.set_volunteer_id(attendee.volunteer_id());
    service.set_activity_id(c.activity_id());
    if (c.has_session_id()) service.set_session_id(c.session_id());
    v1::ServiceInterval* times = service.mutable_interval();
    times->set_start_us(attendee.has_start_us() ? attendee.start_us() : c.start_us());
    times->set_end_us(attendee.has_end_us() ? attendee.end_us() : c.end_us());
    const RequestKey key = RecordKey(SourceOf(*d.command.caller), service.record_id());
    if (auto refused = Submit(d, service, key, {"attendees", i}, comers)) return refused;
    if (d.events.back()->hours_submitted().has_credit()) {
      recorded->set_credited_count(recorded->credited_count() + 1);
    }
  }
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::BackfillHours& c) {
  if (d.state.records().Find(d.command.subject) != nullptr) {
    return RecordExists(kRecord, c.record().record_id());
  }
  auto found = FindService(d, c.record(), kRecord);
  if (auto* refused = std::get_if<Refused>(&found)) return std::move(*refused);
  const Record& record = std::get<Record>(found);
  const Volunteer& volunteer = d.state.volunteers()[record.volunteer];
  const Rule* rule = RuleOn(d.state.ledger().rules, record.day);
  const bool earns = rule != nullptr && rule->earning().backfill_earns();
  auto assessed =
      Assess(d, volunteer, record, {.check_window = false, .honorary_only = !earns}, kRecord);
  if (auto* refused = std::get_if<Refused>(&assessed)) return std::move(*refused);
  v1::Event* event = d.NewEvent();
  event->set_occurred_us(OccurredUs(record, d.state.calendar()));
  v1::HoursBackfilled* backfilled = event->mutable_hours_backfilled();
  *backfilled->mutable_command() = c;
  if (earns) {
    backfilled->add_wait_reasons(v1::WAIT_REASON_BACKFILLED);
  } else {
    FillCredit(d, volunteer, record, std::get<Segments>(assessed), backfilled->mutable_credit());
  }
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::AwardPoints& c) {
  if (d.state.records().Find(RecordKey(SourceOf(*d.command.caller), c.record_id())) != nullptr) {
    return Exists(v1::REFUSAL_RECORD_EXISTS, "record_id", c.record_id());
  }
  const auto volunteer = FindVolunteer(d.state, c.volunteer_id(), "command.volunteer_id");
  if (const auto* refused = std::get_if<Refused>(&volunteer)) return *refused;
  Record record;
  record.volunteer = std::get<uint32_t>(volunteer);
  record.award = c.award();
  record.award_points = c.points();
  record.day = *ParseDay(c.award_day());
  auto assessed = Assess(d, d.state.volunteers()[record.volunteer], record, {}, kCommand);
  if (auto* refused = std::get_if<Refused>(&assessed)) return std::move(*refused);
  v1::Event* event = d.NewEvent();
  event->set_occurred_us(OccurredUs(record, d.state.calendar()));
  *event->mutable_award_submitted()->mutable_command() = c;
  return std::nullopt;
}

}  // namespace meritbook
