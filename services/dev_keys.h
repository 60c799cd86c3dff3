// Owns: the API keys of --dev, for trying things out on one machine.
// Promises: random, in files that only their owner can read; made once, then used again.
// Thread: at start.
#ifndef MERITBOOK_SERVICES_DEV_KEYS_H_
#define MERITBOOK_SERVICES_DEV_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "meritbook/server/v1/config.pb.h"

namespace meritbook {

// A principal for each role that a server-wide one can have: dev-operator, dev-committee,
// dev-platform (of the source `dev`), dev-auditor; their keys in DATA_DIR/dev-keys/<role>.key.
absl::StatusOr<std::vector<server::v1::ServerPrincipal>> DevPrincipals(const std::string& data_dir);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_DEV_KEYS_H_
