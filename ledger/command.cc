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
#define MB_KIND(Message, KIND) \
  v1::CommandKind operator()(const v1::Message*) { return v1::COMMAND_KIND_##KIND; }
  MB_KIND(CreateLedger, CREATE_LEDGER)
  MB_KIND(FinishMigration, FINISH_MIGRATION)
  MB_KIND(PublishRule, PUBLISH_RULE)
  MB_KIND(RegisterPrincipal, REGISTER_PRINCIPAL)
  MB_KIND(RevokePrincipal, REVOKE_PRINCIPAL)
  MB_KIND(RegisterVolunteer, REGISTER_VOLUNTEER)
  MB_KIND(FreezeVolunteer, FREEZE_VOLUNTEER)
  MB_KIND(RegisterOrganisation, REGISTER_ORGANISATION)
  MB_KIND(RegisterActivity, REGISTER_ACTIVITY)
  MB_KIND(RegisterSession, REGISTER_SESSION)
  MB_KIND(CreditHours, CREDIT_HOURS)
  MB_KIND(OnboardMerchant, ONBOARD_MERCHANT)
  MB_KIND(PublishItem, PUBLISH_ITEM)
  MB_KIND(ReceiveStock, RECEIVE_STOCK)
  MB_KIND(RedeemNow, REDEEM_NOW)
  MB_KIND(UnfreezeVolunteer, UNFREEZE_VOLUNTEER)
  MB_KIND(CloseVolunteer, CLOSE_VOLUNTEER)
  MB_KIND(SetRoster, SET_ROSTER)
  MB_KIND(SubmitActivity, SUBMIT_ACTIVITY)
  MB_KIND(ReviewActivity, REVIEW_ACTIVITY)
  MB_KIND(CloseActivity, CLOSE_ACTIVITY)
  MB_KIND(CancelActivity, CANCEL_ACTIVITY)
  MB_KIND(SubmitHours, SUBMIT_HOURS)
  MB_KIND(RecordAttendance, RECORD_ATTENDANCE)
  MB_KIND(BackfillHours, BACKFILL_HOURS)
  MB_KIND(ReviewHours, REVIEW_HOURS)
  MB_KIND(CorrectHours, CORRECT_HOURS)
  MB_KIND(RevokeHours, REVOKE_HOURS)
  MB_KIND(DisputeHours, DISPUTE_HOURS)
  MB_KIND(AwardPoints, AWARD_POINTS)
  MB_KIND(DonatePoints, DONATE_POINTS)
  MB_KIND(ProposeChange, PROPOSE_CHANGE)
  MB_KIND(ApproveChange, APPROVE_CHANGE)
  MB_KIND(RejectChange, REJECT_CHANGE)
  MB_KIND(RefundOrder, REFUND_ORDER)
  MB_KIND(SuspendMerchant, SUSPEND_MERCHANT)
  MB_KIND(ResumeMerchant, RESUME_MERCHANT)
  MB_KIND(OffboardMerchant, OFFBOARD_MERCHANT)
  MB_KIND(WithdrawItem, WITHDRAW_ITEM)
  MB_KIND(ReturnStock, RETURN_STOCK)
  MB_KIND(HoldOrder, HOLD_ORDER)
  MB_KIND(IssueVoucher, ISSUE_VOUCHER)
  MB_KIND(ConfirmOrder, CONFIRM_ORDER)
  MB_KIND(CancelOrder, CANCEL_ORDER)
  MB_KIND(OpenStatement, OPEN_STATEMENT)
  MB_KIND(ObjectStatement, OBJECT_STATEMENT)
  MB_KIND(ResolveObjection, RESOLVE_OBJECTION)
  MB_KIND(CloseStatement, CLOSE_STATEMENT)
  MB_KIND(RecordPayment, RECORD_PAYMENT)
  MB_KIND(ReversePayment, REVERSE_PAYMENT)
  MB_KIND(ClosePeriod, CLOSE_PERIOD)
  MB_KIND(DeclareLoss, DECLARE_LOSS)
#undef MB_KIND
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

const std::string& OwnerOf(const Caller& caller) {
  const std::string& source = SourceOf(caller);
  return source.empty() ? caller.principal_id : source;
}

v1::OrderRef OrderNamed(const Caller& caller, const v1::OrderOwner* owner,
                        const std::string& order_id) {
  v1::OrderRef order;
  order.set_order_id(order_id);
  order.set_scope(ScopeOf(caller));
  order.set_owner(OwnerOf(caller));
  if (owner == nullptr) return order;
  switch (owner->owner_case()) {
    case v1::OrderOwner::kSource:
      order.set_scope(v1::REQUEST_SCOPE_SOURCE);
      order.set_owner(owner->source());
      break;
    case v1::OrderOwner::kMerchantId:
      order.set_scope(v1::REQUEST_SCOPE_MERCHANT);
      order.set_owner(owner->merchant_id());
      break;
    case v1::OrderOwner::kPrincipalId:
      order.set_scope(v1::REQUEST_SCOPE_PRINCIPAL);
      order.set_owner(owner->principal_id());
      break;
    case v1::OrderOwner::OWNER_NOT_SET:
      break;
  }
  return order;
}

RequestKey KeyOf(const v1::OrderRef& order) {
  return OrderKey(order.scope(), order.owner(), order.owner(), order.order_id());
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
    return (*credit)->record().record_id();
  }
  if (const auto* submit = std::get_if<const v1::SubmitHours*>(&body)) {
    return (*submit)->record().record_id();
  }
  if (const auto* backfill = std::get_if<const v1::BackfillHours*>(&body)) {
    return (*backfill)->record().record_id();
  }
  if (const auto* redeem = std::get_if<const v1::RedeemNow*>(&body)) return (*redeem)->order_id();
  if (const auto* hold = std::get_if<const v1::HoldOrder*>(&body)) return (*hold)->order_id();
  if (const auto* issue = std::get_if<const v1::IssueVoucher*>(&body)) return (*issue)->order_id();
  return {};
}

