// Random calls against a log that fails in every way it may, under a clock that steps, with kills
// in between. Whatever happens: no answer before what it rests on is durable, none twice, and in
// the end one effect for each request.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/services/world.h"

namespace meritbook {
namespace {

constexpr int kTicks = 1'500;
const std::vector<std::string> kTowns = {"live-1", "live-2", "migrating"};

// Refusals that say nothing of the wish itself.
const std::set<v1::Refusal> kAskAgain = {
    v1::REFUSAL_OUTCOME_UNKNOWN,         v1::REFUSAL_STORAGE_LOW,
    v1::REFUSAL_CLOCK_SUSPECT,           v1::REFUSAL_DEADLINE_EXCEEDED,
    v1::REFUSAL_ATOMIC_ABORTED,          v1::REFUSAL_RECORDED_TIME_BACKWARDS,
    v1::REFUSAL_RECORDED_TIME_IN_FUTURE,
};

class Simulation : private World {
 public:
  explicit Simulation(uint32_t seed) : random_(seed) {
    options.slice_commands_max = 16;
    options.pending_bytes_max = 3'000;
    options.state_interval_us = 100'000;
    Open();
    for (const std::string& town : kTowns) Found(town == "migrating", std::nullopt, town);
  }

  void Run() {
    for (int i = 0; i < kTicks && !testing::Test::HasFailure(); ++i) Tick();
    // From now on nothing fails any more.
    calm_ = true;
    open_errors = 0;
    clock.Advance(kDayUs);  // beyond all that the steps back have lost
    StepAll();
    log->set_full(false);
    sink.lags = false;
    sink.idle = true;
    ConfirmClock();
    for (int i = 0; i < 100 && !testing::Test::HasFailure(); ++i) {
      Settle();
      std::vector<int> open;
      for (size_t n = 0; n < wishes_.size(); ++n) {
        if (!wishes_[n].fulfilled) open.push_back(static_cast<int>(n));
      }
      if (open.empty()) break;
      for (int n : open) Send({n}, false);
    }
    CheckEnd();
  }

 private:
  // What a client wants to happen once, however often she has to ask.
  struct Wish {
    std::string town;
    std::string request_id;
    bool credit = false;
    bool fulfilled = false;
    int accepted = 0;
  };

  int Pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  bool Chance(int percent) { return Pick(100) < percent; }

