// Owns what the planner of orders may still promise: points, pieces, limits and the donor's money.
// Promises to count against an order at least as long as a ledger does: what is released is there
// again only after the second of its release, and what was ordered counts for limits for ever.
// Not shared between threads.
#ifndef MERITBOOK_CLI_SAMPLE_SHELF_H_
#define MERITBOOK_CLI_SAMPLE_SHELF_H_

#include <cstdint>
#include <map>
#include <queue>
#include <utility>
#include <vector>

#include "cli/sample/plan.h"

namespace meritbook::sample {

// Of a day of the county's two years.
int YearOf(int64_t second);

class Shelf {
 public:
  explicit Shelf(const CountyPlan& plan);

  // Puts back what was released before this second.
  void AdvanceTo(int64_t second);
  void Earn(int volunteer, int64_t units);

  int64_t Points(int volunteer) const;
  int StockLeft(int item) const { return stock_left_[static_cast<size_t>(item)]; }
  int64_t PointsOf(const std::vector<OrderLine>& lines) const;
  // About a third of what is issued by now is spent or set aside.
  bool EnoughIsRedeemed() const;

  // No limit stops it; stock, points and budgets aside.
  bool WithinLimits(int64_t second, int volunteer, const std::vector<OrderLine>& lines) const;
  bool DonorCanPay(int64_t second, const std::vector<OrderLine>& lines) const;

  void Take(int64_t second, int volunteer, const std::vector<OrderLine>& lines);
  // Sets points aside that nothing may use any more.
  void Keep(int volunteer, int64_t points);
  // Of an order of that second.
  void ReleaseAt(int64_t release_second, int64_t order_second, int volunteer,
                 std::vector<OrderLine> lines);

  // What has to be allocated, so that no order lacked money; after the last one.
  std::vector<Allocation> Allocations() const;

 private:
  struct Release {
    int64_t second = 0;
    int64_t order_second = 0;
    int volunteer = kNone;
    std::vector<OrderLine> lines;
    bool operator>(const Release& other) const { return second > other.second; }
  };
  struct Spent {
    int64_t fen = 0;
    int64_t fen_max = 0;
  };

  const Item& ItemOf(const OrderLine& line) const;
  int64_t FenOf(const std::vector<OrderLine>& lines, Funding funding) const;
  void AddFen(int64_t second, const std::vector<OrderLine>& lines, int sign);
  static int LimitKey(const Item& item, int64_t second);

  const CountyPlan& plan_;
  std::vector<int64_t> units_;                                  // available, by volunteer
  std::vector<int> stock_left_;                                 // by item
  std::map<std::pair<int, int>, std::pair<int, int64_t>> day_;  // (volunteer, day): orders, points
  std::map<std::pair<int, std::pair<int, int>>, int> bought_;   // volunteer, (item, period)
  std::map<std::pair<Funding, int>, Spent> spent_;              // by year
  std::priority_queue<Release, std::vector<Release>, std::greater<>> releases_;
  int64_t issued_units_ = 0;
  int64_t redeemed_units_ = 0;
};

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_SHELF_H_
