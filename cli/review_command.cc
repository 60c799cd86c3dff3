#include "cli/review_command.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <utility>

#include "cli/activity_commands.h"
#include "cli/amount.h"
#include "cli/proposal_commands.h"
#include "cli/record_words.h"
#include "cli/review_queue.h"
#include "cli/segment_cells.h"
#include "cli/show_write.h"
#include "meritbook/v1/hours.grpc.pb.h"

namespace meritbook::cli {
namespace {

using HoursStub = v1::HoursService::StubInterface;

constexpr uint32_t kReviewsPageMax = 1'024;
constexpr const char* kApproved = "approved";

absl::StatusOr<int> ReviewRecord(Session& session, const std::string& record, v1::Verdict verdict,
                                 const std::string& reason_code, const WriteFlags& write) {
  auto ref = ParseRecordRef(record);
  if (!ref.ok()) return ref.status();
  v1::ReviewHours command;
  *command.mutable_record() = *std::move(ref);
  command.set_verdict(verdict);
  command.set_reason_code(reason_code);
  // A record that is disputed later is reviewed again.
  return WriteAndShow<v1::HoursService>(
      session, &HoursStub::ReviewHours, write, RequestId::Random(), std::move(command),
      [&](const v1::ReviewHoursResponse& response) {
        std::vector<NamedCell> cells = {
            {{session.Say("record", "服务记录"), "record_id"}, record},
            {{session.Say("now", "状态"), "verdict"},
             Cell(WordsOf(verdict, session.language()), v1::Verdict_Name(verdict))}};
        AddSegmentCells(session, response.segments(), cells);
        return cells;
      });
}

absl::StatusOr<int> Decide(Session& session, const ReviewTarget& target, v1::Verdict verdict,
                           const std::string& reason_code, const WriteFlags& write) {
  const bool approve = verdict == v1::VERDICT_APPROVE;
  const std::string reason = reason_code.empty() ? kApproved : reason_code;
  switch (target.kind) {
    case ReviewKind::kRecord:
      return ReviewRecord(session, target.id, verdict, reason, write);
    case ReviewKind::kActivity: {
      const ActivityReasonFlags flags = {target.id, reason, write};
      return approve ? ApproveActivity(session, flags) : RejectActivity(session, flags);
    }
    case ReviewKind::kProposal: {
      const ProposalFlags flags = {target.id, reason, write};
      return approve ? ApproveProposal(session, flags) : RejectProposal(session, flags);
    }
  }
  return absl::InternalError("a kind of review without a way to decide it");
}

// The second person compares opening balances with a file of her own, not with a line of text.
bool NeedsHerFile(const v1::Review& review, const ReviewAnswer& answer) {
  return answer.verdict == v1::VERDICT_APPROVE && review.has_proposal() &&
         review.proposal().proposal().has_load_opening_balances();
}

absl::StatusOr<int> ReviewOne(Session& session, const ReviewFlags& flags, v1::Verdict verdict) {
  const auto target = ParseReviewTarget(flags.target);
  if (!target.ok()) return target.status();
  return Decide(session, *target, verdict, flags.reason_code, flags.write);
}

}  // namespace

absl::StatusOr<v1::ListReviewsResponse> AllReviews(Session& session) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const auto stub = v1::HoursService::NewStub((*client)->channel());
  v1::ListReviewsRequest request;
  request.set_ledger_id(*ledger_id);
  request.set_page_size(kReviewsPageMax);
  v1::ListReviewsResponse all;
  do {
    v1::ListReviewsResponse page;
    const absl::Status status =
        (*client)->Call(static_cast<HoursStub&>(*stub), &HoursStub::ListReviews, request, &page);
    if (!status.ok()) return status;
    request.set_page_token(page.next_page_token());
    all.set_waiting_count(page.waiting_count());
    all.set_size(page.size());
    for (v1::Review& review : *page.mutable_reviews()) all.add_reviews()->Swap(&review);
  } while (!request.page_token().empty());
  return all;
}

absl::StatusOr<int> Review(Session& session) {
  const auto reviews = AllReviews(session);
  if (!reviews.ok()) return reviews.status();
  const bool ask =
      !session.globals().format_given && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  if (!ask && reviews->reviews().empty() && session.globals().format == Format::kTable) {
    session.ShowText(session.Say("nothing waits\n", "没有待办事项\n"));
    return kExitOk;
  }
  if (!ask) {
    session.Show(*reviews, ReviewTable(*reviews, session.language(), session.Zone()), Shape::kRows);
    return kExitOk;
  }
  const auto show = [&session](std::string_view text) {
    session.ShowText(text);
    std::fflush(stdout);
  };
  if (reviews->reviews().empty()) show(session.Say("nothing waits\n", "没有待办事项\n"));
  const ReviewTally tally = AskAboutEach(
      *reviews, session.language(), session.Zone(), std::cin, show,
      [&session](const v1::Review& review, const ReviewAnswer& answer) {
        if (NeedsHerFile(review, answer)) {
          session.Note(session.Say("compare it with your own file: merit opening approve FILE",
                                   "请用您自己的文件核对：merit opening approve FILE"));
          return false;
        }
        const auto done =
            Decide(session, TargetOf(review), answer.verdict, answer.reason_code, WriteFlags());
        if (!done.ok()) session.Note(Sentence(done.status(), session.language()));
        return done.ok();
      });
  if (!reviews->reviews().empty()) {
    show(Text("\n", tally.approved, session.Say(" approved, ", " 项通过，"), tally.rejected,
              session.Say(" rejected, ", " 项驳回，"), tally.skipped,
              session.Say(" skipped, ", " 项跳过，"), tally.failed,
              session.Say(" not decided\n", " 项未办成\n")));
  }
  return tally.failed == 0 ? kExitOk : kExitRefused;
}

absl::StatusOr<int> ReviewApprove(Session& session, const ReviewFlags& flags) {
  return ReviewOne(session, flags, v1::VERDICT_APPROVE);
}

absl::StatusOr<int> ReviewReject(Session& session, const ReviewFlags& flags) {
  return ReviewOne(session, flags, v1::VERDICT_REJECT);
}

}  // namespace meritbook::cli
