// The part of the command tree about activities and hours, and about deciding what became of them.
#include "cli/activity_commands.h"
#include "cli/command_branch.h"
#include "cli/hours_commands.h"
#include "cli/opening_commands.h"
#include "cli/proposal_commands.h"
#include "cli/review_command.h"

namespace meritbook::cli {
namespace {

const std::vector<std::string> kOrganisationKinds = {"unit", "team", "community", "station",
                                                     "cause"};

CLI::Option* AddReason(CLI::App* command, std::string& reason_code) {
  return command->add_option("--reason", reason_code, "A short code of the committee's");
}

void AddTimes(CLI::App* command, std::string& from, std::string& to) {
  command->add_option("--from", from, "Start, RFC 3339 such as 2021-03-05T09:00:00+08:00");
  command->add_option("--to", to, "End, RFC 3339");
}

// Of a record's content; its id is the command's own affair.
void AddServiceFlags(CLI::App* command, ServiceFlags& flags) {
  command->add_option("--volunteer", flags.volunteer_id, "Who served")->required();
  command->add_option("--activity", flags.activity_id, "Id of the activity")->required();
  command->add_option("--session", flags.session_id, "Id of the session");
  AddTimes(command, flags.from, flags.to);
  command->add_option("--day", flags.day, "Day of service where no clock times are known");
  command->add_option("--minutes", flags.minutes, "Its length, with --day")
      ->check(CLI::PositiveNumber);
}

void AddCorrection(CLI::App* command, CorrectFlags& flags) {
  command->add_option("record", flags.record, "The approved record, as PLATFORM/RECORD")
      ->required();
  command->add_option("--replacement", flags.service.record_id, "Id of the record in its place")
      ->required();
  AddServiceFlags(command, flags.service);
  AddReason(command, flags.reason_code)->required();
  AddWriteFlags(command, flags.write);
}

void AddRecordReason(CLI::App* command, RecordReasonFlags& flags) {
  command->add_option("record", flags.record, "The record, as PLATFORM/RECORD")->required();
  AddReason(command, flags.reason_code)->required();
  AddWriteFlags(command, flags.write);
}

void AddOrganisationCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const organisation = Group(app, "organisation", "Who service is done for");
  CLI::App* const add = organisation->add_subcommand("add", "Add one (platform, committee)");
  const auto add_flags = std::make_shared<AddOrganisationFlags>();
  add->add_option("id", add_flags->organisation_id, "The organisation's id")->required();
  add->add_option("--kind", add_flags->kind, "What it is; points are donated to a cause")
      ->required()
      ->check(CLI::IsMember(kOrganisationKinds));
  add->add_option("--headcount", add_flags->headcount, "People on its roster");
  AddWriteFlags(add, add_flags->write);
  Run(add, invocation, add_flags, &AddOrganisation);

