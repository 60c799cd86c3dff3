// Backups of a log, and what is restored from them: whole, damaged, cut, over guards that saw more.
#include "storage/backup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "ledger/text.h"
#include "meritbook/v1/event.pb.h"
#include "storage/loss_note.h"
#include "storage/restore.h"
#include "storage/rocks_event_log.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLedger = "linhai";

// Commands of three events each; incompressible enough for tables of some size.
std::string BackupEvent(uint64_t sequence) {
  v1::Event event;
  event.set_sequence(sequence);
  event.set_command_first_sequence(sequence - sequence % 3);
  event.set_command_event_count(3);
  event.set_salt(sequence * 0x9e3779b97f4a7c15);
  std::string actor;
  for (uint64_t word = sequence + 1; actor.size() < 100;) {
    word = word * 6364136223846793005 + 1442695040888963407;
    actor += Text(word >> 33);
  }
  event.set_actor(actor);
  return event.SerializeAsString();
}

void ExpectEvents(const EventLog& log, uint64_t size) {
  ASSERT_EQ(log.Size(kLedger), size);
  for (uint64_t next = 0; next < size;) {
    const absl::StatusOr<EventRun> run = log.Read(kLedger, next, 1000, 1 << 20);
    ASSERT_TRUE(run.ok()) << run.status();
    ASSERT_FALSE(run->empty());
    for (size_t i = 0; i < run->size(); ++i, ++next) ASSERT_EQ((*run)[i], BackupEvent(next));
  }
}

bool GoOn(uint64_t, uint64_t) { return true; }

class BackupTest : public testing::Test {
 protected:
  std::string data() const { return scratch_.path() + "/data"; }
  std::string elsewhere() const { return scratch_.path() + "/elsewhere"; }
  std::string backups() const { return scratch_.path() + "/backups"; }

  static std::unique_ptr<EventLog> Open(const std::string& dir) {
    absl::StatusOr<std::unique_ptr<EventLog>> log = OpenRocksEventLog({.dir = dir});
    EXPECT_TRUE(log.ok()) << log.status();
    return log.ok() ? *std::move(log) : nullptr;
  }

  static void Append(EventLog& log, uint64_t epoch, uint64_t count) {
    const uint64_t size = log.Size(kLedger);
    EventRun events;
    for (uint64_t i = size; i < size + count; ++i) events.Add(BackupEvent(i));
    ASSERT_EQ(AppendAndWait(log, {{.ledger = kLedger,
                                   .epoch = epoch,
                                   .expected_size = size,
                                   .events = std::move(events)}}),
              AppendResult::kDurable);
  }

  static void Grow(const std::string& dir, uint64_t count) {
    const auto log = Open(dir);
    const uint64_t epoch = *log->AcquireWriter({kLedger});
    for (uint64_t i = 0; i < count; i += 300) {
      Append(*log, epoch, std::min<uint64_t>(300, count - i));
    }
    ASSERT_TRUE(log->Close().ok());
  }

  absl::StatusOr<BackupMark> BackUp(const EventLog& log) const {
    auto folder = BackupFolder::Open(backups(), nullptr);
    if (!folder.ok()) return folder.status();
    if (absl::Status s = log.BackUp(**folder, GoOn); !s.ok()) return s;
    return (*folder)->Verify(++made_us_, GoOn);
  }

  // Of a store with so many events.
  void MakeStoreAndBackup(uint64_t count) {
    ASSERT_NO_FATAL_FAILURE(Grow(data(), count));
    const auto log = Open(data());
    const auto mark = BackUp(*log);
    ASSERT_TRUE(mark.ok()) << mark.status();
    ASSERT_EQ(mark->ledgers.at(kLedger).size, count);
    ASSERT_TRUE(log->Close().ok());
  }

  RestoreOrder Order(const std::string& dir) {
    return {.backup_dir = backups(), .data_dir = dir, .now_us = ++made_us_};
  }
  RestoreOrder Declared(const std::string& dir) {
    RestoreOrder order = Order(dir);
    order.declaration = {.declared_by = "zhou", .reason_code = "disk-lost"};
    return order;
  }

  ScratchDir scratch_;
  mutable int64_t made_us_ = 1000;
};

