#include "services/summary.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "ledger/units.h"
#include "services/reports.h"

namespace meritbook {
namespace {

using books::Books;
using books::kNoRow;
using books::Leg;
using books::OrderWhat;
using books::Place;

constexpr int64_t kMarkUnits = 1'000 * kUnitsPerPoint;

// The same day of the year before; of 29 February the 28th.
DayNumber YearBefore(DayNumber day) {
  const absl::CivilDay civil = absl::CivilDay(1970, 1, 1) + day;
  absl::CivilDay before(civil.year() - 1, civil.month(), civil.day());
  if (before.month() != civil.month()) --before;
  return static_cast<DayNumber>(before - absl::CivilDay(1970, 1, 1));
}

DayNumber YearStart(DayNumber day) {
  const absl::CivilDay civil = absl::CivilDay(1970, 1, 1) + day;
  return static_cast<DayNumber>(absl::CivilDay(civil.year(), 1, 1) - absl::CivilDay(1970, 1, 1));
}

// What the books say of one person.
struct Person {
  int64_t registered_us = books::kNotYet;  // for the first time
  int64_t earned_units = 0;
  int64_t available_units = 0;
  bool party = false;
  bool league = false;
};

// By registration; those that were merged stay empty.
std::vector<Person> PeopleOf(const Books& books, const Window& window) {
  std::vector<Person> people(books.volunteers.size());
  for (uint32_t i = 0; i < books.volunteers.size(); ++i) {
    const books::Volunteer& volunteer = books.volunteers[i];
    if (!window.Happened(volunteer.registered_us)) continue;
    Person& person = people[books.Survivor(i)];
    person.registered_us = std::min(person.registered_us, volunteer.registered_us);
    person.party |= volunteer.party;
    person.league |= volunteer.league;
  }
  return people;
}

bool IsSource(Account account) {
  return account == Account::kIssued || account == Account::kRevoked;
}

// Points of the whole ledger and of each person.
void AddPoints(const Books& books, const Window& window, std::vector<Person>& people,
               v1::GetSummaryResponse* figures) {
  int64_t issued = 0;
  int64_t expired = 0;
  int64_t outstanding = 0;
  for (const Leg& leg : books.legs) {
    if (!window.Happened(leg.occurred_us)) continue;
    const auto side = [&](Account account, uint32_t owner, int64_t units) {
      if (account == Account::kIssued) issued -= units;
      if (account == Account::kExpired) expired += units;
      if (IsSource(account)) people[books.Survivor(leg.volunteer)].earned_units -= units;
      if (!IsVolunteers(account)) return;
      outstanding += units;
      if (account == Account::kAvailable) people[books.Survivor(owner)].available_units += units;
    };
    side(leg.from(), OwnerOfFrom(books, leg), -leg.units);
    side(leg.to(), OwnerOfTo(books, leg), leg.units);
  }
  figures->set_points_issued_units(issued);
  figures->set_expired_units(expired);
  figures->set_outstanding_units(outstanding);
}

void AddPeople(const std::vector<Person>& people, v1::GetSummaryResponse* figures) {
  for (const Person& person : people) {
    if (person.registered_us == books::kNotYet) continue;
    figures->set_volunteers(figures->volunteers() + 1);
    figures->set_party_members(figures->party_members() + (person.party ? 1 : 0));
    figures->set_league_members(figures->league_members() + (person.league ? 1 : 0));
  }
  for (const Person& person : people) {
    if (person.earned_units >= kMarkUnits) {
      figures->set_volunteers_1000_earned(figures->volunteers_1000_earned() + 1);
    }
    if (person.available_units >= kMarkUnits) {
      figures->set_volunteers_1000_balance(figures->volunteers_1000_balance() + 1);
    }
  }
}

bool IsCommunitys(const Books& books, uint32_t activity) {
  return books.organisations[books.activities[activity].organisation].kind ==
         v1::ORGANISATION_KIND_COMMUNITY;
}

// The service of a part of the days, as it is added up.
struct Part {
  Window window;
  uint64_t minutes = 0;
  uint64_t person_times = 0;
  uint64_t volunteers = 0;
};

// Adds service up as SumService does, all parts in one go: it is asked for often.
class Service {
 public:
  Service(const Books& books, const Window& window, DayNumber last)
      : books_(books),
        all_{window},
        communities_{window},
        twelve_months_{WindowOf(books, YearBefore(last) + 1, last)},
        this_year_{WindowOf(books, YearStart(last), last)},
        last_year_{WindowOf(books, YearStart(YearBefore(last)), YearBefore(last))} {
    AddRecords();
    AddPersonTimes();
  }

