// Service in reports, by hand: both axes, corrections, revocations, merges.
#include <gtest/gtest.h>

#include "services/reports.h"
#include "services/summary.h"
#include "tests/services/hand_log.h"

namespace meritbook {
namespace {

using Rows = std::vector<std::string>;

// Two communities and a unit; a crossing with two slots.
class ServiceReports : public testing::Test {
 protected:
  ServiceReports() {
    log_.Organisation("north", v1::ORGANISATION_KIND_COMMUNITY, 4)
        .Organisation("police", v1::ORGANISATION_KIND_UNIT, 10)
        .Organisation("south", v1::ORGANISATION_KIND_COMMUNITY)
        .Activity("visit", "north", "care", "", "spring")
        .Activity("crossing", "police", "traffic_courtesy", "bridge")
        .Activity("patrol", "police", "night_watch")
        .Session("mon", "crossing", "2024-03-04", "morning")
        .Session("tue", "crossing", "2024-03-05", "evening")
        .Session("wed", "crossing", "2024-03-06", "morning")
        .Session("empty", "crossing", "2024-03-07", "morning");
    for (const char* id : {"ann", "bob", "cat", "dot"}) log_.Volunteer(id, "north");
    log_.At("2024-04-10 09:00")
        .Hours("r1", "ann", "visit", "2024-03-04", 60, 10)
        .Hours("r2", "ann", "visit", "2024-03-04", 30, 5)
        .Hours("r3", "bob", "visit", "2024-03-05", 60, 10)
        .Hours("r4", "ann", "crossing", "2024-03-04", 120, 20, "mon")
        .Hours("r5", "bob", "crossing", "2024-03-04", 120, 20, "mon")
        .Hours("r6", "cat", "crossing", "2024-03-05", 60, 10, "tue")
        .Hours("r7", "cat", "crossing", "2024-04-01", 60, 10, "wed");
    // A night of two days, three hours of it honorary.
    v1::Event night = log_.HoursEvent("r8", "bob", "patrol", "2024-03-31", 60, 10);
    v1::CreditSegment* morning = night.mutable_hours_credited()->mutable_credit()->add_segments();
    morning->set_service_day_number(*ParseDay("2024-04-01"));
    morning->set_honorary_minutes(180);
    log_.Add(night);
  }

  Rows By(v1::ReportGroup group, const std::string& from = "", const std::string& until = "") {
    return Lines(Totals(log_.books(), Days(log_, from, until), group));
  }

