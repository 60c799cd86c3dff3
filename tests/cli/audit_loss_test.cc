// A declared loss is told and is no finding, wherever the log was cut.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/cli/audit_rows.h"

namespace meritbook::audit {
namespace {

TEST(AuditLoss, IsToldAndIsNoFinding) {
  Log log = GoodLog();
  log.Loss("loss1", kLater, 3);
  log.Loss("loss2", kLater, 0);
  log.Stock("stock2", kLater, 1);
  Reducer reducer("county");
  log.ReplayInto(reducer, [] {});
  EXPECT_EQ(TextOf(reducer.findings()), "");
  ASSERT_EQ(reducer.books().losses.size(), 2u);
  EXPECT_EQ(reducer.books().losses[0].sequence, log["loss1"].sequence());
  EXPECT_EQ(reducer.books().losses[0].guard_size, log["loss1"].sequence() + 3);
  EXPECT_EQ(reducer.books().losses[1].guard_size, log["loss2"].sequence());
}

// Whoever declares it stands on the server's machine: she may bear a name that the ledger knows
// otherwise.
TEST(AuditLoss, NeedsNoPrincipalOfTheLedger) {
  for (const char* name : {"till", "backend"}) {
    Log log = GoodLog();
    log.Revoke("revoke", kLater, name);
    v1::Event& loss = log.Loss("loss", kLater, 3);
    loss.set_actor(name);
    LossOf(loss).set_declared_by(name);
    EXPECT_EQ(TextOf(Audit(log, nullptr)), "") << name;
  }
}

// Its request id is one as any other.
TEST(AuditLoss, HasOneEffect) {
  Log log = GoodLog();
  log.Loss("loss", kLater, 3);
  log.Loss("again", kLater, 3).set_request_id("loss");
  const std::vector<Finding> findings = Audit(log, nullptr);
  ASSERT_EQ(findings.size(), 1u) << TextOf(findings);
  EXPECT_EQ(findings[0].invariant, Invariant::REQUEST_REPEATED);
}

// What is found when the log is cut after so many events and, a year later, `next` follows.
std::vector<Finding> CutAt(Log& log, uint64_t kept, v1::Event next) {
  Reducer reducer("county");
  for (uint64_t i = 0; i < kept; ++i) reducer.Add(i, log.at(i).SerializeAsString());
  EXPECT_EQ(TextOf(reducer.findings()), "");
  next.set_sequence(kept);
  next.set_command_first_sequence(kept);
  reducer.Add(kept, next.SerializeAsString());
  return reducer.findings();
}

TEST(AuditLoss, FollowsWhateverWasKept) {
  std::set<Invariant> otherwise;
  size_t cuts = 0;
  for (Log log : {LifeLog(), MallLog()}) {
    const std::string late = "2025-06-10 10:00";
    Log other = GoodLog();
    const v1::Event loss = other.Loss("loss", late, 0);
    const v1::Event merchant = other.Merchant("inn", late);
    for (uint64_t kept = 1; kept < log.size(); ++kept) {
      if (log.at(kept).command_first_sequence() != kept) continue;  // within a command
      v1::Event declared = loss;
      LossOf(declared).set_kept_size(kept);
      LossOf(declared).set_guard_size(log.size());
      EXPECT_EQ(TextOf(CutAt(log, kept, declared)), "") << kept;
      for (const Finding& finding : CutAt(log, kept, merchant)) {
        otherwise.insert(finding.invariant);
      }
      ++cuts;
    }
  }
  EXPECT_GT(cuts, 100u);
  // Any other event there would come too early: the test met holds whose time was over, and points
  // that should have lapsed right after the command before.
  EXPECT_EQ(otherwise.count(Invariant::TIMER_OVERDUE), 1u);
  EXPECT_EQ(otherwise.count(Invariant::LAPSE_OVERDUE), 1u);
}

}  // namespace
}  // namespace meritbook::audit
