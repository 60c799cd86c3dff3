#include "services/backups.h"

#include <utility>

#include "ledger/text.h"

namespace meritbook {
namespace {

v1::Backup BackupOf(const BackupMark& mark) {
  v1::Backup backup;
  backup.set_backup_id(mark.id);
  backup.set_made_us(mark.made_us);
  backup.set_bytes(mark.bytes);
  backup.set_new_bytes(mark.new_bytes);
  for (const auto& [name, tail] : mark.ledgers) {
    v1::BackedUpLedger* const ledger = backup.add_ledgers();
    ledger->set_ledger_id(name);
    ledger->set_size(tail.size);
    ledger->set_last_sha256(std::string(AsBytes(tail.last_hash)));
  }
  return backup;
}

Refused Failed(const absl::Status& status) {
  return {v1::REFUSAL_BACKUP_FAILED, "", std::string(MessageOf(status)), {}};
}

Refused UnderWay() {
  return {v1::REFUSAL_BACKUP_UNDER_WAY, "", "another backup is being made", {}};
}

}  // namespace

Backups::Backups(BackupsOptions options) : options_(std::move(options)) {
  if (options_.folder.empty()) return;
  const auto marks = ListBackupMarks(MachineDisk(), options_.folder);
  if (!marks.ok()) {
    options_.warn(Text("the backups can't be listed: ", MessageOf(marks.status())));
  } else if (!marks->empty()) {
    last_backup_us_ = marks->back().made_us;
  }
}

Backups::~Backups() { Stop(); }

std::optional<Refused> Backups::CheckConfigured() const {
  if (!options_.folder.empty()) return std::nullopt;
  return Refused{v1::REFUSAL_BACKUP_NOT_CONFIGURED,
                 "",
                 "the server has no folder for backups: set backup_dir",
                 {}};
}

std::optional<Refused> Backups::Begin(uint32_t keep, Listener listener) {
  if (auto refused = CheckConfigured()) return refused;
  if (stopping_) return Refused{v1::REFUSAL_STOPPING, "", "the server is stopping", {}};
  if (under_way_.exchange(true)) return UnderWay();
  worker_.Post([this, keep, listener = std::move(listener)] {
    auto made = Make(keep, listener.progress);
    if (const auto* refused = std::get_if<Refused>(&made)) {
      options_.warn(Text("no backup was made: ", refused->message));
    }
    under_way_ = false;  // before the answer, after which the next one may come
    listener.done(std::move(made));
  });
  return std::nullopt;
}

std::variant<v1::Backup, Refused> Backups::Make(uint32_t keep, const BackupProgress& told) {
  const auto folder = BackupFolder::Open(
      options_.folder, [this](std::string_view line) { options_.warn(std::string(line)); });
  if (absl::IsAborted(folder.status())) return UnderWay();  // another server's
  if (!folder.ok()) return Failed(folder.status());
  const absl::StatusOr<BackupMark> mark = CopyAndVerify(**folder, told);
  if (!mark.ok()) return Failed(mark.status());
  last_backup_us_ = mark->made_us;
  if (keep > 0) {
    // The backup is good all the same.
    const absl::Status kept = (*folder)->KeepNewest(keep);
    if (!kept.ok()) options_.warn(Text("older backups can't be removed: ", MessageOf(kept)));
  }
  return BackupOf(*mark);
}

absl::StatusOr<BackupMark> Backups::CopyAndVerify(BackupFolder& folder,
                                                  const BackupProgress& told) {
  std::shared_ptr<EventLog> log = options_.log();
  if (log == nullptr) return absl::UnavailableError("the log is being opened again");
  const int64_t made_us = options_.clock->WallUs();
  bool reopened = false;
  absl::Status room = CheckRoom(MachineDisk(), options_.folder, options_.free_bytes_floor);
  if (!room.ok()) return room;
  // Called by one thread of RocksDB's, which is done before BackUp returns.
  const BackupProgress copying = [&](uint64_t done, uint64_t total) {
    if (options_.log() != log) reopened = true;  // which needs this one closed
    room = CheckRoom(MachineDisk(), options_.folder, options_.free_bytes_floor);
    return !reopened && room.ok() && !stopping_ && told(done, total);
  };
  const absl::Status copied = log->BackUp(folder, copying);
  log.reset();
  if (copied.ok()) {
    return folder.Verify(
        made_us, [&](uint64_t done, uint64_t total) { return !stopping_ && told(done, total); });
  }
  if (!room.ok()) return room;
  if (reopened) return absl::UnavailableError("the log had to be opened again meanwhile");
  return copied;
}

std::variant<std::vector<v1::Backup>, Refused> Backups::List() const {
  if (auto refused = CheckConfigured()) return *std::move(refused);
  const auto marks = ListBackupMarks(MachineDisk(), options_.folder);
  if (!marks.ok()) return Failed(marks.status());
  std::vector<v1::Backup> backups;
  for (const BackupMark& mark : *marks) backups.push_back(BackupOf(mark));
  return backups;
}

void Backups::Stop() {
  stopping_ = true;
  worker_.Stop();
}

}  // namespace meritbook
