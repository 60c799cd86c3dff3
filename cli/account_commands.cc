#include "cli/account_commands.h"

#include <algorithm>

#include "cli/event_words.h"
#include "cli/quantity.h"
#include "cli/show_write.h"
#include "meritbook/v1/account.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Account = v1::AccountService::StubInterface;

constexpr uint32_t kEntriesPageMax = 1'024;

Cell YesCell(const Session& session, bool yes) {
  return {yes ? session.Say("yes", "是") : session.Say("no", "否"), yes ? "true" : "false"};
}

// Until when, with the grace that points get once.
std::string Until(const Session& session, const v1::LotUnits& lot) {
  if (!lot.has_expiry_day_number()) return session.Say("for ever", "长期有效");
  return Text(Day(lot.expiry_day_number()),
              lot.graced() ? session.Say(" (grace)", "（宽限）") : "");
}

Table BalanceTable(const Session& session, const v1::Balance& balance) {
  Table table({{session.Say("volunteer", "志愿者"), "volunteer_id"},
               {session.Say("available points", "可用积分"), "available_units", Align::kRight},
               {session.Say("held for orders", "订单占用"), "held_units", Align::kRight},
               {session.Say("not yet mature", "未到账积分"), "pending_units", Align::kRight},
               {session.Say("debt", "欠分"), "debt_units", Align::kRight},
               {session.Say("service credited", "计分时长"), "credited_minutes", Align::kRight},
               {session.Say("service honorary", "荣誉时长"), "honorary_minutes", Align::kRight},
               {session.Say("frozen", "冻结"), "frozen"},
               {session.Say("closed", "已关闭"), "closed"},
               {session.Say("merged into", "已合并到"), "merged_into"},
               {session.Say("events", "事件数"), "event_count"}});
  table.Add({balance.volunteer_id(), PointsCell(balance.available_units()),
             PointsCell(balance.held_units()), PointsCell(balance.pending_units()),
             PointsCell(balance.debt_units()), HoursCell(balance.credited_minutes()),
             HoursCell(balance.honorary_minutes()), YesCell(session, balance.frozen()),
             YesCell(session, balance.closed()), balance.merged_into(),
             CountCell(balance.event_count())});
  return table;
}

Table LotTable(const Session& session, const v1::Balance& balance) {
  Table table({{session.Say("can be spent until", "有效期至"), "expiry_day"},
               {session.Say("points", "积分"), "units", Align::kRight}});
  for (const v1::LotUnits& lot : balance.lots()) {
    table.Add({Until(session, lot), PointsCell(lot.units())});
  }
  return table;
}

// By the day on which they mature, lot by lot.
Table PendingTable(const Session& session, const v1::Balance& balance) {
  Table table({{session.Say("matures on", "到账日"), "matures_day"},
               {session.Say("can be spent until", "有效期至"), "expiry_day"},
               {session.Say("points", "积分"), "units", Align::kRight}});
  for (const v1::PendingUnits& part : balance.pending()) {
    table.Add({Day(part.matures_day_number()), Until(session, part.lot()),
               PointsCell(part.lot().units())});
  }
  return table;
}

}  // namespace

absl::StatusOr<int> ShowBalance(Session& session, const std::string& volunteer_id) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const auto stub = v1::AccountService::NewStub((*client)->channel());
  v1::GetBalanceRequest request;
  request.set_ledger_id(*ledger_id);
  request.set_volunteer_id(volunteer_id);
  v1::GetBalanceResponse response;
  const absl::Status status =
      (*client)->Call(static_cast<Account&>(*stub), &Account::GetBalance, request, &response);
  if (!status.ok()) return status;
  session.Show(response, BalanceTable(session, response.balance()), Shape::kDown);
  if (session.globals().format != Format::kTable) return kExitOk;
  if (response.balance().lots_size() > 0) {
    session.ShowText("\n");
    session.ShowTable(LotTable(session, response.balance()), Shape::kRows);
  }
  if (response.balance().pending_size() > 0) {
    session.ShowText("\n");
    session.ShowTable(PendingTable(session, response.balance()), Shape::kRows);
  }
  return kExitOk;
}

absl::StatusOr<int> ShowEntries(Session& session, const std::string& volunteer_id, uint64_t limit) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const auto stub = v1::AccountService::NewStub((*client)->channel());
  v1::ListEntriesRequest request;
  request.set_ledger_id(*ledger_id);
  request.set_volunteer_id(volunteer_id);
  v1::ListEntriesResponse all;
  do {
    const auto got = static_cast<uint64_t>(all.events_size());
    request.set_page_size(
        limit == 0 ? kEntriesPageMax
                   : static_cast<uint32_t>(std::min<uint64_t>(kEntriesPageMax, limit - got)));
    v1::ListEntriesResponse page;
    const absl::Status status =
        (*client)->Call(static_cast<Account&>(*stub), &Account::ListEntries, request, &page);
    if (!status.ok()) return status;
    all.set_next_page_token(page.next_page_token());
    all.set_size(page.size());
    for (v1::Event& event : *page.mutable_events()) all.add_events()->Swap(&event);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() &&
           (limit == 0 || static_cast<uint64_t>(all.events_size()) < limit));

  Table table({{session.Say("sequence", "序号"), "sequence", Align::kRight},
               {session.Say("recorded", "登记时间"), "recorded_at"},
               {session.Say("what", "事项"), "kind"},
               {session.Say("service", "时长"), "minutes", Align::kRight},
               {session.Say("points", "积分"), "units", Align::kRight},
               {session.Say("of them held", "其中占用"), "held_units", Align::kRight},
               {session.Say("about", "说明"), "about"}});
  for (const v1::Event& event : all.events()) {
    EventWords words = WordsOf(event, session.language(), session.Zone());
    // She gains what the registration that ended had.
    if (words.survivor_id == volunteer_id) {
      if (words.units) words.units = -*words.units;
      if (words.held_units) words.held_units = -*words.held_units;
    }
    table.Add({std::to_string(event.sequence()), session.InstantCell(event.recorded_us()),
               Cell(words.what, words.kind), words.minutes ? HoursCell(*words.minutes) : Cell(""),
               words.units ? PointsCell(*words.units) : Cell(""),
               words.held_units ? PointsCell(*words.held_units) : Cell(""), words.about});
  }
  session.Show(all, table, Shape::kRows);
  return kExitOk;
}

absl::StatusOr<int> Donate(Session& session, const DonateFlags& flags) {
  v1::DonatePoints command;
  command.set_volunteer_id(flags.volunteer_id);
  command.set_cause_id(flags.cause_id);
  command.set_points(flags.points);
  return WriteAndShow<v1::AccountService>(
      session, &Account::DonatePoints, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::DonatePointsResponse&) {
        return std::vector<NamedCell>{
            {{session.Say("volunteer", "志愿者"), "volunteer_id"}, flags.volunteer_id},
            {{session.Say("gave to", "捐赠给"), "cause_id"}, flags.cause_id},
            {{session.Say("points", "积分"), "points"}, CountCell(flags.points)}};
      });
}

}  // namespace meritbook::cli
