// The judge of histories is judged: every kind of wrong answer is found, and a right one isn't.
#include "tests/e2e/history.h"

#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/e2e/requests.h"

namespace meritbook::e2e {
namespace {

constexpr int64_t kUnits = 2'500;

// Ann registers and is credited three times; then she places an order.
class Judged : public testing::Test {
 protected:
  Judged() {
    events_.resize(5);
    *events_[0].mutable_volunteer_registered()->mutable_command() = Volunteer("ann").command();
    for (int i = 1; i <= 3; ++i) {
      v1::HoursCredited& credited = *events_[i].mutable_hours_credited();
      *credited.mutable_command() = Credit(Text("r", i), "ann", 1, 1).command();
      v1::CreditSegment& segment = *credited.mutable_credit()->add_segments();
      segment.set_credited_minutes(1);
      segment.set_units(kUnits);
    }
    v1::OrderHeld& held = *events_[4].mutable_order_held();
    held.mutable_command()->set_order_id("o");
    held.mutable_hold()->set_volunteer_id("ann");
    held.mutable_hold()->set_units(2 * kUnits);
    held.mutable_hold()->add_lots()->set_units(2 * kUnits);
    for (int i = 0; i < 5; ++i) {
      v1::Event& event = events_[i];
      event.set_sequence(static_cast<uint64_t>(i));
      event.set_recorded_us(1'000 + i);
      event.set_actor("dev-platform");
      event.set_source("dev");
      event.set_kind(i == 0   ? v1::COMMAND_KIND_REGISTER_VOLUNTEER
                     : i == 4 ? v1::COMMAND_KIND_HOLD_ORDER
                              : v1::COMMAND_KIND_CREDIT_HOURS);
      event.set_request_id(i == 0 ? "ann" : i == 4 ? "o" : Text("r", i));
      event.set_command_first_sequence(static_cast<uint64_t>(i));
      v1::PassbookLink& link = *event.add_passbook();
      link.set_volunteer_id("ann");
      link.set_event_count(static_cast<uint64_t>(i) + 1);
      if (i > 0) link.set_previous_sequence(static_cast<uint64_t>(i) - 1);
    }
    // Each command was sent when the one before had been answered.
    for (int i = 0; i < 5; ++i) {
      Deed deed;
      deed.key = CommandKey(events_[i].kind(), "dev", events_[i].request_id());
      deed.volunteer = "ann";
      deed.owner = "dev";
      deed.order = "o";
      deed.first_sent_us = 100 * i + 10;
      deed.answers.push_back(Taken(100 * i + 10, 100 * i + 90, static_cast<uint64_t>(i)));
      history_.deeds.push_back(deed);
    }
    history_.wealth_reads.push_back({{210, 290}, "ann", {2 * kUnits, 0, 2, 3, 2}, 3});
  }

  static Answered Taken(int64_t sent_us, int64_t answered_us, uint64_t sequence) {
    Answered answer;
    answer.at = {sent_us, answered_us};
    answer.sequence = sequence;
    answer.recorded_us = 1'000 + static_cast<int64_t>(sequence);
    return answer;
  }
  static Answered Refused(int64_t sent_us, int64_t answered_us, const std::string& reason) {
    Answered answer;
    answer.at = {sent_us, answered_us};
    answer.reason = reason;
    return answer;
  }
  // One more command, which is only refused.
  void AddRefused(const Answered& answer, int64_t units) {
    Deed deed;
    deed.key = "refused";
    deed.volunteer = "ann";
    deed.units = units;
    deed.first_sent_us = answer.at.sent_us;
    deed.answers = {answer};
    history_.deeds.push_back(deed);
  }

  struct Counts {
    uint64_t lost = 0;
    uint64_t doubled = 0;
    uint64_t out_of_order = 0;
  };
  void Expect(const Counts& want) {
    LedgerStory story;
    for (const v1::Event& event : events_) story.Add(event.SerializeAsString());
    const Verdict verdict = CheckHistory({&history_}, story, 0);
    EXPECT_EQ(verdict.lost, want.lost);
    EXPECT_EQ(verdict.doubled, want.doubled);
    EXPECT_EQ(verdict.out_of_order, want.out_of_order);
    if (testing::Test::HasFailure()) {
      for (const std::string& fault : verdict.faults) std::cerr << fault << "\n";
    }
  }

  std::vector<v1::Event> events_;
  History history_;
};

TEST_F(Judged, ARightHistoryHasNoFault) { Expect({}); }

TEST_F(Judged, WhatWasAcknowledgedAndIsNotThereIsLost) {
  events_.pop_back();
  Expect({.lost = 1});
}

TEST_F(Judged, WhatWasAcknowledgedElsewhereIsLost) {
  history_.deeds[3].answers[0].sequence = 2;
  Expect({.lost = 1});
}

TEST_F(Judged, WhatWasShownAndIsOtherwiseIsLost) {
  history_.followed.push_back({{500, 600}, 3, {1, 2}});
  Expect({.lost = 1});
}

TEST_F(Judged, WhatNobodyWasToldOfIsDoubled) {
  history_.deeds.pop_back();
  Expect({.doubled = 1});
}

TEST_F(Judged, ARequestThatTookEffectTwiceIsDoubled) {
  events_[3].set_request_id("r2");
  history_.deeds[3].key = history_.deeds[2].key;
  history_.deeds[3].answers.clear();
  history_.deeds.erase(history_.deeds.begin() + 3);
  Expect({.doubled = 1});
}

TEST_F(Judged, TwoAnswersToOneRequestAreDoubled) {
  history_.deeds[3].answers.push_back(Taken(600, 700, 3));
  history_.deeds[3].answers[1].already_applied = true;
  Expect({});
  history_.deeds[3].answers[1].recorded_us = 7;
  Expect({.doubled = 1});
}

TEST_F(Judged, ARefusalAfterItWasTakenIsDoubled) {
  history_.deeds[3].answers.push_back(Refused(600, 700, "VOLUNTEER_UNKNOWN"));
  Expect({.doubled = 1});
}

TEST_F(Judged, ARefusedOneInTheLogIsDoubled) {
  history_.deeds[4].answers = {Refused(410, 490, "BALANCE_TOO_LOW")};
  history_.deeds[4].units = 9 * kUnits;
  Expect({.doubled = 2});  // and nobody was told that it was taken
}

TEST_F(Judged, ABalanceThatIsNotThatOfItsSizeIsOutOfOrder) {
  history_.wealth_reads[0].wealth.available_units += 1;
  Expect({.out_of_order = 1});
}

TEST_F(Judged, AnOldBalanceIsOutOfOrder) {
  // Right for its size, but the next credit had been acknowledged before it was asked for.
  history_.wealth_reads[0].at = {395, 399};
  Expect({.out_of_order = 1});
}

TEST_F(Judged, ABalanceFromTheFutureIsOutOfOrder) {
  // Right for its size, but what it counts was sent only later, and it bounds that as well.
  history_.wealth_reads[0] = {{195, 199}, "ann", {2 * kUnits, 0, 2, 3, 2}, 3};
  Expect({.out_of_order = 2});
}

TEST_F(Judged, ARefusalIsRightWhereItWasTrueMeanwhile) {
  AddRefused(Refused(120, 190, "BALANCE_TOO_LOW"), kUnits);  // before the first credit
  Expect({});
}

TEST_F(Judged, ARefusalThatWasTrueAtNoTimeIsOutOfOrder) {
  AddRefused(Refused(395, 399, "BALANCE_TOO_LOW"), 3 * kUnits);  // she had just as much
  Expect({.out_of_order = 1});
}

TEST_F(Judged, ADeniedRequestThatWasKnownIsOutOfOrder) {
  history_.look_ups.push_back({{105, 110}, history_.deeds[1].key, false, 0, 0});
  Expect({});
  history_.look_ups[0].at = {195, 199};
  Expect({.out_of_order = 1});
}

TEST_F(Judged, AnEventThatOvertookWhatWasKnownIsOutOfOrder) {
  // Sent only when the order had been answered, and yet before it in the log.
  history_.deeds[3].first_sent_us = 495;
  history_.deeds[3].answers[0].at = {495, 499};
  Expect({.out_of_order = 2});
}

}  // namespace
}  // namespace meritbook::e2e
