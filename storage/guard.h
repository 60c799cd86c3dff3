// Owns: the guard of one ledger, a small file outside the databases that says how far the log was.
// Promises: once synced, some mark at least as new as the last synced one is always readable.
// Thread: one at a time.
#ifndef MERITBOOK_STORAGE_GUARD_H_
#define MERITBOOK_STORAGE_GUARD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/sha256.h"
#include "storage/disk.h"

namespace meritbook {

struct GuardMark {
  uint64_t size = 0;    // durable events
  Hash last_hash = {};  // of the record that ends there, or FirstPreviousHash
  uint64_t epoch = 0;   // of the writer of that record; 0 for an empty ledger

  friend bool operator==(const GuardMark&, const GuardMark&) = default;
};

// The file has two slots. Writes go to the one that is not on disk, again and again, until a sync
// puts it there; then to the other. So whatever a power cut tears, the last synced mark is whole.
class Guard {
 public:
  // Makes <folder>/<ledger>, durable before it returns. An existing one is replaced.
  static absl::StatusOr<Guard> Create(Disk& disk, const std::string& folder,
                                      std::string_view ledger, const GuardMark& mark);

  // kNotFound if there is none; kDataLoss if no slot verifies or it belongs to another ledger.
  static absl::StatusOr<Guard> Open(Disk& disk, const std::string& folder, std::string_view ledger);

  const GuardMark& mark() const { return mark_; }
  const std::string& path() const { return path_; }
  bool synced() const { return synced_; }
  bool settled() const { return settled_; }

  // True if one slot did not verify; the mark may then be older than the last one written.
  bool was_torn() const { return was_torn_; }

  // Survives a kill at once, a power cut after Sync.
  absl::Status Write(const GuardMark& mark);
  absl::Status Sync();

  // Puts the mark into both slots, synced, so that one flipped bit loses nothing.
  absl::Status Settle();

 private:
  Guard() = default;

  absl::Status WriteSlot();

  std::string path_;
  Hash ledger_hash_ = {};
  std::unique_ptr<File> file_;
  GuardMark mark_;
  uint64_t counter_ = 0;  // of the newest slot
  uint32_t slot_ = 0;     // where it is
  bool synced_ = false;   // it is on disk
  bool settled_ = false;  // both slots hold the mark, on disk
  bool was_torn_ = false;
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_GUARD_H_
