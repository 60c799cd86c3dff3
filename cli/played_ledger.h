// Owns: the reading of a ledger that a script was played into, part by part.
// Promises: the parts of expected.json that somebody expects, in the same form; nothing else is
// asked of the server. Thread: one.
#ifndef MERITBOOK_CLI_PLAYED_LEDGER_H_
#define MERITBOOK_CLI_PLAYED_LEDGER_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/status/status.h"

namespace meritbook::cli {

class Client;

// Parts: "events" by kind; "trial_balance" by account; "merchants" by id, their payable units;
// "shops" by merchant, "balances" by volunteer, "items", "orders" by "owner/id", each as expected;
// "budgets" by "programme-2021"; "statements" by id, amounts as "closing_units", "closing_fen".
// An order's owner is a platform, or "till:" and a merchant.
// `client` is an auditor's. Adds to `found`.
absl::Status ReadParts(Client& client, const std::string& ledger_id,
                       const nlohmann::ordered_json& expected, nlohmann::ordered_json& found);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_PLAYED_LEDGER_H_
