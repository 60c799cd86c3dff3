// What the end of a hold comes to: its event, points, pieces, money.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

using Metadata = std::vector<std::pair<std::string, std::string>>;

const std::string kTwo = Line("oil", 2) + " " + Line("bun", 3);
// 25 points of February, 10 of March, of 225.
const std::string kHeld = "use mall\nby app source=app\nCreditHours " +
                          Served("feb", "ann", "2021-02-20", 60) + "\nby till merchant=bakery\n" +
                          Hold("x", kTwo) + "\n";
const std::string kDied = R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_DIED)";

void ExpectReplays(const Script& script) {
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

const Order& OnlyOrder(const Script& script) { return script.state().orders()[0]; }

TEST(ConfirmEffect, AllOfIt) {
  Script script;
  script.Given(kHeld + "at 2021-03-10 08:10\n" + Confirm("x"));
  const v1::Event event = script.last_event();
  const v1::OrderConfirmed& confirmed = event.order_confirmed();
  EXPECT_EQ(confirmed.order().scope(), v1::REQUEST_SCOPE_MERCHANT);
  EXPECT_EQ(confirmed.order().owner(), "bakery");
  EXPECT_EQ(confirmed.order().order_id(), "x");
  EXPECT_EQ(confirmed.volunteer_id(), "ann");
  EXPECT_EQ(confirmed.merchant_id(), "bakery");
  EXPECT_EQ(Tell(confirmed.lines()), "2 oil at 10 for 300 fen of programme/2021, 3 bun at 5");
  EXPECT_EQ(Points(confirmed.units()), "35");
  EXPECT_EQ(Tell(confirmed.lots()), "25 to 2022-02-28, 10 to 2022-03-31");
  EXPECT_FALSE(confirmed.has_released());
  EXPECT_EQ(event.occurred_us(), event.recorded_us());
  EXPECT_EQ(event.passbook(0).volunteer_id(), "ann");

  EXPECT_EQ(Purse(script, "ann"), "190: 190 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -225, available 190, payable 35");
  EXPECT_EQ(Owed(script, "bakery"), "35/600");
  EXPECT_EQ(Shelf(script, "oil"), "98-0");
  EXPECT_EQ(Shelf(script, "bun"), "7-0");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed 600");
  EXPECT_EQ(OnlyOrder(script).state, OrderState::kConfirmed);
  EXPECT_EQ(OnlyOrder(script).delivered_us, script.Micros("2021-03-10 08:10"));
  EXPECT_TRUE(script.state().timers().empty());
  EXPECT_TRUE(script.volunteer("ann").open_orders.empty());
  EXPECT_EQ(script.state().merchants().Find("bakery")->open_orders, 0u);
  ExpectReplays(script);
}

TEST(ConfirmEffect, SomeOfItReleasesTheRest) {
  Script script;
  script.Given(kHeld + Confirm("x", Line("bun", 2) + " " + Line("oil", 1)));
  const v1::OrderConfirmed confirmed = script.last_event().order_confirmed();
  // In the order of the command's lines; what lapses first is captured.
  EXPECT_EQ(Tell(confirmed.lines()), "2 bun at 5, 1 oil at 10 for 300 fen of programme/2021");
  EXPECT_EQ(Tell(confirmed.lots()), "20 to 2022-02-28");
  EXPECT_EQ(Tell(confirmed.released()), "lots 5 to 2022-02-28, 10 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "205: 5 to 2022-02-28, 200 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -225, available 205, payable 20");
  EXPECT_EQ(Owed(script, "bakery"), "20/300");
  EXPECT_EQ(Shelf(script, "oil"), "99-0");
  EXPECT_EQ(Shelf(script, "bun"), "8-0");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed 300");
  ExpectReplays(script);
}

TEST(ConfirmEffect, OfflineItOccurredWhenItHappened) {
  Script script;
  script.Given("use mall\n" + Hold("x", kTwo, "offline: true") + "\nat 2021-03-10 10:29\n" +
               Confirm("x", "happened_us: @2021-03-10T08:15"));
  EXPECT_EQ(script.last_event().occurred_us(), script.Micros("2021-03-10 08:15"));
  EXPECT_EQ(script.last_event().recorded_us(), script.Micros("2021-03-10 10:29"));
  EXPECT_EQ(OnlyOrder(script).delivered_us, script.Micros("2021-03-10 08:15"));
  ExpectReplays(script);
}

TEST(ConfirmEffect, GivenUp) {
  Script script;
  script.Given(kHeld + Cancel("x"));
  const v1::OrderCancelled cancelled = script.last_event().order_cancelled();
  EXPECT_EQ(cancelled.command().order_id(), "x");
  EXPECT_EQ(cancelled.hold().order().owner(), "bakery");
  EXPECT_EQ(cancelled.hold().volunteer_id(), "ann");
  EXPECT_EQ(cancelled.hold().merchant_id(), "bakery");
  EXPECT_EQ(Points(cancelled.hold().units()), "35");
  EXPECT_EQ(Tell(cancelled.hold().released()), "lots 25 to 2022-02-28, 10 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "225: 25 to 2022-02-28, 200 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -225, available 225");
  EXPECT_EQ(Shelf(script, "oil"), "100-0");
  EXPECT_EQ(BudgetOf(script), "allocated 10000");
  EXPECT_EQ(OnlyOrder(script).state, OrderState::kCancelled);
  ExpectReplays(script);
}

TEST(ConfirmEffect, WhoActedAndWhoseOrderItIs) {
  Script script;
  script.Given("use mall\nby app source=app\n" + Hold("x", kTwo) +
               "\nby till merchant=bakery\nConfirmOrder #c order_id: \"x\" owner { source: "
               "\"app\" }");
  const v1::Event event = script.last_event();
  EXPECT_EQ(event.scope(), v1::REQUEST_SCOPE_MERCHANT);
  EXPECT_EQ(event.source(), "bakery");
  EXPECT_EQ(event.order_confirmed().order().scope(), v1::REQUEST_SCOPE_SOURCE);
  EXPECT_EQ(event.order_confirmed().order().owner(), "app");
  script.Given(
      "RefundOrder order_id: \"x\" lines { item_id: \"bun\" quantity: 1 } reason_code: "
      "\"stale\" owner { source: \"app\" }");
  EXPECT_EQ(script.last_event().order_refunded().order().owner(), "app");
  EXPECT_EQ(Owed(script, "bakery"), "30/600");
  ExpectReplays(script);
}

TEST(ConfirmEffect, WhatARefusalSays) {
  Script script;
  script.Given("use mall\n" + Hold("x", kTwo, "offline: true") + "\n" + Hold("y", kTwo));
  EXPECT_EQ(script.Run(Confirm("x", Line("oil", 3))), "CONFIRM_TOO_LARGE");
  EXPECT_EQ(script.refused().metadata, (Metadata{{"item_id", "oil"}, {"quantity_max", "2"}}));
  script.Given("at 2021-03-10 09:00");
  EXPECT_EQ(script.Run(Confirm("x")), "CONFIRM_TOO_LATE");
  EXPECT_EQ(script.refused().metadata,
            (Metadata{{"order_id", "x"},
                      {"deadline_us", Text(script.Micros("2021-03-10 08:30"))},
                      {"ends_us", Text(script.Micros("2021-03-10 10:30"))}}));
  EXPECT_EQ(script.Run(Confirm("x", "happened_us: @2021-03-10T07:00")), "CONFIRM_TIME_INVALID");
  EXPECT_EQ(script.refused().metadata,
            (Metadata{{"happened_us_min", Text(script.Micros("2021-03-10 08:00"))},
                      {"happened_us_max", Text(script.Micros("2021-03-10 09:00"))}}));
  EXPECT_EQ(script.Run(Cancel("y")), "ORDER_NOT_HELD");
  EXPECT_EQ(script.refused().metadata, (Metadata{{"order_id", "y"}, {"state", "timed_out"}}));
}

TEST(ConfirmEffect, AReleaseRepaysDebtFirst) {
  Script script;
  script.Given(kHeld + "by app source=app\n" + Revoke("r0") + "\nby till merchant=bakery\n" +
               Confirm("x", Line("bun", 1)));
  // Of 200 points clawed back 190 were there; of the 30 released 10 repay what was owed.
  const v1::OrderConfirmed confirmed = script.last_event().order_confirmed();
  EXPECT_EQ(Tell(confirmed.lots()), "5 to 2022-02-28");
  EXPECT_EQ(Tell(confirmed.released()), "debt repaid 10; lots 10 to 2022-02-28, 10 to 2022-03-31");
  EXPECT_EQ(Purse(script, "ann"), "20: 10 to 2022-02-28, 10 to 2022-03-31");
  ExpectReplays(script);
}

// ---- Refunds.

TEST(ConfirmEffect, ARefundUndoesTheSale) {
  Script script;
  script.Given(kHeld + Confirm("x") + "\n" + Refund("x", Line("oil", 1)));
  const v1::OrderRefunded refunded = script.last_event().order_refunded();
  EXPECT_EQ(refunded.order().order_id(), "x");
  EXPECT_EQ(Tell(refunded.lines()), "1 oil at 10 for 300 fen of programme/2021");
  EXPECT_EQ(Tell(refunded.lots()), "10 to 2022-03-31");
  EXPECT_EQ(Owed(script, "bakery"), "25/300");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed 300");
  const Item& oil = *script.state().items().Find("oil");
  EXPECT_EQ(oil.delivered, 2u);
  EXPECT_EQ(oil.returned, 1u);
  EXPECT_EQ(Shelf(script, "oil"), "99-0");
  ExpectReplays(script);
}

TEST(ConfirmEffect, RefundsOfAPartReturnToTheLotsThatWereCaptured) {
  Script script;
  script.Given(kHeld + Confirm("x", Line("oil", 2)) + "\n" + Refund("x", Line("oil", 1)));
  EXPECT_EQ(Tell(script.last_event().order_refunded().lots()), "10 to 2022-02-28");
  script.Given(Refund("x", Line("oil", 1)));
  EXPECT_EQ(Tell(script.last_event().order_refunded().lots()), "10 to 2022-02-28");
  EXPECT_EQ(script.Run(Refund("x", Line("oil", 1))), "REFUND_TOO_LARGE");
  EXPECT_EQ(Purse(script, "ann"), "225: 25 to 2022-02-28, 200 to 2022-03-31");
  EXPECT_EQ(Owed(script, "bakery"), "0/0");
  ExpectReplays(script);
}

// ---- Accounts that end.

TEST(ConfirmEffect, ClosingAnAccountCancelsItsHolds) {
  Script script;
  script.Given(kHeld + Hold("y", Line("loaf", 1)) + "\nby committee\n" + kDied);
  const size_t size = script.events().size();
  EXPECT_TRUE(script.event(size - 3).has_volunteer_closed());
  for (const size_t i : {size - 2, size - 1}) {
    const v1::Event event = script.event(i);
    ASSERT_TRUE(event.has_order_cancelled());
    EXPECT_FALSE(event.order_cancelled().has_command());
    EXPECT_EQ(event.command_first_sequence(), size - 3);
    EXPECT_EQ(event.command_event_count(), 3u);
    EXPECT_EQ(event.actor(), "committee");
  }
  EXPECT_EQ(script.event(size - 2).order_cancelled().hold().order().order_id(), "x");
  EXPECT_EQ(Tell(script.event(size - 2).order_cancelled().hold().released()),
            "forfeited 25 to 2022-02-28, 10 to 2022-03-31");
  EXPECT_EQ(Tell(script.last_event().order_cancelled().hold().released()),
            "forfeited 30 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -225, forfeited 225");
  EXPECT_EQ(script.volunteer("ann").held_units, 0);
  EXPECT_EQ(Shelf(script, "oil"), "100-0");
  EXPECT_EQ(BudgetOf(script), "allocated 10000");
  EXPECT_TRUE(script.state().timers().empty());
  ExpectReplays(script);
}

TEST(ConfirmEffect, AClosedAccountsRefundIsForfeited) {
  Script script;
  script.Given(kHeld + Confirm("x") + "\n" + kDied + "\n" + Refund("x", Line("oil", 1)));
  EXPECT_EQ(Tell(script.last_event().order_refunded().inflow()), "forfeited 10 to 2022-03-31");
  ExpectReplays(script);
}

// ---- Registrations that are merged.

const std::string kMerge =
    ByTwo("m1", R"(merge_volunteers { volunteer_id: "ann" survivor_id: "bob" })") +
    "by till merchant=bakery\n";

TEST(ConfirmEffect, AnOpenHoldMovesWithAMerger) {
  Script script;
  script.Given(kHeld + kMerge);
  EXPECT_EQ(Points(script.volunteer("bob").held_units), "35");
  EXPECT_EQ(script.volunteer("ann").held_units, 0);
  EXPECT_TRUE(script.volunteer("ann").open_orders.empty());
  EXPECT_EQ(script.volunteer("bob").open_orders, (std::vector<uint32_t>{0}));
  script.Given(Confirm("x", Line("oil", 1)));
  EXPECT_EQ(script.last_event().order_confirmed().volunteer_id(), "bob");
  EXPECT_EQ(script.last_event().passbook(0).volunteer_id(), "bob");
  EXPECT_EQ(Purse(script, "bob"), "215: 15 to 2022-02-28, 200 to 2022-03-31");
  EXPECT_EQ(Owed(script, "bakery"), "10/300");
  ExpectReplays(script);
}

TEST(ConfirmEffect, AMergersHoldsTimeOutToTheSurvivor) {
  Script script;
  script.Given(kHeld + kMerge + "at 2021-03-10 08:30\nsweep");
  EXPECT_EQ(script.last_event().hold_timed_out().hold().volunteer_id(), "bob");
  EXPECT_EQ(Purse(script, "bob"), "225: 25 to 2022-02-28, 200 to 2022-03-31");
  ExpectReplays(script);
}

TEST(ConfirmEffect, CountsMoveWithAMerger) {
  const std::string cake =
      "PublishItem item_id: \"cake\" merchant_id: \"bakery\" price_points: 1 stock: 50 limit { "
      "quantity: 3 period: LIMIT_PERIOD_ONCE }\n";
  Script script;
  script.Given("use mall\nby app source=app\nCreditHours " + Served("b", "bob", "2021-03-05", 60) +
               "\nby till merchant=bakery\n" + cake + Redeem("x", Line("cake", 1)) + "\n" +
               Placed("RedeemNow", "y", "bob", Line("cake", 1)) + "\n" + kMerge);
  EXPECT_EQ(script.volunteer("bob").day_orders, (DayOrders{*ParseDay("2021-03-10"), 2, 2}));
  EXPECT_EQ(script.Run(Placed("RedeemNow", "z", "bob", Line("cake", 2))), "ITEM_LIMIT_REACHED");
  script.Given(Placed("RedeemNow", "w", "bob", Line("cake", 1)));
  // What comes back of either makes room again.
  script.Given(Refund("x", Line("cake", 1)) + "\n" +
               Placed("RedeemNow", "v", "bob", Line("cake", 1)));
  ExpectReplays(script);
}

TEST(ConfirmEffect, OfTwoPeriodsTheLaterCounts) {
  const std::string cake =
      "PublishItem item_id: \"cake\" merchant_id: \"bakery\" price_points: 1 stock: 50 limit { "
      "quantity: 3 period: LIMIT_PERIOD_DAY }\n";
  Script script;
  script.Given("use mall\nby app source=app\nCreditHours " + Served("b", "bob", "2021-03-05", 60) +
               "\nby till merchant=bakery\n" + cake + Redeem("x", Line("cake", 3)) +
               "\nat 2021-03-11 09:00\n" + Placed("RedeemNow", "y", "bob", Line("cake", 1)) + "\n" +
               kMerge);
  EXPECT_EQ(script.volunteer("bob").day_orders, (DayOrders{*ParseDay("2021-03-11"), 1, 1}));
  script.Given(Placed("RedeemNow", "z", "bob", Line("cake", 2)));
  EXPECT_EQ(script.Run(Placed("RedeemNow", "w", "bob", Line("cake", 1))), "ITEM_LIMIT_REACHED");
  ExpectReplays(script);
}

// Each may have up to 32; together they may have more, but place no other.
TEST(ConfirmEffect, AMergerMayLeaveMoreOpenOrdersThanOneMayPlace) {
  Script script;
  std::string lines = "use mall\nby app source=app\nCreditHours " +
                      Served("b", "bob", "2021-03-05", 480) +
                      "\nby till merchant=bakery\nReceiveStock item_id: \"bun\" quantity: 90\n";
  for (int i = 0; i < 17; ++i) {
    lines += Hold(Text("a", i), Line("bun", 1)) + "\n" +
             Placed("HoldOrder", Text("b", i), "bob", Line("bun", 1)) + "\n";
  }
  script.Given(lines + kMerge);
  EXPECT_EQ(script.volunteer("bob").open_orders.size(), 34u);
  EXPECT_EQ(script.Run(Placed("HoldOrder", "z", "bob", Line("bun", 1))), "OPEN_ORDERS_TOO_MANY");
  ExpectReplays(script);
}

}  // namespace
}  // namespace meritbook
