// Hours from their submission on: what waits and why, who decides, and what can still become of it.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/e2e/review_town.h"

namespace meritbook::e2e {
namespace {

constexpr int64_t kUnitsPerPoint = 6'000;

TEST_F(Review, WhatIsSubmittedWaitsForSomebodyElse) {
  auto submit = Submit("s-1", "ann", 4, 480);
  const auto submitted = Twice<v1::SubmitHoursResponse>(town_.platform(), submit);
  EXPECT_EQ(submitted.segments_size(), 0);
  ASSERT_EQ(submitted.wait_reasons_size(), 1);
  EXPECT_EQ(submitted.wait_reasons(0), v1::WAIT_REASON_ABOVE_AUTO_MINUTES);
  submit.mutable_command()->mutable_record()->mutable_duration()->set_minutes(60);
  EXPECT_EQ(town_.platform().Call(submit),
            "ALREADY_EXISTS REQUEST_CONFLICT command.record.duration.minutes");
  EXPECT_EQ(town_.BalanceOf("ann").credited_minutes(), 0);

  v1::Record record = town_.RecordOf("s-1");
  EXPECT_EQ(record.state(), v1::RECORD_STATE_WAITING);
  EXPECT_EQ(record.volunteer_id(), "ann");
  EXPECT_EQ(record.activity_id(), kActivity);
  EXPECT_EQ(record.submitted_by(), "dev-platform");
  EXPECT_EQ(record.sequence(), submitted.receipt().sequence());
  ASSERT_EQ(record.segments_size(), 1) << "what is asked for";
  EXPECT_EQ(record.segments(0).credited_minutes(), 480);
  EXPECT_EQ(record.segments(0).units(), 0);
  const auto reviews = town_.Reviews();
  ASSERT_EQ(reviews.size(), 1);
  EXPECT_EQ(reviews[0].record().DebugString(), record.DebugString());

  EXPECT_EQ(town_.As("mei").Call(Judge("j-1", "s-1", true)),
            "PERMISSION_DENIED SELF_REVIEW command.record");
  const auto reviewed = Twice<v1::ReviewHoursResponse>(town_.As("lin"), Judge("j-1", "s-1", true));
  ASSERT_EQ(reviewed.segments_size(), 1);
  EXPECT_EQ(reviewed.segments(0).units(), 8 * kUnitsPerHour);
  EXPECT_EQ(town_.As("lin").Call(Judge("j-1", "s-1", false)),
            "ALREADY_EXISTS REQUEST_CONFLICT command.verdict");
  EXPECT_EQ(town_.As("oda").Call(Judge("j-2", "s-1", false)),
            "FAILED_PRECONDITION RECORD_NOT_WAITING command.record");
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 8 * kUnitsPerHour);
  EXPECT_TRUE(town_.Reviews().empty());
  record = town_.RecordOf("s-1");
  EXPECT_EQ(record.state(), v1::RECORD_STATE_APPROVED);
  EXPECT_EQ(record.wait_reasons_size(), 0);
  EXPECT_EQ(record.last_sequence(), reviewed.receipt().sequence());
  EXPECT_EQ(record.segments(0).DebugString(), reviewed.segments(0).DebugString());
}

TEST_F(Review, NobodyReviewsWhatShePostedNorPostsForAnother) {
  const Client both = town_.As("both");
  ASSERT_EQ(both.Call(Submit("own", "ben", 4, 480)), "OK");
  auto judge = Judge("j-1", "own", true);
  EXPECT_EQ(both.Call(judge), "PERMISSION_DENIED SOURCE_NOT_YOURS command.record.source");
  judge.mutable_command()->mutable_record()->set_source("app");
  EXPECT_EQ(both.Call(judge), "PERMISSION_DENIED SELF_REVIEW command.record");
  auto read = RecordNamed("own");
  EXPECT_EQ(town_.auditor().Call(read), "NOT_FOUND RECORD_UNKNOWN record.record_id");
  read.mutable_record()->set_source("app");
  EXPECT_EQ(town_.auditor().Call(read), "OK");
  EXPECT_EQ(town_.platform().Call(read), "PERMISSION_DENIED SOURCE_NOT_YOURS record.source");
  read.mutable_record()->set_record_id("o wn");
  EXPECT_EQ(town_.auditor().Call(read), "INVALID_ARGUMENT ID_MALFORMED record.record_id");
  EXPECT_EQ(town_.As("lin").Call(judge), "OK");

  v1::SubmitHoursResponse hers;
  ASSERT_EQ(town_.As("ann-app").Call(Submit("hers", "ann", 4, 60), &hers), "OK");
  ASSERT_EQ(hers.wait_reasons_size(), 1);
  EXPECT_EQ(hers.wait_reasons(0), v1::WAIT_REASON_OWN_HOURS);
}

TEST_F(Review, ADisputeIsSettledEitherWay) {
  v1::SubmitHoursResponse submitted;
  ASSERT_EQ(town_.platform().Call(Submit("r-1", "ann", 4, 60), &submitted), "OK");
  EXPECT_EQ(submitted.segments_size(), 1);
  EXPECT_EQ(submitted.wait_reasons_size(), 0);
  EXPECT_EQ(PersonTimes(), 1);
  Twice<v1::DisputeHoursResponse>(town_.platform(), Dispute("d-1", "r-1"));
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), kUnitsPerHour)
      << "nothing changes until then";
  v1::Record record = town_.RecordOf("r-1");
  EXPECT_EQ(record.state(), v1::RECORD_STATE_APPROVED);
  EXPECT_TRUE(record.disputed());
  EXPECT_EQ(Reasons(record), std::vector<int>{v1::WAIT_REASON_DISPUTED});
  EXPECT_EQ(town_.platform().Call(Dispute("d-2", "r-1")),
            "FAILED_PRECONDITION RECORD_NOT_SETTLED command.record");
  EXPECT_EQ(PersonTimes(), 1);

  Twice<v1::ReviewHoursResponse>(town_.As("lin"), Judge("j-1", "r-1", false));
  record = town_.RecordOf("r-1");
  EXPECT_EQ(record.state(), v1::RECORD_STATE_REJECTED);
  EXPECT_FALSE(record.disputed());
  EXPECT_EQ(record.segments_size(), 0) << "it came to nothing";
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 0);
  EXPECT_EQ(town_.BalanceOf("ann").credited_minutes(), 0);
  EXPECT_EQ(PersonTimes(), 0);

  ASSERT_EQ(town_.platform().Call(Dispute("d-3", "r-1")), "OK");
  ASSERT_EQ(town_.Reviews().size(), 1);
  ASSERT_EQ(town_.As("lin").Call(Judge("j-2", "r-1", true)), "OK");
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), kUnitsPerHour);
  EXPECT_EQ(PersonTimes(), 1);
}

