#include <memory>

#include "meritbook/v1/admin.grpc.pb.h"
#include "services/backup_stream.h"
#include "services/backups.h"
#include "services/command_handler.h"
#include "services/import_stream.h"
#include "services/rpc_services.h"

namespace meritbook {

void FillFromEvent(const v1::Event& event, v1::PublishRuleResponse* response) {
  response->set_rule_version(event.rule_published().rule_version());
}

namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class AdminServer final : public v1::AdminService::CallbackService {
 public:
  explicit AdminServer(const Server& server) : server_(server) {}

  MB_COMMAND_RPC(AdminService, CreateLedger)

  ServerUnaryReactor* ListLedgers(CallbackServerContext* context, const v1::ListLedgersRequest*,
                                  v1::ListLedgersResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AdminService.ListLedgers");
    ServerUnaryReactor* const reactor = context->DefaultReactor();
    const auto authorised = Authorise(server_, *context, method, "");
    if (const auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    const auto log = server_.sequencer->log();
    if (log == nullptr) {
      reactor->Finish(RpcError(
          {v1::REFUSAL_OUTCOME_UNKNOWN, "", "the log is being opened again; repeat it", {}}));
      return reactor;
    }
    for (const std::string& id : log->Ledgers()) {
      if (log->Size(id) > 0) response->add_ledger_ids(id);
    }
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  MB_COMMAND_RPC(AdminService, FinishMigration)
  MB_COMMAND_RPC(AdminService, PublishRule)

  ServerUnaryReactor* RegisterPrincipal(CallbackServerContext* context,
                                        const v1::RegisterPrincipalRequest* request,
                                        v1::RegisterPrincipalResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AdminService.RegisterPrincipal");
    // One id, one person, also across the server's configuration and the log.
    if (server_.principals->IsServerWide(request->command().principal_id())) {
      const auto authorised = Authorise(server_, *context, method, request->ledger_id());
      const auto* refused = std::get_if<Refused>(&authorised);
      ServerUnaryReactor* const reactor = context->DefaultReactor();
      reactor->Finish(RpcError(refused != nullptr
                                   ? *refused
                                   : Exists(v1::REFUSAL_PRINCIPAL_EXISTS, "principal_id",
                                            request->command().principal_id())));
      return reactor;
    }
    CommandHooks hooks;
    hooks.answered = [this, request](const Answer& answer) {
      if (!std::holds_alternative<Accepted>(answer)) return;
      server_.principals->Add(request->ledger_id(), request->command());
    };
    return HandleCommand(server_, context, method, request, response, std::move(hooks));
  }

  ServerUnaryReactor* RevokePrincipal(CallbackServerContext* context,
                                      const v1::RevokePrincipalRequest* request,
                                      v1::RevokePrincipalResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AdminService.RevokePrincipal");
    CommandHooks hooks;
    hooks.answered = [this, request](const Answer& answer) {
      if (!std::holds_alternative<Accepted>(answer)) return;
      server_.principals->Revoke(request->ledger_id(), request->command().principal_id());
    };
    return HandleCommand(server_, context, method, request, response, std::move(hooks));
  }

  ServerUnaryReactor* ConfirmClock(CallbackServerContext* context, const v1::ConfirmClockRequest*,
                                   v1::ConfirmClockResponse*) override {
    static const auto& method = MethodNamed("meritbook.v1.AdminService.ConfirmClock");
    ServerUnaryReactor* const reactor = context->DefaultReactor();
    const auto authorised = Authorise(server_, *context, method, "");
    if (const auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    Call call;
    call.confirms_clock = true;
    call.done = [reactor](std::vector<Answer> answers) {
      const auto* refused = answers.empty() ? nullptr : std::get_if<Refused>(&answers.front());
      reactor->Finish(refused != nullptr ? RpcError(*refused) : grpc::Status::OK);
    };
    if (const auto refused = server_.sequencer->Submit(std::move(call))) {
      reactor->Finish(RpcError(*refused));
    }
    return reactor;
  }

  ServerUnaryReactor* GetServerStatus(CallbackServerContext* context,
                                      const v1::GetServerStatusRequest*,
                                      v1::GetServerStatusResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AdminService.GetServerStatus");
    ServerUnaryReactor* const reactor = context->DefaultReactor();
    const auto authorised = Authorise(server_, *context, method, "");
    if (const auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    *response = server_.status();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ServerWriteReactor<v1::CreateBackupResponse>* CreateBackup(
      CallbackServerContext* context, const v1::CreateBackupRequest* request) override {
    static const auto& method = MethodNamed("meritbook.v1.AdminService.CreateBackup");
    return CreateBackupFor(server_, context, method, *request);
  }

  ServerUnaryReactor* ListBackups(CallbackServerContext* context, const v1::ListBackupsRequest*,
                                  v1::ListBackupsResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AdminService.ListBackups");
    ServerUnaryReactor* const reactor = context->DefaultReactor();
    const auto authorised = Authorise(server_, *context, method, "");
    if (const auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    server_.worker->Post([this, reactor, response] {
      auto listed = server_.backups->List();
      if (const auto* refused = std::get_if<Refused>(&listed)) {
        reactor->Finish(RpcError(*refused));
        return;
      }
      for (v1::Backup& backup : std::get<std::vector<v1::Backup>>(listed)) {
        *response->add_backups() = std::move(backup);
      }
      reactor->Finish(grpc::Status::OK);
    });
    return reactor;
  }

  grpc::ServerBidiReactor<v1::ImportRequest, v1::ImportResponse>* Import(
      CallbackServerContext* context) override {
    static const auto& method = MethodNamed("meritbook.v1.AdminService.Import");
    return ImportFrom(server_, context, method);
  }

 private:
  const Server& server_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewAdminService(const Server& server) {
  return std::make_unique<AdminServer>(server);
}

}  // namespace meritbook
