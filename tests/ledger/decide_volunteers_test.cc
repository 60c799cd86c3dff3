// A volunteer's account: frozen, closed for ever, merged into another.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

std::string Credit(std::string_view record, std::string_view volunteer, std::string_view day,
                   int minutes, std::string_view activity = "patrol") {
  return Text("CreditHours ", Served(record, volunteer, day, minutes, activity), "\n");
}
std::string Freeze(std::string_view volunteer = "ann") {
  return Text(R"(FreezeVolunteer volunteer_id: ")", volunteer, R"(" reason_code: "audit")");
}
std::string Unfreeze(std::string_view volunteer = "ann") {
  return Text(R"(UnfreezeVolunteer volunteer_id: ")", volunteer, R"(" reason_code: "cleared")");
}
std::string Close(std::string_view volunteer = "ann") {
  return Text(R"(CloseVolunteer volunteer_id: ")", volunteer, R"(" reason: CLOSE_REASON_MOVED)");
}
std::string MergeOf(std::string_view volunteer, std::string_view survivor) {
  return Text(R"(merge_volunteers { volunteer_id: ")", volunteer, R"(" survivor_id: ")", survivor,
              R"(" })");
}
// Two people carry it out.
std::string Merge(std::string_view volunteer = "bob", std::string_view survivor = "ann") {
  const std::string id = Text("m-", volunteer);
  return "by lin\n" + Propose(id, MergeOf(volunteer, survivor)) + "\nby mei\n" + Agree(id) +
         "\nby app source=app\n";
}

const std::string kTown = "use town\n";
const std::string kThree =
    R"(use town
RegisterVolunteer volunteer_id: "cat" age_band: AGE_BAND_60_PLUS
RegisterOrganisation organisation_id: "redcross" kind: ORGANISATION_KIND_CAUSE
)";

const RuleTable kFreezing({
    {"the frozen are freed", kTown + Freeze(), Unfreeze(), "ok"},
    {"once", kTown + Freeze() + "\n" + Unfreeze(), Unfreeze(),
     "VOLUNTEER_NOT_FROZEN command.volunteer_id"},
    {"others can't be", kTown, Unfreeze(), "VOLUNTEER_NOT_FROZEN command.volunteer_id"},
    {"nobody is", kTown, Unfreeze("eve"), "VOLUNTEER_UNKNOWN command.volunteer_id"},
    {"then they redeem",
     kTown + Credit("r1", "ann", "2021-03-05", 60) + Freeze() + "\n" + Unfreeze() +
         "\nby till merchant=bakery",
     Buns("x1", "ann", 1), "ok"},
    {"and may be frozen again", kTown + Freeze() + "\n" + Unfreeze(), Freeze(), "ok"},
});

const RuleTable kClosing({
    {"an account is closed", kTown, Close(), "ok"},
    {"of nobody", kTown, Close("eve"), "VOLUNTEER_UNKNOWN command.volunteer_id"},
    {"once", kTown + Close(), Close(), "VOLUNTEER_CLOSED command.volunteer_id"},
    {"a frozen one, too", kTown + Freeze(), Close(), "ok"},
    {"then nothing is redeemed",
     kTown + Credit("r1", "ann", "2021-03-05", 60) + Close() + "\nby till merchant=bakery",
     Buns("x1", "ann", 1), "VOLUNTEER_CLOSED command.volunteer_id"},
    {"nobody frozen", kTown + Close(), Freeze(), "VOLUNTEER_CLOSED command.volunteer_id"},
    {"nobody freed", kTown + Freeze() + "\n" + Close(), Unfreeze(),
     "VOLUNTEER_CLOSED command.volunteer_id"},
    {"hours are still taken", kTown + Close(),
     "CreditHours " + Served("r1", "ann", "2021-03-05", 60), "ok"},
    {"old hours, too", kTown + Close(), "BackfillHours " + Served("r1", "ann", "2021-01-05", 60),
     "ok"},
    {"and submitted ones", kTown + Close(), "SubmitHours " + Served("r1", "ann", "2021-03-05", 60),
     "ok"},
    {"not merged into another", kTown + Close("bob") + "\nby lin",
     Propose("p1", MergeOf("bob", "ann")), "VOLUNTEER_CLOSED"},
    {"nor another into it", kTown + Close("ann") + "\nby lin", Propose("p1", MergeOf("bob", "ann")),
     "VOLUNTEER_CLOSED"},
    {"not when it was closed before it was agreed to",
     kTown + "by lin\n" + Propose("p1", MergeOf("bob", "ann")) + "\n" + Close("bob") + "\nby mei",
     Agree("p1"), "VOLUNTEER_CLOSED"},
});

