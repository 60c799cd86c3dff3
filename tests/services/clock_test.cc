#include "services/clock.h"

#include <gtest/gtest.h>

#include "ledger/limits.h"
#include "tests/services/world.h"

namespace meritbook {
namespace {

constexpr int64_t kMinuteUs = 60 * kSecondUs;

TEST(SystemClock, MonotonicTimeNeverGoesBackAndTheWallIsOfThisCentury) {
  const int64_t first_us = SystemClock().MonotonicUs();
  EXPECT_LE(first_us, SystemClock().MonotonicUs());
  EXPECT_GT(SystemClock().WallUs(), kJuneUs);
}

struct StartCase {
  const char* name;
  int64_t wall_minus_last_us;
  int64_t ahead_us_max;
  bool believable;
};

class ClockAtStart : public testing::TestWithParam<StartCase> {};

TEST_P(ClockAtStart, IsComparedWithTheNewestEvent) {
  ManualClock clock;
  ClockGuard guard(clock, clock.wall_us - GetParam().wall_minus_last_us, GetParam().ahead_us_max);
  EXPECT_EQ(guard.Believable(), GetParam().believable);
  guard.Confirm();
  EXPECT_TRUE(guard.Believable());
}

INSTANTIATE_TEST_SUITE_P(Clock, ClockAtStart,
                         testing::Values(StartCase{"Same", 0, 0, true},
                                         StartCase{"BehindByAMinute", -kMinuteUs, 0, true},
                                         StartCase{"BehindByMore", -kMinuteUs - 1, 0, false},
                                         StartCase{"FarAheadWithoutALimit", 3650 * kDayUs, 0, true},
                                         StartCase{"AheadByTheLimit", kDayUs, kDayUs, true},
                                         StartCase{"AheadByMore", kDayUs + 1, kDayUs, false}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(ClockGuard, AnEmptyServerHasNothingToCompareWith) {
  ManualClock clock;
  EXPECT_TRUE(ClockGuard(clock, 0, 1).Believable());
}

TEST(ClockGuard, PassingTimeIsNoDrift) {
  ManualClock clock;
  ClockGuard guard(clock, clock.wall_us, 0);
  clock.Advance(400 * kDayUs);
  EXPECT_TRUE(guard.Believable());
}

TEST(ClockGuard, AStepOfMoreThanAMinuteIsSuspectUntilConfirmed) {
  for (const int sign : {-1, 1}) {
    ManualClock clock;
    ClockGuard guard(clock, clock.wall_us, 0);
    clock.StepWall(sign * kMinuteUs);
    EXPECT_TRUE(guard.Believable());
    clock.StepWall(sign);
    EXPECT_FALSE(guard.Believable());
    // It doesn't get better by stepping back: events may have the wrong time already.
    clock.StepWall(-sign * kMinuteUs);
    EXPECT_FALSE(guard.Believable());
    guard.Confirm();
    EXPECT_TRUE(guard.Believable());
    clock.StepWall(-sign * (kMinuteUs + 1));
    EXPECT_FALSE(guard.Believable());
  }
}

TEST(ClockGuard, WhatNoEventCanRecordIsNeverBelieved) {
  for (const int64_t wall_us : {int64_t{-1}, kInstantUsMax + 1}) {
    ManualClock clock;
    clock.wall_us = wall_us;
    ClockGuard guard(clock, 0, 0);
    guard.Confirm();
    EXPECT_FALSE(guard.Believable());
    clock.StepWall(wall_us < 0 ? 1 : -1);
    EXPECT_TRUE(guard.Believable());
  }
}

TEST(ClockGuard, SmallStepsAddUp) {
  ManualClock clock;
  ClockGuard guard(clock, clock.wall_us, 0);
  for (int i = 0; i < 6; ++i) {
    EXPECT_TRUE(guard.Believable());
    clock.StepWall(10 * kSecondUs);
  }
  EXPECT_TRUE(guard.Believable());
  clock.StepWall(1);
  EXPECT_FALSE(guard.Believable());
}

}  // namespace
}  // namespace meritbook
