#include "services/summary.h"

#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

constexpr int64_t kMarkUnits = 1'000 * kUnitsPerPoint;
constexpr char kTrafficCategory[] = "traffic_courtesy";
constexpr DayNumber kInSession = -1;

}  // namespace

template <typename Row>
Row* Summary::Rows<Row>::Add(const std::string& id) {
  if (!index.emplace(id, static_cast<uint32_t>(rows.size())).second) return nullptr;
  return &rows.emplace_back();
}

absl::Status Summary::Add(std::string_view bytes) {
  if (size_ % 64 == 0) arena_.Reset();
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(&arena_);
  if (!event->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      event->sequence() != size_ || !Count(*event)) {
    return absl::DataLossError(Text("event ", size_, " can't be counted"));
  }
  ++size_;
  last_recorded_us_ = event->recorded_us();
  return absl::OkStatus();
}

bool Summary::Count(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kVolunteerRegistered: {
      const v1::RegisterVolunteer& command = event.volunteer_registered().command();
      if (volunteers_.Add(command.volunteer_id()) == nullptr) return false;
      for (int cohort : command.cohorts()) {
        if (cohort == v1::COHORT_PARTY) figures_.set_party_members(figures_.party_members() + 1);
        if (cohort == v1::COHORT_LEAGUE) figures_.set_league_members(figures_.league_members() + 1);
      }
      return true;
    }
    case v1::Event::kOrganisationRegistered: {
      const v1::RegisterOrganisation& command = event.organisation_registered().command();
      const bool community = command.kind() == v1::ORGANISATION_KIND_COMMUNITY;
      organisations_[command.organisation_id()] = community;
      auto* totals = figures_.mutable_communities();
      totals->set_communities(totals->communities() + (community ? 1 : 0));
      return true;
    }
    case v1::Event::kActivityRegistered:
      return CountActivity(event.activity_registered().command());
    case v1::Event::kSessionRegistered:
      return CountSession(event.session_registered().command());
    case v1::Event::kHoursCredited:
      return CountHours(event.hours_credited());
    case v1::Event::kPointsExpired:
      return CountExpired(event.points_expired());
    case v1::Event::kOrderRedeemed:
      return CountOrder(event.order_redeemed());
    case v1::Event::kMerchantOnboarded:
      figures_.set_merchants(figures_.merchants() + 1);
      return true;
    case v1::Event::kItemPublished:
      figures_.set_items(figures_.items() + 1);
      return true;
    case v1::Event::kLedgerCreated:
    case v1::Event::kMigrationFinished:
    case v1::Event::kRulePublished:
    case v1::Event::kPrincipalRegistered:
    case v1::Event::kPrincipalRevoked:
    case v1::Event::kVolunteerFrozen:
    case v1::Event::kStockReceived:
      return true;
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return false;
}

bool Summary::CountActivity(const v1::RegisterActivity& command) {
  const auto organisation = organisations_.find(command.organisation_id());
  if (organisation == organisations_.end()) return false;
  Activity* activity = activities_.Add(command.activity_id());
  if (activity == nullptr) return false;
  activity->of_community = organisation->second;
  activity->traffic = command.category() == kTrafficCategory;
  auto* totals = figures_.mutable_communities();
  totals->set_activities(totals->activities() + (activity->of_community ? 1 : 0));
  return true;
}

bool Summary::CountSession(const v1::RegisterSession& command) {
  return activities_.Of(command.activity_id()).has_value() &&
         sessions_.Add(command.session_id()) != nullptr;
}

bool Summary::CountHours(const v1::HoursCredited& credited) {
  const v1::CreditHours& command = credited.command();
  const auto volunteer = volunteers_.Of(command.volunteer_id());
  const auto activity_index = activities_.Of(command.activity_id());
  std::optional<uint32_t> session_index;
  if (command.has_session_id()) session_index = sessions_.Of(command.session_id());
  if (!volunteer || !activity_index || session_index.has_value() != command.has_session_id() ||
      credited.segments().empty()) {
    return false;
  }
  const Activity& activity = activities_.rows[*activity_index];
  int64_t units = 0;
  uint64_t minutes = 0;
  for (const v1::CreditSegment& segment : credited.segments()) {
    units += segment.units();
    minutes += segment.credited_minutes() + segment.honorary_minutes();
  }
  volunteers_.rows[*volunteer].earned_units += units;
  volunteers_.rows[*volunteer].available_units += units;
  figures_.set_points_issued_units(figures_.points_issued_units() + units);
  figures_.set_service_minutes(figures_.service_minutes() + minutes);

  bool new_person_time;
  if (session_index) {
    Session& session = sessions_.rows[*session_index];
    if (activity.traffic && !session.served) {
      figures_.set_traffic_sessions(figures_.traffic_sessions() + 1);
    }
    session.served = true;
    new_person_time = person_times_.emplace(*volunteer, *session_index, kInSession).second;
  } else {
    // The day on which the service began.
    new_person_time =
        person_times_
            .emplace(*volunteer, *activity_index, credited.segments(0).service_day_number())
            .second;
  }
  if (activity.of_community) {
    auto* totals = figures_.mutable_communities();
    totals->set_minutes(totals->minutes() + minutes);
    totals->set_person_times(totals->person_times() + (new_person_time ? 1 : 0));
  }
  return true;
}

bool Summary::CountExpired(const v1::PointsExpired& expired) {
  const auto volunteer = volunteers_.Of(expired.volunteer_id());
  if (!volunteer) return false;
  for (const v1::LotUnits& lot : expired.lots()) {
    volunteers_.rows[*volunteer].available_units -= lot.units();
    figures_.set_expired_units(figures_.expired_units() + lot.units());
  }
  return true;
}

bool Summary::CountOrder(const v1::OrderRedeemed& order) {
  const auto volunteer = volunteers_.Of(order.command().volunteer_id());
  if (!volunteer) return false;
  volunteers_.rows[*volunteer].available_units -= order.units();
  figures_.set_orders(figures_.orders() + 1);
  figures_.set_redeemed_units(figures_.redeemed_units() + order.units());
  return true;
}

v1::GetSummaryResponse Summary::Figures() const {
  v1::GetSummaryResponse figures = figures_;
  figures.set_size(size_);
  figures.set_last_recorded_us(last_recorded_us_);
  figures.set_volunteers(volunteers_.rows.size());
  figures.set_organisations(organisations_.size());
  figures.set_activities(activities_.rows.size());
  figures.set_person_times(person_times_.size());
  figures.set_units_per_point(kUnitsPerPoint);
  figures.mutable_communities();
  for (const Volunteer& volunteer : volunteers_.rows) {
    if (volunteer.earned_units >= kMarkUnits) {
      figures.set_volunteers_1000_earned(figures.volunteers_1000_earned() + 1);
    }
    if (volunteer.available_units >= kMarkUnits) {
      figures.set_volunteers_1000_balance(figures.volunteers_1000_balance() + 1);
    }
  }
  return figures;
}

}  // namespace meritbook
