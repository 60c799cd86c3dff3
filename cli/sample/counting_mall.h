// Owns the second count of the mall: orders, pieces, points and fen, from the texts of the files.
// Promises the rules that the county's orders meet, each in its place; nothing of the planner's.
// Not shared between threads.
#ifndef MERITBOOK_CLI_SAMPLE_COUNTING_MALL_H_
#define MERITBOOK_CLI_SAMPLE_COUNTING_MALL_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "cli/sample/field_reader.h"
#include "cli/sample/tally.h"

namespace meritbook::sample {

class CountingMall {
 public:
  using Fields = std::vector<absl::string_view>;  // of one row
  enum class Kind { kRedemption, kHold, kVoucher };
  struct Buyer {
    bool is_frozen = false;
    int64_t earned_units = 0;
  };

  explicit CountingMall(FieldReader& read) : read_(read) {}

  void Allocate(absl::string_view source, int year, int64_t fen, int warn_percent);
  // Ends what is overdue.
  void AdvanceTo(int64_t second);

  // Each takes a row of its file. The refusal, "" when the row is taken.
  absl::string_view AddMerchant(const Fields& fields);
  absl::string_view AddItem(const Fields& fields);
  absl::string_view Place(Kind kind, const Fields& fields, int64_t second, const Buyer& buyer);
  absl::string_view Confirm(const Fields& fields, int64_t second);
  absl::string_view Cancel(const Fields& fields);
  absl::string_view Refund(const Fields& fields, int64_t second);

  // Held, or spent and not given back.
  int64_t UnitsGone(absl::string_view volunteer) const;
  const MallTally& tally() const { return tally_; }

 private:
  struct Item {
    absl::string_view merchant;
    int64_t price_points = 0;
    int64_t on_hand = 0;
    int64_t reserved = 0;
    int64_t settle_fen = 0;
    std::string source;
    int limit_quantity = 0;
    bool limit_by_month = false;
  };
  struct Line {
    absl::string_view item;
    int quantity = 0;
    int delivered = 0;
    int refunded = 0;
  };
  enum class State { kHeld, kConfirmed, kCancelled, kTimedOut };
  struct Order {
    absl::string_view volunteer, merchant;
    State state = State::kHeld;
    std::vector<Line> lines;
    int64_t placed_second = 0;
    int64_t deadline_second = 0;
    int64_t ends_second = 0;
    int64_t delivered_second = 0;
  };
  struct Bought {
    int key = 0;
    int quantity = 0;
  };
  struct DayOrders {
    int64_t day = -1;
    int orders = 0;
    int64_t points = 0;
  };

  std::vector<Line> Lines(absl::string_view text);
  std::vector<Line> LinesOf(Kind kind, const Fields& fields);
  absl::string_view CheckLines(const Order& order);
  absl::string_view CheckVelocity(const Order& order, int64_t points);
  absl::string_view CheckBudgets(const Order& order);
  void SetTerms(Kind kind, const Fields& fields, Order& order);
  void TakeOrder(Order order, absl::string_view order_id, int64_t points);
  void WarnOf(const Order& order);
  // Pieces that go back to the shelf; of what was handed over where `delivered`.
  void Release(const Order& order, const Line& line, int quantity, bool delivered);
  void EndHold(Order& order, State state);
  void AddDelivered(const Order& order, const Line& line, int quantity);
  BudgetCount& BudgetOf(const Item& item, const Order& order);

  FieldReader& read_;
  std::set<absl::string_view> merchants_;
  absl::flat_hash_map<absl::string_view, Item> items_;
  std::vector<Order> orders_;
  absl::flat_hash_map<absl::string_view, size_t> order_by_id_;
  std::set<std::pair<int64_t, size_t>> timers_;  // by end, then placing
  absl::flat_hash_map<absl::string_view, int64_t> units_gone_;
  absl::flat_hash_map<absl::string_view, int> open_orders_;
  absl::flat_hash_map<std::pair<absl::string_view, absl::string_view>, Bought> bought_;
  absl::flat_hash_map<absl::string_view, DayOrders> volunteer_days_, merchant_days_;
  MallTally tally_;
};

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_COUNTING_MALL_H_
