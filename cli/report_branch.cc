// The command line of merit report.
#include <vector>

#include "cli/command_branch.h"
#include "cli/report_command.h"
#include "cli/report_words.h"

namespace meritbook::cli {

void AddReportCommands(CLI::App& app, Invocation& invocation) {
  std::vector<std::string> names;
  for (const ReportName& report : ReportNames()) names.emplace_back(report.name);
  CLI::App* const report = app.add_subcommand(
      "report", "What the committee reports; without a name, which reports there are");
  const auto flags = std::make_shared<ReportFlags>();
  report->add_option("name", flags->name, "Which report")->check(CLI::IsMember(names));
  report->add_option("--as-of", flags->as_of_size,
                     "As it was at this sequence: by the first so many events");
  report->add_option("--as-of-time", flags->as_of_time,
                     "By the events recorded before this time, RFC 3339");
  report->add_option("--until", flags->until_day,
                     "What took place until the end of this day, YYYY-MM-DD");
  report->add_option("--from", flags->from_day, "What took place from this day on, YYYY-MM-DD");
  report->add_option("--by", flags->by, "What totals are added up by")
      ->check(CLI::IsMember(ReportGroupNames()));
  report->add_option("--volunteer", flags->volunteer_id, "Whose passbook, certificate, account");
  report->add_option("--merchant", flags->merchant_id,
                     "Whose day-book, settlement, account, stock, open orders");
  report
      ->add_option("--format", invocation.format, "How answers are written; page is HTML to print")
      ->check(CLI::IsMember(std::vector<std::string>{"table", "json", "csv", "page"}))
      ->each([flags](const std::string& format) { flags->page = format == "page"; });
  report->add_option("--min-size", flags->size_min,
                     "Summary: wait until so many events are counted");
  report
      ->add_option("--expect", flags->expected_file,
                   "Summary: compare every figure with this JSON; exit 1 when one differs")
      ->type_name("FILE");
  Run(report, invocation, flags, &ShowReport);
}

}  // namespace meritbook::cli
