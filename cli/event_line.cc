#include "cli/event_line.h"

#include "cli/instant.h"
#include "cli/language.h"
#include "cli/output.h"
#include "cli/text.h"

namespace meritbook::cli {

EventLine LineOf(const v1::Event& event) {
  EventLine line;
  if (const auto* body = event.GetDescriptor()->FindFieldByNumber(event.body_case())) {
    line.kind = body->message_type()->name();
  }
  line.reference = event.request_id();
  switch (event.body_case()) {
    case v1::Event::kHoursCredited:
      line.who = event.hours_credited().command().volunteer_id();
      line.reference = event.hours_credited().command().record_id();
      for (const v1::CreditSegment& segment : event.hours_credited().segments()) {
        line.units += segment.units();
        line.minutes += segment.credited_minutes() + segment.honorary_minutes();
      }
      break;
    case v1::Event::kPointsExpired:
      line.who = event.points_expired().volunteer_id();
      for (const v1::LotUnits& lot : event.points_expired().lots()) line.units -= lot.units();
      break;
    case v1::Event::kOrderRedeemed:
      line.who = event.order_redeemed().command().volunteer_id();
      line.reference = event.order_redeemed().command().order_id();
      line.units = -event.order_redeemed().units();
      break;
    case v1::Event::kVolunteerRegistered:
      line.who = event.volunteer_registered().command().volunteer_id();
      break;
    case v1::Event::kVolunteerFrozen:
      line.who = event.volunteer_frozen().command().volunteer_id();
      line.reference = event.volunteer_frozen().command().reason_code();
      break;
    case v1::Event::kPrincipalRegistered:
      line.who = event.principal_registered().command().principal_id();
      break;
    case v1::Event::kPrincipalRevoked:
      line.who = event.principal_revoked().command().principal_id();
      break;
    case v1::Event::kOrganisationRegistered:
      line.who = event.organisation_registered().command().organisation_id();
      break;
    case v1::Event::kActivityRegistered:
      line.who = event.activity_registered().command().organisation_id();
      line.reference = event.activity_registered().command().activity_id();
      break;
    case v1::Event::kSessionRegistered:
      line.who = event.session_registered().command().activity_id();
      line.reference = event.session_registered().command().session_id();
      break;
    case v1::Event::kMerchantOnboarded:
      line.who = event.merchant_onboarded().command().merchant_id();
      break;
    case v1::Event::kItemPublished:
      line.who = event.item_published().command().merchant_id();
      line.reference = event.item_published().command().item_id();
      break;
    case v1::Event::kStockReceived:
      line.who = event.stock_received().command().item_id();
      break;
    case v1::Event::kLedgerCreated:
      line.who = event.ledger_created().ledger_id();
      break;
    case v1::Event::kMigrationFinished:
    case v1::Event::kRulePublished:
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return line;
}

std::vector<std::string> CellsOf(const v1::Event& event, const std::string& zone) {
  const EventLine line = LineOf(event);
  const std::string sign = line.units > 0 ? "+" : "";
  return {std::to_string(event.sequence()),
          FormatInstant(event.recorded_us(), zone),
          line.kind,
          line.who,
          line.reference,
          line.minutes == 0 ? "" : FormatMinutes(line.minutes),
          line.units == 0 ? "" : sign + FormatPoints(line.units)};
}

EventTable::EventTable(const Context& context, std::string zone)
    : context_(context), zone_(std::move(zone)), table_([&context] {
        const std::string& language = context.client.language;
        const bool csv = context.format == Format::kCsv;
        const auto title = [&](const char* label) {
          return csv ? std::string(label) : Label(label, language);
        };
        return std::vector<Table::Column>{{title("sequence"), Table::Align::kRight},
                                          {title("recorded")},
                                          {title("event")},
                                          {title("who")},
                                          {title("reference")},
                                          {title("time"), Table::Align::kRight},
                                          {title("points"), Table::Align::kRight}};
      }()) {}

void EventTable::Add(const v1::Event& event) { table_.Add(CellsOf(event, zone_)); }

void EventTable::Print() const { cli::Print(context_, table_); }

}  // namespace meritbook::cli