const RuleTable kMerging({
    {"a merger is proposed", kTown + "by lin", Propose("p1", MergeOf("bob", "ann")), "ok"},
    {"of nobody", kTown + "by lin", Propose("p1", MergeOf("eve", "ann")), "VOLUNTEER_UNKNOWN"},
    {"into nobody", kTown + "by lin", Propose("p1", MergeOf("bob", "eve")), "VOLUNTEER_UNKNOWN"},
    {"served at the same time",
     kTown + "CreditHours " + Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T11:00") +
         "\nCreditHours " + Clocked("r2", "bob", "2021-03-05T10:00", "2021-03-05T12:00") +
         "\nby lin",
     Propose("p1", MergeOf("bob", "ann")), "INTERVAL_OVERLAPS"},
    {"end to end",
     kTown + "CreditHours " + Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T11:00") +
         "\nCreditHours " + Clocked("r2", "bob", "2021-03-05T11:00", "2021-03-05T12:00") +
         "\nby lin",
     Propose("p1", MergeOf("bob", "ann")), "ok"},
    {"one of the two was revoked",
     kTown + "CreditHours " + Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T11:00") +
         "\nCreditHours " + Clocked("r2", "bob", "2021-03-05T10:00", "2021-03-05T12:00") + "\n" +
         Revoke("r2") + "\nby lin",
     Propose("p1", MergeOf("bob", "ann")), "ok"},
    {"one of the two waits",
     kTown + "CreditHours " + Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T11:00") +
         "\nSubmitHours " + Clocked("r2", "bob", "2021-03-05T10:00", "2021-03-05T12:00") +
         "\nby lin",
     Propose("p1", MergeOf("bob", "ann")), "ok"},
    {"a full day together",
     kTown + Credit("r1", "ann", "2021-03-05", 720) + Credit("r2", "bob", "2021-03-05", 720) +
         "by lin",
     Propose("p1", MergeOf("bob", "ann")), "ok"},
    {"more than a day has",
     kTown + Credit("r1", "ann", "2021-03-05", 720) + Credit("r2", "bob", "2021-03-05", 735) +
         "by lin",
     Propose("p1", MergeOf("bob", "ann")), "DAY_OVERFULL"},
    {"what changed before it was agreed to",
     kTown + Credit("r1", "ann", "2021-03-05", 720) + "by lin\n" +
         Propose("p1", MergeOf("bob", "ann")) + "\nby app source=app\n" +
         Credit("r2", "bob", "2021-03-05", 735) + "by mei",
     Agree("p1"), "DAY_OVERFULL"},

    // The old id answers with the survivor, to every command that names it.
    {"no hours", kTown + Merge(), "CreditHours " + Served("r1", "bob", "2021-03-05", 60),
     "VOLUNTEER_MERGED command.record.volunteer_id"},
    {"no submitted hours", kTown + Merge(), "SubmitHours " + Served("r1", "bob", "2021-03-05", 60),
     "VOLUNTEER_MERGED command.record.volunteer_id"},
    {"no old hours", kTown + Merge(), "BackfillHours " + Served("r1", "bob", "2021-03-05", 60),
     "VOLUNTEER_MERGED command.record.volunteer_id"},
    {"no sheet", kTown + Merge(),
     R"(RecordAttendance activity_id: "patrol" start_us: @2021-03-09T09:00 end_us: @2021-03-09T11:00 attendees { record_id: "r1" volunteer_id: "bob" })",
     "VOLUNTEER_MERGED"},
    {"no award", kTown + Merge(),
     R"(AwardPoints record_id: "r1" volunteer_id: "bob" award: "blood" award_day: "2021-03-05" points: 20)",
     "VOLUNTEER_MERGED command.volunteer_id"},
    {"no order", kTown + Merge() + "by till merchant=bakery", Buns("x1", "bob", 1),
     "VOLUNTEER_MERGED command.volunteer_id"},
    {"no donation", kThree + Merge(),
     R"(DonatePoints volunteer_id: "bob" cause_id: "redcross" points: 1)",
     "VOLUNTEER_MERGED command.volunteer_id"},
    {"no freeze", kTown + Merge(), Freeze("bob"), "VOLUNTEER_MERGED command.volunteer_id"},
    {"no thaw", kTown + Merge(), Unfreeze("bob"), "VOLUNTEER_MERGED command.volunteer_id"},
    {"no end", kTown + Merge(), Close("bob"), "VOLUNTEER_MERGED command.volunteer_id"},
    {"no principal", kTown + Merge(),
     R"(RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR volunteer_id: "bob" key_sha256: "k^32")",
     "VOLUNTEER_MERGED command.volunteer_id"},
    {"no adjustment", kTown + Merge() + "by lin",
     Propose("p1", R"(adjust_points { volunteer_id: "bob" units: 6000 reason_code: "gift" })"),
     "VOLUNTEER_MERGED"},
    {"no reinstatement", kTown + Merge() + "by lin",
     Propose(
         "p1",
         R"(reinstate_points { volunteer_id: "bob" lapsed_day: "2021-03-05" units: 6000 expiry_day: "2021-12-31" reason_code: "illness" })"),
     "VOLUNTEER_MERGED"},
    {"no second merger", kThree + Merge() + "by lin", Propose("p1", MergeOf("bob", "cat")),
     "VOLUNTEER_MERGED"},
    {"nor into it", kThree + Merge() + "by lin", Propose("p1", MergeOf("cat", "bob")),
     "VOLUNTEER_MERGED"},
    {"no opening balance",
     "use old_town\nby lin\n" + Propose("p1", MergeOf("bob", "ann")) + "\nby mei\n" + Agree("p1"),
     Propose(
         "p2",
         R"(load_opening_balances { file_sha256: "k^32" part: 1 parts: 1 balances { volunteer_id: "bob" } })"),
     "VOLUNTEER_MERGED"},
    {"no registration", kTown + Merge(),
     R"(RegisterVolunteer volunteer_id: "bob" age_band: AGE_BAND_60_PLUS)",
     "VOLUNTEER_EXISTS command.volunteer_id"},

    // Records of the old one are the survivor's.
    {"the survivor can't have served then",
     kTown + "CreditHours " + Clocked("r1", "bob", "2021-03-05T09:00", "2021-03-05T11:00") + "\n" +
         Merge(),
     "CreditHours " + Clocked("r2", "ann", "2021-03-05T10:00", "2021-03-05T12:00"),
     "INTERVAL_OVERLAPS"},
    {"they are revoked", kTown + Credit("r1", "bob", "2021-03-05", 60) + Merge(), Revoke("r1"),
     "ok"},
    {"corrected, under the survivor's id", kTown + Credit("r1", "bob", "2021-03-05", 60) + Merge(),
     Correct("r1", Served("r2", "ann", "2021-03-05", 120, "patrol", "replacement")), "ok"},
    {"not under their own", kTown + Credit("r1", "bob", "2021-03-05", 60) + Merge(),
     Correct("r1", Served("r2", "bob", "2021-03-05", 120, "patrol", "replacement")),
     "VOLUNTEER_MERGED"},
    {"reviewed",
     kTown + "SubmitHours " + Served("r1", "bob", "2021-03-05", 60) + "\n" + Merge() + "by lin",
     Approve("r1"), "ok"},
    {"not by the survivor",
     kTown + "SubmitHours " + Served("r1", "bob", "2021-03-05", 60) + "\n" + Merge() +
         "by ann volunteer=ann",
     Approve("r1"), "SELF_REVIEW"},
    {"nor by who was the old one",
     kTown + "SubmitHours " + Served("r1", "ann", "2021-03-05", 60) + "\n" + Merge() +
         "by bob volunteer=bob",
     Approve("r1"), "SELF_REVIEW"},
    {"nor by whom the ledger knows for the old one",
     kTown +
         R"(RegisterPrincipal principal_id: "bobs" roles: ROLE_COMMITTEE volunteer_id: "bob" key_sha256: "k^32"
SubmitHours )" +
         Served("r1", "ann", "2021-03-05", 60) + "\n" + Merge() + "by bobs",
     Approve("r1"), "SELF_REVIEW"},
    {"nor does she redeem for herself",
     kTown + Credit("r1", "ann", "2021-03-05", 60) + Merge() +
         "by bob merchant=bakery volunteer=bob",
     Buns("x1", "ann", 1), "SELF_REDEMPTION command.volunteer_id"},
    {"nor takes goods back for herself",
     kTown + Credit("r1", "ann", "2021-03-05", 60) + "by till merchant=bakery\n" +
         Buns("x1", "ann", 1) + "\n" + Merge() + "by bob merchant=bakery volunteer=bob",
     Return("x1", 1), "SELF_REDEMPTION"},
    {"over two mergers",
     kThree + "SubmitHours " + Served("r1", "bob", "2021-03-05", 60) + "\n" + Merge("bob", "cat") +
         Merge("cat", "ann") + "by ann volunteer=ann",
     Approve("r1"), "SELF_REVIEW"},
});

