// What becomes of a hold: confirmed, given up, refunded. Every rule as a row.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

const std::string kTill = "\nby till merchant=bakery\n";
const std::string kOther = "\nby till merchant=teahouse\n";
const std::string kApp = "\nby app source=app\n";
const std::string kWeb = "\nby web source=web\n";
const std::string kClerk = "\nby clerk\n";
const std::string kTwo = Line("oil", 2) + " " + Line("bun", 3);
// Held until 8:30, offline until 8:30 and two hours more.
const std::string kHeld = "use mall\n" + Hold("x", kTwo) + "\n";
const std::string kOffline = "use mall\n" + Hold("x", kTwo, "offline: true") + "\n";
const std::string kByApp = "use mall" + kApp + Hold("x", kTwo) + "\n";
const std::string kByClerk = "use mall" + kClerk + Hold("x", kTwo) + "\n";
// Until midnight and two hours more.
const std::string kVoucher = "use mall" + kApp + Voucher("x", 'v', kTwo, "valid_days: 1") + "\n";

std::string Happened(std::string_view at) { return Text("happened_us: @", at); }
const std::string kOwnerTill = R"(owner { merchant_id: "bakery" })";
const std::string kOwnerApp = R"(owner { source: "app" })";
const std::string kOwnerClerk = R"(owner { principal_id: "clerk" })";
const std::string kAnns =
    R"(RegisterPrincipal principal_id: "anns" roles: ROLE_AUDITOR volunteer_id: "ann" key_sha256: "k^32"
by anns merchant=bakery)";
const std::string kLeave =
    R"(OffboardMerchant merchant_id: "bakery" last_day: "2021-03-10" reason_code: "moved"
)";
const std::string kFinal = R"(OpenStatement statement_id: "st" merchant_id: "bakery" final: true
)";

