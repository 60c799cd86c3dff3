// Owns: the state store, a cache of the core's rows that saves replaying the whole log at a start.
// Promises: what it claims as applied it has, whole: after a kill, a power cut or damage it is at
//           the size of some earlier write, or empty, but never wrong.
// Thread: Write and Discard from one at a time; AppliedSize and Load from any.
//
//   auto store = *StateStore::Open({.dir = "data", .schema_version = 1});
//   store->Write({.ledger = "linhai", .applied_size = 12, .rows = {{"v/anna", "…"}, {"h/7", ""}}});
#ifndef MERITBOOK_STORAGE_STATE_STORE_H_
#define MERITBOOK_STORAGE_STATE_STORE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/disk.h"
#include "storage/warn.h"

namespace rocksdb {
class DB;
}  // namespace rocksdb

namespace meritbook {

struct StateRow {
  std::string key;
  std::string value;  // empty: delete the row
};

struct StateWrite {
  std::string ledger;
  uint64_t applied_size = 0;  // the rows are as of this many events; never decreases
  std::vector<StateRow> rows;
};

struct StateStoreOptions {
  std::string dir;              // made if missing; the store is <dir>/state, and <dir>/state.lock
  uint32_t schema_version = 0;  // of the rows; another one's store is wiped
  Warn warn = {};               // may be empty
};

class StateStore {
 public:
  // A store of another schema, or a damaged one, is wiped and starts empty; `warn` says so.
  // kUnavailable if it is open elsewhere or the disk fails: nothing is wiped then.
  static absl::StatusOr<std::unique_ptr<StateStore>> Open(StateStoreOptions options);
  ~StateStore();

  // Atomic, and durable before it returns. Rows may come in any order; keys must differ (CHECK).
  // Waits for merging when that is far behind. After an error the store is as before.
  absl::Status Write(StateWrite write);

  // 0: nothing of this ledger.
  uint64_t AppliedSize(std::string_view ledger) const;

  // Visits all rows of the ledger in key order, verified. Ends at the first error of `visit`.
  // kDataLoss means damage: every later call fails, and the next Open wipes the store.
  absl::Status Load(
      std::string_view ledger,
      absl::FunctionRef<absl::Status(std::string_view key, std::string_view value)> visit) const;

  // Forgets everything of one ledger, atomically.
  absl::Status Discard(std::string_view ledger);

 private:
  class Run;
  using AppliedSizes = std::map<std::string, uint64_t, std::less<>>;

  StateStore(StateStoreOptions options, OpenFile lock);

  absl::Status OpenExisting();
  absl::Status CreateEmpty();
  absl::Status CheckSchema() const;
  absl::StatusOr<AppliedSizes> ReadAppliedSizes() const;
  absl::Status Ingest(Run& run);
  absl::Status WaitForMerging() const;
  absl::Status Failed(absl::Status status) const;
  absl::Status CheckUndamaged() const;

  const StateStoreOptions options_;
  const OpenFile lock_;
  std::unique_ptr<rocksdb::DB> database_;
  uint64_t runs_written_ = 0;  // the writing thread's

  mutable std::mutex mutex_;
  AppliedSizes applied_sizes_;    // guarded by mutex_
  mutable bool damaged_ = false;  // likewise
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_STATE_STORE_H_
