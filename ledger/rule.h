// Owns: a published rule, ready to be asked.
// Promises: the rule in force on the day of service governs; what a rule says never rounds.
// Thread: any; immutable once made.
#ifndef MERITBOOK_LEDGER_RULE_H_
#define MERITBOOK_LEDGER_RULE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ledger/calendar.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook {

struct Rate {
  uint32_t points_per_hour = 0;
  uint32_t percentage = 0;
  // Exact, since a unit is 1/6000 point: 60 minutes x 100 %.
  int64_t UnitsFor(int64_t minutes) const {
    return minutes * int64_t{points_per_hour} * int64_t{percentage};
  }
};

struct Rule {
  uint32_t version = 0;
  DayNumber effective_from = 0;
  v1::PublishRule published;
  absl::flat_hash_map<std::string, Rate> rates;  // by category

  Rule(uint32_t rule_version, const v1::PublishRule& rule);

  const v1::EarningRule& earning() const { return published.earning(); }
  // The last day on which what was earned on `service_day` can be spent; kNeverExpires for ever.
  // `today` is the day of crediting.
  DayNumber ExpiryOf(DayNumber service_day, DayNumber today) const;
  // Null if the rule has none of this name.
  const v1::AwardRate* FindAward(std::string_view award) const;
};

// The newest rule that is in force on a day; null if there is none. `rules` by version, whose days
// never decrease.
const Rule* RuleOn(const std::vector<Rule>& rules, DayNumber service_day);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_RULE_H_
