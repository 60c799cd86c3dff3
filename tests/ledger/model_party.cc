// Parties, their bindings, and activities.
#include <algorithm>

#include "tests/ledger/model.h"

namespace meritbook::model {

std::string Model::Survivor(std::string id) const {
  for (auto row = volunteers.find(id); row != volunteers.end() && !row->second.merged_into.empty();
       row = volunteers.find(id)) {
    id = row->second.merged_into;
  }
  return id;
}

Reasons Model::NameFaults(const std::string& id, bool alive) const {
  const auto row = volunteers.find(id);
  if (row == volunteers.end()) return {v1::REFUSAL_VOLUNTEER_UNKNOWN};
  if (!row->second.merged_into.empty()) return {v1::REFUSAL_VOLUNTEER_MERGED};
  if (alive && row->second.closed) return {v1::REFUSAL_VOLUNTEER_CLOSED};
  return {};
}

std::set<std::string> Model::SelvesOf(const std::string& principal) const {
  const auto row = principals.find(principal);
  if (row == principals.end() || row->second.volunteer.empty()) return {};
  return {Survivor(row->second.volunteer)};
}

std::set<std::string> Model::SelvesOf(const Ask& ask) const {
  std::set<std::string> selves = SelvesOf(ask.principal);
  if (!ask.volunteer.empty()) selves.insert(Survivor(ask.volunteer));
  return selves;
}

bool Model::IsHerself(const Ask& ask, const std::string& volunteer) const {
  return SelvesOf(ask).count(Survivor(volunteer)) != 0;
}

Reasons Model::Do(const Context& at, const v1::CreateLedger& c) {
  created = true;
  migrating = c.migrating();
  zone = c.has_time_zone() ? c.time_zone() : "Asia/Shanghai";
  Emit(at, v1::Event::kLedgerCreated);
  return {};
}

Reasons Model::Do(const Context& at, const v1::FinishMigration&) {
  if (!migrating) return {v1::REFUSAL_NOT_MIGRATING};
  migrating = false;
  Emit(at, v1::Event::kMigrationFinished);
  return {};
}

Reasons Model::Do(const Context& at, const v1::DeclareLoss& c) {
  if (c.kept_size() != size) return {v1::REFUSAL_LOSS_NOT_HERE};
  Emit(at, v1::Event::kLossDeclared);
  return {};
}

Reasons Model::Do(const Context& at, const v1::PublishRule& c) {
  for (const v1::PublishRule& rule : rules) {
    if (*DayNumber(rule.effective_from_day()) > *DayNumber(c.effective_from_day())) {
      return {v1::REFUSAL_RULE_BACKDATED};
    }
  }
  rules.push_back(c);
  Emit(at, v1::Event::kRulePublished);
  return {};
}

Reasons Model::Do(const Context& at, const v1::RegisterPrincipal& c) {
  Reasons reasons;
  if (principals.count(c.principal_id()) != 0) reasons.insert(v1::REFUSAL_PRINCIPAL_EXISTS);
  if (c.has_merchant_id() && merchants.count(c.merchant_id()) == 0) {
    reasons.insert(v1::REFUSAL_MERCHANT_UNKNOWN);
  }
  if (c.has_volunteer_id()) reasons.merge(NameFaults(c.volunteer_id(), false));
  if (!reasons.empty()) return reasons;
  principals[c.principal_id()] = {c.volunteer_id(), false};
  Emit(at, v1::Event::kPrincipalRegistered);
  return {};
}

Reasons Model::Do(const Context& at, const v1::RevokePrincipal& c) {
  const auto found = principals.find(c.principal_id());
  if (found == principals.end() || found->second.revoked) return {v1::REFUSAL_PRINCIPAL_UNKNOWN};
  found->second.revoked = true;
  Emit(at, v1::Event::kPrincipalRevoked);
  return {};
}

Reasons Model::Do(const Context& at, const v1::RegisterVolunteer& c) {
  Reasons reasons;
  if (volunteers.count(c.volunteer_id()) != 0) reasons.insert(v1::REFUSAL_VOLUNTEER_EXISTS);
  if (c.has_organisation_id() && organisations.count(c.organisation_id()) == 0) {
    reasons.insert(v1::REFUSAL_ORGANISATION_UNKNOWN);
  }
  if (!reasons.empty()) return reasons;
  volunteers[c.volunteer_id()].registered = size;
  volunteers[c.volunteer_id()].age_band = c.age_band();
  Emit(at, v1::Event::kVolunteerRegistered, {c.volunteer_id()});
  return {};
}

Reasons Model::Do(const Context& at, const v1::FreezeVolunteer& c) {
  Reasons reasons = NameFaults(c.volunteer_id(), true);
  if (reasons.count(v1::REFUSAL_VOLUNTEER_UNKNOWN) == 0 && volunteers[c.volunteer_id()].frozen) {
    reasons.insert(v1::REFUSAL_VOLUNTEER_FROZEN);
  }
  if (!reasons.empty()) return reasons;
  volunteers[c.volunteer_id()].frozen = true;
  Emit(at, v1::Event::kVolunteerFrozen, {c.volunteer_id()});
  return {};
}

Reasons Model::Do(const Context& at, const v1::UnfreezeVolunteer& c) {
  Reasons reasons = NameFaults(c.volunteer_id(), true);
  if (reasons.count(v1::REFUSAL_VOLUNTEER_UNKNOWN) == 0 && !volunteers[c.volunteer_id()].frozen) {
    reasons.insert(v1::REFUSAL_VOLUNTEER_NOT_FROZEN);
  }
  if (!reasons.empty()) return reasons;
  volunteers[c.volunteer_id()].frozen = false;
  Emit(at, v1::Event::kVolunteerUnfrozen, {c.volunteer_id()});
  return {};
}

Reasons Model::Do(const Context& at, const v1::CloseVolunteer& c) {
  if (Reasons reasons = NameFaults(c.volunteer_id(), true); !reasons.empty()) return reasons;
  Volunteer& row = volunteers[c.volunteer_id()];
  PendingList pending;
  for (const auto& [lot, units] : row.lots) row.lost[lot].forfeited += units;
  for (const auto& [key, units] : row.pending) {
    row.lost[std::get<Lot>(key)].forfeited += units;
    pending.emplace_back(std::get<int>(key), std::get<Lot>(key), units);
    forfeited_units += units;
  }
  forfeited_units += SumOf(row.lots);
  const std::string amounts =
      Words(LotList(row.lots.begin(), row.lots.end())) + " pending " + Words(pending);
  row.lots.clear();
  row.pending.clear();
  row.closed = true;
  Emit(at, v1::Event::kVolunteerClosed, {c.volunteer_id()}, amounts);
  std::map<size_t, std::string> open;  // as they were placed
  for (const auto& [name, order] : orders) {
    const bool hers = Survivor(order.volunteer) == c.volunteer_id();
    if (hers && order.state == OrderState::kHeld) open[order.index] = name;
  }
  for (const auto& [index, name] : open) {
    const std::string released = CloseWithHold(at, name);
    Emit(at, v1::Event::kOrderCancelled, {c.volunteer_id()}, released);
  }
  return {};
}

Reasons Model::Do(const Context& at, const v1::RegisterOrganisation& c) {
  if (organisations.count(c.organisation_id()) != 0) return {v1::REFUSAL_ORGANISATION_EXISTS};
  Organisation& row = organisations[c.organisation_id()];
  row.kind = c.kind();
  if (c.has_headcount()) row.headcount = c.headcount();
  Emit(at, v1::Event::kOrganisationRegistered);
  return {};
}

Reasons Model::Do(const Context& at, const v1::SetRoster& c) {
  if (organisations.count(c.organisation_id()) == 0) return {v1::REFUSAL_ORGANISATION_UNKNOWN};
  organisations[c.organisation_id()].headcount = c.headcount();
  Emit(at, v1::Event::kRosterSet);
  return {};
}

template <typename Command>
Reasons Model::AddActivity(const Command& c, ActivityState state, const std::string& submitted_by) {
  Reasons reasons;
  if (activities.count(c.activity_id()) != 0) reasons.insert(v1::REFUSAL_ACTIVITY_EXISTS);
  if (organisations.count(c.organisation_id()) == 0) {
    reasons.insert(v1::REFUSAL_ORGANISATION_UNKNOWN);
  }
  if (!reasons.empty()) return reasons;
  Activity& row = activities[c.activity_id()];
  row.category = c.category();
  row.starts_us = c.starts_us();
  if (c.has_ends_us()) row.ends_us = c.ends_us();
  if (c.has_capacity()) row.capacity = c.capacity();
  row.state = state;
  row.submitted_by = submitted_by;
  return {};
}

Reasons Model::Do(const Context& at, const v1::RegisterActivity& c) {
  Reasons reasons = AddActivity(c, ActivityState::kOpen, "");
  if (reasons.empty()) Emit(at, v1::Event::kActivityRegistered);
  return reasons;
}

Reasons Model::Do(const Context& at, const v1::SubmitActivity& c) {
  Reasons reasons = AddActivity(c, ActivityState::kWaiting, at.ask.principal);
  if (reasons.empty()) Emit(at, v1::Event::kActivitySubmitted);
  return reasons;
}

Reasons Model::Do(const Context& at, const v1::ReviewActivity& c) {
  const auto found = activities.find(c.activity_id());
  if (found == activities.end()) return {v1::REFUSAL_ACTIVITY_UNKNOWN};
  Reasons reasons;
  if (found->second.state != ActivityState::kWaiting) {
    reasons.insert(v1::REFUSAL_ACTIVITY_NOT_WAITING);
  }
  if (found->second.submitted_by == at.ask.principal) reasons.insert(v1::REFUSAL_SELF_REVIEW);
  if (!reasons.empty()) return reasons;
  found->second.state =
      c.verdict() == v1::VERDICT_APPROVE ? ActivityState::kOpen : ActivityState::kRejected;
  Emit(at, v1::Event::kActivityReviewed);
  return {};
}

Reasons Model::Do(const Context& at, const v1::CloseActivity& c) {
  const auto found = activities.find(c.activity_id());
  if (found == activities.end()) return {v1::REFUSAL_ACTIVITY_UNKNOWN};
  Activity& row = found->second;
  if (row.state != ActivityState::kOpen) return {v1::REFUSAL_ACTIVITY_NOT_OPEN};
  row.state = ActivityState::kClosed;
  row.ends_us = std::min(row.ends_us.value_or(at.now_us), at.now_us);
  Emit(at, v1::Event::kActivityClosed);
  return {};
}

Reasons Model::Do(const Context& at, const v1::CancelActivity& c) {
  const auto found = activities.find(c.activity_id());
  if (found == activities.end()) return {v1::REFUSAL_ACTIVITY_UNKNOWN};
  const ActivityState state = found->second.state;
  if (state == ActivityState::kRejected || state == ActivityState::kCancelled) {
    return {v1::REFUSAL_ACTIVITY_NOT_OPEN};
  }
  found->second.state = ActivityState::kCancelled;
  Emit(at, v1::Event::kActivityCancelled);
  return {};
}

Reasons Model::Do(const Context& at, const v1::RegisterSession& c) {
  Reasons reasons;
  if (sessions.count(c.session_id()) != 0) reasons.insert(v1::REFUSAL_SESSION_EXISTS);
  const auto activity = activities.find(c.activity_id());
  if (activity == activities.end()) {
    reasons.insert(v1::REFUSAL_ACTIVITY_UNKNOWN);
  } else if (activity->second.state != ActivityState::kOpen) {
    reasons.insert(v1::REFUSAL_ACTIVITY_NOT_OPEN);
  }
  if (!reasons.empty()) return reasons;
  sessions[c.session_id()] = {c.activity_id(), *DayNumber(c.service_day()), c.starts_us(),
                              c.ends_us()};
  Emit(at, v1::Event::kSessionRegistered);
  return {};
}

}  // namespace meritbook::model
