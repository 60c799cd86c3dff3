// All or nothing.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "ledger/units.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

using Answers = std::vector<std::string>;

std::string Credit(std::string_view record, std::string_view volunteer, std::string_view day) {
  return Text("CreditHours ", Served(record, volunteer, day, 60));
}

TEST(Atomic, AllOfThem) {
  Script script;
  script.Given("use town");
  const size_t size = script.events().size();
  EXPECT_EQ(script.Atomic({Credit("r1", "ann", "2021-03-05"), Credit("r2", "bob", "2021-03-05"),
                           Credit("r3", "ann", "2021-03-06")}),
            (Answers{"ok", "ok", "ok"}));
  EXPECT_EQ(script.events().size(), size + 3);
  EXPECT_EQ(script.volunteer("ann").available_units, 50 * kUnitsPerPoint);
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

// Every kind of change is undone, new rows and old ones.
TEST(Atomic, NoneOfThem) {
  Script script;
  script.Given(Text("use town\n", Credit("r0", "ann", "2021-03-05")));
  const std::string before = Describe(script.state());
  const std::string last_event(script.ledger().last_event());
  const size_t size = script.events().size();
  const Answers got = script.Atomic({
      R"(RegisterOrganisation #q1 organisation_id: "o2" kind: 1)",
      R"(RegisterActivity #q2 activity_id: "parade-with-a-name-too-long-for-the-string-itself" organisation_id: "o2" category: "traffic" starts_us: 1)",
      R"(RegisterSession #q3 session_id: "s3" activity_id: "parade-with-a-name-too-long-for-the-string-itself" service_day: "2021-03-05" starts_us: 1 ends_us: 2)",
      R"(RegisterVolunteer #q4 volunteer_id: "eve" age_band: AGE_BAND_60_PLUS)",
      R"(RegisterVolunteer #q5 volunteer_id: "a-volunteer-whose-id-is-too-long-for-the-string-itself" age_band: AGE_BAND_60_PLUS)",
      R"(FreezeVolunteer #q6 volunteer_id: "bob" reason_code: "a")",
      R"(RegisterPrincipal #q7 principal_id: "p" roles: ROLE_AUDITOR key_sha256: "k^32")",
      R"(RevokePrincipal #q8 principal_id: "p")",
      R"(OnboardMerchant #q9 merchant_id: "inn" kind: "lodging")",
      R"(PublishItem #q10 item_id: "bed" merchant_id: "inn" price_points: 1 stock: 1)",
      R"(ReceiveStock #q11 item_id: "bun" quantity: 5)",
      R"(PublishRule #q12 effective_from_day: "2021-03-01" earning { rates { category: "traffic" points_per_hour: 1 percentage: 1 } recording_unit_minutes: 1 credited_minutes_per_day: 480 backdating_days: 30 } expiry { never {} })",
      Credit("r1", "eve", "2021-03-05"),
      Credit("r2", "ann", "2021-03-06"),
      R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 4 })",
      Credit("r3", "zoe", "2021-03-05"),
      Credit("r4", "ann", "2021-03-07"),
  });
  ASSERT_EQ(got.size(), 17u);
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i], i == 15 ? "VOLUNTEER_UNKNOWN" : "ATOMIC_ABORTED") << i;
  }
  EXPECT_EQ(script.events().size(), size);
  EXPECT_EQ(Describe(script.state()), before);
  EXPECT_EQ(script.ledger().last_event(), last_event);
  // All of the ids are free, and all of the rows are found again.
  script.Given(R"(RegisterVolunteer #q4 volunteer_id: "eve" age_band: AGE_BAND_60_PLUS
RegisterVolunteer #q5 volunteer_id: "a-volunteer-whose-id-is-too-long-for-the-string-itself" age_band: AGE_BAND_60_PLUS
RegisterOrganisation #q1 organisation_id: "o2" kind: 1
RegisterPrincipal #q7 principal_id: "p" roles: ROLE_AUDITOR key_sha256: "k^32"
OnboardMerchant #q9 merchant_id: "inn" kind: "lodging"
PublishItem #q10 item_id: "bed" merchant_id: "inn" price_points: 1 stock: 1
CreditHours record { record_id: "r1" volunteer_id: "eve" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 } }
RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 4 })");
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

