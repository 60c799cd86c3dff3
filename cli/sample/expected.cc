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
      {"INTERVAL_OVERLAPS", kIntervalOverlaps},
      {"REQUEST_CONFLICT", kRequestConflicts},
      {"SERVICE_BEFORE_ACTIVITY", kServicesBeforeActivity},
      {"STOCK_TOO_LOW", kStockTooLow},
      {"VOLUNTEER_FROZEN", kFrozenRedeems},
  };
  return *meant;
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
  const int64_t issued_units = tally.service_minutes * kUnitsPerMinute;
  if (tally.redeemed_units * 100 < issued_units * 28 ||
      tally.redeemed_units * 100 > issued_units * 38) {
    return absl::InternalError(absl::StrCat("units redeemed: ", tally.redeemed_units,
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
  json["points_issued_units"] = tally.service_minutes * kUnitsPerMinute;
  json["units_per_point"] = kUnitsPerPoint;
  json["communities"]["activities"] = tally.community_activities;
  json["communities"]["person_times"] = tally.community_person_times;
  json["communities"]["minutes"] = tally.community_minutes;
  json["person_times"] = tally.person_times;
  json["traffic_sessions"] = tally.traffic_sessions;
  json["redeemed_units"] = tally.redeemed_units;
  json["refused"] = tally.refused;
  json["events"] = tally.events;
  json["organisations"] = tally.organisations;
  json["merchants"] = tally.merchants;
  json["items"] = tally.items;
  json["orders"] = tally.orders;
  return json.dump(2) + "\n";
}

}  // namespace meritbook::sample
