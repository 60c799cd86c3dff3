// The counter, driven line by line against a server that answers what the test wants.
#include "cli/counter.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "cli/problem.h"
#include "cli/voucher_code.h"

namespace meritbook::cli {
namespace {

constexpr int64_t kNow = 1'700'000'000'000'000;
constexpr const char* kPayCode = "123 456 789";

absl::Status Refusal(absl::StatusCode code, const std::string& reason) {
  google::rpc::Status details;
  details.set_code(static_cast<int>(code));
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  details.add_details()->PackFrom(info);
  return RefusedBy(details);
}

absl::Status Refusal(const std::string& reason) {
  return Refusal(absl::StatusCode::kFailedPrecondition, reason);
}

absl::Status Away() { return absl::UnavailableError("can't reach 127.0.0.1:1"); }

// Answers in the order given, then as if all went well; remembers what it was asked.
class FakeTill : public TillServer {
 public:
  absl::StatusOr<std::vector<v1::ShelfItem>> Items() override {
    if (!reads.ok()) return reads;
    return shelf;
  }
  absl::StatusOr<std::vector<v1::OrderView>> OpenOrders() override {
    if (!reads.ok()) return reads;
    return orders;
  }
  absl::StatusOr<v1::RedeemNowResponse> Redeem(const v1::RedeemNowRequest& request) override {
    redeemed.push_back(request);
    if (const absl::Status status = Next(); !status.ok()) return status;
    v1::RedeemNowResponse response;
    response.set_units(60'000);
    for (const v1::OrderLine& line : request.command().lines()) {
      response.add_lines()->set_item_id(line.item_id());
      response.mutable_lines()->rbegin()->set_quantity(line.quantity());
    }
    return response;
  }
  absl::StatusOr<v1::ConfirmOrderResponse> Confirm(
      const v1::ConfirmOrderRequest& request) override {
    confirmed.push_back(request);
    if (const absl::Status status = Next(); !status.ok()) return status;
    v1::ConfirmOrderResponse response;
    response.set_units(30'000);
    response.mutable_order()->set_order_id("o-1");
    response.add_lines()->set_item_id("bun");
    response.mutable_lines(0)->set_quantity(1);
    return response;
  }

  absl::Status reads;
  std::deque<absl::Status> answers;
  std::vector<v1::ShelfItem> shelf;
  std::vector<v1::OrderView> orders;
  std::vector<v1::RedeemNowRequest> redeemed;
  std::vector<v1::ConfirmOrderRequest> confirmed;

 private:
  absl::Status Next() {
    if (answers.empty()) return absl::OkStatus();
    const absl::Status status = answers.front();
    answers.pop_front();
    return status;
  }
};

class CounterTest : public testing::Test {
 protected:
  CounterTest() {
    file_ = testing::TempDir() + "counter-" + std::to_string(getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name() + ".journal";
    std::filesystem::remove(file_);
    OpenJournal();
    for (const auto& [id, price, stock] :
         {std::tuple{"bun", 5U, 10U}, {"6901234567892", 12U, 3U}, {"rice", 7U, 0U}}) {
      v1::ShelfItem& item = till_.shelf.emplace_back();
      item.set_item_id(id);
      item.set_price_points(price);
      item.set_on_hand(stock);
    }
    code_ = *MakeVoucherCode();
  }
  ~CounterTest() override {
    journal_.reset();
    std::filesystem::remove(file_);
    std::filesystem::remove(file_ + ".lock");
  }

  void OpenJournal() {
    journal_.reset();
    auto opened = CounterJournal::Open(file_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    journal_ = *std::move(opened);
  }

  v1::OrderView Order(const std::string& id, bool voucher) const {
    v1::OrderView order;
    order.mutable_order()->set_order_id(id);
    order.mutable_order()->set_scope(v1::REQUEST_SCOPE_SOURCE);
    order.mutable_order()->set_owner("app");
    order.set_voucher(voucher);
    order.set_units(60'000);
    order.add_lines()->mutable_line()->set_item_id("bun");
    order.mutable_lines(0)->mutable_line()->set_quantity(2);
    return order;
  }

  Counter Make(std::istream& in) {
    CounterSettings settings;
    settings.ledger_id = "town";
    settings.merchant_id = "bakery";
    settings.terminal_id = "till-1";
    return Counter(
        std::move(settings), till_, *journal_, in, [this](std::string_view text) { said_ += text; },
        [this] { return now_us_; });
  }

  // Types the lines; what was said is in said_.
  void Type(const std::vector<std::string>& lines) {
    std::string typed;
    for (const std::string& line : lines) typed += line + "\n";
    std::istringstream in(typed);
    said_.clear();
    Make(in).Run();
  }

  bool Said(std::string_view text) const { return said_.find(text) != std::string::npos; }

  std::string file_;
  std::string code_;
  std::string said_;
  int64_t now_us_ = kNow;
  FakeTill till_;
  std::unique_ptr<CounterJournal> journal_;
};

TEST_F(CounterTest, SellsForAPayCode) {
  Type({kPayCode, "1=2", "6901234567892", "6901234567892", "", "q"});
  ASSERT_EQ(till_.redeemed.size(), 1U) << said_;
  const v1::RedeemNowRequest& request = till_.redeemed[0];
  EXPECT_EQ(request.pay_code(), "123456789");
  EXPECT_EQ(request.terminal_id(), "till-1");
  EXPECT_EQ(request.command().merchant_id(), "bakery");
  EXPECT_FALSE(request.command().has_volunteer_id());
  ASSERT_EQ(request.command().lines_size(), 2);
  EXPECT_EQ(request.command().lines(0).item_id(), "bun");
  EXPECT_EQ(request.command().lines(0).quantity(), 2U);
  // Scanned twice: two of them. Its digits are an id, not a place in the list.
  EXPECT_EQ(request.command().lines(1).item_id(), "6901234567892");
  EXPECT_EQ(request.command().lines(1).quantity(), 2U);
  EXPECT_TRUE(Said("total 34 points")) << said_;
  EXPECT_TRUE(Said("DONE  hand over bun=2 6901234567892=2; paid 10.00 points")) << said_;
}

TEST_F(CounterTest, TakesABasketAsItIsMeant) {
  Type({kPayCode, "bun=3", "bun=1", "2", "2=0", "p=30", "3", "nothing", "bun=x", "", "q"});
  ASSERT_EQ(till_.redeemed.size(), 1U) << said_;
  const auto& lines = till_.redeemed[0].command().lines();
  ASSERT_EQ(lines.size(), 3) << said_;
  EXPECT_EQ(lines[0].quantity(), 1U);
  EXPECT_EQ(lines[1].item_id(), "");
  EXPECT_EQ(lines[1].quantity(), 30U);
  EXPECT_EQ(lines[2].item_id(), "rice");
  EXPECT_TRUE(Said("only 0 left of rice")) << said_;
  EXPECT_TRUE(Said("nothing: not on this shelf")) << said_;
  EXPECT_TRUE(Said("bun=x: how many?")) << said_;
}

TEST_F(CounterTest, LeavingPaysNothing) {
  Type({kPayCode, "1", "x", kPayCode, "", "x", "q"});
  EXPECT_TRUE(till_.redeemed.empty());
  EXPECT_TRUE(Said("nothing was paid")) << said_;
  Type({kPayCode, "1"});  // the end of input in the middle
  EXPECT_TRUE(till_.redeemed.empty());
}

TEST_F(CounterTest, RepeatsTheSameOrderAfterALostConnection) {
  till_.answers = {Away(), absl::DeadlineExceededError("slow"), absl::OkStatus()};
  Type({kPayCode, "1", "", "", "", "q"});
  ASSERT_EQ(till_.redeemed.size(), 3U) << said_;
  for (const v1::RedeemNowRequest& request : till_.redeemed) {
    EXPECT_EQ(request.SerializeAsString(), till_.redeemed[0].SerializeAsString());
  }
  EXPECT_TRUE(Said("NO ANSWER  don't hand anything over yet")) << said_;
  EXPECT_TRUE(Said("DONE  hand over")) << said_;
}

TEST_F(CounterTest, ACodeThatWasLeftIsAskedForAgainUnderTheSameOrder) {
  till_.answers = {Away(), absl::OkStatus()};
  Type({kPayCode, "1", "", "x", "123456789", "q"});
  ASSERT_EQ(till_.redeemed.size(), 2U) << said_;
  EXPECT_EQ(till_.redeemed[1].SerializeAsString(), till_.redeemed[0].SerializeAsString());
  EXPECT_TRUE(Said(till_.redeemed[0].command().order_id())) << said_;
}

TEST_F(CounterTest, OtherGoodsMayDoForTheSameCode) {
  till_.answers = {Refusal("BALANCE_TOO_LOW"), absl::OkStatus()};
  Type({kPayCode, "bun=9", "", "bun=1", "", "q"});
  ASSERT_EQ(till_.redeemed.size(), 2U) << said_;
  EXPECT_EQ(till_.redeemed[1].command().lines(0).quantity(), 1U);
  EXPECT_EQ(till_.redeemed[1].pay_code(), "123456789");
  EXPECT_TRUE(Said("REFUSED  the volunteer has too few points (BALANCE_TOO_LOW)")) << said_;
}

TEST_F(CounterTest, AnotherCodeMayDoForTheSameGoods) {
  till_.answers = {Refusal("PAY_CODE_EXPIRED"), absl::OkStatus()};
  Type({kPayCode, "bun=2", "", "987654321", "q"});
  ASSERT_EQ(till_.redeemed.size(), 2U) << said_;
  EXPECT_EQ(till_.redeemed[1].pay_code(), "987654321");
  EXPECT_EQ(till_.redeemed[1].command().SerializeAsString(),
            till_.redeemed[0].command().SerializeAsString());
}

TEST_F(CounterTest, TooManyWrongCodesAreNoLostConnection) {
  till_.answers = {Refusal(absl::StatusCode::kResourceExhausted, "PAY_CODE_TRIES_EXCEEDED")};
  Type({kPayCode, "bun", "", "q"});
  EXPECT_EQ(till_.redeemed.size(), 1U);
  EXPECT_TRUE(Said("REFUSED  too many wrong pay codes")) << said_;
}

TEST_F(CounterTest, ATypoIsCaughtBeforeAnythingIsAsked) {
  std::string wrong = code_;
  wrong[3] = wrong[3] == '0' ? '1' : '0';
  till_.reads = Refusal("INTERNAL");
  Type({wrong, "12345678", "1234567890", code_.substr(1), "q"});
  EXPECT_TRUE(Said("a digit is wrong, or two are swapped")) << said_;
  EXPECT_TRUE(Said("8 digits: a pay code has 9, a voucher 20")) << said_;
  EXPECT_TRUE(Said("10 digits")) << said_;
  EXPECT_TRUE(Said("19 digits")) << said_;
  EXPECT_FALSE(Said("REFUSED")) << said_;
}

TEST_F(CounterTest, ShowsWhatIsOnAVoucherThenConfirms) {
  till_.orders = {Order("v-other", true), Order(VoucherOrderId("town", code_), true)};
  Type({InFours(code_), "", "q"});
  ASSERT_EQ(till_.confirmed.size(), 1U) << said_;
  EXPECT_EQ(till_.confirmed[0].voucher_code(), code_);
  EXPECT_FALSE(till_.confirmed[0].command().has_happened_us());
  EXPECT_NE(till_.confirmed[0].request_id(), "");
  EXPECT_TRUE(Said("bun=2  10.00 points, paid already")) << said_;
  EXPECT_TRUE(Said("DONE  hand over bun=1")) << said_;
  EXPECT_EQ(journal_->vouchers().size(), 0U);
}

TEST_F(CounterTest, AVoucherOfAnotherProgramIsTakenUnseen) {
  Type({code_, "", "q"});
  EXPECT_EQ(till_.confirmed.size(), 1U);
  EXPECT_TRUE(Said("look at the slip")) << said_;
}

TEST_F(CounterTest, AVoucherMayBeHandedOverInPart) {
  Type({code_, "bun=1 rice=0", "bun=1 rice", "q"});
  ASSERT_EQ(till_.confirmed.size(), 1U) << said_;
  ASSERT_EQ(till_.confirmed[0].command().lines_size(), 2);
  EXPECT_EQ(till_.confirmed[0].command().lines(1).item_id(), "rice");
}

TEST_F(CounterTest, AScanOfTheSameSlipIsAnotherRequest) {
  till_.answers = {absl::OkStatus(), Refusal("ORDER_NOT_HELD")};
  Type({code_, "", code_, "", "q"});
  ASSERT_EQ(till_.confirmed.size(), 2U) << said_;
  EXPECT_NE(till_.confirmed[0].request_id(), till_.confirmed[1].request_id());
  EXPECT_TRUE(Said("REFUSED  the order was confirmed, cancelled or timed out before")) << said_;
  EXPECT_TRUE(Said("don't hand anything over again")) << said_;
}

TEST_F(CounterTest, AnOrderIsHandedOverForWhoPlacedIt) {
  till_.orders = {Order("o-1", false)};
  Type({"o-1", "", "o 555", "no-such", "q"});
  ASSERT_EQ(till_.confirmed.size(), 1U) << said_;
  EXPECT_EQ(till_.confirmed[0].command().order_id(), "o-1");
  EXPECT_EQ(till_.confirmed[0].command().owner().source(), "app");
  EXPECT_TRUE(Said("no open order 555")) << said_;
  EXPECT_TRUE(Said("no open order no-such")) << said_;
}

TEST_F(CounterTest, AnOrderOrAPayCodeNeedsTheServer) {
  till_.reads = Away();
  till_.shelf.clear();
  Type({"o-1", kPayCode, "q"});
  EXPECT_TRUE(Said("no order can be looked up now: the server can't be reached")) << said_;
  EXPECT_TRUE(Said("nothing can be sold for a pay code now")) << said_;
  EXPECT_TRUE(till_.redeemed.empty());
  EXPECT_TRUE(till_.confirmed.empty());
}

TEST_F(CounterTest, AVouchersOrderIdIsNotItsCode) {
  const std::string id = VoucherOrderId("town", code_);
  till_.orders = {Order(id, true)};
  Type({id, "", "q"});
  EXPECT_TRUE(till_.confirmed.empty()) << said_;
}

TEST_F(CounterTest, TakesAVoucherWhileTheServerIsAway) {
  till_.reads = Away();
  Type({code_, "", code_, "q"});
  EXPECT_TRUE(till_.confirmed.empty());
  EXPECT_TRUE(Said("DONE  noted at ")) << said_;
  EXPECT_TRUE(Said("REFUSED  this voucher was taken here on")) << said_;
  EXPECT_TRUE(Said("vouchers not sent yet: 1")) << said_;
  ASSERT_EQ(journal_->waiting_count(), 1U);
  EXPECT_EQ(journal_->vouchers()[0].happened_us, kNow);

  // Another run, hours later: sent before the first customer, with the time of the handing over.
  OpenJournal();
  till_.reads = absl::OkStatus();
  now_us_ += 7'200'000'000;
  Type({"q"});
  ASSERT_EQ(till_.confirmed.size(), 1U) << said_;
  EXPECT_EQ(till_.confirmed[0].voucher_code(), code_);
  EXPECT_EQ(till_.confirmed[0].command().happened_us(), kNow);
  EXPECT_EQ(till_.confirmed[0].request_id(), journal_->vouchers()[0].request_id);
  EXPECT_TRUE(Said("sent, paid 5.00 points")) << said_;
  EXPECT_EQ(journal_->vouchers()[0].state, TakenState::kDone);
  EXPECT_EQ(journal_->vouchers()[0].code, "");
  // It is known here for ever.
  till_.reads = Away();
  Type({code_, "q"});
  EXPECT_TRUE(Said("REFUSED  this voucher was taken here on")) << said_;
  EXPECT_EQ(till_.confirmed.size(), 1U);
}

TEST_F(CounterTest, AConfirmWithoutAnAnswerIsNotedUnderItsOwnId) {
  till_.answers = {Away(), Refusal("REQUEST_CONFLICT")};
  Type({code_, "", "o", "", "q"});
  ASSERT_EQ(till_.confirmed.size(), 2U) << said_;
  EXPECT_EQ(till_.confirmed[0].request_id(), till_.confirmed[1].request_id());
  EXPECT_FALSE(till_.confirmed[0].command().has_happened_us());
  EXPECT_TRUE(till_.confirmed[1].command().has_happened_us());
  // The first had come through: this voucher is paid, once.
  EXPECT_TRUE(Said("it was paid at the first try")) << said_;
  EXPECT_EQ(journal_->vouchers()[0].state, TakenState::kDone);
}

TEST_F(CounterTest, AVoucherThatWasLeftIsAskedForUnderItsOwnId) {
  till_.answers = {Away(), absl::OkStatus()};
  Type({code_, "", "x", code_, "q"});
  ASSERT_EQ(till_.confirmed.size(), 2U) << said_;
  EXPECT_EQ(till_.confirmed[1].SerializeAsString(), till_.confirmed[0].SerializeAsString());
}

TEST_F(CounterTest, APartIsNotTakenOffline) {
  till_.answers = {Away()};
  Type({code_, "bun=1", "o", "q"});
  // `o` is no answer there: it is tried again.
  EXPECT_EQ(till_.confirmed.size(), 2U) << said_;
  EXPECT_TRUE(journal_->vouchers().empty());
}

TEST_F(CounterTest, WhatIsRefusedLaterIsToldAndNotSentAgain) {
  till_.reads = Away();
  Type({code_, "", "q"});
  till_.answers = {Refusal("CONFIRM_TOO_LATE")};
  Type({"q"});
  EXPECT_TRUE(Said("REFUSED  the hold's time is over")) << said_;
  EXPECT_EQ(journal_->vouchers()[0].state, TakenState::kRefused);
  EXPECT_EQ(journal_->vouchers()[0].outcome, "CONFIRM_TOO_LATE");
  EXPECT_EQ(journal_->vouchers()[0].code, "");
  Type({"", "q"});
  EXPECT_EQ(till_.confirmed.size(), 1U) << said_;
}

TEST_F(CounterTest, SomeRefusalsAreNotTheVouchers) {
  till_.reads = Away();
  Type({code_, "", "q"});
  struct {
    const char* reason;
    int64_t later_us;
    TakenState want;
  } const kRows[] = {{"UNAUTHENTICATED", 0, TakenState::kWaiting},
                     {"MERCHANT_NOT_YOURS", 0, TakenState::kWaiting},
                     // This till's clock is ahead of the server's.
                     {"CONFIRM_TIME_INVALID", 60'000'000, TakenState::kWaiting},
                     {"CONFIRM_TIME_INVALID", 7'200'000'000, TakenState::kRefused}};
  for (const auto& row : kRows) {
    now_us_ = kNow + row.later_us;
    till_.answers = {Refusal(row.reason)};
    std::istringstream in;
    const SentTally tally = Make(in).Send();
    EXPECT_EQ(journal_->vouchers()[0].state, row.want) << row.reason << " " << said_;
    EXPECT_EQ(tally.waiting, row.want == TakenState::kWaiting ? 1 : 0) << row.reason;
    EXPECT_EQ(tally.refused, row.want == TakenState::kRefused ? 1 : 0) << row.reason;
  }
}

TEST_F(CounterTest, SendingStopsAtTheFirstThatFindsNoServer) {
  till_.reads = Away();
  Type({code_, "", *MakeVoucherCode(), "", *MakeVoucherCode(), "", "q"});
  ASSERT_EQ(journal_->waiting_count(), 3U);
  till_.answers = {absl::OkStatus(), Away()};
  std::istringstream in;
  const SentTally tally = Make(in).Send();
  EXPECT_EQ(tally.done, 1);
  EXPECT_EQ(tally.waiting, 2);
  EXPECT_EQ(till_.confirmed.size(), 2U);
  EXPECT_EQ(journal_->waiting_count(), 2U);
}

TEST_F(CounterTest, SpeaksChinese) {
  CounterSettings settings;
  settings.language = Language::kChinese;
  settings.merchant_id = "bakery";
  std::istringstream in("h\nq\n");
  Counter counter(
      settings, till_, *journal_, in, [this](std::string_view text) { said_ += text; },
      [] { return kNow; });
  counter.Run();
  EXPECT_TRUE(Said("付款码、兑换券或订单")) << said_;
  EXPECT_TRUE(Said("20 位数字")) << said_;
}

}  // namespace
}  // namespace meritbook::cli
