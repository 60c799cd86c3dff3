// From an empty folder to an hour's points, and that nothing but damage takes them away again.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

// All that can be read of the first credit; the same before and after whatever happens.
std::string Picture(const Town& town) {
  const auto print = [&](const Client& client, const google::protobuf::Message& request,
                         google::protobuf::Message&& response) {
    EXPECT_EQ(client.Call(request, &response), "OK");
    return response.DebugString();
  };
  return print(town.auditor(), BalanceOf("ann"), v1::GetBalanceResponse()) +
         print(town.auditor(), Parse<v1::ListBalancesRequest>(""), v1::ListBalancesResponse()) +
         print(town.auditor(), Parse<v1::ListEntriesRequest>("volunteer_id: 'ann'"),
               v1::ListEntriesResponse()) +
         print(town.platform(),
               Parse<v1::GetByRequestIdRequest>(
                   "kind: COMMAND_KIND_CREDIT_HOURS request_id: 'record-1'"),
               v1::GetByRequestIdResponse()) +
         print(town.auditor(), Parse<v1::GetLedgerRequest>(""), v1::GetLedgerResponse()) +
         print(town.auditor(), Parse<v1::GetTrialBalanceRequest>(""),
               v1::GetTrialBalanceResponse()) +
         print(town.auditor(), Parse<v1::GetSummaryRequest>(""), v1::GetSummaryResponse());
}

class FirstCredit : public testing::Test {
 protected:
  FirstCredit() {
    EXPECT_EQ(town_.platform().Call(Credit("record-1", "ann", 3, 60), &first_), "OK");
  }

  // The first answer again, and nothing new.
  void ExpectRepeatable() {
    const uint64_t size = town_.Size();
    v1::CreditHoursResponse again;
    EXPECT_EQ(town_.platform().Call(Credit("record-1", "ann", 3, 60), &again), "OK");
    EXPECT_TRUE(again.receipt().already_applied());
    again.mutable_receipt()->set_already_applied(false);
    EXPECT_EQ(again.DebugString(), first_.DebugString());
    EXPECT_EQ(town_.Size(), size);
  }

  Town town_;
  v1::CreditHoursResponse first_;
};

TEST_F(FirstCredit, BecomesPoints) {
  EXPECT_FALSE(first_.receipt().already_applied());
  ASSERT_EQ(first_.segments_size(), 1);
  EXPECT_EQ(first_.segments(0).credited_minutes(), 60);
  EXPECT_EQ(first_.segments(0).units(), kUnitsPerHour);

  const v1::Balance balance = town_.BalanceOf("ann");
  EXPECT_EQ(balance.available_units(), kUnitsPerHour);
  EXPECT_EQ(balance.credited_minutes(), 60);
  EXPECT_EQ(balance.last_sequence(), first_.receipt().sequence());
  ASSERT_EQ(balance.lots_size(), 1);
  EXPECT_EQ(balance.lots(0).units(), kUnitsPerHour);
  EXPECT_EQ(balance.lots(0).expiry_day_number(), first_.segments(0).expiry_day_number());
}

TEST_F(FirstCredit, IsInThePassbookAfterTheRegistration) {
  v1::ListEntriesResponse entries;
  auto request = Parse<v1::ListEntriesRequest>("volunteer_id: 'ann' page_size: 1");
  ASSERT_EQ(town_.platform().Call(request, &entries), "OK");
  ASSERT_EQ(entries.events_size(), 1);
  EXPECT_EQ(entries.events(0).hours_credited().command().record().record_id(), "record-1");
  EXPECT_EQ(entries.events(0).passbook(0).event_count(), 2);
  request.set_page_token(entries.next_page_token());
  ASSERT_EQ(town_.platform().Call(request, &entries), "OK");
  ASSERT_EQ(entries.events_size(), 1);
  EXPECT_TRUE(entries.events(0).has_volunteer_registered());
  EXPECT_EQ(entries.next_page_token(), "");
}

TEST_F(FirstCredit, IsFoundByItsRequestId) {
  v1::GetByRequestIdResponse found;
  const auto request =
      Parse<v1::GetByRequestIdRequest>("kind: COMMAND_KIND_CREDIT_HOURS request_id: 'record-1'");
  ASSERT_EQ(town_.platform().Call(request, &found), "OK");
  EXPECT_EQ(found.receipt().sequence(), first_.receipt().sequence());
  EXPECT_EQ(found.receipt().recorded_us(), first_.receipt().recorded_us());
  EXPECT_EQ(found.event().actor(), "dev-platform");
  EXPECT_EQ(found.event().source(), "dev");
  EXPECT_EQ(found.event().request_id(), "record-1");
  // Another scope has request ids of its own.
  EXPECT_EQ(town_.committee().Call(request), "NOT_FOUND REQUEST_UNKNOWN request_id");
}

TEST_F(FirstCredit, RepeatedGetsTheFirstAnswer) { ExpectRepeatable(); }

TEST_F(FirstCredit, RepeatedWithOtherContentNamesWhatDiffers) {
  auto request = Credit("record-1", "ann", 4, 90);
  request.mutable_command()->mutable_record()->set_session_id(kSession);
  const Outcome outcome = town_.platform().Call(request);
  EXPECT_EQ(outcome.code, "ALREADY_EXISTS");
  EXPECT_EQ(outcome.reason, "REQUEST_CONFLICT");
  EXPECT_EQ(outcome.metadata.at("differing_fields"),
            "record.session_id,record.duration.service_day,record.duration.minutes");
  EXPECT_EQ(outcome.metadata.at("first_sequence"), Text(first_.receipt().sequence()));
  // The record under another request id is no repetition either.
  auto renamed = Credit("record-1", "ann", 3, 60);
  renamed.set_request_id("another");
  EXPECT_EQ(town_.platform().Call(renamed),
            "ALREADY_EXISTS RECORD_EXISTS command.record.record_id");
}

TEST_F(FirstCredit, OutlivesACleanRestart) {
  const std::string before = Picture(town_);
  EXPECT_EQ(town_.Stop(), 0);
  town_.Start();
  EXPECT_EQ(Picture(town_), before);
  ExpectRepeatable();
}

TEST_F(FirstCredit, OutlivesAKill) {
  const std::string before = Picture(town_);
  town_.server().Kill();
  town_.Start();
  EXPECT_EQ(Picture(town_), before);
  ExpectRepeatable();
}

TEST_F(FirstCredit, OutlivesTheLossOfTheState) {
  const std::string before = Picture(town_);
  EXPECT_EQ(town_.Stop(), 0);
  EXPECT_GT(std::filesystem::remove_all(town_.server().data_dir() + "/state"), 0);
  town_.Start();
  EXPECT_EQ(Picture(town_), before);
  ExpectRepeatable();
}

TEST_F(FirstCredit, WithoutItsGuardTheLogIsRefused) {
  EXPECT_EQ(town_.Stop(), 0);
  ASSERT_TRUE(std::filesystem::remove(Text(town_.server().data_dir(), "/guard/", kLedger)));
  EXPECT_FALSE(town_.server().Start());
  EXPECT_EQ(town_.server().exit_code(), 1);
  const std::string output = town_.server().output();
  EXPECT_NE(output.find("guard"), std::string::npos) << output;
  EXPECT_NE(output.find(kLedger), std::string::npos) << output;
}

}  // namespace
}  // namespace meritbook::e2e