TEST_F(BackupTest, AreIncrementalAndKeptAsAsked) {
  ASSERT_NO_FATAL_FAILURE(Grow(data(), 9000));
  const auto log = Open(data());
  const uint64_t epoch = *log->AcquireWriter({kLedger});
  const auto first = BackUp(*log);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->new_bytes, first->bytes);
  for (int i = 0; i < 10; ++i) ASSERT_NO_FATAL_FAILURE(Append(*log, epoch, 30));
  const auto second = BackUp(*log);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->ledgers.at(kLedger).size, 9300U);
  EXPECT_LT(second->new_bytes, second->bytes / 2);
  EXPECT_GT(second->id, first->id);

  auto marks = ListBackupMarks(MachineDisk(), backups());
  ASSERT_TRUE(marks.ok()) << marks.status();
  ASSERT_EQ(marks->size(), 2U);
  EXPECT_EQ(marks->front().ledgers.at(kLedger).size, 9000U);
  {
    const auto folder = BackupFolder::Open(backups(), nullptr);
    ASSERT_TRUE(folder.ok()) << folder.status();
    ASSERT_TRUE((*folder)->KeepNewest(1).ok());
  }
  marks = ListBackupMarks(MachineDisk(), backups());
  ASSERT_TRUE(marks.ok()) << marks.status();
  ASSERT_EQ(marks->size(), 1U);
  EXPECT_EQ(marks->front().id, second->id);
  // What they shared is still there.
  const auto restored = Restore(Order(elsewhere()));
  ASSERT_TRUE(restored.ok()) << restored.status();
  ExpectEvents(*Open(elsewhere()), 9300);
}

TEST_F(BackupTest, HoldWhatWasDurableWhileTheLogIsWritten) {
  const auto log = Open(data());
  const uint64_t epoch = *log->AcquireWriter({kLedger});
  std::atomic<bool> ending = false;
  std::thread writer([&] {
    while (!ending) Append(*log, epoch, 60);
  });
  for (int i = 0; i < 5; ++i) {
    while (log->Size(kLedger) < static_cast<uint64_t>(i + 1) * 3000) std::this_thread::yield();
    const uint64_t before = log->Size(kLedger);
    const auto mark = BackUp(*log);
    EXPECT_TRUE(mark.ok()) << mark.status();
    if (!mark.ok()) break;
    EXPECT_GE(mark->ledgers.at(kLedger).size, before);
  }
  ending = true;
  writer.join();
  const uint64_t size = log->Size(kLedger);
  const auto restored = Restore(Order(elsewhere()));
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_LE(restored->ledgers.at(0).size, size);
  ExpectEvents(*Open(elsewhere()), restored->ledgers.at(0).size);
}