  HandLog log_;
};

TEST_F(ServiceReports, TotalsOfEveryGroup) {
  const std::string total = "=|7|3|570|180|95";
  EXPECT_EQ(By(v1::REPORT_GROUP_ACTIVITY),
            (Rows{"crossing|4|3|360|0|60", "patrol|1|1|60|180|10", "visit|2|2|150|0|25", total}));
  EXPECT_EQ(By(v1::REPORT_GROUP_SESSION), (Rows{"mon|2|2|240|0|40", "tue|1|1|60|0|10",
                                                "wed|1|1|60|0|10", "|3|2|210|180|35", total}));
  EXPECT_EQ(By(v1::REPORT_GROUP_ORGANISATION),
            (Rows{"north|2|2|150|0|25", "police|5|3|420|180|70", total}));
  EXPECT_EQ(By(v1::REPORT_GROUP_COMMUNITY), (Rows{"north|2|2|150|0|25", "|5|3|420|180|70", total}));
  EXPECT_EQ(By(v1::REPORT_GROUP_CATEGORY), (Rows{"care|2|2|150|0|25", "night_watch|1|1|60|180|10",
                                                 "traffic_courtesy|4|3|360|0|60", total}));
  EXPECT_EQ(By(v1::REPORT_GROUP_CAMPAIGN), (Rows{"spring|2|2|150|0|25", "|5|3|420|180|70", total}));
  // A session's person-time belongs to the session's day, its minutes to the days of service.
  EXPECT_EQ(By(v1::REPORT_GROUP_DAY),
            (Rows{"2024-03-04|3|2|330|0|55", "2024-03-05|2|2|120|0|20", "2024-03-06|1|0|0|0|0",
                  "2024-03-31|1|1|60|0|10", "2024-04-01|0|2|60|180|10", total}));
  EXPECT_EQ(By(v1::REPORT_GROUP_MONTH),
            (Rows{"2024-03|7|3|510|0|85", "2024-04|0|2|60|180|10", total}));
}

TEST_F(ServiceReports, OfAPartOfTheDays) {
  EXPECT_EQ(By(v1::REPORT_GROUP_CATEGORY, "2024-03-05", "2024-03-05"),
            (Rows{"care|1|1|60|0|10", "traffic_courtesy|1|1|60|0|10", "=|2|2|120|0|20"}));
  EXPECT_EQ(By(v1::REPORT_GROUP_CATEGORY, "2024-05-01", ""), (Rows{"=|0|0|0|0|0"}));
}

TEST_F(ServiceReports, WhatIsKnownLaterChangesEarlierDaysAndNoEarlierBooks) {
  const Rows before = By(v1::REPORT_GROUP_DAY, "", "2024-03-04");
  EXPECT_EQ(before, (Rows{"2024-03-04|3|2|330|0|55", "=|3|2|330|0|55"}));
  // In May it turns out that ann was not there; and r5 was half as long, a day later.
  log_.At("2024-05-02 10:00").Revoke("r4", "ann", 20);
  v1::Event corrected = log_.Next();
  corrected.set_occurred_us(HandTime("2024-03-05 12:00"));
  v1::HoursCorrected* correction = corrected.mutable_hours_corrected();
  correction->mutable_command()->mutable_record()->set_source("app");
  correction->mutable_command()->mutable_record()->set_record_id("r5");
  v1::ServiceRecord* better = correction->mutable_command()->mutable_replacement();
  better->set_record_id("r5b");
  better->set_volunteer_id("bob");
  better->set_activity_id("crossing");
  better->set_session_id("tue");
  correction->set_volunteer_id("bob");
  correction->mutable_claw_back()->add_available()->set_units(HandPoints(20));
  correction->mutable_returned()->add_available()->set_units(HandPoints(10));
  *correction->mutable_credit() = HandLog::CreditOf("2024-03-05", 60, 10);
  log_.Add(corrected);
  // Service is what is known of it now …
  EXPECT_EQ(By(v1::REPORT_GROUP_DAY, "", "2024-03-05"),
            (Rows{"2024-03-04|1|1|90|0|15", "2024-03-05|3|2|180|0|30", "=|4|3|270|0|45"}));
  // … points moved when they did: ann's 35 of March are there until the revocation in May.
  const uint32_t ann = *log_.books().volunteer_ids.Of("ann");
  EXPECT_EQ(Lines(VolunteerAccount(log_.books(), Days(log_, "", "2024-05-01"), ann)).back(),
            "=||||0|35|0|0|35|35");
  EXPECT_EQ(Lines(VolunteerAccount(log_.books(), Days(log_, "", "2024-05-02"), ann)).back(),
            "=||||0|15|0|0|15|15");
}

TEST_F(ServiceReports, CommunitiesAndCrossings) {
  EXPECT_EQ(Lines(Communities(log_.books(), Window())),
            (Rows{"north|1|2|2|150|0|25", "south|0|0|0|0|0|0", "=|1|2|2|150|0|25"}));
  EXPECT_EQ(Lines(Crossings(log_.books(), Window())),
            (Rows{"bridge|evening|1|1|1|60", "bridge|morning|2|3|3|300", "=||3|4|3|360"}));
  EXPECT_EQ(Lines(Crossings(log_.books(), Days(log_, "", "2024-03-05"))),
            (Rows{"bridge|evening|1|1|1|60", "bridge|morning|1|2|2|240", "=||2|3|3|300"}));
}

TEST_F(ServiceReports, ParticipationAndItsMark) {
  // north has three of four; nobody is of the others.
  EXPECT_EQ(Lines(Organisations(log_.books(), Window())),
            (Rows{"north|community|4|4|3|7500|no", "police|unit|10|0|0|0|no",
                  "south|community||0|0||", "=|||4|3||"}));
  log_.At("2024-04-12 09:00").Hours("r9", "dot", "visit", "2024-04-11", 60, 10);
  EXPECT_EQ(Lines(Organisations(log_.books(), Window()))[0], "north|community|4|4|4|10000|yes");
  EXPECT_EQ(Lines(Organisations(log_.books(), Days(log_, "", "2024-04-10")))[0],
            "north|community|4|4|3|7500|no");
  for (const auto& [headcount, mark] : {std::pair(5u, "8000|no"), {4u, "10000|yes"}}) {
    v1::Event roster = log_.Next();
    roster.mutable_roster_set()->mutable_command()->set_organisation_id("north");
    roster.mutable_roster_set()->mutable_command()->set_headcount(headcount);
    log_.Add(roster);
    EXPECT_EQ(Lines(Organisations(log_.books(), Window()))[0],
              Text("north|community|", headcount, "|4|4|", mark));
  }
}

TEST_F(ServiceReports, NineOfTenIsTheMark) {
  HandLog log;
  log.Organisation("team", v1::ORGANISATION_KIND_TEAM, 10).Activity("visit", "team", "care");
  for (int i = 0; i < 9; ++i) log.Volunteer(Text("v", i), "team");
  log.At("2024-02-02 09:00");
  for (int i = 0; i < 8; ++i) log.Hours(Text("r", i), Text("v", i), "visit", "2024-02-01", 60, 1);
  EXPECT_EQ(Lines(Organisations(log.books(), Window()))[0], "team|team|10|9|8|8000|no");
  log.Hours("r8", "v8", "visit", "2024-02-01", 60, 1);
  EXPECT_EQ(Lines(Organisations(log.books(), Window()))[0], "team|team|10|9|9|9000|yes");
}

TEST_F(ServiceReports, TwoRegistrationsAreOnePersonOnEveryDay) {
  log_.At("2024-05-01 09:00");
  v1::Event merged = log_.Next();
  merged.mutable_volunteers_merged()->mutable_command()->set_volunteer_id("bob");
  merged.mutable_volunteers_merged()->mutable_command()->set_survivor_id("ann");
  merged.mutable_volunteers_merged()->set_available_units(HandPoints(40));
  log_.Add(merged);
  // Both were on Monday's crossing: once.
  EXPECT_EQ(By(v1::REPORT_GROUP_DAY, "", "2024-03-04"),
            (Rows{"2024-03-04|2|1|330|0|55", "=|2|1|330|0|55"}));
  const v1::GetSummaryResponse figures = SummaryOf(log_.books(), ParseDay("2024-03-31"));
  EXPECT_EQ(figures.volunteers(), 3u);
  EXPECT_EQ(figures.person_times(), 6u);
  EXPECT_EQ(figures.active_volunteers(), 2u);
}

TEST_F(ServiceReports, StarsAndACertificate) {
  log_.Hours("r9", "ann", "visit", "2024-02-29", 1'440, 0);
  v1::Event opening = log_.Next();
  v1::OpeningBalance* balance = opening.mutable_opening_balance_loaded()->mutable_balance();
  balance->set_volunteer_id("ann");
  balance->set_credited_minutes(70 * 60);
  balance->set_honorary_minutes(149);
  log_.Add(opening);
  const uint32_t ann = *log_.books().volunteer_ids.Of("ann");
  // 24 h + 1 h 30 min and 2 h of this ledger, 72 h 29 min from before: a minute short of 100 h.
  EXPECT_EQ(Lines(Certificate(log_.books(), Window(), ann)),
            (Rows{"2024|care|2|1530|0|1530|", "2024|traffic_courtesy|1|120|0|120|",
                  "|||4200|149|4349|", "=||3|5850|149|5999|0"}));
  EXPECT_EQ(Lines(Stars(log_.books(), Window())), (Rows{"5|90000|0", "4|60000|0", "3|36000|0",
                                                        "2|18000|0", "1|6000|0", "0|0|4", "=||4"}));
  log_.Hours("r10", "ann", "visit", "2023-12-31", 1, 0);
  EXPECT_EQ(Lines(Certificate(log_.books(), Window(), ann)).back(), "=||4|5851|149|6000|1");
  EXPECT_EQ(Lines(Stars(log_.books(), Window()))[4], "1|6000|1");
  EXPECT_EQ(Lines(Certificate(log_.books(), Days(log_, "", "2023-12-31"), ann)),
            (Rows{"2023|care|1|1|0|1|", "=||1|1|0|1|0"}));
  // Another rule, from a day on.
  v1::Event rule = log_.Next();
  rule.mutable_rule_published()->mutable_command()->set_effective_from_day("2024-06-01");
  rule.mutable_rule_published()->mutable_command()->add_star_hours(1);
  rule.mutable_rule_published()->mutable_command()->add_star_hours(100);
  log_.Add(rule);
  EXPECT_EQ(Lines(Stars(log_.books(), Window())).size(), 7u);
  EXPECT_EQ(Lines(Stars(log_.books(), Days(log_, "", "2024-06-01"))),
            (Rows{"2|6000|1", "1|60|2", "0|0|1", "=||4"}));
}

TEST_F(ServiceReports, TheYearAndTheOneBefore) {
  log_.Hours("old", "ann", "visit", "2023-04-10", 60, 10)
      .Hours("older", "bob", "visit", "2023-04-11", 30, 5);
  const v1::GetSummaryResponse figures = SummaryOf(log_.books(), std::nullopt);
  EXPECT_EQ(figures.this_year().year(), 2024u);
  EXPECT_EQ(figures.this_year().new_volunteers(), 4u);
  EXPECT_EQ(figures.this_year().active_volunteers(), 3u);
  EXPECT_EQ(figures.this_year().service_minutes(), 750u);
  EXPECT_EQ(figures.this_year().person_times(), 7u);
  // Up to 10 April.
  EXPECT_EQ(figures.last_year().year(), 2023u);
  EXPECT_EQ(figures.last_year().service_minutes(), 60u);
  EXPECT_EQ(figures.last_year().active_volunteers(), 1u);
  EXPECT_EQ(figures.last_year().new_volunteers(), 0u);
  // Twelve months up to 29 February 2024 begin on 1 March 2023.
  EXPECT_EQ(SummaryOf(log_.books(), ParseDay("2024-02-29")).active_volunteers(), 2u);
  EXPECT_EQ(SummaryOf(log_.books(), ParseDay("2024-02-29")).last_year().year(), 2023u);
  EXPECT_EQ(SummaryOf(log_.books(), ParseDay("2023-04-10")).active_volunteers(), 1u);
}

}  // namespace
}  // namespace meritbook
