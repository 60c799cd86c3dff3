// Records of service that come in: credited at once, or waiting for a review.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/audit/body.h"
#include "cli/audit/incoming.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kAttendeesMax = 128;

using ReasonList = google::protobuf::RepeatedField<int>;

std::string ReasonText(const std::vector<int>& reasons) {
  std::string text;
  for (int reason : reasons) text += Text(text.empty() ? "" : " ", reason);
  return text.empty() ? "none" : text;
}

// Why a submitted record waits, ascending.
std::vector<int> WaitReasons(const Taking& taking, const Incoming& incoming) {
  const Books& books = taking.books;
  const Volunteer& volunteer = *incoming.named.volunteer;
  const Service& service = incoming.service;
  std::vector<int> reasons;
  for (int32_t day = service.first_day; day <= service.last_day; ++day) {
    const int64_t minutes = service.MinutesOn(books.days, day);
    const Rule* rule = books.rules.InForce(day);
    if (minutes == 0 || rule == nullptr) continue;
    const DayMinutes counted = volunteer.service.MinutesOf(day);
    if (int64_t{counted.credited} + counted.honorary + minutes > rule->auto_minutes_per_day) {
      reasons.push_back(v1::WAIT_REASON_ABOVE_AUTO_MINUTES);
      break;
    }
  }
  const Rule* rule = books.rules.InForce(taking.today);
  if (rule != nullptr && rule->late_submission_days &&
      int64_t{taking.today} - service.first_day > *rule->late_submission_days) {
    reasons.push_back(v1::WAIT_REASON_LATE);
  }
  const Activity& activity = *incoming.named.activity;
  if (activity.capacity != 0 && OthersAt(books, volunteer,
                                         OccurrenceOf(activity, incoming.named.session,
                                                      service.first_day)) >= activity.capacity) {
    reasons.push_back(v1::WAIT_REASON_OVER_CAPACITY);
  }
  if (taking.Self() == &volunteer) reasons.push_back(v1::WAIT_REASON_OWN_HOURS);
  return reasons;
}

MaybeViolation CheckReasons(const std::vector<int>& want, const ReasonList& found, bool credited) {
  const std::vector<int> recorded(found.begin(), found.end());
  if (recorded != want) {
    return Violation{Invariant::WAIT_REASONS_WRONG,
                     Text("expected reasons ", ReasonText(want), ", found ", ReasonText(recorded))};
  }
  if (credited == want.empty()) return std::nullopt;
  return Violation{Invariant::CREDIT_MISPLACED,
                   credited ? "a record that waits was credited"
                            : "a record that has nothing to wait for was not credited"};
}

// The record is settled: compared where it could be recomputed, and entered as the event says.
MaybeViolation Settle(Taking& taking, Incoming& incoming, MaybeViolation first,
                      const EarnedList& earned, const v1::Credit& credit) {
  if (!first) first = CheckSegments(earned, credit);
  if (!first) first = CheckOverlap(*incoming.named.volunteer, incoming.service);
  Volunteer& volunteer = *incoming.named.volunteer;
  auto entered = EnterHours(taking, volunteer, *incoming.record, credit);
  auto points = TakePoints(taking, volunteer, *incoming.record, credit);
  if (!first) first = std::move(entered);
  return first ? first : points;
}

// As the sheet's line would have been submitted by itself.
v1::ServiceRecord RecordOfLine(const v1::RecordAttendance& sheet, const v1::Attendee& line) {
  v1::ServiceRecord record;
  record.set_record_id(line.record_id());
  record.set_volunteer_id(line.volunteer_id());
  record.set_activity_id(sheet.activity_id());
  if (sheet.has_session_id()) record.set_session_id(sheet.session_id());
  record.mutable_interval()->set_start_us(line.has_start_us() ? line.start_us() : sheet.start_us());
  record.mutable_interval()->set_end_us(line.has_end_us() ? line.end_us() : sheet.end_us());
  return record;
}

// The next line of the sheet that is open.
MaybeViolation TakeLine(OpenSheet& open, const v1::HoursSubmitted& body) {
  if (body.has_credit()) ++open.credited;
  const int index = open.next++;
  if (index >= open.sheet.attendees_size()) {
    return Violation{Invariant::ATTENDANCE_WRONG, "the sheet has no more lines"};
  }
  const v1::ServiceRecord want = RecordOfLine(open.sheet, open.sheet.attendees(index));
  if (body.command().record().SerializeAsString() != want.SerializeAsString()) {
    return Violation{Invariant::ATTENDANCE_WRONG,
                     Text("line ", index + 1, " of the sheet was not submitted word for word")};
  }
  if (open.next < open.sheet.attendees_size() || open.credited == open.said_credited) {
    return std::nullopt;
  }
  return Violation{Invariant::ATTENDANCE_WRONG,
                   Text("the sheet says that ", open.said_credited, " lines were credited, ",
                        open.credited, " were")};
}

}  // namespace

