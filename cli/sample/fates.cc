#include "cli/sample/fates.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "cli/sample/calendar.h"
#include "cli/sample/figures.h"

namespace meritbook::sample {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 60 * kMinute;

constexpr int kHoldPerMille = 290;     // of the orders that may be released again
constexpr int kVoucherPerMille = 380;  // of the orders of people of 60 and more
constexpr int kOfflinePerMille = 200;  // of the holds; of vouchers, those confirmed later
constexpr int kPartPerMille = 330;     // of the confirms of more than one piece
constexpr int kRefundPerMille = 28;    // of what was handed over
constexpr int kRefundPartPerMille = 600;
// Confirmed, cancelled, timed out.
constexpr std::array<int, 3> kHoldFates = {78, 9, 13};
constexpr std::array<int, 3> kVoucherFates = {82, 5, 13};
constexpr int kLateFirstDay = 120;
constexpr int kLateEveryDays = 40;

constexpr std::array<absl::string_view, 3> kCancelReasons = {"changed-mind", "not-on-shelf",
                                                             "wrong-item"};
constexpr std::array<absl::string_view, 3> kRefundReasons = {"faulty", "wrong-size", "stale"};

int Pieces(const std::vector<OrderLine>& lines) {
  int pieces = 0;
  for (const OrderLine& line : lines) pieces += line.quantity;
  return pieces;
}

template <typename Row>
void SortByTime(std::vector<Row>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return a.recorded_second < b.recorded_second;
  });
}

}  // namespace

Fates::Fates(CountyPlan& plan, Shelf& shelf)
    : plan_(plan), shelf_(shelf), draw_(plan.seed, "fates") {}

OrderKind Fates::DrawKind(int volunteer) {
  const Volunteer& person = plan_.volunteers[static_cast<size_t>(volunteer)];
  if (person.age_band == AgeBand::k60Plus && draw_.Chance(kVoucherPerMille)) {
    return OrderKind::kVoucher;
  }
  return draw_.Chance(kHoldPerMille) ? OrderKind::kHold : OrderKind::kRedemption;
}

void Fates::Settle(int order, bool final_sale) {
  OrderRow& row = plan_.orders[static_cast<size_t>(order)];
  if (row.kind == OrderKind::kRedemption) {
    if (!final_sale) MayRefund(order, row.lines, row.recorded_second);
    return;
  }
  const bool hold = row.kind == OrderKind::kHold;
  const Terms terms = hold ? DrawHold(row) : DrawVoucher(row);
  switch (draw_.Weighted(hold ? kHoldFates : kVoucherFates)) {
    case 0:
      return Confirm(order, terms);
    case 1:
      return Cancel(order, terms);
    default:
      return TimeOut(order, terms);
  }
}

Fates::Terms Fates::DrawHold(OrderRow& order) {
  constexpr std::array<int64_t, 3> kSeconds = {1'800, 3'600, kNone};
  order.hold_seconds = kSeconds[draw_.Below(kSeconds.size())];
  order.offline = draw_.Chance(kOfflinePerMille);
  const int64_t seconds = order.hold_seconds == kNone ? kHoldSecondsMax : order.hold_seconds;
  const int64_t deadline = order.recorded_second + seconds;
  return {deadline, deadline + (order.offline ? kOfflineGraceMinutes * kMinute : 0)};
}

Fates::Terms Fates::DrawVoucher(OrderRow& order) {
  constexpr std::array<int, 3> kValidDays = {7, 14, kNone};
  order.valid_days = kValidDays[draw_.Below(kValidDays.size())];
  const int64_t days = order.valid_days == kNone ? kVoucherDaysMax : order.valid_days;
  const int64_t deadline = (order.recorded_second / kDaySeconds + days) * kDaySeconds;
  return {deadline, deadline + kOfflineGraceMinutes * kMinute};
}

