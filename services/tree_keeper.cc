#include "services/tree_keeper.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr std::chrono::seconds kInterval{1};
constexpr int kTileLevels = 8;  // of the tree, in one of tiles
constexpr size_t kReadEvents = 16'384;
constexpr size_t kReadBytes = 4 << 20;
// Stored after so many; less is hashed again at the next start.
constexpr uint64_t kStoreEvents = 65'536;

// Big-endian, so that rows come in order.
std::string RowKey(uint64_t tile) {
  std::string key(8, '\0');
  for (int i = 0; i < 8; ++i) key[7 - i] = static_cast<char>(tile >> (8 * i) & 0xff);
  return key;
}

absl::StatusOr<EventRun> ReadAll(const EventLog& log, const std::string& ledger_id, uint64_t first,
                                 uint64_t count) {
  EventRun events;
  while (events.size() < count) {
    absl::StatusOr<EventRun> more =
        log.Read(ledger_id, first + events.size(), count - events.size(), kReadBytes);
    if (!more.ok()) return more.status();
    if (more->size() == 0) {
      return absl::UnavailableError(
          Text("ledger '", ledger_id, "' has no event ", first + events.size(), " just now"));
    }
    for (size_t i = 0; i < more->size(); ++i) events.Add((*more)[i]);
  }
  return events;
}

absl::StatusOr<std::vector<Hash>> ReadLeaves(const EventLog& log, const std::string& ledger_id,
                                             uint64_t first, uint64_t count) {
  const absl::StatusOr<EventRun> events = ReadAll(log, ledger_id, first, count);
  if (!events.ok()) return events.status();
  std::vector<Hash> hashes;
  hashes.reserve(count);
  for (size_t i = 0; i < events->size(); ++i) hashes.push_back(LeafHash((*events)[i]));
  return hashes;
}

std::string Hex(const Hash& hash) { return absl::BytesToHexString(std::string(AsBytes(hash))); }

}  // namespace

TreeKeeper::TreeKeeper(TreeKeeperOptions options) : options_(std::move(options)) {}

std::shared_ptr<TreeKeeper::Kept> TreeKeeper::Find(const std::string& ledger_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(ledger_id);
  return found == kept_.end() ? nullptr : found->second;
}

absl::StatusOr<std::shared_ptr<TreeKeeper::Kept>> TreeKeeper::Take(const std::string& ledger_id) {
  if (std::shared_ptr<Kept> known = Find(ledger_id)) return known;
  auto kept = std::make_shared<Kept>();
  if (absl::Status s = Load(ledger_id, *kept); !s.ok()) return s;
  const std::lock_guard lock(mutex_);
  kept_[ledger_id] = kept;
  return kept;
}

absl::Status TreeKeeper::Load(const std::string& ledger_id, Kept& kept) const {
  absl::StatusOr<Guard> guard = Guard::Open(*options_.disk, options_.guard_folder, ledger_id);
  if (guard.ok()) {
    kept.guard = *std::move(guard);
  } else if (!absl::IsNotFound(guard.status())) {
    return guard.status();
  }
  if (options_.store == nullptr) return absl::OkStatus();
  std::string hashes;
  const absl::Status loaded = options_.store->Load(
      ledger_id, [&](std::string_view, std::string_view value) -> absl::Status {
        hashes.append(value);
        return absl::OkStatus();
      });
  // What is lost there is hashed again.
  if (!loaded.ok()) {
    options_.warn(Text("tree of ledger '", ledger_id, "': ", std::string(loaded.message())));
    return absl::OkStatus();
  }
  absl::StatusOr<TileTree> tree = TileTree::FromLevel1(hashes);
  if (!tree.ok()) return tree.status();
  kept.stored_size = tree->size();
  kept.tree = *std::move(tree);
  return absl::OkStatus();
}

absl::Status TreeKeeper::Follow(const EventLog& log, const std::string& ledger_id,
                                Kept& kept) const {
  const uint64_t durable = log.Size(ledger_id);
  if (kept.tree.size() > durable) {
    return absl::DataLossError(Text("ledger '", ledger_id, "' has ", durable,
                                    " events, but its tree was stored at ", kept.tree.size()));
  }
  while (kept.tree.size() < durable) {
    const absl::StatusOr<EventRun> events =
        log.Read(ledger_id, kept.tree.size(), kReadEvents, kReadBytes);
    if (!events.ok()) return events.status();
    if (events->size() == 0) break;
    std::vector<Hash> leaves;
    leaves.reserve(events->size());
    for (size_t i = 0; i < events->size(); ++i) leaves.push_back(LeafHash((*events)[i]));
    const std::lock_guard lock(kept.mutex);
    for (const Hash& leaf : leaves) kept.tree.Append(leaf);
  }
  return absl::OkStatus();
}

