// Random commands: budgets, statements, payments, closed months.
#include <algorithm>

#include "ledger/text.h"
#include "tests/ledger/property_world.h"

namespace meritbook::property {

using model::StatementState;

std::string World::AnyStatement(const std::function<bool(const model::Statement&)>& wanted) {
  std::vector<std::string> ids;
  for (const auto& [id, statement] : model_.statements) {
    if (wanted(statement)) ids.push_back(id);
  }
  return ids.empty() ? "" : chances_.From(ids);
}

// One in this state, or any; empty if there is none.
std::string World::StatementIn(StatementState state, uint32_t percent) {
  std::string id;
  if (chances_.Percent(percent)) {
    id = AnyStatement([state](const model::Statement& row) { return row.state == state; });
  }
  return id.empty() && chances_.Percent(40) ? AnyStatement([](const auto&) { return true; }) : id;
}

World::Made World::ClosePeriod() {
  auto close = std::make_shared<v1::ClosePeriod>();
  const int month = model::MonthNumberOf(model_.DayOf(NowUs()));
  const int last = month - 1;
  const int next = model_.closed_through ? *model_.closed_through + 1 : last - 1;
  close->set_month(model::MonthText(chances_.Of({std::min(next, last), last, last, last, next})));
  if (chances_.Percent(6)) close->set_month(model::MonthText(month));
  if (chances_.Percent(2)) close->set_month("2023-13");
  return close;
}

World::Made World::OpenStatement() {
  auto open = std::make_shared<v1::OpenStatement>();
  open->set_statement_id(chances_.Id("t", 60));
  open->set_merchant_id(chances_.Percent(85) ? chances_.Id("m", 2) : chances_.Id("m", 4));
  std::vector<std::string> gone;
  for (const auto& [id, row] : model_.merchants) {
    if (row.last_day && *row.last_day < model_.DayOf(NowUs())) gone.push_back(id);
  }
  if (gone.empty() && !model_.closed_through && chances_.Percent(80)) return ClosePeriod();
  if (!gone.empty() && chances_.Percent(40)) open->set_merchant_id(chances_.From(gone));
  for (const auto& [id, order] : model_.orders) {
    if (order.state != model::OrderState::kHeld || !chances_.Percent(30)) continue;
    if (std::find(gone.begin(), gone.end(), order.merchant) != gone.end()) {
      open->set_merchant_id(order.merchant);
    }
  }
  const auto is_gone = std::find(gone.begin(), gone.end(), open->merchant_id()) != gone.end();
  if (chances_.Percent(is_gone ? 60 : 4)) {
    open->set_final(true);
    if (chances_.Percent(98)) return open;
  }
  const int closed =
      model_.closed_through.value_or(model::MonthNumberOf(model_.DayOf(NowUs())) - 1);
  open->set_through_month(model::MonthText(closed + chances_.Of({0, 0, 0, 0, 0, 0, 0, -1, -1, 1})));
  // One that has something to say.
  for (const model::Booking& booking : model_.bookings) {
    if (!booking.statement.empty() || booking.month == 0 || booking.month > closed) continue;
    if (!chances_.Percent(50)) continue;
    open->set_merchant_id(booking.merchant);
    open->set_through_month(model::MonthText(chances_.Percent(85) ? closed : booking.month));
    break;
  }
  return open;
}

World::Made World::Object() {
  auto object = std::make_shared<v1::ObjectStatement>();
  object->set_statement_id(StatementIn(StatementState::kOpen, 85));
  if (object->statement_id().empty() && chances_.Percent(75)) return OpenStatement();
  if (object->statement_id().empty()) object->set_statement_id(chances_.Id("t", 60));
  object->set_reason_code("missing");
  return object;
}

World::Made World::Resolve() {
  auto resolve = std::make_shared<v1::ResolveObjection>();
  resolve->set_statement_id(StatementIn(StatementState::kObjected, 90));
  if (resolve->statement_id().empty() && chances_.Percent(75)) return Object();
  if (resolve->statement_id().empty()) resolve->set_statement_id(chances_.Id("t", 60));
  resolve->set_upheld(chances_.Percent(50));
  resolve->set_reason_code("counted");
  return resolve;
}

World::Made World::CloseStatement() {
  auto close = std::make_shared<v1::CloseStatement>();
  close->set_statement_id(StatementIn(StatementState::kOpen, 90));
  if (close->statement_id().empty() && chances_.Percent(75)) return OpenStatement();
  if (close->statement_id().empty()) close->set_statement_id(chances_.Id("t", 60));
  return close;
}

World::Made World::Pay() {
  auto pay = std::make_shared<v1::RecordPayment>();
  pay->set_statement_id(AnyStatement([this](const model::Statement& row) {
    return row.state == StatementState::kClosed && model_.PayableOf(row.merchant).units > 0;
  }));
  if (pay->statement_id().empty() || chances_.Percent(15)) {
    pay->set_statement_id(StatementIn(StatementState::kClosed, 60));
  }
  if (pay->statement_id().empty() && chances_.Percent(75)) return CloseStatement();
  if (pay->statement_id().empty()) pay->set_statement_id(chances_.Id("t", 60));
  pay->set_reference("bank1");
  if (model_.statements.count(pay->statement_id()) != 0) {
    const int64_t due = model_.FiguresOf(pay->statement_id()).closing.fen;
    pay->set_fen(static_cast<uint64_t>(std::max<int64_t>(0, due)));
  }
  if (chances_.Percent(8)) pay->set_fen(pay->fen() + 1);
  return pay;
}

World::Made World::Reverse() {
  auto reverse = std::make_shared<v1::ReversePayment>();
  reverse->set_statement_id(StatementIn(StatementState::kPaid, 90));
  if (reverse->statement_id().empty() && chances_.Percent(75)) return Pay();
  if (reverse->statement_id().empty()) reverse->set_statement_id(chances_.Id("t", 60));
  reverse->set_reason_code("returned");
  return reverse;
}

void World::Allocate(v1::AllocateBudget* allocate, bool first) {
  const int year =
      model::YearOf(model_.created ? model_.DayOf(NowUs()) : static_cast<int>(NowUs() / kDayUs));
  allocate->set_source(chances_.Percent(60) ? "programme" : "d1");
  allocate->set_year(static_cast<uint32_t>(year + (chances_.Percent(85) ? 0 : 1)));
  allocate->set_fen(chances_.Of<int64_t>({300, 5'000, 200'000, 200'000, 200'000}));
  if (chances_.Percent(45)) allocate->set_warn_percent(chances_.Of({1u, 30u, 90u, 100u}));
  if (first) return;
  const model::BudgetKey key(static_cast<int>(allocate->year()), allocate->source());
  if (chances_.Percent(30)) {
    const auto budget = model_.budgets.find(key);
    const int64_t left = budget == model_.budgets.end() ? 10 : LeftIn(key);
    allocate->set_fen(-chances_.Of<int64_t>({left, left, left / 2, left + 1, 1}));
  }
  if (chances_.Percent(2)) allocate->set_year(3);
}

int64_t World::LeftIn(const model::BudgetKey& key) const {
  const model::Budget& budget = model_.budgets.at(key);
  const auto mall = model_.Reckon();
  const auto reserved = mall.reserved_fen.find(key);
  return budget.allocated - budget.owed - budget.paid -
         (reserved == mall.reserved_fen.end() ? 0 : reserved->second);
}

void World::ProposeWriteOff(v1::WriteOff* write_off) {
  const bool closed = chances_.Percent(50);
  std::string id =
      StatementIn(closed ? StatementState::kClosed
                         : chances_.Of({StatementState::kOpen, StatementState::kObjected}),
                  92);
  if (id.empty()) id = chances_.Id("t", 60);
  write_off->set_statement_id(id);
  write_off->set_reason_code("agreed");
  const auto found = model_.statements.find(id);
  v1::Amounts& amounts = *write_off->mutable_amounts();
  if (found != model_.statements.end() && found->second.state == StatementState::kClosed) {
    const model::Amount due = model_.FiguresOf(id).closing;
    amounts.set_units(due.units);
    amounts.set_fen(due.fen + (chances_.Percent(8) ? 1 : 0));
    if (chances_.Percent(95)) return;
  } else {
    amounts.set_units(chances_.Of<int64_t>({0, 6'000, 12'345, -6'000}));
    amounts.set_fen(chances_.Of<int64_t>({0, 0, 7, 500, -7, -500, -1'000'000}));
  }
  if (amounts.fen() == 0 && chances_.Percent(97)) return;
  if (chances_.Percent(4)) return;
  v1::BudgetName& budget = *write_off->mutable_budget();
  budget.set_source(chances_.Percent(60) ? "programme" : "d1");
  budget.set_year(2023 + chances_.Below(2));
  if (!model_.budgets.empty() && chances_.Percent(90)) {
    auto key = model_.budgets.begin();
    std::advance(key, chances_.Below(model_.budgets.size()));
    budget.set_year(static_cast<uint32_t>(key->first.first));
    budget.set_source(key->first.second);
  }
}

}  // namespace meritbook::property
