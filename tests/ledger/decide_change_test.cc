// What needs two different people: proposals, and the balances of an old system.
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
const std::string kGift =
    R"(adjust_points { volunteer_id: "ann" units: 60000 expiry_day: "2021-12-31" reason_code: "gift" })";
const std::string kRevocation =
    R"(revoke_hours { record { source: "app" record_id: "r1" } reason_code: "fraud" })";
std::string Turn(std::string_view id) {
  return Text(R"(RejectChange proposal_id: ")", id, R"(" reason_code: "no")");
}
// Balances of a file of one part.
std::string Load(std::string_view balances) {
  return Text(R"(load_opening_balances { file_sha256: "k^32" part: 1 parts: 1 )", balances, " }");
}
const std::string kAnns =
    R"(balances { volunteer_id: "ann" lots { expiry_day: "2021-12-31" units: 120000 } lots { units: 30000 } credited_minutes: 600 honorary_minutes: 60 })";
const std::string kBobs = R"(balances { volunteer_id: "bob" honorary_minutes: 30 })";

const std::string kProposed = "use town\nby lin\n" + Propose("p1", kGift) + "\n";
const std::string kTwoOfOne = R"(use town
RegisterPrincipal principal_id: "p1" roles: ROLE_COMMITTEE volunteer_id: "bob" key_sha256: "k^32"
RegisterPrincipal principal_id: "p2" roles: ROLE_COMMITTEE volunteer_id: "bob" key_sha256: "k^32"
)";

