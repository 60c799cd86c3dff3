// Hours that nobody has reviewed: what is credited at once, what waits and why; sheets; old
// records.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

// 240 minutes a day go without a review, and what is at most three days old. It is 10 March.
const std::string kClub = "use town\nby committee\n" +
                          RuleFrom("2021-01-01", "auto_minutes_per_day: 240", "rolling_months: 12",
                                   "late_submission_days: 3") +
                          R"(
by app source=app
RegisterActivity activity_id: "tea" organisation_id: "o1" category: "traffic" starts_us: 1 capacity: 1
RegisterSession session_id: "tea1" activity_id: "tea" service_day: "2021-03-09" starts_us: @2021-03-09T09:00 ends_us: @2021-03-09T12:00
RegisterSession session_id: "tea2" activity_id: "tea" service_day: "2021-03-09" starts_us: @2021-03-09T14:00 ends_us: @2021-03-09T17:00
)";

std::string Submit(std::string_view record, std::string_view volunteer, std::string_view day,
                   int minutes, std::string_view activity = "patrol") {
  return "SubmitHours " + Served(record, volunteer, day, minutes, activity);
}
std::string Credit(std::string_view record, std::string_view volunteer, std::string_view day,
                   int minutes, std::string_view activity = "patrol") {
  return "CreditHours " + Served(record, volunteer, day, minutes, activity);
}
std::string Backfill(std::string_view record, std::string_view volunteer, std::string_view day,
                     int minutes) {
  return "BackfillHours " + Served(record, volunteer, day, minutes);
}
std::string AtTea(std::string_view record, std::string_view volunteer, std::string_view session) {
  return Text(R"(SubmitHours record { record_id: ")", record, R"(" volunteer_id: ")", volunteer,
              R"(" activity_id: "tea" session_id: ")", session,
              R"(" duration { service_day: "2021-03-09" minutes: 60 } })");
}
// A sheet of the patrol on 9 March, 9:00 to 11:00.
std::string Sheet(std::string_view attendees) {
  return Text(
      R"(RecordAttendance #sheet activity_id: "patrol" start_us: @2021-03-09T09:00 end_us: @2021-03-09T11:00 )",
      attendees);
}
const std::string kBoth =
    R"(attendees { record_id: "a1" volunteer_id: "ann" } attendees { record_id: "a2" volunteer_id: "bob" })";

const RuleTable kSubmitted({
    {"hours are submitted", kClub, Submit("r1", "ann", "2021-03-09", 60), "ok"},
    {"by a platform only", kClub + "by lin", Submit("r1", "ann", "2021-03-09", 60),
     "SOURCE_MISSING"},
    {"again", kClub + Submit("r1", "ann", "2021-03-09", 60), Submit("r1", "ann", "2021-03-09", 60),
     "again"},
    {"with other content", kClub + Submit("r1", "ann", "2021-03-09", 60),
     Submit("r1", "ann", "2021-03-09", 75), "REQUEST_CONFLICT request_id"},
    {"under another request id", kClub + Submit("r1", "ann", "2021-03-09", 60),
     "SubmitHours #q " + Served("r1", "ann", "2021-03-09", 60),
     "RECORD_EXISTS command.record.record_id"},
    {"a record that was credited", kClub + Credit("r1", "ann", "2021-03-09", 60),
     Submit("r1", "ann", "2021-03-09", 60), "RECORD_EXISTS command.record.record_id"},
    {"crediting what was submitted", kClub + Submit("r1", "ann", "2021-03-09", 60),
     Credit("r1", "ann", "2021-03-09", 60), "RECORD_EXISTS command.record.record_id"},
    {"a record that another platform has",
     kClub + Submit("r1", "ann", "2021-03-09", 60) + "\nby web source=web",
     Submit("r1", "ann", "2021-03-09", 60), "ok"},

    // What is checked of credited hours is checked of these, whether they wait or not.
    {"of nobody", kClub, Submit("r1", "eve", "2021-03-09", 60), "VOLUNTEER_UNKNOWN"},
    {"at nothing", kClub, Submit("r1", "ann", "2021-03-09", 60, "march"), "ACTIVITY_UNKNOWN"},
    {"off the unit", kClub, Submit("r1", "ann", "2021-03-09", 50), "MINUTES_OFF_UNIT"},
    {"without a rate", kClub, Submit("r1", "ann", "2021-03-09", 60, "reading"), "CATEGORY_UNKNOWN"},
    {"of tomorrow", kClub, Submit("r1", "ann", "2021-03-11", 60), "SERVICE_IN_FUTURE"},
    {"too old, and late", kClub, Submit("r1", "ann", "2021-02-07", 60), "SERVICE_TOO_OLD"},
    {"too long, and above what goes without a review",
     kClub + Credit("r0", "ann", "2021-03-09", 1200), Submit("r1", "ann", "2021-03-09", 300),
     "DAY_OVERFULL"},
    {"elsewhere at that time",
     kClub + "CreditHours " + Clocked("r0", "ann", "2021-03-09T09:00", "2021-03-09T11:00"),
     "SubmitHours " + Clocked("r1", "ann", "2021-03-09T10:00", "2021-03-09T16:00"),
     "INTERVAL_OVERLAPS"},
    {"two that wait may overlap",
     kClub + "SubmitHours " + Clocked("r0", "ann", "2021-03-09T09:00", "2021-03-09T15:00"),
     "SubmitHours " + Clocked("r1", "ann", "2021-03-09T10:00", "2021-03-09T16:00"), "ok"},
});

