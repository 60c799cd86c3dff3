// Budgets, statements, payments and closed months.
#include <cstdint>
#include <utility>

#include "cli/audit/body.h"
#include "cli/audit/change.h"
#include "cli/audit/mall.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kBudgetFenMax = 1'000'000'000'000;

Money MoneyOf(const v1::Amounts& amounts) { return {amounts.units(), amounts.fen()}; }

bool Says(const v1::StatementFigures& figures, const Statement& statement) {
  return MoneyOf(figures.opening()) == statement.opening &&
         MoneyOf(figures.confirmed()) == statement.confirmed &&
         MoneyOf(figures.refunded()) == statement.refunded &&
         MoneyOf(figures.paid()) == statement.paid &&
         MoneyOf(figures.reversed()) == statement.reversed &&
         MoneyOf(figures.written_off()) == statement.written_off &&
         MoneyOf(figures.closing()) == statement.Closing();
}

MaybeViolation CheckFigures(const Statement& statement, const v1::StatementFigures& figures,
                            const BudgetFenList& by_budget) {
  if (Says(figures, statement) && SameFen(statement.by_budget, by_budget)) return std::nullopt;
  return Violation{Invariant::STATEMENT_WRONG,
                   Text("expected statement ", statement.id, " to come to ",
                        static_cast<int64_t>(statement.Closing().units), " units and ",
                        static_cast<int64_t>(statement.Closing().fen), " fen; a figure differs")};
}

MaybeViolation RequireState(const Statement& statement, StatementState want) {
  if (statement.state == want) return std::nullopt;
  return Violation{Invariant::STATEMENT_STATE_WRONG,
                   Text("statement ", statement.id, " stood otherwise")};
}

MaybeViolation RequireMerchant(const Statement& statement, std::string_view merchant_id) {
  if (statement.merchant != nullptr && statement.merchant->id == merchant_id) return std::nullopt;
  return Violation{Invariant::STATEMENT_WRONG,
                   Text("statement ", statement.id, " isn't one of ", Shown(merchant_id))};
}

void SetTimer(Books& books, Statement& statement, int64_t closes_us) {
  statement.closes_us = closes_us;
  if (closes_us != 0) {
    books.timers.insert({closes_us, 2, static_cast<uint32_t>(statement.ordinal)});
  }
}

void StopTimer(Books& books, const Statement& statement) {
  if (statement.closes_us == 0) return;
  books.timers.erase({statement.closes_us, 2, static_cast<uint32_t>(statement.ordinal)});
}

MaybeViolation CheckCloses(const Taking& taking, bool present, int64_t closes_us) {
  const v1::MallRule* mall = MallOn(taking.books, taking.today);
  const bool closes = mall != nullptr && mall->has_statement_close_days();
  if (present == closes &&
      (!closes ||
       closes_us == taking.books.days.StartOf(
                        taking.today + static_cast<int32_t>(mall->statement_close_days())))) {
    return std::nullopt;
  }
  return Violation{Invariant::STATEMENT_WRONG, "it closes by itself when the rule says"};
}

// Whose statement, and when it may be drawn up.
MaybeViolation CheckOpening(const Taking& taking, const v1::OpenStatement& command,
                            const Merchant& merchant) {
  const Books& books = taking.books;
  const auto wrong = [](std::string why) {
    return Violation{Invariant::STATEMENT_STATE_WRONG, std::move(why)};
  };
  const Statement* newest = merchant.newest;
  if (newest != nullptr && !newest->through) return wrong("a statement after the final one");
  if (newest != nullptr &&
      (newest->state == StatementState::kOpen || newest->state == StatementState::kObjected)) {
    return wrong("the statement before is still open");
  }
  if (command.final()) {
    if (!merchant.last_day || *merchant.last_day >= taking.today || merchant.open_orders != 0 ||
        !command.through_month().empty()) {
      return wrong("a final statement before the merchant had left");
    }
    return std::nullopt;
  }
  const auto month = MonthFromText(command.through_month());
  if (!month || !books.closed_through || *month > *books.closed_through ||
      (newest != nullptr && *newest->through >= *month)) {
    return wrong("its month isn't closed, or stands in a statement already");
  }
  return std::nullopt;
}

