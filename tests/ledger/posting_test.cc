#include "ledger/posting.h"

#include <gtest/gtest.h>

#include "ledger/command.h"
#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

std::string Postings(const v1::Event& event) {
  std::string text;
  int64_t sum = 0;
  for (const Posting& posting : PostingsOf(event)) {
    const auto name = [&]() -> std::string_view {
      switch (posting.account) {
        case Account::kIssued:
          return "issued";
        case Account::kExpired:
          return "expired";
        case Account::kRevoked:
          return "revoked";
        case Account::kForfeited:
          return "forfeited";
        case Account::kDonated:
          return "donated";
        case Account::kPending:
          return "pending";
        case Account::kAvailable:
          return "available";
        case Account::kHeld:
          return "held";
        case Account::kDebt:
          return "debt";
        case Account::kPayable:
          return "payable";
        case Account::kSettled:
          return "settled";
        case Account::kWrittenOff:
          return "written off";
      }
      return "";
    }();
    text += Text(text.empty() ? "" : ", ", name, posting.owner.empty() ? "" : " ", posting.owner,
                 " ", Points(posting.units));
    sum += posting.units;
  }
  EXPECT_EQ(sum, 0);
  return text;
}

// In points, of the newest event of that kind.
std::string Last(const Script& script, v1::Event::BodyCase kind) {
  for (size_t i = script.events().size(); i > 0; --i) {
    if (script.event(i - 1).body_case() == kind) return Postings(script.event(i - 1));
  }
  return "no such event";
}

TEST(Posting, WhatMovesPoints) {
  Script script;
  script.Given("use town\nCreditHours " +
               Clocked("r1", "ann", "2021-03-05T23:00", "2021-03-06T01:00"));
  EXPECT_EQ(Postings(script.last_event()), "issued -50, available ann 50");
  script.Given(Buns("x1", "ann", 2));
  EXPECT_EQ(Postings(script.last_event()), "available ann -10, payable bakery 10");
  script.Given(Return("x1", 1));
  EXPECT_EQ(Postings(script.last_event()), "payable bakery -5, available ann 5");
  script.Given(R"(RegisterOrganisation organisation_id: "redcross" kind: ORGANISATION_KIND_CAUSE
DonatePoints volunteer_id: "ann" cause_id: "redcross" points: 5)");
  EXPECT_EQ(Postings(script.last_event()), "available ann -5, donated 5");
  script.Given("at 2022-04-01 00:00\nsweep");
  EXPECT_EQ(Postings(script.last_event()), "available ann -40, expired 40");
  script.Given(
      "by lin\n" +
      Propose(
          "p1",
          R"(reinstate_points { volunteer_id: "ann" lapsed_day: "2022-03-31" units: 60000 expiry_day: "2022-12-31" reason_code: "ill" })") +
      "\nby mei\n" + Agree("p1"));
  EXPECT_EQ(Postings(script.last_event()), "expired -10, available ann 10");
  script.Given(
      "by lin\n" +
      Propose("p2", R"(adjust_points { volunteer_id: "ann" units: 6000 reason_code: "x" })") +
      "\nby mei\n" + Agree("p2"));
  EXPECT_EQ(Postings(script.last_event()), "issued -1, available ann 1");
  script.Given(
      "by lin\n" +
      Propose("p3", R"(adjust_points { volunteer_id: "ann" units: -12000 reason_code: "x" })") +
      "\nby mei\n" + Agree("p3"));
  EXPECT_EQ(Postings(script.last_event()), "issued 2, available ann -2");
  script.Given("by app source=app\n" + Revoke("r1"));
  EXPECT_EQ(Postings(script.last_event()),
            "expired -30, available ann -9, debt ann -11, revoked 50");
  script.Given("CloseVolunteer volunteer_id: \"ann\" reason: CLOSE_REASON_DIED");
  EXPECT_EQ(Postings(script.last_event()), "");
}

