// One log with an event of every kind, at 1,000 units a minute.
#include "tests/cli/audit_log.h"

namespace meritbook::audit {
namespace {

// One segment under rule 1, which lapses with April, in the plain form of most of these records.
std::string Segment1(const std::string& day, const std::string& minutes) {
  return "segments { service_day_number: D(" + day + ") credited_minutes: " + minutes +
         " rule_version: 1 points_per_hour: 10 percentage: 100 units: " + minutes +
         "000 expiry_day_number: D(2021-04-30) }";
}

// Under rule 2, by which points lapse with January.
std::string Segment2(const std::string& day, const std::string& minutes) {
  return "segments { service_day_number: D(" + day + ") credited_minutes: " + minutes +
         " rule_version: 2 points_per_hour: 10 percentage: 100 units: " + minutes +
         "000 expiry_day_number: D(2022-01-31) }";
}

std::string Lot(const std::string& day, const std::string& units) {
  return " { expiry_day_number: D(" + day + ") units: " + units + " } ";
}

std::string RecordText(const std::string& id, const std::string& volunteer,
                       const std::string& activity, const std::string& start,
                       const std::string& end) {
  return " { record_id: '" + id + "' volunteer_id: '" + volunteer + "' activity_id: '" + activity +
         "' interval { start_us: T(" + start + ") end_us: T(" + end + ") } } ";
}

std::string Duration(const std::string& id, const std::string& volunteer, const std::string& day,
                     const std::string& minutes) {
  return " { record_id: '" + id + "' volunteer_id: '" + volunteer +
         "' activity_id: 'project' duration { service_day: '" + day + "' minutes: " + minutes +
         " } } ";
}

std::string Ref(const std::string& id) {
  return " record { source: 'platform' record_id: '" + id + "' } reason_code: 'why' ";
}

constexpr char kRates[] =
    "rates { category: 'courtesy' points_per_hour: 10 percentage: 100 } recording_unit_minutes: 15 "
    "credited_minutes_per_day: 480 backdating_days: 30 auto_minutes_per_day: 240 ";
constexpr char kHash[] = "file_sha256: '01234567890123456789012345678901' ";

void Found(Log& log) {
  log.Text("ledger", "2021-03-01 08:00", "operator", "",
           "ledger_created { ledger_id: 'county' time_zone: 'Asia/Shanghai' "
           "command { migrating: true } }");
  log.Text(
      "rule1", "2021-03-01 08:01", "operator", "",
      "rule_published { rule_version: 1 command { effective_from_day: '2021-01-01' earning { " +
          std::string(kRates) +
          "credited_minutes_per_month: 600 credited_minutes_per_activity: 900 "
          "backfill_earns: true awards { award: 'blood' points_max: 50 times_per_year: 1 } } "
          "expiry { rolling_months: 1 grace_days: 10 } review { late_submission_days: 5 "
          "revocation_points_max: 15 late_correction_days: 20 } } }");
  log.Principal("backend", "2021-03-01 08:02", v1::ROLE_PLATFORM);
  log.Principal("clerk", "2021-03-01 08:03", v1::ROLE_COMMITTEE);
  log.Principal("chair", "2021-03-01 08:04", v1::ROLE_COMMITTEE);
  for (const std::string id : {"community", "redcross"}) {
    log.Text(id, "2021-03-01 08:05", "backend", "",
             "organisation_registered { command { organisation_id: '" + id + "' kind: " +
                 (id == "redcross" ? "ORGANISATION_KIND_CAUSE" : "ORGANISATION_KIND_COMMUNITY") +
                 " } }");
  }
  log.Text("roster", "2021-03-01 08:06", "backend", "",
           "roster_set { command { organisation_id: 'community' headcount: 12 } }");
  for (const std::string id : {"an", "bo", "cy", "di"}) log.Volunteer(id, "2021-03-01 08:07");
  log.Principal("anself", "2021-03-01 08:08", v1::ROLE_PLATFORM)
      .mutable_principal_registered()
      ->mutable_command()
      ->set_volunteer_id("an");
  for (const std::string id : {"crossing", "fair"}) {
    log.Activity(id, "2021-03-01 08:09", "courtesy")
        .mutable_activity_registered()
        ->mutable_command()
        ->set_capacity(1);
  }
  for (const std::string id : {"project", "doomed"}) {
    log.Text(id, "2021-03-01 08:10", "backend", "",
             "activity_submitted { command { activity_id: '" + id +
                 "' organisation_id: 'community' category: 'courtesy' "
                 "starts_us: T(2021-01-01 00:00) } }");
    log.Text(id + "-seen", "2021-03-01 08:10", "clerk", "",
             "activity_reviewed { command { activity_id: '" + id +
                 "' verdict: " + (id == "project" ? "VERDICT_APPROVE" : "VERDICT_REJECT") +
                 " reason_code: 'why' } }");
  }
  log.Text("morning", "2021-03-01 08:12", "backend", "",
           "session_registered { command { session_id: 'morning' activity_id: 'project' "
           "service_day: '2021-03-06' starts_us: T(2021-03-06 08:00) "
           "ends_us: T(2021-03-06 14:00) } }");
  log.Merchant("shop", "2021-03-01 08:13");
  log.Principal("till", "2021-03-01 08:14", v1::ROLE_MERCHANT);
  log.Item("bread", "2021-03-01 08:15", "shop", 10);
}

void BringIn(Log& log) {
  const std::string an =
      " { volunteer_id: 'an' lots { expiry_day: '2021-05-31' units: 30000 } lots { units: 6000 } "
      "credited_minutes: 120 } ";
  const std::string bo = " { volunteer_id: 'bo' honorary_minutes: 15 } ";
  log.Text("p-open", "2021-03-01 08:40", "backend", "",
           "change_proposed { command { proposal_id: 'p-open' load_opening_balances { " +
               std::string(kHash) + "part: 1 parts: 1 balances" + an + "balances" + bo + "} } }");
  log.Text("ok-open", "2021-03-01 08:41", "clerk", "",
           "change_approved { command { proposal_id: 'p-open' } proposed_by: 'backend' }");
  log.Next("open-an", "ok-open", "an",
           "opening_balance_loaded { balance" + an + kHash + "inflow { lots" +
               Lot("2021-05-31", "30000") + "lots { units: 6000 } } }");
  log.Next("open-bo", "ok-open", "bo", "opening_balance_loaded { balance" + bo + kHash + "}");
  log.Finish("finish", "2021-03-01 08:50");
}

void Submit(Log& log) {
  log.Text("s1", "2021-03-05 12:00", "backend", "an",
           "hours_submitted { command { record" +
               RecordText("s1", "an", "project", "2021-03-05 09:00", "2021-03-05 10:00") +
               "} credit { " + Segment1("2021-03-05", "60") + " } }")
      .set_occurred_us(At("2021-03-05 09:00"));
  log.Text("sheet", "2021-03-06 20:00", "backend", "",
           "attendance_recorded { command { activity_id: 'project' session_id: 'morning' "
           "start_us: T(2021-03-06 09:00) end_us: T(2021-03-06 10:00) "
           "attendees { record_id: 'a-bo' volunteer_id: 'bo' } "
           "attendees { record_id: 'a-cy' volunteer_id: 'cy' end_us: T(2021-03-06 13:15) } } "
           "credited_count: 1 }");
  log.Next("a-bo", "sheet", "bo",
           "hours_submitted { command { record { record_id: 'a-bo' volunteer_id: 'bo' "
           "activity_id: 'project' session_id: 'morning' interval { start_us: T(2021-03-06 09:00) "
           "end_us: T(2021-03-06 10:00) } } } credit { " +
               Segment1("2021-03-06", "60") + " } }")
      .set_occurred_us(At("2021-03-06 09:00"));
  log.Next("a-cy", "sheet", "cy",
           "hours_submitted { command { record { record_id: 'a-cy' volunteer_id: 'cy' "
           "activity_id: 'project' session_id: 'morning' interval { start_us: T(2021-03-06 09:00) "
           "end_us: T(2021-03-06 13:15) } } } wait_reasons: WAIT_REASON_ABOVE_AUTO_MINUTES }")
      .set_occurred_us(At("2021-03-06 09:00"));
  log.Text("cy-ok", "2021-03-07 10:00", "clerk", "cy",
           "hours_reviewed { command { " + Ref("a-cy") +
               " verdict: VERDICT_APPROVE } volunteer_id: 'cy' credit { " +
               Segment1("2021-03-06", "255") + " } }");
  log.Text("s2", "2021-03-08 10:00", "backend", "bo",
           "hours_submitted { command { record" + Duration("s2", "bo", "2021-03-01", "30") +
               "} wait_reasons: WAIT_REASON_LATE }")
      .set_occurred_us(At("2021-03-01 00:00"));
  log.Text("s2-no", "2021-03-08 11:00", "clerk", "bo",
           "hours_reviewed { command { " + Ref("s2") +
               " verdict: VERDICT_REJECT } volunteer_id: 'bo' }");
  log.Text("s2-dispute", "2021-03-08 12:00", "backend", "bo",
           "hours_disputed { command { " + Ref("s2") + " } volunteer_id: 'bo' }");
  log.Text("s2-ok", "2021-03-08 13:00", "clerk", "bo",
           "hours_reviewed { command { " + Ref("s2") +
               " verdict: VERDICT_APPROVE } volunteer_id: 'bo' credit { " +
               Segment1("2021-03-01", "30") + " } }");
  log.Text("s3", "2021-03-09 12:00", "backend", "an",
           "hours_submitted { command { record" +
               RecordText("s3", "an", "crossing", "2021-03-09 09:00", "2021-03-09 09:30") +
               "} credit { " + Segment1("2021-03-09", "30") + " } }")
      .set_occurred_us(At("2021-03-09 09:00"));
  log.Text("s4", "2021-03-09 13:00", "backend", "bo",
           "hours_submitted { command { record" +
               RecordText("s4", "bo", "crossing", "2021-03-09 09:00", "2021-03-09 09:30") +
               "} wait_reasons: WAIT_REASON_OVER_CAPACITY }")
      .set_occurred_us(At("2021-03-09 09:00"));
  log.Text("s5", "2021-03-10 12:00", "anself", "an",
           "hours_submitted { command { record" +
               RecordText("s5", "an", "project", "2021-03-10 09:00", "2021-03-10 09:15") +
               "} wait_reasons: WAIT_REASON_OWN_HOURS }")
      .set_occurred_us(At("2021-03-10 09:00"));
  log.Text("b1", "2021-03-11 09:00", "backend", "an",
           "hours_backfilled { command { record" + Duration("b1", "an", "2021-01-10", "60") +
               "} wait_reasons: WAIT_REASON_BACKFILLED }")
      .set_occurred_us(At("2021-01-10 00:00"));
  // They had lapsed with February; their grace is over, too.
  log.Text("b1-ok", "2021-03-11 10:00", "clerk", "an",
           "hours_reviewed { command { " + Ref("b1") +
               " verdict: VERDICT_APPROVE } volunteer_id: 'an' credit { segments { "
               "service_day_number: D(2021-01-10) credited_minutes: 60 rule_version: 1 "
               "points_per_hour: 10 percentage: 100 units: 60000 "
               "expiry_day_number: D(2021-03-10) graced: true } } }");
  log.Text("b1-lapse", "2021-03-11 10:00", "", "an",
           "points_expired { volunteer_id: 'an' lots { expiry_day_number: D(2021-03-10) "
           "units: 60000 graced: true } }")
      .set_occurred_us(At("2021-03-11 00:00"));
  log.Text("w1", "2021-03-11 11:00", "backend", "di",
           "award_submitted { command { record_id: 'w1' volunteer_id: 'di' award: 'blood' "
           "award_day: '2021-03-10' points: 50 } }")
      .set_occurred_us(At("2021-03-10 00:00"));
  log.Text("w1-ok", "2021-03-11 12:00", "clerk", "di",
           "hours_reviewed { command { " + Ref("w1") +
               " verdict: VERDICT_APPROVE } volunteer_id: 'di' credit { segments { "
               "service_day_number: D(2021-03-10) rule_version: 1 units: 300000 "
               "expiry_day_number: D(2021-04-30) } } }");
}

void Correct(Log& log) {
  log.Text("down", "2021-03-12 10:00", "backend", "an",
           "hours_corrected { command { " + Ref("s1") + "replacement" +
               RecordText("s1b", "an", "project", "2021-03-05 09:00", "2021-03-05 09:45") +
               "} volunteer_id: 'an' claw_back { available" + Lot("2021-04-30", "60000") +
               "} returned { available" + Lot("2021-04-30", "45000") + "} credit { " +
               Segment1("2021-03-05", "45") + " } }")
      .set_occurred_us(At("2021-03-05 09:00"));
  log.Text("up", "2021-03-12 11:00", "backend", "bo",
           "hours_corrected { command { " + Ref("s2") + "replacement" +
               Duration("s2b", "bo", "2021-03-01", "60") +
               "} volunteer_id: 'bo' claw_back { available" + Lot("2021-04-30", "30000") +
               "} returned { available" + Lot("2021-04-30", "30000") + "} credit { " +
               Segment1("2021-03-01", "60") + " inflow { lots" + Lot("2021-04-30", "30000") +
               "} } }")
      .set_occurred_us(At("2021-03-01 00:00"));
  log.Text("buy", "2021-03-13 10:00", "till", "bo",
           "order_redeemed { command { order_id: 'buy' volunteer_id: 'bo' merchant_id: 'shop' "
           "lines { item_id: 'bread' quantity: 2 } } "
           "lines { item_id: 'bread' quantity: 2 price_points: 10 } units: 120000 lots" +
               Lot("2021-04-30", "120000") + "volunteer_id: 'bo' }");
  log.Text("owe", "2021-03-13 11:00", "backend", "bo",
           "hours_revoked { command { " + Ref("a-bo") +
               "} volunteer_id: 'bo' claw_back { debt_units: 60000 } }");
  log.Text("c1", "2021-03-13 15:00", "backend", "bo",
           "hours_credited { command { record" +
               RecordText("c1", "bo", "project", "2021-03-13 09:00", "2021-03-13 10:30") +
               "} credit { " + Segment1("2021-03-13", "90") +
               " inflow { debt_repaid_units: 60000 lots" + Lot("2021-04-30", "30000") + "} } }")
      .set_occurred_us(At("2021-03-13 09:00"));
  log.Text("refund", "2021-03-14 10:00", "till", "bo",
           "order_refunded { command { order_id: 'buy' lines { item_id: 'bread' quantity: 1 } "
           "reason_code: 'stale' } volunteer_id: 'bo' merchant_id: 'shop' "
           "lines { item_id: 'bread' quantity: 1 price_points: 10 } units: 60000 lots" +
               Lot("2021-04-30", "60000") + "inflow { lots" + Lot("2021-04-30", "60000") +
               "} order { scope: REQUEST_SCOPE_MERCHANT owner: 'shop' order_id: 'buy' } }");
}

// A change that one proposes and another approves, with its one effect.
void Change(Log& log, const std::string& name, const std::string& day, const std::string& proposer,
            const std::string& change, const std::string& volunteers, const std::string& effect) {
  log.Text("p-" + name, day + " 17:00", proposer, "",
           "change_proposed { command { proposal_id: 'p-" + name + "' " + change + " } }");
  log.Text("ok-" + name, day + " 17:10", "chair", "",
           "change_approved { command { proposal_id: 'p-" + name + "' } proposed_by: '" + proposer +
               "' }");
  log.Next(name, "ok-" + name, volunteers, effect);
}

void TwoPeople(Log& log) {
  const std::string revocation = "{ " + Ref("a-cy") + "}";
  Change(log, "rev", "2021-03-14", "backend", "revoke_hours " + revocation, "cy",
         "hours_revoked { command " + revocation + " volunteer_id: 'cy' claw_back { available" +
             Lot("2021-04-30", "255000") + "} }");
  const std::string more =
      "{ volunteer_id: 'di' units: 6000 expiry_day: '2021-12-31' reason_code: 'why' }";
  Change(
      log, "more", "2021-03-15", "clerk", "adjust_points " + more, "di",
      "points_adjusted { command " + more + " inflow { lots" + Lot("2021-12-31", "6000") + "} }");
  const std::string less = "{ volunteer_id: 'di' units: -6000 reason_code: 'why' }";
  Change(log, "less", "2021-03-16", "clerk", "adjust_points " + less, "di",
         "points_adjusted { command " + less + " taken" + Lot("2021-04-30", "6000") + "}");
  log.Text("give", "2021-03-17 10:00", "backend", "di",
           "points_donated { command { volunteer_id: 'di' cause_id: 'redcross' points: 5 } "
           "units: 30000 lots" +
               Lot("2021-04-30", "30000") + "}");
  log.Text("p-no", "2021-03-17 11:00", "clerk", "",
           "change_proposed { command { proposal_id: 'p-no' adjust_points { volunteer_id: 'di' "
           "units: 1 reason_code: 'why' } } }");
  log.Text("no", "2021-03-17 12:00", "clerk", "",
           "change_rejected { command { proposal_id: 'p-no' reason_code: 'why' } }");
  log.Text("freeze", "2021-03-17 13:00", "clerk", "an",
           "volunteer_frozen { command { volunteer_id: 'an' reason_code: 'why' } }");
  log.Text("thaw", "2021-03-17 14:00", "clerk", "an",
           "volunteer_unfrozen { command { volunteer_id: 'an' reason_code: 'why' } }");
}

void Mature(Log& log) {
  log.Text(
      "rule2", "2021-03-20 10:00", "operator", "",
      "rule_published { rule_version: 2 command { effective_from_day: '2021-04-01' earning { " +
          std::string(kRates) +
          "maturity_days: 7 } expiry { year_end_grace_days: 31 from_crediting: true "
          "grace_days: 5 } } }");
  log.Text("c2", "2021-04-02 15:00", "backend", "an",
           "hours_credited { command { record" +
               RecordText("c2", "an", "project", "2021-04-02 09:00", "2021-04-02 10:00") +
               "} credit { " + Segment2("2021-04-02", "60") +
               " matures_day_number: D(2021-04-09) } }")
      .set_occurred_us(At("2021-04-02 09:00"));
  log.Text("c2-cy", "2021-04-02 15:10", "backend", "cy",
           "hours_credited { command { record" +
               RecordText("c2-cy", "cy", "project", "2021-04-02 13:00", "2021-04-02 14:00") +
               "} credit { " + Segment2("2021-04-02", "60") +
               " matures_day_number: D(2021-04-09) } }")
      .set_occurred_us(At("2021-04-02 13:00"));
  const std::string pending =
      "pending { matures_day_number: D(2021-04-09) lot" + Lot("2022-01-31", "60000") + "} ";
  log.Text("grow", "2021-04-03 10:00", "backend", "an",
           "hours_corrected { command { " + Ref("c2") + "replacement" +
               RecordText("c2b", "an", "project", "2021-04-02 09:00", "2021-04-02 10:30") +
               "} volunteer_id: 'an' claw_back { " + pending + "} returned { " + pending +
               "} credit { " + Segment2("2021-04-02", "90") +
               " matures_day_number: D(2021-04-10) inflow { lots" + Lot("2022-01-31", "30000") +
               "} } }")
      .set_occurred_us(At("2021-04-02 09:00"));
  const auto matured = [&](const std::string& label, const std::string& volunteer,
                           const std::string& day, const std::string& units) {
    log.Text(label, "2021-04-12 09:00", "", volunteer,
             "points_matured { volunteer_id: '" + volunteer + "' matures_day_number: D(" + day +
                 ") pending" + Lot("2022-01-31", units) + "inflow { lots" +
                 Lot("2022-01-31", units) + "} }")
        .set_occurred_us(At(day + " 00:00"));
  };
  matured("m1", "an", "2021-04-09", "60000");
  matured("m2", "an", "2021-04-10", "30000");
  matured("m-cy", "cy", "2021-04-09", "60000");
  Change(log, "merge", "2021-04-12", "backend",
         "merge_volunteers { volunteer_id: 'cy' survivor_id: 'an' }", "cy an",
         "volunteers_merged { command { volunteer_id: 'cy' survivor_id: 'an' } "
         "available_units: 60000 }");
}

void End(Log& log) {
  log.Text("lapse-an", "2021-05-01 00:10", "", "an",
           "points_expired { volunteer_id: 'an' lots" + Lot("2021-04-30", "75000") + "}")
      .set_occurred_us(At("2021-05-01 00:00"));
  const std::string back =
      "{ volunteer_id: 'an' lapsed_day: '2021-04-30' units: 5000 expiry_day: '2021-07-31' "
      "reason_code: 'why' }";
  Change(log, "back", "2021-05-02", "clerk", "reinstate_points " + back, "an",
         "points_reinstated { command " + back +
             " inflow { lots { expiry_day_number: D(2021-07-31) units: 5000 graced: true } } }");
  log.Text("lapse-di", "2021-05-03 09:00", "", "di",
           "points_expired { volunteer_id: 'di' lots" + Lot("2021-04-30", "264000") + "}")
      .set_occurred_us(At("2021-05-01 00:00"));
  log.Text(
      "close", "2021-05-03 09:10", "clerk", "di",
      "volunteer_closed { command { volunteer_id: 'di' reason: CLOSE_REASON_MOVED } available" +
          Lot("2021-12-31", "6000") + "}");
  log.Text("b2", "2021-05-03 10:00", "backend", "di",
           "hours_backfilled { command { record" + Duration("b2", "di", "2021-04-05", "30") +
               "} credit { segments { service_day_number: D(2021-04-05) honorary_minutes: 30 "
               "rule_version: 2 points_per_hour: 10 percentage: 100 "
               "expiry_day_number: D(2022-01-31) } } }")
      .set_occurred_us(At("2021-04-05 00:00"));
  log.Text("c3", "2021-05-03 11:00", "backend", "di",
           "hours_credited { command { record" + Duration("c3", "di", "2021-04-06", "60") +
               "} credit { " + Segment2("2021-04-06", "60") + " inflow { forfeited" +
               Lot("2022-01-31", "60000") + "} } }")
      .set_occurred_us(At("2021-04-06 00:00"));
  log.Text("c3-dispute", "2021-05-03 12:00", "backend", "di",
           "hours_disputed { command { " + Ref("c3") + " } volunteer_id: 'di' }");
  log.Text("c3-no", "2021-05-03 13:00", "clerk", "di",
           "hours_reviewed { command { " + Ref("c3") +
               " verdict: VERDICT_REJECT } volunteer_id: 'di' claw_back { forfeited" +
               Lot("2022-01-31", "60000") + "} }");
  log.Text("fair-over", "2021-05-04 10:00", "clerk", "",
           "activity_closed { command { activity_id: 'fair' } }");
  log.Text("fair-off", "2021-05-04 10:10", "clerk", "",
           "activity_cancelled { command { activity_id: 'fair' reason_code: 'why' } }");
  log.Text("lapse-bo", "2021-05-04 11:00", "", "bo",
           "points_expired { volunteer_id: 'bo' lots" + Lot("2021-04-30", "90000") + "}")
      .set_occurred_us(At("2021-05-01 00:00"));
}

}  // namespace

Log LifeLog() {
  Log log;
  Found(log);
  BringIn(log);
  Submit(log);
  Correct(log);
  TwoPeople(log);
  Mature(log);
  End(log);
  return log;
}

}  // namespace meritbook::audit
