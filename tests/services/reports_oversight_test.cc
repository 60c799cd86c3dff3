// What reports tell of what should be looked at, which requests they take, and past books.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "google/protobuf/text_format.h"
#include "services/past_books.h"
#include "services/reports.h"
#include "services/summary.h"
#include "storage/memory_event_log.h"
#include "tests/services/hand_log.h"

namespace meritbook {
namespace {

using Rows = std::vector<std::string>;

class Oversight : public testing::Test {
 protected:
  Oversight() {
    log_.Organisation("north", v1::ORGANISATION_KIND_COMMUNITY)
        .Activity("visit", "north", "care")
        .Merchant("bakery")
        .Item("bun", "bakery", 1, 1'000)
        .Volunteer("ann", "north")
        .Volunteer("bob", "north")
        .Volunteer("cat");
  }

  HandLog& Propose(const std::string& id, const std::string& change) {
    v1::Event event = log_.Next();
    v1::ProposeChange* command = event.mutable_change_proposed()->mutable_command();
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(change, command));
    command->set_proposal_id(id);
    return log_.Add(event);
  }
  v1::Event Submitted(const std::string& record, const std::string& volunteer,
                      const std::string& day) {
    v1::Event event = log_.Next();
    event.set_occurred_us(HandTime(day + " 12:00"));
    v1::ServiceRecord* service =
        event.mutable_hours_submitted()->mutable_command()->mutable_record();
    service->set_record_id(record);
    service->set_volunteer_id(volunteer);
    service->set_activity_id("visit");
    service->mutable_duration()->set_service_day(day);
    service->mutable_duration()->set_minutes(60);
    event.mutable_hours_submitted()->add_wait_reasons(v1::WAIT_REASON_LATE);
    event.mutable_hours_submitted()->add_wait_reasons(v1::WAIT_REASON_OWN_HOURS);
    return event;
  }
  Rows Found(const std::string& from = "", const std::string& until = "") {
    return Lines(Suspicious(log_.books(), Days(log_, from, until)));
  }

