#include "cli/report_sheet.h"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/json_text.h"
#include "cli/quantity.h"
#include "cli/report_words.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr char kInstantShape[] = "%Y-%m-%d %H:%M:%S";

bool IsNumber(v1::ColumnType type) {
  switch (type) {
    case v1::COLUMN_TYPE_COUNT:
    case v1::COLUMN_TYPE_UNITS:
    case v1::COLUMN_TYPE_FEN:
    case v1::COLUMN_TYPE_MINUTES:
    case v1::COLUMN_TYPE_BASIS_POINTS:
      return true;
    case v1::COLUMN_TYPE_TEXT:
    case v1::COLUMN_TYPE_DAY_NUMBER:
    case v1::COLUMN_TYPE_INSTANT:
    case v1::COLUMN_TYPE_MONTH_NUMBER:
    case v1::COLUMN_TYPE_UNSPECIFIED:
    case v1::ColumnType_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ColumnType_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return false;
}

std::string Signed(int64_t number, std::string (*shown)(uint64_t)) {
  const uint64_t magnitude =
      number < 0 ? uint64_t{0} - static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
  return Text(number < 0 ? "-" : "", shown(magnitude));
}

std::string Percent(int64_t basis_points) {
  const uint64_t rest = static_cast<uint64_t>(std::llabs(basis_points) % 100);
  return Text(Signed(basis_points / 100, &Grouped), ".", rest < 10 ? "0" : "", rest, " %");
}

std::string InstantShown(int64_t us, absl::TimeZone zone) {
  return absl::FormatTime(kInstantShape, absl::FromUnixMicros(us), zone);
}

// "446,500 小时", "1 小时 30 分".
std::string ChineseHours(uint64_t minutes) {
  const std::string rest = Text(minutes % 60, " 分");
  if (minutes < 60 && minutes > 0) return rest;
  return Text(Grouped(minutes / 60), " 小时", minutes % 60 == 0 ? "" : " ",
              minutes % 60 == 0 ? "" : rest);
}

std::string NumberShown(const v1::ReportColumn& column, int64_t number, absl::TimeZone zone,
                        Language language) {
  switch (column.type()) {
    case v1::COLUMN_TYPE_COUNT:
      // A name of an event rather than an amount.
      return column.key() == "sequence" ? std::to_string(number) : Signed(number, &Grouped);
    case v1::COLUMN_TYPE_UNITS:
      return Points(number);
    case v1::COLUMN_TYPE_FEN:
      return Yuan(number);
    case v1::COLUMN_TYPE_MINUTES:
      return Signed(number, language == Language::kChinese ? &ChineseHours : &Hours);
    case v1::COLUMN_TYPE_DAY_NUMBER:
      return Day(static_cast<int32_t>(number));
    case v1::COLUMN_TYPE_INSTANT:
      return InstantShown(number, zone);
    case v1::COLUMN_TYPE_BASIS_POINTS:
      return Percent(number);
    case v1::COLUMN_TYPE_MONTH_NUMBER:
      return Month(static_cast<int32_t>(number));
    case v1::COLUMN_TYPE_TEXT:
    case v1::COLUMN_TYPE_UNSPECIFIED:
    case v1::ColumnType_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ColumnType_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return std::to_string(number);
}

// A row of totals says so in its first empty column, one of texts if there is one.
void NameTotal(const Report& report, SheetRow& row, Language language) {
  size_t named = row.cells.size();
  for (size_t i = row.cells.size(); i-- > 0;) {
    if (!row.cells[i].shown.empty()) continue;
    const bool number = IsNumber(report.columns[i].type());
    if (named == row.cells.size() || !number || IsNumber(report.columns[named].type())) named = i;
  }
  if (named < row.cells.size()) row.cells[named].shown = Pick(language, "total", "合计");
}

}  // namespace

absl::TimeZone ZoneNamed(const std::string& name) {
  absl::TimeZone zone;
  return absl::LoadTimeZone(name, &zone) ? zone : absl::UTCTimeZone();
}

std::string AsOfWords(uint64_t size, int64_t last_recorded_us, absl::TimeZone zone,
                      Language language) {
  const std::string recorded =
      absl::FormatTime("%Y-%m-%d %H:%M:%E*S %Ez", absl::FromUnixMicros(last_recorded_us), zone);
  return language == Language::kChinese
             ? Text("截至第 ", Grouped(size), " 个事件，登记于 ", recorded)
             : Text("as of sequence ", Grouped(size), ", recorded ", recorded);
}

Cell CellOf(const v1::ReportColumn& column, const v1::ReportValue& value, absl::TimeZone zone,
            Language language) {
  switch (value.value_case()) {
    case v1::ReportValue::kText:
      return {ValueWords(column.key(), value.text(), language), value.text()};
    case v1::ReportValue::kNumber:
      return {NumberShown(column, value.number(), zone, language), std::to_string(value.number())};
    case v1::ReportValue::VALUE_NOT_SET:
      break;
  }
  return "";
}

Sheet SheetOf(const Report& report, Language language) {
  const absl::TimeZone zone = ZoneNamed(report.time_zone);
  Sheet sheet;
  if (const ReportName* name = ReportNamed(report.name)) sheet.title = name->Title(language);
  sheet.as_of = AsOfWords(report.size, report.last_recorded_us, zone, language);
  for (const v1::ReportColumn& column : report.columns) {
    sheet.columns.push_back({ColumnTitle(column.key(), language), column.key(),
                             IsNumber(column.type()) ? Align::kRight : Align::kLeft});
  }
  for (const v1::ReportRow& row : report.rows) {
    SheetRow shown;
    shown.total = row.total();
    for (int i = 0; i < row.values_size() && i < static_cast<int>(report.columns.size()); ++i) {
      shown.cells.push_back(
          CellOf(report.columns[static_cast<size_t>(i)], row.values(i), zone, language));
    }
    shown.cells.resize(report.columns.size(), Cell(""));
    if (shown.total) NameTotal(report, shown, language);
    sheet.rows.push_back(std::move(shown));
  }
  return sheet;
}

Table TableOf(const Sheet& sheet) {
  Table table(sheet.columns);
  for (const SheetRow& row : sheet.rows) table.Add(row.cells);
  return table;
}

std::string CsvOf(const Report& report, const Sheet& sheet) {
  std::vector<Column> columns = sheet.columns;
  for (const char* name : {"total", "size", "last_recorded_us"}) columns.push_back({name, name});
  Table table(columns);
  for (const SheetRow& row : sheet.rows) {
    std::vector<Cell> cells = row.cells;
    cells.emplace_back(row.total ? "true" : "false");
    cells.emplace_back(std::to_string(report.size));
    cells.emplace_back(std::to_string(report.last_recorded_us));
    table.Add(std::move(cells));
  }
  return table.Csv();
}

std::string JsonOfReport(const Report& report) {
  using Json = nlohmann::ordered_json;
  Json json = {{"report", report.name},
               {"size", report.size},
               {"last_recorded_us", report.last_recorded_us},
               {"time_zone", report.time_zone},
               {"columns", Json::array()},
               {"rows", Json::array()}};
  for (const v1::ReportColumn& column : report.columns) {
    json["columns"].push_back(
        {{"key", column.key()}, {"type", v1::ColumnType_Name(column.type())}});
  }
  for (const v1::ReportRow& row : report.rows) {
    Json object = Json::object();
    for (size_t i = 0; i < report.columns.size(); ++i) {
      Json& out = object[report.columns[i].key()];
      if (i >= static_cast<size_t>(row.values_size())) continue;
      const v1::ReportValue& value = row.values(static_cast<int>(i));
      if (value.has_text()) out = value.text();
      if (value.has_number()) out = value.number();
    }
    if (row.total()) object["total"] = true;
    json["rows"].push_back(std::move(object));
  }
  return JsonText(json);
}

}  // namespace meritbook::cli
