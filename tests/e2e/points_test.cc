// The life of points, in a ledger whose recorded times are stated: opening balances, maturity,
// lapse and grace, and the changes that two people stand behind.
#include <gtest/gtest.h>

#include <map>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

constexpr int64_t kPoint = 6'000;

class Points : public testing::Test {
 protected:
  void SetUp() override {
    Start();
    At("2021-01-01 08:00");
    Must("operator", Founding(true));
    // 25 points an hour, spent from the third day on until the end of the next month.
    Must("committee",
         Parse<v1::PublishRuleRequest>(
             "request_id: 'rule' command { effective_from_day: '2021-01-01' earning { "
             "rates { category: 'traffic_courtesy' points_per_hour: 25 percentage: 100 } "
             "recording_unit_minutes: 15 credited_minutes_per_day: 480 backdating_days: 30 "
             "maturity_days: 3 } expiry { rolling_months: 1 grace_days: 20 } }"));
    Must("platform", Organisation("beach"));
    Must("platform",
         Parse<v1::RegisterOrganisationRequest>("request_id: 'lamp' command { organisation_id: "
                                                "'lamp' kind: ORGANISATION_KIND_CAUSE }"));
    auto activity = Activity(kActivity, "beach");
    activity.mutable_command()->set_starts_us(1);
    Must("platform", activity);
    for (const char* volunteer : {"ann", "bob", "cat"}) Must("platform", Volunteer(volunteer));
    Must("platform", Merchant("bakery"));
    Must("platform", Offer("bun", "bakery", 5, 100));
    for (const auto& [name, binding] :
         {std::pair("lin", "roles: ROLE_COMMITTEE"), std::pair("oda", "roles: ROLE_COMMITTEE"),
          std::pair("mei", "roles: ROLE_COMMITTEE volunteer_id: 'ann'")}) {
      Must("operator", Principal(name, binding));
    }
  }

  void Start() {
    if (!server_.Start()) {
      ADD_FAILURE() << server_.output();
      std::abort();
    }
    clients_.clear();
    for (const char* role : {"operator", "committee", "platform", "auditor"}) {
      clients_.emplace(role, Client(server_.port(), server_.DevKey(role)));
    }
    for (const char* name : {"lin", "oda", "mei"}) {
      clients_.emplace(name, Client(server_.port(), KeyOf(name)));
    }
  }

  // Disconnected first: it would wait for a client that sleeps.
  void Stop() {
    clients_.clear();
    EXPECT_EQ(server_.Stop(), 0);
  }

  // The recorded time from here on.
  void At(const std::string& time) { now_us_ = Instant(time); }

  template <typename Request>
  Outcome Ask(const std::string& who, Request request,
              google::protobuf::Message* response = nullptr) {
    request.set_recorded_us(now_us_);
    return clients_.at(who).Call(request, response);
  }
  template <typename Request>
  void Must(const std::string& who, const Request& request) {
    EXPECT_EQ(Ask(who, request), "OK") << request.ShortDebugString();
  }
  // Proposed by one, approved by another.
  void Change(const std::string& id, const std::string& change) {
    Must("lin", Propose(id, change));
    Must("oda", Agree(id));
  }

  v1::CreditHoursRequest Served(const std::string& record, const std::string& volunteer,
                                const std::string& day, uint32_t minutes) {
    auto request = Credit(record, volunteer, 0, 1);
    v1::ServiceDuration* duration = request.mutable_command()->mutable_record()->mutable_duration();
    duration->set_service_day(day);
    duration->set_minutes(minutes);
    return request;
  }

  v1::Balance BalanceOf(const std::string& volunteer) {
    v1::GetBalanceResponse response;
    EXPECT_EQ(clients_.at("auditor").Call(e2e::BalanceOf(volunteer), &response), "OK");
    int64_t in_lots = 0;
    for (const v1::LotUnits& lot : response.balance().lots()) in_lots += lot.units();
    EXPECT_EQ(in_lots, response.balance().available_units());
    int64_t pending = 0;
    for (const v1::PendingUnits& part : response.balance().pending()) pending += part.lot().units();
    EXPECT_EQ(pending, response.balance().pending_units());
    return response.balance();
  }

