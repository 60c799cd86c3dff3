// Owns: merit organisation, merit activity and merit session: what service is done for, and who
// lets it happen. Promises: each returns the exit code, or why it could not. Thread: one.
#ifndef MERITBOOK_CLI_ACTIVITY_COMMANDS_H_
#define MERITBOOK_CLI_ACTIVITY_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::cli {

class Session;

struct AddOrganisationFlags {
  std::string organisation_id;
  std::string kind;  // "unit", "team", "community", "station", "cause"
  std::optional<uint32_t> headcount;
  WriteFlags write;
};

absl::StatusOr<int> AddOrganisation(Session& session, const AddOrganisationFlags& flags);

struct RosterFlags {
  std::string organisation_id;
  uint32_t headcount = 0;
  WriteFlags write;
};

absl::StatusOr<int> SetRoster(Session& session, const RosterFlags& flags);

struct ActivityFlags {
  std::string activity_id;
  std::string organisation_id;
  std::string category;
  std::string site;
  std::string starts_at;  // RFC 3339
  std::string ends_at;
  std::optional<uint32_t> capacity;
  std::string campaign;
  WriteFlags write;
};

// Waits for a committee's review.
absl::StatusOr<int> SubmitActivity(Session& session, const ActivityFlags& flags);
// Open at once: it was approved elsewhere.
absl::StatusOr<int> RegisterActivity(Session& session, const ActivityFlags& flags);

struct SessionFlags {
  std::string session_id;
  std::string activity_id;
  std::string service_day;  // YYYY-MM-DD
  std::string slot;
  std::string site;
  std::string starts_at;  // RFC 3339
  std::string ends_at;
  WriteFlags write;
};

absl::StatusOr<int> RegisterSession(Session& session, const SessionFlags& flags);

struct ActivityReasonFlags {
  std::string activity_id;
  std::string reason_code;
  WriteFlags write;
};

absl::StatusOr<int> ApproveActivity(Session& session, const ActivityReasonFlags& flags);
absl::StatusOr<int> RejectActivity(Session& session, const ActivityReasonFlags& flags);
absl::StatusOr<int> CancelActivity(Session& session, const ActivityReasonFlags& flags);
// Has no reason.
absl::StatusOr<int> CloseActivity(Session& session, const ActivityReasonFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ACTIVITY_COMMANDS_H_
