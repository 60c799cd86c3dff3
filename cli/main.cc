// merit: the command line of Meritbook.
#include <CLI/CLI.hpp>
#include <csignal>
#include <functional>
#include <iostream>

#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/language.h"
#include "cli/sample/county.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

// The words of all commands; CLI11 writes into them.
struct Words {
  Context context;
  Sending sending;
  std::string format = "table";
  std::string language;
  std::string id;
  std::string file;
  std::string time_zone;
  std::string reason;
  bool migrating = false;
  uint32_t limit = 100;
  uint32_t quantity = 1;
  uint64_t min_size = 0;
  uint64_t seed = kCountySeed;
  int scale = 1;
  PrincipalWords principal;
  VolunteerWords volunteer;
  RedeemWords redeem;
  ImportWords import_words;
  WatchWords watch;
  // What was chosen.
  std::function<void()> run;
};

void SampleCounty(const Words& words) {
  const absl::Status written = WriteCounty(words.file, {words.seed, words.scale});
  if (!written.ok()) throw CommandError(Exit::kUsage, std::string(written.message()));
  std::cout << "county written to " << words.file << "\n";
}

void AddGlobals(CLI::App& app, Words& words) {
  app.add_option("--server", words.context.client.server, "Address and port")
      ->envname("MERIT_SERVER")
      ->capture_default_str();
  app.add_option("--ledger", words.context.client.ledger, "Which ledger")->envname("MERIT_LEDGER");
  app.add_option("--key-file", words.context.client.key_file,
                 "File with the API key; else the environment's MERIT_KEY");
  app.add_option("--format", words.format, "How results look")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->capture_default_str();
  app.add_option("--lang", words.language, "Language; else by LC_ALL or LANG")
      ->check(CLI::IsMember({"en", "zh"}));
  app.add_option("--timeout", words.context.client.timeout_seconds, "Seconds to wait for an answer")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
}

CLI::App* Command(CLI::App& parent, Words& words, const std::string& name, const std::string& about,
                  std::function<void()> run) {
  CLI::App* const command = parent.add_subcommand(name, about);
  command->fallthrough();
  command->callback([&words, run = std::move(run)] { words.run = run; });
  return command;
}

CLI::App* Group(CLI::App& parent, const std::string& name, const std::string& about) {
  CLI::App* const group = parent.add_subcommand(name, about);
  group->fallthrough()->require_subcommand(1);
  return group;
}

void AddSending(CLI::App* command, Words& words) {
  command->add_option("--request-id", words.sending.request_id,
                      "Makes a repetition harmless; a natural one by default");
  command->add_option("--recorded-at", words.sending.recorded_at,
                      "Recorded time, while the ledger is migrating");
}

void AddAdmin(CLI::App& app, Words& w) {
  CLI::App* const ledger = Group(app, "ledger", "Ledgers of the server");
  CLI::App* command = Command(*ledger, w, "create", "Found a ledger", [&w] {
    CreateLedger(w.context, w.id, w.migrating, w.time_zone, w.sending);
  });
  command->add_option("id", w.id, "The new ledger's id")->required();
  command->add_flag("--migrating", w.migrating,
                    "Take old records with recorded times of their own");
  command->add_option("--time-zone", w.time_zone, "IANA name; Asia/Shanghai by default");
  AddSending(command, w);
  Command(*ledger, w, "list", "Name the ledgers", [&w] { ListLedgers(w.context); });
  Command(*ledger, w, "show", "State, size and rule", [&w] { ShowLedger(w.context); });
  command = Command(*ledger, w, "finish-migration", "End the migration for ever",
                    [&w] { FinishMigration(w.context, w.sending); });
  AddSending(command, w);

  CLI::App* const rule = Group(app, "rule", "Earning and expiry");
  command = Command(*rule, w, "publish", "Put a rule in force",
                    [&w] { PublishRule(w.context, w.file, w.sending); });
  command->add_option("file", w.file, "meritbook.v1.PublishRule in protobuf text format")
      ->required();
  AddSending(command, w);

  CLI::App* const principal = Group(app, "principal", "Who may call");
  command = Command(*principal, w, "add", "Let somebody call, with a new API key",
                    [&w] { AddPrincipal(w.context, w.principal, w.sending); });
  command->add_option("id", w.principal.id, "Her id")->required();
  command
      ->add_option("--role", w.principal.roles,
                   "operator, committee, platform, merchant or auditor; may be repeated")
      ->required();
  command->add_option("--source", w.principal.source, "The platform she posts for");
  command->add_option("--merchant", w.principal.merchant, "The merchant she redeems for");
  command->add_option("--volunteer", w.principal.volunteer, "The volunteer who she is");
  command->add_option("--key-out", w.principal.key_out, "Write the key to this new file");
  AddSending(command, w);
  command = Command(*principal, w, "revoke", "End somebody's access",
                    [&w] { RevokePrincipal(w.context, w.id, w.sending); });
  command->add_option("id", w.id, "Her id")->required();
  AddSending(command, w);

  CLI::App* const clock = Group(app, "clock", "The server's clock");
  Command(*clock, w, "confirm", "It was looked at and is right", [&w] { ConfirmClock(w.context); });
}

