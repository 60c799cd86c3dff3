// The import takes every kind of command that it names, and each of them once.
#include <gtest/gtest.h>

#include <set>

#include "ledger/text.h"
#include "tests/e2e/mall_requests.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

class ImportKinds : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(started_) << server_.output();
    auto founding = Founding(true);
    founding.set_recorded_us(start_us_);
    ASSERT_EQ(operators_.Call(founding), "OK");
    auto rule = MallRule("rule");
    v1::EarningRule* earning = rule.mutable_command()->mutable_earning();
    earning->set_auto_minutes_per_day(480);
    *earning->add_awards() =
        Parse<v1::AwardRate>("award: 'blood_donation' points_max: 200 times_per_year: 2");
    rule.set_recorded_us(start_us_);
    ASSERT_EQ(operators_.Call(rule), "OK");
  }

  // From text format: the field of the oneof and what is in it.
  void Add(const std::string& command) {
    v1::ImportItem& item = *request_.add_items();
    item = Parse<v1::ImportItem>(command);
    item.set_request_id(Text("item-", request_.items_size()));
    item.set_recorded_us(start_us_ + request_.items_size() * int64_t{1'000'000});
  }

  std::string Served(const std::string& record, const std::string& volunteer, int days_ago) {
    return Text("record { ", Service(record, volunteer, days_ago, 60).ShortDebugString(), " }");
  }

  std::vector<v1::ItemResult> Send() {
    request_.set_ledger_id(kLedger);
    const auto stream = platform_.Open(MethodOf(*v1::ImportRequest::descriptor()));
    EXPECT_TRUE(stream->Write(request_));
    stream->WritesDone();
    v1::ImportResponse response;
    EXPECT_TRUE(stream->Read(&response));
    EXPECT_EQ(stream->Finish(), "OK");
    return {response.results().begin(), response.results().end()};
  }

  const int64_t start_us_ = InstantUs(1, 0, 0);
  v1::ImportRequest request_;
  ServerProcess server_;
  const bool started_ = server_.Start();
  const Client operators_{server_.port(), server_.DevKey("operator")};
  const Client platform_{server_.port(), server_.DevKey("platform")};
  const Client auditor_{server_.port(), server_.DevKey("auditor")};
};

