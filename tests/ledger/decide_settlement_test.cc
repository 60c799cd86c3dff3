// Budgets, closed months, statements, payments: every rule as a row.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

const std::string kCommittee = "\nby committee\n";
const std::string kTill = "\nby till merchant=bakery\n";
const std::string kOther = "\nby till merchant=teahouse\n";
std::string Month(std::string_view month) { return Text(R"(ClosePeriod month: ")", month, R"(")"); }
std::string Final(std::string_view id) {
  return Text(R"(OpenStatement statement_id: ")", id, R"(" merchant_id: "bakery" final: true)");
}
std::string Offboard(std::string_view day) {
  return Text(R"(OffboardMerchant merchant_id: "bakery" last_day: ")", day,
              "\" reason_code: \"moved\"\n");
}

// 35 points and 600 fen of March, which is closed.
const std::string kMarch = "use mall\n" + Redeem("x", Line("oil", 2) + " " + Line("bun", 3)) +
                           "\nat 2021-04-01 00:00" + kCommittee + Month("2021-03") + "\n";
const std::string kOpen = kMarch + DrawUp("s3", "2021-03") + "\n";
const std::string kObjected = kOpen + OfStatement("ObjectStatement", "s3") + "\n";
const std::string kClosed = kOpen + OfStatement("CloseStatement", "s3") + "\n";
const std::string kPaid = kClosed + Pay("s3", 600) + "\n";
const std::string kApril = "at 2021-05-01 00:00\n" + Month("2021-04") + "\n";
const std::string kCarried = kClosed + kApril + DrawUp("s4", "2021-04") + "\n";
// Everything came back after the statement was closed: the next comes to nothing, or to less.
const std::string kOwing =
    kMarch + DrawUp("s3", "2021-03") + "\n" + OfStatement("CloseStatement", "s3") + "\n" +
    Pay("s3", 600) + kTill + Refund("x", Line("oil", 1)) + kCommittee + kApril +
    DrawUp("s4", "2021-04") + "\n" + OfStatement("CloseStatement", "s4") + "\n";
const std::string kNothing = "use mall\nat 2021-04-01 00:00" + kCommittee + Month("2021-03") +
                             "\n" + DrawUp("s3", "2021-03") + "\n" +
                             OfStatement("CloseStatement", "s3") + "\n";

const RuleTable kPeriods({
    {"a month that is over", "use mall", Month("2021-02"), "ok"},
    {"the month that it is", "use mall", Month("2021-03"), "PERIOD_NOT_OVER command.month"},
    {"on its last day", "use mall\nat 2021-03-31 23:59", Month("2021-03"), "PERIOD_NOT_OVER"},
    {"the day after", "use mall\nat 2021-04-01 00:00", Month("2021-03"), "ok"},
    {"a month to come", "use mall", Month("2199-12"), "PERIOD_NOT_OVER"},
    {"several at once", "use mall\n" + Month("2020-11"), Month("2021-02"), "ok"},
    {"the same", "use mall\n" + Month("2021-02"), Month("2021-02"), "PERIOD_CLOSED command.month"},
    {"one before", "use mall\n" + Month("2021-02"), Month("2021-01"),
     "PERIOD_CLOSED command.month"},
});

