// What a record comes to: the rule of the day of service governs.
#include <algorithm>
#include <string>

#include "ledger/deciding.h"
#include "ledger/flow.h"
#include "ledger/limits.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

std::string_view TimeField(const Record& record) {
  return record.start_minute != 0 ? "interval" : "duration";
}

int64_t StartUs(const Record& record) { return int64_t{record.start_minute} * kMicrosPerMinute; }
int64_t EndUs(const Record& record) {
  return StartUs(record) + int64_t{record.minutes} * kMicrosPerMinute;
}

// Not later than now, not longer ago than the rule's window.
MaybeRefused CheckWindow(const Deciding& d, const Record& record, const Rule& rule,
                         const Assessment& how, const Where& where) {
  const bool future = record.start_minute != 0 ? EndUs(record) > d.now_us : record.day > d.today;
  if (future) {
    return Refuse(v1::REFUSAL_SERVICE_IN_FUTURE, where.Path(TimeField(record)),
                  "the service ends after it is recorded");
  }
  const uint32_t days_max = rule.earning().backdating_days();
  if (how.check_window && int64_t{d.today} - record.day > days_max) {
    Refused refused =
        Refuse(v1::REFUSAL_SERVICE_TOO_OLD, where.Path(TimeField(record)),
               Text("the service is ", d.today - record.day, " days old, more than ", days_max));
    refused.metadata.emplace_back("backdating_days", Text(days_max));
    return refused;
  }
  return std::nullopt;
}

// Of an activity that takes records, and within its life.
MaybeRefused CheckActivity(const Deciding& d, const Record& record, const Activity& activity,
                           const Where& where) {
  const Calendar& calendar = d.state.calendar();
  if (activity.state != ActivityState::kOpen && activity.state != ActivityState::kClosed) {
    return Refuse(v1::REFUSAL_ACTIVITY_NOT_OPEN, where.Path("activity_id"),
                  Text("activity ", activity.id, " takes no records"));
  }
  const bool before = record.start_minute != 0 ? StartUs(record) < activity.starts_us
                                               : record.day < calendar.DayOf(activity.starts_us);
  if (before) {
    return Refuse(v1::REFUSAL_SERVICE_BEFORE_ACTIVITY, where.Path(TimeField(record)),
                  Text("activity ", activity.id, " began later"));
  }
  const bool after = activity.ends_us && (record.start_minute != 0
                                              ? EndUs(record) > *activity.ends_us
                                              : record.day > calendar.DayOf(*activity.ends_us - 1));
  if (after) {
    return Refuse(v1::REFUSAL_SERVICE_AFTER_ACTIVITY, where.Path(TimeField(record)),
                  Text("activity ", activity.id, " ended before"));
  }
  return std::nullopt;
}

// At the session's time, for clock times; on its day, for a mere duration.
MaybeRefused CheckSession(const Record& record, const Session& session, const Where& where) {
  const bool within = record.start_minute != 0
                          ? StartUs(record) >= session.starts_us && EndUs(record) <= session.ends_us
                          : record.day == session.day;
  if (within) return std::nullopt;
  return Refuse(v1::REFUSAL_SERVICE_OUTSIDE_SESSION, where.Path(TimeField(record)),
                Text("not within the times of session ", session.id));
}

MaybeRefused CheckTaken(const Volunteer& volunteer, const Record& record, const Parts& parts,
                        const Where& where) {
  for (const DayPart& part : parts) {
    const DayMinutes served = MinutesOn(volunteer, part.day);
    if (served.credited + served.honorary + part.minutes > kMinutesPerDay) {
      return Refuse(v1::REFUSAL_DAY_OVERFULL, where.Path(TimeField(record)),
                    Text("more than ", kMinutesPerDay, " minutes on ", FormatDay(part.day)));
    }
  }
  if (record.start_minute != 0 && Overlaps(volunteer, IntervalOf(record))) {
    return Refuse(v1::REFUSAL_INTERVAL_OVERLAPS, where.Path("interval"),
                  Text("volunteer ", volunteer.id, " served elsewhere at that time"));
  }
  return std::nullopt;
}

