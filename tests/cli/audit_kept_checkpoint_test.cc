#include <gtest/gtest.h>

#include <set>
#include <string>

#include "cli/audit/kept_checkpoint.h"
#include "tests/cli/audit_proof_kit.h"

namespace meritbook::audit {
namespace {

constexpr char kOrigin[] = "example.com/county";

class AuditKeptCheckpoint : public testing::Test {
 protected:
  CheckedCheckpoint Checked(uint64_t size, const std::string& root = "root") const {
    const std::string body = Body(kOrigin, size, PlainSha256(root));
    return CheckCheckpoint(body + "\n" + log_.Line(body), policy_);
  }
  std::string Path() const { return KeptCheckpointPath(folder_.path(), kOrigin); }
  std::string Name() const { return fs::path(Path()).filename(); }
  absl::Status Keep(const CheckedCheckpoint& checked) const {
    return KeepCheckpoint(folder_.path(), checked, policy_);
  }
  uint64_t KeptSize() const {
    const auto kept = ReadKeptCheckpoint(folder_.path(), policy_);
    EXPECT_TRUE(kept.ok()) << kept.status();
    return kept.ok() && *kept ? (*kept)->checkpoint.tree.size : 0;
  }

  const TestKey log_{kOrigin, 1, 1};
  const TrustPolicy policy_ = *MakeTrustPolicy({log_.vkey()});
  const ProofFolder folder_;
};

TEST_F(AuditKeptCheckpoint, Relations) {
  const TreeHead kept{7, PlainSha256("a")};
  EXPECT_EQ(RelationOf(kept, kept), TreeRelation::kSame);
  EXPECT_EQ(RelationOf(kept, {7, PlainSha256("b")}), TreeRelation::kOtherRoot);
  EXPECT_EQ(RelationOf(kept, {8, PlainSha256("a")}), TreeRelation::kGrown);
  EXPECT_EQ(RelationOf(kept, {6, PlainSha256("a")}), TreeRelation::kShorter);
}

TEST_F(AuditKeptCheckpoint, IsReadAsItWasKept) {
  const auto none = ReadKeptCheckpoint(folder_.path(), policy_);
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_FALSE(none->has_value());
  ASSERT_TRUE(Keep(Checked(5)).ok());
  const auto kept = ReadKeptCheckpoint(folder_.path(), policy_);
  ASSERT_TRUE(kept.ok()) << kept.status();
  ASSERT_TRUE(kept->has_value());
  EXPECT_EQ((*kept)->note, Checked(5).note);
  EXPECT_EQ(folder_.Names(), std::vector<std::string>{Name()});
}

TEST_F(AuditKeptCheckpoint, NeverGoesBack) {
  ASSERT_TRUE(Keep(Checked(5)).ok());
  EXPECT_TRUE(Keep(Checked(5)).ok());
  EXPECT_TRUE(Keep(Checked(6)).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Keep(Checked(5))));
  EXPECT_TRUE(absl::IsFailedPrecondition(Keep(Checked(6, "another"))));
  EXPECT_EQ(KeptSize(), 6u);
  EXPECT_EQ(folder_.Read(Name()), Checked(6).note);
}

TEST_F(AuditKeptCheckpoint, TakesOnlyWhatVerified) {
  CheckedCheckpoint checked = Checked(5);
  checked.verdict = Verdict::kQuorumUnmet;
  EXPECT_TRUE(absl::IsFailedPrecondition(Keep(checked)));
  EXPECT_TRUE(folder_.Names().empty());
}

TEST_F(AuditKeptCheckpoint, ADamagedOneIsSaidAndNotReplaced) {
  ASSERT_TRUE(Keep(Checked(5)).ok());
  const std::string good = folder_.Read(Name());
  for (size_t bit = 0; bit < good.size() * 8; bit += 5) {
    folder_.Write(Name(), Flipped(good, bit));
    ASSERT_TRUE(absl::IsDataLoss(ReadKeptCheckpoint(folder_.path(), policy_).status())) << bit;
    ASSERT_TRUE(absl::IsDataLoss(Keep(Checked(9)))) << bit;
    ASSERT_EQ(folder_.Read(Name()), Flipped(good, bit));
  }
}

TEST_F(AuditKeptCheckpoint, WhatAKillLeftBehindDoesNoHarm) {
  ASSERT_TRUE(Keep(Checked(5)).ok());
  folder_.Write(Name() + "~", "half of a ch");
  EXPECT_EQ(KeptSize(), 5u);
  ASSERT_TRUE(Keep(Checked(7)).ok());
  EXPECT_EQ(KeptSize(), 7u);
}

TEST_F(AuditKeptCheckpoint, AFolderThatIsNotThereIsSaid) {
  EXPECT_TRUE(absl::IsUnavailable(KeepCheckpoint(folder_.path() + "/no", Checked(5), policy_)));
}

TEST_F(AuditKeptCheckpoint, EachOriginHasAFileOfItsOwn) {
  EXPECT_EQ(KeptCheckpointPath("f", "example.com/a"), "f/example.com%2Fa.checkpoint");
  EXPECT_EQ(KeptCheckpointPath("f", "../a"), "f/%2E.%2Fa.checkpoint");
  const std::string many(300, 'a');
  std::set<std::string> paths;
  for (const std::string& origin : {std::string("a"), std::string("a/b"), std::string("a%2Fb"),
                                    std::string("."), std::string(".."), many, many + "a",
                                    std::string("~"), KeptCheckpointPath("", many).substr(1)}) {
    const std::string path = KeptCheckpointPath("f", origin);
    EXPECT_TRUE(paths.insert(path).second) << path;
    EXPECT_LE(path.size(), 2u + 255u);
    EXPECT_EQ(path.find('/', 2), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace meritbook::audit
