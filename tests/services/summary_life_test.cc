// The figures after each step of a long life, against what the core's state says by brute force.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "ledger/check.h"
#include "ledger/units.h"
#include "services/books_keeper.h"
#include "services/reports.h"
#include "services/summary.h"
#include "tests/services/life.h"

namespace meritbook {
namespace {

// A figure is what is left once all is said and done, so the state has it too, in a form that takes
// a walk over everything.
v1::GetSummaryResponse ByBruteForce(const State& state) {
  v1::GetSummaryResponse figures;
  figures.set_size(state.size());
  figures.set_last_recorded_us(state.ledger().last_recorded_us);
  figures.set_units_per_point(kUnitsPerPoint);
  figures.set_organisations(state.organisations().size());
  figures.set_merchants(state.merchants().size());
  figures.set_items(state.items().size());
  figures.set_orders(state.orders().size());
  figures.set_points_issued_units(-state.ledger().issued_units);
  figures.set_expired_units(state.ledger().expired_units);
  const LedgerRow& ledger = state.ledger();
  figures.set_redeemed_units(ledger.payable_units + ledger.settled_units +
                             ledger.written_off_units);
  figures.set_outstanding_units(ledger.pending_units + ledger.available_units + ledger.held_units +
                                ledger.debt_units);
  v1::CommunityTotals* communities = figures.mutable_communities();
  const auto of_community = [&](uint32_t activity) {
    return state.organisations()[state.activities()[activity].organisation].kind ==
           v1::ORGANISATION_KIND_COMMUNITY;
  };
  for (uint32_t i = 0; i < state.organisations().size(); ++i) {
    const bool community = state.organisations()[i].kind == v1::ORGANISATION_KIND_COMMUNITY;
    communities->set_communities(communities->communities() + (community ? 1 : 0));
  }
  for (uint32_t i = 0; i < state.activities().size(); ++i) {
    const ActivityState now = state.activities()[i].state;
    if (now == ActivityState::kWaiting || now == ActivityState::kRejected) continue;
    figures.set_activities(figures.activities() + 1);
    communities->set_activities(communities->activities() + (of_community(i) ? 1 : 0));
  }
  std::set<std::tuple<uint32_t, uint32_t, uint32_t, DayNumber>> person_times;
  for (uint32_t i = 0; i < state.records().size(); ++i) {
    const Record& record = state.records()[i];
    if (record.state != v1::RECORD_STATE_APPROVED || record.is_award()) continue;
    const bool community = of_community(record.activity);
    figures.set_service_minutes(figures.service_minutes() + record.minutes);
    communities->set_minutes(communities->minutes() + (community ? record.minutes : 0));
    const DayNumber day = record.session == kNoIndex ? record.day : 0;
    const uint32_t activity = record.session == kNoIndex ? record.activity : kNoIndex;
    if (person_times.insert({state.Survivor(record.volunteer), record.session, activity, day})
            .second) {
      communities->set_person_times(communities->person_times() + (community ? 1 : 0));
    }
  }
  figures.set_person_times(person_times.size());
  for (uint32_t i = 0; i < state.volunteers().size(); ++i) {
    const Volunteer& volunteer = state.volunteers()[i];
    if (volunteer.merged_into) continue;
    figures.set_volunteers(figures.volunteers() + 1);
    if (volunteer.available_units >= 1'000 * kUnitsPerPoint) {
      figures.set_volunteers_1000_balance(figures.volunteers_1000_balance() + 1);
    }
  }
  return figures;
}

// The numbers of a column, those of the last row last; a value that there is none is 0.
std::vector<int64_t> ColumnOf(const ReportTable& table, const std::string& key) {
  std::vector<int64_t> numbers;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].key() != key) continue;
    for (const v1::ReportRow& row : table.rows) {
      numbers.push_back(row.values(static_cast<int>(i)).number());
    }
  }
  MB_CHECK(!numbers.empty());
  return numbers;
}

