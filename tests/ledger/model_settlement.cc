// Budgets, statements, payments and closed months. What a merchant is owed is the sum of all
// bookings; a statement has those that were put on it.
#include <algorithm>
#include <cstdlib>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

constexpr int64_t kAllocatedFenMax = 1'000'000'000'000'000;

// Whether a line of a statement adds to what the merchant is owed.
int SignOf(Booking::Kind kind) {
  return kind == Booking::kConfirmed || kind == Booking::kReversed ? 1 : -1;
}

FenByBudget Minus(const FenByBudget& fen) {
  FenByBudget minus;
  Add(minus, fen, -1);
  return minus;
}

}  // namespace

std::string Words(const Figures& figures) {
  std::string out = Words(figures.opening);
  for (const Amount& sum : figures.sums) out += " " + Words(sum);
  return out + " = " + Words(figures.closing);
}

Amount Model::PayableOf(const std::string& merchant) const {
  Amount payable;
  for (const Booking& booking : bookings) {
    if (booking.merchant == merchant) Add(payable, booking.amount, SignOf(booking.kind));
  }
  return payable;
}

std::string Model::NewestOf(const std::string& merchant) const {
  std::string newest;
  for (const auto& [id, statement] : statements) {
    if (statement.merchant != merchant) continue;
    if (newest.empty() || statements.at(newest).index < statement.index) newest = id;
  }
  return newest;
}

Figures Model::FiguresOf(const std::string& id) const {
  Figures figures;
  const std::string& previous = statements.at(id).previous;
  if (!previous.empty()) figures.opening = FiguresOf(previous).closing;
  figures.closing = figures.opening;
  for (const Booking& booking : bookings) {
    if (booking.statement != id) continue;
    Add(figures.sums[booking.kind], booking.amount);
    Add(figures.closing, booking.amount, SignOf(booking.kind));
  }
  return figures;
}

FenByBudget Model::FenOfStatement(const std::string& id) const {
  FenByBudget sum;
  const std::string& previous = statements.at(id).previous;
  if (!previous.empty()) sum = FenOfStatement(previous);
  for (const Booking& booking : bookings) {
    if (booking.statement == id) Add(sum, booking.fen);
  }
  return sum;
}

std::string Model::InWords(const std::string& id) const {
  return id + " " + Words(FiguresOf(id)) + " by " + Words(FenOfStatement(id));
}

std::optional<int64_t> Model::ClosesAt(const Context& at) const {
  const v1::MallRule* mall = MallOf(at.today);
  if (mall == nullptr || !mall->has_statement_close_days()) return std::nullopt;
  return StartOf(at.today + static_cast<int>(mall->statement_close_days()));
}

Reasons Model::Do(const Context& at, const v1::OpenStatement& c) {
  Reasons reasons;
  const auto need = [&](bool holds, v1::Refusal reason) {
    if (!holds) reasons.insert(reason);
  };
  need(statements.count(c.statement_id()) == 0, v1::REFUSAL_STATEMENT_EXISTS);
  if (merchants.count(c.merchant_id()) == 0) {
    need(false, v1::REFUSAL_MERCHANT_UNKNOWN);
    return reasons;
  }
  const std::string newest = NewestOf(c.merchant_id());
  if (!newest.empty()) {
    const Statement& before = statements.at(newest);
    need(before.through.has_value(), v1::REFUSAL_MERCHANT_OFFBOARDED);
    need(before.state != StatementState::kOpen && before.state != StatementState::kObjected,
         v1::REFUSAL_PREVIOUS_STATEMENT_OPEN);
  }
  std::optional<int> through;
  if (c.final()) {
    need(IsOver(at, c.merchant_id()), v1::REFUSAL_MERCHANT_STILL_HERE);
    need(Reckon().open_at[c.merchant_id()] == 0, v1::REFUSAL_ORDERS_OPEN);
  } else {
    through = MonthNumber(c.through_month());
    need(closed_through && *through <= *closed_through, v1::REFUSAL_PERIOD_NOT_CLOSED);
    need(newest.empty() || !statements.at(newest).through ||
             *statements.at(newest).through < *through,
         v1::REFUSAL_STATEMENT_OVERLAPS);
  }
  if (!reasons.empty()) return reasons;

  for (Booking& booking : bookings) {
    if (booking.merchant != c.merchant_id() || !booking.statement.empty()) continue;
    const bool of_month = booking.kind == Booking::kConfirmed || booking.kind == Booking::kRefunded;
    if (of_month && through && booking.month > *through) continue;
    booking.statement = c.statement_id();
  }
  if (!newest.empty() && statements.at(newest).state == StatementState::kClosed) {
    statements.at(newest).state = StatementState::kCarriedForward;
  }
  statements[c.statement_id()] = {statements.size(),
                                  c.merchant_id(),
                                  StatementState::kOpen,
                                  through,
                                  newest,
                                  ClosesAt(at),
                                  at.now_us,
                                  ""};
  Emit(at, v1::Event::kStatementOpened, {},
       InWords(c.statement_id()) + " after " + newest + " closes " +
           std::to_string(ClosesAt(at).value_or(0)));
  return {};
}

