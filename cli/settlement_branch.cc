// The part of the command tree about money: budgets, statements, payments, closed months.
#include "cli/budget_commands.h"
#include "cli/command_branch.h"
#include "cli/statement_commands.h"

namespace meritbook::cli {
namespace {

const std::vector<std::string> kStates = {"open", "objected",    "closed",
                                          "paid", "written_off", "carried_forward"};

void AddStatementOption(CLI::App* command, StatementFlags& flags, bool or_all,
                        const char* all_help) {
  CLI::Option* const id =
      command->add_option("statement", flags.statement_id, "The statement's id");
  if (or_all) {
    command->add_flag("--all", flags.all, all_help);
  } else {
    id->required();
  }
}

void AddOpen(CLI::App* statement, Invocation& invocation) {
  CLI::App* const open = statement->add_subcommand(
      "open", "Draw it up: what was booked through a closed month (committee, operator)");
  const auto flags = std::make_shared<OpenStatementFlags>();
  open->add_option("merchant", flags->merchant_id, "Whose");
  open->add_flag("--all", flags->all, "Of every merchant that has something, a line each");
  open->add_option("--through", flags->through_month, "The month, YYYY-MM");
  open->add_flag("--final", flags->final, "Everything, of a merchant that has left");
  open->add_option("--statement", flags->statement_id,
                   "The statement's id; MERCHANT-YYYY-MM or MERCHANT-final by default");
  AddWriteFlags(open, flags->write);
  Run(open, invocation, flags, &OpenStatement);
}

void AddStatementCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const statement = Group(app, "statement", "What merchants are owed and paid");
  AddOpen(statement, invocation);

  CLI::App* const show = statement->add_subcommand("show", "One, with what it adds up from");
  const auto statement_id = std::make_shared<std::string>();
  show->add_option("statement", *statement_id, "The statement's id")->required();
  Run(show, invocation, statement_id, &ShowStatement);

  CLI::App* const list = statement->add_subcommand("list", "All, newest first");
  const auto list_flags = std::make_shared<ListStatementsFlags>();
  list->add_option("--merchant", list_flags->merchant_id, "Of this merchant only");
  list->add_option("--state", list_flags->state, "In this state only")
      ->check(CLI::IsMember(kStates));
  Run(list, invocation, list_flags, &ListStatements);

  const auto step = [&](const char* name, const char* help, const char* all_help,
                        Outcome (*run)(Session&, const StatementFlags&)) {
    CLI::App* const command = statement->add_subcommand(name, help);
    const auto flags = std::make_shared<StatementFlags>();
    AddStatementOption(command, *flags, all_help != nullptr, all_help);
    if (run == &ObjectStatement || run == &ResolveObjection || run == &ReversePayment) {
      command->add_option("--reason", flags->reason_code, "A short code of yours")->required();
    }
    if (run == &ResolveObjection) {
      command->add_flag("--upheld,!--denied", flags->upheld, "The objection was right, or not")
          ->required();
    }
    if (run == &PayStatement) {
      command->add_option("--reference", flags->reference, "The bank's, an id")->required();
      command->add_option("--yuan", flags->yuan,
                          "What was paid; by default what the statement comes to");
    }
    AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  step("object", "Contradict an open one (merchant)", nullptr, &ObjectStatement);
  step("resolve", "Answer an objection (committee)", nullptr, &ResolveObjection);
  step("close", "End objections: it stands for ever (committee, merchant)",
       "All that are open, a line each", &CloseStatement);
  step("pay", "It was paid, in full (committee)", "All that are closed and owed, a line each",
       &PayStatement);
  step("reverse", "The payment came back (committee)", nullptr, &ReversePayment);
}

}  // namespace

void AddSettlementCommands(CLI::App& app, Invocation& invocation) {
  Group(app, "budget", "The programme's money")
      ->add_subcommand("list", "Allocated, reserved, owed, paid, left")
      ->callback([&invocation] { invocation.run = &ListBudgets; });

  AddStatementCommands(app, invocation);

  CLI::App* const close =
      Group(app, "period", "Months of the books")
          ->add_subcommand("close", "Close the books through a month, for ever (committee)");
  const auto flags = std::make_shared<ClosePeriodFlags>();
  close->add_option("month", flags->month, "YYYY-MM; it must be over")->required();
  AddWriteFlags(close, flags->write);
  Run(close, invocation, flags, &ClosePeriod);
}

}  // namespace meritbook::cli
