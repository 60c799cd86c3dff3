#include "cli/request_id.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include "absl/strings/escaping.h"
#include "cli/text.h"

namespace meritbook::cli {

absl::StatusOr<std::string> RandomId(std::string_view prefix) {
  std::string bytes(12, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) !=
      1) {
    return absl::InternalError("the system gives no random bytes");
  }
  return Text(prefix, absl::BytesToHexString(bytes));
}

std::string Sha256(std::string_view bytes) {
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

std::string ContentId(std::string_view prefix, std::string_view content) {
  return Text(prefix, absl::BytesToHexString(Sha256(content)).substr(0, 32));
}

}  // namespace meritbook::cli
