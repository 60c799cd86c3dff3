// merit: the command line of Meritbook.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/problem.h"
#include "cli/session.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

bool ColourOn(int fd) {
  const char* const no_colour = std::getenv("NO_COLOR");
  return isatty(fd) == 1 && (no_colour == nullptr || *no_colour == '\0');
}

int Main(std::vector<std::string> arguments) {
  ParsedLine line = ParseCommandLine(std::move(arguments));
  std::fputs(line.output.c_str(), stdout);
  std::fputs(line.complaint.c_str(), stderr);
  if (line.exit_code) return *line.exit_code;
  Invocation& invocation = line.invocation;
  invocation.globals.colour = ColourOn(STDOUT_FILENO);
  Session session(invocation.globals);
  const absl::StatusOr<int> outcome = invocation.run(session);
  // A full disk behind standard output must not look like success.
  if (outcome.ok() && std::fflush(stdout) == 0) return *outcome;
  const bool red = ColourOn(STDERR_FILENO);
  const std::string problem =
      outcome.ok() ? "can't write to standard output"
                   : Text(invocation.name, ": ", Sentence(outcome.status(), session.language()));
  const std::string text =
      Text(red ? "\033[31m" : "", "merit: ", red ? "\033[0m" : "", problem, "\n");
  std::fputs(text.c_str(), stderr);
  return outcome.ok() ? kExitRefused : ExitCodeOf(outcome.status());
}

}  // namespace
}  // namespace meritbook::cli

int main(int argc, char** argv) {
  return meritbook::cli::Main(std::vector<std::string>(argv + 1, argv + argc));
}
