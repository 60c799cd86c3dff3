// Owns: the reading of a command line: help, mistakes with suggestions, the environment.
// Promises: never exits by itself.
// Thread: one.
#ifndef MERITBOOK_CLI_COMMAND_LINE_H_
#define MERITBOOK_CLI_COMMAND_LINE_H_

#include <optional>
#include <string>
#include <vector>

#include "cli/command_tree.h"

namespace meritbook::cli {

struct ParsedLine {
  Invocation invocation;
  // Set when there is nothing to run: help was asked for, or the line is wrong.
  std::optional<int> exit_code;
  std::string output;     // for standard output
  std::string complaint;  // for standard error
};

// `arguments` without the program's name.
ParsedLine ParseCommandLine(std::vector<std::string> arguments);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_COMMAND_LINE_H_
