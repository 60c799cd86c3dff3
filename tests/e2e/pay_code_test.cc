// Pay codes: nine digits that a volunteer shows at a till, good for one order and a short time.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <set>
#include <thread>

#include "tests/e2e/mall_town.h"
#include "tests/e2e/rush.h"

namespace meritbook::e2e {
namespace {

const char kUnknown[] = "PAY_CODE_UNKNOWN";

class PayCode : public MallTown {
 protected:
  void SetUp() override {
    MallTown::SetUp();
    ASSERT_NO_FATAL_FAILURE(Register("ann", 8));  // 200 points
    ASSERT_EQ(town_.platform().Call(Offer("bun", "bakery", 10, 100)), "OK");
    ASSERT_EQ(town_.platform().Call(Offer("film", "cinema", 25, 100)), "OK");
    till_.emplace(town_.As("till-of-bakery"));
  }

  std::string Issue(const std::string& merchant = "", uint32_t lifetime_seconds = 120,
                    const std::string& volunteer = "ann") {
    auto request = PayCodeFor(volunteer, merchant);
    request.set_lifetime_seconds(lifetime_seconds);
    v1::IssuePayCodeResponse response;
    EXPECT_EQ(town_.platform().Call(request, &response), "OK");
    issued_.insert(response.pay_code());
    return response.pay_code();
  }

  static v1::HoldOrderRequest Bun(const std::string& order, const std::string& code,
                                  const std::string& terminal = "till-1") {
    auto request = Showing(code, Hold(order, "", "bakery", "bun", 1));
    request.set_terminal_id(terminal);
    return request;
  }

  v1::OrderView OrderOfTill(const std::string& order) {
    v1::GetOrderResponse response;
    EXPECT_EQ(till_->Call(OrderNamed(order), &response), "OK");
    return response.order();
  }

  // Nobody has it.
  std::string WrongCode() {
    std::string code;
    do {
      code = Text(100'000'000 + ++guesses_);
    } while (issued_.count(code) != 0);
    return code;
  }

