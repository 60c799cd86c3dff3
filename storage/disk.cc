#include "storage/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "ledger/text.h"

namespace meritbook {
namespace {

absl::Status ErrnoStatus(std::string_view call, const std::string& path) {
  return absl::ErrnoToStatus(errno, Text(call, " ", path));
}

absl::Status ToStatus(const std::error_code& error, std::string_view call,
                      const std::string& path) {
  if (!error) return absl::OkStatus();
  return absl::ErrnoToStatus(error.value(), Text(call, " ", path));
}

// Up to `size` bytes: fewer at the end of the file.
absl::StatusOr<std::string> ReadUpTo(const OpenFile& file, const std::string& path, uint64_t offset,
                                     size_t size) {
  std::string bytes(size, '\0');
  size_t done = 0;
  while (done < size) {
    const ssize_t got = pread(file.descriptor(), bytes.data() + done, size - done,
                              static_cast<off_t>(offset + done));
    if (got < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus("pread", path);
    }
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::StatusOr<OpenFile> OpenPath(const std::string& path, int flags) {
  const int descriptor = open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (descriptor < 0) return ErrnoStatus("open", path);
  return OpenFile(descriptor);
}

absl::Status WriteAt(const OpenFile& file, const std::string& path, std::string_view bytes,
                     uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written =
        pwrite(file.descriptor(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus("pwrite", path);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return absl::OkStatus();
}

absl::Status SyncData(const OpenFile& file, const std::string& path) {
  if (fdatasync(file.descriptor()) != 0) return ErrnoStatus("fdatasync", path);
  return absl::OkStatus();
}

absl::Status SyncFolder(const std::string& path) {
  const absl::StatusOr<OpenFile> folder = OpenPath(path, O_RDONLY | O_DIRECTORY);
  if (!folder.ok()) return folder.status();
  if (fsync(folder->descriptor()) != 0) return ErrnoStatus("fsync", path);
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadAt(const OpenFile& file, const std::string& path, uint64_t offset,
                                   size_t size) {
  absl::StatusOr<std::string> bytes = ReadUpTo(file, path, offset, size);
  if (bytes.ok() && bytes->size() != size) {
    return absl::DataLossError(Text(path, " ends at ", offset + bytes->size()));
  }
  return bytes;
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& path, size_t bytes_max) {
  const absl::StatusOr<OpenFile> file = OpenPath(path, O_RDONLY);
  if (!file.ok()) return file.status();
  absl::StatusOr<std::string> bytes = ReadUpTo(*file, path, 0, bytes_max + 1);
  if (bytes.ok() && bytes->size() > bytes_max) {
    return absl::DataLossError(Text(path, " is too long"));
  }
  return bytes;
}

absl::StatusOr<OpenFile> LockFile(const std::string& path) {
  absl::StatusOr<OpenFile> file = OpenPath(path, O_RDWR | O_CREAT);
  if (!file.ok()) return file;
  if (flock(file->descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return absl::UnavailableError(Text(path, " is locked: the store is open elsewhere"));
    }
    return ErrnoStatus("flock", path);
  }
  return file;
}

absl::StatusOr<bool> PathExists(const std::string& path) {
  std::error_code error;
  const bool exists = std::filesystem::exists(path, error);
  if (error) return ToStatus(error, "stat", path);
  return exists;
}

absl::Status MakeFolders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  return ToStatus(error, "mkdir", path);
}

absl::Status RenamePath(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  return ToStatus(error, "rename", Text(from, " to ", to));
}

absl::Status RemoveTree(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  return ToStatus(error, "remove", path);
}

absl::StatusOr<uint64_t> FreeBytes(const std::string& path) {
  struct statvfs disk = {};
  if (statvfs(path.c_str(), &disk) != 0) return ErrnoStatus("statvfs", path);
  return uint64_t{disk.f_bavail} * disk.f_frsize;
}

}  // namespace meritbook
