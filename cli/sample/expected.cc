// What expected.json says, and the comparison with the published figures.

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "cli/sample/figures.h"
#include "cli/sample/tally.h"

namespace meritbook::sample {
namespace {

struct Figure {
  absl::string_view name;
  int64_t counted;
  int64_t published;
};

const std::map<std::string, int>& RefusalsMeant() {
  static const auto* const meant = new std::map<std::string, int>{
      {"ACTIVITY_UNKNOWN", kActivitiesUnknown},
      {"BUDGET_EXHAUSTED", kBudgetsExhausted},
      {"CONFIRM_TOO_LATE", kConfirmsTooLate},
      {"INTERVAL_OVERLAPS", kIntervalOverlaps},
      {"ITEM_LIMIT_REACHED", kItemLimitsReached},
      {"REQUEST_CONFLICT", kRequestConflicts},
      {"SERVICE_BEFORE_ACTIVITY", kServicesBeforeActivity},
      {"STOCK_TOO_LOW", kStockTooLow},
      {"VOLUNTEER_FROZEN", kFrozenRedeems},
  };
  return *meant;
}

// Net of refunds.
int64_t RedeemedIn(const MallTally& mall, int year) {
  int64_t units = 0;
  for (const auto& [merchant, years] : mall.merchants) {
    const auto found = years.find(year);
    if (found == years.end()) continue;
    units += found->second.confirmed.units - found->second.refunded.units;
  }
  return units;
}

}  // namespace

absl::Status CheckFigures(const Tally& tally) {
  const std::array<Figure, 13> figures = {{
      {"registered volunteers", tally.volunteers, kVolunteers},
      {"party members", tally.party_members, kPartyMembers},
      {"League members", tally.league_members, kLeagueMembers},
      {"volunteers with 1,000 points earned", tally.volunteers_1000_earned, kVolunteers1000Earned},
      {"activities", tally.activities, kActivities},
      {"service minutes", tally.service_minutes, kServiceMinutes},
      {"communities", tally.communities, kCommunities},
      {"activities of communities", tally.community_activities, kCommunityActivities},
      {"person-times of communities", tally.community_person_times, kCommunityPersonTimes},
      {"service minutes of communities", tally.community_minutes, kCommunityMinutes},
      {"traffic sessions", tally.traffic_sessions, kTrafficSessions},
      {"crossings", tally.traffic_crossings, kCrossings},
      {"slots of traffic", tally.traffic_slots, kRushSlots},
  }};
  for (const Figure& figure : figures) {
    if (figure.counted == figure.published) continue;
    return absl::InternalError(
        absl::StrCat(figure.name, ": ", figure.counted, ", published ", figure.published));
  }
  for (const auto& [reason, count] : RefusalsMeant()) {
    const auto found = tally.refused.find(reason);
    const int counted = found == tally.refused.end() ? 0 : found->second;
    if (counted == count) continue;
    return absl::InternalError(
        absl::StrCat("rows refused as ", reason, ": ", counted, ", meant ", count));
  }
  if (tally.refused.size() != RefusalsMeant().size()) {
    for (const auto& [reason, count] : tally.refused) {
      if (RefusalsMeant().count(reason) != 0) continue;
      return absl::InternalError(
          absl::StrCat("rows refused as ", reason, ": ", count, ", meant none"));
    }
  }
  const int64_t issued_units = tally.issued_units();
  const int64_t redeemed_units = tally.redeemed_units();
  if (redeemed_units * 100 < issued_units * 31 || redeemed_units * 100 > issued_units * 36) {
    return absl::InternalError(absl::StrCat("units redeemed: ", redeemed_units,
                                            ", which is not about a third of ", issued_units));
  }
  return absl::OkStatus();
}

std::string ExpectedJson(const Tally& tally) {
  nlohmann::ordered_json json;
  json["volunteers"] = tally.volunteers;
  json["party_members"] = tally.party_members;
  json["league_members"] = tally.league_members;
  json["volunteers_1000_earned"] = tally.volunteers_1000_earned;
  json["volunteers_1000_balance"] = tally.volunteers_1000_balance;
  json["activities"] = tally.activities;
  json["service_minutes"] = tally.service_minutes;
  json["points_issued_units"] = tally.issued_units();
  json["units_per_point"] = kUnitsPerPoint;
  json["communities"]["activities"] = tally.community_activities;
  json["communities"]["person_times"] = tally.community_person_times;
  json["communities"]["minutes"] = tally.community_minutes;
  json["person_times"] = tally.person_times;
  json["traffic_sessions"] = tally.traffic_sessions;
  json["redeemed_units"] = tally.redeemed_units();
  json["refused"] = tally.refused;
  json["events"] = tally.EventCount();
  json["organisations"] = tally.organisations;
  json["merchants"] = tally.merchants;
  json["items"] = tally.items;
  const auto of_kind = [&tally](const char* kind) {
    const auto found = tally.events.find(kind);
    return found == tally.events.end() ? 0 : found->second;
  };
  json["orders"] = of_kind("order_redeemed") + of_kind("order_confirmed");
  json["outstanding_units"] = tally.issued_units() - tally.redeemed_units();
  int64_t allocated_fen = 0;
  int64_t used_fen = 0;
  for (const auto& [id, budget] : tally.mall.budgets) {
    allocated_fen += budget.allocated_fen;
    used_fen += budget.used_fen();
  }
  json["budget_allocated_fen"] = allocated_fen;
  json["budget_left_fen"] = allocated_fen - used_fen;
  const int64_t minutes_of_2021 = tally.service_minutes - tally.minutes_of_2022;
  json["this_year"] = {{"year", 2022},
                       {"new_volunteers", tally.volunteers_of_2022},
                       {"service_minutes", tally.minutes_of_2022},
                       {"redeemed_units", RedeemedIn(tally.mall, 2022)}};
  json["last_year"] = {{"year", 2021},
                       {"new_volunteers", tally.volunteers - tally.volunteers_of_2022},
                       {"service_minutes", minutes_of_2021},
                       {"redeemed_units", RedeemedIn(tally.mall, 2021)}};
  return json.dump(2) + "\n";
}

}  // namespace meritbook::sample
