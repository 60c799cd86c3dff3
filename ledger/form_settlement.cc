// The form of what budgets and statements are about.
#include "ledger/form_check.h"

namespace meritbook {
namespace {

constexpr int64_t kYearMin = 1970;
constexpr int64_t kYearMax = 9999;

MaybeRefused CheckBudget(const v1::BudgetName& budget) {
  return FirstOf(CHECK_FORM(Id("budget.source", budget.source())),
                 CHECK_FORM(InRange("budget.year", budget.year(), kYearMin, kYearMax)));
}

// ObjectStatement and its like.
template <typename StatementCommand>
MaybeRefused CheckReasoned(const StatementCommand& c) {
  return FirstOf(CHECK_FORM(Id("statement_id", c.statement_id())),
                 CHECK_FORM(Id("reason_code", c.reason_code())));
}

}  // namespace

MaybeRefused CheckForm(const v1::AllocateBudget& c) {
  if (auto refused = FirstOf(CHECK_FORM(Id("source", c.source())),
                             CHECK_FORM(InRange("year", c.year(), kYearMin, kYearMax)))) {
    return refused;
  }
  if (c.fen() == 0) return Missing("fen");
  return FirstOf(
      CHECK_FORM(InRange("fen", c.fen(), -kBudgetFenMax, kBudgetFenMax)),
      CHECK_FORM(InRangeIf(c.has_warn_percent(), "warn_percent", c.warn_percent(), 1, 100)));
}

MaybeRefused CheckForm(const v1::OpenStatement& c) {
  if (auto refused = FirstOf(CHECK_FORM(Id("statement_id", c.statement_id())),
                             CHECK_FORM(Id("merchant_id", c.merchant_id())))) {
    return refused;
  }
  if (!c.final()) return Month("through_month", c.through_month());
  if (c.through_month().empty()) return std::nullopt;
  return Contradicts("through_month", "a final statement has everything");
}

MaybeRefused CheckForm(const v1::ObjectStatement& c) { return CheckReasoned(c); }
MaybeRefused CheckForm(const v1::ResolveObjection& c) { return CheckReasoned(c); }
MaybeRefused CheckForm(const v1::CloseStatement& c) { return Id("statement_id", c.statement_id()); }

MaybeRefused CheckForm(const v1::RecordPayment& c) {
  return FirstOf(CHECK_FORM(Id("statement_id", c.statement_id())),
                 CHECK_FORM(Id("reference", c.reference())));
}

MaybeRefused CheckForm(const v1::ReversePayment& c) { return CheckReasoned(c); }

MaybeRefused CheckForm(const v1::WriteOff& c) {
  if (auto refused = Id("statement_id", c.statement_id())) return refused;
  const v1::Amounts& amounts = c.amounts();
  if (amounts.units() == 0 && amounts.fen() == 0) return Missing("amounts");
  if (auto refused = FirstOf(
          CHECK_FORM(
              InRange("amounts.units", amounts.units(), -kOpeningUnitsMax, kOpeningUnitsMax)),
          CHECK_FORM(InRange("amounts.fen", amounts.fen(), -kBudgetFenMax, kBudgetFenMax)))) {
    return refused;
  }
  if (c.has_budget()) {
    if (amounts.fen() == 0) return Contradicts("budget", "no fen go back to a budget");
    if (auto refused = CheckBudget(c.budget())) return refused;
  }
  return Id("reason_code", c.reason_code());
}

MaybeRefused CheckForm(const v1::ClosePeriod& c) { return Month("month", c.month()); }

}  // namespace meritbook
