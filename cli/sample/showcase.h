// Owns: the showcase: a small story that goes through every kind of event, and what comes of it.
// Promises: the same bytes for everybody. Times are past and points that are left never lapse, so
// that its figures hold whenever it is played. Thread: any.
#ifndef MERITBOOK_CLI_SAMPLE_SHOWCASE_H_
#define MERITBOOK_CLI_SAMPLE_SHOWCASE_H_

#include <filesystem>
#include <string_view>

#include "absl/status/status.h"

namespace meritbook::sample {

// JSON Lines, one call each: {"at", "as", "rpc", "command", "expect", "says"}; see script_call.h.
std::string_view ShowcaseScript();
// The mall's part of it, before the ledger is live.
std::string_view ShowcaseMall();
// {"events", "balances", …, "refusals"}; see expected_ledger.h and played_ledger.h.
std::string_view ShowcaseExpected();
// The file of the opening balances that the script proposes.
std::string_view ShowcaseOpening();

// Writes script.jsonl, opening.csv and, last, expected.json. Creates `dir`. Errors as WriteCounty.
absl::Status WriteShowcase(const std::filesystem::path& dir);

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_SHOWCASE_H_
