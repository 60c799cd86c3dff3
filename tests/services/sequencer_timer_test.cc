// Holds and statements that the clock ends, and pay codes, as the sequencer carries them out.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/services/mall_messages.h"

namespace meritbook {
namespace {

constexpr int64_t kHourUs = 3'600 * kSecondUs;

class TimerTest : public testing::Test, protected World {
 protected:
  void SetUp() override {
    Open();
    FoundMall(false);
  }

  // anna has 10 points and the bakery a hundred buns of a point each.
  void FoundMall(bool migrating, const std::string& ledger = kTown) {
    Found(migrating, std::nullopt, ledger);
    const auto recorded_us =
        migrating ? std::optional<int64_t>(clock.wall_us - 300 * kDayUs) : std::nullopt;
    const std::string day = migrating ? "2023-07-01" : "2024-05-01";
    const auto reply = Ask({requests.Of(TheMallRule(), "mall", recorded_us),
                            requests.Of(TheMerchant("bakery"), "bakery", recorded_us),
                            requests.Of(TheItem("bun", "bakery", 1, 100), "bun", recorded_us),
                            requests.Of(Credit("r", "anna", day), std::nullopt, recorded_us)},
                           Lane::kCounter, ledger);
    Settle();
    for (size_t i = 0; i < 4; ++i) ASSERT_NE(reply->accepted(i), nullptr) << reply->reason(i);
  }

  uint64_t Durable() const { return log->Size(kTown); }
  std::vector<v1::Event> EventsFrom(uint64_t sequence) {
    const auto run = log->Read(kTown, sequence, SIZE_MAX, SIZE_MAX);
    EXPECT_TRUE(run.ok());
    std::vector<v1::Event> events(run->size());
    for (size_t i = 0; i < run->size(); ++i) {
      EXPECT_TRUE(events[i].ParseFromString(std::string((*run)[i])));
    }
    return events;
  }
  static int TimedOut(const std::vector<v1::Event>& events) {
    int count = 0;
    for (const v1::Event& event : events) count += event.has_hold_timed_out() ? 1 : 0;
    return count;
  }

