// The command line: values of flags, keys, exit codes, suggestions, completion.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <string>
#include <utility>

#include "cli/api_key.h"
#include "cli/command_node.h"
#include "cli/item_commands.h"
#include "cli/ledger_commands.h"
#include "cli/order_line.h"
#include "cli/order_words.h"
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

TEST(OrderLine, AnOpenAmountHasNoItem) {
  const auto lines = ParseLines({{"rice=2", "bun"}, 30});
  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_EQ(lines->size(), 3U);
  EXPECT_EQ((*lines)[2].item_id(), "");
  EXPECT_EQ((*lines)[2].quantity(), 30U);
  EXPECT_TRUE(ParseLines({})->empty());
  EXPECT_FALSE(ParseLines({{"rice=x"}, 0}).ok());
}

TEST(ItemLimit, IsSoManyInAPeriod) {
  EXPECT_EQ(ParseLimit("2/month")->quantity(), 2U);
  EXPECT_EQ(ParseLimit("2/month")->period(), v1::LIMIT_PERIOD_MONTH);
  EXPECT_EQ(ParseLimit("1/once")->period(), v1::LIMIT_PERIOD_ONCE);
  EXPECT_EQ(ParseLimit("10000/day")->quantity(), 10'000U);
  EXPECT_EQ(ParseLimit("3/year")->period(), v1::LIMIT_PERIOD_YEAR);
  for (const char* bad : {"", "2", "/month", "0/month", "10001/day", "2/week", "2/", "x/day"}) {
    EXPECT_FALSE(ParseLimit(bad).ok()) << bad;
  }
}

TEST(Owner, IsReadAsItIsShown) {
  for (const auto& [text, scope] : {std::pair{"platform/app", v1::REQUEST_SCOPE_SOURCE},
                                    {"merchant/bakery", v1::REQUEST_SCOPE_MERCHANT},
                                    {"principal/lin", v1::REQUEST_SCOPE_PRINCIPAL}}) {
    const auto owner = ParseOwner(text);
    ASSERT_TRUE(owner.ok()) << owner.status();
    v1::OrderRef order;
    order.set_scope(scope);
    order.set_owner(std::string(text).substr(std::string(text).find('/') + 1));
    EXPECT_EQ(OwnerText(order), text);
    EXPECT_EQ(OwnerOf(order).SerializeAsString(), owner->SerializeAsString()) << text;
  }
  for (const char* bad : {"", "app", "platform/", "/app", "shop/x"}) {
    EXPECT_FALSE(ParseOwner(bad).ok()) << bad;
  }
}

TEST(OrderWords, EveryStateHasItsOwn) {
  const auto distinct = [](const auto* descriptor, const auto& words) {
    std::set<std::string> seen;
    // The first value is the unspecified one.
    for (int i = 1; i < descriptor->value_count(); ++i) {
      const std::string word = words(descriptor->value(i)->number());
      EXPECT_NE(word, words(0)) << descriptor->value(i)->name();
      EXPECT_TRUE(seen.insert(word).second) << word;
    }
  };
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    distinct(v1::OrderState_descriptor(), [language](int number) {
      return std::string(WordsOf(static_cast<v1::OrderState>(number), language));
    });
    distinct(v1::StatementState_descriptor(), [language](int number) {
      return std::string(WordsOf(static_cast<v1::StatementState>(number), language));
    });
    distinct(v1::LimitPeriod_descriptor(), [language](int number) {
      v1::ItemLimit limit;
      limit.set_quantity(2);
      limit.set_period(static_cast<v1::LimitPeriod>(number));
      return WordsOf(limit, language);
    });
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