const RuleTable kStatements({
    {"a month's", kMarch, DrawUp("s3", "2021-03"), "ok"},
    {"of who sold nothing", kMarch, DrawUp("s3", "2021-03", "teahouse"), "ok"},
    {"through a month before", kMarch, DrawUp("s3", "2021-02"), "ok"},
    {"its id is taken", kOpen, DrawUp("s3", "2021-03", "teahouse"),
     "STATEMENT_EXISTS command.statement_id"},
    {"its id is taken, by nobody", kOpen, DrawUp("s3", "2021-03", "inn"), "STATEMENT_EXISTS"},
    {"of nobody", kMarch, DrawUp("s3", "2021-03", "inn"), "MERCHANT_UNKNOWN command.merchant_id"},
    {"before the month is closed", kMarch, DrawUp("s3", "2021-04"),
     "PERIOD_NOT_CLOSED command.through_month"},
    {"before any month is closed", "use mall", DrawUp("s3", "2021-02"), "PERIOD_NOT_CLOSED"},
    {"before the last is closed", kOpen + kApril, DrawUp("s4", "2021-04"),
     "PREVIOUS_STATEMENT_OPEN command.merchant_id"},
    {"while the merchant objects to it", kObjected + kApril, DrawUp("s4", "2021-04"),
     "PREVIOUS_STATEMENT_OPEN"},
    {"while another's is open", kOpen, DrawUp("t3", "2021-03", "teahouse"), "ok"},
    {"that comes before a month that isn't closed", kOpen, DrawUp("s4", "2021-04"),
     "PREVIOUS_STATEMENT_OPEN"},
    {"of the same month", kClosed, DrawUp("s4", "2021-03"),
     "STATEMENT_OVERLAPS command.through_month"},
    {"of the month before", kClosed, DrawUp("s4", "2021-02"), "STATEMENT_OVERLAPS"},
    {"of the next, not closed", kClosed, DrawUp("s4", "2021-04"), "PERIOD_NOT_CLOSED"},
    {"of the next", kClosed + kApril, DrawUp("s4", "2021-04"), "ok"},
    {"after it was paid", kPaid + kApril, DrawUp("s4", "2021-04"), "ok"},

    {"the final one of who has left", kMarch + Offboard("2021-04-01") + "at 2021-04-02 00:00",
     Final("sf"), "ok"},
    {"of who stays", kMarch, Final("sf"), "MERCHANT_STILL_HERE command.final"},
    {"of who leaves today", kMarch + Offboard("2021-04-01"), Final("sf"), "MERCHANT_STILL_HERE"},
    {"while there are holds",
     "use mall\n" + Voucher("x", 'v', Line("bun", 1)) + "\n" + Offboard("2021-03-10") +
         "at 2021-03-11 00:00",
     Final("sf"), "ORDERS_OPEN command.merchant_id"},
    {"when they have ended",
     "use mall\n" + Voucher("x", 'v', Line("bun", 1)) + "\n" + Offboard("2021-03-10") +
         "at 2021-03-11 00:00\n" + Cancel("x"),
     Final("sf"), "ok"},
    {"when they have timed out",
     "use mall\n" + Hold("x", Line("bun", 1), "offline: true") + "\n" + Offboard("2021-03-10") +
         "at 2021-03-11 00:00",
     Final("sf"), "ok"},
    {"before the last is closed", kOpen + Offboard("2021-04-01") + "at 2021-04-02 00:00",
     Final("sf"), "PREVIOUS_STATEMENT_OPEN"},
    {"after the final one", kMarch + Offboard("2021-04-01") + "at 2021-04-02 00:00\n" + Final("sf"),
     Final("sg"), "MERCHANT_OFFBOARDED command.merchant_id"},
    {"after the final one, a month's",
     kMarch + Offboard("2021-04-01") + "at 2021-05-01 00:00\n" + Final("sf") + "\n" +
         Month("2021-04"),
     DrawUp("s4", "2021-04"), "MERCHANT_OFFBOARDED"},
});

const RuleTable kObjections({
    {"the merchant objects", kOpen + kTill, OfStatement("ObjectStatement", "s3"), "ok"},
    {"another does", kOpen + kOther, OfStatement("ObjectStatement", "s3"),
     "MERCHANT_NOT_YOURS command.statement_id"},
    {"to nothing", kOpen + kTill, OfStatement("ObjectStatement", "s9"),
     "STATEMENT_UNKNOWN command.statement_id"},
    {"twice", kObjected + kTill, OfStatement("ObjectStatement", "s3"),
     "STATEMENT_OBJECTED command.statement_id"},
    {"after it was closed", kClosed + kTill, OfStatement("ObjectStatement", "s3"),
     "STATEMENT_NOT_OPEN command.statement_id"},
    {"again, after it was resolved", kObjected + OfStatement("ResolveObjection", "s3") + kTill,
     OfStatement("ObjectStatement", "s3"), "ok"},
    {"it is resolved", kObjected, OfStatement("ResolveObjection", "s3") + " upheld: true", "ok"},
    {"where nobody objects", kOpen, OfStatement("ResolveObjection", "s3"),
     "STATEMENT_NOT_OBJECTED command.statement_id"},
    {"where it was closed", kClosed, OfStatement("ResolveObjection", "s3"),
     "STATEMENT_NOT_OBJECTED"},
    {"where there is none", kOpen, OfStatement("ResolveObjection", "s9"), "STATEMENT_UNKNOWN"},
    {"it is closed", kOpen, OfStatement("CloseStatement", "s3"), "ok"},
    {"by the merchant who agrees", kOpen + kTill, OfStatement("CloseStatement", "s3"), "ok"},
    {"by another merchant", kOpen + kOther, OfStatement("CloseStatement", "s3"),
     "MERCHANT_NOT_YOURS command.statement_id"},
    {"while the merchant objects", kObjected, OfStatement("CloseStatement", "s3"),
     "STATEMENT_OBJECTED command.statement_id"},
    {"twice closed", kClosed, OfStatement("CloseStatement", "s3"),
     "STATEMENT_NOT_OPEN command.statement_id"},
    {"nothing is closed", kOpen, OfStatement("CloseStatement", "s9"), "STATEMENT_UNKNOWN"},
    {"closed after it was resolved", kObjected + OfStatement("ResolveObjection", "s3"),
     OfStatement("CloseStatement", "s3"), "ok"},
});

