// Points between earning and spending: maturity, grace, debt; what people adjust, reinstate, donate
// and award.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "ledger/units.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

std::string Credit(std::string_view record, std::string_view day, int minutes,
                   std::string_view volunteer = "ann") {
  return Text("CreditHours ", Served(record, volunteer, day, minutes), "\n");
}
// The town under another rule, from the app.
std::string Under(std::string_view earning, std::string_view expiry = "rolling_months: 12") {
  return "use town\nby committee\n" + RuleFrom("2021-01-01", earning, expiry) +
         "\nby app source=app\n";
}
std::string Adjust(int64_t points, std::string_view expiry = "2021-12-31",
                   std::string_view volunteer = "ann") {
  std::string change = Text(R"(adjust_points { volunteer_id: ")", volunteer, R"(" units: )",
                            points * 6000, R"( reason_code: "gift")");
  if (!expiry.empty()) change += Text(R"( expiry_day: ")", expiry, R"(")");
  return change + " }";
}
std::string Reinstate(int64_t points, std::string_view lapsed = "2022-03-31",
                      std::string_view expiry = "2022-12-31") {
  return Text(R"(reinstate_points { volunteer_id: "ann" lapsed_day: ")", lapsed, R"(" units: )",
              points * 6000, R"( expiry_day: ")", expiry, R"(" reason_code: "illness" })");
}
// Two people carry it out.
std::string Both(const std::string& change) {
  return "by lin\n" + Propose("p1", change) + "\nby mei\n" + Agree("p1") + "\n";
}
std::string Donate(int points, std::string_view cause = "redcross") {
  return Text(R"(DonatePoints volunteer_id: "ann" cause_id: ")", cause, R"(" points: )", points);
}
std::string Award(std::string_view record, int points, std::string_view day = "2021-03-05",
                  std::string_view award = "blood") {
  return Text(R"(AwardPoints record_id: ")", record, R"(" volunteer_id: "ann" award: ")", award,
              R"(" award_day: ")", day, R"(" points: )", points);
}

const std::string kRich = "use town\n" + Credit("r1", "2021-03-05", 120);               // 50 points
const std::string kOwing = kRich + Buns("x1", "ann", 10) + "\n" + Revoke("r1") + "\n";  // 50 owed
const std::string kCause =
    kRich + R"(RegisterOrganisation organisation_id: "redcross" kind: ORGANISATION_KIND_CAUSE
)";
const std::string kBlood = Under(R"(awards { award: "blood" points_max: 20 times_per_year: 2 })");
const std::string kClosed = R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_WITHDREW
)";

const RuleTable kAdjustments({
    {"points are added", kRich + "by lin", Propose("p1", Adjust(10)), "ok"},
    {"to nobody", kRich + "by lin", Propose("p1", Adjust(10, "2021-12-31", "eve")),
     "VOLUNTEER_UNKNOWN"},
    {"until today", kRich + "by lin", Propose("p1", Adjust(10, "2021-03-10")), "ok"},
    {"until yesterday", kRich + "by lin", Propose("p1", Adjust(10, "2021-03-09")),
     "EXPIRY_IN_PAST"},
    {"until today, which is over when it is agreed to",
     kRich + "by lin\n" + Propose("p1", Adjust(10, "2021-03-10")) + "\nat 2021-03-11 00:00\nby mei",
     Agree("p1"), "EXPIRY_IN_PAST"},
    {"all of them are taken", kRich + "by lin", Propose("p1", Adjust(-50, "")), "ok"},
    {"one more", kRich + "by lin", Propose("p1", Adjust(-51, "")), "BALANCE_TOO_LOW"},
    {"they are spent when it is agreed to",
     kRich + "by lin\n" + Propose("p1", Adjust(-50, "")) + "\nby till merchant=bakery\n" +
         Buns("x1", "ann", 1) + "\nby mei",
     Agree("p1"), "BALANCE_TOO_LOW"},
    {"for a closed account", kRich + kClosed + "by lin", Propose("p1", Adjust(10)),
     "VOLUNTEER_CLOSED"},
});

