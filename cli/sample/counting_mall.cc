#include "cli/sample/counting_mall.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "cli/sample/figures.h"

namespace meritbook::sample {
namespace {

constexpr int64_t kDay = 86'400;  // seconds
constexpr int kOpenOrdersMax = 32;

absl::CivilDay CivilDayOf(int64_t second) { return absl::CivilDay(2021, 1, 1) + second / kDay; }

int YearOfSecond(int64_t second) { return static_cast<int>(CivilDayOf(second).year()); }

std::string BudgetId(absl::string_view source, int year) { return absl::StrCat(source, "-", year); }

int LimitKey(bool by_month, int64_t second) {
  if (!by_month) return 0;
  const absl::CivilDay day = CivilDayOf(second);
  return static_cast<int>(day.year()) * 12 + day.month();
}

}  // namespace

void CountingMall::Allocate(absl::string_view source, int year, int64_t fen, int warn_percent) {
  BudgetCount& budget = tally_.budgets[BudgetId(source, year)];
  budget.allocated_fen += fen;
  budget.warn_percent = warn_percent;
  ++tally_.events["change_proposed"];
  ++tally_.events["change_approved"];
  ++tally_.events["budget_allocated"];
}

void CountingMall::AdvanceTo(int64_t second) {
  while (!timers_.empty() && timers_.begin()->first <= second) {
    EndHold(orders_[timers_.begin()->second], State::kTimedOut);
    timers_.erase(timers_.begin());
    ++tally_.events["hold_timed_out"];
  }
}

absl::string_view CountingMall::AddMerchant(const Fields& fields) {
  merchants_.insert(fields[1]);
  ++tally_.events["merchant_onboarded"];
  return "";
}

absl::string_view CountingMall::AddItem(const Fields& fields) {
  if (merchants_.count(fields[2]) == 0) return "MERCHANT_UNKNOWN";
  Item item;
  item.merchant = fields[2];
  item.price_points = read_.Number(fields[3]);
  item.on_hand = read_.Number(fields[4]);
  item.settle_fen = read_.NumberOr(fields[5], 0);
  if (item.settle_fen > 0 && fields[6] == "merchant") return "FIELD_INVALID";
  if (fields[6] == "programme") item.source = std::string(kProgrammeSource);
  if (fields[6] == "donor") item.source = std::string(fields[7]);
  item.limit_quantity = read_.NumberOr(fields[8], 0);
  item.limit_by_month = fields[9] == "month";
  if ((item.limit_quantity > 0) != !fields[9].empty()) return "FIELD_INVALID";
  items_[fields[1]] = std::move(item);
  ++tally_.events["item_published"];
  return "";
}

std::vector<CountingMall::Line> CountingMall::Lines(absl::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    const size_t end = text.find(';');
    const absl::string_view one = text.substr(0, end);
    const size_t equals = one.find('=');
    Line line;
    line.item = one.substr(0, equals);
    line.quantity = equals == absl::string_view::npos ? 1 : read_.Number(one.substr(equals + 1));
    lines.push_back(line);
    text = end == absl::string_view::npos ? absl::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::vector<CountingMall::Line> CountingMall::LinesOf(Kind kind, const Fields& fields) {
  if (kind != Kind::kRedemption) return Lines(fields[4]);
  Line line;
  line.item = fields[4];
  line.quantity = read_.Number(fields[5]);
  return {line};
}

BudgetCount& CountingMall::BudgetOf(const Item& item, const Order& order) {
  return tally_.budgets[BudgetId(item.source, YearOfSecond(order.placed_second))];
}

absl::string_view CountingMall::CheckLines(const Order& order) {
  for (const Line& line : order.lines) {
    const auto found = items_.find(line.item);
    if (found == items_.end()) return "ITEM_UNKNOWN";
    const Item& item = found->second;
    if (item.merchant != order.merchant) return "ITEM_NOT_OF_MERCHANT";
    if (line.quantity <= 0) return "FIELD_INVALID";
    if (item.on_hand - item.reserved < line.quantity) return "STOCK_TOO_LOW";
    if (item.limit_quantity == 0) continue;
    const auto had = bought_.find({order.volunteer, line.item});
    const int key = LimitKey(item.limit_by_month, order.placed_second);
    const bool same = had != bought_.end() && had->second.key == key;
    if ((same ? had->second.quantity : 0) + line.quantity > item.limit_quantity) {
      return "ITEM_LIMIT_REACHED";
    }
  }
  return "";
}

absl::string_view CountingMall::CheckVelocity(const Order& order, int64_t points) {
  const int64_t day = order.placed_second / kDay;
  const auto of = [day](const auto& days, absl::string_view id) {
    const auto found = days.find(id);
    return found == days.end() || found->second.day != day ? DayOrders{} : found->second;
  };
  const DayOrders volunteer = of(volunteer_days_, order.volunteer);
  const bool too_many = volunteer.orders + 1 > kVolunteerOrdersPerDay ||
                        volunteer.points + points > kVolunteerPointsPerDay ||
                        of(merchant_days_, order.merchant).orders + 1 > kMerchantOrdersPerDay;
  return too_many ? "VELOCITY_EXCEEDED" : "";
}

absl::string_view CountingMall::CheckBudgets(const Order& order) {
  std::map<std::string, int64_t> needed;
  for (const Line& line : order.lines) {
    const Item& item = items_[line.item];
    if (item.settle_fen > 0) needed[item.source] += item.settle_fen * line.quantity;
  }
  for (const auto& [source, fen] : needed) {
    const auto found = tally_.budgets.find(BudgetId(source, YearOfSecond(order.placed_second)));
    if (found == tally_.budgets.end() ||
        found->second.allocated_fen - found->second.used_fen() < fen) {
      return "BUDGET_EXHAUSTED";
    }
  }
  return "";
}

void CountingMall::SetTerms(Kind kind, const Fields& fields, Order& order) {
  if (kind == Kind::kRedemption) return;
  const bool voucher = kind == Kind::kVoucher;
  order.deadline_second =
      voucher ? (order.placed_second / kDay + read_.NumberOr(fields[6], kVoucherDaysMax)) * kDay
              : order.placed_second + read_.NumberOr(fields[5], kHoldSecondsMax);
  const bool offline = voucher || fields[6] == "true";
  order.ends_second = order.deadline_second + (offline ? kOfflineGraceMinutes * 60 : 0);
}

absl::string_view CountingMall::Place(Kind kind, const Fields& fields, int64_t second,
                                      const Buyer& buyer) {
  Order order;
  order.volunteer = fields[2];
  order.merchant = fields[3];
  order.lines = LinesOf(kind, fields);
  order.placed_second = second;
  SetTerms(kind, fields, order);
  if (order_by_id_.contains(fields[1])) return "ORDER_EXISTS";
  if (merchants_.count(order.merchant) == 0) return "MERCHANT_UNKNOWN";
  if (buyer.is_frozen) return "VOLUNTEER_FROZEN";
  if (const auto refusal = CheckLines(order); !refusal.empty()) return refusal;
  int64_t points = 0;
  for (const Line& line : order.lines) points += items_[line.item].price_points * line.quantity;
  if (const auto refusal = CheckVelocity(order, points); !refusal.empty()) return refusal;
  const bool held = kind != Kind::kRedemption;
  if (held && open_orders_[order.volunteer] >= kOpenOrdersMax) return "OPEN_ORDERS_TOO_MANY";
  if (points * kUnitsPerPoint > buyer.earned_units - UnitsGone(order.volunteer)) {
    return "BALANCE_TOO_LOW";
  }
  if (const auto refusal = CheckBudgets(order); !refusal.empty()) return refusal;
  if (!held) {
    order.state = State::kConfirmed;
    order.delivered_second = second;
    ++tally_.events["order_redeemed"];
  } else {
    ++tally_.events[kind == Kind::kVoucher ? "voucher_issued" : "order_held"];
  }
  TakeOrder(std::move(order), fields[1], points);
  return "";
}

void CountingMall::TakeOrder(Order order, absl::string_view order_id, int64_t points) {
  const int64_t day = order.placed_second / kDay;
  for (DayOrders* of : {&volunteer_days_[order.volunteer], &merchant_days_[order.merchant]}) {
    if (of->day != day) *of = {day, 0, 0};
    ++of->orders;
    of->points += points;
  }
  const bool held = order.state == State::kHeld;
  units_gone_[order.volunteer] += points * kUnitsPerPoint;
  for (Line& line : order.lines) {
    Item& item = items_[line.item];
    if (item.limit_quantity > 0) {
      Bought& bought = bought_[{order.volunteer, line.item}];
      const int key = LimitKey(item.limit_by_month, order.placed_second);
      if (bought.key != key) bought = {key, 0};
      bought.quantity += line.quantity;
    }
    if (item.settle_fen > 0) {
      BudgetOf(item, order).reserved_fen += item.settle_fen * line.quantity;
    }
    item.reserved += line.quantity;
    tally_.held_units += item.price_points * line.quantity * kUnitsPerPoint;
    if (!held) AddDelivered(order, line, line.quantity);
    if (!held) line.delivered = line.quantity;
  }
  WarnOf(order);
  const size_t index = orders_.size();
  order_by_id_[order_id] = index;
  if (held) {
    ++open_orders_[order.volunteer];
    timers_.insert({order.ends_second, index});
  }
  orders_.push_back(std::move(order));
}

void CountingMall::WarnOf(const Order& order) {
  for (const Line& line : order.lines) {
    const Item& item = items_[line.item];
    if (item.settle_fen == 0) continue;
    BudgetCount& budget = BudgetOf(item, order);
    if (budget.warned || budget.used_fen() * 100 < budget.allocated_fen * budget.warn_percent) {
      continue;
    }
    budget.warned = true;
    ++tally_.events["budget_warned"];
  }
}

// reserved -> handed over: what was held is the merchant's, and the budget owes it.
void CountingMall::AddDelivered(const Order& order, const Line& line, int quantity) {
  Item& item = items_[line.item];
  item.reserved -= quantity;
  item.on_hand -= quantity;
  const int64_t units = item.price_points * quantity * kUnitsPerPoint;
  const int64_t fen = item.settle_fen * quantity;
  tally_.held_units -= units;
  tally_.delivered_units += units;
  const int64_t when = order.delivered_second;
  MerchantYear& year = tally_.merchants[std::string(order.merchant)][YearOfSecond(when)];
  year.confirmed.units += units;
  year.confirmed.fen += fen;
  if (fen == 0) return;
  BudgetCount& budget = BudgetOf(item, order);
  budget.reserved_fen -= fen;
  budget.owed_fen += fen;
  year.by_budget[BudgetId(item.source, YearOfSecond(order.placed_second))] += fen;
}

void CountingMall::Release(const Order& order, const Line& line, int quantity, bool delivered) {
  Item& item = items_[line.item];
  const int64_t units = item.price_points * quantity * kUnitsPerPoint;
  const int64_t fen = item.settle_fen * quantity;
  units_gone_[order.volunteer] -= units;
  if (delivered) {
    item.on_hand += quantity;
    tally_.refunded_units += units;
    if (fen > 0) BudgetOf(item, order).owed_fen -= fen;
  } else {
    item.reserved -= quantity;
    tally_.held_units -= units;
    tally_.released_units += units;
    if (fen > 0) BudgetOf(item, order).reserved_fen -= fen;
  }
  if (item.limit_quantity == 0) return;
  Bought& bought = bought_[{order.volunteer, line.item}];
  if (bought.key == LimitKey(item.limit_by_month, order.placed_second)) bought.quantity -= quantity;
}

void CountingMall::EndHold(Order& order, State state) {
  order.state = state;
  --open_orders_[order.volunteer];
  for (const Line& line : order.lines) Release(order, line, line.quantity, false);
}

absl::string_view CountingMall::Confirm(const Fields& fields, int64_t second) {
  const auto found = order_by_id_.find(fields[1]);
  if (found == order_by_id_.end()) return "ORDER_UNKNOWN";
  Order& order = orders_[found->second];
  if (order.state == State::kTimedOut) return "CONFIRM_TOO_LATE";
  if (order.state != State::kHeld) return "ORDER_NOT_HELD";
  const int64_t happened = fields[3].empty() ? second : read_.Instant(fields[3]);
  if (happened > second || happened < order.placed_second) return "CONFIRM_TIME_INVALID";
  if (happened >= order.deadline_second) return "CONFIRM_TOO_LATE";
  const std::vector<Line> handed_over = fields[2].empty() ? order.lines : Lines(fields[2]);
  for (const Line& line : handed_over) {
    const bool held = std::any_of(order.lines.begin(), order.lines.end(), [&](const Line& of) {
      return of.item == line.item && line.quantity > 0 && line.quantity <= of.quantity;
    });
    if (!held) return "CONFIRM_TOO_LARGE";
  }
  order.state = State::kConfirmed;
  order.delivered_second = happened;
  --open_orders_[order.volunteer];
  timers_.erase({order.ends_second, found->second});
  for (Line& line : order.lines) {
    for (const Line& delivered : handed_over) {
      if (delivered.item == line.item) line.delivered = delivered.quantity;
    }
    AddDelivered(order, line, line.delivered);
    Release(order, line, line.quantity - line.delivered, false);
  }
  ++tally_.events["order_confirmed"];
  return "";
}

absl::string_view CountingMall::Cancel(const Fields& fields) {
  const auto found = order_by_id_.find(fields[1]);
  if (found == order_by_id_.end()) return "ORDER_UNKNOWN";
  Order& order = orders_[found->second];
  if (order.state != State::kHeld) return "ORDER_NOT_HELD";
  timers_.erase({order.ends_second, found->second});
  EndHold(order, State::kCancelled);
  ++tally_.events["order_cancelled"];
  return "";
}

absl::string_view CountingMall::Refund(const Fields& fields, int64_t second) {
  const auto found = order_by_id_.find(fields[2]);
  if (found == order_by_id_.end()) return "ORDER_UNKNOWN";
  Order& order = orders_[found->second];
  if (order.delivered_second / kDay + kRefundDays < second / kDay) return "REFUND_TOO_LATE";
  const std::vector<Line> back = Lines(fields[3]);
  for (const Line& line : back) {
    const bool sold = std::any_of(order.lines.begin(), order.lines.end(), [&](const Line& of) {
      return of.item == line.item && line.quantity > 0 &&
             line.quantity <= of.delivered - of.refunded;
    });
    if (!sold) return "REFUND_TOO_LARGE";
  }
  MerchantYear& year = tally_.merchants[std::string(order.merchant)][YearOfSecond(second)];
  for (const Line& line : back) {
    for (Line& of : order.lines) {
      if (of.item != line.item) continue;
      of.refunded += line.quantity;
      Release(order, of, line.quantity, true);
      const Item& item = items_[of.item];
      const int64_t fen = item.settle_fen * line.quantity;
      year.refunded.units += item.price_points * line.quantity * kUnitsPerPoint;
      year.refunded.fen += fen;
      if (fen > 0) {
        year.by_budget[BudgetId(item.source, YearOfSecond(order.placed_second))] -= fen;
      }
    }
  }
  ++tally_.events["order_refunded"];
  return "";
}

int64_t CountingMall::UnitsGone(absl::string_view volunteer) const {
  const auto found = units_gone_.find(volunteer);
  return found == units_gone_.end() ? 0 : found->second;
}

}  // namespace meritbook::sample