// Of a voucher on another day while the shops are open.
int64_t Fates::DrawHandOver(const OrderRow& order, const Terms& terms) {
  if (order.kind == OrderKind::kHold) {
    return draw_.Between(order.recorded_second + 2 * kMinute, terms.deadline_second - kMinute);
  }
  const int64_t first_day = order.recorded_second / kDaySeconds + 1;
  const int64_t day = draw_.Between(first_day, terms.deadline_second / kDaySeconds - 1);
  return day * kDaySeconds + draw_.Between(9 * kHour, 20 * kHour);
}

void Fates::Confirm(int order, const Terms& terms) {
  const OrderRow& row = plan_.orders[static_cast<size_t>(order)];
  ConfirmRow confirm;
  confirm.order = order;
  const int64_t handed_over = DrawHandOver(row, terms);
  confirm.recorded_second = handed_over;
  const bool later = row.kind == OrderKind::kHold ? row.offline : draw_.Chance(kOfflinePerMille);
  if (later) {
    confirm.happened_second = handed_over;
    confirm.recorded_second = handed_over + draw_.Between(10 * kMinute, 30 * kHour);
  }
  if (confirm.recorded_second > kLastSecond) return;
  std::vector<OrderLine> delivered = row.lines;
  if (Pieces(row.lines) > 1 && draw_.Chance(kPartPerMille)) {
    // One piece of the first position stays in the shop.
    std::vector<OrderLine> released = {{row.lines[0].item, 1}};
    if (--delivered[0].quantity == 0) delivered.erase(delivered.begin());
    confirm.lines = delivered;
    Release(confirm.recorded_second, row, std::move(released));
  }
  plan_.confirmations.push_back(confirm);
  MayRefund(order, delivered, confirm.recorded_second);
}

void Fates::Cancel(int order, const Terms& terms) {
  const OrderRow& row = plan_.orders[static_cast<size_t>(order)];
  const int64_t second = DrawHandOver(row, terms);
  const absl::string_view reason = kCancelReasons[draw_.Below(kCancelReasons.size())];
  if (second > kLastSecond) return;
  plan_.cancellations.push_back({second, order, reason});
  Release(second, row, row.lines);
}

void Fates::TimeOut(int order, const Terms& terms) {
  const OrderRow& row = plan_.orders[static_cast<size_t>(order)];
  Release(terms.ends_second, row, row.lines);
  const int64_t due_day = kLateFirstDay + int64_t{kLateEveryDays} * late_confirms_;
  if (late_confirms_ == kConfirmsTooLate || terms.ends_second < due_day * kDaySeconds) return;
  const int64_t second = terms.ends_second + draw_.Between(kMinute, kHour);
  if (second > kLastSecond) return;
  ConfirmRow late;
  late.recorded_second = second;
  late.order = order;
  plan_.confirmations.push_back(late);
  ++late_confirms_;
}

void Fates::MayRefund(int order, const std::vector<OrderLine>& delivered, int64_t second) {
  if (!draw_.Chance(kRefundPerMille)) return;
  RefundRow refund;
  refund.order = order;
  refund.recorded_second = second + draw_.Between(kHour, 20 * kDaySeconds);
  refund.reason = kRefundReasons[draw_.Below(kRefundReasons.size())];
  refund.lines = delivered;
  if (Pieces(delivered) > 1 && draw_.Chance(kRefundPartPerMille)) {
    refund.lines = {{delivered[0].item, 1}};
  }
  if (refund.recorded_second > kLastSecond) return;
  Release(refund.recorded_second, plan_.orders[static_cast<size_t>(order)], refund.lines);
  plan_.refunds.push_back(std::move(refund));
}

void Fates::Release(int64_t second, const OrderRow& order, std::vector<OrderLine> lines) {
  shelf_.ReleaseAt(second, order.recorded_second, order.volunteer, std::move(lines));
}

void Fates::Sort() {
  SortByTime(plan_.confirmations);
  SortByTime(plan_.cancellations);
  SortByTime(plan_.refunds);
}

}  // namespace meritbook::sample