absl::StatusOr<Hash> TreeKeeper::SubtreeOf(const EventLog& log, const std::string& ledger_id,
                                           const Kept& kept, int level, uint64_t index) {
  if (level >= kTileLevels) {
    const std::lock_guard lock(kept.mutex);
    return kept.tree.Subtree(level, index, [](uint64_t, uint64_t) {
      return absl::StatusOr<std::vector<Hash>>(absl::InternalError("no leaf is below this"));
    });
  }
  // Reading takes its time: nobody waits for it.
  const absl::StatusOr<std::vector<Hash>> leaves =
      ReadLeaves(log, ledger_id, index << level, uint64_t{1} << level);
  if (!leaves.ok()) return leaves.status();
  CompactRange range;
  for (const Hash& leaf : *leaves) range.Append(leaf);
  return range.Root();
}

absl::Status TreeKeeper::CheckSigned(const EventLog& log, const std::string& ledger_id,
                                     const Kept& kept) const {
  if (!kept.guard) return absl::OkStatus();
  const GuardMark& mark = kept.guard->mark();
  if (kept.tree.size() < mark.size) {
    return absl::DataLossError(Text("ledger '", ledger_id, "' has ", kept.tree.size(),
                                    " events, but a checkpoint of ", mark.size, " was signed (",
                                    kept.guard->path(), ")"));
  }
  const absl::StatusOr<Hash> root = RootOf(mark.size, [&](int level, uint64_t index) {
    return SubtreeOf(log, ledger_id, kept, level, index);
  });
  if (!root.ok()) return root.status();
  if (*root == mark.last_hash) return absl::OkStatus();
  return absl::DataLossError(Text("ledger '", ledger_id, "': at ", mark.size,
                                  " events its root is ", Hex(*root), ", but ", Hex(mark.last_hash),
                                  " was signed (", kept.guard->path(), ")"));
}

absl::Status TreeKeeper::Open() {
  if (absl::Status s = options_.disk->MakeFolders(options_.guard_folder); !s.ok()) return s;
  const std::shared_ptr<EventLog> log = options_.log();
  if (log == nullptr) return absl::UnavailableError("there is no log");
  for (const std::string& ledger_id : log->Ledgers()) {
    const absl::StatusOr<std::shared_ptr<Kept>> kept = Take(ledger_id);
    if (!kept.ok()) return kept.status();
    if (absl::Status s = Follow(*log, ledger_id, **kept); !s.ok()) return s;
    if (absl::Status s = CheckSigned(*log, ledger_id, **kept); !s.ok()) return s;
    if (absl::Status s = Sign(ledger_id, **kept); !s.ok()) return s;
  }
  return absl::OkStatus();
}

std::chrono::microseconds TreeKeeper::Turn() {
  const std::shared_ptr<EventLog> log = options_.log();
  if (log == nullptr) return kInterval;
  for (const std::string& ledger_id : log->Ledgers()) {
    const absl::Status turned = TurnOf(*log, ledger_id);
    if (turned.ok() || absl::IsUnavailable(turned)) continue;
    const std::shared_ptr<Kept> kept = Find(ledger_id);
    if (kept == nullptr || !kept->halted.empty()) continue;
    kept->halted = std::string(turned.message());
    options_.warn(Text("no more checkpoints of ledger '", ledger_id, "': ", kept->halted));
  }
  return kInterval;
}

absl::Status TreeKeeper::TurnOf(const EventLog& log, const std::string& ledger_id) {
  const absl::StatusOr<std::shared_ptr<Kept>> kept = Take(ledger_id);
  if (!kept.ok()) return kept.status();
  if (!(*kept)->halted.empty()) return absl::OkStatus();
  if (absl::Status s = Follow(log, ledger_id, **kept); !s.ok()) return s;
  if (absl::Status s = Sign(ledger_id, **kept); !s.ok()) return s;
  return Store(ledger_id, **kept);
}

absl::Status TreeKeeper::Sign(const std::string& ledger_id, Kept& kept) {
  const std::vector<SignerKey> signers = options_.signers(ledger_id);
  if (signers.empty() || kept.tree.size() == 0) return absl::OkStatus();
  if (kept.published && kept.published->checkpoint.size == kept.tree.size()) {
    return absl::OkStatus();
  }
  const Checkpoint checkpoint{
      .origin = signers.front().verifier.name, .size = kept.tree.size(), .root = kept.tree.Root()};
  const GuardMark mark{.size = checkpoint.size, .last_hash = checkpoint.root, .epoch = 1};
  if (!kept.guard) {
    absl::StatusOr<Guard> guard =
        Guard::Create(*options_.disk, options_.guard_folder, ledger_id, mark);
    if (!guard.ok()) return guard.status();
    kept.guard = *std::move(guard);
  } else if (kept.guard->mark() != mark) {
    if (absl::Status s = kept.guard->Write(mark); !s.ok()) return s;
    if (absl::Status s = kept.guard->Sync(); !s.ok()) return s;
  }
  auto published = std::make_shared<Published>();
  published->note = FormatNote(SignCheckpoint(checkpoint, signers));
  published->checkpoint = checkpoint;
  const std::lock_guard lock(kept.mutex);
  kept.published = std::move(published);
  return absl::OkStatus();
}

