// Owns: what waits for somebody, in words, and the asking about it one by one.
// Promises: nothing is decided without an answer of the person; the end of input ends the asking.
// Thread: one.
#ifndef MERITBOOK_CLI_REVIEW_QUEUE_H_
#define MERITBOOK_CLI_REVIEW_QUEUE_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/language.h"
#include "cli/table.h"
#include "meritbook/v1/hours.pb.h"

namespace meritbook::cli {

enum class ReviewKind { kRecord, kActivity, kProposal };

// What a reviewer decides about.
struct ReviewTarget {
  ReviewKind kind = ReviewKind::kRecord;
  std::string id;  // a record's is "platform/record"
};

// "platform/record", or "record", "activity" or "proposal" and an id.
absl::StatusOr<ReviewTarget> ParseReviewTarget(const std::vector<std::string>& words);
ReviewTarget TargetOf(const v1::Review& review);

// One item as people judge it.
struct ReviewWords {
  std::string kind;  // "record", "activity", "proposal"
  std::string about;
  std::string why;  // it waits
  std::string submitted_by;
  uint64_t sequence = 0;
};

ReviewWords WordsOf(const v1::Review& review, Language language, absl::TimeZone zone);
Table ReviewTable(const v1::ListReviewsResponse& reviews, Language language, absl::TimeZone zone);

struct ReviewAnswer {
  v1::Verdict verdict = v1::VERDICT_UNSPECIFIED;
  std::string reason_code;  // empty where the person gave none
};

// How the asking went.
struct ReviewTally {
  int approved = 0;
  int rejected = 0;
  int skipped = 0;
  int failed = 0;
};

// Shows each item and takes a, r (then a reason code), s or q. `decide` returns false when the
// ledger refused; the person was told why, and the asking goes on.
ReviewTally AskAboutEach(const v1::ListReviewsResponse& reviews, Language language,
                         absl::TimeZone zone, std::istream& in,
                         const std::function<void(std::string_view)>& show,
                         const std::function<bool(const v1::Review&, const ReviewAnswer&)>& decide);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_REVIEW_QUEUE_H_
