// Corrections and revocations: who may, and where each unit is taken from and returns to.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

std::string Credit(std::string_view record, std::string_view day, int minutes,
                   std::string_view volunteer = "ann") {
  return Text("CreditHours ", Served(record, volunteer, day, minutes), "\n");
}
// The record r1, replaced by r2 of another length on the same day.
std::string Fix(int minutes, std::string_view day = "2021-03-05") {
  return Correct("r1", Served("r2", "ann", day, minutes, "patrol", "replacement"));
}
std::string Reviewed(std::string_view review) {
  return "use town\nby committee\n" + RuleFrom("2021-01-01", "", "rolling_months: 12", review) +
         "\nby app source=app\n";
}

// 50 points of the fifth of March.
const std::string kCredited = "use town\n" + Credit("r1", "2021-03-05", 120);
const std::string kSubmitted =
    "use town\nSubmitHours " + Served("r1", "ann", "2021-03-05", 120) + "\n";
const std::string kAward =
    "use town\nby committee\n" +
    RuleFrom("2021-01-01", R"(awards { award: "blood" points_max: 20 times_per_year: 2 })") +
    R"(
by app source=app
AwardPoints record_id: "r1" volunteer_id: "ann" award: "blood" award_day: "2021-03-05" points: 20
by lin
)" + Approve("r1") +
    "\n";

const RuleTable kRevocations({
    {"a record is revoked", kCredited, Revoke("r1"), "ok"},
    {"by the committee", kCredited + "by lin", Revoke("r1"), "ok"},
    {"not by another platform", kCredited + "by web source=web", Revoke("r1"),
     "SOURCE_NOT_YOURS command.record.source"},
    {"not by the volunteer", kCredited + "by ann volunteer=ann", Revoke("r1"), "SELF_REVIEW"},
    {"not by the volunteer, as the ledger knows her",
     kCredited +
         R"(RegisterPrincipal principal_id: "anns" roles: ROLE_COMMITTEE volunteer_id: "ann" key_sha256: "k^32"
by anns)",
     Revoke("r1"), "SELF_REVIEW"},
    {"nothing that there isn't", kCredited, Revoke("r9"),
     "RECORD_UNKNOWN command.record.record_id"},
    {"nothing that waits", kSubmitted, Revoke("r1"), "RECORD_NOT_APPROVED command.record"},
    {"nothing that was turned down", kSubmitted + "by lin\n" + Reject("r1"), Revoke("r1"),
     "RECORD_NOT_APPROVED"},
    {"once", kCredited + Revoke("r1"), Revoke("r1"), "RECORD_NOT_APPROVED"},
    {"nothing that was corrected", kCredited + Fix(60), Revoke("r1"), "RECORD_NOT_APPROVED"},
    {"but what it was corrected to", kCredited + Fix(60), Revoke("r2"), "ok"},
    {"what is disputed", kCredited + Dispute("r1"), Revoke("r1"), "ok"},
    {"an award", kAward, Revoke("r1"), "ok"},
    {"a record of an activity that was called off",
     kCredited + R"(CancelActivity activity_id: "patrol" reason_code: "rain")", Revoke("r1"), "ok"},
    {"of a closed account",
     kCredited + R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_MOVED)", Revoke("r1"),
     "ok"},
    {"the id is taken for ever", kCredited + Revoke("r1"),
     "CreditHours #again " + Served("r1", "ann", "2021-03-05", 120), "RECORD_EXISTS"},

    // What ReviewRule sets.
    {"as many points as one may",
     Reviewed("revocation_points_max: 50") + Credit("r1", "2021-03-05", 120), Revoke("r1"), "ok"},
    {"more than one may", Reviewed("revocation_points_max: 49") + Credit("r1", "2021-03-05", 120),
     Revoke("r1"), "TWO_PEOPLE_NEEDED"},
    {"a correction that takes away as many points as one may",
     Reviewed("revocation_points_max: 25") + Credit("r1", "2021-03-05", 120), Fix(60), "ok"},
    {"a correction that takes away more",
     Reviewed("revocation_points_max: 24") + Credit("r1", "2021-03-05", 120), Fix(60),
     "TWO_PEOPLE_NEEDED command.record"},
    {"a correction that takes nothing away",
     Reviewed("revocation_points_max: 0") + Credit("r1", "2021-03-05", 120), Fix(180), "ok"},
    {"as late as one may",
     Reviewed("late_correction_days: 5") + Credit("r1", "2021-03-05", 120) + "at 2021-03-15 23:59",
     Revoke("r1"), "ok"},
    {"later than one may",
     Reviewed("late_correction_days: 5") + Credit("r1", "2021-03-05", 120) + "at 2021-03-16 00:00",
     Revoke("r1"), "TWO_PEOPLE_NEEDED"},
    {"corrected as late as one may",
     Reviewed("late_correction_days: 5") + Credit("r1", "2021-03-05", 120) + "at 2021-03-15 23:59",
     Fix(60), "ok"},
    {"corrected later than one may",
     Reviewed("late_correction_days: 5") + Credit("r1", "2021-03-05", 120) + "at 2021-03-16 00:00",
     Fix(60), "TWO_PEOPLE_NEEDED"},
    {"the days count from its approval",
     Reviewed("late_correction_days: 5") + "SubmitHours " + Served("r1", "ann", "2021-03-05", 120) +
         "\nat 2021-03-15 08:00\nby lin\n" + Approve("r1") + "\nat 2021-03-20 08:00",
     Revoke("r1"), "ok"},
    {"the rule of today speaks",
     kCredited + "at 2021-04-10 00:00\n" +
         RuleFrom("2021-04-10", "", "rolling_months: 12", "late_correction_days: 5"),
     Revoke("r1"), "TWO_PEOPLE_NEEDED"},
    {"not tomorrow's",
     kCredited + "at 2021-04-09 00:00\n" +
         RuleFrom("2021-04-10", "", "rolling_months: 12", "late_correction_days: 5"),
     Revoke("r1"), "ok"},
});