  // "25 to 2021-04-30, 10 to 2021-05-20 graced; pending 25 on 2021-03-08; debt 5".
  std::string Purse(const std::string& volunteer) {
    const v1::Balance balance = BalanceOf(volunteer);
    const auto day = [](int32_t number) {
      const std::time_t midnight = int64_t{number} * 86'400;
      char text[16];
      std::tm parts{};
      gmtime_r(&midnight, &parts);
      std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
      return std::string(text);
    };
    std::string text;
    for (const v1::LotUnits& lot : balance.lots()) {
      text += Text(text.empty() ? "" : ", ", lot.units() / kPoint, " to ",
                   lot.has_expiry_day_number() ? day(lot.expiry_day_number()) : "never",
                   lot.graced() ? " graced" : "");
    }
    for (const v1::PendingUnits& part : balance.pending()) {
      text +=
          Text("; pending ", part.lot().units() / kPoint, " on ", day(part.matures_day_number()));
    }
    if (balance.debt_units() != 0) text += Text("; debt ", -balance.debt_units() / kPoint);
    return text;
  }

  std::map<std::string, int64_t> Totals() {
    v1::GetTrialBalanceResponse trial;
    EXPECT_EQ(clients_.at("auditor").Call(Parse<v1::GetTrialBalanceRequest>(""), &trial), "OK");
    EXPECT_EQ(trial.totals_size(), 12);
    std::map<std::string, int64_t> totals;
    int64_t sum = 0;
    for (const v1::AccountTotal& total : trial.totals()) {
      sum += total.units();
      if (total.units() != 0) totals[total.account()] = total.units() / kPoint;
    }
    EXPECT_EQ(sum, 0);
    return totals;
  }

  std::vector<v1::Event> Entries(const std::string& volunteer) {
    v1::ListEntriesResponse page;
    auto request =
        Parse<v1::ListEntriesRequest>(Text("volunteer_id: '", volunteer, "' page_size: 2"));
    std::vector<v1::Event> entries;
    do {
      EXPECT_EQ(clients_.at("auditor").Call(request, &page), "OK");
      entries.insert(entries.end(), page.events().begin(), page.events().end());
      request.set_page_token(page.next_page_token());
    } while (!page.next_page_token().empty());
    EXPECT_EQ(entries.size(), BalanceOf(volunteer).event_count());
    return entries;
  }

  int64_t now_us_ = 0;
  ServerProcess server_;
  std::map<std::string, Client> clients_;
};

using Accounts = std::map<std::string, int64_t>;

