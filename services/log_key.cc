#include "services/log_key.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>

#include "absl/status/status.h"
#include "ledger/check.h"
#include "ledger/note_text.h"
#include "ledger/text.h"
#include "storage/disk.h"
#include "storage/event_log.h"

namespace meritbook {
namespace {

constexpr size_t kFileBytesMax = 4096;

absl::Status Problem(const std::string& path, int error) {
  const std::string message = Text("key file ", path, ": ", std::generic_category().message(error));
  switch (error) {
    case ENOENT:
      return absl::NotFoundError(message);
    case EEXIST:
      return absl::AlreadyExistsError(message);
    default:
      return absl::InternalError(message);
  }
}

absl::Status Refused(const std::string& path, std::string_view why) {
  return absl::FailedPreconditionError(Text("key file ", path, ": ", why));
}

absl::Status Malformed(const std::string& path, std::string_view why) {
  return absl::InvalidArgumentError(Text("key file ", path, ": ", why));
}

// Text that is wiped when it goes.
struct Secret {
  Secret() = default;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { OPENSSL_cleanse(text.data(), text.size()); }

  std::string text;
};

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// An existing one is synced too: whoever made it may have been stopped before.
absl::Status MakeFolder(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return Problem(folder, errno);
  return MachineDisk().SyncFolder(FolderOf(folder));
}

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

absl::Status FillAndSync(const std::string& path, const OpenFile& file, std::string_view bytes) {
  // A umask can't widen the mode, but it can take the owner's rights.
  if (fchmod(file.descriptor(), 0600) != 0) return Problem(path, errno);
  if (!WriteAll(file.descriptor(), bytes)) return Problem(path, errno);
  if (fsync(file.descriptor()) != 0) return Problem(path, errno);
  return MachineDisk().SyncFolder(FolderOf(path));
}

absl::Status WriteNewFile(const std::string& path, std::string_view bytes) {
  const OpenFile file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.descriptor() < 0) return Problem(path, errno);
  const absl::Status written = FillAndSync(path, file, bytes);
  if (!written.ok()) unlink(path.c_str());
  return written;
}

absl::Status ReadInto(const std::string& path, Secret& secret) {
  // Without O_NONBLOCK a pipe of that name would hold the server up.
  const OpenFile file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.descriptor() < 0 && errno == ELOOP) return Refused(path, "is not a plain file");
  if (file.descriptor() < 0) return Problem(path, errno);
  struct stat status = {};
  if (fstat(file.descriptor(), &status) != 0) return Problem(path, errno);
  if (!S_ISREG(status.st_mode)) return Refused(path, "is not a plain file");
  if ((status.st_mode & 077) != 0) {
    char mode[8];
    std::snprintf(mode, sizeof(mode), "%04o", status.st_mode & 07777U);
    return Refused(path, Text("others than its owner may use it: its mode is ", mode,
                              ", want 0600 (chmod 600, and think who may have read it)"));
  }
  secret.text.resize(kFileBytesMax + 1);
  size_t filled = 0;
  while (filled < secret.text.size()) {
    const ssize_t got =
        read(file.descriptor(), secret.text.data() + filled, secret.text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Problem(path, errno);
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  secret.text.resize(filled);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> LogKeyPath(const std::string& data, std::string_view ledger,
                                       uint64_t generation) {
  MB_CHECK(generation >= 1);
  if (absl::Status s = CheckLedgerId(ledger); !s.ok()) return s;
  if (generation == 1) return Text(data, "/keys/", ledger, ".key");
  return Text(data, "/keys/", ledger, "@", generation, ".key");
}

absl::StatusOr<SignerKey> MakeLogKey(const std::string& path, std::string_view origin) {
  Ed25519Seed seed;
  if (RAND_priv_bytes(seed.bytes.data(), seed.bytes.size()) != 1) {
    return absl::InternalError("the system gives no random bytes");
  }
  absl::StatusOr<SignerKey> signer = MakeSignerKey(origin, KeyType::kEd25519, seed);
  Secret line;
  if (signer.ok()) line.text = Text(FormatSignerKey(signer->verifier, seed), "\n");
  OPENSSL_cleanse(seed.bytes.data(), seed.bytes.size());
  if (!signer.ok()) return signer.status();
  if (line.text.size() > kFileBytesMax) return Malformed(path, "the origin is too long");
  if (absl::Status s = MakeFolder(FolderOf(path)); !s.ok()) return s;
  if (absl::Status s = WriteNewFile(path, line.text); !s.ok()) return s;
  return signer;
}

absl::StatusOr<SignerKey> ReadLogKey(const std::string& path) {
  Secret secret;
  if (absl::Status s = ReadInto(path, secret); !s.ok()) return s;
  if (secret.text.size() > kFileBytesMax) {
    return Malformed(path, Text("more than ", kFileBytesMax, " bytes"));
  }
  LineReader lines(secret.text);
  const std::optional<std::string_view> line = lines.Take();
  if (!line || !lines.rest().empty()) return Malformed(path, "not one line that ends in a newline");
  absl::StatusOr<SignerKey> signer = ParseSignerKey(*line);
  if (!signer.ok()) return Malformed(path, MessageOf(signer.status()));
  if (signer->verifier.type != KeyType::kEd25519) {
    return Malformed(path, "a witness's key, not a log's");
  }
  return signer;
}

}  // namespace meritbook
