#include "tests/sim/simulated_disk.h"

#include <algorithm>
#include <utility>

#include "ledger/text.h"

namespace meritbook::sim {
namespace {

constexpr size_t kSectorBytes = 512;

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

bool IsBelow(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 &&
         path[folder.size()] == '/';
}

void Put(std::string& content, uint64_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  content.replace(offset, bytes.size(), bytes);
}

absl::Status Dead(std::string_view what, const std::string& path) {
  return absl::UnavailableError(Text(what, " ", path, ": the process is dead"));
}

}  // namespace

class SimulatedFile final : public File {
 public:
  SimulatedFile(SimulatedDisk* disk, std::string path,
                std::shared_ptr<SimulatedDisk::Content> content)
      : disk_(disk), path_(std::move(path)), content_(std::move(content)), life_(disk->life_) {}

  absl::Status WriteAt(std::string_view bytes, uint64_t offset) override {
    if (life_ != disk_->life_) return Dead("writing", path_);
    return disk_->WriteTo(*content_, path_, bytes, offset);
  }

  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t size) const override {
    if (life_ != disk_->life_) return Dead("reading", path_);
    if (absl::Status s = disk_->Begin("reading", path_); !s.ok()) return s;
    if (absl::Status s = disk_->Fault(disk_->faults.read_fails, "reading", path_); !s.ok())
      return s;
    if (offset + size > content_->cache.size()) {
      return absl::DataLossError(Text(path_, " ends at ", content_->cache.size()));
    }
    return content_->cache.substr(offset, size);
  }

  absl::StatusOr<uint64_t> Size() const override {
    if (life_ != disk_->life_) return Dead("stat", path_);
    return content_->cache.size();
  }

  absl::Status SyncData() override {
    if (life_ != disk_->life_) return Dead("syncing", path_);
    return disk_->Sync(*content_, path_);
  }

 private:
  SimulatedDisk* const disk_;
  const std::string path_;
  const std::shared_ptr<SimulatedDisk::Content> content_;
  const uint64_t life_;
};

absl::Status SimulatedDisk::Begin(std::string_view what, const std::string& path, bool* dies) {
  if (crashed_) return Dead(what, path);
  if (!operations_left_ || observed) return absl::OkStatus();
  if (*operations_left_ > 0) {
    --*operations_left_;
    return absl::OkStatus();
  }
  crashed_ = true;
  operations_left_.reset();
  ++met[Text("crash while ", what)];
  if (dies != nullptr) {
    *dies = true;
    return absl::OkStatus();
  }
  return Dead(what, path);
}

absl::Status SimulatedDisk::Fault(size_t permille, std::string_view what, const std::string& path) {
  if (permille == 0 || observed || !chances_.Permille(permille)) return absl::OkStatus();
  ++met[Text("failed ", what)];
  return absl::UnavailableError(Text(what, " ", path, ": input/output error"));
}

void SimulatedDisk::Change(const std::string& folder, std::function<void(Names&)> apply) {
  apply(names_);
  changes_.push_back({folder, std::move(apply)});
}

absl::StatusOr<std::unique_ptr<File>> SimulatedDisk::Open(const std::string& path, OpenMode mode) {
  if (absl::Status s = Begin("opening", path); !s.ok()) return s;
  if (absl::Status s = Fault(faults.name_fails, "opening", path); !s.ok()) return s;
  auto found = names_.find(path);
  if (found == names_.end() || found->second == nullptr) {
    if (mode != OpenMode::kMakeEmpty) return absl::NotFoundError(Text("open ", path));
    auto content = std::make_shared<Content>();
    Change(FolderOf(path), [path, content](Names& names) { names[path] = content; });
    return std::make_unique<SimulatedFile>(this, path, std::move(content));
  }
  if (mode == OpenMode::kMakeEmpty) {
    // Another file under the name: truncation is a change of the folder's here, not of the content.
    auto content = std::make_shared<Content>();
    Change(FolderOf(path), [path, content](Names& names) { names[path] = content; });
    return std::make_unique<SimulatedFile>(this, path, std::move(content));
  }
  return std::make_unique<SimulatedFile>(this, path, found->second);
}

