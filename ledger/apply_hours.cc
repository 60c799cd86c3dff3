// Records: credited, waiting, reviewed, corrected, revoked.
#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "ledger/applying.h"
#include "ledger/flow.h"
#include "ledger/hours.h"
#include "ledger/limits.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

Segment SegmentOf(const v1::CreditSegment& segment) {
  return {segment.service_day_number(),
          static_cast<uint16_t>(segment.credited_minutes()),
          static_cast<uint16_t>(segment.honorary_minutes()),
          segment.rule_version(),
          segment.units(),
          KeyOf(segment)};
}

template <typename Body>
uint8_t WaitBits(const Body& body) {
  uint8_t bits = 0;
  for (const int reason : body.wait_reasons()) bits |= static_cast<uint8_t>(1U << reason);
  return bits;
}

template <typename Body>
bool ReasonsAscend(const Body& body) {
  int last = 0;
  for (const int reason : body.wait_reasons()) {
    if (reason <= last || reason > v1::WAIT_REASON_DISPUTED) return false;
    last = reason;
  }
  return true;
}

// The units of its segments that come after the first `skipped` ones, by lot.
std::vector<Lot> LotsAfter(const v1::Credit& credit, int64_t skipped) {
  std::vector<Lot> lots;
  for (const v1::CreditSegment& segment : credit.segments()) {
    const int64_t part = std::min(skipped, segment.units());
    skipped -= part;
    AddToLots(lots, KeyOf(segment), segment.units() - part);
  }
  return lots;
}

int64_t SumOf(const v1::Credit& credit) {
  int64_t units = 0;
  for (const v1::CreditSegment& segment : credit.segments()) units += segment.units();
  return units;
}

}  // namespace

// The row of a service, once everything that it names is there.
absl::Status Application::NewRecord(const v1::ServiceRecord& service, const std::string& source,
                                    Record* record) {
  MB_REQUIRE(!service.record_id().empty());
  MB_REQUIRE(!source.empty());
  const auto volunteer = state_.volunteers().IndexOf(service.volunteer_id());
  MB_REQUIRE(volunteer.has_value());
  record->volunteer = *volunteer;
  const auto activity_index = state_.activities().IndexOf(service.activity_id());
  MB_REQUIRE(activity_index.has_value());
  const Activity& activity = state_.activities()[*activity_index];
  MB_REQUIRE(activity.state == ActivityState::kOpen || activity.state == ActivityState::kClosed);
  record->activity = *activity_index;
  if (service.has_session_id()) {
    const auto session = state_.sessions().IndexOf(service.session_id());
    MB_REQUIRE(session.has_value());
    MB_REQUIRE(state_.sessions()[*session].activity == *activity_index);
    record->session = *session;
  }
  MB_REQUIRE(service.service_case() != v1::ServiceRecord::SERVICE_NOT_SET);
  if (service.has_interval()) {
    const v1::ServiceInterval& interval = service.interval();
    MB_REQUIRE(interval.start_us() > 0);
    MB_REQUIRE(interval.start_us() < interval.end_us());
    MB_REQUIRE(interval.end_us() <= event_.recorded_us());
    MB_REQUIRE(interval.start_us() % kMicrosPerMinute == 0);
    MB_REQUIRE(interval.end_us() % kMicrosPerMinute == 0);
    MB_REQUIRE(interval.end_us() - interval.start_us() <=
               int64_t{kServiceDaysMax} * kMinutesPerDay * kMicrosPerMinute);
  } else {
    MB_REQUIRE(ParseDay(service.duration().service_day()).has_value());
    MB_REQUIRE(service.duration().minutes() >= 1);
    MB_REQUIRE(service.duration().minutes() <= kMinutesPerDay);
  }
  SetService(service, state_.calendar(), *record);
  return absl::OkStatus();
}

absl::Status Application::AddRecord(Record record, const std::string& record_id,
                                    const std::string& source) {
  // A credit under its own record id is hashed once.
  const bool same = event_.kind() == v1::COMMAND_KIND_CREDIT_HOURS &&
                    event_.scope() == v1::REQUEST_SCOPE_SOURCE && event_.request_id() == record_id;
  record.id = same ? Key() : RecordKey(source, record_id);
  MB_REQUIRE(state_.records().Find(record.id) == nullptr);
  record.record_id = record_id;
  record.source = state_.NameIndex(source);
  record.submitted_by = ActorName();
  record.sequence = event_.sequence();
  record.last_sequence = event_.sequence();
  state_.Add(std::move(record));
  return absl::OkStatus();
}

