#include "storage/table_check.h"

#include <gtest/gtest.h>

#include <string>

#include "ledger/text.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_writer.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

class TableCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    rocksdb::Options options;
    rocksdb::BlockBasedTableOptions table;
    table.checksum = kTableChecksum;
    table.format_version = kTableFormatVersion;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options);
    ASSERT_TRUE(writer.Open(path_).ok());
    ASSERT_TRUE(writer.Put("key", "value").ok());
    ASSERT_TRUE(writer.DeleteRange("l", "m").ok());
    ASSERT_TRUE(writer.Finish().ok());
    whole_ = ReadFile(path_);
  }

  const ScratchDir dir_{MemoryFolder()};
  const std::string path_ = dir_.path() + "/000001.sst";
  std::string whole_;
};

TEST_F(TableCheckTest, AWholeTablePasses) {
  EXPECT_TRUE(CheckTableFile(path_).ok()) << CheckTableFile(path_);
}

TEST_F(TableCheckTest, EveryFlippedBitOutsideTheDataBlocksIsFound) {
  // The one row's block comes first. With its key's 8 internal bytes, three lengths, a restart, the
  // number of restarts and the trailer it takes so many.
  const size_t data_bytes = 3 + 3 + 8 + 5 + 4 + 4 + 5;
  for (size_t i = 0; i < whole_.size() * 8; ++i) {
    std::string flipped = whole_;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    WriteFile(path_, flipped);
    const absl::Status status = CheckTableFile(path_);
    if (i / 8 < data_bytes) {
      EXPECT_TRUE(status.ok()) << "byte " << i / 8 << ": " << status;
      continue;
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << "bit " << i;
    EXPECT_NE(MessageOf(status).find(path_), std::string_view::npos) << status;
  }
}

TEST_F(TableCheckTest, ATableCutShortIsFound) {
  for (size_t size = 0; size < whole_.size(); ++size) {
    WriteFile(path_, whole_.substr(0, size));
    EXPECT_EQ(CheckTableFile(path_).code(), absl::StatusCode::kDataLoss) << size;
  }
}

}  // namespace
}  // namespace meritbook
