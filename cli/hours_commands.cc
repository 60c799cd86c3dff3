#include "cli/hours_commands.h"

#include <utility>

#include "cli/attendance_file.h"
#include "cli/csv_sheet.h"
#include "cli/quantity.h"
#include "cli/record_words.h"
#include "cli/segment_cells.h"
#include "cli/show_write.h"
#include "meritbook/v1/hours.grpc.pb.h"

namespace meritbook::cli {
namespace {

using HoursStub = v1::HoursService::StubInterface;

NamedCell RecordCell(const Session& session, const std::string& record) {
  return {{session.Say("record", "服务记录"), "record_id"}, record};
}

NamedCell StateCell(const Session& session, const std::string& shown, const char* plain) {
  return {{session.Say("now", "状态"), "state"}, Cell(shown, plain)};
}

// Of a record that counts at once, or waits and why.
template <typename Response>
std::vector<NamedCell> SubmissionCells(const Session& session, const std::string& record_id,
                                       const Response& response) {
  std::vector<NamedCell> cells = {RecordCell(session, record_id)};
  if (response.wait_reasons().empty()) {
    AddSegmentCells(session, response.segments(), cells);
    return cells;
  }
  const Language language = session.language();
  cells.push_back(
      StateCell(session, WordsOf(v1::RECORD_STATE_WAITING, language), "RECORD_STATE_WAITING"));
  std::string plain;
  for (const int reason : response.wait_reasons()) {
    plain +=
        Text(plain.empty() ? "" : " ", v1::WaitReason_Name(static_cast<v1::WaitReason>(reason)));
  }
  cells.push_back({{session.Say("because", "原因"), "wait_reasons"},
                   Cell(WordsOf(response.wait_reasons(), language), plain)});
  return cells;
}

template <typename Command, typename Request, typename Response>
absl::StatusOr<int> SendRecord(Session& session,
                               grpc::Status (HoursStub::*method)(grpc::ClientContext*,
                                                                 const Request&, Response*),
                               const RecordFlags& flags) {
  auto record = ParseService(flags.service);
  if (!record.ok()) return record.status();
  Command command;
  *command.mutable_record() = *std::move(record);
  const std::string& record_id = flags.service.record_id;
  return WriteAndShow<v1::HoursService>(
      session, method, flags.write, RequestId::Natural(record_id), std::move(command),
      [&](const Response& response) {
        if constexpr (requires { response.wait_reasons(); }) {
          return SubmissionCells(session, record_id, response);
        } else {
          std::vector<NamedCell> cells = {RecordCell(session, record_id)};
          AddSegmentCells(session, response.segments(), cells);
          return cells;
        }
      });
}

}  // namespace

absl::StatusOr<int> CreditHours(Session& session, const RecordFlags& flags) {
  return SendRecord<v1::CreditHours>(session, &HoursStub::CreditHours, flags);
}

absl::StatusOr<int> SubmitHours(Session& session, const RecordFlags& flags) {
  return SendRecord<v1::SubmitHours>(session, &HoursStub::SubmitHours, flags);
}

absl::StatusOr<int> BackfillHours(Session& session, const RecordFlags& flags) {
  return SendRecord<v1::BackfillHours>(session, &HoursStub::BackfillHours, flags);
}

absl::StatusOr<int> RecordAttendance(Session& session, const AttendanceFlags& flags) {
  const auto text = ReadWholeFile(flags.file);
  if (!text.ok()) return text.status();
  const auto attendees = ParseAttendance(flags.file, *text);
  if (!attendees.ok()) return attendees.status();
  v1::RecordAttendance command;
  command.set_activity_id(flags.activity_id);
  if (!flags.session_id.empty()) command.set_session_id(flags.session_id);
  const auto start_us = InstantFlag("--from", flags.from);
  if (!start_us.ok()) return start_us.status();
  command.set_start_us(*start_us);
  const auto end_us = InstantFlag("--to", flags.to);
  if (!end_us.ok()) return end_us.status();
  command.set_end_us(*end_us);
  for (const v1::Attendee& attendee : *attendees) *command.add_attendees() = attendee;
  // The same sheet again is the same request.
  const std::string request_id = ContentId("attendance-", command.SerializeAsString());
  const auto people = static_cast<uint64_t>(attendees->size());
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::RecordAttendance, flags.write, RequestId::Natural(request_id),
      std::move(command), [&](const v1::RecordAttendanceResponse& response) {
        return std::vector<NamedCell>{
            {{session.Say("people on the sheet", "签到人数"), "attendees", Align::kRight},
             CountCell(people)},
            {{session.Say("credited at once", "直接入账"), "credited_count", Align::kRight},
             CountCell(response.credited_count())},
            {{session.Say("wait for review", "待审核"), "waiting_count", Align::kRight},
             CountCell(people - response.credited_count())}};
      });
}

absl::StatusOr<v1::CorrectHours> ParseCorrection(const CorrectFlags& flags) {
  auto ref = ParseRecordRef(flags.record);
  if (!ref.ok()) return ref.status();
  auto record = ParseService(flags.service);
  if (!record.ok()) return record.status();
  v1::CorrectHours command;
  *command.mutable_record() = *std::move(ref);
  *command.mutable_replacement() = *std::move(record);
  command.set_reason_code(flags.reason_code);
  return command;
}

