#include "services/sequencer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/services/world.h"

namespace meritbook {
namespace {

class SequencerTest : public testing::Test, protected World {
 protected:
  void SetUp() override { Open(); }

  Command Volunteer(const std::string& id, std::optional<std::string> request_id = std::nullopt) {
    return requests.Of(VolunteerNamed(id), request_id.value_or(id));
  }

  std::shared_ptr<Reply> Read(std::function<void(const Ledger&)> read = [](const Ledger&) {}) {
    Call call;
    call.ledger_id = kTown;
    call.read = std::move(read);
    return Submit(std::move(call));
  }

  // The answer of a read is empty.
  static void ExpectRead(const Reply& reply) {
    EXPECT_EQ(reply.times, 1);
    EXPECT_TRUE(reply.answers.empty());
  }

  uint64_t Durable(const std::string& ledger = kTown) const { return log->Size(ledger); }

  // The size of the working state.
  uint64_t WorkingSize() {
    uint64_t size = 0;
    Read([&size](const Ledger& ledger) { size = ledger.state().size(); });
    sequencer->Step();
    return size;
  }
};

// ---- Answers wait for what they saw.

TEST_F(SequencerTest, NoAnswerIsReleasedBeforeTheAppendThatItSawIsDurable) {
  Found();
  const auto success = Ask(Volunteer("bo"));
  const auto duplicate = Ask(Volunteer("bo"));
  const auto conflict = Ask(requests.Of(VolunteerNamed("cy"), "bo"));
  const auto refusal = Ask(Volunteer("bo", "again"));
  bool seen = false;
  const auto read =
      Read([&](const Ledger& ledger) { seen = ledger.state().volunteers().Find("bo") != nullptr; });
  StepAll();
  EXPECT_TRUE(seen);
  EXPECT_EQ(Durable(), 5u);
  for (const auto& reply : {success, duplicate, conflict, refusal, read})
    EXPECT_FALSE(reply->done());

  Complete();
  EXPECT_EQ(Durable(), 6u);
  ASSERT_NE(success->accepted(), nullptr);
  EXPECT_EQ(success->accepted()->sequence, 5u);
  EXPECT_EQ(success->accepted()->recorded_us, clock.wall_us);
  ASSERT_NE(duplicate->repeated(), nullptr);
  EXPECT_EQ(duplicate->repeated()->sequence, 5u);
  EXPECT_EQ(conflict->reason(), v1::REFUSAL_REQUEST_CONFLICT);
  EXPECT_EQ(refusal->reason(), v1::REFUSAL_VOLUNTEER_EXISTS);
  ExpectRead(*read);
}

TEST_F(SequencerTest, WhatSawOnlyDurableEventsIsAnsweredAtOnce) {
  Found();
  const auto duplicate = Ask(Volunteer("anna"));
  const auto read = Read();
  sequencer->Step();
  EXPECT_NE(duplicate->repeated(), nullptr);
  ExpectRead(*read);
  EXPECT_FALSE(sequencer->Busy());
}

TEST_F(SequencerTest, AnAnswerThatSawTheNextAppendWaitsForThatOne) {
  Found();
  const auto first = Ask(Volunteer("bo"));
  StepAll();
  const auto second = Ask(Volunteer("cy"));
  const auto read = Read();
  StepAll();
  Complete();
  EXPECT_TRUE(first->done());
  EXPECT_FALSE(second->done());
  EXPECT_FALSE(read->done());
  Complete();
  EXPECT_TRUE(second->done());
  EXPECT_TRUE(read->done());
}

// A read in another ledger rests on that one only, but waits too: one group, one order.
TEST_F(SequencerTest, AReadThatChangesNothingWaitsForWhatIsInFlight) {
  Found();
  const auto command = Ask(Volunteer("bo"));
  StepAll();
  const auto read = Read();
  StepAll();
  EXPECT_FALSE(read->done());
  Complete();
  ExpectRead(*read);
  EXPECT_TRUE(command->done());
}

TEST_F(SequencerTest, EventsAreHandedBackWhereTheyAreWanted) {
  Found();
  Call call;
  call.ledger_id = kTown;
  call.commands = {Volunteer("bo"), Volunteer("cy")};
  call.wants_events = true;
  const Reply reply = Answered(Submit(std::move(call)));
  const auto run = log->Read(kTown, 5, 2, SIZE_MAX);
  for (size_t i = 0; i < 2; ++i) {
    ASSERT_NE(reply.accepted(i), nullptr);
    EXPECT_EQ(reply.accepted(i)->event, (*run)[i]);
  }
}

TEST_F(SequencerTest, UnknownLedgersAreRefused) {
  EXPECT_EQ(Answered(Ask(Volunteer("bo"))).reason(), v1::REFUSAL_LEDGER_UNKNOWN);
  EXPECT_EQ(Answered(Read()).reason(), v1::REFUSAL_LEDGER_UNKNOWN);
}

// ---- Lanes, slices, bounds.

TEST_F(SequencerTest, ACounterCallOvertakesAQueuedBatchBetweenSlices) {
  Found();
  const auto bulk = Ask(Volunteers("b", 1300), Lane::kBulk);
  sequencer->Step();
  EXPECT_EQ(WorkingSize(), 5u + 512) << "a read overtakes too, and takes a place in its slice";
  const auto counter = Ask(Volunteer("bo"));
  Settle();
  ASSERT_NE(counter->accepted(), nullptr);
  EXPECT_EQ(counter->accepted()->sequence, 5u + 512 + 511);
  ASSERT_EQ(bulk->answers.size(), 1300u);
  EXPECT_EQ(bulk->accepted(1299)->sequence, 5u + 1300);
}

TEST_F(SequencerTest, ASliceIsOf512Commands) {
  Found();
  const auto one = Ask(Volunteers("b", 1300), Lane::kCounter);
  sequencer->Step();
  Complete();
  EXPECT_EQ(Durable(), 5u + 512);
  Complete();
  EXPECT_EQ(Durable(), 5u + 1024);
  EXPECT_FALSE(one->done());
  Settle();
  EXPECT_EQ(one->times, 1);
}

TEST_F(SequencerTest, AnAtomicCallIsNeverSplit) {
  Found();
  const auto before = Ask(Volunteers("b", 500), Lane::kBulk);
  const auto atomic = AskAtomic(Volunteers("c", 1024));
  sequencer->Step();
  Complete();
  EXPECT_EQ(Durable(), 5u + 1524);
  EXPECT_TRUE(before->done());
  EXPECT_EQ(atomic->answers.size(), 1024u);
}

TEST_F(SequencerTest, AnAtomicCallThatIsRefusedLeavesNothing) {
  Found();
  std::vector<Command> commands = Volunteers("c", 600);
  commands.push_back(Volunteer("anna", "other"));
  const Reply reply = Answered(AskAtomic(std::move(commands)));
  EXPECT_EQ(reply.reason(0), v1::REFUSAL_ATOMIC_ABORTED);
  EXPECT_EQ(reply.reason(600), v1::REFUSAL_VOLUNTEER_EXISTS);
  EXPECT_EQ(Durable(), 5u);
  EXPECT_NE(Answered(Ask(Volunteer("c0"))).accepted(), nullptr);
  EXPECT_TRUE(Replayed(*log, kTown).ok());
}

TEST_F(SequencerTest, DecidingPausesWhileEnoughWaitsBehindTheAppendInFlight) {
  options.pending_bytes_max = 2'000;
  Restart();
  Found();
  Ask(Volunteer("bo"));
  StepAll();
  const auto bulk = Ask(Volunteers("b", 5000), Lane::kBulk);
  for (int i = 0; i < 100; ++i) sequencer->Step();
  EXPECT_FALSE(sequencer->Step());
  const auto read = Read();
  EXPECT_FALSE(sequencer->Step()) << "reads pause too";
  Complete();
  Complete();
  EXPECT_LE(Durable(), 6u + 512) << "beyond the bound by a slice at most";
  Settle();
  EXPECT_EQ(bulk->times, 1);
  EXPECT_EQ(read->times, 1);
}

TEST_F(SequencerTest, ACallWhoseDeadlinePassedIsRefusedAndNothingOfItDone) {
  Found();
  Call call;
  call.ledger_id = kTown;
  call.commands = {Volunteer("bo"), Volunteer("cy")};
  call.deadline_us = clock.monotonic_us;
  Call again = call;
  const Reply in_time = Answered(Submit(std::move(call)));
  EXPECT_NE(in_time.accepted(), nullptr);
  clock.Advance(1);
  again.commands = {Volunteer("di"), Volunteer("ed")};
  const Reply late = Answered(Submit(std::move(again)));
  ASSERT_EQ(late.answers.size(), 2u);
  EXPECT_EQ(late.reason(0), v1::REFUSAL_DEADLINE_EXCEEDED);
  EXPECT_EQ(late.reason(1), v1::REFUSAL_DEADLINE_EXCEEDED);
  EXPECT_EQ(Durable(), 7u);
}

TEST_F(SequencerTest, ACallThatHasBegunGoesOnBeyondItsDeadline) {
  Found();
  Call call;
  call.ledger_id = kTown;
  call.lane = Lane::kBulk;
  call.commands = Volunteers("b", 600);
  call.deadline_us = clock.monotonic_us;
  const auto reply = Submit(std::move(call));
  sequencer->Step();
  clock.Advance(1);
  Settle();
  EXPECT_NE(reply->accepted(599), nullptr);
}

// ---- Migrating.

class MigratingTest : public SequencerTest {
 protected:
  void SetUp() override {
    Open();
    Found(true);
  }
  Command At(const std::string& id, int64_t recorded_us) {
    return requests.Of(VolunteerNamed(id), id, recorded_us);
  }
};

TEST_F(MigratingTest, OneLaneInOrderOfArrival) {
  const int64_t start_us = clock.wall_us - 10 * kDayUs;
  std::vector<Command> batch;
  for (int i = 0; i < 600; ++i) batch.push_back(At(Text("b", i), start_us + i));
  const auto bulk = Ask(std::move(batch), Lane::kBulk);
  const auto counter = Ask(At("bo", start_us + 1000), Lane::kCounter);
  Settle();
  EXPECT_NE(bulk->accepted(599), nullptr) << bulk->reason(599);
  ASSERT_NE(counter->accepted(), nullptr) << counter->reason();
  EXPECT_EQ(counter->accepted()->sequence, 5u + 600);
  EXPECT_EQ(counter->accepted()->recorded_us, start_us + 1000);
}

TEST_F(MigratingTest, OneLaneAlsoWhileTheLogIsBroken) {
  const int64_t start_us = clock.wall_us - 10 * kDayUs;
  Ask(At("bo", start_us));
  StepAll();
  Complete(AppendResult::kUnknown);
  std::vector<Command> batch;
  for (int i = 0; i < 600; ++i) batch.push_back(At(Text("b", i), start_us + i));
  const auto bulk = Ask(std::move(batch), Lane::kBulk);
  const auto counter = Ask(At("cy", start_us + 1000), Lane::kCounter);
  Settle();
  EXPECT_NE(bulk->accepted(599), nullptr) << bulk->reason(599);
  EXPECT_NE(counter->accepted(), nullptr) << counter->reason();
}

TEST_F(MigratingTest, AWrongWallClockStopsNothing) {
  clock.StepWall(3 * kDayUs);
  EXPECT_NE(Answered(Ask(At("bo", clock.wall_us - 10 * kDayUs))).accepted(), nullptr);
  // Nor the founding of another one.
  const Reply other = Answered(
      Ask({requests.Of(Founding(true), "found", clock.wall_us.load())}, Lane::kCounter, "taizhou"));
  EXPECT_NE(other.accepted(), nullptr) << other.reason();
  const Reply live = Answered(Ask({requests.Of(Founding(), "found")}, Lane::kCounter, "wenling"));
  EXPECT_EQ(live.reason(), v1::REFUSAL_CLOCK_SUSPECT);
}

TEST_F(MigratingTest, FromItsEndOnTheWallClockAndTwoLanesRule) {
  const Reply sealed =
      Answered(Ask(requests.Of(v1::FinishMigration(), "finish", clock.wall_us - 5 * kDayUs)));
  ASSERT_NE(sealed.accepted(), nullptr) << sealed.reason();
  const auto bulk = Ask(Volunteers("b", 1300), Lane::kBulk);
  const auto counter = Ask(Volunteer("bo"));
  Settle();
  EXPECT_LT(counter->accepted()->sequence, bulk->accepted(1299)->sequence);
  EXPECT_EQ(counter->accepted()->recorded_us, clock.wall_us);
  clock.StepWall(61 * kSecondUs);
  EXPECT_EQ(Answered(Ask(Volunteer("cy"))).reason(), v1::REFUSAL_CLOCK_SUSPECT);
}

// ---- Appends of unknown outcome.

class OutcomeUnknown : public SequencerTest, public testing::WithParamInterface<bool> {
 protected:
  bool stored() const { return GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(Sequencer, OutcomeUnknown, testing::Bool(),
                         [](const auto& one) { return one.param ? "Stored" : "NotStored"; });

TEST_P(OutcomeUnknown, EveryoneWhoWaitsIsToldAndARepetitionHasOneEffect) {
  Found();
  const auto in_flight = Ask(Volunteer("bo"));
  StepAll();
  const auto behind = Ask(Volunteer("cy"));
  const auto read = Read();
  const auto batch = Ask(Volunteers("b", 600), Lane::kBulk);
  sequencer->Step();
  const auto queued = Ask(Volunteer("di"));
  Complete(AppendResult::kUnknown, stored());
  EXPECT_EQ(in_flight->reason(), v1::REFUSAL_OUTCOME_UNKNOWN);
  EXPECT_EQ(behind->reason(), v1::REFUSAL_OUTCOME_UNKNOWN);
  EXPECT_EQ(read->reason(), v1::REFUSAL_OUTCOME_UNKNOWN);
  ASSERT_EQ(batch->answers.size(), 600u) << "also what was half decided";
  for (size_t i = 0; i < 600; ++i) EXPECT_EQ(batch->reason(i), v1::REFUSAL_OUTCOME_UNKNOWN);
  EXPECT_FALSE(queued->done()) << "it had not begun, so it just goes on";
  ASSERT_FALSE(warnings.empty());

  Settle();
  EXPECT_EQ(opened, 2);
  EXPECT_NE(queued->accepted(), nullptr);
  const Reply again = Answered(Ask(Volunteer("bo")));
  if (stored()) {
    ASSERT_NE(again.repeated(), nullptr);
    EXPECT_EQ(again.repeated()->sequence, 5u);
  } else {
    EXPECT_NE(again.accepted(), nullptr);
  }
  EXPECT_NE(Answered(Ask(Volunteer("cy"))).accepted(), nullptr);
  EXPECT_NE(Answered(Ask(Volunteer("b599"))).accepted(), nullptr);
  const auto replayed = Replayed(*log, kTown);
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_EQ((*replayed)->state().volunteers().size(), 5u);
  EXPECT_EQ((*replayed)->state().size(), 4u + 5);
}

TEST_P(OutcomeUnknown, ALedgerThatWasBeingFoundedCanBeFoundedAgain) {
  const auto first = Ask(requests.Of(Founding(), "found"));
  StepAll();
  Complete(AppendResult::kUnknown, stored());
  EXPECT_EQ(first->reason(), v1::REFUSAL_OUTCOME_UNKNOWN);
  const Reply again = Answered(Ask(requests.Of(Founding(), "found")));
  EXPECT_EQ(again.repeated() != nullptr, stored());
  EXPECT_EQ(again.accepted() != nullptr, !stored());
  EXPECT_NE(Answered(Ask(Volunteer("bo"))).accepted(), nullptr);
  EXPECT_EQ(Durable(), 2u);
}

TEST_P(OutcomeUnknown, RowsOfTheAppendAreNeverWritten) {
  Found();
  clock.Advance(options.state_interval_us);
  const int writes_before = sink.writes_seen;
  Ask(Volunteer("bo"));
  StepAll();  // its rows are collected now
  Complete(AppendResult::kUnknown, stored());
  EXPECT_EQ(sink.writes_seen, writes_before);
  Settle();
  Answered(Ask(Volunteer("cy")));
  EXPECT_GT(sink.writes_seen, writes_before);
  EXPECT_EQ(sink.applied_sizes[kTown], Durable());
}

TEST_F(SequencerTest, AFencedAppendIsTreatedLikewise) {
  Found();
  MemoryEventLog other(disk);
  ASSERT_TRUE(other.AcquireWriter({kTown}).ok());
  const auto reply = Ask(Volunteer("bo"));
  StepAll();
  Complete();
  EXPECT_EQ(reply->reason(), v1::REFUSAL_OUTCOME_UNKNOWN);
  EXPECT_NE(Answered(Ask(Volunteer("bo"))).accepted(), nullptr);
  EXPECT_EQ(opened, 2);
  EXPECT_EQ(Durable(), 6u);
}

TEST_F(SequencerTest, AnotherWritersEventsAreTakenIn) {
  Found();
  {
    World other;
    other.disk = disk;
    other.Open();
    const Command command = other.requests.Of(VolunteerNamed("bo"), "bo");
    EXPECT_NE(other.Answered(other.Ask(command)).accepted(), nullptr);
  }
  EXPECT_EQ(Answered(Ask(Volunteer("cy"))).reason(), v1::REFUSAL_OUTCOME_UNKNOWN);
  EXPECT_NE(Answered(Ask(Volunteer("cy"))).accepted(), nullptr);
  EXPECT_NE(Answered(Ask(Volunteer("bo"))).repeated(), nullptr);
  EXPECT_EQ(Durable(), 7u);
}

TEST_F(SequencerTest, OpeningIsTriedAgainUntilItWorks) {
  Found();
  const auto reply = Ask(Volunteer("bo"));
  StepAll();
  open_errors = 3;
  Complete(AppendResult::kUnknown);
  EXPECT_TRUE(reply->done());
  EXPECT_TRUE(sequencer->broken());
  const size_t warned = warnings.size();
  for (int i = 0; i < 3; ++i) {
    const auto waiting = Ask(Volunteer("cy"));
    StepAll();
    EXPECT_EQ(waiting->reason(), v1::REFUSAL_OUTCOME_UNKNOWN) << "nobody waits for ever";
    EXPECT_TRUE(sequencer->broken());
    EXPECT_EQ(sequencer->log(), nullptr);
    clock.Advance(kSecondUs - 1);
    EXPECT_FALSE(sequencer->Step()) << "not all the time";
    clock.Advance(1);
  }
  EXPECT_EQ(warnings.size(), warned + 1) << "told once";
  EXPECT_NE(Answered(Ask(Volunteer("bo"))).accepted(), nullptr);
  EXPECT_FALSE(sequencer->broken());
  EXPECT_NE(sequencer->log(), nullptr);
}

TEST_F(SequencerTest, LoadingWaitsForTheRowsThatAreBeingWritten) {
  Found();
  Ask(Volunteer("bo"));
  StepAll();
  sink.idle = false;
  Complete(AppendResult::kUnknown);
  Settle();
  EXPECT_EQ(opened, 2);
  EXPECT_TRUE(drained_before_load);
}

// ---- Storage and clock.

TEST_F(SequencerTest, WithoutRoomCommandsAreRefusedAndReadsGoOn) {
  Found();
  log->set_full(true);
  EXPECT_EQ(Answered(Ask(Volunteer("bo"))).reason(), v1::REFUSAL_STORAGE_LOW);
  EXPECT_EQ(Answered(Ask({requests.Of(Founding(), "found")}, Lane::kCounter, "taizhou")).reason(),
            v1::REFUSAL_STORAGE_LOW);
  ExpectRead(Answered(Read()));
  EXPECT_EQ(Durable(), 5u);
  log->set_full(false);
  EXPECT_NE(Answered(Ask(Volunteer("bo"))).accepted(), nullptr);
}

TEST_F(SequencerTest, ABatchKeepsWhatWasDecidedBeforeRoomRanOut) {
  Found();
  const auto batch = Ask(Volunteers("b", 600), Lane::kBulk);
  sequencer->Step();
  log->set_full(true);
  Settle();
  ASSERT_EQ(batch->answers.size(), 600u);
  EXPECT_NE(batch->accepted(511), nullptr);
  EXPECT_EQ(batch->reason(512), v1::REFUSAL_STORAGE_LOW);
  EXPECT_EQ(Durable(), 5u + 512);
}

TEST_F(SequencerTest, ASteppedClockStopsLiveLedgersUntilConfirmed) {
  Found();
  for (const int64_t step_us : {61 * kSecondUs, -200 * kSecondUs}) {
    clock.StepWall(step_us);
    EXPECT_EQ(Answered(Ask(Volunteer(Text("a", step_us)))).reason(), v1::REFUSAL_CLOCK_SUSPECT);
    ExpectRead(Answered(Read()));
    ExpectRead(Answered(ConfirmClock()));
    EXPECT_NE(Answered(Ask(Volunteer(Text("a", step_us)))).accepted(), nullptr);
  }
}

TEST_F(SequencerTest, AClockBehindTheNewestEventAtStartStopsLiveLedgers) {
  Found();
  clock.StepWall(-61 * kSecondUs);
  Restart();
  EXPECT_EQ(Answered(Ask(Volunteer("bo"))).reason(), v1::REFUSAL_CLOCK_SUSPECT);
  Answered(ConfirmClock());
  EXPECT_NE(Answered(Ask(Volunteer("bo"))).accepted(), nullptr);
}

TEST_F(SequencerTest, RecordedTimeNeverGoesBack) {
  Found();
  const int64_t last_us = clock.wall_us;
  clock.StepWall(-30 * kSecondUs);
  EXPECT_EQ(Answered(Ask(Volunteer("bo"))).accepted()->recorded_us, last_us);
  clock.Advance(40 * kSecondUs);
  EXPECT_EQ(Answered(Ask(Volunteer("cy"))).accepted()->recorded_us, clock.wall_us);
}

// ---- Lapses.

class LapseTest : public SequencerTest {
 protected:
  // Points of 2023 that lapse with the 31st of May 2024, which ends eight hours before kJuneUs in
  // Shanghai: 152 days of grace, since 2024 is a leap year.
  void Serve(int volunteers, bool migrating) {
    const auto recorded_us =
        migrating ? std::optional<int64_t>(clock.wall_us - 200 * kDayUs) : std::nullopt;
    std::vector<Command> commands;
    for (int i = 0; i < volunteers; ++i) {
      const std::string id = Text("v", i);
      commands.push_back(requests.Of(VolunteerNamed(id), id, recorded_us));
      commands.push_back(
          requests.Of(Credit(Text("r", i), id, "2023-06-01"), std::nullopt, recorded_us));
    }
    const Reply reply = Answered(Ask(std::move(commands), Lane::kBulk));
    for (size_t i = 0; i < reply.answers.size(); ++i) {
      ASSERT_NE(reply.accepted(i), nullptr) << reply.reason(i);
    }
  }
  int64_t ExpiredUnits() {
    const auto ledger = Replayed(*log, kTown);
    EXPECT_TRUE(ledger.ok());
    return (*ledger)->state().ledger().expired_units;
  }
};

TEST_F(LapseTest, AreSweptWhenTheLedgerIsIdleInSlices) {
  clock.StepWall(-2 * kDayUs);
  Restart();
  Found(false, 152);
  Serve(100, false);
  const uint64_t size = Durable();
  clock.Advance(kDayUs);
  Settle();
  EXPECT_EQ(Durable(), size) << "the last day isn't over";
  clock.Advance(kDayUs);
  sequencer->Step();
  Complete();
  EXPECT_GT(Durable(), size);
  EXPECT_LT(Durable(), size + 100) << "a slice of a sweep";
  Settle();
  EXPECT_EQ(Durable(), size + 100);
  EXPECT_EQ(ExpiredUnits(), 100 * 10 * 6000);
  Settle();
  EXPECT_EQ(Durable(), size + 100);
}

TEST_F(LapseTest, AreNotSweptUnderASuspectClockNorWithoutRoom) {
  clock.StepWall(-2 * kDayUs);
  Restart();
  Found(false, 152);
  Serve(1, false);
  const uint64_t size = Durable();
  clock.StepWall(2 * kDayUs);
  Settle();
  EXPECT_EQ(Durable(), size);
  log->set_full(true);
  Answered(ConfirmClock());
  EXPECT_EQ(Durable(), size);
  log->set_full(false);
  Settle();
  EXPECT_EQ(Durable(), size + 1);
}

TEST_F(LapseTest, AreNotSweptWhileMigrating) {
  Found(true, 152);
  Serve(3, true);
  const uint64_t size = Durable();
  Settle();
  EXPECT_EQ(Durable(), size);
  Answered(Ask(requests.Of(v1::FinishMigration(), "finish", clock.wall_us.load())));
  Settle();
  EXPECT_EQ(Durable(), size + 1 + 3);
}

// A busy till must not keep lapses from other people's accounts for ever.
TEST_F(LapseTest, ASweepAndACommandShareAnAppend) {
  clock.StepWall(-2 * kDayUs);
  Restart();
  Found(false, 152);
  Serve(1, false);
  clock.Advance(2 * kDayUs);
  sequencer->Step();  // the sweep is in flight
  const auto reply = Ask(Volunteer("bo"));
  StepAll();
  EXPECT_FALSE(reply->done());
  Settle();
  EXPECT_NE(reply->accepted(), nullptr);
  EXPECT_EQ(ExpiredUnits(), 10 * 6000);
}

// ---- Founding.

TEST_F(SequencerTest, AFoundingThatIsRefusedLeavesNothing) {
  const auto recorded_us = clock.wall_us + kDayUs;
  EXPECT_EQ(Answered(Ask(requests.Of(Founding(true), "found", recorded_us))).reason(),
            v1::REFUSAL_RECORDED_TIME_IN_FUTURE);
  EXPECT_TRUE(log->Ledgers().empty());
  EXPECT_EQ(Answered(Read()).reason(), v1::REFUSAL_LEDGER_UNKNOWN);
  EXPECT_NE(Answered(Ask(requests.Of(Founding(), "found"))).accepted(), nullptr);
  EXPECT_EQ(Durable(), 1u);
}

TEST_F(SequencerTest, ALedgerNeedsAnIdThatCanNameAFile) {
  for (const std::string& id :
       {std::string(".."), std::string("a/b"), std::string(), std::string(100'000, 'x')}) {
    const Reply reply = Answered(Ask({requests.Of(Founding(), "found")}, Lane::kCounter, id));
    EXPECT_EQ(reply.reason(), v1::REFUSAL_ID_MALFORMED);
  }
  EXPECT_TRUE(log->Ledgers().empty());
}

TEST_F(SequencerTest, ALedgerIsFoundedOnce) {
  const auto first = Ask(requests.Of(Founding(), "found"));
  const auto repeated = Ask(requests.Of(Founding(), "found"));
  const auto other = Ask(requests.Of(Founding(), "other"));
  Settle();
  EXPECT_NE(first->accepted(), nullptr);
  EXPECT_NE(repeated->repeated(), nullptr);
  EXPECT_EQ(other->reason(), v1::REFUSAL_LEDGER_EXISTS);
}

TEST_F(SequencerTest, ALedgerThatHasNoMoreThanAGuardIsNotThere) {
  sequencer.reset();
  ASSERT_TRUE(MemoryEventLog(disk).AcquireWriter({kTown}).ok());
  Restart();
  EXPECT_EQ(log->Ledgers(), std::vector<std::string>{kTown});
  EXPECT_EQ(Answered(Ask(Volunteer("bo"))).reason(), v1::REFUSAL_LEDGER_UNKNOWN);
  EXPECT_NE(Answered(Ask(requests.Of(Founding(), "found"))).accepted(), nullptr);
  EXPECT_EQ(Durable(), 1u);
}

TEST_F(SequencerTest, FoundingForgetsTheRowsOfAnOlderLog) {
  Found();
  EXPECT_EQ(sink.forgotten, std::vector<std::string>{kTown});
}

TEST_F(SequencerTest, ALedgerIsFoundedWhileAnAppendIsInFlight) {
  Found();
  const auto first = Ask(Volunteer("bo"));
  StepAll();
  const auto founding = Ask({requests.Of(Founding(), "found")}, Lane::kCounter, "taizhou");
  const auto command = Ask({requests.Of(VolunteerNamed("bo"), "bo")}, Lane::kCounter, "taizhou");
  StepAll();
  EXPECT_FALSE(founding->done());
  Settle();
  EXPECT_NE(first->accepted(), nullptr);
  EXPECT_NE(founding->accepted(), nullptr);
  EXPECT_NE(command->accepted(), nullptr);
  EXPECT_EQ(opened, 1);
}

TEST_F(SequencerTest, ALogThatTakesNoNewLedgerIsOpenedAgain) {
  Found();
  const auto before = Ask(Volunteer("bo"));
  StepAll();
  log->acquire_fails = true;
  const auto founding = Ask({requests.Of(Founding(), "found")}, Lane::kCounter, "taizhou");
  const auto after = Ask(Volunteer("cy"));
  StepAll();
  EXPECT_FALSE(before->done()) << "still in flight";
  Complete();
  EXPECT_NE(before->accepted(), nullptr);
  EXPECT_EQ(founding->reason(), v1::REFUSAL_OUTCOME_UNKNOWN);
  Settle();
  EXPECT_EQ(opened, 2);
  EXPECT_NE(after->accepted(), nullptr);
  EXPECT_NE(Answered(Ask({requests.Of(Founding(), "found")}, Lane::kCounter, "taizhou")).accepted(),
            nullptr);
}

// ---- Many ledgers, restart, end.

TEST_F(SequencerTest, ManyLedgersShareAWrite) {
  std::vector<std::shared_ptr<Reply>> replies;
  for (int i = 0; i < 50; ++i) {
    replies.push_back(
        Ask({requests.Of(Founding(), "found"), requests.Of(VolunteerNamed("bo"), "bo")},
            Lane::kCounter, Text("town", i)));
  }
  sequencer->Step();
  Complete();
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(replies[i]->answers.size(), 2u);
    EXPECT_EQ(replies[i]->accepted(1)->sequence, 1u);
    EXPECT_EQ(Durable(Text("town", i)), 2u);
  }
  Restart();
  for (int i = 0; i < 50; ++i) {
    replies[i] = Ask({requests.Of(VolunteerNamed("cy"), "cy")}, Lane::kCounter, Text("town", i));
  }
  Settle();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(replies[i]->accepted()->sequence, 2u);
  EXPECT_EQ(opened, 2);
}

TEST_F(SequencerTest, AfterARestartRequestIdsAreRemembered) {
  Found();
  Answered(Ask(requests.Of(Credit("r1", "anna"))));
  Restart();
  EXPECT_NE(Answered(Ask(requests.Of(Credit("r1", "anna")))).repeated(), nullptr);
  EXPECT_EQ(Durable(), 6u);
}

TEST_F(SequencerTest, RowsFollowTheLogAtItsIntervalAndNeverOvertakeIt) {
  Found();
  clock.Advance(options.state_interval_us);
  Ask(Volunteer("bo"));
  StepAll();
  EXPECT_EQ(sink.applied_sizes[kTown], 5u) << "collected, not written: not durable yet";
  Complete();
  EXPECT_EQ(sink.applied_sizes[kTown], 6u);
  Answered(Ask(Volunteer("cy")));
  EXPECT_EQ(sink.applied_sizes[kTown], 6u) << "too early";
  clock.Advance(options.state_interval_us);
  sink.idle = false;
  Answered(Ask(Volunteer("di")));
  EXPECT_EQ(sink.applied_sizes[kTown], 6u) << "the sink is busy";
  sink.idle = true;
  Answered(Ask(Volunteer("ed")));
  EXPECT_EQ(sink.applied_sizes[kTown], 9u);
}

TEST_F(SequencerTest, CloseAnswersEveryoneAndWritesTheState) {
  Found();
  Answered(Ask(Volunteer("bo")));
  const auto queued = Ask(Volunteer("cy"));
  const auto read = Read();
  const absl::Status closed = sequencer->Close();
  EXPECT_TRUE(closed.ok()) << closed;
  EXPECT_EQ(queued->reason(), v1::REFUSAL_STOPPING);
  EXPECT_EQ(read->reason(), v1::REFUSAL_STOPPING);
  EXPECT_EQ(sink.applied_sizes[kTown], 6u);
  EXPECT_EQ(sequencer->log(), nullptr);
  EXPECT_EQ(sequencer->Close().code(), absl::StatusCode::kUnavailable) << "once is enough";
}

TEST_F(SequencerTest, CloseWhileBrokenAnswersEveryoneAndWritesNothing) {
  Found();
  Ask(Volunteer("bo"));
  StepAll();
  open_errors = 1000;
  Complete(AppendResult::kUnknown);
  StepAll();
  const int writes = sink.writes_seen;
  const auto queued = Ask(Volunteer("cy"));
  EXPECT_FALSE(sequencer->Close().ok());
  EXPECT_EQ(queued->reason(), v1::REFUSAL_STOPPING);
  EXPECT_EQ(sink.writes_seen, writes);
}

}  // namespace
}  // namespace meritbook
