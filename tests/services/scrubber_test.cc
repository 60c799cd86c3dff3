// The background pass over the log, what health says, and what the server's status tells.
#include "services/scrubber.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/health.h"
#include "services/repeating_thread.h"
#include "services/server_status.h"
#include "tests/services/world.h"

namespace meritbook {
namespace {

using std::chrono::microseconds;

constexpr uint64_t kRate = 256 << 10;
constexpr uint64_t kEventBytes = 1'000;
constexpr int64_t kHourUs = 3'600 * kSecondUs;

class ScrubberTest : public testing::Test {
 protected:
  ScrubberTest() { Reopen(); }

  void Reopen() { log_ = std::make_shared<MemoryEventLog>(disk_); }

  void Append(const std::string& ledger, uint64_t count) {
    const uint64_t epoch = *log_->AcquireWriter({ledger});
    EventRun events;
    for (uint64_t i = 0; i < count; ++i) events.Add(std::string(kEventBytes, 'x'));
    log_->Append({{ledger, epoch, log_->Size(ledger), std::move(events)}},
                 [](AppendResult result) { EXPECT_EQ(result, AppendResult::kDurable); });
  }

  ScrubberOptions Options() {
    return {.log = [this]() -> std::shared_ptr<EventLog> { return log_; },
            .clock = &clock_,
            .bytes_per_second = kRate,
            .pass_interval_us = kHourUs,
            .warn = [this](const std::string& line) { warnings_.push_back(line); }};
  }

  // Turns, each when it is due, until `until` has passed.
  void TurnFor(Scrubber& scrubber, int64_t us) {
    for (const int64_t end = clock_.monotonic_us + us; clock_.monotonic_us < end;) {
      const int64_t pause = scrubber.Turn().count();
      clock_.Advance(std::clamp<int64_t>(pause, 1, end - clock_.monotonic_us));
    }
  }

