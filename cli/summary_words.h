// Owns: the summary's figures in words, and what follows from them.
// Promises: a figure without words is shown by its name; nothing is rounded but for display.
// Thread: any.
#ifndef MERITBOOK_CLI_SUMMARY_WORDS_H_
#define MERITBOOK_CLI_SUMMARY_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "cli/language.h"
#include "cli/table.h"
#include "meritbook/v1/report.pb.h"

namespace meritbook::cli {

std::string FigureTitle(const std::string& name, Language language);

// Points, hours, yuan and times as people read them. `value` as JSON has it.
Cell FigureCell(const std::string& name, const std::string& value, absl::TimeZone zone);

// A share of two figures or the change of one, such as the redemption rate.
struct DerivedFigure {
  std::string name;
  std::string title;
  std::string shown;
};
// Those that have something to divide by.
std::vector<DerivedFigure> DerivedFigures(const v1::GetSummaryResponse& summary, Language language);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_SUMMARY_WORDS_H_
