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

MaybeViolation CheckAwards(const v1::EarningRule& earning) {
  if (auto violation = RequireRange("awards", earning.awards_size(), {0, 64})) return violation;
  std::set<std::string_view> awards;
  for (const v1::AwardRate& award : earning.awards()) {
    if (auto violation = RequireId("award", award.award())) return violation;
    if (auto violation = RequireRange("points_max", award.points_max(), {1, 1'000'000})) {
      return violation;
    }
    if (auto violation = RequireRange("times_per_year", award.times_per_year(), {1, 366})) {
      return violation;
    }
    if (!awards.insert(award.award()).second) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE,
                       Text("awards: ", award.award(), " stands twice")};
    }
  }
  return std::nullopt;
}

// The limits on minutes, all but the backdating window.
MaybeViolation CheckCaps(const v1::EarningRule& earning) {
  if (auto violation = RequireRange("credited_minutes_per_day", earning.credited_minutes_per_day(),
                                    {1, 1'440})) {
    return violation;
  }
  if (auto violation =
          RequireRange("auto_minutes_per_day", earning.auto_minutes_per_day(), {0, 1'440})) {
    return violation;
  }
  if (earning.has_credited_minutes_per_month()) {
    if (auto violation = RequireRange("credited_minutes_per_month",
                                      earning.credited_minutes_per_month(), {1, 44'640})) {
      return violation;
    }
  }
  if (!earning.has_credited_minutes_per_activity()) return std::nullopt;
  return RequireRange("credited_minutes_per_activity", earning.credited_minutes_per_activity(),
                      {1, 10'000'000});
}

MaybeViolation CheckReview(const v1::ReviewRule& review) {
  if (auto violation =
          RequireRange("late_submission_days", review.late_submission_days(), {0, 3'660})) {
    return violation;
  }
  if (auto violation = RequireRange("revocation_points_max", review.revocation_points_max(),
                                    {0, 1'000'000'000})) {
    return violation;
  }
  return RequireRange("late_correction_days", review.late_correction_days(), {0, 3'660});
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

MaybeViolation CheckMall(const v1::PublishRule& command) {
  uint32_t before = 0;
  for (const uint32_t hours : command.star_hours()) {
    if (auto violation = RequireRange("star_hours", hours, {int64_t{before} + 1, 100'000})) {
      return violation;
    }
    before = hours;
  }
  if (!command.has_mall()) return std::nullopt;
  const v1::MallRule& mall = command.mall();
  struct Part {
    std::string_view field;
    bool present;
    int64_t value;
    Range range;
  };
  const Part parts[] = {
      {"hold_seconds_max", true, mall.hold_seconds_max(), {10, 604'800}},
      {"voucher_days_max", mall.has_voucher_days_max(), mall.voucher_days_max(), {1, 366}},
      {"offline_grace_minutes", true, mall.offline_grace_minutes(), {0, 44'640}},
      {"refund_days", mall.has_refund_days(), mall.refund_days(), {0, 3'660}},
      {"volunteer_orders_per_day",
       mall.has_volunteer_orders_per_day(),
       mall.volunteer_orders_per_day(),
       {1, 1'000}},
      {"volunteer_points_per_day",
       mall.has_volunteer_points_per_day(),
       mall.volunteer_points_per_day(),
       {1, 1'000'000'000}},
      {"merchant_orders_per_day",
       mall.has_merchant_orders_per_day(),
       mall.merchant_orders_per_day(),
       {1, 1'000'000}},
      {"open_amount_fen_per_point",
       mall.has_open_amount_fen_per_point(),
       mall.open_amount_fen_per_point(),
       {0, 10'000}},
      {"statement_close_days",
       mall.has_statement_close_days(),
       mall.statement_close_days(),
       {1, 366}},
  };
  for (const Part& part : parts) {
    if (!part.present) continue;
    if (auto violation = RequireRange(part.field, part.value, part.range)) return violation;
  }
  return std::nullopt;
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
  if (auto violation = CheckCaps(earning)) return violation;
  if (auto violation = RequireRange("backdating_days", earning.backdating_days(), {0, 3'660})) {
    return violation;
  }
  if (auto violation = RequireRange("maturity_days", earning.maturity_days(), {0, 366})) {
    return violation;
  }
  if (auto violation = CheckAwards(earning)) return violation;
  if (auto violation = CheckReview(command.review())) return violation;
  if (auto violation = CheckMall(command)) return violation;
  if (auto violation = RequireRange("grace_days", command.expiry().grace_days(), {0, 366})) {
    return violation;
  }
  return CheckExpiry(command.expiry());
}

}  // namespace

MaybeViolation TakeRulePublished(Taking& taking, const v1::RulePublished& body) {
  Books& books = taking.books;
  auto violation = CheckRule(books, body);
  const v1::PublishRule& command = body.command();
  Rule rule;
  rule.version = body.rule_version();
  rule.effective_day = DayFromText(command.effective_from_day()).value_or(0);
  const v1::EarningRule& earning = command.earning();
  rule.unit_minutes = earning.recording_unit_minutes();
  rule.cap_minutes_per_day = earning.credited_minutes_per_day();
  rule.backdating_days = earning.backdating_days();
  rule.auto_minutes_per_day = earning.auto_minutes_per_day();
  rule.maturity_days = earning.maturity_days();
  if (earning.has_credited_minutes_per_month()) {
    rule.cap_minutes_per_month = earning.credited_minutes_per_month();
  }
  if (earning.has_credited_minutes_per_activity()) {
    rule.cap_minutes_per_activity = earning.credited_minutes_per_activity();
  }
  rule.backfill_earns = earning.backfill_earns();
  const v1::ReviewRule& review = command.review();
  if (review.has_late_submission_days()) {
    rule.late_submission_days = review.late_submission_days();
  }
  if (review.has_revocation_points_max()) {
    rule.revocation_points_max = review.revocation_points_max();
  }
  if (review.has_late_correction_days()) {
    rule.late_correction_days = review.late_correction_days();
  }
  rule.expiry_from_crediting = command.expiry().from_crediting();
  rule.grace_days = command.expiry().grace_days();
  if (command.has_mall()) rule.mall = command.mall();
  rule.expiry = command.expiry().policy_case();
  if (rule.expiry == v1::ExpiryRule::kRollingMonths) {
    rule.expiry_span = command.expiry().rolling_months();
  } else if (rule.expiry == v1::ExpiryRule::kYearEndGraceDays) {
    rule.expiry_span = command.expiry().year_end_grace_days();
  }
  for (const v1::CategoryRate& rate : earning.rates()) {
    const uint64_t category = books.categories.FindOrAdd(rate.category()).ordinal;
    if (rule.rates.size() <= category) rule.rates.resize(category + 1);
    rule.rates[category] = {rate.points_per_hour(), rate.percentage()};
  }
  for (const v1::AwardRate& award : earning.awards()) {
    rule.awards.push_back(
        {&books.awards.FindOrAdd(award.award()), award.points_max(), award.times_per_year()});
  }
  books.rules.Publish(std::move(rule));
  return violation;
}

}  // namespace meritbook::audit
