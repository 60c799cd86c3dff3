#include "services/principals.h"

#include <openssl/crypto.h>

#include <utility>

#include "absl/strings/escaping.h"

namespace meritbook {
namespace {

std::shared_ptr<const Identity> Make(const v1::RegisterPrincipal& principal) {
  auto identity = std::make_shared<Identity>();
  identity->caller = {principal.principal_id(), principal.source(), principal.merchant_id(),
                      principal.volunteer_id(), /*of_ledger=*/true};
  for (int role : principal.roles()) identity->roles.push_back(static_cast<v1::Role>(role));
  identity->key_sha256 = principal.key_sha256();
  return identity;
}

bool HasSecret(const Identity& identity, const Hash& secret_hash) {
  return identity.key_sha256.size() == secret_hash.size() &&
         CRYPTO_memcmp(identity.key_sha256.data(), secret_hash.data(), secret_hash.size()) == 0;
}

}  // namespace

void Principals::AddServerWide(const server::v1::ServerPrincipal& principal) {
  auto identity = std::make_shared<Identity>();
  identity->caller = {principal.principal_id(), principal.source(), "", "", /*of_ledger=*/false};
  for (int role : principal.roles()) identity->roles.push_back(static_cast<v1::Role>(role));
  identity->key_sha256 = absl::HexStringToBytes(principal.key_sha256_hex());
  absl::MutexLock lock(&mutex_);
  server_wide_[principal.principal_id()] = std::move(identity);
}

bool Principals::IsServerWide(std::string_view principal_id) const {
  absl::ReaderMutexLock lock(&mutex_);
  return server_wide_.find(principal_id) != server_wide_.end();
}

void Principals::Load(const State& state) {
  Identities identities;
  for (uint32_t i = 0; i < state.principals().size(); ++i) {
    const Principal& row = state.principals()[i];
    if (!row.revoked) identities[row.id] = Make(row.registered);
  }
  absl::MutexLock lock(&mutex_);
  by_ledger_[state.ledger_id()] = std::move(identities);
}

void Principals::Add(const std::string& ledger_id, const v1::RegisterPrincipal& principal) {
  absl::MutexLock lock(&mutex_);
  by_ledger_[ledger_id][principal.principal_id()] = Make(principal);
}

void Principals::Revoke(const std::string& ledger_id, const std::string& principal_id) {
  absl::MutexLock lock(&mutex_);
  by_ledger_[ledger_id].erase(principal_id);
}

std::variant<std::shared_ptr<const Identity>, Refused> Principals::Authenticate(
    const std::string& ledger_id, std::string_view api_key) const {
  const size_t dot = api_key.rfind('.');
  if (dot != std::string_view::npos) {
    const std::string_view id = api_key.substr(0, dot);
    const Hash secret_hash = Sha256(api_key.substr(dot + 1));
    absl::ReaderMutexLock lock(&mutex_);
    if (const auto found = server_wide_.find(id);
        found != server_wide_.end() && HasSecret(*found->second, secret_hash)) {
      return found->second;
    }
    if (const auto ledger = by_ledger_.find(ledger_id); ledger != by_ledger_.end()) {
      const auto found = ledger->second.find(id);
      if (found != ledger->second.end() && HasSecret(*found->second, secret_hash)) {
        return found->second;
      }
    }
  }
  return Refused{v1::REFUSAL_UNAUTHENTICATED,
                 "authorization",
                 "send the API key as metadata: authorization: Bearer <principal>.<secret>",
                 {}};
}

}  // namespace meritbook