const RuleTable kProposals({
    {"a change is proposed", "use town\nby lin", Propose("p1", kGift), "ok"},
    {"its id is the ledger's", kProposed + "by mei", Propose("p1", kGift),
     "PROPOSAL_EXISTS command.proposal_id"},
    {"for ever", kProposed + Turn("p1"), Propose("p1", kGift), "PROPOSAL_EXISTS"},

    {"it is agreed to", kProposed + "by mei", Agree("p1"), "ok"},
    {"not by who proposed it", kProposed, Agree("p1"), "SAME_PERSON"},
    {"not under another of her names", kTwoOfOne + "by p1\n" + Propose("c1", kGift) + "\nby p2",
     Agree("c1"), "SAME_PERSON"},
    {"not by what she is bound to elsewhere",
     kTwoOfOne + "by p1\n" + Propose("c1", kGift) + "\nby mei volunteer=bob", Agree("c1"),
     "SAME_PERSON"},
    {"not by whom it concerns", kProposed + "by mei volunteer=ann", Agree("p1"), "SELF_REVIEW"},
    {"not by whom it concerns, as the ledger knows her",
     kProposed +
         R"(RegisterPrincipal principal_id: "anns" roles: ROLE_COMMITTEE volunteer_id: "ann" key_sha256: "k^32"
by anns)",
     Agree("p1"), "SELF_REVIEW"},
    {"by another volunteer", kProposed + "by mei volunteer=bob", Agree("p1"), "ok"},
    {"a merger, not by the one that ends",
     "use town\nby lin\n" +
         Propose("p1", R"(merge_volunteers { volunteer_id: "bob" survivor_id: "ann" })") +
         "\nby mei volunteer=bob",
     Agree("p1"), "SELF_REVIEW"},
    {"nor by the one that stays",
     "use town\nby lin\n" +
         Propose("p1", R"(merge_volunteers { volunteer_id: "bob" survivor_id: "ann" })") +
         "\nby mei volunteer=ann",
     Agree("p1"), "SELF_REVIEW"},
    {"a revocation, not by whose hours they are",
     "use town\n" + Credit("r1", "2021-03-05", 120) + "by lin\n" + Propose("p1", kRevocation) +
         "\nby mei volunteer=ann",
     Agree("p1"), "SELF_REVIEW"},
    {"nothing that nobody proposed", kProposed + "by mei", Agree("p9"),
     "PROPOSAL_UNKNOWN command.proposal_id"},
    {"once", kProposed + "by mei\n" + Agree("p1") + "\nby li", Agree("p1"),
     "PROPOSAL_CLOSED command.proposal_id"},
    {"not after it was turned down", kProposed + Turn("p1") + "\nby mei", Agree("p1"),
     "PROPOSAL_CLOSED command.proposal_id"},
    {"the same request again", kProposed + "by mei\nApproveChange #q proposal_id: \"p1\"",
     "ApproveChange #q proposal_id: \"p1\"", "again"},

    {"it is turned down", kProposed + "by mei", Turn("p1"), "ok"},
    {"by who proposed it, too", kProposed, Turn("p1"), "ok"},
    {"nothing is turned down that nobody proposed", kProposed, Turn("p9"),
     "PROPOSAL_UNKNOWN command.proposal_id"},
    {"nor twice", kProposed + Turn("p1"), Turn("p1"), "PROPOSAL_CLOSED command.proposal_id"},
    {"nor what was agreed to", kProposed + "by mei\n" + Agree("p1"), Turn("p1"),
     "PROPOSAL_CLOSED command.proposal_id"},

    // Hopeless ones are refused at once.
    {"a revocation of nothing", "use town\nby lin", Propose("p1", kRevocation), "RECORD_UNKNOWN"},
    {"a revocation in a platform's name, of another's",
     "use town\n" + Credit("r1", "2021-03-05", 120) + "by web source=web",
     Propose("p1", kRevocation), "SOURCE_NOT_YOURS"},
    {"a correction to another volunteer", "use town\n" + Credit("r1", "2021-03-05", 120) + "by lin",
     Propose("p1",
             R"(correct_hours { record { source: "app" record_id: "r1" } reason_code: "typo" )" +
                 Served("r2", "bob", "2021-03-05", 60, "patrol", "replacement") + " }"),
     "VOLUNTEER_DIFFERS"},
    {"a merger of nobody", "use town\nby lin",
     Propose("p1", R"(merge_volunteers { volunteer_id: "eve" survivor_id: "ann" })"),
     "VOLUNTEER_UNKNOWN"},
    // What has become hopeless is refused when it is agreed to, and may be agreed to later.
    {"a revocation of what was revoked",
     "use town\n" + Credit("r1", "2021-03-05", 120) + "by lin\n" + Propose("p1", kRevocation) +
         "\n" + Revoke("r1") + "\nby mei",
     Agree("p1"), "RECORD_NOT_APPROVED"},

    // Above what ReviewRule sets.
    {"a revocation that two people carry out",
     "use town\nby committee\n" +
         RuleFrom("2021-01-01", "", "rolling_months: 12", "revocation_points_max: 49") +
         "\nby app source=app\n" + Credit("r1", "2021-03-05", 120) + "by lin\n" +
         Propose("p1", kRevocation) + "\nby mei",
     Agree("p1"), "ok"},
    {"a late correction that two people carry out",
     "use town\nby committee\n" +
         RuleFrom("2021-01-01", "", "rolling_months: 12", "late_correction_days: 1") +
         "\nby app source=app\n" + Credit("r1", "2021-03-05", 120) +
         "at 2021-05-01 00:00\nby lin\n" +
         Propose(
             "p1",
             R"(correct_hours { record { source: "app" record_id: "r1" } reason_code: "typo" )" +
                 Served("r2", "ann", "2021-03-05", 60, "patrol", "replacement") + " }") +
         "\nby mei",
     Agree("p1"), "ok"},
});

const std::string kOld = "use old_town\nby lin\n";