const RuleTable kSheets({
    {"a sheet", kClub, Sheet(kBoth), "ok"},
    {"by a platform only", kClub + "by lin", Sheet(kBoth), "SOURCE_MISSING"},
    {"again", kClub + Sheet(kBoth), Sheet(kBoth), "again"},
    {"with other content", kClub + Sheet(kBoth),
     Sheet(R"(attendees { record_id: "a1" volunteer_id: "ann" })"), "REQUEST_CONFLICT request_id"},
    {"at a session", kClub,
     R"(RecordAttendance activity_id: "tea" session_id: "tea1" start_us: @2021-03-09T09:00 end_us: @2021-03-09T12:00 )" +
         kBoth,
     "ok"},
    {"at nothing", kClub,
     R"(RecordAttendance activity_id: "march" start_us: @2021-03-09T09:00 end_us: @2021-03-09T12:00 )" +
         kBoth,
     "ACTIVITY_UNKNOWN"},
    {"at no session", kClub,
     R"(RecordAttendance activity_id: "tea" session_id: "tea9" start_us: @2021-03-09T09:00 end_us: @2021-03-09T12:00 )" +
         kBoth,
     "SESSION_UNKNOWN"},
    {"at another activity's session", kClub,
     R"(RecordAttendance activity_id: "patrol" session_id: "tea1" start_us: @2021-03-09T09:00 end_us: @2021-03-09T12:00 )" +
         kBoth,
     "SESSION_NOT_OF_ACTIVITY"},
    {"beyond the session", kClub,
     R"(RecordAttendance activity_id: "tea" session_id: "tea1" start_us: @2021-03-09T09:00 end_us: @2021-03-09T12:15 )" +
         kBoth,
     "SERVICE_OUTSIDE_SESSION"},
    {"with one who is nobody", kClub,
     Sheet(kBoth + R"(attendees { record_id: "a3" volunteer_id: "eve" })"), "VOLUNTEER_UNKNOWN"},
    {"with a record that there is", kClub + Credit("a2", "bob", "2021-03-05", 60), Sheet(kBoth),
     "RECORD_EXISTS"},
    {"with one who was elsewhere",
     kClub + "CreditHours " + Clocked("r0", "bob", "2021-03-09T10:45", "2021-03-09T12:00"),
     Sheet(kBoth), "INTERVAL_OVERLAPS"},
    {"who had left by then",
     kClub + "CreditHours " + Clocked("r0", "bob", "2021-03-09T10:45", "2021-03-09T12:00"),
     Sheet(
         R"(attendees { record_id: "a1" volunteer_id: "ann" } attendees { record_id: "a2" volunteer_id: "bob" end_us: @2021-03-09T10:45 })"),
     "ok"},
    {"off the unit", kClub,
     Sheet(R"(attendees { record_id: "a1" volunteer_id: "ann" end_us: @2021-03-09T10:50 })"),
     "MINUTES_OFF_UNIT"},
});

