// Owns: the reports' names and what their columns and values are called, in both languages.
// Promises: every kind of report has its words; a column or value without any is shown as it is.
// Thread: any.
#ifndef MERITBOOK_CLI_REPORT_WORDS_H_
#define MERITBOOK_CLI_REPORT_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "cli/language.h"
#include "meritbook/v1/report.pb.h"

namespace meritbook::cli {

// One report as `merit report NAME` knows it.
struct ReportName {
  const char* name;
  v1::ReportKind kind;  // unspecified for the summary, which has a call of its own
  const char* english;  // its title
  const char* chinese;
  const char* about_english;  // one line
  const char* about_chinese;

  const char* Title(Language language) const { return Pick(language, english, chinese); }
  const char* About(Language language) const {
    return Pick(language, about_english, about_chinese);
  }
};

const std::vector<ReportName>& ReportNames();
// Null for a name that there isn't.
const ReportName* ReportNamed(std::string_view name);

// What --by takes, such as "activity".
std::vector<std::string> ReportGroupNames();
// Unspecified for a name that there isn't.
v1::ReportGroup ReportGroupNamed(std::string_view name);

std::string ColumnTitle(std::string_view key, Language language);
// Of a text in that column: ids stay as they are.
std::string ValueWords(std::string_view column_key, std::string_view value, Language language);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_REPORT_WORDS_H_