  const Part& all() const { return all_; }
  const Part& communities() const { return communities_; }
  const Part& twelve_months() const { return twelve_months_; }
  const Part& this_year() const { return this_year_; }
  const Part& last_year() const { return last_year_; }
  uint64_t traffic_sessions() const { return traffic_sessions_; }

 private:
  void AddRecords() {
    Part* const years[] = {&twelve_months_, &this_year_, &last_year_};
    std::vector<uint8_t> served(books_.volunteers.size());  // a bit for each of the years
    for (const books::Record& record : books_.records) {
      if (!record.counts || record.place == kNoRow) continue;
      const Place& place = books_.places[record.place];
      const uint32_t person = books_.Survivor(record.volunteer);
      const bool community = IsCommunitys(books_, place.activity);
      for (uint32_t i = 0; i < record.segments; ++i) {
        const books::Segment& segment = books_.segments[record.first_segment + i];
        if (!all_.window.Has(segment.day)) continue;
        const uint64_t minutes = segment.credited_minutes + uint64_t{segment.honorary_minutes};
        all_.minutes += minutes;
        if (community) communities_.minutes += minutes;
        for (size_t year = 0; year < std::size(years); ++year) {
          if (!years[year]->window.Has(segment.day)) continue;
          years[year]->minutes += minutes;
          years[year]->volunteers += (served[person] >> year & 1U) == 0 ? 1 : 0;
          served[person] |= static_cast<uint8_t>(1U << year);
        }
      }
      if (all_.window.Has(place.day)) {
        person_times_.push_back(uint64_t{record.place} << 32 | person);
      }
    }
  }

  // By place, so that a session's follow each other.
  void AddPersonTimes() {
    std::sort(person_times_.begin(), person_times_.end());
    person_times_.erase(std::unique(person_times_.begin(), person_times_.end()),
                        person_times_.end());
    const auto traffic = books_.words.Of(kTrafficCategory);
    uint32_t before = kNoRow;
    for (const uint64_t key : person_times_) {
      const auto row = static_cast<uint32_t>(key >> 32);
      const Place& place = books_.places[row];
      ++all_.person_times;
      if (IsCommunitys(books_, place.activity)) ++communities_.person_times;
      for (Part* year : {&twelve_months_, &this_year_, &last_year_}) {
        if (year->window.Has(place.day)) ++year->person_times;
      }
      const bool first = row != std::exchange(before, row);
      const bool session = place.session != kNoRow && traffic &&
                           books_.activities[place.activity].category == *traffic;
      if (first && session) ++traffic_sessions_;
    }
  }

