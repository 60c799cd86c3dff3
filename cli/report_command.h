// Owns: merit report NAME: the summary beside what was expected of it, and every other report as
//       table, CSV, JSON or a page to print.
// Promises: every output says as of which size and time it is; a comparison names every figure of
//           the expectation, also one that the report lacks.
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

struct ReportFlags {
  std::string name;  // empty: list the reports
  std::optional<uint64_t> as_of_size;
  std::string as_of_time;  // RFC 3339
  std::string until_day;
  std::string from_day;
  std::string by;
  std::string volunteer_id;
  std::string merchant_id;
  bool page = false;  // --format page
  // Of the summary only.
  uint64_t size_min = 0;
  std::string expected_file;  // expected.json; empty for none
};

absl::StatusOr<int> ShowReport(Session& session, const ReportFlags& flags);

// What the flags ask to see; InvalidArgument for what contradicts itself.
absl::StatusOr<v1::AsOf> AsOfFlags(const ReportFlags& flags);

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
