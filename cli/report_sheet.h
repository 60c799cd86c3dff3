// Owns: a report as people and programs read it: cells in words, what it is as of.
// Promises: programs get the server's own keys and numbers; people get points, hours, yuan and
//           times of the ledger's zone.
// Thread: any.
#ifndef MERITBOOK_CLI_REPORT_SHEET_H_
#define MERITBOOK_CLI_REPORT_SHEET_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "cli/language.h"
#include "cli/table.h"
#include "meritbook/v1/report.pb.h"

namespace meritbook::cli {

// All of a report: its messages put together.
struct Report {
  std::string name;  // of merit report NAME
  std::vector<v1::ReportColumn> columns;
  std::vector<v1::ReportRow> rows;
  uint64_t size = 0;
  int64_t last_recorded_us = 0;
  std::string time_zone;
};

struct SheetRow {
  std::vector<Cell> cells;
  bool total = false;
};

// What a page or a table shows.
struct Sheet {
  std::string title;
  // Of what it is: ledger, volunteer, days.
  std::vector<std::pair<std::string, std::string>> about;
  // "as of event 1,204, recorded 2024-06-01 09:00:00 +08:00".
  std::string as_of;
  std::vector<Column> columns;
  std::vector<SheetRow> rows;
};

// "as of the first 1,204 events, the last recorded …".
std::string AsOfWords(uint64_t size, int64_t last_recorded_us, absl::TimeZone zone,
                      Language language);

// UTC for a zone that this machine doesn't know.
absl::TimeZone ZoneNamed(const std::string& name);

// A cell of a column of this type.
Cell CellOf(const v1::ReportColumn& column, const v1::ReportValue& value, absl::TimeZone zone,
            Language language);

Sheet SheetOf(const Report& report, Language language);

Table TableOf(const Sheet& sheet);
// With three columns more: whether the row is a total, and what the report is as of.
std::string CsvOf(const Report& report, const Sheet& sheet);
// Rows as objects by the columns' keys; a value that there is none is null.
std::string JsonOfReport(const Report& report);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_REPORT_SHEET_H_