  const Books& books_;
  Part all_;
  Part communities_;
  Part twelve_months_;
  Part this_year_;
  Part last_year_;
  uint64_t traffic_sessions_ = 0;
  std::vector<uint64_t> person_times_;  // place and person
};

void AddService(const Books& books, const Window& window, const Service& service,
                v1::GetSummaryResponse* figures) {
  figures->set_person_times(service.all().person_times);
  figures->set_service_minutes(service.all().minutes);
  figures->set_traffic_sessions(service.traffic_sessions());
  figures->set_active_volunteers(service.twelve_months().volunteers);
  v1::CommunityTotals* totals = figures->mutable_communities();
  totals->set_person_times(service.communities().person_times);
  totals->set_minutes(service.communities().minutes);
  for (const books::Organisation& organisation : books.organisations) {
    if (!window.Happened(organisation.registered_us)) continue;
    figures->set_organisations(figures->organisations() + 1);
    const bool community = organisation.kind == v1::ORGANISATION_KIND_COMMUNITY;
    totals->set_communities(totals->communities() + (community ? 1 : 0));
  }
  for (const books::Activity& activity : books.activities) {
    if (!window.Happened(activity.opened_us)) continue;
    const bool community =
        books.organisations[activity.organisation].kind == v1::ORGANISATION_KIND_COMMUNITY;
    figures->set_activities(figures->activities() + 1);
    totals->set_activities(totals->activities() + (community ? 1 : 0));
  }
}

int64_t RedeemedUnits(const Books& books, const Window& window) {
  int64_t units = 0;
  for (const books::OrderStep& step : books.order_steps) {
    if (!window.HasInstant(step.occurred_us)) continue;
    if (step.what == OrderWhat::kRedeemed || step.what == OrderWhat::kConfirmed) {
      units += step.units;
    }
    if (step.what == OrderWhat::kRefunded) units -= step.units;
  }
  return units;
}

// The outstanding points at the average of what was paid.
int64_t OutstandingFen(const Books& books, const Window& window, int64_t outstanding_units) {
  books::Amount paid;
  for (const books::StatementStep& step : books.statement_steps) {
    if (!window.Happened(step.occurred_us)) continue;
    if (step.what == books::StatementWhat::kPaid) paid += step.amount;
    if (step.what == books::StatementWhat::kReversed) paid += -step.amount;
  }
  if (paid.units <= 0 || paid.fen <= 0 || outstanding_units <= 0) return 0;
  const __int128 doubled = static_cast<__int128>(outstanding_units) * paid.fen * 2 / paid.units;
  return static_cast<int64_t>((doubled + 1) / 2);
}

void AddMall(const Books& books, const Window& window, v1::GetSummaryResponse* figures) {
  for (const int64_t onboarded_us : books.merchants) {
    if (window.Happened(onboarded_us)) figures->set_merchants(figures->merchants() + 1);
  }
  for (const books::Item& item : books.items) {
    if (window.Happened(item.published_us)) figures->set_items(figures->items() + 1);
  }
  for (const books::OrderStep& step : books.order_steps) {
    const bool counts = step.what == OrderWhat::kRedeemed || step.what == OrderWhat::kConfirmed;
    if (counts && window.Happened(step.occurred_us)) figures->set_orders(figures->orders() + 1);
  }
  figures->set_redeemed_units(RedeemedUnits(books, window));
  figures->set_outstanding_fen(OutstandingFen(books, window, figures->outstanding_units()));
  for (const BudgetFigures& budget : BudgetFiguresOf(books, window)) {
    figures->set_budget_allocated_fen(figures->budget_allocated_fen() + budget.allocated_fen);
    figures->set_budget_left_fen(figures->budget_left_fen() + budget.left_fen());
  }
}

void FillYear(const Books& books, const std::vector<Person>& people, const Part& service,
              v1::YearFigures* year) {
  year->set_year(static_cast<uint32_t>(YearOf(service.window.until)));
  for (const Person& person : people) {
    const bool counts =
        person.registered_us != books::kNotYet && service.window.HasInstant(person.registered_us);
    year->set_new_volunteers(year->new_volunteers() + (counts ? 1 : 0));
  }
  year->set_active_volunteers(service.volunteers);
  year->set_service_minutes(service.minutes);
  year->set_person_times(service.person_times);
  year->set_redeemed_units(RedeemedUnits(books, service.window));
}

}  // namespace

v1::GetSummaryResponse SummaryOf(const Books& books, std::optional<DayNumber> until) {
  v1::GetSummaryResponse figures;
  figures.set_size(books.size);
  figures.set_last_recorded_us(books.last_recorded_us);
  figures.set_units_per_point(kUnitsPerPoint);
  figures.mutable_communities();
  if (!books.calendar) return figures;
  const Window window = WindowOf(books, std::nullopt, until);
  std::vector<Person> people = PeopleOf(books, window);
  AddPoints(books, window, people, &figures);
  AddPeople(people, &figures);
  const Service service(books, window, LastDayOf(books, window));
  AddService(books, window, service, &figures);
  AddMall(books, window, &figures);
  FillYear(books, people, service.this_year(), figures.mutable_this_year());
  FillYear(books, people, service.last_year(), figures.mutable_last_year());
  return figures;
}

}  // namespace meritbook