const RuleTable kPayments({
    {"it is paid", kClosed, Pay("s3", 600), "ok"},
    {"with less", kClosed, Pay("s3", 599), "AMOUNT_DIFFERS command.fen"},
    {"with more", kClosed, Pay("s3", 601), "AMOUNT_DIFFERS command.fen"},
    {"with nothing", kClosed, Pay("s3", 0), "AMOUNT_DIFFERS"},
    {"what there isn't", kClosed, Pay("s9", 600), "STATEMENT_UNKNOWN command.statement_id"},
    {"before it is closed", kOpen, Pay("s3", 600), "STATEMENT_NOT_CLOSED command.statement_id"},
    {"while the merchant objects", kObjected, Pay("s3", 600), "STATEMENT_NOT_CLOSED"},
    {"twice", kPaid, Pay("s3", 600), "STATEMENT_SETTLED command.statement_id"},
    {"after the next has it", kCarried, Pay("s3", 600),
     "STATEMENT_CARRIED_FORWARD command.statement_id"},
    {"after the next has it, with that", kCarried + OfStatement("CloseStatement", "s4"),
     Pay("s4", 600), "ok"},
    {"that comes to nothing", kNothing, Pay("s3", 0), "NOTHING_TO_PAY command.statement_id"},
    {"of who owes", kOwing, Pay("s4", 0), "NOTHING_TO_PAY"},
    {"points without money",
     "use mall\n" + Redeem("x", Line("bun", 3)) + "\nat 2021-04-01 00:00" + kCommittee +
         Month("2021-03") + "\n" + DrawUp("s3", "2021-03") + "\n" +
         OfStatement("CloseStatement", "s3"),
     Pay("s3", 0), "ok"},
    {"a final one",
     kMarch + Offboard("2021-04-01") + "at 2021-04-02 00:00\n" + Final("sf") + "\n" +
         OfStatement("CloseStatement", "sf"),
     Pay("sf", 600), "ok"},

    {"it comes back", kPaid, OfStatement("ReversePayment", "s3"), "ok"},
    {"before it was paid", kClosed, OfStatement("ReversePayment", "s3"),
     "STATEMENT_NOT_PAID command.statement_id"},
    {"twice back", kPaid + OfStatement("ReversePayment", "s3"), OfStatement("ReversePayment", "s3"),
     "STATEMENT_NOT_PAID"},
    {"of nothing", kPaid, OfStatement("ReversePayment", "s9"), "STATEMENT_UNKNOWN"},
    {"after the next was drawn up", kPaid + kApril + DrawUp("s4", "2021-04"),
     OfStatement("ReversePayment", "s3"), "ok"},
    {"and is then the next one's to pay",
     kPaid + kApril + DrawUp("s4", "2021-04") + "\n" + OfStatement("ReversePayment", "s3"),
     Pay("s3", 600), "STATEMENT_CARRIED_FORWARD"},
    {"paid once more", kPaid + OfStatement("ReversePayment", "s3"), Pay("s3", 600), "ok"},
});

constexpr std::string_view kProgramme = R"(budget { source: "programme" year: 2021 })";
constexpr int64_t kPoint = 6'000;
std::string Write(int64_t points, int64_t fen, std::string_view more = "",
                  std::string_view statement = "s3") {
  return Propose("w", WrittenOff(statement, points * kPoint, fen, more));
}
// Nothing is left of the programme's money.
const std::string kSpent = ByTwo("b3", Allocation("programme", 2021, -9400)) + kCommittee;

