#include "services/summary.h"

#include <limits>

#include "absl/strings/string_view.h"
#include "ledger/posting.h"
#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

constexpr int64_t kMarkUnits = 1'000 * kUnitsPerPoint;
constexpr char kTrafficCategory[] = "traffic_courtesy";
constexpr DayNumber kInSession = -1;
constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

}  // namespace

template <typename Row>
Row* Summary::Rows<Row>::Add(const std::string& id) {
  if (!index.emplace(id, static_cast<uint32_t>(rows.size())).second) return nullptr;
  return &rows.emplace_back();
}

template <typename Row>
std::optional<uint32_t> Summary::Rows<Row>::Of(std::string_view id) const {
  const auto found = index.find(absl::string_view(id.data(), id.size()));
  if (found == index.end()) return std::nullopt;
  return found->second;
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
  Concerned concerned;
  if (!event.has_volunteer_registered()) {
    for (std::string_view id : VolunteersOf(event)) {
      const auto volunteer = volunteers_.Of(id);
      if (!volunteer) return false;
      concerned.push_back(*volunteer);
    }
  }
  if (!CountBody(event, concerned)) return false;
  Post(event, concerned);
  return true;
}

bool Summary::CountBody(const v1::Event& event, const Concerned& concerned) {
  const auto record = [&](const auto& body) {
    return CountRecord(body.command().record(), event.source(), concerned[0],
                       body.has_credit() ? &body.credit() : nullptr);
  };
  switch (event.body_case()) {
    case v1::Event::kVolunteerRegistered:
      return CountVolunteer(event.volunteer_registered().command());
    case v1::Event::kVolunteersMerged:
      CountMerge(concerned[0], concerned[1]);
      return true;
    case v1::Event::kOrganisationRegistered:
      return CountOrganisation(event.organisation_registered().command());
    case v1::Event::kActivityRegistered:
      return CountActivity(event.activity_registered().command(), true);
    case v1::Event::kActivitySubmitted:
      return CountActivity(event.activity_submitted().command(), false);
    case v1::Event::kActivityReviewed:
      return CountReview(event.activity_reviewed().command());
    case v1::Event::kSessionRegistered:
      return CountSession(event.session_registered().command());
    case v1::Event::kHoursCredited:
      return event.hours_credited().has_credit() && record(event.hours_credited());
    case v1::Event::kHoursSubmitted:
      return record(event.hours_submitted());
    case v1::Event::kHoursBackfilled:
      return record(event.hours_backfilled());
    case v1::Event::kAwardSubmitted:
      return CountAward(event.award_submitted().command(), event.source(), concerned[0]);
    case v1::Event::kHoursReviewed:
      return CountReview(event.hours_reviewed());
    case v1::Event::kHoursCorrected:
      return CountCorrected(event.hours_corrected(), concerned[0]);
    case v1::Event::kHoursRevoked:
      return CountRevoked(event.hours_revoked());
    case v1::Event::kOrderRedeemed:
      figures_.set_orders(figures_.orders() + 1);
      return true;
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
    case v1::Event::kVolunteerUnfrozen:
    case v1::Event::kVolunteerClosed:
    case v1::Event::kRosterSet:
    case v1::Event::kActivityClosed:
    case v1::Event::kActivityCancelled:
    case v1::Event::kAttendanceRecorded:
    case v1::Event::kHoursDisputed:
    case v1::Event::kPointsMatured:
    case v1::Event::kPointsExpired:
    case v1::Event::kPointsAdjusted:
    case v1::Event::kPointsReinstated:
    case v1::Event::kPointsDonated:
    case v1::Event::kOpeningBalanceLoaded:
    case v1::Event::kChangeProposed:
    case v1::Event::kChangeApproved:
    case v1::Event::kChangeRejected:
    case v1::Event::kStockReceived:
    case v1::Event::kOrderRefunded:
      return true;
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return false;
}

bool Summary::CountVolunteer(const v1::RegisterVolunteer& command) {
  Volunteer* volunteer = volunteers_.Add(command.volunteer_id());
  if (volunteer == nullptr) return false;
  for (int cohort : command.cohorts()) {
    if (cohort == v1::COHORT_PARTY) {
      volunteer->party = true;
      figures_.set_party_members(figures_.party_members() + 1);
    }
    if (cohort == v1::COHORT_LEAGUE) {
      volunteer->league = true;
      figures_.set_league_members(figures_.league_members() + 1);
    }
  }
  return true;
}

// Available points move by postings.
void Summary::CountMerge(uint32_t ending_index, uint32_t survivor_index) {
  Volunteer& ending = volunteers_.rows[ending_index];
  Volunteer& survivor = volunteers_.rows[survivor_index];
  if (ending.party && survivor.party) figures_.set_party_members(figures_.party_members() - 1);
  if (ending.league && survivor.league) figures_.set_league_members(figures_.league_members() - 1);
  survivor.party = survivor.party || ending.party;
  survivor.league = survivor.league || ending.league;
  survivor.earned_units += std::exchange(ending.earned_units, 0);
  for (const auto& [place, records] : ending.served) {
    const auto [entry, added] = survivor.served.try_emplace(place, 0);
    entry->second += records;
    if (added) continue;
    const uint32_t activity = place.day == kInSession
                                  ? sessions_.rows[place.session_or_activity].activity
                                  : place.session_or_activity;
    AddToService(activities_.rows[activity], -1, 0);
  }
  ending.served.clear();
  ending.merged_into = survivor_index;
  ++merged_;
}

bool Summary::CountOrganisation(const v1::RegisterOrganisation& command) {
  const bool community = command.kind() == v1::ORGANISATION_KIND_COMMUNITY;
  if (!organisations_.emplace(command.organisation_id(), community).second) return false;
  auto* totals = figures_.mutable_communities();
  totals->set_communities(totals->communities() + (community ? 1 : 0));
  return true;
}

template <typename ActivityCommand>
bool Summary::CountActivity(const ActivityCommand& command, bool open) {
  const auto organisation = organisations_.find(command.organisation_id());
  if (organisation == organisations_.end()) return false;
  Activity* activity = activities_.Add(command.activity_id());
  if (activity == nullptr) return false;
  activity->of_community = organisation->second;
  activity->traffic = command.category() == kTrafficCategory;
  activity->open = open;
  if (open) CountOpened(*activity);
  return true;
}

bool Summary::CountReview(const v1::ReviewActivity& command) {
  const auto index = activities_.Of(command.activity_id());
  if (!index || activities_.rows[*index].open) return false;
  if (command.verdict() != v1::VERDICT_APPROVE) return true;
  activities_.rows[*index].open = true;
  CountOpened(activities_.rows[*index]);
  return true;
}

void Summary::CountOpened(const Activity& activity) {
  ++service_.activities;
  of_communities_.activities += activity.of_community ? 1 : 0;
}

bool Summary::CountSession(const v1::RegisterSession& command) {
  const auto activity = activities_.Of(command.activity_id());
  if (!activity) return false;
  Session* session = sessions_.Add(command.session_id());
  if (session == nullptr) return false;
  session->activity = *activity;
  return true;
}

std::optional<Summary::Record> Summary::NewRecord(const v1::ServiceRecord& service,
                                                  uint32_t volunteer) const {
  const auto activity = activities_.Of(service.activity_id());
  if (!activity) return std::nullopt;
  Record record;
  record.volunteer = volunteer;
  record.activity = *activity;
  record.place = {*activity, 0};
  if (service.has_session_id()) {
    const auto session = sessions_.Of(service.session_id());
    if (!session) return std::nullopt;
    record.place = {*session, kInSession};
  }
  return record;
}

bool Summary::CountRecord(const v1::ServiceRecord& service, const std::string& source,
                          uint32_t volunteer, const v1::Credit* credit) {
  if (credit != nullptr && credit->segments().empty()) return false;
  const auto record = NewRecord(service, volunteer);
  if (!record) return false;
  const auto [entry, added] = records_.try_emplace(RecordKey(source, service.record_id()), *record);
  if (!added) return false;
  if (credit != nullptr) Enter(entry->second, *credit);
  return true;
}

bool Summary::CountAward(const v1::AwardPoints& command, const std::string& source,
                         uint32_t volunteer) {
  Record record;
  record.volunteer = volunteer;
  record.activity = kNone;
  return records_.try_emplace(RecordKey(source, command.record_id()), record).second;
}

bool Summary::CountReview(const v1::HoursReviewed& reviewed) {
  Record* record = Find(reviewed.command().record());
  if (record == nullptr) return false;
  if (reviewed.has_credit()) {
    if (record->counts || reviewed.credit().segments().empty()) return false;
    Enter(*record, reviewed.credit());
  } else if (reviewed.has_claw_back()) {
    if (!record->counts) return false;
    Leave(*record);
  }
  return true;
}

bool Summary::CountRevoked(const v1::HoursRevoked& revoked) {
  Record* record = Find(revoked.command().record());
  if (record == nullptr || !record->counts) return false;
  Leave(*record);
  return true;
}

bool Summary::CountCorrected(const v1::HoursCorrected& corrected, uint32_t volunteer) {
  const v1::CorrectHours& command = corrected.command();
  const Record* old = Find(command.record());
  if (old == nullptr || !old->counts || !corrected.has_credit() ||
      !CountRecord(command.replacement(), command.record().source(), volunteer,
                   &corrected.credit())) {
    return false;
  }
  Leave(*Find(command.record()));  // which may lie elsewhere now
  return true;
}

Summary::Record* Summary::Find(const v1::RecordRef& ref) {
  const auto found = records_.find(RecordKey(ref.source(), ref.record_id()));
  return found == records_.end() ? nullptr : &found->second;
}

void Summary::Enter(Record& record, const v1::Credit& credit) {
  record.counts = true;
  record.minutes = 0;
  for (const v1::CreditSegment& segment : credit.segments()) {
    record.minutes += segment.credited_minutes() + segment.honorary_minutes();
  }
  // The day on which the service began.
  if (record.place.day != kInSession) record.place.day = credit.segments(0).service_day_number();
  Tally(record, 1);
}

void Summary::Leave(Record& record) {
  Tally(record, -1);
  record.counts = false;
}

void Summary::Tally(const Record& record, int sign) {
  if (record.activity == kNone) return;
  const Activity& activity = activities_.rows[record.activity];
  auto& served = volunteers_.rows[Survivor(record.volunteer)].served;
  const auto entry = served.try_emplace(record.place, 0).first;
  const uint32_t before = entry->second;
  entry->second += static_cast<uint32_t>(sign);
  const bool changes = before == 0 || entry->second == 0;
  if (entry->second == 0) served.erase(entry);
  AddToService(activity, changes ? sign : 0, sign * int64_t{record.minutes});
  if (record.place.day != kInSession) return;
  Session& session = sessions_.rows[record.place.session_or_activity];
  const uint32_t records_before = session.records;
  session.records += static_cast<uint32_t>(sign);
  if (activity.traffic && (records_before == 0 || session.records == 0)) {
    figures_.set_traffic_sessions(figures_.traffic_sessions() + static_cast<uint64_t>(sign));
  }
}

void Summary::AddToService(const Activity& activity, int64_t person_times, int64_t minutes) {
  service_.person_times += person_times;
  service_.minutes += minutes;
  if (!activity.of_community) return;
  of_communities_.person_times += person_times;
  of_communities_.minutes += minutes;
}

void Summary::Post(const v1::Event& event, const Concerned& concerned) {
  for (const Posting& posting : PostingsOf(event)) {
    switch (posting.account) {
      case Account::kIssued:
        issued_units_ -= posting.units;
        volunteers_.rows[concerned[0]].earned_units -= posting.units;
        break;
      case Account::kRevoked:
        volunteers_.rows[concerned[0]].earned_units -= posting.units;
        break;
      case Account::kExpired:
        expired_units_ += posting.units;
        break;
      case Account::kAvailable: {
        const bool survivor = event.has_volunteers_merged() &&
                              posting.owner == event.volunteers_merged().command().survivor_id();
        volunteers_.rows[concerned[survivor ? 1 : 0]].available_units += posting.units;
        break;
      }
      case Account::kPayable:
        redeemed_units_ += posting.units;
        break;
      case Account::kForfeited:
      case Account::kDonated:
      case Account::kPending:
      case Account::kHeld:
      case Account::kDebt:
        break;
    }
  }
}

uint32_t Summary::Survivor(uint32_t volunteer) const {
  while (const auto& into = volunteers_.rows[volunteer].merged_into) volunteer = *into;
  return volunteer;
}

v1::GetSummaryResponse Summary::Figures() const {
  v1::GetSummaryResponse figures = figures_;
  figures.set_size(size_);
  figures.set_last_recorded_us(last_recorded_us_);
  figures.set_volunteers(volunteers_.rows.size() - merged_);
  figures.set_organisations(organisations_.size());
  figures.set_activities(static_cast<uint64_t>(service_.activities));
  figures.set_person_times(static_cast<uint64_t>(service_.person_times));
  figures.set_service_minutes(static_cast<uint64_t>(service_.minutes));
  figures.set_points_issued_units(issued_units_);
  figures.set_expired_units(expired_units_);
  figures.set_redeemed_units(redeemed_units_);
  figures.set_units_per_point(kUnitsPerPoint);
  v1::CommunityTotals* communities = figures.mutable_communities();
  communities->set_activities(static_cast<uint64_t>(of_communities_.activities));
  communities->set_person_times(static_cast<uint64_t>(of_communities_.person_times));
  communities->set_minutes(static_cast<uint64_t>(of_communities_.minutes));
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
