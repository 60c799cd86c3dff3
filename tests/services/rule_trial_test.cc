// What if: the figures of a log under another rule, by hand.
#include "services/rule_trial.h"

#include <gtest/gtest.h>

#include <map>

#include "google/protobuf/text_format.h"
#include "storage/memory_event_log.h"
#include "tests/services/life.h"

namespace meritbook {
namespace {

// The rule of a line as RuleFrom spells it.
v1::PublishRule RuleOf(const std::string& line) {
  v1::PublishRule rule;
  const std::string text = line.substr(line.find(' '));
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &rule)) << line;
  return rule;
}

std::shared_ptr<EventLog> LogOf(const Script& script) {
  auto log = std::make_shared<MemoryEventLog>();
  LedgerAppend append{"linhai", *log->AcquireWriter({"linhai"}), 0, {}};
  for (const std::string& event : script.events()) append.events.Add(event);
  log->Append({std::move(append)},
              [](AppendResult result) { EXPECT_EQ(result, AppendResult::kDurable); });
  return log;
}

std::variant<v1::TryRuleResponse, Refused> TryOn(
    const Script& script, const std::string& rule,
    std::function<std::optional<Refused>()> stopped = [] { return std::nullopt; }) {
  const auto log = LogOf(script);
  const std::string before = Describe(script.state());
  auto answer = TryRule({[log] { return log; }, std::move(stopped)}, "linhai",
                        script.events().size(), RuleOf(rule));
  EXPECT_EQ(Describe(script.state()), before);
  EXPECT_EQ(log->Size("linhai"), script.events().size());
  return answer;
}

v1::TryRuleResponse Try(const Script& script, const std::string& rule) {
  const auto answer = TryOn(script, rule);
  if (const auto* refused = std::get_if<Refused>(&answer)) {
    ADD_FAILURE() << refused->message;
    return {};
  }
  return std::get<v1::TryRuleResponse>(answer);
}

// "river 50 -> 75 (120 -> 120); others 25 -> 25 (60 -> 60)": points and minutes.
std::string Tell(const v1::TryRuleResponse& response) {
  std::string text;
  for (const v1::TriedOrganisation& row : response.organisations()) {
    const std::string name = row.organisation_id().empty() ? "others" : row.organisation_id();
    text += Text(text.empty() ? "" : "; ", name, " ", Points(row.issued_units()), " -> ",
                 Points(row.tried_issued_units()), " (", row.credited_minutes(), " -> ",
                 row.tried_credited_minutes(), ")");
  }
  return text;
}

std::string Tell(const v1::PointsPosition& position) {
  return Text("issued ", Points(position.issued_units()), ", outstanding ",
              Points(position.outstanding_units()), ", expired ", Points(position.expired_units()),
              ", redeemed ", Points(position.redeemed_units()));
}

std::string Rate(std::string_view day, int points, std::string_view more = "") {
  return RuleFrom(day, Text(R"(rates { category: "traffic" points_per_hour: )", points,
                            " percentage: 100 } ", more));
}

constexpr char kRiver[] = R"(
RegisterOrganisation organisation_id: "river" kind: ORGANISATION_KIND_COMMUNITY
RegisterOrganisation organisation_id: "hill" kind: ORGANISATION_KIND_COMMUNITY
RegisterActivity activity_id: "bank" organisation_id: "river" category: "traffic" starts_us: @2020-01-01T00:00
)";

TEST(RuleTrial, TheRuleInForceTriedAnewComesToWhatIs) {
  for (const auto& [world, time] : {std::pair("town", "at"), std::pair("old_town", "recorded")}) {
    Script script;
    script.Given(Text("use ", world));
    for (const std::string& line : LifeLines(time)) ASSERT_EQ(script.Run(line, true), "ok") << line;
    const v1::TryRuleResponse same = Try(script, LifeRule("2021-01-01"));
    EXPECT_EQ(same.tried_position().DebugString(), same.position().DebugString()) << world;
    EXPECT_EQ(same.refusals_size(), 0) << world << same.ShortDebugString();
    EXPECT_EQ(same.size(), script.events().size());
    for (const v1::TriedOrganisation& row : same.organisations()) {
      EXPECT_EQ(row.tried_issued_units(), row.issued_units()) << world << row.organisation_id();
      EXPECT_EQ(row.tried_credited_minutes(), row.credited_minutes())
          << world << row.organisation_id();
    }
    const LedgerRow& ledger = script.state().ledger();
    EXPECT_EQ(same.position().issued_units(), -ledger.issued_units);
    EXPECT_EQ(same.position().redeemed_units(), ledger.payable_units);
  }
}

TEST(RuleTrial, ServiceFromTheDayOnIsWorthOther) {
  Script script;
  script.Given(Text("use town\n", kRiver, "CreditHours ", Served("r1", "ann", "2021-03-05", 60),
                    "\nCreditHours ", Served("r2", "ann", "2021-03-06", 60, "bank"),
                    "\nCreditHours ", Served("r3", "bob", "2021-03-08", 60, "bank"), "\n",
                    Buns("o1", "ann", 2)));
  const v1::TryRuleResponse tried = Try(script, Rate("2021-03-08", 50));
  EXPECT_EQ(Tell(tried),
            "hill 0 -> 0 (0 -> 0); river 50 -> 75 (120 -> 120); others 25 -> 25 (60 -> 60)");
  EXPECT_EQ(Tell(tried.position()), "issued 75, outstanding 65, expired 0, redeemed 10");
  EXPECT_EQ(Tell(tried.tried_position()), "issued 100, outstanding 90, expired 0, redeemed 10");
  EXPECT_EQ(tried.refusals_size(), 0);
  // Long before any record, and after all of them.
  EXPECT_EQ(Tell(Try(script, Rate("2020-12-31", 50))),
            "hill 0 -> 0 (0 -> 0); river 50 -> 100 (120 -> 120); others 25 -> 50 (60 -> 60)");
  EXPECT_EQ(Tell(Try(script, Rate("2021-03-11", 50))),
            "hill 0 -> 0 (0 -> 0); river 50 -> 50 (120 -> 120); others 25 -> 25 (60 -> 60)");
}

