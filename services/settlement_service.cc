#include <memory>

#include "meritbook/v1/settlement.grpc.pb.h"
#include "services/command_handler.h"
#include "services/read_handler.h"
#include "services/rpc_services.h"
#include "services/settlement_reads.h"

namespace meritbook {

void FillFromEvent(const v1::Event& event, v1::OpenStatementResponse* response) {
  *response->mutable_figures() = event.statement_opened().figures();
}

void FillFromEvent(const v1::Event& event, v1::CloseStatementResponse* response) {
  *response->mutable_figures() = event.statement_closed().figures();
}

void FillFromEvent(const v1::Event& event, v1::RecordPaymentResponse* response) {
  *response->mutable_amounts() = event.payment_recorded().amounts();
}

void FillFromEvent(const v1::Event& event, v1::ReversePaymentResponse* response) {
  *response->mutable_amounts() = event.payment_reversed().amounts();
}

namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class SettlementServer final : public v1::SettlementService::CallbackService {
 public:
  explicit SettlementServer(const Server& server) : server_(server) {}

  MB_COMMAND_RPC(SettlementService, OpenStatement)
  MB_COMMAND_RPC(SettlementService, ObjectStatement)
  MB_COMMAND_RPC(SettlementService, ResolveObjection)
  MB_COMMAND_RPC(SettlementService, CloseStatement)
  MB_COMMAND_RPC(SettlementService, RecordPayment)
  MB_COMMAND_RPC(SettlementService, ReversePayment)
  MB_COMMAND_RPC(SettlementService, ClosePeriod)

  ServerUnaryReactor* GetStatement(CallbackServerContext* context,
                                   const v1::GetStatementRequest* request,
                                   v1::GetStatementResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.SettlementService.GetStatement");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity& identity) {
                        return ReadStatement(ledger.state(), identity.caller, *request, response);
                      });
  }

  ServerUnaryReactor* ListStatements(CallbackServerContext* context,
                                     const v1::ListStatementsRequest* request,
                                     v1::ListStatementsResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.SettlementService.ListStatements");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity& identity) {
                        return ReadStatements(ledger.state(), identity.caller, *request, response);
                      });
  }

  ServerUnaryReactor* ListBudgets(CallbackServerContext* context,
                                  const v1::ListBudgetsRequest* request,
                                  v1::ListBudgetsResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.SettlementService.ListBudgets");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity&) {
                        return ReadBudgets(ledger.state(), *request, response);
                      });
  }

 private:
  const Server& server_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewSettlementService(const Server& server) {
  return std::make_unique<SettlementServer>(server);
}

}  // namespace meritbook
