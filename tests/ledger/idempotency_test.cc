// One request id, one effect, for ever.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

const std::string kCredit =
    R"(record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } })";
const std::string kOtherCredit =
    R"(record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 135 } })";
const std::string kOrder =
    R"(order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })";

const RuleTable kRules({
    {"the same again", "use town\nCreditHours " + kCredit, "CreditHours " + kCredit, "again"},
    {"the record id is the request id", "use town\nCreditHours " + kCredit,
     "CreditHours #r1 " + kCredit, "again"},
    {"the request id is the record id", "use town\nCreditHours #r1 " + kCredit,
     "CreditHours " + kCredit, "again"},
    {"other content", "use town\nCreditHours " + kCredit, "CreditHours " + kOtherCredit,
     "REQUEST_CONFLICT request_id"},
    {"a field that was absent", "use town\nRegisterOrganisation #q organisation_id: \"o2\" kind: 1",
     "RegisterOrganisation #q organisation_id: \"o2\" kind: 1 headcount: 0", "REQUEST_CONFLICT"},
    {"a request id of its own again", "use town\nCreditHours #q " + kCredit,
     "CreditHours #q " + kCredit, "again"},
    {"a record under two request ids", "use town\nCreditHours #q " + kCredit,
     "CreditHours " + kCredit, "RECORD_EXISTS"},
    {"a record under two other request ids", "use town\nCreditHours #q " + kCredit,
     "CreditHours #p " + kCredit, "RECORD_EXISTS"},
    {"a record id that was a request id", "use town\nCreditHours #r2 " + kCredit,
     R"(CreditHours #q record { record_id: "r2" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-06" minutes: 120 } })",
     "ok"},
    {"a record id by default that was a request id", "use town\nCreditHours #r2 " + kCredit,
     R"(CreditHours record { record_id: "r2" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-06" minutes: 120 } })",
     "REQUEST_CONFLICT"},
    {"a request id counts for its kind",
     "use town\nRegisterOrganisation #q organisation_id: \"o2\" kind: 1",
     "CreditHours #q " + kCredit, "ok"},
    {"a record id is no order id", "use town\nCreditHours " + kCredit,
     R"(RedeemNow order_id: "r1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "ok"},
    {"another platform's ids are its own",
     "use town\nCreditHours " + kCredit + "\nby web source=web",
     R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-06" minutes: 120 } })",
     "ok"},
    {"a platform's principals share its ids",
     "use town\nCreditHours " + kCredit + "\nby app2 source=app", "CreditHours " + kCredit,
     "again"},
    {"a merchant's tills share its ids",
     "use town\nCreditHours " + kCredit + "\nby till1 merchant=bakery\nRedeemNow " + kOrder +
         "\nby till2 merchant=bakery",
     "RedeemNow " + kOrder, "again"},
    {"principals without either have ids of their own",
     "use town\nby clerk1\nOnboardMerchant #q merchant_id: \"inn\" kind: \"a\"\nby clerk2",
     "OnboardMerchant #q merchant_id: \"den\" kind: \"a\"", "ok"},
    {"a platform and a merchant of one name have ids of their own",
     "use town\nby a source=bakery\nOnboardMerchant #q merchant_id: \"inn\" kind: \"a\"\nby b "
     "merchant=bakery",
     "OnboardMerchant #q merchant_id: \"den\" kind: \"a\"", "ok"},
    {"an order again",
     "use town\nCreditHours " + kCredit + "\nby till merchant=bakery\nRedeemNow " + kOrder,
     "RedeemNow " + kOrder, "again"},
    {"who asks comes before what was asked",
     "use town\nCreditHours " + kCredit + "\nby till merchant=bakery\nRedeemNow " + kOrder +
         "\nby till merchant=bakery volunteer=ann",
     "RedeemNow " + kOrder, "SELF_REDEMPTION"},
    {"what was asked comes before the clock",
     "use old_town\nCreditHours " + kCredit + "\nrecorded -", "CreditHours " + kCredit, "again"},
    {"in the past too", "use old_town\nCreditHours " + kCredit + "\nrecorded 2021-03-01 00:00",
     "CreditHours " + kCredit, "again"},
    {"a conflict comes before the clock",
     "use old_town\nCreditHours " + kCredit + "\nrecorded 2023-01-01 00:00",
     "CreditHours " + kOtherCredit, "REQUEST_CONFLICT"},
    {"after the migration", "use old_town\nCreditHours " + kCredit + "\nFinishMigration",
     "CreditHours " + kCredit, "again"},
    {"a ledger is founded again with the same words", "at 2021-03-01 08:00\nCreateLedger #q",
     "CreateLedger #q", "again"},
    {"with other words", "at 2021-03-01 08:00\nCreateLedger #q", "CreateLedger #q migrating: true",
     "REQUEST_CONFLICT"},
    {"after a freeze",
     "use town\nCreditHours " + kCredit + "\nRedeemNow " + kOrder +
         "\nFreezeVolunteer volunteer_id: \"ann\" reason_code: \"a\"",
     "RedeemNow " + kOrder, "again"},
});

