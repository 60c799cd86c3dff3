// The mall: every rule as a row, and the worked example of two lots.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "ledger/units.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

// Ann has 8 h x 25 = 200 points.
const std::string kRich = R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 480 } }
by till merchant=bakery
)";

const RuleTable kRules({
    {"a merchant is onboarded", "use town", R"(OnboardMerchant merchant_id: "inn" kind: "lodging")",
     "ok"},
    {"but once", "use town", R"(OnboardMerchant merchant_id: "bakery" kind: "food")",
     "MERCHANT_EXISTS command.merchant_id"},
    {"an item is published once", "use town",
     R"(PublishItem item_id: "bun" merchant_id: "bakery" price_points: 5 stock: 1)",
     "ITEM_EXISTS command.item_id"},
    {"an item's id is taken for every merchant", "use town",
     R"(PublishItem item_id: "bun" merchant_id: "teahouse" price_points: 5 stock: 1)",
     "ITEM_EXISTS command.item_id"},
    {"an item of nobody", "use town",
     R"(PublishItem item_id: "cake" merchant_id: "inn" price_points: 5 stock: 1)",
     "MERCHANT_UNKNOWN command.merchant_id"},
    {"an item out of stock may be published", "use town",
     R"(PublishItem item_id: "cake" merchant_id: "bakery" price_points: 5)", "ok"},
    {"stock of no item", "use town", R"(ReceiveStock item_id: "cake" quantity: 1)",
     "ITEM_UNKNOWN command.item_id"},
    {"stock of her own", "use town\nby till merchant=bakery",
     R"(ReceiveStock item_id: "bun" quantity: 1)", "ok"},
    {"stock of another merchant", "use town\nby till merchant=bakery",
     R"(ReceiveStock item_id: "tea" quantity: 1)", "MERCHANT_NOT_YOURS command.item_id"},
    {"stock of no item, for a till", "use town\nby till merchant=bakery",
     R"(ReceiveStock item_id: "cake" quantity: 1)", "ITEM_UNKNOWN command.item_id"},
    {"stock to the brim", "use town", R"(ReceiveStock item_id: "bun" quantity: 999999990)", "ok"},
    {"stock beyond", "use town", R"(ReceiveStock item_id: "bun" quantity: 999999991)",
     "AMOUNT_OVERFLOW command.quantity"},

    {"an order", kRich,
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 3 } lines { item_id: "loaf" quantity: 1 })",
     "ok"},
    {"a till of another merchant", kRich + "by till merchant=teahouse",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "MERCHANT_NOT_YOURS command.merchant_id"},
    {"for herself", kRich + "by till merchant=bakery volunteer=ann",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "SELF_REDEMPTION command.volunteer_id"},
    {"for herself, by what the ledger knows of her",
     kRich +
         R"(RegisterPrincipal principal_id: "anns" roles: ROLE_AUDITOR volunteer_id: "ann" key_sha256: "k^32"
by anns merchant=bakery)",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "SELF_REDEMPTION command.volunteer_id"},
    {"for somebody else", kRich + "by till merchant=bakery volunteer=bob",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "ok"},
    {"a caller of no merchant may redeem at any", kRich + "by clerk",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "ok"},
    {"unknown volunteer", kRich,
     R"(RedeemNow order_id: "x1" volunteer_id: "eve" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "VOLUNTEER_UNKNOWN command.volunteer_id"},
    {"unknown merchant", kRich + "by clerk",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "inn" lines { item_id: "bun" quantity: 1 })",
     "MERCHANT_UNKNOWN command.merchant_id"},
    {"frozen", kRich + R"(FreezeVolunteer volunteer_id: "ann" reason_code: "audit")",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "VOLUNTEER_FROZEN command.volunteer_id"},
    {"unknown item", kRich,
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "cake" quantity: 1 })",
     "ITEM_UNKNOWN command.lines.item_id"},
    {"another merchant's item", kRich,
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 } lines { item_id: "tea" quantity: 1 })",
     "ITEM_NOT_OF_MERCHANT command.lines.item_id"},
    {"the last pieces", kRich,
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "loaf" quantity: 2 })",
     "ok"},
    {"a piece too many", kRich,
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "loaf" quantity: 3 })",
     "STOCK_TOO_LOW command.lines.quantity"},
    {"the last point",
     R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 } })",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 5 })",
     "ok"},
    {"a point too many",
     R"(use town
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 } })",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 6 })",
     "BALANCE_TOO_LOW command.volunteer_id"},
    {"nothing at all", "use town",
     R"(RedeemNow order_id: "x1" volunteer_id: "bob" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "BALANCE_TOO_LOW command.volunteer_id"},
    {"the same order under another request id",
     kRich +
         R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     R"(RedeemNow #other order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "ORDER_EXISTS command.order_id"},
    {"what has lapsed can't be spent", kRich + "at 2022-04-01 00:00",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "BALANCE_TOO_LOW command.volunteer_id"},
    {"on the last day it can", kRich + "at 2022-03-31 23:59",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "ok"},
});

