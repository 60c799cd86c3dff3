// Records of service and awards: how they come in, and how they are reviewed.
#include <algorithm>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

const v1::AwardRate* AwardOf(const v1::PublishRule* rule, const std::string& award) {
  if (rule == nullptr) return nullptr;
  for (const v1::AwardRate& rate : rule->earning().awards()) {
    if (rate.award() == award) return &rate;
  }
  return nullptr;
}

Lots LotsOf(const std::vector<Segment>& segments) {
  Lots lots;
  for (const Segment& segment : segments) {
    if (segment.units > 0) lots[segment.lot] += segment.units;
  }
  return lots;
}

}  // namespace

Record& Model::AddRecord(const Context& at, const RecordName& name,
                         const v1::ServiceRecord& service) {
  Record& record = records[name];
  record.volunteer = service.volunteer_id();
  record.service = service;
  record.submitted_by = at.ask.principal;
  record.state = v1::RECORD_STATE_WAITING;
  record.sequence = record.last_sequence = size;
  return record;
}

std::string Model::Approve(const Context& at, const RecordName& name,
                           std::vector<Segment> segments) {
  Record& record = records.at(name);
  record.state = v1::RECORD_STATE_APPROVED;
  record.segments = std::move(segments);
  record.credited_day = at.today;
  record.last_sequence = size;
  return Accrue(at, name, LotsOf(record.segments), record.segments.front().day, true);
}

Reasons Model::Do(const Context& at, const v1::CreditHours& c) {
  const v1::ServiceRecord& service = c.record();
  const RecordName name(at.ask.source, service.record_id());
  Reasons reasons = NameFaults(service.volunteer_id(), false);
  reasons.merge(ServiceFaults(at, name, service, service.volunteer_id(), {}));
  if (!reasons.empty()) return reasons;
  std::vector<Segment> segments = Earn(at, service, service.volunteer_id(), {});
  AddRecord(at, name, service);
  const std::string amounts = Approve(at, name, std::move(segments));
  Emit(at, v1::Event::kHoursCredited, {service.volunteer_id()}, amounts, OccurredOf(service));
  return {};
}

std::set<v1::WaitReason> Model::WaitReasons(const Context& at,
                                            const v1::ServiceRecord& service) const {
  std::set<v1::WaitReason> reasons;
  const std::string& volunteer = service.volunteer_id();
  const std::vector<Part> parts = PartsOf(service);
  auto days = DaysOf(volunteer);
  for (const Part& part : parts) {
    const int minutes = days[part.day].first + days[part.day].second + part.minutes;
    if (minutes > static_cast<int>(RuleOf(part.day)->earning().auto_minutes_per_day())) {
      reasons.insert(v1::WAIT_REASON_ABOVE_AUTO_MINUTES);
    }
  }
  const v1::PublishRule* rule = RuleOf(at.today);
  if (rule != nullptr && rule->review().has_late_submission_days() &&
      at.today - parts.front().day > static_cast<int>(rule->review().late_submission_days())) {
    reasons.insert(v1::WAIT_REASON_LATE);
  }
  std::set<std::string> others;
  for (const auto& [name, record] : records) {
    if (record.state != v1::RECORD_STATE_APPROVED || !record.award.empty()) continue;
    if (record.service.activity_id() != service.activity_id()) continue;
    const bool there = service.has_session_id()
                           ? record.service.session_id() == service.session_id()
                           : !record.service.has_session_id() &&
                                 PartsOf(record.service).front().day == parts.front().day;
    if (there && Survivor(record.volunteer) != volunteer) others.insert(Survivor(record.volunteer));
  }
  const auto& capacity = activities.at(service.activity_id()).capacity;
  if (capacity && others.size() >= *capacity) reasons.insert(v1::WAIT_REASON_OVER_CAPACITY);
  if (IsHerself(at.ask, volunteer)) reasons.insert(v1::WAIT_REASON_OWN_HOURS);
  return reasons;
}

