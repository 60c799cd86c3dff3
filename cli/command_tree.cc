#include "cli/command_tree.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "cli/account_commands.h"
#include "cli/archive_command.h"
#include "cli/audit/archive_part.h"
#include "cli/audit_command.h"
#include "cli/backup_commands.h"
#include "cli/command_branch.h"
#include "cli/import/import_command.h"
#include "cli/import/import_stream.h"
#include "cli/ledger_commands.h"
#include "cli/party_commands.h"
#include "cli/play_command.h"
#include "cli/sample_command.h"
#include "cli/server_commands.h"
#include "cli/session.h"
#include "cli/text.h"
#include "cli/try_rule_command.h"

namespace meritbook::cli {
namespace {

// What a flag or argument may be is checked here, so that it shows in help and completion.
const std::vector<std::string> kRoles = {"operator", "committee", "platform", "merchant",
                                         "auditor"};
const std::vector<std::string> kShells = {"bash", "zsh", "fish"};

void AddLedgerCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const ledger = Group(app, "ledger", "Found ledgers and tell their state");
  CLI::App* const create = ledger->add_subcommand("create", "Found a ledger (operator)");
  const auto create_flags = std::make_shared<CreateLedgerFlags>();
  create->add_option("id", invocation.globals.ledger, "The new ledger's id")->required();
  create->add_flag("--migrating", create_flags->migrating,
                   "Old records come first, with recorded times of their own");
  create->add_option("--time-zone", create_flags->time_zone, "IANA name; Asia/Shanghai by default");
  AddWriteFlags(create, create_flags->write);
  Run(create, invocation, create_flags, &CreateLedger);

  ledger->add_subcommand("list", "Name the server's ledgers (operator, auditor)")
      ->callback([&invocation] { invocation.run = &ListLedgers; });
  ledger->add_subcommand("show", "Tell the ledger's state and size")->callback([&invocation] {
    invocation.run = &ShowLedger;
  });
  CLI::App* const finish = ledger->add_subcommand(
      "finish-migration", "End the migration for ever: the ledger's clock decides (operator)");
  const auto finish_flags = std::make_shared<WriteFlags>();
  AddWriteFlags(finish, *finish_flags);
  Run(finish, invocation, finish_flags, &FinishMigration);

  Group(app, "clock", "The server's clock")
      ->add_subcommand("confirm", "You looked at it and it is right: go on writing (operator)")
      ->callback([&invocation] { invocation.run = &ConfirmClock; });

  Group(app, "server", "The server itself")
      ->add_subcommand("status",
                       "Whether commands are taken, and what it knows of its disk "
                       "(operator, auditor)")
      ->callback([&invocation] { invocation.run = &ServerStatus; });

  CLI::App* const rule = Group(app, "rule", "How service turns into points");
  CLI::App* const publish = rule->add_subcommand("publish", "Put a rule in force (committee)");
  const auto publish_flags = std::make_shared<PublishRuleFlags>();
  publish
      ->add_option("file", publish_flags->file, "meritbook.v1.PublishRule in protobuf text format")
      ->required()
      ->type_name("FILE");
  AddWriteFlags(publish, publish_flags->write);
  Run(publish, invocation, publish_flags, &PublishRule);

  CLI::App* const attempt = rule->add_subcommand(
      "try", "Replay the whole log under a rule and tell the difference; changes nothing");
  const auto try_flags = std::make_shared<TryRuleFlags>();
  attempt->add_option("file", try_flags->file, "A rule, as for rule publish")
      ->required()
      ->type_name("FILE");
  attempt->add_option("--since", try_flags->since_day,
                      "First day of service that it would govern; by default the file's own");
  Run(attempt, invocation, try_flags, &TryRule);
}

void AddPrincipalCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const principal = Group(app, "principal", "Who may call");
  CLI::App* const add = principal->add_subcommand("add", "Let somebody call (operator)");
  const auto add_flags = std::make_shared<AddPrincipalFlags>();
  add->add_option("id", add_flags->principal_id, "The principal's id")->required();
  add->add_option("--role", add_flags->roles, "What she may do; one or more")
      ->required()
      ->check(CLI::IsMember(kRoles));
  add->add_option("--source", add_flags->source, "For a platform: in whose name it posts");
  add->add_option("--merchant", add_flags->merchant_id, "For a merchant's till: whose it is");
  add->add_option("--volunteer", add_flags->volunteer_id,
                  "The volunteer who this person is: nobody redeems for herself");
  add->add_option("--key-out", add_flags->key_out,
                  "Write the API key to this file, mode 0600, and don't show it")
      ->type_name("FILE");
  AddWriteFlags(add, add_flags->write);
  Run(add, invocation, add_flags, &AddPrincipal);

