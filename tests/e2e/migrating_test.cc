// A ledger that is being migrated: every command states its recorded time, until that ends for
// ever.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

class Migrating : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(started_) << server_.output(); }

  template <typename Request>
  static Request At(Request request, int64_t recorded_us) {
    request.set_recorded_us(recorded_us);
    return request;
  }

  uint64_t Size() {
    v1::GetLedgerResponse ledger;
    EXPECT_EQ(operators_.Call(Parse<v1::GetLedgerRequest>(""), &ledger), "OK");
    return ledger.size();
  }

  // Years ago, so that no wall clock can be meant.
  const int64_t start_us_ = InstantUs(2000, 9, 0);
  ServerProcess server_;
  const bool started_ = server_.Start();
  const Client operators_{server_.port(), server_.DevKey("operator")};
  const Client platform_{server_.port(), server_.DevKey("platform")};
};

TEST_F(Migrating, EveryCommandStatesItsRecordedTime) {
  const std::string missing = "INVALID_ARGUMENT RECORDED_TIME_MISSING recorded_us";
  const std::string backwards = "FAILED_PRECONDITION RECORDED_TIME_BACKWARDS recorded_us";
  const std::string future = "FAILED_PRECONDITION RECORDED_TIME_IN_FUTURE recorded_us";
  EXPECT_EQ(operators_.Call(Founding(true)), missing);
  EXPECT_EQ(operators_.Call(At(Founding(true), NowUs() + 3'600'000'000)), future);
  EXPECT_EQ(operators_.Call(Parse<v1::GetLedgerRequest>("")), "NOT_FOUND LEDGER_UNKNOWN ledger_id");
  ASSERT_EQ(operators_.Call(At(Founding(true), start_us_)), "OK");
  auto rule = Rule(15);
  EXPECT_EQ(operators_.Call(rule), missing);
  EXPECT_EQ(operators_.Call(At(rule, start_us_ - 1)), backwards);
  EXPECT_EQ(operators_.Call(At(rule, NowUs() + 3'600'000'000)), future);
  EXPECT_EQ(Size(), 1);
  v1::PublishRuleResponse published;
  ASSERT_EQ(operators_.Call(At(rule, start_us_), &published), "OK")
      << "the same time is no step back";
  EXPECT_EQ(published.receipt().recorded_us(), start_us_);

  // Not the order, but its own reason, for what could never be taken.
  auto nobody = Credit("r1", "nobody", 2000, 60);
  EXPECT_EQ(platform_.Call(At(nobody, start_us_ - 1)),
            "NOT_FOUND VOLUNTEER_UNKNOWN command.record.volunteer_id");
  // A repetition is answered whatever time it states.
  EXPECT_EQ(operators_.Call(At(rule, start_us_ - 1)), "OK");
  EXPECT_EQ(operators_.Call(rule), "OK");
  EXPECT_EQ(Size(), 2);
}

TEST_F(Migrating, EndsForEver) {
  ASSERT_EQ(operators_.Call(At(Founding(true), start_us_)), "OK");
  const auto finish = Parse<v1::FinishMigrationRequest>("request_id: 'finish' command {}");
  ASSERT_EQ(operators_.Call(At(finish, start_us_ + 1)), "OK");
  EXPECT_EQ(operators_.Call(At(Rule(15), start_us_ + 2)),
            "FAILED_PRECONDITION RECORDED_TIME_NOT_ALLOWED recorded_us");
  auto again = finish;
  again.set_request_id("again");
  EXPECT_EQ(operators_.Call(again), "FAILED_PRECONDITION NOT_MIGRATING ledger_id");
  v1::PublishRuleResponse published;
  const int64_t before_us = NowUs();
  ASSERT_EQ(operators_.Call(Rule(15), &published), "OK");
  EXPECT_GE(published.receipt().recorded_us(), before_us);
}

}  // namespace
}  // namespace meritbook::e2e
