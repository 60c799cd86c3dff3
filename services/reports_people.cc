// One person's passbook, account and certificate; everybody's stars.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/units.h"
#include "services/reports.h"
#include "services/service_sum.h"

namespace meritbook {
namespace {

using books::Books;
using books::EventKind;
using books::kNoRow;

// Pending, available, held, debt.
struct Purse {
  std::array<int64_t, 4> units = {};

  int64_t available() const { return units[1]; }
  int64_t outstanding() const { return units[0] + units[1] + units[2] + units[3]; }
  void Add(Account account, int64_t moved) {
    const auto at = static_cast<size_t>(account) - static_cast<size_t>(Account::kPending);
    units[at] += moved;
  }
  Purse& operator+=(const Purse& other) {
    for (size_t i = 0; i < units.size(); ++i) units[i] += other.units[i];
    return *this;
  }
};
static_assert(static_cast<int>(Account::kAvailable) == static_cast<int>(Account::kPending) + 1);
static_assert(static_cast<int>(Account::kHeld) == static_cast<int>(Account::kPending) + 2);
static_assert(static_cast<int>(Account::kDebt) == static_cast<int>(Account::kPending) + 3);

// One event of hers.
struct Entry {
  int64_t occurred_us = 0;
  uint32_t registration = kNoRow;
  uint32_t subject = kNoRow;
  EventKind kind = EventKind::BODY_NOT_SET;
  bool moved = false;
  Purse purse;
};

// By sequence. Her pages too, where wanted.
std::map<uint32_t, Entry> EntriesOf(const Books& books, uint32_t person, bool pages) {
  std::vector<bool> hers(books.volunteers.size());
  for (uint32_t i = 0; i < books.volunteers.size(); ++i) hers[i] = books.Survivor(i) == person;
  std::map<uint32_t, Entry> entries;
  const auto move = [&](const books::Leg& leg, uint32_t owner, Account account, int64_t units) {
    if (owner == kNoRow || !hers[owner]) return;
    Entry& entry = entries[leg.sequence];
    entry = {leg.occurred_us, leg.volunteer, leg.subject, leg.kind(), true, entry.purse};
    entry.purse.Add(account, units);
  };
  for (const books::Leg& leg : books.legs) {
    if (leg.volunteer == kNoRow) continue;
    // Hers too where it touched none of her accounts, such as a claw-back of what had lapsed.
    if (pages && hers[leg.volunteer]) move(leg, leg.volunteer, Account::kAvailable, 0);
    move(leg, OwnerOfFrom(books, leg), leg.from(), -leg.units);
    move(leg, OwnerOfTo(books, leg), leg.to(), leg.units);
  }
  if (!pages) return entries;
  for (const books::Page& page : books.pages) {
    if (!hers[page.volunteer]) continue;
    entries[page.sequence] = {page.occurred_us, page.volunteer, page.subject,
                              page.kind(),      false,          Purse()};
  }
  return entries;
}

// The field's name in the log: never changes.
const std::string& NameOf(EventKind kind) {
  return v1::Event::descriptor()->FindFieldByNumber(kind)->name();
}

bool IsOfOrder(EventKind kind) {
  return kind == EventKind::kOrderHeld || kind == EventKind::kVoucherIssued ||
         kind == EventKind::kOrderConfirmed || kind == EventKind::kOrderCancelled ||
         kind == EventKind::kHoldTimedOut || kind == EventKind::kOrderRedeemed ||
         kind == EventKind::kOrderRefunded;
}

bool IsOfRecord(EventKind kind) {
  return kind == EventKind::kHoursCredited || kind == EventKind::kHoursSubmitted ||
         kind == EventKind::kHoursBackfilled || kind == EventKind::kHoursReviewed ||
         kind == EventKind::kHoursCorrected || kind == EventKind::kHoursRevoked ||
         kind == EventKind::kHoursDisputed || kind == EventKind::kAwardSubmitted;
}

// What it was about: an activity, an order, a cause, the other registration.
Value DetailOf(const Books& books, const Entry& entry) {
  if (entry.subject == kNoRow) return {};
  if (IsOfOrder(entry.kind)) return books.words[books.orders[entry.subject].id];
  if (entry.kind == EventKind::kPointsDonated) return books.organisation_ids[entry.subject];
  if (entry.kind == EventKind::kVolunteersMerged) return books.volunteer_ids[entry.subject];
  if (!IsOfRecord(entry.kind)) return {};
  const books::Record& record = books.records[entry.subject];
  if (record.place == kNoRow) return {};
  return books.activity_ids[books.places[record.place].activity];
}

// Of the record, where the event made it count or ended that.
Value MinutesOf(const Books& books, uint32_t sequence, const Entry& entry) {
  if (!IsOfRecord(entry.kind) || entry.subject == kNoRow) return {};
  const books::Record& record = books.records[entry.subject];
  if (record.place == kNoRow) return {};
  const auto [credited, honorary] = books.MinutesOf(record);
  const int64_t minutes = int64_t{credited} + honorary;
  if (record.approved_at == sequence) return minutes;
  const bool ended = entry.kind == EventKind::kHoursRevoked ||
                     (entry.kind == EventKind::kHoursReviewed && entry.moved && !record.counts);
  return ended ? Value(-minutes) : Value();
}

// Minutes of each registration that stands, until the end of the window.
std::vector<int64_t> MinutesByPerson(const Books& books, const Window& window) {
  std::vector<int64_t> minutes(books.volunteers.size());
  for (const books::Record& record : books.records) {
    if (!record.counts || record.place == kNoRow) continue;
    int64_t& sum = minutes[books.Survivor(record.volunteer)];
    for (uint32_t i = 0; i < record.segments; ++i) {
      const books::Segment& segment = books.segments[record.first_segment + i];
      if (window.Has(segment.day)) sum += segment.credited_minutes + segment.honorary_minutes;
    }
  }
  for (const books::OpeningMinutes& opening : books.opening_minutes) {
    if (!window.Happened(opening.occurred_us)) continue;
    minutes[books.Survivor(opening.volunteer)] += int64_t{opening.credited} + opening.honorary;
  }
  return minutes;
}

}  // namespace

bool IsVolunteers(Account account) {
  return account == Account::kPending || account == Account::kAvailable ||
         account == Account::kHeld || account == Account::kDebt;
}

uint32_t OwnerOfFrom(const Books&, const books::Leg& leg) {
  return IsVolunteers(leg.from()) ? leg.volunteer : kNoRow;
}

uint32_t OwnerOfTo(const Books&, const books::Leg& leg) {
  if (!IsVolunteers(leg.to())) return kNoRow;
  return leg.kind() == EventKind::kVolunteersMerged ? leg.subject : leg.volunteer;
}

std::vector<uint32_t> StarHoursOn(const Books& books, const Window& window) {
  const DayNumber day = LastDayOf(books, window);
  std::vector<uint32_t> hours(std::begin(books::kStarHoursDefault),
                              std::end(books::kStarHoursDefault));
  for (const books::RuleStars& rule : books.rules) {
    if (rule.effective <= day && window.Happened(rule.published_us)) hours = rule.hours;
  }
  return hours;
}

uint32_t StarsOf(const std::vector<uint32_t>& star_hours, int64_t minutes) {
  uint32_t stars = 0;
  while (stars < star_hours.size() && minutes >= int64_t{star_hours[stars]} * 60) ++stars;
  return stars;
}

ReportTable Stars(const Books& books, const Window& window) {
  const std::vector<uint32_t> hours = StarHoursOn(books, window);
  const std::vector<int64_t> minutes = MinutesByPerson(books, window);
  std::vector<int64_t> people(hours.size() + 1);
  for (uint32_t i = 0; i < books.volunteers.size(); ++i) {
    const books::Volunteer& volunteer = books.volunteers[i];
    if (volunteer.merged_into != kNoRow || !window.Happened(volunteer.registered_us)) continue;
    ++people[StarsOf(hours, minutes[i])];
  }
  ReportTable table({{"stars", kCount}, {"from_minutes", kMinutes}, {"volunteers", kCount}});
  int64_t all = 0;
  for (size_t stars = people.size(); stars-- > 0;) {
    const int64_t from = stars == 0 ? 0 : int64_t{hours[stars - 1]} * 60;
    table.Add({stars, from, people[stars]});
    all += people[stars];
  }
  table.AddTotal({Value(), Value(), all});
  return table;
}

ReportTable Certificate(const Books& books, const Window& window, uint32_t person) {
  std::vector<std::pair<int32_t, uint32_t>> groups;  // year and category
  std::map<std::pair<int32_t, uint32_t>, uint32_t> numbers;
  const auto sums = SumService(
      books, window,
      [&](const books::Place& place, DayNumber day, uint32_t who) -> std::optional<uint32_t> {
        if (who != person) return std::nullopt;
        const std::pair key(YearOf(day), books.activities[place.activity].category);
        const auto [entry, added] = numbers.try_emplace(key, groups.size());
        if (added) groups.push_back(key);
        return entry->second;
      });
  std::vector<uint32_t> rows;
  for (const auto& [row, sum] : sums) rows.push_back(row);
  std::sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(groups[a].first, books.words[groups[a].second]) <
           std::pair(groups[b].first, books.words[groups[b].second]);
  });
  ReportTable table({{"year", kText},
                     {"category", kText},
                     {"person_times", kCount},
                     {"credited_minutes", kMinutes},
                     {"honorary_minutes", kMinutes},
                     {"minutes", kMinutes},
                     {"stars", kCount}});
  ServiceSum total;
  for (const uint32_t row : rows) {
    const ServiceSum& sum = sums.at(row);
    table.Add({std::to_string(groups[row].first), books.words[groups[row].second], sum.person_times,
               sum.credited_minutes, sum.honorary_minutes, sum.minutes(), Value()});
    total.person_times += sum.person_times;
    total.credited_minutes += sum.credited_minutes;
    total.honorary_minutes += sum.honorary_minutes;
  }
  ServiceSum opening;
  for (const books::OpeningMinutes& before : books.opening_minutes) {
    if (books.Survivor(before.volunteer) != person || !window.Happened(before.occurred_us)) {
      continue;
    }
    opening.credited_minutes += before.credited;
    opening.honorary_minutes += before.honorary;
  }
  if (opening.minutes() > 0) {
    table.Add({Value(), Value(), Value(), opening.credited_minutes, opening.honorary_minutes,
               opening.minutes(), Value()});
    total.credited_minutes += opening.credited_minutes;
    total.honorary_minutes += opening.honorary_minutes;
  }
  table.AddTotal({Value(), Value(), total.person_times, total.credited_minutes,
                  total.honorary_minutes, total.minutes(),
                  StarsOf(StarHoursOn(books, window), total.minutes())});
  return table;
}

