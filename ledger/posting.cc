#include "ledger/posting.h"

namespace meritbook {

Postings PostingsOf(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kHoursCredited: {
      const v1::HoursCredited& credited = event.hours_credited();
      int64_t units = 0;
      for (const v1::CreditSegment& segment : credited.segments()) units += segment.units();
      return {{Account::kIssued, {}, -units},
              {Account::kAvailable, credited.command().volunteer_id(), units}};
    }
    case v1::Event::kPointsExpired: {
      const v1::PointsExpired& expired = event.points_expired();
      int64_t units = 0;
      for (const v1::LotUnits& lot : expired.lots()) units += lot.units();
      return {{Account::kAvailable, expired.volunteer_id(), -units},
              {Account::kExpired, {}, units}};
    }
    case v1::Event::kOrderRedeemed: {
      const v1::OrderRedeemed& order = event.order_redeemed();
      return {{Account::kAvailable, order.command().volunteer_id(), -order.units()},
              {Account::kPayable, order.command().merchant_id(), order.units()}};
    }
    case v1::Event::kLedgerCreated:
    case v1::Event::kMigrationFinished:
    case v1::Event::kRulePublished:
    case v1::Event::kPrincipalRegistered:
    case v1::Event::kPrincipalRevoked:
    case v1::Event::kVolunteerRegistered:
    case v1::Event::kVolunteerFrozen:
    case v1::Event::kOrganisationRegistered:
    case v1::Event::kActivityRegistered:
    case v1::Event::kSessionRegistered:
    case v1::Event::kMerchantOnboarded:
    case v1::Event::kItemPublished:
    case v1::Event::kStockReceived:
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return {};
}

absl::InlinedVector<std::string_view, 2> VolunteersOf(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kVolunteerRegistered:
      return {event.volunteer_registered().command().volunteer_id()};
    case v1::Event::kVolunteerFrozen:
      return {event.volunteer_frozen().command().volunteer_id()};
    case v1::Event::kHoursCredited:
      return {event.hours_credited().command().volunteer_id()};
    case v1::Event::kPointsExpired:
      return {event.points_expired().volunteer_id()};
    case v1::Event::kOrderRedeemed:
      return {event.order_redeemed().command().volunteer_id()};
    case v1::Event::kLedgerCreated:
    case v1::Event::kMigrationFinished:
    case v1::Event::kRulePublished:
    case v1::Event::kPrincipalRegistered:
    case v1::Event::kPrincipalRevoked:
    case v1::Event::kOrganisationRegistered:
    case v1::Event::kActivityRegistered:
    case v1::Event::kSessionRegistered:
    case v1::Event::kMerchantOnboarded:
    case v1::Event::kItemPublished:
    case v1::Event::kStockReceived:
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return {};
}

}  // namespace meritbook
