#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <utility>

#include "cli/language.h"
#include "cli/problem.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr const char* kFooter =
    "Environment: MERIT_SERVER, MERIT_LEDGER, MERIT_KEY, NO_COLOR.\n"
    "Exit codes: 0 done; 1 refused, or something differs; 2 a mistake in the command line or in a\n"
    "file; 3 the server is away or too busy: the same again may work, and nothing doubles.";

const char* Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Language LanguageOf(const std::string& flag) {
  if (!flag.empty()) return LanguageOfLocale(flag);
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const locale = Environment(name);
    if (*locale != '\0') return LanguageOfLocale(locale);
  }
  return Language::kEnglish;
}

// The innermost command that the line named.
const CLI::App* Innermost(const CLI::App& app, std::string& name) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += Text(name.empty() ? "" : " ", command->get_name());
  }
  return command;
}

// What the parser did not understand, with what was meant; else its own words.
std::string Complaint(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> extras = app.remaining(true);
  std::string name;
  const CommandNode command = Describe(*Innermost(app, name));
  const std::string help = Text("; see merit ", name, name.empty() ? "" : " ", "--help");
  if (extras.empty()) return Text(error.what(), help);
  const std::string typed = extras.front().substr(0, extras.front().find('='));
  std::vector<std::string> names;
  const bool flag = typed.starts_with("-");
  if (flag) {
    for (const FlagNode& known : command.flags) names.push_back(known.name);
    for (const FlagNode& known : Describe(app).flags) names.push_back(known.name);
  } else {
    for (const CommandNode& child : command.children) names.push_back(child.name);
  }
  const std::string nearest = Nearest(typed, names);
  const char* const kind = flag                       ? "unknown flag "
                           : command.children.empty() ? "one word too many: "
                                                      : "unknown command ";
  if (nearest.empty()) return Text(kind, typed, help);
  return Text(kind, typed, "; did you mean ", nearest, "?");
}

}  // namespace

ParsedLine ParseCommandLine(std::vector<std::string> arguments) {
  ParsedLine line;
  CLI::App app("merit: the command line of Meritbook, the ledger behind volunteer points", "merit");
  app.footer(kFooter);
  BuildCommands(app, line.invocation);
  Invocation& invocation = line.invocation;
  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    if (error.get_exit_code() == 0) {
      app.exit(error, out, err);
      line.output = out.str();
      line.exit_code = kExitOk;
    } else {
      line.complaint = Text("merit: ", Complaint(app, error), "\n");
      line.exit_code = kExitUsage;
    }
    return line;
  }
  (void)Innermost(app, invocation.name);
  Globals& globals = invocation.globals;
  globals.format = invocation.format == "json"  ? Format::kJson
                   : invocation.format == "csv" ? Format::kCsv
                                                : Format::kTable;
  globals.format_given = app.get_option("--format")->count() > 0;
  globals.server_given = app.get_option("--server")->count() > 0;
  globals.language = LanguageOf(invocation.language);
  globals.key = Environment("MERIT_KEY");
  return line;
}

}  // namespace meritbook::cli