absl::StatusOr<int> CorrectHours(Session& session, const CorrectFlags& flags) {
  auto command = ParseCorrection(flags);
  if (!command.ok()) return command.status();
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::CorrectHours, flags.write, RequestId::Natural(flags.service.record_id),
      *std::move(command), [&](const v1::CorrectHoursResponse& response) {
        std::vector<NamedCell> cells = {
            RecordCell(session, flags.record),
            {{session.Say("replaced by", "更正为"), "replacement_record_id"},
             flags.service.record_id}};
        AddSegmentCells(session, response.segments(), cells);
        return cells;
      });
}

absl::StatusOr<int> RevokeHours(Session& session, const RecordReasonFlags& flags) {
  auto ref = ParseRecordRef(flags.record);
  if (!ref.ok()) return ref.status();
  v1::RevokeHours command;
  *command.mutable_record() = *std::move(ref);
  command.set_reason_code(flags.reason_code);
  // A record is revoked once.
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::RevokeHours, flags.write,
      RequestId::Natural(ContentId("revoke-", flags.record)), std::move(command),
      [&](const v1::RevokeHoursResponse& response) {
        return std::vector<NamedCell>{
            RecordCell(session, flags.record),
            {{session.Say("points taken back", "收回积分"), "units"}, PointsCell(response.units())},
            {{session.Say("of them owed now", "其中转为欠分"), "debt_units"},
             PointsCell(response.debt_units())}};
      });
}

absl::StatusOr<int> DisputeHours(Session& session, const RecordReasonFlags& flags) {
  auto ref = ParseRecordRef(flags.record);
  if (!ref.ok()) return ref.status();
  v1::DisputeHours command;
  *command.mutable_record() = *std::move(ref);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::DisputeHours, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::DisputeHoursResponse&) {
        return std::vector<NamedCell>{
            RecordCell(session, flags.record),
            StateCell(session, session.Say("disputed, waits for review", "有异议，待审核"),
                      "disputed")};
      });
}

absl::StatusOr<int> AwardPoints(Session& session, const AwardFlags& flags) {
  v1::AwardPoints command;
  command.set_record_id(flags.record_id);
  command.set_volunteer_id(flags.volunteer_id);
  command.set_award(flags.award);
  command.set_award_day(flags.day);
  command.set_points(flags.points);
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::AwardPoints, flags.write, RequestId::Natural(flags.record_id),
      std::move(command), [&](const v1::AwardPointsResponse&) {
        return std::vector<NamedCell>{
            RecordCell(session, flags.record_id),
            StateCell(session, WordsOf(v1::RECORD_STATE_WAITING, session.language()),
                      "RECORD_STATE_WAITING")};
      });
}

absl::StatusOr<int> ShowRecord(Session& session, const std::string& record) {
  auto ref = ParseRecordRef(record);
  if (!ref.ok()) return ref.status();
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  v1::GetRecordRequest request;
  request.set_ledger_id(*ledger_id);
  *request.mutable_record() = *std::move(ref);
  v1::GetRecordResponse response;
  const auto stub = v1::HoursService::NewStub((*client)->channel());
  const absl::Status status =
      (*client)->Call(static_cast<HoursStub&>(*stub), &HoursStub::GetRecord, request, &response);
  if (!status.ok()) return status;
  const v1::Record& found = response.record();
  const Language language = session.language();
  Table table({{session.Say("record", "服务记录"), "record_id"},
               {session.Say("volunteer", "志愿者"), "volunteer_id"},
               {session.Say("state", "状态"), "state"},
               {session.Say("disputed", "有异议"), "disputed"},
               {session.Say("waits because", "待审核原因"), "wait_reasons"},
               {session.Say("activity or award", "活动或奖励"), "activity_id"},
               {session.Say("session", "场次"), "session_id"},
               {session.Say("brought in by", "提交人"), "submitted_by"},
               {session.Say("corrects", "更正自"), "corrects_record_id"},
               {session.Say("corrected by", "更正为"), "corrected_by_record_id"},
               {session.Say("event", "事件序号"), "sequence"},
               {session.Say("last changed by event", "最近变更序号"), "last_sequence"}});
  table.Add({Text(found.source(), "/", found.record_id()), found.volunteer_id(),
             Cell(WordsOf(found.state(), language), v1::RecordState_Name(found.state())),
             Cell(found.disputed() ? session.Say("yes", "是") : session.Say("no", "否"),
                  found.disputed() ? "true" : "false"),
             WordsOf(found.wait_reasons(), language),
             found.award().empty() ? found.activity_id() : found.award(), found.session_id(),
             found.submitted_by(), found.corrects_record_id(), found.corrected_by_record_id(),
             std::to_string(found.sequence()), std::to_string(found.last_sequence())});
  session.Show(response, table, Shape::kDown);
  if (session.globals().format == Format::kTable && found.segments_size() > 0) {
    session.ShowText("\n");
    session.ShowTable(SegmentTable(session, found.segments()), Shape::kRows);
  }
  return kExitOk;
}

}  // namespace meritbook::cli
