// The form of the mall, of donations, and of changes that need two people: every field at its limit
// and one above.
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

std::string ManyLines(size_t count) {
  std::string lines;
  for (size_t i = 0; i < count; ++i) {
    lines += Text(R"(lines { item_id: "i)", i, R"(" quantity: 1 } )");
  }
  return lines;
}

const RuleTable kMall({
    InTown("a price", R"(PublishItem item_id: "i" merchant_id: "bakery" price_points: 1000000)",
           "ok"),
    InTown("a higher price",
           R"(PublishItem item_id: "i" merchant_id: "bakery" price_points: 1000001)",
           "FIELD_INVALID command.price_points"),
    InTown("no price", R"(PublishItem item_id: "i" merchant_id: "bakery")",
           "FIELD_INVALID command.price_points"),
    InTown("full shelves",
           R"(PublishItem item_id: "i" merchant_id: "bakery" price_points: 1 stock: 1000000000)",
           "ok"),
    InTown("fuller shelves",
           R"(PublishItem item_id: "i" merchant_id: "bakery" price_points: 1 stock: 1000000001)",
           "FIELD_INVALID command.stock"),
    InTown("no stock received", R"(ReceiveStock item_id: "bun")", "FIELD_INVALID command.quantity"),
    InTown("more than there can be", R"(ReceiveStock item_id: "bun" quantity: 1000000001)",
           "FIELD_INVALID command.quantity"),
    InTown("an order of nothing",
           R"(RedeemNow order_id: "x" volunteer_id: "ann" merchant_id: "bakery")",
           "FIELD_INVALID command.lines.size"),
    InTown(
        "an order without an id",
        R"(RedeemNow volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
        "FIELD_MISSING command.order_id"),
    InTown("64 lines",
           R"(RedeemNow order_id: "x" volunteer_id: "ann" merchant_id: "bakery" )" +
               ManyLines(kOrderLinesMax),
           "ITEM_UNKNOWN"),
    InTown("65 lines",
           R"(RedeemNow order_id: "x" volunteer_id: "ann" merchant_id: "bakery" )" +
               ManyLines(kOrderLinesMax + 1),
           "FIELD_INVALID command.lines.size"),
    InTown(
        "an item twice",
        R"(RedeemNow order_id: "x" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 } lines { item_id: "bun" quantity: 2 })",
        "VALUE_REPEATED command.lines.item_id"),
    InTown(
        "no pieces",
        R"(RedeemNow order_id: "x" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" })",
        "FIELD_INVALID command.lines.quantity"),
    InTown(
        "10,000 pieces",
        R"(RedeemNow order_id: "x" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 10000 })",
        "STOCK_TOO_LOW"),
    InTown(
        "10,001 pieces",
        R"(RedeemNow order_id: "x" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 10001 })",
        "FIELD_INVALID command.lines.quantity"),
    InTown("a refund of no order",
           R"(RefundOrder lines { item_id: "bun" quantity: 1 } reason_code: "a")",
           "FIELD_MISSING command.order_id"),
    InTown("a refund of nothing", R"(RefundOrder order_id: "x" reason_code: "a")",
           "FIELD_INVALID command.lines.size"),
    InTown("a refund of 64 lines",
           R"(RefundOrder order_id: "x" reason_code: "a" )" + ManyLines(kOrderLinesMax),
           "ORDER_UNKNOWN"),
    InTown("a refund of 65",
           R"(RefundOrder order_id: "x" reason_code: "a" )" + ManyLines(kOrderLinesMax + 1),
           "FIELD_INVALID command.lines.size"),
    InTown(
        "a refund of an item twice",
        R"(RefundOrder order_id: "x" lines { item_id: "bun" quantity: 1 } lines { item_id: "bun" quantity: 2 } reason_code: "a")",
        "VALUE_REPEATED command.lines.item_id"),
    InTown("a refund of no pieces",
           R"(RefundOrder order_id: "x" lines { item_id: "bun" } reason_code: "a")",
           "FIELD_INVALID command.lines.quantity"),
    InTown("a refund of 10,001 pieces",
           R"(RefundOrder order_id: "x" lines { item_id: "bun" quantity: 10001 } reason_code: "a")",
           "FIELD_INVALID command.lines.quantity"),
    InTown("a refund without a reason",
           R"(RefundOrder order_id: "x" lines { item_id: "bun" quantity: 1 })",
           "FIELD_MISSING command.reason_code"),
});