absl::StatusOr<bool> SimulatedDisk::Exists(const std::string& path) {
  if (absl::Status s = Begin("looking for", path); !s.ok()) return s;
  return names_.count(path) != 0;
}

absl::StatusOr<std::vector<std::string>> SimulatedDisk::List(const std::string& folder) {
  if (absl::Status s = Begin("listing", folder); !s.ok()) return s;
  if (absl::Status s = Fault(faults.name_fails, "listing", folder); !s.ok()) return s;
  std::vector<std::string> found;
  for (const auto& [path, content] : names_) {
    if (FolderOf(path) == folder) found.push_back(path.substr(folder.size() + 1));
  }
  return found;
}

absl::Status SimulatedDisk::MakeFolders(const std::string& path) {
  if (absl::Status s = Begin("making", path); !s.ok()) return s;
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string folder = path.substr(0, end);
    if (names_.count(folder) == 0) {
      Change(FolderOf(folder), [folder](Names& names) { names[folder] = nullptr; });
    }
    if (end == std::string::npos) break;
  }
  for (const NameChange& change : changes_) change.apply(durable_names_);
  changes_.clear();
  return absl::OkStatus();
}

absl::Status SimulatedDisk::Rename(const std::string& from, const std::string& to) {
  if (absl::Status s = Begin("renaming", from); !s.ok()) return s;
  if (absl::Status s = Fault(faults.name_fails, "renaming", from); !s.ok()) return s;
  if (names_.count(from) == 0) return absl::NotFoundError(Text("rename ", from));
  Change(FolderOf(to), [from, to](Names& names) {
    Names moved;
    for (auto entry = names.begin(); entry != names.end();) {
      if (entry->first == from || IsBelow(entry->first, from)) {
        moved[to + entry->first.substr(from.size())] = entry->second;
        entry = names.erase(entry);
      } else {
        ++entry;
      }
    }
    for (auto& [path, content] : moved) names[path] = content;
  });
  return absl::OkStatus();
}

absl::Status SimulatedDisk::RemoveTree(const std::string& path) {
  if (absl::Status s = Begin("removing", path); !s.ok()) return s;
  Change(FolderOf(path), [path](Names& names) {
    for (auto entry = names.begin(); entry != names.end();) {
      const bool goes = entry->first == path || IsBelow(entry->first, path);
      entry = goes ? names.erase(entry) : std::next(entry);
    }
  });
  return absl::OkStatus();
}

absl::Status SimulatedDisk::SyncFolder(const std::string& path) {
  if (absl::Status s = Begin("syncing the folder", path); !s.ok()) return s;
  if (absl::Status s = Fault(faults.name_fails, "syncing the folder", path); !s.ok()) return s;
  // A journal keeps the order: what came before a change of this folder is durable with it.
  size_t through = 0;
  for (size_t i = 0; i < changes_.size(); ++i) {
    if (changes_[i].folder == path) through = i + 1;
  }
  for (size_t i = 0; i < through; ++i) changes_[i].apply(durable_names_);
  changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(through));
  return absl::OkStatus();
}

uint64_t SimulatedDisk::used_bytes() const {
  uint64_t used = 0;
  for (const auto& [path, content] : names_) used += content ? content->cache.size() : 0;
  return used;
}

absl::StatusOr<uint64_t> SimulatedDisk::FreeBytes(const std::string& path) {
  if (crashed_) return Dead("statfs", path);
  const uint64_t used = used_bytes();
  return capacity_bytes > used ? capacity_bytes - used : 0;
}

