// Owns: a report as a page to print.
// Promises: one HTML file that needs nothing else: no script, no font, no network; A4, upright or
//           across as its columns need; every text escaped.
// Thread: any.
#ifndef MERITBOOK_CLI_REPORT_PAGE_H_
#define MERITBOOK_CLI_REPORT_PAGE_H_

#include <string>
#include <string_view>

#include "cli/language.h"
#include "cli/report_sheet.h"

namespace meritbook::cli {

enum class PageLook { kList, kCertificate };

std::string PageOf(const Sheet& sheet, PageLook look, Language language);

// & < > " as entities.
std::string Escaped(std::string_view text);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_REPORT_PAGE_H_
