#include <memory>

#include "ledger/text.h"
#include "meritbook/v1/mall.grpc.pb.h"
#include "services/command_handler.h"
#include "services/mall_reads.h"
#include "services/read_handler.h"
#include "services/reads.h"
#include "services/rpc_services.h"
#include "services/shown_pay_code.h"
#include "services/voucher_code.h"

namespace meritbook {

void FillFromEvent(const v1::Event& event, v1::RedeemNowResponse* response) {
  response->set_units(event.order_redeemed().units());
  *response->mutable_lines() = event.order_redeemed().lines();
}

void FillFromEvent(const v1::Event& event, v1::RefundOrderResponse* response) {
  response->set_units(event.order_refunded().units());
}

void FillFromEvent(const v1::Event& event, v1::HoldOrderResponse* response) {
  const v1::Hold& hold = event.order_held().hold();
  response->set_units(hold.units());
  *response->mutable_lines() = hold.lines();
  response->set_deadline_us(hold.deadline_us());
}

void FillFromEvent(const v1::Event& event, v1::IssueVoucherResponse* response) {
  const v1::Hold& hold = event.voucher_issued().hold();
  response->set_units(hold.units());
  *response->mutable_lines() = hold.lines();
  response->set_deadline_us(hold.deadline_us());
}

void FillFromEvent(const v1::Event& event, v1::ConfirmOrderResponse* response) {
  response->set_units(event.order_confirmed().units());
  *response->mutable_lines() = event.order_confirmed().lines();
  *response->mutable_order() = event.order_confirmed().order();
}

void FillFromEvent(const v1::Event& event, v1::CancelOrderResponse* response) {
  response->set_units(event.order_cancelled().hold().units());
}

namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

// A code that its volunteer could show: the order finds out what else stands against it.
std::optional<Refused> CheckPayer(const State& state, const v1::IssuePayCodeRequest& request) {
  const Volunteer* volunteer = state.volunteers().Find(request.volunteer_id());
  if (volunteer == nullptr) {
    return NotFound(v1::REFUSAL_VOLUNTEER_UNKNOWN, "volunteer_id", request.volunteer_id());
  }
  if (volunteer->merged_into) {
    const std::string& survivor = state.volunteers()[*volunteer->merged_into].id;
    return Refused{v1::REFUSAL_VOLUNTEER_MERGED,
                   "volunteer_id",
                   Text("volunteer ", volunteer->id, " was merged into ", survivor),
                   {{"volunteer_id", volunteer->id}, {"survivor_id", survivor}}};
  }
  if (volunteer->closed) {
    return Refused{v1::REFUSAL_VOLUNTEER_CLOSED,
                   "volunteer_id",
                   Text("the account of ", volunteer->id, " was closed"),
                   {{"volunteer_id", volunteer->id}}};
  }
  if (volunteer->frozen) {
    return Refused{v1::REFUSAL_VOLUNTEER_FROZEN,
                   "volunteer_id",
                   Text("volunteer ", volunteer->id, " is frozen"),
                   {{"volunteer_id", volunteer->id}}};
  }
  if (request.merchant_id().empty() || state.merchants().Find(request.merchant_id()) != nullptr) {
    return std::nullopt;
  }
  return NotFound(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", request.merchant_id());
}

std::optional<Refused> MakePayCode(PayCodes& codes, const State& state,
                                   const v1::IssuePayCodeRequest& request,
                                   v1::IssuePayCodeResponse* response) {
  if (request.lifetime_seconds() > kPayCodeSecondsMax) {
    return Refused{
        v1::REFUSAL_FIELD_INVALID,
        "lifetime_seconds",
        Text("lifetime_seconds is ", request.lifetime_seconds(), ", not 1 to ", kPayCodeSecondsMax),
        {{"min", "1"}, {"max", Text(kPayCodeSecondsMax)}}};
  }
  if (auto refused = CheckPayer(state, request)) return refused;
  auto issued = codes.Issue(
      state.ledger_id(), request.volunteer_id(), request.merchant_id(),
      request.lifetime_seconds() == 0 ? kPayCodeSecondsStandard : request.lifetime_seconds());
  if (auto* refused = std::get_if<Refused>(&issued)) return std::move(*refused);
  response->set_pay_code(std::get<PayCodes::Issued>(issued).code);
  response->set_expires_us(std::get<PayCodes::Issued>(issued).expires_us);
  return std::nullopt;
}

// The command in which the hash of the voucher's code stands in place of the order's id.
CommandHooks VoucherHooks(const v1::ConfirmOrderRequest& request) {
  const auto command = std::make_shared<v1::ConfirmOrder>(request.command());
  CommandHooks hooks;
  hooks.body = command.get();
  hooks.check = [&request, command]() -> std::optional<Refused> {
    if (!command->voucher_sha256().empty()) return HashShown("command.voucher_sha256");
    if (request.voucher_code().empty()) return std::nullopt;
    if (!IsVoucherCode(request.voucher_code())) {
      return Refused{v1::REFUSAL_FIELD_INVALID,
                     "voucher_code",
                     Text("not the ", kVoucherCodeDigits, " digits of a voucher: mistyped?"),
                     {{"digits", Text(kVoucherCodeDigits)}}};
    }
    command->set_voucher_sha256(VoucherSha256(request.voucher_code()));
    return std::nullopt;
  };
  return hooks;
}

class MallServer final : public v1::MallService::CallbackService {
 public:
  explicit MallServer(const Server& server) : server_(server) {}

  MB_COMMAND_RPC(MallService, OnboardMerchant)
  MB_COMMAND_RPC(MallService, SuspendMerchant)
  MB_COMMAND_RPC(MallService, ResumeMerchant)
  MB_COMMAND_RPC(MallService, OffboardMerchant)
  MB_COMMAND_RPC(MallService, PublishItem)
  MB_COMMAND_RPC(MallService, WithdrawItem)
  MB_COMMAND_RPC(MallService, ReceiveStock)
  MB_COMMAND_RPC(MallService, ReturnStock)
  MB_COMMAND_RPC(MallService, IssueVoucher)
  MB_COMMAND_RPC(MallService, CancelOrder)
  MB_COMMAND_RPC(MallService, RefundOrder)

  ServerUnaryReactor* HoldOrder(CallbackServerContext* context, const v1::HoldOrderRequest* request,
                                v1::HoldOrderResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.HoldOrder");
    return HandleCommand(server_, context, method, request, response,
                         ShownPayCode::Hooks(*server_.pay_codes, *request));
  }

  ServerUnaryReactor* RedeemNow(CallbackServerContext* context, const v1::RedeemNowRequest* request,
                                v1::RedeemNowResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.RedeemNow");
    return HandleCommand(server_, context, method, request, response,
                         ShownPayCode::Hooks(*server_.pay_codes, *request));
  }

  ServerUnaryReactor* ConfirmOrder(CallbackServerContext* context,
                                   const v1::ConfirmOrderRequest* request,
                                   v1::ConfirmOrderResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.ConfirmOrder");
    return HandleCommand(server_, context, method, request, response, VoucherHooks(*request));
  }

  ServerUnaryReactor* IssuePayCode(CallbackServerContext* context,
                                   const v1::IssuePayCodeRequest* request,
                                   v1::IssuePayCodeResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.IssuePayCode");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [this, request, response](const Ledger& ledger, const Identity&) {
                        return MakePayCode(*server_.pay_codes, ledger.state(), *request, response);
                      });
  }

