// Events about points, changed.
#include <gtest/gtest.h>

#include "tests/ledger/mutation.h"

namespace meritbook {
namespace {

using E = v1::Event;

TEST(Apply, Points) {
  ExpectRefused({
      {"a lapse before its time", E::kPointsExpired, 0,
       [](E& e) {
         e.mutable_points_expired()->mutable_lots(0)->set_expiry_day_number(
             e.points_expired().lots(0).expiry_day_number() + 31);
       },
       "KeyOf(lot).expiry < Today()"},
      {"a lapse of what never lapses", E::kPointsExpired, 0,
       [](E& e) { e.mutable_points_expired()->mutable_lots(0)->clear_expiry_day_number(); },
       "KeyOf(lot).expiry < Today()"},
      {"a lapse of a part", E::kPointsExpired, 0,
       [](E& e) { e.mutable_points_expired()->mutable_lots(0)->set_units(1); },
       "whole == Lot{KeyOf(lot), lot.units()}"},
      {"a lapse of more than there is", E::kPointsExpired, 0,
       [](E& e) {
         e.mutable_points_expired()->mutable_lots(0)->set_units(e.points_expired().lots(0).units() +
                                                                1);
       },
       "whole == Lot{KeyOf(lot), lot.units()}"},
      {"a lapse of nothing", E::kPointsExpired, 0,
       [](E& e) { e.mutable_points_expired()->clear_lots(); }, "expired.lots_size() == 1"},

      {"a maturity before its day", E::kPointsMatured, 0,
       [](E& e) { e.mutable_points_matured()->set_matures_day_number(99999); }, "day <= Today()"},
      {"a maturity of another day", E::kPointsMatured, 0,
       [](E& e) {
         e.mutable_points_matured()->set_matures_day_number(
             e.points_matured().matures_day_number() - 1);
       },
       "!due.empty()"},
      {"a maturity of a part", E::kPointsMatured, 0,
       [](E& e) {
         auto* lot = e.mutable_points_matured()->mutable_pending(0);
         lot->set_units(lot->units() - 1);
       },
       "due == LotsOf(matured.pending())"},
      {"a maturity that flows elsewhere", E::kPointsMatured, 0,
       [](E& e) {
         auto* lot = e.mutable_points_matured()->mutable_inflow()->mutable_lots(0);
         lot->set_units(lot->units() - 1);
       },
       "SumOf(inflow.lots()) == units - inflow.debt_repaid_units()"},
      {"a maturity that flows nowhere", E::kPointsMatured, 0,
       [](E& e) { e.mutable_points_matured()->clear_inflow(); },
       "SumOf(inflow.lots()) == units - inflow.debt_repaid_units()"},
      {"a lot twice", E::kPointsMatured, 0,
       [](E& e) {
         auto* inflow = e.mutable_points_matured()->mutable_inflow();
         auto* lot = inflow->mutable_lots(0);
         lot->set_units(lot->units() - 1);
         *inflow->add_lots() = *lot;
         inflow->mutable_lots(1)->set_units(1);
       },
       "IsSorted(inflow.lots())"},
      {"an empty lot", E::kPointsMatured, 0,
       [](E& e) { e.mutable_points_matured()->mutable_inflow()->add_lots(); },
       "IsSorted(inflow.lots())"},
      {"a debt repaid that there isn't", E::kPointsMatured, 0,
       [](E& e) { e.mutable_points_matured()->mutable_inflow()->set_debt_repaid_units(1); },
       "inflow.debt_repaid_units() =="},
      {"forfeited by somebody who stays", E::kPointsMatured, 0,
       [](E& e) { e.mutable_points_matured()->mutable_inflow()->add_forfeited()->set_units(1); },
       "inflow.forfeited().empty()"},
      {"a maturity of nobody's", E::kPointsMatured, 0,
       [](E& e) { e.mutable_points_matured()->set_volunteer_id("bob"); }, "!due.empty()"},

      {"another adjustment than the approved one", E::kPointsAdjusted, 0,
       [](E& e) { e.mutable_points_adjusted()->mutable_command()->set_units(60001); },
       "Approved()->adjust_points().SerializeAsString() == command.SerializeAsString()"},
      {"an adjustment that flows elsewhere", E::kPointsAdjusted, 0,
       [](E& e) {
         e.mutable_points_adjusted()->mutable_inflow()->mutable_lots(0)->set_units(60001);
       },
       "LotsOf(inflow.lots()) == lots"},
      {"an adjustment until another day", E::kPointsAdjusted, 0,
       [](E& e) {
         e.mutable_points_adjusted()->mutable_inflow()->mutable_lots(0)->set_expiry_day_number(
             99999);
       },
       "LotsOf(inflow.lots()) == lots"},
      {"a reinstatement without its grace", E::kPointsReinstated, 0,
       [](E& e) {
         e.mutable_points_reinstated()->mutable_inflow()->mutable_lots(0)->set_graced(false);
       },
       "LotsOf(inflow.lots()) == lots"},
      {"an opening balance until another day", E::kOpeningBalanceLoaded, 0,
       [](E& e) {
         e.mutable_opening_balance_loaded()
             ->mutable_inflow()
             ->mutable_lots(0)
             ->set_expiry_day_number(99999);
       },
       "LotsOf(inflow.lots()) == lots"},
      {"an adjustment that takes, too", E::kPointsAdjusted, 0,
       [](E& e) { e.mutable_points_adjusted()->add_taken()->set_units(1); },
       "adjusted.taken().empty()"},
      {"an adjustment that flows nowhere", E::kPointsAdjusted, 0,
       [](E& e) { e.mutable_points_adjusted()->clear_inflow(); },
       "adjusted.has_inflow() == (command.units() > 0)"},
      {"an adjustment that takes less", E::kPointsAdjusted, 1,
       [](E& e) {
         auto* lot = e.mutable_points_adjusted()->mutable_taken(0);
         lot->set_units(lot->units() - 1);
       },
       "first == LotsOf(taken)"},
      {"an adjustment by herself", E::kPointsAdjusted, 0, [](E& e) { e.set_actor("li"); },
       "Key() == open->key"},

      {"another reinstatement than the approved one", E::kPointsReinstated, 0,
       [](E& e) { e.mutable_points_reinstated()->mutable_command()->set_units(60001); },
       "Approved()->reinstate_points().SerializeAsString() == command.SerializeAsString()"},
      {"a reinstatement that flows elsewhere", E::kPointsReinstated, 0,
       [](E& e) {
         e.mutable_points_reinstated()->mutable_inflow()->mutable_lots(0)->set_units(60001);
       },
       "LotsOf(inflow.lots()) == lots"},

      {"a donation to nobody", E::kPointsDonated, 0,
       [](E& e) { e.mutable_points_donated()->mutable_command()->set_cause_id("blackcross"); },
       "cause != nullptr"},
      {"a donation to a team", E::kPointsDonated, 0,
       [](E& e) { e.mutable_points_donated()->mutable_command()->set_cause_id("o1"); },
       "cause->kind == v1::ORGANISATION_KIND_CAUSE"},
      {"a donation of other points", E::kPointsDonated, 0,
       [](E& e) { e.mutable_points_donated()->set_units(e.points_donated().units() + 1); },
       "donated.units() == int64_t{command.points()} * kUnitsPerPoint"},
      {"a donation from a later lot", E::kPointsDonated, 0,
       [](E& e) { e.mutable_points_donated()->mutable_lots(0)->set_expiry_day_number(99999); },
       "first == LotsOf(taken)"},
      {"a donation of nothing", E::kPointsDonated, 0,
       [](E& e) {
         e.mutable_points_donated()->set_units(0);
         e.mutable_points_donated()->mutable_command()->set_points(0);
       },
       "donated.units() > 0"},

      {"another opening balance", E::kOpeningBalanceLoaded, 0,
       [](E& e) {
         e.mutable_opening_balance_loaded()->mutable_balance()->set_credited_minutes(61);
       },
       "loaded.balance().SerializeAsString() == change.balances(row).SerializeAsString()"},
      {"an opening balance of another file", E::kOpeningBalanceLoaded, 0,
       [](E& e) { e.mutable_opening_balance_loaded()->set_file_sha256("x"); },
       "loaded.file_sha256() == change.file_sha256()"},
      {"opening balances out of order", E::kOpeningBalanceLoaded, 0,
       [](E& e) { e.mutable_opening_balance_loaded()->mutable_balance()->set_volunteer_id("eve"); },
       "loaded.balance().SerializeAsString() == change.balances(row).SerializeAsString()"},
      {"an opening balance that flows elsewhere", E::kOpeningBalanceLoaded, 0,
       [](E& e) {
         e.mutable_opening_balance_loaded()->mutable_inflow()->mutable_lots(0)->set_units(1);
       },
       "LotsOf(inflow.lots()) == lots"},

      {"a lot kept by a closed account", E::kVolunteerClosed, 0,
       [](E& e) { e.mutable_volunteer_closed()->clear_available(); },
       "volunteer.lots == LotsOf(closed.available())"},
      {"pending points kept by a closed account", E::kVolunteerClosed, 0,
       [](E& e) { e.mutable_volunteer_closed()->clear_pending(); },
       "pending.size() == static_cast<size_t>(closed.pending_size())"},
      {"other pending points", E::kVolunteerClosed, 0,
       [](E& e) {
         auto* lot = e.mutable_volunteer_closed()->mutable_pending(0)->mutable_lot();
         lot->set_units(lot->units() - 1);
       },
       "found->second == entry.lot().units()"},
      {"pending points of another day", E::kVolunteerClosed, 0,
       [](E& e) {
         e.mutable_volunteer_closed()->mutable_pending(0)->set_matures_day_number(99999);
       },
       "found != pending.end()"},

      {"another merger than the approved one", E::kVolunteersMerged, 0,
       [](E& e) { e.mutable_volunteers_merged()->mutable_command()->set_survivor_id("ann"); },
       "Approved()->merge_volunteers().SerializeAsString() == command.SerializeAsString()"},
      {"a merger of other pending points", E::kVolunteersMerged, 0,
       [](E& e) {
         e.mutable_volunteers_merged()->set_pending_units(e.volunteers_merged().pending_units() +
                                                          1);
       },
       "merged.pending_units() == ending.pending_units"},
      {"a merger of other points", E::kVolunteersMerged, 0,
       [](E& e) { e.mutable_volunteers_merged()->set_available_units(1); },
       "merged.available_units() == ending.available_units"},
      {"a merger of held points", E::kVolunteersMerged, 0,
       [](E& e) { e.mutable_volunteers_merged()->set_held_units(1); },
       "merged.held_units() == ending.held_units"},
      {"a merger of debt", E::kVolunteersMerged, 0,
       [](E& e) { e.mutable_volunteers_merged()->set_debt_units(-1); },
       "merged.debt_units() == ending.debt_units"},
      {"a merger that repays debt that there isn't", E::kVolunteersMerged, 0,
       [](E& e) { e.mutable_volunteers_merged()->add_debt_repaid()->set_units(1); },
       "taken == LotsOf(merged.debt_repaid())"},
  });
}

}  // namespace
}  // namespace meritbook
