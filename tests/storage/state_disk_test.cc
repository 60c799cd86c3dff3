// The state store when the power goes out, the process is killed, or the disk fails: afterwards it
// has exactly the rows of the last write that was acknowledged, or of the one under way; or it is
// empty and said so. (That it may be after a write whose MANIFEST entry failed: RocksDB removes the
// ingested file then, and the entry may have reached the disk.)
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "ledger/text.h"
#include "storage/rocks_state_store.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

using Clock = std::chrono::steady_clock;
using Rows = std::map<std::string, std::string>;

bool IsLong() { return std::getenv("MERIT_LONG") != nullptr; }

struct Seen {
  uint64_t power_cuts = 0;
  uint64_t kills = 0;
  uint64_t failures = 0;  // of writes
  uint64_t failed_openings = 0;
  uint64_t openings = 0;
  uint64_t wiped = 0;
  uint64_t vanished = 0;      // the folder was never synced
  uint64_t unknown_kept = 0;  // writes under way that were there, or not
  uint64_t unknown_dropped = 0;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << "power cuts " << seen.power_cuts << ", kills " << seen.kills << ", failed writes "
             << seen.failures << ", failed openings " << seen.failed_openings << "; openings "
             << seen.openings << ", of which wiped " << seen.wiped << ", vanished " << seen.vanished
             << "; unfinished writes found " << seen.unknown_kept << ", not found "
             << seen.unknown_dropped;
}

class StoreLife {
 public:
  StoreLife(uint64_t seed, Seen& seen)
      : random_(seed), seen_(seen), scratch_(MemoryFolder()), medium_(MakeFolder(dir()), seed) {}

  DiskFaults& faults() { return medium_.faults; }
  DurableTree& tree() { return medium_.tree; }
  uint64_t Below(uint64_t end) { return random_() % end; }

  // Opens and writes until it has done enough, or something fails.
  void Session(uint64_t writes) {
    const bool existed = std::filesystem::exists(dir() + "/state");
    absl::StatusOr<std::unique_ptr<StateStore>> store =
        OpenStateStore({.dir = dir(),
                        .schema_version = 1,
                        .warn = [this](std::string_view line) { warnings_ += line; },
                        .file_system = FileSystemOn(medium_)});
    if (!store.ok()) {
      EXPECT_EQ(store.status().code(), absl::StatusCode::kUnavailable) << store.status();
      EXPECT_TRUE(faults().power_is_off() || faults().faults() > 0) << store.status();
      ++seen_.failed_openings;
      return;
    }
    faults().SetPaused(true);
    Check(**store, existed);
    faults().SetPaused(false);
    for (uint64_t i = 0; i < writes && !testing::Test::HasFailure(); ++i) {
      if (Write(**store)) continue;
      EXPECT_TRUE(faults().power_is_off() || faults().faults() > 0);
      ++seen_.failures;
      return;
    }
  }

 private:
  struct Ledger {
    uint64_t size = 0;
    Rows rows = {};

    friend bool operator==(const Ledger&, const Ledger&) = default;
  };

  static std::string MakeFolder(const std::string& path) {
    std::filesystem::create_directories(path);
    return path;
  }
  std::string dir() const { return scratch_.path() + "/store"; }

  bool Write(StateStore& store) {
    const std::string name = Text("ledger-", Below(4));
    Ledger next = ledgers_[name];
    if (Below(30) == 0) {
      unknown_ = {name, Ledger()};
      if (!store.Discard(name).ok()) return false;
    } else {
      next.size += 1 + Below(100);
      StateWrite write{.ledger = name, .applied_size = next.size, .rows = {}};
      std::map<std::string, std::string> changes;
      const uint64_t rows = Below(50) == 0 ? 20000 : Below(40);
      for (uint64_t i = 0; i < rows; ++i) {
        changes[Text("row-", Below(2 * rows))] =
            Below(5) == 0 ? "" : Text("as of ", next.size, ", ", random_());
      }
      for (const auto& [key, value] : changes) {
        write.rows.push_back({key, value});
        value.empty() ? (void)next.rows.erase(key) : (void)(next.rows[key] = value);
      }
      unknown_ = {name, next};
      if (!store.Write(std::move(write)).ok()) return false;
    }
    ledgers_[name] = unknown_->second;
    unknown_.reset();
    return true;
  }

