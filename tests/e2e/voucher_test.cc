// Vouchers: a long hold on a slip, redeemed by its digits, also for goods that were handed over
// while there was no server.
#include <gtest/gtest.h>

#include "tests/e2e/mall_town.h"

namespace meritbook::e2e {
namespace {

class StatedVoucher : public StatedMall {
 protected:
  // Two buns for ann on 1 March, for two days: until 3 March 0:00, and confirmed until 3:00.
  void SetUp() override {
    StatedMall::SetUp();
    At("2021-03-01 09:00");
    auto issue = Voucher("slip", "ann", "bakery", "bun", 2, code_);
    issue.mutable_command()->set_valid_days(2);
    v1::IssueVoucherResponse issued;
    ASSERT_EQ(Ask("platform", issue, &issued), "OK");
    EXPECT_EQ(issued.units(), 20 * kUnitsPerPoint);
    EXPECT_EQ(issued.deadline_us(), Instant("2021-03-03 00:00"));
    ASSERT_EQ(Programme().reserved_fen(), 600u);
  }

  v1::ConfirmOrderRequest Handed(const std::string& request_id, const std::string& when) {
    auto request = Redeemed(request_id, code_);
    if (!when.empty()) request.mutable_command()->set_happened_us(Instant(when));
    return request;
  }

  v1::OrderView Slip() {
    return Read<v1::GetOrderResponse>("platform", OrderNamed("slip")).order();
  }

  void ExpectReleased() {
    EXPECT_EQ(AvailablePoints("ann"), 200);
    EXPECT_EQ(Programme().reserved_fen(), 0u);
    EXPECT_EQ(Programme().owed_fen(), 0);
    EXPECT_EQ(MerchantOf("bakery").payable_units(), 0);
    EXPECT_EQ(MerchantOf("bakery").open_orders(), 0u);
  }