const RuleTable kOpenings({
    {"balances of the old system", kOld, Propose("p1", Load(kAnns + kBobs)), "ok"},
    {"carried out by two", kOld + Propose("p1", Load(kAnns + kBobs)) + "\nby mei", Agree("p1"),
     "ok"},
    {"of nobody", kOld, Propose("p1", Load(R"(balances { volunteer_id: "eve" })")),
     "VOLUNTEER_UNKNOWN"},
    {"once for each volunteer", kOld + Propose("p1", Load(kAnns)) + "\nby mei\n" + Agree("p1"),
     Propose("p2", Load(kBobs + kAnns)), "OPENING_BALANCE_EXISTS"},
    {"which is seen again when it is agreed to",
     kOld + Propose("p1", Load(kAnns)) + "\n" + Propose("p2", Load(kAnns)) + "\nby mei\n" +
         Agree("p1"),
     Agree("p2"), "OPENING_BALANCE_EXISTS"},
    {"even an empty one",
     kOld + Propose("p1", Load(R"(balances { volunteer_id: "ann" })")) + "\nby mei\n" + Agree("p1"),
     Propose("p2", Load(kAnns)), "OPENING_BALANCE_EXISTS"},
    {"not in a live ledger", "use town\nby lin", Propose("p1", Load(kAnns)), "NOT_MIGRATING"},
    {"not after the migration", kOld + "FinishMigration\nrecorded -", Propose("p1", Load(kAnns)),
     "NOT_MIGRATING"},
    {"nor what was proposed before",
     kOld + Propose("p1", Load(kAnns)) + "\nFinishMigration\nrecorded -\nby mei", Agree("p1"),
     "NOT_MIGRATING"},
    {"not by whom it concerns",
     kOld + Propose("p1", Load(kBobs + kAnns)) + "\nby mei volunteer=ann", Agree("p1"),
     "SELF_REVIEW"},
});

TEST(DecideChange, Proposals) { kProposals.Run(); }
TEST(DecideChange, OpeningBalances) { kOpenings.Run(); }

TEST(DecideChange, UntilItIsAgreedToNothingChanges) {
  Script script;
  script.Given("use town");
  script.Given("by lin\n" + Propose("p1", kGift));
  EXPECT_EQ(Purse(script, "ann"), "0");
  EXPECT_EQ(Books(script), "");
  EXPECT_EQ(script.last_event().passbook_size(), 0);
  ASSERT_EQ(script.state().open_proposals().size(), 1u);
  EXPECT_EQ(script.state().open_proposals().begin()->first, script.last_event().sequence());
  script.Given(Turn("p1"));
  EXPECT_EQ(Purse(script, "ann"), "0");
  EXPECT_EQ(script.last_event().passbook_size(), 0);
  EXPECT_TRUE(script.state().open_proposals().empty());
}

TEST(DecideChange, AgreementAndEffectAreOneCommandOfTwoEvents) {
  Script script;
  script.Given(kProposed + "by mei\nApproveChange #yes proposal_id: \"p1\"");
  const size_t size = script.events().size();
  for (size_t i = size - 2; i < size; ++i) {
    const v1::Event event = script.event(i);
    EXPECT_EQ(event.command_first_sequence(), size - 2);
    EXPECT_EQ(event.command_event_count(), 2u);
    EXPECT_EQ(event.actor(), "mei");
    EXPECT_EQ(event.scope(), v1::REQUEST_SCOPE_PRINCIPAL);
    EXPECT_EQ(event.source(), "");
    EXPECT_EQ(event.request_id(), "yes");
    EXPECT_EQ(event.kind(), v1::COMMAND_KIND_APPROVE_CHANGE);
    EXPECT_EQ(event.occurred_us(), event.recorded_us());
  }
  EXPECT_EQ(script.event(size - 2).change_approved().proposed_by(), "lin");
  EXPECT_EQ(script.event(size - 2).passbook_size(), 0);
  EXPECT_EQ(script.event(size - 1).points_adjusted().command().reason_code(), "gift");
  EXPECT_EQ(script.event(size - 1).passbook(0).volunteer_id(), "ann");
  EXPECT_EQ(Purse(script, "ann"), "10: 10 to 2021-12-31");
  EXPECT_TRUE(script.state().open_proposals().empty());
}

