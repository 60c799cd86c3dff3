#include "cli/api_key.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/escaping.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr size_t kSecretBytes = 32;

absl::Status FileProblem(const std::string& file, int error) {
  return absl::InvalidArgumentError(Text(file, ": ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<std::string> ReadKeyFile(const std::string& file) {
  struct stat info = {};
  if (stat(file.c_str(), &info) != 0) return FileProblem(file, errno);
  if ((info.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    return absl::InvalidArgumentError(
        Text(file, ": everybody on this machine can read or change this key; chmod 600 it"));
  }
  std::ifstream in(file);
  std::string key;
  if (!in) return FileProblem(file, EACCES);
  std::getline(in, key);
  while (!key.empty() && (key.back() == '\r' || key.back() == ' ')) key.pop_back();
  if (key.find('.') == std::string::npos) {
    return absl::InvalidArgumentError(Text(file, ": no API key as <principal_id>.<secret> in it"));
  }
  return key;
}

absl::StatusOr<std::string> NewKey(const std::string& principal_id) {
  std::string secret(kSecretBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()), kSecretBytes) != 1) {
    return absl::InternalError("the system gives no random bytes");
  }
  std::string encoded;
  absl::WebSafeBase64Escape(secret, &encoded);
  return Text(principal_id, ".", encoded);
}

std::string SecretHash(const std::string& key) {
  const std::string secret = key.substr(key.rfind('.') + 1);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), hash.data());
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

absl::Status WriteKeyFile(const std::string& file, const std::string& key) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return FileProblem(file, errno);
  const std::string line = key + "\n";
  const bool written =
      write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && fsync(fd) == 0;
  const int error = errno;
  close(fd);
  if (written) return absl::OkStatus();
  unlink(file.c_str());
  return FileProblem(file, error);
}

}  // namespace meritbook::cli
