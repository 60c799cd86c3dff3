// What becomes of a record once people look at it: review and dispute, and who may.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

std::string Submit(std::string_view record, std::string_view volunteer = "ann",
                   std::string_view day = "2021-03-05") {
  return Text("SubmitHours ", Served(record, volunteer, day, 120), "\n");
}
std::string Credit(std::string_view record, std::string_view volunteer = "ann",
                   std::string_view day = "2021-03-05") {
  return Text("CreditHours ", Served(record, volunteer, day, 120), "\n");
}

// By the town's rule everything that is submitted waits.
const std::string kWaiting = "use town\n" + Submit("r1") + "by lin\n";
const std::string kApproved = kWaiting + Approve("r1") + "\n";
const std::string kRejected = kWaiting + Reject("r1") + "\n";
const std::string kCredited = "use town\n" + Credit("r1") + "by lin\n";
// Somebody else's doubt.
std::string Doubt(std::string_view record) {
  return Text("by mei\n", Dispute(record), "\nby lin\n");
}
const std::string kDisputed = kCredited + Doubt("r1");

const RuleTable kReviews({
    {"what waits is approved", kWaiting, Approve("r1"), "ok"},
    {"what waits is turned down", kWaiting, Reject("r1"), "ok"},
    {"the same again", kWaiting + "ReviewHours #q " + Approve("r1").substr(12),
     "ReviewHours #q " + Approve("r1").substr(12), "again"},
    {"by somebody of the platform, in its name", kWaiting + "by app2 source=app", Approve("r1"),
     "ok"},
    {"not in another's", kWaiting + "by web source=web", Approve("r1"),
     "SOURCE_NOT_YOURS command.record.source"},
    {"nothing that there isn't", kWaiting, Approve("r9"),
     "RECORD_UNKNOWN command.record.record_id"},
    {"of a platform that there isn't", kWaiting,
     R"(ReviewHours record { source: "web" record_id: "r1" } verdict: VERDICT_APPROVE reason_code: "seen")",
     "RECORD_UNKNOWN command.record.record_id"},
    {"once", kApproved, Reject("r1"), "RECORD_NOT_WAITING command.record"},
    {"what was turned down stays so", kRejected, Approve("r1"), "RECORD_NOT_WAITING"},
    {"what was credited needs none", kCredited, Approve("r1"), "RECORD_NOT_WAITING"},
    {"what was revoked is past it", kCredited + Revoke("r1"), Approve("r1"), "RECORD_NOT_WAITING"},
    {"what was corrected, too",
     kCredited + Correct("r1", Served("r2", "ann", "2021-03-05", 60, "patrol", "replacement")),
     Approve("r1"), "RECORD_NOT_WAITING"},

    // Nobody reviews her own hours or what she submitted.
    {"not by who submitted it", kWaiting + "by app source=app", Approve("r1"), "SELF_REVIEW"},
    {"nor without the platform's name", kWaiting + "by app", Reject("r1"), "SELF_REVIEW"},
    {"not by who submitted the sheet",
     R"(use town
RecordAttendance activity_id: "patrol" start_us: @2021-03-09T09:00 end_us: @2021-03-09T11:00 attendees { record_id: "r1" volunteer_id: "ann" }
by app)",
     Approve("r1"), "SELF_REVIEW"},
    {"not by the volunteer", kWaiting + "by ann volunteer=ann", Approve("r1"), "SELF_REVIEW"},
    {"not to turn it down either", kWaiting + "by ann volunteer=ann", Reject("r1"), "SELF_REVIEW"},
    {"not by the volunteer, as the ledger knows her",
     kWaiting +
         R"(RegisterPrincipal principal_id: "anns" roles: ROLE_COMMITTEE volunteer_id: "ann" key_sha256: "k^32"
by anns)",
     Approve("r1"), "SELF_REVIEW"},
    {"by another volunteer", kWaiting + "by bob volunteer=bob", Approve("r1"), "ok"},
    {"a dispute, not by who submitted it", kDisputed + "by app", Approve("r1"), "SELF_REVIEW"},
    {"a dispute, not by the volunteer", kDisputed + "by ann volunteer=ann", Approve("r1"),
     "SELF_REVIEW"},
    {"a dispute, not by who began it", kDisputed + "by mei", Approve("r1"), "SELF_REVIEW"},
    {"by others it is", kDisputed, Approve("r1"), "ok"},
    {"who began an earlier one may settle this one",
     kDisputed + Approve("r1") + "\n" + Dispute("r1") + "\nby mei", Approve("r1"), "ok"},

    // What was right when it was submitted may be wrong by now …
    {"served elsewhere since",
     "use town\nSubmitHours " + Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T11:00") +
         "\nCreditHours " + Clocked("r2", "ann", "2021-03-05T10:00", "2021-03-05T12:00") +
         "\nby lin",
     Approve("r1"), "INTERVAL_OVERLAPS"},
    {"which is no reason against turning it down",
     "use town\nSubmitHours " + Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T11:00") +
         "\nCreditHours " + Clocked("r2", "ann", "2021-03-05T10:00", "2021-03-05T12:00") +
         "\nby lin",
     Reject("r1"), "ok"},
    {"the day is full since",
     "use town\n" + Submit("r1") + "CreditHours " + Served("r2", "ann", "2021-03-05", 1380) +
         "\nby lin",
     Approve("r1"), "DAY_OVERFULL"},
    {"called off since", kWaiting + R"(CancelActivity activity_id: "patrol" reason_code: "rain")",
     Approve("r1"), "ACTIVITY_NOT_OPEN"},
    {"closed since", kWaiting + R"(CloseActivity activity_id: "patrol")", Approve("r1"), "ok"},
    {"no rate since",
     kWaiting + RuleFrom("2021-01-01",
                         R"(rates { category: "poetry" points_per_hour: 1 percentage: 100 })"),
     Approve("r1"), "CATEGORY_UNKNOWN"},
    // … but it waited as long as it had to.
    {"long ago by now", kWaiting + "at 2021-08-01 00:00", Approve("r1"), "ok"},
    {"closed for ever, so that it is forfeited",
     kWaiting + R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_MOVED)", Approve("r1"),
     "ok"},
    {"frozen", kWaiting + R"(FreezeVolunteer volunteer_id: "ann" reason_code: "audit")",
     Approve("r1"), "ok"},
});

