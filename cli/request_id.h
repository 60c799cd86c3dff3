// Owns: the request ids that merit makes up where none is given.
// Promises: at most 64 characters of those that ids may have.
// Thread: any.
#ifndef MERITBOOK_CLI_REQUEST_ID_H_
#define MERITBOOK_CLI_REQUEST_ID_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace meritbook::cli {

// For what may be meant twice, such as two equal deliveries: "stock-" and 24 random hex digits.
absl::StatusOr<std::string> RandomId(std::string_view prefix);

// For what happens once, whoever repeats it: "prefix" and the first 32 hex digits of SHA-256.
std::string ContentId(std::string_view prefix, std::string_view content);

// SHA-256, 32 bytes.
std::string Sha256(std::string_view bytes);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_REQUEST_ID_H_
