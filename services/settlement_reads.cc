#include "services/settlement_reads.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "ledger/mall.h"
#include "ledger/text.h"
#include "services/mall_reads.h"
#include "services/reads.h"

namespace meritbook {
namespace {

constexpr size_t kPage = 100;
constexpr size_t kPageMax = 1'024;

v1::StatementState StateOf(StatementState state) {
  switch (state) {
    case StatementState::kOpen:
      return v1::STATEMENT_STATE_OPEN;
    case StatementState::kObjected:
      return v1::STATEMENT_STATE_OBJECTED;
    case StatementState::kClosed:
      return v1::STATEMENT_STATE_CLOSED;
    case StatementState::kPaid:
      return v1::STATEMENT_STATE_PAID;
    case StatementState::kWrittenOff:
      return v1::STATEMENT_STATE_WRITTEN_OFF;
    case StatementState::kCarriedForward:
      return v1::STATEMENT_STATE_CARRIED_FORWARD;
  }
  return v1::STATEMENT_STATE_UNSPECIFIED;
}

void FillStatement(const State& state, const Statement& statement, v1::StatementView* out) {
  out->set_statement_id(statement.id);
  out->set_merchant_id(state.merchants()[statement.merchant].id);
  out->set_state(StateOf(statement.state));
  if (statement.through) out->set_through_month(FormatMonth(*statement.through));
  out->set_final(statement.final());
  SetFigures(statement.amounts, out->mutable_figures());
  SetByBudget(state, statement.by_budget, out->mutable_by_budget());
  if (statement.previous != kNoIndex) {
    out->set_previous_statement_id(state.statements()[statement.previous].id);
  }
  out->set_opened_us(statement.opened_us);
  if (statement.open()) out->set_closes_us(statement.closes_us);
  out->set_payment_reference(statement.payment_reference);
  out->set_opened_sequence(statement.sequence);
}

// Statements in the order in which they are listed; of one merchant, or of all.
class NewestFirst {
 public:
  NewestFirst(const State& state, std::optional<uint32_t> merchant)
      : state_(state), merchant_(merchant) {}

  uint32_t First() const {
    if (merchant_) return state_.merchants()[*merchant_].newest_statement;
    const auto count = static_cast<uint32_t>(state_.statements().size());
    return count == 0 ? kNoIndex : count - 1;
  }
  uint32_t After(uint32_t index) const {
    if (merchant_) return state_.statements()[index].previous;
    return index == 0 ? kNoIndex : index - 1;
  }
  bool Has(uint64_t index) const {
    if (index >= state_.statements().size()) return false;
    return !merchant_ || state_.statements()[static_cast<uint32_t>(index)].merchant == *merchant_;
  }

 private:
  const State& state_;
  const std::optional<uint32_t> merchant_;
};

}  // namespace

std::optional<Refused> ReadStatement(const State& state, const Caller& caller,
                                     const v1::GetStatementRequest& request,
                                     v1::GetStatementResponse* response) {
  if (auto refused = CheckMinSize(state, request.min_size())) return refused;
  const Statement* statement = state.statements().Find(request.statement_id());
  if (statement == nullptr) {
    return NotFound(v1::REFUSAL_STATEMENT_UNKNOWN, "statement_id", request.statement_id());
  }
  const std::string& merchant_id = state.merchants()[statement->merchant].id;
  if (auto refused = CheckOwnMerchant(caller, merchant_id, "statement_id")) return refused;
  FillStatement(state, *statement, response->mutable_statement());
  response->set_size(state.size());
  return std::nullopt;
}

std::optional<Refused> ReadStatements(const State& state, const Caller& caller,
                                      const v1::ListStatementsRequest& request,
                                      v1::ListStatementsResponse* response) {
  const PageSize page = PageSizeOf(request.page_size(), kPage, kPageMax);
  if (page.refused) return page.refused;
  auto filter = FilterOf(state, caller, request.merchant_id());
  if (auto* refused = std::get_if<Refused>(&filter)) return std::move(*refused);
  const NewestFirst list(state, std::get<std::optional<uint32_t>>(filter));
  uint32_t next = list.First();
  if (!request.page_token().empty()) {
    const auto token = ParsePageToken(request.page_token());
    if (!token || !list.Has(token->first)) return BadPageToken();
    next = static_cast<uint32_t>(token->first);
  }
  response->set_size(state.size());
  for (size_t bytes = 0; next != kNoIndex; next = list.After(next)) {
    const size_t filled = static_cast<size_t>(response->statements_size());
    if (filled == page.items || bytes >= kPageBytesMax) {
      response->set_next_page_token(Text(next));
      break;
    }
    v1::StatementView* view = response->add_statements();
    FillStatement(state, state.statements()[next], view);
    bytes += view->ByteSizeLong();
  }
  return std::nullopt;
}

std::optional<Refused> ReadBudgets(const State& state, const v1::ListBudgetsRequest& request,
                                   v1::ListBudgetsResponse* response) {
  if (auto refused = CheckMinSize(state, request.min_size())) return refused;
  std::vector<const Budget*> budgets;
  for (uint32_t i = 0; i < state.budgets().size(); ++i) budgets.push_back(&state.budgets()[i]);
  std::sort(budgets.begin(), budgets.end(), [](const Budget* a, const Budget* b) {
    return std::tuple(a->name.year(), std::string_view(a->name.source())) <
           std::tuple(b->name.year(), std::string_view(b->name.source()));
  });
  for (const Budget* budget : budgets) {
    v1::BudgetView* view = response->add_budgets();
    *view->mutable_budget() = budget->name;
    view->set_allocated_fen(static_cast<uint64_t>(budget->allocated_fen));
    view->set_reserved_fen(static_cast<uint64_t>(budget->reserved_fen));
    view->set_owed_fen(budget->owed_fen);
    view->set_paid_fen(static_cast<uint64_t>(budget->paid_fen));
    view->set_warn_percent(budget->warn_percent);
    view->set_warned(budget->warned);
  }
  const auto& closed_through = state.ledger().closed_through;
  if (closed_through) response->set_closed_through_month(FormatMonth(*closed_through));
  response->set_size(state.size());
  return std::nullopt;
}

}  // namespace meritbook
