// Envelopes and parties.
#include "tests/cli/audit_rows.h"

namespace meritbook::audit {

std::vector<LogRow> EnvelopeRows() {
  return {
      {"65,536 bytes", I::EVENT_TOO_LARGE, [](Log& log) { log.Pad("stock", 65'536); }},
      {"no protobuf", I::EVENT_MALFORMED, [](Log& log) { log.Replace("freeze", "\xff\xff"); }},
      {"no bytes", I::EVENT_MALFORMED, [](Log& log) { log.Replace("freeze", ""); }},
      {"no body", I::EVENT_MALFORMED, [](Log& log) { log["freeze"].clear_body(); }},
      {"no command", I::EVENT_MALFORMED,
       [](Log& log) { log["finish"].mutable_migration_finished()->clear_command(); }},
      {"sequence", I::SEQUENCE_WRONG, [](Log& log) { log["stock"].set_sequence(99); }},
      {"back in time", I::RECORDED_TIME_DECREASES,
       [](Log& log) { RecordAt(log["stock"], "2021-03-01 08:13"); }},
      {"occurred later", I::OCCURRED_WRONG,
       [](Log& log) { log["stock"].set_occurred_us(log["stock"].recorded_us() + 1); }},
      {"kind", I::KIND_WRONG,
       [](Log& log) { log["stock"].set_kind(v1::COMMAND_KIND_PUBLISH_ITEM); }},
      {"expiry by somebody", I::KIND_WRONG, [](Log& log) { log["e1"].set_actor("till"); }},
      {"another's source", I::SCOPE_WRONG, [](Log& log) { log["stock"].set_source("kiosk"); }},
      {"own scope", I::SCOPE_WRONG,
       [](Log& log) { log["o2"].set_scope(v1::REQUEST_SCOPE_PRINCIPAL); }},
      {"no scope", I::SCOPE_WRONG,
       [](Log& log) { log["finish"].set_scope(v1::REQUEST_SCOPE_UNSPECIFIED); }},
      {"command in parts", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["c1"].set_command_event_count(2); }},
      {"command of nothing", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["c1"].set_command_event_count(0); }},
      {"command without its end", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["c5"].set_command_event_count(2); }},
      {"command without its start", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["c5"].set_command_first_sequence(3); }},
      {"expiry of a command", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["e1"].set_command_event_count(2); }},
      {"request id again", I::REQUEST_REPEATED,
       [](Log& log) { log["kiosk"].set_request_id("shop"); }},
      {"request id as a record's", I::REQUEST_REPEATED,
       [](Log& log) { log["c1"].set_request_id("c5"); }},
      {"record again", I::RECORD_REPEATED,
       [](Log& log) { Log::Command(log["c3"]).set_record_id("c1"); }},
      {"order again", I::ORDER_REPEATED,
       [](Log& log) { OrderOf(log, "o3").mutable_command()->set_order_id("o2"); }},
      {"no link", I::PASSBOOK_VOLUNTEERS_WRONG, [](Log& log) { log["c5"].clear_passbook(); }},
      {"link to another", I::PASSBOOK_VOLUNTEERS_WRONG,
       [](Log& log) { log["c5"].mutable_passbook(0)->set_volunteer_id("bo"); }},
      {"link to nobody concerned", I::PASSBOOK_VOLUNTEERS_WRONG,
       [](Log& log) { log["shop"].add_passbook()->set_volunteer_id("an"); }},
      {"count", I::PASSBOOK_COUNT_WRONG,
       [](Log& log) { log["c5"].mutable_passbook(0)->set_event_count(9); }},
      {"previous", I::PASSBOOK_PREVIOUS_WRONG,
       [](Log& log) { log["c5"].mutable_passbook(0)->set_previous_sequence(1); }},
      {"no previous", I::PASSBOOK_PREVIOUS_WRONG,
       [](Log& log) { log["c5"].mutable_passbook(0)->clear_previous_sequence(); }},
      {"previous of the first", I::PASSBOOK_PREVIOUS_WRONG,
       [](Log& log) { log["an"].mutable_passbook(0)->set_previous_sequence(0); }},
  };
}