  CLI::App* const roster = organisation->add_subcommand(
      "roster", "Say how many people are on its roster now (platform, committee)");
  const auto roster_flags = std::make_shared<RosterFlags>();
  roster->add_option("id", roster_flags->organisation_id, "The organisation's id")->required();
  roster->add_option("headcount", roster_flags->headcount, "How many people")->required();
  AddWriteFlags(roster, roster_flags->write);
  Run(roster, invocation, roster_flags, &SetRoster);
}

void AddActivityCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const activity = Group(app, "activity", "Service projects");
  const auto describing = [&](const char* name, const char* help,
                              Outcome (*run)(Session&, const ActivityFlags&)) {
    CLI::App* const command = activity->add_subcommand(name, help);
    const auto flags = std::make_shared<ActivityFlags>();
    command->add_option("id", flags->activity_id, "The activity's id")->required();
    command->add_option("--organisation", flags->organisation_id, "Whose it is")->required();
    command->add_option("--category", flags->category, "Names the rate in the rule")->required();
    command->add_option("--site", flags->site, "Where, an id of the platform's");
    command->add_option("--starts-at", flags->starts_at, "No service counts before, RFC 3339")
        ->required();
    command->add_option("--ends-at", flags->ends_at, "No service counts after, RFC 3339");
    command->add_option("--capacity", flags->capacity, "People at one session, or on one day");
    command->add_option("--campaign", flags->campaign, "What it is counted under, an id");
    AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  describing("submit", "Propose one to the committee (platform)", &SubmitActivity);
  describing("register", "Open one that was approved elsewhere (platform)", &RegisterActivity);

  const auto deciding = [&](const char* name, const char* help, bool has_reason,
                            const char* default_reason,
                            Outcome (*run)(Session&, const ActivityReasonFlags&)) {
    CLI::App* const command = activity->add_subcommand(name, help);
    const auto flags = std::make_shared<ActivityReasonFlags>();
    flags->reason_code = default_reason;
    command->add_option("id", flags->activity_id, "The activity's id")->required();
    if (has_reason) {
      AddReason(command, flags->reason_code)->required(flags->reason_code.empty());
    }
    AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  deciding("approve", "Open a submitted one (committee)", true, "approved", &ApproveActivity);
  deciding("reject", "Turn a submitted one down for ever (committee)", true, "", &RejectActivity);
  deciding("close", "It is over: later service is not taken (platform, committee)", false, "",
           &CloseActivity);
  deciding("cancel", "Call it off: it takes no more records (platform, committee)", true, "",
           &CancelActivity);

  CLI::App* const session =
      Group(app, "session", "Occurrences of an activity")
          ->add_subcommand("register", "Add one: a place, a day, a slot (platform)");
  const auto session_flags = std::make_shared<SessionFlags>();
  session->add_option("id", session_flags->session_id, "The session's id")->required();
  session->add_option("--activity", session_flags->activity_id, "Id of the activity")->required();
  session->add_option("--day", session_flags->service_day, "Day of service, YYYY-MM-DD")
      ->required();
  session->add_option("--slot", session_flags->slot, "Part of the day, such as morning");
  session->add_option("--site", session_flags->site, "Where, an id of the platform's");
  session->add_option("--starts-at", session_flags->starts_at, "Start, RFC 3339")->required();
  session->add_option("--ends-at", session_flags->ends_at, "End, RFC 3339")->required();
  AddWriteFlags(session, session_flags->write);
  Run(session, invocation, session_flags, &RegisterSession);
}

void AddRecordCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const hours = Group(app, "hours", "What volunteers did");
  const auto sending = [&](const char* name, const char* help,
                           Outcome (*run)(Session&, const RecordFlags&)) {
    CLI::App* const command = hours->add_subcommand(name, help);
    const auto flags = std::make_shared<RecordFlags>();
    command->add_option("record", flags->service.record_id, "The record's id")->required();
    AddServiceFlags(command, flags->service);
    AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  sending("credit", "One record that was reviewed elsewhere (platform)", &CreditHours);
  sending("submit", "One record that nobody has reviewed: credited, or waits (platform)",
          &SubmitHours);
  sending("backfill", "One old record, beyond the backdating window (platform)", &BackfillHours);

  CLI::App* const attendance =
      hours->add_subcommand("attendance", "One sheet of a session, all lines or none (platform)");
  const auto sheet = std::make_shared<AttendanceFlags>();
  attendance
      ->add_option("file", sheet->file,
                   "CSV: record_id, volunteer_id and, where they differ, starts_at, ends_at")
      ->required()
      ->type_name("FILE");
  attendance->add_option("--activity", sheet->activity_id, "Id of the activity")->required();
  attendance->add_option("--session", sheet->session_id, "Id of the session");
  AddTimes(attendance, sheet->from, sheet->to);
  attendance->get_option("--from")->required();
  attendance->get_option("--to")->required();
  AddWriteFlags(attendance, sheet->write);
  Run(attendance, invocation, sheet, &RecordAttendance);

  CLI::App* const correct =
      hours->add_subcommand("correct", "Replace an approved record (platform, committee)");
  const auto correct_flags = std::make_shared<CorrectFlags>();
  AddCorrection(correct, *correct_flags);
  Run(correct, invocation, correct_flags, &CorrectHours);

  CLI::App* const revoke = hours->add_subcommand(
      "revoke", "Take an approved record back, with its points (platform, committee)");
  const auto revoke_flags = std::make_shared<RecordReasonFlags>();
  AddRecordReason(revoke, *revoke_flags);
  Run(revoke, invocation, revoke_flags, &RevokeHours);

  CLI::App* const dispute = hours->add_subcommand(
      "dispute", "Contradict what became of a record: it is reviewed again (platform, committee)");
  const auto dispute_flags = std::make_shared<RecordReasonFlags>();
  AddRecordReason(dispute, *dispute_flags);
  Run(dispute, invocation, dispute_flags, &DisputeHours);

  CLI::App* const award = app.add_subcommand(
      "award", "Ask for points for an act that has no hours; waits for review (platform)");
  const auto award_flags = std::make_shared<AwardFlags>();
  award->add_option("record", award_flags->record_id, "The record's id")->required();
  award->add_option("--volunteer", award_flags->volunteer_id, "Who is honoured")->required();
  award->add_option("--award", award_flags->award, "Names the award in the rule")->required();
  award->add_option("--day", award_flags->day, "When it was, YYYY-MM-DD")->required();
  award->add_option("--points", award_flags->points, "Whole points")
      ->required()
      ->check(CLI::PositiveNumber);
  AddWriteFlags(award, award_flags->write);
  Run(award, invocation, award_flags, &AwardPoints);

  CLI::App* const show =
      Group(app, "record", "What became of records")->add_subcommand("show", "One record");
  const auto record = std::make_shared<std::string>();
  show->add_option("record", *record, "The record, as PLATFORM/RECORD")->required();
  Run(show, invocation, record, &ShowRecord);
}

template <typename Flags>
CLI::App* AddProposal(CLI::App* propose, const char* name, const char* help, Flags& flags) {
  CLI::App* const command = propose->add_subcommand(name, help);
  command->add_option("--proposal", flags.proposal_id,
                      "The proposal's id; a random one by default");
  return command;
}

void AddProposeCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const propose = Group(app, "propose", "Ask for a change that needs two people");
  const auto adjust_flags = std::make_shared<ProposeAdjustFlags>();
  CLI::App* const adjust =
      AddProposal(propose, "adjust", "Add or take points of a volunteer", *adjust_flags);
  adjust->add_option("volunteer", adjust_flags->volunteer_id, "The volunteer's id")->required();
  adjust->add_option("--points", adjust_flags->points, "12.50 or -12.50; exact, never rounded")
      ->required();
  adjust->add_option("--expiry-day", adjust_flags->expiry_day,
                     "Last day of added points; they never lapse by default");
  AddReason(adjust, adjust_flags->reason_code)->required();
  AddWriteFlags(adjust, adjust_flags->write);
  Run(adjust, invocation, adjust_flags, &ProposeAdjust);

  const auto back_flags = std::make_shared<ProposeReinstateFlags>();
  CLI::App* const back = AddProposal(propose, "reinstate", "Give lapsed points back", *back_flags);
  back->add_option("volunteer", back_flags->volunteer_id, "The volunteer's id")->required();
  back->add_option("--points", back_flags->points, "How many, such as 12.50")->required();
  back->add_option("--lapsed-day", back_flags->lapsed_day, "Last day of the points that lapsed")
      ->required();
  back->add_option("--expiry-day", back_flags->expiry_day, "Their new last day")->required();
  AddReason(back, back_flags->reason_code)->required();
  AddWriteFlags(back, back_flags->write);
  Run(back, invocation, back_flags, &ProposeReinstate);

  const auto merge_flags = std::make_shared<ProposeMergeFlags>();
  CLI::App* const merge =
      AddProposal(propose, "merge", "Make two registrations of one person one", *merge_flags);
  merge->add_option("volunteer", merge_flags->volunteer_id, "The registration that ends")
      ->required();
  merge->add_option("survivor", merge_flags->survivor_id, "The one that keeps everything")
      ->required();
  AddWriteFlags(merge, merge_flags->write);
  Run(merge, invocation, merge_flags, &ProposeMerge);

  const auto correct_flags = std::make_shared<ProposeCorrectFlags>();
  CLI::App* const correct = AddProposal(
      propose, "correct", "Replace a record that was credited long ago", *correct_flags);
  AddCorrection(correct, correct_flags->correct);
  Run(correct, invocation, correct_flags, &ProposeCorrect);

  const auto revoke_flags = std::make_shared<ProposeRevokeFlags>();
  CLI::App* const revoke =
      AddProposal(propose, "revoke", "Take a large or old record back", *revoke_flags);
  AddRecordReason(revoke, revoke_flags->revoke);
  Run(revoke, invocation, revoke_flags, &ProposeRevoke);

  const auto budget_flags = std::make_shared<ProposeBudgetFlags>();
  CLI::App* const budget =
      AddProposal(propose, "budget", "Add money to what the mall may spend", *budget_flags);
  budget->add_option("source", budget_flags->source, "Who gives it: programme, or a donor's id")
      ->required();
  budget->add_option("year", budget_flags->year, "Of the orders that it pays for")->required();
  budget->add_option("--yuan", budget_flags->yuan, "20000.00, or -500 to take unspent money away")
      ->required();
  budget
      ->add_option("--warn-percent", budget_flags->warn_percent,
                   "Warn once this share is reserved, owed or paid")
      ->check(CLI::Range(1, 100));
  AddWriteFlags(budget, budget_flags->write);
  Run(budget, invocation, budget_flags, &ProposeBudget);

  const auto off_flags = std::make_shared<ProposeWriteOffFlags>();
  CLI::App* const off =
      AddProposal(propose, "write-off", "Take from what a merchant is owed, or add", *off_flags);
  off->add_option("statement", off_flags->statement_id, "The statement's id")->required();
  off->add_option("--points", off_flags->points, "12.50 takes away, -12.50 adds");
  off->add_option("--yuan", off_flags->yuan, "12.50 takes away, -12.50 adds");
  off->add_option("--budget", off_flags->budget,
                  "SOURCE/YEAR that the yuan go back to or come from, of an open statement");
  AddReason(off, off_flags->reason_code)->required();
  AddWriteFlags(off, off_flags->write);
  Run(off, invocation, off_flags, &ProposeWriteOff);
}

void AddReviewCommands(CLI::App& app, Invocation& invocation) {
  const auto settling = [&](const char* name, const char* help, bool has_reason,
                            Outcome (*run)(Session&, const ProposalFlags&)) {
    CLI::App* const command = app.add_subcommand(name, help);
    const auto flags = std::make_shared<ProposalFlags>();
    command->add_option("proposal", flags->proposal_id, "The proposal's id")->required();
    if (has_reason) AddReason(command, flags->reason_code)->required();
    AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  settling("approve", "The second person agrees: the change is made now (committee)", false,
           &ApproveProposal);
  settling("reject", "End a proposal without effect (committee, platform, operator)", true,
           &RejectProposal);

  CLI::App* const review = app.add_subcommand(
      "review", "What waits for a committee: asks about each on a terminal, else lists it");
  review->require_subcommand(0, 1);
  review->callback([&invocation, review] {
    if (review->get_subcommands().empty()) invocation.run = &Review;
  });
  const auto reviewing = [&](const char* name, const char* help, bool needs_reason,
                             Outcome (*run)(Session&, const ReviewFlags&)) {
    CLI::App* const command = review->add_subcommand(name, help);
    const auto flags = std::make_shared<ReviewFlags>();
    command->add_option("what", flags->target, "PLATFORM/RECORD, activity ID or proposal ID")
        ->required()
        ->expected(1, 2);
    AddReason(command, flags->reason_code)->required(needs_reason);
    AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  reviewing("approve", "Approve one thing that waits (committee)", false, &ReviewApprove);
  reviewing("reject", "Reject one thing that waits (committee)", true, &ReviewReject);
}

void AddOpeningCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const opening =
      Group(app, "opening", "The balances of the old system, while the ledger is migrating");
  const auto adding = [&](const char* name, const char* help, bool writes,
                          Outcome (*run)(Session&, const OpeningFlags&)) {
    CLI::App* const command = opening->add_subcommand(name, help);
    const auto flags = std::make_shared<OpeningFlags>();
    command
        ->add_option("file", flags->file,
                     "CSV: volunteer_id, units or points, expiry_day, credited_minutes, "
                     "honorary_minutes")
        ->required()
        ->type_name("FILE");
    if (writes) AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  adding("check", "Read the file and tell what is in it; sends nothing", false, &CheckOpening);
  adding("propose", "Propose it, in parts of 128 volunteers", true, &ProposeOpening);
  adding("approve", "The second person: compare with your own copy of the file, then approve all",
         true, &ApproveOpening);
}

}  // namespace

void AddHoursCommands(CLI::App& app, Invocation& invocation) {
  AddOrganisationCommands(app, invocation);
  AddActivityCommands(app, invocation);
  AddRecordCommands(app, invocation);
}

void AddChangeCommands(CLI::App& app, Invocation& invocation) {
  AddProposeCommands(app, invocation);
  AddReviewCommands(app, invocation);
  AddOpeningCommands(app, invocation);
}

}  // namespace meritbook::cli
