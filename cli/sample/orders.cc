// Redemptions: who buys what, with points that she has by then and from stock that is left.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/sample/calendar.h"
#include "cli/sample/draw.h"
#include "cli/sample/figures.h"
#include "cli/sample/plan.h"

namespace meritbook::sample {
namespace {

constexpr int kTemptation = 300;        // per mille of the records lead somebody to the mall
constexpr int kRedeemedPerMille = 338;  // of what is issued by then: about a third
constexpr int kPriceMin = 20;
constexpr int kItemTries = 8;
constexpr int64_t kFrozenKeepPoints = 200;  // so that the freeze is what stops her
constexpr int kStockFaultFirstDay = 400;    // by then, some items are sold out
constexpr int kStockFaultEveryDays = 15;

class OrderPlanner {
 public:
  explicit OrderPlanner(CountyPlan& plan)
      : plan_(plan), draw_(plan.seed, "orders"), units_(plan.volunteers.size(), 0) {
    for (const Item& item : plan.items) stock_left_.push_back(item.stock);
    by_price_.resize(plan.items.size());
    std::iota(by_price_.begin(), by_price_.end(), size_t{0});
    std::stable_sort(by_price_.begin(), by_price_.end(), [&plan](size_t a, size_t b) {
      return plan.items[a].price_points < plan.items[b].price_points;
    });
  }

  absl::Status Run() {
    auto hour = plan_.hours.begin();
    for (const Call& call : DrawCalls()) {
      for (; hour != plan_.hours.end() && hour->recorded_second <= call.second; ++hour) {
        if (hour->fault != Fault::kNoFault) continue;
        const int64_t units = hour->minutes * kUnitsPerMinute;
        units_[static_cast<size_t>(hour->volunteer)] += units;
        issued_units_ += units;
      }
      Serve(call);
    }
    if (frozen_faults_ == kFrozenRedeems && stock_faults_ == kStockTooLow) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("rows to refuse: only ", frozen_faults_,
                                            " frozen redeems and ", stock_faults_,
                                            " above the stock"));
  }

 private:
  // A volunteer at a counter.
  struct Call {
    int64_t second = 0;
    int volunteer = kNone;
  };

  std::vector<Call> DrawCalls() {
    std::vector<Call> calls;
    const auto add = [&](int volunteer, int day) {
      if (day >= kDays) return;
      calls.push_back(
          {day * kDaySeconds + draw_.Between(int64_t{8 * 3600 + 1800}, int64_t{21 * 3600}),
           volunteer});
    };
    for (const HourRow& row : plan_.hours) {
      if (row.fault != Fault::kNoFault || !draw_.Chance(kTemptation)) continue;
      const int day = static_cast<int>(row.recorded_second / kDaySeconds);
      add(row.volunteer, day + 1 + draw_.Tail(12, 400, 3));
    }
    for (size_t v = 0; v < plan_.volunteers.size(); ++v) {
      const Volunteer& volunteer = plan_.volunteers[v];
      if (volunteer.frozen_second == kNone || !volunteer.earns_1000) continue;
      const int day = static_cast<int>(volunteer.frozen_second / kDaySeconds);
      add(static_cast<int>(v), day + 1 + draw_.Below(20));
    }
    std::stable_sort(calls.begin(), calls.end(),
                     [](const Call& a, const Call& b) { return a.second < b.second; });
    return calls;
  }

  void Serve(const Call& call) {
    const Volunteer& volunteer = plan_.volunteers[static_cast<size_t>(call.volunteer)];
    int64_t points = units_[static_cast<size_t>(call.volunteer)] / kUnitsPerPoint;
    if (volunteer.frozen_second != kNone) {
      if (call.second >= volunteer.frozen_second) {
        if (frozen_faults_ < kFrozenRedeems) TryFrozen(call, points);
        return;
      }
      points -= kFrozenKeepPoints;
    } else if (StockFaultIsDue(call.second) && TryAboveStock(call, points)) {
      return;
    }
    if (points < kPriceMin || redeemed_units_ * 1000 > issued_units_ * kRedeemedPerMille) return;
    // Some spend nearly all that they have, some a little.
    const int64_t wish_points = std::max<int64_t>(kPriceMin, points * draw_.Between(10, 90) / 100);
    const int item = DrawItem(call.second, wish_points);
    if (item == kNone) return;
    int quantity = draw_.Chance(860) ? 1 : draw_.Between(2, 3);
    const int price_points = plan_.items[static_cast<size_t>(item)].price_points;
    if (quantity > stock_left_[static_cast<size_t>(item)] || price_points * quantity > points) {
      quantity = 1;
    }
    Take(call, item, quantity);
  }

