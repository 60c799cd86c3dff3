// Owns: what a test appended to a log, and what of it was acknowledged.
// Promises: a log that passes Check holds all that was acknowledged, byte by byte and in order, and
//           beyond it nothing but the last group whose end is unknown, whole.
// Thread: one.
#ifndef MERITBOOK_TESTS_STORAGE_LOG_HISTORY_H_
#define MERITBOOK_TESTS_STORAGE_LOG_HISTORY_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/text.h"
#include "storage/event_log.h"
#include "tests/storage/scratch.h"

namespace meritbook {

class LogHistory {
 public:
  explicit LogHistory(uint64_t seed) : random_(seed) {}

  // Acquires some of `ledgers_max` ledgers: those to be appended to until the next call.
  absl::Status Acquire(EventLog& log, uint64_t ledgers_max) {
    std::vector<std::string> names;
    for (uint64_t i = 0; i < ledgers_max; ++i) {
      if (random_() % 2 == 0) names.push_back(Text("ledger-", i));
    }
    if (names.empty()) names.push_back("ledger-0");
    for (const std::string& name : names) ledgers_.try_emplace(name);
    const absl::StatusOr<uint64_t> epoch = log.AcquireWriter(names);
    if (!epoch.ok()) return epoch.status();
    for (const std::string& name : names) {
      Ledger& ledger = ledgers_[name];
      EXPECT_GT(*epoch, ledger.epoch) << name << ": an epoch was given twice";
      ledger.epoch = *epoch;
    }
    acquired_ = std::move(names);
    return absl::OkStatus();
  }

  // Appends to a few of the acquired ledgers, about `bytes` in all.
  AppendResult Append(EventLog& log, uint64_t bytes) {
    const uint64_t attempt = ++attempts_;
    std::vector<LedgerAppend> group;
    Pending pending{.attempt = attempt, .counts = {}};
    std::shuffle(acquired_.begin(), acquired_.end(), random_);
    const size_t ledgers = 1 + random_() % std::min<size_t>(acquired_.size(), 4);
    for (size_t i = 0; i < ledgers; ++i) {
      const Ledger& ledger = ledgers_[acquired_[i]];
      LedgerAppend append{.ledger = acquired_[i],
                          .epoch = ledger.epoch,
                          .expected_size = ledger.attempts.size(),
                          .events = {}};
      do {
        append.events.Add(
            EventOf(append.ledger, append.expected_size + append.events.size(), attempt));
      } while (append.events.bytes.size() < bytes / ledgers);
      pending.counts[append.ledger] = append.events.size();
      group.push_back(std::move(append));
    }
    pending_ = std::move(pending);
    const AppendResult result = AppendAndWait(log, std::move(group));
    EXPECT_NE(result, AppendResult::kFenced);
    if (result == AppendResult::kDurable) Settle();
    return result;
  }

  // A log that reported kUnknown takes nothing more.
  void ExpectBroken(EventLog& log) const {
    const std::string& name = acquired_.front();
    EXPECT_EQ(AppendAndWait(log, {{.ledger = name,
                                   .epoch = ledgers_.at(name).epoch,
                                   .expected_size = log.Size(name),
                                   .events = EventsAt("after the end", 0, 1)}}),
              AppendResult::kUnknown);
    EXPECT_EQ(log.AcquireWriter({name}).status().code(), absl::StatusCode::kUnavailable);
  }

  // A log that was just opened. Nothing is unknown afterwards.
  void Check(const EventLog& log) {
    bool all_there = pending_.has_value();
    bool none_there = true;
    for (const auto& [name, ledger] : ledgers_) {
      const uint64_t size = log.Size(name);
      const uint64_t acknowledged = ledger.attempts.size();
      const uint64_t unknown = pending_ ? pending_->CountOf(name) : 0;
      ASSERT_GE(size, acknowledged) << name << ": acknowledged events are lost";
      ASSERT_LE(size, acknowledged + unknown) << name << ": more than was ever appended";
      if (unknown == 0) continue;
      if (size != acknowledged + unknown) all_there = false;
      if (size != acknowledged) none_there = false;
    }
    ASSERT_TRUE(all_there || none_there) << "a group is there in part";
    if (pending_) ++(all_there ? unknown_kept_ : unknown_dropped_);
    if (all_there) Settle();
    pending_.reset();
    for (const std::string& name : log.Ledgers()) {
      ASSERT_TRUE(ledgers_.contains(name)) << name << " was never made";
    }
    for (const auto& [name, ledger] : ledgers_) ASSERT_NO_FATAL_FAILURE(CheckBytes(log, name));
  }