const RuleTable kDisputes({
    {"what was credited is disputed", kCredited, Dispute("r1"), "ok"},
    {"what was approved", kApproved, Dispute("r1"), "ok"},
    {"what was turned down", kRejected, Dispute("r1"), "ok"},
    {"by the platform that posted it", kCredited + "by app source=app", Dispute("r1"), "ok"},
    {"not by another", kCredited + "by web source=web", Dispute("r1"),
     "SOURCE_NOT_YOURS command.record.source"},
    {"by the volunteer", kCredited + "by ann volunteer=ann", Dispute("r1"), "ok"},
    {"nothing that there isn't", kCredited, Dispute("r9"),
     "RECORD_UNKNOWN command.record.record_id"},
    {"not what waits", kWaiting, Dispute("r1"), "RECORD_NOT_SETTLED command.record"},
    {"not twice at a time", kDisputed, Dispute("r1"), "RECORD_NOT_SETTLED command.record"},
    {"again, after it was settled", kDisputed + Approve("r1"), Dispute("r1"), "ok"},
    {"not what was revoked", kCredited + Revoke("r1"), Dispute("r1"), "RECORD_NOT_SETTLED"},
    {"not what was corrected",
     kCredited + Correct("r1", Served("r2", "ann", "2021-03-05", 60, "patrol", "replacement")),
     Dispute("r1"), "RECORD_NOT_SETTLED"},
    {"an award",
     "use town\nby committee\n" +
         RuleFrom("2021-01-01", R"(awards { award: "blood" points_max: 20 times_per_year: 2 })") +
         R"(
by app source=app
AwardPoints record_id: "r1" volunteer_id: "ann" award: "blood" award_day: "2021-03-05" points: 20
by lin
)" + Approve("r1"),
     Dispute("r1"), "ok"},

    {"a disputed record that counts is upheld", kDisputed, Approve("r1"), "ok"},
    {"or turned down", kDisputed, Reject("r1"), "ok"},
    {"once", kDisputed + Reject("r1"), Approve("r1"), "RECORD_NOT_WAITING"},
    {"a disputed record that was turned down counts", kRejected + Doubt("r1"), Approve("r1"), "ok"},
    {"or stays so", kRejected + Doubt("r1"), Reject("r1"), "ok"},
    {"if there is still room for it",
     "use town\nSubmitHours " + Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T11:00") +
         "\nby lin\n" + Reject("r1") + "\nby app source=app\nCreditHours " +
         Clocked("r2", "ann", "2021-03-05T10:00", "2021-03-05T12:00") + "\n" + Doubt("r1"),
     Approve("r1"), "INTERVAL_OVERLAPS"},
});

TEST(DecideReview, Reviews) { kReviews.Run(); }
TEST(DecideReview, Disputes) { kDisputes.Run(); }