Reasons Model::Do(const Context& at, const v1::ObjectStatement& c) {
  const auto found = statements.find(c.statement_id());
  if (found == statements.end()) return {v1::REFUSAL_STATEMENT_UNKNOWN};
  Statement& statement = found->second;
  if (statement.state == StatementState::kObjected) return {v1::REFUSAL_STATEMENT_OBJECTED};
  if (statement.state != StatementState::kOpen) return {v1::REFUSAL_STATEMENT_NOT_OPEN};
  statement.state = StatementState::kObjected;
  Emit(at, v1::Event::kStatementObjected, {}, statement.merchant);
  return {};
}

Reasons Model::Do(const Context& at, const v1::ResolveObjection& c) {
  const auto found = statements.find(c.statement_id());
  if (found == statements.end()) return {v1::REFUSAL_STATEMENT_UNKNOWN};
  Statement& statement = found->second;
  if (statement.state != StatementState::kObjected) return {v1::REFUSAL_STATEMENT_NOT_OBJECTED};
  statement.state = StatementState::kOpen;
  statement.closes_us = ClosesAt(at);
  Emit(at, v1::Event::kObjectionResolved, {},
       statement.merchant + " closes " + std::to_string(statement.closes_us.value_or(0)));
  return {};
}

Reasons Model::Do(const Context& at, const v1::CloseStatement& c) {
  const auto found = statements.find(c.statement_id());
  if (found == statements.end()) return {v1::REFUSAL_STATEMENT_UNKNOWN};
  Statement& statement = found->second;
  if (statement.state == StatementState::kObjected) return {v1::REFUSAL_STATEMENT_OBJECTED};
  if (statement.state != StatementState::kOpen) return {v1::REFUSAL_STATEMENT_NOT_OPEN};
  statement.state = StatementState::kClosed;
  Emit(at, v1::Event::kStatementClosed, {}, InWords(c.statement_id()));
  return {};
}

void Model::CloseByItself(const std::string& id, int64_t now_us) {
  static const Ask kNobody;
  statements.at(id).state = StatementState::kClosed;
  Emit({kNobody, now_us, DayOf(now_us)}, v1::Event::kStatementClosed, {}, InWords(id),
       statements.at(id).closes_us);
}

// Why a statement can't be settled now.
Reasons Model::UnsettledFaults(const std::string& id) const {
  if (statements.count(id) == 0) return {v1::REFUSAL_STATEMENT_UNKNOWN};
  switch (statements.at(id).state) {
    case StatementState::kOpen:
    case StatementState::kObjected:
      return {v1::REFUSAL_STATEMENT_NOT_CLOSED};
    case StatementState::kPaid:
    case StatementState::kWrittenOff:
      return {v1::REFUSAL_STATEMENT_SETTLED};
    case StatementState::kCarriedForward:
      return {v1::REFUSAL_STATEMENT_CARRIED_FORWARD};
    case StatementState::kClosed:
      return {};
  }
  std::abort();
}

Reasons Model::Do(const Context& at, const v1::RecordPayment& c) {
  Reasons reasons = UnsettledFaults(c.statement_id());
  if (!reasons.empty()) return reasons;
  Statement& statement = statements.at(c.statement_id());
  const Amount due = FiguresOf(c.statement_id()).closing;
  if (due.units < 0 || due.fen < 0 || (due.units == 0 && due.fen == 0)) {
    reasons.insert(v1::REFUSAL_NOTHING_TO_PAY);
  }
  if (static_cast<int64_t>(c.fen()) != due.fen) reasons.insert(v1::REFUSAL_AMOUNT_DIFFERS);
  if (!reasons.empty()) return reasons;
  const FenByBudget fen = FenOfStatement(c.statement_id());
  for (const auto& [key, part] : fen) {
    budgets.at(key).owed -= part;
    budgets.at(key).paid += part;
  }
  settled_units += due.units;
  bookings.push_back({Booking::kPaid, statement.merchant, 0, due, Minus(fen), ""});
  statement.state = StatementState::kPaid;
  statement.reference = c.reference();
  Emit(at, v1::Event::kPaymentRecorded, {}, statement.merchant + Words(due) + Words(fen));
  return {};
}

Reasons Model::Do(const Context& at, const v1::ReversePayment& c) {
  if (statements.count(c.statement_id()) == 0) return {v1::REFUSAL_STATEMENT_UNKNOWN};
  Statement& statement = statements.at(c.statement_id());
  if (statement.state != StatementState::kPaid) return {v1::REFUSAL_STATEMENT_NOT_PAID};
  const Amount due = FiguresOf(c.statement_id()).closing;
  const FenByBudget fen = FenOfStatement(c.statement_id());
  for (const auto& [key, part] : fen) {
    budgets.at(key).owed += part;
    budgets.at(key).paid -= part;
  }
  settled_units -= due.units;
  bookings.push_back({Booking::kReversed, statement.merchant, 0, due, fen, ""});
  statement.state = NewestOf(statement.merchant) == c.statement_id()
                        ? StatementState::kClosed
                        : StatementState::kCarriedForward;
  Emit(at, v1::Event::kPaymentReversed, {}, statement.merchant + Words(due) + Words(fen));
  return {};
}