TEST_F(Points, OpeningBalancesComeInOnce) {
  const std::string file(32, 'f');
  const auto load = [&](const std::string& id) {
    return Propose(id, Text("load_opening_balances { file_sha256: '", file,
                            "' part: 1 parts: 1 "
                            "balances { volunteer_id: 'ann' lots { expiry_day: '2021-06-30' "
                            "units: 60000 } lots { units: 12000 } credited_minutes: 600 "
                            "honorary_minutes: 30 } "
                            "balances { volunteer_id: 'bob' lots { expiry_day: '2020-12-31' "
                            "units: 6000 } } "
                            "balances { volunteer_id: 'cat' } }"));
  };
  At("2021-01-02 09:00");
  Must("lin", load("open-1"));
  Must("lin", load("open-2"));
  EXPECT_EQ(Purse("ann"), "") << "nothing happens before it is approved";
  EXPECT_EQ(Ask("lin", Agree("open-1")), "PERMISSION_DENIED SAME_PERSON command.proposal_id");
  EXPECT_EQ(Ask("mei", Agree("open-1")), "PERMISSION_DENIED SELF_REVIEW command.proposal_id");
  v1::ApproveChangeResponse approved;
  ASSERT_EQ(Ask("oda", Agree("open-1"), &approved), "OK");
  EXPECT_EQ(Purse("ann"), "10 to 2021-06-30, 2 to never");
  EXPECT_EQ(BalanceOf("ann").credited_minutes(), 600);
  EXPECT_EQ(BalanceOf("ann").honorary_minutes(), 30);
  EXPECT_EQ(Purse("bob"), "") << "it had lapsed before";
  EXPECT_EQ(Totals(), (Accounts{{"issued", -13}, {"expired", 1}, {"available", 12}}));
  v1::ApproveChangeResponse again;
  ASSERT_EQ(Ask("oda", Agree("open-1"), &again), "OK");
  EXPECT_TRUE(again.receipt().already_applied());
  EXPECT_EQ(again.receipt().sequence(), approved.receipt().sequence());
  EXPECT_EQ(Ask("oda", Agree("open-2")).reason, "OPENING_BALANCE_EXISTS");
  auto second = Agree("open-1");
  second.set_request_id("second");
  EXPECT_EQ(Ask("oda", second), "FAILED_PRECONDITION PROPOSAL_CLOSED command.proposal_id");
  const auto entries = Entries("ann");
  ASSERT_EQ(entries.size(), 2);
  EXPECT_TRUE(entries[0].has_opening_balance_loaded());
  v1::GetSummaryResponse summary;
  ASSERT_EQ(clients_.at("auditor").Call(Parse<v1::GetSummaryRequest>(""), &summary), "OK");
  EXPECT_EQ(summary.service_minutes(), 0) << "not service of this ledger";
  EXPECT_EQ(summary.points_issued_units(), 13 * kPoint);

  Must("operator", Parse<v1::FinishMigrationRequest>("request_id: 'finish' command {}"));
  auto late = load("open-3");
  EXPECT_EQ(clients_.at("lin").Call(late).reason, "NOT_MIGRATING");
  EXPECT_EQ(Ask("lin", late), "FAILED_PRECONDITION RECORDED_TIME_NOT_ALLOWED recorded_us");
  auto reject = Parse<v1::RejectChangeRequest>(
      "request_id: 'reject' command { proposal_id: 'open-2' reason_code: 'late' }");
  EXPECT_EQ(clients_.at("lin").Call(reject), "OK") << "live now";
}

TEST_F(Points, MatureLapseAndHaveTheirGraceOnce) {
  At("2021-03-05 20:00");
  Must("platform", Served("r-1", "ann", "2021-03-05", 60));
  EXPECT_EQ(Purse("ann"), "; pending 25 on 2021-03-08");
  EXPECT_EQ(Ask("platform", Redeem("o-1", "ann", "bakery", "bun", 1)),
            "FAILED_PRECONDITION BALANCE_TOO_LOW command.volunteer_id");
  At("2021-03-06 20:00");
  Must("platform", Served("r-2", "ann", "2021-03-06", 60));
  Must("platform", Served("r-3", "ann", "2021-03-06", 15));
  server_.Kill();
  Start();
  EXPECT_EQ(Purse("ann"), "; pending 25 on 2021-03-08; pending 31 on 2021-03-09");
  At("2021-03-08 10:00");
  Must("platform", Redeem("o-1", "ann", "bakery", "bun", 2));
  EXPECT_EQ(Purse("ann"), "15 to 2021-04-30; pending 31 on 2021-03-09");
  At("2021-04-20 10:00");
  Must("platform", Served("r-4", "ann", "2021-04-19", 60));
  EXPECT_EQ(Purse("ann"), "46 to 2021-04-30; pending 25 on 2021-04-23");

  // A bun comes back after its points lapsed: grace until 20 May, once.
  At("2021-05-10 10:00");
  v1::RefundOrderResponse refunded;
  ASSERT_EQ(Ask("platform", Refund("f-1", "o-1", "bun", 1), &refunded), "OK");
  EXPECT_EQ(refunded.units(), 5 * kPoint);
  v1::RefundOrderResponse again;
  ASSERT_EQ(Ask("platform", Refund("f-1", "o-1", "bun", 1), &again), "OK");
  EXPECT_TRUE(again.receipt().already_applied());
  EXPECT_EQ(again.units(), refunded.units());
  EXPECT_EQ(Purse("ann"), "5 to 2021-05-20 graced, 25 to 2021-05-31");
  EXPECT_EQ(Ask("platform", Refund("f-2", "o-1", "bun", 2)).reason, "REFUND_TOO_LARGE");
  EXPECT_EQ(Ask("platform", Refund("f-2", "o-9", "bun", 2)).reason, "ORDER_UNKNOWN");
  At("2021-05-21 10:00");
  Must("platform", Redeem("o-2", "ann", "bakery", "bun", 1));
  EXPECT_EQ(Purse("ann"), "20 to 2021-05-31") << "the graced ones were gone";

  // What lapsed comes back with a day of its own.
  const std::string reinstate =
      "reinstate_points { volunteer_id: 'ann' lapsed_day: '2021-04-30' units: 60000 "
      "expiry_day: '2021-07-31' reason_code: 'ill' }";
  Change("back", reinstate);
  EXPECT_EQ(Purse("ann"), "20 to 2021-05-31, 10 to 2021-07-31 graced");
  Must("lin", Propose("again", reinstate));
  const std::string state = Purse("ann");
  Stop();
  Start();
  EXPECT_EQ(Purse("ann"), state);
  Must("oda", Agree("again"));
  Must("lin", Propose("third", reinstate));
  Must("oda", Agree("third"));
  Must("lin", Propose("fourth", reinstate));
  Must("oda", Agree("fourth"));
  EXPECT_EQ(Purse("ann"), "20 to 2021-05-31, 40 to 2021-07-31 graced");
  EXPECT_EQ(Ask("lin", Propose("fifth", reinstate)),
            "FAILED_PRECONDITION LAPSED_TOO_LOW command.units");
  // Of the lot of 30 April 46.25 lapsed, 5 more after their grace; 40 came back.
  const auto totals = Totals();
  EXPECT_EQ(totals.at("expired"), 11);
  EXPECT_EQ(totals.at("payable"), 10);
}