TEST_F(Review, CorrectionsAndRevocationsClawBackEvenIntoDebt) {
  ASSERT_EQ(town_.platform().Call(Merchant("bakery")), "OK");
  ASSERT_EQ(town_.platform().Call(Offer("bun", "bakery", 10, 100)), "OK");
  ASSERT_EQ(town_.platform().Call(Credit("c-1", "ann", 4, 240)), "OK");
  ASSERT_EQ(town_.platform().Call(Redeem("o-1", "ann", "bakery", "bun", 6)), "OK");

  // 100 points, of which 60 are spent, become 50.
  const auto corrected = Twice<v1::CorrectHoursResponse>(
      town_.platform(), Correct("c-1", Service("c-2", "ann", 4, 120)));
  ASSERT_EQ(corrected.segments_size(), 1);
  EXPECT_EQ(corrected.segments(0).units(), 50 * kUnitsPerPoint);
  EXPECT_EQ(town_.BalanceOf("ann").debt_units(), -10 * kUnitsPerPoint);
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 0);
  EXPECT_EQ(town_.RecordOf("c-1").state(), v1::RECORD_STATE_CORRECTED);
  EXPECT_EQ(town_.RecordOf("c-1").corrected_by_record_id(), "c-2");
  EXPECT_EQ(town_.RecordOf("c-2").corrects_record_id(), "c-1");
  EXPECT_EQ(town_.RecordOf("c-2").state(), v1::RECORD_STATE_APPROVED);
  auto other = Correct("c-1", Service("c-2", "ann", 4, 135));
  EXPECT_EQ(town_.platform().Call(other),
            "ALREADY_EXISTS REQUEST_CONFLICT command.replacement.duration.minutes");

  const auto revoked = Twice<v1::RevokeHoursResponse>(town_.platform(), Revoke("c-2"));
  EXPECT_EQ(revoked.units(), 50 * kUnitsPerPoint);
  EXPECT_EQ(revoked.debt_units(), 50 * kUnitsPerPoint);
  EXPECT_EQ(town_.BalanceOf("ann").debt_units(), -60 * kUnitsPerPoint);
  EXPECT_EQ(town_.BalanceOf("ann").credited_minutes(), 0);
  EXPECT_EQ(PersonTimes(), 0);
  ASSERT_EQ(town_.platform().Call(Credit("c-3", "ann", 5, 240)), "OK");
  EXPECT_EQ(town_.BalanceOf("ann").debt_units(), 0);
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 40 * kUnitsPerPoint);

  // More than 150 points at once take two people.
  ASSERT_EQ(town_.platform().Call(Credit("c-4", "ann", 6, 480)), "OK");
  EXPECT_EQ(town_.platform().Call(Revoke("c-4")),
            "FAILED_PRECONDITION TWO_PEOPLE_NEEDED command.record");
  Twice<v1::ProposeChangeResponse>(
      town_.As("lin"), Propose("p-1", Text("revoke_hours { ", Ref("c-4"), " reason_code: 'x' }")));
  EXPECT_EQ(town_.As("lin").Call(Agree("p-1")),
            "PERMISSION_DENIED SAME_PERSON command.proposal_id");
  EXPECT_EQ(town_.As("mei").Call(Agree("p-1")),
            "PERMISSION_DENIED SELF_REVIEW command.proposal_id");
  ASSERT_EQ(town_.Reviews().size(), 1);
  EXPECT_EQ(town_.Reviews()[0].proposal().proposed_by(), "lin");
  const auto approved = Twice<v1::ApproveChangeResponse>(town_.As("oda"), Agree("p-1"));
  EXPECT_TRUE(town_.Reviews().empty());
  EXPECT_EQ(town_.RecordOf("c-4").state(), v1::RECORD_STATE_REVOKED);
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 40 * kUnitsPerPoint);
  const auto events = town_.Events(approved.receipt().sequence());
  ASSERT_EQ(events.size(), 2) << "the approval and its effect";
  EXPECT_TRUE(events[0].has_change_approved());
  EXPECT_TRUE(events[1].has_hours_revoked());
  v1::GetByRequestIdResponse first;
  ASSERT_EQ(town_.As("oda").Call(Parse<v1::GetByRequestIdRequest>(
                                     "kind: COMMAND_KIND_APPROVE_CHANGE request_id: 'agree-p-1'"),
                                 &first),
            "OK");
  EXPECT_TRUE(first.event().has_change_approved());
}