  ServerUnaryReactor* GetItem(CallbackServerContext* context, const v1::GetItemRequest* request,
                              v1::GetItemResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.GetItem");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity& identity) {
                        return ReadItem(ledger.state(), identity.caller, *request, response);
                      });
  }

  ServerUnaryReactor* ListItems(CallbackServerContext* context, const v1::ListItemsRequest* request,
                                v1::ListItemsResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.ListItems");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity& identity) {
                        return ReadItems(ledger.state(), identity.caller, *request, response);
                      });
  }

  ServerUnaryReactor* GetMerchant(CallbackServerContext* context,
                                  const v1::GetMerchantRequest* request,
                                  v1::GetMerchantResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.GetMerchant");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity& identity) {
                        return ReadMerchant(ledger.state(), identity.caller, *request, response);
                      });
  }

  ServerUnaryReactor* GetOrder(CallbackServerContext* context, const v1::GetOrderRequest* request,
                               v1::GetOrderResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.GetOrder");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity& identity) {
                        return ReadOrder(ledger.state(), identity.caller, *request, response);
                      });
  }

  ServerUnaryReactor* ListOpenOrders(CallbackServerContext* context,
                                     const v1::ListOpenOrdersRequest* request,
                                     v1::ListOpenOrdersResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.MallService.ListOpenOrders");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity& identity) {
                        return ReadOpenOrders(ledger.state(), identity.caller, *request, response);
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
