// Arbitrary text as a CSV file: a fault that names its place, or rows as wide as the header.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cli/csv_sheet.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace meritbook::cli;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto sheet =
      CsvSheet::Open("sheet.csv", text, {"volunteer_id", "units"}, {"expiry_day", "minutes"});
  if (!sheet.ok()) {
    if (sheet.status().message().find("sheet.csv") == std::string_view::npos) std::abort();
    return 0;
  }
  uint32_t line = 0;
  for (const SheetRow& row : sheet->rows()) {
    if (row.line <= line) std::abort();
    line = row.line;
    for (const char* column : {"volunteer_id", "units", "expiry_day", "minutes"}) {
      if (sheet->Field(row, column).size() > size) std::abort();
    }
  }
  return 0;
}