TEST_F(BackupTest, OneAtATimeAndNoneWithoutAMark) {
  ASSERT_NO_FATAL_FAILURE(MakeStoreAndBackup(300));
  const auto log = Open(data());
  {
    const auto folder = BackupFolder::Open(backups(), nullptr);
    ASSERT_TRUE(folder.ok()) << folder.status();
    EXPECT_EQ(BackupFolder::Open(backups(), nullptr).status().code(), absl::StatusCode::kAborted);
    ASSERT_TRUE(log->BackUp(**folder, GoOn).ok());
    // A kill here: the copy stays, without a mark.
    CopyTree(backups(), scratch_.path() + "/killed");
  }
  EXPECT_FALSE(fs::exists(backups() + "/meta/2"));
  CopyTree(scratch_.path() + "/killed", backups());
  ASSERT_TRUE(fs::exists(backups() + "/meta/2"));
  RestoreOrder unmarked = Order(elsewhere());
  unmarked.backup_id = 2;
  EXPECT_EQ(Restore(unmarked).status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(BackupFolder::Open(backups(), nullptr).ok());
  EXPECT_FALSE(fs::exists(backups() + "/meta/2"));
  EXPECT_EQ(ListBackupIds(MachineDisk(), backups()).value(), std::vector<uint32_t>({1}));
}

TEST_F(BackupTest, StopsWhenToldAndLeavesEarlierOnesWhole) {
  ASSERT_NO_FATAL_FAILURE(MakeStoreAndBackup(9000));
  const auto log = Open(data());
  {
    const auto folder = BackupFolder::Open(backups(), nullptr);
    ASSERT_TRUE(folder.ok()) << folder.status();
    ASSERT_TRUE(log->BackUp(**folder, GoOn).ok());
    EXPECT_EQ((*folder)->Verify(7, [](uint64_t, uint64_t) { return false; }).status().code(),
              absl::StatusCode::kCancelled);
  }
  EXPECT_EQ(ListBackupIds(MachineDisk(), backups()).value(), std::vector<uint32_t>({1}));
  EXPECT_TRUE(Restore(Order(elsewhere())).ok());
}

// A bit in each file of it, wherever the file's middle is.
TEST_F(BackupTest, DamageIsRefusedAndNamed) {
  ASSERT_NO_FATAL_FAILURE(MakeStoreAndBackup(900));
  int flipped = 0;
  for (const auto& entry : fs::recursive_directory_iterator(backups())) {
    if (!entry.is_regular_file() || entry.file_size() == 0) continue;
    const std::string path = entry.path().string();
    const std::string whole = ReadFile(path);
    for (const size_t at : {size_t{0}, whole.size() / 2, whole.size() - 1}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 4);
      WriteFile(path, changed);
      const absl::Status refused = Restore(Order(elsewhere())).status();
      EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss) << path << ": " << refused;
      EXPECT_NE(MessageOf(refused).find(entry.path().filename().string()), std::string::npos)
          << path << ": " << refused;
      EXPECT_FALSE(fs::exists(elsewhere() + "/log")) << path;
      ++flipped;
    }
    WriteFile(path, whole);
    fs::rename(path, path + ".gone");
    EXPECT_FALSE(Restore(Order(elsewhere())).ok()) << path << " is missing";
    fs::rename(path + ".gone", path);
  }
  EXPECT_GE(flipped, 3 * 5);  // table, manifest, CURRENT, list of files, mark, at least
  EXPECT_TRUE(Restore(Order(elsewhere())).ok());
}

TEST_F(BackupTest, RestoresElsewhereWithAnEpochAboveAll) {
  ASSERT_NO_FATAL_FAILURE(MakeStoreAndBackup(900));
  ASSERT_NO_FATAL_FAILURE(Grow(data(), 30));  // the original goes on
  const auto restored = Restore(Order(elsewhere()));
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_TRUE(restored->moved_aside.empty());
  const auto log = Open(elsewhere());
  ExpectEvents(*log, 900);
  const auto original = Open(data());
  const uint64_t epoch = *log->AcquireWriter({kLedger});
  EXPECT_GT(epoch, *original->AcquireWriter({kLedger}) + 1000);
  ASSERT_NO_FATAL_FAILURE(Append(*log, epoch, 90));
  ExpectEvents(*log, 990);
}

TEST_F(BackupTest, AStoreThatIsThereIsMovedAsideOnlyWhenAsked) {
  ASSERT_NO_FATAL_FAILURE(MakeStoreAndBackup(300));
  fs::create_directories(data() + "/state");
  EXPECT_EQ(Restore(Order(data())).status().code(), absl::StatusCode::kFailedPrecondition);
  RestoreOrder order = Order(data());
  order.replace = true;
  {
    const auto log = Open(data());
    EXPECT_EQ(Restore(order).status().code(), absl::StatusCode::kUnavailable);
    ASSERT_TRUE(log->Close().ok());
  }
  const auto restored = Restore(order);  // nothing newer is there, so nothing is lost
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_GE(restored->moved_aside.size(), 3U);
  for (const std::string& path : restored->moved_aside) EXPECT_TRUE(fs::exists(path)) << path;
  EXPECT_FALSE(fs::exists(data() + "/state"));
  ExpectEvents(*Open(data()), 300);
}

