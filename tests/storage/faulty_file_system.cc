#include "tests/storage/faulty_file_system.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "ledger/text.h"

namespace meritbook {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus Injected(const std::string& path) {
  return IOStatus::IOError(Text("injected fault: ", path));
}

class WritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(FaultyMedium& medium, std::string path, uint64_t size,
               std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)),
        medium_(medium),
        path_(std::move(path)),
        node_(medium_.tree.Find(path_)),
        size_(size) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    const DiskFaults::Verdict verdict = medium_.faults.Meet(DiskCall::kWrite, path_);
    const auto part = static_cast<size_t>(verdict.written * double(data.size()));
    const Slice written(data.data(), verdict.fails ? part : data.size());
    if (IOStatus s = target()->Append(written, options, debug); !s.ok()) return s;
    medium_.tree.Wrote(node_, size_, "", {written.data(), written.size()});
    size_ += written.size();
    return verdict.fails ? Injected(path_) : IOStatus::OK();
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    const DiskFaults::Verdict verdict = medium_.faults.Meet(DiskCall::kSync, path_);
    if (verdict.fails) {
      medium_.tree.SyncFailed(node_);
      return Injected(path_);
    }
    if (!verdict.lies) medium_.tree.Synced(node_);
    return IOStatus::OK();
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  // It only starts the writing, and promises nothing.
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    const bool fails = medium_.faults.Meet(DiskCall::kSyncRange, path_).fails;
    return fails ? Injected(path_) : IOStatus::OK();
  }
  // Reserving 35 MB for each write-ahead log would take most of a test's time.
  void PrepareWrite(size_t, size_t, const IOOptions&, IODebugContext*) override {}
  IOStatus Allocate(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  FaultyMedium& medium_;
  const std::string path_;
  const DurableTree::NodePtr node_;
  uint64_t size_;
};

class SequentialFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(FaultyMedium& medium, std::string path,
                 std::unique_ptr<rocksdb::FSSequentialFile> file)
      : FSSequentialFileOwnerWrapper(std::move(file)), medium_(medium), path_(std::move(path)) {}

  IOStatus Read(size_t size, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) override {
    if (medium_.faults.Meet(DiskCall::kRead, path_).fails) return Injected(path_);
    return target()->Read(size, options, result, scratch, debug);
  }

 private:
  FaultyMedium& medium_;
  const std::string path_;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomAccessFile(FaultyMedium& medium, std::string path,
                   std::unique_ptr<rocksdb::FSRandomAccessFile> file)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), medium_(medium), path_(std::move(path)) {}

  IOStatus Read(uint64_t offset, size_t size, const IOOptions& options, Slice* result,
                char* scratch, IODebugContext* debug) const override {
    if (medium_.faults.Meet(DiskCall::kRead, path_).fails) return Injected(path_);
    return target()->Read(offset, size, options, result, scratch, debug);
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count, const IOOptions& options,
                     IODebugContext* debug) override {
    if (medium_.faults.Meet(DiskCall::kRead, path_).fails) return Injected(path_);
    return target()->MultiRead(requests, count, options, debug);
  }

 private:
  FaultyMedium& medium_;
  const std::string path_;
};

class Folder final : public rocksdb::FSDirectoryWrapper {
 public:
  Folder(FaultyMedium& medium, std::string path, std::unique_ptr<rocksdb::FSDirectory> folder)
      : FSDirectoryWrapper(std::move(folder)), medium_(medium), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    const DiskFaults::Verdict verdict = medium_.faults.Meet(DiskCall::kSyncFolder, path_);
    if (verdict.fails) return Injected(path_);
    if (!verdict.lies) medium_.tree.FolderSynced(path_);
    return IOStatus::OK();
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, debug);
  }

 private:
  FaultyMedium& medium_;
  const std::string path_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> FileSystemOn(FaultyMedium& medium) {
  static auto* const shared =
      new std::shared_ptr<FaultyFileSystem>(std::make_shared<FaultyFileSystem>());
  (*shared)->Use(medium);
  return *shared;
}

IOStatus FaultyFileSystem::Meet(DiskCall call, const std::string& path) {
  return medium_->faults.Meet(call, path).fails ? Injected(path) : IOStatus::OK();
}

IOStatus FaultyFileSystem::Changed(const std::string& path, IOStatus status) {
  medium_->tree.EntryChanged(path);
  return status;
}

