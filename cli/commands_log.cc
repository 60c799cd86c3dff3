#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/audit/run.h"
#include "cli/commands.h"
#include "cli/csv.h"
#include "cli/event_line.h"
#include "cli/import_run.h"
#include "cli/instant.h"
#include "cli/language.h"
#include "cli/output.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

// Whole under its name, or not at all.
void WriteRefused(const std::string& file, const std::vector<RefusedRow>& rows) {
  const std::string partial = file + ".partial";
  {
    std::ofstream out(partial, std::ios::trunc);
    out << "file,line,column,reason,message,id\n";
    for (const RefusedRow& row : rows) {
      out << CsvField(row.file) << "," << row.line << ","
          << (row.column == 0 ? "" : std::to_string(row.column)) << "," << row.reason << ","
          << CsvField(row.message) << "," << CsvField(row.id) << "\n";
    }
    if (!out.flush()) throw CommandError(Exit::kUsage, partial + ": can't be written");
  }
  std::error_code error;
  std::filesystem::rename(partial, file, error);
  if (error) throw CommandError(Exit::kUsage, Join(file, ": ", error.message()));
}

}  // namespace

void ImportFolder(const Context& context, const ImportWords& words) {
  const Client client(context.client);
  auto loaded = ImportPlan::Load(words.dir);
  if (const auto* problem = std::get_if<std::string>(&loaded)) {
    throw CommandError(Exit::kUsage, *problem);
  }
  const ImportPlan& plan = std::get<ImportPlan>(loaded);
  for (const std::string& note : plan.notes()) std::cerr << "merit: " << note << "\n";
  const std::string refused_file = words.refused_file.empty()
                                       ? (std::filesystem::path(words.dir) / "refused.csv").string()
                                       : words.refused_file;
  ImportOutcome outcome;
  {
    ProgressBar bar("import");
    ImportSettings settings;
    settings.items_per_request = words.batch;
    settings.requests_under_way_max = words.in_flight;
    settings.progress = [&](uint64_t done, uint64_t total) { bar.Show(done, total); };
    outcome = RunImport(client, plan, settings);
  }
  WriteRefused(refused_file, outcome.refused_rows);
  const double rate =
      outcome.seconds > 0 ? static_cast<double>(outcome.applied) / outcome.seconds : 0;
  const auto count = [](uint64_t value) { return FormatCount(static_cast<int64_t>(value)); };
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.2f", outcome.seconds);
  Json refused = Json::object();
  for (const auto& [reason, number] : outcome.refused) refused[reason] = number;
  Facts facts(context);
  facts.Add("rows", "rows", count(outcome.rows), outcome.rows);
  facts.Add("applied", "new events", count(outcome.applied), outcome.applied);
  facts.Add("already_applied", "there already", count(outcome.already_applied),
            outcome.already_applied);
  facts.Add("refused", "refused", count(outcome.refused_rows.size()), refused);
  facts.Add("seconds", "seconds", seconds, outcome.seconds);
  facts.Add("events_per_s", "events/s", count(static_cast<uint64_t>(rate)), rate);
  const uint64_t size = client.GetLedger().size();
  facts.Add("size", "events", count(size), size);
  facts.Add("refused_file", "refused", refused_file, refused_file);
  facts.Print();
  if (context.format == Format::kTable && !outcome.refused.empty()) {
    std::cout << "\n";
    const std::string& language = context.client.language;
    Table table({{Label("reason", language)}, {Label("count", language), Table::Align::kRight}});
    for (const auto& [reason, number] : outcome.refused) table.Add({reason, count(number)});
    Print(context, table);
  }
  if (words.strict && !outcome.refused_rows.empty()) {
    throw CommandError(Exit::kRefused, "--strict: some rows were refused; see " + refused_file);
  }
}

