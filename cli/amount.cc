#include "cli/amount.h"

#include <charconv>

#include "cli/instant.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr int64_t kUnitsPerPoint = 6'000;
constexpr int64_t kPointsMax = 1'000'000'000;
constexpr int64_t kYuanMax = 10'000'000'000;
// More decimals than six are zeros, or finer than a unit.
constexpr size_t kDecimalsMax = 6;

bool AllDigits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

absl::Status NotAmount(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(Text("'", text, "' ", why));
}

absl::StatusOr<int64_t> ParseTime(std::string_view flag, const std::string& text) {
  const ParsedInstant parsed = ParseInstant(text);
  if (parsed.fault == nullptr) return parsed.us;
  return absl::InvalidArgumentError(Text(flag, " ", text, ": ", parsed.fault));
}

}  // namespace

absl::StatusOr<int64_t> ParseWhole(std::string_view text, int64_t max) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || !AllDigits(text) || end != text.data() + text.size()) {
    return NotAmount(text, "is not a whole number");
  }
  if (error != std::errc() || value > max) return NotAmount(text, Text("is more than ", max));
  return value;
}

absl::StatusOr<int64_t> ParsePoints(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with("-");
  if (negative || rest.starts_with("+")) rest.remove_prefix(1);
  const size_t dot = rest.find('.');
  const std::string_view whole = rest.substr(0, dot);
  std::string_view decimals = dot == std::string_view::npos ? "" : rest.substr(dot + 1);
  if (whole.empty() || !AllDigits(whole) || !AllDigits(decimals) ||
      (dot != std::string_view::npos && decimals.empty())) {
    return NotAmount(text, "is not a number of points such as 12.50");
  }
  while (decimals.ends_with("0")) decimals.remove_suffix(1);
  const auto points = ParseWhole(whole, kPointsMax);
  if (!points.ok()) return NotAmount(text, "is more than a billion points");
  int64_t scale = 1;
  int64_t fraction = 0;
  for (const char digit : decimals.substr(0, kDecimalsMax)) {
    scale *= 10;
    fraction = fraction * 10 + (digit - '0');
  }
  if (decimals.size() > kDecimalsMax || fraction * kUnitsPerPoint % scale != 0) {
    return NotAmount(text, "would have to be rounded: a point has 6000 units");
  }
  const int64_t units = *points * kUnitsPerPoint + fraction * kUnitsPerPoint / scale;
  if (units > kPointsMax * kUnitsPerPoint) return NotAmount(text, "is more than a billion points");
  return negative ? -units : units;
}

absl::StatusOr<int64_t> ParseYuan(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with("-");
  if (negative || rest.starts_with("+")) rest.remove_prefix(1);
  const size_t dot = rest.find('.');
  const std::string_view whole = rest.substr(0, dot);
  std::string decimals(dot == std::string_view::npos ? "00" : rest.substr(dot + 1));
  if (decimals.size() == 1) decimals += "0";
  if (whole.empty() || !AllDigits(whole) || !AllDigits(decimals) || decimals.size() != 2) {
    return NotAmount(text, "is not an amount of yuan such as 12.50");
  }
  const auto yuan = ParseWhole(whole, kYuanMax);
  if (!yuan.ok()) return NotAmount(text, "is more than ten billion yuan");
  const int64_t fen = *yuan * 100 + (decimals[0] - '0') * 10 + (decimals[1] - '0');
  return negative ? -fen : fen;
}

absl::StatusOr<v1::RecordRef> ParseRecordRef(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size() ||
      text.find('/', slash + 1) != std::string_view::npos) {
    return absl::InvalidArgumentError(
        Text("'", text, "' is not a record as PLATFORM/RECORD, such as town-app/r-2021-17"));
  }
  v1::RecordRef ref;
  *ref.mutable_source() = text.substr(0, slash);
  *ref.mutable_record_id() = text.substr(slash + 1);
  return ref;
}

absl::StatusOr<v1::ServiceRecord> ParseService(const ServiceFlags& flags) {
  v1::ServiceRecord record;
  record.set_record_id(flags.record_id);
  record.set_volunteer_id(flags.volunteer_id);
  record.set_activity_id(flags.activity_id);
  if (!flags.session_id.empty()) record.set_session_id(flags.session_id);
  const bool clock_times = !flags.from.empty() || !flags.to.empty();
  const bool length = !flags.day.empty() || flags.minutes != 0;
  if (clock_times == length) {
    return absl::InvalidArgumentError(clock_times
                                          ? "--from and --to, or --day and --minutes: not both"
                                          : "give --from and --to, or --day and --minutes");
  }
  if (length) {
    if (flags.day.empty()) return absl::InvalidArgumentError("--minutes needs --day");
    if (flags.minutes == 0) return absl::InvalidArgumentError("--day needs --minutes, from 1");
    record.mutable_duration()->set_service_day(flags.day);
    record.mutable_duration()->set_minutes(flags.minutes);
    return record;
  }
  if (flags.from.empty() || flags.to.empty()) {
    return absl::InvalidArgumentError("--from and --to go together");
  }
  const auto start_us = ParseTime("--from", flags.from);
  if (!start_us.ok()) return start_us.status();
  const auto end_us = ParseTime("--to", flags.to);
  if (!end_us.ok()) return end_us.status();
  record.mutable_interval()->set_start_us(*start_us);
  record.mutable_interval()->set_end_us(*end_us);
  return record;
}

}  // namespace meritbook::cli
