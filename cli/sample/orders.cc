// Orders: who wants what, with points that she has by then and from stock that is left.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/sample/calendar.h"
#include "cli/sample/draw.h"
#include "cli/sample/fates.h"
#include "cli/sample/figures.h"
#include "cli/sample/plan.h"
#include "cli/sample/shelf.h"

namespace meritbook::sample {
namespace {

constexpr int kTemptation = 300;  // per mille of the records lead somebody to the mall
constexpr int kPriceMin = 20;
constexpr int kItemTries = 8;
constexpr int kSecondLinePerMille = 160;    // of the holds and vouchers
constexpr int64_t kFrozenKeepPoints = 200;  // so that the freeze is what stops her
constexpr int kStockFaultFirstDay = 400;    // by then, some items are sold out
constexpr int kStockFaultEveryDays = 15;
constexpr int kLimitFaultFirstDay = 300;
constexpr int kLimitFaultEveryDays = 30;
constexpr int kOnceKeptPieces = 5;  // so that the limit is what stops her
constexpr int kBudgetFaultEveryDays = 10;

class OrderPlanner {
 public:
  explicit OrderPlanner(CountyPlan& plan)
      : plan_(plan), draw_(plan.seed, "orders"), shelf_(plan), fates_(plan, shelf_) {
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
        shelf_.Earn(hour->volunteer, hour->minutes * kUnitsPerMinute);
      }
      shelf_.AdvanceTo(call.second);
      Serve(call);
    }
    fates_.Sort();
    plan_.allocations = shelf_.Allocations();
    if (frozen_faults_ == kFrozenRedeems && stock_faults_ == kStockTooLow &&
        limit_faults_ == kItemLimitsReached && budget_faults_ == kBudgetsExhausted &&
        fates_.late_confirms() == kConfirmsTooLate) {
      return absl::OkStatus();
    }
    return absl::InternalError(
        absl::StrCat("rows to refuse: only ", frozen_faults_, " frozen redeems, ", stock_faults_,
                     " above the stock, ", limit_faults_, " above a limit, ", budget_faults_,
                     " above a budget and ", fates_.late_confirms(), " late confirms"));
  }

 private:
  // A volunteer at a counter.
  struct Call {
    int64_t second = 0;
    int volunteer = kNone;
  };

