// Apply takes no event that can't be the next one: each mutation of a good log is refused, and what
// is taken on trust stands in a list.
#include "ledger/apply.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "ledger/text.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

// Ends with a redemption over two lots; has an event of each kind but LedgerCreated's of a live
// one.
constexpr std::string_view kLife = R"(use old_town
by committee
RegisterPrincipal principal_id: "p1" roles: ROLE_MERCHANT merchant_id: "bakery" volunteer_id: "bob" key_sha256: "k^32"
RegisterPrincipal principal_id: "p2" roles: ROLE_AUDITOR key_sha256: "k^32"
RevokePrincipal principal_id: "p2"
RegisterVolunteer volunteer_id: "eve" organisation_id: "o1" cohorts: COHORT_PARTY age_band: AGE_BAND_60_PLUS
FreezeVolunteer volunteer_id: "eve" reason_code: "a"
ReceiveStock item_id: "bun" quantity: 5
by app source=app
CreditHours record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 }
CreditHours #q2 record_id: "r2" volunteer_id: "ann" activity_id: "patrol" session_id: "s1" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 }
CreditHours record_id: "r3" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T23:00 end_us: @2021-03-06T00:30 }
CreditHours record_id: "r4" volunteer_id: "bob" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 }
by p1 merchant=bakery volunteer=bob
RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 4 } lines { item_id: "loaf" quantity: 1 }
FinishMigration
recorded -
at 2022-03-01 00:00
sweep
)";

// The first event with a body of that kind.
size_t Find(const Script& script, v1::Event::BodyCase kind, size_t skip = 0) {
  for (size_t i = 0; i < script.events().size(); ++i) {
    if (script.event(i).body_case() == kind && skip-- == 0) return i;
  }
  ADD_FAILURE() << "no such event";
  return 0;
}

// What comes of the log up to `event`, with `event` for its last.
absl::Status Replayed(const Script& script, const v1::Event& event, size_t index) {
  Ledger ledger("linhai");
  for (size_t i = 0; i < index; ++i) {
    const absl::Status status = ledger.Replay(script.events()[i]);
    if (!status.ok()) return status;
  }
  return ledger.Replay(event.SerializeAsString());
}

struct MutationRow {
  const char* name;
  v1::Event::BodyCase kind;
  size_t skip;
  std::function<void(v1::Event&)> mutate;
  const char* want;  // part of the message
};

using E = v1::Event;

