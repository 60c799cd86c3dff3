// Owns: what each file of a platform's export has in it, and where its columns are.
// Promises: columns by name, in any order; every fault has a reason and a column.
// Thread: any once opened.
#ifndef MERITBOOK_CLI_IMPORT_INPUT_FILE_H_
#define MERITBOOK_CLI_IMPORT_INPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/import/csv_row.h"

namespace meritbook::cli {

// In the order in which rows of one recorded time are sent: what is referred to comes first.
enum class FileKind : uint8_t {
  kOrganisations,
  kActivities,
  kSessions,
  kMerchants,
  kItems,
  kVolunteers,
  kHours,
  kRedemptions,
  kHolds,
  kVouchers,
  kConfirmations,
  kCancellations,
  kRefunds,
};
inline constexpr size_t kFileKinds = 13;

struct FileSpec {
  std::string_view name;  // hours.csv
  // All have to be in the header. 0 is the recorded time, 1 the row's own id.
  std::vector<std::string_view> columns;
  // May be in the header; their numbers follow those of `columns`.
  std::vector<std::string_view> optional = {};

  size_t size() const { return columns.size() + optional.size(); }
  std::string_view Column(int column) const {
    const auto index = static_cast<size_t>(column);
    return index < columns.size() ? columns[index] : optional[index - columns.size()];
  }
};
const FileSpec& SpecOf(FileKind kind);

inline constexpr int kNoColumn = -1;

// What is wrong with a row; nothing while `reason` is empty.
struct RowFault {
  std::string reason;
  std::string message;
  int column = kNoColumn;  // of the spec
  explicit operator bool() const { return !reason.empty(); }
};

class InputFile {
 public:
  // Reads the header. InvalidArgument names file, line 1 and the missing column.
  static absl::StatusOr<InputFile> Open(FileKind kind, std::string_view text);

  const FileSpec& spec() const { return *spec_; }
  FileKind kind() const { return kind_; }
  std::string_view text() const { return text_; }
  // Columns of the header that nobody reads.
  const std::vector<std::string>& ignored() const { return ignored_; }
  // Where the first row after the header begins, and its line.
  size_t first_offset() const { return first_offset_; }
  uint32_t first_line() const { return first_line_; }

  // Reads the row at `offset` and checks its form: quotes, number of fields, UTF-8. Returns where
  // the next row begins.
  size_t Split(size_t offset, CsvRow* row, RowFault* fault) const;

  // The value in a column of the spec, empty where the file has no such column; the row has passed
  // Split.
  std::string_view Field(const CsvRow& row, int column) const {
    const size_t field = field_of_column_[static_cast<size_t>(column)];
    return field == kNoField ? std::string_view() : row.fields[field];
  }

  // "5:minutes": the field's place in the file, from 1, and its name; empty for kNoColumn.
  std::string ColumnLabel(int column) const;
  // The column that a field of the command was read from, such as command.interval.end_us.
  int ColumnOfField(std::string_view field_path) const;

 private:
  static constexpr size_t kNoField = SIZE_MAX;

  InputFile() = default;
  absl::Status FindColumns(const CsvRow& header);
  int ColumnNamed(std::string_view name) const;

  FileKind kind_ = FileKind::kHours;
  const FileSpec* spec_ = nullptr;
  std::string_view text_;
  std::vector<size_t> field_of_column_;
  size_t fields_ = 0;
  std::vector<std::string> ignored_;
  size_t first_offset_ = 0;
  uint32_t first_line_ = 2;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_INPUT_FILE_H_
