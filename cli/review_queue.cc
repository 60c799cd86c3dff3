#include "cli/review_queue.h"

#include "absl/strings/ascii.h"
#include "cli/change_words.h"
#include "cli/quantity.h"
#include "cli/record_words.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

// "2021-03-06 3 h, 2021-03-07 2 h".
std::string PartsOf(const v1::Record& record) {
  std::string text;
  for (const v1::CreditSegment& segment : record.segments()) {
    const uint64_t minutes =
        uint64_t{segment.credited_minutes()} + uint64_t{segment.honorary_minutes()};
    text += Text(text.empty() ? "" : ", ", Day(segment.service_day_number()));
    if (minutes > 0) text += Text(" ", Hours(minutes));
    if (segment.units() > 0) text += Text(" ", Points(segment.units()));
  }
  return text;
}

ReviewWords RecordWords(const v1::Record& record, Language language) {
  ReviewWords words;
  words.kind = Pick(language, "record", "记录");
  words.about = Text(record.source(), "/", record.record_id(), "  ", record.volunteer_id(), "  ",
                     record.award().empty() ? record.activity_id() : record.award());
  if (!record.session_id().empty()) words.about += Text(" ", record.session_id());
  if (const std::string parts = PartsOf(record); !parts.empty()) words.about += Text("  ", parts);
  words.why = WordsOf(record.wait_reasons(), language);
  if (record.disputed()) {
    const std::string disputed =
        Text(WordsOf(v1::WAIT_REASON_DISPUTED, language), ": ", WordsOf(record.state(), language));
    words.why = disputed;
  }
  words.submitted_by = record.submitted_by();
  words.sequence = record.sequence();
  return words;
}

// The line without blanks around it; false at the end of input.
bool ReadLine(std::istream& in, std::string& line) {
  if (!std::getline(in, line)) return false;
  line = std::string(absl::StripAsciiWhitespace(line));
  return true;
}

}  // namespace

absl::StatusOr<ReviewTarget> ParseReviewTarget(const std::vector<std::string>& words) {
  if (words.size() == 1 && words[0].find('/') != std::string::npos) {
    return ReviewTarget{ReviewKind::kRecord, words[0]};
  }
  if (words.size() == 2 && words[0] == "record") {
    return ReviewTarget{ReviewKind::kRecord, words[1]};
  }
  if (words.size() == 2 && words[0] == "activity") {
    return ReviewTarget{ReviewKind::kActivity, words[1]};
  }
  if (words.size() == 2 && words[0] == "proposal") {
    return ReviewTarget{ReviewKind::kProposal, words[1]};
  }
  return absl::InvalidArgumentError(
      "say what: PLATFORM/RECORD, activity ID or proposal ID; merit review lists what waits");
}

ReviewTarget TargetOf(const v1::Review& review) {
  switch (review.item_case()) {
    case v1::Review::kRecord:
      return {ReviewKind::kRecord,
              Text(review.record().source(), "/", review.record().record_id())};
    case v1::Review::kActivity:
      return {ReviewKind::kActivity, review.activity().activity_id()};
    case v1::Review::kProposal:
      return {ReviewKind::kProposal, review.proposal().proposal().proposal_id()};
    case v1::Review::ITEM_NOT_SET:
      break;
  }
  return {};
}

ReviewWords WordsOf(const v1::Review& review, Language language, absl::TimeZone zone) {
  ReviewWords words;
  switch (review.item_case()) {
    case v1::Review::kRecord:
      return RecordWords(review.record(), language);
    case v1::Review::kActivity:
      words.kind = Pick(language, "activity", "活动");
      words.about = Text(review.activity().activity_id(), "  ", review.activity().organisation_id(),
                         "  ", review.activity().category());
      words.why = Pick(language, "submitted, not yet open", "已申报，尚未开放");
      words.submitted_by = review.activity().submitted_by();
      words.sequence = review.activity().sequence();
      return words;
    case v1::Review::kProposal: {
      const v1::ProposeChange& proposal = review.proposal().proposal();
      words.kind = Pick(language, "proposal", "提议");
      words.about = Text(proposal.proposal_id(), "  ", WordsOf(proposal, language, zone));
      words.why = Pick(language, "needs a second person", "须第二人批准");
      words.submitted_by = review.proposal().proposed_by();
      words.sequence = review.proposal().sequence();
      return words;
    }
    case v1::Review::ITEM_NOT_SET:
      break;
  }
  words.kind = Pick(language, "unknown", "未知");
  return words;
}

Table ReviewTable(const v1::ListReviewsResponse& reviews, Language language, absl::TimeZone zone) {
  Table table({{Pick(language, "event", "事件序号"), "sequence", Align::kRight},
               {Pick(language, "what", "类别"), "kind"},
               {Pick(language, "about", "内容"), "about"},
               {Pick(language, "why it waits", "待办原因"), "why"},
               {Pick(language, "by", "提交人"), "submitted_by"}});
  for (const v1::Review& review : reviews.reviews()) {
    const ReviewWords words = WordsOf(review, language, zone);
    table.Add({std::to_string(words.sequence),
               Cell(words.kind, WordsOf(review, Language::kEnglish, zone).kind), words.about,
               words.why, words.submitted_by});
  }
  return table;
}

ReviewTally AskAboutEach(
    const v1::ListReviewsResponse& reviews, Language language, absl::TimeZone zone,
    std::istream& in, const std::function<void(std::string_view)>& show,
    const std::function<bool(const v1::Review&, const ReviewAnswer&)>& decide) {
  const auto say = [language](const char* english, const char* chinese) {
    return Pick(language, english, chinese);
  };
  ReviewTally tally;
  for (int i = 0; i < reviews.reviews_size(); ++i) {
    const v1::Review& review = reviews.reviews(i);
    const ReviewWords words = WordsOf(review, language, zone);
    show(Text("\n[", i + 1, "/", reviews.reviews_size(), "] ", words.kind, "  ", words.about, "\n",
              say("      waits: ", "      原因："), words.why, say("; by ", "；提交人 "),
              words.submitted_by, "\n"));
    ReviewAnswer answer;
    bool skip = false;
    while (answer.verdict == v1::VERDICT_UNSPECIFIED && !skip) {
      show(
          say("a = approve, r = reject, s = skip, q = quit: ", "a 通过，r 驳回，s 跳过，q 退出："));
      std::string line;
      if (!ReadLine(in, line) || line == "q") return tally;
      if (line == "a") answer.verdict = v1::VERDICT_APPROVE;
      skip = line == "s";
      if (line != "r") continue;
      show(say("reason code: ", "驳回原因代码："));
      if (!ReadLine(in, answer.reason_code)) return tally;
      // Without a reason she may think again.
      if (!answer.reason_code.empty()) answer.verdict = v1::VERDICT_REJECT;
    }
    if (skip) {
      ++tally.skipped;
    } else if (!decide(review, answer)) {
      ++tally.failed;
    } else {
      ++(answer.verdict == v1::VERDICT_APPROVE ? tally.approved : tally.rejected);
    }
  }
  return tally;
}

}  // namespace meritbook::cli
