// Owns: the arithmetic of the mall: periods of limits, orders of a day, fen by budget, statements.
// Promises: pure; used when events are decided and again when they are applied.
// Thread: any.
#ifndef MERITBOOK_LEDGER_MALL_H_
#define MERITBOOK_LEDGER_MALL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/state.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook {

using PricedLines = google::protobuf::RepeatedPtrField<v1::PricedLine>;
using BudgetFenList = google::protobuf::RepeatedPtrField<v1::BudgetFen>;

// How the mall sells on that day; null if no rule in force says it.
const v1::MallRule* MallRuleOn(const State& state, DayNumber day);

// Pieces of an item that she had in a period.
uint32_t BoughtIn(const Volunteer& volunteer, uint32_t item, int32_t period);
// Adds pieces to the newest period, or takes them out of it; an older one is forgotten.
void AddBought(Volunteer& volunteer, uint32_t item, int32_t period, int64_t quantity);
// What of it was on this day.
DayOrders OrdersOn(const DayOrders& orders, DayNumber day);
// What the survivor of a merge has in the mall.
void MergePurchases(Volunteer& survivor, const Volunteer& ending);

// `list` stays sorted, without zeros.
void AddFen(std::vector<BudgetFen>& list, uint32_t budget, int64_t fen);
void AddFen(std::vector<BudgetFen>& list, const std::vector<BudgetFen>& more, int64_t sign = 1);

// What so many pieces of a line come to.
Amount AmountOf(const OrderedLine& line, uint32_t quantity);
int64_t UnitsOf(const PricedLines& lines);
// Units are whole points; fen by budget are what is reserved, owed or given back.
struct LinesSum {
  Amount amount;
  std::vector<BudgetFen> by_budget;
  void Add(const OrderedLine& line, uint32_t quantity);
};
// Of all that was ordered.
LinesSum SumOfOrdered(const Order& order);

// Lots that return: by the key that they reach on that day, sorted.
std::vector<Lot> LotsReturning(const State& state, const std::vector<Lot>& lots, DayNumber day);

// Everything that the merchant's next statement takes.
struct Draft {
  StatementAmounts amounts;
  std::vector<BudgetFen> by_budget;  // of the closing
};
// Up to the end of a month; everything without one.
Draft DraftOf(const State& state, const Merchant& merchant, std::optional<MonthNumber> through);

// True if the merchant's final statement is drawn up.
bool HasLeft(const State& state, const Merchant& merchant);
// True if it takes no new orders since its last day is over.
bool IsOver(const State& state, const Merchant& merchant, DayNumber today);

// True if its set share is used and nobody was warned.
bool NeedsWarning(const Budget& budget);

v1::OrderRef RefOf(const State& state, const Order& order);
void SetAmounts(const Amount& amount, v1::Amounts* amounts);
Amount AmountOf(const v1::Amounts& amounts);
void SetFigures(const StatementAmounts& amounts, v1::StatementFigures* figures);
bool SameFigures(const StatementAmounts& amounts, const v1::StatementFigures& figures);
// By year and source.
void SetByBudget(const State& state, const std::vector<BudgetFen>& by_budget, BudgetFenList* list);
bool SameByBudget(const State& state, const std::vector<BudgetFen>& by_budget,
                  const BudgetFenList& list);
void SetPriced(const State& state, const OrderedLine& line, uint32_t quantity,
               v1::PricedLine* priced);
bool IsPriced(const State& state, const OrderedLine& line, const v1::PricedLine& priced);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_MALL_H_
