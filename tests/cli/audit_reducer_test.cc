// A small good log, and for every invariant at least one way to break it that the audit tells as
// exactly that.
#include <gtest/gtest.h>

#include <set>

#include "cli/audit/served_comparison.h"
#include "tests/cli/audit_rows.h"

namespace meritbook::audit {
namespace {

std::vector<LogRow> AllLifeRows() {
  std::vector<LogRow> rows = RecordRows();
  for (const auto& more : {ChangeRows(), PointsRows()}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

std::vector<LogRow> AllLogRows() {
  std::vector<LogRow> rows = EnvelopeRows();
  for (const auto& more : {PartyRows(), HoursRows(), MoneyRows()}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

TEST(AuditReducer, PassesAGoodLogAndWhatIsServedOfIt) {
  const Log log = GoodLog();
  const Served served = GoodAnswers(log);
  EXPECT_EQ(TextOf(Audit(log, &served)), "");
}

TEST(AuditReducer, PassesAMall) { EXPECT_EQ(TextOf(Audit(MallLog(), nullptr)), ""); }

TEST(AuditReducer, PassesAWholeLife) { EXPECT_EQ(TextOf(Audit(LifeLog(), nullptr)), ""); }

void ExpectTold(const LogRow& row, Log log) {
  SCOPED_TRACE(row.name);
  row.spoil(log);
  const std::vector<Finding> findings = Audit(log, nullptr);
  ASSERT_EQ(findings.size(), 1u) << TextOf(findings);
  EXPECT_EQ(InvariantName(findings[0].invariant), InvariantName(row.want)) << TextOf(findings);
  EXPECT_FALSE(findings[0].message.empty());
}

TEST(AuditReducer, TellsEachViolationOfALogAsItself) {
  for (const LogRow& row : AllLogRows()) ExpectTold(row, GoodLog());
  for (const LogRow& row : AllLifeRows()) ExpectTold(row, LifeLog());
  for (const LogRow& row : MallRows()) ExpectTold(row, MallLog());
}

TEST(AuditReducer, TellsEachViolationOfWhatIsServedAsItself) {
  const Log log = GoodLog();
  for (const ServedRow& row : ServedRows()) {
    SCOPED_TRACE(row.name);
    Served served = GoodAnswers(log);
    row.spoil(served);
    const std::vector<Finding> findings = Audit(log, &served);
    ASSERT_EQ(findings.size(), 1u) << TextOf(findings);
    EXPECT_EQ(InvariantName(findings[0].invariant), InvariantName(row.want)) << TextOf(findings);
  }
}

TEST(AuditReducer, HasARowForEveryInvariant) {
  std::set<Invariant> seen;
  for (const LogRow& row : AllLogRows()) seen.insert(row.want);
  for (const LogRow& row : AllLifeRows()) seen.insert(row.want);
  for (const LogRow& row : MallRows()) seen.insert(row.want);
  for (const ServedRow& row : ServedRows()) seen.insert(row.want);
  for (Invariant invariant : kInvariants) {
    // An archive and a server: tests/cli/audit_run_test.cc.
    const bool of_a_log = invariant != Invariant::ARCHIVE_DIFFERS;
    EXPECT_EQ(seen.count(invariant), of_a_log ? 1u : 0u) << InvariantName(invariant);
    EXPECT_FALSE(InvariantSentence(invariant).empty());
  }
}

// What stands at an edge and is right.
TEST(AuditReducer, PassesWhatIsJustAllowed) {
  const std::pair<const char*, std::function<void(Log&)>> rows[] = {
      {"30 days ago",
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing",
                    {{"2021-05-11", 60, 0, 2, 10, 100, "2022-01-31"}});
       }},
      {"a day of 1,440 minutes",
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-02", 0, 1'380, 3, 12, 100, {}}});
       }},
      {"one service after another",
       [](Log& log) {
         Log::Clock(
             log.Credit("c6", kLater, "an", "crossing", {{"2021-06-05", 60, 0, 3, 12, 100, {}}}),
             "2021-06-05 09:00", "2021-06-05 10:00");
         Log::Clock(
             log.Credit("c7", kLater, "an", "crossing", {{"2021-06-05", 0, 60, 3, 12, 100, {}}}),
             "2021-06-05 10:00", "2021-06-05 11:00");
         Log::Clock(
             log.Credit("c8", kLater, "an", "crossing", {{"2021-06-05", 0, 60, 3, 12, 100, {}}}),
             "2021-06-05 08:00", "2021-06-05 09:00");
       }},
      {"a newer rule from the same day",
       [](Log& log) {
         log.Rule("rule4", kLater, 4, "2021-06-01", 480);
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-02", 420, 15, 4, 10, 100, {}}});
       }},
      {"the last pieces and all the points",
       [](Log& log) {
         log.Redeem("o4", kLater, "bread", 2, {{"2022-01-31", 54'000}, {std::nullopt, 66'000}});
       }},
      {"a configured principal",
       [](Log& log) {
         v1::Event& event =
             log.Redeem("o4", kLater, "bread", 1, {{"2022-01-31", 54'000}, {std::nullopt, 6'000}});
         event.set_actor("till-of-configuration");
       }},
      {"hours of who is frozen",
       [](Log& log) {
         log.Credit("c6", kLater, "bo", "crossing", {{"2021-06-05", 60, 0, 3, 12, 100, {}}});
       }},
      {"one request id for two kinds", [](Log& log) { log.Stock("o1", kLater, 1); }},
      {"one record id in two sources",
       [](Log& log) {
         v1::Event& event =
             log.Credit("c5", kLater, "an", "crossing", {{"2021-06-05", 60, 0, 3, 12, 100, {}}});
         event.set_actor("backend-of-configuration");
         event.set_source("elsewhere");
       }},
      {"65,535 bytes", [](Log& log) { log.Pad("stock", 65'535); }},
  };
  for (const auto& [name, add] : rows) {
    SCOPED_TRACE(name);
    Log log = GoodLog();
    add(log);
    EXPECT_EQ(TextOf(Audit(log, nullptr)), "");
  }
}

// What the whole life comes to, worked out by hand.
TEST(AuditReducer, ComparesTheEndOfAWholeLife) {
  const Log log = LifeLog();
  Served served;
  v1::ListBalancesResponse page;
  page.set_size(log.size());
  const auto row = [&](const std::string& id, int64_t credited, int64_t honorary) -> v1::Balance& {
    v1::Balance& balance = *page.add_balances();
    balance.set_volunteer_id(id);
    balance.set_credited_minutes(static_cast<uint64_t>(credited));
    balance.set_honorary_minutes(static_cast<uint64_t>(honorary));
    return balance;
  };
  v1::Balance& an = row("an", 120 + 45 + 30 + 60 + 90 + 60, 0);
  an.set_available_units(191'000);
  SetLot({"2021-05-31", 30'000}, an.add_lots());
  SetLot({"2021-07-31", 5'000}, an.add_lots());
  an.mutable_lots(1)->set_graced(true);
  SetLot({"2022-01-31", 150'000}, an.add_lots());
  SetLot({std::nullopt, 6'000}, an.add_lots());
  row("bo", 60 + 90, 15);
  row("cy", 0, 0).set_merged_into("an");
  row("di", 0, 30).set_closed(true);
  Reducer reducer("county");
  log.ReplayInto(reducer, [] {});
  for (v1::Balance& balance : *page.mutable_balances()) {
    const Volunteer* volunteer = reducer.books().volunteers.Find(balance.volunteer_id());
    balance.set_event_count(volunteer->event_count);
    balance.set_last_sequence(volunteer->last_sequence);
  }
  served.pages.push_back(page);
  served.totals.set_size(log.size());
  served.totals.set_volunteers(4);
  const std::pair<const char*, int64_t> totals[] = {
      // The old balance; her hours and his; backfilled; the award; what two corrections added.
      {"issued", -(36'000 + 60'000 + 30'000 + 60'000 + 60'000 + 30'000 + 90'000 + 255'000 + 60'000 +
                   60'000 + 60'000 + 300'000 + 30'000 + 30'000)},
      {"available", 191'000},
      {"expired", 60'000 + 70'000 + 264'000 + 90'000},
      {"revoked", 15'000 + 60'000 + 255'000 + 60'000},
      {"forfeited", 6'000},
      {"donated", 30'000},
      {"payable", 60'000}};
  for (const auto& [account, units] : totals) {
    v1::AccountTotal* total = served.totals.add_totals();
    total->set_account(account);
    total->set_units(units);
  }
  v1::MerchantBalance* shop = served.totals.add_merchants();
  shop->set_merchant_id("shop");
  shop->set_payable_units(60'000);
  EXPECT_EQ(TextOf(Audit(log, &served)), "");
}

TEST(AuditReducer, ComparesEachAnswerAtItsOwnSize) {
  Log log = GoodLog();
  // The first page is old, the second new; the ledger has grown since, by events and volunteers.
  Served served = GoodAnswers(log);
  served.pages.push_back(served.pages[0]);
  served.pages[0].mutable_balances()->RemoveLast();
  served.pages[1].mutable_balances()->DeleteSubrange(0, 1);
  const uint64_t after_c1 = log["c1"].sequence() + 1;
  served.pages[0].set_size(after_c1);
  served.an().Clear();
  served.an().set_volunteer_id("an");
  served.an().set_available_units(120'000);
  SetLot({"2021-04-30", 120'000}, served.an().add_lots());
  served.an().set_credited_minutes(120);
  served.an().set_event_count(2);
  served.an().set_last_sequence(after_c1 - 1);
  log.Volunteer("cy", kLater);
  log.Redeem("o4", kLater, "bread", 1, {{"2022-01-31", 54'000}, {std::nullopt, 6'000}});
  EXPECT_EQ(TextOf(Audit(log, &served)), "");
}

TEST(AuditReducer, GoesOnAfterAViolationAndKeepsABoundedList) {
  Log log = GoodLog();
  for (size_t i = 0; i <= kFindingsMax; ++i) {
    log.Revoke("revoke" + std::to_string(i), kLater, "nobody");
  }
  Reducer reducer("county");
  log.ReplayInto(reducer, [] {});
  EXPECT_EQ(reducer.findings().size(), kFindingsMax);
  EXPECT_EQ(reducer.findings_total(), kFindingsMax + 1);
  EXPECT_EQ(reducer.size(), log.size());
}

TEST(AuditReducer, TellsNoPersonalNumber) {
  Log log = GoodLog();
  Again(log.Volunteer("13812345678", kLater));
  Again(log.Volunteer("13812345678", kLater)).set_request_id("once more");
  EXPECT_EQ(TextOf(Audit(log, nullptr)).find("13812345678"), std::string::npos);
}

}  // namespace
}  // namespace meritbook::audit
