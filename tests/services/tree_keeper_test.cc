// A ledger's tree and its checkpoints: what is signed when, what is refused, what is served.
#include "services/tree_keeper.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/merkle.h"
#include "ledger/text.h"
#include "storage/memory_event_log.h"
#include "storage/rocks_state_store.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

constexpr const char* kLedger = "linhai";
constexpr const char* kOrigin = "merit.example/linhai";

SignerKey Key(uint8_t first) {
  Ed25519Seed seed;
  seed.bytes[0] = first;
  return *MakeSignerKey(kOrigin, KeyType::kEd25519, seed);
}

class TreeKeeperTest : public testing::Test {
 protected:
  TreeKeeperTest() { OpenStore(); }

  static std::string Event(uint64_t i) { return Text("event ", i); }

  void Append(uint64_t count, const std::string& changed = "") {
    const uint64_t epoch = *log_->AcquireWriter({kLedger});
    EventRun events;
    const uint64_t first = log_->Size(kLedger);
    for (uint64_t i = first; i < first + count; ++i) events.Add(Event(i) + changed);
    log_->Append({{kLedger, epoch, first, std::move(events)}},
                 [](AppendResult result) { ASSERT_EQ(result, AppendResult::kDurable); });
  }
  // Another log in the place of this one, as after a restoration.
  void ReplaceLog(uint64_t count, const std::string& changed = "") {
    log_ = std::make_shared<MemoryEventLog>();
    Append(count, changed);
  }
  void OpenStore() {
    store_.reset();
    store_ =
        *OpenStateStore({.dir = scratch_.path() + "/tree", .schema_version = kTreeSchemaVersion});
  }
  std::unique_ptr<TreeKeeper> Keeper() {
    return std::make_unique<TreeKeeper>(
        TreeKeeperOptions{.log = [this]() -> std::shared_ptr<EventLog> { return log_; },
                          .store = store_.get(),
                          .disk = &MachineDisk(),
                          .guard_folder = scratch_.path() + "/signed",
                          .signers = [this](const std::string&) { return signers_; },
                          .warn = [this](const std::string& line) { warnings_.push_back(line); }});
  }
  static Hash RootAt(uint64_t size, const std::string& changed = "") {
    CompactRange range;
    for (uint64_t i = 0; i < size; ++i) range.Append(LeafHash(Event(i) + changed));
    return range.Root();
  }
  // What anybody would make of the note.
  Checkpoint Verified(const TreeKeeper& keeper) const {
    const auto newest = keeper.Newest(kLedger);
    if (newest == nullptr) return {};
    KnownLog known{.origin = kOrigin, .keys = {}};
    for (const SignerKey& signer : signers_) known.keys.push_back(signer.verifier);
    const auto open = OpenCheckpoint(newest->note, known);
    EXPECT_TRUE(open.ok()) << newest->note;
    if (!open.ok()) return {};
    EXPECT_EQ(open->checkpoint, newest->checkpoint);
    EXPECT_EQ(open->note.signatures.size(), signers_.size());
    return open->checkpoint;
  }

  const ScratchDir scratch_;
  std::shared_ptr<EventLog> log_ = std::make_shared<MemoryEventLog>();
  std::unique_ptr<StateStore> store_;
  std::vector<SignerKey> signers_ = {Key(1)};
  std::vector<std::string> warnings_;
};