// Four buns and a loaf, 50 points.
const std::string kSold =
    kRich +
    R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 4 } lines { item_id: "loaf" quantity: 1 }
)";
std::string ReturnOf(std::string_view item, int quantity) {
  return Text(R"(RefundOrder order_id: "x1" lines { item_id: ")", item, R"(" quantity: )", quantity,
              R"( } reason_code: "stale")");
}

const RuleTable kRefunds({
    {"a piece comes back", kSold, Return("x1", 1), "ok"},
    {"all of them", kSold,
     R"(RefundOrder order_id: "x1" lines { item_id: "loaf" quantity: 1 } lines { item_id: "bun" quantity: 4 } reason_code: "stale")",
     "ok"},
    {"the same request again", kSold + "RefundOrder #q" + Return("x1", 1).substr(11),
     "RefundOrder #q" + Return("x1", 1).substr(11), "again"},
    {"two equal refunds are two", kSold + Return("x1", 1), Return("x1", 1), "ok"},
    {"a piece too many", kSold, Return("x1", 5), "REFUND_TOO_LARGE command.lines.quantity"},
    {"a piece too many in two steps", kSold + Return("x1", 3), Return("x1", 2),
     "REFUND_TOO_LARGE command.lines.quantity"},
    {"in two steps", kSold + Return("x1", 3), Return("x1", 1), "ok"},
    {"an item that wasn't in it", kSold, ReturnOf("tea", 1), "REFUND_TOO_LARGE"},
    {"an item that there isn't", kSold, ReturnOf("cake", 1), "REFUND_TOO_LARGE"},
    {"no such order", kSold, Return("x9", 1), "ORDER_UNKNOWN command.order_id"},
    {"another till of the merchant", kSold + "by till2 merchant=bakery", Return("x1", 1), "ok"},
    {"another merchant's orders are its own", kSold + "by till merchant=teahouse", Return("x1", 1),
     "ORDER_UNKNOWN command.order_id"},
    {"a platform's, too", kSold + "by app source=app", Return("x1", 1),
     "ORDER_UNKNOWN command.order_id"},
    {"a principal's, too", kSold + "by till", Return("x1", 1), "ORDER_UNKNOWN command.order_id"},
    {"a platform's order by the platform",
     kRich + "by app source=app\n" + Buns("x1", "ann", 1) + "\nby app2 source=app", Return("x1", 1),
     "ok"},
    {"not for herself", kSold + "by till merchant=bakery volunteer=ann", Return("x1", 1),
     "SELF_REDEMPTION"},
    {"not for herself, by what the ledger knows of her",
     kSold +
         R"(RegisterPrincipal principal_id: "anns" roles: ROLE_AUDITOR volunteer_id: "ann" key_sha256: "k^32"
by anns merchant=bakery)",
     Return("x1", 1), "SELF_REDEMPTION"},
    {"for the frozen", kSold + R"(FreezeVolunteer volunteer_id: "ann" reason_code: "audit")",
     Return("x1", 1), "ok"},
    {"for the gone", kSold + R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_DIED)",
     Return("x1", 1), "ok"},
    {"years later", kSold + "at 2030-01-01 00:00", Return("x1", 1), "ok"},
    {"onto full shelves", kSold + R"(ReceiveStock item_id: "bun" quantity: 999999994)",
     Return("x1", 1), "AMOUNT_OVERFLOW command.lines.quantity"},
});

TEST(DecideMall, Rules) { kRules.Run(); }
TEST(DecideMall, Refunds) { kRefunds.Run(); }

