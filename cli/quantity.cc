#include "cli/quantity.h"

#include "absl/time/civil_time.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr uint64_t kUnitsPerCent = 60;

// Without a detour through -value, which the smallest number doesn't have.
uint64_t Magnitude(int64_t value) {
  return value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
}

std::string Hundredths(bool negative, uint64_t cents) {
  return Text(negative && cents > 0 ? "-" : "", Grouped(cents / 100), ".",
              cents % 100 < 10 ? "0" : "", cents % 100);
}

}  // namespace

std::string Grouped(uint64_t count) {
  const std::string digits = std::to_string(count);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped.push_back(',');
    grouped.push_back(digits[i]);
  }
  return grouped;
}

std::string Day(int32_t day_number) {
  return absl::FormatCivilTime(absl::CivilDay(1970, 1, 1) + day_number);
}

std::string Month(int32_t month_number) {
  return absl::FormatCivilTime(absl::CivilMonth(1970, 1) + month_number);
}

std::string Points(int64_t units) {
  const uint64_t magnitude = Magnitude(units);
  const uint64_t cents = magnitude / kUnitsPerCent + (magnitude % kUnitsPerCent >= 30 ? 1 : 0);
  return Hundredths(units < 0, cents);
}

std::string Yuan(int64_t fen) { return Hundredths(fen < 0, Magnitude(fen)); }

std::string Hours(uint64_t minutes) {
  const std::string rest = Text(minutes % 60, " min");
  if (minutes < 60 && minutes > 0) return rest;
  return Text(Grouped(minutes / 60), " h", minutes % 60 == 0 ? "" : " ",
              minutes % 60 == 0 ? "" : rest);
}

Cell CountCell(uint64_t count) { return {Grouped(count), std::to_string(count)}; }
Cell PointsCell(int64_t units) { return {Points(units), std::to_string(units)}; }
Cell YuanCell(int64_t fen) { return {Yuan(fen), std::to_string(fen)}; }
Cell HoursCell(uint64_t minutes) { return {Hours(minutes), std::to_string(minutes)}; }

}  // namespace meritbook::cli
