// Owns: the comparison of what was proposed with what the second person's file says.
// Promises: an open part that is not word for word what her file says is a difference, and so is
// one of a file that only claims to be hers. Thread: any.
#ifndef MERITBOOK_CLI_OPENING_MATCH_H_
#define MERITBOOK_CLI_OPENING_MATCH_H_

#include <set>
#include <string>

#include "cli/language.h"
#include "cli/opening_file.h"
#include "meritbook/v1/hours.pb.h"

namespace meritbook::cli {

struct OpeningMatch {
  // Parts of the file that are open, by their index from 0.
  std::set<size_t> open;
  // What differs, in English or Chinese; empty when nothing does.
  std::string difference;
};

// `reviews` is all that waits. Parts that aren't open are for the caller to find.
OpeningMatch MatchOpening(const OpeningFile& file, const v1::ListReviewsResponse& reviews,
                          Language language);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_OPENING_MATCH_H_
