// Changes that two people stand behind.
#include <string>
#include <utility>

#include "ledger/deciding.h"

namespace meritbook {
namespace {

// What the change would come to, sent now. Its faults speak of its own fields.
MaybeRefused DecideEffect(Deciding& d, const v1::ProposeChange& proposed) {
  switch (proposed.change_case()) {
    case v1::ProposeChange::kAdjustPoints:
      return DecideChange(d, proposed.adjust_points());
    case v1::ProposeChange::kReinstatePoints:
      return DecideChange(d, proposed.reinstate_points());
    case v1::ProposeChange::kMergeVolunteers:
      return DecideChange(d, proposed.merge_volunteers());
    case v1::ProposeChange::kLoadOpeningBalances:
      return DecideChange(d, proposed.load_opening_balances());
    case v1::ProposeChange::kCorrectHours:
      return DecideChange(d, proposed.correct_hours());
    case v1::ProposeChange::kRevokeHours:
      return DecideChange(d, proposed.revoke_hours());
    case v1::ProposeChange::kAllocateBudget:
      return DecideChange(d, proposed.allocate_budget());
    case v1::ProposeChange::kWriteOff:
      return DecideChange(d, proposed.write_off());
    case v1::ProposeChange::CHANGE_NOT_SET:
      break;
  }
  return Refuse(v1::REFUSAL_FIELD_MISSING, "command.change", "change is required");
}

std::variant<uint32_t, Refused> FindOpen(const Deciding& d, const std::string& proposal_id) {
  const auto index = d.state.proposals().IndexOf(proposal_id);
  if (!index) return Unknown(v1::REFUSAL_PROPOSAL_UNKNOWN, "proposal_id", proposal_id);
  if (d.state.proposals()[*index].open) return *index;
  return Refuse(v1::REFUSAL_PROPOSAL_CLOSED, "command.proposal_id",
                Text("proposal ", proposal_id, " was approved or rejected before"));
}

// True if both are one person: the same principal, or both bound to one volunteer.
bool SamePerson(const State& state, const std::string& proposer, const Caller& approver) {
  if (proposer == approver.principal_id) return true;
  const Principal* principal = state.principals().Find(proposer);
  if (principal == nullptr || !principal->registered.has_volunteer_id()) return false;
  const auto volunteer = state.volunteers().IndexOf(principal->registered.volunteer_id());
  return volunteer && IsHerself(state, approver, state.Survivor(*volunteer));
}

}  // namespace

MaybeRefused Decide(Deciding& d, const v1::ProposeChange& c) {
  if (d.state.proposals().Find(c.proposal_id()) != nullptr) {
    return Exists(v1::REFUSAL_PROPOSAL_EXISTS, "proposal_id", c.proposal_id());
  }
  // On trial, so that a hopeless one is refused to whom it belongs.
  if (auto refused = DecideEffect(d, c)) return refused;
  d.events.clear();
  *d.NewEvent()->mutable_change_proposed()->mutable_command() = c;
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::ApproveChange& c) {
  const auto found = FindOpen(d, c.proposal_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Proposal& proposal = d.state.proposals()[std::get<uint32_t>(found)];
  const std::string& proposed_by = d.state.names()[proposal.proposed_by].id;
  if (SamePerson(d.state, proposed_by, *d.command.caller)) {
    return Refuse(v1::REFUSAL_SAME_PERSON, "command.proposal_id",
                  "the second of two people has to be somebody else");
  }
  for (const uint32_t volunteer : VolunteersOf(d.state, d.command)) {
    if (!IsHerself(d.state, *d.command.caller, volunteer)) continue;
    return Refuse(v1::REFUSAL_SELF_REVIEW, "command.proposal_id",
                  "nobody approves a change of her own account");
  }
  v1::ChangeApproved* approved = d.NewEvent()->mutable_change_approved();
  *approved->mutable_command() = c;
  approved->set_proposed_by(proposed_by);
  return DecideEffect(d, proposal.proposed);
}

MaybeRefused Decide(Deciding& d, const v1::RejectChange& c) {
  const auto found = FindOpen(d, c.proposal_id());
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  *d.NewEvent()->mutable_change_rejected()->mutable_command() = c;
  return std::nullopt;
}

}  // namespace meritbook
