// Organisations, and the volunteers who registered with them.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "cli/sample/calendar.h"
#include "cli/sample/draw.h"
#include "cli/sample/figures.h"
#include "cli/sample/plan.h"

namespace meritbook::sample {
namespace {

constexpr int kUnits = 52;
constexpr int kTeams = 38;
constexpr int kStations = 24;
constexpr int kInCommunities = 620;      // per mille of the volunteers
constexpr int kOnTheOldRoll = 580;       // per mille, carried in on the first morning
constexpr int kEarnersJoinDayMax = 240;  // so that everyone has time enough to reach 1,000 points
constexpr int kEarnerVisitsMin = 20;     // of at least two hours' window: 2,400 minutes
constexpr int kOtherVisitsMax = 18;
constexpr int kFrozenEarners = 24;
constexpr int kFrozenOthers = 16;
constexpr int kFrozenVisitsMax = 40;  // few enough to fit in before the freeze

void PlanOrganisations(CountyPlan& plan) {
  const auto add = [&plan](OrganisationKind kind, absl::string_view prefix, int count) {
    for (int n = 1; n <= count; ++n) {
      plan.organisations.push_back({absl::StrFormat("%s-%02d", prefix, n), kind, 0});
    }
  };
  add(OrganisationKind::kCommunity, "community", kCommunities);
  add(OrganisationKind::kUnit, "unit", kUnits);
  add(OrganisationKind::kTeam, "team", kTeams);
  add(OrganisationKind::kStation, "station", kStations);
}

std::string DrawVolunteerId(Draw& draw, absl::flat_hash_set<std::string>& taken) {
  constexpr absl::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";
  while (true) {
    std::string id = "v-";
    uint64_t bits = draw.Next();
    for (int n = 0; n < 8; ++n, bits >>= 5) id.push_back(kBase32[bits & 31]);
    if (taken.insert(id).second) return id;
  }
}

int64_t DrawRegistration(Draw& draw, const DayWeights& weights) {
  if (draw.Chance(kOnTheOldRoll)) return draw.Between(int64_t{60}, int64_t{6 * 3600});
  const int day = weights.DrawDay(draw, 0, kDays - 12);
  return day * kDaySeconds + draw.Between(int64_t{8 * 3600}, int64_t{21 * 3600});
}

AgeBand DrawAge(Draw& draw, Cohort cohort) {
  switch (cohort) {
    case Cohort::kParty:
      return draw.Chance(270) ? AgeBand::k60Plus : AgeBand::k18To59;
    case Cohort::kLeague:
      return draw.Chance(240) ? AgeBand::k14To17 : AgeBand::k18To59;
    case Cohort::kNobody:
      break;
  }
  constexpr std::array<int, 4> kWeights = {75, 60, 625, 240};
  return static_cast<AgeBand>(draw.Weighted(kWeights));
}

// Random volunteers who satisfy `eligible`, at most `count`, each once.
template <typename Eligible>
std::vector<int> PickVolunteers(Draw& draw, const CountyPlan& plan, int count, Eligible eligible) {
  std::vector<int> order;
  for (size_t v = 0; v < plan.volunteers.size(); ++v) {
    if (eligible(plan.volunteers[v])) order.push_back(static_cast<int>(v));
  }
  draw.Shuffle(order);
  if (order.size() > static_cast<size_t>(count)) order.resize(static_cast<size_t>(count));
  return order;
}

Volunteer& At(CountyPlan& plan, int volunteer) {
  return plan.volunteers[static_cast<size_t>(volunteer)];
}

void PlanMemberships(CountyPlan& plan, Draw& draw) {
  std::vector<Cohort> cohorts(kVolunteers, Cohort::kNobody);
  std::fill_n(cohorts.begin(), kPartyMembers, Cohort::kParty);
  std::fill_n(cohorts.begin() + kPartyMembers, kLeagueMembers, Cohort::kLeague);
  draw.Shuffle(cohorts);

  // Organisations differ in size: a bureau of a dozen people, a hospital of some hundreds.
  std::vector<int> elsewhere;
  for (size_t o = kCommunities; o < plan.organisations.size(); ++o) {
    elsewhere.insert(elsewhere.end(), static_cast<size_t>(3 + draw.Tail(9, 350, 3)),
                     static_cast<int>(o));
  }
  for (size_t v = 0; v < plan.volunteers.size(); ++v) {
    Volunteer& volunteer = plan.volunteers[v];
    volunteer.cohort = cohorts[v];
    volunteer.age_band = DrawAge(draw, volunteer.cohort);
    switch (volunteer.age_band) {
      case AgeBand::kUnder14:
        volunteer.guardian_consent = true;
        break;
      case AgeBand::k14To17:
        volunteer.guardian_consent = draw.Chance(700);
        break;
      case AgeBand::k18To59:
      case AgeBand::k60Plus:
        break;
    }
    const bool at_home = volunteer.age_band == AgeBand::kUnder14 || draw.Chance(kInCommunities);
    volunteer.organisation =
        at_home ? draw.Below(kCommunities) : elsewhere[draw.Below(elsewhere.size())];
  }
}

// How often each wants to come: most a few times or never, the 4,410 more than 20 times.
void PlanVisitsWanted(CountyPlan& plan, Draw& draw) {
  for (Volunteer& volunteer : plan.volunteers) {
    if (volunteer.earns_1000) {
      volunteer.visits_wanted = kEarnerVisitsMin + draw.Tail(6, 400, 4);
      continue;
    }
    const bool of_community = volunteer.organisation < kCommunities;
    if (draw.Chance(of_community ? 450 : 170)) continue;
    const int visits = std::min(1 + draw.Tail(3, 375, 2), kOtherVisitsMax);
    // Whoever came late had little time.
    const int days_left = kDays - static_cast<int>(volunteer.recorded_second / kDaySeconds);
    volunteer.visits_wanted = std::min(visits, 1 + days_left / 20);
  }
}

void PlanFreezes(CountyPlan& plan, Draw& draw) {
  constexpr std::array<absl::string_view, 3> kReasons = {"inquiry", "complaint", "duplicate"};
  const auto freeze = [&](const std::vector<int>& chosen) {
    for (int v : chosen) {
      Volunteer& volunteer = At(plan, v);
      const int day = draw.Between(560, 700);
      volunteer.frozen_second =
          day * kDaySeconds + draw.Between(int64_t{9 * 3600}, int64_t{17 * 3600});
      volunteer.frozen_reason = kReasons[draw.Below(kReasons.size())];
      volunteer.visits_wanted = std::min(volunteer.visits_wanted, kFrozenVisitsMax);
    }
  };
  const auto early = [](const Volunteer& volunteer) {
    return volunteer.recorded_second < kDaySeconds;
  };
  freeze(PickVolunteers(draw, plan, kFrozenEarners, [&](const Volunteer& volunteer) {
    return early(volunteer) && volunteer.earns_1000;
  }));
  freeze(PickVolunteers(draw, plan, kFrozenOthers, [&](const Volunteer& volunteer) {
    return early(volunteer) && !volunteer.earns_1000;
  }));
}

// A unit's headcount is its staff, of whom the target wants 90 % to take part. A community's is
// who lives there and signed the roll.
void PlanHeadcounts(CountyPlan& plan, Draw& draw) {
  std::vector<int> members(plan.organisations.size(), 0);
  for (const Volunteer& volunteer : plan.volunteers) {
    ++members[static_cast<size_t>(volunteer.organisation)];
  }
  for (size_t o = 0; o < plan.organisations.size(); ++o) {
    const bool of_community = plan.organisations[o].kind == OrganisationKind::kCommunity;
    const int per_cent = of_community ? draw.Between(140, 220) : draw.Between(88, 112);
    plan.organisations[o].headcount = std::max(1, members[o] * per_cent / 100);
  }
}

}  // namespace

void PlanPeople(CountyPlan& plan) {
  Draw draw(plan.seed, "people");
  PlanOrganisations(plan);

  const DayWeights weights = DayWeights::OfService();
  std::vector<int64_t> registrations;
  for (int v = 0; v < kVolunteers; ++v) registrations.push_back(DrawRegistration(draw, weights));
  std::sort(registrations.begin(), registrations.end());

  absl::flat_hash_set<std::string> taken;
  taken.reserve(kVolunteers);
  for (int64_t registration : registrations) {
    Volunteer volunteer;
    volunteer.id = DrawVolunteerId(draw, taken);
    volunteer.recorded_second = registration;
    plan.volunteers.push_back(std::move(volunteer));
  }
  PlanMemberships(plan, draw);

  const auto can_earn = [](const Volunteer& volunteer) {
    return volunteer.age_band != AgeBand::kUnder14 &&
           volunteer.recorded_second < kEarnersJoinDayMax * kDaySeconds;
  };
  for (int v : PickVolunteers(draw, plan, kVolunteers1000Earned, can_earn)) {
    At(plan, v).earns_1000 = true;
  }
  PlanVisitsWanted(plan, draw);
  PlanFreezes(plan, draw);
  PlanHeadcounts(plan, draw);
}

}  // namespace meritbook::sample
