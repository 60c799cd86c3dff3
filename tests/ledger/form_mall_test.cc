// The form of the mall's rule, of items and of orders: every field at its limit and one above.
#include <gtest/gtest.h>

#include "ledger/limits.h"
#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

Row InTown(std::string name, std::string command, std::string want) {
  return {std::move(name), "use town", std::move(command), std::move(want)};
}
Row AtTheTill(std::string name, std::string command, std::string want) {
  return {std::move(name), "use mall", std::move(command), std::move(want)};
}

// A rule with this mall.
Row Mall(std::string name, std::string_view mall, std::string want) {
  return InTown(std::move(name), RuleFrom("2021-01-01", "", "never {}", "", mall), std::move(want));
}

const RuleTable kMallRule({
    Mall("holds of ten seconds", "hold_seconds_max: 10", "ok"),
    Mall("of nine", "hold_seconds_max: 9", "FIELD_INVALID command.mall.hold_seconds_max"),
    Mall("of no length", "voucher_days_max: 1", "FIELD_INVALID command.mall.hold_seconds_max"),
    Mall("of a week", "hold_seconds_max: 604800", "ok"),
    Mall("of more", "hold_seconds_max: 604801", "FIELD_INVALID command.mall.hold_seconds_max"),
    Mall("vouchers of a day", "hold_seconds_max: 10 voucher_days_max: 1", "ok"),
    Mall("of no days", "hold_seconds_max: 10 voucher_days_max: 0",
         "FIELD_INVALID command.mall.voucher_days_max"),
    Mall("of a year", "hold_seconds_max: 10 voucher_days_max: 366", "ok"),
    Mall("of more than a year", "hold_seconds_max: 10 voucher_days_max: 367",
         "FIELD_INVALID command.mall.voucher_days_max"),
    Mall("a month's grace", "hold_seconds_max: 10 offline_grace_minutes: 44640", "ok"),
    Mall("more grace", "hold_seconds_max: 10 offline_grace_minutes: 44641",
         "FIELD_INVALID command.mall.offline_grace_minutes"),
    Mall("refunds on the day", "hold_seconds_max: 10 refund_days: 0", "ok"),
    Mall("refunds for ten years", "hold_seconds_max: 10 refund_days: 3660", "ok"),
    Mall("refunds for longer", "hold_seconds_max: 10 refund_days: 3661",
         "FIELD_INVALID command.mall.refund_days"),
    Mall("an order a day", "hold_seconds_max: 10 volunteer_orders_per_day: 1", "ok"),
    Mall("no orders", "hold_seconds_max: 10 volunteer_orders_per_day: 0",
         "FIELD_INVALID command.mall.volunteer_orders_per_day"),
    Mall("a thousand orders", "hold_seconds_max: 10 volunteer_orders_per_day: 1000", "ok"),
    Mall("more orders", "hold_seconds_max: 10 volunteer_orders_per_day: 1001",
         "FIELD_INVALID command.mall.volunteer_orders_per_day"),
    Mall("a point a day", "hold_seconds_max: 10 volunteer_points_per_day: 1", "ok"),
    Mall("no points", "hold_seconds_max: 10 volunteer_points_per_day: 0",
         "FIELD_INVALID command.mall.volunteer_points_per_day"),
    Mall("a billion points", "hold_seconds_max: 10 volunteer_points_per_day: 1000000000", "ok"),
    Mall("more points", "hold_seconds_max: 10 volunteer_points_per_day: 1000000001",
         "FIELD_INVALID command.mall.volunteer_points_per_day"),
    Mall("one customer", "hold_seconds_max: 10 merchant_orders_per_day: 1", "ok"),
    Mall("no customers", "hold_seconds_max: 10 merchant_orders_per_day: 0",
         "FIELD_INVALID command.mall.merchant_orders_per_day"),
    Mall("a million customers", "hold_seconds_max: 10 merchant_orders_per_day: 1000000", "ok"),
    Mall("more customers", "hold_seconds_max: 10 merchant_orders_per_day: 1000001",
         "FIELD_INVALID command.mall.merchant_orders_per_day"),
    Mall("open amounts for nothing", "hold_seconds_max: 10 open_amount_fen_per_point: 0", "ok"),
    Mall("open amounts at 100 yuan", "hold_seconds_max: 10 open_amount_fen_per_point: 10000", "ok"),
    Mall("open amounts above", "hold_seconds_max: 10 open_amount_fen_per_point: 10001",
         "FIELD_INVALID command.mall.open_amount_fen_per_point"),
    Mall("statements of a day", "hold_seconds_max: 10 statement_close_days: 1", "ok"),
    Mall("of no day", "hold_seconds_max: 10 statement_close_days: 0",
         "FIELD_INVALID command.mall.statement_close_days"),
    Mall("statements of a year", "hold_seconds_max: 10 statement_close_days: 366", "ok"),
    Mall("of more than a year", "hold_seconds_max: 10 statement_close_days: 367",
         "FIELD_INVALID command.mall.statement_close_days"),
});

