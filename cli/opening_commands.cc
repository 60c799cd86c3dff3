#include "cli/opening_commands.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "cli/csv_sheet.h"
#include "cli/json_text.h"
#include "cli/opening_file.h"
#include "cli/opening_match.h"
#include "cli/quantity.h"
#include "cli/review_command.h"
#include "cli/text.h"
#include "cli/write_call.h"
#include "meritbook/v1/account.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Account = v1::AccountService::StubInterface;

absl::StatusOr<OpeningFile> ReadOpening(const std::string& name) {
  const auto text = ReadWholeFile(name);
  if (!text.ok()) return text.status();
  return ParseOpening(name, *text);
}

Table FileTable(const Session& session, const OpeningFile& file) {
  Table table({{session.Say("volunteers", "志愿者"), "volunteers", Align::kRight},
               {session.Say("lots", "批次"), "lots", Align::kRight},
               {session.Say("points", "积分"), "units", Align::kRight},
               {session.Say("service credited", "计分时长"), "credited_minutes", Align::kRight},
               {session.Say("service honorary", "荣誉时长"), "honorary_minutes", Align::kRight},
               {session.Say("parts", "部分"), "parts", Align::kRight},
               {session.Say("file's SHA-256", "文件 SHA-256"), "file_sha256"}});
  table.Add({CountCell(file.volunteers), CountCell(file.lots), PointsCell(file.units),
             HoursCell(file.credited_minutes), HoursCell(file.honorary_minutes),
             CountCell(file.parts.size()), absl::BytesToHexString(file.file_sha256)});
  return table;
}

struct PartOutcome {
  std::string proposal_id;
  uint64_t sequence = 0;
  bool already = false;
};

void ShowOutcomes(const Session& session, const OpeningFile& file,
                  const std::vector<PartOutcome>& outcomes) {
  Table table({{session.Say("proposal", "提议"), "proposal_id"},
               {session.Say("event", "事件序号"), "sequence", Align::kRight},
               {session.Say("outcome", "结果"), "already_applied"}});
  for (const PartOutcome& outcome : outcomes) {
    table.Add({outcome.proposal_id, std::to_string(outcome.sequence),
               Cell(outcome.already ? session.Say("was there already", "此前已入账")
                                    : session.Say("written", "已入账"),
                    outcome.already ? "true" : "false")});
  }
  if (session.globals().format == Format::kTable) {
    session.ShowTable(FileTable(session, file), Shape::kDown);
    session.ShowText("\n");
  }
  session.ShowTable(table, Shape::kRows);
}

std::string JsonOf(const OpeningFile& file, const std::vector<PartOutcome>& outcomes) {
  nlohmann::ordered_json json;
  json["volunteers"] = file.volunteers;
  json["lots"] = file.lots;
  json["units"] = file.units;
  json["credited_minutes"] = file.credited_minutes;
  json["honorary_minutes"] = file.honorary_minutes;
  json["file_sha256"] = absl::BytesToHexString(file.file_sha256);
  json["parts"] = nlohmann::ordered_json::array();
  for (const v1::ProposeChange& part : file.parts) {
    nlohmann::ordered_json row;
    row["proposal_id"] = part.proposal_id();
    row["balances"] = part.load_opening_balances().balances_size();
    for (const PartOutcome& outcome : outcomes) {
      if (outcome.proposal_id != part.proposal_id()) continue;
      row["sequence"] = outcome.sequence;
      row["already_applied"] = outcome.already;
    }
    json["parts"].push_back(std::move(row));
  }
  return JsonText(json);
}

// The flags with the request id of one part.
WriteFlags OfPart(const WriteFlags& flags, size_t index) {
  WriteFlags own = flags;
  if (!own.request_id.empty()) own.request_id += Text("-", index + 1);
  return own;
}