const RuleTable kReinstatements({
    {"what has lapsed", kRich + "at 2022-04-05 00:00\nby lin", Propose("p1", Reinstate(50)), "ok"},
    {"more than has lapsed", kRich + "at 2022-04-05 00:00\nby lin", Propose("p1", Reinstate(51)),
     "LAPSED_TOO_LOW"},
    {"of another day", kRich + "at 2022-04-05 00:00\nby lin",
     Propose("p1", Reinstate(50, "2022-02-28")), "LAPSED_TOO_LOW"},
    {"what has not lapsed yet", kRich + "at 2022-03-31 23:59\nby lin", Propose("p1", Reinstate(50)),
     "LAPSED_TOO_LOW"},
    {"until today", kRich + "at 2022-04-05 00:00\nby lin",
     Propose("p1", Reinstate(50, "2022-03-31", "2022-04-05")), "ok"},
    {"until yesterday", kRich + "at 2022-04-05 00:00\nby lin",
     Propose("p1", Reinstate(50, "2022-03-31", "2022-04-04")), "EXPIRY_IN_PAST"},
    {"once", kRich + "at 2022-04-05 00:00\n" + Both(Reinstate(50)) + "by lin",
     Propose("p2", Reinstate(1)), "LAPSED_TOO_LOW"},
    {"what had its grace and lapsed again",
     kRich + "at 2022-04-05 00:00\n" + Both(Reinstate(50)) + "at 2023-01-01 00:00\nby lin",
     Propose("p2", Reinstate(1, "2022-12-31", "2023-12-31")), "LAPSED_TOO_LOW"},
    {"of a closed account", kRich + "at 2022-04-05 00:00\n" + kClosed + "by lin",
     Propose("p1", Reinstate(50)), "VOLUNTEER_CLOSED"},
});

const RuleTable kDonations({
    {"points are donated", kCause, Donate(50), "ok"},
    {"a point too many", kCause, Donate(51), "BALANCE_TOO_LOW"},
    {"to nobody", kCause, Donate(10, "blackcross"), "CAUSE_UNKNOWN command.cause_id"},
    {"to a team", kCause, Donate(10, "o1"), "CAUSE_UNKNOWN command.cause_id"},
    {"by nobody", kCause, R"(DonatePoints volunteer_id: "eve" cause_id: "redcross" points: 1)",
     "VOLUNTEER_UNKNOWN command.volunteer_id"},
    {"by the frozen", kCause + R"(FreezeVolunteer volunteer_id: "ann" reason_code: "audit")",
     Donate(10), "VOLUNTEER_FROZEN command.volunteer_id"},
    {"by the gone", kCause + kClosed, Donate(10), "VOLUNTEER_CLOSED command.volunteer_id"},
    {"what has lapsed", kCause + "at 2022-04-01 00:00", Donate(1), "BALANCE_TOO_LOW"},
});

