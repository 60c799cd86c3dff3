// Records on their way in, and what it means that one counts or counts no more.
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
  MB_REQUIRE(!volunteer.closed || UnitsOf(credit) == 0);
  MB_REQUIRE(volunteer.debt_units == 0 || UnitsOf(credit) == 0);
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
  MB_REQUIRE(SumOf(claw_back) == before.units());
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
  MB_REQUIRE(UnitsOf(backfilled.credit()) == 0);
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

}  // namespace meritbook
