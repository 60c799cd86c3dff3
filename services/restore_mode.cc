#include "services/restore_mode.h"

#include <iostream>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "ledger/id.h"
#include "ledger/text.h"
#include "services/clock.h"
#include "storage/restore.h"

namespace meritbook {
namespace {

constexpr int kUsage = 2;

int Complain(std::string_view problem, int exit_code) {
  std::cerr << "restore: " << problem << "\n";
  return exit_code;
}

// "N" or "LEDGER=N".
bool TakeSize(const std::string& text, RestoreOrder& order) {
  const size_t equals = text.rfind('=');
  const bool named = equals != std::string::npos;
  const std::string ledger = named ? text.substr(0, equals) : "";
  uint64_t size = 0;
  if (named && ledger.empty()) return false;
  if (!absl::SimpleAtoi(named ? text.substr(equals + 1) : text, &size)) return false;
  return order.sizes.emplace(ledger, size).second;
}

// What the ledger will take as declared, once it is too late to ask again.
std::optional<std::string> TakeDeclaration(const RestoreFlags& flags, RestoreOrder& order) {
  if (flags.reason_code.empty() && flags.declared_by.empty()) return std::nullopt;
  if (!IsId(flags.reason_code)) return "--declare-loss: a reason of 1 to 64 A-Z a-z 0-9 . _ : -";
  if (!IsId(flags.declared_by) || IsPersonalIdentifier(flags.declared_by)) {
    return "--by: who decides it, an id of 1 to 64 A-Z a-z 0-9 . _ : -";
  }
  order.declaration = {.declared_by = flags.declared_by, .reason_code = flags.reason_code};
  return std::nullopt;
}

std::string TimeText(int64_t us) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMicros(us), absl::UTCTimeZone());
}

void Tell(const Restored& restored, const std::string& data_dir) {
  std::cout << "backup " << restored.backup_id << " of " << TimeText(restored.made_us)
            << " is restored in " << data_dir << "\n";
  for (const RestoredLedger& ledger : restored.ledgers) {
    std::cout << "ledger " << ledger.ledger << ": " << ledger.size << " events";
    if (ledger.seen_size > ledger.size) {
      std::cout << ", " << ledger.seen_size - ledger.size << " given up of " << ledger.seen_size;
      std::cout << (ledger.size > 0 ? "; the server's first event there says so"
                                    : "; nothing of it is left");
    }
    std::cout << "\n";
  }
  for (const std::string& path : restored.moved_aside) {
    std::cout << "moved aside: " << path << "\n";
  }
}

}  // namespace

CLI::App* AddRestoreMode(CLI::App& app, RestoreFlags& flags) {
  CLI::App* const restore =
      app.add_subcommand("restore", "Make a store out of a backup; no server may be running on it");
  restore->add_option("backup_dir", flags.backup_dir, "Folder of the backups")->required();
  restore->add_option("--data", flags.data_dir, "Folder of the log and the state")->required();
  restore->add_option("--backup", flags.backup_id, "Which one; the newest by default")
      ->check(CLI::PositiveNumber);
  restore->add_option("--to-sequence", flags.sizes,
                      "N or LEDGER=N: keep the events below N, the end of a command");
  CLI::Option* const reason =
      restore->add_option("--declare-loss", flags.reason_code,
                          "Why events that a guard has seen are given up: a short code");
  CLI::Option* const by = restore->add_option("--by", flags.declared_by, "Who decided it");
  reason->needs(by);
  by->needs(reason);
  restore->add_flag("--replace", flags.replace, "Move a store that is there aside");
  return restore;
}

int RunRestore(const RestoreFlags& flags) {
  RestoreOrder order{.backup_dir = flags.backup_dir, .data_dir = flags.data_dir};
  if (flags.backup_id != 0) order.backup_id = flags.backup_id;
  for (const std::string& size : flags.sizes) {
    if (TakeSize(size, order)) continue;
    return Complain(Text("--to-sequence: ", size, " is not N or LEDGER=N, or stands twice"),
                    kUsage);
  }
  if (const auto problem = TakeDeclaration(flags, order)) return Complain(*problem, kUsage);
  order.replace = flags.replace;
  order.now_us = SystemClock().WallUs();
  order.warn = [](std::string_view line) { std::cerr << "restore: " << line << "\n"; };
  const absl::StatusOr<Restored> restored = Restore(order);
  if (!restored.ok()) return Complain(MessageOf(restored.status()), 1);
  Tell(*restored, flags.data_dir);
  return 0;
}

}  // namespace meritbook
