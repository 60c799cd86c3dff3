#include "ledger/tlog_proof.h"

#include <gtest/gtest.h>

#include <string>

#include "ledger/checkpoint.h"
#include "ledger/note_text.h"
#include "ledger/text.h"
#include "tests/ledger/note_keys.h"

namespace meritbook {
namespace {

// The lines of the example in c2sp.org/tlog-proof; its extra data and signatures are shortened
// there and can't be read.
constexpr std::string_view kIndexAndHashes =
    "index 73894\n"
    "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"
    "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"
    "EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\n"
    "RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\n"
    "AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=\n";
constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1\n";

std::string FancyCheckpoint() {
  const std::string text =
      "example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n";
  const NoteSignature signature = SignText(text, LogKeyOf("example.com/fancylog", 1));
  return FormatNote({.text = text, .signatures = {signature}});
}

TEST(TlogProof, ReadsAndWritesBack) {
  const std::string text = Text(kHeader, kIndexAndHashes, "\n", FancyCheckpoint());
  const absl::StatusOr<TlogProof> proof = ParseTlogProof(text);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(proof->extra, "");
  EXPECT_EQ(proof->index, 73894U);
  ASSERT_EQ(proof->hashes.size(), 5U);
  EXPECT_EQ(proof->hashes[0], DecodeBase64Hash("gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ="));
  EXPECT_EQ(proof->hashes[4], DecodeBase64Hash("AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk="));
  EXPECT_EQ(proof->checkpoint, FancyCheckpoint());
  EXPECT_EQ(FormatTlogProof(*proof), text);
}

TEST(TlogProof, ExtraDataIsOpaque) {
  TlogProof proof{.extra = std::string("\0\xFF\n", 3),
                  .index = 0,
                  .hashes = {},
                  .checkpoint = FancyCheckpoint()};
  const std::string text = FormatTlogProof(proof);
  EXPECT_EQ(text, Text(kHeader, "extra AP8K\nindex 0\n\n", FancyCheckpoint()));
  const absl::StatusOr<TlogProof> read = ParseTlogProof(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->extra, proof.extra);
  EXPECT_TRUE(read->hashes.empty());
}

TEST(TlogProof, MalformedOnesAreRefused) {
  const std::string head(kHeader);
  const std::string end = "\n" + FancyCheckpoint();
  const std::string hash = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n";
  const struct {
    const char* name;
    std::string text;
  } kRows[] = {
      {"empty", ""},
      {"another version", "c2sp.org/tlog-proof@v2\nindex 1\n" + end},
      {"no header", "index 1\n" + end},
      {"space behind the header", "c2sp.org/tlog-proof@v1 \nindex 1\n" + end},
      {"no index", head + end},
      {"index without a number", head + "index\n" + end},
      {"leading zero", head + "index 01\n" + end},
      {"two spaces", head + "index  1\n" + end},
      {"index above 2^63 - 1", head + "index 9223372036854775808\n" + end},
      {"index at the size", head + "index 109482\n" + end},
      {"extra behind the index", head + "index 1\nextra AP8K\n" + end},
      {"extra twice", head + "extra AP8K\nextra AP8K\nindex 1\n" + end},
      {"empty extra", head + "extra \nindex 1\n" + end},
      {"extra that is not base64", head + "extra A\nindex 1\n" + end},
      {"bits behind the extra", head + "extra AP9=\nindex 1\n" + end},
      {"short hash", head + "index 1\nAP8K\n" + end},
      {"bits behind a hash", head + "index 1\n" + hash.substr(0, 42) + "R=\n" + end},
      {"no empty line", head + "index 1\n" + hash + FancyCheckpoint()},
      {"two empty lines", head + "index 1\n\n" + end},
      {"nothing behind the hashes", head + "index 1\n" + hash},
      {"no checkpoint", head + "index 1\n" + hash + "\n"},
      {"checkpoint without signature",
       head + "index 1\n\no\n5\n" + "sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n"},
      {"no final newline", (head + "index 1\n" + end).substr(0, (head + end).size() + 7)},
      {"carriage returns", "c2sp.org/tlog-proof@v1\r\nindex 1\n" + end},
  };
  for (const auto& row : kRows) EXPECT_FALSE(ParseTlogProof(row.text).ok()) << row.name;
  EXPECT_TRUE(ParseTlogProof(head + "index 109481\n" + hash + end).ok());
}

TEST(TlogProof, AtMostSixtyThreeHashes) {
  TlogProof proof{.extra = "",
                  .index = 1,
                  .hashes = std::vector<Hash>(kProofHashesMax, Sha256("a")),
                  .checkpoint = FancyCheckpoint()};
  std::string text = FormatTlogProof(proof);
  EXPECT_EQ(ParseTlogProof(text).value().hashes, proof.hashes);
  const std::string hash = EncodeBase64(AsBytes(Sha256("a"))) + "\n";
  text.insert(text.find(hash), hash);
  EXPECT_FALSE(ParseTlogProof(text).ok());
}

TEST(TlogProof, AtMostSoManyBytes) {
  const std::string rest = Text("\nindex 1\n\n", FancyCheckpoint());
  const std::string start = Text(kHeader, "extra ");
  const size_t left = kTlogProofBytesMax - start.size() - rest.size();
  const std::string extra(left / 4 * 4, 'A');
  EXPECT_TRUE(ParseTlogProof(start + extra + rest).ok());
  EXPECT_FALSE(ParseTlogProof(start + extra + "AAAA" + rest).ok());
}

}  // namespace
}  // namespace meritbook
