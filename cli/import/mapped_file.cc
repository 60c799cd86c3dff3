#include "cli/import/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "cli/text.h"

namespace meritbook::cli {

absl::StatusOr<std::unique_ptr<MappedFile>> MappedFile::Open(const std::string& path) {
  const auto problem = [&path](int error) {
    const std::string message = Text(path, ": ", std::strerror(error));
    return error == ENOENT ? absl::NotFoundError(message) : absl::InvalidArgumentError(message);
  };
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return problem(errno);
  struct stat info = {};
  int error = fstat(fd, &info) == 0 ? 0 : errno;
  if (error == 0 && !S_ISREG(info.st_mode)) error = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
  const auto bytes = static_cast<size_t>(info.st_size);
  void* mapped = nullptr;
  // A mapping of no bytes is an error to the system, and an empty file to us.
  if (error == 0 && bytes > 0) {
    mapped = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped == MAP_FAILED) error = errno;
  }
  close(fd);
  if (error != 0) return problem(error);
  return std::unique_ptr<MappedFile>(
      new MappedFile(std::string_view(static_cast<const char*>(mapped), bytes)));
}

MappedFile::~MappedFile() {
  if (!text_.empty()) munmap(const_cast<char*>(text_.data()), text_.size());
}

}  // namespace meritbook::cli