absl::Status Application::FindRecord(const v1::RecordRef& ref, const std::string& volunteer_id,
                                     uint32_t* index) {
  const auto found = state_.records().IndexOf(RecordKey(ref.source(), ref.record_id()));
  MB_REQUIRE(found.has_value());
  MB_REQUIRE(event_.scope() != v1::REQUEST_SCOPE_SOURCE || event_.source() == ref.source());
  const uint32_t volunteer = state_.Survivor(state_.records()[*found].volunteer);
  MB_REQUIRE(state_.volunteers()[volunteer].id == volunteer_id);
  *index = *found;
  return absl::OkStatus();
}

// By day, ascending; units are what the pinned rule says.
absl::Status Application::CheckSegments(const v1::Credit& credit, const Record& record) {
  const std::vector<Rule>& rules = state_.ledger().rules;
  int64_t minutes = 0;
  DayNumber last_day = std::numeric_limits<DayNumber>::min();
  for (const v1::CreditSegment& segment : credit.segments()) {
    MB_REQUIRE(segment.service_day_number() > last_day);
    last_day = segment.service_day_number();
    MB_REQUIRE(segment.rule_version() >= 1);
    MB_REQUIRE(segment.rule_version() <= rules.size());
    MB_REQUIRE(segment.credited_minutes() <= kMinutesPerDay);
    MB_REQUIRE(segment.honorary_minutes() <= kMinutesPerDay);
    MB_REQUIRE(!segment.has_expiry_day_number() ||
               segment.expiry_day_number() >= segment.service_day_number());
    minutes += segment.credited_minutes() + segment.honorary_minutes();
    const Rule& rule = rules[segment.rule_version() - 1];
    if (record.is_award()) {
      const v1::AwardRate* award = rule.FindAward(record.award);
      MB_REQUIRE(award != nullptr);
      MB_REQUIRE(record.award_points <= award->points_max());
      MB_REQUIRE(segment.points_per_hour() == 0);
      MB_REQUIRE(segment.percentage() == 0);
      MB_REQUIRE(segment.units() == int64_t{record.award_points} * kUnitsPerPoint);
      continue;
    }
    MB_REQUIRE(segment.credited_minutes() + segment.honorary_minutes() > 0);
    const auto rate = rule.rates.find(state_.activities()[record.activity].category);
    MB_REQUIRE(rate != rule.rates.end());
    MB_REQUIRE(segment.points_per_hour() == rate->second.points_per_hour);
    MB_REQUIRE(segment.percentage() == rate->second.percentage);
    MB_REQUIRE(segment.units() == rate->second.UnitsFor(segment.credited_minutes()));
  }
  MB_REQUIRE(credit.segments_size() > 0);
  MB_REQUIRE(minutes == record.minutes);
  if (record.start_minute == 0) {
    MB_REQUIRE(credit.segments_size() == 1);
    MB_REQUIRE(last_day == record.day);
  }
  return absl::OkStatus();
}

