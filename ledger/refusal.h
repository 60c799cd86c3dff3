// Owns: refusals, the closed list of reasons why a command is not carried out.
// Promises: each reason of meritbook.v1.Refusal has one status code and says if a retry can help.
// Thread: any.
#ifndef MERITBOOK_LEDGER_REFUSAL_H_
#define MERITBOOK_LEDGER_REFUSAL_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "meritbook/v1/refusal.pb.h"

namespace meritbook {

// One refusal, for a program (reason, field, limits) and for a developer (message).
struct Refused {
  v1::Refusal reason = v1::REFUSAL_UNSPECIFIED;
  std::string field;    // path in the request, such as command.interval.end_us; may be empty
  std::string message;  // one sentence
  std::vector<std::pair<std::string, std::string>> metadata;  // ids and limits
};

// BALANCE_TOO_LOW for REFUSAL_BALANCE_TOO_LOW.
std::string_view RefusalName(v1::Refusal reason);

// The canonical code, numerically equal to gRPC's.
absl::StatusCode CodeOf(v1::Refusal reason);

// True if the same request, unchanged, may succeed when it is sent again a little later.
bool RetryCanHelp(v1::Refusal reason);

// "NAME_UNKNOWN" and "NAME_EXISTS" refusals read alike everywhere. `field` as in the command.
Refused Unknown(v1::Refusal reason, std::string_view field, std::string_view id);
Refused Exists(v1::Refusal reason, std::string_view field, std::string_view id);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_REFUSAL_H_
