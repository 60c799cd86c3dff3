#include "storage/log_opening.h"

#include <utility>

#include "ledger/text.h"

namespace meritbook {
namespace {

// Makes what a new store needs, in an order in which a crash at any point leaves a store that
// opens: the empty log, then the guards' folder. So guards without a log are always damage.
absl::Status MakeMissing(const LogPlace& place) {
  const std::string log = place.dir + "/log";
  const absl::StatusOr<bool> has_log = place.disk->Exists(log);
  if (!has_log.ok()) return has_log.status();
  if (*has_log) return absl::OkStatus();
  const absl::StatusOr<bool> has_guards = place.disk->Exists(GuardFolder(place.dir));
  if (!has_guards.ok()) return has_guards.status();
  if (*has_guards) {
    return absl::DataLossError(
        Text("there are guards in ", GuardFolder(place.dir), ", but the log ", log, " is missing"));
  }
  return place.create();
}

// Nothing is written to the log before all of this is done.
absl::StatusOr<LedgerTails> CheckBeforeWriting(const LogPlace& place, const Guards& guards) {
  const absl::StatusOr<std::unique_ptr<LogRows>> rows = place.open_for_reading();
  if (!rows.ok()) return rows.status();
  absl::StatusOr<LedgerTails> tails = CheckLog(**rows, guards, place.threads_max);
  if (tails.ok()) return tails;
  return absl::Status(tails.status().code(),
                      Text("the log ", place.dir, "/log is refused: ", MessageOf(tails.status())));
}

}  // namespace

std::string GuardFolder(const std::string& dir) { return dir + "/guard"; }

absl::StatusOr<LogOpening> OpenLog(const LogPlace& place) {
  Disk& disk = *place.disk;
  const std::string guard_folder = GuardFolder(place.dir);
  if (absl::Status s = MakeMissing(place); !s.ok()) return s;
  absl::StatusOr<Guards> guards = OpenGuards(disk, guard_folder, place.warn);
  if (!guards.ok()) return guards.status();
  absl::StatusOr<LedgerTails> tails = CheckBeforeWriting(place, *guards);
  if (!tails.ok()) return tails.status();

  absl::StatusOr<std::unique_ptr<LogRows>> rows = place.open_for_writing();
  if (!rows.ok()) return rows.status();
  if (absl::Status s = CheckTails(**rows, *tails); !s.ok()) return s;
  if (absl::Status s = disk.MakeFolders(guard_folder); !s.ok()) return s;
  if (absl::Status s = disk.SyncFolder(place.dir); !s.ok()) return s;
  absl::StatusOr<OpenedLog> log = SettleGuards(*std::move(tails), *std::move(guards));
  if (!log.ok()) return log.status();
  return LogOpening{.rows = *std::move(rows), .log = *std::move(log)};
}

}  // namespace meritbook
