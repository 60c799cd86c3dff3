// Owns: a small CSV file with a header, row by row, columns by name in any order.
// Promises: every fault names file, line and column; an empty line is no row.
// Thread: any once opened.
#ifndef MERITBOOK_CLI_CSV_SHEET_H_
#define MERITBOOK_CLI_CSV_SHEET_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace meritbook::cli {

struct SheetRow {
  uint32_t line = 0;  // from 1
  std::vector<std::string> fields;
};

class CsvSheet {
 public:
  // InvalidArgument where a column of `required` is missing, one is neither there nor in
  // `optional`, or a row is malformed.
  static absl::StatusOr<CsvSheet> Open(std::string name, std::string_view text,
                                       const std::vector<std::string>& required,
                                       const std::vector<std::string>& optional);

  const std::vector<SheetRow>& rows() const { return rows_; }
  bool Has(const std::string& column) const { return columns_.contains(column); }
  // Empty where the file has no such column.
  std::string_view Field(const SheetRow& row, const std::string& column) const;
  // "sheet.csv, line 3, column units: …".
  absl::Status Fault(const SheetRow& row, std::string_view column, std::string_view what) const;

 private:
  std::string name_;
  std::map<std::string, size_t> columns_;
  std::vector<SheetRow> rows_;
};

// The bytes of a file of the user's; InvalidArgument when it can't be read.
absl::StatusOr<std::string> ReadWholeFile(const std::string& file);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_CSV_SHEET_H_
