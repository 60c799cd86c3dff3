#include "cli/archive_command.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "cli/archive_writer.h"
#include "cli/client.h"
#include "cli/json_text.h"
#include "cli/problem.h"
#include "cli/progress.h"
#include "cli/quantity.h"
#include "cli/session.h"
#include "cli/text.h"
#include "meritbook/v1/audit.grpc.pb.h"

namespace meritbook::cli {
namespace {

constexpr uint64_t kMebibyte = uint64_t{1} << 20;

void Show(Session& session, const std::string& ledger_id, const ArchiveWriter& writer) {
  const std::string hash = absl::BytesToHexString(writer.last_hash());
  if (session.globals().format == Format::kJson) {
    nlohmann::ordered_json json;
    json["ledger_id"] = ledger_id;
    json["files_written"] = writer.files_written();
    json["events_written"] = writer.events_written();
    json["files"] = writer.files();
    json["events"] = writer.size();
    json["bytes"] = writer.bytes();
    json["last_sha256"] = hash;
    session.ShowText(JsonText(json));
    return;
  }
  Table table({{session.Say("ledger", "账本"), "ledger_id"},
               {session.Say("files written", "新写文件"), "files_written", Align::kRight},
               {session.Say("events written", "新归档事件"), "events_written", Align::kRight},
               {session.Say("files", "文件总数"), "files", Align::kRight},
               {session.Say("events", "事件总数"), "events", Align::kRight},
               {session.Say("bytes", "字节"), "bytes", Align::kRight},
               {session.Say("SHA-256 of the newest file", "最新文件 SHA-256"), "last_sha256"}});
  table.Add({ledger_id, CountCell(writer.files_written()), CountCell(writer.events_written()),
             CountCell(writer.files()), CountCell(writer.size()), CountCell(writer.bytes()), hash});
  session.ShowTable(table, Shape::kDown);
}

// What the folder has must be the beginning of what is served.
absl::Status CheckOverlap(const ArchiveWriter& writer, std::string_view served) {
  if (served == writer.last_event()) return absl::OkStatus();
  return absl::DataLossError(
      Text("event ", writer.size() - 1,
           " is served otherwise than it was archived: nothing was written; merit audit --archive "
           "--server names the first event that differs"));
}

// Adds the events up to `end`. The newest one that the folder has comes first, to be compared.
absl::Status Fetch(const Client& client, const std::string& ledger_id, uint64_t end,
                   ArchiveWriter& writer, Progress& progress) {
  const bool overlaps = writer.size() > 0;
  uint64_t next = overlaps ? writer.size() - 1 : 0;
  const uint64_t begin = next;
  if (next >= end) return absl::OkStatus();
  v1::StreamEventsRequest request;
  request.set_ledger_id(ledger_id);
  request.set_from_sequence(next);
  request.set_max_events(end - next);
  const auto stub = v1::AuditService::NewStub(client.channel());
  grpc::ClientContext context;
  client.Authorise(context);
  const auto stream = stub->StreamEvents(&context, request);
  v1::StreamEventsResponse response;
  absl::Status status;
  while (status.ok() && next < end && stream->Read(&response)) {
    if (response.first_sequence() != next) {
      status = absl::DataLossError(
          Text("expected event ", next, ", was served ", response.first_sequence()));
    }
    for (const std::string& event : response.events()) {
      if (!status.ok() || next == end) break;
      status = overlaps && next == begin ? CheckOverlap(writer, event) : writer.Add(event);
      ++next;
    }
    progress.Update(next - begin, end - begin);
  }
  const bool complete = next == end || !status.ok();
  if (complete) context.TryCancel();
  const absl::Status ended = client.StatusOf(stream->Finish());
  if (!status.ok()) return status;
  if (!complete && ended.ok()) {
    return absl::DataLossError(Text("the served log ends at event ", next, ", of ", end));
  }
  return complete ? absl::OkStatus() : ended;
}

}  // namespace

absl::StatusOr<int> ArchiveEvents(Session& session, const ArchiveFlags& flags) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger = session.LedgerNow();
  if (!ledger.ok()) return ledger.status();
  if (flags.through && *flags.through >= ledger->size()) {
    return absl::OutOfRangeError(Text("--through ", *flags.through, ": the ledger has ",
                                      ledger->size(), " events, the first of them 0"));
  }
  const uint64_t end = flags.through ? *flags.through + 1 : ledger->size();
  absl::StatusOr<std::unique_ptr<ArchiveWriter>> writer = absl::UnknownError("");
  {
    Progress progress(session.Say("verify", "校验"));
    writer = ArchiveWriter::Open(
        flags.folder, ledger->ledger_id(), flags.part_mebibytes * kMebibyte,
        [&progress](uint64_t done, uint64_t total) { progress.Update(done, total); });
  }
  if (!writer.ok()) return writer.status();
  if ((*writer)->size() > ledger->size()) {
    return absl::DataLossError(Text(flags.folder, " has ", (*writer)->size(),
                                    " events, the server's log ", ledger->size(),
                                    ": it is not the log that was archived"));
  }
  {
    Progress progress(session.Say("archive", "归档"));
    const absl::Status status = Fetch(**client, ledger->ledger_id(), end, **writer, progress);
    if (!status.ok()) return status;
  }
  if (absl::Status status = (*writer)->Finish(); !status.ok()) return status;
  Show(session, ledger->ledger_id(), **writer);
  if (flags.through && (*writer)->size() < end) {
    session.Note(session.Say("the command at the end goes beyond --through: it is not archived yet",
                             "末尾的命令超出 --through，尚未归档"));
  }
  return kExitOk;
}

}  // namespace meritbook::cli
