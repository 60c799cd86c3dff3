// Owns: towns with a mall: one on the machine's clock, one whose recorded times are stated.
// Promises: what they set up is checked.
// Thread: one.
#ifndef MERITBOOK_TESTS_E2E_MALL_TOWN_H_
#define MERITBOOK_TESTS_E2E_MALL_TOWN_H_

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "ledger/text.h"
#include "tests/e2e/mall_requests.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {

// The bakery and the cinema, each with a till; oda approves what the committee proposes.
class MallTown : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(town_.committee().Call(MallRule("rule-2")), "OK");
    ASSERT_EQ(town_.operators().Call(Principal("oda", "roles: ROLE_COMMITTEE")), "OK");
    for (const char* merchant : {"bakery", "cinema"}) {
      ASSERT_EQ(town_.platform().Call(Merchant(merchant)), "OK");
      ASSERT_EQ(town_.operators().Call(
                    Principal(Text("till-of-", merchant),
                              Text("roles: ROLE_MERCHANT merchant_id: '", merchant, "'"))),
                "OK");
    }
  }

  // With so many hours of service: 25 points each.
  void Register(const std::string& volunteer, int hours) {
    if (volunteer != "ann") {
      ASSERT_EQ(town_.platform().Call(Volunteer(volunteer)), "OK");
    }
    if (hours == 0) return;
    ASSERT_EQ(town_.platform().Call(Credit(Text("of-", volunteer), volunteer, 1, 60 * hours)),
              "OK");
  }

  static int Year() { return std::stoi(DaysAgo(0).substr(0, 4)); }
  // Proposed by one, approved by another.
  void Change(const std::string& id, const std::string& change) {
    EXPECT_EQ(town_.committee().Call(Propose(id, change)), "OK");
    EXPECT_EQ(town_.As("oda").Call(Agree(id)), "OK");
  }

  v1::OrderView OrderOf(const std::string& order) {
    v1::GetOrderResponse response;
    EXPECT_EQ(town_.platform().Call(OrderNamed(order), &response), "OK") << order;
    return response.order();
  }
  v1::GetMerchantResponse MerchantOf(const std::string& merchant) {
    v1::GetMerchantResponse response;
    EXPECT_EQ(town_.auditor().Call(
                  Parse<v1::GetMerchantRequest>(Text("merchant_id: '", merchant, "'")), &response),
              "OK");
    return response;
  }

  // The same request again has the first answer, marked as known; returns that.
  template <typename Response, typename Request>
  Response Twice(const Client& client, const Request& request) {
    Response first;
    EXPECT_EQ(client.Call(request, &first), "OK") << request.ShortDebugString();
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

// A ledger that is being migrated, from 1 March 2021 on: every command states its recorded time, so
// that months can pass. ann and bob have points; the bakery's bun is 10 points and 300 fen.
class StatedMall : public testing::Test {
 protected:
  void SetUp() override {
    Start();
    At("2021-03-01 08:00");
    Must("operator", Founding(true));
    Must("committee", MallRule("rule"));
    Must("platform", Organisation("beach"));
    auto activity = Activity(kActivity, "beach");
    activity.mutable_command()->set_starts_us(1);
    Must("platform", activity);
    for (const auto& [name, binding] :
         {std::pair("lin", "roles: ROLE_COMMITTEE"), std::pair("oda", "roles: ROLE_COMMITTEE")}) {
      Must("operator", Principal(name, binding));
    }
    for (const char* merchant : {"bakery", "cinema"}) {
      Must("platform", Merchant(merchant));
      Must("operator", Principal(Text("till-of-", merchant),
                                 Text("roles: ROLE_MERCHANT merchant_id: '", merchant, "'")));
    }
    for (const char* volunteer : {"ann", "bob"}) {
      Must("platform", Volunteer(volunteer));
      auto credit = Credit(Text("of-", volunteer), volunteer, 0, 480);  // 200 points
      credit.mutable_command()->mutable_record()->mutable_duration()->set_service_day("2021-02-28");
      Must("platform", credit);
    }
    Must("platform", PaidOffer("bun", "bakery", 10, 100, 300));
    Must("platform", Offer("film", "cinema", 25, 100));
    Change("budget", Allocation("programme", 2021, 100'000));
  }

  void Start() {
    if (!server_.Start()) {
      ADD_FAILURE() << server_.output();
      std::abort();
    }
    clients_.clear();
    for (const char* role : {"operator", "committee", "platform", "auditor"}) {
      clients_.emplace(role, Client(server_.port(), server_.DevKey(role)));
    }
    for (const char* name : {"lin", "oda", "till-of-bakery", "till-of-cinema"}) {
      clients_.emplace(name, Client(server_.port(), KeyOf(name)));
    }
  }
  // Disconnected first: it would wait for a client that sleeps.
  void Stop() {
    clients_.clear();
    EXPECT_EQ(server_.Stop(), 0);
  }

  // The recorded time from here on.
  void At(const std::string& time) { now_us_ = Instant(time); }

  template <typename Request>
  Outcome Ask(const std::string& who, Request request,
              google::protobuf::Message* response = nullptr) {
    request.set_recorded_us(now_us_);
    return clients_.at(who).Call(request, response);
  }
  template <typename Request>
  void Must(const std::string& who, const Request& request) {
    EXPECT_EQ(Ask(who, request), "OK") << request.ShortDebugString();
  }
  // As it stands; without a time of its own.
  template <typename Response, typename Request>
  Response Read(const std::string& who, const Request& request) {
    Response response;
    EXPECT_EQ(clients_.at(who).Call(request, &response), "OK") << request.ShortDebugString();
    return response;
  }
  void Change(const std::string& id, const std::string& change) {
    Must("lin", Propose(id, change));
    Must("oda", Agree(id));
  }

  int64_t AvailablePoints(const std::string& volunteer) {
    const auto balance = Read<v1::GetBalanceResponse>("auditor", BalanceOf(volunteer)).balance();
    return balance.available_units() / kUnitsPerPoint;
  }
  v1::GetMerchantResponse MerchantOf(const std::string& merchant) {
    return Read<v1::GetMerchantResponse>(
        "auditor", Parse<v1::GetMerchantRequest>(Text("merchant_id: '", merchant, "'")));
  }
  v1::BudgetView Programme() {
    const auto budgets =
        Read<v1::ListBudgetsResponse>("auditor", Parse<v1::ListBudgetsRequest>(""));
    EXPECT_EQ(budgets.budgets_size(), 1);
    return budgets.budgets(0);
  }
  v1::StatementView StatementOf(const std::string& id) {
    return Read<v1::GetStatementResponse>("auditor", StatementNamed(id)).statement();
  }
  std::vector<v1::Event> Events() { return EventsOf(clients_.at("auditor"), kLedger, 0); }

  ServerProcess server_;
  std::map<std::string, Client> clients_;
  int64_t now_us_ = 0;
};

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_MALL_TOWN_H_