// The same of what came with hours, points and two people.
TEST(Atomic, NoneOfTheLifeOfAnHour) {
  Script script;
  script.Given(Text(
      "use town\nby committee\n",
      RuleFrom("2021-01-01",
               "auto_minutes_per_day: 60 maturity_days: 7 awards { award: \"blood\" "
               "points_max: 20 times_per_year: 2 }"),
      R"(
by app source=app
RegisterVolunteer volunteer_id: "cat" age_band: AGE_BAND_60_PLUS
RegisterOrganisation organisation_id: "redcross" kind: ORGANISATION_KIND_CAUSE
RegisterActivity activity_id: "tea" organisation_id: "o1" category: "traffic" starts_us: 1 capacity: 2
SubmitActivity activity_id: "parade" organisation_id: "o1" category: "traffic" starts_us: 1
)",
      Credit("r0", "ann", "2021-03-05"), "\n", Credit("r1", "bob", "2021-03-05"), "\nCreditHours ",
      Served("r2", "cat", "2021-03-05", 60, "tea"), "\nSubmitHours ",
      Served("r3", "ann", "2021-03-06", 120),
      "\nat 2021-03-17 00:00\nsweep\nby till merchant=bakery\n", Buns("x1", "ann", 2), "\nby lin\n",
      Propose("p0", R"(merge_volunteers { volunteer_id: "bob" survivor_id: "ann" })")));
  const std::string before = Describe(script.state());
  const size_t size = script.events().size();
  const std::vector<std::string> lines = {
      "by lin",
      Dispute("r0"),
      "by mei",
      R"(SetRoster #q1 organisation_id: "o1" headcount: 5)",
      R"(ReviewActivity #q2 activity_id: "parade" verdict: VERDICT_APPROVE reason_code: "ok")",
      R"(CloseActivity #q3 activity_id: "fair")",
      R"(CancelActivity #q4 activity_id: "reading" reason_code: "ok")",
      Approve("r3"),
      Reject("r0"),
      Revoke("r2"),
      Correct("r3", Served("r4", "ann", "2021-03-07", 180, "tea", "replacement")),
      R"(FreezeVolunteer #q5 volunteer_id: "cat" reason_code: "a")",
      R"(UnfreezeVolunteer #q6 volunteer_id: "cat" reason_code: "a")",
      R"(DonatePoints #q7 volunteer_id: "bob" cause_id: "redcross" points: 5)",
      Agree("p0"),
      Propose("p1", R"(adjust_points { volunteer_id: "cat" units: 60000 reason_code: "gift" })"),
      Propose("p2", R"(adjust_points { volunteer_id: "cat" units: 60000 reason_code: "gift" })"),
      "by lin",
      Agree("p1"),
      R"(RejectChange #q8 proposal_id: "p2" reason_code: "no")",
      R"(CloseVolunteer #q9 volunteer_id: "cat" reason: CLOSE_REASON_MOVED)",
      "by app source=app",
      "SubmitHours " + Served("s1", "ann", "2021-03-08", 60),
      "SubmitHours " + Served("s2", "ann", "2021-03-08", 120),
      "BackfillHours " + Served("s3", "ann", "2021-01-08", 120),
      R"(RecordAttendance #q10 activity_id: "tea" start_us: @2021-03-09T09:00 end_us: @2021-03-09T10:00 attendees { record_id: "a1" volunteer_id: "ann" } attendees { record_id: "a2" volunteer_id: "cat" })",
      R"(AwardPoints #q11 record_id: "w1" volunteer_id: "ann" award: "blood" award_day: "2021-03-05" points: 20)",
      R"(SubmitActivity #q12 activity_id: "march" organisation_id: "o1" category: "traffic" starts_us: 1)",
      "by till merchant=bakery",
      Return("x1", 1),
      Buns("x2", "ann", 1),
      Buns("x3", "eve", 1),
  };
  const Answers got = script.Atomic(lines);
  ASSERT_EQ(got.size(), lines.size() - 5);
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i], i + 1 == got.size() ? "VOLUNTEER_UNKNOWN" : "ATOMIC_ABORTED") << i;
  }
  EXPECT_EQ(script.events().size(), size);
  EXPECT_EQ(Describe(script.state()), before);
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), before);
  // Without the last one all of them stand.
  EXPECT_EQ(script.Atomic({lines.begin(), lines.end() - 1}), Answers(got.size() - 1, "ok"));
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(Atomic, TheRefusalOfANeighbourNamesIt) {
  Script script;
  script.Given("use town");
  EXPECT_EQ(script.Atomic({Credit("r1", "ann", "2021-03-05"), Credit("r2", "eve", "2021-03-05"),
                           Credit("r3", "ann", "2021-03-06")}),
            (Answers{"ATOMIC_ABORTED", "VOLUNTEER_UNKNOWN", "ATOMIC_ABORTED"}));
  ASSERT_EQ(script.refused().metadata.size(), 1u);
  EXPECT_EQ(script.refused().metadata[0].first, "refused_item");
  EXPECT_EQ(script.refused().metadata[0].second, "1");
}