  // A bun for each of many people, for 10 seconds.
  void HoldForMany(int people) {
    std::vector<Command> commands = Volunteers("v", people);
    for (int i = 0; i < people; ++i) {
      commands.push_back(requests.Of(Credit(Text("rv", i), Text("v", i))));
    }
    for (int i = 0; i < people; ++i) {
      commands.push_back(requests.Of(HoldFor(Text("o", i), Text("v", i), 10)));
    }
    const Reply reply = Answered(Ask(std::move(commands), Lane::kBulk));
    for (size_t i = 0; i < reply.answers.size(); ++i) {
      ASSERT_NE(reply.accepted(i), nullptr) << reply.reason(i);
    }
  }
};

TEST_F(TimerTest, HoldsAreSweptWhenTheLedgerIsIdleInSlices) {
  HoldForMany(40);
  const uint64_t size = Durable();
  clock.Advance(10 * kSecondUs - 1);
  Settle();
  EXPECT_EQ(Durable(), size) << "a microsecond too early";
  clock.Advance(1);
  sequencer->Step();
  Complete();
  EXPECT_GT(Durable(), size);
  EXPECT_LT(Durable(), size + 40) << "a slice of a sweep";
  Settle();
  const auto events = EventsFrom(size);
  EXPECT_EQ(events.size(), 40u);
  EXPECT_EQ(TimedOut(events), 40);
  const auto ledger = Replayed(*log, kTown);
  ASSERT_TRUE(ledger.ok());
  EXPECT_EQ((*ledger)->state().ledger().held_units, 0);
  EXPECT_TRUE((*ledger)->state().timers().empty());
}

TEST_F(TimerTest, HoldsAreNotSweptUnderASuspectClockNorWithoutRoom) {
  Answered(Ask(requests.Of(HoldFor("o", "anna", 10))));
  const uint64_t size = Durable();
  clock.StepWall(kDayUs);
  Settle();
  EXPECT_EQ(Durable(), size);
  log->set_full(true);
  Answered(ConfirmClock());
  EXPECT_EQ(Durable(), size);
  log->set_full(false);
  Settle();
  EXPECT_EQ(TimedOut(EventsFrom(size)), 1);
}

TEST_F(TimerTest, WhileMigratingNoWallClockEndsThem) {
  FoundMall(true, "old");
  const int64_t then_us = clock.wall_us - 300 * kDayUs;
  const auto held = Answered(
      Ask({requests.Of(HoldFor("o", "anna", 10), std::nullopt, then_us)}, Lane::kCounter, "old"));
  ASSERT_NE(held.accepted(), nullptr) << held.reason();
  const uint64_t size = log->Size("old");
  clock.Advance(kDayUs);
  Settle();
  EXPECT_EQ(log->Size("old"), size);
  // The next command's stated time does.
  const auto next = Answered(Ask(
      {requests.Of(VolunteerNamed("bo"), "bo", then_us + 10 * kSecondUs)}, Lane::kCounter, "old"));
  ASSERT_NE(next.accepted(), nullptr);
  EXPECT_EQ(next.accepted()->sequence, size + 1) << "the time-out comes first";
}

TEST_F(TimerTest, ACommandFindsWhatIsOverdueEnded) {
  HoldForMany(10);
  const uint64_t size = Durable();
  clock.Advance(10 * kSecondUs);
  // Before any sweep: the counter's call is there when the clock has come to it.
  const auto confirm = Ask(requests.Of(ConfirmOf("o3"), "c"));
  Settle();
  EXPECT_EQ(confirm->reason(), v1::REFUSAL_CONFIRM_TOO_LATE);
  EXPECT_EQ(TimedOut(EventsFrom(size)), 10) << "of everybody, though the command was refused";
  EXPECT_EQ(Durable(), size + 10);
}

TEST_F(TimerTest, WhatIsOverdueAfterAKillEndsOnce) {
  HoldForMany(10);
  const uint64_t size = Durable();
  clock.Advance(10 * kSecondUs);
  sequencer->Step();  // some are in flight …
  ASSERT_TRUE(log->in_flight());
  log->CompleteOne(AppendResult::kUnknown, true);  // … and reached the disk
  Restart();
  Settle();
  EXPECT_EQ(TimedOut(EventsFrom(size)), 10);
  EXPECT_EQ(Durable(), size + 10);
}

TEST_F(TimerTest, AVoucherEndsAfterTheGrace) {
  const auto issued = Answered(Ask(requests.Of(VoucherFor("slip", "anna", 1))));
  ASSERT_NE(issued.accepted(), nullptr) << issued.reason();
  const uint64_t size = Durable();
  // It is 8:00 in Shanghai; the voucher is good until midnight and confirmed until 1:00.
  clock.Advance(16 * kHourUs);
  Settle();
  EXPECT_EQ(Durable(), size);
  const auto late = Answered(Ask(requests.Of(ConfirmOf("slip"), "late")));
  EXPECT_EQ(late.reason(), v1::REFUSAL_CONFIRM_TOO_LATE) << "it happens after the deadline";
  clock.Advance(kHourUs);
  Settle();
  EXPECT_EQ(TimedOut(EventsFrom(size)), 1);
}

TEST_F(TimerTest, AStatementClosesByItself) {
  const auto statement = Answered(Ask({requests.Of(CloseMonth("2024-05"), "may"),
                                       requests.Of(StatementOf("s", "bakery", "2024-05"), "s")}));
  ASSERT_NE(statement.accepted(1), nullptr) << statement.reason(1);
  const uint64_t size = Durable();
  clock.Advance(14 * kDayUs - 8 * kHourUs - 1);
  Settle();
  EXPECT_EQ(Durable(), size);
  clock.Advance(1);  // midnight in Shanghai
  Settle();
  const auto events = EventsFrom(size);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(events[0].has_statement_closed());
  EXPECT_FALSE(events[0].statement_closed().has_command());
}

TEST_F(TimerTest, ASweepGoesThroughBothKindsAndLapses) {
  ASSERT_NE(Answered(Ask(requests.Of(TheMallRule(152), "lapsing"))).accepted(), nullptr);
  const auto set = Answered(
      Ask({requests.Of(CloseMonth("2024-05"), "may"),
           requests.Of(StatementOf("s", "bakery", "2024-05"), "s"),
           requests.Of(VolunteerNamed("bo"), "bo"), requests.Of(Credit("rb", "bo", "2024-05-02")),
           requests.Of(HoldFor("o", "bo", 10))}));
  for (size_t i = 0; i < 5; ++i) ASSERT_NE(set.accepted(i), nullptr) << set.reason(i);
  const uint64_t size = Durable();
  clock.Advance(400 * kDayUs);
  Settle();
  const auto events = EventsFrom(size);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_TRUE(events[0].has_hold_timed_out());
  EXPECT_TRUE(events[1].has_statement_closed());
  EXPECT_TRUE(events[2].has_points_expired()) << "with what the hold gave back";
}

// ---- Pay codes.

class ShownCodeTest : public TimerTest {
 protected:
  // A hold whose shopper is said by a code.
  Command Showing(const std::string& order, uint32_t quantity = 1) {
    Command command = requests.Of(OrderOf<v1::HoldOrder>(order, "anna", "bakery", "bun", quantity));
    kept_.push_back(std::make_unique<v1::HoldOrder>(
        OrderOf<v1::HoldOrder>(order, "", "bakery", "bun", quantity)));
    auto prepared = Prepare(*command.caller, kept_.back().get(), std::nullopt, std::nullopt,
                            [this] { return Show(); });
    EXPECT_TRUE(std::holds_alternative<Command>(prepared));
    return std::get<Command>(prepared);
  }

