#include "cli/audit_command.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "cli/audit/archive_audit.h"
#include "cli/audit/run.h"
#include "cli/client.h"
#include "cli/json_text.h"
#include "cli/problem.h"
#include "cli/progress.h"
#include "cli/quantity.h"
#include "cli/session.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

std::string NameOf(const audit::Finding& finding) {
  return std::string(audit::InvariantName(finding.invariant));
}

std::string JsonOf(const audit::AuditReport& report) {
  nlohmann::ordered_json json;
  json["ok"] = report.ok();
  json["events"] = report.events;
  json["volunteers"] = report.volunteers;
  json["balances_compared"] = report.balances_compared;
  json["merchants_compared"] = report.merchants_compared;
  json["seconds"] = report.seconds;
  if (report.archive) {
    json["archive"]["files"] = report.archive->files;
    json["archive"]["events"] = report.archive->events;
    json["archive"]["last_sha256"] = absl::BytesToHexString(report.archive->last_hash);
  }
  json["losses"] = nlohmann::ordered_json::array();
  for (const audit::Loss& loss : report.losses) {
    json["losses"].push_back({{"sequence", loss.sequence}, {"guard_size", loss.guard_size}});
  }
  json["findings_total"] = report.findings_total;
  json["findings"] = nlohmann::ordered_json::array();
  for (const audit::Finding& finding : report.findings) {
    nlohmann::ordered_json row;
    row["sequence"] = finding.sequence;
    row["invariant"] = NameOf(finding);
    row["volunteer_id"] = finding.volunteer_id;
    row["message"] = finding.message;
    json["findings"].push_back(std::move(row));
  }
  return JsonText(json);
}

Table FindingTable(const Session& session, const audit::AuditReport& report) {
  Table table({{session.Say("sequence", "序号"), "sequence", Align::kRight},
               {session.Say("broken", "违反的不变量"), "invariant"},
               {session.Say("volunteer", "志愿者"), "volunteer_id"},
               {session.Say("finding", "发现"), "message"}});
  for (const audit::Finding& finding : report.findings) {
    table.Add(
        {std::to_string(finding.sequence), NameOf(finding), finding.volunteer_id, finding.message});
  }
  return table;
}

Table CountTable(const Session& session, const audit::AuditReport& report) {
  std::vector<Column> columns = {
      {session.Say("events replayed", "重放事件"), "events", Align::kRight},
      {session.Say("balances compared", "核对余额"), "balances_compared", Align::kRight},
      {session.Say("merchants compared", "核对商户"), "merchants_compared", Align::kRight},
      {session.Say("losses declared", "声明的丢失"), "losses", Align::kRight},
      {session.Say("findings", "问题"), "findings_total", Align::kRight},
      {session.Say("seconds", "秒"), "seconds", Align::kRight}};
  std::vector<Cell> cells = {CountCell(report.events),
                             CountCell(report.balances_compared),
                             CountCell(report.merchants_compared),
                             CountCell(report.losses.size()),
                             CountCell(report.findings_total),
                             absl::StrFormat("%.2f", report.seconds)};
  if (report.archive) {
    columns.push_back({session.Say("events of the archive", "归档事件"), "archive", Align::kRight});
    cells.push_back(CountCell(report.archive->events));
    columns.push_back({session.Say("SHA-256 of its newest file", "最新文件 SHA-256"), "sha256"});
    cells.push_back(absl::BytesToHexString(report.archive->last_hash));
  }
  Table table(std::move(columns));
  table.Add(std::move(cells));
  return table;
}

// What no finding means depends on what was looked at.
const char* Clean(const Session& session, bool served) {
  return served ? session.Say("clean: nothing lost, added or changed\n",
                              "审计通过：无丢失、增加或篡改\n")
                : session.Say(
                      "clean: nothing was added to these events, changed or left out; what "
                      "came after them only the server knows\n",
                      "审计通过：归档事件无增加、篡改或缺漏；其后的事件须向服务器核对\n");
}

absl::StatusOr<audit::AuditReport> AuditServed(Session& session,
                                               audit::ArchiveComparison* archive) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  // Refused here in the same words as everywhere.
  const auto ledger = session.Ledger();
  if (!ledger.ok()) return ledger.status();
  Progress progress(session.Say("audit", "审计"));
  return audit::RunAudit(
      (*client)->channel(),
      [&client](grpc::ClientContext& context) { (*client)->Authorise(context); },
      ledger->ledger_id(),
      [&progress](uint64_t done, uint64_t total) { progress.Update(done, total); }, archive);
}

absl::StatusOr<audit::AuditReport> RunAudit(Session& session, const AuditFlags& flags) {
  if (flags.archive.empty()) return AuditServed(session, nullptr);
  if (session.globals().server_given) {
    auto archive = audit::Archive::Open(flags.archive);
    if (!archive.ok()) return archive.status();
    audit::ArchiveComparison comparison(*std::move(archive));
    return AuditServed(session, &comparison);
  }
  Progress progress(session.Say("audit", "审计"));
  return audit::AuditArchive(
      flags.archive, session.globals().ledger,
      [&progress](uint64_t done, uint64_t total) { progress.Update(done, total); });
}

void Show(Session& session, const audit::AuditReport& report, bool served) {
  if (session.globals().format == Format::kJson) return session.ShowText(JsonOf(report));
  if (session.globals().format == Format::kCsv) {
    return session.ShowText(FindingTable(session, report).Csv());
  }
  session.ShowTable(CountTable(session, report), Shape::kDown);
  session.ShowText(report.ok() ? Clean(session, served) : "\n");
  if (!report.ok()) session.ShowTable(FindingTable(session, report), Shape::kRows);
}

}  // namespace

absl::StatusOr<int> Audit(Session& session, const AuditFlags& flags) {
  const auto report = RunAudit(session, flags);
  if (!report.ok()) return report.status();
  Show(session, *report, flags.archive.empty() || session.globals().server_given);
  for (const audit::Loss& loss : report->losses) {
    session.Note(Text(session.Say("a loss is declared at event ", "此处声明了丢失，事件 "),
                      loss.sequence, session.Say(": the ledger had had ", "：账本原有 "),
                      loss.guard_size, session.Say(" events", " 条事件")));
  }
  const auto kept = report->findings.size();
  if (kept < report->findings_total) {
    session.Note(Text(report->findings_total - kept,
                      session.Say(" more findings are not shown", " 条问题未列出")));
  }
  return report->ok() ? kExitOk : kExitRefused;
}

}  // namespace meritbook::cli
