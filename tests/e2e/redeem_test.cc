// Spending: what lapses first goes first, and nothing is sold or spent twice.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/e2e/rush.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

constexpr int64_t kUnitsPerPoint = 6'000;

class Redemption : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* merchant : {"bakery", "cinema"}) {
      ASSERT_EQ(town_.platform().Call(Merchant(merchant)), "OK");
    }
  }

  int64_t PayableOf(const std::string& merchant) {
    v1::GetTrialBalanceResponse balance;
    EXPECT_EQ(town_.auditor().Call(Parse<v1::GetTrialBalanceRequest>(""), &balance), "OK");
    int64_t sum = 0;
    for (const v1::AccountTotal& total : balance.totals()) sum += total.units();
    EXPECT_EQ(sum, 0);
    for (const v1::MerchantBalance& row : balance.merchants()) {
      if (row.merchant_id() == merchant) return row.payable_units();
    }
    return -1;
  }

  v1::ShelfItem ItemOf(const std::string& item) { return town_.ItemOf(item); }

  Town town_;
};

TEST_F(Redemption, TakesTheEarliestLotFirst) {
  // Two months, so two lots; the later month's is credited first.
  ASSERT_EQ(town_.platform().Call(Credit("late", "ann", 1, 60)), "OK");
  ASSERT_EQ(town_.platform().Call(Credit("early", "ann", 45, 60)), "OK");
  v1::Balance balance = town_.BalanceOf("ann");
  ASSERT_EQ(balance.lots_size(), 2);
  const int64_t early = balance.lots(0).expiry_day_number();
  const int64_t late = balance.lots(1).expiry_day_number();
  ASSERT_LT(early, late);

  ASSERT_EQ(town_.platform().Call(Offer("bread", "bakery", 10, 100)), "OK");
  ASSERT_EQ(town_.platform().Call(Redeem("o1", "ann", "bakery", "bread", 1)), "OK");
  balance = town_.BalanceOf("ann");
  ASSERT_EQ(balance.lots_size(), 2);
  EXPECT_EQ(balance.lots(0).units(), 15 * kUnitsPerPoint);
  EXPECT_EQ(balance.lots(1).units(), 25 * kUnitsPerPoint);

  // 20 more: all that is left of the early lot, and 5 of the late one.
  v1::RedeemNowResponse paid;
  ASSERT_EQ(town_.platform().Call(Redeem("o2", "ann", "bakery", "bread", 2), &paid), "OK");
  EXPECT_EQ(paid.units(), 20 * kUnitsPerPoint);
  const auto events = town_.Events(paid.receipt().sequence());
  ASSERT_EQ(events.size(), 1);
  const v1::OrderRedeemed& order = events[0].order_redeemed();
  ASSERT_EQ(order.lots_size(), 2);
  EXPECT_EQ(order.lots(0).expiry_day_number(), early);
  EXPECT_EQ(order.lots(0).units(), 15 * kUnitsPerPoint);
  EXPECT_EQ(order.lots(1).expiry_day_number(), late);
  EXPECT_EQ(order.lots(1).units(), 5 * kUnitsPerPoint);
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 20 * kUnitsPerPoint);
  EXPECT_EQ(town_.BalanceOf("ann").credited_minutes(), 120) << "minutes are never spent";
}

TEST_F(Redemption, CountsStockAndBalance) {
  ASSERT_EQ(town_.platform().Call(Credit("r1", "ann", 1, 240)), "OK");  // 100 points
  ASSERT_EQ(town_.platform().Call(Offer("bread", "bakery", 10, 2)), "OK");
  ASSERT_EQ(town_.platform().Call(Offer("cake", "bakery", 90, 1)), "OK");
  const std::string stock_too_low = "FAILED_PRECONDITION STOCK_TOO_LOW command.lines.quantity";
  EXPECT_EQ(town_.platform().Call(Redeem("o1", "ann", "bakery", "bread", 3)), stock_too_low);
  ASSERT_EQ(town_.platform().Call(Redeem("o1", "ann", "bakery", "bread", 2)), "OK")
      << "a refusal is not remembered";
  EXPECT_EQ(town_.platform().Call(Redeem("o2", "ann", "bakery", "bread", 1)), stock_too_low);
  ASSERT_EQ(town_.platform().Call(Parse<v1::ReceiveStockRequest>(
                "request_id: 'more' command { item_id: 'bread' quantity: 5 }")),
            "OK");
  ASSERT_EQ(town_.platform().Call(Redeem("o2", "ann", "bakery", "bread", 1)), "OK");
  EXPECT_EQ(ItemOf("bread").on_hand(), 4);
  EXPECT_EQ(ItemOf("bread").delivered(), 3);
  // 70 points are left.
  const Outcome poor = town_.platform().Call(Redeem("o3", "ann", "bakery", "cake", 1));
  EXPECT_EQ(poor, "FAILED_PRECONDITION BALANCE_TOO_LOW command.volunteer_id");
  EXPECT_EQ(poor.metadata.at("needed_points"), "90");
  EXPECT_EQ(poor.message.find("70"), std::string::npos) << "a till may not learn the balance";
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 70 * kUnitsPerPoint);
  // Nothing of an order whose second line can't be had.
  auto both = Redeem("o4", "ann", "bakery", "bread", 1);
  *both.mutable_command()->add_lines() = Parse<v1::OrderLine>("item_id: 'cake' quantity: 2");
  EXPECT_EQ(town_.platform().Call(both), stock_too_low);
  EXPECT_EQ(ItemOf("bread").on_hand(), 4);
}