Reasons Model::Submit(const Context& at, const v1::ServiceRecord& service, bool* waits) {
  const RecordName name(at.ask.source, service.record_id());
  Reasons reasons = NameFaults(service.volunteer_id(), false);
  reasons.merge(ServiceFaults(at, name, service, service.volunteer_id(), {}));
  if (!reasons.empty()) return reasons;
  std::set<v1::WaitReason> wait_reasons = WaitReasons(at, service);
  *waits = !wait_reasons.empty();
  std::vector<Segment> segments = Earn(at, service, service.volunteer_id(), {});
  AddRecord(at, name, service).wait_reasons = std::move(wait_reasons);
  std::string amounts;
  if (!*waits) amounts = Approve(at, name, std::move(segments));
  Emit(at, v1::Event::kHoursSubmitted, {service.volunteer_id()}, amounts, OccurredOf(service));
  return {};
}

Reasons Model::Do(const Context& at, const v1::SubmitHours& c) {
  bool waits = false;
  return Submit(at, c.record(), &waits);
}

Reasons Model::Do(const Context& at, const v1::RecordAttendance& c) {
  Reasons reasons;
  int credited = 0;
  const size_t sheet = emitted_.size();
  Emit(at, v1::Event::kAttendanceRecorded);
  for (const v1::Attendee& line : c.attendees()) {
    v1::ServiceRecord service;
    service.set_record_id(line.record_id());
    service.set_volunteer_id(line.volunteer_id());
    service.set_activity_id(c.activity_id());
    if (c.has_session_id()) service.set_session_id(c.session_id());
    service.mutable_interval()->set_start_us(line.has_start_us() ? line.start_us() : c.start_us());
    service.mutable_interval()->set_end_us(line.has_end_us() ? line.end_us() : c.end_us());
    bool waits = false;
    reasons.merge(Submit(at, service, &waits));
    credited += waits ? 0 : 1;
  }
  emitted_[sheet].amounts = std::to_string(credited);
  return reasons;
}

Reasons Model::Do(const Context& at, const v1::BackfillHours& c) {
  const v1::ServiceRecord& service = c.record();
  const RecordName name(at.ask.source, service.record_id());
  Terms terms;
  terms.any_age = true;
  Reasons reasons = NameFaults(service.volunteer_id(), false);
  reasons.merge(ServiceFaults(at, name, service, service.volunteer_id(), terms));
  if (!reasons.empty()) return reasons;
  const bool earns = RuleOf(PartsOf(service).front().day)->earning().backfill_earns();
  terms.honorary = true;
  std::vector<Segment> segments = Earn(at, service, service.volunteer_id(), terms);
  Record& record = AddRecord(at, name, service);
  record.backfilled = true;
  std::string amounts;
  if (earns) {
    record.wait_reasons = {v1::WAIT_REASON_BACKFILLED};
  } else {
    amounts = Approve(at, name, std::move(segments));
  }
  Emit(at, v1::Event::kHoursBackfilled, {service.volunteer_id()}, amounts, OccurredOf(service));
  return {};
}

Reasons Model::AwardFaults(const Context& at, const Record& record) const {
  Reasons reasons;
  if (record.award_day > at.today) reasons.insert(v1::REFUSAL_SERVICE_IN_FUTURE);
  const v1::PublishRule* rule = RuleOf(record.award_day);
  if (rule == nullptr) return {v1::REFUSAL_RULE_MISSING};
  const v1::AwardRate* rate = AwardOf(rule, record.award);
  if (rate == nullptr) return {v1::REFUSAL_AWARD_UNKNOWN};
  if (record.award_points > rate->points_max()) reasons.insert(v1::REFUSAL_AWARD_TOO_LARGE);
  auto times = AwardsOf(Survivor(record.volunteer));
  if (times[{record.award, YearOf(record.award_day)}] >= rate->times_per_year()) {
    reasons.insert(v1::REFUSAL_AWARD_CAP_REACHED);
  }
  return reasons;
}

