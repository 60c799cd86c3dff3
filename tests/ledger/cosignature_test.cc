#include "ledger/cosignature.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/checkpoint.h"
#include "ledger/text.h"
#include "tests/ledger/note_keys.h"

namespace meritbook {
namespace {

// From c2sp.org/tlog-cosignature.
constexpr std::string_view kSofaText =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
constexpr std::string_view kSofaSignatures =
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1g"
    "GzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyi"
    "n1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

constexpr uint64_t kTime_s = 1679315147;

Note SofaNote() {
  const SignerKey log = LogKeyOf("example.com/behind-the-sofa", 9);
  return {.text = std::string(kSofaText), .signatures = {SignText(kSofaText, log)}};
}

WitnessPolicy ThreeWitnesses(size_t quorum) {
  return {.witnesses = {WitnessKeyOf("w1", 1).verifier, WitnessKeyOf("w2", 2).verifier,
                        WitnessKeyOf("w3", 3).verifier},
          .quorum = quorum};
}

NoteSignature CosignedByW(uint8_t number, uint64_t time_s = kTime_s) {
  return Cosign(kSofaText, time_s, WitnessKeyOf(Text("w", int{number}), number));
}

NoteSignature Spoilt(NoteSignature signature) {
  signature.bytes.back() = static_cast<char>(signature.bytes.back() ^ 1);
  return signature;
}

TEST(Cosignature, ExampleOfTheSpecification) {
  const absl::StatusOr<Note> note = ParseNote(Text(kSofaText, "\n", kSofaSignatures));
  ASSERT_TRUE(note.ok()) << note.status();
  ASSERT_EQ(note->signatures.size(), 2U);
  EXPECT_EQ(CosignatureTime(note->signatures[1].bytes), kTime_s);
  EXPECT_FALSE(CosignatureTime(note->signatures[0].bytes).has_value());  // the log's
}

// The message is put together by hand here, and its signature is plain Ed25519.
TEST(Cosignature, SignsHeaderTimeAndText) {
  const SignerKey witness = WitnessKeyOf("w1", 1);
  const NoteSignature cosignature = Cosign(kSofaText, kTime_s, witness);
  EXPECT_EQ(cosignature.name, "w1");
  EXPECT_EQ(cosignature.key_id, witness.verifier.id);
  ASSERT_EQ(cosignature.bytes.size(), 72U);
  EXPECT_EQ(cosignature.bytes.substr(0, 8), std::string("\0\0\0\0\x64\x18\x50\xCB", 8));
  const std::string message = Text("cosignature/v1\ntime 1679315147\n", kSofaText);
  EXPECT_TRUE(VerifyEd25519(witness.verifier.public_key, message, cosignature.bytes.substr(8)));
  EXPECT_TRUE(VerifyCosignature(witness.verifier, kSofaText, cosignature.bytes));
}

TEST(Cosignature, SameSeedHasAnotherIdThanALogKey) {
  EXPECT_NE(WitnessKeyOf("w", 1).verifier.id, LogKeyOf("w", 1).verifier.id);
  const VerifierKey witness = WitnessKeyOf("w", 1).verifier;
  EXPECT_EQ(ParseVerifierKey(FormatVerifierKey(witness)).value(), witness);
}

TEST(Cosignature, WrongOnesDoNotVerify) {
  const SignerKey witness = WitnessKeyOf("w1", 1);
  const std::string good = Cosign(kSofaText, kTime_s, witness).bytes;
  for (size_t i = 0; i < good.size(); ++i) {
    std::string wrong = good;
    wrong[i] = static_cast<char>(wrong[i] ^ 0x80);
    EXPECT_FALSE(VerifyCosignature(witness.verifier, kSofaText, wrong)) << "byte " << i;
  }
  EXPECT_FALSE(VerifyCosignature(witness.verifier, kSofaText, ""));
  EXPECT_FALSE(VerifyCosignature(witness.verifier, kSofaText, good.substr(0, 71)));
  EXPECT_FALSE(VerifyCosignature(witness.verifier, kSofaText, good + "x"));
  EXPECT_FALSE(VerifyCosignature(witness.verifier, Text(kSofaText, "x\n"), good));
  // A plain signature of the text by the same key is no cosignature.
  EXPECT_FALSE(VerifyCosignature(witness.verifier, kSofaText, witness.key.Sign(kSofaText).view()));
}

TEST(Cosignature, TimeIsBelowTwoToThe63) {
  const SignerKey witness = WitnessKeyOf("w1", 1);
  const uint64_t time_max_s = (uint64_t{1} << 63) - 1;
  const std::string latest = Cosign(kSofaText, time_max_s, witness).bytes;
  EXPECT_EQ(CosignatureTime(latest), time_max_s);
  EXPECT_TRUE(VerifyCosignature(witness.verifier, kSofaText, latest));
  // Truly signed, but above.
  const std::string message = Text("cosignature/v1\ntime 9223372036854775808\n", kSofaText);
  const std::string above =
      Text(std::string("\x80\0\0\0\0\0\0\0", 8), witness.key.Sign(message).view());
  EXPECT_FALSE(CosignatureTime(above).has_value());
  EXPECT_FALSE(VerifyCosignature(witness.verifier, kSofaText, above));
}

TEST(WitnessPolicy, WhatCanNotWorkIsRefused) {
  EXPECT_TRUE(CheckWitnessPolicy({}).ok());
  EXPECT_TRUE(CheckWitnessPolicy(ThreeWitnesses(3)).ok());
  EXPECT_FALSE(CheckWitnessPolicy(ThreeWitnesses(4)).ok());
  WitnessPolicy policy = ThreeWitnesses(1);
  policy.witnesses[1] = LogKeyOf("w2", 2).verifier;
  EXPECT_FALSE(CheckWitnessPolicy(policy).ok());
  policy.witnesses[1] = WitnessKeyOf("w9", 1).verifier;
  EXPECT_FALSE(CheckWitnessPolicy(policy).ok()) << "one key under two names";
}

TEST(WitnessPolicy, AtMostThirtyTwo) {
  WitnessPolicy policy;
  for (size_t i = 0; i < kWitnessesMax; ++i) {
    policy.witnesses.push_back(WitnessKeyOf(Text("w", i), static_cast<uint8_t>(i)).verifier);
  }
  EXPECT_TRUE(CheckWitnessPolicy(policy).ok());
  policy.witnesses.push_back(WitnessKeyOf("more", 200).verifier);
  EXPECT_FALSE(CheckWitnessPolicy(policy).ok());
}

TEST(Quorum, NOfM) {
  Note note = SofaNote();
  EXPECT_TRUE(CheckQuorum(note, ThreeWitnesses(0)).ok());
  EXPECT_EQ(CheckQuorum(note, ThreeWitnesses(1)).code(), absl::StatusCode::kFailedPrecondition);
  note.signatures.push_back(CosignedByW(3));
  note.signatures.push_back(CosignedByW(1));
  EXPECT_TRUE(CheckQuorum(note, ThreeWitnesses(2)).ok());
  const absl::Status unmet = CheckQuorum(note, ThreeWitnesses(3));
  EXPECT_EQ(unmet.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(MessageOf(unmet), "cosigned by 2 of 3 witnesses, want 3; missing: w2");
  const WitnessPolicy policy = ThreeWitnesses(2);
  const auto signers = CosignedBy(note, policy);
  ASSERT_TRUE(signers.ok()) << signers.status();
  EXPECT_EQ(*signers, (std::vector<VerifierKey>{policy.witnesses[0], policy.witnesses[2]}));
}

TEST(Quorum, AWitnessCountsOnce) {
  Note note = SofaNote();
  note.signatures.push_back(CosignedByW(1, 1));
  note.signatures.push_back(CosignedByW(1, 2));
  note.signatures.push_back(CosignedByW(1, 2));
  EXPECT_TRUE(CheckQuorum(note, ThreeWitnesses(1)).ok());
  EXPECT_EQ(CheckQuorum(note, ThreeWitnesses(2)).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Quorum, StrangersDoNotCountAndBadOnesRefuse) {
  Note note = SofaNote();
  note.signatures.push_back(CosignedByW(4));
  EXPECT_EQ(CheckQuorum(note, ThreeWitnesses(1)).code(), absl::StatusCode::kFailedPrecondition);
  note.signatures.push_back(CosignedByW(1));
  note.signatures.push_back(Spoilt(CosignedByW(2)));
  EXPECT_EQ(CheckQuorum(note, ThreeWitnesses(1)).code(), absl::StatusCode::kDataLoss);
}

TEST(MergeCosignatures, TakesThoseOfConfiguredWitnesses) {
  const Note note = SofaNote();
  const std::vector<NoteSignature> answer = {CosignedByW(2), CosignedByW(4), CosignedByW(1)};
  const absl::StatusOr<Note> merged = MergeCosignatures(note, answer, ThreeWitnesses(2).witnesses);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->text, note.text);
  EXPECT_EQ(merged->signatures,
            (std::vector<NoteSignature>{note.signatures[0], CosignedByW(2), CosignedByW(1)}));
  EXPECT_TRUE(CheckQuorum(ParseNote(FormatNote(*merged)).value(), ThreeWitnesses(2)).ok());
}

TEST(MergeCosignatures, OneBadOneMergesNothing) {
  const std::vector<NoteSignature> answer = {CosignedByW(2), Spoilt(CosignedByW(1))};
  EXPECT_EQ(MergeCosignatures(SofaNote(), answer, ThreeWitnesses(1).witnesses).status().code(),
            absl::StatusCode::kDataLoss);
  const NoteSignature of_another_text = Cosign("other\n", kTime_s, WitnessKeyOf("w1", 1));
  EXPECT_FALSE(MergeCosignatures(SofaNote(), {of_another_text}, ThreeWitnesses(1).witnesses).ok());
}

TEST(MergeCosignatures, TheYoungestStays) {
  const std::vector<VerifierKey> witnesses = ThreeWitnesses(1).witnesses;
  const NoteSignature log = SofaNote().signatures[0];
  const auto merged = [&](const Note& note, uint64_t time_s) {
    return MergeCosignatures(note, {CosignedByW(1, time_s)}, witnesses).value();
  };
  const Note at_5 = merged(SofaNote(), 5);
  EXPECT_EQ(merged(at_5, 4), at_5);
  EXPECT_EQ(merged(at_5, 5), at_5);
  EXPECT_EQ(merged(at_5, 6).signatures, (std::vector<NoteSignature>{log, CosignedByW(1, 6)}));
  // A false one doesn't stand in the way by claiming a later time.
  Note spoilt = SofaNote();
  spoilt.signatures.push_back(Spoilt(CosignedByW(1, 9)));
  EXPECT_EQ(merged(spoilt, 5), at_5);
}

TEST(MergeCosignatures, AtMostSixtyFourSignatures) {
  Note note = SofaNote();
  while (note.signatures.size() < kNoteSignaturesMax - 1) {
    note.signatures.push_back({.name = "stranger", .key_id = 1, .bytes = "x"});
  }
  const std::vector<VerifierKey> witnesses = ThreeWitnesses(1).witnesses;
  const absl::StatusOr<Note> full = MergeCosignatures(note, {CosignedByW(1)}, witnesses);
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_EQ(MergeCosignatures(*full, {CosignedByW(2)}, witnesses).status().code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace meritbook
