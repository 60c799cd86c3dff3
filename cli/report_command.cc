#include "cli/report_command.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/client.h"
#include "cli/json_text.h"
#include "cli/problem.h"
#include "cli/report_page.h"
#include "cli/report_sheet.h"
#include "cli/report_words.h"
#include "cli/session.h"
#include "cli/summary_words.h"
#include "cli/text.h"
#include "meritbook/v1/report.grpc.pb.h"

namespace meritbook::cli {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return absl::InvalidArgumentError(Text(file, ": can't be read"));
  return text.str();
}

int ListReports(Session& session) {
  Table table({{session.Say("report", "报表"), "name"}, {session.Say("tells", "内容"), "about"}});
  for (const ReportName& report : ReportNames()) {
    table.Add({report.name, report.About(session.language())});
  }
  if (session.globals().format != Format::kJson) {
    session.ShowTable(table, Shape::kRows);
    return kExitOk;
  }
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const ReportName& report : ReportNames()) {
    list.push_back({{"name", report.name}, {"about", report.About(session.language())}});
  }
  session.ShowText(JsonText(list));
  return kExitOk;
}

// What a page says of its subject.
void AddAbout(const Session& session, const ReportFlags& flags, Sheet& sheet) {
  const auto add = [&](const char* english, const char* chinese, const std::string& value) {
    if (!value.empty()) sheet.about.emplace_back(session.Say(english, chinese), value);
  };
  add("ledger", "账本", session.globals().ledger);
  add("volunteer", "志愿者", flags.volunteer_id);
  add("merchant", "商户", flags.merchant_id);
  add("by", "分组", flags.by);
  add("from", "自", flags.from_day);
  add("until", "至", flags.until_day);
}

Table FigureTable(const Session& session, const std::vector<Figure>& figures, bool compared,
                  absl::TimeZone zone) {
  std::vector<Column> columns = {{session.Say("figure", "指标"), "figure"}};
  if (compared) {
    columns.push_back({session.Say("expected", "应为"), "expected", Align::kRight});
  }
  columns.push_back({session.Say("ledger", "账本"), "found", Align::kRight});
  if (compared) columns.push_back({"", "differs"});
  Table table(columns);
  for (const Figure& figure : figures) {
    const Cell name(FigureTitle(figure.name, session.language()), figure.name);
    const Cell found = FigureCell(figure.name, figure.found, zone);
    if (!compared) {
      table.Add({name, found});
      continue;
    }
    const char* const mark = figure.expected.empty() ? ""
                             : figure.differs        ? session.Say("DIFFERS", "不一致")
                                                     : session.Say("agrees", "一致");
    table.Add({name, FigureCell(figure.name, figure.expected, zone), found,
               Cell(mark, figure.differs ? "true" : "false")});
  }
  return table;
}

void ShowFigures(Session& session, const ReportFlags& flags, const v1::GetSummaryResponse& summary,
                 const std::vector<Figure>& figures, const std::string& differing) {
  const bool compared = !flags.expected_file.empty();
  const Format format = session.globals().format;
  if (flags.page) {
    Sheet sheet;
    sheet.title = ReportNamed("summary")->Title(session.language());
    sheet.columns = {{session.Say("figure", "指标"), "figure"},
                     {session.Say("ledger", "账本"), "found", Align::kRight}};
    AddAbout(session, flags, sheet);
    const absl::TimeZone zone = session.Zone();
    sheet.as_of = AsOfWords(summary.size(), summary.last_recorded_us(), zone, session.language());
    for (const Figure& figure : figures) {
      sheet.rows.push_back({{FigureTitle(figure.name, session.language()),
                             FigureCell(figure.name, figure.found, zone)},
                            false});
    }
    for (const DerivedFigure& figure : DerivedFigures(summary, session.language())) {
      sheet.rows.push_back({{figure.title, figure.shown}, true});
    }
    session.ShowText(PageOf(sheet, PageLook::kList, session.language()));
    return;
  }
  if (format == Format::kJson) {
    session.ShowText(compared ? JsonText(summary, {{"differs", differing}}) : JsonText(summary));
    return;
  }
  Table table = FigureTable(session, figures, compared, session.Zone());
  if (format == Format::kTable && !compared) {
    for (const DerivedFigure& figure : DerivedFigures(summary, session.language())) {
      table.Add({Cell(figure.title, figure.name), figure.shown});
    }
  }
  session.ShowTable(table, Shape::kRows);
}