// Minutes that a part may still earn points for, under every cap of its rule. `earlier` are the
// record's own parts so far.
int Room(const std::vector<Rule>& rules, const Volunteer& volunteer, const Record& record,
         const Rule& rule, DayNumber day, const Segments& earlier) {
  const v1::EarningRule& earning = rule.earning();
  int64_t room =
      int64_t{earning.credited_minutes_per_day()} - int64_t{MinutesOn(volunteer, day).credited};
  if (earning.has_credited_minutes_per_month()) {
    int64_t used = CreditedInMonth(volunteer, day);
    for (const Segment& segment : earlier) {
      if (MonthStart(segment.day) == MonthStart(day)) used += segment.credited;
    }
    room = std::min(room, int64_t{earning.credited_minutes_per_month()} - used);
  }
  if (earning.has_credited_minutes_per_activity()) {
    int64_t used = CreditedInActivity(volunteer, record.activity);
    for (const Segment& segment : earlier) {
      // As it will be counted: under rules that have this cap.
      const Rule& pinned = rules[segment.rule_version - 1];
      if (pinned.earning().has_credited_minutes_per_activity()) used += segment.credited;
    }
    room = std::min(room, int64_t{earning.credited_minutes_per_activity()} - used);
  }
  return static_cast<int>(std::max(int64_t{0}, room));
}

std::variant<Segments, Refused> AssessAward(const Deciding& d, const Volunteer& volunteer,
                                            const Record& record, const Assessment& how,
                                            const Where& where) {
  const Rule* rule = RuleOn(d.state.ledger().rules, record.day);
  if (rule == nullptr) {
    return Refuse(v1::REFUSAL_RULE_MISSING, where.Path("award_day"),
                  Text("no rule is in force on ", FormatDay(record.day)));
  }
  const v1::AwardRate* award = rule->FindAward(record.award);
  if (award == nullptr) {
    return Refuse(v1::REFUSAL_AWARD_UNKNOWN, where.Path("award"),
                  Text("rule ", rule->version, " has no award ", record.award));
  }
  if (record.award_points > award->points_max()) {
    Refused refused = Refuse(v1::REFUSAL_AWARD_TOO_LARGE, where.Path("points"),
                             Text("at most ", award->points_max(), " points for ", record.award));
    refused.metadata.emplace_back("points_max", Text(award->points_max()));
    return refused;
  }
  if (record.day > d.today) {
    return Refuse(v1::REFUSAL_SERVICE_IN_FUTURE, where.Path("award_day"), "that day is not over");
  }
  const uint32_t days_max = rule->earning().backdating_days();
  if (how.check_window && int64_t{d.today} - record.day > days_max) {
    return Refuse(v1::REFUSAL_SERVICE_TOO_OLD, where.Path("award_day"),
                  Text("more than ", days_max, " days ago"));
  }
  if (TimesAwarded(volunteer, record.award, YearOf(record.day)) >= award->times_per_year()) {
    return Refuse(v1::REFUSAL_AWARD_CAP_REACHED, where.Path("award"),
                  Text("at most ", award->times_per_year(), " times a year"));
  }
  Segment segment;
  segment.day = record.day;
  segment.rule_version = rule->version;
  segment.units = int64_t{record.award_points} * kUnitsPerPoint;
  segment.lot = LotToday(d.state, {rule->ExpiryOf(record.day, d.today), false}, d.today);
  if (!CanIssue(d.state, segment.units)) return CannotIssue(where.Path("points"));
  return Segments{segment};
}

}  // namespace

std::variant<Record, Refused> FindService(const Deciding& d, const v1::ServiceRecord& service,
                                          const Where& where) {
  const State& state = d.state;
  Record record;
  const auto volunteer = FindVolunteer(state, service.volunteer_id(), std::string());
  if (const auto* refused = std::get_if<Refused>(&volunteer)) {
    Refused named = *refused;
    named.field = where.Path("volunteer_id");
    return named;
  }
  record.volunteer = std::get<uint32_t>(volunteer);
  const auto activity = state.activities().IndexOf(service.activity_id());
  if (!activity) {
    return Refused{v1::REFUSAL_ACTIVITY_UNKNOWN,
                   where.Path("activity_id"),
                   Text("there is no activity_id ", service.activity_id()),
                   {{"activity_id", service.activity_id()}}};
  }
  record.activity = *activity;
  if (service.has_session_id()) {
    const auto session = state.sessions().IndexOf(service.session_id());
    if (!session) {
      return Refused{v1::REFUSAL_SESSION_UNKNOWN,
                     where.Path("session_id"),
                     Text("there is no session_id ", service.session_id()),
                     {{"session_id", service.session_id()}}};
    }
    record.session = *session;
    if (state.sessions()[*session].activity != *activity) {
      return Refuse(v1::REFUSAL_SESSION_NOT_OF_ACTIVITY, where.Path("session_id"),
                    Text("session ", service.session_id(), " belongs to another activity"));
    }
  }
  SetService(service, state.calendar(), record);
  return record;
}

