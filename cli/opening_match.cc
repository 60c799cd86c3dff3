#include "cli/opening_match.h"

#include <google/protobuf/util/message_differencer.h>

#include "cli/text.h"

namespace meritbook::cli {
namespace {

using google::protobuf::util::MessageDifferencer;

const v1::OpeningBalance* Find(const v1::LoadOpeningBalances& load, const std::string& id) {
  for (const v1::OpeningBalance& balance : load.balances()) {
    if (balance.volunteer_id() == id) return &balance;
  }
  return nullptr;
}

// The first volunteer whose balance is not the same in both; empty when it is something else.
std::string FirstOther(const v1::LoadOpeningBalances& hers, const v1::LoadOpeningBalances& theirs) {
  for (const v1::OpeningBalance& balance : hers.balances()) {
    const v1::OpeningBalance* const other = Find(theirs, balance.volunteer_id());
    if (other == nullptr || !MessageDifferencer::Equals(balance, *other)) {
      return balance.volunteer_id();
    }
  }
  for (const v1::OpeningBalance& balance : theirs.balances()) {
    if (Find(hers, balance.volunteer_id()) == nullptr) return balance.volunteer_id();
  }
  return "";
}

}  // namespace

OpeningMatch MatchOpening(const OpeningFile& file, const v1::ListReviewsResponse& reviews,
                          Language language) {
  OpeningMatch match;
  const auto differs = [&match](std::string text) {
    if (match.difference.empty()) match.difference = std::move(text);
  };
  const std::string prefix = Text(OpeningPrefix(file.file_sha256), "-");
  for (const v1::Review& review : reviews.reviews()) {
    if (!review.has_proposal()) continue;
    const v1::ProposeChange& open = review.proposal().proposal();
    const v1::LoadOpeningBalances& load = open.load_opening_balances();
    const bool same_file =
        open.has_load_opening_balances() && load.file_sha256() == file.file_sha256;
    if (!same_file && !open.proposal_id().starts_with(prefix)) continue;
    const auto index = static_cast<size_t>(load.part()) - 1;
    const bool of_file = index < file.parts.size();
    if (of_file && MessageDifferencer::Equals(open, file.parts[index])) {
      match.open.insert(index);
      continue;
    }
    const std::string volunteer =
        of_file ? FirstOther(file.parts[index].load_opening_balances(), load) : "";
    differs(Text(
        Pick(language, "proposal ", "提议 "), open.proposal_id(),
        Pick(language, " differs from your file", " 与您的文件不一致"),
        volunteer.empty() ? "" : Pick(language, ", first in volunteer ", "，首个不同的志愿者 "),
        volunteer));
  }
  return match;
}

}  // namespace meritbook::cli
