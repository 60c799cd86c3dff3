// Placing orders: every rule as a row, in the order in which they are asked.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

const std::string kMall = "use mall\n";
const std::string kTill = "\nby till merchant=bakery\n";
const std::string kCommittee = "\nby committee\n";
const std::string kBun = Line("bun", 1);
const std::string kOil = Line("oil", 1);

// The mall under a rule with more to it.
std::string Ruled(std::string_view more) {
  return kMall + kCommittee +
         RuleFrom("2021-01-01", "", "rolling_months: 12", "",
                  Text("hold_seconds_max: 1800 voucher_days_max: 30 offline_grace_minutes: 120 ",
                       more)) +
         kTill;
}

// The mall with a cake of this kind.
std::string Cake(std::string_view more) {
  return kMall +
         Text(R"(PublishItem item_id: "cake" merchant_id: "bakery" price_points: 1 stock: 50 )",
              more) +
         "\n";
}
const std::string kCake = Line("cake", 1);

const std::string kAnns =
    R"(RegisterPrincipal principal_id: "anns" roles: ROLE_AUDITOR volunteer_id: "ann" key_sha256: "k^32"
by anns merchant=bakery)";
const std::string kMerged =
    ByTwo("m1", R"(merge_volunteers { volunteer_id: "bob" survivor_id: "ann" })") + kTill;
const std::string kSuspended =
    kCommittee + R"(SuspendMerchant merchant_id: "bakery" reason_code: "audit")" + kTill;
const std::string kLeaving =
    kCommittee +
    R"(OffboardMerchant merchant_id: "bakery" last_day: "2021-03-10" reason_code: "moved")" + kTill;
const std::string kFrozen = R"(FreezeVolunteer volunteer_id: "ann" reason_code: "audit")" + kTill;
const std::string kClosed =
    R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_MOVED)" + kTill;