const MutationRow kRows[] = {
    {"a gap in the sequence", E::kStockReceived, 0, [](E& e) { e.set_sequence(e.sequence() + 1); },
     "event_.sequence() == state_.size()"},
    {"recorded backwards", E::kStockReceived, 0, [](E& e) { e.set_recorded_us(1); e.set_occurred_us(1); },
     "event_.recorded_us() >= state_.ledger().last_recorded_us"},
    {"recorded after 2199", E::kStockReceived, 0,
     [](E& e) { e.set_recorded_us(int64_t{7'258'118'400} * 1'000'000 + 1); },
     "event_.recorded_us() <= kInstantUsMax"},
    {"occurred after it was recorded", E::kStockReceived, 0,
     [](E& e) { e.set_occurred_us(e.recorded_us() + 1); },
     "event_.occurred_us() <= event_.recorded_us()"},
    {"a command that began before", E::kStockReceived, 0,
     [](E& e) { e.set_command_first_sequence(e.sequence() - 1); e.set_command_event_count(2); },
     "event_.command_first_sequence() == event_.sequence()"},
    {"a command with more to come", E::kStockReceived, 0,
     [](E& e) { e.set_command_event_count(2); }, "event_.command_event_count() == 1"},
    {"no body", E::kStockReceived, 0, [](E& e) { e.clear_body(); }, "doesn't know"},
    {"an unknown body", E::kStockReceived, 0,
     [](E& e) {
       e.clear_body();
       e.GetReflection()->MutableUnknownFields(&e)->AddLengthDelimited(99, "news");
     },
     "doesn't know"},
    {"another kind of command", E::kStockReceived, 0,
     [](E& e) { e.set_kind(v1::COMMAND_KIND_CREDIT_HOURS); }, "KindOf(*body) == event_.kind()"},
    {"a command that nobody asked for", E::kHoursCredited, 0,
     [](E& e) {
       e.clear_actor(); e.clear_source(); e.clear_scope(); e.clear_request_id(); e.clear_kind();
     },
     "event_.has_points_expired()"},
    {"a command without a request id", E::kStockReceived, 0,
     [](E& e) { e.clear_request_id(); }, "!event_.request_id().empty()"},
    {"a command without an actor", E::kStockReceived, 0, [](E& e) { e.clear_actor(); },
     "!event_.actor().empty()"},
    {"a platform without a name", E::kHoursCredited, 0, [](E& e) { e.clear_source(); },
     "!event_.source().empty()"},
    {"a principal's own request in a source's name", E::kHoursCredited, 0,
     [](E& e) { e.set_scope(v1::REQUEST_SCOPE_PRINCIPAL); }, "event_.source().empty()"},
    {"a scope of the future", E::kHoursCredited, 0,
     [](E& e) { e.set_scope(static_cast<v1::RequestScope>(9)); }, "scope"},
    {"a lapse that somebody asked for", E::kPointsExpired, 0, [](E& e) { e.set_actor("p1"); },
     "event_.actor().empty()"},
    {"a lapse of a platform", E::kPointsExpired, 0, [](E& e) { e.set_source("app"); },
     "event_.source().empty()"},
    {"a lapse with a request id", E::kPointsExpired, 0, [](E& e) { e.set_request_id("q"); },
     "event_.request_id().empty()"},
    {"a lapse of a kind", E::kPointsExpired, 0, [](E& e) { e.set_kind(v1::COMMAND_KIND_REDEEM_NOW); },
     "event_.kind() == v1::COMMAND_KIND_UNSPECIFIED"},
    {"a request id used before", E::kHoursCredited, 1, [](E& e) { e.set_request_id("r1"); },
     "state_.FindRequest(key) == nullptr"},
    {"a record used before, by default", E::kHoursCredited, 1,
     [](E& e) { e.mutable_hours_credited()->mutable_command()->set_record_id("r1"); },
     "!state_.SubjectExists(subject_request_key)"},
    {"a record used before under a request id of its own", E::kHoursCredited, 2,
     [](E& e) {
       e.mutable_hours_credited()->mutable_command()->set_record_id("r2");
       e.set_request_id("r2");
     },
     "!state_.SubjectExists(subject_request_key)"},

    {"no link", E::kHoursCredited, 0, [](E& e) { e.clear_passbook(); }, "passbook_size()"},
    {"a link too many", E::kHoursCredited, 0, [](E& e) { *e.add_passbook() = e.passbook(0); },
     "passbook_size()"},
    {"a link where there is none", E::kStockReceived, 0, [](E& e) { e.add_passbook(); },
     "passbook_size()"},
    {"another's passbook", E::kHoursCredited, 0,
     [](E& e) { e.mutable_passbook(0)->set_volunteer_id("bob"); },
     "link.volunteer_id() == volunteers[i]"},
    {"a page left out", E::kHoursCredited, 1,
     [](E& e) { e.mutable_passbook(0)->set_event_count(e.passbook(0).event_count() + 1); },
     "link.event_count() == volunteer->event_count + 1"},
    {"no page before", E::kHoursCredited, 1,
     [](E& e) { e.mutable_passbook(0)->clear_previous_sequence(); },
     "link.has_previous_sequence()"},
    {"another page before", E::kHoursCredited, 1,
     [](E& e) { e.mutable_passbook(0)->set_previous_sequence(0); },
     "link.previous_sequence() == volunteer->last_sequence"},
    {"a first page with one before", E::kVolunteerRegistered, 0,
     [](E& e) { e.mutable_passbook(0)->set_previous_sequence(0); },
     "!link.has_previous_sequence()"},

    {"another ledger", E::kLedgerCreated, 0,
     [](E& e) { e.mutable_ledger_created()->set_ledger_id("tonglu"); },
     "created.ledger_id() == state_.ledger_id()"},
    {"an unknown zone", E::kLedgerCreated, 0,
     [](E& e) { e.mutable_ledger_created()->set_time_zone("Asia/Linhai"); },
     "Calendar::ForZone(created.time_zone()).has_value()"},
    {"a zone that the client didn't name", E::kLedgerCreated, 0,
     [](E& e) { e.mutable_ledger_created()->mutable_command()->set_time_zone("UTC"); },
     "created.command().time_zone() == created.time_zone()"},
    {"a rule's version", E::kRulePublished, 0,
     [](E& e) { e.mutable_rule_published()->set_rule_version(2); },
     "published.rule_version() == rules.size() + 1"},
    {"a rule's day", E::kRulePublished, 0,
     [](E& e) {
       e.mutable_rule_published()->mutable_command()->set_effective_from_day("2021-02-30");
     },
     "day.has_value()"},
    {"a rate beyond all limits", E::kRulePublished, 0,
     [](E& e) {
       e.mutable_rule_published()->mutable_command()->mutable_earning()->mutable_rates(0)
           ->set_points_per_hour(4'000'000'000);
     },
     "rate.points_per_hour() <= kPointsPerHourMax"},
    {"a percentage beyond all limits", E::kRulePublished, 0,
     [](E& e) {
       e.mutable_rule_published()->mutable_command()->mutable_earning()->mutable_rates(0)
           ->set_percentage(4'000'000'000);
     },
     "rate.percentage() <= kPercentageMax"},
    {"a principal twice", E::kPrincipalRegistered, 1,
     [](E& e) { e.mutable_principal_registered()->mutable_command()->set_principal_id("p1"); },
     "!state_.principals().Find"},
    {"a principal of no merchant", E::kPrincipalRegistered, 0,
     [](E& e) { e.mutable_principal_registered()->mutable_command()->set_merchant_id("inn"); },
     "state_.merchants().Find"},
    {"a principal who is nobody", E::kPrincipalRegistered, 0,
     [](E& e) { e.mutable_principal_registered()->mutable_command()->set_volunteer_id("zoe"); },
     "state_.volunteers().Find"},
    {"nobody's access", E::kPrincipalRevoked, 0,
     [](E& e) { e.mutable_principal_revoked()->mutable_command()->set_principal_id("p9"); },
     "index.has_value()"},
    {"a volunteer of no organisation", E::kVolunteerRegistered, 2,
     [](E& e) { e.mutable_volunteer_registered()->mutable_command()->set_organisation_id("o9"); },
     "state_.organisations().Find"},
    {"an activity of nobody", E::kActivityRegistered, 0,
     [](E& e) { e.mutable_activity_registered()->mutable_command()->set_organisation_id("o9"); },
     "state_.organisations().Find"},
    {"a session of nothing", E::kSessionRegistered, 0,
     [](E& e) { e.mutable_session_registered()->mutable_command()->set_activity_id("parade"); },
     "activity.has_value()"},
    {"a session on no day", E::kSessionRegistered, 0,
     [](E& e) { e.mutable_session_registered()->mutable_command()->set_service_day("today"); },
     "day.has_value()"},

    {"units off by one", E::kHoursCredited, 0,
     [](E& e) {
       auto* segment = e.mutable_hours_credited()->mutable_segments(0);
       segment->set_units(segment->units() + 1);
     },
     "segment.units() == rate->second.UnitsFor"},
    {"another rate than the rule's", E::kHoursCredited, 0,
     [](E& e) {
       auto* segment = e.mutable_hours_credited()->mutable_segments(0);
       segment->set_points_per_hour(50);
       segment->set_units(segment->units() * 2);
     },
     "segment.points_per_hour() == rate->second.points_per_hour"},
    {"another percentage", E::kHoursCredited, 0,
     [](E& e) { e.mutable_hours_credited()->mutable_segments(0)->set_percentage(101); },
     "segment.percentage() == rate->second.percentage"},
    {"no rule", E::kHoursCredited, 0,
     [](E& e) { e.mutable_hours_credited()->mutable_segments(0)->set_rule_version(0); },
     "segment.rule_version() >= 1"},
    {"a rule to come", E::kHoursCredited, 0,
     [](E& e) { e.mutable_hours_credited()->mutable_segments(0)->set_rule_version(2); },
     "segment.rule_version() <= rules.size()"},
    {"an activity without a rate", E::kHoursCredited, 0,
     [](E& e) { e.mutable_hours_credited()->mutable_command()->set_activity_id("reading"); },
     "rate != rule.rates.end()"},
    {"an unknown activity", E::kHoursCredited, 0,
     [](E& e) { e.mutable_hours_credited()->mutable_command()->set_activity_id("parade"); },
     "activity_index.has_value()"},
    {"an unknown session", E::kHoursCredited, 0,
     [](E& e) { e.mutable_hours_credited()->mutable_command()->set_session_id("s9"); },
     "session != nullptr"},
    {"another activity's session", E::kHoursCredited, 0,
     [](E& e) { e.mutable_hours_credited()->mutable_command()->set_session_id("s2"); },
     "session->activity == *activity_index"},
    {"minutes that were not served", E::kHoursCredited, 0,
     [](E& e) {
       auto* segment = e.mutable_hours_credited()->mutable_segments(0);
       segment->set_credited_minutes(61);
       segment->set_units(61 * 2500);
     },
     "command.duration().minutes() == minutes"},
    {"minutes that no clock showed", E::kHoursCredited, 1,
     [](E& e) {
       auto* segment = e.mutable_hours_credited()->mutable_segments(0);
       segment->set_honorary_minutes(1);
     },
     "served.minutes == minutes"},
    {"above the cap", E::kHoursCredited, 0,
     [](E& e) {
       e.mutable_hours_credited()->mutable_command()->mutable_duration()->set_minutes(495);
       auto* segment = e.mutable_hours_credited()->mutable_segments(0);
       segment->set_credited_minutes(495);
       segment->set_units(495 * 2500);
     },
     "credited <= rule.earning().credited_minutes_per_day()"},
    {"above the day", E::kHoursCredited, 1,
     [](E& e) {
       e.mutable_hours_credited()->mutable_segments(0)->set_honorary_minutes(1440);
     },
     "credited + honorary <= kMinutesPerDay"},
    {"far above the day", E::kHoursCredited, 1,
     [](E& e) {
       e.mutable_hours_credited()->mutable_segments(0)->set_honorary_minutes(0xFFFFFFFF);
     },
     "segment.honorary_minutes() <= kMinutesPerDay"},
    {"credited far above the day", E::kHoursCredited, 1,
     [](E& e) {
       e.mutable_hours_credited()->mutable_segments(0)->set_credited_minutes(0xFFFFFFFF);
     },
     "segment.credited_minutes() <= kMinutesPerDay"},
    {"days out of order", E::kHoursCredited, 2,
     [](E& e) { e.mutable_hours_credited()->mutable_segments()->SwapElements(0, 1); },
     "segment.service_day_number() > last_day"},
    {"a day twice", E::kHoursCredited, 2,
     [](E& e) {
       auto* credited = e.mutable_hours_credited();
       credited->mutable_segments(1)->set_service_day_number(
           credited->segments(0).service_day_number());
     },
     "segment.service_day_number() > last_day"},
    {"an empty day", E::kHoursCredited, 0,
     [](E& e) {
       auto* credited = e.mutable_hours_credited();
       auto* segment = credited->add_segments();
       *segment = credited->segments(0);
       segment->set_service_day_number(segment->service_day_number() + 1);
       segment->set_credited_minutes(0);
       segment->set_units(0);
     },
     "segment.credited_minutes() + segment.honorary_minutes() > 0"},
    {"nothing at all", E::kHoursCredited, 0,
     [](E& e) { e.mutable_hours_credited()->clear_segments(); }, "minutes > 0"},
    {"lapsed before it was earned", E::kHoursCredited, 0,
     [](E& e) {
       auto* segment = e.mutable_hours_credited()->mutable_segments(0);
       segment->set_expiry_day_number(segment->service_day_number() - 1);
     },
     "segment.expiry_day_number() >= segment.service_day_number()"},
    {"a length on another day", E::kHoursCredited, 0,
     [](E& e) {
       auto* duration = e.mutable_hours_credited()->mutable_command()->mutable_duration();
       duration->set_service_day("2021-02-21");
     },
     "ParseDay(command.duration().service_day()) == last_day"},
    {"no record", E::kHoursCredited, 1,
     [](E& e) { e.mutable_hours_credited()->mutable_command()->clear_record_id(); },
     "!command.record_id().empty()"},
    {"no order", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->mutable_command()->clear_order_id(); },
     "!command.order_id().empty()"},
    {"neither clock times nor a length", E::kHoursCredited, 0,
     [](E& e) { e.mutable_hours_credited()->mutable_command()->clear_service(); },
     "SERVICE_NOT_SET"},
    {"an overlap", E::kHoursCredited, 2,
     [](E& e) {
       auto* credited = e.mutable_hours_credited();
       auto* interval = credited->mutable_command()->mutable_interval();
       const int64_t back_us = int64_t{12 * 60 + 1} * 60'000'000;
       interval->set_start_us(interval->start_us() - back_us);
       interval->set_end_us(interval->end_us() - back_us);
     },
     "!Overlaps(volunteer, served)"},
    {"an interval backwards", E::kHoursCredited, 1,
     [](E& e) {
       auto* interval = e.mutable_hours_credited()->mutable_command()->mutable_interval();
       interval->set_end_us(interval->start_us());
     },
     "interval.start_us() < interval.end_us()"},
    {"an interval from before time", E::kHoursCredited, 1,
     [](E& e) {
       auto* interval = e.mutable_hours_credited()->mutable_command()->mutable_interval();
       interval->set_start_us(std::numeric_limits<int64_t>::min());
     },
     "interval.start_us() > 0"},
    {"an interval into the future", E::kHoursCredited, 1,
     [](E& e) {
       auto* interval = e.mutable_hours_credited()->mutable_command()->mutable_interval();
       interval->set_end_us(e.recorded_us() + 60'000'000);
     },
     "interval.end_us() <= event_.recorded_us()"},
    {"a start within a minute", E::kHoursCredited, 1,
     [](E& e) {
       auto* interval = e.mutable_hours_credited()->mutable_command()->mutable_interval();
       interval->set_start_us(interval->start_us() + 1);
     },
     "interval.start_us() % kMicrosPerMinute == 0"},
    {"an end within a minute", E::kHoursCredited, 1,
     [](E& e) {
       auto* interval = e.mutable_hours_credited()->mutable_command()->mutable_interval();
       interval->set_end_us(interval->end_us() + 1);
     },
     "interval.end_us() % kMicrosPerMinute == 0"},
    {"hours of no platform", E::kHoursCredited, 0,
     [](E& e) { e.set_scope(v1::REQUEST_SCOPE_MERCHANT); },
     "event_.scope() == v1::REQUEST_SCOPE_SOURCE"},

    {"a lapse before its time", E::kPointsExpired, 0,
     [](E& e) {
       e.mutable_points_expired()->mutable_lots(0)->set_expiry_day_number(
           e.points_expired().lots(0).expiry_day_number() + 31);
     },
     "ExpiryOf(lot) < today"},
    {"a lapse of what never lapses", E::kPointsExpired, 0,
     [](E& e) { e.mutable_points_expired()->mutable_lots(0)->clear_expiry_day_number(); },
     "ExpiryOf(lot) < today"},
    {"a lapse of a part", E::kPointsExpired, 0,
     [](E& e) { e.mutable_points_expired()->mutable_lots(0)->set_units(1); }, "lots_before"},
    {"a lapse of more than there is", E::kPointsExpired, 0,
     [](E& e) {
       e.mutable_points_expired()->mutable_lots(0)->set_units(
           e.points_expired().lots(0).units() + 1);
     },
     "TakeFirst(lots, expired.lots())"},
    {"a lapse of nothing", E::kPointsExpired, 0,
     [](E& e) { e.mutable_points_expired()->clear_lots(); }, "expired.lots_size() > 0"},

    {"an item of nobody", E::kItemPublished, 0,
     [](E& e) { e.mutable_item_published()->mutable_command()->set_merchant_id("inn"); },
     "merchant.has_value()"},
    {"an item for nothing", E::kItemPublished, 0,
     [](E& e) { e.mutable_item_published()->mutable_command()->set_price_points(0); },
     "command.price_points() >= 1"},
    {"an item beyond price", E::kItemPublished, 0,
     [](E& e) { e.mutable_item_published()->mutable_command()->set_price_points(1'000'001); },
     "command.price_points() <= kPricePointsMax"},
    {"shelves too full", E::kItemPublished, 0,
     [](E& e) { e.mutable_item_published()->mutable_command()->set_stock(1'000'000'001); },
     "command.stock() <= kStockMax"},
    {"stock of no item", E::kStockReceived, 0,
     [](E& e) { e.mutable_stock_received()->mutable_command()->set_item_id("cake"); },
     "index.has_value()"},
    {"no stock", E::kStockReceived, 0,
     [](E& e) { e.mutable_stock_received()->mutable_command()->set_quantity(0); },
     "command.quantity() >= 1"},
    {"stock at another merchant's till", E::kStockReceived, 0,
     [](E& e) {
       e.set_scope(v1::REQUEST_SCOPE_MERCHANT);
       e.set_source("teahouse");
     },
     "event_.source() == state_.merchants()[item.merchant].id"},
    {"too much stock", E::kStockReceived, 0,
     [](E& e) { e.mutable_stock_received()->mutable_command()->set_quantity(1'000'000'000); },
     "item.on_hand() <= kStockMax"},

    {"a lot too small", E::kOrderRedeemed, 0,
     [](E& e) {
       auto* order = e.mutable_order_redeemed();
       order->mutable_lots(0)->set_units(order->lots(0).units() + 1);
       order->mutable_lots(1)->set_units(order->lots(1).units() - 1);
     },
     "TakeFirst(lots, order.lots())"},
    {"a lot spared", E::kOrderRedeemed, 0,
     [](E& e) {
       auto* order = e.mutable_order_redeemed();
       order->mutable_lots(0)->set_units(order->lots(0).units() - 1);
       order->mutable_lots(1)->set_units(order->lots(1).units() + 1);
     },
     "TakeFirst(lots, order.lots())"},
    {"the later lot first", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->mutable_lots()->SwapElements(0, 1); },
     "TakeFirst(lots, order.lots())"},
    {"a lot that there isn't", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->mutable_lots(1)->set_expiry_day_number(99999); },
     "TakeFirst(lots, order.lots())"},
    {"a lot given to", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->mutable_lots(1)->set_units(-1); },
     "TakeFirst(lots, order.lots())"},
    {"fewer units than the price", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->set_units(e.order_redeemed().units() - 1); },
     "order.units() == points * kUnitsPerPoint"},
    {"lots for another price", E::kOrderRedeemed, 0,
     [](E& e) {
       auto* order = e.mutable_order_redeemed();
       order->mutable_lots(1)->set_units(order->lots(1).units() - 1);
     },
     "taken == order.units()"},
    {"spent after it lapsed", E::kOrderRedeemed, 0,
     [](E& e) { e.set_recorded_us(e.recorded_us() + int64_t{400} * 86'400'000'000); },
     "lots.front().expiry >= state_.calendar().DayOf(event_.recorded_us())"},
    {"spent by the frozen", E::kOrderRedeemed, 0,
     [](E& e) {
       e.mutable_order_redeemed()->mutable_command()->set_volunteer_id("eve");
       e.mutable_passbook(0)->set_volunteer_id("eve");
       e.mutable_passbook(0)->set_event_count(3);
       e.mutable_passbook(0)->set_previous_sequence(19);
     },
     "frozen"},
    {"spent by herself", E::kOrderRedeemed, 0,
     [](E& e) {
       e.mutable_order_redeemed()->mutable_command()->set_volunteer_id("bob");
       e.mutable_passbook(0)->set_volunteer_id("bob");
       e.mutable_passbook(0)->set_event_count(3);
       e.mutable_passbook(0)->set_previous_sequence(24);
     },
     "actor->registered.volunteer_id() != command.volunteer_id()"},
    {"at another merchant's till", E::kOrderRedeemed, 0, [](E& e) { e.set_source("teahouse"); },
     "event_.source() == command.merchant_id()"},
    {"an unknown merchant", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->mutable_command()->set_merchant_id("inn"); },
     "merchant.has_value()"},
    {"another price", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->mutable_lines(0)->set_price_points(4); },
     "item.price_points == line.price_points()"},
    {"another item", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->mutable_lines(0)->set_item_id("tea"); },
     "line.item_id() == command.lines(i).item_id()"},
    {"another merchant's item", E::kOrderRedeemed, 0,
     [](E& e) {
       e.mutable_order_redeemed()->mutable_lines(0)->set_item_id("tea");
       e.mutable_order_redeemed()->mutable_command()->mutable_lines(0)->set_item_id("tea");
     },
     "item.merchant == *merchant"},
    {"another quantity", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->mutable_lines(0)->set_quantity(5); },
     "line.quantity() == command.lines(i).quantity()"},
    {"more than on hand", E::kOrderRedeemed, 0,
     [](E& e) {
       e.mutable_order_redeemed()->mutable_lines(0)->set_quantity(16);
       e.mutable_order_redeemed()->mutable_command()->mutable_lines(0)->set_quantity(16);
     },
     "item.on_hand() >= line.quantity()"},
    {"no pieces", E::kOrderRedeemed, 0,
     [](E& e) {
       e.mutable_order_redeemed()->mutable_lines(0)->set_quantity(0);
       e.mutable_order_redeemed()->mutable_command()->mutable_lines(0)->set_quantity(0);
     },
     "line.quantity() >= 1"},
    {"a line left out", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->mutable_lines()->RemoveLast(); },
     "order.lines_size() == command.lines_size()"},
    {"no lines", E::kOrderRedeemed, 0,
     [](E& e) { e.mutable_order_redeemed()->clear_lines(); }, "order.lines_size() > 0"},
    {"a migration that ended before", E::kPointsExpired, 0,
     [](E& e) {
       e.mutable_migration_finished();
       e.clear_passbook();
       e.set_actor("operator");
       e.set_scope(v1::REQUEST_SCOPE_PRINCIPAL);
       e.set_request_id("q");
       e.set_kind(v1::COMMAND_KIND_FINISH_MIGRATION);
     },
     "state_.migrating()"},
    {"a ledger founded twice", E::kStockReceived, 0,
     [](E& e) { e.mutable_ledger_created()->set_ledger_id("linhai"); },
     "event_.has_ledger_created() == !state_.created()"},
};

TEST(Apply, MutatedEventsAreRefused) {
  Script script;
  script.Given(kLife);
  for (const MutationRow& row : kRows) {
    SCOPED_TRACE(row.name);
    const size_t index = Find(script, row.kind, row.skip);
    v1::Event event = script.event(index);
    ASSERT_TRUE(Replayed(script, event, index).ok());
    row.mutate(event);
    const absl::Status status = Replayed(script, event, index);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    const std::string message(MessageOf(status));
    EXPECT_TRUE(message.starts_with(Text("ledger linhai, event ", index, ": "))) << message;
    EXPECT_NE(message.find(row.want), std::string::npos) << message;
  }
}

TEST(Apply, ALogMustBeWhole) {
  Script script;
  script.Given(kLife);
  for (size_t left_out = 0; left_out + 1 < script.events().size(); ++left_out) {
    std::vector<std::string> events = script.events();
    events.erase(events.begin() + static_cast<std::ptrdiff_t>(left_out));
    EXPECT_NE(DescribeReplayed("linhai", events).find(Text("event ", left_out, ": broken")),
              std::string::npos);
  }
  std::vector<std::string> twice = script.events();
  twice.push_back(twice.back());
  EXPECT_NE(DescribeReplayed("linhai", twice).find("broken"), std::string::npos);
}

TEST(Apply, BytesThatAreNoEvent) {
  Ledger ledger("linhai");
  const absl::Status status = ledger.Replay("\xFF");
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(MessageOf(status), "ledger linhai, event 0: not an event");
}

// Changes one field after the other, everywhere in the event, and tells which changes went
// unnoticed.
class FieldMutator {
 public:
  explicit FieldMutator(std::function<bool(const v1::Event&)> accepts)
      : accepts_(std::move(accepts)) {}

  void Run(v1::Event event) {
    event_ = std::move(event);
    Walk(event_, "");
  }
  const std::set<std::string>& unnoticed() const { return unnoticed_; }

 private:
  using Field = google::protobuf::FieldDescriptor;
  using Message = google::protobuf::Message;

  void Walk(Message& message, const std::string& prefix) {
    const auto* descriptor = message.GetDescriptor();
    const auto* reflection = message.GetReflection();
    for (int f = 0; f < descriptor->field_count(); ++f) {
      const Field* field = descriptor->field(f);
      const std::string path = prefix + field->name();
      if (field->is_repeated()) {
        for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
          if (field->cpp_type() == Field::CPPTYPE_MESSAGE) {
            Walk(*reflection->MutableRepeatedMessage(&message, field, i), path + ".");
          } else if (field->cpp_type() == Field::CPPTYPE_ENUM) {
            const int value = reflection->GetRepeatedEnumValue(message, field, i);
            reflection->SetRepeatedEnumValue(&message, field, i, value + 1);
            Try(path);
            reflection->SetRepeatedEnumValue(&message, field, i, value);
          }
        }
      } else if (field->cpp_type() == Field::CPPTYPE_MESSAGE) {
        if (reflection->HasField(message, field)) {
          Walk(*reflection->MutableMessage(&message, field), path + ".");
        }
      } else if (!field->real_containing_oneof()) {
        const std::unique_ptr<Message> before(message.New());
        before->CopyFrom(message);
        for (const bool up : {true, false}) {
          Change(message, field, up);
          Try(path);
          message.CopyFrom(*before);
        }
      }
    }
  }

  static void Change(Message& message, const Field* field, bool up) {
    const auto* reflection = message.GetReflection();
    switch (field->cpp_type()) {
      case Field::CPPTYPE_INT32:
        reflection->SetInt32(&message, field, reflection->GetInt32(message, field) + (up ? 1 : -1));
        break;
      case Field::CPPTYPE_INT64:
        reflection->SetInt64(&message, field, reflection->GetInt64(message, field) + (up ? 1 : -1));
        break;
      case Field::CPPTYPE_UINT32:
        reflection->SetUInt32(&message, field,
                              reflection->GetUInt32(message, field) + (up ? 1u : ~0u));
        break;
      case Field::CPPTYPE_UINT64:
        reflection->SetUInt64(&message, field,
                              reflection->GetUInt64(message, field) + (up ? 1u : ~uint64_t{0}));
        break;
      case Field::CPPTYPE_BOOL:
        reflection->SetBool(&message, field, !reflection->GetBool(message, field));
        break;
      case Field::CPPTYPE_ENUM:
        reflection->SetEnumValue(&message, field,
                                 reflection->GetEnumValue(message, field) + (up ? 1 : -1));
        break;
      case Field::CPPTYPE_STRING: {
        std::string value = reflection->GetString(message, field);
        reflection->SetString(&message, field, up || value.empty() ? value + "x" : "");
        break;
      }
      case Field::CPPTYPE_DOUBLE:
      case Field::CPPTYPE_FLOAT:
      case Field::CPPTYPE_MESSAGE:
        break;
    }
  }

  void Try(const std::string& path) {
    if (accepts_(event_)) unnoticed_.insert(path);
  }

  std::function<bool(const v1::Event&)> accepts_;
  v1::Event event_;
  std::set<std::string> unnoticed_;
};