TEST(Posting, WhatMovesPointsLater) {
  Script script;
  script.Given("use town\nby committee\n" +
               RuleFrom("2021-01-01", "maturity_days: 7 auto_minutes_per_day: 480") +
               "\nby app source=app\nSubmitHours " + Served("r1", "ann", "2021-03-05", 120));
  EXPECT_EQ(Postings(script.last_event()), "issued -50, pending ann 50");
  script.Given(Correct("r1", Served("r2", "ann", "2021-03-05", 180, "patrol", "replacement")));
  EXPECT_EQ(Postings(script.last_event()), "pending ann 25, issued -25");
  script.Given("at 2021-03-17 00:00\nsweep");
  EXPECT_EQ(Postings(script.last_event()), "pending ann -75, available ann 75");
  script.Given(Buns("x1", "ann", 10) + "\n" +
               Correct("r2", Served("r3", "ann", "2021-03-05", 60, "patrol", "replacement")));
  // 25 are there, 50 are owed; of the new 25 nothing but debt returns.
  EXPECT_EQ(Postings(script.last_event()), "available ann -25, debt ann -25, revoked 50");
  script.Given("SubmitHours " + Served("r4", "bob", "2021-03-16", 180) + "\n" + Dispute("r4") +
               "\nat 2021-03-24 00:00\nsweep\nby lin\n" +
               Propose("p1", R"(merge_volunteers { volunteer_id: "ann" survivor_id: "bob" })") +
               "\nby mei\n" + Agree("p1"));
  EXPECT_EQ(Last(script, v1::Event::kVolunteersMerged), "debt ann 25, available bob -25");
  script.Given(Reject("r4"));
  EXPECT_EQ(Last(script, v1::Event::kHoursReviewed), "available bob -50, debt bob -25, revoked 75");
  script.Given("by app source=app\nCreditHours " + Served("r5", "bob", "2021-03-16", 30) +
               "\nCloseVolunteer volunteer_id: \"bob\" reason: CLOSE_REASON_DIED");
  EXPECT_EQ(Postings(script.last_event()), "pending bob -12.5, forfeited 12.5");
  script.Given("CreditHours " + Served("r6", "bob", "2021-03-16", 30));
  EXPECT_EQ(Postings(script.last_event()), "issued -12.5, forfeited 12.5");
}

// Orders that are held, and what merchants are owed.
TEST(Posting, WhatMovesHeldPoints) {
  Script script;
  script.Given("use mall\n" + Hold("a", Line("oil", 2)));
  EXPECT_EQ(Postings(script.last_event()), "available ann -20, held ann 20");
  script.Given(Confirm("a", Line("oil", 1)));
  EXPECT_EQ(Postings(script.last_event()), "held ann -20, payable bakery 10, available ann 10");
  script.Given(Voucher("b", 'v', Line("oil", 1)));
  EXPECT_EQ(Postings(script.last_event()), "available ann -10, held ann 10");
  script.Given(ConfirmVoucher('v'));
  EXPECT_EQ(Postings(script.last_event()), "held ann -10, payable bakery 10");
  script.Given(Hold("c", Line("oil", 1)) + "\n" + Cancel("c"));
  EXPECT_EQ(Postings(script.last_event()), "held ann -10, available ann 10");
  script.Given(Hold("d", Line("oil", 1)) + "\nat 2021-03-10 08:30\nsweep");
  EXPECT_EQ(Postings(script.last_event()), "held ann -10, available ann 10");
  script.Given(Refund("a", Line("oil", 1)));
  EXPECT_EQ(Postings(script.last_event()), "payable bakery -10, available ann 10");
  // Ann has 190 left and 10 in a hold: of 200 clawed back she owes 10.
  script.Given(Hold("e", Line("oil", 1)) + "\nby app source=app\n" + Revoke("r0") +
               "\nby till merchant=bakery\n" + Cancel("e"));
  EXPECT_EQ(Postings(script.last_event()), "held ann -10, debt ann 10");
}

TEST(Posting, AMergerMovesWhatIsHeld) {
  Script script;
  script.Given("use mall\n" + Hold("a", Line("oil", 2)) + "\n" +
               ByTwo("m1", R"(merge_volunteers { volunteer_id: "ann" survivor_id: "bob" })"));
  EXPECT_EQ(Postings(script.last_event()),
            "available ann -180, available bob 180, held ann -20, held bob 20");
}

TEST(Posting, AnAccountsEndForfeitsWhatIsHeld) {
  Script script;
  script.Given("use mall\n" + Hold("a", Line("oil", 2)) +
               "\nCloseVolunteer volunteer_id: \"ann\" reason: CLOSE_REASON_DIED");
  EXPECT_EQ(Last(script, v1::Event::kVolunteerClosed), "available ann -180, forfeited 180");
  EXPECT_EQ(Postings(script.last_event()), "held ann -20, forfeited 20");
}

