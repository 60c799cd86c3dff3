// From a month's orders to the merchant's money: closed books, statement, objection, payment.
#include <gtest/gtest.h>

#include "tests/e2e/mall_town.h"

namespace meritbook::e2e {
namespace {

constexpr int64_t kBunFen = 300;
constexpr int64_t kBunUnits = 10 * kUnitsPerPoint;

class Settlement : public StatedMall {
 protected:
  // In March ann has four buns, of which one goes back, and bob two.
  void SetUp() override {
    StatedMall::SetUp();
    At("2021-03-10 10:00");
    Must("till-of-bakery", Redeem("o1", "ann", "bakery", "bun", 4));
    Must("till-of-bakery", Redeem("o2", "bob", "bakery", "bun", 2));
    At("2021-03-11 10:00");
    Must("till-of-bakery", Refund("back", "o1", "bun", 1));
  }

  void CloseMarch() {
    At("2021-04-01 00:00");
    Must("lin", CloseMonth("2021-03"));
  }

  template <typename Response, typename Request>
  Response Twice(const std::string& who, const Request& request) {
    Response first;
    EXPECT_EQ(Ask(who, request, &first), "OK") << request.ShortDebugString();
    EXPECT_FALSE(first.receipt().already_applied());
    Response again;
    EXPECT_EQ(Ask(who, request, &again), "OK");
    EXPECT_TRUE(again.receipt().already_applied());
    again.mutable_receipt()->set_already_applied(false);
    EXPECT_EQ(again.DebugString(), first.DebugString());
    return first;
  }

  static void ExpectBuns(const v1::Amounts& amounts, int64_t buns, const char* what) {
    EXPECT_EQ(amounts.units(), buns * kBunUnits) << what;
    EXPECT_EQ(amounts.fen(), buns * kBunFen) << what;
  }
  static void ExpectAddsUp(const v1::StatementFigures& f) {
    EXPECT_EQ(f.closing().units(), f.opening().units() + f.confirmed().units() -
                                       f.refunded().units() - f.paid().units() +
                                       f.reversed().units() - f.written_off().units());
    EXPECT_EQ(f.closing().fen(), f.opening().fen() + f.confirmed().fen() - f.refunded().fen() -
                                     f.paid().fen() + f.reversed().fen() - f.written_off().fen());
  }