ReportTable Passbook(const Books& books, const Window& window, uint32_t person) {
  ReportTable table({{"sequence", kCount},
                     {"occurred_us", kInstant},
                     {"volunteer_id", kText},
                     {"event", kText},
                     {"detail", kText},
                     {"minutes", kMinutes},
                     {"pending_units", kUnits},
                     {"available_units", kUnits},
                     {"held_units", kUnits},
                     {"debt_units", kUnits},
                     {"balance_units", kUnits}});
  Purse purse;
  for (const auto& [sequence, entry] : EntriesOf(books, person, true)) {
    if (!window.Happened(entry.occurred_us)) continue;
    purse += entry.purse;
    const auto moved = [&units = entry.purse.units](size_t at) {
      return units[at] == 0 ? Value() : Value(units[at]);
    };
    table.Add({sequence, entry.occurred_us, books.volunteer_ids[entry.registration],
               NameOf(entry.kind), DetailOf(books, entry), MinutesOf(books, sequence, entry),
               moved(0), moved(1), moved(2), moved(3), purse.available()});
  }
  table.AddTotal({Value(), Value(), Value(), Value(), Value(), Value(), purse.units[0],
                  purse.units[1], purse.units[2], purse.units[3], purse.available()});
  return table;
}

ReportTable VolunteerAccount(const Books& books, const Window& window, uint32_t person) {
  ReportTable table({{"sequence", kCount},
                     {"occurred_us", kInstant},
                     {"event", kText},
                     {"detail", kText},
                     {"pending_units", kUnits},
                     {"available_units", kUnits},
                     {"held_units", kUnits},
                     {"debt_units", kUnits},
                     {"balance_units", kUnits},
                     {"outstanding_units", kUnits}});
  const std::map<uint32_t, Entry> entries = EntriesOf(books, person, false);
  Purse purse;
  for (const auto& [sequence, entry] : entries) {
    if (window.Before(entry.occurred_us)) purse += entry.purse;
  }
  const auto add = [&](Value sequence, Value occurred, Value event, Value detail,
                       const Purse& moved, bool total) {
    std::vector<Value> values = {std::move(sequence), std::move(occurred), std::move(event),
                                 std::move(detail)};
    for (const int64_t units : moved.units) values.emplace_back(units);
    values.emplace_back(purse.available());
    values.emplace_back(purse.outstanding());
    total ? table.AddTotal(std::move(values)) : table.Add(std::move(values));
  };
  add(Value(), Value(), "opening", Value(), purse, false);
  for (const auto& [sequence, entry] : entries) {
    if (!window.HasInstant(entry.occurred_us)) continue;
    purse += entry.purse;
    add(sequence, entry.occurred_us, NameOf(entry.kind), DetailOf(books, entry), entry.purse,
        false);
  }
  add(Value(), Value(), Value(), Value(), purse, true);
  return table;
}

}  // namespace meritbook
