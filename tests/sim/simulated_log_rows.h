// Owns: a log's rows on the simulated disk: one file of batches, read whole when it is opened.
// Promises: LogRows' contract, and no more than RocksDB keeps at its worst: what is torn, or
//           damaged at the end, opens without a word with fewer rows; so may damage in the midst.
// Thread: one.
//
// file  = batch*
// batch = size:u32 number:u32 checksum:8 rows      rows = (key-size:u32 value-size:u32 key value)*
#ifndef MERITBOOK_TESTS_SIM_SIMULATED_LOG_ROWS_H_
#define MERITBOOK_TESTS_SIM_SIMULATED_LOG_ROWS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/log_rows.h"
#include "tests/sim/simulated_disk.h"

namespace meritbook::sim {

struct RowsHabits {
  bool silent_about_damage = false;  // in the midst of the file, too
  bool verifies_reads = true;        // else damaged values are handed on as they are
};

class SimulatedLogRows final : public LogRows {
 public:
  // An empty log at <dir>/log, in one step.
  static absl::Status Create(SimulatedDisk& disk, const std::string& dir);
  // For writing it is written anew, as RocksDB turns its write-ahead log into a table.
  static absl::StatusOr<std::unique_ptr<LogRows>> Open(SimulatedDisk& disk, const std::string& dir,
                                                       const RowsHabits& habits, bool for_writing);

  absl::Status Write(const std::vector<LogRow>& rows) override;
  std::unique_ptr<LogCursor> NewCursor(CursorRange range) const override;
  std::vector<std::string> Divisions() const override { return {}; }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::Status Close() override { return absl::OkStatus(); }

 private:
  friend class SimulatedCursor;
  // Where a value lies, and what it was.
  struct Place {
    uint64_t offset = 0;
    size_t size = 0;
    uint64_t checksum = 0;
  };

  explicit SimulatedLogRows(const RowsHabits& habits) : habits_(habits) {}

  absl::Status Read(File& file);
  // Takes the rows of a batch whose rows begin at `offset`; false if they make no sense.
  bool Index(std::string_view rows, uint64_t offset);

  const RowsHabits habits_;
  std::unique_ptr<File> file_;
  std::map<std::string, Place, std::less<>> rows_;
  uint64_t end_ = 0;
  uint32_t batches_ = 0;
};

}  // namespace meritbook::sim

#endif  // MERITBOOK_TESTS_SIM_SIMULATED_LOG_ROWS_H_
