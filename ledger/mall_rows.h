// Owns: the rows of the mall: merchants, items, orders, budgets, statements.
// Promises: plain values; changed through State alone (ledger/state.h).
// Thread: any.
#ifndef MERITBOOK_LEDGER_MALL_ROWS_H_
#define MERITBOOK_LEDGER_MALL_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/calendar.h"
#include "ledger/command.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook {

inline constexpr uint32_t kNoIndex = 0xFFFFFFFF;

// What units of one volunteer have in common: the last day on which they can be spent, and whether
// it includes the grace that points get once. Sorts by what lapses first.
struct LotKey {
  DayNumber expiry = kNeverExpires;
  bool graced = false;
  friend bool operator==(const LotKey&, const LotKey&) = default;
  friend auto operator<=>(const LotKey&, const LotKey&) = default;
};

struct Lot {
  LotKey key;
  int64_t units = 0;  // > 0
  friend bool operator==(const Lot&, const Lot&) = default;
};

// Points and money side by side.
struct Amount {
  int64_t units = 0;
  int64_t fen = 0;
  Amount& operator+=(const Amount& other) {
    units += other.units;
    fen += other.fen;
    return *this;
  }
  friend Amount operator+(Amount a, const Amount& b) { return a += b; }
  Amount operator-() const { return {-units, -fen}; }
  friend Amount operator-(const Amount& a, const Amount& b) { return a + -b; }
  friend bool operator==(const Amount&, const Amount&) = default;
};

// How many pieces of an item a volunteer had in the newest period of its limit.
struct Bought {
  uint32_t item = 0;   // index
  int32_t period = 0;  // PeriodKeyOf
  uint32_t quantity = 0;
  friend bool operator==(const Bought&, const Bought&) = default;
};

// Orders that were placed on the newest day with any.
struct DayOrders {
  DayNumber day = 0;
  uint32_t orders = 0;
  uint64_t points = 0;
  friend bool operator==(const DayOrders&, const DayOrders&) = default;
};

// The fen of one budget; never 0 in a list.
struct BudgetFen {
  uint32_t budget = 0;  // index
  int64_t fen = 0;
  friend bool operator==(const BudgetFen&, const BudgetFen&) = default;
};

// What was booked in one month, and stands in no statement yet.
struct BookedMonth {
  MonthNumber month = 0;
  Amount confirmed;
  Amount refunded;
  std::vector<BudgetFen> by_budget;  // confirmed less refunded; by index
  friend bool operator==(const BookedMonth&, const BookedMonth&) = default;
};

// How statements were settled since the newest one was opened; the next one has it.
struct Settlements {
  Amount paid;
  Amount reversed;
  Amount written_off;
  std::vector<BudgetFen> by_budget;  // reversed less paid and written off; by index
  friend bool operator==(const Settlements&, const Settlements&) = default;
};

struct Merchant {
  std::string id;
  int64_t payable_units = 0;
  int64_t payable_fen = 0;
  bool suspended = false;
  std::optional<DayNumber> last_day;
  uint32_t open_orders = 0;
  DayOrders day_orders;             // points are not counted
  std::vector<BookedMonth> booked;  // by month, each once
  Settlements since;
  uint32_t newest_statement = kNoIndex;
};

struct Item {
  std::string id;
  uint32_t merchant = 0;  // index
  uint32_t price_points = 0;
  uint64_t received = 0;
  uint64_t delivered = 0;
  uint64_t returned = 0;   // by refunds
  uint64_t sent_back = 0;  // by ReturnStock
  uint64_t reserved = 0;
  uint32_t settle_fen = 0;
  v1::Funding funding = v1::FUNDING_UNSPECIFIED;
  std::string budget_source;  // empty where no budget pays
  v1::ItemLimit limit;        // quantity 0: none
  uint8_t age_bands = 0;      // a bit for each; 0 for everybody
  bool withdrawn = false;
  uint64_t on_hand() const { return received - sent_back - delivered + returned; }
  uint64_t free() const { return on_hand() - reserved; }
};

enum class OrderState : uint8_t { kHeld = 1, kConfirmed, kCancelled, kTimedOut };

struct OrderedLine {
  uint32_t item = kNoIndex;  // none for an open amount
  uint32_t quantity = 0;     // as ordered
  uint32_t price_points = 0;
  uint32_t settle_fen = 0;
  uint32_t budget = kNoIndex;  // index; none where settle_fen is 0
  uint32_t delivered = 0;
  uint32_t refunded = 0;
  friend bool operator==(const OrderedLine&, const OrderedLine&) = default;
};

struct Order {
  RequestKey id;  // OrderKey
  std::string order_id;
  v1::RequestScope scope = v1::REQUEST_SCOPE_UNSPECIFIED;
  uint32_t owner = 0;      // index of a name: of the platform, merchant or principal
  uint32_t volunteer = 0;  // index, as posted; see State::Survivor
  uint32_t merchant = 0;
  OrderState state = OrderState::kHeld;
  std::vector<OrderedLine> lines;
  std::vector<Lot> lots;  // that are held, or paid for it and were not refunded, as taken
  int64_t placed_us = 0;
  int64_t deadline_us = 0;  // 0 of what was bought at once
  int64_t ends_us = 0;
  int64_t delivered_us = 0;    // 0 before
  std::string voucher_sha256;  // 32 bytes; empty for other orders
};

struct Budget {
  std::string id;  // BudgetId
  v1::BudgetName name;
  int64_t allocated_fen = 0;
  int64_t reserved_fen = 0;
  int64_t owed_fen = 0;
  int64_t paid_fen = 0;
  uint32_t warn_percent = 0;  // 0: none
  bool warned = false;
  int64_t used_fen() const { return reserved_fen + owed_fen + paid_fen; }
  int64_t left_fen() const { return allocated_fen - used_fen(); }
};

// The lines of a statement; closing follows.
struct StatementAmounts {
  Amount opening;
  Amount confirmed;
  Amount refunded;
  Amount paid;
  Amount reversed;
  Amount written_off;
  Amount closing() const { return opening + confirmed - refunded - paid + reversed - written_off; }
  friend bool operator==(const StatementAmounts&, const StatementAmounts&) = default;
};

enum class StatementState : uint8_t {
  kOpen = 1,
  kObjected,
  kClosed,
  kPaid,
  kWrittenOff,
  kCarriedForward,
};

struct Statement {
  std::string id;
  uint32_t merchant = 0;  // index
  StatementState state = StatementState::kOpen;
  std::optional<MonthNumber> through;  // nothing: the final one
  StatementAmounts amounts;
  std::vector<BudgetFen> by_budget;  // of the closing; by index
  uint32_t previous = kNoIndex;      // the merchant's statement before
  int64_t opened_us = 0;
  int64_t closes_us = 0;  // by itself; 0: by hand only
  uint64_t sequence = 0;  // of its StatementOpened
  std::string payment_reference;
  bool final() const { return !through; }
  bool open() const { return state == StatementState::kOpen; }
};

// What the clock ends by itself: sorts by what comes first.
struct Timer {
  enum Kind : uint8_t { kHold = 1, kStatement = 2 };
  int64_t due_us = 0;
  Kind kind = kHold;
  uint32_t index = 0;
  friend bool operator==(const Timer&, const Timer&) = default;
  friend auto operator<=>(const Timer&, const Timer&) = default;
};

// What a budget is found by.
std::string BudgetId(std::string_view source, uint32_t year);
// Which period of an item's limit a day belongs to; 0 for one that counts for ever.
int32_t PeriodKeyOf(v1::LimitPeriod period, DayNumber day);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_MALL_ROWS_H_
