// A loss: declared at the very size that was kept, before anything else that the clock has come to.
#include <gtest/gtest.h>

#include "ledger/posting.h"
#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/mall_life.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

using E = v1::Event;

// In the words of a script "$" is the number of events.
std::string Loss(std::string_view kept = "$", std::string_view guard = "9000",
                 std::string_view hash = "g^32", std::string_view by = "ops",
                 std::string_view reason = "disk") {
  return Text("DeclareLoss kept_size: ", kept, " guard_size: ", guard, R"( guard_sha256: ")", hash,
              R"(" declared_by: ")", by, R"(" reason_code: ")", reason, R"(")");
}

const RuleTable kForm({
    {"as many as there are", "use town", Loss(), "ok"},
    {"others of the same number", "use town", Loss("$", "$"), "ok"},
    {"the guard had seen less", "use town", Loss("$", "1"), "FIELD_INVALID command.guard_size"},
    {"no guard", "use town",
     R"(DeclareLoss kept_size: $ guard_sha256: "g^32" declared_by: "ops" reason_code: "disk")",
     "FIELD_INVALID command.guard_size"},
    {"31 bytes", "use town", Loss("$", "$", "g^31"), "FIELD_INVALID command.guard_sha256"},
    {"33 bytes", "use town", Loss("$", "$", "g^33"), "FIELD_INVALID command.guard_sha256"},
    {"64 characters", "use town", Loss("$", "$", "g^32", "o^64", "r^64"), "ok"},
    {"nobody", "use town", Loss("$", "$", "g^32", ""), "FIELD_MISSING command.declared_by"},
    {"65 characters", "use town", Loss("$", "$", "g^32", "o^65"),
     "ID_MALFORMED command.declared_by"},
    {"a phone", "use town", Loss("$", "$", "g^32", "13800138000"),
     "PERSONAL_IDENTIFIER command.declared_by"},
    {"no reason", "use town", Loss("$", "$", "g^32", "ops", ""),
     "FIELD_MISSING command.reason_code"},
    {"an odd reason", "use town", Loss("$", "$", "g^32", "ops", "a b"),
     "ID_MALFORMED command.reason_code"},
});

const RuleTable kRules({
    {"one event too early", "use town", Loss("1"), "LOSS_NOT_HERE command.kept_size"},
    {"later than the ledger is", "use town", Loss("8000"), "LOSS_NOT_HERE command.kept_size"},
    {"nothing kept", "use town", Loss("0"), "LOSS_NOT_HERE command.kept_size"},
    {"of a ledger that isn't there", "at 2021-03-01 08:00", Loss(), "LEDGER_UNKNOWN ledger_id"},
    {"while migrating", "use old_town", Loss(), "ok"},
    {"while migrating, without a time", "use old_town\nrecorded -", Loss(),
     "RECORDED_TIME_MISSING recorded_us"},
    {"twice, one after the other", "use town\n" + Loss(), Loss(), "ok"},
});

TEST(Loss, Form) { kForm.Run(); }
TEST(Loss, Rules) { kRules.Run(); }

TEST(Loss, TellsTheSizeThereIs) {
  Script script;
  script.Given("use town");
  EXPECT_EQ(script.Run(Loss("1")), "LOSS_NOT_HERE");
  const std::string size = std::to_string(script.state().size());
  const std::vector<std::pair<std::string, std::string>> want = {{"size", size}};
  EXPECT_EQ(script.refused().metadata, want);
}

// A server that stops right after declaring it declares it again.
TEST(Loss, IsDeclaredOnce) {
  Script script;
  script.Given("use town");
  const std::string size = std::to_string(script.state().size());
  const std::string loss = "DeclareLoss #loss" + Loss(size).substr(11);
  EXPECT_EQ(script.Run(loss), "ok");
  EXPECT_EQ(script.Run(loss), "again");
  EXPECT_EQ(script.Run("DeclareLoss #other" + Loss(size).substr(11)), "LOSS_NOT_HERE");
  EXPECT_EQ(script.Run("DeclareLoss #loss" + Loss(size, "9001").substr(11)), "REQUEST_CONFLICT");
  EXPECT_EQ(script.state().size(), script.events().size());
  EXPECT_EQ(Text(script.events().size() - 1), size);
}

TEST(Loss, MovesNothingAndConcernsNobody) {
  Script script;
  script.Given("use town\n" + Loss());
  const v1::Event event = script.last_event();
  ASSERT_TRUE(event.has_loss_declared());
  EXPECT_EQ(event.kind(), v1::COMMAND_KIND_DECLARE_LOSS);
  EXPECT_EQ(event.loss_declared().command().kept_size(), event.sequence());
  EXPECT_TRUE(PostingsOf(event).empty());
  EXPECT_TRUE(VolunteersOf(event).empty());
  EXPECT_TRUE(event.passbook().empty());
  EXPECT_EQ(event.occurred_us(), event.recorded_us());
}