// ledger/README.md, second example.
TEST(WorkedExample, RedemptionOverTwoLots) {
  Script script;
  script.Given(R"(use town
CreditHours record { record_id: "feb" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 } }
CreditHours record { record_id: "mar" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } }
by till merchant=bakery
RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 2 } lines { item_id: "loaf" quantity: 1 })");
  const v1::Event event = script.last_event();
  const v1::OrderRedeemed& order = event.order_redeemed();
  EXPECT_EQ(order.units(), 40 * kUnitsPerPoint);
  ASSERT_EQ(order.lots_size(), 2);
  // The 25 points of February lapse first and go first.
  EXPECT_EQ(FormatDay(order.lots(0).expiry_day_number()), "2022-02-28");
  EXPECT_EQ(order.lots(0).units(), 25 * kUnitsPerPoint);
  EXPECT_EQ(FormatDay(order.lots(1).expiry_day_number()), "2022-03-31");
  EXPECT_EQ(order.lots(1).units(), 15 * kUnitsPerPoint);
  ASSERT_EQ(order.lines_size(), 2);
  EXPECT_EQ(order.lines(1).price_points(), 30u);

  EXPECT_EQ(script.volunteer("ann").available_units, 35 * kUnitsPerPoint);
  EXPECT_EQ(script.state().merchants().Find("bakery")->payable_units, 40 * kUnitsPerPoint);
  EXPECT_EQ(script.state().items().Find("bun")->on_hand(), 8u);
  EXPECT_EQ(script.volunteer("ann").credited_minutes, 180u);  // spending takes no minutes
}

TEST(DecideMall, ABalanceIsNotToldToATill) {
  Script script;
  script.Given(kRich);
  EXPECT_EQ(
      script.Run(
          R"(RedeemNow order_id: "x1" volunteer_id: "bob" merchant_id: "bakery" lines { item_id: "bun" quantity: 2 })"),
      "BALANCE_TOO_LOW");
  EXPECT_EQ(script.refused().message, "the volunteer has fewer than 10 points");
}

// 25 points until February's end, 50 until March's; 40 spent: 25 and 15.
const std::string kTwoLots = "use town\nCreditHours " + Served("feb", "ann", "2021-02-20", 60) +
                             "\nCreditHours " + Served("mar", "ann", "2021-03-05", 120) +
                             R"(
by till merchant=bakery
RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 2 } lines { item_id: "loaf" quantity: 1 }
)";

TEST(DecideMall, ARefundReturnsToTheLotThatLapsesLastFirst) {
  Script script;
  script.Given(kTwoLots + ReturnOf("loaf", 1));
  const v1::Event event = script.last_event();
  const v1::OrderRefunded refunded = event.order_refunded();
  EXPECT_EQ(refunded.volunteer_id(), "ann");
  EXPECT_EQ(refunded.merchant_id(), "bakery");
  ASSERT_EQ(refunded.lines_size(), 1);
  EXPECT_EQ(refunded.lines(0).price_points(), 30u);
  EXPECT_EQ(refunded.units(), 30 * kUnitsPerPoint);
  EXPECT_EQ(Tell(refunded.lots()), "15 to 2022-03-31, 15 to 2022-02-28");
  EXPECT_EQ(Tell(refunded.inflow()), "lots 15 to 2022-02-28, 15 to 2022-03-31");
  EXPECT_EQ(event.passbook(0).volunteer_id(), "ann");
  EXPECT_EQ(event.occurred_us(), event.recorded_us());
  EXPECT_EQ(Purse(script, "ann"), "65: 15 to 2022-02-28, 50 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -75, available 65, payable 10");
  EXPECT_EQ(script.state().items().Find("loaf")->on_hand(), 2u);
  EXPECT_EQ(script.state().items().Find("loaf")->delivered, 1u);
  EXPECT_EQ(script.state().items().Find("loaf")->returned, 1u);

  script.Given(Return("x1", 2));
  EXPECT_EQ(Tell(script.last_event().order_refunded().lots()), "10 to 2022-02-28");
  EXPECT_EQ(Purse(script, "ann"), "75: 25 to 2022-02-28, 50 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -75, available 75");
}

TEST(DecideMall, ARefundRepaysDebtFirst) {
  Script script;
  script.Given(kTwoLots + "by app source=app\n" + Revoke("mar") + "\nby till merchant=bakery\n" +
               ReturnOf("loaf", 1));
  EXPECT_EQ(Tell(script.last_event().order_refunded().inflow()),
            "debt repaid 15; lots 15 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "15: 15 to 2022-03-31");
}

TEST(DecideMall, ARefundToAClosedAccountIsForfeited) {
  Script script;
  script.Given(kTwoLots + R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_DIED
)" + ReturnOf("loaf", 1));
  EXPECT_EQ(Tell(script.last_event().order_refunded().inflow()),
            "forfeited 15 to 2022-02-28, 15 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "0; forfeited 15 to 2022-02-28; forfeited 50 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -75, forfeited 65, payable 10");
}

}  // namespace
}  // namespace meritbook
