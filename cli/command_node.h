// Owns: the tree of commands as plain values, for completion scripts and suggestions.
// Promises: describes exactly what the command line takes, since it is read off the parser.
// Thread: any.
#ifndef MERITBOOK_CLI_COMMAND_NODE_H_
#define MERITBOOK_CLI_COMMAND_NODE_H_

#include <string>
#include <string_view>
#include <vector>

namespace meritbook::cli {

struct FlagNode {
  std::string name;  // "--ledger"
  std::string help;
  bool takes_value = false;
  bool takes_path = false;
  std::vector<std::string> choices;
};

struct CommandNode {
  std::string name;
  std::string help;
  bool takes_path = false;
  std::vector<std::string> choices;  // of its positional argument
  std::vector<FlagNode> flags;
  std::vector<CommandNode> children;
};

// The one of `names` that a person may have meant; empty when none is near.
std::string Nearest(std::string_view typed, const std::vector<std::string>& names);

// A script for the shell: "bash", "zsh" or "fish".
std::string CompletionScript(const CommandNode& root, std::string_view shell);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_COMMAND_NODE_H_