const RuleTable kConfirms({
    {"all of it", kHeld, Confirm("x"), "ok"},
    {"some of it", kHeld, Confirm("x", Line("bun", 1)), "ok"},
    {"line by line", kHeld, Confirm("x", Line("bun", 3) + " " + Line("oil", 2)), "ok"},
    {"a piece too many", kHeld, Confirm("x", Line("oil", 3)),
     "CONFIRM_TOO_LARGE command.lines.quantity"},
    {"a piece too many of the second", kHeld, Confirm("x", Line("oil", 2) + " " + Line("bun", 4)),
     "CONFIRM_TOO_LARGE"},
    {"of what wasn't in it", kHeld, Confirm("x", Line("loaf", 1)), "CONFIRM_TOO_LARGE"},
    {"of what there isn't", kHeld, Confirm("x", Line("cake", 1)), "CONFIRM_TOO_LARGE"},
    {"of an open amount that wasn't in it", kHeld, Confirm("x", Line("", 1)), "CONFIRM_TOO_LARGE"},
    {"no such order", kHeld, Confirm("y"), "ORDER_UNKNOWN command.order_id"},
    {"the same request again", kHeld + "ConfirmOrder #q order_id: \"x\"",
     "ConfirmOrder #q order_id: \"x\"", "again"},
    {"twice", kHeld + Confirm("x"), Confirm("x"), "ORDER_NOT_HELD command.order_id"},
    {"the rest later", kHeld + Confirm("x", Line("bun", 1)), Confirm("x", Line("bun", 1)),
     "ORDER_NOT_HELD"},
    {"what was redeemed", "use mall\n" + Redeem("x", kTwo), Confirm("x"), "ORDER_NOT_HELD"},
    {"what was given up", kHeld + Cancel("x"), Confirm("x"), "ORDER_NOT_HELD"},

    {"another till of the merchant", kHeld + "by till2 merchant=bakery", Confirm("x"), "ok"},
    {"a merchant that is named", kHeld, Confirm("x", kOwnerTill), "ok"},
    {"a till that isn't the merchant's, in its own name", kHeld + kOther, Confirm("x"),
     "ORDER_UNKNOWN"},
    {"and in the merchant's", kHeld + kOther, Confirm("x", kOwnerTill),
     "ORDER_OF_OTHER_MERCHANT command.order_id"},
    {"a platform's order at its merchant", kByApp + kTill, Confirm("x", kOwnerApp), "ok"},
    {"a platform's order without its name", kByApp + kTill, Confirm("x"), "ORDER_UNKNOWN"},
    {"a platform's order at another merchant", kByApp + kOther, Confirm("x", kOwnerApp),
     "ORDER_OF_OTHER_MERCHANT"},
    {"a platform's own", kByApp + "by app2 source=app", Confirm("x"), "ok"},
    {"a platform's by another", kByApp + kWeb, Confirm("x", kOwnerApp),
     "ORDER_UNKNOWN command.order_id"},
    {"a platform's by nobody", kByApp + kClerk, Confirm("x", kOwnerApp), "ORDER_UNKNOWN"},
    {"a clerk's own", kByClerk, Confirm("x"), "ok"},
    {"a clerk's at its merchant", kByClerk + kTill, Confirm("x", kOwnerClerk), "ok"},
    {"a clerk's by another", kByClerk + "by clerk2", Confirm("x", kOwnerClerk), "ORDER_UNKNOWN"},
    {"for herself", kHeld + "by till merchant=bakery volunteer=ann", Confirm("x"),
     "SELF_REDEMPTION command.order_id"},
    {"for herself, by what the ledger knows of her", kHeld + kAnns, Confirm("x"),
     "SELF_REDEMPTION"},
    {"for herself, again",
     kHeld + "ConfirmOrder #q order_id: \"x\"\nby till merchant=bakery volunteer=ann",
     "ConfirmOrder #q order_id: \"x\"", "SELF_REDEMPTION"},
    {"for herself, after a merger",
     kHeld + ByTwo("m1", R"(merge_volunteers { volunteer_id: "ann" survivor_id: "bob" })") +
         "by till merchant=bakery volunteer=bob",
     Confirm("x"), "SELF_REDEMPTION"},
    {"for another", kHeld + "by till merchant=bakery volunteer=bob", Confirm("x"), "ok"},

    {"a minute before its end", kHeld + "at 2021-03-10 08:29", Confirm("x"), "ok"},
    {"at its end", kHeld + "at 2021-03-10 08:30", Confirm("x"),
     "CONFIRM_TOO_LATE command.order_id"},
    {"at its end, of what happened before", kHeld + "at 2021-03-10 08:30",
     Confirm("x", Happened("2021-03-10T08:10")), "CONFIRM_TOO_LATE"},
    {"after it was given up, at its end", kHeld + Cancel("x") + "\nat 2021-03-10 08:30",
     Confirm("x"), "ORDER_NOT_HELD"},
    {"of what happened a while ago", kHeld + "at 2021-03-10 08:29",
     Confirm("x", Happened("2021-03-10T08:01")), "ok"},
    {"of what happens now", kHeld + "at 2021-03-10 08:29",
     Confirm("x", Happened("2021-03-10T08:29")), "ok"},
    {"of what will happen", kHeld + "at 2021-03-10 08:10",
     Confirm("x", Happened("2021-03-10T08:11")), "CONFIRM_TIME_INVALID command.happened_us"},
    {"of what happened when it was placed", kHeld, Confirm("x", Happened("2021-03-10T08:00")),
     "ok"},
    {"of what happened before", kHeld, Confirm("x", Happened("2021-03-10T07:59")),
     "CONFIRM_TIME_INVALID command.happened_us"},
    {"offline, at its deadline", kOffline + "at 2021-03-10 08:30", Confirm("x"),
     "CONFIRM_TOO_LATE command.order_id"},
    {"offline, of what happened before it", kOffline + "at 2021-03-10 08:30",
     Confirm("x", Happened("2021-03-10T08:29")), "ok"},
    {"offline, of what happened at it", kOffline + "at 2021-03-10 09:00",
     Confirm("x", Happened("2021-03-10T08:30")), "CONFIRM_TOO_LATE"},
    {"offline, in the grace's last minute", kOffline + "at 2021-03-10 10:29",
     Confirm("x", Happened("2021-03-10T08:29")), "ok"},
    {"offline, at its end", kOffline + "at 2021-03-10 10:30",
     Confirm("x", Happened("2021-03-10T08:29")), "CONFIRM_TOO_LATE command.order_id"},
    {"offline, of what will happen comes before too late", kOffline + "at 2021-03-10 09:00",
     Confirm("x", Happened("2021-03-10T09:01")), "CONFIRM_TIME_INVALID"},
    {"too late comes before too large", kOffline + "at 2021-03-10 09:00",
     Confirm("x", Line("loaf", 1)), "CONFIRM_TOO_LATE"},

    {"although she is frozen", kHeld + R"(FreezeVolunteer volunteer_id: "ann" reason_code: "a")",
     Confirm("x"), "ok"},
    {"although the merchant is suspended",
     kHeld + R"(SuspendMerchant merchant_id: "bakery" reason_code: "a")", Confirm("x"), "ok"},
    {"although the merchant has left", kVoucher + kLeave + "at 2021-03-11 01:00" + kTill,
     ConfirmVoucher('v', Happened("2021-03-10T12:00")), "ok"},
    {"although the item is off the shelf",
     kHeld + R"(WithdrawItem item_id: "oil" reason_code: "stale")", Confirm("x"), "ok"},
    {"after her account was closed",
     kHeld + R"(CloseVolunteer volunteer_id: "ann" reason: CLOSE_REASON_DIED)", Confirm("x"),
     "ORDER_NOT_HELD"},
});

