// Who comes to what: every seat gets a volunteer, and nobody is at two places at once.
//
// Whole windows of a volunteer are kept apart, not just the minutes she stays. So PlanMinutes may
// lengthen or shorten any visit within its window without looking at her others.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/sample/calendar.h"
#include "cli/sample/draw.h"
#include "cli/sample/figures.h"
#include "cli/sample/plan.h"

namespace meritbook::sample {
namespace {

constexpr int kVisitsEarnerMin = 20;
constexpr int kVisitsOtherMax = 18;
constexpr int kLoyalty = 550;  // per mille of the visits, to one's own organisation first
constexpr int kTriesAtHome = 6;
constexpr int kTriesAnywhere = 80;
constexpr int kTriesForSeat = 20'000;
constexpr int kSettlingDays = 15;  // before a freeze, so that the last hours are recorded before it

// Free seats of a row of occurrences, drawn by number in O(log n): a Fenwick tree.
class FreeSeats {
 public:
  explicit FreeSeats(const std::vector<int>& seats) : sums_(seats.size() + 1, 0) {
    for (size_t at = 0; at < seats.size(); ++at) Add(at, seats[at]);
    while (top_ * 2 < sums_.size()) top_ *= 2;
  }

  void Add(size_t at, int seats) {
    for (size_t node = at + 1; node < sums_.size(); node += node & (0 - node)) {
      sums_[node] += seats;
    }
  }

  // Free seats of all occurrences before `at`.
  int Before(size_t at) const {
    int sum = 0;
    for (size_t node = at; node > 0; node -= node & (0 - node)) sum += sums_[node];
    return sum;
  }

  // The occurrence of the free seat with this number, from 0.
  size_t OfSeat(int number) const {
    size_t at = 0;
    for (size_t step = top_; step > 0; step /= 2) {
      if (at + step < sums_.size() && sums_[at + step] <= number) {
        at += step;
        number -= sums_[at];
      }
    }
    return at;
  }

 private:
  std::vector<int> sums_;
  size_t top_ = 1;
};

class RosterPlanner {
 public:
  explicit RosterPlanner(CountyPlan& plan)
      : plan_(plan),
        draw_(plan.seed, "roster"),
        order_(OrderByOrganisation(plan)),
        free_(SeatsInOrder(plan, order_)),
        windows_(plan.volunteers.size()) {
    FindOrganisationEnds();
    for (const Occurrence& occurrence : plan.occurrences) seats_left_ += occurrence.seats;
    plan_.visits.reserve(static_cast<size_t>(seats_left_));
  }

  absl::Status Run() {
    FitWishesToSeats();
    // Who wants most is the hardest to place, then who has the least time.
    std::vector<int> volunteers(plan_.volunteers.size());
    std::iota(volunteers.begin(), volunteers.end(), 0);
    std::stable_sort(volunteers.begin(), volunteers.end(), [this](int a, int b) {
      const Volunteer& left = plan_.volunteers[static_cast<size_t>(a)];
      const Volunteer& right = plan_.volunteers[static_cast<size_t>(b)];
      if (left.earns_1000 != right.earns_1000) return left.earns_1000;
      if (left.earns_1000) return left.visits_wanted > right.visits_wanted;
      return left.recorded_second > right.recorded_second;
    });
    for (int volunteer : volunteers) {
      const int wanted = plan_.volunteers[static_cast<size_t>(volunteer)].visits_wanted;
      for (int n = 0; n < wanted && seats_left_ > 0; ++n) TryToPlace(volunteer);
    }
    if (absl::Status status = FillRest(); !status.ok()) return status;
    for (int volunteer : volunteers) {
      if (!plan_.volunteers[static_cast<size_t>(volunteer)].earns_1000) break;
      if (VisitsOf(volunteer) >= kVisitsEarnerMin) continue;
      return absl::InternalError(absl::StrCat("volunteers with 1,000 points: one has only ",
                                              VisitsOf(volunteer), " visits"));
    }
    return absl::OkStatus();
  }

 private:
  struct Window {
    int64_t start_minute;
    int64_t end_minute;
  };

  static std::vector<int> OrderByOrganisation(const CountyPlan& plan) {
    std::vector<int> order(plan.occurrences.size());
    std::iota(order.begin(), order.end(), 0);
    const auto key = [&plan](int at) {
      const Occurrence& occurrence = plan.occurrences[static_cast<size_t>(at)];
      const Activity& activity = plan.activities[static_cast<size_t>(occurrence.activity)];
      return std::make_pair(activity.organisation, occurrence.start_minute);
    };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return key(a) < key(b); });
    return order;
  }

  static std::vector<int> SeatsInOrder(const CountyPlan& plan, const std::vector<int>& order) {
    std::vector<int> seats;
    for (int at : order) seats.push_back(plan.occurrences[static_cast<size_t>(at)].seats);
    return seats;
  }

  void FindOrganisationEnds() {
    ends_.assign(plan_.organisations.size() + 1, 0);
    for (int at : order_) {
      const Occurrence& occurrence = plan_.occurrences[static_cast<size_t>(at)];
      const Activity& activity = plan_.activities[static_cast<size_t>(occurrence.activity)];
      ++ends_[static_cast<size_t>(activity.organisation) + 1];
    }
    std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
  }

