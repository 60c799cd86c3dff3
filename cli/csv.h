// Owns: reading CSV as RFC 4180 has it, with the habits of real exports: BOM, CRLF.
// Promises: every row knows its line; every fault has a line and a column; fields stay in place.
// Thread: one at a time.
#ifndef MERITBOOK_CLI_CSV_H_
#define MERITBOOK_CLI_CSV_H_

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace meritbook::cli {

// One row; valid until the next call of Next.
struct CsvRow {
  size_t line = 0;                       // of its first character, from 1
  std::vector<std::string_view> fields;  // unquoted
  // Empty, or what is wrong with the row as such, in field `bad_column` (from 1).
  std::string error;
  size_t bad_column = 0;
};

class CsvReader {
 public:
  // `text` outlives the reader. Starts at `offset`, which is where some row began, in line `line`.
  explicit CsvReader(std::string_view text, size_t offset = 0, size_t line = 1);

  // False at the end. Empty lines are passed over.
  bool Next(CsvRow& row);

  // Where the next row begins.
  size_t offset() const { return at_; }
  size_t line() const { return line_; }

 private:
  std::string_view TakeQuoted(CsvRow& row);
  std::string_view TakePlain();

  std::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
  std::deque<std::string> unquoted_;  // fields with doubled quotes
};

// True for well-formed UTF-8 (RFC 3629).
bool IsUtf8(std::string_view text);

// `field` quoted where RFC 4180 demands it.
std::string CsvField(std::string_view field);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_CSV_H_