TEST(Idempotency, Rules) { kRules.Run(); }

TEST(Idempotency, ARepetitionNamesTheFirstSequence) {
  Script script;
  script.Given("use town\nCreditHours " + kCredit);
  const uint64_t first = script.last_event().sequence();
  script.Given(R"(OnboardMerchant merchant_id: "inn" kind: "a")");
  const Caller app{"app", "app", "", ""};
  v1::CreditHours credit = script.event(first).hours_credited().command();
  auto salt = [] { return uint64_t{1}; };
  Ledger ledger("linhai");
  for (const std::string& event : script.events()) ASSERT_TRUE(ledger.Replay(event).ok());
  const auto again = Prepare(app, &credit, std::nullopt, std::nullopt);
  const Answer answer =
      ledger.Execute(std::get<Command>(again), {0, salt}, [](std::string_view) { FAIL(); });
  ASSERT_TRUE(std::holds_alternative<AlreadyApplied>(answer));
  EXPECT_EQ(std::get<AlreadyApplied>(answer).sequence, first);

  credit.mutable_record()->mutable_duration()->set_minutes(15);
  const auto other = Prepare(app, &credit, std::nullopt, std::nullopt);
  const Answer conflict =
      ledger.Execute(std::get<Command>(other), {0, salt}, [](std::string_view) { FAIL(); });
  ASSERT_TRUE(std::holds_alternative<Refused>(conflict));
  const std::vector<std::pair<std::string, std::string>> want = {{"request_id", "r1"},
                                                                 {"first_sequence", Text(first)}};
  EXPECT_EQ(std::get<Refused>(conflict).metadata, want);
}

// Of a command of several events the first one is what is remembered.
TEST(Idempotency, ARepeatedSheetNamesItsFirstEvent) {
  Script script;
  script.Given(
      R"(use town
RecordAttendance #sheet activity_id: "patrol" start_us: @2021-03-09T09:00 end_us: @2021-03-09T10:00 attendees { record_id: "a1" volunteer_id: "ann" } attendees { record_id: "a2" volunteer_id: "bob" })");
  const size_t size = script.events().size();
  const v1::Event sheet = script.event(size - 3);
  ASSERT_TRUE(sheet.has_attendance_recorded());
  const Caller app{"app", "app", "", ""};
  const v1::RecordAttendance& sent = sheet.attendance_recorded().command();
  const auto command = std::get<Command>(Prepare(app, &sent, "sheet", std::nullopt));
  const RequestEntry* entry = script.state().FindRequest(command.key);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->sequence, size - 3);
  EXPECT_EQ(entry->content, command.content);
  EXPECT_TRUE(CarriedCommand(sheet).has_value());
  EXPECT_FALSE(CarriedCommand(script.event(size - 2)).has_value());
}

TEST(Idempotency, ARefusalIsNotRemembered) {
  Script script;
  script.Given("use town");
  EXPECT_EQ(script.Run("RedeemNow " + kOrder), "BALANCE_TOO_LOW");
  script.Given("CreditHours " + kCredit);
  EXPECT_EQ(script.Run("RedeemNow " + kOrder), "ok");
}

TEST(Idempotency, TheLedgersOwnEventsTakeNoKey) {
  Script script;
  script.Given("use town\nCreditHours " + kCredit + "\nat 2022-04-01 00:00\nsweep");
  const v1::Event event = script.last_event();
  ASSERT_TRUE(event.has_points_expired());
  EXPECT_EQ(event.actor(), "");
  EXPECT_EQ(event.source(), "");
  EXPECT_EQ(event.request_id(), "");
  EXPECT_EQ(event.kind(), v1::COMMAND_KIND_UNSPECIFIED);
  EXPECT_EQ(event.scope(), v1::REQUEST_SCOPE_UNSPECIFIED);
}

// ---- The mall: an order's id is its request id, everything else has one of its own.

const std::string kBun = Line("bun", 1);