IOStatus FaultyFileSystem::NewSequentialFile(const std::string& path, const FileOptions& options,
                                             std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                             IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kRead, path); !s.ok()) return s;
  std::unique_ptr<rocksdb::FSSequentialFile> real;
  if (IOStatus s = target_->NewSequentialFile(path, options, &real, debug); !s.ok()) return s;
  *file = std::make_unique<SequentialFile>(*medium_, path, std::move(real));
  return IOStatus::OK();
}

IOStatus FaultyFileSystem::NewRandomAccessFile(const std::string& path, const FileOptions& options,
                                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                               IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kRead, path); !s.ok()) return s;
  std::unique_ptr<rocksdb::FSRandomAccessFile> real;
  if (IOStatus s = target_->NewRandomAccessFile(path, options, &real, debug); !s.ok()) return s;
  *file = std::make_unique<RandomAccessFile>(*medium_, path, std::move(real));
  return IOStatus::OK();
}

IOStatus FaultyFileSystem::NewWritableFile(const std::string& path, const FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                                           IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kMake, path); !s.ok()) return s;
  std::filesystem::remove(path);  // as in FaultyDisk::Open
  std::unique_ptr<rocksdb::FSWritableFile> real;
  if (IOStatus s = target_->NewWritableFile(path, options, &real, debug); !s.ok()) return s;
  *file = std::make_unique<WritableFile>(*medium_, path, 0, std::move(real));
  return IOStatus::OK();
}

IOStatus FaultyFileSystem::ReopenWritableFile(const std::string& path, const FileOptions& options,
                                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                                              IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kMake, path); !s.ok()) return s;
  std::unique_ptr<rocksdb::FSWritableFile> real;
  if (IOStatus s = target_->ReopenWritableFile(path, options, &real, debug); !s.ok()) return s;
  const uint64_t size = std::filesystem::file_size(path);
  *file = std::make_unique<WritableFile>(*medium_, path, size, std::move(real));
  return IOStatus::OK();
}

IOStatus FaultyFileSystem::NewDirectory(const std::string& path, const IOOptions& options,
                                        std::unique_ptr<rocksdb::FSDirectory>* folder,
                                        IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kRead, path); !s.ok()) return s;
  std::unique_ptr<rocksdb::FSDirectory> real;
  if (IOStatus s = target_->NewDirectory(path, options, &real, debug); !s.ok()) return s;
  *folder = std::make_unique<Folder>(*medium_, path, std::move(real));
  return IOStatus::OK();
}

IOStatus FaultyFileSystem::GetChildren(const std::string& path, const IOOptions& options,
                                       std::vector<std::string>* names, IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kRead, path); !s.ok()) return s;
  return target_->GetChildren(path, options, names, debug);
}

IOStatus FaultyFileSystem::DeleteFile(const std::string& path, const IOOptions& options,
                                      IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kRemove, path); !s.ok()) return s;
  return Changed(path, target_->DeleteFile(path, options, debug));
}

IOStatus FaultyFileSystem::CreateDir(const std::string& path, const IOOptions& options,
                                     IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kMake, path); !s.ok()) return s;
  return Changed(path, target_->CreateDir(path, options, debug));
}

IOStatus FaultyFileSystem::CreateDirIfMissing(const std::string& path, const IOOptions& options,
                                              IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kMake, path); !s.ok()) return s;
  return Changed(path, target_->CreateDirIfMissing(path, options, debug));
}

IOStatus FaultyFileSystem::DeleteDir(const std::string& path, const IOOptions& options,
                                     IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kRemove, path); !s.ok()) return s;
  return Changed(path, target_->DeleteDir(path, options, debug));
}

IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  // The name it gets tells what it is: CURRENT is written under another one.
  if (IOStatus s = Meet(DiskCall::kRename, to); !s.ok()) return s;
  return Changed(from, Changed(to, target_->RenameFile(from, to, options, debug)));
}

IOStatus FaultyFileSystem::LinkFile(const std::string& from, const std::string& to,
                                    const IOOptions& options, IODebugContext* debug) {
  if (IOStatus s = Meet(DiskCall::kLink, to); !s.ok()) return s;
  return Changed(to, target_->LinkFile(from, to, options, debug));
}

}  // namespace meritbook
