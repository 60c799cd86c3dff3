// The review queue: targets, words, and the asking one by one.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cli/record_words.h"
#include "cli/review_queue.h"

namespace meritbook::cli {
namespace {

const absl::TimeZone kUtc = absl::UTCTimeZone();

v1::ListReviewsResponse Three() {
  v1::ListReviewsResponse reviews;
  v1::WaitingActivity* const activity = reviews.add_reviews()->mutable_activity();
  activity->set_activity_id("market");
  activity->set_submitted_by("office");
  v1::Record* const record = reviews.add_reviews()->mutable_record();
  record->set_source("office");
  record->set_record_id("r-1");
  record->set_volunteer_id("v-1");
  record->add_wait_reasons(v1::WAIT_REASON_LATE);
  record->add_wait_reasons(v1::WAIT_REASON_OVER_CAPACITY);
  v1::OpenProposal* const proposal = reviews.add_reviews()->mutable_proposal();
  proposal->mutable_proposal()->set_proposal_id("p-1");
  proposal->mutable_proposal()->mutable_adjust_points()->set_volunteer_id("v-2");
  proposal->mutable_proposal()->mutable_adjust_points()->set_units(75'000);
  return reviews;
}

TEST(ReviewTarget, SaysWhatIsMeant) {
  EXPECT_EQ(ParseReviewTarget({"office/r-1"})->kind, ReviewKind::kRecord);
  EXPECT_EQ(ParseReviewTarget({"record", "office/r-1"})->id, "office/r-1");
  EXPECT_EQ(ParseReviewTarget({"activity", "market"})->kind, ReviewKind::kActivity);
  EXPECT_EQ(ParseReviewTarget({"proposal", "p-1"})->kind, ReviewKind::kProposal);
  for (const std::vector<std::string>& bad : std::vector<std::vector<std::string>>{
           {}, {"market"}, {"market", "activity"}, {"a", "b", "c"}}) {
    EXPECT_FALSE(ParseReviewTarget(bad).ok());
  }
  const v1::ListReviewsResponse reviews = Three();
  EXPECT_EQ(TargetOf(reviews.reviews(0)).id, "market");
  EXPECT_EQ(TargetOf(reviews.reviews(1)).id, "office/r-1");
  EXPECT_EQ(TargetOf(reviews.reviews(2)).id, "p-1");
}

TEST(ReviewWords, GiveTheReasons) {
  const v1::ListReviewsResponse reviews = Three();
  EXPECT_EQ(WordsOf(reviews.reviews(1), Language::kEnglish, kUtc).why,
            "submitted late, more people than places");
  EXPECT_EQ(WordsOf(reviews.reviews(1), Language::kChinese, kUtc).why, "提交过晚、超出活动名额");
  EXPECT_NE(WordsOf(reviews.reviews(2), Language::kEnglish, kUtc).about.find("+12.50"),
            std::string::npos);
  v1::Review disputed = reviews.reviews(1);
  disputed.mutable_record()->set_disputed(true);
  disputed.mutable_record()->set_state(v1::RECORD_STATE_APPROVED);
  EXPECT_EQ(WordsOf(disputed, Language::kEnglish, kUtc).why, "disputed: approved");
  EXPECT_NE(ReviewTable(reviews, Language::kChinese, kUtc).Csv().find("proposal"),
            std::string::npos);
}

TEST(WaitReason, EachHasItsWords) {
  const std::string unknown = WordsOf(v1::WAIT_REASON_UNSPECIFIED, Language::kEnglish);
  for (int number = 1; number <= v1::WaitReason_MAX; ++number) {
    EXPECT_NE(WordsOf(static_cast<v1::WaitReason>(number), Language::kEnglish), unknown) << number;
  }
}

// What was decided, as "id verdict reason".
struct Asked {
  std::vector<std::string> decided;
  std::string shown;
  ReviewTally tally;
};

Asked Ask(const std::string& typed, bool accepted = true) {
  Asked asked;
  std::istringstream in(typed);
  asked.tally = AskAboutEach(
      Three(), Language::kEnglish, kUtc, in,
      [&asked](std::string_view text) { asked.shown += text; },
      [&](const v1::Review& review, const ReviewAnswer& answer) {
        asked.decided.push_back(TargetOf(review).id + " " + v1::Verdict_Name(answer.verdict) + " " +
                                answer.reason_code);
        return accepted;
      });
  return asked;
}

TEST(AskAboutEach, TakesAnswers) {
  const Asked all = Ask("a\nr\nno-sheet\ns\n");
  EXPECT_EQ(all.decided, (std::vector<std::string>{"market VERDICT_APPROVE ",
                                                   "office/r-1 VERDICT_REJECT no-sheet"}));
  EXPECT_EQ(all.tally.approved, 1);
  EXPECT_EQ(all.tally.rejected, 1);
  EXPECT_EQ(all.tally.skipped, 1);
  EXPECT_NE(all.shown.find("[3/3]"), std::string::npos);
}

TEST(AskAboutEach, DecidesNothingWithoutAnAnswer) {
  EXPECT_TRUE(Ask("").decided.empty());
  EXPECT_TRUE(Ask("q\na\n").decided.empty());
  EXPECT_TRUE(Ask("\nyes\nA\n").decided.empty());
  EXPECT_TRUE(Ask("r\n").decided.empty());
  // No reason given: asked again.
  EXPECT_EQ(Ask("r\n\na\nq\n").decided, (std::vector<std::string>{"market VERDICT_APPROVE "}));
}

TEST(AskAboutEach, GoesOnAfterARefusal) {
  const Asked refused = Ask("a\na\na\n", false);
  EXPECT_EQ(refused.decided.size(), 3U);
  EXPECT_EQ(refused.tally.failed, 3);
  EXPECT_EQ(refused.tally.approved, 0);
}

}  // namespace
}  // namespace meritbook::cli
