// Flips one bit in each byte (or in some) of each file of a small store, and opens it. The log must
// be refused, with a message that names something, or be whole; the state must be of some size that
// was written and then have exactly its rows.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "storage/rocks_event_log.h"
#include "storage/rocks_state_store.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

using Rows = std::map<std::string, std::string>;

// Every byte of each file takes two minutes; so usually each fourth, another one each time.
size_t Step() { return std::getenv("MERIT_LONG") != nullptr ? 1 : 4; }

size_t Seed() {
  static const size_t seed = [] {
    const char* const given = std::getenv("MERIT_SEED");
    const size_t chosen =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()() % 1'000;
    std::cout << "seed " << chosen << "; again with MERIT_SEED=" << chosen << "\n";
    return chosen;
  }();
  return seed;
}

// How often a flip in a kind of file ended in which way.
using Counts = std::map<std::string, std::map<std::string, int>>;

std::string KindOf(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  if (file.extension() == ".log") return "WAL";
  if (file.extension() == ".sst") return "SST";
  if (name.starts_with("MANIFEST-")) return "MANIFEST";
  return name == "CURRENT" ? "CURRENT" : "";
}

void Print(std::string_view title, const Counts& counts) {
  for (const auto& [kind, outcomes] : counts) {
    std::cout << title << ", " << kind << ":";
    for (const auto& [outcome, count] : outcomes) std::cout << "  " << outcome << " " << count;
    std::cout << std::endl;
  }
}

// Calls `open(work folder)` for each of those bytes of every file under <store>/<database>; it says
// how that ended.
Counts FlipEachByte(const std::string& store, const std::string& database,
                    const std::function<std::string(const std::string& dir)>& open) {
  const ScratchDir work(MemoryFolder());
  const std::string dir = work.path() + "/store";
  Counts counts;
  for (const auto& entry : std::filesystem::directory_iterator(store + "/" + database)) {
    const std::string kind = KindOf(entry.path());
    if (kind.empty()) continue;
    counts[kind];
    const std::string bytes = ReadFile(entry.path().string());
    for (size_t i = Seed() % Step(); i < bytes.size(); i += Step()) {
      const std::string name = entry.path().filename().string();
      SCOPED_TRACE(name + ", byte " + std::to_string(i) + ", bit " + std::to_string(i & 7));
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i & 7)));
      CopyTree(store, dir);
      WriteFile(dir + "/" + database + "/" + name, flipped);
      ++counts[kind][open(dir)];
      if (testing::Test::HasFailure()) {
        std::cout << "to replay: flip bit " << (i & 7) << " of byte " << i << " of " << name
                  << "\n";
        return counts;
      }
    }
  }
  return counts;
}

constexpr uint64_t kLinhaiSize = 30;
constexpr uint64_t kTaizhouSize = 12;

// Two sessions, so that there are a table, a write-ahead log and a MANIFEST with a history.
// Copies the store while it is open, as a kill would leave it, and after a clean stop.
void BuildLog(const std::string& dir, const std::string& killed, const std::string& stopped) {
  for (const bool second : {false, true}) {
    absl::StatusOr<std::unique_ptr<EventLog>> log = OpenRocksEventLog({.dir = dir});
    ASSERT_TRUE(log.ok()) << log.status();
    const uint64_t epoch = *(*log)->AcquireWriter({"linhai", "taizhou"});
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(AppendNext(**log, "linhai", epoch, kLinhaiSize / 6), AppendResult::kDurable);
      ASSERT_EQ(AppendNext(**log, "taizhou", epoch, kTaizhouSize / 6), AppendResult::kDurable);
    }
    if (second) CopyTree(dir, killed);
    ASSERT_TRUE((*log)->Close().ok());
  }
  CopyTree(dir, stopped);
}

std::string OpenDamagedLog(const std::string& dir) {
  const absl::StatusOr<std::unique_ptr<EventLog>> log = OpenRocksEventLog({.dir = dir});
  if (!log.ok()) {
    const std::string message = log.status().ToString();
    EXPECT_TRUE(message.find("ledger '") != std::string::npos ||
                message.find(dir) != std::string::npos)
        << message;
    return "refused";
  }
  ExpectHolds(**log, "linhai", kLinhaiSize);
  ExpectHolds(**log, "taizhou", kTaizhouSize);
  return "whole";
}