TEST(Atomic, RepetitionsAreNoRefusals) {
  Script script;
  script.Given("use town");
  EXPECT_EQ(script.Atomic({Credit("r1", "ann", "2021-03-05"), Credit("r1", "ann", "2021-03-05"),
                           Credit("r2", "ann", "2021-03-06")}),
            (Answers{"ok", "again", "ok"}));
  EXPECT_EQ(script.Atomic({Credit("r1", "ann", "2021-03-05"), Credit("r2", "ann", "2021-03-06")}),
            (Answers{"again", "again"}));
}

TEST(Atomic, AMemberSeesTheOnesBefore) {
  Script script;
  script.Given("use town");
  EXPECT_EQ(
      script.Atomic(
          {Credit("r1", "ann", "2021-03-05"),
           R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 5 })"}),
      (Answers{"ok", "ok"}));
  EXPECT_EQ(script.volunteer("ann").available_units, 0);
}

TEST(Atomic, WhatIsDueStandsThoughTheCallIsRolledBack) {
  Script script;
  script.Given(Text("use town\n", Credit("r0", "ann", "2021-03-05"), "\nat 2022-04-01 00:00"));
  EXPECT_EQ(script.Atomic({Credit("r1", "ann", "2021-03-05"), Credit("r2", "bob", "2021-03-05")}),
            (Answers{"SERVICE_TOO_OLD", "ATOMIC_ABORTED"}));
  EXPECT_TRUE(script.last_event().has_points_expired());
  EXPECT_EQ(script.volunteer("ann").available_units, 0);
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

constexpr std::string_view kShortLived = R"(
by committee
PublishRule effective_from_day: "2021-01-01" earning { rates { category: "traffic" points_per_hour: 25 percentage: 100 } recording_unit_minutes: 15 credited_minutes_per_day: 480 backdating_days: 3660 } expiry { rolling_months: 1 }
by app source=app)";

TEST(Atomic, WhatTheCallItselfMakesDueIsNotSpent) {
  Script script;
  script.Given(Text("use town", kShortLived, "\nat 2021-06-01 00:00"));
  const std::string before = Describe(script.state());
  EXPECT_EQ(
      script.Atomic(
          {Credit("r1", "ann", "2021-03-05"),
           R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })"}),
      (Answers{"ATOMIC_ABORTED", "BALANCE_TOO_LOW"}));
  EXPECT_EQ(Describe(script.state()), before);
}

// Each member of a call has its own time while migrating, and what is due then is due then.
TEST(Atomic, WhileMigratingTimeMovesWithinTheCall) {
  Script script;
  script.Given(Text("use old_town", kShortLived, "\n", Credit("r0", "bob", "2021-03-05")));
  EXPECT_EQ(script.Atomic({"recorded 2021-04-15 00:00", Credit("r1", "ann", "2021-04-10"),
                           "recorded 2021-05-15 00:00", Credit("r2", "bob", "2021-05-10")}),
            (Answers{"ok", "ok"}));
  const size_t size = script.events().size();
  EXPECT_EQ(script.event(size - 3).recorded_us(), script.Micros("2021-04-15 00:00"));
  EXPECT_TRUE(script.event(size - 2).has_points_expired());
  EXPECT_EQ(script.event(size - 2).recorded_us(), script.Micros("2021-05-15 00:00"));
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(Atomic, ARefusedCallMovesTheMigrationsClockToItsFirstMemberAtMost) {
  Script script;
  script.Given(Text("use old_town", kShortLived, "\n", Credit("r0", "bob", "2021-03-05")));
  const Answers refused = script.Atomic(
      {"recorded 2021-04-15 00:00", Credit("r1", "ann", "2021-04-10"), "recorded 2021-05-15 00:00",
       Credit("r2", "bob", "2021-05-10"), Credit("r3", "eve", "2021-05-10")});
  EXPECT_EQ(refused, (Answers{"ATOMIC_ABORTED", "ATOMIC_ABORTED", "VOLUNTEER_UNKNOWN"}));
  script.Given(Text("recorded 2021-04-15 00:00\n", Credit("r1", "ann", "2021-04-10")));
}

}  // namespace
}  // namespace meritbook
