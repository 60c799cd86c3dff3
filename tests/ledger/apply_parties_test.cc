// Events about the ledger, its rules, the people and what they take part in, changed.
#include <gtest/gtest.h>

#include "tests/ledger/mutation.h"

namespace meritbook {
namespace {

using E = v1::Event;

TEST(Apply, Parties) {
  ExpectRefused({
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
         e.mutable_rule_published()
             ->mutable_command()
             ->mutable_earning()
             ->mutable_rates(0)
             ->set_points_per_hour(4'000'000'000);
       },
       "rate.points_per_hour() <= kPointsPerHourMax"},
      {"a percentage beyond all limits", E::kRulePublished, 0,
       [](E& e) {
         e.mutable_rule_published()
             ->mutable_command()
             ->mutable_earning()
             ->mutable_rates(0)
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
       "organisation.has_value()"},
      {"a session of nothing", E::kSessionRegistered, 0,
       [](E& e) { e.mutable_session_registered()->mutable_command()->set_activity_id("parade"); },
       "activity.has_value()"},
      {"a session on no day", E::kSessionRegistered, 0,
       [](E& e) { e.mutable_session_registered()->mutable_command()->set_service_day("today"); },
       "day.has_value()"},

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

      {"the frozen freed twice", E::kVolunteerUnfrozen, 0,
       [](E& e) { e.mutable_volunteer_unfrozen()->mutable_command()->set_volunteer_id("ann"); },
       "state_.volunteers()[*index].frozen"},
      {"a roster of nobody", E::kRosterSet, 0,
       [](E& e) { e.mutable_roster_set()->mutable_command()->set_organisation_id("o9"); },
       "index.has_value()"},
      {"an activity twice", E::kActivitySubmitted, 0,
       [](E& e) { e.mutable_activity_submitted()->mutable_command()->set_activity_id("fair"); },
       "!state_.activities().Find"},
      {"an activity submitted by nobody", E::kActivitySubmitted, 0,
       [](E& e) { e.mutable_activity_submitted()->mutable_command()->set_organisation_id("o9"); },
       "organisation.has_value()"},
      {"a review of nothing", E::kActivityReviewed, 0,
       [](E& e) { e.mutable_activity_reviewed()->mutable_command()->set_activity_id("fete"); },
       "index.has_value()"},
      {"a review of what is open", E::kActivityReviewed, 0,
       [](E& e) { e.mutable_activity_reviewed()->mutable_command()->set_activity_id("patrol"); },
       "activity.state == ActivityState::kWaiting"},
      {"a review by who submitted it", E::kActivityReviewed, 0, [](E& e) { e.set_actor("app"); },
       "state_.names()[activity.submitted_by].id != event_.actor()"},
      {"a review without a verdict", E::kActivityReviewed, 0,
       [](E& e) { e.mutable_activity_reviewed()->mutable_command()->clear_verdict(); },
       "verdict == v1::VERDICT_APPROVE || verdict == v1::VERDICT_REJECT"},
      {"an end of nothing", E::kActivityClosed, 0,
       [](E& e) { e.mutable_activity_closed()->mutable_command()->set_activity_id("fete"); },
       "index.has_value()"},
      {"an end of what was called off", E::kChangeProposed, 0,
       [](E& e) {
         e.set_kind(v1::COMMAND_KIND_CLOSE_ACTIVITY);
         e.mutable_activity_closed()->mutable_command()->set_activity_id("march");
       },
       "state_.activities()[*index].state == ActivityState::kOpen"},
      {"nothing called off", E::kActivityCancelled, 0,
       [](E& e) { e.mutable_activity_cancelled()->mutable_command()->set_activity_id("fete"); },
       "index.has_value()"},
      {"called off twice", E::kChangeProposed, 0,
       [](E& e) {
         e.set_kind(v1::COMMAND_KIND_CANCEL_ACTIVITY);
         e.mutable_activity_cancelled()->mutable_command()->set_activity_id("march");
       },
       "before != ActivityState::kCancelled"},
      {"a session of what was called off", E::kChangeProposed, 0,
       [](E& e) {
         e.set_kind(v1::COMMAND_KIND_REGISTER_SESSION);
         auto* command = e.mutable_session_registered()->mutable_command();
         command->set_session_id("s9");
         command->set_activity_id("march");
       },
       "state_.activities()[*activity].state == ActivityState::kOpen"},
      {"an award beyond all limits", E::kRulePublished, 1,
       [](E& e) {
         e.mutable_rule_published()
             ->mutable_command()
             ->mutable_earning()
             ->mutable_awards(0)
             ->set_points_max(4'000'000'000);
       },
       "award.points_max() <= kAwardPointsMax"},
      {"a rule before another", E::kRulePublished, 1,
       [](E& e) {
         e.mutable_rule_published()->mutable_command()->set_effective_from_day("2020-12-31");
       },
       "rules.empty() || rules.back().effective_from <= *day"},

      // Two people.
      {"a proposal twice", E::kChangeProposed, 1,
       [](E& e) { e.mutable_change_proposed()->mutable_command()->set_proposal_id("g1"); },
       "!state_.proposals().Find"},
      {"a proposal of nothing", E::kChangeProposed, 1,
       [](E& e) { e.mutable_change_proposed()->mutable_command()->clear_change(); },
       "proposed.command().change_case() != v1::ProposeChange::CHANGE_NOT_SET"},
      {"an approval of nothing", E::kChangeApproved, 0,
       [](E& e) { e.mutable_change_approved()->mutable_command()->set_proposal_id("x9"); },
       "index.has_value()"},
      {"an approval of what was approved", E::kChangeApproved, 1,
       [](E& e) { e.mutable_change_approved()->mutable_command()->set_proposal_id("g1"); },
       "proposal.open"},
      {"an approval by who proposed it", E::kChangeApproved, 0, [](E& e) { e.set_actor("lin"); },
       "approved.proposed_by() != event_.actor()"},
      {"another proposer", E::kChangeApproved, 0,
       [](E& e) { e.mutable_change_approved()->set_proposed_by("li"); },
       "approved.proposed_by() == state_.names()[proposal.proposed_by].id"},
      {"nothing turned down", E::kChangeRejected, 0,
       [](E& e) { e.mutable_change_rejected()->mutable_command()->set_proposal_id("x9"); },
       "index.has_value()"},
      {"turned down what was approved", E::kChangeRejected, 0,
       [](E& e) { e.mutable_change_rejected()->mutable_command()->set_proposal_id("g1"); },
       "state_.proposals()[*index].open"},
  });
}

}  // namespace
}  // namespace meritbook
