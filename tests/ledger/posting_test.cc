#include "ledger/posting.h"

#include <gtest/gtest.h>

#include "ledger/command.h"
#include "ledger/text.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

std::string Postings(const v1::Event& event) {
  std::string text;
  int64_t sum = 0;
  for (const Posting& posting : PostingsOf(event)) {
    const auto name = [&]() -> std::string_view {
      switch (posting.account) {
        case Account::kIssued:
          return "issued";
        case Account::kExpired:
          return "expired";
        case Account::kAvailable:
          return "available";
        case Account::kPayable:
          return "payable";
      }
      return "";
    }();
    text += Text(text.empty() ? "" : ", ", name, posting.owner.empty() ? "" : " ", posting.owner,
                 " ", posting.units);
    sum += posting.units;
  }
  EXPECT_EQ(sum, 0);
  return text;
}

TEST(Posting, WhatMovesPoints) {
  Script script;
  script.Given(R"(use town
CreditHours record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T23:00 end_us: @2021-03-06T01:00 })");
  EXPECT_EQ(Postings(script.last_event()), "issued -300000, available ann 300000");
  script.Given(
      R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 2 })");
  EXPECT_EQ(Postings(script.last_event()), "available ann -60000, payable bakery 60000");
  script.Given("at 2022-04-01 00:00\nsweep");
  EXPECT_EQ(Postings(script.last_event()), "available ann -240000, expired 240000");
}

// One event of each kind; the others move nothing.
TEST(Posting, NothingElseMovesPoints) {
  Script script;
  script.Given(R"(use old_town
RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR key_sha256: "k^32"
RevokePrincipal principal_id: "p1"
FreezeVolunteer volunteer_id: "ann" reason_code: "a"
ReceiveStock item_id: "bun" quantity: 1
FinishMigration)");
  for (size_t i = 0; i < script.events().size(); ++i) {
    EXPECT_TRUE(PostingsOf(script.event(i)).empty()) << script.event(i).ShortDebugString();
  }
}

TEST(Posting, PassbooksOfVolunteers) {
  Script script;
  script.Given(R"(use town
CreditHours record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 60 }
FreezeVolunteer volunteer_id: "ann" reason_code: "a"
at 2022-04-01 00:00
sweep)");
  const v1::Event last = script.last_event();
  ASSERT_EQ(last.passbook_size(), 1);
  EXPECT_EQ(last.passbook(0).volunteer_id(), "ann");
  EXPECT_EQ(last.passbook(0).event_count(), 4u);
  // Walking back finds every event of hers.
  std::vector<v1::Event::BodyCase> walked;
  std::optional<uint64_t> at = last.sequence();
  while (at) {
    const v1::Event event = script.event(*at);
    walked.push_back(event.body_case());
    ASSERT_EQ(event.passbook_size(), 1);
    at.reset();
    if (event.passbook(0).has_previous_sequence()) at = event.passbook(0).previous_sequence();
  }
  EXPECT_EQ(walked, (std::vector{v1::Event::kPointsExpired, v1::Event::kVolunteerFrozen,
                                 v1::Event::kHoursCredited, v1::Event::kVolunteerRegistered}));
  EXPECT_TRUE(VolunteersOf(script.event(0)).empty());
}

// An event carries the command that caused it, whole.
TEST(Posting, EventsCarryTheirCommand) {
  Script script;
  script.Given("use town\nby till merchant=bakery");
  for (size_t i = 0; i < script.events().size(); ++i) {
    const v1::Event event = script.event(i);
    const auto command = CarriedCommand(event);
    ASSERT_TRUE(command.has_value());
    EXPECT_EQ(KindOf(*command), event.kind());
    EXPECT_EQ(event.command_first_sequence(), i);
    EXPECT_EQ(event.command_event_count(), 1u);
    EXPECT_EQ(event.salt(), i + 1);
  }
}

}  // namespace
}  // namespace meritbook
