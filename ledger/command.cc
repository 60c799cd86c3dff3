#include "ledger/command.h"

#include <cstring>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "ledger/id.h"
#include "ledger/limits.h"
#include "ledger/sha256.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

struct KindVisitor {
  v1::CommandKind operator()(const v1::CreateLedger*) { return v1::COMMAND_KIND_CREATE_LEDGER; }
  v1::CommandKind operator()(const v1::FinishMigration*) {
    return v1::COMMAND_KIND_FINISH_MIGRATION;
  }
  v1::CommandKind operator()(const v1::PublishRule*) { return v1::COMMAND_KIND_PUBLISH_RULE; }
  v1::CommandKind operator()(const v1::RegisterPrincipal*) {
    return v1::COMMAND_KIND_REGISTER_PRINCIPAL;
  }
  v1::CommandKind operator()(const v1::RevokePrincipal*) {
    return v1::COMMAND_KIND_REVOKE_PRINCIPAL;
  }
  v1::CommandKind operator()(const v1::RegisterVolunteer*) {
    return v1::COMMAND_KIND_REGISTER_VOLUNTEER;
  }
  v1::CommandKind operator()(const v1::FreezeVolunteer*) {
    return v1::COMMAND_KIND_FREEZE_VOLUNTEER;
  }
  v1::CommandKind operator()(const v1::RegisterOrganisation*) {
    return v1::COMMAND_KIND_REGISTER_ORGANISATION;
  }
  v1::CommandKind operator()(const v1::RegisterActivity*) {
    return v1::COMMAND_KIND_REGISTER_ACTIVITY;
  }
  v1::CommandKind operator()(const v1::RegisterSession*) {
    return v1::COMMAND_KIND_REGISTER_SESSION;
  }
  v1::CommandKind operator()(const v1::CreditHours*) { return v1::COMMAND_KIND_CREDIT_HOURS; }
  v1::CommandKind operator()(const v1::OnboardMerchant*) {
    return v1::COMMAND_KIND_ONBOARD_MERCHANT;
  }
  v1::CommandKind operator()(const v1::PublishItem*) { return v1::COMMAND_KIND_PUBLISH_ITEM; }
  v1::CommandKind operator()(const v1::ReceiveStock*) { return v1::COMMAND_KIND_RECEIVE_STOCK; }
  v1::CommandKind operator()(const v1::RedeemNow*) { return v1::COMMAND_KIND_REDEEM_NOW; }
};

uint64_t Load64(const uint8_t* bytes) {
  uint64_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

}  // namespace

v1::RequestScope ScopeOf(const Caller& caller) {
  if (!caller.source.empty()) return v1::REQUEST_SCOPE_SOURCE;
  if (!caller.merchant_id.empty()) return v1::REQUEST_SCOPE_MERCHANT;
  return v1::REQUEST_SCOPE_PRINCIPAL;
}

const std::string& SourceOf(const Caller& caller) {
  return caller.source.empty() ? caller.merchant_id : caller.source;
}

v1::CommandKind KindOf(const CommandBody& body) { return std::visit(KindVisitor{}, body); }

RequestKey KeyOf(v1::CommandKind kind, v1::RequestScope scope, std::string_view source,
                 std::string_view actor, std::string_view id) {
  // Ids have no NUL, so the parts can't run into each other.
  const std::string_view owner = scope == v1::REQUEST_SCOPE_PRINCIPAL ? actor : source;
  const char head[2] = {static_cast<char>(kind), static_cast<char>(scope)};
  const Hash hash = Sha256(Text(std::string_view(head, 2), owner, std::string_view("\0", 1), id));
  return {Load64(hash.data()), Load64(hash.data() + 8)};
}

const google::protobuf::Message& MessageOf(const CommandBody& body) {
  return std::visit(
      [](const auto* message) -> const google::protobuf::Message& { return *message; }, body);
}