void AddPeople(CLI::App& app, Words& w) {
  CLI::App* const volunteer = Group(app, "volunteer", "Volunteers");
  CLI::App* command = Command(*volunteer, w, "add", "Open a volunteer's account",
                              [&w] { AddVolunteer(w.context, w.volunteer, w.sending); });
  command->add_option("id", w.volunteer.id, "A random id, no phone or identity number")->required();
  command->add_option("--organisation", w.volunteer.organisation, "Where she belongs");
  command->add_option("--cohort", w.volunteer.cohorts, "party or league; may be repeated");
  command->add_option("--age-band", w.volunteer.age_band, "under_14, 14_17, 18_59 or 60_plus")
      ->required();
  command->add_flag("--guardian-consent", w.volunteer.guardian_consent, "Needed under 14");
  AddSending(command, w);
  command = Command(app, w, "freeze", "Stop a volunteer from redeeming",
                    [&w] { FreezeVolunteer(w.context, w.id, w.reason, w.sending); });
  command->add_option("volunteer", w.id)->required();
  command->add_option("--reason", w.reason, "A short code")->required();
  AddSending(command, w);
  command = Command(app, w, "balance", "A volunteer's points, by the date they lapse",
                    [&w] { ShowBalance(w.context, w.id); });
  command->add_option("volunteer", w.id)->required();
  command = Command(app, w, "entries", "A volunteer's passbook, newest first",
                    [&w] { ShowEntries(w.context, w.id, w.limit); });
  command->add_option("volunteer", w.id)->required();
  command->add_option("--limit", w.limit, "At most so many")->capture_default_str();
}

void AddMall(CLI::App& app, Words& w) {
  CLI::App* command =
      Command(app, w, "item", "Price and pieces left", [&w] { ShowItem(w.context, w.id); });
  command->add_option("item", w.id)->required();
  CLI::App* const stock = Group(app, "stock", "Pieces of items");
  command = Command(*stock, w, "receive", "Add pieces",
                    [&w] { ReceiveStock(w.context, w.id, w.quantity, w.sending); });
  command->add_option("item", w.id)->required();
  command->add_option("quantity", w.quantity)->required();
  AddSending(command, w);
  command = Command(app, w, "redeem", "Spend a volunteer's points at a merchant's",
                    [&w] { Redeem(w.context, w.redeem, w.sending); });
  command->add_option("--volunteer", w.redeem.volunteer)->required();
  command->add_option("--merchant", w.redeem.merchant)->required();
  command->add_option("--item", w.redeem.items, "ID or ID=QUANTITY; may be repeated")->required();
  command->add_option("--order", w.redeem.order, "The order's id; random by default");
  AddSending(command, w);
}