MaybeViolation TakeHoursCredited(Taking& taking, const v1::HoursCredited& body) {
  Incoming incoming;
  auto first = ReadIncoming(taking, taking.event.source(), body.command().record(), incoming);
  if (incoming.record == nullptr) return first;
  EarnedList earned;
  if (incoming.readable && !first) {
    first = EarnIncoming(taking, incoming, Window::kKept, Minutes::kEarn, earned);
  }
  if (!first && !body.has_credit()) {
    first = Violation{Invariant::CREDIT_MISPLACED, "reviewed service was not credited"};
  }
  if (!first) first = RequireSource(taking);
  return Settle(taking, incoming, std::move(first), earned, body.credit());
}

MaybeViolation TakeHoursSubmitted(Taking& taking, const v1::HoursSubmitted& body) {
  MaybeViolation line;
  if (taking.continues && taking.books.open_sheet) line = TakeLine(*taking.books.open_sheet, body);
  Incoming incoming;
  auto first = ReadIncoming(taking, taking.event.source(), body.command().record(), incoming);
  if (incoming.record == nullptr) return first;
  EarnedList earned;
  if (incoming.readable && !first) {
    first = EarnIncoming(taking, incoming, Window::kKept, Minutes::kEarn, earned);
    if (!first) {
      first = CheckReasons(WaitReasons(taking, incoming), body.wait_reasons(), body.has_credit());
    }
  }
  if (!first) first = std::move(line);
  if (!first) first = RequireSource(taking);
  if (body.has_credit()) {
    return Settle(taking, incoming, std::move(first), earned, body.credit());
  }
  return first ? first : CheckOverlap(*incoming.named.volunteer, incoming.service);
}

MaybeViolation TakeHoursBackfilled(Taking& taking, const v1::HoursBackfilled& body) {
  Incoming incoming;
  auto first = ReadIncoming(taking, taking.event.source(), body.command().record(), incoming);
  if (incoming.record == nullptr) return first;
  incoming.record->backfilled = true;
  EarnedList earned;
  if (incoming.readable && !first) {
    first = EarnIncoming(taking, incoming, Window::kIgnored, Minutes::kHonorary, earned);
    const Rule* rule = taking.books.rules.InForce(incoming.service.first_day);
    if (!first && rule != nullptr) {
      std::vector<int> reasons;
      if (rule->backfill_earns) reasons.push_back(v1::WAIT_REASON_BACKFILLED);
      first = CheckReasons(reasons, body.wait_reasons(), body.has_credit());
    }
  }
  if (!first) first = RequireSource(taking);
  if (body.has_credit()) {
    return Settle(taking, incoming, std::move(first), earned, body.credit());
  }
  return first ? first : CheckOverlap(*incoming.named.volunteer, incoming.service);
}

MaybeViolation TakeAttendanceRecorded(Taking& taking, const v1::AttendanceRecorded& body) {
  const v1::RecordAttendance& sheet = body.command();
  taking.books.open_sheet.emplace(OpenSheet{sheet, body.credited_count(), 0, 0});
  if (auto violation = RequireRange("attendees", sheet.attendees_size(), {1, kAttendeesMax})) {
    return violation;
  }
  if (taking.books.activities.Find(sheet.activity_id()) == nullptr) {
    return Unknown("activity", sheet.activity_id());
  }
  if (auto violation = RequireInstant("start_us", sheet.start_us())) return violation;
  if (auto violation = RequireInstant("end_us", sheet.end_us())) return violation;
  if (sheet.end_us() <= sheet.start_us() || sheet.start_us() % kMinuteUs != 0 ||
      sheet.end_us() % kMinuteUs != 0) {
    return Violation{Invariant::SERVICE_TIMES_WRONG,
                     "a sheet's times are whole minutes, its end after its start"};
  }
  std::set<std::string_view> records;
  std::set<std::string_view> volunteers;
  for (const v1::Attendee& line : sheet.attendees()) {
    if (records.insert(line.record_id()).second && volunteers.insert(line.volunteer_id()).second) {
      continue;
    }
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     "attendees: a record or a volunteer stands twice"};
  }
  return RequireSource(taking);
}

}  // namespace meritbook::audit
