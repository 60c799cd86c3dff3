#include "ledger/checkpoint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/note_text.h"
#include "ledger/text.h"
#include "tests/ledger/note_keys.h"

namespace meritbook {
namespace {

// From c2sp.org/tlog-checkpoint.
constexpr std::string_view kSofaText =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

constexpr std::string_view kOrigin = "merit.example/log";

Checkpoint Sample() { return {.origin = std::string(kOrigin), .size = 5, .root = Sha256("root")}; }

KnownLog KnownBy(std::vector<VerifierKey> keys) {
  return {.origin = std::string(kOrigin), .keys = std::move(keys)};
}

TEST(Checkpoint, ExampleOfTheSpecification) {
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpointText(kSofaText);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint->size, 20852163U);
  EXPECT_EQ(checkpoint->root, DecodeBase64Hash("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="));
  EXPECT_EQ(CheckpointText(*checkpoint), kSofaText);
}

TEST(Checkpoint, EmptyLog) {
  const Checkpoint empty{.origin = "o", .size = 0, .root = Sha256("")};
  EXPECT_EQ(CheckpointText(empty), "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  EXPECT_EQ(ParseCheckpointText(CheckpointText(empty)).value(), empty);
}

TEST(Checkpoint, ExtensionLinesOfOthersAreAccepted) {
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpointText(Text(kSofaText, "a b\nc\n"));
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(*checkpoint, ParseCheckpointText(kSofaText).value());
}

TEST(Checkpoint, OriginsOfOthersMayHaveSpaces) {
  EXPECT_TRUE(ParseCheckpointText(Text("Go SUM + database\n", kSofaText.substr(28))).ok());
}

TEST(Checkpoint, MalformedTextIsRefused) {
  const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const struct {
    const char* name;
    std::string text;
  } kRows[] = {
      {"empty", ""},
      {"two lines", "o\n1\n"},
      {"no final newline", "o\n1\n" + root.substr(0, root.size() - 1)},
      {"no origin", "\n1\n" + root},
      {"no size", "o\n\n" + root},
      {"leading zero", "o\n01\n" + root},
      {"zero twice", "o\n00\n" + root},
      {"sign", "o\n+1\n" + root},
      {"negative", "o\n-1\n" + root},
      {"hexadecimal", "o\n0x1\n" + root},
      {"space", "o\n1 \n" + root},
      {"above 2^63 - 1", "o\n9223372036854775808\n" + root},
      {"no root", "o\n1\n\n"},
      {"root of 31 bytes", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n"},
      {"bits behind the root", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n"},
      {"root without padding", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n"},
      {"empty extension line", "o\n1\n" + root + "\n"},
      {"empty line between extensions", "o\n1\n" + root + "a\n\nb\n"},
      {"carriage return", "o\r\n1\n" + root},
      {"not UTF-8", "\xFF\n1\n" + root},
  };
  for (const auto& row : kRows) EXPECT_FALSE(ParseCheckpointText(row.text).ok()) << row.name;
  EXPECT_TRUE(ParseCheckpointText("o\n9223372036854775807\n" + root).ok());
}

TEST(Checkpoint, SignedByTwoKeysOpensWithEither) {
  const SignerKey old_key = LogKeyOf(kOrigin, 1);
  const SignerKey new_key = LogKeyOf(kOrigin, 2);
  const std::vector<SignerKey> signers = {old_key, new_key};
  const std::string bytes = FormatNote(SignCheckpoint(Sample(), signers));
  for (const SignerKey& key : signers) {
    const absl::StatusOr<SignedCheckpoint> opened = OpenCheckpoint(bytes, KnownBy({key.verifier}));
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(opened->checkpoint, Sample());
    EXPECT_EQ(FormatNote(opened->note), bytes);
  }
  const SignerKey third = LogKeyOf(kOrigin, 3);
  EXPECT_EQ(OpenCheckpoint(bytes, KnownBy({third.verifier})).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST(OpenCheckpoint, EveryChangedByteIsFound) {
  const SignerKey key = LogKeyOf(kOrigin, 1);
  const std::string bytes = FormatNote(SignCheckpoint(Sample(), {key}));
  ASSERT_TRUE(OpenCheckpoint(bytes, KnownBy({key.verifier})).ok());
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string wrong = bytes;
    wrong[i] = static_cast<char>(wrong[i] ^ 1);
    EXPECT_FALSE(OpenCheckpoint(wrong, KnownBy({key.verifier})).ok()) << "byte " << i;
  }
}

TEST(OpenCheckpoint, AnotherOriginUnderTheSameKeyIsRefused) {
  const SignerKey key = LogKeyOf(kOrigin, 1);
  const std::string text = Text("other\n5\n", EncodeBase64(AsBytes(Sha256("root"))), "\n");
  const std::string bytes = FormatNote({.text = text, .signatures = {SignText(text, key)}});
  EXPECT_EQ(OpenCheckpoint(bytes, KnownBy({key.verifier})).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(OpenCheckpoint, SignedTextThatIsNoCheckpointIsRefused) {
  const SignerKey key = LogKeyOf(kOrigin, 1);
  const std::string text = Text(kOrigin, "\nfive\nroot\n");
  const std::string bytes = FormatNote({.text = text, .signatures = {SignText(text, key)}});
  EXPECT_EQ(OpenCheckpoint(bytes, KnownBy({key.verifier})).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(OpenCheckpoint, WitnessIsNoLog) {
  const SignerKey key = LogKeyOf(kOrigin, 1);
  const std::string bytes = FormatNote(SignCheckpoint(Sample(), {key}));
  EXPECT_EQ(
      OpenCheckpoint(bytes, KnownBy({key.verifier, WitnessKeyOf("w", 2).verifier})).status().code(),
      absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace meritbook