TEST(DecideVolunteers, Freezing) { kFreezing.Run(); }
TEST(DecideVolunteers, Closing) { kClosing.Run(); }
TEST(DecideVolunteers, Merging) { kMerging.Run(); }

// ---- Closing.

TEST(DecideVolunteers, PointsOfAClosedAccountAreForfeitedAndMinutesStay) {
  Script script;
  script.Given(kTown + Credit("r1", "ann", "2021-03-05", 60) +
               Credit("r2", "ann", "2021-02-20", 60) + "by committee\n" +
               RuleFrom("2021-03-06", "maturity_days: 7") + "\nby app source=app\n" +
               Credit("r3", "ann", "2021-03-06", 60) + Close());
  const v1::Event event = script.last_event();
  EXPECT_EQ(Tell(event.volunteer_closed().available()), "25 to 2022-02-28, 25 to 2022-03-31");
  ASSERT_EQ(event.volunteer_closed().pending_size(), 1);
  EXPECT_EQ(event.volunteer_closed().pending(0).lot().units(), 25 * 6000);
  EXPECT_EQ(FormatDay(event.volunteer_closed().pending(0).matures_day_number()), "2021-03-17");
  EXPECT_EQ(Purse(script, "ann"), "0; forfeited 25 to 2022-02-28; forfeited 50 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -75, forfeited 75");
  EXPECT_EQ(Minutes(script, "ann"), "180+0");
  EXPECT_TRUE(script.state().dues().empty());
}