absl::StatusOr<int> ShowSummary(Session& session, const ReportFlags& flags) {
  std::optional<std::string> expected_json;
  if (!flags.expected_file.empty()) {
    auto text = ReadFile(flags.expected_file);
    if (!text.ok()) return text.status();
    expected_json = *std::move(text);
  }
  const auto as_of = AsOfFlags(flags);
  if (!as_of.ok()) return as_of.status();
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const auto stub = v1::ReportService::NewStub((*client)->channel());
  v1::GetSummaryRequest request;
  request.set_ledger_id(*ledger_id);
  request.set_min_size(flags.size_min);
  *request.mutable_as_of() = *as_of;
  v1::GetSummaryResponse summary;
  const absl::Status status =
      (*client)->Call(static_cast<v1::ReportService::StubInterface&>(*stub),
                      &v1::ReportService::StubInterface::GetSummary, request, &summary);
  if (!status.ok()) return status;
  const auto figures = CompareSummary(summary, expected_json);
  if (!figures.ok()) {
    return absl::InvalidArgumentError(Text(flags.expected_file, ": ", MessageOf(figures.status())));
  }
  std::string differing;
  for (const Figure& figure : *figures) {
    if (figure.differs) differing += Text(differing.empty() ? "" : ", ", figure.name);
  }
  ShowFigures(session, flags, summary, *figures, differing);
  if (differing.empty()) return kExitOk;
  session.Note(Text(session.Say("these figures differ: ", "以下指标不一致："), differing));
  return kExitRefused;
}

// All messages of the stream.
absl::StatusOr<Report> Fetch(Session& session, const v1::GetReportRequest& request) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::ReportService::NewStub((*client)->channel());
  grpc::ClientContext context;
  (*client)->Authorise(context);
  const auto reader = stub->GetReport(&context, request);
  Report report;
  v1::GetReportResponse message;
  while (reader->Read(&message)) {
    if (report.columns.empty()) {
      report.columns.assign(message.columns().begin(), message.columns().end());
    }
    report.rows.insert(report.rows.end(), message.rows().begin(), message.rows().end());
    report.size = message.size();
    report.last_recorded_us = message.last_recorded_us();
    report.time_zone = message.time_zone();
  }
  if (absl::Status status = (*client)->StatusOf(reader->Finish()); !status.ok()) return status;
  return report;
}

absl::StatusOr<v1::GetReportRequest> RequestOf(const Session& session, const ReportFlags& flags,
                                               const ReportName& name) {
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const auto as_of = AsOfFlags(flags);
  if (!as_of.ok()) return as_of.status();
  if (!flags.expected_file.empty() || flags.size_min > 0) {
    return absl::InvalidArgumentError("--expect and --min-size are the summary's");
  }
  v1::GetReportRequest request;
  request.set_ledger_id(*ledger_id);
  request.set_kind(name.kind);
  *request.mutable_as_of() = *as_of;
  request.set_group(ReportGroupNamed(flags.by));
  request.set_volunteer_id(flags.volunteer_id);
  request.set_merchant_id(flags.merchant_id);
  request.set_from_day(flags.from_day);
  return request;
}

void Show(Session& session, const ReportFlags& flags, const Report& report) {
  const Language language = session.language();
  Sheet sheet = SheetOf(report, language);
  AddAbout(session, flags, sheet);
  if (flags.page) {
    const bool certificate = report.name == "certificate";
    session.ShowText(
        PageOf(sheet, certificate ? PageLook::kCertificate : PageLook::kList, language));
    return;
  }
  switch (session.globals().format) {
    case Format::kJson:
      session.ShowText(JsonOfReport(report));
      break;
    case Format::kCsv:
      session.ShowText(CsvOf(report, sheet));
      break;
    case Format::kTable:
      session.ShowTable(TableOf(sheet), Shape::kRows);
      session.ShowText(Text("\n", sheet.title, ", ", sheet.as_of, "\n"));
      break;
  }
}

}  // namespace

absl::StatusOr<v1::AsOf> AsOfFlags(const ReportFlags& flags) {
  v1::AsOf as_of;
  if (flags.as_of_size && !flags.as_of_time.empty()) {
    return absl::InvalidArgumentError("--as-of or --as-of-time, not both");
  }
  if (flags.as_of_size) as_of.set_size(*flags.as_of_size);
  if (!flags.as_of_time.empty()) {
    const auto us = InstantFlag("--as-of-time", flags.as_of_time);
    if (!us.ok()) return us.status();
    as_of.set_before_us(*us);
  }
  as_of.set_until_day(flags.until_day);
  return as_of;
}

absl::StatusOr<int> ShowReport(Session& session, const ReportFlags& flags) {
  if (flags.name.empty()) return ListReports(session);
  const ReportName& name = *ReportNamed(flags.name);  // the command line takes no other
  if (name.kind == v1::REPORT_KIND_UNSPECIFIED) {
    if (!flags.by.empty() || !flags.from_day.empty() || !flags.volunteer_id.empty() ||
        !flags.merchant_id.empty()) {
      return absl::InvalidArgumentError(
          "the summary takes --as-of, --as-of-time, --until, --expect and --min-size");
    }
    return ShowSummary(session, flags);
  }
  const auto request = RequestOf(session, flags, name);
  if (!request.ok()) return request.status();
  auto report = Fetch(session, *request);
  if (!report.ok()) return report.status();
  report->name = flags.name;
  Show(session, flags, *report);
  return kExitOk;
}

}  // namespace meritbook::cli
