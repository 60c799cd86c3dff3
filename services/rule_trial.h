// Owns: what if: a ledger's log decided once more, under another rule.
// Promises: touches nothing: it works on ledgers of its own, in memory; the rule that is in force
//           tried anew comes to what is.
// Thread: any that may take its time: a trial takes as long as replaying the log and deciding all
//         its commands.
//
// Two ledgers are made, one after the other. The first is the log's own. In the second every
// command of the log is decided again, with its own caller and recorded time; the tried rule is in
// force from the first command on or after its day, and rules of the log that take effect on that
// day or later are left out. Service on a day can't be recorded before that day, so all of it goes
// by the tried rule. What was refused in its time is not in the log, and not tried. While the
// ledger is live, points mature and lapse as the log's time passes; at the end both ledgers are
// swept.
//
// An organisation's figures are its approved records', as they stand in the end; awards have no
// organisation and are among the others.
#ifndef MERITBOOK_SERVICES_RULE_TRIAL_H_
#define MERITBOOK_SERVICES_RULE_TRIAL_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "ledger/refusal.h"
#include "meritbook/v1/report.pb.h"
#include "storage/event_log.h"

namespace meritbook {

struct TrialOptions {
  // The log in use, or null while there is none; asked for again and again, and never kept.
  std::function<std::shared_ptr<EventLog>()> log;
  // Why to stop, if so; asked at least every 8,192 events.
  std::function<std::optional<Refused>()> stopped;
};

// Of the first `size` events, which are durable. `rule` is well formed.
std::variant<v1::TryRuleResponse, Refused> TryRule(const TrialOptions& options,
                                                   const std::string& ledger_id, uint64_t size,
                                                   const v1::PublishRule& rule);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_RULE_TRIAL_H_
