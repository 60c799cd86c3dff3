// The command tree: what every command takes, and which function it is.
#include "cli/command_tree.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.h"

namespace meritbook::cli {
namespace {

ParsedLine Parse(const std::string& line) {
  std::istringstream words(line);
  std::vector<std::string> arguments;
  for (std::string word; words >> word;) arguments.push_back(word);
  return ParseCommandLine(std::move(arguments));
}

TEST(CommandTree, TakesWhatPeopleDoByHand) {
  for (const char* line :
       {"activity submit market --organisation river --category care --starts-at x --capacity 2",
        "activity approve market",
        "activity reject market --reason no-service",
        "activity close market",
        "activity cancel market --reason rain",
        "organisation add lamp-fund --kind cause",
        "organisation roster river 132",
        "hours credit r-1 --volunteer v --activity a --from x --to y",
        "hours submit r-1 --volunteer v --activity a --day 2021-03-05 --minutes 60",
        "hours backfill r-1 --volunteer v --activity a --day 2021-03-05 --minutes 60",
        "hours attendance sheet.csv --activity a --session s --from x --to y",
        "hours correct a/r --replacement s --volunteer v --activity a --from x --to y --reason t",
        "hours revoke app/r-1 --reason absent",
        "hours dispute app/r-1 --reason absent",
        "award r-1 --volunteer v --award blood_donation --day 2021-03-05 --points 100",
        "record show app/r-1",
        "volunteer freeze v --reason inquiry",
        "volunteer unfreeze v --reason inquiry-over",
        "volunteer close v --reason moved",
        "donate v lamp-fund 5",
        "propose adjust v --points -12.50 --reason miscounted",
        "propose reinstate v --points 2 --lapsed-day 2021-09-30 --expiry-day 2099-12-31 --reason r",
        "propose merge old new --proposal p-1",
        "propose correct a/r --replacement s --volunteer v --activity a --from x --to y --reason t",
        "propose revoke app/r-1 --reason absent",
        "approve p-1",
        "reject p-1 --reason no",
        "order refund o-1 --item rice=2 --item bun --reason stale",
        "rule try rule.textproto --since 2021-07-01",
        "review",
        "review --format csv",
        "review approve app/r-1",
        "review approve activity market",
        "review reject proposal p-1 --reason no",
        "opening check opening.csv",
        "opening propose opening.csv",
        "opening approve opening.csv --recorded-at x",
        "sample showcase build/showcase",
        "sample play build/showcase --ledger showcase"}) {
    const ParsedLine parsed = Parse(line);
    EXPECT_FALSE(parsed.exit_code.has_value()) << line << ": " << parsed.complaint;
    EXPECT_TRUE(static_cast<bool>(parsed.invocation.run)) << line;
    EXPECT_TRUE(std::string(line).starts_with(parsed.invocation.name)) << line;
  }
}

TEST(CommandTree, RefusesWhatIsIncomplete) {
  for (const char* line : {"activity reject market",
                           "activity cancel market",
                           "organisation add x --kind club",
                           "organisation roster river",
                           "hours submit",
                           "hours revoke app/r-1",
                           "hours attendance sheet.csv --activity a",
                           "volunteer close v --reason bored",
                           "donate v lamp-fund",
                           "donate v lamp-fund 0",
                           "donate v lamp-fund 2.5",
                           "propose adjust v --reason r",
                           "propose",
                           "reject p-1",
                           "order refund o-1 --reason r",
                           "review reject app/r-1",
                           "review approve",
                           "opening",
                           "sample play",
                           "freeze v"}) {
    const ParsedLine parsed = Parse(line);
    EXPECT_EQ(parsed.exit_code, 2) << line;
    EXPECT_NE(parsed.complaint, "") << line;
  }
}

TEST(CommandTree, EveryCommandThatWritesTakesARequestId) {
  // What reads, or writes no command of its own.
  const std::set<std::string> kOthers = {
      "audit",           "balance",        "clock confirm", "completion",    "entries",
      "import",          "item",           "ledger list",   "ledger show",   "opening check",
      "record show",     "report summary", "rule try",      "sample county", "sample play",
      "sample showcase", "version",        "watch"};
  CLI::App app("merit", "merit");
  Invocation invocation;
  BuildCommands(app, invocation);
  std::set<std::string> without;
  const std::function<void(const CommandNode&, const std::string&)> visit =
      [&](const CommandNode& node, const std::string& path) {
        for (const CommandNode& child : node.children) {
          visit(child, path.empty() ? child.name : path + " " + child.name);
        }
        if (!node.children.empty()) return;
        std::set<std::string> flags;
        for (const FlagNode& flag : node.flags) flags.insert(flag.name);
        if (!flags.contains("--request-id")) without.insert(path);
        EXPECT_EQ(flags.contains("--request-id"), flags.contains("--recorded-at")) << path;
      };
  visit(Describe(app), "");
  EXPECT_EQ(without, kOthers);
}

}  // namespace
}  // namespace meritbook::cli
