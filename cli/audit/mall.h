// Owns: what the bodies of the mall's events have in common.
// Promises: the checks change nothing; the entering functions check nothing.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_MALL_H_
#define MERITBOOK_CLI_AUDIT_MALL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/audit/books.h"
#include "cli/audit/finding.h"
#include "cli/audit/id_book.h"

namespace meritbook::audit {

inline constexpr int64_t kLinesMax = 64;
inline constexpr int64_t kLineQuantityMax = 10'000;
inline constexpr int64_t kStockMax = 1'000'000'000;

using PricedLines = google::protobuf::RepeatedPtrField<v1::PricedLine>;
using BudgetFenList = google::protobuf::RepeatedPtrField<v1::BudgetFen>;

// A merchant's till acts for its own merchant only.
MaybeViolation RequireBinding(const Taking& taking, std::string_view merchant_id);
MaybeViolation RequireNotHerself(const Taking& taking, const Volunteer& volunteer);

// Whose order ids and request ids the event's are.
IdBook::Space SpaceOf(const v1::Event& event);

// The mall's policy on a day; nothing where there is none.
const v1::MallRule* MallOn(const Books& books, int32_t day);

// Months since 1970-01.
int32_t MonthOf(int32_t day);
int32_t FirstDayOf(int32_t month);
// "2021-03" -> 614; nothing for any other form.
std::optional<int32_t> MonthFromText(std::string_view text);
// In which the event at hand is booked.
int32_t BookedIn(const Taking& taking);

Budget* FindBudget(Books& books, std::string_view source, uint32_t year);
std::string BudgetKey(std::string_view source, uint32_t year);
// Its set share is used, and nobody was warned.
bool NeedsWarning(const Budget& budget);
// The fen, without zeros, are those.
bool SameFen(const FenByBudget& want, const BudgetFenList& found);
void AddFen(FenByBudget& to, const FenByBudget& more, int sign);

int32_t PeriodOf(v1::LimitPeriod period, int32_t day);
int64_t HadInPeriod(const Volunteer& volunteer, const Item& item, int32_t period);
void AddPieces(Volunteer& volunteer, const Item& item, int32_t period, int64_t quantity);

// What pieces of a line come to.
Money WorthOf(const OrderedLine& line, int64_t quantity);
// A priced line says what the order has.
MaybeViolation CheckPriced(const OrderedLine& line, const v1::PricedLine& priced);
OrderedLine* LineOf(Order& order, std::string_view item_id);

// The order that an event names, and that its asker may reach; `owner` null for her own, `order_id`
// null where a voucher's code names it. Null and a violation where there is none.
Order* ReachOrder(Taking& taking, const v1::OrderRef& ref, const std::string* order_id,
                  const v1::OrderOwner* owner, bool anybody, MaybeViolation& violation);
// The event names the order's volunteer and merchant.
MaybeViolation CheckParties(const Order& order, std::string_view volunteer_id,
                            std::string_view merchant_id);

// Books what was confirmed or refunded, in the month of the event.
void Book(Taking& taking, Merchant& merchant, const Money& confirmed, const Money& refunded,
          const FenByBudget& fen);

// Holds and statements whose time was over before the event, told once.
MaybeViolation CheckTimers(Taking& taking);
MaybeViolation CheckBookedMonth(const Taking& taking);
// The budgets that need a warning once these lines are reserved or owed.
uint32_t WarningsOf(const Books& books, const PricedLines& lines, bool holds);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_MALL_H_
