// The form of hours and awards: every field at its limit and one above.
#include <gtest/gtest.h>

#include "ledger/limits.h"
#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

Row InTown(std::string name, std::string command, std::string want) {
  return {std::move(name), "use town", std::move(command), std::move(want)};
}

const RuleTable kRecords({
    InTown(
        "no record",
        R"(CreditHours record { volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 15 } })",
        "FIELD_MISSING command.record.record_id"),
    InTown(
        "a request id is no record",
        R"(CreditHours #q record { volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 15 } })",
        "FIELD_MISSING command.record.record_id"),
    InTown("no service",
           R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" })",
           "FIELD_MISSING command.record.service"),
    InTown(
        "a session's form",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" session_id: "a b" duration { service_day: "2021-03-05" minutes: 15 } })",
        "ID_MALFORMED command.record.session_id"),
    InTown(
        "a day and no minutes",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" } })",
        "FIELD_INVALID command.record.duration.minutes"),
    InTown(
        "a whole day",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 1440 } })",
        "ok"),
    InTown(
        "more than a day",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 1441 } })",
        "FIELD_INVALID command.record.duration.minutes"),
    InTown(
        "a day of another form",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "20210305" minutes: 15 } })",
        "DAY_MALFORMED command.record.duration.service_day"),
    InTown(
        "no start",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" interval { end_us: @2021-03-05T09:00 } })",
        "FIELD_INVALID command.record.interval.start_us"),
    InTown(
        "an end when it starts",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T09:00 } })",
        "TIMES_REVERSED command.record.interval.end_us"),
    InTown(
        "a start within a minute",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" interval { start_us: 1614906000000001 end_us: 1614909600000000 } })",
        "TIME_NOT_WHOLE_MINUTE command.record.interval.start_us"),
    InTown(
        "an end within a minute",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" interval { start_us: 1614906000000000 end_us: 1614909600000001 } })",
        "TIME_NOT_WHOLE_MINUTE command.record.interval.end_us"),
    InTown(
        "an end that no clock shows",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" interval { start_us: 1614906000000000 end_us: 9223372036854775807 } })",
        "FIELD_INVALID command.record.interval.end_us"),
    InTown(
        "a start that no clock shows",
        R"(CreditHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" interval { start_us: -9223372036854775808 end_us: 1614909600000000 } })",
        "FIELD_INVALID command.record.interval.start_us"),
});

// The same record, submitted, brought in late, or put in another's place.
const RuleTable kOtherRecords({
    InTown(
        "submitted without a record",
        R"(SubmitHours record { volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 15 } })",
        "FIELD_MISSING command.record.record_id"),
    InTown("submitted without anything", "SubmitHours #q",
           "FIELD_MISSING command.record.record_id"),
    InTown("submitted without service",
           R"(SubmitHours record { record_id: "r" volunteer_id: "ann" activity_id: "patrol" })",
           "FIELD_MISSING command.record.service"),
    InTown("submitted for a phone", "SubmitHours " + Served("r", "13800138000", "2021-03-05", 15),
           "PERSONAL_IDENTIFIER command.record.volunteer_id"),
    InTown("submitted for no minutes", "SubmitHours " + Served("r", "ann", "2021-03-05", 0),
           "FIELD_INVALID command.record.duration.minutes"),
    InTown("brought in without a record",
           R"(BackfillHours record { volunteer_id: "ann" activity_id: "patrol" })",
           "FIELD_MISSING command.record.record_id"),
    InTown("brought in for more than a day",
           "BackfillHours " + Served("r", "ann", "2021-03-05", 1441),
           "FIELD_INVALID command.record.duration.minutes"),
    InTown("brought in backwards",
           "BackfillHours " + Clocked("r", "ann", "2021-03-05T11:00", "2021-03-05T09:00"),
           "TIMES_REVERSED command.record.interval.end_us"),
    InTown("put in place without a day",
           Correct("r", Served("s", "ann", "", 15, "patrol", "replacement")),
           "FIELD_MISSING command.replacement.duration.service_day"),
    InTown("put in place without an activity",
           Correct("r", Served("s", "ann", "2021-03-05", 15, "", "replacement")),
           "FIELD_MISSING command.replacement.activity_id"),
    InTown("put in place of nothing",
           "CorrectHours " + Served("s", "ann", "2021-03-05", 15, "patrol", "replacement") +
               R"( reason_code: "a")",
           "FIELD_MISSING command.record.source"),
    InTown("nothing put in place",
           R"(CorrectHours record { source: "app" record_id: "r" } reason_code: "a")",
           "FIELD_MISSING command.replacement.record_id"),
    InTown("put in place without a reason",
           R"(CorrectHours record { source: "app" record_id: "r" } )" +
               Served("s", "ann", "2021-03-05", 15, "patrol", "replacement"),
           "FIELD_MISSING command.reason_code"),
});

