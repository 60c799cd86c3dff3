// Owns: who may call: the server's own principals and those of each ledger.
// Promises: secrets are compared in constant time and kept as hashes only; a revocation holds for
//           every call that comes after its answer.
// Thread: any.
#ifndef MERITBOOK_SERVICES_PRINCIPALS_H_
#define MERITBOOK_SERVICES_PRINCIPALS_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "ledger/command.h"
#include "ledger/refusal.h"
#include "ledger/sha256.h"
#include "ledger/state.h"
#include "meritbook/server/v1/config.pb.h"
#include "meritbook/v1/access.pb.h"

namespace meritbook {

// An authenticated principal; immutable.
struct Identity {
  Caller caller;
  std::vector<v1::Role> roles;
  std::string key_sha256;  // 32 bytes
};

class Principals {
 public:
  // The server's own principals, valid in every ledger.
  void AddServerWide(const server::v1::ServerPrincipal& principal);

  // True if the id is the server's own; no ledger may give it out again.
  bool IsServerWide(std::string_view principal_id) const;

  // The ledger's, as they stand; replaces what was known of that ledger.
  void Load(const State& state);
  void Add(const std::string& ledger_id, const v1::RegisterPrincipal& principal);
  void Revoke(const std::string& ledger_id, const std::string& principal_id);

  // Who has the API key "<principal id>.<secret>". The answer doesn't tell an unknown principal
  // from a wrong secret.
  std::variant<std::shared_ptr<const Identity>, Refused> Authenticate(
      const std::string& ledger_id, std::string_view api_key) const;

 private:
  using Identities = std::map<std::string, std::shared_ptr<const Identity>, std::less<>>;

  mutable absl::Mutex mutex_;
  Identities server_wide_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Identities> by_ledger_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_PRINCIPALS_H_
