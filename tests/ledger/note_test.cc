#include "ledger/note.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/note_text.h"
#include "ledger/text.h"
#include "tests/ledger/note_keys.h"

namespace meritbook {
namespace {

std::string NeumannNote() { return Text(kNeumannText, "\n", kNeumannLine); }

VerifierKey Neumann() { return ParseVerifierKey(kNeumannVkey).value(); }

TEST(NoteKey, KnownKeysReadAndWriteBack) {
  const absl::StatusOr<VerifierKey> verifier = ParseVerifierKey(kNeumannVkey);
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  EXPECT_EQ(verifier->name, "PeterNeumann");
  EXPECT_EQ(verifier->id, 0xc74f20a3);
  EXPECT_EQ(verifier->type, KeyType::kEd25519);
  EXPECT_EQ(FormatVerifierKey(*verifier), kNeumannVkey);

  const absl::StatusOr<SignerKey> signer = ParseSignerKey(kNeumannSkey);
  ASSERT_TRUE(signer.ok()) << signer.status();
  EXPECT_EQ(signer->verifier, *verifier);
}

TEST(NoteKey, SeedWritesBack) {
  const SignerKey signer = LogKeyOf("example.com/log", 7);
  const std::string text = FormatSignerKey(signer.verifier, SeedOf(7));
  const absl::StatusOr<SignerKey> read = ParseSignerKey(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->verifier, signer.verifier);
}

// As the tests of golang.org/x/mod/sumdb/note do: no part of a key is a key, nor is one with a byte
// raised by one.
TEST(NoteKey, MangledKeysAreRefused) {
  const auto refuses = [](const std::string& text) {
    EXPECT_FALSE(ParseVerifierKey(text).ok()) << text;
    const absl::StatusOr<SignerKey> signer = ParseSignerKey(text);
    ASSERT_FALSE(signer.ok()) << text;
    EXPECT_EQ(MessageOf(signer.status()).find("YEKFALV"), std::string_view::npos) << "a secret";
  };
  for (const std::string_view key : {kNeumannVkey, kNeumannSkey}) {
    for (size_t begin = 0; begin < key.size(); ++begin) {
      for (size_t end = begin; end <= key.size(); ++end) {
        const std::string part(key.substr(begin, end - begin));
        if (part == kNeumannSkey || part == kNeumannVkey) continue;
        refuses(part);
      }
    }
    for (size_t i = 0; i < key.size(); ++i) {
      std::string mangled(key);
      ++mangled[i];
      refuses(mangled);
    }
  }
  // Of the wrong length, and of an unknown type, each with the id that goes with it.
  refuses("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==");
  refuses("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  refuses("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

TEST(NoteKey, BadNamesAreRefused) {
  for (const std::string name :
       {"", "a b", "a+b", "a\nb", "a\tb", "a\x7f\x80", "a\xC2\xA0", "a\xC2\x85", "a\xE2\x80\x83",
        "a\xE2\x80\xA8", "a\xE3\x80\x80", "\xED\xA0\x80", "\xC0\xAF", "\xE0\x80\xAF",
        "\xF4\x90\x80\x80", "\xF0\x80\x80\x80", "\xE2\x82", "\xFF"}) {
    EXPECT_FALSE(MakeSignerKey(name, KeyType::kEd25519, SeedOf(1)).ok()) << name;
  }
  for (const std::string name : {"a", "example.com/x", "县/志愿", "\xF0\x9F\x98\x80"}) {
    EXPECT_TRUE(MakeSignerKey(name, KeyType::kEd25519, SeedOf(1)).ok()) << name;
  }
}

TEST(Note, KnownNoteIsSignedVerifiedAndWrittenBack) {
  const SignerKey signer = ParseSignerKey(kNeumannSkey).value();
  EXPECT_EQ(FormatSignatures({SignText(kNeumannText, signer)}), kNeumannLine);

  const absl::StatusOr<Note> note = ParseNote(NeumannNote());
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->text, kNeumannText);
  ASSERT_EQ(note->signatures.size(), 1U);
  EXPECT_EQ(FormatNote(*note), NeumannNote());
  const auto signers = VerifyNote(*note, {Neumann()});
  ASSERT_TRUE(signers.ok()) << signers.status();
  EXPECT_EQ(*signers, std::vector<VerifierKey>{Neumann()});
}

// From c2sp.org/signed-note: the text has an empty line of its own.
TEST(Note, ExampleOfTheSpecification) {
  const std::string text =
      "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n";
  const std::string bytes = Text(
      text,
      "\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMou"
      "FSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n");
  const absl::StatusOr<Note> note = ParseNote(bytes);
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->text, text);
  ASSERT_EQ(note->signatures.size(), 1U);
  EXPECT_EQ(note->signatures[0].name, "quasimodo.example/salvatore");
  EXPECT_EQ(note->signatures[0].key_id, 0x367ba04bU);
  EXPECT_EQ(note->signatures[0].bytes.size(), 64U);
  EXPECT_EQ(FormatNote(*note), bytes);
}

TEST(Note, MalformedOnesAreRefused) {
  const std::string text(kNeumannText);
  const std::string line(kNeumannLine);
  const std::string good = NeumannNote();
  ASSERT_TRUE(ParseNote(good).ok());
  const struct {
    const char* name;
    std::string bytes;
  } kRows[] = {
      {"empty", ""},
      {"no signature", text + "\n"},
      {"no empty line", text + line},
      {"no final newline", good.substr(0, good.size() - 1)},
      {"empty line at the end", good + "\n"},
      {"carriage return", "a\r\n\n" + line},
      {"tab", "a\tb\n\n" + line},
      {"zero byte", std::string("a\0b\n\n", 5) + line},
      {"not UTF-8", "a\xFF\n\n" + line},
      {"hyphen for em dash", text + "\n- " + line.substr(4)},
      {"no space after em dash", text + "\n—" + line.substr(4)},
      {"no name", text + "\n—  AAAAAAA=\n"},
      {"no base64", text + "\n— name\n"},
      {"empty base64", text + "\n— name \n"},
      {"key id only", text + "\n— name AAAAAA==\n"},
      {"plus in the name", text + "\n— na+me AAAAAAA=\n"},
      {"Unicode space in the name", text + "\n— na\u3000me AAAAAAA=\n"},
      {"two spaces", text + "\n— name  AAAAAAA=\n"},
      {"space at the end", text + "\n— name AAAAAAA= \n"},
      {"no padding", text + "\n— name AAAAAAA\n"},
      {"bits behind the last byte", text + "\n— name AAAAAAB=\n"},
      {"padding twice", text + "\n— name AAAAAAA==\n"},
      {"web-safe base64", text + "\n— name -_AAAAA=\n"},
      {"something else between", text + "\n— name AAAAAAA=\nx\n— name AAAAAAA=\n"},
  };
  for (const auto& row : kRows) EXPECT_FALSE(ParseNote(row.bytes).ok()) << row.name;
  EXPECT_TRUE(ParseNote(text + "\n— name AAAAAAA=\n").ok());
}

TEST(Note, AtMostSixtyFourSignatures) {
  std::string bytes = NeumannNote();
  for (size_t i = 1; i < kNoteSignaturesMax; ++i) bytes += Text("— name", i, " AAAAAAA=\n");
  const absl::StatusOr<Note> note = ParseNote(bytes);
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_TRUE(VerifyNote(*note, {Neumann()}).ok());
  EXPECT_FALSE(ParseNote(bytes + "— more AAAAAAA=\n").ok());
}

TEST(Note, AtMostSoManyBytes) {
  const std::string end = "\n\n— name AAAAAAA=\n";
  const std::string text(kNoteBytesMax - end.size(), 'a');
  EXPECT_TRUE(ParseNote(text + end).ok());
  EXPECT_FALSE(ParseNote(text + "a" + end).ok());
}

TEST(VerifyNote, UnknownKeysAreIgnored) {
  const SignerKey stranger = LogKeyOf("stranger", 1);
  Note note = ParseNote(NeumannNote()).value();
  EXPECT_EQ(VerifyNote(note, {stranger.verifier}).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(VerifyNote(note, {}).status().code(), absl::StatusCode::kPermissionDenied);
  // Garbage under a name alone, or an id alone, is a stranger's.
  note.signatures.push_back({.name = "PeterNeumann", .key_id = 1, .bytes = "x"});
  note.signatures.push_back({.name = "Peter", .key_id = Neumann().id, .bytes = "x"});
  EXPECT_TRUE(VerifyNote(note, {Neumann()}).ok());
}

TEST(VerifyNote, OneBadSignatureByAKnownKeyRefusesTheNote) {
  const SignerKey other = LogKeyOf("other", 1);
  const Note good = ParseNote(NeumannNote()).value();
  Note note = good;
  note.signatures.push_back(SignText(note.text, other));
  const auto both = VerifyNote(note, {other.verifier, Neumann()});
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(*both, (std::vector<VerifierKey>{other.verifier, Neumann()}));

  note.signatures[1].bytes[0] = static_cast<char>(note.signatures[1].bytes[0] ^ 1);
  EXPECT_EQ(VerifyNote(note, {other.verifier, Neumann()}).status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_TRUE(VerifyNote(note, {Neumann()}).ok());

  Note changed = good;
  changed.text[0] = 'i';
  EXPECT_EQ(VerifyNote(changed, {Neumann()}).status().code(), absl::StatusCode::kDataLoss);
}

// One key's id on another's signature: the id says which key must verify it.
TEST(VerifyNote, AnothersKeyIdIsABadSignature) {
  Note note{.text = "text\n", .signatures = {SignText("text\n", LogKeyOf("log", 1))}};
  const VerifierKey second = LogKeyOf("log", 2).verifier;
  note.signatures[0].key_id = second.id;
  EXPECT_EQ(VerifyNote(note, {second}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(VerifyNote, RepeatedSignatureCountsOnceAndEachMustVerify) {
  Note note = ParseNote(NeumannNote()).value();
  note.signatures.push_back(note.signatures[0]);
  const auto signers = VerifyNote(note, {Neumann(), Neumann()});
  ASSERT_TRUE(signers.ok()) << signers.status();
  EXPECT_EQ(signers->size(), 1U);
  note.signatures[1].bytes.back() ^= 1;
  EXPECT_EQ(VerifyNote(note, {Neumann()}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(NoteText, DecimalsHaveOneSpelling) {
  EXPECT_EQ(ParseDecimal("0"), 0U);
  EXPECT_EQ(ParseDecimal("20852163"), 20852163U);
  EXPECT_EQ(ParseDecimal("9223372036854775807"), kTreeSizeMax);
  for (const std::string_view text :
       {"", "00", "01", "+1", "-1", " 1", "1 ", "1x", "0x1", "9223372036854775808",
        "18446744073709551616", "99999999999999999999999"}) {
    EXPECT_FALSE(ParseDecimal(text).has_value()) << text;
  }
}

TEST(NoteText, HashesHaveOneSpelling) {
  const std::string good = EncodeBase64(AsBytes(Sha256("")));
  EXPECT_EQ(good, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(DecodeBase64Hash(good), Sha256(""));
  const std::string behind = good.substr(0, 42) + "V=";  // bits behind the last byte
  const std::string short_one = EncodeBase64(AsBytes(Sha256("")).substr(1));
  for (const std::string& text : {std::string(), good.substr(0, 43), good + "=", behind, short_one,
                                  " " + good, good + "\n"}) {
    EXPECT_FALSE(DecodeBase64Hash(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace meritbook
