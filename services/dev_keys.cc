#include "services/dev_keys.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "ledger/sha256.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr size_t kSecretBytes = 32;

absl::StatusOr<std::string> ReadOrMakeKey(const std::string& file, const std::string& id) {
  std::ifstream in(file);
  std::string key;
  if (in && std::getline(in, key) && key.rfind('.') != std::string::npos) return key;
  std::string secret(kSecretBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()), kSecretBytes) != 1) {
    return absl::InternalError("no random bytes");
  }
  std::string encoded;
  absl::WebSafeBase64Escape(secret, &encoded);
  key = Text(id, ".", encoded);
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const std::string line = key + "\n";
  const bool written =
      fd >= 0 && write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (fd >= 0) close(fd);
  if (!written) return absl::InternalError(Text(file, ": ", std::strerror(errno)));
  return key;
}

}  // namespace

absl::StatusOr<std::vector<server::v1::ServerPrincipal>> DevPrincipals(
    const std::string& data_dir) {
  const std::filesystem::path dir = std::filesystem::path(data_dir) / "dev-keys";
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) return absl::InternalError(Text(dir.string(), ": ", error.message()));
  const std::pair<const char*, v1::Role> roles[] = {{"operator", v1::ROLE_OPERATOR},
                                                    {"committee", v1::ROLE_COMMITTEE},
                                                    {"platform", v1::ROLE_PLATFORM},
                                                    {"auditor", v1::ROLE_AUDITOR}};
  std::vector<server::v1::ServerPrincipal> principals;
  for (const auto& [name, role] : roles) {
    const std::string id = Text("dev-", name);
    const auto key = ReadOrMakeKey((dir / Text(name, ".key")).string(), id);
    if (!key.ok()) return key.status();
    server::v1::ServerPrincipal principal;
    principal.set_principal_id(id);
    principal.add_roles(role);
    if (role == v1::ROLE_PLATFORM) principal.set_source("dev");
    const Hash hash = Sha256(std::string_view(*key).substr(key->rfind('.') + 1));
    principal.set_key_sha256_hex(absl::BytesToHexString(
        absl::string_view(reinterpret_cast<const char*>(hash.data()), hash.size())));
    principals.push_back(std::move(principal));
  }
  return principals;
}

}  // namespace meritbook
