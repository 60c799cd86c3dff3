// Owns: a look at RocksDB's write-ahead logs before RocksDB replays them.
// Promises: what it counts as whole groups are all that were written whole and are still so, also
//           behind something broken.
// Thread: any.
//
// RocksDB can't tell the torn end of the last group from damage before it. Told to tolerate a torn
// end it refuses one that has a hole in it, which a power cut may leave of any group of more than a
// page, since a disk writes pages in any order; told to stop at the first thing broken, it forgets
// whole groups that stand behind. And Debian's build, with assertions on, aborts at a group that
// stands there twice.
#ifndef MERITBOOK_STORAGE_WAL_CHECK_H_
#define MERITBOOK_STORAGE_WAL_CHECK_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "rocksdb/file_system.h"

namespace meritbook {

struct WalGroups {
  uint64_t rows_end = 0;    // RocksDB's number of the last row in a whole group, and 1; 0 if none
  std::string broken = {};  // where the first thing broken is; empty if nothing is
};

// In all write-ahead logs of a database's folder, also those that it doesn't need any more.
// kDataLoss, naming file and place, if a group stands there twice.
absl::StatusOr<WalGroups> FindWalGroups(rocksdb::FileSystem& file_system,
                                        const std::string& folder);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_WAL_CHECK_H_
