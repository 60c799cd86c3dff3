#include "ledger/witness_text.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "ledger/cosignature.h"
#include "ledger/note_text.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

// The examples of c2sp.org/tlog-witness.
constexpr std::string_view kHashes[] = {
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=", "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=",
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=", "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0="};
constexpr std::string_view kCheckpoint =
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1g"
    "GzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— example.com/behind-the-sofa "
    "opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267U"
    "Ejw6QUXTS5Rovnzv++qbSzm9Q=\n";
constexpr std::string_view kAnswer =
    "— witness.example/w1 "
    "CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3D"
    "XDqI5G2HgLatVs0pWh6Up69HVOw==\n"
    "— witness.example/w1 "
    "I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0"
    "+UfzuOBMh9ChdMkP1vi/lCAsmlw==\n"
    "— witness.example/w2 "
    "AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJ"
    "hm/kWl7oJlqU3rXXvpysAdyP3wQ==\n";

TEST(AddCheckpoint, ExampleOfTheSpecification) {
  AddCheckpoint request{.old_size = 20852014, .consistency = {}, .checkpoint = {}};
  std::string want = "old 20852014\n";
  for (const std::string_view hash : kHashes) {
    request.consistency.push_back(DecodeBase64Hash(hash).value());
    want += Text(hash, "\n");
  }
  request.checkpoint = ParseNote(kCheckpoint).value();
  EXPECT_EQ(FormatAddCheckpoint(request), Text(want, "\n", kCheckpoint));
}

TEST(AddCheckpoint, FirstOneHasNoHashes) {
  const AddCheckpoint request{
      .old_size = 0, .consistency = {}, .checkpoint = ParseNote(kCheckpoint).value()};
  EXPECT_EQ(FormatAddCheckpoint(request), Text("old 0\n\n", kCheckpoint));
}

TEST(AddCheckpointDeathTest, OnlyABugSendsMoreHashes) {
  AddCheckpoint request{.old_size = 1,
                        .consistency = std::vector<Hash>(kConsistencyHashesMax),
                        .checkpoint = ParseNote(kCheckpoint).value()};
  EXPECT_TRUE(FormatAddCheckpoint(request).starts_with("old 1\n"));
  request.consistency.emplace_back();
  EXPECT_DEATH(FormatAddCheckpoint(request), "kConsistencyHashesMax");
  request.consistency.resize(1);
  request.old_size = 0;
  EXPECT_DEATH(FormatAddCheckpoint(request), "consistency.empty");
}

TEST(WitnessAnswer, Cosignatures) {
  const absl::StatusOr<WitnessAnswer> answer = ParseWitnessAnswer(200, kAnswer);
  ASSERT_TRUE(answer.ok()) << answer.status();
  const auto* cosigned = std::get_if<WitnessCosigned>(&*answer);
  ASSERT_NE(cosigned, nullptr);
  ASSERT_EQ(cosigned->cosignatures.size(), 3U);
  EXPECT_EQ(cosigned->cosignatures[0].name, "witness.example/w1");
  EXPECT_EQ(cosigned->cosignatures[0].key_id, 0x08ca7ee8U);
  EXPECT_EQ(cosigned->cosignatures[2].name, "witness.example/w2");
  for (const NoteSignature& cosignature : cosigned->cosignatures) {
    EXPECT_EQ(cosignature.bytes.size(), 72U);
  }
  EXPECT_EQ(FormatSignatures(cosigned->cosignatures), kAnswer);
}

TEST(WitnessAnswer, MalformedCosignaturesAreAnError) {
  const std::string answer(kAnswer);
  const std::string cut = answer.substr(0, answer.size() - 1);
  for (const std::string& body :
       {std::string(), std::string("\n"), cut, "\n" + answer, answer + "\n", answer + "thanks\n",
        "ok\n" + answer, std::string("— w AAAAAA==\n"), std::string("20852163\n")}) {
    EXPECT_EQ(ParseWitnessAnswer(200, body).status().code(), absl::StatusCode::kInvalidArgument)
        << body;
  }
  std::string many;
  for (size_t i = 0; i < kNoteSignaturesMax; ++i) many += "— w AAAAAAA=\n";
  EXPECT_TRUE(ParseWitnessAnswer(200, many).ok());
  EXPECT_FALSE(ParseWitnessAnswer(200, many + "— w AAAAAAA=\n").ok());
  EXPECT_FALSE(ParseWitnessAnswer(200, std::string(kWitnessAnswerBytesMax + 1, 'x')).ok());
}

TEST(WitnessAnswer, SizeOfAConflict) {
  const struct {
    std::string_view body;
    uint64_t size;
  } kRows[] = {{"20852014\n", 20852014}, {"0\n", 0}, {"9223372036854775807\n", kTreeSizeMax}};
  for (const auto& row : kRows) {
    const absl::StatusOr<WitnessAnswer> answer = ParseWitnessAnswer(409, row.body);
    ASSERT_TRUE(answer.ok()) << answer.status();
    const auto* at = std::get_if<WitnessAtSize>(&*answer);
    ASSERT_NE(at, nullptr) << row.body;
    EXPECT_EQ(at->size, row.size);
  }
}

TEST(WitnessAnswer, ConflictWithoutASizeIsARefusal) {
  for (const std::string_view body : {"", "\n", "5", "05\n", "5\n\n", "5 \n", "-5\n",
                                      "root differs\n", "9223372036854775808\n"}) {
    const absl::StatusOr<WitnessAnswer> answer = ParseWitnessAnswer(409, body);
    ASSERT_TRUE(answer.ok()) << answer.status();
    const auto* refused = std::get_if<WitnessRefused>(&*answer);
    ASSERT_NE(refused, nullptr) << body;
    EXPECT_EQ(refused->http_status, 409);
  }
}

TEST(WitnessAnswer, AnyOtherIsARefusalWithAReason) {
  for (const int http_status : {0, 201, 204, 302, 400, 403, 404, 422, 500}) {
    // Not even a size or signatures: the status says what the body is.
    for (const std::string_view body : {std::string_view("20852014\n"), kAnswer}) {
      const absl::StatusOr<WitnessAnswer> answer = ParseWitnessAnswer(http_status, body);
      ASSERT_TRUE(answer.ok()) << answer.status();
      const auto* refused = std::get_if<WitnessRefused>(&*answer);
      ASSERT_NE(refused, nullptr) << http_status;
      EXPECT_EQ(refused->http_status, http_status);
    }
  }
  const auto reason = [](std::string_view body) {
    return std::get<WitnessRefused>(ParseWitnessAnswer(422, body).value()).reason;
  };
  EXPECT_EQ(reason("bad proof\nmore\n"), "bad proof");
  EXPECT_EQ(reason("a\x1b[2Jb\r\n"), "a?[2Jb?");
  EXPECT_EQ(reason("\xC3\xA9"), "??");
  EXPECT_EQ(reason("\x7F~"), "?~");
  EXPECT_EQ(reason(std::string(200, 'x')), std::string(200, 'x'));
  EXPECT_EQ(reason(std::string(201, 'x')), std::string(200, 'x'));
  EXPECT_EQ(reason(""), "");
}

}  // namespace
}  // namespace meritbook
