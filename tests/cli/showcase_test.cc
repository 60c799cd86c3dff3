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
#include "meritbook/v1/admin.pb.h"
#include "meritbook/v1/event.pb.h"
#include "meritbook/v1/mall.pb.h"

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
  EXPECT_EQ(static_cast<int>(kinds.size()),
            v1::Event::descriptor()->FindOneofByName("body")->field_count());
  // No call makes it: the server declares a loss by itself, after a restoration.
  EXPECT_EQ(kinds.erase("loss_declared"), 1u);
  EXPECT_EQ(expected, kinds);
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
           {"MallService.HoldOrder", "order_held"},
           {"MallService.IssueVoucher", "voucher_issued"},
           {"MallService.ConfirmOrder", "order_confirmed"},
           {"MallService.PublishItem", "item_published"},
           {"SettlementService.OpenStatement", "statement_opened"},
           {"SettlementService.RecordPayment", "payment_recorded"},
           {"SettlementService.ReversePayment", "payment_reversed"},
           {"SettlementService.ClosePeriod", "period_closed"},
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
                                          {"held", "held_units"},
                                          {"debt", "debt_units"}}) {
    int64_t total = 0;
    for (const auto& [volunteer, balance] : expected["balances"].items()) {
      total += balance.value(field, int64_t{0});
    }
    EXPECT_EQ(expected["trial_balance"][account], Json(total)) << account;
  }
  // Nothing may be left that the clock of a live ledger could still move.
  for (const auto& [volunteer, balance] : expected["balances"].items()) {
    EXPECT_EQ(balance["pending_units"], Json(0)) << volunteer;
  }
}

// Statements say what their lines come to, the merchants' and the budgets' fen are the same fen,
// and what is payable is what no statement settled.
TEST(Showcase, ExpectsMoneyThatAddsUp) {
  const Json expected = Expected();
  int64_t settled_units = 0;
  int64_t paid_fen = 0;
  int64_t written_off_units = 0;
  for (const auto& [id, statement] : expected["statements"].items()) {
    const auto amount = [&statement](const std::string& name) {
      return statement[name].get<int64_t>();
    };
    for (const std::string of : {"_units", "_fen"}) {
      EXPECT_EQ(amount("closing" + of), amount("opening" + of) + amount("confirmed" + of) -
                                            amount("refunded" + of) - amount("paid" + of) +
                                            amount("reversed" + of) - amount("written_off" + of))
          << id << of;
    }
    int64_t of_budgets = 0;
    for (const Json& part : statement["by_budget"]) of_budgets += part["fen"].get<int64_t>();
    EXPECT_EQ(of_budgets, amount("closing_fen")) << id;
    written_off_units += amount("written_off_units");
    if (statement["state"] == "written_off") written_off_units += amount("closing_units");
    if (statement["state"] != "paid") continue;
    settled_units += amount("closing_units");
    paid_fen += amount("closing_fen");
  }
  EXPECT_EQ(expected["trial_balance"]["settled"], Json(settled_units));
  EXPECT_EQ(expected["trial_balance"]["written_off"], Json(written_off_units));
  int64_t budgets_paid_fen = 0;
  int64_t budgets_owed_fen = 0;
  for (const auto& [id, budget] : expected["budgets"].items()) {
    budgets_paid_fen += budget["paid_fen"].get<int64_t>();
    budgets_owed_fen += budget["owed_fen"].get<int64_t>();
  }
  EXPECT_EQ(budgets_paid_fen, paid_fen);
  int64_t payable_units = 0;
  int64_t payable_fen = 0;
  for (const auto& [id, shop] : expected["shops"].items()) {
    payable_units += shop["payable_units"].get<int64_t>();
    payable_fen += shop["payable_fen"].get<int64_t>();
  }
  EXPECT_EQ(expected["trial_balance"]["payable"], Json(payable_units));
  EXPECT_EQ(budgets_owed_fen, payable_fen);
  for (const auto& [id, item] : expected["items"].items()) {
    const auto pieces = [&item](const char* name) { return item[name].get<int64_t>(); };
    EXPECT_EQ(pieces("on_hand"),
              pieces("received") - pieces("sent_back") - pieces("delivered") + pieces("returned"))
        << id;
  }
}

// Each call names the code that an earlier one keeps.
TEST(Showcase, ShowsOnlyPayCodesThatItKeeps) {
  const auto calls = ParseScript("script.jsonl", Script());
  ASSERT_TRUE(calls.ok()) << calls.status();
  std::set<std::string> kept;
  int shown = 0;
  for (const ScriptCall& call : *calls) {
    if (!call.keeps.empty()) {
      EXPECT_TRUE(kept.insert("@" + call.keeps).second) << call.line;
    }
    if (call.rpc != "MallService.RedeemNow") continue;
    const auto& request = static_cast<const v1::RedeemNowRequest&>(*call.request);
    if (!request.pay_code().starts_with('@')) continue;
    EXPECT_TRUE(kept.contains(request.pay_code())) << call.line;
    EXPECT_FALSE(request.command().has_volunteer_id()) << call.line;
    ++shown;
  }
  EXPECT_GE(shown, 3);
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

TEST(Script, KeepsARequestIdOfItsOwn) {
  const auto calls = ParseScript(
      "s",
      R"({"as": "operator", "rpc": "AdminService.FinishMigration", "command": {}, "expect": "OK"}
{"as": "operator", "rpc": "AdminService.FinishMigration", "request": {"request_id": "own-1"}, "command": {}, "expect": "OK"})");
  ASSERT_TRUE(calls.ok()) << calls.status();
  ASSERT_EQ(calls->size(), 2U);
  const auto id = [](const ScriptCall& call) {
    return static_cast<const v1::FinishMigrationRequest&>(*call.request).request_id();
  };
  EXPECT_EQ(id((*calls)[0]), "line-001");
  EXPECT_EQ(id((*calls)[1]), "own-1");
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
      R"({"as": "a", "rpc": "MallService.GetItem", "command": {}, )" + ok,
      R"({"as": "a", "rpc": "MallService.IssuePayCode", "request": {"volunteer_id": "v"}, )" + ok,
      "{\"as\": \"a\", " + finish + R"("keeps": "code", "command": {}, )" + ok,
      "{\"as\": \"a\", " + finish + R"("request": 1, "command": {}, )" + ok,
      R"({"as": "a", "rpc": "MallService.RedeemNow", "request": {"pay": "1"}, "command": {}, )" +
          ok,
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