Row Stars(std::string name, std::string_view stars, std::string want) {
  return InTown(std::move(name), Text(RuleFrom("2021-01-01", "", "never {}"), " ", stars),
                std::move(want));
}
std::string ManyStars(int count) {
  std::string stars;
  for (int i = 1; i <= count; ++i) stars += Text("star_hours: ", i, " ");
  return stars;
}

const RuleTable kStars({
    Stars("a star for an hour", "star_hours: 1", "ok"),
    Stars("a star for nothing", "star_hours: 0", "FIELD_INVALID command.star_hours"),
    Stars("a star for 100,000 hours", "star_hours: 100000", "ok"),
    Stars("a star for more", "star_hours: 100001", "FIELD_INVALID command.star_hours"),
    Stars("two stars at once", "star_hours: 100 star_hours: 100",
          "FIELD_INVALID command.star_hours"),
    Stars("the second before the first", "star_hours: 100 star_hours: 99",
          "FIELD_INVALID command.star_hours"),
    Stars("ten stars", ManyStars(10), "ok"),
    Stars("eleven", ManyStars(11), "FIELD_INVALID command.star_hours.size"),
});

// An item with this to it.
Row Item(std::string name, std::string_view more, std::string want) {
  return InTown(std::move(name),
                Text(R"(PublishItem item_id: "cake" merchant_id: "bakery" price_points: 5 )", more),
                std::move(want));
}

const RuleTable kItems({
    Item("paid by the programme", "settle_fen: 1 funding: FUNDING_PROGRAMME", "ok"),
    Item("with a million yuan", "settle_fen: 100000000 funding: FUNDING_PROGRAMME", "ok"),
    Item("with more", "settle_fen: 100000001 funding: FUNDING_PROGRAMME",
         "FIELD_INVALID command.settle_fen"),
    Item("with nothing", "funding: FUNDING_PROGRAMME", "ok"),
    Item("out of a budget of its own",
         R"(settle_fen: 1 funding: FUNDING_PROGRAMME budget_source: "lottery")", "ok"),
    Item("paid by a donor", R"(settle_fen: 1 funding: FUNDING_DONOR budget_source: "rotary")",
         "ok"),
    Item("by a donor without a name", "settle_fen: 1 funding: FUNDING_DONOR",
         "FIELD_MISSING command.budget_source"),
    Item("by a donor without a name, with nothing", "funding: FUNDING_DONOR",
         "FIELD_MISSING command.budget_source"),
    Item("by a donor with an odd name",
         R"(settle_fen: 1 funding: FUNDING_DONOR budget_source: "a b")",
         "ID_MALFORMED command.budget_source"),
    Item("paid by nobody", "settle_fen: 1", "FIELD_MISSING command.funding"),
    Item("given away", "funding: FUNDING_MERCHANT", "ok"),
    Item("given away for money", "settle_fen: 1 funding: FUNDING_MERCHANT",
         "FIELD_INVALID command.settle_fen"),
    Item("given away out of a budget", R"(funding: FUNDING_MERCHANT budget_source: "rotary")",
         "FIELD_INVALID command.budget_source"),
    Item("of a budget that nobody is to pay", R"(budget_source: "rotary")",
         "FIELD_INVALID command.budget_source"),
    Item("of a funding that there isn't", "funding: 4", "FIELD_INVALID command.funding"),
    Item("once in a life", "limit { quantity: 1 period: LIMIT_PERIOD_ONCE }", "ok"),
    Item("never in a life", "limit { quantity: 0 period: LIMIT_PERIOD_ONCE }",
         "FIELD_INVALID command.limit.quantity"),
    Item("10,000 a year", "limit { quantity: 10000 period: LIMIT_PERIOD_YEAR }", "ok"),
    Item("10,001 a year", "limit { quantity: 10001 period: LIMIT_PERIOD_YEAR }",
         "FIELD_INVALID command.limit.quantity"),
    Item("one in no period", "limit { quantity: 1 }", "FIELD_INVALID command.limit.period"),
    Item("one in an unknown period", "limit { quantity: 1 period: 5 }",
         "FIELD_INVALID command.limit.period"),
    Item("for the old and the young", "age_bands: AGE_BAND_60_PLUS age_bands: AGE_BAND_14_TO_17",
         "ok"),
    Item("for the old twice", "age_bands: AGE_BAND_60_PLUS age_bands: AGE_BAND_60_PLUS",
         "VALUE_REPEATED command.age_bands"),
    Item("for no age", "age_bands: AGE_BAND_UNSPECIFIED", "FIELD_INVALID command.age_bands"),
    Item("for an unknown age", "age_bands: 5", "FIELD_INVALID command.age_bands"),
});

