// What merchants sold, have and hold; who pays for it.
#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/units.h"
#include "services/reports.h"

namespace meritbook {
namespace {

using books::Books;
using books::kNoRow;
using books::Line;
using books::OrderStep;
using books::OrderWhat;

bool IsPlacing(OrderWhat what) { return what == OrderWhat::kHeld || what == OrderWhat::kVoucher; }
bool IsHandOver(OrderWhat what) {
  return what == OrderWhat::kRedeemed || what == OrderWhat::kConfirmed;
}
bool IsEnd(OrderWhat what) {
  return what == OrderWhat::kConfirmed || what == OrderWhat::kCancelled ||
         what == OrderWhat::kTimedOut;
}

// What was set aside when the order was placed.
const OrderStep& PlacingOf(const Books& books, const OrderStep& step) {
  return books.order_steps[books.orders[step.order].first_step];
}

Value NameOf(const Books& books, const Line& line) {
  return line.item == kNoRow ? Value() : Value(books.item_ids[line.item]);
}

int64_t UnitsOf(const Line& line) {
  return int64_t{line.quantity} * line.price_points * kUnitsPerPoint;
}

struct Sums {
  int64_t pieces = 0;
  int64_t units = 0;
  int64_t fen = 0;
  void Add(const Line& line, int sign) {
    pieces += sign * int64_t{line.quantity};
    units += sign * UnitsOf(line);
    fen += sign * line.fen();
  }
  Sums& operator+=(const Sums& other) {
    pieces += other.pieces;
    units += other.units;
    fen += other.fen;
    return *this;
  }
};

// Pieces of one item.
struct Pieces {
  int64_t received = 0;
  int64_t sent_back = 0;
  int64_t delivered = 0;
  int64_t returned = 0;
  int64_t reserved = 0;
  int64_t on_hand() const { return received - sent_back - delivered + returned; }
};

std::vector<Pieces> PiecesOf(const Books& books, const Window& window) {
  std::vector<Pieces> pieces(books.items.size());
  for (const books::ItemStep& step : books.item_steps) {
    if (!window.Happened(step.occurred_us)) continue;
    (step.pieces > 0 ? pieces[step.item].received : pieces[step.item].sent_back) +=
        step.pieces > 0 ? step.pieces : -step.pieces;
  }
  const auto each = [&](const OrderStep& step, auto&& add) {
    for (uint32_t i = 0; i < step.lines; ++i) {
      const Line& line = books.lines[step.first_line + i];
      if (line.item != kNoRow) add(pieces[line.item], int64_t{line.quantity});
    }
  };
  for (const OrderStep& step : books.order_steps) {
    if (!window.Happened(step.occurred_us)) continue;
    if (IsPlacing(step.what)) each(step, [](Pieces& p, int64_t n) { p.reserved += n; });
    if (IsEnd(step.what)) {
      each(PlacingOf(books, step), [](Pieces& p, int64_t n) { p.reserved -= n; });
    }
    if (IsHandOver(step.what)) each(step, [](Pieces& p, int64_t n) { p.delivered += n; });
    if (step.what == OrderWhat::kRefunded) {
      each(step, [](Pieces& p, int64_t n) { p.returned += n; });
    }
  }
  return pieces;
}

}  // namespace

ReportTable Daybook(const Books& books, const Window& window, MerchantChoice merchant) {
  std::vector<uint32_t> steps;
  for (uint32_t i = 0; i < books.order_steps.size(); ++i) {
    const OrderStep& step = books.order_steps[i];
    if (!IsHandOver(step.what) && step.what != OrderWhat::kRefunded) continue;
    if (!window.HasInstant(step.occurred_us)) continue;
    if (merchant && books.orders[step.order].merchant != *merchant) continue;
    steps.push_back(i);
  }
  const auto merchant_of = [&](uint32_t step) {
    return books.merchant_ids[books.orders[books.order_steps[step].order].merchant];
  };
  std::sort(steps.begin(), steps.end(), [&](uint32_t a, uint32_t b) {
    return std::tuple(merchant_of(a), books.order_steps[a].occurred_us, a) <
           std::tuple(merchant_of(b), books.order_steps[b].occurred_us, b);
  });
  ReportTable table({{"merchant_id", kText},
                     {"day", kDay},
                     {"occurred_us", kInstant},
                     {"sequence", kCount},
                     {"order_id", kText},
                     {"volunteer_id", kText},
                     {"what", kText},
                     {"item_id", kText},
                     {"pieces", kCount},
                     {"price_points", kCount},
                     {"units", kUnits},
                     {"fen", kFen}});
  const auto total = [&](Value whose, Value day, const Sums& sums) {
    table.AddTotal({std::move(whose), std::move(day), Value(), Value(), Value(), Value(), Value(),
                    Value(), sums.pieces, Value(), sums.units, sums.fen});
  };
  Sums of_day;
  Sums of_all;
  for (size_t i = 0; i < steps.size(); ++i) {
    const OrderStep& step = books.order_steps[steps[i]];
    const books::Order& order = books.orders[step.order];
    const bool refund = step.what == OrderWhat::kRefunded;
    const int sign = refund ? -1 : 1;
    const DayNumber day = books.DayOf(step.occurred_us);
    for (uint32_t at = 0; at < step.lines; ++at) {
      const Line& line = books.lines[step.first_line + at];
      table.Add({merchant_of(steps[i]), day, step.occurred_us, step.sequence, books.words[order.id],
                 books.volunteer_ids[order.volunteer], refund ? "refunded" : "handed_over",
                 NameOf(books, line), sign * int64_t{line.quantity}, line.price_points,
                 sign * UnitsOf(line), sign * line.fen()});
      of_day.Add(line, sign);
    }
    const bool day_over = i + 1 == steps.size() ||
                          merchant_of(steps[i + 1]) != merchant_of(steps[i]) ||
                          books.DayOf(books.order_steps[steps[i + 1]].occurred_us) != day;
    if (!day_over) continue;
    total(merchant_of(steps[i]), day, of_day);
    of_all += of_day;
    of_day = Sums();
  }
  total(Value(), Value(), of_all);
  return table;
}

ReportTable Stock(const Books& books, const Window& window, MerchantChoice merchant) {
  const std::vector<Pieces> pieces = PiecesOf(books, window);
  std::vector<uint32_t> items;
  for (uint32_t i = 0; i < books.items.size(); ++i) {
    if (!window.Happened(books.items[i].published_us)) continue;
    if (!merchant || books.items[i].merchant == *merchant) items.push_back(i);
  }
  const auto merchant_of = [&](uint32_t item) {
    return books.merchant_ids[books.items[item].merchant];
  };
  std::sort(items.begin(), items.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(merchant_of(a), books.item_ids[a]) <
           std::pair(merchant_of(b), books.item_ids[b]);
  });
  ReportTable table({{"merchant_id", kText},
                     {"item_id", kText},
                     {"state", kText},
                     {"price_points", kCount},
                     {"settle_fen", kFen},
                     {"received", kCount},
                     {"sent_back", kCount},
                     {"handed_over", kCount},
                     {"returned", kCount},
                     {"on_hand", kCount},
                     {"reserved", kCount},
                     {"free", kCount}});
  for (const uint32_t i : items) {
    const books::Item& item = books.items[i];
    const Pieces& p = pieces[i];
    table.Add({merchant_of(i), books.item_ids[i],
               window.Happened(item.withdrawn_us) ? "withdrawn" : "on_sale", item.price_points,
               item.settle_fen, p.received, p.sent_back, p.delivered, p.returned, p.on_hand(),
               p.reserved, p.on_hand() - p.reserved});
  }
  return table;
}

