// Owns: a disk in memory that does what disks do at their worst.
// Promises: a file shows what was written (its cache); its platter has what was synced. A kill
//           keeps the caches; a power cut leaves the platters and any of the writes on their way,
//           whole, torn or not at all, and any of the changes of names that no folder's sync made
//           durable, in their order. Every error that it gives is one that its owner asked for.
// Thread: one.
#ifndef MERITBOOK_TESTS_SIM_SIMULATED_DISK_H_
#define MERITBOOK_TESTS_SIM_SIMULATED_DISK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/disk.h"
#include "tests/sim/chances.h"

namespace meritbook::sim {

// What may go wrong, in chances of a thousand operations.
struct DiskFaults {
  size_t write_fails = 0;
  size_t sync_fails = 0;
  size_t name_fails = 0;  // opening, renaming, listing, syncing a folder
  size_t read_fails = 0;
};

class SimulatedDisk final : public Disk {
 public:
  explicit SimulatedDisk(uint64_t seed) : chances_(seed) {}

  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override;
  absl::StatusOr<bool> Exists(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override;
  absl::Status MakeFolders(const std::string& path) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status RemoveTree(const std::string& path) override;
  absl::Status SyncFolder(const std::string& path) override;
  absl::StatusOr<uint64_t> FreeBytes(const std::string& path) override;

  // From now on.
  DiskFaults faults;
  // While the simulation itself looks: nothing fails and nothing counts.
  bool observed = false;
  uint64_t capacity_bytes = UINT64_MAX;
  bool tears = true;  // a write that a crash cuts off may be done in part

  // The process that uses it dies at the n-th operation from now, in the midst of it.
  void CrashAfter(uint64_t operations) { operations_left_ = operations; }
  void Kill() { crashed_ = true; }
  bool crashed() const { return crashed_; }
  // The next process. With `power_cut` it finds what the platters have.
  void Restart(bool power_cut);

  // Flips a bit of a file that was synced whole; false if there is none. Undo puts all back.
  bool Rot(std::string* path);
  void UndoRot();

  uint64_t used_bytes() const;
  // What the disk did to its user.
  Tally met;

 private:
  friend class SimulatedFile;
  struct Write {
    uint64_t offset = 0;
    std::string bytes;
  };
  struct Content {
    std::string cache;    // what reading shows
    std::string platter;  // what a power cut leaves for sure
    std::vector<Write> dirty;
  };
  using Names = std::map<std::string, std::shared_ptr<Content>>;  // null: a folder
  struct NameChange {
    std::string folder;  // whose sync makes it durable
    std::function<void(Names&)> apply;
  };
  struct Flip {
    std::shared_ptr<Content> content;
    uint64_t offset = 0;
    char was = 0;
    char is = 0;
  };

  // Counts an operation; an error if the process is dead, or dies of it (`*dies`).
  absl::Status Begin(std::string_view what, const std::string& path, bool* dies = nullptr);
  absl::Status Fault(size_t permille, std::string_view what, const std::string& path);
  void Change(const std::string& folder, std::function<void(Names&)> apply);
  absl::Status WriteTo(Content& content, const std::string& path, std::string_view bytes,
                       uint64_t offset);
  absl::Status Sync(Content& content, const std::string& path);
  void CutPower();

  Chances chances_;
  Names names_;          // as the process sees them
  Names durable_names_;  // as a power cut leaves them for sure
  std::vector<NameChange> changes_;
  std::vector<Flip> flips_;
  std::optional<uint64_t> operations_left_;
  bool crashed_ = false;
  uint64_t life_ = 0;  // files of an earlier process are closed
};

}  // namespace meritbook::sim

#endif  // MERITBOOK_TESTS_SIM_SIMULATED_DISK_H_