const RuleTable kVouchers({
    {"at its merchant", kVoucher + kTill, ConfirmVoucher('v'), "ok"},
    {"some of it", kVoucher + kTill, ConfirmVoucher('v', Line("bun", 1)), "ok"},
    {"by who printed it", kVoucher, ConfirmVoucher('v'), "ok"},
    {"by who printed it, under its id", kVoucher, Confirm("x"), "ok"},
    {"no such code", kVoucher + kTill, ConfirmVoucher('w'), "VOUCHER_UNKNOWN voucher_code"},
    {"at another merchant", kVoucher + kOther, ConfirmVoucher('v'), "ORDER_OF_OTHER_MERCHANT"},
    {"by another platform", kVoucher + kWeb, ConfirmVoucher('v'), "VOUCHER_UNKNOWN voucher_code"},
    {"by nobody", kVoucher + kClerk, ConfirmVoucher('v'), "VOUCHER_UNKNOWN"},
    {"for herself", kVoucher + "by till merchant=bakery volunteer=ann", ConfirmVoucher('v'),
     "SELF_REDEMPTION voucher_code"},
    {"a piece too many", kVoucher + kTill, ConfirmVoucher('v', Line("bun", 4)),
     "CONFIRM_TOO_LARGE"},
    {"twice", kVoucher + kTill + ConfirmVoucher('v'), ConfirmVoucher('v'), "ORDER_NOT_HELD"},
    {"on its last day", kVoucher + kTill + "at 2021-03-10 23:59", ConfirmVoucher('v'), "ok"},
    {"after it", kVoucher + kTill + "at 2021-03-11 00:00", ConfirmVoucher('v'), "CONFIRM_TOO_LATE"},
    {"after it, of what happened on it", kVoucher + kTill + "at 2021-03-11 01:59",
     ConfirmVoucher('v', Happened("2021-03-10T23:59")), "ok"},
    {"after the grace", kVoucher + kTill + "at 2021-03-11 02:00",
     ConfirmVoucher('v', Happened("2021-03-10T23:59")), "CONFIRM_TOO_LATE"},
    {"an ordinary hold has no code", kHeld, ConfirmVoucher('x'), "VOUCHER_UNKNOWN"},
});

