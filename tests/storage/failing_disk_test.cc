// Each call to the disk fails in turn, and then some at random. A log on a failing disk may say
// kUnknown or kUnavailable; it may not lie, hang, abort, or call the store damaged. On a disk that
// is well again it opens with all that was acknowledged.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "ledger/text.h"
#include "storage/rocks_event_log.h"
#include "storage/rocks_state_store.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/log_history.h"

namespace meritbook {
namespace {

using Clock = std::chrono::steady_clock;
using Log = absl::StatusOr<std::unique_ptr<EventLog>>;

bool IsLong() { return std::getenv("MERIT_LONG") != nullptr; }

// Ends the program if a case takes too long: nothing may hang because a disk fails.
class Watchdog {
 public:
  explicit Watchdog(std::string watched) : watched_(std::move(watched)) {
    thread_ = std::thread([this] {
      std::unique_lock lock(mutex_);
      if (over_.wait_for(lock, std::chrono::seconds(60), [this] { return is_over_; })) return;
      std::cerr << "hangs: " << watched_ << std::endl;
      std::abort();
    });
  }
  ~Watchdog() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    over_.notify_one();
    thread_.join();
  }

 private:
  const std::string watched_;
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::thread thread_;
};

// A store on a disk of its own, and what must be in it.
class Store {
 public:
  explicit Store(uint64_t seed)
      : scratch_(MemoryFolder()),
        medium_(MakeFolder(dir()), seed),
        disk_(medium_),
        history_(seed) {}

  DiskFaults& faults() { return medium_.faults; }
  LogHistory& history() { return history_; }
  std::string dir() const { return scratch_.path() + "/store"; }

  Log Open() {
    return OpenRocksEventLog({.dir = dir(), .file_system = FileSystemOn(medium_), .disk = &disk_});
  }

  // Opens, acquires, appends, and closes if it is told to; goes on after what may fail.
  void Session(bool closes, const std::vector<uint64_t>& group_bytes) {
    Log log = Open();
    if (!log.ok()) {
      EXPECT_EQ(log.status().code(), absl::StatusCode::kUnavailable) << log.status();
      EXPECT_GT(faults().faults(), 0u) << log.status();
      return;
    }
    faults().SetPaused(true);
    history_.Check(**log);
    faults().SetPaused(false);
    if (testing::Test::HasFatalFailure()) return;
    if (const absl::Status acquired = history_.Acquire(**log, 4); !acquired.ok()) {
      EXPECT_EQ(acquired.code(), absl::StatusCode::kUnavailable) << acquired;
      EXPECT_GT(faults().faults(), 0u) << acquired;
      return;
    }
    for (const uint64_t bytes : group_bytes) {
      if (history_.Append(**log, bytes) == AppendResult::kDurable) continue;
      EXPECT_GT(faults().faults(), 0u) << "an append failed on a disk that did not";
      ++unknown_;
      history_.ExpectBroken(**log);
      for (const std::string& name : history_.ledgers()) {
        EXPECT_EQ((*log)->Size(name), history_.SizeOf(name)) << "it shows what isn't durable";
      }
      if (closes) {
        EXPECT_FALSE((*log)->Close().ok());
      }
      return;
    }
    if (!closes) return;
    if (const absl::Status closed = (*log)->Close(); !closed.ok()) {
      EXPECT_GT(faults().faults(), 0u) << closed;
    }
  }

  // The disk is well again. With a power cut before, to see that what was acknowledged was synced.
  void Recover(bool power_cut) {
    faults().Clear();
    if (power_cut) medium_.tree.PowerCut();
    const uint64_t unknown = unknown_;
    ASSERT_NO_FATAL_FAILURE(Session(true, {100, 3000}));
    EXPECT_EQ(unknown_, unknown);
    Log log = Open();
    ASSERT_TRUE(log.ok()) << log.status();
    ASSERT_NO_FATAL_FAILURE(history_.Check(**log));
  }

  uint64_t unknown() const { return unknown_; }

 private:
  static std::string MakeFolder(const std::string& path) {
    std::filesystem::create_directories(path);
    return path;
  }

