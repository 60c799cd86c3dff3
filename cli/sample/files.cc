#include "cli/sample/files.h"

#include <algorithm>
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
#include "cli/sample/csv_text.h"
#include "cli/sample/figures.h"

namespace meritbook::sample {
namespace {

absl::string_view NameOf(OrganisationKind kind) {
  switch (kind) {
    case OrganisationKind::kCommunity:
      return "community";
    case OrganisationKind::kUnit:
      return "unit";
    case OrganisationKind::kTeam:
      return "team";
    case OrganisationKind::kStation:
      return "station";
  }
  return "";
}

absl::string_view NameOf(Cohort cohort) {
  switch (cohort) {
    case Cohort::kNobody:
      return "";
    case Cohort::kParty:
      return "party";
    case Cohort::kLeague:
      return "league";
  }
  return "";
}

absl::string_view NameOf(AgeBand age_band) {
  switch (age_band) {
    case AgeBand::kUnder14:
      return "under_14";
    case AgeBand::k14To17:
      return "14_17";
    case AgeBand::k18To59:
      return "18_59";
    case AgeBand::k60Plus:
      return "60_plus";
  }
  return "";
}

absl::string_view NameOf(Funding funding) {
  switch (funding) {
    case Funding::kMerchant:
      return "merchant";
    case Funding::kProgramme:
      return "programme";
    case Funding::kDonor:
      return "donor";
  }
  return "";
}

absl::string_view NameOf(LimitPeriod period) {
  switch (period) {
    case LimitPeriod::kUnlimited:
      return "";
    case LimitPeriod::kOnce:
      return "once";
    case LimitPeriod::kMonth:
      return "month";
  }
  return "";
}

// Ids in the order in which the ledger met the rows, and that order.
struct Numbered {
  std::vector<std::string> ids;  // by index in the plan
  std::vector<size_t> order;
};

template <typename Row, typename Wanted>
Numbered Number(const std::vector<Row>& rows, absl::string_view prefix, int digits, Wanted wanted) {
  Numbered numbered;
  numbered.ids.resize(rows.size());
  for (size_t n = 0; n < rows.size(); ++n) {
    if (wanted(rows[n])) numbered.order.push_back(n);
  }
  std::stable_sort(numbered.order.begin(), numbered.order.end(), [&rows](size_t a, size_t b) {
    return rows[a].recorded_second < rows[b].recorded_second;
  });
  int number = 0;
  for (size_t row : numbered.order) {
    numbered.ids[row] = absl::StrFormat("%s-%0*d", prefix, digits, ++number);
  }
  return numbered;
}

template <typename Row>
Numbered Number(const std::vector<Row>& rows, absl::string_view prefix, int digits) {
  return Number(rows, prefix, digits, [](const Row&) { return true; });
}

class CountyRenderer {
 public:
  explicit CountyRenderer(const CountyPlan& plan)
      : plan_(plan),
        activities_(Number(plan.activities, "act", 5)),
        sessions_(
            Number(plan.occurrences, "ses", 5,
                   [&plan](const Occurrence& occurrence) {
                     return plan.activities[static_cast<size_t>(occurrence.activity)].has_sessions;
                   })),
        merchants_(Number(plan.merchants, "mer", 2)),
        items_(Number(plan.items, "itm", 3)) {}

  std::string Organisations() const {
    Csv csv("recorded_at,organisation_id,kind,headcount");
    for (const Organisation& organisation : plan_.organisations) {
      csv.Instant(0).Text(organisation.id).Text(NameOf(organisation.kind));
      csv.Number(organisation.headcount).EndRow();
    }
    return csv.Take();
  }

  std::string Activities() const {
    Csv csv("recorded_at,activity_id,organisation_id,category,site,starts_at,ends_at");
    for (size_t a : activities_.order) {
      const Activity& activity = plan_.activities[a];
      csv.Instant(activity.recorded_second).Text(activities_.ids[a]);
      csv.Text(plan_.organisations[static_cast<size_t>(activity.organisation)].id);
      csv.Text(kCategories[static_cast<size_t>(activity.category)]).Text(activity.site);
      csv.Minute(activity.starts_minute).Minute(activity.ends_minute).EndRow();
    }
    return csv.Take();
  }

  std::string Sessions() const {
    Csv csv("recorded_at,session_id,activity_id,day,slot,site,starts_at,ends_at");
    for (size_t s : sessions_.order) {
      const Occurrence& session = plan_.occurrences[s];
      csv.Instant(session.recorded_second).Text(sessions_.ids[s]);
      csv.Text(activities_.ids[static_cast<size_t>(session.activity)]);
      csv.Day(DayOf(session.start_minute)).Text(session.slot).Text(session.site);
      csv.Minute(session.start_minute).Minute(session.end_minute).EndRow();
    }
    return csv.Take();
  }

  std::string Merchants() const {
    Csv csv("recorded_at,merchant_id,kind");
    for (size_t m : merchants_.order) {
      const Merchant& merchant = plan_.merchants[m];
      csv.Instant(merchant.recorded_second).Text(merchants_.ids[m]).Text(merchant.kind).EndRow();
    }
    return csv.Take();
  }

