#include "cli/activity_commands.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "cli/quantity.h"
#include "cli/show_write.h"
#include "meritbook/v1/hours.grpc.pb.h"

namespace meritbook::cli {
namespace {

using HoursStub = v1::HoursService::StubInterface;

NamedCell OrganisationCell(const Session& session, const std::string& id) {
  return {{session.Say("organisation", "组织"), "organisation_id"}, id};
}

NamedCell ActivityCell(const Session& session, const std::string& id) {
  return {{session.Say("activity", "活动"), "activity_id"}, id};
}

NamedCell StateCell(const Session& session, const char* english, const char* chinese) {
  return {{session.Say("now", "状态"), "state"}, Cell(session.Say(english, chinese), english)};
}

absl::StatusOr<int> ReviewActivity(Session& session, const ActivityReasonFlags& flags,
                                   v1::Verdict verdict) {
  v1::ReviewActivity command;
  command.set_activity_id(flags.activity_id);
  command.set_verdict(verdict);
  command.set_reason_code(flags.reason_code);
  const bool approved = verdict == v1::VERDICT_APPROVE;
  // The other verdict is another request, and is told that this one was given before.
  const std::string request_id = ContentId("review-", command.SerializeAsString());
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::ReviewActivity, flags.write, RequestId::Natural(request_id),
      std::move(command), [&](const v1::ReviewActivityResponse&) {
        return std::vector<NamedCell>{
            ActivityCell(session, flags.activity_id),
            StateCell(session, approved ? "open" : "rejected", approved ? "已开放" : "已驳回")};
      });
}

// Of a submission or a registration: they have the same fields.
template <typename Command>
absl::Status Fill(const ActivityFlags& flags, Command& command) {
  command.set_activity_id(flags.activity_id);
  command.set_organisation_id(flags.organisation_id);
  command.set_category(flags.category);
  if (!flags.site.empty()) command.set_site(flags.site);
  const auto starts_us = InstantFlag("--starts-at", flags.starts_at);
  if (!starts_us.ok()) return starts_us.status();
  command.set_starts_us(*starts_us);
  if (!flags.ends_at.empty()) {
    const auto ends_us = InstantFlag("--ends-at", flags.ends_at);
    if (!ends_us.ok()) return ends_us.status();
    command.set_ends_us(*ends_us);
  }
  if (flags.capacity) command.set_capacity(*flags.capacity);
  if (!flags.campaign.empty()) command.set_campaign(flags.campaign);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> AddOrganisation(Session& session, const AddOrganisationFlags& flags) {
  v1::RegisterOrganisation command;
  command.set_organisation_id(flags.organisation_id);
  v1::OrganisationKind kind = v1::ORGANISATION_KIND_UNSPECIFIED;
  v1::OrganisationKind_Parse("ORGANISATION_KIND_" + absl::AsciiStrToUpper(flags.kind), &kind);
  command.set_kind(kind);
  if (flags.headcount) command.set_headcount(*flags.headcount);
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::RegisterOrganisation, flags.write,
      RequestId::Natural(flags.organisation_id), std::move(command),
      [&](const v1::RegisterOrganisationResponse&) {
        return std::vector<NamedCell>{OrganisationCell(session, flags.organisation_id)};
      });
}

absl::StatusOr<int> SetRoster(Session& session, const RosterFlags& flags) {
  v1::SetRoster command;
  command.set_organisation_id(flags.organisation_id);
  command.set_headcount(flags.headcount);
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::SetRoster, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::SetRosterResponse&) {
        return std::vector<NamedCell>{
            OrganisationCell(session, flags.organisation_id),
            {{session.Say("people on its roster", "名册人数"), "headcount", Align::kRight},
             CountCell(flags.headcount)}};
      });
}

absl::StatusOr<int> SubmitActivity(Session& session, const ActivityFlags& flags) {
  v1::SubmitActivity command;
  const absl::Status filled = Fill(flags, command);
  if (!filled.ok()) return filled;
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::SubmitActivity, flags.write, RequestId::Natural(flags.activity_id),
      std::move(command), [&](const v1::SubmitActivityResponse&) {
        return std::vector<NamedCell>{ActivityCell(session, flags.activity_id),
                                      StateCell(session, "waits for review", "待审核")};
      });
}

absl::StatusOr<int> RegisterActivity(Session& session, const ActivityFlags& flags) {
  v1::RegisterActivity command;
  const absl::Status filled = Fill(flags, command);
  if (!filled.ok()) return filled;
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::RegisterActivity, flags.write, RequestId::Natural(flags.activity_id),
      std::move(command), [&](const v1::RegisterActivityResponse&) {
        return std::vector<NamedCell>{ActivityCell(session, flags.activity_id),
                                      StateCell(session, "open", "已开放")};
      });
}

absl::StatusOr<int> RegisterSession(Session& session, const SessionFlags& flags) {
  v1::RegisterSession command;
  command.set_session_id(flags.session_id);
  command.set_activity_id(flags.activity_id);
  command.set_service_day(flags.service_day);
  if (!flags.slot.empty()) command.set_slot(flags.slot);
  if (!flags.site.empty()) command.set_site(flags.site);
  const auto starts_us = InstantFlag("--starts-at", flags.starts_at);
  if (!starts_us.ok()) return starts_us.status();
  command.set_starts_us(*starts_us);
  const auto ends_us = InstantFlag("--ends-at", flags.ends_at);
  if (!ends_us.ok()) return ends_us.status();
  command.set_ends_us(*ends_us);
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::RegisterSession, flags.write, RequestId::Natural(flags.session_id),
      std::move(command), [&](const v1::RegisterSessionResponse&) {
        return std::vector<NamedCell>{
            {{session.Say("session", "场次"), "session_id"}, flags.session_id},
            ActivityCell(session, flags.activity_id),
            {{session.Say("day of service", "服务日期"), "service_day"}, flags.service_day}};
      });
}

absl::StatusOr<int> ApproveActivity(Session& session, const ActivityReasonFlags& flags) {
  return ReviewActivity(session, flags, v1::VERDICT_APPROVE);
}

absl::StatusOr<int> RejectActivity(Session& session, const ActivityReasonFlags& flags) {
  return ReviewActivity(session, flags, v1::VERDICT_REJECT);
}

absl::StatusOr<int> CancelActivity(Session& session, const ActivityReasonFlags& flags) {
  v1::CancelActivity command;
  command.set_activity_id(flags.activity_id);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::CancelActivity, flags.write, RequestId::Natural(flags.activity_id),
      std::move(command), [&](const v1::CancelActivityResponse&) {
        return std::vector<NamedCell>{ActivityCell(session, flags.activity_id),
                                      StateCell(session, "cancelled", "已取消")};
      });
}

absl::StatusOr<int> CloseActivity(Session& session, const ActivityReasonFlags& flags) {
  v1::CloseActivity command;
  command.set_activity_id(flags.activity_id);
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::CloseActivity, flags.write, RequestId::Natural(flags.activity_id),
      std::move(command), [&](const v1::CloseActivityResponse&) {
        return std::vector<NamedCell>{ActivityCell(session, flags.activity_id),
                                      StateCell(session, "closed", "已结束")};
      });
}

}  // namespace meritbook::cli