const RuleTable kMall({
    {"a hold again", "use mall\n" + Hold("x", kBun), Hold("x", kBun), "again"},
    {"a hold under its own id", "use mall\n" + Hold("x", kBun),
     "HoldOrder #x" + Hold("x", kBun).substr(9), "again"},
    {"a hold again, after it was confirmed", "use mall\n" + Hold("x", kBun) + "\n" + Confirm("x"),
     Hold("x", kBun), "again"},
    {"a hold again, after it timed out", "use mall\n" + Hold("x", kBun) + "\nat 2021-03-10 09:00",
     Hold("x", kBun), "again"},
    {"a hold of another length", "use mall\n" + Hold("x", kBun),
     Hold("x", kBun, "hold_seconds: 60"), "REQUEST_CONFLICT"},
    {"an order under another id, after it was confirmed",
     "use mall\n" + Hold("x", kBun) + "\n" + Confirm("x"),
     "HoldOrder #y" + Hold("x", kBun).substr(9), "ORDER_EXISTS"},
    {"a voucher again, with another code", "use mall\n" + Voucher("x", 'v', kBun),
     Voucher("x", 'w', kBun), "REQUEST_CONFLICT"},
    {"a redemption with a name and then with a code",
     "use mall\n" + Redeem("x", kBun) + "\ncode ann",
     R"(RedeemNow order_id: "x" merchant_id: "bakery" )" + kBun, "REQUEST_CONFLICT"},
    {"a confirm again", "use mall\n" + Hold("x", kBun) + "\nConfirmOrder #q order_id: \"x\"",
     "ConfirmOrder #q order_id: \"x\"", "again"},
    {"a confirm again, after it was refunded",
     "use mall\n" + Hold("x", kBun) + "\nConfirmOrder #q order_id: \"x\"\n" + Refund("x", kBun),
     "ConfirmOrder #q order_id: \"x\"", "again"},
    {"a confirm of less under the same id",
     "use mall\n" + Hold("x", kBun) + "\nConfirmOrder #q order_id: \"x\"",
     "ConfirmOrder #q order_id: \"x\" " + kBun, "REQUEST_CONFLICT"},
    {"an order's id is no confirm's", "use mall\n" + Hold("q", kBun) + "\n" + Hold("x", kBun),
     "ConfirmOrder #q order_id: \"x\"", "ok"},
    {"two equal refunds are two",
     "use mall\n" + Redeem("x", Line("bun", 2)) + "\n" + Refund("x", kBun), Refund("x", kBun),
     "ok"},
    {"the same refund is one",
     "use mall\n" + Redeem("x", Line("bun", 2)) + "\nRefundOrder #q" + Refund("x", kBun).substr(11),
     "RefundOrder #q" + Refund("x", kBun).substr(11), "again"},
    {"two equal deliveries are two", "use mall\nReceiveStock item_id: \"bun\" quantity: 1",
     "ReceiveStock item_id: \"bun\" quantity: 1", "ok"},
    {"a hold again, after it was given up", "use mall\n" + Hold("x", kBun) + "\n" + Cancel("x"),
     Hold("x", kBun), "again"},
});

TEST(Idempotency, TheMall) { kMall.Run(); }

TEST(Idempotency, ARefusedOrderMayBeTriedAgain) {
  Script script;
  script.Given("use mall\n" + Hold("a", Line("loaf", 2)));
  EXPECT_EQ(script.Run(Hold("x", Line("loaf", 1))), "STOCK_TOO_LOW");
  script.Given(Cancel("a") + "\n" + Hold("x", Line("loaf", 1)));
}

// An order that warns of a budget is remembered by the order itself.
TEST(Idempotency, AnOrderThatWarnsIsRememberedByItsFirstEvent) {
  Script script;
  script.Given("use mall\n" + ByTwo("b3", Allocation("programme", 2021, 1, "warn_percent: 1")) +
               "by till merchant=bakery\n" + Hold("x", Line("oil", 1)));
  const size_t size = script.events().size();
  ASSERT_TRUE(script.last_event().has_budget_warned());
  const Caller till{"till", "", "bakery", ""};
  const v1::HoldOrder sent = script.event(size - 2).order_held().command();
  const auto command = std::get<Command>(Prepare(till, &sent, std::nullopt, std::nullopt));
  const RequestEntry* entry = script.state().FindRequest(command.key);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->sequence, size - 2);
  EXPECT_FALSE(CarriedCommand(script.last_event()).has_value());
}

}  // namespace
}  // namespace meritbook
