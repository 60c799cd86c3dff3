#include "cli/audit/body.h"

namespace meritbook::audit {

BodyTraits TraitsOf(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kLedgerCreated:
      return {event.ledger_created().has_command(), v1::COMMAND_KIND_CREATE_LEDGER, {}, {}};
    case v1::Event::kMigrationFinished:
      return {event.migration_finished().has_command(), v1::COMMAND_KIND_FINISH_MIGRATION, {}, {}};
    case v1::Event::kRulePublished:
      return {event.rule_published().has_command(), v1::COMMAND_KIND_PUBLISH_RULE, {}, {}};
    case v1::Event::kPrincipalRegistered:
      return {
          event.principal_registered().has_command(), v1::COMMAND_KIND_REGISTER_PRINCIPAL, {}, {}};
    case v1::Event::kPrincipalRevoked:
      return {event.principal_revoked().has_command(), v1::COMMAND_KIND_REVOKE_PRINCIPAL, {}, {}};
    case v1::Event::kVolunteerRegistered: {
      const v1::VolunteerRegistered& body = event.volunteer_registered();
      return {body.has_command(),
              v1::COMMAND_KIND_REGISTER_VOLUNTEER,
              body.command().volunteer_id(),
              {}};
    }
    case v1::Event::kVolunteerFrozen: {
      const v1::VolunteerFrozen& body = event.volunteer_frozen();
      return {
          body.has_command(), v1::COMMAND_KIND_FREEZE_VOLUNTEER, body.command().volunteer_id(), {}};
    }
    case v1::Event::kOrganisationRegistered:
      return {event.organisation_registered().has_command(),
              v1::COMMAND_KIND_REGISTER_ORGANISATION,
              {},
              {}};
    case v1::Event::kActivityRegistered:
      return {
          event.activity_registered().has_command(), v1::COMMAND_KIND_REGISTER_ACTIVITY, {}, {}};
    case v1::Event::kSessionRegistered:
      return {event.session_registered().has_command(), v1::COMMAND_KIND_REGISTER_SESSION, {}, {}};
    case v1::Event::kHoursCredited: {
      const v1::HoursCredited& body = event.hours_credited();
      return {body.has_command(), v1::COMMAND_KIND_CREDIT_HOURS, body.command().volunteer_id(),
              body.command().record_id()};
    }
    case v1::Event::kPointsExpired:
      return {true, v1::COMMAND_KIND_UNSPECIFIED, event.points_expired().volunteer_id(), {}};
    case v1::Event::kMerchantOnboarded:
      return {event.merchant_onboarded().has_command(), v1::COMMAND_KIND_ONBOARD_MERCHANT, {}, {}};
    case v1::Event::kItemPublished:
      return {event.item_published().has_command(), v1::COMMAND_KIND_PUBLISH_ITEM, {}, {}};
    case v1::Event::kStockReceived:
      return {event.stock_received().has_command(), v1::COMMAND_KIND_RECEIVE_STOCK, {}, {}};
    case v1::Event::kOrderRedeemed: {
      const v1::OrderRedeemed& body = event.order_redeemed();
      return {body.has_command(), v1::COMMAND_KIND_REDEEM_NOW, body.command().volunteer_id(),
              body.command().order_id()};
    }
    case v1::Event::BODY_NOT_SET:
      return {};
  }
  return {};
}

MaybeViolation TakeBody(Books& books, const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kLedgerCreated:
      return TakeLedgerCreated(books, event.ledger_created());
    case v1::Event::kMigrationFinished:
      return TakeMigrationFinished(books);
    case v1::Event::kRulePublished:
      return TakeRulePublished(books, event.rule_published());
    case v1::Event::kPrincipalRegistered:
      return TakePrincipalRegistered(books, event.principal_registered().command());
    case v1::Event::kPrincipalRevoked:
      return TakePrincipalRevoked(books, event.principal_revoked().command());
    case v1::Event::kVolunteerRegistered:
      return TakeVolunteerRegistered(books, event.volunteer_registered().command());
    case v1::Event::kVolunteerFrozen:
      return TakeVolunteerFrozen(books, event.volunteer_frozen().command());
    case v1::Event::kOrganisationRegistered:
      return TakeOrganisationRegistered(books, event.organisation_registered().command());
    case v1::Event::kActivityRegistered:
      return TakeActivityRegistered(books, event.activity_registered().command());
    case v1::Event::kSessionRegistered:
      return TakeSessionRegistered(books, event.session_registered().command());
    case v1::Event::kHoursCredited:
      return TakeHoursCredited(books, event);
    case v1::Event::kPointsExpired:
      return TakePointsExpired(books, event);
    case v1::Event::kMerchantOnboarded:
      return TakeMerchantOnboarded(books, event.merchant_onboarded().command());
    case v1::Event::kItemPublished:
      return TakeItemPublished(books, event.item_published().command());
    case v1::Event::kStockReceived:
      return TakeStockReceived(books, event.stock_received().command());
    case v1::Event::kOrderRedeemed:
      return TakeOrderRedeemed(books, event);
    case v1::Event::BODY_NOT_SET:
      return std::nullopt;  // told as malformed already
  }
  return std::nullopt;
}

}  // namespace meritbook::audit
