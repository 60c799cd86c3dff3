// What if: a committee tries a rule, and nothing changes.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

class RuleTrial : public testing::Test {
 protected:
  v1::TryRuleRequest Trial(int points_per_hour, const std::string& day,
                           const std::string& category = "traffic_courtesy") {
    return Parse<v1::TryRuleRequest>(
        Text("rule { effective_from_day: '", day, "' earning { rates { category: '", category,
             "' points_per_hour: ", points_per_hour,
             " percentage: 100 } recording_unit_minutes: 15 credited_minutes_per_day: 480 "
             "backdating_days: 90 } expiry { rolling_months: 12 } }"));
  }

  // Records of 15 minutes in the community's activity.
  void Serve(int volunteers, int records_each) {
    for (int v = 0; v < volunteers; ++v) {
      ASSERT_EQ(town_.platform().Call(Volunteer(Text("v", v))), "OK");
    }
    for (int v = 0; v < volunteers; ++v) {
      auto batch = Parse<v1::BatchCreditHoursRequest>("");
      for (int i = 0; i < records_each; ++i) {
        *batch.add_items() = Item(Credit(Text("r", v, "-", i), Text("v", v), 1 + i % 80, 15));
      }
      v1::BatchCreditHoursResponse response;
      ASSERT_EQ(town_.platform().Call(batch, &response), "OK");
      for (const v1::ItemResult& result : response.results()) ASSERT_TRUE(result.has_receipt());
    }
  }

  Town town_;
};

TEST_F(RuleTrial, TellsTheDifferenceAndChangesNothing) {
  ASSERT_EQ(town_.platform().Call(Merchant("bakery")), "OK");
  ASSERT_EQ(town_.platform().Call(Offer("bun", "bakery", 50, 10)), "OK");
  ASSERT_EQ(town_.platform().Call(Credit("r-1", "ann", 10, 120)), "OK");
  ASSERT_EQ(town_.platform().Call(Credit("r-2", "ann", 5, 60)), "OK");
  ASSERT_EQ(town_.platform().Call(Redeem("o-1", "ann", "bakery", "bun", 1)), "OK");
  const std::string before = town_.State({"r-1", "r-2"});
  const std::string events = WithoutSalt(town_.Events());

  v1::TryRuleResponse tried;
  ASSERT_EQ(town_.committee().Call(Trial(50, DaysAgo(7)), &tried), "OK");
  ASSERT_EQ(tried.organisations_size(), 2);
  EXPECT_EQ(tried.organisations(0).organisation_id(), "beach");
  EXPECT_EQ(tried.organisations(0).issued_units(), 3 * kUnitsPerHour);
  EXPECT_EQ(tried.organisations(0).tried_issued_units(), 4 * kUnitsPerHour);
  EXPECT_EQ(tried.organisations(0).credited_minutes(), 180);
  EXPECT_EQ(tried.organisations(1).organisation_id(), "");
  EXPECT_EQ(tried.position().outstanding_units(), 25 * 6'000);
  EXPECT_EQ(tried.position().redeemed_units(), 50 * 6'000);
  EXPECT_EQ(tried.size(), town_.Size());
  EXPECT_EQ(tried.refusals_size(), 0);

  // The one in force, tried anew.
  ASSERT_EQ(town_.auditor().Call(Trial(25, "2020-01-01"), &tried), "OK");
  EXPECT_EQ(tried.tried_position().DebugString(), tried.position().DebugString());
  // One without a rate for it: no points, so no bun.
  ASSERT_EQ(town_.operators().Call(Trial(25, "2020-01-01", "care"), &tried), "OK");
  EXPECT_EQ(tried.tried_position().issued_units(), 0);
  ASSERT_EQ(tried.refusals_size(), 2);
  EXPECT_EQ(tried.refusals(0).reason(), "BALANCE_TOO_LOW");
  EXPECT_EQ(tried.refusals(0).count(), 1);
  EXPECT_EQ(tried.refusals(1).reason(), "CATEGORY_UNKNOWN");
  EXPECT_EQ(tried.refusals(1).count(), 2);

  EXPECT_EQ(town_.State({"r-1", "r-2"}), before);
  EXPECT_EQ(WithoutSalt(town_.Events()), events);
}

TEST_F(RuleTrial, IsRefusedAsTheRuleWouldBe) {
  EXPECT_EQ(town_.committee().Call(Parse<v1::TryRuleRequest>("")),
            "INVALID_ARGUMENT FIELD_MISSING rule.earning");
  EXPECT_EQ(town_.committee().Call(Trial(0, "2021-01-01")),
            "INVALID_ARGUMENT FIELD_INVALID rule.earning.rates.points_per_hour");
  auto nowhere = Trial(25, "2021-01-01");
  nowhere.set_ledger_id("nowhere");
  EXPECT_EQ(town_.committee().Call(nowhere), "NOT_FOUND LEDGER_UNKNOWN ledger_id");
}

TEST_F(RuleTrial, OneAtATimeAndNobodyWaitsForIt) {
  Serve(60, 1'000);
  // While one is tried, others are told to come again, and a till is served at once.
  constexpr int kCallers = 4;
  std::atomic<int> tried = 0;
  std::atomic<int> refused = 0;
  std::atomic<int> running = kCallers;
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      const Client client(town_.server().port(), town_.server().DevKey("committee"));
      const Outcome outcome = client.Call(Trial(30 + i, "2020-01-01"));
      tried += outcome.ok() ? 1 : 0;
      if (outcome.reason == "QUEUE_FULL") {
        EXPECT_TRUE(outcome.retry_can_help);
        ++refused;
      }
      --running;
    });
  }
  int served = 0;
  auto slowest = std::chrono::steady_clock::duration::zero();
  while (running > 0) {
    const auto begin = std::chrono::steady_clock::now();
    // A repetition, which has to look into the log.
    v1::CreditHoursResponse response;
    ASSERT_EQ(town_.platform().Call(Credit("r0-0", "v0", 1, 15), &response), "OK");
    EXPECT_TRUE(response.receipt().already_applied());
    slowest = std::max(slowest, std::chrono::steady_clock::now() - begin);
    ++served;
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(tried + refused, kCallers);
  EXPECT_GE(tried, 1);
  EXPECT_GE(refused, 1);
  EXPECT_GT(served, 10);
  EXPECT_LT(slowest, std::chrono::seconds(1));
}

TEST_F(RuleTrial, EndsWithItsCaller) {
  Serve(40, 1'000);
  EXPECT_EQ(
      town_.committee().Call(Trial(30, "2020-01-01"), nullptr, std::chrono::milliseconds(20)).code,
      "DEADLINE_EXCEEDED");
  // The next one needn't wait for the end of the first.
  Outcome next;
  const auto begin = std::chrono::steady_clock::now();
  do {
    next = town_.committee().Call(Trial(30, "2020-01-01"));
  } while (next.reason == "QUEUE_FULL" &&
           std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
  EXPECT_EQ(next, "OK");

  // Nor does the server when it stops.
  std::thread caller([&] {
    const Client client(town_.server().port(), town_.server().DevKey("committee"));
    const Outcome outcome = client.Call(Trial(30, "2020-01-01"));
    EXPECT_TRUE(outcome.ok() || outcome.code == "UNAVAILABLE" || outcome.code == "CANCELLED")
        << outcome;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_EQ(town_.Stop(), 0);
  caller.join();
}

}  // namespace
}  // namespace meritbook::e2e
