// Owns: the columns and rows of one report.
// Promises: every row has a value, or none, for each column.
// Thread: one.
#ifndef MERITBOOK_SERVICES_REPORT_TABLE_H_
#define MERITBOOK_SERVICES_REPORT_TABLE_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ledger/check.h"
#include "meritbook/v1/report.pb.h"

namespace meritbook {

// A text, a number, or nothing.
class Value {
 public:
  Value() = default;
  Value(std::string_view text) { value_.set_text(std::string(text)); }  // NOLINT: a text is one
  Value(const std::string& text) { value_.set_text(text); }             // NOLINT: a text is one
  Value(const char* text) { value_.set_text(text); }                    // NOLINT: a text is one
  template <typename Number, typename = std::enable_if_t<std::is_integral_v<Number>>>
  Value(Number number) {  // NOLINT: a number is one
    value_.set_number(static_cast<int64_t>(number));
  }
  template <typename Inner>
  Value(const std::optional<Inner>& inner) {  // NOLINT: so is one that may be absent
    if (inner) *this = Value(*inner);
  }

  v1::ReportValue Take() && { return std::move(value_); }

 private:
  v1::ReportValue value_;
};

struct ReportTable {
  std::vector<v1::ReportColumn> columns;
  std::vector<v1::ReportRow> rows;

  ReportTable(std::initializer_list<std::pair<const char*, v1::ColumnType>> names_and_types) {
    for (const auto& [key, type] : names_and_types) AddColumn(key, type);
  }

  void AddColumn(const char* key, v1::ColumnType type) {
    v1::ReportColumn& column = columns.emplace_back();
    column.set_key(key);
    column.set_type(type);
  }
  void Add(std::vector<Value> values) { AddRow(std::move(values), false); }
  void AddTotal(std::vector<Value> values) { AddRow(std::move(values), true); }

 private:
  void AddRow(std::vector<Value> values, bool total) {
    MB_CHECK(values.size() == columns.size());
    v1::ReportRow& row = rows.emplace_back();
    row.set_total(total);
    for (Value& value : values) *row.add_values() = std::move(value).Take();
  }
};

inline constexpr v1::ColumnType kText = v1::COLUMN_TYPE_TEXT;
inline constexpr v1::ColumnType kCount = v1::COLUMN_TYPE_COUNT;
inline constexpr v1::ColumnType kUnits = v1::COLUMN_TYPE_UNITS;
inline constexpr v1::ColumnType kFen = v1::COLUMN_TYPE_FEN;
inline constexpr v1::ColumnType kMinutes = v1::COLUMN_TYPE_MINUTES;
inline constexpr v1::ColumnType kDay = v1::COLUMN_TYPE_DAY_NUMBER;
inline constexpr v1::ColumnType kInstant = v1::COLUMN_TYPE_INSTANT;
inline constexpr v1::ColumnType kShare = v1::COLUMN_TYPE_BASIS_POINTS;
inline constexpr v1::ColumnType kMonth = v1::COLUMN_TYPE_MONTH_NUMBER;

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_REPORT_TABLE_H_
