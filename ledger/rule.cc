#include "ledger/rule.h"

#include "ledger/check.h"

namespace meritbook {

Rule::Rule(uint32_t rule_version, const v1::PublishRule& rule)
    : version(rule_version), published(rule) {
  const auto day = ParseDay(published.effective_from_day());
  MB_CHECK(day.has_value());
  effective_from = *day;
  for (const v1::CategoryRate& rate : published.earning().rates()) {
    rates[rate.category()] = {rate.points_per_hour(), rate.percentage()};
  }
}

DayNumber Rule::ExpiryOf(DayNumber service_day, DayNumber today) const {
  const v1::ExpiryRule& expiry = published.expiry();
  const DayNumber from = expiry.from_crediting() ? today : service_day;
  switch (expiry.policy_case()) {
    case v1::ExpiryRule::kRollingMonths:
      return MonthEndAfter(from, expiry.rolling_months());
    case v1::ExpiryRule::kYearEndGraceDays:
      return YearEnd(from) + static_cast<DayNumber>(expiry.year_end_grace_days());
    case v1::ExpiryRule::kNever:
    case v1::ExpiryRule::POLICY_NOT_SET:
      break;
  }
  return kNeverExpires;
}

const v1::AwardRate* Rule::FindAward(std::string_view award) const {
  for (const v1::AwardRate& rate : published.earning().awards()) {
    if (rate.award() == award) return &rate;
  }
  return nullptr;
}

const Rule* RuleOn(const std::vector<Rule>& rules, DayNumber service_day) {
  for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {
    if (rule->effective_from <= service_day) return &*rule;
  }
  return nullptr;
}

}  // namespace meritbook