const RuleTable kCorrections({
    {"a record is corrected", kCredited, Fix(60), "ok"},
    {"by the committee", kCredited + "by lin", Fix(60), "ok"},
    {"not by another platform", kCredited + "by web source=web", Fix(60),
     "SOURCE_NOT_YOURS command.record.source"},
    {"not by the volunteer", kCredited + "by ann volunteer=ann", Fix(60), "SELF_REVIEW"},
    {"nothing that there isn't", kCredited,
     Correct("r9", Served("r2", "ann", "2021-03-05", 60, "patrol", "replacement")),
     "RECORD_UNKNOWN command.record.record_id"},
    {"nothing that waits", kSubmitted, Fix(60), "RECORD_NOT_APPROVED command.record"},
    {"once", kCredited + Fix(60),
     Correct("r1", Served("r3", "ann", "2021-03-05", 60, "patrol", "replacement")),
     "RECORD_NOT_APPROVED"},
    {"but the correction, too", kCredited + Fix(60),
     Correct("r2", Served("r3", "ann", "2021-03-05", 120, "patrol", "replacement")), "ok"},
    {"what was revoked", kCredited + Revoke("r1"), Fix(60), "RECORD_NOT_APPROVED"},
    {"what is disputed", kCredited + Dispute("r1"), Fix(60), "ok"},
    {"no award", kAward, Fix(60), "RECORD_IS_AWARD command.record"},
    {"to another volunteer", kCredited,
     Correct("r1", Served("r2", "bob", "2021-03-05", 60, "patrol", "replacement")),
     "VOLUNTEER_DIFFERS command.replacement.volunteer_id"},
    {"under its own id", kCredited,
     Correct("r1", Served("r1", "ann", "2021-03-05", 60, "patrol", "replacement")),
     "RECORD_EXISTS command.replacement.record_id"},
    {"under an id that there is", kCredited + Credit("r2", "2021-03-06", 60), Fix(60),
     "RECORD_EXISTS command.replacement.record_id"},
    {"to nothing known", kCredited,
     Correct("r1", Served("r2", "ann", "2021-03-05", 60, "march", "replacement")),
     "ACTIVITY_UNKNOWN command.replacement.activity_id"},
    {"to an activity that was called off",
     kCredited + R"(CancelActivity activity_id: "fair" reason_code: "rain")",
     Correct("r1", Served("r2", "ann", "2021-03-03", 60, "fair", "replacement")),
     "ACTIVITY_NOT_OPEN"},
    {"off the unit", kCredited, Fix(50), "MINUTES_OFF_UNIT"},
    {"to a day without a rule", kCredited, Fix(60, "2020-12-31"), "RULE_MISSING"},
    {"to a day to come", kCredited, Fix(60, "2021-03-11"), "SERVICE_IN_FUTURE"},
    {"long ago", kCredited + "at 2021-08-01 00:00", Fix(60), "ok"},
    {"to a full day", kCredited + Credit("r0", "2021-03-06", 1440), Fix(60, "2021-03-06"),
     "DAY_OVERFULL"},
    {"its own minutes don't count", kCredited + Credit("r0", "2021-03-05", 1320), Fix(120), "ok"},
    {"into another's time",
     "use town\nCreditHours " + Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T11:00") +
         "\nCreditHours " + Clocked("r0", "ann", "2021-03-05T11:00", "2021-03-05T12:00"),
     Correct("r1",
             Clocked("r2", "ann", "2021-03-05T10:00", "2021-03-05T12:00", "patrol", "replacement")),
     "INTERVAL_OVERLAPS"},
    {"into its own",
     "use town\nCreditHours " + Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T11:00"),
     Correct("r1",
             Clocked("r2", "ann", "2021-03-05T10:00", "2021-03-05T12:00", "patrol", "replacement")),
     "ok"},
});