// Everything that the statement takes leaves the merchant's open months.
void Draw(Merchant& merchant, Statement& statement) {
  if (merchant.newest != nullptr) {
    statement.opening = merchant.newest->Closing();
    AddFen(statement.by_budget, merchant.newest->by_budget, 1);
    if (merchant.newest->state == StatementState::kClosed) {
      merchant.newest->state = StatementState::kCarried;
    }
  }
  while (!merchant.booked.empty()) {
    const auto first = merchant.booked.begin();
    if (statement.through && first->first > *statement.through) break;
    statement.confirmed += first->second.confirmed;
    statement.refunded += first->second.refunded;
    AddFen(statement.by_budget, merchant.booked_fen[first->first], 1);
    merchant.booked_fen.erase(first->first);
    merchant.booked.erase(first);
  }
  statement.paid = std::exchange(merchant.paid, {});
  statement.reversed = std::exchange(merchant.reversed, {});
  statement.written_off = std::exchange(merchant.written_off, {});
  AddFen(statement.by_budget, std::exchange(merchant.settled_fen, {}), 1);
  merchant.newest = &statement;
}

Violation NoBudget(std::string_view source) {
  return {Invariant::BUDGET_WRONG, Text("more is used than was allocated of ", source)};
}

}  // namespace

MaybeViolation TakeBudgetAllocated(Taking& taking, const v1::BudgetAllocated& body) {
  const v1::AllocateBudget& command = body.command();
  auto first = TakeChange(taking, v1::ProposeChange::kAllocateBudget, command);
  Budget& budget = taking.books.budgets.FindOrAdd(BudgetKey(command.source(), command.year()));
  budget.source = command.source();
  budget.year = command.year();
  budget.allocated_fen += command.fen();
  if (command.has_warn_percent()) budget.warn_percent = command.warn_percent();
  budget.warned = false;
  if (!first) first = RequireId("source", command.source());
  if (!first) first = RequireRange("fen", command.fen(), {-kBudgetFenMax, kBudgetFenMax});
  if (!first && command.has_warn_percent()) {
    first = RequireRange("warn_percent", command.warn_percent(), {1, 100});
  }
  if (!first && (budget.allocated_fen < 0 || budget.used_fen() > budget.allocated_fen ||
                 body.allocated_fen() != budget.allocated_fen)) {
    first =
        Violation{Invariant::BUDGET_WRONG,
                  Text("expected ", static_cast<int64_t>(budget.allocated_fen),
                       " fen allocated, no less than what is used, found ", body.allocated_fen())};
  }
  return first;
}

MaybeViolation TakePeriodClosed(Taking& taking, const v1::PeriodClosed& body) {
  Books& books = taking.books;
  const auto month = MonthFromText(body.command().month());
  MaybeViolation first;
  if (!month || body.month_number() != *month ||
      (books.closed_through && *month <= *books.closed_through) ||
      taking.today < FirstDayOf(*month + 1)) {
    first = Violation{Invariant::BOOKED_MONTH_WRONG,
                      "a month is closed once, by its name, and when it is over"};
  }
  if (month && (!books.closed_through || *month > *books.closed_through)) {
    books.closed_through = month;
    books.open_from_us = books.days.StartOf(FirstDayOf(*month + 1));
  }
  return first;
}

MaybeViolation TakeStatementOpened(Taking& taking, const v1::StatementOpened& body) {
  Books& books = taking.books;
  const v1::OpenStatement& command = body.command();
  if (auto violation = RequireId("statement_id", command.statement_id())) return violation;
  if (books.statements.Find(command.statement_id()) != nullptr) {
    return Twice("statement", command.statement_id());
  }
  Merchant* merchant = books.merchants.Find(command.merchant_id());
  if (merchant == nullptr) return Unknown("merchant", command.merchant_id());
  auto first = CheckOpening(taking, command, *merchant);
  const std::string_view previous = merchant->newest == nullptr ? "" : merchant->newest->id;
  if (!first && body.previous_statement_id() != previous) {
    first = Violation{Invariant::STATEMENT_WRONG, "the statement before is another one"};
  }
  Statement& statement = books.statements.FindOrAdd(command.statement_id());
  statement.merchant = merchant;
  if (!command.final()) statement.through = MonthFromText(command.through_month()).value_or(0);
  Draw(*merchant, statement);
  SetTimer(books, statement, body.closes_us());
  if (!first) first = CheckFigures(statement, body.figures(), body.by_budget());
  return first ? first : CheckCloses(taking, body.has_closes_us(), body.closes_us());
}

