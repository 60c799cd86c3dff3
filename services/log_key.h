// Owns: the files of the keys that sign the ledgers' checkpoints.
// Promises: a file made is complete and durable, readable by its owner only, and never replaces
//           another. No error's message has any of a key.
// Thread: any.
#ifndef MERITBOOK_SERVICES_LOG_KEY_H_
#define MERITBOOK_SERVICES_LOG_KEY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ledger/note.h"

namespace meritbook {

// One key for each ledger and generation; a rotation makes the next generation:
//
//   <data>/keys/<ledger>.key      the first
//   <data>/keys/<ledger>@2.key    the second, and so on; '@' is in no ledger's id
//
// The folder has mode 0700, a file 0600. A file is one line, as golang.org/x/mod/sumdb/note has it:
//   PRIVATE+KEY+<origin>+<id as 8 hex digits>+<base64(0x01, 32 bytes of seed)>
// so that the name in it says whose it is, and the id proves that no byte was changed.

// `generation` is 1 or more; kInvalidArgument for an id that CheckLedgerId refuses.
absl::StatusOr<std::string> LogKeyPath(const std::string& data, std::string_view ledger,
                                       uint64_t generation);

// A new random key in a new file; makes the file's folder if need be, not those above it.
// kAlreadyExists if there is anything of that name, kInvalidArgument for a bad origin.
absl::StatusOr<SignerKey> MakeLogKey(const std::string& path, std::string_view origin);

// kNotFound if there is none; kFailedPrecondition if it isn't a plain file (a symbolic link isn't)
// or if group or others may do anything with it; kInvalidArgument if it is malformed.
absl::StatusOr<SignerKey> ReadLogKey(const std::string& path);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_LOG_KEY_H_