absl::Status SimulatedDisk::WriteTo(Content& content, const std::string& path,
                                    std::string_view bytes, uint64_t offset) {
  bool dies = false;
  if (absl::Status s = Begin("writing", path, &dies); !s.ok()) return s;
  absl::Status status = Fault(faults.write_fails, "writing", path);
  const uint64_t end = offset + bytes.size();
  if (status.ok() && end > content.cache.size() &&
      used_bytes() + end - content.cache.size() > capacity_bytes) {
    ++met["write on a full disk"];
    status = absl::ResourceExhaustedError(Text("writing ", path, ": no space left on device"));
  }
  // What fails, and what a crash cuts off, may have been done in part.
  if (dies || !status.ok()) bytes = bytes.substr(0, chances_.Below(bytes.size() + 1));
  if (dies && !tears) bytes = {};
  if (!bytes.empty()) {
    Put(content.cache, offset, bytes);
    content.dirty.push_back({offset, std::string(bytes)});
  }
  return dies ? Dead("writing", path) : status;
}

absl::Status SimulatedDisk::Sync(Content& content, const std::string& path) {
  bool dies = false;
  if (absl::Status s = Begin("syncing", path, &dies); !s.ok()) return s;
  if (dies) return Dead("syncing", path);
  const absl::Status status = Fault(faults.sync_fails, "syncing", path);
  for (const Write& write : content.dirty) {
    // After a failed sync the pages count as clean: no later sync writes them.
    if (status.ok() || chances_.Percent(50)) Put(content.platter, write.offset, write.bytes);
  }
  content.dirty.clear();
  return status;
}

void SimulatedDisk::CutPower() {
  ++met["power cut"];
  const bool in_order = chances_.Percent(50);
  const size_t kept_changes = chances_.Below(changes_.size() + 1);
  if (kept_changes < changes_.size()) ++met["names lost"];
  // Contents first, also of files that lose their name.
  std::map<Content*, bool> seen;
  const auto cut = [&](const std::shared_ptr<Content>& content) {
    if (content == nullptr || !seen.emplace(content.get(), true).second) return;
    size_t kept = chances_.Below(content->dirty.size() + 1);
    for (size_t i = 0; i < content->dirty.size(); ++i) {
      Write& write = content->dirty[i];
      const bool whole = in_order ? i < kept : chances_.Percent(50);
      if (!whole && !(chances_.Percent(40))) {
        ++met["unsynced write lost"];
        continue;
      }
      if (!whole) {
        ++met["unsynced write torn"];
        size_t size = chances_.Below(write.bytes.size() + 1);
        if (chances_.Percent(50)) size -= size % kSectorBytes;
        write.bytes.resize(size);
      }
      if (!write.bytes.empty()) Put(content->platter, write.offset, write.bytes);
      if (!whole && in_order) break;
    }
    content->dirty.clear();
    content->cache = content->platter;
  };
  for (auto& [path, content] : names_) cut(content);
  for (auto& [path, content] : durable_names_) cut(content);
  for (size_t i = 0; i < kept_changes; ++i) changes_[i].apply(durable_names_);
  changes_.clear();
  names_ = durable_names_;
}

void SimulatedDisk::Restart(bool power_cut) {
  ++life_;
  crashed_ = false;
  operations_left_.reset();
  if (power_cut) CutPower();
}

bool SimulatedDisk::Rot(std::string* path) {
  std::vector<std::pair<std::string, std::shared_ptr<Content>>> whole;
  for (const auto& [name, content] : names_) {
    if (content && content->dirty.empty() && !content->cache.empty() &&
        content->cache == content->platter) {
      whole.emplace_back(name, content);
    }
  }
  if (whole.empty()) return false;
  const auto& [name, content] = whole[chances_.Below(whole.size())];
  const uint64_t offset = chances_.Below(content->cache.size());
  const char was = content->cache[offset];
  const char is = static_cast<char>(was ^ (1 << chances_.Below(8)));
  content->cache[offset] = is;
  content->platter[offset] = is;
  flips_.push_back({content, offset, was, is});
  *path = name;
  ++met["bit rot"];
  return true;
}

void SimulatedDisk::UndoRot() {
  for (const Flip& flip : flips_) {
    for (std::string* bytes : {&flip.content->cache, &flip.content->platter}) {
      // Unless it was written anew since.
      if (flip.offset >= bytes->size() || (*bytes)[flip.offset] != flip.is) continue;
      (*bytes)[flip.offset] = flip.was;
    }
  }
  flips_.clear();
}

}  // namespace meritbook::sim