  const Occurrence& InOrder(size_t at) const {
    return plan_.occurrences[static_cast<size_t>(order_[at])];
  }

  int VisitsOf(int volunteer) const {
    return static_cast<int>(windows_[static_cast<size_t>(volunteer)].size());
  }

  // The sum of the wishes becomes the number of seats; the 4,410 give or take.
  void FitWishesToSeats() {
    int sum = 0;
    std::vector<Volunteer*> earners;
    for (Volunteer& volunteer : plan_.volunteers) {
      sum += volunteer.visits_wanted;
      if (volunteer.earns_1000 && volunteer.frozen_second == kNone) earners.push_back(&volunteer);
    }
    int spare = 0;
    for (const Volunteer* earner : earners) spare += earner->visits_wanted - kVisitsEarnerMin;
    while (sum != seats_left_ && (sum < seats_left_ || spare > 0)) {
      Volunteer& earner = *earners[draw_.Below(earners.size())];
      if (sum < seats_left_) {
        ++earner.visits_wanted;
        ++sum;
      } else if (earner.visits_wanted > kVisitsEarnerMin) {
        --earner.visits_wanted;
        --sum;
        --spare;
      }
    }
  }

  bool MayCome(int volunteer, const Occurrence& occurrence) const {
    const Volunteer& person = plan_.volunteers[static_cast<size_t>(volunteer)];
    if (person.recorded_second > SecondOf(occurrence.start_minute)) return false;
    if (person.frozen_second != kNone &&
        SecondOf(occurrence.end_minute) + kSettlingDays * kDaySeconds > person.frozen_second) {
      return false;
    }
    const Activity& activity = plan_.activities[static_cast<size_t>(occurrence.activity)];
    const bool for_adults =
        activity.category == kTrafficCourtesy || activity.category == kPublicSafety;
    if (for_adults && person.age_band == AgeBand::kUnder14) return false;
    const std::vector<Window>& windows = windows_[static_cast<size_t>(volunteer)];
    return std::none_of(windows.begin(), windows.end(), [&](const Window& window) {
      return window.start_minute < occurrence.end_minute &&
             occurrence.start_minute < window.end_minute;
    });
  }

  void Seat(int volunteer, size_t at) {
    const Occurrence& occurrence = InOrder(at);
    windows_[static_cast<size_t>(volunteer)].push_back(
        {occurrence.start_minute, occurrence.end_minute});
    free_.Add(at, -1);
    --seats_left_;
    Visit visit;
    visit.volunteer = volunteer;
    visit.occurrence = order_[at];
    plan_.visits.push_back(visit);
  }

  bool TryToPlace(int volunteer) {
    const Volunteer& person = plan_.volunteers[static_cast<size_t>(volunteer)];
    if (draw_.Chance(kLoyalty)) {
      const auto organisation = static_cast<size_t>(person.organisation);
      const auto first = order_.begin() + ends_[organisation];
      const auto last = order_.begin() + ends_[organisation + 1];
      const auto since = std::partition_point(first, last, [&](int at) {
        return SecondOf(plan_.occurrences[static_cast<size_t>(at)].start_minute) <
               person.recorded_second;
      });
      const int low = free_.Before(static_cast<size_t>(since - order_.begin()));
      const int high = free_.Before(static_cast<size_t>(last - order_.begin()));
      if (TryAmong(volunteer, low, high, kTriesAtHome)) return true;
    }
    return TryAmong(volunteer, 0, seats_left_, kTriesAnywhere);
  }

  bool TryAmong(int volunteer, int low, int high, int tries) {
    for (; low < high && tries > 0; --tries) {
      const size_t at = free_.OfSeat(draw_.Between(low, high - 1));
      if (!MayCome(volunteer, InOrder(at))) continue;
      Seat(volunteer, at);
      return true;
    }
    return false;
  }

  // What wishes left free goes to whoever is free then.
  absl::Status FillRest() {
    while (seats_left_ > 0) {
      const size_t at = free_.OfSeat(0);
      int tries = kTriesForSeat;
      for (; tries > 0; --tries) {
        const int volunteer = draw_.Below(kVolunteers);
        const bool has_room = plan_.volunteers[static_cast<size_t>(volunteer)].earns_1000 ||
                              VisitsOf(volunteer) < kVisitsOtherMax;
        if (!has_room || !MayCome(volunteer, InOrder(at))) continue;
        Seat(volunteer, at);
        break;
      }
      if (tries == 0) return absl::InternalError("person-times: nobody is free for a seat");
    }
    return absl::OkStatus();
  }

  CountyPlan& plan_;
  Draw draw_;
  const std::vector<int> order_;  // occurrences by organisation, then start
  std::vector<int> ends_;  // organisation o has order_[ends_[o]] … order_[ends_[o + 1] - 1]
  FreeSeats free_;         // in the same order
  std::vector<std::vector<Window>> windows_;  // by volunteer
  int seats_left_ = 0;
};

}  // namespace

absl::Status PlanRoster(CountyPlan& plan) { return RosterPlanner(plan).Run(); }

}  // namespace meritbook::sample
