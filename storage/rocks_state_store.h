// Owns: the state store on RocksDB, at <dir>/state, with <dir>/state.lock.
// Promises: StateStore's contract. A store of another schema, or a damaged one, is wiped and starts
//           empty; `warn` says so.
// Thread: as StateStore.
#ifndef MERITBOOK_STORAGE_ROCKS_STATE_STORE_H_
#define MERITBOOK_STORAGE_ROCKS_STATE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/state_store.h"
#include "storage/warn.h"

namespace rocksdb {
class FileSystem;
}  // namespace rocksdb

namespace meritbook {

struct StateStoreOptions {
  std::string dir;              // made if missing
  uint32_t schema_version = 0;  // of the rows; another one's store is wiped
  Warn warn = {};               // may be empty
  // What RocksDB writes through; null for the machine's.
  std::shared_ptr<rocksdb::FileSystem> file_system = nullptr;
};

// kUnavailable if it is open elsewhere or the disk fails: nothing is wiped then.
absl::StatusOr<std::unique_ptr<StateStore>> OpenStateStore(StateStoreOptions options);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_ROCKS_STATE_STORE_H_
