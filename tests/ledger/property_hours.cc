// Random commands: records of service and awards, donations.
#include <algorithm>

#include "ledger/text.h"
#include "tests/ledger/property_world.h"

namespace meritbook::property {

std::string World::NewRecordId() {
  return chances_.Percent(94) ? Text("r", records_++) : chances_.Id("r", records_ + 1);
}

v1::ServiceRecord World::Service(bool old) {
  v1::ServiceRecord service;
  service.set_record_id(NewRecordId());
  service.set_volunteer_id(AnyVolunteer());
  service.set_activity_id(chances_.Percent(75) ? chances_.Id("a", 2) : AnyActivity());
  const uint32_t quarters = old ? 6000 : chances_.Percent(85) ? 160 : 4000;
  const int64_t quarter_us = 15 * model::kMinuteUs;
  int64_t start_us = NowUs() - NowUs() % quarter_us - chances_.Below(quarters) * quarter_us;
  int64_t minutes = chances_.Of<int64_t>({15, 30, 30, 60, 60, 60, 90, 120, 180, 240, 480, 720});
  if (chances_.Percent(3)) minutes = 7;
  if (chances_.Percent(2)) minutes = 1440;
  if (chances_.Percent(2)) minutes = 3 * 1440 + 30;
  if (chances_.Percent(25) && !model_.sessions.empty()) {
    std::vector<std::string> ids;
    for (const auto& [known, row] : model_.sessions) ids.push_back(known);
    const std::string id = chances_.Percent(95) ? chances_.From(ids) : chances_.Id("s", 9);
    service.set_session_id(id);
    const auto session = model_.sessions.find(id);
    if (session != model_.sessions.end()) {
      if (chances_.Percent(93)) service.set_activity_id(session->second.activity);
      start_us = session->second.starts_us + (chances_.Percent(12) ? -15 : 0) * model::kMinuteUs;
      start_us -= start_us % model::kMinuteUs;
      minutes = chances_.Of<int64_t>({30, 60, 120});
    }
  }
  const bool edge = !model_.rules.empty() && chances_.Percent(12);
  if (edge) {
    // Over the edge of a rule or a month.
    const std::string day =
        (chances_.Percent(75) ? model_.rules.back() : chances_.From(model_.rules))
            .effective_from_day();
    const std::string month = DayText(start_us / kDayUs).substr(0, 8) + "01";
    start_us = model_.StartOf(*model::DayNumber(chances_.Percent(70) ? day : month)) -
               chances_.Of({15, 60, 60, 240, 1500}) * model::kMinuteUs;
    minutes = chances_.Of<int64_t>({60, 120, 300, 480, 1800});
    service.clear_session_id();
  }
  if (edge || chances_.Percent(60)) {
    int64_t end_us = start_us + minutes * model::kMinuteUs;
    if (!edge && end_us > NowUs() && chances_.Percent(90)) {
      const int64_t late_us =
          (end_us - NowUs() + model::kMinuteUs - 1) / model::kMinuteUs * model::kMinuteUs;
      start_us -= late_us;
      end_us -= late_us;
    }
    if (chances_.Percent(1)) end_us = start_us;
    if (chances_.Percent(1)) ++end_us;
    if (chances_.Percent(1)) end_us = start_us + 7 * kDayUs + model::kMinuteUs;
    service.mutable_interval()->set_start_us(start_us);
    service.mutable_interval()->set_end_us(end_us);
  } else {
    const int64_t day_us = start_us + (chances_.Percent(3) ? 5 * kDayUs : 0);
    service.mutable_duration()->set_service_day(DayText(day_us / kDayUs));
    service.mutable_duration()->set_minutes(
        static_cast<uint32_t>(std::min<int64_t>(minutes, 1440)));
  }
  return service;
}

World::Made World::Credit() {
  auto credit = std::make_shared<v1::CreditHours>();
  *credit->mutable_record() = Service(false);
  return credit;
}

World::Made World::Submit() {
  auto submit = std::make_shared<v1::SubmitHours>();
  *submit->mutable_record() = Service(false);
  return submit;
}

World::Made World::Backfill() {
  auto backfill = std::make_shared<v1::BackfillHours>();
  *backfill->mutable_record() = Service(chances_.Percent(50));
  return backfill;
}

World::Made World::Attend() {
  auto sheet = std::make_shared<v1::RecordAttendance>();
  v1::ServiceRecord service = Service(false);
  while (!service.has_interval()) service = Service(false);
  sheet->set_activity_id(service.activity_id());
  if (service.has_session_id()) sheet->set_session_id(service.session_id());
  sheet->set_start_us(service.interval().start_us());
  sheet->set_end_us(service.interval().end_us());
  std::vector<std::string> people = {"v0", "v1", "v2", "v3"};
  if (chances_.Percent(8)) people.push_back(AnyVolunteer());
  const uint32_t lines = 1 + chances_.Below(3);
  for (uint32_t i = 0; i < lines; ++i) {
    v1::Attendee* line = sheet->add_attendees();
    line->set_record_id(NewRecordId());
    const uint32_t who = chances_.Below(people.size());
    line->set_volunteer_id(people[who]);
    if (chances_.Percent(97)) people.erase(people.begin() + who);
    if (chances_.Percent(15)) line->set_end_us(sheet->end_us() - 15 * model::kMinuteUs);
    if (chances_.Percent(5)) line->set_start_us(sheet->start_us() + 15 * model::kMinuteUs);
  }
  return sheet;
}

World::Made World::Award() {
  auto award = std::make_shared<v1::AwardPoints>();
  award->set_record_id(NewRecordId());
  award->set_volunteer_id(AnyVolunteer());
  award->set_award(chances_.Percent(95) ? chances_.Id("w", 2) : "w2");
  award->set_award_day(chances_.Percent(90) ? AnyDay(-3, 4) : AnyDay(-40, 45));
  award->set_points(1 + chances_.Below(chances_.Percent(85) ? 60 : 150));
  return award;
}

v1::RecordRef World::Ref(const std::function<bool(const model::Record&)>& wanted) {
  v1::RecordRef ref;
  ref.set_source(chances_.Percent(97) ? "app" : "web");
  ref.set_record_id(Text("r", chances_.Below(records_ + 2)));
  if (chances_.Percent(10)) return ref;
  std::vector<model::RecordName> names;
  for (const auto& [name, record] : model_.records) {
    if (wanted(record)) names.push_back(name);
  }
  if (names.empty() && !model_.records.empty()) names.push_back(model_.records.begin()->first);
  if (names.empty()) return ref;
  const model::RecordName& name = chances_.From(names);
  ref.set_source(name.first);
  ref.set_record_id(name.second);
  return ref;
}

World::Made World::Review() {
  const bool waiting =
      std::any_of(model_.records.begin(), model_.records.end(), [](const auto& row) {
        return row.second.state == v1::RECORD_STATE_WAITING || row.second.disputed;
      });
  if (!waiting && chances_.Percent(80)) return chances_.Percent(50) ? Award() : Submit();
  auto review = std::make_shared<v1::ReviewHours>();
  *review->mutable_record() = Ref([](const model::Record& record) {
    return record.state == v1::RECORD_STATE_WAITING || record.disputed;
  });
  review->set_verdict(chances_.Percent(72) ? v1::VERDICT_APPROVE : v1::VERDICT_REJECT);
  review->set_reason_code("seen");
  return review;
}

World::Made World::Dispute() {
  auto dispute = std::make_shared<v1::DisputeHours>();
  const v1::RecordState wanted =
      chances_.Percent(55) ? v1::RECORD_STATE_APPROVED : v1::RECORD_STATE_REJECTED;
  *dispute->mutable_record() =
      Ref([wanted](const model::Record& record) { return record.state == wanted; });
  dispute->set_reason_code("doubt");
  return dispute;
}

std::shared_ptr<v1::CorrectHours> World::Correct() {
  auto correct = std::make_shared<v1::CorrectHours>();
  *correct->mutable_record() = Ref([](const model::Record& record) {
    return record.state == v1::RECORD_STATE_APPROVED && record.award.empty();
  });
  correct->set_reason_code("typo");
  v1::ServiceRecord service = Service(false);
  const auto found =
      model_.records.find({correct->record().source(), correct->record().record_id()});
  if (found != model_.records.end()) {
    const model::Record& old = found->second;
    if (chances_.Percent(95)) service.set_volunteer_id(model_.Survivor(old.volunteer));
    if (chances_.Percent(80) && old.award.empty()) {
      // Much the same, longer or shorter.
      const std::string record_id = service.record_id();
      const std::string volunteer_id = service.volunteer_id();
      service = old.service;
      service.set_record_id(record_id);
      service.set_volunteer_id(volunteer_id);
      const int64_t by = chances_.Of<int64_t>({-60, -30, -15, -15, 0, 15, 30, 60, 240});
      if (service.has_interval()) {
        v1::ServiceInterval& interval = *service.mutable_interval();
        interval.set_start_us(std::min(interval.start_us() - by * model::kMinuteUs,
                                       interval.end_us() - 15 * model::kMinuteUs));
      } else {
        const int64_t minutes = int64_t{service.duration().minutes()} + by;
        service.mutable_duration()->set_minutes(
            static_cast<uint32_t>(std::clamp<int64_t>(minutes, 15, 1440)));
      }
      if (chances_.Percent(15)) {
        service.clear_session_id();
        service.set_activity_id(chances_.Id("a", 2));
      }
    }
  }
  *correct->mutable_replacement() = service;
  return correct;
}

std::shared_ptr<v1::RevokeHours> World::Revoke() {
  auto revoke = std::make_shared<v1::RevokeHours>();
  *revoke->mutable_record() =
      Ref([](const model::Record& record) { return record.state == v1::RECORD_STATE_APPROVED; });
  revoke->set_reason_code("fraud");
  return revoke;
}

World::Made World::Donate() {
  auto donate = std::make_shared<v1::DonatePoints>();
  donate->set_volunteer_id(Owner());
  donate->set_cause_id(chances_.Percent(92) ? "cause" : chances_.Id("o", 3));
  donate->set_points(1 + chances_.Below(chances_.Percent(70) ? 15 : 200));
  return donate;
}

}  // namespace meritbook::property