ReportTable OpenOrders(const Books& books, const Window& window, MerchantChoice merchant) {
  std::vector<bool> ended(books.orders.size());
  for (const OrderStep& step : books.order_steps) {
    if (IsEnd(step.what) && window.Happened(step.occurred_us)) ended[step.order] = true;
  }
  ReportTable table({{"merchant_id", kText},
                     {"order_id", kText},
                     {"volunteer_id", kText},
                     {"what", kText},
                     {"placed_us", kInstant},
                     {"deadline_us", kInstant},
                     {"ends_us", kInstant},
                     {"pieces", kCount},
                     {"units", kUnits},
                     {"fen", kFen}});
  std::vector<uint32_t> open;
  for (uint32_t i = 0; i < books.orders.size(); ++i) {
    const OrderStep& placed = books.order_steps[books.orders[i].first_step];
    if (!IsPlacing(placed.what) || ended[i] || !window.Happened(placed.occurred_us)) continue;
    if (!merchant || books.orders[i].merchant == *merchant) open.push_back(i);
  }
  std::sort(open.begin(), open.end(), [&](uint32_t a, uint32_t b) {
    return std::tuple(books.orders[a].deadline_us, a) < std::tuple(books.orders[b].deadline_us, b);
  });
  Sums all;
  for (const uint32_t i : open) {
    const books::Order& order = books.orders[i];
    const OrderStep& placed = books.order_steps[order.first_step];
    Sums sums;
    for (uint32_t at = 0; at < placed.lines; ++at) {
      sums.Add(books.lines[placed.first_line + at], 1);
    }
    all += sums;
    table.Add({books.merchant_ids[order.merchant], books.words[order.id],
               books.volunteer_ids[order.volunteer],
               placed.what == OrderWhat::kVoucher ? "voucher" : "hold", placed.occurred_us,
               order.deadline_us, order.ends_us, sums.pieces, sums.units, sums.fen});
  }
  table.AddTotal({Value(), Value(), Value(), Value(), Value(), Value(), Value(), all.pieces,
                  all.units, all.fen});
  return table;
}

