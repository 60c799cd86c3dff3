#include "storage/state_rows.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "meritbook/state/v1/row.pb.h"
#include "services/state_writer.h"
#include "tests/ledger/script.h"
#include "tests/services/world.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

using Rows = std::map<std::string, std::string>;

// Everything that a State shows, as text.
std::string Dump(const State& state) {
  return Text(Describe(state), "midnight ", state.calendar().StartOf(20'000), "\n");
}

class StateRowsTest : public testing::Test {
 protected:
  void SetUp() override {
    OpenStore();
    NewLog();
  }

  void OpenStore(uint32_t schema_version = kStateSchemaVersion) {
    store_.reset();
    auto store = StateStore::Open({.dir = dir_.path(), .schema_version = schema_version});
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  void NewLog() {
    log_ = std::make_unique<MemoryEventLog>();
    epoch_ = *log_->AcquireWriter({kTown});
    live_ = std::make_unique<Ledger>(kTown);
    undurable_.clear();
  }

  Answer Do(const Command& command) {
    return live_->Execute(command, Now(), [this](std::string_view e) { undurable_.Add(e); });
  }
  void MustDo(const Command& command) {
    const Answer answer = Do(command);
    if (const auto* refused = std::get_if<Refused>(&answer)) FAIL() << refused->message;
  }

  void Commit() {
    if (undurable_.empty()) return;
    EXPECT_EQ(
        AppendAndWait(*log_, {{kTown, epoch_, log_->Size(kTown), std::exchange(undurable_, {})}}),
        AppendResult::kDurable);
  }
  // What the sequencer does at a boundary.
  void WriteRows() {
    Commit();
    StateWrite write = EncodeDirty(*live_);
    if (write.rows.empty()) return;
    const absl::Status status = store_->Write(std::move(write));
    ASSERT_TRUE(status.ok()) << status;
  }

  std::unique_ptr<Ledger> Load() {
    warnings_.clear();
    auto ledger = LoadLedger(*log_, *store_, kTown,
                             [this](const std::string& line) { warnings_.push_back(line); });
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    return ledger.ok() ? *std::move(ledger) : nullptr;
  }
  std::unique_ptr<Ledger> FromScratch() {
    auto ledger = Replayed(*log_, kTown);
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    return *std::move(ledger);
  }
  // Loads, and expects exactly the state of the log.
  void ExpectLoads(bool discarding) {
    const auto loaded = Load();
    ASSERT_NE(loaded, nullptr);
    const auto replayed = FromScratch();
    EXPECT_EQ(Dump(loaded->state()), Dump(replayed->state()));
    EXPECT_EQ(loaded->last_event(), replayed->last_event());
    for (const Command& command : commands_) {
      const RequestEntry* a = loaded->state().FindRequest(command.key);
      const RequestEntry* b = replayed->state().FindRequest(command.key);
      ASSERT_EQ(a == nullptr, b == nullptr);
      if (a == nullptr) continue;
      EXPECT_EQ(a->sequence, b->sequence);
      EXPECT_EQ(a->content, b->content);
    }
    EXPECT_EQ(warnings_.size(), discarding ? 1u : 0u);
    if (discarding) {
      EXPECT_EQ(store_->AppliedSize(kTown), 0u);
    }
  }

  Rows Stored() {
    Rows rows;
    EXPECT_TRUE(store_
                    ->Load(kTown,
                           [&](std::string_view key, std::string_view value) {
                             rows.emplace(key, value);
                             return absl::OkStatus();
                           })
                    .ok());
    return rows;
  }
  void Overwrite(const std::string& key, const std::string& value) {
    ASSERT_TRUE(store_
                    ->Write({.ledger = kTown,
                             .applied_size = store_->AppliedSize(kTown),
                             .rows = {{key, value}}})
                    .ok());
  }

  // A bit of everything.
  void Town() {
    MustDo(requests_.Of(Founding(), "found"));
    MustDo(requests_.Of(TheRule(152), "rule"));
    MustDo(requests_.Of(TheOrganisation(), "org"));
    MustDo(requests_.Of(TheActivity(), "visit"));
    MustDo(requests_.Of(VolunteerNamed("anna"), "anna"));
    MustDo(requests_.Of(VolunteerNamed("bo"), "bo"));
    v1::RegisterSession session;
    session.set_session_id("s");
    session.set_activity_id("visit");
    session.set_service_day("2024-05-01");
    session.set_starts_us(kJuneUs - 31 * kDayUs);
    session.set_ends_us(kJuneUs - 30 * kDayUs);
    MustDo(requests_.Of(session, "s"));
    v1::OnboardMerchant merchant;
    merchant.set_merchant_id("bakery");
    merchant.set_kind("bakery");
    MustDo(requests_.Of(merchant, "bakery"));
    v1::PublishItem item;
    item.set_item_id("bun");
    item.set_merchant_id("bakery");
    item.set_price_points(2);
    item.set_stock(100);
    MustDo(requests_.Of(item, "bun"));
    v1::RegisterPrincipal principal;
    principal.set_principal_id("clerk");
    principal.add_roles(v1::ROLE_AUDITOR);
    principal.set_key_sha256(std::string(32, 'k'));
    MustDo(requests_.Of(principal, "clerk"));
    MustDo(requests_.Of(Credit("r1", "anna")));
    MustDo(requests_.Of(Credit("r2", "bo"), "apart"));
    v1::RedeemNow redeem;
    redeem.set_order_id("x1");
    redeem.set_volunteer_id("anna");
    redeem.set_merchant_id("bakery");
    redeem.add_lines()->set_item_id("bun");
    redeem.mutable_lines(0)->set_quantity(1);
    MustDo(requests_.Of(redeem));
    v1::ProposeChange change;
    change.set_proposal_id("c1");
    change.mutable_merge_volunteers()->set_volunteer_id("bo");
    change.mutable_merge_volunteers()->set_survivor_id("anna");
    MustDo(requests_.Of(change, "c1"));
  }

  Inputs Now() { return {clock_.wall_us, salts_}; }

  const ScratchDir dir_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<MemoryEventLog> log_;
  uint64_t epoch_ = 0;
  std::unique_ptr<Ledger> live_;
  EventRun undurable_;
  ManualClock clock_;
  uint64_t salt_ = 0;
  std::function<uint64_t()> salts_ = [this] { return ++salt_; };
  Requests requests_;
  std::vector<Command> commands_;  // to compare what is remembered of them
  std::vector<std::string> warnings_;
};

// ---- Random commands.

class RandomRows : public StateRowsTest, public testing::WithParamInterface<int> {
 protected:
  int Pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  std::string Some(const char* kind, int below) { return Text(kind, Pick(below)); }

  v1::ServiceRecord SomeService() {
    return Credit(Some("r", 500), Some("v", 30), FormatDay(19'700 + Pick(170)),
                  static_cast<uint32_t>(1 + Pick(300)), Some("a", 20))
        .record();
  }
  v1::RecordRef SomeRecord() {
    v1::RecordRef ref;
    ref.set_source("platform");
    ref.set_record_id(Some("r", 500));
    return ref;
  }

  Command RandomCommand() {
    const std::string request = Text("q", Pick(600));
    const std::string day = FormatDay(19'700 + Pick(170));  // until June 2024
    switch (Pick(32)) {
      case 0: {
        v1::PublishRule rule = Pick(2) == 0 ? TheRule() : TheRule(100 + Pick(260));
        if (Pick(3) == 0) rule.mutable_expiry()->set_rolling_months(1 + Pick(3));
        v1::EarningRule& earning = *rule.mutable_earning();
        earning.set_credited_minutes_per_day(100 + Pick(100));
        earning.set_auto_minutes_per_day(Pick(200));
        earning.set_maturity_days(Pick(3) * 20);
        if (Pick(2) == 0) earning.set_credited_minutes_per_activity(300 + Pick(300));
        earning.set_backfill_earns(Pick(2) == 0);
        v1::AwardRate* award = earning.add_awards();
        award->set_award("blood");
        award->set_points_max(20);
        award->set_times_per_year(2);
        rule.mutable_expiry()->set_grace_days(Pick(40));
        rule.set_effective_from_day(FormatDay(18'262 + Pick(1'500)));
        return requests_.Of(rule, request);
      }
      case 1: {
        v1::RegisterPrincipal principal;
        principal.set_principal_id(Some("p", 20));
        principal.add_roles(v1::ROLE_AUDITOR);
        principal.set_key_sha256(std::string(32, 'k'));
        return requests_.Of(principal, request);
      }
      case 2: {
        v1::RevokePrincipal revoke;
        revoke.set_principal_id(Some("p", 20));
        return requests_.Of(revoke, request);
      }
      case 3:
        return requests_.Of(TheOrganisation(Some("o", 10), v1::ORGANISATION_KIND_COMMUNITY),
                            request);
      case 4: {
        v1::RegisterActivity activity = TheActivity(Some("a", 20), Some("o", 10));
        if (Pick(2) == 0) activity.set_ends_us(kJuneUs - Pick(100) * kDayUs);
        return requests_.Of(activity, request);
      }
      case 5: {
        v1::RegisterSession session;
        session.set_session_id(Some("s", 20));
        session.set_activity_id(Some("a", 20));
        session.set_service_day(day);
        session.set_starts_us(kJuneUs - 90 * kDayUs);
        session.set_ends_us(kJuneUs - Pick(80) * kDayUs);
        return requests_.Of(session, request);
      }
      case 6:
        return requests_.Of(VolunteerNamed(Some("v", 30)), request);
      case 7: {
        if (Pick(5) != 0) return requests_.Of(VolunteerNamed(Some("v", 30)), request);
        v1::FreezeVolunteer freeze;
        freeze.set_volunteer_id(Some("v", 30));
        freeze.set_reason_code("lost");
        return requests_.Of(freeze, request);
      }
      case 8: {
        v1::OnboardMerchant merchant;
        merchant.set_merchant_id(Some("m", 5));
        merchant.set_kind("bakery");
        return requests_.Of(merchant, request);
      }
      case 9: {
        v1::PublishItem item;
        item.set_item_id(Some("i", 10));
        item.set_merchant_id(Some("m", 5));
        item.set_price_points(static_cast<uint32_t>(1 + Pick(3)));
        item.set_stock(static_cast<uint32_t>(Pick(10)));
        return requests_.Of(item, request);
      }
      case 10: {
        v1::ReceiveStock stock;
        stock.set_item_id(Some("i", 10));
        stock.set_quantity(static_cast<uint32_t>(1 + Pick(10)));
        return requests_.Of(stock, request);
      }
      case 11:
      case 12: {
        v1::RedeemNow redeem;
        redeem.set_order_id(Some("order", 200));
        redeem.set_volunteer_id(Some("v", 30));
        redeem.set_merchant_id(Some("m", 5));
        v1::OrderLine* line = redeem.add_lines();
        line->set_item_id(Some("i", 10));
        line->set_quantity(1);
        return Pick(2) == 0 ? requests_.Of(redeem) : requests_.Of(redeem, request);
      }
      case 13: {
        v1::CreditHours credit = Credit(Some("r", 500), Some("v", 30), day, 0, Some("a", 20));
        const int64_t start_us = kJuneUs - Pick(4'000) * 60 * kSecondUs * 20;
        v1::ServiceInterval* interval = credit.mutable_record()->mutable_interval();
        interval->set_start_us(start_us);
        interval->set_end_us(start_us + (1 + Pick(600)) * 60 * kSecondUs);
        return requests_.Of(credit);
      }
      case 14:
      case 15: {
        v1::SubmitHours submit;
        *submit.mutable_record() = SomeService();
        return requests_.Of(submit);
      }
      case 16: {
        v1::BackfillHours backfill;
        *backfill.mutable_record() = SomeService();
        return requests_.Of(backfill);
      }
      case 17:
      case 18: {
        v1::ReviewHours review;
        *review.mutable_record() = SomeRecord();
        review.set_verdict(Pick(3) == 0 ? v1::VERDICT_REJECT : v1::VERDICT_APPROVE);
        review.set_reason_code("seen");
        return requests_.OfCommittee(review, request);
      }
      case 19: {
        v1::DisputeHours dispute;
        *dispute.mutable_record() = SomeRecord();
        dispute.set_reason_code("doubt");
        return requests_.Of(dispute, request);
      }
      case 20: {
        v1::RevokeHours revoke;
        *revoke.mutable_record() = SomeRecord();
        revoke.set_reason_code("fraud");
        return requests_.Of(revoke, request);
      }
      case 21: {
        v1::CorrectHours correct;
        *correct.mutable_record() = SomeRecord();
        *correct.mutable_replacement() = SomeService();
        correct.set_reason_code("typo");
        return requests_.Of(correct, request);
      }
      case 22: {
        v1::AwardPoints award;
        award.set_record_id(Some("r", 500));
        award.set_volunteer_id(Some("v", 30));
        award.set_award("blood");
        award.set_award_day(day);
        award.set_points(static_cast<uint32_t>(1 + Pick(20)));
        return requests_.Of(award, request);
      }
      case 23: {
        v1::RefundOrder refund;
        refund.set_order_id(Some("order", 200));
        refund.add_lines()->set_item_id(Some("i", 10));
        refund.mutable_lines(0)->set_quantity(1);
        refund.set_reason_code("stale");
        return requests_.Of(refund, request);
      }
      case 24: {
        v1::ProposeChange change;
        change.set_proposal_id(Some("c", 60));
        if (Pick(4) == 0) {
          change.mutable_merge_volunteers()->set_volunteer_id(Some("v", 30));
          change.mutable_merge_volunteers()->set_survivor_id("v30");
        } else {
          change.mutable_adjust_points()->set_volunteer_id(Some("v", 30));
          change.mutable_adjust_points()->set_units(1 + Pick(1'000'000));
          change.mutable_adjust_points()->set_reason_code("gift");
        }
        return requests_.Of(change, request);
      }
      case 25: {
        v1::ApproveChange approve;
        approve.set_proposal_id(Some("c", 60));
        return requests_.OfCommittee(approve, request);
      }
      case 26: {
        if (Pick(10) != 0) return requests_.Of(VolunteerNamed("v30"), request);
        v1::CloseVolunteer close;
        close.set_volunteer_id(Some("v", 30));
        close.set_reason(v1::CLOSE_REASON_MOVED);
        return requests_.Of(close, request);
      }
      case 27: {
        v1::SubmitActivity activity;
        activity.set_activity_id(Some("a", 20));
        activity.set_organisation_id(Some("o", 10));
        activity.set_category("care");
        activity.set_starts_us(1);
        activity.set_capacity(2);
        return requests_.Of(activity, request);
      }
      case 28: {
        v1::ReviewActivity review;
        review.set_activity_id(Some("a", 20));
        review.set_verdict(v1::VERDICT_APPROVE);
        review.set_reason_code("seen");
        return requests_.OfCommittee(review, request);
      }
    }
    v1::CreditHours credit = Credit(Some("r", 500), Some("v", 30), day,
                                    static_cast<uint32_t>(1 + Pick(300)), Some("a", 20));
    if (Pick(5) == 0) credit.mutable_record()->set_session_id(Some("s", 20));
    return Pick(3) == 0 ? requests_.Of(credit, request) : requests_.Of(credit);
  }

  void Step() {
    clock_.Advance(Pick(2 * 3'600) * kSecondUs);
    commands_.push_back(RandomCommand());
    if (Pick(10) == 0) {
      std::vector<Command> call(commands_.end() - std::min<size_t>(commands_.size(), 4),
                                commands_.end());
      live_->ExecuteAtomic(call, Now(), [this](std::string_view e) { undurable_.Add(e); });
    } else if (Pick(20) == 0) {
      live_->Sweep(Now(), 3, [this](std::string_view e) { undurable_.Add(e); });
    } else {
      Do(commands_.back());
    }
  }

  std::mt19937 random_;
};

TEST_P(RandomRows, AreTheStateThatAReplayComesTo) {
  const char* const chosen = std::getenv("MERIT_SEED");
  const uint32_t seed =
      chosen != nullptr ? static_cast<uint32_t>(std::stoul(chosen)) : std::random_device()();
  SCOPED_TRACE(Text("replay with MERIT_SEED=", seed,
                    " ctest -R services_state_rows_test --output-on-failure"));
  random_.seed(seed);
  MustDo(requests_.Of(Founding(), "found"));
  MustDo(requests_.Of(TheRule(), "rule"));
  const auto did_enough = [this] {
    const State& state = live_->state();
    return state.volunteers().size() > 10 && state.ledger().issued_units < 0 &&
           state.records().size() > 20 && state.proposals().size() > 2;
  };
  for (int i = 0; i < 40 || !did_enough(); ++i) {
    ASSERT_LT(i, 1'000) << "the commands do too little";
    const int steps = Pick(60);
    for (int n = 0; n < steps; ++n) Step();
    if (Pick(2) == 0) Commit();
    if (Pick(2) == 0) {
      WriteRows();
      Rows scratch;
      for (StateRow& row : EncodeDirty(*FromScratch()).rows) scratch[row.key] = row.value;
      EXPECT_EQ(Stored(), scratch) << "each row, byte by byte";
    }
    if (Pick(4) != 0) continue;
    Commit();
    EXPECT_EQ(Dump(live_->state()), Dump(FromScratch()->state()));
    ExpectLoads(false);
    // Go on from what was loaded, as after a kill.
    if (Pick(2) == 0) live_ = Load();
    if (Pick(2) == 0) OpenStore();
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(StateRows, RandomRows, testing::Range(0, 6));

// ---- Rows that can't be believed.

TEST_F(StateRowsTest, NothingIsWrittenOfAnUnchangedLedger) {
  Town();
  WriteRows();
  EXPECT_TRUE(EncodeDirty(*live_).rows.empty());
  EXPECT_TRUE(EncodeDirty(*Load()).rows.empty()) << "what was loaded is not dirty";
  MustDo(requests_.Of(Credit("r3", "anna")));
  Commit();
  EXPECT_EQ(EncodeDirty(*Load()).rows.size(), 4u) << "but what was replayed is: l, anna, r3 twice";
}

TEST_F(StateRowsTest, StateAheadOfTheLogIsDiscarded) {
  Town();
  WriteRows();
  const std::string last(live_->last_event());
  const auto all = *log_->Read(kTown, 0, 100, SIZE_MAX);
  NewLog();
  for (size_t i = 0; i + 1 < all.size(); ++i) {
    ASSERT_TRUE(live_->Replay(all[i]).ok());
    undurable_.Add(all[i]);
  }
  Commit();
  ExpectLoads(true);
}

TEST_F(StateRowsTest, StateOfAnotherLogIsDiscarded) {
  Town();
  WriteRows();
  NewLog();
  Town();  // the same again, but other salts
  Commit();
  ExpectLoads(true);
  NewLog();
  Town();
  WriteRows();
  ExpectLoads(false);
}

TEST_F(StateRowsTest, AnotherSchemaStartsOver) {
  Town();
  WriteRows();
  OpenStore(kStateSchemaVersion + 1);
  EXPECT_EQ(store_->AppliedSize(kTown), 0u);
  ExpectLoads(false);
}

TEST_F(StateRowsTest, AMissingRowIsNoticed) {
  Town();
  WriteRows();
  const Rows stored = Stored();
  size_t tried = 0;
  for (const auto& [key, value] : stored) {
    if (key[0] == 'r') continue;  // see ARequestRowThatIsMissing…
    SCOPED_TRACE(key);
    Overwrite(key, "");
    ExpectLoads(true);
    live_ = FromScratch();
    WriteRows();
    ExpectLoads(false);
    ++tried;
  }
  EXPECT_EQ(tried, 15u) << "the ledger's; two volunteers, names, records; one of each other table";
}

TEST_F(StateRowsTest, AStrangeRowIsNoticed) {
  const std::string item_key = {'t', 6, 0, 0, 0, 0};
  const std::string session_key = {'t', 4, 0, 0, 0, 0};
  state::v1::ItemRow item;
  item.set_item_id("bun");
  item.set_merchant(1);
  state::v1::SessionRow session;
  session.set_session_id("s");
  session.set_activity(1);
  state::v1::LedgerRow ledger;
  ledger.set_time_zone("Nowhere/At_All");
  const Rows strange = {
      {"x", "1"},
      {"t", "1"},
      {std::string({'t', 99, 0, 0, 0, 0}), "1"},
      {std::string({'t', 1, 0, 0, 0, 1}), "\xff"},
      {item_key, item.SerializeAsString()},        // of a merchant who isn't there
      {session_key, session.SerializeAsString()},  // of no activity
      {"l", ledger.SerializeAsString()},
      {"l", "\xff"},
  };
  Town();
  for (const auto& [key, value] : strange) {
    WriteRows();
    Overwrite(key, value);
    ExpectLoads(true);
    live_ = FromScratch();
  }
}

// Such rows are beyond what checks can find at once, but not beyond what applying the rest finds.
TEST_F(StateRowsTest, RowsOnWhichTheRestOfTheLogCantBeAppliedAreDiscarded) {
  Town();
  WriteRows();
  const std::string key = {'t', 1, 0, 0, 0, 0};
  state::v1::VolunteerRow anna;
  ASSERT_TRUE(anna.ParseFromString(Stored()[key]));
  anna.set_available_units(anna.available_units() + 1);
  Overwrite(key, anna.SerializeAsString());
  MustDo(requests_.Of(Credit("r3", "anna")));
  Commit();
  ExpectLoads(true);
}

TEST_F(StateRowsTest, ALogThatCantBeAppliedNamesTheEvent) {
  Town();
  undurable_.Add("nonsense");
  Commit();
  const auto ledger = LoadLedger(*log_, *store_, kTown, [](const std::string&) {});
  EXPECT_EQ(ledger.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(MessageOf(ledger.status()).find("event 14"), std::string_view::npos) << ledger.status();
}

TEST_F(StateRowsTest, ADamagedStoreIsReplacedByTheLog) {
  Town();
  for (int i = 0; i < 2'000; ++i) MustDo(requests_.Of(VolunteerNamed(Text("v", i)), Text("v", i)));
  WriteRows();
  store_.reset();
  for (const auto& entry : fs::directory_iterator(dir_.path() + "/state/db")) {
    if (entry.path().extension() != ".sst" || entry.file_size() < 10'000) continue;
    std::string bytes = ReadFile(entry.path());
    bytes[bytes.size() / 2] ^= 4;
    WriteFile(entry.path(), bytes);
  }
  OpenStore();
  ASSERT_GT(store_->AppliedSize(kTown), 0u);
  for (int i = 0; i < 2; ++i) {
    const auto loaded = Load();
    ASSERT_NE(loaded, nullptr);
    EXPECT_EQ(warnings_.size(), 1u);
    EXPECT_EQ(Dump(loaded->state()), Dump(FromScratch()->state()));
    EXPECT_FALSE(store_->Write(EncodeDirty(*loaded)).ok()) << "nothing on top of damage";
  }
  OpenStore();
  ExpectLoads(false);
}

// ---- With the sequencer.

TEST_F(StateRowsTest, AFoundedLedgerHasNoRowsOfAnOlderLog) {
  Town();
  WriteRows();
  const uint64_t old_size = store_->AppliedSize(kTown);
  ASSERT_EQ(old_size, 14u);
  std::vector<std::string> warnings;
  const auto warn = [&warnings](const std::string& line) { warnings.push_back(line); };
  {
    StateWriter writer(store_.get(), warn);
    World world;  // of an empty log, as after restoring an older backup
    world.hold = false;
    world.options.state_sink = &writer;
    world.Open();
    world.Found();
    world.Answered(world.Ask(world.Volunteers("v", 20)));
    ASSERT_TRUE(world.sequencer->Close().ok());
    Rows scratch;
    for (StateRow& row : EncodeDirty(**Replayed(*world.log, kTown)).rows) {
      scratch[row.key] = row.value;
    }
    EXPECT_EQ(Stored(), scratch);
  }
  EXPECT_TRUE(warnings.empty());
}

TEST_F(StateRowsTest, AWriterThatFailedStopsForGoodAndSaysSoOnce) {
  std::vector<std::string> warnings;
  StateWriter writer(store_.get(), [&](const std::string& line) { warnings.push_back(line); });
  EXPECT_TRUE(writer.Idle());
  writer.Write({{.ledger = kTown, .applied_size = 1, .rows = {{"a", "1"}}}});
  writer.Drain();
  EXPECT_TRUE(writer.Idle());
  EXPECT_EQ(store_->AppliedSize(kTown), 1u);
  fs::remove_all(dir_.path() + "/state/runs");
  for (uint64_t size = 2; size < 5; ++size) {
    writer.Write({{.ledger = kTown, .applied_size = size, .rows = {{"a", "2"}}},
                  {.ledger = "taizhou", .applied_size = size, .rows = {{"a", "2"}}}});
    writer.Drain();
    if (size == 3) fs::create_directories(dir_.path() + "/state/runs");
  }
  EXPECT_EQ(warnings.size(), 1u);
  EXPECT_EQ(store_->AppliedSize(kTown), 1u);
  EXPECT_EQ(store_->AppliedSize("taizhou"), 0u);
}

}  // namespace
}  // namespace meritbook