  std::string Items() const {
    Csv csv(
        "recorded_at,item_id,merchant_id,price_points,stock,settle_fen,funding,budget_source,"
        "limit_quantity,limit_period");
    for (size_t i : items_.order) {
      const Item& item = plan_.items[i];
      csv.Instant(item.recorded_second).Text(items_.ids[i]);
      csv.Text(merchants_.ids[static_cast<size_t>(item.merchant)]);
      csv.Number(item.price_points).Number(item.stock);
      const bool paid = item.funding != Funding::kMerchant;
      csv.Number(paid ? item.settle_fen : kNone).Text(NameOf(item.funding));
      csv.Text(item.funding == Funding::kDonor ? kDonorSource : "");
      csv.Number(item.limit_quantity > 0 ? item.limit_quantity : kNone);
      csv.Text(NameOf(item.limit_period)).EndRow();
    }
    return csv.Take();
  }

  std::string Volunteers() const {
    Csv csv(
        "recorded_at,volunteer_id,organisation_id,cohorts,age_band,guardian_consent,frozen_at,"
        "frozen_reason");
    for (const Volunteer& volunteer : plan_.volunteers) {
      csv.Instant(volunteer.recorded_second).Text(volunteer.id);
      csv.Text(plan_.organisations[static_cast<size_t>(volunteer.organisation)].id);
      csv.Text(NameOf(volunteer.cohort)).Text(NameOf(volunteer.age_band));
      csv.Text(volunteer.guardian_consent ? "true" : "false");
      csv.Instant(volunteer.frozen_second).Text(volunteer.frozen_reason).EndRow();
    }
    return csv.Take();
  }

  std::string Hours() const {
    Csv csv(
        "recorded_at,record_id,volunteer_id,activity_id,session_id,starts_at,ends_at,day,"
        "minutes");
    int unknown_activities = 0;
    std::vector<std::string> ids;
    ids.reserve(plan_.hours.size());
    for (const HourRow& row : plan_.hours) {
      ids.push_back(row.same_id_as == kNone ? absl::StrFormat("rec-%06d", ids.size() + 1)
                                            : ids[static_cast<size_t>(row.same_id_as)]);
      csv.Instant(row.recorded_second).Text(ids.back());
      csv.Text(plan_.volunteers[static_cast<size_t>(row.volunteer)].id);
      if (row.activity == kNone) {
        csv.Text(absl::StrFormat("act-%05d", 99'001 + unknown_activities++));
      } else {
        csv.Text(activities_.ids[static_cast<size_t>(row.activity)]);
      }
      csv.Text(row.occurrence == kNone ? "" : sessions_.ids[static_cast<size_t>(row.occurrence)]);
      csv.Minute(row.start_minute).Minute(row.end_minute).Day(row.day);
      if (row.day == kNone) {
        csv.Text("");
      } else {
        csv.Number(row.minutes);
      }
      csv.EndRow();
    }
    return csv.Take();
  }

  void Orders(CountyFiles& files) const {
    RenderOrders(plan_, {merchants_.ids, items_.ids}, files);
  }

 private:
  const CountyPlan& plan_;
  const Numbered activities_;
  const Numbered sessions_;
  const Numbered merchants_;
  const Numbered items_;
};

std::string RenderRule() {
  std::string text = "effective_from_day: \"2021-01-01\"\nearning {\n";
  for (absl::string_view category : kCategories) {
    absl::StrAppend(&text, "  rates { category: \"", category,
                    "\" points_per_hour: ", kPointsPerHour, " percentage: 100 }\n");
  }
  absl::StrAppend(
      &text, "  recording_unit_minutes: 1\n  credited_minutes_per_day: ", kDayMinutesMax,
      "\n  backdating_days: ", kBackdatingDays, "\n  auto_minutes_per_day: ", kAutoMinutesPerDay,
      "\n}\nexpiry { rolling_months: 24 }\nmall {\n  hold_seconds_max: ", kHoldSecondsMax,
      "\n  voucher_days_max: ", kVoucherDaysMax,
      "\n  offline_grace_minutes: ", kOfflineGraceMinutes, "\n  refund_days: ", kRefundDays,
      "\n  volunteer_orders_per_day: ", kVolunteerOrdersPerDay,
      "\n  volunteer_points_per_day: ", kVolunteerPointsPerDay,
      "\n  merchant_orders_per_day: ", kMerchantOrdersPerDay,
      "\n  statement_close_days: ", kStatementCloseDays, "\n}\n");
  return text;
}

}  // namespace

CountyFiles RenderCounty(const CountyPlan& plan) {
  const CountyRenderer renderer(plan);
  CountyFiles files;
  files.organisations = renderer.Organisations();
  files.activities = renderer.Activities();
  files.sessions = renderer.Sessions();
  files.merchants = renderer.Merchants();
  files.items = renderer.Items();
  files.volunteers = renderer.Volunteers();
  files.hours = renderer.Hours();
  renderer.Orders(files);
  files.rule = RenderRule();
  return files;
}

}  // namespace meritbook::sample
