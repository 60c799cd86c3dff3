#include "cli/ledger_commands.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/time/clock.h"
#include "cli/quantity.h"
#include "cli/receipt_table.h"
#include "cli/text.h"
#include "cli/write_call.h"
#include "meritbook/v1/admin.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Admin = v1::AdminService::StubInterface;

NamedCell LedgerCell(const Session& session) {
  return {{session.Say("ledger", "账本"), "ledger_id"}, session.globals().ledger};
}

}  // namespace

// Not by Write(): there is no ledger yet that could tell its time.
absl::StatusOr<int> CreateLedger(Session& session, const CreateLedgerFlags& flags) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const std::string& ledger_id = session.globals().ledger;
  v1::CreateLedgerRequest request;
  request.set_ledger_id(ledger_id);
  request.set_request_id(flags.write.request_id.empty() ? ledger_id : flags.write.request_id);
  if (!flags.write.recorded_at.empty()) {
    const auto us = InstantFlag("--recorded-at", flags.write.recorded_at);
    if (!us.ok()) return us.status();
    request.set_recorded_us(*us);
  } else if (flags.migrating) {
    request.set_recorded_us(absl::ToUnixMicros(absl::Now()));
  }
  if (!flags.time_zone.empty()) request.mutable_command()->set_time_zone(flags.time_zone);
  request.mutable_command()->set_migrating(flags.migrating);
  const auto stub = v1::AdminService::NewStub((*client)->channel());
  v1::CreateLedgerResponse response;
  const absl::Status status =
      (*client)->Call(static_cast<Admin&>(*stub), &Admin::CreateLedger, request, &response);
  if (!status.ok()) return status;
  session.Show(response, ReceiptTable(session, {LedgerCell(session)}, response.receipt()),
               Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> ListLedgers(Session& session) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::AdminService::NewStub((*client)->channel());
  v1::ListLedgersResponse response;
  const absl::Status status = (*client)->Call(static_cast<Admin&>(*stub), &Admin::ListLedgers,
                                              v1::ListLedgersRequest(), &response);
  if (!status.ok()) return status;
  Table table(std::vector<Column>{{session.Say("ledger", "账本"), "ledger_id"}});
  for (const std::string& ledger_id : response.ledger_ids()) table.Add({ledger_id});
  session.Show(response, table, Shape::kRows);
  return kExitOk;
}

absl::StatusOr<int> ShowLedger(Session& session) {
  const auto ledger = session.Ledger();
  if (!ledger.ok()) return ledger.status();
  const bool migrating = ledger->state() == v1::LEDGER_STATE_MIGRATING;
  Table table({{session.Say("ledger", "账本"), "ledger_id"},
               {session.Say("state", "状态"), "state"},
               {session.Say("time zone", "时区"), "time_zone"},
               {session.Say("events", "事件数"), "size"},
               {session.Say("last recorded", "最近登记时间"), "last_recorded_at"},
               {session.Say("rule version", "规则版本"), "rule_version"}});
  table.Add({ledger->ledger_id(),
             Cell(migrating ? session.Say("migrating", "迁移中") : session.Say("live", "正式"),
                  v1::LedgerState_Name(ledger->state())),
             ledger->time_zone(), CountCell(ledger->size()),
             session.InstantCell(ledger->last_recorded_us()),
             std::to_string(ledger->rule_version())});
  session.Show(*ledger, table, Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> FinishMigration(Session& session, const WriteFlags& flags) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::AdminService::NewStub((*client)->channel());
  const auto response = Write<v1::FinishMigrationResponse>(
      session, static_cast<Admin&>(*stub), &Admin::FinishMigration, flags, "finish-migration",
      v1::FinishMigration());
  if (!response.ok()) return response.status();
  session.Show(*response, ReceiptTable(session, {LedgerCell(session)}, response->receipt()),
               Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> ConfirmClock(Session& session) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::AdminService::NewStub((*client)->channel());
  v1::ConfirmClockResponse response;
  const absl::Status status = (*client)->Call(static_cast<Admin&>(*stub), &Admin::ConfirmClock,
                                              v1::ConfirmClockRequest(), &response);
  if (!status.ok()) return status;
  session.Note(session.Say("the server's clock is confirmed", "服务器时钟已确认"));
  return kExitOk;
}

absl::StatusOr<int> PublishRule(Session& session, const PublishRuleFlags& flags) {
  std::ifstream in(flags.file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return absl::InvalidArgumentError(Text(flags.file, ": can't be read"));
  auto rule = ParseRule(flags.file, text.str());
  if (!rule.ok()) return rule.status();
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::AdminService::NewStub((*client)->channel());
  const std::string day = rule->effective_from_day();
  const auto response =
      Write<v1::PublishRuleResponse>(session, static_cast<Admin&>(*stub), &Admin::PublishRule,
                                     flags.write, Text("rule:", day), *std::move(rule));
  if (!response.ok()) return response.status();
  const Table table =
      ReceiptTable(session,
                   {{{session.Say("rule version", "规则版本"), "rule_version"},
                     std::to_string(response->rule_version())},
                    {{session.Say("in force from", "生效日期"), "effective_from_day"}, day}},
                   response->receipt());
  session.Show(*response, table, Shape::kDown);
  return kExitOk;
}

}  // namespace meritbook::cli
