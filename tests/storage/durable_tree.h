// Owns: what of a folder and all below it a power cut may leave.
// Promises: what was synced stays. Of what a file was given since its last sync, any part may stay.
//           Of a folder's changes since its last sync, as with a journalling file system, the first
//           few stay, with each file's rename whole or not at all.
// Thread: any; PowerCut when no file is open for writing.
//
// Files are changed on the real disk by the caller, who tells it afterwards. So that a removal can
// be undone, each file has a second name, in <root>.kept, for as long as it may come back.
#ifndef MERITBOOK_TESTS_STORAGE_DURABLE_TREE_H_
#define MERITBOOK_TESTS_STORAGE_DURABLE_TREE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meritbook {

// What power cuts did, so that a test can tell that they did it.
struct CutCounts {
  uint64_t tails_dropped = 0;  // files that lost all that was not synced
  uint64_t tails_torn = 0;     // that kept it up to some byte
  uint64_t tails_spotted = 0;  // that kept some of its pages
  uint64_t tails_kept = 0;
  uint64_t folders_undone = 0;  // that lost some change
};

class DurableTree {
 public:
  struct Node;
  using NodePtr = std::shared_ptr<Node>;

  // `root` is a folder; what is in it counts as synced.
  DurableTree(std::string root, uint64_t seed);
  ~DurableTree();

  // Something was made, renamed, linked or removed at `path`.
  void EntryChanged(const std::string& path);
  void FolderSynced(const std::string& path);

  // The file there; null if it isn't below the root.
  NodePtr Find(const std::string& path);
  // `before` is what `bytes` replaced: as long, or shorter if the file grew.
  void Wrote(const NodePtr& file, uint64_t offset, std::string before, std::string_view bytes);
  void Synced(const NodePtr& file);
  // As on Linux: what should have been synced may be lost, even if the next sync succeeds.
  void SyncFailed(const NodePtr& file);

  // Leaves on the real disk what a power cut might.
  void PowerCut();
  CutCounts cuts() const;

 private:
  NodePtr FindFolder(const std::string& path);
  NodePtr NodeOf(const std::string& path);
  void Compare(Node& folder, const std::string& path);
  void CompareAll(Node& folder, const std::string& path);
  void CutFolder(Node& folder);
  void CutFile(Node& file);
  void Rebuild(const NodePtr& folder, const std::string& path);
  uint64_t Below(uint64_t end);

  const std::string root_;
  const std::string kept_;

  mutable std::mutex mutex_;  // guards all below
  std::mt19937_64 random_;
  std::map<uint64_t, std::weak_ptr<Node>> by_inode_;
  uint64_t next_kept_ = 0;
  NodePtr top_;
  CutCounts cuts_;
};

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_STORAGE_DURABLE_TREE_H_
