#include <algorithm>
#include <memory>

#include "ledger/decide.h"
#include "ledger/text.h"
#include "meritbook/v1/report.grpc.pb.h"
#include "services/rpc_error.h"
#include "services/rpc_services.h"

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
    const auto log = server_.sequencer->log();
    const uint64_t size = log == nullptr ? 0 : log->Size(request->ledger_id());
    if (size == 0) {
      reactor->Finish(
          RpcError(Unknown(v1::REFUSAL_LEDGER_UNKNOWN, "ledger_id", request->ledger_id())));
      return reactor;
    }
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

 private:
  const Server& server_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewReportService(const Server& server) {
  return std::make_unique<ReportServer>(server);
}

}  // namespace meritbook
