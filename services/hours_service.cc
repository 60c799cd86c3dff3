#include <memory>

#include "ledger/limits.h"
#include "ledger/text.h"
#include "meritbook/v1/hours.grpc.pb.h"
#include "services/bulk.h"
#include "services/command_handler.h"
#include "services/rpc_services.h"

namespace meritbook {

void FillFromEvent(const v1::Event& event, v1::CreditHoursResponse* response) {
  *response->mutable_segments() = event.hours_credited().segments();
}

namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class HoursServer final : public v1::HoursService::CallbackService {
 public:
  explicit HoursServer(const Server& server) : server_(server) {}

  ServerUnaryReactor* RegisterOrganisation(CallbackServerContext* context,
                                           const v1::RegisterOrganisationRequest* request,
                                           v1::RegisterOrganisationResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.HoursService.RegisterOrganisation");
    return HandleCommand(server_, context, method, request, response);
  }

  ServerUnaryReactor* RegisterActivity(CallbackServerContext* context,
                                       const v1::RegisterActivityRequest* request,
                                       v1::RegisterActivityResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.HoursService.RegisterActivity");
    return HandleCommand(server_, context, method, request, response);
  }

  ServerUnaryReactor* RegisterSession(CallbackServerContext* context,
                                      const v1::RegisterSessionRequest* request,
                                      v1::RegisterSessionResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.HoursService.RegisterSession");
    return HandleCommand(server_, context, method, request, response);
  }

  ServerUnaryReactor* CreditHours(CallbackServerContext* context,
                                  const v1::CreditHoursRequest* request,
                                  v1::CreditHoursResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.HoursService.CreditHours");
    return HandleCommand(server_, context, method, request, response);
  }

  ServerUnaryReactor* BatchCreditHours(CallbackServerContext* context,
                                       const v1::BatchCreditHoursRequest* request,
                                       v1::BatchCreditHoursResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.HoursService.BatchCreditHours");
    ServerUnaryReactor* const reactor = context->DefaultReactor();
    auto authorised = Authorise(server_, *context, method, request->ledger_id());
    if (auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    const size_t items_max = request->atomic() ? kAtomicItemsMax : kBatchItemsMax;
    if (static_cast<size_t>(request->items_size()) > items_max) {
      reactor->Finish(RpcError({v1::REFUSAL_BATCH_TOO_LARGE,
                                "items",
                                Text(request->items_size(), " items, at most ", items_max),
                                {{"items_max", Text(items_max)}}}));
      return reactor;
    }
    auto bulk = std::make_shared<Bulk>(server_, request->ledger_id(),
                                       std::get<std::shared_ptr<const Identity>>(authorised),
                                       response->mutable_results());
    for (const v1::CreditHoursItem& item : request->items()) {
      std::optional<std::string_view> request_id;
      if (item.has_request_id()) request_id = item.request_id();
      std::optional<int64_t> recorded_us;
      if (item.has_recorded_us()) recorded_us = item.recorded_us();
      bulk->Add(&item.command(), request_id, recorded_us);
    }
    const auto refused =
        Bulk::Run(std::move(bulk), request->atomic(), DeadlineUs(server_, *context),
                  [reactor] { reactor->Finish(grpc::Status::OK); });
    if (refused) reactor->Finish(RpcError(*refused));
    return reactor;
  }

 private:
  const Server& server_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewHoursService(const Server& server) {
  return std::make_unique<HoursServer>(server);
}

}  // namespace meritbook
