// Many records in one call: a result for each in order, and what limits there are.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

constexpr int kItemsMax = 8'192;
constexpr int kAtomicMax = 1'024;

std::string ResultOf(const v1::ItemResult& result) {
  return result.has_receipt() ? "OK" : OutcomeOf(result.error()).text;
}

class Batches : public testing::Test {
 protected:
  // A minute is the unit, so that a volunteer takes hundreds of records a day.
  Batches() : town_(1) { EXPECT_EQ(town_.platform().Call(Volunteer("ben")), "OK"); }

  // `count` records of ann's, a minute each: `prefix`-0 and so on, 480 to a day.
  static v1::BatchCreditHoursRequest Batch(const std::string& prefix, int count) {
    auto batch = Parse<v1::BatchCreditHoursRequest>("");
    for (int i = 0; i < count; ++i) {
      *batch.add_items() = Item(Credit(Text(prefix, "-", i), "ann", 1 + i / 480, 1));
    }
    return batch;
  }

  std::vector<std::string> Results(const v1::BatchCreditHoursRequest& batch) {
    v1::BatchCreditHoursResponse response;
    EXPECT_EQ(town_.platform().Call(batch, &response), "OK");
    std::vector<std::string> results;
    for (const v1::ItemResult& result : response.results()) results.push_back(ResultOf(result));
    return results;
  }

  Town town_;
};

// A bad record of every sort between good ones.
v1::BatchCreditHoursRequest Mixed() {
  auto batch = Parse<v1::BatchCreditHoursRequest>("");
  *batch.add_items() = Item(Credit("good-0", "ann", 3, 60));
  *batch.add_items() = Item(Credit("bad id", "ann", 3, 60));
  *batch.add_items() = Item(Credit("good-1", "ben", 3, 60));
  *batch.add_items() = Item(Credit("stranger", "nobody", 3, 60));
  batch.add_items();
  *batch.add_items() = Item(Credit("good-1", "ben", 3, 60));  // the same again
  *batch.add_items() = Item(Credit("good-1", "ben", 3, 75));  // not the same
  *batch.add_items() = Item(Credit("good-2", "ann", 4, 60));
  return batch;
}

TEST_F(Batches, OneBadItemNeverFailsItsNeighbours) {
  const std::vector<std::string> want = {
      "OK",
      "INVALID_ARGUMENT ID_MALFORMED command.record.record_id",
      "OK",
      "NOT_FOUND VOLUNTEER_UNKNOWN command.record.volunteer_id",
      "INVALID_ARGUMENT FIELD_MISSING command.record.record_id",
      "OK",
      "ALREADY_EXISTS REQUEST_CONFLICT command.record.duration.minutes",
      "OK"};
  const uint64_t size = town_.Size();
  EXPECT_EQ(Results(Mixed()), want);
  EXPECT_EQ(town_.Size(), size + 3);
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 2 * kUnitsPerHour);
  EXPECT_EQ(town_.BalanceOf("ben").available_units(), kUnitsPerHour);
  // In order, and the same again when all is repeated.
  v1::BatchCreditHoursResponse response;
  ASSERT_EQ(town_.platform().Call(Mixed(), &response), "OK");
  EXPECT_EQ(response.results(0).receipt().sequence(), size);
  EXPECT_EQ(response.results(2).receipt().sequence(), size + 1);
  EXPECT_EQ(response.results(5).receipt().sequence(), size + 1);
  EXPECT_EQ(response.results(7).receipt().sequence(), size + 2);
  for (int i : {0, 2, 5, 7}) EXPECT_TRUE(response.results(i).receipt().already_applied()) << i;
  EXPECT_EQ(town_.Size(), size + 3);
}

