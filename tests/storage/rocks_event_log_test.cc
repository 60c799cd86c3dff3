// What only the log on disk can suffer: it is cut, swapped, half copied, or the disk fails.
#include "storage/rocks_event_log.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ledger/text.h"
#include "storage/guard.h"
#include "storage/log_database.h"
#include "storage/log_key.h"
#include "storage/rocks_glue.h"
#include "storage/writer_row.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

using Files = std::map<std::string, std::string>;

Files ReadTree(const std::string& dir) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    if (entry.is_regular_file()) files[entry.path().string()] = ReadFile(entry.path().string());
  }
  return files;
}

class RocksEventLogTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<EventLog>> Open() const {
    return OpenRocksEventLog({.dir = dir()});
  }
  std::string dir() const { return scratch_.path() + "/store"; }
  std::string kept() const { return scratch_.path() + "/kept"; }
  std::string guard() const { return dir() + "/guard/linhai"; }

  // A session that appends `count` events to linhai; `clean`: with Close.
  void Session(uint64_t count, bool clean) const {
    const absl::StatusOr<std::unique_ptr<EventLog>> log = Open();
    ASSERT_TRUE(log.ok()) << log.status();
    const uint64_t epoch = *(*log)->AcquireWriter({"linhai"});
    for (uint64_t i = 0; i < count; i += 10) {
      ASSERT_EQ(AppendNext(**log, "linhai", epoch, std::min<uint64_t>(10, count - i)),
                AppendResult::kDurable);
    }
    if (clean) {
      ASSERT_TRUE((*log)->Close().ok());
    }
  }

  // Refused, for a reason that has all of `wants`; and nothing was touched.
  void ExpectRefused(const std::vector<std::string>& wants) const {
    const Files before = ReadTree(dir());
    for (int i = 0; i < 2; ++i) {
      const absl::Status status = Open().status();
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
      for (const std::string& want : wants) {
        EXPECT_NE(MessageOf(status).find(want), std::string_view::npos) << want << ": " << status;
      }
    }
    EXPECT_TRUE(ReadTree(dir()) == before) << "opening a refused store changed it";
  }

  void ExpectOpens(uint64_t size) const {
    const absl::StatusOr<std::unique_ptr<EventLog>> log = Open();
    ASSERT_TRUE(log.ok()) << log.status();
    ExpectHolds(**log, "linhai", size);
  }

  // Lets `change` write to the database behind the log's back.
  void Tamper(const std::function<void(rocksdb::DB&)>& change) const {
    absl::StatusOr<std::unique_ptr<rocksdb::DB>> database =
        OpenLogForWriting(dir() + "/log", {.logger = NewWarningLogger(nullptr)});
    ASSERT_TRUE(database.ok()) << database.status();
    change(**database);
    ASSERT_TRUE((*database)->Flush(rocksdb::FlushOptions()).ok());
  }

 private:
  const ScratchDir scratch_;
};

TEST_F(RocksEventLogTest, AKillLosesNothing) {
  for (uint64_t size = 0; size < 100; size += 20) {
    ASSERT_NO_FATAL_FAILURE(Session(20, false));
    ExpectOpens(size + 20);
  }
}

TEST_F(RocksEventLogTest, IsOpenOnce) {
  const absl::StatusOr<std::unique_ptr<EventLog>> log = Open();
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(RocksEventLogTest, CreationCutOffAnywhereStartsAgain) {
  fs::create_directories(dir() + "/log.new");
  WriteFile(dir() + "/log.new/CURRENT", "nonsense");
  ExpectOpens(0);
  fs::remove_all(dir() + "/guard");  // cut off before the guards' folder, and before any ledger
  ExpectOpens(0);
  WriteFile(guard() + "~", "half a guard");
  ASSERT_TRUE(Guard::Create(MachineDisk(), dir() + "/guard",
                            "linhai",  // cut off before the writer's row
                            {.size = 0, .last_hash = FirstPreviousHash("linhai"), .epoch = 0})
                  .ok());
  ExpectOpens(0);
  ASSERT_NO_FATAL_FAILURE(Session(5, true));
  ExpectOpens(5);
}

TEST_F(RocksEventLogTest, ALogCutShortIsRefused) {
  ASSERT_NO_FATAL_FAILURE(Session(50, false));
  for (const auto& entry : fs::directory_iterator(dir() + "/log")) {
    const uint64_t bytes = entry.file_size();
    if (entry.path().extension() != ".log" || bytes == 0) continue;
    CopyTree(dir(), kept());
    for (uint64_t cut = 1; cut < bytes; cut += 37) {
      fs::resize_file(entry.path(), bytes - cut);
      ExpectRefused({"linhai"});
      CopyTree(kept(), dir());
    }
    fs::remove(entry.path());
    ExpectRefused({"linhai"});
    return;
  }
  FAIL() << "there was no write-ahead log to cut";
}

TEST_F(RocksEventLogTest, AMissingPieceIsRefused) {
  ASSERT_NO_FATAL_FAILURE(Session(50, true));
  CopyTree(dir(), kept());
  for (const auto& entry : fs::directory_iterator(kept() + "/log")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".sst") && !name.starts_with("MANIFEST") && name != "CURRENT") continue;
    fs::remove(dir() + "/log/" + name);
    ExpectRefused({dir() + "/log"});
    CopyTree(kept(), dir());
  }
  fs::remove_all(dir() + "/log");
  ExpectRefused({"guard", "missing"});
  fs::remove_all(dir() + "/guard");  // neither: a new store
  ExpectOpens(0);
}

