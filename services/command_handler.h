// Owns: the one handler of every RPC that carries a single command.
// Promises: authenticate, authorise, validate the form, enqueue, answer when durable.
// Thread: gRPC's.
#ifndef MERITBOOK_SERVICES_COMMAND_HANDLER_H_
#define MERITBOOK_SERVICES_COMMAND_HANDLER_H_

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "services/first_answer.h"
#include "services/rpc_error.h"
#include "services/server.h"

namespace meritbook::v1 {
class CreditHoursResponse;
class SubmitHoursResponse;
class RecordAttendanceResponse;
class BackfillHoursResponse;
class ReviewHoursResponse;
class CorrectHoursResponse;
class RevokeHoursResponse;
class RedeemNowResponse;
class RefundOrderResponse;
class HoldOrderResponse;
class IssueVoucherResponse;
class ConfirmOrderResponse;
class CancelOrderResponse;
class OpenStatementResponse;
class CloseStatementResponse;
class RecordPaymentResponse;
class ReversePaymentResponse;
class PublishRuleResponse;
}  // namespace meritbook::v1

namespace meritbook {

// What an answer has besides the receipt, from the first event. Overloads fill it where it has.
template <typename Response>
void FillFromEvent(const v1::Event&, Response*) {}
void FillFromEvent(const v1::Event& event, v1::CreditHoursResponse* response);
void FillFromEvent(const v1::Event& event, v1::SubmitHoursResponse* response);
void FillFromEvent(const v1::Event& event, v1::RecordAttendanceResponse* response);
void FillFromEvent(const v1::Event& event, v1::BackfillHoursResponse* response);
void FillFromEvent(const v1::Event& event, v1::ReviewHoursResponse* response);
void FillFromEvent(const v1::Event& event, v1::CorrectHoursResponse* response);
void FillFromEvent(const v1::Event& event, v1::RevokeHoursResponse* response);
void FillFromEvent(const v1::Event& event, v1::RedeemNowResponse* response);
void FillFromEvent(const v1::Event& event, v1::RefundOrderResponse* response);
void FillFromEvent(const v1::Event& event, v1::HoldOrderResponse* response);
void FillFromEvent(const v1::Event& event, v1::IssueVoucherResponse* response);
void FillFromEvent(const v1::Event& event, v1::ConfirmOrderResponse* response);
void FillFromEvent(const v1::Event& event, v1::CancelOrderResponse* response);
void FillFromEvent(const v1::Event& event, v1::OpenStatementResponse* response);
void FillFromEvent(const v1::Event& event, v1::CloseStatementResponse* response);
void FillFromEvent(const v1::Event& event, v1::RecordPaymentResponse* response);
void FillFromEvent(const v1::Event& event, v1::ReversePaymentResponse* response);
void FillFromEvent(const v1::Event& event, v1::PublishRuleResponse* response);

// What a method has of its own, each part where it has.
struct CommandHooks {
  // Checks what the request has beside its command, once its caller is authorised. May fill `body`.
  std::function<std::optional<Refused>()> check;
  // Is decided in place of the request's command; outlives the hooks.
  std::optional<CommandBody> body;
  // On the sequencer's thread, when the command turns out to be new and names nobody.
  std::function<std::variant<ShownCode, Refused>(const Command&)> show_code;
  // On the sequencer's thread, when what the answer rests on is durable.
  std::function<void(const Answer&)> answered;
};

template <typename Request, typename Response>
class CommandCall : public std::enable_shared_from_this<CommandCall<Request, Response>> {
 public:
  CommandCall(const Server& server, grpc::CallbackServerContext* context, const Request* request,
              Response* response, CommandHooks hooks)
      : server_(server),
        request_(*request),
        response_(response),
        hooks_(std::move(hooks)),
        reactor_(context->DefaultReactor()) {}

  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext* context,
                                  const google::protobuf::MethodDescriptor& method) {
    // Finish may end the call at once; gRPC keeps the default reactor itself.
    grpc::ServerUnaryReactor* const reactor = reactor_;
    auto authorised = Authorise(server_, *context, method, request_.ledger_id());
    if (auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    identity_ = std::get<std::shared_ptr<const Identity>>(authorised);
    std::optional<std::string_view> request_id;
    if (request_.has_request_id()) request_id = request_.request_id();
    std::optional<int64_t> recorded_us;
    if (request_.has_recorded_us()) recorded_us = request_.recorded_us();
    if (hooks_.check) {
      if (const auto refused = hooks_.check()) {
        reactor->Finish(RpcError(*refused));
        return reactor;
      }
    }
    ShowCode show_code;
    // The command is part of this call, so it must not keep it alive.
    if (hooks_.show_code) show_code = [this] { return hooks_.show_code(command_); };
    auto prepared = Prepare(identity_->caller, hooks_.body.value_or(&request_.command()),
                            request_id, recorded_us, std::move(show_code));
    if (auto* refused = std::get_if<Refused>(&prepared)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    command_ = std::get<Command>(std::move(prepared));
    Call call;
    call.ledger_id = request_.ledger_id();
    call.lane = Lane::kCounter;
    call.deadline_us = DeadlineUs(server_, *context);
    call.commands = {command_};
    call.wants_events = true;
    call.done = [self = this->shared_from_this()](std::vector<Answer> answers) {
      self->Answered(std::move(answers.front()));
    };
    if (const auto refused = server_.sequencer->Submit(std::move(call))) {
      reactor->Finish(RpcError(*refused));
    }
    return reactor;
  }

 private:
  void Answered(Answer answer) {
    if (hooks_.answered) hooks_.answered(answer);
    if (const auto* accepted = std::get_if<Accepted>(&answer)) {
      v1::Event event;
      MB_CHECK(event.ParseFromString(accepted->event));
      Succeed(event, false);
      return;
    }
    if (!NeedsLog(answer)) {
      reactor_->Finish(RpcError(std::get<Refused>(answer)));
      return;
    }
    server_.worker->Post([self = this->shared_from_this(), answer = std::move(answer)] {
      self->ResolveAndFinish(answer);
    });
  }

  void ResolveAndFinish(const Answer& answer) {
    const auto log = server_.sequencer->log();
    if (log == nullptr) {
      reactor_->Finish(RpcError(
          {v1::REFUSAL_OUTCOME_UNKNOWN, "", "the log is being opened again; repeat it", {}}));
      return;
    }
    auto resolved = ResolveFromLog(*log, request_.ledger_id(), command_, answer);
    if (const auto* refused = std::get_if<Refused>(&resolved)) {
      reactor_->Finish(RpcError(*refused));
      return;
    }
    Succeed(std::get<FirstAnswer>(resolved).event, true);
  }

  void Succeed(const v1::Event& event, bool already_applied) {
    response_->mutable_receipt()->set_sequence(event.sequence());
    response_->mutable_receipt()->set_recorded_us(event.recorded_us());
    response_->mutable_receipt()->set_already_applied(already_applied);
    FillFromEvent(event, response_);
    reactor_->Finish(grpc::Status::OK);
  }

  const Server& server_;
  const Request& request_;
  Response* const response_;
  const CommandHooks hooks_;
  grpc::ServerUnaryReactor* const reactor_;
  std::shared_ptr<const Identity> identity_;
  Command command_;
};

template <typename Request, typename Response>
grpc::ServerUnaryReactor* HandleCommand(const Server& server, grpc::CallbackServerContext* context,
                                        const google::protobuf::MethodDescriptor& method,
                                        const Request* request, Response* response,
                                        CommandHooks hooks = {}) {
  return std::make_shared<CommandCall<Request, Response>>(server, context, request, response,
                                                          std::move(hooks))
      ->Start(context, method);
}

// A service's method that carries the command of its own name, in a class with a `server_`.
#define MB_COMMAND_RPC(Service, Name)                                                            \
  grpc::ServerUnaryReactor* Name(grpc::CallbackServerContext* context,                           \
                                 const v1::Name##Request* request, v1::Name##Response* response) \
      override {                                                                                 \
    static const auto& method = MethodNamed("meritbook.v1." #Service "." #Name);                 \
    return HandleCommand(server_, context, method, request, response);                           \
  }

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_COMMAND_HANDLER_H_
