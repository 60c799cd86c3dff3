#include "cli/attendance_file.h"

#include <set>
#include <utility>

#include "cli/csv_sheet.h"
#include "cli/instant.h"
#include "cli/text.h"

namespace meritbook::cli {

absl::StatusOr<std::vector<v1::Attendee>> ParseAttendance(const std::string& name,
                                                          std::string_view text) {
  const auto sheet =
      CsvSheet::Open(name, text, {"record_id", "volunteer_id"}, {"starts_at", "ends_at"});
  if (!sheet.ok()) return sheet.status();
  std::vector<v1::Attendee> attendees;
  std::set<std::string, std::less<>> records;
  std::set<std::string, std::less<>> volunteers;
  for (const SheetRow& row : sheet->rows()) {
    v1::Attendee attendee;
    for (const char* column : {"record_id", "volunteer_id"}) {
      const std::string_view id = sheet->Field(row, column);
      if (id.empty()) return sheet->Fault(row, column, "is empty");
      const bool record = std::string_view(column) == "record_id";
      if (!(record ? records : volunteers).emplace(id).second) {
        return sheet->Fault(row, column, Text("'", id, "' stands twice"));
      }
      *(record ? attendee.mutable_record_id() : attendee.mutable_volunteer_id()) = id;
    }
    for (const char* column : {"starts_at", "ends_at"}) {
      const std::string_view written = sheet->Field(row, column);
      if (written.empty()) continue;
      const ParsedInstant parsed = ParseInstant(written);
      if (parsed.fault != nullptr) {
        return sheet->Fault(row, column, Text("'", written, "': ", parsed.fault));
      }
      if (std::string_view(column) == "starts_at") {
        attendee.set_start_us(parsed.us);
      } else {
        attendee.set_end_us(parsed.us);
      }
    }
    attendees.push_back(std::move(attendee));
  }
  if (attendees.empty()) return absl::InvalidArgumentError(Text(name, ": nobody is on the sheet"));
  if (attendees.size() > kAttendeesMax) {
    return absl::InvalidArgumentError(Text(name, ": ", attendees.size(),
                                           " people; one sheet has at most ", kAttendeesMax,
                                           ", since all lines are taken or none"));
  }
  return attendees;
}

}  // namespace meritbook::cli
