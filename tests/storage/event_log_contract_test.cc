// What every event log must do, whatever it stores to.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "storage/event_log.h"
#include "storage/memory_event_log.h"
#include "storage/rocks_event_log.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

// Opens logs, one after the other, over what the one before left.
class LogSource {
 public:
  virtual ~LogSource() = default;
  virtual std::unique_ptr<EventLog> Open() = 0;
};

class MemorySource : public LogSource {
 public:
  std::unique_ptr<EventLog> Open() override { return std::make_unique<MemoryEventLog>(disk_); }

 private:
  const std::shared_ptr<MemoryDisk> disk_ = NewMemoryDisk();
};

class RocksSource : public LogSource {
 public:
  std::unique_ptr<EventLog> Open() override {
    absl::StatusOr<std::unique_ptr<EventLog>> log = OpenRocksEventLog({.dir = dir_.path()});
    EXPECT_TRUE(log.ok()) << log.status();
    return log.ok() ? *std::move(log) : nullptr;
  }

 private:
  const ScratchDir dir_;
};

struct Kind {
  std::string name;
  std::function<std::unique_ptr<LogSource>()> make;
};

class EventLogContract : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    source_ = GetParam().make();
    log_ = source_->Open();
    ASSERT_NE(log_, nullptr);
  }

  uint64_t Acquire(const std::vector<std::string>& ledgers) {
    const absl::StatusOr<uint64_t> epoch = log_->AcquireWriter(ledgers);
    EXPECT_TRUE(epoch.ok()) << epoch.status();
    return epoch.value_or(0);
  }

  void Reopen() {
    log_.reset();
    log_ = source_->Open();
    ASSERT_NE(log_, nullptr);
  }

  std::unique_ptr<LogSource> source_;
  std::unique_ptr<EventLog> log_;
};

using EventLogContractDeathTest = EventLogContract;

TEST_P(EventLogContract, NewLogIsEmpty) {
  EXPECT_EQ(log_->Size("linhai"), 0u);
  EXPECT_TRUE(log_->Ledgers().empty());
  EXPECT_TRUE(log_->CheckWritable().ok());
  const absl::StatusOr<EventRun> run = log_->Read("linhai", 0, 10, 1000);
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_TRUE(run->empty());
}

TEST_P(EventLogContract, ReadsBackWhatWasAppended) {
  const uint64_t epoch = Acquire({"linhai"});
  EXPECT_EQ(AppendNext(*log_, "linhai", epoch, 3), AppendResult::kDurable);
  EXPECT_EQ(AppendNext(*log_, "linhai", epoch, 1), AppendResult::kDurable);
  EXPECT_EQ(AppendNext(*log_, "linhai", epoch, 5000), AppendResult::kDurable);
  ExpectHolds(*log_, "linhai", 5004);
}

TEST_P(EventLogContract, LedgersAreSortedAndListedOnceAcquired) {
  Acquire({"taizhou", "linhai"});
  Acquire({"huangyan", "linhai"});
  EXPECT_EQ(log_->Ledgers(), (std::vector<std::string>{"huangyan", "linhai", "taizhou"}));
  EXPECT_EQ(log_->Size("linhai"), 0u);
}

TEST_P(EventLogContract, RefusesNamesThatAreNoIds) {
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("a/b"), std::string("a b"),
        std::string("a\0b", 3), std::string("a~"), std::string(65, 'a')}) {
    const absl::StatusOr<uint64_t> epoch = log_->AcquireWriter({"fine", name});
    EXPECT_EQ(epoch.status().code(), absl::StatusCode::kInvalidArgument) << name;
  }
  EXPECT_TRUE(log_->Ledgers().empty());
  const std::string longest(64, 'a');
  const uint64_t epoch = Acquire({longest, "A.z_0:-9"});
  EXPECT_EQ(AppendNext(*log_, longest, epoch, 2), AppendResult::kDurable);
  EXPECT_EQ(AppendNext(*log_, "A.z_0:-9", epoch, 2), AppendResult::kDurable);
}

