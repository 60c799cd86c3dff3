// Owns: the county's mall, counted once more: what becomes of each order is looked up in the files,
// and put in the order of time. Promises: expectations of its own fail where the files can't be.
// Thread: one.
#ifndef MERITBOOK_TESTS_CLI_SAMPLE_MALL_H_
#define MERITBOOK_TESTS_CLI_SAMPLE_MALL_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sample_county.h"

namespace meritbook {

inline constexpr int64_t kDay = 86'400;
inline constexpr int64_t kUnitsPerPoint = 6'000;
inline constexpr int64_t kGrace = 2'880 * 60;
inline constexpr int64_t kNewYear = 730 * kDay;
inline constexpr int64_t kSettlement = 733 * kDay + 9 * 3'600;

using Lines = std::map<std::string, int>;

inline Lines ReadLines(const std::string& text) {
  Lines lines;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ';');) {
    const size_t equals = part.find('=');
    const int quantity = equals == std::string::npos ? 1 : std::stoi(part.substr(equals + 1));
    EXPECT_TRUE(lines.emplace(part.substr(0, equals), quantity).second) << text;
  }
  EXPECT_FALSE(lines.empty());
  return lines;
}

struct Order {
  std::string volunteer, merchant, month;
  Lines lines;
  int64_t placed = 0;
  int64_t deadline = 0;
  int64_t ends = 0;
  bool held = false;
  bool taken = false;
  bool open = false;
};

// One thing that happens to an order, or minutes that are credited.
struct Step {
  enum Kind { kTimeOut, kHours, kPlace, kConfirm, kCancel, kRefund };
  int64_t second = 0;
  Kind kind = kHours;
  std::string id;  // of the order, or the volunteer
  Lines lines;
  int64_t number = 0;  // minutes, or the second of handing over
};

struct MerchantYear {
  int64_t confirmed_units = 0, confirmed_fen = 0, refunded_units = 0, refunded_fen = 0;
  std::map<std::string, int64_t> by_budget;
};

