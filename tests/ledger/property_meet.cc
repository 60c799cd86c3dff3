// What is worth meeting beyond kinds of events.
#include "tests/ledger/property_play.h"

namespace meritbook::property {
namespace {

class Meeting {
 public:
  explicit Meeting(Tally& tally) : tally_(tally) {}
  void operator()(const char* what, bool met) { tally_.met[what] += met ? 1 : 0; }

 private:
  Tally& tally_;
};

void MeetOrder(const v1::Event& event, Tally& tally) {
  Meeting meet(tally);
  const auto lines = [&](const auto& priced) {
    meet("orders of several items", priced.size() > 1);
    for (const v1::PricedLine& line : priced) {
      meet("orders of open amounts", line.item_id().empty());
      meet("orders that a budget pays", line.settle_fen() > 0);
      meet("orders that a donor pays", line.budget_source() == "d1");
    }
  };
  const auto hold = [&](const v1::Hold& held) {
    lines(held.lines());
    meet("holds of several lots", held.lots_size() > 1);
    meet("holds that outlive their deadline", held.ends_us() > held.deadline_us());
    meet("holds by pay code", !held.pay_code_id().empty());
  };
  const auto released = [&](const v1::Inflow& inflow) {
    meet("releases that repay debt", inflow.debt_repaid_units() > 0);
    for (const v1::LotUnits& lot : inflow.lots()) meet("releases with grace", lot.graced());
  };
  if (event.has_order_held()) hold(event.order_held().hold());
  if (event.has_voucher_issued()) hold(event.voucher_issued().hold());
  if (event.has_order_confirmed()) {
    const v1::OrderConfirmed& body = event.order_confirmed();
    meet("confirms of a part", body.has_released());
    meet("confirms in another order of lines",
         body.lines_size() > 1 && body.command().lines_size() > 1);
    meet("confirms of what happened before", event.occurred_us() < event.recorded_us());
    meet("confirms of what happened in a closed month", event.has_booked_month_number());
    meet("vouchers redeemed", !body.command().voucher_sha256().empty());
    meet("orders confirmed by their merchant", body.command().has_owner());
    released(body.released());
  }
  if (event.has_order_cancelled()) {
    meet("holds of a closed account", !event.order_cancelled().has_command());
    meet("forfeited holds", event.order_cancelled().hold().released().forfeited_size() > 0);
    released(event.order_cancelled().hold().released());
  }
  if (event.has_hold_timed_out()) {
    meet("time-outs noticed late", event.recorded_us() > event.occurred_us());
    released(event.hold_timed_out().hold().released());
  }
  if (event.has_order_redeemed()) {
    lines(event.order_redeemed().lines());
    meet("orders from several lots", event.order_redeemed().lots_size() > 1);
    meet("orders by pay code", !event.order_redeemed().pay_code_id().empty());
  }
  if (event.has_order_refunded()) {
    meet("refunds to several lots", event.order_refunded().lots_size() > 1);
    meet("refunds that repay debt", event.order_refunded().inflow().debt_repaid_units() > 0);
    meet("refunds by the order's merchant", event.order_refunded().command().has_owner());
    for (const v1::LotUnits& lot : event.order_refunded().inflow().lots()) {
      meet("refunds with grace", lot.graced());
    }
  }
}

void MeetStatement(const v1::Event& event, Tally& tally) {
  Meeting meet(tally);
  if (event.has_statement_opened()) {
    const v1::StatementOpened& body = event.statement_opened();
    const v1::StatementFigures& figures = body.figures();
    meet("statements with an opening", figures.opening().units() != 0);
    meet("statements with orders", figures.confirmed().fen() != 0);
    meet("statements with refunds", figures.refunded().fen() != 0);
    meet("statements with payments", figures.paid().fen() != 0);
    meet("statements with reversed payments", figures.reversed().fen() != 0);
    meet("statements with what was written off", figures.written_off().units() != 0);
    meet("statements of merchants who owe", figures.closing().units() < 0);
    meet("statements of several budgets", body.by_budget_size() > 1);
    meet("final statements", body.command().final());
    meet("statements that close by themselves", body.has_closes_us());
  }
  if (event.has_statement_closed()) {
    meet("statements that closed by themselves", !event.statement_closed().has_command());
    meet("statements corrected before they closed",
         event.statement_closed().figures().written_off().fen() != 0);
  }
  if (event.has_payment_recorded()) {
    meet("payments of money", event.payment_recorded().amounts().fen() > 0);
    meet("payments without money", event.payment_recorded().amounts().fen() == 0);
  }
  if (event.has_payable_written_off()) {
    const v1::PayableWrittenOff& body = event.payable_written_off();
    meet("closed statements written off", body.settles());
    meet("write-offs that add", body.command().amounts().fen() < 0);
    meet("write-offs of money", body.command().amounts().fen() > 0);
  }
  if (event.has_budget_allocated()) {
    meet("budgets that shrink", event.budget_allocated().command().fen() < 0);
  }
}

}  // namespace

void Meet(const v1::Event& event, Tally& tally) {
  const auto meet = [&tally](const char* what, bool met) { tally.met[what] += met ? 1 : 0; };
  const auto* body = event.GetDescriptor()->FindFieldByNumber(event.body_case());
  ++tally.events[body->message_type()->name()];
  const auto credit = [&](const v1::Credit& credited) {
    bool capped = false;
    bool graced = false;
    for (const v1::CreditSegment& segment : credited.segments()) {
      capped |= segment.honorary_minutes() > 0 && segment.credited_minutes() > 0;
      graced |= segment.graced();
    }
    meet("credits over midnight", credited.segments_size() > 1);
    meet("credits under two rules",
         credited.segments_size() > 1 &&
             credited.segments(0).rule_version() != credited.segments().rbegin()->rule_version());
    meet("credits up to a cap", capped);
    meet("credits with grace", graced);
    meet("credits that mature later", credited.has_matures_day_number());
    meet("credits that repay debt", credited.inflow().debt_repaid_units() > 0);
    meet("credits forfeited", credited.inflow().forfeited_size() > 0);
  };
  const auto claw_back = [&](const v1::ClawBack& taken) {
    meet("claw-backs of pending units", taken.pending_size() > 0);
    meet("claw-backs of lapsed units", taken.expired_size() > 0);
    meet("claw-backs of forfeited units", taken.forfeited_size() > 0);
    meet("claw-backs of several lots", taken.available_size() > 1);
    meet("claw-backs into debt", taken.debt_units() > 0);
  };
  if (event.has_hours_credited()) credit(event.hours_credited().credit());
  if (event.has_hours_submitted()) {
    credit(event.hours_submitted().credit());
    for (const int reason : event.hours_submitted().wait_reasons()) {
      meet(v1::WaitReason_Name(static_cast<v1::WaitReason>(reason)).c_str(), true);
    }
  }
  if (event.has_hours_reviewed()) {
    credit(event.hours_reviewed().credit());
    if (event.hours_reviewed().has_claw_back()) claw_back(event.hours_reviewed().claw_back());
  }
  if (event.has_hours_revoked()) claw_back(event.hours_revoked().claw_back());
  if (event.has_hours_corrected()) {
    const v1::HoursCorrected& corrected = event.hours_corrected();
    claw_back(corrected.claw_back());
    meet("corrections that return pending units", corrected.returned().pending_size() > 0);
    meet("corrections that return lapsed units", corrected.returned().expired_size() > 0);
    meet("corrections that return debt", corrected.returned().debt_units() > 0);
    meet("corrections that earn more", corrected.credit().has_inflow());
    meet("corrections that earn more, later", corrected.credit().has_matures_day_number());
  }
  if (event.has_points_matured()) {
    const v1::Inflow& inflow = event.points_matured().inflow();
    meet("maturities that repay debt", inflow.debt_repaid_units() > 0);
    for (const v1::LotUnits& lot : inflow.lots()) meet("maturities with grace", lot.graced());
  }
  if (event.has_points_expired()) {
    meet("lapses of grace", event.points_expired().lots(0).graced());
  }
  if (event.has_volunteer_closed()) {
    meet("closings with pending units", event.volunteer_closed().pending_size() > 0);
  }
  if (event.has_volunteers_merged()) {
    meet("merges that repay debt", event.volunteers_merged().debt_repaid_size() > 0);
    meet("merges with open holds", event.volunteers_merged().held_units() > 0);
  }
  meet("late facts, booked in an open month", event.has_booked_month_number());
  MeetOrder(event, tally);
  MeetStatement(event, tally);
}

}  // namespace meritbook::property
