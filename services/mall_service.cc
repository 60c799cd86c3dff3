#include <memory>

#include "meritbook/v1/mall.grpc.pb.h"
#include "services/command_handler.h"
#include "services/read_handler.h"
#include "services/reads.h"
#include "services/rpc_services.h"

namespace meritbook {

void FillFromEvent(const v1::Event& event, v1::RedeemNowResponse* response) {
  response->set_units(event.order_redeemed().units());
  *response->mutable_lines() = event.order_redeemed().lines();
}

namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class MallServer final : public v1::MallService::CallbackService {
 public:
  explicit MallServer(const Server& server) : server_(server) {}

  ServerUnaryReactor* OnboardMerchant(CallbackServerContext* context,
                                      const v1::OnboardMerchantRequest* request,
                                      v1::OnboardMerchantResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.OnboardMerchant");
    return HandleCommand(server_, context, method, request, response);
  }

  ServerUnaryReactor* PublishItem(CallbackServerContext* context,
                                  const v1::PublishItemRequest* request,
                                  v1::PublishItemResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.PublishItem");
    return HandleCommand(server_, context, method, request, response);
  }

  ServerUnaryReactor* ReceiveStock(CallbackServerContext* context,
                                   const v1::ReceiveStockRequest* request,
                                   v1::ReceiveStockResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.ReceiveStock");
    return HandleCommand(server_, context, method, request, response);
  }

  ServerUnaryReactor* RedeemNow(CallbackServerContext* context, const v1::RedeemNowRequest* request,
                                v1::RedeemNowResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.RedeemNow");
    return HandleCommand(server_, context, method, request, response);
  }

  ServerUnaryReactor* GetItem(CallbackServerContext* context, const v1::GetItemRequest* request,
                              v1::GetItemResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.GetItem");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity&) {
                        return ReadItem(ledger.state(), *request, response);
                      });
  }

 private:
  const Server& server_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewMallService(const Server& server) {
  return std::make_unique<MallServer>(server);
}

}  // namespace meritbook