const RuleTable kShelf({
    InTown("an item withdrawn", R"(WithdrawItem item_id: "bun" reason_code: "stale")", "ok"),
    InTown("for no reason", R"(WithdrawItem item_id: "bun")", "FIELD_MISSING command.reason_code"),
    InTown("no item withdrawn", R"(WithdrawItem reason_code: "stale")",
           "FIELD_MISSING command.item_id"),
    InTown("no stock returned", R"(ReturnStock item_id: "bun" reason_code: "stale")",
           "FIELD_INVALID command.quantity"),
    InTown("a billion returned",
           R"(ReturnStock item_id: "bun" quantity: 1000000000 reason_code: "stale")",
           "STOCK_TOO_LOW"),
    InTown("more returned",
           R"(ReturnStock item_id: "bun" quantity: 1000000001 reason_code: "stale")",
           "FIELD_INVALID command.quantity"),
    InTown("returned for no reason", R"(ReturnStock item_id: "bun" quantity: 1)",
           "FIELD_MISSING command.reason_code"),
    InTown("returned of nothing", R"(ReturnStock quantity: 1 reason_code: "stale")",
           "FIELD_MISSING command.item_id"),

    InTown("suspended for no reason", R"(SuspendMerchant merchant_id: "bakery")",
           "FIELD_MISSING command.reason_code"),
    InTown("nobody suspended", R"(SuspendMerchant reason_code: "a")",
           "FIELD_MISSING command.merchant_id"),
    InTown("resumed for no reason", R"(ResumeMerchant merchant_id: "bakery")",
           "FIELD_MISSING command.reason_code"),
    InTown("nobody resumed", R"(ResumeMerchant reason_code: "a")",
           "FIELD_MISSING command.merchant_id"),
    InTown("offboarded for no reason",
           R"(OffboardMerchant merchant_id: "bakery" last_day: "2021-03-31")",
           "FIELD_MISSING command.reason_code"),
    InTown("offboarded on no day", R"(OffboardMerchant merchant_id: "bakery" reason_code: "a")",
           "FIELD_MISSING command.last_day"),
    InTown("offboarded on a 31 April",
           R"(OffboardMerchant merchant_id: "bakery" last_day: "2021-04-31" reason_code: "a")",
           "DAY_MALFORMED command.last_day"),
});

