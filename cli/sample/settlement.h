// Owns the settling of the county's two years: months closed, statements drawn up, closed and paid.
// Promises figures that follow from the tally alone. Any thread.
#ifndef MERITBOOK_CLI_SAMPLE_SETTLEMENT_H_
#define MERITBOOK_CLI_SAMPLE_SETTLEMENT_H_

#include <string>

#include "cli/sample/tally.h"

namespace meritbook::sample {

// JSON Lines of cli/script_call.h.
std::string SettlementScript(const Tally& tally);
// What has to come of it, and of everything before: expected.json of cli/expected_ledger.h.
std::string SettlementExpected(const Tally& tally);

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_SETTLEMENT_H_
