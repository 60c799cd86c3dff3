#include "tests/storage/durable_tree.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "ledger/check.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kPageBytes = 4096;

struct UnsyncedWrite {
  uint64_t offset = 0;
  std::string before;
  std::string bytes;
  bool lost = false;  // a sync of it failed: no later one will write it

  bool grows() const { return before.size() < bytes.size(); }
};

std::optional<struct stat> StatOf(const std::string& path) {
  struct stat entry = {};
  if (lstat(path.c_str(), &entry) != 0) return std::nullopt;
  return entry;
}

void WriteOver(std::string& content, uint64_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  content.replace(offset, bytes.size(), bytes);
}

}  // namespace

struct DurableTree::Node {
  ~Node() {
    if (!kept_path.empty()) fs::remove(kept_path);
  }

  using Entries = std::map<std::string, NodePtr>;
  using Change = std::map<std::string, NodePtr>;  // at once; null: the name is gone

  bool is_folder = false;
  uint64_t inode = 0;
  std::string kept_path = {};  // of a file
  std::vector<UnsyncedWrite> unsynced = {};
  Entries entries = {};  // of a folder
  Entries durable_entries = {};
  std::vector<Change> unsynced_changes = {};
};

DurableTree::DurableTree(std::string root, uint64_t seed)
    : root_(std::move(root)), kept_(root_ + ".kept"), random_(seed) {
  fs::remove_all(kept_);
  fs::create_directories(kept_);
  top_ = NodeOf(root_);
}

DurableTree::~DurableTree() {
  top_.reset();
  fs::remove_all(kept_);
}

// The node of what is really there; a new one is taken as it is.
DurableTree::NodePtr DurableTree::NodeOf(const std::string& path) {
  const std::optional<struct stat> entry = StatOf(path);
  if (!entry) return nullptr;
  if (NodePtr known = by_inode_[entry->st_ino].lock()) return known;
  auto node = std::make_shared<Node>();
  node->inode = entry->st_ino;
  node->is_folder = S_ISDIR(entry->st_mode);
  by_inode_[node->inode] = node;
  if (!node->is_folder) {
    node->kept_path = kept_ + "/" + std::to_string(next_kept_++);
    fs::create_hard_link(path, node->kept_path);
    return node;
  }
  for (const auto& inner : fs::directory_iterator(path)) {
    node->entries[inner.path().filename().string()] = NodeOf(inner.path().string());
  }
  node->durable_entries = node->entries;
  return node;
}

// Finds what changed in a folder. Files are known by their inodes, so a rename is seen as one.
void DurableTree::Compare(Node& folder, const std::string& path) {
  Node::Entries now;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    NodePtr node = NodeOf(entry.path().string());
    if (node != nullptr) now[entry.path().filename().string()] = std::move(node);
  }
  if (error) return;  // removed meanwhile
  Node::Change change;
  for (const auto& [name, node] : folder.entries) {
    if (!now.contains(name)) change[name] = nullptr;
  }
  for (const auto& [name, node] : now) {
    const auto before = folder.entries.find(name);
    if (before == folder.entries.end() || before->second != node) change[name] = node;
  }
  if (change.empty()) return;
  folder.entries = std::move(now);
  folder.unsynced_changes.push_back(std::move(change));
}

void DurableTree::CompareAll(Node& folder, const std::string& path) {
  Compare(folder, path);
  for (const auto& [name, node] : folder.entries) {
    if (node->is_folder) CompareAll(*node, path + "/" + name);
  }
}

DurableTree::NodePtr DurableTree::FindFolder(const std::string& path) {
  if (path == root_) return top_;
  if (!path.starts_with(root_ + "/")) return nullptr;
  const fs::path child(path);
  const NodePtr parent = FindFolder(child.parent_path().string());
  if (parent == nullptr) return nullptr;
  Compare(*parent, child.parent_path().string());
  const auto found = parent->entries.find(child.filename().string());
  return found == parent->entries.end() ? nullptr : found->second;
}

void DurableTree::EntryChanged(const std::string& path) {
  const std::lock_guard lock(mutex_);
  FindFolder(path);
}

DurableTree::NodePtr DurableTree::Find(const std::string& path) {
  const std::lock_guard lock(mutex_);
  return FindFolder(path);
}

void DurableTree::FolderSynced(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const NodePtr folder = FindFolder(path);
  if (folder == nullptr) return;
  Compare(*folder, path);
  folder->durable_entries = folder->entries;
  folder->unsynced_changes.clear();
}