// The record counts from now on; its units flow.
absl::Status Application::Approve(uint32_t index, const v1::Credit& credit) {
  MB_RETURN_IF_ERROR(CheckSegments(credit, state_.records()[index]));
  state_.Edit<Record>(index, [&](Record& record) {
    record.state = v1::RECORD_STATE_APPROVED;
    record.disputed = false;
    record.wait_reasons = 0;
    record.credited_day = Today();
    record.last_sequence = event_.sequence();
    for (const v1::CreditSegment& segment : credit.segments()) {
      record.segments.push_back(SegmentOf(segment));
    }
  });
  const Record& record = state_.records()[index];
  const uint32_t volunteer_index = state_.Survivor(record.volunteer);
  const Volunteer& volunteer = state_.volunteers()[volunteer_index];
  MB_REQUIRE(record.start_minute == 0 || !Overlaps(volunteer, IntervalOf(record)));
  for (const Segment& segment : record.segments) {
    const DayMinutes day = MinutesOn(volunteer, segment.day);
    MB_REQUIRE(day.credited + day.honorary + segment.credited + segment.honorary <= kMinutesPerDay);
  }
  const std::vector<Rule>& rules = state_.ledger().rules;
  CountRecord(state_.Mutable<Volunteer>(volunteer_index), record, rules, true);
  for (auto segment = record.segments.begin(); segment != record.segments.end(); ++segment) {
    if (segment->credited == 0) continue;
    // The caps that held when this was decided; older credits may stand above them, and so may the
    // record's later parts, which another rule may govern.
    uint32_t later_in_month = 0;
    uint32_t later_in_activity = 0;
    for (auto later = segment + 1; later != record.segments.end(); ++later) {
      if (MonthStart(later->day) == MonthStart(segment->day)) later_in_month += later->credited;
      const v1::EarningRule& other = rules[later->rule_version - 1].earning();
      if (other.has_credited_minutes_per_activity()) later_in_activity += later->credited;
    }
    const v1::EarningRule& earning = rules[segment->rule_version - 1].earning();
    MB_REQUIRE(MinutesOn(volunteer, segment->day).credited <= earning.credited_minutes_per_day());
    MB_REQUIRE(!earning.has_credited_minutes_per_month() ||
               CreditedInMonth(volunteer, segment->day) - later_in_month <=
                   earning.credited_minutes_per_month());
    MB_REQUIRE(!earning.has_credited_minutes_per_activity() ||
               CreditedInActivity(volunteer, record.activity) - later_in_activity <=
                   earning.credited_minutes_per_activity());
  }
  if (event_.has_hours_corrected()) return absl::OkStatus();  // where only the excess flows
  if (credit.has_matures_day_number()) {
    MB_REQUIRE(!volunteer.closed);
    MB_REQUIRE(!credit.has_inflow());
    MB_REQUIRE(credit.matures_day_number() > Today());
    state_.Edit<Volunteer>(volunteer_index, [&](Volunteer& row) {
      for (const Segment& segment : record.segments) {
        AddPending(row, credit.matures_day_number(), index, {segment.lot, segment.units});
      }
    });
    return absl::OkStatus();
  }
  if (credit.has_inflow())
    return ReceiveInto(volunteer_index, credit.inflow(), LotsAfter(credit, 0));
  MB_REQUIRE(!volunteer.closed || SumOf(credit) == 0);
  MB_REQUIRE(volunteer.debt_units == 0 || SumOf(credit) == 0);
  state_.Edit<Volunteer>(volunteer_index, [&](Volunteer& row) {
    for (const Segment& segment : record.segments) AddToLots(row.lots, segment.lot, segment.units);
  });
  return absl::OkStatus();
}

