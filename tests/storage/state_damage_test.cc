// Each file of the state store in turn gets flipped bits, is cut, grows, is removed, or is replaced
// by another one or by itself of an earlier day. Whatever the store then gives, the ledger that is
// loaded from it and the log is exactly the one that a replay of the log gives.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "tests/services/stored_ledger.h"
#include "tests/storage/damages.h"

namespace meritbook {
namespace {

class StateDamage : public StoredLedger {
 protected:
  // A store of several tables, and itself when it was younger.
  void Fill() {
    Town();
    WriteRows();
    CopyTree(dir_.path() + "/state", older());
    for (int i = 0; i < 2; ++i) {
      MustDo(requests_.Of(Credit(Text("later-", i), i % 2 == 0 ? "anna" : "bo")));
      WriteRows();
    }
    MustDo(requests_.Of(Credit("not-written-behind", "bo")));
    Commit();
    store_.reset();
    CopyTree(dir_.path() + "/state", newer());
    const auto replayed = FromScratch();
    want_ = Dump(replayed->state());
    want_last_event_ = replayed->last_event();
  }

  std::string older() const { return kept_.path() + "/older"; }
  std::string newer() const { return kept_.path() + "/newer"; }
  std::string state() const { return dir_.path() + "/state"; }

  void SetAside() {
    store_.reset();
    CopyTree(newer(), state());
  }

  std::string OpenDamaged() {
    OpenStore();
    if (store_ == nullptr) return "failed";
    const uint64_t size = store_->AppliedSize(kTown);
    const std::unique_ptr<Ledger> ledger = Load();
    if (ledger == nullptr) return "failed";
    EXPECT_TRUE(Dump(ledger->state()) == want_) << "another ledger than the log's";
    EXPECT_EQ(ledger->last_event(), want_last_event_);
    if (!warnings_.empty()) return "discarded at loading";
    if (size == 0) return "empty";
    return size == whole_size_ ? "whole" : "older";
  }

  uint64_t whole_size_ = 0;

 private:
  const ScratchDir kept_;
  std::string want_;
  std::string want_last_event_;
};

TEST_F(StateDamage, EachFileLeavesTheRightLedger) {
  Fill();
  SetAside();
  OpenStore();
  whole_size_ = store_->AppliedSize(kTown);
  DamageCounts counts;
  for (const std::string folder : {"/db", "/runs", ""}) {
    for (const Damage& damage : DamagesOf(newer() + folder, older() + folder)) {
      SCOPED_TRACE(Text(folder, ": ", damage.what));
      SetAside();
      damage.apply(state() + folder);
      ++counts[{damage.kind, damage.way}][OpenDamaged()];
      if (HasFailure()) return;
    }
  }
  Print(counts);
  EXPECT_GT((counts[{"MANIFEST", "older"}]["older"]), 0);
  EXPECT_GT((counts[{"table", "removed"}]["empty"]), 0);
  EXPECT_GT((counts[{"MANIFEST", "flipped"}]["empty"]), 0);
}

TEST_F(StateDamage, AWholeOlderStoreIsCaughtUp) {
  Fill();
  store_.reset();
  CopyTree(older(), state());
  EXPECT_EQ(OpenDamaged(), "older");
}

}  // namespace
}  // namespace meritbook
