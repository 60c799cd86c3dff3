// A hand-made log and figures computed by hand.
#include "services/summary.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/text.h"
#include "ledger/units.h"
#include "services/books_keeper.h"

namespace meritbook {
namespace {

struct Part {
  int32_t day = 0;
  uint32_t credited_minutes = 0;
  uint32_t honorary_minutes = 0;
  int64_t points = 0;
};

class SummaryTest : public testing::Test {
 protected:
  // The next event; the test fills its body in.
  v1::Event Next() {
    v1::Event event;
    event.set_sequence(keeper_.size());
    event.set_recorded_us(1'000 + static_cast<int64_t>(keeper_.size()));
    event.set_occurred_us(event.recorded_us());
    event.set_scope(v1::REQUEST_SCOPE_SOURCE);
    event.set_source("app");
    return event;
  }
  absl::Status Try(const v1::Event& event) { return keeper_.Add(event.SerializeAsString()); }
  void Add(const v1::Event& event) {
    const absl::Status status = Try(event);
    ASSERT_TRUE(status.ok()) << status;
  }

  void Organisation(const std::string& id, v1::OrganisationKind kind) {
    v1::Event event = Next();
    auto* command = event.mutable_organisation_registered()->mutable_command();
    command->set_organisation_id(id);
    command->set_kind(kind);
    Add(event);
  }
  void Activity(const std::string& id, const std::string& organisation,
                const std::string& category) {
    v1::Event event = Next();
    auto* command = event.mutable_activity_registered()->mutable_command();
    command->set_activity_id(id);
    command->set_organisation_id(organisation);
    command->set_category(category);
    Add(event);
  }
  void Session(const std::string& id, const std::string& activity) {
    v1::Event event = Next();
    auto* command = event.mutable_session_registered()->mutable_command();
    command->set_session_id(id);
    command->set_activity_id(activity);
    command->set_service_day("1970-04-11");
    Add(event);
  }
  void Volunteer(const std::string& id, const std::vector<v1::Cohort>& cohorts = {}) {
    v1::Event event = Next();
    auto* command = event.mutable_volunteer_registered()->mutable_command();
    command->set_volunteer_id(id);
    for (v1::Cohort cohort : cohorts) command->add_cohorts(cohort);
    Add(event);
  }
  v1::Event Hours(const std::string& volunteer, const std::string& activity,
                  const std::string& session, const std::vector<Part>& parts) {
    v1::Event event = Next();
    v1::HoursCredited* credited = event.mutable_hours_credited();
    v1::ServiceRecord* record = credited->mutable_command()->mutable_record();
    record->set_record_id(Text("r", keeper_.size()));
    record->set_volunteer_id(volunteer);
    record->set_activity_id(activity);
    if (!session.empty()) record->set_session_id(session);
    for (const Part& part : parts) {
      v1::CreditSegment* segment = credited->mutable_credit()->add_segments();
      segment->set_service_day_number(part.day);
      segment->set_credited_minutes(part.credited_minutes);
      segment->set_honorary_minutes(part.honorary_minutes);
      segment->set_units(part.points * kUnitsPerPoint);
    }
    return event;
  }
  v1::Event Expired(const std::string& volunteer, const std::vector<int64_t>& lots_units) {
    v1::Event event = Next();
    event.mutable_points_expired()->set_volunteer_id(volunteer);
    for (int64_t units : lots_units) event.mutable_points_expired()->add_lots()->set_units(units);
    return event;
  }
  v1::Event Order(const std::string& volunteer, int64_t points) {
    v1::Event event = Next();
    v1::OrderRedeemed* redeemed = event.mutable_order_redeemed();
    redeemed->mutable_command()->set_order_id(Text("o", keeper_.size()));
    redeemed->mutable_command()->set_merchant_id("bakery");
    redeemed->set_volunteer_id(volunteer);
    redeemed->set_units(points * kUnitsPerPoint);
    return event;
  }

  void Merchant(const std::string& id) {
    v1::Event event = Next();
    event.mutable_merchant_onboarded()->mutable_command()->set_merchant_id(id);
    Add(event);
  }

  // Two communities, one of them idle, and a unit.
  void Town() {
    v1::Event founded = Next();
    founded.mutable_ledger_created()->set_ledger_id("linhai");
    founded.mutable_ledger_created()->set_time_zone("Asia/Shanghai");
    Add(founded);
    Organisation("north", v1::ORGANISATION_KIND_COMMUNITY);
    Organisation("south", v1::ORGANISATION_KIND_COMMUNITY);
    Organisation("police", v1::ORGANISATION_KIND_UNIT);
    Activity("visit", "north", "care");
    Activity("patrol", "north", "night_watch");
    Activity("crossing", "police", "traffic_courtesy");
    Session("monday", "crossing");
    Session("tuesday", "crossing");
    Session("party", "visit");
    Volunteer("anna", {v1::COHORT_PARTY});
    Volunteer("bo", {v1::COHORT_PARTY, v1::COHORT_LEAGUE});
    Volunteer("cy");
  }

  v1::GetSummaryResponse Figures() const { return SummaryOf(keeper_.books(), std::nullopt); }

  books::BooksKeeper keeper_;
};

TEST_F(SummaryTest, AnEmptyLogHasOnlyZeros) {
  const v1::GetSummaryResponse figures = Figures();
  v1::GetSummaryResponse want;
  want.set_units_per_point(6000);
  want.mutable_communities();
  EXPECT_EQ(figures.DebugString(), want.DebugString());
}

TEST_F(SummaryTest, ATownByHand) {
  Town();
  // Without a session: one (volunteer, activity, day), however many records.
  Add(Hours("anna", "visit", "", {{100, 60, 0, 10}}));
  Add(Hours("anna", "visit", "", {{100, 30, 0, 5}}));
  Add(Hours("anna", "visit", "", {{101, 30, 0, 5}}));
  Add(Hours("bo", "visit", "", {{100, 60, 15, 10}}));
  // A night shift is one, of the evening on which it began …
  Add(Hours("cy", "patrol", "", {{100, 120, 0, 20}, {101, 360, 0, 60}}));
  Add(Hours("cy", "patrol", "", {{100, 60, 0, 10}}));
  // … and the next evening another.
  Add(Hours("cy", "patrol", "", {{101, 60, 0, 10}}));
  // With a session: one (volunteer, session), over days too, and apart from her days.
  Add(Hours("anna", "visit", "party", {{100, 60, 0, 10}}));
  Add(Hours("anna", "visit", "party", {{101, 60, 0, 10}}));
  // Sessions at the crossing: only monday has anybody, and counts once. Not a community's.
  Add(Hours("anna", "crossing", "monday", {{102, 60, 0, 10}}));
  Add(Hours("bo", "crossing", "monday", {{102, 60, 0, 10}}));
  // Traffic without a session is no session.
  Add(Hours("cy", "crossing", "", {{103, 60, 0, 10}}));
  Merchant("bakery");
  for (const char* id : {"bun", "roll"}) {
    v1::Event item = Next();
    item.mutable_item_published()->mutable_command()->set_item_id(id);
    item.mutable_item_published()->mutable_command()->set_merchant_id("bakery");
    Add(item);
  }
  v1::Event stock = Next();
  stock.mutable_stock_received()->mutable_command()->set_item_id("bun");
  Add(stock);
  Add(Order("anna", 12));
  Add(Order("bo", 3));
  Add(Expired("cy", {20 * 6000, 5 * 6000 + 60}));

  v1::GetSummaryResponse want;
  want.set_size(13 + 12 + 7);
  want.set_last_recorded_us(1'000 + 31);
  want.set_volunteers(3);
  want.set_party_members(2);
  want.set_league_members(1);
  want.set_organisations(3);
  want.set_activities(3);
  // anna: visit on two days, party, monday; bo: visit, monday; cy: two nights, crossing.
  want.set_person_times(4 + 2 + 3);
  // 60+30+30+75 visits, 480+60+60 patrols, 60+60 party, 60+60+60 crossing
  want.set_service_minutes(195 + 600 + 120 + 180);
  want.set_points_issued_units((30 + 100 + 20 + 30) * 6000);
  want.set_expired_units(25 * 6000 + 60);
  want.set_redeemed_units(15 * 6000);
  want.set_units_per_point(6000);
  want.set_traffic_sessions(1);
  want.set_merchants(1);
  want.set_items(2);
  want.set_orders(2);
  v1::CommunityTotals* communities = want.mutable_communities();
  communities->set_communities(2);
  communities->set_activities(2);
  communities->set_person_times(3 + 1 + 2);
  communities->set_minutes(195 + 600 + 120);
  want.set_outstanding_units((180 - 25 - 15) * 6000 - 60);
  // The log's last day is 1 January 1970: the service of the days to come isn't in it.
  want.mutable_this_year()->set_year(1970);
  want.mutable_this_year()->set_new_volunteers(3);
  want.mutable_this_year()->set_redeemed_units(15 * 6000);
  want.mutable_last_year()->set_year(1969);
  EXPECT_EQ(Figures().DebugString(), want.DebugString());
}

TEST_F(SummaryTest, AThousandPointsExactlyCount) {
  Town();
  const auto marks = [this] {
    const v1::GetSummaryResponse figures = Figures();
    return std::pair(figures.volunteers_1000_earned(), figures.volunteers_1000_balance());
  };
  v1::Event almost = Hours("anna", "visit", "", {{100, 60, 0, 1000}});
  almost.mutable_hours_credited()->mutable_credit()->mutable_segments(0)->set_units(1000 * 6000 -
                                                                                    1);
  Add(almost);
  EXPECT_EQ(marks(), std::pair(0ul, 0ul));
  v1::Event rest = Hours("anna", "visit", "", {{101, 60, 0, 0}});
  rest.mutable_hours_credited()->mutable_credit()->mutable_segments(0)->set_units(1);
  Add(rest);
  EXPECT_EQ(marks(), std::pair(1ul, 1ul));
  // Spent or lapsed: earned for ever, but no longer there.
  Merchant("bakery");
  Add(Order("anna", 1));
  EXPECT_EQ(marks(), std::pair(1ul, 0ul));
  Add(Hours("anna", "visit", "", {{102, 60, 0, 1}}));
  EXPECT_EQ(marks(), std::pair(1ul, 1ul));
  Add(Expired("anna", {1}));
  EXPECT_EQ(marks(), std::pair(1ul, 0ul));
}

// Person-times, minutes of service, points issued.
using Totals = std::tuple<uint64_t, uint64_t, int64_t>;

Totals TotalsOf(const v1::GetSummaryResponse& figures) {
  return {figures.person_times(), figures.service_minutes(),
          figures.points_issued_units() / kUnitsPerPoint};
}

TEST_F(SummaryTest, WhatWaitsCountsOnceItIsApproved) {
  Town();
  v1::Event waiting = Hours("anna", "visit", "", {{100, 60, 0, 10}});
  const v1::HoursCredited credited = waiting.hours_credited();
  *waiting.mutable_hours_submitted()->mutable_command()->mutable_record() =
      credited.command().record();
  waiting.mutable_hours_submitted()->add_wait_reasons(v1::WAIT_REASON_LATE);
  Add(waiting);
  EXPECT_EQ(TotalsOf(Figures()), Totals(0, 0, 0));
  v1::Event reviewed = Next();
  v1::HoursReviewed* review = reviewed.mutable_hours_reviewed();
  review->mutable_command()->mutable_record()->set_source("app");
  review->mutable_command()->mutable_record()->set_record_id(
      credited.command().record().record_id());
  review->set_volunteer_id("anna");
  *review->mutable_credit() = credited.credit();
  Add(reviewed);
  EXPECT_EQ(TotalsOf(Figures()), Totals(1, 60, 10));
}

TEST_F(SummaryTest, WhatIsTakenBackOrReplacedCountsNoMore) {
  Town();
  const v1::Event first = Hours("anna", "visit", "", {{100, 60, 0, 10}});
  Add(first);
  const v1::Event second = Hours("anna", "visit", "", {{101, 30, 0, 5}});
  Add(second);
  EXPECT_EQ(TotalsOf(Figures()), Totals(2, 90, 15));
  v1::Event corrected = Next();
  v1::HoursCorrected* correction = corrected.mutable_hours_corrected();
  correction->mutable_command()->mutable_record()->set_source("app");
  correction->mutable_command()->mutable_record()->set_record_id(
      second.hours_credited().command().record().record_id());
  *correction->mutable_command()->mutable_replacement() =
      second.hours_credited().command().record();
  correction->mutable_command()->mutable_replacement()->set_record_id("better");
  correction->set_volunteer_id("anna");
  v1::CreditSegment* segment = correction->mutable_credit()->add_segments();
  segment->set_service_day_number(100);
  segment->set_credited_minutes(120);
  segment->set_units(20 * kUnitsPerPoint);
  correction->mutable_claw_back()->add_available()->set_units(5 * kUnitsPerPoint);
  *correction->mutable_returned() = correction->claw_back();
  correction->mutable_credit()->mutable_inflow()->add_lots()->set_units(15 * kUnitsPerPoint);
  Add(corrected);
  // Both on the same day now: one person-time.
  EXPECT_EQ(TotalsOf(Figures()), Totals(1, 180, 30));
  v1::Event revoked = Next();
  v1::HoursRevoked* revocation = revoked.mutable_hours_revoked();
  revocation->mutable_command()->mutable_record()->set_source("app");
  revocation->mutable_command()->mutable_record()->set_record_id(
      first.hours_credited().command().record().record_id());
  revocation->set_volunteer_id("anna");
  revocation->mutable_claw_back()->add_available()->set_units(10 * kUnitsPerPoint);
  Add(revoked);
  EXPECT_EQ(TotalsOf(Figures()), Totals(1, 120, 30));
}

TEST_F(SummaryTest, TwoRegistrationsOfOnePersonAreOne) {
  Town();
  Add(Hours("anna", "visit", "", {{100, 60, 0, 10}}));
  Add(Hours("bo", "visit", "", {{100, 60, 0, 10}}));
  Add(Hours("bo", "visit", "party", {{100, 60, 0, 10}}));
  EXPECT_EQ(TotalsOf(Figures()), Totals(3, 180, 30));
  v1::Event merged = Next();
  v1::VolunteersMerged* merger = merged.mutable_volunteers_merged();
  merger->mutable_command()->set_volunteer_id("bo");
  merger->mutable_command()->set_survivor_id("anna");
  merger->set_available_units(20 * kUnitsPerPoint);
  Add(merged);
  EXPECT_EQ(TotalsOf(Figures()), Totals(2, 180, 30));
  EXPECT_EQ(Figures().volunteers(), 2u);
  EXPECT_EQ(Figures().party_members(), 1u);
  EXPECT_EQ(Figures().league_members(), 1u);
}

TEST_F(SummaryTest, AnEventThatCantBeCountedCountsNothingAndIsTriedAgain) {
  Town();
  const std::string before = Figures().DebugString();
  v1::Event ahead = Next();
  ahead.set_sequence(keeper_.size() + 1);
  v1::Event activity = Next();
  activity.mutable_activity_registered()->mutable_command()->set_organisation_id("nobody");
  v1::Event session = Next();
  session.mutable_session_registered()->mutable_command()->set_activity_id("nothing");
  v1::Event volunteer = Next();
  volunteer.mutable_volunteer_registered()->mutable_command()->set_volunteer_id("anna");
  const std::vector<v1::Event> events = {
      ahead,
      Next(),  // of an unknown kind
      activity,
      session,
      volunteer,
      Hours("nobody", "visit", "", {{100, 60, 0, 10}}),
      Hours("anna", "nothing", "", {{100, 60, 0, 10}}),
      Hours("anna", "visit", "never", {{100, 60, 0, 10}}),
      Hours("anna", "visit", "", {}),
      Expired("nobody", {1}),
      Order("nobody", 1),
      Order("anna", 1),  // at a merchant that there isn't
  };
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(Try(events[i]).code(), absl::StatusCode::kDataLoss) << i;
  }
  EXPECT_EQ(keeper_.Add("not an event").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Figures().DebugString(), before);
  Add(Hours("anna", "visit", "", {{100, 60, 0, 10}}));
}

}  // namespace
}  // namespace meritbook
