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

void FillFromEvent(const v1::Event& event, v1::RefundOrderResponse* response) {
  response->set_units(event.order_refunded().units());
}

namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class MallServer final : public v1::MallService::CallbackService {
 public:
  explicit MallServer(const Server& server) : server_(server) {}

  MB_COMMAND_RPC(MallService, OnboardMerchant)
  MB_COMMAND_RPC(MallService, PublishItem)
  MB_COMMAND_RPC(MallService, ReceiveStock)
  MB_COMMAND_RPC(MallService, RedeemNow)
  MB_COMMAND_RPC(MallService, RefundOrder)

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