const RuleTable kBackfilled({
    {"an old record", "use town", Backfill("r1", "ann", "2021-01-05", 60), "ok"},
    {"a new one", "use town", Backfill("r1", "ann", "2021-03-09", 60), "ok"},
    {"by a platform only", "use town\nby lin", Backfill("r1", "ann", "2021-01-05", 60),
     "SOURCE_MISSING"},
    {"again", "use town\n" + Backfill("r1", "ann", "2021-01-05", 60),
     Backfill("r1", "ann", "2021-01-05", 60), "again"},
    {"a record that there is", "use town\n" + Credit("r1", "ann", "2021-03-05", 60),
     Backfill("r1", "ann", "2021-01-05", 60), "RECORD_EXISTS"},
    {"before there was a rule", "use town", Backfill("r1", "ann", "2020-12-31", 60),
     "RULE_MISSING"},
    {"of tomorrow", "use town", Backfill("r1", "ann", "2021-03-11", 60), "SERVICE_IN_FUTURE"},
    {"more than a day has", "use town\n" + Backfill("r0", "ann", "2021-01-05", 1440),
     Backfill("r1", "ann", "2021-01-05", 15), "DAY_OVERFULL"},
    {"elsewhere at that time",
     "use town\nBackfillHours " + Clocked("r0", "ann", "2021-01-05T09:00", "2021-01-05T11:00"),
     "BackfillHours " + Clocked("r1", "ann", "2021-01-05T10:00", "2021-01-05T12:00"),
     "INTERVAL_OVERLAPS"},
});

TEST(DecideSubmit, Rules) { kSubmitted.Run(); }
TEST(DecideSubmit, Sheets) { kSheets.Run(); }
TEST(DecideSubmit, OldRecords) { kBackfilled.Run(); }

// What a submitted record came to: "credited" or why it waits.
std::string Outcome(const v1::HoursSubmitted& submitted) {
  if (submitted.wait_reasons().empty()) return submitted.has_credit() ? "credited" : "neither";
  EXPECT_FALSE(submitted.has_credit());
  std::string reasons;
  for (const int reason : submitted.wait_reasons()) {
    const std::string& name = v1::WaitReason_Name(static_cast<v1::WaitReason>(reason));
    reasons +=
        Text(reasons.empty() ? "" : " ", name.substr(std::string_view("WAIT_REASON_").size()));
  }
  return reasons;
}

struct WaitRow {
  const char* name;
  std::string given;
  std::string command;
  const char* want;
};