TEST(RuleTrial, LaterRulesAreLeftOutAndEarlierOnesStay) {
  Script script;
  const auto credit = [](std::string_view record, std::string_view day) {
    return Text("\nCreditHours ", Served(record, "ann", day, 60));
  };
  const std::string app = "\nby app source=app";
  script.Given(Text("use town\nat 2021-05-21 08:00", credit("r1", "2021-05-20"),
                    "\nat 2021-06-11 08:00", credit("r2", "2021-06-10"),
                    // Takes effect before the day of the tried rule, but is published after it.
                    "\nat 2021-06-15 08:00\nby committee\n", Rate("2021-05-01", 100), app,
                    "\nat 2021-06-20 08:00", credit("r3", "2021-05-25"), credit("r4", "2021-06-16"),
                    "\nat 2021-07-03 08:00\nby committee\n", Rate("2021-07-01", 60), app,
                    credit("r5", "2021-07-02")));
  EXPECT_EQ(Tell(Try(script, Rate("2021-06-01", 10))), "others 310 -> 155 (300 -> 300)");
}

TEST(RuleTrial, TellsWhatWouldBeRefused) {
  Script script;
  script.Given(Text("use town\nCreditHours ", Served("r1", "ann", "2021-03-05", 45),
                    "\nCreditHours ", Served("r2", "ann", "2021-03-06", 75), "\nCreditHours ",
                    Served("r3", "bob", "2021-03-06", 60), "\n", Buns("o1", "ann", 3), "\n",
                    Revoke("r2"), "\n", Return("o1", 1)));
  const size_t first = script.events().size() - 6;
  const v1::TryRuleResponse tried =
      Try(script, Rate("2021-01-01", 25, "recording_unit_minutes: 30"));
  std::map<std::string, std::pair<uint64_t, uint64_t>> refusals;
  for (const v1::TriedRefusal& refusal : tried.refusals()) {
    refusals[refusal.reason()] = {refusal.count(), refusal.first_sequence()};
  }
  const std::map<std::string, std::pair<uint64_t, uint64_t>> want = {
      {"MINUTES_OFF_UNIT", {2, first}},
      {"BALANCE_TOO_LOW", {1, first + 3}},
      {"RECORD_UNKNOWN", {1, first + 4}},
      {"ORDER_UNKNOWN", {1, first + 5}}};
  EXPECT_EQ(refusals, want);
  EXPECT_EQ(Tell(tried), "others 43 and 4500 units -> 25 (105 -> 60)");
  EXPECT_EQ(Tell(tried.tried_position()), "issued 25, outstanding 25, expired 0, redeemed 0");
}

TEST(RuleTrial, WhatIsDueInTheEndHappensInBoth) {
  Script script;
  // Lapses in the end of March a year later; the tried rule would have it lapse a month later.
  script.Given(Text("use old_town\nCreditHours ", Served("r1", "ann", "2021-03-05", 60),
                    "\nrecorded 2021-05-01 08:00\nCreditHours ",
                    Served("r2", "bob", "2021-04-30", 60)));
  const v1::TryRuleResponse tried =
      Try(script, RuleFrom("2021-01-01", "maturity_days: 60", "rolling_months: 1"));
  EXPECT_EQ(Tell(tried.position()), "issued 50, outstanding 50, expired 0, redeemed 0");
  EXPECT_EQ(Tell(tried.tried_position()), "issued 50, outstanding 50, expired 0, redeemed 0")
      << "pending points don't lapse";
  const v1::TryRuleResponse sooner = Try(script, RuleFrom("2021-01-01", "", "rolling_months: 1"));
  EXPECT_EQ(Tell(sooner.tried_position()), "issued 50, outstanding 25, expired 25, redeemed 0");
}

TEST(RuleTrial, StopsWhenItIsTold) {
  Script script;
  script.Given("use town");
  int asked = 0;
  const auto stopped = TryOn(script, Rate("2021-01-01", 50), [&]() -> std::optional<Refused> {
    if (++asked < 2) return std::nullopt;
    return Refused{v1::REFUSAL_STOPPING, "", "", {}};
  });
  EXPECT_EQ(asked, 2);
  ASSERT_TRUE(std::holds_alternative<Refused>(stopped));
  EXPECT_EQ(std::get<Refused>(stopped).reason, v1::REFUSAL_STOPPING);

  const auto away = TryRule({[] { return nullptr; }, [] { return std::nullopt; }}, "linhai", 1,
                            RuleOf(Rate("2021-01-01", 50)));
  ASSERT_TRUE(std::holds_alternative<Refused>(away));
  EXPECT_EQ(std::get<Refused>(away).reason, v1::REFUSAL_OUTCOME_UNKNOWN);
}

}  // namespace
}  // namespace meritbook