const RuleTable kWho({
    {"a hold", kMall, Hold("x", kBun), "ok"},
    {"a voucher", kMall, Voucher("x", 'v', kBun), "ok"},
    {"redeemed at once", kMall, Redeem("x", kBun), "ok"},
    {"a platform's hold", kMall + "by app source=app", Hold("x", kBun), "ok"},
    {"another merchant's till holds", kMall + "by till merchant=teahouse", Hold("x", kBun),
     "MERCHANT_NOT_YOURS command.merchant_id"},
    {"another merchant's voucher", kMall + "by till merchant=teahouse", Voucher("x", 'v', kBun),
     "MERCHANT_NOT_YOURS command.merchant_id"},
    {"holding for herself", kMall + "by till merchant=bakery volunteer=ann", Hold("x", kBun),
     "SELF_REDEMPTION command.volunteer_id"},
    {"a voucher for herself", kMall + "by clerk volunteer=ann", Voucher("x", 'v', kBun),
     "SELF_REDEMPTION command.volunteer_id"},
    {"holding for herself, by what the ledger knows of her", kMall + kAnns, Hold("x", kBun),
     "SELF_REDEMPTION command.volunteer_id"},
    {"by another registration of hers", kMall + kMerged + "by till merchant=bakery volunteer=bob",
     Hold("x", kBun), "SELF_REDEMPTION command.volunteer_id"},
    {"for herself again, which was done by another",
     kMall + Hold("x", kBun) + "\nby till2 merchant=bakery volunteer=ann", Hold("x", kBun),
     "SELF_REDEMPTION"},
    {"by a code of her own", kMall + "by till merchant=bakery volunteer=ann\ncode ann",
     R"(HoldOrder order_id: "x" merchant_id: "bakery" )" + kBun, "SELF_REDEMPTION pay_code"},
    {"by a code of her own, redeemed", kMall + kAnns + "\ncode ann",
     R"(RedeemNow order_id: "x" merchant_id: "bakery" )" + kBun, "SELF_REDEMPTION pay_code"},
    {"by somebody else's code", kMall + "by till merchant=bakery volunteer=bob\ncode ann",
     R"(HoldOrder order_id: "x" merchant_id: "bakery" )" + kBun, "ok"},
    {"by a code at another merchant's till", kMall + "by till merchant=teahouse\ncode ann",
     R"(HoldOrder order_id: "x" merchant_id: "bakery" )" + kBun, "MERCHANT_NOT_YOURS"},

    {"the same again", kMall + Hold("x", kBun), Hold("x", kBun), "again"},
    {"the same voucher again", kMall + Voucher("x", 'v', kBun), Voucher("x", 'v', kBun), "again"},
    {"more of it", kMall + Hold("x", kBun), Hold("x", Line("bun", 2)), "REQUEST_CONFLICT"},
    {"an order id under another request id", kMall + Hold("x", kBun),
     "HoldOrder #other" + Hold("x", kBun).substr(9), "ORDER_EXISTS command.order_id"},
    {"an order id of another kind", kMall + Hold("x", kBun), Redeem("x", kBun),
     "ORDER_EXISTS command.order_id"},
    {"a held order's voucher", kMall + Hold("x", kBun), Voucher("x", 'v', kBun), "ORDER_EXISTS"},
    {"an order id that was cancelled", kMall + Hold("x", kBun) + "\n" + Cancel("x"),
     Redeem("x", kBun), "ORDER_EXISTS"},
    {"another platform's order id", kMall + "by app source=app\n" + Hold("x", kBun) + kTill,
     Hold("x", kBun), "ok"},
    {"a code twice", kMall + Voucher("x", 'v', kBun), Voucher("y", 'v', kBun),
     "VOUCHER_EXISTS command.code_sha256"},
    {"a code twice, whoever prints it", kMall + Voucher("x", 'v', kBun) + "\nby app source=app",
     Voucher("x", 'v', kBun), "VOUCHER_EXISTS"},
    {"a code that was used", kMall + Voucher("x", 'v', kBun) + "\n" + ConfirmVoucher('v'),
     Voucher("y", 'v', kBun), "VOUCHER_EXISTS"},
    {"a code that was given up", kMall + Voucher("x", 'v', kBun) + "\n" + Cancel("x"),
     Voucher("y", 'v', kBun), "VOUCHER_EXISTS"},
    {"another code", kMall + Voucher("x", 'v', kBun), Voucher("y", 'w', kBun), "ok"},
    {"an order's id comes before its code", kMall + Voucher("x", 'v', kBun),
     "IssueVoucher #other" + Voucher("x", 'v', kBun).substr(12), "ORDER_EXISTS"},

    {"no mall in the rule", "use town", Hold("x", kBun), "HOLDS_OFF command"},
    {"nor vouchers", "use town", Voucher("x", 'v', kBun), "HOLDS_OFF command"},
    {"a rule without vouchers",
     kMall + kCommittee +
         RuleFrom("2021-01-01", "", "rolling_months: 12", "", "hold_seconds_max: 1800") + kTill,
     Voucher("x", 'v', kBun), "HOLDS_OFF command"},
    {"which has holds",
     kMall + kCommittee +
         RuleFrom("2021-01-01", "", "rolling_months: 12", "", "hold_seconds_max: 1800") + kTill,
     Hold("x", kBun), "ok"},
    {"a mall from tomorrow on",
     "use town\n" + RuleFrom("2021-03-11", "", "rolling_months: 12", "", "hold_seconds_max: 1800"),
     Hold("x", kBun), "HOLDS_OFF"},
    {"a mall no more", kMall + kCommittee + RuleFrom("2021-03-10", "") + kTill, Hold("x", kBun),
     "HOLDS_OFF"},
    {"a code known comes before no vouchers",
     kMall + Voucher("x", 'v', kBun) + kCommittee + RuleFrom("2021-03-10", "") + kTill,
     Voucher("y", 'v', kBun), "VOUCHER_EXISTS"},
    {"as long as the rule has it", kMall, Hold("x", kBun, "hold_seconds: 1800"), "ok"},
    {"longer", kMall, Hold("x", kBun, "hold_seconds: 1801"), "FIELD_INVALID command.hold_seconds"},
    {"as many days", kMall, Voucher("x", 'v', kBun, "valid_days: 30"), "ok"},
    {"more days", kMall, Voucher("x", 'v', kBun, "valid_days: 31"),
     "FIELD_INVALID command.valid_days"},
    {"no mall comes before nobody", "use town", Placed("HoldOrder", "x", "eve", kBun), "HOLDS_OFF"},
    {"a length comes before nobody", kMall,
     Placed("HoldOrder", "x", "eve", kBun, "hold_seconds: 1801"), "FIELD_INVALID"},

    {"for nobody", kMall, Placed("HoldOrder", "x", "eve", kBun),
     "VOLUNTEER_UNKNOWN command.volunteer_id"},
    {"by a code of nobody's", kMall + "code eve",
     R"(HoldOrder order_id: "x" merchant_id: "bakery" )" + kBun, "VOLUNTEER_UNKNOWN pay_code"},
    {"for a registration that was merged", kMall + kMerged, Placed("HoldOrder", "x", "bob", kBun),
     "VOLUNTEER_MERGED command.volunteer_id"},
    {"by a code that was issued before the merger", kMall + kMerged + "code bob",
     R"(HoldOrder order_id: "x" merchant_id: "bakery" )" + kBun, "ok"},
    {"at no merchant", kMall + "by clerk",
     R"(HoldOrder order_id: "x" volunteer_id: "ann" merchant_id: "inn" )" + kBun,
     "MERCHANT_UNKNOWN command.merchant_id"},
    {"nobody at no merchant", kMall + "by clerk",
     R"(HoldOrder order_id: "x" volunteer_id: "eve" merchant_id: "inn" )" + kBun,
     "VOLUNTEER_UNKNOWN"},
    {"for the gone", kMall + kClosed, Hold("x", kBun), "VOLUNTEER_CLOSED command.volunteer_id"},
    {"for the gone at no merchant", kMall + kClosed + "by clerk",
     R"(HoldOrder order_id: "x" volunteer_id: "ann" merchant_id: "inn" )" + kBun,
     "MERCHANT_UNKNOWN"},
    {"for the frozen", kMall + kFrozen, Hold("x", kBun), "VOLUNTEER_FROZEN command.volunteer_id"},
    {"a voucher for the frozen", kMall + kFrozen, Voucher("x", 'v', kBun), "VOLUNTEER_FROZEN"},
    {"for the frozen and gone", kMall + kFrozen + kClosed, Hold("x", kBun), "VOLUNTEER_CLOSED"},
    {"at a merchant who is suspended", kMall + kSuspended, Hold("x", kBun),
     "MERCHANT_SUSPENDED command.merchant_id"},
    {"redeemed there", kMall + kSuspended, Redeem("x", kBun), "MERCHANT_SUSPENDED"},
    {"a voucher there", kMall + kSuspended, Voucher("x", 'v', kBun), "MERCHANT_SUSPENDED"},
    {"after it was resumed",
     kMall + kSuspended + R"(ResumeMerchant merchant_id: "bakery" reason_code: "clean")",
     Hold("x", kBun), "ok"},
    {"for the frozen there", kMall + kSuspended + kFrozen, Hold("x", kBun), "VOLUNTEER_FROZEN"},
    {"on a merchant's last day", kMall + kLeaving + "at 2021-03-10 23:59", Hold("x", kBun), "ok"},
    {"after it", kMall + kLeaving + "at 2021-03-11 00:00", Hold("x", kBun),
     "MERCHANT_OFFBOARDED command.merchant_id"},
    {"redeemed after it", kMall + kLeaving + "at 2021-03-11 00:00", Redeem("x", kBun),
     "MERCHANT_OFFBOARDED"},
    {"after it, at one that was suspended", kMall + kSuspended + kLeaving + "at 2021-03-11 00:00",
     Hold("x", kBun), "MERCHANT_SUSPENDED"},
    {"of no such item at one that has left", kMall + kLeaving + "at 2021-03-11 00:00",
     Hold("x", Line("cake", 1)), "MERCHANT_OFFBOARDED"},
});

