// Owns: the steps that open a log, in the order that leaves a refused one as it was found.
// Promises: Ok means a log that CheckLog passed, with its guards at its end, open for writing.
// Thread: one.
#ifndef MERITBOOK_STORAGE_LOG_OPENING_H_
#define MERITBOOK_STORAGE_LOG_OPENING_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/disk.h"
#include "storage/log_check.h"
#include "storage/log_rows.h"
#include "storage/warn.h"

namespace meritbook {

// Where a log is: its rows at <dir>/log, its guards in <dir>/guard.
struct LogPlace {
  using OpenRows = std::function<absl::StatusOr<std::unique_ptr<LogRows>>()>;

  Disk* disk = nullptr;
  std::string dir;
  std::function<absl::Status()> create;  // empty rows, durable, in one step
  OpenRows open_for_reading;             // changes no byte
  OpenRows open_for_writing;
  unsigned threads_max = 1;  // that check
  Warn warn = {};            // may be empty
};

struct LogOpening {
  std::unique_ptr<LogRows> rows;
  OpenedLog log;
};

std::string GuardFolder(const std::string& dir);

// kDataLoss: something is missing or changed; the message names file, ledger, sequence or sizes.
absl::StatusOr<LogOpening> OpenLog(const LogPlace& place);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_OPENING_H_
