// The power goes out at random moments, or the process is killed, while a log is opened, written
// and closed. What was acknowledged must be there, the last group wholly or not at all, and the
// store must open: by itself, without anybody's help.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "ledger/text.h"
#include "storage/rocks_event_log.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/log_history.h"

namespace meritbook {
namespace {

using Clock = std::chrono::steady_clock;

// Of all lives of a test. Each must have happened, or the test did not test it.
struct Seen {
  uint64_t cuts_while_opening = 0;
  uint64_t cuts_while_appending = 0;
  uint64_t cuts_while_closing = 0;
  uint64_t cuts_at_rest = 0;
  uint64_t kills = 0;
  uint64_t flushes = 0;      // tables made while appending
  uint64_t compactions = 0;  // stores that removed tables
  uint64_t unknown_kept = 0;
  uint64_t unknown_dropped = 0;
  CutCounts cuts;

  bool All() const {
    return cuts_while_opening > 0 && cuts_while_appending > 0 && cuts_while_closing > 0 &&
           cuts_at_rest > 0 && kills > 0 && flushes > 0 && compactions > 0 && unknown_kept > 0 &&
           unknown_dropped > 0 && cuts.tails_dropped > 0 && cuts.tails_torn > 0 &&
           cuts.tails_spotted > 0 && cuts.tails_kept > 0 && cuts.folders_undone > 0;
  }
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << "power cuts while opening " << seen.cuts_while_opening << ", appending "
             << seen.cuts_while_appending << ", closing " << seen.cuts_while_closing << ", at rest "
             << seen.cuts_at_rest << "; kills " << seen.kills << "; flushes " << seen.flushes
             << ", compactions " << seen.compactions << "; unanswered groups found "
             << seen.unknown_kept << ", not found " << seen.unknown_dropped
             << "; unsynced tails dropped " << seen.cuts.tails_dropped << ", torn "
             << seen.cuts.tails_torn << ", with holes " << seen.cuts.tails_spotted << ", kept "
             << seen.cuts.tails_kept << "; folders undone " << seen.cuts.folders_undone;
}

// A store from its beginning, through some sessions that end in cuts, kills and clean stops.
class Life {
 public:
  Life(uint64_t seed, Seen& seen)
      : random_(seed), seen_(seen), scratch_(MemoryFolder()), history_(seed) {
    const std::string root = scratch_.path() + "/disk";
    std::filesystem::create_directories(root);
    medium_ = std::make_unique<FaultyMedium>(root, seed);
    disk_ = std::make_unique<FaultyDisk>(*medium_);
  }

  void Live() {
    const uint64_t sessions = 2 + Below(10);
    for (uint64_t i = 0; i < sessions; ++i) {
      SCOPED_TRACE(Text("session ", i));
      if (Below(4) > 0) medium_->faults.CutPowerAfter(Below(Below(2) == 0 ? 60 : 600));
      ASSERT_NO_FATAL_FAILURE(Session());
      End();
    }
    SCOPED_TRACE("the last opening");
    ASSERT_NO_FATAL_FAILURE(Session());
    seen_.compactions += Tables(DiskCall::kRemove) > 0;
    seen_.unknown_kept += history_.unknown_kept();
    seen_.unknown_dropped += history_.unknown_dropped();
    const CutCounts cuts = medium_->tree.cuts();
    seen_.cuts.tails_dropped += cuts.tails_dropped;
    seen_.cuts.tails_torn += cuts.tails_torn;
    seen_.cuts.tails_spotted += cuts.tails_spotted;
    seen_.cuts.tails_kept += cuts.tails_kept;
    seen_.cuts.folders_undone += cuts.folders_undone;
  }

 private:
  std::string dir() const { return scratch_.path() + "/disk/new/store"; }
  uint64_t Below(uint64_t end) { return random_() % end; }
  bool PowerIsOff() const { return medium_->faults.power_is_off(); }

  uint64_t Tables(DiskCall call) const { return medium_->faults.calls(call, FileKind::kTable); }

  // Until the power goes, or it has done enough.
  void Session() {
    phase_ = &seen_.cuts_while_opening;
    absl::StatusOr<std::unique_ptr<EventLog>> log = OpenRocksEventLog(
        {.dir = dir(), .file_system = FileSystemOn(*medium_), .disk = disk_.get()});
    if (!log.ok()) {
      ASSERT_TRUE(PowerIsOff()) << log.status();
      return;
    }
    ASSERT_NO_FATAL_FAILURE(history_.Check(**log));
    phase_ = &seen_.cuts_while_appending;
    const uint64_t tables = Tables(DiskCall::kMake);
    Write(**log);
    if (Tables(DiskCall::kMake) > tables) ++seen_.flushes;
    if (PowerIsOff() || history_.has_unknown()) {
      ASSERT_TRUE(PowerIsOff()) << "an append failed on a disk that did not";
      return;
    }
    phase_ = &seen_.cuts_at_rest;
    if (Below(2) == 0) return;
    if (Below(2) == 0) medium_->faults.CutPowerAfter(Below(20));
    const absl::Status closed = (*log)->Close();
    ASSERT_TRUE(closed.ok() || PowerIsOff()) << closed;
    if (PowerIsOff()) phase_ = &seen_.cuts_while_closing;
  }

