// Owns: an attendance sheet as a CSV file.
// Promises: columns record_id, volunteer_id and, for who came late or left early, starts_at,
// ends_at; each record and each volunteer once. Thread: any.
#ifndef MERITBOOK_CLI_ATTENDANCE_FILE_H_
#define MERITBOOK_CLI_ATTENDANCE_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::cli {

inline constexpr size_t kAttendeesMax = 128;

// InvalidArgument with file, line and column.
absl::StatusOr<std::vector<v1::Attendee>> ParseAttendance(const std::string& name,
                                                          std::string_view text);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ATTENDANCE_FILE_H_
