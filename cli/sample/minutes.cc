// How long each visit lasts, so that every sum comes out exactly: the communities', the others',
// and each volunteer's on her side of 1,000 points.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/sample/draw.h"
#include "cli/sample/figures.h"
#include "cli/sample/plan.h"

namespace meritbook::sample {
namespace {

constexpr int kStep = 30;
constexpr int kVisitMinutesMin = 30;

class MinutesPlanner {
 public:
  explicit MinutesPlanner(CountyPlan& plan)
      : plan_(plan), draw_(plan.seed, "minutes"), totals_(plan.volunteers.size(), 0) {}

  absl::Status Run() {
    for (Visit& visit : plan_.visits) {
      DrawMinutes(visit);
      TotalOf(visit) += visit.minutes;
    }
    if (absl::Status status = KeepSides(); !status.ok()) return status;
    absl::Status status = MeetSum(true, kCommunityMinutes);
    if (status.ok()) status = MeetSum(false, kServiceMinutes - kCommunityMinutes);
    return status;
  }

 private:
  const Occurrence& OccurrenceOf(const Visit& visit) const {
    return plan_.occurrences[static_cast<size_t>(visit.occurrence)];
  }
  bool OfCommunity(const Visit& visit) const {
    return plan_.activities[static_cast<size_t>(OccurrenceOf(visit).activity)].of_community;
  }
  bool Earns1000(const Visit& visit) const {
    return plan_.volunteers[static_cast<size_t>(visit.volunteer)].earns_1000;
  }
  int64_t& TotalOf(const Visit& visit) { return totals_[static_cast<size_t>(visit.volunteer)]; }

  // Most stay for the usual time, some come late or stay on, some are kept to the minute.
  void DrawMinutes(Visit& visit) {
    const Occurrence& occurrence = OccurrenceOf(visit);
    visit.minutes = occurrence.usual_minutes;
    const int mood = draw_.Below(100);
    if (mood < 12) {
      visit.minutes += draw_.Chance(500) ? kStep : -kStep;
    } else if (mood < 20) {
      visit.to_the_minute = true;
      visit.minutes += draw_.Between(-28, 28);
    }
    visit.minutes = std::clamp(visit.minutes, kVisitMinutesMin, occurrence.WindowMinutes());
  }

  bool MayChange(const Visit& visit, int by_minutes) {
    const int minutes = visit.minutes + by_minutes;
    if (minutes < kVisitMinutesMin) return false;
    if (minutes > OccurrenceOf(visit).WindowMinutes()) return false;
    const int64_t total = TotalOf(visit) + by_minutes;
    return (total >= k1000PointsMinutes) == Earns1000(visit);
  }

  void Change(Visit& visit, int by_minutes) {
    visit.minutes += by_minutes;
    TotalOf(visit) += by_minutes;
  }

  // Lengthens the visits of those of the 4,410 who are short, shortens those of others above.
  absl::Status KeepSides() {
    for (bool changed = true; changed;) {
      changed = false;
      for (Visit& visit : plan_.visits) {
        const int window_minutes = OccurrenceOf(visit).WindowMinutes();
        int by = 0;
        if (Earns1000(visit)) {
          if (TotalOf(visit) < k1000PointsMinutes) {
            by = std::min(kStep, window_minutes - visit.minutes);
          }
        } else if (TotalOf(visit) >= k1000PointsMinutes) {
          by = -std::min(kStep, visit.minutes - kVisitMinutesMin);
        }
        if (by == 0) continue;
        Change(visit, by);
        changed = true;
      }
    }
    for (const Visit& visit : plan_.visits) {
      if ((TotalOf(visit) >= k1000PointsMinutes) == Earns1000(visit)) continue;
      return absl::InternalError(
          absl::StrCat("volunteers with 1,000 points: a volunteer can't get to her side of ",
                       k1000PointsMinutes, " minutes, she has ", TotalOf(visit)));
    }
    return absl::OkStatus();
  }

  // Moves visits of the communities (or of the others) by half hours at random, then one by the
  // minutes that are left, until their sum is `target_minutes`.
  absl::Status MeetSum(bool of_community, int64_t target_minutes) {
    std::vector<Visit*> visits;
    int64_t missing = target_minutes;
    for (Visit& visit : plan_.visits) {
      if (OfCommunity(visit) != of_community) continue;
      visits.push_back(&visit);
      missing -= visit.minutes;
    }
    const auto tries_max = static_cast<int64_t>(visits.size()) * 40;
    for (int64_t tries = 0; tries < tries_max && missing != 0; ++tries) {
      Visit& visit = *visits[draw_.Below(visits.size())];
      int by = missing > 0 ? kStep : -kStep;
      if (missing > -kStep && missing < kStep) {
        if (!visit.to_the_minute) continue;
        by = static_cast<int>(missing);
      }
      if (!MayChange(visit, by)) continue;
      Change(visit, by);
      missing -= by;
    }
    if (missing == 0) return absl::OkStatus();
    return absl::InternalError(absl::StrCat(of_community ? "community" : "other",
                                            " service minutes: ", missing, " can't be placed"));
  }

  CountyPlan& plan_;
  Draw draw_;
  std::vector<int64_t> totals_;  // by volunteer
};

}  // namespace

absl::Status PlanMinutes(CountyPlan& plan) { return MinutesPlanner(plan).Run(); }

}  // namespace meritbook::sample
