#include "tests/ledger/lines.h"

#include <cstdlib>

#include "ledger/check.h"
#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

std::string DayOrNever(DayNumber day) { return day == kNeverExpires ? "never" : FormatDay(day); }

DayNumber ExpiryOf(const v1::LotUnits& lot) {
  return lot.has_expiry_day_number() ? lot.expiry_day_number() : kNeverExpires;
}

std::string TellLot(int64_t units, DayNumber expiry, bool graced) {
  return Text(Points(units), " to ", DayOrNever(expiry), graced ? " graced" : "");
}

// Joins with "; ", leaving out what is empty.
void Append(std::string& text, std::string_view head, const std::string& part) {
  if (part.empty()) return;
  if (!text.empty()) text += "; ";
  text += Text(head, part);
}

std::string Ref(std::string_view record) {
  return Text(R"(record { source: "app" record_id: ")", record, R"(" })");
}

std::string Reviewed(std::string_view record, std::string_view verdict) {
  return Text("ReviewHours ", Ref(record), " verdict: ", verdict, R"( reason_code: "seen")");
}

}  // namespace

std::string Served(std::string_view record, std::string_view volunteer, std::string_view day,
                   int minutes, std::string_view activity, std::string_view field) {
  return Text(field, R"( { record_id: ")", record, R"(" volunteer_id: ")", volunteer,
              R"(" activity_id: ")", activity, R"(" duration { service_day: ")", day,
              R"(" minutes: )", minutes, " } }");
}

std::string Clocked(std::string_view record, std::string_view volunteer, std::string_view start,
                    std::string_view end, std::string_view activity, std::string_view field) {
  return Text(field, R"( { record_id: ")", record, R"(" volunteer_id: ")", volunteer,
              R"(" activity_id: ")", activity, R"(" interval { start_us: @)", start, " end_us: @",
              end, " } }");
}

std::string RuleFrom(std::string_view day, std::string_view earning, std::string_view expiry,
                     std::string_view review, std::string_view mall) {
  std::string line = Text(R"(PublishRule effective_from_day: ")", day, R"(" earning { )", earning);
  const std::pair<std::string_view, std::string_view> defaults[] = {
      {"rates ", R"({ category: "traffic" points_per_hour: 25 percentage: 100 })"},
      {"recording_unit_minutes: ", "15"},
      {"credited_minutes_per_day: ", "480"},
      {"backdating_days: ", "30"}};
  for (const auto& [field, value] : defaults) {
    if (earning.find(field) == std::string_view::npos) line += Text(" ", field, value);
  }
  line += Text(" } expiry { ", expiry, " }");
  if (!review.empty()) line += Text(" review { ", review, " }");
  if (!mall.empty()) line += Text(" mall { ", mall, " }");
  return line;
}

std::string Approve(std::string_view record) { return Reviewed(record, "VERDICT_APPROVE"); }
std::string Reject(std::string_view record) { return Reviewed(record, "VERDICT_REJECT"); }

std::string Dispute(std::string_view record) {
  return Text("DisputeHours ", Ref(record), R"( reason_code: "doubt")");
}

std::string Revoke(std::string_view record) {
  return Text("RevokeHours ", Ref(record), R"( reason_code: "fraud")");
}

std::string Correct(std::string_view record, std::string_view replacement) {
  return Text("CorrectHours ", Ref(record), " ", replacement, R"( reason_code: "typo")");
}

std::string Propose(std::string_view id, std::string_view change) {
  return Text(R"(ProposeChange proposal_id: ")", id, R"(" )", change);
}

std::string Agree(std::string_view id) {
  return Text(R"(ApproveChange proposal_id: ")", id, R"(")");
}

std::string Buns(std::string_view order, std::string_view volunteer, int count) {
  return Text(R"(RedeemNow order_id: ")", order, R"(" volunteer_id: ")", volunteer,
              R"(" merchant_id: "bakery" lines { item_id: "bun" quantity: )", count, " }");
}