const RuleTable kHolds({
    AtTheTill("a second", Hold("x", Line("bun", 1), "hold_seconds: 1"), "ok"),
    AtTheTill("no time", Hold("x", Line("bun", 1), "hold_seconds: 0"),
              "FIELD_INVALID command.hold_seconds"),
    AtTheTill("more than a week", Hold("x", Line("bun", 1), "hold_seconds: 604801"),
              "FIELD_INVALID command.hold_seconds"),
    AtTheTill("nothing held", Hold("x", ""), "FIELD_INVALID command.lines.size"),
    AtTheTill("an open amount and an item", Hold("x", Line("bun", 1) + " " + Line("", 1)),
              "OPEN_AMOUNT_OFF"),
    AtTheTill("an open amount twice", Hold("x", Line("", 1) + " " + Line("", 2)),
              "VALUE_REPEATED command.lines.item_id"),
    AtTheTill("an item twice", Hold("x", Line("bun", 1) + " " + Line("bun", 2)),
              "VALUE_REPEATED command.lines.item_id"),
    AtTheTill("an open amount of 10,000", Hold("x", Line("", 10000)), "OPEN_AMOUNT_OFF"),
    AtTheTill("an open amount of more", Hold("x", Line("", 10001)),
              "FIELD_INVALID command.lines.quantity"),
    AtTheTill("an odd item", Hold("x", Line("a b", 1)), "ID_MALFORMED command.lines.item_id"),
    AtTheTill("for a phone", Placed("HoldOrder", "x", "13800138000", Line("bun", 1)),
              "PERSONAL_IDENTIFIER command.volunteer_id"),
    AtTheTill("by an empty name", Placed("HoldOrder", "x", "", Line("bun", 1)),
              "FIELD_MISSING command.volunteer_id"),
    AtTheTill("without an order id",
              R"(HoldOrder volunteer_id: "ann" merchant_id: "bakery" )" + Line("bun", 1),
              "FIELD_MISSING command.order_id"),
    AtTheTill("at no merchant", R"(HoldOrder order_id: "x" volunteer_id: "ann" )" + Line("bun", 1),
              "FIELD_MISSING command.merchant_id"),
    AtTheTill("for nobody", R"(HoldOrder order_id: "x" merchant_id: "bakery" )" + Line("bun", 1),
              "FIELD_MISSING command.volunteer_id"),
    AtTheTill("redeemed for nobody",
              R"(RedeemNow order_id: "x" merchant_id: "bakery" )" + Line("bun", 1),
              "FIELD_MISSING command.volunteer_id"),
    {"a name and a pay code", "use mall\ncode ann", Hold("x", Line("bun", 1)),
     "FIELD_INVALID pay_code"},
    {"a name and a pay code, redeemed", "use mall\ncode ann", Redeem("x", Line("bun", 1)),
     "FIELD_INVALID pay_code"},
    {"a pay code alone", "use mall\ncode ann",
     R"(HoldOrder order_id: "x" merchant_id: "bakery" )" + Line("bun", 1), "ok"},
});

// The same with another number of hash bytes.
std::string Hashed(int bytes) {
  return Placed("IssueVoucher", "x", "ann", Line("bun", 1)) +
         (bytes == 0 ? "" : Text(R"( code_sha256: "v^)", bytes, R"(")"));
}

const RuleTable kVouchers({
    AtTheTill("of a day", Voucher("x", 'v', Line("bun", 1), "valid_days: 1"), "ok"),
    AtTheTill("of no days", Voucher("x", 'v', Line("bun", 1), "valid_days: 0"),
              "FIELD_INVALID command.valid_days"),
    AtTheTill("of more than a year", Voucher("x", 'v', Line("bun", 1), "valid_days: 367"),
              "FIELD_INVALID command.valid_days"),
    AtTheTill("a hash", Hashed(32), "ok"),
    AtTheTill("a short hash", Hashed(31), "FIELD_INVALID command.code_sha256.size"),
    AtTheTill("a long hash", Hashed(33), "FIELD_INVALID command.code_sha256.size"),
    AtTheTill("no hash", Hashed(0), "FIELD_INVALID command.code_sha256.size"),
    AtTheTill("nothing on it", Voucher("x", 'v', ""), "FIELD_INVALID command.lines.size"),
    AtTheTill("for a phone", Placed("IssueVoucher", "x", "13800138000", Line("bun", 1)),
              "PERSONAL_IDENTIFIER command.volunteer_id"),
    AtTheTill("for nobody",
              R"(IssueVoucher order_id: "x" merchant_id: "bakery" code_sha256: "v^32" )" +
                  Line("bun", 1),
              "FIELD_MISSING command.volunteer_id"),
});

