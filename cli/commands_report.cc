#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "cli/commands.h"
#include "cli/figures.h"
#include "cli/instant.h"
#include "cli/language.h"
#include "cli/output.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

Json ReadExpected(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw CommandError(Exit::kUsage, Join(file, ": ", std::strerror(errno)));
  Json expected = Json::parse(in, nullptr, /*allow_exceptions=*/false);
  if (!expected.is_object()) throw CommandError(Exit::kUsage, file + ": not a JSON object");
  return expected;
}

}  // namespace

void ReportSummary(const Context& context, uint64_t min_size, const std::string& expect_file) {
  const Client client(context.client);
  v1::GetSummaryRequest request;
  request.set_ledger_id(client.ledger());
  request.set_min_size(min_size);
  v1::ReportService::Stub stub(client.channel());
  const auto response = client.Call(stub, &v1::ReportService::Stub::GetSummary, request);
  const Json report = ToJson(response);
  const Json expected = expect_file.empty() ? Json() : ReadExpected(expect_file);

  const std::string& language = context.client.language;
  std::vector<Table::Column> columns = {{Label("figure", language)}};
  if (!expected.is_null()) columns.push_back({Label("published", language), Table::Align::kRight});
  columns.push_back({Label("ledger", language), Table::Align::kRight});
  if (!expected.is_null()) columns.push_back({Label("agrees", language)});
  Table table(columns);
  std::string differing;
  for (const Figure& figure : SummaryFigures()) {
    const int64_t number = NumberAt(report, figure.path);
    std::vector<std::string> cells = {Label(figure.label, language)};
    const bool published = HasNumberAt(expected, figure.path);
    const bool agrees = !published || NumberAt(expected, figure.path) == number;
    if (!expected.is_null()) {
      cells.push_back(published ? ShowFigure(figure, NumberAt(expected, figure.path)) : "");
    }
    cells.push_back(ShowFigure(figure, number));
    if (!expected.is_null())
      cells.push_back(!published ? "" : Label(agrees ? "yes" : "NO", language));
    if (!agrees) differing += Join(differing.empty() ? "" : ", ", figure.path);
    table.Add(std::move(cells));
  }
  if (context.format == Format::kJson) {
    PrintJson(report);
  } else {
    Print(context, table);
    if (context.format == Format::kTable) {
      std::cout << "\n"
                << FormatCount(static_cast<int64_t>(response.size())) << " "
                << Label("events", language) << ", " << Label("last recorded", language) << " "
                << FormatInstant(response.last_recorded_us(), client.GetLedger().time_zone())
                << "\n";
    }
  }
  if (!differing.empty()) throw CommandError(Exit::kRefused, "these figures differ: " + differing);
}

}  // namespace meritbook::cli
