#include "storage/guard.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "absl/strings/escaping.h"
#include "ledger/text.h"
#include "storage/batch_record.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

constexpr size_t kSecondSlot = 4096;
constexpr size_t kFileBytes = 8192;
constexpr size_t kSlotBytes = 128;

GuardMark MarkAt(uint64_t size) {
  return {.size = size, .last_hash = Sha256(std::to_string(size)), .epoch = 1 + size / 10};
}

class GuardTest : public testing::Test {
 protected:
  std::string path() const { return dir_.path() + "/linhai"; }

  Guard Reopened() {
    absl::StatusOr<Guard> guard = Guard::Open(MachineDisk(), dir_.path(), "linhai");
    EXPECT_TRUE(guard.ok()) << guard.status();
    return *std::move(guard);
  }

  void Damage(size_t offset) {
    std::string bytes = ReadFile(path());
    bytes[offset] = static_cast<char>(bytes[offset] ^ 1);
    WriteFile(path(), bytes);
  }

  const ScratchDir dir_;
};

TEST_F(GuardTest, GoldenBytes) {
  ASSERT_TRUE(Guard::Create(MachineDisk(), dir_.path(), "linhai", MarkAt(5)).ok());
  const std::string bytes = ReadFile(path());
  ASSERT_EQ(bytes.size(), kFileBytes);
  EXPECT_EQ(absl::BytesToHexString(bytes.substr(0, kSlotBytes)),
            "4d424744"
            "01000000"
            "0100000000000000"
            "0500000000000000"
            "0100000000000000"
            "ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d"
            "7150428d751bafaa80079fe967d65097433a846c8cb4f1a6a3538605bbc4b157"
            "48a9cb1207f6f95678d5042cdd4f40a2868c9961a1152c2b50ad8ba7dc8cc443");
  EXPECT_EQ(bytes.substr(kSlotBytes, kSecondSlot - kSlotBytes),
            std::string(kSecondSlot - kSlotBytes, '\0'));
}

TEST_F(GuardTest, RemembersTheLastMark) {
  Guard guard = *Guard::Create(MachineDisk(), dir_.path(), "linhai", MarkAt(0));
  EXPECT_EQ(Reopened().mark(), MarkAt(0));
  for (uint64_t size = 1; size < 40; ++size) {
    ASSERT_TRUE(guard.Write(MarkAt(size)).ok());
    EXPECT_EQ(guard.mark(), MarkAt(size));
    EXPECT_EQ(Reopened().mark(), MarkAt(size));  // as after a kill
    if (size % 3 == 0) {
      ASSERT_TRUE(guard.Sync().ok());
    }
    if (size % 7 == 0) guard = Reopened();
  }
}

TEST_F(GuardTest, UnsyncedWritesLeaveTheSyncedSlotAlone) {
  Guard guard = *Guard::Create(MachineDisk(), dir_.path(), "linhai", MarkAt(0));
  for (uint64_t size = 1; size < 60; size += 3) {
    ASSERT_TRUE(guard.Write(MarkAt(size)).ok());
    ASSERT_TRUE(guard.Sync().ok());
    EXPECT_TRUE(guard.synced());
    ASSERT_TRUE(guard.Write(MarkAt(size + 1)).ok());
    ASSERT_TRUE(guard.Write(MarkAt(size + 2)).ok());
    EXPECT_FALSE(guard.synced());
    // Whichever slot the unsynced writes went to, tearing it leaves the synced mark.
    const std::string whole = ReadFile(path());
    const size_t newest = size % 2 == 1 ? kSecondSlot : 0;
    Damage(newest + 60);
    Guard torn = Reopened();
    if (torn.mark() == MarkAt(size + 2)) {  // the other slot was the newest
      WriteFile(path(), whole);
      Damage(kSecondSlot - newest + 60);
      EXPECT_EQ(Reopened().mark(), MarkAt(size));
    } else {
      EXPECT_EQ(torn.mark(), MarkAt(size));
    }
    EXPECT_TRUE(torn.was_torn());
    WriteFile(path(), whole);
    guard = Reopened();
  }
}

TEST_F(GuardTest, OnceSettledEitherSlotWillDo) {
  Guard guard = *Guard::Create(MachineDisk(), dir_.path(), "linhai", MarkAt(0));
  EXPECT_TRUE(guard.settled());
  ASSERT_TRUE(guard.Write(MarkAt(9)).ok());
  EXPECT_FALSE(guard.settled());
  ASSERT_TRUE(guard.Settle().ok());
  EXPECT_TRUE(guard.settled());
  EXPECT_TRUE(Reopened().settled());
  const std::string whole = ReadFile(path());
  for (const size_t slot : {size_t{0}, kSecondSlot}) {
    for (size_t i = 0; i < kSlotBytes; ++i) {
      Damage(slot + i);
      const Guard torn = Reopened();
      EXPECT_EQ(torn.mark(), MarkAt(9)) << slot + i;
      EXPECT_TRUE(torn.was_torn()) << slot + i;
      EXPECT_FALSE(torn.settled()) << slot + i;
      WriteFile(path(), whole);
    }
  }
}

TEST_F(GuardTest, RefusesWhatIsNoGuardOfThisLedger) {
  EXPECT_EQ(Guard::Open(MachineDisk(), dir_.path(), "linhai").status().code(),
            absl::StatusCode::kNotFound);
  ASSERT_TRUE(Guard::Create(MachineDisk(), dir_.path(), "linhai", MarkAt(3)).ok());
  const std::string whole = ReadFile(path());

  Damage(10);
  Damage(kSecondSlot + 100);
  absl::Status refused = Guard::Open(MachineDisk(), dir_.path(), "linhai").status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(MessageOf(refused).find(path()), std::string_view::npos) << refused;

  for (const size_t size : {size_t{0}, size_t{1}, kSlotBytes, kFileBytes - 1, kFileBytes + 1}) {
    std::string bytes = whole;
    bytes.resize(size);
    WriteFile(path(), bytes);
    EXPECT_EQ(Guard::Open(MachineDisk(), dir_.path(), "linhai").status().code(),
              absl::StatusCode::kDataLoss)
        << size;
  }
  WriteFile(dir_.path() + "/taizhou", whole);
  EXPECT_EQ(Guard::Open(MachineDisk(), dir_.path(), "taizhou").status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(GuardTest, CreateReplacesALeftover) {
  WriteFile(path() + "~", "cut off");
  ASSERT_TRUE(Guard::Create(MachineDisk(), dir_.path(), "linhai", MarkAt(3)).ok());
  EXPECT_FALSE(std::filesystem::exists(path() + "~"));
  ASSERT_TRUE(Guard::Create(MachineDisk(), dir_.path(), "linhai", MarkAt(0)).ok());
  EXPECT_EQ(Reopened().mark(), MarkAt(0));
}

}  // namespace
}  // namespace meritbook
