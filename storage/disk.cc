#include "storage/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
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

absl::StatusOr<OpenFile> OpenPath(const std::string& path, int flags) {
  const int descriptor = open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (descriptor < 0) return ErrnoStatus("open", path);
  return OpenFile(descriptor);
}

class MachineFile final : public File {
 public:
  MachineFile(std::string path, OpenFile file) : path_(std::move(path)), file_(std::move(file)) {}

  absl::Status WriteAt(std::string_view bytes, uint64_t offset) override {
    while (!bytes.empty()) {
      const ssize_t written =
          pwrite(file_.descriptor(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0) {
        if (errno == EINTR) continue;
        return ErrnoStatus("pwrite", path_);
      }
      bytes.remove_prefix(static_cast<size_t>(written));
      offset += static_cast<uint64_t>(written);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t size) const override {
    std::string bytes(size, '\0');
    size_t done = 0;
    while (done < size) {
      const ssize_t got = pread(file_.descriptor(), bytes.data() + done, size - done,
                                static_cast<off_t>(offset + done));
      if (got < 0) {
        if (errno == EINTR) continue;
        return ErrnoStatus("pread", path_);
      }
      if (got == 0) return absl::DataLossError(Text(path_, " ends at ", offset + done));
      done += static_cast<size_t>(got);
    }
    return bytes;
  }

  absl::StatusOr<uint64_t> Size() const override {
    struct stat entry = {};
    if (fstat(file_.descriptor(), &entry) != 0) return ErrnoStatus("fstat", path_);
    return static_cast<uint64_t>(entry.st_size);
  }

  absl::Status SyncData() override {
    if (fdatasync(file_.descriptor()) != 0) return ErrnoStatus("fdatasync", path_);
    return absl::OkStatus();
  }

 private:
  const std::string path_;
  const OpenFile file_;
};

int FlagsOf(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY;
    case OpenMode::kReadWrite:
      return O_RDWR;
    case OpenMode::kMakeEmpty:
      return O_RDWR | O_CREAT | O_TRUNC;
  }
  return O_RDONLY;
}

class MachineFileSystem final : public Disk {
 public:
  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override {
    absl::StatusOr<OpenFile> file = OpenPath(path, FlagsOf(mode));
    if (!file.ok()) return file.status();
    return std::make_unique<MachineFile>(path, *std::move(file));
  }

  absl::StatusOr<bool> Exists(const std::string& path) override {
    std::error_code error;
    const bool exists = std::filesystem::exists(path, error);
    if (error) return ToStatus(error, "stat", path);
    return exists;
  }

  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override {
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    std::vector<std::string> names;
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
      names.push_back(entries->path().filename().string());
    }
    if (error) return ToStatus(error, "reading", folder);
    std::sort(names.begin(), names.end());
    return names;
  }

  absl::Status MakeFolders(const std::string& path) override {
    const absl::StatusOr<bool> exists = Exists(path);
    if (!exists.ok()) return exists.status();
    if (*exists) return absl::OkStatus();
    const std::string parent = std::filesystem::path(path).parent_path();
    if (!parent.empty()) {
      if (absl::Status s = MakeFolders(parent); !s.ok()) return s;
    }
    std::error_code error;
    std::filesystem::create_directory(path, error);
    if (error) return ToStatus(error, "mkdir", path);
    return SyncFolder(parent.empty() ? "." : parent);
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    std::error_code error;
    std::filesystem::rename(from, to, error);
    return ToStatus(error, "rename", Text(from, " to ", to));
  }

  absl::Status RemoveTree(const std::string& path) override {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    return ToStatus(error, "remove", path);
  }

  absl::Status SyncFolder(const std::string& path) override {
    const absl::StatusOr<OpenFile> folder = OpenPath(path, O_RDONLY | O_DIRECTORY);
    if (!folder.ok()) return folder.status();
    if (fsync(folder->descriptor()) != 0) return ErrnoStatus("fsync", path);
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> FreeBytes(const std::string& path) override {
    struct statvfs disk = {};
    if (statvfs(path.c_str(), &disk) != 0) return ErrnoStatus("statvfs", path);
    return uint64_t{disk.f_bavail} * disk.f_frsize;
  }
};

}  // namespace

File::~File() = default;

Disk::~Disk() = default;

Disk& MachineDisk() {
  static auto* const disk = new MachineFileSystem;
  return *disk;
}

absl::Status CheckRoom(Disk& disk, const std::string& path, uint64_t free_bytes_floor) {
  const absl::StatusOr<uint64_t> free_bytes = disk.FreeBytes(path);
  if (!free_bytes.ok()) return free_bytes.status();
  if (*free_bytes >= free_bytes_floor) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      Text(path, ": ", *free_bytes, " bytes free, below the floor of ", free_bytes_floor));
}

absl::StatusOr<std::string> ReadWholeFile(Disk& disk, const std::string& path, size_t bytes_max) {
  const absl::StatusOr<std::unique_ptr<File>> file = disk.Open(path, OpenMode::kRead);
  if (!file.ok()) return file.status();
  const absl::StatusOr<uint64_t> size = (*file)->Size();
  if (!size.ok()) return size.status();
  if (*size > bytes_max) return absl::DataLossError(Text(path, " is too long"));
  return (*file)->ReadAt(0, static_cast<size_t>(*size));
}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) close(descriptor_);
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

}  // namespace meritbook
