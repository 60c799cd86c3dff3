#include "tests/ledger/mutation.h"

#include <gtest/gtest.h>

#include "ledger/posting.h"
#include "ledger/text.h"
#include "tests/ledger/lines.h"

namespace meritbook {
namespace {

size_t Find(const std::vector<v1::Event>& events, v1::Event::BodyCase kind, size_t skip) {
  for (size_t i = 0; i < events.size(); ++i) {
    if (events[i].body_case() == kind && skip-- == 0) return i;
  }
  ADD_FAILURE() << "no such event";
  return 0;
}

std::vector<std::string> Names(const v1::Event& event) {
  const auto volunteers = VolunteersOf(event);
  return {volunteers.begin(), volunteers.end()};
}

void Relink(const State& state, v1::Event& event) {
  event.clear_passbook();
  for (const std::string& id : Names(event)) {
    v1::PassbookLink* link = event.add_passbook();
    link->set_volunteer_id(id);
    const Volunteer* volunteer = state.volunteers().Find(id);
    if (volunteer == nullptr) continue;
    link->set_event_count(volunteer->event_count + 1);
    link->set_previous_sequence(volunteer->last_sequence);
  }
}

}  // namespace

const std::string& WholeLife() {
  static const std::string* const life = new std::string(
      R"(use old_town
by committee
RegisterPrincipal principal_id: "p1" roles: ROLE_MERCHANT merchant_id: "bakery" volunteer_id: "bob" key_sha256: "k^32"
RegisterPrincipal principal_id: "p2" roles: ROLE_AUDITOR key_sha256: "k^32"
RevokePrincipal principal_id: "p2"
RegisterVolunteer volunteer_id: "eve" organisation_id: "o1" cohorts: COHORT_PARTY age_band: AGE_BAND_60_PLUS
FreezeVolunteer volunteer_id: "eve" reason_code: "a"
ReceiveStock item_id: "bun" quantity: 5
by app source=app
CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 } }
CreditHours #q2 record { record_id: "r2" volunteer_id: "ann" activity_id: "patrol" session_id: "s1" interval { start_us: @2021-03-05T09:00 end_us: @2021-03-05T11:00 } }
CreditHours record { record_id: "r3" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T23:00 end_us: @2021-03-06T00:30 } }
CreditHours record { record_id: "r4" volunteer_id: "bob" activity_id: "patrol" duration { service_day: "2021-02-20" minutes: 60 } }
by p1 merchant=bakery volunteer=bob
RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 4 } lines { item_id: "loaf" quantity: 1 }
RefundOrder order_id: "x1" lines { item_id: "bun" quantity: 2 } reason_code: "stale"
by committee
)" +
      RuleFrom(
          "2021-03-01",
          R"(auto_minutes_per_day: 60 maturity_days: 7 credited_minutes_per_month: 400 credited_minutes_per_activity: 390 awards { award: "blood" points_max: 20 times_per_year: 2 })",
          "rolling_months: 12 grace_days: 30",
          "late_submission_days: 30 revocation_points_max: 1000 late_correction_days: 300") +
      R"(
UnfreezeVolunteer volunteer_id: "eve" reason_code: "a"
SetRoster organisation_id: "o1" headcount: 12
RegisterOrganisation organisation_id: "redcross" kind: ORGANISATION_KIND_CAUSE
RegisterVolunteer volunteer_id: "cat" age_band: AGE_BAND_60_PLUS
RegisterVolunteer volunteer_id: "dan" age_band: AGE_BAND_60_PLUS
RegisterPrincipal principal_id: "eves" roles: ROLE_COMMITTEE volunteer_id: "eve" key_sha256: "k^32"
by app source=app
SubmitActivity activity_id: "parade" organisation_id: "o1" category: "traffic" starts_us: @2020-01-01T00:00 capacity: 5
by lin
ReviewActivity activity_id: "parade" verdict: VERDICT_APPROVE reason_code: "a"
by app source=app
CloseActivity activity_id: "fair"
SubmitActivity activity_id: "march" organisation_id: "o1" category: "traffic" starts_us: @2020-01-01T00:00
CancelActivity activity_id: "march" reason_code: "rain"
)" + ("SubmitHours " + Served("s1", "eve", "2021-03-06", 60)) +
      "\nSubmitHours " + Served("s2", "eve", "2021-03-07", 120) + R"(