void DurableTree::Wrote(const NodePtr& file, uint64_t offset, std::string before,
                        std::string_view bytes) {
  if (file == nullptr || bytes.empty()) return;
  const std::lock_guard lock(mutex_);
  file->unsynced.push_back(
      {.offset = offset, .before = std::move(before), .bytes = std::string(bytes)});
}

void DurableTree::Synced(const NodePtr& file) {
  if (file == nullptr) return;
  const std::lock_guard lock(mutex_);
  std::vector<UnsyncedWrite> left;
  bool lost_growth = false;  // what follows one can't be undone apart from it
  for (size_t i = 0; i < file->unsynced.size(); ++i) {
    const UnsyncedWrite& write = file->unsynced[i];
    if (lost_growth) left.push_back(write);
    if (lost_growth || !write.lost) continue;
    const bool replaced =
        std::any_of(file->unsynced.begin() + static_cast<ptrdiff_t>(i) + 1, file->unsynced.end(),
                    [&](const UnsyncedWrite& later) {
                      return !later.lost && later.offset <= write.offset &&
                             later.offset + later.bytes.size() >= write.offset + write.bytes.size();
                    });
    if (replaced) continue;
    lost_growth = write.grows();
    left.push_back(write);
  }
  file->unsynced = std::move(left);
}

void DurableTree::SyncFailed(const NodePtr& file) {
  if (file == nullptr) return;
  const std::lock_guard lock(mutex_);
  for (UnsyncedWrite& write : file->unsynced) write.lost = true;
}

uint64_t DurableTree::Below(uint64_t end) { return random_() % end; }

void DurableTree::PowerCut() {
  const std::lock_guard lock(mutex_);
  CompareAll(*top_, root_);
  CutFolder(*top_);
  fs::remove_all(root_);
  Rebuild(top_, root_);
}

void DurableTree::CutFolder(Node& folder) {
  const size_t kept = Below(folder.unsynced_changes.size() + 1);
  if (kept < folder.unsynced_changes.size()) ++cuts_.folders_undone;
  for (size_t i = 0; i < kept; ++i) {
    for (const auto& [name, node] : folder.unsynced_changes[i]) {
      if (node == nullptr) {
        folder.durable_entries.erase(name);
      } else {
        folder.durable_entries[name] = node;
      }
    }
  }
  folder.unsynced_changes.clear();
  folder.entries = folder.durable_entries;
  for (const auto& [name, node] : folder.entries) {
    node->is_folder ? CutFolder(*node) : CutFile(*node);
  }
}

void DurableTree::CutFile(Node& file) {
  if (file.unsynced.empty()) return;
  const std::vector<UnsyncedWrite> writes = std::exchange(file.unsynced, {});
  std::string content = ReadFile(file.kept_path);
  for (auto write = writes.rbegin(); write != writes.rend(); ++write) {
    if (write->grows()) content.resize(write->offset + write->before.size());
    WriteOver(content, write->offset, write->before);
  }
  enum { kDrop, kTear, kSpot, kKeep, kWays };
  const uint64_t way = Below(kWays);
  const size_t torn = Below(writes.size());
  for (size_t i = 0; i < writes.size(); ++i) {
    const UnsyncedWrite& write = writes[i];
    if (way == kKeep || (way == kTear && i < torn)) WriteOver(content, write.offset, write.bytes);
    if (way == kTear && i == torn) {
      WriteOver(content, write.offset, write.bytes.substr(0, Below(write.bytes.size() + 1)));
    }
    if (way != kSpot) continue;
    for (uint64_t begin = 0; begin < write.bytes.size();) {
      const uint64_t to_page_end = kPageBytes - (write.offset + begin) % kPageBytes;
      if (Below(2) == 0) {
        WriteOver(content, write.offset + begin, write.bytes.substr(begin, to_page_end));
      }
      begin += to_page_end;
    }
  }
  ++(way == kDrop   ? cuts_.tails_dropped
     : way == kTear ? cuts_.tails_torn
     : way == kSpot ? cuts_.tails_spotted
                    : cuts_.tails_kept);
  WriteFile(file.kept_path, content);
}

void DurableTree::Rebuild(const NodePtr& folder, const std::string& path) {
  fs::create_directory(path);
  by_inode_.erase(folder->inode);
  folder->inode = StatOf(path)->st_ino;
  by_inode_[folder->inode] = folder;
  for (const auto& [name, node] : folder->entries) {
    const std::string inner = path + "/" + name;
    node->is_folder ? Rebuild(node, inner) : fs::create_hard_link(node->kept_path, inner);
  }
}

CutCounts DurableTree::cuts() const {
  const std::lock_guard lock(mutex_);
  return cuts_;
}

}  // namespace meritbook
