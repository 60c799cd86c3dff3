// Owns: rows of RFC 4180, one at a time, from any place in a file.
// Promises: LF and CRLF; quoted fields over several lines; a row whose quotes are broken ends with
//           its first line, so that the rows after it are read.
// Thread: any; a row is used by one at a time.
#ifndef MERITBOOK_CLI_IMPORT_CSV_ROW_H_
#define MERITBOOK_CLI_IMPORT_CSV_ROW_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace meritbook::cli {

// A row's fields; they refer to the file's text, or to `unquoted` where quotes were doubled.
struct CsvRow {
  std::vector<std::string_view> fields;
  std::deque<std::string> unquoted;
  uint32_t lines = 1;           // that the row takes, 0 for an empty one at the end
  const char* fault = nullptr;  // what is wrong with its form, in field `fault_field` (from 0)
  size_t fault_field = 0;
};

// Reads the row that begins at `offset`; returns where the next one begins.
size_t SplitRow(std::string_view text, size_t offset, CsvRow* row);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_CSV_ROW_H_
