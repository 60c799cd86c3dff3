#include "cli/command_tree.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "cli/account_commands.h"
#include "cli/audit_command.h"
#include "cli/import/import_command.h"
#include "cli/import/import_stream.h"
#include "cli/ledger_commands.h"
#include "cli/mall_commands.h"
#include "cli/party_commands.h"
#include "cli/report_command.h"
#include "cli/sample_command.h"
#include "cli/session.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

using Outcome = absl::StatusOr<int>;

// What a flag or argument may be is checked here, so that it shows in help and completion.
const std::vector<std::string> kRoles = {"operator", "committee", "platform", "merchant",
                                         "auditor"};
const std::vector<std::string> kAgeBands = {"under_14", "14_17", "18_59", "60_plus"};
const std::vector<std::string> kCohorts = {"party", "league"};
const std::vector<std::string> kShells = {"bash", "zsh", "fish"};

template <typename Flags>
void Run(CLI::App* command, Invocation& invocation, std::shared_ptr<Flags> flags,
         Outcome (*run)(Session&, const Flags&)) {
  command->callback([&invocation, flags = std::move(flags), run] {
    invocation.run = [flags, run](Session& session) { return run(session, *flags); };
  });
}

CLI::App* Group(CLI::App& app, const std::string& name, const std::string& help) {
  return app.add_subcommand(name, help)->require_subcommand(1);
}

void AddWriteFlags(CLI::App* command, WriteFlags& flags) {
  command->add_option("--request-id", flags.request_id,
                      "Idempotency key; by default one that follows from what is written");
  command->add_option("--recorded-at", flags.recorded_at,
                      "Only while the ledger is migrating: when it was recorded, RFC 3339; by "
                      "default the time of its newest event");
}

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

  CLI::App* const publish = Group(app, "rule", "How service turns into points")
                                ->add_subcommand("publish", "Put a rule in force (committee)");
  const auto publish_flags = std::make_shared<PublishRuleFlags>();
  publish
      ->add_option("file", publish_flags->file, "meritbook.v1.PublishRule in protobuf text format")
      ->required()
      ->type_name("FILE");
  AddWriteFlags(publish, publish_flags->write);
  Run(publish, invocation, publish_flags, &PublishRule);
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

void AddVolunteerCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const add = Group(app, "volunteer", "Who serves")
                            ->add_subcommand("add", "Open a volunteer's account (platform)");
  const auto add_flags = std::make_shared<AddVolunteerFlags>();
  add->add_option("id", add_flags->volunteer_id, "Random, no phone or identity number")->required();
  add->add_option("--organisation", add_flags->organisation_id, "Id of the organisation");
  add->add_option("--cohort", add_flags->cohorts, "Groups that she is counted in")
      ->check(CLI::IsMember(kCohorts));
  add->add_option("--age-band", add_flags->age_band, "Her age")
      ->required()
      ->check(CLI::IsMember(kAgeBands));
  add->add_flag("--guardian-consent", add_flags->guardian_consent,
                "A guardian consents; needed under 14");
  AddWriteFlags(add, add_flags->write);
  Run(add, invocation, add_flags, &AddVolunteer);

  CLI::App* const freeze =
      app.add_subcommand("freeze", "Stop a volunteer from redeeming (committee, platform)");
  const auto freeze_flags = std::make_shared<FreezeFlags>();
  freeze->add_option("volunteer", freeze_flags->volunteer_id, "The volunteer's id")->required();
  freeze->add_option("--reason", freeze_flags->reason_code, "A short code of the committee's")
      ->required();
  AddWriteFlags(freeze, freeze_flags->write);
  Run(freeze, invocation, freeze_flags, &Freeze);

  CLI::App* const balance = app.add_subcommand("balance", "What a volunteer owns");
  const auto volunteer_id = std::make_shared<std::string>();
  balance->add_option("volunteer", *volunteer_id, "The volunteer's id")->required();
  Run(balance, invocation, volunteer_id, &ShowBalance);

  CLI::App* const entries =
      app.add_subcommand("entries", "How a volunteer's balance came about, newest first");
  const auto limit = std::make_shared<uint64_t>(0);
  entries->add_option("volunteer", *volunteer_id, "The volunteer's id")->required();
  entries->add_option("--limit", *limit, "At most so many");
  entries->callback([&invocation, volunteer_id, limit] {
    invocation.run = [volunteer_id, limit](Session& session) {
      return ShowEntries(session, *volunteer_id, *limit);
    };
  });
}

void AddMallCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const item = app.add_subcommand("item", "An item's price and pieces left");
  const auto item_id = std::make_shared<std::string>();
  item->add_option("id", *item_id, "The item's id")->required();
  Run(item, invocation, item_id, &ShowItem);

  CLI::App* const receive =
      Group(app, "stock", "Pieces on hand")->add_subcommand("receive", "Add pieces of an item");
  const auto stock_flags = std::make_shared<ReceiveStockFlags>();
  receive->add_option("item", stock_flags->item_id, "The item's id")->required();
  receive->add_option("quantity", stock_flags->quantity, "How many pieces")
      ->required()
      ->check(CLI::PositiveNumber);
  AddWriteFlags(receive, stock_flags->write);
  Run(receive, invocation, stock_flags, &ReceiveStock);

  CLI::App* const redeem = app.add_subcommand("redeem", "Spend points (merchant, platform)");
  const auto redeem_flags = std::make_shared<RedeemFlags>();
  redeem->add_option("--volunteer", redeem_flags->volunteer_id, "Who pays")->required();
  redeem->add_option("--merchant", redeem_flags->merchant_id, "Who is paid")->required();
  redeem->add_option("--item", redeem_flags->items, "ID or ID=QUANTITY; one or more")->required();
  redeem->add_option("--order", redeem_flags->order_id,
                     "The order's id; a random one by default. The same again pays once");
  AddWriteFlags(redeem, redeem_flags->write);
  Run(redeem, invocation, redeem_flags, &Redeem);
}

void AddReadCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const summary = Group(app, "report", "What the committee reports")
                                ->add_subcommand("summary", "The programme in figures");
  const auto summary_flags = std::make_shared<SummaryFlags>();
  summary->add_option("--min-size", summary_flags->size_min,
                      "Wait until so many events are counted");
  summary
      ->add_option("--expect", summary_flags->expected_file,
                   "Compare every figure with this JSON; exit 1 when one differs")
      ->type_name("FILE");
  Run(summary, invocation, summary_flags, &ReportSummary);

  CLI::App* const watch = app.add_subcommand("watch", "The ledger's events, one a line");
  const auto watch_flags = std::make_shared<WatchFlags>();
  watch->add_option("--from", watch_flags->from_sequence, "First sequence");
  watch->add_flag("--follow,!--no-follow", watch_flags->follow,
                  "Go on as the ledger grows (default), or end with the log");
  watch->add_option("--max", watch_flags->events_max, "End after so many");
  Run(watch, invocation, watch_flags, &Watch);

  app.add_subcommand("audit", "Replay every event and compare every balance (auditor)")
      ->callback([&invocation] { invocation.run = &Audit; });
}

void AddImportCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const county = Group(app, "sample", "Records to try things out with")
                               ->add_subcommand("county", "A county's records of two years");
  const auto county_flags = std::make_shared<SampleCountyFlags>();
  county->add_option("folder", county_flags->folder, "Where to put them")
      ->required()
      ->type_name("DIR");
  county->add_option("--seed", county_flags->seed, "Another draw");
  county->add_option("--scale", county_flags->scale, "So many counties");
  Run(county, invocation, county_flags, &SampleCounty);

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
  AddMallCommands(app, invocation);
  AddReadCommands(app, invocation);
  AddImportCommands(app, invocation);
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