TEST_F(RocksEventLogTest, AMissingGuardIsRefused) {
  ASSERT_NO_FATAL_FAILURE(Session(50, true));
  fs::remove(guard());
  ExpectRefused({"linhai", "50", "guard is missing"});
  fs::remove_all(dir() + "/guard");
  ExpectRefused({"linhai", "50", "guard is missing"});
}

TEST_F(RocksEventLogTest, ADamagedGuardIsRefused) {
  ASSERT_NO_FATAL_FAILURE(Session(50, true));
  WriteFile(guard(), std::string(8192, '\0'));
  ExpectRefused({"linhai", guard()});
}

TEST_F(RocksEventLogTest, AGuardBehindTheLogIsBroughtUpToDate) {
  ASSERT_NO_FATAL_FAILURE(Session(30, true));
  const std::string older = ReadFile(guard());
  ASSERT_NO_FATAL_FAILURE(Session(20, false));
  WriteFile(guard(), older);
  ExpectOpens(50);
  EXPECT_EQ(Guard::Open(MachineDisk(), dir() + "/guard", "linhai")->mark().size, 50u);
}

TEST_F(RocksEventLogTest, AGuardAheadIsRefused) {
  ASSERT_NO_FATAL_FAILURE(Session(30, true));
  CopyTree(dir(), kept());
  ASSERT_NO_FATAL_FAILURE(Session(20, true));
  // A restored older log under the newer guard: the case that guards exist for.
  fs::remove_all(dir() + "/log");
  CopyTree(kept() + "/log", dir() + "/log");
  ExpectRefused({"linhai", "holds 30 events", "has seen 50", guard()});
}

TEST_F(RocksEventLogTest, AnEmptyLogUnderAGuardIsRefused) {
  ExpectOpens(0);
  CopyTree(dir(), kept());
  ASSERT_NO_FATAL_FAILURE(Session(20, true));
  fs::remove_all(dir() + "/log");
  CopyTree(kept() + "/log", dir() + "/log");
  ExpectRefused({"linhai", "holds 0 events", "has seen 20", guard()});
}

TEST_F(RocksEventLogTest, AnotherHistoryOfTheSameLengthIsRefused) {
  ASSERT_NO_FATAL_FAILURE(Session(30, true));
  CopyTree(dir(), kept());
  ASSERT_NO_FATAL_FAILURE(Session(20, true));
  const std::string newer = ReadFile(guard());
  CopyTree(kept(), dir());
  ASSERT_NO_FATAL_FAILURE(Session(40, true));  // same events, but another writer's records
  WriteFile(guard(), newer);
  ExpectRefused({"linhai", "another history"});
}

TEST_F(RocksEventLogTest, AGuardThatEndsWithinARecordIsRefused) {
  ASSERT_NO_FATAL_FAILURE(Session(30, true));
  Guard changed = *Guard::Open(MachineDisk(), dir() + "/guard", "linhai");
  GuardMark mark = changed.mark();
  mark.size = 25;
  ASSERT_TRUE(changed.Write(mark).ok());
  ASSERT_TRUE(changed.Settle().ok());
  ExpectRefused({"linhai", "another history"});
}

