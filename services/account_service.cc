#include <memory>

#include "ledger/id.h"
#include "ledger/text.h"
#include "meritbook/v1/account.grpc.pb.h"
#include "services/command_handler.h"
#include "services/read_handler.h"
#include "services/reads.h"
#include "services/rpc_services.h"

namespace meritbook {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

constexpr size_t kEntriesPage = 100;
constexpr size_t kEntriesPageMax = 1'024;

class AccountServer final : public v1::AccountService::CallbackService {
 public:
  explicit AccountServer(const Server& server) : server_(server) {}

  MB_COMMAND_RPC(AccountService, RegisterVolunteer)
  MB_COMMAND_RPC(AccountService, FreezeVolunteer)
  MB_COMMAND_RPC(AccountService, UnfreezeVolunteer)
  MB_COMMAND_RPC(AccountService, CloseVolunteer)
  MB_COMMAND_RPC(AccountService, DonatePoints)
  MB_COMMAND_RPC(AccountService, ProposeChange)
  MB_COMMAND_RPC(AccountService, ApproveChange)
  MB_COMMAND_RPC(AccountService, RejectChange)

  ServerUnaryReactor* GetBalance(CallbackServerContext* context,
                                 const v1::GetBalanceRequest* request,
                                 v1::GetBalanceResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AccountService.GetBalance");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity&) {
                        return ReadBalance(ledger.state(), *request, response);
                      });
  }

  ServerUnaryReactor* ListBalances(CallbackServerContext* context,
                                   const v1::ListBalancesRequest* request,
                                   v1::ListBalancesResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AccountService.ListBalances");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity&) {
                        return ReadBalances(ledger.state(), *request, response);
                      });
  }

  // The passbook's links lead from each entry to the one before, so a page token is a sequence.
  ServerUnaryReactor* ListEntries(CallbackServerContext* context,
                                  const v1::ListEntriesRequest* request,
                                  v1::ListEntriesResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AccountService.ListEntries");
    auto next = std::make_shared<uint64_t>(0);
    const auto read = [request, response, next](const Ledger& ledger,
                                                const Identity&) -> std::optional<Refused> {
      const Volunteer* volunteer = ledger.state().volunteers().Find(request->volunteer_id());
      if (volunteer == nullptr) {
        return NotFound(v1::REFUSAL_VOLUNTEER_UNKNOWN, "volunteer_id", request->volunteer_id());
      }
      *next = volunteer->last_sequence;
      response->set_size(ledger.state().size());
      return std::nullopt;
    };
    const auto then = [request, response, next](const EventLog& log) {
      return WalkPassbook(log, *request, *next, response);
    };
    return HandleRead(server_, context, method, request->ledger_id(), read, then);
  }

  ServerUnaryReactor* GetByRequestId(CallbackServerContext* context,
                                     const v1::GetByRequestIdRequest* request,
                                     v1::GetByRequestIdResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.AccountService.GetByRequestId");
    auto sequence = std::make_shared<uint64_t>(0);
    const auto read = [request, sequence](const Ledger& ledger,
                                          const Identity& identity) -> std::optional<Refused> {
      const Caller& caller = identity.caller;
      const RequestEntry* entry =
          ledger.state().FindRequest(KeyOf(request->kind(), ScopeOf(caller), SourceOf(caller),
                                           caller.principal_id, request->request_id()));
      if (entry == nullptr) {
        return Refused{v1::REFUSAL_REQUEST_UNKNOWN,
                       "request_id",
                       Text("no ", v1::CommandKind_Name(request->kind()), " with this request id"),
                       {}};
      }
      *sequence = entry->sequence;
      return std::nullopt;
    };
    const auto then = [request, response, sequence](const EventLog& log) -> std::optional<Refused> {
      auto event = ReadEvent(log, request->ledger_id(), *sequence);
      if (auto* refused = std::get_if<Refused>(&event)) return std::move(*refused);
      *response->mutable_event() = std::get<v1::Event>(std::move(event));
      response->mutable_receipt()->set_sequence(*sequence);
      response->mutable_receipt()->set_recorded_us(response->event().recorded_us());
      response->mutable_receipt()->set_already_applied(true);
      return std::nullopt;
    };
    return HandleRead(server_, context, method, request->ledger_id(), read, then);
  }

 private:
  static std::optional<Refused> WalkPassbook(const EventLog& log,
                                             const v1::ListEntriesRequest& request, uint64_t next,
                                             v1::ListEntriesResponse* response) {
    const PageSize page = PageSizeOf(request.page_size(), kEntriesPage, kEntriesPageMax);
    if (page.refused) return page.refused;
    if (!request.page_token().empty()) {
      const auto token = ParsePageToken(request.page_token());
      if (!token || token->first > next) return BadPageToken();
      next = token->first;
    }
    size_t bytes = 0;
    while (true) {
      auto event = ReadEvent(log, request.ledger_id(), next);
      if (auto* refused = std::get_if<Refused>(&event)) return std::move(*refused);
      const v1::PassbookLink* own = nullptr;
      const v1::Event& entry = std::get<v1::Event>(event);
      for (const v1::PassbookLink& link : entry.passbook()) {
        if (link.volunteer_id() == request.volunteer_id()) own = &link;
      }
      if (own == nullptr) return BadPageToken();  // the token was not one of hers
      const bool first = !own->has_previous_sequence();
      const uint64_t previous = own->previous_sequence();
      bytes += entry.ByteSizeLong();
      *response->add_events() = entry;
      if (first) return std::nullopt;
      next = previous;
      if (static_cast<size_t>(response->events_size()) == page.items) break;
      if (bytes >= kPageBytesMax) break;
    }
    response->set_next_page_token(Text(next));
    return std::nullopt;
  }

  const Server& server_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewAccountService(const Server& server) {
  return std::make_unique<AccountServer>(server);
}

}  // namespace meritbook
