// Owns: each ledger's tree and its newest checkpoint: follows the durable events, keeps the tiles,
//       signs.
// Promises: a checkpoint is signed over durable events only, and after a guard of its own has its
//           size and root on disk; never one that contradicts an earlier one, also after a restart
//           with an older or another log. A ledger without a key has a tree, but no checkpoint.
// Thread: Open and Turn from one; the others from any.
#ifndef MERITBOOK_SERVICES_TREE_KEEPER_H_
#define MERITBOOK_SERVICES_TREE_KEEPER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/tile.h"
#include "ledger/tile_tree.h"
#include "storage/disk.h"
#include "storage/event_log.h"
#include "storage/guard.h"
#include "storage/state_store.h"

namespace meritbook {

inline constexpr uint32_t kTreeSchemaVersion = 1;

struct TreeKeeperOptions {
  // The log in use, or null while there is none.
  std::function<std::shared_ptr<EventLog>()> log;
  // Where the hashes of level 1 are kept, one row for each full tile of them. May be null: then all
  // events are hashed again at the next start.
  StateStore* store = nullptr;
  Disk* disk = nullptr;
  std::string guard_folder;  // one file for each ledger that has been signed for
  // Who signs for a ledger: none, one, or two while a rotation overlaps.
  std::function<std::vector<SignerKey>(const std::string& ledger_id)> signers;
  std::function<void(const std::string&)> warn;
};

// What anyone may hold against the log from now on.
struct Published {
  Checkpoint checkpoint;
  std::string note;  // as it is served
};

class TreeKeeper {
 public:
  explicit TreeKeeper(TreeKeeperOptions options);

  // Before the server serves: takes up what is stored, catches up with the log and holds it against
  // what has been signed. kDataLoss, naming the ledger and both sizes or roots, if the log
  // contradicts that.
  absl::Status Open();

  // Hashes what has come, stores and signs; returns how long to pause.
  std::chrono::microseconds Turn();

  // Null while nothing has been signed.
  std::shared_ptr<const Published> Newest(const std::string& ledger_id) const;

  // Of sizes up to the newest checkpoint's, which is OutOfRange otherwise; kNotFound for an unknown
  // ledger; the log's error if events that are needed can't be read.
  absl::StatusOr<std::vector<Hash>> ProveInclusion(const std::string& ledger_id, uint64_t index,
                                                   uint64_t size) const;
  absl::StatusOr<std::vector<Hash>> ProveConsistency(const std::string& ledger_id,
                                                     uint64_t old_size, uint64_t new_size) const;

  // The bytes of a tile of hashes or entries that the newest checkpoint's tree has, or of a
  // narrower one of the same place. kNotFound otherwise.
  absl::StatusOr<std::string> BytesOf(const std::string& ledger_id, const Tile& tile) const;

 private:
  struct Kept {
    mutable std::mutex mutex;  // guards tree and published
    TileTree tree;
    std::shared_ptr<const Published> published;
    // The turning thread's.
    uint64_t stored_size = 0;
    std::optional<Guard> guard;
    std::string halted;  // why nothing is signed any more; empty while it is
  };

  struct Asked {
    std::shared_ptr<EventLog> log;
    std::shared_ptr<Kept> kept;
  };

  // What a question about a tree of this size needs.
  absl::StatusOr<Asked> Ask(const std::string& ledger_id, uint64_t size) const;
  static absl::StatusOr<Hash> SubtreeOf(const EventLog& log, const std::string& ledger_id,
                                        const Kept& kept, int level, uint64_t index);
  std::shared_ptr<Kept> Find(const std::string& ledger_id) const;
  absl::StatusOr<std::shared_ptr<Kept>> Take(const std::string& ledger_id);
  absl::Status Load(const std::string& ledger_id, Kept& kept) const;
  absl::Status Follow(const EventLog& log, const std::string& ledger_id, Kept& kept) const;
  absl::Status CheckSigned(const EventLog& log, const std::string& ledger_id,
                           const Kept& kept) const;
  absl::Status Sign(const std::string& ledger_id, Kept& kept);
  absl::Status Store(const std::string& ledger_id, Kept& kept) const;
  absl::Status TurnOf(const EventLog& log, const std::string& ledger_id);

  const TreeKeeperOptions options_;
  mutable std::mutex mutex_;  // guards kept_
  std::map<std::string, std::shared_ptr<Kept>> kept_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_TREE_KEEPER_H_