std::variant<Segments, Refused> Assess(const Deciding& d, const Volunteer& volunteer,
                                       const Record& record, const Assessment& how,
                                       const Where& where) {
  if (record.is_award()) return AssessAward(d, volunteer, record, how, where);
  const State& state = d.state;
  const Activity& activity = state.activities()[record.activity];
  const Parts parts = PartsOf(record, state.calendar());
  absl::InlinedVector<const Rule*, 2> rules;
  for (const DayPart& part : parts) {
    const Rule* rule = RuleOn(state.ledger().rules, part.day);
    if (rule == nullptr) {
      return Refuse(v1::REFUSAL_RULE_MISSING, where.Path(TimeField(record)),
                    Text("no rule is in force on ", FormatDay(part.day)));
    }
    if (!rule->rates.contains(activity.category)) {
      Refused refused =
          Refuse(v1::REFUSAL_CATEGORY_UNKNOWN, where.Path("activity_id"),
                 Text("rule ", rule->version, " has no rate for ", activity.category));
      refused.metadata.emplace_back("category", activity.category);
      return refused;
    }
    rules.push_back(rule);
  }
  const uint32_t unit = rules.front()->earning().recording_unit_minutes();
  if (record.minutes % unit != 0) {
    Refused refused = Refuse(v1::REFUSAL_MINUTES_OFF_UNIT, where.Path(TimeField(record)),
                             Text(record.minutes, " minutes are no multiple of ", unit));
    refused.metadata.emplace_back("recording_unit_minutes", Text(unit));
    return refused;
  }
  if (auto refused = CheckWindow(d, record, *rules.front(), how, where)) return *std::move(refused);
  if (auto refused = CheckActivity(d, record, activity, where)) return *std::move(refused);
  if (record.session != kNoIndex) {
    if (auto refused = CheckSession(record, state.sessions()[record.session], where)) {
      return *std::move(refused);
    }
  }
  if (auto refused = CheckTaken(volunteer, record, parts, where)) return *std::move(refused);

  Segments segments;
  int64_t units = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const Rule& rule = *rules[i];
    const Rate& rate = rule.rates.find(activity.category)->second;
    const int room = how.honorary_only ? 0
                                       : Room(state.ledger().rules, volunteer, record, rule,
                                              parts[i].day, segments);
    const int earning = std::min(parts[i].minutes, room);
    Segment segment;
    segment.day = parts[i].day;
    segment.credited = static_cast<uint16_t>(earning);
    segment.honorary = static_cast<uint16_t>(parts[i].minutes - earning);
    segment.rule_version = rule.version;
    segment.units = rate.UnitsFor(earning);
    segment.lot = LotToday(state, {rule.ExpiryOf(parts[i].day, d.today), false}, d.today);
    segments.push_back(segment);
    units += segment.units;
  }
  if (!CanIssue(state, units)) return CannotIssue(where.Path(TimeField(record)));
  return segments;
}

DayNumber MaturesOn(const Deciding& d, const Segments& segments) {
  const Rule& rule = d.state.ledger().rules[segments.front().rule_version - 1];
  return d.today + static_cast<DayNumber>(rule.earning().maturity_days());
}

void FillSegments(const Deciding& d, const Record& record, const Segments& segments,
                  v1::Credit* credit) {
  for (const Segment& segment : segments) {
    v1::CreditSegment* out = credit->add_segments();
    out->set_service_day_number(segment.day);
    out->set_credited_minutes(segment.credited);
    out->set_honorary_minutes(segment.honorary);
    out->set_rule_version(segment.rule_version);
    out->set_units(segment.units);
    if (segment.lot.expiry != kNeverExpires) out->set_expiry_day_number(segment.lot.expiry);
    out->set_graced(segment.lot.graced);
    if (record.is_award()) continue;
    const Rule& rule = d.state.ledger().rules[segment.rule_version - 1];
    const Rate& rate = rule.rates.find(d.state.activities()[record.activity].category)->second;
    out->set_points_per_hour(rate.points_per_hour);
    out->set_percentage(rate.percentage);
  }
}

void FillCredit(const Deciding& d, const Volunteer& volunteer, const Record& record,
                const Segments& segments, v1::Credit* credit) {
  FillSegments(d, record, segments, credit);
  std::vector<Lot> lots;
  for (const Segment& segment : segments) AddToLots(lots, segment.lot, segment.units);
  if (lots.empty()) return;
  if (volunteer.closed) {
    FillInflow(volunteer, std::move(lots), credit->mutable_inflow());
  } else if (const DayNumber matures = MaturesOn(d, segments); matures > d.today) {
    credit->set_matures_day_number(matures);
  } else if (volunteer.debt_units < 0) {
    FillInflow(volunteer, std::move(lots), credit->mutable_inflow());
  }
}

}  // namespace meritbook
