// Owns: a script of calls, as JSON Lines: who calls what, when, and what has to come of it.
// Promises: a line that can't be sent as it stands is refused with its number before anything is
// sent. Thread: any.
//
//   {"at": "2021-03-06T20:00:00+08:00", "as": "office", "rpc": "HoursService.SubmitHours",
//    "command": {"record": {…}}, "expect": "OK", "says": "Nine hours wait for a review."}
//
// `at` is the recorded time of a migrating ledger and absent once it is live. `command` has the
// proto's field names; instants (`…_us`) may be written as RFC 3339. `expect` is OK or a refusal.
// What a request has beside its command stands in `request`: {"voucher_code": "…"}, or a request id
// where that of the line, "line-007", is another script's in the same ledger. IssuePayCode
// has only that, and `keeps` names its code for a later call: {"pay_code": "@ann"}.
#ifndef MERITBOOK_CLI_SCRIPT_CALL_H_
#define MERITBOOK_CLI_SCRIPT_CALL_H_

#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace meritbook::cli {

struct ScriptCall {
  uint32_t line = 0;   // from 1
  std::string caller;  // a principal that the script registers, or "operator"
  std::string rpc;     // "HoursService.SubmitHours"
  std::string method;  // "/meritbook.v1.HoursService/SubmitHours"
  std::string expect;  // "OK" or "SELF_REVIEW"
  std::string says;    // for people
  std::string keeps;   // a name for the pay code that is issued
  std::optional<int64_t> recorded_us;
  // With the command, request id and recorded time; the ledger is the player's.
  std::unique_ptr<google::protobuf::Message> request;
};

// InvalidArgument "script.jsonl, line 3: …".
absl::StatusOr<std::vector<ScriptCall>> ParseScript(const std::string& name, std::string_view text);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_SCRIPT_CALL_H_