TEST(DecideCorrect, Revocations) { kRevocations.Run(); }
TEST(DecideCorrect, Corrections) { kCorrections.Run(); }

struct ClawBackRow {
  const char* name;
  std::string given;
  std::string record;
  const char* want;   // of the claw-back
  const char* purse;  // afterwards
};

// 25 points an hour; r1 is worth 50. A bun costs 5.
TEST(DecideCorrect, WhereAClawBackTakes) {
  const std::string april = "use town\nat 2021-04-10 08:00\n";
  const std::string maturing = "use town\nby committee\n" +
                               RuleFrom("2021-01-01", "maturity_days: 7") + "\nby app source=app\n";
  const ClawBackRow rows[] = {
      {"all of it is there", kCredited, "r1", "available 50 to 2022-03-31", "0"},
      {"a record without points",
       "use town\nBackfillHours " + Served("r1", "ann", "2021-03-05", 120), "r1", "", "0"},
      {"its own lot, though another lapses first",
       "use town\n" + Credit("r0", "2021-02-20", 60) + Credit("r1", "2021-03-05", 120), "r1",
       "available 50 to 2022-03-31", "25: 25 to 2022-02-28"},
      {"its own lot, then what lapses first",
       april + Credit("r1", "2021-03-20", 120) + Credit("r0", "2021-04-05", 120) +
           Buns("x1", "ann", 3),
       "r1", "available 35 to 2022-03-31, 15 to 2022-04-30", "35: 35 to 2022-04-30"},
      {"its own lot first, even if another lapses before",
       april + Credit("r1", "2021-04-05", 120) + Buns("x1", "ann", 5) + "\n" +
           Credit("r0", "2021-03-20", 120),
       "r1", "available 25 to 2022-04-30, 25 to 2022-03-31", "25: 25 to 2022-03-31"},
      {"several lots, what lapses first first",
       april + Credit("r1", "2021-04-05", 120) + Buns("x1", "ann", 10) + "\n" +
           Credit("r2", "2021-04-06", 15) + Credit("r3", "2021-03-20", 30) + "by committee\n" +
           RuleFrom("2021-04-07", "", "never {}") + "\nby app source=app\n" +
           Credit("r4", "2021-04-07", 120),
       "r1",
       "available 6 and 1500 units to 2022-04-30, 12.5 to 2022-03-31, 31 and 1500 units to never",
       "18 and 4500 units: 18 and 4500 units to never"},
      {"the shortfall is debt", kCredited + Buns("x1", "ann", 4), "r1",
       "available 30 to 2022-03-31; debt 20", "0; debt 20"},
      {"debt upon debt",
       kCredited + Credit("r2", "2021-03-05", 60) + Buns("x1", "ann", 10) + "\n" + Revoke("r1"),
       "r2", "debt 25", "0; debt 50"},
      {"what has lapsed", kCredited + "at 2022-04-05 00:00", "r1", "expired 50 to 2022-03-31", "0"},
      {"what of it has lapsed", kCredited + Buns("x1", "ann", 4) + "\nat 2022-04-05 00:00", "r1",
       "expired 30 to 2022-03-31; debt 20", "0; debt 20"},
      {"what has lapsed of its own lot, and no other",
       "use town\n" + Credit("r0", "2021-02-20", 60) + Credit("r1", "2021-03-05", 120) +
           Buns("x1", "ann", 6) + "\nat 2022-04-05 00:00",
       "r1", "expired 45 to 2022-03-31; debt 5", "0; debt 5"},
      {"another's share of the lot, for units have no names",
       kCredited + Credit("r2", "2021-03-06", 60) + Buns("x1", "ann", 4) + "\nat 2022-04-05 00:00",
       "r1", "expired 50 to 2022-03-31", "0; expired 5 to 2022-03-31"},
      {"what was forfeited",
       kCredited + R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_DIED)", "r1",
       "forfeited 50 to 2022-03-31", "0"},
      {"what reached a closed account",
       R"(use town
CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_DIED
)" + Credit("r1", "2021-03-05", 120),
       "r1", "forfeited 50 to 2022-03-31", "0"},
      {"what had not matured", maturing + Credit("r1", "2021-03-05", 120), "r1",
       "pending 50 to 2022-03-31 on 2021-03-17", "0"},
      {"its own, not another's",
       maturing + Credit("r0", "2021-03-05", 60) + Credit("r1", "2021-03-05", 120), "r1",
       "pending 50 to 2022-03-31 on 2021-03-17", "0; pending 25 to 2022-03-31 on 2021-03-17"},
      {"what had matured", maturing + Credit("r1", "2021-03-05", 120) + "at 2021-03-17 00:00", "r1",
       "available 50 to 2022-03-31", "0"},
      {"two days, two lots",
       "use town\nCreditHours " + Clocked("r1", "ann", "2021-02-28T22:00", "2021-03-01T02:00") +
           "\n" + Buns("x1", "ann", 2),
       "r1", "available 40 to 2022-02-28, 50 to 2022-03-31; debt 10", "0; debt 10"},
      {"two days, one lapsed",
       "use town\nCreditHours " + Clocked("r1", "ann", "2021-02-28T22:00", "2021-03-01T02:00") +
           "\nat 2022-03-01 00:00",
       "r1", "expired 50 to 2022-02-28; available 50 to 2022-03-31", "0"},
      {"two days, not matured",
       maturing + "CreditHours " + Clocked("r1", "ann", "2021-02-28T22:00", "2021-03-01T02:00"),
       "r1", "pending 50 to 2022-02-28 on 2021-03-17, 50 to 2022-03-31 on 2021-03-17", "0"},
      {"two days of one lot",
       maturing + "CreditHours " + Clocked("r1", "ann", "2021-03-05T22:00", "2021-03-06T02:00"),
       "r1", "pending 100 to 2022-03-31 on 2021-03-17", "0"},
  };
  for (const ClawBackRow& row : rows) {
    SCOPED_TRACE(row.name);
    Script script;
    script.Given(row.given);
    ASSERT_EQ(script.Run(Revoke(row.record)), "ok") << script.refused().message;
    const v1::Event event = script.last_event();
    EXPECT_EQ(event.hours_revoked().volunteer_id(), "ann");
    EXPECT_EQ(Tell(event.hours_revoked().claw_back()), row.want);
    EXPECT_EQ(Purse(script, "ann"), row.purse);
    EXPECT_EQ(StateOf(script, row.record), "REVOKED");
    EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
  }
}