std::string Return(std::string_view order, int count) {
  return Text(R"(RefundOrder order_id: ")", order, R"(" lines { item_id: "bun" quantity: )", count,
              R"( } reason_code: "stale")");
}

std::string Line(std::string_view item, int count) {
  return Text(R"(lines { item_id: ")", item, R"(" quantity: )", count, " }");
}

std::string Placed(std::string_view kind, std::string_view order, std::string_view volunteer,
                   std::string_view lines, std::string_view more) {
  return Text(kind, R"( order_id: ")", order, R"(" volunteer_id: ")", volunteer,
              R"(" merchant_id: "bakery" )", lines, more.empty() ? "" : " ", more);
}

std::string Hold(std::string_view order, std::string_view lines, std::string_view more) {
  return Placed("HoldOrder", order, "ann", lines, more);
}

std::string Voucher(std::string_view order, char code, std::string_view lines,
                    std::string_view more) {
  return Text(Placed("IssueVoucher", order, "ann", lines, more), R"( code_sha256: ")",
              std::string(1, code), R"(^32")");
}

std::string Redeem(std::string_view order, std::string_view lines) {
  return Placed("RedeemNow", order, "ann", lines);
}

std::string Confirm(std::string_view order, std::string_view more) {
  return Text(R"(ConfirmOrder order_id: ")", order, R"(")", more.empty() ? "" : " ", more);
}

std::string ConfirmVoucher(char code, std::string_view more) {
  return Text(R"(ConfirmOrder voucher_sha256: ")", std::string(1, code), R"(^32")",
              more.empty() ? "" : " ", more);
}

std::string Cancel(std::string_view order, std::string_view more) {
  return Text(R"(CancelOrder order_id: ")", order, R"(" reason_code: "gone")",
              more.empty() ? "" : " ", more);
}

std::string Refund(std::string_view order, std::string_view lines) {
  return Text(R"(RefundOrder order_id: ")", order, R"(" )", lines, R"( reason_code: "stale")");
}

std::string ByTwo(std::string_view id, std::string_view change) {
  return Text("by lin\n", Propose(id, change), "\nby mei\n", Agree(id), "\n");
}

std::string Allocation(std::string_view source, int year, int64_t fen, std::string_view more) {
  return Text(R"(allocate_budget { source: ")", source, R"(" year: )", year, " fen: ", fen,
              more.empty() ? "" : " ", more, " }");
}

std::string WrittenOff(std::string_view statement, int64_t units, int64_t fen,
                       std::string_view more) {
  return Text(R"(write_off { statement_id: ")", statement, R"(" amounts { units: )", units,
              " fen: ", fen, R"( } reason_code: "agreed")", more.empty() ? "" : " ", more, " }");
}

std::string DrawUp(std::string_view id, std::string_view month, std::string_view merchant) {
  return Text(R"(OpenStatement statement_id: ")", id, R"(" merchant_id: ")", merchant,
              R"(" through_month: ")", month, R"(")");
}

std::string Pay(std::string_view statement, int64_t fen) {
  return Text(R"(RecordPayment statement_id: ")", statement, R"(" fen: )", fen,
              R"( reference: "bank-1")");
}

std::string OfStatement(std::string_view kind, std::string_view statement) {
  const bool reasoned = kind != "CloseStatement";
  return Text(kind, R"( statement_id: ")", statement, R"(")",
              reasoned ? R"( reason_code: "why")" : "");
}

std::string Points(int64_t units) {
  const int64_t rest = std::abs(units) % kUnitsPerPoint;
  std::string text = Text(units < 0 ? "-" : "", std::abs(units) / kUnitsPerPoint);
  if (rest == 0) return text;
  if (rest == kUnitsPerPoint / 2) return text + ".5";
  return Text(text, " and ", rest, " units");
}

std::string Tell(const google::protobuf::RepeatedPtrField<v1::LotUnits>& lots) {
  std::string text;
  for (const v1::LotUnits& lot : lots) {
    text += Text(text.empty() ? "" : ", ", TellLot(lot.units(), ExpiryOf(lot), lot.graced()));
  }
  return text;
}