const RuleTable kAwards({
    {"an award waits", kBlood, Award("w1", 20), "ok"},
    {"by a platform only", kBlood + "by lin", Award("w1", 20), "SOURCE_MISSING"},
    {"of nobody", kBlood,
     R"(AwardPoints record_id: "w1" volunteer_id: "eve" award: "blood" award_day: "2021-03-05" points: 20)",
     "VOLUNTEER_UNKNOWN command.volunteer_id"},
    {"more than the rule has", kBlood, Award("w1", 21), "AWARD_TOO_LARGE command.points"},
    {"of no name that the rule has", kBlood, Award("w1", 20, "2021-03-05", "wish"),
     "AWARD_UNKNOWN command.award"},
    {"where the rule has none", "use town", Award("w1", 20), "AWARD_UNKNOWN command.award"},
    {"on a day without a rule", kBlood, Award("w1", 20, "2020-12-31"), "RULE_MISSING"},
    {"today", kBlood, Award("w1", 20, "2021-03-10"), "ok"},
    {"tomorrow", kBlood, Award("w1", 20, "2021-03-11"), "SERVICE_IN_FUTURE command.award_day"},
    {"the last day of the backdating window", kBlood, Award("w1", 20, "2021-02-08"), "ok"},
    {"a day longer ago", kBlood, Award("w1", 20, "2021-02-07"),
     "SERVICE_TOO_OLD command.award_day"},
    {"a record that there is", kBlood + Credit("w1", "2021-03-05", 60), Award("w1", 20),
     "RECORD_EXISTS command.record_id"},
    {"hours under its id", kBlood + Award("w1", 20),
     "CreditHours " + Served("w1", "ann", "2021-03-05", 60),
     "RECORD_EXISTS command.record.record_id"},
    {"while another waits", kBlood + Award("w1", 20) + "\n" + Award("w2", 20), Award("w3", 20),
     "ok"},
    {"the second of the year",
     kBlood + Award("w1", 20) + "\nby lin\n" + Approve("w1") + "\nby app source=app",
     Award("w2", 20), "ok"},
    {"the third of the year",
     kBlood + Award("w1", 20) + "\n" + Award("w2", 20) + "\nby lin\n" + Approve("w1") + "\n" +
         Approve("w2") + "\nby app source=app",
     Award("w3", 20), "AWARD_CAP_REACHED command.award"},
    {"the third to be approved",
     kBlood + Award("w1", 20) + "\n" + Award("w2", 20) + "\n" + Award("w3", 20) + "\nby lin\n" +
         Approve("w1") + "\n" + Approve("w2"),
     Approve("w3"), "AWARD_CAP_REACHED"},
    {"after one was turned down",
     kBlood + Award("w1", 20) + "\n" + Award("w2", 20) + "\nby lin\n" + Approve("w1") + "\n" +
         Reject("w2") + "\nby app source=app",
     Award("w3", 20), "ok"},
    {"after one was revoked",
     kBlood + Award("w1", 20) + "\n" + Award("w2", 20) + "\nby lin\n" + Approve("w1") + "\n" +
         Approve("w2") + "\n" + Revoke("w1") + "\nby app source=app",
     Award("w3", 20), "ok"},
    {"another year",
     kBlood + Award("w1", 20) + "\n" + Award("w2", 20) + "\nby lin\n" + Approve("w1") + "\n" +
         Approve("w2") + "\nby app source=app\nat 2022-01-05 00:00",
     Award("w3", 20, "2022-01-01"), "ok"},
    {"the year of the day, not of today",
     kBlood + "at 2021-12-31 00:00\n" + Award("w1", 20, "2021-12-30") + "\n" +
         Award("w2", 20, "2021-12-30") + "\nat 2022-01-05 00:00\nby lin\n" + Approve("w1") + "\n" +
         Approve("w2") + "\nby app source=app",
     Award("w3", 20, "2021-12-31"), "AWARD_CAP_REACHED"},
    {"not approved by who submitted it", kBlood + Award("w1", 20), Approve("w1"), "SELF_REVIEW"},
    {"nor by herself", kBlood + Award("w1", 20) + "\nby ann volunteer=ann", Approve("w1"),
     "SELF_REVIEW"},
    {"approved beyond the window", kBlood + Award("w1", 20) + "\nat 2021-06-01 00:00\nby lin",
     Approve("w1"), "ok"},
});

TEST(DecidePoints, Adjustments) { kAdjustments.Run(); }
TEST(DecidePoints, Reinstatements) { kReinstatements.Run(); }
TEST(DecidePoints, Donations) { kDonations.Run(); }
TEST(DecidePoints, Awards) { kAwards.Run(); }

// ---- Maturity.

TEST(DecidePoints, UntilTheyMaturePointsCantBeSpent) {
  Script script;
  script.Given(Under("maturity_days: 7") + Credit("r1", "2021-03-05", 60));
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
            "2021-03-05 60+0 v2 25 to 2022-03-31; matures 2021-03-17");
  EXPECT_EQ(Purse(script, "ann"), "0; pending 25 to 2022-03-31 on 2021-03-17");
  EXPECT_EQ(Books(script), "issued -25, pending 25");
  script.Given("at 2021-03-16 23:59\nsweep");
  EXPECT_EQ(script.Run(Buns("x1", "ann", 1)), "BALANCE_TOO_LOW");
  script.Given("at 2021-03-17 08:00\n" + Buns("x1", "ann", 1));
  const v1::Event event = script.event(script.events().size() - 2);
  const v1::PointsMatured& matured = event.points_matured();
  EXPECT_EQ(matured.volunteer_id(), "ann");
  EXPECT_EQ(FormatDay(matured.matures_day_number()), "2021-03-17");
  EXPECT_EQ(Tell(matured.pending()), "25 to 2022-03-31");
  EXPECT_EQ(Tell(matured.inflow()), "lots 25 to 2022-03-31");
  EXPECT_EQ(event.occurred_us(), script.Micros("2021-03-17 00:00"));
  EXPECT_EQ(event.recorded_us(), script.Micros("2021-03-17 08:00"));
  EXPECT_EQ(event.scope(), v1::REQUEST_SCOPE_UNSPECIFIED);
  EXPECT_EQ(event.command_event_count(), 1u);
  EXPECT_EQ(Purse(script, "ann"), "20: 20 to 2022-03-31");
}

