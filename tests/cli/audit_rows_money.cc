// Redemptions, lapses, and what is served.
#include "tests/cli/audit_rows.h"

namespace meritbook::audit {

std::vector<LogRow> MoneyRows() {
  return {
      {"lots below units", I::POSTINGS_DONT_BALANCE,
       [](Log& log) { OrderOf(log, "o3").mutable_lots(1)->set_units(5'000); }},
      {"lots that overflow", I::POSTINGS_DONT_BALANCE,
       [](Log& log) {
         OrderOf(log, "o3").mutable_lots(0)->set_units(INT64_MAX);
         OrderOf(log, "o3").mutable_lots(1)->set_units(INT64_MAX);
       }},
      {"a lot of nothing", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         SetLot({std::nullopt, 0}, OrderOf(log, "o3").add_lots());
       }},
      {"more than the lot", I::LOT_OVERDRAWN,
       [](Log& log) {
         log.Redeem("o4", kLater, "bread", 1, {{"2022-01-31", 60'000}});
       }},
      {"a lot that isn't", I::LOT_OVERDRAWN,
       [](Log& log) {
         log.Redeem("o4", kLater, "bread", 1, {{"2023-01-31", 60'000}});
       }},
      {"the last lot first", I::LOT_ORDER_WRONG,
       [](Log& log) {
         log.Redeem("o4", kLater, "bread", 1, {{std::nullopt, 60'000}});
       }},
      {"not all of the first lot", I::LOT_ORDER_WRONG,
       [](Log& log) {
         log.Redeem("o4", kLater, "bread", 1, {{"2022-01-31", 53'000}, {std::nullopt, 7'000}});
       }},
      {"the day after", I::LAPSED_LOT_SPENT,
       [](Log& log) { RecordAt(log["o3"], "2021-05-01 00:00"); }},
      {"lapsed and left", I::LAPSE_OVERDUE,
       [](Log& log) {
         RecordAt(log["o3"], "2021-05-01 00:00");
         OrderOf(log, "o3").clear_lots();
         SetLot({"2022-01-31", 12'000}, OrderOf(log, "o3").add_lots());
       }},
      {"on the last day", I::LAPSE_TOO_EARLY,
       [](Log& log) { RecordAt(log["e1"], "2021-04-30 23:59"); }},
      {"what never lapses", I::LAPSE_TOO_EARLY,
       [](Log& log) {
         log.Expire("e2", kLater, "an", {{std::nullopt, 72'000}});
       }},
      {"half a lot", I::LAPSE_NOT_WHOLE,
       [](Log& log) { log["e1"].mutable_points_expired()->mutable_lots(0)->set_units(15'000); }},
      {"nothing lapses", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { log["e1"].mutable_points_expired()->clear_lots(); }},
      {"another quantity", I::ORDER_LINES_WRONG,
       [](Log& log) { OrderOf(log, "o3").mutable_lines(0)->set_quantity(1); }},
      {"a line more", I::ORDER_LINES_WRONG,
       [](Log& log) { *OrderOf(log, "o3").add_lines() = OrderOf(log, "o3").lines(0); }},
      {"another price", I::PRICE_WRONG,
       [](Log& log) { OrderOf(log, "o3").mutable_lines(0)->set_price_points(2); }},
      {"another sum", I::ORDER_UNITS_WRONG, [](Log& log) { OrderOf(log, "o3").set_units(12'001); }},
      {"item twice in an order", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         auto& order = OrderOf(log, "o3");
         *order.mutable_command()->add_lines() = order.command().lines(0);
         *order.add_lines() = order.lines(0);
       }},
      {"another's item", I::ITEM_OF_OTHER_MERCHANT,
       [](Log& log) { OrderOf(log, "o3").mutable_command()->set_merchant_id("shop"); }},
      {"sold out", I::STOCK_NEGATIVE,
       [](Log& log) {
         log.Redeem("o4", kLater, "tea", 1, {{"2022-01-31", 6'000}});
       }},
      {"frozen", I::FROZEN_REDEEMED,
       [](Log& log) {
         log.Freeze("freeze2", kLater, "an");
         log.Redeem("o4", kLater, "bread", 1, {{"2022-01-31", 54'000}, {std::nullopt, 6'000}});
       }},
      {"for herself", I::SELF_REDEMPTION, [](Log& log) { log["o3"].set_actor("relative"); }},
      {"at another merchant", I::MERCHANT_BINDING_BROKEN,
       [](Log& log) {
         log["o3"].set_actor("till");
         log["o3"].set_scope(v1::REQUEST_SCOPE_MERCHANT);
         log["o3"].set_source("shop");
       }},
      {"a configured till at another merchant", I::MERCHANT_BINDING_BROKEN,
       [](Log& log) {
         log["o3"].set_actor("till-of-configuration");
         log["o3"].set_scope(v1::REQUEST_SCOPE_MERCHANT);
         log["o3"].set_source("shop");
       }},
  };
}

std::vector<ServedRow> ServedRows() {
  return {
      {"totals' sum", I::ACCOUNTS_DONT_SUM,
       [](Served& served) { served.totals.mutable_totals(0)->set_units(-305'999); }},
      {"size beyond the log", I::LOG_TOO_SHORT,
       [](Served& served) { served.totals.set_size(served.totals.size() + 1); }},
      {"available", I::BALANCE_DIFFERS,
       [](Served& served) { served.an().set_available_units(126'001); }},
      {"pending", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_pending_units(1); }},
      {"pending's day", I::BALANCE_DIFFERS,
       [](Served& served) {
         v1::PendingUnits* pending = served.an().add_pending();
         pending->set_matures_day_number(20'000);
         pending->mutable_lot()->set_units(5);
       }},
      {"debt", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_debt_units(-1); }},
      {"held", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_held_units(1); }},
      {"grace", I::BALANCE_DIFFERS,
       [](Served& served) { served.an().mutable_lots(0)->set_graced(true); }},
      {"closed", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_closed(true); }},
      {"merged", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_merged_into("bo"); }},
      {"revoked and donated", I::TRIAL_BALANCE_DIFFERS,
       [](Served& served) {
         for (const auto& [account, units] : {std::pair("revoked", 1), std::pair("donated", -1)}) {
           v1::AccountTotal* total = served.totals.add_totals();
           total->set_account(account);
           total->set_units(units);
         }
       }},
      {"lot's day", I::BALANCE_DIFFERS,
       [](Served& served) { served.an().mutable_lots(1)->set_expiry_day_number(20'000); }},
      {"lots' order", I::BALANCE_DIFFERS,
       [](Served& served) { served.an().mutable_lots()->SwapElements(0, 1); }},
      {"minutes", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_honorary_minutes(31); }},
      {"frozen", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_frozen(true); }},
      {"passbook", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_last_sequence(3); }},
      {"left out", I::BALANCE_NOT_SERVED,
       [](Served& served) { served.pages[0].mutable_balances()->RemoveLast(); }},
      {"first left out", I::BALANCE_NOT_SERVED,
       [](Served& served) { served.pages[0].mutable_balances()->DeleteSubrange(0, 1); }},
      {"invented", I::BALANCE_NOT_IN_LOG,
       [](Served& served) { served.pages[0].add_balances()->set_volunteer_id("cy"); }},
      {"order", I::BALANCE_ORDER_WRONG,
       [](Served& served) { served.pages[0].mutable_balances()->SwapElements(0, 1); }},
      {"twice", I::BALANCE_ORDER_WRONG,
       [](Served& served) {
         served.pages.push_back(served.pages[0]);
         served.pages[1].mutable_balances()->DeleteSubrange(0, 1);
       }},
      {"one total for another", I::TRIAL_BALANCE_DIFFERS,
       [](Served& served) {
         served.totals.mutable_totals(2)->set_units(30'001);
         served.totals.mutable_totals(3)->set_units(149'999);
       }},
      {"an account nobody knows", I::TRIAL_BALANCE_DIFFERS,
       [](Served& served) {
         served.totals.mutable_totals(4)->set_account("pockets");
         served.totals.mutable_totals(4)->set_units(1);
         served.totals.mutable_totals(3)->set_units(149'999);
       }},
      {"volunteers", I::TRIAL_BALANCE_DIFFERS,
       [](Served& served) { served.totals.set_volunteers(3); }},
      {"merchant's units", I::MERCHANT_BALANCE_DIFFERS,
       [](Served& served) { served.totals.mutable_merchants(0)->set_payable_units(1); }},
      {"merchant left out", I::MERCHANT_BALANCE_DIFFERS,
       [](Served& served) { served.totals.mutable_merchants()->RemoveLast(); }},
      {"merchants' order", I::MERCHANT_BALANCE_DIFFERS,
       [](Served& served) { served.totals.mutable_merchants()->SwapElements(0, 1); }},
  };
}

}  // namespace meritbook::audit