TEST_F(Points, AdjustedDonatedClosed) {
  At("2021-03-05 20:00");
  Change("plus", "adjust_points { volunteer_id: 'ann' units: 600000 reason_code: 'lost' }");
  EXPECT_EQ(Purse("ann"), "100 to never");
  Change("minus", "adjust_points { volunteer_id: 'ann' units: -60000 reason_code: 'double' }");
  EXPECT_EQ(Purse("ann"), "90 to never");
  EXPECT_EQ(Ask("lin", Propose("too-much",
                               "adjust_points { volunteer_id: 'ann' units: -600000 "
                               "reason_code: 'double' }")),
            "FAILED_PRECONDITION BALANCE_TOO_LOW command.units");
  const auto donate = Parse<v1::DonatePointsRequest>(
      "request_id: 'give' command { volunteer_id: 'ann' cause_id: 'lamp' points: 30 }");
  Must("platform", donate);
  v1::DonatePointsResponse again;
  ASSERT_EQ(Ask("platform", donate, &again), "OK");
  EXPECT_TRUE(again.receipt().already_applied());
  EXPECT_EQ(Ask("platform", Parse<v1::DonatePointsRequest>(
                                "request_id: 'other' command { volunteer_id: 'ann' cause_id: "
                                "'beach' points: 30 }")),
            "NOT_FOUND CAUSE_UNKNOWN command.cause_id");
  const auto freeze = Parse<v1::FreezeVolunteerRequest>(
      "request_id: 'freeze' command { volunteer_id: 'ann' reason_code: 'inquiry' }");
  const auto unfreeze = Parse<v1::UnfreezeVolunteerRequest>(
      "request_id: 'unfreeze' command { volunteer_id: 'ann' reason_code: 'over' }");
  EXPECT_EQ(Ask("committee", unfreeze),
            "FAILED_PRECONDITION VOLUNTEER_NOT_FROZEN command.volunteer_id");
  Must("committee", freeze);
  EXPECT_TRUE(BalanceOf("ann").frozen());
  EXPECT_EQ(Ask("platform", Redeem("o-1", "ann", "bakery", "bun", 1)),
            "FAILED_PRECONDITION VOLUNTEER_FROZEN command.volunteer_id");
  Must("committee", unfreeze);
  Must("platform", Redeem("o-1", "ann", "bakery", "bun", 1));
  Must("platform", Served("r-1", "ann", "2021-03-05", 60));
  Must("committee",
       Parse<v1::CloseVolunteerRequest>("request_id: 'close' command { volunteer_id: 'ann' "
                                        "reason: CLOSE_REASON_MOVED }"));
  EXPECT_TRUE(BalanceOf("ann").closed());
  EXPECT_EQ(Purse("ann"), "");
  EXPECT_EQ(BalanceOf("ann").credited_minutes(), 60);
  Must("platform", Refund("f-1", "o-1", "bun", 1));
  EXPECT_EQ(Purse("ann"), "");
  EXPECT_EQ(Ask("platform", Redeem("o-2", "ann", "bakery", "bun", 1)),
            "FAILED_PRECONDITION VOLUNTEER_CLOSED command.volunteer_id");
  const Accounts want = {{"issued", -115}, {"donated", 30}, {"forfeited", 85}};
  EXPECT_EQ(Totals(), want);
  Stop();
  Start();
  EXPECT_EQ(Totals(), want);
}

