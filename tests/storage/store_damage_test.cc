// Each file of a store in turn gets flipped bits, is cut, grows, is removed, or is replaced by
// another one or by itself of an earlier day. The log must then be refused, with a message that
// names something, or be whole; refused, it stays byte for byte as it was. (bitflip_test flips a
// bit in every byte of a small store; state_damage_test does to the state what this test does to
// the log.)
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/text.h"
#include "storage/rocks_event_log.h"
#include "tests/storage/damages.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

using Sizes = std::map<std::string, uint64_t>;

// One store at three moments of its life.
class StoreDamage : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(
        Session({"linhai", "taizhou"}, 20, [](EventLog& log) { ASSERT_TRUE(log.Close().ok()); }));
    older_sizes_ = sizes_;
    CopyTree(open(), older());
    ASSERT_NO_FATAL_FAILURE(
        Session({"linhai", "wenzhou"}, 50, [](EventLog& log) { ASSERT_TRUE(log.Close().ok()); }));
    ASSERT_NO_FATAL_FAILURE(Session({"linhai", "taizhou"}, 30, [this](EventLog& log) {
      CopyTree(open(), killed());
      ASSERT_TRUE(log.Close().ok());
    }));
    CopyTree(open(), stopped());
  }

  std::string open() const { return scratch_.path() + "/open"; }
  std::string older() const { return scratch_.path() + "/older"; }
  std::string killed() const { return scratch_.path() + "/killed"; }
  std::string stopped() const { return scratch_.path() + "/stopped"; }
  std::string work() const { return scratch_.path() + "/work"; }

  void Session(const std::vector<std::string>& ledgers, uint64_t events,
               const std::function<void(EventLog&)>& end) {
    const absl::StatusOr<std::unique_ptr<EventLog>> log = OpenRocksEventLog({.dir = open()});
    ASSERT_TRUE(log.ok()) << log.status();
    for (const std::string& ledger : ledgers) {
      const uint64_t epoch = *(*log)->AcquireWriter({ledger, "unused"});
      for (int i = 0; i < 2; ++i) {
        ASSERT_EQ(AppendNext(**log, ledger, epoch, events), AppendResult::kDurable);
        sizes_[ledger] += events;
      }
    }
    end(**log);
  }

  // How opening the damaged copy in work() ends.
  std::string OpenDamaged(const Sizes& sizes) const {
    const Tree before = ReadTree(work());
    const absl::StatusOr<std::unique_ptr<EventLog>> log = OpenRocksEventLog({.dir = work()});
    if (!log.ok()) {
      EXPECT_EQ(log.status().code(), absl::StatusCode::kDataLoss) << log.status();
      const std::string message(MessageOf(log.status()));
      EXPECT_TRUE(message.find("ledger '") != std::string::npos ||
                  message.find(work()) != std::string::npos)
          << message;
      EXPECT_TRUE(ReadTree(work()) == before) << "opening a refused store changed it";
      return "refused";
    }
    for (const auto& [ledger, size] : sizes) ExpectHolds(**log, ledger, size);
    const uint64_t epoch = *(*log)->AcquireWriter({"linhai"});
    EXPECT_EQ(AppendNext(**log, "linhai", epoch, 3), AppendResult::kDurable);
    return "whole";
  }

  void DamageEach(const std::string& store) {
    DamageCounts counts;
    for (const std::string folder : {"/log", "/guard", ""}) {
      for (const Damage& damage : DamagesOf(store + folder, older() + folder)) {
        SCOPED_TRACE(Text(folder, ": ", damage.what));
        CopyTree(store, work());
        damage.apply(work() + folder);
        ++counts[{folder.empty() ? "locks" : damage.kind, damage.way}][OpenDamaged(sizes_)];
        if (HasFailure()) return;
      }
    }
    Print(counts);
    for (const std::string kind : {"MANIFEST", "CURRENT", "table", "guard"}) {
      EXPECT_GT((counts[{kind, "removed"}]["refused"]), 0) << kind;
    }
  }

  const ScratchDir scratch_{MemoryFolder()};
  Sizes sizes_;
  Sizes older_sizes_;
};

TEST_F(StoreDamage, AfterAKillEachFileIsRefusedOrWhole) { DamageEach(killed()); }

TEST_F(StoreDamage, AfterACleanStopEachFileIsRefusedOrWhole) { DamageEach(stopped()); }

TEST_F(StoreDamage, PartsOfDifferentDays) {
  const auto mix = [this](const std::string& log, const std::string& guards) {
    fs::remove_all(work());
    fs::create_directories(work());
    if (!log.empty()) CopyTree(log + "/log", work() + "/log");
    if (!guards.empty()) CopyTree(guards + "/guard", work() + "/guard");
  };
  for (const std::string& newer : {killed(), stopped()}) {
    mix(older(), newer);
    EXPECT_EQ(OpenDamaged({}), "refused");  // a log restored from an old copy
    mix(newer, older());
    EXPECT_EQ(OpenDamaged({}), "refused") << "the ledger made since has no guard";
    fs::copy(newer + "/guard/wenzhou", work() + "/guard/wenzhou");
    EXPECT_EQ(OpenDamaged(sizes_), "whole");  // guards may lag: a kill can leave them so
    mix("", newer);
    EXPECT_EQ(OpenDamaged({}), "refused");
    mix(newer, "");
    EXPECT_EQ(OpenDamaged({}), "refused");
    // All of it from an old copy: nothing on this disk tells that there was more. Only a checkpoint
    // that somebody kept does, or the mark of a later backup.
    mix(older(), older());
    EXPECT_EQ(OpenDamaged(older_sizes_), "whole");
  }
}

}  // namespace
}  // namespace meritbook
