// Budgets, statements, payments and closed months.
#include <algorithm>

#include "ledger/applying.h"
#include "ledger/limits.h"
#include "ledger/mall.h"

namespace meritbook {

absl::Status Application::Apply(const v1::BudgetAllocated& allocated) {
  const v1::AllocateBudget& command = allocated.command();
  MB_REQUIRE(Approved() != nullptr);
  MB_REQUIRE(Approved()->allocate_budget().SerializeAsString() == command.SerializeAsString());
  MB_REQUIRE(command.fen() != 0);
  const std::string id = BudgetId(command.source(), command.year());
  auto index = state_.budgets().IndexOf(id);
  if (!index) {
    Budget row;
    row.id = id;
    row.name.set_source(command.source());
    row.name.set_year(command.year());
    index = state_.Add(std::move(row));
  }
  Budget& budget = state_.Mutable<Budget>(*index);
  budget.allocated_fen += command.fen();
  MB_REQUIRE(budget.allocated_fen >= 0);
  MB_REQUIRE(budget.allocated_fen <= kAllocatedFenMax);
  MB_REQUIRE(budget.left_fen() >= 0);
  MB_REQUIRE(allocated.allocated_fen() == static_cast<uint64_t>(budget.allocated_fen));
  if (command.has_warn_percent()) budget.warn_percent = command.warn_percent();
  budget.warned = false;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::PeriodClosed& closed) {
  const auto month = ParseMonth(closed.command().month());
  MB_REQUIRE(month.has_value());
  MB_REQUIRE(closed.month_number() == *month);
  LedgerRow& ledger = state_.MutableLedger();
  MB_REQUIRE(!ledger.closed_through || *month > *ledger.closed_through);
  MB_REQUIRE(Today() >= FirstDayOf(*month + 1));
  ledger.closed_through = *month;
  ledger.open_from_us = state_.calendar().StartOf(FirstDayOf(*month + 1));
  return absl::OkStatus();
}

// When a statement that opens today closes by itself.
absl::Status Application::CheckCloses(bool has_closes, int64_t closes_us) {
  const v1::MallRule* mall = MallRuleOn(state_, Today());
  const bool closes = mall != nullptr && mall->has_statement_close_days();
  MB_REQUIRE(has_closes == closes);
  if (!closes) return absl::OkStatus();
  const auto days = static_cast<DayNumber>(mall->statement_close_days());
  MB_REQUIRE(closes_us == state_.calendar().StartOf(Today() + days));
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::StatementOpened& opened) {
  const v1::OpenStatement& command = opened.command();
  MB_REQUIRE(!state_.statements().Find(command.statement_id()));
  const auto merchant_index = state_.merchants().IndexOf(command.merchant_id());
  MB_REQUIRE(merchant_index.has_value());
  const Merchant& merchant = state_.merchants()[*merchant_index];
  MB_REQUIRE(!HasLeft(state_, merchant));
  Statement row;
  if (command.final()) {
    MB_REQUIRE(command.through_month().empty());
    MB_REQUIRE(merchant.last_day.has_value());
    MB_REQUIRE(*merchant.last_day < Today());
    MB_REQUIRE(merchant.open_orders == 0);
  } else {
    row.through = ParseMonth(command.through_month());
    MB_REQUIRE(row.through.has_value());
    MB_REQUIRE(state_.ledger().closed_through.has_value());
    MB_REQUIRE(*row.through <= *state_.ledger().closed_through);
  }
  const Draft draft = DraftOf(state_, merchant, row.through);
  MB_REQUIRE(SameFigures(draft.amounts, opened.figures()));
  MB_REQUIRE(SameByBudget(state_, draft.by_budget, opened.by_budget()));
  MB_RETURN_IF_ERROR(CheckCloses(opened.has_closes_us(), opened.closes_us()));
  row.id = command.statement_id();
  row.merchant = *merchant_index;
  row.amounts = draft.amounts;
  row.by_budget = draft.by_budget;
  row.previous = merchant.newest_statement;
  row.opened_us = event_.recorded_us();
  row.closes_us = opened.closes_us();
  row.sequence = event_.sequence();
  if (row.previous == kNoIndex) {
    MB_REQUIRE(opened.previous_statement_id().empty());
  } else {
    const Statement& previous = state_.statements()[row.previous];
    MB_REQUIRE(opened.previous_statement_id() == previous.id);
    MB_REQUIRE(previous.state != StatementState::kOpen);
    MB_REQUIRE(previous.state != StatementState::kObjected);
    MB_REQUIRE(!row.through || *previous.through < *row.through);
    if (previous.state == StatementState::kClosed) {
      state_.Edit<Statement>(
          row.previous, [](Statement& before) { before.state = StatementState::kCarriedForward; });
    }
  }
  const std::optional<MonthNumber> through = row.through;
  const uint32_t index = state_.Add(std::move(row));
  Merchant& changed = state_.Mutable<Merchant>(*merchant_index);
  changed.newest_statement = index;
  changed.since = {};
  std::erase_if(changed.booked,
                [&](const BookedMonth& booked) { return !through || booked.month <= *through; });
  return absl::OkStatus();
}

absl::Status Application::FindStatement(const std::string& statement_id,
                                        const std::string& merchant_id, uint32_t* index) {
  const auto found = state_.statements().IndexOf(statement_id);
  MB_REQUIRE(found.has_value());
  MB_REQUIRE(state_.merchants()[state_.statements()[*found].merchant].id == merchant_id);
  *index = *found;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::StatementObjected& objected) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(
      FindStatement(objected.command().statement_id(), objected.merchant_id(), &index));
  MB_REQUIRE(event_.scope() != v1::REQUEST_SCOPE_MERCHANT ||
             event_.source() == objected.merchant_id());
  MB_REQUIRE(state_.statements()[index].open());
  state_.Edit<Statement>(index, [](Statement& row) { row.state = StatementState::kObjected; });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::ObjectionResolved& resolved) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(
      FindStatement(resolved.command().statement_id(), resolved.merchant_id(), &index));
  MB_REQUIRE(state_.statements()[index].state == StatementState::kObjected);
  MB_RETURN_IF_ERROR(CheckCloses(resolved.has_closes_us(), resolved.closes_us()));
  state_.Edit<Statement>(index, [&](Statement& row) {
    row.state = StatementState::kOpen;
    row.closes_us = resolved.closes_us();
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::StatementClosed& closed) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(FindStatement(closed.statement_id(), closed.merchant_id(), &index));
  const Statement& statement = state_.statements()[index];
  MB_REQUIRE(statement.open());
  if (closed.has_command()) {
    MB_REQUIRE(closed.command().statement_id() == closed.statement_id());
    MB_REQUIRE(event_.scope() != v1::REQUEST_SCOPE_MERCHANT ||
               event_.source() == closed.merchant_id());
  } else {
    MB_REQUIRE(statement.closes_us != 0);
    MB_REQUIRE((*state_.timers().begin() == Timer{statement.closes_us, Timer::kStatement, index}));
    MB_REQUIRE(event_.occurred_us() == statement.closes_us);
  }
  MB_REQUIRE(SameFigures(statement.amounts, closed.figures()));
  MB_REQUIRE(SameByBudget(state_, statement.by_budget, closed.by_budget()));
  state_.Edit<Statement>(index, [](Statement& row) { row.state = StatementState::kClosed; });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::PaymentRecorded& paid) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(FindStatement(paid.command().statement_id(), paid.merchant_id(), &index));
  const Statement& statement = state_.statements()[index];
  MB_REQUIRE(statement.state == StatementState::kClosed);
  const Amount due = statement.amounts.closing();
  MB_REQUIRE(AmountOf(paid.amounts()) == due);
  MB_REQUIRE(due.units >= 0);
  MB_REQUIRE(due.fen >= 0);
  MB_REQUIRE(due != Amount{});
  MB_REQUIRE(paid.command().fen() == static_cast<uint64_t>(due.fen));
  MB_REQUIRE(SameByBudget(state_, statement.by_budget, paid.by_budget()));
  for (const BudgetFen& part : statement.by_budget) {
    Budget& budget = state_.Mutable<Budget>(part.budget);
    budget.owed_fen -= part.fen;
    budget.paid_fen += part.fen;
  }
  Merchant& merchant = state_.Mutable<Merchant>(statement.merchant);
  merchant.since.paid += due;
  AddFen(merchant.since.by_budget, statement.by_budget, -1);
  merchant.payable_fen -= due.fen;
  state_.Edit<Statement>(index, [&](Statement& row) {
    row.state = StatementState::kPaid;
    row.payment_reference = paid.command().reference();
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::PaymentReversed& reversed) {
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(
      FindStatement(reversed.command().statement_id(), reversed.merchant_id(), &index));
  const Statement& statement = state_.statements()[index];
  MB_REQUIRE(statement.state == StatementState::kPaid);
  const Amount due = statement.amounts.closing();
  MB_REQUIRE(AmountOf(reversed.amounts()) == due);
  MB_REQUIRE(SameByBudget(state_, statement.by_budget, reversed.by_budget()));
  for (const BudgetFen& part : statement.by_budget) {
    Budget& budget = state_.Mutable<Budget>(part.budget);
    budget.owed_fen += part.fen;
    budget.paid_fen -= part.fen;
  }
  Merchant& merchant = state_.Mutable<Merchant>(statement.merchant);
  merchant.since.reversed += due;
  AddFen(merchant.since.by_budget, statement.by_budget);
  merchant.payable_fen += due.fen;
  const bool newest = merchant.newest_statement == index;
  state_.Edit<Statement>(index, [&](Statement& row) {
    row.state = newest ? StatementState::kClosed : StatementState::kCarriedForward;
    row.payment_reference.clear();
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::PayableWrittenOff& written) {
  const v1::WriteOff& command = written.command();
  MB_REQUIRE(Approved() != nullptr);
  MB_REQUIRE(Approved()->write_off().SerializeAsString() == command.SerializeAsString());
  uint32_t index = 0;
  MB_RETURN_IF_ERROR(FindStatement(command.statement_id(), written.merchant_id(), &index));
  const Statement& statement = state_.statements()[index];
  const Amount amount = AmountOf(command.amounts());
  MB_REQUIRE(amount != Amount{});
  std::vector<BudgetFen> by_budget;
  if (written.settles()) {
    MB_REQUIRE(statement.state == StatementState::kClosed);
    MB_REQUIRE(amount == statement.amounts.closing());
    MB_REQUIRE(!command.has_budget());
    by_budget = statement.by_budget;
  } else {
    MB_REQUIRE(statement.open() || statement.state == StatementState::kObjected);
    MB_REQUIRE(command.has_budget() == (amount.fen != 0));
    if (command.has_budget()) {
      const auto budget =
          state_.budgets().IndexOf(BudgetId(command.budget().source(), command.budget().year()));
      MB_REQUIRE(budget.has_value());
      AddFen(by_budget, *budget, amount.fen);
    }
  }
  MB_REQUIRE(SameByBudget(state_, by_budget, written.by_budget()));
  for (const BudgetFen& part : by_budget) {
    Budget& budget = state_.Mutable<Budget>(part.budget);
    budget.owed_fen -= part.fen;
    MB_REQUIRE(part.fen > 0 || budget.left_fen() >= 0);
  }
  Merchant& merchant = state_.Mutable<Merchant>(statement.merchant);
  merchant.payable_fen -= amount.fen;
  if (written.settles()) {
    merchant.since.written_off += amount;
    AddFen(merchant.since.by_budget, by_budget, -1);
  }
  state_.Edit<Statement>(index, [&](Statement& row) {
    if (written.settles()) {
      row.state = StatementState::kWrittenOff;
      return;
    }
    row.amounts.written_off += amount;
    AddFen(row.by_budget, by_budget, -1);
  });
  return absl::OkStatus();
}

}  // namespace meritbook
