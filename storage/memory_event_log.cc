#include "storage/memory_event_log.h"

#include <algorithm>
#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook {

class MemoryDisk {
 public:
  struct Ledger {
    uint64_t epoch = 0;
    std::vector<std::string> events;
  };

  bool IsFenced(const std::vector<LedgerAppend>& group) const {
    return std::any_of(group.begin(), group.end(), [this](const LedgerAppend& append) {
      const auto found = ledgers.find(append.ledger);
      return found == ledgers.end() || found->second.epoch != append.epoch ||
             found->second.events.size() != append.expected_size;
    });
  }

  void Store(const std::vector<LedgerAppend>& group) {
    for (const LedgerAppend& append : group) {
      std::vector<std::string>& events = ledgers.find(append.ledger)->second.events;
      for (size_t i = 0; i < append.events.size(); ++i) events.emplace_back(append.events[i]);
    }
  }

  std::map<std::string, Ledger, std::less<>> ledgers;
};

std::shared_ptr<MemoryDisk> NewMemoryDisk() { return std::make_shared<MemoryDisk>(); }

std::unique_ptr<EventLog> NewMemoryEventLog() { return std::make_unique<MemoryEventLog>(); }

MemoryEventLog::MemoryEventLog(std::shared_ptr<MemoryDisk> disk) : disk_(std::move(disk)) {
  for (const auto& [name, ledger] : disk_->ledgers) visible_sizes_[name] = ledger.events.size();
}

MemoryEventLog::~MemoryEventLog() = default;

absl::StatusOr<uint64_t> MemoryEventLog::AcquireWriter(const std::vector<std::string>& ledgers) {
  for (const std::string& name : ledgers) {
    if (absl::Status s = CheckLedgerId(name); !s.ok()) return s;
  }
  const std::lock_guard lock(mutex_);
  MB_CHECK(!closed_);
  if (broken_) return absl::UnavailableError("the log is broken by an earlier error: reopen it");
  uint64_t epoch = 0;
  for (const std::string& name : ledgers) epoch = std::max(epoch, disk_->ledgers[name].epoch);
  ++epoch;
  for (const std::string& name : ledgers) {
    disk_->ledgers[name].epoch = epoch;
    visible_sizes_.emplace(name, 0);
  }
  return epoch;
}

void MemoryEventLog::Append(std::vector<LedgerAppend> group,
                            std::function<void(AppendResult)> done) {
  CheckAppendGroup(group);
  {
    const std::lock_guard lock(mutex_);
    MB_CHECK(!held_.has_value());
    MB_CHECK(!closed_);
    held_ = {.group = std::move(group), .done = std::move(done)};
    if (hold_) return;
  }
  CompleteOne(AppendResult::kDurable);
}

void MemoryEventLog::CompleteOne(AppendResult result, bool stored) {
  Job job;
  {
    const std::lock_guard lock(mutex_);
    MB_CHECK(held_.has_value());
    job = *std::exchange(held_, std::nullopt);
    if (broken_) {
      result = AppendResult::kUnknown;
    } else {
      const bool fenced = disk_->IsFenced(job.group);
      if (fenced && result == AppendResult::kDurable) result = AppendResult::kFenced;
      switch (result) {
        case AppendResult::kDurable:
          disk_->Store(job.group);
          for (const LedgerAppend& append : job.group) {
            visible_sizes_[append.ledger] += append.events.size();
          }
          break;
        case AppendResult::kFenced:
          break;
        case AppendResult::kUnknown:
          if (stored && !fenced) disk_->Store(job.group);
          broken_ = true;
          break;
      }
    }
  }
  job.done(result);
}

absl::StatusOr<EventRun> MemoryEventLog::Read(std::string_view ledger, uint64_t from,
                                              size_t max_events, size_t max_bytes) const {
  const std::lock_guard lock(mutex_);
  EventRun run;
  const auto size = visible_sizes_.find(ledger);
  if (size == visible_sizes_.end()) return run;
  const std::vector<std::string>& events = disk_->ledgers.find(ledger)->second.events;
  for (uint64_t i = from; i < size->second && run.size() < max_events; ++i) {
    if (!run.empty() && run.bytes.size() >= max_bytes) break;
    run.Add(events[i]);
  }
  if (absl::Status s = Meet(ledger, from, from + run.size()); !s.ok()) return s;
  return run;
}

absl::StatusOr<Verified> MemoryEventLog::Verify(std::string_view ledger, uint64_t from,
                                                size_t bytes_max) const {
  const std::lock_guard lock(mutex_);
  if (!unreadable_.ok()) return unreadable_;
  Verified verified{.end = from};
  const auto size = visible_sizes_.find(ledger);
  if (size == visible_sizes_.end()) return verified;
  const std::vector<std::string>& events = disk_->ledgers.find(ledger)->second.events;
  while (verified.end < size->second && (verified.end == from || verified.bytes < bytes_max)) {
    verified.bytes += events[verified.end++].size();
  }
  if (absl::Status s = Meet(ledger, from, verified.end); !s.ok()) return s;
  return verified;
}

absl::Status MemoryEventLog::Meet(std::string_view ledger, uint64_t from, uint64_t end) const {
  const auto rotten = rotten_.find(ledger);
  if (rotten == rotten_.end() || rotten->second < from || rotten->second >= end) {
    return absl::OkStatus();
  }
  const absl::Status status =
      absl::DataLossError(Text("ledger '", ledger, "', sequence ", rotten->second, ": rotten"));
  if (damage_.ok()) damage_ = status;
  return status;
}

absl::Status MemoryEventLog::Damage() const {
  const std::lock_guard lock(mutex_);
  return damage_;
}

uint64_t MemoryEventLog::Size(std::string_view ledger) const {
  const std::lock_guard lock(mutex_);
  const auto found = visible_sizes_.find(ledger);
  return found == visible_sizes_.end() ? 0 : found->second;
}

std::vector<std::string> MemoryEventLog::Ledgers() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, size] : visible_sizes_) names.push_back(name);
  return names;
}

absl::Status MemoryEventLog::CheckWritable() const {
  const std::lock_guard lock(mutex_);
  if (!damage_.ok()) return damage_;
  if (full_) return absl::ResourceExhaustedError("memory log: 0 bytes free, below the floor of 1");
  return absl::OkStatus();
}

absl::Status MemoryEventLog::Close() {
  const std::lock_guard lock(mutex_);
  MB_CHECK(!held_.has_value());  // nobody else could complete it while we waited
  MB_CHECK(!closed_);
  closed_ = true;
  if (broken_) return absl::UnavailableError("the log was broken by an earlier error");
  return absl::OkStatus();
}

void MemoryEventLog::set_hold(bool hold) {
  const std::lock_guard lock(mutex_);
  hold_ = hold;
}

bool MemoryEventLog::in_flight() const {
  const std::lock_guard lock(mutex_);
  return held_.has_value();
}

void MemoryEventLog::set_full(bool full) {
  const std::lock_guard lock(mutex_);
  full_ = full;
}

void MemoryEventLog::Rot(const std::string& ledger, uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  rotten_[ledger] = sequence;
}

void MemoryEventLog::set_unreadable(absl::Status status) {
  const std::lock_guard lock(mutex_);
  unreadable_ = std::move(status);
}

}  // namespace meritbook
