// Owns: the machine's file system with faults, as RocksDB sees it.
// Promises: as of DiskFaults and DurableTree. Nothing is really synced: a power cut is only ever
//           the tree's.
// Thread: as rocksdb::FileSystem; the medium is changed when no database is open.
#ifndef MERITBOOK_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_
#define MERITBOOK_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_

#include <memory>
#include <string>

#include "rocksdb/file_system.h"
#include "tests/storage/faulty_disk.h"

namespace meritbook {

// Of a process, since storage keeps each file system that it was given for good. `medium` is used
// until the next call.
std::shared_ptr<rocksdb::FileSystem> FileSystemOn(FaultyMedium& medium);

class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  void Use(FaultyMedium& medium) { medium_ = &medium; }

  const char* Name() const override { return "FaultyFileSystem"; }

  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* folder,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus GetChildren(const std::string& path, const rocksdb::IOOptions& options,
                                std::vector<std::string>* names,
                                rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus CreateDir(const std::string& path, const rocksdb::IOOptions& options,
                              rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const rocksdb::IOOptions& options,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteDir(const std::string& path, const rocksdb::IOOptions& options,
                              rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;

 private:
  rocksdb::IOStatus Meet(DiskCall call, const std::string& path);
  rocksdb::IOStatus Changed(const std::string& path, rocksdb::IOStatus status);

  FaultyMedium* medium_ = nullptr;
};

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_
