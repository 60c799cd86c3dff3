// Events about hours that bring a record in, changed.
#include <gtest/gtest.h>

#include "tests/ledger/mutation.h"

namespace meritbook {
namespace {

using E = v1::Event;

TEST(Apply, Credits) {
  ExpectRefused({
      {"units off by one", E::kHoursCredited, 0,
       [](E& e) {
         auto* segment = e.mutable_hours_credited()->mutable_credit()->mutable_segments(0);
         segment->set_units(segment->units() + 1);
       },
       "segment.units() == rate->second.UnitsFor"},
      {"another rate than the rule's", E::kHoursCredited, 0,
       [](E& e) {
         auto* segment = e.mutable_hours_credited()->mutable_credit()->mutable_segments(0);
         segment->set_points_per_hour(50);
         segment->set_units(segment->units() * 2);
       },
       "segment.points_per_hour() == rate->second.points_per_hour"},
      {"another percentage", E::kHoursCredited, 0,
       [](E& e) {
         e.mutable_hours_credited()->mutable_credit()->mutable_segments(0)->set_percentage(101);
       },
       "segment.percentage() == rate->second.percentage"},
      {"no rule", E::kHoursCredited, 0,
       [](E& e) {
         e.mutable_hours_credited()->mutable_credit()->mutable_segments(0)->set_rule_version(0);
       },
       "segment.rule_version() >= 1"},
      {"a rule to come", E::kHoursCredited, 0,
       [](E& e) {
         e.mutable_hours_credited()->mutable_credit()->mutable_segments(0)->set_rule_version(2);
       },
       "segment.rule_version() <= rules.size()"},
      {"an activity without a rate", E::kHoursCredited, 0,
       [](E& e) {
         e.mutable_hours_credited()->mutable_command()->mutable_record()->set_activity_id(
             "reading");
       },
       "rate != rule.rates.end()"},
      {"an unknown activity", E::kHoursCredited, 0,
       [](E& e) {
         e.mutable_hours_credited()->mutable_command()->mutable_record()->set_activity_id("parade");
       },
       "activity_index.has_value()"},
      {"an unknown session", E::kHoursCredited, 0,
       [](E& e) {
         e.mutable_hours_credited()->mutable_command()->mutable_record()->set_session_id("s9");
       },
       "session.has_value()"},
      {"another activity's session", E::kHoursCredited, 0,
       [](E& e) {
         e.mutable_hours_credited()->mutable_command()->mutable_record()->set_session_id("s2");
       },
       "state_.sessions()[*session].activity == *activity_index"},
      {"minutes that were not served", E::kHoursCredited, 0,
       [](E& e) {
         auto* segment = e.mutable_hours_credited()->mutable_credit()->mutable_segments(0);
         segment->set_credited_minutes(61);
         segment->set_units(61 * 2500);
       },
       "minutes == record.minutes"},
      {"minutes that no clock showed", E::kHoursCredited, 1,
       [](E& e) {
         auto* segment = e.mutable_hours_credited()->mutable_credit()->mutable_segments(0);
         segment->set_honorary_minutes(1);
       },
       "minutes == record.minutes"},
      {"above the cap", E::kHoursCredited, 0,
       [](E& e) {
         e.mutable_hours_credited()
             ->mutable_command()
             ->mutable_record()
             ->mutable_duration()
             ->set_minutes(495);
         auto* segment = e.mutable_hours_credited()->mutable_credit()->mutable_segments(0);
         segment->set_credited_minutes(495);
         segment->set_units(495 * 2500);
       },
       ".credited <= earning.credited_minutes_per_day()"},
      {"above the day", E::kHoursCredited, 6,
       [](E& e) {
         auto* credited = e.mutable_hours_credited();
         auto* duration = credited->mutable_command()->mutable_record()->mutable_duration();
         duration->set_service_day("2021-02-20");
         duration->set_minutes(1440);
         auto* segment = credited->mutable_credit()->mutable_segments(0);
         segment->set_service_day_number(segment->service_day_number() - 14);
         segment->set_honorary_minutes(1380);
       },
       "segment.credited + segment.honorary <= kMinutesPerDay"},
      {"far above the day", E::kHoursCredited, 1,
       [](E& e) {
         e.mutable_hours_credited()->mutable_credit()->mutable_segments(0)->set_honorary_minutes(
             0xFFFFFFFF);
       },
       "segment.honorary_minutes() <= kMinutesPerDay"},
      {"credited far above the day", E::kHoursCredited, 1,
       [](E& e) {
         e.mutable_hours_credited()->mutable_credit()->mutable_segments(0)->set_credited_minutes(
             0xFFFFFFFF);
       },
       "segment.credited_minutes() <= kMinutesPerDay"},
      {"days out of order", E::kHoursCredited, 2,
       [](E& e) {
         e.mutable_hours_credited()->mutable_credit()->mutable_segments()->SwapElements(0, 1);
       },
       "segment.service_day_number() > last_day"},
      {"a day twice", E::kHoursCredited, 2,
       [](E& e) {
         auto* credited = e.mutable_hours_credited()->mutable_credit();
         credited->mutable_segments(1)->set_service_day_number(
             credited->segments(0).service_day_number());
       },
       "segment.service_day_number() > last_day"},
      {"an empty day", E::kHoursCredited, 0,
       [](E& e) {
         auto* credited = e.mutable_hours_credited()->mutable_credit();
         auto* segment = credited->add_segments();
         *segment = credited->segments(0);
         segment->set_service_day_number(segment->service_day_number() + 1);
         segment->set_credited_minutes(0);
         segment->set_units(0);
       },
       "segment.credited_minutes() + segment.honorary_minutes() > 0"},
      {"nothing at all", E::kHoursCredited, 0,
       [](E& e) { e.mutable_hours_credited()->mutable_credit()->clear_segments(); },
       "credit.segments_size() > 0"},
      {"lapsed before it was earned", E::kHoursCredited, 0,
       [](E& e) {
         auto* segment = e.mutable_hours_credited()->mutable_credit()->mutable_segments(0);
         segment->set_expiry_day_number(segment->service_day_number() - 1);
       },
       "segment.expiry_day_number() >= segment.service_day_number()"},
      {"a length on another day", E::kHoursCredited, 0,
       [](E& e) {
         auto* duration =
             e.mutable_hours_credited()->mutable_command()->mutable_record()->mutable_duration();
         duration->set_service_day("2021-02-21");
       },
       "last_day == record.day"},
      {"no record", E::kHoursCredited, 1,
       [](E& e) {
         e.mutable_hours_credited()->mutable_command()->mutable_record()->clear_record_id();
       },
       "!service.record_id().empty()"},
      {"neither clock times nor a length", E::kHoursCredited, 0,
       [](E& e) {
         e.mutable_hours_credited()->mutable_command()->mutable_record()->clear_service();
       },
       "SERVICE_NOT_SET"},
      {"an overlap", E::kHoursCredited, 2,
       [](E& e) {
         auto* credited = e.mutable_hours_credited();
         auto* interval = credited->mutable_command()->mutable_record()->mutable_interval();
         const int64_t back_us = int64_t{12 * 60 + 1} * 60'000'000;
         interval->set_start_us(interval->start_us() - back_us);
         interval->set_end_us(interval->end_us() - back_us);
       },
       "!Overlaps(volunteer, IntervalOf(record))"},
      {"an interval backwards", E::kHoursCredited, 1,
       [](E& e) {
         auto* interval =
             e.mutable_hours_credited()->mutable_command()->mutable_record()->mutable_interval();
         interval->set_end_us(interval->start_us());
       },
       "interval.start_us() < interval.end_us()"},
      {"an interval from before time", E::kHoursCredited, 1,
       [](E& e) {
         auto* interval =
             e.mutable_hours_credited()->mutable_command()->mutable_record()->mutable_interval();
         interval->set_start_us(std::numeric_limits<int64_t>::min());
       },
       "interval.start_us() > 0"},
      {"an interval into the future", E::kHoursCredited, 1,
       [](E& e) {
         auto* interval =
             e.mutable_hours_credited()->mutable_command()->mutable_record()->mutable_interval();
         interval->set_end_us(e.recorded_us() + 60'000'000);
       },
       "interval.end_us() <= event_.recorded_us()"},
      {"a start within a minute", E::kHoursCredited, 1,
       [](E& e) {
         auto* interval =
             e.mutable_hours_credited()->mutable_command()->mutable_record()->mutable_interval();
         interval->set_start_us(interval->start_us() + 1);
       },
       "interval.start_us() % kMicrosPerMinute == 0"},
      {"an end within a minute", E::kHoursCredited, 1,
       [](E& e) {
         auto* interval =
             e.mutable_hours_credited()->mutable_command()->mutable_record()->mutable_interval();
         interval->set_end_us(interval->end_us() + 1);
       },
       "interval.end_us() % kMicrosPerMinute == 0"},
      {"hours of no platform", E::kHoursCredited, 0,
       [](E& e) { e.set_scope(v1::REQUEST_SCOPE_MERCHANT); },
       "event_.scope() == v1::REQUEST_SCOPE_SOURCE"},
  });
}

TEST(Apply, Records) {
  ExpectRefused({
      {"hours of an activity that was called off", E::kHoursSubmitted, 0,
       [](E& e) {
         e.mutable_hours_submitted()->mutable_command()->mutable_record()->set_activity_id("march");
       },
       "activity.state == ActivityState::kOpen || activity.state == ActivityState::kClosed"},
      {"above the month's cap", E::kHoursCredited, 6,
       [](E& e) {
         auto* credited = e.mutable_hours_credited();
         credited->mutable_command()->mutable_record()->mutable_duration()->set_minutes(405);
         auto* segment = credited->mutable_credit()->mutable_segments(0);
         segment->set_credited_minutes(405);
         segment->set_units(405 * 2500);
       },
       "<= earning.credited_minutes_per_month()"},
      {"above the activity's cap", E::kHoursCredited, 6,
       [](E& e) {
         auto* credited = e.mutable_hours_credited();
         credited->mutable_command()->mutable_record()->mutable_duration()->set_minutes(395);
         auto* segment = credited->mutable_credit()->mutable_segments(0);
         segment->set_credited_minutes(395);
         segment->set_units(395 * 2500);
       },
       "<= earning.credited_minutes_per_activity()"},
      {"pending and at once", E::kHoursSubmitted, 0,
       [](E& e) { e.mutable_hours_submitted()->mutable_credit()->mutable_inflow(); },
       "!credit.has_inflow()"},
      {"matured already", E::kHoursSubmitted, 0,
       [](E& e) {
         auto* credit = e.mutable_hours_submitted()->mutable_credit();
         credit->set_matures_day_number(credit->matures_day_number() - 7);
       },
       "credit.matures_day_number() > Today()"},
      {"more flows than was earned", E::kHoursCredited, 0,
       [](E& e) {
         auto* inflow = e.mutable_hours_credited()->mutable_credit()->mutable_inflow();
         inflow->add_lots()->set_units(150'001);
       },
       "LotsOf(inflow.lots()) == lots"},
      {"lapses another day than its segment", E::kHoursCorrected, 0,
       [](E& e) {
         e.mutable_hours_corrected()
             ->mutable_credit()
             ->mutable_inflow()
             ->mutable_lots(0)
             ->set_expiry_day_number(99999);
       },
       "LotsOf(credit.inflow().lots()) == LotsAfter(credit, returned)"},

      // Submitted.
      {"waiting without a reason", E::kHoursSubmitted, 1,
       [](E& e) { e.mutable_hours_submitted()->clear_wait_reasons(); },
       "submitted.has_credit() == (submitted.wait_reasons_size() == 0)"},
      {"credited and waiting", E::kHoursSubmitted, 0,
       [](E& e) { e.mutable_hours_submitted()->add_wait_reasons(v1::WAIT_REASON_LATE); },
       "submitted.has_credit() == (submitted.wait_reasons_size() == 0)"},
      {"reasons out of order", E::kHoursSubmitted, 1,
       [](E& e) {
         e.mutable_hours_submitted()->add_wait_reasons(v1::WAIT_REASON_ABOVE_AUTO_MINUTES);
       },
       "ReasonsAscend(submitted)"},
      {"no reason's name", E::kHoursSubmitted, 1,
       [](E& e) { e.mutable_hours_submitted()->set_wait_reasons(0, v1::WAIT_REASON_UNSPECIFIED); },
       "ReasonsAscend(submitted)"},
      {"a reason of the future", E::kHoursSubmitted, 1,
       [](E& e) {
         e.mutable_hours_submitted()->set_wait_reasons(0, static_cast<v1::WaitReason>(8));
       },
       "ReasonsAscend(submitted)"},
      {"her own hours without a review", E::kHoursSubmitted, 0, [](E& e) { e.set_actor("eves"); },
       "!submitted.has_credit() || !ActorIs"},
      {"submitted by no platform", E::kHoursSubmitted, 0,
       [](E& e) { e.set_scope(v1::REQUEST_SCOPE_MERCHANT); },
       "event_.scope() == v1::REQUEST_SCOPE_SOURCE"},
      {"submitted under an id that there is", E::kHoursSubmitted, 0,
       [](E& e) {
         e.mutable_hours_submitted()->mutable_command()->mutable_record()->set_record_id("r1");
       },
       "state_.records().Find(record.id) == nullptr"},

      // Sheets.
      {"a sheet by no platform", E::kAttendanceRecorded, 0,
       [](E& e) { e.set_scope(v1::REQUEST_SCOPE_MERCHANT); },
       "event_.scope() == v1::REQUEST_SCOPE_SOURCE"},
      {"more credited than there are", E::kAttendanceRecorded, 0,
       [](E& e) { e.mutable_attendance_recorded()->set_credited_count(3); },
       "recorded.credited_count() <="},
      {"fewer credited than there are", E::kHoursSubmitted, 3,
       [](E& e) {
         e.mutable_hours_submitted()->clear_credit();
         e.mutable_hours_submitted()->add_wait_reasons(v1::WAIT_REASON_LATE);
       },
       "credited == open->sheet.credited_count()"},
      {"a volunteer twice", E::kAttendanceRecorded, 0,
       [](E& e) {
         e.mutable_attendance_recorded()->mutable_command()->mutable_attendees(1)->set_volunteer_id(
             "eve");
       },
       "volunteers.insert(attendee.volunteer_id()).second"},
      {"a line's record", E::kHoursSubmitted, 2,
       [](E& e) {
         e.mutable_hours_submitted()->mutable_command()->mutable_record()->set_record_id("a9");
       },
       "service.record_id() == line.record_id()"},
      {"a line's volunteer", E::kHoursSubmitted, 2,
       [](E& e) {
         e.mutable_hours_submitted()->mutable_command()->mutable_record()->set_volunteer_id("ann");
       },
       "service.volunteer_id() == line.volunteer_id()"},
      {"a line's activity", E::kHoursSubmitted, 2,
       [](E& e) {
         e.mutable_hours_submitted()->mutable_command()->mutable_record()->set_activity_id(
             "patrol");
       },
       "service.activity_id() == sheet.activity_id()"},
      {"a line's session", E::kHoursSubmitted, 2,
       [](E& e) {
         e.mutable_hours_submitted()->mutable_command()->mutable_record()->set_session_id("s1");
       },
       "service.has_session_id() == sheet.has_session_id()"},
      {"a line's start", E::kHoursSubmitted, 2,
       [](E& e) {
         auto* interval =
             e.mutable_hours_submitted()->mutable_command()->mutable_record()->mutable_interval();
         interval->set_start_us(interval->start_us() + 60'000'000);
       },
       "service.interval().start_us() =="},
      {"a line's end", E::kHoursSubmitted, 2,
       [](E& e) {
         auto* interval =
             e.mutable_hours_submitted()->mutable_command()->mutable_record()->mutable_interval();
         interval->set_end_us(interval->end_us() + 60'000'000);
       },
       "service.interval().end_us() =="},
      {"the lines out of order", E::kHoursSubmitted, 2,
       [](E& e) {
         e.mutable_hours_submitted()->mutable_command()->mutable_record()->set_record_id("a2");
         e.mutable_hours_submitted()->mutable_command()->mutable_record()->set_volunteer_id("cat");
       },
       "service.record_id() == line.record_id()"},

      // Old records.
      {"an old record that earns", E::kHoursBackfilled, 0,
       [](E& e) {
         auto* segment = e.mutable_hours_backfilled()->mutable_credit()->mutable_segments(0);
         segment->set_credited_minutes(60);
         segment->set_honorary_minutes(0);
         segment->set_units(150'000);
       },
       "UnitsOf(backfilled.credit()) == 0"},
      {"an old record that waits for nothing", E::kHoursBackfilled, 0,
       [](E& e) { e.mutable_hours_backfilled()->clear_credit(); },
       "backfilled.has_credit() == (backfilled.wait_reasons_size() == 0)"},

      // Awards.
      {"an award of nobody", E::kAwardSubmitted, 0,
       [](E& e) { e.mutable_award_submitted()->mutable_command()->set_volunteer_id("zoe"); },
       "event_.has_volunteer_registered()"},
      {"an award under an id that there is", E::kAwardSubmitted, 0,
       [](E& e) { e.mutable_award_submitted()->mutable_command()->set_record_id("r1"); },
       "state_.records().Find(record.id) == nullptr"},
      {"an award on no day", E::kAwardSubmitted, 0,
       [](E& e) { e.mutable_award_submitted()->mutable_command()->set_award_day("today"); },
       "day.has_value()"},
      {"an award for nothing", E::kAwardSubmitted, 0,
       [](E& e) { e.mutable_award_submitted()->mutable_command()->clear_award(); },
       "!command.award().empty()"},
      {"an award of nothing", E::kAwardSubmitted, 0,
       [](E& e) { e.mutable_award_submitted()->mutable_command()->clear_points(); },
       "command.points() >= 1"},
      {"an award beyond all limits", E::kAwardSubmitted, 0,
       [](E& e) { e.mutable_award_submitted()->mutable_command()->set_points(1'000'001); },
       "command.points() <= kAwardPointsMax"},
      {"an award's points", E::kHoursReviewed, 1,
       [](E& e) {
         auto* segment = e.mutable_hours_reviewed()->mutable_credit()->mutable_segments(0);
         segment->set_units(segment->units() + 6000);
       },
       "segment.units() == int64_t{record.award_points} * kUnitsPerPoint"},
      {"an award's minutes", E::kHoursReviewed, 1,
       [](E& e) {
         e.mutable_hours_reviewed()->mutable_credit()->mutable_segments(0)->set_honorary_minutes(1);
       },
       "minutes == record.minutes"},
      {"an award's rate", E::kHoursReviewed, 1,
       [](E& e) {
         e.mutable_hours_reviewed()->mutable_credit()->mutable_segments(0)->set_points_per_hour(1);
       },
       "segment.points_per_hour() == 0"},
      {"an award that the rule hasn't", E::kHoursReviewed, 1,
       [](E& e) {
         e.mutable_hours_reviewed()->mutable_credit()->mutable_segments(0)->set_rule_version(1);
       },
       "award != nullptr"},
  });
}

}  // namespace
}  // namespace meritbook