MaybeViolation TakeStatementObjected(Taking& taking, const v1::StatementObjected& body) {
  Statement* statement = taking.books.statements.Find(body.command().statement_id());
  if (statement == nullptr) return Unknown("statement", body.command().statement_id());
  auto first = RequireState(*statement, StatementState::kOpen);
  if (!first) first = RequireMerchant(*statement, body.merchant_id());
  if (!first) first = RequireBinding(taking, body.merchant_id());
  StopTimer(taking.books, *statement);
  statement->state = StatementState::kObjected;
  return first ? first : RequireId("reason_code", body.command().reason_code());
}

MaybeViolation TakeObjectionResolved(Taking& taking, const v1::ObjectionResolved& body) {
  Statement* statement = taking.books.statements.Find(body.command().statement_id());
  if (statement == nullptr) return Unknown("statement", body.command().statement_id());
  auto first = RequireState(*statement, StatementState::kObjected);
  if (!first) first = RequireMerchant(*statement, body.merchant_id());
  if (!first) first = CheckCloses(taking, body.has_closes_us(), body.closes_us());
  statement->state = StatementState::kOpen;
  SetTimer(taking.books, *statement, body.closes_us());
  return first ? first : RequireId("reason_code", body.command().reason_code());
}

MaybeViolation TakeStatementClosed(Taking& taking, const v1::StatementClosed& body) {
  Statement* statement = taking.books.statements.Find(body.statement_id());
  if (statement == nullptr) return Unknown("statement", body.statement_id());
  auto first = RequireState(*statement, StatementState::kOpen);
  if (!first) first = RequireMerchant(*statement, body.merchant_id());
  if (!first) first = CheckFigures(*statement, body.figures(), body.by_budget());
  if (body.has_command()) {
    if (!first) first = RequireBinding(taking, body.merchant_id());
    if (!first && body.command().statement_id() != body.statement_id()) {
      first = Violation{Invariant::STATEMENT_WRONG, "another statement than was asked for"};
    }
  } else if (!first &&
             (statement->closes_us == 0 || taking.event.recorded_us() < statement->closes_us)) {
    first = Violation{Invariant::STATEMENT_STATE_WRONG, "closed by itself before its time"};
  } else if (!first) {
    first = RequireOccurred(taking, statement->closes_us);
    if (!first && *taking.books.timers.begin() <
                      Timer{statement->closes_us, 2, static_cast<uint32_t>(statement->ordinal)}) {
      first = Violation{Invariant::DUE_ORDER_WRONG, "another timer was due before"};
    }
  }
  StopTimer(taking.books, *statement);
  statement->state = StatementState::kClosed;
  return first;
}

MaybeViolation TakePaymentRecorded(Taking& taking, const v1::PaymentRecorded& body) {
  Books& books = taking.books;
  Statement* statement = books.statements.Find(body.command().statement_id());
  if (statement == nullptr) return Unknown("statement", body.command().statement_id());
  auto first = RequireState(*statement, StatementState::kClosed);
  if (!first) first = RequireMerchant(*statement, body.merchant_id());
  const Money due = statement->Closing();
  if (!first &&
      (due.units < 0 || due.fen < 0 || due == Money{} || MoneyOf(body.amounts()) != due ||
       body.command().fen() != due.fen || !SameFen(statement->by_budget, body.by_budget()))) {
    first = Violation{
        Invariant::STATEMENT_WRONG,
        Text("statement ", statement->id, " comes to ", static_cast<int64_t>(due.units),
             " units and ", static_cast<int64_t>(due.fen), " fen; that isn't what was paid")};
  }
  if (!first) first = RequireId("reference", body.command().reference());
  for (const auto& [budget, fen] : statement->by_budget) {
    budget->owed_fen -= fen;
    budget->paid_fen += fen;
  }
  statement->state = StatementState::kPaid;
  if (statement->merchant == nullptr) return first;
  Merchant& merchant = *statement->merchant;
  merchant.paid += due;
  AddFen(merchant.settled_fen, statement->by_budget, -1);
  merchant.payable_units -= due.units;
  merchant.payable_fen -= due.fen;
  books.accounts.payable_units -= due.units;
  books.accounts.settled_units += due.units;
  return first;
}

