// Owns: how rows of values are shown: aligned text for people, CSV for programs.
// Promises: columns stay aligned when a cell has Chinese, Japanese or Korean characters, which are
// two columns wide. Thread: any for const use.
#ifndef MERITBOOK_CLI_TABLE_H_
#define MERITBOOK_CLI_TABLE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace meritbook::cli {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;  // for people, in their language
  std::string name;   // for programs: the proto's field name
  Align align = Align::kLeft;
};

struct Cell {
  std::string shown;
  std::string plain;  // for CSV: units, minutes, microseconds as integers

  Cell(std::string both) : shown(both), plain(std::move(both)) {}  // NOLINT: a text is a cell
  Cell(const char* both) : Cell(std::string(both)) {}              // NOLINT: a text is a cell
  Cell(std::string shown_text, std::string plain_text)
      : shown(std::move(shown_text)), plain(std::move(plain_text)) {}
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns.
  void Add(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }

  // One line a row under a line of titles.
  std::string Text(bool colour) const;
  // One line a value, its title before it: for a table of one row.
  std::string TextDown(bool colour) const;
  // RFC 4180 with a header, LF.
  std::string Csv() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

// Columns that a terminal gives the text: 2 for wide characters, 0 for combining ones.
size_t DisplayWidth(std::string_view utf8);

// Quoted where RFC 4180 wants it.
std::string CsvField(std::string_view value);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_TABLE_H_
