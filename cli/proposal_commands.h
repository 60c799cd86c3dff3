// Owns: merit propose, merit approve and merit reject: changes that need two people.
// Promises: each returns the exit code, or why it could not.
// Thread: one.
#ifndef MERITBOOK_CLI_PROPOSAL_COMMANDS_H_
#define MERITBOOK_CLI_PROPOSAL_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "cli/hours_commands.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::cli {

class Session;

struct ProposeAdjustFlags {
  std::string proposal_id;  // a random one when empty
  std::string volunteer_id;
  std::string points;      // decimal, with a sign
  std::string expiry_day;  // added points never lapse when empty
  std::string reason_code;
  WriteFlags write;
};

absl::StatusOr<int> ProposeAdjust(Session& session, const ProposeAdjustFlags& flags);

struct ProposeReinstateFlags {
  std::string proposal_id;
  std::string volunteer_id;
  std::string points;
  std::string lapsed_day;
  std::string expiry_day;
  std::string reason_code;
  WriteFlags write;
};

absl::StatusOr<int> ProposeReinstate(Session& session, const ProposeReinstateFlags& flags);

struct ProposeMergeFlags {
  std::string proposal_id;
  std::string volunteer_id;  // ends
  std::string survivor_id;
  WriteFlags write;
};

absl::StatusOr<int> ProposeMerge(Session& session, const ProposeMergeFlags& flags);

struct ProposeCorrectFlags {
  std::string proposal_id;
  CorrectFlags correct;
};

absl::StatusOr<int> ProposeCorrect(Session& session, const ProposeCorrectFlags& flags);

struct ProposeRevokeFlags {
  std::string proposal_id;
  RecordReasonFlags revoke;
};

absl::StatusOr<int> ProposeRevoke(Session& session, const ProposeRevokeFlags& flags);

struct ProposeBudgetFlags {
  std::string proposal_id;
  std::string source;
  uint32_t year = 0;
  std::string yuan;  // decimal, with a sign
  std::optional<uint32_t> warn_percent;
  WriteFlags write;
};

absl::StatusOr<int> ProposeBudget(Session& session, const ProposeBudgetFlags& flags);

struct ProposeWriteOffFlags {
  std::string proposal_id;
  std::string statement_id;
  std::string points;  // decimal, with a sign; 0 when empty
  std::string yuan;
  std::string budget;  // "programme/2026"
  std::string reason_code;
  WriteFlags write;
};

absl::StatusOr<int> ProposeWriteOff(Session& session, const ProposeWriteOffFlags& flags);

struct ProposalFlags {
  std::string proposal_id;
  std::string reason_code;  // of a rejection
  WriteFlags write;
};

absl::StatusOr<int> ApproveProposal(Session& session, const ProposalFlags& flags);
absl::StatusOr<int> RejectProposal(Session& session, const ProposalFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_PROPOSAL_COMMANDS_H_
