#include "cli/audit/mall.h"

#include <algorithm>
#include <map>

#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {

MaybeViolation RequireBinding(const Taking& taking, std::string_view merchant_id) {
  const v1::Event& event = taking.event;
  std::string_view bound_id;
  if (taking.principal != nullptr) bound_id = taking.principal->merchant_id;
  if (bound_id.empty() && event.scope() == v1::REQUEST_SCOPE_MERCHANT) bound_id = event.source();
  if (bound_id.empty() || bound_id == merchant_id) return std::nullopt;
  return Violation{Invariant::MERCHANT_BINDING_BROKEN, Text(Shown(event.actor()), " of merchant ",
                                                            bound_id, " acted for ", merchant_id)};
}

MaybeViolation RequireNotHerself(const Taking& taking, const Volunteer& volunteer) {
  if (taking.Self() != &volunteer) return std::nullopt;
  return Violation{Invariant::SELF_REDEMPTION,
                   Text(Shown(taking.event.actor()), " is the volunteer herself")};
}

IdBook::Space SpaceOf(const v1::Event& event) {
  return {event.scope(),
          event.scope() == v1::REQUEST_SCOPE_PRINCIPAL ? event.actor() : event.source()};
}

const v1::MallRule* MallOn(const Books& books, int32_t day) {
  const Rule* rule = books.rules.InForce(day);
  return rule != nullptr && rule->mall ? &*rule->mall : nullptr;
}

int32_t MonthOf(int32_t day) {
  const int32_t year = YearOf(day);
  const int32_t first = FirstOfMonth(day);
  int32_t month = 0;
  for (int32_t start = LastOfYear(day); FirstOfMonth(start) != first;
       start = FirstOfMonth(start) - 1) {
    ++month;
  }
  return (year - 1970) * 12 + 11 - month;
}

int32_t FirstDayOf(int32_t month) {
  return FirstOfMonth(MonthsLaterMonthEnd(0, static_cast<uint32_t>(month)));
}

std::optional<int32_t> MonthFromText(std::string_view text) {
  if (text.size() != 7) return std::nullopt;
  const auto day = DayFromText(Text(text, "-01"));
  if (!day) return std::nullopt;
  return MonthOf(*day);
}

int32_t BookedIn(const Taking& taking) {
  const Books& books = taking.books;
  const int64_t occurred_us = taking.event.occurred_us();
  if (books.closed_through && occurred_us < books.open_from_us) return *books.closed_through + 1;
  return MonthOf(books.days.DayOf(occurred_us));
}

std::string BudgetKey(std::string_view source, uint32_t year) { return Text(year, "/", source); }

Budget* FindBudget(Books& books, std::string_view source, uint32_t year) {
  return books.budgets.Find(BudgetKey(source, year));
}

bool NeedsWarning(const Budget& budget) {
  return budget.warn_percent != 0 && !budget.warned &&
         budget.used_fen() * 100 >= budget.allocated_fen * budget.warn_percent;
}

bool SameFen(const FenByBudget& want, const BudgetFenList& found) {
  int i = 0;
  for (const auto& [budget, fen] : want) {
    if (fen == 0) continue;
    if (i >= found.size()) return false;
    const v1::BudgetFen& part = found.Get(i++);
    if (part.budget().source() != budget->source || part.budget().year() != budget->year ||
        part.fen() != fen) {
      return false;
    }
  }
  return i == found.size();
}

void AddFen(FenByBudget& to, const FenByBudget& more, int sign) {
  for (const auto& [budget, fen] : more) to[budget] += fen * sign;
}

int32_t PeriodOf(v1::LimitPeriod period, int32_t day) {
  if (period == v1::LIMIT_PERIOD_DAY) return day;
  if (period == v1::LIMIT_PERIOD_MONTH) return MonthOf(day);
  return period == v1::LIMIT_PERIOD_YEAR ? YearOf(day) : 0;
}

int64_t HadInPeriod(const Volunteer& volunteer, const Item& item, int32_t period) {
  for (const Bought& entry : volunteer.bought) {
    if (entry.item == &item) return entry.period == period ? entry.quantity : 0;
  }
  return 0;
}

void AddPieces(Volunteer& volunteer, const Item& item, int32_t period, int64_t quantity) {
  for (Bought& entry : volunteer.bought) {
    if (entry.item != &item) continue;
    if (entry.period == period) {
      entry.quantity = std::max<int64_t>(0, entry.quantity + quantity);
    } else if (entry.period < period && quantity > 0) {
      entry = {&item, period, quantity};
    }
    return;
  }
  if (quantity > 0) volunteer.bought.push_back({&item, period, quantity});
}

Money WorthOf(const OrderedLine& line, int64_t quantity) {
  return {absl::int128(line.price_points) * quantity * kUnitsPerPoint,
          absl::int128(line.settle_fen) * quantity};
}

OrderedLine* LineOf(Order& order, std::string_view item_id) {
  for (OrderedLine& line : order.lines) {
    if ((line.item == nullptr ? std::string_view() : line.item->id) == item_id) return &line;
  }
  return nullptr;
}

MaybeViolation CheckPriced(const OrderedLine& line, const v1::PricedLine& priced) {
  const std::string_view source = line.budget == nullptr ? "" : line.budget->source;
  const uint32_t year = line.budget == nullptr ? 0 : line.budget->year;
  if (priced.price_points() == line.price_points && priced.settle_fen() == line.settle_fen &&
      priced.budget_source() == source && priced.budget_year() == year) {
    return std::nullopt;
  }
  return Violation{Invariant::PRICE_WRONG,
                   Text("expected ", line.price_points, " points and ", line.settle_fen,
                        " fen of \"", source, "\" ", year, " for ", Shown(priced.item_id()),
                        ", found ", priced.price_points(), " and ", priced.settle_fen(), " of \"",
                        Shown(priced.budget_source()), "\" ", priced.budget_year())};
}

