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
void FillFromEvent(const v1::Event& event, v1::PublishRuleResponse* response);

// Called on the sequencer's thread once the command's event is durable.
using AfterAccepted = std::function<void()>;

template <typename Request, typename Response>
class CommandCall : public std::enable_shared_from_this<CommandCall<Request, Response>> {
 public:
  CommandCall(const Server& server, grpc::CallbackServerContext* context, const Request* request,
              Response* response, AfterAccepted after)
      : server_(server),
        request_(*request),
        response_(response),
        after_(std::move(after)),
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
    auto prepared = Prepare(identity_->caller, &request_.command(), request_id, recorded_us);
    if (auto* refused = std::get_if<Refused>(&prepared)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    command_ = std::get<Command>(prepared);
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
    if (const auto* accepted = std::get_if<Accepted>(&answer)) {
      v1::Event event;
      MB_CHECK(event.ParseFromString(accepted->event));
      if (after_) after_();
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
  const AfterAccepted after_;
  grpc::ServerUnaryReactor* const reactor_;
  std::shared_ptr<const Identity> identity_;
  Command command_;
};

template <typename Request, typename Response>
grpc::ServerUnaryReactor* HandleCommand(const Server& server, grpc::CallbackServerContext* context,
                                        const google::protobuf::MethodDescriptor& method,
                                        const Request* request, Response* response,
                                        AfterAccepted after = {}) {
  return std::make_shared<CommandCall<Request, Response>>(server, context, request, response,
                                                          std::move(after))
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