TEST_F(Review, AnAwardAlwaysWaits) {
  const auto award = [](const std::string& id) {
    return Parse<v1::AwardPointsRequest>(
        Text("request_id: '", id, "' command { record_id: '", id,
             "' volunteer_id: 'ben' award: 'blood_donation' award_day: '", DaysAgo(1),
             "' points: 150 }"));
  };
  Twice<v1::AwardPointsResponse>(town_.platform(), award("w-1"));
  const auto reviews = town_.Reviews();
  ASSERT_EQ(reviews.size(), 1);
  EXPECT_EQ(reviews[0].record().award(), "blood_donation");
  EXPECT_EQ(Reasons(reviews[0].record()), std::vector<int>{v1::WAIT_REASON_AWARD});
  ASSERT_EQ(reviews[0].record().segments_size(), 1);
  EXPECT_EQ(reviews[0].record().segments(0).units(), 150 * kUnitsPerPoint) << "what is asked for";
  v1::ReviewHoursResponse reviewed;
  ASSERT_EQ(town_.As("lin").Call(Judge("j-1", "w-1", true), &reviewed), "OK");
  ASSERT_EQ(reviewed.segments_size(), 1);
  EXPECT_EQ(reviewed.segments(0).units(), 150 * kUnitsPerPoint);
  EXPECT_EQ(town_.BalanceOf("ben").available_units(), 150 * kUnitsPerPoint);
  EXPECT_EQ(PersonTimes(), 0) << "no service";
  ASSERT_EQ(town_.platform().Call(award("w-2")), "OK");
  ASSERT_EQ(town_.As("lin").Call(Judge("j-2", "w-2", true)), "OK");
  EXPECT_EQ(town_.platform().Call(award("w-3")),
            "FAILED_PRECONDITION AWARD_CAP_REACHED command.award");
}

