// One step for many merchants: each line and the sum add up, in units and in fen.
#include "cli/statement_round.h"

#include <gtest/gtest.h>

#include <string>

namespace meritbook::cli {
namespace {

v1::StatementFigures Figures(int64_t opening, int64_t confirmed, int64_t refunded, int64_t paid,
                             int64_t reversed, int64_t written_off) {
  v1::StatementFigures figures;
  const auto set = [](v1::Amounts* amounts, int64_t value) {
    amounts->set_units(value * 6'000);
    amounts->set_fen(value * 150);
  };
  set(figures.mutable_opening(), opening);
  set(figures.mutable_confirmed(), confirmed);
  set(figures.mutable_refunded(), refunded);
  set(figures.mutable_paid(), paid);
  set(figures.mutable_reversed(), reversed);
  set(figures.mutable_written_off(), written_off);
  set(figures.mutable_closing(), opening + confirmed - refunded - paid + reversed - written_off);
  return figures;
}

TEST(AddsUp, EveryAmountHasItsSign) {
  const v1::StatementFigures right = Figures(10, 50, 5, 10, 3, -2);
  EXPECT_TRUE(AddsUp(right));
  EXPECT_EQ(right.closing().units(), 50 * 6'000);
  const auto* const descriptor = v1::StatementFigures::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    for (const bool units : {true, false}) {
      v1::StatementFigures wrong = right;
      auto* const amounts = static_cast<v1::Amounts*>(
          wrong.GetReflection()->MutableMessage(&wrong, descriptor->field(i)));
      if (units) {
        amounts->set_units(amounts->units() + 1);
      } else {
        amounts->set_fen(amounts->fen() + 1);
      }
      EXPECT_FALSE(AddsUp(wrong)) << descriptor->field(i)->name() << (units ? " units" : " fen");
    }
  }
}

TEST(Round, SumsWhatWasDone) {
  StatementRound round;
  round.Add({"bakery", "bakery-2026-10", true, "opened", "", Figures(0, 30, 2, 0, 0, 0)});
  round.Add({"cinema", "cinema-2026-10", true, "opened", "", Figures(12, 8, 0, 12, 0, 0)});
  EXPECT_TRUE(round.AllDone());
  EXPECT_TRUE(round.AddsUp());
  // One that was refused has no part in the sum, whatever its figures.
  round.Add({"florist", "florist-2026-10", false, "no", "PERIOD_NOT_CLOSED",
             Figures(900, 0, 0, 0, 0, 0)});
  EXPECT_FALSE(round.AllDone());
  EXPECT_TRUE(round.AddsUp());
  EXPECT_EQ(round.Sum().opening().fen(), 12 * 150);
  EXPECT_EQ(round.Sum().confirmed().units(), 38 * 6'000);
  EXPECT_EQ(round.Sum().closing().fen(), 36 * 150);
  const std::string shown = round.Lines(Language::kEnglish, true).Text(false);
  EXPECT_NE(shown.find("bakery-2026-10"), std::string::npos) << shown;
  EXPECT_NE(shown.find("36.00"), std::string::npos) << shown;
  EXPECT_NE(shown.find("54.00"), std::string::npos) << shown;
  const std::string csv = round.Lines(Language::kChinese, false).Csv();
  EXPECT_NE(csv.find("florist,florist-2026-10,,,,,,,PERIOD_NOT_CLOSED\n"), std::string::npos)
      << csv;
  EXPECT_NE(csv.find("bakery,bakery-2026-10,0,168000,168000,0,4200,4200,done\n"), std::string::npos)
      << csv;
}

TEST(Round, ALineThatIsWrongIsFound) {
  StatementRound round;
  v1::StatementFigures one = Figures(0, 30, 0, 0, 0, 0);
  v1::StatementFigures other = Figures(0, 30, 0, 0, 0, 0);
  // Two mistakes that cancel out in the sum.
  one.mutable_closing()->set_fen(one.closing().fen() + 1);
  other.mutable_closing()->set_fen(other.closing().fen() - 1);
  round.Add({"bakery", "b", true, "opened", "", one});
  round.Add({"cinema", "c", true, "opened", "", other});
  EXPECT_FALSE(round.AddsUp());
}

}  // namespace
}  // namespace meritbook::cli
