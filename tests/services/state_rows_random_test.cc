// Random commands: what is stored of them, and loaded again, is the state that a replay comes to.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/services/stored_ledger.h"

namespace meritbook {
namespace {

class RandomRows : public StoredLedger, public testing::WithParamInterface<int> {
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
    const std::string request = Text("q", Pick(3'000));
    const std::string day = FormatDay(19'700 + Pick(170));  // until June 2024
    const int kind = Pick(56);
    if (kind >= 32) return RandomMallCommand(kind, request);
    switch (kind) {
      case 0: {
        v1::PublishRule rule = Pick(2) == 0 ? TheMallRule() : TheMallRule(100 + Pick(260));
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
      case 8:
        return requests_.Of(TheMerchant(Some("m", 5)), request);
      case 9: {
        v1::PublishItem item =
            TheItem(Some("i", 10), Some("m", 5), static_cast<uint32_t>(1 + Pick(3)),
                    static_cast<uint32_t>(Pick(10)), static_cast<uint32_t>(Pick(3) * 10));
        if (Pick(3) == 0) {
          item.mutable_limit()->set_quantity(static_cast<uint32_t>(1 + Pick(3)));
          item.mutable_limit()->set_period(static_cast<v1::LimitPeriod>(1 + Pick(4)));
        }
        if (Pick(3) == 0) item.add_age_bands(v1::AGE_BAND_18_TO_59);
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
        const auto [merchant, item] = SomeOffer();
        const auto redeem = OrderOf<v1::RedeemNow>(SomeOrder(), Some("v", 30), merchant, item);
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
        refund.set_order_id(SomeOrder());
        refund.add_lines()->set_item_id(Some("i", 10));
        refund.mutable_lines(0)->set_quantity(1);
        refund.set_reason_code("stale");
        return requests_.Of(refund, request);
      }
      case 24: {
        v1::ProposeChange change;
        change.set_proposal_id(Some("c", 200));
        if (Pick(3) == 0) {
          change = AllocationOf(change.proposal_id(), Year(), 1 + Pick(2'000));
          change.mutable_allocate_budget()->set_warn_percent(static_cast<uint32_t>(1 + Pick(100)));
        } else if (const auto written_off = SomeWriteOff(); written_off && Pick(3) == 0) {
          *change.mutable_write_off() = *written_off;
        } else if (Pick(4) == 0) {
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
        return requests_.OfCommittee(ApprovalOf(SomeProposal()), request);
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

  // As many as there are, and a few.
  static int NumberAndMore(uint32_t count) { return static_cast<int>(count) + 10; }
  // One that was placed, or a new one.
  std::string SomeOrder() { return Some("order", NumberAndMore(live_->state().orders().size())); }
  // One that is held, if there is one.
  std::string SomeOpenOrder() {
    std::vector<uint32_t> open;
    for (const Timer& timer : live_->state().timers()) {
      if (timer.kind == Timer::kHold) open.push_back(timer.index);
    }
    if (open.empty()) return SomeOrder();
    return live_->state()
        .orders()[open[static_cast<size_t>(Pick(static_cast<int>(open.size())))]]
        .order_id;
  }
  // A merchant and, mostly, an item of its own.
  std::pair<std::string, std::string> SomeOffer() {
    const auto& items = live_->state().items();
    if (items.size() == 0 || Pick(5) == 0) return {Some("m", 5), Some("i", 10)};
    const Item& item = items[static_cast<uint32_t>(Pick(static_cast<int>(items.size())))];
    return {live_->state().merchants()[item.merchant].id, item.id};
  }
  // One that waits for the second person, if there is one.
  std::string SomeProposal() {
    std::vector<uint32_t> open;
    for (const auto& [sequence, index] : live_->state().open_proposals()) open.push_back(index);
    if (open.empty()) return "c0";
    return live_->state()
        .proposals()[open[static_cast<size_t>(Pick(static_cast<int>(open.size())))]]
        .id;
  }

  DayNumber Today() { return live_->state().DayAt(clock_.wall_us); }
  uint32_t Year() { return static_cast<uint32_t>(YearOf(Today())); }

  // Of all statements, one in this state.
  const Statement* SomeStatement(StatementState wanted) {
    const auto& statements = live_->state().statements();
    std::vector<const Statement*> found;
    for (uint32_t i = 0; i < statements.size(); ++i) {
      if (statements[i].state == wanted) found.push_back(&statements[i]);
    }
    return found.empty() ? nullptr
                         : found[static_cast<size_t>(Pick(static_cast<int>(found.size())))];
  }

  // Of an open statement a few units, of a closed one everything.
  std::optional<v1::WriteOff> SomeWriteOff() {
    const bool open = Pick(2) == 0;
    const Statement* statement =
        SomeStatement(open ? StatementState::kOpen : StatementState::kClosed);
    if (statement == nullptr) return std::nullopt;
    const Amount closing = statement->amounts.closing();
    if (!open && closing == Amount()) return std::nullopt;
    v1::WriteOff write_off;
    write_off.set_statement_id(statement->id);
    write_off.mutable_amounts()->set_units(open ? 1 + Pick(100) : closing.units);
    write_off.mutable_amounts()->set_fen(open ? 0 : closing.fen);
    write_off.set_reason_code("broken");
    return write_off;
  }

  template <typename Message>
  Message AboutStatement(const Statement* statement) {
    Message message;
    message.set_statement_id(statement == nullptr ? "s0" : statement->id);
    if constexpr (requires { message.set_reason_code("seen"); }) message.set_reason_code("seen");
    return message;
  }

  Command RandomStatementCommand(int kind, const std::string& request) {
    switch (kind) {
      case 47:
        return requests_.Of(CloseMonth(FormatMonth(MonthOf(Today()) - 1 - Pick(2))), request);
      case 48:
      case 49: {
        v1::OpenStatement open =
            StatementOf(Some("s", NumberAndMore(live_->state().statements().size())), Some("m", 5),
                        FormatMonth(MonthOf(Today()) - 1 - Pick(2)));
        if (Pick(10) == 0) {
          open.clear_through_month();
          open.set_final(true);
        }
        return requests_.Of(open, request);
      }
      case 50:
        return requests_.Of(
            AboutStatement<v1::ObjectStatement>(SomeStatement(StatementState::kOpen)), request);
      case 51:
        return requests_.Of(
            AboutStatement<v1::ResolveObjection>(SomeStatement(StatementState::kObjected)),
            request);
      case 52:
        return requests_.Of(
            AboutStatement<v1::CloseStatement>(SomeStatement(StatementState::kOpen)), request);
      case 53:
      case 54: {
        const Statement* closed = SomeStatement(StatementState::kClosed);
        auto pay = AboutStatement<v1::RecordPayment>(closed);
        const int64_t fen = closed == nullptr ? 0 : closed->amounts.closing().fen;
        pay.set_fen(static_cast<uint64_t>(std::max<int64_t>(fen, 0)));
        pay.set_reference("bank");
        return requests_.Of(pay, request);
      }
    }
    return requests_.Of(AboutStatement<v1::ReversePayment>(SomeStatement(StatementState::kPaid)),
                        request);
  }

  Command RandomMallCommand(int kind, const std::string& request) {
    const std::string order = SomeOrder();
    switch (kind) {
      case 32:
      case 33:
      case 34:
      case 35: {
        const auto [merchant, item] = SomeOffer();
        auto hold =
            HoldFor(order, Some("v", 30), static_cast<uint32_t>(1 + Pick(3'600)), merchant, item);
        hold.set_offline(Pick(2) == 0);
        return requests_.Of(hold);
      }
      case 36:
      case 37:
      case 38: {
        const auto [merchant, item] = SomeOffer();
        return requests_.Of(
            VoucherFor(order, Some("v", 30), static_cast<uint32_t>(1 + Pick(5)), merchant, item));
      }
      case 39:
      case 40:
        return requests_.Of(ConfirmOf(SomeOpenOrder()), request);
      case 41: {
        v1::ConfirmOrder confirm;
        confirm.set_voucher_sha256(std::string(AsBytes(Sha256(order))));
        return requests_.Of(confirm, request);
      }
      case 42:
        return requests_.Of(CancelOf(SomeOpenOrder()), request);
      case 43: {
        v1::SuspendMerchant suspend;
        suspend.set_merchant_id(Some("m", 5));
        suspend.set_reason_code("checks");
        return requests_.Of(suspend, request);
      }
      case 44: {
        v1::ResumeMerchant resume;
        resume.set_merchant_id(Some("m", 5));
        resume.set_reason_code("checks");
        return requests_.Of(resume, request);
      }
      case 45: {
        if (Pick(20) == 0) {
          v1::OffboardMerchant leave;
          leave.set_merchant_id(Some("m", 5));
          leave.set_last_day(FormatDay(Today() + Pick(20)));
          leave.set_reason_code("retires");
          return requests_.Of(leave, request);
        }
        v1::ReturnStock back;
        back.set_item_id(Some("i", 10));
        back.set_quantity(1);
        back.set_reason_code("mould");
        return requests_.Of(back, request);
      }
      case 46: {
        if (Pick(20) != 0) return requests_.Of(ConfirmOf(SomeOpenOrder()), request);
        v1::WithdrawItem withdraw;
        withdraw.set_item_id(Some("i", 10));
        withdraw.set_reason_code("season");
        return requests_.Of(withdraw, request);
      }
    }
    return RandomStatementCommand(kind, request);
  }

  // In a world whose mall or merchants were all closed by chance little happens any more; but not
  // in every one of them.
  static void TearDownTestSuite() {
    EXPECT_TRUE(worlds_ < 2 || lively_worlds_ > worlds_ / 2) << "the commands do too little";
  }

  // Every table has rows. The states that orders and statements can be in are state_rows_test's.
  bool DidEnough() const {
    const State& state = live_->state();
    return state.volunteers().size() > 10 && state.ledger().issued_units < 0 &&
           state.records().size() > 20 && state.proposals().size() > 2 &&
           state.budgets().size() > 0 && state.orders().size() > 5 && state.statements().size() > 0;
  }
  void Step() {
    clock_.Advance(Pick(2 * 3'600) * kSecondUs);
    if (Pick(20) == 0) clock_.Advance(Pick(3 * 86'400) * kSecondUs);
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

  static inline int worlds_ = 0;
  static inline int lively_worlds_ = 0;
  std::mt19937 random_;
};

TEST_P(RandomRows, AreTheStateThatAReplayComesTo) {
  const char* const chosen = std::getenv("MERIT_SEED");
  const uint32_t seed =
      chosen != nullptr ? static_cast<uint32_t>(std::stoul(chosen)) : std::random_device()();
  SCOPED_TRACE(Text("replay with MERIT_SEED=", seed,
                    " ctest -R services_state_rows_random_test --output-on-failure"));
  random_.seed(seed);
  MustDo(requests_.Of(Founding(), "found"));
  MustDo(requests_.Of(TheMallRule(), "rule"));
  ++worlds_;
  for (int i = 0; i < 40 || (i < 120 && !DidEnough()); ++i) {
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
  if (DidEnough()) ++lively_worlds_;
}

INSTANTIATE_TEST_SUITE_P(StateRows, RandomRows, testing::Range(0, 6));

}  // namespace
}  // namespace meritbook
