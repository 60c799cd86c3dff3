// Owns the county's second count: what the ledger must answer, worked out from the texts alone.
// Promises not to look at the plan, so that planner and count can only agree by being right.
// Any thread.
#ifndef MERITBOOK_CLI_SAMPLE_TALLY_H_
#define MERITBOOK_CLI_SAMPLE_TALLY_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/sample/files.h"

namespace meritbook::sample {

struct Tally {
  int volunteers = 0;
  int party_members = 0;
  int league_members = 0;
  int volunteers_1000_earned = 0;
  int volunteers_1000_balance = 0;
  int organisations = 0;
  int communities = 0;
  int activities = 0;
  int merchants = 0;
  int items = 0;
  int orders = 0;
  int64_t service_minutes = 0;
  int64_t redeemed_units = 0;
  int person_times = 0;
  int community_activities = 0;
  int community_person_times = 0;
  int64_t community_minutes = 0;
  int traffic_sessions = 0;
  int traffic_crossings = 0;
  int traffic_slots = 0;
  std::map<std::string, int> refused;  // by reason
  int events = 0;
};

// Takes every row in the importer's order, as a ledger would, and a second time against what the
// first left: rows taken must be known then, rows refused must be refused for the same reason.
// Internal: a malformed row, or one that the ledger would meet out of order.
absl::StatusOr<Tally> TallyCounty(const CountyFiles& files);

// Internal names the first figure that is not as published, or a reason for which no row was meant
// to be refused.
absl::Status CheckFigures(const Tally& tally);

// The text of expected.json.
std::string ExpectedJson(const Tally& tally);

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_TALLY_H_
