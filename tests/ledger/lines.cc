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
                     std::string_view review) {
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
      {"debt ", row.debt_units},           {"payable ", row.payable_units}};
  for (const auto& [name, units] : accounts) {
    if (units != 0) text += Text(text.empty() ? "" : ", ", name, Points(units));
  }
  return text;
}

}  // namespace meritbook
