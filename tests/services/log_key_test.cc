#include "services/log_key.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "ledger/text.h"
#include "tests/ledger/note_keys.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

constexpr std::string_view kOrigin = "merit.example/county";

mode_t ModeOf(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

void WriteKey(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
}

TEST(LogKeyPath, OneForEachLedgerAndGeneration) {
  EXPECT_EQ(LogKeyPath("/data", "county", 1).value(), "/data/keys/county.key");
  EXPECT_EQ(LogKeyPath("/data", "county", 2).value(), "/data/keys/county@2.key");
  EXPECT_EQ(LogKeyPath("/data", "a.2:b", 10).value(), "/data/keys/a.2:b@10.key");
  for (const std::string_view ledger : {"", ".", "..", "a/b", "a@2", "../county"}) {
    EXPECT_FALSE(LogKeyPath("/data", ledger, 1).ok()) << ledger;
  }
}

TEST(LogKey, IsMadeAndReadByItsOwnerOnly) {
  const ScratchDir scratch;
  const std::string path = LogKeyPath(scratch.path(), "county", 1).value();
  const mode_t mask = umask(0);
  const absl::StatusOr<SignerKey> made = MakeLogKey(path, kOrigin);
  umask(mask);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->verifier.name, kOrigin);
  EXPECT_EQ(made->verifier.type, KeyType::kEd25519);
  EXPECT_EQ(ModeOf(path), 0600U);
  EXPECT_EQ(ModeOf(scratch.path() + "/keys"), 0700U);
  const absl::StatusOr<SignerKey> read = ReadLogKey(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->verifier, made->verifier);
  EXPECT_EQ(read->key.Sign("x").view(), made->key.Sign("x").view());
}

TEST(LogKey, HasItsModeWhateverTheUmask) {
  const ScratchDir scratch;
  const std::string path = scratch.path() + "/a.key";
  const mode_t mask = umask(0777);
  const absl::StatusOr<SignerKey> made = MakeLogKey(path, kOrigin);
  umask(mask);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(ModeOf(path), 0600U);
}

TEST(LogKey, EachIsAnother) {
  const ScratchDir scratch;
  const SignerKey first = MakeLogKey(scratch.path() + "/a.key", kOrigin).value();
  const SignerKey second = MakeLogKey(scratch.path() + "/a@2.key", kOrigin).value();
  EXPECT_NE(first.verifier.public_key, second.verifier.public_key);
  EXPECT_NE(first.verifier.id, second.verifier.id);
}

TEST(LogKey, NeverReplacesAnything) {
  const ScratchDir scratch;
  const std::string path = scratch.path() + "/a.key";
  const SignerKey first = MakeLogKey(path, kOrigin).value();
  EXPECT_EQ(MakeLogKey(path, kOrigin).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadLogKey(path).value().verifier, first.verifier);
  // Nor is anything made where a dangling link points.
  const std::string link = scratch.path() + "/b.key";
  std::filesystem::create_symlink(scratch.path() + "/elsewhere", link);
  EXPECT_EQ(MakeLogKey(link, kOrigin).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_FALSE(std::filesystem::exists(scratch.path() + "/elsewhere"));
}

TEST(LogKey, BadOriginMakesNoFile) {
  const ScratchDir scratch;
  const std::string path = scratch.path() + "/a.key";
  for (const std::string& origin : {std::string(), std::string("a b"), std::string("a+b"),
                                    std::string("a\n"), std::string(5000, 'a')}) {
    EXPECT_EQ(MakeLogKey(path, origin).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(MakeLogKey(scratch.path() + "/no/such/a.key", kOrigin).ok());
}

TEST(LogKey, KnownFileIsRead) {
  const ScratchDir scratch;
  const std::string path = scratch.path() + "/a.key";
  WriteKey(path, Text(kNeumannSkey, "\n"));
  const absl::StatusOr<SignerKey> read = ReadLogKey(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(FormatVerifierKey(read->verifier), kNeumannVkey);
}

TEST(LogKey, AnyRightOfOthersIsRefused) {
  const ScratchDir scratch;
  const std::string path = scratch.path() + "/a.key";
  ASSERT_TRUE(MakeLogKey(path, kOrigin).ok());
  for (mode_t bit = 1; bit <= 040; bit <<= 1) {
    ASSERT_EQ(chmod(path.c_str(), 0600 | bit), 0);
    const absl::Status refused = ReadLogKey(path).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << bit;
    EXPECT_NE(MessageOf(refused).find(path), std::string_view::npos) << refused;
  }
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  EXPECT_NE(MessageOf(ReadLogKey(path).status()).find("0640"), std::string_view::npos);
  ASSERT_EQ(chmod(path.c_str(), 0400), 0);
  EXPECT_TRUE(ReadLogKey(path).ok());
}

TEST(LogKey, OnlyAPlainFileIsRead) {
  const ScratchDir scratch;
  const std::string path = scratch.path() + "/a.key";
  EXPECT_EQ(ReadLogKey(path).status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(MakeLogKey(path, kOrigin).ok());

  const std::string link = scratch.path() + "/link.key";
  std::filesystem::create_symlink(path, link);
  const std::string folder = scratch.path() + "/folder.key";
  ASSERT_EQ(mkdir(folder.c_str(), 0700), 0);
  const std::string pipe = scratch.path() + "/pipe.key";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& other : {link, folder, pipe}) {
    const absl::Status refused = ReadLogKey(other).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << other;
    EXPECT_EQ(MessageOf(refused), Text("key file ", other, ": is not a plain file"));
  }
}

TEST(LogKey, MalformedFilesAreRefusedWithoutTellingTheKey) {
  const ScratchDir scratch;
  const std::string path = scratch.path() + "/a.key";
  const std::string good(kNeumannSkey);
  const SignerKey witness = WitnessKeyOf("w", 1);
  const struct {
    const char* name;
    std::string text;
  } kRows[] = {
      {"empty", ""},
      {"no newline", good},
      {"two lines", good + "\n" + good + "\n"},
      {"empty line", good + "\n\n"},
      {"carriage return", good + "\r\n"},
      {"cut", good.substr(0, good.size() - 4) + "\n"},
      {"public", std::string(kNeumannVkey) + "\n"},
      {"another id", "PRIVATE+KEY+PeterNeumann+c74f20a4" + good.substr(33) + "\n"},
      {"another name", "PRIVATE+KEY+PeterNeumanm" + good.substr(24) + "\n"},
      {"a witness's", FormatSignerKey(witness.verifier, SeedOf(1)) + "\n"},
      {"4,097 bytes", std::string(4096, 'x') + "\n"},
      {"a zero byte", std::string("\0\n", 2)},
  };
  for (const auto& row : kRows) {
    WriteKey(path, row.text);
    const absl::Status refused = ReadLogKey(path).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << row.name;
    EXPECT_NE(MessageOf(refused).find(path), std::string_view::npos) << row.name;
    EXPECT_EQ(MessageOf(refused).find("YEKFALV"), std::string_view::npos) << row.name;
  }
  WriteKey(path, good + "\n");
  EXPECT_TRUE(ReadLogKey(path).ok());
}

}  // namespace
}  // namespace meritbook