TEST_F(RocksEventLogTest, TamperingIsRefused) {
  ASSERT_NO_FATAL_FAILURE(Session(30, true));
  CopyTree(dir(), kept());
  const rocksdb::WriteOptions put;
  const rocksdb::ReadOptions get;
  std::string record;
  Tamper(
      [&](rocksdb::DB& log) { ASSERT_TRUE(log.Get(get, RecordKey("linhai", 10), &record).ok()); });
  const absl::StatusOr<BatchRecordView> view = DecodeBatchRecord(record);
  ASSERT_TRUE(view.ok()) << view.status();
  EventRun other = view->events();
  other.bytes[0] ^= 1;
  const auto forged = [&](std::string_view ledger, uint64_t first, WriterStamp writer,
                          Hash previous) {
    return EncodeBatchRecord(
               {.ledger = ledger, .first_sequence = first, .writer = writer, .previous = previous},
               other, 0, other.size())
        .bytes;
  };
  const RecordHeader& header = view->header;
  const WriterStamp older{.epoch = 0, .nonce = header.writer.nonce};
  const WriterStamp twin{.epoch = header.writer.epoch, .nonce = header.writer.nonce + 1};
  const struct {
    std::string name;
    std::function<void(rocksdb::DB&)> change;
    std::string want;
  } rows[] = {
      {"record removed", [&](auto& log) { log.Delete(put, RecordKey("linhai", 10)); },
       "sequence 10: missing"},
      {"first record removed", [&](auto& log) { log.Delete(put, RecordKey("linhai", 0)); },
       "sequence 0: missing"},
      {"last record removed", [&](auto& log) { log.Delete(put, RecordKey("linhai", 20)); },
       "has seen 30"},
      {"writer row removed", [&](auto& log) { log.Delete(put, WriterRowKey("linhai")); },
       "writer row is missing"},
      {"writer row of an older epoch",
       [&](auto& log) { log.Put(put, WriterRowKey("linhai"), EncodeWriterRow("linhai", older)); },
       "epoch"},
      {"writer row damaged", [&](auto& log) { log.Put(put, WriterRowKey("linhai"), "x"); },
       "writer row is damaged"},
      {"record edited, checksum put right",
       [&](auto& log) {
         log.Put(put, RecordKey("linhai", 10),
                 forged("linhai", 10, header.writer, header.previous));
       },
       "sequence 20: the record does not name the one before it"},
      {"record of another history",
       [&](auto& log) {
         log.Put(put, RecordKey("linhai", 10), forged("linhai", 10, header.writer, Hash()));
       },
       "sequence 10: the record does not name the one before it"},
      {"record of an older epoch",
       [&](auto& log) {
         log.Put(put, RecordKey("linhai", 10), forged("linhai", 10, older, header.previous));
       },
       "sequence 10: written in epoch 0"},
      {"record of a second writer",
       [&](auto& log) {
         log.Put(put, RecordKey("linhai", 10), forged("linhai", 10, twin, header.previous));
       },
       "two writers"},
      {"record moved", [&](auto& log) { log.Put(put, RecordKey("linhai", 30), record); },
       "sequence 10"},
      {"record of another ledger",
       [&](auto& log) {
         log.Put(put, RecordKey("linhai", 30), forged("taizhou", 30, header.writer, view->hash));
       },
       "of ledger 'taizhou'"},
      {"record damaged", [&](auto& log) { log.Put(put, RecordKey("linhai", 20), "x"); },
       "sequence 20: batch record: too short"},
      {"row of another kind", [&](auto& log) { log.Put(put, "zzz", "x"); }, "unknown key 'zzz'"},
      {"ledger without a guard",
       [&](auto& log) {
         log.Put(put, WriterRowKey("taizhou"), EncodeWriterRow("taizhou", header.writer));
       },
       "taizhou': the log has 0 events of it, but its guard is missing"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    CopyTree(kept(), dir());
    ASSERT_NO_FATAL_FAILURE(Tamper(row.change));
    ExpectRefused({row.want});
  }
}

TEST_F(RocksEventLogTest, ManyTablesAreCheckedInPartsAndRead) {
  const absl::StatusOr<std::unique_ptr<EventLog>> log = Open();
  ASSERT_TRUE(log.ok()) << log.status();
  const uint64_t epoch = *(*log)->AcquireWriter({"linhai", "taizhou"});
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(Text("seed ", seed, ": put it in place of random_device to replay"));
  std::mt19937 random(seed);
  EventRun all;
  while (all.bytes.size() < size_t{120} << 20) {
    EventRun events;
    for (int i = 0; i < 200; ++i) {
      std::string event(20000, '\0');
      for (size_t j = 0; j < event.size(); j += 4) {
        const auto word = static_cast<uint32_t>(random());
        event.replace(j, 4, reinterpret_cast<const char*>(&word), 4);
      }
      events.Add(event);
      all.Add(event);
    }
    ASSERT_EQ(AppendAndWait(**log, {{"linhai", epoch, (*log)->Size("linhai"), events},
                                    {"taizhou", epoch, (*log)->Size("taizhou"),
                                     EventsAt("taizhou", (*log)->Size("taizhou"), 3)}}),
              AppendResult::kDurable);
  }
  const uint64_t taizhou_size = (*log)->Size("taizhou");
  ASSERT_TRUE((*log)->Close().ok());
  const_cast<std::unique_ptr<EventLog>&>(*log).reset();

  const absl::StatusOr<std::unique_ptr<EventLog>> reopened = Open();
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  ExpectHolds(**reopened, "taizhou", taizhou_size);
  ASSERT_EQ((*reopened)->Size("linhai"), all.size());
  EventRun read;
  while (read.size() < all.size()) {
    const absl::StatusOr<EventRun> run = (*reopened)->Read("linhai", read.size(), 1000, 1 << 20);
    ASSERT_TRUE(run.ok()) << run.status();
    ASSERT_FALSE(run->empty());
    for (size_t i = 0; i < run->size(); ++i) read.Add((*run)[i]);
  }
  EXPECT_TRUE(read == all);
}

TEST_F(RocksEventLogTest, AFailedWriteIsUnknownAndBreaksTheLog) {
  absl::StatusOr<std::unique_ptr<EventLog>> log = Open();
  ASSERT_TRUE(log.ok()) << log.status();
  const uint64_t epoch = *(*log)->AcquireWriter({"linhai"});
  ASSERT_EQ(AppendNext(**log, "linhai", epoch, 30), AppendResult::kDurable);

  // A limit on the size of files stands for the failing disk.
  const auto old_handler = signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const rlimit limit = {.rlim_cur = 64 << 10, .rlim_max = old_limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const AppendResult failed = AppendNext(**log, "linhai", epoch, 5000);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old_limit), 0);
  signal(SIGXFSZ, old_handler);

  EXPECT_EQ(failed, AppendResult::kUnknown);
  EXPECT_EQ(AppendNext(**log, "linhai", epoch, 1), AppendResult::kUnknown);
  EXPECT_EQ((*log)->AcquireWriter({"linhai"}).status().code(), absl::StatusCode::kUnavailable);
  ExpectHolds(**log, "linhai", 30);
  EXPECT_EQ((*log)->Close().code(), absl::StatusCode::kUnavailable);
  log->reset();
  ExpectOpens(30);
  ASSERT_NO_FATAL_FAILURE(Session(10, true));
  ExpectOpens(40);
}

