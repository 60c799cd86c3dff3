// Owns: the rules published so far, and which of them governs a day of service.
// Promises: rules in the order of the log; one that was found stays valid until the next
// publication. Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_RULE_BOOK_H_
#define MERITBOOK_CLI_AUDIT_RULE_BOOK_H_

#include <cstdint>
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

struct Rule {
  uint32_t version = 0;
  int32_t effective_day = 0;
  uint32_t unit_minutes = 1;
  uint32_t cap_minutes_per_day = 0;
  uint32_t backdating_days = 0;
  v1::ExpiryRule::PolicyCase expiry = v1::ExpiryRule::POLICY_NOT_SET;
  uint32_t expiry_span = 0;  // months or days, by `expiry`
  std::vector<Rate> rates;   // by the category's ordinal

  Rate RateOf(const Category& category) const;
  // Last day of units earned on a day; kNeverLapses where they don't lapse.
  int32_t LastDayOf(int32_t service_day) const;
};

class RuleBook {
 public:
  void Publish(Rule rule) { rules_.push_back(std::move(rule)); }
  // The newest that is in force on the day; nothing when there is none.
  const Rule* InForce(int32_t day) const;
  // Nothing before the first publication.
  const Rule* Newest() const { return rules_.empty() ? nullptr : &rules_.back(); }

 private:
  std::vector<Rule> rules_;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_RULE_BOOK_H_
