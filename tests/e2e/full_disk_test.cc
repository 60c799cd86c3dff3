// A full disk: refused in time, still read, and going on by itself once there is room.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <thread>

#include "ledger/text.h"
#include "tests/e2e/poster.h"
#include "tests/e2e/small_disk.h"

namespace meritbook::e2e {
namespace {

using std::chrono::seconds;

constexpr uint64_t kMega = 1 << 20;
// The least that the server takes.
constexpr uint64_t kFloorMin = 16 * kMega;
// Of the log (storage/log_database.cc): so much is written before a table is.
constexpr uint64_t kWriteBufferBytes = 32 * kMega;

// Of the file that was made last.
uint64_t NewestBytes(const std::string& folder, const std::string& suffix) {
  std::map<std::string, uint64_t> sizes;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::error_code gone;
    const uint64_t bytes = entry.file_size(gone);
    if (entry.path().extension() == suffix && !gone) sizes[entry.path().filename()] = bytes;
  }
  return sizes.empty() ? 0 : sizes.rbegin()->second;
}

std::string Floor(uint64_t bytes) { return Text("free_bytes_floor: ", bytes, "\n"); }

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = SmallDisk::WhyNot(); !reason.empty()) {
      GTEST_SKIP() << "NOT TESTED: " << reason;
    }
    disk_.emplace(SmallDisk::Size{.bytes = 160 * kMega, .files = 2'000});
  }

  // Whatever failed, the posters can end.
  void TearDown() override {
    if (disk_) disk_->MakeRoom();
  }

  void Begin(uint64_t floor_bytes, const std::vector<int>& batches) {
    town_.emplace(1, ServerOptions{.data_dir = disk_->data_dir(), .config = Floor(floor_bytes)});
    posters_.emplace(*town_, batches);
    ASSERT_TRUE(posters_->AwaitMore(500, seconds(20)));
  }

  int CountOf(const std::string& outcome) const {
    const auto outcomes = posters_->outcomes();
    const auto found = outcomes.find(outcome);
    return found == outcomes.end() ? 0 : found->second;
  }
  bool AwaitOutcome(const std::string& outcome, int more) const {
    const int wanted = CountOf(outcome) + more;
    return Await(seconds(20), [&] { return CountOf(outcome) >= wanted; });
  }
  bool Said(const std::string& text) {
    return town_->server().output().find(text) != std::string::npos;
  }

  // Reads of every kind, while no command is taken.
  void ExpectReads() {
    const uint64_t size = town_->Size();
    EXPECT_GE(size, posters_->acknowledged_count());
    EXPECT_EQ(town_->Events().size(), size);
    EXPECT_EQ(town_->BalanceOf("ann").available_units(), 0);
    v1::GetSummaryResponse summary;
    EXPECT_EQ(town_->auditor().Call(Parse<v1::GetSummaryRequest>(""), &summary), "OK");
    EXPECT_GE(summary.service_minutes(), posters_->acknowledged_count());
    EXPECT_EQ(town_->auditor().Call(Parse<v1::GetTrialBalanceRequest>("")), "OK");
    v1::GetByRequestIdResponse known;
    EXPECT_EQ(town_->platform().Call(Parse<v1::GetByRequestIdRequest>(
                                         "kind: COMMAND_KIND_REGISTER_VOLUNTEER request_id: 'ann'"),
                                     &known),
              "OK");
  }

  std::optional<SmallDisk> disk_;
  std::optional<Town> town_;
  std::optional<Posters> posters_;
};

constexpr char kLow[] = "RESOURCE_EXHAUSTED STORAGE_LOW";

TEST_F(FullDisk, CommandsAreRefusedInTimeAndTakenAgainWhenThereIsRoom) {
  constexpr uint64_t kFloor = 64 * kMega;
  ASSERT_NO_FATAL_FAILURE(Begin(kFloor, {0, 0, 64}));
  for (int round = 0; round < 2; ++round) {
    disk_->LeaveFree(kFloor - kMega);
    // Each poster has been told so more than once: nothing is under way any more.
    ASSERT_TRUE(AwaitOutcome(kLow, 200)) << "not refused";
    const int64_t before = posters_->acknowledged_count();
    ASSERT_TRUE(AwaitOutcome(kLow, 200));
    EXPECT_EQ(posters_->acknowledged_count(), before) << "taken below the floor";
    EXPECT_EQ(town_->platform().Call(Volunteer("bob")), kLow);
    ExpectReads();
    disk_->MakeRoom();
    EXPECT_TRUE(posters_->AwaitMore(500, seconds(20))) << "it doesn't go on by itself";
  }
  EXPECT_FALSE(Said("must be reopened")) << "RocksDB met the end of the disk";
  for (const auto& [outcome, count] : posters_->outcomes()) {
    EXPECT_TRUE(outcome == "OK" || outcome == kLow) << outcome << " " << count << " times";
  }
  posters_->ExpectEverythingOnce(*town_);
  EXPECT_EQ(town_->Stop(), 0);
}

