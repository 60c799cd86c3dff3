// Owns: a ledger on a log in memory, with its rows in a state store on disk.
// Promises: whatever is loaded is held against a replay of the whole log.
// Thread: one.
#ifndef MERITBOOK_TESTS_SERVICES_STORED_LEDGER_H_
#define MERITBOOK_TESTS_SERVICES_STORED_LEDGER_H_

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/rocks_state_store.h"
#include "storage/state_rows.h"
#include "tests/ledger/script.h"
#include "tests/services/mall_messages.h"
#include "tests/services/world.h"
#include "tests/storage/scratch.h"

namespace meritbook {

using Rows = std::map<std::string, std::string>;

// Everything that a State shows, as text.
inline std::string Dump(const State& state) {
  return Text(Describe(state), "midnight ", state.calendar().StartOf(20'000), "\n");
}

class StoredLedger : public testing::Test {
 protected:
  void SetUp() override {
    OpenStore();
    NewLog();
  }

  void OpenStore(uint32_t schema_version = kStateSchemaVersion) {
    store_.reset();
    auto store = OpenStateStore({.dir = dir_.path(), .schema_version = schema_version});
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
    MustDo(requests_.Of(TheMallRule(152), "rule"));
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
    MustDo(requests_.Of(TheMerchant("bakery"), "bakery"));
    MustDo(requests_.Of(AllocationOf("c0", 2024, 1'000), "c0"));
    MustDo(requests_.OfCommittee(ApprovalOf("c0"), "c0"));
    MustDo(requests_.Of(TheItem("bun", "bakery", 2, 100, 30), "bun"));
    v1::RegisterPrincipal principal;
    principal.set_principal_id("clerk");
    principal.add_roles(v1::ROLE_AUDITOR);
    principal.set_key_sha256(std::string(32, 'k'));
    MustDo(requests_.Of(principal, "clerk"));
    MustDo(requests_.Of(Credit("r1", "anna")));
    MustDo(requests_.Of(Credit("r2", "bo"), "apart"));
    MustDo(requests_.Of(OrderOf<v1::RedeemNow>("x1", "anna", "bakery", "bun")));
    MustDo(requests_.Of(VoucherFor("x2", "anna", 3)));
    MustDo(requests_.Of(CloseMonth("2024-05"), "may"));
    MustDo(requests_.Of(StatementOf("s1", "bakery", "2024-05"), "s1"));
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

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_SERVICES_STORED_LEDGER_H_