TEST_F(ImportKinds, EachIsTakenOnce) {
  const std::string activity = "organisation_id: 'beach' category: 'traffic_courtesy' starts_us: 1";
  const std::string ann = "volunteer_id: 'ann'";
  Add("register_organisation { organisation_id: 'beach' kind: ORGANISATION_KIND_COMMUNITY }");
  Add("register_organisation { organisation_id: 'lamp' kind: ORGANISATION_KIND_CAUSE }");
  Add("set_roster { organisation_id: 'beach' headcount: 40 }");
  Add(Text("register_activity { activity_id: '", kActivity, "' ", activity, " }"));
  Add(Text("register_activity { activity_id: 'over' ", activity, " }"));
  Add(Text("register_session { session_id: 's' activity_id: '", kActivity, "' service_day: '",
           DaysAgo(4), "' starts_us: ", InstantUs(4, 8, 0), " ends_us: ", InstantUs(4, 12, 0),
           " }"));
  Add(Text("submit_activity { activity_id: 'fair' ", activity, " }"));
  Add("close_activity { activity_id: 'over' }");
  Add("cancel_activity { activity_id: 'fair' reason_code: 'rain' }");
  Add("onboard_merchant { merchant_id: 'bakery' kind: 'food' }");
  Add("publish_item { item_id: 'bun' merchant_id: 'bakery' price_points: 5 stock: 1 }");
  Add("receive_stock { item_id: 'bun' quantity: 9 }");
  for (const char* id : {"ann", "ben"}) {
    Add(Text("register_volunteer { volunteer_id: '", id, "' age_band: AGE_BAND_18_TO_59 }"));
  }
  Add(Text("credit_hours { ", Served("r-1", "ann", 10), " }"));
  Add(Text("submit_hours { ", Served("r-2", "ann", 9), " }"));
  Add(Text("backfill_hours { ", Served("r-3", "ann", 200), " }"));
  Add(Text("record_attendance { activity_id: '", kActivity,
           "' session_id: 's' start_us: ", InstantUs(4, 8, 0), " end_us: ", InstantUs(4, 9, 0),
           " attendees { record_id: 'r-4' volunteer_id: 'ann' } "
           "attendees { record_id: 'r-5' volunteer_id: 'ben' } }"));
  Add(Text("award_points { record_id: 'w-1' ", ann, " award: 'blood_donation' award_day: '",
           DaysAgo(3), "' points: 100 }"));
  Add(Text("correct_hours { ", Ref("r-2"), " replacement { ",
           Service("r-6", "ann", 9, 120).ShortDebugString(), " } reason_code: 'misread' }"));
  Add(Text("revoke_hours { ", Ref("r-5"), " reason_code: 'absent' }"));
  Add(Text("dispute_hours { ", Ref("r-4"), " reason_code: 'doubt' }"));
  Add(Text("freeze_volunteer { ", ann, " reason_code: 'inquiry' }"));
  Add(Text("unfreeze_volunteer { ", ann, " reason_code: 'over' }"));
  Add(Text("redeem_now { order_id: 'o-1' ", ann,
           " merchant_id: 'bakery' lines { item_id: 'bun' quantity: 2 } }"));
  Add("refund_order { order_id: 'o-1' lines { item_id: 'bun' quantity: 1 } reason_code: 'stale' }");
  const std::string bun = " merchant_id: 'bakery' lines { item_id: 'bun' quantity: 1 }";
  for (const char* order : {"o-2", "o-3"}) {
    Add(Text("hold_order { order_id: '", order, "' ", ann, bun, " }"));
  }
  v1::ImportItem& voucher = *request_.add_items();
  voucher.set_request_id("item-voucher");
  voucher.set_recorded_us(start_us_ + request_.items_size() * int64_t{1'000'000});
  *voucher.mutable_issue_voucher() =
      Voucher("o-4", "ann", "bakery", "bun", 1, VoucherCode(1)).command();
  Add("confirm_order { order_id: 'o-2' }");
  Add("cancel_order { order_id: 'o-3' reason_code: 'mind' }");
  Add("return_stock { item_id: 'bun' quantity: 1 reason_code: 'mould' }");
  Add("withdraw_item { item_id: 'bun' reason_code: 'season' }");
  Add(Text("donate_points { ", ann, " cause_id: 'lamp' points: 10 }"));
  Add(Text("propose_change { proposal_id: 'p-1' adjust_points { ", ann,
           " units: 6000 reason_code: 'lost' } }"));
  Add("close_volunteer { volunteer_id: 'ben' reason: CLOSE_REASON_MOVED }");
  std::set<int> kinds;
  for (const v1::ImportItem& item : request_.items()) kinds.insert(item.command_case());
  const auto* oneof = v1::ImportItem::descriptor()->FindOneofByName("command");
  for (int i = 0; i < oneof->field_count(); ++i) {
    EXPECT_TRUE(kinds.count(oneof->field(i)->number())) << oneof->field(i)->name();
  }

  const auto first = Send();
  ASSERT_EQ(first.size(), request_.items_size());
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(first[i].has_receipt()) << request_.items(static_cast<int>(i)).ShortDebugString()
                                        << " " << OutcomeOf(first[i].error());
  }
  const auto events = WithoutSalt(EventsOf(auditor_, kLedger, 0));
  const auto again = Send();
  ASSERT_EQ(again.size(), first.size());
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(again[i].receipt().already_applied()) << i;
    EXPECT_EQ(again[i].receipt().sequence(), first[i].receipt().sequence()) << i;
  }
  EXPECT_EQ(WithoutSalt(EventsOf(auditor_, kLedger, 0)), events);

  v1::GetBalanceResponse balance;
  ASSERT_EQ(auditor_.Call(BalanceOf("ann"), &balance), "OK");
  // 25 each for r-1 and r-4, 50 for r-6, less two buns, a bun on a voucher and a gift.
  EXPECT_EQ(balance.balance().available_units(), (100 - 10 - 5 - 10) * 6'000);
  EXPECT_EQ(balance.balance().held_units(), 5 * 6'000);
  v1::ListReviewsResponse reviews;
  ASSERT_EQ(auditor_.Call(Parse<v1::ListReviewsRequest>(""), &reviews), "OK");
  EXPECT_EQ(reviews.waiting_count(), 3) << "the award, the dispute and the proposal";
}

}  // namespace
}  // namespace meritbook::e2e
