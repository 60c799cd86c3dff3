#include <memory>

#include "meritbook/v1/audit.grpc.pb.h"
#include "services/event_stream.h"
#include "services/read_handler.h"
#include "services/reads.h"
#include "services/rpc_services.h"

namespace meritbook {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class AuditServer final : public v1::AuditService::CallbackService {
 public:
  explicit AuditServer(const Server& server) : server_(server) {}

  ServerUnaryReactor* GetLedger(CallbackServerContext* context, const v1::GetLedgerRequest* request,
                                v1::GetLedgerResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AuditService.GetLedger");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [response](const Ledger& ledger, const Identity&) {
                        return ReadLedger(ledger.state(), response);
                      });
  }

  grpc::ServerWriteReactor<v1::StreamEventsResponse>* StreamEvents(
      CallbackServerContext* context, const v1::StreamEventsRequest* request) override {
    static const auto& method = MethodNamed("meritbook.v1.AuditService.StreamEvents");
    return StreamEventsTo(server_, context, method, *request);
  }

  ServerUnaryReactor* GetTrialBalance(CallbackServerContext* context,
                                      const v1::GetTrialBalanceRequest* request,
                                      v1::GetTrialBalanceResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AuditService.GetTrialBalance");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [response](const Ledger& ledger, const Identity&) {
                        return ReadTrialBalance(ledger.state(), response);
                      });
  }

 private:
  const Server& server_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewAuditService(const Server& server) {
  return std::make_unique<AuditServer>(server);
}

}  // namespace meritbook