TEST(DecideCorrect, ARevocationTakesTheMinutesToo) {
  Script script;
  script.Given("use town\nCreditHours " +
               Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T19:00") + "\n" + Revoke("r1"));
  EXPECT_EQ(Minutes(script, "ann"), "0+0");
  EXPECT_TRUE(script.volunteer("ann").days.empty());
  EXPECT_TRUE(script.volunteer("ann").intervals.empty());
  EXPECT_EQ(Books(script), "issued -200, revoked 200");
  EXPECT_EQ(script.last_event().occurred_us(), script.last_event().recorded_us());
  script.Given("CreditHours " + Clocked("r2", "ann", "2021-03-05T10:00", "2021-03-05T11:00"));
}

struct CorrectionRow {
  const char* name;
  std::string given;  // with a record r1 of 50 points
  std::string correction;
  const char* claw_back;
  const char* returned;
  const char* credit;
  const char* purse;
};

TEST(DecideCorrect, WhereACorrectionTakesAndReturns) {
  const std::string maturing = "use town\nby committee\n" +
                               RuleFrom("2021-01-01", "maturity_days: 7") + "\nby app source=app\n";
  const CorrectionRow rows[] = {
      {"less", kCredited, Fix(60), "available 50 to 2022-03-31", "available 25 to 2022-03-31",
       "2021-03-05 60+0 v1 25 to 2022-03-31", "25: 25 to 2022-03-31"},
      {"the same", kCredited, Fix(120), "available 50 to 2022-03-31", "available 50 to 2022-03-31",
       "2021-03-05 120+0 v1 50 to 2022-03-31", "50: 50 to 2022-03-31"},
      {"more", kCredited, Fix(180), "available 50 to 2022-03-31", "available 50 to 2022-03-31",
       "2021-03-05 180+0 v1 75 to 2022-03-31; inflow [lots 25 to 2022-03-31]",
       "75: 75 to 2022-03-31"},
      {"another day: what returns stays in the lot that it came from", kCredited,
       Fix(180, "2021-02-20"), "available 50 to 2022-03-31", "available 50 to 2022-03-31",
       "2021-02-20 180+0 v1 75 to 2022-02-28; inflow [lots 25 to 2022-02-28]",
       "75: 25 to 2022-02-28, 50 to 2022-03-31"},
      {"less than was spent: debt returns first", kCredited + Buns("x1", "ann", 8), Fix(60),
       "available 10 to 2022-03-31; debt 40", "debt 25", "2021-03-05 60+0 v1 25 to 2022-03-31",
       "0; debt 15"},
      {"then what was taken last",
       "use town\nat 2021-04-10 08:00\n" + Credit("r1", "2021-03-20", 120) +
           Credit("r0", "2021-04-05", 60) + Buns("x1", "ann", 6),
       Fix(90, "2021-03-20"), "available 20 to 2022-03-31, 25 to 2022-04-30; debt 5",
       "available 7.5 to 2022-03-31, 25 to 2022-04-30; debt 5",
       "2021-03-20 90+0 v1 37.5 to 2022-03-31", "32.5: 7.5 to 2022-03-31, 25 to 2022-04-30"},
      {"of what was taken last a part",
       "use town\nat 2021-04-10 08:00\n" + Credit("r1", "2021-03-20", 120) +
           Credit("r0", "2021-04-05", 60) + Buns("x1", "ann", 6),
       Fix(30, "2021-03-20"), "available 20 to 2022-03-31, 25 to 2022-04-30; debt 5",
       "available 7.5 to 2022-04-30; debt 5", "2021-03-20 30+0 v1 12.5 to 2022-03-31",
       "7.5: 7.5 to 2022-04-30"},
      {"what had lapsed lapses no second time", kCredited + "at 2022-04-05 00:00", Fix(60),
       "expired 50 to 2022-03-31", "expired 25 to 2022-03-31",
       "2021-03-05 60+0 v1 25 to 2022-03-31", "0; expired 25 to 2022-03-31"},
      {"more of what has lapsed: the excess lapses at once", kCredited + "at 2022-04-05 00:00",
       Fix(180), "expired 50 to 2022-03-31", "expired 50 to 2022-03-31",
       "2021-03-05 180+0 v1 75 to 2022-03-31; inflow [lots 25 to 2022-03-31]",
       "0; expired 75 to 2022-03-31"},
      {"expired returns after available",
       "use town\nCreditHours " + Clocked("r1", "ann", "2021-02-28T23:00", "2021-03-01T01:00") +
           "\nat 2022-03-01 00:00",
       Fix(90, "2021-03-01"), "expired 25 to 2022-02-28; available 25 to 2022-03-31",
       "expired 12.5 to 2022-02-28; available 25 to 2022-03-31",
       "2021-03-01 90+0 v1 37.5 to 2022-03-31", "25: 25 to 2022-03-31; expired 12.5 to 2022-02-28"},
      {"with debt from elsewhere the excess repays it",
       kCredited + Credit("r0", "2021-03-06", 120) + Buns("x1", "ann", 10) +
           R"(
RedeemNow order_id: "x2" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "loaf" quantity: 1 }
)" + Revoke("r0"),
       Fix(180), "debt 50", "debt 50",
       "2021-03-05 180+0 v1 75 to 2022-03-31; inflow [debt repaid 25]", "0; debt 5"},
      {"what is forfeited stays so",
       kCredited + R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_DIED)", Fix(180),
       "forfeited 50 to 2022-03-31", "forfeited 50 to 2022-03-31",
       "2021-03-05 180+0 v1 75 to 2022-03-31; inflow [forfeited 25 to 2022-03-31]",
       "0; forfeited 75 to 2022-03-31"},
      {"what had not matured matures on its old day",
       maturing + Credit("r1", "2021-03-05", 120) + "at 2021-03-12 00:00", Fix(60),
       "pending 50 to 2022-03-31 on 2021-03-17", "pending 25 to 2022-03-31 on 2021-03-17",
       "2021-03-05 60+0 v2 25 to 2022-03-31", "0; pending 25 to 2022-03-31 on 2021-03-17"},
      {"the excess on a new one",
       maturing + Credit("r1", "2021-03-05", 120) + "at 2021-03-12 00:00", Fix(180),
       "pending 50 to 2022-03-31 on 2021-03-17", "pending 50 to 2022-03-31 on 2021-03-17",
       "2021-03-05 180+0 v2 75 to 2022-03-31; matures 2021-03-19; inflow [lots 25 to 2022-03-31]",
       "0; pending 50 to 2022-03-31 on 2021-03-17; pending 25 to 2022-03-31 on 2021-03-19"},
      {"from nothing to something",
       "use town\nCreditHours " + Served("r0", "ann", "2021-03-05", 480) + "\n" +
           Credit("r1", "2021-03-05", 60),
       Fix(60, "2021-03-06"), "", "",
       "2021-03-06 60+0 v1 25 to 2022-03-31; inflow [lots 25 to 2022-03-31]",
       "225: 225 to 2022-03-31"},
      {"from something to nothing", kCredited + Credit("r0", "2021-03-06", 480),
       Fix(60, "2021-03-06"), "available 50 to 2022-03-31", "",
       "2021-03-06 0+60 v1 0 to 2022-03-31", "200: 200 to 2022-03-31"},
      {"the excess is the last of the segments", kCredited,
       Correct("r1", Clocked("r2", "ann", "2021-02-28T22:00", "2021-03-01T02:00", "patrol",
                             "replacement")),
       "available 50 to 2022-03-31", "available 50 to 2022-03-31",
       "2021-02-28 120+0 v1 50 to 2022-02-28, 2021-03-01 120+0 v1 50 to 2022-03-31; inflow [lots "
       "50 "
       "to 2022-03-31]",
       "100: 100 to 2022-03-31"},
      {"which may begin within one", kCredited,
       Correct("r1", Clocked("r2", "ann", "2021-02-28T21:30", "2021-03-01T02:00", "patrol",
                             "replacement")),
       "available 50 to 2022-03-31", "available 50 to 2022-03-31",
       "2021-02-28 150+0 v1 62.5 to 2022-02-28, 2021-03-01 120+0 v1 50 to 2022-03-31; inflow [lots "
       "12.5 to 2022-02-28, 50 to 2022-03-31]",
       "112.5: 12.5 to 2022-02-28, 100 to 2022-03-31"},
      {"an old record stays honorary",
       "use town\nBackfillHours " + Served("r1", "ann", "2021-03-05", 120), Fix(60), "", "",
       "2021-03-05 0+60 v1 0 to 2022-03-31", "0"},
  };
  for (const CorrectionRow& row : rows) {
    SCOPED_TRACE(row.name);
    Script script;
    script.Given(row.given);
    const size_t size = script.events().size();
    ASSERT_EQ(script.Run(row.correction), "ok") << script.refused().message;
    v1::HoursCorrected corrected;
    for (size_t i = size; i < script.events().size(); ++i) {
      if (script.event(i).has_hours_corrected()) corrected = script.event(i).hours_corrected();
    }
    EXPECT_EQ(corrected.volunteer_id(), "ann");
    EXPECT_EQ(Tell(corrected.claw_back()), row.claw_back);
    EXPECT_EQ(Tell(corrected.returned()), row.returned);
    EXPECT_EQ(Tell(corrected.credit()), row.credit);
    EXPECT_EQ(Purse(script, "ann"), row.purse);
    EXPECT_EQ(StateOf(script, "r1"), "CORRECTED");
    EXPECT_EQ(StateOf(script, "r2"), "APPROVED");
    EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
  }
}

