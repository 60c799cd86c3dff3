#include "cli/csv_sheet.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "cli/import/csv_row.h"
#include "cli/import/utf8.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

absl::StatusOr<CsvSheet> CsvSheet::Open(std::string name, std::string_view text,
                                        const std::vector<std::string>& required,
                                        const std::vector<std::string>& optional) {
  CsvSheet sheet;
  sheet.name_ = std::move(name);
  const auto fault = [&sheet](uint32_t line, std::string_view what) {
    return absl::InvalidArgumentError(Text(sheet.name_, ", line ", line, ": ", what));
  };
  if (!IsUtf8(text)) return absl::InvalidArgumentError(Text(sheet.name_, ": is not UTF-8"));
  size_t offset = text.starts_with(kBom) ? kBom.size() : 0;
  if (offset == text.size()) return fault(1, "the header row is missing");
  CsvRow row;
  offset = SplitRow(text, offset, &row);
  if (row.fault != nullptr) return fault(1, row.fault);
  uint32_t line = 1 + row.lines;
  const size_t fields = row.fields.size();
  for (size_t i = 0; i < fields; ++i) {
    const std::string_view column = row.fields[i];
    if (!Contains(required, column) && !Contains(optional, column)) {
      return fault(1, Text("column '", column, "' is unknown"));
    }
    if (!sheet.columns_.emplace(column, i).second) {
      return fault(1, Text("column ", column, " stands twice"));
    }
  }
  for (const std::string& column : required) {
    if (!sheet.Has(column)) return fault(1, Text("column ", column, " is missing"));
  }
  while (offset < text.size()) {
    offset = SplitRow(text, offset, &row);
    if (row.fault != nullptr) return fault(line, row.fault);
    const bool empty = row.fields.size() == 1 && row.fields[0].empty();
    if (!empty && row.fields.size() != fields) {
      return fault(line, Text(row.fields.size(), " fields, the header has ", fields));
    }
    if (!empty) sheet.rows_.push_back({line, {row.fields.begin(), row.fields.end()}});
    line += row.lines;
  }
  return sheet;
}

std::string_view CsvSheet::Field(const SheetRow& row, const std::string& column) const {
  const auto found = columns_.find(column);
  return found == columns_.end() ? std::string_view() : row.fields[found->second];
}

absl::Status CsvSheet::Fault(const SheetRow& row, std::string_view column,
                             std::string_view what) const {
  return absl::InvalidArgumentError(
      Text(name_, ", line ", row.line, ", column ", column, ": ", what));
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return absl::InvalidArgumentError(Text(file, ": can't be read"));
  return text.str();
}

}  // namespace meritbook::cli