  void Check(StateStore& store, bool existed) {
    std::map<std::string, Ledger> found;
    bool is_empty = true;
    for (const auto& [name, ledger] : ledgers_) {
      Ledger& there = found[name];
      there.size = store.AppliedSize(name);
      const absl::Status loaded =
          store.Load(name, [&](std::string_view key, std::string_view value) {
            there.rows.emplace(key, value);
            return absl::OkStatus();
          });
      ASSERT_TRUE(loaded.ok()) << loaded;
      if (there.size > 0) is_empty = false;
    }
    ++seen_.openings;
    const bool wiped = warnings_.find("starts empty") != std::string::npos;
    if (is_empty && (wiped || !existed)) {
      ++(wiped ? seen_.wiped : seen_.vanished);
    } else {
      ExpectKnown(found);
    }
    ledgers_ = std::move(found);
    unknown_.reset();
    warnings_.clear();
  }

  void ExpectKnown(const std::map<std::string, Ledger>& found) {
    for (const auto& [name, there] : found) {
      const Ledger& acknowledged = ledgers_.at(name);
      const bool is_unknown = unknown_ && unknown_->first == name;
      if (is_unknown && there == unknown_->second) {
        ++seen_.unknown_kept;
        continue;
      }
      if (is_unknown) ++seen_.unknown_dropped;
      EXPECT_EQ(there.size, acknowledged.size) << name;
      EXPECT_TRUE(there.rows == acknowledged.rows) << name << ": other rows than were written";
    }
  }

  std::mt19937_64 random_;
  Seen& seen_;
  const ScratchDir scratch_;
  FaultyMedium medium_;
  std::map<std::string, Ledger> ledgers_;
  std::optional<std::pair<std::string, Ledger>> unknown_;
  std::string warnings_;  // since the last check
};

// Lives from seeds until the time is over and `enough` was seen.
Seen LiveOn(const std::function<void(StoreLife&, Seen&)>& live,
            const std::function<bool(const Seen&)>& enough) {
  const char* const given = std::getenv("MERIT_SEED");
  const uint64_t first = given != nullptr ? std::stoull(given) : std::random_device()();
  const auto end = Clock::now() + std::chrono::seconds(IsLong() ? 200 : 2);
  const auto last_end = end + std::chrono::minutes(2);
  Seen seen;
  uint64_t seed = first;
  for (; Clock::now() < end || (!enough(seen) && Clock::now() < last_end); ++seed) {
    SCOPED_TRACE(Text("to replay: MERIT_SEED=", seed));
    StoreLife life(seed, seen);
    live(life, seen);
    if (testing::Test::HasFailure() || given != nullptr) break;
  }
  std::cout << seed - first << " stores from seed " << first << ": " << seen << std::endl;
  EXPECT_TRUE(given != nullptr || enough(seen));
  return seen;
}

TEST(StateOnDisk, SurvivesPowerCutsAndKills) {
  const Seen seen = LiveOn(
      [](StoreLife& life, Seen& counts) {
        for (int session = 0; session < 6 && !testing::Test::HasFailure(); ++session) {
          if (life.Below(4) > 0) life.faults().CutPowerAfter(life.Below(300));
          life.Session(life.Below(40));
          if (life.Below(4) == 0) {
            ++counts.kills;
          } else {
            ++counts.power_cuts;
            life.tree().PowerCut();
          }
          life.faults().Clear();
        }
        life.Session(1);
      },
      [](const Seen& counts) { return counts.power_cuts > 0 && counts.unknown_dropped > 0; });
  EXPECT_GT(seen.openings, 2 * seen.wiped) << "an empty store is no great feat";
}

TEST(StateOnDisk, SurvivesAFailingDisk) {
  LiveOn(
      [](StoreLife& life, Seen&) {
        for (int session = 0; session < 4 && !testing::Test::HasFailure(); ++session) {
          life.Session(life.Below(20));
          Fault fault{.way = FaultWay::kFailPartly,
                      .after = life.Below(100),
                      .share = life.Below(2) == 0 ? 1 : 0.1};
          if (life.Below(2) == 0) fault.call = kDiskCalls[life.Below(std::size(kDiskCalls))];
          life.faults().Inject(fault);
          life.Session(life.Below(20));
          life.faults().Clear();
        }
        life.Session(1);
      },
      [](const Seen& counts) { return counts.failures > 0 && counts.failed_openings > 0; });
}

}  // namespace
}  // namespace meritbook