TEST(DecideChange, ARefusedAgreementLeavesTheProposalOpen) {
  Script script;
  script.Given(
      "use town\n" + Credit("r1", "2021-03-05", 60) + "by lin\n" +
      Propose("p1", R"(adjust_points { volunteer_id: "ann" units: -150000 reason_code: "fine" })") +
      "\nby till merchant=bakery\n" + Buns("x1", "ann", 1) + "\nby mei");
  const size_t size = script.events().size();
  EXPECT_EQ(script.Run(Agree("p1")), "BALANCE_TOO_LOW");
  EXPECT_EQ(script.events().size(), size);
  EXPECT_EQ(script.state().open_proposals().size(), 1u);
  script.Given("by till merchant=bakery\n" + Return("x1", 1) + "\nby mei\n" + Agree("p1"));
  EXPECT_EQ(Purse(script, "ann"), "0");
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(DecideChange, ARevocationByTwoIsARevocation) {
  Script script;
  script.Given("use town\nby committee\n" +
               RuleFrom("2021-01-01", "", "rolling_months: 12", "revocation_points_max: 49") +
               "\nby app source=app\n" + Credit("r1", "2021-03-05", 120) + "by lin\n" +
               Propose("p1", kRevocation) + "\nby mei\n" + Agree("p1"));
  EXPECT_EQ(Tell(script.last_event().hours_revoked().claw_back()), "available 50 to 2022-03-31");
  EXPECT_EQ(StateOf(script, "r1"), "REVOKED");
}

TEST(DecideChange, OpeningBalancesComeInOneEventForEachRow) {
  Script script;
  script.Given(kOld + Propose("p1", Load(kAnns + kBobs)) + "\nby mei\n" + Agree("p1"));
  const size_t size = script.events().size();
  EXPECT_TRUE(script.event(size - 3).has_change_approved());
  const v1::Event ann = script.event(size - 2);
  EXPECT_EQ(ann.command_first_sequence(), size - 3);
  EXPECT_EQ(ann.command_event_count(), 3u);
  EXPECT_EQ(ann.opening_balance_loaded().file_sha256(), std::string(32, 'k'));
  EXPECT_EQ(Tell(ann.opening_balance_loaded().inflow()), "lots 20 to 2021-12-31, 5 to never");
  EXPECT_EQ(Purse(script, "ann"), "25: 20 to 2021-12-31, 5 to never");
  EXPECT_EQ(Minutes(script, "ann"), "600+60");
  EXPECT_TRUE(script.volunteer("ann").days.empty());
  EXPECT_TRUE(script.volunteer("ann").has_opening_balance);
  EXPECT_EQ(script.event(size - 1).opening_balance_loaded().balance().volunteer_id(), "bob");
  EXPECT_EQ(Purse(script, "bob"), "0");
  EXPECT_EQ(Minutes(script, "bob"), "0+30");
  EXPECT_TRUE(script.volunteer("bob").has_opening_balance);
  EXPECT_EQ(Books(script), "issued -25, available 25");
}

TEST(DecideChange, WhatHadLapsedInTheOldSystemLapsesAfterIt) {
  Script script;
  script.Given(
      kOld +
      Propose(
          "p1",
          Load(
              R"(balances { volunteer_id: "ann" lots { expiry_day: "2021-03-09" units: 6000 } lots { expiry_day: "2021-03-10" units: 12000 } })")) +
      "\nby mei\n" + Agree("p1"));
  EXPECT_TRUE(script.last_event().has_points_expired());
  EXPECT_EQ(script.last_event().command_event_count(), 1u);
  EXPECT_EQ(Purse(script, "ann"), "2: 2 to 2021-03-10; expired 1 to 2021-03-09");
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(DecideChange, BothRegistrationsMayBringABalance) {
  Script script;
  script.Given(
      kOld +
      Propose("p1", Load(kAnns + R"(balances { volunteer_id: "bob" lots { units: 6000 } })")) +
      "\nby mei\n" + Agree("p1") + "\nby lin\n" +
      Propose("p2", R"(merge_volunteers { volunteer_id: "bob" survivor_id: "ann" })") +
      "\nby mei\n" + Agree("p2"));
  EXPECT_EQ(Purse(script, "ann"), "26: 20 to 2021-12-31, 6 to never");
  EXPECT_EQ(Minutes(script, "ann"), "600+60");
  EXPECT_TRUE(script.volunteer("ann").has_opening_balance);
}

}  // namespace
}  // namespace meritbook