const RuleTable kLines({
    {"an open amount", Ruled("open_amount_fen_per_point: 5"), Hold("x", Line("", 30)), "ok"},
    {"for nothing, without a budget", Ruled("open_amount_fen_per_point: 0"),
     Hold("x", Line("", 30)), "ok"},
    {"where there is none", kMall, Hold("x", Line("", 30)),
     "OPEN_AMOUNT_OFF command.lines.item_id"},
    {"where there is no mall", "use town", Redeem("x", Line("", 30)), "OPEN_AMOUNT_OFF"},
    {"an open amount and two items", Ruled("open_amount_fen_per_point: 5"),
     Redeem("x", kBun + " " + Line("", 30) + " " + kOil), "ok"},
    {"an open amount beyond her points", Ruled("open_amount_fen_per_point: 0"),
     Hold("x", Line("", 201)), "BALANCE_TOO_LOW"},
    {"no such item", kMall, Hold("x", Line("cake", 1)), "ITEM_UNKNOWN command.lines.item_id"},
    {"another merchant's", kMall, Hold("x", Line("tea", 1)),
     "ITEM_NOT_OF_MERCHANT command.lines.item_id"},
    {"off the shelf", kMall + R"(WithdrawItem item_id: "bun" reason_code: "stale")",
     Hold("x", kBun), "ITEM_WITHDRAWN command.lines.item_id"},
    {"off the shelf, redeemed", kMall + R"(WithdrawItem item_id: "bun" reason_code: "stale")",
     Redeem("x", kBun), "ITEM_WITHDRAWN"},
    {"for her age", Cake("age_bands: AGE_BAND_18_TO_59 age_bands: AGE_BAND_60_PLUS"),
     Hold("x", kCake), "ok"},
    {"for another age", Cake("age_bands: AGE_BAND_60_PLUS"), Hold("x", kCake),
     "AGE_NOT_ALLOWED command.lines.item_id"},
    {"for another age, redeemed", Cake("age_bands: AGE_BAND_60_PLUS"), Redeem("x", kCake),
     "AGE_NOT_ALLOWED"},
    {"the last pieces", kMall, Hold("x", Line("loaf", 2)), "ok"},
    {"a piece too many", kMall, Hold("x", Line("loaf", 3)), "STOCK_TOO_LOW command.lines.quantity"},
    {"a piece that is reserved", kMall + Hold("x", Line("loaf", 1)), Hold("y", Line("loaf", 2)),
     "STOCK_TOO_LOW"},
    {"a piece that is reserved, redeemed", kMall + Hold("x", Line("loaf", 1)),
     Redeem("y", Line("loaf", 2)), "STOCK_TOO_LOW"},
    {"a piece that was", kMall + Hold("x", Line("loaf", 1)) + "\n" + Cancel("x"),
     Hold("y", Line("loaf", 2)), "ok"},
    {"a piece that was handed over", kMall + Hold("x", Line("loaf", 1)) + "\n" + Confirm("x"),
     Hold("y", Line("loaf", 2)), "STOCK_TOO_LOW"},
    {"the lines are asked in their order", kMall, Hold("x", Line("loaf", 3) + " " + Line("z", 1)),
     "STOCK_TOO_LOW"},
    {"the other way round", kMall, Hold("x", Line("z", 1) + " " + Line("loaf", 3)), "ITEM_UNKNOWN"},
    {"off the shelf comes before the age",
     Cake("age_bands: AGE_BAND_60_PLUS") + R"(WithdrawItem item_id: "cake" reason_code: "stale")",
     Hold("x", kCake), "ITEM_WITHDRAWN"},
    {"the age comes before the stock", Cake("age_bands: AGE_BAND_60_PLUS"),
     Hold("x", Line("cake", 51)), "AGE_NOT_ALLOWED"},
    {"the stock comes before the limit", Cake("limit { quantity: 2 period: LIMIT_PERIOD_DAY }"),
     Hold("x", Line("cake", 51)), "STOCK_TOO_LOW"},
});