const RuleTable kCancels({
    {"her own merchant's", kHeld, Cancel("x"), "ok"},
    {"a voucher, by who printed it", kVoucher, Cancel("x"), "ok"},
    {"no such order", kHeld, Cancel("y"), "ORDER_UNKNOWN command.order_id"},
    {"at its merchant", kByApp + kTill, Cancel("x", kOwnerApp), "ok"},
    {"at another merchant", kByApp + kOther, Cancel("x", kOwnerApp),
     "ORDER_OF_OTHER_MERCHANT command.order_id"},
    {"by another platform", kByApp + kWeb, Cancel("x", kOwnerApp), "ORDER_UNKNOWN"},
    {"by the committee", kByApp + "by committee", Cancel("x", kOwnerApp), "ok"},
    {"a till's by the committee", kHeld + "by committee", Cancel("x", kOwnerTill), "ok"},
    {"by the committee without a name", kHeld + "by committee", Cancel("x"), "ORDER_UNKNOWN"},
    {"by herself, who gains nothing", kHeld + "by till merchant=bakery volunteer=ann", Cancel("x"),
     "ok"},
    {"twice", kHeld + Cancel("x"), Cancel("x"), "ORDER_NOT_HELD command.order_id"},
    {"what was handed over", kHeld + Confirm("x"), Cancel("x"), "ORDER_NOT_HELD"},
    {"what was redeemed", "use mall\n" + Redeem("x", kTwo), Cancel("x"), "ORDER_NOT_HELD"},
    {"what timed out", kHeld + "at 2021-03-10 08:30", Cancel("x"), "ORDER_NOT_HELD"},
    {"offline, after its deadline", kOffline + "at 2021-03-10 10:29", Cancel("x"), "ok"},
    {"although she is frozen", kHeld + R"(FreezeVolunteer volunteer_id: "ann" reason_code: "a")",
     Cancel("x"), "ok"},
});

// Refunds for two days.
const std::string kShort =
    "use mall\nby committee\n" +
    RuleFrom("2021-01-01", "", "rolling_months: 12", "",
             "hold_seconds_max: 1800 offline_grace_minutes: 120 refund_days: 2") +
    kTill;
const std::string kBun = Line("bun", 1);

