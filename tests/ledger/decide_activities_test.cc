// Organisations' rosters, and the life of an activity: submitted, reviewed, open, closed,
// cancelled.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

const std::string kSubmit =
    R"(SubmitActivity activity_id: "parade" organisation_id: "o1" category: "traffic" site: "x1" starts_us: @2021-01-01T00:00 capacity: 20)";
const std::string kSubmitted = "use town\n" + kSubmit;

std::string Verdict(std::string_view verdict, std::string_view activity = "parade") {
  return Text(R"(ReviewActivity activity_id: ")", activity, R"(" verdict: VERDICT_)", verdict,
              R"( reason_code: "seen")");
}
std::string Close(std::string_view activity) {
  return Text(R"(CloseActivity activity_id: ")", activity, R"(")");
}
std::string Cancel(std::string_view activity) {
  return Text(R"(CancelActivity activity_id: ")", activity, R"(" reason_code: "rain")");
}
std::string Session(std::string_view activity) {
  return Text(R"(RegisterSession session_id: "s9" activity_id: ")", activity,
              R"(" service_day: "2021-03-05" starts_us: 1 ends_us: 2)");
}
std::string Credit(std::string_view activity) {
  return "CreditHours " + Served("r1", "ann", "2021-03-05", 60, activity);
}

const RuleTable kRosters({
    {"a roster", "use town", R"(SetRoster organisation_id: "o1" headcount: 12)", "ok"},
    {"an empty one", "use town", R"(SetRoster organisation_id: "o1")", "ok"},
    {"of nobody", "use town", R"(SetRoster organisation_id: "o9" headcount: 12)",
     "ORGANISATION_UNKNOWN command.organisation_id"},
    {"a cause", "use town",
     R"(RegisterOrganisation organisation_id: "redcross" kind: ORGANISATION_KIND_CAUSE)", "ok"},
});