// The sums of all accounts, each volunteer's account, and what lapses when, as the core has them.
void ExpectAccounts(const books::Books& books, const State& state) {
  const LedgerRow& l = state.ledger();
  EXPECT_EQ(ColumnOf(TrialBalance(books, Window()), "units"),
            (std::vector<int64_t>{l.issued_units, l.pending_units, l.available_units, l.held_units,
                                  l.debt_units, l.expired_units, l.revoked_units, l.forfeited_units,
                                  l.donated_units, l.payable_units, l.settled_units,
                                  l.written_off_units, 0}));
  EXPECT_EQ(ColumnOf(RollForward(books, Window()), "closing_units").back(),
            l.pending_units + l.available_units + l.held_units + l.debt_units);
  std::map<DayNumber, int64_t> available;
  int64_t pending = 0;
  for (uint32_t i = 0; i < state.volunteers().size(); ++i) {
    const Volunteer& volunteer = state.volunteers()[i];
    for (const Lot& lot : volunteer.lots) available[lot.key.expiry] += lot.units;
    for (const Pending& entry : volunteer.pending) pending += entry.lot.units;
    if (volunteer.merged_into) continue;
    const uint32_t person = *books.volunteer_ids.Of(volunteer.id);
    for (const ReportTable& table :
         {VolunteerAccount(books, Window(), person), Passbook(books, Window(), person)}) {
      EXPECT_EQ(ColumnOf(table, "pending_units").back(), volunteer.pending_units);
      EXPECT_EQ(ColumnOf(table, "available_units").back(), volunteer.available_units);
      EXPECT_EQ(ColumnOf(table, "held_units").back(), volunteer.held_units);
      EXPECT_EQ(ColumnOf(table, "debt_units").back(), volunteer.debt_units);
    }
    // Every event of hers, those of what was merged into her too.
    uint64_t events = volunteer.event_count;
    for (uint32_t other = 0; other < state.volunteers().size(); ++other) {
      if (other == i || state.Survivor(other) != i) continue;
      events += state.volunteers()[other].event_count - 1;  // the merge is of both
    }
    EXPECT_EQ(Passbook(books, Window(), person).rows.size(), events + 1) << volunteer.id;
  }
  const ReportTable calendar = ExpiryCalendar(books, Window());
  std::map<DayNumber, int64_t> found;
  for (const v1::ReportRow& row : calendar.rows) {
    if (row.total() || row.values(1).number() == 0) continue;
    found[row.values(0).has_number() ? static_cast<DayNumber>(row.values(0).number())
                                     : kNeverExpires] = row.values(1).number();
  }
  EXPECT_EQ(found, available);
  EXPECT_EQ(ColumnOf(calendar, "pending_units").back(), pending);
}

void ExpectFigures(const std::string& world, const std::string& time) {
  Script script;
  books::BooksKeeper keeper;
  script.Given("use " + world);
  const auto count = [&] {
    while (keeper.size() < script.events().size()) {
      ASSERT_TRUE(keeper.Add(script.events()[keeper.size()]).ok()) << keeper.size();
    }
  };
  count();
  for (const std::string& line : LifeLines(time)) {
    ASSERT_EQ(script.Run(line, true), "ok") << line;
    count();
    v1::GetSummaryResponse found = SummaryOf(keeper.books(), std::nullopt);
    // Not in the core's state.
    found.clear_party_members();
    found.clear_league_members();
    found.clear_volunteers_1000_earned();
    found.clear_active_volunteers();
    found.clear_this_year();
    found.clear_last_year();
    ASSERT_EQ(found.DebugString(), ByBruteForce(script.state()).DebugString()) << line;
    ExpectAccounts(keeper.books(), script.state());
    ASSERT_FALSE(testing::Test::HasFailure()) << line;
  }
  const v1::GetSummaryResponse end = SummaryOf(keeper.books(), std::nullopt);
  EXPECT_EQ(end.party_members(), 1) << "both registrations of one person are a party member's";
  EXPECT_EQ(end.league_members(), 1) << "and one of them a league member's";
  EXPECT_EQ(end.person_times(), 9);
  EXPECT_EQ(end.volunteers(), 3);
}

TEST(SummaryLife, OfALiveLedger) { ExpectFigures("town", "at"); }
TEST(SummaryLife, OfAMigratingLedger) { ExpectFigures("old_town", "recorded"); }

TEST(SummaryLife, WhatWasRevokedWasNeverEarned) {
  Script script;
  script.Given("use town\n" + std::string("by committee\n") +
               RuleFrom("2021-01-01",
                        R"(rates { category: "traffic" points_per_hour: 1000 percentage: 100 })") +
               "\nby app source=app\nCreditHours " + Served("r1", "ann", "2021-03-05", 60) +
               "\nCreditHours " + Served("r2", "bob", "2021-03-05", 60) + "\nCreditHours " +
               Served("r3", "bob", "2021-03-06", 60));
  books::BooksKeeper keeper;
  const auto earned = [&] {
    while (keeper.size() < script.events().size()) {
      EXPECT_TRUE(keeper.Add(script.events()[keeper.size()]).ok()) << keeper.size();
    }
    return SummaryOf(keeper.books(), std::nullopt).volunteers_1000_earned();
  };
  EXPECT_EQ(earned(), 2);
  script.Given(Revoke("r1"));
  EXPECT_EQ(earned(), 1);
  script.Given(Revoke("r2"));
  EXPECT_EQ(earned(), 1);
  // What comes back by a correction is not earned twice.
  script.Given(Correct("r3", Served("r4", "bob", "2021-03-06", 45, "patrol", "replacement")));
  EXPECT_EQ(earned(), 0);
  script.Given(Correct("r4", Served("r5", "bob", "2021-03-06", 60, "patrol", "replacement")));
  EXPECT_EQ(earned(), 1);
  EXPECT_EQ(SummaryOf(keeper.books(), std::nullopt).person_times(), 1);
}

}  // namespace
}  // namespace meritbook
