#include "cli/audit/run.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "cli/audit/reducer.h"
#include "cli/audit/served_comparison.h"
#include "cli/audit/text.h"
#include "meritbook/v1/account.grpc.pb.h"
#include "meritbook/v1/audit.grpc.pb.h"

namespace meritbook::audit {
namespace {

constexpr uint32_t kPageSize = 8'192;
constexpr std::chrono::seconds kCallTimeout{60};

absl::Status StatusOf(std::string_view call, const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      Text(call, ": ", status.error_message()));
}

void Prepare(const ContextSetter& set_context, grpc::ClientContext& context) {
  if (set_context) set_context(context);
}

absl::Status FetchPages(const std::shared_ptr<grpc::ChannelInterface>& channel,
                        const ContextSetter& set_context, const std::string& ledger_id,
                        ServedComparison& comparison) {
  const auto accounts = v1::AccountService::NewStub(channel);
  v1::ListBalancesRequest request;
  request.set_ledger_id(ledger_id);
  request.set_page_size(kPageSize);
  do {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
    Prepare(set_context, context);
    v1::ListBalancesResponse page;
    const grpc::Status status = accounts->ListBalances(&context, request, &page);
    if (!status.ok()) return StatusOf("ListBalances", status);
    if (page.next_page_token() == request.page_token() && !page.next_page_token().empty()) {
      return absl::DataLossError("ListBalances: a page names itself as the next one");
    }
    request.set_page_token(page.next_page_token());
    comparison.AddPage(std::move(page));
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status FetchTrialBalance(v1::AuditService::StubInterface& service,
                               const ContextSetter& set_context, const std::string& ledger_id,
                               ServedComparison& comparison) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  Prepare(set_context, context);
  v1::GetTrialBalanceRequest request;
  request.set_ledger_id(ledger_id);
  v1::GetTrialBalanceResponse totals;
  const grpc::Status status = service.GetTrialBalance(&context, request, &totals);
  if (!status.ok()) return StatusOf("GetTrialBalance", status);
  comparison.SetTrialBalance(std::move(totals));
  return absl::OkStatus();
}

// One audit's reading of the served log.
struct Following {
  Reducer& reducer;
  ServedComparison& comparison;
  ArchiveComparison* archive;
  uint64_t target;

  // Whether there is nothing more to be seen.
  absl::StatusOr<bool> Done() const {
    if (reducer.size() < target) return false;
    if (archive == nullptr) return true;
    const auto goes_on = archive->GoesOn();
    if (!goes_on.ok()) return goes_on.status();
    return !*goes_on;
  }

  // Takes a message; true once there is nothing more to be seen.
  absl::StatusOr<bool> Take(const v1::StreamEventsResponse& response) const {
    uint64_t sequence = response.first_sequence();
    for (const std::string& bytes : response.events()) {
      const auto done = Done();
      if (!done.ok() || *done) return done;
      if (archive != nullptr) {
        if (absl::Status status = archive->Compare(bytes); !status.ok()) return status;
      }
      reducer.Add(sequence++, bytes);
      comparison.Observe(reducer);
    }
    return Done();
  }
};

// Replays the log up to the largest size that was served, and as far as the archive goes; what came
// later is another audit's.
absl::Status Replay(v1::AuditService::StubInterface& service, const ContextSetter& set_context,
                    const std::string& ledger_id, const Progress& progress,
                    const Following& following) {
  following.comparison.Observe(following.reducer);
  auto done = following.Done();
  if (!done.ok() || *done) return done.status();
  grpc::ClientContext context;
  Prepare(set_context, context);
  v1::StreamEventsRequest request;
  request.set_ledger_id(ledger_id);
  // An archive may go on where the answers end.
  if (following.archive == nullptr) request.set_max_events(following.target);
  const auto stream = service.StreamEvents(&context, request);
  v1::StreamEventsResponse response;
  while (done.ok() && !*done && stream->Read(&response)) {
    done = following.Take(response);
    if (progress) progress(following.reducer.size(), following.target);
  }
  const bool complete = !done.ok() || *done;
  if (complete) context.TryCancel();
  const grpc::Status status = stream->Finish();
  if (!done.ok()) return done.status();
  // A stream that ends well before the target is a finding, told by the comparison.
  return complete ? absl::OkStatus() : StatusOf("StreamEvents", status);
}

}  // namespace

absl::StatusOr<AuditReport> RunAudit(const std::shared_ptr<grpc::ChannelInterface>& channel,
                                     const ContextSetter& set_context, const std::string& ledger_id,
                                     const Progress& progress, ArchiveComparison* archive) {
  const auto started = std::chrono::steady_clock::now();
  const auto service = v1::AuditService::NewStub(channel);
  ServedComparison comparison;
  Reducer reducer(ledger_id);
  if (auto status = FetchPages(channel, set_context, ledger_id, comparison); !status.ok()) {
    return status;
  }
  if (auto status = FetchTrialBalance(*service, set_context, ledger_id, comparison); !status.ok()) {
    return status;
  }
  const Following following{reducer, comparison, archive, comparison.TargetSize()};
  if (auto status = Replay(*service, set_context, ledger_id, progress, following); !status.ok()) {
    return status;
  }
  if (archive != nullptr) {
    if (auto status = archive->Finish(); !status.ok()) return status;
  }
  reducer.Finish();
  comparison.Finish(reducer);

  AuditReport report;
  report.events = reducer.size();
  report.volunteers = reducer.books().volunteers.rows().size();
  report.balances_compared = comparison.balances_compared();
  report.merchants_compared = comparison.merchants_compared();
  report.losses = reducer.books().losses;
  report.findings = reducer.findings();
  report.findings.insert(report.findings.end(), comparison.findings().begin(),
                         comparison.findings().end());
  report.findings_total = reducer.findings_total() + comparison.findings_total();
  if (archive != nullptr) {
    report.archive = archive->facts();
    if (const auto& finding = archive->finding()) {
      report.findings.push_back(*finding);
      ++report.findings_total;
    }
  }
  report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return report;
}

}  // namespace meritbook::audit
