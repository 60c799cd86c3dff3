// The sample county's mall against what is expected of it.
#include "sample_mall.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "sample_county.h"

namespace meritbook {
namespace {

TEST_F(SampleCountyTest, OrdersComeToWhatIsExpected) {
  Mall mall(*county_, *recount_);
  mall.RunUntil(kNewYear);
  const std::map<std::string, int> want = {{"BUDGET_EXHAUSTED", 6},
                                           {"CONFIRM_TOO_LATE", 10},
                                           {"ITEM_LIMIT_REACHED", 8},
                                           {"STOCK_TOO_LOW", 20},
                                           {"VOLUNTEER_FROZEN", 14}};
  EXPECT_EQ(mall.refused, want);
  const nlohmann::json& expected = county_->expected;
  EXPECT_EQ(expected["redeemed_units"], mall.redeemed_units);
  EXPECT_NEAR(static_cast<double>(mall.redeemed_units), 66'975'000'000.0 / 3, 1'000'000'000.0);
  EXPECT_EQ(expected["orders"], mall.events["order_redeemed"] + mall.events["order_confirmed"]);
  EXPECT_EQ(expected["outstanding_units"], 66'975'000'000 - mall.redeemed_units);
  EXPECT_EQ(std::count_if(mall.units.begin(), mall.units.end(),
                          [](const auto& balance) { return balance.second >= 6'000'000; }),
            expected["volunteers_1000_balance"]);
  int64_t used_fen = 0;
  for (const auto& [budget, fen] : mall.used) used_fen += fen;
  EXPECT_EQ(expected["budget_allocated_fen"].get<int64_t>() - used_fen,
            expected["budget_left_fen"]);
  for (const auto& [kind, count] : mall.events) EXPECT_GT(count, 300) << kind;
  EXPECT_GT(mall.held_units, 0) << "no open orders at the end";
}

TEST_F(SampleCountyTest, StatementsComeToWhatIsExpected) {
  Mall mall(*county_, *recount_);
  mall.RunUntil(kSettlement + 1);
  const auto expected = nlohmann::json::parse(county_->texts["settlement/expected.json"]);
  for (const char* kind : {"order_redeemed", "order_confirmed", "order_cancelled", "hold_timed_out",
                           "order_refunded"}) {
    EXPECT_EQ(expected["events"][kind], mall.events[kind]) << kind;
  }
  EXPECT_EQ(
      expected["events"]["order_held"].get<int>() + expected["events"]["voucher_issued"].get<int>(),
      mall.events["held"]);
  EXPECT_EQ(expected["trial_balance"]["held"], mall.held_units);
  EXPECT_EQ(expected["trial_balance"]["settled"].get<int64_t>() +
                expected["trial_balance"]["payable"].get<int64_t>(),
            mall.redeemed_units);
  int64_t sum = 0;
  for (const auto& [account, of_account] : expected["trial_balance"].items()) {
    sum += of_account.get<int64_t>();
  }
  EXPECT_EQ(sum, 0);
  std::map<std::string, int64_t> paid;
  for (const auto& [merchant, years] : mall.merchants) {
    for (const int year : {2021, 2022}) {
      SCOPED_TRACE(merchant + "-" + std::to_string(year));
      const auto& statement = expected["statements"][merchant + "-" + std::to_string(year)];
      const auto found = years.find(year);
      const MerchantYear of_year = found == years.end() ? MerchantYear{} : found->second;
      EXPECT_EQ(statement["confirmed_units"], of_year.confirmed_units);
      EXPECT_EQ(statement["confirmed_fen"], of_year.confirmed_fen);
      EXPECT_EQ(statement["refunded_units"], of_year.refunded_units);
      EXPECT_EQ(statement["refunded_fen"], of_year.refunded_fen);
      for (const char* of : {"units", "fen"}) {
        const auto amount = [&](const std::string& name) {
          return statement[name + "_" + of].get<int64_t>();
        };
        EXPECT_EQ(amount("closing"),
                  amount("opening") + amount("confirmed") - amount("refunded") - amount("paid"));
      }
      int64_t of_budgets = 0;
      for (const auto& part : statement["by_budget"]) {
        of_budgets += part["fen"].get<int64_t>();
        paid[part["budget"]] += part["fen"].get<int64_t>();
      }
      EXPECT_EQ(statement["closing_fen"], of_budgets);
      EXPECT_EQ(statement["state"], "paid");
    }
  }
  EXPECT_EQ(expected["statements"].size(), 2 * mall.merchants.size());
  for (const auto& [id, budget] : expected["budgets"].items()) {
    const int64_t used = mall.used[id];
    EXPECT_EQ(budget["paid_fen"], paid[id]) << id;
    EXPECT_EQ(budget["reserved_fen"].get<int64_t>() + budget["owed_fen"].get<int64_t>() + paid[id],
              used)
        << id;
    EXPECT_LE(used, budget["allocated_fen"].get<int64_t>()) << id;
  }
}

TEST_F(SampleCountyTest, ItemsArePricedAndFundedAsInATown) {
  std::map<std::string, int> by_funding;
  std::map<std::string, int> by_limit;
  for (const auto& [id, item] : county_->items) {
    SCOPED_TRACE(id);
    const int price_points = std::stoi(item.at("price_points"));
    EXPECT_GE(price_points, 20);
    EXPECT_LE(price_points, 2'000);
    EXPECT_LE(county_->merchants.at(item.at("merchant_id")).at("recorded_at"),
              item.at("recorded_at"));
    const std::string& funding = item.at("funding");
    ++by_funding[funding];
    ++by_limit[item.at("limit_period")];
    EXPECT_EQ(item.at("limit_quantity").empty(), item.at("limit_period").empty());
    EXPECT_EQ(item.at("settle_fen").empty(), funding == "merchant");
    EXPECT_EQ(item.at("budget_source").empty(), funding != "donor");
    if (funding == "merchant") continue;
    const double fen_per_point = std::stod(item.at("settle_fen")) / price_points;
    EXPECT_GE(fen_per_point, 1.5);
    EXPECT_LE(fen_per_point, 2.8);
  }
  EXPECT_NEAR(by_funding["programme"], 150, 30);
  EXPECT_GE(by_funding["donor"], 30);
  EXPECT_GE(by_funding["merchant"], 60);
  EXPECT_GE(by_limit["once"], 5);
  EXPECT_GE(by_limit["month"], 5);
}

TEST_F(SampleCountyTest, EveryWayOfOrderingOccurs) {
  const auto count = [this](const char* file, const char* column, const std::string& holding) {
    const std::vector<Row> rows = ReadRows(county_->texts[file]);
    return std::count_if(rows.begin(), rows.end(), [&](const Row& row) {
      return row.at(column).find(holding) != std::string::npos;
    });
  };
  EXPECT_GT(count("holds.csv", "lines", ";"), 100);
  EXPECT_GT(count("holds.csv", "lines", "="), 100);
  EXPECT_GT(count("holds.csv", "offline", "true"), 100);
  EXPECT_GT(count("vouchers.csv", "valid_days", "7"), 100);
  EXPECT_GT(count("confirmations.csv", "happened_at", "T"), 100);
  EXPECT_GT(count("confirmations.csv", "lines", "itm"), 100);
  EXPECT_GT(count("refunds.csv", "lines", "itm"), 100);
}

TEST_F(SampleCountyTest, CountsTheEvents) {
  const auto freezes = std::count_if(county_->volunteers.begin(), county_->volunteers.end(),
                                     [](const Row& row) { return !row.at("frozen_at").empty(); });
  size_t rows = 0;
  for (const auto& [name, text] : county_->texts) {
    if (name.find(".csv") != std::string::npos) rows += ReadRows(text).size();
  }
  constexpr size_t kRefused = 12 + 24 + 18 + 15 + 20 + 14 + 8 + 6 + 10;
  // Founding and rule; of the budgets, an event for who comes and who proposes, two for approving.
  size_t others = 2;
  std::istringstream script(county_->texts["budgets/script.jsonl"]);
  for (std::string line; std::getline(script, line);) {
    others += line.find("ApproveChange") == std::string::npos ? 1 : 2;
  }
  Mall mall(*county_, *recount_);
  mall.RunUntil(kNewYear);
  others += static_cast<size_t>(mall.events["hold_timed_out"]);
  size_t warned = 0;
  const auto settled = nlohmann::json::parse(county_->texts["settlement/expected.json"]);
  for (const auto& [id, budget] : settled["budgets"].items()) {
    if (budget["warned"].get<bool>()) ++warned;
  }
  EXPECT_GE(warned, 2u);
  EXPECT_EQ(county_->expected["events"],
            rows + static_cast<size_t>(freezes) - kRefused + others + warned);
}

}  // namespace
}  // namespace meritbook
