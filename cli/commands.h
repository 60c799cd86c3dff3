// Owns: what each command of merit does, once its words are understood.
// Promises: prints its result in the format that was asked for, or throws CommandError.
// Thread: the main one.
#ifndef MERITBOOK_CLI_COMMANDS_H_
#define MERITBOOK_CLI_COMMANDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cli/client.h"
#include "cli/table.h"

namespace meritbook::cli {

struct Context {
  ClientOptions client;
  Format format = Format::kTable;
};

// For commands that change something.
struct Sending {
  std::string request_id;   // empty: the command's natural one
  std::string recorded_at;  // empty: the ledger's own time
};

struct PrincipalWords {
  std::string id;
  std::vector<std::string> roles;
  std::string source;
  std::string merchant;
  std::string volunteer;
  std::string key_out;
};
struct VolunteerWords {
  std::string id;
  std::string organisation;
  std::vector<std::string> cohorts;
  std::string age_band;
  bool guardian_consent = false;
};
struct RedeemWords {
  std::string volunteer;
  std::string merchant;
  std::vector<std::string> items;  // ID or ID=QUANTITY
  std::string order;
};
struct ImportWords {
  std::string dir;
  std::string refused_file;
  int batch = 2048;
  int in_flight = 6;
  bool strict = false;
};
struct WatchWords {
  uint64_t from = 0;
  bool follow = true;
  uint64_t max = 0;
};

// commands_admin.cc
void CreateLedger(const Context& context, const std::string& id, bool migrating,
                  const std::string& time_zone, const Sending& sending);
void ListLedgers(const Context& context);
void ShowLedger(const Context& context);
void FinishMigration(const Context& context, const Sending& sending);
void PublishRule(const Context& context, const std::string& file, const Sending& sending);
void AddPrincipal(const Context& context, const PrincipalWords& words, const Sending& sending);
void RevokePrincipal(const Context& context, const std::string& id, const Sending& sending);
void ConfirmClock(const Context& context);

// commands_people.cc
void AddVolunteer(const Context& context, const VolunteerWords& words, const Sending& sending);
void FreezeVolunteer(const Context& context, const std::string& id, const std::string& reason,
                     const Sending& sending);
void ShowBalance(const Context& context, const std::string& volunteer);
void ShowEntries(const Context& context, const std::string& volunteer, uint32_t limit);
void ShowItem(const Context& context, const std::string& item);
void ReceiveStock(const Context& context, const std::string& item, uint32_t quantity,
                  const Sending& sending);
void Redeem(const Context& context, const RedeemWords& words, const Sending& sending);

// commands_log.cc
void ImportFolder(const Context& context, const ImportWords& words);
void Watch(const Context& context, const WatchWords& words);
void Audit(const Context& context);

// commands_report.cc
void ReportSummary(const Context& context, uint64_t min_size, const std::string& expect_file);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_COMMANDS_H_
