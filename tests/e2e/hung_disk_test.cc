// A disk that doesn't answer: nobody waits longer than he said, and health is told at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <iostream>
#include <optional>
#include <thread>

#include "tests/e2e/bad_disk.h"
#include "tests/e2e/poster.h"

namespace meritbook::e2e {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// How long the disk says nothing, at least.
constexpr seconds kHang{2};
// After this it has told so itself (services/health.h: five seconds).
constexpr seconds kToldMax{15};
// Within which whatever needs no disk is answered.
constexpr milliseconds kPrompt{1'000};
constexpr milliseconds kDeadline{400};
// What grpc.health.v1 answers.
constexpr char kServing[] = "\x08\x01";
constexpr char kNotServing[] = "\x08\x02";

// Calls again and again, and keeps how long the slowest answer took.
class Watch {
 public:
  explicit Watch(std::function<void()> call) : call_(std::move(call)) {
    thread_ = std::thread([this] {
      while (!ending_) {
        const auto begin = steady_clock::now();
        call_();
        slowest_ = std::max(slowest_, duration_cast<milliseconds>(steady_clock::now() - begin));
        ++calls_;
        std::this_thread::sleep_for(milliseconds(10));
      }
    });
  }
  ~Watch() { End(); }

  void End() {
    ending_ = true;
    if (thread_.joinable()) thread_.join();
  }
  // After End.
  milliseconds slowest() const { return slowest_; }
  int calls() const { return calls_; }

 private:
  const std::function<void()> call_;
  std::atomic<bool> ending_ = false;
  milliseconds slowest_{0};
  int calls_ = 0;
  std::thread thread_;
};

class HungDisk : public testing::TestWithParam<const char*> {
 protected:
  HungDisk() : town_(1, disk_.Options()) {}

  void SetUp() override {
    posters_.emplace(town_, std::vector<int>{0, 0, 64}, kDeadline);
    ASSERT_TRUE(posters_->AwaitMore(500, seconds(20)));
  }
  // Whatever failed, the posters can end.
  void TearDown() override { disk_.Clear(GetParam()); }

  void Hang() {
    disk_.Set(GetParam());
    ASSERT_TRUE(Await(seconds(20), [&] { return disk_.Met(GetParam()); })) << "nothing hangs";
  }

  std::string Health() {
    const Client client(town_.server().port(), std::nullopt);
    std::string response;
    EXPECT_EQ(client.CallPath("/grpc.health.v1.Health/Check", "", &response, seconds(10)), "OK");
    return response;
  }
  v1::GetServerStatusResponse Status() {
    v1::GetServerStatusResponse status;
    EXPECT_EQ(town_.operators().Call(v1::GetServerStatusRequest(), &status, seconds(10)), "OK");
    return status;
  }

  int CountOf(const std::string& outcome) const {
    const auto outcomes = posters_->outcomes();
    const auto found = outcomes.find(outcome);
    return found == outcomes.end() ? 0 : found->second;
  }

  BadDisk disk_;
  Town town_;
  std::optional<Posters> posters_;
};

TEST_P(HungDisk, EveryCallEndsInTimeAndItGoesOn) {
  Watch health([this] { (void)Health(); });
  Watch status([this] { (void)Status(); });
  Watch ledgers([this] {
    v1::ListLedgersResponse response;
    EXPECT_EQ(town_.operators().Call(v1::ListLedgersRequest(), &response, seconds(10)), "OK");
    EXPECT_EQ(response.ledger_ids_size(), 1);
  });
  Watch strangers([this] {
    const Client stranger(town_.server().port(), "Bearer nobody.nothing");
    EXPECT_EQ(stranger.Call(BalanceOf("ann"), nullptr, seconds(10)),
              "UNAUTHENTICATED UNAUTHENTICATED authorization");
  });
  ASSERT_NO_FATAL_FAILURE(Hang());
  const int late = CountOf("DEADLINE_EXCEEDED");
  const int64_t before = posters_->acknowledged_count();
  const auto begin = steady_clock::now();
  std::vector<milliseconds> taken;
  while (steady_clock::now() - begin < kHang) {
    const auto sent = steady_clock::now();
    const Outcome outcome = town_.platform().Call(Volunteer("bob"), nullptr, kDeadline);
    EXPECT_EQ(outcome.code, "DEADLINE_EXCEEDED") << outcome;
    taken.push_back(duration_cast<milliseconds>(steady_clock::now() - sent));
  }
  EXPECT_LT(*std::max_element(taken.begin(), taken.end()), kDeadline + kPrompt);
  EXPECT_GT(CountOf("DEADLINE_EXCEEDED"), late);
  // Each poster may have had one answer that was on its way.
  EXPECT_LE(posters_->acknowledged_count(), before + 66);
  EXPECT_TRUE(town_.server().running());
  EXPECT_GE(Status().write_waiting_us(), 1'000'000u);
  EXPECT_TRUE(Await(kToldMax, [&] { return Health() == kNotServing; }));
  EXPECT_EQ(Status().hindrance(), v1::REFUSAL_DEADLINE_EXCEEDED);

  disk_.Clear(GetParam());
  EXPECT_TRUE(posters_->AwaitMore(500, seconds(20))) << "it doesn't go on";
  EXPECT_TRUE(Await(kToldMax, [&] { return Health() == kServing; }));
  EXPECT_EQ(Status().hindrance(), v1::REFUSAL_UNSPECIFIED);
  for (Watch* watch : {&health, &status, &ledgers, &strangers}) {
    watch->End();
    EXPECT_GT(watch->calls(), 10);
    EXPECT_LT(watch->slowest(), kPrompt);
  }
  std::cout << "slowest: health " << health.slowest().count() << " ms, status "
            << status.slowest().count() << " ms, ledgers " << ledgers.slowest().count()
            << " ms, strangers " << strangers.slowest().count() << " ms\n";
  EXPECT_EQ(town_.platform().Call(Volunteer("bob")), "OK");
  posters_->ExpectEverythingOnce(town_);
  EXPECT_EQ(town_.Stop(), 0);
}

// It can't promise to keep what it never got an answer for; so it waits for the disk, and nobody
// else has to wait for it.
TEST_P(HungDisk, AskedToStopMeanwhileItEndsWhenTheDiskIsBack) {
  ASSERT_NO_FATAL_FAILURE(Hang());
  town_.server().Terminate();
  // Calls under way are ended for their clients after the drain time, and new ones refused.
  const auto begin = steady_clock::now();
  const Outcome outcome = town_.platform().Call(Volunteer("bob"), nullptr, seconds(20));
  EXPECT_FALSE(outcome.ok());
  EXPECT_LT(steady_clock::now() - begin, seconds(8)) << outcome;
  disk_.Clear(GetParam());
  EXPECT_EQ(town_.Stop(), 0) << "clients that sleep are disconnected first";
  town_.Start();
  posters_->MoveTo(town_.server().port());
  EXPECT_TRUE(posters_->AwaitMore(500, seconds(20)));
  posters_->ExpectEverythingOnce(town_);
}

INSTANTIATE_TEST_SUITE_P(Faults, HungDisk, testing::Values("hang-sync", "hang-write"),
                         [](const auto& fault) {
                           return std::string(fault.param) == "hang-sync" ? "Sync" : "Write";
                         });

}  // namespace
}  // namespace meritbook::e2e