  CLI::App* const revoke = principal->add_subcommand("revoke", "End somebody's access (operator)");
  const auto revoke_flags = std::make_shared<RevokePrincipalFlags>();
  revoke->add_option("id", revoke_flags->principal_id, "The principal's id")->required();
  AddWriteFlags(revoke, revoke_flags->write);
  Run(revoke, invocation, revoke_flags, &RevokePrincipal);
}

void AddReadCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const watch = app.add_subcommand("watch", "The ledger's events, one a line");
  const auto watch_flags = std::make_shared<WatchFlags>();
  watch->add_option("--from", watch_flags->from_sequence, "First sequence");
  watch->add_flag("--follow,!--no-follow", watch_flags->follow,
                  "Go on as the ledger grows (default), or end with the log");
  watch->add_option("--max", watch_flags->events_max, "End after so many");
  Run(watch, invocation, watch_flags, &Watch);

  CLI::App* const audit =
      app.add_subcommand("audit", "Replay every event and compare every balance (auditor)");
  const auto audit_flags = std::make_shared<AuditFlags>();
  audit
      ->add_option(
          "--archive", audit_flags->archive,
          "Replay the files of merit archive, without a server; with --server also compare "
          "what is served with them")
      ->type_name("DIR");
  Run(audit, invocation, audit_flags, &Audit);

  CLI::App* const archive =
      app.add_subcommand("archive", "Events into files of your own, or on from them (auditor)");
  const auto archive_flags = std::make_shared<ArchiveFlags>();
  archive->add_option("folder", archive_flags->folder, "Folder of the files")
      ->required()
      ->type_name("DIR");
  archive
      ->add_option("--through", archive_flags->through,
                   "The last sequence; by default as far as the ledger goes")
      ->check(CLI::NonNegativeNumber);
  archive->add_option("--part-mib", archive_flags->part_mebibytes, "Mebibytes of a file at most")
      ->check(CLI::Range(uint64_t{1}, audit::kPartBytesMax >> 20))
      ->capture_default_str();
  Run(archive, invocation, archive_flags, &ArchiveEvents);
}

void AddImportCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const sample = Group(app, "sample", "Records to try things out with");
  CLI::App* const county = sample->add_subcommand("county", "A county's records of two years");
  const auto county_flags = std::make_shared<SampleCountyFlags>();
  county->add_option("folder", county_flags->folder, "Where to put them")
      ->required()
      ->type_name("DIR");
  county->add_option("--seed", county_flags->seed, "Another draw");
  county->add_option("--scale", county_flags->scale, "So many counties");
  Run(county, invocation, county_flags, &SampleCounty);

  CLI::App* const showcase = sample->add_subcommand(
      "showcase", "A script through every kind of event, and what has to come of it");
  const auto showcase_folder = std::make_shared<std::string>();
  showcase->add_option("folder", *showcase_folder, "Where to put it")->required()->type_name("DIR");
  Run(showcase, invocation, showcase_folder, &SampleShowcase);

  CLI::App* const play = sample->add_subcommand(
      "play", "Play a script into a ledger of its own, compare what came of it (operator)");
  const auto play_folder = std::make_shared<std::string>();
  play->add_option("folder", *play_folder, "Folder of script.jsonl and expected.json")
      ->required()
      ->type_name("DIR");
  Run(play, invocation, play_folder, &PlaySample);

  CLI::App* const import =
      app.add_subcommand("import", "Bring a folder of CSV files in, by recorded time (platform)");
  const auto import_flags = std::make_shared<ImportFlags>();
  import->add_option("folder", import_flags->folder, "Folder of the CSV files")
      ->required()
      ->type_name("DIR");
  import
      ->add_option("--refused", import_flags->refused_file,
                   "Where rows that were refused go; refused.csv in the folder by default")
      ->type_name("FILE");
  import->add_option("--batch", import_flags->batch_items_max, "Commands in a request")
      ->check(CLI::Range(size_t{1}, kImportItemsMax))
      ->capture_default_str();
  import->add_option("--in-flight", import_flags->in_flight_max, "Requests under way")
      ->check(CLI::Range(size_t{1}, kImportInFlightMax))
      ->capture_default_str();
  import->add_flag("--strict", import_flags->strict, "Exit 1 when a row was refused");
  Run(import, invocation, import_flags, &Import);
}

void AddBackupCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const backup = app.add_subcommand(
      "backup", "Back all ledgers up while the server goes on, and verify it (operator)");
  backup->require_subcommand(0, 1);
  const auto backup_flags = std::make_shared<BackupFlags>();
  backup->add_option("--keep", backup_flags->keep,
                     "Then remove all but the newest so many; by default all are kept");
  backup->add_subcommand("list", "The backups that there are (operator)")->callback([&invocation] {
    invocation.run = &ListBackups;
  });
  backup->callback([&invocation, backup, backup_flags] {
    if (!backup->get_subcommands().empty()) return;
    invocation.run = [backup_flags](Session& session) {
      return CreateBackup(session, *backup_flags);
    };
  });

  CLI::App* const restore = app.add_subcommand(
      "restore", "Make a store out of a backup, on this machine and without a server");
  const auto flags = std::make_shared<RestoreFlags>();
  restore->add_option("backup_dir", flags->backup_dir, "The server's backup_dir")
      ->required()
      ->type_name("DIR");
  restore->add_option("--data", flags->data_dir, "Where the store goes: the server's data_dir")
      ->required()
      ->type_name("DIR");
  restore->add_option("--backup", flags->backup_id, "Which one; the newest by default")
      ->check(CLI::PositiveNumber);
  restore->add_option("--to-sequence", flags->sizes,
                      "N or LEDGER=N: keep the events below N, the end of a command");
  CLI::Option* const reason =
      restore->add_option("--declare-loss", flags->reason_code,
                          "Give up events that a guard has seen, for this reason: a short code");
  CLI::Option* const by =
      restore->add_option("--by", flags->declared_by, "Who decided that: a principal's id");
  reason->needs(by);
  by->needs(reason);
  restore->add_flag("--replace", flags->replace, "Move a store that is there aside");
  Run(restore, invocation, flags, &RestoreBackup);
}

void AddOwnCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const completion =
      app.add_subcommand("completion", "A completion script for your shell");
  const auto shell = std::make_shared<std::string>();
  completion->add_option("shell", *shell, "Which shell")->required()->check(CLI::IsMember(kShells));
  completion->callback([&app, &invocation, shell] {
    invocation.run = [script = CompletionScript(Describe(app), *shell)](Session& session) {
      session.ShowText(script);
      return Outcome(0);
    };
  });
  app.add_subcommand("version", "This program's version")->callback([&invocation] {
    invocation.run = [](Session& session) {
      session.ShowText("merit " MERIT_VERSION "\n");
      return Outcome(0);
    };
  });
}

// CLI11 keeps an option's choices in its type: "TEXT:{bash,zsh,fish}".
std::vector<std::string> ChoicesOf(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t open = type.find('{');
  const size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return {};
  return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

bool TakesPath(const CLI::Option& option) {
  return option.get_type_name() == "FILE" || option.get_type_name() == "DIR";
}

}  // namespace

void BuildCommands(CLI::App& app, Invocation& invocation) {
  Globals& globals = invocation.globals;
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--server", globals.server, "HOST:PORT of the server, on this machine")
      ->envname("MERIT_SERVER")
      ->capture_default_str();
  app.add_option("--ledger", globals.ledger, "The ledger's id")->envname("MERIT_LEDGER");
  app.add_option("--key-file", globals.key_file,
                 "File with your API key; else the key itself is in MERIT_KEY")
      ->type_name("FILE");
  app.add_option("--format", invocation.format, "How answers are written")
      ->check(CLI::IsMember(std::vector<std::string>{"table", "json", "csv"}))
      ->capture_default_str();
  app.add_option("--lang", invocation.language, "Language of messages; by default the locale's")
      ->check(CLI::IsMember(std::vector<std::string>{"en", "zh"}));
  app.add_option("--timeout", globals.timeout_seconds, "Seconds that one call may take")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  AddLedgerCommands(app, invocation);
  AddPrincipalCommands(app, invocation);
  AddVolunteerCommands(app, invocation);
  AddHoursCommands(app, invocation);
  AddChangeCommands(app, invocation);
  AddMallCommands(app, invocation);
  AddSettlementCommands(app, invocation);
  AddReportCommands(app, invocation);
  AddReadCommands(app, invocation);
  AddImportCommands(app, invocation);
  AddBackupCommands(app, invocation);
  AddOwnCommands(app, invocation);
}

CommandNode Describe(const CLI::App& app) {
  CommandNode node;
  node.name = app.get_name();
  node.help = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty()) {
      node.takes_path = node.takes_path || TakesPath(*option);
      node.choices = ChoicesOf(*option);
      continue;
    }
    for (const std::string& name : option->get_lnames()) {
      node.flags.push_back({"--" + name, option->get_description(),
                            option->get_items_expected_max() > 0, TakesPath(*option),
                            ChoicesOf(*option)});
    }
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    node.children.push_back(Describe(*command));
  }
  return node;
}

}  // namespace meritbook::cli
