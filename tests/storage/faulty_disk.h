// Owns: the machine's disk with faults, as storage's own calls see it.
// Promises: as of DiskFaults and DurableTree. Nothing is really synced: a power cut is only ever
//           the tree's.
// Thread: as Disk.
#ifndef MERITBOOK_TESTS_STORAGE_FAULTY_DISK_H_
#define MERITBOOK_TESTS_STORAGE_FAULTY_DISK_H_

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/text.h"
#include "storage/disk.h"
#include "tests/storage/disk_faults.h"
#include "tests/storage/durable_tree.h"

namespace meritbook {

// One disk, whoever uses it: FaultyDisk and FaultyFileSystem.
struct FaultyMedium {
  FaultyMedium(const std::string& root, uint64_t seed) : faults(seed), tree(root, seed + 1) {}

  DiskFaults faults;
  DurableTree tree;
};

inline absl::Status InjectedFault(const std::string& path) {
  return absl::UnavailableError(Text("injected fault: ", path));
}

class FaultyFile final : public File {
 public:
  FaultyFile(FaultyMedium& medium, std::string path, std::unique_ptr<File> file)
      : medium_(medium),
        path_(std::move(path)),
        file_(std::move(file)),
        node_(medium_.tree.Find(path_)) {}

  absl::Status WriteAt(std::string_view bytes, uint64_t offset) override {
    const DiskFaults::Verdict verdict = medium_.faults.Meet(DiskCall::kWrite, path_);
    if (verdict.fails) {
      bytes = bytes.substr(0, static_cast<size_t>(verdict.written * double(bytes.size())));
    }
    const absl::StatusOr<uint64_t> size = file_->Size();
    if (!size.ok()) return size.status();
    const uint64_t replaced = offset < *size ? std::min<uint64_t>(bytes.size(), *size - offset) : 0;
    absl::StatusOr<std::string> before = file_->ReadAt(offset, replaced);
    if (!before.ok()) return before.status();
    if (absl::Status s = file_->WriteAt(bytes, offset); !s.ok()) return s;
    medium_.tree.Wrote(node_, offset, *std::move(before), bytes);
    return verdict.fails ? InjectedFault(path_) : absl::OkStatus();
  }

  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t size) const override {
    if (medium_.faults.Meet(DiskCall::kRead, path_).fails) return InjectedFault(path_);
    return file_->ReadAt(offset, size);
  }

  absl::StatusOr<uint64_t> Size() const override { return file_->Size(); }

  absl::Status SyncData() override {
    const DiskFaults::Verdict verdict = medium_.faults.Meet(DiskCall::kSync, path_);
    if (verdict.fails) {
      medium_.tree.SyncFailed(node_);
      return InjectedFault(path_);
    }
    if (!verdict.lies) medium_.tree.Synced(node_);
    return absl::OkStatus();
  }

 private:
  FaultyMedium& medium_;
  const std::string path_;
  const std::unique_ptr<File> file_;
  const DurableTree::NodePtr node_;
};

class FaultyDisk final : public Disk {
 public:
  explicit FaultyDisk(FaultyMedium& medium) : medium_(medium) {}

  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override {
    const bool makes = mode == OpenMode::kMakeEmpty;
    const DiskCall call = makes ? DiskCall::kMake : DiskCall::kRead;
    if (medium_.faults.Meet(call, path).fails) return InjectedFault(path);
    // A file of its own, not the old one emptied: the old one's bytes may come back then.
    if (makes) std::filesystem::remove(path);
    absl::StatusOr<std::unique_ptr<File>> file = MachineDisk().Open(path, mode);
    if (!file.ok()) return file.status();
    return std::make_unique<FaultyFile>(medium_, path, *std::move(file));
  }

  absl::StatusOr<bool> Exists(const std::string& path) override {
    if (medium_.faults.Meet(DiskCall::kRead, path).fails) return InjectedFault(path);
    return MachineDisk().Exists(path);
  }

  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override {
    if (medium_.faults.Meet(DiskCall::kRead, folder).fails) return InjectedFault(folder);
    return MachineDisk().List(folder);
  }

  absl::Status MakeFolders(const std::string& path) override {
    if (medium_.faults.Meet(DiskCall::kMake, path).fails) return InjectedFault(path);
    const absl::Status status = MachineDisk().MakeFolders(path);
    for (std::filesystem::path made = path; made.has_relative_path(); made = made.parent_path()) {
      medium_.tree.FolderSynced(made.parent_path());
    }
    return status;
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (medium_.faults.Meet(DiskCall::kRename, from).fails) return InjectedFault(from);
    return Changed(from, Changed(to, MachineDisk().Rename(from, to)));
  }

  absl::Status RemoveTree(const std::string& path) override {
    if (medium_.faults.Meet(DiskCall::kRemove, path).fails) return InjectedFault(path);
    return Changed(path, MachineDisk().RemoveTree(path));
  }

  absl::Status SyncFolder(const std::string& path) override {
    const DiskFaults::Verdict verdict = medium_.faults.Meet(DiskCall::kSyncFolder, path);
    if (verdict.fails) return InjectedFault(path);
    if (!verdict.lies) medium_.tree.FolderSynced(path);
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> FreeBytes(const std::string& path) override {
    return MachineDisk().FreeBytes(path);
  }

 private:
  absl::Status Changed(const std::string& path, absl::Status status) {
    medium_.tree.EntryChanged(path);
    return status;
  }

  FaultyMedium& medium_;
};

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_STORAGE_FAULTY_DISK_H_
