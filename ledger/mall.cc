#include "ledger/mall.h"

#include <algorithm>

#include "ledger/flow.h"
#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {

std::string BudgetId(std::string_view source, uint32_t year) { return Text(year, "/", source); }

int32_t PeriodKeyOf(v1::LimitPeriod period, DayNumber day) {
  switch (period) {
    case v1::LIMIT_PERIOD_DAY:
      return day;
    case v1::LIMIT_PERIOD_MONTH:
      return MonthOf(day);
    case v1::LIMIT_PERIOD_YEAR:
      return YearOf(day);
    case v1::LIMIT_PERIOD_UNSPECIFIED:
    case v1::LIMIT_PERIOD_ONCE:
    case v1::LimitPeriod_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::LimitPeriod_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return 0;
}

const v1::MallRule* MallRuleOn(const State& state, DayNumber day) {
  const Rule* rule = RuleOn(state.ledger().rules, day);
  return rule != nullptr && rule->published.has_mall() ? &rule->published.mall() : nullptr;
}

namespace {

template <typename List>
auto FindBought(List& bought, uint32_t item) {
  return std::find_if(bought.begin(), bought.end(),
                      [item](const Bought& entry) { return entry.item == item; });
}

}  // namespace

uint32_t BoughtIn(const Volunteer& volunteer, uint32_t item, int32_t period) {
  const auto found = FindBought(volunteer.bought, item);
  return found != volunteer.bought.end() && found->period == period ? found->quantity : 0;
}

void AddBought(Volunteer& volunteer, uint32_t item, int32_t period, int64_t quantity) {
  auto& bought = volunteer.bought;
  auto found = FindBought(bought, item);
  if (found == bought.end()) {
    if (quantity < 0) return;
    const auto at = std::find_if(bought.begin(), bought.end(),
                                 [item](const Bought& entry) { return entry.item > item; });
    found = bought.insert(at, {item, period, 0});
  }
  if (period < found->period) return;
  if (period > found->period) {
    if (quantity < 0) return;
    *found = {item, period, 0};
  }
  found->quantity = static_cast<uint32_t>(std::max<int64_t>(0, found->quantity + quantity));
  if (found->quantity == 0) bought.erase(found);
}

DayOrders OrdersOn(const DayOrders& orders, DayNumber day) {
  return orders.day == day ? orders : DayOrders{day, 0, 0};
}

void MergePurchases(Volunteer& survivor, const Volunteer& ending) {
  survivor.open_orders.insert(survivor.open_orders.end(), ending.open_orders.begin(),
                              ending.open_orders.end());
  std::sort(survivor.open_orders.begin(), survivor.open_orders.end());
  for (const Bought& entry : ending.bought) {
    AddBought(survivor, entry.item, entry.period, entry.quantity);
  }
  DayOrders& orders = survivor.day_orders;
  if (ending.day_orders.day > orders.day) {
    orders = ending.day_orders;
  } else if (ending.day_orders.day == orders.day) {
    orders.orders += ending.day_orders.orders;
    orders.points += ending.day_orders.points;
  }
  if (survivor.age_band == v1::AGE_BAND_UNSPECIFIED) survivor.age_band = ending.age_band;
}

void AddFen(std::vector<BudgetFen>& list, uint32_t budget, int64_t fen) {
  if (fen == 0) return;
  const auto at = std::find_if(list.begin(), list.end(),
                               [budget](const BudgetFen& entry) { return entry.budget >= budget; });
  if (at == list.end() || at->budget != budget) {
    list.insert(at, {budget, fen});
    return;
  }
  at->fen += fen;
  if (at->fen == 0) list.erase(at);
}

void AddFen(std::vector<BudgetFen>& list, const std::vector<BudgetFen>& more, int64_t sign) {
  for (const BudgetFen& entry : more) AddFen(list, entry.budget, sign * entry.fen);
}

Amount AmountOf(const OrderedLine& line, uint32_t quantity) {
  return {int64_t{line.price_points} * quantity * kUnitsPerPoint,
          int64_t{line.settle_fen} * quantity};
}

int64_t UnitsOf(const PricedLines& lines) {
  int64_t units = 0;
  for (const v1::PricedLine& line : lines) {
    units += int64_t{line.price_points()} * line.quantity() * kUnitsPerPoint;
  }
  return units;
}

void LinesSum::Add(const OrderedLine& line, uint32_t quantity) {
  const Amount part = AmountOf(line, quantity);
  amount += part;
  if (line.budget != kNoIndex) AddFen(by_budget, line.budget, part.fen);
}

LinesSum SumOfOrdered(const Order& order) {
  LinesSum sum;
  for (const OrderedLine& line : order.lines) sum.Add(line, line.quantity);
  return sum;
}

std::vector<Lot> LotsReturning(const State& state, const std::vector<Lot>& lots, DayNumber day) {
  std::vector<Lot> returning;
  for (const Lot& lot : lots) AddToLots(returning, LotToday(state, lot.key, day), lot.units);
  return returning;
}

Draft DraftOf(const State& state, const Merchant& merchant, std::optional<MonthNumber> through) {
  Draft draft;
  if (merchant.newest_statement != kNoIndex) {
    const Statement& newest = state.statements()[merchant.newest_statement];
    draft.amounts.opening = newest.amounts.closing();
    draft.by_budget = newest.by_budget;
  }
  for (const BookedMonth& booked : merchant.booked) {
    if (through && booked.month > *through) break;
    draft.amounts.confirmed += booked.confirmed;
    draft.amounts.refunded += booked.refunded;
    AddFen(draft.by_budget, booked.by_budget);
  }
  draft.amounts.paid = merchant.since.paid;
  draft.amounts.reversed = merchant.since.reversed;
  draft.amounts.written_off = merchant.since.written_off;
  AddFen(draft.by_budget, merchant.since.by_budget);
  return draft;
}

bool HasLeft(const State& state, const Merchant& merchant) {
  return merchant.newest_statement != kNoIndex &&
         state.statements()[merchant.newest_statement].final();
}

bool IsOver(const State& state, const Merchant& merchant, DayNumber today) {
  return (merchant.last_day && *merchant.last_day < today) || HasLeft(state, merchant);
}

bool NeedsWarning(const Budget& budget) {
  return budget.warn_percent != 0 && !budget.warned &&
         budget.used_fen() * 100 >= budget.allocated_fen * int64_t{budget.warn_percent};
}

v1::OrderRef RefOf(const State& state, const Order& order) {
  v1::OrderRef ref;
  ref.set_scope(order.scope);
  ref.set_owner(state.names()[order.owner].id);
  ref.set_order_id(order.order_id);
  return ref;
}

void SetAmounts(const Amount& amount, v1::Amounts* amounts) {
  amounts->set_units(amount.units);
  amounts->set_fen(amount.fen);
}

Amount AmountOf(const v1::Amounts& amounts) { return {amounts.units(), amounts.fen()}; }

void SetFigures(const StatementAmounts& amounts, v1::StatementFigures* figures) {
  SetAmounts(amounts.opening, figures->mutable_opening());
  SetAmounts(amounts.confirmed, figures->mutable_confirmed());
  SetAmounts(amounts.refunded, figures->mutable_refunded());
  SetAmounts(amounts.paid, figures->mutable_paid());
  SetAmounts(amounts.reversed, figures->mutable_reversed());
  SetAmounts(amounts.written_off, figures->mutable_written_off());
  SetAmounts(amounts.closing(), figures->mutable_closing());
}

bool SameFigures(const StatementAmounts& amounts, const v1::StatementFigures& figures) {
  return AmountOf(figures.opening()) == amounts.opening &&
         AmountOf(figures.confirmed()) == amounts.confirmed &&
         AmountOf(figures.refunded()) == amounts.refunded &&
         AmountOf(figures.paid()) == amounts.paid &&
         AmountOf(figures.reversed()) == amounts.reversed &&
         AmountOf(figures.written_off()) == amounts.written_off &&
         AmountOf(figures.closing()) == amounts.closing();
}

void SetByBudget(const State& state, const std::vector<BudgetFen>& by_budget, BudgetFenList* list) {
  for (const BudgetFen& entry : by_budget) {
    v1::BudgetFen* part = list->Add();
    *part->mutable_budget() = state.budgets()[entry.budget].name;
    part->set_fen(entry.fen);
  }
  std::sort(list->begin(), list->end(), [](const v1::BudgetFen& a, const v1::BudgetFen& b) {
    return std::pair(a.budget().year(), a.budget().source()) <
           std::pair(b.budget().year(), b.budget().source());
  });
}

bool SameByBudget(const State& state, const std::vector<BudgetFen>& by_budget,
                  const BudgetFenList& list) {
  BudgetFenList expected;
  SetByBudget(state, by_budget, &expected);
  return std::equal(list.begin(), list.end(), expected.begin(), expected.end(),
                    [](const v1::BudgetFen& a, const v1::BudgetFen& b) {
                      return a.fen() == b.fen() && a.budget().year() == b.budget().year() &&
                             a.budget().source() == b.budget().source();
                    });
}

void SetPriced(const State& state, const OrderedLine& line, uint32_t quantity,
               v1::PricedLine* priced) {
  if (line.item != kNoIndex) priced->set_item_id(state.items()[line.item].id);
  priced->set_quantity(quantity);
  priced->set_price_points(line.price_points);
  priced->set_settle_fen(line.settle_fen);
  if (line.budget == kNoIndex) return;
  const v1::BudgetName& budget = state.budgets()[line.budget].name;
  priced->set_budget_source(budget.source());
  priced->set_budget_year(budget.year());
}

bool IsPriced(const State& state, const OrderedLine& line, const v1::PricedLine& priced) {
  v1::PricedLine expected;
  SetPriced(state, line, priced.quantity(), &expected);
  return expected.item_id() == priced.item_id() &&
         expected.price_points() == priced.price_points() &&
         expected.settle_fen() == priced.settle_fen() &&
         expected.budget_source() == priced.budget_source() &&
         expected.budget_year() == priced.budget_year();
}

}  // namespace meritbook
