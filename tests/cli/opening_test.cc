// Opening balances: the file, its parts, and the second person's comparison.
#include <gtest/gtest.h>

#include <string>

#include "cli/opening_file.h"
#include "cli/opening_match.h"

namespace meritbook::cli {
namespace {

const char* const kHeader = "volunteer_id,points,expiry_day,credited_minutes,honorary_minutes\n";

OpeningFile Parsed(const std::string& text) {
  auto file = ParseOpening("opening.csv", text);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *file : OpeningFile();
}

TEST(OpeningFile, GroupsTheLotsOfAVolunteer) {
  const OpeningFile file = Parsed(std::string(kHeader) +
                                  "v-1,10,2021-06-30,,\n"
                                  "v-2,,,60,30\n"
                                  "v-1,0.5,,120,\n");
  EXPECT_EQ(file.volunteers, 2U);
  EXPECT_EQ(file.lots, 2U);
  EXPECT_EQ(file.units, 63'000);
  EXPECT_EQ(file.credited_minutes, 180U);
  EXPECT_EQ(file.honorary_minutes, 30U);
  ASSERT_EQ(file.parts.size(), 1U);
  const v1::LoadOpeningBalances& load = file.parts[0].load_opening_balances();
  EXPECT_EQ(load.part(), 1U);
  EXPECT_EQ(load.parts(), 1U);
  EXPECT_EQ(load.file_sha256().size(), 32U);
  ASSERT_EQ(load.balances_size(), 2);
  EXPECT_EQ(load.balances(0).volunteer_id(), "v-1");
  ASSERT_EQ(load.balances(0).lots_size(), 2);
  EXPECT_EQ(load.balances(0).lots(0).expiry_day(), "2021-06-30");
  EXPECT_FALSE(load.balances(0).lots(1).has_expiry_day());
  EXPECT_EQ(load.balances(0).lots(1).units(), 3'000);
  EXPECT_EQ(load.balances(0).credited_minutes(), 120U);
  EXPECT_EQ(load.balances(1).lots_size(), 0);
}

TEST(OpeningFile, TakesUnitsToo) {
  const OpeningFile file = Parsed("expiry_day,units,volunteer_id\n2021-06-30,7,v-1\n");
  EXPECT_EQ(file.units, 7);
}

TEST(OpeningFile, IsCutIntoPartsOf128Volunteers) {
  std::string text = "volunteer_id,units\n";
  for (int i = 0; i < 2 * kOpeningPartMax + 1; ++i) text += "v-" + std::to_string(i) + ",6000\n";
  const OpeningFile file = Parsed(text);
  ASSERT_EQ(file.parts.size(), 3U);
  EXPECT_EQ(file.parts[0].load_opening_balances().balances_size(), kOpeningPartMax);
  EXPECT_EQ(file.parts[2].load_opening_balances().balances_size(), 1);
  EXPECT_EQ(file.parts[2].load_opening_balances().part(), 3U);
  EXPECT_EQ(file.parts[2].load_opening_balances().parts(), 3U);
  // The ids follow from the file: the same for whoever has a copy, others for any other file.
  EXPECT_EQ(file.parts[2].proposal_id(), OpeningPrefix(file.file_sha256) + "-3");
  EXPECT_LE(file.parts[2].proposal_id().size(), 64U);
  EXPECT_EQ(Parsed(text).parts[0].proposal_id(), file.parts[0].proposal_id());
  EXPECT_NE(Parsed(text + "v-x,1\n").parts[0].proposal_id(), file.parts[0].proposal_id());
}

TEST(OpeningFile, CutsALongPartEarlier) {
  std::string text = "volunteer_id,units,expiry_day\n";
  for (int volunteer = 0; volunteer < kOpeningPartMax; ++volunteer) {
    for (int lot = 0; lot < 28; ++lot) {
      text += "v-" + std::to_string(volunteer) + ",6000,2030-01-" + std::to_string(lot + 10) + "\n";
    }
  }
  const OpeningFile file = Parsed(text);
  ASSERT_GT(file.parts.size(), 1U);
  for (const v1::ProposeChange& part : file.parts) EXPECT_LT(part.ByteSizeLong(), 32'768U);
}

TEST(OpeningFile, NamesLineAndColumn) {
  const std::string header = kHeader;
  std::string lots = header;
  for (int lot = 0; lot <= kOpeningLotsMax; ++lot) {
    lots += "v-1,1,20" + std::to_string(lot + 20) + "-01-01,,\n";
  }
  struct {
    std::string text;
    const char* names;
  } const kRows[] = {
      {"", "line 1"},
      {"points\n1\n", "volunteer_id is missing"},
      {"volunteer_id\nv-1\n", "units and points"},
      {"volunteer_id,units,points\nv-1,1,1\n", "units and points"},
      {header, "no rows"},
      {header + ",1,,,\n", "line 2, column volunteer_id"},
      {header + "v-1,1.23456,,,\n", "line 2, column points"},
      {header + "v-1,0,,,\n", "line 2, column points"},
      {header + "v-1,-1,,,\n", "line 2, column points"},
      {header + "v-1,,2021-01-01,,\n", "line 2, column expiry_day"},
      {header + "v-1,1,31.12.2021,,\n", "line 2, column expiry_day"},
      {header + "v-1,1,2021-01-01,,\nv-1,2,2021-01-01,,\n", "line 3, column expiry_day"},
      {header + "v-1,1,,,\nv-1,2,,,\n", "line 3, column expiry_day"},
      {header + "v-1,1,,60,\nv-1,2,2021-01-01,60,\n", "line 3, column credited_minutes"},
      {header + "v-1,1,,1h,\n", "line 2, column credited_minutes"},
      {header + "v-1,1,,,100000001\n", "line 2, column honorary_minutes"},
      {lots, "line 66, column points"}};
  for (const auto& row : kRows) {
    const auto parsed = ParseOpening("opening.csv", row.text);
    ASSERT_FALSE(parsed.ok()) << row.text;
    EXPECT_NE(parsed.status().message().find(row.names), std::string::npos) << parsed.status();
  }
}

v1::ListReviewsResponse Open(const OpeningFile& file) {
  v1::ListReviewsResponse reviews;
  for (const v1::ProposeChange& part : file.parts) {
    *reviews.add_reviews()->mutable_proposal()->mutable_proposal() = part;
  }
  return reviews;
}

TEST(OpeningMatch, ComparesEveryPartWithHerFile) {
  std::string text = "volunteer_id,units\n";
  for (int i = 0; i <= kOpeningPartMax; ++i) text += "v-" + std::to_string(i) + ",6000\n";
  const OpeningFile file = Parsed(text);
  v1::ListReviewsResponse reviews = Open(file);
  // What else waits is no concern of hers.
  reviews.add_reviews()->mutable_activity()->set_activity_id("market");
  *reviews.add_reviews()->mutable_proposal() = Open(Parsed(text + "v-x,1\n")).reviews(0).proposal();
  OpeningMatch match = MatchOpening(file, reviews, Language::kEnglish);
  EXPECT_EQ(match.difference, "");
  EXPECT_EQ(match.open, (std::set<size_t>{0, 1}));

  // One unit more under the same id and hash.
  v1::ListReviewsResponse edited = reviews;
  edited.mutable_reviews(1)
      ->mutable_proposal()
      ->mutable_proposal()
      ->mutable_load_opening_balances()
      ->mutable_balances(0)
      ->mutable_lots(0)
      ->set_units(6'001);
  match = MatchOpening(file, edited, Language::kEnglish);
  EXPECT_EQ(match.open, (std::set<size_t>{0}));
  EXPECT_NE(match.difference.find("v-128"), std::string::npos) << match.difference;

  // Another change under an id that her file would give.
  v1::ListReviewsResponse other = reviews;
  v1::ProposeChange* const change =
      other.mutable_reviews(0)->mutable_proposal()->mutable_proposal();
  change->mutable_adjust_points()->set_units(1);
  EXPECT_NE(MatchOpening(file, other, Language::kEnglish).difference, "");

  // A fourth part that claims to be of the file.
  v1::ListReviewsResponse more = reviews;
  *more.add_reviews() = more.reviews(0);
  auto* const extra =
      more.mutable_reviews(more.reviews_size() - 1)->mutable_proposal()->mutable_proposal();
  extra->set_proposal_id("by-hand");
  extra->mutable_load_opening_balances()->set_part(3);
  EXPECT_NE(MatchOpening(file, more, Language::kEnglish).difference, "");

  EXPECT_EQ(MatchOpening(file, v1::ListReviewsResponse(), Language::kEnglish).open.size(), 0U);
}

}  // namespace
}  // namespace meritbook::cli