void Watch(const Context& context, const WatchWords& words) {
  const Client client(context.client);
  const std::string zone = client.GetLedger().time_zone();
  v1::StreamEventsRequest request;
  request.set_ledger_id(client.ledger());
  request.set_from_sequence(words.from);
  request.set_follow(words.follow);
  request.set_max_events(words.max);
  grpc::ClientContext call;
  client.Prepare(call, /*lasting=*/true);
  v1::AuditService::Stub stub(client.channel());
  const auto stream = stub.StreamEvents(&call, request);
  if (context.format == Format::kCsv)
    std::cout << "sequence,recorded,event,who,reference,time,points\n";
  v1::StreamEventsResponse response;
  while (stream->Read(&response)) {
    for (const std::string& bytes : response.events()) {
      v1::Event event;
      if (!event.ParseFromString(bytes)) throw CommandError(Exit::kRefused, "not an event");
      if (context.format == Format::kJson) {
        std::cout << ToJson(event).dump() << "\n";
        continue;
      }
      const std::vector<std::string> cells = CellsOf(event, zone);
      for (size_t i = 0; i < cells.size(); ++i) {
        // A stream can't know what is still to come, so widths are fixed.
        constexpr size_t kWidths[] = {10, 25, 22, 14, 20, 10, 12};
        if (context.format == Format::kCsv) {
          std::cout << (i > 0 ? "," : "") << CsvField(cells[i]);
          continue;
        }
        const size_t width = DisplayWidth(cells[i]);
        const std::string blanks(width < kWidths[i] ? kWidths[i] - width : 0, ' ');
        const bool right = i == 0 || i >= 5;
        std::cout << (i > 0 ? "  " : "") << (right ? blanks + cells[i] : cells[i] + blanks);
      }
      std::cout << "\n";
    }
    std::cout.flush();
  }
  client.Check(stream->Finish());
}

void Audit(const Context& context) {
  const Client client(context.client);
  absl::StatusOr<audit::AuditReport> audited = absl::UnknownError("");
  {
    ProgressBar bar("audit");
    audited = audit::RunAudit(
        client.channel(), [&](grpc::ClientContext& call) { client.Prepare(call, true); },
        client.ledger(), [&](uint64_t done, uint64_t total) { bar.Show(done, total); });
  }
  if (!audited.ok()) {
    throw CommandError(
        absl::IsUnavailable(audited.status()) ? Exit::kUnreachable : Exit::kRefused,
        Join("the audit could not be carried out: ", std::string(audited.status().message())));
  }
  const audit::AuditReport& report = *audited;
  const auto count = [](uint64_t value) { return FormatCount(static_cast<int64_t>(value)); };
  const std::string& language = context.client.language;
  if (context.format == Format::kJson) {
    Json json = {{"ok", report.ok()},
                 {"events", report.events},
                 {"volunteers", report.volunteers},
                 {"balances_compared", report.balances_compared},
                 {"merchants_compared", report.merchants_compared},
                 {"seconds", report.seconds},
                 {"findings_total", report.findings_total},
                 {"findings", Json::array()}};
    for (const audit::Finding& finding : report.findings) {
      json["findings"].push_back(
          {{"sequence", finding.sequence},
           {"invariant", std::string(audit::InvariantName(finding.invariant))},
           {"volunteer_id", finding.volunteer_id},
           {"message", finding.message}});
    }
    PrintJson(json);
  } else {
    Facts facts(context);
    facts.Add("ok", "result", Label(report.ok() ? "clean" : "findings", language), report.ok());
    facts.Add("events", "events", count(report.events), report.events);
    facts.Add("volunteers", "volunteers", count(report.volunteers), report.volunteers);
    facts.Add("balances_compared", "balances compared", count(report.balances_compared),
              report.balances_compared);
    facts.Add("merchants_compared", "merchants compared", count(report.merchants_compared),
              report.merchants_compared);
    facts.Add("findings", "findings", count(report.findings_total), report.findings_total);
    const double rate =
        report.seconds > 0 ? static_cast<double>(report.events) / report.seconds : 0;
    facts.Add("events_per_s", "events/s", count(static_cast<uint64_t>(rate)), rate);
    facts.Print();
    if (!report.findings.empty()) {
      std::cout << "\n";
      Table table({{Label("sequence", language), Table::Align::kRight},
                   {Label("finding", language)},
                   {Label("volunteer", language)},
                   {""}});
      for (const audit::Finding& finding : report.findings) {
        table.Add({std::to_string(finding.sequence),
                   std::string(audit::InvariantName(finding.invariant)), finding.volunteer_id,
                   finding.message});
      }
      Print(context, table);
    }
  }
  if (!report.ok()) {
    throw CommandError(Exit::kRefused, Join("the audit has ", report.findings_total, " findings"));
  }
}

}  // namespace meritbook::cli