std::string Tell(const v1::Inflow& inflow) {
  std::string text;
  if (inflow.debt_repaid_units() != 0) {
    Append(text, "debt repaid ", Points(inflow.debt_repaid_units()));
  }
  Append(text, "lots ", Tell(inflow.lots()));
  Append(text, "forfeited ", Tell(inflow.forfeited()));
  return text;
}

std::string Tell(const v1::ClawBack& claw_back) {
  std::string text;
  std::string pending;
  for (const v1::PendingUnits& units : claw_back.pending()) {
    pending += Text(pending.empty() ? "" : ", ",
                    TellLot(units.lot().units(), ExpiryOf(units.lot()), units.lot().graced()),
                    " on ", FormatDay(units.matures_day_number()));
  }
  Append(text, "pending ", pending);
  Append(text, "expired ", Tell(claw_back.expired()));
  Append(text, "forfeited ", Tell(claw_back.forfeited()));
  Append(text, "available ", Tell(claw_back.available()));
  if (claw_back.debt_units() != 0) Append(text, "debt ", Points(claw_back.debt_units()));
  return text;
}

std::string Tell(const v1::Credit& credit) {
  std::string text;
  for (const v1::CreditSegment& segment : credit.segments()) {
    const DayNumber expiry =
        segment.has_expiry_day_number() ? segment.expiry_day_number() : kNeverExpires;
    text += Text(text.empty() ? "" : ", ", FormatDay(segment.service_day_number()), " ",
                 segment.credited_minutes(), "+", segment.honorary_minutes(), " v",
                 segment.rule_version(), " ", TellLot(segment.units(), expiry, segment.graced()));
  }
  if (credit.has_matures_day_number()) {
    Append(text, "matures ", FormatDay(credit.matures_day_number()));
  }
  if (credit.has_inflow()) Append(text, "inflow ", Text("[", Tell(credit.inflow()), "]"));
  return text;
}

std::string Tell(const google::protobuf::RepeatedPtrField<v1::PricedLine>& lines) {
  std::string text;
  for (const v1::PricedLine& line : lines) {
    text += Text(text.empty() ? "" : ", ", line.quantity(), " ",
                 line.item_id().empty() ? "points" : line.item_id(), " at ", line.price_points());
    if (line.settle_fen() == 0) continue;
    text +=
        Text(" for ", line.settle_fen(), " fen of ", line.budget_source(), "/", line.budget_year());
  }
  return text;
}

std::string Tell(const v1::StatementFigures& figures) {
  std::string text;
  const std::pair<std::string_view, const v1::Amounts&> lines[] = {
      {"opening ", figures.opening()},   {"confirmed ", figures.confirmed()},
      {"refunded ", figures.refunded()}, {"paid ", figures.paid()},
      {"reversed ", figures.reversed()}, {"written off ", figures.written_off()},
      {"closing ", figures.closing()}};
  for (const auto& [name, amounts] : lines) {
    if (amounts.units() == 0 && amounts.fen() == 0 && name != "closing ") continue;
    text += Text(text.empty() ? "" : ", ", name, Points(amounts.units()), "/", amounts.fen());
  }
  return text;
}

std::string Tell(const google::protobuf::RepeatedPtrField<v1::BudgetFen>& by_budget) {
  std::string text;
  for (const v1::BudgetFen& part : by_budget) {
    text += Text(text.empty() ? "" : ", ", part.budget().source(), "/", part.budget().year(), " ",
                 part.fen());
  }
  return text;
}

std::string Owed(const Script& script, std::string_view merchant) {
  const Merchant* row = script.state().merchants().Find(merchant);
  if (row == nullptr) return "none";
  return Text(Points(row->payable_units), "/", row->payable_fen);
}

