#include "storage/memory_event_log.h"

#include <gtest/gtest.h>

#include <optional>

#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

class MemoryEventLogTest : public testing::Test {
 protected:
  void SetUp() override {
    epoch_ = *log_.AcquireWriter({"linhai"});
    log_.set_hold(true);
    log_.Append({{"linhai", epoch_, 0, EventsAt("linhai", 0, 3)}},
                [this](AppendResult result) { result_ = result; });
  }

  MemoryEventLog log_;
  uint64_t epoch_ = 0;
  std::optional<AppendResult> result_;
};

TEST_F(MemoryEventLogTest, WhatIsInFlightIsInvisible) {
  EXPECT_TRUE(log_.in_flight());
  EXPECT_EQ(log_.Size("linhai"), 0u);
  EXPECT_TRUE(log_.Read("linhai", 0, 10, 1000)->empty());
  EXPECT_FALSE(result_.has_value());
  log_.CompleteOne(AppendResult::kDurable);
  EXPECT_EQ(result_, AppendResult::kDurable);
  EXPECT_FALSE(log_.in_flight());
  ExpectHolds(log_, "linhai", 3);
}

TEST_F(MemoryEventLogTest, AWriterWhoCameMeanwhileFencesIt) {
  ASSERT_TRUE(log_.AcquireWriter({"linhai"}).ok());
  log_.CompleteOne(AppendResult::kDurable);
  EXPECT_EQ(result_, AppendResult::kFenced);
  EXPECT_EQ(log_.Size("linhai"), 0u);
}

TEST_F(MemoryEventLogTest, AnUnknownGroupMayBeThereAfterReopeningOrNot) {
  for (const bool stored : {false, true}) {
    MemoryEventLog log;
    const uint64_t epoch = *log.AcquireWriter({"linhai"});
    log.set_hold(true);
    std::optional<AppendResult> result;
    log.Append({{"linhai", epoch, 0, EventsAt("linhai", 0, 3)}},
               [&](AppendResult r) { result = r; });
    log.CompleteOne(AppendResult::kUnknown, stored);
    EXPECT_EQ(result, AppendResult::kUnknown);
    EXPECT_EQ(log.Size("linhai"), 0u);
    log.set_hold(false);
    EXPECT_EQ(AppendNext(log, "linhai", epoch, 1), AppendResult::kUnknown);
    EXPECT_EQ(log.AcquireWriter({"linhai"}).status().code(), absl::StatusCode::kUnavailable);
    MemoryEventLog reopened(log.disk());
    ExpectHolds(reopened, "linhai", stored ? 3 : 0);
  }
}

TEST_F(MemoryEventLogTest, CanBeFull) {
  EXPECT_TRUE(log_.CheckWritable().ok());
  log_.set_full(true);
  EXPECT_EQ(log_.CheckWritable().code(), absl::StatusCode::kResourceExhausted);
}

using MemoryEventLogDeathTest = MemoryEventLogTest;

TEST_F(MemoryEventLogDeathTest, OneAppendAtATime) {
  EXPECT_DEATH(log_.Append({{"linhai", epoch_, 0, EventsAt("linhai", 0, 1)}}, [](AppendResult) {}),
               "has_value");
}

}  // namespace
}  // namespace meritbook
