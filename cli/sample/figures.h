// Owns the county's published figures and the numbers that follow from them.
// Promises that the generator names each figure once, here.
// Constants only: any thread.
#ifndef MERITBOOK_CLI_SAMPLE_FIGURES_H_
#define MERITBOOK_CLI_SAMPLE_FIGURES_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace meritbook::sample {

inline constexpr int kVolunteers = 27'038;
inline constexpr int kPartyMembers = 3'800;
inline constexpr int kLeagueMembers = 7'628;
inline constexpr int kVolunteers1000Earned = 4'410;

inline constexpr int kCommunities = 7;
inline constexpr int kActivities = 11'859;
inline constexpr int kCommunityActivities = 8'019;
inline constexpr int kCommunityPersonTimes = 142'700;
inline constexpr int64_t kCommunityMinutes = 297'300 * 60;
inline constexpr int64_t kServiceMinutes = 446'500 * 60;

inline constexpr int kTrafficSessions = 4'515;
inline constexpr int kCrossings = 14;
inline constexpr int kRushSlots = 4;

inline constexpr int64_t kUnitsPerPoint = 6'000;
inline constexpr int kPointsPerHour = 25;
inline constexpr int64_t kUnitsPerMinute = kPointsPerHour * kUnitsPerPoint / 60;
inline constexpr int64_t kPointsIssuedUnits = kServiceMinutes * kUnitsPerMinute;
static_assert(kPointsIssuedUnits == 66'975'000'000);

inline constexpr int64_t k1000PointsMinutes = 1'000 * 60 / kPointsPerHour;
static_assert(k1000PointsMinutes == 2'400);

inline constexpr int kDayMinutesMax = 1'440;
inline constexpr int kBackdatingDays = 60;
inline constexpr int kAutoMinutesPerDay = 480;  // of hours that nobody has reviewed

// Not published: about 214,000 person-times in all if the communities' ratio holds elsewhere.
inline constexpr int kOtherPersonTimesAbout = 71'300;

// Every category that an activity may have, and that the rule rates. Traffic is the last, since
// only the activities planned as traffic service may draw it.
inline constexpr std::array<absl::string_view, 10> kCategories = {
    "community_service", "elder_care",      "environment", "education",
    "culture_sports",    "health",          "event_help",  "public_safety",
    "rural_support",     "traffic_courtesy"};
inline constexpr int kPublicSafety = 7;
inline constexpr int kTrafficCourtesy = 9;

// Rows that are wrong on purpose, by the reason for which the ledger must refuse them.
inline constexpr int kRequestConflicts = 18;
inline constexpr int kIntervalOverlaps = 24;
inline constexpr int kActivitiesUnknown = 12;
inline constexpr int kServicesBeforeActivity = 15;
inline constexpr int kFrozenRedeems = 14;
inline constexpr int kStockTooLow = 20;
inline constexpr int kItemLimitsReached = 8;
inline constexpr int kBudgetsExhausted = 6;
inline constexpr int kConfirmsTooLate = 10;

// How the mall sells: the rule has these.
inline constexpr int kHoldSecondsMax = 7'200;
inline constexpr int kVoucherDaysMax = 30;
inline constexpr int kOfflineGraceMinutes = 2'880;
inline constexpr int kRefundDays = 30;
inline constexpr int kVolunteerOrdersPerDay = 6;
inline constexpr int kVolunteerPointsPerDay = 8'000;
inline constexpr int kMerchantOrdersPerDay = 400;
inline constexpr int kStatementCloseDays = 15;

// Whose budgets pay for items.
inline constexpr absl::string_view kProgrammeSource = "programme";
inline constexpr absl::string_view kDonorSource = "lantern-fund";

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_FIGURES_H_
