// Merchants who come and go, and their shelves: every rule as a row.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

const std::string kTill = "\nby till merchant=bakery\n";
const std::string kOther = "\nby till merchant=teahouse\n";
std::string Suspend(std::string_view merchant) {
  return Text(R"(SuspendMerchant merchant_id: ")", merchant, R"(" reason_code: "audit")");
}
std::string Resume(std::string_view merchant) {
  return Text(R"(ResumeMerchant merchant_id: ")", merchant, R"(" reason_code: "clean")");
}
std::string Offboard(std::string_view merchant, std::string_view day) {
  return Text(R"(OffboardMerchant merchant_id: ")", merchant, R"(" last_day: ")", day,
              R"(" reason_code: "moved")");
}
std::string Withdraw(std::string_view item) {
  return Text(R"(WithdrawItem item_id: ")", item, R"(" reason_code: "stale")");
}
std::string Receive(std::string_view item, int quantity) {
  return Text(R"(ReceiveStock item_id: ")", item, R"(" quantity: )", quantity);
}
std::string SendBack(std::string_view item, int quantity) {
  return Text(R"(ReturnStock item_id: ")", item, R"(" quantity: )", quantity,
              R"( reason_code: "spoilt")");
}
const std::string kCake =
    R"(PublishItem item_id: "cake" merchant_id: "bakery" price_points: 1 stock: 1)";
const std::string kMall = "use mall\nby committee\n";
// The bakery's last day is 10 March; it is the 11th.
const std::string kLeft = kMall + Offboard("bakery", "2021-03-10") + "\nat 2021-03-11 00:00\n";

const RuleTable kMerchants({
    {"a merchant is suspended", kMall, Suspend("bakery"), "ok"},
    {"twice", kMall + Suspend("bakery"), Suspend("bakery"),
     "MERCHANT_SUSPENDED command.merchant_id"},
    {"nobody is", kMall, Suspend("inn"), "MERCHANT_UNKNOWN command.merchant_id"},
    {"who has left is not", kLeft, Suspend("bakery"), "MERCHANT_OFFBOARDED command.merchant_id"},
    {"nor who was suspended and has left",
     kMall + Suspend("bakery") + "\n" + Offboard("bakery", "2021-03-10") + "\nat 2021-03-11 00:00",
     Suspend("bakery"), "MERCHANT_OFFBOARDED"},
    {"who leaves is, to the last day", kMall + Offboard("bakery", "2021-03-10"), Suspend("bakery"),
     "ok"},
    {"it is resumed", kMall + Suspend("bakery"), Resume("bakery"), "ok"},
    {"what wasn't suspended isn't", kMall, Resume("bakery"),
     "MERCHANT_NOT_SUSPENDED command.merchant_id"},
    {"nor twice", kMall + Suspend("bakery") + "\n" + Resume("bakery"), Resume("bakery"),
     "MERCHANT_NOT_SUSPENDED"},
    {"suspended again", kMall + Suspend("bakery") + "\n" + Resume("bakery"), Suspend("bakery"),
     "ok"},
    {"nobody is resumed", kMall, Resume("inn"), "MERCHANT_UNKNOWN command.merchant_id"},
    {"who has left isn't resumed",
     kMall + Suspend("bakery") + "\n" + Offboard("bakery", "2021-03-10") + "\nat 2021-03-11 00:00",
     Resume("bakery"), "MERCHANT_OFFBOARDED command.merchant_id"},

    {"today is the last day", kMall, Offboard("bakery", "2021-03-10"), "ok"},
    {"yesterday was", kMall, Offboard("bakery", "2021-03-09"), "FIELD_INVALID command.last_day"},
    {"next year's end is", kMall, Offboard("bakery", "2022-12-31"), "ok"},
    {"nobody leaves", kMall, Offboard("inn", "2021-03-10"), "MERCHANT_UNKNOWN command.merchant_id"},
    {"later than was said", kMall + Offboard("bakery", "2021-03-10"),
     Offboard("bakery", "2021-03-31"), "ok"},
    {"sooner than was said", kMall + Offboard("bakery", "2021-03-31"),
     Offboard("bakery", "2021-03-10"), "ok"},
    {"on the last day it can still be moved",
     kMall + Offboard("bakery", "2021-03-10") + "\nat 2021-03-10 23:59",
     Offboard("bakery", "2021-03-31"), "ok"},
    {"once it is over it can't", kLeft, Offboard("bakery", "2021-03-31"),
     "MERCHANT_OFFBOARDED command.merchant_id"},
    {"once it is over, to a day in the past", kLeft, Offboard("bakery", "2021-03-09"),
     "MERCHANT_OFFBOARDED"},

    {"who has left publishes nothing", kLeft, kCake, "MERCHANT_OFFBOARDED command.merchant_id"},
    {"who leaves does", kMall + Offboard("bakery", "2021-03-10"), kCake, "ok"},
    {"who is suspended does", kMall + Suspend("bakery"), kCake, "ok"},
    {"its id comes before that", kLeft,
     R"(PublishItem item_id: "bun" merchant_id: "bakery" price_points: 1 stock: 1)", "ITEM_EXISTS"},
    {"an id that was withdrawn is taken", kMall + Withdraw("bun"),
     R"(PublishItem item_id: "bun" merchant_id: "bakery" price_points: 1 stock: 1)",
     "ITEM_EXISTS command.item_id"},
});