const RuleTable kReferences({
    InTown("a review of nothing", R"(ReviewHours verdict: VERDICT_APPROVE reason_code: "a")",
           "FIELD_MISSING command.record.source"),
    InTown("a review of no platform's",
           R"(ReviewHours record { record_id: "r" } verdict: VERDICT_APPROVE reason_code: "a")",
           "FIELD_MISSING command.record.source"),
    InTown("a review of no record",
           R"(ReviewHours record { source: "app" } verdict: VERDICT_APPROVE reason_code: "a")",
           "FIELD_MISSING command.record.record_id"),
    InTown(
        "a source's form",
        R"(ReviewHours record { source: "a b" record_id: "r" } verdict: VERDICT_APPROVE reason_code: "a")",
        "ID_MALFORMED command.record.source"),
    InTown("a review without a verdict",
           R"(ReviewHours record { source: "app" record_id: "r" } reason_code: "a")",
           "FIELD_INVALID command.verdict"),
    InTown("a review with a verdict of the future",
           R"(ReviewHours record { source: "app" record_id: "r" } verdict: 9 reason_code: "a")",
           "FIELD_INVALID command.verdict"),
    InTown("a review without a reason",
           R"(ReviewHours record { source: "app" record_id: "r" } verdict: VERDICT_REJECT)",
           "FIELD_MISSING command.reason_code"),
    InTown("a revocation of nothing", R"(RevokeHours reason_code: "a")",
           "FIELD_MISSING command.record.source"),
    InTown("a record's form", R"(RevokeHours record { source: "app" record_id: "r^65" })",
           "ID_MALFORMED command.record.record_id"),
    InTown("a revocation without a reason",
           R"(RevokeHours record { source: "app" record_id: "r" })",
           "FIELD_MISSING command.reason_code"),
    InTown("a dispute of nothing", R"(DisputeHours reason_code: "a")",
           "FIELD_MISSING command.record.source"),
    InTown("a dispute without a reason", R"(DisputeHours record { source: "app" record_id: "r" })",
           "FIELD_MISSING command.reason_code"),
});

// A sheet of 9 March, 9:00 to 11:00.
std::string Sheet(std::string_view attendees) {
  return Text(
      R"(RecordAttendance activity_id: "patrol" start_us: @2021-03-09T09:00 end_us: @2021-03-09T11:00 )",
      attendees);
}
std::string Attendees(size_t count) {
  std::string attendees;
  for (size_t i = 0; i < count; ++i) {
    attendees += Text(R"(attendees { record_id: "r)", i, R"(" volunteer_id: "v)", i, R"(" } )");
  }
  return attendees;
}

