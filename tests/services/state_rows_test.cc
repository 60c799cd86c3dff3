#include "storage/state_rows.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "meritbook/state/v1/row.pb.h"
#include "services/state_writer.h"
#include "tests/services/stored_ledger.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

using StateRowsTest = StoredLedger;

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

template <typename StatementCommand>
StatementCommand About(const std::string& statement_id) {
  StatementCommand command;
  command.set_statement_id(statement_id);
  if constexpr (requires { command.set_reason_code("seen"); }) command.set_reason_code("seen");
  return command;
}

TEST_F(StateRowsTest, EveryStateOfAnOrderAndAStatementIsLoadedAsItWas) {
  Town();
  int requests = 0;
  const auto then = [&](const auto& message) {
    MustDo(requests_.Of(message, Text("then", ++requests)));
    WriteRows();
    ExpectLoads(false);
  };
  const auto state_of = [&](const std::string& id) {
    return live_->state().statements().Find(id)->state;
  };
  const auto order_state = [&](uint32_t index) { return live_->state().orders()[index].state; };
  ASSERT_EQ(live_->state().orders().size(), 2u);
  then(HoldFor("x3", "anna", 600));
  then(CancelOf("x3"));
  then(HoldFor("x4", "anna", 600));
  clock_.Advance(600 * kSecondUs);
  then(About<v1::ObjectStatement>("s1"));
  EXPECT_EQ(state_of("s1"), StatementState::kObjected);
  EXPECT_EQ(order_state(0), OrderState::kConfirmed);
  EXPECT_EQ(order_state(1), OrderState::kHeld);
  EXPECT_EQ(order_state(2), OrderState::kCancelled);
  EXPECT_EQ(order_state(3), OrderState::kTimedOut);
  then(About<v1::ResolveObjection>("s1"));
  then(About<v1::CloseStatement>("s1"));
  EXPECT_EQ(state_of("s1"), StatementState::kClosed);
  clock_.Advance(40 * kDayUs);
  then(CloseMonth("2024-06"));
  then(StatementOf("s2", "bakery", "2024-06"));
  EXPECT_EQ(state_of("s1"), StatementState::kCarriedForward);
  EXPECT_EQ(state_of("s2"), StatementState::kOpen);
  then(About<v1::CloseStatement>("s2"));
  const Amount due = live_->state().statements().Find("s2")->amounts.closing();
  ASSERT_GT(due.fen, 0);
  auto pay = About<v1::RecordPayment>("s2");
  pay.set_fen(static_cast<uint64_t>(due.fen));
  pay.set_reference("bank");
  then(pay);
  EXPECT_EQ(state_of("s2"), StatementState::kPaid);
  then(About<v1::ReversePayment>("s2"));
  v1::ProposeChange change;
  change.set_proposal_id("off");
  *change.mutable_write_off() = About<v1::WriteOff>("s2");
  change.mutable_write_off()->mutable_amounts()->set_units(due.units);
  change.mutable_write_off()->mutable_amounts()->set_fen(due.fen);
  then(change);
  MustDo(requests_.OfCommittee(ApprovalOf("off"), "off"));
  WriteRows();
  ExpectLoads(false);
  EXPECT_EQ(state_of("s2"), StatementState::kWrittenOff);
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
  EXPECT_EQ(tried, 19u)
      << "the ledger's; two of people, names, records, orders, proposals; one of others";
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
  EXPECT_NE(MessageOf(ledger.status()).find("event 20"), std::string_view::npos) << ledger.status();
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
  ASSERT_EQ(old_size, 20u);
  std::vector<std::string> warnings;
  const auto warn = [&warnings](const std::string& line) { warnings.push_back(line); };
  {
    Worker worker;
    StateWriter writer(store_.get(), &worker, warn);
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
  Worker worker;
  StateWriter writer(store_.get(), &worker,
                     [&](const std::string& line) { warnings.push_back(line); });
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
