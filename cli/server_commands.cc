#include "cli/server_commands.h"

#include <string>

#include "absl/time/time.h"
#include "cli/client.h"
#include "cli/problem.h"
#include "cli/quantity.h"
#include "cli/refusal_words.h"
#include "cli/session.h"
#include "cli/table.h"
#include "cli/text.h"
#include "meritbook/v1/admin.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Admin = v1::AdminService::StubInterface;

Cell CommandsCell(const Session& session, const v1::GetServerStatusResponse& status) {
  if (status.hindrance() == v1::REFUSAL_UNSPECIFIED) return {session.Say("taken", "接受"), ""};
  const std::string name = v1::Refusal_Name(status.hindrance()).substr(8);  // REFUSAL_
  const Words words = WordsOf(status.hindrance());
  return {Text(session.Say("not taken: ", "不接受："), words.Meaning(session.language()), " (",
               name, ")"),
          name};
}

// Of a ledger there may be none: instants are UTC.
Cell TimeCell(const Session& session, int64_t us) {
  if (us == 0) return {session.Say("not yet", "尚无"), "0"};
  return {absl::FormatTime(absl::RFC3339_sec, absl::FromUnixMicros(us), absl::UTCTimeZone()),
          std::to_string(us)};
}

Cell BytesCell(uint64_t bytes) {
  return {Text(Grouped(bytes >> 20), " MiB"), std::to_string(bytes)};
}

Cell WaitingCell(uint64_t us) { return {Text(Grouped(us / 1000), " ms"), std::to_string(us)}; }

Table StatusTable(const Session& session, const v1::GetServerStatusResponse& status) {
  const v1::ScrubStatus& scrub = status.scrub();
  Table table({{session.Say("commands", "写入请求"), "hindrance"},
               {session.Say("because", "原因"), "hindrance_text"},
               {session.Say("free on disk", "磁盘剩余"), "free_bytes"},
               {session.Say("needed", "最低剩余"), "free_bytes_floor"},
               {session.Say("write waiting", "写盘等待"), "write_waiting_us"},
               {session.Say("whole log verified", "日志校验轮数"), "scrub_passes"},
               {session.Say("last time", "上次完成"), "scrub_last_pass_us"},
               {session.Say("events verified since", "本轮已校验事件"), "scrub_events_verified"},
               {session.Say("of", "共"), "scrub_events_total"},
               {session.Say("damage", "损坏"), "scrub_damage"},
               {session.Say("last backup", "上次备份"), "last_backup_us"}});
  const Cell none{session.Say("none", "无"), ""};
  table.Add({CommandsCell(session, status),
             status.hindrance_text().empty() ? Cell("-", "") : Cell(status.hindrance_text()),
             BytesCell(status.free_bytes()), BytesCell(status.free_bytes_floor()),
             WaitingCell(status.write_waiting_us()), CountCell(scrub.passes()),
             TimeCell(session, scrub.last_pass_us()), CountCell(scrub.events_verified()),
             CountCell(scrub.events_total()), scrub.damage().empty() ? none : Cell(scrub.damage()),
             TimeCell(session, status.last_backup_us())});
  return table;
}

}  // namespace

absl::StatusOr<int> ServerStatus(Session& session) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::AdminService::NewStub((*client)->channel());
  v1::GetServerStatusResponse status;
  const absl::Status called = (*client)->Call(static_cast<Admin&>(*stub), &Admin::GetServerStatus,
                                              v1::GetServerStatusRequest(), &status);
  if (!called.ok()) return called;
  session.Show(status, StatusTable(session, status), Shape::kDown);
  const bool taken = status.hindrance() == v1::REFUSAL_UNSPECIFIED;
  if (!taken) session.Note(WordsOf(status.hindrance()).Hint(session.language()));
  return taken ? kExitOk : kExitRefused;
}

}  // namespace meritbook::cli
