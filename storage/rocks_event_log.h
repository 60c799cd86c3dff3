// Owns: the event log on RocksDB: <dir>/log (the database), <dir>/guard/<ledger>, <dir>/log.lock.
// Promises: EventLog's contract. A store that lost or changed anything refuses to open, and is then
//           left byte for byte as it was found.
// Thread: as EventLog; it has one of its own, which writes, and syncs the guards each second.
#ifndef MERITBOOK_STORAGE_ROCKS_EVENT_LOG_H_
#define MERITBOOK_STORAGE_ROCKS_EVENT_LOG_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/disk.h"
#include "storage/event_log.h"
#include "storage/warn.h"

namespace rocksdb {
class FileSystem;
}  // namespace rocksdb

namespace meritbook {

struct RocksEventLogOptions {
  std::string dir;  // made if missing

  // CheckWritable fails below it. The default covers what may still have to be written after the
  // last command was let in: two write buffers of 32 MiB that wait to become tables. (Their
  // write-ahead logs have their space reserved.) With less, RocksDB would meet the full disk
  // itself.
  uint64_t free_bytes_floor = uint64_t{64} << 20;

  // What RocksDB writes through; null for the machine's. And what the guards are written through.
  std::shared_ptr<rocksdb::FileSystem> file_system = nullptr;
  Disk* disk = &MachineDisk();

  Warn warn = {};  // may be empty
};

// kDataLoss: something is missing or changed; the message names file, ledger, sequence or sizes.
// kUnavailable: open elsewhere, or the disk fails.
absl::StatusOr<std::unique_ptr<EventLog>> OpenRocksEventLog(RocksEventLogOptions options);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_ROCKS_EVENT_LOG_H_
