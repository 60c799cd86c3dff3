// Owns: the committee's figures: their order, their names, and whether they are as expected.
// Promises: knows nothing of the server; what differs is named.
// Thread: any.
#ifndef MERITBOOK_CLI_FIGURES_H_
#define MERITBOOK_CLI_FIGURES_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace meritbook::cli {

struct Figure {
  std::string path;   // of the report's JSON, such as communities.minutes
  std::string label;  // English
  enum class Kind { kCount, kMinutes, kUnits } kind = Kind::kCount;
};

// In the order in which the report prints them.
const std::vector<Figure>& SummaryFigures();

// The number at a path; 0 where there is none.
int64_t NumberAt(const nlohmann::ordered_json& json, const std::string& path);

std::string ShowFigure(const Figure& figure, int64_t number);

// Whether the expectation has a number at the path.
bool HasNumberAt(const nlohmann::ordered_json& json, const std::string& path);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_FIGURES_H_
