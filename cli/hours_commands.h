// Owns: merit hours, merit award and merit record: what volunteers did, and what became of it.
// Promises: each returns the exit code, or why it could not.
// Thread: one.
#ifndef MERITBOOK_CLI_HOURS_COMMANDS_H_
#define MERITBOOK_CLI_HOURS_COMMANDS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "cli/amount.h"
#include "cli/globals.h"

namespace meritbook::cli {

class Session;

struct RecordFlags {
  ServiceFlags service;
  WriteFlags write;
};

// Reviewed upstream: credited at once.
absl::StatusOr<int> CreditHours(Session& session, const RecordFlags& flags);
// Credited at once, or waits for review.
absl::StatusOr<int> SubmitHours(Session& session, const RecordFlags& flags);
// Beyond the backdating window.
absl::StatusOr<int> BackfillHours(Session& session, const RecordFlags& flags);

struct AttendanceFlags {
  std::string file;  // see attendance_file.h
  std::string activity_id;
  std::string session_id;
  std::string from;
  std::string to;
  WriteFlags write;
};

absl::StatusOr<int> RecordAttendance(Session& session, const AttendanceFlags& flags);

struct CorrectFlags {
  std::string record;    // "platform/record"
  ServiceFlags service;  // what replaces it
  std::string reason_code;
  WriteFlags write;
};

absl::StatusOr<v1::CorrectHours> ParseCorrection(const CorrectFlags& flags);
absl::StatusOr<int> CorrectHours(Session& session, const CorrectFlags& flags);

struct RecordReasonFlags {
  std::string record;
  std::string reason_code;
  WriteFlags write;
};

absl::StatusOr<int> RevokeHours(Session& session, const RecordReasonFlags& flags);
absl::StatusOr<int> DisputeHours(Session& session, const RecordReasonFlags& flags);

struct AwardFlags {
  std::string record_id;
  std::string volunteer_id;
  std::string award;
  std::string day;
  uint32_t points = 0;
  WriteFlags write;
};

absl::StatusOr<int> AwardPoints(Session& session, const AwardFlags& flags);

// One record as it stands.
absl::StatusOr<int> ShowRecord(Session& session, const std::string& record);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_HOURS_COMMANDS_H_
