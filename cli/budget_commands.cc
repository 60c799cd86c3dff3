#include "cli/budget_commands.h"

#include <utility>

#include "cli/quantity.h"
#include "cli/read_call.h"
#include "cli/show_write.h"
#include "meritbook/v1/settlement.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Settlement = v1::SettlementService::StubInterface;

}  // namespace

absl::StatusOr<int> ListBudgets(Session& session) {
  const auto response =
      Read<v1::SettlementService>(session, &Settlement::ListBudgets, v1::ListBudgetsRequest());
  if (!response.ok()) return response.status();
  Table table({{session.Say("budget", "预算"), "source"},
               {session.Say("year", "年度"), "year", Align::kRight},
               {session.Say("allocated", "拨付"), "allocated_fen", Align::kRight},
               {session.Say("reserved", "占用"), "reserved_fen", Align::kRight},
               {session.Say("owed", "应付"), "owed_fen", Align::kRight},
               {session.Say("paid", "已付"), "paid_fen", Align::kRight},
               {session.Say("left (yuan)", "剩余（元）"), "left_fen", Align::kRight},
               {session.Say("warns at", "预警线"), "warn_percent", Align::kRight},
               {session.Say("warned", "已预警"), "warned"}});
  for (const v1::BudgetView& budget : response->budgets()) {
    const auto allocated = static_cast<int64_t>(budget.allocated_fen());
    const auto reserved = static_cast<int64_t>(budget.reserved_fen());
    const auto paid = static_cast<int64_t>(budget.paid_fen());
    table.Add({budget.budget().source(), std::to_string(budget.budget().year()),
               YuanCell(allocated), YuanCell(reserved), YuanCell(budget.owed_fen()), YuanCell(paid),
               YuanCell(allocated - reserved - budget.owed_fen() - paid),
               Cell(budget.warn_percent() == 0 ? "" : Text(budget.warn_percent(), " %"),
                    std::to_string(budget.warn_percent())),
               Cell(budget.warned() ? session.Say("yes", "是") : session.Say("no", "否"),
                    budget.warned() ? "true" : "false")});
  }
  session.Show(*response, table, Shape::kRows);
  if (session.globals().format == Format::kTable && !response->closed_through_month().empty()) {
    session.ShowText(Text(session.Say("\nbooks closed through ", "\n已关账至 "),
                          response->closed_through_month(), "\n"));
  }
  return kExitOk;
}

absl::StatusOr<int> ClosePeriod(Session& session, const ClosePeriodFlags& flags) {
  v1::ClosePeriod command;
  command.set_month(flags.month);
  return WriteAndShow<v1::SettlementService>(
      session, &Settlement::ClosePeriod, flags.write, RequestId::Natural(flags.month),
      std::move(command), [&](const v1::ClosePeriodResponse&) {
        return std::vector<NamedCell>{
            {{session.Say("books closed through", "已关账至"), "month"}, flags.month}};
      });
}

}  // namespace meritbook::cli