std::vector<BudgetFigures> BudgetFiguresOf(const Books& books, const Window& window) {
  std::vector<BudgetFigures> figures(books.budgets.size());
  for (const books::BudgetStep& step : books.budget_steps) {
    if (!window.Happened(step.occurred_us)) continue;
    figures[step.budget].allocated_fen += step.allocated_fen;
    figures[step.budget].owed_fen += step.owed_fen;
    figures[step.budget].paid_fen += step.paid_fen;
  }
  const auto each = [&](const OrderStep& step, int64_t BudgetFigures::*part, int sign) {
    for (uint32_t i = 0; i < step.lines; ++i) {
      const Line& line = books.lines[step.first_line + i];
      if (line.budget != kNoRow) figures[line.budget].*part += sign * line.fen();
    }
  };
  for (const OrderStep& step : books.order_steps) {
    if (!window.Happened(step.occurred_us)) continue;
    if (IsPlacing(step.what)) each(step, &BudgetFigures::reserved_fen, 1);
    if (IsEnd(step.what)) each(PlacingOf(books, step), &BudgetFigures::reserved_fen, -1);
    if (IsHandOver(step.what)) each(step, &BudgetFigures::owed_fen, 1);
    if (step.what == OrderWhat::kRefunded) each(step, &BudgetFigures::owed_fen, -1);
  }
  return figures;
}

ReportTable Budgets(const Books& books, const Window& window) {
  const std::vector<BudgetFigures> figures = BudgetFiguresOf(books, window);
  std::vector<uint32_t> rows;
  for (uint32_t i = 0; i < figures.size(); ++i) {
    if (figures[i].allocated_fen != 0 || figures[i].used_fen() != 0) rows.push_back(i);
  }
  std::sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(books.budgets[a].year, books.words[books.budgets[a].source]) <
           std::pair(books.budgets[b].year, books.words[books.budgets[b].source]);
  });
  ReportTable table({{"year", kText},
                     {"source", kText},
                     {"allocated_fen", kFen},
                     {"reserved_fen", kFen},
                     {"owed_fen", kFen},
                     {"paid_fen", kFen},
                     {"left_fen", kFen},
                     {"used", kShare}});
  const auto values = [](Value year, Value source, const BudgetFigures& f) {
    return std::vector<Value>{std::move(year), std::move(source),
                              f.allocated_fen, f.reserved_fen,
                              f.owed_fen,      f.paid_fen,
                              f.left_fen(),    BasisPoints(f.used_fen(), f.allocated_fen)};
  };
  BudgetFigures sum;
  for (const uint32_t i : rows) {
    table.Add(values(std::to_string(books.budgets[i].year), books.words[books.budgets[i].source],
                     figures[i]));
    sum.allocated_fen += figures[i].allocated_fen;
    sum.reserved_fen += figures[i].reserved_fen;
    sum.owed_fen += figures[i].owed_fen;
    sum.paid_fen += figures[i].paid_fen;
  }
  table.AddTotal(values(Value(), Value(), sum));
  return table;
}

}  // namespace meritbook
