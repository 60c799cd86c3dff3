// The showcase: complete, well-formed, and in agreement with itself.
#include "cli/sample/showcase.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "cli/expected_ledger.h"
#include "cli/opening_file.h"
#include "cli/script_call.h"
#include "meritbook/v1/account.pb.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string Script() { return std::string(sample::ShowcaseScript()); }
Json Expected() { return Json::parse(sample::ShowcaseExpected()); }

TEST(Showcase, ExpectsEveryKindOfEvent) {
  const Json events = Expected()["events"];
  std::set<std::string> expected;
  for (const auto& [kind, count] : events.items()) {
    EXPECT_GE(count.get<int>(), 1) << kind;
    EXPECT_TRUE(expected.insert(kind).second) << kind;
  }
  std::set<std::string> kinds;
  for (const std::string& kind : EventKinds()) kinds.insert(kind);
  EXPECT_EQ(expected, kinds);
  EXPECT_EQ(static_cast<int>(kinds.size()),
            v1::Event::descriptor()->FindOneofByName("body")->field_count());
}

TEST(Showcase, IsAScriptInTheOrderOfTime) {
  const auto calls = ParseScript("script.jsonl", Script());
  ASSERT_TRUE(calls.ok()) << calls.status();
  std::set<std::string> cast = {"operator"};
  int64_t now_us = 0;
  bool live = false;
  for (const ScriptCall& call : *calls) {
    EXPECT_TRUE(cast.contains(call.caller)) << call.line << " " << call.caller;
    EXPECT_EQ(call.recorded_us.has_value(), !live) << call.line;
    if (call.recorded_us) {
      EXPECT_GE(*call.recorded_us, now_us) << call.line;
      now_us = *call.recorded_us;
    }
    if (call.rpc == "AdminService.FinishMigration") live = true;
    if (call.rpc != "AdminService.RegisterPrincipal") continue;
    const auto* const request = call.request.get();
    const auto& command = request->GetReflection()->GetMessage(
        *request, request->GetDescriptor()->FindFieldByName("command"));
    cast.insert(static_cast<const v1::RegisterPrincipal&>(command).principal_id());
  }
  EXPECT_TRUE(live);
}

TEST(Showcase, ExpectsTheRefusalsOfItsScript) {
  const auto calls = ParseScript("script.jsonl", Script());
  ASSERT_TRUE(calls.ok()) << calls.status();
  std::map<std::string, int> refusals;
  std::map<std::string, int> accepted;
  for (const ScriptCall& call : *calls) {
    if (call.expect == "OK") {
      ++accepted[call.rpc];
    } else {
      ++refusals[call.expect];
    }
  }
  EXPECT_EQ((Expected()["refusals"].get<std::map<std::string, int>>()), refusals);
  // What a command comes to, where that is one event.
  const Json events = Expected()["events"];
  for (const auto& [rpc, kind] : std::map<std::string, std::string>{
           {"HoursService.CreditHours", "hours_credited"},
           {"HoursService.ReviewHours", "hours_reviewed"},
           {"HoursService.DisputeHours", "hours_disputed"},
           {"HoursService.BackfillHours", "hours_backfilled"},
           {"MallService.RedeemNow", "order_redeemed"},
           {"MallService.RefundOrder", "order_refunded"},
           {"AccountService.RegisterVolunteer", "volunteer_registered"},
           {"AccountService.ProposeChange", "change_proposed"},
           {"AccountService.ApproveChange", "change_approved"},
           {"AdminService.RegisterPrincipal", "principal_registered"}}) {
    EXPECT_EQ(events[kind], Json(accepted[rpc])) << kind;
  }
}

TEST(Showcase, ExpectsAccountsThatAddUp) {
  const Json expected = Expected();
  int64_t sum = 0;
  for (const auto& [account, units] : expected["trial_balance"].items())
    sum += units.get<int64_t>();
  EXPECT_EQ(sum, 0);
  for (const auto& [account, field] :
       std::map<std::string, std::string>{{"available", "available_units"},
                                          {"pending", "pending_units"},
                                          {"debt", "debt_units"}}) {
    int64_t total = 0;
    for (const auto& [volunteer, balance] : expected["balances"].items()) {
      total += balance[field].get<int64_t>();
    }
    EXPECT_EQ(expected["trial_balance"][account], Json(total)) << account;
  }
  // Nothing may be left that the clock of a live ledger could still move.
  for (const auto& [volunteer, balance] : expected["balances"].items()) {
    EXPECT_EQ(balance["pending_units"], Json(0)) << volunteer;
  }
}

