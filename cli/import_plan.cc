#include "cli/import_plan.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "cli/text.h"

namespace meritbook::cli {

std::variant<ImportPlan, std::string> ImportPlan::Load(const std::filesystem::path& dir) {
  std::error_code error;
  if (!std::filesystem::is_directory(dir, error)) return Join(dir.string(), ": not a folder");
  ImportPlan plan;
  for (size_t i = 0; i < kImportFiles; ++i) {
    const auto kind = static_cast<ImportFile>(i);
    const std::filesystem::path path = dir / FormOf(kind).name;
    if (!std::filesystem::exists(path, error)) continue;
    if (std::string problem = plan.AddFile(kind, path); !problem.empty()) return problem;
  }
  if (plan.files_.empty()) {
    return Join(dir.string(), ": none of the files of an import is here, such as hours.csv");
  }
  const auto by_time = [](const Entry& a, const Entry& b) { return a.recorded_us < b.recorded_us; };
  // Entries stand by file and row, so a stable sort keeps ties in that order.
  std::stable_sort(plan.entries_.begin(), plan.entries_.end(), by_time);
  return plan;
}

std::string ImportPlan::AddFile(ImportFile kind, const std::filesystem::path& path) {
  File file;
  file.kind = kind;
  std::ifstream in(path, std::ios::binary);
  if (!in) return Join(path.string(), ": ", std::strerror(errno));
  in.seekg(0, std::ios::end);
  file.text.resize(static_cast<size_t>(in.tellg()));
  in.seekg(0);
  if (!in.read(file.text.data(), static_cast<std::streamsize>(file.text.size()))) {
    return Join(path.string(), ": can't be read");
  }
  const FileForm& form = FormOf(kind);
  CsvReader reader(file.text);
  CsvRow row;
  if (!reader.Next(row)) return Join(path.string(), ", line 1: the header row is missing");
  if (!row.error.empty()) {
    return Join(path.string(), ", line 1, column ", row.bad_column, ": ", row.error);
  }
  file.header = ReadHeader(form, row);
  if (!file.header.missing.empty()) {
    return Join(path.string(), ", line 1: column ", file.header.missing.front(), " is missing");
  }
  for (std::string_view column : row.fields) {
    file.columns.emplace_back(column);
    if (std::find(form.columns.begin(), form.columns.end(), column) == form.columns.end()) {
      notes_.push_back(Join(path.string(), ": column ", column, " is not used"));
    }
  }
  const size_t index = files_.size();
  while (true) {
    size_t offset = reader.offset();
    if (!reader.Next(row)) break;
    // Where the row itself begins, after empty lines.
    if (!row.fields.empty()) {
      while (file.text[offset] == '\n' || file.text[offset] == '\r') ++offset;
    }
    const RowTimes times = TimesOf(kind, file.header, row);
    if (times.fault) {
      faults_.push_back({std::string(form.name), row.line, times.fault->column, "ROW_UNREADABLE",
                         times.fault->message, IdOf(file.header, row)});
      continue;
    }
    const auto add = [&](int64_t recorded_us, RowPart part) {
      Entry entry{};
      entry.recorded_us = recorded_us;
      entry.offset = offset;
      entry.file = index;
      entry.part = static_cast<uint64_t>(part);
      entry.line = static_cast<uint32_t>(row.line);
      entries_.push_back(entry);
    };
    add(*times.row_us, RowPart::kRow);
    if (times.freeze_us) add(*times.freeze_us, RowPart::kFreeze);
  }
  files_.push_back(std::move(file));
  return "";
}

std::optional<RefusedRow> ImportPlan::Fill(size_t n, bool with_recorded_time,
                                           v1::ImportItem* item) const {
  const Entry& entry = entries_[n];
  const File& file = files_[entry.file];
  // The reader holds unquoted fields, so it has to outlive the row.
  CsvReader reader(file.text, entry.offset, entry.line);
  CsvRow row;
  reader.Next(row);
  const auto fault = FillItem(file.kind, file.header, row, static_cast<RowPart>(entry.part), item);
  if (with_recorded_time) item->set_recorded_us(entry.recorded_us);
  if (!fault) return std::nullopt;
  return RefusedRow{std::string(FormOf(file.kind).name),
                    row.line,
                    fault->column,
                    "ROW_UNREADABLE",
                    fault->message,
                    IdOf(file.header, row)};
}

RefusedRow ImportPlan::RowOf(size_t n, std::string_view column_name) const {
  const Entry& entry = entries_[n];
  const File& file = files_[entry.file];
  CsvReader reader(file.text, entry.offset, entry.line);
  CsvRow row;
  reader.Next(row);
  RefusedRow refused;
  refused.file = FormOf(file.kind).name;
  refused.line = row.line;
  refused.id = IdOf(file.header, row);
  const auto column = std::find(file.columns.begin(), file.columns.end(), column_name);
  if (column != file.columns.end()) {
    refused.column = static_cast<size_t>(column - file.columns.begin()) + 1;
  }
  return refused;
}

}  // namespace meritbook::cli