const std::string kDaily = Cake("limit { quantity: 2 period: LIMIT_PERIOD_DAY }");
const std::string kMonthly = Cake("limit { quantity: 2 period: LIMIT_PERIOD_MONTH }");
const std::string kYearly = Cake("limit { quantity: 2 period: LIMIT_PERIOD_YEAR }");
const std::string kOnce = Cake("limit { quantity: 2 period: LIMIT_PERIOD_ONCE }");
const std::string kTwo = Hold("x", Line("cake", 2)) + "\n" + Confirm("x") + "\n";

const RuleTable kLimits({
    {"as many as one may have", kDaily, Hold("x", Line("cake", 2)), "ok"},
    {"a piece more", kDaily, Hold("x", Line("cake", 3)),
     "ITEM_LIMIT_REACHED command.lines.quantity"},
    {"a piece more, redeemed", kDaily, Redeem("x", Line("cake", 3)), "ITEM_LIMIT_REACHED"},
    {"in two orders", kDaily + Hold("x", kCake), Redeem("y", kCake), "ok"},
    {"in two, a piece more", kDaily + Hold("x", kCake), Redeem("y", Line("cake", 2)),
     "ITEM_LIMIT_REACHED"},
    {"a person for herself",
     kDaily + kTwo + "by app source=app\nCreditHours " + Served("b", "bob", "2021-03-05", 60) +
         kTill,
     Placed("HoldOrder", "y", "bob", kCake), "ok"},
    {"late on the day", kDaily + kTwo + "at 2021-03-10 23:59", Hold("y", kCake),
     "ITEM_LIMIT_REACHED"},
    {"on the next day", kDaily + kTwo + "at 2021-03-11 00:00", Hold("y", kCake), "ok"},
    {"on the month's last day", kMonthly + kTwo + "at 2021-03-31 23:59", Hold("y", kCake),
     "ITEM_LIMIT_REACHED"},
    {"on the next month's first", kMonthly + kTwo + "at 2021-04-01 00:00", Hold("y", kCake), "ok"},
    {"on the year's last day", kYearly + kTwo + "at 2021-12-31 23:59", Hold("y", kCake),
     "ITEM_LIMIT_REACHED"},
    {"on New Year's Day", kYearly + kTwo + "at 2022-01-01 00:00", Hold("y", kCake), "ok"},
    {"once is once", kOnce + kTwo + "at 2022-03-31 00:00", Hold("y", kCake), "ITEM_LIMIT_REACHED"},
    {"what was given up doesn't count", kOnce + Hold("x", Line("cake", 2)) + "\n" + Cancel("x"),
     Hold("y", Line("cake", 2)), "ok"},
    {"nor what timed out", kOnce + Hold("x", Line("cake", 2)) + "\nat 2021-03-10 08:30",
     Hold("y", Line("cake", 2)), "ok"},
    {"nor what wasn't handed over", kOnce + Hold("x", Line("cake", 2)) + "\n" + Confirm("x", kCake),
     Hold("y", kCake), "ok"},
    {"but what was", kOnce + Hold("x", Line("cake", 2)) + "\n" + Confirm("x", kCake),
     Hold("y", Line("cake", 2)), "ITEM_LIMIT_REACHED"},
    {"nor what came back", kOnce + kTwo + Refund("x", kCake), Hold("y", kCake), "ok"},
    {"one of two came back", kOnce + kTwo + Refund("x", kCake), Hold("y", Line("cake", 2)),
     "ITEM_LIMIT_REACHED"},
    {"what comes back of an earlier period makes no room in this one",
     kDaily + kTwo + "at 2021-03-11 09:00\n" + Redeem("y", Line("cake", 2)) + "\n" +
         Refund("x", Line("cake", 2)),
     Redeem("z", kCake), "ITEM_LIMIT_REACHED"},
    {"the period is that of the order, not of the handing over",
     kDaily + "at 2021-03-10 23:50\n" + Hold("x", Line("cake", 2)) + "\nat 2021-03-11 00:10\n" +
         Confirm("x"),
     Redeem("y", Line("cake", 2)), "ok"},
});

