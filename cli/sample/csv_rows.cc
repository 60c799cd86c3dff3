#include "cli/sample/csv_rows.h"

#include <cstddef>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace meritbook::sample {
namespace {

absl::Status Malformed(absl::string_view what, absl::string_view text) {
  return absl::InternalError(absl::StrCat("sample: malformed ", what, " \"", text, "\""));
}

// Digits only; -1 for anything else.
int Digits(absl::string_view text) {
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

absl::string_view TakeUpTo(char end, absl::string_view& text) {
  const size_t at = text.find(end);
  const absl::string_view taken = text.substr(0, at);
  text = at == absl::string_view::npos ? absl::string_view() : text.substr(at + 1);
  return taken;
}

}  // namespace

absl::StatusOr<std::vector<std::vector<absl::string_view>>> ReadRows(
    absl::string_view text, const std::vector<absl::string_view>& columns) {
  if (text.empty() || text.back() != '\n') return Malformed("end of file", "");
  const absl::string_view header = TakeUpTo('\n', text);
  if (header != absl::StrJoin(columns, ",")) return Malformed("header", header);
  std::vector<std::vector<absl::string_view>> rows;
  while (!text.empty()) {
    const absl::string_view line = TakeUpTo('\n', text);
    std::vector<absl::string_view> fields;
    fields.reserve(columns.size());
    absl::string_view rest = line;
    for (size_t n = 0; n + 1 < columns.size(); ++n) fields.push_back(TakeUpTo(',', rest));
    fields.push_back(rest);
    if (rest.find(',') != absl::string_view::npos || line.find('"') != absl::string_view::npos) {
      return Malformed("row", line);
    }
    rows.push_back(std::move(fields));
  }
  return rows;
}

absl::StatusOr<int> ReadDay(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return Malformed("day", text);
  const int year = Digits(text.substr(0, 4));
  const int month = Digits(text.substr(5, 2));
  const int day = Digits(text.substr(8, 2));
  const absl::CivilDay civil(year, month, day);
  // CivilDay turns 30 February into 2 March; a day that moves was none.
  if (civil.month() != month || civil.day() != day) return Malformed("day", text);
  return static_cast<int>(civil - absl::CivilDay(2021, 1, 1));
}

absl::StatusOr<int64_t> ReadInstant(absl::string_view text) {
  if (text.size() != 25 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text.substr(19) != "+08:00") {
    return Malformed("instant", text);
  }
  const absl::StatusOr<int> day = ReadDay(text.substr(0, 10));
  if (!day.ok()) return day.status();
  const int hour = Digits(text.substr(11, 2));
  const int minute = Digits(text.substr(14, 2));
  const int second = Digits(text.substr(17, 2));
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return Malformed("instant", text);
  }
  return int64_t{*day} * 86'400 + hour * 3'600 + minute * 60 + second;
}

absl::StatusOr<int> ReadNumber(absl::string_view text) {
  int value = 0;
  if (!absl::SimpleAtoi(text, &value)) return Malformed("number", text);
  return value;
}

}  // namespace meritbook::sample
