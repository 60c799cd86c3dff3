// Owns: the contract of the state store, a cache of the core's rows that saves replaying the whole
//       log at a start.
// Promises: what it claims as applied it has, whole: after a kill, a power cut or damage it is at
//           the size of some earlier write, or empty, but never wrong.
// Thread: Write and Discard from one at a time; AppliedSize and Load from any.
//
//   auto store = *OpenStateStore({.dir = "data", .schema_version = 1});
//   store->Write({.ledger = "linhai", .applied_size = 12, .rows = {{"v/anna", "…"}, {"h/7", ""}}});
#ifndef MERITBOOK_STORAGE_STATE_STORE_H_
#define MERITBOOK_STORAGE_STATE_STORE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

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

class StateStore {
 public:
  virtual ~StateStore();

  // Atomic, and durable before it returns. Rows may come in any order; keys must differ (CHECK).
  // May wait for work behind it. After an error the store is as before.
  virtual absl::Status Write(StateWrite write) = 0;

  // 0: nothing of this ledger.
  virtual uint64_t AppliedSize(std::string_view ledger) const = 0;

  // Visits all rows of the ledger in key order, verified. Ends at the first error of `visit`.
  // kDataLoss means damage: every later call fails, and the next opening wipes the store.
  virtual absl::Status Load(
      std::string_view ledger,
      absl::FunctionRef<absl::Status(std::string_view key, std::string_view value)> visit)
      const = 0;

  // Forgets everything of one ledger, atomically.
  virtual absl::Status Discard(std::string_view ledger) = 0;
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_STATE_STORE_H_