TEST_F(Review, ASheetIsTakenWholeAndEachLineIsARecord) {
  auto sheet = Parse<v1::RecordAttendanceRequest>(
      Text("request_id: 'sheet' command { activity_id: '", kActivity,
           "' start_us: ", InstantUs(4, 8, 0), " end_us: ", InstantUs(4, 13, 0),
           " attendees { record_id: 'l-1' volunteer_id: 'ann' end_us: ", InstantUs(4, 10, 0),
           " } attendees { record_id: 'l-2' volunteer_id: 'ben' end_us: ", InstantUs(4, 9, 0),
           " } attendees { record_id: 'l-3' volunteer_id: 'cat' } }"));
  const auto recorded = Twice<v1::RecordAttendanceResponse>(town_.platform(), sheet);
  EXPECT_EQ(recorded.credited_count(), 2);
  const auto events = town_.Events(recorded.receipt().sequence());
  ASSERT_EQ(events.size(), 4);
  EXPECT_TRUE(events[0].has_attendance_recorded());
  for (size_t i = 1; i < events.size(); ++i) {
    EXPECT_TRUE(events[i].has_hours_submitted());
    EXPECT_EQ(events[i].command_first_sequence(), events[0].sequence());
    EXPECT_EQ(events[i].command_event_count(), 4);
  }
  EXPECT_EQ(town_.RecordOf("l-1").state(), v1::RECORD_STATE_APPROVED);
  EXPECT_EQ(town_.RecordOf("l-3").state(), v1::RECORD_STATE_WAITING);
  EXPECT_EQ(town_.BalanceOf("ann").credited_minutes(), 120);
  v1::ListEntriesResponse entries;
  ASSERT_EQ(town_.auditor().Call(Parse<v1::ListEntriesRequest>("volunteer_id: 'cat'"), &entries),
            "OK");
  ASSERT_EQ(entries.events_size(), 2);
  EXPECT_TRUE(entries.events(0).has_hours_submitted());

  sheet.mutable_command()->mutable_attendees(0)->set_volunteer_id("ben");
  sheet.mutable_command()->mutable_attendees(1)->set_volunteer_id("ann");
  EXPECT_EQ(town_.platform().Call(sheet), "ALREADY_EXISTS REQUEST_CONFLICT command.attendees");
  // One line that can't be taken, and none is.
  sheet.set_request_id("sheet-2");
  for (v1::Attendee& line : *sheet.mutable_command()->mutable_attendees()) {
    line.set_record_id("again-" + line.record_id());
  }
  const uint64_t size = town_.Size();
  EXPECT_EQ(town_.platform().Call(sheet).reason, "INTERVAL_OVERLAPS");
  EXPECT_EQ(town_.Size(), size);
}

