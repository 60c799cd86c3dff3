// Budgets, statements, payments and closed months.
#include <string>
#include <utility>

#include "ledger/deciding.h"
#include "ledger/limits.h"
#include "ledger/mall.h"

namespace meritbook {
namespace {

std::variant<uint32_t, Refused> FindStatement(const Deciding& d, const std::string& statement_id) {
  const auto index = d.state.statements().IndexOf(statement_id);
  if (!index) return Unknown(v1::REFUSAL_STATEMENT_UNKNOWN, "statement_id", statement_id);
  return *index;
}

Refused NotInState(v1::Refusal reason, const Statement& statement, std::string_view why) {
  return Refused{reason,
                 "command.statement_id",
                 Text("statement ", statement.id, " ", why),
                 {{"statement_id", statement.id}}};
}

// Nothing for a statement that is open to changes.
MaybeRefused RefuseNotOpen(const Statement& statement) {
  if (statement.open()) return std::nullopt;
  if (statement.state == StatementState::kObjected) {
    return NotInState(v1::REFUSAL_STATEMENT_OBJECTED, statement,
                      "is objected to: resolve that first");
  }
  return NotInState(v1::REFUSAL_STATEMENT_NOT_OPEN, statement, "was closed before");
}

// Nothing for a statement that waits to be settled.
MaybeRefused RefuseNotClosed(const Statement& statement) {
  switch (statement.state) {
    case StatementState::kOpen:
    case StatementState::kObjected:
      return NotInState(v1::REFUSAL_STATEMENT_NOT_CLOSED, statement, "isn't closed yet");
    case StatementState::kPaid:
    case StatementState::kWrittenOff:
      return NotInState(v1::REFUSAL_STATEMENT_SETTLED, statement, "was settled before");
    case StatementState::kCarriedForward:
      return NotInState(v1::REFUSAL_STATEMENT_CARRIED_FORWARD, statement,
                        "was carried forward: settle the merchant's newest one");
    case StatementState::kClosed:
      break;
  }
  return std::nullopt;
}

// When a statement that is opened today closes by itself; nothing when only by hand.
std::optional<int64_t> ClosesAt(const Deciding& d) {
  const v1::MallRule* mall = MallRuleOn(d.state, d.today);
  if (mall == nullptr || !mall->has_statement_close_days()) return std::nullopt;
  return d.state.calendar().StartOf(d.today + static_cast<DayNumber>(mall->statement_close_days()));
}

const std::string& MerchantOf(const Deciding& d, const Statement& statement) {
  return d.state.merchants()[statement.merchant].id;
}

MaybeRefused CheckFinal(const Deciding& d, const Merchant& merchant) {
  if (!merchant.last_day || *merchant.last_day >= d.today) {
    return Refuse(v1::REFUSAL_MERCHANT_STILL_HERE, "command.final",
                  Text("merchant ", merchant.id, " has not left"));
  }
  if (merchant.open_orders == 0) return std::nullopt;
  return Refused{v1::REFUSAL_ORDERS_OPEN,
                 "command.merchant_id",
                 Text("merchant ", merchant.id, " has ", merchant.open_orders, " open orders"),
                 {{"open_orders", Text(merchant.open_orders)}}};
}

MaybeRefused CheckMonth(const Deciding& d, const Statement* newest, MonthNumber month) {
  const auto& closed = d.state.ledger().closed_through;
  if (!closed || *closed < month) {
    return Refused{v1::REFUSAL_PERIOD_NOT_CLOSED,
                   "command.through_month",
                   Text("the books of ", FormatMonth(month), " aren't closed yet"),
                   {{"closed_through_month", closed ? FormatMonth(*closed) : ""}}};
  }
  if (newest == nullptr || *newest->through < month) return std::nullopt;
  return Refused{v1::REFUSAL_STATEMENT_OVERLAPS,
                 "command.through_month",
                 Text("statement ", newest->id, " goes through ", FormatMonth(*newest->through)),
                 {{"statement_id", newest->id}}};
}

// Budgets that would owe more need as much left.
MaybeRefused CheckLeft(const Budget& budget, int64_t fen, std::string field) {
  if (budget.left_fen() >= fen) return std::nullopt;
  return BudgetExhausted(std::move(field), budget.name.source(), budget.name.year(), fen);
}

Refused AmountDiffers(std::string field, const Amount& due) {
  return Refused{v1::REFUSAL_AMOUNT_DIFFERS,
                 std::move(field),
                 Text("the statement comes to ", due.fen, " fen and ", due.units, " units"),
                 {{"fen", Text(due.fen)}, {"units", Text(due.units)}}};
}

MaybeRefused WriteOffLine(Deciding& d, const v1::WriteOff& c, const Statement& statement) {
  v1::PayableWrittenOff written;
  const int64_t fen = c.amounts().fen();
  if (fen != 0) {
    if (!c.has_budget()) {
      return Refuse(v1::REFUSAL_FIELD_MISSING, "command.budget",
                    "say which budget the fen go back to or come from");
    }
    const Budget* budget = d.state.budgets().Find(BudgetId(c.budget().source(), c.budget().year()));
    if (budget == nullptr) {
      return Unknown(v1::REFUSAL_BUDGET_UNKNOWN, "budget.source", c.budget().source());
    }
    if (auto refused = CheckLeft(*budget, -fen, "command.amounts.fen")) return refused;
    v1::BudgetFen* part = written.add_by_budget();
    *part->mutable_budget() = budget->name;
    part->set_fen(fen);
  }
  *written.mutable_command() = c;
  written.set_merchant_id(MerchantOf(d, statement));
  *d.NewEvent()->mutable_payable_written_off() = std::move(written);
  return std::nullopt;
}

MaybeRefused WriteOffWhole(Deciding& d, const v1::WriteOff& c, const Statement& statement) {
  if (auto refused = RefuseNotClosed(statement)) return refused;
  const Amount due = statement.amounts.closing();
  if (AmountOf(c.amounts()) != due) return AmountDiffers("command.amounts", due);
  if (c.has_budget()) {
    return Refuse(v1::REFUSAL_FIELD_INVALID, "command.budget",
                  "a closed statement knows its budgets");
  }
  for (const BudgetFen& part : statement.by_budget) {
    const Budget& budget = d.state.budgets()[part.budget];
    if (auto refused = CheckLeft(budget, -part.fen, "command.amounts.fen")) return refused;
  }
  v1::PayableWrittenOff* written = d.NewEvent()->mutable_payable_written_off();
  *written->mutable_command() = c;
  written->set_merchant_id(MerchantOf(d, statement));
  SetByBudget(d.state, statement.by_budget, written->mutable_by_budget());
  written->set_settles(true);
  return std::nullopt;
}

}  // namespace

Refused BudgetExhausted(std::string field, const std::string& source, uint32_t year,
                        int64_t needed_fen) {
  return Refused{
      v1::REFUSAL_BUDGET_EXHAUSTED,
      std::move(field),
      Text("the budget of ", source, " for ", year, " has less than ", needed_fen, " fen left"),
      {{"source", source}, {"year", Text(year)}, {"needed_fen", Text(needed_fen)}}};
}

MaybeRefused DecideChange(Deciding& d, const v1::AllocateBudget& c) {
  const Budget* budget = d.state.budgets().Find(BudgetId(c.source(), c.year()));
  if (budget == nullptr && c.fen() < 0) {
    return Unknown(v1::REFUSAL_BUDGET_UNKNOWN, "source", c.source());
  }
  if (c.fen() < 0) {
    if (auto refused = CheckLeft(*budget, -c.fen(), "command.fen")) return refused;
  }
  const int64_t allocated = (budget == nullptr ? 0 : budget->allocated_fen) + c.fen();
  // What merchants owe leaves more than was ever allocated; that can't be taken away.
  if (allocated < 0) return BudgetExhausted("command.fen", c.source(), c.year(), -c.fen());
  if (allocated > kAllocatedFenMax) {
    return Refused{v1::REFUSAL_AMOUNT_OVERFLOW,
                   "command.fen",
                   Text("a budget has up to ", kAllocatedFenMax, " fen"),
                   {{"allocated_fen_max", Text(kAllocatedFenMax)}}};
  }
  v1::BudgetAllocated* event = d.NewEvent()->mutable_budget_allocated();
  *event->mutable_command() = c;
  event->set_allocated_fen(static_cast<uint64_t>(allocated));
  return std::nullopt;
}

MaybeRefused DecideChange(Deciding& d, const v1::WriteOff& c) {
  const auto found = FindStatement(d, c.statement_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Statement& statement = d.state.statements()[std::get<uint32_t>(found)];
  const bool open = statement.open() || statement.state == StatementState::kObjected;
  return open ? WriteOffLine(d, c, statement) : WriteOffWhole(d, c, statement);
}

MaybeRefused Decide(Deciding& d, const v1::OpenStatement& c) {
  if (d.state.statements().Find(c.statement_id()) != nullptr) {
    return Exists(v1::REFUSAL_STATEMENT_EXISTS, "statement_id", c.statement_id());
  }
  const Merchant* merchant = d.state.merchants().Find(c.merchant_id());
  if (merchant == nullptr) {
    return Unknown(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", c.merchant_id());
  }
  if (HasLeft(d.state, *merchant)) return MerchantOver(*merchant);
  const Statement* newest = merchant->newest_statement == kNoIndex
                                ? nullptr
                                : &d.state.statements()[merchant->newest_statement];
  if (newest != nullptr && (newest->open() || newest->state == StatementState::kObjected)) {
    return Refused{v1::REFUSAL_PREVIOUS_STATEMENT_OPEN,
                   "command.merchant_id",
                   Text("statement ", newest->id, " isn't closed yet"),
                   {{"statement_id", newest->id}}};
  }
  std::optional<MonthNumber> through;
  if (!c.final()) through = *ParseMonth(c.through_month());
  if (auto refused = c.final() ? CheckFinal(d, *merchant) : CheckMonth(d, newest, *through)) {
    return refused;
  }
  const Draft draft = DraftOf(d.state, *merchant, through);
  v1::StatementOpened* opened = d.NewEvent()->mutable_statement_opened();
  *opened->mutable_command() = c;
  SetFigures(draft.amounts, opened->mutable_figures());
  SetByBudget(d.state, draft.by_budget, opened->mutable_by_budget());
  if (newest != nullptr) opened->set_previous_statement_id(newest->id);
  if (const auto closes_us = ClosesAt(d)) opened->set_closes_us(*closes_us);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::ObjectStatement& c) {
  const auto found = FindStatement(d, c.statement_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Statement& statement = d.state.statements()[std::get<uint32_t>(found)];
  if (auto refused = RefuseNotOpen(statement)) return refused;
  v1::StatementObjected* objected = d.NewEvent()->mutable_statement_objected();
  *objected->mutable_command() = c;
  objected->set_merchant_id(MerchantOf(d, statement));
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::ResolveObjection& c) {
  const auto found = FindStatement(d, c.statement_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Statement& statement = d.state.statements()[std::get<uint32_t>(found)];
  if (statement.state != StatementState::kObjected) {
    return NotInState(v1::REFUSAL_STATEMENT_NOT_OBJECTED, statement, "isn't objected to");
  }
  v1::ObjectionResolved* resolved = d.NewEvent()->mutable_objection_resolved();
  *resolved->mutable_command() = c;
  resolved->set_merchant_id(MerchantOf(d, statement));
  if (const auto closes_us = ClosesAt(d)) resolved->set_closes_us(*closes_us);
  return std::nullopt;
}

void FillClosed(const State& state, const Statement& statement, v1::StatementClosed* closed) {
  closed->set_statement_id(statement.id);
  closed->set_merchant_id(state.merchants()[statement.merchant].id);
  SetFigures(statement.amounts, closed->mutable_figures());
  SetByBudget(state, statement.by_budget, closed->mutable_by_budget());
}

MaybeRefused Decide(Deciding& d, const v1::CloseStatement& c) {
  const auto found = FindStatement(d, c.statement_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Statement& statement = d.state.statements()[std::get<uint32_t>(found)];
  if (auto refused = RefuseNotOpen(statement)) return refused;
  v1::StatementClosed* closed = d.NewEvent()->mutable_statement_closed();
  *closed->mutable_command() = c;
  FillClosed(d.state, statement, closed);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::RecordPayment& c) {
  const auto found = FindStatement(d, c.statement_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Statement& statement = d.state.statements()[std::get<uint32_t>(found)];
  if (auto refused = RefuseNotClosed(statement)) return refused;
  const Amount due = statement.amounts.closing();
  if (due.units < 0 || due.fen < 0 || due == Amount{}) {
    return Refused{v1::REFUSAL_NOTHING_TO_PAY,
                   "command.statement_id",
                   Text("statement ", statement.id, " comes to ", due.fen, " fen and ", due.units,
                        " units: it is carried forward or written off"),
                   {{"statement_id", statement.id}}};
  }
  if (c.fen() != static_cast<uint64_t>(due.fen)) return AmountDiffers("command.fen", due);
  v1::PaymentRecorded* paid = d.NewEvent()->mutable_payment_recorded();
  *paid->mutable_command() = c;
  paid->set_merchant_id(MerchantOf(d, statement));
  SetAmounts(due, paid->mutable_amounts());
  SetByBudget(d.state, statement.by_budget, paid->mutable_by_budget());
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::ReversePayment& c) {
  const auto found = FindStatement(d, c.statement_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Statement& statement = d.state.statements()[std::get<uint32_t>(found)];
  if (statement.state != StatementState::kPaid) {
    return NotInState(v1::REFUSAL_STATEMENT_NOT_PAID, statement, "isn't paid");
  }
  v1::PaymentReversed* reversed = d.NewEvent()->mutable_payment_reversed();
  *reversed->mutable_command() = c;
  reversed->set_merchant_id(MerchantOf(d, statement));
  SetAmounts(statement.amounts.closing(), reversed->mutable_amounts());
  SetByBudget(d.state, statement.by_budget, reversed->mutable_by_budget());
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::ClosePeriod& c) {
  const MonthNumber month = *ParseMonth(c.month());
  const auto& closed = d.state.ledger().closed_through;
  if (closed && month <= *closed) {
    return Refused{v1::REFUSAL_PERIOD_CLOSED,
                   "command.month",
                   Text("the books are closed through ", FormatMonth(*closed)),
                   {{"closed_through_month", FormatMonth(*closed)}}};
  }
  if (d.today < FirstDayOf(month + 1)) {
    return Refuse(v1::REFUSAL_PERIOD_NOT_OVER, "command.month",
                  Text(FormatMonth(month), " isn't over yet"));
  }
  v1::PeriodClosed* event = d.NewEvent()->mutable_period_closed();
  *event->mutable_command() = c;
  event->set_month_number(month);
  return std::nullopt;
}

}  // namespace meritbook