  // Bytes of a ledger, as far as it is acknowledged.
  void CheckBytes(const EventLog& log, const std::string& name) const {
    const std::vector<uint64_t>& attempts = ledgers_.at(name).attempts;
    for (uint64_t next = 0; next < attempts.size();) {
      const absl::StatusOr<EventRun> run = log.Read(name, next, 10000, 1 << 20);
      ASSERT_TRUE(run.ok()) << run.status();
      ASSERT_FALSE(run->empty()) << name << " ends at " << next;
      for (size_t i = 0; i < run->size(); ++i, ++next) {
        ASSERT_TRUE((*run)[i] == EventOf(name, next, attempts[next]))
            << name << ", sequence " << next << ": other bytes than were appended";
      }
    }
  }

  uint64_t SizeOf(const std::string& name) const {
    const auto found = ledgers_.find(name);
    return found == ledgers_.end() ? 0 : found->second.attempts.size();
  }
  std::vector<std::string> ledgers() const {
    std::vector<std::string> names;
    for (const auto& [name, ledger] : ledgers_) names.push_back(name);
    return names;
  }
  bool has_unknown() const { return pending_.has_value(); }
  // Groups whose end was unknown, and that were found afterwards, or not.
  uint64_t unknown_kept() const { return unknown_kept_; }
  uint64_t unknown_dropped() const { return unknown_dropped_; }

 private:
  struct Ledger {
    uint64_t epoch = 0;
    std::vector<uint64_t> attempts = {};  // by sequence: which append's event it is
  };
  struct Pending {
    uint64_t attempt = 0;
    std::map<std::string, uint64_t> counts;

    uint64_t CountOf(const std::string& ledger) const {
      const auto found = counts.find(ledger);
      return found == counts.end() ? 0 : found->second;
    }
  };

  // Tells ledger, sequence and append; of 20 to 300 bytes, seldom more, up to the largest.
  static std::string EventOf(std::string_view ledger, uint64_t sequence, uint64_t attempt) {
    std::string event = Text(ledger, "#", sequence, "/", attempt, " ");
    uint64_t word = (sequence + 1) * 0x9e3779b97f4a7c15 ^ (attempt + 1) * 0xc2b2ae3d27d4eb4f;
    const auto next = [&word] {
      word ^= word << 13;
      word ^= word >> 7;
      return word ^= word << 17;
    };
    const uint64_t kind = next() % 256;
    const size_t size = kind == 0 ? kEventBytesMax : kind < 8 ? 5000 : 20 + next() % 280;
    const size_t head = event.size();
    event.resize(std::max(head, size));
    for (size_t i = head; i < event.size(); i += sizeof(word)) {
      const uint64_t filler = next();
      std::copy_n(reinterpret_cast<const char*>(&filler), std::min(sizeof(word), event.size() - i),
                  event.begin() + static_cast<ptrdiff_t>(i));
    }
    return event;
  }

  // The pending group is there.
  void Settle() {
    for (const auto& [name, count] : pending_->counts) {
      std::vector<uint64_t>& attempts = ledgers_[name].attempts;
      attempts.insert(attempts.end(), count, pending_->attempt);
    }
    pending_.reset();
  }

  std::mt19937_64 random_;
  std::map<std::string, Ledger> ledgers_;
  std::vector<std::string> acquired_;
  std::optional<Pending> pending_;
  uint64_t attempts_ = 0;
  uint64_t unknown_kept_ = 0;
  uint64_t unknown_dropped_ = 0;
};

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_STORAGE_LOG_HISTORY_H_
