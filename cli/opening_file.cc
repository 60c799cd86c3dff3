#include "cli/opening_file.h"

#include <limits>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "cli/amount.h"
#include "cli/csv_sheet.h"
#include "cli/request_id.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr int64_t kUnitsMax = int64_t{6'000} * 1'000'000'000;
constexpr int64_t kMinutesMax = 100'000'000;

// The one volunteer's rows so far.
struct Balance {
  v1::OpeningBalance message;
  bool has_minutes = false;
};

bool LooksLikeDay(std::string_view day) {
  if (day.size() != 10 || day[4] != '-' || day[7] != '-') return false;
  for (const size_t at : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
    if (day[at] < '0' || day[at] > '9') return false;
  }
  return true;
}

absl::Status AddLot(const CsvSheet& sheet, const SheetRow& row, Balance& balance) {
  const char* const column = sheet.Has("units") ? "units" : "points";
  const std::string_view amount = sheet.Field(row, column);
  const std::string_view day = sheet.Field(row, "expiry_day");
  if (amount.empty()) {
    if (!day.empty()) return sheet.Fault(row, "expiry_day", Text("without ", column));
    return absl::OkStatus();
  }
  const auto units = sheet.Has("units") ? ParseWhole(amount, kUnitsMax) : ParsePoints(amount);
  if (!units.ok()) return sheet.Fault(row, column, MessageOf(units.status()));
  if (*units <= 0) return sheet.Fault(row, column, Text("'", amount, "' is not above 0"));
  if (!day.empty() && !LooksLikeDay(day)) {
    return sheet.Fault(row, "expiry_day", Text("'", day, "' is not a day as 2021-03-05"));
  }
  for (const v1::OpeningLot& lot : balance.message.lots()) {
    if (lot.expiry_day() == day) {
      return sheet.Fault(row, "expiry_day", "the volunteer has another row of this day");
    }
  }
  if (balance.message.lots_size() == kOpeningLotsMax) {
    return sheet.Fault(row, column, Text("more than ", kOpeningLotsMax, " lots of a volunteer"));
  }
  v1::OpeningLot* const lot = balance.message.add_lots();
  if (!day.empty()) *lot->mutable_expiry_day() = day;
  lot->set_units(*units);
  return absl::OkStatus();
}

absl::Status AddMinutes(const CsvSheet& sheet, const SheetRow& row, Balance& balance) {
  bool here = false;
  for (const char* column : {"credited_minutes", "honorary_minutes"}) {
    const std::string_view text = sheet.Field(row, column);
    if (text.empty() || text == "0") continue;
    const auto minutes = ParseWhole(text, kMinutesMax);
    if (!minutes.ok()) return sheet.Fault(row, column, MessageOf(minutes.status()));
    if (balance.has_minutes) {
      return sheet.Fault(row, column, "the volunteer's minutes stand in another row already");
    }
    here = true;
    if (std::string_view(column) == "credited_minutes") {
      balance.message.set_credited_minutes(static_cast<uint32_t>(*minutes));
    } else {
      balance.message.set_honorary_minutes(static_cast<uint32_t>(*minutes));
    }
  }
  balance.has_minutes = balance.has_minutes || here;
  return absl::OkStatus();
}

// In the order in which the file first names each volunteer.
absl::StatusOr<std::vector<Balance>> Group(const CsvSheet& sheet) {
  std::vector<Balance> balances;
  std::map<std::string, size_t, std::less<>> place;
  for (const SheetRow& row : sheet.rows()) {
    const std::string_view volunteer_id = sheet.Field(row, "volunteer_id");
    if (volunteer_id.empty()) return sheet.Fault(row, "volunteer_id", "is empty");
    const auto [found, added] = place.emplace(volunteer_id, balances.size());
    if (added) balances.emplace_back().message.set_volunteer_id(found->first);
    Balance& balance = balances[found->second];
    if (const absl::Status status = AddLot(sheet, row, balance); !status.ok()) return status;
    if (const absl::Status status = AddMinutes(sheet, row, balance); !status.ok()) return status;
  }
  return balances;
}

}  // namespace

std::string OpeningPrefix(std::string_view file_sha256) {
  return Text("opening-", absl::BytesToHexString(std::string(file_sha256)).substr(0, 32));
}

absl::StatusOr<OpeningFile> ParseOpening(const std::string& name, std::string_view text) {
  const auto sheet =
      CsvSheet::Open(name, text, {"volunteer_id"},
                     {"units", "points", "expiry_day", "credited_minutes", "honorary_minutes"});
  if (!sheet.ok()) return sheet.status();
  if (sheet->Has("units") == sheet->Has("points")) {
    return absl::InvalidArgumentError(
        Text(name, ", line 1: one of the columns units and points is needed"));
  }
  const auto balances = Group(*sheet);
  if (!balances.ok()) return balances.status();
  if (balances->empty()) return absl::InvalidArgumentError(Text(name, ": has no rows"));

  OpeningFile file;
  file.file_sha256 = Sha256(text);
  size_t part_bytes = 0;
  for (const Balance& balance : *balances) {
    const size_t bytes = balance.message.ByteSizeLong();
    if (file.parts.empty() ||
        file.parts.back().load_opening_balances().balances_size() == kOpeningPartMax ||
        part_bytes + bytes > kOpeningBytesMax) {
      file.parts.emplace_back().mutable_load_opening_balances();
      part_bytes = 0;
    }
    part_bytes += bytes;
    *file.parts.back().mutable_load_opening_balances()->add_balances() = balance.message;
    ++file.volunteers;
    file.lots += static_cast<uint64_t>(balance.message.lots_size());
    for (const v1::OpeningLot& lot : balance.message.lots()) {
      if (lot.units() > std::numeric_limits<int64_t>::max() - file.units) {
        return absl::InvalidArgumentError(Text(name, ": more points in all than can be counted"));
      }
      file.units += lot.units();
    }
    file.credited_minutes += balance.message.credited_minutes();
    file.honorary_minutes += balance.message.honorary_minutes();
  }
  for (size_t i = 0; i < file.parts.size(); ++i) {
    v1::ProposeChange& part = file.parts[i];
    part.set_proposal_id(Text(OpeningPrefix(file.file_sha256), "-", i + 1));
    v1::LoadOpeningBalances* const load = part.mutable_load_opening_balances();
    load->set_file_sha256(file.file_sha256);
    load->set_part(static_cast<uint32_t>(i + 1));
    load->set_parts(static_cast<uint32_t>(file.parts.size()));
  }
  return file;
}

}  // namespace meritbook::cli