absl::Status TreeKeeper::Store(const std::string& ledger_id, Kept& kept) const {
  const uint64_t size = kept.tree.size() - kept.tree.size() % kTileWidth;
  if (options_.store == nullptr || size < kept.stored_size + kStoreEvents) return absl::OkStatus();
  StateWrite write{.ledger = ledger_id, .applied_size = size, .rows = {}};
  // The newest stored tile may have been partial.
  const uint64_t first = HashesAt(1, kept.stored_size) / kTileWidth;
  for (uint64_t index = first; const auto tile = TileAt(1, index, size); ++index) {
    write.rows.push_back({.key = RowKey(index), .value = kept.tree.BytesOf(*tile)});
  }
  if (absl::Status s = options_.store->Write(std::move(write)); !s.ok()) {
    // A cache: at the next start there is more to hash.
    options_.warn(Text("tree of ledger '", ledger_id, "' not stored: ", std::string(s.message())));
    return absl::OkStatus();
  }
  kept.stored_size = size;
  return absl::OkStatus();
}

std::shared_ptr<const Published> TreeKeeper::Newest(const std::string& ledger_id) const {
  const std::shared_ptr<Kept> kept = Find(ledger_id);
  if (kept == nullptr) return nullptr;
  const std::lock_guard lock(kept->mutex);
  return kept->published;
}

absl::StatusOr<TreeKeeper::Asked> TreeKeeper::Ask(const std::string& ledger_id,
                                                  uint64_t size) const {
  Asked asked{.log = options_.log(), .kept = Find(ledger_id)};
  if (asked.kept == nullptr) return absl::NotFoundError(Text("no ledger '", ledger_id, "'"));
  if (asked.log == nullptr) return absl::UnavailableError("there is no log just now");
  const std::shared_ptr<const Published> newest = Newest(ledger_id);
  const uint64_t published = newest == nullptr ? 0 : newest->checkpoint.size;
  if (size > published) {
    return absl::OutOfRangeError(Text("size ", size, " is beyond the newest checkpoint of ledger '",
                                      ledger_id, "', which has ", published));
  }
  return asked;
}

absl::StatusOr<std::vector<Hash>> TreeKeeper::ProveInclusion(const std::string& ledger_id,
                                                             uint64_t index, uint64_t size) const {
  const absl::StatusOr<Asked> asked = Ask(ledger_id, size);
  if (!asked.ok()) return asked.status();
  return InclusionProof(index, size, [&](int level, uint64_t at) {
    return SubtreeOf(*asked->log, ledger_id, *asked->kept, level, at);
  });
}

absl::StatusOr<std::vector<Hash>> TreeKeeper::ProveConsistency(const std::string& ledger_id,
                                                               uint64_t old_size,
                                                               uint64_t new_size) const {
  const absl::StatusOr<Asked> asked = Ask(ledger_id, new_size);
  if (!asked.ok()) return asked.status();
  return ConsistencyProof(old_size, new_size, [&](int level, uint64_t at) {
    return SubtreeOf(*asked->log, ledger_id, *asked->kept, level, at);
  });
}

absl::StatusOr<std::string> TreeKeeper::BytesOf(const std::string& ledger_id,
                                                const Tile& tile) const {
  const absl::StatusOr<Asked> asked = Ask(ledger_id, 0);
  if (!asked.ok()) return asked.status();
  const std::shared_ptr<const Published> newest = Newest(ledger_id);
  const uint64_t size = newest == nullptr ? 0 : newest->checkpoint.size;
  const std::optional<Tile> there = TileAt(tile.level, tile.index, size);
  if (!there || there->width < tile.width) {
    return absl::NotFoundError(Text("the tree of ", size, " events has no ", TilePath(tile)));
  }
  if (tile.level > 0) {
    const std::lock_guard lock(asked->kept->mutex);
    return asked->kept->tree.BytesOf(tile);
  }
  const absl::StatusOr<EventRun> events =
      ReadAll(*asked->log, ledger_id, tile.index * kTileWidth, tile.width);
  if (!events.ok()) return events.status();
  std::string bytes;
  for (size_t i = 0; i < events->size(); ++i) {
    if (tile.level == Tile::kEntries) {
      AppendToBundle(bytes, (*events)[i]);
    } else {
      bytes.append(AsBytes(LeafHash((*events)[i])));
    }
  }
  return bytes;
}

}  // namespace meritbook