TEST_F(Redemption, RepeatedIsPaidOnce) {
  ASSERT_EQ(town_.platform().Call(Credit("r1", "ann", 1, 240)), "OK");
  ASSERT_EQ(town_.platform().Call(Offer("bread", "bakery", 10, 5)), "OK");
  v1::RedeemNowResponse first;
  v1::RedeemNowResponse again;
  ASSERT_EQ(town_.platform().Call(Redeem("o1", "ann", "bakery", "bread", 1), &first), "OK");
  ASSERT_EQ(town_.platform().Call(Redeem("o1", "ann", "bakery", "bread", 1), &again), "OK");
  EXPECT_TRUE(again.receipt().already_applied());
  again.mutable_receipt()->set_already_applied(false);
  EXPECT_EQ(again.DebugString(), first.DebugString());
  EXPECT_EQ(town_.platform().Call(Redeem("o1", "ann", "bakery", "bread", 2)).reason,
            "REQUEST_CONFLICT");
  auto renamed = Redeem("o1", "ann", "bakery", "bread", 1);
  renamed.set_request_id("another");
  EXPECT_EQ(town_.platform().Call(renamed), "ALREADY_EXISTS ORDER_EXISTS command.order_id");
  EXPECT_EQ(ItemOf("bread").delivered(), 1);
}

TEST_F(Redemption, PaysEachMerchantItsOwn) {
  ASSERT_EQ(town_.platform().Call(Credit("r1", "ann", 1, 240)), "OK");
  ASSERT_EQ(town_.platform().Call(Offer("bread", "bakery", 10, 5)), "OK");
  ASSERT_EQ(town_.platform().Call(Offer("film", "cinema", 25, 5)), "OK");
  ASSERT_EQ(town_.platform().Call(Redeem("o1", "ann", "bakery", "bread", 2)), "OK");
  ASSERT_EQ(town_.platform().Call(Redeem("o2", "ann", "cinema", "film", 1)), "OK");
  EXPECT_EQ(PayableOf("bakery"), 20 * kUnitsPerPoint);
  EXPECT_EQ(PayableOf("cinema"), 25 * kUnitsPerPoint);
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 55 * kUnitsPerPoint);
}

TEST_F(Redemption, AFrozenVolunteerEarnsAndDoesNotSpend) {
  ASSERT_EQ(town_.committee().Call(Parse<v1::FreezeVolunteerRequest>(
                "request_id: 'f' command { volunteer_id: 'ann' reason_code: 'audit' }")),
            "OK");
  ASSERT_EQ(town_.platform().Call(Credit("r1", "ann", 1, 240)), "OK");
  ASSERT_EQ(town_.platform().Call(Offer("bread", "bakery", 10, 5)), "OK");
  EXPECT_EQ(town_.platform().Call(Redeem("o1", "ann", "bakery", "bread", 1)),
            "FAILED_PRECONDITION VOLUNTEER_FROZEN command.volunteer_id");
  EXPECT_TRUE(town_.BalanceOf("ann").frozen());
}

TEST_F(Redemption, TheLastPieceIsSoldOnce) {
  constexpr int kCrowd = 12;
  for (int i = 0; i < kCrowd; ++i) {
    ASSERT_EQ(town_.platform().Call(Volunteer(Text("v", i))), "OK");
    ASSERT_EQ(town_.platform().Call(Credit(Text("r", i), Text("v", i), 1, 60)), "OK");
  }
  for (int round = 0; round < 5; ++round) {
    const std::string item = Text("last-", round);
    ASSERT_EQ(town_.platform().Call(Offer(item, "bakery", 1, 1)), "OK");
    const Rush rush = RushOf(town_, kCrowd, [&](int i) {
      return Redeem(Text("order-", round, "-", i), Text("v", i), "bakery", item, 1);
    });
    EXPECT_EQ(rush.sold, 1);
    for (const std::string& refusal : rush.refusals) {
      EXPECT_EQ(refusal, "FAILED_PRECONDITION STOCK_TOO_LOW command.lines.quantity");
    }
    EXPECT_EQ(ItemOf(item).on_hand(), 0);
    EXPECT_EQ(ItemOf(item).delivered(), 1);
  }
  EXPECT_EQ(PayableOf("bakery"), 5 * kUnitsPerPoint);
}

TEST_F(Redemption, TheLastPointsAreSpentOnce) {
  constexpr int kCrowd = 12;
  ASSERT_EQ(town_.platform().Call(Offer("film", "cinema", 25, 1'000)), "OK");
  for (int round = 0; round < 5; ++round) {
    ASSERT_EQ(town_.platform().Call(Credit(Text("r", round), "ann", 1, 60)), "OK");
    const Rush rush = RushOf(town_, kCrowd, [&](int i) {
      return Redeem(Text("order-", round, "-", i), "ann", "cinema", "film", 1);
    });
    EXPECT_EQ(rush.sold, 1);
    for (const std::string& refusal : rush.refusals) {
      EXPECT_EQ(refusal, "FAILED_PRECONDITION BALANCE_TOO_LOW command.volunteer_id");
    }
    EXPECT_EQ(town_.BalanceOf("ann").available_units(), 0);
  }
  EXPECT_EQ(PayableOf("cinema"), 125 * kUnitsPerPoint);
}

TEST_F(Redemption, OneOrderSentByManyIsSoldOnce) {
  ASSERT_EQ(town_.platform().Call(Credit("r1", "ann", 1, 480)), "OK");
  ASSERT_EQ(town_.platform().Call(Offer("film", "cinema", 25, 8)), "OK");
  const Rush rush =
      RushOf(town_, 12, [](int) { return Redeem("the-order", "ann", "cinema", "film", 1); });
  EXPECT_EQ(rush.sold, 12) << "the same answer for everybody";
  EXPECT_EQ(ItemOf("film").delivered(), 1);
  EXPECT_EQ(PayableOf("cinema"), 25 * kUnitsPerPoint);
}

}  // namespace
}  // namespace meritbook::e2e
