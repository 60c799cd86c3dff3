// One request id, one effect, for ever.
#include <gtest/gtest.h>

#include "ledger/text.h"
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

}  // namespace
}  // namespace meritbook
