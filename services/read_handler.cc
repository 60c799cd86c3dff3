#include "services/read_handler.h"

namespace meritbook {

grpc::ServerUnaryReactor* HandleRead(const Server& server, grpc::CallbackServerContext* context,
                                     const google::protobuf::MethodDescriptor& method,
                                     const std::string& ledger_id, ReadState read, ReadLog then) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  auto authorised = Authorise(server, *context, method, ledger_id);
  if (auto* refused = std::get_if<Refused>(&authorised)) {
    reactor->Finish(RpcError(*refused));
    return reactor;
  }
  auto identity = std::get<std::shared_ptr<const Identity>>(authorised);
  auto outcome = std::make_shared<std::optional<Refused>>();
  Call call;
  call.ledger_id = ledger_id;
  call.deadline_us = DeadlineUs(server, *context);
  call.read = [outcome, identity, read = std::move(read)](const Ledger& ledger) {
    *outcome = read(ledger, *identity);
  };
  call.done = [&server, reactor, outcome, then = std::move(then)](std::vector<Answer> answers) {
    if (!answers.empty()) *outcome = std::get<Refused>(answers.front());
    if (outcome->has_value() || !then) {
      reactor->Finish(outcome->has_value() ? RpcError(**outcome) : grpc::Status::OK);
      return;
    }
    server.worker->Post([&server, reactor, then] {
      const auto log = server.sequencer->log();
      const auto refused = log != nullptr ? then(*log)
                                          : Refused{v1::REFUSAL_OUTCOME_UNKNOWN,
                                                    "",
                                                    "the log is being opened again; repeat it",
                                                    {}};
      reactor->Finish(refused ? RpcError(*refused) : grpc::Status::OK);
    });
  };
  if (const auto refused = server.sequencer->Submit(std::move(call))) {
    reactor->Finish(RpcError(*refused));
  }
  return reactor;
}

}  // namespace meritbook