void AddLog(CLI::App& app, Words& w) {
  CLI::App* command = Command(app, w, "import", "Bring a platform's CSV files in",
                              [&w] { ImportFolder(w.context, w.import_words); });
  command->add_option("dir", w.import_words.dir, "Folder with hours.csv and the like")->required();
  command->add_option("--refused", w.import_words.refused_file,
                      "Where refused rows go; DIR/refused.csv by default");
  command->add_option("--batch", w.import_words.batch, "Rows in a request")
      ->check(CLI::Range(1, 8'192))
      ->capture_default_str();
  command->add_option("--in-flight", w.import_words.in_flight, "Requests under way")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_flag("--strict", w.import_words.strict, "Exit 1 if a row was refused");

  CLI::App* const report = Group(app, "report", "What the committee reports");
  command = Command(*report, w, "summary", "The programme in figures",
                    [&w] { ReportSummary(w.context, w.min_size, w.file); });
  command->add_option("--min-size", w.min_size, "Wait until so many events are counted");
  command->add_option("--expect", w.file,
                      "Compare with these figures (JSON); exit 1 if they differ");

  command = Command(app, w, "watch", "Follow the log", [&w] { Watch(w.context, w.watch); });
  command->add_option("--from", w.watch.from, "First sequence")->capture_default_str();
  command->add_flag("--follow,!--no-follow", w.watch.follow, "Go on as the log grows (default)");
  command->add_option("--max", w.watch.max, "Stop after so many");
  Command(app, w, "audit", "Replay the log and compare every balance", [&w] { Audit(w.context); });

  CLI::App* const sample = Group(app, "sample", "Sample data");
  command =
      Command(*sample, w, "county", "A county's records of two years", [&w] { SampleCounty(w); });
  command->add_option("dir", w.file, "Folder to write")->required();
  command->add_option("--seed", w.seed, "Another draw")->capture_default_str();
  command->add_option("--scale", w.scale, "So many counties")->capture_default_str();
}

// The known word nearest to a wrong one, if it is near at all.
void Suggest(const CLI::App& app, int argc, char** argv) {
  const CLI::App* at = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.empty() && word[0] == '-') {
      if (const std::string flag = NearestFlag(*at, std::string(word)); !flag.empty()) {
        std::cerr << "merit: did you mean " << flag << "?\n";
        return;
      }
      continue;
    }
    const CLI::App* const next = at->get_subcommand_no_throw(std::string(word));
    if (next != nullptr) {
      at = next;
      continue;
    }
    if (const std::string name = NearestCommand(*at, std::string(word)); !name.empty()) {
      std::cerr << "merit: did you mean " << name << "?\n";
      return;
    }
  }
}

int Main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);
  CLI::App app("merit: the command line of Meritbook", "merit");
  Words words;
  app.require_subcommand(1);
  AddGlobals(app, words);
  AddAdmin(app, words);
  AddPeople(app, words);
  AddMall(app, words);
  AddLog(app, words);
  std::string shell;
  CLI::App* const completion = Command(app, words, "completion", "Completion for a shell",
                                       [&] { std::cout << CompletionScript(app, shell); });
  completion->add_option("shell", shell)->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  Command(app, words, "version", "Which merit this is", [] { std::cout << "merit 0.0.1\n"; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::cerr << "merit: " << error.what() << "\n";
    Suggest(app, argc, argv);
    return static_cast<int>(Exit::kUsage);
  }
  words.context.format = words.format == "json"  ? Format::kJson
                         : words.format == "csv" ? Format::kCsv
                                                 : Format::kTable;
  words.context.client.language = LanguageOf(words.language);
  try {
    words.run();
  } catch (const CommandError& error) {
    std::cout.flush();
    std::cerr << "merit: " << error.what() << "\n";
    return static_cast<int>(error.exit());
  }
  std::cout.flush();
  return static_cast<int>(Exit::kOk);
}

}  // namespace
}  // namespace meritbook::cli

int main(int argc, char** argv) { return meritbook::cli::Main(argc, argv); }
