// Rules.
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "cli/audit/body.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

MaybeViolation CheckRates(const v1::EarningRule& earning) {
  if (auto violation = RequireRange("rates", earning.rates_size(), {1, 256})) return violation;
  std::set<std::string_view> categories;
  for (const v1::CategoryRate& rate : earning.rates()) {
    if (auto violation = RequireId("category", rate.category())) return violation;
    if (auto violation = RequireRange("points_per_hour", rate.points_per_hour(), {1, 10'000})) {
      return violation;
    }
    if (auto violation = RequireRange("percentage", rate.percentage(), {1, 1'000})) {
      return violation;
    }
    if (!categories.insert(rate.category()).second) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE,
                       Text("rates: category ", rate.category(), " stands twice")};
    }
  }
  return std::nullopt;
}

MaybeViolation CheckExpiry(const v1::ExpiryRule& expiry) {
  switch (expiry.policy_case()) {
    case v1::ExpiryRule::kNever:
      return std::nullopt;
    case v1::ExpiryRule::kRollingMonths:
      return RequireRange("rolling_months", expiry.rolling_months(), {1, 1'200});
    case v1::ExpiryRule::kYearEndGraceDays:
      return RequireRange("year_end_grace_days", expiry.year_end_grace_days(), {0, 366});
    case v1::ExpiryRule::POLICY_NOT_SET:
      break;
  }
  return Violation{Invariant::VALUE_OUT_OF_RANGE, "expiry: expected a policy, found none"};
}

MaybeViolation CheckRule(const Books& books, const v1::RulePublished& published) {
  const v1::PublishRule& command = published.command();
  const Rule* newest = books.rules.Newest();
  const uint32_t version = newest == nullptr ? 1 : newest->version + 1;
  if (published.rule_version() != version) {
    return Violation{Invariant::RULE_VERSION_WRONG,
                     Text("expected version ", version, ", found ", published.rule_version())};
  }
  const auto day = DayFromText(command.effective_from_day());
  if (!day) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     "effective_from_day: expected a day as YYYY-MM-DD"};
  }
  if (newest != nullptr && *day < newest->effective_day) {
    return Violation{Invariant::RULE_BACKDATED,
                     Text("in force from ", DayText(*day), ", before version ", newest->version,
                          " from ", DayText(newest->effective_day))};
  }
  const v1::EarningRule& earning = command.earning();
  if (auto violation = CheckRates(earning)) return violation;
  const uint32_t unit_minutes = earning.recording_unit_minutes();
  if (unit_minutes != 1 && unit_minutes != 15 && unit_minutes != 30) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     Text("recording_unit_minutes: expected 1, 15 or 30, found ", unit_minutes)};
  }
  if (auto violation = RequireRange("credited_minutes_per_day", earning.credited_minutes_per_day(),
                                    {1, 1'440})) {
    return violation;
  }
  if (auto violation = RequireRange("backdating_days", earning.backdating_days(), {0, 3'660})) {
    return violation;
  }
  return CheckExpiry(command.expiry());
}

}  // namespace

MaybeViolation TakeRulePublished(Books& books, const v1::RulePublished& published) {
  auto violation = CheckRule(books, published);
  const v1::PublishRule& command = published.command();
  Rule rule;
  rule.version = published.rule_version();
  rule.effective_day = DayFromText(command.effective_from_day()).value_or(0);
  rule.unit_minutes = command.earning().recording_unit_minutes();
  rule.cap_minutes_per_day = command.earning().credited_minutes_per_day();
  rule.backdating_days = command.earning().backdating_days();
  rule.expiry = command.expiry().policy_case();
  if (rule.expiry == v1::ExpiryRule::kRollingMonths) {
    rule.expiry_span = command.expiry().rolling_months();
  } else if (rule.expiry == v1::ExpiryRule::kYearEndGraceDays) {
    rule.expiry_span = command.expiry().year_end_grace_days();
  }
  for (const v1::CategoryRate& rate : command.earning().rates()) {
    const uint64_t category = books.categories.FindOrAdd(rate.category()).ordinal;
    if (rule.rates.size() <= category) rule.rates.resize(category + 1);
    rule.rates[category] = {rate.points_per_hour(), rate.percentage()};
  }
  books.rules.Publish(std::move(rule));
  return violation;
}

}  // namespace meritbook::audit