  std::optional<Client> till_;
  int guesses_ = 0;
  std::set<std::string> issued_;
};

TEST_F(PayCode, PaysForOneOrderAndLeavesNoDigitsInTheLog) {
  auto request = PayCodeFor("ann");
  v1::IssuePayCodeResponse issued;
  const int64_t before_us = NowUs();
  ASSERT_EQ(town_.platform().Call(request, &issued), "OK");
  EXPECT_EQ(issued.pay_code().size(), 9u);
  EXPECT_GE(issued.expires_us(), before_us + 60 * int64_t{1'000'000});
  EXPECT_LE(issued.expires_us(), NowUs() + 60 * int64_t{1'000'000});

  const auto held = Twice<v1::HoldOrderResponse>(*till_, Bun("o1", issued.pay_code()));
  EXPECT_EQ(held.units(), 10 * kUnitsPerPoint);
  EXPECT_EQ(town_.BalanceOf("ann").held_units(), 10 * kUnitsPerPoint);
  EXPECT_EQ(till_->Call(Bun("o2", issued.pay_code())),
            "FAILED_PRECONDITION PAY_CODE_USED pay_code");

  const std::string second = Issue();
  auto redeem = Showing(second, Redeem("o3", "", "bakery", "bun", 2));
  const auto redeemed = Twice<v1::RedeemNowResponse>(*till_, redeem);
  EXPECT_EQ(redeemed.units(), 20 * kUnitsPerPoint);

  std::set<std::string> ids;
  for (const v1::Event& event : town_.Events()) {
    EXPECT_EQ(event.SerializeAsString().find(second), std::string::npos);
    EXPECT_EQ(event.SerializeAsString().find(issued.pay_code()), std::string::npos);
    if (event.has_order_held()) {
      EXPECT_FALSE(event.order_held().command().has_volunteer_id()) << "as sent";
      EXPECT_EQ(event.order_held().hold().volunteer_id(), "ann");
      ids.insert(event.order_held().hold().pay_code_id());
    }
    if (event.has_order_redeemed()) {
      EXPECT_EQ(event.order_redeemed().volunteer_id(), "ann");
      ids.insert(event.order_redeemed().pay_code_id());
    }
  }
  EXPECT_EQ(ids.size(), 2u);
  for (const std::string& id : ids) EXPECT_EQ(id.size(), 16u);
}

TEST_F(PayCode, IsRefusedForItsOwnReason) {
  const std::string expiring = Issue("", 1);
  const auto expired_at = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  const std::string used = Issue();
  ASSERT_EQ(till_->Call(Bun("o1", used)), "OK");
  EXPECT_EQ(till_->Call(Bun("o2", used)), "FAILED_PRECONDITION PAY_CODE_USED pay_code");
  EXPECT_EQ(till_->Call(Bun("o2", WrongCode())).reason, kUnknown);
  EXPECT_EQ(till_->Call(Bun("o2", Issue("cinema"))).reason, "PAY_CODE_OF_OTHER_MERCHANT");
  std::this_thread::sleep_until(expired_at + std::chrono::milliseconds(20));
  EXPECT_EQ(till_->Call(Bun("o2", expiring)).reason, "PAY_CODE_EXPIRED");
  EXPECT_EQ(till_->Call(Bun("o1", used)), "OK")
      << "a repetition is answered before it is looked at";
  EXPECT_EQ(till_->Call(Bun("o2", Issue())), "OK");
  EXPECT_EQ(town_.BalanceOf("ann").held_units(), 20 * kUnitsPerPoint);
}

TEST_F(PayCode, OfAnotherMerchantIsStillGoodThere) {
  const std::string code = Issue("cinema");
  EXPECT_EQ(till_->Call(Bun("o1", code)).reason, "PAY_CODE_OF_OTHER_MERCHANT");
  EXPECT_EQ(town_.As("till-of-cinema").Call(Showing(code, Hold("o1", "", "cinema", "film", 1))),
            "OK");
}

TEST_F(PayCode, ARefusedOrderGivesItBack) {
  const std::string code = Issue();
  auto many = Bun("o1", code);
  many.mutable_command()->mutable_lines(0)->set_quantity(90);
  EXPECT_EQ(till_->Call(many).reason, "BALANCE_TOO_LOW");
  EXPECT_EQ(till_->Call(Bun("o2", code)), "OK") << "another order, with the same code";
  EXPECT_EQ(till_->Call(Bun("o1", code)).reason, "PAY_CODE_USED");
}

TEST_F(PayCode, ShownAtManyTillsAtOnceItPaysForOneOrder) {
  constexpr int kTills = 20;  // and so nineteen wrong tries, one less than lock the merchant
  const std::string code = Issue();
  const Rush rush =
      RushOf(town_, kTills, [&](int i) { return Bun(Text("o", i), code, Text("till-", i)); });
  EXPECT_EQ(rush.sold, 1);
  for (const std::string& refusal : rush.refusals) {
    EXPECT_EQ(refusal, "FAILED_PRECONDITION PAY_CODE_USED pay_code");
  }
  EXPECT_EQ(town_.BalanceOf("ann").held_units(), 10 * kUnitsPerPoint);
}

TEST_F(PayCode, WrongOnesLockATillAndThenTheMerchant) {
  for (int till = 0; till < 4; ++till) {
    const std::string terminal = Text("till-", till);
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(till_->Call(Bun("o1", WrongCode(), terminal)).reason, kUnknown) << till;
    }
    const Outcome locked = till_->Call(Bun("o1", Issue(), terminal));
    EXPECT_EQ(locked.reason, "PAY_CODE_TRIES_EXCEEDED") << till;
    const int seconds = std::stoi(locked.metadata.at("retry_after_seconds"));
    EXPECT_GT(seconds, 800);
    EXPECT_LE(seconds, 900);
  }
  EXPECT_EQ(till_->Call(Bun("o1", Issue(), "till-new")).reason, "PAY_CODE_TRIES_EXCEEDED");
  EXPECT_EQ(till_->Call(Hold("o1", "ann", "bakery", "bun", 1)), "OK") << "without a code";
  EXPECT_EQ(town_.As("till-of-cinema").Call(Showing(Issue(), Hold("o1", "", "cinema", "film", 1))),
            "OK");
}

TEST_F(PayCode, ARestartForgetsIt) {
  const std::string code = Issue();
  const std::string used = Issue();
  ASSERT_EQ(till_->Call(Bun("o1", used)), "OK");
  till_.reset();
  EXPECT_EQ(town_.Stop(), 0);
  town_.Start();
  till_.emplace(town_.As("till-of-bakery"));
  EXPECT_EQ(till_->Call(Bun("o2", code)).reason, kUnknown);
  v1::HoldOrderResponse again;
  EXPECT_EQ(till_->Call(Bun("o1", used), &again), "OK") << "the order is in the log";
  EXPECT_TRUE(again.receipt().already_applied());
}

TEST_F(PayCode, HerOwnIsNotRedeemedByHerself) {
  ASSERT_EQ(town_.operators().Call(Principal(
                "ann-at-bakery", "roles: ROLE_MERCHANT merchant_id: 'bakery' volunteer_id: 'ann'")),
            "OK");
  const std::string code = Issue();
  EXPECT_EQ(town_.As("ann-at-bakery").Call(Bun("o1", code)),
            "PERMISSION_DENIED SELF_REDEMPTION pay_code");
  EXPECT_EQ(till_->Call(Bun("o2", code)), "OK") << "by a colleague, with the same code";
}

TEST_F(PayCode, FollowsTheVolunteerIntoAMerge) {
  ASSERT_NO_FATAL_FAILURE(Register("ann-2", 0));
  const std::string code = Issue("", 120, "ann-2");
  Change("merge", "merge_volunteers { volunteer_id: 'ann-2' survivor_id: 'ann' }");
  EXPECT_EQ(till_->Call(Bun("o1", code)), "OK");
  EXPECT_EQ(OrderOfTill("o1").volunteer_id(), "ann");
  EXPECT_EQ(town_.platform().Call(PayCodeFor("ann-2")).reason, "VOLUNTEER_MERGED");
}

TEST_F(PayCode, TheFormOfTheCall) {
  const std::string code = Issue();
  auto both = Bun("o1", code);
  both.mutable_command()->set_volunteer_id("ann");
  EXPECT_EQ(till_->Call(both), "INVALID_ARGUMENT FIELD_INVALID pay_code");
  auto neither = Bun("o1", "");
  EXPECT_EQ(till_->Call(neither), "INVALID_ARGUMENT FIELD_MISSING command.volunteer_id");
  for (const char* text : {"12345678", "1234567890", "12345678x", "123 456 78"}) {
    EXPECT_EQ(till_->Call(Bun("o1", text)), "INVALID_ARGUMENT FIELD_INVALID pay_code") << text;
  }
  EXPECT_EQ(till_->Call(Bun("o1", code, "till 1")), "INVALID_ARGUMENT ID_MALFORMED terminal_id");
  EXPECT_EQ(till_->Call(Bun("o1", code)), "OK") << "none of these was a try";

  auto issue = PayCodeFor("ann");
  issue.set_lifetime_seconds(121);
  EXPECT_EQ(town_.platform().Call(issue), "INVALID_ARGUMENT FIELD_INVALID lifetime_seconds");
  EXPECT_EQ(town_.platform().Call(PayCodeFor("nobody")),
            "NOT_FOUND VOLUNTEER_UNKNOWN volunteer_id");
  EXPECT_EQ(town_.platform().Call(PayCodeFor("ann", "nobody")),
            "NOT_FOUND MERCHANT_UNKNOWN merchant_id");
  EXPECT_EQ(town_.platform().Call(PayCodeFor("no body")),
            "INVALID_ARGUMENT ID_MALFORMED volunteer_id");
  ASSERT_EQ(town_.committee().Call(Parse<v1::FreezeVolunteerRequest>(
                "request_id: 'f' command { volunteer_id: 'ann' reason_code: 'audit' }")),
            "OK");
  EXPECT_EQ(town_.platform().Call(PayCodeFor("ann")).reason, "VOLUNTEER_FROZEN");
}

}  // namespace
}  // namespace meritbook::e2e