Reasons Model::Do(const Context& at, const v1::AwardPoints& c) {
  const RecordName name(at.ask.source, c.record_id());
  Record record;
  record.volunteer = c.volunteer_id();
  record.award = c.award();
  record.award_day = *DayNumber(c.award_day());
  record.award_points = c.points();
  record.submitted_by = at.ask.principal;
  record.state = v1::RECORD_STATE_WAITING;
  record.wait_reasons = {v1::WAIT_REASON_AWARD};
  record.sequence = record.last_sequence = size;
  Reasons reasons = NameFaults(c.volunteer_id(), false);
  if (records.count(name) != 0) reasons.insert(v1::REFUSAL_RECORD_EXISTS);
  reasons.merge(AwardFaults(at, record));
  const v1::PublishRule* rule = RuleOf(record.award_day);
  if (rule != nullptr &&
      at.today > record.award_day + static_cast<int>(rule->earning().backdating_days())) {
    reasons.insert(v1::REFUSAL_SERVICE_TOO_OLD);
  }
  if (!reasons.empty()) return reasons;
  records[name] = record;
  Emit(at, v1::Event::kAwardSubmitted, {c.volunteer_id()}, "", StartOf(record.award_day));
  return {};
}

Reasons Model::RefFaults(const Context& at, const v1::RecordRef& ref) const {
  Reasons reasons;
  if (!at.ask.source.empty() && at.ask.source != ref.source()) {
    reasons.insert(v1::REFUSAL_SOURCE_NOT_YOURS);
  }
  if (records.count({ref.source(), ref.record_id()}) == 0) {
    reasons.insert(v1::REFUSAL_RECORD_UNKNOWN);
  }
  return reasons;
}

Reasons Model::Do(const Context& at, const v1::ReviewHours& c) {
  Reasons reasons = RefFaults(at, c.record());
  const RecordName name(c.record().source(), c.record().record_id());
  if (records.count(name) == 0) return reasons;
  Record& record = records.at(name);
  const std::string volunteer = Survivor(record.volunteer);
  const bool waits = record.state == v1::RECORD_STATE_WAITING;
  if (!waits && !record.disputed) reasons.insert(v1::REFUSAL_RECORD_NOT_WAITING);
  if (record.submitted_by == at.ask.principal || IsHerself(at.ask, volunteer) ||
      (record.disputed && record.disputed_by == at.ask.principal)) {
    reasons.insert(v1::REFUSAL_SELF_REVIEW);
  }
  const bool counts = record.state == v1::RECORD_STATE_APPROVED;
  const bool will_count = c.verdict() == v1::VERDICT_APPROVE;
  Terms terms;
  terms.is_new = false;
  terms.any_age = true;
  if (will_count && !counts && (waits || record.disputed)) {
    reasons.merge(record.award.empty() ? ServiceFaults(at, name, record.service, volunteer, terms)
                                       : AwardFaults(at, record));
  }
  if (!reasons.empty()) return reasons;
  record.disputed = false;
  record.last_sequence = size;
  std::string amounts;
  if (will_count && !counts) {
    amounts = Approve(
        at, name,
        record.award.empty() ? Earn(at, record.service, volunteer, terms) : EarnAward(at, record));
  } else if (!will_count && counts) {
    amounts = Words(TakeBack(name));
  }
  record.state = will_count ? v1::RECORD_STATE_APPROVED : v1::RECORD_STATE_REJECTED;
  Emit(at, v1::Event::kHoursReviewed, {volunteer}, amounts);
  return {};
}

Reasons Model::Do(const Context& at, const v1::DisputeHours& c) {
  Reasons reasons = RefFaults(at, c.record());
  const RecordName name(c.record().source(), c.record().record_id());
  if (records.count(name) == 0) return reasons;
  Record& record = records.at(name);
  const bool settled =
      record.state == v1::RECORD_STATE_APPROVED || record.state == v1::RECORD_STATE_REJECTED;
  if (!settled || record.disputed) reasons.insert(v1::REFUSAL_RECORD_NOT_SETTLED);
  if (!reasons.empty()) return reasons;
  record.disputed = true;
  record.disputed_by = at.ask.principal;
  record.last_sequence = size;
  Emit(at, v1::Event::kHoursDisputed, {Survivor(record.volunteer)});
  return {};
}

}  // namespace meritbook::model
