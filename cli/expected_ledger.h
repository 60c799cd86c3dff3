// Owns: the comparison of a whole small ledger with what was expected of it.
// Promises: names every figure that differs, also one that only one side has.
// Thread: any.
#ifndef MERITBOOK_CLI_EXPECTED_LEDGER_H_
#define MERITBOOK_CLI_EXPECTED_LEDGER_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace meritbook::cli {

// One figure, such as "events.hours_credited" or "balances.v-ann.debt_units".
struct ExpectedFigure {
  std::string name;
  std::string expected;  // "-" where nothing was expected
  std::string found;     // "-" where the ledger has nothing
  bool differs = false;
};

// `found` has the parts of expected.json: of "balances" fields that nobody expects are left out, of
// all else every figure counts. InvalidArgument when the expectation is no JSON object of objects.
absl::StatusOr<std::vector<ExpectedFigure>> CompareExpected(std::string_view expected_json,
                                                            const nlohmann::ordered_json& found);

// Every kind of event, by the field's name, in the order of their numbers.
std::vector<std::string> EventKinds();

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_EXPECTED_LEDGER_H_