const RuleTable kSheets({
    InTown("a sheet of nothing",
           R"(RecordAttendance start_us: @2021-03-09T09:00 end_us: @2021-03-09T11:00 )" +
               Attendees(1),
           "FIELD_MISSING command.activity_id"),
    InTown("a sheet of a session's form", Sheet(R"(session_id: "a b" )" + Attendees(1)),
           "ID_MALFORMED command.session_id"),
    InTown("a sheet without a start",
           R"(RecordAttendance activity_id: "patrol" end_us: @2021-03-09T11:00 )" + Attendees(1),
           "FIELD_INVALID command.start_us"),
    InTown("a sheet without an end",
           R"(RecordAttendance activity_id: "patrol" start_us: @2021-03-09T11:00 )" + Attendees(1),
           "FIELD_INVALID command.end_us"),
    InTown(
        "a sheet backwards",
        R"(RecordAttendance activity_id: "patrol" start_us: @2021-03-09T11:00 end_us: @2021-03-09T11:00 )" +
            Attendees(1),
        "TIMES_REVERSED command.end_us"),
    InTown(
        "a sheet within a minute",
        R"(RecordAttendance activity_id: "patrol" start_us: 1614906000000001 end_us: @2021-03-09T11:00 )" +
            Attendees(1),
        "TIME_NOT_WHOLE_MINUTE command.start_us"),
    InTown("a sheet of nobody", Sheet(""), "FIELD_INVALID command.attendees.size"),
    InTown("a sheet of 128", Sheet(Attendees(kAttendeesMax)), "VOLUNTEER_UNKNOWN"),
    InTown("a sheet of 129", Sheet(Attendees(kAttendeesMax + 1)),
           "FIELD_INVALID command.attendees.size"),
    InTown("a line without a record", Sheet(R"(attendees { volunteer_id: "ann" })"),
           "FIELD_MISSING command.attendees[0].record_id"),
    InTown("a line without a volunteer", Sheet(Attendees(1) + R"(attendees { record_id: "r" })"),
           "FIELD_MISSING command.attendees[1].volunteer_id"),
    InTown("a line of a phone",
           Sheet(R"(attendees { record_id: "r" volunteer_id: "13800138000" })"),
           "PERSONAL_IDENTIFIER command.attendees[0].volunteer_id"),
    InTown(
        "a record twice",
        Sheet(
            R"(attendees { record_id: "r" volunteer_id: "ann" } attendees { record_id: "r" volunteer_id: "bob" })"),
        "VALUE_REPEATED command.attendees.record_id"),
    InTown(
        "a volunteer twice",
        Sheet(
            R"(attendees { record_id: "r" volunteer_id: "ann" } attendees { record_id: "s" volunteer_id: "ann" })"),
        "VALUE_REPEATED command.attendees.volunteer_id"),
    InTown("left before it began",
           Sheet(R"(attendees { record_id: "r" volunteer_id: "ann" end_us: @2021-03-09T09:00 })"),
           "TIMES_REVERSED command.attendees[0].end_us"),
    InTown("came after it ended",
           Sheet(R"(attendees { record_id: "r" volunteer_id: "ann" start_us: @2021-03-09T11:00 })"),
           "TIMES_REVERSED command.attendees[0].end_us"),
    InTown("came within a minute",
           Sheet(R"(attendees { record_id: "r" volunteer_id: "ann" start_us: 1614906000000001 })"),
           "TIME_NOT_WHOLE_MINUTE command.attendees[0].start_us"),
    InTown("came at no time",
           Sheet(R"(attendees { record_id: "r" volunteer_id: "ann" start_us: 0 })"),
           "FIELD_INVALID command.attendees[0].start_us"),
});

const RuleTable kAwards({
    InTown("an award without a record",
           R"(AwardPoints volunteer_id: "ann" award: "a" award_day: "2021-03-05" points: 1)",
           "FIELD_MISSING command.record_id"),
    InTown(
        "an award for a phone",
        R"(AwardPoints record_id: "r" volunteer_id: "13800138000" award: "a" award_day: "2021-03-05" points: 1)",
        "PERSONAL_IDENTIFIER command.volunteer_id"),
    InTown("an award for nothing",
           R"(AwardPoints record_id: "r" volunteer_id: "ann" award_day: "2021-03-05" points: 1)",
           "FIELD_MISSING command.award"),
    InTown(
        "an award's form",
        R"(AwardPoints record_id: "r" volunteer_id: "ann" award: "a b" award_day: "2021-03-05" points: 1)",
        "ID_MALFORMED command.award"),
    InTown("an award on no day",
           R"(AwardPoints record_id: "r" volunteer_id: "ann" award: "a" points: 1)",
           "FIELD_MISSING command.award_day"),
    InTown(
        "an award on a day of another form",
        R"(AwardPoints record_id: "r" volunteer_id: "ann" award: "a" award_day: "5 March" points: 1)",
        "DAY_MALFORMED command.award_day"),
    InTown("an award of no points",
           R"(AwardPoints record_id: "r" volunteer_id: "ann" award: "a" award_day: "2021-03-05")",
           "FIELD_INVALID command.points"),
    InTown(
        "an award of a million points",
        R"(AwardPoints record_id: "r" volunteer_id: "ann" award: "a" award_day: "2021-03-05" points: 1000000)",
        "AWARD_UNKNOWN"),
    InTown(
        "an award of more",
        R"(AwardPoints record_id: "r" volunteer_id: "ann" award: "a" award_day: "2021-03-05" points: 1000001)",
        "FIELD_INVALID command.points"),
    InTown(
        "an award without a request id",
        R"(AwardPoints #- record_id: "r" volunteer_id: "ann" award: "a" award_day: "2021-03-05" points: 1)",
        "FIELD_MISSING request_id"),
});

TEST(Form, Records) { kRecords.Run(); }
TEST(Form, OtherRecords) { kOtherRecords.Run(); }
TEST(Form, References) { kReferences.Run(); }
TEST(Form, Sheets) { kSheets.Run(); }
TEST(Form, Awards) { kAwards.Run(); }

}  // namespace
}  // namespace meritbook