TEST(DecideCorrect, TheTwoRecordsNameEachOther) {
  Script script;
  script.Given(kCredited + Dispute("r1") + "\n" + Fix(60));
  const State& state = script.state();
  const auto old_record = state.records().IndexOf(RecordKey("app", "r1"));
  const auto new_record = state.records().IndexOf(RecordKey("app", "r2"));
  ASSERT_TRUE(old_record.has_value());
  ASSERT_TRUE(new_record.has_value());
  EXPECT_EQ(state.records()[*new_record].corrects, *old_record);
  EXPECT_EQ(state.records()[*old_record].corrected_by, *new_record);
  EXPECT_EQ(StateOf(script, "r1"), "CORRECTED");
  EXPECT_TRUE(state.waiting_records().empty());  // the dispute is over with it
}

TEST(DecideCorrect, MinutesAndTimesAreThoseOfTheNewRecord) {
  Script script;
  script.Given("use town\nCreditHours " +
               Clocked("r1", "ann", "2021-03-05T09:00", "2021-03-05T11:00") + "\n" +
               Correct("r1", Clocked("r2", "ann", "2021-03-06T10:00", "2021-03-06T11:00", "patrol",
                                     "replacement")));
  EXPECT_EQ(Minutes(script, "ann"), "60+0");
  ASSERT_EQ(script.volunteer("ann").days.size(), 1u);
  ASSERT_EQ(script.volunteer("ann").intervals.size(), 1u);
  EXPECT_EQ(script.volunteer("ann").intervals[0].minutes, 60u);
  EXPECT_EQ(script.last_event().occurred_us(), script.Micros("2021-03-06 10:00"));
}

// A correction of a correction that waits to mature: what is pending lies in the old lot still.
TEST(DecideCorrect, PendingUnitsOfAnotherLotAreTakenTheLotThatLapsesFirstFirst) {
  Script script;
  script.Given("use town\nby committee\n" + RuleFrom("2021-01-01", "maturity_days: 7") +
               "\nby app source=app\n" + Credit("r1", "2021-03-05", 120) + Fix(180, "2021-02-20") +
               "\n" + Revoke("r2"));
  EXPECT_EQ(Tell(script.last_event().hours_revoked().claw_back()),
            "pending 25 to 2022-02-28 on 2021-03-17, 50 to 2022-03-31 on 2021-03-17");
  EXPECT_EQ(Purse(script, "ann"), "0");
  EXPECT_EQ(Books(script), "issued -75, revoked 75");
}

TEST(DecideCorrect, ARevokedAwardMayBeGivenAgain) {
  Script script;
  script.Given(kAward + Revoke("r1"));
  EXPECT_EQ(Tell(script.last_event().hours_revoked().claw_back()), "available 20 to 2022-03-31");
  EXPECT_TRUE(script.volunteer("ann").awards.empty());
}

}  // namespace
}  // namespace meritbook