MaybeViolation TakePaymentReversed(Taking& taking, const v1::PaymentReversed& body) {
  Books& books = taking.books;
  Statement* statement = books.statements.Find(body.command().statement_id());
  if (statement == nullptr) return Unknown("statement", body.command().statement_id());
  auto first = RequireState(*statement, StatementState::kPaid);
  if (!first) first = RequireMerchant(*statement, body.merchant_id());
  const Money due = statement->Closing();
  if (!first &&
      (MoneyOf(body.amounts()) != due || !SameFen(statement->by_budget, body.by_budget()))) {
    first = Violation{Invariant::STATEMENT_WRONG, "what came back isn't what was paid"};
  }
  if (!first) first = RequireId("reason_code", body.command().reason_code());
  for (const auto& [budget, fen] : statement->by_budget) {
    budget->owed_fen += fen;
    budget->paid_fen -= fen;
  }
  if (statement->merchant == nullptr) return first;
  Merchant& merchant = *statement->merchant;
  statement->state =
      merchant.newest == statement ? StatementState::kClosed : StatementState::kCarried;
  merchant.reversed += due;
  AddFen(merchant.settled_fen, statement->by_budget, 1);
  merchant.payable_units += due.units;
  merchant.payable_fen += due.fen;
  books.accounts.payable_units += due.units;
  books.accounts.settled_units -= due.units;
  return first;
}

MaybeViolation TakePayableWrittenOff(Taking& taking, const v1::PayableWrittenOff& body) {
  Books& books = taking.books;
  const v1::WriteOff& command = body.command();
  auto first = TakeChange(taking, v1::ProposeChange::kWriteOff, command);
  const auto note = [&first](MaybeViolation violation) {
    if (violation && !first) first = std::move(violation);
  };
  Statement* statement = books.statements.Find(command.statement_id());
  if (statement == nullptr) return Unknown("statement", command.statement_id());
  note(RequireMerchant(*statement, body.merchant_id()));
  note(RequireId("reason_code", command.reason_code()));
  const Money amount = MoneyOf(command.amounts());
  const bool open =
      statement->state == StatementState::kOpen || statement->state == StatementState::kObjected;
  if (!open) note(RequireState(*statement, StatementState::kClosed));
  if (body.settles() == open || amount == Money{}) {
    note(Violation{Invariant::STATEMENT_STATE_WRONG,
                   "a closed statement is settled by a write-off, an open one is not"});
  }
  FenByBudget fen;
  if (open) {
    if (command.has_budget() != (amount.fen != 0)) {
      note(Violation{Invariant::BUDGET_WRONG, "fen are written off to a budget, and only fen"});
    }
    Budget* budget = FindBudget(books, command.budget().source(), command.budget().year());
    if (budget != nullptr) {
      fen[budget] += amount.fen;
    } else if (command.has_budget()) {
      note(Unknown("budget", command.budget().source()));
    }
  } else {
    fen = statement->by_budget;
    if (amount != statement->Closing() || command.has_budget()) {
      note(Violation{Invariant::STATEMENT_WRONG, "not the whole of a closed statement"});
    }
  }
  if (!SameFen(fen, body.by_budget())) {
    note(Violation{Invariant::STATEMENT_WRONG, "the fen of another budget"});
  }
  for (const auto& [budget, part] : fen) {
    budget->owed_fen -= part;
    if (part < 0 && budget->used_fen() > budget->allocated_fen) note(NoBudget(budget->source));
  }
  if (statement->merchant == nullptr) return first;
  Merchant& merchant = *statement->merchant;
  merchant.payable_units -= amount.units;
  merchant.payable_fen -= amount.fen;
  books.accounts.payable_units -= amount.units;
  books.accounts.written_off_units += amount.units;
  if (open) {
    statement->written_off += amount;
    AddFen(statement->by_budget, fen, -1);
  } else {
    merchant.written_off += amount;
    AddFen(merchant.settled_fen, fen, -1);
    statement->state = StatementState::kWrittenOff;
  }
  return first;
}

}  // namespace meritbook::audit
