// Owns: what the parts of the command tree share, and which parts there are.
// Promises: a command's flags live as long as its invocation.
// Thread: one.
#ifndef MERITBOOK_CLI_COMMAND_BRANCH_H_
#define MERITBOOK_CLI_COMMAND_BRANCH_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>

#include "cli/command_tree.h"
#include "cli/session.h"

namespace meritbook::cli {

using Outcome = absl::StatusOr<int>;

// What the command line names runs `run` with the flags that it filled.
template <typename Flags>
void Run(CLI::App* command, Invocation& invocation, std::shared_ptr<Flags> flags,
         Outcome (*run)(Session&, const Flags&)) {
  command->callback([&invocation, flags = std::move(flags), run] {
    invocation.run = [flags, run](Session& session) { return run(session, *flags); };
  });
}

inline CLI::App* Group(CLI::App& app, const std::string& name, const std::string& help) {
  return app.add_subcommand(name, help)->require_subcommand(1);
}

inline void AddWriteFlags(CLI::App* command, WriteFlags& flags) {
  command->add_option("--request-id", flags.request_id,
                      "Idempotency key; by default one that follows from what is written");
  command->add_option("--recorded-at", flags.recorded_at,
                      "Only while the ledger is migrating: when it was recorded, RFC 3339; by "
                      "default the time of its newest event");
}

// Volunteers and what they own.
void AddVolunteerCommands(CLI::App& app, Invocation& invocation);
// Organisations, activities, hours, awards, records.
void AddHoursCommands(CLI::App& app, Invocation& invocation);
// What a committee decides: proposals, reviews, opening balances.
void AddChangeCommands(CLI::App& app, Invocation& invocation);
// Merchants, items, stock, orders, pay codes, vouchers, the counter.
void AddMallCommands(CLI::App& app, Invocation& invocation);
// Budgets, statements, payments, closed months.
void AddSettlementCommands(CLI::App& app, Invocation& invocation);
// What the committee reports.
void AddReportCommands(CLI::App& app, Invocation& invocation);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_COMMAND_BRANCH_H_