const RuleTable kWriteOffs({
    {"a line of an open one", kOpen, Write(5, 100, kProgramme), "ok"},
    {"while the merchant objects", kObjected, Write(5, 100, kProgramme), "ok"},
    {"points alone", kOpen, Write(5, 0), "ok"},
    {"more than it comes to", kOpen, Write(50, 1000, kProgramme), "ok"},
    {"added to it", kOpen, Write(-5, -100, kProgramme), "ok"},
    {"fen of no budget", kOpen, Write(5, 100), "FIELD_MISSING command.budget"},
    {"fen of a budget that there isn't", kOpen,
     Write(5, 100, R"(budget { source: "rotary" year: 2021 })"),
     "BUDGET_UNKNOWN command.budget.source"},
    {"fen of another year's", kOpen, Write(5, 100, R"(budget { source: "programme" year: 2020 })"),
     "BUDGET_UNKNOWN"},
    {"added beyond the budget", kOpen + kSpent, Write(0, -1, kProgramme),
     "BUDGET_EXHAUSTED command.amounts.fen"},
    {"to the last fen of the budget",
     kOpen + ByTwo("b3", Allocation("programme", 2021, -9399)) + kCommittee,
     Write(0, -1, kProgramme), "ok"},
    {"given back to a spent budget", kOpen + kSpent, Write(0, 1, kProgramme), "ok"},
    {"of nothing", kOpen, Write(5, 0, "", "s9"), "STATEMENT_UNKNOWN command.statement_id"},

    {"a closed one whole", kClosed, Write(35, 600), "ok"},
    {"a closed one in part", kClosed, Write(5, 100), "AMOUNT_DIFFERS command.amounts"},
    {"but the fen", kClosed, Write(35, 599), "AMOUNT_DIFFERS"},
    {"but the points", kClosed, Write(34, 600), "AMOUNT_DIFFERS"},
    {"with a budget that it knows", kClosed, Write(35, 600, kProgramme),
     "FIELD_INVALID command.budget"},
    {"a closed one of who owes", kOwing, Write(-10, -300, "", "s4"), "ok"},
    {"a closed one of who owes, out of a spent budget",
     kOwing + ByTwo("b3", Allocation("programme", 2021, -9700)) + kCommittee,
     Write(-10, -300, "", "s4"), "BUDGET_EXHAUSTED command.amounts.fen"},
    {"a paid one", kPaid, Write(35, 600), "STATEMENT_SETTLED command.statement_id"},
    {"a written off one", kClosed + ByTwo("w1", WrittenOff("s3", 35 * kPoint, 600)) + kCommittee,
     Write(35, 600), "STATEMENT_SETTLED"},
    {"a carried one", kCarried, Write(35, 600), "STATEMENT_CARRIED_FORWARD command.statement_id"},
    {"it can't be paid then", kClosed + ByTwo("w1", WrittenOff("s3", 35 * kPoint, 600)),
     Pay("s3", 600), "STATEMENT_SETTLED"},
    {"nor does it come back", kClosed + ByTwo("w1", WrittenOff("s3", 35 * kPoint, 600)),
     OfStatement("ReversePayment", "s3"), "STATEMENT_NOT_PAID"},

    {"two people", kOpen + "by lin\n" + Write(5, 0) + "\nby mei", Agree("w"), "ok"},
    {"not one", kOpen + "by lin\n" + Write(5, 0), Agree("w"), "SAME_PERSON"},
    {"what has become hopeless",
     kClosed + "by lin\n" + Write(35, 600) + "\n" + Pay("s3", 600) + "\nby mei", Agree("w"),
     "STATEMENT_SETTLED"},
    {"what was meant for an open one",
     kOpen + "by lin\n" + Write(5, 0) + "\n" + OfStatement("CloseStatement", "s3") + "\nby mei",
     Agree("w"), "AMOUNT_DIFFERS"},
});

std::string Allot(std::string_view source, int year, int64_t fen) {
  return Propose("b", Allocation(source, year, fen));
}

