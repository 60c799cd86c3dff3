// Owns: the rules published so far, and which of them governs a day of service.
// Promises: rules in the order of the log; one that was found stays valid until the next
// publication. Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_RULE_BOOK_H_
#define MERITBOOK_CLI_AUDIT_RULE_BOOK_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "cli/audit/register.h"
#include "meritbook/v1/rule.pb.h"

namespace meritbook::audit {

// A category of service; rules and activities name it.
struct Category : Registered {};

struct Rate {
  uint32_t points_per_hour = 0;  // 0: the category has no rate
  uint32_t percentage = 0;
};

// An act that has no hours; rules and records name it.
struct Award : Registered {};

struct AwardTerms {
  const Award* award = nullptr;
  uint32_t points_max = 0;
  uint32_t times_per_year = 0;
};

struct Rule {
  uint32_t version = 0;
  int32_t effective_day = 0;
  uint32_t unit_minutes = 1;
  uint32_t cap_minutes_per_day = 0;
  uint32_t backdating_days = 0;
  v1::ExpiryRule::PolicyCase expiry = v1::ExpiryRule::POLICY_NOT_SET;
  uint32_t expiry_span = 0;  // months or days, by `expiry`
  bool expiry_from_crediting = false;
  uint32_t grace_days = 0;
  uint32_t auto_minutes_per_day = 0;
  uint32_t maturity_days = 0;
  std::optional<uint32_t> cap_minutes_per_month;
  std::optional<uint32_t> cap_minutes_per_activity;
  bool backfill_earns = false;
  std::optional<uint32_t> late_submission_days;
  std::optional<uint32_t> revocation_points_max;
  std::optional<uint32_t> late_correction_days;
  std::optional<v1::MallRule> mall;
  std::vector<Rate> rates;  // by the category's ordinal
  std::vector<AwardTerms> awards;

  Rate RateOf(const Category& category) const;
  // Nothing where the rule doesn't have the award.
  const AwardTerms* TermsOf(const Award& award) const;
  // Last day of units earned on a day; kNeverLapses where they don't lapse.
  int32_t LastDayOf(int32_t service_day) const;
};

class RuleBook {
 public:
  void Publish(Rule rule) { rules_.push_back(std::move(rule)); }
  // The newest that is in force on the day; nothing when there is none.
  const Rule* InForce(int32_t day) const;
  // Nothing where no rule has the version.
  const Rule* Version(uint32_t version) const;
  // Nothing before the first publication.
  const Rule* Newest() const { return rules_.empty() ? nullptr : &rules_.back(); }

 private:
  std::vector<Rule> rules_;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_RULE_BOOK_H_
