// Owns: the one order of all rows of an export: by recorded time, then kind of file, then row.
// Promises: the same order at every run, so that an import that broke off is simply run again.
// Thread: one.
#ifndef MERITBOOK_CLI_IMPORT_MERGE_ORDER_H_
#define MERITBOOK_CLI_IMPORT_MERGE_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cli/import/input_file.h"

namespace meritbook::cli {

// One command of a row.
struct RowPlace {
  uint64_t offset = 0;  // of the row in its file
  uint32_t line = 0;
  FileKind file = FileKind::kHours;
  bool freezes = false;  // the freeze that a row of volunteers.csv may add
};

struct RefusedRow {
  RowPlace place;
  RowFault fault;
};

class MergeOrder {
 public:
  struct Entry {
    int64_t recorded_us = 0;
    RowPlace place;
  };

  // Reads the recorded time of every row. `files` by kind; they outlive the order.
  explicit MergeOrder(const std::vector<InputFile>& files);

  // The next command, null at the end.
  const Entry* Next() { return next_ < entries_.size() ? &entries_[next_++] : nullptr; }

  uint64_t rows() const { return rows_; }
  // Of rows whose form and times can be read.
  uint64_t commands() const { return entries_.size(); }
  const std::vector<RefusedRow>& refused() const { return refused_; }

 private:
  void AddFile(const InputFile& file);

  std::vector<Entry> entries_;
  std::vector<RefusedRow> refused_;
  uint64_t rows_ = 0;
  size_t next_ = 0;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_MERGE_ORDER_H_
