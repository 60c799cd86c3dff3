// Hours: what a volunteer served, what speaks against more, what it earns.
#include <algorithm>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

constexpr int64_t kUnitsPerPoint = 6000;

const v1::CategoryRate* RateOf(const v1::PublishRule& rule, const std::string& category) {
  for (const v1::CategoryRate& rate : rule.earning().rates()) {
    if (rate.category() == category) return &rate;
  }
  return nullptr;
}

}  // namespace

int64_t Record::units() const {
  int64_t sum = 0;
  for (const Segment& segment : segments) sum += segment.units;
  return sum;
}

std::vector<const Record*> Model::ApprovedOf(const std::string& volunteer,
                                             const RecordName* without) const {
  std::vector<const Record*> all;
  for (const auto& [name, record] : records) {
    if (record.state != v1::RECORD_STATE_APPROVED) continue;
    if (without != nullptr && name == *without) continue;
    if (Survivor(record.volunteer) == volunteer) all.push_back(&record);
  }
  return all;
}

std::map<int, std::pair<int, int>> Model::DaysOf(const std::string& volunteer) const {
  std::map<int, std::pair<int, int>> days;
  for (const Record* record : ApprovedOf(volunteer)) {
    for (const Segment& segment : record->segments) {
      if (segment.credited + segment.honorary == 0) continue;
      days[segment.day].first += segment.credited;
      days[segment.day].second += segment.honorary;
    }
  }
  return days;
}

std::vector<std::pair<int64_t, int64_t>> Model::ServedBy(const std::string& volunteer) const {
  std::vector<std::pair<int64_t, int64_t>> served;
  for (const Record* record : ApprovedOf(volunteer)) {
    if (!record->service.has_interval()) continue;
    const v1::ServiceInterval& interval = record->service.interval();
    served.emplace_back(interval.start_us(), interval.end_us());
  }
  return served;
}

std::map<std::string, int> Model::ActivityMinutesOf(const std::string& volunteer) const {
  std::map<std::string, int> minutes;
  for (const Record* record : ApprovedOf(volunteer)) {
    for (const Segment& segment : record->segments) {
      const v1::EarningRule& earning = rules[segment.rule - 1].earning();
      if (!record->award.empty() || !earning.has_credited_minutes_per_activity()) continue;
      if (segment.credited > 0) minutes[record->service.activity_id()] += segment.credited;
    }
  }
  return minutes;
}

std::map<std::pair<std::string, int>, size_t> Model::AwardsOf(const std::string& volunteer) const {
  std::map<std::pair<std::string, int>, size_t> times;
  for (const Record* record : ApprovedOf(volunteer)) {
    if (!record->award.empty()) ++times[{record->award, YearOf(record->award_day)}];
  }
  return times;
}

std::vector<Model::Part> Model::PartsOf(const v1::ServiceRecord& service) const {
  if (service.has_duration()) {
    return {{*DayNumber(service.duration().service_day()),
             static_cast<int>(service.duration().minutes())}};
  }
  // Minute by minute.
  std::vector<Part> parts;
  const v1::ServiceInterval& interval = service.interval();
  for (int64_t us = interval.start_us(); us < interval.end_us(); us += kMinuteUs) {
    const int day = DayOf(us);
    if (parts.empty() || parts.back().day != day) parts.push_back({day, 0});
    ++parts.back().minutes;
  }
  return parts;
}

int64_t Model::OccurredOf(const v1::ServiceRecord& service) const {
  if (service.has_interval()) return service.interval().start_us();
  return StartOf(*DayNumber(service.duration().service_day()));
}

Lot Model::LotOf(const Context& at, const v1::PublishRule& rule, int day) const {
  const bool from_today = rule.expiry().from_crediting();
  return Graced({LastDay(rule.expiry(), from_today ? at.today : day), false}, at.today);
}

