#include "cli/audit_command.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
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
  Table table({{session.Say("events replayed", "重放事件"), "events", Align::kRight},
               {session.Say("balances compared", "核对余额"), "balances_compared", Align::kRight},
               {session.Say("merchants compared", "核对商户"), "merchants_compared", Align::kRight},
               {session.Say("findings", "问题"), "findings_total", Align::kRight},
               {session.Say("seconds", "秒"), "seconds", Align::kRight}});
  table.Add({CountCell(report.events), CountCell(report.balances_compared),
             CountCell(report.merchants_compared), CountCell(report.findings_total),
             absl::StrFormat("%.2f", report.seconds)});
  return table;
}

}  // namespace

absl::StatusOr<int> Audit(Session& session) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  // Refused here in the same words as everywhere.
  const auto ledger = session.Ledger();
  if (!ledger.ok()) return ledger.status();
  absl::StatusOr<audit::AuditReport> report = absl::UnknownError("");
  {
    Progress progress(session.Say("audit", "审计"));
    report = audit::RunAudit(
        (*client)->channel(),
        [&client](grpc::ClientContext& context) { (*client)->Authorise(context); },
        ledger->ledger_id(),
        [&progress](uint64_t done, uint64_t total) { progress.Update(done, total); });
  }
  if (!report.ok()) return report.status();
  if (session.globals().format == Format::kJson) {
    session.ShowText(JsonOf(*report));
  } else if (session.globals().format == Format::kCsv) {
    session.ShowText(FindingTable(session, *report).Csv());
  } else {
    session.ShowTable(CountTable(session, *report), Shape::kDown);
    session.ShowText(report->ok() ? session.Say("clean: nothing lost, added or changed\n",
                                                "审计通过：无丢失、增加或篡改\n")
                                  : "\n");
    if (!report->ok()) session.ShowTable(FindingTable(session, *report), Shape::kRows);
  }
  const auto kept = report->findings.size();
  if (kept < report->findings_total) {
    session.Note(Text(report->findings_total - kept,
                      session.Say(" more findings are not shown", " 条问题未列出")));
  }
  return report->ok() ? kExitOk : kExitRefused;
}

}  // namespace meritbook::cli