const RuleTable kDonations({
    InTown("a donation for a phone",
           R"(DonatePoints volunteer_id: "13800138000" cause_id: "redcross" points: 1)",
           "PERSONAL_IDENTIFIER command.volunteer_id"),
    InTown("a donation to nobody", R"(DonatePoints volunteer_id: "ann" points: 1)",
           "FIELD_MISSING command.cause_id"),
    InTown("a donation of nothing", R"(DonatePoints volunteer_id: "ann" cause_id: "redcross")",
           "FIELD_INVALID command.points"),
    InTown("a donation of a billion",
           R"(DonatePoints volunteer_id: "ann" cause_id: "redcross" points: 1000000000)",
           "CAUSE_UNKNOWN"),
    InTown("a donation of more",
           R"(DonatePoints volunteer_id: "ann" cause_id: "redcross" points: 1000000001)",
           "FIELD_INVALID command.points"),
});

// A proposal p of the change.
Row Proposed(std::string name, std::string_view change, std::string want) {
  return InTown(std::move(name), Propose("p", change), std::move(want));
}

const RuleTable kChanges({
    InTown("a proposal without an id",
           R"(ProposeChange merge_volunteers { volunteer_id: "bob" survivor_id: "ann" })",
           "FIELD_MISSING command.proposal_id"),
    InTown("a proposal's form", R"(ProposeChange proposal_id: "a b")",
           "ID_MALFORMED command.proposal_id"),
    Proposed("a proposal of nothing", "", "FIELD_MISSING command.change"),
    InTown("agreeing to nothing", "ApproveChange", "FIELD_MISSING command.proposal_id"),
    InTown("turning nothing down", R"(RejectChange reason_code: "a")",
           "FIELD_MISSING command.proposal_id"),
    InTown("turning down without a reason", R"(RejectChange proposal_id: "p")",
           "FIELD_MISSING command.reason_code"),

    Proposed("an adjustment of nobody", R"(adjust_points { units: 1 reason_code: "a" })",
             "FIELD_MISSING command.adjust_points.volunteer_id"),
    Proposed("an adjustment of a phone",
             R"(adjust_points { volunteer_id: "13800138000" units: 1 reason_code: "a" })",
             "PERSONAL_IDENTIFIER command.adjust_points.volunteer_id"),
    Proposed("an adjustment by nothing",
             R"(adjust_points { volunteer_id: "ann" reason_code: "a" })",
             "FIELD_MISSING command.adjust_points.units"),
    Proposed("an adjustment by a billion points",
             R"(adjust_points { volunteer_id: "ann" units: 6000000000000 reason_code: "a" })",
             "ok"),
    Proposed("an adjustment by more",
             R"(adjust_points { volunteer_id: "ann" units: 6000000000001 reason_code: "a" })",
             "FIELD_INVALID command.adjust_points.units"),
    Proposed("an adjustment by a billion points less",
             R"(adjust_points { volunteer_id: "ann" units: -6000000000000 reason_code: "a" })",
             "BALANCE_TOO_LOW"),
    Proposed("an adjustment by more than that",
             R"(adjust_points { volunteer_id: "ann" units: -6000000000001 reason_code: "a" })",
             "FIELD_INVALID command.adjust_points.units"),
    Proposed(
        "an adjustment until no day",
        R"(adjust_points { volunteer_id: "ann" units: 1 expiry_day: "2021-02-29" reason_code: "a" })",
        "DAY_MALFORMED command.adjust_points.expiry_day"),
    Proposed(
        "an adjustment that takes until a day",
        R"(adjust_points { volunteer_id: "ann" units: -1 expiry_day: "2022-02-28" reason_code: "a" })",
        "FIELD_INVALID command.adjust_points.expiry_day"),
    Proposed("an adjustment without a reason", R"(adjust_points { volunteer_id: "ann" units: 1 })",
             "FIELD_MISSING command.adjust_points.reason_code"),

    Proposed(
        "a reinstatement of nobody",
        R"(reinstate_points { lapsed_day: "2021-03-05" units: 1 expiry_day: "2022-03-05" reason_code: "a" })",
        "FIELD_MISSING command.reinstate_points.volunteer_id"),
    Proposed(
        "a reinstatement of what lapsed on no day",
        R"(reinstate_points { volunteer_id: "ann" units: 1 expiry_day: "2022-03-05" reason_code: "a" })",
        "FIELD_MISSING command.reinstate_points.lapsed_day"),
    Proposed(
        "a reinstatement of nothing",
        R"(reinstate_points { volunteer_id: "ann" lapsed_day: "2021-03-05" expiry_day: "2022-03-05" reason_code: "a" })",
        "FIELD_INVALID command.reinstate_points.units"),
    Proposed(
        "a reinstatement of less",
        R"(reinstate_points { volunteer_id: "ann" lapsed_day: "2021-03-05" units: -1 expiry_day: "2022-03-05" reason_code: "a" })",
        "FIELD_INVALID command.reinstate_points.units"),
    Proposed(
        "a reinstatement of too much",
        R"(reinstate_points { volunteer_id: "ann" lapsed_day: "2021-03-05" units: 6000000000001 expiry_day: "2022-03-05" reason_code: "a" })",
        "FIELD_INVALID command.reinstate_points.units"),
    Proposed(
        "a reinstatement until no day",
        R"(reinstate_points { volunteer_id: "ann" lapsed_day: "2021-03-05" units: 1 reason_code: "a" })",
        "FIELD_MISSING command.reinstate_points.expiry_day"),
    Proposed(
        "a reinstatement without a reason",
        R"(reinstate_points { volunteer_id: "ann" lapsed_day: "2021-03-05" units: 1 expiry_day: "2022-03-05" })",
        "FIELD_MISSING command.reinstate_points.reason_code"),

    Proposed("a merger of nobody", R"(merge_volunteers { survivor_id: "ann" })",
             "FIELD_MISSING command.merge_volunteers.volunteer_id"),
    Proposed("a merger into nobody", R"(merge_volunteers { volunteer_id: "ann" })",
             "FIELD_MISSING command.merge_volunteers.survivor_id"),
    Proposed("a merger into a phone",
             R"(merge_volunteers { volunteer_id: "ann" survivor_id: "13800138000" })",
             "PERSONAL_IDENTIFIER command.merge_volunteers.survivor_id"),
    Proposed("a merger into herself",
             R"(merge_volunteers { volunteer_id: "ann" survivor_id: "ann" })",
             "FIELD_INVALID command.merge_volunteers.survivor_id"),

    Proposed("a correction of nothing", R"(correct_hours { reason_code: "a" })",
             "FIELD_MISSING command.correct_hours.record.source"),
    Proposed("a correction to nothing",
             R"(correct_hours { record { source: "app" record_id: "r" } reason_code: "a" })",
             "FIELD_MISSING command.correct_hours.replacement.record_id"),
    Proposed("a revocation of nothing", R"(revoke_hours { reason_code: "a" })",
             "FIELD_MISSING command.revoke_hours.record.source"),
    Proposed("a revocation without a reason",
             R"(revoke_hours { record { source: "app" record_id: "r" } })",
             "FIELD_MISSING command.revoke_hours.reason_code"),
});