std::vector<E::BodyCase> KindsSince(const Script& script, size_t size) {
  std::vector<E::BodyCase> kinds;
  for (size_t i = size; i < script.events().size(); ++i) {
    kinds.push_back(script.event(i).body_case());
  }
  return kinds;
}

// A hold whose time is over, and points that have lapsed: what is due comes after it, not before.
TEST(Loss, IsTheFirstEventAfterTheKeptOnes) {
  for (const bool alone : {true, false}) {
    SCOPED_TRACE(alone);
    Script script;
    script.Given("use mall\n" + Hold("x", Line("oil", 1), "hold_seconds: 60"));
    script.Given("at 2021-03-10 12:00");
    const size_t size = script.events().size();
    if (alone) {
      ASSERT_EQ(script.Run(Loss()), "ok");
    } else {
      ASSERT_EQ(script.Atomic({Loss()}), std::vector<std::string>{"ok"});
    }
    EXPECT_EQ(KindsSince(script, size), std::vector{E::kLossDeclared});
    // The next command's clock does it.
    script.Given(R"(OnboardMerchant merchant_id: "inn" kind: "lodging")");
    EXPECT_EQ(KindsSince(script, size),
              (std::vector{E::kLossDeclared, E::kHoldTimedOut, E::kMerchantOnboarded}));
    EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
  }
}

// As the server declares it after a restoration: on a ledger replayed from what was kept.
TEST(Loss, IsDeclaredWhereverTheLogWasCut) {
  Script script;
  script.Given(MallLife());
  size_t declared = 0;
  for (size_t kept = 1; kept < script.events().size(); ++kept) {
    const v1::Event next = script.event(kept);
    if (next.command_first_sequence() != kept) continue;  // within a command
    Ledger ledger("linhai");
    for (size_t i = 0; i < kept; ++i) ASSERT_TRUE(ledger.Replay(script.events()[i]).ok());
    v1::DeclareLoss loss;
    loss.set_kept_size(kept);
    loss.set_guard_size(script.events().size());
    loss.set_guard_sha256(std::string(32, 'g'));
    loss.set_declared_by("ops");
    loss.set_reason_code("disk");
    const Caller ops{"ops", "", "", ""};
    const auto prepared = Prepare(ops, &loss, "loss", std::nullopt);
    ASSERT_TRUE(std::holds_alternative<Command>(prepared));
    auto salt = [] { return uint64_t{7}; };
    size_t emitted = 0;
    const Answer answer =
        ledger.Execute(std::get<Command>(prepared), {script.Micros("2021-06-01 00:00"), salt},
                       [&emitted](std::string_view) { ++emitted; });
    ASSERT_TRUE(std::holds_alternative<Accepted>(answer)) << kept;
    EXPECT_EQ(std::get<Accepted>(answer).sequence, kept);
    EXPECT_EQ(emitted, 1u);
    ++declared;
  }
  EXPECT_GT(declared, 50u);
}

TEST(Loss, ApplyTakesNoOther) {
  const auto loss = [](E& e) { return e.mutable_loss_declared()->mutable_command(); };
  ExpectRefusedInMall({
      {"kept less", E::kLossDeclared, 0, [&](E& e) { loss(e)->set_kept_size(e.sequence() - 1); },
       "command.kept_size() == event_.sequence()"},
      {"kept more", E::kLossDeclared, 0, [&](E& e) { loss(e)->set_kept_size(e.sequence() + 1); },
       "command.kept_size() == event_.sequence()"},
      {"a guard that had seen less", E::kLossDeclared, 0,
       [&](E& e) { loss(e)->set_guard_size(e.sequence() - 1); },
       "command.guard_size() >= command.kept_size()"},
      {"a short hash", E::kLossDeclared, 0,
       [&](E& e) { loss(e)->set_guard_sha256(std::string(31, 'g')); },
       "command.guard_sha256().size() == sizeof(Hash)"},
      {"a volunteer's", E::kLossDeclared, 0,
       [](E& e) { e.add_passbook()->set_volunteer_id("ann"); },
       "static_cast<size_t>(event_.passbook_size()) == volunteers.size()"},
      {"nobody's", E::kLossDeclared, 0,
       [](E& e) {
         e.clear_scope();
         e.clear_actor();
         e.clear_request_id();
         e.clear_kind();
       },
       "IsTheLedgersOwn(event_)"},
      {"of two events", E::kLossDeclared, 0, [](E& e) { e.set_command_event_count(2); },
       "event_.command_event_count() == 1"},
  });
}

}  // namespace
}  // namespace meritbook