class Mall {
 public:
  explicit Mall(const County& county, const Recount& recount) : county_(county) {
    for (const auto& [id, item] : county.items) stock_[id] = std::stoi(item.at("stock"));
    std::istringstream script(county.texts.at("budgets/script.jsonl"));
    for (std::string line; std::getline(script, line);) {
      const auto command = nlohmann::json::parse(line)["command"];
      if (!command.contains("allocate_budget")) continue;
      const auto& budget = command["allocate_budget"];
      const std::string id =
          budget["source"].get<std::string>() + "-" + std::to_string(budget["year"].get<int>());
      allocated_[id] += budget["fen"].get<int64_t>();
    }
    for (const Row& row : county.volunteers) {
      if (row.at("frozen_at").empty()) continue;
      frozen_[row.at("volunteer_id")] = SecondNumber(row.at("frozen_at"));
    }
    for (const auto& [at, volunteer, minutes] : recount.credited) {
      steps_.push_back({SecondNumber(at), Step::kHours, volunteer, {}, minutes});
    }
    ReadOrders();
    ReadFates();
    std::stable_sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) {
      return std::tie(a.second, a.kind) < std::tie(b.second, b.kind);
    });
  }

  void RunUntil(int64_t second) {
    for (; next_ < steps_.size() && steps_[next_].second < second; ++next_) Take(steps_[next_]);
  }

  std::map<std::string, int> refused, events;
  std::map<std::string, int64_t> units, used;  // available; by budget, reserved and owed
  std::map<std::string, std::map<int, MerchantYear>> merchants;
  int64_t held_units = 0, redeemed_units = 0;

 private:
  std::vector<Row> Rows(const char* name) const { return ReadRows(county_.texts.at(name)); }

  void ReadOrders() {
    for (const char* name : {"redemptions.csv", "holds.csv", "vouchers.csv"}) {
      for (const Row& row : Rows(name)) {
        Order order;
        order.volunteer = row.at("volunteer_id");
        order.merchant = row.at("merchant_id");
        order.placed = SecondNumber(row.at("recorded_at"));
        order.month = row.at("recorded_at").substr(0, 7);
        order.held = row.count("lines") != 0;
        order.lines = order.held ? ReadLines(row.at("lines"))
                                 : Lines{{row.at("item_id"), std::stoi(row.at("quantity"))}};
        if (row.count("hold_seconds") != 0) {
          const std::string& seconds = row.at("hold_seconds");
          order.deadline = order.placed + (seconds.empty() ? 7'200 : std::stoi(seconds));
          order.ends = order.deadline + (row.at("offline") == "true" ? kGrace : 0);
        } else if (row.count("valid_days") != 0) {
          const std::string& days = row.at("valid_days");
          order.deadline = (order.placed / kDay + (days.empty() ? 30 : std::stoi(days))) * kDay;
          order.ends = order.deadline + kGrace;
          EXPECT_TRUE(hashes_.insert(row.at("code_sha256")).second) << row.at("order_id");
          EXPECT_EQ(row.at("code_sha256").size(), 64u);
        }
        const std::string& id = row.at("order_id");
        EXPECT_TRUE(orders_.emplace(id, order).second) << id;
        steps_.push_back({order.placed, Step::kPlace, id, order.lines, 0});
      }
    }
  }

  void ReadFates() {
    std::set<std::string> ended;
    for (const Row& row : Rows("confirmations.csv")) {
      const std::string& id = row.at("order_id");
      const Order& order = orders_.at(id);
      const std::string& happened = row.at("happened_at");
      const int64_t second = SecondNumber(row.at("recorded_at"));
      const int64_t when = happened.empty() ? second : SecondNumber(happened);
      if (when >= order.deadline) {
        ++refused["CONFIRM_TOO_LATE"];
        continue;
      }
      EXPECT_GE(when, order.placed) << id;
      EXPECT_LT(second, order.ends) << id;
      EXPECT_TRUE(ended.insert(id).second) << id;
      const Lines lines = row.at("lines").empty() ? order.lines : ReadLines(row.at("lines"));
      steps_.push_back({second, Step::kConfirm, id, lines, when});
    }
    for (const Row& row : Rows("cancellations.csv")) {
      const std::string& id = row.at("order_id");
      const int64_t second = SecondNumber(row.at("recorded_at"));
      EXPECT_LT(second, orders_.at(id).ends) << id;
      EXPECT_TRUE(ended.insert(id).second) << id;
      steps_.push_back({second, Step::kCancel, id, {}, 0});
    }
    for (const Row& row : Rows("refunds.csv")) {
      const int64_t second = SecondNumber(row.at("recorded_at"));
      steps_.push_back(
          {second, Step::kRefund, row.at("order_id"), ReadLines(row.at("lines")), second});
    }
    for (const auto& [id, order] : orders_) {
      if (!order.held || ended.count(id) != 0) continue;
      steps_.push_back({order.ends, Step::kTimeOut, id, {}, 0});
    }
  }

  void Take(const Step& step) {
    if (step.kind == Step::kHours) {
      units[step.id] += step.number * 2'500;
      return;
    }
    Order& order = orders_.at(step.id);
    if (step.kind == Step::kPlace) return Place(step.id, order);
    ASSERT_TRUE(order.taken) << step.id;
    ASSERT_EQ(order.open, step.kind != Step::kRefund) << step.id;
    if (step.kind == Step::kRefund) {
      ++events["order_refunded"];
      Deliver(order, step.lines, step.second, -1);
      for (const auto& [item, quantity] : step.lines) {
        ASSERT_LE(quantity, order.lines[item]) << step.id;
        order.lines[item] -= quantity;
        stock_[item] += quantity;
        units[order.volunteer] += Units(item, quantity);
        AddUsed(order, item, -quantity);
      }
      return;
    }
    order.open = false;
    for (auto& [item, quantity] : order.lines) {
      const auto found = step.lines.find(item);
      const int delivered = found == step.lines.end() ? 0 : found->second;
      ASSERT_LE(delivered, quantity) << step.id;
      held_units -= Units(item, quantity);
      stock_[item] += quantity - delivered;
      units[order.volunteer] += Units(item, quantity - delivered);
      AddUsed(order, item, delivered - quantity);
      quantity = delivered;
    }
    ++events[step.kind == Step::kTimeOut  ? "hold_timed_out"
             : step.kind == Step::kCancel ? "order_cancelled"
                                          : "order_confirmed"];
    if (step.kind == Step::kConfirm) Deliver(order, step.lines, step.number, 1);
  }

  void Place(const std::string& id, Order& order) {
    if (const char* reason = RefusalOf(order)) {
      EXPECT_FALSE(order.held) << id;
      ++refused[reason];
      return;
    }
    order.taken = true;
    order.open = order.held;
    for (const auto& [item, quantity] : order.lines) {
      ASSERT_EQ(county_.items.at(item).at("merchant_id"), order.merchant) << id;
      ASSERT_LE(SecondNumber(county_.items.at(item).at("recorded_at")), order.placed) << id;
      stock_[item] -= quantity;
      units[order.volunteer] -= Units(item, quantity);
      ASSERT_GE(units[order.volunteer], 0) << id;
      AddUsed(order, item, quantity);
      if (order.held) held_units += Units(item, quantity);
      had_[{order.volunteer, item}][order.month] += quantity;
      if (county_.items.at(item).at("limit_period") == "month") {
        const int limit = std::stoi(county_.items.at(item).at("limit_quantity"));
        ASSERT_LE((had_[{order.volunteer, item}][order.month]), limit) << id;
      }
    }
    ++events[!order.held ? "order_redeemed" : "held"];
    if (!order.held) Deliver(order, order.lines, order.placed, 1);
  }

  // Null for none. Nobody is refused for want of points.
  const char* RefusalOf(const Order& order) {
    const auto frozen = frozen_.find(order.volunteer);
    if (frozen != frozen_.end() && frozen->second <= order.placed) return "VOLUNTEER_FROZEN";
    std::map<std::string, int64_t> fen;
    for (const auto& [item, quantity] : order.lines) {
      if (quantity > stock_[item]) return "STOCK_TOO_LOW";
      const Row& row = county_.items.at(item);
      if (row.at("limit_period") == "once" && had_.count({order.volunteer, item}) != 0) {
        return "ITEM_LIMIT_REACHED";
      }
      if (!Budget(order, item).empty()) fen[Budget(order, item)] += Fen(item, quantity);
    }
    for (const auto& [budget, needed] : fen) {
      if (used[budget] + needed > allocated_[budget]) return "BUDGET_EXHAUSTED";
    }
    return nullptr;
  }

  void Deliver(const Order& order, const Lines& lines, int64_t second, int sign) {
    MerchantYear& year = merchants[order.merchant][second < 365 * kDay ? 2021 : 2022];
    for (const auto& [item, quantity] : lines) {
      const int64_t of_units = Units(item, quantity);
      const int64_t fen = Fen(item, quantity);
      (sign > 0 ? year.confirmed_units : year.refunded_units) += of_units;
      (sign > 0 ? year.confirmed_fen : year.refunded_fen) += fen;
      redeemed_units += sign * of_units;
      if (fen > 0) year.by_budget[Budget(order, item)] += sign * fen;
    }
  }

  int64_t Units(const std::string& item, int quantity) const {
    return std::stoll(county_.items.at(item).at("price_points")) * quantity * kUnitsPerPoint;
  }
  int64_t Fen(const std::string& item, int quantity) const {
    const std::string& fen = county_.items.at(item).at("settle_fen");
    return fen.empty() ? 0 : std::stoll(fen) * quantity;
  }
  std::string Budget(const Order& order, const std::string& item) const {
    const Row& row = county_.items.at(item);
    if (row.at("funding") == "merchant") return "";
    const std::string source = row.at("funding") == "donor" ? row.at("budget_source") : "programme";
    return source + (order.placed < 365 * kDay ? "-2021" : "-2022");
  }
  void AddUsed(const Order& order, const std::string& item, int quantity) {
    const std::string budget = Budget(order, item);
    if (!budget.empty()) used[budget] += Fen(item, quantity);
  }

  const County& county_;
  std::map<std::string, Order> orders_;
  std::map<std::string, int64_t> frozen_, allocated_;
  std::map<std::string, int> stock_;
  std::map<std::pair<std::string, std::string>, std::map<std::string, int>> had_;
  std::set<std::string> hashes_;
  std::vector<Step> steps_;
  size_t next_ = 0;
};

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_CLI_SAMPLE_MALL_H_
