// Activities other than traffic, and when people meet for them.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "cli/sample/calendar.h"
#include "cli/sample/draw.h"
#include "cli/sample/figures.h"
#include "cli/sample/plan.h"

namespace meritbook::sample {
namespace {

constexpr int kSites = 180;
constexpr int kOccurrencesMax = 12;
constexpr int kWindowMinutesMin = 120;

// What people stay for, in half hours. The means (near 125 and 138 minutes) put the sums close to
// the published hours, so that PlanMinutes has little left to do.
constexpr std::array<int, 6> kUsualMinutes = {60, 90, 120, 150, 180, 210};
constexpr std::array<int, 6> kUsualInCommunities = {8, 18, 38, 22, 14, 0};
constexpr std::array<int, 6> kUsualElsewhere = {3, 14, 33, 26, 17, 7};

enum class Slot { kMorning, kAfternoon, kEvening, kNight };

absl::string_view NameOf(Slot slot) {
  switch (slot) {
    case Slot::kMorning:
      return "morning";
    case Slot::kAfternoon:
      return "afternoon";
    case Slot::kEvening:
      return "evening";
    case Slot::kNight:
      return "night";
  }
  return "";
}

struct Group {
  int activities;
  int person_times;
  bool of_communities;
  int size_low, size_high, size_tail;  // of a draw of an activity's person-times
};

// Person-times for each activity: a long tail, at least 1 each, and the sum exact.
std::vector<int> DrawSizes(Draw& draw, const Group& group) {
  std::vector<int> sizes;
  for (int n = 0; n < group.activities; ++n) {
    const int usual = draw.Between(group.size_low, group.size_high);
    sizes.push_back(usual + draw.Tail(group.size_tail, 250, 5));
  }
  int sum = std::accumulate(sizes.begin(), sizes.end(), 0);
  while (sum != group.person_times) {
    int& size = sizes[draw.Below(sizes.size())];
    if (sum < group.person_times) {
      ++size;
      ++sum;
    } else if (size > 1) {
      --size;
      --sum;
    }
  }
  return sizes;
}

class ProjectPlanner {
 public:
  explicit ProjectPlanner(CountyPlan& plan)
      : plan_(plan), draw_(plan.seed, "projects"), weights_(DayWeights::OfService()) {}

  void AddGroup(const Group& group) {
    for (int size : DrawSizes(draw_, group)) AddActivity(group, size);
  }

 private:
  // Where an activity usually meets.
  struct Habit {
    Slot slot = Slot::kMorning;
    int start_of_day = 0;
    int usual_minutes = 0;
  };

  void AddActivity(const Group& group, int size) {
    Activity activity;
    activity.of_community = group.of_communities;
    activity.organisation =
        group.of_communities
            ? draw_.Below(kCommunities)
            : draw_.Between(kCommunities, static_cast<int>(plan_.organisations.size()) - 1);
    activity.category = draw_.Below(kTrafficCourtesy);
    activity.site = absl::StrFormat("site-%03d", 1 + draw_.Below(kSites));
    activity.has_sessions = draw_.Chance(group.of_communities ? 450 : 350);
    const std::vector<int> days = DrawDays(size);
    const Habit habit = DrawHabit(group, activity, days.back());
    activity.on_paper = habit.slot != Slot::kNight && days.back() < kDays - 1 && draw_.Chance(60);

    const auto index = static_cast<int>(plan_.activities.size());
    const size_t first = plan_.occurrences.size();
    for (int day : days) AddOccurrence(activity, index, habit, day, first);
    ShareSeats(first, size);
    SetTimes(activity, first);
    plan_.activities.push_back(std::move(activity));
  }

  // Distinct days, ascending: once for most, else over weeks.
  std::vector<int> DrawDays(int size) {
    const int crowd = draw_.Between(4, 22);
    int count = std::clamp(size / crowd, 1, kOccurrencesMax);
    std::vector<int> days = {weights_.DrawDay(draw_, 0, kDays - 1)};
    if (IsLeiFengDay(days[0]) && draw_.Chance(700)) count = 1;
    // Around the first draw, so that the edges of the two years get their share and no more.
    const int first = std::max(days[0] - 7 * count, 0);
    const int last = std::min(days[0] + 7 * count, kDays - 1);
    for (int tries = 4 * count; tries > 0 && static_cast<int>(days.size()) < count; --tries) {
      const int day = weights_.DrawDay(draw_, first, last);
      if (std::find(days.begin(), days.end(), day) == days.end()) days.push_back(day);
    }
    std::sort(days.begin(), days.end());
    return days;
  }

