#include "storage/wal_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ledger/text.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "storage/rocks_event_log.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kPageBytes = 4096;

std::string WalIn(const std::string& folder) {
  std::string found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".log") found = std::max(found, entry.path().string());
  }
  return found;
}

// A write-ahead log of RocksDB's own: groups of many sizes, and where each ends in it.
class WalCheck : public testing::Test {
 protected:
  void SetUp() override {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, scratch_.path() + "/db", &opened).ok());
    const std::unique_ptr<rocksdb::DB> database(opened);
    const std::string wal = WalIn(scratch_.path() + "/db");
    rows_ends_ = {0};
    ends_ = {0};
    for (const size_t bytes : {10, 100, 32740, 1, 32756, 5, 100000, 20, 70000}) {
      rocksdb::WriteBatch batch;
      for (int row = 0; row < 3; ++row) batch.Put(Text(bytes, row), std::string(bytes / 3, 'x'));
      rocksdb::WriteOptions write;
      write.sync = true;
      ASSERT_TRUE(database->Write(write, &batch).ok());
      rows_ends_.push_back(database->GetLatestSequenceNumber() + 1);
      ends_.push_back(fs::file_size(wal));
    }
    bytes_ = ReadFile(wal);
    ASSERT_EQ(bytes_.size(), ends_.back());
    fs::create_directories(folder());
  }

  std::string folder() const { return scratch_.path() + "/wal"; }

  absl::StatusOr<WalGroups> Find(const std::string& bytes) const {
    WriteFile(folder() + "/000007.log", bytes);
    return FindWalGroups(*rocksdb::FileSystem::Default(), folder());
  }

  const ScratchDir scratch_{MemoryFolder()};
  std::string bytes_;
  std::vector<uint64_t> ends_;       // of the first i groups, in bytes
  std::vector<uint64_t> rows_ends_;  // and in rows
};

TEST_F(WalCheck, FindsAllOfAWholeOne) {
  const absl::StatusOr<WalGroups> groups = Find(bytes_);
  ASSERT_TRUE(groups.ok()) << groups.status();
  EXPECT_EQ(groups->rows_end, rows_ends_.back());
  EXPECT_EQ(groups->broken, "");
}

TEST_F(WalCheck, FindsTheWholeGroupsOfOneThatWasCut) {
  size_t groups_left = ends_.size() - 1;
  for (uint64_t size = bytes_.size(); size-- > 0; size -= std::min<uint64_t>(size, size % 97)) {
    while (ends_[groups_left] > size) --groups_left;
    const absl::StatusOr<WalGroups> groups = Find(bytes_.substr(0, size));
    ASSERT_TRUE(groups.ok()) << groups.status();
    ASSERT_EQ(groups->rows_end, rows_ends_[groups_left]) << "cut at " << size;
  }
}

TEST_F(WalCheck, FindsGroupsBehindAHole) {
  const uint64_t last_begin = ends_[ends_.size() - 2];
  for (uint64_t page = 0; page < bytes_.size(); page += kPageBytes) {
    std::string bytes = bytes_;
    const uint64_t end = std::min<uint64_t>(page + kPageBytes, bytes.size());
    std::fill(bytes.begin() + static_cast<ptrdiff_t>(page),
              bytes.begin() + static_cast<ptrdiff_t>(end), '\0');
    const absl::StatusOr<WalGroups> groups = Find(bytes);
    ASSERT_TRUE(groups.ok()) << groups.status();
    EXPECT_NE(groups->broken.find(folder() + "/000007.log"), std::string::npos) << page;
    // The last group is longer than two blocks, so it is found behind any hole but its own.
    const bool hits_last = end > last_begin;
    EXPECT_EQ(groups->rows_end == rows_ends_.back(), !hits_last) << page;
  }
}

TEST_F(WalCheck, RefusesWhatStandsThereTwice) {
  for (const bool same_file : {true, false}) {
    std::string padded = bytes_;
    padded.resize((padded.size() + 32767) / 32768 * 32768);
    if (!same_file) WriteFile(folder() + "/000008.log", bytes_);
    const absl::Status status = Find(same_file ? padded + bytes_ : bytes_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_NE(MessageOf(status).find(folder()), std::string_view::npos) << status;
  }
}

// A power cut leaves some pages of the group that was being written, and not others.
class LogWithAHole : public testing::Test {
 protected:
  // Copies of the store after each of three large groups.
  void SetUp() override {
    const absl::StatusOr<std::unique_ptr<EventLog>> log = OpenRocksEventLog({.dir = Copy(0)});
    ASSERT_TRUE(log.ok()) << log.status();
    const uint64_t epoch = *(*log)->AcquireWriter({"linhai"});
    for (int i = 1; i <= 3; ++i) {
      ASSERT_EQ(AppendNext(**log, "linhai", epoch, kEvents), AppendResult::kDurable);
      CopyTree(Copy(0), Copy(i));
    }
  }

  std::string Copy(int i) const { return Text(scratch_.path(), "/", i); }

  // The write-ahead log after `groups` groups with a hole in the second, the guard after the first.
  absl::StatusOr<std::unique_ptr<EventLog>> Open(int groups, uint64_t hole) {
    const std::string dir = scratch_.path() + "/work";
    CopyTree(Copy(1), dir);
    const std::string wal = WalIn(dir + "/log");
    const uint64_t begin = fs::file_size(wal);
    std::string bytes = ReadFile(WalIn(Copy(groups) + "/log"));
    const uint64_t page = begin / kPageBytes + 1 + hole;
    bytes.replace(page * kPageBytes, kPageBytes, kPageBytes, '\0');
    WriteFile(wal, bytes);
    return OpenRocksEventLog({.dir = dir});
  }

  static constexpr uint64_t kEvents = 4000;  // 150 kB
  const ScratchDir scratch_{MemoryFolder()};
};

TEST_F(LogWithAHole, OpensWithoutTheGroupThatWasNotSynced) {
  for (uint64_t hole = 0; hole < 20; ++hole) {
    const absl::StatusOr<std::unique_ptr<EventLog>> log = Open(2, hole);
    ASSERT_TRUE(log.ok()) << hole << ": " << log.status();
    ExpectHolds(**log, "linhai", kEvents);
  }
}

// Groups are synced one by one, so this is no power cut.
TEST_F(LogWithAHole, IsRefusedIfAGroupStandsBehind) {
  for (uint64_t hole = 0; hole < 20; ++hole) {
    const absl::Status status = Open(3, hole).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_NE(MessageOf(status).find(".log at "), std::string_view::npos) << status;
  }
}

}  // namespace
}  // namespace meritbook