std::vector<LogRow> PartyRows() {
  return {
      {"no founding", I::LEDGER_CREATION_MISPLACED,
       [](Log& log) {
         log = Log();
         log.Merchant("shop", "2021-03-01 08:00");
         log.Merchant("kiosk", "2021-03-01 08:00");
       }},
      {"founded twice", I::LEDGER_CREATION_MISPLACED,
       [](Log& log) {
         v1::Event& event = log.Add("twice", kLater, "operator", v1::COMMAND_KIND_CREATE_LEDGER);
         *event.mutable_ledger_created() = log["ledger"].ledger_created();
       }},
      {"another ledger", I::LEDGER_ID_WRONG,
       [](Log& log) { log["ledger"].mutable_ledger_created()->set_ledger_id("city"); }},
      {"another zone", I::TIME_ZONE_WRONG,
       [](Log& log) { log["ledger"].mutable_ledger_created()->set_time_zone("Asia/Singapore"); }},
      {"migration ends twice", I::MIGRATION_END_MISPLACED,
       [](Log& log) { log.Finish("finish2", kLater); }},
      {"no migration", I::MIGRATION_END_MISPLACED,
       [](Log& log) {
         log["ledger"].mutable_ledger_created()->mutable_command()->set_migrating(false);
       }},
      {"a loss of less than was kept", I::LOSS_WRONG,
       [](Log& log) { LossOf(log.Loss("loss", kLater, 0)).set_guard_size(5); }},
      {"a loss elsewhere", I::LOSS_WRONG,
       [](Log& log) {
         v1::Event& event = log.Loss("loss", kLater, 3);
         LossOf(event).set_kept_size(event.sequence() - 1);
       }},
      {"a loss by a phone", I::ID_PERSONAL,
       [](Log& log) { LossOf(log.Loss("loss", kLater, 3)).set_declared_by("13812345678"); }},
      {"a loss by nobody", I::ID_MALFORMED,
       [](Log& log) { LossOf(log.Loss("loss", kLater, 3)).clear_declared_by(); }},
      {"a loss for no reason", I::ID_MALFORMED,
       [](Log& log) { LossOf(log.Loss("loss", kLater, 3)).clear_reason_code(); }},
      {"a loss without the guard's hash", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { LossOf(log.Loss("loss", kLater, 3)).set_guard_sha256("g"); }},
      {"revoked", I::PRINCIPAL_REVOKED,
       [](Log& log) {
         log.Revoke("revoke", kLater, "till");
         log.Stock("stock2", kLater, 1);
       }},
      {"blank in a code", I::ID_MALFORMED,
       [](Log& log) {
         log["shop"].mutable_merchant_onboarded()->mutable_command()->set_kind("a bakery");
       }},
      {"no actor", I::ID_MALFORMED, [](Log& log) { log["finish"].clear_actor(); }},
      {"request id of 65", I::ID_MALFORMED,
       [](Log& log) { log["finish"].set_request_id(std::string(65, 'x')); }},
      {"record id", I::ID_MALFORMED,
       [](Log& log) {
         Log::Command(log["c5"]).set_record_id("c/5");
         log["c5"].set_request_id("c/5");
       }},
      {"mobile number", I::ID_PERSONAL, [](Log& log) { log.Volunteer("13812345678", kLater); }},
      {"resident number", I::ID_PERSONAL,
       [](Log& log) { log["finish"].set_actor("11010519491231002X"); }},
      {"headcount", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["community"].mutable_organisation_registered()->mutable_command()->set_headcount(
             10'000'001);
       }},
      {"cohort twice", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["an"].mutable_volunteer_registered()->mutable_command()->add_cohorts(v1::COHORT_PARTY);
       }},
      {"no age band", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["an"].mutable_volunteer_registered()->mutable_command()->clear_age_band();
       }},
      {"no role", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["till"].mutable_principal_registered()->mutable_command()->clear_roles();
       }},
      {"short key", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["till"].mutable_principal_registered()->mutable_command()->set_key_sha256("k");
       }},
      {"nothing received", I::VALUE_OUT_OF_RANGE, [](Log& log) { log.Stock("stock2", kLater, 0); }},
      {"stock of a billion", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { log.Stock("stock2", kLater, 1'000'000'000); }},
      {"recorded before 1970", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["ledger"].set_recorded_us(-5);
         log["ledger"].set_occurred_us(-5);
       }},
      {"child alone", I::GUARDIAN_CONSENT_MISSING,
       [](Log& log) {
         log["an"].mutable_volunteer_registered()->mutable_command()->set_age_band(
             v1::AGE_BAND_UNDER_14);
       }},
      {"organisation", I::REFERENCE_UNKNOWN,
       [](Log& log) { Crossing(log).set_organisation_id("nobody"); }},
      {"volunteer's organisation", I::REFERENCE_UNKNOWN,
       [](Log& log) {
         log["an"].mutable_volunteer_registered()->mutable_command()->set_organisation_id("no");
       }},
      {"volunteer", I::REFERENCE_UNKNOWN,
       [](Log& log) {
         log.Credit("c6", kLater, "cy", "crossing", {{"2021-06-05", 60, 0, 3, 12, 100, {}}});
       }},
      {"activity", I::REFERENCE_UNKNOWN,
       [](Log& log) { Log::Command(log["c5"]).set_activity_id("nothing"); }},
      {"session", I::REFERENCE_UNKNOWN,
       [](Log& log) { Log::Command(log["c5"]).set_session_id("nothing"); }},
      {"item", I::REFERENCE_UNKNOWN,
       [](Log& log) {
         log["stock"].mutable_stock_received()->mutable_command()->set_item_id("cake");
       }},
      {"merchant", I::REFERENCE_UNKNOWN, [](Log& log) { log.Item("cake", kLater, "nobody", 3); }},
      {"principal", I::REFERENCE_UNKNOWN, [](Log& log) { log.Revoke("revoke", kLater, "nobody"); }},
      {"principal's merchant", I::REFERENCE_UNKNOWN,
       [](Log& log) {
         auto& event = log.Principal("till2", kLater, v1::ROLE_MERCHANT);
         event.mutable_principal_registered()->mutable_command()->set_merchant_id("nobody");
       }},
      {"volunteer twice", I::REGISTERED_TWICE,
       [](Log& log) { Again(log.Volunteer("an", kLater)); }},
      {"activity twice", I::REGISTERED_TWICE,
       [](Log& log) { Again(log.Activity("visits", kLater, "elders")); }},
      {"merchant twice", I::REGISTERED_TWICE,
       [](Log& log) { Again(log.Merchant("shop", kLater)); }},
      {"item twice", I::REGISTERED_TWICE,
       [](Log& log) { Again(log.Item("tea", kLater, "kiosk", 1)); }},
      {"principal twice, though revoked", I::REGISTERED_TWICE,
       [](Log& log) {
         log.Revoke("revoke", kLater, "till");
         Again(log.Principal("till", kLater, v1::ROLE_MERCHANT));
       }},
  };
}

}  // namespace meritbook::audit