  const Item& ItemAt(int item) const { return plan_.items[static_cast<size_t>(item)]; }

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
    int64_t points = shelf_.Points(call.volunteer);
    if (volunteer.frozen_second != kNone) {
      if (call.second >= volunteer.frozen_second) {
        if (frozen_faults_ < kFrozenRedeems) TryFrozen(call, points);
        return;
      }
      points -= kFrozenKeepPoints;
    } else if (TryFault(call, points)) {
      return;
    }
    if (points < kPriceMin || shelf_.EnoughIsRedeemed()) return;
    // Some spend nearly all that they have, some a little.
    const int64_t wish_points = std::max<int64_t>(kPriceMin, points * draw_.Between(10, 90) / 100);
    const int item = DrawItem(call.second, wish_points);
    if (item == kNone) return;
    int quantity = draw_.Chance(860) ? 1 : draw_.Between(2, 3);
    if (quantity > shelf_.StockLeft(item) || ItemAt(item).price_points * quantity > points) {
      quantity = 1;
    }
    Place(call, {{item, quantity}}, points);
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
      const auto item =
          static_cast<int>(by_price_[static_cast<size_t>(draw_.Between(low, high - 1))]);
      if (IsOnSale(item, second)) return item;
    }
    return kNone;
  }

  bool IsOnSale(int item, int64_t second) const {
    const bool once = ItemAt(item).limit_period == LimitPeriod::kOnce;
    return ItemAt(item).recorded_second <= second &&
           shelf_.StockLeft(item) > (once ? kOnceKeptPieces : 0);
  }

  // Rows that must be refused for ever rest on what is never taken back: such items are sold at
  // once, and not returned.
  bool IsFinalSale(int item, int64_t second) const {
    return ItemAt(item).IsScarce() || ItemAt(item).limit_period == LimitPeriod::kOnce ||
           (ItemAt(item).funding == Funding::kDonor && YearOf(second) > YearOf(0));
  }

  void Place(const Call& call, std::vector<OrderLine> lines, int64_t points) {
    const int item = lines[0].item;
    if (!shelf_.WithinLimits(call.second, call.volunteer, lines)) {
      // Just one of it.
      lines[0].quantity = 1;
      if (!shelf_.WithinLimits(call.second, call.volunteer, lines)) return;
    }
    if (!shelf_.DonorCanPay(call.second, lines)) {
      // Not a single piece, so that none is sold later.
      const bool single = !shelf_.DonorCanPay(call.second, {{item, 1}});
      if (single && BudgetFaultIsDue(call)) AddBudgetFault(call, lines);
      return;
    }
    const bool final_sale = IsFinalSale(item, call.second);
    OrderRow order;
    order.recorded_second = call.second;
    order.volunteer = call.volunteer;
    if (!final_sale) order.kind = fates_.DrawKind(call.volunteer);
    if (order.kind != OrderKind::kRedemption && draw_.Chance(kSecondLinePerMille)) {
      AddSecondLine(call, points, lines);
    }
    order.lines = std::move(lines);
    shelf_.Take(call.second, call.volunteer, order.lines);
    if (ItemAt(item).limit_period == LimitPeriod::kOnce) had_once_[call.volunteer] = item;
    plan_.orders.push_back(std::move(order));
    fates_.Settle(static_cast<int>(plan_.orders.size()) - 1, final_sale);
  }

  // Another thing of the same merchant's that she can pay for as well.
  void AddSecondLine(const Call& call, int64_t points, std::vector<OrderLine>& lines) {
    const size_t first = draw_.Below(plan_.items.size());
    for (size_t n = 0; n < plan_.items.size(); ++n) {
      const auto item = static_cast<int>((first + n) % plan_.items.size());
      if (item == lines[0].item || ItemAt(item).merchant != ItemAt(lines[0].item).merchant)
        continue;
      if (!IsOnSale(item, call.second) || IsFinalSale(item, call.second)) continue;
      std::vector<OrderLine> both = lines;
      both.push_back({item, 1});
      if (shelf_.PointsOf(both) > points) continue;
      if (!shelf_.WithinLimits(call.second, call.volunteer, both)) continue;
      if (!shelf_.DonorCanPay(call.second, both)) continue;
      lines = std::move(both);
      return;
    }
  }

  void AddFault(const Call& call, int item, int quantity, Fault fault) {
    OrderRow order;
    order.recorded_second = call.second;
    order.volunteer = call.volunteer;
    order.lines = {{item, quantity}};
    order.fault = fault;
    plan_.orders.push_back(std::move(order));
  }

  // Something that is there and that she could pay for.
  void TryFrozen(const Call& call, int64_t points) {
    const size_t first = draw_.Below(plan_.items.size());
    for (size_t n = 0; n < plan_.items.size(); ++n) {
      const auto item = static_cast<int>((first + n) % plan_.items.size());
      if (!IsOnSale(item, call.second) || ItemAt(item).price_points > points) continue;
      AddFault(call, item, 1, Fault::kVolunteerFrozen);
      ++frozen_faults_;
      return;
    }
  }

  bool TryFault(const Call& call, int64_t points) {
    if (IsDue(call, kStockFaultFirstDay, kStockFaultEveryDays, stock_faults_, kStockTooLow) &&
        TryAboveStock(call, points)) {
      return true;
    }
    return IsDue(call, kLimitFaultFirstDay, kLimitFaultEveryDays, limit_faults_,
                 kItemLimitsReached) &&
           TryAboveLimit(call);
  }

  static bool IsDue(const Call& call, int first_day, int every_days, int faults, int faults_max) {
    const int64_t due_day = first_day + int64_t{every_days} * faults;
    return faults < faults_max && call.second >= due_day * kDaySeconds;
  }

  // One more than there is, of something scarce that she could pay for: nothing of it ever comes
  // back, so that the stock is too low for good.
  bool TryAboveStock(const Call& call, int64_t points) {
    const size_t first = draw_.Below(plan_.items.size());
    for (size_t n = 0; n < plan_.items.size(); ++n) {
      const auto item = static_cast<int>((first + n) % plan_.items.size());
      const int quantity = shelf_.StockLeft(item) + 1;
      if (!ItemAt(item).IsScarce() || ItemAt(item).recorded_second > call.second) continue;
      if (int64_t{ItemAt(item).price_points} * quantity > points) continue;
      AddFault(call, item, quantity, Fault::kSoldOut);
      ++stock_faults_;
      return true;
    }
    return false;
  }

  // Once more what she may have once.
  bool TryAboveLimit(const Call& call) {
    const auto had = had_once_.find(call.volunteer);
    if (had == had_once_.end()) return false;
    AddFault(call, had->second, 1, Fault::kLimitReached);
    ++limit_faults_;
    return true;
  }

  bool BudgetFaultIsDue(const Call& call) const {
    const Volunteer& volunteer = plan_.volunteers[static_cast<size_t>(call.volunteer)];
    return budget_faults_ < kBudgetsExhausted && volunteer.frozen_second == kNone &&
           YearOf(call.second) > YearOf(0) &&
           call.second >= last_budget_fault_second_ + kBudgetFaultEveryDays * kDaySeconds;
  }

  // She keeps the points, so that it is the donor's money that was short.
  void AddBudgetFault(const Call& call, const std::vector<OrderLine>& lines) {
    shelf_.Keep(call.volunteer, shelf_.PointsOf(lines));
    AddFault(call, lines[0].item, lines[0].quantity, Fault::kBudgetExhausted);
    last_budget_fault_second_ = call.second;
    ++budget_faults_;
  }

  CountyPlan& plan_;
  Draw draw_;
  Shelf shelf_;
  Fates fates_;
  std::vector<size_t> by_price_;  // items
  std::map<int, int> had_once_;   // by volunteer, an item that she may have once
  int64_t last_budget_fault_second_ = 0;
  int frozen_faults_ = 0;
  int stock_faults_ = 0;
  int limit_faults_ = 0;
  int budget_faults_ = 0;
};

}  // namespace

absl::Status PlanOrders(CountyPlan& plan) { return OrderPlanner(plan).Run(); }

}  // namespace meritbook::sample