TEST_F(TreeKeeperTest, SignsWhatHasCome) {
  const auto keeper = Keeper();
  ASSERT_TRUE(keeper->Open().ok());
  keeper->Turn();
  EXPECT_EQ(keeper->Newest(kLedger), nullptr);
  Append(3);
  EXPECT_EQ(keeper->Newest(kLedger), nullptr) << "not before its turn";
  keeper->Turn();
  EXPECT_EQ(Verified(*keeper), (Checkpoint{kOrigin, 3, RootAt(3)}));
  const auto before = keeper->Newest(kLedger);
  keeper->Turn();
  EXPECT_EQ(keeper->Newest(kLedger), before) << "signed again without need";
  Append(300);
  keeper->Turn();
  EXPECT_EQ(Verified(*keeper), (Checkpoint{kOrigin, 303, RootAt(303)}));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(TreeKeeperTest, WithoutAKeyNothingIsSigned) {
  signers_.clear();
  const auto keeper = Keeper();
  Append(3);
  ASSERT_TRUE(keeper->Open().ok());
  keeper->Turn();
  EXPECT_EQ(keeper->Newest(kLedger), nullptr);
  EXPECT_EQ(keeper->ProveInclusion(kLedger, 0, 1).status().code(), absl::StatusCode::kOutOfRange);
  signers_ = {Key(1), Key(2)};
  keeper->Turn();
  EXPECT_EQ(Verified(*keeper).size, 3u) << "with both, while a rotation overlaps";
}

TEST_F(TreeKeeperTest, NothingUndurableIsSigned) {
  auto log = std::make_shared<MemoryEventLog>();
  log_ = log;
  Append(5);
  const auto keeper = Keeper();
  ASSERT_TRUE(keeper->Open().ok());
  log->set_hold(true);
  EventRun events;
  events.Add(Event(5));
  const uint64_t epoch = *log->AcquireWriter({kLedger});
  log->Append({{kLedger, epoch, 5, std::move(events)}}, [](AppendResult) {});
  keeper->Turn();
  EXPECT_EQ(Verified(*keeper).size, 5u);
  log->CompleteOne(AppendResult::kDurable);
  keeper->Turn();
  EXPECT_EQ(Verified(*keeper).size, 6u);
}

TEST_F(TreeKeeperTest, GoesOnAfterARestart) {
  Append(70'000);
  ASSERT_TRUE(Keeper()->Open().ok());
  {
    const auto keeper = Keeper();
    ASSERT_TRUE(keeper->Open().ok());
    keeper->Turn();  // stores
    EXPECT_EQ(store_->AppliedSize(kLedger), 70'000u - 70'000u % 256);
  }
  Append(70'000);
  {
    const auto keeper = Keeper();
    ASSERT_TRUE(keeper->Open().ok());
    EXPECT_EQ(Verified(*keeper), (Checkpoint{kOrigin, 140'000, RootAt(140'000)}));
    keeper->Turn();
    EXPECT_EQ(store_->AppliedSize(kLedger), 140'000u - 140'000u % 256);
  }
  // And without what was stored.
  ASSERT_TRUE(store_->Discard(kLedger).ok());
  const auto keeper = Keeper();
  ASSERT_TRUE(keeper->Open().ok());
  EXPECT_EQ(Verified(*keeper), (Checkpoint{kOrigin, 140'000, RootAt(140'000)}));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(TreeKeeperTest, AShorterLogIsRefused) {
  Append(300);
  ASSERT_TRUE(Keeper()->Open().ok());
  ReplaceLog(299);
  const absl::Status opened = Keeper()->Open();
  EXPECT_EQ(opened.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(opened.message().find("299"), std::string::npos) << opened;
  EXPECT_NE(opened.message().find("300"), std::string::npos) << opened;
}

TEST_F(TreeKeeperTest, AnotherLogIsRefused) {
  Append(300);
  ASSERT_TRUE(Keeper()->Open().ok());
  ReplaceLog(400, " changed");
  const absl::Status opened = Keeper()->Open();
  EXPECT_EQ(opened.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(opened.message().find("root"), std::string::npos) << opened;
  // Longer and the same up to what was signed.
  ReplaceLog(400);
  const auto keeper = Keeper();
  EXPECT_TRUE(keeper->Open().ok());
  EXPECT_EQ(Verified(*keeper), (Checkpoint{kOrigin, 400, RootAt(400)}));
}

TEST_F(TreeKeeperTest, StoredTilesOfAnotherLogAreRefused) {
  Append(70'000);
  const auto keeper = Keeper();
  ASSERT_TRUE(keeper->Open().ok());
  keeper->Turn();
  ASSERT_GT(store_->AppliedSize(kLedger), 0u);
  ReplaceLog(100);
  EXPECT_EQ(Keeper()->Open().code(), absl::StatusCode::kDataLoss);
}

TEST_F(TreeKeeperTest, DamageEndsTheSigning) {
  auto log = std::make_shared<MemoryEventLog>();
  log_ = log;
  Append(10);
  const auto keeper = Keeper();
  ASSERT_TRUE(keeper->Open().ok());
  Append(10);
  log->Rot(kLedger, 15);
  keeper->Turn();
  keeper->Turn();
  EXPECT_EQ(Verified(*keeper).size, 10u);
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_NE(warnings_[0].find("no more checkpoints of ledger 'linhai'"), std::string::npos);
}

TEST_F(TreeKeeperTest, ProofsAreOfWhatIsPublished) {
  Append(1'000);
  const auto keeper = Keeper();
  ASSERT_TRUE(keeper->Open().ok());
  Append(1);
  for (const uint64_t index : {0, 255, 256, 700, 999}) {
    const auto proof = keeper->ProveInclusion(kLedger, index, 1'000);
    ASSERT_TRUE(proof.ok());
    EXPECT_TRUE(VerifyInclusion(index, 1'000, LeafHash(Event(index)), *proof, RootAt(1'000)).ok());
  }
  const auto grown = keeper->ProveConsistency(kLedger, 257, 1'000);
  ASSERT_TRUE(grown.ok());
  EXPECT_TRUE(VerifyConsistency(257, RootAt(257), 1'000, RootAt(1'000), *grown).ok());
  EXPECT_EQ(keeper->ProveInclusion(kLedger, 0, 1'001).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(keeper->ProveConsistency(kLedger, 0, 1'001).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(keeper->ProveInclusion(kLedger, 5, 5).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(keeper->ProveInclusion("nowhere", 0, 1).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(TreeKeeperTest, TilesAreOfWhatIsPublished) {
  Append(70'000);
  const auto keeper = Keeper();
  ASSERT_TRUE(keeper->Open().ok());
  Append(5);
  std::map<int, std::vector<std::string>> hashes;  // by level
  for (const Tile& tile : TilesOf(70'000)) {
    const auto bytes = keeper->BytesOf(kLedger, tile);
    ASSERT_TRUE(bytes.ok()) << TilePath(tile);
    ASSERT_EQ(bytes->size(), tile.width * 32);
    for (size_t at = 0; at < bytes->size(); at += 32) {
      hashes[tile.level].push_back(bytes->substr(at, 32));
    }
  }
  ASSERT_EQ(hashes[0].size(), 70'000u);
  for (uint64_t i = 0; i < 70'000; i += 997) {
    EXPECT_EQ(hashes[0][i], AsBytes(LeafHash(Event(i)))) << i;
  }
  const Tile last{.level = Tile::kEntries, .index = 273, .width = 112};
  const auto bundle = keeper->BytesOf(kLedger, last);
  ASSERT_TRUE(bundle.ok());
  const auto entries = EntriesOf(*bundle, 112);
  ASSERT_TRUE(entries.ok());
  EXPECT_EQ(entries->back(), Event(69'999));
  EXPECT_TRUE(keeper->BytesOf(kLedger, {0, 273, 7}).ok()) << "of an earlier checkpoint";
  for (const Tile& beyond : std::vector<Tile>{
           {0, 273, 113}, {0, 273, 256}, {0, 274, 1}, {1, 1, 18}, {2, 0, 2}, {3, 0, 1}}) {
    EXPECT_EQ(keeper->BytesOf(kLedger, beyond).status().code(), absl::StatusCode::kNotFound)
        << TilePath(beyond);
  }
}

}  // namespace
}  // namespace meritbook