TEST_F(BackupTest, WhatAGuardSawIsGivenUpOnlyWhenDeclared) {
  ASSERT_NO_FATAL_FAILURE(MakeStoreAndBackup(300));
  ASSERT_NO_FATAL_FAILURE(Grow(data(), 120));
  fs::remove_all(data() + "/log");  // the guards survived
  const absl::Status refused = Restore(Order(data())).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  for (const char* part : {"linhai", "300", "420", "120 events would be lost", "/guard/linhai"}) {
    EXPECT_NE(MessageOf(refused).find(part), std::string::npos) << part << ": " << refused;
  }
  const auto restored = Restore(Declared(data()));
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->ledgers.at(0).size, 300U);
  EXPECT_EQ(restored->ledgers.at(0).seen_size, 420U);
  ExpectEvents(*Open(data()), 300);
  const auto notes = ReadLossNotes(MachineDisk(), data() + "/loss");
  ASSERT_TRUE(notes.ok()) << notes.status();
  ASSERT_EQ(notes->size(), 1U);
  EXPECT_EQ(notes->front().kept_size, 300U);
  EXPECT_EQ(notes->front().guard_size, 420U);
  EXPECT_EQ(notes->front().declared_by, "zhou");
  // Restored once more before a server declared it: the loss isn't forgotten.
  RestoreOrder again = Order(data());
  again.replace = true;
  EXPECT_EQ(Restore(again).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(BackupTest, AnotherLedgersHistoryIsNoBackupOfThis) {
  ASSERT_NO_FATAL_FAILURE(MakeStoreAndBackup(300));
  {
    const auto other = Open(elsewhere());  // of the same name
    const uint64_t epoch = *other->AcquireWriter({kLedger});
    ASSERT_EQ(AppendNext(*other, kLedger, epoch, 30), AppendResult::kDurable);
    ASSERT_TRUE(other->Close().ok());
  }
  RestoreOrder order = Declared(elsewhere());
  order.replace = true;
  const absl::Status refused = Restore(order).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(MessageOf(refused).find("another history"), std::string::npos) << refused;
  EXPECT_FALSE(fs::exists(elsewhere() + "/restoring"));
}

TEST_F(BackupTest, IsCutAtTheEndOfACommandOnly) {
  ASSERT_NO_FATAL_FAILURE(MakeStoreAndBackup(900));
  RestoreOrder order = Declared(elsewhere());
  order.sizes = {{"", 451}};
  const absl::Status within = Restore(order).status();
  EXPECT_EQ(within.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(MessageOf(within).find("nearest sizes are 450 and 453"), std::string::npos) << within;
  order.sizes = {{kLedger, 901}};
  EXPECT_EQ(Restore(order).status().code(), absl::StatusCode::kFailedPrecondition);
  order.sizes = {{"", 450}, {kLedger, 450}};
  EXPECT_EQ(Restore(order).status().code(), absl::StatusCode::kFailedPrecondition);
  order.sizes = {{"nobody", 300}};
  EXPECT_EQ(Restore(order).status().code(), absl::StatusCode::kFailedPrecondition);
  // The backup itself has seen more.
  RestoreOrder undeclared = Order(elsewhere());
  undeclared.sizes = {{"", 450}};
  EXPECT_EQ(Restore(undeclared).status().code(), absl::StatusCode::kFailedPrecondition);

  for (const uint64_t size :
       {uint64_t{450}, uint64_t{600}, uint64_t{3}}) {  // in and between records
    order.sizes = {{kLedger, size}};
    order.replace = true;
    order.now_us = ++made_us_;
    fs::remove_all(elsewhere());
    const auto restored = Restore(order);
    ASSERT_TRUE(restored.ok()) << restored.status();
    ExpectEvents(*Open(elsewhere()), size);
    const auto notes = ReadLossNotes(MachineDisk(), elsewhere() + "/loss");
    ASSERT_TRUE(notes.ok() && notes->size() == 1);
    EXPECT_EQ(notes->front().kept_size, size);
    EXPECT_EQ(notes->front().guard_size, 900U);
    ASSERT_NO_FATAL_FAILURE(Grow(elsewhere(), 30));
    ExpectEvents(*Open(elsewhere()), size + 30);
  }
}

// Each state that a kill may leave behind once the restoration was decided.
TEST_F(BackupTest, IsFinishedWhereverItWasCutOff) {
  ASSERT_NO_FATAL_FAILURE(MakeStoreAndBackup(300));
  ASSERT_TRUE(Restore(Order(elsewhere())).ok());
  ASSERT_NO_FATAL_FAILURE(Grow(data(), 30));
  fs::create_directories(data() + "/state/db");
  const std::string decided = data() + "/restored-77";
  fs::create_directories(decided);
  for (const char* part : {"log", "guard", "loss"}) {
    fs::copy(elsewhere() + "/" + part, decided + "/" + part, fs::copy_options::recursive);
  }
  const std::vector<std::pair<std::string, std::string>> moves = {
      {"state", "state.replaced-77"}, {"restored-77/loss", "loss"}, {"guard", "guard.replaced-77"},
      {"restored-77/guard", "guard"}, {"log", "log.replaced-77"},   {"restored-77/log", "log"}};
  const std::string kept = scratch_.path() + "/kept";
  CopyTree(data(), kept);
  for (size_t done = 0; done <= moves.size(); ++done) {
    CopyTree(kept, data());
    for (size_t i = 0; i < done; ++i) {
      fs::rename(data() + "/" + moves[i].first, data() + "/" + moves[i].second);
    }
    const absl::Status finished = FinishRestoration(data());
    ASSERT_TRUE(finished.ok()) << done << ": " << finished;
    EXPECT_FALSE(fs::exists(decided)) << done;
    EXPECT_FALSE(fs::exists(data() + "/state")) << done;
    for (const char* part : {"state", "guard", "log"}) {
      EXPECT_TRUE(fs::exists(data() + "/" + part + ".replaced-77")) << done << ": " << part;
    }
    ExpectEvents(*Open(data()), 300);
  }
  // Before the decision nothing is changed.
  CopyTree(kept, data());
  fs::rename(decided, data() + "/restoring");
  ASSERT_TRUE(FinishRestoration(data()).ok());
  ExpectEvents(*Open(data()), 330);
  // But no empty store begins where one was to be restored.
  fs::create_directories(elsewhere() + "2/restoring/log");
  const absl::Status cut_off = FinishRestoration(elsewhere() + "2");
  EXPECT_EQ(cut_off.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(MessageOf(cut_off).find("nothing is restored"), std::string::npos) << cut_off;
  ASSERT_TRUE(Restore(Order(elsewhere() + "2")).ok());
  EXPECT_TRUE(FinishRestoration(elsewhere() + "2").ok());
  ExpectEvents(*Open(elsewhere() + "2"), 300);
}

TEST(BackupMarkTest, HasTheseBytes) {
  BackupMark mark{.id = 3, .made_us = 0x0102, .bytes = 9, .new_bytes = 4};
  mark.list_hash = Sha256("list");
  mark.ledgers["a"] = {
      .size = 7, .last_hash = Sha256("last"), .last_epoch = 2, .writer = {.epoch = 5, .nonce = 6}};
  const std::string bytes = EncodeBackupMark(mark);
  std::string want(
      "MBBK\x01\0\0\0\x03\0\0\0\x02\x01\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0", 36);
  want += AsBytes(mark.list_hash);
  want += std::string(
      "\x01\0\0\0\x01"
      "a\x07\0\0\0\0\0\0\0",
      14);
  want += AsBytes(mark.ledgers["a"].last_hash);
  want += std::string("\x02\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\x06\0\0\0\0\0\0\0", 24);
  const Hash hash = Sha256(want);
  want += AsBytes(hash);
  EXPECT_EQ(absl::BytesToHexString(bytes), absl::BytesToHexString(want));
  ASSERT_TRUE(DecodeBackupMark(bytes).ok());
  EXPECT_EQ(EncodeBackupMark(*DecodeBackupMark(bytes)), bytes);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(DecodeBackupMark(changed).ok()) << i;
    EXPECT_FALSE(DecodeBackupMark(bytes.substr(0, i)).ok()) << i;
  }
}

TEST(LossNoteTest, HasTheseBytes) {
  const LossNote note{.ledger = "a",
                      .kept_size = 3,
                      .guard_size = 5,
                      .guard_hash = Sha256("last"),
                      .declared_by = "zhou",
                      .reason_code = "fire"};
  const std::string bytes = EncodeLossNote(note);
  std::string want("MBLN\x01\0\0\0\x03\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0", 24);
  want += AsBytes(note.guard_hash);
  want += std::string(
      "\x01"
      "a\x04zhou\x04"
      "fire",
      12);
  const Hash hash = Sha256(want);
  want += AsBytes(hash);
  EXPECT_EQ(absl::BytesToHexString(bytes), absl::BytesToHexString(want));
  ASSERT_TRUE(DecodeLossNote(bytes).ok());
  EXPECT_TRUE(*DecodeLossNote(bytes) == note);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(DecodeLossNote(changed).ok()) << i;
    EXPECT_FALSE(DecodeLossNote(bytes.substr(0, i)).ok()) << i;
  }
}

}  // namespace
}  // namespace meritbook