  HandLog log_;
};

TEST_F(Oversight, TwentyOldRecordsInOneDayAreABurst) {
  log_.At("2024-03-15 09:00").By("mei");
  for (int i = 0; i < 19; ++i) log_.Hours(Text("r", i), "cat", "visit", "2024-03-01", 30, 1);
  // A day younger than fourteen days, by somebody else, or the day after: none of the burst.
  log_.Hours("young", "cat", "visit", "2024-03-02", 30, 1);
  log_.By("lin").Hours("other", "cat", "visit", "2024-03-01", 30, 1);
  log_.By("mei").At("2024-03-16 09:00").Hours("later", "cat", "visit", "2024-03-01", 30, 1);
  EXPECT_EQ(Found(), Rows());
  log_.At("2024-03-16 10:00");
  for (int i = 0; i < 19; ++i) log_.Hours(Text("s", i), "cat", "visit", "2024-02-20", 30, 1);
  EXPECT_EQ(Found(), (Rows{"backdated_burst|mei||||2024-02-20|2024-03-16|20|600|"}));
  EXPECT_EQ(Found("", "2024-03-15"), Rows());
}

TEST_F(Oversight, EightOrdersWithinThirtyDaysAtOneMerchant) {
  log_.At("2024-01-02 09:00").Hours("r1", "cat", "visit", "2024-01-01", 600, 100);
  const auto redeem = [&](int number, const std::string& day) {
    log_.At(day + " 10:00").Redeem(Text("o", number), "cat", "bakery", {{"bun", 1, 1, 0}});
  };
  for (int i = 0; i < 7; ++i) redeem(i, Text("2024-02-0", i + 1));
  redeem(7, "2024-03-02");  // the thirty-first day
  EXPECT_EQ(Found(), Rows());
  redeem(8, "2024-03-02");
  EXPECT_EQ(Found(), (Rows{"same_merchant||cat|bakery||2024-02-02|2024-03-02|8||8"}));
  EXPECT_EQ(Found("2024-02-03", ""), Rows());
}

TEST_F(Oversight, HerOwnTeam) {
  v1::Event principal = log_.Next();
  principal.mutable_principal_registered()->mutable_command()->set_principal_id("lead");
  principal.mutable_principal_registered()->mutable_command()->set_volunteer_id("ann");
  log_.Add(principal);
  // Her own record, and one of another organisation's volunteer, don't count.
  log_.At("2024-01-09 09:00").By("lead").Hours("r1", "ann", "visit", "2024-01-08", 60, 10);
  log_.Hours("r2", "cat", "visit", "2024-01-08", 60, 10);
  EXPECT_EQ(Found(), Rows());
  log_.Hours("r3", "bob", "visit", "2024-01-08", 60, 10);
  log_.By("backend").Add(Submitted("r4", "bob", "2024-01-07"));
  v1::Event review = log_.By("lead").Next();
  review.mutable_hours_reviewed()->mutable_command()->mutable_record()->set_source("app");
  review.mutable_hours_reviewed()->mutable_command()->mutable_record()->set_record_id("r4");
  review.mutable_hours_reviewed()->set_volunteer_id("bob");
  *review.mutable_hours_reviewed()->mutable_credit() = HandLog::CreditOf("2024-01-07", 60, 10);
  log_.Add(review);
  EXPECT_EQ(Found(), (Rows{"own_team|lead|||north|2024-01-09|2024-01-09|2||"}));
}

TEST_F(Oversight, SixteenHoursInADay) {
  log_.At("2024-01-09 09:00").Hours("r1", "cat", "visit", "2024-01-08", 900, 1);
  log_.Hours("r2", "cat", "visit", "2024-01-08", 59, 1);
  EXPECT_EQ(Found(), Rows());
  log_.Hours("r3", "cat", "visit", "2024-01-08", 1, 1);
  EXPECT_EQ(Found(), (Rows{"long_day||cat|||2024-01-08|2024-01-08|3|960|"}));
  log_.Revoke("r2", "cat", 1);
  EXPECT_EQ(Found(), Rows());
}

TEST_F(Oversight, WhatTwoDecidedAndWhatOneDidAlone) {
  log_.At("2024-01-09 09:00").By("lin").Hours("r1", "cat", "visit", "2024-01-08", 60, 200);
  log_.Hours("r2", "cat", "visit", "2024-01-07", 60, 99);
  log_.Hours("r3", "cat", "visit", "2024-01-06", 60, 100);
  Propose("p1", "adjust_points { volunteer_id: 'cat' units: 6000 reason_code: 'x' }");
  Propose("p2", "revoke_hours { record { source: 'app' record_id: 'r1' } reason_code: 'x' }");
  log_.At("2024-01-10 09:00").By("mei");
  v1::Event rejected = log_.Next();
  rejected.mutable_change_rejected()->mutable_command()->set_proposal_id("p1");
  log_.Add(rejected);
  // Both of one command: the revocation is by two.
  v1::Event approved = log_.Next();
  approved.mutable_change_approved()->mutable_command()->set_proposal_id("p2");
  approved.set_command_event_count(2);
  log_.Add(approved);
  v1::Event of_two = log_.Next();
  of_two.set_command_first_sequence(approved.sequence());
  of_two.mutable_hours_revoked()->mutable_command()->mutable_record()->set_source("app");
  of_two.mutable_hours_revoked()->mutable_command()->mutable_record()->set_record_id("r1");
  of_two.mutable_hours_revoked()->set_volunteer_id("cat");
  of_two.mutable_hours_revoked()->mutable_claw_back()->add_available()->set_units(HandPoints(200));
  log_.Add(of_two);
  log_.Revoke("r2", "cat", 99);  // too little to be told
  log_.Revoke("r3", "cat", 100);
  Propose("p3", "allocate_budget { source: 'programme' year: 2024 fen: 1 }");
  // what, name, change, first by, when, second by, when, verdict, volunteer, points, sequence
  EXPECT_EQ(Lines(Exceptions(log_.books(), Window())),
            (Rows{"two_people|p1|adjust_points|lin|2024-01-09|mei|2024-01-10|rejected|cat|1|11",
                  "two_people|p2|revoke_hours|lin|2024-01-09|mei|2024-01-10|approved|||12",
                  "alone||revoke_hours|mei|2024-01-10||||cat|-100|17",
                  "two_people|p3|allocate_budget|mei|2024-01-10|||waits|||18"}));
  EXPECT_EQ(Lines(Exceptions(log_.books(), Days(log_, "", "2024-01-09"))),
            (Rows{"two_people|p1|adjust_points|lin|2024-01-09|||waits|cat|1|11",
                  "two_people|p2|revoke_hours|lin|2024-01-09|||waits|||12"}));
}

TEST_F(Oversight, OnePersonOpensAStatementAndPaysIt) {
  log_.By("lin");
  const auto step = [&](auto fill) {
    v1::Event event = log_.Next();
    fill(event);
    log_.Add(event);
  };
  step([](v1::Event& e) {
    e.mutable_statement_opened()->mutable_command()->set_statement_id("s1");
    e.mutable_statement_opened()->mutable_command()->set_merchant_id("bakery");
    e.mutable_statement_opened()->mutable_command()->set_final(true);
  });
  log_.By("till");
  step([](v1::Event& e) {
    e.mutable_statement_objected()->mutable_command()->set_statement_id("s1");
  });
  EXPECT_EQ(Lines(Reviews(log_.books(), Window())),
            (Rows{"objection|s1|bakery||till|2024-01-01||9"}));
  log_.By("mei");
  step([](v1::Event& e) {
    e.mutable_objection_resolved()->mutable_command()->set_statement_id("s1");
  });
  EXPECT_EQ(Lines(Reviews(log_.books(), Window())), Rows());
  EXPECT_EQ(Lines(Exceptions(log_.books(), Window())), Rows());
  log_.By("lin");
  step([](v1::Event& e) {
    e.mutable_payment_recorded()->mutable_command()->set_statement_id("s1");
    e.mutable_payment_recorded()->mutable_amounts()->set_units(HandPoints(3));
    e.mutable_payment_recorded()->set_merchant_id("bakery");
  });
  EXPECT_EQ(Lines(Exceptions(log_.books(), Window())),
            (Rows{"same_person|s1|record_payment|lin|2024-01-01|lin|2024-01-01|||3|11"}));
}

TEST_F(Oversight, WhatWaits) {
  v1::Event fair = log_.Next();
  auto* activity = fair.mutable_activity_submitted()->mutable_command();
  activity->set_activity_id("fair");
  activity->set_organisation_id("north");
  activity->set_category("care");
  log_.Add(fair);
  log_.At("2024-02-09 09:00").Add(Submitted("r1", "bob", "2024-02-01"));
  log_.Hours("r2", "cat", "visit", "2024-02-02", 60, 1);
  v1::Event dispute = log_.Next();
  dispute.mutable_hours_disputed()->mutable_command()->mutable_record()->set_source("app");
  dispute.mutable_hours_disputed()->mutable_command()->mutable_record()->set_record_id("r2");
  dispute.mutable_hours_disputed()->set_volunteer_id("cat");
  log_.Add(dispute);
  Propose("p1", "merge_volunteers { volunteer_id: 'cat' survivor_id: 'bob' }");
  const Rows all = {"activity|fair|||backend|2024-01-01||8",
                    "record|r1|app|bob|backend|2024-02-09|late own_hours|9",
                    "record|r2|app|cat|backend|2024-02-09|disputed|11",
                    "proposal|p1||cat|backend|2024-02-09|merge_volunteers|12"};
  EXPECT_EQ(Lines(Reviews(log_.books(), Window())), all);
  EXPECT_EQ(Lines(Reviews(log_.books(), Days(log_, "", "2024-02-01"))), (Rows{all[0], all[1]}));
  v1::Event open = log_.Next();
  open.mutable_activity_reviewed()->mutable_command()->set_activity_id("fair");
  open.mutable_activity_reviewed()->mutable_command()->set_verdict(v1::VERDICT_APPROVE);
  log_.Add(open);
  log_.Revoke("r2", "cat", 1);
  EXPECT_EQ(Lines(Reviews(log_.books(), Window())), (Rows{all[1], all[3]}));
  EXPECT_EQ(Lines(Reviews(log_.books(), Days(log_, "", "2024-02-01"))), (Rows{all[0], all[1]}));
}

TEST(ReportRequests, TakeWhatTheirKindTakesAndNothingElse) {
  const auto outcome = [](const std::string& text) -> std::string {
    v1::GetReportRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    const auto checked = CheckReport(request);
    const auto* refused = std::get_if<Refused>(&checked);
    return refused == nullptr ? "ok" : Text(RefusalName(refused->reason), " ", refused->field);
  };
  const std::pair<const char*, const char*> rows[] = {
      {"", "FIELD_MISSING kind"},
      {"kind: 99", "FIELD_INVALID kind"},
      {"kind: REPORT_KIND_STARS", "ok"},
      {"kind: REPORT_KIND_STARS as_of { until_day: '2024-02-30' }",
       "FIELD_INVALID as_of.until_day"},
      {"kind: REPORT_KIND_STARS from_day: '2024-02-01'", "FIELD_INVALID from_day"},
      {"kind: REPORT_KIND_STARS group: REPORT_GROUP_DAY", "FIELD_INVALID group"},
      {"kind: REPORT_KIND_STARS volunteer_id: 'ann'", "FIELD_INVALID volunteer_id"},
      {"kind: REPORT_KIND_STARS merchant_id: 'm'", "FIELD_INVALID merchant_id"},
      {"kind: REPORT_KIND_TOTALS", "FIELD_MISSING group"},
      {"kind: REPORT_KIND_TOTALS group: 77", "FIELD_INVALID group"},
      {"kind: REPORT_KIND_TOTALS group: REPORT_GROUP_DAY from_day: 'x'", "FIELD_INVALID from_day"},
      {"kind: REPORT_KIND_TOTALS group: REPORT_GROUP_DAY from_day: '2024-02-02' "
       "as_of { until_day: '2024-02-01' }",
       "FIELD_INVALID from_day"},
      {"kind: REPORT_KIND_TOTALS group: REPORT_GROUP_DAY from_day: '2024-02-01' "
       "as_of { until_day: '2024-02-01' }",
       "ok"},
      {"kind: REPORT_KIND_PASSBOOK", "FIELD_MISSING volunteer_id"},
      {"kind: REPORT_KIND_PASSBOOK volunteer_id: 'ann'", "ok"},
      {"kind: REPORT_KIND_PASSBOOK volunteer_id: 'ann' merchant_id: 'm'",
       "FIELD_INVALID merchant_id"},
      {"kind: REPORT_KIND_ACCOUNT", "FIELD_MISSING volunteer_id"},
      {"kind: REPORT_KIND_ACCOUNT merchant_id: 'm' from_day: '2024-02-02'", "ok"},
      {"kind: REPORT_KIND_ACCOUNT merchant_id: 'm' volunteer_id: 'ann'",
       "FIELD_INVALID merchant_id"},
      {"kind: REPORT_KIND_STOCK merchant_id: 'm'", "ok"},
  };
  for (const auto& [request, want] : rows) EXPECT_EQ(outcome(request), want) << request;
}

// One of every kind of report, and the summary, as text.
std::string AllReports(const books::Books& books) {
  std::string text = SummaryOf(books, std::nullopt).DebugString();
  for (int kind = v1::ReportKind_MIN + 1; kind <= v1::ReportKind_MAX; ++kind) {
    v1::GetReportRequest request;
    request.set_kind(static_cast<v1::ReportKind>(kind));
    request.set_group(v1::REPORT_GROUP_CATEGORY);
    if (kind != v1::REPORT_KIND_TOTALS) request.clear_group();
    const bool of_volunteer = kind == v1::REPORT_KIND_PASSBOOK ||
                              kind == v1::REPORT_KIND_CERTIFICATE ||
                              kind == v1::REPORT_KIND_ACCOUNT;
    if (of_volunteer) request.set_volunteer_id("cat");
    const auto checked = CheckReport(request);
    EXPECT_TRUE(std::holds_alternative<ReportRequest>(checked)) << kind;
    const auto made = MakeReport(books, std::get<ReportRequest>(checked));
    if (const auto* refused = std::get_if<Refused>(&made)) {
      text += Text(RefusalName(refused->reason), "\n");
      continue;
    }
    for (const v1::ReportRow& row : std::get<ReportTable>(made).rows) text += row.DebugString();
  }
  return text;
}

TEST_F(Oversight, PastBooksAreWhatTheBooksWere) {
  log_.At("2024-01-02 09:00").Hours("r1", "cat", "visit", "2024-01-01", 600, 100);
  log_.At("2024-01-03 09:00").Hold("h1", "cat", "bakery", {{"bun", 5, 1, 0}});
  log_.Confirm("h1", "cat", "bakery", {{"bun", 3, 1, 0}}, 5);
  log_.Refund("h1", "cat", "bakery", {{"bun", 1, 1, 0}});
  Propose("p1", "merge_volunteers { volunteer_id: 'cat' survivor_id: 'bob' }");
  log_.At("2024-01-04 09:00").Revoke("r1", "cat", 100);

  const auto log = std::make_shared<MemoryEventLog>();
  const uint64_t epoch = *log->AcquireWriter({"linhai"});
  LedgerAppend append{"linhai", epoch, 0, {}};
  std::vector<std::string> was;
  books::BooksKeeper keeper;
  for (const std::string& event : log_.events()) {
    append.events.Add(event);
    ASSERT_TRUE(keeper.Add(event).ok());
    was.push_back(AllReports(keeper.books()));
  }
  log->Append({std::move(append)}, [](AppendResult) {});

  PastBooks past([&log] { return log; });
  const auto stopped = [] { return std::optional<Refused>(); };
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(Text("seed ", seed));
  std::vector<uint64_t> sizes;
  for (uint64_t size = 1; size <= was.size(); ++size) sizes.insert(sizes.end(), 2, size);
  std::shuffle(sizes.begin(), sizes.end(), std::mt19937(seed));
  for (const uint64_t size : sizes) {
    const auto books = past.At("linhai", size, stopped);
    ASSERT_TRUE(std::holds_alternative<const books::Books*>(books)) << size;
    EXPECT_EQ(AllReports(*std::get<const books::Books*>(books)), was[size - 1]) << size;
  }
  for (const auto& [time, size] : {std::pair("2024-01-01 08:00", 0u),
                                   {"2024-01-02 09:00", 8u},
                                   {"2024-01-02 09:01", 9u},
                                   {"2030-01-01 00:00", 14u}}) {
    const auto found = past.SizeBefore("linhai", was.size(), HandTime(time));
    ASSERT_TRUE(std::holds_alternative<uint64_t>(found));
    EXPECT_EQ(std::get<uint64_t>(found), size) << time;
  }
  const auto cancelled = past.At("linhai", 3, [] {
    return Refused{v1::REFUSAL_STOPPING, "", "", {}};
  });
  EXPECT_EQ(std::get<Refused>(cancelled).reason, v1::REFUSAL_STOPPING);
}

TEST_F(Oversight, NobodyKnowsHerOrSheIsAnother) {
  const auto outcome = [&](const std::string& volunteer, v1::ReportKind kind) {
    ReportRequest request;
    request.kind = kind;
    request.volunteer_id = volunteer;
    const auto made = MakeReport(log_.books(), request);
    const auto* refused = std::get_if<Refused>(&made);
    return refused == nullptr ? std::string("ok") : std::string(RefusalName(refused->reason));
  };
  EXPECT_EQ(outcome("nobody", v1::REPORT_KIND_PASSBOOK), "VOLUNTEER_UNKNOWN");
  EXPECT_EQ(outcome("cat", v1::REPORT_KIND_CERTIFICATE), "ok");
  v1::Event merged = log_.Next();
  merged.mutable_volunteers_merged()->mutable_command()->set_volunteer_id("cat");
  merged.mutable_volunteers_merged()->mutable_command()->set_survivor_id("bob");
  log_.Add(merged);
  EXPECT_EQ(outcome("cat", v1::REPORT_KIND_CERTIFICATE), "VOLUNTEER_MERGED");
  ReportRequest request;
  request.kind = v1::REPORT_KIND_STOCK;
  request.merchant_id = "nobody";
  const auto made = MakeReport(log_.books(), request);
  EXPECT_EQ(std::get<Refused>(made).reason, v1::REFUSAL_MERCHANT_UNKNOWN);
}

}  // namespace
}  // namespace meritbook