// The record counts no more; its units are clawed back.
absl::Status Application::TakeRecordBack(uint32_t index, const v1::ClawBack& claw_back,
                                         v1::RecordState becomes) {
  const Record& before = state_.records()[index];
  MB_REQUIRE(before.state == v1::RECORD_STATE_APPROVED);
  MB_REQUIRE(meritbook::SumOf(claw_back) == before.units());
  const uint32_t volunteer_index = state_.Survivor(before.volunteer);
  bool taken = false;
  state_.Edit<Volunteer>(volunteer_index, [&](Volunteer& row) {
    CountRecord(row, before, state_.ledger().rules, false);
    taken = TakeBack(row, index, claw_back);
    // Not one of the credit's own pending units is left.
    for (const Pending& entry : row.pending) taken = taken && entry.record != index;
  });
  MB_REQUIRE(taken);
  state_.Edit<Record>(index, [&](Record& record) {
    record.state = becomes;
    record.disputed = false;
    record.wait_reasons = 0;
    record.segments.clear();
    record.last_sequence = event_.sequence();
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::HoursCredited& credited) {
  MB_REQUIRE(event_.scope() == v1::REQUEST_SCOPE_SOURCE);
  Record record;
  MB_RETURN_IF_ERROR(NewRecord(credited.command().record(), event_.source(), &record));
  const std::string& record_id = credited.command().record().record_id();
  MB_RETURN_IF_ERROR(AddRecord(std::move(record), record_id, event_.source()));
  return Approve(state_.records().size() - 1, credited.credit());
}

absl::Status Application::Apply(const v1::HoursSubmitted& submitted) {
  MB_REQUIRE(event_.scope() == v1::REQUEST_SCOPE_SOURCE);
  const v1::ServiceRecord& service = submitted.command().record();
  if (const auto& open = state_.ledger().open_command) {
    // A line of a sheet, in its place.
    const v1::RecordAttendance& sheet = open->sheet.command();
    const v1::Attendee& line = sheet.attendees(static_cast<int>(open->events_seen) - 1);
    MB_REQUIRE(service.record_id() == line.record_id());
    MB_REQUIRE(service.volunteer_id() == line.volunteer_id());
    MB_REQUIRE(service.activity_id() == sheet.activity_id());
    MB_REQUIRE(service.has_session_id() == sheet.has_session_id());
    MB_REQUIRE(service.session_id() == sheet.session_id());
    MB_REQUIRE(service.interval().start_us() ==
               (line.has_start_us() ? line.start_us() : sheet.start_us()));
    MB_REQUIRE(service.interval().end_us() == (line.has_end_us() ? line.end_us() : sheet.end_us()));
  }
  MB_REQUIRE(submitted.has_credit() == (submitted.wait_reasons_size() == 0));
  MB_REQUIRE(ReasonsAscend(submitted));
  Record record;
  MB_RETURN_IF_ERROR(NewRecord(service, event_.source(), &record));
  record.state = v1::RECORD_STATE_WAITING;
  record.wait_reasons = WaitBits(submitted);
  MB_REQUIRE(!submitted.has_credit() || !ActorIs(state_.Survivor(record.volunteer)));
  MB_RETURN_IF_ERROR(AddRecord(std::move(record), service.record_id(), event_.source()));
  if (submitted.has_credit()) {
    MB_RETURN_IF_ERROR(Approve(state_.records().size() - 1, submitted.credit()));
  }
  return CheckSheet();
}

// After its last line, that as many were credited at once as the sheet says.
absl::Status Application::CheckSheet() {
  const auto& open = state_.ledger().open_command;
  if (!open || open->events_seen + 1 < open->event_count) return absl::OkStatus();
  // The lines' records are the newest ones.
  const uint32_t size = state_.records().size();
  uint32_t credited = 0;
  for (uint32_t i = size - open->events_seen; i < size; ++i) {
    credited += state_.records()[i].state == v1::RECORD_STATE_APPROVED ? 1 : 0;
  }
  MB_REQUIRE(credited == open->sheet.credited_count());
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::AttendanceRecorded& recorded) {
  MB_REQUIRE(event_.scope() == v1::REQUEST_SCOPE_SOURCE);
  MB_REQUIRE(recorded.credited_count() <=
             static_cast<uint32_t>(recorded.command().attendees_size()));
  std::set<std::string_view> volunteers;
  for (const v1::Attendee& attendee : recorded.command().attendees()) {
    MB_REQUIRE(volunteers.insert(attendee.volunteer_id()).second);
  }
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::HoursBackfilled& backfilled) {
  MB_REQUIRE(event_.scope() == v1::REQUEST_SCOPE_SOURCE);
  const v1::ServiceRecord& service = backfilled.command().record();
  MB_REQUIRE(backfilled.has_credit() == (backfilled.wait_reasons_size() == 0));
  MB_REQUIRE(ReasonsAscend(backfilled));
  Record record;
  MB_RETURN_IF_ERROR(NewRecord(service, event_.source(), &record));
  record.state = v1::RECORD_STATE_WAITING;
  record.backfilled = true;
  record.wait_reasons = WaitBits(backfilled);
  MB_RETURN_IF_ERROR(AddRecord(std::move(record), service.record_id(), event_.source()));
  if (!backfilled.has_credit()) return absl::OkStatus();
  MB_REQUIRE(SumOf(backfilled.credit()) == 0);
  return Approve(state_.records().size() - 1, backfilled.credit());
}

absl::Status Application::Apply(const v1::AwardSubmitted& submitted) {
  MB_REQUIRE(event_.scope() == v1::REQUEST_SCOPE_SOURCE);
  const v1::AwardPoints& command = submitted.command();
  MB_REQUIRE(!command.record_id().empty());
  const auto volunteer = state_.volunteers().IndexOf(command.volunteer_id());
  MB_REQUIRE(volunteer.has_value());
  const auto day = ParseDay(command.award_day());
  MB_REQUIRE(day.has_value());
  MB_REQUIRE(!command.award().empty());
  MB_REQUIRE(command.points() >= 1);
  MB_REQUIRE(command.points() <= kAwardPointsMax);
  Record record;
  record.volunteer = *volunteer;
  record.day = *day;
  record.award = command.award();
  record.award_points = command.points();
  record.state = v1::RECORD_STATE_WAITING;
  record.wait_reasons = 1U << v1::WAIT_REASON_AWARD;
  return AddRecord(std::move(record), command.record_id(), event_.source());
}

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
  const int64_t returned = meritbook::SumOf(corrected.returned());
  MB_REQUIRE(returned == std::min(old_units, SumOf(credit)));
  const int64_t excess = SumOf(credit) - returned;
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