// The disk is filled up at once, while a table is being written.
TEST_F(FullDisk, WhereRocksDbMeetsItNothingIsLost) {
  ASSERT_NO_FATAL_FAILURE(Begin(kFloorMin, {0, 4'096, 4'096}));
  ASSERT_TRUE(Await(seconds(30), [&] {
    return NewestBytes(disk_->data_dir() + "/log", ".log") > kWriteBufferBytes * 4 / 5;
  }));
  const uint64_t nearly_full = NewestBytes(disk_->data_dir() + "/log", ".log");
  // The next write-ahead log is begun when the table of this one is: no room from now on.
  while (NewestBytes(disk_->data_dir() + "/log", ".log") >= nearly_full) std::this_thread::yield();
  disk_->LeaveFree(0);
  const bool met = Await(seconds(20), [&] { return Said("No space left"); });
  ASSERT_TRUE(met) << "RocksDB never met the end of the disk";
  disk_->LeaveFree(0);
  const auto outcomes_met = [&] { return CountOf("UNAVAILABLE OUTCOME_UNKNOWN") + CountOf(kLow); };
  ASSERT_TRUE(Await(seconds(20), [&] { return outcomes_met() > 0; }));
  EXPECT_TRUE(town_->server().running());
  const int64_t before = posters_->acknowledged_count();
  disk_->MakeRoom();
  EXPECT_TRUE(posters_->AwaitMore(10'000, seconds(30)))
      << "it doesn't go on by itself; " << posters_->acknowledged_count() - before << " more";
  for (const auto& [outcome, count] : posters_->outcomes()) {
    std::cout << count << " × " << outcome << "\n";
  }
  posters_->ExpectEverythingOnce(*town_);
  EXPECT_EQ(town_->Stop(), 0);
}

// Bytes are free, so that no floor helps, but no new file can be made.
TEST_F(FullDisk, WithoutNamesForFilesNothingIsLost) {
  ASSERT_NO_FATAL_FAILURE(Begin(kFloorMin, {0, 4'096, 4'096}));
  disk_->TakeAllNames();
  ASSERT_TRUE(Await(seconds(60), [&] { return Said("No space left") && Said("reopened"); }))
      << "RocksDB never met the end of the disk";
  ASSERT_TRUE(AwaitOutcome("UNAVAILABLE OUTCOME_UNKNOWN", 3));
  EXPECT_TRUE(town_->server().running());
  disk_->MakeRoom();
  EXPECT_TRUE(posters_->AwaitMore(10'000, seconds(30))) << "it doesn't go on by itself";
  for (const auto& [outcome, count] : posters_->outcomes()) {
    std::cout << count << " × " << outcome << "\n";
  }
  posters_->ExpectEverythingOnce(*town_);
  EXPECT_EQ(town_->Stop(), 0);
}

TEST_F(FullDisk, AServerThatIsStartedOnItDamagesNothing) {
  ASSERT_NO_FATAL_FAILURE(Begin(kFloorMin, {0, 64}));
  for (const uint64_t left : {uint64_t{0}, kMega / 2, 4 * kMega}) {
    disk_->LeaveFree(left);
    town_->server().Kill();
    if (town_->server().Start()) {
      std::cout << left << " bytes free: it starts\n";
      posters_->MoveTo(town_->server().port());
      const Client auditor(town_->server().port(), town_->server().DevKey("auditor"));
      const Client platform(town_->server().port(), town_->server().DevKey("platform"));
      EXPECT_EQ(platform.Call(Volunteer("bob")), kLow);
      v1::GetLedgerResponse ledger;
      EXPECT_EQ(auditor.Call(Parse<v1::GetLedgerRequest>(""), &ledger), "OK");
      EXPECT_EQ(EventsOf(auditor, kLedger, 0).size(), ledger.size());
      town_->server().Kill();
    } else {
      std::cout << left << " bytes free: it refuses to start\n";
      EXPECT_EQ(town_->server().exit_code(), 1) << town_->server().output();
      const std::string output = town_->server().output();
      const std::string why = output.substr(output.rfind("can't start"));
      EXPECT_NE(why.find("No space left"), std::string::npos) << why;
      EXPECT_NE(why.find(disk_->data_dir()), std::string::npos) << why;
    }
    disk_->MakeRoom();
    town_->Start();
    posters_->MoveTo(town_->server().port());
    ASSERT_TRUE(posters_->AwaitMore(200, seconds(20)));
  }
  posters_->ExpectEverythingOnce(*town_);
  EXPECT_EQ(town_->Stop(), 0);
}

}  // namespace
}  // namespace meritbook::e2e
