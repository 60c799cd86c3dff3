#include "tests/ledger/mall_life.h"

#include <gtest/gtest.h>

#include "ledger/posting.h"
#include "ledger/text.h"
#include "tests/ledger/lines.h"

namespace meritbook {
namespace {

constexpr std::string_view kTill = "\nby till merchant=bakery\n";
constexpr std::string_view kCommittee = "\nby committee\n";
constexpr std::string_view kProgramme = R"(budget { source: "programme" year: 2021 })";

std::vector<std::string> Names(const v1::Event& event) {
  const auto volunteers = VolunteersOf(event);
  return {volunteers.begin(), volunteers.end()};
}

// Puts the passbook's links right where the event concerns others than before.
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

// Suspended, resumed, leaving; an item for the young that nobody wants.
std::string Shops() {
  return Text(kCommittee, R"(SuspendMerchant merchant_id: "teahouse" reason_code: "audit"
ResumeMerchant merchant_id: "teahouse" reason_code: "clean"
OffboardMerchant merchant_id: "teahouse" last_day: "2021-03-31" reason_code: "moved"
WithdrawItem item_id: "tea" reason_code: "stale"
ReturnStock item_id: "tea" quantity: 1 reason_code: "spoilt"
PublishItem item_id: "cake" merchant_id: "bakery" price_points: 1 stock: 20 limit { quantity: 3 period: LIMIT_PERIOD_MONTH } age_bands: AGE_BAND_18_TO_59
PublishItem item_id: "toy" merchant_id: "bakery" price_points: 1 stock: 20 age_bands: AGE_BAND_UNDER_14
)");
}

// Ann's 25 points of February and 200 of March; Bob's 50.
std::string Rules() {
  return Text(kCommittee,
              RuleFrom("2021-01-01", "", "rolling_months: 12 grace_days: 30", "",
                       "hold_seconds_max: 1800 voucher_days_max: 30 offline_grace_minutes: 120 "
                       "refund_days: 60 volunteer_orders_per_day: 20 volunteer_points_per_day: 500 "
                       "merchant_orders_per_day: 100 open_amount_fen_per_point: 5 "
                       "statement_close_days: 10"),
              "\nby app source=app\nCreditHours ", Served("feb", "ann", "2021-02-20", 60),
              "\nCreditHours ", Served("b", "bob", "2021-03-05", 120), "\n");
}

// Every way for a hold to begin and to end.
std::string Orders() {
  return Text(
      ByTwo("b5", Allocation("programme", 2021, 1000, "warn_percent: 5")), kTill,
      Hold("h1", Text(Line("oil", 2), " ", Line("cake", 2), " ", Line("", 5)), "hold_seconds: 600"),
      "\n", Hold("h2", Line("rice", 1), "offline: true"), "\n", Hold("h3", Line("bun", 1)), "\n",
      Hold("h4", Line("loaf", 1)), "\n", Cancel("h3"), "\n",
      Placed("HoldOrder", "h5", "bob", Line("oil", 1)),
      "\ncode ann\nRedeemNow order_id: \"x1\" merchant_id: \"bakery\" ", Line("oil", 3), " ",
      Line("cake", 1), "\n", Redeem("x2", Line("bun", 2)), "\nat 2021-03-10 08:05\n",
      Confirm("h1", Text(Line("cake", 1), " ", Line("oil", 1))), "\nby app source=app\n",
      Voucher("v1", 'v', Text(Line("oil", 1), " ", Line("bun", 2)), "valid_days: 2"), "\n",
      Voucher("v2", 'w', Line("bun", 1), "valid_days: 1"), kTill, "at 2021-03-10 09:00\n",
      ConfirmVoucher('v', "happened_us: @2021-03-10T08:30"), "\nat 2021-03-10 10:30\nsweep\n",
      Refund("x1", Line("oil", 1)), "\n", Placed("HoldOrder", "h6", "bob", Line("bun", 1)), "\n",
      Placed("HoldOrder", "h7", "bob", Line("oil", 1)), kCommittee,
      "CloseVolunteer volunteer_id: \"bob\" reason: CLOSE_REASON_MOVED\n");
}

// March from its statement to its payment, which comes back; April, which closes by itself.
std::string Settlement() {
  return Text(
      kTill, "at 2021-03-31 23:30\n", Hold("h8", Line("oil", 1), "offline: true"),
      "\nat 2021-04-01 00:10", kCommittee, "ClosePeriod month: \"2021-03\"\n",
      DrawUp("s3", "2021-03"), kTill, Confirm("h8", "happened_us: @2021-03-31T23:40"), "\n",
      OfStatement("ObjectStatement", "s3"), kCommittee, OfStatement("ResolveObjection", "s3"),
      " upheld: true\n", ByTwo("w1", WrittenOff("s3", 6000, 100, kProgramme)), kCommittee,
      OfStatement("CloseStatement", "s3"), "\n", Pay("s3", 1100), "\n",
      OfStatement("ReversePayment", "s3"), kTill, Refund("h1", Line("oil", 1)),
      "\nat 2021-05-01 00:00", kCommittee, "ClosePeriod month: \"2021-04\"\n",
      DrawUp("s4", "2021-04"), "\nat 2021-05-12 00:00\nsweep\n", Pay("s4", 1100), "\n",
      "OpenStatement statement_id: \"tf\" merchant_id: \"teahouse\" final: true\n",
      "DeclareLoss kept_size: $ guard_size: 9000 guard_sha256: \"g^32\" declared_by: \"ops\" "
      "reason_code: \"disk\"\n");
}

}  // namespace

const std::string& MallLife() {
  static const std::string* const life =
      new std::string("use mall\n" + Shops() + Rules() + Orders() + Settlement());
  return *life;
}

void ExpectRefusedInMall(const std::vector<Mutation>& mutations) {
  Script script;
  script.Given(MallLife());
  if (testing::Test::HasFatalFailure()) return;
  for (const Mutation& row : mutations) {
    SCOPED_TRACE(row.name);
    Ledger ledger("linhai");
    v1::Event event;
    size_t index = 0;
    for (size_t skip = row.skip;; ++index) {
      ASSERT_LT(index, script.events().size()) << "no such event";
      event = script.event(index);
      if (event.body_case() == row.kind && skip-- == 0) break;
      ASSERT_TRUE(ledger.Replay(script.events()[index]).ok());
    }
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