TEST(DecidePoints, WhatMaturesOnOneDayMaturesTogether) {
  Script script;
  script.Given(Under("maturity_days: 7") + Credit("r1", "2021-03-05", 60) +
               Credit("r2", "2021-02-20", 60) + Credit("r3", "2021-03-06", 60) +
               "at 2021-03-11 08:00\n" + Credit("r4", "2021-03-05", 60) +
               "at 2021-03-17 00:00\nsweep");
  EXPECT_EQ(Tell(script.last_event().points_matured().pending()),
            "25 to 2022-02-28, 50 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"),
            "75: 25 to 2022-02-28, 50 to 2022-03-31; pending 25 to 2022-03-31 on 2021-03-18");
}

TEST(DecidePoints, TheRuleOfARecordsFirstDaySaysWhenItMatures) {
  Script script;
  script.Given("use town\nby committee\n" + RuleFrom("2021-03-06", "maturity_days: 7") +
               "\nby app source=app\nCreditHours " +
               Clocked("r1", "ann", "2021-03-05T23:00", "2021-03-06T01:00"));
  EXPECT_EQ(Purse(script, "ann"), "50: 50 to 2022-03-31");
  script.Given("CreditHours " + Clocked("r2", "ann", "2021-03-06T23:00", "2021-03-07T01:00"));
  EXPECT_EQ(Purse(script, "ann"), "50: 50 to 2022-03-31; pending 50 to 2022-03-31 on 2021-03-17");
}

TEST(DecidePoints, APendingUnitRepaysDebtWhenItMatures) {
  Script script;
  script.Given(kOwing + "by committee\n" + RuleFrom("2021-01-01", "maturity_days: 7") +
               "\nby app source=app\n" + Credit("r2", "2021-03-05", 180));
  EXPECT_EQ(Purse(script, "ann"), "0; debt 50; pending 75 to 2022-03-31 on 2021-03-17");
  script.Given("at 2021-03-17 00:00\nsweep");
  EXPECT_EQ(Tell(script.last_event().points_matured().inflow()),
            "debt repaid 50; lots 25 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "25: 25 to 2022-03-31");
}

// ---- Grace.

TEST(DecidePoints, WhatMaturesAfterItLapsedHasGraceOnce) {
  Script script;
  script.Given(Under("maturity_days: 7 backdating_days: 365", "rolling_months: 1 grace_days: 10") +
               "at 2021-04-28 08:00\n" + Credit("r1", "2021-03-05", 60) +
               "at 2021-05-05 08:00\nsweep");
  EXPECT_EQ(Tell(script.last_event().points_matured().pending()), "25 to 2021-04-30");
  EXPECT_EQ(Tell(script.last_event().points_matured().inflow()), "lots 25 to 2021-05-10 graced");
  EXPECT_EQ(Purse(script, "ann"), "25: 25 to 2021-05-10 graced");
  script.Given("at 2021-05-11 00:00\nsweep");
  EXPECT_EQ(Purse(script, "ann"), "0; expired 25 to 2021-05-10 graced");
}

TEST(DecidePoints, AGracedLotIsALotApart) {
  Script script;
  script.Given(Under("backdating_days: 365", "rolling_months: 1 grace_days: 30") +
               "at 2021-05-02 08:00\n" + Credit("r1", "2021-03-31", 60) +
               Both(Adjust(10, "2021-05-30")));
  EXPECT_EQ(Purse(script, "ann"), "35: 10 to 2021-05-30, 25 to 2021-05-30 graced");
  script.Given("by till merchant=bakery\n" + Buns("x1", "ann", 3));
  EXPECT_EQ(Tell(script.last_event().order_redeemed().lots()),
            "10 to 2021-05-30, 5 to 2021-05-30 graced");
}

// Of today's rule, whichever pinned the record: the one from the latest day on, its newest version.
TEST(DecidePoints, TheRuleInForceTodayGivesTheGrace) {
  const std::string earned =
      Under("backdating_days: 365", "rolling_months: 1 grace_days: 20") + "by committee\n";
  const std::string credited =
      "at 2021-05-02 08:00\nby app source=app\n" + Credit("r1", "2021-03-31", 60);
  const std::pair<std::string, const char*> rows[] = {
      {"", "25: 25 to 2021-05-20 graced"},
      {RuleFrom("2021-05-02", "", "rolling_months: 12 grace_days: 9") + "\n",
       "25: 25 to 2021-05-09 graced"},
      {RuleFrom("2021-05-03", "", "rolling_months: 12 grace_days: 9") + "\n",
       "25: 25 to 2021-05-20 graced"},
      {RuleFrom("2021-05-01", "", "rolling_months: 12 grace_days: 9") + "\n" +
           RuleFrom("2021-05-01", "", "rolling_months: 12 grace_days: 11") + "\n",
       "25: 25 to 2021-05-11 graced"},
      {RuleFrom("2021-05-02", "", "rolling_months: 12") + "\n", "0; expired 25 to 2021-04-30"},
      {RuleFrom("2021-05-02", "", "rolling_months: 12 grace_days: 1") + "\n",
       "0; expired 25 to 2021-05-01 graced"},
  };
  for (const auto& [rules, want] : rows) {
    Script script;
    script.Given(earned + rules + credited);
    EXPECT_EQ(Purse(script, "ann"), want);
    EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
  }
}

// ---- Debt.

TEST(DecidePoints, DebtIsRepaidFirst) {
  Script script;
  script.Given(kOwing + Credit("r2", "2021-03-06", 60));
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
            "2021-03-06 60+0 v1 25 to 2022-03-31; inflow [debt repaid 25]");
  EXPECT_EQ(Purse(script, "ann"), "0; debt 25");
  script.Given("CreditHours " + Clocked("r3", "ann", "2021-02-28T22:30", "2021-03-01T01:00"));
  // 37.5 of February and 25 of March: what lapses first repays.
  EXPECT_EQ(Tell(script.last_event().hours_credited().credit()),
            "2021-02-28 90+0 v1 37.5 to 2022-02-28, 2021-03-01 60+0 v1 25 to 2022-03-31; inflow "
            "[debt repaid 25; lots 12.5 to 2022-02-28, 25 to 2022-03-31]");
  EXPECT_EQ(Purse(script, "ann"), "37.5: 12.5 to 2022-02-28, 25 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -137.5, revoked 50, available 37.5, payable 50");
}