const RuleTable kRefunds({
    {"of what was handed over", kHeld + Confirm("x"), Refund("x", kTwo), "ok"},
    {"of some of it", kHeld + Confirm("x"), Refund("x", kBun), "ok"},
    {"of what is held", kHeld, Refund("x", kBun), "REFUND_TOO_LARGE command.lines.quantity"},
    {"of what was given up", kHeld + Cancel("x"), Refund("x", kBun), "REFUND_TOO_LARGE"},
    {"of what timed out", kHeld + "at 2021-03-10 08:30", Refund("x", kBun), "REFUND_TOO_LARGE"},
    {"of what wasn't handed over", kHeld + Confirm("x", kBun), Refund("x", Line("bun", 2)),
     "REFUND_TOO_LARGE"},
    {"of a line that wasn't", kHeld + Confirm("x", kBun), Refund("x", Line("oil", 1)),
     "REFUND_TOO_LARGE"},
    {"of a voucher", kVoucher + kTill + ConfirmVoucher('v'), Refund("x", kBun) + " " + kOwnerApp,
     "ok"},
    {"at its merchant", kByApp + Confirm("x") + kTill, Refund("x", kBun) + " " + kOwnerApp, "ok"},
    {"at another merchant", kByApp + Confirm("x") + kOther, Refund("x", kBun) + " " + kOwnerApp,
     "ORDER_OF_OTHER_MERCHANT command.order_id"},
    {"by another platform", kByApp + Confirm("x") + kWeb, Refund("x", kBun) + " " + kOwnerApp,
     "ORDER_UNKNOWN"},
    {"by nobody", kByApp + Confirm("x") + kClerk, Refund("x", kBun) + " " + kOwnerApp,
     "ORDER_UNKNOWN"},
    {"for herself", kByApp + Confirm("x") + "\nby till merchant=bakery volunteer=ann",
     Refund("x", kBun) + " " + kOwnerApp, "SELF_REDEMPTION command.order_id"},
    {"on the second day", kShort + Redeem("x", kBun) + "\nat 2021-03-12 23:59", Refund("x", kBun),
     "ok"},
    {"on the third", kShort + Redeem("x", kBun) + "\nat 2021-03-13 00:00", Refund("x", kBun),
     "REFUND_TOO_LATE command.order_id"},
    {"on the third, of another merchant's",
     kShort + Redeem("x", kBun) + kOther + "at 2021-03-13 00:00",
     Refund("x", kBun) + " " + kOwnerTill, "ORDER_OF_OTHER_MERCHANT"},
    {"on the third, of too much", kShort + Redeem("x", kBun) + "\nat 2021-03-13 00:00",
     Refund("x", Line("bun", 2)), "REFUND_TOO_LATE"},
    {"counted from the handing over, not from the order",
     kShort + "at 2021-03-10 23:50\n" + Hold("x", kBun) + "\nat 2021-03-11 00:10\n" + Confirm("x") +
         "\nat 2021-03-13 12:00",
     Refund("x", kBun), "ok"},
    {"nor from when it was reported",
     kShort + "at 2021-03-10 23:50\n" + Hold("x", kBun, "offline: true") +
         "\nat 2021-03-11 00:10\n" + Confirm("x", Happened("2021-03-10T23:55")) +
         "\nat 2021-03-13 00:00",
     Refund("x", kBun), "REFUND_TOO_LATE"},
    {"by the rule of the day on which it is asked",
     kShort + Redeem("x", kBun) + "\nby committee\n" +
         RuleFrom("2021-03-13", "", "rolling_months: 12", "", "hold_seconds_max: 1800") + kTill +
         "at 2021-03-13 00:00",
     Refund("x", kBun), "ok"},
    {"on the day only",
     "use mall\nby committee\n" +
         RuleFrom("2021-01-01", "", "rolling_months: 12", "",
                  "hold_seconds_max: 1800 refund_days: 0") +
         kTill + Redeem("x", kBun) + "\nat 2021-03-11 00:00",
     Refund("x", kBun), "REFUND_TOO_LATE"},
    {"of a merchant who has left",
     "use mall\n" + Redeem("x", kBun) + "\n" + kLeave + "at 2021-03-11 00:00", Refund("x", kBun),
     "ok"},
    {"after its final statement",
     "use mall\n" + Redeem("x", kBun) + "\n" + kLeave + "at 2021-03-11 00:00\n" + kFinal,
     Refund("x", kBun), "MERCHANT_OFFBOARDED command.merchant_id"},
    {"after its final statement, of too much",
     "use mall\n" + Redeem("x", kBun) + "\n" + kLeave + "at 2021-03-11 00:00\n" + kFinal,
     Refund("x", Line("bun", 2)), "MERCHANT_OFFBOARDED"},
    {"after its final statement, too late",
     kShort + Redeem("x", kBun) + "\n" + kLeave + "at 2021-03-13 00:00\n" + kFinal,
     Refund("x", kBun), "REFUND_TOO_LATE"},
});

TEST(DecideConfirm, Confirms) { kConfirms.Run(); }
TEST(DecideConfirm, Vouchers) { kVouchers.Run(); }
TEST(DecideConfirm, Cancels) { kCancels.Run(); }
TEST(DecideConfirm, Refunds) { kRefunds.Run(); }

}  // namespace
}  // namespace meritbook