const RuleTable kBudgets({
    {"more money", "use mall", Allot("programme", 2021, 1), "ok"},
    {"another year's", "use mall", Allot("programme", 2022, 1), "ok"},
    {"a year that is over", "use mall", Allot("programme", 2020, 1), "ok"},
    {"all of it back", "use mall", Allot("programme", 2021, -10000), "ok"},
    {"a fen more back", "use mall", Allot("programme", 2021, -10001),
     "BUDGET_EXHAUSTED command.fen"},
    {"of a year that there isn't", "use mall", Allot("programme", 2022, -1),
     "BUDGET_UNKNOWN command.source"},
    {"of nobody", "use mall", Allot("rotary", 2021, -1), "BUDGET_UNKNOWN command.source"},
    {"down to what is reserved", "use mall\n" + Hold("x", Line("oil", 2)),
     Allot("programme", 2021, -9400), "ok"},
    {"below what is reserved", "use mall\n" + Hold("x", Line("oil", 2)),
     Allot("programme", 2021, -9401), "BUDGET_EXHAUSTED"},
    {"below what is owed", "use mall\n" + Redeem("x", Line("oil", 2)),
     Allot("programme", 2021, -9401), "BUDGET_EXHAUSTED"},
    {"below what was paid", kPaid, Allot("programme", 2021, -9401), "BUDGET_EXHAUSTED"},
    {"a whole below nothing, though more is left",
     kOpen + ByTwo("b8", Allocation("donor", 2020, 5000)) +
         ByTwo("b9", Allocation("donor", 2020, -5000)) +
         ByTwo("w", WrittenOff("s3", 0, 500, R"(budget { source: "donor" year: 2020 })")),
     Allot("donor", 2020, -500), "BUDGET_EXHAUSTED command.fen"},
    {"two people", "use mall\nby lin\n" + Allot("programme", 2021, 1) + "\nby mei", Agree("b"),
     "ok"},
    {"not one", "use mall\nby lin\n" + Allot("programme", 2021, 1), Agree("b"), "SAME_PERSON"},
    {"what has become hopeless",
     "use mall\nby lin\n" + Allot("programme", 2021, -10000) + kTill + Hold("x", Line("oil", 1)) +
         "\nby mei",
     Agree("b"), "BUDGET_EXHAUSTED"},
});

TEST(DecideSettlement, Periods) { kPeriods.Run(); }
TEST(DecideSettlement, Statements) { kStatements.Run(); }
TEST(DecideSettlement, Objections) { kObjections.Run(); }
TEST(DecideSettlement, Payments) { kPayments.Run(); }
TEST(DecideSettlement, WriteOffs) { kWriteOffs.Run(); }
TEST(DecideSettlement, Budgets) { kBudgets.Run(); }

TEST(DecideSettlement, WhatARefusalSays) {
  using Metadata = std::vector<std::pair<std::string, std::string>>;
  const std::tuple<std::string, std::string, Metadata> rows[] = {
      {kMarch, Month("2021-03"), {{"closed_through_month", "2021-03"}}},
      {kMarch, DrawUp("s4", "2021-04"), {{"closed_through_month", "2021-03"}}},
      {"use mall", DrawUp("s2", "2021-02"), {{"closed_through_month", ""}}},
      {kClosed, DrawUp("s4", "2021-03"), {{"statement_id", "s3"}}},
      {kOpen + kApril, DrawUp("s4", "2021-04"), {{"statement_id", "s3"}}},
      {kClosed, Pay("s3", 1), {{"fen", "600"}, {"units", "210000"}}},
      {kClosed, Write(1, 1), {{"fen", "600"}, {"units", "210000"}}},
      {kNothing, Pay("s3", 0), {{"statement_id", "s3"}}},
      {"use mall\n" + Voucher("x", 'v', Line("bun", 1)) + "\n" + Offboard("2021-03-10") +
           "at 2021-03-11 00:00",
       Final("sf"),
       {{"open_orders", "1"}}},
      {"use mall",
       Allot("programme", 2021, -10001),
       {{"source", "programme"}, {"year", "2021"}, {"needed_fen", "10001"}}},
  };
  for (const auto& [given, line, want] : rows) {
    SCOPED_TRACE(line);
    Script script;
    script.Given(given);
    EXPECT_NE(script.Run(line), "ok");
    EXPECT_EQ(script.refused().metadata, want);
  }
}

}  // namespace
}  // namespace meritbook
