#include "cli/proposal_commands.h"

#include <utility>

#include "cli/amount.h"
#include "cli/change_words.h"
#include "cli/show_write.h"
#include "meritbook/v1/account.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Account = v1::AccountService::StubInterface;

NamedCell ProposalCell(const Session& session, const std::string& id) {
  return {{session.Say("proposal", "提议"), "proposal_id"}, id};
}

absl::StatusOr<int> Propose(Session& session, const std::string& proposal_id,
                            const WriteFlags& flags, v1::ProposeChange command) {
  command.set_proposal_id(proposal_id);
  if (proposal_id.empty()) {
    auto random = RandomId("p-");
    if (!random.ok()) return random.status();
    command.set_proposal_id(*std::move(random));
  }
  const v1::ProposeChange sent = command;
  auto shown = WriteAndShow<v1::AccountService>(
      session, &Account::ProposeChange, flags, RequestId::Natural(sent.proposal_id()),
      std::move(command),
      [&](const v1::ProposeChangeResponse&) {
        return std::vector<NamedCell>{
            ProposalCell(session, sent.proposal_id()),
            {{session.Say("change", "变更"), "change"},
             WordsOf(sent, session.language(), session.Zone())},
            {{session.Say("next", "下一步"), "next"},
             Text(session.Say("a colleague runs: merit approve ", "由同事执行：merit approve "),
                  sent.proposal_id())}};
      },
      {{"proposal_id", sent.proposal_id()}});
  if (!shown.ok() && proposal_id.empty() && RetryCanHelp(shown.status().raw_code())) {
    session.Note(Text(session.Say("to repeat this proposal and not make another, add --proposal ",
                                  "如需重试而不产生新的提议，请加 --proposal "),
                      sent.proposal_id()));
  }
  return shown;
}

absl::StatusOr<int64_t> PointsFlag(const std::string& text) {
  auto units = ParsePoints(text);
  if (units.ok()) return units;
  return absl::InvalidArgumentError(Text("--points ", MessageOf(units.status())));
}

}  // namespace

absl::StatusOr<int> ProposeAdjust(Session& session, const ProposeAdjustFlags& flags) {
  const auto units = PointsFlag(flags.points);
  if (!units.ok()) return units.status();
  v1::ProposeChange command;
  v1::AdjustPoints* const adjust = command.mutable_adjust_points();
  adjust->set_volunteer_id(flags.volunteer_id);
  adjust->set_units(*units);
  if (!flags.expiry_day.empty()) adjust->set_expiry_day(flags.expiry_day);
  adjust->set_reason_code(flags.reason_code);
  return Propose(session, flags.proposal_id, flags.write, std::move(command));
}

absl::StatusOr<int> ProposeReinstate(Session& session, const ProposeReinstateFlags& flags) {
  const auto units = PointsFlag(flags.points);
  if (!units.ok()) return units.status();
  v1::ProposeChange command;
  v1::ReinstatePoints* const reinstate = command.mutable_reinstate_points();
  reinstate->set_volunteer_id(flags.volunteer_id);
  reinstate->set_units(*units);
  reinstate->set_lapsed_day(flags.lapsed_day);
  reinstate->set_expiry_day(flags.expiry_day);
  reinstate->set_reason_code(flags.reason_code);
  return Propose(session, flags.proposal_id, flags.write, std::move(command));
}

absl::StatusOr<int> ProposeMerge(Session& session, const ProposeMergeFlags& flags) {
  v1::ProposeChange command;
  command.mutable_merge_volunteers()->set_volunteer_id(flags.volunteer_id);
  command.mutable_merge_volunteers()->set_survivor_id(flags.survivor_id);
  return Propose(session, flags.proposal_id, flags.write, std::move(command));
}

absl::StatusOr<int> ProposeCorrect(Session& session, const ProposeCorrectFlags& flags) {
  auto correction = ParseCorrection(flags.correct);
  if (!correction.ok()) return correction.status();
  v1::ProposeChange command;
  *command.mutable_correct_hours() = *std::move(correction);
  return Propose(session, flags.proposal_id, flags.correct.write, std::move(command));
}

absl::StatusOr<int> ProposeRevoke(Session& session, const ProposeRevokeFlags& flags) {
  auto ref = ParseRecordRef(flags.revoke.record);
  if (!ref.ok()) return ref.status();
  v1::ProposeChange command;
  *command.mutable_revoke_hours()->mutable_record() = *std::move(ref);
  command.mutable_revoke_hours()->set_reason_code(flags.revoke.reason_code);
  return Propose(session, flags.proposal_id, flags.revoke.write, std::move(command));
}

absl::StatusOr<int> ApproveProposal(Session& session, const ProposalFlags& flags) {
  v1::ApproveChange command;
  command.set_proposal_id(flags.proposal_id);
  return WriteAndShow<v1::AccountService>(
      session, &Account::ApproveChange, flags.write, RequestId::Natural(flags.proposal_id),
      std::move(command), [&](const v1::ApproveChangeResponse&) {
        return std::vector<NamedCell>{
            ProposalCell(session, flags.proposal_id),
            {{session.Say("now", "状态"), "state"},
             Cell(session.Say("approved and carried out", "已批准并执行"), "approved")}};
      });
}

absl::StatusOr<int> RejectProposal(Session& session, const ProposalFlags& flags) {
  v1::RejectChange command;
  command.set_proposal_id(flags.proposal_id);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::AccountService>(
      session, &Account::RejectChange, flags.write, RequestId::Natural(flags.proposal_id),
      std::move(command), [&](const v1::RejectChangeResponse&) {
        return std::vector<NamedCell>{
            ProposalCell(session, flags.proposal_id),
            {{session.Say("now", "状态"), "state"},
             Cell(session.Say("rejected, nothing changed", "已驳回，未作变更"), "rejected")}};
      });
}

}  // namespace meritbook::cli
