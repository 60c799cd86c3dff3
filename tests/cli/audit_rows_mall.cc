// A small mall from its budget to its payment, and each way to break what holds in it.
#include "tests/cli/audit_rows.h"

namespace meritbook::audit {
namespace {

std::string LotText(const std::string& units) {
  return " lots { expiry_day_number: D(2022-01-31) units: " + units + " } ";
}

std::string Piece(const std::string& item, const std::string& quantity, const std::string& points,
                  const std::string& fen) {
  return " lines { item_id: '" + item + "' quantity: " + quantity + " price_points: " + points +
         " settle_fen: " + fen + " budget_source: 'programme' budget_year: 2021 } ";
}

std::string Ref(const std::string& scope, const std::string& owner, const std::string& id) {
  return " order { scope: REQUEST_SCOPE_" + scope + " owner: '" + owner + "' order_id: '" + id +
         "' } ";
}

// One cake held for an hour, or a voucher's day.
std::string Hold(const std::string& quantity, const std::string& units, const std::string& deadline,
                 const std::string& ends) {
  return " hold { volunteer_id: 'an' " + Piece("cake", quantity, "2", "100") + " units: " + units +
         LotText(units) + " deadline_us: T(" + deadline + ") ends_us: T(" + ends + ") } ";
}

std::string Asked(const std::string& id, const std::string& quantity) {
  return " command { order_id: '" + id +
         "' volunteer_id: 'an' merchant_id: 'shop' lines { item_id: 'cake' quantity: " + quantity +
         " } ";
}

void ByTwo(Log& log, const std::string& name, const std::string& day, const std::string& change,
           const std::string& effect) {
  log.Text("p-" + name, day + " 17:00", "clerk", "",
           "change_proposed { command { proposal_id: 'p-" + name + "' " + change + " } }");
  log.Text("ok-" + name, day + " 17:10", "chair", "",
           "change_approved { command { proposal_id: 'p-" + name + "' } proposed_by: 'clerk' }");
  log.Next(name, "ok-" + name, "", effect);
}

void Shelf(Log& log) {
  v1::MallRule* mall = log.Rule("rule4", "2021-06-04 08:00", 4, "2021-06-04", 480)
                           .mutable_rule_published()
                           ->mutable_command()
                           ->mutable_mall();
  mall->set_hold_seconds_max(3'600);
  mall->set_voucher_days_max(7);
  mall->set_offline_grace_minutes(120);
  mall->set_statement_close_days(7);
  const std::string money = "{ source: 'programme' year: 2021 fen: 1000 warn_percent: 50 }";
  ByTwo(log, "money", "2021-06-04", "allocate_budget " + money,
        "budget_allocated { command " + money + " allocated_fen: 1000 }");
  log.Text("cake", "2021-06-04 18:00", "clerk", "",
           "item_published { command { item_id: 'cake' merchant_id: 'shop' price_points: 2 "
           "stock: 5 settle_fen: 100 funding: FUNDING_PROGRAMME "
           "limit { quantity: 3 period: LIMIT_PERIOD_MONTH } } }");
  log.Text("fan", "2021-06-04 18:01", "clerk", "",
           "item_published { command { item_id: 'fan' merchant_id: 'shop' price_points: 1 "
           "stock: 5 settle_fen: 300 funding: FUNDING_PROGRAMME } }");
}

void Orders(Log& log) {
  log.Text("h1", "2021-06-05 10:00", "till", "an",
           "order_held {" + Asked("h1", "2") + "}" +
               Hold("2", "24000", "2021-06-05 11:00", "2021-06-05 11:00") + "}");
  log.Text("part", "2021-06-05 10:30", "till", "an",
           "order_confirmed { command { order_id: 'h1' lines { item_id: 'cake' quantity: 1 } }" +
               Ref("MERCHANT", "shop", "h1") + "volunteer_id: 'an' merchant_id: 'shop'" +
               Piece("cake", "1", "2", "100") + "units: 12000" + LotText("12000") + "released {" +
               LotText("12000") + "} }");
  const std::string code(32, 'v');
  log.Text("v1", "2021-06-06 10:00", "clerk", "an",
           "voucher_issued {" + Asked("v1", "1") + "valid_days: 1 code_sha256: '" + code + "' }" +
               Hold("1", "12000", "2021-06-07 00:00", "2021-06-07 02:00") + "}");
  log.Text("slip", "2021-06-07 01:00", "till", "an",
           "order_confirmed { command { voucher_sha256: '" + code +
               "' happened_us: T(2021-06-06 18:00) }" + Ref("PRINCIPAL", "clerk", "v1") +
               "volunteer_id: 'an' merchant_id: 'shop'" + Piece("cake", "1", "2", "100") +
               "units: 12000" + LotText("12000") + "}")
      .set_occurred_us(At("2021-06-06 18:00"));
  log.Text("h2", "2021-06-08 10:00", "till", "an",
           "order_held {" + Asked("h2", "1") + "}" +
               Hold("1", "12000", "2021-06-08 11:00", "2021-06-08 11:00") + "}");
  log.Text("cancel", "2021-06-08 10:05", "clerk", "an",
           "order_cancelled { command { order_id: 'h2' owner { merchant_id: 'shop' } "
           "reason_code: 'no' } hold {" +
               Ref("MERCHANT", "shop", "h2") +
               "volunteer_id: 'an' merchant_id: 'shop' units: 12000 released {" + LotText("12000") +
               "} } }");
  log.Text("h3", "2021-06-08 11:00", "till", "an",
           "order_held {" + Asked("h3", "1") + "}" +
               Hold("1", "12000", "2021-06-08 12:00", "2021-06-08 12:00") + "}");
  log.Text("out", "2021-06-08 12:30", "", "an",
           "hold_timed_out { hold {" + Ref("MERCHANT", "shop", "h3") +
               "volunteer_id: 'an' merchant_id: 'shop' units: 12000 released {" + LotText("12000") +
               "} } }")
      .set_occurred_us(At("2021-06-08 12:00"));
  log.Text("r1", "2021-06-09 10:00", "till", "an",
           "order_redeemed { command { order_id: 'r1' volunteer_id: 'an' merchant_id: 'shop' "
           "lines { item_id: 'fan' quantity: 1 } } volunteer_id: 'an'" +
               Piece("fan", "1", "1", "300") + "units: 6000" + LotText("6000") + "}");
  log.Next("warned", "r1", "",
           "budget_warned { budget { source: 'programme' year: 2021 } warn_percent: 50 "
           "allocated_fen: 1000 used_fen: 500 }");
}

// 120,000 units of April's bread, two cakes, a fan.
std::string Figures(const std::string& written_off, const std::string& closing) {
  return " figures { opening { } confirmed { units: 150000 fen: 500 } refunded { } paid { } "
         "reversed { } written_off { " +
         written_off + " } closing { " + closing + " } } ";
}

std::string ByBudget(const std::string& fen) {
  return " by_budget { budget { source: 'programme' year: 2021 } fen: " + fen + " } ";
}

void Settle(Log& log) {
  log.Text("june", "2021-07-01 09:00", "clerk", "",
           "period_closed { command { month: '2021-06' } month_number: 617 }");
  log.Text("s1", "2021-07-01 10:00", "clerk", "",
           "statement_opened { command { statement_id: 's1' merchant_id: 'shop' "
           "through_month: '2021-06' }" +
               Figures("", "units: 150000 fen: 500") + ByBudget("500") +
               "closes_us: T(2021-07-08 00:00) }");
  log.Text("object", "2021-07-02 10:00", "till", "",
           "statement_objected { command { statement_id: 's1' reason_code: 'cake' } "
           "merchant_id: 'shop' }");
  log.Text("resolve", "2021-07-03 10:00", "clerk", "",
           "objection_resolved { command { statement_id: 's1' upheld: true reason_code: 'cake' } "
           "merchant_id: 'shop' closes_us: T(2021-07-10 00:00) }");
  const std::string less =
      "{ statement_id: 's1' amounts { units: 6000 fen: 100 } "
      "budget { source: 'programme' year: 2021 } reason_code: 'cake' }";
  ByTwo(log, "less", "2021-07-03", "write_off " + less,
        "payable_written_off { command " + less + " merchant_id: 'shop'" + ByBudget("100") + "}");
  log.Text("close", "2021-07-04 10:00", "clerk", "",
           "statement_closed { command { statement_id: 's1' } statement_id: 's1' "
           "merchant_id: 'shop'" +
               Figures("units: 6000 fen: 100", "units: 144000 fen: 400") + ByBudget("400") + "}");
  log.Text("pay", "2021-07-05 10:00", "clerk", "",
           "payment_recorded { command { statement_id: 's1' fen: 400 reference: 'bank-1' } "
           "merchant_id: 'shop' amounts { units: 144000 fen: 400 }" +
               ByBudget("400") + "}");
  log.Text("bounce", "2021-07-06 10:00", "clerk", "",
           "payment_reversed { command { statement_id: 's1' reason_code: 'bank' } "
           "merchant_id: 'shop' amounts { units: 144000 fen: 400 }" +
               ByBudget("400") + "}");
  log.Text("back", "2021-07-06 12:00", "till", "an",
           "order_refunded { command { order_id: 'r1' lines { item_id: 'fan' quantity: 1 } "
           "reason_code: 'broken' } volunteer_id: 'an' merchant_id: 'shop'" +
               Piece("fan", "1", "1", "300") + "units: 6000" + LotText("6000") + "inflow {" +
               LotText("6000") + "}" + Ref("MERCHANT", "shop", "r1") + "}");
  log.Credit("late", "2021-07-06 13:00", "an", "crossing", {{"2021-06-30", 60, 0, 4, 10, 100, {}}})
      .set_booked_month_number(618);
}

v1::Event& Withdraw(Log& log, const std::string& label) {
  return log.Text(label, "2021-07-07 10:00", "clerk", "",
                  "item_withdrawn { command { item_id: 'fan' reason_code: 'season' } }");
}

v1::MallRule& Mall(Log& log) {
  return *log["rule4"].mutable_rule_published()->mutable_command()->mutable_mall();
}

}  // namespace

Log MallLog() {
  Log log = GoodLog();
  Shelf(log);
  Orders(log);
  Settle(log);
  return log;
}

std::vector<LogRow> MallRows() {
  return {
      {"a deadline of its own", I::HOLD_WRONG,
       [](Log& log) {
         auto* hold = log["h1"].mutable_order_held()->mutable_hold();
         hold->set_deadline_us(hold->deadline_us() + 1);
       }},
      {"handed over after the deadline", I::HOLD_WRONG,
       [](Log& log) {
         v1::Event& slip = log["slip"];
         slip.set_occurred_us(At("2021-06-07 00:00"));
         slip.mutable_order_confirmed()->mutable_command()->set_happened_us(slip.occurred_us());
       }},
      {"a hold that ends twice", I::HOLD_WRONG,
       [](Log& log) {
         v1::Event& event =
             log.Text("twice", "2021-07-07 10:00", "clerk", "an", "order_cancelled { }");
         *event.mutable_order_cancelled() = log["cancel"].order_cancelled();
       }},
      {"a cancellation when the time was over", I::TIMER_OVERDUE,
       [](Log& log) { RecordAt(log["cancel"], "2021-06-08 11:00"); }},
      {"an order while a statement should have closed", I::TIMER_OVERDUE,
       [](Log& log) {
         for (const char* label : {"p-less", "ok-less", "less", "close", "pay", "bounce", "back"}) {
           RecordAt(log[label], "2021-07-10 00:00");
         }
         log["late"].set_recorded_us(At("2021-07-10 00:00"));
       }},
      {"an item for children", I::PURCHASE_LIMIT_BROKEN,
       [](Log& log) {
         log["fan"].mutable_item_published()->mutable_command()->add_age_bands(
             v1::AGE_BAND_UNDER_14);
       }},
      {"two orders on one day", I::PURCHASE_LIMIT_BROKEN,
       [](Log& log) { Mall(log).set_volunteer_orders_per_day(1); }},
      {"withdrawn twice", I::SHELF_CLOSED,
       [](Log& log) {
         Withdraw(log, "off1");
         Withdraw(log, "off2");
       }},
      {"resumed without having been suspended", I::SHELF_CLOSED,
       [](Log& log) {
         log.Text("resume", "2021-07-07 10:00", "clerk", "",
                  "merchant_resumed { command { merchant_id: 'shop' reason_code: 'ok' } }");
       }},
      {"a warning of another sum", I::BUDGET_WRONG,
       [](Log& log) { log["warned"].mutable_budget_warned()->set_used_fen(501); }},
      {"another whole than allocated", I::BUDGET_WRONG,
       [](Log& log) { log["money"].mutable_budget_allocated()->set_allocated_fen(1'001); }},
      {"a statement that doesn't add up", I::STATEMENT_WRONG,
       [](Log& log) {
         log["s1"].mutable_statement_opened()->mutable_figures()->mutable_closing()->set_fen(501);
       }},
      {"paid less", I::STATEMENT_WRONG,
       [](Log& log) {
         log["pay"].mutable_payment_recorded()->mutable_amounts()->set_units(143'999);
       }},
      {"objected to after it was closed", I::STATEMENT_STATE_WRONG,
       [](Log& log) {
         log.Text("object2", "2021-07-07 10:00", "till", "",
                  "statement_objected { command { statement_id: 's1' reason_code: 'cake' } "
                  "merchant_id: 'shop' }");
       }},
      {"a month in two statements", I::STATEMENT_STATE_WRONG,
       [](Log& log) {
         v1::Event& event =
             log.Text("s2", "2021-07-07 10:00", "clerk", "",
                      "statement_opened { command { statement_id: 's2' merchant_id: 'shop' "
                      "through_month: '2021-06' } figures { opening { units: 144000 fen: 400 } "
                      "paid { units: 144000 fen: 400 } reversed { units: 144000 fen: 400 } "
                      "closing { units: 144000 fen: 400 } } previous_statement_id: 's1' "
                      "closes_us: T(2021-07-14 00:00) }");
         *event.mutable_statement_opened()->add_by_budget() =
             log["close"].statement_closed().by_budget(0);
       }},
      {"a late fact that doesn't say so", I::BOOKED_MONTH_WRONG,
       [](Log& log) { log["late"].clear_booked_month_number(); }},
      {"a month closed before it was over", I::BOOKED_MONTH_WRONG,
       [](Log& log) {
         log.Text("july", "2021-07-31 23:59", "clerk", "",
                  "period_closed { command { month: '2021-07' } month_number: 618 }");
       }},
  };
}

}  // namespace meritbook::audit