TEST_F(Batches, AtomicIsAllOrNothing) {
  const uint64_t size = town_.Size();
  auto batch = Batch("a", 10);
  batch.set_atomic(true);
  batch.mutable_items(6)->mutable_command()->mutable_record()->set_volunteer_id("nobody");
  std::vector<std::string> want(10, "ABORTED ATOMIC_ABORTED");
  want[6] = "NOT_FOUND VOLUNTEER_UNKNOWN command.record.volunteer_id";
  EXPECT_EQ(Results(batch), want);
  batch.mutable_items(6)->mutable_command()->mutable_record()->set_volunteer_id("no body");
  want[6] = "INVALID_ARGUMENT ID_MALFORMED command.record.volunteer_id";
  EXPECT_EQ(Results(batch), want);
  EXPECT_EQ(town_.Size(), size);
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 0);

  // Nothing is remembered of it: corrected, the same ids are taken.
  batch.mutable_items(6)->mutable_command()->mutable_record()->set_volunteer_id("ann");
  EXPECT_EQ(Results(batch), std::vector<std::string>(10, "OK"));
  EXPECT_EQ(town_.Size(), size + 10);
  // What was there already is no refusal.
  batch.mutable_items(3)->mutable_command()->mutable_record()->set_record_id("new");
  EXPECT_EQ(Results(batch), std::vector<std::string>(10, "OK"));
  EXPECT_EQ(town_.Size(), size + 11);
  EXPECT_EQ(town_.BalanceOf("ann").credited_minutes(), 11);
  town_.server().Kill();
  town_.Start();
  EXPECT_EQ(town_.BalanceOf("ann").credited_minutes(), 11);
}

TEST_F(Batches, AtMost8192) {
  const uint64_t size = town_.Size();
  EXPECT_EQ(town_.platform().Call(Batch("a", kItemsMax + 1)),
            "INVALID_ARGUMENT BATCH_TOO_LARGE items");
  EXPECT_EQ(town_.Size(), size);
  EXPECT_EQ(Results(Batch("a", kItemsMax)), std::vector<std::string>(kItemsMax, "OK"));
  EXPECT_EQ(town_.Size(), size + kItemsMax);
  // Repeated: every one has its first answer.
  v1::BatchCreditHoursResponse again;
  ASSERT_EQ(town_.platform().Call(Batch("a", kItemsMax), &again), "OK");
  for (int i = 0; i < kItemsMax; ++i) {
    ASSERT_TRUE(again.results(i).receipt().already_applied()) << i;
    ASSERT_EQ(again.results(i).receipt().sequence(), size + static_cast<uint64_t>(i));
  }
  EXPECT_EQ(town_.Size(), size + kItemsMax);
}

TEST_F(Batches, AtMost1024Atomic) {
  const uint64_t size = town_.Size();
  auto batch = Batch("a", kAtomicMax + 1);
  batch.set_atomic(true);
  EXPECT_EQ(town_.platform().Call(batch), "INVALID_ARGUMENT BATCH_TOO_LARGE items");
  EXPECT_EQ(town_.Size(), size);
  batch.mutable_items()->RemoveLast();
  EXPECT_EQ(Results(batch), std::vector<std::string>(kAtomicMax, "OK"));
  EXPECT_EQ(town_.Size(), size + kAtomicMax);
}

TEST_F(Batches, AMessageBeyond16MiBIsRefusedByGrpc) {
  const uint64_t size = town_.Size();
  auto batch = Batch("a", 2);
  // Full to the last item, and far over the limit.
  batch.mutable_items(1)->mutable_command()->mutable_record()->set_activity_id(
      std::string(17 << 20, 'a'));
  EXPECT_EQ(town_.platform().Call(batch), "RESOURCE_EXHAUSTED");
  batch.mutable_items(1)->mutable_command()->mutable_record()->set_activity_id(
      std::string(15 << 20, 'a'));
  EXPECT_EQ(Results(batch),
            (std::vector<std::string>{"OK", "INVALID_ARGUMENT FIELD_INVALID command"}));
  EXPECT_EQ(town_.Size(), size + 1);
}

TEST_F(Batches, EmptyOnesAreTakenAndDoNothing) {
  const uint64_t size = town_.Size();
  EXPECT_EQ(Results(Batch("a", 0)), std::vector<std::string>());
  EXPECT_EQ(town_.Size(), size);
}

TEST_F(Batches, OfAnUnknownLedgerEveryItemSaysSo) {
  auto batch = Batch("a", 3);
  batch.set_ledger_id("nowhere");
  EXPECT_EQ(Results(batch), std::vector<std::string>(3, "NOT_FOUND LEDGER_UNKNOWN ledger_id"));
}

}  // namespace
}  // namespace meritbook::e2e
