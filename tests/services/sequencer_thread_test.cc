#include "services/sequencer_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/follower.h"
#include "services/growth.h"
#include "services/worker.h"
#include "tests/services/world.h"

namespace meritbook {
namespace {

using namespace std::chrono_literals;

// Waits until `condition` holds, for ten seconds at most.
template <typename Condition>
bool Eventually(Condition condition) {
  for (int i = 0; i < 10'000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

// A disk whose appends end on a thread of their own, a little later, some of them badly.
class LaggingDisk {
 public:
  explicit LaggingDisk(int fails_every = 0)
      : fails_every_(fails_every), thread_([this] { Run(); }) {}
  ~LaggingDisk() {
    stopping_ = true;
    thread_.join();
  }

  std::shared_ptr<EventLog> Open() {
    auto log = std::make_shared<MemoryEventLog>(disk_);
    log->set_hold(true);
    const std::lock_guard lock(mutex_);
    log_ = log;
    ++opened_;
    return log;
  }
  std::shared_ptr<MemoryEventLog> log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }
  void set_stalled(bool stalled) { stalled_ = stalled; }
  int opened() const { return opened_; }

 private:
  void Run() {
    for (int appends = 1; !stopping_;) {
      const auto log = this->log();
      if (log == nullptr || stalled_ || !log->in_flight()) {
        std::this_thread::sleep_for(50us);
        continue;
      }
      const bool fails = fails_every_ != 0 && appends % fails_every_ == 0;
      log->CompleteOne(fails ? AppendResult::kUnknown : AppendResult::kDurable,
                       appends % (2 * std::max(1, fails_every_)) == 0);
      ++appends;
    }
  }

  const int fails_every_;
  const std::shared_ptr<MemoryDisk> disk_ = NewMemoryDisk();
  std::mutex mutex_;
  std::shared_ptr<MemoryEventLog> log_;
  std::atomic<bool> stalled_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> opened_ = 0;
  std::thread thread_;
};

class SequencerThreadTest : public testing::Test {
 protected:
  void Start(int fails_every = 0, size_t queue_commands_max = 10'000) {
    disk_ = std::make_unique<LaggingDisk>(fails_every);
    sink_.size_of = [this](const std::string& id) { return disk_->log()->Size(id); };
    SequencerOptions options;
    options.open_log = [this]() -> absl::StatusOr<std::shared_ptr<EventLog>> {
      return disk_->Open();
    };
    options.load = [](EventLog& log, const std::string& id) { return Replayed(log, id); };
    options.clock = &clock_;
    options.salt = [this] { return ++salt_; };
    options.state_sink = &sink_;
    options.state_interval_us = 0;
    options.on_durable = [this] {
      growth_.Notify();
      follower_->Wake();
    };
    options.warn = [](const std::string&) {};
    sequencer_ = std::make_unique<SequencerThread>(std::move(options), queue_commands_max);
    follower_ = std::make_unique<Follower>([this] { return sequencer_->log(); },
                                           [](const std::string& line) { ADD_FAILURE() << line; });
    const absl::Status status = sequencer_->Start();
    ASSERT_TRUE(status.ok()) << status;
  }

  void TearDown() override {
    growth_.Stop();
    if (follower_) follower_->Stop();
  }

  // Submits and waits.
  std::vector<Answer> Ask(std::vector<Command> commands, const std::string& ledger = kTown) {
    auto answered = std::make_shared<std::promise<std::vector<Answer>>>();
    Call call;
    call.ledger_id = ledger;
    call.commands = std::move(commands);
    call.done = [answered](std::vector<Answer> answers) {
      answered->set_value(std::move(answers));
    };
    if (const auto refused = sequencer_->Submit(std::move(call))) return {*refused};
    return answered->get_future().get();
  }
  void Found() {
    const auto answers =
        Ask({requests_.Of(Founding(), "found"), requests_.Of(TheRule(), "rule"),
             requests_.Of(TheOrganisation(), "org"), requests_.Of(TheActivity(), "visit"),
             requests_.Of(VolunteerNamed("anna"), "anna")});
    for (const Answer& answer : answers) ASSERT_TRUE(std::holds_alternative<Accepted>(answer));
  }
  // The first command's refusal, if it is one.
  static v1::Refusal ReasonOf(const std::vector<Answer>& answers) {
    const auto* refused = std::get_if<Refused>(&answers.front());
    return refused == nullptr ? v1::REFUSAL_UNSPECIFIED : refused->reason;
  }

  ManualClock clock_;
  uint64_t salt_ = 0;
  RememberingSink sink_;
  Requests requests_;
  Growth growth_;
  std::unique_ptr<LaggingDisk> disk_;
  std::unique_ptr<Follower> follower_;
  std::unique_ptr<SequencerThread> sequencer_;
};

TEST_F(SequencerThreadTest, ManyThreadsAreAnsweredOnceEachAndReadersFollow) {
  Start();
  Found();
  constexpr int kThreads = 6;
  constexpr int kCalls = 300;
  std::atomic<int> answered = 0;
  std::atomic<int> read = 0;
  std::atomic<bool> over = false;

  // One follows the stream as an RPC does, over the log in use.
  std::thread stream([&] {
    uint64_t next = 0;
    while (true) {
      const uint64_t seen = growth_.count();
      const auto run = sequencer_->log()->Read(kTown, next, 100, SIZE_MAX);
      ASSERT_TRUE(run.ok());
      next += run->size();
      if (!run->empty()) continue;
      if (over) break;
      auto woken = std::make_shared<std::promise<void>>();
      growth_.Await(seen, [woken] { woken->set_value(); });
      woken->get_future().wait();
    }
    EXPECT_EQ(next, 5u + kThreads * kCalls);
  });
  std::vector<std::thread> threads;
  std::vector<std::unique_ptr<Requests>> requests;
  for (int t = 0; t < kThreads; ++t) requests.push_back(std::make_unique<Requests>());
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kCalls; ++i) {
        Call call;
        call.ledger_id = kTown;
        call.lane = i % 2 == 0 ? Lane::kCounter : Lane::kBulk;
        const std::string id = Text("v", t, "-", i);
        call.commands = {requests[t]->Of(VolunteerNamed(id), id)};
        call.done = [&](std::vector<Answer> answers) {
          EXPECT_TRUE(std::holds_alternative<Accepted>(answers.front()));
          ++answered;
        };
        ASSERT_FALSE(sequencer_->Submit(std::move(call)).has_value());
        if (i % 10 != 0) continue;
        Call look;
        look.ledger_id = kTown;
        auto size = std::make_shared<uint64_t>(0);
        look.read = [size](const Ledger& ledger) { *size = ledger.state().size(); };
        look.done = [&, size](std::vector<Answer>) {
          EXPECT_LE(*size, disk_->log()->Size(kTown));
          ++read;
        };
        ASSERT_FALSE(sequencer_->Submit(std::move(look)).has_value());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(Eventually([&] { return answered == kThreads * kCalls; }));
  EXPECT_TRUE(Eventually([&] { return read == kThreads * kCalls / 10; }));

  std::promise<uint32_t> volunteers;
  follower_->AwaitBooks(kTown, 5 + kThreads * kCalls, absl::Now() + absl::Seconds(10),
                        [&](const books::Books* books) {
                          volunteers.set_value(books == nullptr ? 0 : books->volunteers.size());
                        });
  EXPECT_EQ(volunteers.get_future().get(), 1u + kThreads * kCalls);

  over = true;
  growth_.Notify();
  stream.join();
  follower_->Stop();
  const auto log = disk_->log();
  const absl::Status stopped = sequencer_->Stop();
  EXPECT_TRUE(stopped.ok()) << stopped;
  EXPECT_EQ(sink_.applied_sizes[kTown], log->Size(kTown));
}

TEST_F(SequencerThreadTest, AFullQueueRefusesAtOnce) {
  Start(0, 100);
  Found();
  disk_->set_stalled(true);
  std::atomic<int> answered = 0;
  const auto submit = [&](const std::string& prefix, int count) {
    Call call;
    call.ledger_id = kTown;
    for (int i = 0; i < count; ++i) {
      const std::string id = Text(prefix, i);
      call.commands.push_back(requests_.Of(VolunteerNamed(id), id));
    }
    call.done = [&](std::vector<Answer>) { ++answered; };
    return sequencer_->Submit(std::move(call));
  };
  EXPECT_FALSE(submit("a", 150).has_value()) << "an empty queue takes a call of any size";
  ASSERT_TRUE(submit("b", 1).has_value());
  EXPECT_EQ(submit("b", 1)->reason, v1::REFUSAL_QUEUE_FULL);
  disk_->set_stalled(false);
  ASSERT_TRUE(Eventually([&] { return answered == 1; }));
  disk_->set_stalled(true);
  EXPECT_FALSE(submit("c", 60).has_value());
  EXPECT_FALSE(submit("d", 40).has_value()) << "exactly at the bound";
  EXPECT_EQ(submit("e", 1)->reason, v1::REFUSAL_QUEUE_FULL);
  disk_->set_stalled(false);
  EXPECT_TRUE(Eventually([&] { return answered == 3; })) << "refused calls are not answered too";
}

TEST_F(SequencerThreadTest, StopUnderLoadAnswersWhatWasAccepted) {
  Start();
  Found();
  constexpr int kThreads = 4;
  std::atomic<int> accepted = 0;
  std::atomic<int> answered = 0;
  std::vector<std::unique_ptr<Requests>> requests;
  for (int t = 0; t < kThreads; ++t) requests.push_back(std::make_unique<Requests>());
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100'000; ++i) {
        Call call;
        call.ledger_id = kTown;
        const std::string id = Text("v", t, "-", i);
        call.commands = {requests[t]->Of(VolunteerNamed(id), id)};
        call.done = [&](std::vector<Answer>) { ++answered; };
        const auto refused = sequencer_->Submit(std::move(call));
        if (!refused) {
          ++accepted;
        } else if (refused->reason == v1::REFUSAL_STOPPING) {
          return;
        } else {
          EXPECT_EQ(refused->reason, v1::REFUSAL_QUEUE_FULL);
          std::this_thread::yield();
        }
      }
    });
  }
  std::this_thread::sleep_for(100ms);
  follower_->Stop();
  const absl::Status stopped = sequencer_->Stop();
  EXPECT_TRUE(stopped.ok()) << stopped;
  const int answered_at_stop = answered;
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(answered, 0);
  EXPECT_EQ(answered_at_stop, accepted);
  EXPECT_EQ(answered, accepted);
  EXPECT_FALSE(sequencer_->Stop().ok()) << "a second time does no harm";
}