TEST_P(EventLogContract, AnEarlierEpochIsFenced) {
  const uint64_t first = Acquire({"linhai", "taizhou"});
  EXPECT_EQ(AppendNext(*log_, "linhai", first, 2), AppendResult::kDurable);
  const uint64_t second = Acquire({"linhai"});
  EXPECT_GT(second, first);
  EXPECT_EQ(AppendNext(*log_, "linhai", first, 1), AppendResult::kFenced);
  EXPECT_EQ(AppendNext(*log_, "taizhou", first, 1), AppendResult::kDurable);
  EXPECT_EQ(AppendNext(*log_, "linhai", second, 1), AppendResult::kDurable);
  ExpectHolds(*log_, "linhai", 3);
}

TEST_P(EventLogContract, AnEpochThatNobodyAcquiredIsFenced) {
  EXPECT_EQ(AppendNext(*log_, "linhai", 1, 1), AppendResult::kFenced);
  const uint64_t epoch = Acquire({"linhai"});
  EXPECT_EQ(AppendNext(*log_, "linhai", 0, 1), AppendResult::kFenced);
  EXPECT_EQ(AppendNext(*log_, "linhai", epoch + 1, 1), AppendResult::kFenced);
  EXPECT_EQ(log_->Size("linhai"), 0u);
}

TEST_P(EventLogContract, AnotherSizeThanExpectedIsFenced) {
  const uint64_t epoch = Acquire({"linhai"});
  EXPECT_EQ(AppendNext(*log_, "linhai", epoch, 2), AppendResult::kDurable);
  for (const uint64_t expected_size : {0, 1, 3}) {
    EXPECT_EQ(AppendAndWait(*log_, {{"linhai", epoch, expected_size, EventsAt("linhai", 2, 1)}}),
              AppendResult::kFenced);
  }
  ExpectHolds(*log_, "linhai", 2);
}

TEST_P(EventLogContract, OneFencedLedgerFencesItsGroup) {
  const uint64_t epoch = Acquire({"linhai", "taizhou"});
  EXPECT_EQ(AppendAndWait(*log_, {{"linhai", epoch, 0, EventsAt("linhai", 0, 1)},
                                  {"taizhou", epoch, 7, EventsAt("taizhou", 0, 1)}}),
            AppendResult::kFenced);
  EXPECT_EQ(log_->Size("linhai"), 0u);
  EXPECT_EQ(log_->Size("taizhou"), 0u);
}

TEST_P(EventLogContract, OneWriteCarriesManyLedgers) {
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("town-" + std::to_string(i));
  const uint64_t epoch = Acquire(names);
  for (int round = 0; round < 3; ++round) {
    std::vector<LedgerAppend> group;
    for (const std::string& name : names) {
      const uint64_t size = log_->Size(name);
      group.push_back({name, epoch, size, EventsAt(name, size, 1 + name.size() % 3)});
    }
    EXPECT_EQ(AppendAndWait(*log_, std::move(group)), AppendResult::kDurable);
  }
  for (const std::string& name : names) ExpectHolds(*log_, name, 3 * (1 + name.size() % 3));
}

TEST_P(EventLogContract, NamesThatBeginAlikeDontMix) {
  const std::vector<std::string> names = {"a", "a-", "a.", "a0", "aa", "b"};
  const uint64_t epoch = Acquire(names);
  for (const std::string& name : names) {
    EXPECT_EQ(AppendNext(*log_, name, epoch, 20), AppendResult::kDurable);
  }
  for (const std::string& name : names) ExpectHolds(*log_, name, 20);
}

TEST_P(EventLogContract, ReadsAnyRange) {
  const uint64_t epoch = Acquire({"linhai"});
  for (const uint64_t count : {1, 5, 4000, 2}) {
    EXPECT_EQ(AppendNext(*log_, "linhai", epoch, count), AppendResult::kDurable);
  }
  for (const uint64_t from : {0, 1, 5, 6, 7, 1500, 4004, 4005, 4006, 4007, 4008, 5000}) {
    for (const uint64_t count : {1, 2, 100, 5000}) {
      const absl::StatusOr<EventRun> run = log_->Read("linhai", from, count, SIZE_MAX);
      ASSERT_TRUE(run.ok()) << run.status();
      const uint64_t expected = from >= 4008 ? 0 : std::min(count, 4008 - from);
      EXPECT_TRUE(*run == EventsAt("linhai", from, expected)) << from << " " << count;
    }
  }
  EXPECT_TRUE(log_->Read("linhai", 0, 0, 1000)->empty());
}

