// What people and programs are shown: widths, points, hours, the comparison with an expectation.
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

#include "cli/quantity.h"
#include "cli/refusal_words.h"
#include "cli/report_command.h"
#include "cli/table.h"

namespace meritbook::cli {
namespace {

TEST(Table, AlignsCharactersThatAreTwoColumnsWide) {
  EXPECT_EQ(DisplayWidth("abc"), 3U);
  EXPECT_EQ(DisplayWidth("志愿者"), 6U);
  EXPECT_EQ(DisplayWidth("１，"), 4U);
  EXPECT_EQ(DisplayWidth("e\xCC\x81"), 1U);
  Table table({{"名称", "name"}, {"points", "units", Align::kRight}});
  table.Add({"面包", Cell("1.00", "6000")});
  table.Add({"rice-5kg", Cell("12.50", "75000")});
  EXPECT_EQ(table.Text(false),
            "名称      points\n"
            "面包        1.00\n"
            "rice-5kg   12.50\n");
}

TEST(Table, WritesPlainValuesAsCsv) {
  Table table({{"名称", "name"}, {"points", "units", Align::kRight}});
  table.Add({"a,\"b\"", Cell("1.00", "6000")});
  EXPECT_EQ(table.Csv(), "name,units\n\"a,\"\"b\"\"\",6000\n");
}

TEST(Quantity, RoundsForDisplayOnly) {
  struct {
    int64_t units;
    const char* want;
  } const kRows[] = {{0, "0.00"},
                     {60, "0.01"},
                     {29, "0.00"},
                     {30, "0.01"},
                     {-29, "0.00"},
                     {-30, "-0.01"},
                     {75'000, "12.50"},
                     {-6'000, "-1.00"},
                     {66'975'000'000, "11,162,500.00"},
                     {std::numeric_limits<int64_t>::min(), "-1,537,228,672,809,129.30"}};
  for (const auto& row : kRows) EXPECT_EQ(Points(row.units), row.want) << row.units;
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(27'038), "27,038");
  EXPECT_EQ(Hours(26'790'000), "446,500 h");
  EXPECT_EQ(Hours(90), "1 h 30 min");
  EXPECT_EQ(Day(0), "1970-01-01");
  EXPECT_EQ(Day(18'691), "2021-03-05");
}

const Figure* Named(const std::vector<Figure>& figures, const std::string& name) {
  for (const Figure& figure : figures) {
    if (figure.name == name) return &figure;
  }
  return nullptr;
}

TEST(CompareSummary, NamesEveryFigureThatDiffers) {
  v1::GetSummaryResponse summary;
  summary.set_size(10);
  summary.set_volunteers(3);
  summary.mutable_communities()->set_minutes(60);
  const auto figures = CompareSummary(
      summary,
      R"({"volunteers": 3, "events": 11, "communities": {"minutes": 60}, "merchants": 2,
          "unheard_of": 1, "refused": {"STOCK_TOO_LOW": 20}})");
  ASSERT_TRUE(figures.ok()) << figures.status();
  std::set<std::string> differing;
  for (const Figure& figure : *figures) {
    if (figure.differs) differing.insert(figure.name);
  }
  EXPECT_EQ(differing, (std::set<std::string>{"size", "merchants", "unheard_of"}));
  ASSERT_NE(Named(*figures, "communities.minutes"), nullptr);
  EXPECT_EQ(Named(*figures, "communities.minutes")->expected, "60");
  EXPECT_EQ(Named(*figures, "refused.STOCK_TOO_LOW"), nullptr);
  EXPECT_TRUE(CompareSummary(summary, std::nullopt).ok());
  EXPECT_FALSE(CompareSummary(summary, "").ok());
  EXPECT_FALSE(CompareSummary(summary, "[1]").ok());
}

TEST(RefusalWords, EveryRefusalHasItsOwn) {
  std::set<std::string> meanings;
  for (int number = 0; number <= v1::Refusal_MAX; ++number) {
    if (!v1::Refusal_IsValid(number)) continue;
    const Words words = WordsOf(static_cast<v1::Refusal>(number));
    for (const char* text :
         {words.english, words.english_hint, words.chinese, words.chinese_hint}) {
      EXPECT_STRNE(text, "") << number;
    }
    EXPECT_TRUE(meanings.insert(words.english).second) << words.english;
  }
  EXPECT_FALSE(WordsOf(std::string_view("NO_SUCH_REASON")).has_value());
}

}  // namespace
}  // namespace meritbook::cli
