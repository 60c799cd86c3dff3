// Rules and hours.
#include "tests/cli/audit_rows.h"

namespace meritbook::audit {

std::vector<LogRow> HoursRows() {
  return {
      {"version", I::RULE_VERSION_WRONG,
       [](Log& log) { log.Rule("rule9", kLater, 9, "2021-07-01", 60); }},
      {"rule before another", I::RULE_BACKDATED,
       [](Log& log) { log.Rule("rule4", kLater, 4, "2021-05-31", 60); }},
      {"rate twice", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         auto& rule = NextRule(log);
         *rule.mutable_earning()->add_rates() = rule.earning().rates(0);
       }},
      {"cap", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { NextRule(log).mutable_earning()->set_credited_minutes_per_day(1'441); }},
      {"unit", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { NextRule(log).mutable_earning()->set_recording_unit_minutes(20); }},
      {"no expiry", I::VALUE_OUT_OF_RANGE, [](Log& log) { NextRule(log).clear_expiry(); }},
      {"30 February", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { NextRule(log).set_effective_from_day("2022-02-30"); }},
      {"rule of another day", I::RULE_WRONG,
       [](Log& log) { LastSegment(log).set_rule_version(2); }},
      {"rule not yet in force", I::RULE_WRONG,
       [](Log& log) {
         log["rule2"].mutable_rule_published()->mutable_command()->set_effective_from_day(
             "2021-04-03");
       }},
      {"no rate", I::CATEGORY_WITHOUT_RATE,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "visits", {{"2021-06-05", 60, 0, 3, 12, 100, {}}});
       }},
      {"rate", I::RATE_WRONG, [](Log& log) { LastSegment(log).set_points_per_hour(13); }},
      {"percentage", I::RATE_WRONG, [](Log& log) { LastSegment(log).set_percentage(101); }},
      {"end before start", I::SERVICE_TIMES_WRONG,
       [](Log& log) { Log::Clock(log["c2"], "2021-03-11 02:00", "2021-03-10 22:00"); }},
      {"half a minute", I::SERVICE_TIMES_WRONG,
       [](Log& log) {
         auto* interval = Log::Command(log["c2"]).mutable_interval();
         interval->set_start_us(interval->start_us() + 30'000'000);
         interval->set_end_us(interval->end_us() + 30'000'000);
       }},
      {"no times", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { Log::Command(log["c5"]).clear_service(); }},
      {"no minutes", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { Log::Command(log["c5"]).mutable_duration()->set_minutes(0); }},
      {"not over yet", I::SERVICE_IN_FUTURE,
       [](Log& log) { Log::Clock(log["c2"], "2021-03-11 06:01", "2021-03-11 10:01"); }},
      {"tomorrow", I::SERVICE_IN_FUTURE,
       [](Log& log) { Log::Command(log["c5"]).mutable_duration()->set_service_day("2021-06-04"); }},
      {"31 days ago", I::SERVICE_TOO_OLD,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing",
                    {{"2021-05-10", 60, 0, 2, 10, 100, "2022-01-31"}});
       }},
      {"before the activity", I::SERVICE_OUTSIDE_ACTIVITY,
       [](Log& log) { Crossing(log).set_starts_us(At("2021-03-05 09:01")); }},
      {"after the activity", I::SERVICE_OUTSIDE_ACTIVITY,
       [](Log& log) { Crossing(log).set_ends_us(At("2021-06-01 23:59")); }},
      {"on the day that the activity ends with", I::SERVICE_OUTSIDE_ACTIVITY,
       [](Log& log) { Crossing(log).set_ends_us(At("2021-06-02 00:00")); }},
      {"after the session", I::SERVICE_OUTSIDE_SESSION,
       [](Log& log) {
         log["morning"].mutable_session_registered()->mutable_command()->set_ends_us(
             At("2021-03-05 10:59"));
       }},
      {"not on the session's day", I::SERVICE_OUTSIDE_SESSION,
       [](Log& log) {
         auto* duration = Log::Command(log["c1"]).mutable_duration();
         duration->set_service_day("2021-03-04");
         duration->set_minutes(120);
       }},
      {"another activity's session", I::SESSION_OF_OTHER_ACTIVITY,
       [](Log& log) { Log::Command(log["c1"]).set_activity_id("visits"); }},
      {"20 minutes", I::MINUTES_OFF_UNIT,
       [](Log& log) { Log::Clock(log["c3"], "2021-03-12 09:00", "2021-03-12 09:20"); }},
      {"no segment", I::SEGMENTS_WRONG,
       [](Log& log) { log["c5"].mutable_hours_credited()->mutable_credit()->clear_segments(); }},
      {"a segment more", I::SEGMENTS_WRONG,
       [](Log& log) {
         *log["c5"].mutable_hours_credited()->mutable_credit()->add_segments() = LastSegment(log);
       }},
      {"another day", I::SEGMENTS_WRONG,
       [](Log& log) { LastSegment(log).set_service_day_number(Day("2021-06-01")); }},
      {"a minute more", I::SEGMENTS_WRONG,
       [](Log& log) { LastSegment(log).set_honorary_minutes(1); }},
      {"split at another hour", I::SEGMENTS_WRONG,
       [](Log& log) { Log::Clock(log["c2"], "2021-03-10 21:00", "2021-03-11 01:00"); }},
      {"25 hours a day", I::DAY_OVERFULL,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-02", 0, 1'395, 3, 12, 100, {}}});
       }},
      {"above the cap", I::CAP_WRONG,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-05", 75, 0, 3, 12, 100, {}}});
       }},
      {"below the cap", I::CAP_WRONG,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-05", 30, 30, 3, 12, 100, {}}});
       }},
      {"cap used up before", I::CAP_WRONG,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-02", 15, 0, 3, 12, 100, {}}});
       }},
      {"a unit more", I::UNITS_WRONG, [](Log& log) { LastSegment(log).set_units(72'001); }},
      {"units beyond counting", I::UNITS_WRONG,
       [](Log& log) { LastSegment(log).set_units(INT64_MAX); }},
      {"lapses after all", I::EXPIRY_WRONG,
       [](Log& log) { LastSegment(log).set_expiry_day_number(Day("2022-06-30")); }},
      {"never lapses", I::EXPIRY_WRONG,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-05-20", 60, 0, 2, 10, 100, {}}});
       }},
      {"in two places", I::INTERVALS_OVERLAP,
       [](Log& log) {
         Log::Clock(
             log.Credit("c6", kLater, "an", "crossing", {{"2021-06-05", 60, 0, 3, 12, 100, {}}}),
             "2021-06-05 09:00", "2021-06-05 10:00");
         Log::Clock(
             log.Credit("c7", kLater, "an", "crossing", {{"2021-06-05", 0, 60, 3, 12, 100, {}}}),
             "2021-06-05 09:45", "2021-06-05 10:45");
       }},
  };
}

}  // namespace meritbook::audit