TEST(DecideVolunteers, WhatReachesAClosedAccountIsForfeited) {
  Script script;
  script.Given(kTown + "by committee\n" + RuleFrom("2021-01-01", "maturity_days: 7") +
               "\nby app source=app\n" + Close() + "\n" + Credit("r1", "ann", "2021-03-05", 60));
  // At once: it has nothing to wait for.
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
            "2021-03-05 60+0 v2 25 to 2022-03-31; inflow [forfeited 25 to 2022-03-31]");
  EXPECT_EQ(Purse(script, "ann"), "0; forfeited 25 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "60+0");
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(DecideVolunteers, DebtStays) {
  Script script;
  script.Given(kTown + Credit("r1", "ann", "2021-03-05", 120) + Buns("x1", "ann", 4) + "\n" +
               Revoke("r1") + "\n" + Close() + "\n" + Credit("r2", "ann", "2021-03-06", 60));
  EXPECT_EQ(Purse(script, "ann"), "0; debt 20; forfeited 25 to 2022-03-31");
}

// ---- Merging.

TEST(DecideVolunteers, AMergerMovesEverything) {
  Script script;
  script.Given(kTown + Credit("r1", "ann", "2021-03-05", 120) +
               Credit("r2", "bob", "2021-03-05", 480) + "CreditHours " +
               Clocked("r3", "bob", "2021-03-06T09:00", "2021-03-06T10:00") + "\n" + Merge());
  const v1::Event event = script.last_event();
  const v1::VolunteersMerged& merged = event.volunteers_merged();
  EXPECT_EQ(merged.available_units(), 225 * 6000);
  EXPECT_EQ(merged.pending_units(), 0);
  EXPECT_EQ(merged.debt_units(), 0);
  EXPECT_EQ(merged.debt_repaid_size(), 0);
  ASSERT_EQ(event.passbook_size(), 2);
  EXPECT_EQ(event.passbook(0).volunteer_id(), "bob");
  EXPECT_EQ(event.passbook(1).volunteer_id(), "ann");
  EXPECT_EQ(Purse(script, "ann"), "275: 275 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "660+0");
  // Caps stay as each credit found them.
  EXPECT_EQ(script.volunteer("ann").days[0].credited, 600u);
  EXPECT_EQ(script.volunteer("ann").intervals.size(), 1u);
  EXPECT_EQ(Purse(script, "bob"), "0");
  EXPECT_EQ(Minutes(script, "bob"), "0+0");
  EXPECT_TRUE(script.volunteer("bob").days.empty());
  EXPECT_TRUE(script.volunteer("bob").intervals.empty());
  ASSERT_TRUE(script.volunteer("bob").merged_into.has_value());
  EXPECT_EQ(script.state().volunteers()[*script.volunteer("bob").merged_into].id, "ann");
  EXPECT_EQ(Books(script), "issued -275, available 275");
}

TEST(DecideVolunteers, TheOldIdNamesTheSurvivor) {
  Script script;
  script.Given(kThree + Merge("bob", "cat") + Merge("cat", "ann"));
  EXPECT_EQ(script.Run("CreditHours " + Served("r1", "bob", "2021-03-05", 60)), "VOLUNTEER_MERGED");
  const auto& metadata = script.refused().metadata;
  const auto survivor = std::find_if(metadata.begin(), metadata.end(),
                                     [](const auto& pair) { return pair.first == "survivor_id"; });
  ASSERT_NE(survivor, metadata.end());
  EXPECT_EQ(survivor->second, "ann");
}

TEST(DecideVolunteers, TheDebtOfEitherIsRepaidByWhatBothHave) {
  const std::string owing =
      Credit("r1", "bob", "2021-03-05", 120) + Buns("x1", "bob", 4) + "\n" + Revoke("r1") + "\n";
  const std::string rich =
      Credit("r2", "ann", "2021-02-20", 30) + Credit("r3", "ann", "2021-03-05", 60);
  for (const bool survivor_owes : {false, true}) {
    Script script;
    script.Given(kTown + owing + rich + (survivor_owes ? Merge("ann", "bob") : Merge()));
    const v1::VolunteersMerged merged = script.last_event().volunteers_merged();
    EXPECT_EQ(merged.debt_units(), survivor_owes ? 0 : -20 * 6000);
    EXPECT_EQ(merged.available_units(), survivor_owes ? 75 * 3000 : 0);
    EXPECT_EQ(Tell(merged.debt_repaid()), "12.5 to 2022-02-28, 7.5 to 2022-03-31");
    EXPECT_EQ(Purse(script, survivor_owes ? "bob" : "ann"), "17.5: 17.5 to 2022-03-31");
    EXPECT_EQ(Purse(script, survivor_owes ? "ann" : "bob"), "0");
    EXPECT_EQ(Books(script), "issued -87.5, revoked 50, available 17.5, payable 20");
    EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
  }
}

TEST(DecideVolunteers, DebtAboveWhatBothHaveStaysDebt) {
  Script script;
  script.Given(kTown + Credit("r1", "bob", "2021-03-05", 120) + Buns("x1", "bob", 4) + "\n" +
               Revoke("r1") + "\n" + Credit("r2", "ann", "2021-03-05", 30) + Merge());
  EXPECT_EQ(Tell(script.last_event().volunteers_merged().debt_repaid()), "12.5 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "0; debt 7.5");
}

TEST(DecideVolunteers, PendingAndLostUnitsMove) {
  Script script;
  script.Given(kTown + Credit("r1", "bob", "2021-02-20", 60) +
               "at 2022-03-05 00:00\nby committee\n" + RuleFrom("2022-03-01", "maturity_days: 30") +
               "\nby app source=app\n" + Credit("r2", "bob", "2022-03-01", 60) +
               Credit("r3", "ann", "2022-03-01", 30) + Merge());
  EXPECT_EQ(script.last_event().volunteers_merged().pending_units(), 25 * 6000);
  EXPECT_EQ(Purse(script, "ann"),
            "0; pending 25 to 2023-03-31 on 2022-04-04; pending 12.5 to 2023-03-31 on 2022-04-04; "
            "expired 25 to 2022-02-28");
  EXPECT_EQ(Purse(script, "bob"), "0");
  // A claw-back of the old one's records finds them there.
  script.Given(Revoke("r1") + "\n" + Revoke("r2"));
  EXPECT_EQ(Purse(script, "ann"), "0; pending 12.5 to 2023-03-31 on 2022-04-04");
  script.Given("at 2022-04-04 00:00\nsweep");
  EXPECT_EQ(script.last_event().points_matured().volunteer_id(), "ann");
  EXPECT_EQ(Purse(script, "ann"), "12.5: 12.5 to 2023-03-31");
}

TEST(DecideVolunteers, TheSurvivorIsFrozenIfEitherWas) {
  for (const char* frozen : {"ann", "bob"}) {
    Script script;
    script.Given(kTown + Freeze(frozen) + "\n" + Merge());
    EXPECT_TRUE(script.volunteer("ann").frozen);
  }
  Script script;
  script.Given(kTown + Merge());
  EXPECT_FALSE(script.volunteer("ann").frozen);
}

TEST(DecideVolunteers, CapsAndCountsAreOfBoth) {
  Script script;
  script.Given(
      kTown + "by committee\n" +
      RuleFrom("2021-01-01",
               "credited_minutes_per_activity: 120 awards { award: \"blood\" points_max: 20 "
               "times_per_year: 1 }") +
      R"(
by app source=app
AwardPoints record_id: "w1" volunteer_id: "bob" award: "blood" award_day: "2021-03-05" points: 20
by lin
)" + Approve("w1") +
      "\nby app source=app\n" + Credit("r1", "bob", "2021-03-05", 90) + Merge());
  script.Given("CreditHours " + Served("r2", "ann", "2021-03-06", 60));
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
            "2021-03-06 30+30 v2 12.5 to 2022-03-31");
  EXPECT_EQ(
      script.Run(
          R"(AwardPoints record_id: "w2" volunteer_id: "ann" award: "blood" award_day: "2021-03-05" points: 20)"),
      "AWARD_CAP_REACHED");
}

TEST(DecideVolunteers, TwoPeopleOfOnePlaceAreOne) {
  Script script;
  script.Given(
      kThree +
      R"(RegisterActivity activity_id: "tea" organisation_id: "o1" category: "traffic" starts_us: 1 capacity: 2
by committee
)" + RuleFrom("2021-01-01", "auto_minutes_per_day: 480") +
      "\nby app source=app\n" + Credit("r1", "ann", "2021-03-05", 60, "tea") +
      Credit("r2", "bob", "2021-03-05", 60, "tea") + Merge() + "SubmitHours " +
      Served("r3", "cat", "2021-03-05", 60, "tea"));
  EXPECT_TRUE(script.last_event().hours_submitted().wait_reasons().empty());
}

TEST(DecideVolunteers, ARefundOfTheOldOnesOrderReachesTheSurvivor) {
  Script script;
  script.Given(kTown + Credit("r1", "bob", "2021-03-05", 60) + "by till merchant=bakery\n" +
               Buns("x1", "bob", 2) + "\n" + Merge() + "by till merchant=bakery\n" +
               Return("x1", 1));
  EXPECT_EQ(script.last_event().order_refunded().volunteer_id(), "ann");
  EXPECT_EQ(Purse(script, "ann"), "20: 20 to 2022-03-31");
}

}  // namespace
}  // namespace meritbook
