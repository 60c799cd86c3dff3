#include "cli/audit/tile_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "absl/status/status.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

absl::Status Unreadable(const std::string& path, int error) {
  return absl::UnavailableError(Text(path, ": ", std::generic_category().message(error)));
}

absl::StatusOr<std::string> ReadOpen(int fd, const std::string& path, size_t bytes_max) {
  struct stat facts;
  if (fstat(fd, &facts) != 0) return Unreadable(path, errno);
  if (!S_ISREG(facts.st_mode)) return absl::DataLossError(Text(path, ": it is no file"));
  if (facts.st_size > static_cast<off_t>(bytes_max)) {
    return absl::DataLossError(Text(path, ": it has ", facts.st_size, " bytes, more than the ",
                                    bytes_max, " that such a file may have"));
  }
  std::string bytes(static_cast<size_t>(facts.st_size), '\0');
  size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = read(fd, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable(path, errno);
    if (got == 0) break;
    have += static_cast<size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> FolderSource::Read(const std::string& path, size_t bytes_max) {
  const std::string whole = Text(folder_, "/", path);
  // Without O_NONBLOCK a named pipe in a stranger's folder would never let the audit go on.
  const int fd = open(whole.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
    return absl::NotFoundError(Text(whole, ": there is no such file"));
  }
  if (fd < 0) return Unreadable(whole, errno);
  auto bytes = ReadOpen(fd, whole, bytes_max);
  close(fd);
  return bytes;
}

}  // namespace meritbook::audit