const RuleTable kConfirms({
    AtTheTill("of an order", Confirm("x"), "ORDER_UNKNOWN"),
    AtTheTill("of a voucher", ConfirmVoucher('v'), "VOUCHER_UNKNOWN"),
    AtTheTill("of neither", "ConfirmOrder", "FIELD_MISSING command.order_id"),
    AtTheTill("of both", Confirm("x", R"(voucher_sha256: "v^32")"),
              "FIELD_INVALID command.voucher_sha256"),
    AtTheTill("a short hash", R"(ConfirmOrder voucher_sha256: "v^31")",
              "FIELD_INVALID command.voucher_sha256.size"),
    AtTheTill("a long hash", R"(ConfirmOrder voucher_sha256: "v^33")",
              "FIELD_INVALID command.voucher_sha256.size"),
    AtTheTill("an owner of a voucher", ConfirmVoucher('v', R"(owner { source: "app" })"),
              "FIELD_INVALID command.owner"),
    AtTheTill("an owner", Confirm("x", R"(owner { source: "app" })"), "ORDER_UNKNOWN"),
    AtTheTill("an owner without a name", Confirm("x", "owner { }"), "FIELD_MISSING command.owner"),
    AtTheTill("an empty platform", Confirm("x", R"(owner { source: "" })"),
              "FIELD_MISSING command.owner.source"),
    AtTheTill("an empty merchant", Confirm("x", R"(owner { merchant_id: "" })"),
              "FIELD_MISSING command.owner.merchant_id"),
    AtTheTill("a principal's phone", Confirm("x", R"(owner { principal_id: "13800138000" })"),
              "PERSONAL_IDENTIFIER command.owner.principal_id"),
    AtTheTill("an item twice", Confirm("x", Line("bun", 1) + " " + Line("bun", 1)),
              "VALUE_REPEATED command.lines.item_id"),
    AtTheTill("no pieces", Confirm("x", R"(lines { item_id: "bun" })"),
              "FIELD_INVALID command.lines.quantity"),
    AtTheTill("before the epoch", Confirm("x", "happened_us: 0"),
              "FIELD_INVALID command.happened_us"),
    AtTheTill("just after it", Confirm("x", "happened_us: 1"), "ORDER_UNKNOWN"),
    AtTheTill("at the end of time", Confirm("x", Text("happened_us: ", kInstantUsMax)),
              "ORDER_UNKNOWN"),
    AtTheTill("after it", Confirm("x", Text("happened_us: ", kInstantUsMax + 1)),
              "FIELD_INVALID command.happened_us"),
    AtTheTill("without a request id", "ConfirmOrder #- order_id: \"x\"",
              "FIELD_MISSING request_id"),
});

const RuleTable kCancels({
    AtTheTill("of no order", R"(CancelOrder reason_code: "a")", "FIELD_MISSING command.order_id"),
    AtTheTill("for no reason", R"(CancelOrder order_id: "x")", "FIELD_MISSING command.reason_code"),
    AtTheTill("an owner without a name", Cancel("x", "owner { }"), "FIELD_MISSING command.owner"),
    AtTheTill("without a request id", R"(CancelOrder #- order_id: "x" reason_code: "a")",
              "FIELD_MISSING request_id"),
    AtTheTill("a refund's owner without a name", Refund("x", Line("bun", 1)) + " owner { }",
              "FIELD_MISSING command.owner"),
    AtTheTill("a refund of an open amount", Refund("x", Line("", 1)), "ORDER_UNKNOWN"),
});

TEST(FormMall, Rule) { kMallRule.Run(); }
TEST(FormMall, Stars) { kStars.Run(); }
TEST(FormMall, Items) { kItems.Run(); }
TEST(FormMall, Shelf) { kShelf.Run(); }
TEST(FormMall, Holds) { kHolds.Run(); }
TEST(FormMall, Vouchers) { kVouchers.Run(); }
TEST(FormMall, Confirms) { kConfirms.Run(); }
TEST(FormMall, Cancels) { kCancels.Run(); }

// What is out of range says what the range is.
TEST(FormMall, LimitsAreInTheMetadata) {
  Script script;
  script.Given("use mall");
  EXPECT_EQ(script.Run(Hold("x", Line("bun", 1), "hold_seconds: 604801")), "FIELD_INVALID");
  using Metadata = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(script.refused().metadata, (Metadata{{"min", "1"}, {"max", "604800"}}));
  EXPECT_EQ(script.Run(R"(ReturnStock item_id: "bun" reason_code: "a")"), "FIELD_INVALID");
  EXPECT_EQ(script.refused().metadata, (Metadata{{"min", "1"}, {"max", "1000000000"}}));
}

// A code that turns out to be of no use is not looked at: the form is the client's own fault.
TEST(FormMall, AnIllFormedOrderAsksForNoCode) {
  Script script;
  script.Given("use mall\ncode ann");
  EXPECT_EQ(script.Run(R"(HoldOrder order_id: "x" merchant_id: "bakery")"), "FIELD_INVALID");
  EXPECT_EQ(script.codes_asked(), 0);
}

}  // namespace
}  // namespace meritbook
