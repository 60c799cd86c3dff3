// What placing an order comes to: its event, points, pieces, money, counts.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

using Metadata = std::vector<std::pair<std::string, std::string>>;

const std::string kOil = Line("oil", 1);
constexpr std::string_view kShown = R"(HoldOrder order_id: "x" merchant_id: "bakery" )";

void ExpectReplays(const Script& script) {
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

// Ann has 25 points until the end of February 2022 besides.
const std::string kTwoLots = "use mall\nby app source=app\nCreditHours " +
                             Served("feb", "ann", "2021-02-20", 60) + "\nby till merchant=bakery\n";

TEST(OrderEffect, AHoldSetsPointsPiecesAndMoneyAside) {
  Script script;
  script.Given(kTwoLots + Hold("x", Line("oil", 2) + " " + Line("bun", 3) + " " + Line("rice", 1),
                               "hold_seconds: 60"));
  const v1::Event event = script.last_event();
  ASSERT_TRUE(event.has_order_held());
  const v1::Hold& hold = event.order_held().hold();
  EXPECT_EQ(hold.volunteer_id(), "ann");
  EXPECT_EQ(Tell(hold.lines()),
            "2 oil at 10 for 300 fen of programme/2021, 3 bun at 5, 1 rice at 20 for 500 fen of "
            "donor/2021");
  EXPECT_EQ(Points(hold.units()), "55");
  EXPECT_EQ(Tell(hold.lots()), "25 to 2022-02-28, 30 to 2022-03-31");
  EXPECT_EQ(hold.deadline_us(), script.Micros("2021-03-10 08:01"));
  EXPECT_EQ(hold.ends_us(), hold.deadline_us());
  EXPECT_EQ(hold.pay_code_id(), "");
  EXPECT_EQ(event.passbook_size(), 1);
  EXPECT_EQ(event.occurred_us(), event.recorded_us());

  EXPECT_EQ(Purse(script, "ann"), "170: 170 to 2022-03-31; held 55");
  EXPECT_EQ(Books(script), "issued -225, available 170, held 55");
  EXPECT_EQ(Shelf(script, "oil"), "100-2");
  EXPECT_EQ(Shelf(script, "bun"), "10-3");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, reserved 600");
  EXPECT_EQ(BudgetOf(script, "donor"), "allocated 5000, reserved 500");
  EXPECT_EQ(Owed(script, "bakery"), "0/0");
  EXPECT_EQ(script.state().merchants().Find("bakery")->open_orders, 1u);
  EXPECT_EQ(script.volunteer("ann").open_orders.size(), 1u);
  EXPECT_EQ(script.state().timers().size(), 1u);
  ExpectReplays(script);
}

TEST(OrderEffect, ARedemptionIsOwedAtOnce) {
  Script script;
  script.Given(kTwoLots + Redeem("x", Line("oil", 2) + " " + Line("bun", 3)));
  const v1::OrderRedeemed order = script.last_event().order_redeemed();
  EXPECT_EQ(order.volunteer_id(), "ann");
  EXPECT_EQ(Tell(order.lines()), "2 oil at 10 for 300 fen of programme/2021, 3 bun at 5");
  EXPECT_EQ(Tell(order.lots()), "25 to 2022-02-28, 10 to 2022-03-31");
  EXPECT_EQ(Books(script), "issued -225, available 190, payable 35");
  EXPECT_EQ(Shelf(script, "oil"), "98-0");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed 600");
  EXPECT_EQ(Owed(script, "bakery"), "35/600");
  EXPECT_EQ(script.state().merchants().Find("bakery")->open_orders, 0u);
  EXPECT_TRUE(script.state().timers().empty());
  ExpectReplays(script);
}

TEST(OrderEffect, HowLongAHoldLasts) {
  const std::tuple<std::string, const char*, const char*> rows[] = {
      {Hold("x", kOil), "2021-03-10 08:30", "2021-03-10 08:30"},
      {Hold("x", kOil, "offline: true"), "2021-03-10 08:30", "2021-03-10 10:30"},
      {Hold("x", kOil, "hold_seconds: 120 offline: true"), "2021-03-10 08:02", "2021-03-10 10:02"},
      {Voucher("x", 'v', kOil, "valid_days: 1"), "2021-03-11 00:00", "2021-03-11 02:00"},
      {Voucher("x", 'v', kOil), "2021-04-09 00:00", "2021-04-09 02:00"},
  };
  for (const auto& [line, deadline, ends] : rows) {
    SCOPED_TRACE(line);
    Script script;
    script.Given("use mall\n" + line);
    const v1::Event event = script.last_event();
    const v1::Hold& hold =
        event.has_order_held() ? event.order_held().hold() : event.voucher_issued().hold();
    EXPECT_EQ(hold.deadline_us(), script.Micros(deadline));
    EXPECT_EQ(hold.ends_us(), script.Micros(ends));
    ASSERT_EQ(script.state().timers().size(), 1u);
    EXPECT_EQ(script.state().timers().begin()->due_us, script.Micros(ends));
  }
}

TEST(OrderEffect, AVoucherIsFoundByItsHash) {
  Script script;
  script.Given("use mall\n" + Voucher("x", 'v', kOil));
  EXPECT_EQ(script.state().OrderOfVoucher(std::string(32, 'v')), 0u);
  EXPECT_EQ(script.state().OrderOfVoucher(std::string(32, 'w')), std::nullopt);
  EXPECT_EQ(Purse(script, "ann"), "190: 190 to 2022-03-31; held 10");
  ExpectReplays(script);
}

TEST(OrderEffect, AnOpenAmountIsPointsWithoutAnItem) {
  Script script;
  script.Given("use mall\nby committee\n" +
               RuleFrom("2021-01-01", "", "rolling_months: 12", "",
                        "hold_seconds_max: 60 open_amount_fen_per_point: 5") +
               "\nby till merchant=bakery\n" + Redeem("x", Line("", 30) + " " + kOil));
  EXPECT_EQ(Tell(script.last_event().order_redeemed().lines()),
            "30 points at 1 for 5 fen of programme/2021, 1 oil at 10 for 300 fen of "
            "programme/2021");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed 450");
  EXPECT_EQ(Owed(script, "bakery"), "40/450");
  script.Given(Refund("x", Line("", 10)));
  EXPECT_EQ(Owed(script, "bakery"), "30/400");
  EXPECT_EQ(BudgetOf(script), "allocated 10000, owed 400");
  ExpectReplays(script);
}

TEST(OrderEffect, AnOpenAmountForNothingNeedsNoBudget) {
  Script script;
  script.Given("use town\nCreditHours " + Served("r", "ann", "2021-03-05", 60) +
               "\nby committee\n" +
               RuleFrom("2021-01-01", "", "rolling_months: 12", "",
                        "hold_seconds_max: 60 open_amount_fen_per_point: 0") +
               "\nby till merchant=bakery\n" + Redeem("x", Line("", 25)));
  EXPECT_EQ(Tell(script.last_event().order_redeemed().lines()), "25 points at 1");
  EXPECT_EQ(Owed(script, "bakery"), "25/0");
  EXPECT_EQ(script.state().budgets().size(), 0u);
}

TEST(OrderEffect, AnItemOfTheMerchantsOwnTouchesNoBudget) {
  Script script;
  script.Given(
      "use mall\nPublishItem item_id: \"tart\" merchant_id: \"bakery\" price_points: 7 stock: 5 "
      "funding: FUNDING_MERCHANT\n" +
      Redeem("x", Line("tart", 2)));
  EXPECT_EQ(Tell(script.last_event().order_redeemed().lines()), "2 tart at 7");
  EXPECT_EQ(Owed(script, "bakery"), "14/0");
  EXPECT_EQ(BudgetOf(script), "allocated 10000");
}

TEST(OrderEffect, TheProgrammePaysOutOfItsOwnBudgetWhenNoneIsNamed) {
  Script script;
  script.Given(
      "use mall\nPublishItem item_id: \"tart\" merchant_id: \"bakery\" price_points: 7 stock: 5 "
      "settle_fen: 40 funding: FUNDING_PROGRAMME budget_source: \"donor\"\n" +
      Redeem("x", Line("tart", 1) + " " + kOil));
  EXPECT_EQ(Tell(script.last_event().order_redeemed().lines()),
            "1 tart at 7 for 40 fen of donor/2021, 1 oil at 10 for 300 fen of programme/2021");
}

// The year in which it was placed pays, whenever the goods are handed over.
TEST(OrderEffect, TheYearOfTheOrderPays) {
  Script script;
  script.Given("use mall\n" + ByTwo("b9", Allocation("programme", 2022, 1000)) +
               "by till merchant=bakery\nat 2021-12-31 23:50\n" + Hold("x", kOil) +
               "\nat 2022-01-01 00:00\n" + Hold("y", kOil) + "\n" + Confirm("x"));
  EXPECT_EQ(BudgetOf(script, "programme", 2021), "allocated 10000, owed 300");
  EXPECT_EQ(BudgetOf(script, "programme", 2022), "allocated 1000, reserved 300");
}

TEST(OrderEffect, TheFenAreThoseOfTheOrder) {
  Script script;
  script.Given("use mall\n" + Hold("x", kOil) +
               "\nWithdrawItem item_id: \"oil\" reason_code: \"dear\"\n" + Confirm("x"));
  EXPECT_EQ(Owed(script, "bakery"), "10/300");
  EXPECT_EQ(Shelf(script, "oil"), "99-0");
}

// ---- Pay codes.

TEST(OrderEffect, APayCodeNamesHer) {
  Script script;
  script.Given(Text("use mall\ncode ann\n", kShown, kOil));
  const v1::OrderHeld held = script.last_event().order_held();
  EXPECT_FALSE(held.command().has_volunteer_id());
  EXPECT_EQ(held.hold().volunteer_id(), "ann");
  EXPECT_EQ(held.hold().pay_code_id(), std::string(16, 'c'));
  EXPECT_EQ(script.last_event().passbook(0).volunteer_id(), "ann");
  script.Given("code ann\nRedeemNow order_id: \"y\" merchant_id: \"bakery\" " + kOil);
  const v1::OrderRedeemed redeemed = script.last_event().order_redeemed();
  EXPECT_EQ(redeemed.volunteer_id(), "ann");
  EXPECT_EQ(redeemed.pay_code_id(), std::string(16, 'c'));
  EXPECT_EQ(script.codes_asked(), 2);
  ExpectReplays(script);
}

// A repetition is answered before the code is looked at, which may have ended meanwhile.
TEST(OrderEffect, AnOrderSeenBeforeAsksForNoCode) {
  Script script;
  script.Given(Text("use mall\ncode ann\n", kShown, kOil, "\ncode ann"));
  EXPECT_EQ(script.Run(Text(kShown, kOil)), "again");
  EXPECT_EQ(script.codes_asked(), 1);
  script.Given("code bob");
  EXPECT_EQ(script.Run(Text(kShown, Line("oil", 2))), "REQUEST_CONFLICT");
  EXPECT_EQ(script.codes_asked(), 1);
  // Who may not call doesn't get that far either.
  script.Given("by till merchant=teahouse\ncode ann");
  EXPECT_EQ(script.Run(Text("HoldOrder order_id: \"y\" merchant_id: \"bakery\" ", kOil)),
            "MERCHANT_NOT_YOURS");
  EXPECT_EQ(script.codes_asked(), 1);
}

TEST(OrderEffect, ACodesRefusalIsTheAnswer) {
  Script script;
  script.Given("use mall");
  const size_t size = script.events().size();
  Ledger ledger("linhai");
  for (const std::string& event : script.events()) ASSERT_TRUE(ledger.Replay(event).ok());
  const Caller till{"till", "", "bakery", ""};
  v1::HoldOrder order;
  order.set_order_id("x");
  order.set_merchant_id("bakery");
  v1::OrderLine* line = order.add_lines();
  line->set_item_id("bun");
  line->set_quantity(1);
  const auto command =
      Prepare(till, &order, std::nullopt, std::nullopt, []() -> std::variant<ShownCode, Refused> {
        return Refused{v1::REFUSAL_PAY_CODE_EXPIRED, "pay_code", "the code has expired", {}};
      });
  ASSERT_TRUE(std::holds_alternative<Command>(command));
  auto salt = [] { return uint64_t{1}; };
  const Answer answer =
      ledger.Execute(std::get<Command>(command), {script.Micros("2021-03-10 08:00"), salt},
                     [](std::string_view) { FAIL(); });
  ASSERT_TRUE(std::holds_alternative<Refused>(answer));
  EXPECT_EQ(std::get<Refused>(answer).reason, v1::REFUSAL_PAY_CODE_EXPIRED);
  EXPECT_EQ(ledger.state().size(), size);
  EXPECT_EQ(Describe(ledger.state()), Describe(script.state()));
}

TEST(OrderEffect, ACodeOfAMergedRegistrationIsTheSurvivors) {
  Script script;
  script.Given("use mall\n" +
               ByTwo("m1", R"(merge_volunteers { volunteer_id: "bob" survivor_id: "ann" })") +
               Text("by till merchant=bakery\ncode bob\n", kShown, kOil));
  EXPECT_EQ(script.last_event().order_held().hold().volunteer_id(), "ann");
  EXPECT_EQ(Purse(script, "ann"), "190: 190 to 2022-03-31; held 10");
}

// ---- What a refusal says.

TEST(OrderEffect, WhatARefusalSays) {
  const std::string ruled = "use mall\nby committee\n" +
                            RuleFrom("2021-01-01", "", "rolling_months: 12", "",
                                     "hold_seconds_max: 60 voucher_days_max: 5 "
                                     "volunteer_orders_per_day: 1 volunteer_points_per_day: 100") +
                            "\nby till merchant=bakery\n";
  const std::tuple<std::string, std::string, Metadata> rows[] = {
      {ruled, Hold("x", kOil, "hold_seconds: 61"), {{"hold_seconds_max", "60"}}},
      {ruled, Voucher("x", 'v', kOil, "valid_days: 6"), {{"valid_days_max", "5"}}},
      {ruled + Hold("x", kOil),
       Hold("y", kOil),
       {{"limit", "volunteer_orders_per_day"}, {"max", "1"}}},
      {ruled, Hold("y", Line("oil", 11)), {{"limit", "volunteer_points_per_day"}, {"max", "100"}}},
      {"use mall\n" + ByTwo("b3", Allocation("programme", 2021, -9800)) +
           "by till merchant=bakery\n",
       Hold("x", Line("oil", 2)),
       {{"source", "programme"}, {"year", "2021"}, {"needed_fen", "600"}}},
      {"use mall\n", Hold("x", Line("loaf", 3)), {{"item_id", "loaf"}, {"on_hand", "2"}}},
      {"use mall\n" + Hold("x", Line("loaf", 1)) + "\n",
       Hold("y", Line("loaf", 2)),
       {{"item_id", "loaf"}, {"on_hand", "1"}}},
      {"use mall\nPublishItem item_id: \"cake\" merchant_id: \"bakery\" price_points: 1 stock: 9 "
       "limit { quantity: 2 period: LIMIT_PERIOD_DAY }\n",
       Hold("x", Line("cake", 3)),
       {{"item_id", "cake"}, {"quantity_max", "2"}}},
      {"use mall\n", Hold("x", Line("oil", 21)), {{"needed_points", "210"}}},
  };
  for (const auto& [given, line, want] : rows) {
    SCOPED_TRACE(line);
    Script script;
    script.Given(given);
    EXPECT_NE(script.Run(line), "ok");
    EXPECT_EQ(script.refused().metadata, want);
  }
}

// ---- Warnings.

TEST(OrderEffect, ABudgetWarnsOnceUntilMoreIsAllocated) {
  Script script;
  script.Given("use mall\n" +
               ByTwo("b3", Allocation("programme", 2021, -9000, "warn_percent: 60")) +
               "by till merchant=bakery\n" + Hold("x", kOil));
  EXPECT_TRUE(script.last_event().has_order_held());  // 300 of 1,000
  script.Given(Redeem("y", kOil));                    // 600
  const v1::Event event = script.last_event();
  ASSERT_TRUE(event.has_budget_warned());
  EXPECT_EQ(event.budget_warned().budget().source(), "programme");
  EXPECT_EQ(event.budget_warned().budget().year(), 2021u);
  EXPECT_EQ(event.budget_warned().warn_percent(), 60u);
  EXPECT_EQ(event.budget_warned().allocated_fen(), 1000u);
  EXPECT_EQ(event.budget_warned().used_fen(), 600);
  // Part of the order's command.
  EXPECT_EQ(event.command_first_sequence(), event.sequence() - 1);
  EXPECT_EQ(event.command_event_count(), 2u);
  EXPECT_EQ(event.request_id(), "y");
  EXPECT_EQ(event.passbook_size(), 0);
  EXPECT_EQ(script.Run(Redeem("y", kOil)), "again");

  script.Given(Hold("z", kOil));  // 900
  EXPECT_TRUE(script.last_event().has_order_held());
  script.Given(ByTwo("b4", Allocation("programme", 2021, 400)) + "by till merchant=bakery\n" +
               Confirm("x"));  // 900 of 1,400, but nothing more is used
  EXPECT_TRUE(script.last_event().has_order_confirmed());
  script.Given(Redeem("w", kOil));
  EXPECT_TRUE(script.last_event().has_budget_warned());  // 1,200 of 1,400
  EXPECT_EQ(script.last_event().budget_warned().used_fen(), 1200);
  ExpectReplays(script);
}

TEST(OrderEffect, TwoBudgetsWarnByTheirSource) {
  Script script;
  script.Given("use mall\n" + ByTwo("b3", Allocation("programme", 2021, 1, "warn_percent: 1")) +
               ByTwo("b4", Allocation("donor", 2021, 1, "warn_percent: 1")) +
               "by till merchant=bakery\n" + Hold("x", kOil + " " + Line("rice", 1)));
  const size_t size = script.events().size();
  EXPECT_TRUE(script.event(size - 3).has_order_held());
  EXPECT_EQ(script.event(size - 2).budget_warned().budget().source(), "donor");
  EXPECT_EQ(script.event(size - 1).budget_warned().budget().source(), "programme");
  ExpectReplays(script);
}

TEST(OrderEffect, AHundredPercentWarnsAtTheLastFen) {
  Script script;
  script.Given("use mall\n" +
               ByTwo("b3", Allocation("programme", 2021, -9400, "warn_percent: 100")) +
               "by till merchant=bakery\n" + Hold("x", kOil));
  EXPECT_TRUE(script.last_event().has_order_held());
  script.Given(Hold("y", kOil));
  EXPECT_TRUE(script.last_event().has_budget_warned());
}

// ---- Counts.

TEST(OrderEffect, WhatIsCountedForADay) {
  Script script;
  script.Given("use mall\n" + Hold("x", Line("oil", 2)) + "\n" + Redeem("y", kOil) + "\n" +
               Cancel("x"));
  const DayNumber day = *ParseDay("2021-03-10");
  EXPECT_EQ(script.volunteer("ann").day_orders, (DayOrders{day, 2, 30}));
  EXPECT_EQ(script.state().merchants().Find("bakery")->day_orders.orders, 2u);
  script.Given("at 2021-03-11 09:00\n" + Redeem("z", kOil));
  EXPECT_EQ(script.volunteer("ann").day_orders, (DayOrders{day + 1, 1, 10}));
  EXPECT_EQ(script.state().merchants().Find("bakery")->day_orders.orders, 1u);
}

}  // namespace
}  // namespace meritbook