  std::variant<ShownCode, Refused> Show() {
    ++shown_;
    if (wrong_) return Refused{v1::REFUSAL_PAY_CODE_UNKNOWN, "pay_code", "nobody has it", {}};
    return ShownCode{"anna", std::string(16, 'c')};
  }

  std::vector<std::unique_ptr<v1::HoldOrder>> kept_;
  int shown_ = 0;
  bool wrong_ = false;
};

TEST_F(ShownCodeTest, IsLookedAtOnceAndOnlyForANewOrder) {
  const auto first = Ask(Showing("o1"));
  EXPECT_EQ(shown_, 0) << "not before its turn";
  Settle();
  ASSERT_NE(first->accepted(), nullptr) << first->reason();
  EXPECT_EQ(shown_, 1);
  const auto events = EventsFrom(first->accepted()->sequence);
  EXPECT_EQ(events[0].order_held().hold().volunteer_id(), "anna");
  EXPECT_EQ(events[0].order_held().hold().pay_code_id(), std::string(16, 'c'));
  EXPECT_FALSE(events[0].order_held().command().has_volunteer_id());

  wrong_ = true;
  EXPECT_NE(Answered(Ask(Showing("o1"))).repeated(), nullptr);
  EXPECT_EQ(shown_, 1) << "the order is answered without it";
  EXPECT_EQ(Answered(Ask(Showing("o1", 2))).reason(), v1::REFUSAL_REQUEST_CONFLICT);
  EXPECT_EQ(shown_, 1);
  EXPECT_EQ(Answered(Ask(Showing("o2"))).reason(), v1::REFUSAL_PAY_CODE_UNKNOWN);
  EXPECT_EQ(shown_, 2);
}

TEST_F(ShownCodeTest, WhoeverShowsItMayHaveTooFewPoints) {
  EXPECT_EQ(Answered(Ask(Showing("o1", 11))).reason(), v1::REFUSAL_BALANCE_TOO_LOW);
  EXPECT_EQ(shown_, 1);
  EXPECT_NE(Answered(Ask(Showing("o1", 10))).accepted(), nullptr);
}

TEST_F(ShownCodeTest, AReplayNeedsNoCode) {
  ASSERT_NE(Answered(Ask(Showing("o1"))).accepted(), nullptr);
  const auto replayed = Replayed(*log, kTown);
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_EQ((*replayed)->state().orders().size(), 1u);
  EXPECT_EQ(shown_, 1);
}

}  // namespace
}  // namespace meritbook
