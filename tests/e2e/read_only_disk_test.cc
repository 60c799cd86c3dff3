// A disk that can't be written to any more: an honest error, no damage, and on when it can.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <set>

#include "tests/e2e/bad_disk.h"
#include "tests/e2e/poster.h"
#include "tests/e2e/small_disk.h"

namespace meritbook::e2e {
namespace {

using std::chrono::seconds;

constexpr char kReadOnly[] = "read-only";
constexpr char kUnknown[] = "UNAVAILABLE OUTCOME_UNKNOWN";

// The kernel refuses to remount what a server writes to, and after an error of the disk it doesn't
// ask; so here every call that would change the disk fails as it would then.
class TurnedReadOnly : public testing::Test {
 protected:
  TurnedReadOnly() : town_(1, disk_.Options()), posters_(town_, {0, 0, 64}) {}
  // Whatever failed, the posters can end.
  void TearDown() override { disk_.Clear(kReadOnly); }

  int Unknown() const {
    const auto outcomes = posters_.outcomes();
    const auto found = outcomes.find(kUnknown);
    return found == outcomes.end() ? 0 : found->second;
  }

  BadDisk disk_;
  Town town_;
  Posters posters_;
};

TEST_F(TurnedReadOnly, CommandsAreToldAndItGoesOnWhenItCanBeWrittenAgain) {
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(posters_.AwaitMore(300, seconds(20)));
    const int before = Unknown();
    disk_.Set(kReadOnly);
    ASSERT_TRUE(Await(seconds(20), [&] { return Unknown() >= before + 3; })) << "not told";
    EXPECT_TRUE(disk_.Met(kReadOnly));
    EXPECT_EQ(town_.platform().Call(Volunteer("bob")), kUnknown);
    // Answered from what there is, or refused clearly.
    for (const Outcome& outcome : {town_.auditor().Call(BalanceOf("ann")),
                                   town_.auditor().Call(Parse<v1::GetLedgerRequest>("")),
                                   town_.auditor().Call(Parse<v1::GetSummaryRequest>("")),
                                   town_.operators().Call(v1::ListLedgersRequest())}) {
      EXPECT_TRUE(outcome.ok() || outcome == kUnknown) << outcome;
    }
    EXPECT_TRUE(town_.server().running());
    disk_.Clear(kReadOnly);
    EXPECT_TRUE(posters_.AwaitMore(300, seconds(20))) << "it doesn't go on by itself";
  }
  for (const auto& [outcome, count] : posters_.outcomes()) {
    std::cout << count << " × " << outcome << "\n";
    EXPECT_TRUE(outcome == "OK" || outcome == kUnknown) << outcome;
  }
  posters_.ExpectEverythingOnce(town_);
  EXPECT_EQ(town_.Stop(), 0);
  town_.Start();
  posters_.ExpectEverythingOnce(town_);
}

// Of all ledgers there are none while the log is away: that would be a wrong answer, not none.
TEST_F(TurnedReadOnly, NoListIsEmptyMeanwhile) {
  ASSERT_TRUE(posters_.AwaitMore(100, seconds(20)));
  disk_.Set(kReadOnly);
  ASSERT_TRUE(Await(seconds(20), [&] { return Unknown() >= 3; })) << "not told";
  for (int i = 0; i < 50; ++i) {
    v1::ListLedgersResponse response;
    const Outcome outcome = town_.operators().Call(v1::ListLedgersRequest(), &response);
    ASSERT_EQ(response.ledger_ids_size(), outcome.ok() ? 1 : 0) << outcome;
    EXPECT_TRUE(outcome.ok() || outcome == kUnknown) << outcome;
  }
  disk_.Clear(kReadOnly);
  EXPECT_TRUE(posters_.AwaitMore(100, seconds(20)));
  posters_.ExpectEverythingOnce(town_);
}

TEST_F(TurnedReadOnly, AskedToStopMeanwhileItEnds) {
  ASSERT_TRUE(posters_.AwaitMore(100, seconds(20)));
  disk_.Set(kReadOnly);
  ASSERT_TRUE(Await(seconds(20), [&] { return Unknown() >= 3; })) << "not told";
  // It couldn't write what a clean stop writes, and says so.
  EXPECT_EQ(town_.Stop(), 1);
  EXPECT_NE(town_.server().output().find("not stopped cleanly"), std::string::npos);
  disk_.Clear(kReadOnly);
  town_.Start();
  posters_.MoveTo(town_.server().port());
  EXPECT_TRUE(posters_.AwaitMore(100, seconds(20)));
  posters_.ExpectEverythingOnce(town_);
}

// Every file's name and bytes.
std::map<std::string, std::string> FilesIn(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path()] = ReadFile(entry.path());
  }
  return files;
}

size_t CountOf(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST(ReadOnlyDisk, AServerThatIsStartedOnItSaysSoAndDamagesNothing) {
  if (const std::string reason = SmallDisk::WhyNot(); !reason.empty()) {
    GTEST_SKIP() << "NOT TESTED: " << reason;
  }
  const SmallDisk disk({.bytes = 160 << 20});
  Town town(1, {.data_dir = disk.data_dir(), .config = "free_bytes_floor: 16777216"});
  Posters posters(town, {0, 64});
  ASSERT_TRUE(posters.AwaitMore(500, seconds(20)));
  for (const bool clean : {true, false}) {
    if (clean) {
      EXPECT_EQ(town.Stop(), 0);
    } else {
      town.server().Kill();
    }
    const auto before = FilesIn(disk.data_dir());
    disk.MakeReadOnly();
    const size_t said = town.server().output().size();
    EXPECT_FALSE(town.server().Start());
    EXPECT_EQ(town.server().exit_code(), 1);
    const std::string output = town.server().output().substr(said);
    std::cout << output;
    EXPECT_EQ(CountOf(output, "\n"), 1) << "more than one line:\n" << output;
    EXPECT_NE(output.find("can't start"), std::string::npos) << output;
    EXPECT_NE(output.find(disk.data_dir()), std::string::npos) << output;
    EXPECT_NE(output.find("Read-only file system"), std::string::npos) << output;
    disk.MakeWritable();
    EXPECT_TRUE(FilesIn(disk.data_dir()) == before);
    town.Start();
    posters.MoveTo(town.server().port());
    ASSERT_TRUE(posters.AwaitMore(500, seconds(20)));
  }
  posters.ExpectEverythingOnce(town);
  EXPECT_EQ(town.Stop(), 0);
}

}  // namespace
}  // namespace meritbook::e2e
