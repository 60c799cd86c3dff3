// The life of a record, two people, and points.
#include "tests/cli/audit_rows.h"

namespace meritbook::audit {
namespace {

constexpr char kAfter[] = "2021-05-05 10:00";

std::string Ref(const std::string& id) {
  return " record { source: 'platform' record_id: '" + id + "' } reason_code: 'why' ";
}

v1::Event& Dispute(Log& log, const std::string& actor, const std::string& record,
                   const std::string& volunteer) {
  return log.Text(
      "dispute", kAfter, actor, volunteer,
      "hours_disputed { command { " + Ref(record) + "} volunteer_id: '" + volunteer + "' }");
}

v1::Event& Review(Log& log, const std::string& actor, const std::string& record,
                  const std::string& verdict, const std::string& volunteer) {
  return log.Text("review", kAfter, actor, volunteer,
                  "hours_reviewed { command { " + Ref(record) + "verdict: VERDICT_" + verdict +
                      " } volunteer_id: '" + volunteer + "' }");
}

// An hour of an's that matures on 12 May.
void Pending(Log& log) {
  log.Text("n1", kAfter, "backend", "an",
           "hours_credited { command { record { record_id: 'n1' volunteer_id: 'an' "
           "activity_id: 'project' interval { start_us: T(2021-05-04 09:00) "
           "end_us: T(2021-05-04 10:00) } } } credit { segments { "
           "service_day_number: D(2021-05-04) credited_minutes: 60 rule_version: 2 "
           "points_per_hour: 10 percentage: 100 units: 60000 expiry_day_number: D(2022-01-31) } "
           "matures_day_number: D(2021-05-12) } }")
      .set_occurred_us(At("2021-05-04 09:00"));
}

v1::PointsReinstated& Back(Log& log) { return *log["back"].mutable_points_reinstated(); }

v1::ReinstatePoints& BackProposed(Log& log) {
  return *log["p-back"].mutable_change_proposed()->mutable_command()->mutable_reinstate_points();
}

}  // namespace

std::vector<LogRow> RecordRows() {
  return {
      {"a session of what is called off", I::ACTIVITY_STATE_WRONG,
       [](Log& log) {
         log.Text("late", kAfter, "backend", "",
                  "session_registered { command { session_id: 'late' activity_id: 'fair' "
                  "service_day: '2021-05-06' starts_us: T(2021-05-06 08:00) "
                  "ends_us: T(2021-05-06 09:00) } }");
       }},
      {"closed after being called off", I::ACTIVITY_STATE_WRONG,
       [](Log& log) {
         log.Text("again", kAfter, "clerk", "",
                  "activity_closed { command { activity_id: 'fair' } }");
       }},
      {"an activity's reviewer submitted it", I::SELF_REVIEW,
       [](Log& log) {
         log["doomed-seen"].set_actor("backend");
         log["doomed-seen"].set_scope(v1::REQUEST_SCOPE_SOURCE);
         log["doomed-seen"].set_source("platform");
       }},
      {"another's record", I::VOLUNTEER_WRONG,
       [](Log& log) { Dispute(log, "backend", "c1", "an"); }},
      {"one line more credited", I::ATTENDANCE_WRONG,
       [](Log& log) { log["sheet"].mutable_attendance_recorded()->set_credited_count(2); }},
      {"a line of other times", I::ATTENDANCE_WRONG,
       [](Log& log) {
         auto* sheet = log["sheet"].mutable_attendance_recorded()->mutable_command();
         sheet->mutable_attendees(1)->set_end_us(At("2021-03-06 13:30"));
       }},
      {"an award that isn't in the rule", I::AWARD_WRONG,
       [](Log& log) {
         log.Text("w2", kAfter, "backend", "an",
                  "award_submitted { command { record_id: 'w2' volunteer_id: 'an' award: 'blood' "
                  "award_day: '2021-05-04' points: 5 } }")
             .set_occurred_us(At("2021-05-04 00:00"));
       }},
      {"an award twice a year", I::AWARD_WRONG,
       [](Log& log) {
         auto* earning =
             log["rule2"].mutable_rule_published()->mutable_command()->mutable_earning();
         *earning->add_awards() = log["rule1"].rule_published().command().earning().awards(0);
         log.Text("w2", kAfter, "backend", "di",
                  "award_submitted { command { record_id: 'w2' volunteer_id: 'di' award: 'blood' "
                  "award_day: '2021-05-04' points: 5 } }")
             .set_occurred_us(At("2021-05-04 00:00"));
       }},
      {"another reason", I::WAIT_REASONS_WRONG,
       [](Log& log) {
         log["s5"].mutable_hours_submitted()->set_wait_reasons(0, v1::WAIT_REASON_LATE);
       }},
      {"places for everybody", I::WAIT_REASONS_WRONG,
       [](Log& log) {
         log["crossing"].mutable_activity_registered()->mutable_command()->set_capacity(2);
       }},
      {"approved without a credit", I::CREDIT_MISPLACED,
       [](Log& log) { Review(log, "clerk", "s4", "APPROVE", "bo"); }},
      {"a dispute of what waits", I::RECORD_STATE_WRONG,
       [](Log& log) { Dispute(log, "backend", "s4", "bo"); }},
      {"a review of what is settled", I::RECORD_STATE_WRONG,
       [](Log& log) { Review(log, "clerk", "c1", "REJECT", "bo"); }},
      {"another month", I::CAP_WRONG,
       [](Log& log) {
         log["rule1"]
             .mutable_rule_published()
             ->mutable_command()
             ->mutable_earning()
             ->set_credited_minutes_per_month(240);
       }},
      {"another activity cap", I::CAP_WRONG,
       [](Log& log) {
         log["rule1"]
             .mutable_rule_published()
             ->mutable_command()
             ->mutable_earning()
             ->set_credited_minutes_per_activity(240);
       }},
      {"a day later", I::MATURITY_WRONG,
       [](Log& log) {
         log["c2-cy"].mutable_hours_credited()->mutable_credit()->set_matures_day_number(
             Day("2021-04-10"));
       }},
      {"less debt repaid", I::INFLOW_WRONG,
       [](Log& log) {
         auto* inflow = log["c1"].mutable_hours_credited()->mutable_credit()->mutable_inflow();
         inflow->set_debt_repaid_units(59'000);
         inflow->mutable_lots(0)->set_units(31'000);
       }},
      {"a shortfall that isn't", I::CLAW_BACK_WRONG,
       [](Log& log) {
         log["owe"].mutable_hours_revoked()->mutable_claw_back()->set_debt_units(1);
       }},
      {"less returned", I::RETURN_WRONG,
       [](Log& log) {
         auto* returned = log["down"].mutable_hours_corrected()->mutable_returned();
         returned->mutable_available(0)->set_units(44'000);
       }},
      {"her own hours", I::SELF_REVIEW,
       [](Log& log) { Review(log, "anself", "s5", "REJECT", "an"); }},
      {"what she submitted", I::SELF_REVIEW,
       [](Log& log) { Review(log, "backend", "s4", "REJECT", "bo"); }},
      {"another platform's record", I::SOURCE_BINDING_BROKEN,
       [](Log& log) {
         v1::Event& event = Dispute(log, "another-platform", "c1", "bo");
         event.set_scope(v1::REQUEST_SCOPE_SOURCE);
         event.set_source("elsewhere");
       }},
  };
}

std::vector<LogRow> ChangeRows() {
  return {
      {"an adjustment by one", I::TWO_PEOPLE_MISSING,
       [](Log& log) {
         log.Text("alone", kAfter, "chair", "an",
                  "points_adjusted { command { volunteer_id: 'an' units: 6 reason_code: 'why' } "
                  "inflow { lots { units: 6 } } }")
             .set_kind(v1::COMMAND_KIND_APPROVE_CHANGE);
       }},
      {"too many points for one", I::TWO_PEOPLE_MISSING,
       [](Log& log) {
         auto* rule = log["rule1"].mutable_rule_published()->mutable_command();
         rule->mutable_review()->set_revocation_points_max(9);
       }},
      {"too late for one", I::TWO_PEOPLE_MISSING,
       [](Log& log) {
         auto* rule = log["rule2"].mutable_rule_published()->mutable_command();
         rule->mutable_review()->set_late_correction_days(0);
       }},
      {"her own proposal", I::SAME_PERSON,
       [](Log& log) {
         log["ok-more"].set_actor("clerk");
         log["more"].set_actor("clerk");
       }},
      {"rejected twice", I::PROPOSAL_CLOSED,
       [](Log& log) {
         log.Text("no2", kAfter, "chair", "",
                  "change_rejected { command { proposal_id: 'p-no' reason_code: 'why' } }");
       }},
      {"another's proposal", I::CHANGE_DIFFERS,
       [](Log& log) { log["ok-more"].mutable_change_approved()->set_proposed_by("chair"); }},
      {"another reason than proposed", I::CHANGE_DIFFERS,
       [](Log& log) {
         log["rev"].mutable_hours_revoked()->mutable_command()->set_reason_code("other");
       }},
      {"another actor in the effect", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["more"].set_actor("clerk"); }},
      {"old balances of a live ledger", I::OPENING_NOT_MIGRATING,
       [](Log& log) {
         v1::Event& event = log.Text("p-open2", kAfter, "backend", "", "change_proposed { }");
         *event.mutable_change_proposed() = log["p-open"].change_proposed();
         event.mutable_change_proposed()->mutable_command()->set_proposal_id("p-open2");
       }},
      {"an old balance twice", I::OPENING_TWICE,
       [](Log& log) {
         // The migration goes on.
         v1::Event& finish = log["finish"];
         *finish.mutable_roster_set() = log["roster"].roster_set();
         finish.set_kind(v1::COMMAND_KIND_SET_ROSTER);
         v1::Event& event = log.Text("p-open2", kAfter, "backend", "", "change_proposed { }");
         auto* command = event.mutable_change_proposed()->mutable_command();
         *command = log["p-open"].change_proposed().command();
         command->set_proposal_id("p-open2");
         auto* load = command->mutable_load_opening_balances();
         load->mutable_balances()->DeleteSubrange(0, 1);
         log.Text("ok-open2", kAfter, "chair", "",
                  "change_approved { command { proposal_id: 'p-open2' } proposed_by: 'backend' }");
         v1::Event& row = log.Next("open-bo2", "ok-open2", "bo", "opening_balance_loaded { }");
         *row.mutable_opening_balance_loaded() = log["open-bo"].opening_balance_loaded();
       }},
  };
}

std::vector<LogRow> PointsRows() {
  return {
      {"closed twice", I::VOLUNTEER_CLOSED,
       [](Log& log) {
         log.Text("close2", kAfter, "clerk", "di",
                  "volunteer_closed { command { volunteer_id: 'di' reason: CLOSE_REASON_DIED } }");
       }},
      {"the merged one frozen", I::VOLUNTEER_MERGED,
       [](Log& log) {
         log.Text("freeze2", kAfter, "clerk", "cy",
                  "volunteer_frozen { command { volunteer_id: 'cy' reason_code: 'why' } }");
       }},
      {"unfrozen twice", I::NOT_FROZEN,
       [](Log& log) {
         log.Text("thaw2", kAfter, "clerk", "an",
                  "volunteer_unfrozen { command { volunteer_id: 'an' reason_code: 'why' } }");
       }},
      {"less forfeited", I::CLOSING_WRONG,
       [](Log& log) {
         log["close"].mutable_volunteer_closed()->mutable_available(0)->set_units(5'999);
       }},
      {"less merged", I::MERGE_WRONG,
       [](Log& log) { log["merge"].mutable_volunteers_merged()->set_available_units(59'999); }},
      {"more given than there is", I::BALANCE_TOO_LOW,
       [](Log& log) {
         log.Text("give2", kAfter, "backend", "an",
                  "points_donated { command { volunteer_id: 'an' cause_id: 'redcross' points: 32 } "
                  "units: 192000 lots { units: 192000 } }");
       }},
      {"no cause", I::CAUSE_WRONG,
       [](Log& log) {
         log["give"].mutable_points_donated()->mutable_command()->set_cause_id("community");
       }},
      {"more back than had lapsed", I::LAPSED_TOO_LOW,
       [](Log& log) {
         BackProposed(log).set_units(75'001);
         Back(log).mutable_command()->set_units(75'001);
         Back(log).mutable_inflow()->mutable_lots(0)->set_units(75'001);
       }},
      {"back until yesterday", I::EXPIRY_IN_PAST,
       [](Log& log) {
         BackProposed(log).set_expiry_day("2021-05-01");
         Back(log).mutable_command()->set_expiry_day("2021-05-01");
         Back(log).mutable_inflow()->mutable_lots(0)->set_expiry_day_number(Day("2021-05-01"));
       }},
      {"matured and left", I::MATURITY_OVERDUE,
       [](Log& log) {
         Pending(log);
         log.Text("freeze2", "2021-05-12 00:00", "clerk", "an",
                  "volunteer_frozen { command { volunteer_id: 'an' reason_code: 'why' } }");
       }},
      {"a day early", I::MATURE_TOO_EARLY,
       [](Log& log) {
         Pending(log);
         log.Text("m3", "2021-05-11 23:59", "", "an",
                  "points_matured { volunteer_id: 'an' matures_day_number: D(2021-05-12) pending { "
                  "expiry_day_number: D(2022-01-31) units: 60000 } inflow { lots { "
                  "expiry_day_number: D(2022-01-31) units: 60000 } } }");
       }},
      {"not all of a day", I::MATURE_NOT_WHOLE,
       [](Log& log) { log["m1"].mutable_points_matured()->mutable_pending(0)->set_units(59'999); }},
      {"lapsed before it matured", I::DUE_ORDER_WRONG,
       [](Log& log) {
         Pending(log);
         log.Text("lapse3", "2021-06-02 09:00", "", "an",
                  "points_expired { volunteer_id: 'an' lots { expiry_day_number: D(2021-05-31) "
                  "units: 30000 } }")
             .set_occurred_us(At("2021-06-01 00:00"));
       }},
      {"more refunded than sold", I::REFUND_TOO_LARGE,
       [](Log& log) {
         v1::Event& event = log.Text("refund2", kAfter, "till", "bo", "order_refunded { }");
         *event.mutable_order_refunded() = log["refund"].order_refunded();
         auto* body = event.mutable_order_refunded();
         body->mutable_command()->mutable_lines(0)->set_quantity(2);
         body->mutable_lines(0)->set_quantity(2);
         body->set_units(120'000);
       }},
      {"other lots refunded", I::REFUND_LOTS_WRONG,
       [](Log& log) {
         log["refund"].mutable_order_refunded()->mutable_lots(0)->set_units(59'000);
       }},
      {"refunded without grace", I::INFLOW_WRONG,
       [](Log& log) {
         v1::Event& event =
             log.Text("refund2", "2021-05-04 12:00", "till", "bo", "order_refunded { }");
         *event.mutable_order_refunded() = log["refund"].order_refunded();
       }},
  };
}

}  // namespace meritbook::audit
