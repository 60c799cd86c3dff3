// <data>/restoring is built: log, guard, loss. Renamed to <data>/restored-<time> it is decided.
// Then state, loss, guard and log are moved aside one by one, and each one's successor in; the log
// comes last, so that as long as restored-<time>/log is there, all of it can be done again.
#include "storage/restore.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"
#include "storage/backup.h"
#include "storage/log_cut.h"
#include "storage/log_database.h"
#include "storage/loss_note.h"
#include "storage/rocks_event_log.h"

namespace meritbook {
namespace {

constexpr std::string_view kDecidedPrefix = "restored-";
constexpr std::array<std::string_view, 3> kRestoredParts = {"loss", "guard", "log"};

// What was seen of a ledger, by whom.
struct Seen {
  GuardMark mark;
  std::string by;
};
using SeenLedgers = std::map<std::string, std::vector<Seen>>;

struct StoreLocks {
  OpenFile log;
  OpenFile state;
};

absl::StatusOr<StoreLocks> LockStore(const std::string& dir) {
  absl::StatusOr<OpenFile> log = LockFile(dir + "/log.lock");
  if (!log.ok()) return log.status();
  absl::StatusOr<OpenFile> state = LockFile(dir + "/state.lock");
  if (!state.ok()) return state.status();
  return StoreLocks{*std::move(log), *std::move(state)};
}

uint64_t RandomNonce() {
  uint64_t nonce = 0;
  MB_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&nonce), sizeof(nonce)) == 1);
  return nonce;
}

// Moves `name` aside if it is there; `time` names where to.
absl::Status MoveAside(Disk& disk, const std::string& dir, std::string_view name,
                       std::string_view time) {
  const std::string from = Text(dir, "/", name);
  const absl::StatusOr<bool> exists = disk.Exists(from);
  if (!exists.ok()) return exists.status();
  if (!*exists) return absl::OkStatus();
  if (absl::Status s = disk.Rename(from, Text(from, ".replaced-", time)); !s.ok()) return s;
  return disk.SyncFolder(dir);
}

absl::Status MoveIn(Disk& disk, const std::string& dir, std::string_view time) {
  const std::string decided = Text(dir, "/", kDecidedPrefix, time);
  const absl::StatusOr<bool> begins = disk.Exists(decided + "/log");
  if (!begins.ok()) return begins.status();
  if (*begins) {
    if (absl::Status s = MoveAside(disk, dir, "state", time); !s.ok()) return s;
  }
  for (const std::string_view part : kRestoredParts) {
    const std::string from = Text(decided, "/", part);
    const absl::StatusOr<bool> waits = disk.Exists(from);
    if (!waits.ok()) return waits.status();
    if (!*waits) continue;
    if (absl::Status s = MoveAside(disk, dir, part, time); !s.ok()) return s;
    if (absl::Status s = disk.Rename(from, Text(dir, "/", part)); !s.ok()) return s;
    if (absl::Status s = disk.SyncFolder(dir); !s.ok()) return s;
  }
  if (absl::Status s = disk.RemoveTree(decided); !s.ok()) return s;
  return disk.SyncFolder(dir);
}