TEST(DecidePoints, ARecordWithoutPointsRepaysNothing) {
  Script script;
  script.Given(kOwing + "BackfillHours " + Served("r2", "ann", "2021-03-06", 60));
  EXPECT_EQ(Tell(script.last_event().hours_backfilled().credit()),
            "2021-03-06 0+60 v1 0 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "0; debt 50");
}

// ---- By people.

TEST(DecidePoints, AnAdjustmentAddsOrTakes) {
  Script script;
  script.Given(kRich + Both(Adjust(10)));
  EXPECT_EQ(Tell(script.last_event().points_adjusted().inflow()), "lots 10 to 2021-12-31");
  EXPECT_EQ(Purse(script, "ann"), "60: 10 to 2021-12-31, 50 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -60, available 60");
  script.Given("by lin\n" + Propose("p2", Adjust(-15, "")) + "\nby mei\n" + Agree("p2"));
  EXPECT_EQ(Tell(script.last_event().points_adjusted().taken()),
            "10 to 2021-12-31, 5 to 2022-03-31");
  EXPECT_FALSE(script.last_event().points_adjusted().has_inflow());
  EXPECT_EQ(Purse(script, "ann"), "45: 45 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -45, available 45");
  script.Given("by lin\n" + Propose("p3", Adjust(1, "")) + "\nby mei\n" + Agree("p3"));
  EXPECT_EQ(Purse(script, "ann"), "46: 45 to 2022-03-31, 1 to never");
}

TEST(DecidePoints, AnAdjustmentRepaysDebtFirst) {
  Script script;
  script.Given(kOwing + Both(Adjust(60)));
  EXPECT_EQ(Tell(script.last_event().points_adjusted().inflow()),
            "debt repaid 50; lots 10 to 2021-12-31");
  EXPECT_EQ(Purse(script, "ann"), "10: 10 to 2021-12-31");
}

TEST(DecidePoints, AReinstatementMovesWhatHasLapsed) {
  Script script;
  script.Given(kRich + "at 2022-04-05 00:00\n" + Both(Reinstate(20)));
  EXPECT_EQ(Tell(script.last_event().points_reinstated().inflow()), "lots 20 to 2022-12-31 graced");
  EXPECT_EQ(Purse(script, "ann"), "20: 20 to 2022-12-31 graced; expired 30 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -50, expired 30, available 20");
}

TEST(DecidePoints, AReinstatementRepaysDebtFirst) {
  Script script;
  script.Given(kRich + "at 2022-04-05 00:00\n" + Credit("r2", "2022-03-10", 60) +
               Buns("x1", "ann", 5) + "\n" + Revoke("r2") + "\n" + Both(Reinstate(50)));
  EXPECT_EQ(Tell(script.last_event().points_reinstated().inflow()),
            "debt repaid 25; lots 25 to 2022-12-31 graced");
  EXPECT_EQ(Purse(script, "ann"), "25: 25 to 2022-12-31 graced");
}

TEST(DecidePoints, ADonationTakesWhatLapsesFirst) {
  Script script;
  script.Given(kCause + Credit("r2", "2021-02-20", 60) + Donate(40));
  const v1::Event event = script.last_event();
  EXPECT_EQ(event.points_donated().units(), 40 * 6000);
  EXPECT_EQ(Tell(event.points_donated().lots()), "25 to 2022-02-28, 15 to 2022-03-31");
  EXPECT_EQ(event.passbook(0).volunteer_id(), "ann");
  EXPECT_EQ(Purse(script, "ann"), "35: 35 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -75, donated 40, available 35");
  EXPECT_EQ(Minutes(script, "ann"), "180+0");
}

// The limit keeps an event within 65,535 bytes: 9 of them for a lot of one point. No number of
// credits of a test comes near, so the state is set up by hand.
TEST(DecidePoints, AnEventSpeaksOfSoManyLotsAtMost) {
  Script town;
  town.Given(kCause + Revoke("r1"));
  constexpr int kLots = 7300;
  for (const uint32_t points : {7000, kLots}) {
    Ledger ledger("linhai");
    for (const std::string& event : town.events()) ASSERT_TRUE(ledger.Replay(event).ok());
    ledger.mutable_state().Edit<Volunteer>(0, [](Volunteer& ann) {
      ASSERT_EQ(ann.id, "ann");
      for (int i = 0; i < kLots; ++i) ann.lots.push_back({{20'000 + i, false}, kUnitsPerPoint});
      ann.available_units = kLots * kUnitsPerPoint;
    });
    ledger.mutable_state().MutableLedger().available_units += kLots * kUnitsPerPoint;
    ledger.mutable_state().MutableLedger().issued_units -= kLots * kUnitsPerPoint;

    const Caller app{"app", "app", "", ""};
    v1::DonatePoints donate;
    donate.set_volunteer_id("ann");
    donate.set_cause_id("redcross");
    donate.set_points(points);
    const auto command = Prepare(app, &donate, "gift", std::nullopt);
    auto salt = [] { return uint64_t{1}; };
    const Answer answer =
        ledger.Execute(std::get<Command>(command), {town.Micros("2021-03-10 08:00"), salt},
                       [](std::string_view) {});
    if (points == 7000) {
      EXPECT_TRUE(std::holds_alternative<Accepted>(answer));
    } else {
      ASSERT_TRUE(std::holds_alternative<Refused>(answer));
      EXPECT_EQ(std::get<Refused>(answer).reason, v1::REFUSAL_AMOUNT_OVERFLOW);
      EXPECT_EQ(std::get<Refused>(answer).field, "command");
    }
  }
}

TEST(DecidePoints, AnAwardWaitsAndThenEarns) {
  Script script;
  script.Given(kBlood + Award("w1", 20));
  const v1::Event submitted = script.last_event();
  EXPECT_EQ(submitted.occurred_us(), script.Micros("2021-03-05 00:00"));
  EXPECT_EQ(submitted.passbook(0).volunteer_id(), "ann");
  EXPECT_EQ(StateOf(script, "w1"), "WAITING");
  EXPECT_EQ(script.state().waiting_records().size(), 1u);
  EXPECT_EQ(Purse(script, "ann"), "0");
  script.Given("by lin\n" + Approve("w1"));
  EXPECT_EQ(Tell(script.last_event().hours_reviewed().credit()),
            "2021-03-05 0+0 v2 20 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "20: 20 to 2022-03-31");
  EXPECT_EQ(Minutes(script, "ann"), "0+0");
  EXPECT_TRUE(script.volunteer("ann").days.empty());
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

}  // namespace
}  // namespace meritbook