  std::map<std::string, int64_t> Totals() {
    const auto trial =
        Read<v1::GetTrialBalanceResponse>("auditor", Parse<v1::GetTrialBalanceRequest>(""));
    std::map<std::string, int64_t> totals;
    int64_t sum = 0;
    for (const v1::AccountTotal& total : trial.totals()) {
      totals[total.account()] = total.units();
      sum += total.units();
    }
    EXPECT_EQ(sum, 0);
    return totals;
  }
};

TEST_F(Settlement, OfAMonthUntilTheMoneyIsThere) {
  EXPECT_EQ(Ask("lin", CloseMonth("2021-03")).reason, "PERIOD_NOT_OVER");
  EXPECT_EQ(Ask("lin", Statement("s1", "bakery", "2021-03")).reason, "PERIOD_NOT_CLOSED");
  CloseMarch();
  EXPECT_EQ(Ask("lin", CloseMonth("2021-02")).reason, "PERIOD_CLOSED");

  const auto opened = Twice<v1::OpenStatementResponse>("lin", Statement("s1", "bakery", "2021-03"));
  ExpectBuns(opened.figures().confirmed(), 6, "confirmed");
  ExpectBuns(opened.figures().refunded(), 1, "refunded");
  ExpectBuns(opened.figures().closing(), 5, "closing");
  ExpectAddsUp(opened.figures());
  v1::StatementView view = StatementOf("s1");
  EXPECT_EQ(view.state(), v1::STATEMENT_STATE_OPEN);
  EXPECT_EQ(view.through_month(), "2021-03");
  EXPECT_EQ(view.closes_us(), Instant("2021-04-15 00:00"));
  ASSERT_EQ(view.by_budget_size(), 1);
  EXPECT_EQ(view.by_budget(0).fen(), 5 * kBunFen);
  EXPECT_EQ(MerchantOf("bakery").newest_statement_id(), "s1");

  Must("till-of-bakery", Object("s1"));
  EXPECT_EQ(Ask("lin", Close("s1")).reason, "STATEMENT_OBJECTED");
  At("2021-04-02 09:00");
  Must("lin", Resolve("s1", false));
  EXPECT_EQ(Ask("lin", Pay("s1", 5 * kBunFen)).reason, "STATEMENT_NOT_CLOSED");
  const auto closed = Twice<v1::CloseStatementResponse>("till-of-bakery", Close("s1"));
  ExpectBuns(closed.figures().closing(), 5, "closing");

  const Outcome short_paid = Ask("lin", Pay("s1", 5 * kBunFen - 1));
  EXPECT_EQ(short_paid.reason, "AMOUNT_DIFFERS");
  EXPECT_EQ(short_paid.metadata.at("fen"), Text(5 * kBunFen));
  const auto paid = Twice<v1::RecordPaymentResponse>("lin", Pay("s1", 5 * kBunFen));
  ExpectBuns(paid.amounts(), 5, "paid");
  view = StatementOf("s1");
  EXPECT_EQ(view.state(), v1::STATEMENT_STATE_PAID);
  EXPECT_EQ(view.payment_reference(), "bank-s1");
  EXPECT_EQ(MerchantOf("bakery").payable_units(), 0);
  EXPECT_EQ(MerchantOf("bakery").payable_fen(), 0);
  EXPECT_EQ(Totals()["settled"], 5 * kBunUnits);
  EXPECT_EQ(Programme().paid_fen(), static_cast<uint64_t>(5 * kBunFen));
  EXPECT_EQ(Programme().owed_fen(), 0);

  const auto reversed = Twice<v1::ReversePaymentResponse>("lin", Reverse("s1"));
  ExpectBuns(reversed.amounts(), 5, "reversed");
  EXPECT_EQ(StatementOf("s1").state(), v1::STATEMENT_STATE_CLOSED);
  EXPECT_EQ(Totals()["settled"], 0);
  EXPECT_EQ(Totals()["payable"], 5 * kBunUnits);
  auto again = Pay("s1", 5 * kBunFen);
  again.set_request_id("pay-again");
  Must("lin", again);
  EXPECT_EQ(Totals()["settled"], 5 * kBunUnits);
}

TEST_F(Settlement, ClosesByItselfAndIsCarriedForward) {
  CloseMarch();
  Must("lin", Statement("s1", "bakery", "2021-03"));
  At("2021-04-14 23:59");
  Must("till-of-bakery", Redeem("o3", "bob", "bakery", "bun", 1));
  EXPECT_EQ(StatementOf("s1").state(), v1::STATEMENT_STATE_OPEN);
  At("2021-04-15 00:00");
  Must("till-of-bakery", Refund("late", "o2", "bun", 2));  // of March, in April
  EXPECT_EQ(StatementOf("s1").state(), v1::STATEMENT_STATE_CLOSED);
  EXPECT_EQ(Ask("till-of-bakery", Object("s1")).reason, "STATEMENT_NOT_OPEN");
  At("2021-05-01 00:00");
  Must("lin", CloseMonth("2021-04"));
  Must("lin", Statement("s2", "bakery", "2021-04"));
  EXPECT_EQ(StatementOf("s1").state(), v1::STATEMENT_STATE_CARRIED_FORWARD);
  EXPECT_EQ(Ask("lin", Pay("s1", 5 * kBunFen)).reason, "STATEMENT_CARRIED_FORWARD");
  const v1::StatementView view = StatementOf("s2");
  EXPECT_EQ(view.previous_statement_id(), "s1");
  ExpectBuns(view.figures().opening(), 5, "opening");
  ExpectBuns(view.figures().confirmed(), 1, "confirmed");
  ExpectBuns(view.figures().refunded(), 2, "refunded");
  ExpectBuns(view.figures().closing(), 4, "closing");
  ExpectAddsUp(view.figures());
}

// A confirm from an unconnected till, of a day in a month whose books are closed.
TEST_F(Settlement, ALateFactAboutAClosedMonthIsBookedInTheOpenOneAndSaysSo) {
  At("2021-03-31 12:00");
  auto hold = Hold("o4", "ann", "bakery", "bun", 1);
  hold.mutable_command()->set_offline(true);
  Must("till-of-bakery", hold);
  auto voucher = Voucher("slip", "ann", "bakery", "bun", 2, VoucherCode(1));
  voucher.mutable_command()->set_valid_days(1);
  Must("platform", voucher);
  CloseMarch();
  auto confirm = Redeemed("c1", VoucherCode(1));
  confirm.mutable_command()->set_happened_us(Instant("2021-03-31 17:00"));
  At("2021-04-01 00:10");
  Must("till-of-bakery", confirm);
  const auto events = Events();
  ASSERT_TRUE(events.back().has_order_confirmed());
  EXPECT_EQ(events.back().booked_month_number(), (2021 - 1970) * 12 + 3);
  Must("lin", Statement("s1", "bakery", "2021-03"));
  ExpectBuns(StatementOf("s1").figures().confirmed(), 6, "of March as it was closed");
  At("2021-05-01 00:00");
  Must("lin", CloseMonth("2021-04"));
  Must("lin", Statement("s2", "bakery", "2021-04"));
  ExpectBuns(StatementOf("s2").figures().confirmed(), 2, "of April");
}

TEST_F(Settlement, TwoPeopleWriteOff) {
  CloseMarch();
  Must("lin", Statement("s1", "bakery", "2021-03"));
  Must("till-of-bakery", Object("s1"));
  Change("less",
         Text("write_off { statement_id: 's1' reason_code: 'broken' amounts { units: ", kBunUnits,
              " fen: ", kBunFen, " } budget { source: 'programme' year: 2021 } }"));
  Must("lin", Resolve("s1", true));
  const v1::StatementFigures figures = StatementOf("s1").figures();
  ExpectBuns(figures.written_off(), 1, "written off");
  ExpectBuns(figures.closing(), 4, "closing");
  ExpectAddsUp(figures);
  EXPECT_EQ(Totals()["written_off"], kBunUnits);
  EXPECT_EQ(Programme().owed_fen(), 4 * kBunFen);
}

TEST_F(Settlement, AMerchantReadsAndMovesItsOwnStatementsOnly) {
  At("2021-03-20 08:00");
  Must("till-of-cinema", Redeem("o1", "ann", "cinema", "film", 1));
  CloseMarch();
  Must("lin", Statement("s1", "bakery", "2021-03"));
  Must("lin", Statement("s2", "cinema", "2021-03"));
  EXPECT_EQ(Ask("till-of-cinema", Object("s1")),
            "PERMISSION_DENIED MERCHANT_NOT_YOURS command.statement_id");
  EXPECT_EQ(Ask("till-of-cinema", Close("s1")),
            "PERMISSION_DENIED MERCHANT_NOT_YOURS command.statement_id");
  EXPECT_EQ(clients_.at("till-of-cinema").Call(StatementNamed("s1")),
            "PERMISSION_DENIED MERCHANT_NOT_YOURS statement_id");
  EXPECT_EQ(clients_.at("till-of-cinema").Call(StatementNamed("s2")), "OK");
  EXPECT_EQ(clients_.at("auditor").Call(StatementNamed("s3")),
            "NOT_FOUND STATEMENT_UNKNOWN statement_id");
  // Whatever it asks for.
  for (const char* asked : {"", "bakery", "cinema"}) {
    const auto list = Read<v1::ListStatementsResponse>(
        "till-of-cinema", Parse<v1::ListStatementsRequest>(Text("merchant_id: '", asked, "'")));
    ASSERT_EQ(list.statements_size(), 1) << asked;
    EXPECT_EQ(list.statements(0).statement_id(), "s2");
  }
  const auto role_missing = "PERMISSION_DENIED ROLE_MISSING authorization";
  EXPECT_EQ(Ask("till-of-bakery", Pay("s1", 5 * kBunFen)), role_missing);
  EXPECT_EQ(Ask("till-of-bakery", Statement("s3", "bakery", "2021-03")), role_missing);
  EXPECT_EQ(Ask("till-of-bakery", Resolve("s1", true)), role_missing);
  EXPECT_EQ(Ask("platform", Statement("s3", "bakery", "2021-03")), role_missing);
  EXPECT_EQ(Ask("lin", Object("s1")), role_missing);
  EXPECT_EQ(clients_.at("till-of-bakery").Call(Parse<v1::ListBudgetsRequest>("")), role_missing);
}

TEST_F(Settlement, StatementsAreListedNewestFirstPageByPage) {
  std::vector<std::string> months;
  for (int month = 3; month <= 9; ++month) {
    At(Text("2021-0", month, "-28 08:00"));
    Must("platform", Redeem(Text("b", month), "ann", "bakery", "bun", 1));
    At(month == 9 ? "2021-10-01 00:00" : Text("2021-0", month + 1, "-01 00:00"));
    Must("lin", CloseMonth(Text("2021-0", month)));
    for (const char* merchant : {"bakery", "cinema"}) {
      const std::string id = Text(merchant, "-", month);
      Must("lin", Statement(id, merchant, Text("2021-0", month)));
      Must("lin", Close(id));
    }
  }
  const auto pages = [this](const std::string& who, const std::string& merchant, uint32_t size) {
    std::vector<std::string> ids;
    auto request = Parse<v1::ListStatementsRequest>(Text("merchant_id: '", merchant, "'"));
    request.set_page_size(size);
    v1::ListStatementsResponse page;
    do {
      page = Read<v1::ListStatementsResponse>(who, request);
      EXPECT_LE(page.statements_size(), size);
      for (const v1::StatementView& view : page.statements()) ids.push_back(view.statement_id());
      request.set_page_token(page.next_page_token());
    } while (!page.next_page_token().empty());
    return ids;
  };
  std::vector<std::string> all;
  std::vector<std::string> of_bakery;
  for (int month = 9; month >= 3; --month) {
    all.push_back(Text("cinema-", month));
    all.push_back(Text("bakery-", month));
    of_bakery.push_back(Text("bakery-", month));
  }
  for (const uint32_t size : {1u, 3u, 14u, 100u}) {
    EXPECT_EQ(pages("auditor", "", size), all) << size;
    EXPECT_EQ(pages("auditor", "bakery", size), of_bakery) << size;
    EXPECT_EQ(pages("till-of-bakery", "", size), of_bakery) << size;
  }
  auto odd = Parse<v1::ListStatementsRequest>("page_token: '14'");
  EXPECT_EQ(clients_.at("auditor").Call(odd), "INVALID_ARGUMENT FIELD_INVALID page_token");
  odd.set_page_token("1");  // of the cinema
  odd.set_merchant_id("bakery");
  EXPECT_EQ(clients_.at("auditor").Call(odd), "INVALID_ARGUMENT FIELD_INVALID page_token");
  odd.set_page_token("");
  odd.set_page_size(1'025);
  EXPECT_EQ(clients_.at("auditor").Call(odd), "INVALID_ARGUMENT FIELD_INVALID page_size");
}

TEST_F(Settlement, SomebodyIsWarnedOnceBeforeTheMoneyIsGone) {
  Change("more", Allocation("programme", 2021, 100, 2));  // of 100,100 fen, 1,500 are owed
  Must("till-of-bakery", Redeem("o3", "ann", "bakery", "bun", 1));
  EXPECT_FALSE(Programme().warned());
  const auto redeemed = Twice<v1::RedeemNowResponse>(
      "till-of-bakery", Redeem("o4", "ann", "bakery", "bun", 1));  // 2,100: above two percent
  EXPECT_EQ(redeemed.units(), kBunUnits);
  EXPECT_TRUE(Programme().warned());
  Must("till-of-bakery", Redeem("o5", "ann", "bakery", "bun", 1));
  std::vector<uint64_t> warnings;
  for (const v1::Event& event : Events()) {
    if (event.has_budget_warned()) warnings.push_back(event.sequence());
  }
  EXPECT_EQ(warnings, std::vector<uint64_t>{redeemed.receipt().sequence() + 1});

  Change("less", Allocation("programme", 2021, -97'600));
  EXPECT_FALSE(Programme().warned()) << "each allocation is a new start";
  const Outcome exhausted = Ask("till-of-bakery", Redeem("o6", "ann", "bakery", "bun", 1));
  EXPECT_EQ(exhausted.reason, "BUDGET_EXHAUSTED");
  EXPECT_EQ(exhausted.metadata.at("source"), "programme");
  EXPECT_EQ(exhausted.metadata.at("year"), "2021");
  EXPECT_EQ(exhausted.metadata.at("needed_fen"), "300");
  Must("till-of-bakery", Refund("back-2", "o3", "bun", 1));
  EXPECT_EQ(Ask("till-of-bakery", Redeem("o6", "ann", "bakery", "bun", 1)), "OK")
      << "what a refund gave back";
}

TEST_F(Settlement, BudgetsAndClosedBooksAreRead) {
  Change("donor", Allocation("li-foundation", 2022, 5'000, 80));
  CloseMarch();
  const auto budgets = Read<v1::ListBudgetsResponse>("auditor", Parse<v1::ListBudgetsRequest>(""));
  EXPECT_EQ(budgets.closed_through_month(), "2021-03");
  ASSERT_EQ(budgets.budgets_size(), 2);
  EXPECT_EQ(budgets.budgets(0).budget().source(), "programme");
  EXPECT_EQ(budgets.budgets(1).budget().source(), "li-foundation");
  EXPECT_EQ(budgets.budgets(1).budget().year(), 2022u);
  EXPECT_EQ(budgets.budgets(1).allocated_fen(), 5'000u);
  EXPECT_EQ(budgets.budgets(1).warn_percent(), 80u);
}

}  // namespace
}  // namespace meritbook::e2e