  // An item on sale and in stock, at a third of the wish up to all of it; kNone if a few tries
  // find none.
  int DrawItem(int64_t second, int64_t wish_points) {
    const auto bound = [this](int64_t above_points) {
      return std::partition_point(
                 by_price_.begin(), by_price_.end(),
                 [&](size_t item) { return plan_.items[item].price_points < above_points; }) -
             by_price_.begin();
    };
    const int64_t low = bound(wish_points / 3);
    const int64_t high = bound(wish_points + 1);
    if (low == high) return kNone;
    for (int tries = 0; tries < kItemTries; ++tries) {
      const size_t item = by_price_[static_cast<size_t>(draw_.Between(low, high - 1))];
      if (plan_.items[item].recorded_second > second || stock_left_[item] == 0) continue;
      return static_cast<int>(item);
    }
    return kNone;
  }

  void Take(const Call& call, int item, int quantity) {
    const int64_t units =
        int64_t{plan_.items[static_cast<size_t>(item)].price_points} * quantity * kUnitsPerPoint;
    units_[static_cast<size_t>(call.volunteer)] -= units;
    redeemed_units_ += units;
    stock_left_[static_cast<size_t>(item)] -= quantity;
    AddOrder(call, item, quantity, Fault::kNoFault);
  }

  void AddOrder(const Call& call, int item, int quantity, Fault fault) {
    plan_.orders.push_back({call.second, call.volunteer, item, quantity, fault});
  }

  // Something that is there and that she could pay for.
  void TryFrozen(const Call& call, int64_t points) {
    const size_t first = draw_.Below(plan_.items.size());
    for (size_t n = 0; n < plan_.items.size(); ++n) {
      const size_t item = (first + n) % plan_.items.size();
      if (plan_.items[item].recorded_second > call.second || stock_left_[item] == 0) continue;
      if (plan_.items[item].price_points > points) continue;
      AddOrder(call, static_cast<int>(item), 1, Fault::kVolunteerFrozen);
      ++frozen_faults_;
      return;
    }
  }

  bool StockFaultIsDue(int64_t second) const {
    const int64_t due_day = kStockFaultFirstDay + int64_t{kStockFaultEveryDays} * stock_faults_;
    return stock_faults_ < kStockTooLow && second >= due_day * kDaySeconds;
  }

  // One more than there is, of something that she could pay for. Nothing is ever restocked, so
  // that the stock is too low for good.
  bool TryAboveStock(const Call& call, int64_t points) {
    const size_t first = draw_.Below(plan_.items.size());
    for (size_t n = 0; n < plan_.items.size(); ++n) {
      const size_t item = (first + n) % plan_.items.size();
      const int quantity = stock_left_[item] + 1;
      if (plan_.items[item].recorded_second > call.second) continue;
      if (int64_t{plan_.items[item].price_points} * quantity > points) continue;
      AddOrder(call, static_cast<int>(item), quantity, Fault::kSoldOut);
      ++stock_faults_;
      return true;
    }
    return false;
  }

  CountyPlan& plan_;
  Draw draw_;
  std::vector<int64_t> units_;    // available, by volunteer
  std::vector<int> stock_left_;   // by item
  std::vector<size_t> by_price_;  // items
  int64_t issued_units_ = 0;
  int64_t redeemed_units_ = 0;
  int frozen_faults_ = 0;
  int stock_faults_ = 0;
};

}  // namespace

absl::Status PlanOrders(CountyPlan& plan) { return OrderPlanner(plan).Run(); }

}  // namespace meritbook::sample