TEST_F(RocksEventLogTest, AnIdleLogSyncsItsGuardWithinAboutASecond) {
  const absl::StatusOr<std::unique_ptr<EventLog>> log = Open();
  ASSERT_TRUE(log.ok()) << log.status();
  const uint64_t epoch = *(*log)->AcquireWriter({"linhai"});
  const auto slot = [this] {  // the one that holds the newest counter
    const std::string bytes = ReadFile(guard());
    return bytes.substr(8, 8) > bytes.substr(4096 + 8, 8) ? 0 : 1;
  };
  ASSERT_EQ(AppendNext(**log, "linhai", epoch, 1), AppendResult::kDurable);
  const int first = slot();
  ASSERT_EQ(AppendNext(**log, "linhai", epoch, 1), AppendResult::kDurable);
  EXPECT_EQ(slot(), first);  // not synced yet: written in place
  std::this_thread::sleep_for(std::chrono::milliseconds(1300));
  ASSERT_EQ(AppendNext(**log, "linhai", epoch, 1), AppendResult::kDurable);
  EXPECT_NE(slot(), first);  // synced meanwhile: left alone
}

TEST_F(RocksEventLogTest, TheFloorOfFreeSpace) {
  const absl::StatusOr<std::unique_ptr<EventLog>> log =
      OpenRocksEventLog({.dir = dir(), .free_bytes_floor = UINT64_MAX});
  ASSERT_TRUE(log.ok()) << log.status();
  const absl::Status status = (*log)->CheckWritable();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_NE(MessageOf(status).find(std::to_string(UINT64_MAX)), std::string_view::npos) << status;
}

TEST_F(RocksEventLogTest, WarnsOfATornGuard) {
  ASSERT_NO_FATAL_FAILURE(Session(10, true));
  std::string bytes = ReadFile(guard());
  bytes[50] ^= 1;
  WriteFile(guard(), bytes);
  std::string warnings;
  const absl::StatusOr<std::unique_ptr<EventLog>> log =
      OpenRocksEventLog({.dir = dir(), .warn = [&](std::string_view line) { warnings += line; }});
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_NE(warnings.find("torn"), std::string::npos) << warnings;
  ExpectHolds(**log, "linhai", 10);
}

}  // namespace
}  // namespace meritbook
