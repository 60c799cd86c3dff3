// Random commands: rules, parties, activities, proposals.
#include <algorithm>

#include "ledger/text.h"
#include "tests/ledger/property_world.h"

namespace meritbook::property {
namespace {

// The ids of a table's rows that fit.
template <typename Table, typename Fits>
std::vector<std::string> IdsOf(const Table& table, const Fits& fits) {
  std::vector<std::string> ids;
  for (const auto& [id, row] : table) {
    if (fits(row)) ids.push_back(id);
  }
  return ids;
}

}  // namespace

std::string World::AnyVolunteer() {
  return chances_.Percent(95) ? chances_.Id("v", 4) : chances_.Id("v", 6);
}

std::string World::Owner() {
  const auto several =
      IdsOf(model_.volunteers, [](const auto& row) { return row.lots.size() > 1; });
  if (!several.empty() && chances_.Percent(35)) return chances_.From(several);
  const auto some = IdsOf(model_.volunteers, [](const auto& row) { return !row.lots.empty(); });
  return !some.empty() && chances_.Percent(60) ? chances_.From(some) : AnyVolunteer();
}

std::string World::Debtor() {
  const auto some = IdsOf(model_.volunteers, [](const auto& row) { return row.debt_units > 0; });
  return !some.empty() && chances_.Percent(80) ? chances_.From(some) : AnyVolunteer();
}

std::string World::AnyActivity() {
  const auto known = IdsOf(model_.activities, [](const auto&) { return true; });
  return !known.empty() && chances_.Percent(95) ? chances_.From(known) : chances_.Id("a", 9);
}

std::string World::AnyDay(int64_t from, uint32_t days) {
  return DayText(NowUs() / kDayUs + from + chances_.Below(days));
}

World::Made World::Rule(bool first) {
  auto rule = std::make_shared<v1::PublishRule>();
  const int64_t day = first ? start_us_ / kDayUs - 15 : NowUs() / kDayUs - 20 + chances_.Below(25);
  rule->set_effective_from_day(DayText(day));
  v1::EarningRule& earning = *rule->mutable_earning();
  for (uint32_t i = 0; i < 2; ++i) {
    v1::CategoryRate* rate = earning.add_rates();
    rate->set_category(Text("c", i));
    rate->set_points_per_hour(first ? 25 + 5 * i : 1 + chances_.Below(40));
    rate->set_percentage(first ? 100 : 50 + chances_.Below(100));
  }
  earning.set_recording_unit_minutes(chances_.Of({1u, 15u, 15u, 15u, 30u}));
  earning.set_credited_minutes_per_day(chances_.Of({60u, 100u, 480u, 480u, 1440u}));
  earning.set_backdating_days(chances_.Of({0u, 3u, 30u, 30u, 30u, 3660u}));
  earning.set_auto_minutes_per_day(chances_.Of({0u, 120u, 480u, 1440u, 1440u, 1440u}));
  earning.set_maturity_days(chances_.Of({0u, 0u, 0u, 1u, 4u, 12u}));
  if (chances_.Percent(35)) {
    earning.set_credited_minutes_per_month(chances_.Of({60u, 500u, 1000u}));
  }
  if (chances_.Percent(35)) {
    earning.set_credited_minutes_per_activity(chances_.Of({60u, 300u, 900u}));
  }
  earning.set_backfill_earns(chances_.Percent(50));
  for (uint32_t i = 0; i < 2; ++i) {
    if (chances_.Percent(15)) continue;
    v1::AwardRate* award = earning.add_awards();
    award->set_award(Text("w", i));
    award->set_points_max(60 + 60 * i);
    award->set_times_per_year(1 + chances_.Below(2));
  }
  v1::ExpiryRule& expiry = *rule->mutable_expiry();
  switch (chances_.Below(6)) {
    case 0:
      expiry.mutable_never();
      break;
    case 1:
      expiry.set_year_end_grace_days(chances_.Of({0u, 1u, 60u, 366u}));
      break;
    default:
      expiry.set_rolling_months(chances_.Of({1u, 1u, 2u}));
      break;
  }
  expiry.set_from_crediting(chances_.Percent(20));
  expiry.set_grace_days(chances_.Of({0u, 0u, 3u, 10u, 40u}));
  if (chances_.Percent(60)) {
    v1::ReviewRule& review = *rule->mutable_review();
    if (chances_.Percent(50)) review.set_late_submission_days(chances_.Of({0u, 2u, 20u}));
    if (chances_.Percent(50)) review.set_revocation_points_max(chances_.Of({0u, 50u, 300u}));
    if (chances_.Percent(50)) review.set_late_correction_days(chances_.Of({0u, 3u, 30u}));
  }
  if (chances_.Percent(96)) SetMall(rule.get(), first);
  if (chances_.Percent(10)) {
    rule->add_star_hours(10);
    rule->add_star_hours(chances_.Percent(80) ? 20 : 10);
  }
  return rule;
}

void World::SetMall(v1::PublishRule* rule, bool first) {
  v1::MallRule& mall = *rule->mutable_mall();
  mall.set_hold_seconds_max(chances_.Of({7200u, 86'400u, 604'800u, 604'800u}));
  if (chances_.Percent(85)) mall.set_voucher_days_max(chances_.Of({1u, 3u, 10u, 40u}));
  mall.set_offline_grace_minutes(chances_.Of({0u, 1'440u, 10'000u, 40'000u}));
  if (chances_.Percent(35)) mall.set_refund_days(chances_.Of({0u, 3u, 30u, 30u}));
  if (chances_.Percent(12)) mall.set_volunteer_orders_per_day(chances_.Of({1u, 3u}));
  if (chances_.Percent(12)) mall.set_volunteer_points_per_day(chances_.Of({20u, 200u}));
  if (chances_.Percent(8)) mall.set_merchant_orders_per_day(chances_.Of({2u, 5u}));
  if (chances_.Percent(50)) mall.set_open_amount_fen_per_point(chances_.Of({0u, 5u, 100u}));
  if (chances_.Percent(50)) mall.set_statement_close_days(chances_.Of({1u, 5u, 15u}));
  if (!first && chances_.Percent(3)) mall.set_hold_seconds_max(9);
}

World::Made World::VolunteerNamed(const std::string& id, v1::AgeBand age_band) const {
  auto volunteer = std::make_shared<v1::RegisterVolunteer>();
  volunteer->set_volunteer_id(id);
  volunteer->set_age_band(age_band);
  volunteer->set_guardian_consent(age_band == v1::AGE_BAND_UNDER_14);
  return volunteer;
}

World::Made World::Volunteer() {
  auto volunteer = std::make_shared<v1::RegisterVolunteer>();
  volunteer->set_volunteer_id(chances_.Percent(60) ? chances_.Of({"v4", "v5"})
                                                   : chances_.Id("v", 6));
  volunteer->set_age_band(chances_.Percent(15) ? v1::AGE_BAND_UNDER_14 : v1::AGE_BAND_60_PLUS);
  volunteer->set_guardian_consent(chances_.Percent(50));
  if (chances_.Percent(40)) volunteer->set_organisation_id(chances_.Id("o", 3));
  return volunteer;
}

World::Made World::Freeze() {
  auto freeze = std::make_shared<v1::FreezeVolunteer>();
  freeze->set_volunteer_id(AnyVolunteer());
  freeze->set_reason_code("audit");
  return freeze;
}

World::Made World::Unfreeze() {
  auto unfreeze = std::make_shared<v1::UnfreezeVolunteer>();
  const auto frozen = IdsOf(model_.volunteers, [](const auto& row) { return row.frozen; });
  if (frozen.empty() && chances_.Percent(60)) return Freeze();
  unfreeze->set_volunteer_id(!frozen.empty() && chances_.Percent(85) ? chances_.From(frozen)
                                                                     : AnyVolunteer());
  unfreeze->set_reason_code("done");
  return unfreeze;
}

World::Made World::Close() {
  auto close = std::make_shared<v1::CloseVolunteer>();
  close->set_volunteer_id(Owner());
  close->set_reason(v1::CLOSE_REASON_MOVED);
  return close;
}

World::Made World::Organisation(const std::string& id) const {
  auto organisation = std::make_shared<v1::RegisterOrganisation>();
  organisation->set_organisation_id(id);
  organisation->set_kind(id == "cause" ? v1::ORGANISATION_KIND_CAUSE : v1::ORGANISATION_KIND_TEAM);
  return organisation;
}

World::Made World::Roster() {
  auto roster = std::make_shared<v1::SetRoster>();
  roster->set_organisation_id(chances_.Id("o", 3));
  roster->set_headcount(chances_.Below(50));
  return roster;
}

World::Made World::Activity(bool submitted) {
  v1::RegisterActivity activity;
  activity.set_activity_id(chances_.Id("a", 8));
  activity.set_organisation_id(chances_.Percent(85) ? "o1" : chances_.Id("o", 3));
  activity.set_category(chances_.Percent(90) ? chances_.Id("c", 2) : "c2");
  activity.set_starts_us(NowUs() - chances_.Below(20) * kDayUs);
  if (chances_.Percent(40)) activity.set_ends_us(activity.starts_us() + 30 * kDayUs);
  if (chances_.Percent(3)) activity.set_ends_us(activity.starts_us());
  if (chances_.Percent(50)) activity.set_capacity(1 + chances_.Below(2));
  if (!submitted) return std::make_shared<v1::RegisterActivity>(activity);
  auto submit = std::make_shared<v1::SubmitActivity>();
  submit->ParseFromString(activity.SerializeAsString());  // the fields are the same
  return submit;
}

World::Made World::ReviewActivity() {
  auto review = std::make_shared<v1::ReviewActivity>();
  const auto waiting = IdsOf(model_.activities, [](const auto& row) {
    return row.state == model::ActivityState::kWaiting;
  });
  if (waiting.empty() && chances_.Percent(80)) return Activity(true);
  review->set_activity_id(!waiting.empty() && chances_.Percent(85) ? chances_.From(waiting)
                                                                   : AnyActivity());
  review->set_verdict(chances_.Percent(70) ? v1::VERDICT_APPROVE : v1::VERDICT_REJECT);
  review->set_reason_code("seen");
  return review;
}

World::Made World::CloseActivity() {
  auto close = std::make_shared<v1::CloseActivity>();
  close->set_activity_id(AnyActivity());
  return close;
}

World::Made World::CancelActivity() {
  auto cancel = std::make_shared<v1::CancelActivity>();
  cancel->set_activity_id(AnyActivity());
  cancel->set_reason_code("storm");
  return cancel;
}

World::Made World::Session() {
  auto session = std::make_shared<v1::RegisterSession>();
  session->set_session_id(chances_.Id("s", 9));
  session->set_activity_id(chances_.Percent(80) ? chances_.Id("a", 2) : AnyActivity());
  const int64_t start_us = NowUs() - NowUs() % kHourUs - chances_.Below(72) * kHourUs;
  session->set_service_day(DayText(start_us / kDayUs));
  session->set_starts_us(start_us);
  session->set_ends_us(start_us + 2 * kHourUs);
  if (chances_.Percent(4)) session->set_ends_us(start_us);
  return session;
}

World::Made World::Principal() {
  auto principal = std::make_shared<v1::RegisterPrincipal>();
  principal->set_principal_id(chances_.Id("p", 4));
  principal->add_roles(v1::ROLE_COMMITTEE);
  principal->set_key_sha256(std::string(32, 'k'));
  if (chances_.Percent(15)) principal->set_merchant_id(chances_.Id("m", 3));
  if (chances_.Percent(75)) {
    principal->set_volunteer_id(chances_.Percent(70) ? chances_.Id("v", 2) : chances_.Id("v", 6));
  }
  return principal;
}

World::Made World::RevokePrincipal() {
  auto revoke = std::make_shared<v1::RevokePrincipal>();
  revoke->set_principal_id(chances_.Id("p", 5));
  return revoke;
}

World::Made World::Loss() {
  auto loss = std::make_shared<v1::DeclareLoss>();
  loss->set_kept_size(model_.size);
  if (chances_.Percent(20)) loss->set_kept_size(model_.size + chances_.Of({-1, 1, 1}));
  loss->set_guard_size(loss->kept_size() + chances_.Below(3));
  if (chances_.Percent(4)) loss->set_guard_size(loss->kept_size() - 1);
  loss->set_guard_sha256(std::string(chances_.Percent(96) ? 32 : 31, 'g'));
  loss->set_declared_by(chances_.Id("op", 2));
  loss->set_reason_code("disk");
  return loss;
}

void World::ProposeReinstatement(v1::ProposeChange& propose) {
  v1::ReinstatePoints& reinstate = *propose.mutable_reinstate_points();
  reinstate.set_volunteer_id(AnyVolunteer());
  reinstate.set_lapsed_day(AnyDay(-40, 30));
  reinstate.set_units(1 + chances_.Below(100'000));
  for (const auto& [id, row] : model_.volunteers) {
    for (const auto& [lot, lost] : row.lost) {
      if (lost.expired == 0 || lot.graced || !chances_.Percent(60) || lot.last_day == model::kNever)
        continue;
      reinstate.set_volunteer_id(id);
      reinstate.set_lapsed_day(DayText(lot.last_day));
      const int64_t units = lost.expired + (chances_.Percent(5) ? 1 : 0);
      reinstate.set_units(chances_.Percent(40) ? units : 1 + (units - 1) / 2);
    }
  }
  reinstate.set_expiry_day(chances_.Percent(93) ? AnyDay(1, 30) : AnyDay(-3, 3));
  reinstate.set_reason_code("late");
}

void World::ProposeOpening(v1::ProposeChange& propose) {
  v1::LoadOpeningBalances& load = *propose.mutable_load_opening_balances();
  load.set_file_sha256(std::string(chances_.Percent(98) ? 32 : 31, 'f'));
  load.set_part(1);
  load.set_parts(chances_.Percent(98) ? 3 : 0);
  for (uint32_t n = 1 + chances_.Below(2); n > 0; --n) {
    v1::OpeningBalance* balance = load.add_balances();
    balance->set_volunteer_id(AnyVolunteer());
    for (uint32_t lots = chances_.Below(3); lots > 0; --lots) {
      v1::OpeningLot* lot = balance->add_lots();
      lot->set_units(1 + chances_.Below(600'000));
      if (chances_.Percent(75)) lot->set_expiry_day(AnyDay(-4, 50));
    }
    balance->set_credited_minutes(chances_.Below(1000));
    balance->set_honorary_minutes(chances_.Below(100));
  }
}

World::Made World::Propose() {
  auto propose = std::make_shared<v1::ProposeChange>();
  propose->set_proposal_id(chances_.Id("c", 60));
  const uint32_t kind = chances_.Below(100);
  if (chances_.Percent(model_.statements.empty() ? 0 : 16)) {
    ProposeWriteOff(propose->mutable_write_off());
  } else if (chances_.Percent(14)) {
    Allocate(propose->mutable_allocate_budget(), false);
  } else if (kind < 25) {
    v1::AdjustPoints& adjust = *propose->mutable_adjust_points();
    adjust.set_volunteer_id(chances_.Of({Owner(), Debtor(), AnyVolunteer()}));
    adjust.set_reason_code("count");
    const auto row = model_.volunteers.find(adjust.volunteer_id());
    const int64_t has = row == model_.volunteers.end() ? 0 : model::SumOf(row->second.lots);
    if (chances_.Percent(45)) {
      adjust.set_units(-std::max<int64_t>(1, chances_.Of({has, has / 2, has / 3, has + 1})));
      if (chances_.Percent(3)) adjust.set_expiry_day(AnyDay(1, 20));
    } else {
      adjust.set_units(chances_.Percent(98) ? 1 + chances_.Below(500'000) : 0);
      if (chances_.Percent(80)) adjust.set_expiry_day(AnyDay(chances_.Percent(90) ? 0 : -5, 40));
    }
  } else if (kind < 40) {
    ProposeReinstatement(*propose);
  } else if (kind < 53) {
    v1::MergeVolunteers& merge = *propose->mutable_merge_volunteers();
    const bool owes = chances_.Percent(50);
    merge.set_volunteer_id(owes ? Debtor() : Owner());
    merge.set_survivor_id(owes ? Owner() : Debtor());
  } else if (kind < (model_.migrating ? 72 : 55)) {
    ProposeOpening(*propose);
  } else if (kind < 86) {
    *propose->mutable_correct_hours() = *Correct();
  } else {
    *propose->mutable_revoke_hours() = *Revoke();
  }
  return propose;
}

World::Made World::Decide(bool approve) {
  const auto open = IdsOf(model_.proposals, [](const auto& row) { return row.open; });
  if (open.empty() && chances_.Percent(90)) return Propose();
  const std::string id =
      !open.empty() && chances_.Percent(92) ? chances_.From(open) : chances_.Id("c", 61);
  if (approve) {
    auto agree = std::make_shared<v1::ApproveChange>();
    agree->set_proposal_id(id);
    return agree;
  }
  auto reject = std::make_shared<v1::RejectChange>();
  reject->set_proposal_id(id);
  reject->set_reason_code("doubt");
  return reject;
}

}  // namespace meritbook::property
