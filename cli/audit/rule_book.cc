#include "cli/audit/rule_book.h"

#include "cli/audit/lot_book.h"
#include "cli/audit/zone_days.h"

namespace meritbook::audit {

Rate Rule::RateOf(const Category& category) const {
  return category.ordinal < rates.size() ? rates[category.ordinal] : Rate{};
}

const AwardTerms* Rule::TermsOf(const Award& award) const {
  for (const AwardTerms& terms : awards) {
    if (terms.award == &award) return &terms;
  }
  return nullptr;
}

int32_t Rule::LastDayOf(int32_t service_day) const {
  switch (expiry) {
    case v1::ExpiryRule::kRollingMonths:
      return MonthsLaterMonthEnd(service_day, expiry_span);
    case v1::ExpiryRule::kYearEndGraceDays:
      return LastOfYear(service_day) + static_cast<int32_t>(expiry_span);
    case v1::ExpiryRule::kNever:
    case v1::ExpiryRule::POLICY_NOT_SET:  // told when it was published
      return kNeverLapses;
  }
  return kNeverLapses;
}

const Rule* RuleBook::InForce(int32_t day) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->effective_day <= day) return &*rule;
  }
  return nullptr;
}

const Rule* RuleBook::Version(uint32_t version) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->version == version) return &*rule;
  }
  return nullptr;
}

}  // namespace meritbook::audit
