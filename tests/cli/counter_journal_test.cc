// What a counter keeps on disk: nothing is lost, nobody else reads it, one counter at a time.
#include "cli/counter_journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/voucher_code.h"

namespace meritbook::cli {
namespace {

class JournalTest : public testing::Test {
 protected:
  JournalTest() {
    folder_ = testing::TempDir() + "journal-" + std::to_string(getpid()) + "-" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
    file_ = folder_ + "/j";
  }
  ~JournalTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<CounterJournal> Opened() const {
    auto journal = CounterJournal::Open(file_);
    EXPECT_TRUE(journal.ok()) << journal.status();
    return journal.ok() ? *std::move(journal) : nullptr;
  }

  static TakenVoucher Voucher(const std::string& request_id) {
    TakenVoucher voucher;
    voucher.ledger_id = "town";
    voucher.merchant_id = "bakery";
    voucher.request_id = request_id;
    voucher.code = *MakeVoucherCode();
    voucher.happened_us = 1'700'000'000'000'000;
    return voucher;
  }

  std::string Bytes() const {
    std::ifstream in(file_);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  std::string folder_;
  std::string file_;
};

TEST_F(JournalTest, KeepsWhatWasTaken) {
  const TakenVoucher one = Voucher("r-1");
  const TakenVoucher other = Voucher("r-2");
  {
    const auto journal = Opened();
    EXPECT_FALSE(std::filesystem::exists(file_));
    ASSERT_TRUE(journal->Add(one).ok());
    ASSERT_TRUE(journal->Add(other).ok());
  }
  const auto journal = Opened();
  ASSERT_EQ(journal->vouchers().size(), 2U);
  EXPECT_EQ(journal->waiting_count(), 2U);
  EXPECT_EQ(journal->vouchers()[0].code, one.code);
  EXPECT_EQ(journal->vouchers()[0].request_id, "r-1");
  EXPECT_EQ(journal->vouchers()[0].ledger_id, "town");
  EXPECT_EQ(journal->vouchers()[0].merchant_id, "bakery");
  EXPECT_EQ(journal->vouchers()[0].happened_us, one.happened_us);
  EXPECT_EQ(journal->vouchers()[1].last_four, other.code.substr(16));
  EXPECT_EQ(journal->Find(other.code), &journal->vouchers()[1]);
  EXPECT_EQ(journal->Find(*MakeVoucherCode()), nullptr);
}

TEST_F(JournalTest, ForgetsTheDigitsOnceTheOutcomeIsKnown) {
  const TakenVoucher one = Voucher("r-1");
  const TakenVoucher other = Voucher("r-2");
  {
    const auto journal = Opened();
    ASSERT_TRUE(journal->Add(one).ok());
    ASSERT_TRUE(journal->Add(other).ok());
    ASSERT_TRUE(journal->Settle("r-1", TakenState::kRefused, "CONFIRM_TOO_LATE").ok());
  }
  EXPECT_EQ(Bytes().find(one.code), std::string::npos);
  EXPECT_NE(Bytes().find(other.code), std::string::npos);
  const auto journal = Opened();
  EXPECT_EQ(journal->waiting_count(), 1U);
  ASSERT_NE(journal->Find(one.code), nullptr);
  EXPECT_EQ(journal->Find(one.code)->state, TakenState::kRefused);
  EXPECT_EQ(journal->Find(one.code)->outcome, "CONFIRM_TOO_LATE");
}

TEST_F(JournalTest, IsItsOwnersOnly) {
  {
    const auto journal = Opened();
    ASSERT_TRUE(journal->Add(Voucher("r-1")).ok());
  }
  struct stat info = {};
  ASSERT_EQ(stat(file_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  chmod(file_.c_str(), 0640);
  EXPECT_FALSE(CounterJournal::Open(file_).ok());
}

TEST_F(JournalTest, IsOneCountersAtATime) {
  auto journal = Opened();
  const auto second = CounterJournal::Open(file_);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.status().message().find("another counter"), std::string::npos);
  journal.reset();
  EXPECT_NE(Opened(), nullptr);
}

TEST_F(JournalTest, WhatIsNoVoucherIsNamed) {
  for (const char* bad : {"x\n", "{}\n", "{\"state\": \"waiting\"}\n"}) {
    {
      const auto journal = Opened();
      ASSERT_TRUE(journal->Add(Voucher("r-1")).ok());
    }
    std::ofstream(file_, std::ios::app) << bad;
    const auto opened = CounterJournal::Open(file_);
    ASSERT_FALSE(opened.ok()) << bad;
    EXPECT_NE(opened.status().message().find("line 2"), std::string::npos) << opened.status();
    std::filesystem::remove(file_);
  }
}

TEST_F(JournalTest, AFullOrLostFolderIsToldAndChangesNothing) {
  const auto journal = Opened();
  ASSERT_TRUE(journal->Add(Voucher("r-1")).ok());
  // In the place of the file that is written beside it.
  std::filesystem::create_directories(file_ + ".new/x");
  EXPECT_FALSE(journal->Add(Voucher("r-2")).ok());
  EXPECT_FALSE(journal->Settle("r-1", TakenState::kDone, "").ok());
  EXPECT_EQ(journal->vouchers().size(), 1U);
  EXPECT_EQ(journal->waiting_count(), 1U);
  std::filesystem::remove_all(file_ + ".new");
  EXPECT_TRUE(journal->Settle("r-1", TakenState::kDone, "").ok());
}

TEST_F(JournalTest, HasAPlaceOfItsOwn) {
  setenv("XDG_STATE_HOME", folder_.c_str(), 1);
  const auto file = DefaultJournalFile("town", "bakery", "till-1");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(*file, folder_ + "/meritbook/counter-town-bakery-till-1.journal");
  EXPECT_TRUE(std::filesystem::is_directory(folder_ + "/meritbook"));
  EXPECT_NE(*file, *DefaultJournalFile("town", "bakery", "till-2"));
  unsetenv("XDG_STATE_HOME");
}

}  // namespace
}  // namespace meritbook::cli
