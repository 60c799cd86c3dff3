// Owns: a folder of backups of the log, made by RocksDB's BackupEngine while the log is written.
// Promises: a backup counts once it has been read back, every checksum and every record verified,
//           and marked; what has no mark is deleted when the folder is opened for the next one.
//           Whatever fails, earlier backups stay whole. They share the tables that they have in
//           common.
// Thread: one; the progress is called from RocksDB's too.
//
//   auto folder = BackupFolder::Open("/backup/meritbook", warn);
//   log->BackUp(**folder, progress);
//   const auto mark = (*folder)->Verify(now_us, progress);
#ifndef MERITBOOK_STORAGE_BACKUP_H_
#define MERITBOOK_STORAGE_BACKUP_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/backup_mark.h"
#include "storage/event_log.h"
#include "storage/warn.h"

namespace rocksdb {
class DB;
}  // namespace rocksdb

namespace meritbook {

class BackupFolder {
 public:
  // Made if missing. kAborted if a backup is being made in it.
  static absl::StatusOr<std::unique_ptr<BackupFolder>> Open(std::string path, Warn warn);
  ~BackupFolder();
  BackupFolder(const BackupFolder&) = delete;
  BackupFolder& operator=(const BackupFolder&) = delete;

  // Copies what no earlier backup has. `durable`: the sizes of the ledgers before, which the copy
  // must not fall short of. Once for each object; by EventLog::BackUp.
  absl::Status Copy(rocksdb::DB& log, std::map<std::string, uint64_t> durable,
                    const BackupProgress& progress);

  // Reads the copy and marks it. kDataLoss, naming what differs, if it doesn't verify.
  absl::StatusOr<BackupMark> Verify(int64_t made_us, const BackupProgress& progress);

  // Removes all but the newest so many.
  absl::Status KeepNewest(uint32_t keep);

 private:
  struct Parts;
  explicit BackupFolder(std::unique_ptr<Parts> parts);

  absl::StatusOr<BackupMark> ReadBack(int64_t made_us, const BackupProgress& progress);

  const std::unique_ptr<Parts> parts_;
};

// Reads a backup in the folder: its files' checksums and every record. kDataLoss names what differs
// from its mark.
absl::Status CheckBackup(const std::string& folder, const BackupMark& mark, const Warn& warn);

// Copies the database of a backup to the folder `log`, which is made, durable. It has no guards
// yet.
absl::Status CopyBackup(const std::string& folder, uint32_t id, const std::string& log,
                        const Warn& warn);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_BACKUP_H_
