// Owns the county as planned: people, projects, visits and the rows that come of them.
// Promises nothing by itself: each field is filled by the planning step named above it.
// Plain values: no sharing between threads.
#ifndef MERITBOOK_CLI_SAMPLE_PLAN_H_
#define MERITBOOK_CLI_SAMPLE_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace meritbook::sample {

inline constexpr int kNone = -1;

enum class OrganisationKind { kCommunity, kUnit, kTeam, kStation };

struct Organisation {
  std::string id;
  OrganisationKind kind = OrganisationKind::kUnit;
  int headcount = 0;
};

enum class Cohort { kNobody, kParty, kLeague };
enum class AgeBand { kUnder14, k14To17, k18To59, k60Plus };

struct Volunteer {
  std::string id;
  int64_t recorded_second = 0;
  int organisation = kNone;
  Cohort cohort = Cohort::kNobody;
  AgeBand age_band = AgeBand::k18To59;
  bool guardian_consent = false;
  int64_t frozen_second = kNone;
  absl::string_view frozen_reason;
  bool earns_1000 = false;  // one of the 4,410; everybody else stays below
  int visits_wanted = 0;
};

struct Activity {
  int64_t recorded_second = 0;
  int organisation = kNone;
  bool of_community = false;
  int category = 0;
  std::string site;
  int64_t starts_minute = 0;
  int64_t ends_minute = kNone;  // none: open-ended
  bool has_sessions = false;
  bool on_paper = false;  // its records are duration_only
};

// One time that people meet for an activity: a session, or a day of an activity without sessions.
struct Occurrence {
  int activity = kNone;
  int64_t start_minute = 0;
  int64_t end_minute = 0;
  int usual_minutes = 0;  // what most who come stay for; below the window's length
  int seats = 0;          // 0: nobody came, or nobody rightly
  absl::string_view slot;
  std::string site;
  int64_t recorded_second = 0;  // of the session

  int WindowMinutes() const { return static_cast<int>(end_minute - start_minute); }
};

// One volunteer at one occurrence: a person-time.
struct Visit {
  int volunteer = kNone;
  int occurrence = kNone;
  int minutes = 0;
  bool to_the_minute = false;  // the others are kept in half hours
};

// Why the ledger must refuse a row; kNoFault for the rows that it must take.
enum class Fault {
  kNoFault,
  kRequestConflict,
  kOverlap,
  kActivityUnknown,
  kServiceBeforeActivity,
  kVolunteerFrozen,
  kSoldOut,
  kLimitReached,
  kBudgetExhausted,
  kConfirmTooLate,
};

struct HourRow {
  int64_t recorded_second = 0;
  int volunteer = kNone;
  int activity = kNone;    // kNone: an id that nobody registered
  int occurrence = kNone;  // the session named, if any
  int64_t start_minute = kNone;
  int64_t end_minute = kNone;
  int day = kNone;  // of duration_only rows, which have no interval
  int minutes = 0;
  Fault fault = Fault::kNoFault;
  int same_id_as = kNone;  // the row, by index, whose record_id this one takes again
};

struct Merchant {
  int64_t recorded_second = 0;
  absl::string_view kind;
};

enum class Funding { kMerchant, kProgramme, kDonor };
enum class LimitPeriod { kUnlimited, kOnce, kMonth };

struct Item {
  int64_t recorded_second = 0;
  int merchant = kNone;
  int price_points = 0;
  int stock = 0;
  Funding funding = Funding::kMerchant;
  int settle_fen = 0;  // 0 where the merchant pays
  LimitPeriod limit_period = LimitPeriod::kUnlimited;
  int limit_quantity = 0;

  // Comes in twos or threes.
  bool IsScarce() const { return stock <= 3; }
};

enum class OrderKind { kRedemption, kHold, kVoucher };

struct OrderLine {
  int item = kNone;
  int quantity = 0;
};

struct OrderRow {
  int64_t recorded_second = 0;
  int volunteer = kNone;
  OrderKind kind = OrderKind::kRedemption;
  std::vector<OrderLine> lines;  // of one merchant
  int64_t hold_seconds = kNone;  // kNone: as long as the rule has it
  int valid_days = kNone;        // kNone: as long as the rule has it
  bool offline = false;
  Fault fault = Fault::kNoFault;
};

// What became of an order, in so far as somebody says so. The order by its index.
struct ConfirmRow {
  int64_t recorded_second = 0;
  int order = kNone;
  std::vector<OrderLine> lines;  // empty: all
  int64_t happened_second = kNone;
};

struct CancelRow {
  int64_t recorded_second = 0;
  int order = kNone;
  absl::string_view reason;
};

struct RefundRow {
  int64_t recorded_second = 0;
  int order = kNone;
  std::vector<OrderLine> lines;
  absl::string_view reason;
};

// Money for the orders of one year, approved by two people before anything is sold.
struct Allocation {
  absl::string_view source;
  int year = 0;
  int64_t fen = 0;
  int warn_percent = 0;
};

struct CountyPlan {
  uint64_t seed = 0;
  std::vector<Organisation> organisations;  // PlanPeople
  std::vector<Volunteer> volunteers;        // PlanPeople, by recorded_second
  std::vector<Activity> activities;         // PlanTraffic, PlanProjects
  std::vector<Occurrence> occurrences;      // PlanTraffic, PlanProjects
  std::vector<Visit> visits;                // PlanRoster; minutes by PlanMinutes
  std::vector<HourRow> hours;               // PlanHours, PlanFaults, by recorded_second
  std::vector<Merchant> merchants;          // PlanMall, by recorded_second
  std::vector<Item> items;                  // PlanMall, by recorded_second
  std::vector<OrderRow> orders;             // PlanOrders, by recorded_second
  std::vector<ConfirmRow> confirmations;    // PlanOrders, by recorded_second
  std::vector<CancelRow> cancellations;     // PlanOrders, by recorded_second
  std::vector<RefundRow> refunds;           // PlanOrders, by recorded_second
  std::vector<Allocation> allocations;      // PlanOrders
};

// The steps, in their order. One that can't meet a figure returns Internal and names it.
void PlanPeople(CountyPlan& plan);
void PlanTraffic(CountyPlan& plan);
absl::Status PlanProjects(CountyPlan& plan);  // everything else, up to the figures
absl::Status PlanRoster(CountyPlan& plan);
absl::Status PlanMinutes(CountyPlan& plan);
void PlanHours(CountyPlan& plan);
absl::Status PlanFaults(CountyPlan& plan);
void PlanMall(CountyPlan& plan);
absl::Status PlanOrders(CountyPlan& plan);

// All of them.
absl::Status PlanCounty(CountyPlan& plan);

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_PLAN_H_
