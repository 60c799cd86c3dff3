// The mall: every rule as a row, and the worked example of two lots.
#include <gtest/gtest.h>

#include "ledger/limits.h"
#include "ledger/text.h"
#include "ledger/units.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

// Ann has 8 h x 25 = 200 points.
const std::string kRich = R"(use town
CreditHours record_id: "r0" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 480 }
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
CreditHours record_id: "r0" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 })",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 5 })",
     "ok"},
    {"a point too many",
     R"(use town
CreditHours record_id: "r0" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 })",
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

TEST(DecideMall, Rules) { kRules.Run(); }

// ledger/README.md, second example.
TEST(WorkedExample, RedemptionOverTwoLots) {
  Script script;
  script.Given(R"(use town
CreditHours record_id: "feb" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 }
CreditHours record_id: "mar" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 }
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

// The limit on lots keeps the event within 65,535 bytes.
TEST(DecideMall, AnOrderTakesFromSoManyLotsAtMost) {
  Script script;
  script.Given(R"(use town
by app source=app
PublishItem item_id: "pin" merchant_id: "bakery" price_points: 1 stock: 5000)");
  for (int lot = 1; lot <= kOrderLotsMax + 1; ++lot) {
    script.Given(Text(
        R"(PublishRule effective_from_day: "2021-01-01" earning { rates { category: "traffic" points_per_hour: 60 percentage: 100 } recording_unit_minutes: 1 credited_minutes_per_day: 1440 backdating_days: 30 } expiry { rolling_months: )",
        lot, " }"));
    script.Given(Text(
        R"(CreditHours record_id: "r)", lot,
        R"(" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 1 })"));
  }
  ASSERT_EQ(script.volunteer("ann").lots.size(), static_cast<size_t>(kOrderLotsMax + 1));
  const auto redeem = [&](int pins) {
    return script.Run(
        Text(
            R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "pin" quantity: )",
            pins, " }"),
        true);
  };
  EXPECT_EQ(redeem(kOrderLotsMax + 1), "AMOUNT_OVERFLOW command.lines");
  EXPECT_EQ(redeem(kOrderLotsMax), "ok");
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

}  // namespace
}  // namespace meritbook
