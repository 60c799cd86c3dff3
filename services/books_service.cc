// Service: records that come in, wait, count, and are taken back.
#include <algorithm>

#include "ledger/calendar.h"
#include "services/books_keeper.h"

namespace meritbook::books {
namespace {

uint32_t BitsOf(const google::protobuf::RepeatedField<int>& reasons) {
  uint32_t bits = 0;
  for (const int reason : reasons) bits |= 1U << static_cast<unsigned>(reason);
  return bits;
}

int64_t SumOf(const google::protobuf::RepeatedPtrField<v1::LotUnits>& lots) {
  int64_t units = 0;
  for (const v1::LotUnits& lot : lots) units += lot.units();
  return units;
}

int64_t SumOf(const v1::ClawBack& claw_back) {
  int64_t units = claw_back.debt_units() + SumOf(claw_back.expired()) +
                  SumOf(claw_back.forfeited()) + SumOf(claw_back.available());
  for (const v1::PendingUnits& pending : claw_back.pending()) units += pending.lot().units();
  return units;
}

}  // namespace

std::optional<uint32_t> BooksKeeper::Find(const v1::RecordRef& ref) const {
  const auto found = records_.find(RecordKey(ref.source(), ref.record_id()));
  if (found == records_.end()) return std::nullopt;
  return found->second;
}

uint32_t BooksKeeper::PlaceOn(uint32_t activity, DayNumber day) {
  const auto [entry, added] = places_.try_emplace({activity, day}, books_.places.size());
  if (added) books_.places.Add({activity, kNoRow, day});
  return entry->second;
}

// Of a record without a session the day is known once it is approved.
std::optional<uint32_t> BooksKeeper::PlaceNamed(const v1::ServiceRecord& record) {
  const auto activity = books_.activity_ids.Of(record.activity_id());
  if (!activity) return std::nullopt;
  if (!record.has_session_id()) return PlaceOn(*activity, kDayUnknown);
  const auto session = books_.session_ids.Of(record.session_id());
  if (!session) return std::nullopt;
  return books_.sessions[*session].place;
}

void BooksKeeper::Approve(const v1::Event& event, uint32_t index, const v1::Credit& credit) {
  Record& record = books_.records[index];
  record.counts = true;
  record.approved_at = static_cast<uint32_t>(event.sequence());
  record.first_segment = books_.segments.size();
  record.segments = static_cast<uint16_t>(credit.segments_size());
  for (const v1::CreditSegment& segment : credit.segments()) {
    books_.segments.Add({segment.service_day_number(),
                         static_cast<uint16_t>(segment.credited_minutes()),
                         static_cast<uint16_t>(segment.honorary_minutes()), segment.units()});
  }
  if (record.place == kNoRow) return;
  const Place& place = books_.places[record.place];
  if (place.session != kNoRow) return;
  record.place = PlaceOn(place.activity, credit.segments(0).service_day_number());
}

bool BooksKeeper::BringIn(const v1::Event& event, const v1::ServiceRecord& service,
                          const v1::Credit* credit,
                          const google::protobuf::RepeatedField<int>& wait_reasons) {
  if (credit != nullptr && credit->segments().empty()) return false;
  const auto place = PlaceNamed(service);
  if (!place) return false;
  // A correction's new record is of the old one's source, whoever sent it.
  const std::string& source = event.has_hours_corrected()
                                  ? event.hours_corrected().command().record().source()
                                  : event.source();
  const auto [entry, added] =
      records_.try_emplace(RecordKey(source, service.record_id()), books_.records.size());
  if (!added) return false;
  Record record;
  record.volunteer = concerned_[0];
  record.place = *place;
  record.sequence = static_cast<uint32_t>(event.sequence());
  subject_ = books_.records.Add(record);
  if (credit != nullptr) {
    Approve(event, subject_, *credit);
    WatchSubmission(event, *credit);
    return true;
  }
  if (OwnTeam* team = TeamOf(event)) ++team->submitted;
  const DayNumber day = service.has_duration()
                            ? ParseDay(service.duration().service_day()).value_or(0)
                            : books_.DayOf(service.interval().start_us());
  Wait(event, subject_, source, service.record_id(), day, BitsOf(wait_reasons));
  return true;
}

bool BooksKeeper::BringIn(const v1::Event& event, const v1::AwardPoints& award) {
  const auto [entry, added] =
      records_.try_emplace(RecordKey(event.source(), award.record_id()), books_.records.size());
  if (!added) return false;
  Record record;
  record.volunteer = concerned_[0];
  record.sequence = static_cast<uint32_t>(event.sequence());
  subject_ = books_.records.Add(record);
  Wait(event, subject_, event.source(), award.record_id(), ParseDay(award.award_day()).value_or(0),
       1U << v1::WAIT_REASON_AWARD);
  return true;
}

void BooksKeeper::Wait(const v1::Event& event, uint32_t record, const std::string& source,
                       const std::string& record_id, DayNumber day, uint32_t reasons) {
  Waiting waiting;
  waiting.source = books_.words.Intern(source);
  waiting.record_id = record_id;
  waiting.submitted_by = ActorOf(event);
  waiting.since_us = event.recorded_us();
  waiting.reasons = reasons;
  waiting.sequence = static_cast<uint32_t>(event.sequence());
  waiting.day = day;
  books_.waiting[record] = std::move(waiting);
}

bool BooksKeeper::Review(const v1::Event& event, const v1::HoursReviewed& reviewed) {
  const auto index = Find(reviewed.command().record());
  if (!index) return false;
  Record& record = books_.records[*index];
  if (reviewed.has_credit()) {
    if (record.counts || reviewed.credit().segments().empty()) return false;
    Approve(event, *index, reviewed.credit());
  } else if (reviewed.has_claw_back()) {
    if (!record.counts) return false;
    record.counts = false;
  }
  books_.waiting.erase(*index);
  if (OwnTeam* team = TeamOf(event)) ++team->reviewed;
  subject_ = *index;
  return true;
}

bool BooksKeeper::Revoke(const v1::Event& event, const v1::HoursRevoked& revoked) {
  const auto index = Find(revoked.command().record());
  if (!index || !books_.records[*index].counts) return false;
  books_.records[*index].counts = false;
  books_.waiting.erase(*index);
  NoteTakenBack(event, SumOf(revoked.claw_back()), false);
  subject_ = *index;
  return true;
}

bool BooksKeeper::Correct(const v1::Event& event, const v1::HoursCorrected& corrected) {
  const auto old = Find(corrected.command().record());
  if (!old || !books_.records[*old].counts || !corrected.has_credit() ||
      !BringIn(event, corrected.command().replacement(), &corrected.credit(), {})) {
    return false;
  }
  books_.records[*old].counts = false;
  books_.waiting.erase(*old);
  NoteTakenBack(event, SumOf(corrected.claw_back()) - SumOf(corrected.returned()), true);
  return true;
}

bool BooksKeeper::Dispute(const v1::Event& event, const v1::HoursDisputed& disputed) {
  const v1::RecordRef& ref = disputed.command().record();
  const auto index = Find(ref);
  if (!index) return false;
  const Record& record = books_.records[*index];
  const DayNumber day = record.segments > 0 ? books_.segments[record.first_segment].day
                                            : books_.DayOf(event.occurred_us());
  Wait(event, *index, ref.source(), ref.record_id(), day, 1U << v1::WAIT_REASON_DISPUTED);
  subject_ = *index;
  return true;
}

void BooksKeeper::NoteTakenBack(const v1::Event& event, int64_t units, bool corrected) {
  TakenBack taken;
  taken.occurred_us = event.recorded_us();
  taken.sequence = static_cast<uint32_t>(event.sequence());
  taken.actor = ActorOf(event);
  taken.volunteer = concerned_[0];
  taken.units = units;
  taken.corrected = corrected;
  taken.by_two = approved_any_ && event.command_first_sequence() == approved_first_;
  books_.taken_back.push_back(taken);
}

// The caller's bound volunteer and the record's are of one organisation; herself doesn't count.
OwnTeam* BooksKeeper::TeamOf(const v1::Event& event) {
  if (bound_.empty() || concerned_.empty()) return nullptr;
  const auto actor = books_.actors.Of(event.actor());
  const auto bound = actor ? bound_.find(*actor) : bound_.end();
  if (bound == bound_.end() || bound->second == concerned_[0]) return nullptr;
  const uint32_t organisation = books_.volunteers[bound->second].organisation;
  if (organisation == kNoRow || books_.volunteers[concerned_[0]].organisation != organisation) {
    return nullptr;
  }
  return &books_.own_teams[{*actor, organisation, books_.DayOf(event.recorded_us())}];
}

void BooksKeeper::WatchSubmission(const v1::Event& event, const v1::Credit& credit) {
  if (event.has_hours_corrected()) return;
  if (OwnTeam* team = TeamOf(event)) ++team->submitted;
  if (event.has_hours_backfilled()) return;  // old by its nature
  const DayNumber service = credit.segments(0).service_day_number();
  const int64_t age_us = event.recorded_us() - event.occurred_us();
  constexpr int64_t kDayUs = int64_t{86'400} * 1'000'000;
  if (age_us < (kBackdatedDaysMin - 1) * kDayUs) return;  // spares most the time zone's work
  const DayNumber today = books_.DayOf(event.recorded_us());
  if (today - service < kBackdatedDaysMin) return;
  Burst& burst = books_.bursts[{ActorOf(event), today}];
  burst.earliest_service = burst.records == 0 ? service : std::min(burst.earliest_service, service);
  ++burst.records;
  for (const v1::CreditSegment& segment : credit.segments()) {
    burst.minutes += segment.credited_minutes() + segment.honorary_minutes();
  }
}

}  // namespace meritbook::books
