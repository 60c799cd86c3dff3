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
        "activity register market --organisation river --category care --starts-at x",
        "session register s-1 --activity market --day 2021-03-06 --starts-at x --ends-at y",
        "merchant add bakery --kind bakery",
        "merchant suspend bakery --reason inquiry",
        "merchant resume bakery --reason over",
        "merchant offboard bakery --last-day 2021-12-31 --reason sold",
        "merchant show bakery",
        "merchant list",
        "item publish bun --merchant bakery --price 5 --stock 10 --settle 4.50 --funding programme "
        "--limit 2/month --age-band 60_plus --age-band 18_59",
        "item withdraw bun --reason season",
        "item show bun",
        "item list --merchant bakery --withdrawn",
        "stock receive bun 10",
        "stock return bun 2 --reason spoilt",
        "redeem --volunteer v --merchant bakery --item bun=2",
        "redeem --pay-code 123456789 --terminal till-1 --merchant bakery --points 30",
        "order hold --volunteer v --merchant bakery --item bun --seconds 600 --offline",
        "order confirm o-1 --owner platform/app --item bun --happened-at x",
        "order cancel o-1 --reason no-show",
        "order refund o-1 --item rice=2 --item bun --reason stale",
        "order show o-1 --owner merchant/bakery",
        "order list --merchant bakery --volunteer v",
        "paycode issue v --merchant bakery --seconds 60",
        "voucher issue --volunteer v --merchant bakery --item bun --days 14 --page slip.html",
        "voucher show 12345678901234567890",
        "voucher confirm --happened-at x",
        "counter --merchant bakery --terminal till-2 --journal j",
        "counter --send",
        "budget list",
        "propose budget programme 2021 --yuan -500 --warn-percent 80",
        "propose write-off s-1 --points 2 --yuan 1.50 --budget programme/2021 --reason rounding",
        "statement open bakery --through 2021-10",
        "statement open --all --through 2021-10",
        "statement open bakery --final",
        "statement show s-1",
        "statement list --merchant bakery --state closed",
        "statement object s-1 --reason count",
        "statement resolve s-1 --upheld --reason recount",
        "statement resolve s-1 --denied --reason recount",
        "statement close --all",
        "statement pay s-1 --reference bank-1 --yuan 12.50",
        "statement pay --all --reference batch-1",
        "statement reverse s-1 --reason bounced",
        "period close 2021-10",
        "rule try rule.textproto --since 2021-07-01",
        "report",
        "report summary --as-of 120 --until 2021-12-31 --format page",
        "report totals --by month --from 2021-01-01 --as-of-time x",
        "report account --merchant bakery --format csv",
        "audit",
        "audit --archive events --server localhost:7117",
        "archive events",
        "archive events --through 99 --part-mib 1",
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
                           "archive",
                           "archive events --part-mib 0",
                           "archive events --part-mib 1025",
                           "archive events --through -1",
                           "hours submit",
                           "report nothing",
                           "report totals --by colour",
                           "report stars --format xml",
                           "hours revoke app/r-1",
                           "hours attendance sheet.csv --activity a",
                           "volunteer close v --reason bored",
                           "donate v lamp-fund",
                           "donate v lamp-fund 0",
                           "donate v lamp-fund 2.5",
                           "propose adjust v --reason r",
                           "propose",
                           "reject p-1",
                           "order refund o-1 --item bun",
                           "order cancel o-1",
                           "item publish bun --merchant bakery",
                           "item publish bun --merchant b --price 0",
                           "item publish bun --merchant b --price 5 --funding luck",
                           "merchant offboard bakery --reason sold",
                           "stock return bun 2",
                           "paycode issue v --seconds 121",
                           "voucher issue --merchant bakery --item bun",
                           "redeem --volunteer v --item bun",
                           "statement pay s-1",
                           "statement resolve s-1 --reason r",
                           "statement object --reason r",
                           "statement list --state lost",
                           "propose budget programme 2021",
                           "propose budget programme 2021 --yuan 5 --warn-percent 101",
                           "period close",
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
  // The counter's requests have ids of their own, a pay code is no command.
  const std::set<std::string> kOthers = {
      "archive",         "audit",         "backup list",    "balance",        "budget list",
      "clock confirm",   "completion",    "counter",        "entries",        "import",
      "item list",       "item show",     "ledger list",    "ledger show",    "merchant list",
      "merchant show",   "opening check", "order list",     "order show",     "paycode issue",
      "record show",     "restore",       "rule try",       "sample county",  "sample play",
      "sample showcase", "server status", "statement list", "statement show", "version",
      "voucher show",    "watch"};
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
        // Reports only read, one subcommand each.
        if (path.starts_with("report")) return;
        if (!flags.contains("--request-id")) without.insert(path);
        EXPECT_EQ(flags.contains("--request-id"), flags.contains("--recorded-at")) << path;
      };
  visit(Describe(app), "");
  EXPECT_EQ(without, kOthers);
}

}  // namespace
}  // namespace meritbook::cli
