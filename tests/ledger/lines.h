// Owns: short spellings for tables of rules: lines of commands, and what a state or an event says
//       of points, days and minutes.
// Promises: pure; points as people write them ("37.5"), days as YYYY-MM-DD.
// Thread: any.
//
//   script.Given("SubmitHours " + Served("r1", "ann", "2021-03-05", 60));
//   EXPECT_EQ(Purse(script, "ann"), "25: 25 to 2022-03-31");
#ifndef MERITBOOK_TESTS_LEDGER_LINES_H_
#define MERITBOOK_TESTS_LEDGER_LINES_H_

#include <string>
#include <string_view>

#include "meritbook/v1/event.pb.h"
#include "tests/ledger/script.h"

namespace meritbook {

// ---- Lines.

// `record { … }` of a length of service; another field's name in `field`.
std::string Served(std::string_view record, std::string_view volunteer, std::string_view day,
                   int minutes, std::string_view activity = "patrol",
                   std::string_view field = "record");
// The same with clock times such as 2021-03-05T09:00.
std::string Clocked(std::string_view record, std::string_view volunteer, std::string_view start,
                    std::string_view end, std::string_view activity = "patrol",
                    std::string_view field = "record");
// The town's rule again with more to it. A number of the earning rule stands once, so what the
// town's has already is left out where `earning` has it.
std::string RuleFrom(std::string_view day, std::string_view earning,
                     std::string_view expiry = "rolling_months: 12", std::string_view review = "",
                     std::string_view mall = "");
// What somebody says of a record of the platform `app`.
std::string Approve(std::string_view record);
std::string Reject(std::string_view record);
std::string Dispute(std::string_view record);
std::string Revoke(std::string_view record);
// `replacement` as Served and Clocked spell it with that field's name.
std::string Correct(std::string_view record, std::string_view replacement);
// ProposeChange of that id; `change` such as `adjust_points { … }`.
std::string Propose(std::string_view id, std::string_view change);
std::string Agree(std::string_view id);
// Buys that many buns at 5 points.
std::string Buns(std::string_view order, std::string_view volunteer, int count);
// Gives that many of them back.
std::string Return(std::string_view order, int count);

// `lines { … }` of an order; `lines` below is one or several.
std::string Line(std::string_view item, int count);
// An order at the bakery; Hold, Voucher and Redeem are Ann's.
std::string Placed(std::string_view kind, std::string_view order, std::string_view volunteer,
                   std::string_view lines, std::string_view more = "");
std::string Hold(std::string_view order, std::string_view lines, std::string_view more = "");
// The hash of the code is 32 times that character.
std::string Voucher(std::string_view order, char code, std::string_view lines,
                    std::string_view more = "");
std::string Redeem(std::string_view order, std::string_view lines);
std::string Confirm(std::string_view order, std::string_view more = "");
std::string ConfirmVoucher(char code, std::string_view more = "");
std::string Cancel(std::string_view order, std::string_view more = "");
std::string Refund(std::string_view order, std::string_view lines);
// Proposed by Lin, agreed to by Mei, who is the caller from then on.
std::string ByTwo(std::string_view id, std::string_view change);
// Changes for Propose and ByTwo.
std::string Allocation(std::string_view source, int year, int64_t fen, std::string_view more = "");
std::string WrittenOff(std::string_view statement, int64_t units, int64_t fen,
                       std::string_view more = "");
std::string DrawUp(std::string_view id, std::string_view month,
                   std::string_view merchant = "bakery");
std::string Pay(std::string_view statement, int64_t fen);
// CloseStatement and the other kinds that name a statement and perhaps a reason.
std::string OfStatement(std::string_view kind, std::string_view statement);

// ---- What became of it.

// Whole and half points and whatever: 150000 units are "25".
std::string Points(int64_t units);
std::string Tell(const google::protobuf::RepeatedPtrField<v1::LotUnits>& lots);
std::string Tell(const v1::Inflow& inflow);
std::string Tell(const v1::ClawBack& claw_back);
// "2021-03-05 60+0 v1 25 to 2022-03-31" for each day, then maturity and inflow.
std::string Tell(const v1::Credit& credit);
// "2 oil at 10 for 300 fen of programme/2021, 1 bun at 5".
std::string Tell(const google::protobuf::RepeatedPtrField<v1::PricedLine>& lines);
// "opening 20/600, confirmed 5/0, closing 25/600": points and fen, without what is 0/0.
std::string Tell(const v1::StatementFigures& figures);
// "donor/2021 500, programme/2021 600".
std::string Tell(const google::protobuf::RepeatedPtrField<v1::BudgetFen>& by_budget);
// "25/600": points and fen that a merchant is owed.
std::string Owed(const Script& script, std::string_view merchant);
// "allocated 10000, reserved 600, owed 300, paid 0", without what is 0.
std::string BudgetOf(const Script& script, std::string_view source = "programme",
                     uint32_t year = 2021);
// "98-2": pieces on hand, and of them reserved.
std::string Shelf(const Script& script, std::string_view item);
// "closed 25/600": what a statement is, and its closing.
std::string StatementOf(const Script& script, std::string_view statement);

// "35: 10 to 2022-02-28, 25 to never; debt 15; pending 25 to 2022-03-31 on 2021-04-05; expired 5 to
// 2022-02-28": what she has, and what else there is.
std::string Purse(const Script& script, std::string_view volunteer);
// "120+15": minutes credited and honorary.
std::string Minutes(const Script& script, std::string_view volunteer);
// "APPROVED disputed": what a record of the platform `app` is.
std::string StateOf(const Script& script, std::string_view record);
// The ledger's own accounts: "issued -75, revoked 50".
std::string Books(const Script& script);

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_LEDGER_LINES_H_
