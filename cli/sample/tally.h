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

struct AmountCount {
  int64_t units = 0;
  int64_t fen = 0;
};

struct BudgetCount {
  int64_t allocated_fen = 0;
  int64_t reserved_fen = 0;
  int64_t owed_fen = 0;
  int warn_percent = 0;
  bool warned = false;
  int64_t used_fen() const { return reserved_fen + owed_fen; }
};

// What a merchant handed over and took back in a year.
struct MerchantYear {
  AmountCount confirmed;
  AmountCount refunded;
  std::map<std::string, int64_t> by_budget;  // fen, confirmed less refunded
};

struct MallTally {
  std::map<std::string, int> events;           // by kind
  std::map<std::string, BudgetCount> budgets;  // by "programme-2021"
  std::map<std::string, std::map<int, MerchantYear>> merchants;
  int64_t held_units = 0;
  int64_t delivered_units = 0;
  int64_t released_units = 0;
  int64_t refunded_units = 0;
};

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
  int64_t service_minutes = 0;
  int person_times = 0;
  int community_activities = 0;
  int community_person_times = 0;
  int64_t community_minutes = 0;
  int traffic_sessions = 0;
  int traffic_crossings = 0;
  int traffic_slots = 0;
  int64_t minutes_of_2022 = 0;
  int volunteers_of_2022 = 0;
  std::map<std::string, int> refused;  // by reason
  std::map<std::string, int> events;   // by kind, the mall's too
  MallTally mall;                      // when the last row is taken
  MallTally mall_later;                // when the statements are drawn up

  int EventCount() const;
  int64_t issued_units() const;
  // Net of refunds.
  int64_t redeemed_units() const { return mall.delivered_units - mall.refunded_units; }
};

// When the years are settled: 2023-01-04T09:00:00+08:00, when the last year's holds are over; what
// vouchers are left end at midnight.
inline constexpr int64_t kSettlementSecond = (730 + 3) * 86'400 + 9 * 3'600;

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
