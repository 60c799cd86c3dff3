// The ledger itself, its rules, who calls, and changes by two people.
#include "ledger/applying.h"
#include "ledger/limits.h"
#include "ledger/sha256.h"
#include "ledger/units.h"

namespace meritbook {

absl::Status Application::Apply(const v1::LedgerCreated& created) {
  MB_REQUIRE(created.ledger_id() == state_.ledger_id());
  MB_REQUIRE(!created.command().has_time_zone() ||
             created.command().time_zone() == created.time_zone());
  MB_REQUIRE(Calendar::ForZone(created.time_zone()).has_value());
  state_.SetTimeZone(created.time_zone());
  state_.MutableLedger().state =
      created.command().migrating() ? v1::LEDGER_STATE_MIGRATING : v1::LEDGER_STATE_LIVE;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::MigrationFinished&) {
  MB_REQUIRE(state_.migrating());
  state_.MutableLedger().state = v1::LEDGER_STATE_LIVE;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::LossDeclared& declared) {
  const v1::DeclareLoss& command = declared.command();
  MB_REQUIRE(command.kept_size() == event_.sequence());
  MB_REQUIRE(command.guard_size() >= command.kept_size());
  MB_REQUIRE(command.guard_sha256().size() == sizeof(Hash));
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::RulePublished& published) {
  std::vector<Rule>& rules = state_.MutableLedger().rules;
  MB_REQUIRE(published.rule_version() == rules.size() + 1);
  const auto day = ParseDay(published.command().effective_from_day());
  MB_REQUIRE(day.has_value());
  MB_REQUIRE(rules.empty() || rules.back().effective_from <= *day);
  // So that no product of minutes and rate can overflow.
  for (const v1::CategoryRate& rate : published.command().earning().rates()) {
    MB_REQUIRE(rate.points_per_hour() <= kPointsPerHourMax);
    MB_REQUIRE(rate.percentage() <= kPercentageMax);
  }
  for (const v1::AwardRate& award : published.command().earning().awards()) {
    MB_REQUIRE(award.points_max() <= kAwardPointsMax);
  }
  rules.emplace_back(published.rule_version(), published.command());
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::PrincipalRegistered& registered) {
  const v1::RegisterPrincipal& command = registered.command();
  MB_REQUIRE(!state_.principals().Find(command.principal_id()));
  MB_REQUIRE(!command.has_merchant_id() || state_.merchants().Find(command.merchant_id()));
  MB_REQUIRE(!command.has_volunteer_id() || state_.volunteers().Find(command.volunteer_id()));
  Principal row;
  row.id = command.principal_id();
  row.registered = command;
  state_.Add(std::move(row));
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::PrincipalRevoked& revoked) {
  const auto index = state_.principals().IndexOf(revoked.command().principal_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(!state_.principals()[*index].revoked);
  state_.Mutable<Principal>(*index).revoked = true;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::ChangeProposed& proposed) {
  MB_REQUIRE(!state_.proposals().Find(proposed.command().proposal_id()));
  MB_REQUIRE(proposed.command().change_case() != v1::ProposeChange::CHANGE_NOT_SET);
  Proposal row;
  row.id = proposed.command().proposal_id();
  row.proposed = proposed.command();
  row.proposed_by = ActorName();
  row.sequence = event_.sequence();
  state_.Add(std::move(row));
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::ChangeApproved& approved) {
  const auto index = state_.proposals().IndexOf(approved.command().proposal_id());
  MB_REQUIRE(index.has_value());
  const Proposal& proposal = state_.proposals()[*index];
  MB_REQUIRE(proposal.open);
  MB_REQUIRE(approved.proposed_by() == state_.names()[proposal.proposed_by].id);
  // Two different people.
  MB_REQUIRE(approved.proposed_by() != event_.actor());
  const Principal* proposer = state_.principals().Find(approved.proposed_by());
  if (proposer != nullptr && proposer->registered.has_volunteer_id()) {
    const auto bound = state_.volunteers().IndexOf(proposer->registered.volunteer_id());
    MB_REQUIRE(!bound || !ActorIs(state_.Survivor(*bound)));
  }
  const int effects = proposal.proposed.has_load_opening_balances()
                          ? proposal.proposed.load_opening_balances().balances_size()
                          : 1;
  MB_REQUIRE(event_.command_event_count() == static_cast<uint32_t>(1 + effects));
  state_.Edit<Proposal>(*index, [](Proposal& row) { row.open = false; });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::ChangeRejected& rejected) {
  const auto index = state_.proposals().IndexOf(rejected.command().proposal_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(state_.proposals()[*index].open);
  state_.Edit<Proposal>(*index, [](Proposal& row) { row.open = false; });
  return absl::OkStatus();
}

}  // namespace meritbook
