#include "cli/figures.h"

#include <algorithm>

#include "cli/table.h"

namespace meritbook::cli {
namespace {

nlohmann::ordered_json::json_pointer PointerTo(std::string path) {
  std::replace(path.begin(), path.end(), '.', '/');
  return nlohmann::ordered_json::json_pointer("/" + path);
}

}  // namespace

const std::vector<Figure>& SummaryFigures() {
  using Kind = Figure::Kind;
  static const auto* const figures = new std::vector<Figure>{
      {"volunteers", "registered volunteers", Kind::kCount},
      {"party_members", "of them party members", Kind::kCount},
      {"league_members", "of them League members", Kind::kCount},
      {"volunteers_1000_earned", "volunteers with 1,000 points or more earned", Kind::kCount},
      {"volunteers_1000_balance", "volunteers with 1,000 points or more now", Kind::kCount},
      {"activities", "service projects", Kind::kCount},
      {"person_times", "person-times", Kind::kCount},
      {"service_minutes", "service hours", Kind::kMinutes},
      {"points_issued_units", "points issued", Kind::kUnits},
      {"redeemed_units", "points redeemed", Kind::kUnits},
      {"expired_units", "points expired", Kind::kUnits},
      {"communities.communities", "communities", Kind::kCount},
      {"communities.activities", "projects of the communities", Kind::kCount},
      {"communities.person_times", "person-times of the communities", Kind::kCount},
      {"communities.minutes", "hours of the communities", Kind::kMinutes},
      {"traffic_sessions", "traffic courtesy sessions", Kind::kCount},
      {"organisations", "organisations", Kind::kCount},
      {"merchants", "merchants", Kind::kCount},
      {"items", "items", Kind::kCount},
      {"orders", "orders", Kind::kCount},
  };
  return *figures;
}

bool HasNumberAt(const nlohmann::ordered_json& json, const std::string& path) {
  const auto pointer = PointerTo(path);
  return json.contains(pointer) && json.at(pointer).is_number();
}

int64_t NumberAt(const nlohmann::ordered_json& json, const std::string& path) {
  return HasNumberAt(json, path) ? json.at(PointerTo(path)).get<int64_t>() : 0;
}

std::string ShowFigure(const Figure& figure, int64_t number) {
  switch (figure.kind) {
    case Figure::Kind::kCount:
      return FormatCount(number);
    case Figure::Kind::kMinutes:
      return FormatMinutes(static_cast<uint64_t>(number));
    case Figure::Kind::kUnits:
      return FormatPoints(number);
  }
  return "";
}

}  // namespace meritbook::cli
