// Owns: the few POSIX calls that storage makes besides RocksDB's.
// Promises: an error names the path.
// Thread: any.
#ifndef MERITBOOK_STORAGE_DISK_H_
#define MERITBOOK_STORAGE_DISK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace meritbook {

// An open file descriptor, closed at the end.
class OpenFile {
 public:
  OpenFile() = default;
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~OpenFile();

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

absl::StatusOr<OpenFile> OpenPath(const std::string& path, int flags);  // of open(2); O_CLOEXEC
absl::Status WriteAt(const OpenFile& file, const std::string& path, std::string_view bytes,
                     uint64_t offset);

// Exactly `size` bytes; kDataLoss if the file ends before.
absl::StatusOr<std::string> ReadAt(const OpenFile& file, const std::string& path, uint64_t offset,
                                   size_t size);
absl::Status SyncData(const OpenFile& file, const std::string& path);  // fdatasync

// Makes the creation or renaming of entries of a folder durable.
absl::Status SyncFolder(const std::string& path);

absl::StatusOr<std::string> ReadWholeFile(const std::string& path, size_t bytes_max);

// Held until the result is destroyed; kUnavailable if another process (or object) has it.
absl::StatusOr<OpenFile> LockFile(const std::string& path);

absl::StatusOr<bool> PathExists(const std::string& path);
absl::Status MakeFolders(const std::string& path);
absl::Status RenamePath(const std::string& from, const std::string& to);
absl::Status RemoveTree(const std::string& path);  // Ok if there is none

// Bytes that this process may still write on the disk that holds `path`.
absl::StatusOr<uint64_t> FreeBytes(const std::string& path);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_DISK_H_
