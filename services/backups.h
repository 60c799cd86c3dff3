// Owns: the making of backups, one at a time, in a thread of its own.
// Promises: commands go on meanwhile; a backup that failed or was given up leaves earlier ones
//           whole; it is given up when its caller goes away, when the server stops, when room gets
//           short, or when the log has to be opened again.
// Thread: any.
#ifndef MERITBOOK_SERVICES_BACKUPS_H_
#define MERITBOOK_SERVICES_BACKUPS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/refusal.h"
#include "meritbook/v1/admin.pb.h"
#include "services/clock.h"
#include "services/worker.h"
#include "storage/backup.h"

namespace meritbook {

class BackupFolder;

struct BackupsOptions {
  std::string folder;  // empty: none is configured
  uint64_t free_bytes_floor = 0;
  std::function<std::shared_ptr<EventLog>()> log;  // null while there is none
  const Clock* clock = nullptr;
  std::function<void(const std::string&)> warn;
};

class Backups {
 public:
  explicit Backups(BackupsOptions options);
  ~Backups();  // as Stop

  // Who waits for a backup; called from its thread.
  struct Listener {
    BackupProgress progress;  // false gives it up
    std::function<void(std::variant<v1::Backup, Refused>)> done;
  };

  // Begins one, or refuses; then `done` isn't called.
  std::optional<Refused> Begin(uint32_t keep, Listener listener);

  // Those that there are, oldest first. Reads the disk.
  std::variant<std::vector<v1::Backup>, Refused> List() const;

  // When the newest was made, UTC microseconds; 0 if there is none.
  int64_t last_backup_us() const { return last_backup_us_; }

  // Gives up the one under way and waits for its end.
  void Stop();

 private:
  std::variant<v1::Backup, Refused> Make(uint32_t keep, const BackupProgress& told);
  absl::StatusOr<BackupMark> CopyAndVerify(BackupFolder& folder, const BackupProgress& told);
  std::optional<Refused> CheckConfigured() const;

  const BackupsOptions options_;
  std::atomic<bool> under_way_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> last_backup_us_ = 0;
  Worker worker_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_BACKUPS_H_
