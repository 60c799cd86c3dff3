// Reading the log again to find what changed on the disk, past every cache; and that nothing but
// what was verified at opening, or written since, is ever returned.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "ledger/text.h"
#include "rocksdb/file_system.h"
#include "storage/batch_record.h"
#include "storage/log_check.h"
#include "storage/log_database.h"
#include "storage/log_key.h"
#include "storage/log_marks.h"
#include "storage/log_reader.h"
#include "storage/log_writer.h"
#include "storage/rocks_event_log.h"
#include "storage/rocks_glue.h"
#include "storage/rocks_log_rows.h"
#include "storage/scrub_pass.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

// Keeps what it once read of a table, as the machine's page cache does, until it is told to let go.
class CachedFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  using FSRandomAccessFileOwnerWrapper::FSRandomAccessFileOwnerWrapper;

  rocksdb::IOStatus Read(uint64_t offset, size_t size, const rocksdb::IOOptions& options,
                         rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext* debug) const override {
    const std::lock_guard lock(mutex_);
    for (const auto& [begin, bytes] : kept_) {
      if (begin > offset || offset + size > begin + bytes.size()) continue;
      bytes.copy(scratch, size, offset - begin);
      *result = {scratch, size};
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus status = target()->Read(offset, size, options, result, scratch, debug);
    if (status.ok()) kept_[offset] = result->ToString();
    return status;
  }

  rocksdb::IOStatus InvalidateCache(size_t offset, size_t length) override {
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const auto& kept) {
      return kept.first < offset + length && offset < kept.first + kept.second.size();
    });
    return rocksdb::IOStatus::OK();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::map<uint64_t, std::string> kept_;
};

class CachingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  CachingFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "CachingFileSystem"; }
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = FileSystemWrapper::NewRandomAccessFile(path, options, file, debug);
    if (status.ok()) *file = std::make_unique<CachedFile>(std::move(*file));
    return status;
  }
};

constexpr char kLedger[] = "linhai";
// Events of a record, and records of the log, in most tests.
constexpr uint64_t kEvents = 2'000;
constexpr uint64_t kRecords = 20;

class ScrubTest : public testing::Test {
 protected:
  std::string dir() const { return scratch_.path() + "/store"; }

  void Open(std::shared_ptr<rocksdb::FileSystem> file_system = nullptr) {
    log_.reset();
    absl::StatusOr<std::unique_ptr<EventLog>> log =
        OpenRocksEventLog({.dir = dir(),
                           .file_system = std::move(file_system),
                           .warn = [this](std::string_view line) {
                             const std::lock_guard lock(mutex_);
                             warnings_.emplace_back(line);
                           }});
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }

  void Append(uint64_t records, uint64_t events) {
    const uint64_t epoch = *log_->AcquireWriter({kLedger});
    for (uint64_t i = 0; i < records; ++i) {
      ASSERT_EQ(AppendNext(*log_, kLedger, epoch, events), AppendResult::kDurable);
    }
  }

  // A log of some tables' blocks, open.
  void OpenFilled() {
    ASSERT_NO_FATAL_FAILURE(Open());
    ASSERT_NO_FATAL_FAILURE(Append(kRecords, kEvents));
    ASSERT_TRUE(log_->Close().ok());
    ASSERT_NO_FATAL_FAILURE(Open(file_system_));
  }

  // The one table.
  std::string Table() const {
    std::string found;
    for (const auto& entry : fs::directory_iterator(dir() + "/log")) {
      if (entry.path().extension() != ".sst") continue;
      EXPECT_TRUE(found.empty()) << "two tables";
      found = entry.path().string();
    }
    EXPECT_FALSE(found.empty()) << "no table";
    return found;
  }

  // Changes a bit in place, as a rotting disk does: same file, same size.
  static void Flip(const std::string& path, uint64_t offset) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(static_cast<std::streamoff>(offset));
    const char byte = static_cast<char>(file.get() ^ 0x10);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
    ASSERT_TRUE(file.good());
  }

  absl::Status Pass() const {
    ScrubPass pass(*log_);
    while (!pass.done()) {
      if (const auto bytes = pass.Next(*log_, 64 << 10); !bytes.ok()) return bytes.status();
    }
    EXPECT_EQ(pass.events_verified(), pass.events_total());
    return absl::OkStatus();
  }

  int WarningsOf(std::string_view what) {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(std::count_if(
        warnings_.begin(), warnings_.end(),
        [&](const std::string& line) { return line.find(what) != std::string::npos; }));
  }

  const ScratchDir scratch_{MemoryFolder()};
  std::shared_ptr<rocksdb::FileSystem> file_system_ = std::make_shared<CachingFileSystem>();
  std::unique_ptr<EventLog> log_;

 private:
  std::mutex mutex_;
  std::vector<std::string> warnings_;
};

