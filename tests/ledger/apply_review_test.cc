// Events about what becomes of a record, changed: reviews, claw-backs, corrections.
#include <gtest/gtest.h>

#include "tests/ledger/mutation.h"

namespace meritbook {
namespace {

using E = v1::Event;

TEST(Apply, Reviews) {
  ExpectRefused({
      {"a review of nothing", E::kHoursReviewed, 0,
       [](E& e) {
         e.mutable_hours_reviewed()->mutable_command()->mutable_record()->set_record_id("r9");
       },
       "found.has_value()"},
      {"a review of another platform's", E::kHoursReviewed, 0,
       [](E& e) {
         e.set_scope(v1::REQUEST_SCOPE_SOURCE);
         e.set_source("web");
       },
       "event_.scope() != v1::REQUEST_SCOPE_SOURCE || event_.source() == ref.source()"},
      {"of another volunteer", E::kHoursReviewed, 0,
       [](E& e) { e.mutable_hours_reviewed()->set_volunteer_id("ann"); },
       "state_.volunteers()[volunteer].id == volunteer_id"},
      {"of what was credited", E::kHoursReviewed, 0,
       [](E& e) {
         e.mutable_hours_reviewed()->mutable_command()->mutable_record()->set_record_id("s1");
       },
       "record.waits()"},
      {"by who submitted it", E::kHoursReviewed, 0, [](E& e) { e.set_actor("app"); },
       "state_.names()[record.submitted_by].id != event_.actor()"},
      {"a dispute settled by who began it", E::kHoursReviewed, 3, [](E& e) { e.set_actor("mei"); },
       "disputed_by"},
      {"by herself", E::kHoursReviewed, 0, [](E& e) { e.set_actor("eves"); },
       "!ActorIs(state_.Survivor(record.volunteer))"},
      {"without a verdict", E::kHoursReviewed, 0,
       [](E& e) { e.mutable_hours_reviewed()->mutable_command()->clear_verdict(); },
       "verdict == v1::VERDICT_APPROVE || verdict == v1::VERDICT_REJECT"},
      {"approved for nothing", E::kHoursReviewed, 0,
       [](E& e) { e.mutable_hours_reviewed()->clear_credit(); },
       "reviewed.has_credit() == (shall_count && !counts)"},
      {"turned down and credited", E::kHoursReviewed, 0,
       [](E& e) { e.mutable_hours_reviewed()->mutable_command()->set_verdict(v1::VERDICT_REJECT); },
       "reviewed.has_credit() == (shall_count && !counts)"},
      {"turned down and clawed back", E::kHoursReviewed, 2,
       [](E& e) { e.mutable_hours_reviewed()->mutable_claw_back(); },
       "reviewed.has_claw_back() == (!shall_count && counts)"},
      {"overturned for nothing", E::kHoursReviewed, 3,
       [](E& e) { e.mutable_hours_reviewed()->clear_claw_back(); },
       "reviewed.has_claw_back() == (!shall_count && counts)"},
      {"a dispute of what waits", E::kHoursDisputed, 0,
       [](E& e) {
         e.mutable_hours_disputed()->mutable_command()->mutable_record()->set_record_id("w2");
         e.mutable_hours_disputed()->set_volunteer_id("eve");
         e.mutable_hours_disputed()->mutable_command()->mutable_record()->set_record_id("r9");
       },
       "found.has_value()"},
      {"a dispute of another's", E::kHoursDisputed, 0,
       [](E& e) { e.mutable_hours_disputed()->set_volunteer_id("eve"); },
       "state_.volunteers()[volunteer].id == volunteer_id"},

      // Claw-backs.
      {"less clawed back", E::kHoursReviewed, 3,
       [](E& e) {
         auto* lot = e.mutable_hours_reviewed()->mutable_claw_back()->mutable_available(0);
         lot->set_units(lot->units() - 1);
       },
       "SumOf(claw_back) == before.units()"},
      {"more clawed back", E::kHoursReviewed, 3,
       [](E& e) { e.mutable_hours_reviewed()->mutable_claw_back()->set_debt_units(1); },
       "SumOf(claw_back) == before.units()"},
      {"debt though there is enough", E::kHoursReviewed, 3,
       [](E& e) {
         auto* claw_back = e.mutable_hours_reviewed()->mutable_claw_back();
         claw_back->set_debt_units(1);
         claw_back->mutable_available(0)->set_units(claw_back->available(0).units() - 1);
       },
       "taken"},
      {"from a lot that there isn't", E::kHoursReviewed, 3,
       [](E& e) {
         e.mutable_hours_reviewed()
             ->mutable_claw_back()
             ->mutable_available(0)
             ->set_expiry_day_number(99999);
       },
       "taken"},
      {"from what had not lapsed", E::kHoursReviewed, 3,
       [](E& e) {
         auto* claw_back = e.mutable_hours_reviewed()->mutable_claw_back();
         claw_back->mutable_expired()->Swap(claw_back->mutable_available());
       },
       "taken"},
      {"from what was not forfeited", E::kHoursReviewed, 3,
       [](E& e) {
         auto* claw_back = e.mutable_hours_reviewed()->mutable_claw_back();
         claw_back->mutable_forfeited()->Swap(claw_back->mutable_available());
       },
       "taken"},
      {"from what is not pending", E::kHoursReviewed, 3,
       [](E& e) {
         auto* claw_back = e.mutable_hours_reviewed()->mutable_claw_back();
         *claw_back->add_pending()->mutable_lot() = claw_back->available(0);
         claw_back->clear_available();
       },
       "taken"},
      {"below zero", E::kHoursReviewed, 3,
       [](E& e) {
         auto* claw_back = e.mutable_hours_reviewed()->mutable_claw_back();
         claw_back->set_debt_units(-1);
         claw_back->mutable_available(0)->set_units(claw_back->available(0).units() + 1);
       },
       "taken"},
      {"a credit's pending units left behind", E::kHoursCorrected, 1,
       [](E& e) {
         auto* claw_back = e.mutable_hours_corrected()->mutable_claw_back();
         claw_back->mutable_available(0)->set_units(claw_back->available(0).units() +
                                                    claw_back->pending(0).lot().units());
         claw_back->clear_pending();
       },
       "taken"},

      // Revocations.
      {"a revocation of what was revoked", E::kHoursRevoked, 1,
       [](E& e) {
         e.mutable_hours_revoked()->mutable_command()->mutable_record()->set_record_id("r1");
       },
       "change->revoke_hours().SerializeAsString() == revoked.command().SerializeAsString()"},
      {"a revocation of what doesn't count", E::kHoursRevoked, 0,
       [](E& e) {
         e.mutable_hours_revoked()->mutable_command()->mutable_record()->set_record_id("r2");
       },
       "before.state == v1::RECORD_STATE_APPROVED"},
      {"a revocation by herself", E::kHoursRevoked, 0,
       [](E& e) {
         e.set_actor("eves");
         e.mutable_hours_revoked()->mutable_command()->mutable_record()->set_record_id("s1");
         e.mutable_hours_revoked()->set_volunteer_id("eve");
       },
       "!ActorIs"},

      // Corrections.
      {"a correction of an award", E::kHoursCorrected, 0,
       [](E& e) {
         e.mutable_hours_corrected()->mutable_command()->mutable_record()->set_record_id("w1");
         e.mutable_hours_corrected()->set_volunteer_id("eve");
       },
       "is_award()"},
      {"a correction for somebody else", E::kHoursCorrected, 0,
       [](E& e) {
         e.mutable_hours_corrected()->mutable_command()->mutable_replacement()->set_volunteer_id(
             "eve");
       },
       "record.volunteer == volunteer_index"},
      {"under an id that there is", E::kHoursCorrected, 0,
       [](E& e) {
         e.mutable_hours_corrected()->mutable_command()->mutable_replacement()->set_record_id("r3");
       },
       "state_.records().Find(record.id) == nullptr"},
      {"another correction than the approved one", E::kHoursCorrected, 1,
       [](E& e) {
         e.mutable_hours_corrected()->mutable_command()->mutable_replacement()->set_record_id("c9");
       },
       "change->correct_hours().SerializeAsString() == command.SerializeAsString()"},
      {"less returned", E::kHoursCorrected, 1,
       [](E& e) {
         auto* lot = e.mutable_hours_corrected()->mutable_returned()->mutable_available(0);
         lot->set_units(lot->units() - 1);
       },
       "returned == std::min(old_units, UnitsOf(credit))"},
      {"returned elsewhere", E::kHoursCorrected, 1,
       [](E& e) {
         e.mutable_hours_corrected()
             ->mutable_returned()
             ->mutable_available(0)
             ->set_expiry_day_number(99999);
       },
       "expected.SerializeAsString() == corrected.returned().SerializeAsString()"},
      {"an excess that flows nowhere", E::kHoursCorrected, 0,
       [](E& e) { e.mutable_hours_corrected()->mutable_credit()->clear_inflow(); },
       "credit.has_inflow() == (excess > 0)"},
      {"an inflow without an excess", E::kHoursCorrected, 1,
       [](E& e) { e.mutable_hours_corrected()->mutable_credit()->mutable_inflow(); },
       "credit.has_inflow() == (excess > 0)"},
      {"maturity without an excess", E::kHoursCorrected, 1,
       [](E& e) { e.mutable_hours_corrected()->mutable_credit()->set_matures_day_number(99999); },
       "!credit.has_matures_day_number()"},
      {"another excess", E::kHoursCorrected, 0,
       [](E& e) {
         auto* lot =
             e.mutable_hours_corrected()->mutable_credit()->mutable_inflow()->mutable_lots(0);
         lot->set_units(lot->units() + 1);
       },
       "LotsOf(credit.inflow().lots()) == LotsAfter(credit, returned)"},
      {"an excess that repays debt before it matures", E::kHoursCorrected, 0,
       [](E& e) {
         e.mutable_hours_corrected()->mutable_credit()->mutable_inflow()->set_debt_repaid_units(1);
       },
       "credit.inflow().debt_repaid_units() == 0"},
      {"an excess that matured already", E::kHoursCorrected, 0,
       [](E& e) { e.mutable_hours_corrected()->mutable_credit()->set_matures_day_number(1); },
       "credit.matures_day_number() > Today()"},
  });
}

}  // namespace
}  // namespace meritbook