TEST(BitFlip, LogIsRefusedOrWhole) {
  const ScratchDir dirs(MemoryFolder());
  const std::string killed = dirs.path() + "/killed";
  const std::string stopped = dirs.path() + "/stopped";
  ASSERT_NO_FATAL_FAILURE(BuildLog(dirs.path() + "/open", killed, stopped));
  Print("log after a kill", FlipEachByte(killed, "log", OpenDamagedLog));
  ASSERT_FALSE(HasFailure());
  Print("log after a clean stop", FlipEachByte(stopped, "log", OpenDamagedLog));
}

// The rows after each write, by applied size.
std::map<uint64_t, Rows> ExpectedStates() {
  std::map<uint64_t, Rows> states;
  Rows rows;
  states[0] = rows;
  for (uint64_t size = 1; size <= 4; ++size) {
    for (uint64_t i = 0; i < 8; ++i) {
      rows["row-" + std::to_string(i * size % 11)] = "as of " + std::to_string(size);
    }
    if (size > 1) rows.erase("row-0");
    states[size] = rows;
  }
  return states;
}

void BuildState(const std::string& dir, const std::string& killed, const std::string& stopped) {
  const std::map<uint64_t, Rows> states = ExpectedStates();
  for (const bool second : {false, true}) {
    absl::StatusOr<std::unique_ptr<StateStore>> store =
        OpenStateStore({.dir = dir, .schema_version = 1});
    ASSERT_TRUE(store.ok()) << store.status();
    for (const uint64_t size : second ? std::vector<uint64_t>{3, 4} : std::vector<uint64_t>{1, 2}) {
      StateWrite write{.ledger = "linhai", .applied_size = size, .rows = {}};
      for (const auto& [key, value] : states.at(size)) write.rows.push_back({key, value});
      for (const auto& [key, value] : states.at(size - 1)) {
        if (!states.at(size).contains(key)) write.rows.push_back({key, ""});
      }
      ASSERT_TRUE((*store)->Write(std::move(write)).ok());
    }
    if (second) CopyTree(dir, killed);
  }
  CopyTree(dir, stopped);
}

std::string OpenDamagedState(const std::string& dir) {
  static const std::map<uint64_t, Rows> states = ExpectedStates();
  for (const bool again : {false, true}) {
    const absl::StatusOr<std::unique_ptr<StateStore>> store =
        OpenStateStore({.dir = dir, .schema_version = 1});
    EXPECT_TRUE(store.ok()) << store.status();
    if (!store.ok()) return "failed";
    const uint64_t size = (*store)->AppliedSize("linhai");
    Rows rows;
    const absl::Status loaded =
        (*store)->Load("linhai", [&](std::string_view key, std::string_view value) {
          rows.emplace(key, value);
          return absl::OkStatus();
        });
    if (loaded.ok()) {
      EXPECT_TRUE(states.contains(size)) << size;
      EXPECT_EQ(rows, states.at(size));
      if (size == 4) return "whole";
      if (size != 0) return "older";
      return again ? "empty, found at loading" : "empty";
    }
    EXPECT_EQ(loaded.code(), absl::StatusCode::kDataLoss) << loaded;
    EXPECT_FALSE(again) << "damage survived the wiping";
  }
  return "failed";
}

TEST(BitFlip, StateIsWholeOrOlderOrEmptyButNeverWrong) {
  const ScratchDir dirs(MemoryFolder());
  const std::string killed = dirs.path() + "/killed";
  const std::string stopped = dirs.path() + "/stopped";
  ASSERT_NO_FATAL_FAILURE(BuildState(dirs.path() + "/open", killed, stopped));
  // A state store leaves the same files however it ends, so one pass does for both.
  for (const auto& entry : std::filesystem::directory_iterator(killed + "/state/db")) {
    if (KindOf(entry.path()).empty()) continue;
    const std::string name = entry.path().filename().string();
    EXPECT_EQ(ReadFile(entry.path().string()), ReadFile(stopped + "/state/db/" + name)) << name;
  }
  Print("state", FlipEachByte(stopped, "state/db", OpenDamagedState));
}

}  // namespace
}  // namespace meritbook