  void Write(EventLog& log) {
    const uint64_t acquisitions = 1 + Below(3);
    for (uint64_t i = 0; i < acquisitions; ++i) {
      if (!history_.Acquire(log, 1 + Below(8)).ok()) return;
      const uint64_t appends = Below(40);
      for (uint64_t j = 0; j < appends; ++j) {
        // Up to groups of a megabyte: the larger are several writes to RocksDB's log.
        const uint64_t bytes = Below(10) == 0 ? uint64_t{1} << (10 + Below(12)) : Below(3000);
        if (history_.Append(log, bytes) != AppendResult::kDurable) return;
      }
    }
    if (Below(12) > 0) return;
    // More than a write buffer.
    for (uint64_t written = 0; written < uint64_t{40} << 20; written += 1 << 20) {
      if (history_.Append(log, 1 << 20) != AppendResult::kDurable) return;
    }
  }

  void End() {
    if (Below(4) == 0) {
      ++seen_.kills;  // what was written is there, synced or not
    } else {
      ++*phase_;
      medium_->tree.PowerCut();
    }
    medium_->faults.Clear();
  }

  std::mt19937_64 random_;
  Seen& seen_;
  const ScratchDir scratch_;
  std::unique_ptr<FaultyMedium> medium_;
  std::unique_ptr<FaultyDisk> disk_;
  LogHistory history_;
  uint64_t* phase_ = nullptr;  // what a power cut is counted as
};

TEST(PowerCut, LosesNothingThatWasAcknowledged) {
  const bool is_long = std::getenv("MERIT_LONG") != nullptr;
  const char* const given = std::getenv("MERIT_SEED");
  const uint64_t first = given != nullptr ? std::stoull(given) : std::random_device()();
  const auto end = Clock::now() + (is_long ? std::chrono::minutes(10) : std::chrono::seconds(6));
  const auto last_end = end + std::chrono::minutes(5);
  Seen seen;
  uint64_t seed = first;
  for (; Clock::now() < end || (!seen.All() && Clock::now() < last_end); ++seed) {
    SCOPED_TRACE(Text("to replay: MERIT_SEED=", seed));
    Life(seed, seen).Live();
    if (HasFailure()) return;
    if (given != nullptr) return;
  }
  std::cout << seed - first << " stores from seed " << first << ": " << seen << std::endl;
  EXPECT_TRUE(seen.All());
}

// What becomes of stores whose disk said that something was synced, and it was not.
struct Lied {
  int whole = 0;
  int refused = 0;
  int shorter = 0;  // opened, and acknowledged events are missing
};

Lied LieAboutSyncsOf(const std::vector<FileKind>& kinds) {
  constexpr int kStores = 24;
  const ScratchDir scratch(MemoryFolder());
  const std::string root = scratch.path() + "/disk";
  std::filesystem::create_directories(root);
  FaultyMedium medium(root, std::random_device()());
  FaultyDisk disk(medium);
  const auto open = [&](int i) {
    return OpenRocksEventLog(
        {.dir = Text(root, "/", i), .file_system = FileSystemOn(medium), .disk = &disk});
  };
  std::vector<LogHistory> histories;
  {
    std::vector<std::unique_ptr<EventLog>> logs;
    for (int i = 0; i < kStores; ++i) {
      absl::StatusOr<std::unique_ptr<EventLog>> log = open(i);
      EXPECT_TRUE(log.ok()) << log.status();
      if (!log.ok()) return {};
      histories.emplace_back(i);
      EXPECT_TRUE(histories.back().Acquire(**log, 3).ok());
      logs.push_back(*std::move(log));
    }
    for (const FileKind kind : kinds) {
      medium.faults.Inject({.call = DiskCall::kSync, .kind = kind, .way = FaultWay::kLie});
    }
    for (int i = 0; i < 4 * kStores; ++i) {
      EXPECT_EQ(histories[i % kStores].Append(*logs[i % kStores], 2000), AppendResult::kDurable);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // until the guards are synced
  }
  EXPECT_GT(medium.faults.faults(), 0u);
  medium.faults.Clear();
  medium.tree.PowerCut();
  Lied lied;
  for (int i = 0; i < kStores; ++i) {
    const absl::StatusOr<std::unique_ptr<EventLog>> log = open(i);
    if (!log.ok()) {
      EXPECT_EQ(log.status().code(), absl::StatusCode::kDataLoss) << log.status();
      EXPECT_NE(MessageOf(log.status()).find(root), std::string_view::npos) << log.status();
      ++lied.refused;
      continue;
    }
    bool is_shorter = false;
    for (const std::string& name : histories[i].ledgers()) {
      if ((*log)->Size(name) < histories[i].SizeOf(name)) is_shorter = true;
    }
    ++(is_shorter ? lied.shorter : lied.whole);
  }
  std::cout << lied.whole << " whole, " << lied.refused << " refused, " << lied.shorter
            << " shorter" << std::endl;
  return lied;
}

TEST(PowerCut, ALogWhoseSyncsWereLiesIsRefused) {
  const Lied lied = LieAboutSyncsOf({FileKind::kWal});
  EXPECT_GT(lied.refused, 0);
  EXPECT_EQ(lied.shorter, 0) << "acknowledged events are missing, and it opened";
}

// If the guards' were lies as well, nothing on this disk can tell. And this shows that the tests
// above would see a loss.
TEST(PowerCut, LiesAboutLogAndGuardsLoseEvents) {
  int shorter = 0;
  for (int i = 0; i < 10 && shorter == 0; ++i) {
    shorter = LieAboutSyncsOf({FileKind::kWal, FileKind::kGuard}).shorter;
  }
  EXPECT_GT(shorter, 0);
}

}  // namespace
}  // namespace meritbook
