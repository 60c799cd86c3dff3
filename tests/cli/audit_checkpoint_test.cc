#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/audit/checkpoint.h"
#include "tests/cli/audit_proof_kit.h"

namespace meritbook::audit {
namespace {

constexpr char kOrigin[] = "example.com/county";

struct World {
  TestKey log{kOrigin, 1, 1};
  TestKey next{kOrigin, 1, 2};  // the log's key after a rotation
  TestKey w1{"w1.example", 4, 11};
  TestKey w2{"w2.example", 4, 12};
  TestKey w3{"w3.example", 4, 13};
  std::string body = Body(kOrigin, 20, PlainSha256("root"));

  TrustPolicy Policy(size_t quorum = 0) const {
    const auto policy = MakeTrustPolicy({log.vkey()}, {w1.vkey(), w2.vkey(), w3.vkey()}, quorum);
    EXPECT_TRUE(policy.ok()) << policy.status();
    return *policy;
  }
  std::string Signed(const std::string& more = "") const {
    return body + "\n" + log.Line(body) + more;
  }
};

TEST(AuditCheckpoint, ReadsWhatTheLogSigned) {
  const World world;
  const auto checked = CheckCheckpoint(world.Signed(), world.Policy());
  EXPECT_EQ(checked.verdict, Verdict::kGood) << checked.message;
  EXPECT_EQ(checked.message, "");
  EXPECT_EQ(checked.checkpoint.origin, kOrigin);
  EXPECT_EQ(checked.checkpoint.tree.size, 20u);
  EXPECT_EQ(checked.checkpoint.tree.root, PlainSha256("root"));
  EXPECT_EQ(checked.note, world.Signed());
}

// A checkpoint of a public log with cosignatures by public witnesses, as served in May 2026. The
// first line is of a type that is not known here.
TEST(AuditCheckpoint, ThatOfAPublicLog) {
  const std::string origin = "arche2025h1.staging.ct.transparency.dev";
  const std::string dash = "\xE2\x80\x94 ";
  const std::string note =
      origin + "\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n" + dash + origin +
      " zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJ"
      "X"
      "Fbon5Ch9MNL5zRNZ55lvGt0=\n" +
      dash + origin +
      " ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/"
      "27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ="
      "\n" +
      dash +
      "witness1.smartit.nu/witness1 "
      "pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/"
      "iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0Xwz"
      "dZsDsUAQ==\n" +
      dash +
      "remora.n621.de "
      "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/"
      "zZ0WBxtqB"
      "0DrAWfBw==\n" +
      dash +
      "witness.stagemole.eu "
      "Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/"
      "2TUFucgKi7lI7cUiOvKFYe"
      "/TmN9DAg==\n";
  const auto policy = MakeTrustPolicy(
      {origin + "+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"},
      {"remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
       "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
       "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO"},
      3);
  ASSERT_TRUE(policy.ok()) << policy.status();
  const auto checked = CheckCheckpoint(note, *policy);
  EXPECT_EQ(checked.verdict, Verdict::kGood) << checked.message;
  EXPECT_EQ(checked.checkpoint.tree.size, 1432088532u);
  ASSERT_EQ(checked.cosignatures.size(), 3u);
  EXPECT_EQ(checked.cosignatures[0].witness, "remora.n621.de");
  EXPECT_EQ(checked.cosignatures[0].posix_seconds, 0x6a122120u);
}

TEST(AuditCheckpoint, EveryFlippedBitIsFound) {
  const World world;
  const std::string good = world.Signed(world.w1.Line(world.body));
  ASSERT_EQ(CheckCheckpoint(good, world.Policy(1)).verdict, Verdict::kGood);
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    const auto checked = CheckCheckpoint(Flipped(good, bit), world.Policy(1));
    ASSERT_NE(checked.verdict, Verdict::kGood) << "bit " << bit;
    ASSERT_NE(checked.message, "");
  }
  for (size_t length = 0; length < good.size(); ++length) {
    ASSERT_NE(CheckCheckpoint(good.substr(0, length), world.Policy(1)).verdict, Verdict::kGood)
        << length;
  }
}

TEST(AuditCheckpoint, Verdicts) {
  const World w;
  const std::string other = Body("example.com/town", 20, PlainSha256("root"));
  const std::string extended = w.body + "more\nand more\n";
  const std::string no_root = std::string(kOrigin) + "\n20\n";
  const struct {
    const char* name;
    std::string bytes;
    size_t quorum;
    Verdict want;
  } rows[] = {
      {"no note", w.body, 0, Verdict::kMalformed},
      {"signed, but no checkpoint", no_root + "\n" + w.log.Line(no_root), 0, Verdict::kMalformed},
      {"unknown keys are ignored", w.Signed(TestKey("x", 1, 9).Line("anything\n")), 0,
       Verdict::kGood},
      {"a note that only strangers signed", w.body + "\n" + w.next.Line(w.body), 0,
       Verdict::kBadSignature},
      {"one good and one bad signature of a trusted key", w.Signed(w.log.Line("something else\n")),
       0, Verdict::kBadSignature},
      {"of another log with the same key", other + "\n" + w.log.Line(other), 0,
       Verdict::kBadSignature},
      {"extension lines", extended + "\n" + w.log.Line(extended), 0, Verdict::kGood},
      {"a witness alone", w.body + "\n" + w.w1.Line(w.body), 0, Verdict::kBadSignature},
      {"a cosignature of something else", w.Signed(w.w1.Line(other)), 0, Verdict::kBadSignature},
      {"a witness's plain signature", w.Signed(w.w1.LineOf(w.w1.Sign(w.body))), 0,
       Verdict::kBadSignature},
      {"no witness", w.Signed(), 1, Verdict::kQuorumUnmet},
      {"two of three, two wanted", w.Signed(w.w3.Line(w.body) + w.w1.Line(w.body)), 2,
       Verdict::kGood},
      {"two of three, three wanted", w.Signed(w.w3.Line(w.body) + w.w1.Line(w.body)), 3,
       Verdict::kQuorumUnmet},
      {"a witness counts once", w.Signed(w.w1.Line(w.body, 5) + w.w1.Line(w.body, 6)), 2,
       Verdict::kQuorumUnmet},
      {"a time beyond 63 bits", w.Signed(w.w1.Line(w.body, uint64_t{1} << 63)), 0,
       Verdict::kBadSignature},
  };
  for (const auto& row : rows) {
    const auto checked = CheckCheckpoint(row.bytes, w.Policy(row.quorum));
    EXPECT_EQ(checked.verdict, row.want) << row.name << ": " << checked.message;
    EXPECT_EQ(checked.message.empty(), row.want == Verdict::kGood) << row.name;
  }
}

TEST(AuditCheckpoint, TheNewestTimeOfAWitnessIsTold) {
  const World w;
  const auto checked =
      CheckCheckpoint(w.Signed(w.w1.Line(w.body, 6) + w.w1.Line(w.body, 5)), w.Policy(1));
  ASSERT_EQ(checked.cosignatures.size(), 1u);
  EXPECT_EQ(checked.cosignatures[0].posix_seconds, 6u);
}

TEST(AuditCheckpoint, WhileKeysRotateEitherIsEnough) {
  const World w;
  const auto policy = MakeTrustPolicy({w.log.vkey(), w.next.vkey()});
  ASSERT_TRUE(policy.ok());
  const std::string text = w.body + "\n";
  EXPECT_EQ(CheckCheckpoint(text + w.log.Line(w.body), *policy).verdict, Verdict::kGood);
  EXPECT_EQ(CheckCheckpoint(text + w.next.Line(w.body), *policy).verdict, Verdict::kGood);
  EXPECT_EQ(CheckCheckpoint(text + w.log.Line(w.body) + w.next.Line(w.body), *policy).verdict,
            Verdict::kGood);
  EXPECT_EQ(CheckCheckpoint(text + w.log.Line(w.body) + w.next.Line("x\n"), *policy).verdict,
            Verdict::kBadSignature);
}

TEST(AuditCheckpoint, ABodyHasOneSpelling) {
  const std::string root = absl::Base64Escape(Raw(PlainSha256("root")));
  EXPECT_TRUE(ParseCheckpoint("o\n0\n" + root + "\n").ok());
  EXPECT_EQ(ParseCheckpoint("o\n1\n" + root + "\nx\ny\n")->extensions.size(), 2u);
  for (const std::string& wrong :
       {std::string(), std::string("\n"), "o\n1\n" + root, std::string("o\n1\n"),
        "\n1\n" + root + "\n", "o\n\n" + root + "\n", "o\n01\n" + root + "\n",
        "o\n-1\n" + root + "\n", "o\n1 \n" + root + "\n", "o\n9223372036854775808\n" + root + "\n",
        std::string("o\n1\n\n"), "o\n1\n" + root.substr(0, 40) + "\n",
        "o\n1\n" + root.substr(0, 43) + "\n", "o\n1\n" + root + "=\n", "o\n1\n " + root + "\n",
        "o\n1\n" + root + "\n\n", "o\n1\n" + root + "\n\nx\n"}) {
    EXPECT_FALSE(ParseCheckpoint(wrong).ok()) << wrong;
  }
}

TEST(AuditCheckpoint, PoliciesThatMakeNoSense) {
  const World w;
  const TestKey renamed("another.example", 4, 11);  // w1's key
  const TestKey log_as_witness("w.example", 4, 1);
  const TestKey other_log("example.com/town", 1, 3);
  const std::string log = w.log.vkey();
  const std::string w1 = w.w1.vkey();
  EXPECT_TRUE(MakeTrustPolicy({log}, {w1}, 1).ok());
  EXPECT_FALSE(MakeTrustPolicy({}, {}, 0).ok());
  EXPECT_FALSE(MakeTrustPolicy({"nonsense"}).ok());
  EXPECT_FALSE(MakeTrustPolicy({w1}).ok());
  EXPECT_FALSE(MakeTrustPolicy({log}, {log}, 1).ok());
  EXPECT_FALSE(MakeTrustPolicy({log}, {w1, w1}, 2).ok());
  EXPECT_FALSE(MakeTrustPolicy({log}, {w1, renamed.vkey()}, 2).ok());
  EXPECT_FALSE(MakeTrustPolicy({log}, {log_as_witness.vkey()}, 1).ok());
  EXPECT_FALSE(MakeTrustPolicy({log}, {w1}, 2).ok());
  EXPECT_FALSE(MakeTrustPolicy({log, other_log.vkey()}).ok());
  EXPECT_EQ(MakeTrustPolicy({log, other_log.vkey()}, {}, 0, "o")->origin, "o");
}

}  // namespace
}  // namespace meritbook::audit
