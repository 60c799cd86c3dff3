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

absl::StatusOr<int64_t> YuanFlag(const std::string& text) {
  auto fen = ParseYuan(text);
  if (fen.ok()) return fen;
  return absl::InvalidArgumentError(Text("--yuan ", MessageOf(fen.status())));
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

absl::StatusOr<int> ProposeBudget(Session& session, const ProposeBudgetFlags& flags) {
  const auto fen = YuanFlag(flags.yuan);
  if (!fen.ok()) return fen.status();
  v1::ProposeChange command;
  v1::AllocateBudget* const allocate = command.mutable_allocate_budget();
  allocate->set_source(flags.source);
  allocate->set_year(flags.year);
  allocate->set_fen(*fen);
  if (flags.warn_percent) allocate->set_warn_percent(*flags.warn_percent);
  return Propose(session, flags.proposal_id, flags.write, std::move(command));
}

absl::StatusOr<int> ProposeWriteOff(Session& session, const ProposeWriteOffFlags& flags) {
  v1::ProposeChange command;
  v1::WriteOff* const write_off = command.mutable_write_off();
  write_off->set_statement_id(flags.statement_id);
  if (!flags.points.empty()) {
    const auto units = PointsFlag(flags.points);
    if (!units.ok()) return units.status();
    write_off->mutable_amounts()->set_units(*units);
  }
  if (!flags.yuan.empty()) {
    const auto fen = YuanFlag(flags.yuan);
    if (!fen.ok()) return fen.status();
    write_off->mutable_amounts()->set_fen(*fen);
  }
  if (!write_off->has_amounts()) {
    return absl::InvalidArgumentError("how much? Give --points, --yuan or both");
  }
  if (!flags.budget.empty()) {
    const size_t slash = flags.budget.find('/');
    constexpr int64_t kYearMax = 9'999;
    const auto year = ParseWhole(
        slash == std::string::npos ? "" : std::string_view(flags.budget).substr(slash + 1),
        kYearMax);
    if (!year.ok() || slash == 0) {
      return absl::InvalidArgumentError(
          Text("--budget ", flags.budget, ": write SOURCE/YEAR, such as programme/2026"));
    }
    write_off->mutable_budget()->set_source(flags.budget.substr(0, slash));
    write_off->mutable_budget()->set_year(static_cast<uint32_t>(*year));
  }
  write_off->set_reason_code(flags.reason_code);
  return Propose(session, flags.proposal_id, flags.write, std::move(command));
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
