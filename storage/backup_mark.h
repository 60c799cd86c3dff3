// Owns: the mark of a backup: what it holds, written once the whole of it has been verified.
// Promises: what decodes is exactly what was encoded; a backup without its mark is none.
// Thread: any; values.
#ifndef MERITBOOK_STORAGE_BACKUP_MARK_H_
#define MERITBOOK_STORAGE_BACKUP_MARK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/sha256.h"
#include "storage/disk.h"
#include "storage/log_check.h"

namespace meritbook {

struct BackupMark {
  uint32_t id = 0;
  int64_t made_us = 0;
  uint64_t bytes = 0;      // of all its files
  uint64_t new_bytes = 0;  // of those that no earlier backup had
  Hash list_hash = {};     // of <folder>/meta/<id>, which lists its files with their checksums
  LedgerTails ledgers = {};
};

std::string EncodeBackupMark(const BackupMark& mark);

// kDataLoss for what is no whole mark.
absl::StatusOr<BackupMark> DecodeBackupMark(std::string_view bytes);

// <folder>/marks/<id>, durable before it returns.
absl::Status WriteBackupMark(Disk& disk, const std::string& folder, const BackupMark& mark);

// kNotFound if there is no such backup; kDataLoss, naming the file, if its mark or its list of
// files was changed.
absl::StatusOr<BackupMark> ReadBackupMark(Disk& disk, const std::string& folder, uint32_t id);

// The backups that there are, oldest first; none if the folder has none yet.
absl::StatusOr<std::vector<uint32_t>> ListBackupIds(Disk& disk, const std::string& folder);
absl::StatusOr<std::vector<BackupMark>> ListBackupMarks(Disk& disk, const std::string& folder);

// Durable before it returns; Ok if there is none.
absl::Status RemoveBackupMark(Disk& disk, const std::string& folder, uint32_t id);

// SHA-256 of <folder>/meta/<id>.
absl::StatusOr<Hash> HashOfFileList(Disk& disk, const std::string& folder, uint32_t id);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_BACKUP_MARK_H_
