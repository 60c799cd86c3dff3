#include "tests/storage/disk_faults.h"

#include <thread>

#include "ledger/text.h"

namespace meritbook {

std::string_view NameOf(DiskCall call) {
  switch (call) {
    case DiskCall::kMake:
      return "make";
    case DiskCall::kWrite:
      return "write";
    case DiskCall::kSync:
      return "sync";
    case DiskCall::kSyncRange:
      return "sync range";
    case DiskCall::kSyncFolder:
      return "sync folder";
    case DiskCall::kRename:
      return "rename";
    case DiskCall::kLink:
      return "link";
    case DiskCall::kRemove:
      return "remove";
    case DiskCall::kRead:
      return "read";
  }
  return "";
}

std::string_view NameOf(FileKind kind) {
  switch (kind) {
    case FileKind::kWal:
      return "WAL";
    case FileKind::kManifest:
      return "MANIFEST";
    case FileKind::kCurrent:
      return "CURRENT";
    case FileKind::kTable:
      return "table";
    case FileKind::kGuard:
      return "guard";
    case FileKind::kFolder:
      return "folder";
    case FileKind::kOther:
      return "other";
  }
  return "";
}

FileKind KindOf(DiskCall call, std::string_view path) {
  if (call == DiskCall::kSyncFolder) return FileKind::kFolder;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (path.substr(0, path.size() - name.size()).ends_with("/guard/")) return FileKind::kGuard;
  if (name.starts_with("MANIFEST-")) return FileKind::kManifest;
  // CURRENT is written as a .dbtmp and renamed.
  if (name == "CURRENT" || (name.ends_with(".dbtmp") && !name.starts_with("OPTIONS"))) {
    return FileKind::kCurrent;
  }
  if (name.ends_with(".log")) return FileKind::kWal;
  if (name.ends_with(".sst")) return FileKind::kTable;
  return FileKind::kOther;
}

void DiskFaults::Inject(const Fault& fault) {
  const std::lock_guard lock(mutex_);
  injected_.push_back({.fault = fault});
}

void DiskFaults::Clear() {
  const std::lock_guard lock(mutex_);
  injected_.clear();
  changes_left_.reset();
  faults_ = 0;
  met_.clear();
}

void DiskFaults::SetPaused(bool paused) {
  const std::lock_guard lock(mutex_);
  paused_ = paused;
}

void DiskFaults::CutPowerAfter(uint64_t calls) {
  const std::lock_guard lock(mutex_);
  changes_left_ = calls;
}

bool DiskFaults::power_is_off() const {
  const std::lock_guard lock(mutex_);
  return changes_left_ == 0u;
}

DiskFaults::Verdict DiskFaults::Meet(DiskCall call, const std::string& path) {
  const FileKind kind = KindOf(call, path);
  const bool changes = call != DiskCall::kRead;
  Verdict verdict;
  std::chrono::microseconds delay{0};
  {
    const std::lock_guard lock(mutex_);
    if (paused_) return verdict;
    ++calls_[{call, kind}];
    if (changes && changes_left_ == 0u) return {.fails = true};
    if (changes && changes_left_) --*changes_left_;
    for (Injected& injected : injected_) {
      const Fault& fault = injected.fault;
      if (fault.call ? *fault.call != call : !changes) continue;
      if (fault.kind && *fault.kind != kind) continue;
      const uint64_t seen = injected.seen++;
      if (seen < fault.after || seen - fault.after >= fault.count) continue;
      if (std::uniform_real_distribution<>(0, 1)(random_) >= fault.share) continue;
      ++faults_;
      met_.insert(Text(NameOf(call), " of ", NameOf(kind)));
      if (fault.way == FaultWay::kDelay) delay += fault.delay;
      if (fault.way == FaultWay::kLie) verdict.lies = true;
      if (fault.way == FaultWay::kFail) verdict.fails = true;
      if (fault.way == FaultWay::kFailPartly) {
        verdict.fails = true;
        verdict.written = std::uniform_real_distribution<>(0, 1)(random_);
      }
    }
  }
  if (delay.count() > 0) std::this_thread::sleep_for(delay);
  return verdict;
}

uint64_t DiskFaults::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

uint64_t DiskFaults::calls(DiskCall call, FileKind kind) const {
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find({call, kind});
  return found == calls_.end() ? 0 : found->second;
}

std::set<std::string> DiskFaults::met() const {
  const std::lock_guard lock(mutex_);
  return met_;
}

}  // namespace meritbook