  const ScratchDir scratch_;
  FaultyMedium medium_;
  FaultyDisk disk_;
  LogHistory history_;
  uint64_t unknown_ = 0;  // appends
};

// A new store, killed with a write-ahead log, opened again and closed.
void TwoSessions(Store& store) {
  ASSERT_NO_FATAL_FAILURE(store.Session(false, {100, 20000, 200, 150000}));
  ASSERT_NO_FATAL_FAILURE(store.Session(true, {300, 60000}));
}

struct Met {
  uint64_t cases = 0;
  uint64_t unknown = 0;
  std::set<std::string> calls = {};  // kinds of calls that failed
};

// True if the fault was met.
bool TryFault(const std::string& what, const Fault& fault, uint64_t seed, Met& met) {
  SCOPED_TRACE(what);
  const Watchdog watchdog(what);
  Store store(seed);
  store.faults().Inject(fault);
  TwoSessions(store);
  const std::set<std::string> calls = store.faults().met();
  if (!testing::Test::HasFatalFailure()) store.Recover(seed % 2 == 0);
  if (calls.empty()) return false;
  ++met.cases;
  met.unknown += store.unknown() > 0;
  met.calls.insert(calls.begin(), calls.end());
  return true;
}

// Fails the calls from the n-th on, for each n, `fault.count` of them.
void FailEachInTurn(Fault fault, uint64_t stride, Met& met) {
  for (fault.after = 0;; fault.after += stride) {
    const std::string what = Text(fault.way == FaultWay::kFail ? "failing" : "failing in part",
                                  " from call ", fault.after, " on, times ", fault.count);
    const bool was_met = TryFault(what, fault, fault.after, met);
    if (!was_met || testing::Test::HasFailure()) return;  // beyond all calls
  }
}

void Print(const Met& met) {
  std::cout << met.cases << " cases, " << met.unknown << " with an unknown append; failed:";
  for (const std::string& call : met.calls) std::cout << " [" << call << "]";
  std::cout << std::endl;
}

TEST(FailingDisk, EachCallFailsInTurn) {
  Met met;
  for (const FaultWay way : {FaultWay::kFail, FaultWay::kFailPartly}) {
    for (const uint64_t count : {uint64_t{1}, UINT64_MAX}) {
      FailEachInTurn({.way = way, .count = count}, IsLong() ? 1 : 19, met);
      if (HasFailure()) return;
    }
  }
  Print(met);
  EXPECT_GT(met.cases, 20u);
}

TEST(FailingDisk, EachKindOfCallFails) {
  Met met;
  for (const DiskCall call : kDiskCalls) {
    for (const FileKind kind : kFileKinds) {
      for (uint64_t after = 0; after < (IsLong() ? 100 : 6); after += IsLong() ? 1 : 3) {
        const std::string what = Text(NameOf(call), " of ", NameOf(kind), " after ", after);
        const Fault fault{.call = call, .kind = kind, .way = FaultWay::kFailPartly, .after = after};
        if (!TryFault(what, fault, after, met)) break;
        if (HasFailure()) return;
      }
    }
  }
  Print(met);
  EXPECT_GT(met.unknown, 0u);
  for (const std::string_view call :
       {"make of WAL",    "make of table",         "make of MANIFEST",  "make of guard",
        "write of WAL",   "write of table",        "write of MANIFEST", "write of CURRENT",
        "write of guard", "sync of WAL",           "sync of table",     "sync of MANIFEST",
        "sync of guard",  "sync folder of folder", "rename of CURRENT", "rename of guard",
        "remove of WAL",  "read of WAL",           "read of table",     "read of MANIFEST",
        "read of guard"}) {
    EXPECT_TRUE(met.calls.contains(std::string(call))) << call;
  }
}

TEST(FailingDisk, EachReadingFailsInTurn) {
  Met met;
  for (const uint64_t count : {uint64_t{1}, UINT64_MAX}) {
    FailEachInTurn({.call = DiskCall::kRead, .count = count}, IsLong() ? 1 : 13, met);
    if (HasFailure()) return;
  }
  Print(met);
  EXPECT_GT(met.cases, 20u);
}

// While a write buffer becomes a table, which RocksDB does on a thread of its own.
TEST(FailingDisk, AFlushFails) {
  const struct {
    DiskCall call;
    FileKind kind;
    bool only_long;  // each case takes a second or two
  } rows[] = {
      {DiskCall::kWrite, FileKind::kTable, false},
      {DiskCall::kSync, FileKind::kManifest, false},
      {DiskCall::kMake, FileKind::kWal, false},
      {DiskCall::kMake, FileKind::kTable, true},
      {DiskCall::kSync, FileKind::kTable, true},
      {DiskCall::kSyncRange, FileKind::kTable, true},
      {DiskCall::kWrite, FileKind::kManifest, true},
      {DiskCall::kSyncFolder, FileKind::kFolder, true},
  };
  constexpr int kGroups = 36;  // of a megabyte: a little more than a write buffer
  for (const auto& row : rows) {
    for (const uint64_t count : {UINT64_MAX, uint64_t{1}}) {
      if (!IsLong() && (row.only_long || count == 1)) continue;
      const std::string what = Text(NameOf(row.call), " of ", NameOf(row.kind), ", ", count);
      SCOPED_TRACE(what);
      const Watchdog watchdog(what);
      Store store(count);
      ASSERT_NO_FATAL_FAILURE(store.Session(false, {100}));
      {
        Log log = store.Open();
        ASSERT_TRUE(log.ok()) << log.status();
        ASSERT_TRUE(store.history().Acquire(**log, 4).ok());
        ASSERT_EQ(store.history().Append(**log, 100), AppendResult::kDurable);
        store.faults().Inject({.call = row.call, .kind = row.kind, .count = count});
        bool unknown = false;
        for (int i = 0; i < kGroups && !unknown; ++i) {
          unknown = store.history().Append(**log, 1 << 20) != AppendResult::kDurable;
        }
        if (unknown) store.history().ExpectBroken(**log);
        const absl::Status closed = (*log)->Close();
        EXPECT_FALSE(unknown && closed.ok());
        EXPECT_GT(store.faults().faults(), 0u) << "no such call was made";
        std::cout << what << ": append " << (unknown ? "unknown" : "durable") << ", close "
                  << closed << std::endl;
      }
      ASSERT_NO_FATAL_FAILURE(store.Recover(true));
      if (HasFailure()) return;
    }
  }
}

TEST(FailingDisk, ASlowDiskLosesNothing) {
  Store store(1);
  store.faults().Inject(
      {.call = DiskCall::kSync, .way = FaultWay::kDelay, .delay = std::chrono::milliseconds(20)});
  const auto begin = Clock::now();
  ASSERT_NO_FATAL_FAILURE(store.Session(false, {100, 20000, 200, 150000}));
  EXPECT_EQ(store.unknown(), 0u);
  EXPECT_GE(store.faults().faults(), 4u);
  EXPECT_GE(Clock::now() - begin, std::chrono::milliseconds(80));
  ASSERT_NO_FATAL_FAILURE(store.Recover(true));
}

TEST(FailingDisk, ReadingFailsForAWhile) {
  Store store(1);
  ASSERT_NO_FATAL_FAILURE(store.Session(true, {100, 200000, 200, 150000}));
  Log log = store.Open();
  ASSERT_TRUE(log.ok()) << log.status();
  ASSERT_TRUE(store.history().Acquire(**log, 4).ok());
  store.faults().Inject({.call = DiskCall::kRead, .kind = FileKind::kTable});
  uint64_t failed = 0;
  for (const std::string& name : store.history().ledgers()) {
    if (store.history().SizeOf(name) == 0) continue;
    const absl::StatusOr<EventRun> run = (*log)->Read(name, 0, 10, 1 << 20);
    if (run.ok()) continue;
    EXPECT_EQ(run.status().code(), absl::StatusCode::kUnavailable) << run.status();
    ++failed;
  }
  EXPECT_GT(failed, 0u);
  // Nobody has seen damage, and writing needs no reading.
  EXPECT_TRUE((*log)->CheckWritable().ok()) << (*log)->CheckWritable();
  EXPECT_EQ(store.history().Append(**log, 1000), AppendResult::kDurable);
  store.faults().Clear();
  for (const std::string& name : store.history().ledgers()) {
    ASSERT_NO_FATAL_FAILURE(store.history().CheckBytes(**log, name));
  }
  log->reset();
  ASSERT_NO_FATAL_FAILURE(store.Recover(true));
}

TEST(FailingDisk, FaultsAtRandom) {
  const char* const given = std::getenv("MERIT_SEED");
  const uint64_t first = given != nullptr ? std::stoull(given) : std::random_device()();
  const auto end = Clock::now() + (IsLong() ? std::chrono::minutes(3) : std::chrono::seconds(2));
  uint64_t seed = first;
  uint64_t unknown = 0;
  const auto last_end = end + std::chrono::minutes(2);
  for (; Clock::now() < end || (unknown == 0 && Clock::now() < last_end); ++seed) {
    const std::string what = Text("to replay: MERIT_SEED=", seed);
    SCOPED_TRACE(what);
    const Watchdog watchdog(what);
    std::mt19937_64 random(seed);
    Store store(seed);
    for (int session = 0; session < 3; ++session) {
      Fault fault{.way = random() % 2 == 0 ? FaultWay::kFail : FaultWay::kFailPartly,
                  .after = random() % 100,
                  .share = random() % 2 == 0 ? 1 : 0.05};
      if (random() % 2 == 0) fault.call = kDiskCalls[random() % std::size(kDiskCalls)];
      store.faults().Inject(fault);
      const std::vector<uint64_t> groups = {random() % 1000, random() % 100000, random() % 1000};
      ASSERT_NO_FATAL_FAILURE(store.Session(random() % 2 == 0, groups));
      ASSERT_NO_FATAL_FAILURE(store.Recover(random() % 2 == 0));
    }
    unknown += store.unknown();
    if (HasFailure() || given != nullptr) return;
  }
  std::cout << seed - first << " stores from seed " << first << ", " << unknown
            << " unknown appends" << std::endl;
  EXPECT_GT(unknown, 0u);
}

}  // namespace
}  // namespace meritbook