absl::Status FinishDecided(Disk& disk, const std::string& dir,
                           const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (!name.starts_with(kDecidedPrefix)) continue;
    if (absl::Status s = MoveIn(disk, dir, name.substr(kDecidedPrefix.size())); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::StatusOr<BackupMark> ChooseBackup(Disk& disk, const RestoreOrder& order) {
  if (order.backup_id) return ReadBackupMark(disk, order.backup_dir, *order.backup_id);
  const absl::StatusOr<std::vector<uint32_t>> ids = ListBackupIds(disk, order.backup_dir);
  if (!ids.ok()) return ids.status();
  if (ids->empty()) {
    return absl::NotFoundError(Text("there is no backup in ", order.backup_dir));
  }
  return ReadBackupMark(disk, order.backup_dir, ids->back());
}

// How many events are kept of each ledger.
absl::StatusOr<std::map<std::string, uint64_t>> KeptSizes(const RestoreOrder& order,
                                                          const BackupMark& mark) {
  std::map<std::string, uint64_t> sizes;
  for (const auto& [name, tail] : mark.ledgers) sizes[name] = tail.size;
  for (const auto& [name, size] : order.sizes) {
    if (name.empty() && mark.ledgers.size() != 1) {
      return absl::FailedPreconditionError(
          Text("the backup has ", mark.ledgers.size(), " ledgers: say --to-sequence LEDGER=N"));
    }
    const std::string& ledger = name.empty() ? mark.ledgers.begin()->first : name;
    if (!name.empty() && order.sizes.contains("")) {
      return absl::FailedPreconditionError(
          Text("--to-sequence stands twice for ledger '", ledger, "'"));
    }
    if (!sizes.contains(ledger)) {
      return absl::FailedPreconditionError(Text("the backup has no ledger '", ledger, "'"));
    }
    sizes[ledger] = size;
  }
  return sizes;
}

// Who has seen most.
const Seen& Most(const std::vector<Seen>& seen) {
  return *std::max_element(seen.begin(), seen.end(), [](const Seen& one, const Seen& other) {
    return one.mark.size < other.mark.size;
  });
}

// By guards that survived, by notes of losses that were never declared, by the backup itself.
absl::StatusOr<SeenLedgers> FindSeen(Disk& disk, const std::string& dir, const BackupMark& mark,
                                     const Warn& warn) {
  SeenLedgers seen;
  const absl::StatusOr<Guards> guards = OpenGuards(disk, dir + "/guard", warn);
  if (!guards.ok()) return guards.status();
  for (const auto& [name, guard] : *guards) {
    if (guard.mark().size == 0) continue;
    seen[name].push_back({guard.mark(), Text("the guard ", guard.path())});
  }
  const absl::StatusOr<std::vector<LossNote>> notes = ReadLossNotes(disk, dir + "/loss");
  if (!notes.ok()) return notes.status();
  for (const LossNote& note : *notes) {
    seen[note.ledger].push_back(
        {{.size = note.guard_size, .last_hash = note.guard_hash}, "the note of an earlier loss"});
  }
  for (const auto& [name, tail] : mark.ledgers) {
    if (tail.size == 0) continue;
    seen[name].push_back(
        {{.size = tail.size, .last_hash = tail.last_hash, .epoch = tail.last_epoch}, "the backup"});
  }
  return seen;
}

absl::Status RefuseLoss(const std::string& ledger, uint64_t kept, const Seen& seen) {
  return absl::FailedPreconditionError(Text(
      "ledger '", ledger, "': ", kept, " events would be restored, but ", seen.by, " has seen ",
      seen.mark.size, ": ", seen.mark.size - kept,
      seen.mark.size == kept ? " fewer, but others: they would be lost" : " events would be lost",
      "; --declare-loss REASON --by PRINCIPAL gives them up, for all to see in the ledger"));
}

// Makes the new store in one folder.
class Building {
 public:
  Building(const RestoreOrder& order, const BackupMark& mark, const SeenLedgers& seen)
      : order_(order), mark_(mark), seen_(seen), folder_(order.data_dir + "/restoring") {}

  absl::Status Build(const std::map<std::string, uint64_t>& sizes) {
    if (absl::Status s = disk_.RemoveTree(folder_); !s.ok()) return s;
    for (const std::string_view part : kRestoredParts) {
      if (absl::Status s = disk_.MakeFolders(Text(folder_, "/", part)); !s.ok()) return s;
    }
    // From here on a start without a log says that nothing is restored.
    if (absl::Status s = disk_.SyncFolder(order_.data_dir); !s.ok()) return s;
    if (absl::Status s = CheckBackup(order_.backup_dir, mark_, order_.warn); !s.ok()) return s;
    if (absl::Status s = CopyBackup(order_.backup_dir, mark_.id, folder_ + "/log", order_.warn);
        !s.ok()) {
      return s;
    }
    if (absl::Status s = CutAll(sizes); !s.ok()) return s;
    if (absl::Status s = MakeGuards(); !s.ok()) return s;
    if (absl::Status s = MakeNotes(); !s.ok()) return s;
    return OpenOnce();
  }

  const LedgerTails& tails() const { return tails_; }
  const std::string& folder() const { return folder_; }

 private:
  absl::Status CutAll(const std::map<std::string, uint64_t>& sizes) {
    const RocksGround ground{.logger = NewWarningLogger(order_.warn)};
    auto database = OpenLogForWriting(folder_ + "/log", ground);
    if (!database.ok()) return database.status();
    RocksLogRows rows(*std::move(database));
    for (const auto& [name, tail] : mark_.ledgers) {
      uint64_t epoch = std::max(tail.writer.epoch, tail.last_epoch);
      if (const auto found = seen_.find(name); found != seen_.end()) {
        for (const Seen& seen : found->second) epoch = std::max(epoch, seen.mark.epoch);
      }
      const WriterStamp writer{.epoch = (epoch / kEpochsOfOneLog + 1) * kEpochsOfOneLog,
                               .nonce = RandomNonce()};
      if (tail.size == 0) {
        tails_[name] = {.last_hash = tail.last_hash, .writer = tail.writer};
        continue;
      }
      absl::StatusOr<LedgerTail> kept =
          CutLedger(rows, name, tail, sizes.find(name)->second, writer);
      if (!kept.ok()) return kept.status();
      tails_[name] = *std::move(kept);
      if (absl::Status s = CompareHistory(rows, name); !s.ok()) return s;
    }
    return rows.Close();
  }

  // What was seen must be what is restored, as far as that goes.
  absl::Status CompareHistory(const LogRows& rows, const std::string& name) {
    const auto found = seen_.find(name);
    if (found == seen_.end()) return absl::OkStatus();
    for (const Seen& seen : found->second) {
      if (absl::Status s = CompareHistory(rows, name, seen); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

  absl::Status CompareHistory(const LogRows& rows, const std::string& name, const Seen& seen) {
    const uint64_t kept = tails_[name].size;
    if (seen.mark.size > kept) return absl::OkStatus();  // a loss
    const absl::StatusOr<std::optional<Hash>> hash = HashOfRecordEnd(rows, name, seen.mark.size);
    if (!hash.ok()) return hash.status();
    if (*hash == seen.mark.last_hash) return absl::OkStatus();
    if (seen.mark.size == kept && order_.declaration) {
      others_[name] = seen;
      return absl::OkStatus();
    }
    if (seen.mark.size == kept) return RefuseLoss(name, kept, seen);
    return absl::FailedPreconditionError(
        Text("ledger '", name, "': the backup has another history than ", seen.by,
             " has seen up to ", seen.mark.size, " events: it is no copy of that ledger"));
  }

  absl::Status MakeGuards() {
    for (const auto& [name, tail] : tails_) {
      const absl::StatusOr<Guard> guard =
          Guard::Create(disk_, folder_ + "/guard", name,
                        {.size = tail.size, .last_hash = tail.last_hash, .epoch = tail.last_epoch});
      if (!guard.ok()) return guard.status();
    }
    return disk_.SyncFolder(folder_ + "/guard");
  }

  absl::Status MakeNotes() {
    for (const auto& [name, seen] : seen_) {
      const auto tail = tails_.find(name);
      // Of a ledger that is lost as a whole nothing can say so.
      if (tail == tails_.end() || tail->second.size == 0) continue;
      const auto other = others_.find(name);
      const Seen& lost = Most(seen).mark.size > tail->second.size || other == others_.end()
                             ? Most(seen)
                             : other->second;
      if (lost.mark.size <= tail->second.size && other == others_.end()) continue;
      MB_CHECK(order_.declaration.has_value());
      if (absl::Status s = WriteLossNote(disk_, folder_ + "/loss",
                                         {.ledger = name,
                                          .kept_size = tail->second.size,
                                          .guard_size = lost.mark.size,
                                          .guard_hash = lost.mark.last_hash,
                                          .declared_by = order_.declaration->declared_by,
                                          .reason_code = order_.declaration->reason_code});
          !s.ok()) {
        return s;
      }
    }
    return disk_.SyncFolder(folder_ + "/loss");
  }

  // As the server will: every record, every guard.
  absl::Status OpenOnce() {
    RocksEventLogOptions options;
    options.dir = folder_;
    options.warn = order_.warn;
    absl::StatusOr<std::unique_ptr<EventLog>> log = OpenRocksEventLog(std::move(options));
    if (!log.ok()) return log.status();
    for (const auto& [name, tail] : tails_) {
      if ((*log)->Size(name) == tail.size) continue;
      return absl::DataLossError(Text("ledger '", name, "': ", (*log)->Size(name),
                                      " events were restored, want ", tail.size));
    }
    if (absl::Status s = (*log)->Close(); !s.ok()) return s;
    log->reset();
    if (absl::Status s = disk_.RemoveTree(folder_ + "/log.lock"); !s.ok()) return s;
    return disk_.SyncFolder(folder_);
  }

  Disk& disk_ = MachineDisk();
  const RestoreOrder& order_;
  const BackupMark& mark_;
  const SeenLedgers& seen_;
  const std::string folder_;
  LedgerTails tails_;
  std::map<std::string, Seen> others_;  // of another history than was seen, and of the same size
};

absl::Status CheckPlace(Disk& disk, const RestoreOrder& order, const BackupMark& mark) {
  const absl::StatusOr<bool> has_log = disk.Exists(order.data_dir + "/log");
  if (!has_log.ok()) return has_log.status();
  if (*has_log && !order.replace) {
    return absl::FailedPreconditionError(
        Text("there is a log in ", order.data_dir, " already; --replace moves it aside"));
  }
  return CheckRoom(disk, order.data_dir, mark.bytes + (mark.bytes >> 3));
}

absl::Status CheckLosses(const RestoreOrder& order, const SeenLedgers& seen,
                         const std::map<std::string, uint64_t>& sizes) {
  if (order.declaration) return absl::OkStatus();
  for (const auto& [name, what] : seen) {
    const auto size = sizes.find(name);
    const uint64_t kept = size == sizes.end() ? 0 : size->second;
    if (Most(what).mark.size > kept) return RefuseLoss(name, kept, Most(what));
  }
  return absl::OkStatus();
}

// What moving in leaves beside the new store.
absl::StatusOr<std::vector<std::string>> FindMovedAside(Disk& disk, const std::string& dir,
                                                        const std::string& time) {
  const absl::StatusOr<std::vector<std::string>> names = disk.List(dir);
  if (!names.ok()) return names.status();
  std::vector<std::string> moved;
  for (const std::string& name : *names) {
    if (name.ends_with(Text(".replaced-", time))) moved.push_back(Text(dir, "/", name));
  }
  return moved;
}

// An empty store must not begin where one was to be restored.
absl::Status CheckNotCutOff(Disk& disk, const std::string& dir) {
  const absl::StatusOr<bool> cut_off = disk.Exists(dir + "/restoring");
  if (!cut_off.ok()) return cut_off.status();
  const absl::StatusOr<bool> has_log = disk.Exists(dir + "/log");
  if (!has_log.ok()) return has_log.status();
  if (!*cut_off || *has_log) return absl::OkStatus();
  return absl::FailedPreconditionError(Text(
      "a restoration in ", dir, " was cut off and nothing is restored: restore again, or remove ",
      dir, "/restoring to begin an empty store"));
}

}  // namespace

absl::Status FinishRestoration(const std::string& data_dir) {
  Disk& disk = MachineDisk();
  const absl::StatusOr<bool> exists = disk.Exists(data_dir);
  if (!exists.ok()) return exists.status();
  if (!*exists) return absl::OkStatus();
  const absl::StatusOr<std::vector<std::string>> names = disk.List(data_dir);
  if (!names.ok()) return names.status();
  const bool decided = std::any_of(names->begin(), names->end(), [](const std::string& name) {
    return name.starts_with(kDecidedPrefix);
  });
  if (!decided) return CheckNotCutOff(disk, data_dir);
  const absl::StatusOr<StoreLocks> locks = LockStore(data_dir);
  if (!locks.ok()) return locks.status();
  return FinishDecided(disk, data_dir, *names);
}

absl::StatusOr<Restored> Restore(const RestoreOrder& order) {
  Disk& disk = MachineDisk();
  const std::string& dir = order.data_dir;
  const absl::StatusOr<BackupMark> mark = ChooseBackup(disk, order);
  if (!mark.ok()) return mark.status();
  const auto sizes = KeptSizes(order, *mark);
  if (!sizes.ok()) return sizes.status();

  if (absl::Status s = disk.MakeFolders(dir); !s.ok()) return s;
  const absl::StatusOr<StoreLocks> locks = LockStore(dir);
  if (!locks.ok()) return locks.status();
  const absl::StatusOr<std::vector<std::string>> names = disk.List(dir);
  if (!names.ok()) return names.status();
  if (absl::Status s = FinishDecided(disk, dir, *names); !s.ok()) return s;

  if (absl::Status s = CheckPlace(disk, order, *mark); !s.ok()) return s;
  const absl::StatusOr<SeenLedgers> seen = FindSeen(disk, dir, *mark, order.warn);
  if (!seen.ok()) return seen.status();
  if (absl::Status s = CheckLosses(order, *seen, *sizes); !s.ok()) return s;

  Building building(order, *mark, *seen);
  if (absl::Status s = building.Build(*sizes); !s.ok()) {
    (void)disk.RemoveTree(building.folder());  // else by the next one
    return s;
  }
  const std::string time = Text(order.now_us);
  if (absl::Status s = disk.SyncFolder(dir); !s.ok()) return s;
  if (absl::Status s = disk.Rename(building.folder(), Text(dir, "/", kDecidedPrefix, time));
      !s.ok()) {
    return s;
  }
  if (absl::Status s = disk.SyncFolder(dir); !s.ok()) return s;
  if (absl::Status s = MoveIn(disk, dir, time); !s.ok()) return s;

  Restored restored;
  restored.backup_id = mark->id;
  restored.made_us = mark->made_us;
  for (const auto& [name, tail] : building.tails()) {
    const auto found = seen->find(name);
    const uint64_t seen_size = found == seen->end() ? 0 : Most(found->second).mark.size;
    restored.ledgers.push_back({name, tail.size, std::max(seen_size, tail.size)});
  }
  for (const auto& [name, what] : *seen) {
    if (!building.tails().contains(name))
      restored.ledgers.push_back({name, 0, Most(what).mark.size});
  }
  auto moved = FindMovedAside(disk, dir, time);
  if (!moved.ok()) return moved.status();
  restored.moved_aside = *std::move(moved);
  return restored;
}

}  // namespace meritbook