Reasons Model::Do(const Context& at, const v1::ClosePeriod& c) {
  const int month = *MonthNumber(c.month());
  Reasons reasons;
  if (closed_through && month <= *closed_through) reasons.insert(v1::REFUSAL_PERIOD_CLOSED);
  if (at.today < FirstDayOf(month + 1)) reasons.insert(v1::REFUSAL_PERIOD_NOT_OVER);
  if (!reasons.empty()) return reasons;
  Emit(at, v1::Event::kPeriodClosed, {}, std::to_string(month));
  closed_through = month;
  return {};
}

Reasons Model::Allocate(const Context& at, const v1::AllocateBudget& c) {
  const BudgetKey key(static_cast<int>(c.year()), c.source());
  if (budgets.count(key) == 0 && c.fen() < 0) return {v1::REFUSAL_BUDGET_UNKNOWN};
  const int64_t used = budgets[key].allocated - LeftIn(key);
  Budget& budget = budgets[key];
  budget.allocated += c.fen();
  Reasons reasons;
  if (c.fen() < 0 && budget.allocated < std::max<int64_t>(0, used)) {
    reasons.insert(v1::REFUSAL_BUDGET_EXHAUSTED);
  }
  if (budget.allocated > kAllocatedFenMax) reasons.insert(v1::REFUSAL_AMOUNT_OVERFLOW);
  if (!reasons.empty()) return reasons;
  if (c.has_warn_percent()) budget.warn_percent = c.warn_percent();
  budget.warned = false;
  Emit(at, v1::Event::kBudgetAllocated, {}, std::to_string(budget.allocated));
  return {};
}

Reasons Model::WriteOff(const Context& at, const v1::WriteOff& c) {
  if (statements.count(c.statement_id()) == 0) return {v1::REFUSAL_STATEMENT_UNKNOWN};
  const StatementState state = statements.at(c.statement_id()).state;
  return state == StatementState::kOpen || state == StatementState::kObjected
             ? WriteOffLine(at, c)
             : WriteOffWhole(at, c);
}

// One more line of an open statement.
Reasons Model::WriteOffLine(const Context& at, const v1::WriteOff& c) {
  const std::string& merchant = statements.at(c.statement_id()).merchant;
  const Amount amount{c.amounts().units(), c.amounts().fen()};
  FenByBudget fen;
  if (amount.fen != 0) {
    if (!c.has_budget()) return {v1::REFUSAL_FIELD_MISSING};
    const BudgetKey key(static_cast<int>(c.budget().year()), c.budget().source());
    if (budgets.count(key) == 0) return {v1::REFUSAL_BUDGET_UNKNOWN};
    if (LeftIn(key) < -amount.fen) return {v1::REFUSAL_BUDGET_EXHAUSTED};
    budgets.at(key).owed -= amount.fen;
    fen[key] = amount.fen;
  }
  written_off_units += amount.units;
  bookings.push_back({Booking::kWrittenOff, merchant, 0, amount, Minus(fen), c.statement_id()});
  Emit(at, v1::Event::kPayableWrittenOff, {}, merchant + Words(fen));
  return {};
}

// All that a closed statement comes to.
Reasons Model::WriteOffWhole(const Context& at, const v1::WriteOff& c) {
  Reasons reasons = UnsettledFaults(c.statement_id());
  if (!reasons.empty()) return reasons;
  Statement& statement = statements.at(c.statement_id());
  const Amount due = FiguresOf(c.statement_id()).closing;
  if (Amount{c.amounts().units(), c.amounts().fen()} != due) {
    reasons.insert(v1::REFUSAL_AMOUNT_DIFFERS);
  }
  if (c.has_budget()) reasons.insert(v1::REFUSAL_FIELD_INVALID);
  const FenByBudget fen = FenOfStatement(c.statement_id());
  for (const auto& [key, part] : fen) {
    if (part < 0 && LeftIn(key) < -part) reasons.insert(v1::REFUSAL_BUDGET_EXHAUSTED);
  }
  if (!reasons.empty()) return reasons;
  for (const auto& [key, part] : fen) budgets.at(key).owed -= part;
  written_off_units += due.units;
  bookings.push_back({Booking::kWrittenOff, statement.merchant, 0, due, Minus(fen), ""});
  statement.state = StatementState::kWrittenOff;
  Emit(at, v1::Event::kPayableWrittenOff, {}, statement.merchant + Words(fen) + " settles");
  return {};
}

}  // namespace meritbook::model