uint64_t ContentOf(const google::protobuf::Message& command) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    command.SerializeWithCachedSizes((command.ByteSizeLong(), &coded));
  }
  return Load64(Sha256(bytes).data());
}

std::string_view SubjectOf(const CommandBody& body) {
  if (const auto* credit = std::get_if<const v1::CreditHours*>(&body)) {
    return (*credit)->record_id();
  }
  if (const auto* redeem = std::get_if<const v1::RedeemNow*>(&body)) return (*redeem)->order_id();
  return {};
}

std::optional<CommandBody> CarriedCommand(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kLedgerCreated:
      return &event.ledger_created().command();
    case v1::Event::kMigrationFinished:
      return &event.migration_finished().command();
    case v1::Event::kRulePublished:
      return &event.rule_published().command();
    case v1::Event::kPrincipalRegistered:
      return &event.principal_registered().command();
    case v1::Event::kPrincipalRevoked:
      return &event.principal_revoked().command();
    case v1::Event::kVolunteerRegistered:
      return &event.volunteer_registered().command();
    case v1::Event::kVolunteerFrozen:
      return &event.volunteer_frozen().command();
    case v1::Event::kOrganisationRegistered:
      return &event.organisation_registered().command();
    case v1::Event::kActivityRegistered:
      return &event.activity_registered().command();
    case v1::Event::kSessionRegistered:
      return &event.session_registered().command();
    case v1::Event::kHoursCredited:
      return &event.hours_credited().command();
    case v1::Event::kMerchantOnboarded:
      return &event.merchant_onboarded().command();
    case v1::Event::kItemPublished:
      return &event.item_published().command();
    case v1::Event::kStockReceived:
      return &event.stock_received().command();
    case v1::Event::kOrderRedeemed:
      return &event.order_redeemed().command();
    case v1::Event::kPointsExpired:
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return std::nullopt;
}

std::variant<Command, Refused> Prepare(const Caller& caller, const CommandBody& body,
                                       std::optional<std::string_view> request_id,
                                       std::optional<int64_t> recorded_us) {
  Command command;
  command.caller = &caller;
  command.body = body;
  command.kind = KindOf(body);
  if (const size_t bytes = MessageOf(body).ByteSizeLong(); bytes > kCommandBytesMax) {
    return Refused{v1::REFUSAL_FIELD_INVALID,
                   "command",
                   Text("the command is ", bytes, " bytes long, more than ", kCommandBytesMax),
                   {{"bytes_max", Text(kCommandBytesMax)}}};
  }
  if (auto refused = CheckForm(body)) return *std::move(refused);
  command.request_id = request_id.value_or(SubjectOf(body));
  if (!request_id && command.request_id.empty()) {
    return Refused{v1::REFUSAL_FIELD_MISSING,
                   "request_id",
                   "this command needs a request id, so that a repetition does no harm",
                   {}};
  }
  if (!IsId(command.request_id)) {
    return Refused{v1::REFUSAL_ID_MALFORMED,
                   "request_id",
                   "a request id is 1 to 64 of A-Z a-z 0-9 . _ : -",
                   {}};
  }
  if (recorded_us && (*recorded_us < 0 || *recorded_us > kInstantUsMax)) {
    return Refused{v1::REFUSAL_FIELD_INVALID,
                   "recorded_us",
                   "not an instant between 1970 and 2200 in microseconds",
                   {}};
  }
  command.recorded_us = recorded_us;
  const auto key_of = [&](std::string_view id) {
    return KeyOf(command.kind, ScopeOf(caller), SourceOf(caller), caller.principal_id, id);
  };
  command.key = key_of(command.request_id);
  const std::string_view subject = SubjectOf(body);
  const bool apart = !subject.empty() && subject != command.request_id;
  command.subject_request_key = apart ? key_of(subject) : command.key;
  command.content = ContentOf(MessageOf(body));
  return command;
}

}  // namespace meritbook