TEST_F(Review, OldRecordsComeInWithHonoraryMinutes) {
  EXPECT_EQ(town_.platform().Call(Credit("old", "ann", 60, 60)),
            "FAILED_PRECONDITION SERVICE_TOO_OLD command.record.duration");
  v1::BackfillHoursRequest backfill;
  backfill.set_ledger_id(kLedger);
  *backfill.mutable_command()->mutable_record() = Service("old", "ann", 60, 60);
  const auto response = Twice<v1::BackfillHoursResponse>(town_.platform(), backfill);
  ASSERT_EQ(response.segments_size(), 1);
  EXPECT_EQ(response.segments(0).honorary_minutes(), 60);
  EXPECT_EQ(response.segments(0).units(), 0);
  EXPECT_EQ(town_.BalanceOf("ann").honorary_minutes(), 60);
  EXPECT_EQ(PersonTimes(), 1);
}

TEST_F(Review, AnActivityOpensWhenSomebodyElseApprovesIt) {
  const auto submit = [](const std::string& id) {
    return Parse<v1::SubmitActivityRequest>(Text(
        "request_id: '", id, "' command { activity_id: '", id,
        "' organisation_id: 'beach' category: 'traffic_courtesy' starts_us: ", InstantUs(80, 0, 0),
        " }"));
  };
  const auto judge = [](const std::string& id, const char* verdict) {
    return Parse<v1::ReviewActivityRequest>(Text("request_id: 'judge-", id,
                                                 "' command { activity_id: '", id,
                                                 "' verdict: ", verdict, " reason_code: 'x' }"));
  };
  const auto served_at = [](const std::string& record, const std::string& activity) {
    auto credit = Credit(record, "ann", 4, 60);
    credit.mutable_command()->mutable_record()->set_activity_id(activity);
    return credit;
  };
  Twice<v1::SubmitActivityResponse>(town_.As("both"), submit("fair"));
  ASSERT_EQ(town_.As("both").Call(submit("gala")), "OK");
  const auto reviews = town_.Reviews();
  ASSERT_EQ(reviews.size(), 2);
  EXPECT_EQ(reviews[0].activity().activity_id(), "fair");
  EXPECT_EQ(reviews[0].activity().submitted_by(), "both");
  EXPECT_EQ(reviews[0].activity().organisation_id(), "beach");
  const std::string not_open = "FAILED_PRECONDITION ACTIVITY_NOT_OPEN command.record.activity_id";
  EXPECT_EQ(town_.platform().Call(served_at("f-1", "fair")), not_open);
  EXPECT_EQ(town_.As("both").Call(judge("fair", "VERDICT_APPROVE")),
            "PERMISSION_DENIED SELF_REVIEW command.activity_id");
  Twice<v1::ReviewActivityResponse>(town_.As("lin"), judge("fair", "VERDICT_APPROVE"));
  ASSERT_EQ(town_.As("lin").Call(judge("gala", "VERDICT_REJECT")), "OK");
  EXPECT_TRUE(town_.Reviews().empty());
  EXPECT_EQ(town_.platform().Call(served_at("f-1", "fair")), "OK");
  EXPECT_EQ(town_.platform().Call(served_at("g-1", "gala")), not_open);
  Twice<v1::CloseActivityResponse>(
      town_.platform(),
      Parse<v1::CloseActivityRequest>("request_id: 'close' command { activity_id: 'fair' }"));
  EXPECT_EQ(town_.platform().Call(served_at("f-2", "fair")), "OK") << "served before it closed";
  Twice<v1::CancelActivityResponse>(
      town_.platform(),
      Parse<v1::CancelActivityRequest>("request_id: 'cancel' command { activity_id: 'fair' "
                                       "reason_code: 'rain' }"));
  EXPECT_EQ(town_.platform().Call(served_at("f-3", "fair")), not_open);
  Twice<v1::SetRosterResponse>(
      town_.platform(),
      Parse<v1::SetRosterRequest>("request_id: 'roster' command { organisation_id: 'beach' "
                                  "headcount: 90 }"));
}

}  // namespace
}  // namespace meritbook::e2e
