// Who and what there is: people, organisations, projects, rules, proposals.
#include "ledger/calendar.h"
#include "services/books_keeper.h"

namespace meritbook::books {

bool BooksKeeper::Found(const v1::LedgerCreated& created) {
  books_.calendar = Calendar::ForZone(created.time_zone());
  books_.time_zone = created.time_zone();
  return books_.calendar.has_value();
}

bool BooksKeeper::Publish(const v1::Event& event) {
  const v1::PublishRule& command = event.rule_published().command();
  const auto effective = ParseDay(command.effective_from_day());
  if (!effective) return false;
  RuleStars rule{*effective, event.occurred_us(), {}};
  rule.hours.assign(command.star_hours().begin(), command.star_hours().end());
  if (rule.hours.empty()) {
    rule.hours.assign(std::begin(kStarHoursDefault), std::end(kStarHoursDefault));
  }
  books_.rules.push_back(std::move(rule));
  return true;
}

bool BooksKeeper::Bind(const v1::RegisterPrincipal& command) {
  if (!command.has_volunteer_id()) return true;
  const auto volunteer = books_.volunteer_ids.Of(command.volunteer_id());
  if (!volunteer) return false;
  bound_[books_.actors.Intern(command.principal_id())] = *volunteer;
  return true;
}

bool BooksKeeper::Register(const v1::Event& event, const v1::RegisterVolunteer& command) {
  if (books_.volunteer_ids.Of(command.volunteer_id())) return false;
  Volunteer volunteer;
  volunteer.registered_us = event.occurred_us();
  if (command.has_organisation_id()) {
    const auto organisation = books_.organisation_ids.Of(command.organisation_id());
    if (!organisation) return false;
    volunteer.organisation = *organisation;
  }
  for (const int cohort : command.cohorts()) {
    volunteer.party = volunteer.party || cohort == v1::COHORT_PARTY;
    volunteer.league = volunteer.league || cohort == v1::COHORT_LEAGUE;
  }
  concerned_.push_back(books_.volunteer_ids.Intern(command.volunteer_id()));
  books_.volunteers.Add(volunteer);
  return true;
}

bool BooksKeeper::Merge() {
  Volunteer& ending = books_.volunteers[concerned_[0]];
  if (concerned_.size() != 2 || ending.merged_into != kNoRow ||
      books_.Survivor(concerned_[1]) == concerned_[0]) {
    return false;
  }
  ending.merged_into = concerned_[1];
  return true;
}

bool BooksKeeper::Register(const v1::Event& event, const v1::RegisterOrganisation& command) {
  if (books_.organisation_ids.Of(command.organisation_id())) return false;
  books_.organisation_ids.Intern(command.organisation_id());
  Organisation organisation;
  organisation.kind = command.kind();
  organisation.registered_us = event.occurred_us();
  if (command.has_headcount()) {
    organisation.headcounts.push_back({event.occurred_us(), command.headcount()});
  }
  books_.organisations.push_back(std::move(organisation));
  return true;
}

bool BooksKeeper::SetHeadcount(const v1::Event& event, const v1::SetRoster& command) {
  const auto organisation = books_.organisation_ids.Of(command.organisation_id());
  if (!organisation) return false;
  books_.organisations[*organisation].headcounts.push_back(
      {event.occurred_us(), command.headcount()});
  return true;
}

std::optional<uint32_t> BooksKeeper::WordOf(bool has, const std::string& word) {
  if (!has) return std::nullopt;
  return books_.words.Intern(word);
}

template <typename ActivityCommand>
bool BooksKeeper::Register(const v1::Event& event, const ActivityCommand& command, bool open) {
  const auto organisation = books_.organisation_ids.Of(command.organisation_id());
  if (!organisation || books_.activity_ids.Of(command.activity_id())) return false;
  Activity activity;
  activity.organisation = *organisation;
  activity.category = books_.words.Intern(command.category());
  activity.site = WordOf(command.has_site(), command.site()).value_or(kNoRow);
  activity.campaign = WordOf(command.has_campaign(), command.campaign()).value_or(kNoRow);
  activity.sequence = static_cast<uint32_t>(event.sequence());
  activity.submitted_us = event.occurred_us();
  activity.submitted_by = ActorOf(event);
  if (open) activity.opened_us = activity.settled_us = event.occurred_us();
  books_.activity_ids.Intern(command.activity_id());
  books_.activities.Add(activity);
  return true;
}

template bool BooksKeeper::Register(const v1::Event&, const v1::RegisterActivity&, bool);
template bool BooksKeeper::Register(const v1::Event&, const v1::SubmitActivity&, bool);

bool BooksKeeper::Review(const v1::Event& event, const v1::ReviewActivity& command) {
  const auto index = books_.activity_ids.Of(command.activity_id());
  if (!index || books_.activities[*index].settled_us != kNotYet) return false;
  Activity& activity = books_.activities[*index];
  activity.settled_us = event.occurred_us();
  if (command.verdict() == v1::VERDICT_APPROVE) activity.opened_us = event.occurred_us();
  return true;
}

bool BooksKeeper::Register(const v1::Event& event, const v1::RegisterSession& command) {
  const auto activity = books_.activity_ids.Of(command.activity_id());
  const auto day = ParseDay(command.service_day());
  if (!activity || !day || books_.session_ids.Of(command.session_id())) return false;
  Session session;
  session.slot = WordOf(command.has_slot(), command.slot()).value_or(kNoRow);
  session.site = WordOf(command.has_site(), command.site()).value_or(kNoRow);
  session.registered_us = event.occurred_us();
  session.place = books_.places.Add({*activity, books_.session_ids.size(), *day});
  books_.session_ids.Intern(command.session_id());
  books_.sessions.Add(session);
  return true;
}

bool BooksKeeper::Propose(const v1::Event& event, const v1::ProposeChange& command) {
  const uint32_t id = books_.words.Intern(command.proposal_id());
  if (!proposals_.try_emplace(id, static_cast<uint32_t>(books_.proposals.size())).second) {
    return false;
  }
  Proposal proposal;
  proposal.id = id;
  proposal.change = command.change_case();
  proposal.proposed_by = ActorOf(event);
  proposal.sequence = static_cast<uint32_t>(event.sequence());
  proposal.proposed_us = event.occurred_us();
  const auto about = [&](const std::string& volunteer_id) {
    proposal.volunteer = books_.volunteer_ids.Of(volunteer_id).value_or(kNoRow);
  };
  if (command.has_adjust_points()) {
    about(command.adjust_points().volunteer_id());
    proposal.units = command.adjust_points().units();
  } else if (command.has_reinstate_points()) {
    about(command.reinstate_points().volunteer_id());
    proposal.units = command.reinstate_points().units();
  } else if (command.has_merge_volunteers()) {
    about(command.merge_volunteers().volunteer_id());
  }
  books_.proposals.push_back(proposal);
  return true;
}

bool BooksKeeper::Decide(const v1::Event& event, const std::string& proposal_id, bool approved) {
  const auto word = books_.words.Of(proposal_id);
  const auto found = word ? proposals_.find(*word) : proposals_.end();
  if (found == proposals_.end() || books_.proposals[found->second].decided_us != kNotYet) {
    return false;
  }
  Proposal& proposal = books_.proposals[found->second];
  proposal.decided_by = ActorOf(event);
  proposal.decided_us = event.occurred_us();
  proposal.approved = approved;
  if (approved) {
    approved_any_ = true;
    approved_first_ = event.command_first_sequence();
  }
  return true;
}

}  // namespace meritbook::books
