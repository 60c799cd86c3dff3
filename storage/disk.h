// Owns: the contract of the few calls that storage makes to a file system besides RocksDB's.
// Promises: an error names the path. What a File has written survives a kill; a power cut only what
//           was synced. A name made or changed in a folder survives one once the folder is synced.
// Thread: any; one File from one at a time.
#ifndef MERITBOOK_STORAGE_DISK_H_
#define MERITBOOK_STORAGE_DISK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace meritbook {

// A file held open; closed at the end.
class File {
 public:
  virtual ~File();

  virtual absl::Status WriteAt(std::string_view bytes, uint64_t offset) = 0;
  // Exactly `size` bytes; kDataLoss if the file ends before.
  virtual absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t size) const = 0;
  virtual absl::StatusOr<uint64_t> Size() const = 0;
  virtual absl::Status SyncData() = 0;  // fdatasync
};

enum class OpenMode {
  kRead,
  kReadWrite,  // an existing one
  kMakeEmpty,  // for reading and writing; what was there is gone
};

class Disk {
 public:
  virtual ~Disk();

  // kNotFound if there is none and the mode doesn't make it.
  virtual absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) = 0;
  virtual absl::StatusOr<bool> Exists(const std::string& path) = 0;
  // Names in a folder, sorted.
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& folder) = 0;
  virtual absl::Status MakeFolders(const std::string& path) = 0;  // durable before it returns
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  virtual absl::Status RemoveTree(const std::string& path) = 0;  // Ok if there is none
  // Makes the creation, renaming and removal of entries of a folder durable.
  virtual absl::Status SyncFolder(const std::string& path) = 0;
  // Bytes that this process may still write on the disk that holds `path`.
  virtual absl::StatusOr<uint64_t> FreeBytes(const std::string& path) = 0;
};

// The machine's. Never destroyed.
Disk& MachineDisk();

// Ok if so many bytes may still be written; else kResourceExhausted, naming both figures.
absl::Status CheckRoom(Disk& disk, const std::string& path, uint64_t free_bytes_floor);

absl::StatusOr<std::string> ReadWholeFile(Disk& disk, const std::string& path, size_t bytes_max);

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

// Held until the result is destroyed; kUnavailable if another process (or object) has it.
absl::StatusOr<OpenFile> LockFile(const std::string& path);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_DISK_H_
