// Owns: a town whose rule lets some hours wait, with people to review them.
// Promises: what it sets up is checked.
// Thread: one.
#ifndef MERITBOOK_TESTS_E2E_REVIEW_TOWN_H_
#define MERITBOOK_TESTS_E2E_REVIEW_TOWN_H_

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/e2e/town.h"

namespace meritbook::e2e {

// 240 minutes of a day are credited without a review. lin and oda may review, mei, too, who is ann;
// both posts for another platform and reviews; ann-app is ann posting for it.
class Review : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(town_.committee().Call(Parse<v1::PublishRuleRequest>(
                  "request_id: 'rule-2' command { effective_from_day: '2020-01-01' earning { "
                  "rates { category: 'traffic_courtesy' points_per_hour: 25 percentage: 100 } "
                  "recording_unit_minutes: 15 credited_minutes_per_day: 480 backdating_days: 30 "
                  "auto_minutes_per_day: 240 "
                  "awards { award: 'blood_donation' points_max: 200 times_per_year: 2 } } "
                  "expiry { rolling_months: 12 } "
                  "review { late_submission_days: 14 revocation_points_max: 150 } }")),
              "OK");
    for (const char* volunteer : {"ben", "cat"}) {
      ASSERT_EQ(town_.platform().Call(Volunteer(volunteer)), "OK");
    }
    for (const auto& [name, binding] :
         {std::pair("lin", "roles: ROLE_COMMITTEE"), std::pair("oda", "roles: ROLE_COMMITTEE"),
          std::pair("mei", "roles: ROLE_COMMITTEE volunteer_id: 'ann'"),
          std::pair("both", "roles: ROLE_COMMITTEE roles: ROLE_PLATFORM source: 'app'"),
          std::pair("ann-app", "roles: ROLE_PLATFORM source: 'app' volunteer_id: 'ann'")}) {
      ASSERT_EQ(town_.operators().Call(Principal(name, binding)), "OK") << name;
    }
  }

  std::vector<int> Reasons(const v1::Record& record) {
    return {record.wait_reasons().begin(), record.wait_reasons().end()};
  }

  uint64_t PersonTimes() {
    v1::GetSummaryResponse summary;
    EXPECT_EQ(town_.auditor().Call(Parse<v1::GetSummaryRequest>(""), &summary), "OK");
    return summary.person_times();
  }

  // Once by `first`, then again: the first answer, whatever else it has, but marked as known.
  template <typename Response, typename Request>
  Response Twice(const Client& client, const Request& request) {
    Response first;
    EXPECT_EQ(client.Call(request, &first), "OK");
    EXPECT_FALSE(first.receipt().already_applied());
    Response again;
    EXPECT_EQ(client.Call(request, &again), "OK");
    EXPECT_TRUE(again.receipt().already_applied());
    again.mutable_receipt()->set_already_applied(false);
    EXPECT_EQ(again.DebugString(), first.DebugString());
    return first;
  }

  Town town_;
};

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_REVIEW_TOWN_H_
