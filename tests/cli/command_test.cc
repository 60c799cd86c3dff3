// The command line: values of flags, keys, exit codes, suggestions, completion.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "cli/api_key.h"
#include "cli/command_node.h"
#include "cli/ledger_commands.h"
#include "cli/mall_commands.h"
#include "cli/problem.h"

namespace meritbook::cli {
namespace {

absl::Status Refused(absl::StatusCode code, const std::string& reason) {
  google::rpc::Status details;
  details.set_code(static_cast<int>(code));
  details.set_message("the server's own words");
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  (*info.mutable_metadata())["field"] = "command.volunteer_id";
  (*info.mutable_metadata())["needed_points"] = "30";
  details.add_details()->PackFrom(info);
  return RefusedBy(details);
}

TEST(Problem, SaysWhyInEitherLanguage) {
  const absl::Status low = Refused(absl::StatusCode::kFailedPrecondition, "BALANCE_TOO_LOW");
  EXPECT_EQ(Sentence(low, Language::kEnglish),
            "the volunteer has too few points (BALANCE_TOO_LOW, field volunteer_id, needed_points "
            "30); merit balance shows how many");
  EXPECT_NE(Sentence(low, Language::kChinese).find("志愿者积分不足"), std::string::npos);
  // What a newer server refuses is told in its own words.
  const absl::Status unknown = Refused(absl::StatusCode::kAborted, "FROM_THE_FUTURE");
  EXPECT_NE(Sentence(unknown, Language::kChinese).find("the server's own words"),
            std::string::npos);
}

TEST(Problem, HasAnExitCode) {
  using Code = absl::StatusCode;
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), kExitOk);
  EXPECT_EQ(ExitCodeOf(Refused(Code::kFailedPrecondition, "BALANCE_TOO_LOW")), kExitRefused);
  // The server's invalid argument is a refusal, ours a mistake in the command line.
  EXPECT_EQ(ExitCodeOf(Refused(Code::kInvalidArgument, "FIELD_INVALID")), kExitRefused);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("x")), kExitUsage);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("x")), kExitUnreachable);
  EXPECT_EQ(ExitCodeOf(Refused(Code::kResourceExhausted, "QUEUE_FULL")), kExitUnreachable);
}

TEST(OrderLine, IsAnItemWithAQuantity) {
  EXPECT_EQ(ParseOrderLine("rice")->quantity(), 1U);
  EXPECT_EQ(ParseOrderLine("rice=12")->quantity(), 12U);
  EXPECT_EQ(ParseOrderLine("rice=12")->item_id(), "rice");
  for (const char* bad : {"rice=", "rice=0", "rice=-1", "rice=2x", "rice=4294967296", "=2", ""}) {
    EXPECT_FALSE(ParseOrderLine(bad).ok()) << bad;
  }
}

TEST(RuleFile, NamesFileLineAndColumn) {
  EXPECT_TRUE(ParseRule("r.textproto", "effective_from_day: \"2021-01-01\"").ok());
  const auto bad =
      ParseRule("r.textproto", "effective_from_day: \"2021-01-01\"\nearning { ratez {} }");
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(std::string(bad.status().message()).rfind("r.textproto:2:", 0), 0U) << bad.status();
}

TEST(ApiKey, StaysWithItsOwner) {
  const auto key = NewKey("till-1");
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->size(), std::string("till-1.").size() + 43);
  EXPECT_EQ(SecretHash(*key).size(), 32U);
  EXPECT_NE(*key, *NewKey("till-1"));
  const std::string file = testing::TempDir() + "merit-key-" + std::to_string(getpid());
  ASSERT_TRUE(WriteKeyFile(file, *key).ok());
  struct stat info = {};
  ASSERT_EQ(stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(*ReadKeyFile(file), *key);
  EXPECT_FALSE(WriteKeyFile(file, *key).ok());  // never over another key
  chmod(file.c_str(), 0644);
  EXPECT_FALSE(ReadKeyFile(file).ok());
  unlink(file.c_str());
}

TEST(Nearest, FindsWhatWasMeant) {
  const std::vector<std::string> names = {"balance", "entries", "import", "ledger", "redeem"};
  EXPECT_EQ(Nearest("balnce", names), "balance");
  EXPECT_EQ(Nearest("improt", names), "import");
  EXPECT_EQ(Nearest("ledgers", names), "ledger");
  EXPECT_EQ(Nearest("zebra", names), "");
}

TEST(Completion, NamesCommandsAndFlags) {
  CommandNode root;
  root.name = "merit";
  root.flags = {{"--format", "", true, false, {"table", "json"}}};
  root.children = {{"ledger", "", false, {}, {}, {{"show", "", false, {}, {}, {}}}}};
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = CompletionScript(root, shell);
    for (const char* word : {"ledger", "show", "format", "json"}) {
      EXPECT_NE(script.find(word), std::string::npos) << shell << " " << word;
    }
  }
}

}  // namespace
}  // namespace meritbook::cli
