// Owns: what each file of a platform's export looks like, and its rows as commands.
// Promises: a row becomes one command (a frozen volunteer two), or one fault with its column.
// Thread: any.
#ifndef MERITBOOK_CLI_IMPORT_ROWS_H_
#define MERITBOOK_CLI_IMPORT_ROWS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/csv.h"
#include "meritbook/v1/admin.pb.h"

namespace meritbook::cli {

// In the order in which rows of one recorded time are sent: what is referred to comes first.
enum class ImportFile {
  kOrganisations,
  kActivities,
  kSessions,
  kMerchants,
  kItems,
  kVolunteers,
  kHours,
  kRedemptions,
};
inline constexpr size_t kImportFiles = 8;

struct FileForm {
  std::string_view name;                  // hours.csv
  std::vector<std::string_view> columns;  // all required in the header, in any order
};
const FileForm& FormOf(ImportFile file);

// Which field of a row each column of the form is; -1 where the header lacks it.
struct Header {
  std::vector<int> field_of_column;
  std::vector<std::string> missing;
};
Header ReadHeader(const FileForm& form, const CsvRow& row);

// A fault of one row. The column is the field's place in the file, from 1; 0 for the row as such.
struct RowFault {
  size_t column = 0;
  std::string message;
};

// Which command of a row: itself, or the freeze that volunteers.csv may add.
enum class RowPart { kRow, kFreeze };

// Recorded times of a row's commands: for kFreeze only where the volunteer is frozen.
struct RowTimes {
  std::optional<int64_t> row_us;
  std::optional<int64_t> freeze_us;
  std::optional<RowFault> fault;
};
RowTimes TimesOf(ImportFile file, const Header& header, const CsvRow& row);

// Fills `item` with the command; recorded_us is left to the caller. Clears it first.
std::optional<RowFault> FillItem(ImportFile file, const Header& header, const CsvRow& row,
                                 RowPart part, v1::ImportItem* item);

// The id that the row is about, for messages.
std::string IdOf(const Header& header, const CsvRow& row);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_ROWS_H_
