#include "cli/backup_commands.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_format.h"
#include "cli/client.h"
#include "cli/problem.h"
#include "cli/progress.h"
#include "cli/quantity.h"
#include "cli/session.h"
#include "cli/text.h"
#include "meritbook/v1/admin.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Admin = v1::AdminService::StubInterface;

constexpr double kMebibyte = 1 << 20;

Cell BytesCell(uint64_t bytes) {
  if (bytes < static_cast<uint64_t>(kMebibyte)) return {Grouped(bytes), std::to_string(bytes)};
  return {absl::StrFormat("%.1f MiB", static_cast<double>(bytes) / kMebibyte),
          std::to_string(bytes)};
}

// "linhai 27,038, xiangshan 512".
std::string Sizes(const v1::Backup& backup) {
  std::string sizes;
  for (const v1::BackedUpLedger& ledger : backup.ledgers()) {
    sizes += Text(sizes.empty() ? "" : ", ", ledger.ledger_id(), " ", Grouped(ledger.size()));
  }
  return sizes;
}

std::string PlainSizes(const v1::Backup& backup) {
  std::string sizes;
  for (const v1::BackedUpLedger& ledger : backup.ledgers()) {
    sizes += Text(sizes.empty() ? "" : " ", ledger.ledger_id(), "=", ledger.size());
  }
  return sizes;
}

Table TableOf(Session& session) {
  return Table({{session.Say("backup", "备份"), "backup_id", Align::kRight},
                {session.Say("made", "备份时间"), "made_us"},
                {session.Say("bytes", "字节"), "bytes", Align::kRight},
                {session.Say("new", "新增"), "new_bytes", Align::kRight},
                {session.Say("events of ledgers", "各账本事件数"), "ledgers"}});
}

void AddBackup(Session& session, const v1::Backup& backup, Table& table) {
  table.Add({std::to_string(backup.backup_id()), session.InstantCell(backup.made_us()),
             BytesCell(backup.bytes()), BytesCell(backup.new_bytes()),
             Cell(Sizes(backup), PlainSizes(backup))});
}

// The meritd beside this program, else the one that the shell would find.
std::string MeritdPath() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    const std::filesystem::path beside = self.parent_path() / "meritd";
    if (std::filesystem::exists(beside, error)) return beside.string();
  }
  return "meritd";
}

}  // namespace

absl::StatusOr<int> CreateBackup(Session& session, const BackupFlags& flags) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  v1::CreateBackupRequest request;
  request.set_keep(flags.keep);
  const auto stub = v1::AdminService::NewStub((*client)->channel());
  grpc::ClientContext context;  // without a deadline: it takes as long as the disk takes
  (*client)->Authorise(context);
  v1::CreateBackupResponse response;
  {
    Progress progress(session.Say("backup", "备份"));
    const auto stream = stub->CreateBackup(&context, request);
    while (stream->Read(&response)) progress.Update(response.bytes_done(), response.bytes_total());
    const absl::Status status = (*client)->StatusOf(stream->Finish());
    if (!status.ok()) return status;
  }
  if (!response.has_backup()) return absl::InternalError("the server told of no backup");
  Table table = TableOf(session);
  AddBackup(session, response.backup(), table);
  session.Show(response.backup(), table, Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> ListBackups(Session& session) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::AdminService::NewStub((*client)->channel());
  v1::ListBackupsResponse response;
  const absl::Status status = (*client)->Call(static_cast<Admin&>(*stub), &Admin::ListBackups,
                                              v1::ListBackupsRequest(), &response);
  if (!status.ok()) return status;
  Table table = TableOf(session);
  for (const v1::Backup& backup : response.backups()) AddBackup(session, backup, table);
  session.Show(response, table, Shape::kRows);
  return kExitOk;
}

std::vector<std::string> RestoreArguments(const RestoreFlags& flags) {
  std::vector<std::string> arguments = {"restore", "--data", flags.data_dir};
  const auto add = [&arguments](const char* flag, const std::string& value) {
    if (!value.empty()) arguments.insert(arguments.end(), {flag, value});
  };
  add("--backup", flags.backup_id);
  for (const std::string& size : flags.sizes) add("--to-sequence", size);
  add("--declare-loss", flags.reason_code);
  add("--by", flags.declared_by);
  if (flags.replace) arguments.push_back("--replace");
  arguments.insert(arguments.end(), {"--", flags.backup_dir});
  return arguments;
}

absl::StatusOr<int> RestoreBackup(Session& session, const RestoreFlags& flags) {
  std::string program = MeritdPath();
  std::vector<std::string> arguments = RestoreArguments(flags);
  std::vector<char*> argv = {program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::fflush(nullptr);
  execvp(program.c_str(), argv.data());
  return absl::NotFoundError(
      Text(session.Say("can't run ", "无法运行 "), program, ": ", std::strerror(errno)));
}

}  // namespace meritbook::cli