  void Tick() {
    switch (Pick(10)) {
      case 0:
      case 1:
      case 2:
        SendSome();
        return;
      case 3:
        SendRead();
        return;
      case 4:
      case 5:
        sequencer->Step();
        return;
      case 6:
      case 7:
        if (log->in_flight()) EndAppend();
        return;
      case 8:
        clock.Advance(Pick(200'000));
        return;
      case 9:
        Disturb();
        return;
    }
  }

  void SendSome() {
    const std::string& town = kTowns[Pick(3)];
    std::vector<int> wishes;
    const int count = Chance(5) ? 60 : 1 + Pick(4);
    for (int i = 0; i < count; ++i) {
      // An old one again, or a new one.
      int n = Chance(20) && !wishes_.empty() ? Pick(static_cast<int>(wishes_.size())) : -1;
      const auto same = [&](int other) { return other == n; };
      if (n < 0 || wishes_[n].town != town || std::any_of(wishes.begin(), wishes.end(), same)) {
        n = static_cast<int>(wishes_.size());
        wishes_.push_back({.town = town, .request_id = Text("w", n), .credit = Chance(50)});
      }
      wishes.push_back(n);
    }
    Send(wishes, Chance(20));
  }

  // All of one town.
  void Send(const std::vector<int>& wishes, bool atomic) {
    const std::string town = wishes_[wishes.front()].town;
    std::optional<int64_t> recorded_us;
    if (town == "migrating") recorded_us = std::max(clock.wall_us - kSecondUs, recorded_us_);
    if (recorded_us) recorded_us_ = *recorded_us;
    Call call;
    call.ledger_id = town;
    call.lane = Chance(50) ? Lane::kCounter : Lane::kBulk;
    call.atomic = atomic;
    if (!calm_ && Chance(10)) call.deadline_us = clock.monotonic_us + Pick(100'000);
    for (int n : wishes) {
      const Wish& wish = wishes_[n];
      if (wish.credit) {
        const std::string day = Text("2024-05-", 10 + n % 20);
        call.commands.push_back(
            requests.Of(Credit(wish.request_id, "anna", day, 1), std::nullopt, recorded_us));
      } else {
        call.commands.push_back(
            requests.Of(VolunteerNamed(wish.request_id), wish.request_id, recorded_us));
      }
    }
    Enqueue(std::move(call), [this, wishes](const std::vector<Answer>& answers) {
      ASSERT_EQ(answers.size(), wishes.size());
      for (size_t i = 0; i < wishes.size(); ++i) Check(wishes_[wishes[i]], answers[i]);
    });
  }

  void SendRead() {
    const std::string& town = kTowns[Pick(3)];
    auto size = std::make_shared<uint64_t>(0);
    Call call;
    call.ledger_id = town;
    call.read = [size](const Ledger& ledger) { *size = ledger.state().size(); };
    Enqueue(std::move(call), [this, town, size](const std::vector<Answer>& answers) {
      if (!answers.empty()) return;
      EXPECT_LE(*size, log->Size(town)) << "a read was answered too early";
    });
  }

  void Enqueue(Call call, std::function<void(const std::vector<Answer>&)> check) {
    const int id = next_call_++;
    unanswered_.insert(id);
    call.done = [this, id, check = std::move(check)](std::vector<Answer> answers) {
      EXPECT_EQ(unanswered_.erase(id), 1u) << "a call was answered twice";
      check(answers);
    };
    sequencer->Enqueue(std::move(call));
  }

  void Check(Wish& wish, const Answer& answer) {
    if (const auto* accepted = std::get_if<Accepted>(&answer)) {
      EXPECT_EQ(++wish.accepted, 1) << wish.request_id;
      CheckDurable(wish, accepted->sequence);
    } else if (const auto* repeated = std::get_if<AlreadyApplied>(&answer)) {
      CheckDurable(wish, repeated->sequence);
    } else {
      const Refused& refused = std::get<Refused>(answer);
      EXPECT_TRUE(kAskAgain.contains(refused.reason)) << wish.request_id << ": " << refused.message;
    }
  }

  void CheckDurable(Wish& wish, uint64_t sequence) {
    wish.fulfilled = true;
    const auto run = log->Read(wish.town, sequence, 1, 1);
    ASSERT_TRUE(run.ok() && run->size() == 1) << "answered before it was durable";
    v1::Event event;
    ASSERT_TRUE(event.ParseFromString(std::string((*run)[0])));
    EXPECT_EQ(event.request_id(), wish.request_id);
  }

  void EndAppend() {
    const int how = Pick(100);
    if (how < 80) {
      log->CompleteOne(AppendResult::kDurable);
    } else if (how < 88) {
      log->CompleteOne(AppendResult::kUnknown, true);
    } else if (how < 95) {
      log->CompleteOne(AppendResult::kUnknown, false);
    } else {
      ASSERT_TRUE(MemoryEventLog(disk).AcquireWriter({kTowns[Pick(3)]}).ok());
      log->CompleteOne(AppendResult::kDurable);
    }
    if (Chance(30)) open_errors = Pick(3);
  }

  void Disturb() {
    switch (Pick(7)) {
      case 0:
        log->set_full(Chance(30));
        return;
      case 1:
        if (Chance(20)) clock.StepWall((Chance(50) ? 1 : -1) * 70 * kSecondUs);
        return;
      case 2:
        Confirm();
        return;
      case 3:
        sink.lags = Chance(50);
        sink.idle = true;
        return;
      case 4:
        clock.Advance(kSecondUs);
        return;
      case 5:
        if (Chance(20)) Kill();
        return;
      case 6:
        if (Chance(20) && !log->in_flight() && sequencer->log() != nullptr) Stop();
        return;
    }
  }

  void Confirm() {
    Call call;
    call.confirms_clock = true;
    Enqueue(std::move(call), [](const std::vector<Answer>&) {});
  }

  void Kill() {
    open_errors = 0;
    // What was in flight may have reached the disk.
    if (log->in_flight()) log->CompleteOne(AppendResult::kUnknown, Chance(50));
    unanswered_.clear();
    Restart();
    sink.idle = true;
    Confirm();
  }

  void Stop() {
    open_errors = 0;
    clock.Advance(2 * kSecondUs);
    Settle();
    if (sequencer->log() == nullptr) return;
    const absl::Status closed = sequencer->Close();
    EXPECT_TRUE(closed.ok()) << closed;
    EXPECT_TRUE(unanswered_.empty()) << "a call was never answered";
    for (const auto& [town, size] : sink.applied_sizes) EXPECT_EQ(size, log->Size(town));
    Restart();
    Confirm();
  }

  void CheckEnd() {
    EXPECT_TRUE(unanswered_.empty()) << "a call was never answered";
    EXPECT_GT(opened, 1);
    std::map<std::string, std::map<std::string, int>> effects;
    for (const std::string& town : kTowns) {
      const auto replayed = Replayed(*log, town);
      ASSERT_TRUE(replayed.ok()) << replayed.status();
      uint64_t live_size = 0;
      int64_t live_units = 0;
      Call call;
      call.ledger_id = town;
      call.read = [&](const Ledger& ledger) {
        live_size = ledger.state().size();
        live_units = ledger.state().ledger().issued_units;
      };
      Enqueue(std::move(call), [](const std::vector<Answer>&) {});
      Settle();
      EXPECT_EQ(live_size, (*replayed)->state().size());
      EXPECT_EQ(live_units, (*replayed)->state().ledger().issued_units);
      const auto run = log->Read(town, 0, SIZE_MAX, SIZE_MAX);
      for (size_t i = 0; i < run->size(); ++i) {
        v1::Event event;
        ASSERT_TRUE(event.ParseFromString(std::string((*run)[i])));
        ++effects[town][event.request_id()];
      }
    }
    for (const Wish& wish : wishes_) {
      EXPECT_TRUE(wish.fulfilled) << wish.request_id;
      EXPECT_EQ(effects[wish.town][wish.request_id], 1) << wish.request_id;
    }
  }

  std::mt19937 random_;
  bool calm_ = false;
  int64_t recorded_us_ = 0;
  int next_call_ = 0;
  std::set<int> unanswered_;
  std::vector<Wish> wishes_;
};

TEST(SequencerSimulation, EveryAnswerHoldsAndEveryRequestHasOneEffect) {
  const char* const chosen = std::getenv("MERIT_SEED");
  const uint32_t first =
      chosen != nullptr ? static_cast<uint32_t>(std::stoul(chosen)) : std::random_device()();
  const uint32_t seeds = chosen != nullptr ? 1 : 20;
  for (uint32_t i = 0; i < seeds; ++i) {
    SCOPED_TRACE(Text("replay with MERIT_SEED=", first + i,
                      " ctest -R services_sequencer_simulation_test --output-on-failure"));
    Simulation(first + i).Run();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace meritbook
