#include "storage/rocks_glue.h"

#include <cstdarg>
#include <cstdio>
#include <string>
#include <utility>

#include "ledger/text.h"
#include "storage/table_check.h"

namespace meritbook {
namespace {

class WarningLogger : public rocksdb::Logger {
 public:
  explicit WarningLogger(Warn warn)
      : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL), warn_(std::move(warn)) {}

  using rocksdb::Logger::Logv;

  void LogHeader(const char*, va_list) override {}

  void Logv(const rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level < GetInfoLogLevel() || level >= rocksdb::InfoLogLevel::HEADER_LEVEL) return;
    Logv(format, arguments);
  }

  void Logv(const char* format, va_list arguments) override {
    if (!warn_) return;
    char line[2048];
    const int size = std::vsnprintf(line, sizeof(line), format, arguments);
    if (size > 0) warn_(Text("rocksdb: ", line));
  }

 private:
  const Warn warn_;
};

// What it makes of a CURRENT that can't be opened for now: a failing disk, too many open files.
bool IsFailureToOpen(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return text.find("Found options incompatible with filesystem") != std::string::npos ||
         text.find("Direct I/O is not supported") != std::string::npos;
}

}  // namespace

absl::Status FromRocks(const rocksdb::Status& status, std::string_view where) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = Text(where, ": ", status.ToString());
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(message);
  if (status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound() ||
      (status.IsInvalidArgument() && !IsFailureToOpen(status))) {
    return absl::DataLossError(message);
  }
  return absl::UnavailableError(message);
}

std::shared_ptr<rocksdb::Logger> NewWarningLogger(Warn warn) {
  return std::make_shared<WarningLogger>(std::move(warn));
}

rocksdb::Options CommonRocksOptions(const RocksGround& ground) {
  rocksdb::Options options;
  options.env = TableCheckingEnv(ground.file_system);
  options.info_log = ground.logger;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.create_if_missing = false;
  options.paranoid_checks = true;
  options.verify_sst_unique_id_in_manifest = true;
  options.bytes_per_sync = 1 << 20;  // or a flushed table's sync delays that of the next group
  options.max_open_files = -1;       // every file is opened, and its footer checked, at opening
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.max_background_jobs = 2;
  options.compression = rocksdb::kLZ4Compression;
  return options;
}

}  // namespace meritbook
