#include "cli/event_words.h"

#include <utility>

#include "cli/change_words.h"
#include "cli/event_description.h"
#include "cli/event_effect.h"
#include "cli/quantity.h"
#include "cli/record_words.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

std::string RefText(const v1::RecordRef& ref) { return Text(ref.source(), "/", ref.record_id()); }

}  // namespace

std::string Joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    if (!part.empty()) text += Text(text.empty() ? "" : " ", part);
  }
  return text;
}

Description::Description(const v1::Event& event, Language language, absl::TimeZone zone)
    : event_(event), language_(language), zone_(zone) {
  const auto* const body =
      event.GetReflection()->GetOneofFieldDescriptor(event, event.GetDescriptor()->oneof_decl(0));
  words_.kind = body == nullptr ? "unknown" : body->name();
}

void Description::Credited(const v1::ServiceRecord& record, const v1::Credit& credit) {
  words_.about = Joined({record.record_id(), record.activity_id()});
  Of(record.volunteer_id(), Kept(credit));
  words_.minutes = MinutesOf(credit);
  AddMaturity(credit);
}

void Description::AddMaturity(const v1::Credit& credit) {
  if (!credit.has_matures_day_number()) return;
  words_.about += Text(Say(", matures ", "，到账日 "), Day(credit.matures_day_number()));
}

template <typename Body>
void Description::SubmittedOrWaiting(const Body& body) {
  const v1::ServiceRecord& record = body.command().record();
  if (body.has_credit()) {
    Credited(record, body.credit());
    return;
  }
  Of(record.volunteer_id());
  words_.about = Text(Joined({record.record_id(), record.activity_id()}),
                      Say(", waits: ", "，待审核："), WordsOf(body.wait_reasons(), language_));
}

void Description::Reviewed(const v1::HoursReviewed& body) {
  const v1::ReviewHours& command = body.command();
  What("hours reviewed", "时长审核",
       Joined({RefText(command.record()), WordsOf(command.verdict(), language_),
               command.reason_code()}));
  Of(body.volunteer_id());
  if (body.has_credit()) {
    words_.units = Kept(body.credit());
    if (const uint64_t minutes = MinutesOf(body.credit()); minutes > 0) words_.minutes = minutes;
    AddMaturity(body.credit());
  } else if (body.has_claw_back()) {
    words_.units = -Taken(body.claw_back());
  }
}

