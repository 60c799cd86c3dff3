// Owns: API keys, "<principal_id>.<secret>": reading, making and keeping them.
// Promises: a key file is never readable by others; the secret never leaves this machine.
// Thread: any.
#ifndef MERITBOOK_CLI_API_KEY_H_
#define MERITBOOK_CLI_API_KEY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace meritbook::cli {

// The first line of the file. InvalidArgument when there is none, or others may read the file.
absl::StatusOr<std::string> ReadKeyFile(const std::string& file);

// With a new secret of 32 random bytes, in base64url without padding: 43 characters.
absl::StatusOr<std::string> NewKey(const std::string& principal_id);

// What a principal is registered with: SHA-256 of the secret's characters, 32 bytes.
std::string SecretHash(const std::string& key);

// A new file with mode 0600. InvalidArgument when it can't be made or exists.
absl::Status WriteKeyFile(const std::string& file, const std::string& key);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_API_KEY_H_