// What Apply takes on trust: words that nothing else in the log repeats. The hash chain vouches for
// them, and of those that follow from others (days, expiry, pinned rule) the auditor recomputes
// each.
constexpr std::string_view kOnTrust = R"(activity_registered.command.activity_id
activity_registered.command.category
activity_registered.command.ends_us
activity_registered.command.site
activity_registered.command.starts_us
actor
hours_credited.command.record_id
hours_credited.segments.expiry_day_number
hours_credited.segments.service_day_number
item_published.command.item_id
item_published.command.price_points
item_published.command.stock
ledger_created.command.migrating
merchant_onboarded.command.kind
merchant_onboarded.command.merchant_id
occurred_us
order_redeemed.command.order_id
organisation_registered.command.headcount
organisation_registered.command.kind
organisation_registered.command.organisation_id
principal_registered.command.key_sha256
principal_registered.command.principal_id
principal_registered.command.roles
principal_registered.command.source
recorded_us
request_id
rule_published.command.earning.backdating_days
rule_published.command.earning.credited_minutes_per_day
rule_published.command.earning.rates.category
rule_published.command.earning.rates.percentage
rule_published.command.earning.rates.points_per_hour
rule_published.command.earning.recording_unit_minutes
salt
scope
session_registered.command.ends_us
session_registered.command.session_id
session_registered.command.site
session_registered.command.slot
session_registered.command.starts_us
source
stock_received.command.quantity
volunteer_frozen.command.reason_code
volunteer_registered.command.age_band
volunteer_registered.command.cohorts
volunteer_registered.command.guardian_consent
)";

TEST(Apply, WhatIsTakenOnTrustStandsHere) {
  Script script;
  script.Given(kLife);
  std::set<std::string> unnoticed;
  for (size_t i = 0; i < script.events().size(); ++i) {
    FieldMutator mutator([&](const v1::Event& event) { return Replayed(script, event, i).ok(); });
    mutator.Run(script.event(i));
    unnoticed.insert(mutator.unnoticed().begin(), mutator.unnoticed().end());
  }
  std::string got;
  for (const std::string& path : unnoticed) got += path + "\n";
  EXPECT_EQ(got, kOnTrust);
}

}  // namespace
}  // namespace meritbook