TEST(DecideSubmit, WhatWaitsAndWhy) {
  const std::string two_hours = Submit("r0", "ann", "2021-03-09", 120);
  const WaitRow rows[] = {
      {"up to the minutes that go without a review", "", Submit("r1", "ann", "2021-03-09", 240),
       "credited"},
      {"above them", "", Submit("r1", "ann", "2021-03-09", 255), "ABOVE_AUTO_MINUTES"},
      {"together with what is there", two_hours, Submit("r1", "ann", "2021-03-09", 120),
       "credited"},
      {"above them together", two_hours, Submit("r1", "ann", "2021-03-09", 135),
       "ABOVE_AUTO_MINUTES"},
      {"honorary minutes are minutes, too", Backfill("r0", "ann", "2021-03-09", 120),
       Submit("r1", "ann", "2021-03-09", 135), "ABOVE_AUTO_MINUTES"},
      {"of what waits nothing is there", Submit("r0", "ann", "2021-03-09", 255),
       Submit("r1", "ann", "2021-03-09", 240), "credited"},
      {"of another day neither", Submit("r0", "ann", "2021-03-08", 240),
       Submit("r1", "ann", "2021-03-09", 240), "credited"},
      {"the second day of a night shift", "",
       "SubmitHours " + Clocked("r1", "ann", "2021-03-08T23:00", "2021-03-09T04:15"),
       "ABOVE_AUTO_MINUTES"},
      {"neither of its days", "",
       "SubmitHours " + Clocked("r1", "ann", "2021-03-08T20:00", "2021-03-09T04:00"), "credited"},
      {"three days ago", "", Submit("r1", "ann", "2021-03-07", 60), "credited"},
      {"four days ago", "", Submit("r1", "ann", "2021-03-06", 60), "LATE"},
      {"late counts from the first day", "",
       "SubmitHours " + Clocked("r1", "ann", "2021-03-06T23:00", "2021-03-07T01:00"), "LATE"},
      {"two reasons", "", Submit("r1", "ann", "2021-03-06", 255), "ABOVE_AUTO_MINUTES LATE"},
      {"the last place", "", Submit("r1", "ann", "2021-03-09", 60, "tea"), "credited"},
      {"a person too many", Submit("r0", "bob", "2021-03-09", 60, "tea"),
       Submit("r1", "ann", "2021-03-09", 60, "tea"), "OVER_CAPACITY"},
      {"one is there once", Submit("r0", "ann", "2021-03-09", 60, "tea"),
       Submit("r1", "ann", "2021-03-09", 60, "tea"), "credited"},
      {"credited ones count", Credit("r0", "bob", "2021-03-09", 60, "tea"),
       Submit("r1", "ann", "2021-03-09", 60, "tea"), "OVER_CAPACITY"},
      {"of another day they don't", Credit("r0", "bob", "2021-03-08", 60, "tea"),
       Submit("r1", "ann", "2021-03-09", 60, "tea"), "credited"},
      {"nor do those who wait",
       "by bob source=app volunteer=bob\n" + Submit("r0", "bob", "2021-03-09", 60, "tea") +
           "\nby app source=app",
       Submit("r1", "ann", "2021-03-09", 60, "tea"), "credited"},
      {"at the same session", AtTea("r0", "bob", "tea1"), AtTea("r1", "ann", "tea1"),
       "OVER_CAPACITY"},
      {"at another session of the day", AtTea("r0", "bob", "tea1"), AtTea("r1", "ann", "tea2"),
       "credited"},
      {"a session is not its day", AtTea("r0", "bob", "tea1"),
       Submit("r1", "ann", "2021-03-09", 60, "tea"), "credited"},
      {"by herself", "by ann source=app volunteer=ann", Submit("r1", "ann", "2021-03-09", 60),
       "OWN_HOURS"},
      {"by another volunteer", "by bob source=app volunteer=bob",
       Submit("r1", "ann", "2021-03-09", 60), "credited"},
      {"by herself, as the ledger knows",
       R"(RegisterPrincipal principal_id: "anns" roles: ROLE_AUDITOR volunteer_id: "ann" key_sha256: "k^32"
by anns source=app)",
       Submit("r1", "ann", "2021-03-09", 60), "OWN_HOURS"},
      {"four reasons",
       Submit("r0", "bob", "2021-03-06", 60, "tea") + "\nby lin\n" + Approve("r0") +
           "\nby ann source=app volunteer=ann",
       Submit("r1", "ann", "2021-03-06", 255, "tea"),
       "ABOVE_AUTO_MINUTES LATE OVER_CAPACITY OWN_HOURS"},
      {"after what waited was approved",
       Submit("r0", "bob", "2021-03-06", 60, "tea") + "\nby lin\n" + Approve("r0") +
           "\nby app source=app",
       Submit("r1", "ann", "2021-03-06", 60, "tea"), "LATE OVER_CAPACITY"},
      {"after what counted was revoked",
       Submit("r0", "bob", "2021-03-09", 60, "tea") + "\n" + Revoke("r0"),
       Submit("r1", "ann", "2021-03-09", 60, "tea"), "credited"},
  };
  for (const WaitRow& row : rows) {
    SCOPED_TRACE(row.name);
    Script script;
    script.Given(kClub + row.given);
    ASSERT_EQ(script.Run(row.command), "ok") << script.refused().message;
    EXPECT_EQ(Outcome(script.last_event().hours_submitted()), row.want);
    EXPECT_EQ(StateOf(script, "r1"),
              std::string_view(row.want) == "credited" ? "APPROVED" : "WAITING");
    EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
  }
}