TEST_P(EventLogContract, ReadStopsAtTheBytesAskedFor) {
  const uint64_t epoch = Acquire({"linhai"});
  EXPECT_EQ(AppendNext(*log_, "linhai", epoch, 100), AppendResult::kDurable);
  EXPECT_EQ(log_->Read("linhai", 3, 100, 0)->size(), 1u);
  EXPECT_EQ(log_->Read("linhai", 3, 100, 1)->size(), 1u);
  const absl::StatusOr<EventRun> run = log_->Read("linhai", 3, 100, 200);
  EXPECT_GE(run->bytes.size(), 200u);
  EXPECT_LT(run->bytes.size(), 200u + 100u);
}

TEST_P(EventLogContract, VerifiesAllThatIsDurable) {
  const uint64_t epoch = Acquire({"linhai", "empty"});
  for (const std::string ledger : {"linhai", "empty", "unknown"}) {
    const absl::StatusOr<Verified> none = log_->Verify(ledger, 0, 1000);
    ASSERT_TRUE(none.ok()) << none.status();
    EXPECT_EQ(none->end, 0u);
    EXPECT_EQ(none->bytes, 0u);
  }
  for (const uint64_t count : {1, 5, 4000, 2}) {
    EXPECT_EQ(AppendNext(*log_, "linhai", epoch, count), AppendResult::kDurable);
  }
  EXPECT_TRUE(log_->PrepareVerify().ok());
  EXPECT_EQ(AppendNext(*log_, "linhai", epoch, 3), AppendResult::kDurable);
  for (const size_t bytes_max : {size_t{0}, size_t{10'000}, SIZE_MAX}) {
    uint64_t at = 0;
    uint64_t bytes = 0;
    while (at < log_->Size("linhai")) {
      const absl::StatusOr<Verified> part = log_->Verify("linhai", at, bytes_max);
      ASSERT_TRUE(part.ok()) << part.status();
      ASSERT_GT(part->end, at);
      at = part->end;
      bytes += part->bytes;
    }
    EXPECT_EQ(at, 4011u);
    EXPECT_GE(bytes, EventsAt("linhai", 0, 4011).bytes.size());
  }
  EXPECT_EQ(log_->Verify("linhai", 4011, 1000)->end, 4011u);
  EXPECT_EQ(log_->Verify("linhai", 9999, 1000)->end, 9999u);
  EXPECT_TRUE(log_->Damage().ok());
}

TEST_P(EventLogContract, AnEventMayHaveAllBytesAndTheMaximumLength) {
  const uint64_t epoch = Acquire({"linhai"});
  EventRun events;
  events.Add("");
  events.Add(std::string("\0\xff\n", 3));
  events.Add(std::string(kEventBytesMax, 'x'));
  events.Add("after");
  events.Add(std::string(kEventBytesMax, 'y'));
  events.Add(std::string(kEventBytesMax, 'z'));
  EXPECT_EQ(AppendAndWait(*log_, {{"linhai", epoch, 0, events}}), AppendResult::kDurable);
  const absl::StatusOr<EventRun> run = log_->Read("linhai", 0, 10, SIZE_MAX);
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_TRUE(*run == events);
  Reopen();
  EXPECT_TRUE(*log_->Read("linhai", 0, 10, SIZE_MAX) == events);
}

TEST_P(EventLogContractDeathTest, ChecksWhatOnlyABugCanAppend) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const uint64_t epoch = 1;
  const auto append = [&](std::vector<LedgerAppend> group) {
    log_->Append(std::move(group), [](AppendResult) {});
  };
  EventRun too_long;
  too_long.Add(std::string(kEventBytesMax + 1, 'x'));
  EXPECT_DEATH(append({{"linhai", epoch, 0, too_long}}), "kEventBytesMax");
  EXPECT_DEATH(append({{"linhai", epoch, 0, EventRun()}}), "empty");
  EXPECT_DEATH(append({}), "empty");
  EXPECT_DEATH(append({{"linhai", epoch, 0, EventsAt("linhai", 0, 1)},
                       {"linhai", epoch, 1, EventsAt("linhai", 1, 1)}}),
               "twice");
}

TEST_P(EventLogContract, DoneMayAppendAgain) {
  const uint64_t epoch = Acquire({"linhai"});
  std::promise<AppendResult> last;
  std::function<void(AppendResult)> done = [&](AppendResult result) {
    EXPECT_EQ(result, AppendResult::kDurable);
    const uint64_t size = log_->Size("linhai");
    if (size == 50) {
      last.set_value(result);
    } else {
      log_->Append({{"linhai", epoch, size, EventsAt("linhai", size, 1)}}, done);
    }
  };
  log_->Append({{"linhai", epoch, 0, EventsAt("linhai", 0, 1)}}, done);
  last.get_future().get();
  ExpectHolds(*log_, "linhai", 50);
}

TEST_P(EventLogContract, ReadersRunBesideTheWriterAndSeeOnlyWhatIsDurable) {
  const uint64_t epoch = Acquire({"linhai", "taizhou"});
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> answered = 0;
  std::atomic<uint64_t> reads = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&, i] {
      uint64_t from = 0;
      while (!stop) {
        const uint64_t answered_before = answered;
        const uint64_t size = log_->Size("linhai");
        EXPECT_GE(size, answered_before);
        const absl::StatusOr<EventRun> run = log_->Read("linhai", from, 100, 10000);
        ASSERT_TRUE(run.ok()) << run.status();
        EXPECT_TRUE(*run == EventsAt("linhai", from, run->size()));
        EXPECT_EQ(log_->Ledgers().size(), 2u);
        from = run->empty() ? 0 : from + run->size() * static_cast<uint64_t>(i + 1);
        ++reads;
      }
    });
  }
  for (int i = 0; i < 300 || reads < 100; ++i) {
    const uint64_t size = log_->Size("linhai");
    EXPECT_EQ(AppendAndWait(*log_, {{"linhai", epoch, size, EventsAt("linhai", size, 1 + i % 40)},
                                    {"taizhou", epoch, log_->Size("taizhou"),
                                     EventsAt("taizhou", log_->Size("taizhou"), 1)}}),
              AppendResult::kDurable);
    answered = log_->Size("linhai");
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

TEST_P(EventLogContract, ReopeningKeepsAllAndFencesTheEpochsBefore) {
  const uint64_t first = Acquire({"linhai", "empty"});
  EXPECT_EQ(AppendNext(*log_, "linhai", first, 3000), AppendResult::kDurable);
  Reopen();  // as after a kill
  EXPECT_EQ(log_->Ledgers(), (std::vector<std::string>{"empty", "linhai"}));
  ExpectHolds(*log_, "linhai", 3000);
  const uint64_t second = Acquire({"linhai"});
  EXPECT_GT(second, first);
  EXPECT_EQ(AppendNext(*log_, "linhai", first, 1), AppendResult::kFenced);
  EXPECT_EQ(AppendNext(*log_, "linhai", second, 10), AppendResult::kDurable);
  EXPECT_TRUE(log_->Close().ok());
  Reopen();  // after a clean stop
  ExpectHolds(*log_, "linhai", 3010);
  EXPECT_EQ(log_->Size("empty"), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Logs, EventLogContract,
    testing::Values(Kind{"Memory", [] { return std::make_unique<MemorySource>(); }},
                    Kind{"Rocks", [] { return std::make_unique<RocksSource>(); }}),
    [](const testing::TestParamInfo<Kind>& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Logs, EventLogContractDeathTest,
    testing::Values(Kind{"Memory", [] { return std::make_unique<MemorySource>(); }},
                    Kind{"Rocks", [] { return std::make_unique<RocksSource>(); }}),
    [](const testing::TestParamInfo<Kind>& each) { return each.param.name; });

}  // namespace
}  // namespace meritbook