const std::string kSlow = Ruled("volunteer_orders_per_day: 2");
const std::string kThrifty = Ruled("volunteer_points_per_day: 20");
const std::string kQuiet = Ruled("merchant_orders_per_day: 2");
const std::string kBobRich =
    "by app source=app\nCreditHours " + Served("b", "bob", "2021-03-05", 60) + kTill;

const RuleTable kVelocity({
    {"two orders", kSlow + Hold("x", kBun), Redeem("y", kBun), "ok"},
    {"a third", kSlow + Hold("x", kBun) + "\n" + Redeem("y", kBun), Hold("z", kBun),
     "VELOCITY_EXCEEDED command.volunteer_id"},
    {"a third, at another merchant",
     kSlow + Hold("x", kBun) + "\n" + Redeem("y", kBun) + "\nby clerk",
     R"(RedeemNow order_id: "z" volunteer_id: "ann" merchant_id: "teahouse" )" + Line("tea", 1),
     "VELOCITY_EXCEEDED"},
    {"a third, of somebody else", kSlow + kBobRich + Hold("x", kBun) + "\n" + Redeem("y", kBun),
     Placed("HoldOrder", "z", "bob", kBun), "ok"},
    {"a third, tomorrow",
     kSlow + Hold("x", kBun) + "\n" + Redeem("y", kBun) + "\nat 2021-03-11 00:00", Hold("z", kBun),
     "ok"},
    {"what was given up has been counted",
     kSlow + Hold("x", kBun) + "\n" + Cancel("x") + "\n" + Redeem("y", kBun), Hold("z", kBun),
     "VELOCITY_EXCEEDED"},
    {"twenty points", kThrifty + Hold("x", Line("bun", 3)), Redeem("y", kBun), "ok"},
    {"more", kThrifty + Hold("x", Line("bun", 3)), Redeem("y", Line("bun", 2)),
     "VELOCITY_EXCEEDED command.volunteer_id"},
    {"more at once", kThrifty, Redeem("y", Line("bun", 5)), "VELOCITY_EXCEEDED"},
    {"twenty tomorrow", kThrifty + Hold("x", Line("bun", 4)) + "\nat 2021-03-11 00:00",
     Redeem("y", Line("bun", 4)), "ok"},
    {"two at a merchant", kQuiet + kBobRich + Hold("x", kBun),
     Placed("RedeemNow", "y", "bob", kBun), "ok"},
    {"a third at it",
     kQuiet + kBobRich + Hold("x", kBun) + "\n" + Placed("RedeemNow", "y", "bob", kBun),
     Hold("z", kBun), "VELOCITY_EXCEEDED command.merchant_id"},
    {"a third elsewhere",
     kQuiet + kBobRich + Hold("x", kBun) + "\n" + Placed("RedeemNow", "y", "bob", kBun) +
         "\nby clerk",
     R"(RedeemNow order_id: "z" volunteer_id: "ann" merchant_id: "teahouse" )" + Line("tea", 1),
     "ok"},
    {"the lines come before the pace", kSlow + Hold("x", kBun) + "\n" + Redeem("y", kBun),
     Hold("z", Line("loaf", 3)), "STOCK_TOO_LOW"},
    {"the pace comes before the balance", kSlow + Hold("x", kBun) + "\n" + Redeem("y", kBun),
     Hold("z", Line("oil", 20)), "VELOCITY_EXCEEDED"},
});

