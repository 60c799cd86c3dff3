#include "cli/party_commands.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "cli/api_key.h"
#include "cli/json_text.h"
#include "cli/receipt_table.h"
#include "cli/show_write.h"
#include "cli/text.h"
#include "cli/write_call.h"
#include "meritbook/v1/account.grpc.pb.h"
#include "meritbook/v1/admin.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Account = v1::AccountService::StubInterface;
using Admin = v1::AdminService::StubInterface;

struct KeyToGive {
  std::string key;
  bool new_file = false;
};

absl::StatusOr<KeyToGive> TakeKey(const AddPrincipalFlags& flags) {
  if (!flags.key_out.empty() && access(flags.key_out.c_str(), F_OK) == 0) {
    auto kept = ReadKeyFile(flags.key_out);
    if (!kept.ok()) return kept.status();
    if (kept->substr(0, kept->rfind('.')) != flags.principal_id) {
      return absl::InvalidArgumentError(
          Text(flags.key_out, ": holds another principal's key; choose another file"));
    }
    return KeyToGive{*std::move(kept), false};
  }
  auto made = NewKey(flags.principal_id);
  if (!made.ok()) return made.status();
  if (flags.key_out.empty()) return KeyToGive{*std::move(made), false};
  // Before the call: a key that was registered and then lost would be of no use to anybody.
  const absl::Status written = WriteKeyFile(flags.key_out, *made);
  if (!written.ok()) return written;
  return KeyToGive{*std::move(made), true};
}

}  // namespace

absl::StatusOr<int> AddPrincipal(Session& session, const AddPrincipalFlags& flags) {
  v1::RegisterPrincipal command;
  command.set_principal_id(flags.principal_id);
  for (const std::string& name : flags.roles) {
    v1::Role role = v1::ROLE_UNSPECIFIED;
    v1::Role_Parse("ROLE_" + absl::AsciiStrToUpper(name), &role);
    command.add_roles(role);
  }
  if (!flags.source.empty()) command.set_source(flags.source);
  if (!flags.merchant_id.empty()) command.set_merchant_id(flags.merchant_id);
  if (!flags.volunteer_id.empty()) command.set_volunteer_id(flags.volunteer_id);
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto taken = TakeKey(flags);
  if (!taken.ok()) return taken.status();
  command.set_key_sha256(SecretHash(taken->key));
  const auto stub = v1::AdminService::NewStub((*client)->channel());
  const auto response = Write<v1::RegisterPrincipalResponse>(
      session, static_cast<Admin&>(*stub), &Admin::RegisterPrincipal, flags.write,
      flags.principal_id, std::move(command));
  if (!response.ok()) {
    // After an unknown outcome the key stays, and the same command takes it again.
    if (taken->new_file && !RetryCanHelp(response.status().raw_code())) {
      unlink(flags.key_out.c_str());
    }
    return response.status();
  }
  const std::string shown = flags.key_out.empty() ? taken->key : flags.key_out;
  const char* const name = flags.key_out.empty() ? "key" : "key_file";
  if (session.globals().format == Format::kJson) {
    session.ShowText(JsonText(*response, {{"principal_id", flags.principal_id}, {name, shown}}));
    return kExitOk;
  }
  session.ShowTable(
      ReceiptTable(session,
                   {{{session.Say("principal", "主体"), "principal_id"}, flags.principal_id},
                    {{flags.key_out.empty() ? session.Say("key (shown once)", "密钥（仅显示一次）")
                                            : session.Say("key file", "密钥文件"),
                      name},
                     shown}},
                   response->receipt()),
      Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> RevokePrincipal(Session& session, const RevokePrincipalFlags& flags) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  v1::RevokePrincipal command;
  command.set_principal_id(flags.principal_id);
  const auto stub = v1::AdminService::NewStub((*client)->channel());
  const auto response = Write<v1::RevokePrincipalResponse>(session, static_cast<Admin&>(*stub),
                                                           &Admin::RevokePrincipal, flags.write,
                                                           flags.principal_id, std::move(command));
  if (!response.ok()) return response.status();
  session.Show(
      *response,
      ReceiptTable(session,
                   {{{session.Say("revoked", "已撤销"), "principal_id"}, flags.principal_id}},
                   response->receipt()),
      Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> AddVolunteer(Session& session, const AddVolunteerFlags& flags) {
  static const std::pair<const char*, v1::AgeBand> kAgeBands[] = {
      {"under_14", v1::AGE_BAND_UNDER_14},
      {"14_17", v1::AGE_BAND_14_TO_17},
      {"18_59", v1::AGE_BAND_18_TO_59},
      {"60_plus", v1::AGE_BAND_60_PLUS}};
  v1::RegisterVolunteer command;
  command.set_volunteer_id(flags.volunteer_id);
  if (!flags.organisation_id.empty()) command.set_organisation_id(flags.organisation_id);
  for (const std::string& cohort : flags.cohorts) {
    command.add_cohorts(cohort == "party" ? v1::COHORT_PARTY : v1::COHORT_LEAGUE);
  }
  for (const auto& [name, band] : kAgeBands) {
    if (flags.age_band == name) command.set_age_band(band);
  }
  command.set_guardian_consent(flags.guardian_consent);
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::AccountService::NewStub((*client)->channel());
  const auto response = Write<v1::RegisterVolunteerResponse>(
      session, static_cast<Account&>(*stub), &Account::RegisterVolunteer, flags.write,
      flags.volunteer_id, std::move(command));
  if (!response.ok()) return response.status();
  session.Show(
      *response,
      ReceiptTable(session,
                   {{{session.Say("volunteer", "志愿者"), "volunteer_id"}, flags.volunteer_id}},
                   response->receipt()),
      Shape::kDown);
  return kExitOk;
}

absl::StatusOr<int> Freeze(Session& session, const FreezeFlags& flags) {
  v1::FreezeVolunteer command;
  command.set_volunteer_id(flags.volunteer_id);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::AccountService>(
      session, &Account::FreezeVolunteer, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::FreezeVolunteerResponse&) {
        return std::vector<NamedCell>{
            {{session.Say("frozen", "已冻结"), "volunteer_id"}, flags.volunteer_id}};
      });
}

absl::StatusOr<int> Unfreeze(Session& session, const FreezeFlags& flags) {
  v1::UnfreezeVolunteer command;
  command.set_volunteer_id(flags.volunteer_id);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::AccountService>(
      session, &Account::UnfreezeVolunteer, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::UnfreezeVolunteerResponse&) {
        return std::vector<NamedCell>{
            {{session.Say("no longer frozen", "已解冻"), "volunteer_id"}, flags.volunteer_id}};
      });
}

absl::StatusOr<int> CloseVolunteer(Session& session, const CloseVolunteerFlags& flags) {
  v1::CloseVolunteer command;
  command.set_volunteer_id(flags.volunteer_id);
  v1::CloseReason reason = v1::CLOSE_REASON_UNSPECIFIED;
  v1::CloseReason_Parse("CLOSE_REASON_" + absl::AsciiStrToUpper(flags.reason), &reason);
  command.set_reason(reason);
  return WriteAndShow<v1::AccountService>(
      session, &Account::CloseVolunteer, flags.write, RequestId::Natural(flags.volunteer_id),
      std::move(command), [&](const v1::CloseVolunteerResponse&) {
        return std::vector<NamedCell>{
            {{session.Say("closed for ever", "已永久关闭"), "volunteer_id"}, flags.volunteer_id}};
      });
}

}  // namespace meritbook::cli