namespace {

bool SameRef(const v1::OrderRef& a, const v1::OrderRef& b) {
  return a.scope() == b.scope() && a.owner() == b.owner() && a.order_id() == b.order_id();
}

v1::OrderRef RefNamed(const v1::Event& event, const v1::OrderOwner* owner,
                      const std::string& order_id) {
  v1::OrderRef ref;
  ref.set_order_id(order_id);
  ref.set_scope(event.scope());
  ref.set_owner(std::string(SpaceOf(event).name));
  if (owner == nullptr) return ref;
  if (owner->has_source()) {
    ref.set_scope(v1::REQUEST_SCOPE_SOURCE);
    ref.set_owner(owner->source());
  } else if (owner->has_merchant_id()) {
    ref.set_scope(v1::REQUEST_SCOPE_MERCHANT);
    ref.set_owner(owner->merchant_id());
  } else if (owner->has_principal_id()) {
    ref.set_scope(v1::REQUEST_SCOPE_PRINCIPAL);
    ref.set_owner(owner->principal_id());
  }
  return ref;
}

}  // namespace

Order* ReachOrder(Taking& taking, const v1::OrderRef& ref, const std::string* order_id,
                  const v1::OrderOwner* owner, bool anybody, MaybeViolation& violation) {
  const v1::Event& event = taking.event;
  const uint32_t row = taking.books.ids.FindOrder({ref.scope(), ref.owner()}, ref.order_id());
  if (row == kNoRow) {
    violation = Unknown("order", ref.order_id());
    return nullptr;
  }
  Order& order = taking.books.orders[row];
  if (order_id != nullptr && !SameRef(RefNamed(event, owner, *order_id), ref)) {
    violation =
        Violation{Invariant::ORDER_LINES_WRONG, "the order is another one than the command names"};
  }
  const bool own = SameRef(RefNamed(event, nullptr, ref.order_id()), ref);
  const bool merchants = event.scope() == v1::REQUEST_SCOPE_MERCHANT && order.merchant != nullptr &&
                         event.source() == order.merchant->id;
  if (!violation && !own && !merchants &&
      !(anybody && event.scope() == v1::REQUEST_SCOPE_PRINCIPAL)) {
    violation = Violation{
        Invariant::MERCHANT_BINDING_BROKEN,
        Text(Shown(event.actor()), " has nothing to do with order ", Shown(ref.order_id()))};
  }
  return &order;
}

MaybeViolation CheckParties(const Order& order, std::string_view volunteer_id,
                            std::string_view merchant_id) {
  const Volunteer& volunteer = Survivor(*order.volunteer);
  if (volunteer.id != volunteer_id) {
    return Violation{Invariant::VOLUNTEER_WRONG, Text("the order is that of ", Shown(volunteer.id),
                                                      ", found ", Shown(volunteer_id))};
  }
  if (order.merchant != nullptr && order.merchant->id == merchant_id) return std::nullopt;
  return Violation{Invariant::MERCHANT_BINDING_BROKEN,
                   Text("the order is one of another merchant than ", Shown(merchant_id))};
}

void Book(Taking& taking, Merchant& merchant, const Money& confirmed, const Money& refunded,
          const FenByBudget& fen) {
  const int32_t month = BookedIn(taking);
  merchant.booked[month].confirmed += confirmed;
  merchant.booked[month].refunded += refunded;
  AddFen(merchant.booked_fen[month], fen, 1);
  merchant.payable_fen += confirmed.fen - refunded.fen;
}

MaybeViolation CheckTimers(Taking& taking) {
  auto& timers = taking.books.timers;
  MaybeViolation first;
  while (!timers.empty() && timers.begin()->due_us <= taking.event.recorded_us()) {
    if (!first) {
      first = Violation{Invariant::TIMER_OVERDUE,
                        Text(timers.begin()->kind == 1 ? "a hold" : "a statement",
                             " that ended at ", timers.begin()->due_us, " us had not ended")};
    }
    timers.erase(timers.begin());
  }
  return first;
}

MaybeViolation CheckBookedMonth(const Taking& taking) {
  const Books& books = taking.books;
  const v1::Event& event = taking.event;
  const bool late = books.closed_through && event.occurred_us() < books.open_from_us;
  if (event.has_booked_month_number() == late &&
      (!late || event.booked_month_number() == *books.closed_through + 1)) {
    return std::nullopt;
  }
  return Violation{
      Invariant::BOOKED_MONTH_WRONG,
      Text("expected ", late ? Text("month ", *books.closed_through + 1) : "none", ", found ",
           event.has_booked_month_number() ? Text("month ", event.booked_month_number()) : "none")};
}

uint32_t WarningsOf(const Books& books, const PricedLines& lines, bool holds) {
  std::map<std::string, absl::int128> fen;
  for (const v1::PricedLine& line : lines) {
    if (line.settle_fen() == 0) continue;
    fen[BudgetKey(line.budget_source(), line.budget_year())] +=
        absl::int128(line.settle_fen()) * line.quantity();
  }
  uint32_t warnings = 0;
  for (const auto& [key, part] : fen) {
    const Budget* known = books.budgets.Find(key);
    if (known == nullptr) continue;
    Budget budget = *known;
    (holds ? budget.reserved_fen : budget.owed_fen) += part;
    if (NeedsWarning(budget)) ++warnings;
  }
  return warnings;
}

}  // namespace meritbook::audit
