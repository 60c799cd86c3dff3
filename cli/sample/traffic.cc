// Traffic courtesy: a crossing is kept for a month by one unit, team or station, in rush hours.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "cli/sample/calendar.h"
#include "cli/sample/draw.h"
#include "cli/sample/figures.h"
#include "cli/sample/plan.h"

namespace meritbook::sample {
namespace {

constexpr int kMonths = 24;
constexpr int kRainedOff = 23;  // sessions on the roster to which nobody came

struct RushSlot {
  absl::string_view name;
  int start_minute;  // of the day; each lasts two hours
};
constexpr std::array<RushSlot, kRushSlots> kSlots = {{{"morning_rush", 7 * 60},
                                                      {"noon_rush", 11 * 60},
                                                      {"afternoon_rush", 13 * 60 + 30},
                                                      {"evening_rush", 17 * 60}}};
constexpr int kSlotMinutes = 120;

int FirstDayOfMonth(int month) {
  return static_cast<int>(absl::CivilDay(absl::CivilMonth(2021, 1) + month) -
                          absl::CivilDay(2021, 1, 1));
}

class TrafficRoster {
 public:
  TrafficRoster(CountyPlan& plan, Draw& draw)
      : plan_(plan), draw_(draw), taken_(kCrossings * kDays * kRushSlots, false) {}

  // The activity of a crossing in a month.
  int AddActivity(int crossing, int month) {
    Activity activity;
    activity.organisation =
        draw_.Between(kCommunities, static_cast<int>(plan_.organisations.size()) - 1);
    activity.category = kTrafficCourtesy;
    activity.site = absl::StrFormat("cross-%02d", crossing + 1);
    activity.starts_minute = int64_t{FirstDayOfMonth(month)} * kDayMinutes;
    activity.ends_minute = int64_t{FirstDayOfMonth(month + 1)} * kDayMinutes;
    activity.has_sessions = true;
    const int64_t notice = draw_.Between(3 * kDaySeconds, 15 * kDaySeconds);
    activity.recorded_second = SecondOf(activity.starts_minute) - notice;
    if (activity.recorded_second < 60) {
      activity.recorded_second = draw_.Between(int64_t{60}, int64_t{5 * 3600});
    }
    plan_.activities.push_back(activity);
    return static_cast<int>(plan_.activities.size()) - 1;
  }

  // False if the crossing is kept at that time already.
  bool AddSession(int activity, int crossing, int day, int slot, int seats) {
    const auto key = static_cast<size_t>((crossing * kDays + day) * kRushSlots + slot);
    if (taken_[key]) return false;
    taken_[key] = true;
    constexpr std::array<int, 3> kUsualMinutes = {60, 90, 120};
    constexpr std::array<int, 3> kUsualWeights = {2, 5, 3};
    const Activity& kept = plan_.activities[static_cast<size_t>(activity)];
    const RushSlot& rush = kSlots[static_cast<size_t>(slot)];
    Occurrence session;
    session.activity = activity;
    session.start_minute = int64_t{day} * kDayMinutes + rush.start_minute;
    session.end_minute = session.start_minute + kSlotMinutes;
    session.usual_minutes = kUsualMinutes[static_cast<size_t>(draw_.Weighted(kUsualWeights))];
    session.seats = seats;
    session.slot = rush.name;
    session.site = kept.site;
    // A month's roster is out before the month begins.
    session.recorded_second = kept.recorded_second + draw_.Between(int64_t{60}, int64_t{1800});
    plan_.occurrences.push_back(session);
    return true;
  }

 private:
  CountyPlan& plan_;
  Draw& draw_;
  std::vector<bool> taken_;
};

}  // namespace

void PlanTraffic(CountyPlan& plan) {
  Draw draw(plan.seed, "traffic");
  const DayWeights weights = DayWeights::OfTraffic();
  TrafficRoster roster(plan, draw);
  std::vector<int> activities;  // by month, then crossing
  int sessions = 0;
  for (int month = 0; month < kMonths; ++month) {
    for (int crossing = 0; crossing < kCrossings; ++crossing) {
      const int activity = roster.AddActivity(crossing, month);
      activities.push_back(activity);
      const int day = draw.Between(FirstDayOfMonth(month), FirstDayOfMonth(month + 1) - 1);
      // One session each, so that no activity stands empty; the rest fall where they fall.
      const int slot = draw.Below(kRushSlots);
      roster.AddSession(activity, crossing, day, slot, draw.Between(2, 7));
      ++sessions;
    }
  }
  while (sessions < kTrafficSessions + kRainedOff) {
    const int day = weights.DrawDay(draw, 0, kDays - 1);
    int month = kMonths - 1;
    while (FirstDayOfMonth(month) > day) --month;
    const int crossing = draw.Below(kCrossings);
    const int seats = sessions < kTrafficSessions ? draw.Between(2, 7) : 0;
    const int activity = activities[static_cast<size_t>(month * kCrossings + crossing)];
    if (roster.AddSession(activity, crossing, day, draw.Below(kRushSlots), seats)) ++sessions;
  }
}

}  // namespace meritbook::sample
