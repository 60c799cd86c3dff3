// Hour rows that are wrong on purpose. Each is wrong in one way only, and in a way that nothing
// later mends: a second import of the whole county must refuse it again for the same reason.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/sample/calendar.h"
#include "cli/sample/draw.h"
#include "cli/sample/figures.h"
#include "cli/sample/plan.h"

namespace meritbook::sample {
namespace {

// Nobody serves then: no window starts before 07:00, and nights are over by 04:00.
constexpr int kDawnStart = 5 * 60;
constexpr int kDawnEnd = 6 * 60;
constexpr int kTriesMax = 200'000;
constexpr int kInEmptySessions = 6;  // of the overlaps: a refused record must not make a session

class FaultPlanner {
 public:
  explicit FaultPlanner(CountyPlan& plan)
      : plan_(plan), draw_(plan.seed, "faults"), used_(plan.hours.size(), false) {}

  absl::Status Run() {
    int overlaps = OverlapInEmptySessions();
    int conflicts = 0;
    int unknown = 0;
    int before = 0;
    for (int tries = 0; tries < kTriesMax; ++tries) {
      const auto base = draw_.Below(plan_.hours.size());
      if (!MayUse(base)) continue;
      if (conflicts < kRequestConflicts) {
        conflicts += AddConflict(base, conflicts % 2 == 0);
      } else if (overlaps < kIntervalOverlaps) {
        overlaps += AddOverlap(base);
      } else if (unknown < kActivitiesUnknown) {
        unknown += AddUnknownActivity(base);
      } else if (before < kServicesBeforeActivity) {
        before += AddBeforeActivity(base);
      } else {
        MergeByTime();
        return absl::OkStatus();
      }
    }
    return absl::InternalError(absl::StrCat("rows to refuse: only ", conflicts, " conflicts, ",
                                            overlaps, " overlaps, ", unknown, " unknown, ", before,
                                            " before the activity"));
  }

 private:
  // Not a volunteer who is frozen some day, for the ledger may look at that first; early enough
  // to be followed by a row of its own.
  bool MayUse(size_t base) const {
    const HourRow& row = plan_.hours[base];
    return !used_[base] && row.recorded_second < kLastSecond - 12 * kDaySeconds &&
           plan_.volunteers[static_cast<size_t>(row.volunteer)].frozen_second == kNone;
  }

  int Add(size_t base, const HourRow& row) {
    used_[base] = true;
    faults_.push_back(row);
    return 1;
  }

  int64_t DrawLater(int64_t second) {
    return second + draw_.Between(int64_t{600}, 3 * kDaySeconds);
  }

  int AddConflict(size_t base, bool other_volunteer) {
    HourRow row = plan_.hours[base];
    row.fault = Fault::kRequestConflict;
    row.same_id_as = static_cast<int>(base);
    row.recorded_second = DrawLater(row.recorded_second);
    if (other_volunteer) {
      row.volunteer = draw_.Below(kVolunteers);
      const Volunteer& other = plan_.volunteers[static_cast<size_t>(row.volunteer)];
      if (row.volunteer == plan_.hours[base].volunteer || other.frozen_second != kNone) return 0;
      if (other.recorded_second >= SecondOf(DayOf(row.start_minute) * int64_t{kDayMinutes}))
        return 0;
    } else {
      if (row.minutes <= 30) return 0;
      row.minutes -= 10;
      if (row.end_minute != kNone) row.end_minute -= 10;
    }
    return Add(base, row);
  }

  // The same person, noted twice: once from a quarter of an hour on.
  int AddOverlap(size_t base) {
    HourRow row = plan_.hours[base];
    if (row.day != kNone || row.minutes < 60) return 0;
    row.fault = Fault::kOverlap;
    row.recorded_second = DrawLater(row.recorded_second);
    row.start_minute += 15;
    row.minutes -= 15;
    return Add(base, row);
  }

