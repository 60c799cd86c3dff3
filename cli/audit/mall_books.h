// Owns: the mall's side of the books: merchants, items, orders, budgets, statements.
// Promises: plain facts; the sums are kept by those who enter events.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_MALL_BOOKS_H_
#define MERITBOOK_CLI_AUDIT_MALL_BOOKS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/numeric/int128.h"
#include "cli/audit/lot_book.h"
#include "cli/audit/register.h"
#include "cli/audit/volunteer.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

// Points and money side by side.
struct Money {
  absl::int128 units = 0;
  absl::int128 fen = 0;
  Money& operator+=(const Money& other) {
    units += other.units;
    fen += other.fen;
    return *this;
  }
  friend Money operator+(Money a, const Money& b) { return a += b; }
  friend Money operator-(Money a, const Money& b) { return a += Money{-b.units, -b.fen}; }
  friend bool operator==(const Money& a, const Money& b) {
    return a.units == b.units && a.fen == b.fen;
  }
  friend bool operator!=(const Money& a, const Money& b) { return !(a == b); }
};

struct Budget : Registered {
  std::string source;
  uint32_t year = 0;
  absl::int128 allocated_fen = 0;
  absl::int128 reserved_fen = 0;
  absl::int128 owed_fen = 0;
  absl::int128 paid_fen = 0;
  uint32_t warn_percent = 0;
  bool warned = false;
  absl::int128 used_fen() const { return reserved_fen + owed_fen + paid_fen; }
};

struct BeforeInBudgets {
  bool operator()(const Budget* a, const Budget* b) const {
    return std::tie(a->year, a->source) < std::tie(b->year, b->source);
  }
};
// Fen by budget, by year and source; zeros mean nothing.
using FenByBudget = std::map<Budget*, absl::int128, BeforeInBudgets>;

struct BookedMonth {
  Money confirmed;
  Money refunded;
};

struct Statement;

struct Merchant : Registered {
  absl::int128 payable_units = 0;  // below 0 after a late refund
  absl::int128 payable_fen = 0;
  bool suspended = false;
  std::optional<int32_t> last_day;
  int64_t open_orders = 0;
  DayOrders day_orders;
  std::map<int32_t, BookedMonth> booked;  // by month: what no statement has yet …
  std::map<int32_t, FenByBudget> booked_fen;
  Money paid;  // … and how statements were settled since the newest was opened
  Money reversed;
  Money written_off;
  FenByBudget settled_fen;  // reversed less paid and written off
  Statement* newest = nullptr;
};

struct Item : Registered {
  const Merchant* merchant = nullptr;
  uint32_t price_points = 0;
  int64_t on_hand = 0;
  int64_t reserved = 0;
  uint32_t settle_fen = 0;
  std::string budget_source;
  v1::ItemLimit limit;
  uint32_t age_bands = 0;  // a bit for each; 0 for everybody
  bool withdrawn = false;
};

struct OrderedLine {
  Item* item = nullptr;  // nothing for an open amount
  uint32_t quantity = 0;
  uint32_t price_points = 0;
  uint32_t settle_fen = 0;
  Budget* budget = nullptr;
  uint32_t delivered = 0;
  uint32_t refunded = 0;
};

enum class OrderState : uint8_t { kHeld, kConfirmed, kCancelled, kTimedOut };

struct Order {
  uint32_t row = 0;  // its index
  v1::OrderRef ref;
  Volunteer* volunteer = nullptr;
  Merchant* merchant = nullptr;
  OrderState state = OrderState::kConfirmed;
  std::vector<OrderedLine> lines;
  std::vector<Lot> lots;  // that are held, or paid and were not refunded, as taken
  int64_t placed_us = 0;
  int64_t deadline_us = 0;
  int64_t ends_us = 0;
  int64_t delivered_us = 0;
  std::string voucher_sha256;
};

enum class StatementState : uint8_t { kOpen, kObjected, kClosed, kPaid, kWrittenOff, kCarried };

struct Statement : Registered {
  Merchant* merchant = nullptr;
  StatementState state = StatementState::kOpen;
  std::optional<int32_t> through;  // month; nothing for the final one
  Money opening;
  Money confirmed;
  Money refunded;
  Money paid;
  Money reversed;
  Money written_off;
  FenByBudget by_budget;  // of the closing
  int64_t closes_us = 0;  // by itself; 0: not
  Money Closing() const { return opening + confirmed - refunded - paid + reversed - written_off; }
};

// A hold or a statement that ends by itself.
struct Timer {
  int64_t due_us = 0;
  int kind = 1;  // a hold; 2: a statement
  uint32_t row = 0;
  friend bool operator<(const Timer& a, const Timer& b) {
    return std::tie(a.due_us, a.kind, a.row) < std::tie(b.due_us, b.kind, b.row);
  }
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_MALL_BOOKS_H_