TEST(Showcase, ProposesItsOpeningFileWordForWord) {
  const auto file = ParseOpening("opening.csv", sample::ShowcaseOpening());
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->parts.size(), 1U);
  const auto calls = ParseScript("script.jsonl", Script());
  ASSERT_TRUE(calls.ok()) << calls.status();
  const auto proposal = std::find_if(calls->begin(), calls->end(), [](const ScriptCall& call) {
    return call.rpc == "AccountService.ProposeChange";
  });
  ASSERT_NE(proposal, calls->end());
  const auto& request = static_cast<const v1::ProposeChangeRequest&>(*proposal->request);
  EXPECT_EQ(request.command().DebugString(), file->parts[0].DebugString());
}

TEST(Script, NamesTheLineThatIsWrong) {
  const std::string good =
      R"({"as": "operator", "rpc": "AdminService.FinishMigration", "command": {}, "expect": "OK"})";
  ASSERT_TRUE(ParseScript("s", good).ok()) << ParseScript("s", good).status();
  const std::string finish = R"("rpc": "AdminService.FinishMigration", )";
  const std::string ok = R"("expect": "OK"})";
  const std::vector<std::string> kBad = {
      "{",
      "[]",
      "{" + finish + R"("command": {}, )" + ok,
      R"({"as": "a", "rpc": "AdminService.Import", "command": {}, )" + ok,
      R"({"as": "a", "rpc": "No.Such", "command": {}, )" + ok,
      R"({"as": "a", )" + finish + R"("command": {"x": 1}, )" + ok,
      R"({"as": "a", )" + finish + R"("command": {}, "expect": "NO"})",
      R"({"at": "noon", "as": "a", )" + finish + R"("command": {}, )" + ok,
      R"({"as": "a", "rpc": "HoursService.RegisterActivity", "command": {"starts_us": "noon"}, )" +
          ok};
  for (const std::string& bad : kBad) {
    std::string text = good;
    text.append("\n").append(bad).append("\n");
    const auto script = ParseScript("s", text);
    ASSERT_FALSE(script.ok()) << bad;
    EXPECT_NE(script.status().message().find("s, line 2:"), std::string::npos) << script.status();
  }
  EXPECT_FALSE(ParseScript("s", "\n").ok());
}

TEST(CompareExpected, NamesWhatEitherSideLacks) {
  const std::string expected =
      R"({"events": {"a": 1, "b": 2}, "balances": {"v": {"units": 5, "lots": [{"units": 5}]}}})";
  const auto differing = [&expected](const char* found) {
    const auto figures = CompareExpected(expected, Json::parse(found));
    EXPECT_TRUE(figures.ok()) << figures.status();
    std::set<std::string> names;
    for (const ExpectedFigure& figure : *figures) {
      if (figure.differs) names.insert(figure.name);
    }
    return names;
  };
  EXPECT_EQ(differing(R"({"events": {"a": 1, "b": 2, "c": 0},
      "balances": {"v": {"units": 5, "more": 1, "lots": [{"units": 5, "graced": false}]}}})"),
            std::set<std::string>{});
  EXPECT_EQ(
      differing(R"({"events": {"a": 1, "c": 1}, "balances": {"v": {"units": 4, "lots": []}}})"),
      (std::set<std::string>{"events.b", "events.c", "balances.v.units", "balances.v.lots"}));
  EXPECT_EQ(differing(R"({"events": {"a": 1, "b": 2}})"),
            (std::set<std::string>{"balances.v.units", "balances.v.lots"}));
  EXPECT_FALSE(CompareExpected("[]", Json::object()).ok());
  EXPECT_FALSE(CompareExpected(R"({"events": 1})", Json::object()).ok());
}

}  // namespace
}  // namespace meritbook::cli
