// Owns: merit ledger and merit rule: founding ledgers, telling their state, publishing rules.
// Promises: each returns the exit code, or why it could not.
// Thread: one.
#ifndef MERITBOOK_CLI_LEDGER_COMMANDS_H_
#define MERITBOOK_CLI_LEDGER_COMMANDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::cli {

class Session;

struct CreateLedgerFlags {
  bool migrating = false;
  std::string time_zone;
  WriteFlags write;
};

// The ledger of the session.
absl::StatusOr<int> CreateLedger(Session& session, const CreateLedgerFlags& flags);
absl::StatusOr<int> ListLedgers(Session& session);
absl::StatusOr<int> ShowLedger(Session& session);
absl::StatusOr<int> FinishMigration(Session& session, const WriteFlags& flags);
// An operator looked at the server's clock: commands are taken again.
absl::StatusOr<int> ConfirmClock(Session& session);

struct PublishRuleFlags {
  std::string file;  // protobuf text format of meritbook.v1.PublishRule
  WriteFlags write;
};

absl::StatusOr<int> PublishRule(Session& session, const PublishRuleFlags& flags);

// InvalidArgument "rule.textproto:3:12: …" with line and column from 1.
absl::StatusOr<v1::PublishRule> ParseRule(const std::string& file_name, const std::string& text);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_LEDGER_COMMANDS_H_