TEST_F(Points, TwoRegistrationsBecomeOne) {
  At("2021-03-05 20:00");
  Change("plus", "adjust_points { volunteer_id: 'bob' units: 60000 reason_code: 'lost' }");
  Must("platform", Served("r-1", "bob", "2021-03-05", 60));
  Must("platform", Served("r-2", "ann", "2021-03-05", 60));
  Must("platform", Served("r-3", "ann", "2021-03-04", 60));
  v1::GetSummaryResponse summary;
  ASSERT_EQ(clients_.at("auditor").Call(Parse<v1::GetSummaryRequest>(""), &summary), "OK");
  EXPECT_EQ(summary.person_times(), 3);
  EXPECT_EQ(summary.volunteers(), 3);
  Change("same", "merge_volunteers { volunteer_id: 'bob' survivor_id: 'ann' }");
  EXPECT_EQ(Purse("ann"), "10 to never; pending 75 on 2021-03-08");
  EXPECT_EQ(Purse("bob"), "");
  EXPECT_EQ(BalanceOf("bob").merged_into(), "ann");
  EXPECT_EQ(BalanceOf("bob").credited_minutes(), 0);
  EXPECT_EQ(BalanceOf("ann").credited_minutes(), 180);
  EXPECT_EQ(Ask("platform", Served("r-4", "bob", "2021-03-05", 60)),
            "FAILED_PRECONDITION VOLUNTEER_MERGED command.record.volunteer_id");
  ASSERT_EQ(clients_.at("auditor").Call(Parse<v1::GetSummaryRequest>(""), &summary), "OK");
  EXPECT_EQ(summary.person_times(), 2) << "they served on one day at one place";
  EXPECT_EQ(summary.volunteers(), 2);

  // Each passbook goes on to its own end.
  const auto of_bob = Entries("bob");
  EXPECT_TRUE(of_bob.front().has_volunteers_merged());
  EXPECT_TRUE(of_bob.back().has_volunteer_registered());
  const auto of_ann = Entries("ann");
  EXPECT_TRUE(of_ann.front().has_volunteers_merged());
  EXPECT_EQ(of_ann.front().sequence(), of_bob.front().sequence());
  EXPECT_EQ(of_ann.back().volunteer_registered().command().volunteer_id(), "ann");
  v1::GetRecordResponse record;
  ASSERT_EQ(clients_.at("auditor").Call(RecordNamed("r-1"), &record), "OK");
  EXPECT_EQ(record.record().volunteer_id(), "ann") << "whose it is from now on";

  server_.Kill();
  Start();
  At("2021-03-08 08:00");
  Must("platform", Revoke("r-1"));
  EXPECT_EQ(Purse("ann"), "50 to 2021-04-30, 10 to never");
  EXPECT_EQ(Entries("ann").front().hours_revoked().volunteer_id(), "ann");
  ASSERT_EQ(clients_.at("auditor").Call(Parse<v1::GetSummaryRequest>(""), &summary), "OK");
  EXPECT_EQ(summary.person_times(), 2);
  EXPECT_EQ(summary.service_minutes(), 120);
}

}  // namespace
}  // namespace meritbook::e2e