TEST_F(ScrubTest, APassCoversWhatTheLogHas) {
  ASSERT_NO_FATAL_FAILURE(OpenFilled());
  const uint64_t epoch = *log_->AcquireWriter({"empty", "taizhou", kLedger});
  ASSERT_EQ(AppendNext(*log_, "taizhou", epoch, 7), AppendResult::kDurable);
  ASSERT_EQ(AppendNext(*log_, kLedger, epoch, 3), AppendResult::kDurable);
  ScrubPass pass(*log_);
  EXPECT_EQ(pass.events_total(), kRecords * kEvents + 10);
  EXPECT_EQ(pass.events_verified(), 0u);
  uint64_t bytes = 0;
  int pieces = 0;
  for (uint64_t before = 0; !pass.done(); ++pieces) {
    const auto piece = pass.Next(*log_, 64 << 10);
    ASSERT_TRUE(piece.ok()) << piece.status();
    EXPECT_GT(pass.events_verified(), before);
    before = pass.events_verified();
    EXPECT_LE(*piece, size_t{160} << 10) << "about what was asked for";
    bytes += *piece;
    // What is written meanwhile is for the next pass.
    ASSERT_EQ(AppendNext(*log_, kLedger, epoch, 1), AppendResult::kDurable);
  }
  EXPECT_EQ(pass.events_verified(), pass.events_total());
  EXPECT_GT(bytes, kRecords * kEvents * 30);
  EXPECT_GT(pieces, 10);
  EXPECT_TRUE(log_->Damage().ok());
}

