#include "cli/import/input_file.h"

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "cli/import/utf8.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

}  // namespace

const FileSpec& SpecOf(FileKind kind) {
  static const auto* const specs = new std::array<FileSpec, kFileKinds>{{
      {"organisations.csv", {"recorded_at", "organisation_id", "kind", "headcount"}},
      {"activities.csv",
       {"recorded_at", "activity_id", "organisation_id", "category", "site", "starts_at",
        "ends_at"}},
      {"sessions.csv",
       {"recorded_at", "session_id", "activity_id", "day", "slot", "site", "starts_at", "ends_at"}},
      {"merchants.csv", {"recorded_at", "merchant_id", "kind"}},
      {"items.csv",
       {"recorded_at", "item_id", "merchant_id", "price_points", "stock"},
       {"settle_fen", "funding", "budget_source", "limit_quantity", "limit_period", "age_bands"}},
      {"volunteers.csv",
       {"recorded_at", "volunteer_id", "organisation_id", "cohorts", "age_band", "guardian_consent",
        "frozen_at", "frozen_reason"}},
      {"hours.csv",
       {"recorded_at", "record_id", "volunteer_id", "activity_id", "session_id", "starts_at",
        "ends_at", "day", "minutes"}},
      {"redemptions.csv",
       {"recorded_at", "order_id", "volunteer_id", "merchant_id", "item_id", "quantity"}},
      {"holds.csv",
       {"recorded_at", "order_id", "volunteer_id", "merchant_id", "lines"},
       {"hold_seconds", "offline"}},
      {"vouchers.csv",
       {"recorded_at", "order_id", "volunteer_id", "merchant_id", "lines", "code_sha256"},
       {"valid_days"}},
      {"confirmations.csv", {"recorded_at", "order_id"}, {"lines", "happened_at"}},
      {"cancellations.csv", {"recorded_at", "order_id", "reason_code"}},
      {"refunds.csv", {"recorded_at", "refund_id", "order_id", "lines", "reason_code"}},
  }};
  return (*specs)[static_cast<size_t>(kind)];
}

absl::StatusOr<InputFile> InputFile::Open(FileKind kind, std::string_view text) {
  InputFile file;
  file.kind_ = kind;
  file.spec_ = &SpecOf(kind);
  file.text_ = text;
  const std::string_view name = file.spec_->name;
  const size_t begin = text.substr(0, kBom.size()) == kBom ? kBom.size() : 0;
  CsvRow header;
  if (begin == text.size()) {
    return absl::InvalidArgumentError(Text(name, ", line 1: the header row is missing"));
  }
  file.first_offset_ = SplitRow(text, begin, &header);
  file.first_line_ = 1 + header.lines;
  if (header.fault != nullptr) {
    return absl::InvalidArgumentError(
        Text(name, ", line 1, column ", header.fault_field + 1, ": ", header.fault));
  }
  file.fields_ = header.fields.size();
  if (absl::Status found = file.FindColumns(header); !found.ok()) return found;
  for (std::string_view column : header.fields) {
    if (file.ColumnNamed(column) == kNoColumn) file.ignored_.emplace_back(column);
  }
  return file;
}

absl::Status InputFile::FindColumns(const CsvRow& header) {
  const auto begin = header.fields.begin();
  const auto end = header.fields.end();
  for (size_t n = 0; n < spec_->size(); ++n) {
    const std::string_view column = spec_->Column(static_cast<int>(n));
    const auto found = std::find(begin, end, column);
    if (found == end) {
      if (n < spec_->columns.size()) {
        return absl::InvalidArgumentError(
            Text(spec_->name, ", line 1: column ", column, " is missing"));
      }
      field_of_column_.push_back(kNoField);
      continue;
    }
    if (std::find(found + 1, end, column) != end) {
      return absl::InvalidArgumentError(
          Text(spec_->name, ", line 1: column ", column, " stands twice"));
    }
    field_of_column_.push_back(static_cast<size_t>(found - begin));
  }
  return absl::OkStatus();
}

size_t InputFile::Split(size_t offset, CsvRow* row, RowFault* fault) const {
  const size_t next = SplitRow(text_, offset, row);
  const auto column_of = [&](size_t field) {
    const auto found = std::find(field_of_column_.begin(), field_of_column_.end(), field);
    return found == field_of_column_.end() ? kNoColumn
                                           : static_cast<int>(found - field_of_column_.begin());
  };
  if (row->fault != nullptr) {
    *fault = {"CSV_MALFORMED", row->fault, column_of(row->fault_field)};
    return next;
  }
  if (row->fields.size() != fields_) {
    *fault = {"CSV_MALFORMED",
              Text("the row has ", row->fields.size(), " fields, the header ", fields_), kNoColumn};
    return next;
  }
  if (!IsUtf8(text_.substr(offset, next - offset))) {
    for (size_t field = 0; field < row->fields.size(); ++field) {
      if (IsUtf8(row->fields[field])) continue;
      *fault = {"NOT_UTF8",
                "not UTF-8; it looks like GB18030: convert the file, for example with iconv -f "
                "GB18030 -t UTF-8",
                column_of(field)};
      break;
    }
  }
  return next;
}

std::string InputFile::ColumnLabel(int column) const {
  if (column == kNoColumn) return "";
  const size_t field = field_of_column_[static_cast<size_t>(column)];
  const std::string_view name = spec_->Column(column);
  return field == kNoField ? std::string(name) : Text(field + 1, ":", name);
}

int InputFile::ColumnNamed(std::string_view name) const {
  for (size_t n = 0; n < spec_->size(); ++n) {
    if (spec_->Column(static_cast<int>(n)) == name) return static_cast<int>(n);
  }
  return kNoColumn;
}

int InputFile::ColumnOfField(std::string_view path) const {
  const size_t dot = path.rfind('.');
  const std::string_view name = dot == std::string_view::npos ? path : path.substr(dot + 1);
  if (name == "recorded_us") return ColumnNamed("recorded_at");
  if (name == "request_id") return 1;
  if (name == "start_us" || name == "starts_us" || name == "interval") {
    return ColumnNamed("starts_at");
  }
  if (name == "end_us" || name == "ends_us") return ColumnNamed("ends_at");
  if (name == "happened_us") return ColumnNamed("happened_at");
  if (path.ends_with("interval.minutes")) return ColumnNamed("ends_at");
  if (name == "service_day" || name == "duration") return ColumnNamed("day");
  if (path.ends_with("limit.quantity") || name == "limit") return ColumnNamed("limit_quantity");
  if (path.ends_with("limit.period")) return ColumnNamed("limit_period");
  if (name == "reason_code" && kind_ == FileKind::kVolunteers) return ColumnNamed("frozen_reason");
  // The positions of an order stand in one column, where they have one.
  if (path.find("lines") != std::string_view::npos && ColumnNamed("lines") != kNoColumn) {
    return ColumnNamed("lines");
  }
  return ColumnNamed(name);
}

}  // namespace meritbook::cli
