// Owns: a script in which hours and points go through all that can become of them.
// Promises: every line is taken in a ledger of the world `town` or, stated as recorded times, of
//           `old_town`.
// Thread: any.
#ifndef MERITBOOK_TESTS_SERVICES_LIFE_H_
#define MERITBOOK_TESTS_SERVICES_LIFE_H_

#include <string>
#include <vector>

#include "ledger/text.h"
#include "tests/ledger/lines.h"

namespace meritbook {

// 25 points an hour, mature after 3 days, until the end of the next month, and 20 days more once.
inline std::string LifeRule(std::string_view day, std::string_view more = "") {
  return RuleFrom(day,
                  Text("maturity_days: 3 auto_minutes_per_day: 240 backfill_earns: true "
                       R"(awards { award: "blood" points_max: 100 times_per_year: 2 } )",
                       more),
                  "rolling_months: 1 grace_days: 20");
}

// `time` is "at" in a live ledger, "recorded" in a migrating one.
inline std::vector<std::string> LifeLines(const std::string& time) {
  const std::string app = "by app source=app";
  return {
      "by committee",
      LifeRule("2021-01-01"),
      R"(RegisterOrganisation organisation_id: "river" kind: ORGANISATION_KIND_COMMUNITY)",
      R"(RegisterOrganisation organisation_id: "lamp" kind: ORGANISATION_KIND_CAUSE)",
      app,
      R"(SubmitActivity activity_id: "bank" organisation_id: "river" category: "traffic" starts_us: @2021-01-01T00:00 capacity: 1)",
      R"(SubmitActivity activity_id: "parade" organisation_id: "river" category: "traffic" starts_us: @2021-01-01T00:00)",
      R"(RegisterVolunteer volunteer_id: "cat" age_band: AGE_BAND_18_TO_59 cohorts: COHORT_PARTY)",
      R"(RegisterVolunteer volunteer_id: "dot" age_band: AGE_BAND_18_TO_59 cohorts: COHORT_PARTY cohorts: COHORT_LEAGUE)",
      "by lin",
      R"(ReviewActivity activity_id: "bank" verdict: VERDICT_APPROVE reason_code: "seen")",
      R"(ReviewActivity activity_id: "parade" verdict: VERDICT_REJECT reason_code: "seen")",
      app,
      "CreditHours " + Served("a1", "ann", "2021-03-05", 120),
      "CreditHours " + Served("a2", "ann", "2021-03-05", 60),
      "CreditHours " + Clocked("c1", "cat", "2021-03-05T22:00", "2021-03-06T02:00"),
      "SubmitHours " + Served("b1", "bob", "2021-03-06", 60, "bank"),
      "SubmitHours " + Served("a3", "ann", "2021-03-06", 60, "bank"),  // no place left
      "SubmitHours " + Served("d1", "dot", "2021-03-06", 300),         // a long day
      "BackfillHours " + Served("d2", "dot", "2021-01-06", 60),
      R"(AwardPoints record_id: "w1" volunteer_id: "bob" award: "blood" award_day: "2021-03-02" points: 80)",
      R"(RecordAttendance activity_id: "patrol" start_us: @2021-03-07T09:00 end_us: @2021-03-07T11:00 attendees { record_id: "s1" volunteer_id: "ann" } attendees { record_id: "s2" volunteer_id: "dot" end_us: @2021-03-07T15:00 } attendees { record_id: "s3" volunteer_id: "cat" start_us: @2021-03-07T16:00 end_us: @2021-03-07T18:00 })",
      "by lin",
      Approve("a3"),
      Approve("d1"),
      Reject("s2"),
      Approve("w1"),
      time + " 2021-03-14 08:00",
      Approve("d2"),
      R"(FreezeVolunteer volunteer_id: "dot" reason_code: "inquiry")",
      R"(UnfreezeVolunteer volunteer_id: "dot" reason_code: "over")",
      app,
      R"(SetRoster organisation_id: "river" headcount: 90)",
      "CreditHours " + Served("x1", "ann", "2021-03-05", 60),
      Dispute("c1"),
      Dispute("s2"),
      "by mei",
      Reject("c1"),
      Approve("s2"),
      app,
      Buns("o1", "ann", 6),
      Buns("o2", "bob", 3),
      Correct("a1", Served("a4", "ann", "2021-03-05", 180, "patrol", "replacement")),
      Correct("s1", Served("s4", "ann", "2021-03-08", 30, "patrol", "replacement")),
      Revoke("x1"),
      Revoke("w1"),
      time + " 2021-05-02 08:00",  // March's points have lapsed
      Return("o1", 2),
      "by lin",
      Propose("p1", R"(adjust_points { volunteer_id: "cat" units: 600000 reason_code: "lost" })"),
      Propose(
          "p2",
          R"(reinstate_points { volunteer_id: "ann" lapsed_day: "2021-04-30" units: 60000 expiry_day: "2021-06-30" reason_code: "ill" })"),
      Propose("p3", R"(merge_volunteers { volunteer_id: "dot" survivor_id: "cat" })"),
      Propose("p4",
              R"(revoke_hours { record { source: "app" record_id: "a2" } reason_code: "x" })"),
      "by mei",
      Agree("p1"),
      Agree("p2"),
      Agree("p3"),
      R"(RejectChange proposal_id: "p4" reason_code: "no")",
      app,
      R"(DonatePoints volunteer_id: "cat" cause_id: "lamp" points: 10)",
      "CreditHours " + Served("c2", "cat", "2021-05-01", 60, "bank"),
      time + " 2021-05-20 08:00",
      Revoke("d1"),
      "by lin",
      R"(CloseVolunteer volunteer_id: "bob" reason: CLOSE_REASON_MOVED)",
      app,
      "CreditHours " + Served("b2", "bob", "2021-05-19", 60),
      "CreditHours " + Served("a5", "ann", "2021-05-19", 60),
      R"(CancelActivity activity_id: "bank" reason_code: "rain")",
      R"(CloseActivity activity_id: "patrol")",
  };
}

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_SERVICES_LIFE_H_
