// Owns: merit report summary: the programme in figures, beside what was expected of them.
// Promises: a comparison names every figure of the expectation, also one that the report lacks.
// Thread: one for the command, any for the comparison.
#ifndef MERITBOOK_CLI_REPORT_COMMAND_H_
#define MERITBOOK_CLI_REPORT_COMMAND_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "meritbook/v1/report.pb.h"

namespace meritbook::cli {

class Session;

struct SummaryFlags {
  uint64_t size_min = 0;
  std::string expected_file;  // expected.json; empty for none
};

absl::StatusOr<int> ReportSummary(Session& session, const SummaryFlags& flags);

// One figure; those of a part are named "communities.minutes".
struct Figure {
  std::string name;
  std::string expected;  // empty: nothing was expected
  std::string found;     // empty: the report has no such figure
  bool differs = false;
};

// Every figure of the report in its order, then what else was expected, if anything was.
// Its "events" is the report's size; its "refused" is the import's to tell and is left out.
// InvalidArgument when the text is no JSON object.
absl::StatusOr<std::vector<Figure>> CompareSummary(const v1::GetSummaryResponse& summary,
                                                   const std::optional<std::string>& expected_json);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_REPORT_COMMAND_H_
