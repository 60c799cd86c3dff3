// The part of the command tree about volunteers and what they own.
#include "cli/account_commands.h"
#include "cli/command_branch.h"
#include "cli/party_commands.h"

namespace meritbook::cli {
namespace {

const std::vector<std::string> kAgeBands = {"under_14", "14_17", "18_59", "60_plus"};
const std::vector<std::string> kCohorts = {"party", "league"};
const std::vector<std::string> kCloseReasons = {"moved", "withdrew", "died"};

}  // namespace

void AddVolunteerCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const volunteer = Group(app, "volunteer", "Who serves");
  CLI::App* const add = volunteer->add_subcommand("add", "Open a volunteer's account (platform)");
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

  const auto freezing = [&](const char* name, const char* help,
                            Outcome (*run)(Session&, const FreezeFlags&)) {
    CLI::App* const command = volunteer->add_subcommand(name, help);
    const auto flags = std::make_shared<FreezeFlags>();
    command->add_option("id", flags->volunteer_id, "The volunteer's id")->required();
    command->add_option("--reason", flags->reason_code, "A short code of the committee's")
        ->required();
    AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  freezing("freeze", "Stop a volunteer from redeeming (committee, platform)", &Freeze);
  freezing("unfreeze", "Let a frozen volunteer redeem again (committee, platform)", &Unfreeze);

  CLI::App* const close = volunteer->add_subcommand(
      "close", "End an account for ever; its points are forfeited (committee)");
  const auto close_flags = std::make_shared<CloseVolunteerFlags>();
  close->add_option("id", close_flags->volunteer_id, "The volunteer's id")->required();
  close->add_option("--reason", close_flags->reason, "Why it ends")
      ->required()
      ->check(CLI::IsMember(kCloseReasons));
  AddWriteFlags(close, close_flags->write);
  Run(close, invocation, close_flags, &CloseVolunteer);

  CLI::App* const donate =
      app.add_subcommand("donate", "Give a volunteer's points to a cause (platform)");
  const auto donate_flags = std::make_shared<DonateFlags>();
  donate->add_option("volunteer", donate_flags->volunteer_id, "Whose points")->required();
  donate->add_option("cause", donate_flags->cause_id, "An organisation of kind cause")->required();
  donate->add_option("points", donate_flags->points, "Whole points")
      ->required()
      ->check(CLI::PositiveNumber);
  AddWriteFlags(donate, donate_flags->write);
  Run(donate, invocation, donate_flags, &Donate);

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

}  // namespace meritbook::cli
