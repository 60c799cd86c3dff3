#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include "ledger/command.h"
#include "ledger/text.h"
#include "meritbook/v1/report.grpc.pb.h"
#include "services/rpc_error.h"
#include "services/rpc_services.h"
#include "services/rule_trial.h"

namespace meritbook {
namespace {

class ReportServer final : public v1::ReportService::CallbackService {
 public:
  explicit ReportServer(const Server& server) : server_(server) {}

  grpc::ServerUnaryReactor* GetSummary(grpc::CallbackServerContext* context,
                                       const v1::GetSummaryRequest* request,
                                       v1::GetSummaryResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.ReportService.GetSummary");
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    const auto authorised = Authorise(server_, *context, method, request->ledger_id());
    if (const auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    const auto durable = DurableSize(request->ledger_id());
    if (const auto* refused = std::get_if<Refused>(&durable)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    const uint64_t size = std::get<uint64_t>(durable);
    const Refused not_reached{v1::REFUSAL_SEQUENCE_NOT_REACHED,
                              "min_size",
                              Text("the ledger has ", size, " durable events so far"),
                              {{"size", Text(size)}}};
    if (request->min_size() > size) {
      reactor->Finish(RpcError(not_reached));
      return reactor;
    }
    // All that is durable now, so that a caller sees at least what it was answered before.
    const auto deadline =
        std::min(absl::FromChrono(context->deadline()), absl::Now() + absl::Seconds(60));
    server_.follower->AwaitSummary(
        request->ledger_id(), size, deadline,
        [reactor, response, not_reached](std::optional<v1::GetSummaryResponse> figures) {
          if (figures) *response = *std::move(figures);
          reactor->Finish(figures ? grpc::Status::OK : RpcError(not_reached));
        });
    return reactor;
  }

  grpc::ServerUnaryReactor* TryRule(grpc::CallbackServerContext* context,
                                    const v1::TryRuleRequest* request,
                                    v1::TryRuleResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.ReportService.TryRule");
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    const auto authorised = Authorise(server_, *context, method, request->ledger_id());
    if (const auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    if (const auto refused = CheckTriedRule(request->rule())) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    const auto durable = DurableSize(request->ledger_id());
    if (const auto* refused = std::get_if<Refused>(&durable)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    const uint64_t size = std::get<uint64_t>(durable);
    if (trying_.exchange(true)) {
      reactor->Finish(RpcError({v1::REFUSAL_QUEUE_FULL,
                                "",
                                "another rule is being tried, one at a time; try again",
                                {}}));
      return reactor;
    }
    server_.trials->Post([this, context, request, response, reactor, size] {
      const TrialOptions options{[this] { return server_.sequencer->log(); },
                                 [this, context] { return WhyStop(*context); }};
      auto tried = meritbook::TryRule(options, request->ledger_id(), size, request->rule());
      trying_ = false;
      const auto* refused = std::get_if<Refused>(&tried);
      if (refused == nullptr) *response = std::get<v1::TryRuleResponse>(std::move(tried));
      reactor->Finish(refused == nullptr ? grpc::Status::OK : RpcError(*refused));
    });
    return reactor;
  }

 private:
  std::variant<uint64_t, Refused> DurableSize(const std::string& ledger_id) const {
    const auto log = server_.sequencer->log();
    if (log == nullptr) {
      return Refused{
          v1::REFUSAL_OUTCOME_UNKNOWN, "", "the log is being opened again; repeat it", {}};
    }
    const uint64_t size = log->Size(ledger_id);
    if (size == 0) return Unknown(v1::REFUSAL_LEDGER_UNKNOWN, "ledger_id", ledger_id);
    return size;
  }

  // As PublishRule checks it; there the rule is the command.
  static std::optional<Refused> CheckTriedRule(const v1::PublishRule& rule) {
    const Caller nobody;
    auto prepared = Prepare(nobody, &rule, "trial", std::nullopt);
    auto* refused = std::get_if<Refused>(&prepared);
    if (refused == nullptr) return std::nullopt;
    constexpr std::string_view kCommand = "command";
    if (refused->field.rfind(kCommand, 0) == 0) refused->field.replace(0, kCommand.size(), "rule");
    return std::move(*refused);
  }

  std::optional<Refused> WhyStop(const grpc::CallbackServerContext& context) const {
    if (server_.growth->stopped()) {
      return Refused{v1::REFUSAL_STOPPING, "", "the server is stopping", {}};
    }
    if (context.IsCancelled() || std::chrono::system_clock::now() >= context.deadline()) {
      return Refused{v1::REFUSAL_DEADLINE_EXCEEDED, "", "nobody waits for the answer any more", {}};
    }
    return std::nullopt;
  }

  const Server& server_;
  std::atomic<bool> trying_ = false;
};

}  // namespace

std::unique_ptr<grpc::Service> NewReportService(const Server& server) {
  return std::make_unique<ReportServer>(server);
}

}  // namespace meritbook
