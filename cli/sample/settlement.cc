#include "cli/sample/settlement.h"

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/sample/script_line.h"

namespace meritbook::sample {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<int, 2> kYears = {2021, 2022};

struct StatementCount {
  std::string id;
  std::string merchant;
  int year = 0;
  AmountCount opening;
  AmountCount paid;  // the statement before
  MerchantYear of_year;
  AmountCount closing;
  std::map<std::string, int64_t> by_budget;  // of the closing, in fen
  bool IsPaid() const {
    return closing.units >= 0 && closing.fen >= 0 && (closing.units > 0 || closing.fen > 0);
  }
};

// By year, then merchant. What a statement leaves unpaid opens the next one.
std::vector<StatementCount> Statements(const MallTally& mall) {
  std::vector<StatementCount> statements;
  std::map<std::string, StatementCount> newest;
  for (const int year : kYears) {
    for (const auto& [merchant, years] : mall.merchants) {
      StatementCount statement;
      statement.id = absl::StrCat(merchant, "-", year);
      statement.merchant = merchant;
      statement.year = year;
      if (const auto of_year = years.find(year); of_year != years.end()) {
        statement.of_year = of_year->second;
      }
      statement.by_budget = statement.of_year.by_budget;
      if (const auto before = newest.find(merchant); before != newest.end()) {
        statement.opening = before->second.closing;
        if (before->second.IsPaid()) {
          statement.paid = before->second.closing;
        } else {
          for (const auto& [budget, fen] : before->second.by_budget) {
            statement.by_budget[budget] += fen;
          }
        }
      }
      const auto close = [&statement](int64_t AmountCount::*amount) {
        statement.closing.*amount = statement.opening.*amount +
                                    statement.of_year.confirmed.*amount -
                                    statement.of_year.refunded.*amount - statement.paid.*amount;
      };
      close(&AmountCount::units);
      close(&AmountCount::fen);
      std::erase_if(statement.by_budget, [](const auto& budget) { return budget.second == 0; });
      newest[merchant] = statement;
      statements.push_back(std::move(statement));
    }
  }
  return statements;
}

// Of "programme-2021".
int YearOf(const std::string& budget) { return std::stoi(budget.substr(budget.size() - 4)); }

Json JsonOf(const StatementCount& statement) {
  Json json;
  json["merchant_id"] = statement.merchant;
  json["state"] = statement.IsPaid() ? "paid" : "closed";
  json["through_month"] = absl::StrCat(statement.year, "-12");
  const auto add = [&json](const char* name, const AmountCount& amount) {
    json[absl::StrCat(name, "_units")] = amount.units;
    json[absl::StrCat(name, "_fen")] = amount.fen;
  };
  add("opening", statement.opening);
  add("confirmed", statement.of_year.confirmed);
  add("refunded", statement.of_year.refunded);
  add("paid", statement.paid);
  add("closing", statement.closing);
  std::map<std::pair<int, std::string>, int64_t> by_year;
  for (const auto& [budget, fen] : statement.by_budget) by_year[{YearOf(budget), budget}] = fen;
  json["by_budget"] = Json::array();
  for (const auto& [budget, fen] : by_year) {
    json["by_budget"].push_back({{"budget", budget.second}, {"fen", fen}});
  }
  return json;
}

}  // namespace

std::string SettlementScript(const Tally& tally) {
  ScriptText script("settlement");
  int64_t second = kSettlementSecond;
  const auto add = [&](const char* caller, const char* rpc, Json command) {
    script.Add(second++, caller, rpc, std::move(command));
  };
  add("operator", "AdminService.RegisterPrincipal",
      {{"principal_id", "cashier"}, {"roles", Json::array({"ROLE_COMMITTEE"})}});
  add("operator", "AdminService.RegisterPrincipal",
      {{"principal_id", "examiner"}, {"roles", Json::array({"ROLE_AUDITOR"})}});
  int year = 0;
  for (const StatementCount& statement : Statements(tally.mall_later)) {
    const std::string month = absl::StrCat(statement.year, "-12");
    if (statement.year != year) add("cashier", "SettlementService.ClosePeriod", {{"month", month}});
    year = statement.year;
    add("cashier", "SettlementService.OpenStatement",
        {{"statement_id", statement.id},
         {"merchant_id", statement.merchant},
         {"through_month", month}});
    add("cashier", "SettlementService.CloseStatement", {{"statement_id", statement.id}});
    if (!statement.IsPaid()) continue;
    add("cashier", "SettlementService.RecordPayment",
        {{"statement_id", statement.id},
         {"fen", statement.closing.fen},
         {"reference", absl::StrCat("bank-", statement.id)}});
  }
  return script.Take();
}

std::string SettlementExpected(const Tally& tally) {
  const MallTally& mall = tally.mall_later;
  std::map<std::string, int> events = tally.events;
  for (const auto& [kind, count] : mall.events) events[kind] = count;
  std::map<std::string, int64_t> paid_fen;
  std::map<std::string, int64_t> payable_units;
  AmountCount settled;
  Json statements = Json::object();
  events["principal_registered"] += 2;
  events["period_closed"] = static_cast<int>(kYears.size());
  for (const StatementCount& statement : Statements(mall)) {
    statements[statement.id] = JsonOf(statement);
    ++events["statement_opened"];
    ++events["statement_closed"];
    payable_units[statement.merchant] +=
        statement.of_year.confirmed.units - statement.of_year.refunded.units;
    if (!statement.IsPaid()) continue;
    ++events["payment_recorded"];
    settled.units += statement.closing.units;
    payable_units[statement.merchant] -= statement.closing.units;
    for (const auto& [budget, fen] : statement.by_budget) paid_fen[budget] += fen;
  }
  int64_t payable = 0;
  Json merchants = Json::object();
  for (const auto& [merchant, units] : payable_units) {
    payable += units;
    if (units != 0) merchants[merchant] = units;
  }
  Json budgets = Json::object();
  for (const auto& [id, budget] : mall.budgets) {
    budgets[id] = {{"allocated_fen", budget.allocated_fen},
                   {"reserved_fen", budget.reserved_fen},
                   {"owed_fen", budget.owed_fen - paid_fen[id]},
                   {"paid_fen", paid_fen[id]},
                   {"warned", budget.warned}};
  }
  const int64_t redeemed_units = mall.delivered_units - mall.refunded_units;
  Json json;
  json["events"] = events;
  json["trial_balance"] = {{"issued", -tally.issued_units()},
                           {"available", tally.issued_units() - redeemed_units - mall.held_units},
                           {"held", mall.held_units},
                           {"payable", payable},
                           {"settled", settled.units}};
  json["merchants"] = std::move(merchants);
  json["budgets"] = std::move(budgets);
  json["statements"] = std::move(statements);
  return json.dump(1) + "\n";
}

}  // namespace meritbook::sample
