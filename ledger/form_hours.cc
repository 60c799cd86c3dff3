// The form of hours and awards.
#include <set>
#include <utility>

#include "ledger/form_check.h"

namespace meritbook {
namespace {

MaybeRefused CheckInterval(const v1::ServiceInterval& interval) {
  if (auto refused = FirstOf(
          CHECK_FORM(Instant("interval.start_us", interval.start_us())),
          CHECK_FORM(Instant("interval.end_us", interval.end_us())),
          CHECK_FORM(TimesInOrder("interval.end_us", interval.start_us(), interval.end_us())))) {
    return refused;
  }
  for (const auto& [field, value_us] : {std::pair("command.interval.start_us", interval.start_us()),
                                        std::pair("command.interval.end_us", interval.end_us())}) {
    if (value_us % kMicrosPerMinute != 0) {
      return Refused{
          v1::REFUSAL_TIME_NOT_WHOLE_MINUTE, field, "clock times of service are whole minutes", {}};
    }
  }
  return InRange("interval.minutes", (interval.end_us() - interval.start_us()) / kMicrosPerMinute,
                 1, kServiceDaysMax * kMinutesPerDay);
}

MaybeRefused CheckRecord(const v1::ServiceRecord& c) {
  if (auto refused = FirstOf(CHECK_FORM(Id("record_id", c.record_id())),
                             CHECK_FORM(PersonId("volunteer_id", c.volunteer_id())),
                             CHECK_FORM(Id("activity_id", c.activity_id())))) {
    return refused;
  }
  if (c.has_session_id()) {
    if (auto refused = Id("session_id", c.session_id())) return refused;
  }
  switch (c.service_case()) {
    case v1::ServiceRecord::kInterval:
      return CheckInterval(c.interval());
    case v1::ServiceRecord::kDuration:
      return FirstOf(
          CHECK_FORM(Day("duration.service_day", c.duration().service_day())),
          CHECK_FORM(InRange("duration.minutes", c.duration().minutes(), 1, kMinutesPerDay)));
    case v1::ServiceRecord::SERVICE_NOT_SET:
      break;
  }
  return Missing("service");
}

MaybeRefused CheckRef(const v1::RecordRef& ref) {
  return Nested("record", FirstOf(CHECK_FORM(Id("source", ref.source())),
                                  CHECK_FORM(Id("record_id", ref.record_id()))));
}

}  // namespace

MaybeRefused CheckForm(const v1::CreditHours& c) {
  return Nested("record", CheckRecord(c.record()));
}
MaybeRefused CheckForm(const v1::SubmitHours& c) {
  return Nested("record", CheckRecord(c.record()));
}
MaybeRefused CheckForm(const v1::BackfillHours& c) {
  return Nested("record", CheckRecord(c.record()));
}

MaybeRefused CheckForm(const v1::RecordAttendance& c) {
  if (auto refused = Id("activity_id", c.activity_id())) return refused;
  if (c.has_session_id()) {
    if (auto refused = Id("session_id", c.session_id())) return refused;
  }
  v1::ServiceInterval sheet;
  sheet.set_start_us(c.start_us());
  sheet.set_end_us(c.end_us());
  if (auto refused = CheckInterval(sheet)) {
    // The sheet's own times stand beside each other, without a message around them.
    refused->field = Text("command.", refused->field.substr(sizeof("command.interval.") - 1));
    return refused;
  }
  if (auto refused = InRange("attendees.size", c.attendees_size(), 1, kAttendeesMax)) {
    return refused;
  }
  std::set<std::string_view> records;
  std::set<std::string_view> volunteers;
  for (int i = 0; i < c.attendees_size(); ++i) {
    const v1::Attendee& attendee = c.attendees(i);
    const std::string line = Text("attendees[", i, "]");
    if (auto refused =
            Nested(line, FirstOf(CHECK_FORM(Id("record_id", attendee.record_id())),
                                 CHECK_FORM(PersonId("volunteer_id", attendee.volunteer_id()))))) {
      return refused;
    }
    v1::ServiceInterval times;
    times.set_start_us(attendee.has_start_us() ? attendee.start_us() : c.start_us());
    times.set_end_us(attendee.has_end_us() ? attendee.end_us() : c.end_us());
    if (auto refused = CheckInterval(times)) {
      refused->field =
          Text("command.", line, ".", refused->field.substr(sizeof("command.interval.") - 1));
      return refused;
    }
    if (!records.insert(attendee.record_id()).second) {
      return Repeated("attendees.record_id", attendee.record_id());
    }
    if (!volunteers.insert(attendee.volunteer_id()).second) {
      return Repeated("attendees.volunteer_id", attendee.volunteer_id());
    }
  }
  return std::nullopt;
}

MaybeRefused CheckForm(const v1::ReviewHours& c) {
  return FirstOf(CHECK_FORM(CheckRef(c.record())), CHECK_FORM(KnownVerdict(c.verdict())),
                 CHECK_FORM(Id("reason_code", c.reason_code())));
}

MaybeRefused CheckForm(const v1::CorrectHours& c) {
  return FirstOf(CHECK_FORM(CheckRef(c.record())),
                 CHECK_FORM(Nested("replacement", CheckRecord(c.replacement()))),
                 CHECK_FORM(Id("reason_code", c.reason_code())));
}

MaybeRefused CheckForm(const v1::RevokeHours& c) {
  return FirstOf(CHECK_FORM(CheckRef(c.record())), CHECK_FORM(Id("reason_code", c.reason_code())));
}

MaybeRefused CheckForm(const v1::DisputeHours& c) {
  return FirstOf(CHECK_FORM(CheckRef(c.record())), CHECK_FORM(Id("reason_code", c.reason_code())));
}

MaybeRefused CheckForm(const v1::AwardPoints& c) {
  return FirstOf(CHECK_FORM(Id("record_id", c.record_id())),
                 CHECK_FORM(PersonId("volunteer_id", c.volunteer_id())),
                 CHECK_FORM(Id("award", c.award())), CHECK_FORM(Day("award_day", c.award_day())),
                 CHECK_FORM(InRange("points", c.points(), 1, kAwardPointsMax)));
}

}  // namespace meritbook