std::optional<CommandBody> CarriedCommand(const v1::Event& event) {
  if (event.sequence() != event.command_first_sequence()) return std::nullopt;
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
    case v1::Event::kVolunteerUnfrozen:
      return &event.volunteer_unfrozen().command();
    case v1::Event::kVolunteerClosed:
      return &event.volunteer_closed().command();
    case v1::Event::kRosterSet:
      return &event.roster_set().command();
    case v1::Event::kActivitySubmitted:
      return &event.activity_submitted().command();
    case v1::Event::kActivityReviewed:
      return &event.activity_reviewed().command();
    case v1::Event::kActivityClosed:
      return &event.activity_closed().command();
    case v1::Event::kActivityCancelled:
      return &event.activity_cancelled().command();
    case v1::Event::kHoursSubmitted:
      return &event.hours_submitted().command();
    case v1::Event::kAttendanceRecorded:
      return &event.attendance_recorded().command();
    case v1::Event::kHoursBackfilled:
      return &event.hours_backfilled().command();
    case v1::Event::kHoursReviewed:
      return &event.hours_reviewed().command();
    case v1::Event::kHoursCorrected:
      return &event.hours_corrected().command();
    case v1::Event::kHoursRevoked:
      return &event.hours_revoked().command();
    case v1::Event::kHoursDisputed:
      return &event.hours_disputed().command();
    case v1::Event::kAwardSubmitted:
      return &event.award_submitted().command();
    case v1::Event::kPointsDonated:
      return &event.points_donated().command();
    case v1::Event::kChangeProposed:
      return &event.change_proposed().command();
    case v1::Event::kChangeApproved:
      return &event.change_approved().command();
    case v1::Event::kChangeRejected:
      return &event.change_rejected().command();
    case v1::Event::kOrderRefunded:
      return &event.order_refunded().command();
    case v1::Event::kMerchantSuspended:
      return &event.merchant_suspended().command();
    case v1::Event::kMerchantResumed:
      return &event.merchant_resumed().command();
    case v1::Event::kMerchantOffboarded:
      return &event.merchant_offboarded().command();
    case v1::Event::kItemWithdrawn:
      return &event.item_withdrawn().command();
    case v1::Event::kStockReturned:
      return &event.stock_returned().command();
    case v1::Event::kOrderHeld:
      return &event.order_held().command();
    case v1::Event::kVoucherIssued:
      return &event.voucher_issued().command();
    case v1::Event::kOrderConfirmed:
      return &event.order_confirmed().command();
    case v1::Event::kOrderCancelled:
      if (!event.order_cancelled().has_command()) return std::nullopt;
      return &event.order_cancelled().command();
    case v1::Event::kStatementOpened:
      return &event.statement_opened().command();
    case v1::Event::kStatementObjected:
      return &event.statement_objected().command();
    case v1::Event::kObjectionResolved:
      return &event.objection_resolved().command();
    case v1::Event::kStatementClosed:
      if (!event.statement_closed().has_command()) return std::nullopt;
      return &event.statement_closed().command();
    case v1::Event::kPaymentRecorded:
      return &event.payment_recorded().command();
    case v1::Event::kPaymentReversed:
      return &event.payment_reversed().command();
    case v1::Event::kPeriodClosed:
      return &event.period_closed().command();
    case v1::Event::kLossDeclared:
      return &event.loss_declared().command();
    case v1::Event::kPointsMatured:
    case v1::Event::kPointsExpired:
    case v1::Event::kPointsAdjusted:
    case v1::Event::kPointsReinstated:
    case v1::Event::kVolunteersMerged:
    case v1::Event::kOpeningBalanceLoaded:
    case v1::Event::kBudgetAllocated:
    case v1::Event::kBudgetWarned:
    case v1::Event::kHoldTimedOut:
    case v1::Event::kPayableWrittenOff:
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return std::nullopt;
}

RequestKey RecordKey(std::string_view source, std::string_view record_id) {
  return KeyOf(v1::COMMAND_KIND_CREDIT_HOURS, v1::REQUEST_SCOPE_SOURCE, source, {}, record_id);
}

RequestKey OrderKey(v1::RequestScope scope, std::string_view source, std::string_view actor,
                    std::string_view order_id) {
  return KeyOf(v1::COMMAND_KIND_REDEEM_NOW, scope, source, actor, order_id);
}

std::variant<Command, Refused> Prepare(const Caller& caller, const CommandBody& body,
                                       std::optional<std::string_view> request_id,
                                       std::optional<int64_t> recorded_us, ShowCode show_code) {
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
  if (auto refused = CheckShopper(body, show_code != nullptr)) return *std::move(refused);
  command.show_code = std::move(show_code);
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
  if (command.kind == v1::COMMAND_KIND_CREDIT_HOURS ||
      command.kind == v1::COMMAND_KIND_REDEEM_NOW) {
    command.subject = subject == command.request_id ? command.key : key_of(subject);
  } else if (command.kind == v1::COMMAND_KIND_HOLD_ORDER ||
             command.kind == v1::COMMAND_KIND_ISSUE_VOUCHER) {
    command.subject = OrderKey(ScopeOf(caller), SourceOf(caller), caller.principal_id, subject);
  } else if (!subject.empty()) {
    command.subject = RecordKey(SourceOf(caller), subject);
  }
  command.content = ContentOf(MessageOf(body));
  return command;
}

}  // namespace meritbook
