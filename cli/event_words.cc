#include "cli/event_words.h"

#include <utility>

#include "cli/text.h"

namespace meritbook::cli {
namespace {

EventWords Plain(const char* kind, const char* what, std::string about) {
  EventWords words;
  words.kind = kind;
  words.what = what;
  words.about = std::move(about);
  return words;
}

EventWords Credited(const v1::HoursCredited& body, const char* what) {
  const v1::CreditHours& command = body.command();
  EventWords words =
      Plain("hours_credited", what, Text(command.record_id(), " ", command.activity_id()));
  words.volunteer_id = command.volunteer_id();
  words.units = 0;
  words.minutes = 0;
  for (const v1::CreditSegment& segment : body.segments()) {
    *words.units += segment.units();
    *words.minutes += segment.credited_minutes() + segment.honorary_minutes();
  }
  return words;
}

EventWords Expired(const v1::PointsExpired& body, const char* what) {
  EventWords words = Plain("points_expired", what, "");
  words.volunteer_id = body.volunteer_id();
  words.units = 0;
  for (const v1::LotUnits& lot : body.lots()) *words.units -= lot.units();
  return words;
}

EventWords Redeemed(const v1::OrderRedeemed& body, const char* what) {
  const v1::RedeemNow& command = body.command();
  EventWords words =
      Plain("order_redeemed", what, Text(command.order_id(), " ", command.merchant_id()));
  for (const v1::OrderLine& line : command.lines()) {
    words.about += Text(" ", line.item_id(), "=", line.quantity());
  }
  words.volunteer_id = command.volunteer_id();
  words.units = -body.units();
  return words;
}

}  // namespace

EventWords WordsOf(const v1::Event& event, Language language) {
  const auto say = [language](const char* english, const char* chinese) {
    return Pick(language, english, chinese);
  };
  switch (event.body_case()) {
    case v1::Event::kLedgerCreated:
      return Plain("ledger_created", say("ledger created", "账本创建"),
                   event.ledger_created().ledger_id());
    case v1::Event::kMigrationFinished:
      return Plain("migration_finished", say("migration finished", "迁移结束"), "");
    case v1::Event::kRulePublished:
      return Plain("rule_published", say("rule published", "规则发布"),
                   Text("version ", event.rule_published().rule_version(), " from ",
                        event.rule_published().command().effective_from_day()));
    case v1::Event::kPrincipalRegistered:
      return Plain("principal_registered", say("principal registered", "主体注册"),
                   event.principal_registered().command().principal_id());
    case v1::Event::kPrincipalRevoked:
      return Plain("principal_revoked", say("principal revoked", "主体撤销"),
                   event.principal_revoked().command().principal_id());
    case v1::Event::kVolunteerRegistered: {
      EventWords words = Plain("volunteer_registered", say("volunteer registered", "志愿者登记"),
                               event.volunteer_registered().command().organisation_id());
      words.volunteer_id = event.volunteer_registered().command().volunteer_id();
      return words;
    }
    case v1::Event::kVolunteerFrozen: {
      EventWords words = Plain("volunteer_frozen", say("volunteer frozen", "志愿者冻结"),
                               event.volunteer_frozen().command().reason_code());
      words.volunteer_id = event.volunteer_frozen().command().volunteer_id();
      return words;
    }
    case v1::Event::kOrganisationRegistered:
      return Plain("organisation_registered", say("organisation registered", "组织登记"),
                   event.organisation_registered().command().organisation_id());
    case v1::Event::kActivityRegistered:
      return Plain("activity_registered", say("activity registered", "活动登记"),
                   Text(event.activity_registered().command().activity_id(), " ",
                        event.activity_registered().command().category()));
    case v1::Event::kSessionRegistered:
      return Plain("session_registered", say("session registered", "场次登记"),
                   Text(event.session_registered().command().session_id(), " ",
                        event.session_registered().command().activity_id()));
    case v1::Event::kHoursCredited:
      return Credited(event.hours_credited(), say("hours credited", "时长入账"));
    case v1::Event::kPointsExpired:
      return Expired(event.points_expired(), say("points expired", "积分过期"));
    case v1::Event::kMerchantOnboarded:
      return Plain("merchant_onboarded", say("merchant onboarded", "商户登记"),
                   event.merchant_onboarded().command().merchant_id());
    case v1::Event::kItemPublished:
      return Plain("item_published", say("item published", "商品上架"),
                   Text(event.item_published().command().item_id(), " ",
                        event.item_published().command().merchant_id()));
    case v1::Event::kStockReceived:
      return Plain("stock_received", say("stock received", "补充库存"),
                   Text(event.stock_received().command().item_id(), "=",
                        event.stock_received().command().quantity()));
    case v1::Event::kOrderRedeemed:
      return Redeemed(event.order_redeemed(), say("order redeemed", "积分兑换"));
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return Plain("unknown", say("unknown to this merit", "未知事件（请升级 merit）"), "");
}

}  // namespace meritbook::cli
