// Clients post while the server dies: what was acknowledged is there, once, and nothing else is.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <random>
#include <thread>

#include "tests/e2e/poster.h"
#include "tests/e2e/seed.h"

namespace meritbook::e2e {
namespace {

constexpr int kBatch = 64;

class Killed : public testing::Test {
 protected:
  Killed() : town_(1) {}

  void SetUp() override { posters_.emplace(town_, std::vector<int>{0, 0, 0, kBatch, kBatch}); }

  void Restart() {
    town_.Start();
    posters_->MoveTo(town_.server().port());
  }

  void SleepUpTo(int milliseconds) {
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution<>(1, milliseconds)(random_)));
  }

  std::mt19937_64 random_{Seed()};
  Town town_;
  std::optional<Posters> posters_;
};

TEST_F(Killed, AtAnyMomentNothingIsLostOrDoubled) {
  for (int round = 0; round < 5; ++round) {
    SleepUpTo(700);
    town_.server().Kill();
    Restart();
  }
  SleepUpTo(300);
  posters_->ExpectEverythingOnce(town_);
}

TEST_F(Killed, EvenWithoutItsStateEachTime) {
  for (int round = 0; round < 2; ++round) {
    SleepUpTo(500);
    town_.server().Kill();
    std::filesystem::remove_all(town_.server().data_dir() + "/state");
    Restart();
  }
  posters_->ExpectEverythingOnce(town_);
}

TEST_F(Killed, AskedToStopItAnswersFirst) {
  for (int round = 0; round < 3; ++round) {
    SleepUpTo(500);
    EXPECT_EQ(town_.Stop(), 0);
    Restart();
  }
  posters_->ExpectEverythingOnce(town_);
}

}  // namespace
}  // namespace meritbook::e2e