  ManualClock clock_;
  const std::shared_ptr<MemoryDisk> disk_ = NewMemoryDisk();
  std::shared_ptr<MemoryEventLog> log_;
  std::vector<std::string> warnings_;
};

TEST_F(ScrubberTest, KeepsToItsRate) {
  constexpr uint64_t kEvents = 10'000;
  Append("linhai", kEvents);
  Scrubber scrubber(Options());
  const int64_t begin_us = clock_.monotonic_us;
  while (scrubber.progress().passes == 0) {
    const int64_t pause = scrubber.Turn().count();
    const uint64_t bytes = scrubber.progress().events_verified * kEventBytes;
    const auto elapsed_us = static_cast<double>(clock_.monotonic_us - begin_us);
    // Never ahead by more than a piece.
    ASSERT_LE(static_cast<double>(bytes), elapsed_us * kRate / 1e6 + (256 << 10) + kEventBytes);
    clock_.Advance(std::min(pause, 10 * kSecondUs));
  }
  const double seconds = static_cast<double>(clock_.monotonic_us - begin_us) / 1e6;
  EXPECT_NEAR(seconds, 10 + double{kEvents * kEventBytes} / kRate, 2);
  EXPECT_EQ(scrubber.progress().events_total, kEvents);
  EXPECT_EQ(scrubber.progress().events_verified, kEvents);
  EXPECT_GT(scrubber.progress().last_pass_us, kJuneUs);
}

TEST_F(ScrubberTest, BeginsAPassEachHour) {
  Append("linhai", 100);
  Append("taizhou", 50);
  Scrubber scrubber(Options());
  EXPECT_EQ(scrubber.progress().passes, 0u);
  TurnFor(scrubber, 60 * kSecondUs);
  EXPECT_EQ(scrubber.progress().passes, 1u);
  EXPECT_EQ(scrubber.progress().events_verified, 150u);
  Append("taizhou", 20);
  TurnFor(scrubber, kHourUs - 70 * kSecondUs);
  EXPECT_EQ(scrubber.progress().passes, 1u);
  TurnFor(scrubber, 20 * kSecondUs);
  EXPECT_EQ(scrubber.progress().passes, 2u);
  EXPECT_EQ(scrubber.progress().events_verified, 170u);
}

TEST_F(ScrubberTest, ALongPassIsFollowedByTheNextAtOnce) {
  Append("linhai", 2'000);
  ScrubberOptions options = Options();
  options.pass_interval_us = kSecondUs;
  Scrubber scrubber(std::move(options));
  TurnFor(scrubber, 60 * kSecondUs);
  EXPECT_NEAR(static_cast<double>(scrubber.progress().passes), 60.0 * kRate / 2e6, 1);
}

TEST_F(ScrubberTest, OutlivesTheLogAndHoldsOnToNone) {
  Append("linhai", 1'000);
  Scrubber scrubber(Options());
  TurnFor(scrubber, kSecondUs);
  const uint64_t before = scrubber.progress().events_verified;
  EXPECT_GT(before, 0u);
  EXPECT_LT(before, 1'000u);
  const std::weak_ptr<EventLog> old = log_;
  log_ = nullptr;
  EXPECT_TRUE(old.expired()) << "the log can't be opened again while somebody has the old one";
  TurnFor(scrubber, 5 * kSecondUs);
  EXPECT_EQ(scrubber.progress().events_verified, before);
  Reopen();
  TurnFor(scrubber, 20 * kSecondUs);
  EXPECT_EQ(scrubber.progress().passes, 1u);
}

TEST_F(ScrubberTest, StopsAtDamageUntilTheLogIsAnother) {
  Append("linhai", 1'000);
  log_->Rot("linhai", 700);
  Scrubber scrubber(Options());
  TurnFor(scrubber, 60 * kSecondUs);
  EXPECT_EQ(MessageOf(log_->Damage()), "ledger 'linhai', sequence 700: rotten");
  EXPECT_EQ(log_->CheckWritable(), log_->Damage());
  EXPECT_EQ(scrubber.progress().passes, 0u);
  EXPECT_LE(scrubber.progress().events_verified, 700u);
  TurnFor(scrubber, 600 * kSecondUs);
  EXPECT_EQ(scrubber.progress().passes, 0u);
  Reopen();
  TurnFor(scrubber, 60 * kSecondUs);
  EXPECT_EQ(scrubber.progress().passes, 1u);
  EXPECT_TRUE(warnings_.empty()) << "the log's to warn of: " << warnings_.front();
}

TEST_F(ScrubberTest, ADiskThatCannotBeReadIsToldOnceAndTriedAgain) {
  Append("linhai", 1'000);
  log_->set_unreadable(absl::UnavailableError("EIO in 000012.sst"));
  Scrubber scrubber(Options());
  TurnFor(scrubber, 600 * kSecondUs);
  EXPECT_EQ(scrubber.progress().unreadable, "EIO in 000012.sst");
  EXPECT_EQ(warnings_.size(), 1u);
  EXPECT_TRUE(log_->Damage().ok());
  log_->set_unreadable(absl::OkStatus());
  TurnFor(scrubber, 100 * kSecondUs);
  EXPECT_EQ(scrubber.progress().unreadable, "");
  EXPECT_EQ(scrubber.progress().passes, 1u);
}

TEST(RepeatingThread, RepeatsAndStopsAtOnce) {
  std::atomic<int> turns = 0;
  RepeatingThread thread([&] {
    // Ever longer: the fourth pause would outlast any test.
    return ++turns < 4 ? microseconds(100) : microseconds(std::chrono::hours(1));
  });
  while (turns < 4) std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  thread.Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(turns, 4);
}

constexpr int64_t kNowUs = 100 * kSecondUs;

struct VitalsRow {
  std::string name;
  SequencerVitals vitals;
  bool serving;
  v1::Refusal hindrance;
};

std::vector<VitalsRow> VitalsRows() {
  const int64_t now = kNowUs;
  return {
      {"well", {.turned_at_us = now}, true, v1::REFUSAL_UNSPECIFIED},
      {"a write on its way",
       {.append_since_us = now - kHungAfterUs, .turned_at_us = now},
       true,
       v1::REFUSAL_UNSPECIFIED},
      {"a write that hangs",
       {.append_since_us = now - kHungAfterUs - 1, .turned_at_us = now},
       false,
       v1::REFUSAL_DEADLINE_EXCEEDED},
      {"an idle sequencer", {.turned_at_us = now - kHungAfterUs}, true, v1::REFUSAL_UNSPECIFIED},
      {"a sequencer that stands still",
       {.turned_at_us = now - kHungAfterUs - 1},
       false,
       v1::REFUSAL_DEADLINE_EXCEEDED},
      {"the log is open no more",
       {.broken = true, .turned_at_us = now},
       false,
       v1::REFUSAL_OUTCOME_UNKNOWN},
      {"damage", {.damage = "linhai 7", .turned_at_us = now}, false, v1::REFUSAL_LOG_DAMAGED},
      {"a clock that jumped",
       {.clock_suspect = true, .turned_at_us = now},
       true,
       v1::REFUSAL_CLOCK_SUSPECT},
  };
}

TEST(HealthTest, JudgesByTheVitals) {
  for (const VitalsRow& row : VitalsRows()) {
    EXPECT_EQ(AilmentOf(row.vitals, kNowUs).empty(), row.serving) << row.name;
  }
}

TEST(HealthTest, TellsEachChangeOnce) {
  ManualClock clock;
  SequencerVitals vitals{.turned_at_us = clock.MonotonicUs()};
  std::vector<bool> told;
  std::vector<std::string> warnings;
  Health health({.vitals = [&] { return vitals; },
                 .clock = &clock,
                 .tell = [&](bool serving) { told.push_back(serving); },
                 .warn = [&](const std::string& line) { warnings.push_back(line); }});
  const auto turn_twice = [&] {
    health.Turn();
    EXPECT_LE(health.Turn(), std::chrono::seconds(1));
  };
  turn_twice();
  EXPECT_EQ(told, (std::vector<bool>{true}));
  EXPECT_TRUE(warnings.empty());
  clock.Advance(kHungAfterUs + 1);
  turn_twice();
  vitals.broken = true;
  turn_twice();
  EXPECT_EQ(told, (std::vector<bool>{true, false}));
  vitals.broken = false;
  vitals.turned_at_us = clock.MonotonicUs();
  turn_twice();
  EXPECT_EQ(told, (std::vector<bool>{true, false, true}));
  EXPECT_EQ(warnings.size(), 2u);
}

TEST(ServerStatus, NamesTheHindrance) {
  for (const VitalsRow& row : VitalsRows()) {
    const v1::GetServerStatusResponse status = ServerStatusOf(
        {.vitals = row.vitals, .now_us = kNowUs, .free_bytes = 100, .free_bytes_floor = 100});
    EXPECT_EQ(status.hindrance(), row.hindrance) << row.name;
    EXPECT_EQ(status.hindrance_text().empty(), row.hindrance == v1::REFUSAL_UNSPECIFIED)
        << row.name;
    EXPECT_EQ(status.scrub().damage(), row.vitals.damage) << row.name;
  }
}

TEST(ServerStatus, TellsWhatElseIsKnown) {
  const v1::GetServerStatusResponse status =
      ServerStatusOf({.vitals = {.append_since_us = kNowUs - 70, .turned_at_us = kNowUs},
                      .now_us = kNowUs,
                      .free_bytes = 99,
                      .free_bytes_floor = 100,
                      .scrub = {.passes = 3,
                                .events_verified = 4,
                                .events_total = 5,
                                .last_pass_us = 6,
                                .unreadable = "EIO"},
                      .last_backup_us = 7});
  EXPECT_EQ(status.hindrance(), v1::REFUSAL_STORAGE_LOW);
  EXPECT_EQ(status.free_bytes(), 99u);
  EXPECT_EQ(status.free_bytes_floor(), 100u);
  EXPECT_EQ(status.write_waiting_us(), 70u);
  EXPECT_EQ(status.scrub().passes(), 3u);
  EXPECT_EQ(status.scrub().events_verified(), 4u);
  EXPECT_EQ(status.scrub().events_total(), 5u);
  EXPECT_EQ(status.scrub().last_pass_us(), 6);
  EXPECT_EQ(status.scrub().damage(), "EIO");
  EXPECT_EQ(status.last_backup_us(), 7);
}

class VitalsTest : public testing::Test {
 protected:
  void SetUp() override {
    world_.Open();
    world_.Found();
  }
  SequencerVitals Vitals() const { return world_.sequencer->vitals(); }

  World world_;
};

TEST_F(VitalsTest, TellSinceWhenAWriteWaits) {
  EXPECT_EQ(Vitals().append_since_us, 0);
  world_.Ask(world_.requests.Of(VolunteerNamed("bob"), "bob"));
  world_.StepAll();
  const int64_t begun_us = world_.clock.MonotonicUs();
  EXPECT_EQ(Vitals().append_since_us, begun_us);
  world_.clock.Advance(kSecondUs);
  world_.StepAll();
  EXPECT_EQ(Vitals().append_since_us, begun_us);
  // Over when the log says so, whether the sequencer's thread has come to see it or not.
  const auto log = world_.log;
  log->CompleteOne(AppendResult::kDurable);
  EXPECT_EQ(Vitals().append_since_us, 0);
  world_.Settle();
}

TEST_F(VitalsTest, TellThatTheLogIsBeingOpenedAgain) {
  world_.open_errors = 1;
  world_.Ask(world_.requests.Of(VolunteerNamed("bob"), "bob"));
  world_.StepAll();
  world_.Complete(AppendResult::kUnknown);
  world_.sequencer->Step();
  EXPECT_TRUE(Vitals().broken);
  EXPECT_EQ(Vitals().append_since_us, 0);
  world_.clock.Advance(2 * kSecondUs);
  world_.Settle();
  EXPECT_FALSE(Vitals().broken);
}

TEST_F(VitalsTest, TellThatTheClockIsSuspect) {
  EXPECT_FALSE(Vitals().clock_suspect);
  world_.clock.StepWall(kDayUs);
  world_.StepAll();  // nobody has to ask for anything
  EXPECT_TRUE(Vitals().clock_suspect);
  world_.ConfirmClock();
  world_.Settle();
  EXPECT_FALSE(Vitals().clock_suspect);
}

TEST_F(VitalsTest, DamageEndsWritingAndLeavesReading) {
  world_.log->Rot(kTown, 2);
  EXPECT_FALSE(world_.log->Read(kTown, 2, 1, 1).ok());
  const Reply refused =
      world_.Answered(world_.Ask(world_.requests.Of(VolunteerNamed("bob"), "bob")));
  EXPECT_EQ(refused.reason(), v1::REFUSAL_LOG_DAMAGED);
  EXPECT_EQ(Vitals().damage, "ledger 'linhai', sequence 2: rotten");
  const uint64_t size = world_.log->Size(kTown);
  Call call;
  call.ledger_id = kTown;
  bool read = false;
  call.read = [&](const Ledger& ledger) { read = ledger.state().size() == size; };
  world_.Answered(world_.Submit(std::move(call)));
  EXPECT_TRUE(read);
  // Founding another ledger writes too.
  EXPECT_EQ(world_
                .Answered(world_.Ask({world_.requests.Of(Founding(), "found-2")}, Lane::kCounter,
                                     "taizhou"))
                .reason(),
            v1::REFUSAL_LOG_DAMAGED);
  EXPECT_EQ(world_.log->Size(kTown), size);
  world_.Restart();
  world_.StepAll();
  EXPECT_EQ(Vitals().damage, "");
}

TEST(VitalsThread, MayBeReadByAnybodyMeanwhile) {
  World world;
  world.hold = false;
  world.sink.size_of = [](const std::string&) { return UINT64_MAX; };
  SequencerThread sequencer(world.options, 10'000);
  ASSERT_TRUE(sequencer.Start().ok());
  Scrubber scrubber({.log = [&] { return sequencer.log(); },
                     .clock = &SystemClock(),
                     .bytes_per_second = 1 << 30,
                     .pass_interval_us = 0,
                     .warn = [](const std::string&) {}});
  RepeatingThread scrubbing([&] { return std::min(scrubber.Turn(), microseconds(1'000)); });
  std::atomic<uint64_t> looks = 0;
  RepeatingThread looking([&] {
    EXPECT_FALSE(sequencer.vitals().broken);
    EXPECT_GT(sequencer.vitals().turned_at_us, 0);
    EXPECT_LE(scrubber.progress().events_verified, scrubber.progress().events_total);
    ++looks;
    return microseconds(10);
  });
  std::mutex mutex;
  std::condition_variable changed;
  int answered = 0;
  const auto ask = [&](Command command, int number) {
    Call call;
    call.ledger_id = kTown;
    call.commands = {std::move(command)};
    call.done = [&](std::vector<Answer>) {
      const std::lock_guard lock(mutex);
      ++answered;
      changed.notify_one();
    };
    EXPECT_FALSE(sequencer.Submit(std::move(call)).has_value());
    std::unique_lock lock(mutex);
    EXPECT_TRUE(
        changed.wait_for(lock, std::chrono::seconds(60), [&] { return answered == number; }));
  };
  ask(world.requests.Of(Founding(), "found"), 1);
  for (int i = 2; i <= 100 || looks < 100 || scrubber.progress().passes < 5; ++i) {
    const std::string id = Text("volunteer", i);
    ask(world.requests.Of(VolunteerNamed(id), id), i);
  }
  scrubbing.Stop();
  looking.Stop();
  EXPECT_TRUE(sequencer.Stop().ok());
}

}  // namespace
}  // namespace meritbook
