// The mall: merchants of a county town and what they offer for points.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "cli/sample/calendar.h"
#include "cli/sample/draw.h"
#include "cli/sample/plan.h"

namespace meritbook::sample {
namespace {

constexpr int kMerchants = 40;
constexpr int kItems = 300;
constexpr int kMallOpensDay = 3;
constexpr int kJoinDayMax = 260;
constexpr int kScarce = 60;  // per mille of the items come in twos or threes, and are soon gone
constexpr std::array<int, 3> kFundingWeights = {30, 52, 18};  // by Funding
// Of what isn't scarce: no limit, one for ever, so many a month.
constexpr std::array<int, 3> kLimitWeights = {88, 5, 7};
constexpr int kMonthlyLimit = 3;

constexpr std::array<absl::string_view, 14> kKinds = {
    "supermarket", "bakery",   "barber",      "bookshop", "clinic",   "cinema",    "pharmacy",
    "restaurant",  "teahouse", "greengrocer", "laundry",  "optician", "stationer", "gym"};

struct PriceRange {
  int low, high;
  int stock_low, stock_high;
};
constexpr std::array<PriceRange, 4> kPrices = {
    {{20, 60, 200, 900}, {60, 200, 120, 480}, {200, 600, 25, 160}, {600, 2000, 4, 40}}};
constexpr std::array<int, 4> kPriceWeights = {40, 35, 18, 7};

// About 2.5 fen a point, in whole tens.
int DrawSettleFen(Draw& draw, int price_points) {
  const int fen_per_10_points = draw.Between(22, 28);
  return price_points * fen_per_10_points / 100 * 10;
}

void DrawTerms(Draw& draw, Item& item) {
  item.funding = static_cast<Funding>(draw.Weighted(kFundingWeights));
  if (item.funding != Funding::kMerchant) item.settle_fen = DrawSettleFen(draw, item.price_points);
  if (item.IsScarce() || item.funding == Funding::kDonor) return;
  item.limit_period = static_cast<LimitPeriod>(draw.Weighted(kLimitWeights));
  if (item.limit_period == LimitPeriod::kOnce) item.limit_quantity = 1;
  if (item.limit_period == LimitPeriod::kMonth) item.limit_quantity = kMonthlyLimit;
}

// Counters open at 8:30 and close at 21:00.
int64_t DrawOpeningSecond(Draw& draw, int first_day, int last_day) {
  const int day = draw.Between(first_day, last_day);
  return day * kDaySeconds + draw.Between(int64_t{8 * 3600 + 1800}, int64_t{21 * 3600});
}

}  // namespace

void PlanMall(CountyPlan& plan) {
  Draw draw(plan.seed, "mall");
  for (size_t m = 0; m < kMerchants; ++m) {
    // Two in five are there from the start.
    const int last_day = m * 5 < kMerchants * 2 ? kMallOpensDay + 11 : kJoinDayMax;
    plan.merchants.push_back(
        {DrawOpeningSecond(draw, kMallOpensDay, last_day), kKinds[m % kKinds.size()]});
  }
  std::stable_sort(
      plan.merchants.begin(), plan.merchants.end(),
      [](const Merchant& a, const Merchant& b) { return a.recorded_second < b.recorded_second; });

  for (int i = 0; i < kItems; ++i) {
    Item item;
    item.merchant = draw.Below(kMerchants);
    const int64_t since = plan.merchants[static_cast<size_t>(item.merchant)].recorded_second;
    const int day = static_cast<int>(since / kDaySeconds) + 1;
    item.recorded_second = DrawOpeningSecond(draw, day, day + (draw.Chance(600) ? 6 : 330));
    const PriceRange& range = kPrices[static_cast<size_t>(draw.Weighted(kPriceWeights))];
    const int rounding = range.high <= 60 ? 5 : 10;
    item.price_points = draw.Between(range.low / rounding, range.high / rounding) * rounding;
    item.stock =
        draw.Chance(kScarce) ? draw.Between(2, 3) : draw.Between(range.stock_low, range.stock_high);
    plan.items.push_back(item);
  }
  std::stable_sort(plan.items.begin(), plan.items.end(), [](const Item& a, const Item& b) {
    return a.recorded_second < b.recorded_second;
  });
  Draw terms(plan.seed, "terms");
  for (Item& item : plan.items) DrawTerms(terms, item);
}

}  // namespace meritbook::sample