  const std::string code_ = VoucherCode(1);
};

TEST_F(StatedVoucher, GoodsHandedOverWithoutAServerArePaidOnce) {
  Stop();  // for hours …
  const std::string handed_over = "2021-03-02 22:30";
  Start();  // … and the confirm is sent when it is back
  At("2021-03-03 01:30");
  const auto confirm = Handed("c1", handed_over);
  v1::ConfirmOrderResponse confirmed;
  ASSERT_EQ(Ask("till-of-bakery", confirm, &confirmed), "OK");
  EXPECT_EQ(confirmed.units(), 20 * kUnitsPerPoint);
  EXPECT_EQ(confirmed.order().order_id(), "slip");
  EXPECT_EQ(confirmed.order().owner(), "dev");
  EXPECT_EQ(Slip().delivered_us(), Instant(handed_over));

  v1::ConfirmOrderResponse again;
  EXPECT_EQ(Ask("till-of-bakery", confirm, &again), "OK");
  EXPECT_TRUE(again.receipt().already_applied());
  EXPECT_EQ(again.units(), confirmed.units());
  EXPECT_EQ(Ask("till-of-bakery", Handed("c2", handed_over)).reason, "ORDER_NOT_HELD");
  Stop();
  Start();
  At("2021-03-05 08:00");
  EXPECT_EQ(Ask("till-of-bakery", confirm, &again), "OK") << "long after the grace";
  EXPECT_TRUE(again.receipt().already_applied());

  EXPECT_EQ(MerchantOf("bakery").payable_units(), 20 * kUnitsPerPoint);
  EXPECT_EQ(MerchantOf("bakery").payable_fen(), 600);
  EXPECT_EQ(Programme().owed_fen(), 600);
  EXPECT_EQ(Programme().reserved_fen(), 0u);
  EXPECT_EQ(AvailablePoints("ann"), 180);
  const auto events = Events();
  ASSERT_TRUE(events.back().has_order_confirmed()) << "nothing came after it";
  EXPECT_EQ(events.back().occurred_us(), Instant(handed_over));
  EXPECT_EQ(events.back().recorded_us(), Instant("2021-03-03 01:30"));
}

TEST_F(StatedVoucher, AfterTheGraceTheConfirmComesTooLate) {
  Stop();
  Start();
  At("2021-03-03 03:00");
  const Outcome late = Ask("till-of-bakery", Handed("c1", "2021-03-02 22:30"));
  EXPECT_EQ(late.reason, "CONFIRM_TOO_LATE");
  EXPECT_EQ(late.code, "FAILED_PRECONDITION");
  EXPECT_EQ(late.metadata.at("deadline_us"), Text(Instant("2021-03-03 00:00")));
  EXPECT_EQ(late.metadata.at("ends_us"), Text(Instant("2021-03-03 03:00")));
  EXPECT_EQ(Slip().state(), v1::ORDER_STATE_TIMED_OUT);
  ExpectReleased();
  const auto events = Events();
  EXPECT_TRUE(events.back().has_hold_timed_out());
  EXPECT_EQ(events.back().occurred_us(), Instant("2021-03-03 03:00"));
}

TEST_F(StatedVoucher, WithinTheGraceOnlyWhatHappenedBeforeTheDeadlineIsTaken) {
  At("2021-03-03 02:59");
  for (const char* when : {"2021-03-03 00:00", "2021-03-03 01:00", ""}) {
    EXPECT_EQ(Ask("till-of-bakery", Handed("c1", when)).reason, "CONFIRM_TOO_LATE") << when;
  }
  for (const char* when : {"2021-03-01 08:59", "2021-03-03 03:00"}) {
    EXPECT_EQ(Ask("till-of-bakery", Handed("c1", when)).reason, "CONFIRM_TIME_INVALID") << when;
  }
  EXPECT_EQ(Slip().state(), v1::ORDER_STATE_HELD);
  EXPECT_EQ(Ask("till-of-bakery", Handed("c1", "2021-03-02 23:59")), "OK");
}

TEST_F(StatedVoucher, IsOnlyGoodAtItsMerchant) {
  EXPECT_EQ(Ask("till-of-cinema", Redeemed("c1", code_)).reason, "ORDER_OF_OTHER_MERCHANT");
  EXPECT_EQ(Ask("till-of-bakery", Redeemed("c1", code_)), "OK");
}

TEST_F(StatedVoucher, SlipsOfTheFingerAreToldFromVouchersThatNobodyIssued) {
  EXPECT_EQ(Ask("till-of-bakery", Redeemed("c1", VoucherCode(2))),
            "NOT_FOUND VOUCHER_UNKNOWN voucher_code");
  const std::string invalid = "INVALID_ARGUMENT FIELD_INVALID voucher_code";
  for (size_t at = 0; at < code_.size(); ++at) {
    std::string typed = code_;
    typed[at] = typed[at] == '9' ? '0' : static_cast<char>(typed[at] + 1);
    EXPECT_EQ(Ask("till-of-bakery", Redeemed("c1", typed)), invalid) << at;
  }
  for (const std::string& typed :
       {code_.substr(1), code_ + "0", " " + code_.substr(1), code_.substr(0, 19) + "x"}) {
    EXPECT_EQ(Ask("till-of-bakery", Redeemed("c1", typed)), invalid) << typed;
  }
}

TEST_F(StatedVoucher, WhoKnowsTheHashAloneRedeemsNothing) {
  // As the event has it.
  const std::string hash = Voucher("", "", "", "", 1, code_).command().code_sha256();
  auto confirm = Confirm("slip");
  confirm.mutable_command()->clear_order_id();
  confirm.mutable_command()->set_voucher_sha256(hash);
  EXPECT_EQ(Ask("till-of-bakery", confirm),
            "INVALID_ARGUMENT FIELD_INVALID command.voucher_sha256");
  confirm.set_voucher_code(code_);
  EXPECT_EQ(Ask("till-of-bakery", confirm),
            "INVALID_ARGUMENT FIELD_INVALID command.voucher_sha256");

  auto import = Parse<v1::ImportRequest>("");
  v1::ImportItem& item = *import.add_items();
  item.set_request_id("c1");
  item.set_recorded_us(now_us_);
  *item.mutable_confirm_order() = confirm.command();
  const auto stream = clients_.at("platform").Open(MethodOf(*v1::ImportRequest::descriptor()));
  ASSERT_TRUE(stream->Write(import));
  stream->WritesDone();
  v1::ImportResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(stream->Finish(), "OK");
  EXPECT_EQ(OutcomeOf(response.results(0).error()),
            "INVALID_ARGUMENT FIELD_INVALID command.voucher_sha256");
  EXPECT_EQ(Slip().state(), v1::ORDER_STATE_HELD);
}

TEST_F(StatedVoucher, TheCodeStandsInPlaceOfTheOrder) {
  auto both = Redeemed("c1", code_);
  both.mutable_command()->set_order_id("slip");
  EXPECT_EQ(Ask("platform", both), "INVALID_ARGUMENT FIELD_INVALID command.voucher_sha256");
  auto owner = Redeemed("c1", code_);
  owner.mutable_command()->mutable_owner()->set_source("dev");
  EXPECT_EQ(Ask("platform", owner), "INVALID_ARGUMENT FIELD_INVALID command.owner");
  EXPECT_EQ(Ask("platform", Voucher("slip-2", "bob", "bakery", "bun", 1, code_)).reason,
            "VOUCHER_EXISTS");
}

TEST_F(StatedVoucher, PartOfItReleasesTheRest) {
  auto confirm = Redeemed("c1", code_);
  *confirm.mutable_command()->add_lines() = Parse<v1::OrderLine>("item_id: 'bun' quantity: 1");
  Must("till-of-bakery", confirm);
  EXPECT_EQ(AvailablePoints("ann"), 190);
  EXPECT_EQ(Programme().owed_fen(), 300);
  EXPECT_EQ(Programme().reserved_fen(), 0u);
  EXPECT_EQ(Slip().lines(0).delivered(), 1u);
  EXPECT_EQ(Slip().units(), 10 * kUnitsPerPoint);
}

TEST_F(StatedVoucher, ThePlatformMayTakeItBack) {
  EXPECT_EQ(Ask("till-of-bakery", Cancel("slip")).reason, "ORDER_UNKNOWN")
      << "not among the till's own orders";
  auto cancel = Cancel("slip");
  v1::CancelOrderResponse cancelled;
  ASSERT_EQ(Ask("platform", cancel, &cancelled), "OK");
  EXPECT_EQ(cancelled.units(), 20 * kUnitsPerPoint);
  ExpectReleased();
  EXPECT_EQ(Ask("till-of-bakery", Redeemed("c1", code_)).reason, "ORDER_NOT_HELD");
}

}  // namespace
}  // namespace meritbook::e2e