RecordAttendance activity_id: "parade" start_us: @2021-03-09T09:00 end_us: @2021-03-09T10:00 attendees { record_id: "a1" volunteer_id: "eve" end_us: @2021-03-09T09:30 } attendees { record_id: "a2" volunteer_id: "cat" start_us: @2021-03-09T09:30 }
)" + ("BackfillHours " + Served("b1", "eve", "2021-01-05", 60)) +
      R"(
AwardPoints record_id: "w1" volunteer_id: "eve" award: "blood" award_day: "2021-03-05" points: 20
AwardPoints record_id: "w2" volunteer_id: "eve" award: "blood" award_day: "2021-03-05" points: 20
)" + ("CreditHours " + Served("e1", "eve", "2021-02-20", 60)) +
      "\nCreditHours " + Served("d1", "dan", "2021-02-20", 60) + "\nCreditHours " +
      Served("d2", "dan", "2021-03-06", 60) + "\nby lin\n" + Approve("s2") + "\n" + Approve("w1") +
      "\n" + Reject("w2") + "\nby mei\n" + Dispute("r4") + "\nby lin\n" + Reject("r4") +
      "\nby app source=app\n" +
      Correct("r2", Clocked("c2", "ann", "2021-03-05T08:00", "2021-03-05T11:30", "patrol",
                            "replacement")) +
      "\n" + Revoke("r1") + "\nby lin\n" +
      Propose(
          "g1",
          R"(adjust_points { volunteer_id: "ann" units: 60000 expiry_day: "2021-12-31" reason_code: "gift" })") +
      "\n" +
      Propose("g2", R"(adjust_points { volunteer_id: "ann" units: -6000 reason_code: "fine" })") +
      "\n" + Propose("m1", R"(merge_volunteers { volunteer_id: "cat" survivor_id: "eve" })") +
      "\n" +
      Propose(
          "o1",
          R"(load_opening_balances { file_sha256: "k^32" part: 1 parts: 1 balances { volunteer_id: "bob" lots { expiry_day: "2022-06-30" units: 12000 } credited_minutes: 60 honorary_minutes: 6 } balances { volunteer_id: "eve" lots { units: 6000 } } })") +
      "\n" +
      Propose("k1",
              R"(correct_hours { record { source: "app" record_id: "c2" } reason_code: "typo" )" +
                  Served("c3", "ann", "2021-03-05", 90, "patrol", "replacement") + " }") +
      "\n" +
      Propose("v1",
              R"(revoke_hours { record { source: "app" record_id: "b1" } reason_code: "fraud" })") +
      "\n" +
      Propose("z1", R"(adjust_points { volunteer_id: "ann" units: 6000 reason_code: "a" })") +
      "\nby mei\n" + Agree("g1") + "\n" + Agree("g2") + "\n" + Agree("m1") + "\n" + Agree("o1") +
      "\n" + Agree("k1") + "\n" + Agree("v1") + R"(
RejectChange proposal_id: "z1" reason_code: "no"
DonatePoints volunteer_id: "ann" cause_id: "redcross" points: 5
CloseVolunteer volunteer_id: "dan" reason: CLOSE_REASON_MOVED
FinishMigration
recorded -
at 2022-03-01 00:00
sweep
at 2022-04-05 00:00
sweep
by lin
)" +
      Propose(
          "i1",
          R"(reinstate_points { volunteer_id: "eve" lapsed_day: "2022-02-28" units: 60000 expiry_day: "2022-12-31" reason_code: "ill" })") +
      "\nby mei\n" + Agree("i1") + "\nby p1 merchant=bakery volunteer=bob\n" + Return("x1", 1));
  return *life;
}

void ExpectRefused(const std::vector<Mutation>& mutations) {
  Script script;
  script.Given(WholeLife());
  std::vector<v1::Event> events;
  for (size_t i = 0; i < script.events().size(); ++i) events.push_back(script.event(i));
  for (const Mutation& row : mutations) {
    SCOPED_TRACE(row.name);
    const size_t index = Find(events, row.kind, row.skip);
    Ledger ledger("linhai");
    for (size_t i = 0; i < index; ++i) ASSERT_TRUE(ledger.Replay(script.events()[i]).ok());
    v1::Event event = events[index];
    const auto volunteers = Names(event);
    row.mutate(event);
    if (Names(event) != volunteers && !event.passbook().empty()) Relink(ledger.state(), event);
    const absl::Status status = ledger.Replay(event.SerializeAsString());
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    const std::string message(MessageOf(status));
    EXPECT_TRUE(message.starts_with(Text("ledger linhai, event ", index, ": "))) << message;
    EXPECT_NE(message.find(row.want), std::string::npos) << message;
  }
}

}  // namespace meritbook