// Ann with so many open orders of a bun each.
std::string Open(int count) {
  std::string lines = kMall + R"(ReceiveStock item_id: "bun" quantity: 90)";
  for (int i = 0; i < count; ++i) lines += "\n" + Hold(Text("h", i), kBun);
  return lines;
}
// Two oils' worth of the programme's money.
const std::string kLastFen = kMall + ByTwo("b3", Allocation("programme", 2021, -9400)) + kTill;

const RuleTable kRoom({
    {"the 32nd open order", Open(31), Hold("x", kBun), "ok"},
    {"the 33rd", Open(32), Hold("x", kBun), "OPEN_ORDERS_TOO_MANY command.volunteer_id"},
    {"the 33rd, a voucher", Open(32), Voucher("x", 'v', kBun), "OPEN_ORDERS_TOO_MANY"},
    {"redeemed at once it isn't one", Open(32), Redeem("x", kBun), "ok"},
    {"after one of them was confirmed", Open(32) + "\n" + Confirm("h7"), Hold("x", kBun), "ok"},
    {"too many come before too little", Open(32), Hold("x", Line("oil", 20)),
     "OPEN_ORDERS_TOO_MANY"},

    {"all her points", kMall, Hold("x", Line("oil", 20)), "ok"},
    {"a point more", kMall, Hold("x", Line("oil", 20) + " " + kBun),
     "BALANCE_TOO_LOW command.volunteer_id"},
    {"what is held is spent", kMall + Hold("x", Line("oil", 20)), Hold("y", kBun),
     "BALANCE_TOO_LOW"},
    {"what was released isn't", kMall + Hold("x", Line("oil", 20)) + "\n" + Cancel("x"),
     Hold("y", Line("oil", 20)), "ok"},
    {"what has lapsed can't be held", kMall + "at 2022-04-01 00:00", Hold("x", kBun),
     "BALANCE_TOO_LOW"},
    {"by a code, what has lapsed can't be held", kMall + "at 2022-04-01 00:00\ncode ann",
     R"(HoldOrder order_id: "x" merchant_id: "bakery" )" + kBun, "BALANCE_TOO_LOW"},
    {"too few points come before too little money", kLastFen, Hold("x", Line("oil", 21)),
     "BALANCE_TOO_LOW"},

    {"the last fen", kLastFen, Hold("x", Line("oil", 2)), "ok"},
    {"the last fen, redeemed", kLastFen, Redeem("x", Line("oil", 2)), "ok"},
    {"a fen more", kLastFen, Hold("x", Line("oil", 3)), "BUDGET_EXHAUSTED command.lines"},
    {"a fen more, redeemed", kLastFen, Redeem("x", Line("oil", 3)), "BUDGET_EXHAUSTED"},
    {"what is reserved is spent", kLastFen + Hold("x", kOil), Hold("y", Line("oil", 2)),
     "BUDGET_EXHAUSTED"},
    {"what is owed is spent", kLastFen + Redeem("x", kOil), Hold("y", Line("oil", 2)),
     "BUDGET_EXHAUSTED"},
    {"what was released isn't", kLastFen + Hold("x", kOil) + "\n" + Cancel("x"),
     Hold("y", Line("oil", 2)), "ok"},
    {"nor what was refunded", kLastFen + Redeem("x", kOil) + "\n" + Refund("x", kOil),
     Hold("y", Line("oil", 2)), "ok"},
    {"the donor's money is the donor's", kLastFen + Hold("x", Line("oil", 2)),
     Hold("y", Line("rice", 1)), "ok"},
    {"two budgets in one order", kLastFen, Hold("x", Line("rice", 2) + " " + Line("oil", 3)),
     "BUDGET_EXHAUSTED"},
    {"a bun costs the programme nothing", kLastFen + Hold("x", Line("oil", 2)), Hold("y", kBun),
     "ok"},
    {"next year's money isn't there yet", kMall + "at 2022-01-01 00:00", Hold("x", kOil),
     "BUDGET_EXHAUSTED"},
    {"this year's is, to the last minute", kMall + "at 2021-12-31 23:59", Hold("x", kOil), "ok"},
    {"an open amount out of the programme's", Ruled("open_amount_fen_per_point: 100"),
     Hold("x", Line("", 100)), "ok"},
    {"an open amount beyond it", Ruled("open_amount_fen_per_point: 100"), Hold("x", Line("", 101)),
     "BUDGET_EXHAUSTED"},
});

TEST(DecideOrder, Who) { kWho.Run(); }
TEST(DecideOrder, Lines) { kLines.Run(); }
TEST(DecideOrder, Limits) { kLimits.Run(); }
TEST(DecideOrder, Velocity) { kVelocity.Run(); }
TEST(DecideOrder, Room) { kRoom.Run(); }

}  // namespace
}  // namespace meritbook
