// The comparison of a report with what was expected of it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/json_text.h"
#include "cli/report_command.h"

namespace meritbook::cli {
namespace {

using Json = nlohmann::ordered_json;

// "communities": {"minutes": 60} -> "communities.minutes".
void AddFlat(const Json& json, const std::string& prefix, Json& flat) {
  for (const auto& [name, value] : json.items()) {
    if (value.is_object()) {
      AddFlat(value, prefix + name + ".", flat);
    } else {
      flat[prefix + name] = value;
    }
  }
}

}  // namespace

absl::StatusOr<std::vector<Figure>> CompareSummary(
    const v1::GetSummaryResponse& summary, const std::optional<std::string>& expected_json) {
  Json expected = Json::object();
  if (expected_json) {
    Json parsed = Json::parse(*expected_json, nullptr, false);
    if (!parsed.is_object()) return absl::InvalidArgumentError("not a JSON object");
    parsed.erase("refused");
    AddFlat(parsed, "", expected);
    if (expected.contains("events")) {
      expected["size"] = expected["events"];
      expected.erase("events");
    }
  }
  Json found = Json::object();
  AddFlat(JsonOf(summary), "", found);
  std::vector<Figure> figures;
  for (const auto& [name, value] : found.items()) {
    Figure figure{name, "", value.dump(), false};
    if (expected.contains(name)) {
      figure.expected = expected[name].dump();
      figure.differs = expected[name] != value;
    }
    figures.push_back(std::move(figure));
  }
  for (const auto& [name, value] : expected.items()) {
    if (!found.contains(name)) figures.push_back({name, value.dump(), "", true});
  }
  return figures;
}

}  // namespace meritbook::cli