TEST(Posting, WhatSettlesWhatIsOwed) {
  Script script;
  script.Given("use mall\n" + Redeem("a", Line("oil", 2)) +
               "\nat 2021-04-01 00:00\nby committee\nClosePeriod month: \"2021-03\"\n" +
               DrawUp("s3", "2021-03"));
  EXPECT_EQ(Postings(script.last_event()), "");
  script.Given(ByTwo("w", WrittenOff("s3", 30'000, 0)));
  EXPECT_EQ(Postings(script.last_event()), "payable bakery -5, written off 5");
  script.Given(ByTwo("x", WrittenOff("s3", -6'000, 0)));
  EXPECT_EQ(Postings(script.last_event()), "payable bakery 1, written off -1");
  script.Given(OfStatement("CloseStatement", "s3") + "\n" + Pay("s3", 600));
  EXPECT_EQ(Postings(script.last_event()), "payable bakery -16, settled 16");
  script.Given(OfStatement("ReversePayment", "s3"));
  EXPECT_EQ(Postings(script.last_event()), "payable bakery 16, settled -16");
}

// Money alone moves no points.
TEST(Posting, APaymentOfFenAloneMovesNoPoints) {
  Script script;
  script.Given("use mall\n" + Redeem("a", Line("oil", 2)) +
               "\nat 2021-04-01 00:00\nby committee\nClosePeriod month: \"2021-03\"\n" +
               DrawUp("s3", "2021-03") + "\n" + ByTwo("w", WrittenOff("s3", 120'000, 0)) +
               OfStatement("CloseStatement", "s3") + "\n" + Pay("s3", 600));
  EXPECT_EQ(Postings(script.last_event()), "");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, paid 600");
  script.Given(OfStatement("ReversePayment", "s3"));
  EXPECT_EQ(Postings(script.last_event()), "");
}

TEST(Posting, OpeningBalances) {
  Script script;
  script.Given(
      "use old_town\nby lin\n" +
      Propose(
          "p1",
          R"(load_opening_balances { file_sha256: "k^32" part: 1 parts: 1 balances { volunteer_id: "ann" lots { units: 6000 } lots { expiry_day: "2021-12-31" units: 12000 } } })") +
      "\nby mei\n" + Agree("p1"));
  EXPECT_EQ(Postings(script.last_event()), "issued -3, available ann 3");
}

// One event of each kind; the others move nothing.
TEST(Posting, NothingElseMovesPoints) {
  Script script;
  script.Given(R"(use old_town
RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR key_sha256: "k^32"
RevokePrincipal principal_id: "p1"
FreezeVolunteer volunteer_id: "ann" reason_code: "a"
UnfreezeVolunteer volunteer_id: "ann" reason_code: "a"
ReceiveStock item_id: "bun" quantity: 1
SetRoster organisation_id: "o1" headcount: 5
SubmitActivity activity_id: "parade" organisation_id: "o1" category: "traffic" starts_us: 1
CloseActivity activity_id: "fair"
CancelActivity activity_id: "parade" reason_code: "a"
SubmitActivity activity_id: "march" organisation_id: "o1" category: "traffic" starts_us: 1
by lin
ReviewActivity activity_id: "march" verdict: VERDICT_APPROVE reason_code: "a"
by app source=app
RecordAttendance activity_id: "march" start_us: @2021-03-09T09:00 end_us: @2021-03-09T10:00 attendees { record_id: "a1" volunteer_id: "ann" }
)" + ("BackfillHours " + Served("b1", "ann", "2021-01-05", 60)) +
               "\n" + Dispute("b1") + "\nby lin\n" +
               Propose("p1", R"(adjust_points { volunteer_id: "ann" units: 1 reason_code: "x" })") +
               R"(
RejectChange proposal_id: "p1" reason_code: "no"
FinishMigration)");
  for (size_t i = 0; i < script.events().size(); ++i) {
    EXPECT_TRUE(PostingsOf(script.event(i)).empty()) << script.event(i).ShortDebugString();
  }
}

// The mall's other events.
TEST(Posting, NorDoTheShelfTheBudgetAndTheBooks) {
  Script script;
  script.Given("use mall\n" + Redeem("a", Line("oil", 2)));
  const size_t size = script.events().size();
  script.Given("by committee\nat 2021-04-01 00:00\n" +
               ByTwo("b9", Allocation("programme", 2021, 100, "warn_percent: 1")) +
               R"(SuspendMerchant merchant_id: "bakery" reason_code: "a"
ResumeMerchant merchant_id: "bakery" reason_code: "a"
OffboardMerchant merchant_id: "teahouse" last_day: "2021-04-30" reason_code: "a"
WithdrawItem item_id: "bun" reason_code: "a"
ReturnStock item_id: "bun" quantity: 1 reason_code: "a"
ClosePeriod month: "2021-03"
)" + DrawUp("s3", "2021-03") +
               "\n" + OfStatement("ObjectStatement", "s3") + "\n" +
               OfStatement("ResolveObjection", "s3") + "\n" + OfStatement("CloseStatement", "s3"));
  for (size_t i = size; i < script.events().size(); ++i) {
    EXPECT_TRUE(PostingsOf(script.event(i)).empty()) << script.event(i).ShortDebugString();
    EXPECT_TRUE(VolunteersOf(script.event(i)).empty()) << script.event(i).ShortDebugString();
  }
  script.Given(Redeem("b", Line("oil", 1)));
  ASSERT_TRUE(script.last_event().has_budget_warned());
  EXPECT_TRUE(PostingsOf(script.last_event()).empty());
}

// Orders stand in the passbook of who they are of, whoever did what with them.
TEST(Posting, PassbooksOfOrders) {
  Script script;
  script.Given("use mall\n" + Hold("a", Line("oil", 1)) + "\n" + Confirm("a") + "\n" +
               Voucher("b", 'v', Line("oil", 1)) + "\n" + Cancel("b") + "\n" +
               Redeem("c", Line("oil", 1)) + "\n" + Refund("c", Line("oil", 1)) + "\n" +
               Hold("d", Line("oil", 1)) + "\nat 2021-03-10 09:00\nsweep");
  const size_t size = script.events().size();
  for (size_t i = size - 8; i < size; ++i) {
    const v1::Event event = script.event(i);
    ASSERT_EQ(event.passbook_size(), 1) << event.ShortDebugString();
    EXPECT_EQ(event.passbook(0).volunteer_id(), "ann");
    EXPECT_EQ(event.passbook(0).previous_sequence(), i == size - 8 ? 24 : i - 1);
  }
  EXPECT_TRUE(script.last_event().has_hold_timed_out());
}

TEST(Posting, PassbooksOfVolunteers) {
  Script script;
  script.Given(R"(use town
CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 } }
FreezeVolunteer volunteer_id: "ann" reason_code: "a"
at 2022-04-01 00:00
sweep)");
  const v1::Event last = script.last_event();
  ASSERT_EQ(last.passbook_size(), 1);
  EXPECT_EQ(last.passbook(0).volunteer_id(), "ann");
  EXPECT_EQ(last.passbook(0).event_count(), 4u);
  // Walking back finds every event of hers.
  std::vector<v1::Event::BodyCase> walked;
  std::optional<uint64_t> at = last.sequence();
  while (at) {
    const v1::Event event = script.event(*at);
    walked.push_back(event.body_case());
    ASSERT_EQ(event.passbook_size(), 1);
    at.reset();
    if (event.passbook(0).has_previous_sequence()) at = event.passbook(0).previous_sequence();
  }
  EXPECT_EQ(walked, (std::vector{v1::Event::kPointsExpired, v1::Event::kVolunteerFrozen,
                                 v1::Event::kHoursCredited, v1::Event::kVolunteerRegistered}));
  EXPECT_TRUE(VolunteersOf(script.event(0)).empty());
}

// An event carries the command that caused it, whole.
TEST(Posting, EventsCarryTheirCommand) {
  Script script;
  script.Given("use town\nby till merchant=bakery");
  for (size_t i = 0; i < script.events().size(); ++i) {
    const v1::Event event = script.event(i);
    const auto command = CarriedCommand(event);
    ASSERT_TRUE(command.has_value());
    EXPECT_EQ(KindOf(*command), event.kind());
    EXPECT_EQ(event.command_first_sequence(), i);
    EXPECT_EQ(event.command_event_count(), 1u);
    EXPECT_EQ(event.salt(), i + 1);
  }
}

}  // namespace
}  // namespace meritbook
