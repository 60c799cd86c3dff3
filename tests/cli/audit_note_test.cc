#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/escaping.h"
#include "cli/audit/note.h"
#include "tests/cli/audit_proof_kit.h"

namespace meritbook::audit {
namespace {

PublicKey KeyOf(const std::string& hex) {
  const std::string bytes = absl::HexStringToBytes(hex);
  PublicKey key;
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

// RFC 8032, section 7.1, tests 1 to 3.
TEST(AuditNote, Ed25519KnownAnswers) {
  const struct {
    const char* key;
    const char* message;
    const char* signature;
  } rows[] = {
      {"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
       "f9b46bd25bf5f0595bbe24655141438e7a100b"},
      {"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0"
       "f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
      {"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f76098"
       "4dc6594a7c15e9716ed28dc027beceea1ec40a"}};
  for (const auto& row : rows) {
    const std::string message = absl::HexStringToBytes(row.message);
    const std::string signature = absl::HexStringToBytes(row.signature);
    EXPECT_TRUE(VerifyEd25519(KeyOf(row.key), message, signature));
    EXPECT_FALSE(VerifyEd25519(KeyOf(row.key), message + "x", signature));
    EXPECT_FALSE(VerifyEd25519(KeyOf(row.key), message, signature.substr(1)));
    for (size_t bit = 0; bit < signature.size() * 8; bit += 7) {
      EXPECT_FALSE(VerifyEd25519(KeyOf(row.key), message, Flipped(signature, bit))) << bit;
    }
  }
}

constexpr char kDash[] = "\xE2\x80\x94 ";

// The example of c2sp.org/signed-note, and that of Go's golang.org/x/mod/sumdb/note.
TEST(AuditNote, NotesOfOthers) {
  const struct {
    std::string vkey;
    std::string text;
    std::string signature;
  } rows[] = {
      {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
       "This is an example message.\n",
       "example.com/foo "
       "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM"
       "="},
      {"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
       "If you think cryptography is the answer to your problem,\n"
       "then you don't know what your problem is.\n",
       "PeterNeumann "
       "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM"
       "="}};
  for (const auto& row : rows) {
    const auto key = ParseVerifierKey(row.vkey);
    ASSERT_TRUE(key.ok()) << key.status();
    const auto note = ParseNote(row.text + "\n" + kDash + row.signature + "\n");
    ASSERT_TRUE(note.ok()) << note.status();
    EXPECT_EQ(note->text, row.text);
    EXPECT_EQ(CheckSignatures(*note, *key).good, 1u);
    EXPECT_EQ(CheckSignatures(*note, *key).bad, 0u);
    Note other = *note;
    other.text += "And more.\n";
    EXPECT_EQ(CheckSignatures(other, *key).good, 0u);
    EXPECT_EQ(CheckSignatures(other, *key).bad, 1u);
  }
}

TEST(AuditNote, ReadsTheKitsKeys) {
  for (const uint8_t type : {1, 4}) {
    const TestKey key("example.com/k", type, 7);
    const auto parsed = ParseVerifierKey(key.vkey());
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->name, "example.com/k");
    EXPECT_EQ(static_cast<uint8_t>(parsed->type), type);
  }
}

TEST(AuditNote, AVkeyHasOneSpelling) {
  const std::string vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  ASSERT_TRUE(ParseVerifierKey(vkey).ok());
  for (size_t begin = 0; begin < vkey.size(); ++begin) {
    for (size_t end = begin; end <= vkey.size(); ++end) {
      if (end - begin == vkey.size()) continue;
      ASSERT_FALSE(ParseVerifierKey(vkey.substr(begin, end - begin)).ok()) << begin << "-" << end;
    }
  }
  for (size_t bit = 0; bit < vkey.size() * 8; ++bit) {
    ASSERT_FALSE(ParseVerifierKey(Flipped(vkey, bit)).ok()) << bit;
  }
  for (const std::string& wrong :
       {vkey + "\n", " " + vkey, vkey + "=",
        // As Go's tests have them: a longer key and an unknown type, each with its right id.
        std::string("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="),
        std::string("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
        TestKey("", 1, 7).vkey(), TestKey("a b", 1, 7).vkey(),
        TestKey("a\xC2\xA0"
                "b",
                1, 7)
            .vkey(),
        TestKey("a\xE3\x80\x80"
                "b",
                1, 7)
            .vkey(),
        TestKey("a\x01", 1, 7).vkey(), TestKey("a\xFF", 1, 7).vkey(), TestKey("a", 2, 7).vkey()}) {
    EXPECT_FALSE(ParseVerifierKey(wrong).ok()) << wrong;
  }
}

TEST(AuditNote, ANoteHasOneSpelling) {
  const TestKey key("example.com/k", 1, 7);
  const std::string text = "one\n\ntwo\n";
  const std::string line = key.Line(text);
  ASSERT_TRUE(ParseNote(text + "\n" + line).ok());
  EXPECT_EQ(ParseNote(text + "\n" + line)->text, text);
  const std::string id = "AAAAAA==";  // of the four bytes of an id alone
  const struct {
    const char* name;
    std::string bytes;
  } rows[] = {
      {"nothing", ""},
      {"no signature", text + "\n"},
      {"no blank line", "one\n" + line},
      {"no last newline", text + "\n" + line.substr(0, line.size() - 1)},
      {"a blank line at the end", text + "\n" + line + "\n"},
      {"text between signatures", text + "\n" + line + "and\n" + line},
      {"a hyphen", text + "\n- " + line.substr(4)},
      {"two spaces", text + "\n" + kDash + " " + line.substr(4)},
      {"a space at the end", text + "\n" + line.substr(0, line.size() - 1) + " \n"},
      {"no name", text + "\n" + kDash + " " + absl::Base64Escape("12345") + "\n"},
      {"a plus in the name", text + "\n" + kDash + "a+b " + absl::Base64Escape("12345") + "\n"},
      {"a space in the name", text + "\n" + kDash +
                                  "a\xE2\x80\x83"
                                  "b " +
                                  absl::Base64Escape("12345") + "\n"},
      {"no signature after the id", text + "\n" + kDash + "a " + id + "\n"},
      {"no padding", text + "\n" + kDash + "a MTIzNDU\n"},
      {"bits beyond the end", text + "\n" + kDash + "a MTIzNDV=\n"},
      {"a carriage return", "one\r\n\n" + line},
      {"a tab", "one\ttwo\n\n" + line},
      {"a zero", std::string("one\0\n\n", 6) + line},
      {"no UTF-8", "\xC3\x28\n\n" + line},
      {"an overlong form", "\xC0\xAF\n\n" + line},
      {"a surrogate", "\xED\xA0\x80\n\n" + line},
      {"beyond Unicode", "\xF4\x90\x80\x80\n\n" + line},
      {"cut in a character", "one\n\n" + line + "\xE2\x80"},
      {"too long", std::string(kNoteBytesMax, 'a') + "\n\n" + line}};
  for (const auto& row : rows) EXPECT_FALSE(ParseNote(row.bytes).ok()) << row.name;
  EXPECT_TRUE(ParseNote("\xF0\x9F\x8C\xB3 \xE5\xBF\x97\n\n" + line).ok());
}

TEST(AuditNote, SignaturesUpToTheMaximum) {
  const TestKey key("example.com/k", 1, 7);
  std::string note = "text\n\n";
  for (size_t i = 0; i < kNoteSignaturesMax; ++i) note += key.Line("text\n");
  ASSERT_TRUE(ParseNote(note).ok());
  EXPECT_EQ(CheckSignatures(*ParseNote(note), *ParseVerifierKey(key.vkey())).good,
            kNoteSignaturesMax);
  EXPECT_FALSE(ParseNote(note + key.Line("text\n")).ok());
}

TEST(AuditNote, OnlyNameAndIdTogetherAreAKey) {
  const TestKey key("example.com/k", 1, 7);
  const TestKey same_name("example.com/k", 1, 8);
  const std::string text = "text\n";
  const auto note = ParseNote(text + "\n" + same_name.Line(text));
  ASSERT_TRUE(note.ok());
  const auto found = CheckSignatures(*note, *ParseVerifierKey(key.vkey()));
  EXPECT_EQ(found.good, 0u);
  EXPECT_EQ(found.bad, 0u);
}

TEST(AuditNote, NumbersHaveOneSpelling) {
  EXPECT_EQ(StrictDecimal("0"), 0u);
  EXPECT_EQ(StrictDecimal("9223372036854775807"), 9223372036854775807u);
  for (const char* wrong :
       {"", "00", "01", "+1", "-1", " 1", "1 ", "1a", "0x1", "9223372036854775808",
        "18446744073709551616", "99999999999999999999"}) {
    EXPECT_EQ(StrictDecimal(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace meritbook::audit
