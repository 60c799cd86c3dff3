#include "cli/try_rule_command.h"

#include "cli/client.h"
#include "cli/csv_sheet.h"
#include "cli/ledger_commands.h"
#include "cli/problem.h"
#include "cli/quantity.h"
#include "cli/refusal_words.h"
#include "cli/session.h"
#include "cli/text.h"
#include "meritbook/v1/report.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Report = v1::ReportService::StubInterface;

// With its sign, so that more and less are told apart at a glance.
Cell DifferenceCell(int64_t units) {
  return {Text(units > 0 ? "+" : "", Points(units)), std::to_string(units)};
}

Table OrganisationTable(const Session& session, const v1::TryRuleResponse& response) {
  Table table(
      {{session.Say("community", "社区"), "organisation_id"},
       {session.Say("issued", "发放积分"), "issued_units", Align::kRight},
       {session.Say("under the rule tried", "试算积分"), "tried_issued_units", Align::kRight},
       {session.Say("difference", "差额"), "difference_units", Align::kRight},
       {session.Say("time credited", "计分时长"), "credited_minutes", Align::kRight},
       {session.Say("tried", "试算时长"), "tried_credited_minutes", Align::kRight}});
  for (const v1::TriedOrganisation& row : response.organisations()) {
    table.Add({row.organisation_id().empty() ? Cell(session.Say("(all others)", "（其他组织）"), "")
                                             : Cell(row.organisation_id()),
               PointsCell(row.issued_units()), PointsCell(row.tried_issued_units()),
               DifferenceCell(row.tried_issued_units() - row.issued_units()),
               HoursCell(row.credited_minutes()), HoursCell(row.tried_credited_minutes())});
  }
  return table;
}

Table PositionTable(const Session& session, const v1::TryRuleResponse& response) {
  Table table({{session.Say("points of the ledger", "账本积分"), "figure"},
               {session.Say("as it is", "现状"), "units", Align::kRight},
               {session.Say("under the rule tried", "试算"), "tried_units", Align::kRight},
               {session.Say("difference", "差额"), "difference_units", Align::kRight}});
  const auto add = [&](const char* english, const char* chinese, const char* name, int64_t units,
                       int64_t tried_units) {
    table.Add({Cell(session.Say(english, chinese), name), PointsCell(units),
               PointsCell(tried_units), DifferenceCell(tried_units - units)});
  };
  const v1::PointsPosition& now = response.position();
  const v1::PointsPosition& tried = response.tried_position();
  add("issued", "已发放", "issued", now.issued_units(), tried.issued_units());
  add("outstanding", "未兑换余额", "outstanding", now.outstanding_units(),
      tried.outstanding_units());
  add("expired", "已过期", "expired", now.expired_units(), tried.expired_units());
  add("redeemed", "已兑换", "redeemed", now.redeemed_units(), tried.redeemed_units());
  return table;
}

Table RefusalTable(const Session& session, const v1::TryRuleResponse& response) {
  Table table({{session.Say("would be refused", "将被拒绝"), "count", Align::kRight},
               {session.Say("first at event", "首个事件序号"), "first_sequence", Align::kRight},
               {session.Say("reason", "原因"), "reason"},
               {session.Say("meaning", "说明"), "meaning"}});
  for (const v1::TriedRefusal& refusal : response.refusals()) {
    const auto words = WordsOf(std::string_view(refusal.reason()));
    table.Add({CountCell(refusal.count()), std::to_string(refusal.first_sequence()),
               refusal.reason(), words ? words->Meaning(session.language()) : ""});
  }
  return table;
}

}  // namespace

absl::StatusOr<int> TryRule(Session& session, const TryRuleFlags& flags) {
  const auto text = ReadWholeFile(flags.file);
  if (!text.ok()) return text.status();
  const auto rule = ParseRule(flags.file, *text);
  if (!rule.ok()) return rule.status();
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  v1::TryRuleRequest request;
  request.set_ledger_id(*ledger_id);
  *request.mutable_rule() = *rule;
  if (!flags.since_day.empty()) {
    request.mutable_rule()->set_effective_from_day(flags.since_day);
  }
  const auto stub = v1::ReportService::NewStub((*client)->channel());
  v1::TryRuleResponse response;
  const absl::Status status =
      (*client)->Call(static_cast<Report&>(*stub), &Report::TryRule, request, &response);
  if (!status.ok()) return status;
  session.Show(response, OrganisationTable(session, response), Shape::kRows);
  if (session.globals().format != Format::kTable) return kExitOk;
  session.ShowText("\n");
  session.ShowTable(PositionTable(session, response), Shape::kRows);
  if (response.refusals_size() > 0) {
    session.ShowText("\n");
    session.ShowTable(RefusalTable(session, response), Shape::kRows);
  }
  session.ShowText(Text("\n", session.Say("tried over ", "已试算 "), Grouped(response.size()),
                        session.Say(" events; nothing was changed\n", " 个事件，未作任何更改\n")));
  return kExitOk;
}

}  // namespace meritbook::cli
