// Owns: what the command line of merit takes, and which function each command is.
// Promises: every command is here and nowhere else.
// Thread: one.
#ifndef MERITBOOK_CLI_COMMAND_TREE_H_
#define MERITBOOK_CLI_COMMAND_TREE_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/command_node.h"
#include "cli/globals.h"

namespace CLI {
class App;
}  // namespace CLI

namespace meritbook::cli {

class Session;

// What a command line asks for.
struct Invocation {
  std::string name;  // "ledger create"
  Globals globals;
  std::string format = "table";
  std::string language;  // empty: from the locale
  std::function<absl::StatusOr<int>(Session&)> run;
};

// Puts every flag and command on the app; parsing it fills the invocation, which must outlive it.
void BuildCommands(CLI::App& app, Invocation& invocation);

// The tree as plain values.
CommandNode Describe(const CLI::App& app);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_COMMAND_TREE_H_
