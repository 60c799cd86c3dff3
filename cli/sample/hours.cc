// The hour rows that come of visits, in the order in which the ledger recorded them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cli/sample/calendar.h"
#include "cli/sample/draw.h"
#include "cli/sample/figures.h"
#include "cli/sample/plan.h"

namespace meritbook::sample {
namespace {

constexpr int kLateMinutesMax = 60;  // no night shift starts after midnight this way
constexpr int kSplitMinutesMin = 120;
constexpr int kBreakMinutes = 30;

class HourPlanner {
 public:
  explicit HourPlanner(CountyPlan& plan) : plan_(plan), draw_(plan.seed, "hours") {}

  void Run() {
    PlanSheets();
    plan_.hours.reserve(plan_.visits.size() + plan_.visits.size() / 40);
    for (const Visit& visit : plan_.visits) AddRows(visit);
    std::stable_sort(
        plan_.hours.begin(), plan_.hours.end(),
        [](const HourRow& a, const HourRow& b) { return a.recorded_second < b.recorded_second; });
  }

 private:
  const Activity& ActivityOf(const Occurrence& occurrence) const {
    return plan_.activities[static_cast<size_t>(occurrence.activity)];
  }

  // When the sheet of each occurrence comes in: most the same day, some days later.
  void PlanSheets() {
    for (const Occurrence& occurrence : plan_.occurrences) {
      int64_t second = SecondOf(occurrence.end_minute);
      if (ActivityOf(occurrence).on_paper) second = (second / kDaySeconds + 1) * kDaySeconds;
      const int haste = draw_.Below(100);
      if (haste < 60) {
        second += draw_.Between(int64_t{5 * 60}, int64_t{180 * 60});
      } else if (haste < 90) {
        second += draw_.Between(kDaySeconds / 2, 3 * kDaySeconds);
      } else {
        second += draw_.Between(3 * kDaySeconds, 12 * kDaySeconds);
      }
      sheet_seconds_.push_back(second);
    }
  }

  // Within minutes of the sheet, a few a day late.
  int64_t DrawRecorded(const Visit& visit) {
    int64_t second = sheet_seconds_[static_cast<size_t>(visit.occurrence)];
    second += draw_.Below(int64_t{240});
    if (draw_.Chance(40)) second += draw_.Below(kDaySeconds);
    return std::min(second, kLastSecond);
  }

  void AddRows(const Visit& visit) {
    const Occurrence& occurrence = plan_.occurrences[static_cast<size_t>(visit.occurrence)];
    const Activity& activity = ActivityOf(occurrence);
    HourRow row;
    row.volunteer = visit.volunteer;
    row.activity = occurrence.activity;
    row.occurrence = activity.has_sessions ? visit.occurrence : kNone;
    row.minutes = visit.minutes;
    row.recorded_second = DrawRecorded(visit);
    if (activity.on_paper) {
      row.day = DayOf(occurrence.start_minute);
      plan_.hours.push_back(row);
      return;
    }
    const int slack = std::min(occurrence.WindowMinutes() - visit.minutes, kLateMinutesMax);
    int late = 0;
    if (visit.minutes % 30 != 0) {
      late = draw_.Below(slack + 1);
    } else if (draw_.Chance(300)) {
      late = 30 * draw_.Below(slack / 30 + 1);
    }
    row.start_minute = occurrence.start_minute + late;
    row.end_minute = row.start_minute + visit.minutes;
    // Parts on two days would be two person-times where there is no session.
    const bool within_day = DayOf(row.start_minute) == DayOf(row.end_minute + kBreakMinutes);
    if (visit.minutes % 30 == 0 && visit.minutes >= kSplitMinutesMin && within_day &&
        draw_.Chance(20)) {
      AddInTwoParts(row, visit, occurrence.end_minute);
    } else {
      plan_.hours.push_back(row);
    }
  }

  // Two records of one person-time, with a break between them or none.
  void AddInTwoParts(HourRow row, const Visit& visit, int64_t window_end_minute) {
    const int64_t end_minute = row.end_minute;
    const int first_minutes = 30 * draw_.Between(1, visit.minutes / 30 - 1);
    row.minutes = first_minutes;
    row.end_minute = row.start_minute + first_minutes;
    plan_.hours.push_back(row);
    const bool has_break = end_minute + kBreakMinutes <= window_end_minute && draw_.Chance(600);
    row.start_minute = row.end_minute + (has_break ? kBreakMinutes : 0);
    row.minutes = visit.minutes - first_minutes;
    row.end_minute = row.start_minute + row.minutes;
    row.recorded_second = DrawRecorded(visit);
    plan_.hours.push_back(row);
  }

  CountyPlan& plan_;
  Draw draw_;
  std::vector<int64_t> sheet_seconds_;  // by occurrence
};

}  // namespace

void PlanHours(CountyPlan& plan) { HourPlanner(plan).Run(); }

}  // namespace meritbook::sample