  Habit DrawHabit(const Group& group, const Activity& activity, int last_day) {
    Habit habit;
    const auto& weights = group.of_communities ? kUsualInCommunities : kUsualElsewhere;
    habit.usual_minutes = kUsualMinutes[static_cast<size_t>(draw_.Weighted(weights))];
    constexpr std::array<int, 3> kSlotWeights = {48, 37, 15};
    habit.slot = static_cast<Slot>(draw_.Weighted(kSlotWeights));
    // Night patrols run over midnight, but not out of the two years.
    if (activity.category == kPublicSafety && last_day < kDays - 1 && draw_.Chance(250)) {
      habit.slot = Slot::kNight;
    }
    switch (habit.slot) {
      case Slot::kMorning:
        habit.start_of_day = 8 * 60 + 30 * draw_.Below(4);
        break;
      case Slot::kAfternoon:
        habit.start_of_day = 13 * 60 + 30 + 30 * draw_.Below(4);
        break;
      case Slot::kEvening:
        habit.start_of_day = 18 * 60 + 30 * draw_.Below(3);
        habit.usual_minutes = std::min(habit.usual_minutes, 150);
        break;
      case Slot::kNight:
        habit.start_of_day = 21 * 60 + 30 + 30 * draw_.Below(3);
        habit.usual_minutes = draw_.Chance(500) ? 180 : 240;
        break;
    }
    return habit;
  }

  void AddOccurrence(const Activity& activity, int index, const Habit& habit, int day,
                     size_t first) {
    Occurrence occurrence;
    occurrence.activity = index;
    occurrence.start_minute = int64_t{day} * kDayMinutes + habit.start_of_day;
    occurrence.usual_minutes = habit.usual_minutes;
    occurrence.slot = NameOf(habit.slot);
    occurrence.site =
        draw_.Chance(900) ? activity.site : absl::StrFormat("site-%03d", 1 + draw_.Below(kSites));
    // Sometimes a second session on the day of the last: two person-times for who attends both.
    const bool second = activity.has_sessions && habit.slot == Slot::kMorning &&
                        plan_.occurrences.size() > first && draw_.Chance(150) &&
                        plan_.occurrences.back().slot == NameOf(Slot::kMorning);
    if (second) {
      const int64_t before = plan_.occurrences.back().start_minute;
      occurrence.start_minute = before - before % kDayMinutes + 14 * 60 + 30;
      occurrence.slot = NameOf(Slot::kAfternoon);
    }
    occurrence.end_minute =
        occurrence.start_minute + std::max(kWindowMinutesMin, occurrence.usual_minutes + 60);
    plan_.occurrences.push_back(std::move(occurrence));
  }

  void ShareSeats(size_t first, int size) {
    const size_t count = plan_.occurrences.size() - first;
    const int each = size / static_cast<int>(count);
    for (size_t o = first; o < plan_.occurrences.size(); ++o) {
      plan_.occurrences[o].seats = std::max(1, each * 3 / 4);
      size -= plan_.occurrences[o].seats;
    }
    for (; size > 0; --size) ++plan_.occurrences[first + draw_.Below(count)].seats;
  }

  void SetTimes(Activity& activity, size_t first) {
    int64_t start = plan_.occurrences[first].start_minute;
    int64_t end = 0;
    for (size_t o = first; o < plan_.occurrences.size(); ++o) {
      start = std::min(start, plan_.occurrences[o].start_minute);
      end = std::max(end, plan_.occurrences[o].end_minute);
    }
    const int64_t start_midnight = start - start % kDayMinutes;
    // A paper sheet names a day and no time, so its activity begins with the day.
    activity.starts_minute = activity.on_paper || draw_.Chance(500) ? start_midnight : start;
    if (draw_.Chance(600)) {
      activity.ends_minute = int64_t{DayOf(end) + 1 + draw_.Below(15)} * kDayMinutes;
    }
    activity.recorded_second =
        SecondOf(start) - draw_.Between(int64_t{3600}, int64_t{20 * kDaySeconds});
    if (activity.recorded_second < 60) {
      activity.recorded_second = draw_.Between(int64_t{60}, int64_t{5 * 3600});
    }
    for (size_t o = first; o < plan_.occurrences.size(); ++o) {
      Occurrence& occurrence = plan_.occurrences[o];
      const int64_t notice = draw_.Between(int64_t{3600}, int64_t{7 * kDaySeconds});
      occurrence.recorded_second =
          std::max(activity.recorded_second + 60, SecondOf(occurrence.start_minute) - notice);
    }
  }

  CountyPlan& plan_;
  Draw draw_;
  const DayWeights weights_;
};

}  // namespace

absl::Status PlanProjects(CountyPlan& plan) {
  Draw draw(plan.seed, "person-times");
  int traffic_person_times = 0;
  for (const Occurrence& session : plan.occurrences) traffic_person_times += session.seats;
  const int other_activities =
      kActivities - kCommunityActivities - static_cast<int>(plan.activities.size());
  const int other_person_times =
      kOtherPersonTimesAbout + draw.Between(-300, 300) - traffic_person_times;
  if (other_activities <= 0 || other_person_times < other_activities) {
    return absl::InternalError(absl::StrCat("activities outside communities: ", other_activities,
                                            " for ", other_person_times, " person-times"));
  }
  ProjectPlanner planner(plan);
  planner.AddGroup({kCommunityActivities, kCommunityPersonTimes, true, 4, 14, 7});
  planner.AddGroup({other_activities, other_person_times, false, 3, 11, 6});
  return absl::OkStatus();
}

}  // namespace meritbook::sample