Reasons Model::ServiceFaults(const Context& at, const RecordName& name,
                             const v1::ServiceRecord& service, const std::string& volunteer,
                             const Terms& terms) const {
  Reasons reasons;
  const auto need = [&reasons](bool holds, v1::Refusal reason) {
    if (!holds) reasons.insert(reason);
  };
  need(!terms.is_new || records.count(name) == 0, v1::REFUSAL_RECORD_EXISTS);
  const std::vector<Part> parts = PartsOf(service);
  const int first_day = parts.front().day;
  int total = 0;
  for (const Part& part : parts) total += part.minutes;
  const int64_t start_us = service.interval().start_us();
  const int64_t end_us = service.interval().end_us();

  const auto found = activities.find(service.activity_id());
  need(found != activities.end(), v1::REFUSAL_ACTIVITY_UNKNOWN);
  if (found != activities.end()) {
    const Activity& activity = found->second;
    need(activity.state == ActivityState::kOpen || activity.state == ActivityState::kClosed,
         v1::REFUSAL_ACTIVITY_NOT_OPEN);
    need(service.has_interval() ? start_us >= activity.starts_us
                                : first_day >= DayOf(activity.starts_us),
         v1::REFUSAL_SERVICE_BEFORE_ACTIVITY);
    if (activity.ends_us) {
      need(service.has_interval() ? end_us <= *activity.ends_us
                                  : first_day <= DayOf(*activity.ends_us - 1),
           v1::REFUSAL_SERVICE_AFTER_ACTIVITY);
    }
    for (const Part& part : parts) {
      const v1::PublishRule* rule = RuleOf(part.day);
      need(rule == nullptr || RateOf(*rule, activity.category) != nullptr,
           v1::REFUSAL_CATEGORY_UNKNOWN);
    }
  }
  if (service.has_session_id()) {
    const auto session = sessions.find(service.session_id());
    need(session != sessions.end(), v1::REFUSAL_SESSION_UNKNOWN);
    if (session != sessions.end()) {
      const Session& row = session->second;
      need(row.activity == service.activity_id(), v1::REFUSAL_SESSION_NOT_OF_ACTIVITY);
      need(service.has_interval() ? start_us >= row.starts_us && end_us <= row.ends_us
                                  : first_day == row.day,
           v1::REFUSAL_SERVICE_OUTSIDE_SESSION);
    }
  }
  for (const Part& part : parts) {
    need(RuleOf(part.day) != nullptr, v1::REFUSAL_RULE_MISSING);
  }
  need(service.has_interval() ? end_us <= at.now_us : first_day <= at.today,
       v1::REFUSAL_SERVICE_IN_FUTURE);
  if (const v1::PublishRule* rule = RuleOf(first_day)) {
    need(total % static_cast<int>(rule->earning().recording_unit_minutes()) == 0,
         v1::REFUSAL_MINUTES_OFF_UNIT);
    need(terms.any_age ||
             at.today <= first_day + static_cast<int>(rule->earning().backdating_days()),
         v1::REFUSAL_SERVICE_TOO_OLD);
  }

  std::map<int, int> minutes;
  for (const Record* record : ApprovedOf(volunteer, terms.without)) {
    for (const Segment& segment : record->segments) {
      minutes[segment.day] += segment.credited + segment.honorary;
    }
    if (!service.has_interval() || !record->service.has_interval()) continue;
    const v1::ServiceInterval& other = record->service.interval();
    need(start_us >= other.end_us() || other.start_us() >= end_us, v1::REFUSAL_INTERVAL_OVERLAPS);
  }
  for (const Part& part : parts) {
    need(minutes[part.day] + part.minutes <= 1440, v1::REFUSAL_DAY_OVERFULL);
  }
  return reasons;
}

std::vector<Segment> Model::Earn(const Context& at, const v1::ServiceRecord& service,
                                 const std::string& volunteer, const Terms& terms) const {
  // What she was credited with before, under each of the three caps.
  std::map<int, int> by_day;
  std::map<std::pair<int, int>, int> by_month;
  int in_activity = 0;
  for (const Record* record : ApprovedOf(volunteer, terms.without)) {
    for (const Segment& segment : record->segments) {
      by_day[segment.day] += segment.credited;
      by_month[MonthOf(segment.day)] += segment.credited;
      const bool counts = rules[segment.rule - 1].earning().has_credited_minutes_per_activity();
      if (record->award.empty() && counts &&
          record->service.activity_id() == service.activity_id()) {
        in_activity += segment.credited;
      }
    }
  }
  std::vector<Segment> segments;
  for (const Part& part : PartsOf(service)) {
    const v1::PublishRule& rule = *RuleOf(part.day);
    const v1::EarningRule& earning = rule.earning();
    const v1::CategoryRate& rate = *RateOf(rule, activities.at(service.activity_id()).category);
    Segment segment;
    segment.day = part.day;
    segment.rule = static_cast<size_t>(&rule - rules.data()) + 1;
    segment.lot = LotOf(at, rule, part.day);
    int& month = by_month[MonthOf(part.day)];
    // Minute by minute, under each cap that there is.
    for (int minute = 0; minute < part.minutes; ++minute) {
      const bool full = terms.honorary ||
                        by_day[part.day] >= static_cast<int>(earning.credited_minutes_per_day()) ||
                        (earning.has_credited_minutes_per_month() &&
                         month >= static_cast<int>(earning.credited_minutes_per_month())) ||
                        (earning.has_credited_minutes_per_activity() &&
                         in_activity >= static_cast<int>(earning.credited_minutes_per_activity()));
      if (full) {
        ++segment.honorary;
        continue;
      }
      ++segment.credited;
      ++by_day[part.day];
      ++month;
      if (earning.has_credited_minutes_per_activity()) ++in_activity;
      segment.units += int64_t{rate.points_per_hour()} * rate.percentage();
    }
    segments.push_back(segment);
  }
  return segments;
}

std::vector<Segment> Model::EarnAward(const Context& at, const Record& record) const {
  const v1::PublishRule& rule = *RuleOf(record.award_day);
  Segment segment;
  segment.day = record.award_day;
  segment.rule = static_cast<size_t>(&rule - rules.data()) + 1;
  segment.units = record.award_points * kUnitsPerPoint;
  segment.lot = LotOf(at, rule, record.award_day);
  return {segment};
}

}  // namespace meritbook::model