std::string BudgetOf(const Script& script, std::string_view source, uint32_t year) {
  const Budget* row = script.state().budgets().Find(BudgetId(source, year));
  if (row == nullptr) return "none";
  std::string text = Text("allocated ", row->allocated_fen);
  const std::pair<std::string_view, int64_t> parts[] = {
      {", reserved ", row->reserved_fen}, {", owed ", row->owed_fen}, {", paid ", row->paid_fen}};
  for (const auto& [name, fen] : parts) {
    if (fen != 0) text += Text(name, fen);
  }
  return text;
}

std::string Shelf(const Script& script, std::string_view item) {
  const Item* row = script.state().items().Find(item);
  if (row == nullptr) return "none";
  return Text(row->on_hand(), "-", row->reserved);
}

std::string StatementOf(const Script& script, std::string_view statement) {
  const Statement* row = script.state().statements().Find(statement);
  if (row == nullptr) return "none";
  const auto word = [&]() -> std::string_view {
    switch (row->state) {
      case StatementState::kOpen:
        return "open";
      case StatementState::kObjected:
        return "objected";
      case StatementState::kClosed:
        return "closed";
      case StatementState::kPaid:
        return "paid";
      case StatementState::kWrittenOff:
        return "written off";
      case StatementState::kCarriedForward:
        return "carried forward";
    }
    return "";
  }();
  const Amount closing = row->amounts.closing();
  return Text(word, " ", Points(closing.units), "/", closing.fen);
}

std::string Purse(const Script& script, std::string_view volunteer) {
  const Volunteer& row = script.volunteer(volunteer);
  std::string text = Points(row.available_units);
  for (const Lot& lot : row.lots) {
    text += Text(&lot == &row.lots.front() ? ": " : ", ",
                 TellLot(lot.units, lot.key.expiry, lot.key.graced));
  }
  if (row.debt_units != 0) text += Text("; debt ", Points(-row.debt_units));
  if (row.held_units != 0) text += Text("; held ", Points(row.held_units));
  int64_t pending = 0;
  for (const Pending& units : row.pending) {
    pending += units.lot.units;
    text += Text("; pending ", TellLot(units.lot.units, units.lot.key.expiry, units.lot.key.graced),
                 " on ", FormatDay(units.matures));
  }
  MB_CHECK(pending == row.pending_units);
  for (const LostLot& lot : row.lost) {
    for (const auto& [name, units] :
         {std::pair("expired", lot.expired_units), std::pair("forfeited", lot.forfeited_units)}) {
      if (units != 0) {
        text += Text("; ", name, " ", TellLot(units, lot.key.expiry, lot.key.graced));
      }
    }
  }
  return text;
}

std::string Minutes(const Script& script, std::string_view volunteer) {
  const Volunteer& row = script.volunteer(volunteer);
  return Text(row.credited_minutes, "+", row.honorary_minutes);
}

std::string StateOf(const Script& script, std::string_view record) {
  const Record* row = script.state().records().Find(RecordKey("app", record));
  if (row == nullptr) return "none";
  const std::string& name = v1::RecordState_Name(row->state);
  return Text(name.substr(std::string_view("RECORD_STATE_").size()),
              row->disputed ? " disputed" : "");
}

std::string Books(const Script& script) {
  const LedgerRow& row = script.state().ledger();
  std::string text;
  const std::pair<std::string_view, int64_t> accounts[] = {
      {"issued ", row.issued_units},       {"expired ", row.expired_units},
      {"revoked ", row.revoked_units},     {"forfeited ", row.forfeited_units},
      {"donated ", row.donated_units},     {"pending ", row.pending_units},
      {"available ", row.available_units}, {"held ", row.held_units},
      {"debt ", row.debt_units},           {"payable ", row.payable_units},
      {"settled ", row.settled_units},     {"written off ", row.written_off_units}};
  for (const auto& [name, units] : accounts) {
    if (units != 0) text += Text(text.empty() ? "" : ", ", name, Points(units));
  }
  return text;
}

}  // namespace meritbook
