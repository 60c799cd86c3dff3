// Owns: merit review: the queue of what waits for a committee, and deciding about it.
// Promises: each returns the exit code, or why it could not.
// Thread: one.
#ifndef MERITBOOK_CLI_REVIEW_COMMAND_H_
#define MERITBOOK_CLI_REVIEW_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "meritbook/v1/hours.pb.h"

namespace meritbook::cli {

class Session;

// All pages of what waits.
absl::StatusOr<v1::ListReviewsResponse> AllReviews(Session& session);

// Asks about each on a terminal; lists them elsewhere, or where --format was given.
absl::StatusOr<int> Review(Session& session);

struct ReviewFlags {
  std::vector<std::string> target;  // see ParseReviewTarget
  std::string reason_code;
  WriteFlags write;
};

absl::StatusOr<int> ReviewApprove(Session& session, const ReviewFlags& flags);
absl::StatusOr<int> ReviewReject(Session& session, const ReviewFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_REVIEW_COMMAND_H_
