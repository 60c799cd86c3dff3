// Events in words: every kind has its own, in both languages, and the right effect on what she
// owns.
#include "cli/event_words.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "cli/change_words.h"

namespace meritbook::cli {
namespace {

const absl::TimeZone kUtc = absl::UTCTimeZone();

TEST(EventWords, EveryKindHasItsOwn) {
  const std::string unknown = WordsOf(v1::Event(), Language::kEnglish, kUtc).what;
  std::set<std::string> english;
  std::set<std::string> chinese;
  const auto* const body = v1::Event::descriptor()->FindOneofByName("body");
  for (int i = 0; i < body->field_count(); ++i) {
    v1::Event event;
    event.GetReflection()->MutableMessage(&event, body->field(i));
    const EventWords words = WordsOf(event, Language::kEnglish, kUtc);
    EXPECT_EQ(words.kind, body->field(i)->name());
    EXPECT_NE(words.what, unknown) << words.kind;
    EXPECT_TRUE(english.insert(words.what).second) << words.what;
    EXPECT_TRUE(chinese.insert(WordsOf(event, Language::kChinese, kUtc).what).second) << words.kind;
  }
}

TEST(ChangeWords, EveryChangeHasItsOwn) {
  const std::string unknown = WordsOf(v1::ProposeChange(), Language::kEnglish, kUtc);
  const auto* const change = v1::ProposeChange::descriptor()->FindOneofByName("change");
  for (int i = 0; i < change->field_count(); ++i) {
    v1::ProposeChange proposal;
    proposal.GetReflection()->MutableMessage(&proposal, change->field(i));
    EXPECT_NE(WordsOf(proposal, Language::kEnglish, kUtc), unknown) << change->field(i)->name();
  }
  v1::ProposeChange adjust;
  adjust.mutable_adjust_points()->set_volunteer_id("v-1");
  adjust.mutable_adjust_points()->set_units(75'000);
  adjust.mutable_adjust_points()->set_reason_code("goodwill");
  EXPECT_EQ(WordsOf(adjust, Language::kEnglish, kUtc),
            "adjust v-1 by +12.50, without end (goodwill)");
  v1::ProposeChange off;
  off.mutable_write_off()->set_statement_id("s-1");
  off.mutable_write_off()->mutable_amounts()->set_units(-6'000);
  off.mutable_write_off()->mutable_amounts()->set_fen(250);
  off.mutable_write_off()->mutable_budget()->set_source("programme");
  off.mutable_write_off()->mutable_budget()->set_year(2026);
  off.mutable_write_off()->set_reason_code("count");
  EXPECT_EQ(WordsOf(off, Language::kEnglish, kUtc),
            "write off s-1: -1.00 points, 2.50 yuan, budget programme/2026 (count)");
  v1::ProposeChange budget;
  budget.mutable_allocate_budget()->set_source("programme");
  budget.mutable_allocate_budget()->set_year(2026);
  budget.mutable_allocate_budget()->set_fen(2'000'000);
  budget.mutable_allocate_budget()->set_warn_percent(80);
  EXPECT_EQ(WordsOf(budget, Language::kEnglish, kUtc),
            "budget programme 2026 by +20,000.00 yuan, warn at 80 %");
  adjust.mutable_adjust_points()->set_units(-60);
  EXPECT_EQ(WordsOf(adjust, Language::kEnglish, kUtc), "adjust v-1 by -0.01 (goodwill)");
}

v1::LotUnits Lot(int64_t units) {
  v1::LotUnits lot;
  lot.set_units(units);
  return lot;
}

TEST(EventWords, CountWhatSheOwns) {
  // Credited while it matures: hers already.
  v1::Event credited;
  v1::Credit* const credit = credited.mutable_hours_credited()->mutable_credit();
  credit->add_segments()->set_units(600);
  credit->mutable_segments(0)->set_credited_minutes(240);
  credit->mutable_segments(0)->set_honorary_minutes(120);
  credit->set_matures_day_number(18'698);
  EXPECT_EQ(WordsOf(credited, Language::kEnglish, kUtc).units, 600);
  EXPECT_EQ(WordsOf(credited, Language::kEnglish, kUtc).minutes, 360U);
  EXPECT_NE(WordsOf(credited, Language::kEnglish, kUtc).about.find("2021-03-12"),
            std::string::npos);
  // Of a closed account: not hers.
  *credit->mutable_inflow()->add_forfeited() = Lot(600);
  EXPECT_EQ(WordsOf(credited, Language::kEnglish, kUtc).units, 0);

  v1::Event waiting;
  waiting.mutable_hours_submitted()->add_wait_reasons(v1::WAIT_REASON_OWN_HOURS);
  EXPECT_FALSE(WordsOf(waiting, Language::kEnglish, kUtc).units.has_value());
  EXPECT_NE(WordsOf(waiting, Language::kEnglish, kUtc).about.find("waits"), std::string::npos);

  // 660 clawed back: 60 had lapsed, 360 are there, 240 become debt.
  v1::Event revoked;
  v1::ClawBack* const claw_back = revoked.mutable_hours_revoked()->mutable_claw_back();
  *claw_back->add_expired() = Lot(60);
  *claw_back->add_available() = Lot(360);
  claw_back->set_debt_units(240);
  EXPECT_EQ(WordsOf(revoked, Language::kEnglish, kUtc).units, -600);

  // Of the same, 420 return in reverse: debt, then 180 of what was there.
  v1::Event corrected;
  *corrected.mutable_hours_corrected()->mutable_claw_back() = *claw_back;
  v1::ClawBack* const returned = corrected.mutable_hours_corrected()->mutable_returned();
  returned->set_debt_units(240);
  *returned->add_available() = Lot(180);
  corrected.mutable_hours_corrected()->mutable_credit()->add_segments()->set_units(420);
  EXPECT_EQ(WordsOf(corrected, Language::kEnglish, kUtc).units, -180);
  // With all back and 30 more.
  *returned = *claw_back;
  corrected.mutable_hours_corrected()->mutable_credit()->mutable_segments(0)->set_units(690);
  EXPECT_EQ(WordsOf(corrected, Language::kEnglish, kUtc).units, 30);

  v1::Event merged;
  merged.mutable_volunteers_merged()->mutable_command()->set_volunteer_id("old");
  merged.mutable_volunteers_merged()->mutable_command()->set_survivor_id("new");
  merged.mutable_volunteers_merged()->set_available_units(180);
  merged.mutable_volunteers_merged()->set_debt_units(-20);
  EXPECT_EQ(WordsOf(merged, Language::kEnglish, kUtc).units, -160);
  EXPECT_EQ(WordsOf(merged, Language::kEnglish, kUtc).survivor_id, "new");

  v1::Event closed;
  closed.mutable_order_cancelled()->mutable_hold()->set_units(90);
  *closed.mutable_order_cancelled()->mutable_hold()->mutable_released()->add_forfeited() = Lot(90);
  EXPECT_EQ(WordsOf(closed, Language::kEnglish, kUtc).units, -90);
  EXPECT_EQ(WordsOf(closed, Language::kEnglish, kUtc).held_units, -90);

  v1::Event refunded;
  refunded.mutable_order_refunded()->mutable_inflow()->set_debt_repaid_units(5);
  *refunded.mutable_order_refunded()->mutable_inflow()->add_lots() = Lot(7);
  EXPECT_EQ(WordsOf(refunded, Language::kEnglish, kUtc).units, 12);
}

TEST(EventWords, TellWhatIsHeld) {
  // Set aside: hers as before, and held.
  v1::Event held;
  held.mutable_order_held()->mutable_command()->set_order_id("o-1");
  held.mutable_order_held()->mutable_hold()->set_units(100);
  held.mutable_order_held()->mutable_hold()->set_volunteer_id("v-1");
  const EventWords words = WordsOf(held, Language::kEnglish, kUtc);
  EXPECT_EQ(words.units, 0);
  EXPECT_EQ(words.held_units, 100);
  EXPECT_EQ(words.volunteer_id, "v-1");

  // 60 of 100 are handed over; of the rest 30 go back and 10 repay debt.
  v1::Event confirmed;
  v1::OrderConfirmed& body = *confirmed.mutable_order_confirmed();
  body.set_units(60);
  *body.mutable_released()->add_lots() = Lot(30);
  body.mutable_released()->set_debt_repaid_units(10);
  EXPECT_EQ(WordsOf(confirmed, Language::kEnglish, kUtc).units, -60);
  EXPECT_EQ(WordsOf(confirmed, Language::kEnglish, kUtc).held_units, -100);

  v1::Event timed_out;
  timed_out.mutable_hold_timed_out()->mutable_hold()->set_units(100);
  *timed_out.mutable_hold_timed_out()->mutable_hold()->mutable_released()->add_lots() = Lot(100);
  EXPECT_EQ(WordsOf(timed_out, Language::kEnglish, kUtc).units, 0);
  EXPECT_EQ(WordsOf(timed_out, Language::kEnglish, kUtc).held_units, -100);

  v1::Event redeemed;
  redeemed.mutable_order_redeemed()->set_units(50);
  redeemed.mutable_order_redeemed()->set_volunteer_id("paid-by-code");
  EXPECT_EQ(WordsOf(redeemed, Language::kEnglish, kUtc).units, -50);
  EXPECT_EQ(WordsOf(redeemed, Language::kEnglish, kUtc).volunteer_id, "paid-by-code");
  EXPECT_FALSE(WordsOf(redeemed, Language::kEnglish, kUtc).held_units.has_value());
}

TEST(EventWords, SayWhereALateFactIsBooked) {
  v1::Event refunded;
  refunded.mutable_order_refunded()->mutable_command()->set_order_id("o-1");
  EXPECT_EQ(WordsOf(refunded, Language::kEnglish, kUtc).about.find("booked"), std::string::npos);
  refunded.set_booked_month_number((2026 - 1970) * 12 + 10);
  EXPECT_NE(WordsOf(refunded, Language::kEnglish, kUtc).about.find("booked in 2026-11"),
            std::string::npos);
  EXPECT_NE(WordsOf(refunded, Language::kChinese, kUtc).about.find("2026-11"), std::string::npos);
}

TEST(EventWords, MoneyIsToldInYuan) {
  v1::Event paid;
  paid.mutable_payment_recorded()->mutable_command()->set_statement_id("bakery-2026-10");
  paid.mutable_payment_recorded()->mutable_amounts()->set_units(75'000);
  paid.mutable_payment_recorded()->mutable_amounts()->set_fen(123'456);
  EXPECT_EQ(WordsOf(paid, Language::kEnglish, kUtc).about,
            "bakery-2026-10, 12.50 points, 1,234.56 yuan");
}

}  // namespace
}  // namespace meritbook::cli
