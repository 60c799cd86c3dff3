// Owns: making a store out of a backup.
// Promises: killed at any point, the data folder is either as it was or wholly restored: either at
//           once, or when the server (or the next restoration) starts. What was there is moved
//           aside, never deleted. What guards saw is given up only when that was declared.
// Thread: one; the store must not be open, which is checked.
#ifndef MERITBOOK_STORAGE_RESTORE_H_
#define MERITBOOK_STORAGE_RESTORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/warn.h"

namespace meritbook {

struct LossDeclaration {
  std::string declared_by;
  std::string reason_code;
};

struct RestoreOrder {
  std::string backup_dir;
  std::string data_dir;
  std::optional<uint32_t> backup_id = {};  // none: the newest
  // Ledger to the number of events that are kept of it; "" for the only ledger.
  std::map<std::string, uint64_t> sizes = {};
  std::optional<LossDeclaration> declaration = {};
  bool replace = false;  // a store that is there
  int64_t now_us = 0;    // what is moved aside is named by it
  Warn warn = {};
};

struct RestoredLedger {
  std::string ledger;
  uint64_t size = 0;
  uint64_t seen_size = 0;  // what a guard or the backup had seen, if that is more; else `size`
};

struct Restored {
  uint32_t backup_id = 0;
  int64_t made_us = 0;
  std::vector<RestoredLedger> ledgers;
  std::vector<std::string> moved_aside;  // where to
};

// kFailedPrecondition for what an operator has to decide otherwise; kDataLoss for a backup that
// doesn't verify, naming what; kUnavailable for a store that is open.
absl::StatusOr<Restored> Restore(const RestoreOrder& order);

// Finishes a restoration that was cut off after its decision. Before the store is opened.
absl::Status FinishRestoration(const std::string& data_dir);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_RESTORE_H_