// Whether this approver approved the part before: what isn't open otherwise is not hers to approve.
absl::StatusOr<PartOutcome> ApprovedBefore(Session& session, Account& stub, const WriteFlags& flags,
                                           const std::string& proposal_id) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  v1::GetByRequestIdRequest request;
  request.set_ledger_id(session.globals().ledger);
  request.set_kind(v1::COMMAND_KIND_APPROVE_CHANGE);
  request.set_request_id(flags.request_id.empty() ? proposal_id : flags.request_id);
  v1::GetByRequestIdResponse response;
  const absl::Status status = (*client)->Call(stub, &Account::GetByRequestId, request, &response);
  if (ReasonOf(status) == "REQUEST_UNKNOWN") {
    return absl::FailedPreconditionError(
        Text(proposal_id, session.Say(": is not open: propose it with merit opening propose",
                                      "：没有待批准的提议，请先用 merit opening propose 提议")));
  }
  if (!status.ok()) return status;
  return PartOutcome{proposal_id, response.receipt().sequence(), true};
}

}  // namespace

absl::StatusOr<int> CheckOpening(Session& session, const OpeningFlags& flags) {
  const auto file = ReadOpening(flags.file);
  if (!file.ok()) return file.status();
  if (session.globals().format == Format::kJson) {
    session.ShowText(JsonOf(*file, {}));
  } else {
    session.ShowTable(FileTable(session, *file), Shape::kDown);
  }
  return kExitOk;
}

absl::StatusOr<int> ProposeOpening(Session& session, const OpeningFlags& flags) {
  const auto file = ReadOpening(flags.file);
  if (!file.ok()) return file.status();
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::AccountService::NewStub((*client)->channel());
  std::vector<PartOutcome> outcomes;
  for (size_t i = 0; i < file->parts.size(); ++i) {
    const v1::ProposeChange& part = file->parts[i];
    const auto response = Write<v1::ProposeChangeResponse>(
        session, static_cast<Account&>(*stub), &Account::ProposeChange, OfPart(flags.write, i),
        part.proposal_id(), part);
    // The parts before are there already when the same is sent again.
    if (!response.ok()) return response.status();
    outcomes.push_back({part.proposal_id(), response->receipt().sequence(),
                        response->receipt().already_applied()});
  }
  if (session.globals().format == Format::kJson) {
    session.ShowText(JsonOf(*file, outcomes));
  } else {
    ShowOutcomes(session, *file, outcomes);
  }
  session.Note(Text(session.Say("a colleague runs with her own copy: merit opening approve ",
                                "由同事用自己的文件副本执行：merit opening approve "),
                    flags.file));
  return kExitOk;
}

absl::StatusOr<int> ApproveOpening(Session& session, const OpeningFlags& flags) {
  const auto file = ReadOpening(flags.file);
  if (!file.ok()) return file.status();
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto reviews = AllReviews(session);
  if (!reviews.ok()) return reviews.status();
  const OpeningMatch match = MatchOpening(*file, *reviews, session.language());
  if (!match.difference.empty()) {
    return absl::FailedPreconditionError(
        Text(match.difference, session.Say("; nothing was approved", "；未批准任何内容")));
  }
  const auto stub = v1::AccountService::NewStub((*client)->channel());
  auto& account = static_cast<Account&>(*stub);
  std::vector<PartOutcome> outcomes(file->parts.size());
  for (size_t i = 0; i < file->parts.size(); ++i) {
    if (match.open.contains(i)) continue;
    auto before =
        ApprovedBefore(session, account, OfPart(flags.write, i), file->parts[i].proposal_id());
    if (!before.ok()) return before.status();
    outcomes[i] = *std::move(before);
  }
  for (const size_t i : match.open) {
    const std::string& id = file->parts[i].proposal_id();
    v1::ApproveChange command;
    command.set_proposal_id(id);
    const auto response = Write<v1::ApproveChangeResponse>(
        session, account, &Account::ApproveChange, OfPart(flags.write, i), id, std::move(command));
    if (!response.ok()) return response.status();
    outcomes[i] = {id, response->receipt().sequence(), response->receipt().already_applied()};
  }
  if (session.globals().format == Format::kJson) {
    session.ShowText(JsonOf(*file, outcomes));
  } else {
    ShowOutcomes(session, *file, outcomes);
  }
  return kExitOk;
}

}  // namespace meritbook::cli
