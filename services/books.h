// Owns: the detail tables of one ledger that every report is made from.
// Promises: what the first `size` events say and nothing else: the same for the same events,
//           whenever they were read. The core's state is not known here.
// Thread: one fills (books_keeper.h); any for const use while nobody does.
#ifndef MERITBOOK_SERVICES_BOOKS_H_
#define MERITBOOK_SERVICES_BOOKS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "ledger/calendar.h"
#include "services/books_rows.h"
#include "services/books_table.h"

namespace meritbook::books {

// Units of one account, by the last day on which they can be spent and the day on which they came
// (> 0) or went (< 0).
struct LotDay {
  Account account = Account::kAvailable;  // or pending, or held
  DayNumber expiry = kNeverExpires;
  DayNumber day = 0;
  friend bool operator==(const LotDay&, const LotDay&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const LotDay& lot) {
    return H::combine(std::move(state), lot.account, lot.expiry, lot.day);
  }
};

struct Books {
  uint64_t size = 0;
  int64_t last_recorded_us = 0;
  std::string time_zone;
  std::optional<Calendar> calendar;  // from the first event on

  // Names, each table's rows numbered as they are.
  Names volunteer_ids;
  Names organisation_ids;
  Names activity_ids;
  Names session_ids;
  Names merchant_ids;
  Names item_ids;
  Names statement_ids;
  Names actors;
  Names words;  // categories, sites, order ids, budget sources …

  Table<Volunteer> volunteers;
  Table<OpeningMinutes> opening_minutes;
  std::vector<Organisation> organisations;
  Table<Activity> activities;
  Table<Session> sessions;
  Table<Place> places;
  Table<Record> records;  // by sequence
  Table<Segment> segments;
  absl::btree_map<uint32_t, Waiting> waiting;  // by record
  Table<Leg> legs;                             // by sequence
  Table<Page> pages;                           // by sequence
  absl::flat_hash_map<LotDay, int64_t> lots;

  std::vector<int64_t> merchants;  // when each was onboarded
  Table<Item> items;
  Table<ItemStep> item_steps;
  Table<Order> orders;
  Table<OrderStep> order_steps;  // by sequence
  Table<Line> lines;
  std::vector<Statement> statements;
  std::vector<StatementStep> statement_steps;  // by sequence
  std::vector<Budget> budgets;
  std::vector<BudgetStep> budget_steps;

  std::vector<Proposal> proposals;
  std::vector<TakenBack> taken_back;
  // By actor and the day on which she did it.
  std::map<std::pair<uint32_t, DayNumber>, Burst> bursts;
  // By actor, organisation and day.
  std::map<std::tuple<uint32_t, uint32_t, DayNumber>, OwnTeam> own_teams;
  std::vector<RuleStars> rules;      // as published
  std::vector<LateFact> late_facts;  // by sequence
  std::vector<ClosedMonth> closed_months;

  // Of the registrations of one person, the one that stands.
  uint32_t Survivor(uint32_t volunteer) const {
    while (volunteers[volunteer].merged_into != kNoRow) {
      volunteer = volunteers[volunteer].merged_into;
    }
    return volunteer;
  }
  DayNumber DayOf(int64_t us) const { return calendar->DayOf(us); }
  // The month whose books have an event.
  MonthNumber BookedMonth(uint32_t sequence, int64_t occurred_us) const;
  // The record that an event brought in.
  const Record* RecordAt(uint32_t sequence) const;
  // Credited and honorary, of all of its segments.
  std::pair<uint32_t, uint32_t> MinutesOf(const Record& record) const;
};

}  // namespace meritbook::books

#endif  // MERITBOOK_SERVICES_BOOKS_H_