  // Puts people on empty crossings while they serve elsewhere.
  int OverlapInEmptySessions() {
    std::vector<size_t> empty;
    for (size_t o = 0; o < plan_.occurrences.size(); ++o) {
      if (plan_.occurrences[o].seats == 0) empty.push_back(o);
    }
    int added = 0;
    for (size_t base = 0; base < plan_.hours.size() && added < kInEmptySessions; ++base) {
      if (!MayUse(base) || plan_.hours[base].day != kNone) continue;
      const auto session = std::find_if(empty.begin(), empty.end(), [&](size_t at) {
        const Occurrence& occurrence = plan_.occurrences[at];
        return plan_.hours[base].start_minute < occurrence.end_minute &&
               occurrence.start_minute < plan_.hours[base].end_minute;
      });
      const Volunteer& person = plan_.volunteers[static_cast<size_t>(plan_.hours[base].volunteer)];
      if (session == empty.end() || person.age_band == AgeBand::kUnder14) continue;
      const Occurrence& occurrence = plan_.occurrences[*session];
      HourRow row = plan_.hours[base];
      row.fault = Fault::kOverlap;
      row.activity = occurrence.activity;
      row.occurrence = static_cast<int>(*session);
      row.start_minute = occurrence.start_minute;
      row.end_minute = occurrence.end_minute;
      row.minutes = occurrence.WindowMinutes();
      row.recorded_second =
          DrawLater(std::max(row.recorded_second, SecondOf(occurrence.end_minute)));
      empty.erase(session);
      added += Add(base, row);
    }
    return added;
  }

  HourRow AtDawn(const HourRow& base, int day) const {
    HourRow row = base;
    row.occurrence = kNone;
    row.day = kNone;
    row.start_minute = int64_t{day} * kDayMinutes + kDawnStart;
    row.end_minute = int64_t{day} * kDayMinutes + kDawnEnd;
    row.minutes = kDawnEnd - kDawnStart;
    return row;
  }

  int AddUnknownActivity(size_t base) {
    const HourRow& visit = plan_.hours[base];
    const int day = static_cast<int>(visit.recorded_second / kDaySeconds);
    HourRow row = AtDawn(visit, day);
    row.fault = Fault::kActivityUnknown;
    row.activity = kNone;
    row.recorded_second = DrawLater(SecondOf(row.end_minute));
    const Volunteer& person = plan_.volunteers[static_cast<size_t>(row.volunteer)];
    if (person.recorded_second >= SecondOf(row.start_minute)) return 0;
    return Add(base, row);
  }

  // On the eve of an activity without sessions.
  int AddBeforeActivity(size_t base) {
    const HourRow& visit = plan_.hours[base];
    const Activity& activity = plan_.activities[static_cast<size_t>(visit.activity)];
    const int day = DayOf(activity.starts_minute) - 1;
    if (activity.has_sessions || activity.on_paper || day < 1) return 0;
    HourRow row = AtDawn(visit, day);
    row.fault = Fault::kServiceBeforeActivity;
    row.recorded_second = DrawLater(std::max(SecondOf(row.end_minute), activity.recorded_second));
    const Volunteer& person = plan_.volunteers[static_cast<size_t>(row.volunteer)];
    if (person.recorded_second >= SecondOf(row.start_minute)) return 0;
    return Add(base, row);
  }

  // The indices of same_id_as move with their rows.
  void MergeByTime() {
    std::stable_sort(faults_.begin(), faults_.end(), [](const HourRow& a, const HourRow& b) {
      return a.recorded_second < b.recorded_second;
    });
    std::vector<HourRow> merged;
    merged.reserve(plan_.hours.size() + faults_.size());
    std::vector<int> moved_to;
    moved_to.reserve(plan_.hours.size());
    auto fault = faults_.begin();
    const auto add_faults_before = [&](int64_t second) {
      for (; fault != faults_.end() && fault->recorded_second < second; ++fault) {
        merged.push_back(*fault);
        HourRow& row = merged.back();
        if (row.same_id_as != kNone) row.same_id_as = moved_to[static_cast<size_t>(row.same_id_as)];
      }
    };
    for (const HourRow& row : plan_.hours) {
      add_faults_before(row.recorded_second);
      moved_to.push_back(static_cast<int>(merged.size()));
      merged.push_back(row);
    }
    add_faults_before(kLastSecond + 1);
    plan_.hours = std::move(merged);
  }

  CountyPlan& plan_;
  Draw draw_;
  std::vector<bool> used_;  // by hour row
  std::vector<HourRow> faults_;
};

}  // namespace

absl::Status PlanFaults(CountyPlan& plan) { return FaultPlanner(plan).Run(); }

}  // namespace meritbook::sample
