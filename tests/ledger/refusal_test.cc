#include "ledger/refusal.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/ledger/script.h"

namespace meritbook {
namespace {

// Given by the service, never by the ledger.
const std::set<std::string> kOfTheService = {"ROLE_MISSING",
                                             "BATCH_TOO_LARGE",
                                             "REQUEST_UNKNOWN",
                                             "QUEUE_FULL",
                                             "STORAGE_LOW",
                                             "OUTCOME_UNKNOWN",
                                             "CLOCK_SUSPECT",
                                             "DEADLINE_EXCEEDED",
                                             "STOPPING",
                                             "INTERNAL",
                                             "SEQUENCE_NOT_REACHED",
                                             "PAY_CODE_UNKNOWN",
                                             "PAY_CODE_EXPIRED",
                                             "PAY_CODE_USED",
                                             "PAY_CODE_OF_OTHER_MERCHANT",
                                             "PAY_CODE_TRIES_EXCEEDED",
                                             "REPORT_NOT_YOURS",
                                             "LOG_DAMAGED",
                                             "BACKUP_NOT_CONFIGURED",
                                             "BACKUP_UNDER_WAY",
                                             "BACKUP_FAILED"};

// ATOMIC_ABORTED takes more than one command: Atomic.TheRefusalOfANeighbourNamesIt.
const std::set<std::string> kOfCallsOfSeveral = {"ATOMIC_ABORTED"};

TEST(Refusal, EveryRefusalHasARow) {
  std::set<std::string> wanted;
  for (const Row& row : RuleTable::All()) wanted.insert(row.want.substr(0, row.want.find(' ')));
  const auto* descriptor = v1::Refusal_descriptor();
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const auto reason = static_cast<v1::Refusal>(descriptor->value(i)->number());
    if (reason == v1::REFUSAL_UNSPECIFIED) continue;
    const std::string name(RefusalName(reason));
    const bool exempt = kOfTheService.count(name) != 0 || kOfCallsOfSeveral.count(name) != 0;
    EXPECT_EQ(wanted.count(name), exempt ? 0u : 1u) << name;
  }
}

TEST(Refusal, EveryWantedRefusalExists) {
  for (const Row& row : RuleTable::All()) {
    const std::string name = row.want.substr(0, row.want.find(' '));
    if (name == "ok" || name == "again") continue;
    v1::Refusal reason;
    EXPECT_TRUE(v1::Refusal_Parse("REFUSAL_" + name, &reason)) << row.name << ": " << name;
  }
}

TEST(Refusal, EveryRefusalHasACode) {
  const auto* descriptor = v1::Refusal_descriptor();
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const auto reason = static_cast<v1::Refusal>(descriptor->value(i)->number());
    EXPECT_NE(CodeOf(reason), absl::StatusCode::kOk) << descriptor->value(i)->name();
    EXPECT_EQ(CodeOf(reason) == absl::StatusCode::kUnknown, reason == v1::REFUSAL_UNSPECIFIED);
  }
}

TEST(Refusal, NameAndCode) {
  EXPECT_EQ(RefusalName(v1::REFUSAL_BALANCE_TOO_LOW), "BALANCE_TOO_LOW");
  EXPECT_EQ(CodeOf(v1::REFUSAL_BALANCE_TOO_LOW), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(v1::REFUSAL_REQUEST_CONFLICT), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(v1::REFUSAL_ATOMIC_ABORTED), absl::StatusCode::kAborted);
}

TEST(Refusal, ARetryHelpsWhereTheServiceWasTheReason) {
  const auto* descriptor = v1::Refusal_descriptor();
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const auto reason = static_cast<v1::Refusal>(descriptor->value(i)->number());
    if (reason == v1::REFUSAL_UNSPECIFIED) continue;
    const std::string name(RefusalName(reason));
    if (RetryCanHelp(reason)) {
      EXPECT_EQ(kOfTheService.count(name), 1u) << name;
    }
  }
  EXPECT_TRUE(RetryCanHelp(v1::REFUSAL_OUTCOME_UNKNOWN));
  EXPECT_TRUE(RetryCanHelp(v1::REFUSAL_QUEUE_FULL));
  EXPECT_FALSE(RetryCanHelp(v1::REFUSAL_STOCK_TOO_LOW));
}

}  // namespace
}  // namespace meritbook
