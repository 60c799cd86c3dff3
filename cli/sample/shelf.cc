#include "cli/sample/shelf.h"

#include <algorithm>
#include <cstddef>

#include "cli/sample/calendar.h"
#include "cli/sample/figures.h"

namespace meritbook::sample {
namespace {

constexpr int kRedeemedPerMille =
    336;  // of what is issued by then, what is released later included
constexpr int kFirstYear = 2021;
constexpr int kFirstYearDays = 365;
constexpr int64_t kYuan = 100;
// The donor gives round sums, and the second one doesn't last.
constexpr int64_t kDonorFen[] = {10'000 * kYuan, 4'000 * kYuan};
constexpr int64_t kNextYearFen = 10'000 * kYuan;  // of the programme, for who goes on in 2023
constexpr int kWarnPercent = 90;

int64_t RoundUp(int64_t fen, int64_t to) { return (fen + to - 1) / to * to; }

int MonthOf(int64_t second) {
  static constexpr int kMonthEnds[] = {31,  59,  90,  120, 151, 181, 212, 243, 273, 304, 334, 365,
                                       396, 424, 455, 485, 516, 546, 577, 608, 638, 669, 699, 730};
  const auto day = static_cast<int>(second / kDaySeconds);
  return static_cast<int>(std::upper_bound(std::begin(kMonthEnds), std::end(kMonthEnds), day) -
                          std::begin(kMonthEnds));
}

}  // namespace

int YearOf(int64_t second) {
  return second / kDaySeconds < kFirstYearDays ? kFirstYear : kFirstYear + 1;
}

Shelf::Shelf(const CountyPlan& plan) : plan_(plan), units_(plan.volunteers.size(), 0) {
  for (const Item& item : plan.items) stock_left_.push_back(item.stock);
}

const Item& Shelf::ItemOf(const OrderLine& line) const {
  return plan_.items[static_cast<size_t>(line.item)];
}

void Shelf::AdvanceTo(int64_t second) {
  for (; !releases_.empty() && releases_.top().second < second; releases_.pop()) {
    const Release& release = releases_.top();
    const int64_t units = PointsOf(release.lines) * kUnitsPerPoint;
    units_[static_cast<size_t>(release.volunteer)] += units;
    redeemed_units_ -= units;
    for (const OrderLine& line : release.lines) {
      stock_left_[static_cast<size_t>(line.item)] += line.quantity;
    }
    AddFen(release.order_second, release.lines, -1);
  }
}

void Shelf::Earn(int volunteer, int64_t units) {
  units_[static_cast<size_t>(volunteer)] += units;
  issued_units_ += units;
}

int64_t Shelf::Points(int volunteer) const {
  return units_[static_cast<size_t>(volunteer)] / kUnitsPerPoint;
}

int64_t Shelf::PointsOf(const std::vector<OrderLine>& lines) const {
  int64_t points = 0;
  for (const OrderLine& line : lines) points += int64_t{ItemOf(line).price_points} * line.quantity;
  return points;
}

bool Shelf::EnoughIsRedeemed() const {
  return redeemed_units_ * 1000 > issued_units_ * kRedeemedPerMille;
}

int Shelf::LimitKey(const Item& item, int64_t second) {
  return item.limit_period == LimitPeriod::kMonth ? 1 + MonthOf(second) : 0;
}

bool Shelf::WithinLimits(int64_t second, int volunteer, const std::vector<OrderLine>& lines) const {
  const auto day = day_.find({volunteer, static_cast<int>(second / kDaySeconds)});
  const auto [orders, points] = day == day_.end() ? std::pair<int, int64_t>{} : day->second;
  if (orders + 1 > kVolunteerOrdersPerDay) return false;
  if (points + PointsOf(lines) > kVolunteerPointsPerDay) return false;
  return std::all_of(lines.begin(), lines.end(), [&](const OrderLine& line) {
    const Item& item = ItemOf(line);
    if (item.limit_period == LimitPeriod::kUnlimited) return true;
    const auto had = bought_.find({volunteer, {line.item, LimitKey(item, second)}});
    return line.quantity + (had == bought_.end() ? 0 : had->second) <= item.limit_quantity;
  });
}

int64_t Shelf::FenOf(const std::vector<OrderLine>& lines, Funding funding) const {
  int64_t fen = 0;
  for (const OrderLine& line : lines) {
    const Item& item = ItemOf(line);
    if (item.funding == funding) fen += int64_t{item.settle_fen} * line.quantity;
  }
  return fen;
}

bool Shelf::DonorCanPay(int64_t second, const std::vector<OrderLine>& lines) const {
  const int year = YearOf(second);
  const auto spent = spent_.find({Funding::kDonor, year});
  const int64_t fen = spent == spent_.end() ? 0 : spent->second.fen;
  return fen + FenOf(lines, Funding::kDonor) <= kDonorFen[year - kFirstYear];
}

void Shelf::AddFen(int64_t second, const std::vector<OrderLine>& lines, int sign) {
  for (const Funding funding : {Funding::kProgramme, Funding::kDonor}) {
    Spent& spent = spent_[{funding, YearOf(second)}];
    spent.fen += sign * FenOf(lines, funding);
    spent.fen_max = std::max(spent.fen_max, spent.fen);
  }
}

void Shelf::Take(int64_t second, int volunteer, const std::vector<OrderLine>& lines) {
  const int64_t points = PointsOf(lines);
  units_[static_cast<size_t>(volunteer)] -= points * kUnitsPerPoint;
  redeemed_units_ += points * kUnitsPerPoint;
  auto& [orders, points_of_day] = day_[{volunteer, static_cast<int>(second / kDaySeconds)}];
  ++orders;
  points_of_day += points;
  for (const OrderLine& line : lines) {
    stock_left_[static_cast<size_t>(line.item)] -= line.quantity;
    const Item& item = ItemOf(line);
    if (item.limit_period == LimitPeriod::kUnlimited) continue;
    bought_[{volunteer, {line.item, LimitKey(item, second)}}] += line.quantity;
  }
  AddFen(second, lines, 1);
}

void Shelf::Keep(int volunteer, int64_t points) {
  units_[static_cast<size_t>(volunteer)] -= points * kUnitsPerPoint;
}

void Shelf::ReleaseAt(int64_t release_second, int64_t order_second, int volunteer,
                      std::vector<OrderLine> lines) {
  releases_.push({release_second, order_second, volunteer, std::move(lines)});
}

std::vector<Allocation> Shelf::Allocations() const {
  std::vector<Allocation> allocations;
  for (const auto& [budget, spent] : spent_) {
    const auto& [funding, year] = budget;
    const bool donor = funding == Funding::kDonor;
    // Four in a hundred to spare.
    const int64_t fen =
        donor ? kDonorFen[year - kFirstYear] : RoundUp(spent.fen_max * 104 / 100, 1'000 * kYuan);
    allocations.push_back({donor ? kDonorSource : kProgrammeSource, year, fen, kWarnPercent});
  }
  allocations.push_back({kProgrammeSource, kFirstYear + 2, kNextYearFen, kWarnPercent});
  return allocations;
}

}  // namespace meritbook::sample
