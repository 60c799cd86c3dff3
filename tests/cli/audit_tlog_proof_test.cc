#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/audit/tlog_proof.h"
#include "tests/cli/audit_proof_kit.h"

namespace meritbook::audit {
namespace {

constexpr char kOrigin[] = "example.com/county";
constexpr char kStart[] = "c2sp.org/tlog-proof@v1\n";

class AuditTlogProof : public testing::Test {
 protected:
  std::string Hashes(uint64_t index) const {
    std::string lines;
    for (const Hash& hash : tree_.Path(index, 0, tree_.size())) {
      lines += absl::Base64Escape(Raw(hash)) + "\n";
    }
    return lines;
  }
  std::string Checkpoint() const { return body_ + "\n" + log_.Line(body_); }
  std::string Proof(uint64_t index) const {
    return Text(kStart, "index ", index, "\n", Hashes(index), "\n", Checkpoint());
  }
  TrustPolicy Policy(size_t quorum = 0) const {
    return *MakeTrustPolicy({log_.vkey()}, {witness_.vkey()}, quorum);
  }

  const std::vector<std::string> entries_ = Numbers(21);
  const NaiveTree tree_{entries_};
  const TestKey log_{kOrigin, 1, 1};
  const TestKey witness_{"w.example", 4, 2};
  const std::string body_ = Body(kOrigin, tree_.size(), tree_.Root());
};

TEST_F(AuditTlogProof, EveryEntryIsProved) {
  for (uint64_t i = 0; i < tree_.size(); ++i) {
    const auto checked = CheckTlogProof(Proof(i), entries_[i], Policy());
    EXPECT_EQ(checked.verdict, Verdict::kGood) << checked.message;
    EXPECT_EQ(checked.index, i);
    EXPECT_EQ(checked.checkpoint.checkpoint.tree.size, tree_.size());
    const auto other = CheckTlogProof(Proof(i), entries_[(i + 1) % tree_.size()], Policy());
    EXPECT_EQ(other.verdict, Verdict::kNotIncluded);
  }
}

TEST_F(AuditTlogProof, OfATreeOfOneLeaf) {
  const std::string body = Body(kOrigin, 1, tree_.leaf(0));
  const std::string proof = Text(kStart, "index 0\n\n", body, "\n", log_.Line(body));
  EXPECT_EQ(CheckTlogProof(proof, "0", Policy()).verdict, Verdict::kGood);
}

TEST_F(AuditTlogProof, EveryFlippedBitIsFound) {
  const std::string good = Proof(13);
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    const auto checked = CheckTlogProof(Flipped(good, bit), entries_[13], Policy());
    ASSERT_NE(checked.verdict, Verdict::kGood) << "bit " << bit;
    ASSERT_NE(checked.message, "");
  }
  for (size_t length = 0; length < good.size(); ++length) {
    ASSERT_NE(CheckTlogProof(good.substr(0, length), entries_[13], Policy()).verdict,
              Verdict::kGood)
        << length;
  }
}

TEST_F(AuditTlogProof, Verdicts) {
  const TestKey stranger(kOrigin, 1, 3);
  const std::string head = Text(kStart, "index 13\n", Hashes(13), "\n");
  const struct {
    const char* name;
    std::string bytes;
    std::string entry;
    size_t quorum;
    Verdict want;
  } rows[] = {
      {"good", Proof(13), "13", 0, Verdict::kGood},
      {"nothing", "", "13", 0, Verdict::kMalformed},
      {"no checkpoint", head, "13", 0, Verdict::kMalformed},
      {"a stranger's checkpoint", head + body_ + "\n" + stranger.Line(body_), "13", 0,
       Verdict::kBadSignature},
      {"an entry with a byte more", Proof(13), "13 ", 0, Verdict::kNotIncluded},
      {"an index beyond the tree", Text(kStart, "index 21\n", Hashes(13), "\n", Checkpoint()), "13",
       0, Verdict::kNotIncluded},
      {"another entry's hashes", Text(kStart, "index 13\n", Hashes(12), "\n", Checkpoint()), "13",
       0, Verdict::kNotIncluded},
      {"no hashes", Text(kStart, "index 13\n\n", Checkpoint()), "13", 0, Verdict::kNotIncluded},
      {"no witness", Proof(13), "13", 1, Verdict::kQuorumUnmet},
      {"no witness and not included", Proof(13), "12", 1, Verdict::kNotIncluded},
      {"witnessed", Proof(13) + witness_.Line(body_), "13", 1, Verdict::kGood},
  };
  for (const auto& row : rows) {
    const auto checked = CheckTlogProof(row.bytes, row.entry, Policy(row.quorum));
    EXPECT_EQ(checked.verdict, row.want) << row.name << ": " << checked.message;
  }
}

TEST_F(AuditTlogProof, ReadsTheExtraData) {
  const auto proof = ParseTlogProof(Text(kStart, "extra ", absl::Base64Escape("more"),
                                         "\nindex 13\n", Hashes(13), "\n", Checkpoint()));
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(proof->extra, "more");
  EXPECT_EQ(proof->hashes.size(), 5u);
  EXPECT_EQ(proof->checkpoint, Checkpoint());
  EXPECT_EQ(ParseTlogProof(Proof(13))->extra, std::nullopt);
}

TEST_F(AuditTlogProof, HasOneSpelling) {
  const std::string hash = absl::Base64Escape(std::string(32, 'x')) + "\n";
  std::string most = Text(kStart, "index 0\n");
  for (int i = 0; i < 63; ++i) most += hash;
  EXPECT_TRUE(ParseTlogProof(most + "\n").ok());
  EXPECT_FALSE(ParseTlogProof(most + hash + "\n").ok());
  for (const std::string& wrong :
       {Text("c2sp.org/tlog-proof@v2\nindex 0\n\n"), Text(" ", kStart, "index 0\n\n"),
        Text("c2sp.org/tlog-proof@v1\r\nindex 0\n\n"), Text(kStart, "\nindex 0\n\n"),
        Text(kStart, "index\n\n"), Text(kStart, "index 01\n\n"), Text(kStart, "index -1\n\n"),
        Text(kStart, "index  1\n\n"), Text(kStart, "Index 1\n\n"), Text(kStart, "index 1\n"),
        Text(kStart, "index 0\nindex 0\n\n"), Text(kStart, "extra x\nindex 0\n\n"),
        Text(kStart, "extra YQ\nindex 0\n\n"), Text(kStart, "extra YQ==\nextra YQ==\nindex 0\n\n"),
        Text(kStart, "index 0\nextra YQ==\n\n"), Text(kStart, "index 0\nYQ==\n\n"),
        Text(kStart, "index 0\n ", hash, "\n")}) {
    EXPECT_FALSE(ParseTlogProof(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace meritbook::audit