TEST_F(SequencerThreadTest, AFailingDiskUnderLoadLeavesOneEffectEach) {
  Start(3);
  while (true) {
    const auto answers = Ask({requests_.Of(Founding(), "found")});
    if (ReasonOf(answers) != v1::REFUSAL_OUTCOME_UNKNOWN) break;
  }
  constexpr int kThreads = 4;
  constexpr int kRequests = 60;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      Requests requests;
      for (int i = 0; i < kRequests; ++i) {
        const std::string id = Text("v", t, "-", i);
        for (int tries = 0;; ++tries) {
          ASSERT_LT(tries, 1000);
          const auto answers = Ask({requests.Of(VolunteerNamed(id), id)});
          if (ReasonOf(answers) == v1::REFUSAL_UNSPECIFIED) break;
          ASSERT_EQ(ReasonOf(answers), v1::REFUSAL_OUTCOME_UNKNOWN);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(disk_->opened(), 3);
  follower_->Stop();
  (void)sequencer_->Stop();  // its last append may have failed
  const auto replayed = Replayed(*disk_->Open(), kTown);
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_EQ((*replayed)->state().size(), 1u + kThreads * kRequests);
}

TEST_F(SequencerThreadTest, WhatCantStartCanBeStopped) {
  SequencerOptions options;
  options.open_log = []() -> absl::StatusOr<std::shared_ptr<EventLog>> {
    return absl::DataLossError("the log is refused");
  };
  options.clock = &clock_;
  options.state_sink = &sink_;
  sequencer_ = std::make_unique<SequencerThread>(std::move(options), 1);
  EXPECT_EQ(sequencer_->Start().code(), absl::StatusCode::kDataLoss);
  EXPECT_FALSE(sequencer_->Stop().ok());
}

// ---- Who runs beside it.

TEST(Growth, WhoLookedBeforeItGrewIsNotForgotten) {
  Growth growth;
  const uint64_t seen = growth.count();
  growth.Notify();  // between her look at the log and her wait
  bool woken = false;
  growth.Await(seen, [&] { woken = true; });
  EXPECT_TRUE(woken);
}

TEST(Growth, WakesOnceAndAtTheEnd) {
  Growth growth;
  int woken = 0;
  growth.Await(growth.count(), [&] { ++woken; });
  EXPECT_EQ(woken, 0);
  growth.Notify();
  growth.Notify();
  EXPECT_EQ(woken, 1);
  growth.Await(growth.count(), [&] { ++woken; });
  growth.Stop();
  EXPECT_EQ(woken, 2);
  EXPECT_TRUE(growth.stopped());
  growth.Await(growth.count(), [&] { ++woken; });
  EXPECT_EQ(woken, 3);
}

TEST(Worker, RunsInOrderAllBeforeStopAndInlineAfterwards) {
  Worker worker;
  std::vector<int> done;
  for (int i = 0; i < 1000; ++i) {
    worker.Post([&done, i] { done.push_back(i); });
  }
  worker.Stop();
  ASSERT_EQ(done.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(done[i], i);
  worker.Post([&done] { done.push_back(1000); });
  EXPECT_EQ(done.size(), 1001u);
  worker.Stop();
}

class FollowerTest : public testing::Test {
 protected:
  void Append(const std::string& ledger, const std::vector<std::string>& events) {
    const uint64_t epoch = *log_->AcquireWriter({ledger});
    LedgerAppend append{ledger, epoch, log_->Size(ledger), {}};
    for (const std::string& event : events) append.events.Add(event);
    log_->Append({std::move(append)}, [](AppendResult) {});
  }
  static std::string VolunteerEvent(uint64_t sequence, const std::string& id) {
    v1::Event event;
    event.set_sequence(sequence);
    event.mutable_volunteer_registered()->mutable_command()->set_volunteer_id(id);
    return event.SerializeAsString();
  }
  static std::string FoundingEvent() {
    v1::Event event;
    event.mutable_ledger_created()->set_time_zone("Asia/Shanghai");
    return event.SerializeAsString();
  }
  // How many volunteers there are.
  std::optional<uint32_t> Await(Follower& follower, const std::string& ledger, uint64_t size,
                                absl::Duration wait) {
    auto volunteers = std::make_shared<std::promise<std::optional<uint32_t>>>();
    follower.AwaitBooks(ledger, size, absl::Now() + wait, [volunteers](const books::Books* books) {
      volunteers->set_value(books == nullptr ? std::nullopt
                                             : std::optional(books->volunteers.size()));
    });
    return volunteers->get_future().get();
  }

  const std::shared_ptr<MemoryEventLog> log_ = std::make_shared<MemoryEventLog>();
  std::mutex mutex_;
  std::vector<std::string> warnings_;
  const std::function<void(const std::string&)> warn_ = [this](const std::string& line) {
    const std::lock_guard lock(mutex_);
    warnings_.push_back(line);
  };
};

TEST_F(FollowerTest, OneLedgerThatStandsStillHoldsUpNoOtherAndIsToldOnce) {
  Append("a", {FoundingEvent(), VolunteerEvent(1, "anna"), "nonsense"});
  Append("b", {FoundingEvent()});
  Follower follower([this] { return log_; }, warn_);
  for (uint64_t size = 1; size < 20; ++size) {
    ASSERT_TRUE(Await(follower, "b", size, absl::Seconds(10)).has_value());
    Append("b", {VolunteerEvent(size, Text("bo", size))});
    follower.Wake();
  }
  EXPECT_EQ(Await(follower, "a", 2, absl::Seconds(10)), 1u);
  EXPECT_FALSE(Await(follower, "a", 3, absl::Milliseconds(1)).has_value());
  follower.Stop();
  EXPECT_EQ(warnings_.size(), 1u);
}

TEST_F(FollowerTest, AnswersAtTheDeadlineAndAtTheEnd) {
  Follower follower([]() -> std::shared_ptr<EventLog> { return nullptr; }, warn_);
  EXPECT_FALSE(Await(follower, "nowhere", 1, absl::Milliseconds(1)).has_value());
  std::promise<bool> answered;
  follower.AwaitBooks("nowhere", 1, absl::InfiniteFuture(),
                      [&](const books::Books* books) { answered.set_value(books != nullptr); });
  follower.Stop();
  EXPECT_FALSE(answered.get_future().get());
  EXPECT_FALSE(Await(follower, "nowhere", 1, absl::InfiniteDuration()).has_value());
}

}  // namespace
}  // namespace meritbook