void Description::Fill() {
  switch (event_.body_case()) {
    // Records of service, from submission to dispute.
    case v1::Event::kHoursCredited:
      What("hours credited", "时长入账");
      Credited(event_.hours_credited().command().record(), event_.hours_credited().credit());
      return;
    case v1::Event::kHoursSubmitted:
      What("hours submitted", "时长提交");
      SubmittedOrWaiting(event_.hours_submitted());
      return;
    case v1::Event::kAttendanceRecorded: {
      const v1::AttendanceRecorded& body = event_.attendance_recorded();
      What("attendance recorded", "签到表登记",
           Text(Joined({body.command().activity_id(), body.command().session_id()}), ", ",
                body.command().attendees_size(), Say(" people, ", " 人，"), body.credited_count(),
                Say(" credited at once", " 人直接入账")));
      return;
    }
    case v1::Event::kHoursBackfilled:
      What("hours backfilled", "时长补录");
      SubmittedOrWaiting(event_.hours_backfilled());
      return;
    case v1::Event::kHoursReviewed:
      Reviewed(event_.hours_reviewed());
      return;
    case v1::Event::kHoursCorrected: {
      const v1::HoursCorrected& body = event_.hours_corrected();
      What("hours corrected", "时长更正",
           Joined({RefText(body.command().record()), "→", body.command().replacement().record_id(),
                   body.command().reason_code()}));
      Of(body.volunteer_id(), Effect(body));
      words_.minutes = MinutesOf(body.credit());
      AddMaturity(body.credit());
      return;
    }
    case v1::Event::kHoursRevoked: {
      const v1::HoursRevoked& body = event_.hours_revoked();
      What("hours revoked", "时长撤销",
           Joined({RefText(body.command().record()), body.command().reason_code()}));
      Of(body.volunteer_id(), -Taken(body.claw_back()));
      return;
    }
    case v1::Event::kHoursDisputed:
      What("hours disputed", "时长有异议",
           Joined({RefText(event_.hours_disputed().command().record()),
                   event_.hours_disputed().command().reason_code()}));
      Of(event_.hours_disputed().volunteer_id());
      return;
    case v1::Event::kAwardSubmitted: {
      const v1::AwardPoints& command = event_.award_submitted().command();
      What("award submitted", "奖励申报",
           Text(Joined({command.record_id(), command.award()}), ", ", Grouped(command.points()),
                Say(" points, waits", " 积分，待审核")));
      Of(command.volunteer_id());
      return;
    }
    // Points that change hands without a record of service.
    case v1::Event::kPointsExpired:
      What("points expired", "积分过期");
      Of(event_.points_expired().volunteer_id(), -UnitsOf(event_.points_expired().lots()));
      return;
    case v1::Event::kPointsMatured: {
      const v1::PointsMatured& body = event_.points_matured();
      What("points matured", "积分到账",
           Text(Points(UnitsOf(body.inflow().lots())), Say(" can be spent", " 积分可用")));
      // Hers since they were credited.
      Of(body.volunteer_id());
      return;
    }
    case v1::Event::kPointsAdjusted: {
      const v1::PointsAdjusted& body = event_.points_adjusted();
      What("points adjusted", "积分调整", body.command().reason_code());
      Of(body.command().volunteer_id(), Kept(body.inflow()) - UnitsOf(body.taken()));
      return;
    }
    case v1::Event::kPointsReinstated: {
      const v1::PointsReinstated& body = event_.points_reinstated();
      What("points reinstated", "积分恢复",
           Joined({body.command().lapsed_day(), "→", body.command().expiry_day(),
                   body.command().reason_code()}));
      Of(body.command().volunteer_id(), Kept(body.inflow()));
      return;
    }
    case v1::Event::kPointsDonated:
      What("points donated", "积分捐赠", event_.points_donated().command().cause_id());
      Of(event_.points_donated().command().volunteer_id(), -event_.points_donated().units());
      return;
    case v1::Event::kOpeningBalanceLoaded: {
      const v1::OpeningBalanceLoaded& body = event_.opening_balance_loaded();
      What("opening balance", "期初余额");
      Of(body.balance().volunteer_id(), Kept(body.inflow()));
      words_.minutes =
          uint64_t{body.balance().credited_minutes()} + uint64_t{body.balance().honorary_minutes()};
      return;
    }
    case v1::Event::kOrderHeld:
    case v1::Event::kVoucherIssued:
    case v1::Event::kOrderConfirmed:
    case v1::Event::kOrderCancelled:
    case v1::Event::kHoldTimedOut:
    case v1::Event::kOrderRedeemed:
    case v1::Event::kOrderRefunded:
      return Ordered();
    // What two people decide, and accounts that stop, start, end or join.
    case v1::Event::kChangeProposed: {
      const v1::ProposeChange& command = event_.change_proposed().command();
      What("change proposed", "变更提议",
           Text(command.proposal_id(), ": ", WordsOf(command, language_, zone_)));
      return;
    }
    case v1::Event::kChangeApproved:
      What("change approved", "变更批准",
           Text(event_.change_approved().command().proposal_id(),
                Say(", proposed by ", "，提议人 "), event_.change_approved().proposed_by()));
      return;
    case v1::Event::kChangeRejected:
      What("change rejected", "变更驳回",
           Joined({event_.change_rejected().command().proposal_id(),
                   event_.change_rejected().command().reason_code()}));
      return;
    case v1::Event::kVolunteerFrozen:
      What("volunteer frozen", "志愿者冻结", event_.volunteer_frozen().command().reason_code());
      Of(event_.volunteer_frozen().command().volunteer_id());
      return;
    case v1::Event::kVolunteerUnfrozen:
      What("volunteer unfrozen", "志愿者解冻", event_.volunteer_unfrozen().command().reason_code());
      Of(event_.volunteer_unfrozen().command().volunteer_id());
      return;
    case v1::Event::kVolunteerClosed: {
      const v1::VolunteerClosed& body = event_.volunteer_closed();
      What("account closed", "账户关闭", WordsOf(body.command().reason(), language_));
      Of(body.command().volunteer_id(), -UnitsOf(body.available()) - UnitsOf(body.pending()));
      return;
    }
    case v1::Event::kVolunteersMerged: {
      const v1::VolunteersMerged& body = event_.volunteers_merged();
      What("registrations merged", "登记合并",
           Text(body.command().volunteer_id(), " → ", body.command().survivor_id()));
      Of(body.command().volunteer_id(),
         -body.pending_units() - body.available_units() - body.held_units() - body.debt_units());
      if (body.held_units() != 0) words_.held_units = -body.held_units();
      words_.survivor_id = body.command().survivor_id();
      return;
    }
    // Who and what there is: nothing here moves points.
    case v1::Event::kLedgerCreated:
      return What("ledger created", "账本创建", event_.ledger_created().ledger_id());
    case v1::Event::kMigrationFinished:
      return What("migration finished", "迁移结束");
    case v1::Event::kRulePublished:
      return What(
          "rule published", "规则发布",
          Text(Say("version ", "版本 "), event_.rule_published().rule_version(),
               Say(" from ", " 自 "), event_.rule_published().command().effective_from_day()));
    case v1::Event::kPrincipalRegistered:
      return What("principal registered", "主体注册",
                  event_.principal_registered().command().principal_id());
    case v1::Event::kPrincipalRevoked:
      return What("principal revoked", "主体撤销",
                  event_.principal_revoked().command().principal_id());
    case v1::Event::kVolunteerRegistered:
      What("volunteer registered", "志愿者登记",
           event_.volunteer_registered().command().organisation_id());
      return Of(event_.volunteer_registered().command().volunteer_id());
    case v1::Event::kOrganisationRegistered:
      return What("organisation registered", "组织登记",
                  event_.organisation_registered().command().organisation_id());
    case v1::Event::kRosterSet:
      return What("roster set", "名册人数",
                  Text(event_.roster_set().command().organisation_id(), " ",
                       Grouped(event_.roster_set().command().headcount())));
    case v1::Event::kActivityRegistered:
      return What("activity registered", "活动登记",
                  Joined({event_.activity_registered().command().activity_id(),
                          event_.activity_registered().command().category()}));
    case v1::Event::kActivitySubmitted:
      return What("activity submitted", "活动申报",
                  Joined({event_.activity_submitted().command().activity_id(),
                          event_.activity_submitted().command().category()}));
    case v1::Event::kActivityReviewed: {
      const v1::ReviewActivity& command = event_.activity_reviewed().command();
      return What("activity reviewed", "活动审核",
                  Joined({command.activity_id(), WordsOf(command.verdict(), language_),
                          command.reason_code()}));
    }
    case v1::Event::kActivityClosed:
      return What("activity closed", "活动结束", event_.activity_closed().command().activity_id());
    case v1::Event::kActivityCancelled:
      return What("activity cancelled", "活动取消",
                  Joined({event_.activity_cancelled().command().activity_id(),
                          event_.activity_cancelled().command().reason_code()}));
    case v1::Event::kSessionRegistered:
      return What("session registered", "场次登记",
                  Joined({event_.session_registered().command().session_id(),
                          event_.session_registered().command().activity_id()}));
    case v1::Event::kMerchantOnboarded:
    case v1::Event::kMerchantSuspended:
    case v1::Event::kMerchantResumed:
    case v1::Event::kMerchantOffboarded:
    case v1::Event::kItemPublished:
    case v1::Event::kItemWithdrawn:
    case v1::Event::kStockReceived:
    case v1::Event::kStockReturned:
      return MallChanged();
    case v1::Event::kBudgetAllocated:
    case v1::Event::kBudgetWarned:
    case v1::Event::kStatementOpened:
    case v1::Event::kStatementObjected:
    case v1::Event::kObjectionResolved:
    case v1::Event::kStatementClosed:
    case v1::Event::kPaymentRecorded:
    case v1::Event::kPaymentReversed:
    case v1::Event::kPayableWrittenOff:
    case v1::Event::kPeriodClosed:
      return Settled();
    case v1::Event::kLossDeclared: {
      const v1::DeclareLoss& command = event_.loss_declared().command();
      return What("loss declared", "丢失声明",
                  Text(Say("kept ", "保留 "), Grouped(command.kept_size()), Say(" of ", "，原有 "),
                       Grouped(command.guard_size()), Say(" events, by ", " 条事件，声明人 "),
                       Joined({command.declared_by(), command.reason_code()})));
    }
    case v1::Event::BODY_NOT_SET:
      return What("unknown to this merit", "未知事件（请升级 merit）");
  }
}

EventWords Description::Take() {
  Fill();
  if (event_.has_booked_month_number()) {
    words_.about += Text(Say(", booked in ", "，记入 "), Month(event_.booked_month_number()));
  }
  return std::move(words_);
}

EventWords WordsOf(const v1::Event& event, Language language, absl::TimeZone zone) {
  return Description(event, language, zone).Take();
}

}  // namespace meritbook::cli
