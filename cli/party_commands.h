// Owns: merit principal and merit volunteer: who may call, who serves.
// Promises: each returns the exit code, or why it could not. A key is shown once, or kept in a file
// that only its owner reads. Thread: one.
#ifndef MERITBOOK_CLI_PARTY_COMMANDS_H_
#define MERITBOOK_CLI_PARTY_COMMANDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/globals.h"

namespace meritbook::cli {

class Session;

struct AddPrincipalFlags {
  std::string principal_id;
  std::vector<std::string> roles;  // "operator", "merchant" …
  std::string source;
  std::string merchant_id;
  std::string volunteer_id;
  std::string key_out;
  WriteFlags write;
};

// A key file that is there already with a key of this principal's is taken again, so that the
// command may be repeated after an unknown outcome.
absl::StatusOr<int> AddPrincipal(Session& session, const AddPrincipalFlags& flags);

struct RevokePrincipalFlags {
  std::string principal_id;
  WriteFlags write;
};

absl::StatusOr<int> RevokePrincipal(Session& session, const RevokePrincipalFlags& flags);

struct AddVolunteerFlags {
  std::string volunteer_id;
  std::string organisation_id;
  std::vector<std::string> cohorts;  // "party", "league"
  std::string age_band;              // "under_14", "14_17", "18_59", "60_plus"
  bool guardian_consent = false;
  WriteFlags write;
};

absl::StatusOr<int> AddVolunteer(Session& session, const AddVolunteerFlags& flags);

struct FreezeFlags {
  std::string volunteer_id;
  std::string reason_code;
  WriteFlags write;
};

// Each freeze is one of its own: what was unfrozen can be frozen again.
absl::StatusOr<int> Freeze(Session& session, const FreezeFlags& flags);
absl::StatusOr<int> Unfreeze(Session& session, const FreezeFlags& flags);

struct CloseVolunteerFlags {
  std::string volunteer_id;
  std::string reason;  // "moved", "withdrew", "died"
  WriteFlags write;
};

// For ever: her points are forfeited.
absl::StatusOr<int> CloseVolunteer(Session& session, const CloseVolunteerFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_PARTY_COMMANDS_H_