const RuleTable kActivities({
    {"an activity is submitted", "use town", kSubmit, "ok"},
    {"but once", kSubmitted, kSubmit, "ACTIVITY_EXISTS command.activity_id"},
    {"not under the id of an open one", "use town",
     R"(SubmitActivity activity_id: "patrol" organisation_id: "o1" category: "traffic" starts_us: 1)",
     "ACTIVITY_EXISTS command.activity_id"},
    {"not registered under the id of a submitted one", kSubmitted,
     R"(RegisterActivity activity_id: "parade" organisation_id: "o1" category: "traffic" starts_us: 1)",
     "ACTIVITY_EXISTS command.activity_id"},
    {"by nobody", "use town",
     R"(SubmitActivity activity_id: "parade" organisation_id: "o9" category: "traffic" starts_us: 1)",
     "ORGANISATION_UNKNOWN command.organisation_id"},

    // Until it is reviewed.
    {"no hours", kSubmitted, Credit("parade"), "ACTIVITY_NOT_OPEN command.record.activity_id"},
    {"no submitted hours", kSubmitted,
     "SubmitHours " + Served("r1", "ann", "2021-03-05", 60, "parade"),
     "ACTIVITY_NOT_OPEN command.record.activity_id"},
    {"no old hours", kSubmitted, "BackfillHours " + Served("r1", "ann", "2021-03-05", 60, "parade"),
     "ACTIVITY_NOT_OPEN command.record.activity_id"},
    {"no sheet", kSubmitted,
     R"(RecordAttendance activity_id: "parade" start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 attendees { record_id: "r1" volunteer_id: "ann" })",
     "ACTIVITY_NOT_OPEN"},
    {"no session", kSubmitted, Session("parade"), "ACTIVITY_NOT_OPEN command.activity_id"},
    {"no end", kSubmitted, Close("parade"), "ACTIVITY_NOT_OPEN command.activity_id"},

    // The review.
    {"it is approved", kSubmitted + "\nby lin", Verdict("APPROVE"), "ok"},
    {"it is turned down", kSubmitted + "\nby lin", Verdict("REJECT"), "ok"},
    {"not by who submitted it", kSubmitted, Verdict("APPROVE"), "SELF_REVIEW"},
    {"not even turned down", kSubmitted + "\nby app", Verdict("REJECT"), "SELF_REVIEW"},
    {"by another principal of the platform", kSubmitted + "\nby app2 source=app",
     Verdict("APPROVE"), "ok"},
    {"nothing that there isn't", kSubmitted + "\nby lin", Verdict("APPROVE", "march"),
     "ACTIVITY_UNKNOWN command.activity_id"},
    {"nothing that is open at once", kSubmitted + "\nby lin", Verdict("APPROVE", "patrol"),
     "ACTIVITY_NOT_WAITING command.activity_id"},
    {"once", kSubmitted + "\nby lin\n" + Verdict("APPROVE"), Verdict("REJECT"),
     "ACTIVITY_NOT_WAITING command.activity_id"},
    {"for ever", kSubmitted + "\nby lin\n" + Verdict("REJECT"), Verdict("APPROVE"),
     "ACTIVITY_NOT_WAITING command.activity_id"},
    {"not when it was called off", kSubmitted + "\n" + Cancel("parade") + "\nby lin",
     Verdict("APPROVE"), "ACTIVITY_NOT_WAITING command.activity_id"},

    // Afterwards.
    {"an approved one takes hours",
     kSubmitted + "\nby lin\n" + Verdict("APPROVE") + "\nby app source=app", Credit("parade"),
     "ok"},
    {"and sessions", kSubmitted + "\nby lin\n" + Verdict("APPROVE"), Session("parade"), "ok"},
    {"and an end", kSubmitted + "\nby lin\n" + Verdict("APPROVE"), Close("parade"), "ok"},
    {"one that was turned down takes none",
     kSubmitted + "\nby lin\n" + Verdict("REJECT") + "\nby app source=app", Credit("parade"),
     "ACTIVITY_NOT_OPEN"},
    {"nor an end", kSubmitted + "\nby lin\n" + Verdict("REJECT"), Close("parade"),
     "ACTIVITY_NOT_OPEN"},
    {"nor is it called off", kSubmitted + "\nby lin\n" + Verdict("REJECT"), Cancel("parade"),
     "ACTIVITY_NOT_OPEN command.activity_id"},

    // Closed, on 10 March at 8:00.
    {"an end of nothing", "use town", Close("march"), "ACTIVITY_UNKNOWN command.activity_id"},
    {"one end", "use town\n" + Close("patrol"), Close("patrol"), "ACTIVITY_NOT_OPEN"},
    {"service before the end is still taken", "use town\n" + Close("patrol"), Credit("patrol"),
     "ok"},
    {"until the very minute", "use town\n" + Close("patrol"),
     "CreditHours " + Clocked("r1", "ann", "2021-03-10T07:00", "2021-03-10T08:00"), "ok"},
    {"not a minute longer", "use town\n" + Close("patrol") + "\nat 2021-03-10 12:00",
     "CreditHours " + Clocked("r1", "ann", "2021-03-10T07:01", "2021-03-10T08:01"),
     "SERVICE_AFTER_ACTIVITY command.record.interval"},
    {"a length on its last day", "use town\n" + Close("patrol") + "\nat 2021-03-11 12:00",
     "CreditHours " + Served("r1", "ann", "2021-03-10", 60), "ok"},
    {"a length the day after", "use town\n" + Close("patrol") + "\nat 2021-03-11 12:00",
     "CreditHours " + Served("r1", "ann", "2021-03-11", 60),
     "SERVICE_AFTER_ACTIVITY command.record.duration"},
    {"an end that was set before stays", "use town\n" + Close("fair"),
     "CreditHours " + Served("r1", "ann", "2021-03-05", 60, "fair"), "SERVICE_AFTER_ACTIVITY"},
    {"no more sessions", "use town\n" + Close("patrol"), Session("patrol"),
     "ACTIVITY_NOT_OPEN command.activity_id"},
    {"it can still be called off", "use town\n" + Close("patrol"), Cancel("patrol"), "ok"},

    // Cancelled.
    {"nothing is called off that there isn't", "use town", Cancel("march"),
     "ACTIVITY_UNKNOWN command.activity_id"},
    {"what waits is called off", kSubmitted, Cancel("parade"), "ok"},
    {"what is open, too", "use town", Cancel("patrol"), "ok"},
    {"once", "use town\n" + Cancel("patrol"), Cancel("patrol"), "ACTIVITY_NOT_OPEN"},
    {"then it has no end", "use town\n" + Cancel("patrol"), Close("patrol"), "ACTIVITY_NOT_OPEN"},
    {"and takes no hours, not even old ones", "use town\n" + Cancel("patrol"), Credit("patrol"),
     "ACTIVITY_NOT_OPEN"},
    {"nor sessions", "use town\n" + Cancel("patrol"), Session("patrol"), "ACTIVITY_NOT_OPEN"},
});

TEST(DecideActivities, Rosters) { kRosters.Run(); }
TEST(DecideActivities, Rules) { kActivities.Run(); }

TEST(DecideActivities, WhatWasCreditedStaysWhenItIsCalledOff) {
  Script script;
  script.Given("use town\n" + Credit("patrol") + "\n" + Cancel("patrol"));
  EXPECT_EQ(Purse(script, "ann"), "25: 25 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "60+0");
  EXPECT_EQ(StateOf(script, "r1"), "APPROVED");
}

TEST(DecideActivities, WhatWaitsAndWhoBroughtItIn) {
  Script script;
  script.Given(kSubmitted);
  const State& state = script.state();
  ASSERT_EQ(state.waiting_activities().size(), 1u);
  const auto [sequence, index] = *state.waiting_activities().begin();
  EXPECT_EQ(sequence, script.last_event().sequence());
  EXPECT_EQ(state.activities()[index].id, "parade");
  EXPECT_EQ(state.names()[state.activities()[index].submitted_by].id, "app");
  script.Given("by lin\n" + Verdict("APPROVE"));
  EXPECT_TRUE(state.waiting_activities().empty());
  EXPECT_EQ(state.activities()[index].state, ActivityState::kOpen);
}

TEST(DecideActivities, ClosingPutsTheEndToNowAtMost) {
  Script script;
  script.Given("use town\n" + Close("patrol") + "\n" + Close("fair"));
  EXPECT_EQ(script.state().activities().Find("patrol")->ends_us, script.Micros("2021-03-10 08:00"));
  EXPECT_EQ(script.state().activities().Find("fair")->ends_us, script.Micros("2021-03-04 20:00"));
}

}  // namespace
}  // namespace meritbook