const RuleTable kShelf({
    {"an item is withdrawn", kMall, Withdraw("bun"), "ok"},
    {"by its merchant", kMall + kTill, Withdraw("bun"), "ok"},
    {"by another", kMall + kOther, Withdraw("bun"), "MERCHANT_NOT_YOURS command.item_id"},
    {"by another, of nothing", kMall + kOther, Withdraw("cake"), "ITEM_UNKNOWN command.item_id"},
    {"twice", kMall + Withdraw("bun"), Withdraw("bun"), "ITEM_WITHDRAWN command.item_id"},
    {"although some are held", kMall + kTill + Hold("x", Line("bun", 2)), Withdraw("bun"), "ok"},
    {"nothing more is received of it", kMall + Withdraw("bun"), Receive("bun", 1),
     "ITEM_WITHDRAWN command.item_id"},
    {"but sent back", kMall + Withdraw("bun"), SendBack("bun", 10), "ok"},
    {"all of it is sent back", kMall, SendBack("bun", 10), "ok"},
    {"a piece more", kMall, SendBack("bun", 11), "STOCK_TOO_LOW command.quantity"},
    {"by its merchant's till", kMall + kTill, SendBack("bun", 1), "ok"},
    {"by another's", kMall + kOther, SendBack("bun", 1), "MERCHANT_NOT_YOURS command.item_id"},
    {"of nothing", kMall, SendBack("cake", 1), "ITEM_UNKNOWN command.item_id"},
    {"what is reserved stays", kMall + kTill + Hold("x", Line("bun", 2)), SendBack("bun", 9),
     "STOCK_TOO_LOW command.quantity"},
    {"the rest doesn't need to", kMall + kTill + Hold("x", Line("bun", 2)), SendBack("bun", 8),
     "ok"},
    {"what was sent back can't be sold", kMall + kTill + SendBack("bun", 8),
     Hold("x", Line("bun", 3)), "STOCK_TOO_LOW"},
    {"what came back can",
     kMall + kTill + Redeem("x", Line("bun", 10)) + "\n" + Refund("x", Line("bun", 4)),
     Hold("y", Line("bun", 4)), "ok"},
    {"room for what was sent back", kMall + Receive("bun", 999999990) + "\n" + SendBack("bun", 1),
     Receive("bun", 1), "ok"},
    {"and no more", kMall + Receive("bun", 999999990) + "\n" + SendBack("bun", 1),
     Receive("bun", 2), "AMOUNT_OVERFLOW command.quantity"},
    {"who has left still receives what was under way", kLeft, Receive("bun", 1), "ok"},
});

TEST(DecideMerchant, Merchants) { kMerchants.Run(); }
TEST(DecideMerchant, Shelf) { kShelf.Run(); }

TEST(DecideMerchant, ALastDayCanBeMoved) {
  Script script;
  script.Given(kMall + Offboard("bakery", "2021-03-10") + "\n" + Offboard("bakery", "2021-03-31"));
  EXPECT_EQ(script.state().merchants().Find("bakery")->last_day, ParseDay("2021-03-31"));
  EXPECT_EQ(script.Run(Offboard("bakery", "2021-03-09")), "FIELD_INVALID");
  EXPECT_EQ(script.refused().metadata,
            (std::vector<std::pair<std::string, std::string>>{{"last_day_min", "2021-03-10"}}));
}

TEST(DecideMerchant, PiecesAreAccountedFor) {
  Script script;
  script.Given(kMall + Receive("oil", 50) + "\n" + SendBack("oil", 20) + kTill +
               Hold("x", Line("oil", 5)) + "\n" + Redeem("y", Line("oil", 4)) + "\n" +
               Refund("y", Line("oil", 1)) + "\n" + Confirm("x", Line("oil", 3)));
  const Item& oil = *script.state().items().Find("oil");
  EXPECT_EQ(oil.received, 150u);
  EXPECT_EQ(oil.sent_back, 20u);
  EXPECT_EQ(oil.delivered, 7u);
  EXPECT_EQ(oil.returned, 1u);
  EXPECT_EQ(oil.reserved, 0u);
  EXPECT_EQ(oil.on_hand(), 124u);
  EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
}

TEST(DecideMerchant, WhatAnItemSays) {
  Script script;
  script.Given(
      kMall +
      R"(PublishItem item_id: "cake" merchant_id: "bakery" price_points: 7 stock: 3 settle_fen: 40 funding: FUNDING_PROGRAMME limit { quantity: 2 period: LIMIT_PERIOD_MONTH } age_bands: AGE_BAND_60_PLUS age_bands: AGE_BAND_14_TO_17)");
  const Item& cake = *script.state().items().Find("cake");
  EXPECT_EQ(cake.settle_fen, 40u);
  EXPECT_EQ(cake.funding, v1::FUNDING_PROGRAMME);
  EXPECT_EQ(cake.budget_source, "programme");
  EXPECT_EQ(cake.limit.quantity(), 2u);
  EXPECT_EQ(cake.age_bands, 1u << v1::AGE_BAND_60_PLUS | 1u << v1::AGE_BAND_14_TO_17);
}

}  // namespace
}  // namespace meritbook