TEST(DecideReview, AnApprovedRecordIsCreditedNow) {
  Script script;
  script.Given(kWaiting + "at 2021-03-20 12:00\n" + Approve("r1"));
  const v1::Event event = script.last_event();
  EXPECT_EQ(event.hours_reviewed().volunteer_id(), "ann");
  EXPECT_EQ(Tell(event.hours_reviewed().credit()), "2021-03-05 120+0 v1 50 to 2022-03-31");
  EXPECT_FALSE(event.hours_reviewed().has_claw_back());
  EXPECT_EQ(event.occurred_us(), event.recorded_us());
  EXPECT_EQ(event.passbook(0).volunteer_id(), "ann");
  EXPECT_EQ(event.passbook(0).event_count(), 3u);
  EXPECT_EQ(Purse(script, "ann"), "50: 50 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "120+0");
  EXPECT_EQ(StateOf(script, "r1"), "APPROVED");
  EXPECT_TRUE(script.state().waiting_records().empty());
}

TEST(DecideReview, ARejectedRecordComesToNothing) {
  Script script;
  script.Given(kRejected);
  EXPECT_FALSE(script.last_event().hours_reviewed().has_credit());
  EXPECT_EQ(StateOf(script, "r1"), "REJECTED");
  EXPECT_EQ(Minutes(script, "ann"), "0+0");
  EXPECT_EQ(Books(script), "");
  EXPECT_TRUE(script.state().waiting_records().empty());
}

TEST(DecideReview, TheCapsAreThoseOfNow) {
  Script script;
  script.Given("use town\n" + Submit("r1") + "CreditHours " +
               Served("r2", "ann", "2021-03-05", 420) + "\nby lin\n" + Approve("r1"));
  EXPECT_EQ(Tell(script.last_event().hours_reviewed().credit()),
            "2021-03-05 60+60 v1 25 to 2022-03-31");
}

TEST(DecideReview, UntilADisputeIsSettledNothingChanges) {
  Script script;
  script.Given(kDisputed);
  EXPECT_EQ(script.last_event().hours_disputed().volunteer_id(), "ann");
  EXPECT_EQ(StateOf(script, "r1"), "APPROVED disputed");
  EXPECT_EQ(Purse(script, "ann"), "50: 50 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "120+0");
  ASSERT_EQ(script.state().waiting_records().size(), 1u);
  EXPECT_EQ(script.state().waiting_records().begin()->first, script.last_event().sequence());
}

TEST(DecideReview, AnUpheldRecordStands) {
  Script script;
  script.Given(kDisputed + Approve("r1"));
  EXPECT_FALSE(script.last_event().hours_reviewed().has_credit());
  EXPECT_FALSE(script.last_event().hours_reviewed().has_claw_back());
  EXPECT_EQ(StateOf(script, "r1"), "APPROVED");
  EXPECT_EQ(Purse(script, "ann"), "50: 50 to 2022-03-31");
  EXPECT_TRUE(script.state().waiting_records().empty());
}

TEST(DecideReview, AnOverturnedRecordIsClawedBack) {
  Script script;
  script.Given(kDisputed + "by till merchant=bakery\n" + Buns("x1", "ann", 4) + "\nby lin\n" +
               Reject("r1"));
  EXPECT_EQ(Tell(script.last_event().hours_reviewed().claw_back()),
            "available 30 to 2022-03-31; debt 20");
  EXPECT_EQ(StateOf(script, "r1"), "REJECTED");
  EXPECT_EQ(Purse(script, "ann"), "0; debt 20");
  EXPECT_EQ(Minutes(script, "ann"), "0+0");
  EXPECT_EQ(Books(script), "issued -50, revoked 50, debt -20, payable 20");
  EXPECT_TRUE(script.volunteer("ann").days.empty());
}

TEST(DecideReview, AndCountsAgainWhenThatIsOverturned) {
  Script script;
  script.Given(kDisputed + Reject("r1") + "\n" + Doubt("r1"));
  EXPECT_EQ(StateOf(script, "r1"), "REJECTED disputed");
  script.Given(Approve("r1"));
  EXPECT_EQ(Tell(script.last_event().hours_reviewed().credit()),
            "2021-03-05 120+0 v1 50 to 2022-03-31");
  EXPECT_EQ(StateOf(script, "r1"), "APPROVED");
  EXPECT_EQ(Purse(script, "ann"), "50: 50 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -100, revoked 50, available 50");
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(DecideReview, WhatWaitsStandsInTheOrderInWhichItBeganToWait) {
  Script script;
  script.Given("use town\n" + Submit("r1") + Submit("r2", "bob") + Credit("r3", "bob") +
               "by lin\n" + Approve("r1") + "\n" + Dispute("r3") + "\n" + Dispute("r1"));
  std::vector<std::string> waiting;
  for (const auto& [sequence, index] : script.state().waiting_records()) {
    waiting.push_back(script.state().records()[index].record_id);
  }
  EXPECT_EQ(waiting, (std::vector<std::string>{"r2", "r3", "r1"}));
}

}  // namespace
}  // namespace meritbook