TEST(DecideSubmit, WhatIsCreditedAtOnceEarnsLikeAnyRecord) {
  Script script;
  script.Given(kClub + Submit("r1", "ann", "2021-03-09", 120));
  const v1::Event event = script.last_event();
  EXPECT_EQ(Tell(event.hours_submitted().credit()), "2021-03-09 120+0 v2 50 to 2022-03-31");
  EXPECT_EQ(event.occurred_us(), script.Micros("2021-03-09 00:00"));
  EXPECT_EQ(Purse(script, "ann"), "50: 50 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "120+0");
  EXPECT_TRUE(script.state().waiting_records().empty());
}

TEST(DecideSubmit, WhatWaitsCountsForNothing) {
  Script script;
  script.Given(kClub + Submit("r1", "ann", "2021-03-09", 255));
  EXPECT_EQ(Purse(script, "ann"), "0");
  EXPECT_EQ(Minutes(script, "ann"), "0+0");
  EXPECT_EQ(Books(script), "");
  EXPECT_TRUE(script.volunteer("ann").days.empty());
  ASSERT_EQ(script.state().waiting_records().size(), 1u);
  EXPECT_EQ(script.state().waiting_records().begin()->first, script.last_event().sequence());
  EXPECT_EQ(script.last_event().passbook(0).event_count(), 2u);
}

TEST(DecideSubmit, WithoutMinutesThatGoWithoutAReviewAllWait) {
  Script script;
  script.Given("use town\n" + Submit("r1", "ann", "2021-03-09", 15));
  EXPECT_EQ(Outcome(script.last_event().hours_submitted()), "ABOVE_AUTO_MINUTES");
}

// The rule of each day says how many minutes go, the rule of today what is late.
TEST(DecideSubmit, TwoRulesSpeak) {
  Script script;
  script.Given(kClub + "by committee\n" +
               RuleFrom("2021-03-09", "auto_minutes_per_day: 60", "rolling_months: 12",
                        "late_submission_days: 1") +
               "\nby app source=app\n" + Submit("r1", "ann", "2021-03-08", 240));
  EXPECT_EQ(Outcome(script.last_event().hours_submitted()), "LATE");
  script.Given(Submit("r2", "ann", "2021-03-09", 75));
  EXPECT_EQ(Outcome(script.last_event().hours_submitted()), "ABOVE_AUTO_MINUTES");
}

TEST(DecideSubmit, ASheetIsOneCommandOfManyEvents) {
  Script script;
  script.Given(kClub);
  const size_t size = script.events().size();
  script.Given(Sheet(
      R"(attendees { record_id: "a1" volunteer_id: "ann" } attendees { record_id: "a2" volunteer_id: "bob" start_us: @2021-03-09T09:30 end_us: @2021-03-09T10:30 })"));
  ASSERT_EQ(script.events().size(), size + 3);
  for (size_t i = size; i < size + 3; ++i) {
    const v1::Event event = script.event(i);
    EXPECT_EQ(event.command_first_sequence(), size);
    EXPECT_EQ(event.command_event_count(), 3u);
    EXPECT_EQ(event.actor(), "app");
    EXPECT_EQ(event.source(), "app");
    EXPECT_EQ(event.scope(), v1::REQUEST_SCOPE_SOURCE);
    EXPECT_EQ(event.request_id(), "sheet");
    EXPECT_EQ(event.kind(), v1::COMMAND_KIND_RECORD_ATTENDANCE);
    EXPECT_EQ(event.passbook_size(), i == size ? 0 : 1);
  }
  EXPECT_EQ(script.event(size).attendance_recorded().credited_count(), 2u);
  EXPECT_EQ(script.event(size).occurred_us(), script.event(size).recorded_us());
  const v1::HoursSubmitted ann = script.event(size + 1).hours_submitted();
  EXPECT_EQ(
      ann.command().record().ShortDebugString(),
      Text(R"(record_id: "a1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: )",
           script.Micros("2021-03-09 09:00"), " end_us: ", script.Micros("2021-03-09 11:00"),
           " }"));
  EXPECT_EQ(Tell(ann.credit()), "2021-03-09 120+0 v2 50 to 2022-03-31");
  const v1::HoursSubmitted bob = script.event(size + 2).hours_submitted();
  EXPECT_EQ(bob.command().record().interval().start_us(), script.Micros("2021-03-09 09:30"));
  EXPECT_EQ(Tell(bob.credit()), "2021-03-09 60+0 v2 25 to 2022-03-31");
  EXPECT_EQ(script.event(size + 2).occurred_us(), script.Micros("2021-03-09 09:30"));
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(DecideSubmit, ALineOfASheetSeesTheOnesBefore) {
  Script script;
  script.Given(
      kClub +
      R"(RecordAttendance activity_id: "tea" session_id: "tea1" start_us: @2021-03-09T09:00 end_us: @2021-03-09T12:00 )" +
      kBoth);
  const size_t size = script.events().size();
  EXPECT_EQ(script.event(size - 3).attendance_recorded().credited_count(), 1u);
  EXPECT_EQ(Outcome(script.event(size - 2).hours_submitted()), "credited");
  EXPECT_EQ(Outcome(script.event(size - 1).hours_submitted()), "OVER_CAPACITY");
  EXPECT_EQ(script.event(size - 1).hours_submitted().command().record().session_id(), "tea1");
}

TEST(DecideSubmit, ALineThatWaitsTakesNoPlace) {
  Script script;
  script.Given(
      kClub + "by bob source=app volunteer=bob\n" +
      R"(RecordAttendance activity_id: "tea" session_id: "tea1" start_us: @2021-03-09T09:00 end_us: @2021-03-09T12:00 attendees { record_id: "a2" volunteer_id: "bob" } attendees { record_id: "a1" volunteer_id: "ann" })");
  const size_t size = script.events().size();
  EXPECT_EQ(script.event(size - 3).attendance_recorded().credited_count(), 1u);
  EXPECT_EQ(Outcome(script.event(size - 2).hours_submitted()), "OWN_HOURS");
  EXPECT_EQ(Outcome(script.event(size - 1).hours_submitted()), "credited");
}

TEST(DecideSubmit, ACorrectionLeavesItsPlace) {
  Script script;
  script.Given(kClub + Submit("r0", "bob", "2021-03-09", 60, "tea") + "\n" +
               Correct("r0", Served("r2", "bob", "2021-03-08", 60, "tea", "replacement")) + "\n" +
               Submit("r1", "ann", "2021-03-09", 60, "tea"));
  EXPECT_EQ(Outcome(script.last_event().hours_submitted()), "credited");
  script.Given(Submit("r3", "ann", "2021-03-08", 60, "tea"));
  EXPECT_EQ(Outcome(script.last_event().hours_submitted()), "OVER_CAPACITY");
}

TEST(DecideSubmit, ARefusedLineLeavesNothingOfTheSheet) {
  Script script;
  script.Given(kClub);
  const std::string before = Describe(script.state());
  EXPECT_EQ(script.Run(Sheet(kBoth + R"(attendees { record_id: "a3" volunteer_id: "eve" })")),
            "VOLUNTEER_UNKNOWN");
  EXPECT_EQ(Describe(script.state()), before);
  script.Given(Sheet(kBoth));
}

// A record of a sheet may not be posted again by itself, and is found by its own id.
TEST(DecideSubmit, TheRecordsOfASheetAreRecords) {
  Script script;
  script.Given(kClub + Sheet(kBoth));
  EXPECT_EQ(script.Run(Submit("a1", "ann", "2021-03-09", 60)), "RECORD_EXISTS");
  EXPECT_EQ(StateOf(script, "a1"), "APPROVED");
  script.Given("by lin\n" + Revoke("a1"));
  EXPECT_EQ(Purse(script, "ann"), "0");
  EXPECT_EQ(Minutes(script, "ann"), "0+0");
}

TEST(DecideSubmit, OldRecordsAreHonorary) {
  Script script;
  script.Given("use town\n" + Backfill("r1", "ann", "2021-01-05", 600));
  const v1::HoursBackfilled backfilled = script.last_event().hours_backfilled();
  EXPECT_EQ(Tell(backfilled.credit()), "2021-01-05 0+600 v1 0 to 2022-01-31");
  EXPECT_TRUE(backfilled.wait_reasons().empty());
  EXPECT_EQ(Purse(script, "ann"), "0");
  EXPECT_EQ(Minutes(script, "ann"), "0+600");
  EXPECT_EQ(StateOf(script, "r1"), "APPROVED");
}

TEST(DecideSubmit, WhereOldRecordsEarnTheyWait) {
  Script script;
  script.Given("use town\nby committee\n" + RuleFrom("2021-01-01", "backfill_earns: true") +
               "\nby app source=app\n" + Backfill("r1", "ann", "2021-01-05", 600));
  const v1::HoursBackfilled backfilled = script.last_event().hours_backfilled();
  ASSERT_EQ(backfilled.wait_reasons_size(), 1);
  EXPECT_EQ(backfilled.wait_reasons(0), v1::WAIT_REASON_BACKFILLED);
  EXPECT_FALSE(backfilled.has_credit());
  script.Given("by lin\n" + Approve("r1"));
  EXPECT_EQ(Tell(script.last_event().hours_reviewed().credit()),
            "2021-01-05 480+120 v2 200 to 2022-01-31");
  EXPECT_EQ(Purse(script, "ann"), "200: 200 to 2022-01-31");
  EXPECT_EQ(Minutes(script, "ann"), "480+120");
}

}  // namespace
}  // namespace meritbook