// A part of a file, proposed while the ledger migrates.
Row Loaded(std::string name, std::string_view part, std::string want) {
  return {std::move(name), "use old_town",
          Propose("p", Text("load_opening_balances { ", part, " }")), std::move(want)};
}
Row Balance(std::string name, std::string_view balance, std::string want) {
  return Loaded(std::move(name),
                Text(R"(file_sha256: "k^32" part: 1 parts: 1 balances { )", balance, " }"),
                std::move(want));
}
std::string ManyBalances(size_t count) {
  std::string balances = R"(file_sha256: "k^32" part: 1 parts: 1 )";
  for (size_t i = 0; i < count; ++i) {
    balances += Text(R"(balances { volunteer_id: "v)", i, R"(" } )");
  }
  return balances;
}
std::string ManyLots(size_t count) {
  std::string lots = R"(volunteer_id: "ann" )";
  for (size_t i = 0; i < count; ++i) {
    lots += Text(R"(lots { expiry_day: ")", 2100 + i, R"(-01-01" units: 1 } )");
  }
  return lots;
}

const RuleTable kOpenings({
    Loaded("no file", R"(part: 1 parts: 1 balances { volunteer_id: "ann" })",
           "FIELD_INVALID command.load_opening_balances.file_sha256.size"),
    Loaded("a short hash",
           R"(file_sha256: "k^31" part: 1 parts: 1 balances { volunteer_id: "ann" })",
           "FIELD_INVALID command.load_opening_balances.file_sha256.size"),
    Loaded("a long hash",
           R"(file_sha256: "k^33" part: 1 parts: 1 balances { volunteer_id: "ann" })",
           "FIELD_INVALID command.load_opening_balances.file_sha256.size"),
    Loaded("of no parts", R"(file_sha256: "k^32" part: 1 balances { volunteer_id: "ann" })",
           "FIELD_INVALID command.load_opening_balances.parts"),
    Loaded("no part", R"(file_sha256: "k^32" parts: 1 balances { volunteer_id: "ann" })",
           "FIELD_INVALID command.load_opening_balances.part"),
    Loaded("the last part",
           R"(file_sha256: "k^32" part: 3 parts: 3 balances { volunteer_id: "ann" })", "ok"),
    Loaded("a part after the last",
           R"(file_sha256: "k^32" part: 4 parts: 3 balances { volunteer_id: "ann" })",
           "FIELD_INVALID command.load_opening_balances.part"),
    Loaded("no balances", ManyBalances(0),
           "FIELD_INVALID command.load_opening_balances.balances.size"),
    Loaded("128 balances", ManyBalances(kOpeningBalancesMax), "VOLUNTEER_UNKNOWN"),
    Loaded("129 balances", ManyBalances(kOpeningBalancesMax + 1),
           "FIELD_INVALID command.load_opening_balances.balances.size"),
    Loaded(
        "a volunteer twice",
        R"(file_sha256: "k^32" part: 1 parts: 1 balances { volunteer_id: "ann" } balances { volunteer_id: "ann" })",
        "VALUE_REPEATED command.load_opening_balances.balances.volunteer_id"),
    Balance("of nobody", "", "FIELD_MISSING command.load_opening_balances.balances.volunteer_id"),
    Balance("of a phone", R"(volunteer_id: "13800138000")",
            "PERSONAL_IDENTIFIER command.load_opening_balances.balances.volunteer_id"),
    Balance("64 lots", ManyLots(kOpeningLotsMax), "ok"),
    Balance("65 lots", ManyLots(kOpeningLotsMax + 1),
            "FIELD_INVALID command.load_opening_balances.balances.lots.size"),
    Balance(
        "a day twice",
        R"(volunteer_id: "ann" lots { expiry_day: "2022-01-01" units: 1 } lots { expiry_day: "2022-01-01" units: 1 })",
        "VALUE_REPEATED command.load_opening_balances.balances.lots.expiry_day"),
    Balance("never, twice", R"(volunteer_id: "ann" lots { units: 1 } lots { units: 1 })",
            "VALUE_REPEATED command.load_opening_balances.balances.lots.expiry_day"),
    Balance("on no day", R"(volunteer_id: "ann" lots { expiry_day: "2022" units: 1 })",
            "DAY_MALFORMED command.load_opening_balances.balances.lots.expiry_day"),
    Balance("an empty lot", R"(volunteer_id: "ann" lots { expiry_day: "2022-01-01" })",
            "FIELD_INVALID command.load_opening_balances.balances.lots.units"),
    Balance("a lot of debt", R"(volunteer_id: "ann" lots { units: -1 })",
            "FIELD_INVALID command.load_opening_balances.balances.lots.units"),
    Balance("a billion points", R"(volunteer_id: "ann" lots { units: 6000000000000 })", "ok"),
    Balance("more points", R"(volunteer_id: "ann" lots { units: 6000000000001 })",
            "FIELD_INVALID command.load_opening_balances.balances.lots.units"),
    Balance("a hundred million minutes",
            R"(volunteer_id: "ann" credited_minutes: 100000000 honorary_minutes: 100000000)", "ok"),
    Balance("more minutes", R"(volunteer_id: "ann" credited_minutes: 100000001)",
            "FIELD_INVALID command.load_opening_balances.balances.credited_minutes"),
    Balance("more honorary minutes", R"(volunteer_id: "ann" honorary_minutes: 100000001)",
            "FIELD_INVALID command.load_opening_balances.balances.honorary_minutes"),
});

TEST(Form, Mall) { kMall.Run(); }
TEST(Form, Donations) { kDonations.Run(); }
TEST(Form, Changes) { kChanges.Run(); }
TEST(Form, OpeningBalances) { kOpenings.Run(); }

}  // namespace
}  // namespace meritbook