TEST_F(ScrubTest, FindsWhatChangedBeneathTheCaches) {
  ASSERT_NO_FATAL_FAILURE(OpenFilled());
  ASSERT_TRUE(Pass().ok());
  const absl::StatusOr<EventRun> before = log_->Read(kLedger, 0, SIZE_MAX, SIZE_MAX);
  ASSERT_TRUE(before.ok());
  Flip(Table(), fs::file_size(Table()) / 2);

  // Whoever reads through the cache sees what was there: only the scrubber doesn't.
  const absl::StatusOr<EventRun> cached = log_->Read(kLedger, 0, SIZE_MAX, SIZE_MAX);
  ASSERT_TRUE(cached.ok()) << "this log caches nothing, so the test shows nothing: "
                           << cached.status();
  EXPECT_TRUE(*cached == *before);
  EXPECT_TRUE(log_->Damage().ok());
  EXPECT_TRUE(log_->CheckWritable().ok());

  const absl::Status found = Pass();
  EXPECT_EQ(found.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(MessageOf(found).find("ledger 'linhai', sequence "), std::string_view::npos) << found;
  EXPECT_NE(MessageOf(found).find(fs::path(Table()).filename().string()), std::string_view::npos)
      << "names the file: " << found;
}

TEST_F(ScrubTest, DamageIsRememberedWarnedOfOnceAndNeverServed) {
  file_system_ = nullptr;
  ASSERT_NO_FATAL_FAILURE(OpenFilled());
  const uint64_t epoch = *log_->AcquireWriter({kLedger});
  Flip(Table(), fs::file_size(Table()) / 2);
  const absl::Status found = Pass();
  ASSERT_EQ(found.code(), absl::StatusCode::kDataLoss) << found;
  EXPECT_EQ(log_->Damage(), found);
  EXPECT_EQ(log_->CheckWritable(), found);
  EXPECT_EQ(WarningsOf("the log is damaged"), 1);

  // The sequence is the first that can't be had; all before it can.
  uint64_t sequence = 0;
  while (log_->Read(kLedger, sequence, 1, 1).ok()) ++sequence;
  EXPECT_NE(MessageOf(found).find(Text("sequence ", sequence, ":")), std::string_view::npos)
      << found << ", unreadable from " << sequence;
  ASSERT_LT(sequence, log_->Size(kLedger));
  const absl::StatusOr<EventRun> whole = log_->Read(kLedger, 0, sequence, SIZE_MAX);
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_TRUE(*whole == EventsAt(kLedger, 0, sequence));
  EXPECT_EQ(log_->Read(kLedger, 0, sequence + 1, SIZE_MAX).status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(Pass(), found);
  EXPECT_EQ(WarningsOf("the log is damaged"), 1) << "once";
  // What was on its way is still written; to stop it is the caller's.
  EXPECT_EQ(AppendNext(*log_, kLedger, epoch, 1), AppendResult::kDurable);
}

TEST_F(ScrubTest, AnyReadingNotesDamage) {
  file_system_ = nullptr;
  ASSERT_NO_FATAL_FAILURE(OpenFilled());
  Flip(Table(), 100);
  const absl::Status met = log_->Read(kLedger, 0, 1, 1).status();
  EXPECT_EQ(met.code(), absl::StatusCode::kDataLoss) << met;
  EXPECT_EQ(log_->Damage(), met);
  EXPECT_EQ(WarningsOf("the log is damaged"), 1);
}

// A log of little traffic would stay in the write-ahead log, which is only read at opening.
TEST_F(ScrubTest, WhatIsOnlyInTheJournalIsBroughtToATableFirst) {
  file_system_ = nullptr;
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(Append(3, 1'000));
  ASSERT_TRUE(log_->PrepareVerify().ok());
  Flip(Table(), fs::file_size(Table()) / 3);
  EXPECT_EQ(Pass().code(), absl::StatusCode::kDataLoss);
}

// Another valid record in the place of one: right checksum, right place, right neighbours' bytes.
class Replaced : public ScrubTest {
 protected:
  // Small records, so that there are many to a mark.
  static constexpr uint64_t kSmallRecords = 3'000;

  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Open());
    ASSERT_NO_FATAL_FAILURE(Append(kSmallRecords, 2));
    ASSERT_TRUE(log_->Close().ok());
    log_.reset();
    auto database = OpenLogForWriting(dir() + "/log", {.logger = NewWarningLogger(nullptr)});
    ASSERT_TRUE(database.ok()) << database.status();
    rows_ = std::make_unique<RocksLogRows>(*std::move(database));
    auto guards = OpenGuards(MachineDisk(), dir() + "/guard", {});
    ASSERT_TRUE(guards.ok()) << guards.status();
    auto tails = CheckLog(*rows_, *guards, 1);
    ASSERT_TRUE(tails.ok()) << tails.status();
    writer_ = std::make_unique<LogWriter>(
        LogWriterOptions{.rows = rows_.get(),
                         .disk = &MachineDisk(),
                         .guard_folder = dir() + "/guard",
                         .nonce = [] { return uint64_t{7}; }},
        OpenedLog{.tails = *std::move(tails), .guards = *std::move(guards)});
    reader_ = std::make_unique<LogReader>(rows_.get(), writer_.get(), Warn());
  }

  std::string RecordOf(uint64_t first_sequence) const {
    std::string value;
    EXPECT_TRUE(rows_->database()
                    .Get(rocksdb::ReadOptions(), RecordKey(kLedger, first_sequence), &value)
                    .ok());
    return value;
  }

  // Puts a record in the place of the one at `first`: other events, else as `change` has it.
  Hash Forge(uint64_t first, const Hash* previous = nullptr) {
    const std::string bytes = RecordOf(first);
    const BatchRecordView view = *DecodeBatchRecord(bytes);
    RecordHeader header = view.header;
    if (previous != nullptr) header.previous = *previous;
    EventRun other;
    for (size_t i = 0; i < view.events().size(); ++i) other.Add(Text("forged ", first, " ", i));
    EncodedRecord record = EncodeBatchRecord(header, other, 0, other.size());
    EXPECT_TRUE(rows_->Write({{RecordKey(kLedger, first), std::move(record.bytes)}}).ok());
    return record.hash;
  }

  // No event from `first` on is served by any way of asking; what is before is what it was.
  void ExpectNeverServed(uint64_t first) const {
    for (const uint64_t from : {first, first + 1}) {
      EXPECT_EQ(Read(from, 1).code(), absl::StatusCode::kDataLoss) << from;
    }
    EXPECT_EQ(Read(first - 1, 2).code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(Read(0, first + 1).code(), absl::StatusCode::kDataLoss);
    uint64_t at = 0;
    absl::Status status;
    while (status.ok() && at < kSmallRecords * 2) {
      const auto verified = reader_->Verify(kLedger, at, 4 << 10);
      status = verified.status();
      if (verified.ok()) at = verified->end;
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_LE(at, first);
    EXPECT_EQ(reader_->Damage().code(), absl::StatusCode::kDataLoss);
  }

  absl::Status Read(uint64_t from, size_t count) const {
    const auto run = reader_->Read(
        {.ledger = kLedger, .from = from, .max_events = count, .max_bytes = SIZE_MAX});
    EXPECT_TRUE(!run.ok() || *run == EventsAt(kLedger, from, count)) << "served: " << from;
    return run.status();
  }

  std::unique_ptr<RocksLogRows> rows_;
  std::unique_ptr<LogWriter> writer_;
  std::unique_ptr<LogReader> reader_;
};

TEST_F(Replaced, UntouchedEverythingIsServed) {
  for (const uint64_t from : {0, 1, 1'000, 5'998, 5'999}) EXPECT_TRUE(Read(from, 1).ok()) << from;
  EXPECT_TRUE(Read(0, kSmallRecords * 2).ok());
  EXPECT_TRUE(reader_->Damage().ok());
}

TEST_F(Replaced, ByAnotherOfTheSamePlace) {
  for (const uint64_t first : {2, 2'000, 5'996}) {
    const std::string whole = RecordOf(first);
    Forge(first);
    ExpectNeverServed(first);
    ASSERT_TRUE(rows_->Write({{RecordKey(kLedger, first), whole}}).ok());
  }
}

TEST_F(Replaced, TheLastOneByAnother) {
  Forge(kSmallRecords * 2 - 2);
  ExpectNeverServed(kSmallRecords * 2 - 2);
}

// With all that follow it, chained anew: each has its right neighbours, and the checksums hold.
TEST_F(Replaced, WithAllThatFollow) {
  Hash previous = Forge(2'000);
  for (uint64_t first = 2'002; first < kSmallRecords * 2; first += 2) {
    previous = Forge(first, &previous);
  }
  ExpectNeverServed(2'000);
  EXPECT_TRUE(Read(0, 10).ok()) << "what is before it still is what it was";
}

TEST_F(Replaced, WhatIsWrittenSinceOpeningToo) {
  const uint64_t epoch = *writer_->Acquire({kLedger});
  const auto append = [&](uint64_t records) {
    for (uint64_t i = 0; i < records; ++i) {
      const uint64_t size = writer_->SizeOf(kLedger);
      ASSERT_EQ(writer_->Write({{kLedger, epoch, size, EventsAt(kLedger, size, 2)}}, 0),
                AppendResult::kDurable);
    }
  };
  const uint64_t first = writer_->SizeOf(kLedger);
  ASSERT_NO_FATAL_FAILURE(append(1'000));
  EXPECT_TRUE(Read(first, 2'000).ok());
  Hash previous = Forge(first + 100);
  for (uint64_t at = first + 102; at < first + 2'000; at += 2) previous = Forge(at, &previous);
  ExpectNeverServed(first + 100);
}

TEST(LogMarks, OneInSoManyBytesAndJoinedLikeOne) {
  const auto record = [](uint64_t end) {
    LogMark mark{.sequence = end};
    mark.hash[0] = static_cast<uint8_t>(end);
    return mark;
  };
  LogMarks all;
  LogMarks first;
  LogMarks second;
  for (uint64_t i = 1; i <= 100; ++i) {
    all.Add(record(i), 16 << 10);
    (i <= 50 ? first : second).Add(record(i), 16 << 10);
  }
  EXPECT_EQ(*all.At(0), record(4));
  EXPECT_EQ(*all.At(4), record(4));
  EXPECT_EQ(*all.At(5), record(8));
  EXPECT_EQ(*all.At(100), record(100));
  EXPECT_EQ(all.At(101), nullptr);
  LogMarks large;
  for (uint64_t i = 1; i <= 3; ++i) large.Add(record(i), 64 << 10);
  for (uint64_t i = 1; i <= 3; ++i) EXPECT_EQ(*large.At(i), record(i));

  first.Join(std::move(second));
  EXPECT_EQ(*first.At(48), record(48));
  EXPECT_EQ(*first.At(49), record(54));
  EXPECT_EQ(*first.At(98), record(98));
  EXPECT_EQ(first.At(99), nullptr);
}

}  // namespace
}  // namespace meritbook
